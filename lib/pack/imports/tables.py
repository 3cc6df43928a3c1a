"""A table of the pack from a council's own file: any sheet, any order of columns, names in place of codes.

What the file says is held against the very checks that loading a pack makes; only where it stands, and what is done
about it, is said here in the file's own rows and letters.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.pack.cells import Cells, Texts, no_name, too_long
from lib.pack.description import Column, Table, description
from lib.pack.faults import Fault, PackError, also, faults_at, quoted
from lib.pack.formulas import without_mark
from lib.pack.imports.change import Change, Progress, Upload, no_progress
from lib.pack.imports.codes import Codes, codes_of, decoded, explained, note_of, renamed, replaced
from lib.pack.imports.examples import example_rows
from lib.pack.imports.headers import Header, chosen, header_faults, spelling
from lib.pack.imports.sheet import Sheet, read_sheets
from lib.pack.imports.table_rows import cure_of, days_first, facts_as_numbers, headless, strays_in, texts_in
from lib.pack.imports.text_file import separator_in
from lib.pack.load import Pack, impossible_rows, unknown_words
from lib.pack.models import TABLES, path_of
from lib.pack.read import LOTS, Checked, Values, broken_references, check_cells, converted, read_again
from lib.pack.saved import encoding_of, letter
from lib.pack.vocabulary import word_faults
from lib.pack.written_numbers import POINT

AGAIN = " again, as in row "  # in what lib.pack.read says of a key that stands in two rows
EMPTY = quoted("")
FACTS = "facts"
NO_COLUMN = "no such column"  # what lib.pack.read says of a column that the table must have


@dataclass(frozen=True)
class Body:
    """The rows below a header. cells: of the table's columns, with codes in place of names. codes: by column, what may
    stand there. notes: what was put up with. examples, renamed: how many rows and cells that is. strays: a fault for
    each row that is none of the table."""

    cells: Cells
    codes: Mapping[str, Codes | None]
    notes: tuple[str, ...]
    examples: int
    renamed: int
    strays: tuple[Fault, ...]


def read_pack_table(pack: Pack, uploads: Sequence[Upload], progress: Progress = no_progress, *, table: str) -> Change:
    """What a file with a table of the pack would change: that table, whole, and what the manifest says of it.

    table: one of lib.pack.models.TABLES. PackError holds every fault, each at its row and letter of the file.
    """
    upload = only_one(uploads, table)
    described = replace(description(TABLES[table]), path=upload.name)
    sheets = read_sheets(upload, lambda share, words: progress(0.5 * share, words), names=tuple(described.columns))
    sheet, header = chosen(sheets, table, described)
    progress(0.5, "Checking the rows")
    faults = header_faults(header, sheet.first_row + header.place, described) + beyond(sheet, header)
    body = body_of(sheet, header, described, pack, table, separator(upload, sheet, described))
    faults += body.strays
    if not len(body.cells.rows) and not body.strays:
        found = "the example rows of the template and no other" if body.examples else "a header and no row below it"
        faults.append(Fault(upload.name, None, "", found, f"at least one row of {table}"))
    checked, found_faults = check_cells(body.cells, described, pack.manifest)
    faults += found_faults + too_long(body.cells, upload.name)
    progress(0.8, "Checking the rows against the other tables")
    faults += against_the_pack(pack, table, described, checked, faults)
    if faults:
        nameless = headless(sheet, header)
        raise PackError([with_cure(fault, body, described, nameless) for fault in faults])
    content = canonical(checked, described)
    progress(1, "Read")
    return Change(
        title=f"{title_of(pack, table)} from {upload.name}",
        files={path_of(table): content},
        resources={table: supplied(pack, table, upload)},
        counts=counts_of(body),
        notes=(*sheet.notes, *which_sheet(sheets, sheet, table), *body.notes, *days_first(body.cells, described)),
    )


def only_one(uploads: Sequence[Upload], table: str) -> Upload:
    """The file; PackError where there are several, since a table is replaced whole."""
    if not uploads:
        raise PackError([Fault(table, None, "", "no file", "one file with the table")])
    if len(uploads) > 1:
        found = f"{len(uploads)} files at once, {', '.join(one.name for one in uploads)}"
        raise PackError([Fault(uploads[1].name, None, "", found, f"one file with the whole of {table}")])
    return uploads[0]


def separator(upload: Upload, sheet: Sheet, table: Table) -> str:
    """What stands between the cells of a text file, which tells how its numbers are written; a comma for a workbook."""
    encoding = None if sheet.name else encoding_of(upload.content)
    return separator_in(upload.content, encoding, tuple(table.columns)) if encoding else ","


def beyond(sheet: Sheet, header: Header) -> list[Fault]:
    """A fault for each row of a text file that goes on beyond the header, as one does with a comma too many in it.

    A workbook's cells stand where they belong, whatever stands beside them.
    """
    repeated = itertools.chain.from_iterable(header.repeated.values())
    last = max([*header.columns.values(), *repeated, *(place for place, text in header.extra.items() if text)])
    last = max(last, -1 if header.example is None else header.example)
    if sheet.name or last + 1 >= sheet.cells.shape[1]:
        return []
    below = sheet.cells.iloc[header.place + 1 :, last + 1 :]
    rows = np.flatnonzero((below != "").any(axis=1).to_numpy()).tolist()

    def fault(place: int) -> Fault:
        cells = below.iloc[place].tolist()
        at = next(at for at, text in enumerate(cells) if text)
        found = no_name(sheet.file, sheet.first_row + header.place + 1 + place, last + 1 + at, cells[at])
        return replace(found, expected=f"{found.expected}: is there a comma or a quotation mark too many in the row?")

    return faults_at(rows, fault)


def which_sheet(sheets: Sequence[Sheet], sheet: Sheet, table: str) -> list[str]:
    """Which sheet was read, where there was a choice and none is called as the table."""
    chose = len(sheets) > 1 and spelling(sheet.name) != spelling(table)
    return [f"Read from the sheet {quoted(sheet.name)}."] if chose else []


def body_of(sheet: Sheet, header: Header, table: Table, pack: Pack, name: str, between: str) -> Body:
    """The rows below a header that are read: none that is blank, and none that the template has as an example."""
    rows = sheet.cells.iloc[header.place + 1 :]
    numbers = np.arange(len(rows)) + sheet.first_row + header.place + 1
    columns = {name: texts_in(rows.iloc[:, place]) for name, place in header.columns.items()}
    letters = {name: letter(place) for name, place in header.columns.items()}
    blank = np.logical_and.reduce([column.blank() for column in columns.values()])
    notes = ignored(header, rows)
    example, changed = examples_in(rows, header, columns, blank, pack, name)
    if example.any():
        which = numbers[example].tolist()
        notes.append(f"The example of the template in row {which[0]}{also(which[1:])}, was passed over.")
    stray, strays = strays_in(rows, numbers, columns, header, table, name)
    keep = ~blank & ~example & ~stray
    if name == FACTS:
        columns |= facts_as_numbers(columns, between)
    codes = {name: codes_of(table.columns[name], pack) for name in columns}
    count = 0
    for one, texts in columns.items():
        column, kept = table.columns[one], texts.of(keep)
        kept = replaced(kept, [without_mark(text) for text in kept.texts.to_pylist()]).texts
        read = decoded(kept, column, codes[one])
        columns[one] = read.texts
        named = renamed(column, read)
        count += int(named.sum())
        notes += [note_of(column, letters[one], read, named)] if named.any() else []
    cells = Cells(numbers[keep], columns, letters, between, sheet.first_row + header.place)
    if changed:
        raise PackError([edited_example(table.path, int(numbers[place]), header) for place in changed])
    return Body(cells, codes, tuple(notes), int(example.sum()), count, strays)


def ignored(header: Header, rows: pd.DataFrame) -> list[str]:
    """What to say of the columns that the table has not, as far as anything stands in them."""
    held = [
        f"{quoted(text)} ({letter(place)})" if text else f"one without a name ({letter(place)})"
        for place, text in header.extra.items()
        if text or not texts_in(rows.iloc[:, place]).blank().all()
    ]
    if not held:
        return []
    return [f"Passed over {'a column' if len(held) == 1 else 'columns'} that the table has not: {', '.join(held)}."]


def examples_in(
    rows: pd.DataFrame, header: Header, columns: Mapping[str, Texts], blank: npt.NDArray[np.bool_], pack: Pack,
    table: str,
) -> tuple[npt.NDArray[np.bool_], list[int]]:  # fmt: skip
    """The rows that the template has as an example, and the places of those that are marked so and hold other cells."""
    nothing = np.zeros(len(rows), dtype=bool)
    if header.example is None:
        return nothing, []
    marked = ~texts_in(rows.iloc[:, header.example]).blank() & ~blank
    places = np.flatnonzero(marked).tolist()
    described, examples = description(TABLES[table]).columns, example_rows(table, pack)
    # Another program may have written its dates, months and numbers in a way of its own: what they say is compared.
    own = np.zeros(len(places), dtype=bool)
    for row in examples:
        alike = np.ones(len(places), dtype=bool)
        for name, column in columns.items():
            texts = [column.at(place) for place in places]
            alike &= said_by(texts, described[name]) == said_by([row[name]], described[name])
        own |= alike
    changed = [place for place, is_own in zip(places, own.tolist(), strict=True) if not is_own]
    marked[changed] = False
    return marked, changed


def said_by(texts: list[str], column: Column) -> npt.NDArray[np.str_]:
    """What some texts of a column say, to be compared."""
    read, _ = read_again(texts, converted(texts, column.kind), column, POINT)
    return np.array([str(value).casefold() for value in read], dtype=str)


def edited_example(file: str, row: int, header: Header) -> Fault:
    """What to say of a row that is marked as an example and is not the template's."""
    where = letter(header.example or 0)
    expected = f"nothing in column {where} where the row is the council's own, or the row taken out"
    return Fault(file, row, "example", "a row that is marked as an example, with other cells than it", expected, where)


def against_the_pack(
    pack: Pack, table: str, described: Table, checked: Checked, before: Sequence[Fault]
) -> list[Fault]:
    """What only the other tables of the pack show: names that they have not, and columns that cannot both be right."""
    read = {name: as_checked(frame, name) for name, frame in pack.tables.items() if name != table}
    places = {name: path_of(name) for name in TABLES} | {table: described.path}
    faults = [fault for fault in broken_references(described, checked, read, places) if not is_said(fault, before)]
    if not {*described.columns} <= {*checked.frame.columns}:
        return faults
    raw = {name: frame for name, frame in pack.tables.items() if name != table} | {table: checked.frame}
    unread = {(fault.file, fault.row, fault.column) for fault in (*before, *faults)}
    found = impossible_rows(raw, places, pack.manifest) + unknown_words(raw, places)
    found += word_faults(raw, places, pack.manifest)
    if table == FACTS:
        found += words_for_numbers(pack, raw, described)
    own = [fault for fault in found if fault.file == described.path]
    return faults + [fault for fault in own if (fault.file, fault.row, fault.column) not in unread]


def words_for_numbers(pack: Pack, raw: Mapping[str, pd.DataFrame], described: Table) -> list[Fault]:
    """A fault for each fact that the pack counts with and whose figure is no number."""
    facts, services = raw[FACTS], pack.manifest.services.values()
    counted = {fact for service in services for _, fact, is_number in service.named_facts() if is_number}
    counted |= {*raw["reconciliation"]["fact_id"]}
    wrong = facts["id"].isin(counted) & facts["value"].notna() & pd.to_numeric(facts["value"], errors="coerce").isna()
    expected = "a number, such as 160500000: the pack counts with this fact"
    return faults_at(
        facts.index[wrong].tolist(),
        lambda row: Fault(described.path, row, "value", quoted(facts.at[row, "value"]), expected),
    )


def is_said(fault: Fault, before: Sequence[Fault]) -> bool:
    """Whether a fault of several columns together follows from one of those alone, as a lot does from its service."""
    parts = fault.column.split(", ")
    return len(parts) > 1 and any(one.column in parts and fault.row in (one.row, None) for one in before)


def as_checked(frame: pd.DataFrame, name: str) -> Checked:
    """A table of the pack as it was when it was read, as far as other tables refer to it."""
    wanted = {column.refers_to for model in TABLES.values() for column in description(model).columns.values()}
    columns = {}
    for column in frame.columns:
        if f"{name}.{column}" in wanted or (name == LOTS and column in ("service", "service_type", "cohort")):
            places, different = pd.factorize(frame[column].dropna())
            columns[column] = Values(np.array([*different, None], dtype=object)[:-1], places)
    return Checked(frame, columns)


def with_cure(fault: Fault, body: Body, table: Table, nameless: str) -> Fault:
    """A fault with the letter of its column, and with what to do about it where loading says only what is right.

    nameless: the letter of a column without a heading, "" where there is none.
    """
    letters, names = body.cells.letters, fault.column.split(", ")
    if all(name in letters for name in names):
        fault = replace(fault, letter=", ".join(letters[name] for name in names))
    if fault.found == NO_COLUMN:
        cure = f", or is it column {nameless}, which has no heading" if nameless else ""
        words = f"a column headed {fault.column}, for {fault.expected} in each row{cure}"
        return replace(fault, expected=f"{words}?" if nameless else words)
    if AGAIN in fault.found:
        return replace(fault, expected=f"{fault.expected}: take one of the two rows out, or correct it")
    if fault.column not in table.columns or fault.row is None:
        return fault
    if fault.found == EMPTY and not table.columns[fault.column].nullable:
        return replace(fault, expected=f"{fault.expected}: the column needs one in each row")
    text = written_at(body.cells, fault)
    if text and fault.found == quoted(text):
        fault = replace(fault, expected=f"{fault.expected}{cure_of(text, table.columns[fault.column])}")
    codes = body.codes.get(fault.column)
    if codes is None or text is None or fault.found != quoted(text):
        return fault
    found, expected = explained(text, fault.found, fault.expected, codes)
    return replace(fault, found=found, expected=expected)


def written_at(cells: Cells, fault: Fault) -> str | None:
    """The text of the cell that a fault is about."""
    column, place = cells.columns.get(fault.column), int(np.searchsorted(cells.rows, fault.row or 0))
    if column is None or place >= len(cells.rows) or cells.rows[place] != fault.row:
        return None
    return column.at(place)


def counts_of(body: Body) -> tuple[tuple[str, int], ...]:
    """What was read, in numbers."""
    further = (("example rows passed over", body.examples), ("names read as codes", body.renamed))
    return (("rows read", len(body.cells.rows)), *((words, number) for words, number in further if number))


def title_of(pack: Pack, table: str) -> str:
    """The title of a table's file in the pack; where the pack does without, what the model says it is."""
    known = {resource.name: resource.title for resource in pack.manifest.resources}
    return known.get(table) or str(TABLES[table].__doc__).partition(".")[0].partition(":")[0]


def supplied(pack: Pack, table: str, upload: Upload) -> dict[str, Any]:
    """What the manifest says of a table that the council loaded itself.

    What it promised of the old file's bytes goes with them.
    """
    known = {resource.name: resource for resource in pack.manifest.resources}.get(table)
    properties: dict[str, Any] = {
        "status": "supplied",
        "rule": None,
        "licenses": None,
        "credit": f"Supplied by {pack.manifest.council}.",
        "sources": [{"title": upload.name}],
    }
    if known is None:
        return properties | {"title": title_of(pack, table), "path": path_of(table)}
    promised = {"hash": known.hash, "bytes": known.bytes, "rows": known.rows}
    return properties | {name: None for name, value in promised.items() if value not in ("", None)}


def canonical(checked: Checked, table: Table) -> bytes:
    """A checked table as the pack has it: CSV in UTF-8, the model's columns in its order, plain numbers and dates."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(zip(*(written(checked.columns[name]) for name in table.columns), strict=True))
    return text.getvalue().encode("utf-8")


def written(values: Values) -> list[str]:
    """A checked column as texts that read back to the same values; "" where one is missing. Each is written once."""
    missing, different = values.missing().tolist(), values.different.tolist()
    texts = ["" if gone else value_text(value) for value, gone in zip(different, missing, strict=True)]
    return [texts[place] for place in values.places.tolist()]


def value_text(value: Any) -> str:
    """A value as the pack's own files have it."""
    if isinstance(value, bool):
        return str(value).lower()
    return number_text(value) if isinstance(value, float) else str(value)


def number_text(value: float) -> str:
    """A number in its shortest form."""
    return f"{value:.0f}" if value.is_integer() else repr(value)
