"""The back-test on the pages: its one line on the What-if, its tables and files on the Data page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pack_copies
import pytest
from app_pages import DATA, ROOT, WHAT_IF, acting, move, open_page, unescaped, values
from service_pages import Offer, opened
from streamlit.testing.v1 import AppTest

from lib.pack.load import Pack, load_pack
from lib.whatif.backtest import backtest, errors
from lib.whatif.backtest_words import backtest_line
from lib.whatif.scenarios.documents import with_levers
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.season import season

HOME, BREAKS = "domiciliary_care", "short_breaks"
MADE_UP = "On data made up for demonstration, this proves nothing."
BADGE = re.compile(r" :\w+-badge\[([^\[\]]*)\]$")
MakePack = Callable[..., Path]


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(ROOT / "data")


def line_on(app: AppTest) -> str:
    """The line of the What-if page, with its tag."""
    (line,) = [text for text in values(app, "markdown") if "A year ago" in text or "no back-test" in text]
    return line


def history_rows(keep: Callable[[dict[str, str]], bool]) -> Callable[[Path], None]:
    """A change that keeps some rows of the history."""

    def change(folder: Path) -> None:
        pack_copies.edit_table(folder, "market/history.csv", lambda rows: [row for row in rows if keep(row)])

    return change


@pytest.mark.parametrize("service", [HOME, BREAKS])
def test_the_line_of_the_what_if_is_that_of_the_calculation(pack: Pack, service: str) -> None:
    scenario = default_scenario(pack, service)
    app = open_page(WHAT_IF, {"service": service})
    line = backtest_line(pack, scenario, backtest(pack, scenario))
    assert line_on(app) == f"{line} :orange-badge[illustrative]"
    assert re.fullmatch(
        r"A year ago these levers would have been \d+\.\d% too (low|high) for \w+ 20\d\d; “same as last year” "
        rf"\d+\.\d% too (low|high)\. {re.escape(MADE_UP)}",
        line,
    )


def test_a_lever_moves_the_line(pack: Pack) -> None:
    app = open_page(WHAT_IF)
    before = line_on(app)
    move(app, {"demand.need_growth_pct": 4.0})
    scenario = with_levers(pack, default_scenario(pack, HOME), {"demand.need_growth_pct": 4.0})
    after = line_on(app)
    assert after != before
    assert BADGE.sub("", after) == backtest_line(pack, scenario, backtest(pack, scenario))


REASONS: dict[str, tuple[Callable[[dict[str, str]], bool], str]] = {
    "a hole": (
        lambda row: not (row["month"] == "2024-07" and row["district_code"] == "E07000066"),
        "There is no back-test. market/history.csv: found no rows of Domiciliary care for Jul 2024 for Basildon "
        "(E07000066), expected every month from Apr 2023 to Mar 2025 for each district and cohort, to be back-tested",
    ),
    "12 months": (
        lambda row: row["month"] > "2024-03",
        "There is no back-test. market/history.csv: found 12 months of Domiciliary care, from Apr 2024, expected 13 "
        "months or more to Mar 2025: the back-test starts 12 months before the last",
    ),
    "none": (
        lambda row: row["service"] != HOME,
        "There is no back-test. market/history.csv: found no rows of Domiciliary care up to Mar 2025, expected 13 "
        "months or more to Mar 2025: the back-test starts 12 months before the last",
    ),
}


@pytest.mark.parametrize("case", REASONS)
def test_the_reason_stands_in_place_of_the_line(
    case: str, pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, reason = REASONS[case]
    monkeypatch.setenv("PACK", str(pack_copy(history_rows(keep))))
    assert line_on(open_page(WHAT_IF)) == reason
    app = open_page(DATA, {f"table_backtest_{HOME}": True}, data_tab="checks")
    assert f"- **Domiciliary care.** {reason}" in values(app, "markdown")
    assert not [one for one in app.expander if "Domiciliary care: the back-test" in unescaped(one.label)]


def test_the_data_page_has_a_line_for_each_service(pack: Pack) -> None:
    app = open_page(DATA, data_tab="checks")
    assert "Would it have been right?" in values(app, "subheader")
    for service in (HOME, BREAKS):
        scenario = default_scenario(pack, service)
        line = backtest_line(pack, scenario, backtest(pack, scenario))
        label = pack.service(service).label
        assert f"- **{label}.** {line} :orange-badge[illustrative]" in values(app, "markdown")


def test_the_data_page_takes_the_levers_as_they_stand(pack: Pack) -> None:
    scenario = with_levers(pack, default_scenario(pack, HOME), {"demand.need_growth_pct": 2.0, "name": "Two more"})
    app = open_page(DATA, {f"scenario_of_{HOME}": scenario, f"table_backtest_{HOME}": True}, data_tab="checks")
    line = backtest_line(pack, scenario, backtest(pack, scenario))
    assert [text for text in values(app, "markdown") if line in text]
    assert any(text.startswith("Scenario: Two more. Status: ") for text in values(app, "caption"))


def tables(service: str) -> dict[str, Any]:
    """The tables of a service's back-test on the Data page, by their last column."""
    app = open_page(DATA, {f"table_backtest_{service}": True}, data_tab="checks")
    return {table.value.columns[-1]: table.value for table in app.dataframe}


@pytest.mark.parametrize("service", [HOME, BREAKS])
def test_the_tables_are_those_of_the_calculation(pack: Pack, service: str) -> None:
    rows = backtest(pack, default_scenario(pack, service))
    found = tables(service)
    shown = found["error_same"]
    assert list(shown["district"])[-1] == "Essex"
    for name in ("actual", "ageing_only", "scenario", "same_as_last_year", "error_ageing_only", "error_same"):
        assert list(shown[name]) == pytest.approx(list(rows[name]), abs=0.5001), name
    off = errors(rows)
    assert list(found["mean_absolute_error_pct"]["mean_absolute_error_pct"]) == pytest.approx(
        list(off["mean_absolute_error_pct"]), abs=0.05001
    )
    assert list(found["mean_absolute_error_pct"]["label"][-3:]) == ["Ageing only", "The scenario", "Same as last year"]
    assert list(found["mean_absolute_error_pct"]["group"])[-1] == "All cohorts"
    seasons = found["share_without_growth"]
    assert list(seasons["month"])[::11] == ["January", "December"]
    assert list(seasons["share"]) == pytest.approx(list(100 * season(pack, service)["share"]), abs=0.05001)


def offered(service: str) -> dict[str, Offer]:
    page = opened(DATA, {f"table_backtest_{service}": True, "data_tab": "Checks"})
    return {offer.name: offer for offer in page.offers}


def test_its_files_say_what_they_are(pack: Pack) -> None:
    offers = offered(BREAKS)
    mark = "_internal_do_not_share"
    rows = backtest(pack, default_scenario(pack, BREAKS))
    file = offers[f"backtest_{BREAKS}{mark}.csv"]
    table = file.table()
    assert list(table.columns) == [
        "District", "Cohort", "What happened (hours a week)", "Ageing only (hours a week)",
        "The scenario (hours a week)", "Same as last year (hours a week)", "Error: ageing only (hours a week)",
        "Error: the scenario (hours a week)", "Error: same as last year (hours a week)",
    ]  # fmt: skip
    found = [float(cell) for cell in table["Ageing only (hours a week)"]]
    assert found == pytest.approx(list(rows["ageing_only"]), abs=0.00005001)
    off = offers[f"backtest_errors_{BREAKS}{mark}.csv"]
    assert "Mean absolute error (percent)" in off.table().columns
    for one in (file, off):
        for words in (
            MADE_UP,
            "Status: illustrative.",
            "Scenario: +10% a year.",
            "Assumption: Need growth: 10% a year",
        ):
            assert words in one.text(), words
        assert "Levers of supply and price do not change the hours that are needed" in one.text()
    seasons = offers[f"season_{BREAKS}.csv"]
    assert len(seasons.table()) == 12
    assert "Growth within a year is in the first share" in seasons.text()


def test_under_two_years_the_seasons_are_a_sentence(pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACK", str(pack_copy(history_rows(lambda row: row["month"] >= "2024-01"))))
    app = open_page(DATA, {f"table_backtest_{HOME}": True}, data_tab="checks")
    assert (
        "There is no seasonal pattern. market/history.csv: found 15 months of Domiciliary care, expected 24 months or "
        "more for a seasonal pattern"
    ) in values(app, "caption")


def test_residents_that_are_missing_are_said(pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch) -> None:
    def change(folder: Path) -> None:
        pack_copies.edit_table(
            folder, "reference/population.csv", lambda rows: [row for row in rows if row["year"] >= "2024"]
        )

    monkeypatch.setenv("PACK", str(pack_copy(change)))
    why = (
        "Ageing in the year to 2024 cannot be back-tested, as reference/population.csv has no rows of 2023 for all 12 "
        "districts."
    )
    assert line_on(open_page(WHAT_IF)).startswith(f"{why} A year ago “same as last year” would have been 4.3% too low")
    app = open_page(DATA, {f"table_backtest_{HOME}": True}, data_tab="checks")
    assert any(why in text for text in values(app, "caption"))
    shown = next(table.value for table in app.dataframe if "error_same" in table.value)
    assert shown["ageing_only"].isna().all() and shown["error_same"].notna().all()


def test_a_history_of_the_councils_own_is_not_said_to_prove_nothing(
    pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch
) -> None:
    def own(document: dict[str, Any]) -> None:
        for resource in document["resources"]:
            if resource["name"] == "history":
                resource["status"] = "supplied"

    monkeypatch.setenv("PACK", str(pack_copy(lambda folder: pack_copies.edit_json(folder, "datapackage.json", own))))
    line = line_on(open_page(WHAT_IF))
    assert MADE_UP not in line
    assert line.endswith("“same as last year” 4.3% too low. :violet-badge[modelled (with: Relative need by age)]")


@pytest.mark.parametrize("first", ["2023-04", "2024-05"], ids=["with a line", "with a reason"])
def test_hostile_names_are_text(first: str, pack_copy: MakePack, monkeypatch: pytest.MonkeyPatch) -> None:
    changes = (pack_copies.with_hostile_names, pack_copies.with_hostile_texts)
    monkeypatch.setenv("PACK", str(pack_copy(*changes, history_rows(lambda row: row["month"] >= first))))
    assert acting(open_page(WHAT_IF)) == []
    tables = {f"table_backtest_{service}": True for service in (HOME, BREAKS)}
    assert acting(open_page(DATA, tables, data_tab="checks")) == []
