"""The tables of a page as one spreadsheet: formats, marks, names, notes and cells, read back from the file."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import published
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.charts.kit.palette import DARK_INK
from lib.export import sheet_writer
from lib.export.edition import edition_workbook
from lib.export.sheet_columns import columns_of, why_empty
from lib.export.sheet_writer import in_foot
from lib.export.sheets import Sheet, sheet_names, sheet_of
from lib.export.workbook import one_workbook
from lib.market.about import about, for_file
from lib.market.profile import profile
from lib.market.selection import select
from lib.market.sharing import INTERNAL, county_for_sharing
from lib.market.tables import labelled_profile
from lib.market.units import UNITS
from lib.pack.formulas import without_mark
from lib.pack.load import Pack
from lib.publish.write import csv_of
from lib.view.market_audience.folder import newest_edition

MADE = dt.date(2025, 3, 31)
nasty = st.text(st.sampled_from("=+-@'\"ab,;\n\t 1\u200b\ufeff\uff1d&<_x0D"), max_size=8)


def read(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def table_of(sheet: Any) -> list[list[Any]]:
    """The head and the rows, as the filter has them."""
    return [[cell.value for cell in row] for row in sheet[sheet.auto_filter.ref]]


def cells_at(sheet: Any, row: int) -> list[Any]:
    """The cells of a row of the table, 0 for the head."""
    return list(sheet[sheet.auto_filter.ref][row])


def plain(frame: pd.DataFrame, **given: Any) -> Sheet:
    return Sheet("Table", "What it shows", frame, ("Status: illustrative. Data to 31 March 2025.",), **given)


# Cells and formats.


def test_each_unit_has_its_format_and_each_cell_is_what_the_file_has() -> None:
    frame = pd.DataFrame(
        {
            "area": ["Ash", "Birch"],
            "hours": [1234.56789, None],
            "cost": [2_163_000.0, 0.0],
            "rate": [24.5, 19.125],
            "share": [0.4567, 1.0],
            "coverage": [1.04, None],
            "people": [1000, 7],
            "rank": [1, pd.NA],
            "year_label": ["2024/25", "2025/26"],
            "on": pd.to_datetime(["2025-01-31", None]),
            "asked": ["2024-12-01", ""],
            "year": [2024, 2025],
        }
    )
    heads = {
        "area": "Area", "hours": ("Demand", "hours"), "cost": ("Cost", "pounds"), "rate": ("Rate", "pounds_per_hour"),
        "share": ("Spot", "share"), "coverage": ("Coverage", "ratio"), "people": ("People", "people"), "rank": "Rank",
        "year_label": "Financial", "on": "Rated on", "asked": "Asked on", "year": "Base year",
    }  # fmt: skip
    sheet = read(one_workbook("All", [plain(for_file(frame, heads))], MADE))["Table"]
    head, first, second = table_of(sheet)
    assert head == [
        "Area", "Demand (hours a week)", "Cost (pounds a year)", "Rate (pounds an hour)", "Spot (percent)",
        "Coverage (ratio)", "People (people)", "Rank", "Financial", "Rated on", "Asked on", "Base year",
    ]  # fmt: skip
    day, asked = dt.datetime(2025, 1, 31), dt.datetime(2024, 12, 1)
    assert first == ["Ash", 1234.5679, 2163000, 24.5, 45.67, 1.04, 1000, 1, "2024/25", day, asked, 2024]
    assert second == ["Birch", None, 0, 19.125, 100, None, 7, None, "2025/26", None, None, 2025]
    formats = [cell.number_format for cell in cells_at(sheet, 1)]
    assert formats == [
        "General", "#,##0", "£#,##0", "£#,##0.00", '#,##0.0"%"', "#,##0.00", "#,##0", "#,##0", "General", "d mmm yyyy",
        "d mmm yyyy", "0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "scaled", "layout"),
    [
        ("share", True, '#,##0.0"%"'), ("share", False, "#,##0.0%"), ("percent", True, '#,##0.0"%"'),
        ("pounds_per_person", True, "£#,##0"), ("hours_per_person", True, "#,##0.0"), ("index", True, "#,##0"),
    ],
)  # fmt: skip
def test_a_unit_says_its_format(code: Any, scaled: bool, layout: str) -> None:
    assert UNITS[code].sheet_format(scaled) == layout


def test_columns_of_the_calculations_have_their_units_in_the_head() -> None:
    frame = pd.DataFrame({"provider_id": ["P1"], "placed_hours": [12.25], "share": [0.25], "cost": [1000.0]})
    sheet = read(one_workbook("All", [plain(frame)], MADE))["Table"]
    assert table_of(sheet)[0] == [
        "provider_id", "placed_hours (hours a week)", "share (percent)", "cost (pounds a year)",
    ]  # fmt: skip
    assert [cell.number_format for cell in cells_at(sheet, 1)] == ["General", "#,##0", "#,##0.0%", "£#,##0"]
    quarterly = columns_of(pd.DataFrame({"quarter": ["2025 Q1"], "cost": [1.0]}))
    assert quarterly[1].head == "cost (pounds a quarter)"


def test_what_is_suppressed_stays_a_c_and_what_is_empty_stays_empty(tiny: Pack) -> None:
    whole = select(tiny, "home").county()
    frame = county_for_sharing(tiny, whole)
    assert "c" in set(frame["value"])
    told = about(tiny, "County", "demand", internal=False, service="home")
    sheet = read(one_workbook("All", [sheet_of(told, "", frame)], MADE))["County"]
    rows = table_of(sheet)
    for row, (_, wanted) in zip(rows[1:], frame.iterrows(), strict=True):
        value = wanted["value"]
        if value == "c":
            assert row[1] == "c"
        elif pd.isna(value):
            assert row[1] is None
        else:
            assert row[1] == pytest.approx(value, abs=5e-5)


def test_figures_of_several_units_in_a_column_have_each_its_own_format() -> None:
    units = ["share, 0 to 1", "hours a week", "percent", "pounds a year", "people", "parsecs"]
    frame = pd.DataFrame({"value": [0.125, "c", 12.5, 7.0, None, 1.5], "unit": units})
    sheet = read(one_workbook("All", [plain(frame)], MADE))["Table"]
    formats = [cells_at(sheet, row)[0].number_format for row in (1, 3, 4, 6)]
    assert formats == ["#,##0.0%", '#,##0.0"%"', "£#,##0", "#,##0.0###"]
    assert table_of(sheet)[0] == ["value", "unit"]


def test_odd_values_are_written_as_words_or_as_they_are() -> None:
    frame = pd.DataFrame({"x": [True, float("inf"), 0.123456, "a\r\nb\rc", "\ud800\uffff", "y" * 40_000, "a\x07b"]})
    rows = table_of(read(one_workbook("All", [plain(frame)], MADE))["Table"])
    values = [row[0] for row in rows[1:]]
    assert values[:5] == [True, "inf", 0.1235, "a\nb\nc", "\ufffd\ufffd"]
    assert values[5] == "y" * 32_766 + "…"
    assert openpyxl.utils.escape.unescape(values[6]) == "a\x07b"


def test_words_that_are_almost_days_stay_words() -> None:
    frame = pd.DataFrame({"x": ["2025-01-31", "2025-02-31"], "y": ["2025-01-31", "soon"]})
    assert table_of(read(one_workbook("All", [plain(frame)], MADE))["Table"])[1:] == [
        ["2025-01-31", "2025-01-31"], ["2025-02-31", "soon"],
    ]  # fmt: skip


@given(st.lists(st.tuples(nasty, nasty), min_size=1, max_size=4), nasty, nasty)
def test_no_text_is_ever_a_formula_and_all_of_it_reads_back(rows: list[tuple[str, str]], name: str, title: str) -> None:
    frame = pd.DataFrame([["x", *row] for row in rows], columns=["first", f"{name}a", f"{name}b"])
    content = one_workbook(title, [Sheet(name, title, frame, (title,), (title,), title, True, name)], MADE)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        for part in file.namelist():
            assert b"<f>" not in file.read(part)
    found = read(content)
    wanted = [[text or None for text in row] for row in frame.to_numpy().tolist()]
    table = table_of(found[found.sheetnames[1]])
    unescaped = [[openpyxl.utils.escape.unescape(cell) if cell else cell for cell in row] for row in table[1:]]
    assert [[cell if cell is None else cell.replace("\r", "\n") for cell in row] for row in unescaped] == wanted


def test_text_that_starts_like_a_formula_is_marked_as_text() -> None:
    sheet = read(one_workbook("All", [plain(pd.DataFrame({"x": ["=1+1", "plain"]}))], MADE))["Table"]
    marked, bare = cells_at(sheet, 1)[0], cells_at(sheet, 2)[0]
    assert (marked.value, marked.data_type, marked.quotePrefix) == ("=1+1", "s", True)
    assert not bare.quotePrefix


# Sheets.


def test_a_sheet_stands_ready_to_be_read_and_printed(tiny: Pack) -> None:
    selection = select(tiny, "home")
    told = about(tiny, "Home care: every indicator", "demand", service="home")
    frame = labelled_profile(tiny, selection, profile(tiny, selection))
    sheet = read(one_workbook("All", [sheet_of(told, "Every indicator", frame)], MADE))["Every indicator"]
    head = int(re.findall(r"\d+", sheet.auto_filter.ref)[0])
    assert sheet.freeze_panes == f"C{head + 1}"  # a code and the name of its area
    assert sheet.print_title_rows == f"${head}:${head}"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (0, True)
    foot = sheet.oddFooter
    demonstration = tiny.manifest.demonstration
    assert INTERNAL in foot.left.text
    assert demonstration in foot.left.text
    assert foot.right.text == "Sheet &P of &N"
    above = [row[0].value for row in sheet.iter_rows(max_row=head - 1)]
    assert above[0] == INTERNAL
    assert above[1] == "Home care: every indicator"
    assert demonstration in above
    assert any(str(line).startswith("Home care: every indicator. Status: ") for line in above)
    widths = [one.width for one in sheet.column_dimensions.values()]
    assert min(widths) >= 9
    assert max(widths) <= 47


def test_a_file_that_may_be_shared_has_no_internal_mark(tiny: Pack) -> None:
    told = about(tiny, "County", "demand", internal=False, service="home")
    content = one_workbook("All", [sheet_of(told, "", pd.DataFrame({"x": [1]}))], MADE)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert not [part for part in file.namelist() if b"do not share" in file.read(part)]


def test_names_of_sheets_are_valid_short_and_unlike() -> None:
    labels = [
        "Every indicator", "every INDICATOR", "Notes", "History", "a/b:c*d?[e]\\f", "'quoted'", "", "[]",
        "Headroom, hours a week, older people, lot by lot", "Headroom, hours a week, older people, by district",
        "x" * 40, "\U0001f600" * 20, "=1+1",
    ]  # fmt: skip
    assert sheet_names(labels) == [
        "Every indicator", "every INDICATOR 2", "Notes 2", "History 2", "a-b c d e f", "quoted", "Table", "Table 2",
        "Headroom, hours a week, older", "Headroom, hours a week, older 2", "x" * 31, "\U0001f600" * 15, "=1+1",
    ]  # fmt: skip


@given(st.lists(st.text(max_size=40), max_size=12))
def test_any_names_are_valid_and_unlike(labels: list[str]) -> None:
    names = sheet_names(labels)
    assert len({name.casefold() for name in names}) == len(labels)
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\\x00-\x1f]|^'|'$", name)
    one_workbook("All", [Sheet(label, "", pd.DataFrame({"x": [1]})) for label in labels], MADE)


def test_a_foot_holds_what_a_sheet_must_say_and_no_code_of_the_text() -> None:
    assert in_foot(["Fish & chips", "2024"]) == "&L&8 Fish && chips 2024&RSheet &P of &N"
    long = in_foot(["&" * 400])
    assert len(long) <= 255
    assert long.endswith("…&RSheet &P of &N")


def test_a_table_of_more_rows_than_a_sheet_takes_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.export.sheets.MOST_ROWS", 3)
    monkeypatch.setattr(sheet_writer, "MOST_ROWS", 3)
    frame = pd.DataFrame({"x": range(5)})
    book = read(one_workbook("All", [plain(frame, file="all.csv")], MADE))
    assert table_of(book["Table"])[1:] == [[0], [1], [2]]
    said = "Here are the first 3 of 5 rows: all.csv has all."
    for name in ("Table", "Notes"):
        assert said in [row[0].value for row in book[name].iter_rows()]


def test_tables_without_rows_or_columns_are_sheets_too() -> None:
    book = read(one_workbook("All", [plain(pd.DataFrame({"x": []})), Sheet("None", "", pd.DataFrame())], MADE))
    assert table_of(book["Table"])[0] == ["x"]
    assert book["None"].auto_filter.ref is None


# Notes.


def test_the_notes_say_what_the_workbook_is_of(tiny: Pack) -> None:
    told = about(tiny, "Demand by area", "demand", "capacity", service="home", further=("A formula.",))
    other = about(tiny, "Capacity by area", "capacity", service="home", assumptions=("Assumed: 5%.",))
    frame = for_file(pd.DataFrame({"a": ["Ash", ""], "h": [None, 2.0]}), {"a": "Area", "h": ("Demand", "hours")})
    rates = for_file(pd.DataFrame({"a": ["Ash"], "r": [None]}), {"a": "Area", "r": ("Rate", "pounds_per_hour")})
    sheets = [sheet_of(told, "Demand", frame, "demand.csv"), sheet_of(other, "", rates, "capacity.csv")]
    book = read(one_workbook("What the page is", sheets, MADE, about=["Chosen: all."]))
    assert book.sheetnames == ["Notes", "Demand", "Capacity by area"]
    notes = book["Notes"]
    rows = [[cell for cell in row if cell is not None] for row in notes.values]
    lines = [row[0] for row in rows if row]
    assert lines[:3] == [INTERNAL, "What the page is", "Chosen: all."]
    assert tiny.manifest.demonstration in lines
    assert (
        'An empty cell is a figure that is not known or has nothing to divide by; it is never 0. "c" is a figure'
        in (" ".join(lines))
    )
    assert ["Demand", "Home care: Demand by area", str(told.status), "internal", 2, "demand.csv"] in rows
    assert notes.cell([row[:1] for row in rows].index(["Demand"]) + 1, 1).hyperlink.location == "'Demand'!A1"
    once = [line for line in lines if line.startswith(tiny.manifest.resource("capacity").title)]
    assert len(once) == 1, "what holds for every sheet is said once"
    assert "A formula." in lines
    assert "Assumed: 5%." in lines
    assert ["Demand", "Demand (hours a week)", "hours a week", str(told.status), 1, "not known"] in rows
    assert ["Demand", "Area", 1, "nothing to say"] in rows
    empty = "not known, or not applicable as there is nothing to divide by"
    assert ["Capacity by area", "Rate (pounds an hour)", "pounds an hour", str(other.status), 1, empty] in rows


def test_a_status_in_a_head_is_that_of_its_column() -> None:
    frame = pd.DataFrame({"Demand (hours a week; modelled)": [1.0], "Gap (hours a week)": [1.0]})
    book = read(one_workbook("All", [plain(frame, status="illustrative")], MADE))
    found = {row[1]: row[3] for row in book["Notes"].values if row[1]}
    assert found["Demand (hours a week; modelled)"] == "modelled"
    assert found["Gap (hours a week)"] == "illustrative"


def test_why_a_cell_is_empty_depends_on_its_unit() -> None:
    text, share = columns_of(for_file(pd.DataFrame({"a": [""], "s": [None]}), {"a": "Area", "s": ("Spot", "share")}))
    assert (text.empty, why_empty(text)) == (1, "nothing to say")
    assert why_empty(share) == "not known, or not applicable as there is nothing to divide by"


# Paper.


def test_the_ink_that_paper_changes_is_that_of_charts_in_the_dark_scheme() -> None:
    """The style finds a chart's words, lines and ground by their colours."""
    style = (Path(__file__).parents[2] / "lib/view/assets/print_dark.css").read_text(encoding="utf-8")
    assert set(re.findall(r'fill="(#[0-9a-f]{6})"', style)) == {DARK_INK.background, DARK_INK.text, DARK_INK.quiet}


# The file.


def test_the_same_tables_are_the_same_bytes_with_the_date_of_the_data() -> None:
    sheets = [plain(pd.DataFrame({"x": [1.5, None], "y": ["a", "=b"]}))]
    first, second = (one_workbook("All", sheets, MADE) for _ in range(2))
    assert first == second
    book = read(first)
    assert book.properties.created == dt.datetime(2025, 3, 31)
    assert book.properties.title == "All"


# A publication.


def test_an_edition_is_a_workbook_of_its_own_csv_files_and_says_nothing_else(tmp_path: Path) -> None:
    found, _ = newest_edition(published.write_by_hand(tmp_path))
    content = edition_workbook(found)
    assert content == edition_workbook(found)
    book = read(content)
    assert book.sheetnames == ["Notes", *found.tables]
    for name, table in found.tables.items():
        rows = list(csv.reader(io.StringIO(csv_of(table))))
        head, *body = table_of(book[name])
        assert all(
            own == field.name or own.startswith(f"{field.name} (")
            for own, field in zip(head, table.fields, strict=True)
        )
        shown = [["" if cell is None else str(cell.date() if isinstance(cell, dt.datetime) else cell) for cell in row]
                 for row in body]  # fmt: skip
        wanted = [[f"{float(cell):.4f}".rstrip("0").rstrip(".") if cell.replace(".", "", 1).isdigit() and "." in cell
                   else cell for cell in row] for row in rows[1:]]  # fmt: skip
        assert shown == [[without_mark(cell) for cell in row] for row in wanted]
        assert "c" in [cell for row in shown for cell in row] or name != "demand"
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        whole = b"".join(file.read(part) for part in file.namelist())
    assert INTERNAL.encode() not in whole
    assert found.about.demonstration.encode() in whole
