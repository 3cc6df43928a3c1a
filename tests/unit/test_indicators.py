"""The registry of indicators: every one through every screen and file, and what a new entry may not be."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from operator import truediv
from typing import Any, NamedTuple

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_folder import MANIFEST, PackFolder
from tiny_pack import ASH, TABLES, write_tiny_pack

from lib.__main__ import main
from lib.charts.painting import paint
from lib.market import area_figures
from lib.market.coded import lots_in_order
from lib.market.dictionary import indicator_dictionary
from lib.market.disclosure import Measure
from lib.market.indicator import Indicator, complete, leaves, work_out
from lib.market.indicators import BEHIND, FIRST, FURTHER, every_figure, indicators, mapped_indicators
from lib.market.lots import LOT_FIGURES, service_figures
from lib.market.profile import county_profile, profile
from lib.market.selection import Selection, select
from lib.market.sentence import comparison, market_sentence
from lib.market.sharing import county_for_sharing, shared_measures
from lib.market.tables import labelled_profile
from lib.market.units import UNITS
from lib.pack.load import Pack
from lib.pack.ratios import safe_ratio
from lib.view.market.figures import Market
from lib.view.market.table import number_column, table_rows


class Walk(NamedTuple):
    """An indicator of home care in Ash, on every screen and in every file, written out by hand.

    name: above a single lot. value: as it is. shown, said: on the bars and the map, and in the story. cell: in the
    table, with its format. file: in the file for people. shared: the county's in the file to share, or None where it
    does not stand there.
    """

    name: str
    unit: str
    value: float
    shown: str
    said: str
    cell: float
    format: str
    file: float
    of: str
    status: str
    shared: float | None


WHOLE, ONE, PERCENT, POUNDS = "localized", "%.1f", "%.1f%%", "£%,.0f"
WEEK, EACH = "hours a week", "hours a week for each person"
LIKE, PER = "illustrative", "per 1,000 residents"
AGE, HOURS = "residents of matching age", "delivered hours"
UNIT_IN_NAME = ("demand_hours_per_1000", "people_per_1000")  # whose unit is not said twice

# The county, as it may be shared with counts rounded to 3, hours to 20 and pounds to 1,000: 40 people, 470 hours and
# 652,600 pounds are published; 45 hours wait, rounded to 40; room for 560; 230 hours off the framework, rounded to 240.
# 12,800 residents are 12,801, 5 providers are 6.
WALK: Mapping[str, Walk] = {
    "people": Walk("People supported", "people", 15, "15", "15", 15, WHOLE, 15, "", "modelled", 40),
    "delivered_hours": Walk("Delivered hours", WEEK, 160, "160", "160 hours a week", 160, WHOLE, 160, "",
                            "modelled", 470),
    "waiting_hours": Walk("Waiting hours", WEEK, 15, "15", "15 hours a week", 15, WHOLE, 15, "", LIKE, 40),
    "demand_hours": Walk("Demand hours", WEEK, 175, "175", "175 hours a week", 175, WHOLE, 175, "", LIKE, 510),
    "capacity_hours": Walk("Capacity hours", WEEK, 210, "210", "210 hours a week", 210, WHOLE, 210, "", LIKE, 560),
    "headroom_hours": Walk("Headroom hours", WEEK, 50, "50", "50 hours a week", 50, WHOLE, 50, "", LIKE, 90),
    "coverage": Walk("Net coverage", "ratio", 1.2, "1.20", "1.20", 1.2, "%.2f", 1.2, "demand hours", LIKE, 560 / 510),
    "shortfall_hours": Walk("Shortfall hours", WEEK, 5, "5", "5 hours a week", 5, WHOLE, 5, "", LIKE, None),
    "gap_hours": Walk("Net gap hours", WEEK, -35, "-35", "-35 hours a week", -35, WHOLE, -35, "", LIKE, -50),
    "shortfall_share": Walk("Shortfall share", "percent", 5 / 175, "2.9%", "2.9%", 2.9, PERCENT, 500 / 175,
                            "demand hours", LIKE, None),
    "residents": Walk("Residents of matching age", "people", 3500, "3,500", "3,500", 3500, WHOLE, 3500, "", "derived",
                      12_801),
    "demand_hours_per_1000": Walk("Demand hours per 1,000 residents", PER, 50, "50.0", "50.0 per 1,000 residents", 50,
                                  ONE, 50, AGE, LIKE, 510_000 / 12_801),
    "people_per_1000": Walk("People supported per 1,000 residents", PER, 15 / 3.5, "4.3", "4.3 per 1,000 residents",
                            4.3, ONE, 15 / 3.5, AGE, "modelled", 40_000 / 12_801),
    "hours_per_person": Walk("Package size", EACH, 160 / 15, "10.7", "10.7 hours a week", 10.7, ONE, 160 / 15,
                             "people supported", "modelled", 470 / 40),
    "waiting_share": Walk("Waiting share", "percent", 15 / 175, "8.6%", "8.6%", 8.6, PERCENT, 1500 / 175,
                          "demand hours", LIKE, 40 / 510),
    "open_requests": Walk("Open requests", "count", 2, "2", "2", 2, WHOLE, 2, "", LIKE, 3),
    "median_days_to_source": Walk("Median days to source", "days", 7, "7.0", "7.0 days", 7, ONE, 7,
                                  "placed requests", LIKE, None),
    "providers": Walk("Providers", "count", 3, "3", "3", 3, WHOLE, 3, "", LIKE, 6),
    "people_per_provider": Walk("People per provider", "people for each provider", 5, "5.0", "5.0", 5, ONE, 5,
                                "providers", LIKE, 40 / 6),
    "spot_hours": Walk("Spot hours", WEEK, 70, "70", "70 hours a week", 70, WHOLE, 70, "", LIKE, 240),
    "spot_share": Walk("Spot share", "percent", 0.4375, "43.8%", "43.8%", 43.8, PERCENT, 43.75,
                       "all hours that providers deliver", LIKE, 240 / 470),
    "annual_cost": Walk("Council-arranged spend", "pounds a year", 208_000, "£208,000", "£208,000", 208_000, POUNDS,
                        208_000, "", "modelled", 652_600),
    "hourly_cost": Walk("Average cost of an hour", "pounds an hour", 25, "£25.00", "£25.00", 25, "£%.2f", 25, HOURS,
                        "modelled", 652_600 / 24_440),
    "cost_per_person": Walk("Spend per person", "pounds a year for each person", 208_000 / 15, "£13,870", "£13,867",
                            13_867, POUNDS, 208_000 / 15, "people supported", "modelled", 16_315),
    "rural_share": Walk("Rural share", "percent", 0.1, "10.0%", "10.0%", 10, PERCENT, 10,
                        "residents aged 65 and over", "derived", None),
    "largest_provider_share": Walk("Largest provider's share", "percent", 0.4375, "43.8%", "43.8%", 43.8, PERCENT,
                                   43.75, HOURS, LIKE, None),
    "hhi": Walk("Concentration (HHI)", "index, 0 to 10,000", 3671.875, "3,672", "3,672", 3672, WHOLE, 3671.875, HOURS,
                LIKE, None),
    "good_or_better_share": Walk("Good or Outstanding share", "percent", 2 / 3, "66.7%", "66.7%", 66.7, PERCENT,
                                 200 / 3, "rated hours", LIKE, None),
    "not_rated_share": Walk("Not rated share", "percent", 0.4375, "43.8%", "43.8%", 43.8, PERCENT, 43.75, HOURS, LIKE,
                            None),
    "gate_fail_hours": Walk("Hours below the quality gate", WEEK, 30, "30", "30 hours a week", 30, WHOLE, 30, "", LIKE,
                            None),
    "gate_fail_share": Walk("Share below the quality gate", "percent", 1 / 3, "33.3%", "33.3%", 33.3, PERCENT, 100 / 3,
                            "tier 1 hours", LIKE, None),
    "good_or_better_safe": Walk("Safe: Good or Outstanding share", "percent", 1, "100.0%", "100.0%", 100, PERCENT, 100,
                                "rated hours", LIKE, None),
}  # fmt: skip


# What is said beside a figure of Ash that rests on few: R3 and R4 were placed, R1 and R2 wait; P1 and P2 are rated, on
# tier 1; three providers deliver its hours.
FEW = {
    "waiting_share": " (from 2 open requests)",
    "median_days_to_source": " (from 2 requests)",
    "good_or_better_share": " (of 2 rated providers)",
    "gate_fail_share": " (of 2 tier 1 providers)",
    "good_or_better_safe": " (of 2 rated providers)",
}


class Screens(NamedTuple):
    """Home care of the tiny pack, district by district, on every screen and in every file."""

    pack: Pack
    selection: Selection
    market: Market
    command_line: dict[str, str]
    dictionary: pd.DataFrame
    file: pd.DataFrame
    shared: pd.DataFrame


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> Screens:
    folder = PackFolder(write_tiny_pack(tmp_path_factory.mktemp("walk") / "tiny"))
    loose = {"threshold": 1, "fewest_providers": 1, "dominance": 1, "round_counts": 3, "round_hours": 20}
    folder.change_json(MANIFEST, lambda document: document.update(disclosure=loose))
    pack = folder.load()
    selection = select(pack, "home")
    market = Market(profile(pack, selection), county_profile(pack, selection))
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", printed)
        assert main(["profile", "--service", "home", "--pack", str(pack.root)]) == 0
    return Screens(
        pack,
        selection,
        market,
        next(csv.DictReader(io.StringIO(printed.getvalue()))),
        indicator_dictionary(pack).set_index("id"),
        labelled_profile(pack, selection, market.areas),
        county_for_sharing(pack, selection).set_index("measure"),
    )


def test_no_indicator_is_left_out_of_the_walk(tiny: Pack) -> None:
    assert list(WALK) == list(indicators(tiny))


@pytest.mark.parametrize("code", WALK)
class TestEveryIndicator:
    def test_on_the_command_line(self, screens: Screens, code: str) -> None:
        assert screens.command_line["area_name"] == "Ash"
        assert float(screens.command_line[code]) == pytest.approx(WALK[code].value, rel=1e-12)

    def test_in_the_dictionary(self, screens: Screens, code: str) -> None:
        walk, row = WALK[code], screens.dictionary.loc[code]
        assert (row["unit"], row["denominator"], row["status"]) == (walk.unit, walk.of, walk.status)
        assert row["label"] == walk.name.replace("Net c", "C").replace("Net g", "G")
        assert row["formula"] and row["meaning"]

    def test_on_the_map_and_the_ranking(self, screens: Screens, code: str) -> None:
        walk, indicator = WALK[code], indicators(screens.pack)[code]
        assert (code in mapped_indicators(screens.pack)) == bool(walk.of), "what adds up follows the size of an area"
        painting = paint(screens.pack, screens.selection, indicator, screens.market.areas)
        turns = "; bars start at 1.00" if code == "coverage" else ""
        unit = "" if code in UNIT_IN_NAME else f" ({walk.unit})"
        assert painting.axis_title == walk.name + unit.replace(")", f"{turns})")
        assert painting.scale.title == walk.name + unit
        assert painting.title == f"{walk.name} by district, 2024/25"
        ash = painting.rows.set_index("area_code").loc[ASH]
        assert ash["shown"] == walk.shown + FEW.get(code, "")
        assert ash["value"] == pytest.approx(walk.value, rel=1e-12)
        assert str(painting.status) == walk.status

    def test_in_the_table(self, screens: Screens, code: str) -> None:
        walk, indicator = WALK[code], indicators(screens.pack)[code]
        table = table_rows(screens.pack, screens.market, [code])
        assert table["area_name"].to_list() == ["Ash", "Birch", "Cedar", "Testshire"]
        assert table[code].iloc[0] == pytest.approx(walk.cell, abs=1e-12)
        column = number_column(screens.pack, indicator, single=False)
        assert column["label"] == walk.name
        assert column["type_config"]["format"] == walk.format
        assert f"({walk.unit}). {walk.status}." in column["help"].replace("\\", "")

    def test_in_words(self, screens: Screens, code: str) -> None:
        walk, indicator = WALK[code], indicators(screens.pack)[code]
        areas, county = screens.market.areas, screens.market.county
        story = comparison(screens.pack, screens.selection, areas, county, ASH, [indicator]).iloc[0]
        assert story["area"] == walk.said + FEW.get(code, "")
        sentence = market_sentence(screens.pack, screens.selection, areas, county, indicator)
        assert walk.name.removeprefix("Net ").casefold() in sentence.casefold() or code == "coverage"

    def test_in_the_file_for_people(self, screens: Screens, code: str) -> None:
        walk = WALK[code]
        head = f"{walk.name} ({'' if code in UNIT_IN_NAME else f'{walk.unit}; '}{walk.status})"
        assert screens.file[head].iloc[0] == pytest.approx(walk.file, rel=1e-12)
        assert list(screens.file.columns).index(head) == 2 + list(WALK).index(code)

    def test_in_the_file_to_share(self, screens: Screens, code: str) -> None:
        walk = WALK[code]
        if walk.shared is None:
            assert walk.name not in screens.shared.index
        else:
            row = screens.shared.loc[walk.name]
            assert row["value"] == pytest.approx(walk.shared, rel=1e-12)
            assert row["unit"] == ("share, 0 to 1" if walk.unit == "percent" else walk.unit)


def test_where_people_few_or_one_provider_stand_behind_it_the_file_to_share_says_c(tiny: Pack) -> None:
    shared = county_for_sharing(tiny, select(tiny, "respite")).set_index("measure")["value"]
    told = {"People supported", "Residents of matching age", "People supported per 1,000 residents"}
    assert set(shared.drop([*told])) == {"c"}


# What a new entry may not be

HOURS_A_WEEK = Indicator("hours", "Hours", "hours", source=area_figures.lot_sums, column=("demand", "hours_per_week"))
PEOPLE = Indicator("people", "People", "people", source=area_figures.lot_sums, column=("demand", "people"))
RESIDENTS = Indicator("residents", "Residents", "people", source=area_figures.residents, inputs=("population",))
DELIVERED = replace(HOURS_A_WEEK, id="delivered_hours")
SPEND = Indicator("spend", "Spend", "pounds", source=area_figures.lot_sums, column=("demand", "annual_cost"))
SOME = (HOURS_A_WEEK, PEOPLE, RESIDENTS, DELIVERED, SPEND)
THOUSAND = Fraction(1000)


def entry(unit: str, numerator: str, denominator: str, factor: Fraction = Fraction(1)) -> Indicator:
    return Indicator("new", "New", unit, numerator=numerator, denominator=denominator, factor=factor)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (entry("per_1000", "people", "delivered_hours", THOUSAND), "'per 1,000 residents' over 1,000 delivered_hours"),
        (entry("per_1000_hours", "people", "residents", THOUSAND), "'per 1,000 delivered hours' over 1,000 residents"),
        (entry("per_1000", "people", "residents"), "'per 1,000 residents' over residents, expected"),
        (entry("pounds_per_hour", "spend", "people"), "'pounds an hour' over people"),
        (entry("pounds_per_person", "spend", "residents"), "'pounds a year for each person' over residents"),
        (entry("hours_per_person", "hours", "residents"), "over residents, expected a ratio over people"),
        (entry("pounds_per_person", "hours", "people"), "expected pounds over anything to be pounds"),
        (entry("per_1000", "spend", "residents", THOUSAND), "expected pounds over anything to be pounds"),
        (entry("share", "spend", "hours"), "'percent' for hours and pounds"),
        (entry("ratio", "people", "hours"), "'ratio' for hours and people"),
        (Indicator("new", "New", "per_1000", source=area_figures.residents, formula="x"), "for no ratio"),
        (Indicator("new", "New", "hours", plus=("hours", "people")), "for a sum of hours, people"),
        (Indicator("new", "New", "people", plus=("hours",), minus=("delivered_hours",)), "for a sum of hours"),
    ],
)
def test_a_unit_that_disagrees_with_the_parts_is_refused(new: Indicator, words: str) -> None:
    with pytest.raises(ValueError, match=r"^new: found the unit ") as error:
        complete((*SOME, new))
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (entry("share", "nothing", "hours"), "new: found the part nothing, expected one of hours, people"),
        (PEOPLE, "indicators: found people twice, expected each id once"),
        (Indicator("new", "New", "hours", plus=("new",)), "new: found it among its own parts"),
        (Indicator("new", "New", "hours"), "new: expected a source, or"),
        (entry("share", "", "hours"), "new: found the part , expected one of"),
        (replace(entry("share", "hours", "hours"), source=area_figures.lot_sums), "and just one"),
    ],
)
def test_an_entry_that_cannot_be_worked_out_is_refused(new: Indicator, words: str) -> None:
    with pytest.raises(ValueError) as error:
        complete((*SOME, new))
    assert words in str(error.value)


def test_every_unit_of_the_registry_names_its_own_denominator(pack: Pack) -> None:
    # Written out: what an indicator in such a unit divides by, in the words of the dictionary.
    named = {
        "per 1,000 residents": "residents of matching age",
        "per 1,000 delivered hours": "delivered hours",
        "hours a week for each person": "people supported",
        "pounds a year for each person": "people supported",
        "people for each provider": "providers",
        "pounds an hour": "delivered hours",
    }
    dictionary = indicator_dictionary(pack)
    for _, row in dictionary[dictionary["unit"].isin(named)].iterrows():
        assert row["denominator"] == named[row["unit"]], row["id"]
    assert set(named) == {unit.words for unit in UNITS.values() if unit.per}


# What follows from the parts


def test_a_new_ratio_is_one_entry() -> None:
    new = Indicator(
        "people_short", "People a thousand hours", "per_1000_hours", "supply", "Meaning.",
        numerator="people", denominator="delivered_hours", factor=THOUSAND,
    )  # fmt: skip
    parts = (
        replace(PEOPLE, better="lower", caveat="People are adults."),
        replace(DELIVERED, label="Delivered hours", column=("capacity", "delivered_hours"), caveat="Hours are whole."),
    )
    found = complete((*parts, new))["people_short"]
    assert found.formula == "1,000 x people / delivered hours"
    assert found.inputs == ("demand", "capacity")
    assert (found.of, found.mapped, found.better) == ("delivered hours", True, "lower")
    assert found.caveat == "People are adults. Hours are whole."
    values = {"people": 15.0, "delivered_hours": 160.0}
    assert work_out(complete((*parts, new)), "people_short", values, truediv) == 93.75


def test_the_formulas_of_sums_and_factors() -> None:
    total = Indicator("total", "Total", "hours", plus=("hours", "delivered_hours"), minus=("hours",))
    hourly = Indicator("hourly", "Hourly", "pounds_per_hour", numerator="spend", denominator="delivered_hours",
                       factor=Fraction(1, 52))  # fmt: skip
    known = complete((replace(DELIVERED, label="NHS hours"), HOURS_A_WEEK, SPEND, total, hourly))
    assert known["total"].formula == "hours + NHS hours - hours"
    assert known["hourly"].formula == "spend / (52 x NHS hours)"
    assert known["spend"].formula == "sum of spend over all lots"
    assert not known["total"].mapped


def test_what_protects_a_figure_in_the_file_to_share(tiny: Pack) -> None:
    measures = shared_measures(tiny)
    assert {code for code, one in measures.items() if isinstance(one, Measure)} == {
        "people", "residents", "open_requests", "providers",
        "delivered_hours", "waiting_hours", "capacity_hours", "spot_hours", "annual_cost",
    }  # fmt: skip
    for one in (*FIRST, *FURTHER):
        rests_on = {leaf.replace("route_hours", "delivered_hours") for leaf in leaves(every_figure(tiny), one.id)}
        assert (one.id in measures) == all(isinstance(measures.get(leaf), Measure) for leaf in rests_on)
    assert not {one.id for one in BEHIND} & set(measures)


LEAVES = (
    "people",
    "delivered_hours",
    "waiting_hours",
    "capacity_hours",
    "shortfall_hours",
    "residents",
    "providers",
    "spot_hours",
    "route_hours",
    "annual_cost",
    "gate_fail_hours",
    "gate_hours",
)
NUMBERS = st.one_of(st.just(0.0), st.just(math.nan), st.floats(0.5, 1e6))


KNOWN = complete((*BEHIND, *FIRST, *FURTHER))


@settings(max_examples=30, deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(LEAVES, NUMBERS)))
def test_what_is_unknown_stays_unknown_and_nothing_is_divided_by_0(row: dict[str, float]) -> None:
    columns = {code: pd.Series([value]) for code, value in row.items()}
    for code, one in KNOWN.items():
        if not set(leaves(KNOWN, code)) <= set(LEAVES):
            continue
        found = float(work_out(KNOWN, code, columns, safe_ratio).iloc[0])
        unknown = any(math.isnan(row[leaf]) for leaf in leaves(KNOWN, code))
        below = one.denominator and float(work_out(KNOWN, one.denominator, columns, safe_ratio).iloc[0])
        assert math.isnan(found) == (unknown or (bool(one.denominator) and below == 0)), code
        if not math.isnan(found):
            assert found == work_out(KNOWN, code, row, truediv), "the file to share works out the same"


def test_an_unknown_lot_makes_its_area_and_the_county_unknown_never_0(
    tiny_folder: PackFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_an_unknown(pack: Pack, service: str) -> Any:
        figures = service_figures(pack, service).copy()
        district, lot = list(pack.district_names()).index(ASH), lots_in_order(pack, service).index(("day", "older"))
        figures[district, lot, LOT_FIGURES.index("delivered_hours")] = math.nan
        return figures

    tiny = tiny_folder.load()
    monkeypatch.setattr(area_figures, "service_figures", with_an_unknown)
    ash, birch, _ = profile(tiny, select(tiny, "home")).to_dict("records")
    county = county_profile(tiny, select(tiny, "home"))
    for row in (ash, county):
        assert math.isnan(row["delivered_hours"])
        assert math.isnan(row["hours_per_person"])
        assert math.isnan(row["hourly_cost"])
    assert ash["people"] == 15
    assert birch["delivered_hours"] == 270


def test_the_tables_of_an_indicator_are_those_of_the_pack(pack: Pack) -> None:
    found: dict[str, Any] = {code: set(one.inputs) for code, one in indicators(pack).items()}
    assert found["coverage"] == {"demand", "requests", "capacity"}
    assert found["demand_hours_per_1000"] == {"demand", "requests", "population"}
    assert found["spot_share"] == {"capacity"}
    assert found["gate_fail_share"] == {"capacity", "ratings"}
    names = {path.split("/")[1].removesuffix(".csv") for path in TABLES}
    assert all(tables and tables <= names for tables in found.values())


def test_the_registry_is_made_once_a_pack(tiny: Pack, pack: Pack) -> None:
    assert indicators(tiny) is indicators(tiny)
    assert "good_or_better_caring" in indicators(pack)
    assert "good_or_better_caring" not in indicators(tiny)
