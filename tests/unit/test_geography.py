"""The outlines: what is wrong with them, where names and hatching stand, and what goes to the browser."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_folder import GEOGRAPHY, PackFolder
from shapely.geometry import MultiPolygon, Polygon, box
from tiny_pack import outlines

from lib.__main__ import main
from lib.pack.faults import PackError
from lib.pack.geography import Outlines, on_the_map, outline_faults, pack_outlines, read_outlines
from lib.pack.load import Pack
from lib.pack.outline_shapes import FLATNESS, Place, fits, hatch_lines, label_place, label_places

ROOT = Path(__file__).parents[2]
SQUARE = box(0, 0, 10, 10)


# Where names stand


def test_the_name_of_a_square_stands_in_its_middle() -> None:
    assert label_place(SQUARE, 2.4) == pytest.approx((5, 5, 5))
    # Ten wide and four high: for a name as wide as high, the height is what limits it.
    assert label_place(box(0, 0, 10, 4), 1) == pytest.approx((5, 2, 2))
    # Stretched upwards 2.5 times it is a square.
    assert label_place(box(0, 0, 10, 4), 2.5) == pytest.approx((5, 2, 5))


def test_a_name_stands_in_the_wider_part_and_in_no_hole() -> None:
    islands = MultiPolygon([box(0, 0, 2, 2), box(10, 0, 16, 6)])
    assert label_place(islands, 1) == pytest.approx((13, 3, 3))
    ring = box(0, 0, 10, 10).difference(box(2, 2, 9, 9))
    place = label_place(ring, 1)
    assert ring.contains(shapely.Point(place.x, place.y))


def test_a_name_fits_into_the_ellipse_around_its_place() -> None:
    place = Place(0, 0, 10)
    # One line: (16 / 2)² + (5 / 2 * 2.4)² = 100, and a fifth beyond the room is let pass.
    assert fits(place, 16 * 1.19, 5 * 1.19, 1)
    assert not fits(place, 16 * 1.21, 5 * 1.21, 1)
    # Two lines: (16 / 2)² + (10 / 2 * 1.2)² = 100.
    assert fits(place, 16 * 1.19, 10 * 1.19, 2)
    assert not fits(place, 16 * 1.21, 10 * 1.21, 2)


def test_places_beside_a_district_are_off_every_district_and_seen_from_it() -> None:
    shapes = {"A": box(0, 0, 10, 10), "B": box(10, 0, 90, 10), "C": box(10, 10, 90, 60), "D": box(30, 20, 40, 30)}
    shapes["C"] = shapes["C"].difference(shapes["D"])
    found = label_places(shapes)
    land = shapely.unary_union(list(shapes.values()))
    assert found["D"].beside == ()
    for code in "ABC":
        beside = found[code].beside
        home = np.array(found[code].one_line[:2])
        distances = [math.dist(home, place[:2]) for place in beside]
        assert distances == sorted(distances)
        assert [place.room for place in beside] == sorted(place.room for place in beside)
        others = shapely.unary_union([shape for other, shape in shapes.items() if other != code])
        for place in beside:
            leader = shapely.LineString([home, place[:2]])
            assert not leader.intersects(others)
            half = place.room - 1e-6
            turn = np.linspace(0, 2 * math.pi, 40)
            ellipse = Polygon(np.c_[place.x + half * np.cos(turn), place.y + half / FLATNESS[0] * np.sin(turn)])
            assert not ellipse.intersects(land)
    assert found["A"].beside


# Hatching


def test_the_hatching_of_a_square_is_cut_off_at_its_edge() -> None:
    lines = hatch_lines(SQUARE, 5 / math.sqrt(2) * 2 / 2)
    # Every five along the edge: the diagonal, and one line on each side of it. Those through corners have no length.
    assert [number for number, _ in lines] == [-1, 0, 1]
    assert [ends for _, ends in lines] == [((5, 0), (10, 5)), ((0, 0), (10, 10)), ((0, 5), (5, 10))]
    assert hatch_lines(Polygon(), 1) == []
    # A district between two lines has none.
    assert hatch_lines(box(1, 0, 1.1, 0.1), 10) == []


@given(
    st.lists(st.tuples(st.floats(1, 100), st.floats(1, 100)), min_size=3, max_size=12, unique=True),
    st.floats(0.5, 20),
)
@settings(max_examples=25, deadline=None)
def test_hatching_stays_inside_at_45_degrees_and_one_distance(
    points: list[tuple[float, float]], spacing: float
) -> None:
    shape = shapely.MultiPoint(points).convex_hull
    if shape.area < 1:
        return
    for number, ((x, y), (x2, y2)) in hatch_lines(shape, spacing):
        assert y2 - y == pytest.approx(x2 - x, abs=1e-6)
        assert (y - x) / math.sqrt(2) == pytest.approx(number * spacing, abs=1e-6)
        assert shape.buffer(1e-6).covers(shapely.LineString([(x, y), (x2, y2)]))
    place = label_place(shape, 2.4)
    assert shape.covers(shapely.Point(place.x, place.y))
    assert 0 < place.room <= math.dist(shape.bounds[:2], shape.bounds[2:]) / 2 * 1.01


# Reading


def test_the_default_outlines_in_metres_and_degrees(pack: Pack) -> None:
    read = pack_outlines(pack)
    assert len(read.shapes) == len(read.labels) == 12
    # The county is some 90 km wide and 3,460 square km large.
    assert read.width == pytest.approx(89_850, abs=20)
    assert sum(shape.area for shape in read.shapes.values()) / 1e6 == pytest.approx(3458, abs=1)
    assert read.bounds == ((51.5078, -0.022), (52.0949, 1.2918))
    lowest = np.array([shape.bounds[:2] for shape in read.shapes.values()]).min(axis=0)
    assert lowest == pytest.approx([0, 0], abs=1e-6)


def test_the_document_carries_labels_and_hatching_in_degrees(pack: Pack) -> None:
    read = pack_outlines(pack)
    document = json.loads(read.document)
    assert len(read.document) < 120_000
    assert document["flatness"] == [2.4, 1.2]
    for feature in document["features"]:
        properties = feature["properties"]
        code = properties["district_code"]
        assert set(properties) == {"district_code", "district_name", "labels", "hatching"}
        shape = read.degrees[code]
        for latitude, longitude, room in properties["labels"]["inside"]:
            assert shape.contains(shapely.Point(longitude, latitude))
            west, _, east, _ = shape.bounds
            assert 0 < room < (east - west) / 2
        for latitude, longitude, room in properties["labels"]["beside"]:
            assert not shape.contains(shapely.Point(longitude, latitude))
            assert room > 0
        assert len(properties["hatching"]) > 10
        for number, *ends in properties["hatching"]:
            assert isinstance(number, int)
            south, west, north, east = ends
            assert shapely.LineString([(west, south), (east, north)]).hausdorff_distance(shape) < 1
            assert shape.buffer(0.001).covers(shapely.LineString([(west, south), (east, north)]))
        assert feature["geometry"]["type"] in ("Polygon", "MultiPolygon")
    # Room is in degrees of longitude: at the width of a metre it is that of the label places.
    castle = next(f for f in document["features"] if f["properties"]["district_name"] == "Castle Point")
    room = read.labels[castle["properties"]["district_code"]].one_line.room
    assert castle["properties"]["labels"]["inside"][0][2] * 111_320 * math.cos(math.radians(51.56)) == pytest.approx(
        room, rel=1e-3
    )


def test_outlines_are_measured_in_metres(tiny: Pack) -> None:
    # Three squares from 3 degrees west to Greenwich: 111 km of latitude, which a parallel adds to as it bends, and at
    # 51.5 degrees some 69 km a degree of longitude.
    read = read_outlines(tiny.outlines)
    assert read.height == pytest.approx(113_000, rel=0.03)
    assert read.width == pytest.approx(3 * 69_400, rel=0.02)


def test_a_file_with_a_byte_order_mark_and_other_line_ends_is_the_same(tiny_folder: PackFolder) -> None:
    before = pack_outlines(tiny_folder.load())
    document = json.loads((tiny_folder.root / GEOGRAPHY).read_text(encoding="utf-8"))
    text = json.dumps(document, indent=1).replace("\n", "\r\n")
    (tiny_folder.root / GEOGRAPHY).write_bytes(b"\xef\xbb\xbf" + text.encode())
    after = pack_outlines(tiny_folder.load())
    assert after is not before
    assert after.document == before.document
    assert main(["check", "--pack", str(tiny_folder.root)]) == 0


def test_what_was_read_is_kept_for_the_bytes_of_the_file(tiny: Pack) -> None:
    first = read_outlines(tiny.outlines)
    assert read_outlines(bytes(bytearray(tiny.outlines))) is first
    assert read_outlines(tiny.outlines.replace(b"52", b"53")).bounds[1][0] == 53


# Faults


def ring(west: float, south: float) -> list[list[float]]:
    return [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1], [west, south]]


def moved(number: int, coordinates: Any, kind: str = "Polygon") -> Callable[[Any], object]:
    return lambda map: map["features"][number].update(geometry={"type": kind, "coordinates": coordinates})


def turned(coordinates: Any) -> Any:
    return [turned(part) for part in coordinates] if isinstance(coordinates[0], list) else coordinates[::-1]


SHAPES = [
    (
        moved(0, [[[-3, 51], [-2, 52], [-2, 51], [-3, 52], [-3, 51]]]),
        "E07000001: found an outline that is not valid (Self-intersection at -2.5 51.5), expected rings that cross",
    ),
    (
        moved(0, [[[-3, 51], [-2, 52]]]),
        "E07000001: found coordinates that make no outline (",
    ),
    (
        moved(1, [[[-2, 51], [-1, "north"], [-1, 52], [-2, 51]]]),
        'E07000002: found the point "[-1, "north"]" (part 1, ring 1, point 2), expected a Polygon or a MultiPolygon',
    ),
    (
        moved(1, [[[-2, 51], [-1, 51], [-1, 95], [-2, 51]]]),
        "E07000002: found numbers that are no degrees in 1 of 4 points, such as -1, 95 (part 1, ring 1, point 3), "
        "expected degrees of longitude and latitude",
    ),
    (
        moved(1, [[[-2, 51], [-1, 51], [-1, float("nan")], [-2, 51]]]),
        "E07000002: found a point that is no number in 1 of 4 points, such as -1, nan (part 1, ring 1, point 3), "
        "expected degrees of longitude and latitude",
    ),
    (
        moved(2, [[ring(-3, 58)]], "MultiPolygon"),
        "E07000003: found an outline around -2.50, 58.50, expected one near the others, which lie from -3.00, 51.00",
    ),
    (
        moved(2, [[ring(-2, 51)]], "MultiPolygon"),
        "E07000003: found an outline over that of E07000002, expected districts side by side",
    ),
    (
        moved(2, [[[[-1, 51], [-0.9999, 51], [-0.9999, 51.0001], [-1, 51]]]], "MultiPolygon"),
        "E07000003: found an outline of 39 square metres, expected 10,000 or more",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"), SHAPES,
    ids=["crossing", "two points", "text", "beyond the pole", "no number", "far away", "over another", "tiny"],
)  # fmt: skip
def test_outlines_that_cannot_be_drawn(change: Callable[[Any], object], said: str) -> None:
    document = outlines()
    change(document)
    with pytest.raises(PackError) as caught:
        read_outlines(json.dumps(document).encode())
    (fault,) = caught.value.faults
    assert str(fault).startswith(f"{GEOGRAPHY}, column {said}")


def test_check_says_what_cannot_be_drawn_beside_the_totals(
    tiny_folder: PackFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny_folder.change_json(GEOGRAPHY, moved(2, [[ring(-2, 51)]], "MultiPolygon"))
    assert main(["check", "--pack", str(tiny_folder.root)]) == 1
    captured = capsys.readouterr()
    first, *others = captured.err.splitlines()
    assert first == (
        f"{GEOGRAPHY}, column E07000003: found an outline over that of E07000002, expected districts side by side"
    )
    assert all(line.startswith("warning: ") for line in others)
    assert captured.out.startswith("fact_id,")


def test_no_outline_at_all_and_no_document() -> None:
    with pytest.raises(PackError, match="found no outline"):
        read_outlines(b'{"type": "FeatureCollection", "features": []}')
    with pytest.raises(PackError, match="text that is not JSON from line 1, column 2 on"):
        read_outlines(b"[")


def test_latitude_before_longitude_is_said_once(folder: PackFolder) -> None:
    def turn(document: Any) -> None:
        for feature in document["features"]:
            feature["geometry"]["coordinates"] = turned(feature["geometry"]["coordinates"])

    folder.change_json(GEOGRAPHY, turn)
    first = json.loads((folder.root / GEOGRAPHY).read_text())["features"][0]["geometry"]["coordinates"][0][0]
    assert folder.faults() == [
        f"{GEOGRAPHY}: found latitude before longitude in 12 of 12 outlines, such as {first[0]}, {first[1]}, "
        "expected longitude before latitude, as GeoJSON has it"
    ]


def test_outlines_under_each_others_codes_are_told_by_their_wards(folder: PackFolder) -> None:
    def exchange(document: Any) -> None:
        one, other = (document["features"][number]["properties"] for number in (0, 4))
        one["district_code"], other["district_code"] = other["district_code"], one["district_code"]

    folder.change_json(GEOGRAPHY, exchange)
    assert [str(fault) for fault in outline_faults(folder.load())] == [
        f"{GEOGRAPHY}, column {code}: found 0 of {wards} wards of {name} in the outline, "
        "expected most of them, as reference/wards.csv places them"
        for code, wards, name in [("E07000070", 24, "Chelmsford"), ("E07000066", 14, "Basildon")]
    ]


def test_wards_whose_latitude_and_longitude_are_exchanged_are_said_once(folder: PackFolder) -> None:
    header, *rows = folder.rows("reference/wards.csv")
    north, east = header.index("latitude"), header.index("longitude")
    for row in rows:
        row[north], row[east] = row[east], row[north]
    folder.write("reference/wards.csv", [header, *rows])
    assert [str(fault) for fault in outline_faults(folder.load())] == [
        "reference/wards.csv, column latitude, longitude: found latitude and longitude exchanged in 220 of 220 wards, "
        "expected each number under its own heading"
    ]


def test_a_ward_off_a_cut_coast_is_at_home_and_one_among_neighbours_is_not(tiny_folder: PackFolder) -> None:
    wards = "reference/wards.csv"
    tiny_folder.set(wards, 2, "latitude", "52.04")
    assert outline_faults(tiny_folder.load()) == ()
    tiny_folder.set(wards, 2, "latitude", "52.06")
    assert [fault.column for fault in outline_faults(tiny_folder.load())] == ["E07000001"]
    tiny_folder.set(wards, 2, "latitude", "51.5")
    tiny_folder.set(wards, 2, "longitude", "-1.99")
    assert [fault.column for fault in outline_faults(tiny_folder.load())] == ["E07000001"]


def test_a_pack_without_wards_is_drawn(tiny_folder: PackFolder) -> None:
    tiny_folder.keep_rows("market/requests.csv", lambda row: not row["ward_code"])
    tiny_folder.keep_rows("reference/wards.csv", lambda row: False)
    assert isinstance(pack_outlines(tiny_folder.load()), Outlines)


def test_points_lie_on_the_map_where_their_districts_do(pack: Pack) -> None:
    """The wards' points, put on the map, lie in the shapes of their districts, but for a few on a simplified edge."""
    drawn, wards = pack_outlines(pack), pack.table("wards")
    points = on_the_map(drawn, list(wards[["latitude", "longitude"]].itertuples(index=False, name=None)))
    inside = [
        drawn.shapes[code].contains(shapely.Point(point))
        for code, point in zip(wards["district_code"], points, strict=True)
    ]
    assert len(points) == len(wards) > 200
    assert np.mean(inside) > 0.97
    assert on_the_map(drawn, []) == []


# What is imported


def test_a_pack_and_a_page_without_a_map_need_no_geopandas() -> None:
    code = """
import sys
from lib.pack.load import load_pack
from lib.market.dictionary import data_dictionary, indicator_dictionary
import lib.view.data.page, lib.view.market.page, lib.view.map.area_map, lib.charts.static_map
pack = load_pack("data")
data_dictionary(), indicator_dictionary(pack)
heavy = {"geopandas", "shapely", "pyproj", "pyogrio"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
from lib.pack.geography import pack_outlines
pack_outlines(pack)
assert {"geopandas", "shapely"} <= set(sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
