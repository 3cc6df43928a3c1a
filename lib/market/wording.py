"""Figures and names as people read them."""

from __future__ import annotations

from collections.abc import Sequence

from lib.market.units import NOT_APPLICABLE, NOT_KNOWN, UNITS, UnitCode, is_missing, money, rounded

__all__ = [
    "NOT_APPLICABLE",
    "NOT_KNOWN",
    "counted",
    "financial_year",
    "is_missing",
    "listed",
    "money",
    "rounded",
    "show",
    "show_with_unit",
]


def show(value: float | None, unit: UnitCode) -> str:
    """A figure in its unit, short enough for a tile or a label; an empty one is "not applicable", or "not known"."""
    return UNITS[unit].show(value)


def show_with_unit(value: float | None, unit: UnitCode) -> str:
    """A figure with its unit in words, where the figure alone would not say what it counts."""
    return UNITS[unit].show_with_unit(value)


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
