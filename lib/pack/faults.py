"""What is wrong with a data pack, said so that the person who keeps it can put it right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from lib.pack.spells import spells

if TYPE_CHECKING:
    from lib.pack.manifest import Manifest

RANGES_NAMED = 5  # of further rows that are alike
MORE_CELLS = " more such cells"  # after the number of those that are not named
FAULTS_SHOWN_PER_COLUMN = 20  # a wrong column of 40,000 rows is one mistake, not 40,000

Place = TypeVar("Place")


@dataclass(frozen=True)
class Fault:
    """One thing wrong in one file.

    `row` is the row as a spreadsheet counts it (the header is row 1), or None where the fault concerns the whole file
    or column; `column` is empty where it concerns the whole file or row, or a column that has no name; `letter` is the
    spreadsheet's own for the column, where the cell must be found there to be put right.
    """

    file: str
    row: int | None
    column: str
    found: str
    expected: str
    letter: str = ""

    @property
    def column_words(self) -> str:
        """The column by its name and the spreadsheet's letter, as far as it has them."""
        return f"{self.column} ({self.letter})" if self.column and self.letter else self.column or self.letter

    def __str__(self) -> str:
        """The fault as one sentence: file, row, column: what was found, what was expected."""
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column_words:
            place += f", column {self.column_words}"
        return f"{place}: found {self.found}, expected {self.expected}"


class PackError(Exception):
    """A data pack that cannot be loaded. `faults` holds every fault found, in the order of the files.

    `manifest` is the pack's, where that at least could be read.
    """

    def __init__(self, faults: Sequence[Fault], manifest: Manifest | None = None) -> None:
        """Keep the faults, and say all of them in the exception's own text."""
        self.faults = tuple(faults)
        self.manifest = manifest
        super().__init__("\n".join(str(fault) for fault in self.faults))


class SelectionError(ValueError):
    """A service, service type, cohort or grouping that the pack does not have, said in one sentence."""


def faults_at(places: Sequence[Place], fault: Callable[[Place], Fault]) -> list[Fault]:
    """The faults at the first places of a column, and one more that counts the rest."""
    faults = [fault(place) for place in places[:FAULTS_SHOWN_PER_COLUMN]]
    rest = len(places) - FAULTS_SHOWN_PER_COLUMN
    if rest > 0:
        last = fault(places[-1])
        faults.append(replace(last, row=None, found=f"{rest:,}{MORE_CELLS}"))
    return faults


def limited(faults: Sequence[Fault]) -> list[Fault]:
    """The first faults of a column, and one more that counts the rest."""
    return faults_at(faults, lambda fault: fault)


def visible(text: str) -> bool:
    """Whether anything of a text can be seen, as nothing can of spaces or of letters without width."""
    return any(letter.isprintable() and not letter.isspace() for letter in text)


def also(rows: Sequence[int]) -> str:
    """The further rows that a warning is about, in words; "" for none."""
    if not rows:
        return ""
    ends = spells(rows)
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
