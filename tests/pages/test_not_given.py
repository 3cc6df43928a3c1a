"""Packs that begin with their districts: every page opens, says what is missing and what fills it, and no more."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from app_pages import (
    DATA,
    DOMICILIARY,
    ENGAGEMENT,
    OVERVIEW,
    PROVIDERS,
    SHORT_BREAKS,
    WHAT_IF,
    bodies,
    figures,
    menu,
    open_page,
    part_data,
    values,
    words,
)
from odd_packs import TABLES

from lib.__main__ import main
from lib.pack.imports.change import Upload
from lib.pack.new_pack import new_pack, write_new_pack

ROOT = Path(__file__).parent.parent.parent
HOME, BREAKS = "domiciliary_care", "short_breaks"
# The pack's tables that were given beside its districts, and the sentence that every page has.
VARIANTS: dict[str, tuple[tuple[str, ...], str]] = {
    "boundaries alone": (
        (),
        "Residents by age, demand, what waits, who provides care, supply, quality and how it was month by month are "
        "not known yet: fill the templates population, demand, requests, providers, capacity, ratings and history on "
        "the Data page.",
    ),
    "population": (
        ("population",),
        "Demand, what waits, who provides care, supply, quality and how it was month by month are not known yet: fill "
        "the templates demand, requests, providers, capacity, ratings and history on the Data page.",
    ),
    "demand": (
        ("demand",),
        "Residents by age, what waits, who provides care, supply, quality and how it was month by month are not known "
        "yet: fill the templates population, requests, providers, capacity, ratings and history on the Data page.",
    ),
    "supply": (
        ("providers", "capacity"),
        "Residents by age, demand, what waits, quality and how it was month by month are not known yet: fill the "
        "templates population, demand, requests, ratings and history on the Data page.",
    ),
    "register": (
        ("population", "providers", "ratings"),
        "Demand, what waits, supply and how it was month by month are not known yet: fill the templates demand, "
        "requests, capacity and history on the Data page.",
    ),
    "demand and what waits": (
        ("population", "demand", "requests"),
        "Who provides care, supply, quality and how it was month by month are not known yet: fill the templates "
        "providers, capacity, ratings and history on the Data page.",
    ),
    "all but history": (
        ("population", "demand", "requests", "providers", "capacity", "ratings"),
        "How it was month by month is not known yet: fill the template history on the Data page.",
    ),
}
SERVICES = {"both": (HOME, BREAKS), "home care": (HOME,), "short breaks": (BREAKS,)}
TABS_OF_PROVIDERS = ("Lots and placement", "Quality", "Resilience", "Spot and rural", "One provider", "Re-ranking")
TABS_OF_WHAT_IF = (
    "What drives it", "What it costs", "Districts", "What it would take", "Scenarios", "Assumptions",
)  # fmt: skip
OWN_TABS = ("The market", "From spot to a framework", "Shared supply and places")
NO_WHAT_IF = (
    "A what-if starts from the care that is arranged and waited for today. Demand and what waits are not known yet: "
    "fill the templates demand and requests on the Data page."
)
NO_LISTS = "Lists, room and risks need who provides care, and how much of it where. "
Folders = Callable[[str, str], Path]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """A pack of a variant for some services, each written once: no test changes it."""
    written: dict[tuple[str, str], Path] = {}

    def folder(variant: str, services: str) -> Path:
        if (variant, services) not in written:
            place = tmp_path_factory.mktemp("new") / "pack"
            make(place, VARIANTS[variant][0], SERVICES[services])
            written[variant, services] = place
        return written[variant, services]

    return folder


def make(folder: Path, tables: tuple[str, ...], services: tuple[str, ...]) -> None:
    outlines = Upload("outlines.geojson", (ROOT / "data/geography/districts.geojson").read_bytes())
    people = Upload("people.csv", (ROOT / "data/reference/population.csv").read_bytes())
    given = [people] if "population" in tables else []
    write_new_pack(new_pack("Somewhere", [outlines], given, services), folder)
    for table in tables:
        if table != "population":
            frame = pd.read_csv(ROOT / "data" / TABLES[table], dtype=str, keep_default_na=False)
            frame = frame[frame["service"].isin(services)] if "service" in frame else frame
            frame = frame.assign(ward_code="") if "ward_code" in frame else frame
            if table == "requests" and "providers" not in tables:
                frame = frame.assign(provider_id="")
            frame.to_csv(folder / TABLES[table], index=False, lineterminator="\n")


def pages_of(services: str) -> list[tuple[str, dict[str, str]]]:
    """Every page, and every tab of each."""
    codes = SERVICES[services]
    own = {HOME: DOMICILIARY, BREAKS: SHORT_BREAKS}
    return [
        (OVERVIEW, {}),
        *((own[code], {f"tab_{code}": tab}) for code in codes for tab in OWN_TABS),
        *((PROVIDERS, {"providers_tab": tab}) for tab in TABS_OF_PROVIDERS),
        *((WHAT_IF, {"what_if_tab": tab}) for tab in TABS_OF_WHAT_IF),
        (ENGAGEMENT, {}),
        (DATA, {}),
    ]


# All tabs of both services of the packs that differ most; of the others, each page once.
EVERY_TAB = [
    (variant, "both", page, state)
    for variant in ("boundaries alone", "demand and what waits", "supply")
    for page, state in pages_of("both")
    # Without demand or supply these pages have no tabs.
    if not (page == WHAT_IF and variant != "demand and what waits" and state["what_if_tab"] != "Districts")
    if not (page == PROVIDERS and variant != "supply" and state["providers_tab"] != "Quality")
]
EACH_PAGE = [
    (variant, services, page, {})
    for variant, services in (
        ("population", "both"), ("demand", "both"), ("register", "both"), ("all but history", "both"),
        ("boundaries alone", "home care"), ("demand", "short breaks"), ("supply", "home care"),
        ("supply", "short breaks"),
    )
    for page in dict.fromkeys(page for page, _ in pages_of(services))
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("variant", "services", "page", "state"), [*EVERY_TAB, *EACH_PAGE])
def test_every_page_says_what_is_not_given(
    variant: str,
    services: str,
    page: str,
    state: dict[str, str],
    folders: Folders,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tables, said = VARIANTS[variant]
    monkeypatch.setenv("PACK", str(folders(variant, services)))
    app = open_page(page, state)
    assert values(app, "error") == []
    assert values(app, "warning") == []  # no row is missing: nobody gave the table
    assert values(app, "markdown").count(said) == 1
    links = [label for label, _, _ in menu(app)]
    assert ("Open the Data page" in links) is (page != DATA)
    text = words(app)
    assert "no rows for this service" not in text
    assert "at least the hours needed" not in text and "lists is short" not in text
    assert not re.search(r"(?<![\d.,])0 of \d|(?<!\d)0 (districts|providers|lists)\b", text), text
    if page == WHAT_IF and not {"demand", "requests"} & {*tables}:
        assert values(app, "header") == [NO_WHAT_IF]
    if page == PROVIDERS and "ratings" not in tables:
        # Nobody has said who is rated, and so who is not, or who fails the gate.
        shown = " ".join(bodies(app, "")) + str(part_data(app, "placement"))
        assert "Not rated" not in shown and "fails" not in shown
    if page == PROVIDERS and "capacity" not in tables:
        assert values(app, "header")[0].startswith(NO_LISTS)
    if variant in ("boundaries alone", "population", "register") and page != DATA:
        # Nothing is bought, waits or is offered that anybody knows of: no figure at all.
        assert set(figures(app)) <= {"not known"}


@pytest.mark.parametrize("variant", VARIANTS)
def test_check_passes_with_a_note_for_each_table(
    variant: str, folders: Folders, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--pack", str(folders(variant, "both"))]) == 0
    notes = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("warning: ")]
    assert all(line.startswith("note: ") for line in notes)
    absent = [name for name in ("population", "demand", "requests", "providers", "capacity", "ratings", "history")
              if name not in VARIANTS[variant][0]]  # fmt: skip
    assert [line.split(":")[1].strip() for line in notes] == [TABLES[name] for name in absent]


def test_some_rows_are_a_hole_where_no_rows_are_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The manifest says that demand is empty: it is believed only of a table without a row."""
    make(tmp_path / "pack", ("demand",), (HOME, BREAKS))
    path = tmp_path / "pack" / TABLES["demand"]
    header, first, *_ = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(header + first, encoding="utf-8")
    assert main(["check", "--pack", str(tmp_path / "pack")]) == 1
    assert "market/demand.csv: found no rows of Domiciliary care" in capsys.readouterr().err


def test_the_data_page_lists_each_table_with_its_template(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACK", str(folders("register", "both")))
    app = open_page(DATA)
    (table,) = [one.value.reset_index() for one in app.table if "Template that fills it" in one.value.columns]
    assert table["Template that fills it"].tolist() == ["demand", "requests", "capacity", "history"]
    assert table["What"].tolist() == ["Demand", "What waits", "Supply", "How it was month by month"]
    assert values(app, "header") == ["There is no published total to compare with; 4 tables still to be given."]


def test_a_register_is_shown_and_is_no_supply(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACK", str(folders("register", "both")))
    app = open_page(PROVIDERS)
    assert values(app, "subheader") == ["148 providers are known by name, 137 of them with an overall rating"]
    assert len(app.dataframe[0].value) == 148
    assert "nothing here counts as supply" in values(app, "caption")[-1]


def test_a_market_begins_with_an_indicator_that_is_known(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACK", str(folders("demand", "both")))
    app = open_page(OVERVIEW)
    assert values(app, "header")[0].startswith("Package size: highest in ")
