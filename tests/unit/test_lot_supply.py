"""The lots at a glance, and the kinds of places: by stated rules, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from pack_folder import PackFolder
from random_lists import ASH_DAY, Row, with_capacity
from tiny_pack import ASH, BIRCH, CEDAR

from lib.market.ranked_lists.lot_supply import Headlines, headlines, lot_supply, supply_sentence
from lib.market.rural_pockets import places, pockets, pockets_sentence
from lib.market.rurality import county_rural_share
from lib.market.selection import select
from lib.pack.load import LOT, Pack

CAPACITY, DISTRICTS, REQUESTS = "market/capacity.csv", "reference/districts.csv", "market/requests.csv"


def test_every_lot_by_hand(tiny: Pack) -> None:
    # See the table in tiny_pack. On tier 1: Ash day, P1 20 + P2 10 of room for 100 hours; Cedar, P1 10 for 40.
    lots = lot_supply(tiny, "home")
    assert list(zip(lots["district_code"], lots["service_type"], lots["cohort"], strict=True)) == [
        (district, service_type, cohort)
        for district in (ASH, BIRCH, CEDAR)
        for service_type, cohort in (("day", "older"), ("day", "younger"), ("night", "older"))
    ]
    assert lots["providers"].tolist() == [3, 1, 1, 3, 0, 1, 1, 0, 0]
    assert lots["mark"].tolist() == ["", "one", "one", "", "empty", "one", "one", "empty", "empty"]
    assert lots["people"].tolist() == [10, 5, 0, 20, 0, 1, 4, 0, 0]
    assert lots["demand_hours"].tolist() == [110, 65, 0, 200, 0, 100, 40, 0, 0]
    assert lots["headroom_hours"].tolist() == [30, 0, 20, 30, 0, 0, 10, 0, 0]
    assert lots["shortfall_hours"].tolist() == [0, 5, 0, 0, 0, 30, 0, 0, 0]
    assert lots["first_free_hours"].tolist() == [30, 0, 0, 0, 0, 0, 10, 0, 0]
    growth = lots["first_growth_pct"]
    assert growth.fillna(-1).tolist() == [30, 0, -1, 0, -1, 0, 25, -1, -1], "empty where nothing is delivered"
    assert lots["largest_provider_share"].fillna(-1).tolist() == [0.6, 1, -1, 0.8, -1, 1, 1, -1, -1]
    # Ash day: 60, 30 and 10 percent: 3,600 + 900 + 100.
    assert lots["hhi"].iloc[0] == pytest.approx(4600)


def test_a_lot_that_waits_with_nobody_on_its_list_is_marked(tiny_folder: PackFolder) -> None:
    tiny_folder.keep_rows(CAPACITY, lambda row: row["service_type"] != "night")
    night = tiny_folder.find("market/demand.csv", district_code=BIRCH, service_type="night")
    tiny_folder.set("market/demand.csv", night, "hours_per_week", "0")
    pack = tiny_folder.load()
    lots = lot_supply(pack, "home").set_index(["district_code", "service_type", "cohort"])
    assert lots.at[(BIRCH, "night", "older"), "mark"] == "none"
    assert lots.at[(ASH, "night", "older"), "mark"] == "empty"
    known = headlines(pack, "home")
    assert (known.lists, known.single, known.without) == (5, 2, 1)
    assert supply_sentence(pack, "home", known).startswith(
        "Of 5 ranked lists, 2 rest on a single provider and 1 has no provider at all; if "
    )


def test_the_headlines_by_hand(tiny: Pack) -> None:
    # Room: Ash 20 + 10, night 20, Birch 5 + 20 + 5, Cedar 10 = 90, of which tier 1 20 + 10 + 10. Tier 1 delivers
    # 60 + 30 + 40 = 130; P2, which is Poor, 30 of them. Not rated: P3, 230 of 470.
    assert headlines(tiny, "home") == Headlines(
        lists=6,
        single=4,
        without=0,
        first_full=0,
        headroom=90,
        first_headroom=40,
        below_gate_hours=30,
        below_gate_share=30 / 130,
        below_gate_providers=1,
        not_rated_share=230 / 470,
        riskiest="${alert(1)}",
        riskiest_unplaced=195,
        riskiest_hours=230,
    )


def test_a_service_off_the_framework(tiny: Pack) -> None:
    known = headlines(tiny, "respite")
    assert (known.lists, known.single, known.first_full, known.headroom, known.first_headroom) == (1, 1, 0, 0, 0)
    assert pd.isna(known.below_gate_share), "nothing is delivered on a first tier"
    assert supply_sentence(tiny, "respite", known) == (
        "Of 1 list, 1 rests on a single provider; if =1+1 left, 20 of its 20 hours a week would have nowhere to go."
    )


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("P7", ASH_DAY, "spot", None, 0, 0, 20)], "No care is bought, waited for or offered."),
        ([], "Who is on any of 9 ranked lists is not known: market/capacity.csv has no rows for this service."),
        (
            [("P1", ASH_DAY, "tier_1", 1, 50, 10, 20), ("P2", ASH_DAY, "spot", None, 50, 20, 20)],
            "The only ranked list has at least two providers.",
        ),
        (
            # P1 offers nothing more than it delivers, and P2 not even that: tier 1 is full all the same.
            [("P1", ASH_DAY, "tier_1", 1, 10, 10, 20), ("P2", ASH_DAY, "tier_1", 2, 0, 5, 20)],
            "Of 1 ranked list, tier 1 has no room left in 1; if Alder Care left, 10 of its 10 hours a week would have "
            "nowhere to go.",
        ),
        (
            [("P2", ASH_DAY, "tier_1", 1, 0, 5, 20), ("P1", ASH_DAY, "spot", None, 10, 0, 20)],
            "Of 1 ranked list, tier 1 has no room left in 1.",
        ),
        (
            # 0.1 + 0.2 of room for 0.3 hours: nothing is left without a place.
            [
                ("P1", ASH_DAY, "tier_1", 1, 1, 0.3, 20),
                ("P2", ASH_DAY, "tier_1", 2, 0.1, 0, 20),
                ("P3", ASH_DAY, "spot", None, 0.2, 0, 20),
            ],
            "The only ranked list has at least two providers.",
        ),
    ],
)
def test_the_sentence_of_other_markets(tiny: Pack, rows: list[Row], sentence: str) -> None:
    pack = with_capacity(tiny, rows)
    pack = idle(pack)
    assert supply_sentence(pack, "home", headlines(pack, "home")) == sentence


def idle(pack: Pack) -> Pack:
    """The pack where nothing is bought and every request was placed."""
    demand = pack.table("demand").assign(people=0, hours_per_week=0.0)
    requests = pack.table("requests")
    requests = requests.assign(placed_on=requests["requested_on"])
    return replace(pack, tables={**pack.tables, "demand": demand, "requests": requests})


def test_the_headlines_of_the_default_pack(pack: Pack) -> None:
    capacity = pack.table("capacity").query("service == 'domiciliary_care'")
    capacity["free"] = (capacity["capacity_hours"] - capacity["delivered_hours"]).clip(lower=0)
    serving = capacity[(capacity["capacity_hours"] > 0) | (capacity["delivered_hours"] > 0)]
    providers = serving.groupby(LOT)["provider_id"].nunique()
    first = serving[serving["route"] == "tier_1"]
    known = headlines(pack, "domiciliary_care")
    assert (known.lists, known.single, known.without) == (len(providers), int((providers == 1).sum()), 0)
    assert known.first_full == int((first.groupby(LOT)["free"].sum() == 0).sum())
    assert (known.headroom, known.first_headroom) == (capacity["free"].sum(), first["free"].sum())
    sentence = supply_sentence(pack, "domiciliary_care", known)
    assert sentence.startswith(
        f"Of {known.lists} ranked lists, {known.single} rest on a single provider and tier 1 has no room left in "
        f"{known.first_full}; if {known.riskiest} left, "
    )
    assert sentence.endswith(" hours a week would have nowhere to go.")
    children = headlines(pack, "short_breaks")
    assert supply_sentence(pack, "short_breaks", children).startswith(
        "Every one of 12 lists has at least two providers"
    )


def test_the_countys_rural_share_by_hand(tiny: Pack, pack: Pack) -> None:
    # 65+ in 2024: Ash 500 at 0.1, Birch 1,000 at 0.5, Cedar 800 at 1: (50 + 500 + 800) / 2,300.
    assert county_rural_share(tiny, 2024) == 1350 / 2300
    # 2023 has no residents of 65 and over in this pack: the districts count alike.
    assert county_rural_share(tiny, 2023) == pytest.approx(1.6 / 3)
    kinds = places(tiny, "home")
    assert kinds["district_code"].tolist() == [ASH, BIRCH, CEDAR]
    assert kinds["rural"].tolist() == [False, False, True]
    assert kinds["borders_london"].tolist() == [False, True, False]
    people = pack.table("population")
    older = people[(people["year"] == 2024) & people["age_band"].isin(["65-74", "75-84", "85-89", "90+"])]
    shares = pack.table("districts").set_index("district_code")["rural_share_65"]
    expected = (older["persons"] * older["district_code"].map(shares)).sum() / older["persons"].sum()
    assert county_rural_share(pack, 2024) == pytest.approx(expected)


def rural_shares(folder: PackFolder, **shares: str) -> None:
    for name, share in shares.items():
        folder.set(DISTRICTS, folder.find(DISTRICTS, district_name=name), "rural_share_65", share)


def cedar_on_spot(folder: PackFolder) -> None:
    folder.set(CAPACITY, folder.find(CAPACITY, provider_id="P1", district_code=CEDAR), "route", "spot")


def sentence_of(pack: Pack) -> str:
    selection = select(pack, "home", group_by="side")
    return pockets_sentence(pack, selection, pockets(pack, selection))


def test_pockets_by_rule(tiny: Pack) -> None:
    # Spot: Ash 70 of 160, Birch 160 of 270, Cedar none of 40; the county 230 of 470. Birch is not rural.
    rows = pockets(tiny, select(tiny, "home")).set_index("area_name")
    assert rows["spot_share"].tolist() == [70 / 160, 160 / 270, 0]
    assert rows["rural"].tolist() == [False, False, True]
    assert rows["pocket"].tolist() == [False, False, False]
    assert sentence_of(tiny) == "No rural district buys more off the framework than Testshire as a whole (48.9%)."


def test_one_pocket_by_hand(tiny_folder: PackFolder) -> None:
    # Rural: (50 + 900 + 800) / 2,300 = 0.76 in the county. Waiting: 30 of 45 hours; demand: 300 of 515. Sourcing: 3 and
    # 12 days in Birch, 10 and 4 in Ash: medians 7.5 and 7.
    rural_shares(tiny_folder, Birch="0.9")
    pack = tiny_folder.load()
    assert pockets(pack, select(pack, "home"))["pocket"].tolist() == [False, True, False]
    assert sentence_of(pack) == (
        "Birch (59.3%, of 2 providers) is a rural pocket of spot purchase, against 48.9% in Testshire as a whole; with "
        "58.3% of demand it has 66.7% of the hours that wait, and sourcing takes 7.5 days (median, from 2 requests) "
        "against 7.0 (from 4 requests)."
    )


def test_several_pockets_the_most_spot_first(tiny_folder: PackFolder) -> None:
    # With Cedar on spot the county's share is 270 of 470. Demand: 340 of 515. Cedar has nothing placed in the year.
    rural_shares(tiny_folder, Birch="0.9")
    cedar_on_spot(tiny_folder)
    assert sentence_of(tiny_folder.load()) == (
        "Cedar (100.0%, of 1 provider) and Birch (59.3%, of 2 providers) are rural pockets of spot purchase, against "
        "57.4% in Testshire as a whole; with 66.0% of demand they have 66.7% of the hours that wait, and sourcing "
        "takes 7.5 days (median, Birch from 2 requests) against 7.0 (from 4 requests)."
    )
    row = tiny_folder.find(REQUESTS, request_id="R4")
    for column, value in (("district_code", CEDAR), ("ward_code", "")):
        tiny_folder.set(REQUESTS, row, column, value)
    counted = tiny_folder.find("market/history.csv", month="2025-02", district_code=ASH, cohort="older")
    tiny_folder.set("market/history.csv", counted, "new_requests", "0")
    told = "4.0 to 7.5 days (median, Cedar from 1 request, Birch from 2 requests) against 7.0 (from 4 requests)."
    assert f"sourcing takes {told}" in sentence_of(tiny_folder.load())


def test_where_everything_is_spot_the_rural_districts_are_told_by_what_waits(tiny_folder: PackFolder) -> None:
    # Respite is bought in Cedar alone, 2 of its 22 hours wait, and none was placed in the year. In 2023 nobody is known
    # to be 65 or over, so that the county's rural share is the plain mean of 0.1, 0.5 and 1: only Cedar is above it.
    def sentence(folder: PackFolder) -> str:
        pack = folder.load()
        selection = select(pack, "respite")
        return pockets_sentence(pack, selection, pockets(pack, selection))

    start = "Every hour is bought off a framework; "
    assert sentence(tiny_folder) == (
        f"{start}1 of 3 districts is rural: with 100.0% of demand it has 100.0% of the hours that wait."
    )
    tiny_folder.keep_rows(REQUESTS, lambda row: False)
    assert sentence(tiny_folder) == f"{start}1 of 3 districts is rural."
    rural_shares(tiny_folder, Ash="0.5", Cedar="0.5")
    assert sentence(tiny_folder) == f"{start}no district is more rural than the county as a whole."


def test_pockets_without_waiting_or_placements(tiny_folder: PackFolder) -> None:
    rural_shares(tiny_folder, Birch="0.9")
    for request in ("R1", "R2", "R7"):
        tiny_folder.set(REQUESTS, tiny_folder.find(REQUESTS, request_id=request), "hours_per_week", "0")
    start = "Birch (59.3%, of 2 providers) is a rural pocket of spot purchase, against 48.9% in Testshire as a whole"
    told = "7.5 days (median, from 2 requests) against 7.0 (from 4 requests)."
    assert sentence_of(tiny_folder.load()) == f"{start}; sourcing takes {told}"
    tiny_folder.keep_rows(REQUESTS, lambda row: False)
    assert sentence_of(tiny_folder.load()) == f"{start}."


def test_no_hours_no_pockets(tiny: Pack) -> None:
    pack = idle(with_capacity(tiny, [("P1", ASH_DAY, "tier_1", 1, 10, 0, 20)]))
    assert sentence_of(pack) == "No hours are delivered, so there is no spot share to compare."
    assert not pockets(pack, select(pack, "home"))["pocket"].any()
