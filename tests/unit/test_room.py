"""Who else has room: a district's lots and its neighbours', worked out by hand and for any list."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_folder import PackFolder
from random_lists import Row, capacity_rows, with_capacity
from tiny_pack import ASH, BIRCH, CEDAR

from lib.market.clauses import MOST_WORDS
from lib.market.ranked_lists.call_off import Lot
from lib.market.ranked_lists.room import COLUMNS, bordering_on, room, room_sentence
from lib.market.selection import select
from lib.pack.faults import SelectionError
from lib.pack.load import Pack
from lib.pack.neighbours import bordering, neighbours

BASILDON, HARLOW, MALDON, TENDRING = "E07000066", "E07000073", "E07000074", "E07000076"


def square(west: float, south: float, side: float = 10_000.0) -> Any:
    return shapely.box(west, south, west + side, south + side)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (square(10_000, 0), True),  # side by side
        (square(10_060, 0), True),  # outlines made simpler one by one leave gaps
        (square(9_970, 0), True),  # and overlaps
        (square(10_000, 9_000), True),  # a border of one kilometre
        (square(10_000, 10_000), False),  # they meet at a corner alone
        (square(10_000, 9_950), False),  # and nearly so
        (square(10_300, 0), False),  # water between them
        (square(40_000, 0), False),
    ],
)
def test_a_shared_border_makes_neighbours(other: Any, expected: bool) -> None:
    found = bordering({"A": square(0, 0), "B": other})
    assert found == ({"A": ("B",), "B": ("A",)} if expected else {"A": (), "B": ()})


def test_a_district_inside_another_and_islands() -> None:
    ring = square(0, 0).difference(square(3_000, 3_000, 2_000))
    island = shapely.MultiPolygon([square(50_000, 0), square(70_000, 0)])
    found = bordering({"ring": ring, "town": square(3_000, 3_000, 2_000), "island": island})
    assert found == {"ring": ("town",), "town": ("ring",), "island": ()}


def test_a_county_of_one_district_has_no_neighbours() -> None:
    assert bordering({"A": square(0, 0)}) == {"A": ()}


def test_the_neighbours_of_essex(pack: Pack) -> None:
    found = {code: {pack.district_names()[other] for other in others} for code, others in neighbours(pack).items()}
    assert found[MALDON] == {"Braintree", "Chelmsford", "Colchester"}
    assert found[HARLOW] == {"Epping Forest"}
    assert found[TENDRING] == {"Colchester"}
    assert found[BASILDON] == {"Brentwood", "Castle Point", "Chelmsford", "Rochford"}
    codes = neighbours(pack)
    assert all(one in codes[other] for one, others in codes.items() for other in others)


def lines(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """The table as plain rows."""
    names = ["provider_id", "district_code", "lies", "route", "rank", "headroom_hours", "hourly_rate", "passes_gate"]
    return [tuple(None if pd.isna(row[name]) else row[name] for name in names) for row in frame.to_dict("records")]


# Birch lies between Ash and Cedar. P3 in Ash (10 of 10 hours delivered) and P7 in Cedar (0 of 0) have no room.
BIRCH_DAY = [
    ("P5", BIRCH, "own", "tier_2", 1, 20.0, 30.0, True),
    ("P6", BIRCH, "own", "tier_2", 2, 5.0, 30.0, False),
    ("P3", BIRCH, "own", "spot", None, 5.0, 30.0, False),
    ("P1", ASH, "neighbour", "tier_1", 1, 20.0, 25.0, True),
    ("P1", CEDAR, "neighbour", "tier_1", 1, 10.0, 20.0, True),
    ("P2", ASH, "neighbour", "tier_1", 2, 10.0, 25.0, False),
]


def said(pack: Pack, district: str, types: list[str], cohorts: list[str], service: str = "home") -> str:
    return room_sentence(
        pack, select(pack, service, types, cohorts), district, room(pack, service, district, types, cohorts)
    )


def test_who_has_room_worked_out_by_hand(tiny: Pack) -> None:
    found = room(tiny, "home", BIRCH, ["day"], ["older"])
    assert list(found.columns) == COLUMNS
    assert lines(found) == BIRCH_DAY
    assert list(found["overall"]) == ["Outstanding", "Poor", "Not rated", "Good", "Good", "Poor"]
    assert said(tiny, BIRCH, ["day"], ["older"]) == (
        "Day, older in Birch: 3 providers have room for 30 hours a week; in neighbouring districts 2 providers have "
        "room for 40 hours a week."
    )


def test_every_lot_is_asked_where_none_is_chosen(tiny: Pack) -> None:
    found = room(tiny, "home", ASH)
    own = found[found["lies"] == "own"]
    # Day: P1 20 and P2 10. Night: P1 20 on tier 2. Nobody has room for the day care of younger people.
    assert list(zip(own["provider_id"], own["service_type"], own["headroom_hours"], strict=True)) == [
        ("P1", "day", 20.0), ("P2", "day", 10.0), ("P1", "night", 20.0),
    ]  # fmt: skip
    assert said(tiny, ASH, [], []).startswith("Home care in Ash: 2 providers have room for 50 hours a week;")
    assert set(room(tiny, "home", ASH, ["night"])["service_type"]) == {"night"}


def test_one_provider_and_none(tiny: Pack) -> None:
    assert said(tiny, ASH, ["night"], ["older"]) == (
        "Night, older in Ash: 1 provider has room for 20 hours a week; in neighbouring districts no provider has room."
    )
    # Nothing is bought there and nobody is listed: that is known.
    assert room(tiny, "home", BIRCH, ["day"], ["younger"]).empty
    assert said(tiny, BIRCH, ["day"], ["younger"]) == (
        "Day, younger in Birch: no provider has room; in neighbouring districts no provider has room."
    )


BIRCH_LOT, ASH_LOT = (Lot("home", district, "day", "older") for district in (BIRCH, ASH))


def test_providers_with_room_on_both_sides_are_said_once(tiny: Pack) -> None:
    rows: list[Row] = [
        ("P1", BIRCH_LOT, "tier_1", 1, 30, 10, 20),
        ("P1", ASH_LOT, "tier_1", 1, 30, 10, 20),
        ("P2", ASH_LOT, "tier_1", 2, 15, 10, 20),
    ]
    # Hours are bought in Cedar and nobody is listed there, so nobody knows who has room.
    assert said(with_capacity(tiny, rows), BIRCH, ["day"], ["older"]) == (
        "Day, older in Birch: 1 provider has room for 20 hours a week; in neighbouring districts 2 providers have room "
        "for 25 hours a week. Of these, 1 also has room here; in 1 lot the room is not known."
    )
    cedar: list[Row] = [("P1", Lot("home", CEDAR, "day", "older"), "spot", None, 40, 40, 20)]
    assert said(with_capacity(tiny, rows + cedar), ASH, ["day"], ["older"]).endswith(
        "in neighbouring districts 1 provider has room for 20 hours a week. Of these, 1 also has room here."
    )


def with_table(pack: Pack, frame: pd.DataFrame) -> Pack:
    return dataclasses.replace(pack, tables={**pack.tables, "capacity": frame})


def test_a_capacity_that_is_not_known_is_no_room_of_0(tiny: Pack) -> None:
    rows = tiny.table("capacity")
    rows["capacity_hours"] = rows["capacity_hours"].mask(rows["provider_id"].eq("P5"))
    changed = with_table(tiny, rows)
    found = room(changed, "home", BIRCH, ["day"], ["older"])
    assert lines(found)[0] == ("P5", BIRCH, "own", "tier_2", 1, None, 30.0, True)
    assert said(changed, BIRCH, ["day"], ["older"]).startswith(
        "Day, older in Birch: 2 providers have room for 10 hours a week; of 1 more the room is not known. "
    )


def test_a_list_that_is_not_known_stays_not_known(tiny: Pack) -> None:
    rows = tiny.table("capacity")
    rows = rows[~(rows["district_code"].eq(BIRCH) & rows["service_type"].eq("day"))].reset_index(drop=True)
    changed = with_table(tiny, rows)
    found = room(changed, "home", BIRCH, ["day"], ["older"])
    assert lines(found)[0] == (None, BIRCH, "own", None, None, None, None, None)
    assert [row[0] for row in lines(found)[1:]] == ["P1", "P1", "P2"]
    assert said(changed, BIRCH, ["day"], ["older"]).startswith(
        "Day, older in Birch: whether a provider has room is not known; in neighbouring districts 2 providers"
    )
    assert said(changed, CEDAR, ["day"], ["older"]).endswith(
        "in neighbouring districts whether a provider has room is not known."
    )


def test_outlines_that_cannot_be_drawn_leave_the_district_its_own(tiny_folder: PackFolder) -> None:
    damaged = dataclasses.replace(tiny_folder.load(), outlines=b"{}")
    assert bordering_on(damaged, BIRCH) is None
    assert lines(room(damaged, "home", BIRCH, ["day"], ["older"])) == BIRCH_DAY[:3]
    assert said(damaged, BIRCH, ["day"], ["older"]) == (
        "Day, older in Birch: 3 providers have room for 30 hours a week; which districts border on it is not known."
    )


@pytest.mark.parametrize(
    ("district", "types", "words"),
    [("Ash", [], 'district: found "Ash"'), (ASH, ["dusk"], 'service type of home: found "dusk"')],
)
def test_what_the_pack_has_not_is_said(tiny: Pack, district: str, types: list[str], words: str) -> None:
    with pytest.raises(SelectionError, match=words):
        room(tiny, "home", district, types)


@settings(max_examples=60, deadline=None)
@given(rows=capacity_rows(), district=st.sampled_from([ASH, BIRCH, CEDAR]))
def test_the_table_holds_every_room_once_and_nothing_else(tiny: Pack, rows: list[Row], district: str) -> None:
    changed = with_capacity(tiny, rows)
    found = room(changed, "home", district)
    near = {ASH: (BIRCH,), BIRCH: (ASH, CEDAR), CEDAR: (BIRCH,)}[district]
    expected = sum(max(0.0, row[4] - row[5]) for row in rows if row[1][1] in (district, *near))
    known = found["headroom_hours"].dropna()
    assert math.isclose(known.sum(), expected, abs_tol=1e-6)
    assert (known > 0).all()
    assert list(found["lies"]) == sorted(found["lies"], reverse=True), "the district's own come first"
    listed = found.dropna(subset=["provider_id"])
    assert not listed.duplicated(["provider_id", "district_code", "service_type", "cohort", "route"]).any()
    for text in said(changed, district, [], []).rstrip(".").split(". "):
        assert len(text.split()) <= MOST_WORDS
