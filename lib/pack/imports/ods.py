"""Write an OpenDocument spreadsheet: sheets of text, numbers, dates and flags, each cell as it will be read back."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

Value = str | int | float | bool | dt.date | None

MIME = "application/vnd.oasis.opendocument.spreadsheet"
NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:"
# What XML cannot hold, however it is written.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content office:version="1.2"'
    + "".join(f' xmlns:{name}="{NAMESPACE}{name}:1.0"' for name in ("office", "table", "text", "style"))
    + f' xmlns:number="{NAMESPACE}datastyle:1.0"><office:automatic-styles>'
    '<number:date-style style:name="N1"><number:year number:style="long"/><number:text>-</number:text>'
    '<number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/>'
    '</number:date-style><style:style style:name="day" style:family="table-cell" style:data-style-name="N1"/>'
    "</office:automatic-styles><office:body><office:spreadsheet>"
)
TAIL = "</office:spreadsheet></office:body></office:document-content>"
MANIFEST = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest xmlns:manifest="{NAMESPACE}manifest:1.0"'
    f' manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="{MIME}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def ods(sheets: Iterable[tuple[str, Iterable[Sequence[Value]]]]) -> bytes:
    """A workbook of sheets, each with its name and its rows."""
    content = io.StringIO()
    content.write(HEAD)
    for name, rows in sheets:
        content.write(f"<table:table table:name={quoteattr(name)}>")
        for row in rows:
            content.write(f"<table:table-row>{''.join(map(cell, row)) or '<table:table-cell/>'}</table:table-row>")
        content.write("</table:table>")
    content.write(TAIL)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        # First and as it is: so a program can tell the file by its first bytes.
        archive.writestr(entry("mimetype"), MIME, zipfile.ZIP_STORED)
        archive.writestr(entry("content.xml"), content.getvalue(), zipfile.ZIP_DEFLATED)
        archive.writestr(entry("META-INF/manifest.xml"), MANIFEST, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def entry(name: str) -> zipfile.ZipInfo:
    """An entry of the archive whose time is always the same, so that the same table gives the same file."""
    return zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))


def cell(value: Value) -> str:
    """A cell in the file's own form. Text stands in an attribute, which keeps its spaces and lines, and to be shown."""
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, bool):
        return typed("boolean", "boolean-value", str(value).lower(), str(value).upper())
    if isinstance(value, int | float):
        return typed("float", "value", repr(value), repr(value))
    if isinstance(value, dt.date):
        return typed("date", "date-value", value.isoformat(), value.isoformat(), ' table:style-name="day"')
    return typed("string", "string-value", value, value)


def typed(kind: str, attribute: str, value: str, shown: str, style: str = "") -> str:
    """A cell of a kind."""
    lines = "".join(f"<text:p>{line_of_text(line)}</text:p>" for line in shown.split("\n"))
    return (
        f'<table:table-cell{style} office:value-type="{kind}" office:{attribute}={quoteattr(value)}>'
        f"{lines}</table:table-cell>"
    )


def line_of_text(line: str) -> str:
    """A line as it is shown: of white space in a row a reader keeps one space, so the rest is counted."""
    text = escape(line, {"\r": "&#13;", "\t": "<text:tab/>"})
    return re.sub("^ +|(?<= ) +", lambda found: f'<text:s text:c="{len(found[0])}"/>', text)
