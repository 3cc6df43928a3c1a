"""The mix of ratings, one bar of 100% for each question that the regulator asks."""

import altair as alt
import numpy as np
import pandas as pd

from lib.charts import palette
from lib.charts.hatch import hatch_rings
from lib.charts.swatches import SIZE, TEXT_GAP, swatch_layers
from lib.charts.theme import LABEL_SIZE, TEXT_SIZE, layered, required, text_width

_COLUMNS = ("domain_label", "rating_label", "order", "share", "hours", "shown", "colour")
_ROW, _BAR = 36, 24
_LEGEND_COLUMNS, _LEGEND_ROW = 2, 23
# A narrower segment has no room for its number on a phone.
LEAST_LABELLED = 0.07


def _segments(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame in drawing order, with where each segment starts and ends, and its place in pixels."""
    rows = frame[list(_COLUMNS)].reset_index(drop=True)
    domains = list(dict.fromkeys(rows["domain_label"].astype(str)))
    rows["domain_label"] = rows["domain_label"].astype(str)
    rows["place"] = rows["domain_label"].map({domain: number for number, domain in enumerate(domains)})
    rows = rows.sort_values(["place", "order"], kind="stable").reset_index(drop=True)
    rows["share"] = rows["share"].astype(float).where(np.isfinite(rows["share"].astype(float)), 0.0)
    rows["end"] = rows.groupby("place")["share"].cumsum()
    rows["start"] = rows["end"] - rows["share"]
    rows["middle"] = rows["start"] + rows["share"] / 2
    rows["hatched"] = rows["colour"].fillna("").eq("")
    rows["fill"] = rows["colour"].where(~rows["hatched"], palette.NOT_RATED)
    rows["text_colour"] = [palette.text_on(fill) for fill in rows["fill"]]
    rows["percent"] = [f"{share:.0%}" if share >= LEAST_LABELLED else "" for share in rows["share"]]
    rows["description"] = rows["domain_label"] + ", " + rows["rating_label"].astype(str) + ": "
    rows["description"] += [f"{share:.1%}, " for share in rows["share"]]
    rows["description"] += rows["shown"].astype(str)
    return rows


def _hatching(rows: pd.DataFrame, above: float) -> pd.DataFrame:
    """Lines over the segments without a rating: x, x2 as shares, y, y2 in pixels."""
    pixels = 480.0
    lines = []
    for row in rows[rows["hatched"] & (rows["share"] > 0)].itertuples():
        top = above + float(str(row.place)) * _ROW + (_ROW - _BAR) / 2
        left, right = float(str(row.start)) * pixels, float(str(row.end)) * pixels
        ring = [[left, top], [right, top], [right, top + _BAR], [left, top + _BAR]]
        for (x, y), (x2, y2) in hatch_rings([ring], 6.0):
            lines.append({"hatch_x": x / pixels, "hatch_y": y, "hatch_x2": x2 / pixels, "hatch_y2": y2})
    return pd.DataFrame(lines, columns=["hatch_x", "hatch_y", "hatch_x2", "hatch_y2"], dtype=float)


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


def rating_mix(frame: pd.DataFrame, *, title: str, dark: bool = False) -> alt.LayerChart:
    """Stacked bars of 100%, best rating on the left, not rated hatched on the right.

    frame: one row a question and rating: domain_label (rows in order of appearance, for example Overall, Safe),
    rating_label, order (integer, left to right), share (0 to 1 of the row), hours (a week), shown (hours as text),
    colour ("#rrggbb" from `palette.RATING_COLOURS`; "" for not rated). Raises ValueError where a column is missing.
    """
    required(frame.columns, _COLUMNS)
    ink = palette.ink(dark)
    rows = _segments(frame)
    domains = list(dict.fromkeys(rows["domain_label"]))
    ratings = rows.sort_values("order", kind="stable").drop_duplicates("rating_label")
    entries = [
        ("" if hatched else str(fill), str(name))
        for name, fill, hatched in ratings[["rating_label", "fill", "hatched"]].itertuples(index=False)
    ]
    places = _legend_places([name for _, name in entries], domains)
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
            format=".0%",
            values=[0, 0.25, 0.5, 0.75, 1],
            titleAnchor="start",
            titleAlign="left",
            labelFlush=True,
            grid=False,
        ),
    )
    fill = alt.Fill("fill:N", scale=None)
    tooltip = [
        alt.Tooltip("domain_label:N", title="Question"),
        alt.Tooltip("rating_label:N", title="Rating"),
        alt.Tooltip("share:Q", title="Share of hours", format=".1%"),
        alt.Tooltip("shown:N", title="Hours a week"),
    ]
    base = alt.Chart(rows)
    bars = base.mark_bar(stroke=ink.edge, strokeWidth=0.7, height=alt.RelativeBandSize(_BAR / _ROW)).encode(
        x=share, x2="end:Q", y=domain, fill=fill, tooltip=tooltip, description="description:N"
    )
    hatching = (
        alt.Chart(_hatching(rows, above))
        .mark_rule(aria=False, tooltip=None, stroke=palette.MISSING_LINE, strokeWidth=0.8)
        .encode(
            x=alt.X("hatch_x:Q"),
            x2="hatch_x2:Q",
            y=alt.Y("hatch_y:Q", scale=None, axis=None),
            y2="hatch_y2:Q",
        )
    )
    # A plate under a number that stands on hatching.
    plate = base.transform_filter("datum.hatched && datum.percent !== ''").mark_text(
        aria=False, tooltip=None, fontSize=LABEL_SIZE, stroke=palette.NOT_RATED, strokeWidth=6, strokeJoin="round"
    )
    numbers = base.mark_text(aria=False, tooltip=None, fontSize=LABEL_SIZE)
    layers: list[alt.Chart] = [
        bars,
        hatching,
        plate.encode(x="middle:Q", y=domain, text="percent:N"),
        numbers.encode(x="middle:Q", y=domain, text="percent:N", color=alt.Color("text_colour:N", scale=None)),
        *swatch_layers(entries, places, ink.text),
    ]
    return layered(layers, height=height, title=title, ink=ink)
