"""New hours that fill down a ranked list: what each provider could take, and what it gets."""

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from lib.charts.kit import palette
from lib.charts.kit.arrow import plain_marks, rounded, sent
from lib.charts.kit.chart_spec import ROWS, Drawing, defined, rows_to_come
from lib.charts.kit.theme import LABEL_SIZE, layered, required, room_for, text_width

_COLUMNS = ("label", "tier_label", "headroom", "placed", "shown", "colour")
KINDS = ("provider", "unplaced")
NAME_LIMIT = 150
# Pixels: a row, its bar, the strip with a tier's name, and the gap before the hours that nobody takes.
ROW_HEIGHT, _BAR, HEADING, _GAP = 26, 16, 28, 10
_HEADINGS = "headings"


def _placed_rows(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """One record a bar and one a heading, with their middles in pixels, and the height of them all."""
    kinds = frame["kind"].fillna(KINDS[0]) if "kind" in frame else [KINDS[0]] * len(frame)
    middles, headings = [], []
    top, tier = 0, ""
    for kind, label in zip(kinds, frame["tier_label"].fillna("").astype(str), strict=True):
        if label and label != tier:
            headings.append({"tier": label, "middle": top + HEADING / 2 + 2, "line": top + 2 if top else None})
            top += HEADING
        elif kind == KINDS[1]:
            top += _GAP
        tier = label
        middles.append(top + ROW_HEIGHT // 2)
        top += ROW_HEIGHT
    # Both of one precision: what is placed in full ends where the headroom does.
    hours = rounded(pd.concat([frame["headroom"], frame["placed"]], ignore_index=True))
    rows = pd.DataFrame(
        {
            "label": frame["label"].fillna("").astype(str).to_numpy(),
            "tier": frame["tier_label"].fillna("").astype(str).to_numpy(),
            "headroom": hours[: len(frame)].to_numpy(),
            "placed": hours[len(frame) :].to_numpy(),
            "shown": frame["shown"].fillna("").astype(str).to_numpy(),
            "fill": frame["colour"].fillna("").replace("", palette.MISSING).to_numpy(),
            "unplaced": pd.Series([kind == KINDS[1] for kind in kinds], dtype=bool),
            "middle": pd.Series(middles, dtype=float),
        }
    )
    rows["fill"] = rows["fill"].mask(rows["unplaced"], palette.DUO[1])
    return rows, pd.DataFrame(headings, columns=["tier", "middle", "line"]), top


def placement_bars(frame: pd.DataFrame, *, title: str, dark: bool = False) -> Drawing:
    """A bar a provider, its outline what the provider could take and its fill what it gets, under the tiers' names.

    frame: one row a provider, in the order in which they are called: label (for example "1  Alder Care"), tier_label
    (stands as a heading where it differs from the row above; "" is no heading), headroom (hours a week; missing draws
    no outline), placed (hours a week, 0 to headroom; missing draws no fill), shown (the hours as text, for example
    "40 of 60"), colour ("#rrggbb" of the tier; "" is the missing grey), and, where some hours may find no provider,
    kind ("provider" or "unplaced": placed are then the hours that nobody takes, striped orange without an outline).
    Raises ValueError where a column is missing or a kind is unknown.
    """
    required(frame.columns, _COLUMNS)
    unknown = sorted(set(frame["kind"].dropna().astype(str)) - set(KINDS)) if "kind" in frame else []
    if unknown:
        raise ValueError(f"expected the kinds {' and '.join(KINDS)}, found {', '.join(unknown)}")
    rows, headings, height = _placed_rows(frame)
    # The measure of text is generous.
    names = 0.92 * max((text_width(label, bold=True) for label in rows["label"]), default=0.0)
    left = int(min(-(-names // 8) * 8, NAME_LIMIT)) + 8
    definition = _definition(height, left, room_for(rows["shown"]), title=title, dark=dark)
    return Drawing(definition, {ROWS: sent(rows), _HEADINGS: sent(headings)})


@lru_cache(maxsize=128)
def _definition(height: int, left: int, right: int, *, title: str, dark: bool) -> dict[str, Any]:
    """The chart of so many pixels, of which `left` for the labels and `right` for the values."""
    ink = palette.ink(dark)
    hours = alt.X(
        "headroom:Q",
        title="Hours a week",
        stack=None,
        scale=alt.Scale(range=[left, alt.ExprRef(f"width - {right}")], zero=True, nice=True),
        axis=alt.Axis(tickCount=4, titleAnchor="end", titleAlign="right", labelFlush=False),
    )
    base = rows_to_come()
    provider, unplaced = (base.transform_filter(f"{no}datum.unplaced") for no in ("!", ""))
    start, full = alt.value(0), alt.value("width")
    # An outline is filled with the background, so that no line of the axis runs through what is left of a headroom.
    bar: dict[str, Any] = {"orient": "horizontal", "size": _BAR, "stroke": ink.text, "strokeWidth": 1.2}
    outlines = provider.mark_bar(**bar, fill=ink.background).encode(x=hours, x2=alt.datum(0))
    fills = base.transform_filter("datum.placed > 0").mark_bar(**bar)
    fills = fills.encode(x="placed:Q", x2=alt.datum(0), fill=alt.Fill("fill:N", scale=None))
    # Dashes as thick as the bar are stripes on it.
    stripes = unplaced.mark_rule(strokeWidth=_BAR, strokeDash=[2, 5], color=palette.TEXT).encode(
        x="placed:Q", x2=alt.datum(0)
    )
    weight = alt.ExprRef("datum.placed > 0 ? 'bold' : 'normal'")
    labels = base.mark_text(align="left", fontWeight=weight, limit=left - 6).encode(x=start, text="label:N")
    values = base.mark_text(align="right", fontWeight=weight).encode(x=full, text="shown:N")
    # The axis's lines would run through the headings: a strip of the background keeps these legible.
    headings = alt.Chart(alt.NamedData(_HEADINGS))
    strip = headings.mark_rect(fill=ink.background, yOffset=-HEADING // 2 - 2, y2Offset=HEADING // 2 - 2)
    line = headings.transform_filter("isValid(datum.line)").mark_rule(color=ink.edge)
    line = line.encode(x=start, x2=full, y=alt.Y("line:Q", scale=None, axis=None))
    tiers = headings.mark_text(
        align="left", fontSize=LABEL_SIZE, color=ink.quiet, fontWeight="bold", limit=alt.ExprRef("width")
    )
    said = alt.ExprRef("datum.label + (datum.tier ? ', ' + datum.tier : '') + ': ' + datum.shown")
    half = ROW_HEIGHT // 2
    # Over everything and transparent, so that the whole row answers a hover.
    over = base.mark_rect(aria=True, description=said, color="transparent", yOffset=-half, y2Offset=half).encode(
        x=start,
        x2=full,
        y2="middle:Q",
        tooltip=[
            alt.Tooltip("label:N", title="Provider"),
            alt.Tooltip("tier:N", title="Tier"),
            alt.Tooltip("shown:N", title="Hours a week"),
        ],
    )
    layers = [
        outlines,
        fills,
        stripes,
        labels,
        values,
        strip.encode(x=start, x2=full, y2="middle:Q"),
        line,
        tiers.encode(x=start, text="tier:N"),
        over,
    ]
    chart = layered(layers, height=max(height, ROW_HEIGHT), title=title, ink=ink)
    return defined(plain_marks(chart.encode(y=alt.Y("middle:Q", scale=None, axis=None)), ink))
