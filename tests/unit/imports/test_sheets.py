"""A table is the same sheet of text whatever program saved it, and whatever the file is called."""

from __future__ import annotations

import datetime as dt
import re

import openpyxl
import pandas as pd
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from sheet_files import (
    MAIN,
    cells,
    csv_bytes,
    ods_cell,
    ods_number,
    ods_of,
    ods_row,
    ods_sheet,
    ods_tables,
    only,
    saved,
    sheets,
    xlsx_of,
    xlsx_parts,
    xlsx_sheet,
    zipped,
)

from lib.pack.imports import excel
from lib.pack.imports.cell_text import text_of
from lib.pack.imports.change import Upload
from lib.pack.imports.sheet import read_sheets
from lib.pack.saved import letter

# What may stand in a cell of any of the forms: no control characters, which XML cannot hold, and line ends as \n.
LETTERS = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff\ufeff") | st.just("\n")
TEXTS = st.text(LETTERS, max_size=12).map(str.strip) | st.sampled_from(
    ["", "a;b", "a,b", '"', "1,5", "00123", "#", "é€"]
)
WINDOWS = st.text("abc £é€’;,|\"'\n12", max_size=8).map(str.strip)


@st.composite
def tables(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> list[list[str]]:
    """A header of plain names and up to five rows of any text, the last of which has something in it."""
    width = draw(st.integers(2, 5))
    rows = draw(st.lists(st.lists(texts, min_size=width, max_size=width), max_size=5))
    while rows and not any(rows[-1]):
        rows.pop()
    return [[f"name {place}" for place in range(width)], *rows]


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(
    table=tables(TEXTS),
    separator=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    ending=st.sampled_from(["\r\n", "\n"]),
)
@example([["name 0", "name 1"], ["1,5", "2,5"], ["1,5", "3,5"]], ";", "utf-8", "\n")
def test_a_table_of_text_reads_back_cell_for_cell(
    table: list[list[str]], separator: str, encoding: str, ending: str
) -> None:
    content = csv_bytes(table, separator, encoding, ending)
    names = table[0]
    (sheet,) = read_sheets(Upload("a.csv", content), names=names)
    assert sheet.cells.to_numpy().tolist() == table


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(table=tables(WINDOWS), separator=st.sampled_from([",", ";", "\t"]))
def test_text_of_windows_reads_back_and_is_said(table: list[list[str]], separator: str) -> None:
    content = csv_bytes([*table, ["£", "é"]], separator, "cp1252")
    # Letters that are a letter of UTF-8 too could be read in two ways, which is refused: another test's matter.
    assume(not re.search(rb"[\xc2-\xf4][\x80-\xbf]", content))
    (sheet,) = read_sheets(Upload("a.csv", content), names=table[0])
    assert [row[: len(table[0])] for row in sheet.cells.to_numpy().tolist()][:-1] == table
    assert any("Windows-1252" in note for note in sheet.notes)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(table=tables(TEXTS.filter(lambda text: not re.search("_x[0-9A-Fa-f]{4}_", text))))
def test_workbooks_of_text_read_back_cell_for_cell(table: list[list[str]]) -> None:
    workbook = openpyxl.Workbook()
    for number, row in enumerate(table, start=1):
        for place, text in enumerate(row, start=1):
            cell = workbook.active.cell(number, place)
            cell.value = text or None
            cell.data_type = "s" if text else "n"
    assert cells(saved(workbook)) == table
    assert cells(ods_of(table)) == table


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_the_separator_is_found_without_the_names_of_columns(separator: str) -> None:
    rows = [["CQC care directory"], ["as at 1 May 2026"], ["name", "rate"], ["one, two", "1,5"], ["three", "2,5"]]
    sheet = only(csv_bytes(rows, separator))
    assert sheet.cells.to_numpy().tolist()[2:] == rows[2:]
    assert len(sheet.notes) == 1


def test_a_preamble_and_a_footnote_have_commas_in_them() -> None:
    rows = [["Care directory, as published"], ["a", "b", "c"], ["1", "2", "3"], ["Source: ONS, 2026"]]
    assert cells(csv_bytes(rows)) == [[*row, *[""] * (3 - len(row))] for row in rows]


def test_a_row_with_more_cells_than_the_header_is_said() -> None:
    sheet = only(b"a,b\n1,2\n1,2,3\n4,5\n")
    assert sheet.notes == (
        "More cells than the 2 of row 1 are in row 3: is a comma or a quotation mark too many in it?",
    )
    assert sheet.cells.to_numpy().tolist() == [["a", "b", ""], ["1", "2", ""], ["1", "2", "3"], ["4", "5", ""]]


def test_blank_rows_and_columns_keep_their_place_and_none_is_at_an_end() -> None:
    text = b",,,\n,a,b,\n,,,\n,1,2,\n,,,\n , ,,\n"
    workbook = xlsx_of([[None], [None, "a", "b"], [], [None, "1", "2"], [None, " "]])
    for content in (text, workbook):
        sheet = only(content)
        assert sheet.first_row == 2
        assert sheet.cells.to_numpy().tolist() == [["", "a", "b"], ["", "", ""], ["", "1", "2"]]
        assert sheet.cells.index.tolist() == [0, 1, 2]
        assert sheet.cells.columns.tolist() == [0, 1, 2]


def test_the_cells_are_compact_text() -> None:
    frame = only(b"a,b\n1,2\n").cells
    assert [str(one) for one in frame.dtypes] == ["str", "str"]
    assert isinstance(frame.dtypes[0], pd.StringDtype)


def test_the_line_that_names_the_separator_is_no_row() -> None:
    sheet = only(b"sep=;\r\na;b\r\n1,5;2,5\r\n")
    assert (sheet.first_row, sheet.cells.to_numpy().tolist()) == (1, [["a", "b"], ["1,5", "2,5"]])


VALUES = [
    ("text", "text"), (" text ", "text"), (1234.0, "1234"), (-0.0, "0"), (0.1 + 0.2, "0.3"),
    (1e20, "100000000000000000000"), (1e-7, "0.0000001"), (123456789012345.0, "123456789012345"),
    (0.05, "0.05"), (True, "true"), (False, "false"),
    (dt.date(2025, 3, 31), "2025-03-31"), (dt.datetime(2025, 3, 31), "2025-03-31"),
    (dt.datetime(2025, 3, 31, 8, 30), "2025-03-31 08:30:00"), (dt.time(8, 30), "08:30:00"),
    (dt.timedelta(hours=37, minutes=30), "37:30:00"), ("2025-03-31", "2025-03-31"), ("00123", "00123"),
]  # fmt: skip


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_what_a_workbook_holds_is_one_text_each(epoch: dt.datetime | None) -> None:
    workbook = openpyxl.Workbook()
    if epoch:
        workbook.epoch = epoch
    for row, (value, _) in enumerate(VALUES, start=1):
        workbook.active.cell(row, 1, value)
        workbook.active.cell(row, 2, "x")
    assert [row[0] for row in cells(saved(workbook))] == [text for _, text in VALUES]


def test_a_share_in_the_percent_format_is_the_number_that_is_stored() -> None:
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = 0.05
    workbook.active["A1"].number_format = "0%"
    assert cells(saved(workbook)) == [["0.05"]]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (dt.datetime(2025, 3, 31, 8, 29, 59, 999995), "2025-03-31 08:30:00"),
        (dt.datetime(2025, 3, 30, 23, 59, 59, 999995), "2025-03-31"),
        (dt.time(7, 59, 59, 999999), "08:00:00"),
        (dt.timedelta(hours=-1, minutes=-30), "-01:30:00"),
        (2**53 + 2.0, "9007199254740990"),
        (7, "7"),
    ],
)
def test_a_time_is_to_the_second_and_a_number_to_15_digits(value: object, text: str) -> None:
    assert text_of(value) == text


def test_errors_stay_as_their_text() -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="e"><v>#N/A</v></c></row>'
        '<row r="3"><c r="C3" t="e"><f>1/0</f><v>#DIV/0!</v></c></row><row r="5"><c r="A5" t="e"><v>#REF!</v></c></row>'
    )
    assert cells(xlsx_sheet(rows)) == [["a", "#N/A", ""], [""] * 3, ["", "", "#DIV/0!"], [""] * 3, ["#REF!", "", ""]]
    error = (
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
    )
    older = ods_number("0", 'table:formula="of:=A"', "Err:508")
    assert cells(ods_sheet(f"<table:table-row>{error}{older}</table:table-row>")) == [["#DIV/0!", "Err:508"]]


def test_a_workbook_with_nothing_but_errors_is_a_sheet() -> None:
    assert cells(xlsx_sheet('<row r="2"><c r="B2" t="e"><v>#REF!</v></c></row>')) == [["", "#REF!"]]


def test_rows_and_cells_without_their_numbers_are_read() -> None:
    rows = '<row><c><v>1</v></c><c><v>2</v></c></row><row/><row r="5"><c><v>3</v></c></row><row><c><v>4</v></c></row>'
    sheet = only(xlsx_sheet(rows))
    assert sheet.cells.to_numpy().tolist() == [["1", "2"], ["", ""], ["", ""], ["", ""], ["3", ""], ["4", ""]]


def test_a_workbook_whose_xml_has_a_prefix_is_read() -> None:
    sheet = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:f>1+1</x:f><x:v>2</x:v></x:c>'
        '<x:c r="B1" t="e"><x:v>#REF!</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    read = only(zipped(xlsx_parts(sheet)))
    assert read.cells.to_numpy().tolist() == [["2", "#REF!"]]
    assert read.notes == ("One cell is a formula (A1) in the sheet “One”: the values as last saved were taken.",)


@pytest.mark.parametrize("part", [300, 1_000, 5_000])
def test_a_sheet_read_in_parts_is_the_sheet_read_whole(part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    workbook = openpyxl.Workbook()
    for number in range(1, 200):
        workbook.active.append([f"text {number}", number / 4, dt.date(2025, 1, 1) + dt.timedelta(number), None, True])
    workbook.active["D100"] = "#REF!"
    workbook.active["D100"].data_type = "e"
    content = saved(workbook)
    whole = only(content)
    monkeypatch.setattr(excel, "PART", part)
    # Pieces of the file are larger than this sheet.
    monkeypatch.setattr("lib.pack.imports.archive.PIECE", 97)
    read = only(content)
    assert whole.cells.iat[99, 3] == "#REF!"
    pd.testing.assert_frame_equal(read.cells, whole.cells)


def test_cells_that_are_repeated_in_an_opendocument_stand_as_often() -> None:
    blank = '<table:table-cell table:number-columns-repeated="{}"/>'
    three = ods_number("1.5", 'table:number-columns-repeated="3"')
    rows = (
        ods_row(blank.format(2), given='table:number-rows-repeated="2"')
        + ods_row(blank.format(2), three, blank.format(16379), given='table:number-rows-repeated="2"')
        + ods_row(blank.format(16384), given='table:number-rows-repeated="1048572"')
    )
    sheet = only(ods_sheet(rows))
    assert (sheet.first_row, sheet.cells.to_numpy().tolist()) == (3, [["", "", "1.5", "1.5", "1.5"]] * 2)


def test_what_an_opendocument_holds_is_one_text_each() -> None:
    def cell(kind: str, value: str, shown: str = "shown") -> str:
        return (
            f'<table:table-cell office:value-type="{kind}" office:{value}><text:p>{shown}</text:p></table:table-cell>'
        )

    made = [
        cell("float", 'value="0.30000000000000004"'), cell("percentage", 'value="0.05"', "5%"),
        cell("currency", 'value="1234"', "£1,234.00"), cell("date", 'date-value="2025-03-31"', "31/03/25"),
        cell("date", 'date-value="2025-03-31T08:30:00"'), cell("time", 'time-value="PT08H30M00S"'),
        cell("time", 'time-value="PT37H30M00.4S"'), cell("boolean", 'boolean-value="true"', "TRUE"),
        '<table:table-cell office:value-type="string"><office:annotation><text:p>a note</text:p></office:annotation>'
        "<text:p>one<text:s text:c='2'/><text:span>two</text:span></text:p><text:p>three</text:p></table:table-cell>",
    ]  # fmt: skip
    assert cells(ods_sheet(f"<table:table-row>{''.join(made)}</table:table-row>")) == [
        ["0.3", "0.05", "1234", "2025-03-31", "2025-03-31 08:30:00", "08:30:00", "37:30:00", "true", "one  two\nthree"]
    ]  # fmt: skip


def test_every_visible_sheet_is_read_and_hidden_ones_are_named() -> None:
    workbook = openpyxl.Workbook()
    workbook.active.title = "First"
    workbook.active["A1"] = 1
    for name, state in {"Gone": "hidden", "Far gone": "veryHidden", "Blank": "visible", "Last": "visible"}.items():
        workbook.create_sheet(name).sheet_state = state
        if name != "Blank":
            workbook[name]["A1"] = name
    read = sheets(saved(workbook))
    assert [(one.name, one.cells.iat[0, 0]) for one in read] == [("First", "1"), ("Last", "Last")]
    assert read[0].notes == read[1].notes == ("Hidden sheets were passed over: “Gone”, “Far gone”.",)


def test_a_hidden_sheet_of_an_opendocument_is_passed_over() -> None:
    style = (
        '<style:style style:name="h" style:family="table"><style:table-properties table:display="false"/></style:style>'
    )
    row = ods_row(ods_cell("x"))
    shown = f'<table:table table:name="A">{row}</table:table>'
    hidden = f'<table:table table:name="B" table:style-name="h">{row}</table:table>'
    assert [one.name for one in sheets(ods_tables(shown + hidden, style))] == ["A"]


def test_formulas_have_the_value_last_saved_and_are_said() -> None:
    cells_of_row = "".join(f'<c r="{letter}1"><f>1+{letter}2</f><v>7</v></c>' for letter in "ABCDE")
    sheet = only(xlsx_sheet(f'<row r="1">{cells_of_row}<c r="F1" t="str"><f>""</f><v></v></c></row>'))
    assert sheet.cells.to_numpy().tolist() == [["7"] * 5]
    assert sheet.notes == (
        "6 cells are formulas (A1, B1, C1, …) in the sheet “One”: the values as last saved were taken.",
    )
    row = ods_row(ods_number("7", 'table:formula="of:=1+6"', "7"))
    sheet = only(ods_sheet(row))
    assert sheet.cells.to_numpy().tolist() == [["7"]]
    assert "One cell is a formula (A1)" in sheet.notes[0]


def test_merged_cells_above_the_table_and_in_a_footnote_do_no_harm() -> None:
    workbook = openpyxl.Workbook()
    for row in (["A title"], ["a group", None, "another"], ["a", "b", "c"], [1, 2, 3], ["Source: ONS"]):
        workbook.active.append(row)
    for area in ("A1:C1", "A2:B2", "A5:C5"):
        workbook.active.merge_cells(area)
    assert only(saved(workbook)).notes == ()


def test_merged_cells_in_a_smaller_sheet_are_said() -> None:
    workbook = openpyxl.Workbook()
    for row in (["a", "b"], [1, 2], [3, 4], [5, 6]):
        workbook.active.append(row)
    cover = workbook.create_sheet("Cover")
    for row in (["a", "b"], [1, 2], [None, 3]):
        cover.append(row)
    cover.merge_cells("A2:A3")
    first, second = sheets(saved(workbook))
    assert first.notes == ()
    assert second.notes == ("The sheet “Cover” has merged cells (A2:A3): only the first has a value.",)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.csv", xlsx_of([["x"]]), "an Excel workbook (.xlsx)"),
        ("a.xls", b"a\tb\n1\t2\n", "a table saved as text"),
        ("a.xlsx", ods_of([["x"]]), "an OpenDocument spreadsheet (.ods)"),
    ],
)
def test_a_name_that_says_another_kind_is_said(name: str, content: bytes, kind: str) -> None:
    ending = name.removeprefix("a")
    words = f'The name ends in "{ending}", and the file is {kind}: it was read as that.'
    assert only(content, name).notes[0] == words


@pytest.mark.parametrize(("name", "content"), [("A.XLSX", xlsx_of([["x"]])), ("a.txt", b"a,b\n"), ("a", b"a,b\n")])
def test_a_name_that_fits_or_says_nothing_is_not(name: str, content: bytes) -> None:
    assert only(content, name).notes == ()


def test_progress_is_told_and_never_beyond_the_whole() -> None:
    said: list[tuple[float, str]] = []
    content = b"a,b\n" + b"1,2\n" * 50_000
    read_sheets(Upload("long.csv", content), lambda share, words: said.append((share, words)))
    assert [words for _, words in said] == [
        "Reading long.csv",
        "20,000 rows of long.csv read",
        "40,000 rows of long.csv read",
    ]
    assert all(0 <= share <= 1 for share, _ in said)


def test_a_column_has_the_letter_of_the_spreadsheet() -> None:
    assert [letter(place) for place in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


def test_four_lines_above_a_short_table_are_no_header() -> None:
    content = csv_bytes([["Care directory"], ["As at 1 October"], ["Notes"], ["Id", "Name"], ["1", "Ash"]])
    assert only(content).notes == ()
