"""The files that a council fills in: what the pack has reads back to the cell, and no example is taken for a figure."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from typing import Any

import openpyxl
import pandas as pd
import pytest
from council_files import as_csv, as_xlsx, faults, read, rows_of
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_folder import PackFolder

from lib.pack.faults import PackError, SelectionError
from lib.pack.formulas import safe_cell, without_mark
from lib.pack.imports.templates import filled, template
from lib.pack.load import Pack, load_pack

FORMS = ("xlsx", "csv", "ods")
PATHS = {
    "districts": "reference/districts.csv",
    "area_groups": "reference/area_groups.csv",
    "population": "reference/population.csv",
    "service_rates": "reference/service_rates.csv",
    "lots": "reference/lots.csv",
    "wards": "reference/wards.csv",
    "facts": "published/facts.csv",
    "gaps": "published/gaps.csv",
    "intentions": "published/intentions.csv",
    "council_words": "published/council_words.csv",
    "reconciliation": "published/reconciliation.csv",
    "demand": "market/demand.csv",
    "providers": "market/providers.csv",
    "ratings": "market/ratings.csv",
    "capacity": "market/capacity.csv",
    "requests": "market/requests.csv",
    "history": "market/history.csv",
}
# Which a council's own file may have, and the table has not.
FURTHER = {"wards": ["postcodes"]}
HEADS = {
    "demand": "service,district_code,service_type,cohort,people,hours_per_week,annual_cost",
    "wards": "ward_code,ward_name,district_code,latitude,longitude",
    "ratings": "provider_id,domain,rating,rated_on",
}
SIGNS = ("=", "+", "-", "@", "\t", "\r")


def sheets_of(content: bytes) -> dict[str, list[list[Any]]]:
    """The cells of a workbook by its sheets."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def csv_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("form", FORMS)
def test_what_the_pack_has_reads_back_to_the_cell(pack: Pack, folder: PackFolder, form: str) -> None:
    for table, path in PATHS.items():
        change = read(pack, table, filled(table, pack, form), f"{table}.{form}")
        assert {*change.files} == {path}
        assert change.counts == (("rows read", len(pack.table(table))),)
        assert change.notes == ()
        (folder.root / path).write_bytes(change.files[path])
    again = load_pack(folder.root)
    for table in PATHS:
        before = pack.table(table).drop(columns=FURTHER.get(table, []))
        pd.testing.assert_frame_equal(again.table(table)[list(before.columns)], before)


def with_table(pack: Pack, table: str, **columns: list[Any]) -> Pack:
    """A pack with other cells in some columns of a table."""
    frame = pack.table(table).assign(**columns)
    return Pack(pack.root, pack.manifest, {**pack.tables, table: frame}, pack.outlines, "other")


NASTY = [
    ["-A", "=1+1", "@SUM(A1)", "+44", "'=1+1", "''-", "'O'Brien"],
    ["a\nb", "a\tb", "two  spaces  in", "_x000D_", "_x005F_", "<b>&amp;</b>", '"quoted", and more'],
    ["\u200b=1", "\uff1d1", "#x", "TRUE", "2025-03-31", "0012", "1e5"],
    ["é", "名", "😀", "£5", "12%", "NULL", "x\u2028y"],
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("names", NASTY)
def test_nasty_names_read_back_to_the_cell_and_never_run(tiny: Pack, form: str, names: list[str]) -> None:
    other = with_table(tiny, "providers", provider_name=names)
    content = filled("providers", other, form)
    assert [row[1] for row in rows_of(read(other, "providers", content, f"p.{form}"))[1:]] == names
    if form == "ods":
        assert b"table:formula" not in zipfile.ZipFile(io.BytesIO(content)).read("content.xml")
        return
    rows = csv_rows(content) if form == "csv" else [row for rows in sheets_of(content).values() for row in rows]
    assert not [cell for row in rows for cell in row if isinstance(cell, str) and cell.startswith(SIGNS)]
    if form == "xlsx":
        archive = zipfile.ZipFile(io.BytesIO(content))
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist() if "sheet" in name)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"])), min_size=7, max_size=7))
def test_any_names_read_back(tiny: Pack, names: list[str]) -> None:
    names = [f"x{name}" for name in names]
    other = with_table(tiny, "providers", provider_name=names)
    for form in FORMS:
        if form == "ods" and any(letter in name for name in names for letter in "\ufffe\uffff"):
            continue
        change = read(other, "providers", filled("providers", other, form), f"p.{form}")
        assert [row[1] for row in rows_of(change)[1:]] == names


@given(st.text(max_size=5, alphabet="'=+-@ \ta1\n"))
def test_the_mark_against_formulas_comes_off_again(text: str) -> None:
    marked = safe_cell(text)
    assert without_mark(marked) == text
    assert not marked.startswith((*SIGNS, "\n"))


@pytest.mark.parametrize("form", FORMS)
def test_numbers_with_more_digits_than_a_spreadsheet_keeps(tiny: Pack, form: str) -> None:
    exact = [-0.30000000000000004, 51.123456789012345]
    other = with_table(tiny, "wards", longitude=exact, latitude=[52.1, 1e-7])
    rows = rows_of(read(other, "wards", filled("wards", other, form), f"w.{form}"))
    assert [float(row[4]) for row in rows[1:]] == exact
    assert [float(row[3]) for row in rows[1:]] == [52.1, 1e-7]


def test_districts_of_one_name_keep_it(tiny: Pack) -> None:
    names = ["Ash (E07000001)", "Ash (E07000002)", "Cedar (E07000003)"]
    other = with_table(tiny, "districts", district_name=names)
    rows = rows_of(read(other, "districts", filled("districts", other, "csv")))
    assert [row[1] for row in rows[1:]] == ["Ash", "Ash", "Cedar (E07000003)"]


def test_a_letter_that_no_ods_can_hold_is_refused(tiny: Pack) -> None:
    other = with_table(tiny, "providers", provider_name=["a\x07b", *"BCDEFG"])
    with pytest.raises(PackError, match="column provider_name: found a letter that cannot be seen, which an ODS file"):
        filled("providers", other, "ods")
    for form in ("xlsx", "csv"):
        assert rows_of(read(other, "providers", filled("providers", other, form), f"p.{form}"))[1][1] == "a\x07b"


# ---- the empty ones


@pytest.mark.parametrize("form", FORMS)
def test_a_template_as_it_is_has_no_rows(tiny: Pack, form: str) -> None:
    for table in PATHS:
        (fault,) = faults(tiny, table, template(table, tiny, form), f"{table}.{form}")
        assert fault.found == "the example rows of the template and no other"


@pytest.mark.parametrize("table", PATHS)
def test_the_examples_would_be_taken_were_they_not_marked(pack: Pack, tiny: Pack, table: str) -> None:
    for one in (pack, tiny):
        rows = csv_rows(template(table, one, "csv"))
        assert rows[0][-1] == "example"
        assert len(rows) == 3
        assert {row[-1] for row in rows[1:]} == {"Example: passed over as it is"}
        assert len(rows_of(read(one, table, as_csv([row[:-1] for row in rows])))) == 3


@pytest.mark.parametrize("form", FORMS)
def test_a_template_that_was_filled_in(tiny: Pack, form: str) -> None:
    own = ["home", "Ash", "Day", "Older", 10, 100, 130000]
    content = template("demand", tiny, form)
    if form == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content))
        book["demand"].append(own)
        file = io.BytesIO()
        book.save(file)
        content = file.getvalue()
    elif form == "csv":
        content += b"home,Ash,Day,Older,10,100,130000,\r\n"
    else:
        cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
        row = "".join(cell.format(value) for value in own)
        content = with_part(content, "</table:table>", f"<table:table-row>{row}</table:table-row></table:table>")
    change = read(tiny, "demand", content, f"demand.{form}")
    assert rows_of(change)[1:] == [["home", "E07000001", "day", "older", "10", "100", "130000"]]
    assert ("example rows passed over", 2) in change.counts
    assert "The example of the template in row 2, and the like in 1 more row (3), was passed over." in change.notes


def with_part(content: bytes, old: str, new: str) -> bytes:
    """An ODS with the first of some text in it replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(file, "w") as after:
        for entry in before.infolist():
            text = before.read(entry)
            changed = text.replace(old.encode(), new.encode(), 1)
            after.writestr(entry, changed if entry.filename == "content.xml" else text)
    return file.getvalue()


def test_an_example_that_was_written_over_is_not_passed_over_in_silence(tiny: Pack) -> None:
    rows = csv_rows(template("demand", tiny, "csv"))
    rows[2][5] = "621"
    (fault,) = faults(tiny, "demand", as_csv(rows))
    assert str(fault) == (
        "council.csv, row 3, column example (H): found a row that is marked as an example, with other cells than it, "
        "expected nothing in column H where the row is the council's own, or the row taken out"
    )
    rows[2][7] = ""
    assert rows_of(read(tiny, "demand", as_csv(rows)))[1][5] == "621"


def test_an_example_that_a_spreadsheet_wrote_in_its_own_way_is_still_one(tiny: Pack) -> None:
    rows = csv_rows(template("requests", tiny, "csv"))
    place = rows[0].index("requested_on")
    rows[1][place] = f"{dt.date.fromisoformat(rows[1][place]):%d/%m/%Y}"
    rows.append(["R1", *rows[2][1:-1], ""])
    assert [row[0] for row in rows_of(read(tiny, "requests", as_csv(rows)))[1:]] == ["R1"]


@pytest.mark.parametrize("table", HEADS)
def test_the_header_is_the_models_columns(pack: Pack, table: str) -> None:
    for one in (pack, None):
        assert csv_rows(template(table, one, "csv"))[0] == [*HEADS[table].split(","), "example"]
        assert sheets_of(template(table, one, "xlsx"))[table][0] == [*HEADS[table].split(","), "example"]
    assert csv_rows(filled(table, pack, "csv"))[0] == HEADS[table].split(",")


def test_the_sheet_of_notes_says_what_each_column_is(tiny: Pack) -> None:
    notes = sheets_of(template("capacity", tiny, "xlsx"))["Notes"]
    cells = {row[0]: row[1:] for row in notes}
    assert cells["Column"] == ["What it is", "Counted in", "Needed", "What may stand there", "Tells rows apart"]
    assert cells["route"] == [
        "How the council buys from it", None, "yes, in each row",
        "one of tier_1 (Tier 1), tier_2 (Tier 2), spot (Spot)", "yes",
    ]  # fmt: skip
    assert cells["district_code"][3] == "one of E07000001 (Ash), E07000002 (Birch), E07000003 (Cedar)"
    assert cells["performance_score"] == [
        "Performance score", "0 to 100", "the column, though a cell may be empty",
        "a number from 0 to 100, or an empty cell", None,
    ]  # fmt: skip
    assert notes[0][0].startswith("Template of the table capacity (market/capacity.csv): What each provider delivers")
    assert notes[1][0] == (
        "Fill in the sheet capacity, one row for each provider_id, service, district_code, service_type, cohort and "
        "route: no two rows may have the same."
    )


def test_a_workbook_offers_what_may_stand_in_a_cell(tiny: Pack) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template("capacity", tiny, "xlsx")))
    sheet = book["capacity"]
    assert sheet.freeze_panes == "A2"
    rules = {str(rule.sqref)[0]: rule for rule in sheet.data_validations.dataValidation}
    lists = {}
    for at, rule in rules.items():
        if rule.type == "list":
            area = rule.formula1.removeprefix("Lists!").replace("$", "")
            lists[at] = [cell.value for row in book["Lists"][area] for cell in row]
    assert lists == {
        "A": ["P1", "P2", "P3", "P4", "P5", "P6", "P7"],
        "B": ["home", "respite"],
        "C": ["Ash", "Birch", "Cedar"],
        "D": ["day", "night", "visit"],
        "E": ["older", "younger", "child"],
        "F": ["tier_1", "tier_2", "spot"],
    }
    assert (rules["K"].type, rules["K"].formula1, rules["K"].formula2) == ("decimal", "0", "100")
    assert {rule.errorStyle for rule in rules.values() if rule.showErrorMessage} == {"warning"}
    assert sheet.column_dimensions["A"].number_format == "@"
    ratings = openpyxl.load_workbook(io.BytesIO(filled("ratings", tiny, "xlsx")))["ratings"]
    assert ratings["D2"].number_format == "yyyy-mm-dd"
    assert ratings["D2"].value == dt.datetime(2023, 1, 31)


def test_labels_of_the_pack_are_never_run_either(tiny: Pack) -> None:
    other = with_table(tiny, "districts", district_name=["=1+1", "@x", "-y"])
    for table in ("demand", "districts"):
        for content in (template(table, other, "xlsx"), filled(table, other, "xlsx")):
            cells = [cell for rows in sheets_of(content).values() for row in rows for cell in row]
            assert not [cell for cell in cells if isinstance(cell, str) and cell.startswith(SIGNS)]
    rows = [HEADS["demand"].split(","), ["home", "'=1+1", "day", "older", "1", "1", "1"]]
    assert rows_of(read(other, "demand", as_xlsx(demand=rows), "d.xlsx"))[1][1] == "E07000001"


def test_no_such_table_and_no_such_form(tiny: Pack) -> None:
    with pytest.raises(SelectionError, match="no such table: 'x', expected one of districts, "):
        template("x", None, "csv")
    with pytest.raises(SelectionError, match="no such form: 'doc', expected one of xlsx, csv, ods"):
        filled("demand", tiny, "doc")  # type: ignore[arg-type]
