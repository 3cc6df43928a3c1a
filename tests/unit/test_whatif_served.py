"""Served, waiting with room, unmet and spend: worked out by hand, and what must hold in every lot and year."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from default_baseline import HOME_CARE, STILL, the_home, the_pack
from hypothesis import given, settings
from test_whatif_summary import LEVER_VALUES, neutral, small

from lib.market.selection import COUNTY_CODE
from lib.whatif.project import project, projected
from lib.whatif.scenarios.documents import scenario_from, with_levers
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.summary import by_year

SHORT_BREAKS = "short_breaks"


def lot(result: Any, name: str) -> list[float]:
    """One lot's figure through the years, of a baseline of one district with one lot."""
    return [float(value) for value in getattr(result, name)[:, 0, 0]]


def test_served_waiting_and_unmet_by_hand() -> None:
    # 100 delivered, 20 waiting, room for 110. Year 1, 5% on: 105 needed, 126 in demand; served 105; 110 of demand has
    # a provider, so 5 wait with room, 16 have none. Year 2: 110.25 needed, 132.3 in demand; 110 served, 0 wait, 22.3.
    result = projected(small([[100]], [[110]], [[20]]), neutral(2, demand__need_growth_pct=5.0))
    assert lot(result, "served_hours") == pytest.approx([100, 105, 110])
    assert lot(result, "waiting_with_room_hours") == pytest.approx([10, 5, 0])
    assert lot(result, "unmet_hours") == pytest.approx([10, 16, 22.3])
    # 10 people and 20 pounds an hour: 104,000 pounds a year for 100 hours a week.
    assert lot(result, "people_served") == pytest.approx([10, 10.5, 11.025 * 110 / 110.25])
    assert lot(result, "cost") == pytest.approx([104_000, 109_200, 114_660])
    assert lot(result, "spend") == pytest.approx([104_000, 109_200, 110 * 52 * 20])


def test_spend_rises_with_prices_where_capacity_stands_still() -> None:
    # 121 needed in year 2, 100 served; 20 x 1.03^2 = 21.218 pounds an hour.
    levers = {"demand__need_growth_pct": 10.0, "price__uplift_pct": 3.0}
    result = projected(small([[100]], [[100]]), neutral(2, **levers))
    assert lot(result, "spend")[2] == pytest.approx(100 * 52 * 21.218)
    assert lot(result, "cost")[2] == pytest.approx(121 * 52 * 21.218)


def test_a_lot_that_delivers_more_than_its_capacity_serves_today_what_it_delivers() -> None:
    # Capacity 80 of 100 delivered: 100 counts today; 10% more capacity is 88 of 80, so 110 counts.
    result = projected(small([[100]], [[80]]), neutral(1, supply__capacity_growth_pct=10.0))
    assert lot(result, "served_hours") == pytest.approx([100, 100])
    grown = projected(
        small([[100]], [[80]]), neutral(1, supply__capacity_growth_pct=10.0, demand__need_growth_pct=20.0)
    )
    assert lot(grown, "served_hours") == pytest.approx([100, 110])
    # Unmet is demand beyond capacity as it is stated, so that what waits with room is below 0 by the 20 or 22 hours.
    assert lot(grown, "unmet_hours") == pytest.approx([20, 32])
    assert lot(grown, "waiting_with_room_hours") == pytest.approx([-20, -22])


def test_a_lot_without_capacity_follows_the_levers_of_capacity_alone() -> None:
    # 100 x 1.1 x 90 / 85, with posts filled from 85% to 90%; its provider leaves and has nothing to take along.
    levers = {"supply__capacity_growth_pct": 10.0, "supply__vacancy_change_pts": -5.0, "demand__need_growth_pct": 20.0}
    result = projected(small([[100]], [[0]]), neutral(1, **levers, supply__provider_exits=("P1",)))
    assert lot(result, "served_hours") == pytest.approx([100, 110 * 90 / 85])
    assert lot(result, "spend")[0] == 104_000


def test_nothing_needed_is_nothing_served_also_where_capacity_is_not_known() -> None:
    result = projected(small([[0, 0]], [[50, np.nan]]), neutral(1))
    for name in ("served_hours", "people_served", "spend"):
        assert not getattr(result, name).any()


def test_unknown_capacity_leaves_served_unmet_and_spend_unknown_and_their_sums() -> None:
    start = small([[100, 50], [30, 20]], [[np.nan, 60], [40, 25]])
    frame = by_year(start, projected(start, neutral(1))).set_index(["year", "district_code"])
    names = ["served_hours", "unmet_hours", "waiting_with_room_hours", "people_served", "spend"]
    for code in ("A", COUNTY_CODE):
        assert frame.loc[(2025, code), names].isna().all()
        assert frame.loc[(2025, code), ["people", "demand_hours", "cost"]].notna().all()
    assert frame.loc[(2025, "B"), names].tolist() == [50, 0, 0, 5, 50 * 52 * 20]


def test_the_base_year_is_published_to_the_pound_for_both_services() -> None:
    for service, people, cost in ((HOME_CARE, 7_465, 160_500_000), (SHORT_BREAKS, 168, 2_163_000)):
        frame = project(the_pack(), default_scenario(the_pack(), service))
        today = frame[frame["year"] == frame["year"].min()]
        assert (today["cost"].sum(), today["spend"].sum(), today["people_served"].sum()) == (cost, cost, people)
        assert today["served_hours"].sum() == today["delivered_hours"].sum()


def test_short_breaks_cost_of_the_need_is_far_above_what_capacity_allows() -> None:
    frame = project(the_pack(), default_scenario(the_pack(), SHORT_BREAKS))
    last = frame[frame["year"] == 2028]
    assert last["cost"].sum() - last["spend"].sum() > 900_000


@settings(max_examples=40, deadline=None)
@given(levers=LEVER_VALUES)
def test_what_holds_in_every_lot_and_year(levers: dict[str, Any]) -> None:
    pack, home = the_pack(), the_home()
    result = projected(home, with_levers(pack, scenario_from(STILL, pack), levers))
    parts = result.served_hours + result.waiting_with_room_hours + result.unmet_hours
    np.testing.assert_allclose(parts, result.demand_hours, rtol=1e-12, atol=1e-9)
    # No lot of the default pack delivers more than its capacity: no warning stands.
    assert (result.served_hours <= result.capacity_hours + 1e-9).all()
    assert (result.waiting_with_room_hours >= -1e-9).all()
    assert (result.spend <= result.cost * (1 + 1e-12)).all()
    assert (result.people_served <= result.people * (1 + 1e-12)).all()
    assert (result.spend[0] == home.annual_cost).all()
    assert (result.served_hours[0] == home.delivered_hours).all()
