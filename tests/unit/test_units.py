"""The units: one statement of how figures of one kind are named, rounded and written."""

from __future__ import annotations

import math
from typing import get_args

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.market.units import UNITS, UnitCode

# Every unit: words, a figure, how people read it, the same with its noun, in a table, the table's format, the axis's.
WRITTEN = [
    ("people", "people", 7465.0, "7,465", "7,465", 7465, "localized", None),
    ("workers", "workers", 1.0, "1", "1 worker", 1, "localized", None),
    ("hours", "hours a week", 128_000.5, "128,001", "128,001 hours a week", 128_001, "localized", ",.0f"),
    ("hours_per_person", "hours a week for each person", 11.75, "11.8", "11.8 hours a week", 11.8, "%.1f", None),
    ("people_per_provider", "people for each provider", 8.04, "8.0", "8.0", 8.0, "%.1f", None),
    ("pounds", "pounds a year", 160_500_000.4, "£160.5m", "£160.5m", 160_500_000, "£%,.0f", "£,.0f"),
    ("pounds_per_quarter", "pounds a quarter", 652_600.5, "£652,601", "£652,601", 652_601, "£%,.0f", "£,.0f"),
    ("pounds_per_hour", "pounds an hour", 24.105, "£24.11", "£24.11", 24.11, "£%.2f", "£.2f"),
    ("pounds_per_person", "pounds a year for each person", 16_315.5, "£16,316", "£16,316", 16_316, "£%,.0f", "£,.0f"),
    ("ratio", "ratio", 2.675, "2.68", "2.68", 2.68, "%.2f", ".2f"),
    ("share", "percent", 0.1225, "12.3%", "12.3%", 12.3, "%.1f%%", "%"),
    ("percent", "percent", 12.25, "12.3%", "12.3%", 12.3, "%.1f%%", None),
    ("percentage_points", "percentage points", -2.25, "-2.3", "-2.3 percentage points", -2.3, "%.1f", None),
    ("per_1000", "per 1,000 residents", 40.25, "40.3", "40.3 per 1,000 residents", 40.3, "%.1f", None),
    ("per_1000_hours", "per 1,000 delivered hours", 0.05, "0.1", "0.1 per 1,000 delivered hours", 0.1, "%.1f", None),
    ("kilometres", "kilometres by road", 7.25, "7.3", "7.3 km by road", 7.3, "%.1f", None),
    ("days", "days", 7.25, "7.3", "7.3 days", 7.3, "%.1f", None),
    ("months", "months", 12.0, "12", "12 months", 12, "localized", None),
    ("years", "years", 1.0, "1", "1 year", 1, "localized", None),
    ("count", "count", 12.0, "12", "12", 12, "localized", None),
    ("decimal", "average", 17.146, "17.1", "17.1", 17.1, "%.1f", None),
    ("estimated_people", "people, on average", 4.25, "4.3", "4.3", 4.3, "%.1f", None),
    ("estimated_providers", "providers, on average", 1.25, "1.3", "1.3", 1.3, "%.1f", None),
    ("score", "score, 0 to 100", 87.25, "87.3", "87.3", 87.3, "%.1f", None),
    ("index", "index, 0 to 10,000", 3671.875, "3,672", "3,672", 3672, "localized", None),
]  # fmt: skip


@pytest.mark.parametrize(("code", "words", "value", "shown", "with_unit", "in_table", "table_format", "axis"), WRITTEN)
def test_a_unit_as_it_is_written(
    code: str, words: str, value: float, shown: str, with_unit: str, in_table: float, table_format: str, axis: str
) -> None:
    unit = UNITS[code]
    assert unit.words == words
    assert unit.head("Demand") == f"Demand ({words})"
    assert unit.head("Demand", "net", "modelled") == f"Demand ({words}; net; modelled)"
    assert unit.show(value) == shown
    assert unit.show_with_unit(value) == with_unit
    assert list(unit.rounded_for_table(pd.Series([value, math.nan, -value]))) == pytest.approx(
        [in_table, math.nan, -in_table], abs=1e-12, nan_ok=True
    )
    assert (unit.table_format, unit.axis_format) == (table_format, axis)


def test_no_unit_is_left_out_of_the_list() -> None:
    assert set(UNITS) == {row[0] for row in WRITTEN} == set(get_args(UnitCode))
    assert all(code == unit.code for code, unit in UNITS.items())


def test_a_unit_per_something_names_it() -> None:
    named = {code: (unit.per, unit.per_many) for code, unit in UNITS.items() if unit.per}
    assert named == {
        "hours_per_person": ("people", 1),
        "people_per_provider": ("providers", 1),
        "pounds_per_hour": ("delivered_hours", 1),
        "pounds_per_person": ("people", 1),
        "per_1000": ("residents", 1000),
        "per_1000_hours": ("delivered_hours", 1000),
    }


def test_one_has_a_noun_of_its_own() -> None:
    assert UNITS["hours"].show_with_unit(0.5) == "1 hour a week"
    assert UNITS["hours"].show_with_unit(-1) == "-1 hours a week"
    assert UNITS["days"].show_with_unit(1) == "1.0 days"
    assert UNITS["workers"].show_with_unit(0) == "0 workers"


def test_what_is_short_never_reads_as_enough() -> None:
    ratio = UNITS["ratio"]
    assert [ratio.show(value) for value in (0.994, 0.995, 0.9999999, 1.0, 1.004)] == [
        "0.99",
        "just under 1.00",
        "just under 1.00",
        "1.00",
        "1.00",
    ]
    assert list(ratio.rounded_for_table(pd.Series([0.994, 0.995, 0.9999999, 1.0, 1.004]))) == [0.99, 0.99, 0.99, 1, 1]
    assert UNITS["share"].show(0.9999) == "100.0%"


def test_a_file_keeps_a_share_as_it_is_and_one_for_people_says_percent() -> None:
    share = UNITS["share"]
    assert share.file_words == "share, 0 to 1"
    assert UNITS["hours"].file_words == "hours a week"
    assert list(share.scaled(pd.Series([0.125, math.nan]))) == pytest.approx([12.5, math.nan], nan_ok=True)
    assert list(UNITS["percent"].scaled(pd.Series([12.5]))) == [12.5]


@settings(deadline=None)
@given(st.sampled_from(sorted(UNITS)), st.floats(-1e6, 1e6))
def test_a_table_says_what_a_label_says(code: str, value: float) -> None:
    unit = UNITS[code]
    column = float(unit.rounded_for_table(pd.Series([value])).iloc[0])
    shown = unit.show(value)
    if shown == "just under 1.00":
        assert column == 0.99
    elif abs(value) < 999_999:
        assert f"{abs(column):,.{unit.decimals}f}" == shown.strip(f"-{unit.prefix}{unit.suffix}")
        assert shown.startswith("-") == (column < 0)
        assert math.copysign(1, column) == (-1 if column < 0 else 1), "no negative zero"
