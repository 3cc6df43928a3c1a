"""What changes the hours from today to a later year, driver by driver."""

from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from lib.charts.kit import palette
from lib.charts.kit.arrow import LINE, plain_marks, rounded, sent
from lib.charts.kit.axis import stated, visible_domain
from lib.charts.kit.chart_spec import ROWS, Drawing, defined, rows_to_come
from lib.charts.kit.theme import layered, required, room_for, text_width

_COLUMNS = ("driver_label", "kind", "start", "end", "change", "shown", "order")
KINDS = ("total", "change")
_ROW, _BAR = 38, 20
# A longer name goes over two lines.
_NAME_CHARACTERS = 18


def wrapped(name: str, characters: int = _NAME_CHARACTERS) -> str:
    """A name over at most two lines, broken between words."""
    words, first = name.split(" "), ""
    while words and len(f"{first} {words[0]}".strip()) <= max(characters, len(name) // 2):
        first = f"{first} {words.pop(0)}".strip()
    return "\n".join(part for part in (first, " ".join(words)) if part)


def _prepared(frame: pd.DataFrame, domain: tuple[float, float]) -> pd.DataFrame:
    """The frame in drawing order with its places in pixels; a total's bar starts where the axis does."""
    rows = frame[list(_COLUMNS)].sort_values("order", kind="stable").reset_index(drop=True)
    change = rows["change"].astype(float)
    ends = rounded(pd.concat([rows["start"], rows["end"]], ignore_index=True))
    total = rows["kind"].eq("total").to_numpy()
    prepared = pd.DataFrame(
        {
            "driver": [wrapped(str(label)) for label in rows["driver_label"]],
            "direction": np.where(total, "total", np.where(change < 0, "fewer", "more")),
            "start": np.where(total, max(domain[0], 0.0), ends[: len(rows)]),
            "end": ends[len(rows) :].to_numpy(),
            "shown": rows["shown"].fillna("").astype(str),
            "middle": [number * _ROW + _ROW / 2 for number in range(len(rows))],
        }
    )
    prepared["axis_low"], prepared["axis_high"] = domain
    # A line carries each end on to the row beneath.
    prepared["next"] = prepared["end"].where(prepared.index < len(rows) - 1)
    return prepared


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
    unknown = sorted(set(frame["kind"].astype(str)) - set(KINDS))
    if unknown:
        raise ValueError(f"expected the kinds {' and '.join(KINDS)}, found {', '.join(unknown)}")
    reached = pd.concat([frame["end"], frame["start"].where(frame["kind"].eq("change"))]).dropna().astype(float)
    if domain is None or (reached < domain[0]).any() or (reached > domain[1]).any():
        domain = visible_domain([*reached, *(domain or ())])
    rows = _prepared(frame, domain)
    lines = [line for name in rows["driver"] for line in name.split("\n")]
    # The measure of text is generous.
    left = int(-(-max((text_width(line, bold=True) for line in lines), default=0.0) // 16) * 16)
    definition = _definition(
        len(rows),
        left,
        room_for(rows["shown"]),
        title=title,
        axis_title=axis_title,
        stated_title=stated(axis_title, domain),
        dark=dark,
    )
    return Drawing(definition, {ROWS: sent(rows)})


@lru_cache(maxsize=64)
def _definition(
    count: int, left: int, right: int, *, title: str, axis_title: str, stated_title: str, dark: bool
) -> dict[str, Any]:
    """The chart of so many rows, with room for names and values in pixels. An axis that is cut has its title stated."""
    ink = palette.ink(dark)
    height = _ROW * max(count, 1)
    hours = alt.X(
        "start:Q",
        title=stated_title,
        scale=alt.Scale(zero=False, nice=False, range=[left, alt.ExprRef(f"width - {right}")]),
        axis=alt.Axis(tickCount=3, titleAnchor="end", titleAlign="right", labelFlush=False),
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
    layers = [ends, links, bars, names, values]
    if stated_title != axis_title:
        cut = base.transform_filter("datum.direction == 'total'").mark_text(
            text="//", color=ink.background, fontWeight="bold", fontSize=_BAR, dx=14
        )
        layers.append(cut.encode(x="start:Q"))
    chart = layered(layers, height=height, title=title, ink=ink)
    return defined(plain_marks(chart.encode(y=alt.Y("middle:Q", scale=None, axis=None)), ink))
