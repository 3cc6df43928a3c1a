"""How far an axis reaches: rounded outwards, so that a small step of a slider leaves it as it is."""

import math
from collections.abc import Iterable

import numpy as np

# Where the smallest value is less than this share of the largest, cutting the axis would gain little.
_FROM_ZERO = 0.35
NOT_FROM_ZERO = "axis does not start at zero"


def round_step(span: float, parts: int = 5, *, no_more: bool = False) -> float:
    """The number 1, 2 or 5 times a power of ten that divides a span above 0 into about so many parts.

    The steps are at least as long as equal parts would be; `no_more`: no longer than they.
    """
    part = span / parts
    power = 10.0 ** math.floor(math.log10(part))
    if no_more:
        return power * next(factor for factor in (5, 2, 1) if factor * power <= part * (1 + 1e-9))
    return power * next(factor for factor in (1, 2, 5, 10) if part <= factor * power * (1 + 1e-9))


def visible_domain(values: Iterable[float]) -> tuple[float, float]:
    """Ends of an axis on which differences between the values can be seen; it starts at zero if that costs little.

    values: numbers, missing ones are left out; with none of them the axis runs from 0 to 1.
    """
    known = np.array([value for value in values if math.isfinite(value)], dtype=float)
    if not known.size or not known.any():
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    if 0 <= low <= _FROM_ZERO * high:
        low = 0.0
    # Values that hardly differ must not look as if they did.
    span = max(high - low, 0.05 * max(abs(low), abs(high)))
    step = round_step(span)
    start = 0.0 if low == 0 else math.floor((low - 0.1 * span) / step) * step
    end = math.ceil((high + 0.1 * span) / step) * step
    return (0.0, end) if start < 0 <= low else (start, end)


def stated(axis_title: str, domain: tuple[float, float]) -> str:
    """The title of an axis, with a warning where the axis does not start at zero."""
    if domain[0] == 0:
        return axis_title
    return f"{axis_title} ({NOT_FROM_ZERO})" if axis_title else NOT_FROM_ZERO.capitalize()


def reached(domain: tuple[float, float], end: str) -> float:
    """An end of an axis, "low" or "high", as it is sent to the browser.

    It lies a hair further out unless it is a whole number: sent in 32 bits it would lose its own tick.
    """
    number, hair = (domain[0], -1e-6) if end == "low" else (domain[1], 1e-6)
    return number if number == round(number) else number + hair * (domain[1] - domain[0])
