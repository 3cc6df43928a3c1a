"""Boundaries of districts in every form that publishers give them, and files that are none."""

from __future__ import annotations

import json
import os
from pathlib import Path

import area_files
import geopandas
import pytest
import shapely
from shapely.affinity import translate
from shapely.geometry import MultiPolygon, Point, Polygon, box, shape

from lib.pack.faults import PackError
from lib.pack.geography import read_outlines
from lib.pack.imports.areas import outlines_of, read_boundaries
from lib.pack.imports.change import Change, Upload
from lib.pack.load import Pack

PATH = "geography/districts.geojson"
ESSEX = [
    "E07000066", "E07000067", "E07000068", "E07000069", "E07000070", "E07000071",
    "E07000072", "E07000073", "E07000074", "E07000075", "E07000076", "E07000077",
]  # fmt: skip
# Two squares of 10 kilometres, side by side, by the codes of two districts.
WEST, EAST = "E07000066", "E07000067"
SQUARES = {WEST: box(550_000, 200_000, 560_000, 210_000), EAST: box(560_000, 200_000, 570_000, 210_000)}
TWO = {WEST: "West", EAST: "East"}


def said(pack: Pack, *uploads: Upload) -> list[str]:
    """What is said of files that cannot be read as the boundaries of a pack."""
    with pytest.raises(PackError) as caught:
        read_boundaries(pack, uploads)
    return [str(fault) for fault in caught.value.faults]


def refused(*uploads: Upload, districts: dict[str, str] | None = TWO) -> list[str]:
    """What is said of files that cannot be read as the boundaries of two districts."""
    with pytest.raises(PackError) as caught:
        outlines_of(uploads, districts)
    return [str(fault) for fault in caught.value.faults]


def shapes_in(content: bytes) -> dict[str, shapely.Geometry]:
    """The shapes of a pack's file by the code, in metres of the National Grid."""
    features = json.loads(content)["features"]
    codes = [one["properties"]["district_code"] for one in features]
    degrees = geopandas.GeoSeries([shape(one["geometry"]) for one in features], index=codes, crs=4326)
    return degrees.to_crs(27700).to_dict()


def agrees(pack: Pack, change: Change) -> None:
    """The outlines are the pack's own within a hundredth, valid, side by side and to four decimals."""
    content = change.files[PATH]
    before, after = shapes_in(pack.outlines), shapes_in(content)
    assert list(after) == ESSEX
    for code, one in after.items():
        assert one.is_valid
        assert abs(one.area / before[code].area - 1) < 0.01
        assert one.intersection(before[code]).area / one.union(before[code]).area > 0.97
    features = json.loads(content)["features"]
    degrees = [shape(one["geometry"]) for one in features]
    assert shapely.coverage_is_valid(degrees)
    corners = shapely.get_coordinates(degrees)
    assert (corners.round(4) == corners).all()
    assert all(ring.is_ccw for one in degrees for part in shapely.get_parts(one) for ring in [part.exterior])
    names = [one["properties"]["district_name"] for one in features]
    assert names == list(pack.district_names().values())
    read_outlines(content)


@pytest.mark.parametrize("system", [27700, 4326, 3857, 4258, 32630])
def test_geojson_in_any_coordinate_system(pack: Pack, system: int) -> None:
    change = read_boundaries(pack, [area_files.geojson(area_files.outlines(pack).to_crs(system))])
    agrees(pack, change)
    assert change.counts == (("districts", 12),)
    assert list(change.files) == [PATH]


@pytest.mark.parametrize("system", [27700, 4326, 3857])
def test_a_shapefile_in_an_archive_in_any_coordinate_system(pack: Pack, system: int) -> None:
    files = area_files.shapefile(area_files.outlines(pack).to_crs(system))
    agrees(pack, read_boundaries(pack, [area_files.zipped(files, folder="LAD_DEC_2024/")]))


def test_a_shapefile_as_several_files(pack: Pack) -> None:
    agrees(pack, read_boundaries(pack, area_files.shapefile(area_files.outlines(pack))))


def test_a_geopackage_whose_right_layer_is_found(pack: Pack) -> None:
    areas = area_files.outlines(pack)
    layers = {"regions": areas.rename(columns={"LAD24CD": "remark"}).assign(remark="none"), "districts": areas}
    agrees(pack, read_boundaries(pack, [area_files.geopackage(layers)]))


def test_geopackage_in_an_archive(pack: Pack) -> None:
    upload = area_files.geopackage({"LAD_MAY_2024_UK_BGC": area_files.outlines(pack)})
    change = read_boundaries(pack, [area_files.zipped([upload])])
    agrees(pack, change)
    assert "boundaries, May 2024, from areas.zip" in change.resources["districts_geography"]["rule"]


@pytest.mark.parametrize(
    "code, name",
    [
        ("LAD21CD", "LAD21NM"), ("lad25cd", "lad25nm"), ("CTYUA23CD", "CTYUA23NM"), ("LTLA22CD", "LTLA22NM"),
        ("district_code", "district_name"), ("CODE", "NAME"), ("gss", "label"),
    ],
)  # fmt: skip
def test_the_column_with_the_codes_is_known_by_what_is_in_it(pack: Pack, code: str, name: str) -> None:
    agrees(pack, read_boundaries(pack, [area_files.geojson(area_files.outlines(pack, code, name))]))


def test_names_alone_tell_the_districts(pack: Pack) -> None:
    areas = area_files.outlines(pack).drop(columns="LAD24CD")
    agrees(pack, read_boundaries(pack, [area_files.geojson(areas.assign(LAD24NM=areas["LAD24NM"].str.upper()))]))


def test_credit_is_the_publishers_own_with_the_year(pack: Pack) -> None:
    change = read_boundaries(pack, [area_files.geojson(area_files.outlines(pack, "LAD21CD", "LAD21NM"))])
    assert change.resources["districts_geography"] == {
        "title": "Outlines of the districts",
        "status": "published",
        "rule": (
            "ONS local authority district boundaries, 2021, from areas.geojson. Outlines as in the file, no more "
            "detailed than 100 metres, rounded to 4 decimals."
        ),
        "credit": (
            "Source: Office for National Statistics licensed under the Open Government Licence v.3.0. Contains OS data "
            "© Crown copyright and database right 2021."
        ),
        "sources": [
            {
                "title": "ONS, local authority district boundaries, 2021",
                "path": "https://geoportal.statistics.gov.uk/",
            }
        ],
        "licenses": [
            {
                "name": "OGL-UK-3.0",
                "title": "Open Government Licence v3.0",
                "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            }
        ],
    }


def test_without_the_publishers_headings_the_outlines_are_the_councils(pack: Pack) -> None:
    areas = area_files.outlines(pack, "district_code", "district_name")
    resource = read_boundaries(pack, [area_files.geojson(areas)]).resources["districts_geography"]
    assert (resource["status"], resource["credit"], resource["licenses"]) == ("supplied", None, None)
    assert resource["sources"] == [{"title": "areas.geojson"}]


def test_other_areas_of_the_file_are_left_out(pack: Pack) -> None:
    areas = area_files.outlines(pack)
    far = area_files.frame({"E07000136": box(520_000, 340_000, 540_000, 360_000)})
    both = geopandas.GeoDataFrame(geopandas.pd.concat([areas, far]), crs=27700)
    change = read_boundaries(pack, [area_files.geojson(both)])
    agrees(pack, change)
    assert "1 other area of the file is left out." in change.notes


def test_known_squares_have_their_area_and_corners() -> None:
    found = outlines_of([area_files.geojson(area_files.frame(SQUARES))], TWO)
    assert found.area_km2 == {WEST: 100.0, EAST: 100.0}
    assert found.names == TWO
    assert found.notes == ()
    west, east = (one["geometry"]["coordinates"][0] for one in json.loads(found.content)["features"])
    assert len({tuple(point) for point in west} & {tuple(point) for point in east}) == 2


def test_a_known_point_is_where_the_ordnance_survey_has_it() -> None:
    # Its worked example: 651409.792 E, 313177.448 N is 52 39 28.723 N, 1 42 57.787 E.
    corner = 651_409.792, 313_177.448
    areas = {
        WEST: box(corner[0] - 10_000, corner[1], *corner[:1], corner[1] + 10_000),
        EAST: box(*corner, 661_409, 323_177),
    }
    found = outlines_of([area_files.geojson(area_files.frame(areas))], TWO)
    south, _ = sorted(
        {tuple(point) for point in json.loads(found.content)["features"][0]["geometry"]["coordinates"][0]}
        & {tuple(point) for point in json.loads(found.content)["features"][1]["geometry"]["coordinates"][0]},
        key=lambda point: point[1],
    )
    assert south == pytest.approx((1.7161, 52.6580), abs=0.0001)


def test_without_a_list_every_district_of_the_file_is_taken() -> None:
    areas = area_files.frame({**SQUARES, "E92000001": box(500_000, 150_000, 600_000, 250_000)})
    found = outlines_of([area_files.geojson(areas)])
    assert dict(found.names) == {WEST: "Place 066", EAST: "Place 067"}


def test_a_shapefile_without_a_projection_is_read_in_the_national_grid_only() -> None:
    areas = area_files.frame(SQUARES)
    files = area_files.shapefile(areas, without=(".prj",))
    found = outlines_of(files, TWO)
    assert found.area_km2 == {WEST: 100.0, EAST: 100.0}
    assert found.notes == (
        "areas.shp has no .prj file: its numbers are read as metres of the National Grid (EPSG:27700).",
    )
    (words,) = refused(*area_files.shapefile(areas.to_crs(4326), without=(".prj",)))
    assert words.startswith(
        "areas.shp: found a file that does not say in which coordinate system it is, with points such as 0.3"
    )
    assert words.endswith("expected the .prj file beside the others, or metres of the National Grid (EPSG:27700)")


def test_geojson_in_metres_that_does_not_say_so_is_read_in_the_national_grid() -> None:
    document = json.loads(area_files.frame(SQUARES).to_json())
    del document["crs"]
    found = outlines_of([Upload("metres.geojson", json.dumps(document).encode())], TWO)
    assert found.area_km2 == {WEST: 100.0, EAST: 100.0}
    assert "metres of the National Grid" in found.notes[0]


def test_latitude_before_longitude_is_said() -> None:
    turned = area_files.frame(SQUARES).to_crs(4326)
    turned.geometry = [shapely.transform(one, lambda corners: corners[:, ::-1]) for one in turned.geometry]
    (words,) = refused(area_files.geojson(turned.set_crs(4326, allow_override=True)))
    assert "latitude before longitude" in words


def test_boundaries_of_another_county_are_refused_with_their_names(pack: Pack) -> None:
    areas = area_files.outlines(pack)
    areas["LAD24CD"] = [f"E070001{place}" for place in range(36, 48)]
    areas["LAD24NM"] = [f"Town {place}" for place in range(12)]
    assert said(pack, area_files.geojson(areas, "LAD_2024.geojson")) == [
        "LAD_2024.geojson: found 12 areas, Town 0 (E07000136), Town 1 (E07000137), Town 2 (E07000138), Town 3 "
        "(E07000139), Town 4 (E07000140) and 7 others, none of them of the pack, expected those of the pack, such as "
        "Basildon (E07000066)"
    ]


def test_each_missing_district_is_named(pack: Pack) -> None:
    areas = area_files.outlines(pack)
    words = said(pack, area_files.geojson(areas[~areas["LAD24NM"].isin(["Harlow", "Maldon"])]))
    expected = "expected one outline or more of each district of the pack"
    assert words == [
        "areas.geojson: found no outline of Harlow (E07000073), Maldon (E07000074): 2 of the 12 districts of the pack, "
        f"{expected}"
    ]


def test_boundaries_of_more_detail_than_can_be_fitted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.pack.imports.outline_files.MOST_POINTS", 9)
    assert refused(area_files.geojson(area_files.frame(SQUARES))) == [
        "areas.geojson: found boundaries of 10 points for the areas wanted, expected at most 9: take a less detailed "
        "edition, such as the ONS's generalised one (BGC)"
    ]


def test_geojson_that_would_take_too_long_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.pack.imports.outline_files.LARGEST_GEOJSON", 1_000_000)
    assert refused(Upload("big.geojson", b"{" + b" " * 2_000_000 + b"x")) == [
        "big.geojson: found GeoJSON of 2 MB, expected at most 1 MB: take a GeoPackage, or a less detailed edition such "
        "as the ONS's BGC"
    ]


def test_codes_of_another_year_are_named_with_what_took_their_place() -> None:
    areas = area_files.frame({"E07000163": SQUARES[WEST], "E07000169": SQUARES[EAST]})
    assert refused(area_files.geojson(areas), districts={"E06000065": "North Yorkshire"}) == [
        "areas.geojson: found Craven (E07000163) and Selby (E07000169), which became North Yorkshire (E06000065) on 1 "
        "April 2023, expected North Yorkshire (E06000065) itself: take an edition of that day or later"
    ]
    later = area_files.frame({"E06000065": SQUARES[WEST]})
    assert refused(area_files.geojson(later), districts={"E07000163": "Craven"}) == [
        "areas.geojson: found North Yorkshire (E06000065), which took the place of Craven (E07000163) on 1 April 2023, "
        "expected Craven (E07000163) itself: take an earlier edition"
    ]


def test_a_ring_that_crosses_itself_is_refused_with_the_district() -> None:
    bow = Polygon([(550_000, 200_000), (560_000, 210_000), (560_000, 200_000), (550_000, 210_000), (550_000, 200_000)])
    (words,) = refused(area_files.geojson(area_files.frame({**SQUARES, WEST: bow})))
    assert words.startswith("areas.geojson, column West (E07000066): found an outline that crosses itself near ")
    assert words.endswith("expected rings that cross neither themselves nor each other")


def test_a_small_crossing_is_mended_and_said() -> None:
    # A loop of 10 by 10 metres at a corner: a millionth of the square.
    corners = [(550_000, 200_000), (560_000, 200_000), (560_000, 210_000), (550_000, 210_000), (550_000, 200_010)]
    loop = Polygon([*corners, (549_990, 200_000), (549_990, 200_010), (550_000, 200_000)])
    found = outlines_of([area_files.geojson(area_files.frame({**SQUARES, WEST: loop}))], TWO)
    assert found.notes[0] == "West (E07000066): its outline crossed itself and was mended; the area changed by 0.00%."
    assert found.area_km2[WEST] == 100.0


def test_outlines_over_each_other_are_refused() -> None:
    wider = box(550_000, 200_000, 561_000, 210_000)
    assert refused(area_files.geojson(area_files.frame({**SQUARES, WEST: wider}))) == [
        "areas.geojson, column East (E07000067): found an outline over that of West (E07000066) by 1,000 hectares, "
        "expected districts side by side"
    ]


def test_one_district_in_two_outlines_over_each_other_is_refused() -> None:
    areas = geopandas.GeoDataFrame(
        {"LAD24CD": [WEST, WEST, EAST]}, geometry=[SQUARES[WEST], SQUARES[WEST], SQUARES[EAST]], crs=27700
    )
    assert refused(area_files.geojson(areas)) == [
        "areas.geojson, column West (E07000066): found 2 outlines that lie over each other, expected one outline, or "
        "its parts side by side"
    ]


def test_a_district_in_several_parts_is_put_together() -> None:
    halves = [box(550_000, 200_000, 555_000, 210_000), box(555_000, 200_000, 560_000, 210_000), SQUARES[EAST]]
    areas = geopandas.GeoDataFrame({"LAD24CD": [WEST, WEST, EAST]}, geometry=halves, crs=27700)
    assert outlines_of([area_files.geojson(areas)], TWO).area_km2 == {WEST: 100.0, EAST: 100.0}


def test_slivers_are_closed_and_said() -> None:
    # 3 metres of gap along 10 kilometres: 3 hectares of 10,000.
    narrower = box(550_000, 200_000, 559_997, 210_000)
    around = {
        "E07000068": box(550_000, 190_000, 570_000, 200_000),
        "E07000069": box(550_000, 210_000, 570_000, 220_000),
    }
    areas = area_files.frame({**SQUARES, **around, WEST: narrower})
    found = outlines_of([area_files.geojson(areas)], {**TWO, "E07000068": "South", "E07000069": "North"})
    assert found.notes == (
        "Narrow gaps and overlaps between districts were closed: at most 0.03% of a district's area.",
    )
    assert shapely.coverage_is_valid([shape(one["geometry"]) for one in json.loads(found.content)["features"]])


def test_a_wide_gap_between_districts_is_refused() -> None:
    narrower = box(550_000, 200_000, 559_800, 210_000)
    around = {
        "E07000068": box(550_000, 190_000, 570_000, 200_000),
        "E07000069": box(550_000, 210_000, 570_000, 220_000),
    }
    areas = area_files.frame({**SQUARES, **around, WEST: narrower})
    (words,) = refused(area_files.geojson(areas), districts={**TWO, "E07000068": "South", "E07000069": "North"})
    assert words.startswith("areas.geojson: found a gap of 200 hectares between ")
    assert words.endswith("expected districts that meet at their borders")


def test_a_city_of_its_own_among_the_districts_stays_a_hole_and_is_said() -> None:
    around = SQUARES[WEST].difference(box(553_000, 203_000, 555_000, 205_000))
    found = outlines_of([area_files.geojson(area_files.frame({**SQUARES, WEST: around}))], TWO)
    assert found.notes == ("A place of 4.00 square kilometres among the outlines is no district of the pack.",)
    assert found.area_km2[WEST] == 96.0


def test_islands_stay_and_specks_go() -> None:
    island, speck = box(540_000, 200_000, 541_000, 201_000), Point(545_000, 205_000).buffer(20)
    parts = MultiPolygon([SQUARES[WEST], island, speck])
    fine = shapely.segmentize(parts, 50)
    found = outlines_of([area_files.geojson(area_files.frame({**SQUARES, WEST: fine}))], TWO)
    assert len(json.loads(found.content)["features"][0]["geometry"]["coordinates"]) == 2
    assert "1 island of less than a hectare is left out." in found.notes


def test_exchanged_codes_are_known_by_the_wards(pack: Pack) -> None:
    areas = area_files.outlines(pack)
    areas["LAD24CD"] = areas["LAD24CD"].replace({"E07000066": "E07000076", "E07000076": "E07000066"})
    words = said(pack, area_files.geojson(areas))
    assert words[0].startswith("areas.geojson, column E07000066: found 0 of ")


@pytest.mark.parametrize(
    "name, content, found",
    [
        ("empty.geojson", b"", "an empty file"),
        ("blank.geojson", b" \n\n", "an empty file"),
        ("map.kml", b"<?xml version='1.0'?><kml></kml>", "KML or another file of marks in angle brackets"),
        ("table.csv", b"LAD24CD,LAD24NM\nE07000066,Basildon\n", "a file that holds no boundaries"),
        ("broken.geojson", b'{"type": "FeatureCollection", "features": [', "a file that breaks off before its end"),
        ("broken.geojson", b'{"type": "FeatureCollection", "features": [}', "text that is not JSON from line 1"),
        ("topo.json", b'{"type": "Topology", "objects": {}}', "TopoJSON"),
        ("esri.json", b'{"geometryType": "x", "features": []}', "Esri JSON"),
        ("none.geojson", b'{"type": "FeatureCollection", "features": []}', "a list of features with nothing in it"),
        ("half.gpkg", b"SQLite format 3\0" + b"x" * 400, "a file that cannot be read as boundaries"),
        ("bad.zip", b"PK\x03\x04" + b"x" * 400, "a ZIP archive that is damaged"),
        ("noise.geojson", bytes(range(128, 256)) * 9, "a file that holds no boundaries"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_boundaries_gets_one_sentence(name: str, content: bytes, found: str) -> None:
    (words,) = refused(Upload(name, content))
    assert words.startswith(f"{name}: found {found}")
    assert ", expected " in words


def test_archives_that_hold_none_or_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    table = area_files.zipped([Upload("a.csv", b"x")])
    assert refused(table)[0].startswith('areas.zip: found an archive with "a.csv"')
    book = area_files.zipped([Upload("[Content_Types].xml", b"x"), Upload("xl/workbook.xml", b"x")], "book.xlsx")
    assert refused(book)[0].startswith("book.xlsx: found an Excel workbook or another document of an office program")
    geodatabase = area_files.zipped([Upload("LAD.gdb/a00000001.gdbtable", b"x")])
    assert "an Esri file geodatabase" in refused(geodatabase)[0]
    monkeypatch.setattr("lib.pack.imports.outline_files.LARGEST_UNPACKED", 2_000_000)
    bomb = area_files.zipped([Upload("a.geojson", b" " * 3_000_000)])
    assert refused(bomb)[0].startswith("areas.zip: found an archive that unpacks to 3 MB, expected at most 2 MB")
    monkeypatch.setattr("lib.pack.imports.outline_files.LARGEST_UPLOAD", 1_000)
    assert refused(Upload("big.geojson", b"x" * 1_000_001))[0].startswith("big.geojson: found a file of 1 MB, expected")


@pytest.mark.parametrize("part, words", [(".dbf", "the codes and names"), (".shx", "the index of the shapes")])
def test_a_shapefile_without_one_of_its_parts(part: str, words: str) -> None:
    files = area_files.shapefile(area_files.frame(SQUARES), without=(part,))
    (sentence,) = refused(area_files.zipped(files))
    assert sentence.startswith(f"areas.zip: found no {part} file, which holds {words}, expected all parts")


def test_points_and_shapes_without_codes_are_refused() -> None:
    points = area_files.frame({code: one.centroid for code, one in SQUARES.items()})
    assert refused(area_files.geojson(points)) == [
        "areas.geojson: found points or lines, expected boundaries: polygons with the districts' codes"
    ]
    bare = geopandas.GeoDataFrame({"remark": ["one", "two"]}, geometry=list(SQUARES.values()), crs=27700)
    assert refused(area_files.geojson(bare)) == [
        "areas.geojson: found no column with codes of districts among id, remark, expected a column such as LAD24CD or "
        "district_code, with codes like E07000066"
    ]


def test_a_point_that_is_no_number_is_refused() -> None:
    document = json.loads(area_files.frame(SQUARES).to_crs(4326).to_json())
    text = json.dumps(document).replace(str(document["features"][0]["geometry"]["coordinates"][0][0][0]), "NaN", 1)
    assert refused(Upload("nan.geojson", text.encode()))


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
def test_byte_order_marks(mark: str) -> None:
    text = json.dumps(json.loads(area_files.frame(SQUARES).to_crs(4326).to_json()))
    assert outlines_of([Upload("a.geojson", text.encode(mark))], TWO).area_km2[WEST] == pytest.approx(100, abs=0.1)


def test_moved_far_away_is_said() -> None:
    away = {WEST: SQUARES[WEST], EAST: translate(SQUARES[EAST], 0, -190_000)}
    third = {"E07000068": box(550_000, 190_000, 570_000, 200_000)}
    (words,) = refused(area_files.geojson(area_files.frame({**away, **third})), districts={**TWO, "E07000068": "S"})
    assert words.startswith("areas.geojson, column E07000067: found an outline around")


@pytest.mark.skipif("REAL_FILES" not in os.environ, reason="REAL_FILES names no folder of published files")
def test_the_published_districts_of_december_2022(pack: Pack) -> None:
    name = "essex_LAD_Dec2022_BUC.geojson"
    change = read_boundaries(pack, [Upload(name, (Path(os.environ["REAL_FILES"]) / name).read_bytes())])
    assert change.counts == (("districts", 12),)
    assert "December 2022" in change.resources["districts_geography"]["rule"]
    assert change.resources["districts_geography"]["credit"].endswith("database right 2022.")
    before, after = shapes_in(pack.outlines), shapes_in(change.files[PATH])
    agreement = [one.intersection(before[code]).area / one.union(before[code]).area for code, one in after.items()]
    assert min(agreement) > 0.8
    drawn = read_outlines(change.files[PATH])
    assert list(drawn.shapes) == ESSEX
