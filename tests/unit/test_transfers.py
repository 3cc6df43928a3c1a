"""Candidates for a transfer of care, worked out by hand on the tiny pack with wards and placed requests of our own.

On one meridian from 52 degrees north, kilometres in a straight line: W1 (Ash) 0, W2 (Birch) 40, W3 (Birch) 42. By road
a way is 1.3 times as long. P1 delivers 100 hours in Ash (two rows of day older) and none in Birch but what a test gives
it; P3 delivers 160 hours of day older in Birch, of 165; P5 40 of 60.
"""

from __future__ import annotations

import math

import pytest
from pack_folder import PackFolder
from tiny_pack import ASH, BIRCH, CEDAR

from lib.market.transfers import lone_packages, placed_packages, thin_presence
from lib.pack.faults import PackError
from lib.pack.load import Pack, load_pack

REQUESTS, CAPACITY, WARDS = "market/requests.csv", "market/capacity.csv", "reference/wards.csv"
KM = 360 / (2 * math.pi * 6371)
PLACED = [
    # name, district, ward, hours, placed on, provider
    ("A1", ASH, "W1", "10", "2025-01-30", "P1"),
    ("A2", ASH, "W1", "10", "2025-02-28", "P1"),
    ("A3", BIRCH, "W2", "12", "2024-12-31", "P1"),
    ("B1", BIRCH, "W2", "8", "2025-01-31", "P3"),
    ("B2", BIRCH, "W3", "9", "2025-01-31", "P3"),
    ("C1", BIRCH, "W2", "7", "2025-01-31", "P5"),
]


@pytest.fixture
def ours(tiny_folder: PackFolder) -> PackFolder:
    """The tiny pack with P1 in Birch: 20 hours of day older there, and its package A3 in W2."""
    header = tiny_folder.rows(WARDS)[0]
    points = {"W1": (ASH, 0), "W2": (BIRCH, 40), "W3": (BIRCH, 42)}
    values = [
        {"ward_code": code, "ward_name": f"Ward {code}", "district_code": district, "latitude": 52 + north * KM,
         "longitude": 0.5}
        for code, (district, north) in points.items()
    ]  # fmt: skip
    tiny_folder.write(WARDS, [header, *([str(row.get(name, "")) for name in header] for row in values)])
    requests = [[*row, ""] for row in tiny_folder.rows(REQUESTS)]
    requests[0][-1] = "provider_id"
    for name, district, ward, hours, placed, provider in PLACED:
        lot = ["home", district, ward, "day", "older", hours]
        requests.append([name, *lot, placed, placed, "spot", provider])
    tiny_folder.write(REQUESTS, requests)
    tiny_folder.append(CAPACITY, ["P1", "home", BIRCH, "day", "older", "spot", "", "20", "20", "25.00", ""])
    return tiny_folder


def found(folder: PackFolder) -> Pack:
    return load_pack(folder.root)


def test_packages_are_placed_requests_that_name_provider_and_ward(ours: PackFolder) -> None:
    rows = placed_packages(found(ours), "home").set_index("request_id")
    assert rows.index.tolist() == ["A1", "A2", "A3", "B1", "B2", "C1"]
    assert rows["days_with"].to_dict() == {"A1": 60, "A2": 31, "A3": 90, "B1": 59, "B2": 59, "C1": 59}


def test_a_lone_package_by_hand(ours: PackFolder) -> None:
    """A3 is 40 km x 1.3 = 52 km from A1 and A2. P3 has two packages within 3 km (0 and 2.6): it is there already.

    P3 has 165 - 160 = 5 hours left, too few for 12. P5 has one package alone, and is no provider that is there already.
    """
    rows = lone_packages(found(ours), "home", far_km=50, near_km=3, carer_hours=25)
    (row,) = rows.to_dict("records")
    assert (row["request_id"], row["provider_id"], row["ward_code"], row["days_with"]) == ("A3", "P1", "W2", 90)
    assert row["nearest_km"] == pytest.approx(52.0, abs=0.01)
    assert row["own_hours"] == 20
    assert (row["beside_id"], row["beside_packages"], row["beside_hours"], row["room_hours"]) == ("P3", 2, 17, 5)


@pytest.mark.parametrize(
    ("far", "near", "week", "why"),
    [
        (52.5, 3.0, 25.0, "A3 is 52 km away"),
        (50.0, 2.5, 25.0, "P3's second package is 2.6 km away"),
        (50.0, 3.0, 10.0, "P1 delivers 20 hours in Birch, two weeks of 10"),
    ],
)
def test_no_candidate(ours: PackFolder, far: float, near: float, week: float, why: str) -> None:
    assert lone_packages(found(ours), "home", far, near, week).empty, why


def test_a_provider_with_one_package_has_no_others_to_be_far_from(ours: PackFolder) -> None:
    ours.keep_rows(REQUESTS, lambda row: row["request_id"] not in ("A1", "A2"))
    assert lone_packages(found(ours), "home", 50, 3, 25).empty


def test_of_two_that_are_there_already_one_with_room_comes_first(ours: PackFolder) -> None:
    """P5 has 60 - 40 = 20 hours left; with a second package nearby it is named before P3, whose two have more hours."""
    ours.append(REQUESTS, ["C2", "home", BIRCH, "W3", "day", "older", "3", "2025-01-31", "2025-01-31", "spot", "P5"])
    (row,) = lone_packages(found(ours), "home", 50, 3, 25).to_dict("records")
    assert (row["beside_id"], row["beside_packages"], row["room_hours"]) == ("P5", 2, 20)


def test_room_that_nobody_knows_is_not_known(ours: PackFolder) -> None:
    ours.set(CAPACITY, ours.find(CAPACITY, provider_id="P3", district_code=BIRCH), "capacity_hours", "")
    (row,) = lone_packages(found(ours), "home", 50, 3, 25).to_dict("records")
    assert row["beside_id"] == "P3"
    assert math.isnan(row["room_hours"])


def test_by_district_by_hand(ours: PackFolder) -> None:
    """P1 delivers 20 hours in Birch, less than two weeks of 25, and 90 in Ash and 40 in Cedar.

    Cedar has no ward, and so no middle, and with 40 hours is thin itself. The middle of Birch is at 41 km, that of Ash
    at 0: 41 x 1.3 = 53.3 km. P3 delivers 160 hours of day older in Birch with 5 left, P5 40 with 20 left: P5 has room
    for all 20. A3 was placed there.
    """
    rows = thin_presence(found(ours), "home", far_km=50, carer_hours=25)
    (row,) = rows.to_dict("records")
    assert (row["provider_id"], row["district_code"], row["lots"]) == ("P1", BIRCH, (("day", "older"),))
    assert row["delivered_hours"] == 20
    assert (row["nearest_code"], round(row["nearest_km"], 1)) == (ASH, 53.3)
    assert (row["beside_id"], row["beside_hours"], row["has_room"], row["packages"]) == ("P5", 40, True, 1)
    assert thin_presence(found(ours), "home", far_km=54, carer_hours=25).empty


def test_by_district_without_room_or_with_unknown_room(ours: PackFolder) -> None:
    """With 50 of 60 hours delivered P5 has no room either, and P3 has most hours; its unknown capacity is not known."""
    ours.set(CAPACITY, ours.find(CAPACITY, provider_id="P5", service_type="day"), "capacity_hours", "50")
    (row,) = thin_presence(found(ours), "home", 50, 25).to_dict("records")
    assert (row["beside_id"], row["has_room"]) == ("P3", False)
    ours.set(CAPACITY, ours.find(CAPACITY, provider_id="P3", district_code=BIRCH), "capacity_hours", "")
    (row,) = thin_presence(found(ours), "home", 50, 25).to_dict("records")
    assert (row["beside_id"], row["has_room"]) == ("P3", None)


def test_a_provider_is_no_candidate_where_nobody_else_does_its_work(ours: PackFolder) -> None:
    """P1's 20 hours become night care of older people, and P5's own night care there is taken away."""
    row = len(ours.rows(CAPACITY))
    ours.set(CAPACITY, row, "service_type", "night")
    night = ours.find(CAPACITY, provider_id="P5", service_type="night")
    ours.set(CAPACITY, night, "delivered_hours", "0")
    assert thin_presence(found(ours), "home", 50, 25).empty


def test_without_the_column_nothing_is_known_package_by_package(tiny: Pack) -> None:
    assert placed_packages(tiny, "home").empty
    assert lone_packages(tiny, "home", 10, 5, 25).empty
    assert CEDAR not in set(thin_presence(tiny, "home", 10, 25)["district_code"])


def test_a_provider_that_the_pack_does_not_have_is_refused(ours: PackFolder) -> None:
    row = ours.find(REQUESTS, request_id="A1")
    ours.set(REQUESTS, row, "provider_id", "P99")
    with pytest.raises(PackError) as caught:
        load_pack(ours.root)
    assert [str(fault) for fault in caught.value.faults] == [
        f'market/requests.csv, row {row}, column provider_id: found "P99", expected a provider_id of '
        "market/providers.csv"
    ]
