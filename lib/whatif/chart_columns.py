"""A scenario's figures as its charts take them: columns of plain lists by name, from frames or from a live step alike.

A missing number is NaN here, and its text says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lib.market.units import UNITS, UnitCode
from lib.market.wording import NOT_KNOWN, financial_year
from lib.whatif.need import need_of

Columns = dict[str, list[Any]]
_HOURS = UNITS["hours"]
# The lines that have a band, and the measures of lib.whatif.summary.by_year that they show.
BANDED = {"demand": "demand_hours", "capacity": "capacity_hours"}


def signed(value: float, unit: UnitCode = "hours") -> str:
    """A change with its sign, rounded for people."""
    text = UNITS[unit].about(value)
    return text if value < 0 or text in (UNITS[unit].about(0), NOT_KNOWN) else f"+{text}"


def line_columns(
    years: Sequence[int],
    values: Mapping[str, Sequence[float]],
    ranges: Mapping[str, tuple[Sequence[float], Sequence[float]]],
) -> Columns:
    """Demand, capacity and served of one area by year, as lib.charts.timeline takes them.

    values: an area's demand_hours, delivered_hours, capacity_hours and served_hours, one number a year; where nobody
    knows what waits, the columns of demand have the care already arranged (lib.whatif.need). ranges: of a measure, its
    10th and 90th percentile by year; a measure that is not in it has no band, and its texts say nothing of one.
    """
    columns: Columns = {"year": list(years), "year_label": [financial_year(year) for year in years]}
    shown = BANDED | {"demand": need_of(values)}
    for short, measure in shown.items():
        middle = list(values[measure])
        columns[short] = middle
        if measure in ranges:
            low, high = (list(end) for end in ranges[measure])
            between = [f"{_HOURS.about(one)} to {_HOURS.about(other)}" for one, other in zip(low, high, strict=True)]
        else:
            low = high = [float("nan")] * len(middle)
            between = [""] * len(middle)
        columns |= {
            f"{short}_low": low,
            f"{short}_high": high,
            f"shown_{short}": [_HOURS.about(value) for value in middle],
            f"shown_{short}_range": between,
        }
    served = list(values["served_hours"])
    return columns | {"served": served, "shown_served": [_HOURS.about(value) for value in served]}


def waterfall_columns(
    labels: Sequence[str], changes: Sequence[float], totals: Sequence[float], unit: UnitCode = "hours"
) -> Columns:
    """Steps from one total to the next, as lib.charts.waterfall takes them; a step without a change is a total."""
    total = [change != change for change in changes]
    before = [0.0, *totals[:-1]]
    return {
        "driver_label": list(labels),
        "order": list(range(len(labels))),
        "kind": ["total" if one else "change" for one in total],
        "start": [0.0 if one else start for one, start in zip(total, before, strict=True)],
        "end": list(totals),
        "change": list(changes),
        "shown": [
            UNITS[unit].about(end) if one else signed(change, unit)
            for one, end, change in zip(total, totals, changes, strict=True)
        ],
    }


def tornado_columns(levers: Mapping[str, Sequence[Any]]) -> Columns:
    """Levers as lib.charts.tornado takes them, in their order; those that move nothing here are left out.

    levers: columns of lib.whatif.drivers.sensitivity: label, unit, low_value, high_value, effect_low, effect_high and
    swing.
    """
    kept = [number for number, swing in enumerate(levers["swing"]) if swing > 0]
    label, unit, low_value, high_value, low, high = (
        [levers[name][number] for number in kept]
        for name in ("label", "unit", "low_value", "high_value", "effect_low", "effect_high")
    )
    return {
        "lever_label": label,
        "step_label": [
            "off or on" if of == "on or off" else f"{lower:g} or {upper:g}{'' if of[0] == '%' else ' '}{of}"
            for of, lower, upper in zip(unit, low_value, high_value, strict=True)
        ],
        "low": low,
        "high": high,
        "shown_low": [signed(value) for value in low],
        "shown_high": [signed(value) for value in high],
        "order": list(range(len(kept))),
    }
