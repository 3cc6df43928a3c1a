"""Diagonal hatching, worked out as lines: Vega has no patterned fill, and grey alone can pass for a class."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt
import numpy as np
import numpy.typing as npt

Ring = npt.NDArray[np.float64]
Line = tuple[tuple[float, float], tuple[float, float]]


def hatch_rings(rings: Iterable[Sequence[Sequence[float]] | Ring], spacing: float) -> list[Line]:
    """Lines at 45 degrees inside an area, `spacing` apart, in the area's own units.

    rings: the outlines of the area, holes included, each n x 2; a point counts as inside by the even-odd rule.
    """
    turn = math.sqrt(0.5)
    starts: list[Ring] = []
    ends: list[Ring] = []
    for ring in rings:
        points = np.asarray(ring, dtype=float)[:, :2]
        # Turned by 45 degrees, so that the hatching lies flat and each line is one height.
        turned = np.column_stack(((points[:, 0] + points[:, 1]) * turn, (points[:, 1] - points[:, 0]) * turn))
        starts.append(turned)
        ends.append(np.roll(turned, -1, axis=0))
    if not starts:
        return []
    first, second = np.vstack(starts), np.vstack(ends)
    lines: list[Line] = []
    heights = np.arange(math.ceil(first[:, 1].min() / spacing), math.floor(first[:, 1].max() / spacing) + 1) * spacing
    for height in heights:
        crossed = (first[:, 1] <= height) != (second[:, 1] <= height)
        from_point, to_point = first[crossed], second[crossed]
        share = (height - from_point[:, 1]) / (to_point[:, 1] - from_point[:, 1])
        across = np.sort(from_point[:, 0] + share * (to_point[:, 0] - from_point[:, 0]))
        for left, right in zip(across[0::2], across[1::2], strict=False):
            lines.append(
                (
                    (float((left - height) * turn), float((left + height) * turn)),
                    (float((right - height) * turn), float((right + height) * turn)),
                )
            )
    return lines


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
