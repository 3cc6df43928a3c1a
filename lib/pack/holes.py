"""The rows that a table must have, as a grid, and its holes in words: few enough for a director to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.pack.spells import spells

Flags = NDArray[np.bool_]

MOST_NAMED = 4  # districts, parts or spells of time that one sentence names
MOST_GROUPS = 3  # groups of districts with the same holes that one sentence tells apart


@dataclass(frozen=True, eq=False)
class Grid:
    """The rows that a table must have: districts by parts (age bands, cohorts or lots) by times (years or months).

    Attributes:
        districts: names by code.
        parts, times: their words; times stand in order without a gap. A table without times has one, "".
        needed: parts by times, whether each district must have a row.
        present: districts by parts by times, whether the row is there.
    """

    districts: Mapping[str, str]
    parts: tuple[str, ...]
    times: tuple[str, ...]
    needed: Flags
    present: Flags

    @property
    def holes(self) -> Flags:
        """The rows that must be there and are not: districts by parts by times."""
        return self.needed & ~self.present

    @property
    def expected(self) -> int:
        """How many rows must be there."""
        return int(self.needed.sum()) * len(self.districts)

    def at(self, times: slice) -> Grid:
        """The same grid at some of its times."""
        return Grid(self.districts, self.parts, self.times[times], self.needed[:, times], self.present[:, :, times])

    def words(self) -> str:
        """The holes in words, such as "2027 for all 12 districts"; districts with the same holes stand together."""
        groups: dict[bytes, list[int]] = {}
        holes = self.holes
        for place in np.flatnonzero(holes.any(axis=(1, 2))).tolist():
            groups.setdefault(holes[place].tobytes(), []).append(place)
        if len(groups) > MOST_GROUPS:
            places = [place for group in groups.values() for place in group]
            return f"{self.where(np.logical_or.reduce(holes, axis=0))}, in part, for {self.named(sorted(places))}"
        return "; ".join(
            " for ".join(text for text in (self.where(holes[group[0]]), self.named(group)) if text)
            for group in groups.values()
        )

    def named(self, places: Sequence[int]) -> str:
        """Districts in words, by their places in the grid."""
        codes = list(self.districts)
        if len(places) == len(codes) > 1:
            return f"all {len(codes)} districts"
        return few([f"{self.districts[codes[place]]} ({codes[place]})" for place in places])

    def where(self, holes: Flags) -> str:
        """One district's holes in words: "age 90+ in 2027 to 2029"; parts are left out where it is all of them."""
        # The holes of whole times: of every part that must be there.
        whole = holes.any(axis=0) & (holes == self.needed).all(axis=0)
        rest = holes & ~whole
        found = [self.times_in_words(whole)] if whole.any() else []
        same: dict[bytes, list[int]] = {}
        for part in np.flatnonzero(rest.any(axis=1)).tolist():
            same.setdefault(rest[part].tobytes(), []).append(part)
        for parts in same.values():
            names = few([self.parts[part] for part in parts])
            found.append(" in ".join(text for text in (names, self.times_in_words(rest[parts[0]])) if text))
        return " and of ".join(text for text in found if text)

    def times_in_words(self, times: Flags) -> str:
        """Times in words: each spell without a gap by its ends."""
        return in_spells([place for place, found in enumerate(times.tolist()) if found], self.times)


def in_spells(places: Sequence[int], times: Sequence[str]) -> str:
    """Places in a list of times in words, each spell without a gap by its ends: "2024 to 2026 and 2030"."""
    return few([times[one] if one == last else f"{times[one]} to {times[last]}" for one, last in spells(places)])


def few(names: Sequence[str]) -> str:
    """Names as a list in words; of many only the first, and how many there are."""
    if len(names) > MOST_NAMED:
        return f"{', '.join(names[: MOST_NAMED - 1])} and {len(names) - MOST_NAMED + 1} more"
    return " and ".join([text for text in (", ".join(names[:-1]), names[-1]) if text]) if names else ""


def present(shape: tuple[int, ...], *places: NDArray[np.int64]) -> Flags:
    """Which places of a grid a table has rows at, axis by axis; a place below 0 or beyond the grid is none of it."""
    found = np.zeros(shape, dtype=bool)
    inside = np.ones(len(places[0]), dtype=bool)
    for axis, size in zip(places, shape, strict=True):
        inside &= (axis >= 0) & (axis < size)
    found[tuple(axis[inside] for axis in places)] = True
    return found
