"""Diagonal hatching, worked out as lines: Vega has no patterned fill, and grey alone can pass for a class."""

from typing import Any

import altair as alt


def hatched(
    base: alt.Chart,
    *,
    left: str,
    top: str,
    wide: str,
    tall: int,
    spacing: float,
    stroke: Any,
    stroke_width: float = 0.8,
) -> alt.Chart:
    """Lines at 45 degrees over the box of each record of `base`, one record a line.

    left, top, wide: expressions in pixels, worked out where the chart's width is known; `wide` must not need a scale.
    tall: the box's height. spacing: pixels along the top from one line to the next. Each line starts so many pixels
    right of the box's left edge and runs down at 45 degrees; what would lie outside the box is cut off.
    """
    lines = base.transform_calculate(
        wide=wide, line=f"sequence({spacing - tall}, {wide}, {spacing})"
    ).transform_flatten(["line"])

    def at(place: str) -> Any:
        return alt.value(alt.ExprRef(place))

    hatching: alt.Chart = lines.mark_rule(stroke=stroke, strokeWidth=stroke_width).encode(
        x=at(f"{left} + max(datum.line, 0)"),
        x2=at(f"{left} + min(datum.line + {tall}, datum.wide)"),
        y=at(f"{top} + max(-datum.line, 0)"),
        y2=at(f"{top} + min({tall}, datum.wide - datum.line)"),
    )
    return hatching
