"""Providers that leave or fall below the gate: worked out by hand, and hours conserved in any market."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_lists import ASH_DAY, ASH_NIGHT, BIRCH_DAY, PROVIDERS, Row, capacity_rows, with_capacity
from tiny_pack import ASH, BIRCH, CEDAR

from lib.market.ranked_lists.one_provider import exposure, provider_lots
from lib.market.ranked_lists.resilience import exit_placements, points_of_failure, stress
from lib.pack.faults import SelectionError
from lib.pack.load import LOT, Pack

PLACEMENT = [*LOT, "route", "rank", "provider_id", "placed_hours"]
PASSING = {"P1", "P5", "P7"}
providers = st.lists(st.sampled_from(PROVIDERS), max_size=3, unique=True).map(tuple)


def taken(placements: pd.DataFrame) -> list[tuple[str, str, str, str, int | None, str | None, float]]:
    """Placements as plain rows, without service and cohort."""
    return [
        (
            row["district_code"],
            row["service_type"],
            row["cohort"],
            row["route"],
            None if pd.isna(row["rank"]) else int(row["rank"]),
            row["provider_id"],
            row["placed_hours"],
        )
        for row in placements.to_dict("records")
    ]


def test_an_exit_worked_out_by_hand(tiny: Pack) -> None:
    # P1 delivers 60 in Ash day: P2 has room for 10, P3 for none, 50 find nobody. In Ash night it delivers nothing.
    # In Cedar its 40 find only P7, which offers nothing.
    found = exit_placements(tiny, ("P1",))
    assert list(found.columns) == PLACEMENT
    assert taken(found) == [
        (ASH, "day", "older", "tier_1", 2, "P2", 10),
        (ASH, "day", "older", "unplaced", None, None, 50),
        (ASH, "night", "older", "unplaced", None, None, 0),
        (CEDAR, "day", "older", "unplaced", None, None, 40),
    ]


def test_an_exit_down_three_routes_by_hand(tiny: Pack) -> None:
    # P1 leaves 45: P2 takes 10 (tier 1), P6 4 (tier 2), then the cheaper of two on spot, P5, 15, and P4 6: 10 are left.
    rows: list[Row] = [
        ("P1", ASH_DAY, "tier_1", 1, 80, 45, 25),
        ("P2", ASH_DAY, "tier_1", 2, 40, 30, 25),
        ("P6", ASH_DAY, "tier_2", 1, 12, 8, 26),
        ("P5", ASH_DAY, "spot", None, 15, 0, 24),
        ("P4", ASH_DAY, "spot", None, 6, 0, 27.5),
    ]
    pack = with_capacity(tiny, rows)
    assert [row[3:] for row in taken(exit_placements(pack, ("P1",)))] == [
        ("tier_1", 2, "P2", 10),
        ("tier_2", 1, "P6", 4),
        ("spot", None, "P5", 15),
        ("spot", None, "P4", 6),
        ("unplaced", None, None, 10),
    ]
    # Of these P5 alone passes the gate.
    assert [row[3:] for row in taken(exit_placements(pack, ("P1",), skip_below_gate=True))] == [
        ("spot", None, "P5", 15),
        ("unplaced", None, None, 30),
    ]


def test_the_lots_of_an_exit_by_hand(tiny: Pack) -> None:
    # Ash day: 10 adults x 60 / 100 hours = 6 adults; capacity 130 - 80 = 50 for a demand of 110: 60 short.
    # Cedar: 4 adults x 40 / 40 = 4; capacity 50 - 50 = 0 for a demand of 40.
    lots = stress(tiny, ("P1",)).lots
    figures = lots.drop(columns=["service", "district_code", "service_type", "cohort"]).to_dict("list")
    assert lots["district_code"].tolist() == [ASH, ASH, CEDAR]
    assert figures == {
        "people": [10, 0, 4],
        "delivered_hours": [100, 0, 40],
        "headroom_hours": [30, 20, 10],
        "moved_hours": [60, 0, 40],
        "placed_hours": [10, 0, 0],
        "unplaced_hours": [50, 0, 40],
        "people_affected": [6, 0, 4],
        "lost_headroom_hours": [20, 20, 10],
        "capacity_after": [50, 0, 0],
        "shortfall_before": [0, 0, 0],
        "shortfall_after": [60, 0, 40],
    }


def test_two_exits_at_once_do_not_take_from_each_other(tiny: Pack) -> None:
    # Without P1 and P2, Ash day has only P3 left, which is full: all 90 hours find nobody.
    rows = taken(exit_placements(tiny, ("P1", "P2")))
    assert [row for row in rows if row[:3] == (ASH, "day", "older")] == [
        (ASH, "day", "older", "unplaced", None, None, 90)
    ]
    assert rows == taken(exit_placements(tiny, ("P2", "P1", "P2"))), "in any order, each once"


def test_an_exit_without_hours_places_nothing_and_changes_nothing(tiny: Pack) -> None:
    # P7 is listed in Cedar with neither capacity nor hours.
    found = stress(tiny, ("P7",))
    assert taken(found.placements) == [(CEDAR, "day", "older", "unplaced", None, None, 0)]
    (lot,) = found.lots.to_dict("records")
    assert (lot["moved_hours"], lot["people_affected"], lot["lost_headroom_hours"]) == (0, 0, 0)
    assert (lot["capacity_after"], lot["shortfall_after"]) == (50, lot["shortfall_before"])


def test_a_provider_on_no_list_leaves_nothing_behind(tiny: Pack) -> None:
    pack = with_capacity(tiny, [("P1", ASH_DAY, "tier_1", 1, 10, 10, 20)])
    for leaving in ((), ("P6",)):
        found = stress(pack, leaving)
        assert list(found.placements.columns) == PLACEMENT
        assert found.placements.empty
        assert found.lots.empty
    assert exposure(pack, "P6").empty
    assert provider_lots(pack, "P6").empty


def test_a_downgrade_by_hand(tiny: Pack) -> None:
    # P1 falls below the gate. Its 60 hours in Ash and 40 in Cedar stay; its room there, 20 and 10, is gone, so that
    # capacity is 110 for a demand of 110, and 40 for 40. In Ash night it is on tier 2, which has no gate.
    found = stress(tiny, below_gate=("P1",))
    assert found.placements.empty
    lots = found.lots.set_index("district_code")
    assert lots.index.tolist() == [ASH, CEDAR]
    assert lots["moved_hours"].tolist() == lots["people_affected"].tolist() == [0, 0]
    assert lots["lost_headroom_hours"].tolist() == [20, 10]
    assert lots["capacity_after"].tolist() == [110, 40]
    assert lots["shortfall_after"].tolist() == [0, 0]


def test_one_that_leaves_does_not_fall_below_the_gate_as_well(tiny: Pack) -> None:
    both, leaves = stress(tiny, ("P1",), ("P1",)), stress(tiny, ("P1",))
    pd.testing.assert_frame_equal(both.lots, leaves.lots)
    pd.testing.assert_frame_equal(both.placements, leaves.placements)


def test_a_downgraded_provider_is_offered_hours_off_the_first_tier_unless_the_gate_is_asked_for(tiny: Pack) -> None:
    # P5 passes the gate today. It stands on tier 2 here, where no gate is asked for; with the switch on, it is.
    rows: list[Row] = [("P1", ASH_DAY, "tier_1", 1, 30, 30, 20), ("P5", ASH_DAY, "tier_2", 1, 50, 0, 20)]
    pack = with_capacity(tiny, rows)
    assert [row[5:] for row in taken(stress(pack, ("P1",), ("P5",)).placements)] == [("P5", 30), (None, 0)]
    assert [row[5:] for row in taken(stress(pack, ("P1",), ("P5",), True).placements)] == [(None, 30)]
    assert [row[5:] for row in taken(stress(pack, ("P1",), (), True).placements)] == [("P5", 30), (None, 0)]


@pytest.mark.parametrize("arguments", [(("P9",),), ((), ("P9",))])
def test_a_provider_that_the_pack_has_not_is_refused(tiny: Pack, arguments: tuple[tuple[str, ...], ...]) -> None:
    with pytest.raises(SelectionError, match=r'^provider: found "P9", expected one of P1, P2'):
        stress(tiny, *arguments)


@settings(deadline=None, max_examples=40)
@given(rows=capacity_rows(), leaving=providers, fallen=providers, skip=st.booleans())
def test_hours_are_conserved_in_any_market(
    tiny: Pack, rows: list[Row], leaving: tuple[str, ...], fallen: tuple[str, ...], skip: bool
) -> None:
    pack = with_capacity(tiny, rows)
    found = stress(pack, leaving, fallen, skip)
    placed = found.placements[found.placements["route"] != "unplaced"]
    fallen = tuple(set(fallen) - set(leaving))
    assert not set(placed["provider_id"]) & set(leaving), "nobody who leaves gets hours"
    assert not set(placed.loc[placed["route"] == "tier_1", "provider_id"]) & set(fallen)
    if skip:
        assert set(placed["provider_id"]) <= PASSING - set(fallen)
    lots = found.lots.set_index(LOT)
    by_lot = found.placements.groupby(LOT)["placed_hours"].sum()
    assert set(by_lot.index) == {row[1] for row in rows if row[0] in leaving}
    for lot in (ASH_DAY, ASH_NIGHT, BIRCH_DAY):
        here = [row for row in rows if row[1] == lot]
        moved = sum(row[5] for row in here if row[0] in leaving)
        lost = sum(
            max(0, row[4] - row[5]) for row in here if row[0] in leaving or (row[0] in fallen and row[2] == "tier_1")
        )
        if lot not in lots.index:
            assert (moved, lost) == (0, 0)
            continue
        figures = lots.loc[lot]
        assert figures["moved_hours"] == pytest.approx(moved)
        assert figures["placed_hours"] + figures["unplaced_hours"] == pytest.approx(moved)
        assert by_lot.get(lot, 0.0) == pytest.approx(moved), "the rows of a lot add up to what left it"
        assert figures["lost_headroom_hours"] == pytest.approx(lost)
        if not any(row[0] in leaving for row in here):
            assert figures["moved_hours"] == 0, "a downgrade moves no hours"
    room = {row[:3]: max(0, row[4] - row[5]) for row in rows}
    for row in placed.to_dict("records"):
        lot = next(lot for lot in (ASH_DAY, ASH_NIGHT, BIRCH_DAY) if lot == tuple(row[name] for name in LOT))
        assert 0 < row["placed_hours"] <= room[row["provider_id"], lot, row["route"]]


@settings(deadline=None, max_examples=20)
@given(rows=capacity_rows())
def test_points_of_failure_are_the_exits_one_by_one_in_any_market(tiny: Pack, rows: list[Row]) -> None:
    pack = with_capacity(tiny, rows)
    every = points_of_failure(pack, "home").set_index("provider_id")
    assert set(every.index) == {row[0] for row in rows}
    for provider_id, row in every.iterrows():
        lots = stress(pack, (str(provider_id),)).lots
        assert row["unplaced_hours"] == pytest.approx(lots["unplaced_hours"].sum())
        assert row["people_affected"] == pytest.approx(lots["people_affected"].sum())


def test_points_of_failure_by_hand(tiny: Pack) -> None:
    # P3: 10 in Ash day, where P1 and P2 have room for 30; 60 in Ash day younger, where it is alone; 160 in Birch, where
    # P5 has room for 20 and P6 for 5: 0 + 60 + 135 = 195. People: 10 x 10/100 + 5 x 60/60 + 20 x 160/200 = 1 + 5 + 16.
    # P5: 40 in Birch, where P3 and P6 have room for 5 + 5; 70 nights, where it is alone: 30 + 70 = 100. P1: 50 + 40.
    found = points_of_failure(tiny, "home")
    assert found["provider_id"].tolist() == ["P3", "P5", "P1", "P2", "P6", "P7"]
    assert found["unplaced_hours"].tolist() == [195, 100, 90, 10, 0, 0]
    assert found["delivered_hours"].tolist() == [230, 110, 100, 30, 0, 0]
    assert found["lots"].tolist() == [3, 2, 2, 1, 0, 0]
    assert found["people_affected"].tolist() == [22, 5, 10, 3, 0, 0]
    assert found["share"].tolist() == [230 / 470, 110 / 470, 100 / 470, 30 / 470, 0, 0]
    assert found["unplaced_share"].iloc[:4].tolist() == [195 / 230, 100 / 110, 0.9, 1 / 3]
    assert found["unplaced_share"].iloc[4:].isna().all(), "a share of no hours is not a number"


def test_changing_the_points_of_failure_changes_nothing_for_others(tiny: Pack) -> None:
    found = points_of_failure(tiny, "home")
    found["unplaced_hours"] = 0.0
    found.loc[0, "provider_id"] = "P9"
    assert points_of_failure(tiny, "home")["provider_id"].iloc[0] == "P3"
    assert points_of_failure(tiny, "home")["unplaced_hours"].iloc[0] == 195


def test_one_provider_by_hand(tiny: Pack) -> None:
    lots = provider_lots(tiny, "P3")
    assert lots["district_code"].tolist() == [BIRCH, ASH, ASH]
    assert lots["delivered_hours"].tolist() == [160, 60, 10]
    assert lots["place"].tolist() == [3, 1, 3]
    assert lots["listed"].tolist() == [3, 1, 3]
    assert lots["share"].tolist() == [0.8, 1, 0.1]
    assert lots["headroom_hours"].tolist() == [5, 0, 0]
    # At its own rates: 52 x (10 x 27.50 + 60 x 25 + 160 x 30) = 52 x 6,575.
    (row,) = exposure(tiny, "P3").to_dict("records")
    assert row == {
        "service": "home",
        "lots": 3,
        "districts": 2,
        "delivered_hours": 230,
        "capacity_hours": 235,
        "share": 230 / 470,
        "place": 1,
        "providers": 6,
        "value": 341_900,
        "unplaced_hours": 195,
        "people_affected": 22,
    }
    with pytest.raises(SelectionError, match=r'^provider: found "P9"'):
        provider_lots(tiny, "P9")


def test_a_provider_of_two_services_has_two_rows(pack: Pack) -> None:
    both = pack.table("providers").query("also_childrens")["provider_id"].iloc[0]
    found = exposure(pack, both)
    assert sorted(found["service"]) == ["domiciliary_care", "short_breaks"]
    capacity = pack.table("capacity")
    own = capacity[capacity["provider_id"] == both].groupby("service")["delivered_hours"].sum()
    assert found.set_index("service")["delivered_hours"].to_dict() == own.to_dict()
