"""What is wrong with a data pack, said so that the person who keeps it can put it right."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

RANGES_NAMED = 5  # of further rows that are alike
FAULTS_SHOWN_PER_COLUMN = 20  # a wrong column of 40,000 rows is one mistake, not 40,000

Place = TypeVar("Place")


@dataclass(frozen=True)
class Fault:
    """One thing wrong in one file.

    `row` is the row as a spreadsheet counts it (the header is row 1), or None where the fault concerns the whole file
    or column; `column` is empty where it concerns the whole file or row.
    """

    file: str
    row: int | None
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        """The fault as one sentence: file, row, column: what was found, what was expected."""
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", column {self.column}"
        return f"{place}: found {self.found}, expected {self.expected}"


class PackError(Exception):
    """A data pack that cannot be loaded. `faults` holds every fault found, in the order of the files."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults, and say all of them in the exception's own text."""
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class SelectionError(ValueError):
    """A service, service type, cohort or grouping that the pack does not have, said in one sentence."""


def faults_at(places: Sequence[Place], fault: Callable[[Place], Fault]) -> list[Fault]:
    """The faults at the first places of a column, and one more that counts the rest."""
    faults = [fault(place) for place in places[:FAULTS_SHOWN_PER_COLUMN]]
    rest = len(places) - FAULTS_SHOWN_PER_COLUMN
    if rest > 0:
        last = fault(places[-1])
        faults.append(Fault(last.file, None, last.column, f"{rest:,} more such cells", last.expected))
    return faults


def limited(faults: Sequence[Fault]) -> list[Fault]:
    """The first faults of a column, and one more that counts the rest."""
    return faults_at(faults, lambda fault: fault)


def also(rows: Sequence[int]) -> str:
    """The further rows that a warning is about, in words; "" for none."""
    if not rows:
        return ""
    breaks = [0, *(place for place in range(1, len(rows)) if rows[place] != rows[place - 1] + 1), len(rows)]
    ends = [(rows[start], rows[end - 1]) for start, end in itertools.pairwise(breaks)]
    named = [f"{one}" if one == last else f"{one} to {last}" for one, last in ends[:RANGES_NAMED]]
    rest = ", …" if len(ends) > RANGES_NAMED else ""
    return f", and the like in {len(rows):,} more row{'s' if len(rows) > 1 else ''} ({', '.join(named)}{rest})"


def quoted(value: object, limit: int = 60) -> str:
    """A value from a file, in quotation marks and cut short, for use in a sentence of one line."""
    text = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in str(value))
    if text == "":
        return "an empty cell"
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return f'"{text}"'
