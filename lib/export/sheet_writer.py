"""How the sheets of a workbook look, on screen and on paper: the notes, and each table. XlsxWriter's own are `Any`."""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from lib.export.sheet_columns import DAY_FORMAT, Column, lines_of, typed, why_empty
from lib.export.sheets import MOST_ROWS, NOTES, Sheet
from lib.market.disclosure import SUPPRESSED
from lib.market.sharing import INTERNAL
from lib.pack.formulas import FORMULA

LINE, NOTES_LINE = 118, 165  # letters of a line of words above a table, and of the notes, whose columns are as wide
# A line of text, and the most that a row takes, in points; letters that still read on a sheet of paper on its side.
LINE_HEIGHT, HIGHEST, PAPER = 13.5, 400, 190
NOTES_WIDTHS = (32, 60, 26, 22, 9, 46)
FOOT = 250  # letters of the foot of a printed sheet, of 255
INK, LINES, FILL, ALARM = "#0b0c0c", "#b1b4b6", "#f3f2f1", "#801650"
EMPTY = (
    "An empty cell is a figure that is not known or has nothing to divide by; it is never 0. "
    f'"{SUPPRESSED}" is a figure that is suppressed.'
)


class Writer:
    """What puts tables on sheets. One a workbook, whose formats it keeps."""

    def __init__(self, book: Any) -> None:
        """Write into this workbook of XlsxWriter."""
        self.book = book
        self.kept: dict[tuple[tuple[str, Any], ...], Any] = {}

    def look(self, **given: Any) -> Any:
        """A format, made once."""
        whole = {"font_name": "Arial", "font_size": 10, "font_color": INK, "valign": "top", **given}
        key = tuple(sorted(whole.items()))
        if key not in self.kept:
            self.kept[key] = self.book.add_format(whole)
        return self.kept[key]

    def text(self, page: Any, row: int, column: int, text: str, **given: Any) -> None:
        """A text, which is never run, whatever it begins with."""
        if FORMULA.match(text):
            given["quote_prefix"] = True
        page.write_string(row, column, text, self.look(**given))

    def lines(self, page: Any, row: int, text: str, letters: int = LINE, **given: Any) -> int:
        """A text over as many rows as it takes, beside which nothing else stands; the row after it."""
        size = given.get("font_size", 10)
        for line in textwrap.wrap(str(typed(text)), letters * 10 // size, break_long_words=False) or [""]:
            self.text(page, row, 0, line, **given)
            page.set_row(row, LINE_HEIGHT * size / 10)
            row += 1
        return row

    def set_up(self, page: Any, foot: Sequence[str], internal: bool, letters: int) -> None:
        """How a sheet is printed: on its side, its marks and number at the foot, on as few papers as can be read.

        letters: how wide the table is. On every paper stand its heads and its first column.
        """
        page.fit_to_pages(-(-letters // PAPER), 0)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.8)
        page.set_footer(in_foot([*([INTERNAL] if internal else []), *foot]))
        page.hide_gridlines(2)

    def table(self, sheet: Sheet, name: str) -> None:
        """A table on a sheet of its own, beneath its marks and its title."""
        page = self.book.add_worksheet(name)
        self.set_up(page, sheet.opening[1:], sheet.internal, sum(column.width for column in sheet.columns) or 1)
        row = self.lines(page, 0, INTERNAL, bold=True, font_color=ALARM) if sheet.internal else 0
        row = self.lines(page, row, sheet.title, bold=True, font_size=14)
        for line in sheet.opening:
            row = self.lines(page, row, line)
        rows = min(len(sheet.frame), MOST_ROWS)
        if sheet.cut:
            row = self.lines(page, row, sheet.cut, bold=True)
        row = self.lines(page, row, f"Sources, statuses and what is empty: see the sheet {NOTES}.")
        head = row + 1
        for place, column in enumerate(sheet.columns):
            self.column(page, head, place, column, rows)
        self.heights(page, head, sheet.columns, rows)
        if sheet.columns:
            page.autofilter(head, 0, head + max(rows, 1), len(sheet.columns) - 1)
        page.freeze_panes(head + 1, sheet.named)
        page.repeat_rows(head)
        page.repeat_columns(0, sheet.named - 1)

    def heights(self, page: Any, head: int, columns: Sequence[Column], rows: int) -> None:
        """Rows as high as their longest text needs: not every program works that out by itself."""
        lines = max((lines_of(column.head, column.width - 4) for column in columns), default=1)
        page.set_row(head, LINE_HEIGHT * lines + 3)
        long = [column for column in columns if column.is_long]
        for place in range(rows if long else 0):
            texts = [(column.cells[place], column.width) for column in long]
            lines = max(lines_of(text, width - 1) if isinstance(text, str) else 1 for text, width in texts)
            page.set_row(head + 1 + place, min(HIGHEST, LINE_HEIGHT * lines))

    def column(self, page: Any, head: int, place: int, column: Column, rows: int) -> None:
        """A column: its head, then its cells."""
        side: dict[str, Any] = {"align": "right"} if column.is_figures else {"align": "left", "indent": int(place > 0)}
        page.set_column(place, place, column.width)
        look = {"bold": True, "bg_color": FILL, "bottom": 1, "bottom_color": INK, "text_wrap": True, **side}
        self.text(page, head, place, column.head, **look)
        words = {"text_wrap": True, **side} if column.is_long else side
        # A large table has the same few formats over and over.
        plain, marked = self.look(**words), self.look(quote_prefix=True, **words)
        day = self.look(num_format=DAY_FORMAT, **side)
        figures = {layout: self.look(num_format=layout) for layout in sorted(set(column.formats))}
        for number, (cell, layout) in enumerate(zip(column.cells[:rows], column.formats, strict=False), head + 1):
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                page.write_string(number, place, cell, marked if FORMULA.match(cell) else plain)
            elif isinstance(cell, bool):
                page.write_boolean(number, place, cell, plain)
            elif isinstance(cell, dt.date):
                page.write_datetime(number, place, cell, day)
            else:
                page.write_number(number, place, cell, figures[layout])

    def notes(
        self, title: str, sheets: Sequence[Sheet], names: Sequence[str], about: Sequence[str], internal: bool
    ) -> None:
        """The first sheet: what the workbook is of, its sheets, what holds for them, and every column."""
        page = self.book.add_worksheet(NOTES)
        demonstration = list(dict.fromkeys(line for sheet in sheets for line in sheet.opening[1:]))
        self.set_up(page, demonstration, internal, 1)
        for place, width in enumerate(NOTES_WIDTHS):
            page.set_column(place, place, width)
        row = self.lines(page, 0, INTERNAL, bold=True, font_color=ALARM) if internal else 0
        row = self.lines(page, row, title, bold=True, font_size=14)
        for line in (*about, *demonstration, EMPTY):
            row = self.lines(page, row, line, NOTES_LINE)
        each = list(zip(names, sheets, strict=True))
        of_sheets = [
            (name, one.title, one.status, "internal" if one.internal else "may be shared", len(one.frame), one.file)
            for name, one in each
        ]
        of_columns = [
            (name, of.head, of.unit, status_of(of, one), of.empty, why_empty(of) if of.empty else "")
            for name, one in each
            for of in one.columns
        ]
        heads = ("Sheet", "What it shows", "Status", "To share", "Rows", "The same as")
        row = self.grid(page, row + 1, "Sheets", heads, of_sheets, links=names)
        row = self.said(page, row + 1, sheets, names)
        heads = ("Sheet", "Column", "Unit", "Status", "Empty", "What an empty cell says")
        self.grid(page, row + 1, "Columns", heads, of_columns)

    def said(self, page: Any, row: int, sheets: Sequence[Sheet], names: Sequence[str]) -> int:
        """What must be known of the tables: once what holds for all, then sheet by sheet what is its own."""
        of_all = [line for line in sheets[0].notes if all(line in one.notes for one in sheets)] if sheets else []
        parts: Mapping[str, Sequence[str]] = {
            "Every sheet": of_all if len(sheets) > 1 else [],
            **{
                f"{name}: {sheet.title}": [
                    *sheet.opening[:1],
                    *(line for line in sheet.notes if len(sheets) == 1 or line not in of_all),
                    *([sheet.cut] if sheet.cut else []),
                ]
                for name, sheet in zip(names, sheets, strict=True)
            },
        }
        row = self.lines(page, row, "Sources, statuses, assumptions", bold=True, font_size=12)
        for head, lines in parts.items():
            if lines:
                row = self.lines(page, row, head, NOTES_LINE, bold=True)
            for line in lines:
                row = self.lines(page, row, line, NOTES_LINE)
        return row

    def grid(
        self, page: Any, row: int, title: str, heads: Sequence[str], cells: Sequence[Sequence[str | int]],
        links: Sequence[str] = (),
    ) -> int:  # fmt: skip
        """A table of the notes; the row after it. links: the sheet that the first cell of each row leads to."""
        row = self.lines(page, row, title, bold=True, font_size=12)
        for place, head in enumerate(heads):
            side = "right" if cells and isinstance(cells[0][place], int) else "left"
            self.text(page, row, place, head, bold=True, bg_color=FILL, bottom=1, bottom_color=INK, align=side)
        for number, line in enumerate(cells, row + 1):
            for place, cell in enumerate(line):
                if isinstance(cell, int):
                    page.write_number(number, place, cell, self.look(num_format="#,##0"))
                elif links and place == 0:
                    address = links[number - row - 1].replace("'", "''")
                    look = self.look(underline=1, font_color="#1d70b8")
                    page.write_url(number, 0, f"internal:'{address}'!A1", look, string=str(typed(cell)))
                elif cell:
                    self.text(page, number, place, str(typed(cell)), text_wrap=True, indent=int(place > 0))
            most = max(lines_of(str(cell), NOTES_WIDTHS[place]) for place, cell in enumerate(line))
            page.set_row(number, min(HIGHEST, LINE_HEIGHT * most))
        return row + 1 + len(cells)


def status_of(column: Column, sheet: Sheet) -> str:
    """How the figures of a column are known: as its head says, or as its table."""
    if not column.is_figures:
        return ""
    said = re.search(r"; ([^;()]+(?:\([^()]*\))?)\)$", column.head)
    name = column.head.partition(" (")[0]
    return said[1] if said else sheet.statuses.get(name, sheet.status)


def in_foot(lines: Sequence[str]) -> str:
    """The foot of a printed sheet: what must stand on it and its number; no sign of the text acts as a code."""
    end = "&RSheet &P of &N"
    text = " ".join(lines).replace("&", "&&")
    room = FOOT - len(end) - len("&L&8")
    cut = text if len(text) <= room else text[: room - 1].rstrip("&") + "…"
    # A number right behind the size of the type would be read as part of it.
    return f"&L&8 {cut}{end}"
