"""Excel workbooks (.xlsx, .xlsb, .xls), by python-calamine.

It holds a sheet whole, with a place for each cell between the first and the last: 400,000 rows of 28 columns take 0.9
GB, one cell in the last row and column more than there is. And it says nothing of formulas and errors. The XML of an
.xlsx is therefore cut between rows, and each part handed to it as a small workbook; what it leaves out is found in the
part beforehand.
"""

from __future__ import annotations

import io
import itertools
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from lib.pack.faults import PackError
from lib.pack.imports.archive import DAMAGED, Archive
from lib.pack.imports.binary_extent import places_between
from lib.pack.imports.cell_text import text_of
from lib.pack.imports.change import Progress, Upload
from lib.pack.imports.columns import Columns, Found
from lib.pack.imports.contents import NO_PASSWORD, refuse
from lib.pack.imports.limits import (
    LARGEST_BINARY_WORKBOOK,
    LARGEST_PART,
    LARGEST_SHEETS,
    MEGABYTE,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    SMALLER,
)
from lib.pack.imports.xml_parts import elements

PART = 48 * MEGABYTE  # of the XML of a sheet, which makes about a million cells
LAST_ROW = 4 * MEGABYTE  # so far from the end of a part its last row ends
MOST_CELLS_OF_PART = 8_000_000
RELATION = "relationships/worksheet"
# Where a cell or a row says that it stands.
REFERENCE = re.compile(rb"""\sr=["']([A-Za-z]+)([0-9]+)["']""")
LETTERS = re.compile(rb"""\sr=["']([A-Za-z]+)[0-9]""")
DIGITS = re.compile(rb"""\sr=["'][A-Za-z]*([0-9]+)["']""")
ROW_NUMBER = re.compile(rb"""\sr=["']([0-9]+)["']""")


@dataclass(frozen=True)
class Tags:
    """The patterns of a sheet's XML with its prefix, which is none but in the workbooks of some programs."""

    row: re.Pattern[bytes]
    row_end: re.Pattern[bytes]
    formula_start: bytes
    formula: re.Pattern[bytes]
    error: re.Pattern[bytes]
    merged: re.Pattern[bytes]
    data_end: bytes

    @classmethod
    def of(cls, head: bytes) -> Tags:
        """The patterns for a sheet that begins so."""
        named = re.search(rb"<(\w+:)?worksheet\b", head)
        prefix = named[1] or b"" if named else b""
        begin, end = b"<" + prefix, b"</" + prefix
        value = begin + rb"(?:v|is)\b(?:[^>]*/>|[^>]*>(.*?)" + end + rb"(?:v|is)>)"
        formula = begin + rb"f\b(?:[^>]*/>|[^>]*>[^<]*" + end + b"f>)"
        return cls(
            re.compile(begin + rb"row\b([^>]*)>"),
            re.compile(end + rb"row>|" + begin + rb"row\b[^>]*/>"),
            begin + b"f",
            re.compile(begin + rb"c\b([^>]*)>\s*" + formula + rb"\s*(?:" + value + rb")?", re.DOTALL),
            re.compile(begin + rb"""c\b([^>]*\st=["']e["'][^>]*)>(?:\s*""" + formula + rb")?\s*" + value, re.DOTALL),
            re.compile(begin + rb"mergeCell\b[^>]*\bref=\"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})\""),
            end + b"sheetData>",
        )


def number_of(letters: bytes) -> int:
    """The place of a column, from 0, by its letters."""
    number = 0
    for one in letters.upper():
        number = number * 26 + one - ord("A") + 1
    return number - 1


def guarded_open(content: bytes, file: Upload) -> CalamineWorkbook:
    """A workbook, opened; PackError where the reader cannot."""
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError:
        raise refuse(file, "a workbook with a password", NO_PASSWORD) from None
    except BaseException as error:
        raise damaged(file, error) from None


def damaged(upload: Upload, error: BaseException) -> PackError:
    """What to say where the reader gives up: by an error of its own, or by a panic, which is no Exception."""
    if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
        raise error
    return error if isinstance(error, PackError) else refuse(upload, *DAMAGED)


def read_binary(upload: Upload, content: bytes, progress: Progress) -> list[Found]:
    """The worksheets of an .xls or .xlsb, which is read whole. content: its bytes, with no part packed."""
    if len(content) > LARGEST_BINARY_WORKBOOK:
        most = f"at most {LARGEST_BINARY_WORKBOOK // MEGABYTE} MB of this kind: save the sheet as CSV UTF-8 or .xlsx"
        raise refuse(upload, f"{len(content) / MEGABYTE:,.1f} MB", most)
    try:
        workbook = guarded_open(content, upload)
    except PackError as error:
        if error.faults[0].found != DAMAGED[0]:
            raise
        # Of an old workbook with a password the reader says no more than that it is none.
        raise refuse(upload, f"{DAMAGED[0]}, or one with a password", "the whole file, without one") from None
    found = []
    for place, about in enumerate(workbook.sheets_metadata):
        progress(place / len(workbook.sheets_metadata), f"sheet {place + 1} of {upload.name}")
        if about.typ is not SheetTypeEnum.WorkSheet:
            continue
        columns = Columns(upload.name, about.name)
        one = Found(about.name, columns, about.visible is not SheetVisibleEnum.Visible)
        found.append(one)
        if one.hidden:
            continue
        try:
            sheet = workbook.get_sheet_by_index(place)
            keep_rows(sheet, columns, {})
            ranges = sheet.merged_cell_ranges or []
        except BaseException as error:
            raise damaged(upload, error) from None
        one.merged = [(first[0] + 1, first[1], last[0] + 1, last[1]) for first, last in ranges]
    return found


def keep_rows(sheet: CalamineSheet, columns: Columns, errors: dict[tuple[int, int], str]) -> None:
    """Keep the cells of a sheet, or a part of one, with the errors put back where they stand."""
    top, left = sheet.start or (0, 0)
    values = sheet.iter_rows() if sheet.start else iter(())
    bottom = max((row for row, _ in errors), default=0)
    # The reader begins with a blank row for each above the first.
    rows = itertools.chain(values, itertools.repeat([], max(bottom - top - sheet.height, 0)))
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (at, column), text in errors.items():
        by_row.setdefault(at, []).append((column, text))
    for number, row in enumerate(rows, start=1):
        if not row and number not in by_row:
            continue
        cells = [""] * left + [value if type(value) is str else text_of(value) for value in row]
        for column, text in by_row.get(number, ()):
            cells.extend([""] * (column + 1 - len(cells)))
            cells[column] = text
        if len(cells) > columns.width:
            while cells and not cells[-1].strip():
                cells.pop()
        if cells and "".join(cells).strip():
            columns.add(number, cells)


def packed(parts: dict[str, bytes]) -> bytes:
    """A zip of parts, of which none is packed."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return held.getvalue()


def unpacked(upload: Upload) -> bytes:
    """A workbook with every part unpacked and counted: what its directory says otherwise is not handed on."""
    archive = Archive(upload.content, upload.name)
    if sum(archive.sizes.values()) > LARGEST_PART:
        raise refuse(upload, f"a binary workbook that unpacks to over {LARGEST_PART // MEGABYTE} MB", SMALLER)
    parts = {name: archive.read(name) for name in archive.sizes if not name.endswith("/")}
    if sum(map(len, parts.values())) <= LARGEST_BINARY_WORKBOOK:
        # The XML beside the sheets has no records.
        most = max((places_between(part) for part in parts.values() if not part.startswith(b"<")), default=0)
        if most > MOST_CELLS_OF_PART:
            expected = f"a table of at most {MOST_CELLS_OF_PART:,} of them: delete what stands far below and beside it"
            raise refuse(upload, f"a sheet with room for {most:,} cells", expected)
    return packed(parts)


def read_xlsx(upload: Upload, progress: Progress) -> list[Found]:
    """The worksheets of an .xlsx. NotXml where a part of it is damaged, PackError where the whole is."""
    archive = Archive(upload.content, upload.name)
    book = workbook_part(archive)
    folder = posixpath.dirname(book)
    relations = posixpath.join(folder, "_rels", f"{posixpath.basename(book)}.rels")
    if book not in archive.sizes or relations not in archive.sizes:
        raise refuse(upload, *DAMAGED)
    targets = {
        given["Id"]: posixpath.normpath(posixpath.join("/", folder, given.get("Target", ""))).lstrip("/")
        for name, given in elements(archive.read(relations))
        if name == "Relationship" and given.get("Type", "").endswith(RELATION) and "Id" in given
    }
    beside = {
        name: archive.read(name)
        for name in archive.sizes
        if name in ("[Content_Types].xml", "_rels/.rels", book, relations)
        or name.lower() in (f"{folder}/styles.xml".lower(), f"{folder}/sharedstrings.xml".lower())
    }
    found = []
    for name, given in elements(beside[book]):
        path = targets.get(given.get("id", "")) if name == "sheet" else None
        if path is None:
            continue
        if path not in archive.sizes:
            raise refuse(upload, *DAMAGED)
        sheet = Found(given.get("name", ""), Columns(upload.name, given.get("name", "")))
        sheet.hidden = given.get("state", "visible") != "visible"
        found.append((sheet, path))
    size = sum(archive.sizes[path] for sheet, path in found if not sheet.hidden)
    if size > LARGEST_SHEETS:
        most = f"at most {LARGEST_SHEETS // MEGABYTE} MB, about 10 million cells: {SMALLER}"
        raise refuse(upload, f"sheets that unpack to {size // MEGABYTE:,} MB", most)
    for sheet, path in found:
        if not sheet.hidden:
            read_sheet(upload, archive, beside, path, sheet, progress)
    return [sheet for sheet, _ in found]


def workbook_part(archive: Archive) -> str:
    """The path of the part that lists the worksheets."""
    if "_rels/.rels" in archive.sizes:
        for name, given in elements(archive.read("_rels/.rels")):
            if name == "Relationship" and given.get("Type", "").endswith("relationships/officeDocument"):
                return given.get("Target", "").lstrip("/")
    return "xl/workbook.xml"


def parts_of(pieces: Iterator[bytes]) -> Iterator[tuple[Tags, bytes, bytes, bytes]]:
    """The XML of a sheet cut between its rows: patterns, what stands before the first row, rows, what follows the last.

    The last is empty but with the last rows.
    """
    tags, head, held = Tags.of(b""), b"", b""
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size < PART:
            continue
        held = b"".join(waiting)
        if not head:
            tags, head, held = beginning(held)
        end = 0
        for one in tags.row_end.finditer(held, max(len(held) - LAST_ROW, 0)):
            end = one.end()
        if end and tags.data_end not in held:
            yield tags, head, held[:end], b""
            held = held[end:]
        waiting, size = [held], len(held)
    held = b"".join(waiting)
    if not head:
        tags, head, held = beginning(held)
    rows, _, rest = held.partition(tags.data_end)
    yield tags, head, rows, rest


def beginning(held: bytes) -> tuple[Tags, bytes, bytes]:
    """The patterns of a sheet, and its XML parted before the first row; all of it is before that where it has none."""
    tags = Tags.of(held[:MEGABYTE])
    first = tags.row.search(held)
    start = first.start() if first else len(held)
    return tags, held[:start], held[start:]


def read_sheet(
    upload: Upload, archive: Archive, beside: dict[str, bytes], path: str, sheet: Found, progress: Progress
) -> None:
    """Read one sheet of a workbook, part by part."""
    done, size, above = 0, max(archive.sizes[path], 1), 0
    for tags, head, rows, rest in parts_of(archive.pieces(path)):
        rows, above = numbered_rows(tags, rows, above)
        if rows:
            refuse_stretched(rows, sheet)
            errors = what_is_left_out(tags, rows, sheet)
            part = packed(
                {**beside, path: head + rows + tags.data_end + tags.data_end.replace(b"sheetData", b"worksheet")}
            )
            workbook = guarded_open(part, upload)
            try:
                keep_rows(workbook.get_sheet_by_name(sheet.name), sheet.columns, errors)
            except BaseException as error:
                raise damaged(upload, error) from None
        sheet.merged += [
            (int(row), number_of(column), int(last_row), number_of(last_column))
            for column, row, last_column, last_row in tags.merged.findall(rest)
        ]
        done += len(rows)
        progress(min(done / size, 1.0), f"{above:,} rows of {upload.name} read")


def numbered_rows(tags: Tags, rows: bytes, above: int) -> tuple[bytes, int]:
    """The rows of a part, each with its number, and the number of the last: a program may leave it out."""
    last, without = above, False
    for given in tags.row.findall(rows):
        number = ROW_NUMBER.search(given)
        without |= number is None
        last = max(last, int(number[1])) if number else last + 1
    if not without:
        return rows, last
    last = above

    def named(found: re.Match[bytes]) -> bytes:
        nonlocal last
        number = ROW_NUMBER.search(found[1])
        last = int(number[1]) if number else last + 1
        return found[0] if number else found[0].replace(b"row", b'row r="%d"' % last, 1)

    return tags.row.sub(named, rows), last


def refuse_stretched(rows: bytes, sheet: Found) -> None:
    """Refuse a part whose cells lie so far apart that what is between them does not fit into memory."""
    columns, numbers = {*LETTERS.findall(rows)}, {*DIGITS.findall(rows)}
    width = max(map(number_of, columns), default=0) + 1
    every = [int(number) for number in numbers] or [1]
    if width > MOST_COLUMNS:
        sheet.columns.refuse(None, f"{width:,} columns", f"at most {MOST_COLUMNS:,}, as a spreadsheet has")
    if max(every) > MOST_ROWS:
        sheet.columns.refuse(None, f"more than {MOST_ROWS:,} rows", f"no more than that: {SMALLER}")
    if (max(every) - min(every) + 1) * width > MOST_CELLS_OF_PART:
        sheet.columns.refuse(
            max(every), f"cells up to column {max(columns, key=number_of).decode()} and row {max(every):,}",
            f"a table of at most {MOST_CELLS:,} cells: delete what stands far below and beside it",
        )  # fmt: skip


def what_is_left_out(tags: Tags, rows: bytes, sheet: Found) -> dict[tuple[int, int], str]:
    """Note the formulas of a part, and return its errors, such as #REF!, by row (from 1) and column (from 0)."""
    for given, value in tags.formula.findall(rows) if tags.formula_start in rows else ():
        place = place_of(given)
        if place is not None:
            sheet.formulas.append(place)
            if not value.strip() and b't="str"' not in given:
                sheet.valueless.append(place)
    if b't="e"' not in rows and b"t='e'" not in rows:
        return {}
    found = {place_of(given): value.decode("utf-8", "replace") for given, value in tags.error.findall(rows)}
    return {place: text for place, text in found.items() if place is not None}


def place_of(given: bytes) -> tuple[int, int] | None:
    """Row (from 1) and column (from 0) of a cell by its attributes; None where they do not say."""
    named = REFERENCE.search(given)
    return (int(named[2]), number_of(named[1])) if named else None
