"""Summaries of a projection: sums, first years, break-even, drivers, sensitivity, and diversion."""

import math
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_baseline import neutral, small

from lib.market.selection import COUNTY_CODE
from lib.pack.load import Pack, load_pack
from lib.whatif.baseline import Baseline, prepare
from lib.whatif.drivers import diverted, drivers, sensitivity
from lib.whatif.headline import cost_notes
from lib.whatif.project import project, projected
from lib.whatif.scenarios.documents import scenario_from, with_levers
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.scenarios.scenario import Scenario
from lib.whatif.summary import (
    ALL_SET,
    ALREADY_SHORT,
    BY_YEAR_COLUMNS,
    NOT_APPLICABLE,
    OUTSIDE_LIMITS,
    break_even,
    by_year,
    check_break_even,
    crossing,
    first_years,
    what_it_would_take,
)

PACK = Path(__file__).parents[2] / "data"
HOME_CARE, SHORT_BREAKS = "domiciliary_care", "short_breaks"
STILL = {"name": "Still", "service": HOME_CARE, "years": 5, "demand": {"demographic": False, "need_growth_pct": 0}}


# Property tests take these instead of fixtures, which a failing example would print in full.
@cache
def the_pack() -> Pack:
    return load_pack(PACK)


@cache
def the_home() -> Baseline:
    return prepare(the_pack(), HOME_CARE)


@cache
def the_still() -> Scenario:
    return scenario_from(STILL, the_pack())


@pytest.fixture(scope="module")
def pack() -> Pack:
    return the_pack()


@pytest.fixture(scope="module")
def home() -> Baseline:
    return the_home()


@pytest.fixture(scope="module")
def still() -> Scenario:
    return the_still()


def test_sums_by_year_agree_with_the_rows(pack: Pack, home: Baseline) -> None:
    scenario = default_scenario(pack, HOME_CARE)
    frame = by_year(home, projected(home, scenario), "County")
    rows = project(pack, scenario, home)
    assert list(frame.columns) == BY_YEAR_COLUMNS
    assert len(frame) == 6 * 13
    sums = rows.groupby(["year", "district_code"])[
        ["people", "demand_hours", "capacity_hours", "shortfall_hours", "cost"]
    ].sum()
    found = frame[frame["district_code"] != COUNTY_CODE].set_index(["year", "district_code"])
    pd.testing.assert_frame_equal(found[sums.columns].sort_index(), sums, check_exact=False)
    county = frame[frame["district_code"] == COUNTY_CODE]
    assert county["district_name"].unique().tolist() == ["County"]
    assert county["shortfall_hours"].tolist() == pytest.approx(rows.groupby("year")["shortfall_hours"].sum().tolist())
    assert county["cost"].iloc[0] == 160_500_000


def test_spare_hours_of_one_lot_do_not_cover_another() -> None:
    # Demand 100 and 100, capacity 150 and 60: net there is enough, lot by lot 40 hours are short.
    start = small([[100, 100]], [[150, 60]])
    frame = by_year(start, projected(start, neutral(1)))
    row = frame.iloc[0]
    assert (row["gap_hours"], row["shortfall_hours"], row["coverage"]) == (-10, 40, 1.05)


def test_coverage_without_demand_is_empty() -> None:
    start = small([[0, 0], [10, 0]], [[5, 0], [10, 0]])
    frame = by_year(start, projected(start, neutral(1)))
    assert frame["coverage"].isna().tolist() == [True, False, False] * 2


def test_first_years_by_hand(pack: Pack) -> None:
    # 10% a year: A 100, 110, 121 against 115 passes in year 2; B 100 against 200 never; C is short today.
    start = small([[100], [100], [100]], [[115], [200], [90]])
    scenario = neutral(2, demand__need_growth_pct=10.0)
    result = projected(start, scenario)
    frame = first_years(by_year(start, result)).set_index("district_code")
    assert frame["first_short_year"].tolist() == [2026, pd.NA, 2024, pd.NA]
    # The county as a whole has enough, and still a lot is short from the start.
    assert frame["first_shortfall_year"].tolist() == [2026, pd.NA, 2024, 2024]
    # A's gap is -5 in 2025 and +6 in 2026.
    assert frame.loc["A", "crossing_year"] == pytest.approx(2025 + 5 / 11)
    assert frame.loc[["B", "C", "all"], "crossing_year"].isna().all()


def test_crossing_at_a_whole_year() -> None:
    rows = pd.DataFrame({"year": [2024, 2025, 2026], "gap_hours": [-5.0, 0.0, 5.0]})
    assert crossing(rows) == 2025.0
    assert math.isnan(crossing(rows.assign(gap_hours=[0.0, 0.0, 0.0])))


def test_break_even_by_hand() -> None:
    # 100 x 1.1^2 = 121; 100 x 1.2^2 = 144 is the limit, 145 beyond it; 90 is short today; no demand, no capacity.
    start = small([[100], [100], [100], [0], [100]], [[121], [145], [90], [10], [0]])
    frame = break_even(start, neutral(2)).set_index("district_code")
    assert frame.loc["A", "break_even_growth_pct"] == pytest.approx(10)
    assert frame["note"].tolist()[:5] == ["", OUTSIDE_LIMITS, ALREADY_SHORT, NOT_APPLICABLE, NOT_APPLICABLE]
    assert frame["break_even_growth_pct"].isna().tolist()[1:5] == [True] * 4
    assert frame.loc["all", "note"] == ALREADY_SHORT


def test_break_even_of_a_county_with_districts_that_keep_their_own() -> None:
    # B keeps 5%: 100 x 1.05^2 = 110.25. Left for A: 252 - 110.25 = 141.75 = 100 x 1.190588...^2.
    start = small([[100], [100]], [[130], [122]])
    own = {"B": 5.0}
    frame = break_even(start, neutral(2, demand__district_need_growth_pct=own)).set_index("district_code")
    assert frame.loc["all", "break_even_growth_pct"] == pytest.approx(100 * (math.sqrt(1.4175) - 1))
    # A district's own answer does not depend on the growth that it has.
    assert frame.loc["B", "break_even_growth_pct"] == pytest.approx(100 * (math.sqrt(1.22) - 1))
    every = break_even(start, neutral(2, demand__district_need_growth_pct={"A": 1.0, "B": 5.0}))
    assert every["note"].tolist() == ["", "", ALL_SET]
    # B alone uses up everything: no growth of A, however low, would do.
    full = break_even(small([[100], [100]], [[100], [120]]), neutral(5, demand__district_need_growth_pct={"B": 20.0}))
    assert full["note"].tolist()[2] == OUTSIDE_LIMITS


LEVER_VALUES = st.fixed_dictionaries(
    {
        "years": st.integers(1, 15),
        "demand.demographic": st.booleans(),
        "demand.need_growth_pct": st.floats(-5, 8),
        "demand.hours_per_person_growth_pct": st.floats(-3, 3),
        "demand.direct_payment_shift_pct": st.floats(0, 50),
        "demand.reablement_reduction_pct": st.floats(0, 50),
        "demand.technology_reduction_pct": st.floats(0, 50),
        "demand.district_need_growth_pct": st.dictionaries(
            st.sampled_from(["E07000066", "E07000074", "E07000077"]), st.floats(-20, 20), max_size=3
        ),
        "demand.prevalence_growth_pct": st.floats(-3, 6),
        "demand.discharge_people_per_month": st.floats(0, 100),
        "demand.discharge_weeks": st.floats(1, 20),
        "demand.discharge_reablement_pct": st.floats(0, 100),
        "demand.discharge_hours": st.floats(1, 40),
        "demand.turning_18_per_year": st.floats(0, 20),
        "demand.turning_18_hours": st.floats(1, 60),
        "supply.capacity_growth_pct": st.floats(-5, 10),
        "supply.vacancy_change_pts": st.floats(-15, 20),
        "supply.spot_conversion_pct": st.floats(0, 100),
        "supply.provider_exits": st.lists(st.sampled_from(["P001", "P004", "P021"]), unique=True),
        "supply.overseas_share_pct": st.floats(0, 60),
        "supply.overseas_loss_pct": st.floats(0, 100),
        "supply.contact_hours_change_pct": st.floats(-20, 20),
        "price.uplift_pct": st.floats(-5, 10),
        "target.coverage": st.floats(0.5, 1.5),
    }
)
QUICK = settings(max_examples=40, deadline=None)


@QUICK
@given(levers=LEVER_VALUES)
def test_break_even_projects_to_coverage_of_one(levers: dict[str, Any]) -> None:
    pack, home, still = the_pack(), the_home(), the_still()
    scenario = with_levers(pack, still, levers)
    frame = break_even(home, scenario).set_index("district_code")
    assert (frame["break_even_growth_pct"].isna() == (frame["note"] != "")).all()
    for code, growth in frame["break_even_growth_pct"].dropna().items():
        if code == COUNTY_CODE:
            trial = with_levers(pack, scenario, {"demand.need_growth_pct": growth})
        else:
            own = {**scenario.demand.district_need_growth_pct, code: growth}
            trial = with_levers(pack, scenario, {"demand.district_need_growth_pct": own})
        last = by_year(home, projected(home, trial)).query("year == @home.base_year + @scenario.years")
        assert last.set_index("district_code").loc[code, "coverage"] == pytest.approx(1.0, abs=1e-4)


@QUICK
@given(levers=LEVER_VALUES, more=st.floats(0.01, 5))
def test_more_growth_never_lowers_demand(levers: dict[str, Any], more: float) -> None:
    pack, home, still = the_pack(), the_home(), the_still()
    scenario = with_levers(pack, still, levers)
    higher = with_levers(pack, scenario, {"demand.need_growth_pct": levers["demand.need_growth_pct"] + more})
    one, two = projected(home, scenario), projected(home, higher)
    for name in ("people", "demand_hours", "delivered_hours", "cost", "gap_hours", "shortfall_hours"):
        assert (getattr(two, name) >= getattr(one, name) - 1e-9).all()
    assert (two.capacity_hours == one.capacity_hours).all()
    assert (two.people[0] == one.people[0]).all()


@QUICK
@given(levers=LEVER_VALUES, more=st.floats(0.01, 5))
def test_more_capacity_never_raises_the_gap(levers: dict[str, Any], more: float) -> None:
    pack, home, still = the_pack(), the_home(), the_still()
    scenario = with_levers(pack, still, levers)
    for lever, value in (
        ("supply.capacity_growth_pct", levers["supply.capacity_growth_pct"] + more),
        (
            "supply.vacancy_change_pts",
            levers["supply.vacancy_change_pts"] - min(more, levers["supply.vacancy_change_pts"] + 15),
        ),
    ):
        one, two = projected(home, scenario), projected(home, with_levers(pack, scenario, {lever: value}))
        assert (two.gap_hours <= one.gap_hours + 1e-9).all()
        assert (two.cost == one.cost).all()


@QUICK
@given(levers=LEVER_VALUES, growth=st.floats(-20, 20), code=st.sampled_from(["E07000068", "E07000074"]))
def test_a_districts_lever_never_touches_another(levers: dict[str, Any], growth: float, code: str) -> None:
    pack, home, still = the_pack(), the_home(), the_still()
    scenario = with_levers(pack, still, levers)
    own = {**scenario.demand.district_need_growth_pct, code: growth}
    one = projected(home, scenario)
    two = projected(home, with_levers(pack, scenario, {"demand.district_need_growth_pct": own}))
    others = np.arange(len(home.districts)) != home.district(code)
    for name in ("people", "demand_hours", "capacity_hours", "cost"):
        assert (getattr(two, name)[:, others] == getattr(one, name)[:, others]).all()


@QUICK
@given(levers=LEVER_VALUES, code=st.sampled_from([COUNTY_CODE, "E07000066", "E07000074"]))
def test_drivers_add_up(levers: dict[str, Any], code: str) -> None:
    pack, home, still = the_pack(), the_home(), the_still()
    scenario = with_levers(pack, still, levers)
    frame = drivers(home, scenario, code).set_index("step")
    assert list(frame.index) == [
        "today", "ageing", "need", "hours_per_person", "direct_payments", "reablement", "technology", "prevalence",
        "discharge", "turning_18", "last_year",
    ]  # fmt: skip
    hours = projected(home, scenario).demand_hours.sum(axis=2)
    column = hours.sum(axis=1) if code == COUNTY_CODE else hours[:, home.district(code)]
    assert frame.loc["today", "total_hours"] == pytest.approx(column[0])
    assert frame.loc["last_year", "total_hours"] == pytest.approx(column[-1])
    assert frame["change_hours"].sum() == pytest.approx(column[-1] - column[0], abs=1e-6)
    assert (frame.loc[["direct_payments", "reablement", "technology"], "change_hours"] <= 1e-9).all()


def test_drivers_by_hand() -> None:
    # 100 x 1.1 = 110 (+10), x 1.1 = 121 (+11), x 0.5 = 60.5 (-60.5), in one year.
    levers = {"demand__need_growth_pct": 10.0, "demand__hours_per_person_growth_pct": 10.0}
    scenario = neutral(1, **levers, demand__technology_reduction_pct=50.0)
    frame = drivers(small([[100]], [[100]]), scenario)
    assert frame["change_hours"].tolist()[1:10] == pytest.approx([0, 10, 11, 0, 0, -60.5, 0, 0, 0])
    assert frame["label"].iloc[-1] == "2025/26"


def test_what_it_would_take_by_hand() -> None:
    # Target 1.1: lots want 110 and 220 and have 150 and 200: 20 hours; B wants 55 and has 25: 30. Workers give 25 each.
    start = small([[100, 200], [50, 0]], [[150, 200], [25, 0]])
    scenario = neutral(1, target__coverage=1.1)
    frame = what_it_would_take(start, scenario, projected(start, scenario)).set_index("district_code")
    assert frame["extra_hours"].tolist() == pytest.approx([20, 30, 50])
    # 0.8, 1.2 and 2.0 workers: each row is rounded up by itself.
    assert frame["extra_workers"].tolist() == [1, 2, 2]
    enough = neutral(1, target__coverage=0.5)
    assert what_it_would_take(start, enough, projected(start, enough))["extra_workers"].tolist() == [0, 0, 0]


@QUICK
@given(levers=LEVER_VALUES)
def test_what_it_would_take_is_enough(levers: dict[str, Any]) -> None:
    pack, home, still = the_pack(), the_home(), the_still()
    scenario = with_levers(pack, still, levers)
    result = projected(home, scenario)
    frame = what_it_would_take(home, scenario, result).set_index("district_code")
    assert frame.loc[COUNTY_CODE, "extra_hours"] == pytest.approx(frame.drop(COUNTY_CODE)["extra_hours"].sum())
    if scenario.target.coverage == 1:
        assert frame.loc[COUNTY_CODE, "extra_hours"] == pytest.approx(result.shortfall_hours[-1].sum())
    # Better rounds by the last year: each worker gives more hours then.
    each = scenario.target.contact_hours_per_worker * (1 + levers["supply.contact_hours_change_pct"] / 100)
    given_hours = frame["extra_workers"] * each
    assert (given_hours >= frame["extra_hours"] - 1e-4).all()
    assert (given_hours < frame["extra_hours"] + each).all()


def test_sensitivity_by_hand() -> None:
    start = small([[100]], [[100]])
    frame = sensitivity(start, neutral(1)).set_index("lever")
    assert frame.loc["demand.need_growth_pct", ["effect_low", "effect_high"]].tolist() == pytest.approx([-1, 1])
    assert frame.loc["supply.capacity_growth_pct", ["effect_low", "effect_high"]].tolist() == pytest.approx([1, -1])
    # A shift cannot fall below 0, so it moves one way only; 5% of 100 hours.
    shift = frame.loc["demand.direct_payment_shift_pct"]
    assert (shift["low_value"], shift["high_value"], shift["effect_low"], shift["effect_high"]) == (0, 5, 0, -5)
    # Five points of vacancies are 5 of 85 workers in post.
    assert frame.loc["supply.vacancy_change_pts", "effect_high"] == pytest.approx(100 * 5 / 85)
    assert frame["swing"].is_monotonic_decreasing
    assert "price.uplift_pct" not in frame.index


def test_sensitivity_stays_within_the_limits_of_the_vacancy_rate(pack: Pack, home: Baseline, still: Scenario) -> None:
    levers = {"supply.vacancy_rate_pct": 58, "supply.vacancy_change_pts": 1, "demand.need_growth_pct": 20}
    frame = sensitivity(home, with_levers(pack, still, levers)).set_index("lever")
    assert frame.loc["supply.vacancy_change_pts", ["low_value", "high_value"]].tolist() == [-4, 2]
    assert frame.loc["supply.vacancy_rate_pct", ["low_value", "high_value"]].tolist() == [53, 59]
    assert frame.loc["demand.need_growth_pct", ["low_value", "high_value"]].tolist() == [19, 20]
    for lever, row in frame.iterrows():
        if lever != "demand.demographic":
            for value in (row["low_value"], row["high_value"]):
                with_levers(pack, still, {**levers, lever: value})


def test_sensitivity_leaves_ageing_out_where_the_population_stops() -> None:
    start = small([[100]], [[100]])
    ageing = start.ageing.copy()
    ageing[3:] = np.nan
    stops = replace(start, ageing=ageing)
    assert "demand.demographic" in set(sensitivity(stops, neutral(2))["lever"])
    assert "demand.demographic" not in set(sensitivity(stops, neutral(3))["lever"])


def test_a_wrong_break_even_does_not_pass_the_check() -> None:
    start = small([[100]], [[121]])
    wrong = pd.DataFrame({"district_code": ["A", "all"], "break_even_growth_pct": [10.0, 9.0], "note": ["", ""]})
    with pytest.raises(ArithmeticError, match="does not give coverage"):
        check_break_even(start, neutral(2), wrong)


def test_diverted_hours_and_their_value(pack: Pack, home: Baseline, still: Scenario) -> None:
    frame = diverted(home, with_levers(pack, still, {"years": 4, "demand.direct_payment_shift_pct": 20}))
    county = frame[frame["district_code"] == COUNTY_CODE]
    demand = (home.delivered_hours + home.waiting_hours).sum()
    assert county["diverted_hours"].tolist() == pytest.approx([demand * share for share in (0, 0.05, 0.1, 0.15, 0.2)])
    assert county["diverted_cost"].tolist()[4] == pytest.approx(160_500_000 * 0.2)
    assert not diverted(home, still)[["diverted_hours", "diverted_cost"]].any(axis=None)


def test_notes_beside_the_cost(pack: Pack, home: Baseline, still: Scenario) -> None:
    assert cost_notes(still, home) == [
        "Council-arranged spend at 2024/25 prices, if the council keeps sourcing the same share of demand."
    ]
    levers = {"price.uplift_pct": 3, "demand.technology_reduction_pct": 10, "supply.provider_exits": ["P001"]}
    prices, moved_away, exits = cost_notes(with_levers(pack, still, levers), home)
    assert "with prices up 3% a year" in prices
    assert moved_away.startswith("Technology: 13,100 hours a week, worth £18.6m a year by 2029/30, are diverted.")
    assert moved_away.endswith("Their own budgets are not included in the cost.")
    assert exits == "Exits leave cost unchanged."
