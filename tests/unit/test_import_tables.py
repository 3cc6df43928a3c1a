# ruff: noqa: E501 (what a reader is told stands here in one line, as it is told)
"""A table of the pack is read from a council's own file however it was put together, or refused cell by cell."""

from __future__ import annotations

import csv
import io

import pytest
from council_files import as_csv, as_xlsx, faults, read, rows_of
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_pack import TABLES as FILES

from lib.pack.description import description
from lib.pack.faults import PackError
from lib.pack.imports.change import Upload
from lib.pack.imports.codes import codes_of
from lib.pack.imports.tables import read_pack_table
from lib.pack.load import Pack
from lib.pack.models import TABLES as MODELS

DEMAND = ["service", "district_code", "service_type", "cohort", "people", "hours_per_week", "annual_cost"]
ASH = ["home", "E07000001", "day", "older", "10", "100", "130000"]
BIRCH = ["home", "E07000002", "day", "older", "20", "200", "312000"]
CEDAR = ["home", "E07000003", "day", "older", "", "40.5", "41600"]
TABLE = [DEMAND, ASH, BIRCH, CEDAR]
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
    "reconciliation": "published/reconciliation.csv",
    "demand": "market/demand.csv",
    "providers": "market/providers.csv",
    "ratings": "market/ratings.csv",
    "capacity": "market/capacity.csv",
    "requests": "market/requests.csv",
    "history": "market/history.csv",
}


def with_cell(row: int, column: str, text: str) -> list[list[str]]:
    """The table with another text in one cell; the header is row 1."""
    rows = [list(cells) for cells in TABLE]
    rows[row - 1][DEMAND.index(column)] = text
    return rows


def said(pack: Pack, table: str, rows: list[list[str]], name: str = "council.csv") -> list[str]:
    return [str(fault) for fault in faults(pack, table, as_csv(rows), name)]


def test_a_table_becomes_the_packs_own_file_and_supplied(tiny: Pack) -> None:
    change = read(tiny, "demand", as_csv(TABLE), "Our demand.csv")
    assert {*change.files} == {"market/demand.csv"}
    assert change.files["market/demand.csv"] == as_csv(TABLE).replace(b"\r\n", b"\n")
    assert change.resources == {
        "demand": {
            "status": "supplied",
            "rule": None,
            "licenses": None,
            "credit": "Supplied by Testshire Council.",
            "sources": [{"title": "Our demand.csv"}],
        }
    }
    assert change.title == "Table of demand from Our demand.csv"
    assert change.counts == (("rows read", 3),)
    assert change.notes == ()


def test_a_table_that_the_pack_had_none_of_gets_its_place_in_the_manifest(tiny: Pack) -> None:
    rows = [
        ["service", "word_id", "kind", "section", "words", "intention_id", "indicators", "superseded_by"],
        ["home", "one", "intention", "", "Enough care", "capacity", "", ""],
    ]
    change = read(tiny, "council_words", as_csv(rows), "words.csv")
    own = change.resources["council_words"]
    assert own["path"] == "published/council_words.csv"
    assert own["title"] == "What the council's pages say of a service, passage by passage and to the letter"


def test_what_the_manifest_promised_of_the_old_bytes_goes_with_them(tiny: Pack) -> None:
    known = tuple(
        one.model_copy(update={"hash": "sha256:" + "0" * 64, "rows": 12}) if one.name == "demand" else one
        for one in tiny.manifest.resources
    )
    object.__setattr__(pack := copy_of(tiny), "manifest", tiny.manifest.model_copy(update={"resources": known}))
    own = read(pack, "demand", as_csv(TABLE)).resources["demand"]
    assert {name: own[name] for name in ("hash", "rows")} == {"hash": None, "rows": None}
    assert "bytes" not in own


def copy_of(pack: Pack) -> Pack:
    return Pack(pack.root, pack.manifest, pack.tables, pack.outlines, pack.key, pack.file_rows, pack.texts)


@pytest.mark.parametrize("table", PATHS)
def test_the_files_of_a_pack_are_read_as_they_are(tiny: Pack, table: str) -> None:
    before = list(csv.reader(io.StringIO(FILES[PATHS[table]].strip())))
    change = read(tiny, table, FILES[PATHS[table]].strip().encode())
    assert {*change.files} == {PATHS[table]}
    after = rows_of(change)
    assert len(after) == len(before)
    for row, old in zip(after[1:], before[1:], strict=True):
        cells = dict(zip(after[0], row, strict=True))
        assert [number(cells[name]) for name in before[0]] == [number(cell) for cell in old]


def number(text: str) -> float | str:
    """A cell by what it says."""
    try:
        return float(text)
    except ValueError:
        return text.casefold() if text in ("TRUE", "true") else text


# ---- how people put a table together


def test_any_order_of_columns_capitals_spaces_units_and_further_columns(tiny: Pack) -> None:
    rows = [
        ["Annual  Cost (£ a year)", "COHORT", "Checked by", "Hours per week", "", "people", "District-Code", "Service Type", "service"],
        *[[row[6], row[3], "AB", row[5], "x", row[4], row[1], row[2], row[0]] for row in TABLE[1:]],
    ]  # fmt: skip
    change = read(tiny, "demand", as_csv(rows))
    assert rows_of(change) == TABLE
    assert change.notes == ('Passed over columns that the table has not: "Checked by" (C), one without a name (E).',)


def test_the_words_of_the_template_for_a_column_are_its_name_too(tiny: Pack) -> None:
    heads = [
        "Service", "GSS code of the district", "Service type", "Cohort",
        "People supported, each once, under the main service type; empty where nobody knows",
        "Hours delivered in a week", "What the council pays in a year",
    ]  # fmt: skip
    assert rows_of(read(tiny, "demand", as_csv([heads, *TABLE[1:]]))) == TABLE


@pytest.mark.parametrize("above", [1, 7, 30])
def test_titles_above_the_header_and_blank_rows_between(tiny: Pack, above: int) -> None:
    preamble = [["Demand of Testshire", "", ""], *[["Note", str(row)] for row in range(above - 1)]]
    rows = [*preamble, DEMAND, ASH, ["", " "], BIRCH, [], CEDAR, [""]]
    assert rows_of(read(tiny, "demand", as_csv(rows))) == TABLE
    rows[above + 3] = [*BIRCH[:5], "two hundred", BIRCH[6]]
    (fault,) = faults(tiny, "demand", as_csv(rows))
    assert (fault.row, fault.column, fault.letter) == (above + 4, "hours_per_week", "F")


def test_semicolons_with_commas_for_decimals(tiny: Pack) -> None:
    rows = [DEMAND, ASH, BIRCH, [*CEDAR[:5], "40,5", "41.600"]]
    assert rows_of(read(tiny, "demand", as_csv(rows, ";"))) == TABLE


def test_names_and_labels_for_codes(tiny: Pack) -> None:
    rows = [
        ["service", "District", "service_type", "cohort", "people", "hours_per_week", "annual_cost"],
        ["Home care", "Ash", "Day", "OLDER", "10", "100", "130000"],
        ["home care", "Birch District Council", "day ", "Older", "20", "200", "312000"],
        ["HOME", "e07000003", "DAY", "older", "", "40.5", "41600"],
    ]
    change = read(tiny, "demand", as_csv(rows))
    assert rows_of(change) == TABLE
    assert change.notes == (
        'Column service (A): 2 cells hold a name in place of a code, read as its code, such as "Home care" as home.',
        'Column district_code (B): 2 cells hold a name in place of a code, read as its code, such as "Ash" as E07000001.',
    )
    assert dict(change.counts) == {"rows read": 3, "names read as codes": 4}


def test_labels_of_routes_and_ratings_and_yes_for_true(tiny: Pack) -> None:
    heads = ["provider_id", "domain", "rating", "rated_on"]
    change = read(tiny, "ratings", as_csv([heads, ["Alder Care", "Overall", "GOOD", ""]]))
    assert rows_of(change)[1] == ["P1", "overall", "Good", ""]
    heads = FILES["market/capacity.csv"].split()[0].split(",")
    row = ["P1", "home", "Ash", "Day", "Older", "Tier 1", "1", "80", "60", "£25.00", "90"]
    assert rows_of(read(tiny, "capacity", as_csv([heads, row])))[1][5:10] == ["tier_1", "1", "80", "60", "25"]
    heads = ["provider_id", "provider_name", "office_postcode", "regulated", "also_childrens"]
    change = read(tiny, "providers", as_csv([heads, ["P9", "Oak", "ZZ1 1AA", "Yes", "no"]]))
    assert rows_of(change)[1] == ["P9", "Oak", "ZZ1 1AA", "true", "false", ""]  # the last: its id with the CQC
    assert change.notes == ()


def test_a_name_that_two_districts_have_is_no_code(tiny: Pack) -> None:
    pack = copy_of(tiny)
    districts = tiny.table("districts").assign(district_name=["Ash", "Ash City", "Cedar"])
    object.__setattr__(pack, "tables", {**tiny.tables, "districts": districts})
    for name, code in (("Ash", "E07000001"), ("ash city", "E07000002")):
        assert rows_of(read(pack, "demand", as_csv(with_cell(2, "district_code", name)[:2])))[1][1] == code
    (fault,) = faults(pack, "demand", as_csv(with_cell(2, "district_code", "Ash District")[:2]))
    assert (fault.row, fault.letter, fault.found) == (
        2, "B", '"Ash District", which could be E07000001 or E07000002',
    )  # fmt: skip
    assert fault.expected == "a district_code of reference/districts.csv: write its code"


@pytest.mark.parametrize(
    ("column", "written", "value"),
    [
        ("annual_cost", "£130,000", "130000"),
        ("annual_cost", "1,234.50", "1234.5"),
        ("hours_per_week", " 1 234 ", "1234"),
        ("people", "1,010", "1010"),
        ("people", "", ""),
        ("people", "10.0", "10"),
    ],
)
def test_numbers_as_people_write_them(tiny: Pack, column: str, written: str, value: str) -> None:
    change = read(tiny, "demand", as_csv(with_cell(2, column, written)))
    assert rows_of(change)[1][DEMAND.index(column)] == value


def test_a_percentage_where_the_column_is_a_share(tiny: Pack) -> None:
    rows = list(csv.reader(io.StringIO(FILES["reference/districts.csv"].strip())))
    rows[1][3] = "12%"
    assert rows_of(read(tiny, "districts", as_csv(rows)))[1][3] == "0.12"


@pytest.mark.parametrize("written", ["31/03/2025", "31 March 2025", "2025-03-31", "31-Mar-25", "31st March 2025"])
def test_dates_as_people_write_them(tiny: Pack, written: str) -> None:
    heads = ["provider_id", "domain", "rating", "rated_on"]
    assert rows_of(read(tiny, "ratings", as_csv([heads, ["P1", "overall", "Good", written]])))[1][3] == "2025-03-31"


def test_the_day_stands_before_the_month(tiny: Pack) -> None:
    heads = ["provider_id", "domain", "rating", "rated_on"]
    rows = [heads, ["P1", "overall", "Good", "03/04/2024"]]
    assert rows_of(read(tiny, "ratings", as_csv(rows)))[1][3] == "2024-04-03"
    rows.append(["P2", "overall", "Good", "12/31/2024"])
    assert said(tiny, "ratings", rows) == [
        'council.csv, row 3, column rated_on (D): found "12/31/2024", which can only be a date with the month first, '
        "expected a date like 2025-03-31, or an empty cell: save the dates of the column as yyyy-mm-dd"
    ]


def test_a_workbook_with_other_sheets_and_a_title(tiny: Pack) -> None:
    number_rows = [[*row[:4], *[float(cell) if cell else None for cell in row[4:]]] for row in TABLE[1:]]
    content = as_xlsx(
        Notes=[["Demand: see the second sheet"], ["service", "what it is"]],
        Data=[["Testshire"], [], DEMAND, *number_rows],
        Empty=[],
    )
    change = read(tiny, "demand", content, "book.xlsx")
    assert rows_of(change) == TABLE
    assert 'Read from the sheet "Data".' in change.notes
    number_rows[1][5] = "n/a"
    (fault,) = faults(tiny, "demand", as_xlsx(Data=[["Testshire"], [], DEMAND, *number_rows]), "book.xlsx")
    assert str(fault).startswith('book.xlsx, row 5, column hours_per_week (F): found "n/a", a suppressed or unknown')


def test_of_two_sheets_the_one_that_is_called_as_the_table(tiny: Pack) -> None:
    two = as_xlsx(old=[DEMAND, ASH], demand=TABLE)
    assert rows_of(read(tiny, "demand", two, "book.xlsx")) == TABLE
    (fault,) = faults(tiny, "demand", as_xlsx(old=[DEMAND, ASH], new=TABLE), "book.xlsx")
    assert fault.found == 'sheets that could each be demand, "old" and "new"'


def test_a_row_of_a_text_file_that_goes_on_beyond_the_header_is_not_guessed_at(tiny: Pack) -> None:
    rows = [*TABLE, ["respite", "Ash", "visit", "child", "1", "1", "1", "234"]]
    assert said(tiny, "demand", rows) == [
        'council.csv, row 5, column H: found "234" in a column without a name, expected a name above it in the header, '
        "or nothing in the column: is there a comma or a quotation mark too many in the row?"
    ]
    # The analyst's own notes beside a sheet's table are no such thing.
    sheet = as_xlsx(demand=[*TABLE, ["respite", "Ash", "visit", "child", "1", "1", "1", None, "ask Jo"]])
    assert len(rows_of(read(tiny, "demand", sheet, "book.xlsx"))) == 5


# ---- what is refused, and how that is said

EVERY = "service, district_code, service_type, cohort, people, hours_per_week, annual_cost"


@pytest.mark.parametrize(
    ("row", "column", "text", "sentence"),
    [
        (3, "hours_per_week", "", 'row 3, column hours_per_week (F): found an empty cell, expected a number of 0 or more: the column needs one in each row'),
        (3, "hours_per_week", "inf", 'row 3, column hours_per_week (F): found "inf", expected a number of 0 or more: the column needs a number in each row'),
        (3, "people", "NaN", 'row 3, column people (E): found "NaN", expected a whole number of 0 or more, or an empty cell: leave the cell empty'),
        (3, "people", "c", 'row 3, column people (E): found "c", a suppressed or unknown value, which cannot be read as a number, expected a whole number of 0 or more, or an empty cell: leave the cell empty'),
        (3, "people", "-", 'row 3, column people (E): found "-", a suppressed or unknown value, which cannot be read as a number, expected a whole number of 0 or more, or an empty cell: leave the cell empty'),
        (2, "annual_cost", "n/a", 'row 2, column annual_cost (G): found "n/a", a suppressed or unknown value, which cannot be read as a number, expected a number of 0 or more: the column needs one in each row'),
        (2, "annual_cost", "(12)", 'row 2, column annual_cost (G): found "(12)", in brackets, expected a number of 0 or more: write a negative number with a minus'),
        (2, "annual_cost", "-1", 'row 2, column annual_cost (G): found "-1", expected a number of 0 or more'),
        (2, "people", "1.5", 'row 2, column people (E): found "1.5", expected a whole number of 0 or more, or an empty cell'),
        (2, "people", "£3", 'row 2, column people (E): found "£3", an amount of money, expected a whole number of 0 or more, or an empty cell: write a number of people'),
        (2, "hours_per_week", "12%", 'row 2, column hours_per_week (F): found "12%", a percentage, expected a number of 0 or more: write the number without %'),
        (2, "hours_per_week", "#REF!", 'row 2, column hours_per_week (F): found "#REF!", a spreadsheet\'s error, expected a number of 0 or more: mend the formula, or widen the column, and save again'),
        (4, "service", "gardening", 'row 4, column service (A): found "gardening", expected one of home, respite'),
        (4, "service", "hme", 'row 4, column service (A): found "hme", expected one of home, respite: is Home care (home) meant?'),
        (4, "district_code", "Birsh", 'row 4, column district_code (B): found "Birsh", expected a district_code of reference/districts.csv: is Birch (E07000002) meant?'),
        (4, "district_code", "Nowhere", 'row 4, column district_code (B): found "Nowhere", expected a district_code of reference/districts.csv, or its name, such as E07000001 or Ash'),
        (4, "district_code", "E07000187", 'row 4, column district_code (B): found "E07000187", the code of Mendip until 31 March 2023, expected a district_code of reference/districts.csv: since 1 April 2023 it belongs to Somerset, E06000066'),
        (4, "district_code", "Taunton Deane", 'row 4, column district_code (B): found "Taunton Deane", a district until 31 March 2019, E07000190, expected a district_code of reference/districts.csv: since 1 April 2023 it belongs to Somerset, E06000066'),
        (4, "district_code", "E08000019", 'row 4, column district_code (B): found "E08000019", the code of Sheffield until 31 March 2025, expected a district_code of reference/districts.csv: since 1 April 2025 its code is E08000039'),
        (4, "cohort", "child", 'row 4, column service, service_type, cohort (A, C, D): found "home / day / child", expected a lot of reference/lots.csv'),
    ],
)  # fmt: skip
def test_each_cell_that_is_wrong_is_named_with_its_cure(
    tiny: Pack, row: int, column: str, text: str, sentence: str
) -> None:
    assert said(tiny, "demand", with_cell(row, column, text)) == [f"council.csv, {sentence}"]


def test_codes_of_later_and_earlier_years_are_told_by_the_packs_own(tiny: Pack) -> None:
    districts = tiny.table("districts").assign(
        district_code=["E06000060", "E07000026", "E07000028"],
        district_name=["Buckinghamshire", "Allerdale", "Carlisle"],
    )
    object.__setattr__(pack := copy_of(tiny), "tables", {**tiny.tables, "districts": districts})
    (one,) = faults(pack, "demand", as_csv(with_cell(2, "district_code", "E07000004")[:2]))
    assert one.found == '"E07000004", the code of Aylesbury Vale until 31 March 2020'
    assert one.expected.endswith(
        "since 1 April 2020 it belongs to Buckinghamshire, E06000060: give the figures under that code, in one row"
    )
    (one,) = faults(pack, "demand", as_csv(with_cell(2, "district_code", "E06000063")[:2]))
    assert one.found == '"E06000063", a code that holds since 1 April 2023 only'
    assert one.expected.endswith(
        "the districts of the pack are those before, Allerdale (E07000026), Carlisle (E07000028): give each its own row"
    )


def test_the_same_key_twice_names_both_rows(tiny: Pack) -> None:
    rows = [*TABLE, [], ["Home care", "Ash", "Day", "older", "1", "1", "1"]]
    assert said(tiny, "demand", rows) == [
        "council.csv, row 6, column service, district_code, service_type, cohort (A, B, C, D): found "
        '"home / E07000001 / day / older" again, as in row 2, expected each key once: take one of the two rows out, '
        "or correct it"
    ]


def test_missing_and_repeated_columns_are_all_named(tiny: Pack) -> None:
    rows = [["Title"], ["service", "district_code", "service_type", "Cohort", "cohort", "people"], ["home", "Ash", "day", "older", "x", "1"]]  # fmt: skip
    assert said(tiny, "demand", rows) == [
        "council.csv, row 2, column cohort (D): found 2 columns of that name, D and E, expected each column once: take "
        "the others out, or give them another name",
        "council.csv, row 2, column hours_per_week: found no such column, expected a column headed hours_per_week, for a number of 0 or more in each row",
        "council.csv, row 2, column annual_cost: found no such column, expected a column headed annual_cost, for a number of 0 or more in each row",
    ]


def test_every_fault_is_said_at_once_and_a_wrong_column_is_cut_short(tiny: Pack) -> None:
    rows = [DEMAND, *[["home", f"X{row}", "day", "older", "c", "1", "1"] for row in range(100)]]
    found = faults(tiny, "demand", as_csv(rows))
    assert (
        sum(fault.column == "people" for fault in found)
        == sum(fault.column == "district_code" for fault in found)
        == 21
    )
    assert [fault.found for fault in found if fault.row is None] == ["80 more such cells", "80 more such cells"]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([DEMAND], "council.csv: found a header and no row below it, expected at least one row of demand"),
        ([["Title"], DEMAND, ["", ""]], "council.csv: found a header and no row below it, expected at least one row of demand"),
        ([["name", "size"], ["a", "1"]], f'council.csv, row 1: found "name / size", expected a row with the names of the columns, {EVERY}, among the first 40 rows'),
        ([["service", "size"], ["a", "1"]], f"council.csv, row 1: found only service of the names of the columns, expected a row with the names of the columns, {EVERY}, among the first 40 rows"),
        (
            [["provider_id", "domain", "rating", "rated_on"], ["P1", "overall", "Good", ""]],
            f"council.csv: found the columns of ratings, expected the columns of demand, {EVERY}: import the file as ratings, or choose the other file",
        ),
    ],
)  # fmt: skip
def test_a_file_that_is_not_the_table_is_one_sentence(tiny: Pack, rows: list[list[str]], sentence: str) -> None:
    assert said(tiny, "demand", rows) == [sentence]


def test_several_files_at_once_are_refused(tiny: Pack) -> None:
    both = [Upload("a.csv", as_csv(TABLE)), Upload("b.csv", as_csv(TABLE))]
    with pytest.raises(PackError) as caught:
        read_pack_table(tiny, both, table="demand")
    assert str(caught.value) == "b.csv: found 2 files at once, a.csv, b.csv, expected one file with the whole of demand"


REQUESTS = ["request_id", "service", "district_code", "ward_code", "service_type", "cohort", "hours_per_week", "requested_on", "placed_on", "route"]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "rows", "sentence"),
    [
        (
            "requests",
            [REQUESTS, ["R1", "home", "Ash", "Ash Ward", "day", "older", "7", "2025-03-01", "28/02/2025", "spot"]],
            'row 2, column placed_on (I): found "2025-02-28", expected a date no earlier than requested_on',
        ),
        (
            "requests",
            [REQUESTS, ["R1", "home", "Ash", "", "day", "older", "7", "2025-04-01", "", ""]],
            'row 2, column requested_on (H): found "2025-04-01", expected a date no later than 2025-03-31',
        ),
        (
            "capacity",
            [FILES["market/capacity.csv"].split()[0].split(","), ["P1", "home", "Ash", "day", "older", "Tier 1", "", "1", "1", "1", ""]],
            "row 2, column rank (G): found an empty cell, expected a rank, as the route has a ranked list",
        ),
        (
            "facts",
            [["id", "service", "measure", "value", "unit", "period", "status", "source", "note"], ["f", "home", "m", "1", "elephants", "2024", "published", "s", ""]],
            'row 2, column unit (E): found "elephants", expected one of GBP, ',
        ),
    ],
)  # fmt: skip
def test_what_only_the_pack_as_a_whole_shows(tiny: Pack, table: str, rows: list[list[str]], sentence: str) -> None:
    (found,) = said(tiny, table, rows)
    assert found.startswith(f"council.csv, {sentence}")


def test_a_mark_against_formulas_is_taken_away_again(tiny: Pack) -> None:
    heads = ["provider_id", "provider_name", "office_postcode", "regulated", "also_childrens"]
    rows = [["'=1+1", "=1+1"], ["'-A", "-A"], ["''=x", "'=x"], ["'O'Brien", "'O'Brien"], ["@a", "@a"]]
    body = [[f"P{place}", cell, "ZZ1 1AA", "true", "false"] for place, (cell, _) in enumerate(rows)]
    change = read(tiny, "providers", as_csv([heads, *body]))
    assert [row[1] for row in rows_of(change)[1:]] == [name for _, name in rows]


# ---- one cell changed: the same value, or a fault at that very cell

WRONG = st.one_of(
    st.sampled_from(["x", "c", "-", "n/a", "NaN", "inf", "-inf", "1e999", "(3)", "1,2,3", "--4", "12%%", "3 March", "#N/A"]),
    st.text(st.characters(categories=["L"]), min_size=1, max_size=6).filter(lambda text: not text.isspace()),
)  # fmt: skip
SAME = st.sampled_from(
    [
        lambda text: f" {text}\t",
        lambda text: text.upper(),
        lambda text: text.replace("_", " "),
        lambda text: f"\u00a0{text}",
    ]
)


@settings(max_examples=60, deadline=None)
@given(row=st.integers(2, 4), column=st.sampled_from(DEMAND), text=WRONG)
def test_a_cell_that_was_spoilt_is_named(tiny: Pack, row: int, column: str, text: str) -> None:
    found = faults(tiny, "demand", as_csv(with_cell(row, column, text)))
    letter = "ABCDEFG"[DEMAND.index(column)]
    assert [(fault.row, fault.column, fault.letter) for fault in found] == [(row, column, letter)]
    assert found[0].expected


@settings(max_examples=60, deadline=None)
@given(row=st.integers(2, 4), column=st.sampled_from(DEMAND), change=SAME)
def test_a_cell_that_was_only_written_otherwise_says_the_same(tiny: Pack, row: int, column: str, change) -> None:
    before = TABLE[row - 1][DEMAND.index(column)]
    assert rows_of(read(tiny, "demand", as_csv(with_cell(row, column, change(before))))) == TABLE


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([*TABLE, ["Total", "", "", "", "30", "340.5", "483600"]], 'row 5: found no more than "Total / 30 / 340.5 / 483600" in the row, expected a whole row of demand: fill it in, or take it out where it is a total or a note'),
        ([*TABLE, [], ["Source: the council's own records"]], 'row 6: found no more than "Source: the council\'s own records" in the row, expected a whole row of demand: fill it in, or take it out where it is a total or a note'),
        ([DEMAND, ["", "", "", "", "count", "hours", "£"], ASH], 'row 2: found no more than "count / hours / £" in the row, expected a whole row of demand: fill it in, or take it out where it is a total or a note'),
        ([*TABLE[:2], ["Service", "District code", "Service type", "Cohort", "People", "Hours per week", "Annual cost"], BIRCH], "row 3: found the names of the columns again, expected a row of demand: take this one out"),
    ],
)  # fmt: skip
def test_a_row_that_is_none_of_the_table_is_one_fault(tiny: Pack, rows: list[list[str]], words: str) -> None:
    assert said(tiny, "demand", rows) == [f"council.csv, {words}"]


@pytest.mark.parametrize(
    ("column", "text", "cure"),
    [
        ("hours_per_week", "37.5 hrs", "write it in digits alone, without words, units or other signs"),
        ("annual_cost", "£1.2m", "write it in digits alone, without words, units or other signs"),
        ("annual_cost", "$1200", "write it in digits alone, without words, units or other signs"),
        ("hours_per_week", "\uff17\uff18", "write it in digits alone, without words, units or other signs"),
        ("people", "fewer than 5", "leave the cell empty"),
        ("people", "0-5", "leave the cell empty"),
        ("people", "~", "leave the cell empty"),
        ("hours_per_week", "∞", "the column needs a number in each row"),
    ],
)
def test_what_stands_for_a_number_has_its_cure(tiny: Pack, column: str, text: str, cure: str) -> None:
    (words,) = said(tiny, "demand", with_cell(2, column, text))
    assert f'found "{text}", expected a ' in words and words.endswith(f": {cure}")


def test_a_heading_lost_to_merged_cells_is_asked_for_by_its_letter(tiny: Pack) -> None:
    rows = [[*DEMAND[:5], "", DEMAND[6]], *TABLE[1:]]
    assert said(tiny, "demand", rows) == [
        "council.csv, row 1, column hours_per_week: found no such column, expected a column headed hours_per_week, for "
        "a number of 0 or more in each row, or is it column F, which has no heading?"
    ]


def test_a_column_twice_at_the_end_is_one_fault(tiny: Pack) -> None:
    rows = [[*cells, cells[5]] for cells in TABLE]
    assert said(tiny, "demand", rows) == [
        "council.csv, row 1, column hours_per_week (F): found 2 columns of that name, F and H, expected each column "
        "once: take the others out, or give them another name"
    ]


@pytest.mark.parametrize("code", ["E07000136", "E07000240", "W06000015"])
def test_the_code_of_another_district_is_no_slip_of_the_pen(tiny: Pack, code: str) -> None:
    assert said(tiny, "demand", with_cell(2, "district_code", code)) == [
        f'council.csv, row 2, column district_code (B): found "{code}", the code of no district of this pack, expected '
        "a district_code of reference/districts.csv, such as E07000001 (Ash): take the row out, or correct it"
    ]


def test_a_name_with_another_number_is_not_what_was_meant(tiny: Pack) -> None:
    pack = copy_of(tiny)
    providers = tiny.table("providers")
    names = [f"Provider {number:03}" for number in range(148, 148 + len(providers))]
    object.__setattr__(pack, "tables", {**tiny.tables, "providers": providers.assign(provider_name=names)})
    codes = codes_of(description(MODELS["capacity"]).columns["provider_id"], pack)
    assert codes is not None
    assert (codes.near("Provider 1"), codes.near("Provder 148")) == (
        "",
        f"Provider 148 ({providers['provider_id'].iloc[0]})",
    )


def test_a_file_of_the_cqc_is_sent_to_its_own_kind(tiny: Pack) -> None:
    rows = [
        ["About this file"],
        ["Location ID", "Location Name", "Domain", "Latest Rating"],
        ["1-1", "A", "Overall", "Good"],
    ]
    (words,) = said(tiny, "demand", rows)
    assert words.startswith("council.csv: found a file of locations of the CQC, expected the columns of the table, ")
    assert words.endswith(": import the file as cqc-ratings or cqc-locations")


def test_dates_that_could_have_the_month_first_are_said(tiny: Pack) -> None:
    table = tiny.table("ratings")
    days = iter(["04/03/2021", "12/12/2021", "13/03/2021"] * len(table))
    rows = [["provider_id", "domain", "rating", "rated_on"]]
    rows += [[row.provider_id, row.domain, row.rating, next(days)] for row in table.itertuples()]
    assert read(tiny, "ratings", as_csv(rows)).notes == (
        'Column rated_on (D): dates in numbers alone were read with the day first, as "04/03/2021" for 4 March 2021.',
    )
    plain = [[*cells[:3], "2021-03-04"] if cells is not rows[0] else cells for cells in rows]
    assert read(tiny, "ratings", as_csv(plain)).notes == ()


def test_ages_as_people_write_them(tiny: Pack) -> None:
    rows = [["district_code", "year", "age_band", "persons"]]
    rows += [["E07000001", "2024", band, "5"] for band in ("0 to 17", "18–64", "Aged 65-74 years", "75 and over")]
    assert [cells[2] for cells in rows_of(read(tiny, "population", as_csv(rows)))[1:]] == [
        "0-17",
        "18-64",
        "65-74",
        "75+",
    ]
    rows[1][2] = "17-Jan"
    (words,) = said(tiny, "population", rows)
    assert words.endswith(": the spreadsheet has made a date of it, so write it as text")


def test_figures_of_facts_are_read_as_people_write_them(tiny: Pack) -> None:
    facts = tiny.table("facts")
    rows = [[*facts.columns], *facts.astype("object").where(facts.notna(), "").astype("str").to_numpy().tolist()]
    cost = next(cells for cells in rows if cells[0] == "f_cost")
    cost[3] = "£652,600"
    assert [cells[3] for cells in rows_of(read(tiny, "facts", as_csv(rows))) if cells[0] == "f_cost"] == ["652600"]
    cost[3] = "£0.65m"
    assert said(tiny, "facts", rows) == [
        'council.csv, row 5, column value (D): found "£0.65m", expected a number, such as 160500000: the pack counts '
        "with this fact"
    ]
