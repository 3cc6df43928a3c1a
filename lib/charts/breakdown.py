"""Hours needed and hours of capacity, side by side, for each kind of service and group of people."""

from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from lib.charts.kit import palette
from lib.charts.kit.arrow import plain_marks, rounded, sent
from lib.charts.kit.chart_spec import ROWS, Drawing, defined, rows_to_come
from lib.charts.kit.theme import layered, required, room_for

_COLUMNS = (
    "service_type_label",
    "cohort_label",
    "demand_hours",
    "capacity_hours",
    "shown_demand",
    "shown_capacity",
    "shown_shortfall",
)
NAMES = ("Demand", "Capacity")
COLOURS = (palette.CATEGORICAL[0], palette.CATEGORICAL[1])
COLOURS_DARK = (palette.CATEGORICAL_DARK[0], palette.CATEGORICAL_DARK[1])
# Pixels from the top of a row: its name, the line on the shortfall, the two bars.
_NAME, _SHORTFALL, _FIRST_BAR, _BAR, _GAP, _ROW = 8, 25, 37, 15, 2, 84


def _bar_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Two records a row of the frame, with the middle of their bars in pixels."""
    records = []
    for number, row in enumerate(frame.to_dict("records")):
        label = ", ".join(str(row[name]) for name in ("service_type_label", "cohort_label") if row[name])
        for place, (measure, column) in enumerate(zip(NAMES, ("demand", "capacity"), strict=True)):
            value = float(row[f"{column}_hours"])
            records.append(
                {
                    "label": label,
                    "measure": measure,
                    "hours": value if np.isfinite(value) else 0.0,
                    "shown": str(row[f"shown_{column}"]),
                    "shortfall": str(row["shown_shortfall"]),
                    "middle": number * _ROW + _FIRST_BAR + place * (_BAR + _GAP) + _BAR / 2,
                }
            )
    rows = pd.DataFrame(records, columns=["label", "measure", "hours", "shown", "shortfall", "middle"])
    return rows.assign(hours=rounded(rows["hours"]))


def demand_and_capacity(frame: pd.DataFrame, *, title: str, dark: bool = False) -> Drawing:
    """Two bars a row, demand above capacity, the row's name and its shortfall over them.

    frame: one row a service type and cohort, drawn in its order: service_type_label, cohort_label (text, may be ""),
    demand_hours, capacity_hours (hours a week; missing draws no bar), shown_demand, shown_capacity, shown_shortfall
    (the same as text, with units; shown_shortfall "" leaves its line out). Raises ValueError where a column is missing.
    """
    required(frame.columns, _COLUMNS)
    rows = _bar_rows(frame)
    definition = _definition(len(frame), room_for(rows["shown"]), title=title, dark=dark)
    return Drawing(definition, {ROWS: sent(rows)})


@lru_cache(maxsize=64)
def _definition(count: int, right: int, *, title: str, dark: bool) -> dict[str, Any]:
    """The chart of so many rows, with `right` pixels for the values at the bars' ends."""
    ink = palette.ink(dark)
    height = _ROW * max(count, 1)
    hours = alt.X(
        "hours:Q",
        title="Hours a week",
        stack=None,
        scale=alt.Scale(range=[0, alt.ExprRef(f"width - {right}")], zero=True, nice=True),
        axis=alt.Axis(tickCount=4, titleAnchor="start", titleAlign="left", labelFlush=True, grid=False),
    )
    colour = alt.Color(
        "measure:N",
        title=None,
        scale=alt.Scale(domain=list(NAMES), range=list(COLOURS_DARK if dark else COLOURS)),
        legend=alt.Legend(orient="top", direction="horizontal", symbolType="square", symbolStrokeWidth=0),
    )
    tooltip = [
        alt.Tooltip("label:N", title="Service"),
        alt.Tooltip("measure:N", title="Measure"),
        alt.Tooltip("shown:N", title="Hours a week"),
        alt.Tooltip("shortfall:N", title="Shortfall"),
    ]
    base = rows_to_come()
    said = alt.ExprRef("datum.label + ', ' + lower(datum.measure) + ': ' + datum.shown")
    bars = base.mark_bar(aria=True, description=said, orient="horizontal", size=_BAR).encode(
        x=hours, x2=alt.datum(0), color=colour, tooltip=tooltip
    )
    values = base.mark_text(align="left", dx=6).encode(x="hours:Q", text="shown:N")

    def over_the_bars(words: str, at: int, **style: Any) -> alt.Chart:
        # Once a row: the record of the first bar carries the words.
        text = alt.ExprRef(f"datum.measure == '{NAMES[0]}' ? {words} : ''")
        words_at: alt.Chart = base.mark_text(align="left", text=text, dy=at - _FIRST_BAR - _BAR / 2, **style)
        return words_at.encode(x=alt.value(0))

    names = over_the_bars("datum.label", _NAME, fontWeight="bold")
    notes = over_the_bars("datum.shortfall && 'Shortfall: ' + datum.shortfall", _SHORTFALL, color=ink.quiet)
    chart = layered([bars, values, names, notes], height=height, title=title, ink=ink, legend=True)
    return defined(plain_marks(chart.encode(y=alt.Y("middle:Q", scale=None, axis=None)), ink))
