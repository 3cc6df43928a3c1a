"""A table saved as text: commas, semicolons, tabs or bars, in UTF-8, UTF-16 or the text of Windows."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from collections.abc import Collection

from lib.pack.cells import Records, broken, not_text
from lib.pack.faults import Fault, PackError
from lib.pack.imports.change import Progress, Upload
from lib.pack.imports.columns import Columns, rows_named
from lib.pack.imports.limits import MOST_ROWS, SMALLER
from lib.pack.saved import FIRST_PART, NOT_TEXT, SAVE_AS_UTF8, SEP_LINE, SEPARATORS, encoding_of, headings, letter

ROWS_TRIED = 100
ROWS_BETWEEN_WORDS = 20_000
WORDS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars (|)"}


def read_text(upload: Upload, progress: Progress, names: Collection[str]) -> tuple[Columns, list[str]]:
    """The cells of a text file, and what was put up with; PackError where it has no certain reading."""
    content, file = upload.content, upload.name
    if max(content.count(b"\n"), content.count(b"\r")) > MOST_ROWS:
        raise PackError([Fault(file, None, "", f"more than {MOST_ROWS:,} rows", f"no more than that: {SMALLER}")])
    encoding = encoding_of(content)
    if encoding is None:
        raise PackError([not_text(content, file, names)])
    separator = separator_in(content, encoding, names)
    records = Records(content, encoding, separator)
    columns = Columns(file)
    widths: dict[int, int] = {}
    try:
        for cells in records:
            if records.has_nul and any("\0" in cell for cell in cells):
                place = next(place for place, cell in enumerate(cells) if "\0" in cell)
                expected = "text: save the file again as CSV UTF-8"
                raise PackError([Fault(file, records.number, "", "a cell with a NUL byte", expected, letter(place))])
            if not widths:
                cells[0] = cells[0].lstrip("\ufeff")
            while not cells[-1]:
                cells.pop()
            columns.add(records.number, cells)
            widths[records.number] = len(cells)
            if records.number % ROWS_BETWEEN_WORDS == 0:
                progress(records.text.buffer.tell() / len(content), f"{records.number:,} rows of {file} read")
    except csv.Error as error:
        raise PackError([Fault(file, records.number, "", *broken(str(error)))]) from None
    except UnicodeError:
        raise PackError([Fault(file, records.number + 1, "", NOT_TEXT, SAVE_AS_UTF8)]) from None
    notes = []
    if encoding == "cp1252":
        notes.append(
            "The file is saved in a Windows code page and was read as Windows-1252: check names with accents, and £ "
            "signs, or save it as CSV UTF-8."
        )
    if separator != ",":
        notes.append(f"The columns are separated by {WORDS[separator]}, and were read so.")
    return columns, [*notes, *wide_rows(widths)]


def wide_rows(widths: dict[int, int]) -> list[str]:
    """A note on the rows that have more cells than the header, as one with a comma too many has."""
    if not widths:
        return []
    # What stands above a header has one cell, and may be more rows than a short table.
    most = Counter([width for width in widths.values() if width > 1] or [1]).most_common(1)[0][0]
    header = next(row for row, width in widths.items() if width >= most)
    wide = [row for row, width in widths.items() if row > header and width > widths[header]]
    if not wide:
        return []
    return [
        f"More cells than the {widths[header]} of row {header} are in {rows_named(wide)}: is a comma or a quotation "
        "mark too many in it?"
    ]


def separator_in(content: bytes, encoding: str, names: Collection[str]) -> str:
    """What stands between the cells: the separator that makes most names of columns, else the most even table."""
    text = content[:FIRST_PART].decode(encoding, errors="ignore")
    named = SEP_LINE.match(text)
    if named:
        text = text[named.end() :]
        found = [one for one in SEPARATORS if f"={one}" in named[0]]
        if found:
            return found[0]
    return max(SEPARATORS, key=lambda separator: evenness(text, separator, names))


def evenness(text: str, separator: str, names: Collection[str]) -> tuple[int, int, int]:
    """How much the first rows look like a table when a separator is tried.

    The names of columns that one row has; how many rows have the same number of cells, more than one; that number.
    What stands above the header and below the table has one cell.
    """
    rows = []
    tried = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in itertools.islice(tried, ROWS_TRIED):
            if any(map(str.strip, cells)):
                rows.append(cells)
    except csv.Error:
        pass
    found = max((len({*headings(cells, names)} & {*names}) for cells in rows), default=0)
    widths = Counter(len(cells) for cells in rows if len(cells) > 1)
    width, count = max(widths.items(), key=lambda one: one[::-1], default=(0, 0))
    return found, count, width
