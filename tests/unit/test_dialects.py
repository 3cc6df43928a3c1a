"""A table is the same table however a program saved it, and what has no certain reading is one sentence."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_copies import copy_pack
from pack_folder import PackFolder

from lib.pack.cells import read_cells
from lib.pack.description import description
from lib.pack.faults import PackError
from lib.pack.load import Pack
from lib.pack.models import TABLES as MODELS
from lib.pack.read import read_table
from lib.pack.snapshot import Snapshot

DEMAND, PROVIDERS, REQUESTS = "market/demand.csv", "market/providers.csv", "market/requests.csv"
HISTORY, RATINGS, CAPACITY = "market/history.csv", "market/ratings.csv", "market/capacity.csv"
DISTRICTS, WARDS, POPULATION = "reference/districts.csv", "reference/wards.csv", "reference/population.csv"
ROOT = Path(__file__).parent.parent.parent

FILES = (
    "reference/districts.csv", "reference/area_groups.csv", "reference/population.csv", "reference/service_rates.csv",
    "reference/lots.csv", "reference/wards.csv", "published/facts.csv", "published/gaps.csv",
    "published/intentions.csv", "published/reconciliation.csv", "market/demand.csv", "market/providers.csv",
    "market/ratings.csv", "market/capacity.csv", "market/requests.csv", "market/history.csv",
)  # fmt: skip
# The columns of numbers that a spreadsheet writes with something between the thousands; with their file.
LARGE_NUMBERS = {
    "reference/population.csv": ("persons",),
    "reference/districts.csv": ("area_km2",),
    "market/demand.csv": ("people", "hours_per_week", "annual_cost"),
    "market/capacity.csv": ("capacity_hours", "delivered_hours"),
    "market/history.csv": ("hours_per_week", "people", "new_requests"),
}
MONEY = {"market/demand.csv": ("annual_cost",), "market/capacity.csv": ("hourly_rate",)}
DATES = {"market/ratings.csv": ("rated_on",), "market/requests.csv": ("requested_on", "placed_on")}


def written(rows: list[list[str]], separator: str = ",", ending: str = "\r\n") -> str:
    """Rows as a CSV text."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=ending).writerows(rows)
    return text.getvalue()


def changed(rows: list[list[str]], columns: tuple[str, ...], change: Callable[[str], str]) -> list[list[str]]:
    """Rows with the cells of some columns changed, where anything stands in them."""
    places = [rows[0].index(name) for name in columns]
    body = [[change(cell) if place in places and cell else cell for place, cell in enumerate(row)] for row in rows[1:]]
    return [rows[0], *body]


def grouped(mark: str) -> Callable[[str], str]:
    """A number with something between its thousands."""

    def change(text: str) -> str:
        whole, point, rest = text.partition(".")
        return f"{int(whole):,}".replace(",", mark) + point + rest

    return change


def dated(form: str) -> Callable[[str], str]:
    return lambda text: f"{dt.date.fromisoformat(text):{form}}"


@pytest.fixture(scope="module")
def dialect(tmp_path_factory: pytest.TempPathFactory) -> PackFolder:
    return PackFolder(copy_pack(tmp_path_factory.mktemp("dialect") / "pack"))


def same(one: Pack, other: Pack) -> None:
    """Every table, to the type and the byte."""
    assert list(one.tables) == list(other.tables)
    for name, frame in one.tables.items():
        pd.testing.assert_frame_equal(frame, other.tables[name])


# Any table, any dialect


def drawn_dialect(
    rows: list[list[str]], path: str, data: st.DataObject, wrong: tuple[int, str] = (0, "")
) -> tuple[bytes, int]:
    """Rows of a table as some program might save them, and the row where a wrong cell (place, text) then stands."""
    separator = data.draw(st.sampled_from([",", ";", "\t"]), label="separator")
    between = data.draw(st.sampled_from(["", ",", " ", "\xa0", "\u202f"]), label="thousands")
    # With semicolons a comma between three digits and three can be either mark, unless others of the file prove which.
    if between and not (between == "," and separator == ";"):
        rows = changed(rows, LARGE_NUMBERS.get(path, ()), grouped(between))
    if data.draw(st.booleans(), label="pounds"):
        rows = changed(rows, MONEY.get(path, ()), lambda text: f"£{text}")
    forms = ["", "%d/%m/%Y", "%Y-%m-%d 00:00:00", "%d %B %Y", "%d-%b-%y", "%d.%m.%Y"]
    if form := data.draw(st.sampled_from(forms), label="dates"):
        rows = changed(rows, DATES.get(path, ()), dated(form))
    form = data.draw(st.sampled_from(["", "%b-%y", "%B %Y", "01/%m/%Y", "%Y-%m-01"]), label="months")
    if form and path == HISTORY:
        rows = changed(rows, ("month",), as_month(form))
    place, cell = wrong
    if cell:
        rows[data.draw(st.integers(1, len(rows) - 1), label="row")][place] = cell
    heading = data.draw(st.sampled_from([str, str.upper, str.title, lambda name: f" {name}\xa0"]), label="header")
    # A column that the app does not know keeps the name that it has.
    rows = [[heading(name) if name != "postcodes" else name for name in rows[0]], *rows[1:]]
    more = data.draw(st.integers(0, 3), label="blank columns")
    rows = [[*row, *[""] * more] for row in rows]
    for above in data.draw(st.lists(st.integers(0, len(rows)), max_size=4), label="blank rows"):
        rows.insert(above, [data.draw(st.sampled_from(["", " ", "\xa0"]))] * len(rows[-1]))
    text = written(rows, separator, data.draw(st.sampled_from(["\n", "\r\n", "\r"]), label="ending"))
    if data.draw(st.booleans(), label="sep line"):
        text = f"sep={separator}\r\n{text}"
    encodings = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
    encodings += ["cp1252"] if "\u202f" not in text else []
    row = next((number for number, cells in enumerate(rows, start=1) if cell and cells[place] == cell), 0)
    return text.encode(data.draw(st.sampled_from(encodings), label="encoding")), row


def as_month(form: str) -> Callable[[str], str]:
    return lambda text: f"{dt.date.fromisoformat(text + '-01'):{form}}"


def read_as(dialect: PackFolder, pack: Pack, path: str, content: bytes) -> tuple[pd.DataFrame | None, list[str]]:
    """A table read from these bytes, and what is said of it."""
    snapshot = Snapshot(dialect.root, {path: content}, {}, (), "")
    checked, faults = read_table(snapshot, description(MODELS[Path(path).stem]), pack.manifest)
    return checked and checked.frame.reset_index(drop=True), [str(fault) for fault in faults]


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_table_in_any_dialect_is_the_same_table(pack: Pack, dialect: PackFolder, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(FILES), label="file")
    frame, faults = read_as(dialect, pack, path, drawn_dialect(dialect.rows(path), path, data)[0])
    assert faults == []
    pd.testing.assert_frame_equal(frame, pack.tables[Path(path).stem])


# Text that has no reading in any dialect, and what is said of it.
NO_READING = {
    "#N/A": "a spreadsheet's error",
    "<5": "a suppressed or unknown value, which cannot be read as a ",
    "n/a": "a suppressed or unknown value, which cannot be read as a ",
}


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_cell_without_a_reading_is_one_sentence_in_any_dialect(
    pack: Pack, dialect: PackFolder, data: st.DataObject
) -> None:
    path, column, letter = data.draw(
        st.sampled_from(
            [
                (POPULATION, "persons", "D"), (DEMAND, "annual_cost", "G"), (CAPACITY, "performance_score", "K"),
                (REQUESTS, "placed_on", "I"), (RATINGS, "rated_on", "D"), (HISTORY, "month", "A"),
                (DISTRICTS, "deprivation_score", "E"),
            ]
        ),
        label="column",
    )  # fmt: skip
    rows = dialect.rows(path)
    cell = data.draw(st.sampled_from(sorted(NO_READING)), label="cell")
    content, row = drawn_dialect(rows, path, data, (rows[0].index(column), cell))
    (fault,) = read_as(dialect, pack, path, content)[1]
    start = f'{path}, row {row}, column {column} ({letter}): found "{cell}", {NO_READING[cell]}'
    assert fault.startswith(start)


def test_a_whole_pack_as_a_windows_excel_saves_it(pack: Pack, tmp_path: Path) -> None:
    folder = PackFolder(copy_pack(tmp_path / "pack"))
    for path in FILES:
        rows = changed(folder.rows(path), DATES.get(path, ()), dated("%d/%m/%Y"))
        rows = changed(rows, LARGE_NUMBERS.get(path, ()), grouped(","))
        rows = (
            changed(rows, ("month",), lambda text: f"{dt.date.fromisoformat(text + '-01'):%b-%y}")
            if (path == HISTORY)
            else rows
        )
        blank = [[""] * (len(rows[0]) + 2)] * 3
        (folder.root / path).write_bytes(written([[*row, "", ""] for row in rows] + blank).encode("cp1252"))
    same(pack, folder.load())


def test_a_whole_pack_with_decimal_commas(pack: Pack, tmp_path: Path) -> None:
    """As a program set to another country saves it: each column of a file tells by one number what its comma is."""
    folder = PackFolder(copy_pack(tmp_path / "pack"))
    decimals = {
        DISTRICTS: ("area_km2", "rural_share_65", "deprivation_score"),
        WARDS: ("latitude", "longitude"),
        "reference/service_rates.csv": ("weight",),
        CAPACITY: ("hourly_rate", "performance_score"),
        HISTORY: ("median_days_to_source",),
    }
    for path in FILES:
        rows = changed(folder.rows(path), decimals.get(path, ()), lambda text: text.replace(".", ","))
        (folder.root / path).write_text(written(rows, ";"), encoding="utf-8", newline="")
    same(pack, folder.load())


# Numbers: what stands in the cell, and what it is, or what is said of it


def demand_of(tiny_folder: PackFolder, *cells: str, column: str = "hours_per_week", separator: str = ",") -> Any:
    """The first values of a column of demand.csv with these cells, or the faults of the file."""
    header, *rows = tiny_folder.rows(DEMAND)
    for row, cell in zip(rows, cells, strict=False):
        row[header.index(column)] = cell
    (tiny_folder.root / DEMAND).write_text(written([header, *rows], separator), encoding="utf-8", newline="")
    try:
        return tiny_folder.load().table("demand")[column].tolist()[: len(cells)]
    except PackError as error:
        return [str(fault) for fault in error.faults]


@pytest.mark.parametrize(
    ("cells", "column", "numbers"),
    [
        (["1,234", "1,234,567.5", "12"], "hours_per_week", [1234, 1234567.5, 12]),
        (["1 234", "1\xa0234\xa0567", "1\u202f234.25"], "hours_per_week", [1234, 1234567, 1234.25]),
        (["£1,234.50", "£ 5", "£12 500"], "annual_cost", [1234.5, 5, 12500]),
        (["1.2E+5", "3e2", " 7 "], "hours_per_week", [120000, 300, 7]),
        (["1,234", "7\xa0"], "people", [1234, 7]),
        (["1.234"], "hours_per_week", [1.234]),
    ],
)
def test_numbers_between_commas(tiny_folder: PackFolder, cells: list[str], column: str, numbers: list[float]) -> None:
    assert demand_of(tiny_folder, *cells, column=column) == numbers
    assert demand_of(tiny_folder, *cells, column=column, separator="\t") == numbers


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1,5", "20,13"], [1.5, 20.13]),
        (["1,5", "1,234"], [1.5, 1.234]),
        (["1.234,5", "1.234"], [1234.5, 1234]),
        (["1.234.567", "1.234"], [1234567, 1234]),
        (["1,234,567", "1,234"], [1234567, 1234]),
        (["20.13", "1,234"], [20.13, 1234]),
        (["0.125", "1.234"], [0.125, 1.234]),
        (["1,5", "20.13"], [1.5, 20.13]),
        (["1 234,5", "12,5"], [1234.5, 12.5]),
    ],
)
def test_numbers_between_semicolons(tiny_folder: PackFolder, cells: list[str], numbers: list[float]) -> None:
    assert demand_of(tiny_folder, *cells, separator=";") == numbers


def test_a_comma_is_read_as_the_rest_of_the_file_reads_it(tiny_folder: PackFolder) -> None:
    header, *rows = tiny_folder.rows(DEMAND)
    rows[0][header.index("hours_per_week")] = "1,234"
    rows[1][header.index("annual_cost")] = "1.000,50"
    (tiny_folder.root / DEMAND).write_text(written([header, *rows], ";"), encoding="utf-8")
    demand = tiny_folder.load().table("demand")
    assert (demand["hours_per_week"][0], demand["annual_cost"][1]) == (1.234, 1000.5)


MEND = "mend the formula, or widen the column, and save again"
NUMBER = "expected a number of 0 or more"
PLAINLY = "write it without anything between the thousands, and with a point for the decimals"


@pytest.mark.parametrize(
    ("separator", "cell", "said"),
    [
        (";", "1,234", f'found "1,234", which could be 1234 or 1.234, {NUMBER}: {PLAINLY}'),
        (";", "1.234", f'found "1.234", which could be 1234 or 1.234, {NUMBER}: {PLAINLY}'),
        (",", "1,5", f'found "1,5", with a comma that does not part thousands, {NUMBER}: write the decimals behind a '
                     "point"),
        (",", "12,34,567", f'found "12,34,567", whose points and commas have no certain meaning, {NUMBER}: {PLAINLY}'),
        (",", "£5", f'found "£5", an amount of money, {NUMBER}: write a number of hours a week'),
        (",", "5%", f'found "5%", a percentage, {NUMBER}: write the number without %'),
        (",", "'5", f'found "\'5", with an apostrophe in front, {NUMBER}: write the number without it'),
        (",", "(5)", f'found "(5)", in brackets, {NUMBER}: write a negative number with a minus'),
        (",", "#N/A", f'found "#N/A", a spreadsheet\'s error, {NUMBER}: {MEND}'),
        (",", "#######", f'found "#######", a spreadsheet\'s error, {NUMBER}: {MEND}'),
        (",", "9" * 31, f'found "{"9" * 31}", a number of more than 30 digits, {NUMBER}: round it'),
        (",", "0." + "0" * 400 + "1", f'found "0.{"0" * 57}…", a number of more than 30 digits, {NUMBER}: round it'),
    ],
)  # fmt: skip
def test_a_number_without_one_reading(tiny_folder: PackFolder, separator: str, cell: str, said: str) -> None:
    assert demand_of(tiny_folder, cell, separator=separator) == [f"{DEMAND}, row 2, column hours_per_week (F): {said}"]


@pytest.mark.parametrize("cell", ["c", "[c]", "*", "<5", "≤ 10", "-", "–", "..", "n/a", "N/A", "NULL", "not known"])
def test_a_suppressed_value_is_no_number(tiny_folder: PackFolder, cell: str) -> None:
    said = f'found "{cell}", a suppressed or unknown value, which cannot be read as a number, expected '
    tiny_folder.set(DEMAND, 2, "hours_per_week", cell)
    tiny_folder.set(CAPACITY, 2, "performance_score", cell)
    assert tiny_folder.faults() == [
        f"{DEMAND}, row 2, column hours_per_week (F): {said}a number of 0 or more: the column needs one in each row",
        f"{CAPACITY}, row 2, column performance_score (K): {said}a number from 0 to 100, or an empty cell: "
        "leave the cell empty",
    ]


def test_a_percentage_is_a_share(tiny_folder: PackFolder) -> None:
    for row, cell in enumerate(["41.3%", "7 %", "0.5"], start=2):
        tiny_folder.set(DISTRICTS, row, "rural_share_65", cell)
    assert tiny_folder.load().table("districts")["rural_share_65"].tolist() == [0.413, 0.07, 0.5]
    tiny_folder.set(DISTRICTS, 2, "rural_share_65", "141%")
    assert tiny_folder.faults() == [
        f'{DISTRICTS}, row 2, column rural_share_65: found "141%", expected a number from 0 to 1, or an empty cell'
    ]


def test_a_spreadsheets_error_is_no_name(tiny_folder: PackFolder) -> None:
    tiny_folder.set(PROVIDERS, 3, "provider_name", "#REF!")
    assert tiny_folder.faults() == [
        f'{PROVIDERS}, row 3, column provider_name (B): found "#REF!", a spreadsheet\'s error, expected text: '
        "mend the formula, or widen the column, and save again"
    ]


# Dates and months


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("13/04/2024", "2024-04-13"), ("03/04/2024", "2024-04-03"), ("3/4/2024", "2024-04-03"),
        ("2024-04-03 00:00:00", "2024-04-03"), ("2024-04-03T09:30", "2024-04-03"), ("3 April 2024", "2024-04-03"),
        ("03-Apr-24", "2024-04-03"), ("3rd Apr 2024", "2024-04-03"), ("03-04-2024", "2024-04-03"),
        ("03.04.2024", "2024-04-03"), ("20240403", "2024-04-03"), ("29/02/2024 00:00", "2024-02-29"),
        ("3 Sept 2024", "2024-09-03"),
    ],
)  # fmt: skip
def test_dates(tiny_folder: PackFolder, cell: str, day: str) -> None:
    tiny_folder.set(RATINGS, 2, "rated_on", cell)
    assert tiny_folder.load().table("ratings")["rated_on"][0] == pd.Timestamp(day)


DATE = "expected a date like 2025-03-31, or an empty cell"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("04/13/2024", f", which can only be a date with the month first, {DATE}: save the dates of the column as "
                       "yyyy-mm-dd"),
        ("45747", f", a date as a spreadsheet counts days, {DATE}: give the column a date format, such as yyyy-mm-dd, "
                  "and save again"),
        ("03/04/24", f", a date whose year has two digits, {DATE}: write the year with four"),
        ("n/a", f", a suppressed or unknown value, which cannot be read as a date, {DATE}: leave the cell empty"),
        ("#VALUE!", f", a spreadsheet's error, {DATE}: mend the formula, or widen the column, and save again"),
    ],
)  # fmt: skip
def test_a_date_without_one_reading(tiny_folder: PackFolder, cell: str, said: str) -> None:
    tiny_folder.set(RATINGS, 2, "rated_on", "03/04/2024")
    tiny_folder.set(RATINGS, 3, "rated_on", cell)
    assert tiny_folder.faults() == [f'{RATINGS}, row 3, column rated_on (D): found "{cell}"{said}']


@pytest.mark.parametrize("cell", ["31/02/2024", "2024-02-30", "32/01/2024", "13/13/2024", "3 Avril 2024", "spring"])
def test_a_date_that_is_none(tiny_folder: PackFolder, cell: str) -> None:
    tiny_folder.set(RATINGS, 3, "rated_on", cell)
    assert tiny_folder.faults() == [f'{RATINGS}, row 3, column rated_on: found "{cell}", {DATE}']


@pytest.mark.parametrize(
    "form", ["%b-%y", "%b %Y", "%B %Y", "%m/%Y", "%Y/%m", "01/%m/%Y", "1 %B %Y", "%Y-%m-01", "%Y-%m-01 00:00:00"]
)
def test_months(tiny: Pack, tiny_folder: PackFolder, form: str) -> None:
    rows = tiny_folder.rows(HISTORY)
    rows = changed(rows, ("month",), as_month(form))
    tiny_folder.write(HISTORY, rows)
    pd.testing.assert_frame_equal(tiny_folder.load().table("history"), tiny.table("history"))


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("03/04/2025", ", which does not say a month for certain, expected a month like 2025-03: write the months of "
                       "the column as yyyy-mm"),
        ("2025-03-15", ", which does not say a month for certain, expected a month like 2025-03: write the months of "
                       "the column as yyyy-mm"),
        ("45717", ", a date as a spreadsheet counts days, expected a month like 2025-03: give the column a date "
                  "format, such as yyyy-mm-dd, and save again"),
    ],
)  # fmt: skip
def test_a_month_without_one_reading(tiny_folder: PackFolder, cell: str, said: str) -> None:
    tiny_folder.set(HISTORY, 2, "month", cell)
    assert tiny_folder.faults() == [f'{HISTORY}, row 2, column month (A): found "{cell}"{said}']


def test_months_of_which_one_can_only_be_another_are_not_guessed(tiny_folder: PackFolder) -> None:
    """01/01/2025 is the first of January either way: 02/01/2025 says that the month stands first here, or the day."""
    tiny_folder.set(HISTORY, 2, "month", "01/01/2025")
    tiny_folder.set(HISTORY, 3, "month", "02/01/2025")
    assert [fault.partition(": ")[0] for fault in tiny_folder.faults()] == [
        f"{HISTORY}, row 2, column month (A)",
        f"{HISTORY}, row 3, column month (A)",
    ]


# Bytes, separators, blank rows and columns


@pytest.mark.parametrize("name", ["Café Gofal", "Siân’s Care – North", "“Ty Bryn”", "Zoë & Co", "£1 Care", "Care½"])
def test_windows_text(tiny_folder: PackFolder, name: str) -> None:
    tiny_folder.set(PROVIDERS, 2, "provider_name", name)
    tiny_folder.change_bytes(PROVIDERS, lambda content: content.decode().encode("cp1252"))
    assert tiny_folder.load().table("providers")["provider_name"][0] == name


NOT_UTF8 = (
    "found bytes that are not text in UTF-8 and could be read in more than one way, "
    "expected a file saved again as CSV UTF-8 (comma delimited)"
)


@pytest.mark.parametrize(
    ("alder", "birch"),
    [
        (b"Alder", b"Caf\x8e"), (b"Alder", b"Caf\x82"), (b"Alder", b"Caf\x81"), ("Siân".encode(), b"Caf\xe9"),
        ("Siân".encode(), b"\xc3"), (b"Alder", "Café".encode() + b" Caf\xe9"),
    ],
    ids=["Mac", "DOS", "no letter", "two encodings", "half a letter", "two encodings in one cell"],
)  # fmt: skip
def test_bytes_with_no_certain_reading(tiny_folder: PackFolder, alder: bytes, birch: bytes) -> None:
    tiny_folder.change_bytes(PROVIDERS, lambda content: content.replace(b"Alder", alder).replace(b"<img src=x", birch))
    assert tiny_folder.faults()[0] == f"{PROVIDERS}, row 3, column B: {NOT_UTF8}"


def test_a_file_cut_within_a_letter_is_not_read_as_windows_text(tiny_folder: PackFolder) -> None:
    tiny_folder.change_bytes(WARDS, lambda content: content.rstrip() + "\nW9,é".encode()[:-1])
    assert tiny_folder.faults()[0].startswith(f"{WARDS}, row ")
    assert tiny_folder.faults()[0].endswith(f", column B: {NOT_UTF8}")


def test_half_a_letter_of_two_bytes(tiny_folder: PackFolder) -> None:
    tiny_folder.change_bytes(WARDS, lambda content: content.decode().encode("utf-16")[:-1])
    assert tiny_folder.faults()[0].startswith(f"{WARDS}, row ")
    assert NOT_UTF8 in tiny_folder.faults()[0]


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_separators_with_the_others_inside_cells(tiny_folder: PackFolder, separator: str) -> None:
    tiny_folder.set(PROVIDERS, 2, "provider_name", 'Alder; "A", B\tC | D')
    rows = tiny_folder.rows(PROVIDERS)
    (tiny_folder.root / PROVIDERS).write_text(written(rows, separator), encoding="utf-8", newline="")
    assert tiny_folder.load().table("providers")["provider_name"][0] == 'Alder; "A", B\tC | D'


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: [[*row, "", ""] for row in rows] + [[""] * (len(rows[0]) + 2)] * 3,
        lambda rows: [*rows, *[[""] * len(rows[0])] * 500],
        lambda rows: [row for one in rows for row in (one, [" "] * len(one))],
        lambda rows: [rows[0], *([*row, "", "", ""] for row in rows[1:])],
        lambda rows: [[*rows[0], " ", ""], *rows[1:]],
        lambda rows: [[row[0], "", *row[1:]] for row in rows],
        lambda rows: [["", *row] for row in rows],
        lambda rows: [[], [""], *rows, [], ["", ""]],
        lambda rows: [["\ufeff" + rows[0][0], *rows[0][1:]], *rows[1:]],
    ],
    ids=[
        "case",
        "rows",
        "between",
        "longer rows",
        "longer header",
        "column within",
        "column in front",
        "above",
        "mark",
    ],
)
def test_blank_rows_and_columns_are_passed_over(tiny: Pack, tiny_folder: PackFolder, change: Any) -> None:
    tiny_folder.write(DEMAND, change(tiny_folder.rows(DEMAND)))
    pd.testing.assert_frame_equal(tiny_folder.load().table("demand"), tiny.table("demand"))


def test_rows_count_on_after_blank_ones(tiny_folder: PackFolder) -> None:
    rows = tiny_folder.rows(DEMAND)
    blank = [""] * len(rows[0])
    rows[2][rows[0].index("people")] = "many"
    tiny_folder.write(DEMAND, [blank, rows[0], blank, rows[1], blank, *rows[2:], blank])
    assert tiny_folder.faults() == [
        f'{DEMAND}, row 6, column people: found "many", expected a whole number of 0 or more, or an empty cell'
    ]


@pytest.mark.parametrize(("more", "letter"), [(0, "H"), (1, "I"), (18, "Z"), (19, "AA"), (45, "BA")])
def test_a_value_in_a_column_without_a_name(tiny_folder: PackFolder, more: int, letter: str) -> None:
    rows = [[*row, *[""] * (more + 1)] for row in tiny_folder.rows(DEMAND)]
    rows[3][-1] = rows[5][-1] = "why?"
    tiny_folder.write(DEMAND, rows)
    assert tiny_folder.faults() == [
        f'{DEMAND}, row 4, column {letter}: found "why?" in a column without a name, '
        "expected a name above it in the header, or nothing in the column"
    ]


def test_a_value_in_a_column_without_a_name_between_others(tiny_folder: PackFolder) -> None:
    rows = [[row[0], "", *row[1:]] for row in tiny_folder.rows(DEMAND)]
    rows[3][1] = "why?"
    tiny_folder.write(DEMAND, rows)
    assert tiny_folder.faults()[0].startswith(f'{DEMAND}, row 4, column B: found "why?" in a column without a name')


@pytest.mark.parametrize(
    "change", [str.upper, str.title, lambda name: f"\xa0{name} ", lambda name: name.replace("_", " ")]
)
def test_names_of_columns_as_people_write_them(tiny: Pack, tiny_folder: PackFolder, change: Any) -> None:
    header, *rows = tiny_folder.rows(DEMAND)
    tiny_folder.write(DEMAND, [[change(name) for name in header], *rows])
    pd.testing.assert_frame_equal(tiny_folder.load().table("demand"), tiny.table("demand"))


def test_two_spellings_of_one_name_are_the_column_twice(tiny_folder: PackFolder) -> None:
    header, *rows = tiny_folder.rows(DEMAND)
    tiny_folder.write(DEMAND, [[*header, "People "], *([*row, "1"] for row in rows)])
    assert tiny_folder.faults() == [
        f"{DEMAND}, row 1, column people: found the column twice, expected each column once"
    ]


def test_rows_above_the_header(tiny_folder: PackFolder) -> None:
    rows = tiny_folder.rows(DEMAND)
    tiny_folder.write(DEMAND, [["Demand by lot", "March 2025"], [], *rows])
    assert tiny_folder.faults() == [
        f'{DEMAND}, row 1: found "Demand by lot / March 2025", expected the names of the columns, which stand '
        "in row 3: delete the rows above them"
    ]


def test_no_header(tiny_folder: PackFolder) -> None:
    tiny_folder.write(DEMAND, tiny_folder.rows(DEMAND)[1:])
    assert tiny_folder.faults() == [
        f'{DEMAND}, row 1: found "home / E07000001 / day / older / 10 / 100 / 130000", expected a header with the '
        "names of the columns, service, district_code, service_type, cohort, people, hours_per_week, annual_cost"
    ]


# Limits


HEADER = b"service,district_code,service_type,cohort,people,hours_per_week,annual_cost"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b",".join([HEADER, *[b"x"] * 200_000]) + b"\n", ", row 1: found 200,007 columns, expected at most 1,000"),
        (b",".join([HEADER, *[b'"x"'] * 200_000]) + b"\n", ", row 1: found 200,007 columns, expected at most 1,000"),
        (b",".join([HEADER, *[b""] * 5_000_000]) + b"\n",
         ", row 1: found a row without an end, expected a row of ordinary length: is a quotation mark left open?"),
        (HEADER + b"\n" + b"1," * 10_000_000,
         ", row 2: found a row without an end, expected a row of ordinary length: is a quotation mark left open?"),
        (HEADER + b"\n" + b",,,,,,\n" * 1_048_577,
         ": found more than 1,048,576 rows, expected no more than a spreadsheet's sheet holds"),
        (HEADER + b"\n1,2,3,4,5,6," + b"7" * 200_000,
         ", row 2: found a row without an end, expected a row of ordinary length: is a quotation mark left open?"),
        (HEADER + b"\n1,2,3,4,5,6," + b"7" * 10_001,
         ", row 2, column annual_cost (G): found 10,001 characters, expected at most 10,000"),
    ],
    ids=["columns", "columns in quotation marks", "no end of columns", "no end of a row", "rows", "cell", "long cell"],
)  # fmt: skip
def test_what_is_too_large_is_refused(content: bytes, said: str) -> None:
    names = HEADER.decode().split(",")
    _, faults = read_cells(content, DEMAND, names)
    assert [str(fault) for fault in faults] == [f"{DEMAND}{said}"]


def test_as_many_rows_as_a_sheet_holds_are_read() -> None:
    cells, faults = read_cells(HEADER + b"\n" + b",,,,,,\n" * 1_048_575, DEMAND, HEADER.decode().split(","))
    assert cells is not None and (len(cells.rows), faults) == (0, [])
