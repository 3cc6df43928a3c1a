"""The mix of ratings, one bar of 100% for each question that the regulator asks."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from lib.charts.kit import palette
from lib.charts.kit.arrow import plain_marks, sent
from lib.charts.kit.chart_spec import ROWS, Drawing, defined
from lib.charts.kit.hatch import hatched
from lib.charts.kit.legend import SIZE, TEXT_GAP, swatch_layers
from lib.charts.kit.theme import LABEL_SIZE, TEXT_SIZE, layered, required, text_width
from lib.market.basis import Standing
from lib.market.units import UNITS
from lib.market.wording import for_people

_COLUMNS = ("domain_label", "rating_label", "order", "share", "hours", "shown", "colour")
_ROW, _BAR = 36, 24
_LEGEND_COLUMNS, _LEGEND_ROW = 2, 23
# A narrower segment has no room for its number on a phone.
LEAST_LABELLED = 0.07
# Pixels along the bar from one line of hatching to the next.
_HATCH = 8.5


def _segments(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame in drawing order: rows in order of appearance, and in each the ratings from left to right."""
    rows = frame[list(_COLUMNS)].reset_index(drop=True)
    domains = list(dict.fromkeys(rows["domain_label"].astype(str)))
    rows["place"] = rows["domain_label"].astype(str).map({domain: number for number, domain in enumerate(domains)})
    rows = rows.sort_values(["place", "order"], kind="stable").reset_index(drop=True)
    share = rows["share"].astype(float)
    colour = rows["colour"].fillna("")
    return pd.DataFrame(
        {
            "domain_label": rows["domain_label"].astype(str),
            "rating_label": rows["rating_label"].astype(str),
            "share": share.where(np.isfinite(share), 0.0),
            "shown": rows["shown"].astype(str),
            "fill": colour.where(colour.ne(""), palette.NOT_RATED),
        }
    )


def _hatching(base: alt.Chart) -> alt.Chart:
    """Lines over the segments without a rating."""
    return hatched(
        base.transform_filter(f"datum.fill == '{palette.NOT_RATED}' && datum.share > 0"),
        left="scale('x', datum.start)",
        top=f"scale('y', datum.domain_label) + {(_ROW - _BAR) // 2}",
        wide="datum.share * width",
        tall=_BAR,
        spacing=_HATCH,
        stroke=palette.MISSING_LINE,
    )


def _legend_places(names: list[str], domains: list[str]) -> list[tuple[float, float]]:
    """(left, top) of each swatch in pixels: two columns that start at the chart's edge, left of the questions."""
    widths = [
        max((text_width(name) for name in names[column::_LEGEND_COLUMNS]), default=0.0) + SIZE + TEXT_GAP + 14
        for column in range(_LEGEND_COLUMNS)
    ]
    # The measure of text is generous, and a swatch must not stick out.
    start = -0.85 * max((text_width(domain) for domain in domains), default=0.0) - 8
    lefts = [start + sum(widths[:column]) for column in range(_LEGEND_COLUMNS)]
    return [(lefts[n % _LEGEND_COLUMNS], float(n // _LEGEND_COLUMNS * _LEGEND_ROW)) for n in range(len(names))]


def rating_rows(mix: pd.DataFrame, labels: Sequence[str], known: Standing) -> pd.DataFrame:
    """A mix of ratings (lib.market.quality.rating_mix), known so, as `rating_mix` draws it; labels: each bar's name."""
    return mix.assign(
        domain_label=labels,
        rating_label=mix["rating"],
        shown=[for_people(value, "hours", known) for value in mix["hours"]],
        # No colour is hatched: not rated is neither good nor bad.
        colour=[palette.RATING_COLOURS.get(rating, "") for rating in mix["rating"]],
    )


def rating_mix(frame: pd.DataFrame, *, title: str, dark: bool = False) -> Drawing:
    """Stacked bars of 100%, best rating on the left, not rated hatched on the right.

    frame: one row a question and rating: domain_label (rows in order of appearance, for example Overall, Safe),
    rating_label, order (integer, left to right), share (0 to 1 of the row), hours (a week), shown (hours as text),
    colour ("#rrggbb" from `palette.RATING_COLOURS`; "" for not rated). Raises ValueError where a column is missing.
    """
    required(frame.columns, _COLUMNS)
    rows = _segments(frame)
    domains = tuple(dict.fromkeys(rows["domain_label"]))
    ratings = frame.sort_values("order", kind="stable").drop_duplicates("rating_label")
    entries = tuple(
        (str(colour), str(name))
        for name, colour in zip(ratings["rating_label"], ratings["colour"].fillna(""), strict=True)
    )
    return Drawing(_definition(domains, entries, title=title, dark=dark), {ROWS: sent(rows)})


@lru_cache(maxsize=64)
def _definition(
    domains: tuple[str, ...], entries: tuple[tuple[str, str], ...], *, title: str, dark: bool
) -> dict[str, Any]:
    """The chart of the questions `domains`, with a legend of (colour, rating)."""
    ink = palette.ink(dark)
    places = _legend_places([name for _, name in entries], list(domains))
    above = _LEGEND_ROW * -(-len(entries) // _LEGEND_COLUMNS) + 4
    height = above + _ROW * max(len(domains), 1)
    domain = alt.Y(
        "domain_label:N",
        sort=None,
        title=None,
        scale=alt.Scale(range=[above, height], paddingInner=0, paddingOuter=0),
        axis=alt.Axis(
            labelFontSize=TEXT_SIZE, labelLimit=170, labelPadding=8, labelOverlap=False, labelFlush=False, grid=False
        ),
    )
    share = alt.X(
        "start:Q",
        title="Share of hours delivered",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(
            format=UNITS["share"].mark_format,
            values=[0, 0.25, 0.5, 0.75, 1],
            titleAnchor="start",
            titleAlign="left",
            labelFlush=True,
            grid=False,
        ),
    )
    tooltip = [
        alt.Tooltip("domain_label:N", title="Question"),
        alt.Tooltip("rating_label:N", title="Rating"),
        alt.Tooltip("share:Q", title="Share of hours", format=".1%"),
        alt.Tooltip("shown:N", title="Hours a week"),
    ]
    base = alt.Chart()
    said = "datum.domain_label + ', ' + datum.rating_label + ': ' + format(datum.share, '.1%') + ', ' + datum.shown"
    bars = base.mark_bar(
        aria=True,
        description=alt.ExprRef(said),
        stroke=ink.edge,
        strokeWidth=0.7,
        height=alt.RelativeBandSize(_BAR / _ROW),
    ).encode(x=share, x2="start_end:Q", fill=alt.Fill("fill:N", scale=None), tooltip=tooltip)
    layers = [bars]
    numbers = base.encode(x="middle:Q")
    if any(not colour for colour, _ in entries):
        # A plate under a number that stands on hatching.
        plate = numbers.mark_text(
            text=alt.ExprRef(f"datum.fill == '{palette.NOT_RATED}' ? datum.percent : ''"),
            fontSize=LABEL_SIZE,
            stroke=palette.NOT_RATED,
            strokeWidth=6,
            strokeJoin="round",
        )
        layers += [_hatching(base), plate]
    readable = f"contrast('{palette.TEXT}', datum.fill) < contrast('{palette.WHITE}', datum.fill)"
    number = numbers.mark_text(
        fontSize=LABEL_SIZE, color=alt.ExprRef(f"{readable} ? '{palette.WHITE}' : '{palette.TEXT}'")
    )
    layers += [number.encode(text="percent:N"), *swatch_layers(entries, places, ink.text)]
    # Where a segment starts and ends: "start" and, by Vega-Lite's naming, "start_end".
    chart = (
        layered(layers, height=height, title=title, ink=ink)
        .properties(data=alt.NamedData(ROWS))
        .encode(y=domain)
        .transform_stack("start", "share", ["domain_label"])
        .transform_calculate(
            middle="(datum.start + datum.start_end) / 2",
            percent=f"datum.share < {LEAST_LABELLED} ? '' : format(datum.share, '{UNITS['share'].mark_format}')",
        )
    )
    return defined(plain_marks(chart, ink))
