"""What a file is, by what stands in it: people and publishers give names that say otherwise."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Literal

from lib.pack.faults import Fault, PackError, quoted
from lib.pack.imports.archive import Archive
from lib.pack.imports.change import Upload
from lib.pack.imports.limits import LARGEST_UPLOAD, MEGABYTE, SMALLER
from lib.pack.saved import BYTE_ORDER_MARK

Form = Literal["text", "xlsx", "xlsb", "xls", "ods"]
EXPECTED = "a table: CSV, Excel (.xlsx, .xlsb or .xls) or OpenDocument (.ods)"
NO_MACROS = "one without: save it as an Excel workbook (.xlsx), or the sheet as CSV UTF-8"
NO_PASSWORD = "one without: take the password away and save the file again"  # noqa: S105
FORM_WORDS: dict[Form, str] = {
    "text": "a table saved as text",
    "xlsx": "an Excel workbook (.xlsx)",
    "xlsb": "an Excel binary workbook (.xlsb)",
    "xls": "an Excel workbook of the old kind (.xls)",
    "ods": "an OpenDocument spreadsheet (.ods)",
}
ENDINGS: dict[Form, tuple[str, ...]] = {
    "text": (".csv", ".tsv", ".tab", ".txt"),
    "xlsx": (".xlsx",),
    "xlsb": (".xlsb",),
    "xls": (".xls",),
    "ods": (".ods",),
}
ZIP, OLE = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What other files begin with.
BEGINNINGS = {
    b"%PDF": "a PDF",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"\x89PNG": "a picture (PNG)",
    b"GIF8": "a picture (GIF)",
    b"{\\rtf": "a document (RTF)",
    b"SQLite format 3": "a database or GeoPackage",
    b"\x1f\x8b": "a compressed file (gzip)",
    b"7z\xbc\xaf": "a compressed file (7z)",
    b"Rar!": "a compressed file (RAR)",
    b"PAR1": "a Parquet file",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
}
JSON = re.compile(rb'\s*(\{\s*("|\})|\[\s*(\{|\[|\]|"))')
TAGGED = re.compile(rb"\s*<(\?xml|!doctype|!--|html|head|body|table|meta|style|div|[a-z]+:[a-z]+)\b", re.IGNORECASE)
PAGE = re.compile(rb"<(!doctype html|html|table|body)\b", re.IGNORECASE)
START = 4_000
# White space, the NUL beside it where a letter has two bytes, and byte order marks.
BLANK = b" \t\r\n\f\v\0\xef\xbb\xbf\xff\xfe"
# What OLE files hold, by the names in their directory, which are in UTF-16.
IN_OLE = {
    "EncryptedPackage": ("a workbook with a password", NO_PASSWORD),
    "WordDocument": ("a Word document (.doc)", EXPECTED),
    "PowerPoint Document": ("a PowerPoint file (.ppt)", EXPECTED),
    "_VBA_PROJECT": ("a workbook with macros", NO_MACROS),
}


def refuse(upload: Upload, found: str, expected: str = EXPECTED) -> PackError:
    """What is wrong with a file as such, to be raised."""
    return PackError([Fault(upload.name, None, "", found, expected)])


def form_of(upload: Upload) -> Form:
    """What kind of table the file is; PackError where it is none, or one that is not read."""
    content = upload.content
    if not content:
        raise refuse(upload, "an empty file")
    if len(content) > LARGEST_UPLOAD:
        most = f"at most {LARGEST_UPLOAD // MEGABYTE} MB: {SMALLER}"
        raise refuse(upload, f"a file of {len(content) / MEGABYTE:,.1f} MB", most)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return form_of_zip(upload)
    if content.startswith(OLE):
        return form_of_ole(upload)
    for beginning, words in BEGINNINGS.items():
        if content.startswith(beginning):
            raise refuse(upload, words)
    start = content[:START].removeprefix(BYTE_ORDER_MARK)
    if not start.strip(BLANK) and not content.strip(BLANK):
        raise refuse(upload, "a file with nothing but white space")
    if JSON.match(start):
        raise refuse(upload, "JSON")
    if TAGGED.match(start):
        web = "a web page (HTML)" if PAGE.search(start) else "XML"
        raise refuse(upload, web, f"{EXPECTED}: open it in a spreadsheet and save it as one of these")
    return "text"


def form_of_zip(upload: Upload) -> Form:
    """The kind of a workbook that is a zip."""
    archive = Archive(upload.content, upload.name)
    names = archive.sizes
    kind = archive.read("mimetype")[:200].decode("ascii", "replace") if "mimetype" in names else ""
    # A template of OpenDocument is a spreadsheet too.
    if "opendocument.spreadsheet" in kind or (not kind and "content.xml" in names):
        return "ods"
    if kind:
        raise refuse(upload, f"a document of another kind ({quoted(kind.rpartition('.')[2].strip())})")
    if any(name.endswith(("vbaProject.bin", "xl/macrosheets/sheet1.xml")) for name in names):
        raise refuse(upload, "a workbook with macros", NO_MACROS)
    if any(name.endswith("workbook.bin") for name in names):
        return "xlsb"
    if "[Content_Types].xml" in names:
        types = archive.read("[Content_Types].xml")
        if b"macroEnabled" in types:
            raise refuse(upload, "a workbook with macros", NO_MACROS)
        if (
            b"spreadsheetml.sheet.main" in types
            or b"spreadsheetml.template.main" in types
            or "xl/workbook.xml" in names
        ):
            return "xlsx"
        for word, found in (("word", "a Word document (.docx)"), ("ppt", "a PowerPoint file (.pptx)")):
            if any(name.startswith(f"{word}/") for name in names):
                raise refuse(upload, found)
    first = next(iter(names), "")
    raise refuse(upload, f"a zip with {quoted(first)} in it" if first else "a zip with nothing in it")


def form_of_ole(upload: Upload) -> Form:
    """The kind of a file as Excel and Word wrote them until 2007, or write them today with a password."""
    for name, (found, expected) in IN_OLE.items():
        if name.encode("utf-16-le") in upload.content:
            raise refuse(upload, found, expected)
    if any(name.encode("utf-16-le") in upload.content for name in ("Workbook", "Book")):
        return "xls"
    raise refuse(upload, "an old Office file that is no workbook")


def name_note(upload: Upload, form: Form) -> list[str]:
    """A note where the name says another kind than the content."""
    ending = PurePath(upload.name).suffix.lower()
    if not ending or ending in ENDINGS[form]:
        return []
    return [f"The name ends in {quoted(ending)}, and the file is {FORM_WORDS[form]}: it was read as that."]
