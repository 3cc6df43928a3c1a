"""Ranked bars: one row an area, in the order the caller gives."""

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from lib.charts import palette
from lib.charts.theme import LABEL_SIZE, TEXT_SIZE, axis_format_options, layered, required, room_for

ROW_HEIGHT = 30
NAME_LIMIT = 150
_COLUMNS = ("area_code", "area_name", "value", "shown", "colour", "class_label")
# The strip above the first bar that holds the name of the reference line.
_REFERENCE_STRIP = 22


def _prepared(
    frame: pd.DataFrame, selected: str | None, reference: float | None, dark: bool, start: float
) -> pd.DataFrame:
    """The frame with everything that differs between rows, so that the chart's definition stays the same."""
    ink = palette.ink(dark)
    rows = frame[list(_COLUMNS)].reset_index(drop=True)
    for column in ("area_code", "area_name", "shown", "colour", "class_label"):
        rows[column] = rows[column].fillna("").astype(str)
    known = np.isfinite(rows["value"].astype(float))
    chosen = rows["area_code"].eq(selected if selected is not None else "")
    # Two areas of one name would share a row.
    twice = rows["area_name"].duplicated(keep=False)
    rows["area_name"] = rows["area_name"].where(~twice, rows["area_name"] + " (" + rows["area_code"] + ")")
    rows["shown"] = rows["shown"].where(known | rows["shown"].ne(""), "not applicable")
    rows["bar"] = rows["value"].where(known, start).astype(float)
    rows["fill"] = rows["colour"].where(rows["colour"].ne(""), palette.MISSING)
    rows["edge"] = np.where(chosen, ink.text, ink.edge)
    rows["edge_width"] = np.where(~known, 0.0, np.where(chosen, 2.5, 0.7))
    rows["band"] = np.where(chosen, ink.highlight, "transparent")
    rows["marker"] = np.where(chosen, ink.text, "transparent")
    for column, weight in (("name", "area_name"), ("text", "shown")):
        rows[f"{column}_plain"] = rows[weight].where(~chosen, "")
        rows[f"{column}_bold"] = rows[weight].where(chosen, "")
    rows["first"] = rows.index == 0
    rows["reference"] = np.nan if reference is None else float(reference)
    rows["description"] = rows["area_name"] + ": " + rows["shown"]
    rows["description"] += np.where(rows["class_label"].ne(""), ", " + rows["class_label"], "")
    # What is drawn is sent, and no more: bar and fill stand for these two.
    return rows.drop(columns=["value", "colour"])


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
) -> alt.LayerChart:
    """Horizontal bars, the values in a column beside them, the selected area outlined, banded and in bold.

    frame: one row an area, drawn in its order: area_code, area_name, value (number; missing draws no bar), shown (the
    value as text, with its unit), colour ("#rrggbb"; "" is the missing grey), class_label (name of the colour's class).
    selected: an area_code or None. reference: a value that gets a dashed line, named by reference_label. axis_format:
    the axis's numbers, for example ".0%" or "£.2f".

    The point selection "area" returns the area_code of the row that was clicked; a row is clickable over its full width
    and on its name, and a click beside the rows clears it. Raises ValueError where a column is missing.
    """
    required(frame.columns, _COLUMNS)
    ink = palette.ink(dark)
    rows = _prepared(frame, selected, reference, dark, start)
    top = _REFERENCE_STRIP if reference is not None and reference_label else 0
    height = ROW_HEIGHT * max(len(rows), 1) + top
    right = room_for(rows["shown"])

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
    row = alt.Y("area_name:N", sort=None, title=None)
    values = alt.X(
        "bar:Q",
        title=axis_title,
        stack=None,
        scale=alt.Scale(range=[0, alt.ExprRef(f"width - {right}")], zero=start == 0, nice=True),
        axis=alt.Axis(
            tickCount=4, titleAnchor="end", titleAlign="right", labelFlush=False, **axis_format_options(axis_format)
        ),
    )
    tooltip = [
        alt.Tooltip("area_name:N", title="Area"),
        alt.Tooltip("shown:N", title=axis_title or "Value"),
        alt.Tooltip("class_label:N", title="Class"),
    ]
    left, full = alt.value(0), alt.value("width")
    base = alt.Chart(rows)
    band = base.mark_rect(aria=False, tooltip=None).encode(y=row, x=left, x2=full, fill=alt.Fill("band:N", scale=None))
    marker = base.mark_rect(aria=False, tooltip=None).encode(
        y=row, x=alt.value(-5), x2=alt.value(-1), fill=alt.Fill("marker:N", scale=None)
    )
    bars = base.mark_bar(aria=False, tooltip=None, height=alt.RelativeBandSize(0.64)).encode(
        # Once for all layers, which share the axis.
        y=alt.Y("area_name:N", sort=None, title=None, scale=scale, axis=names),
        x=values,
        x2=alt.datum(start),
        fill=alt.Fill("fill:N", scale=None),
        stroke=alt.Stroke("edge:N", scale=None),
        strokeWidth=alt.StrokeWidth("edge_width:Q", scale=None),
    )
    layers: list[alt.Chart] = [band, marker, bars]
    if reference is not None:
        one = base.transform_filter("datum.first")
        where = {"x": alt.X("reference:Q", title=axis_title), "y": alt.value(top), "y2": alt.value(height)}
        # The dashes lie on a line of the background: on a bar as pale, or as dark, as they are they would be lost.
        under = one.mark_rule(aria=False, tooltip=None, strokeWidth=3.5, color=ink.background)
        dashes = one.mark_rule(aria=False, tooltip=None, strokeDash=[5, 3], strokeWidth=1.5, color=ink.text)
        layers += [under.encode(**where), dashes.encode(**where)]
        if reference_label:
            label = one.transform_calculate(reference_text="reference_name")
            layers.append(
                label.mark_text(aria=False, tooltip=None, fontSize=LABEL_SIZE, color=ink.text, baseline="bottom")
                .encode(x="reference:Q", y=alt.value(top - 5), text="reference_text:N")
                .add_params(alt.param(name="reference_name", value=reference_label))
            )
    for weight in ("normal", "bold"):
        suffix = "plain" if weight == "normal" else "bold"
        common: dict[str, Any] = {
            "aria": False,
            "fontWeight": weight,
            "fontSize": TEXT_SIZE,
            "color": ink.text,
            "align": "right",
        }
        name = base.mark_text(**common, dx=-10, limit=NAME_LIMIT, cursor="pointer")
        layers.append(name.encode(y=row, x=left, text=f"name_{suffix}:N", tooltip=tooltip))
        layers.append(base.mark_text(**common, dx=-4, tooltip=None).encode(y=row, x=full, text=f"text_{suffix}:N"))
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
    rows_over = base.mark_rect(color="transparent", cursor="pointer").encode(
        y=row, x=left, x2=full, tooltip=tooltip, description="description:N"
    )
    layers.append(rows_over.add_params(click))
    return layered(layers, height=height, title=title, ink=ink)
