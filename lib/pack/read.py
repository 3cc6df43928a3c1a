"""Read one CSV file of a pack into a frame with the types of its model, and say everything that is wrong with it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from lib.pack.cells import Cells, Texts, read_cells
from lib.pack.description import NUMBERS, Column, Table
from lib.pack.faults import Fault, faults_at, quoted, visible
from lib.pack.manifest import Manifest
from lib.pack.models import MONTH_PATTERN
from lib.pack.snapshot import Snapshot
from lib.pack.unread import NO_KIND, SPREADSHEET_ERROR, Unread, is_error
from lib.pack.written_dates import date_as_written, months_as_written
from lib.pack.written_numbers import MOST_DIGITS, POINT, decimal_marks, number_as_written

TRUE_FALSE = {"true": True, "false": False}
# Only digits: "today" reads as a date too, and a date beyond these centuries does not fit the type.
DATE = re.compile(r"(1[7-9]|2[01])[0-9]{2}-[0-9]{2}-[0-9]{2}")
LOT = ["service", "service_type", "cohort"]
LOTS = "lots"


@dataclass(frozen=True, eq=False)
class Values:
    """The cells of a column in its type: what each different text is read as, and which of them stands in each row.

    `different` holds floats (NaN where missing), or objects (None where missing); two texts may have the same value.
    """

    different: npt.NDArray[Any]
    places: npt.NDArray[np.int64]

    def missing(self) -> npt.NDArray[np.bool_]:
        """Which of the different values are missing."""
        return np.asarray(pd.isna(self.different))

    def known(self) -> set[Any]:
        """The values that stand in the column."""
        return set(self.different[~self.missing()].tolist())

    def at(self, place: int) -> Any:
        """The value of a row, by its place from 0."""
        return self.different[self.places[place]]

    def numbered(self) -> tuple[npt.NDArray[np.int64], int]:
        """For each row a number that tells its value from others, missing being one value too; and how many."""
        codes, values = pd.factorize(self.different, use_na_sentinel=True)
        return (codes + 1)[self.places], len(values) + 1


@dataclass(frozen=True, eq=False)
class Checked:
    """A table that was read: its frame, whose index is the row of the file, and its columns' values."""

    frame: pd.DataFrame
    columns: Mapping[str, Values]


def converted(texts: list[str], kind: str) -> npt.NDArray[Any]:
    """Texts as values of a type: floats, or objects; one that does not fit becomes missing."""
    if kind in NUMBERS:
        numbers = pd.to_numeric(np.array(texts, dtype=object), errors="coerce").astype("float64")
        # Text such as "inf" or "1e999" reads as a number and is none.
        numbers[~(np.abs(numbers) < 1e15)] = np.nan
        if kind != "float64":
            numbers[numbers != np.round(numbers)] = np.nan
        return numbers
    values: list[Any] = [text if visible(text) else None for text in texts]
    if kind == "bool":
        values = [TRUE_FALSE.get(text.lower()) for text in texts]
    elif kind.startswith("datetime"):
        values = [date(text) for text in texts]
    return np.array([*values, None], dtype=object)[:-1]


def date(text: str) -> dt.date | None:
    """The day of a text like 2025-03-31."""
    try:
        return dt.date.fromisoformat(text) if DATE.fullmatch(text) else None
    except ValueError:
        return None


def typed(values: Values, kind: str) -> Any:
    """A column's values as an array of the type that the rest of the app uses."""
    different, places, missing = values.different, values.places, values.missing()
    if kind == "float64":
        return different[places]
    if kind in ("int64", "Int64"):
        whole = np.where(missing, 0, different).astype("int64")[places]
        return pd.arrays.IntegerArray(whole, missing[places]) if missing.any() else whole
    if kind == "bool":
        flags = np.equal(different, True)[places].astype("bool")
        return pd.arrays.BooleanArray(flags, missing[places]) if missing.any() else flags
    if kind.startswith("datetime"):
        return different.astype("datetime64[D]").astype(kind)[places]
    return text_array(pa.array(different, pa.string()), places)


def text_array(texts: pa.Array, places: npt.NDArray[np.int64]) -> Any:
    """Texts row by row, as a pandas array of text."""
    return pd.array(texts.take(pa.array(places)), dtype="str")


def as_spelled(texts: npt.NDArray[Any], words: tuple[str, ...]) -> npt.NDArray[Any]:
    """Words in the vocabulary's own spelling, whatever their capitals: publishers write Requires Improvement too."""
    spelled = {word.casefold(): word for word in words} | {word: word for word in words}
    return np.array([text and spelled.get(text, spelled.get(text.casefold(), text)) for text in texts], dtype=object)


def read_table(snapshot: Snapshot, table: Table, manifest: Manifest) -> tuple[Checked | None, list[Fault]]:
    """Read and check one table by itself: see check_cells. The result is None where the file is no table."""
    path = table.path
    if path in snapshot.faults:
        return None, [snapshot.faults[path]]
    cells, faults = read_cells(snapshot.files[path], path, tuple(table.columns))
    if cells is None:
        return None, faults
    checked, found = check_cells(cells, table, manifest)
    return checked, faults + found


def check_cells(cells: Cells, table: Table, manifest: Manifest) -> tuple[Checked, list[Fault]]:
    """Check a table's cells by themselves: columns, types, ranges, words of the manifest and the key.

    The result lacks the columns that the cells lack: the others are checked all the same, so that every fault is said
    at once. The faults are of the file at the table's path.
    """
    path, faults = table.path, list[Fault]()
    columns = dict(cells.columns)
    for name, column in table.columns.items():
        if column.optional and name not in columns:
            columns[name] = Texts(pa.array([""]), np.zeros(len(cells.rows), dtype="int64"))
    missing = [name for name in table.columns if name not in columns]
    faults += [Fault(path, cells.header, name, "no such column", table.columns[name].expectation) for name in missing]
    values: dict[str, Values] = {}
    marks = marks_of(table, columns, cells.separator)
    for name, column in table.columns.items():
        if name not in missing:
            values[name], found = checked(columns[name], cells, path, column, manifest, marks.get(name))
            faults += found
    arrays = {
        name: typed(values[name], table.columns[name].kind) if name in values else text_array(one.texts, one.places)
        for name, one in columns.items()
    }
    if not set(table.key) & set(missing):
        faults += repeated_keys(values, cells.rows, path, table.key)
    return Checked(pd.DataFrame(arrays, index=pd.Index(cells.rows)), values), faults


def marks_of(table: Table, columns: Mapping[str, Texts], separator: str) -> dict[str, str | None]:
    """The decimal mark of each column of numbers that the file has; None where it is not known."""
    names = [name for name, column in table.columns.items() if column.kind in NUMBERS and name in columns]
    texts = [columns[name].texts.to_pylist() if separator == ";" else [] for name in names]
    return dict(zip(names, decimal_marks(texts, separator), strict=True))


def checked(
    cells: Texts, file: Cells, path: str, column: Column, manifest: Manifest, mark: str | None
) -> tuple[Values, list[Fault]]:
    """The values of a column, and a fault for each cell that is none of them: each different text is judged once."""
    texts = cells.texts.to_pylist()
    different, unread = read_again(texts, converted(texts, column.kind), column, mark)
    allowed = manifest.vocabulary(column.words) if column.words else column.one_of
    if column.words == "ratings":
        different = as_spelled(different, allowed)
    wrong = np.asarray(pd.isna(different))
    if column.nullable:
        wrong &= which(texts, lambda text: text != "")
    if column.kind in NUMBERS:
        wrong |= column.beyond(different)
    if allowed:
        wrong |= which(different, lambda value: value is not None and value not in allowed)
    if column.pattern is not None:
        wrong |= which(different, lambda value: value is not None and not column.fits(value))
    values = Values(different, cells.places)
    expected = "one of " + ", ".join(allowed) if allowed else column.expectation

    def fault(place: int) -> Fault:
        text, row = cells.at(place), int(file.rows[place])
        why = unread.get(int(cells.places[place]), NO_KIND)
        if why == NO_KIND:
            return Fault(path, row, column.name, quoted(text), expected)
        return Fault(path, row, column.name, *why.in_words(text, expected), file.letters.get(column.name, ""))

    return values, faults_at(rows_with(wrong, cells.places), fault)


def read_again(
    texts: list[str], different: npt.NDArray[Any], column: Column, mark: str | None
) -> tuple[npt.NDArray[Any], dict[int, Unread]]:
    """The values of a column with the texts read that people and spreadsheets write in ways of their own.

    And why the others are not read, by their place among the texts. `mark` is the decimal mark of a column of numbers.
    """
    found: Mapping[int, Any] = {}
    if column.kind in NUMBERS:
        doubtful = np.isnan(different)
        if mark != POINT:
            doubtful |= which(texts, lambda text: "." in text or "," in text)
        if len(max(texts, key=len, default="")) > MOST_DIGITS:
            doubtful |= which(texts, lambda text: len(text) > MOST_DIGITS)
        places = [place for place in np.flatnonzero(doubtful).tolist() if texts[place]]
        found = {place: number_as_written(texts[place], mark, column.unit, column.nullable) for place in places}
    elif column.kind.startswith("datetime"):
        places = [place for place, value in enumerate(different) if value is None and texts[place]]
        found = {place: date_as_written(texts[place], column.nullable) for place in places}
    elif column.pattern == MONTH_PATTERN:
        places = [place for place, text in enumerate(texts) if text and not column.fits(text)]
        found = dict(zip(places, months_as_written([texts[place] for place in places]), strict=True))
    elif column.kind == "str":
        found = {place: SPREADSHEET_ERROR for place, text in enumerate(texts) if is_error(text)}
    unread = {place: value for place, value in found.items() if isinstance(value, Unread)}
    for place, value in found.items():
        different[place] = converted([""], column.kind)[0] if place in unread else value
    if column.kind in ("int64", "Int64"):
        different[different != np.round(different)] = np.nan
    return different, unread


def which(different: Iterable[Any], is_so: Callable[[Any], bool]) -> npt.NDArray[np.bool_]:
    """Of which values something is so."""
    return np.fromiter(map(is_so, different), dtype=bool)


def rows_with(chosen: npt.NDArray[np.bool_], places: npt.NDArray[np.int64]) -> list[int]:
    """The rows, by their place from 0, in which one of the chosen values stands."""
    return list(np.flatnonzero(chosen[places]).tolist()) if chosen.any() else []


def combined(columns: list[Values]) -> npt.NDArray[np.int64]:
    """For each row a number that tells what stands in the columns together from what stands in other rows."""
    numbers, size = columns[0].numbered()
    for column in columns[1:]:
        more, count = column.numbered()
        if size * count >= 2**62:
            numbers, size = pd.factorize(numbers)[0], len(numbers)
        numbers, size = numbers * count + more, size * count
    return numbers


def repeated_keys(
    values: Mapping[str, Values], rows: npt.NDArray[np.int64], path: str, key: tuple[str, ...]
) -> list[Fault]:
    """A fault for each row whose key stands in an earlier row."""
    numbers = pd.Series(combined([values[name] for name in key]))
    again = np.flatnonzero(numbers.duplicated(keep="first")).tolist()

    def fault(place: int) -> Fault:
        parts = [values[name].at(place) for name in key]
        whole = not any(pd.isna(part) for part in parts)
        earlier = rows[int(np.argmax(numbers == numbers[place]))] if whole else "an earlier one"
        shown = " / ".join(as_written(part) for part in parts)
        found = f"{quoted(shown, 90)} again, as in row {earlier}"
        return Fault(path, int(rows[place]), ", ".join(key), found, "each key once")

    return faults_at(again, fault)


def as_written(part: Any) -> str:
    """A part of a key in words: a whole number without decimals, a missing one as such."""
    if pd.isna(part):
        return str(pd.NA)
    return f"{part:.0f}" if isinstance(part, float) and part.is_integer() else str(part)


def broken_references(
    table: Table, checked: Checked, read: Mapping[str, Checked], places: Mapping[str, str]
) -> list[Fault]:
    """A fault for each cell that names a row which another table does not have."""
    faults: list[Fault] = []
    for name, column in table.columns.items():
        other, _, target = column.refers_to.partition(".")
        if other in read and target in read[other].columns and name in checked.columns:
            expected = f"{'an' if target[0] in 'aeiou' else 'a'} {target} of {places[other]}"
            faults += not_among(read[other].columns[target].known(), checked, table.path, name, expected)
    if table.names_lot and LOTS in read and {*LOT} <= {*checked.columns} & {*read[LOTS].columns}:
        faults += no_lots(table.path, checked, read[LOTS], places[LOTS])
    return faults


def not_among(known: set[Any], checked: Checked, path: str, name: str, expected: str) -> list[Fault]:
    """A fault for each cell of a column whose value is not known."""
    own = checked.columns[name]
    unknown = which(own.different, lambda value: value is not None and value not in known)
    return faults_at(
        rows_with(unknown, own.places),
        lambda place: Fault(path, int(checked.frame.index[place]), name, quoted(own.at(place)), expected),
    )


def no_lots(path: str, checked: Checked, lots: Checked, place_of_lots: str) -> list[Fault]:
    """A fault for each row whose service, service type and cohort are none of the lots."""
    known = set(zip(*(lots.frame[name] for name in LOT), strict=True))
    numbers = combined([checked.columns[name] for name in LOT])
    codes, _ = pd.factorize(numbers)
    _, first = np.unique(codes, return_index=True)
    named = [tuple(checked.columns[name].at(place) for name in LOT) for place in first]
    unknown = which(named, lambda lot: None not in lot and lot not in known)
    return faults_at(
        rows_with(unknown, codes),
        lambda place: Fault(
            path, int(checked.frame.index[place]), ", ".join(LOT), quoted(" / ".join(named[codes[place]])),
            f"a lot of {place_of_lots}",
        ),
    )  # fmt: skip
