"""A table on its way into a spreadsheet: what it shows, what must stand with it, and the name of its sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from lib.export.sheet_columns import Column, columns_of, typed
from lib.market.about import About

NOTES = "Notes"
LONGEST_NAME = 31
NOT_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
MOST_ROWS = 1_000_000  # a sheet takes 1,048,576, heads and marks among them


@dataclass(frozen=True)
class Sheet:
    """A table of a workbook.

    label: the name of its sheet. title: what it shows. frame: its cells, as a file for people has them. opening: what
    stands above it, such as its status and date. notes: what else a reader must know. status: how its figures are
    known. internal: whether it must not be shared. file: the name of the file with the same table.
    units, statuses: of columns, in words, where neither the table's attributes nor its heads say them.
    """

    label: str
    title: str
    frame: pd.DataFrame
    opening: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    status: str = ""
    internal: bool = True
    file: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def columns(self) -> list[Column]:
        """Its columns, with their formats."""
        return columns_of(self.frame, self.units)

    @property
    def named(self) -> int:
        """How many columns name a row: a code and what it is the code of are two."""
        heads = [column.head.lower() for column in self.columns[:2]]
        return 2 if len(heads) == 2 and re.search(r"(code|id)$", heads[0]) and not self.columns[1].is_figures else 1

    @property
    def cut(self) -> str:
        """What is said of a table of more rows than a sheet takes; "" for any other."""
        file, rows = self.file or "the file of the table", len(self.frame)
        return f"Here are the first {MOST_ROWS:,} of {rows:,} rows: {file} has all." if rows > MOST_ROWS else ""


def sheet_of(about: About, label: str, frame: pd.DataFrame, file: str = "") -> Sheet:
    """A table with what must stand with it. label: the name of its sheet; "" for the table's own title."""
    opening = about.opening()
    return Sheet(
        label or about.title, about.headline, frame, tuple(opening), tuple(about.file_lines()[len(opening) :]),
        str(about.status), about.internal, file,
    )  # fmt: skip


def sheet_names(labels: Sequence[str]) -> list[str]:
    """A name for each sheet: valid, of no more than 31 letters, no two alike in any case, none that of the notes."""
    taken, found = {NOTES.casefold(), "history"}, []  # Excel keeps "History" for itself
    for label in labels:
        plain = " ".join(NOT_IN_NAME.sub(" ", str(typed(label)).replace("/", "-")).split()).strip("' ") or "Table"
        name, number = shortened(plain, LONGEST_NAME), 1
        while name.casefold() in taken:
            number += 1
            name = f"{shortened(plain, LONGEST_NAME - len(f' {number}'))} {number}"
        taken.add(name.casefold())
        found.append(name)
    return found


def shortened(text: str, letters: int) -> str:
    """The whole words of a text that fit, without what ends in the air."""
    if utf16(text) <= letters:
        return text
    while utf16(text) > letters:
        cut = text.rpartition(" ")[0]
        text = cut if len(cut) > letters // 2 else text[:-1]
    return text.rstrip(" ,;:.-('") or "Table"


def utf16(text: str) -> int:
    """The letters of a text as a spreadsheet counts them."""
    return len(text.encode("utf-16-le")) // 2
