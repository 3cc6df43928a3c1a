"""Every page of a pack with holes: nothing crashes, nothing that is missing reads as 0, and the reason is said."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from app_pages import DOMICILIARY, OVERVIEW, PROVIDERS, SHORT_BREAKS, WHAT_IF, live_words, open_page, words
from pack_copies import edit_table

HOME, BREAKS, PLACE = "domiciliary_care", "short_breaks", "E07000066"
DEMAND, CAPACITY, REQUESTS = "market/demand.csv", "market/capacity.csv", "market/requests.csv"
HISTORY, RATINGS, POPULATION = "market/history.csv", "market/ratings.csv", "reference/population.csv"
Change = Callable[[Path], None]
Row = dict[str, str]


def keep(table: str, wanted: Callable[[Row], bool]) -> Change:
    """A change that keeps some rows of a table, and its header."""

    def change(pack: Path) -> None:
        path = pack / table
        header = path.read_text(encoding="utf-8-sig").splitlines()[0]
        kept: list[bool] = []

        def some(rows: list[Row]) -> list[Row]:
            found = [row for row in rows if wanted(row)]
            kept.append(bool(found))
            return found or rows

        edit_table(pack, table, some)
        if not kept[0]:
            path.write_text(f"{header}\n", encoding="utf-8")

    return change


def emptied(table: str, column: str, wanted: Callable[[Row], bool]) -> Change:
    """A change that empties a column in some rows of a table."""

    def change(pack: Path) -> None:
        def edit(rows: list[Row]) -> list[Row]:
            return [{**row, column: ""} if wanted(row) else row for row in rows]

        edit_table(pack, table, edit)

    return change


# What is missing, and what a page of domiciliary care must then say of it.
HOLES: dict[str, tuple[Change, str]] = {
    "no requests": (keep(REQUESTS, lambda row: False), f"{REQUESTS} has no rows for this service"),
    "no requests of one service": (
        keep(REQUESTS, lambda row: row["service"] != HOME),
        f"{REQUESTS} has no rows for this service",
    ),
    "no requests of one district": (
        keep(REQUESTS, lambda row: row["district_code"] != PLACE),
        f"{REQUESTS} has fewer requests than {HISTORY} counts for Basildon",
    ),
    "no capacity": (keep(CAPACITY, lambda row: False), f"{CAPACITY} has no rows for this service"),
    "no capacity of one service": (
        keep(CAPACITY, lambda row: row["service"] != HOME),
        f"{CAPACITY} has no rows for this service",
    ),
    "no capacity of one district": (
        keep(CAPACITY, lambda row: row["district_code"] != PLACE),
        f"{CAPACITY} has no rows for lots of Basildon where hours are bought",
    ),
    "capacity empty for all": (
        emptied(CAPACITY, "capacity_hours", lambda row: True),
        f"capacity_hours is empty in {CAPACITY} for 12 districts",
    ),
    "capacity empty for some": (
        emptied(CAPACITY, "capacity_hours", lambda row: row["provider_id"] == "P001"),
        f"capacity_hours is empty in {CAPACITY} for ",
    ),
    "no demand of one district": (
        keep(DEMAND, lambda row: row["district_code"] != PLACE),
        f"{DEMAND} lacks lots of Basildon",
    ),
    "no demand": (keep(DEMAND, lambda row: False), f"{DEMAND} has no rows for this service"),
    "people empty": (emptied(DEMAND, "people", lambda row: True), f"people is empty in {DEMAND} for 12 districts"),
    "no population of one district": (
        keep(POPULATION, lambda row: row["district_code"] != PLACE),
        f"{POPULATION} lacks 2024 for Basildon",
    ),
    "no ratings": (keep(RATINGS, lambda row: False), f"{RATINGS} has no rows for the providers of this service"),
    "no history": (keep(HISTORY, lambda row: False), ""),
    "three months of history missing": (
        keep(HISTORY, lambda row: row["month"] not in ("2023-12", "2024-01", "2024-02")),
        "3 months are missing from the history, and leave a gap: December 2023 to February 2024",
    ),
}

PROVIDERS_TABS = ("Lots and placement", "Quality", "Resilience", "Spot and rural", "One provider")
WHAT_IF_TABS = ("What drives it", "What it costs", "Districts", "What it would take")
BREAKS_TABS = ("Market ratings", "Growth", "From spot to a framework", "Shared supply and places", "Intentions")
VIEWS: dict[str, list[tuple[str, dict[str, str], dict[str, str]]]] = {
    "overview": [(OVERVIEW, {}, {})],
    "domiciliary care": [
        (DOMICILIARY, {}, {}),
        (DOMICILIARY, {"district": PLACE, "indicator": "demand_hours_per_1000"}, {}),
    ],
    "short breaks": [(SHORT_BREAKS, {}, {f"tab_{BREAKS}": tab}) for tab in BREAKS_TABS],
    "providers": [(PROVIDERS, {}, {"providers_tab": tab}) for tab in PROVIDERS_TABS],
    "what if": [(WHAT_IF, {}, {"what_if_tab": tab}) for tab in WHAT_IF_TABS],
}
# The holes that every page is tried with; the others are tried on one that shows all figures.
WIDE = (
    "no requests",
    "no capacity",
    "no capacity of one district",
    "capacity empty for all",
    "no demand",
    "people empty",
    "no population of one district",
    "no ratings",
)
CASES = [(one, view) for one in HOLES for view in VIEWS if one in WIDE or view == "domiciliary care"]
# What a page of a pack with a hole must never say.
NO_FIGURES = re.compile(r"\bnan\b|<NA>|\bNaN\b|\binf\b")


@pytest.mark.slow
@pytest.mark.parametrize(("hole", "view"), CASES)
def test_every_page_stands_a_hole(
    hole: str, view: str, pack_copy: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No page crashes, and none shows a number that is none."""
    change, why = HOLES[hole]
    monkeypatch.setenv("PACK", str(pack_copy(change)))
    said = ""
    for path, query, state in VIEWS[view]:
        app = open_page(path, state, **query)
        text = "\n".join([words(app), *live_words(app)])
        assert not NO_FIGURES.search(text), (path, state, NO_FIGURES.search(text))
        said += text
    if view == "domiciliary care":
        assert why in said
    if hole.startswith(("no requests", "no capacity", "capacity empty", "no demand")):
        assert "roviders offer at least the hours needed in all 12 districts" not in said
