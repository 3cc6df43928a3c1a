"""Files as a council's analyst would send them, made cell by cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest

from lib.pack.faults import Fault, PackError
from lib.pack.imports.change import Change, Upload
from lib.pack.imports.tables import read_pack_table
from lib.pack.load import Pack

Rows = Sequence[Sequence[Any]]


def as_csv(rows: Rows, separator: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode()


def as_xlsx(**sheets: Rows) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read(pack: Pack, table: str, content: bytes, name: str = "council.csv") -> Change:
    return read_pack_table(pack, [Upload(name, content)], table=table)


def faults(pack: Pack, table: str, content: bytes, name: str = "council.csv") -> list[Fault]:
    """Every fault of a file that must be refused, each with the file's own name."""
    with pytest.raises(PackError) as caught:
        read(pack, table, content, name)
    assert {fault.file for fault in caught.value.faults} == {name}
    return list(caught.value.faults)


def rows_of(change: Change) -> list[list[str]]:
    """The rows of the table that a change has, the header first."""
    (content,) = change.files.values()
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
