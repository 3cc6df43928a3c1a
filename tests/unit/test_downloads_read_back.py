"""What people download never runs as a formula in a spreadsheet, and reads back to the cell."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.market.tables import download_csv
from lib.pack.formulas import without_mark
from lib.pack.load import Pack

STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
nasty = st.text(st.sampled_from("=+-@'\"ab,;\n\t 1\u200b\ufeff\uff1d"), max_size=6)


def cells_of(frame: pd.DataFrame) -> list[list[str]]:
    return list(csv.reader(io.StringIO(download_csv(frame, ()), newline="")))


@given(st.lists(st.tuples(nasty, nasty), min_size=1, max_size=5), nasty)
def test_any_text_reads_back_and_none_runs(rows: list[tuple[str, str]], name: str) -> None:
    frame = pd.DataFrame([["x", *row] for row in rows], columns=["first", f"{name}a", f"{name}b"])
    found = cells_of(frame)
    assert not [cell for row in found for cell in row if cell.lstrip(" \n\t\u200b\ufeff").startswith(STARTS)]
    assert not [cell for row in found for cell in row if cell.startswith(("\t", "\r", "\n"))]
    assert [[without_mark(cell) for cell in row] for row in found] == [list(frame.columns), *frame.to_numpy().tolist()]


@pytest.mark.parametrize(
    "table",
    [
        *("districts", "area_groups", "service_rates", "lots", "wards", "facts", "gaps", "intentions"),
        *("council_words", "reconciliation", "demand", "providers", "ratings", "capacity", "history"),
    ],
)
def test_texts_of_every_table_read_back(tiny: Pack, table: str) -> None:
    frame = tiny.table(table)
    texts = [column for column in frame.columns if pd.api.types.is_string_dtype(frame[column])]
    wanted = frame[texts].astype(object)
    wanted = wanted.where(frame[texts].notna(), "")
    found = cells_of(frame[texts])
    assert not [cell for row in found for cell in row if cell.startswith(STARTS)]
    assert [
        [without_mark(cell) for cell in row] for row in found[1:] if any(row) or texts
    ] == wanted.to_numpy().tolist()
