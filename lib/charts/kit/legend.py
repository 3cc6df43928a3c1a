"""A legend drawn as marks: Vega's own cannot hatch, and starts at the plot rather than at the chart's edge."""

import math
from collections.abc import Sequence
from typing import Any

import altair as alt

from lib.charts.kit import palette
from lib.charts.kit.theme import TEXT_SIZE

SIZE = 16
TEXT_GAP = 8
# Pixels from one line of hatching to the next.
_HATCH = 4.5
_DATA = "swatches"


def hatched_square() -> str:
    """A square with lines across it as an SVG path from -1 to 1, the form in which Vega takes a symbol of one's own."""
    # In halves of the square, along its sides from one line to the next.
    apart = _HATCH * math.sqrt(2) / (SIZE / 2)
    most = math.ceil(2 / apart) - 1
    strokes = ""
    for down in (number * apart for number in range(-most, most + 1)):
        left, right = max(-1, -1 - down), min(1, 1 - down)
        strokes += f"M{left:.3g},{left + down:.3g}L{right:.3g},{right + down:.3g}"
    return f"M-1,-1H1V1H-1Z{strokes}"


def swatch_layers(
    entries: Sequence[tuple[str, str]], places: Sequence[tuple[float, float]], text_colour: str
) -> list[alt.Chart]:
    """Layers of coloured squares with their names.

    entries: (colour, name), colour "" for hatched. places: (left, top) of each square in pixels of the plot.
    """
    half = SIZE // 2
    swatches = [
        {"x": round(left) + half, "y": round(top) + half, "name": name, "fill": colour or palette.MISSING}
        for (colour, name), (left, top) in zip(entries, places, strict=True)
    ]
    # With a name the rows stay in the chart's definition, which is smaller than a table of their own, and stand in it
    # once.
    first, again = alt.Chart(alt.InlineData(values=swatches, name=_DATA)), alt.Chart(alt.NamedData(_DATA))
    where = {"x": alt.X("x:Q", scale=None, axis=None), "y": alt.Y("y:Q", scale=None, axis=None)}
    silent: dict[str, Any] = {"aria": False, "tooltip": None}
    shape: Any = "square"
    if any(not colour for colour, _ in entries):
        shape = alt.ExprRef(f"datum.fill == '{palette.MISSING}' ? '{hatched_square()}' : 'square'")
    squares = first.mark_point(
        **silent, shape=shape, size=SIZE**2, opacity=1, stroke=palette.MISSING_LINE, strokeWidth=0.7
    )
    names = again.mark_text(
        **silent, align="left", dx=half + TEXT_GAP, baseline="middle", fontSize=TEXT_SIZE, color=text_colour
    )
    return [squares.encode(**where, fill=alt.Fill("fill:N", scale=None)), names.encode(**where, text="name:N")]
