"""What stands among the rows of a council's own table beside its figures, and figures written as people do.

Headers again, totals and notes are told from rows; dates that could be read in two ways are said; a cell that is none
gets a cure where loading says only what is right.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from lib.pack.cells import Cells, Texts, texts_of
from lib.pack.description import NUMBERS, Column, Table
from lib.pack.faults import Fault, faults_at, quoted
from lib.pack.imports.ages import is_date_of_ages
from lib.pack.imports.cell_text import number_text
from lib.pack.imports.headers import Header, spelling
from lib.pack.imports.sheet import Sheet
from lib.pack.models import AGE_BAND_PATTERN
from lib.pack.saved import letter
from lib.pack.unread import tidy
from lib.pack.written_dates import could_be_month_first, date_as_written
from lib.pack.written_numbers import PLAIN, POINT, number_as_written

# What stands for a figure that is none, and what publishers write for a small one that they do not show.
NOT_SAID = re.compile(
    r"[-+]?(nan|inf|infinity|∞)|~+|(fewer|less) than \d+|under \d+|\d+ ?(-|–|to) ?\d+", re.IGNORECASE | re.ASCII
)


def texts_in(column: pd.Series[Any]) -> Texts:
    """A column of a sheet as its different texts, without the space around them."""
    return encoded(pa.array(column, pa.string(), from_pandas=True))


def encoded(array: pa.Array | pa.ChunkedArray) -> Texts:
    """Texts row by row as the different ones, nothing being "", without the space around them."""
    whole = pa.chunked_array(array.chunks if isinstance(array, pa.ChunkedArray) else [array], pa.string())
    return texts_of(whole.fill_null("").dictionary_encode())


def strays_in(
    rows: pd.DataFrame,
    numbers: npt.NDArray[np.int64],
    columns: Mapping[str, Texts],
    header: Header,
    table: Table,
    name: str,
) -> tuple[npt.NDArray[np.bool_], tuple[Fault, ...]]:
    """The rows that are none of the table, and a fault for each: the header again, totals, units, notes below a table.

    Of such a row one thing is said, and not what each of its cells lacks. It holds the names of columns, or fewer than
    half of the cells that each row must have, or of those that tell it from others.
    """
    again, filled, keys = (np.zeros(len(rows), dtype=int) for _ in range(3))
    must = [one for one, column in table.columns.items() if one in columns and not column.nullable]
    for one, texts in columns.items():
        heading = {spelling(one), spelling(table.columns[one].meaning)}
        is_heading = np.array([spelling(text) in heading for text in texts.texts.to_pylist()], dtype=bool)
        again += is_heading[texts.places] if is_heading.any() else 0
        filled += ~texts.blank() if one in must else 0
        keys += ~texts.blank() if one in table.key else 0
    anything = ~np.logical_and.reduce([texts.blank() for texts in columns.values()])
    is_little = (2 * filled < len(must)) | (2 * keys < sum(one in columns for one in table.key))
    heads, short = again >= 2, anything & is_little
    if header.example is not None:
        short &= texts_in(rows.iloc[:, header.example]).blank()

    def fault(place: int) -> Fault:
        row = int(numbers[place])
        if heads[place]:
            return Fault(table.path, row, "", "the names of the columns again", f"a row of {name}: take this one out")
        held = " / ".join(text for text in rows.iloc[place].map(str.strip) if text)
        expected = f"a whole row of {name}: fill it in, or take it out where it is a total or a note"
        return Fault(table.path, row, "", f"no more than {quoted(held)} in the row", expected)

    stray = heads | short
    return stray, tuple(faults_at(np.flatnonzero(stray).tolist(), fault))


def facts_as_numbers(columns: Mapping[str, Texts], between: str) -> dict[str, Texts]:
    """The figures of facts, which stand as text, as plain numbers where they are written as people do: £160,500,000."""
    if not {"value", "unit"} <= {*columns}:
        return {}
    read = []
    for place in range(len(columns["value"].places)):
        text, unit = columns["value"].at(place), columns["unit"].at(place)
        words = "pounds" if "GBP" in unit or "£" in unit else unit
        number = None
        # What is a number as it stands keeps its digits: 247.60 is published so.
        if text and unit != "text" and not PLAIN[POINT].fullmatch(text):
            number = number_as_written(text, None if between == ";" else POINT, words, True)
        read.append(number_text(number) if isinstance(number, float) else text)
    return {"value": encoded(pa.array(read, pa.string()))} if read else {}


def days_first(cells: Cells, table: Table) -> list[str]:
    """What to say of dates in numbers alone that could have the month first: they are read as in England."""
    notes = []
    for name, texts in cells.columns.items():
        if table.columns[name].kind.startswith("datetime"):
            first = next((text for text in texts.texts.to_pylist() if could_be_month_first(text)), "")
            meant = date_as_written(first, nullable=True) if first else None
            if isinstance(meant, dt.date):
                notes.append(
                    f"Column {name} ({cells.letters[name]}): dates in numbers alone were read with the day first, as "
                    f"{quoted(first)} for {meant.day} {meant:%B %Y}."
                )
    return notes


def headless(sheet: Sheet, header: Header) -> str:
    """The first column without a heading that has something in it, by its letter, as one under merged cells is."""
    below = sheet.cells.iloc[header.place + 1 :]
    places = (place for place, text in header.extra.items() if not text)
    return next((letter(place) for place in places if (below[place] != "").any()), "")


def cure_of(text: str, column: Column) -> str:
    """What to do about a text that a column does not read, beyond what was expected; "" where that says it."""
    if column.pattern == AGE_BAND_PATTERN and is_date_of_ages(text):
        return ": the spreadsheet has made a date of it, so write it as text"
    if column.unit.startswith("share") and re.fullmatch(r"\d{1,3}(\.\d+)?", text, re.ASCII) and 1 < float(text) <= 100:
        return f": is {text}% meant?"
    bare = tidy(text)
    if column.kind not in NUMBERS or PLAIN[POINT].fullmatch(bare):
        return ""
    if NOT_SAID.fullmatch(bare):
        return ": leave the cell empty" if column.nullable else ": the column needs a number in each row"
    if any(map(str.isdigit, bare)):
        return ": write it in digits alone, without words, units or other signs"
    return ""
