"""From spot to an agreed rate: quarter by quarter, and the spread of the rates that are paid off the framework."""

import math
from dataclasses import FrozenInstanceError
from functools import cache
from typing import Any

import pack_copies
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_folder import PackFolder
from tiny_pack import CEDAR

from lib.pack.faults import SelectionError
from lib.pack.load import Pack, load_pack
from lib.whatif.spot_to_framework import Transition, spot_rate, spot_rates, transition, weighted_quantile

SHORT_BREAKS = "short_breaks"
COLUMNS = [
    "quarter",
    "share",
    "spot_hours",
    "agreed_hours",
    "people_moved",
    "cost",
    "cost_as_today",
    "difference",
    "capacity_hours",
]


@cache
def the_pack() -> Pack:
    return load_pack(pack_copies.DATA)


def test_today_costs_a_quarter_of_the_published_spend(pack: Pack) -> None:
    frame = transition(pack, SHORT_BREAKS, Transition(80, 8, 12, 26.0))
    assert list(frame.columns) == COLUMNS
    assert list(frame["quarter"]) == list(range(13))
    assert frame["cost"].iloc[0] == 2_163_000 / 4
    assert (frame["cost_as_today"] == 2_163_000 / 4).all()
    assert frame.loc[0, ["share", "agreed_hours", "people_moved", "difference"]].to_list() == [0, 0, 0, 0]


def test_by_hand(tiny: Pack) -> None:
    # 20 hours a week cost 26,000 a year: 25.00 an hour. Half of them at 27.00 over two quarters: the first quarter
    # moves a quarter of the hours, 5 a week, 13 weeks, 2.00 dearer.
    assert spot_rate(tiny, "respite") == 25.0
    frame = transition(tiny, "respite", Transition(50, 2, 3, 27.0, 20))
    assert frame["share"].to_list() == [0, 0.25, 0.5, 0.5]
    assert frame["spot_hours"].to_list() == [20, 15, 10, 10]
    assert frame["agreed_hours"].to_list() == [0, 5, 10, 10]
    assert frame["people_moved"].to_list() == [0, 2, 4, 4]
    assert frame["difference"].to_list() == [0, 130, 260, 260]
    assert frame["cost"].to_list() == [6500, 6630, 6760, 6760]
    assert frame["cost_as_today"].to_list() == [6500] * 4
    assert frame["capacity_hours"].to_list() == pytest.approx([15, 16.5, 18, 18])


def test_no_target_changes_nothing(tiny: Pack) -> None:
    frame = transition(tiny, "respite", Transition(0, 1, 4, 99.0, -50))
    assert (frame["cost"] == 6500).all()
    assert (frame["capacity_hours"] == 15).all()
    assert (frame["people_moved"] == 0).all()


def test_the_rate_of_today_changes_no_cost(pack: Pack) -> None:
    frame = transition(pack, SHORT_BREAKS, Transition(100, 4, 8, spot_rate(pack, SHORT_BREAKS)))
    assert (frame["difference"] == 0).all()
    assert frame["people_moved"].iloc[-1] == 168


@settings(deadline=None)  # the first example loads the pack
@given(
    target=st.floats(0, 100),
    quarters=st.integers(1, 20),
    later=st.integers(0, 4),
    rate=st.floats(0.01, 100),
    change=st.floats(-50, 50),
)
def test_hours_are_kept_and_cost_follows_the_formula(
    target: float, quarters: int, later: int, rate: float, change: float
) -> None:
    plan = Transition(target, quarters, quarters + later, rate, change)
    frame = transition(the_pack(), SHORT_BREAKS, plan)
    hours = 1664  # the delivered hours of short breaks
    assert (frame["spot_hours"] + frame["agreed_hours"]).to_list() == pytest.approx([hours] * len(frame))
    today = 2_163_000 / (52 * hours)
    expected = 13 * (frame["spot_hours"] * today + frame["agreed_hours"] * rate)
    assert frame["cost"].to_list() == pytest.approx(expected.to_list())
    assert frame["share"].is_monotonic_increasing
    assert frame["share"].iloc[quarters:].to_list() == [target / 100] * (later + 1)
    assert (frame["cost"] - frame["cost_as_today"]).to_list() == pytest.approx(frame["difference"].to_list(), abs=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"target_share_pct": 101}, 'target_share_pct: found "101", expected a number from 0 to 100'),
        ({"target_share_pct": math.nan}, 'target_share_pct: found "nan", expected a number from 0 to 100'),
        ({"quarters": 0}, 'quarters: found "0", expected a whole number from 1 to 20'),
        ({"quarters": 2.5}, 'quarters: found "2.5", expected a whole number from 1 to 20'),
        ({"horizon": 25}, 'horizon: found "25", expected a whole number from 1 to 24'),
        ({"horizon": 7}, 'horizon: found "7", expected the quarters of phasing in or more, 8'),
        ({"agreed_rate": 0}, 'agreed_rate: found "0", expected pounds an hour above 0'),
        ({"agreed_rate": math.inf}, 'agreed_rate: found "inf", expected pounds an hour above 0'),
        ({"capacity_change_pct": -51}, 'capacity_change_pct: found "-51", expected a number from -50 to 50'),
    ],
)
def test_a_setting_beyond_its_limits_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(SelectionError) as caught:
        Transition(**({"target_share_pct": 80, "quarters": 8, "horizon": 12, "agreed_rate": 26.0} | change))
    assert str(caught.value) == message


def test_a_transition_is_never_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Transition(80, 8, 12, 26.0).quarters = 4  # type: ignore[misc]


def test_a_service_on_a_framework_has_no_spot_rate(tiny: Pack) -> None:
    # Tier 1: 60 + 30 + 40; tier 2: 40 + 70.
    with pytest.raises(SelectionError, match=r"^home: found 240 hours a week on a framework, expected"):
        transition(tiny, "home", Transition(80, 8, 12, 26.0))
    with pytest.raises(SelectionError, match="expected one of home, respite"):
        transition(tiny, "none", Transition(80, 8, 12, 26.0))


def test_a_service_without_hours_has_nothing_to_move(tiny_folder: PackFolder) -> None:
    row = tiny_folder.find("market/demand.csv", service="respite", people="8")
    tiny_folder.set("market/demand.csv", row, "hours_per_week", "0")
    with pytest.raises(SelectionError, match="respite: found no delivered hours"):
        spot_rate(tiny_folder.load(), "respite")


@pytest.mark.parametrize("table", ["demand", "capacity"])
def test_a_service_of_which_nothing_is_known_has_no_spot_rate(tiny_folder: PackFolder, table: str) -> None:
    tiny_folder.keep_rows(f"market/{table}.csv", lambda row: row["service"] != "respite")
    with pytest.raises(SelectionError, match=rf"^respite: market/{table}\.csv has no rows for this service, expected"):
        spot_rate(tiny_folder.load(), "respite")


def test_rates_count_by_the_hours_bought_at_them(tiny: Pack) -> None:
    # Off the framework: Ash 10 hours at 27.50 and 60 at 25.00 (one provider), Birch 160 at 30.00; P7 delivers nothing.
    frame = spot_rates(tiny, "home").set_index("area_code")
    assert list(frame.columns) == [
        *("area_name", "providers", "hours"),
        *("lowest", "lower_quartile", "median", "upper_quartile", "highest", "mean"),
    ]
    assert list(frame["area_name"]) == ["Testshire", "Ash", "Birch", "Cedar"]
    assert frame.loc["all"].to_list()[1:] == [1, 230, 25, 25, 30, 30, 30, (275 + 1500 + 4800) / 230]
    assert frame.loc["E07000001"].to_list()[1:] == [1, 70, 25, 25, 25, 25, 27.5, (275 + 1500) / 70]
    empty = frame.loc[CEDAR]
    assert empty[["providers", "hours"]].to_list() == [0, 0]
    assert empty[["lowest", "lower_quartile", "median", "upper_quartile", "highest", "mean"]].isna().all()


def test_the_spread_of_the_default_pack_holds_its_average(pack: Pack) -> None:
    frame = spot_rates(pack, SHORT_BREAKS)
    assert len(frame) == 13
    ordered = frame[["lowest", "lower_quartile", "median", "upper_quartile", "highest"]]
    assert (ordered.diff(axis=1).iloc[:, 1:] >= 0).all().all()
    assert frame["hours"].iloc[1:].sum() == frame["hours"].iloc[0] == 1664
    # What providers charge agrees with what the council pays within 0.1%.
    assert frame["mean"].iloc[0] == pytest.approx(spot_rate(pack, SHORT_BREAKS), rel=1e-3)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 50), st.integers(1, 40)), min_size=1, max_size=12), st.integers(1, 4))
def test_a_quantile_is_that_of_the_hours_written_out(rows: list[tuple[int, int]], quarter: int) -> None:
    written_out = sorted(rate for rate, hours in rows for _ in range(hours))
    level = quarter / 4
    rates, hours = (pd.Series([float(row[place]) for row in rows]) for place in (0, 1))
    expected = written_out[math.ceil(level * len(written_out)) - 1]
    assert weighted_quantile(rates, hours, level) == expected
