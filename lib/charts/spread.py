"""What an hour costs in each area: from the lowest rate to the highest, the middle half, and the median."""

import math
import textwrap
from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from lib.charts.kit import palette
from lib.charts.kit.arrow import plain_marks, rounded, sent
from lib.charts.kit.axis import reached, stated, visible_domain
from lib.charts.kit.chart_spec import ROWS, Drawing, defined, rows_to_come
from lib.charts.kit.theme import (
    LABEL_SIZE,
    TITLE_CHARACTERS,
    axis_format_options,
    layered,
    required,
    room_for,
    text_width,
)
from lib.market.units import UNITS

_RATES = ("lowest", "lower_quartile", "median", "upper_quartile", "highest")
_COLUMNS = ("area_name", *_RATES, "shown", "providers_label")
NAME_LIMIT = 150
KEY = "Line: full range. Bar: middle half. Ring, number: median."
REFERENCE = "agreed rate"
# Pixels: a row, its bar, the strips with the key and the reference's name, and the gap under the first row.
ROW_HEIGHT, _BAR, _KEY, _REFERENCE, GAP = 28, 10, 24, 18, 12
# Stands out from both backgrounds.
COLOUR = palette.DEMAND[3]
_PLOT = "plot"


def _prepared(frame: pd.DataFrame, top: int) -> pd.DataFrame:
    """One record a row, with its middle in pixels; `top` are taken over the first."""
    # All of one precision: a median that is the lowest rate as well lies on it.
    rates = rounded(pd.concat([frame[name].astype(float) for name in _RATES], ignore_index=True))
    columns = {name: rates[number * len(frame) : (number + 1) * len(frame)] for number, name in enumerate(_RATES)}
    rows = pd.DataFrame({name: column.to_numpy() for name, column in columns.items()})
    for name in ("area_name", "shown", "providers_label"):
        rows[name] = frame[name].fillna("").astype(str).to_numpy()
    medians = frame["median"].astype(float).to_numpy()
    rows["median_text"] = [f"£{median:,.2f}" if math.isfinite(median) else "" for median in medians]
    rows["shown"] = rows["shown"].where(rows["shown"].ne(""), "not applicable")
    # Where there is nothing to draw, the words stand in its place.
    rows["instead"] = rows["shown"].where(rows[list(_RATES)].isna().all(axis=1), "")
    rows["first"] = rows.index == 0
    rows["middle"] = top + ROW_HEIGHT * rows.index + ROW_HEIGHT / 2 + np.where(rows["first"], 0, GAP)
    return rows


def rate_spread(
    frame: pd.DataFrame,
    *,
    title: str,
    axis_title: str,
    agreed_rate: float | None = None,
    dark: bool = False,
) -> Drawing:
    """A row an area: a line from the lowest rate to the highest, a bar between the quartiles, a ring at the median.

    frame: one row an area, drawn in its order, the first (the whole county) in bold and set apart: area_name, lowest,
    lower_quartile, median, upper_quartile, highest (pounds an hour, a missing one is not drawn), shown (all of them as
    text; also said in place of a row without any), providers_label ("5 providers"). agreed_rate: pounds an hour, gets
    a dashed line with its name and figure. axis_title: what the axis shows; it says so where it does not start at zero.
    Raises ValueError where a column is missing.
    """
    required(frame.columns, _COLUMNS)
    agreed = math.nan if agreed_rate is None else float(agreed_rate)
    referred = math.isfinite(agreed)
    domain = visible_domain([*frame[list(_RATES)].to_numpy(dtype=float).ravel(), agreed])
    top = _KEY + (_REFERENCE if referred else 0)
    rows = _prepared(frame, top)
    plot = pd.DataFrame(
        {
            "axis_low": reached(domain, "low"),
            "axis_high": reached(domain, "high"),
            "agreed": agreed,
            "agreed_label": f"{REFERENCE} £{agreed:,.2f}" if referred else "",
        },
        index=[0],
    )
    # The measure of text is generous.
    names = 0.92 * max((text_width(name, bold=True) for name in rows["area_name"]), default=0.0)
    left = int(min(-(-names // 8) * 8, NAME_LIMIT)) + 14
    definition = _definition(
        len(rows),
        left,
        room_for(rows["median_text"], gap=10, step=8),
        title=title,
        axis_title=stated(axis_title, domain),
        referred=referred,
        dark=dark,
    )
    return Drawing(definition, {ROWS: sent(rows), _PLOT: sent(plot)})


def _reference(top: int, bottom: int, ink: palette.Ink) -> list[alt.Chart]:
    """The dashed line of the agreed rate, and its name over the rows."""
    base = alt.Chart(alt.NamedData(_PLOT))
    where = {"x": alt.X("agreed:Q"), "y": alt.value(top - 2), "y2": alt.value(bottom)}
    # It runs away from the nearer end of the axis, and so stays on the plot.
    side = alt.ExprRef("datum.agreed * 2 < datum.axis_low + datum.axis_high ? 'left' : 'right'")
    name = base.mark_text(fontSize=LABEL_SIZE, align=side).encode(
        x="agreed:Q", y=alt.value(top - 10), text="agreed_label:N"
    )
    return [
        # The dashes lie on a line of the background: on a bar as dark as they are they would be lost.
        base.mark_rule(strokeWidth=3.5, color=ink.background).encode(**where),
        base.mark_rule(strokeDash=[5, 3], strokeWidth=1.5).encode(**where),
        name,
    ]


@lru_cache(maxsize=64)
def _definition(
    count: int, left: int, right: int, *, title: str, axis_title: str, referred: bool, dark: bool
) -> dict[str, Any]:
    """The chart of so many rows, with `left` pixels for the names and `right` for the medians."""
    ink = palette.ink(dark)
    top = _KEY + (_REFERENCE if referred else 0)
    height = top + ROW_HEIGHT * max(count, 1) + (GAP if count > 1 else 0)
    rate = alt.X(
        "axis_low:Q",
        # The axis ends where an unseen line does, and so changes without the definition.
        scale=alt.Scale(range=[left, alt.ExprRef(f"width - {right}")], zero=False, nice=False),
        axis=alt.Axis(
            title=textwrap.wrap(axis_title, TITLE_CHARACTERS + 8) or [""],
            titleAnchor="end",
            titleAlign="right",
            tickCount=4,
            labelFlush=False,
            labelSeparation=8,
            **axis_format_options(UNITS["pounds_per_hour"].axis_format),
        ),
    )
    base = rows_to_come()
    plot = alt.Chart(alt.NamedData(_PLOT))
    start, full = alt.value(0), alt.value("width")
    ends = plot.mark_rule(opacity=0).encode(x=rate, x2="axis_high:Q", y=start)
    # The axis's lines would run through the strips over the rows.
    strip = plot.mark_rect(fill=ink.background).encode(x=start, x2=full, y=start, y2=alt.value(top - 2))
    key = plot.mark_text(align="left", fontSize=LABEL_SIZE, color=ink.quiet, text=KEY)
    middle = alt.Y("middle:Q", scale=None, axis=None)

    def between(low: str, high: str) -> alt.Chart:
        both: alt.Chart = base.transform_filter(f"isValid(datum.{low}) && isValid(datum.{high})")
        return both

    reach = between("lowest", "highest").mark_rule(strokeWidth=1.5, color=ink.edge)
    bars = between("lower_quartile", "upper_quartile").mark_bar(orient="horizontal", size=_BAR, color=COLOUR)
    rings = base.transform_filter("isValid(datum.median)").mark_point(
        shape="circle", size=80, fill=ink.background, stroke=ink.text, strokeWidth=2.2, opacity=1
    )
    weight = alt.ExprRef("datum.first ? 'bold' : 'normal'")
    names = base.mark_text(align="left", fontWeight=weight, limit=left - 12).encode(x=start, text="area_name:N")
    medians = base.mark_text(align="right", fontWeight=weight).encode(x=full, text="median_text:N")
    words: dict[str, Any] = {"align": "left", "fontSize": LABEL_SIZE, "dx": 4}
    # A plate of the background under the words, because the axis's lines run there.
    plate = base.mark_text(**words, stroke=ink.background, strokeWidth=6, strokeJoin="round")
    instead = base.mark_text(**words, color=ink.quiet)
    said = "datum.area_name + ': ' + datum.shown + (datum.providers_label ? ', ' + datum.providers_label : '')"
    half = ROW_HEIGHT // 2
    # Over everything and transparent, so that the whole row answers a hover.
    over = base.mark_rect(
        aria=True, description=alt.ExprRef(said), color="transparent", yOffset=-half, y2Offset=half
    ).encode(
        x=start,
        x2=full,
        y2="middle:Q",
        tooltip=[
            alt.Tooltip("area_name:N", title="Area"),
            alt.Tooltip("shown:N", title="An hour"),
            alt.Tooltip("providers_label:N", title="Providers"),
        ],
    )
    parting = base.transform_filter("datum.first").mark_rule(color=ink.edge, strokeWidth=0.8)
    layers = [
        ends,
        strip,
        key.encode(x=start, y=alt.value(_KEY / 2 - 2)),
        *([parting.encode(x=start, x2=full, y=alt.value(top + ROW_HEIGHT + GAP / 2))] if count > 1 else []),
        reach.encode(x="lowest:Q", x2="highest:Q", y=middle),
        bars.encode(x="lower_quartile:Q", x2="upper_quartile:Q", y=middle),
        *(_reference(top, height, ink) if referred else []),
        rings.encode(x="median:Q", y=middle),
        names.encode(y=middle),
        medians.encode(y=middle),
        *(text.encode(x=alt.value(left), y=middle, text="instead:N") for text in (plate, instead)),
        over.encode(y=middle),
    ]
    return defined(plain_marks(layered(layers, height=height, title=title, ink=ink), ink))
