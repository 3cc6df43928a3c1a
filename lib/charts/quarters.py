"""Costs quarter by quarter: with a purchasing mechanism, and had today's rate stayed."""

import math
import textwrap
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from lib.charts.kit import palette
from lib.charts.kit.arrow import LINE, plain_marks, rounded, sent
from lib.charts.kit.axis import reached, stated, visible_domain
from lib.charts.kit.chart_spec import ROWS, Drawing, defined, rows_to_come
from lib.charts.kit.theme import LABEL_SIZE, TITLE_CHARACTERS, flat_axis, layered, required, room_for, text_width
from lib.market.units import UNITS

_COLUMNS = ("quarter", "quarter_label", "value", "shown", "as_today", "shown_as_today", "shown_share")
NAMES = ("With the mechanism", "At today's rate")
SHARE_NAME = "Share on the mechanism"
HEIGHT = 260
# Pixels of the plot: over the highest value, under the lowest and with the quarters' names, and left of the first one.
_TOP, _BOTTOM, _LEFT = 8, 26, 22
# A plot narrower than this breaks the names at the lines' ends in two.
_NARROW = 420
_LAYOUTS = {"wide": [[name] for name in NAMES], "narrow": [name.rsplit(" ", 1) for name in NAMES]}
# Stands out from both backgrounds, and the dashes that lie on it where the lines meet stand out from it.
COLOUR = palette.DEMAND[3]


def label_moves(ends: tuple[float, float], heights: tuple[float, float], bottom: float) -> tuple[float, float]:
    """Pixels by which two labels move, down where positive, so that they overlap neither each other nor the edges.

    ends: the middles of the labels before they move, in pixels from the top; missing ones do not move. heights: theirs.
    bottom: the lower edge; the upper is 0, and both labels fit between.
    """
    if not all(map(math.isfinite, ends)):
        return 0.0, 0.0
    upper, lower = (1, 0) if ends[0] > ends[1] else (0, 1)
    needed = (heights[0] + heights[1]) / 2
    push = max(0.0, needed - (ends[lower] - ends[upper])) / 2
    places = {upper: ends[upper] - push, lower: ends[lower] + push}
    over = max(0.0, heights[upper] / 2 - places[upper])
    places = {upper: places[upper] + over, lower: max(places[lower], places[upper] + over + needed)}
    under = max(0.0, places[lower] + heights[lower] / 2 - bottom)
    places = {upper: min(places[upper], places[lower] - under - needed), lower: places[lower] - under}
    return round(places[0] - ends[0], 1), round(places[1] - ends[1], 1)


def _prepared(frame: pd.DataFrame, domain: tuple[float, float]) -> pd.DataFrame:
    """The frame with everything that differs between two settings, so that the chart's definition stays the same."""
    # Both of one precision: where the costs are the same, so are the lines.
    costs = rounded(pd.concat([frame["value"], frame["as_today"]], ignore_index=True))
    labels = frame["quarter_label"].fillna("").astype(str)
    widest = sorted(text_width(label, LABEL_SIZE) for label in labels)[-2:]
    rows = pd.DataFrame(
        {
            "quarter": frame["quarter"],
            "quarter_label": labels,
            "value": costs[: len(frame)],
            "as_today": costs[len(frame) :].to_numpy(),
            **{name: frame[name].fillna("").astype(str) for name in ("shown", "shown_as_today", "shown_share")},
            # Pixels between the middles of two names of quarters: the narrower the chart, the fewer are written.
            "label_room": math.ceil(sum(widest) / len(widest) + 6),
            "last": frame.index == len(frame) - 1,
            "axis_low": reached(domain, "low"),
            "axis_high": reached(domain, "high"),
        }
    )
    for layout, names in _LAYOUTS.items():
        bottom = HEIGHT - _BOTTOM
        first, second = (
            bottom - (float(rows[name].iloc[-1]) - domain[0]) / (domain[1] - domain[0]) * (bottom - _TOP)
            for name in ("value", "as_today")
        )
        # The last line of each label is the figure.
        heights = (LINE * (len(names[0]) + 1) + 4.0, LINE * (len(names[1]) + 1) + 4.0)
        rows[f"value_{layout}"], rows[f"as_today_{layout}"] = label_moves((first, second), heights, bottom)
    return rows


def cost_by_quarter(frame: pd.DataFrame, *, title: str, axis_title: str, dark: bool = False) -> Drawing:
    """Two lines, solid with points for the mechanism and dashed for today's rate, named at their ends, shaded between.

    frame: one row a quarter: quarter (0, 1, 2 ...), quarter_label ("Today", "Q1" ...), value (pounds with the
    mechanism), as_today (pounds at today's rate; a missing number of either draws nothing), shown, shown_as_today
    (the same as text, with the pound sign), shown_share (how much goes through the mechanism, as text). Other columns
    are left out. axis_title: what the axis shows, in pounds; it says so where it does not start at zero. Raises
    ValueError where a column is missing or where there is no row.
    """
    required(frame.columns, _COLUMNS)
    if frame.empty:
        raise ValueError("there is no quarter to draw")
    frame = frame.sort_values("quarter", ignore_index=True)
    domain = visible_domain(frame[["value", "as_today"]].to_numpy(dtype=float).ravel())
    rows = _prepared(frame, domain)
    ends = [rows["shown"].iloc[-1], rows["shown_as_today"].iloc[-1]]
    wide, narrow = (
        room_for([*(line for name in names for line in name), *ends], gap=14, step=8) for names in _LAYOUTS.values()
    )
    definition = _definition(wide, narrow, title=title, axis_title=stated(axis_title, domain), dark=dark)
    return Drawing(definition, {ROWS: sent(rows)})


@lru_cache(maxsize=64)
def _definition(wide: int, narrow: int, *, title: str, axis_title: str, dark: bool) -> dict[str, Any]:
    """The chart with `wide` pixels for the names at the lines' ends, or `narrow` ones where it is narrow."""
    ink = palette.ink(dark)
    bottom = HEIGHT - _BOTTOM
    lines = textwrap.wrap(axis_title, TITLE_CHARACTERS + 8) or [""]
    quarter = alt.X(
        "quarter:Q",
        title=None,
        scale=alt.Scale(range=[_LEFT, alt.ExprRef("width - ends")], zero=False, nice=False),
        axis=None,
    )
    cost = alt.Y(
        "value:Q",
        # The axis ends where the unseen targets do, and so changes without the definition.
        scale=alt.Scale(zero=False, nice=False, range=[bottom, _TOP]),
        axis=flat_axis(lines, 12 + (LABEL_SIZE + 2) * (len(lines) - 1), UNITS["pounds_per_quarter"].axis_format),
    )
    base = rows_to_come()
    between = base.mark_area(color=COLOUR, opacity=0.3 if dark else 0.16).encode(y=cost, y2="as_today:Q")
    mechanism = base.mark_line(color=COLOUR, strokeWidth=3)
    points = base.mark_point(
        filled=True, shape="circle", color=COLOUR, opacity=1, size=alt.ExprRef("clamp(room * 3, 22, 60)")
    )
    # Over the solid line: where both cost the same, each is still seen.
    today = base.mark_line(color=ink.text, strokeWidth=1.8, strokeDash=[6, 4]).encode(y="as_today:Q")

    def end(number: int, measure: str, shown: str) -> alt.Chart:
        long, short = (f"[{', '.join(map(repr, names[number]))}, datum.{shown}]" for names in _LAYOUTS.values())
        # The middle of a text of several lines lies in its first; the label's is to lie at the line's end.
        move = f"narrow ? datum.{measure}_narrow - {LINE} : datum.{measure}_wide - {LINE / 2:g}"
        label = base.transform_filter("datum.last").mark_text(
            align="left",
            baseline="middle",
            dx=10,
            dy=alt.ExprRef(move),
            text=alt.ExprRef(f"narrow ? {short} : {long}"),
            fontWeight=600,
        )
        placed: alt.Chart = label.encode(y=f"{measure}:Q")
        return placed

    # Not the axis's own labels, because they are data, and an axis would need them in an expression.
    every = "datum.label_room <= room ? 1 : datum.label_room <= 2 * room ? 2 : datum.label_room <= 4 * room ? 4 : 8"
    quarters = base.mark_text(
        fontSize=LABEL_SIZE,
        color=ink.quiet,
        text=alt.ExprRef(f"datum.quarter % ({every}) == 0 ? datum.quarter_label : ''"),
    ).encode(y=alt.value(bottom + 16))
    # Unseen and as wide as a quarter, so that its whole column answers a hover; it also carries the words for screen
    # readers.
    said = (
        f"datum.quarter_label + ': {NAMES[0].lower()} ' + datum.shown + {f', {NAMES[1].lower()} '!r} + "
        f"datum.shown_as_today + (datum.shown_share ? ', {SHARE_NAME.lower()} ' + datum.shown_share : '')"
    )
    targets = base.mark_rule(
        aria=True, description=alt.ExprRef(said), opacity=0, strokeWidth=alt.ExprRef("clamp(room, 6, 90)")
    ).encode(
        y="axis_low:Q",
        y2="axis_high:Q",
        tooltip=[
            alt.Tooltip("quarter_label:N", title="Quarter"),
            alt.Tooltip("shown:N", title=NAMES[0]),
            alt.Tooltip("shown_as_today:N", title=NAMES[1]),
            alt.Tooltip("shown_share:N", title=SHARE_NAME),
        ],
    )
    labels = [end(0, "value", "shown"), end(1, "as_today", "shown_as_today")]
    layers = [between, mechanism.encode(y="value:Q"), points.encode(y="value:Q"), today, *labels, quarters, targets]
    chart = layered(layers, height=HEIGHT, title=title, ink=ink).encode(x=quarter)
    chart = chart.add_params(
        alt.param(name="narrow", expr=f"width < {_NARROW}"),
        alt.param(name="ends", expr=f"narrow ? {narrow} : {wide}"),
        # Pixels from one quarter to the next; known only in the browser.
        alt.param(name="room", expr=f"(width - ends - {_LEFT}) / (domain('x')[1] - domain('x')[0])"),
    )
    return defined(plain_marks(chart, ink))
