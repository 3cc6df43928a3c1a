"""Figures as people read them: thousands separators, units, no false precision."""

from __future__ import annotations

import math
from collections.abc import Sequence

from lib.market.indicators import Unit

NOT_APPLICABLE = "not applicable"

UNIT_WORDS: dict[Unit, str] = {
    "people": "people",
    "hours": "hours a week",
    "pounds": "pounds a year",
    "pounds_per_hour": "pounds an hour",
    "pounds_per_person": "pounds a year for each",
    "ratio": "ratio",
    "share": "percent",
    "days": "days",
    "per_1000": "per 1,000 residents",
    "count": "count",
    "index": "index, 0 to 10,000",
    "decimal": "average",
}


def is_missing(value: float | None) -> bool:
    """Whether a figure is empty: nothing to divide by, or not known."""
    return value is None or math.isnan(value)


def rounded(value: float, digits: int) -> float:
    """A figure rounded half away from zero, as people round, with no negative zero."""
    step = 10**digits
    # A nudge far below any digit shown, so that 2.675 stored as 2.67499... rounds as it reads.
    return math.copysign(math.floor(abs(value) * step + 0.5 + 1e-9) / step, value) + 0.0


def show(value: float | None, unit: Unit) -> str:
    """A figure in its unit, short enough for a tile or a label; an empty one is "not applicable"."""
    if value is None or math.isnan(value):
        return NOT_APPLICABLE
    if unit == "share":
        return f"{rounded(100 * value, 1):,.1f}%"
    if unit == "ratio":
        # A ratio below 1 must not read as enough.
        return "just under 1.00" if value < 1 <= rounded(value, 2) else f"{rounded(value, 2):,.2f}"
    if unit == "pounds_per_hour":
        return f"£{rounded(value, 2):,.2f}"
    if unit == "pounds":
        return money(value)
    if unit == "pounds_per_person":
        return f"{'-' if value <= -0.5 else ''}£{rounded(abs(value), 0):,.0f}"
    if unit in ("per_1000", "decimal", "days"):
        return f"{rounded(value, 1):,.1f}"
    return f"{rounded(value, 0):,.0f}"


def show_with_unit(value: float | None, unit: Unit) -> str:
    """A figure with its unit in words, where the figure alone would not say what it counts."""
    text = show(value, unit)
    if text == NOT_APPLICABLE or unit in (
        "ratio",
        "share",
        "pounds",
        "pounds_per_hour",
        "pounds_per_person",
        "count",
        "index",
        "people",
    ):
        return text
    return f"{text} {'hours a week' if unit == 'hours' else UNIT_WORDS[unit]}" if unit != "decimal" else text


def money(value: float) -> str:
    """Pounds: from a million up in millions, to one decimal (two below ten million); otherwise to the pound.

    Whole thousands keep the decimals that they need, up to three: a published £2.163m is not £2.16m.
    """
    sign = "-" if value <= -0.5 else ""
    size = abs(value)
    if size >= 1e6:
        least = 2 if size < 9_995_000 else 1
        whole = (digits for digits in range(least, 4) if abs(size - 1e6 * rounded(size / 1e6, digits)) < 0.5)
        digits = next(whole, least)
        return f"{sign}£{rounded(size / 1e6, digits):,.{digits}f}m"
    return f"{sign}£{rounded(size, 0):,.0f}"


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: A, B and C."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """A number and its noun: 1 district, 3 districts."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def financial_year(year: int) -> str:
    """2024 as 2024/25."""
    return f"{year}/{(year + 1) % 100:02d}"
