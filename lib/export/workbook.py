"""The tables of a page as one spreadsheet: notes first, then a sheet a table, each with its marks and its sources.

The same input gives the same bytes: nothing of it reads a clock.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence

from lib.export.sheet_writer import Writer
from lib.export.sheets import Sheet, sheet_names
from lib.market.sharing import INTERNAL

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def one_workbook(title: str, sheets: Sequence[Sheet], made: dt.date, about: Sequence[str] = ()) -> bytes:
    """Tables as one .xlsx file. made: the date of the data, which the file has as its own. about: what it is of.

    No cell runs as a formula: text is text, and where it begins like a formula it is marked as such. Empty cells stay
    empty. A table beyond MOST_ROWS is cut there, and says so.
    """
    from xlsxwriter import Workbook  # it takes time, and only who asks for a file needs it

    found = io.BytesIO()
    book = Workbook(found, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    day = dt.datetime(made.year, made.month, made.day)
    internal = any(sheet.internal for sheet in sheets)
    book.set_properties({"title": title, "comments": INTERNAL if internal else "", "created": day})
    names = sheet_names([sheet.label for sheet in sheets])
    writer = Writer(book)
    writer.notes(title, sheets, names, about, internal)
    for sheet, name in zip(sheets, names, strict=True):
        writer.table(sheet, name)
    book.close()
    return found.getvalue()
