"""The columns of a table as a spreadsheet has them: head, unit, number format, width, and what is empty in them."""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from lib.market.tables import UNITS_OF, at_most, plain, unit_of
from lib.market.units import COUNTED, NOT_APPLICABLE, NOT_KNOWN, UNITS, Unit

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
DAY_FORMAT, WHOLE, YEAR_FORMAT, OTHER = "d mmm yyyy", "#,##0", "0", "#,##0.0###"
NARROWEST, WIDEST, ROWS_MEASURED = 9, 46, 300
# A cell takes no more letters, and none that no XML file can hold.
LONGEST = 32_767
NOT_IN_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    head: with its unit. cells: numbers, texts, days, and None where one is empty. formats: of each cell's number.
    unit: in words; "" for none. is_figures: whether it is set right. is_counted: whether its unit divides by nothing.
    """

    head: str
    cells: Sequence[Any]
    formats: Sequence[str]
    unit: str
    is_figures: bool
    is_counted: bool = False

    @property
    def empty(self) -> int:
        """How many of its cells are empty."""
        return sum(cell is None or cell == "" for cell in self.cells)

    @property
    def is_long(self) -> bool:
        """Whether its texts need more than one line."""
        return any(len(cell) > WIDEST or "\n" in cell for cell in self.cells if isinstance(cell, str))

    @property
    def width(self) -> int:
        """In letters: what its cells need, and the longest word of its head beside the button of its filter."""
        shown = [
            len(cell) if isinstance(cell, str) else len(as_shown(cell, layout))
            for cell, layout in zip(self.cells[:ROWS_MEASURED], self.formats, strict=False)
            if cell is not None
        ]
        words = max(map(len, self.head.split()), default=0) + 3
        lines = len(self.head) // 3 + 3
        return min(WIDEST, max(NARROWEST, words, lines, *(size + 1 for size in shown), 0))


def lines_of(text: str, width: int) -> int:
    """How many lines a text takes in a cell so many letters wide."""
    return sum(max(1, len(textwrap.wrap(line, max(4, width)))) for line in text.split("\n"))


def as_shown(cell: Any, layout: str) -> str:
    """About what a number or a day takes of a line in a format."""
    if isinstance(cell, dt.date):
        return "30 Sep 2025"
    places = len(layout.rpartition(".")[2].rstrip('%"')) if "." in layout else 0
    return f"{cell:,.{places}f}" + ("£" if "£" in layout else "") + ("%" if "%" in layout else "")


def columns_of(frame: pd.DataFrame, units: Mapping[str, str] | None = None) -> list[Column]:
    """The columns of a table as it stands in a file for people (`lib.market.about.for_file`), with their formats.

    units: of columns, as `Unit.file_words` says them. Else a unit is that of the table's attributes, or that of a name
    of the calculations, or row by row that of its column "unit". No figure has more digits than a file for people has;
    nothing is rounded for people but by its format.
    """
    names = [str(name) for name in frame.columns]
    given: Mapping[str, str] = frame.attrs.get(UNITS_OF, {})
    by_row = [unit_in_words(str(text)) for text in frame["unit"]] if "unit" in names else []
    found = []
    for place, name in enumerate(names):
        values = [typed(value) for value in frame.iloc[:, place].tolist()]
        cells = days(values)
        in_words = unit_in_words((units or {}).get(name, ""))
        code = in_words[0].code if in_words else given.get(name) or (None if by_row else unit_of(name, names))
        unit = UNITS[code] if code else None
        scaled = in_words[1] if in_words else name in given
        own = by_row if by_row and name == "value" else []
        plain = plain_format(name, cells)
        if own:
            formats = [one[0].sheet_format(one[1]) if one else plain for one in own]
        else:
            formats = [unit.sheet_format(scaled) if unit else plain] * len(cells)
        words = "" if unit is None else unit.words if scaled else unit.file_words
        # What a table for people has in its head already.
        head = unit.head(name) if unit and name not in given else name
        numbers = any(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in cells)
        found.append(Column(head, cells, formats, words, unit is not None or numbers, code in COUNTED))
    return found


def typed(value: Any) -> Any:
    """A cell of a file for people (lib.market.tables): a day stays one, a text is one that a sheet can hold."""
    if isinstance(value, dt.date) and not pd.isna(value):
        return dt.date(value.year, value.month, value.day)
    cell = plain(at_most(value))
    if cell is None or isinstance(cell, bool | int) or (isinstance(cell, float) and abs(cell) != float("inf")):
        return cell
    text = NOT_IN_XML.sub("\ufffd", str(cell)).replace("\r\n", "\n").replace("\r", "\n")
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def days(cells: list[Any]) -> list[Any]:
    """The cells of a column, those of one that has nothing but days in words as days."""
    texts = [cell for cell in cells if cell is not None and cell != ""]
    if not texts or not all(isinstance(cell, str) and DAY.fullmatch(cell) for cell in texts):
        return cells
    try:
        return [dt.date.fromisoformat(cell) if cell else cell for cell in cells]
    except ValueError:
        return cells


def plain_format(name: str, cells: Sequence[Any]) -> str:
    """The format of numbers without a unit: years and days as such, whole ones whole."""
    numbers = [cell for cell in cells if isinstance(cell, int | float) and not isinstance(cell, bool)]
    if not numbers and any(isinstance(cell, dt.date) for cell in cells):
        return DAY_FORMAT
    if re.fullmatch(r"(.*[ _])?year", name.lower()) and all(1900 <= number <= 2200 for number in numbers):
        return YEAR_FORMAT
    return WHOLE if all(float(number).is_integer() for number in numbers) else OTHER


def unit_in_words(words: str) -> tuple[Unit, bool] | None:
    """The unit of these words, and whether its figures are scaled; None for none that is known."""
    for unit in UNITS.values():
        if words == unit.file_words:
            return unit, not unit.unscaled_words
    return next(((unit, True) for unit in UNITS.values() if words == unit.words), None)


def why_empty(column: Column) -> str:
    """What an empty cell of a column means, in words: never 0."""
    if not column.is_figures:
        return "nothing to say"
    return NOT_KNOWN if column.is_counted else f"{NOT_KNOWN}, or {NOT_APPLICABLE} as there is nothing to divide by"
