"""An OpenDocument spreadsheet (.ods), row by row as it is unpacked.

CQC publishes its ratings so, for all of England: 1.5 GB of XML, which no reader can hold whole in the memory there is.
The displayed text is taken of an error, the stored value of everything else.
"""

from __future__ import annotations

import datetime as dt
import re

from lib.pack.imports.archive import Archive
from lib.pack.imports.cell_text import duration_text, number_text, text_of
from lib.pack.imports.change import Progress
from lib.pack.imports.columns import Columns, Found
from lib.pack.imports.limits import MOST_COLUMNS
from lib.pack.imports.opendocument_rows import for_the_parser
from lib.pack.imports.xml_parts import BETWEEN, elements, read_xml
from lib.pack.unread import is_error

CONTENT, MANIFEST = "content.xml", "META-INF/manifest.xml"
NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0" + BETWEEN
OFFICE, TABLE, TEXT, STYLE = (NAMESPACE.format(name) for name in ("office", "table", "text", "style"))
KIND_OF_CALC = f"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0{BETWEEN}value-type"
PERIOD = re.compile(r"(-?)P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?")
ERROR_OF_CALC = re.compile(r"Err:\d+")
CELL, COVERED, ROW = (f"{TABLE}{name}" for name in ("table-cell", "covered-table-cell", "table-row"))
CELLS = (CELL, COVERED)
PARAGRAPH, VALUE_TYPE, REPEATED = f"{TEXT}p", f"{OFFICE}value-type", f"{TABLE}number-columns-repeated"
FORMULA, STRING_VALUE = f"{TABLE}formula", f"{OFFICE}string-value"
COLUMNS_SPANNED, ROWS_SPANNED = f"{TABLE}number-columns-spanned", f"{TABLE}number-rows-spanned"
MOST_SPACES = 1_000
# What stands in a cell and is not its text: notes, pictures.
ASIDE = (f"{OFFICE}annotation", "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0")
ROWS_BETWEEN_WORDS = 10_000


def has_password(archive: Archive) -> bool:
    """Whether the content can only be read with a password."""
    if MANIFEST not in archive.sizes:
        return False
    return any(name == "encryption-data" for name, _ in elements(archive.read(MANIFEST)))


def read_opendocument(archive: Archive, progress: Progress) -> list[Found]:
    """The worksheets of an OpenDocument spreadsheet; NotXml or ValueError where its XML is damaged."""
    reader = Reader(archive, progress)
    read_xml(for_the_parser(archive.pieces(CONTENT), reader), reader.start, reader.end, reader.keep_text)
    return reader.found


class Reader:
    """What the parser calls back: the state between the beginning of a table and its end."""

    def __init__(self, archive: Archive, progress: Progress) -> None:
        """Begin before the first table."""
        self.archive, self.progress = archive, progress
        self.found: list[Found] = []
        self.size, self.all_left = max(archive.sizes.get(CONTENT, 0), 1), archive.left
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.texts: list[str] = []
        self.keep_text = self.texts.append
        self.paragraphs = self.aside = self.before_aside = 0
        self.row = self.row_repeats = 1
        self.cells: list[str] = []
        self.blanks = 0
        self.cell: dict[str, str] | None = None
        self.after_row = False

    def start(self, name: str, given: dict[str, str]) -> None:
        """An element begins."""
        self.after_row = False
        if self.cell is not None:
            self.start_within(name, given)
        elif name in CELLS:
            self.cell, self.paragraphs = given, 0
        elif name == ROW:
            self.row_repeats = int(given.get(f"{TABLE}number-rows-repeated", 1))
            self.cells, self.blanks = [], 0
        elif name == f"{TABLE}table":
            sheet = given.get(f"{TABLE}name", "")
            columns = Columns(self.archive.file, sheet)
            self.found.append(Found(sheet, columns, given.get(f"{TABLE}style-name") in self.hidden_styles))
            self.row = 1
        elif name == f"{STYLE}style":
            self.style = given.get(f"{STYLE}name", "")
        elif name == f"{STYLE}table-properties" and given.get(f"{TABLE}display") == "false":
            self.hidden_styles.add(self.style)

    def start_within(self, name: str, given: dict[str, str]) -> None:
        """An element begins inside a cell."""
        if self.aside:
            self.aside += 1
        elif name == PARAGRAPH:
            self.paragraphs += 1
            if self.paragraphs == 1:
                self.texts.clear()
            else:
                self.texts.append("\n")
        elif name == f"{TEXT}s":
            self.texts.append(" " * min(int(given.get(f"{TEXT}c", 1)), MOST_SPACES))
        elif name == f"{TEXT}tab":
            self.texts.append("\t")
        elif name == f"{TEXT}line-break":
            self.texts.append("\n")
        elif name.startswith(ASIDE):
            self.aside, self.before_aside = 1, len(self.texts)

    def end(self, name: str) -> None:
        """An element ends."""
        self.after_row = False
        if self.aside:
            self.aside -= 1
            if not self.aside:
                del self.texts[self.before_aside :]
        elif self.cell is not None:
            if name in CELLS:
                self.end_cell(self.cell, name == COVERED)
                self.cell = None
        elif name == ROW and self.found:
            self.end_row()
            self.after_row = True

    def end_cell(self, given: dict[str, str], covered: bool) -> None:
        """Keep the text of a cell, as often as it is repeated; blank ones only where one follows that is not."""
        repeats = int(given.get(REPEATED, 1))
        shown = "".join(self.texts) if self.paragraphs else ""
        if covered:
            text = ""
        elif self.is_text(given):
            text = shown
        else:
            text = value_of(given, shown)
        if is_looked_at(given):
            self.look_at(given, text, covered)
        self.keep_cell(text, repeats)

    def keep_cell(self, text: str, repeats: int) -> None:
        """Keep a text, as often as it is repeated."""
        if not text:
            self.blanks += repeats
            return
        if self.blanks + repeats > MOST_COLUMNS or len(self.cells) > MOST_COLUMNS:
            self.found[-1].columns.refuse(self.row, "too many columns", f"at most {MOST_COLUMNS:,}")
        if self.blanks:
            self.cells.extend([""] * self.blanks)
            self.blanks = 0
        if repeats == 1:
            self.cells.append(text)
        else:
            self.cells.extend([text] * repeats)

    def repeats_of(self, given: dict[str, str]) -> int:
        """How often a cell that is read without the parser is repeated; 0 where it is one to be looked at."""
        return 0 if is_looked_at(given) else int(given.get(REPEATED, 1))

    def is_text(self, given: dict[str, str]) -> bool:
        """Whether what a cell shows is its value."""
        return given.get(VALUE_TYPE) == "string" and STRING_VALUE not in given

    def value_of(self, given: dict[str, str], shown: str) -> str:
        """The text of another."""
        return value_of(given, shown)

    def keep_row(self, texts: list[str], repeats: list[int]) -> None:
        """Keep a row that was read without the parser."""
        self.row_repeats = 1
        self.cells, self.blanks = [], 0
        if repeats.count(1) == len(repeats):
            while texts and not texts[-1]:
                texts.pop()
            self.cells = texts
        else:
            for text, times in zip(texts, repeats, strict=True):
                self.keep_cell(text, times)
        self.end_row()

    def look_at(self, given: dict[str, str], text: str, covered: bool) -> None:
        """Note a formula, and cells that are one over several."""
        table, column = self.found[-1], len(self.cells) + self.blanks
        if FORMULA in given:
            table.formulas.append((self.row, column))
            if not text and VALUE_TYPE not in given:
                table.valueless.append((self.row, column))
        rows = int(given.get(ROWS_SPANNED, 1))
        columns = int(given.get(COLUMNS_SPANNED, 1))
        if not covered and (rows > 1 or columns > 1):
            table.merged.append((self.row, column, self.row + rows - 1, column + columns - 1))

    def end_row(self) -> None:
        """Keep a row, as often as it is repeated; a blank one only where one follows that is not."""
        if self.cells:
            columns = self.found[-1].columns
            for row in range(self.row, self.row + self.row_repeats):
                columns.add(row, self.cells)
            if self.row % ROWS_BETWEEN_WORDS == 0:
                done = (self.all_left - self.archive.left) / self.size
                self.progress(min(done, 1.0), f"{self.row:,} rows of {self.archive.file} read")
        self.row += self.row_repeats


def is_looked_at(given: dict[str, str]) -> bool:
    """Whether a cell is a formula, or one over several."""
    return FORMULA in given or COLUMNS_SPANNED in given or ROWS_SPANNED in given


def value_of(given: dict[str, str], shown: str) -> str:
    """The text of a cell that is no plain text; ValueError where its value is none."""
    kind = given.get(VALUE_TYPE, "")
    if given.get(KIND_OF_CALC) == "error" or (shown and (is_error(shown) or ERROR_OF_CALC.fullmatch(shown))):
        return shown
    if kind == "string":
        return given.get(STRING_VALUE) or shown
    if kind == "date":
        return text_of(dt.datetime.fromisoformat(given[f"{OFFICE}date-value"]))
    if kind == "time":
        return period_text(given[f"{OFFICE}time-value"])
    if kind == "boolean":
        return given[f"{OFFICE}boolean-value"].lower()
    return number_text(float(given[f"{OFFICE}value"])) if f"{OFFICE}value" in given else shown


def period_text(text: str) -> str:
    """A time or a duration, such as PT08H30M00S, in hours, minutes and seconds."""
    found = PERIOD.fullmatch(text)
    if found is None:
        raise ValueError(text)
    days, hours, minutes = (int(part or 0) for part in found.group(2, 3, 4))
    seconds = float((found[5] or "0").replace(",", "."))
    length = dt.timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return duration_text(-length if found[1] else length)
