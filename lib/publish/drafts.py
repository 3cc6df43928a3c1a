"""A table of a publication while it is made: true figures, the primary rule, and what is hidden on top of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from lib.market.disclosure import SUPPRESSED, Measure, Ratio, primary, worked_out
from lib.pack.manifest import Disclosure
from lib.publish.cells import Field, Figure, Floats, Places, SafeTable, Secret

Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Sum:
    """Which quantities of a block a cell adds up, weights x quantities + offset; small, least, most: see Figure."""

    block: str
    places: Places
    weights: Floats
    offset: float = 0.0
    small: float = 0.0
    least: float = 0.0
    most: float = math.inf


Tells = tuple[Secret, Sum]


def plain_sum(block: str, places: Places) -> Sum:
    """Quantities added up as they are."""
    return Sum(block, places, np.ones(len(places)))


@dataclass(eq=False)
class Draft:
    """A table before control.

    Attributes:
        name, title, note, fields: as of the SafeTable.
        measures: how each measure is protected; ratios come last.
        texts: one dictionary a row, the columns of text.
        numbers: one dictionary a row: the measures and what stands behind them.
        sums: what each measure of each row tells of: its secret and its sum.
        exact: the cells that are published already, as (row, column).
        safe: one dictionary a row, the measures as they may be shown; after `protect`.
        figures: what an attacker may use, one a cell of a measure that is known; after `protect`.
        follow: writes what follows from the safe figures alone into the finished rows.
    """

    name: str
    title: str
    note: str
    fields: list[Field]
    measures: dict[str, Measure | Ratio]
    texts: list[dict[str, str]] = field(default_factory=list)
    numbers: list[dict[str, float]] = field(default_factory=list)
    sums: list[dict[str, Tells]] = field(default_factory=list)
    exact: set[tuple[int, str]] = field(default_factory=set)
    safe: list[Row] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    follow: Callable[[list[Row]], None] | None = None

    def add(self, text: dict[str, str], numbers: dict[str, float], sums: dict[str, Tells]) -> int:
        """Add a row, and return its place."""
        self.texts.append(text)
        self.numbers.append(numbers)
        self.sums.append(sums)
        return len(self.texts) - 1

    def protect(self, settings: Disclosure) -> None:
        """Apply the primary rule to what is counted or added up."""
        if not self.texts:
            return
        bases = {"counts": settings.round_counts, "hours": settings.round_hours, "pounds": settings.round_pounds}
        kinds = {name: one for name, one in self.measures.items() if isinstance(one, Measure)}
        frame = pd.DataFrame(self.numbers, dtype="float64")
        protected = primary(frame, kinds, settings, self.exact)
        self.safe = [{str(name): cell for name, cell in row.items()} for row in protected.to_dict("records")]
        for row, sums in enumerate(self.sums):
            for column, (secret, one) in sums.items():
                value = float(self.numbers[row][column])
                if math.isnan(value):
                    continue
                base = 0 if (row, column) in self.exact else bases[kinds[column].kind]
                counts = kinds[column].kind == "counts"
                if counts and 0 < value <= one.small:
                    self.hide(row, column)
                shown = self.safe[row][column]
                self.figures.append(
                    Figure(
                        self.name,
                        row,
                        column,
                        secret,
                        one.block,
                        one.places,
                        one.weights,
                        one.offset,
                        value,
                        shown,
                        counts,
                        base,
                        one.small,
                        one.least,
                        one.most,
                    )
                )

    def hide(self, row: int, column: str) -> None:
        """Suppress a cell on top of the primary rule."""
        self.safe[row][column] = SUPPRESSED

    def finished(self) -> SafeTable:
        """The table, with what follows from its safe figures alone: ratios and words."""
        ratios = {name: one for name, one in self.measures.items() if isinstance(one, Ratio)}
        rows = []
        for text, safe in zip(self.texts, self.safe, strict=True):
            rows.append({**text, **safe, **{name: worked_out(one, safe) for name, one in ratios.items()}})
        if self.follow:
            self.follow(rows)
        return SafeTable(self.name, self.title, framed(rows, self.fields), tuple(self.fields), self.note)


def framed(rows: list[Row], fields: list[Field]) -> pd.DataFrame:
    """Rows as a frame with the columns of the fields, in their order."""
    columns = {
        one.name: pd.Series(
            [row[one.name] if one.type == "string" else plain(row[one.name]) for row in rows],
            dtype="str" if one.type == "string" else "object",
        )
        for one in fields
    }
    return pd.DataFrame(columns)


def plain(cell: Any) -> Any:
    """A whole number as an int, so that files say 10 and not 10.0; "c" and empty as they are."""
    if isinstance(cell, str):
        return cell
    number = float(cell)
    return int(number) if number.is_integer() else number
