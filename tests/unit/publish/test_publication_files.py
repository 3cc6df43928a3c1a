"""The files of a publication: they read back to the cell, say what they are, and are the same for the same pack."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pack_folder import PackFolder
from safe_release import release_by_hand, table, texts
from tiny_pack import write_tiny_pack

from lib.pack.load import Pack, load_pack
from lib.publish.cells import SafeRelease, SafeTable
from lib.publish.content import publication_of
from lib.publish.editions import write_edition, zipped
from lib.publish.publication import Publication
from lib.publish.read import cell_of, read
from lib.publish.report import Report
from lib.publish.write import csv_of, files_of
from lib.whatif.scenarios.documents import scenario_from

HOSTILE = '</script><img src=x onerror="alert(1)">\r\n=1+1 & “words”'
AGEING = {"name": "Ageing only", "service": "home", "years": 2, "price": {"uplift_pct": 7.25}}


def cells(one: SafeTable) -> list[list[Any]]:
    """Every cell, an unknown one as None."""
    rows = one.frame.itertuples(index=False, name=None)
    return [list(one.frame.columns), *([None if cell != cell else cell for cell in row] for row in rows)]


pytestmark = pytest.mark.usefixtures("undrawn")


@pytest.fixture
def made(tiny: Pack) -> Publication:
    return publication_of(
        tiny, release_by_hand(scenarios=(scenario_from(AGEING, tiny),)), [scenario_from(AGEING, tiny)]
    )


@pytest.fixture
def folder(tiny: Pack, tmp_path: Path) -> Path:
    scenarios = (scenario_from(AGEING, tiny),)
    return write_edition(tiny, tmp_path / "out", release_by_hand(scenarios=scenarios), scenarios).folder


def test_a_publication_reads_back_to_the_cell(made: Publication, folder: Path) -> None:
    again = read(folder)
    assert list(again.tables) == list(made.tables)
    assert [*again.tables] == [
        "demand", "supply", "requests", "trend", "forecast", "wanted",
        "intentions", "residents", "scenarios", "assumptions",
    ]  # fmt: skip
    for name, one in made.tables.items():
        assert cells(again.tables[name]) == cells(one)
        assert again.tables[name].fields == one.fields
        assert (again.tables[name].title, again.tables[name].note) == (one.title, one.note)
    assert again.about == made.about
    assert again.release.report == Report()
    assert again.release.settings == made.release.settings
    assert again.release.dates == {"home": "2025-03-31", "respite": "2025-03-31"}
    assert again.outlines == made.outlines
    assert files_of(again) == files_of(made)


def test_csv_and_json_say_the_same(folder: Path) -> None:
    data = folder / "editions" / "0001" / "data"
    with (data / "demand.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    records = json.loads((data / "demand.json").read_text(encoding="utf-8"))
    assert [{name: "" if cell is None else str(cell) for name, cell in one.items()} for one in records] == rows
    assert rows[2]["people"] == records[2]["people"] == "c"
    assert rows[4]["open_requests"] == ""
    assert records[4]["open_requests"] is None
    assert rows[0]["demand_hours"] == "180"


def test_datapackage_says_what_every_file_is(folder: Path) -> None:
    for place in (folder, folder / "editions" / "0001"):
        described = json.loads((place / "datapackage.json").read_text(encoding="utf-8"))
        assert (described["as_of"], described["edition"], described["area"]) == ("2025-03-31", 1, "Testshire")
        assert described["demonstration"] == "Demonstration data: not evidence about any real district or provider."
        assert described["disclosure"]["threshold"] == 2
        for resource in described["resources"]:
            content = (place / resource["path"]).read_bytes()
            assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
            assert resource["bytes"] == len(content)
            assert ".." not in resource["path"]
    (demand,) = [one for one in described["resources"] if one["name"] == "demand"]
    assert (demand["status"], demand["rows"], demand["as_of"]) == ("modelled", 9, "2025-03-31")
    assert demand["schema"]["missingValues"] == ["", "c"]
    names = [one["name"] for one in demand["schema"]["fields"]]
    header = (folder / "editions/0001/data/demand.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == ",".join(names)
    assert {one["type"] for one in demand["schema"]["fields"]} == {"string", "number"}
    assert "2024/25" not in demand["title"]
    # Every file that is there is described, and no other.
    there = {str(path.relative_to(folder / "editions/0001")) for path in folder.glob("editions/0001/**/*.*")}
    assert there - {"datapackage.json"} == {one["path"] for one in described["resources"]}


def test_licences_and_credits_of_the_pack_stand_in_it(pack: Pack) -> None:
    made = publication_of(pack, SafeRelease((), release_by_hand().report, {}, pack.manifest.disclosure))
    described = json.loads(files_of(made)["datapackage.json"])
    assert {
        "name": "OGL-UK-3.0",
        "title": "Open Government Licence v3.0",
        "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    } in described["licenses"]
    page = files_of(made)["index.html"].decode()
    for words in ("OpenStreetMap contributors (ODbL)", "Open Government Licence v3.0", "Essex Provider Hub"):
        assert words in page
    assert described["name"] == "essex-care-market-publication"
    assert any(one["title"] == "ONS Rural Urban Classification 2021; Census 2021" for one in described["sources"])


def test_the_same_pack_gives_the_same_bytes(tiny: Pack, tmp_path: Path) -> None:
    again = load_pack(write_tiny_pack(tmp_path / "again"))
    one, other = (files_of(publication_of(each, release_by_hand())) for each in (tiny, again))
    assert one == other
    folders = [write_edition(tiny, tmp_path / name, release_by_hand()).folder for name in ("a", "b")]
    found = [{path.relative_to(root): path.read_bytes() for path in root.rglob("*.*")} for root in folders]
    assert found[0] == found[1]
    assert zipped(folders[0], 1) == zipped(folders[1], 1)


def test_nothing_in_it_tells_how_long_it_took(folder: Path) -> None:
    for path in folder.rglob("*.*"):
        assert not re.search(rb"seconds|0\.5173|61\.0419|62\.5371", path.read_bytes())


def test_the_report_tells_nothing_that_nobody_could_count(folder: Path) -> None:
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert list(described["report"]) == ["suppressed", "least", "left_out"]
    assert described["report"]["suppressed"][0] == {
        "table": "demand", "measure": "people", "figures": 9, "suppressed": 2,
    }  # fmt: skip
    assert (described["report"]["least"], described["report"]["left_out"]) == (False, ["secret"])
    for path in folder.rglob("*.*"):
        # Neither the split, nor the share of hours that is hidden, nor which figure could be worked out.
        assert not re.search(rb"at_first|in_addition|lost|0\.0004|It could not be made", path.read_bytes())


def test_of_a_scenario_only_demand_is_told(tiny: Pack, folder: Path) -> None:
    found = read(folder)
    assert list(found.about.scenarios[0]) == ["name", "service", "years", "demand"]
    assert not [lever for lever in found.frame("assumptions")["lever"] if not lever.startswith(("demand.", "years"))]
    for path in [*folder.rglob("*.json"), *folder.rglob("*.csv")]:
        assert b"7.25" not in path.read_bytes()
    assert "Price uplift" not in (folder / "index.html").read_text(encoding="utf-8")
    (scenario,) = found.release.scenarios
    assert (scenario.name, scenario.service, scenario.years) == ("Ageing only", "home", 2)
    assert scenario.demand == scenario_from(AGEING, tiny).demand


def test_of_the_outlines_only_code_name_and_lines_are_told(tiny_folder: PackFolder, tmp_path: Path) -> None:
    def more(document: Any) -> None:
        document["secret"] = 4711
        for feature in document["features"]:
            feature["properties"] |= {"hours": 4711, "providers": ["Elm Care"]}
            feature["geometry"]["note"] = "Elm Care"

    tiny_folder.change_json("geography/districts.geojson", more)
    made = publication_of(load_pack(tiny_folder.root), release_by_hand())
    document = json.loads(made.outlines)
    assert [one["properties"] for one in document["features"]] == [
        {"district_code": "E07000001", "district_name": "Ash"},
        {"district_code": "E07000002", "district_name": "Birch"},
        {"district_code": "E07000003", "district_name": "Cedar"},
    ]
    assert document["features"][0]["geometry"] == {
        "type": "Polygon", "coordinates": [[[-3, 51], [-2, 51], [-2, 52], [-3, 52], [-3, 51]]],
    }  # fmt: skip
    assert b"4711" not in made.outlines
    assert b"Elm Care" not in made.outlines


def test_texts_that_act_are_only_shown(tiny: Pack, tmp_path: Path) -> None:
    columns = ("service", "district_code", "district_name", "service_type", "service_type_name", "wanted")
    hostile = table("wanted", HOSTILE, texts(*columns), [("home", *[HOSTILE] * 5)], HOSTILE)
    release = release_by_hand()
    tables = tuple(hostile if one.name == "wanted" else one for one in release.tables)
    made = write_edition(tiny, tmp_path / "out", SafeRelease(tables, release.report, release.dates, release.settings))
    page = (made.folder / "index.html").read_text(encoding="utf-8")
    assert "<img" not in page
    assert "<script" not in page
    assert "&lt;/script&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;" in page
    # What a spreadsheet would run is marked, and reads back without the mark.
    assert "'=HYPERLINK" in (made.folder / "editions/0001/data/requests.csv").read_text(encoding="utf-8")
    again = read(made.folder)
    assert again.frame("requests")["ward_name"][0] == '=HYPERLINK("http://x")'
    assert again.frame("wanted")["wanted"][0] == HOSTILE.replace("\r\n", "\n")


CELL = st.one_of(
    st.integers(-(10**12), 10**12),
    st.just("c"),
    st.just(float("nan")),
    st.floats(allow_nan=False, allow_infinity=False),
)


@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0")), CELL)))
def test_every_cell_reads_back(rows: list[tuple[str, Any]]) -> None:
    one = table("some", "Some", {"words": ("string", "Words"), "hours": ("number", "Hours")}, rows)
    header, *lines = csv.reader(io.StringIO(csv_of(one), newline=""))
    assert header == ["words", "hours"]
    assert len(lines) == len(rows)
    for (words, hours), (first, second) in zip(rows, lines, strict=True):
        assert cell_of(first, "string") == words
        found = cell_of(second, "number")
        assert found == hours or (found != found and hours != hours)
