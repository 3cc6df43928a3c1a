"""Read one CSV file of a pack into a frame with the types of its model, and say everything that is wrong with it."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa

from lib.pack.faults import Fault, quoted
from lib.pack.manifest import Manifest
from lib.pack.models import table_settings

TRUE_FALSE = {"true": True, "false": False}
FAULTS_SHOWN_PER_COLUMN = 20  # a wrong column of 40,000 rows is one mistake, not 40,000


def read_cells(root: Path, path: str) -> tuple[pd.DataFrame | None, list[Fault]]:
    """Read a CSV file as text: a frame of strings, or None where it cannot be read as a table, and the faults."""
    try:
        with (root / path).open(encoding="utf-8-sig", newline="") as handle:
            rows = list(csv.reader(handle, strict=True))
    except FileNotFoundError:
        return None, [Fault(path, None, "", "no such file", "a CSV table")]
    except UnicodeDecodeError as error:
        return None, [Fault(path, None, "", f"bytes that are not text ({error.reason})", "a CSV table in UTF-8")]
    except (csv.Error, OSError) as error:
        return None, [Fault(path, None, "", f"a file that cannot be read ({error})", "a CSV table")]
    if not rows or not any(rows[0]):
        return None, [Fault(path, 1, "", "an empty file", "a header with the names of the columns")]
    header = [name.strip() for name in rows[0]]
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated:
        return None, [Fault(path, 1, name, "the column twice", "each column once") for name in repeated]
    faults = [
        Fault(path, number, "", f"{len(cells)} cells", f"{len(header)}, one a column")
        for number, cells in enumerate(rows[1:], start=2)
        if cells and len(cells) != len(header)
    ]
    unreadable = [
        Fault(path, number, name, "a cell with a NUL byte", "text")
        for number, cells in enumerate(rows[1:], start=2)
        for name, cell in zip(header, cells, strict=False)
        if "\0" in cell
    ]
    whole = {number: cells for number, cells in enumerate(rows[1:], start=2) if len(cells) == len(header)}
    # The index is the row as a spreadsheet counts it, so that a fault can name it.
    frame = pd.DataFrame(list(whole.values()), columns=header, index=list(whole), dtype="str")
    return frame.apply(lambda cells: cells.str.strip()), [*limited(faults), *limited(unreadable)]


def limited(faults: list[Fault]) -> list[Fault]:
    """The first faults of a column, and one more that counts the rest."""
    if len(faults) <= FAULTS_SHOWN_PER_COLUMN:
        return faults
    last, rest = faults[-1], len(faults) - FAULTS_SHOWN_PER_COLUMN
    more = Fault(last.file, None, last.column, f"{rest:,} more such cells", last.expected)
    return [*faults[:FAULTS_SHOWN_PER_COLUMN], more]


def expectation(column: Any) -> str:
    """What a column's cells must be, in words, from its type and checks."""
    kind = str(column.dtype)
    words = {"int64": "a whole number", "Int64": "a whole number", "float64": "a number", "bool": "true or false"}
    text = words.get(kind, "a date like 2025-03-31" if kind.startswith("datetime") else "text")
    limits = {check.name: check.statistics for check in column.checks}
    low = limits.get("greater_than_or_equal_to", {}).get("min_value")
    high = limits.get("less_than_or_equal_to", {}).get("max_value")
    above = limits.get("greater_than", {}).get("min_value")
    if low is not None and high is not None:
        text += f" from {low} to {high}"
    elif low is not None:
        text += f" of {low} or more"
    elif above is not None:
        text += f" above {above}"
    if "str_matches" in limits:
        text = PATTERNS.get(limits["str_matches"]["pattern"], f"text of the form {limits['str_matches']['pattern']}")
    return text + (", or an empty cell" if column.nullable else "")


PATTERNS = {
    r"^\d{4}-(0[1-9]|1[0-2])$": "a month like 2025-03",
    r"^[EWSN]\d{8}$": "a GSS code: a letter and eight digits",
    r"^\d+(-\d+|\+)$": "an age band like 65-74 or 90+",
}


def converted(cells: pd.Series[str], kind: str) -> pd.Series[Any]:
    """Text cells as the type of their column; a cell that does not fit becomes missing."""
    if kind in ("float64", "int64", "Int64"):
        numbers = pd.to_numeric(cells, errors="coerce").astype("float64")
        # Text such as "inf" or "1e999" reads as a number and is none.
        numbers = numbers.where(numbers.abs() < 1e15)
        return numbers if kind == "float64" else numbers.where(numbers == numbers.round()).astype("Int64")
    if kind == "bool":
        return cells.str.lower().map(TRUE_FALSE).astype("boolean")
    if kind.startswith("datetime"):
        # Only digits: "today" reads as a date too, and a date beyond these centuries does not fit the type.
        dates = cells.where(cells.str.fullmatch(r"(1[7-9]|2[01])[0-9]{2}-[0-9]{2}-[0-9]{2}"))
        return pd.to_datetime(dates, format="%Y-%m-%d", errors="coerce").astype("datetime64[ns]")
    return cells.where(cells != "").astype("string[pyarrow]")


def as_spelled(values: pd.Series[Any], words: tuple[str, ...]) -> pd.Series[Any]:
    """Words in the vocabulary's own spelling, whatever their capitals: publishers write Requires Improvement too."""
    spelled = {word.casefold(): word for word in words}
    return values.where(values.isin(words), values.str.casefold().map(spelled).astype(values.dtype).fillna(values))


def read_table(
    root: Path, path: str, model: type[pa.DataFrameModel], manifest: Manifest
) -> tuple[pd.DataFrame | None, list[Fault]]:
    """Read and check one table by itself: columns, types, ranges, words of the manifest and the key.

    The frame has the row of the file as its index. It is None where the file is no table, and lacks the columns that
    the file lacks: the others are checked all the same, so that every fault is said at once.
    """
    cells, faults = read_cells(root, path)
    if cells is None:
        return None, faults
    schema = model.to_schema()
    for name, column in schema.columns.items():
        if column.metadata["optional"] and name not in cells.columns:
            cells[name] = ""
    missing = [name for name in schema.columns if name not in cells.columns]
    faults += [Fault(path, 1, name, "no such column", expectation(schema.columns[name])) for name in missing]
    frame = cells.copy()
    for name, column in schema.columns.items():
        if name in missing:
            continue
        values = converted(cells[name], str(column.dtype))
        empty = cells[name] == ""
        bad = values.isna() & (~empty | (not column.nullable))
        wrong = set(cells.index[bad])
        meta = column.metadata
        allowed = manifest.vocabulary(meta["words"]) if meta["words"] else meta["one_of"]
        if meta["words"] == "ratings":
            values = as_spelled(values, allowed)
        expected = "one of " + ", ".join(allowed) if allowed else expectation(column)
        if allowed:
            wrong |= set(values.index[values.notna() & ~values.isin(allowed)])
        wrong |= failing_checks(values, column)
        faults += limited([Fault(path, int(row), name, quoted(cells.at[row, name]), expected) for row in sorted(wrong)])
        frame[name] = values
    key = list(schema.unique or ())
    if not set(key) & set(missing):
        faults += repeated_keys(frame, path, key)
    return frame, faults


def failing_checks(values: pd.Series[Any], column: Any) -> set[Any]:
    """The rows whose values fail the model's own checks."""
    if not column.checks:
        return set()
    present = values.dropna()
    single = pa.SeriesSchema(checks=column.checks)
    try:
        single.validate(present, lazy=True)
    except pa.errors.SchemaErrors as error:
        return set(error.failure_cases["index"].dropna())
    return set()


def repeated_keys(frame: pd.DataFrame, path: str, key: list[str]) -> list[Fault]:
    """A fault for each row whose key stands in an earlier row."""
    again = frame.index[frame.duplicated(key, keep="first")]
    if again.empty:
        return []
    first = frame[~frame.duplicated(key, keep="first")].reset_index(names="row").set_index(key)["row"]
    faults = []
    for row in again:
        values = frame.loc[row, key]
        earlier = (
            first.loc[tuple(values) if len(key) > 1 else values.iloc[0]] if values.notna().all() else "an earlier one"
        )
        shown = " / ".join(str(value) for value in values)
        faults.append(
            Fault(path, int(row), ", ".join(key), f"{quoted(shown, 90)} again, as in row {earlier}", "each key once")
        )
    return limited(faults)


def broken_references(
    frame: pd.DataFrame,
    path: str,
    model: type[pa.DataFrameModel],
    tables: dict[str, pd.DataFrame],
    places: dict[str, str],
) -> list[Fault]:
    """A fault for each cell that names a row which another table does not have."""
    faults: list[Fault] = []
    for name, column in model.to_schema().columns.items():
        table, _, target = column.metadata["refers_to"].partition(".")
        if table not in tables or target not in tables[table].columns or name not in frame.columns:
            continue
        unknown = frame[name].notna() & ~frame[name].isin(tables[table][target])
        expected = f"{'an' if target[0] in 'aeiou' else 'a'} {target} of {places[table]}"
        faults += limited(
            [Fault(path, int(row), name, quoted(frame.at[row, name]), expected) for row in frame.index[unknown]]
        )
    lot = ["service", "service_type", "cohort"]
    if table_settings(model).get("lot") and "lots" in tables and {*lot} <= {*frame.columns} & {*tables["lots"].columns}:
        known = pd.MultiIndex.from_frame(tables["lots"][lot])
        unknown = ~pd.MultiIndex.from_frame(frame[lot]).isin(known) & frame[lot].notna().all(axis=1)
        faults += limited(
            [
                Fault(
                    path,
                    int(row),
                    ", ".join(lot),
                    quoted(" / ".join(frame.loc[row, lot])),
                    f"a lot of {places['lots']}",
                )
                for row in frame.index[unknown]
            ]
        )
    return faults


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """A checked frame as the rest of the app uses it: plain types and a plain index."""
    plain = {name: "str" for name in frame.columns if isinstance(frame[name].dtype, pd.StringDtype)}
    plain |= {name: "bool" for name in frame.columns if frame[name].dtype == "boolean"}
    plain |= {name: "int64" for name in frame.columns if frame[name].dtype == "Int64" and frame[name].notna().all()}
    return frame.astype(plain).reset_index(drop=True)
