"""What is possible and yet unlikely is warned about, with its row, and nothing else is."""

from __future__ import annotations

import dataclasses

import pack_copies
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pack_folder import GEOGRAPHY, PackFolder

from lib.__main__ import main
from lib.pack.faults import also
from lib.pack.load import Pack
from lib.pack.plausibility import warnings_of

DEMAND, CAPACITY, REQUESTS = "market/demand.csv", "market/capacity.csv", "market/requests.csv"
HISTORY, RATINGS = "market/history.csv", "market/ratings.csv"
POPULATION, WARDS = "reference/population.csv", "reference/wards.csv"
Change = tuple[str, int, str, str]


@pytest.fixture
def plain(tiny_folder: PackFolder) -> PackFolder:
    """The tiny pack with nothing unlikely in it."""
    tiny_folder.set(POPULATION, 17, "persons", "510")
    tiny_folder.set(CAPACITY, 13, "capacity_hours", "20")
    assert warnings(tiny_folder) == []
    return tiny_folder


def warnings(folder: PackFolder) -> list[str]:
    return [str(warning) for warning in warnings_of(folder.load())]


def test_the_default_pack_has_none(pack: Pack) -> None:
    assert warnings_of(pack) == ()


COSTS: list[tuple[list[Change], str]] = [
    # 100 hours a week at £25 an hour are £130,000 a year.
    (
        [(DEMAND, 2, "annual_cost", "13000000")],
        f"{DEMAND}, row 2, column annual_cost: found £13,000,000 a year for 100 hours a week, £2,500.00 an hour, where "
        f"{CAPACITY} has £25.25 for the lot, expected between half and twice the rate of the lot's providers",
    ),
    (
        [(DEMAND, 2, "annual_cost", "0")],
        f"{DEMAND}, row 2, column annual_cost: found £0 a year for 100 hours a week, £0.00 an hour, where "
        f"{CAPACITY} has £25.25 for the lot, expected between half and twice the rate of the lot's providers",
    ),
    (
        [(DEMAND, row, "annual_cost", "1000") for row in (3, 5, 7)],
        f"{DEMAND}, row 3, column annual_cost: found £1,000 a year for 60 hours a week, £0.32 an hour, where "
        f"{CAPACITY} has £25.00 for the lot, and the like in 2 more rows (5, 7), "
        "expected between half and twice the rate of the lot's providers",
    ),
    (
        [(DEMAND, 4, "annual_cost", "500")],
        f"{DEMAND}, row 4, column annual_cost: found £500 a year for no hours, expected hours, or no cost",
    ),
    # Nobody delivers in this lot, so that only what is ordinary anywhere is known: 30 x 52 = 1,560 hours.
    (
        [(DEMAND, 10, "hours_per_week", "30"), (DEMAND, 10, "people", "2"), (DEMAND, 10, "annual_cost", "1560000")],
        f"{DEMAND}, row 10, column annual_cost: found £1,000.00 an hour, expected £8 to £150 an hour",
    ),
]

HOURS: list[tuple[list[Change], str]] = [
    (
        [(DEMAND, 2, "people", "100"), (DEMAND, 2, "hours_per_week", "10"), (DEMAND, 2, "annual_cost", "13000")],
        f"{DEMAND}, row 2, column hours_per_week: found 10 hours a week for 100 people, 0.1 for each, "
        "expected 0.25 of an hour or more for each",
    ),
    (
        [(DEMAND, 3, "people", "1"), (DEMAND, 3, "hours_per_week", "169"), (DEMAND, 3, "annual_cost", "219700")],
        f"{DEMAND}, row 3, column hours_per_week: found 169 hours a week for 1 person, 169 for each, "
        "expected no more than the 168 hours of a week for each",
    ),
    (
        [(DEMAND, 3, "hours_per_week", "600"), (DEMAND, 3, "annual_cost", "780000")],
        f"{DEMAND}, row 3, column hours_per_week: found 600 hours a week for 5 people, 120 for each, "
        "expected no more than 100 for each, unless day and night",
    ),
    (
        [(HISTORY, 4, "people", "1")],
        f"{HISTORY}, row 4, column hours_per_week: found 260 hours a week for 1 person, 260 for each, "
        "expected no more than the 168 hours of a week for each",
    ),
    (
        [(DEMAND, 13, "people", "600")],
        f"{DEMAND}, row 13, column people: found 600 people in the district, where 400 of matching age live, "
        f"expected no more than the residents of {POPULATION}",
    ),
    (
        [(DEMAND, 13, "people", "0")],
        f"{DEMAND}, row 11, column people: found no people in every row of the service, which has hours, "
        "expected the people supported, or empty cells where nobody knows them",
    ),
    (
        [(REQUESTS, row, "hours_per_week", "700") for row in (2, 3, 4, 10)],
        f"{REQUESTS}, row 2, column hours_per_week: found 700 hours a week, and the like in 3 more rows (3 to 4, 10), "
        "expected no more than the 168 hours of a week",
    ),
    (
        [(REQUESTS, 9, "hours_per_week", "101")],
        f"{REQUESTS}, row 9, column hours_per_week: found 101 hours a week, "
        "expected no more than 100, unless day and night",
    ),
    (
        [(REQUESTS, 9, "hours_per_week", "0")],
        f"{REQUESTS}, row 9, column hours_per_week: found 0 hours a week, expected the hours that were asked for",
    ),
]

SUPPLY: list[tuple[list[Change], str]] = [
    (
        [(CAPACITY, 3, "delivered_hours", "40.5")],
        f"{CAPACITY}, row 3, column delivered_hours: found 40.5 hours delivered of a capacity of 40, "
        "expected no more than capacity_hours",
    ),
    (
        [(CAPACITY, row, "capacity_hours", "1") for row in (2, 7, 8)],
        f"{CAPACITY}, row 2, column delivered_hours: found 60 hours delivered of a capacity of 1, "
        "and the like in 2 more rows (7 to 8), expected no more than capacity_hours",
    ),
    (
        [(CAPACITY, row, "capacity_hours", "0") for row in (2, 3, 4, 13)],
        f"{CAPACITY}, row 13, column capacity_hours: found a capacity of 0 in every row of the service, which delivers "
        "hours, expected the hours that could be delivered, or empty cells where nobody knows them",
    ),
    (
        [(CAPACITY, row, "capacity_hours", "0") for row in (2, 3, 4, 5)],
        f"{CAPACITY}, row 2, column capacity_hours: found a capacity of 0 in every row of the lot, which delivers "
        "hours, and the like in 1 more row (5), "
        "expected the hours that could be delivered, or empty cells where nobody knows them",
    ),
    (
        [(CAPACITY, 4, "hourly_rate", "2750"), (CAPACITY, 6, "hourly_rate", "2500")],
        f"{CAPACITY}, row 4, column hourly_rate: found £2,750.00 an hour, and the like in 1 more row (6), "
        "expected £8 to £150 an hour",
    ),
    (
        [(CAPACITY, 8, "hourly_rate", "0")],
        f"{CAPACITY}, row 8, column hourly_rate: found £0.00 an hour, expected £8 to £150 an hour",
    ),
    (
        [(CAPACITY, row, "performance_score", "0.9") for row in (2, 3, 6, 8, 9, 10, 11)],
        f"{CAPACITY}, row 2, column performance_score: found no score above 0.9 in the service, "
        "expected scores from 0 to 100",
    ),
]

DATES: list[tuple[list[Change], str]] = [
    (
        [(HISTORY, 2, "month", "2025-04")],
        f'{HISTORY}, row 2, column month: found "2025-04", expected a month no later than 2025-03, where the data ends',
    ),
    (
        [(HISTORY, row, "month", "2052-02") for row in (2, 3, 4, 5, 6)],
        f'{HISTORY}, row 2, column month: found "2052-02", and the like in 4 more rows (3 to 6), '
        "expected a month no later than 2025-03, where the data ends",
    ),
    (
        [(REQUESTS, 2, "requested_on", "1925-03-01")],
        f"{REQUESTS}, row 2, column requested_on: found 1925-03-01, "
        "expected a date in the 10 years before the date of the data",
    ),
    (
        [(RATINGS, 2, "rated_on", "2003-01-31")],
        f"{RATINGS}, row 2, column rated_on: found 2003-01-31, expected a date after 2013-03-31",
    ),
    (
        [(POPULATION, 11, "year", "1992"), (POPULATION, 12, "year", "2099")],
        f"{POPULATION}, row 11, column year: found 1992, and the like in 1 more row (12), "
        "expected a year from 1995 to 2085",
    ),
    (
        [(POPULATION, 11, "persons", "90"), (POPULATION, 12, "persons", "18000")],
        f"{POPULATION}, row 2, column persons: found 1,000 residents after 90 the year before, "
        "and the like in 1 more row (5), "
        "expected no more than twice as many as the year before, and no fewer than half",
    ),
]


@pytest.mark.parametrize(("changes", "sentence"), [*COSTS, *HOURS, *SUPPLY, *DATES])
def test_what_is_unlikely_is_said_with_its_row(plain: PackFolder, changes: list[Change], sentence: str) -> None:
    for change in changes:
        plain.set(*change)
    assert sentence in warnings(plain)


def test_each_is_said_once(plain: PackFolder) -> None:
    """A lot without any capacity is not a row of hours beyond capacity as well, nor a service its lots."""
    plain.set(CAPACITY, 13, "capacity_hours", "0")
    assert [warning.split(": found ")[1][:41] for warning in warnings(plain)] == [
        "a capacity of 0 in every row of the servi"
    ]


def test_care_day_and_night_is_no_fault(plain: PackFolder) -> None:
    """Where the people of a service type have over 100 hours each, more than 100 is ordinary, and so is a low rate."""
    for row, people in ((2, "1"), (5, "2"), (8, "1"), (3, "1"), (4, "0")):
        plain.set(DEMAND, row, "people", people)
        plain.set(DEMAND, row, "hours_per_week", {"1": "168", "2": "336", "0": "0"}[people])
        plain.set(DEMAND, row, "annual_cost", {"1": "218400", "2": "524160", "0": "0"}[people])
    plain.set(REQUESTS, 2, "hours_per_week", "168")
    plain.set(CAPACITY, 12, "hourly_rate", "5")
    assert warnings(plain) == []
    plain.set(CAPACITY, 12, "hourly_rate", "3.99")
    assert warnings(plain) == [
        f"{CAPACITY}, row 12, column hourly_rate: found £3.99 an hour, expected £4 to £150 an hour"
    ]


def test_what_nobody_knows_is_not_unlikely(plain: PackFolder) -> None:
    pack = plain.load()
    capacity = pack.table("capacity").assign(capacity_hours=float("nan"))
    demand = pack.table("demand").assign(people=pd.array([pd.NA] * len(pack.table("demand")), dtype="Int64"))
    tables = {**pack.tables, "capacity": capacity, "demand": demand}
    assert warnings_of(dataclasses.replace(pack, tables=tables)) == ()


def test_a_pack_with_empty_tables_has_no_warnings(plain: PackFolder) -> None:
    for path in (CAPACITY, REQUESTS, HISTORY, RATINGS, WARDS, DEMAND):
        if path != REQUESTS:
            plain.keep_rows(REQUESTS, lambda row: False)
        plain.keep_rows(path, lambda row: False)
        assert warnings(plain) == []


def test_rows_are_those_of_the_file_where_lines_are_blank(plain: PackFolder) -> None:
    plain.set(CAPACITY, 9, "hourly_rate", "2750")
    plain.change_bytes(CAPACITY, lambda content: content.replace(b"\n", b"\n\n", 1))
    assert [warning.partition(": ")[0] for warning in warnings(plain)] == [f"{CAPACITY}, row 10, column hourly_rate"]


# Places


def test_a_ward_far_outside_its_district(folder: PackFolder) -> None:
    """Three of 220: one elsewhere in the county, one exchanged, one at sea west of Africa."""
    folder.set(WARDS, 2, "latitude", "51.95")
    north, east = folder.get(WARDS, 3, "latitude"), folder.get(WARDS, 3, "longitude")
    folder.set(WARDS, 3, "latitude", east)
    folder.set(WARDS, 3, "longitude", north)
    folder.set(WARDS, 4, "latitude", "0")
    folder.set(WARDS, 4, "longitude", "0")
    assert warnings(folder) == [
        f"{WARDS}, row 3, column latitude, longitude: found latitude and longitude exchanged, {float(east):.6g}, "
        f'{float(north):.6g} for a ward of "Basildon", expected each number under its own heading',
        f"{WARDS}, row 4, column latitude, longitude: found a place outside the United Kingdom, 0, 0 for a ward of "
        '"Basildon", expected a point in the ward\'s district',
        f"{WARDS}, row 2, column latitude, longitude: found a place far outside the district, 51.95, 0.427 for a ward "
        'of "Basildon", expected a point in the ward\'s district',
    ]


def test_a_ward_in_a_hole_or_off_the_coast(plain: PackFolder) -> None:
    square = [[-3, 51], [-2, 51], [-2, 52], [-3, 52], [-3, 51]]
    hole = [[-2.7, 51.3], [-2.3, 51.3], [-2.3, 51.7], [-2.7, 51.7], [-2.7, 51.3]]
    for ward in ("W3", "W4"):
        plain.append(WARDS, [ward, "Ward", "E07000001", "51.1", "-2.9"])
    plain.set(WARDS, 2, "latitude", "52.04")
    assert warnings(plain) == []
    plain.set(WARDS, 2, "latitude", "52.06")
    assert [warning.split(",")[1] for warning in warnings(plain)] == [" row 2"]
    plain.set(WARDS, 2, "latitude", "51.5")
    assert warnings(plain) == []
    plain.change_json(GEOGRAPHY, lambda map: map["features"][0]["geometry"].update(coordinates=[square, hole]))
    assert [warning.split(",")[1] for warning in warnings(plain)] == [" row 2"]


def test_one_point_of_one_island_in_the_wrong_place(plain: PackFolder) -> None:
    island = [[0.2, 51.2], [0.3, 51.2], [0.3, 51.3], [0.2, 51.3], [0.2, 51.2]]
    plain.change_json(GEOGRAPHY, lambda map: map["features"][2]["geometry"]["coordinates"].append([island]))
    assert warnings(plain) == []
    island[2] = [0.3, 53.1]
    plain.change_json(GEOGRAPHY, lambda map: map["features"][2]["geometry"]["coordinates"].__setitem__(1, [island]))
    assert warnings(plain) == [
        f"{GEOGRAPHY}, column E07000003: found a point far from the rest, 0.3, 53.1 (part 2, ring 1, point 3), "
        "expected points one beside the other along the outline"
    ]


# How it is said


def test_check_warns_and_passes(tiny_folder: PackFolder, capsys: pytest.CaptureFixture[str]) -> None:
    tiny_folder.set(CAPACITY, 3, "delivered_hours", "40.5")
    tiny_folder.set(CAPACITY, 2, "delivered_hours", "49.5")
    assert main(["check", "--pack", str(tiny_folder.root)]) == 0
    output = capsys.readouterr()
    assert output.err.splitlines()[1] == (
        f"warning: {CAPACITY}, row 3, column delivered_hours: found 40.5 hours delivered of a capacity of 40, and the "
        "like in 1 more row (13), expected no more than capacity_hours"
    )
    assert output.out.startswith("fact_id,")


def test_rows_in_words() -> None:
    assert also([]) == ""
    assert also([7]) == ", and the like in 1 more row (7)"
    assert also([3, 4, 5, 9]) == ", and the like in 4 more rows (3 to 5, 9)"
    assert also(list(range(2, 1002, 2))) == ", and the like in 500 more rows (2, 4, 6, 8, 10, …)"


@given(st.sets(st.integers(3, 40), max_size=12))
def test_the_rows_named_are_the_rows(rows: set[int]) -> None:
    text = also(sorted(rows))
    if not rows or "…" in text:
        return
    named: set[int] = set()
    for part in text.partition("(")[2].rstrip(")").split(", "):
        first, _, last = part.partition(" to ")
        named |= set(range(int(first), int(last or first) + 1))
    assert named == rows


@pytest.mark.parametrize("scale", [0.01, 0.1, 12, 100])
def test_a_whole_column_in_another_unit_is_one_warning(folder: PackFolder, scale: float) -> None:
    """Pence, thousands, months for years: every lot of the default pack with hours, in one sentence."""

    def rescale(rows: pack_copies.Rows) -> None:
        for row in rows:
            row["annual_cost"] = f"{float(row['annual_cost']) * scale:.0f}"

    pack_copies.edit_table(folder.root, DEMAND, rescale)
    (warning,) = warnings(folder)
    assert warning.startswith(f"{DEMAND}, row 2, column annual_cost: found £")
    assert ", and the like in 95 more rows (3, 5 to 9, " in warning
