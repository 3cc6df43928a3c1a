"""The documents that follow from the code say what the code says today."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.write_docs import DOCUMENTS, cell, table

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("path", ["docs/levers.md"])
def test_a_document_is_what_the_code_says(path: str) -> None:
    found = (ROOT / path).read_text(encoding="utf-8")
    assert found == DOCUMENTS[path](), f"{path} is old: make docs writes it again"


def test_every_document_is_compared() -> None:
    assert list(DOCUMENTS) == ["docs/indicators.md", "docs/levers.md"]


def test_a_table_shows_text_as_it_stands() -> None:
    rows = [[cell("a|b *c* _d_ <e>"), cell("two\nlines")]]
    assert table(["One", "Two"], rows) == (
        "| One | Two |\n| --- | --- |\n| a\\|b \\*c\\* \\_d\\_ \\<e\\> | two lines |\n"
    )


def test_the_levers_have_their_words_and_their_place() -> None:
    """What the table says of three levers, by hand."""
    rows = {
        line.split(" | ")[1]: [part.strip() for part in line.strip("| ").split(" | ")]
        for line in (ROOT / "docs/levers.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and "`" in line
    }
    shift = rows["`demand.direct_payment_shift_pct`"]
    assert shift[2:] == [
        "% by the last year",
        "Share of people who arrange their own care with a direct payment, reached in equal steps.",
        "0 to 50", "1", "0% by the last year", "people, demand, spend", "4. Shift to direct payments", "±5",
        "direct payments", "Their own budgets are not included in the cost.",
    ]  # fmt: skip
    assert rows["`supply.vacancy_rate_pct`"][7] == "capacity"
    assert rows["`range.seed`"][7] == "the range"
