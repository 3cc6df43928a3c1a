"""Which rows of a pack's tables are added, changed and dropped between two states of it, told by the tables' keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from lib.pack.description import description
from lib.pack.load import OUTLINES_NAME, Pack, shown
from lib.pack.models import TABLES, path_of
from lib.pack.outline_features import OUTLINES, read_features

EXAMPLES = 20  # of the rows added, and so on, that are named
EXAMPLE_COLUMNS = ["change", "row", "what"]
_BEFORE, _AFTER = "\0before", "\0after"


@dataclass(frozen=True, eq=False)
class TableChange:
    """What is different in a table.

    table: its name; path: its file. before, after: how many rows it has. added, changed, dropped: of them, by the
    table's key. examples: up to 20 of each: change (added, changed or dropped), row (its key), what (the cells, or
    those that changed, before and after).
    """

    table: str
    path: str
    before: int
    after: int
    added: int
    changed: int
    dropped: int
    examples: pd.DataFrame

    @property
    def sentence(self) -> str:
        """The counts in words."""
        return (
            f"{self.path}: {self.after:,} rows, {self.added:,} added, {self.changed:,} changed, "
            f"{self.dropped:,} dropped."
        )


def changed_tables(old: Pack, new: Pack) -> Iterator[TableChange]:
    """The tables, and the outlines, that differ."""
    for name, model in TABLES.items():
        if old.tables[name].equals(new.tables[name]):
            continue
        one = changed_rows(name, list(description(model).key), old.table(name), new.table(name))
        if one.added or one.changed or one.dropped:
            yield one
    if old.outlines != new.outlines:
        yield changed_outlines(old, new)


def changed_rows(name: str, key: list[str], old: pd.DataFrame, new: pd.DataFrame) -> TableChange:
    """The rows of one table that differ, by its key, in whatever order they stand."""
    both = old.merge(new, on=key, how="outer", suffixes=(_BEFORE, _AFTER), indicator=True, sort=False)
    columns = [column for column in dict.fromkeys([*old.columns, *new.columns]) if column not in key]
    pairs = {column: (cells(both, column, old, _BEFORE), cells(both, column, new, _AFTER)) for column in columns}
    in_both = both["_merge"] == "both"
    differs = {column: in_both & ~alike(before, after) for column, (before, after) in pairs.items()}
    changed = pd.DataFrame(differs, index=both.index).any(axis=1) if differs else pd.Series(False, both.index)
    added, dropped = both["_merge"] == "right_only", both["_merge"] == "left_only"
    examples = []
    for word, rows, side in (("added", added, 1), ("changed", changed, -1), ("dropped", dropped, 0)):
        for place in both.index[rows][:EXAMPLES]:
            row = " / ".join(shown(both.at[place, part]) for part in key)
            if side < 0:
                parts = [
                    f"{column}: {words(before, place)} → {words(after, place)}"
                    for column, (before, after) in pairs.items()
                    if differs[column][place]
                ]
            else:
                parts = [f"{column}: {words(pair[side], place)}" for column, pair in pairs.items()]
            examples.append((word, row, "; ".join(parts)))
    table = pd.DataFrame(examples, columns=EXAMPLE_COLUMNS, dtype="str")
    counts = int(added.sum()), int(changed.sum()), int(dropped.sum())
    return TableChange(name, path_of(name), len(old), len(new), *counts, table)


def cells(both: pd.DataFrame, column: str, own: pd.DataFrame, suffix: str) -> pd.Series[Any]:
    """A column of one of two tables that were merged; empty where that table has no such column."""
    if column not in own.columns:
        return pd.Series(pd.NA, index=both.index, dtype="object")
    return both[f"{column}{suffix}"] if f"{column}{suffix}" in both.columns else both[column]


def alike(before: pd.Series[Any], after: pd.Series[Any]) -> pd.Series[bool]:
    """Where two columns hold the same, an empty cell being like another."""
    equal = (before.astype("object") == after.astype("object")).fillna(False).astype("bool")
    return equal | (before.isna() & after.isna())


def words(column: pd.Series[Any], place: Any) -> str:
    """A cell as it is read: a whole number without decimals, "empty" for nothing."""
    value = column[place]
    if not pd.isna(value) and isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return shown(value) or "empty"


def changed_outlines(old: Pack, new: Pack) -> TableChange:
    """The outlines of districts that differ, by the district."""
    before, after = (
        {one.code: one for one in read_features(pack.outlines, list(pack.tables["districts"]["district_code"]))[0]}
        for pack in (old, new)
    )
    added = [code for code in after if code not in before]
    dropped = [code for code in before if code not in after]
    changed = [code for code in after if code in before and after[code] != before[code]]
    examples = [
        (word, code, (before | after)[code].name)
        for word, codes in (("added", added), ("changed", changed), ("dropped", dropped))
        for code in codes[:EXAMPLES]
    ]
    table = pd.DataFrame(examples, columns=EXAMPLE_COLUMNS, dtype="str")
    counts = len(added), len(changed), len(dropped)
    return TableChange(OUTLINES_NAME, OUTLINES, len(before), len(after), *counts, table)
