"""A legend drawn as marks: Vega's own cannot hatch, and starts at the plot rather than at the chart's edge."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from lib.charts.kit import palette
from lib.charts.kit.hatch import hatch_rings
from lib.charts.kit.theme import TEXT_SIZE

SIZE = 16
TEXT_GAP = 8
# Pixels from one line of hatching to the next.
_HATCH = 4.5
_DATA = "swatches"


def hatched_square() -> str:
    """A square with lines across it as an SVG path from -1 to 1, the form in which Vega takes a symbol of one's own."""
    half = SIZE / 2
    corners = [[-half, -half], [half, -half], [half, half], [-half, half]]
    lines = [line for line in hatch_rings([corners], _HATCH) if line[0] != line[1]]
    strokes = "".join(f"M{x / half:.3g},{y / half:.3g}L{x2 / half:.3g},{y2 / half:.3g}" for (x, y), (x2, y2) in lines)
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
