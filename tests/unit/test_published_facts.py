"""The known and the unknown: published figures, what follows from them, and what would fill a gap."""

import csv
import io
import math
from typing import Any

import pytest
from pack_folder import PackFolder

from lib.market.dictionary import template_csv
from lib.market.published.facts import (
    derivations,
    fact_row,
    fact_text,
    gaps_of,
    providers_today,
    published_facts,
    unit_text,
)
from lib.market.wording import rounded
from lib.pack.faults import SelectionError
from lib.pack.load import Pack
from lib.pack.models import MARKET_TABLES, TABLES

SHORT_BREAKS = "short_breaks"


@pytest.mark.parametrize(
    ("value", "unit", "shown", "rest"),
    [
        ("2163000", "GBP a year", "£2,163,000", "a year"),
        ("247.60", "GBP a week", "£247.60", "a week"),
        ("-1200.5", "GBP a year", "-£1,200.5", "a year"),
        ("10", "percent a year", "10%", "a year"),
        ("0", "percent", "0%", ""),
        ("168", "children", "168", "children"),
        ("Low/Moderate", "rating", "Low/Moderate", ""),
        ("Live at home", "text", "Live at home", ""),
        ("inf", "people", "inf", "people"),
    ],
)
def test_a_fact_as_people_read_it(value: str, unit: str, shown: str, rest: str) -> None:
    assert (fact_text(value, unit), unit_text(unit)) == (shown, rest)


def test_the_published_figures_of_short_breaks(pack: Pack) -> None:
    frame = published_facts(pack, SHORT_BREAKS)
    assert list(frame.columns) == [
        *("id", "measure", "value", "unit", "period", "status", "source", "note", "formula", "superseded"),
    ]
    assert len(frame) == 18, "17 facts and one derivation that no fact states"
    rows = frame.set_index("measure")
    assert rows.loc["Market spend", ["value", "unit", "status"]].to_list() == ["£2,163,000", "a year", "published"]
    week = rows.loc["Average cost per child"]
    assert week[["id", "value", "unit", "status"]].to_list() == [
        *("sb_cost_per_child_week", "£247.60", "a week", "derived"),
    ]
    assert week["formula"] == (
        "Market spend (£2,163,000) / Children and young people accessing home based care (168) / 52"
    )
    year = rows.loc["Cost a child a year"]
    assert year[["id", "value", "unit", "status", "note"]].to_list() == ["", "£12,875", "a year", "derived", ""]
    assert year["period"] == "not stated (page updated 15/01/2024)"
    assert "updated 15/01/2024" in year["source"]
    assert rows.at["Children per provider", "formula"].endswith(
        "/ the middle of Providers, lower end (25) and Providers, upper end (30)"
    )
    assert not frame.isna().any().any()


@pytest.mark.parametrize("service", ["domiciliary_care", SHORT_BREAKS])
def test_a_derivation_agrees_with_the_fact_that_states_it(pack: Pack, service: str) -> None:
    found = derivations(pack, service)
    settings = pack.service(service).derivations
    stated = [one for one in found if one.fact]
    assert len(stated) == {"domiciliary_care": 4, SHORT_BREAKS: 2}[service]
    for one, setting in zip(found, settings, strict=True):
        if one.fact:
            fact = fact_row(pack, one.fact)
            assert rounded(one.value, setting.decimals) == float(fact["value"])
            assert one.figure.text == fact_text(fact["value"], fact["unit"])
            assert one.figure.unit == unit_text(fact["unit"])
            assert str(one.figure.status) == fact["status"] == "derived"


def test_derivations_by_hand(pack: Pack, tiny: Pack) -> None:
    week, year, each = derivations(pack, SHORT_BREAKS)
    assert week.value == pytest.approx(2_163_000 / 168 / 52)
    assert (week.figure.text, year.figure.text, each.figure.text) == ("£247.60", "£12,875", "6.1")
    assert year.value == 12_875
    assert each.value == 168 / 27.5
    # The middle of 5 and 6 is 5.5; 8 children; by 2.
    assert derivations(tiny, "respite")[0].value == 5.5 / 8 / 2
    assert derivations(tiny, "respite")[0].figure.text == "0.34"
    assert derivations(tiny, "home") == []


def test_nothing_to_divide_by_answers_nothing(tiny_folder: PackFolder) -> None:
    tiny_folder.set("published/facts.csv", tiny_folder.find("published/facts.csv", id="f_children"), "value", "0")
    pack = tiny_folder.load()
    one = derivations(pack, "respite")[0]
    assert math.isnan(one.value)
    assert one.figure.text == "not applicable"
    assert gaps_of(pack, "respite")["answer"].to_list() == [""]


def test_a_figure_is_no_better_known_than_what_it_rests_on(tiny_folder: PackFolder) -> None:
    row = tiny_folder.find("published/facts.csv", id="f_cost")
    tiny_folder.set("published/facts.csv", row, "status", "modelled")
    found = derivations(tiny_folder.load(), "respite")
    assert [str(one.figure.status) for one in found] == ["derived", "modelled", "derived"]


def test_gaps_and_what_would_fill_them(pack: Pack, tiny: Pack) -> None:
    frame = gaps_of(pack, SHORT_BREAKS).set_index("id")
    assert list(frame.columns) == [
        *("measure", "published_as", "note", "filled_by", "template"),
        *("answer", "answer_status", "answer_formula", "verbatim"),
    ]
    assert len(frame) == 7
    cost = frame.loc["sb_package_cost_week"]
    assert cost[["published_as", "answer", "answer_status"]].to_list() == [
        *("TBA", "£247.60 a week", "derived"),
    ]
    assert cost["answer_formula"].endswith("/ 52")
    assert (frame["answer"] != "").sum() == 1, "every other gap stays open"
    assert frame.loc["sb_quality_good_or_outstanding", "template"] == "ratings"
    assert gaps_of(tiny, "respite").iloc[0].to_list() == [
        *("g_cost", "Hours a child", "To be confirmed", "a note", "", "", "0.34 providers", "derived"),
        "the middle of Providers at least (5) and Providers at most (6) / Children (8) / 2",
        False,
    ]


@pytest.mark.parametrize("service", ["domiciliary_care", SHORT_BREAKS])
def test_every_gap_says_what_would_fill_it(pack: Pack, service: str) -> None:
    frame = gaps_of(pack, service)
    # Short breaks have no accommodation to measure: nothing would fill that.
    open_to_fill = frame[frame["id"] != "sb_accommodation_size"]
    assert open_to_fill["filled_by"].str.fullmatch(r"[A-Z][^.]+\.").all(), "one plain sentence"
    assert set(frame["template"]) <= {"", *MARKET_TABLES}
    assert set(MARKET_TABLES) <= set(TABLES)


def test_the_manifest_names_facts_and_gaps_that_are_there(tiny_folder: PackFolder) -> None:
    def change(document: Any) -> None:
        first, second, third = document["services"]["respite"]["derivations"]
        first["fills_gap"] = "g_none"
        second["bottom"] = ["f_words"]
        third["fact"] = "f_none"

    tiny_folder.change_json("datapackage.json", change)
    place = "datapackage.json, column services.respite.derivations"
    assert tiny_folder.faults() == [
        f'{place}: found "f_words", expected a fact of published/facts.csv whose value is a number',
        f'{place}: found "f_none", expected a fact of published/facts.csv whose value is a number',
        f'{place}: found "g_none", expected a gap of published/gaps.csv',
    ]


def test_a_gap_names_a_table_that_can_be_uploaded(tiny_folder: PackFolder) -> None:
    tiny_folder.set("published/gaps.csv", 2, "template", "facts")
    assert tiny_folder.faults() == [
        'published/gaps.csv, row 2, column template: found "facts", '
        "expected one of demand, providers, ratings, capacity, requests, history"
    ]


def test_without_facts_only_the_missing_file_is_said(tiny_folder: PackFolder) -> None:
    for name in ("facts", "gaps"):
        (tiny_folder.root / f"published/{name}.csv").unlink()
    assert [fault.partition(":")[0] for fault in tiny_folder.faults()] == ["published/facts.csv", "published/gaps.csv"]


@pytest.mark.parametrize("table", list(TABLES))
def test_a_template_is_the_header_of_its_table(pack: Pack, table: str) -> None:
    text = template_csv(None, table)
    (header,) = csv.reader(io.StringIO(text))
    assert header == list(TABLES[table].to_schema().columns)
    (own,) = csv.reader(io.StringIO(template_csv(pack, table)))
    assert own == list(pack.table(table).columns)
    assert own[: len(header)] == header


def test_a_template_carries_the_packs_own_columns(pack: Pack) -> None:
    assert template_csv(None, "wards") == "ward_code,ward_name,district_code,latitude,longitude\n"
    assert template_csv(pack, "wards") == "ward_code,ward_name,district_code,latitude,longitude,postcodes\n"
    with pytest.raises(SelectionError, match=r'^table: found "none", expected one of districts, area_groups'):
        template_csv(pack, "none")


def test_an_unknown_service_is_refused(pack: Pack) -> None:
    for function in (published_facts, gaps_of, providers_today):
        with pytest.raises(SelectionError, match=r"^service: found .none., expected one of domiciliary_care, short_br"):
            function(pack, "none")
