"""Plain rows of an OpenDocument are read without the parser, and to the same cells as with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sheet_files import cells, ods_row, ods_sheet, refusal

from lib.pack.imports import opendocument

PLAIN = [
    "<table:table-cell/>",
    '<table:table-cell table:number-columns-repeated="3"/>',
    '<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>',
    '<table:table-cell office:value-type="string"><text:p> &amp;lt; &lt;b&gt;&quot;&apos;é</text:p></table:table-cell>',
    '<table:table-cell office:value-type="string"><text:p></text:p></table:table-cell>',
    '<table:table-cell office:value-type="string"><text:p><text:a office:href="http://a?b&amp;c">link</text:a></text:p>'
    "</table:table-cell>",
    '<table:table-cell office:value-type="string" office:string-value="x &amp; y"><text:p>x</text:p>'
    "</table:table-cell>",
    '<table:table-cell office:value-type="string" table:number-columns-repeated="2"><text:p>twice</text:p>'
    "</table:table-cell>",
    '<table:table-cell office:value-type="float" office:value="1.50"><text:p>£1.5</text:p></table:table-cell>',
    '<table:table-cell office:value-type="percentage" office:value="0.25"><text:p>25%</text:p></table:table-cell>',
    '<table:table-cell office:value-type="date" office:date-value="2026-03-31"><text:p>31/03/26</text:p>'
    "</table:table-cell>",
    '<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>TRUE</text:p>'
    "</table:table-cell>",
    '<table:table-cell office:value-type="float" office:value="0"><text:p>#REF!</text:p></table:table-cell>',
]
FOR_THE_PARSER = [
    '<table:table-cell office:value-type="string"><text:p>a</text:p><text:p>b</text:p></table:table-cell>',
    '<table:table-cell office:value-type="string"><text:p>a<text:s text:c="2"/>b</text:p></table:table-cell>',
    '<table:table-cell office:value-type="string"><text:p>a &#233;<!-- no --></text:p></table:table-cell>',
    '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"><text:p>2</text:p>'
    "</table:table-cell>",
    '<table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation>'
    "<text:p>with a note</text:p></table:table-cell>",
]
BETWEEN = ["", "\n", "<!-- <table:table-row><table:table-cell/></table:table-row> -->", "<table:table-row/>"]
ROWS = st.lists(
    st.tuples(
        st.lists(st.sampled_from(PLAIN) | st.sampled_from(PLAIN + FOR_THE_PARSER), max_size=5),
        st.sampled_from(["", 'table:style-name="ro1"', 'table:number-rows-repeated="2"']),
        st.sampled_from(BETWEEN),
    ),
    min_size=1,
    max_size=8,
)


def as_parsed(pieces: Iterator[bytes], _: Any) -> Iterator[bytes]:
    """Everything for the parser."""
    return pieces


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_rows_are_the_same_with_the_parser_and_without(rows: list[tuple[list[str], str, str]]) -> None:
    text = "".join(ods_row(*row, given=about) + after for row, about, after in rows)
    content = ods_sheet(
        ods_row('<table:table-cell office:value-type="string"><text:p>h</text:p></table:table-cell>') + text
    )
    fast = cells(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opendocument, "for_the_parser", as_parsed)
        assert fast == cells(content)


@pytest.mark.parametrize("cell", PLAIN)
def test_a_plain_row_never_comes_to_the_parser(cell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first row does, after which the reader knows where it stands."""
    parsed = []
    end_row = opendocument.Reader.end

    def end(self: opendocument.Reader, name: str) -> None:
        parsed.append(name)
        end_row(self, name)

    monkeypatch.setattr(opendocument.Reader, "end", end)
    first = '<table:table-cell office:value-type="string"><text:p>h</text:p></table:table-cell>'
    cells(ods_sheet(ods_row(first) + ods_row(cell) * 9))
    assert parsed.count(opendocument.ROW) == 1


@pytest.mark.parametrize(
    "damaged", ["<text:p>\x01</text:p>", "<text:p>&no;</text:p>", "<text:p>a</text:q>", "<text:p>a"]
)
def test_a_damaged_row_below_plain_ones_is_refused(damaged: str) -> None:
    row = ods_row('<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>')
    wrong = ods_row(f'<table:table-cell office:value-type="string">{damaged}</table:table-cell>')
    assert "cut short or damaged" in refusal(ods_sheet(row * 3 + wrong + row))
