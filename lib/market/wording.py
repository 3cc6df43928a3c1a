"""Figures and names as people read them."""

from __future__ import annotations

from collections.abc import Sequence

from lib.market.basis import Standing
from lib.market.units import NOT_APPLICABLE, NOT_KNOWN, UNITS, UnitCode, is_missing, money, rounded

__all__ = [
    "NOT_APPLICABLE",
    "NOT_KNOWN",
    "counted",
    "financial_year",
    "for_people",
    "for_people_with_unit",
    "is_missing",
    "listed",
    "money",
    "nearest",
    "rounded",
    "said",
    "said_of",
    "show",
    "show_with_unit",
]


def show(value: float | None, unit: UnitCode) -> str:
    """A figure in its unit, short enough for a tile or a label; an empty one is "not applicable", or "not known"."""
    return UNITS[unit].show(value)


def show_with_unit(value: float | None, unit: UnitCode) -> str:
    """A figure with its unit in words, where the figure alone would not say what it counts."""
    return UNITS[unit].show_with_unit(value)


def for_people(value: float | None, unit: UnitCode, known: Standing) -> str:
    """A figure on a tile, a label or an axis: to the digit where it is known to the digit, otherwise rounded.

    The one rule of which figures are rounded, by how they are known: see `Standing.exact` and `Unit.about`. Tables,
    files and the command line do not round for people: they have `show`, or the figure itself.
    """
    return UNITS[unit].show(value) if known.exact else UNITS[unit].about(value)


def for_people_with_unit(value: float | None, unit: UnitCode, known: Standing) -> str:
    """The same with its unit in words, where the figure alone would not say what it counts."""
    return UNITS[unit].show_with_unit(value) if known.exact else UNITS[unit].about_with_unit(value)


def said(value: float | None, unit: UnitCode, known: Standing) -> str:
    """The same in a sentence, which says that a figure is rounded: "about 2,560"."""
    return UNITS[unit].show(value) if known.exact else UNITS[unit].said(value)


def said_of(part: float, whole: float, unit: UnitCode, known: Standing, of: str = "of") -> str:
    """A part of a whole in a sentence: "about 314 of 2,340" where either is rounded, "3 of 12" where neither is."""
    text = f"{for_people(part, unit, known)} {of} {for_people(whole, unit, known)}"
    rounds = any(said(value, unit, known) != for_people(value, unit, known) for value in (part, whole))
    return f"about {text}" if rounds else text


def nearest(value: float, unit: UnitCode, known: Standing) -> float:
    """The number that `for_people` writes: a figure is put in a class of a map or grid by what is read beside it."""
    return value if known.exact else UNITS[unit].nearest(value)


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
