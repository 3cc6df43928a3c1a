"""Cells that may be left empty where nobody knows: people and capacity are read as missing, never as 0."""

import pytest
from pack_folder import PackFolder

DEMAND, CAPACITY = "market/demand.csv", "market/capacity.csv"


def test_people_and_capacity_may_be_empty(tiny_folder: PackFolder) -> None:
    tiny_folder.set(DEMAND, 2, "people", "")
    tiny_folder.set(CAPACITY, 3, "capacity_hours", "")
    pack = tiny_folder.load()
    people, capacity = pack.table("demand")["people"], pack.table("capacity")["capacity_hours"]
    assert people.isna().sum() == capacity.isna().sum() == 1
    assert people.isna()[0]
    assert capacity.isna()[1]
    # The others are as they were: 10 people less in demand, 40 hours less in capacity.
    assert people.sum() == 5 + 0 + 20 + 0 + 1 + 4 + 0 + 0 + 0 + 0 + 8
    assert capacity.sum() == 80 + 10 + 60 + 20 + 165 + 60 + 5 + 70 + 50 + 0 + 15


def test_whole_columns_may_be_empty(tiny_folder: PackFolder) -> None:
    for path, column in ((DEMAND, "people"), (CAPACITY, "capacity_hours")):
        for row in range(2, len(tiny_folder.rows(path)) + 1):
            tiny_folder.set(path, row, column, "")
    pack = tiny_folder.load()
    assert pack.table("demand")["people"].isna().all()
    assert pack.table("capacity")["capacity_hours"].isna().all()


@pytest.mark.parametrize(
    ("path", "column", "expected"),
    [
        (DEMAND, "hours_per_week", "a number of 0 or more"),
        (DEMAND, "annual_cost", "a number of 0 or more"),
        (CAPACITY, "delivered_hours", "a number of 0 or more"),
        (CAPACITY, "hourly_rate", "a number of 0 or more"),
        ("market/history.csv", "people", "a whole number of 0 or more"),
    ],
)
def test_other_numbers_may_not(path: str, column: str, expected: str, tiny_folder: PackFolder) -> None:
    tiny_folder.set(path, 2, column, "")
    assert tiny_folder.faults() == [f"{path}, row 2, column {column}: found an empty cell, expected {expected}"]


@pytest.mark.parametrize("cell", ["-1", "1.5"])
def test_what_is_no_number_is_still_refused(cell: str, tiny_folder: PackFolder) -> None:
    tiny_folder.set(DEMAND, 2, "people", cell)
    assert tiny_folder.faults() == [
        f'{DEMAND}, row 2, column people: found "{cell}", expected a whole number of 0 or more, or an empty cell'
    ]


@pytest.mark.parametrize("cell", ["unknown", "n/a"])
def test_a_word_for_unknown_is_told_to_leave_the_cell_empty(cell: str, tiny_folder: PackFolder) -> None:
    tiny_folder.set(DEMAND, 2, "people", cell)
    assert tiny_folder.faults() == [
        f'{DEMAND}, row 2, column people (E): found "{cell}", a suppressed or unknown value, which cannot be read as a '
        "number, expected a whole number of 0 or more, or an empty cell: leave the cell empty"
    ]
