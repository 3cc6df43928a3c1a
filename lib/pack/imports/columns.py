"""Rows of text, one after another, kept by column: the compact form in which a large sheet is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lib.pack.faults import Fault, PackError, also, quoted
from lib.pack.imports.limits import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, SMALLER
from lib.pack.saved import letter

ROWS_AT_A_TIME = 10_000


class Columns:
    """The cells of a table that is read row by row."""

    def __init__(self, file: str, sheet: str = "") -> None:
        """Begin with none. file, sheet: for the faults."""
        self.file, self.sheet = file, sheet
        self.first = self.next = 1
        self.width = 0
        self._rows: list[Sequence[str]] = []
        self._blocks: list[tuple[int, list[pa.Array]]] = []

    def add(self, row: int, cells: Sequence[str]) -> None:
        """Take one row that is not blank, by its number in the spreadsheet; rows that are left out are blank.

        PackError where the table becomes larger than any that is read.
        """
        if not self.width:
            self.first = self.next = row
        if row >= MOST_ROWS + self.first:
            self.refuse(None, f"more than {MOST_ROWS:,} rows", f"no more than that: {SMALLER}")
        if len(cells) > self.width:
            self.width = len(cells)
            if self.width > MOST_COLUMNS:
                self.refuse(row, f"{self.width:,} columns", f"at most {MOST_COLUMNS:,}, as a spreadsheet has")
        if self.width * (row + 1 - self.first) > MOST_CELLS:
            self.refuse(None, f"more than {MOST_CELLS:,} cells ({self.width:,} columns)", f"fewer: {SMALLER}")
        while self.next < row:
            self._keep(())
        self._keep(cells)

    def refuse(self, row: int | None, found: str, expected: str, column: str = "") -> None:
        """Raise what is wrong with the table."""
        found += f" in the sheet {quoted(self.sheet)}" if self.sheet else ""
        raise PackError([Fault(self.file, row, "", found, expected, column)])

    def _keep(self, cells: Sequence[str]) -> None:
        self._rows.append(cells)
        self.next += 1
        if len(self._rows) == ROWS_AT_A_TIME:
            self._close_block()

    def _close_block(self) -> None:
        width = max(map(len, self._rows), default=0)
        padded = [row if len(row) == width else [*row, *[""] * (width - len(row))] for row in self._rows]
        arrays = [pc.utf8_trim_whitespace(pa.array(column, pa.string())) for column in zip(*padded, strict=True)]
        self._blocks.append((len(self._rows), arrays))
        self._rows = []

    def frame(self) -> pd.DataFrame:
        """The cells: text, columns and index 0, 1, …, without the space around them; no blank column at the end."""
        self._close_block()
        arrays = []
        for place in range(self.width):
            parts = [
                block[place] if place < len(block) else pa.repeat(pa.scalar("", pa.string()), length)
                for length, block in self._blocks
            ]
            arrays.append(pd.array(pa.chunked_array(parts, pa.string()), dtype="str"))
            for _, block in self._blocks:
                # Given up as it is copied: a large sheet is not held twice.
                block[place : place + 1] = [None] if place < len(block) else []
        while arrays and not (arrays[-1] != "").any():
            arrays.pop()
        return pd.DataFrame(dict(enumerate(arrays)), index=pd.RangeIndex(self.next - self.first))


@dataclass
class Found:
    """One worksheet as it was read.

    merged: what is one cell over several, as first and last row (from 1) and column (from 0): row, column, row, column.
    formulas: cells with a formula, as (row, column); valueless: those of them that hold no value.
    """

    name: str
    columns: Columns
    hidden: bool = False
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    formulas: list[tuple[int, int]] = field(default_factory=list)
    valueless: list[tuple[int, int]] = field(default_factory=list)


def cells_named(places: Sequence[tuple[int, int]], count: int) -> str:
    """The first cells of many, as a spreadsheet names them: (row from 1, column from 0)."""
    named = ", ".join(f"{letter(column)}{row}" for row, column in places)
    return f"{named}, …" if count > len(places) else named


def rows_named(rows: Sequence[int]) -> str:
    """Rows in words, cut short: the first, and the like in so many more."""
    return f"row {rows[0]}{also(rows[1:])}"
