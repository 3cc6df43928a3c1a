"""The what-if's map: one year of a projection, in colours that mean the same in every year."""

from __future__ import annotations

import math

import pandas as pd

from lib.charts.kit.palette import DIVERGING
from lib.charts.kit.scale import Scale, diverging
from lib.market.indicators import COVERAGE_BREAKS
from lib.market.units import UNITS, UnitCode
from lib.market.wording import NOT_APPLICABLE, show

MEASURES: dict[str, tuple[str, UnitCode]] = {
    "coverage": ("Net coverage", "ratio"),
    "gap_hours": ("Net gap", "hours"),
}


def year_scale(base: pd.DataFrame, measure: str) -> Scale:
    """The scale of a measure, frozen from the base year: coverage at fixed breaks, the gap at steps of its own size.

    `base` is the base year of lib.whatif.summary.by_year, one row a district.
    """
    label, unit = MEASURES[measure]
    title = UNITS[unit].head(label, *(["above 0 is short"] if measure == "gap_hours" else []))

    def text(value: float) -> str:
        return show(value, unit)

    if measure == "coverage":
        return diverging(DIVERGING, COVERAGE_BREAKS, text, title)
    step = nice(float(base["gap_hours"].abs().max()))
    # Above 0 is short, so the ramp runs the other way.
    return diverging(DIVERGING[::-1], (-2 * step, -step, 0.0, step, 2 * step), text, title)


def nice(size: float) -> float:
    """1, 2 or 5 times a power of ten, at most half of a size; 10 where there is none."""
    if not math.isfinite(size) or size < 20:
        return 10.0
    power = 10.0 ** math.floor(math.log10(size / 2))
    return next(factor * power for factor in (5, 2, 1) if factor * power <= size / 2)


def year_rows(frame: pd.DataFrame, measure: str, scale: Scale) -> pd.DataFrame:
    """One year's districts for the map: district_code, district_name, shown, colour ("" is hatched), class_label."""
    values = [float(value) for value in frame[measure]]
    unit = MEASURES[measure][1]
    return pd.DataFrame(
        {
            "district_code": list(frame["district_code"]),
            "district_name": list(frame["district_name"]),
            "shown": [show(value, unit) for value in values],
            "colour": [scale.colour(value) or "" for value in values],
            "class_label": [scale.label(value) or NOT_APPLICABLE for value in values],
        }
    )
