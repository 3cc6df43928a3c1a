"""The what-if's map: one year of a projection, in colours that mean the same in every year."""

from __future__ import annotations

import math
from collections.abc import Iterable

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


def year_scale(base: pd.DataFrame, measure: str) -> Scale:
    """The scale of a measure, frozen from the base year: coverage at fixed breaks, the gap at steps of its own size.

    `base` is the base year of lib.whatif.summary.by_year, one row a district.
    """
    label, code = MEASURES[measure]
    unit = UNITS[code]
    title = unit.head(label, *(["above 0 is short"] if measure == "gap_hours" else []))
    if measure == "coverage":
        return diverging(DIVERGING, COVERAGE_BREAKS, unit.about, title)
    return gap_scale(base["gap_hours"], title)


def gap_scale(gaps: Iterable[float], title: str) -> Scale:
    """The scale of hours a week of which more is shorter, at steps of their own size; missing ones are left out."""
    largest = max((abs(gap) for gap in gaps if math.isfinite(gap)), default=0.0)
    # Where hardly an hour is short or spare, nearly every district stands in the middle.
    step = max(round_step(largest, 2, no_more=True), _LEAST_STEP) if largest else _LEAST_STEP
    # Above 0 is short, so the ramp runs the other way.
    return diverging(DIVERGING[::-1], (-2 * step, -step, 0.0, step, 2 * step), UNITS["hours"].about, title)


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
