"""Figures as people read them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.market.units import UNITS
from lib.market.wording import counted, is_missing, listed, money, rounded, show, show_with_unit


@pytest.mark.parametrize(
    ("value", "unit", "figure", "with_unit"),
    [
        (0, "people", "0", "0"),
        (7465, "people", "7,465", "7,465"),
        (0.5, "hours", "1", "1 hour a week"),
        (128000.49, "hours", "128,000", "128,000 hours a week"),
        (-1234.5, "hours", "-1,235", "-1,235 hours a week"),
        (160_500_000, "pounds", "£160.5m", "£160.5m"),
        (652_600, "pounds", "£652,600", "£652,600"),
        (24.105, "pounds_per_hour", "£24.11", "£24.11"),
        (2.675, "pounds_per_hour", "£2.68", "£2.68"),
        (1234.5, "pounds_per_hour", "£1,234.50", "£1,234.50"),
        (1, "ratio", "1.00", "1.00"),
        (2.675, "ratio", "2.68", "2.68"),
        (1.005, "ratio", "1.01", "1.01"),
        (0.994999, "ratio", "0.99", "0.99"),
        (0.995, "ratio", "just under 1.00", "just under 1.00"),
        (0.99999999, "ratio", "just under 1.00", "just under 1.00"),
        (1.0000001, "ratio", "1.00", "1.00"),
        (0.125, "share", "12.5%", "12.5%"),
        (0.1225, "share", "12.3%", "12.3%"),
        (0.00049, "share", "0.0%", "0.0%"),
        (1, "share", "100.0%", "100.0%"),
        (12.3456, "share", "1,234.6%", "1,234.6%"),
        (7.5, "days", "7.5", "7.5 days"),
        (7.25, "days", "7.3", "7.3 days"),
        (40.234375, "per_1000", "40.2", "40.2 per 1,000 residents"),
        (1234.56, "per_1000", "1,234.6", "1,234.6 per 1,000 residents"),
        (17.146, "decimal", "17.1", "17.1"),
        (0.05, "decimal", "0.1", "0.1"),
        (12, "count", "12", "12"),
        (3671.875, "index", "3,672", "3,672"),
    ],
)  # fmt: skip
def test_a_figure_in_its_unit(value: float, unit: str, figure: str, with_unit: str) -> None:
    assert show(value, unit) == figure
    assert show_with_unit(value, unit) == with_unit


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_a_missing_figure_is_not_applicable_or_not_known(unit: str) -> None:
    """What is counted or added up divides by nothing: where it is empty nobody knows it."""
    counted = unit in ("people", "workers", "hours", "pounds", "pounds_per_quarter", "count", "estimated_people")
    words = "not known" if counted else "not applicable"
    for missing in (None, math.nan):
        assert is_missing(missing)
        assert show(missing, unit) == words
        assert show_with_unit(missing, unit) == words
    assert not is_missing(0.0)


@pytest.mark.parametrize("unit", sorted(UNITS))
@pytest.mark.parametrize("value", [-0.0, -1e-9, -0.0004, 1e-9])
def test_zero_has_no_sign(unit: str, value: float) -> None:
    text = show(value, unit)
    assert "-" not in text
    assert text.strip("£%") in ("0", "0.0", "0.00")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "£0"),
        (0.5, "£1"),
        (0.49, "£0"),
        (-0.49, "£0"),
        (-0.5, "-£1"),
        (1234.5, "£1,235"),
        (999_949, "£999,949"),
        (999_950, "£999,950"),
        (999_999, "£999,999"),
        (1_000_000, "£1.00m"),
        (2_163_000, "£2.163m"),
        (2_165_000, "£2.165m"),
        (2_164_999, "£2.16m"),
        (9_994_999, "£9.99m"),
        (9_995_000, "£9.995m"),
        (9_995_400, "£10.0m"),
        (55_000_000, "£55.0m"),
        (160_500_000, "£160.5m"),
        (1_234_567_890, "£1,234.6m"),
        (-2_163_000, "-£2.163m"),
        (-1234, "-£1,234"),
    ],
)
def test_money(value: float, text: str) -> None:
    assert money(value) == text
    assert show(value, "pounds") == text


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (2.675, 2, 2.68),
        (1.005, 2, 1.01),
        (-2.675, 2, -2.68),
        (0.5, 0, 1),
        (1.5, 0, 2),
        (2.5, 0, 3),
        (-2.5, 0, -3),
        (2.4999, 0, 2),
        (0.045, 2, 0.05),
    ],
)
def test_halves_round_away_from_zero(value: float, digits: int, expected: float) -> None:
    assert rounded(value, digits) == expected


@given(st.floats(-1e9, 1e9), st.integers(0, 3))
def test_rounding_moves_a_figure_by_half_a_step_at_most(value: float, digits: int) -> None:
    found = rounded(value, digits)
    assert abs(found - value) <= 0.5 / 10**digits + 1e-6
    assert rounded(-value, digits) == -found
    assert rounded(found, digits) == found
    assert math.copysign(1, found) == 1 or found < 0


def test_names_in_a_sentence() -> None:
    assert listed([]) == ""
    assert listed(["Ash"]) == "Ash"
    assert listed(["Ash", "Bay"]) == "Ash and Bay"
    assert listed(["Ash", "Bay", "Cove"]) == "Ash, Bay and Cove"


def test_a_number_and_its_noun() -> None:
    assert counted(0, "district") == "0 districts"
    assert counted(1, "district") == "1 district"
    assert counted(2, "district") == "2 districts"
    assert counted(1234, "child", "children") == "1,234 children"
    assert counted(1, "child", "children") == "1 child"
