"""The market's figures on a pack small enough to work out by hand: the workings stand in tiny_pack.py."""

from __future__ import annotations

import csv
import io
import json
import math

import numpy as np
import pandas as pd
import pytest
from pack_folder import PackFolder
from tiny_pack import ASH, BIRCH, CEDAR

from lib.market.about import about
from lib.market.basis import Standing
from lib.market.concentration import concentration
from lib.market.indicators import indicator_label, indicator_status, indicators, mapped_indicators
from lib.market.lots import lot_table
from lib.market.profile import county_profile, history, lot_rows, profile
from lib.market.providers import area_providers
from lib.market.quality import gate_list, passes_gate, provider_ratings, rating_mix
from lib.market.selection import UNGROUPED, Selection, areas, cohorts_of, is_single_lot, select, service_types_of
from lib.market.sentence import area_noun, comparison, ordinal, ranked
from lib.market.status import Known, county_known
from lib.market.tables import (
    as_csv,
    as_json,
    download_csv,
    labelled_profile,
    plain,
    selection_words,
)
from lib.pack.faults import SelectionError
from lib.pack.formulas import safe_cell
from lib.pack.load import Pack

EMPTY = math.nan
IMAGE = "<img src=x onerror=alert(1)>"
TEMPLATE = "${alert(1)}"


def same(found: object, expected: list[float]) -> None:
    """Compare figures, where an empty one must be empty."""
    assert list(found) == pytest.approx(expected, nan_ok=True)  # type: ignore[call-overload]


# The profile

# Every indicator of home care: Ash, Birch, Cedar and the whole county, worked out by hand.
HOME = {
    "people": [15, 21, 4, 40],
    "delivered_hours": [160, 270, 40, 470],
    "waiting_hours": [15, 30, 0, 45],
    "demand_hours": [175, 300, 40, 515],
    "capacity_hours": [210, 300, 50, 560],
    "headroom_hours": [50, 30, 10, 90],
    "coverage": [1.2, 1, 1.25, 560 / 515],
    "shortfall_hours": [5, 30, 0, 35],
    "gap_hours": [-35, 0, -10, -45],
    "shortfall_share": [5 / 175, 0.1, 0, 35 / 515],
    "residents": [3500, 7000, 2300, 12_800],
    "demand_hours_per_1000": [50, 300 / 7, 40 / 2.3, 515 / 12.8],
    "people_per_1000": [15 / 3.5, 3, 4 / 2.3, 3.125],
    "hours_per_person": [160 / 15, 270 / 21, 10, 11.75],
    "waiting_share": [15 / 175, 0.1, 0, 45 / 515],
    "open_requests": [2, 1, 0, 3],
    "median_days_to_source": [7, 7.5, EMPTY, 7],
    "providers": [3, 3, 1, 5],
    "people_per_provider": [5, 7, 4, 8],
    "spot_hours": [70, 160, 0, 230],
    "spot_share": [0.4375, 160 / 270, 0, 230 / 470],
    "annual_cost": [208_000, 403_000, 41_600, 652_600],
    "hourly_cost": [25, 403_000 / 52 / 270, 20, 652_600 / 52 / 470],
    "cost_per_person": [208_000 / 15, 403_000 / 21, 10_400, 16_315],
    # 500, 1,000 and 800 residents aged 65 and over, of whom a tenth, half and all live in rural neighbourhoods.
    "rural_share": [0.1, 0.5, 1, 1350 / 2300],
    "largest_provider_share": [0.4375, 160 / 270, 1, 230 / 470],
    # Birch: P3 160 and P5 110 of 270. County: P1 100, P2 30, P3 230, P5 110 of 470.
    "hhi": [3671.875, 10_000 * 37_700 / 72_900, 10_000, 10_000 * 75_900 / 220_900],
    # Birch: 110 of 270 hours are rated, under half.
    "good_or_better_share": [60 / 90, EMPTY, 1, 0.875],
    "not_rated_share": [0.4375, 160 / 270, 0, 230 / 470],
    "gate_fail_hours": [30, 0, 0, 30],
    "gate_fail_share": [30 / 90, EMPTY, 0, 30 / 130],
    "good_or_better_safe": [1, EMPTY, 1, 1],
}


@pytest.fixture(scope="module")
def home(tiny: Pack) -> tuple[pd.DataFrame, pd.Series]:
    """The profile of home care, and that of the county."""
    selection = select(tiny, "home")
    return profile(tiny, selection), county_profile(tiny, selection)


@pytest.mark.parametrize("indicator", HOME)
def test_every_indicator_by_hand(home: tuple[pd.DataFrame, pd.Series], indicator: str) -> None:
    areas, county = home
    same([*areas[indicator], county[indicator]], HOME[indicator])


def test_no_indicator_is_left_out_of_the_hand_check(tiny: Pack) -> None:
    frame = profile(tiny, select(tiny, "home"))
    assert list(frame.columns) == ["area_code", "area_name", *indicators(tiny)]
    assert set(HOME) == set(indicators(tiny))
    assert list(frame["area_code"]) == [ASH, BIRCH, CEDAR]
    assert list(frame["area_name"]) == ["Ash", "Birch", "Cedar"]


def test_an_area_with_nothing_has_zeros_and_empty_rates(tiny: Pack) -> None:
    ash = profile(tiny, select(tiny, "respite")).iloc[0]
    zeros = ["people", "delivered_hours", "waiting_hours", "demand_hours", "capacity_hours", "headroom_hours"]
    zeros += ["shortfall_hours", "gap_hours", "open_requests", "providers", "spot_hours", "annual_cost"]
    zeros += ["gate_fail_hours", "demand_hours_per_1000", "people_per_1000"]
    assert (ash[zeros] == 0).all()
    assert ash["residents"] == 900, "residents of the service's own base year, 2023"
    assert ash.drop(["area_code", "area_name", "residents", "rural_share", *zeros]).isna().all()


def test_hours_above_capacity_leave_less_than_no_headroom(tiny: Pack) -> None:
    cedar = profile(tiny, select(tiny, "respite")).iloc[2]
    assert (cedar["capacity_hours"], cedar["headroom_hours"], cedar["shortfall_hours"]) == (15, -5, 7)
    assert cedar["coverage"] == pytest.approx(15 / 22)
    assert cedar["not_rated_share"] == 1


def test_spare_hours_of_one_lot_do_not_hide_the_shortfall_of_another(tiny: Pack) -> None:
    ash = profile(tiny, select(tiny, "home")).iloc[0]
    assert ash["coverage"] == 1.2
    assert ash["shortfall_hours"] == 5
    younger = profile(tiny, select(tiny, "home", cohorts=["younger"])).iloc[0]
    assert (younger["coverage"], younger["shortfall_hours"]) == (pytest.approx(60 / 65), 5)


@pytest.mark.parametrize(("hours", "expected"), [("110", 1.0), ("110.25", EMPTY)])
def test_half_of_the_hours_must_be_rated(tiny_folder: PackFolder, hours: str, expected: float) -> None:
    # P5, who is rated, delivers 110 hours in Birch; P3, who is not, delivers the others.
    tiny_folder.set("market/capacity.csv", 7, "delivered_hours", hours)
    tiny = tiny_folder.load()
    same([profile(tiny, select(tiny, "home")).iloc[1]["good_or_better_share"]], [expected])


@pytest.mark.parametrize(
    ("service", "types", "cohorts"),
    [("home", [], []), ("home", ["day"], ["older"])],
)
def test_totals_are_the_same_under_every_grouping(
    tiny: Pack, service: str, types: list[str], cohorts: list[str]
) -> None:
    added = ["people", "delivered_hours", "waiting_hours", "demand_hours", "capacity_hours", "headroom_hours"]
    added += ["shortfall_hours", "gap_hours", "residents", "open_requests", "spot_hours", "annual_cost"]
    added += ["gate_fail_hours"]
    totals = [
        profile(tiny, select(tiny, service, types, cohorts, grouping))[added].sum().to_dict()
        for grouping in ("district", "county", "side", "patch")
    ]
    assert totals[0]["people"] > 0
    assert totals[0] == totals[1] == totals[2] == totals[3]


def test_a_district_in_no_group_stands_by_itself(tiny: Pack) -> None:
    assert areas(tiny, "side")["area_name"].to_list() == ["East", "East", UNGROUPED]
    frame = profile(tiny, select(tiny, "home", group_by="side"))
    assert frame["area_name"].to_list() == ["East", UNGROUPED]
    same(frame["demand_hours"], [475, 40])
    same(frame["shortfall_hours"], [35, 0])
    same(frame["coverage"], [510 / 475, 1.25])


def test_residents_are_those_of_cohorts_that_have_a_lot(tiny: Pack) -> None:
    # Nobody can buy nights for younger people, so they do not water down hours of night care per 1,000 residents.
    nights = profile(tiny, select(tiny, "home", ["night"]))
    same(nights["residents"], [500, 1000, 800])
    same(nights["demand_hours_per_1000"], [0, 100, 0])


def test_a_band_that_two_cohorts_share_counts_once(tiny_folder: PackFolder) -> None:
    tiny_folder.set("reference/service_rates.csv", 3, "weight", "1")
    tiny = tiny_folder.load()
    same(profile(tiny, select(tiny, "home"))["residents"], [3500, 7000, 2300])
    same(profile(tiny, select(tiny, "home", cohorts=["older"]))["residents"], [3500, 7000, 2300])


# Lots, history, providers


def test_the_lots_by_hand(tiny: Pack) -> None:
    table = lot_table(tiny, select(tiny, "home"))
    assert len(table) == 9
    found = {tuple(row[1:4]): row[6:] for row in table.itertuples(index=False, name=None)}
    assert found == {
        # people, delivered, waiting, demand, capacity, headroom, shortfall, cost, providers, open requests
        (ASH, "day", "older"): (10, 100, 10, 110, 130, 30, 0, 130_000, 3, 1),
        (ASH, "day", "younger"): (5, 60, 5, 65, 60, 0, 5, 78_000, 1, 1),
        (ASH, "night", "older"): (0, 0, 0, 0, 20, 20, 0, 0, 1, 0),
        (BIRCH, "day", "older"): (20, 200, 0, 200, 230, 30, 0, 312_000, 3, 0),
        (BIRCH, "day", "younger"): (0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        (BIRCH, "night", "older"): (1, 70, 30, 100, 70, 0, 30, 91_000, 1, 1),
        (CEDAR, "day", "older"): (4, 40, 0, 40, 50, 10, 0, 41_600, 1, 0),
        (CEDAR, "day", "younger"): (0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        (CEDAR, "night", "older"): (0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    }


def test_the_lots_of_one_area(tiny: Pack) -> None:
    rows = lot_rows(tiny, select(tiny, "home", group_by="side"), "East")
    assert list(zip(rows["service_type"], rows["cohort"], strict=True)) == [
        ("day", "older"),
        ("day", "younger"),
        ("night", "older"),
    ]
    same(rows["people"], [30, 5, 1])
    same(rows["demand_hours"], [310, 65, 100])
    same(rows["capacity_hours"], [360, 60, 90])
    same(rows["shortfall_hours"], [0, 5, 30])
    same(rows["coverage"], [360 / 310, 60 / 65, 0.9])
    ash = lot_rows(tiny, select(tiny, "home"), ASH)
    same(ash["coverage"], [130 / 110, 60 / 65, EMPTY])


def test_the_history_of_areas(tiny: Pack) -> None:
    rows = history(tiny, select(tiny, "home", group_by="side"))
    found = list(rows.drop(columns="area_code").itertuples(index=False, name=None))
    assert found == [
        ("East", "2025-02", "older", 350, 29, 1),
        ("East", "2025-02", "younger", 50, 4, 0),
        (UNGROUPED, "2025-02", "older", 38, 4, 0),
        (UNGROUPED, "2025-02", "younger", 0, 0, 0),
        ("East", "2025-03", "older", 370, 31, 2),
        ("East", "2025-03", "younger", 60, 5, 1),
        (UNGROUPED, "2025-03", "older", 40, 4, 0),
        (UNGROUPED, "2025-03", "younger", 0, 0, 0),
    ]
    assert set(history(tiny, select(tiny, "home", cohorts=["younger"]))["cohort"]) == {"younger"}


def test_the_providers_of_an_area(tiny: Pack) -> None:
    rows = area_providers(tiny, select(tiny, "home"), ASH)
    assert list(rows.itertuples(index=False, name=None)) == [
        ("P3", TEMPLATE, "Not rated", "Spot", 70, 70, 0, 0.4375),
        ("P1", "Alder Care", "Good", "Tier 1, Tier 2", 60, 100, 40, 0.375),
        ("P2", IMAGE, "Poor", "Tier 1", 30, 40, 10, 0.1875),
    ]


def test_providers_with_nothing_to_give_serve_nobody(tiny: Pack) -> None:
    # P7 stands in Cedar with no capacity and no hours.
    assert list(area_providers(tiny, select(tiny, "home"), CEDAR)["provider_id"]) == ["P1"]


def test_a_share_of_nothing_is_empty(tiny: Pack) -> None:
    rows = area_providers(tiny, select(tiny, "home", ["night"]), ASH)
    assert list(rows["provider_id"]) == ["P1"]
    assert rows["share"].isna().all()
    assert area_providers(tiny, select(tiny, "respite"), ASH).empty


def test_concentration_lot_by_lot(tiny: Pack) -> None:
    found = concentration(tiny, select(tiny, "home"), ("area_code", "service_type", "cohort"))
    assert found.loc[(ASH, "day", "older")].to_list() == pytest.approx([0.6, 4600])
    assert found.loc[(ASH, "day", "younger")].to_list() == [1, 10_000]
    assert found.loc[(BIRCH, "day", "older")].to_list() == pytest.approx([0.8, 6800])
    assert found.loc[(ASH, "night", "older")].isna().all()


# Quality


def test_ratings_of_providers(tiny: Pack) -> None:
    ratings = provider_ratings(tiny)
    assert list(ratings.columns) == ["overall", "safe"]
    assert ratings.loc["P3"].to_list() == ["Not rated", "Not rated"], "no rows at all"
    assert ratings.loc["P4"].to_list() == ["Not rated", "Not rated"], "one row that says so, and one that is missing"
    assert ratings.loc["P5"].to_list() == ["Outstanding", "Good"]
    assert passes_gate(tiny).to_dict() == {
        "P1": True,
        "P2": False,
        "P3": False,
        "P4": False,
        "P5": True,
        "P6": False,
        "P7": True,
    }


def test_the_rating_mix_by_hand(tiny: Pack) -> None:
    mix = rating_mix(tiny, select(tiny, "home"))
    assert len(mix) == 3 * 2 * 4, "every rating stands in every area"
    ash = mix[(mix["area_code"] == ASH) & (mix["domain"] == "overall")]
    assert list(zip(ash["rating"], ash["order"], ash["hours"], ash["share"], strict=True)) == [
        ("Outstanding", 0, 0, 0),
        ("Good", 1, 60, 0.375),
        ("Poor", 2, 30, 0.1875),
        ("Not rated", 3, 70, 0.4375),
    ]
    assert set(mix["area_name"]) == {"Ash", "Birch", "Cedar"}


@pytest.mark.parametrize("grouping", ["district", "county", "quadrant"])
def test_shares_of_the_rating_mix_add_up(pack: Pack, grouping: str) -> None:
    for service in ("domiciliary_care", "short_breaks"):
        selection = select(pack, service, group_by=grouping)
        mix = rating_mix(pack, selection)
        sums = mix.groupby(["area_code", "domain"])[["share", "hours"]].sum()
        assert list(sums["share"]) == pytest.approx([1] * len(sums))
        delivered = profile(pack, selection).set_index("area_code")["delivered_hours"]
        assert (sums["hours"] - delivered.reindex(sums.index, level="area_code")).abs().max() < 1e-6


def test_the_rating_mix_of_nothing(tiny: Pack) -> None:
    nights = rating_mix(tiny, select(tiny, "home", ["night"]))
    ash = nights[nights["area_code"] == ASH]
    assert (ash["hours"] == 0).all()
    assert ash["share"].isna().all()
    assert rating_mix(tiny, select(tiny, "home", ["night"], ["older"], "side"))["area_name"].unique() == ["East"]


def test_the_quality_gate_by_hand(tiny: Pack) -> None:
    found = gate_list(tiny, select(tiny, "home"))
    assert list(found.columns) == ["provider_id", "provider_name", "finding", "delivered_hours", "overall", "safe"]
    # P1 passes; P6, on tier 2, would not; P3 is on no list.
    assert list(found.itertuples(index=False, name=None)) == [
        ("P2", IMAGE, "fails", 30, "Poor", "Good"),
        ("P5", "Elm Care", "would pass", 110, "Outstanding", "Good"),
    ]
    assert gate_list(tiny, select(tiny, "respite")).empty


def test_the_largest_stand_first_in_the_gate_list(pack: Pack) -> None:
    found = gate_list(pack, select(pack, "domiciliary_care"))
    assert set(found["finding"]) == {"fails", "would pass"}
    for _, rows in found.groupby("finding"):
        assert rows["delivered_hours"].is_monotonic_decreasing
    assert found["finding"].is_monotonic_increasing


# Selections


def test_a_selection_keeps_the_order_of_the_lots(tiny: Pack) -> None:
    chosen = select(tiny, "home", ["night", "day", "day"], ["younger", "older"])
    assert chosen == Selection("home", ("day", "night"), ("older", "younger"), "district")
    assert chosen == select(tiny, "home")
    assert chosen.county() == Selection("home", ("day", "night"), ("older", "younger"), "county")
    assert chosen.county().by_district() == chosen
    assert service_types_of(tiny, "respite") == ("visit",)
    assert cohorts_of(tiny, "respite") == ("child",)


def test_a_selection_of_no_lot_is_refused(tiny: Pack) -> None:
    expected = 'lot of home: found "night / younger", expected one of day / older, day / younger, night / older'
    with pytest.raises(SelectionError, match=f"^{expected}$"):
        select(tiny, "home", ["night"], ["younger"])


def test_a_single_lot(tiny: Pack) -> None:
    assert is_single_lot(tiny, select(tiny, "respite"))
    assert is_single_lot(tiny, select(tiny, "home", ["night"])), "younger people have no nights"
    assert not is_single_lot(tiny, select(tiny, "home", ["day"]))
    assert not is_single_lot(tiny, select(tiny, "respite", group_by="side"))
    coverage = indicators(tiny)["coverage"]
    assert (indicator_label(coverage, True), indicator_label(coverage, False)) == ("Coverage", "Net coverage")
    residents = indicators(tiny)["residents"]
    assert indicator_label(residents, False) == "Residents of matching age"


# Ranking and words


def frame_of(**coverage: float) -> pd.DataFrame:
    """A profile of areas with these figures, each for coverage, spot share and hours per 1,000 alike."""
    values = list(coverage.values())
    return pd.DataFrame(
        {
            "area_code": [name.lower() for name in coverage],
            "area_name": list(coverage),
            "coverage": values,
            "spot_share": values,
            "demand_hours_per_1000": values,
        }
    )


def test_the_worst_stands_first_ties_by_name_and_empty_last(tiny: Pack) -> None:
    frame = frame_of(Dale=0.9, Elm=EMPTY, Cove=1.1, Bay=0.9, Ash=EMPTY)
    known = indicators(tiny)
    assert list(ranked(frame, known["coverage"])["area_name"]) == ["Bay", "Dale", "Cove", "Ash", "Elm"]
    assert list(ranked(frame, known["spot_share"])["area_name"]) == ["Cove", "Bay", "Dale", "Ash", "Elm"]
    assert list(ranked(frame, known["demand_hours_per_1000"])["area_name"]) == ["Cove", "Bay", "Dale", "Ash", "Elm"]


def test_what_areas_are_called(tiny: Pack) -> None:
    assert area_noun(tiny, "district") == ("district", "districts")
    assert area_noun(tiny, "side") == ("side", "sides")
    assert area_noun(tiny, "patch")[0] == "NHS patch", "capitals stay"


def test_an_area_beside_the_county(tiny: Pack) -> None:
    selection = select(tiny, "home")
    frame, county = profile(tiny, selection), county_profile(tiny, selection)
    ids = ["coverage", "spot_share", "demand_hours", "hourly_cost", "gate_fail_share", "median_days_to_source"]
    shown = [indicators(tiny)[code] for code in ids]
    rows = comparison(tiny, selection, frame, county, BIRCH, shown)
    assert list(rows.itertuples(index=False, name=None)) == [
        ("coverage", "1.00", "1.09", "lowest of 3"),
        ("spot_share", "59.3% (of 2 providers)", "48.9%", "highest of 3"),
        ("demand_hours", "300 hours a week", "515 hours a week", "highest of 3"),
        ("hourly_cost", "£28.70", "£26.70", "highest of 3"),
        ("gate_fail_share", "not applicable", "23.1% (of 2 tier 1 providers)", "no hours are delivered on tier 1"),
        ("median_days_to_source", "7.5 days (from 2 requests)", "7.0 days (from 4 requests)", "highest of 2"),
    ]
    assert list(comparison(tiny, selection, frame, county, CEDAR, shown)["place"]) == [
        "3rd lowest of 3",
        "3rd highest of 3",
        "3rd highest of 3",
        "3rd highest of 3",
        "2nd highest of 2",
        "there is nothing here to divide by",
    ]


@pytest.mark.parametrize(
    ("values", "places"),
    [
        ((0.9, 0.9, 1.0), ["joint lowest of 3", "joint lowest of 3", "3rd lowest of 3"]),
        ((0.8, 0.9, 0.9), ["lowest of 3", "joint 2nd lowest of 3", "joint 2nd lowest of 3"]),
        ((1.0, 1.0, 1.0), ["the same in all 3"] * 3),
    ],
)
def test_areas_of_one_value_share_their_place(tiny: Pack, values: tuple[float, ...], places: list[str]) -> None:
    frame = frame_of(**dict(zip(("Ash", "Birch", "Cedar"), values, strict=True)))
    shown = [indicators(tiny)["coverage"]]
    county = pd.Series({"coverage": 1.0})
    found = [
        comparison(tiny, select(tiny, "home"), frame, county, code, shown)["place"].iloc[0]
        for code in frame["area_code"]
    ]
    assert found == places


def test_the_place_of_the_21st_area(tiny: Pack) -> None:
    frame = frame_of(**{f"Area {number:02}": 1 + number / 100 for number in range(1, 23)})
    county = pd.Series({"coverage": 1.0})
    places = [
        comparison(tiny, select(tiny, "home"), frame, county, f"area {number:02}", [indicators(tiny)["coverage"]])[
            "place"
        ].iloc[0]
        for number in (1, 2, 11, 21, 22)
    ]
    assert places == ["lowest of 22", "2nd lowest of 22", "11th lowest of 22", "21st lowest of 22", "22nd lowest of 22"]


def test_ordinals() -> None:
    numbers = [1, 2, 3, 4, 10, 11, 12, 13, 20, 21, 22, 23, 24, 100, 101, 111, 112, 113, 121]
    assert [ordinal(number) for number in numbers] == [
        "1st", "2nd", "3rd", "4th", "10th", "11th", "12th", "13th", "20th", "21st", "22nd", "23rd", "24th", "100th",
        "101st", "111th", "112th", "113th", "121st",
    ]  # fmt: skip


# How figures are known


@pytest.mark.parametrize(
    ("service", "types", "cohorts", "indicator", "status", "source"),
    [
        ("home", [], [], "delivered_hours", "published", "The source"),
        ("home", [], [], "people", "published", "The source"),
        ("home", [], [], "annual_cost", "published", "The source"),
        ("home", ["day"], ["older"], "delivered_hours", "derived", "The other source"),
        ("home", ["day"], ["older"], "people", "modelled", "sum of people supported over all lots"),
        ("home", ["day"], [], "delivered_hours", "modelled", "sum of delivered hours over all lots"),
        ("home", [], ["older"], "delivered_hours", "modelled", "sum of delivered hours over all lots"),
        ("home", [], [], "hourly_cost", "derived", "council-arranged spend / (52 x delivered hours)"),
        ("home", [], [], "hours_per_person", "derived", "delivered hours / people supported"),
        ("home", ["day"], ["older"], "hourly_cost", "modelled", "council-arranged spend / (52 x delivered hours)"),
        ("home", [], [], "demand_hours", "illustrative", "delivered hours + waiting hours"),
        ("home", [], [], "coverage", "illustrative", "capacity hours / demand hours"),
        ("home", [], [], "residents", "derived", "sum of residents over the cohorts' age bands"),
        ("respite", [], [], "people", "published", "The source"),
        ("respite", [], [], "delivered_hours", "modelled", "sum of delivered hours over all lots"),
        ("respite", [], [], "spot_share", "published", "The source"),
    ],
)
def test_how_a_county_figure_is_known(
    tiny: Pack, service: str, types: list[str], cohorts: list[str], indicator: str, status: str, source: str
) -> None:
    assert county_known(tiny, select(tiny, service, types, cohorts), indicator) == Known(Standing(status), source)


def test_a_total_that_is_off_by_one_is_no_longer_published(tiny_folder: PackFolder) -> None:
    tiny_folder.take("market/demand.csv", 2, "hours_per_week", 1)
    tiny = tiny_folder.load()
    selection = select(tiny, "home")
    assert county_known(tiny, selection, "delivered_hours").status == Standing("modelled")
    assert county_known(tiny, selection, "hourly_cost").status == Standing("modelled")
    assert county_known(tiny, selection, "annual_cost").status == Standing("published")
    assert county_known(tiny, select(tiny, "home", ["day"], ["older"]), "delivered_hours").status == Standing(
        "modelled"
    )


def test_the_published_figures_of_the_default_pack(pack: Pack) -> None:
    every = select(pack, "domiciliary_care")
    for indicator in ("people", "delivered_hours", "annual_cost"):
        assert county_known(pack, every, indicator).status == Standing("published")
    nights = ["live_in_24h", "night_awake", "night_sleeping"]
    assert county_known(pack, select(pack, "domiciliary_care", nights), "delivered_hours").status == Standing(
        "published"
    )
    older = select(pack, "domiciliary_care", cohorts=["older_people"])
    assert county_known(pack, older, "delivered_hours").status == Standing("derived")
    assert county_known(pack, older, "people").status == Standing("modelled")
    assert county_known(pack, select(pack, "short_breaks"), "people").status == Standing("published")
    assert county_known(pack, select(pack, "short_breaks"), "delivered_hours").status == Standing("modelled")


def test_maps_shade_no_counts(tiny: Pack) -> None:
    shaded = mapped_indicators(tiny)
    assert "coverage" in shaded
    assert not {indicator.unit for indicator in shaded.values()} & {"people", "hours", "pounds", "count"}
    assert all(indicator.of for indicator in shaded.values())
    assert indicator_status(tiny, shaded["coverage"]) == Standing("illustrative")


# Files


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (pd.NA, None),
        (pd.NaT, None),
        (math.nan, None),
        (np.float64("nan"), None),
        (pd.Timestamp("2025-03-31"), "2025-03-31"),
        (np.int64(7), 7),
        (np.float64(7.0), 7),
        (7.5, 7.5),
        (0.1 + 0.2, 0.30000000000000004),
        (-0.0, 0),
        (np.bool_(True), True),
        ("", ""),
        ("text", "text"),
    ],
)
def test_cells_of_files(value: object, expected: object) -> None:
    found = plain(value)
    assert found == expected
    assert type(found) is type(expected)


def test_json_and_csv_say_the_same() -> None:
    frame = pd.DataFrame({"name": ['Ash, "the" Vale', "Bröd"], "share": [1 / 3, math.nan], "count": [2, 3]})
    assert json.loads(as_json(frame)) == [
        {"name": 'Ash, "the" Vale', "share": 1 / 3, "count": 2},
        {"name": "Bröd", "share": None, "count": 3},
    ]
    assert as_csv(frame) == 'name,share,count\n"Ash, ""the"" Vale",0.3333333333333333,2\nBröd,,3\n'


# White space, a byte order mark or signs of full width hide it from a look at the first letter.
FORMULAS = (" =1+1", "\u00a0=1+1", "\n=1", "\ufeff=1+1", "\u200b@SUM(A1)", "\uff1d1+1", "\uff0b1", "\tx", "-", "=")


@pytest.mark.parametrize("text", ["=1+1", "+44 1234", "-1", "@SUM(A1)", "\t=1", "\r=1", *FORMULAS])
def test_no_text_runs_as_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    rows = list(csv.reader(io.StringIO(download_csv(pd.DataFrame({text: [text, "plain"]}), []))))
    assert rows[0][0][0] == rows[1][0][0] == "'"
    assert rows[2] == ["plain"]


def test_numbers_and_plain_text_stay_as_they_are() -> None:
    for value in (-1, -1.5, None, "", "plain", "1-2", "a=b", TEMPLATE, IMAGE):
        assert safe_cell(value) == value


def test_a_download_carries_its_notes(tiny: Pack) -> None:
    selection = select(tiny, "home", ["day"], group_by="side")
    told = about(
        tiny,
        selection_words(tiny, selection),
        "demand",
        "requests",
        "capacity",
        "ratings",
        "population",
        service="home",
    )
    notes = told.file_lines()
    assert notes == [
        "Home care: Day; Older and Younger; by Side. Status: illustrative. Home care, 2024/25. Data to 31 March 2025.",
        "Demonstration data: not evidence about any real district or provider.",
        "Sources: Table of demand (modelled); Table of requests (illustrative); Table of capacity (illustrative); "
        "Table of ratings (illustrative); Table of population (derived).",
        "Table of demand: modelled. Rule of demand.",
        "Table of requests: illustrative. Rule of requests.",
        "Table of capacity: illustrative. Rule of capacity.",
        "Table of ratings: illustrative. Rule of ratings.",
        "Table of population: derived. Rule of population.",
        "Hours are whole hours.",
    ]
    text = download_csv(labelled_profile(tiny, selection, profile(tiny, selection)), notes)
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[0] for row in rows[3:]] == [f"# {note}" for note in notes]
    assert [row[:2] for row in rows[:3]] == [["Area code", "Area"], ["East", "East"], [UNGROUPED, UNGROUPED]]


def test_a_note_with_a_comma_stays_in_one_cell() -> None:
    text = download_csv(pd.DataFrame({"a": [1]}), ["Ash, Birch", "=1"])
    assert list(csv.reader(io.StringIO(text))) == [["a"], ["1"], ["# Ash, Birch"], ["# =1"]]


def test_a_pack_without_made_up_tables_makes_no_demonstration(tiny_folder: PackFolder) -> None:
    def supplied(document: dict[str, list[dict[str, str]]]) -> None:
        for resource in document["resources"]:
            resource["status"] = "supplied"

    tiny_folder.change_json("datapackage.json", supplied)
    tiny = tiny_folder.load()
    assert not tiny.is_demonstration
    notes = about(tiny, "Any table", "demand", "capacity").file_lines()
    assert not any("Demonstration" in note for note in notes)
    assert county_known(tiny, select(tiny, "home"), "coverage").status == Standing("supplied")


def test_a_table_for_people_says_unit_and_status(tiny: Pack) -> None:
    selection = select(tiny, "home")
    frame = profile(tiny, selection)
    table = labelled_profile(tiny, selection, frame)
    assert list(table.columns)[:4] == [
        "Area code",
        "Area",
        "People supported (people; modelled)",
        "Delivered hours (hours a week; modelled)",
    ]
    assert "Net coverage (ratio; illustrative)" in table
    same(table["Spot share (percent; illustrative)"], [43.75, 16_000 / 270, 0])
    same(frame["spot_share"], [0.4375, 160 / 270, 0])
    assert len(table.columns) == len(frame.columns) + 1, "and what rests on few"
    single = select(tiny, "respite")
    assert "Coverage (ratio; illustrative)" in labelled_profile(tiny, single, profile(tiny, single))


def test_a_selection_in_words(tiny: Pack) -> None:
    assert selection_words(tiny, select(tiny, "home")) == "Home care: Day and Night; Older and Younger; by district"
    assert selection_words(tiny, select(tiny, "respite", group_by="patch")) == (
        "Respite: Visit; Children; by NHS patch"
    )


def test_nasty_names_are_carried_as_plain_text(tiny: Pack) -> None:
    found = area_providers(tiny, select(tiny, "home"), ASH)
    assert found["provider_name"].to_list()[::2] == [TEMPLATE, IMAGE]
    rows = list(csv.reader(io.StringIO(download_csv(found, []))))
    assert [row[1] for row in rows[1:]] == [TEMPLATE, "Alder Care", IMAGE]
    assert [record["provider_name"] for record in json.loads(as_json(found))] == [TEMPLATE, "Alder Care", IMAGE]
    formula = area_providers(tiny, select(tiny, "respite"), CEDAR)
    assert formula["provider_name"].to_list() == ["=1+1"]
    assert "\nP4,'=1+1,Not rated,Spot,20,15,-5,1\n" in download_csv(formula, [])
