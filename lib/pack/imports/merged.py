"""Cells that are one cell over several: fine in a title, a fault in a table, where rows lose their values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from lib.pack.faults import Fault, faults_at
from lib.pack.saved import letter

# The first and the last row (from 1) and column (from 0) that are merged: row, column, row, column.
Merged = tuple[int, int, int, int]
ROWS_ABOVE = 100
EXPECTED = "one value in each cell: unmerge the cells, fill in each one, and save again"


def range_words(merged: Merged) -> str:
    """Merged cells as a spreadsheet names them, such as A2:B5."""
    row, column, last_row, last_column = merged
    return f"{letter(column)}{row}:{letter(last_column)}{last_row}"


def merged_in_table(cells: pd.DataFrame, first_row: int, ranges: Sequence[Merged]) -> list[Merged]:
    """The merged cells that reach into the rows of the table.

    Its header is the fullest of the first rows. Above it, and alone in a row below, such as a footnote, merged cells
    do no harm.
    """
    if not ranges or cells.empty:
        return []
    filled = np.column_stack([cells[place] != "" for place in cells]).sum(axis=1)
    header = first_row + int(np.argmax(filled[:ROWS_ABOVE]))
    last = first_row + len(cells) - 1
    return [
        one
        for one in ranges
        if one[2] > header and one[0] <= last and not (one[0] == one[2] and filled[one[0] - first_row] <= 1)
    ]


def merged_faults(file: str, sheet: str, ranges: Sequence[Merged]) -> list[Fault]:
    """A fault for each of the first merged cells of a table."""
    return faults_at(
        sorted(ranges),
        lambda one: Fault(
            file, one[0], "", f"merged cells {range_words(one)} in the sheet “{sheet}”", EXPECTED, letter(one[1])
        ),
    )
