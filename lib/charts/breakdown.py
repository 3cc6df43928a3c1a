"""Hours needed and hours of capacity, side by side, for each kind of service and group of people."""

import altair as alt
import numpy as np
import pandas as pd

from lib.charts import palette
from lib.charts.theme import TEXT_SIZE, layered, required, room_for

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
    """Two records a row of the frame, with their place in pixels."""
    records = []
    for number, row in enumerate(frame.to_dict("records")):
        label = ", ".join(str(row[name]) for name in ("service_type_label", "cohort_label") if row[name])
        for place, (measure, column) in enumerate(zip(NAMES, ("demand", "capacity"), strict=True)):
            value = float(row[f"{column}_hours"])
            top = number * _ROW + _FIRST_BAR + place * (_BAR + _GAP)
            shown = str(row[f"shown_{column}"])
            records.append(
                {
                    "label": label,
                    "measure": measure,
                    "hours": value if np.isfinite(value) else 0.0,
                    "shown": shown,
                    "shortfall": str(row["shown_shortfall"]),
                    "heading": label if place == 0 else "",
                    "note": f"Shortfall: {row['shown_shortfall']}" if place == 0 and row["shown_shortfall"] else "",
                    "top": top,
                    "bottom": top + _BAR,
                    "middle": top + _BAR / 2,
                    "name_at": number * _ROW + _NAME,
                    "note_at": number * _ROW + _SHORTFALL,
                    "description": f"{label}, {measure.lower()}: {shown}",
                }
            )
    columns = ["label", "measure", "hours", "shown", "shortfall", "heading", "note"]
    columns += ["top", "bottom", "middle", "name_at", "note_at", "description"]
    return pd.DataFrame(records, columns=columns)


def demand_and_capacity(frame: pd.DataFrame, *, title: str, dark: bool = False) -> alt.LayerChart:
    """Two bars a row, demand above capacity, the row's name and its shortfall over them.

    frame: one row a service type and cohort, drawn in its order: service_type_label, cohort_label (text, may be ""),
    demand_hours, capacity_hours (hours a week; missing draws no bar), shown_demand, shown_capacity, shown_shortfall
    (the same as text, with units; shown_shortfall "" leaves its line out). Raises ValueError where a column is missing.
    """
    required(frame.columns, _COLUMNS)
    ink = palette.ink(dark)
    rows = _bar_rows(frame)
    height = _ROW * max(len(frame), 1)
    right = room_for(rows["shown"])
    fixed = alt.Scale(domain=[0, height], range=[0, height], nice=False, zero=False)
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
    base = alt.Chart(rows)
    bars = base.mark_rect().encode(
        x=hours,
        x2=alt.datum(0),
        y=alt.Y("top:Q", scale=fixed, axis=None),
        y2="bottom:Q",
        color=colour,
        tooltip=tooltip,
        description="description:N",
    )
    values = base.mark_text(aria=False, tooltip=None, align="left", dx=6, fontSize=TEXT_SIZE, color=ink.text).encode(
        x=hours, y=alt.Y("middle:Q", scale=fixed, axis=None), text="shown:N"
    )
    names = base.mark_text(
        aria=False, tooltip=None, align="left", fontSize=TEXT_SIZE, fontWeight="bold", color=ink.text
    ).encode(x=alt.value(0), y=alt.Y("name_at:Q", scale=fixed, axis=None), text="heading:N")
    notes = base.mark_text(aria=False, tooltip=None, align="left", fontSize=TEXT_SIZE, color=ink.quiet).encode(
        x=alt.value(0), y=alt.Y("note_at:Q", scale=fixed, axis=None), text="note:N"
    )
    return layered([bars, values, names, notes], height=height, title=title, ink=ink)
