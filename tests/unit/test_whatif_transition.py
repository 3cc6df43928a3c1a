"""From spot to an agreed rate: quarter by quarter, and the spread of the rates that are paid off the framework."""

import json
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
from lib.whatif.spot_to_framework import (
    Transition,
    assumed_rate,
    setting_limits,
    spot_rate,
    spot_rates,
    transition,
    weighted_quantile,
)

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


def assume(folder: PackFolder, value: float) -> Pack:
    """The tiny pack, which says that respite's rate is assumed."""
    rate = {"value": value, "source": "Not published."}
    folder.change_json(
        "datapackage.json", lambda document: document["services"]["respite"].update(assumed_hourly_rate=rate)
    )
    return folder.load()


def test_an_assumed_rate_moves_the_hours_and_not_the_spend(tiny_folder: PackFolder) -> None:
    # 26,000 a year buys 25 hours a week at 20.00. Half of them at 27.00: 12.5 x 13 weeks x 7.00 = 1,137.50 dearer.
    pack = assume(tiny_folder, 25.0)
    frame = transition(pack, "respite", Transition(50, 1, 1, 27.0, 0, 20.0))
    assert frame["cost_as_today"].to_list() == [6500, 6500]
    assert frame["spot_hours"].to_list() == [25, 12.5]
    assert frame["difference"].to_list() == [0, 1137.5]
    assert frame["capacity_hours"].to_list() == [15, 15], "what providers could deliver does not follow an assumption"
    assert setting_limits(pack, "respite")["assumed_rate"] == (17.5, 32.5)
    plain = transition(pack, "respite", Transition(50, 1, 1, 27.0))
    pd.testing.assert_frame_equal(transition(pack, "respite", Transition(50, 1, 1, 27.0, 0, 25.0)), plain)


def test_a_rate_is_assumed_only_while_the_hours_rest_on_it(tiny: Pack, tiny_folder: PackFolder) -> None:
    assert assumed_rate(tiny, "respite") is None
    assert "assumed_rate" not in setting_limits(tiny, "respite")
    pack = assume(tiny_folder, 25.0)
    found = assumed_rate(pack, "respite")
    assert found is not None and found.source == "Not published."
    # The hours of the table are no longer those that the spend buys at the assumed rate: the council's own, say.
    other = assume(tiny_folder, 27.0)
    assert assumed_rate(other, "respite") is None
    with pytest.raises(
        SelectionError, match=r"assumed_rate: found \"20.0\", expected none: the hours of respite rest on"
    ):
        transition(other, "respite", Transition(50, 1, 1, 27.0, 0, 20.0))
    assert assumed_rate(assume(tiny_folder, 25.0), "respite") is not None
    tiny_folder.change_json("datapackage.json", supplied_demand)
    assert assumed_rate(assume(tiny_folder, 25.0), "respite") is None


def supplied_demand(document: dict) -> None:
    """Let the manifest say that the council supplied the demand table."""
    (resource,) = [one for one in document["resources"] if one["name"] == "demand"]
    resource["status"] = "supplied"


@pytest.mark.parametrize("rate", [0.0, -1.0, math.inf, math.nan])
def test_an_assumed_rate_is_pounds_above_nothing(rate: float) -> None:
    with pytest.raises(SelectionError, match=r"assumed_rate: found .* expected pounds an hour above 0"):
        Transition(50, 1, 1, 27.0, 0, rate)


def test_the_default_pack_states_the_assumed_rate_as_it_was_made_with(pack: Pack) -> None:
    settings = json.loads((pack_copies.DATA / "illustrative.json").read_text(encoding="utf-8"))
    service = pack.service(SHORT_BREAKS)
    assert service.assumed_hourly_rate is not None
    assert service.assumed_hourly_rate.value == settings["services"][SHORT_BREAKS]["assumed_hourly_rate"] == 25.0
    assert assumed_rate(pack, SHORT_BREAKS) == service.assumed_hourly_rate
    assert "£25.00" in service.assumed_hourly_rate.source
    assert pack.service("domiciliary_care").assumed_hourly_rate is None


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
