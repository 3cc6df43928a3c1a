"""Ranked bars: one row an area, in the order the caller gives."""

from collections.abc import Sequence
from copy import deepcopy
from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from lib.charts.kit import palette
from lib.charts.kit.arrow import plain_marks, rounded, sent
from lib.charts.kit.chart_spec import ROWS, Drawing, defined, rows_to_come
from lib.charts.kit.scale import Scale
from lib.charts.kit.theme import LABEL_SIZE, TEXT_SIZE, axis_format_options, layered, required, room_for
from lib.market.wording import NOT_APPLICABLE

ROW_HEIGHT = 30
NAME_LIMIT = 150
_COLUMNS = ("area_code", "area_name", "value", "shown", "colour", "class_label")
# The strip above the first bar that holds the name of the reference line.
_REFERENCE_STRIP = 22
# Pixels that are kept for the values at least: one definition then serves most indicators.
_LEAST_RIGHT = 64


def _prepared(frame: pd.DataFrame, selected: str | None, reference: float | None, reference_label: str) -> pd.DataFrame:
    """The frame with everything that differs between rows, so that the chart's definition stays the same."""
    rows = frame[list(_COLUMNS)].reset_index(drop=True)
    for column in ("area_code", "area_name", "shown", "colour", "class_label"):
        rows[column] = rows[column].fillna("").astype(str)
    known = np.isfinite(rows["value"].astype(float))
    # Two areas of one name would share a row.
    twice = rows["area_name"].duplicated(keep=False)
    rows["area_name"] = rows["area_name"].where(~twice, rows["area_name"] + " (" + rows["area_code"] + ")")
    rows["shown"] = rows["shown"].where(known | rows["shown"].ne(""), "not applicable")
    rows["value"] = rounded(rows["value"].where(known))
    rows["colour"] = rows["colour"].where(rows["colour"].ne(""), palette.MISSING)
    rows["chosen"] = rows["area_code"].eq(selected if selected is not None else "")
    if reference is not None:
        # On one row only, so that it is drawn once.
        rows["reference"] = np.where(rows.index == 0, float(reference), np.nan)
        if reference_label:
            rows["reference_label"] = np.where(rows.index == 0, reference_label, "")
    return rows


def scaled_rows(
    codes: Sequence[str],
    names: Sequence[str],
    values: Sequence[float],
    shown: Sequence[str],
    scale: Scale,
    measures: Sequence[float],
) -> pd.DataFrame:
    """Rows for `ranked_bars`, each in the colour and class that a scale gives its measure (often the value itself)."""
    return pd.DataFrame(
        {
            "area_code": codes,
            "area_name": names,
            "value": values,
            "shown": shown,
            "colour": [scale.colour(float(one)) or "" for one in measures],
            "class_label": [scale.label(float(one)) or NOT_APPLICABLE for one in measures],
        }
    )


def ranked_bars(
    frame: pd.DataFrame,
    *,
    title: str,
    axis_title: str,
    selected: str | None,
    reference: float | None = None,
    reference_label: str = "",
    dark: bool = False,
    axis_format: str | None = None,
    start: float = 0.0,
) -> Drawing:
    """Horizontal bars, the values in a column beside them, the selected area outlined, banded and in bold.

    frame: one row an area, drawn in its order: area_code, area_name, value (number; missing draws no bar), shown (the
    value as text, with its unit), colour ("#rrggbb"; "" is the missing grey), class_label (name of the colour's class).
    selected: an area_code or None. reference: a value that gets a dashed line, named by reference_label. axis_format:
    the axis's numbers, for example ".0%" or "£.2f".

    The point selection "area" returns the area_code of the row that was clicked; a row is clickable over its full width
    and on its name, and a click beside the rows clears it. Raises ValueError where a column is missing.
    """
    required(frame.columns, _COLUMNS)
    rows = _prepared(frame, selected, reference, reference_label)
    definition = _definition(
        len(rows),
        max(room_for(rows["shown"]), _LEAST_RIGHT),
        title=title,
        axis_title=axis_title,
        referred=reference is not None,
        labelled=reference is not None and bool(reference_label),
        dark=dark,
        axis_format=axis_format,
        start=start,
    )
    return Drawing(definition, {ROWS: sent(rows)})


@lru_cache(maxsize=128)
def _definition(
    count: int,
    right: int,
    *,
    title: str,
    axis_title: str,
    referred: bool,
    labelled: bool,
    dark: bool,
    axis_format: str | None,
    start: float,
) -> dict[str, Any]:
    """The chart of so many rows, with `right` pixels for the values beside them.

    Altair takes long over a chart: what differs from one indicator to the next is set in a copy of what it made.
    """
    made = deepcopy(_of_any(count, title=title, axis_title=axis_title, referred=referred, labelled=labelled, dark=dark))
    (bars,) = [layer["encoding"] for layer in made["layer"] if layer["mark"]["type"] == "bar"]
    bars["x"]["scale"] |= {"range": [0, {"expr": f"width - {right}"}], "zero": start == 0}
    bars["x"]["axis"] |= axis_format_options(axis_format)
    bars["x2"]["datum"] = start
    return made


@lru_cache(maxsize=32)
def _of_any(count: int, *, title: str, axis_title: str, referred: bool, labelled: bool, dark: bool) -> dict[str, Any]:
    """The chart of so many rows, of any values: see `_definition`."""
    ink = palette.ink(dark)
    top = _REFERENCE_STRIP if labelled else 0
    height = ROW_HEIGHT * max(count, 1) + top

    # The axis draws no names, because an axis cannot print one of them in bold without the name standing in an
    # expression; it only keeps the room, and text marks, which can be clicked as well, stand in its place.
    names = alt.Axis(
        labelColor="transparent",
        labelFontSize=TEXT_SIZE,
        labelFontWeight="bold",
        labelLimit=NAME_LIMIT,
        labelPadding=10,
        labelOverlap=False,
        grid=False,
    )
    scale = alt.Scale(range=[top, height], paddingInner=0, paddingOuter=0)
    row = alt.Y("area_name:N", sort=None, title=None, scale=scale, axis=names)
    values = alt.X(
        "value:Q",
        title=axis_title,
        stack=None,
        scale=alt.Scale(nice=True),
        axis=alt.Axis(tickCount=4, titleAnchor="end", titleAlign="right", labelFlush=False),
    )
    tooltip = [
        alt.Tooltip("area_name:N", title="Area"),
        alt.Tooltip("shown:N", title=axis_title or "Value"),
        alt.Tooltip("class_label:N", title="Class"),
    ]

    def chosen(yes: object, no: object) -> alt.ExprRef:
        return alt.ExprRef(f"datum.chosen ? {yes!r} : {no!r}")

    left, full = alt.value(0), alt.value("width")
    base = rows_to_come()
    band = base.mark_rect(fill=chosen(ink.highlight, "transparent")).encode(x=left, x2=full)
    marker = base.mark_rect(fill=chosen(ink.text, "transparent")).encode(x=alt.value(-5), x2=alt.value(-1))
    bars = base.mark_bar(
        height=alt.RelativeBandSize(0.64), stroke=chosen(ink.text, ink.edge), strokeWidth=chosen(2.5, 0.7)
    ).encode(x=values, x2=alt.datum(0), fill=alt.Fill("colour:N", scale=None))
    layers: list[alt.Chart] = [band, marker, bars]
    if referred:
        where = {"x": alt.X("reference:Q"), "y": alt.value(top), "y2": alt.value(height)}
        # The dashes lie on a line of the background: on a bar as pale, or as dark, as they are they would be lost.
        layers.append(base.mark_rule(strokeWidth=3.5, color=ink.background).encode(**where))
        layers.append(base.mark_rule(strokeDash=[5, 3], strokeWidth=1.5).encode(**where))
        if labelled:
            label = base.mark_text(fontSize=LABEL_SIZE, baseline="bottom", limit=NAME_LIMIT)
            layers.append(label.encode(x="reference:Q", y=alt.value(top - 5), text="reference_label:N"))
    weight = chosen("bold", "normal")
    name = base.mark_text(align="right", fontWeight=weight, dx=-10, limit=NAME_LIMIT, cursor="pointer")
    layers.append(name.encode(x=left, text="area_name:N", tooltip=tooltip))
    layers.append(base.mark_text(align="right", fontWeight=weight, dx=-4).encode(x=full, text="shown:N"))
    # Over everything and transparent, so that the whole row answers a click and a hover.
    # Axis labels and the space around the plot have no area: without the conditions they would select "undefined".
    # They name event.item because Streamlit's interpreter of expressions knows no datum there.
    area = "event.item && event.item.datum && event.item.datum.area_code"
    click = alt.selection_point(
        name="area",
        fields=["area_code"],
        on=f"click[{area}]",
        clear=f"click[!({area})]",
        toggle=False,
    )
    said = "datum.area_name + ': ' + datum.shown + (datum.class_label ? ', ' + datum.class_label : '')"
    rows_over = base.mark_rect(aria=True, description=alt.ExprRef(said), color="transparent", cursor="pointer")
    # The name keeps Altair from making one out of the data.
    layers.append(rows_over.encode(x=left, x2=full, tooltip=tooltip).properties(name="rows").add_params(click))
    chart = layered(layers, height=height, title=title, ink=ink)
    return defined(plain_marks(chart.encode(y=row), ink))
