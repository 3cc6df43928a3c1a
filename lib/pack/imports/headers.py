"""Which sheet of a file holds a table of the pack, in which of its rows the names stand, and what each column is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lib.pack.description import Table, description
from lib.pack.faults import Fault, PackError, quoted
from lib.pack.imports.sheet import Sheet
from lib.pack.models import TABLES
from lib.pack.saved import letter

ROWS_LOOKED_AT = 40  # from the top of a sheet, for the names of the columns
IN_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
# The column that a template has beside the table's own: it marks the rows that are only there to be seen.
EXAMPLE = "example"
# The column by which a file of locations of the CQC is told.
OF_THE_CQC = ("location id", "location id for office use only")
# How else a column that refers to another table is headed, in place of its code or id.
REFERENCE = re.compile(r"^(.+)_(code|id)$")


@dataclass(frozen=True)
class Header:
    """The row with the names of the columns.

    place: of the row in the sheet's cells, from 0. columns: by the model's name, the place of each column. repeated:
    the places of those that are there twice. extra: the places of the columns that the table has not, and what stands
    above them. example: the place of the column that marks the rows of an example, None without one.
    """

    place: int
    columns: Mapping[str, int]
    repeated: Mapping[str, tuple[int, ...]]
    extra: Mapping[int, str]
    example: int | None


def spelling(text: str) -> str:
    """A name as its words alone, whatever stands between them and whatever their capitals."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def spellings(table: Table) -> list[dict[str, str]]:
    """Each way to write the columns' names, with the name: the best way first, and then those that are only as good
    as long as no better one is there: what the column means, and for a code also the name of what it stands for."""
    names = {spelling(name): name for name in table.columns}
    meanings = [spelling(column.meaning) for column in table.columns.values()]
    meant = {words: name for words, name in zip(meanings, table.columns, strict=True) if meanings.count(words) == 1}
    others: dict[str, str] = {}
    for name, column in table.columns.items():
        if column.refers_to and (parts := REFERENCE.match(name)):
            others |= {spelling(parts[1]): name, spelling(f"{parts[1]} name"): name}
    return [names, meant, {words: name for words, name in others.items() if words not in names}]


def header_at(cells: Sequence[str], place: int, ways: Sequence[Mapping[str, str]]) -> Header:
    """What a row says of the columns, where it is the one with their names."""
    found: dict[str, dict[int, list[int]]] = {}
    for at, text in enumerate(cells):
        words = [spelling(text), spelling(IN_BRACKETS.sub("", text))]
        rank, name = next(
            ((rank, way[one]) for rank, way in enumerate(ways) for one in words if one and one in way), (0, "")
        )
        if name:
            found.setdefault(name, {}).setdefault(rank, []).append(at)
    best = {name: ranks[min(ranks)] for name, ranks in found.items()}
    columns = {name: places[0] for name, places in best.items()}
    repeated = {name: tuple(places) for name, places in best.items() if len(places) > 1}
    taken = {place for places in best.values() for place in places}
    extra = {at: text.strip() for at, text in enumerate(cells) if at not in taken}
    example = next((at for at, text in extra.items() if spelling(text) == EXAMPLE), None)
    return Header(place, columns, repeated, {at: text for at, text in extra.items() if at != example}, example)


def top(sheet: Sheet) -> Iterable[list[str]]:
    """The first rows of a sheet, as text."""
    rows = sheet.cells.iloc[:ROWS_LOOKED_AT].itertuples(index=False, name=None)
    return ([cell if isinstance(cell, str) else "" for cell in row] for row in rows)


def best_header(sheet: Sheet, table: Table) -> Header:
    """The row near the top of a sheet that names most columns of a table; the first of those that name as many."""
    ways = spellings(table)
    every = [header_at(cells, place, ways) for place, cells in enumerate(top(sheet))]
    return max(every, key=lambda header: len(header.columns), default=Header(0, {}, {}, {}, None))


def needed(table: Table) -> list[str]:
    """The columns that a table must have."""
    return [name for name, column in table.columns.items() if not column.optional]


def fits(header: Header, table: Table) -> bool:
    """Whether a header is the table's own, though a column of it may be missing."""
    found = len({*needed(table)} & {*header.columns})
    return found >= 2 and 2 * found >= len(needed(table))


def is_whole(header: Header, table: Table) -> bool:
    """Whether a header has each column that the table must have."""
    return {*needed(table)} <= {*header.columns}


def chosen(sheets: Sequence[Sheet], name: str, table: Table) -> tuple[Sheet, Header]:
    """The sheet of a file that holds a table, and its header. PackError where there is none, or more than one.

    name: the table's, by which a sheet may be called. table: as its model describes it, with the file's own name for
    its path.
    """
    held = [sheet for sheet in sheets if len(sheet.cells)]
    if not held:
        raise PackError([Fault(table.path, None, "", "an empty file", f"a table with the columns {listed(table)}")])
    headers = [(sheet, best_header(sheet, table)) for sheet in held]
    fitting = [(sheet, header) for sheet, header in headers if fits(header, table)]
    whole = [(sheet, header) for sheet, header in fitting if is_whole(header, table)]
    if not whole:
        other = other_table(held, name)
        if other:
            expected = f"the columns of {name}, {listed(table)}: import the file as {other}, or choose the other file"
            raise PackError([Fault(table.path, None, "", f"the columns of {other}", expected)])
    if not fitting:
        raise PackError([no_header(headers, table)])
    best = whole or fitting
    filled = [(sheet, header) for sheet, header in best if len(sheet.cells) > header.place + 1] or best
    named = [(sheet, header) for sheet, header in filled if spelling(sheet.name) == spelling(name)] or filled
    if len(named) > 1:
        sheets_named = " and ".join(quoted(sheet.name) for sheet, _ in named)
        expected = f"one: name the sheet to be read {name}, or take the others out of the file"
        raise PackError([Fault(table.path, None, "", f"sheets that could each be {name}, {sheets_named}", expected)])
    return named[0]


def no_header(headers: Sequence[tuple[Sheet, Header]], table: Table) -> Fault:
    """What to say of a file in which no row names the columns."""
    sheet, header = max(headers, key=lambda one: len(one[1].columns))
    expected = f"a row with the names of the columns, {listed(table)}, among the first {ROWS_LOOKED_AT} rows"
    if any(spelling(cell).endswith(OF_THE_CQC) for sheet, _ in headers for cells in top(sheet) for cell in cells):
        expected = f"the columns of the table, {listed(table)}: import the file as cqc-ratings or cqc-locations"
        return Fault(table.path, None, "", "a file of locations of the CQC", expected)
    if header.columns:
        row = sheet.first_row + header.place
        found = f"only {', '.join(header.columns)} of the names of the columns"
        return Fault(table.path, row, "", found, expected)
    for place, cells in enumerate(top(sheet)):
        if any(map(str.strip, cells)):
            found = quoted(" / ".join(cell.strip() for cell in cells if cell.strip()))
            return Fault(table.path, sheet.first_row + place, "", found, expected)
    return Fault(table.path, None, "", "an empty file", expected)


def other_table(sheets: Sequence[Sheet], name: str) -> str:
    """The other table of a pack whose columns a file has, every one; "" where it is none of them."""
    for other, model in TABLES.items():
        table = description(model)
        if other != name and any(is_whole(best_header(sheet, table), table) for sheet in sheets):
            return other
    return ""


def listed(table: Table) -> str:
    """The names of a table's columns, those that it may do without in brackets."""
    return ", ".join(f"({name})" if column.optional else name for name, column in table.columns.items())


def header_faults(header: Header, row: int, table: Table) -> list[Fault]:
    """A fault for each column that is there twice."""
    return [
        Fault(
            table.path, row, name, f"{len(places)} columns of that name, {' and '.join(map(letter, places))}",
            "each column once: take the others out, or give them another name", letter(places[0]),
        )
        for name, places in header.repeated.items()
    ]  # fmt: skip
