"""The cells of one CSV file as text, and what is wrong with the file as such.

A column is kept as its different texts and, for each row, which of them stands there: a column of 600,000 cells has a
few thousand texts, and what is asked of a cell depends on its text alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from lib.pack.faults import Fault, faults_at, limited, quoted
from lib.pack.saved import (
    BYTE_ORDER_MARK,
    MARKS_OF_TWO_BYTES,
    NOT_TEXT,
    SAVE_AS_UTF8,
    encoding_of,
    headings,
    letter,
    letters_of,
    separator_of,
    undecoded,
    without_sep_line,
)

ROWS_AT_A_TIME = 10_000
NO_TEXT = pa.array([], pa.string())
# A spreadsheet's sheet has 1,048,576 rows; a table of the pack has a dozen columns, and a cell of it a sentence.
MOST_LINES = 1_048_576
MOST_COLUMNS = 1_000
MOST_CHARACTERS = 10_000
LONGEST_LINE = 5_000_000
ROWS_ABOVE_A_HEADER = 20


@dataclass(frozen=True, eq=False)
class Texts:
    """The cells of a column: its different texts, each once, and for each row the place of its text among them."""

    texts: pa.Array
    places: npt.NDArray[np.int64]

    def at(self, place: int) -> str:
        """The text of a row, by its place from 0."""
        return str(self.texts[int(self.places[place])])

    def of(self, rows: npt.NDArray[np.bool_]) -> Texts:
        """The cells of some rows, with no text that stands in none of them."""
        used, places = np.unique(self.places[rows], return_inverse=True)
        return Texts(self.texts.take(pa.array(used)), places)

    def blank(self) -> npt.NDArray[np.bool_]:
        """The rows in which nothing stands."""
        empty = int(pc.index(self.texts, "").as_py())
        return np.asarray(self.places == empty) if empty >= 0 else np.zeros(len(self.places), dtype=bool)


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of a file by column, without the space around them.

    `rows` is the row of each as a spreadsheet counts it, so that a fault can name it: the header is row 1, unless blank
    rows stand above it. `letters` are the spreadsheet's own for the columns; `separator` stands between the cells.
    """

    rows: npt.NDArray[np.int64]
    columns: dict[str, Texts]
    letters: dict[str, str] = field(default_factory=dict)
    separator: str = ","
    header: int = 1


def read_cells(content: bytes, path: str, names: Collection[str] = ()) -> tuple[Cells | None, list[Fault]]:
    """The cells of a CSV file from its bytes.

    `names` are those of the table's columns: they tell the separator, and how a name is written whose capitals or
    spaces differ.
    """
    if max(content.count(b"\n"), content.count(b"\r")) > MOST_LINES:
        return None, [
            Fault(path, None, "", f"more than {MOST_LINES:,} rows", "no more than a spreadsheet's sheet holds")
        ]
    return plain_cells(content, names) or any_cells(content, path, names)


def plain_cells(content: bytes, names: Collection[str] = ()) -> tuple[Cells, list[Fault]] | None:
    """The cells of a file without quotation marks and without a fault, which is read at once.

    None for every other file, whatever it is: `any_cells` reads that, and would read this one just the same.
    """
    if b'"' in content or b"\0" in content or content.startswith(MARKS_OF_TWO_BYTES):
        return None
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    first = content.partition(b"\n")[0].removeprefix(BYTE_ORDER_MARK)
    # A blank line is no row, and yet a spreadsheet counts it.
    if b"\n\n" in content or first.count(b",") >= MOST_COLUMNS or any(mark in first for mark in (b";", b"\t", b"|")):
        return None
    header = first.split(b",")
    places = [f"f{place}" for place in range(len(header))]
    try:
        heading = headings([name.decode() for name in header], names)
        if not any(heading) or (names and not {*heading} & {*names}):
            return None
        table = pa_csv.read_csv(
            pa.BufferReader(content),
            pa_csv.ReadOptions(use_threads=False, skip_rows=1, column_names=places),
            pa_csv.ParseOptions(quote_char=False, ignore_empty_lines=False),
            pa_csv.ConvertOptions(
                column_types=dict.fromkeys(places, pa.dictionary(pa.int32(), pa.string())), strings_can_be_null=False
            ),
        )
    except (pa.ArrowInvalid, UnicodeDecodeError):
        return None
    columns = [texts_of(column) for column in table.unify_dictionaries().combine_chunks().columns]
    longest = [*map(len, header), *(pc.max(pc.binary_length(column.texts)).as_py() or 0 for column in columns)]
    named = [name for name in heading if name]
    unnamed = [column for name, column in zip(heading, columns, strict=True) if not name]
    if len({*named}) < len(named) or max(longest) > MOST_CHARACTERS or any(not one.blank().all() for one in unnamed):
        return None
    held = {name: column for name, column in zip(heading, columns, strict=True) if name}
    rows = np.arange(2, table.num_rows + 2)
    blank = np.ones(len(rows), dtype=bool)
    for column in held.values():
        blank &= column.blank()
        if not blank.any():
            break
    if blank.any():
        rows, held = rows[~blank], {name: column.of(~blank) for name, column in held.items()}
    return Cells(rows, held, letters_of(heading)), []


def any_cells(content: bytes, path: str, names: Collection[str] = ()) -> tuple[Cells | None, list[Fault]]:
    """The cells of any file, row by row."""
    encoding = encoding_of(content)
    if encoding is None:
        return None, [not_text(content, path, names)]
    separator = separator_of(content, encoding, names)
    records = Records(content, encoding, separator)
    try:
        return table_of(records, path, names)
    except csv.Error as error:
        return None, [Fault(path, records.number, "", *broken(str(error)))]
    except UnicodeError:
        return None, [Fault(path, records.number + 1, "", NOT_TEXT, SAVE_AS_UTF8)]


class Records:
    """The records of a file with cells in them, each with its row as a spreadsheet counts it: `number` is the last."""

    def __init__(self, content: bytes, encoding: str, separator: str, errors: str = "strict") -> None:
        """Begin before the first record."""
        self.separator, self.number, self.has_nul = separator, 0, b"\0" in content
        self.text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, errors=errors, newline="")
        without_sep_line(self.text)

    def lines(self) -> Iterator[str]:
        """The lines of the file; csv.Error for one that no table has."""
        while line := self.text.readline(LONGEST_LINE + 1):
            if len(line) > LONGEST_LINE:
                raise csv.Error("line too long")
            yield line

    def __iter__(self) -> Iterator[list[str]]:
        """Each record that is not wholly blank."""
        reader = csv.reader(self.lines(), delimiter=self.separator, strict=True)
        while True:
            self.number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            if any(cells) and any(map(str.strip, cells)):
                yield cells


def table_of(records: Records, path: str, names: Collection[str]) -> tuple[Cells | None, list[Fault]]:
    """The cells of a file from its records; csv.Error or UnicodeError where they break off."""
    every = iter(records)
    first = next(every, None)
    row = records.number
    if first is None:
        return None, [Fault(path, 1, "", "an empty file", "a header with the names of the columns")]
    if len(first) > MOST_COLUMNS:
        return None, [Fault(path, row, "", f"{len(first):,} columns", f"at most {MOST_COLUMNS:,}")]
    heading = headings(first, names)
    if names and not {*heading} & {*names}:
        return None, [no_header(first, row, every, records, path, names)]
    repeated = sorted({name for name in heading if name and heading.count(name) > 1})
    if repeated:
        return None, [Fault(path, row, name, "the column twice", "each column once") for name in repeated]
    # What stands behind the last column that has a name is no column, as long as it is blank.
    width = max(place for place, name in enumerate(heading, start=1) if name) if any(heading) else 0
    letters = letters_of(heading)
    ragged: list[tuple[int, int]] = []
    unreadable: list[Fault] = []
    unnamed: dict[int, Fault] = {}
    numbers: list[int] = []
    whole: list[list[str]] = []
    parts: list[list[pa.Array]] = []
    for cells in every:
        if len(cells) > len(heading):
            while len(cells) > len(heading) and not cells[-1].strip():
                cells.pop()
        if not width <= len(cells) <= len(heading):
            ragged.append((records.number, len(cells)))
            continue
        for place, cell in enumerate(cells[width:], start=width):
            if cell.strip():
                unnamed.setdefault(place, no_name(path, records.number, place, cell))
        numbers.append(records.number)
        whole.append(cells[:width])
        if records.has_nul:
            unreadable += [
                Fault(path, records.number, name, "a cell with a NUL byte", "text")
                for name, cell in zip(heading, cells, strict=False)
                if "\0" in cell
            ]
        if len(whole) == ROWS_AT_A_TIME:
            parts.append([pa.array(column, pa.string()) for column in zip(*whole, strict=True)])
            whole = []
    parts.append([pa.array(column, pa.string()) for column in zip(*whole, strict=True)] or [NO_TEXT] * width)
    columns = [texts_of(pa.chunked_array(part, pa.string()).dictionary_encode()) for part in zip(*parts, strict=True)]
    for place, (name, column) in enumerate(zip(heading, columns, strict=False)):
        held = [] if name else np.flatnonzero(~column.blank()).tolist()
        if held:
            unnamed[place] = no_name(path, numbers[held[0]], place, column.at(held[0]))
    expected = f"{width}, one a column"
    faults = faults_at(ragged, lambda place: Fault(path, place[0], "", f"{place[1]} cells", expected))
    faults += limited(unreadable)
    faults += [unnamed[place] for place in sorted(unnamed)]
    named = {name: column for name, column in zip(heading, columns, strict=False) if name}
    read = Cells(np.array(numbers, dtype="int64"), named, letters, records.separator, row)
    return read, faults + too_long(read, path)


def no_header(
    first: list[str], row: int, every: Iterator[list[str]], records: Records, path: str, names: Collection[str]
) -> Fault:
    """What to say of a file whose first row names no column of the table."""
    found = quoted(" / ".join(cell.strip() for cell in first))
    for _, cells in zip(range(ROWS_ABOVE_A_HEADER), every, strict=False):
        if len({*headings(cells, names)} & {*names}) > 1:
            expected = f"the names of the columns, which stand in row {records.number}: delete the rows above them"
            return Fault(path, row, "", found, expected)
    return Fault(path, row, "", found, f"a header with the names of the columns, {', '.join(names)}")


def no_name(path: str, row: int, place: int, text: str) -> Fault:
    """What to say of a value in a column that has no name."""
    expected = "a name above it in the header, or nothing in the column"
    return Fault(path, row, "", f"{quoted(text.strip())} in a column without a name", expected, letter(place))


def too_long(cells: Cells, path: str) -> list[Fault]:
    """A fault for each cell with more characters than a cell of a pack may have."""
    faults = []
    for name, column in cells.columns.items():
        lengths = pc.utf8_length(column.texts).to_numpy(zero_copy_only=False)
        for place in np.flatnonzero((lengths > MOST_CHARACTERS)[column.places]).tolist():
            found, expected = f"{lengths[column.places[place]]:,} characters", f"at most {MOST_CHARACTERS:,}"
            faults.append(Fault(path, int(cells.rows[place]), name, found, expected, cells.letters.get(name, "")))
    return limited(faults)


def broken(words: str) -> tuple[str, str]:
    """What the reader of records says of a file that breaks off, as what was found and what was expected."""
    if words.startswith(("field larger", "line too long")):
        return "a row without an end", "a row of ordinary length: is a quotation mark left open?"
    if words.startswith("unexpected end"):
        return "a quotation mark that is never closed", "each quotation mark closed, and written twice inside a cell"
    return "a quotation mark inside a cell", "the whole cell in quotation marks, and each mark inside it written twice"


def not_text(content: bytes, path: str, names: Collection[str]) -> Fault:
    """What to say of a file whose bytes have no reading, or more than one: the first cell with such bytes."""
    records = Records(content, "utf-8-sig", separator_of(content, "latin-1", names), errors="surrogateescape")
    try:
        for cells in records:
            for place, cell in enumerate(cells):
                if undecoded(cell):
                    return Fault(path, records.number, "", NOT_TEXT, SAVE_AS_UTF8, letter(place))
    except csv.Error:
        pass
    return Fault(path, max(records.number, 1), "", NOT_TEXT, SAVE_AS_UTF8)


def texts_of(column: Any) -> Texts:
    """A column without the space around its cells, from its encoded chunks, which share their dictionary."""
    chunk = column.unify_dictionaries().combine_chunks()
    if isinstance(chunk, pa.ChunkedArray):
        chunk = chunk.chunk(0) if chunk.num_chunks else pa.array([], chunk.type)
    texts, places = chunk.dictionary, chunk.indices.to_numpy()
    bare = pc.utf8_trim_whitespace(texts)
    if not bare.equals(texts):
        again = bare.dictionary_encode()
        texts, places = again.dictionary, again.indices.to_numpy()[places]
    return Texts(texts, places)
