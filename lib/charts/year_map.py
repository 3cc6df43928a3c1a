"""The what-if's map: one year of a projection, in colours that mean the same in every year."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from lib.charts.kit.axis import round_step
from lib.charts.kit.palette import DIVERGING
from lib.charts.kit.scale import Scale, diverging
from lib.market.indicators import COVERAGE_BREAKS
from lib.market.units import UNITS, UnitCode
from lib.market.wording import NOT_APPLICABLE

MEASURES: dict[str, tuple[str, UnitCode]] = {
    "coverage": ("Net coverage", "ratio"),
    "gap_hours": ("Net gap", "hours"),
}
_LEAST_STEP = 10.0
# The gap's breaks in steps of its own size: 0 in the middle, and room for years in which it grows many times over.
_GAP_STEPS = (-2, -1, 0, 1, 2, 5, 10, 20)
# A change is as likely to go either way: three of the ramp's six short classes, and its three of spare.
_CHANGE_STEPS = (-2, -1, 0, 1, 2)
_CHANGE_RAMP = tuple(DIVERGING[step] for step in (8, 7, 6, 5, 3, 1))


def year_scale(base: Mapping[str, Iterable[float]] | pd.DataFrame, measure: str) -> Scale:
    """The scale of a measure, frozen from the base year: coverage at fixed breaks, the gap at steps of its own size.

    `base` has the base year's gap_hours of each district, as in lib.whatif.summary.by_year or lib.whatif.live.Step.
    """
    label, code = MEASURES[measure]
    unit = UNITS[code]
    title = unit.head(label, *(["above 0 is short"] if measure == "gap_hours" else []))
    if measure == "coverage":
        return diverging(DIVERGING, COVERAGE_BREAKS, unit.about, title)
    # Above 0 is short, so the ramp runs the other way.
    return in_steps(base["gap_hours"], _GAP_STEPS, DIVERGING[::-1], title)


def gap_scale(changes: Iterable[float], title: str) -> Scale:
    """The scale of changes in hours a week of which more is shorter, at steps of their own size."""
    return in_steps(changes, _CHANGE_STEPS, _CHANGE_RAMP, title)


def in_steps(hours: Iterable[float], steps: Sequence[int], ramp: Sequence[str], title: str) -> Scale:
    """A scale of hours cut at multiples of a round step, which their size gives; missing ones are left out."""
    largest = max((abs(one) for one in hours if math.isfinite(one)), default=0.0)
    # Where hardly an hour is short or spare, nearly every district stands in the middle.
    step = max(round_step(largest, 2, no_more=True), _LEAST_STEP) if largest else _LEAST_STEP
    return diverging(ramp, [step * times for times in steps], UNITS["hours"].about, title)


def year_rows(frame: pd.DataFrame, measure: str, scale: Scale) -> pd.DataFrame:
    """One year's districts for the map: district_code, district_name, shown, colour ("" is hatched), class_label."""
    values = [float(value) for value in frame[measure]]
    unit = UNITS[MEASURES[measure][1]]
    return pd.DataFrame(
        {
            "district_code": list(frame["district_code"]),
            "district_name": list(frame["district_name"]),
            "shown": [unit.about(value) for value in values],
            "colour": [scale.colour(value) or "" for value in values],
            "class_label": [scale.label(value) or NOT_APPLICABLE for value in values],
        }
    )
