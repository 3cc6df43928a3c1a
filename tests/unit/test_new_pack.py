"""A new pack: valid with nothing in it but what was given, made at one stroke, and refused in one sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lib.__main__ import main
from lib.market.rural_pockets import places, unknown_places
from lib.market.selection import COUNTY_CODE, select
from lib.market.unknown import hole
from lib.pack.faults import PackError
from lib.pack.imports.change import Upload
from lib.pack.load import load_pack
from lib.pack.new_pack import new_pack, write_new_pack

# A field of 20 by 20 km of the National Grid, around its true origin's meridian (2 degrees west), and its neighbour.
SQUARES = {"E07000001": ("Ash", -2.0), "E07000002": ("Birch", -1.7)}
NARROW = "found something in its place, expected a folder that is absent or empty"


def outlines(squares: dict[str, tuple[str, float]] = SQUARES, **names: str) -> bytes:
    """Outlines of squares 0.3 degrees wide and 0.2 high; names: other names of the two properties."""
    code_name, name_name = names.get("code", "district_code"), names.get("name", "district_name")

    def feature(code: str, name: str, west: float) -> dict[str, Any]:
        east, south, north = west + 0.3, 52.0, 52.2
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        return {
            "type": "Feature",
            "properties": {code_name: code, name_name: name},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }

    every = [feature(code, name, west) for code, (name, west) in squares.items()]
    return json.dumps({"type": "FeatureCollection", "features": every}).encode()


@pytest.fixture
def boundaries(tmp_path: Path) -> Path:
    path = tmp_path / "outlines.geojson"
    path.write_bytes(outlines())
    return path


def made(boundaries: Path, into: Path, *more: str) -> int:
    return main(["new-pack", "--name", "Fenland", "--boundaries", str(boundaries), "--into", str(into), *more])


def test_a_pack_of_districts_alone_is_valid(
    boundaries: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert made(boundaries, tmp_path / "pack") == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith(
        "pack: Fenland, 2 districts, Domiciliary care and Children's short breaks, date of the data 2025-03-31."
    )
    assert second.startswith("Residents by age, demand, what waits, ")
    pack = load_pack(tmp_path / "pack")
    manifest = pack.manifest
    assert (manifest.area, manifest.council, manifest.name) == ("Fenland", "Fenland", "fenland-care-market")
    assert manifest.title == "Fenland: domiciliary care and children's short breaks"
    assert {code: (one.base_year, one.period) for code, one in manifest.services.items()} == {
        "domiciliary_care": (2024, "2024/25"),
        "short_breaks": (2024, "2024/25"),
    }
    assert not pack.is_demonstration
    assert pack.district_names() == {"E07000001": "Ash", "E07000002": "Birch"}
    empty = [name for name in pack.tables if pack.tables[name].empty]
    assert empty == [
        "area_groups", "population", "wards", "facts", "gaps", "intentions", "reconciliation", "demand",
        "providers", "ratings", "capacity", "requests", "history", "cqc_locations", "council_words",
    ]  # fmt: skip
    assert main(["check", "--pack", str(tmp_path / "pack")]) == 0


def test_areas_are_measured_on_the_national_grid(boundaries: Path, tmp_path: Path) -> None:
    made(boundaries, tmp_path / "pack")
    districts = load_pack(tmp_path / "pack").table("districts")
    # By hand: 0.2 degrees of latitude are 22.25 km at 52 degrees north, 0.3 of longitude 20.6 km at its middle (52.1),
    # and the grid is 0.9996 as long at its meridian: 20.55 x 22.24 = 457.
    assert districts["area_km2"].tolist() == pytest.approx([457.5, 457.5], abs=1.5)


def test_what_nobody_knows_of_a_district_is_unknown_and_never_nothing(boundaries: Path, tmp_path: Path) -> None:
    made(boundaries, tmp_path / "pack")
    pack = load_pack(tmp_path / "pack")
    columns = ["rural_share_65", "deprivation_score", "rural_urban_class", "borders_london"]
    assert pack.table("districts")[columns].isna().all(axis=None)
    for kind in ("rural", "borders_london"):
        assert unknown_places(pack, "short_breaks", kind).tolist() == [True, True]
        assert not places(pack, "short_breaks")[kind].any()
    county = select(pack, "short_breaks").county()
    assert hole(pack, county, COUNTY_CODE, "rural_share") == (
        "residents by age are not known yet; rural_share_65 is empty in reference/districts.csv for Ash and Birch"
    )


def test_one_district_that_is_unknown_makes_only_itself_unknown(tmp_path: Path) -> None:
    three = SQUARES | {"E07000003": ("Cedar", -1.4)}
    write_new_pack(new_pack("Fenland", [Upload("o.geojson", outlines(three))]), tmp_path / "pack")
    table = tmp_path / "pack/reference/districts.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    lines[1], lines[2] = f"{lines[1][:-4]},0.4,,,true", f"{lines[2][:-4]},0.1,,,false"
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    pack = load_pack(tmp_path / "pack")
    assert unknown_places(pack, "short_breaks", "borders_london").tolist() == [False, False, True]
    assert places(pack, "short_breaks")["borders_london"].tolist() == [True, False, False]


def test_weights_and_lots_are_of_the_services_asked_for(boundaries: Path, tmp_path: Path) -> None:
    made(boundaries, tmp_path / "pack", "--services", "domiciliary_care")
    pack = load_pack(tmp_path / "pack")
    assert list(pack.manifest.services) == ["domiciliary_care"]
    rates = pack.table("service_rates")[["cohort", "age_band", "weight"]].to_numpy().tolist()
    assert rates == [
        ["older_people", "65-74", 1.1],
        ["older_people", "75-84", 3.0],
        ["older_people", "85-89", 8.0],
        ["older_people", "90+", 16.0],
        ["working_age_adults", "18-64", 1.0],
    ]
    assert pack.manifest.resource("service_rates").status == "modelled"
    assert "assumption" in pack.manifest.resource("service_rates").rule
    assert len(pack.table("lots")) == 10
    assert list(pack.manifest.cohorts) == ["older_people", "working_age_adults"]


@pytest.mark.parametrize(
    ("day", "base", "period"),
    [("2026-03-31", 2025, "2025/26"), ("2026-04-01", 2026, "2026/27"), ("2000-01-31", 1999, "1999/00")],
)
def test_the_date_of_the_data_says_the_base_year(
    day: str, base: int, period: str, boundaries: Path, tmp_path: Path
) -> None:
    assert made(boundaries, tmp_path / "pack", "--as-of", day) == 0
    service = load_pack(tmp_path / "pack").manifest.services["short_breaks"]
    assert (service.base_year, service.period) == (base, period)


def test_codes_of_the_ons_are_taken(tmp_path: Path) -> None:
    content = outlines(code="LAD24CD", name="LAD24NM")
    write_new_pack(new_pack("Fenland", [Upload("lad.geojson", content)]), tmp_path / "pack")
    assert load_pack(tmp_path / "pack").district_names() == {"E07000001": "Ash", "E07000002": "Birch"}


def test_a_folder_brings_its_wards(tmp_path: Path) -> None:
    folder = tmp_path / "areas"
    folder.mkdir()
    (folder / "districts.geojson").write_bytes(outlines())
    wards = "ward_code,ward_name,district_code,latitude,longitude\nE05000001,Ash Ward,E07000001,52.1,-1.9\n"
    (folder / "wards.csv").write_text(wards, encoding="utf-8")
    assert made(folder, tmp_path / "pack") == 0
    pack = load_pack(tmp_path / "pack")
    assert pack.table("wards")["ward_name"].tolist() == ["Ash Ward"]
    assert pack.given("wards") and not pack.given("demand")


def test_an_empty_folder_is_taken_and_a_full_one_is_not(
    boundaries: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = tmp_path / "pack"
    into.mkdir()
    assert made(boundaries, into) == 0
    before = {path: path.read_bytes() for path in into.rglob("*") if path.is_file()}
    assert made(boundaries, into) == 1
    assert capsys.readouterr().err.strip() == f"{into}: {NARROW}"
    assert {path: path.read_bytes() for path in into.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--services", "meals"], '--services: found "meals", expected one of domiciliary_care, short_breaks'),
        (["--as-of", "31/03/2025"], '--as-of: found "31/03/2025", expected a date like 2025-03-31, from 1990 to 2100'),
        (["--as-of", "2025-02-30"], '--as-of: found "2025-02-30", expected a date like 2025-03-31, from 1990 to 2100'),
        (["--name", " "], "--name: found an empty cell, expected the name of the area, as people read it, of at most"),
        (["--name", "x" * 300], '--name: found "xxx'),
        (["--population", "/no/such.csv"], "/no/such.csv: found no such file or folder, expected a file, or a folder"),
        (["--boundaries", "/no/such"], "/no/such: found no such file or folder, expected a file, or a folder of files"),
    ],
)
def test_bad_input_is_one_sentence_and_leaves_nothing(
    more: list[str], said: str, boundaries: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(tmp_path.iterdir())
    assert made(boundaries, tmp_path / "pack", *more) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(said)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not JSON",
        b'{"type": "FeatureCollection", "features": []}',
        outlines(code="nothing"),
        outlines({"E07000001": ("Ash", 170.0)}),
    ],
    ids=["empty", "text", "no outline", "no code", "elsewhere"],
)
def test_bad_boundaries_are_said_by_the_name_of_their_file(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.geojson"
    path.write_bytes(content)
    assert made(path, tmp_path / "pack") == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines and all(line.startswith("mine.geojson") and "Error" not in line for line in lines)
    assert [one.name for one in tmp_path.iterdir()] == ["mine.geojson"]


def test_a_pack_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, boundaries: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full half way: neither the folder nor what was begun beside it stays."""
    files = new_pack("Fenland", [Upload("o.geojson", outlines())])
    write, number = Path.write_bytes, 0

    def full(self: Path, content: bytes) -> int:
        nonlocal number
        number += 1
        if number > 5:
            raise OSError(28, "No space left on device")
        return write(self, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(PackError, match="No space left"):
        write_new_pack(files, tmp_path / "pack")
    assert list(tmp_path.iterdir()) == [boundaries]


def test_weights_may_name_a_band_only_while_nobody_has_counted(tmp_path: Path, boundaries: Path) -> None:
    made(boundaries, tmp_path / "pack")
    people = tmp_path / "pack/reference/population.csv"
    people.write_text(people.read_text(encoding="utf-8") + "E07000001,2024,65+,10\n", encoding="utf-8")
    with pytest.raises(PackError, match=r'found "65-74", expected an age_band of reference/population\.csv'):
        load_pack(tmp_path / "pack")
