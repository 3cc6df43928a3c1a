"""Files for a council to fill in, one a table: empty but for two examples, or with what the pack has now.

What is written here reads back by lib.pack.imports.tables, to the cell. Everything said in it comes from the models and
the pack, so that a template is never of another table than the one that is read.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from lib.pack.description import NUMBERS, Column, description
from lib.pack.faults import Fault, PackError, SelectionError
from lib.pack.formulas import safe_cell
from lib.pack.imports.codes import Codes
from lib.pack.imports.examples import example_rows
from lib.pack.imports.headers import EXAMPLE
from lib.pack.imports.notes import lists_of, notes, offered, offered_lists
from lib.pack.imports.ods import NOT_IN_XML, Value, ods
from lib.pack.load import Pack
from lib.pack.models import TABLES, path_of
from lib.pack.read import converted
from lib.pack.saved import letter

Form = Literal["xlsx", "csv", "ods"]
FORMS: dict[Form, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
NOTES, LISTS = "Notes", "Lists"
MARK = "Example: passed over as it is"
ROWS_TO_FILL = 1_000  # below those that are there, for which a cell offers what may stand in it
WIDEST, ROWS_MEASURED = 60, 200
# What a workbook writes as _x000D_, and a text that looks like it.
NOT_PLAIN = re.compile("_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def template(table: str, pack: Pack | None, form: Form) -> bytes:
    """A table to fill in: its columns, two rows marked as examples and, but for CSV, notes and lists to choose from.

    With a pack the examples and lists have its own codes. SelectionError for no such table or form.
    """
    columns = columns_of(table)
    rows = [values_of_example(row, columns) for row in example_rows(table, pack)]
    return write_table(table, pack, rows, form, examples=True)


def filled(table: str, pack: Pack, form: Form) -> bytes:
    """A table as the pack has it now, to be changed and read again; SelectionError for no such table or form.

    Columns that the pack's file has beyond the model are left out, as they would be passed over.
    """
    frame = pack.table(table) if table in TABLES else pd.DataFrame()
    if table == "districts":
        frame = frame.assign(district_name=names_as_written(frame))
    values = [cell_values(frame[name], column) for name, column in columns_of(table).items()]
    return write_table(table, pack, list(zip(*values, strict=True)), form)


def write_table(
    table: str, pack: Pack | None, rows: Sequence[Sequence[Value]], form: Form, *, examples: bool = False
) -> bytes:
    """Rows of a table as a file; each has a value for each column of the model, in its order, None for nothing.

    No text of them is run as a formula. PackError where a text has a letter that no such file can hold.
    """
    if form not in FORMS:
        raise SelectionError(f"no such form: {form!r}, expected one of {', '.join(FORMS)}")
    columns = columns_of(table)
    head = [*columns, *([EXAMPLE] if examples else [])]
    body = [[safe_cell(value) for value in row] + ([MARK] if examples else []) for row in rows]
    if form == "csv":
        return as_csv(head, body)
    lists = lists_of(table, pack)
    beside = {NOTES: notes(table, pack, examples), **({LISTS: offered_lists(lists)} if lists else {})}
    safe = {name: [[safe_cell(text) for text in row] for row in cells] for name, cells in beside.items()}
    if form == "ods":
        refuse_unwritable(table, columns, rows)
        return ods([(table, [head, *body]), *safe.items()])
    return as_xlsx(table, columns, [head, *body], safe, lists)


def columns_of(table: str) -> Mapping[str, Column]:
    """The columns of a table; SelectionError for no such table."""
    if table not in TABLES:
        raise SelectionError(f"no such table: {table!r}, expected one of {', '.join(TABLES)}")
    return description(TABLES[table]).columns


def names_as_written(districts: pd.DataFrame) -> pd.Series[str]:
    """The names of the districts as their file has them, without the code by which loading tells two alike apart."""
    names = districts["district_name"]
    bare = pd.Series(
        [name.removesuffix(f" ({code})") for name, code in zip(names, districts["district_code"], strict=True)],
        names.index,
        dtype="str",
    )
    return bare.where(bare.duplicated(keep=False), names)


def cell_values(values: pd.Series[Any], column: Column) -> list[Value]:
    """A column of the pack as the values of its cells, None where one is missing."""
    missing = values.isna().tolist()
    plain: list[Any] = values.tolist()
    if column.kind.startswith("datetime"):
        plain = [value if gone else value.date() for value, gone in zip(plain, missing, strict=True)]
    elif column.kind == "float64":
        plain = [None if gone else number_value(value) for value, gone in zip(plain, missing, strict=True)]
    elif column.kind == "bool":
        plain = [value if gone else bool(value) for value, gone in zip(plain, missing, strict=True)]
    return [None if gone else value for value, gone in zip(plain, missing, strict=True)]


def number_value(value: float) -> Value:
    """A number as a spreadsheet keeps it: it has 15 digits, so one with more of them is kept as text."""
    if value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value if float(f"{value:.15g}") == value else repr(value)


def values_of_example(row: Mapping[str, str], columns: Mapping[str, Column]) -> list[Value]:
    """An example's texts as the values of their cells."""
    cells: list[Value] = []
    for name, column in columns.items():
        (value,) = converted([row[name]], column.kind)
        if value is None or value != value:
            cells.append(None)
        elif column.kind in NUMBERS:
            cells.append(int(value) if value == int(value) else float(value))
        else:
            cells.append(value)
    return cells


def as_csv(head: Sequence[str], rows: Sequence[Sequence[Value]]) -> bytes:
    """Rows as CSV, with the mark by which a spreadsheet knows it for UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([str(cell).lower() if isinstance(cell, bool) else cell for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def refuse_unwritable(table: str, columns: Mapping[str, Column], rows: Sequence[Sequence[Value]]) -> None:
    """PackError for each text with a letter that an OpenDocument file cannot hold."""
    faults = [
        Fault(path_of(table), None, name, "a letter that cannot be seen, which an ODS file cannot hold", "XLSX or CSV")
        for place, name in enumerate(columns)
        if any(isinstance(row[place], str) and NOT_IN_XML.search(str(row[place])) for row in rows)
    ]
    if faults:
        raise PackError(faults)


def as_xlsx(
    table: str,
    columns: Mapping[str, Column],
    rows: Sequence[Sequence[Value]],
    beside: Mapping[str, Sequence[Sequence[str]]],
    lists: Mapping[str, Codes],
) -> bytes:
    """A workbook: the table, whose header stays in sight and whose cells offer what may stand in them, and the rest."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(table)
    sheet.freeze_panes = "A2"
    for place, name in enumerate(rows[0]):
        dimension = sheet.column_dimensions[letter(place)]
        longest = max(len(str(row[place])) for row in rows[:ROWS_MEASURED] if row[place] is not None)
        dimension.width = min(max(longest, len(str(name))) + 3, WIDEST)
        if str(name) in columns:
            dimension.number_format = number_format(columns[str(name)])
    last = len(rows) + ROWS_TO_FILL
    for place, (name, column) in enumerate(columns.items()):
        rule = validation(column, list(lists).index(name) if name in lists else None, lists.get(name))
        rule.add(f"{letter(place)}2:{letter(place)}{last}")
        sheet.data_validations.append(rule)
    sheet.append([holding(heading(sheet), name) for name in rows[0]])
    # One cell a column is written again and again: to give each its form costs more than all the rest.
    cells = [formed(sheet, number_format(columns[str(name)]) if str(name) in columns else "@") for name in rows[0]]
    for row in rows[1:]:
        sheet.append([holding(cell, value) for cell, value in zip(cells, row, strict=True)])
    for title, lines in beside.items():
        other = book.create_sheet(title)
        for place in range(max(map(len, lines), default=0)):
            other.column_dimensions[letter(place)].width = 36
        for line in lines:
            # A sentence stands alone in its row, and runs on over the empty cells beside it.
            other.append([holding(formed(other, "@", wrapped=len(line) > 1), text) for text in line])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def number_format(column: Column) -> str:
    """The form in which a spreadsheet shows a column: text as it is typed, days by the year first."""
    if column.kind == "str":
        return "@"
    return "yyyy-mm-dd" if column.kind.startswith("datetime") else "General"


def heading(sheet: Any) -> Any:
    """A cell of the header."""
    cell = formed(sheet, "@")
    cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="F3F2F1")
    return cell


def formed(sheet: Any, form: str, *, wrapped: bool = False) -> Any:
    """A cell without a value, in its form."""
    cell = WriteOnlyCell(sheet)
    cell.number_format = form
    if wrapped:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def holding(cell: Any, value: Value) -> Any:
    """A cell with a value, nothing where there is none; a text is text, whatever it looks like."""
    if value is None:
        return None
    if isinstance(value, str):
        cell.value = NOT_PLAIN.sub(lambda found: f"_x{ord(found[0]):04X}_", value)
        cell.data_type = "s"
    else:
        cell.value = value
    return cell


def validation(column: Column, place: int | None, codes: Codes | None) -> DataValidation:
    """What a spreadsheet says and offers in the cells of a column. It warns and never refuses: names are read too.

    place: of the column's list on the sheet of lists, None without one.
    """
    prompt = f"{column.meaning}{f', {column.unit}' if column.unit else ''}"
    rule = DataValidation(allow_blank=True, showInputMessage=True, promptTitle=column.name[:32], prompt=prompt[:255])
    if place is not None and codes is not None and codes.names:
        at = letter(place)
        rule.type, rule.formula1 = "list", f"{LISTS}!${at}$2:${at}${len(offered(codes)) + 1}"
    elif column.kind in NUMBERS and (column.low is not None or column.above is not None):
        rule.type = "decimal" if column.kind == "float64" else "whole"
        rule.operator = "greaterThan" if column.low is None else "greaterThanOrEqual"
        rule.formula1 = f"{column.above if column.low is None else column.low:g}"
        if column.low is not None and column.high is not None:
            rule.operator, rule.formula2 = "between", f"{column.high:g}"
    else:
        return rule
    rule.showErrorMessage, rule.errorStyle = True, "warning"
    rule.error = f"Expected {column.expectation if codes is None else 'one of the list, or its name'}."[:255]
    return rule
