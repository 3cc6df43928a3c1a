"""What changed from one edition to the next, cell by cell: worked out from what was published alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from lib.market.tables import plain
from lib.publish.cells import Field, SafeTable

# The columns that say what a row is of; a name is told in the place of its code.
KEYS = (
    "service", "scenario", "year", "period", "area_kind", "area_code", "district_code", "ward_code", "service_type",
    "cohort",
)  # fmt: skip
NAMES = {
    "service": "service_name", "area_code": "area_name", "district_code": "district_name", "ward_code": "ward_name",
    "service_type": "service_type_name", "cohort": "cohort_name",
}  # fmt: skip
ADDED, GONE, CHANGED, SHOWN, WITHHELD = "new row", "row gone", "changed", "shown now", "withheld now"
COLUMNS = {
    "table": "Table",
    "row": "Row",
    "figure": "Figure",
    "change": "What changed",
    "before": "Before",
    "after": "After",
}


def changes_table(before: Sequence[SafeTable], after: Sequence[SafeTable]) -> SafeTable:
    """Every cell of the safe tables that is another than it was; a row that came or went is told once.

    Columns: table, row (what it is of, in words), figure (the title
    of the column, "" for a whole row), change (one of the five words above), before, after (as they were published).
    """
    old = {one.name: one for one in before}
    rows: list[dict[str, object]] = []
    for table in after:
        rows += changes_of(old.pop(table.name, None), table)
    for table in old.values():
        rows += changes_of(table, None)
    fields = tuple(Field(name, title, "string", "", "", "") for name, title in COLUMNS.items())
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype="object")
    return SafeTable("changes", "What changed since the last edition", frame, fields, "")


def changes_of(before: SafeTable | None, after: SafeTable | None) -> list[dict[str, object]]:
    """The changes of one table, in the order of its rows as they are now, then of those that are gone."""
    table = after or before
    if table is None:
        return []
    old, new = keyed(before), keyed(after)
    titles = {one.name: one.title for one in table.fields if one.name not in KEYS and one.name not in NAMES.values()}
    rows: list[dict[str, object]] = []

    def add(row: str, figure: str, change: str, one: Any = "", other: Any = "") -> None:
        rows.append(
            {"table": table.title, "row": row, "figure": figure, "change": change, "before": one, "after": other}
        )

    for key, (row, cells) in new.items():
        if key not in old:
            add(row, "", ADDED)
            continue
        for name, title in titles.items():
            was, now = old[key][1].get(name, ""), cells.get(name, "")
            if was != now:
                change = WITHHELD if now == "c" else SHOWN if was == "c" else CHANGED
                add(row, title, change, was, now)
    for key, (row, _) in old.items():
        if key not in new:
            add(row, "", GONE)
    return rows


def keyed(table: SafeTable | None) -> dict[tuple[str, ...], tuple[str, dict[str, str]]]:
    """The rows of a table by what they are of: that in words, and every cell as text ("" where it is empty)."""
    if table is None:
        return {}
    keys = [one.name for one in table.fields if one.name in KEYS]
    found = {}
    for record in table.frame.to_dict("records"):
        cells = {str(name): as_text(value) for name, value in record.items()}
        told = [cells.get(NAMES.get(name, ""), "") or cells[name] for name in keys if name != "area_kind"]
        found[tuple(cells[name] for name in keys)] = (", ".join(one for one in told if one), cells)
    return found


def as_text(value: Any) -> str:
    """A cell as a file has it."""
    cell = plain(value)
    return "" if cell is None else str(cell)
