"""The tables of a file, as text, whatever program saved it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import pandas as pd

from lib.pack.faults import Fault, PackError
from lib.pack.imports.change import Progress, Upload, no_progress
from lib.pack.saved import encoding_of, separator_of


@dataclass(frozen=True)
class Sheet:
    """One table of a file.

    cells: text, one column a letter (columns 0, 1, …), "" for nothing, its index 0, 1, …; first_row: the spreadsheet's
    row of the first; notes: what was put up with, in sentences; name: of the worksheet, "" for text files.
    """

    file: str
    name: str
    cells: pd.DataFrame
    first_row: int = 1
    notes: tuple[str, ...] = ()


def read_sheets(upload: Upload, progress: Progress = no_progress) -> list[Sheet]:
    """The tables of a file."""
    progress(0, upload.name)
    encoding = encoding_of(upload.content)
    if encoding is None or not upload.content.strip():
        raise PackError([Fault(upload.name, None, "", "no table", "a CSV, Excel or ODS file with a table")])
    text = upload.content.decode(encoding)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(upload.content, encoding, ())))
    width = max(map(len, rows))
    cells = pd.DataFrame([[*row, *[""] * (width - len(row))] for row in rows], dtype="str")
    return [Sheet(upload.name, "", cells)]
