"""JSON read without what the standard leaves open or has not: no field twice, no NaN, no endless number or nesting."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

MOST_DIGITS = 1_000  # of a whole number
DEEPEST = 100  # lists and objects within each other


@dataclass(frozen=True)
class Flaw:
    """What no document may hold: the way to it (names of fields, numbers of items), what was found, and expected."""

    steps: tuple[str | int, ...]
    found: str
    expected: str


class _Fields(dict[str, Any]):
    """An object of the document, with the first of its fields that stands in it twice."""

    again: str | None = None


class _Endless:
    """A whole number with too many digits to read."""


def _fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = _Fields(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        found.again = next(name for name in names if names.count(name) > 1)
    return found


def parsed(text: str) -> tuple[Any, list[Flaw]]:
    """The values of a JSON text and its flaws; json.JSONDecodeError or RecursionError where it is no such text.

    A value with a flaw is not to be used: where there are any, the values only serve to say where.
    """
    document = json.loads(
        text,
        object_pairs_hook=_fields,
        parse_int=lambda digits: int(digits) if len(digits) <= MOST_DIGITS else _Endless(),
    )
    flaws: list[Flaw] = []
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), document)]
    while waiting:
        steps, value = waiting.pop()
        if isinstance(value, _Endless):
            flaws.append(Flaw(steps, "a number that is too long to read", "a number within its limits"))
        elif isinstance(value, float) and not math.isfinite(value):
            found = "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
            flaws.append(Flaw(steps, found, "a finite number"))
        elif isinstance(value, dict | list) and len(steps) >= DEEPEST:
            flaws.append(Flaw(steps[:1], "lists or objects nested too deep", "a JSON document"))
            break
        elif isinstance(value, _Fields):
            if value.again is not None:
                flaws.append(Flaw((*steps, value.again), "the field twice", "each field once"))
            waiting += [((*steps, name), part) for name, part in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [((*steps, place), part) for place, part in reversed([*enumerate(value)])]
    return document, flaws
