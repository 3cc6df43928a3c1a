"""A small line for a cell of a table: a picture by itself, on a scale that it shares with those beside it."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from itertools import groupby

from lib.charts.kit import palette

WIDTH, HEIGHT = 132, 34
EDGE = 4  # pixels around the line, for its dots


def spark(values: Sequence[float], low: float, high: float, chosen: int, *, dark: bool = False) -> str:
    """A line through `values`, evenly apart, as the address of an SVG picture that holds the picture itself.

    low, high: the ends of the scale. chosen: the place of the value that gets a dot. A value that is missing breaks the
    line. Raises ValueError where a value lies off the scale.
    """
    colour = (palette.CATEGORICAL_DARK if dark else palette.CATEGORICAL)[0]
    grid = palette.ink(dark).grid
    points = [
        None if math.isnan(value) else (round(across(place, len(values)), 1), round(down(value, low, high), 1))
        for place, value in enumerate(values)
    ]
    pieces = [list(piece) for known, piece in groupby(points, key=lambda one: one is not None) if known]
    lines = "".join(
        f'<polyline points="{" ".join(f"{x},{y}" for x, y in filter(None, piece))}" fill="none" stroke="{colour}" '
        'stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>'
        for piece in pieces
    )
    at = points[chosen]
    dot = "" if at is None else f'<circle cx="{at[0]}" cy="{at[1]}" r="3.5" fill="{colour}"/>'
    floor = f'<path d="M0 {HEIGHT - 0.5}H{WIDTH}" stroke="{grid}"/>'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}">{floor}{lines}{dot}</svg>'
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def across(place: int, count: int) -> float:
    """Where a value stands from the left, in pixels."""
    return EDGE + (WIDTH - 2 * EDGE) * (place / (count - 1) if count > 1 else 0.5)


def down(value: float, low: float, high: float) -> float:
    """Where a value stands from the top, in pixels."""
    if not low <= value <= high:
        raise ValueError(f"{value} lies off the scale, {low} to {high}")
    return EDGE + (HEIGHT - 2 * EDGE) * ((high - value) / (high - low) if high > low else 0.5)
