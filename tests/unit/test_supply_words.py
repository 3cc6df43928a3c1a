"""Placement and stress in words and in tables: every number of a sentence worked out by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from pack_folder import PackFolder
from tiny_pack import ASH, BIRCH, CEDAR

from lib.market.ranked_lists.call_off import Lot
from lib.market.ranked_lists.placement import Spill, placed_list, spill
from lib.market.ranked_lists.resilience import stress
from lib.market.ranked_lists.stress_tables import by_district, placement_table, stress_table
from lib.market.ranked_lists.wording import (
    cost_words,
    growth_words,
    limits_sentence,
    lot_words,
    moves_sentence,
    provider_labels,
    route_words,
    spill_sentence,
    stress_sentence,
)
from lib.pack.load import Pack

ASH_DAY = Lot("home", ASH, "day", "older")
BIRCH_NIGHT = Lot("home", BIRCH, "night", "older")


def spilled(pack: Pack, lot: Lot, hours: float, delivered: float) -> Spill:
    return spill(pack, placed_list(pack, lot, hours), hours, delivered)


def test_names(tiny: Pack) -> None:
    assert lot_words(tiny, ASH_DAY) == "Ash: Day, older"
    assert lot_words(tiny, Lot("home", "E1", "day", "older")) == "E1: Day, older", "a code that no district has"
    assert route_words(tiny, "tier_1") == "tier 1"
    assert list(provider_labels(tiny)) == ["P3", "P2", "P4", "P1", "P5", "P6", "P7"], "in order of name"


def test_two_providers_of_one_name_are_told_apart(tiny_folder: PackFolder) -> None:
    tiny_folder.set("market/providers.csv", 2, "provider_name", "Fir Care")
    labels = provider_labels(tiny_folder.load())
    assert (labels["P1"], labels["P6"], labels["P5"]) == ("Fir Care (P1)", "Fir Care (P6)", "Elm Care")


def test_growth_in_brackets() -> None:
    assert growth_words(12.34) == " (+12.3% of its hours)"
    assert growth_words(math.nan) == ""


def test_where_new_hours_go_by_hand(tiny: Pack) -> None:
    # Tier 1 has room for 20 (P1) and 10 (P2), of 100 hours delivered; P3, on spot, for none.
    found = spilled(tiny, ASH_DAY, 25, 100)
    full = "Tier 1 is full at 30 (+30.0% of its hours) and spot has no room."
    assert spill_sentence(tiny, found, 25) == f"25 new hours a week: 25 on tier 1. {full}"
    assert spill_sentence(tiny, spilled(tiny, ASH_DAY, 42, 100), 42) == (
        f"42 new hours a week: 30 on tier 1 and 12 that nobody has room for. {full}"
    )
    assert spill_sentence(tiny, spilled(tiny, ASH_DAY, 0, 100), 0) == f"0 new hours a week: nothing to place. {full}"


def test_without_hours_today_there_is_nothing_to_grow_from(tiny: Pack) -> None:
    lot = Lot("home", ASH, "night", "older")
    assert limits_sentence(tiny, spilled(tiny, lot, 5, 0)) == "Tier 2 is full at 20."


def test_a_list_that_is_full_and_one_that_is_empty(tiny: Pack) -> None:
    assert spill_sentence(tiny, spilled(tiny, BIRCH_NIGHT, 6, 70), 6) == (
        "6 new hours a week: 6 that nobody has room for. Nobody on this list has room for another hour."
    )
    nobody = Lot("home", CEDAR, "night", "older")
    assert spill_sentence(tiny, spilled(tiny, nobody, 6, 0), 6) == (
        "No provider is on this list: 6 new hours a week would have nowhere to go."
    )


def summed(cost: float, first_rate: float, extra_cost: float) -> Spill:
    """A placement of which only the money matters."""
    return Spill(pd.DataFrame(), 0, 0.0, cost, first_rate, extra_cost)


@pytest.mark.parametrize(
    ("first_rate", "extra", "words"),
    [
        (
            25.0,
            1040.0,
            ". Spilling over tier 1 costs about £1,000 more a year than at the average rate of tier 1 (£25.00).",
        ),
        (25.0, -520.0, ". Spilling over tier 1 costs £520 less a year than at the average rate of tier 1 (£25.00)."),
        (25.0, 0.4, ": nothing beyond tier 1, so spilling over adds nothing."),
        (math.nan, math.nan, "."),
    ],
)
def test_what_spilling_over_costs(tiny: Pack, first_rate: float, extra: float, words: str) -> None:
    # 10 hours a week for 52 weeks at 25.00.
    said = cost_words(tiny, summed(13_000.0, first_rate, extra), 10.0)
    assert said == f"The placed hours cost £13,000 a year, £25.00 an hour on average{words}"


def test_nothing_placed_costs_nothing_worth_saying(tiny: Pack) -> None:
    assert cost_words(tiny, summed(0.0, 25.0, 0.0), 0.0) == ""


def test_an_exit_in_one_sentence_by_hand(tiny: Pack) -> None:
    # P1 leaves: 60 of 100 hours in Ash and 40 of 40 in Cedar, for 6 and 4 people; P2 takes 10. Its own room, 20 + 20
    # + 10 hours, is gone. Short before: 0 in each; after: Ash 110 - 50 = 60, Cedar 40 - 0 = 40.
    found = stress(tiny, ("P1",))
    assert stress_sentence(tiny, "home", found, 1, 0) == (
        "100 hours a week in 2 lots must move, for about 10 adults: 10 find room on the same lists and 90 do not; "
        "50 hours of headroom are lost. The shortfall, lot by lot, grows by 100 hours a week."
    )
    assert stress_sentence(tiny, "home", stress(tiny), 0, 0) == (
        "Choose a provider that leaves, or one that falls below the quality gate."
    )
    other = stress_sentence(tiny, "respite", found, 1, 0)
    assert other.startswith("0 hours a week in 0 lots must move, for about 0 children")


def test_a_downgrade_moves_nobody(tiny: Pack) -> None:
    # P1 is on tier 1 in Ash day (20 free) and in Cedar (10 free); on tier 2, in Ash night, it may take new hours.
    assert stress_sentence(tiny, "home", stress(tiny, (), ("P1",)), 0, 1) == (
        "30 hours of headroom are lost. The shortfall, lot by lot, grows by 0 hours a week."
    )


def test_moves_in_words(tiny: Pack) -> None:
    columns = ["move", "delivered_hours", "district_code"]
    rows = pd.DataFrame([("moves in", 10.0, ASH), ("moves out", 7.0, ASH), ("moves out", 5.0, BIRCH)], columns=columns)
    assert moves_sentence(tiny, rows, 3, 1) == (
        "In 2 districts, 1 place in tier 1 would be won and 2 lost, with 12 hours a week delivered by those that leave "
        "it. Ranked lists with nobody on tier 1: 3 on 31 March 2025, 1 then."
    )
    assert moves_sentence(tiny, rows[:0], 3, 3) == "Nobody moves into or out of tier 1."


class TestTables:
    def test_by_district_by_hand(self, tiny: Pack) -> None:
        rows = by_district(tiny, "home", stress(tiny, ("P1",))).set_index("district_code")
        assert list(rows["district_name"]) == ["Ash", "Birch", "Cedar"]
        # Ash delivers 160 and has 130 + 60 + 20 - 160 = 50 hours free; Cedar delivers 40 and has 10 free.
        assert rows["moved_hours"].to_list() == [60, 0, 40]
        assert rows["unplaced_hours"].to_list() == [50, 0, 40]
        assert rows["people_affected"].to_list() == [6, 0, 4]
        assert rows["lost_headroom_hours"].to_list() == [40, 0, 10]
        assert rows["moved_share"].to_list() == [60 / 160, 0, 1]
        assert rows["unplaced_share"].to_list() == [50 / 160, 0, 1]
        assert rows["lost_share"].to_list() == [40 / 50, 0, 1]

    def test_a_share_without_a_denominator_is_empty(self, tiny: Pack) -> None:
        rows = by_district(tiny, "respite", stress(tiny, ("P4",))).set_index("district_code")
        assert rows.loc[CEDAR, "moved_share"] == 1
        assert rows.loc[[ASH, BIRCH], ["moved_share", "unplaced_share", "lost_share"]].isna().all().all()
        assert math.isnan(rows.loc[CEDAR, "lost_share"]), "Cedar has 5 hours less than it delivers: no headroom to lose"

    def test_lots_with_most_hours_without_room_come_first(self, tiny: Pack) -> None:
        rows = stress_table(tiny, "home", stress(tiny, ("P1",)))
        assert list(rows["district"]) == ["Ash", "Cedar", "Ash"]
        assert list(rows["lot"]) == ["Day, older", "Day, older", "Night, older"]
        assert rows["unplaced_hours"].to_list() == [50, 40, 0]
        assert rows["lost_headroom_hours"].to_list() == [20, 10, 20]
        assert stress_table(tiny, "respite", stress(tiny, ("P1",))).empty

    def test_who_takes_the_hours_by_hand(self, tiny: Pack) -> None:
        rows = placement_table(tiny, "home", stress(tiny, ("P1",)))
        name = "<img src=x onerror=alert(1)>"  # P2's
        assert rows.drop(columns="rank").to_numpy().tolist() == [
            ["Ash", "Day, older", "Tier 1", name, 10],
            ["Ash", "Day, older", "Unplaced", "nobody has room", 50],
            ["Cedar", "Day, older", "Unplaced", "nobody has room", 40],
        ]
        assert rows["rank"].fillna(0).to_list() == [2, 0, 0]
