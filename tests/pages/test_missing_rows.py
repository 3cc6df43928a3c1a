"""What the pages say of rows that are missing, and the years that the What-if offers then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pack_copies
import pytest
from app_pages import (
    DATA,
    DOMICILIARY,
    OVERVIEW,
    PAGES,
    WHAT_IF,
    checked,
    levers,
    live,
    move,
    open_page,
    sentence,
    unescaped,
    values,
    words,
)
from pack_copies import Rows
from streamlit.testing.v1 import AppTest

from lib.pack.load import load_pack
from lib.view.what_if.store import store
from lib.whatif.scenarios.link import to_link
from lib.whatif.scenarios.presets import default_scenario, preset_scenario

HOME, BREAKS = "domiciliary_care", "short_breaks"
MakePack = Callable[..., Path]
AGEING = "demand.demographic"
ENDS_2026 = (
    "The population projection of this pack ends in 2026, as reference/population.csv has no rows of 2027 for all 12 "
    "districts: with ageing, the what-if shows 2 years."
)


def without(table: str, gone: Callable[[dict[str, str]], bool]) -> Callable[[Path], None]:
    """A change that leaves some rows of a table out."""

    def change(pack: Path) -> None:
        def kept(rows: Rows) -> Rows:
            return [row for row in rows if not gone(row)]

        pack_copies.edit_table(pack, table, kept)

    return change


def no_year(year: str) -> Callable[[Path], None]:
    return without("reference/population.csv", lambda row: row["year"] == year)


def header_alone(table: str) -> Callable[[Path], None]:
    def change(pack: Path) -> None:
        header, _, _ = (pack / table).read_text(encoding="utf-8").partition("\n")
        (pack / table).write_text(header + "\n", encoding="utf-8")

    return change


@pytest.fixture
def opened(pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Open a page of a changed pack: opened(WHAT_IF, change)."""

    def open_it(path: str, *changes: Callable[[Path], None], **query: str) -> AppTest:
        monkeypatch.setenv("PACK", str(pack_copy(*changes)))
        return open_page(path, **query)

    return open_it


def missing(app: AppTest) -> list[list[str]]:
    """The table of the rows that are missing: file, what, rows."""
    for table in app.table:
        frame = table.value.map(unescaped).reset_index()
        if "Rows, at least" in frame.columns:
            return [[unescaped(cell) for cell in row] for row in frame.iloc[:, :3].to_numpy().tolist()]
    return []


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_in_one_line_that_rows_are_missing(path: str, opened: Callable[..., AppTest]) -> None:
    app = opened(path, no_year("2027"))
    assert values(app, "warning") == [
        "At least 72 rows are missing from this pack: what needs them is not known, which is not the same as 0. The "
        "Data page says which, and what follows."
    ]
    assert values(app, "error") == []  # no red: nothing that is shown is wrong


def test_the_default_pack_misses_nothing() -> None:
    app = open_page(DATA, data_tab="checks")
    assert values(app, "warning") == []
    assert missing(app) == []
    assert "No row is missing: 5,636 rows expected, all there." in words(app)


def test_the_data_page_lists_what_is_missing(opened: Callable[..., AppTest]) -> None:
    app = opened(
        DATA,
        without("reference/population.csv", lambda row: row["district_code"] == "E07000069"),
        without("market/history.csv", lambda row: row["month"] == "2024-01" and row["service"] == HOME),
        header_alone("market/requests.csv"),
        data_tab="checks",
    )
    assert missing(app) == [
        ["reference/population.csv", "2023 to 2039 for Castle Point (E07000069)", "100"],
        ["market/requests.csv", "Domiciliary care at all", "3,135"],
        ["market/requests.csv", "Children's short breaks at all", "168"],
        ["market/history.csv", "Domiciliary care, Jan 2024 for all 12 districts", "24"],
    ]
    assert "Of 5,636 rows that this pack must have, at least 3,427 are missing." in words(app)
    assert "; at least 3,427 rows missing; " in sentence(app)


def test_more_requests_than_history_counts_are_named(opened: Callable[..., AppTest]) -> None:
    def twice(pack: Path) -> None:
        pack_copies.edit_table(
            pack, "market/requests.csv", lambda rows: rows.append({**rows[-1], "request_id": "R99999"})
        )

    app = opened(DATA, twice, data_tab="checks")
    (line,) = [text for text in values(app, "markdown") if text.startswith("- market/requests.csv: found ")]
    assert line.endswith("new requests that market/history.csv counts there")
    assert values(app, "warning") == []


def test_agreement_is_said_only_of_totals_that_there_are(opened: Callable[..., AppTest]) -> None:
    app = opened(DATA, header_alone("published/reconciliation.csv"))
    assert sentence(app).startswith("There is no published total to compare with; ")
    assert "agree with what was published" not in words(app)


def test_one_total_is_not_all(opened: Callable[..., AppTest]) -> None:
    app = opened(DATA, without("published/reconciliation.csv", lambda row: row["fact_id"] != "dom_people"))
    assert sentence(app).startswith("The one total that was published agrees, to the unit; ")


def test_nothing_to_compare_is_not_agreement(opened: Callable[..., AppTest]) -> None:
    """Without demand, capacity and history no lot can be compared: 0 of 0 is no agreement."""
    tables = ("market/demand.csv", "market/capacity.csv", "market/history.csv", "published/reconciliation.csv")
    app = opened(DATA, *(header_alone(table) for table in tables), data_tab="checks")
    assert sentence(app).startswith("There is no published total to compare with; ")
    assert words(app).count("**nothing to compare**") == 2


def test_the_what_if_offers_the_years_that_the_population_has(opened: Callable[..., AppTest]) -> None:
    app = opened(WHAT_IF, no_year("2027"))
    assert values(app, "info") == [ENDS_2026]
    years = levers(app)["years"]
    assert (years["value"], years["high"]) == (2, 2)
    assert live(app)["year_labels"] == ["2024/25", "2025/26", "2026/27"]
    # Without ageing the population is not needed: every year can be had, and nothing needs a word.
    move(app, {AGEING: False})
    assert values(app, "info") == []
    assert levers(app)["years"]["high"] == 15
    move(app, {"years": 9})
    assert " in 2033/34" in " ".join(values(app, "markdown"))
    # Ageing again: two years, and why.
    move(app, {AGEING: True})
    assert values(app, "info") == [ENDS_2026]
    assert levers(app)["years"]["value"] == 2
    assert " in 2026/27" in " ".join(values(app, "markdown"))
    assert values(app, "error") == []


def test_one_year_has_no_slider(opened: Callable[..., AppTest]) -> None:
    app = opened(WHAT_IF, no_year("2026"))
    assert levers(app)["years"]["slides"] is False
    assert levers(app)["years"]["value"] == 1
    (said,) = values(app, "info")
    assert said.endswith("with ageing, the what-if shows 1 year.")


@pytest.mark.parametrize(
    "change",
    [
        no_year("2024"),
        no_year("2025"),
        without("reference/population.csv", lambda row: row["district_code"] == "E07000066"),
        without("reference/population.csv", lambda row: row["year"] > "2023" and row["age_band"] == "90+"),
    ],
)
def test_without_a_projection_the_what_if_opens_without_ageing(
    change: Callable[[Path], None], opened: Callable[..., AppTest]
) -> None:
    app = opened(WHAT_IF, change)
    (said,) = values(app, "info")
    assert said.startswith(
        "This pack has no population projection from 2024 on, as reference/population.csv has no rows"
    )
    assert said.endswith(": the what-if shows no ageing.")
    assert levers(app)[AGEING]["value"] is False
    assert " in 2029/30" in " ".join(values(app, "markdown"))
    move(app, {AGEING: True})
    assert levers(app)[AGEING]["value"] is False
    assert "demand.demographic: found true, expected false" in "\n".join(values(app, "error"))


def test_a_preset_has_as_many_years_as_there_are(opened: Callable[..., AppTest]) -> None:
    app = opened(WHAT_IF, no_year("2027"))
    checked(app.selectbox(key=f"preset_{HOME}").set_value("Recruitment drive").run())
    assert " in 2026/27" in " ".join(values(app, "markdown"))
    checked(app.selectbox(key=f"preset_{HOME}").set_value("Observed growth, 4.5% a year").run())
    assert values(app, "info") == []  # it has no ageing


def test_a_link_and_a_file_with_more_years_are_cut_and_say_so(opened: Callable[..., AppTest]) -> None:
    whole = load_pack(pack_copies.DATA)
    link = to_link(preset_scenario(whole, HOME, "Recruitment drive", 7), whole)
    app = opened(WHAT_IF, no_year("2027"), scenario=link)
    cut = "This scenario runs 7 years ahead: only 2 years can be shown."
    assert values(app, "warning")[1:] == [cut]
    assert values(app, "info") == [ENDS_2026]
    assert values(app, "error") == []
    assert " in 2026/27" in " ".join(values(app, "markdown"))
    # A file, and one that was saved, are cut alike; one that fits needs no word.
    document = preset_scenario(whole, HOME, "Recruitment drive", 9).to_json(whole)
    app.session_state["what_if_tab"] = "Scenarios"
    checked(app.run())
    checked(app.get("file_uploader")[0].set_value(("plan.json", document.encode(), "application/json")).run())
    assert values(app, "warning")[1:] == ["This scenario runs 9 years ahead: only 2 years can be shown."]
    fits = preset_scenario(whole, HOME, "Recruitment drive", 2).to_json(whole)
    checked(app.get("file_uploader")[0].set_value(("fits.json", fits.encode(), "application/json")).run())
    assert len(values(app, "warning")) == 1


def test_a_saved_scenario_with_more_years_is_cut_and_compared(opened: Callable[..., AppTest]) -> None:
    whole = load_pack(pack_copies.DATA)
    store().add("Long", HOME, whole.manifest.name, default_scenario(whole, HOME, 12).to_json(whole))
    app = opened(WHAT_IF, no_year("2027"))
    app.session_state["what_if_tab"] = "Scenarios"
    checked(app.run())
    checked(app.multiselect(key=f"compare_{HOME}").set_value(["screen", f"saved {store().listed()[0].id}"]).run())
    checked(app.selectbox(key=f"compare_first_{HOME}").set_value("Long (saved)").run())
    assert values(app, "error") == []
    (button,) = [one for one in app.button if one.label == "Open"]
    checked(button.click().run())
    assert values(app, "warning")[1:] == ["This scenario runs 12 years ahead: only 2 years can be shown."]


def test_a_pack_that_loses_a_year_shortens_an_open_scenario(
    pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = pack_copy()
    monkeypatch.setenv("PACK", str(pack))
    app = open_page(WHAT_IF)
    move(app, {"years": 9})
    assert " in 2033/34" in " ".join(values(app, "markdown"))
    no_year("2027")(pack)
    checked(app.run())
    assert " in 2026/27" in " ".join(values(app, "markdown"))
    assert values(app, "info") == [ENDS_2026]
    no_year("2024")(pack)
    checked(app.run())
    assert not levers(app)[AGEING]["value"]


@pytest.mark.parametrize("path", [OVERVIEW, DOMICILIARY])
def test_no_requests_are_no_claim_that_capacity_covers_demand(path: str, opened: Callable[..., AppTest]) -> None:
    app = opened(path, header_alone("market/requests.csv"))
    assert "roviders offer at least the hours needed" not in words(app)
    assert values(app, "warning")[0].startswith("At least 3,303 rows are missing from this pack")
