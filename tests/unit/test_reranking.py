"""The ranked lists reissued: today's order again, the limit of places, the gate, and what a weight does."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_folder import PackFolder
from random_lists import ASH_DAY, ASH_NIGHT, Row, capacity_rows, with_capacity
from tiny_pack import ASH, BIRCH

from lib.market.quality import passes_gate
from lib.market.ranked_lists.reranking import moves, rerank
from lib.pack.faults import SelectionError
from lib.pack.load import LOT, Pack

HOME_CARE = "domiciliary_care"
COLUMNS = [
    *LOT,
    "provider_id",
    "provider_name",
    "passes_gate",
    "capacity_hours",
    "delivered_hours",
    "free_hours",
    "hourly_rate",
    "performance_score",
    "route_today",
    "rank_today",
    "route_new",
    "rank_new",
    "move",
]
weights = st.sampled_from([0.0, 0.25, 0.5, 1.0])


def reissued(pack: Pack, lists: pd.DataFrame) -> Pack:
    """The pack with reissued lists in the place of today's."""
    capacity = pack.table("capacity")
    new = lists.set_index([*LOT, "provider_id"])[["route_new", "rank_new"]]
    key = pd.MultiIndex.from_frame(capacity[[*LOT, "provider_id"]])
    listed = key.isin(new.index)
    for column in ("route", "rank"):
        values = new[f"{column}_new"].reindex(key).set_axis(capacity.index)
        capacity[column] = capacity[column].where(~listed, values)
    return replace(pack, tables={**pack.tables, "capacity": capacity.astype({"rank": "Int64"})})


def order_of(lists: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return list(lists[list(columns)].itertuples(index=False, name=None))


def test_todays_weights_give_todays_lists(pack: Pack) -> None:
    lists = rerank(pack, HOME_CARE, pack.manifest.ranked_lists.performance_weight, keep_tiers=True)
    capacity = pack.table("capacity")
    framework = capacity[capacity["route"].isin(["tier_1", "tier_2"])]
    assert list(lists.columns) == COLUMNS
    assert len(lists) == len(framework) > 400
    assert (lists["rank_new"] == lists["rank_today"]).all()
    assert (lists["route_new"] == lists["route_today"]).all()
    assert set(lists["move"]) == {"stays"}
    assert moves(lists).empty


@pytest.mark.parametrize("weight", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("places", [None, 3, 10])
@pytest.mark.parametrize("gate", [True, False])
def test_reissued_lists_of_the_default_pack(pack: Pack, weight: float, places: int | None, gate: bool) -> None:
    lists = rerank(pack, HOME_CARE, weight, places, gate)
    today = rerank(pack, HOME_CARE, weight, keep_tiers=True)
    key = [*LOT, "provider_id"]
    assert sorted(order_of(lists, *key)) == sorted(order_of(today, *key)), "nobody joins or leaves the framework"
    first = lists[lists["route_new"] == "tier_1"]
    held = first.groupby("district_code")["provider_id"].nunique()
    passing = passes_gate(pack)
    if gate:
        assert first["provider_id"].map(passing).all()
    if places is not None:
        able = lists[lists["passes_gate"]] if gate else lists
        available = able.groupby("district_code")["provider_id"].nunique()
        assert held.to_dict() == available.clip(upper=places).to_dict(), "every place that can be filled is filled"
    routes = lists.groupby(["district_code", "provider_id"])["route_new"].nunique()
    assert (routes == 1).all(), "a provider holds its tier in a whole district"
    for _, listed in lists.groupby([*LOT, "route_new"]):
        assert listed["rank_new"].tolist() == list(range(1, len(listed) + 1))
    assert (lists["move"] == "moves in").equals(lists["route_new"].eq("tier_1") & lists["route_today"].ne("tier_1"))
    assert (lists["move"] == "moves out").equals(lists["route_new"].ne("tier_1") & lists["route_today"].eq("tier_1"))
    again = rerank(reissued(pack, lists), HOME_CARE, weight, places, gate)
    assert set(again["move"]) == {"stays"}
    pd.testing.assert_frame_equal(
        again[[*key, "route_new", "rank_new"]], lists[[*key, "route_new", "rank_new"]], check_dtype=False
    )


@pytest.mark.parametrize(
    ("weight", "column", "rising"), [(1.0, "performance_score", False), (0.0, "hourly_rate", True)]
)
@pytest.mark.parametrize("keep_tiers", [True, False])
def test_a_weight_of_all_or_nothing(pack: Pack, weight: float, column: str, rising: bool, keep_tiers: bool) -> None:
    lists = rerank(pack, HOME_CARE, weight, 10, keep_tiers=keep_tiers)
    for _, listed in lists.groupby([*LOT, "route_new"]):
        values = listed[column]
        assert values.is_monotonic_increasing if rising else values.is_monotonic_decreasing


# Two lots of Ash, all on tier 1 or 2. Half performance, half price, against the lowest rate of the lot, £20.00:
#
#   provider  passes  tier  lot    capacity  rate  score  mark                        mean
#   P1        yes        1  day          30    25     60  0.30 + 0.5 x 20/25 = 0.700
#                           night        10    40     60  0.30 + 0.5 x 20/40 = 0.550  (21.0 + 5.5) / 40 = 0.6625
#   P5        yes        2  day          10    20     50  0.25 + 0.50        = 0.750  0.750
#   P7        yes        2  night        10    20     20  0.10 + 0.50        = 0.600  0.600
#   P2        no         1  day          50    20     90  0.45 + 0.50        = 0.950  0.950, fails the gate
ASH_ROWS: list[Row] = [
    ("P1", ASH_DAY, "tier_1", 1, 30, 0, 25),
    ("P1", ASH_NIGHT, "tier_1", 1, 10, 5, 40),
    ("P2", ASH_DAY, "tier_1", 2, 50, 20, 20),
    ("P5", ASH_DAY, "tier_2", 1, 10, 4, 20),
    ("P7", ASH_NIGHT, "tier_2", 1, 10, 0, 20),
]
SCORES = [60.0, 60.0, 90.0, 50.0, 20.0]


@pytest.mark.parametrize(
    ("places", "gate", "first"),
    [
        (1, True, {"P5"}),
        (2, True, {"P5", "P1"}),
        (3, True, {"P5", "P1", "P7"}),
        (10, True, {"P5", "P1", "P7"}),
        (1, False, {"P2"}),
        (2, False, {"P2", "P5"}),
        (None, False, {"P1", "P2", "P5", "P7"}),
    ],
)
def test_the_first_tier_worked_out_by_hand(tiny: Pack, places: int | None, gate: bool, first: set[str]) -> None:
    lists = rerank(with_capacity(tiny, ASH_ROWS, SCORES), "home", 0.5, places, gate)
    assert set(lists.loc[lists["route_new"] == "tier_1", "provider_id"]) == first


def test_the_lists_and_moves_by_hand(tiny: Pack) -> None:
    # One place, with the gate: P5 holds it. Tier 2 of the day: P2 0.95 (the list's own lowest rate is £20.00), P1 0.70;
    # of the night: P7 0.60, P1 0.55.
    lists = rerank(with_capacity(tiny, ASH_ROWS, SCORES), "home", 0.5, 1)
    assert order_of(lists, "service_type", "provider_id", "route_new", "rank_new", "move") == [
        ("day", "P5", "tier_1", 1, "moves in"),
        ("day", "P2", "tier_2", 1, "moves out"),
        ("day", "P1", "tier_2", 2, "moves out"),
        ("night", "P7", "tier_2", 1, "stays"),
        ("night", "P1", "tier_2", 2, "moves out"),
    ]
    assert moves(lists).drop(columns="provider_name").to_dict("list") == {
        "district_code": [ASH, ASH, ASH],
        "provider_id": ["P5", "P2", "P1"],
        "move": ["moves in", "moves out", "moves out"],
        "lots": [1, 1, 2],
        "delivered_hours": [4, 20, 5],
        "free_hours": [6, 30, 35],
        "passes_gate": [True, False, True],
    }


def test_who_cannot_be_scored_stands_last(tiny: Pack) -> None:
    # P5 has no score, P6 no rate: last, in today's order; P7 has the worst score and the best rate.
    rows: list[Row] = [
        ("P5", ASH_DAY, "tier_1", 1, 10, 0, 20),
        ("P6", ASH_DAY, "tier_1", 2, 10, 0, 0),
        ("P1", ASH_DAY, "tier_1", 3, 10, 0, 30),
        ("P7", ASH_DAY, "tier_1", 4, 10, 0, 25),
    ]
    pack = with_capacity(tiny, rows, [math.nan, 99, 80, 10])
    kept = rerank(pack, "home", 1.0, keep_tiers=True)
    assert order_of(kept, "provider_id", "rank_new") == [("P1", 1), ("P7", 2), ("P5", 3), ("P6", 4)]
    moved = rerank(pack, "home", 1.0, gate=False)
    assert order_of(moved, "provider_id", "route_new", "rank_new") == [
        ("P1", "tier_1", 1),
        ("P7", "tier_1", 2),
        ("P5", "tier_2", 1),
        ("P6", "tier_2", 2),
    ]


def test_a_market_that_nobody_can_be_scored_in_keeps_its_order(tiny: Pack) -> None:
    rows: list[Row] = [("P5", ASH_DAY, "tier_1", 2, 10, 0, 20), ("P1", ASH_DAY, "tier_1", 1, 10, 0, 20)]
    lists = rerank(with_capacity(tiny, rows, [math.nan, math.nan]), "home", 0.5, keep_tiers=True)
    assert order_of(lists, "provider_id", "rank_new") == [("P1", 1), ("P5", 2)]


def test_a_service_off_the_framework_has_no_lists(tiny: Pack) -> None:
    lists = rerank(tiny, "respite", 0.5)
    assert list(lists.columns) == COLUMNS
    assert lists.empty
    assert moves(lists).empty


@pytest.mark.parametrize(
    ("weight", "places", "sentence"),
    [
        (1.2, None, 'performance weight: found "1.2", expected 0 to 1'),
        (-0.1, None, 'performance weight: found "-0.1", expected 0 to 1'),
        (math.nan, None, 'performance weight: found "nan", expected 0 to 1'),
        (0.5, 0, 'places: found "0", expected 1 or more'),
        (0.5, -3, 'places: found "-3", expected 1 or more'),
    ],
)
def test_what_cannot_be_reissued_is_one_sentence(tiny: Pack, weight: float, places: int | None, sentence: str) -> None:
    with pytest.raises(SelectionError) as caught:
        rerank(tiny, "home", weight, places)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("only", ["tier_1", "tier_2"])
def test_a_framework_of_one_tier_is_refused(tiny_folder: PackFolder, only: str) -> None:
    other = {"tier_1": "tier_2", "tier_2": "tier_1"}[only]

    def one_tier(document: dict[str, dict[str, dict[str, object]]]) -> None:
        document["routes"][other]["framework"] = False

    tiny_folder.change_json("datapackage.json", one_tier)
    with pytest.raises(SelectionError, match=r"^re-ranking: found a framework of one tier, expected two$"):
        rerank(tiny_folder.load(), "home", 0.5)


@settings(deadline=None, max_examples=25)
@given(
    rows=capacity_rows(),
    weight=weights,
    places=st.one_of(st.none(), st.integers(1, 4)),
    gate=st.booleans(),
    data=st.data(),
)
def test_reissuing_twice_changes_nothing_in_any_market(
    tiny: Pack, rows: list[Row], weight: float, places: int | None, gate: bool, data: st.DataObject
) -> None:
    # A provider is listed once in a lot, and some have no score.
    once = list({row[:2]: row for row in rows}.values())
    one = st.sampled_from([math.nan, 20.0, 50.0, 90.0])
    pack = with_capacity(tiny, once, data.draw(st.lists(one, min_size=len(once), max_size=len(once))))
    lists = rerank(pack, "home", weight, places, gate)
    first = lists[lists["route_new"] == "tier_1"].groupby("district_code")["provider_id"].agg(set)
    assert all(len(held) <= (places or 7) for held in first)
    if gate:
        assert all(held <= {"P1", "P5", "P7"} for held in first)
    for _, listed in lists.groupby([*LOT, "route_new"]):
        assert sorted(listed["rank_new"]) == list(range(1, len(listed) + 1))
    again = rerank(reissued(pack, lists), "home", weight, places, gate)
    key = [*LOT, "provider_id"]
    assert order_of(again, *key, "route_new", "rank_new") == order_of(lists, *key, "route_new", "rank_new")
    assert set(again["move"]) <= {"stays"}
    assert set(lists["district_code"]) <= {ASH, BIRCH}
