"""The effect on the gap of a step of each lever, down and up: steps of another size would rank them otherwise."""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from lib.charts.kit import palette
from lib.charts.kit.arrow import plain_marks, rounded_list
from lib.charts.kit.axis import round_step
from lib.charts.kit.chart_spec import Drawing, Plot, defined, first_row, height_of, once, rows_to_come
from lib.charts.kit.theme import layered, required, room_for

Columns = Mapping[str, Sequence[Any]]
_COLUMNS = ("lever_label", "step_label", "low", "high", "shown_low", "shown_high", "order")
MOVES = ("Lever down", "Lever up")
# Pixels from the top of a row: the middle of its name, then the bar.
_NAME, _FIRST_BAR, _BAR, _ROW = 10, 21, 20, 52
# The height of one of two bars on the same side: the least on which two numbers stand apart.
_SHARED = 14


def _prepared(given: Columns) -> dict[str, list[Any]]:
    """Two records a lever, down and up; two effects on one side stand one beneath the other."""
    count = len(given["lever_label"])
    both = [0.0 if math.isnan(effect) else effect for effect in rounded_list([*given["low"], *given["high"]])]
    records: list[tuple[Any, ...]] = []
    for number in range(count):
        low, high = both[number], both[count + number]
        name = ", ".join(
            str(given[column][number]) for column in ("lever_label", "step_label") if given[column][number]
        )
        shared = low * high > 0
        for place, (move, effect) in enumerate(zip(MOVES, (low, high), strict=True)):
            top = number * _ROW + _FIRST_BAR + (place * _SHARED - 1 if shared else 0)
            # No effect is written on the side that the other effect leaves free.
            left = effect < 0 or (effect == 0 and (low + high > 0 or (low == high and place == 0)))
            shown = str(given["shown_high" if place else "shown_low"][number])
            bottom = top + (_SHARED - 1 if shared else _BAR)
            records.append((name, move, effect, shown, -1 if left else 1, top, bottom))
    names = ("lever", "move", "effect", "shown", "side", "top", "bottom")
    return {name: [record[place] for record in records] for place, name in enumerate(names)}


def sensitivity_tornado(
    frame: pd.DataFrame, *, title: str, axis_title: str, reach: float | None = None, dark: bool = False
) -> Drawing:
    """Bars left and right of zero, one pair a lever under its name, each with its value at its end.

    frame: one row a lever: lever_label, step_label (the step, for example "±1 point"), low, high (what the lever moved
    down and up does to the measure, numbers of one unit), shown_low, shown_high (the same as text, with signs), order
    (top to bottom, largest first). reach: where the axis ends on both sides, unless a bar is longer; a page that passes
    the same one at every step of a slider keeps the chart still. Raises ValueError where a column is missing.
    """
    required(frame.columns, _COLUMNS)
    frame = frame.sort_values("order", kind="stable")
    given = {name: frame[name].tolist() for name in _COLUMNS}
    return tornado_plot(given, title=title, axis_title=axis_title, reach=reach, dark=dark).drawing()


def tornado_plot(
    given: Columns, *, title: str = "", axis_title: str, reach: float | None = None, dark: bool = False
) -> Plot:
    """The chart of `sensitivity_tornado` from plain columns, top to bottom."""
    columns = _prepared(given)
    rows = len(columns["effect"])
    longest = max((abs(effect) for effect in columns["effect"]), default=0.0)
    if reach is None or longest > reach:
        step = round_step(longest or 1.0, 4)
        reach = math.ceil((longest or 1.0) / step) * step
    columns["axis_low"], columns["axis_high"] = once(-reach, rows), once(reach, rows)
    columns["shown_room"] = once(room_for(columns["shown"], gap=8), rows)
    return Plot(_definition(title=title, axis_title=axis_title, dark=dark), columns)


@lru_cache(maxsize=16)
def _definition(*, title: str, axis_title: str, dark: bool) -> dict[str, Any]:
    """The chart, of as many levers as come, with room on both sides for the values."""
    ink = palette.ink(dark)
    effect = alt.X(
        "effect:Q",
        title=axis_title,
        scale=alt.Scale(zero=False, nice=False, range=[alt.ExprRef("shown_room"), alt.ExprRef("width - shown_room")]),
        axis=alt.Axis(
            values=alt.ExprRef("[domain('x')[0], 0, domain('x')[1]]"),
            grid=False,
            labelExpr="format(datum.value, datum.value ? '+,~f' : '')",
            titleAnchor="middle",
            labelFlush=False,
            # Vega would go on saying where the axis ended when it was drawn first.
            aria=False,
        ),
    )
    colour = alt.Fill(
        "move:N",
        title=None,
        scale=alt.Scale(domain=list(MOVES), range=list(palette.DUO_DARK if dark else palette.DUO)),
        legend=alt.Legend(orient="top", direction="horizontal", symbolType="square", symbolStrokeWidth=0),
    )
    base = rows_to_come()
    first = f"datum.move == '{MOVES[0]}'"
    said = alt.ExprRef("datum.lever + ', ' + datum.move + ': ' + datum.shown")
    bars = base.mark_rect(aria=True, description=said).encode(
        x=effect,
        x2=alt.datum(0),
        y2="bottom:Q",
        fill=colour,
        tooltip=[
            alt.Tooltip("lever:N", title="Lever"),
            alt.Tooltip("move:N", title="Moved"),
            alt.Tooltip("shown:N", title=axis_title or "Effect"),
        ],
    )
    middle = alt.ExprRef("(datum.bottom - datum.top) / 2")
    values = base.mark_text(
        align=alt.ExprRef("datum.side < 0 ? 'right' : 'left'"), dx=alt.ExprRef("datum.side * 5"), dy=middle
    ).encode(x="effect:Q", text="shown:N")
    names = base.transform_filter(first).mark_text(align="left", fontWeight="bold", dy=_NAME - _FIRST_BAR)
    # Only beside the bars, so that it does not run through the names.
    zero = base.mark_rule(strokeWidth=1.5, yOffset=-3, y2Offset=3).encode(x=alt.datum(0), y2="bottom:Q")
    # Unseen; the axis ends where it does, and so changes without the definition.
    ends = base.mark_rule(opacity=0).encode(x="axis_low:Q", x2="axis_high:Q")
    layers = [ends, bars, zero, values, names.encode(x=alt.value(0), text="lever:N")]
    # Two records a lever.
    chart = layered(layers, height=_ROW, title=title, ink=ink, legend=True).add_params(
        height_of(_ROW / 2, 2), alt.param(name="shown_room", expr=first_row("shown_room", 0))
    )
    return defined(plain_marks(chart.encode(y=alt.Y("top:Q", scale=None, axis=None)), ink))
