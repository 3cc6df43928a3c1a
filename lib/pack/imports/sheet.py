"""One table of a file, as text."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import pandas as pd

from lib.pack.imports.change import Progress, Upload, no_progress


@dataclass(frozen=True)
class Sheet:
    """One table of a file. cells: text, one column a letter (columns 0, 1, …), "" for nothing, its index 0, 1, …

    file: the upload's name. name: of the worksheet; "" for text files. first_row: the spreadsheet's row of the first;
    notes: what was put up with, in sentences.
    """

    file: str
    name: str
    cells: pd.DataFrame
    first_row: int = 1
    notes: tuple[str, ...] = ()


def read_sheets(upload: Upload, progress: Progress = no_progress) -> list[Sheet]:
    """The tables of a file."""
    del progress
    rows = list(csv.reader(io.StringIO(upload.content.decode("utf-8-sig"), newline="")))
    width = max(map(len, rows), default=0)
    cells = pd.DataFrame([row + [""] * (width - len(row)) for row in rows], dtype="str")
    return [Sheet(upload.name, "", cells)]
