"""The cells of one CSV file as text, and what is wrong with the file as such.

A column is kept as its different texts and, for each row, which of them stands there: a column of 600,000 cells has a
few thousand texts, and what is asked of a cell depends on its text alone.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from lib.pack.faults import Fault, faults_at, limited

ROWS_AT_A_TIME = 10_000
NO_TEXT = pa.array([], pa.string())
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, eq=False)
class Texts:
    """The cells of a column: its different texts, each once, and for each row the place of its text among them."""

    texts: pa.Array
    places: npt.NDArray[np.int64]

    def at(self, place: int) -> str:
        """The text of a row, by its place from 0."""
        return str(self.texts[int(self.places[place])])


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of a file by column, without the space around them.

    `rows` is the row of each as a spreadsheet counts it, so that a fault can name it: the header is row 1.
    """

    rows: npt.NDArray[np.int64]
    columns: dict[str, Texts]


def read_cells(content: bytes, path: str) -> tuple[Cells | None, list[Fault]]:
    """Read a CSV file's bytes as text: its cells, or None where it cannot be read as a table, and the faults."""
    try:
        return plain_cells(content) or any_cells(content, path)
    except UnicodeDecodeError as error:
        return None, [Fault(path, None, "", f"bytes that are not text ({error.reason})", "a CSV table in UTF-8")]
    except csv.Error as error:
        return None, [Fault(path, None, "", f"a file that cannot be read ({error})", "a CSV table")]


def plain_cells(content: bytes) -> tuple[Cells, list[Fault]] | None:
    """The cells of a file without quotation marks and without a fault, which is read at once.

    None for every other file, whatever it is: `any_cells` reads that, and would read this one just the same.
    """
    if b'"' in content or b"\0" in content:
        return None
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    header = content.partition(b"\n")[0].removeprefix(BYTE_ORDER_MARK).split(b",")
    # A blank line is no row, and yet a spreadsheet counts it.
    if b"\n\n" in content or not any(header):
        return None
    names = [f"f{place}" for place in range(len(header))]
    try:
        headings = [name.decode().strip() for name in header]
        table = pa_csv.read_csv(
            pa.BufferReader(content),
            pa_csv.ReadOptions(use_threads=False, skip_rows=1, column_names=names),
            pa_csv.ParseOptions(quote_char=False, ignore_empty_lines=False),
            pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string())), strings_can_be_null=False
            ),
        )
    except (pa.ArrowInvalid, UnicodeDecodeError):
        return None
    columns = [texts_of(column) for column in table.unify_dictionaries().combine_chunks().columns]
    longest = [*map(len, header), *(pc.max(pc.binary_length(column.texts)).as_py() or 0 for column in columns)]
    if len(set(headings)) < len(headings) or max(longest) > csv.field_size_limit():
        return None
    return Cells(np.arange(2, table.num_rows + 2), dict(zip(headings, columns, strict=True))), []


def any_cells(content: bytes, path: str) -> tuple[Cells | None, list[Fault]]:
    """The cells of any file, row by row; UnicodeDecodeError or csv.Error where it is no CSV table in UTF-8."""
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline=""), strict=True)
    first = next(reader, [])
    header = [name.strip() for name in first]
    ragged: list[tuple[int, int]] = []
    unreadable: list[Fault] = []
    numbers: list[int] = []
    whole: list[list[str]] = []
    parts: list[list[pa.Array]] = []
    has_nul = b"\0" in content
    for number, cells in enumerate(reader, start=2):
        if len(cells) == len(header):
            numbers.append(number)
            whole.append(cells)
        elif cells:
            ragged.append((number, len(cells)))
        if has_nul:
            unreadable += [
                Fault(path, number, name, "a cell with a NUL byte", "text")
                for name, cell in zip(header, cells, strict=False)
                if "\0" in cell
            ]
        if len(whole) == ROWS_AT_A_TIME:
            parts.append([pa.array(column, pa.string()) for column in zip(*whole, strict=True)])
            whole = []
    parts.append([pa.array(column, pa.string()) for column in zip(*whole, strict=True)] or [NO_TEXT] * len(header))
    if not any(first):
        return None, [Fault(path, 1, "", "an empty file", "a header with the names of the columns")]
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated:
        return None, [Fault(path, 1, name, "the column twice", "each column once") for name in repeated]
    expected = f"{len(header)}, one a column"
    faults = faults_at(ragged, lambda place: Fault(path, place[0], "", f"{place[1]} cells", expected))
    faults += limited(unreadable)
    columns = [texts_of(pa.chunked_array(part, pa.string()).dictionary_encode()) for part in zip(*parts, strict=True)]
    return Cells(np.array(numbers, dtype="int64"), dict(zip(header, columns, strict=True))), faults


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
