"""A live step as its charts and its map take it: plain dicts and lists, ready for JSON.

Definitions are those of the page's own charts, and stay the same from step to step: only rows are sent again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Protocol

import numpy as np

from lib.charts.kit.scale import Scale, legend_entries
from lib.charts.timeline import lines_plot
from lib.charts.tornado import tornado_plot
from lib.charts.waterfall import waterfall_plot
from lib.charts.year_map import MEASURES
from lib.market.clauses import short_words_each
from lib.market.selection import COUNTY_CODE
from lib.market.units import UNITS
from lib.whatif.chart_columns import BANDED, line_columns, tornado_columns, waterfall_columns
from lib.whatif.live import Step
from lib.whatif.need import CALLED, need_of

HOURS_AXIS, POUNDS_AXIS = "Hours a week", "Pounds a year"
EFFECTS_AXIS = "Effect of these steps on the net gap, hours a week"
CROSSING = "Demand passes capacity"
# One sign for each class of a scale, lowest first, and one for none.
SIGNS, MISSING = "0123456789abcdef", "-"

Rows = list[dict[str, Any]]
Chart = tuple[Mapping[str, Any], Rows]


class Bar(Protocol):
    """A step of a cost, as lib.whatif.cost.cost_steps has it: one without a change (NaN) is a total."""

    @property
    def label(self) -> str:
        """Its name."""

    @property
    def change(self) -> float:
        """Pounds a year."""

    @property
    def total(self) -> float:
        """Pounds a year after it."""


def map_classes(step: Step, measure: str, scale: Scale) -> dict[str, Any]:
    """The districts of every year on a map whose scale is frozen from the base year.

    measure: a key of lib.charts.year_map.MEASURES. Keys: palette ({"fill", "label"} of each class, lowest first),
    classes (one text a year, in it one sign a district, in order: of SIGNS, or MISSING), shown (the figure as text, a
    list of districts a year), lines (what else a tooltip says, the same), changed (the codes of districts in another
    class than in the base year, a list a year).
    """
    values = step.values[measure][:, :-1]
    years, districts = values.shape
    positions = scale.positions(values)
    signs = np.array([MISSING, *SIGNS])[positions + 1]
    codes = np.array(step.areas[:-1], dtype=object)
    return {
        "palette": [{"fill": colour, "label": label} for colour, label in legend_entries(scale)],
        "classes": ["".join(row) for row in signs.tolist()],
        "shown": by_year(UNITS[MEASURES[measure][1]].about_each(values), years, districts),
        "lines": by_year(short_words_each(step.values["shortfall_hours"][:, :-1]), years, districts),
        "changed": [codes[row].tolist() for row in positions != positions[0]],
    }


def by_year(texts: Sequence[str], years: int, districts: int) -> list[list[str]]:
    """Texts of all years as one list a year."""
    places = range(0, years * districts + 1, districts) if districts else [0] * (years + 1)
    return [list(texts[start:end]) for start, end in pairwise(places)]


def lines_rows(step: Step, area: str = COUNTY_CODE, *, year: int | None = None, dark: bool = False) -> Chart:
    """Demand, capacity and served of a district or the county ("all"): definition, and one row a year.

    Where nobody knows what waits, the care already arranged stands in demand's place, without a band: lib.whatif.need.
    The county has its band where its range was asked for. Every row has `chosen`: the year in the row of the year
    shown (year; the last without one), otherwise None, so that a browser can move it by itself.
    """
    place = step.areas.index(area)
    ranges = {
        measure: (step.county_range[measure][:, 0].tolist(), step.county_range[measure][:, -1].tolist())
        for measure in BANDED.values()
        if area == COUNTY_CODE and measure in step.county_range
    }
    measures = [*BANDED.values(), *CALLED, "served_hours"]
    values = {name: step.values[name][:, place].tolist() for name in measures}
    columns = line_columns(step.years, values, ranges)
    short = step.first_short_year.get(area)
    crosses = short is not None and short > step.years[0]
    plot = lines_plot(
        columns,
        axis_title=HOURS_AXIS,
        selected_year=step.years[-1] if year is None else year,
        crossing_year=short if crosses else None,
        crossing_label=CROSSING if crosses else "",
        need=CALLED[need_of(values)],
        dark=dark,
    )
    return plot.definition, [{"chosen": None} | row for row in plot.rows()]


def drivers_rows(step: Step, *, dark: bool = False) -> Chart:
    """What changes demand from today to the last year: definition, and one row a driver."""
    labels, changes, totals = (
        [getattr(one, name) for one in step.drivers] for name in ("label", "change_hours", "total_hours")
    )
    plot = waterfall_plot(waterfall_columns(labels, changes, totals), axis_title=HOURS_AXIS, dark=dark)
    return plot.definition, plot.rows()


def effects_rows(step: Step, *, dark: bool = False) -> Chart:
    """What a step of each lever does to the county's gap: definition, and two rows a lever, down and up.

    Levers that move nothing here are left out; no row at all where demand or capacity is not known.
    """
    names = ("label", "unit", "low_value", "high_value", "effect_low", "effect_high", "swing")
    columns = tornado_columns({name: [getattr(one, name) for one in step.effects] for name in names})
    plot = tornado_plot(columns, axis_title=EFFECTS_AXIS, dark=dark)
    return plot.definition, plot.rows()


def cost_rows(steps: Sequence[Bar], *, dark: bool = False) -> Chart:
    """What changes the cost of meeting the need: definition, and one row a step."""
    labels, changes, totals = ([getattr(one, name) for one in steps] for name in ("label", "change", "total"))
    plot = waterfall_plot(waterfall_columns(labels, changes, totals, "pounds"), axis_title=POUNDS_AXIS, dark=dark)
    return plot.definition, plot.rows()


def definition_key(definition: Mapping[str, Any]) -> str:
    """A short text that tells one definition from another, so that a browser is sent each of them once."""
    return hashlib.sha256(json.dumps(definition, sort_keys=True).encode()).hexdigest()[:16]


_keys: dict[int, tuple[Mapping[str, Any], str]] = {}  # by the definition's identity, which holding it keeps its own


def kept_key(definition: Mapping[str, Any]) -> str:
    """The key of a definition, which is the same object from step to step: working it out takes as long as a chart."""
    found = _keys.get(id(definition))
    if found is None:
        if len(_keys) >= 256:
            _keys.clear()
        found = _keys[id(definition)] = (definition, definition_key(definition))
    return found[1]
