"""A file that is no table, is damaged or too large is refused in one sentence, with the file and the place."""

from __future__ import annotations

import struct
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sheet_files import (
    MAIN,
    csv_bytes,
    ods_number,
    ods_of,
    ods_row,
    ods_sheet,
    refusal,
    saved,
    xlsx_of,
    xlsx_parts,
    xlsx_sheet,
    zipped,
)

from lib.pack.faults import PackError
from lib.pack.imports import archive, columns, contents, excel, text_file
from lib.pack.imports.change import Upload
from lib.pack.imports.sheet import read_sheets

A_TABLE = "expected a table: CSV, Excel (.xlsx, .xlsb or .xls) or OpenDocument (.ods)"
DAMAGED = "found a file that was cut short or damaged on its way"
WHOLE = f"upload.csv: {DAMAGED}, expected the whole file: download or save it again"
SMALLER = "keep the rows of your own area, or save the sheet as CSV, and try again"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
DOCX = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "an empty file"),
        (b" \r\n\t\n ", "a file with nothing but white space"),
        (b"\xef\xbb\xbf\r\n", "a file with nothing but white space"),
        ("\ufeff \r\n".encode("utf-16-le"), "a file with nothing but white space"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a picture (JPEG)"),
        (b"\x89PNG\r\n\x1a\n", "a picture (PNG)"),
        (b"SQLite format 3\0", "a database or GeoPackage"),
        (b"\x1f\x8b\x08\x00", "a compressed file (gzip)"),
        (b'{"locationId": "1-2"}', "JSON"),
        (b'\xef\xbb\xbf [{"a": 1}]', "JSON"),
        (zipped(DOCX), "a Word document (.docx)"),
        (zipped({"a/roads.shp": b"x", "a/roads.dbf": b"x"}), 'a zip with "a/roads.shp" in it'),
        (zipped({}), "a zip with nothing in it"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), 'a document of another kind ("text")'),
        (OLE + "WordDocument".encode("utf-16-le"), "a Word document (.doc)"),
        (OLE, "an old Office file that is no workbook"),
    ],
)
def test_a_file_that_is_no_table(content: bytes, found: str) -> None:
    assert refusal(content) == f"upload.csv: found {found}, {A_TABLE}"


@pytest.mark.parametrize(
    ("start", "found"),
    [
        (b"<html><table><tr><td>1</td></tr></table></html>", "a web page (HTML)"),
        (b"\r\n<!DOCTYPE html>\n<title>a</title>", "a web page (HTML)"),
        (b'<?xml version="1.0"?><Workbook/>', "XML"),
    ],
)
def test_a_web_page_saved_as_a_workbook(start: bytes, found: str) -> None:
    cure = "open it in a spreadsheet and save it as one of these"
    assert refusal(start, "list.xls") == f"list.xls: found {found}, {A_TABLE}: {cure}"


@pytest.mark.parametrize("whole", [xlsx_of([["a", "b"]] * 500), ods_of([["a", "b"]] * 500)])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.99])
def test_a_workbook_that_is_cut_short(whole: bytes, share: float) -> None:
    assert refusal(whole[: int(len(whole) * share)]) == WHOLE


@pytest.mark.parametrize(
    "content",
    [
        zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a><b></a>"}),
        zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
        ods_sheet('<table:table-row table:number-rows-repeated="many"/>'),
        ods_sheet(
            '<table:table-row><table:table-cell office:value-type="float" office:value="one"/></table:table-row>'
        ),
        xlsx_sheet('<row r="1"><c r="A1"><v>1</v></c><broken'),
        xlsx_sheet('<row r="1"><c r="A1" t="s"><v>12</v></c></row>'),
        zipped({name: part for name, part in xlsx_parts("<x/>").items() if "worksheets" not in name}),
        zipped(xlsx_parts("", **{"xl/workbook.xml": '<!DOCTYPE a [<!ENTITY b "c">]><workbook/>'})),
        b"PK\x03\x04" + bytes(100),
        OLE + "Workbook".encode("utf-16-le"),
    ],
)
def test_a_workbook_whose_parts_are_damaged(content: bytes) -> None:
    assert "found a file that was cut short or damaged on its way" in refusal(content)


@pytest.mark.slow
@settings(max_examples=120, deadline=None)
@given(
    whole=st.sampled_from([xlsx_of([["name", "n"], ["a", 1.5], ["b", None]]), ods_of([["name", "n"], ["a", "1"]]),
                           csv_bytes([["name", "n"], ["é, £", "1"]])]),
    places=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4),
)  # fmt: skip
def test_a_file_with_bytes_changed_is_read_or_refused_in_words(whole: bytes, places: list[tuple[float, int]]) -> None:
    mutated = bytearray(whole)
    for share, byte in places:
        mutated[int(share * len(whole))] = byte
    try:
        read_sheets(Upload("a.csv", bytes(mutated)))
    except PackError as error:
        assert all(str(fault).startswith("a.csv") for fault in error.faults)


def test_macros_and_passwords_are_refused_with_the_cure() -> None:
    cure = "save it as an Excel workbook (.xlsx), or the sheet as CSV UTF-8"
    macros = f"upload.csv: found a workbook with macros, expected one without: {cure}"
    parts = xlsx_parts(f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>')
    assert refusal(zipped({**parts, "xl/vbaProject.bin": b"x"})) == macros
    types = str(parts["[Content_Types].xml"]).replace(
        "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main", "vnd.ms-excel.sheet.macroEnabled.main"
    )
    assert refusal(zipped({**parts, "[Content_Types].xml": types})) == macros
    assert refusal(OLE + "Workbook_VBA_PROJECT".encode("utf-16-le")) == macros
    locked = "one without: take the password away and save the file again"
    assert (
        refusal(OLE + "EncryptedPackage".encode("utf-16-le"))
        == f"upload.csv: found a workbook with a password, expected {locked}"
    )
    manifest = '<m:manifest xmlns:m="urn:m"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    ods = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": manifest,
        "content.xml": b"x",
    }
    assert refusal(zipped(ods)) == f"upload.csv: found a spreadsheet with a password, expected {locked}"


# Bombs


def test_a_zip_that_would_unpack_to_far_more_is_refused_by_its_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    content = zipped({"xl/workbook.xml": bytes(30_000_000)})
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_, **__: pytest.fail("unpacked"))
    most = f"at most 2,000 MB, and no more than 200 times the file: {SMALLER}"
    assert refusal(content) == f"upload.csv: found a file that unpacks to 30 MB or more, expected {most}"


def lying(content: bytes, size: int) -> bytes:
    """A zip whose directory says that every part has this size."""
    changed = bytearray(content)
    place = changed.find(b"PK\x01\x02")
    while place >= 0:
        changed[place + 24 : place + 28] = struct.pack("<I", size)
        place = changed.find(b"PK\x01\x02", place + 4)
    return bytes(changed)


def test_a_directory_that_lies_is_not_believed() -> None:
    content = zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": bytes(30_000_000)})
    assert refusal(lying(content, 46)) == WHOLE


def test_what_is_unpacked_is_counted_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "PIECE", 1_000)
    content = zipped({"a": "x" * 50_000})
    held = archive.Archive(content, "a.zip")
    held.left = 20_000
    taken = 0
    with pytest.raises(PackError, match="a file that unpacks to"):
        for piece in held.pieces("a"):
            taken += len(piece)
    assert taken == 20_000


def test_a_zip_of_very_many_parts_and_a_part_too_large_to_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_ENTRIES", 3)
    assert refusal(zipped({str(number): "" for number in range(4)})) == (
        "upload.csv: found 4 files in one, expected a workbook of at most 3"
    )
    monkeypatch.setattr(archive, "MOST_ENTRIES", 100)
    monkeypatch.setattr(archive, "LARGEST_PART", 10)
    assert "a part of 0 MB ([Content_Types].xml)" in refusal(xlsx_of([["a"]]))


def test_a_cell_far_from_the_others_does_not_take_the_memory_between() -> None:
    said = refusal(
        xlsx_sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    )
    cure = "a table of at most 20,000,000 cells: delete what stands far below and beside it"
    found = 'cells up to column XFD and row 1,048,576 in the sheet "One"'
    assert said == f"upload.csv, row 1048576: found {found}, expected {cure}"
    lie = xlsx_sheet('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>')
    assert "found cells up to column XFD" in refusal(lie)
    filled = '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    row = f'<table:table-row table:number-rows-repeated="1000000000">{filled}</table:table-row>'
    assert 'found more than 20,000,000 cells (16,384 columns) in the sheet "One"' in refusal(ods_sheet(row))


# Sizes


def test_a_file_of_300_mb_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "LARGEST_UPLOAD", 1_000)
    said = f"upload.csv: found a file of 0.0 MB, expected at most 0 MB: {SMALLER}"
    assert refusal(b"a,b\n" * 1_000) == said


def test_ten_million_rows_are_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_file, "separator_in", lambda *_: pytest.fail("read"))
    cure = "no more than that: keep the rows of your own area, or save the sheet as CSV, and try again"
    assert refusal(b"1\n" * 10_000_000) == f"upload.csv: found more than 1,048,576 rows, expected {cure}"


def test_a_sheet_of_more_rows_columns_or_cells_than_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(b"a" + b"," * 16_384 + b"b\n") == (
        "upload.csv, row 1: found 16,385 columns, expected at most 16,384, as a spreadsheet has"
    )
    assert "found 16,385 columns" in refusal(xlsx_sheet('<row r="1"><c r="XFE1"><v>1</v></c></row>'))
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    cell = '<table:table-cell office:value-type="float" office:value="1"/>'
    assert "found too many columns" in refusal(ods_sheet(f"<table:table-row>{blank}{cell}</table:table-row>"))
    monkeypatch.setattr(columns, "MOST_CELLS", 5)
    assert "found more than 5 cells (2 columns), expected fewer" in refusal(b"a,b\n1,2\n3,4\n")
    monkeypatch.setattr(columns, "MOST_ROWS", 2)
    row = ods_row(ods_number("1"), given='table:number-rows-repeated="3"')
    assert 'found more than 2 rows in the sheet "One"' in refusal(ods_sheet(row))


# Text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'a,b\n1,2\n3,"4\n5,6\n', "row 3: found a quotation mark that is never closed"),
        (b'a,b\n1,"2"x\n', "row 2: found a quotation mark inside a cell"),
        (b'a,b\n\n1,"' + b"2,3\n" * 50_000, "row 3: found a row without an end"),
        (b"a,b\n1,\0\n", "row 2, column B: found a cell with a NUL byte"),
        (b"a,b\n1,2\n3,\x81\n", "row 3, column B: found bytes that are not text in UTF-8"),
        ("a,b\n1,2\n".encode("utf-16") + b"\0", "found bytes that are not text"),
    ],
)
def test_text_without_a_certain_reading(content: bytes, said: str) -> None:
    assert said in refusal(content)


def test_separators_and_nothing_else() -> None:
    assert refusal(b",,\n,,\n") == "upload.csv: found no cell with anything in it, expected a sheet with a table"


# Workbooks


def test_a_workbook_with_nothing_to_show() -> None:
    assert refusal(saved(openpyxl.Workbook())) == (
        "upload.csv: found no sheet with anything in it, expected a sheet with a table"
    )
    workbook = openpyxl.Workbook()
    workbook.create_sheet("Data").append(["a"])
    workbook["Data"].sheet_state = "hidden"
    assert "found no sheet with anything in it but hidden ones" in refusal(saved(workbook))


def test_a_formula_without_a_value_is_named() -> None:
    workbook = openpyxl.Workbook()
    for row in (["a", "b"], [1, "=A2+1"]):
        workbook.active.append(row)
    cure = "open the file in a spreadsheet, let it calculate, and save it again"
    said = f"found a formula without a value in the sheet “Sheet”, expected its value: {cure}"
    assert refusal(saved(workbook)) == f"upload.csv, row 2, column B: {said}"
    row = ods_row(ods_number("1"), '<table:table-cell table:formula="of:=1"/>')
    assert refusal(ods_sheet(row, "Sheet")) == f"upload.csv, row 1, column B: {said}"


def test_merged_cells_in_a_table_are_named() -> None:
    workbook = openpyxl.Workbook()
    for row in (["Title"], ["a", "b"], ["x", 1], [None, 2], ["y", 3]):
        workbook.active.append(row)
    workbook.active.merge_cells("A3:A4")
    said = "expected one value in each cell: unmerge the cells, fill in each one, and save again"
    assert (
        refusal(saved(workbook))
        == f"upload.csv, row 3, column A: found merged cells A3:A4 in the sheet “Sheet”, {said}"
    )
    cell = '<table:table-cell {}office:value-type="string"><text:p>x</text:p></table:table-cell>'
    merged = cell.format('table:number-rows-spanned="2" table:number-columns-spanned="1" ')
    rows = (cell.format("") * 2, merged + cell.format(""), "<table:covered-table-cell/>" + cell.format(""))
    ods = ods_sheet("".join(f"<table:table-row>{row}</table:table-row>" for row in rows))
    assert refusal(ods) == f"upload.csv, row 2, column A: found merged cells A2:A3 in the sheet “One”, {said}"


def test_a_workbook_whose_sheets_take_too_long_is_refused_by_its_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "LARGEST_SHEETS", 200)
    monkeypatch.setattr(excel, "read_sheet", lambda *_: pytest.fail("it was read"))
    assert "expected at most 0 MB, about 10 million cells: keep the rows of your own area" in refusal(
        xlsx_sheet("<row><c><v>1</v></c></row>" * 20)
    )
