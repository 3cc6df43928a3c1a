"""The tables of an uploaded file, as text, whatever program saved it and whatever the file is called."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from lib.pack.faults import Fault, PackError, faults_at
from lib.pack.imports.archive import DAMAGED, Archive
from lib.pack.imports.change import Progress, Upload, no_progress
from lib.pack.imports.columns import Found, cells_named
from lib.pack.imports.contents import NO_PASSWORD, form_of, name_note, refuse
from lib.pack.imports.excel import read_binary, read_xlsx, unpacked
from lib.pack.imports.merged import merged_faults, merged_in_table, range_words
from lib.pack.imports.opendocument import has_password, read_opendocument
from lib.pack.imports.text_file import read_text
from lib.pack.imports.xml_parts import NotXml
from lib.pack.saved import letter

CELLS_NAMED = 3
NO_TABLE = "no cell with anything in it", "a sheet with a table"


@dataclass(frozen=True, eq=False)
class Sheet:
    """One table of a file.

    cells: text without the space around it, one column a letter (columns 0, 1, …), "" for nothing, its index 0, 1, …;
    no row or column at the end is wholly blank. file: the upload's name. name: of the worksheet; "" for text files.
    first_row: the spreadsheet's row of the first; notes: what was put up with, in sentences.
    """

    file: str
    name: str
    cells: pd.DataFrame
    first_row: int = 1
    notes: tuple[str, ...] = ()


def read_sheets(upload: Upload, progress: Progress = no_progress, *, names: Collection[str] = ()) -> list[Sheet]:
    """The tables of a file, in its order: every visible worksheet with anything in it, or the one table of a text file.

    names: those of columns that are looked for: they tell the separator of a text file where it is in doubt. PackError
    where the file is no table, is damaged, too large or locked, or has no certain reading.
    """
    progress(0.0, f"Reading {upload.name}")
    form = form_of(upload)
    notes = name_note(upload, form)
    if form == "text":
        columns, more = read_text(upload, progress, names)
        if not columns.width:
            raise refuse(upload, *NO_TABLE)
        return [Sheet(upload.name, "", columns.frame(), columns.first, (*notes, *more))]
    try:
        found = worksheets(upload, form, progress)
    except (NotXml, ValueError, KeyError, OverflowError):
        raise refuse(upload, *DAMAGED) from None
    return sheets_of(upload, found, notes)


def worksheets(upload: Upload, form: str, progress: Progress) -> list[Found]:
    """The worksheets of a workbook as they were read."""
    if form == "ods":
        archive = Archive(upload.content, upload.name)
        if has_password(archive):
            raise refuse(upload, "a spreadsheet with a password", NO_PASSWORD)
        return read_opendocument(archive, progress)
    if form == "xlsx":
        return read_xlsx(upload, progress)
    return read_binary(upload, unpacked(upload) if form == "xlsb" else upload.content, progress)


def sheets_of(upload: Upload, found: list[Found], notes: list[str]) -> list[Sheet]:
    """The sheets of a workbook that are shown; a fault in the largest is raised, one in another noted."""
    hidden = [one.name for one in found if one.hidden]
    if hidden:
        named = ", ".join(f"“{name}”" for name in hidden)
        notes = [*notes, f"Hidden sheets were passed over: {named}."]
    shown = [one for one in found if not one.hidden and one.columns.width]
    if not shown:
        raise refuse(upload, "no sheet with anything in it" + (" but hidden ones" if hidden else ""), NO_TABLE[1])
    largest = max(shown, key=lambda one: one.columns.width * (one.columns.next - one.columns.first))
    return [sheet_of(upload, one, notes, one is largest) for one in shown]


def sheet_of(upload: Upload, found: Found, notes: list[str], strict: bool) -> Sheet:
    """One sheet; strict: what no table may have is a fault, not a note."""
    cells, first = found.columns.frame(), found.columns.first
    merged = merged_in_table(cells, first, found.merged)
    faults = merged_faults(upload.name, found.name, merged) if merged else []
    faults += faults_at(
        found.valueless,
        lambda place: Fault(
            upload.name, place[0], "", f"a formula without a value in the sheet “{found.name}”",
            "its value: open the file in a spreadsheet, let it calculate, and save it again", letter(place[1]),
        ),
    )  # fmt: skip
    if faults and strict:
        raise PackError(faults)
    notes = list(notes)
    if found.formulas:
        count = len(found.formulas)
        named = cells_named(sorted(found.formulas)[:CELLS_NAMED], count)
        are = f"{count:,} cells are formulas" if count > 1 else "One cell is a formula"
        notes.append(f"{are} ({named}) in the sheet “{found.name}”: the values as last saved were taken.")
    if merged:
        notes.append(
            f"The sheet “{found.name}” has merged cells ({range_words(merged[0])}): only the first has a value."
        )
    return Sheet(upload.name, found.name, cells, first, tuple(notes))
