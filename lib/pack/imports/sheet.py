"""One table of a file."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import pandas as pd
import python_calamine

from lib.pack.imports.change import Progress, Upload, no_progress


@dataclass(frozen=True)
class Sheet:
    """One table of a file. cells: text, one column a letter (columns 0, 1, …), "" for nothing, its index 0, 1, …;
    first_row: the spreadsheet's row of the first; notes: what was put up with, in sentences."""

    file: str
    name: str
    cells: pd.DataFrame
    first_row: int = 1
    notes: tuple[str, ...] = ()


def read_sheets(upload: Upload, progress: Progress = no_progress) -> list[Sheet]:
    """STAND-IN"""
    if upload.content[:2] != b"PK":
        from lib.pack.saved import encoding_of, separator_of

        e = encoding_of(upload.content) or "utf-8"
        sep = separator_of(upload.content, e, ())
        rows = list(csv.reader(io.StringIO(upload.content.decode(e), newline=""), delimiter=sep))
        w = max(map(len, rows), default=0)
        return [Sheet(upload.name, "", pd.DataFrame([r + [""] * (w - len(r)) for r in rows], dtype="str"))]
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(upload.content))
    out = []
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        out.append(Sheet(upload.name, name, pd.DataFrame([[_t(c) for c in r] for r in rows], dtype="str")))
    return out


def _t(c):
    if isinstance(c, bool):
        return str(c).lower()
    if isinstance(c, float):
        return str(int(c)) if c.is_integer() else repr(c)
    return c.isoformat()[:10] if hasattr(c, "isoformat") else str(c)
