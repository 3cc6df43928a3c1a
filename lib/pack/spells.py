"""Numbers that follow each other, as spells without a gap: rows of a file, months of a history."""

from __future__ import annotations

from collections.abc import Iterable


def spells(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """The first and the last number of each spell, in order: 3, 4, 5 and 9 are (3, 5) and (9, 9)."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
