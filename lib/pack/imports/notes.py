"""What a template says of its table, beside the table: what each column is, what may stand in it, how it is read."""

from __future__ import annotations

from collections.abc import Mapping

from lib.pack.description import NUMBERS, Column, Table, description
from lib.pack.imports.codes import Codes, codes_of
from lib.pack.imports.headers import EXAMPLE
from lib.pack.load import Pack
from lib.pack.models import TABLES

NAMED_IN_A_CELL = 25  # of the values that may stand in a column; the others stand on the sheet of lists
HEADS = ("Column", "What it is", "Counted in", "Needed", "What may stand there", "Tells rows apart")


def notes(table: str, pack: Pack | None, examples: bool) -> list[list[str]]:
    """The sheet of notes, as rows of text: how the file is read, and then a row for each column of the table.

    examples: whether the table's sheet has rows that are marked as examples.
    """
    described = description(TABLES[table])
    lists = lists_of(table, pack)
    rows = [[line] for line in lines(table, described, examples)]
    rows += [[], list(HEADS)]
    for name, column in described.columns.items():
        apart = "yes" if name in described.key else ""
        rows.append([name, column.meaning, column.unit, needed(column), allowed(column, lists.get(name)), apart])
    return rows


def lines(table: str, described: Table, examples: bool) -> list[str]:
    """How the file is read, in sentences."""
    key = " and ".join([", ".join(described.key[:-1]), described.key[-1]] if len(described.key) > 1 else described.key)
    said = [
        f"Template of the table {table} ({described.path}): {first_words(TABLES[table].__doc__)}",
        f"Fill in the sheet {table}, one row for each {key}: no two rows may have the same.",
        "The columns may stand in any order, and rows with a title may stand above their names. Columns that are not "
        "named below are passed over.",
        "Where a code is asked for, the name that people read may stand in its place, such as a district's.",
        "Where nobody knows a figure, leave its cell empty if it may be: never 0, n/a, a dash, or c for one that is "
        "suppressed.",
    ]
    kinds = {column.kind for column in described.columns.values()}
    if any(kind.startswith("datetime") for kind in kinds):
        said.append("Dates: 31/03/2025 (the day first), 31 March 2025 or 2025-03-31.")
    if kinds & {*NUMBERS}:
        said.append("Numbers: 1234.5 or 1,234.5. A pound sign before money, and % after a share, may stand there.")
    said.append("A text that starts with = + - or @ has an apostrophe in front, so that no spreadsheet works it out.")
    if examples:
        said.append(
            f"The rows that are marked in the column {EXAMPLE} only show the form: they are passed over as they are, "
            "and may be taken out."
        )
    return said


def first_words(docstring: str | None) -> str:
    """What a model says of its table, as one paragraph."""
    return " ".join((docstring or "").split())


def needed(column: Column) -> str:
    """Whether a column, and a figure in each row of it, is needed."""
    if column.optional:
        return "no: the column may be left out"
    return "the column, though a cell may be empty" if column.nullable else "yes, in each row"


def lists_of(table: str, pack: Pack | None) -> dict[str, Codes]:
    """The values that a pack has for each column that takes them from a list."""
    columns = description(TABLES[table]).columns
    found = {name: codes_of(column, pack) for name, column in columns.items()} if pack else {}
    return {name: codes for name, codes in found.items() if codes is not None}


def allowed(column: Column, codes: Codes | None) -> str:
    """What may stand in a column, in words: the values with their names, where they are a short list."""
    if codes is None or not codes.names:
        return column.must_be
    values = list(codes.names.items())
    named = [f"{value} ({name})" if name else value for value, name in values[:NAMED_IN_A_CELL]]
    rest = f" and {len(values) - len(named):,} more" if len(values) > len(named) else ""
    empty = ", or an empty cell" if column.nullable else ""
    return f"one of {', '.join(named)}{rest}{empty}"


def offered(codes: Codes) -> list[str]:
    """What a cell offers to choose from: districts by their names, everything else by its code."""
    return [name or value for value, name in codes.names.items()] if codes.of_districts else list(codes.names)


def offered_lists(lists: Mapping[str, Codes]) -> list[list[str]]:
    """The sheet of lists: a column of values for each column of the table that takes them from a list, under a head."""
    columns = [[f"For {name}", *offered(codes)] for name, codes in lists.items()]
    height = max(map(len, columns), default=0)
    return [[column[place] if place < len(column) else "" for column in columns] for place in range(height)]
