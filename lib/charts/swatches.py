"""A legend drawn as marks: Vega's own cannot hatch, and starts at the plot rather than at the chart's edge."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from lib.charts import palette
from lib.charts.hatch import hatch_rings
from lib.charts.theme import TEXT_SIZE

SIZE = 16
TEXT_GAP = 8


def swatch_layers(
    entries: Sequence[tuple[str, str]], places: Sequence[tuple[float, float]], text_colour: str
) -> list[alt.Chart]:
    """Layers of coloured squares with their names.

    entries: (colour, name), colour "" for hatched. places: (left, top) of each square in pixels of the plot.
    """
    squares = pd.DataFrame(
        [
            {
                "left": float(left),
                "right": float(left + SIZE),
                "top": float(top),
                "bottom": float(top + SIZE),
                "text_left": float(left + SIZE + TEXT_GAP),
                "middle": top + SIZE / 2,
                "fill": colour or palette.MISSING,
                "name": name,
            }
            for (colour, name), (left, top) in zip(entries, places, strict=True)
        ]
    )
    lines = [
        {"left": start[0], "top": start[1], "right": end[0], "bottom": end[1]}
        for (colour, _), (left, top) in zip(entries, places, strict=True)
        if not colour
        for start, end in hatch_rings(
            [[[left, top], [left + SIZE, top], [left + SIZE, top + SIZE], [left, top + SIZE]]], 4.5
        )
        if start != end
    ]

    base = alt.Chart(squares)
    layers = [
        base.mark_rect(aria=False, tooltip=None, stroke=palette.MISSING_LINE, strokeWidth=0.7).encode(
            x=alt.X("left:Q", scale=None, axis=None),
            x2="right:Q",
            y=alt.Y("top:Q", scale=None, axis=None),
            y2="bottom:Q",
            fill=alt.Fill("fill:N", scale=None),
        ),
    ]
    if lines:
        layers.append(
            alt.Chart(pd.DataFrame(lines))
            .mark_rule(aria=False, tooltip=None, stroke=palette.MISSING_LINE, strokeWidth=0.8)
            .encode(
                x=alt.X("left:Q", scale=None, axis=None),
                x2="right:Q",
                y=alt.Y("top:Q", scale=None, axis=None),
                y2="bottom:Q",
            )
        )
    layers.append(
        base.mark_text(
            aria=False, tooltip=None, align="left", baseline="middle", fontSize=TEXT_SIZE, color=text_colour
        ).encode(
            x=alt.X("text_left:Q", scale=None, axis=None), y=alt.Y("middle:Q", scale=None, axis=None), text="name:N"
        )
    )
    return layers
