"""Workbooks of the binary kinds (.xlsb, .xls), which one reader reads whole."""

from __future__ import annotations

import struct

import pytest
from sheet_files import RELATIONS, cells, only, refusal, xlsx_parts, zipped

from lib.pack.imports import excel

SHEET, BEGIN, END, DIMENSION, ROW, NUMBER, TEXT = 156, 145, 146, 148, 0, 5, 6


def record(kind: int, content: bytes = b"") -> bytes:
    """A record: its kind and its length in seven bits a byte, and what it holds."""
    number = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    return number + bytes([len(content)]) + content


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def far_apart(*corners: tuple[int, int]) -> bytes:
    """A binary sheet with one number in each of these cells, by row and column from 0."""
    return b"".join(
        record(ROW, struct.pack("<I", row) + bytes(13)) + record(NUMBER, struct.pack("<IId", column, 0, 1.0))
        for row, column in corners
    )


def xlsb(hidden: bool = False, more: bytes = b"") -> bytes:
    """A binary workbook with the rows name, n and a, 1.5. more: records that follow."""
    sheet = record(DIMENSION, struct.pack("<IIII", 0, 1, 0, 1)) + record(BEGIN)
    for number, (text, value) in enumerate([("name", "n"), ("a", 1.5)]):
        sheet += record(ROW, struct.pack("<I", number) + bytes(13))
        sheet += record(TEXT, struct.pack("<II", 0, 0) + wide(text))
        if isinstance(value, str):
            sheet += record(TEXT, struct.pack("<II", 1, 0) + wide(value))
        else:
            sheet += record(NUMBER, struct.pack("<IId", 1, 0, value))
    book = record(SHEET, struct.pack("<II", int(hidden), 1) + wide("rId1") + wide("One")) + record(144) + record(132)
    parts = {name: str(part).replace(".xml", ".bin") for name, part in xlsx_parts("").items() if "sheets/" not in name}
    relations = parts.pop("xl/_rels/workbook.xml.rels")
    assert RELATIONS in relations
    del parts["xl/workbook.xml"]
    parts["[Content_Types].xml"] = "<Types/>"
    binary = {
        "xl/_rels/workbook.bin.rels": relations,
        "xl/workbook.bin": book,
        "xl/worksheets/sheet1.bin": sheet + more + record(END),
    }
    return zipped({**parts, **binary})


def test_a_binary_workbook_is_read() -> None:
    sheet = only(xlsb(), "a.xlsb")
    assert (sheet.name, sheet.notes) == ("One", ())
    assert cells(xlsb()) == [["name", "n"], ["a", "1.5"]]


def test_a_hidden_sheet_of_one_is_passed_over() -> None:
    assert "no sheet with anything in it but hidden ones" in refusal(xlsb(hidden=True))


def test_a_binary_workbook_larger_than_is_read_whole_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "LARGEST_BINARY_WORKBOOK", 100)
    assert "expected at most 0 MB of this kind: save the sheet as CSV UTF-8 or .xlsx" in refusal(xlsb())
    monkeypatch.setattr(excel, "LARGEST_PART", 100)
    assert "found a binary workbook that unpacks to over" in refusal(xlsb())


@pytest.mark.parametrize(
    ("corners", "places"),
    [
        ([(1_048_575, 16_383)], "17,179,869,184"),
        ([(2, 0), (600_000, 20)], "12,600,021"),
        ([(600_000, 0), (2, 20)], "12,600,021"),
        ([(0, 2**32 - 1)], "8,589,934,592"),
    ],
)
def test_cells_far_apart_do_not_take_the_memory_between(corners: list[tuple[int, int]], places: str) -> None:
    said = refusal(xlsb(more=far_apart(*corners)))
    assert f"found a sheet with room for {places} cells, expected a table of at most 8,000,000 of them" in said


def test_a_cell_a_little_apart_is_read() -> None:
    assert cells(xlsb(more=far_apart((4, 2)))) == [
        ["name", "n", ""], ["a", "1.5", ""], ["", "", ""], ["", "", ""], ["", "", "1"],
    ]  # fmt: skip
