"""The one rounding for people, and which figures it is for."""

from __future__ import annotations

import math
from typing import get_args

import for_people as plain
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.charts.kit.palette import SUPPLY
from lib.charts.kit.scale import sequential
from lib.market.basis import Standing
from lib.market.figure import Figure
from lib.market.units import UNITS, UnitCode
from lib.market.wording import for_people, nearest, said, said_of, show

# Every unit: figures, how people read them, and by how much of the last digit written they may lie off.
ROUNDED: dict[str, list[tuple[float, str]]] = {
    "people": [(270.6, "271"), (168, "168"), (7_465, "7,465"), (9_999.5, "10,000"), (12_344, "12,340")],
    "workers": [(94.2, "94"), (99.6, "100"), (287, "290"), (1_995, "2,000"), (12_344, "12,340")],
    "hours": [
        (140_287.4, "140,300"), (128_000, "128,000"), (10_049, "10,000"), (9_996, "10,000"), (9_994, "9,990"),
        (2_564, "2,560"), (1_005, "1,010"), (999.6, "1,000"), (314.4, "314"), (0.4, "0"), (-0.4, "0"),
        (-2_565, "-2,570"), (1_234_567, "1,235,000"),
    ],
    "hours_per_person": [(11.75, "11.8"), (1_234.5, "1,235")],
    "people_per_provider": [(8.04, "8.0")],
    "pounds": [
        (160_512_345, "£160.5m"), (2_163_000, "£2.16m"), (9_996_000, "£10.0m"), (9_994_999, "£9.99m"),
        (999_600, "£1.00m"), (652_600, "£653,000"), (12_345, "£12,000"), (9_960, "£10,000"), (1_250, "£1,300"),
        (999, "£999"), (421.5, "£422"), (0, "£0"), (-0.4, "£0"), (-1_200_000, "-£1.20m"), (1_234_600_000, "£1,235m"),
    ],
    "pounds_per_quarter": [(540_750, "£541,000"), (40_125_000, "£40.1m")],
    "pounds_per_hour": [(24.105, "£24.11"), (25, "£25.00")],
    "pounds_per_person": [(16_315.5, "£16,320"), (812.4, "£812")],
    "ratio": [(2.675, "2.68"), (0.994, "0.99"), (0.996, "just under 1.00"), (1, "1.00"), (1.004, "1.00")],
    "share": [(0.1225, "12.3%"), (0.9999, "100.0%"), (-0.0004, "0.0%"), (12.3456, "1,235%")],
    "percent": [(12.25, "12.3%")],
    "percentage_points": [(-2.25, "-2.3")],
    "per_1000": [(40.25, "40.3"), (1_234.56, "1,235"), (999.96, "1,000")],
    "per_1000_hours": [(0.05, "0.1")],
    "kilometres": [(7.25, "7.3"), (112, "112.0")],
    "days": [(7.25, "7.3"), (14, "14.0")],
    "months": [(12, "12")],
    "years": [(5, "5")],
    "count": [(85, "85"), (12_344, "12,340")],
    "decimal": [(17.146, "17.1")],
    "index": [(3_671.875, "3,672"), (10_000, "10,000")],
    "estimated_people": [(4.25, "4.3")],
    "estimated_providers": [(1.25, "1.3")],
    "score": [(87.25, "87.3")],
}  # fmt: skip
CODES = sorted(ROUNDED)
FIGURES = st.floats(-5e8, 5e8) | st.floats(-20_000, 20_000) | st.floats(-2, 2)
MODELLED, MADE_UP, AHEAD = Standing("modelled"), Standing("illustrative"), Standing("published", projected=True)
TO_THE_DIGIT = [Standing(one) for one in ("published", "derived", "supplied", "context")]  # type: ignore[arg-type]


def number(text: str) -> float:
    """What a figure reads as, as a number in the words of its unit."""
    millions = text.endswith("m")
    bare = text.removeprefix("just under ").removesuffix("m").removesuffix("%").replace("£", "").replace(",", "")
    return float(bare) * (1e6 if millions else 1)


def step(text: str) -> float:
    """What the last digit but the zeros for rounding counts for: an upper limit of the step rounded to."""
    digits = text.lstrip("-£").rstrip("%m").replace(",", "")
    if "." in digits:
        return 10.0 ** -len(digits.split(".")[1]) * (1e6 if text.endswith("m") else 1)
    return 10.0 ** (len(digits) - len(digits.rstrip("0"))) * (1e6 if text.endswith("m") else 1)


def test_no_unit_is_left_out() -> None:
    assert set(ROUNDED) == set(UNITS) == set(get_args(UnitCode))


@pytest.mark.parametrize(("code", "value", "text"), [(code, *pair) for code in CODES for pair in ROUNDED[code]])
def test_a_figure_rounded_for_people(code: str, value: float, text: str) -> None:
    unit = UNITS[code]
    assert unit.about(value) == text
    assert unit.about_with_unit(value).startswith(text)
    assert for_people(value, unit.code, MODELLED) == for_people(value, unit.code, AHEAD) == text


@pytest.mark.parametrize("code", CODES)
def test_an_empty_figure_reads_as_it_does_elsewhere(code: str) -> None:
    unit = UNITS[code]
    for empty in (None, math.nan):
        assert unit.about(empty) == unit.about_with_unit(empty) == unit.said(empty) == unit.show(empty)
    assert math.isnan(unit.nearest(math.nan))


@settings(deadline=None)
@given(st.sampled_from(CODES), FIGURES, FIGURES)
def test_more_never_reads_as_less(code: str, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert number(UNITS[code].about(low)) <= number(UNITS[code].about(high))
    assert UNITS[code].nearest(low) <= UNITS[code].nearest(high)


@settings(deadline=None)
@given(st.sampled_from(CODES), FIGURES)
def test_a_rounded_figure_lies_within_half_a_step(code: str, value: float) -> None:
    unit, text = UNITS[code], UNITS[code].about(value)
    exact = unit.scale * value
    steps = [size for least, size in unit.steps if abs(exact) >= least]
    largest = max(abs(exact) / 1_000, 10.0**-unit.decimals, *steps)
    assert abs(number(text) - exact) <= largest / 2 * (1 + 1e-6) + 1e-6
    assert abs(number(text) - exact) <= step(text) / 2 * (1 + 1e-6) + 1e-6 or text.startswith("just under")
    assert text.startswith("-") == (number(text) < 0), "no negative zero"
    digits = text.replace("just under ", "").strip("-£%m").replace(",", "").replace(".", "").lstrip("0")
    assert len(digits.rstrip("0")) <= 4
    assert unit.about(unit.nearest(value)) == text or text.startswith("just under")


@settings(deadline=None)
@given(st.floats(0, 9e8))
def test_hours_and_pounds_by_a_plain_rule(value: float) -> None:
    if value < 1_000_000:
        assert UNITS["hours"].about(value) == plain.hours(value)
    assert UNITS["pounds"].about(value) == plain.pounds(value)


@settings(deadline=None)
@given(st.sampled_from(CODES), FIGURES, st.sampled_from(TO_THE_DIGIT))
def test_what_is_known_to_the_digit_is_shown_to_the_digit(code: str, value: float, known: Standing) -> None:
    unit = UNITS[code].code
    assert for_people(value, unit, known) == said(value, unit, known) == show(value, unit)
    assert nearest(value, unit, known) == value
    assert Figure("", value, code, known).text == show(value, unit)
    assert Figure("", value, code, known).text_with_unit == Figure("", value, code, known).exact_text


def test_published_totals_stay_as_published() -> None:
    published = Standing("published")
    assert for_people(128_000, "hours", published) == "128,000"
    assert for_people(7_465, "people", published) == "7,465"
    assert for_people(2_163_000, "pounds", published) == "£2.163m"
    assert for_people(160_500_000, "pounds", published) == "£160.5m"
    assert for_people(540_750, "pounds_per_quarter", Standing("derived")) == "£540,750"


def test_a_figure_rounds_by_its_status_and_a_table_never() -> None:
    one = Figure("Short", 2_564.0, "hours", MADE_UP)
    assert (one.text, one.text_with_unit, one.exact_text) == ("2,560", "2,560 hours a week", "2,564 hours a week")
    assert Figure("Words", "TBA", "a year", MADE_UP).text_with_unit == "TBA a year"
    assert Figure("Short", math.nan, "hours", MADE_UP, missing="a row").text_with_unit == "not known"


def test_a_sentence_says_about_where_a_digit_was_taken_away() -> None:
    assert said(2_564, "hours", MODELLED) == "about 2,560"
    assert said(2_560, "hours", MODELLED) == "2,560"
    assert said(314.4, "hours", MODELLED) == "314"
    assert said(19_412_345, "pounds", MODELLED) == "about £19.4m"
    assert said(19_400_000, "pounds", MODELLED) == "£19.4m"
    assert said(287, "workers", AHEAD) == "about 290"
    assert said(math.nan, "hours", MODELLED) == "not known"
    assert said(0.996, "ratio", MODELLED) == "just under 1.00"
    assert said_of(314, 2_344, "hours", MODELLED) == "about 314 of 2,340"
    assert said_of(3, 12, "hours", MODELLED, "of its") == "3 of its 12"
    assert said_of(2_344, 2_564, "hours", TO_THE_DIGIT[0]) == "2,344 of 2,564"


@settings(deadline=None)
@given(st.lists(st.floats(0, 60_000), min_size=2, max_size=12))
def test_a_class_agrees_with_the_figure_that_is_read(values: list[float]) -> None:
    """No figure reads as another class's: 1,996 reads as 2,000, and stands among those from 2,000."""
    unit = UNITS["hours"]
    read = [unit.nearest(value) for value in values]
    scale = sequential(read, SUPPLY, unit.about, "Hours")
    for value in read:
        label = scale.label(value)
        if label is None or label == "all values":
            continue
        shown, words = number(unit.about(value)), label.split(" ")
        if words[0] == "under":
            assert shown < number(words[1])
        elif words[-1] == "over":
            assert shown >= number(words[0])
        else:
            assert number(words[0]) <= shown <= number(words[-1])
    for label in scale.labels:
        for word in label.split(" "):
            if word[0].isdigit():
                assert word == unit.about(number(word)), f"{label} has more digits than people read"
