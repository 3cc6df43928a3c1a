"""In the council's words, on the page: every passage in quotation marks, folded by kind, and all of it as a file."""

from __future__ import annotations

import csv
from functools import cache

import pytest
from app_pages import DATA, ROOT, unescaped, values
from service_pages import BREAKS, HOME, INTENTIONS, Page, on_tab, opened, shown

KINDS = {
    "intention": "Intentions",
    "direction of travel": "Direction of travel",
    "next step": "Next steps",
    "test and learn": "Test and learn projects",
    "opportunity": "Opportunities",
    "pressure": "Pressures",
    "risk": "Risks",
    "projection": "What the council expects",
    "market status": "How the market stands",
    "market context": "The setting",
}
SAID = {
    HOME: "52 passages, word for word from Essex Provider Hub, Commissioning Intentions: Long Term Domiciliary Care, "
    "last updated 28 November 2025. A figure tracks 17; 35 have none yet.",
    BREAKS: "25 passages, word for word from Essex Provider Hub, Market Context: Children's short breaks, home based "
    "care, last updated 15 January 2024. A figure tracks 14; 11 have none yet.",
}


def rows_of(service: str) -> list[dict[str, str]]:
    with (ROOT / "data/published/council_words.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["service"] == service]


@cache
def unfolded(service: str) -> Page:
    return on_tab(service, INTENTIONS, **{f"words_{service}_{kind.replace(' ', '_')}": True for kind in KINDS})


@pytest.mark.parametrize("service", [HOME, BREAKS])
def test_the_list_is_folded_and_says_how_much_there_is(service: str) -> None:
    app = shown(service, INTENTIONS).app
    assert "In the council's words" in values(app, "subheader")
    assert SAID[service] in values(app, "markdown")
    counts = {label: sum(row["kind"] == kind for row in rows_of(service)) for kind, label in KINDS.items()}
    folds = [one.label for one in app.expander if one.label.endswith(")")]
    assert folds == [f"{label} ({number})" for label, number in counts.items() if number]
    assert len(app.table) == 1, "what is folded is not sent"
    caption = " ".join(values(app, "caption"))
    assert "Summed up for this dashboard, not the council's own words." in caption


@pytest.mark.parametrize("service", [HOME, BREAKS])
def test_every_passage_stands_in_quotation_marks(service: str) -> None:
    tables = [table.value for table in unfolded(service).app.table if "Passage" in table.value]
    cells = [unescaped(cell) for table in tables for cell in table["Passage"]]
    assert sorted(cell.split("  \n")[0] for cell in cells) == sorted(f"“{row['words']}”" for row in rows_of(service))
    overtaken = [cell for cell in cells if "Superseded: " in cell]
    assert len(overtaken) == {HOME: 3, BREAKS: 1}[service]
    tracked = [unescaped(cell) for table in tables for cell in table["Tracked today by"]]
    assert sum(cell == "No figure yet." for cell in tracked) == {HOME: 35, BREAKS: 11}[service]
    assert all(cell == "No figure yet." or "-badge[" in cell for cell in tracked)


@pytest.mark.parametrize("service", [HOME, BREAKS])
def test_the_list_leaves_whole(service: str) -> None:
    offer = shown(service, INTENTIONS).offer("In the council's words (CSV)")
    assert offer.name == f"{service}_in_the_councils_words.csv"
    table = offer.table()
    assert len(table) == len(rows_of(service))
    assert {text.removeprefix("'") for text in table["words"]} == {row["words"] for row in rows_of(service)}
    assert set(table["last_updated"]) == {SAID[service].split("updated ")[1].split(".")[0]}
    assert "Contains text published by" in offer.text()


def test_the_data_page_quotes_only_the_council() -> None:
    app = opened(DATA, {"data_tab": "Published and not"}).app
    (table,) = [one.value for one in app.table if "The council's words" in one.value]
    words = [unescaped(cell) for cell in table["The council's words"]]
    assert words.count("not published") == 7
    assert sorted(set(words) - {"not published"}) == [
        "“Data analysis required”",
        "“N/A”",
        "“Not known, requires review. CQC not required for all providers unless providing personal care.”",
        "“Not recorded”",
        "“TBA”",
    ]
    app = opened(DATA, {"data_tab": "Sources"}).app
    sources = "\n".join(str(cell) for one in app.table for cell in one.value.reset_index().to_numpy().ravel())
    assert unescaped(sources).count("Source text: ") == 2
