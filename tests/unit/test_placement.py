"""Placement: new hours down the ranked list, worked out by hand and for any list."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_folder import PackFolder
from random_lists import ASH_DAY, LOTS, ORDER, Row, capacity_rows, hours, with_capacity
from tiny_pack import ASH, BIRCH, CEDAR

from lib.market.ranked_lists.call_off import (
    Lot,
    call_off_order,
    checked_lot,
    checked_providers,
    has_ranked_lists,
    lot_list,
    ranked_list,
)
from lib.market.ranked_lists.placement import Spill, checked_hours, fill, place, placed_list, spill
from lib.pack.faults import SelectionError
from lib.pack.load import LOT, Pack

CAPACITY = "market/capacity.csv"
EMPTY_LOT = Lot("home", BIRCH, "day", "younger")

# Ash day older as the tests below place on it:
#
#   order  provider  route   rank  capacity  delivered  room  rate   filled from  to
#       1  P1        tier 1     1        80         60    20  25.00            0  20
#       2  P2        tier 1     2        40         30    10  25.00           20  30
#       3  P6        tier 2     1        12          8     4  26.00           30  34
#       4  P5        spot                15          0    15  24.00           34  49   the cheapest of the three
#       5  P7        spot                 6          0     6  27.50           49  55   as cheap as P3, but larger
#       6  P3        spot                 3         10     0  27.50           55  55   delivers more than its capacity
ASH_ROWS: list[Row] = [
    ("P7", ASH_DAY, "spot", None, 6, 0, 27.5),
    ("P3", ASH_DAY, "spot", None, 3, 10, 27.5),
    ("P2", ASH_DAY, "tier_1", 2, 40, 30, 25),
    ("P5", ASH_DAY, "spot", None, 15, 0, 24),
    ("P6", ASH_DAY, "tier_2", 1, 12, 8, 26),
    ("P1", ASH_DAY, "tier_1", 1, 80, 60, 25),
]


@pytest.fixture(scope="session")
def ash(tiny: Pack) -> Pack:
    """The tiny pack with the list above."""
    return with_capacity(tiny, ASH_ROWS)


def given_to(frame: pd.DataFrame) -> list[tuple[str, int | None, str | None, float]]:
    """A placement as plain rows."""
    return [
        (row["route"], None if pd.isna(row["rank"]) else int(row["rank"]), row["provider_id"], row["placed_hours"])
        for row in frame.to_dict("records")
    ]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (0, [("unplaced", None, None, 0)]),
        (5, [("tier_1", 1, "P1", 5), ("unplaced", None, None, 0)]),
        # 20 fill P1 to the hour, and nobody else is asked.
        (20, [("tier_1", 1, "P1", 20), ("unplaced", None, None, 0)]),
        # 31: P1 20, P2 10, and 1 spills over into tier 2.
        (31, [("tier_1", 1, "P1", 20), ("tier_1", 2, "P2", 10), ("tier_2", 1, "P6", 1), ("unplaced", None, None, 0)]),
        # 50.5: P1 20, P2 10, P6 4, then off the framework: P5, at £24.00, 15, and P7 the last 1.5. P3 has no room.
        (
            50.5,
            [
                ("tier_1", 1, "P1", 20),
                ("tier_1", 2, "P2", 10),
                ("tier_2", 1, "P6", 4),
                ("spot", None, "P5", 15),
                ("spot", None, "P7", 1.5),
                ("unplaced", None, None, 0),
            ],
        ),
        # 60: all 55 hours of room, and 5 find nobody.
        (
            60,
            [
                ("tier_1", 1, "P1", 20),
                ("tier_1", 2, "P2", 10),
                ("tier_2", 1, "P6", 4),
                ("spot", None, "P5", 15),
                ("spot", None, "P7", 6),
                ("unplaced", None, None, 5),
            ],
        ),
    ],
)
def test_new_hours_worked_out_by_hand(
    ash: Pack, asked: float, expected: list[tuple[str, int | None, str | None, float]]
) -> None:
    assert given_to(place(ash, ASH_DAY, asked)) == expected


def test_whoever_fails_the_gate_is_passed_over_where_that_is_asked(ash: Pack) -> None:
    # P2 is Poor overall and P6 in both; P5 and P7 are Good or better, P3 is not rated, which passes no gate.
    assert given_to(place(ash, ASH_DAY, 50, skip_below_gate=True)) == [
        ("tier_1", 1, "P1", 20),
        ("spot", None, "P5", 15),
        ("spot", None, "P7", 6),
        ("unplaced", None, None, 9),
    ]


def test_what_a_placement_comes_to_by_hand(ash: Pack) -> None:
    # Room: tier 1 20 + 10 = 30, tier 2 4, spot 15 + 6 + 0 = 21: full at 30, 34 and 55 new hours, of the 100 delivered.
    # Cost: 52 x (30 x 25 + 4 x 26 + 15 x 24 + 1.5 x 27.5) = 52 x (750 + 104 + 360 + 41.25) = 52 x 1,255.25 = 65,273.
    # Against £25.00, tier 1's rate: 52 x (4 x 1 + 15 x -1 + 1.5 x 2.5) = 52 x -7.25 = -377.
    found = spill(ash, placed_list(ash, ASH_DAY, 50.5), 50.5, 100)
    assert found.routes.to_dict("list") == {
        "route": ["tier_1", "tier_2", "spot"],
        "providers": [2, 1, 3],
        "free_hours": [30, 4, 21],
        "placed_hours": [30, 4, 16.5],
        "full_at": [30, 34, 55],
        "growth_pct": [30, 34, 55],
    }
    assert (found.unplaced, found.cost, found.first_rate, found.extra_cost) == (0, 65_273, 25, -377)


def test_the_first_tiers_rate_is_weighted_by_capacity(tiny: Pack) -> None:
    # (30 x 20 + 10 x 28) / 40 = 22; placed 5 beyond tier 1 at £24.00: 52 x 5 x 2 = 520.
    rows: list[Row] = [
        ("P1", ASH_DAY, "tier_1", 1, 30, 30, 20),
        ("P2", ASH_DAY, "tier_1", 2, 10, 10, 28),
        ("P3", ASH_DAY, "spot", None, 5, 0, 24),
    ]
    pack = with_capacity(tiny, rows)
    found = spill(pack, placed_list(pack, ASH_DAY, 8), 8, 40)
    assert (found.first_rate, found.extra_cost, found.unplaced) == (22, 520, 3)
    assert found.routes["growth_pct"].tolist() == [0, 12.5]


def spilled(pack: Pack, lot: Lot, asked: float, delivered: float) -> Spill:
    return spill(pack, placed_list(pack, lot, asked), asked, delivered)


def test_a_lot_without_a_first_tier_has_no_rate_to_hold_others_against(tiny: Pack) -> None:
    # Birch day older: P5 20 of room on tier 2, then P6 5, then P3 5 on spot.
    found = spilled(tiny, Lot("home", BIRCH, "day", "older"), 30, 200)
    assert math.isnan(found.first_rate)
    assert math.isnan(found.extra_cost)
    assert found.routes["full_at"].tolist() == [25, 30]
    assert found.cost == 52 * 30 * 30


def test_growth_of_a_lot_without_hours_is_empty(tiny: Pack) -> None:
    found = spilled(tiny, Lot("home", ASH, "night", "older"), 1, 0)
    assert found.routes["growth_pct"].isna().all()
    assert found.routes["full_at"].tolist() == [20]


def test_a_lot_that_nobody_is_listed_in_places_nothing(tiny: Pack) -> None:
    assert given_to(place(tiny, EMPTY_LOT, 7)) == [("unplaced", None, None, 7)]
    found = spilled(tiny, EMPTY_LOT, 7, 0)
    assert (found.unplaced, found.cost, len(found.routes)) == (7, 0, 0)
    assert ranked_list(tiny, EMPTY_LOT).empty


def test_a_changed_file_changes_the_order(tiny_folder: PackFolder) -> None:
    # P3 and P4 on spot: with 5 hours at £19.00 P4 comes before P3, though both stand behind P1 and P2.
    tiny_folder.append(CAPACITY, ["P4", "home", ASH, "day", "older", "spot", "", "5", "0", "19.00", ""])
    tiny_folder.set(CAPACITY, tiny_folder.find(CAPACITY, provider_id="P1"), "rank", "3")
    listed = ranked_list(tiny_folder.load(), ASH_DAY)
    assert listed["provider_id"].tolist() == ["P2", "P1", "P4", "P3"]
    assert listed["place"].tolist() == [0, 1, 2, 3]


def test_a_list_as_people_read_it(tiny: Pack) -> None:
    listed = ranked_list(tiny, ASH_DAY).set_index("provider_id")
    assert listed.index.tolist() == ["P1", "P2", "P3"]
    assert listed["overall"].tolist() == ["Good", "Poor", "Not rated"]
    assert listed["safe"].tolist() == ["Good", "Good", "Not rated"]
    assert listed["passes_gate"].tolist() == [True, False, False]
    assert listed["headroom_hours"].tolist() == [20, 10, 0]
    assert listed["rank"].fillna(0).tolist() == [1, 2, 0]
    # 31 January 2023 to 31 March 2025 are 790 days; P3 has no rating.
    assert listed.at["P1", "rated_years"] == 790 / 365.25
    assert pd.isna(listed.at["P3", "rated_on"])


def test_headroom_below_nothing_is_shown_and_takes_nothing(tiny: Pack) -> None:
    # P4 delivers 20 of a capacity of 15.
    (row,) = ranked_list(tiny, Lot("respite", CEDAR, "visit", "child")).to_dict("records")
    assert (row["headroom_hours"], row["free_hours"]) == (-5, 0)


def test_which_services_have_ranked_lists(tiny: Pack, pack: Pack) -> None:
    assert has_ranked_lists(tiny, "home")
    assert not has_ranked_lists(tiny, "respite")
    assert [has_ranked_lists(pack, service) for service in pack.manifest.services] == [True, False]


@pytest.mark.parametrize("asked", [-0.01, math.nan, math.inf, -math.inf])
def test_hours_that_are_none_are_refused(tiny: Pack, asked: float) -> None:
    with pytest.raises(SelectionError, match=f'^hours: found "{asked}", expected a number of hours a week, 0 or more$'):
        place(tiny, ASH_DAY, asked)


def test_hours_that_can_be_placed_are_floats() -> None:
    assert checked_hours(3) == 3.0


@pytest.mark.parametrize(
    ("lot", "sentence"),
    [
        (("gardening", ASH, "day", "older"), 'service: found "gardening", expected one of home, respite'),
        (
            ("home", "E07999999", "day", "older"),
            f'district: found "E07999999", expected one of {ASH}, {BIRCH}, {CEDAR}',
        ),
        (("home", ASH, "visit", "older"), 'service type of home: found "visit", expected one of day, night'),
        (("home", ASH, "day", "child"), 'cohort of home: found "child", expected one of older, younger'),
        (
            ("home", ASH, "night", "younger"),
            'lot of home: found "night / younger", expected one of day / older, day / younger, night / older',
        ),
    ],
)
def test_a_lot_that_the_pack_has_not_is_one_sentence(tiny: Pack, lot: tuple[str, str, str, str], sentence: str) -> None:
    with pytest.raises(SelectionError) as caught:
        checked_lot(tiny, *lot)
    assert str(caught.value) == sentence


def test_a_provider_that_the_pack_has_not_is_one_sentence(tiny: Pack, pack: Pack) -> None:
    with pytest.raises(SelectionError, match=r'^provider: found "P9", expected one of P1, P2, P3, \.\.\., P7$'):
        checked_providers(tiny, ("P1", "P9"))
    assert checked_providers(pack, ("P002", "P001", "P002")) == ("P002", "P001")


def test_hours_that_do_not_add_up_exactly_leave_nothing_behind(tiny: Pack) -> None:
    # 0.1 + 0.2 is 0.30000000000000004 to a computer: P2 is full, nobody behind it gets the difference.
    rows: list[Row] = [
        ("P1", ASH_DAY, "tier_1", 1, 0.1, 0, 20),
        ("P2", ASH_DAY, "tier_1", 2, 0.2, 0, 20),
        ("P3", ASH_DAY, "spot", None, 5, 0, 20),
    ]
    for asked in (0.3, 0.1 + 0.2):
        placed = given_to(place(with_capacity(tiny, rows), ASH_DAY, asked))
        assert placed == [("tier_1", 1, "P1", 0.1), ("tier_1", 2, "P2", 0.2), ("unplaced", None, None, 0)]


@given(st.lists(st.integers(0, 40_000), max_size=12), st.integers(0, 400_000))
def test_rooms_fill_in_their_order(quarters: list[int], asked: int) -> None:
    rooms = np.array(quarters, dtype="float64") / 4
    taken = fill(rooms, asked / 4)
    assert (taken <= rooms).all()
    assert taken.sum() == min(asked / 4, rooms.sum())
    for behind in range(1, len(rooms)):
        assert taken[behind] == 0 or (taken[:behind] == rooms[:behind]).all(), "somebody before it has room left"


# A pack's list is filled by the same function: through a pack, fewer examples do.
@settings(deadline=None, max_examples=50)
@given(rows=capacity_rows(), asked=hours, lot=st.sampled_from(LOTS), skip=st.booleans())
def test_any_placement_keeps_the_rules(tiny: Pack, rows: list[Row], asked: float, lot: Lot, skip: bool) -> None:
    pack = with_capacity(tiny, rows)
    placed = placed_list(pack, lot, asked, skip)
    result = place(pack, lot, asked, skip)
    assert placed["placed_hours"].sum() == pytest.approx(result["placed_hours"].iloc[:-1].sum())
    assert result["placed_hours"].sum() == pytest.approx(asked), "placed + unplaced = asked"
    assert (result["placed_hours"].iloc[:-1] > 0).all()
    assert result["route"].iloc[-1] == "unplaced"
    room = (placed["capacity_hours"] - placed["delivered_hours"]).clip(lower=0)
    if skip:
        assert set(placed.loc[placed["placed_hours"] > 0, "provider_id"]) <= {"P1", "P5", "P7"}
        room = room.where(placed["provider_id"].isin(["P1", "P5", "P7"]), 0)
    assert (placed["placed_hours"] <= room).all(), "nobody above headroom"
    has_room = placed["placed_hours"] < room
    behind = has_room.cumsum().shift(fill_value=0) > 0
    assert (placed.loc[behind, "placed_hours"] == 0).all(), "nothing behind a provider with room left"
    if has_room.any():
        assert result["placed_hours"].iloc[-1] == 0, "hours are left over only where everybody is full"


@settings(deadline=None, max_examples=40)
@given(rows=capacity_rows())
def test_any_list_stands_in_call_off_order(tiny: Pack, rows: list[Row]) -> None:
    pack = with_capacity(tiny, rows)
    every = call_off_order(pack)
    assert len(every) == len(rows)
    for lot in LOTS:
        listed = lot_list(pack, lot)
        expected = sorted(
            (row for row in rows if row[1] == lot),
            key=lambda row: (
                ORDER.index(row[2]),
                *((row[6], -row[4]) if row[2] == "spot" else (row[3], 0)),
                row[0],
            ),
        )
        assert list(zip(listed["provider_id"], listed["route"], strict=True)) == [(row[0], row[2]) for row in expected]
        assert listed["place"].tolist() == list(range(len(listed)))
    assert every.groupby(LOT).size().sum() == len(rows)


def test_routes_follow_the_manifest_and_not_the_alphabet(tiny_folder: PackFolder) -> None:
    def turned(document: dict[str, dict[str, object]]) -> None:
        document["routes"] = dict(reversed(document["routes"].items()))

    tiny_folder.change_json("datapackage.json", turned)
    listed = lot_list(tiny_folder.load(), Lot("home", BIRCH, "day", "older"))
    assert listed["route"].tolist() == ["tier_2", "tier_2", "spot"], "the framework comes first wherever it is listed"
    tiny_folder.set(CAPACITY, tiny_folder.find(CAPACITY, provider_id="P1"), "route", "tier_2")
    assert lot_list(tiny_folder.load(), ASH_DAY)["provider_id"].tolist() == ["P1", "P2", "P3"]
