"""Reading a file as text: the quick way and the way that copes with anything say the same."""

import csv
import io
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import lib.pack.cells
from lib.pack.cells import Cells, any_cells, plain_cells
from lib.pack.read import Values, combined

HEADER = b"a,b,c\n"


def plain(read: tuple[Cells | None, list[Any]] | None) -> Any:
    """What was read, as rows of text by their number, and the faults as sentences."""
    assert read is not None
    cells, faults = read
    columns = {} if cells is None else {name: [column.at(row) for row in range(len(cells.rows))] for name, column in
                                        cells.columns.items()}  # fmt: skip
    return None if cells is None else cells.rows.tolist(), columns, [str(fault) for fault in faults]


PIECES = ["a", "1", "é", " ", ",", ",", ",", "\n", "\n", "\r\n", "\r", '"', "\0", "\ufeff", "\x1c", "\u2028"]
pieces = st.lists(st.sampled_from(PIECES), max_size=25).map(lambda parts: "".join(parts).encode())


@settings(max_examples=400, deadline=None)
@given(start=st.sampled_from([b"", b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf"]), body=pieces, rows=st.booleans())
@example(start=b"", body=b"1,2,3\n4,5,6", rows=True)
@example(start=b"", body=b"\xef\xbb\xbf1,2,3\n", rows=True)
@example(start=b"", body=b"1,2,\xed\xa0\x80\n", rows=True)
def test_a_file_read_at_once_is_the_file_read_row_by_row(start: bytes, body: bytes, rows: bool) -> None:
    content = start + (HEADER + b"1,2,3\n" if rows else b"") + body
    quick = plain_cells(content)
    if quick is not None:
        assert plain(quick) == plain(any_cells(content, "a.csv"))


@pytest.mark.parametrize(
    "content",
    [
        HEADER + b"1,2,3\n4,,6\n",
        b"\xef\xbb\xbf" + HEADER + b"1,2,3\n4,,6",
        (HEADER + b"1,2,3\n4,,6\n").replace(b"\n", b"\r\n"),
        (HEADER + b"1,2,3\n4,,6\n").replace(b"\n", b"\r"),
        (HEADER + b"1,2,3\n4,,6\n").replace(b",", b" , "),
    ],
)
def test_an_ordinary_file_is_read_at_once(content: bytes) -> None:
    assert plain(plain_cells(content)) == ([2, 3], {"a": ["1", "4"], "b": ["2", ""], "c": ["3", "6"]}, [])


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\n", b",,\n1,2,3\n", b"a,a,c\n1,2,3\n", HEADER + b"1,2\n", HEADER + b"1,2,3\n\n4,5,6\n",
        HEADER + b'1,2,"3"\n', HEADER + b"1,2,\0\n", HEADER + b"1,2,\xe9\n", HEADER + b"1,2," + b"x" * 131_073,
        HEADER + b"1,2," + b"x" * 2_000_000,
    ],
)  # fmt: skip
def test_any_other_file_is_read_row_by_row(content: bytes) -> None:
    assert plain_cells(content) is None


def test_rows_are_read_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lib.pack.cells, "ROWS_AT_A_TIME", 2)
    content = HEADER + b'1,"x, y", 3\n\n4,,6\n1,2\n7,"x, y",3\n'
    assert plain(any_cells(content, "a.csv")) == (
        [2, 4, 6],
        {"a": ["1", "4", "7"], "b": ["x, y", "", "x, y"], "c": ["3", "6", "3"]},
        ["a.csv, row 5: found 2 cells, expected 3, one a column"],
    )


def test_texts_that_differ_by_the_space_around_them_are_one() -> None:
    cells, _ = any_cells(HEADER + b"x,1,1\n x,1,1\nx ,1,1\n", "a.csv")
    assert cells is not None
    assert cells.columns["a"].texts.to_pylist() == ["x"]
    assert cells.columns["a"].places.tolist() == [0, 0, 0]


def test_a_large_file_is_the_same_file() -> None:
    """More than one of the blocks in which a file is read, each of which has texts of its own."""
    rows = [[str(row), str(row % 7), f"E{row % 1000:08d}"] for row in range(120_000)]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([["a", "b", "c"], *rows])
    content = text.getvalue().encode()
    assert len(content) > 2**21
    quick = plain_cells(content)
    assert quick is not None and quick[0] is not None
    for place, name in enumerate("abc"):
        column = quick[0].columns[name]
        texts = np.array(column.texts.to_pylist(), dtype=object)
        assert len(set(texts)) == len(texts)
        assert texts[column.places].tolist() == [row[place] for row in rows]


def test_keys_of_many_columns_are_told_apart() -> None:
    """Four columns of 70,000 values have more keys than there are whole numbers to tell them apart."""
    different = np.arange(70_000.0)
    places = np.append(np.arange(70_000), 5)
    swapped = np.append(np.arange(70_000)[::-1], 69_994)
    columns = [Values(different, places), Values(different, swapped)] * 2
    assert pd.Series(combined(columns)).duplicated().to_numpy().nonzero()[0].tolist() == [70_000]
