"""The colours of lots: nothing at all stands apart from a little, whatever the step, and reliance keeps its fifths."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.charts.kit.lot_scales import reliance_scale, room_scale, stress_scale
from lib.charts.kit.palette import DEMAND, GREY_LIGHT, SUPPLY
from lib.charts.kit.scale import Scale, legend_entries
from lib.market.wording import show

ORANGE = "#fbd0a6"


def room(*values: float, unit: str = "hours") -> Scale:
    return room_scale(values, lambda value: show(value, unit), "Room")  # type: ignore[arg-type]


def test_room_by_hand() -> None:
    # 0 and five more values: none, and a class for each of the others.
    scale = room(0, 5, 10, 20, 40, 80)
    assert legend_entries(scale) == [
        (ORANGE, "none"),
        (SUPPLY[0], "under 10"),
        (SUPPLY[1], "10 to 19"),
        (SUPPLY[2], "20 to 39"),
        (SUPPLY[3], "40 to 79"),
        (SUPPLY[4], "80 and over"),
    ]
    assert [scale.label(value) for value in (-3, 0, 0.4, 0.6, 9.4, 9.6, 1000)] == [
        *("none", "none", "none"),  # 0.4 is shown as 0
        *("under 10", "under 10", "10 to 19", "80 and over"),
    ]
    assert scale.title == "Room"
    assert scale.colour(math.nan) is None


def test_none_keeps_its_place_in_the_legend_where_no_value_is_0() -> None:
    """A slider may bring one to 0: the colour must have been explained."""
    scale = room(3, 4)
    assert legend_entries(scale)[0] == (ORANGE, "none")
    assert scale.colour(0) == ORANGE
    assert scale.colour(1) != ORANGE


@pytest.mark.parametrize("values", [(), (0, 0), (-5, 0), (math.nan,)])
def test_with_nothing_above_0_there_is_one_class(values: tuple[float, ...]) -> None:
    scale = room(*values)
    assert legend_entries(scale) == [(ORANGE, "none")]
    assert scale.breaks == ()
    assert scale.colour(0) == ORANGE
    assert scale.colour(math.nan) is None


@pytest.mark.parametrize("values", [(7,), (0, 7, 7), (-3, 0, 7)])
def test_one_value_above_0_stands_apart_from_none(values: tuple[float, ...]) -> None:
    scale = room(*values)
    assert [scale.colour(value) for value in (-3, 0, 7)] == [ORANGE, ORANGE, SUPPLY[2]]
    assert scale.label(7) != "none"


def test_a_share_is_none_only_where_it_is_shown_as_none() -> None:
    # Shown to a tenth of a percent: 0.04% reads 0.0%.
    scale = room(0, 0.0004, 0.001, 0.02, 0.3, unit="share")
    assert [scale.label(value) for value in (0, 0.0004)] == ["none", "none"]
    assert all(scale.label(value) != "none" for value in (0.001, 0.02, 0.3))


def test_stress_is_grey_where_it_does_nothing_and_blue_elsewhere() -> None:
    scale = stress_scale((0, 5, 10, 20, 40, 80), lambda value: f"{value:.0f}", "Moved")
    assert legend_entries(scale)[0] == (GREY_LIGHT, "none")
    assert scale.colours[1:] == DEMAND
    assert scale.title == "Moved"


def test_reliance_is_in_fifths_and_each_begins_its_class() -> None:
    scale = reliance_scale("Largest provider")
    values = (0, 0.19999, 0.2, 0.4, 0.6, 0.79999, 0.8, 1)
    assert [scale.colour(value) for value in values] == [SUPPLY[number] for number in (0, 0, 1, 2, 3, 3, 4, 4)]
    assert scale.label(0.4) == "40% to under 60%"
    assert scale.colour(math.nan) is None
    assert len(scale.labels) == len(scale.colours) == len(scale.breaks) + 1


@given(st.lists(st.floats(-50, 5000), max_size=20))
def test_a_value_that_reads_0_is_none_and_no_other_is(values: list[float]) -> None:
    scale = room(*values)
    some = [value for value in values if value > 0]
    for value in values:
        if value <= 0:
            assert (scale.label(value), scale.colour(value)) == ("none", ORANGE)
        elif value > 1:
            assert scale.label(value) != "none"
    assert scale.colours.count(ORANGE) == 1
    assert len(scale.colours) == len(scale.labels) == len(scale.breaks) + 1
    assert list(scale.breaks) == sorted(set(scale.breaks))
    assert bool(scale.breaks) == bool(some)
