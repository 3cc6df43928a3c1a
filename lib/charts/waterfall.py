"""What changes the hours from today to a later year, driver by driver."""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from lib.charts.kit import palette
from lib.charts.kit.arrow import LINE, plain_marks, rounded_list
from lib.charts.kit.axis import stated, visible_domain
from lib.charts.kit.chart_spec import Drawing, Plot, defined, first_row, height_of, once, rows_to_come, said_once
from lib.charts.kit.theme import layered, required, room_for, text_width

Columns = Mapping[str, Sequence[Any]]
_COLUMNS = ("driver_label", "kind", "start", "end", "change", "shown", "order")
KINDS = ("total", "change")
_ROW, _BAR = 38, 20
# Pixels from the plot's lower edge to the title of the axis.
_UNDER_LABELS = 25
# A longer name goes over two lines.
_NAME_CHARACTERS = 18


def wrapped(name: str, characters: int = _NAME_CHARACTERS) -> str:
    """A name over at most two lines, broken between words."""
    words, first = name.split(" "), ""
    while words and len(f"{first} {words[0]}".strip()) <= max(characters, len(name) // 2):
        first = f"{first} {words.pop(0)}".strip()
    return "\n".join(part for part in (first, " ".join(words)) if part)


def _prepared(given: Columns, domain: tuple[float, float]) -> dict[str, list[Any]]:
    """The columns in drawing order with their places in pixels; a total's bar starts where the axis does."""
    count = len(given["kind"])
    total = [kind == "total" for kind in given["kind"]]
    changes = [float(change) for change in given["change"]]
    ends = rounded_list([*given["start"], *given["end"]])
    lowest = max(domain[0], 0.0)
    end = ends[count:]
    names = [wrapped(str(label)) for label in given["driver_label"]]
    shown = ["" if text is None or text != text else str(text) for text in given["shown"]]
    # The measure of text is generous.
    widest = max((text_width(line, bold=True) for name in names for line in name.split("\n")), default=0.0)
    cut = "//" if domain[0] else ""
    return {
        "driver": names,
        "direction": [
            "total" if one else "fewer" if change < 0 else "more" for one, change in zip(total, changes, strict=True)
        ],
        "start": [lowest if one else start for one, start in zip(total, ends, strict=False)],
        "end": end,
        "shown": shown,
        "cut": [cut if one else "" for one in total],
        "middle": [number * _ROW + _ROW / 2 for number in range(count)],
        "axis_low": once(domain[0], count),
        "axis_high": once(domain[1], count),
        # A line carries each end on to the row beneath.
        "next": [*end[:-1], *[math.nan] * min(count, 1)],
        "names_room": once(-(-widest // 16) * 16, count),
        "shown_room": once(room_for(shown), count),
    }


def drivers_waterfall(
    frame: pd.DataFrame,
    *,
    title: str,
    axis_title: str,
    domain: tuple[float, float] | None = None,
    dark: bool = False,
) -> Drawing:
    """Horizontal bars that step from one total to the next, with the signed values in a column beside them.

    frame: one row a driver: driver_label, kind ("total" or "change"), start, end (numbers; where the bar runs from and
    to, a total from 0), change (end less start), shown (the value as text, a change with its sign, for example
    "+4,210"), order (top to bottom). domain: lowest and highest number of the axis, which reaches further only where a
    bar lies outside. Where the changes are small against the totals, the axis starts above zero, the totals are drawn
    as cut and the axis's title says so. Raises ValueError where a column is missing or a kind is unknown.
    """
    required(frame.columns, _COLUMNS)
    frame = frame.sort_values("order", kind="stable")
    given = {name: frame[name].tolist() for name in _COLUMNS}
    return waterfall_plot(given, title=title, axis_title=axis_title, domain=domain, dark=dark).drawing()


def waterfall_plot(
    given: Columns,
    *,
    title: str = "",
    axis_title: str,
    domain: tuple[float, float] | None = None,
    dark: bool = False,
) -> Plot:
    """The chart of `drivers_waterfall` from plain columns, top to bottom."""
    unknown = sorted({str(kind) for kind in given["kind"]} - set(KINDS))
    if unknown:
        raise ValueError(f"expected the kinds {' and '.join(KINDS)}, found {', '.join(unknown)}")
    starts = [start for start, kind in zip(given["start"], given["kind"], strict=True) if kind == "change"]
    reached = [float(value) for value in (*given["end"], *starts) if not math.isnan(value)]
    if domain is None or min(reached, default=domain[0]) < domain[0] or max(reached, default=domain[1]) > domain[1]:
        domain = visible_domain([*reached, *(domain or ())])
    columns = _prepared(given, domain)
    columns["axis_title"] = once(stated(axis_title, domain), len(given["kind"]))
    return Plot(_definition(title=title, axis_title=axis_title, dark=dark), columns)


@lru_cache(maxsize=16)
def _definition(*, title: str, axis_title: str, dark: bool) -> dict[str, Any]:
    """The chart, of as many rows as come."""
    ink = palette.ink(dark)
    hours = alt.X(
        "start:Q",
        title=None,
        scale=alt.Scale(zero=False, nice=False, range=[alt.ExprRef("names_room"), alt.ExprRef("width - shown_room")]),
        # Vega would go on saying where the axis ended when it was drawn first.
        axis=alt.Axis(tickCount=3, aria=False, labelFlush=False),
    )
    colour = alt.Fill(
        "direction:N",
        scale=alt.Scale(
            domain=["total", "more", "fewer"],
            range=[ink.quiet, palette.DUO[1], palette.DUO_DARK[0] if dark else palette.DEMAND[3]],
        ),
        legend=None,
    )
    base = rows_to_come()
    links = base.mark_rule(color=ink.edge, y2Offset=_ROW).encode(x="next:Q", y2="middle:Q")
    said = alt.ExprRef("datum.driver + ': ' + datum.shown")
    bars = base.mark_bar(aria=True, description=said, orient="horizontal", size=_BAR).encode(
        x=hours,
        x2="end:Q",
        fill=colour,
        tooltip=[alt.Tooltip("driver:N", title="Driver"), alt.Tooltip("shown:N", title=axis_title or "Value")],
    )
    weight = alt.ExprRef("datum.direction == 'total' ? 'bold' : 'normal'")
    names = base.mark_text(
        align="left", fontWeight=weight, dy=alt.ExprRef(f"indexof(datum.driver, '\\n') > 0 ? {-LINE / 2:g} : 0")
    ).encode(x=alt.value(0), text="driver:N")
    values = base.mark_text(align="right", fontWeight=weight).encode(x=alt.value("width"), text="shown:N")
    # Unseen; the axis ends where it does, and so changes without the definition.
    ends = base.mark_rule(opacity=0).encode(x="axis_low:Q", x2="axis_high:Q")
    # On a bar that starts where a cut axis does.
    cut = base.mark_text(
        text=alt.ExprRef("datum.cut"), color=ink.background, fontWeight="bold", fontSize=_BAR, dx=14
    ).encode(x="start:Q")
    right, under = alt.ExprRef("width - shown_room"), alt.ExprRef(f"height + {_UNDER_LABELS}")
    axis = said_once(base, "axis_title", right, under, ink, align="right", baseline="top")
    layers = [ends, links, bars, names, values, cut, axis]
    chart = layered(layers, height=_ROW, title=title, ink=ink).add_params(
        height_of(_ROW),
        alt.param(name="names_room", expr=first_row("names_room", 0)),
        alt.param(name="shown_room", expr=first_row("shown_room", 0)),
    )
    return defined(plain_marks(chart.encode(y=alt.Y("middle:Q", scale=None, axis=None)), ink))
