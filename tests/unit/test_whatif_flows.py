"""Levers of supply that respond, working age, discharge and turning 18: by hand, and who leaves is who joins."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_folder import PackFolder
from test_whatif_summary import LEVER_VALUES, neutral, small

from lib.pack.load import Pack, load_pack
from lib.whatif.baseline import Baseline, prepare
from lib.whatif.cohorts import lots_of_ages, service_of_ages, turns_18
from lib.whatif.project import project, projected
from lib.whatif.scenarios.documents import ScenarioError, scenario_from, with_levers
from lib.whatif.scenarios.scenario import Scenario
from lib.whatif.summary import break_even, what_it_would_take

HOME_CARE, SHORT_BREAKS = "domiciliary_care", "short_breaks"
LOT = ["year", "district_code", "service_type", "cohort"]


@cache
def the_pack() -> Pack:
    return load_pack(Path(__file__).parents[2] / "data")


@cache
def the_baseline(service: str) -> Baseline:
    return prepare(the_pack(), service)


def still(service: str, years: int = 4, **levers: Any) -> Scenario:
    """A scenario in which nothing moves but the levers given."""
    plain = scenario_from(
        {"name": "Still", "service": service, "years": years, "demand": {"demographic": False, "need_growth_pct": 0}},
        the_pack(),
    )
    return with_levers(the_pack(), plain, {name.replace("__", "."): value for name, value in levers.items()})


def refused(service: str, **levers: Any) -> str:
    with pytest.raises(ScenarioError) as caught:
        still(service, **levers)
    return str(caught.value)


# Supply.


def test_overseas_staff_by_hand() -> None:
    # 30% of capacity rests on them and half of it goes by year 4: 15% then, 7.5% half way.
    levers = {"supply__overseas_share_pct": 30.0, "supply__overseas_loss_pct": 50.0}
    capacity = projected(small([[100]], [[200]]), neutral(4, **levers)).capacity_hours[:, 0, 0]
    assert capacity.tolist() == pytest.approx([200, 192.5, 185, 177.5, 170])


def test_a_share_of_overseas_staff_alone_moves_nothing() -> None:
    start = small([[100]], [[200]])
    share = projected(start, neutral(4, supply__overseas_share_pct=80.0)).capacity_hours
    assert (share == projected(start, neutral(4)).capacity_hours).all()


def test_travel_and_rounds_by_hand() -> None:
    # 25 contact hours become 27 by year 4: 8% more capacity then, 4% half way; a worker more gives 27.
    scenario = neutral(4, supply__contact_hours_change_pct=8.0, target__coverage=1.5)
    start = small([[200]], [[200]])
    result = projected(start, scenario)
    assert result.capacity_hours[:, 0, 0].tolist() == pytest.approx([200, 204, 208, 212, 216])
    needed = what_it_would_take(start, scenario, result).iloc[-1]
    # 300 hours wanted, 216 there: 84 / 27 = 3.1 workers.
    assert needed["extra_hours"] == pytest.approx(84)
    assert needed["extra_workers"] == 4


# Working age adults.


def test_prevalence_moves_working_age_adults_alone() -> None:
    home = the_baseline(HOME_CARE)
    before = projected(home, still(HOME_CARE))
    after = projected(home, still(HOME_CARE, demand__prevalence_growth_pct=2.0))
    for place, (_, cohort) in enumerate(home.lots):
        factor = [1, 1.02, 1.0404, 1.061208, 1.08243216] if cohort == "working_age_adults" else [1] * 5
        for name in ("people", "demand_hours", "cost"):
            grown = getattr(before, name)[:, :, place] * np.array(factor)[:, None]
            assert getattr(after, name)[:, :, place] == pytest.approx(grown)
    assert "found 1, expected 0, as Children's short breaks has no working age adults" in refused(
        SHORT_BREAKS, demand__prevalence_growth_pct=1
    )


# Discharge.


def test_discharge_by_hand() -> None:
    # 43.3 a month x 6 weeks / 4.33 = 60 people at a time, 45 after reablement of a quarter, 10 hours each: 450 hours.
    levers = {"demand__discharge_people_per_month": 43.3, "demand__discharge_weeks": 6.0,
              "demand__discharge_reablement_pct": 25.0, "demand__discharge_hours": 10.0}  # fmt: skip
    rows = changes(HOME_CARE, **levers)
    years = rows.groupby("year")[["people", "demand_hours", "delivered_hours", "capacity_hours"]].sum()
    assert years["people"].tolist() == pytest.approx([0, 45, 45, 45, 45])
    assert years["demand_hours"].tolist() == pytest.approx([0, 450, 450, 450, 450])
    assert years["delivered_hours"].tolist() == pytest.approx([0, 450, 450, 450, 450])
    assert not years["capacity_hours"].any()
    moved = rows[rows["people"] != 0]
    assert set(zip(moved["service_type"], moved["cohort"], strict=True)) == {("personal_care", "older_people")}
    # Tendring, E07000076, by its residents aged 65 and over among the county's.
    residents = the_pack().table("population").query("year == 2024 and age_band in ['65-74', '75-84', '85-89', '90+']")
    share = residents.groupby("district_code")["persons"].sum() / residents["persons"].sum()
    last = moved[moved["year"] == 2028].set_index("district_code")
    assert last["people"].to_dict() == pytest.approx((45 * share).to_dict())


def test_what_joins_costs_what_an_hour_costs_in_its_lot() -> None:
    levers = {"demand__discharge_people_per_month": 10.0, "price__uplift_pct": 10.0}
    rows = project(the_pack(), still(HOME_CARE, **levers)).set_index(LOT)
    alone = project(the_pack(), still(HOME_CARE, price__uplift_pct=10.0)).set_index(LOT)
    lot = ("E07000066", "personal_care", "older_people")
    bought = the_pack().table("demand").set_index(["district_code", "service_type", "cohort"]).loc[lot]
    hourly = float(bought["annual_cost"]) / (52 * float(bought["hours_per_week"]))
    more = rows.loc[(2026, *lot), "delivered_hours"] - alone.loc[(2026, *lot), "delivered_hours"]
    assert rows.loc[(2026, *lot), "cost"] - alone.loc[(2026, *lot), "cost"] == pytest.approx(more * 52 * hourly * 1.21)


def test_a_lot_that_costs_nothing_today_is_priced_as_the_county_for_its_service_type(tiny_folder: PackFolder) -> None:
    # Birch has no younger adults. Of day care, the county pays 130,000 + 78,000 + 312,000 + 41,600 = 561,600 pounds for
    # 400 hours a week: 27 pounds an hour. Its 8 children are all in Cedar, so that they join there, where none are.
    pack = tiny_folder.load()
    plain = {"name": "S", "service": "home", "years": 2, "demand": {"turning_18_per_year": 1, "turning_18_hours": 10}}
    rows = project(pack, scenario_from(plain, pack)).set_index(LOT)
    lot = ("E07000003", "day", "younger")
    assert rows.loc[(2026, *lot), ["people", "demand_hours"]].tolist() == [2, 20]
    assert rows.loc[(2026, *lot), "cost"] == pytest.approx(20 * 52 * 27)
    assert rows["people"].groupby("year").sum().tolist() == [40, 41, 42]


# Turning 18.


def changes(service: str, **levers: Any) -> pd.DataFrame:
    """What levers change, by year and lot."""
    scenario = still(service, **levers)
    moved = project(the_pack(), scenario).set_index(LOT)
    return (moved - project(the_pack(), still(service, scenario.years)).set_index(LOT)).reset_index()


@settings(max_examples=20, deadline=None)
@given(number=st.floats(0.1, 40), years=st.integers(1, 4))
def test_who_leaves_is_who_joins_in_every_district_and_year(number: float, years: int) -> None:
    left = changes(SHORT_BREAKS, years=years, demand__turning_18_per_year=number)
    joined = changes(HOME_CARE, years=years, demand__turning_18_per_year=number)
    here = joined[(joined["service_type"] == "personal_care") & (joined["cohort"] == "working_age_adults")]
    assert here["people"].to_numpy() == pytest.approx(-left["people"].to_numpy(), abs=1e-9)
    assert joined["people"].sum() == pytest.approx(here["people"].sum())


def test_turning_18_by_hand() -> None:
    # Basildon has 23 of 168 children: of 8.4 a year it loses 1.15; 1 child has 228 / 23 hours.
    left = changes(SHORT_BREAKS, demand__turning_18_per_year=8.4).set_index("district_code").loc["E07000066"]
    assert left["people"].tolist() == pytest.approx([0, -1.15, -2.3, -3.45, -4.6])
    assert left["delivered_hours"].tolist() == pytest.approx([-times * 1.15 * 228 / 23 for times in range(5)])
    assert left["demand_hours"].tolist() == pytest.approx(left["delivered_hours"].tolist())
    assert left["cost"].tolist() == pytest.approx([-times * 0.05 * 296_125 for times in range(5)])
    joined = changes(HOME_CARE, demand__turning_18_per_year=8.4, demand__turning_18_hours=30)
    hours = joined.groupby("year")["demand_hours"].sum()
    assert hours.tolist() == pytest.approx([0, 252, 504, 756, 1008])


def test_more_than_there_are_is_refused_where_the_first_district_runs_out() -> None:
    # Nothing grows: 168 children, shared as they are, last 4 years at 42 a year.
    assert still(SHORT_BREAKS, demand__turning_18_per_year=42).demand.turning_18_per_year == 42
    assert refused(SHORT_BREAKS, demand__turning_18_per_year=43).startswith(
        "scenario, demand.turning_18_per_year: found 43, expected at most 42, as "
    )
    # A district that shrinks runs out first: 23 x 0.8^4 = 9.4 children left of 23, so 42 x 0.4096 = 17.2 a year.
    shrinking = {"demand__district_need_growth_pct": {"E07000066": -20}}
    assert refused(SHORT_BREAKS, demand__turning_18_per_year=18, **shrinking).endswith(
        "expected at most 17.2, as Basildon would have fewer than 0 children in 2027"
    )


def test_growth_makes_room_for_more_to_leave() -> None:
    assert still(SHORT_BREAKS, demand__turning_18_per_year=43, demand__need_growth_pct=10)


@pytest.mark.parametrize("number", [-1, 101, "3", None, True])
def test_what_is_no_number_of_children(number: Any) -> None:
    assert "expected a number from 0 to 100" in refused(SHORT_BREAKS, demand__turning_18_per_year=number)


def test_a_pack_without_children_who_could_turn_18(tiny_folder: PackFolder) -> None:
    tiny_folder.set(
        "reference/service_rates.csv", tiny_folder.find("reference/service_rates.csv", service="respite"),
        "age_band", "18-64",
    )  # fmt: skip
    pack = tiny_folder.load()
    assert (service_of_ages(pack, "children"), service_of_ages(pack, "working_age")) == ("", "home")
    assert [turns_18(pack, code) for code in ("home", "respite")] == [False, False]
    document = {"name": "A", "service": "home", "years": 1, "demand": {"turning_18_per_year": 1}}
    with pytest.raises(ScenarioError, match="has no children who could leave it, or join it, at 18"):
        scenario_from(document, pack)


def test_nobody_knows_how_many_children_there_are(tiny_folder: PackFolder) -> None:
    tiny_folder.set("market/demand.csv", tiny_folder.find("market/demand.csv", people="8"), "people", "")
    pack = tiny_folder.load()
    document = {"name": "A", "service": "home", "years": 1, "demand": {"turning_18_per_year": 1}}
    rows = project(pack, scenario_from(document, pack)).set_index(LOT)
    assert rows.loc[(2025, slice(None), "day", "younger"), "people"].isna().all()
    assert rows.loc[(2025, slice(None), "day", "older"), "people"].notna().all()


def test_no_children_at_all_cannot_turn_18(tiny_folder: PackFolder) -> None:
    tiny_folder.set("market/demand.csv", tiny_folder.find("market/demand.csv", people="8"), "people", "0")
    pack = tiny_folder.load()
    for service in ("respite", "home"):
        document = {"name": "A", "service": service, "years": 1, "demand": {"turning_18_per_year": 1}}
        with pytest.raises(ScenarioError, match="found 1, expected 0, as no children are supported today"):
            scenario_from(document, pack)


# Whose levers are whose.


def test_ages_follow_from_the_bands_of_the_pack(tiny_folder: PackFolder) -> None:
    pack = tiny_folder.load()
    assert lots_of_ages(pack, "home", "older") == (("day", "older"), ("night", "older"))
    assert lots_of_ages(pack, "home", "working_age") == (("day", "younger"),)
    assert lots_of_ages(pack, "home", "children") == ()
    assert lots_of_ages(pack, "respite", "children") == (("visit", "child"),)


@settings(max_examples=25, deadline=None)
@given(levers=LEVER_VALUES, growth=st.floats(-20, 20))
def test_a_districts_growth_touches_no_other_district_with_every_lever_set(
    levers: dict[str, Any], growth: float
) -> None:
    pack, home = the_pack(), the_baseline(HOME_CARE)
    scenario = with_levers(pack, still(HOME_CARE), levers)
    own = {**scenario.demand.district_need_growth_pct, "E07000068": growth}
    one = projected(home, scenario)
    two = projected(home, with_levers(pack, scenario, {"demand.district_need_growth_pct": own}))
    others = np.arange(len(home.districts)) != home.district("E07000068")
    for name in ("people", "demand_hours", "capacity_hours", "cost", "served_hours", "unmet_hours", "spend"):
        assert (getattr(two, name)[:, others] == getattr(one, name)[:, others]).all()


@settings(max_examples=20, deadline=None)
@given(growth=st.floats(-5, 12), number=st.floats(0, 20), years=st.integers(1, 8))
def test_break_even_with_children_who_leave(growth: float, number: float, years: int) -> None:
    """Each answer is projected again inside, or ArithmeticError would be raised."""
    pack, breaks = the_pack(), the_baseline(SHORT_BREAKS)
    try:
        levers = {"demand__need_growth_pct": growth, "demand__turning_18_per_year": number}
        scenario = still(SHORT_BREAKS, years=years, **levers)
    except ScenarioError:
        return
    frame = break_even(breaks, scenario).set_index("district_code")
    county = frame.loc["all", "break_even_growth_pct"]
    if not np.isnan(county):
        rows = project(pack, with_levers(pack, scenario, {"demand.need_growth_pct": float(county)}))
        last = rows[rows["year"] == rows["year"].max()]
        assert last["capacity_hours"].sum() / last["demand_hours"].sum() == pytest.approx(1, abs=1e-6)
