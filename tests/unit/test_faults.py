"""Damaged packs: every fault is said at once, by file, row, column, what was found and what was expected."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_folder import GEOGRAPHY, MANIFEST, PackFolder
from tiny_pack import TABLES, write_tiny_pack

from lib.__main__ import main
from lib.market.profile import profile
from lib.market.selection import select
from lib.pack.faults import Fault, PackError, quoted
from lib.pack.load import Pack, load_pack
from lib.pack.models import TABLES as MODELS
from lib.pack.models import table_settings
from lib.pack.reconcile import differences, reconcile

DEMAND, CAPACITY, REQUESTS = "market/demand.csv", "market/capacity.csv", "market/requests.csv"
RATINGS, PROVIDERS, LOTS = "market/ratings.csv", "market/providers.csv", "reference/lots.csv"
DISTRICTS, RULES, FACTS = "reference/districts.csv", "published/reconciliation.csv", "published/facts.csv"

# What a spreadsheet, a hurried person or an attacker leaves in a cell.
NASTY = [
    "", " ", "-1", "3.5", "1e999", "-1e400", "inf", "-inf", "nan", "NaN", "1,000", "£5", "5%", "0x10", "1_000", "++1",
    "99999999999999999999", "2025-02-30", "2025-13-01", "31/03/2025", "0001-01-01", "1600-01-01", "9999-12-31", "today",
    "now", "2025-04-01", "E07999999", "E0700000", "tier_9", "Excellent", "None", "NULL", "true", "=1+1", "a\nb",
    "a\x00b", 'a"b', "a,b", "é", "\ufeff", "\x1b[31m", "x" * 500, "P1", "domiciliary_care", "home", "0-17", "2025-03",
]  # fmt: skip


def check(root: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What `check` says on stderr about a pack that cannot be loaded."""
    assert main(["check", "--pack", str(root)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    return err.splitlines()


def test_five_faults_in_five_files_are_said_at_once(folder: PackFolder, capsys: pytest.CaptureFixture[str]) -> None:
    folder.drop_column("market/history.csv", "people")
    folder.set(DEMAND, 4, "district_code", "E07999999")
    folder.set(REQUESTS, 3, "hours_per_week", "-7")
    again = folder.repeat(RATINGS, 9)
    folder.set(CAPACITY, 6, "capacity_hours", "about 30")
    provider, domain = folder.get(RATINGS, 9, "provider_id"), folder.get(RATINGS, 9, "domain")
    expected = [
        f'{DEMAND}, row 4, column district_code: found "E07999999", expected a district_code of {DISTRICTS}',
        f'{RATINGS}, row {again}, column provider_id, domain: found "{provider} / {domain}" again, as in row 9, '
        "expected each key once",
        f'{CAPACITY}, row 6, column capacity_hours: found "about 30", expected a number of 0 or more, or an empty cell',
        f'{REQUESTS}, row 3, column hours_per_week: found "-7", expected a number of 0 or more',
        "market/history.csv, row 1, column people: found no such column, expected a whole number of 0 or more",
    ]
    assert check(folder.root, capsys) == expected
    assert folder.faults() == expected


def test_five_faults_in_one_file_are_said_at_once(folder: PackFolder, capsys: pytest.CaptureFixture[str]) -> None:
    again = folder.repeat(DEMAND, 8)
    folder.set(DEMAND, 2, "district_code", "E07999999")
    folder.set(DEMAND, 3, "hours_per_week", "-1")
    folder.set(DEMAND, 5, "people", "many")
    folder.drop_column(DEMAND, "annual_cost")
    key = " / ".join(folder.rows(DEMAND)[7][:4])
    assert check(folder.root, capsys) == [
        f"{DEMAND}, row 1, column annual_cost: found no such column, expected a number of 0 or more",
        f'{DEMAND}, row 5, column people: found "many", expected a whole number of 0 or more, or an empty cell',
        f'{DEMAND}, row 3, column hours_per_week: found "-1", expected a number of 0 or more',
        f"{DEMAND}, row {again}, column service, district_code, service_type, cohort: "
        f'found "{key}" again, as in row 8, expected each key once',
        f'{DEMAND}, row 2, column district_code: found "E07999999", expected a district_code of {DISTRICTS}',
    ]


# One wrong cell each: file, row, column, what stands there, what is expected.
WRONG_CELLS = [
    (DEMAND, 2, "hours_per_week", "inf", "a number of 0 or more"),
    (DEMAND, 3, "hours_per_week", "-inf", "a number of 0 or more"),
    (DEMAND, 4, "hours_per_week", "nan", "a number of 0 or more"),
    (DEMAND, 5, "hours_per_week", "1e999", "a number of 0 or more"),
    (DEMAND, 7, "hours_per_week", "twelve", "a number of 0 or more"),
    (DEMAND, 8, "hours_per_week", "-0.5", "a number of 0 or more"),
    (DEMAND, 9, "hours_per_week", "", "a number of 0 or more"),
    (DEMAND, 2, "people", "3.5", "a whole number of 0 or more, or an empty cell"),
    (DEMAND, 3, "people", "nan", "a whole number of 0 or more, or an empty cell"),
    (CAPACITY, 2, "performance_score", "100.1", "a number from 0 to 100, or an empty cell"),
    (CAPACITY, 2, "rank", "0", "a whole number of 1 or more, or an empty cell"),
    (CAPACITY, 3, "rank", "first", "a whole number of 1 or more, or an empty cell"),
    (CAPACITY, 4, "route", "tier_9", "one of tier_1, tier_2, spot"),
    (CAPACITY, 5, "provider_id", "P99", "a provider_id of market/providers.csv"),
    (CAPACITY, 6, "rank", "", "a rank, as the route has a ranked list"),
    (DISTRICTS, 2, "area_km2", "0", "a number above 0"),
    (DISTRICTS, 2, "rural_share_65", "1.01", "a number from 0 to 1, or an empty cell"),
    (DISTRICTS, 2, "borders_london", "yes", "true or false, or an empty cell"),
    (DISTRICTS, 2, "district_name", "", "text"),
    (PROVIDERS, 2, "provider_name", "", "text"),
    (RATINGS, 2, "rating", "Excellent", "one of Outstanding, Good, Poor, Not rated"),
    (RATINGS, 3, "domain", "food", "one of overall, safe"),
    (RATINGS, 4, "rated_on", "2025-02-30", "a date like 2025-03-31, or an empty cell"),
    (RATINGS, 6, "rated_on", "0001-01-01", "a date like 2025-03-31, or an empty cell"),
    (RATINGS, 7, "rated_on", "9999-12-31", "a date like 2025-03-31, or an empty cell"),
    (RATINGS, 8, "rated_on", "today", "a date like 2025-03-31, or an empty cell"),
    (RATINGS, 9, "rated_on", "2025-04-01", "a date no later than 2025-03-31"),
    (REQUESTS, 2, "requested_on", "now", "a date like 2025-03-31"),
    (REQUESTS, 3, "requested_on", "", "a date like 2025-03-31"),
    (REQUESTS, 8, "requested_on", "2025-04-01", "a date no later than 2025-03-31"),
    (REQUESTS, 4, "placed_on", "2025-04-01", "a date no later than 2025-03-31"),
    (REQUESTS, 5, "placed_on", "2024-12-31", "a date no earlier than requested_on"),
    (REQUESTS, 6, "ward_code", "W9", "a ward_code of reference/wards.csv"),
    ("market/history.csv", 2, "month", "2025-13", "a month like 2025-03"),
    ("reference/population.csv", 11, "age_band", "65 to 74", "an age band like 65-74 or 90+"),
    ("reference/service_rates.csv", 2, "age_band", "66+", "an age_band of reference/population.csv"),
    ("reference/area_groups.csv", 2, "grouping", "corner", "one of side, patch"),
    (FACTS, 2, "status", "guessed", "one of published, derived, supplied, modelled, illustrative, context"),
    (RULES, 2, "table", "history", "one of demand, capacity"),
    (RULES, 3, "column", "peeple", "a column of the rule's table"),
    (RULES, 4, "column", "district_code", "a column of numbers, as the rule adds it up"),
    (RULES, 5, "fact_id", "f_words", "a fact of published/facts.csv whose value is a number"),
    (RULES, 6, "bound", "nearly", "one of equal, at_least, at_most"),
    (RULES, 8, "share_of", "town", "one of service, service_type, cohort, route"),
    (RULES, 9, "share_of", "", "the filter that is left out of the total, as the rule is a percentage"),
]


def test_every_wrong_cell_is_one_fault(tiny_folder: PackFolder) -> None:
    for path, row, column, value, _ in WRONG_CELLS:
        tiny_folder.set(path, row, column, value)
    assert sorted(tiny_folder.faults()) == sorted(
        f"{path}, row {row}, column {column}: found {quoted(value)}, expected {expected}"
        for path, row, column, value, expected in WRONG_CELLS
    )


def test_an_unknown_word_of_a_lot_names_its_column(tiny_folder: PackFolder) -> None:
    tiny_folder.set(DEMAND, 2, "service", "gardening")
    tiny_folder.set(DEMAND, 3, "service_type", "evening")
    tiny_folder.set(DEMAND, 4, "cohort", "pets")
    expected = [
        f'{DEMAND}, row 2, column service: found "gardening", expected one of home, respite',
        f'{DEMAND}, row 3, column service_type: found "evening", expected one of day, night, visit',
        f'{DEMAND}, row 4, column cohort: found "pets", expected one of older, younger, child',
    ]
    assert tiny_folder.faults()[:3] == expected


def test_a_lot_that_is_no_lot(tiny_folder: PackFolder) -> None:
    tiny_folder.append(DEMAND, ["home", "E07000003", "night", "younger", "0", "0", "0"])
    assert tiny_folder.faults() == [
        f'{DEMAND}, row 14, column service, service_type, cohort: found "home / night / younger", '
        f"expected a lot of {LOTS}"
    ]


def test_a_repeated_key_of_one_column_names_the_first_row(tiny_folder: PackFolder) -> None:
    tiny_folder.set(PROVIDERS, 4, "provider_id", "P2")
    assert f'{PROVIDERS}, row 4, column provider_id: found "P2" again, as in row 3, expected each key once' in (
        tiny_folder.faults()
    )


def test_a_repeated_key_with_an_empty_part_is_no_crash(tiny_folder: PackFolder) -> None:
    for row in (2, 3):
        tiny_folder.set(RATINGS, row, "domain", "")
    faults = tiny_folder.faults()
    assert f"{RATINGS}, row 2, column domain: found an empty cell, expected one of overall, safe" in faults
    assert any(fault.startswith(f"{RATINGS}, row 3, column provider_id, domain: found ") for fault in faults)


def test_missing_file(tiny_folder: PackFolder) -> None:
    (tiny_folder.root / DEMAND).unlink()
    assert tiny_folder.faults() == [f"{DEMAND}: found no such file, expected a CSV table"]


def test_folder_in_place_of_a_file(tiny_folder: PackFolder) -> None:
    for path in (DEMAND, GEOGRAPHY):
        (tiny_folder.root / path).unlink()
        (tiny_folder.root / path).mkdir()
    faults = tiny_folder.faults()
    assert [fault.partition(": ")[0] for fault in faults] == [DEMAND, GEOGRAPHY]


@pytest.mark.parametrize("content", [b"", b"\n", b",,,\n"])
def test_empty_file(tiny_folder: PackFolder, content: bytes) -> None:
    (tiny_folder.root / DEMAND).write_bytes(content)
    assert tiny_folder.faults() == [
        f"{DEMAND}, row 1: found an empty file, expected a header with the names of the columns"
    ]


def test_ragged_rows_count_blank_lines_as_a_spreadsheet_does(tiny_folder: PackFolder) -> None:
    lines = TABLES["reference/wards.csv"].lstrip().splitlines()
    lines[1] += ",extra"
    lines.insert(2, "")
    lines.append("W3,Third")
    (tiny_folder.root / "reference/wards.csv").write_text("\n".join(lines))
    faults = tiny_folder.faults()
    assert "reference/wards.csv, row 2: found 6 cells, expected 5, one a column" in faults
    assert "reference/wards.csv, row 5: found 2 cells, expected 5, one a column" in faults


def test_blank_lines_are_no_fault(tiny_folder: PackFolder) -> None:
    tiny_folder.change_bytes(DEMAND, lambda content: content.replace(b"\n", b"\n\n"))
    assert len(tiny_folder.load().table("demand")) == 12


def test_column_twice(tiny_folder: PackFolder) -> None:
    tiny_folder.change_bytes(DEMAND, lambda content: content.replace(b"annual_cost", b"people", 1))
    assert tiny_folder.faults() == [
        f"{DEMAND}, row 1, column people: found the column twice, expected each column once"
    ]


def test_bytes_that_are_not_text(tiny_folder: PackFolder) -> None:
    tiny_folder.change_bytes(PROVIDERS, lambda content: content.replace(b"Alder", b"Ald\x8er"))
    faults = tiny_folder.faults()
    assert (
        f"{PROVIDERS}, row 2, column B: found bytes that are not text in UTF-8 and could be read in more than one way, "
        "expected a file saved again as CSV UTF-8 (comma delimited)"
    ) in faults
    assert all(fault.startswith(PROVIDERS) for fault in faults), "one fault, not one for each row that refers to it"


def test_unclosed_quote(tiny_folder: PackFolder) -> None:
    tiny_folder.change_bytes(PROVIDERS, lambda content: content.replace(b"Alder", b'"Alder'))
    assert tiny_folder.faults() == [
        f"{PROVIDERS}, row 2: found a quotation mark that is never closed, expected each quotation mark closed, and "
        "written twice inside a cell"
    ]


def test_nul_byte(tiny_folder: PackFolder) -> None:
    tiny_folder.change_bytes(PROVIDERS, lambda content: content.replace(b"Alder", b"Al\x00der"))
    assert tiny_folder.faults() == [
        f"{PROVIDERS}, row 2, column provider_name: found a cell with a NUL byte, expected text"
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: content.replace(b"\n", b"\r"),
        lambda content: content.replace(b",", b" , "),
        lambda content: content.replace(b"older", b'"older"'),
        lambda content: content.rstrip(b"\n"),
    ],
    ids=["byte order mark", "Windows line endings", "old Mac line endings", "spaces", "quotes", "no last line ending"],
)
def test_what_spreadsheets_write_is_accepted(
    tiny: Pack, tiny_folder: PackFolder, change: Callable[[bytes], bytes]
) -> None:
    tiny_folder.change_bytes(DEMAND, change)
    assert tiny_folder.load().table("demand").equals(tiny.table("demand"))


def test_extra_columns_are_kept(tiny_folder: PackFolder) -> None:
    header, *rows = tiny_folder.rows(DEMAND)
    tiny_folder.write(DEMAND, [[*header, "remark"], *([*row, "ours"] for row in rows)])
    assert set(tiny_folder.load().table("demand")["remark"]) == {"ours"}


def test_more_than_twenty_faults_of_a_column_are_counted(folder: PackFolder) -> None:
    header, *rows = folder.rows(DEMAND)
    place = header.index("hours_per_week")
    folder.write(DEMAND, [header, *([*row[:place], "x", *row[place + 1 :]] for row in rows)])
    faults = folder.faults()
    assert len(faults) == 21
    assert faults[19].startswith(f"{DEMAND}, row 21, column hours_per_week: ")
    assert faults[20] == f"{DEMAND}, column hours_per_week: found 112 more such cells, expected a number of 0 or more"


def test_twenty_faults_of_a_column_are_all_said(folder: PackFolder) -> None:
    for row in range(2, 22):
        folder.set("reference/population.csv", row, "persons", "x")
    faults = folder.faults()
    assert len(faults) == 20
    assert "more such" not in faults[-1]


# The manifest


def test_no_such_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "nowhere"
    assert check(root, capsys) == [f"{root}: found no such folder, expected the folder of a data pack"]


def test_folder_without_a_manifest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tmp_path, capsys) == [
        f"{MANIFEST}: found no such file in {tmp_path}, expected the manifest of a data pack"
    ]


@pytest.mark.parametrize(
    ("content", "start"),
    [
        (
            b'{\n"name": tiny}',
            f"{MANIFEST}, row 2: found text that is not JSON (Expecting value, column 9), expected a",
        ),
        (b"\xff\xfe", f"{MANIFEST}, row 1: found bytes that are not text in UTF-8, expected a file saved in UTF-8"),
        (b"[" * 100_000, f"{MANIFEST}: found lists within lists without end, expected a JSON document"),
        (b"[]", f"{MANIFEST}: found a list, expected a JSON object"),
    ],
)
def test_manifest_that_is_no_json_object(tiny_folder: PackFolder, content: bytes, start: str) -> None:
    (tiny_folder.root / MANIFEST).write_bytes(content)
    faults = tiny_folder.faults()
    assert len(faults) == 1
    assert faults[0].startswith(start)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda pack: pack.pop("area"), "column area: found nothing, expected a value: it is required"),
        (
            lambda pack: pack.update(as_of="yesterday"),
            'column as_of: found "yesterday", expected a date like 2025-03-31, from 1990 to 2100',
        ),
        (
            lambda pack: pack["services"]["home"].update(base_year="next"),
            'column services.home.base_year: found "next", expected a whole number',
        ),
        (
            lambda pack: pack.update(services=[]),
            'column services: found a list, expected an object',
        ),
        (
            lambda pack: pack["resources"][0].update(status="guessed"),
            'column resources."districts".status: found "guessed", expected one of published, derived, supplied, '
            "modelled, illustrative, context",
        ),
        (
            lambda pack: pack["resources"].pop(3),
            "column resources: found nothing named service_rates, expected every table, with its status",
        ),
        (
            lambda pack: pack["quality_gate"].update(route="tier_9"),
            'found quality_gate.route names "tier_9", which is not in routes, '
            "expected parts that agree with each other",
        ),
        (
            lambda pack: pack["quality_gate"].update(domains=["safe", "food"]),
            'found quality_gate.domains names "food", which is not in domains, '
            "expected parts that agree with each other",
        ),
        (
            lambda pack: pack["services"]["home"].update(default_grouping="corner"),
            "found services.home.default_grouping is not district or one of groupings, "
            "expected parts that agree with each other",
        ),
        (
            lambda pack: pack["domains"].pop("overall"),
            'found domains has no "overall", the rating that every provider is known by, '
            "expected parts that agree with each other",
        ),
    ],
)  # fmt: skip
def test_wrong_manifest(tiny_folder: PackFolder, change: Callable[[Any], object], fault: str) -> None:
    tiny_folder.change_json(MANIFEST, change)
    faults = tiny_folder.faults()
    assert len(faults) == 1
    assert faults[0].removeprefix(MANIFEST).lstrip(",: ") == fault


def test_every_fault_of_the_manifest_is_said_at_once(tiny_folder: PackFolder) -> None:
    def change(pack: Any) -> None:
        del pack["council"]
        pack["as_of"] = 5.5
        pack["ratings"] = []

    tiny_folder.change_json(MANIFEST, change)
    columns = [fault.partition(": ")[0] for fault in tiny_folder.faults()]
    assert columns == [f"{MANIFEST}, column {name}" for name in ("council", "as_of", "ratings")]


# The outlines


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda map: map["features"].pop(), ["column district_code: found no outline of E07000003"]),
        (
            lambda map: map["features"][0]["properties"].update(district_code="E07000009"),
            ["column district_code: found no outline of E07000001", 'column district_code: found "E07000009"'],
        ),
        (
            lambda map: map["features"][0]["properties"].update(district_code=["E07000001"]),
            ["column district_code: found a list in feature 1, expected the district's code, as text"],
        ),
        (
            lambda map: map["features"].append(map["features"][0]),
            ["column district_code: found 2 outlines of E07000001"],
        ),
        (
            lambda map: map["features"][1]["geometry"].update(type="LineString"),
            ['column E07000002: found "LineString", expected a Polygon or a MultiPolygon'],
        ),
        (
            lambda map: map["features"][1].update(geometry={"type": "Point", "coordinates": [570000.4, 210000]}),
            ['column E07000002: found "Point", expected a Polygon'],
        ),
        (
            lambda map: map["features"][0]["geometry"].update(coordinates=[]),
            ["column E07000001: found no coordinates in a Polygon, expected a Polygon or a MultiPolygon"],
        ),
        (
            lambda map: map["features"][0].update(geometry=None),
            ["column E07000001: found no geometry, expected a Polygon or a MultiPolygon"],
        ),
        (
            lambda map: map["features"][0]["properties"].clear(),
            ["column district_code: found no district_code in 1 of 3 outlines, the first of them feature 1, expected"],
        ),
        (
            lambda map: map.pop("features"),
            ['found a document of the type "FeatureCollection" without a list of features, expected a GeoJSON'],
        ),
    ],
    ids=[
        "missing", "unknown", "no code", "twice", "line", "point", "no coordinates", "no geometry", "no properties",
        "no features",
    ],
)  # fmt: skip
def test_wrong_outlines(tiny_folder: PackFolder, change: Callable[[Any], object], expected: list[str]) -> None:
    tiny_folder.change_json(GEOGRAPHY, change)
    faults = tiny_folder.faults()
    assert len(faults) == len(expected)
    for fault, start in zip(faults, expected, strict=True):
        assert fault.removeprefix(GEOGRAPHY).lstrip(",: ").startswith(start)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "an empty file"),
        (b"\xef\xbb\xbf \n", "an empty file"),
        (b"POLYGON((0 0))", "text that is not JSON from line 1, column 1 on"),
        (b'{"features":\n [{]}', "text that is not JSON from line 2, column 4 on"),
        (b"[" * 100_000, "lists within lists without end"),
        (b"\xff\xff", "bytes that are not text from byte 1 on"),
        (b"PK\x03\x04\xff", "a ZIP archive"),
        (b"1" * 5_000, "text that is not JSON"),
        (b"null", "nothing without a list of features"),
        (b'["district_code"]', "a list without a list of features"),
        (b'{"type": "Polygon", "coordinates": []}', 'a document of the type "Polygon" without a list of features'),
        (b'{"features": [7]}', "a number in place of feature 1 of 1"),
    ],
)
def test_outlines_that_are_no_geojson(tiny_folder: PackFolder, content: bytes, found: str) -> None:
    (tiny_folder.root / GEOGRAPHY).write_bytes(content)
    faults = tiny_folder.faults()
    assert len(faults) == 1
    expected = "a GeoJSON feature collection whose features have a district_code and a polygon"
    assert faults[0] == f"{GEOGRAPHY}: found {found}, expected {expected}"


def test_no_outlines(tiny_folder: PackFolder) -> None:
    (tiny_folder.root / GEOGRAPHY).unlink()
    assert tiny_folder.faults() == [
        f"{GEOGRAPHY}: found no such file, expected the outlines of the districts, in GeoJSON"
    ]


# Words


def test_a_fault_is_one_sentence() -> None:
    assert str(Fault("a.csv", 3, "b", "c", "d")) == "a.csv, row 3, column b: found c, expected d"
    assert str(Fault("a.csv", None, "b", "c", "d")) == "a.csv, column b: found c, expected d"
    assert str(Fault("a.csv", 3, "", "c", "d")) == "a.csv, row 3: found c, expected d"
    assert str(Fault("a.csv", None, "", "c", "d")) == "a.csv: found c, expected d"


def test_a_quoted_value_is_short_and_stays_on_one_line() -> None:
    assert quoted("") == "an empty cell"
    assert quoted(5) == '"5"'
    assert quoted("x" * 60) == f'"{"x" * 60}"'
    assert quoted("x" * 61) == f'"{"x" * 59}…"'
    assert quoted("a\nb\x1b[2Jc") == '"a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}[2Jc"'


# Any damage at all


@pytest.fixture(scope="module")
def damaged_folder(tmp_path_factory: pytest.TempPathFactory) -> PackFolder:
    return PackFolder(write_tiny_pack(tmp_path_factory.mktemp("damage") / "tiny"))


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_damage_to_any_one_cell_is_a_pack_error_or_nothing(damaged_folder: PackFolder, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(TABLES)), label="file")
    rows = list(csv.reader(io.StringIO(TABLES[path].lstrip())))
    row = data.draw(st.integers(0, len(rows) - 1), label="row")
    place = data.draw(st.integers(0, len(rows[0]) - 1), label="column")
    anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    rows[row][place] = data.draw(st.sampled_from(NASTY) | anything | st.floats().map(str), label="value")
    file = damaged_folder.root / path
    before = file.read_bytes()
    try:
        damaged_folder.write(path, rows)
        loaded = load_pack(damaged_folder.root)
    except PackError as error:
        known = {MANIFEST, GEOGRAPHY, *(table_settings(model)["path"] for model in MODELS.values())}
        assert error.faults
        assert {fault.file for fault in error.faults} <= known
        assert path in str(error), "the damaged file is named, as the place of a fault or as what it should agree with"
        assert len(str(error).splitlines()) == len(error.faults)
    else:
        assert isinstance(differences(reconcile(loaded)).empty, bool)
        assert len(profile(loaded, select(loaded, "home"))) == len(loaded.table("districts"))
    finally:
        file.write_bytes(before)


def test_a_pack_without_the_later_columns_loads(tiny_folder: PackFolder) -> None:
    """A council's own pack may leave out what tells how a gap is filled and which figures track an intention."""
    for path, columns in (("gaps", ["filled_by", "template"]), ("intentions", ["indicators", "needs"])):
        table = tiny_folder.root / f"published/{path}.csv"
        pd.read_csv(table).drop(columns=columns).to_csv(table, index=False)
    tables = tiny_folder.load().tables
    assert tables["gaps"]["filled_by"].isna().all() and tables["gaps"]["template"].isna().all()
    assert tables["intentions"]["indicators"].isna().all() and tables["intentions"]["needs"].isna().all()
