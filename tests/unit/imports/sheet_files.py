"""Files to read sheets from, made by hand where no program would write them so."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

import openpyxl
import pytest

from lib.pack.faults import PackError
from lib.pack.imports.change import Upload
from lib.pack.imports.sheet import Sheet, read_sheets

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
ODS_NAMES = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{rest}:1.0"'
    for name, rest in {"office": "office", "table": "table", "text": "text", "style": "style", "dr": "drawing"}.items()
)
CALC = ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


def csv_bytes(
    rows: Sequence[Sequence[str]], separator: str = ",", encoding: str = "utf-8", ending: str = "\r\n"
) -> bytes:
    """Rows as the csv module writes them."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=ending).writerows(rows)
    return text.getvalue().encode(encoding)


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return held.getvalue()


def saved(workbook: openpyxl.Workbook) -> bytes:
    """A workbook as openpyxl saves it."""
    held = io.BytesIO()
    workbook.save(held)
    return held.getvalue()


def xlsx_of(rows: Sequence[Sequence[object]]) -> bytes:
    """One sheet of values."""
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    return saved(workbook)


def xlsx_parts(sheet: str, **more: str | bytes) -> dict[str, str | bytes]:
    """The parts of a workbook whose one sheet is this XML; by the names of parts, more of them."""
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
    )
    package = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    relation = f'<Relationship Id="rId1" Type="{RELATIONS}/{{}}" Target="{{}}"/>'
    return {
        "[Content_Types].xml": types,
        "_rels/.rels": package.format(relation.format("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="One" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": package.format(relation.format("worksheet", "worksheets/sheet1.xml")),
        "xl/worksheets/sheet1.xml": sheet,
        **more,
    }


def xlsx_sheet(rows: str, after: str = "") -> bytes:
    """A workbook whose one sheet has these rows of XML."""
    return zipped(xlsx_parts(f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'))


def ods_tables(tables: str, styles: str = "") -> bytes:
    """An OpenDocument spreadsheet of these tables of XML."""
    content = (
        f"<office:document-content{ODS_NAMES}{CALC}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped({"mimetype": ODS_TYPE, "content.xml": content})


def ods_sheet(rows: str, name: str = "One") -> bytes:
    """An OpenDocument spreadsheet whose one sheet has these rows of XML."""
    return ods_tables(f'<table:table table:name="{name}">{rows}</table:table>')


def ods_of(rows: Sequence[Sequence[str]]) -> bytes:
    """One sheet of text."""
    return ods_sheet("".join(f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in rows))


def ods_row(*cells: str, given: str = "") -> str:
    """A row of cells of XML; given: its attributes."""
    return f"<table:table-row {given}>{''.join(cells)}</table:table-row>"


def ods_number(value: str, given: str = "", shown: str = "1") -> str:
    """A cell with a number; given: more attributes."""
    about = f'{given} office:value-type="float" office:value="{value}"'
    return f"<table:table-cell {about}><text:p>{shown}</text:p></table:table-cell>"


def ods_cell(text: str) -> str:
    """A cell of text, line by line, with the spaces that XML would lose."""
    if not text:
        return "<table:table-cell/>"
    lines = "".join(f"<text:p>{escape(line).replace('  ', ' <text:s/>')}</text:p>" for line in text.split("\n"))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


def sheets(content: bytes, name: str = "a file") -> list[Sheet]:
    """The sheets of a file."""
    return read_sheets(Upload(name, content))


def only(content: bytes, name: str = "a file") -> Sheet:
    """The one sheet of a file."""
    (sheet,) = sheets(content, name)
    return sheet


def cells(content: bytes) -> list[list[str]]:
    """The cells of the one sheet of a file."""
    return only(content).cells.to_numpy().tolist()


def refusal(content: bytes, name: str = "upload.csv") -> str:
    """What is said of a file that is refused: one line, in the words of people."""
    with pytest.raises(PackError) as caught:
        read_sheets(Upload(name, content))
    said = str(caught.value)
    assert "\n" not in said
    assert not any(word in said for word in ("Error", "Exception", "Traceback", "panic", "None"))
    return said
