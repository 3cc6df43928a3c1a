"""Every point of every outline is looked at, and a file that cannot be read says how to export it again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_folder import GEOGRAPHY, PackFolder
from tiny_pack import outlines

from lib.__main__ import main
from lib.pack.geography import misplaced_points
from lib.pack.outline_features import NoRings, read_features, rings_of
from lib.pack.outline_points import stray_points

ISLANDS = [
    [[[-1, 51], [0, 51], [0, 52], [-1, 52], [-1, 51]], [[-0.6, 51.4], [-0.4, 51.4], [-0.4, 51.6], [-0.6, 51.4]]],
    [[[0.2, 51.2], [0.3, 51.2], [0.3, 51.3], [0.2, 51.3], [0.2, 51.2]]],
]


def with_islands() -> Any:
    """The tiny outlines, the last district with a hole and an island."""
    document = outlines()
    document["features"][2]["geometry"]["coordinates"] = json.loads(json.dumps(ISLANDS))
    return document


def every_point(change: Callable[[list[float]], list[float]]) -> Callable[[Any], None]:
    """A change of every point of a document."""

    def walk(part: Any) -> Any:
        return [walk(one) for one in part] if isinstance(part[0], list) else change(part)

    def changed(document: Any) -> None:
        for feature in document["features"]:
            feature["geometry"]["coordinates"] = walk(feature["geometry"]["coordinates"])

    return changed


def said(document: Any, *codes: str) -> list[str]:
    features, faults = read_features(json.dumps(document).encode(), codes)
    return [str(fault).removeprefix(f"{GEOGRAPHY}") for fault in faults or misplaced_points(features)]


# Whole files


@pytest.mark.parametrize(
    ("change", "found", "expected"),
    [
        (
            lambda point: point[::-1],
            "latitude before longitude in 3 of 3 outlines, such as 51, -3",
            "longitude before latitude, as GeoJSON has it",
        ),
        (
            lambda point: [point[1], point[0], 12.5],
            "latitude before longitude in 3 of 3 outlines, such as 51, -3",
            "longitude before latitude, as GeoJSON has it",
        ),
        (
            lambda point: [550_000 + 1000 * point[0], 1000 * point[1]],
            "metres of the National Grid (EPSG:27700) in 3 of 3 outlines, such as 547,000, 51,000",
            "degrees of longitude and latitude: export the outlines again in WGS84 (EPSG:4326)",
        ),
        (
            lambda point: [111_320 * point[0], 6_600_000 + point[1]],
            "metres of a web map (EPSG:3857) in 3 of 3 outlines, such as -333,960, 6,600,051",
            "degrees of longitude and latitude: export the outlines again in WGS84 (EPSG:4326)",
        ),
        (
            lambda point: [500_000 + point[0], 5_700_000 + point[1]],
            "numbers that are no degrees in 3 of 3 outlines, such as 499,997, 5,700,051",
            "degrees of longitude and latitude: export the outlines again in WGS84 (EPSG:4326)",
        ),
        (
            lambda point: [point[0] + 10, point[1] - 3],
            "a place outside the United Kingdom in 3 of 3 outlines, such as 7, 48",
            "points of the United Kingdom, between 9 degrees west and 2 east, 49.75 and 61 north",
        ),
    ],
    ids=["turned", "turned with heights", "National Grid", "web map", "another grid", "another country"],
)
def test_outlines_that_lie_elsewhere_are_refused_in_one_sentence(
    tiny_folder: PackFolder,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[list[float]], list[float]],
    found: str,
    expected: str,
) -> None:
    tiny_folder.change_json(GEOGRAPHY, every_point(change))
    assert main(["check", "--pack", str(tiny_folder.root)]) == 1
    assert capsys.readouterr().err == f"{GEOGRAPHY}: found {found}, expected {expected}\n"


def test_heights_are_passed_over(tiny_folder: PackFolder) -> None:
    tiny_folder.change_json(GEOGRAPHY, every_point(lambda point: [*point, 12.5]))
    assert main(["check", "--pack", str(tiny_folder.root)]) == 0


def test_an_outline_turned_among_others_is_counted() -> None:
    document = outlines()
    ring = document["features"][1]["geometry"]["coordinates"][0]
    document["features"][1]["geometry"]["coordinates"] = [[point[::-1] for point in ring]]
    assert said(document) == [
        ": found latitude before longitude in 1 of 3 outlines, such as 51, -2, "
        "expected longitude before latitude, as GeoJSON has it"
    ]


# One point


@pytest.mark.parametrize(
    ("point", "found"),
    [
        ([51.2, 0.3], "latitude before longitude"),
        ([0, 0], "a place outside the United Kingdom"),
        ([0.3, -51.2], "a place outside the United Kingdom"),
        ([30, 51.2], "a place outside the United Kingdom"),
        ([561_000, 194_000], "metres of the National Grid (EPSG:27700)"),
        ([0.3, 512], "numbers that are no degrees"),
        ([float("nan"), 51.2], "a point that is no number"),
        ([0.3, float("inf")], "a point that is no number"),
        ([0.3, 10**400], "a point that is no number"),
    ],
)
def test_one_wrong_point_of_one_island(point: list[float], found: str) -> None:
    document = with_islands()
    document["features"][2]["geometry"]["coordinates"][1][0][1] = point
    (fault,) = said(document)
    assert fault.startswith(f", column E07000003: found {found} in 1 of 14 points, such as ")
    assert "(part 2, ring 1, point 2), expected " in fault


@pytest.mark.parametrize(
    ("point", "shown"),
    [
        (["0.3", "51.2"], '["0.3", "51.2"]'),
        ([0.3], "[0.3]"),
        ([], "[]"),
        ([None, 51.2], "[null, 51.2]"),
        (None, "null"),
        ("0.3,51.2", '"0.3,51.2"'),
        ([[0.3, 51.2]], "[[0.3, 51.2]]"),
        ({"x": 0.3}, '{"x": 0.3}'),
    ],
)
def test_a_point_that_is_no_pair_of_numbers(point: object, shown: str) -> None:
    document = with_islands()
    document["features"][2]["geometry"]["coordinates"][1][0][1] = point
    assert said(document) == [
        f', column E07000003: found the point "{shown}" (part 2, ring 1, point 2), '
        "expected a Polygon or a MultiPolygon, each ring a list of points, each point a longitude and a latitude"
    ]


@given(data=st.data())
@settings(max_examples=40)
def test_every_point_is_looked_at(data: st.DataObject) -> None:
    """Whichever point of whichever ring is turned, it is the one that is named."""
    document = with_islands()
    feature = data.draw(st.sampled_from(document["features"]))
    parts = feature["geometry"]["coordinates"]
    if feature["geometry"]["type"] == "Polygon":
        parts = [parts]
    part = data.draw(st.integers(0, len(parts) - 1))
    ring = data.draw(st.integers(0, len(parts[part]) - 1))
    place = data.draw(st.integers(0, len(parts[part][ring]) - 1))
    parts[part][ring][place] = parts[part][ring][place][::-1]
    (fault,) = said(document)
    assert fault.startswith(f", column {feature['properties']['district_code']}: found latitude before longitude in 1 ")
    assert f"(part {part + 1}, ring {ring + 1}, point {place + 1})" in fault


def test_a_point_far_from_the_rest_of_its_own_ring_stands_alone() -> None:
    rings = rings_of({"type": "MultiPolygon", "coordinates": ISLANDS})
    assert stray_points(rings) == []
    # 14 points: the outer ring's five, the hole's four, the island's five, whose second is the eleventh.
    rings[2].points[1] = [0.3, 53.2]
    assert stray_points(rings) == [10]
    # A point may stand out by as much as the rest is wide, as a headland does.
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    circle = np.c_[-1 + 0.3 * np.cos(turn), 52 + 0.2 * np.sin(turn)]
    circle[0] = [-0.2, 52]
    assert stray_points([rings[0]._replace(points=circle)]) == []
    circle[0] = [1, 52]
    assert stray_points([rings[0]._replace(points=circle)]) == [0]


def test_the_default_outlines_have_no_point_that_stands_alone() -> None:
    path = Path(__file__).parents[2] / "data" / GEOGRAPHY
    features, faults = read_features(path.read_bytes())
    assert (len(features), faults) == (12, [])
    assert [stray_points(rings_of(feature.geometry)) for feature in features] == [[]] * 12


# Geometries that are no polygon


@pytest.mark.parametrize(
    ("geometry", "found"),
    [
        (None, "no geometry"),
        ({"type": "GeometryCollection", "geometries": []}, '"GeometryCollection"'),
        ({"type": "MultiPoint", "coordinates": [[0, 51]]}, '"MultiPoint"'),
        ({"coordinates": []}, "an object"),
        ("POLYGON ((0 51, 1 51, 1 52, 0 51))", 'the text "POLYGON ((0 51, 1 51, 1 52, 0 51))"'),
        ({"type": "Polygon"}, "no coordinates in a Polygon"),
        ({"type": "Polygon", "coordinates": None}, "no coordinates in a Polygon"),
        ({"type": "MultiPolygon", "coordinates": [[]]}, "no coordinates in a MultiPolygon"),
        ({"type": "Polygon", "coordinates": [[]]}, "an empty list where a ring should stand (part 1, ring 1"),
        ({"type": "Polygon", "coordinates": ISLANDS}, 'the point "[[-1, 51]'),
        ({"type": "MultiPolygon", "coordinates": ISLANDS[0]}, 'the point "-1" (part 1, ring 1, point 1)'),
    ],
)
def test_geometries_that_are_no_polygon(geometry: object, found: str) -> None:
    document = outlines()
    document["features"][1]["geometry"] = geometry
    (fault,) = said(document)
    assert fault.startswith(f", column E07000002: found {found}")
    assert ", expected a Polygon or a MultiPolygon" in fault
    with pytest.raises(NoRings):
        rings_of(geometry)


# District codes under another name


def renamed(**names: str) -> Any:
    document = outlines()
    for number, feature in enumerate(document["features"]):
        old = {**feature["properties"], "number": number}
        feature["properties"] = {new: old[name] for new, name in names.items()}
    return document


@pytest.mark.parametrize(
    ("document", "cure"),
    [
        (renamed(LAD24CD="district_code"), 'rename the property "LAD24CD" to district_code'),
        (
            renamed(OBJECTID="number", LAD24CD="district_code", LAD24NM="district_name"),
            'rename the property "LAD24CD" to district_code, and "LAD24NM" to district_name',
        ),
        (
            renamed(lad23nm="district_name", lad23cd="district_code"),
            'rename the property "lad23cd" to district_code, and "lad23nm" to district_name',
        ),
        (renamed(Code="district_code", Name="district_name"), 'rename the property "Code" to district_code'),
        (renamed(District_Code="district_code"), 'rename the property "District_Code" to district_code'),
        # Codes of another year are none of the pack's, and their heading still says what they are.
        (renamed(FID="number", CTYUA21CD="number"), 'rename the property "CTYUA21CD" to district_code'),
    ],
)
def test_the_property_with_the_codes_is_to_be_renamed(document: Any, cure: str) -> None:
    assert said(document, "E07000001", "E07000002", "E07000003") == [
        f", column district_code: found no district_code in 3 of 3 outlines, expected it: {cure}"
    ]


def test_codes_that_are_nowhere_or_beside_the_properties() -> None:
    codes = ("E07000001", "E07000002", "E07000003")
    document = renamed(Name="district_name", **{f"extra_{number}": "number" for number in range(7)})
    assert said(document, *codes) == [
        ', column district_code: found no district_code in 3 of 3 outlines; there is "Name", "extra_0", "extra_1", '
        '"extra_2", "extra_3", "extra_4" and 2 more, '
        "expected it: rename the property that holds the districts' codes, or add one"
    ]
    for feature, code in zip(document["features"], codes, strict=True):
        feature.update(id=code, properties=None)
    assert said(document, *codes) == [
        ", column district_code: found no district_code in 3 of 3 outlines, "
        'expected it: copy the "id" of each feature to a property district_code'
    ]


def test_check_says_which_property_to_rename(tiny_folder: PackFolder, capsys: pytest.CaptureFixture[str]) -> None:
    document = renamed(LAD24CD="district_code", LAD24NM="district_name")
    (tiny_folder.root / GEOGRAPHY).write_text(json.dumps(document), encoding="utf-8-sig")
    assert main(["check", "--pack", str(tiny_folder.root)]) == 1
    assert capsys.readouterr().err == (
        f"{GEOGRAPHY}, column district_code: found no district_code in 3 of 3 outlines, "
        'expected it: rename the property "LAD24CD" to district_code, and "LAD24NM" to district_name\n'
    )


# Other formats


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ({"type": "Topology", "objects": {}, "arcs": []}, "TopoJSON"),
        ({"geometryType": "esriGeometryPolygon", "features": None}, "Esri JSON"),
    ],
)
def test_other_formats_are_known(document: Any, found: str) -> None:
    assert said(document) == [f": found {found}, expected GeoJSON: export the outlines again in that format"]


def test_esri_json_with_features_is_known() -> None:
    document = {"geometryType": "esriGeometryPolygon", "features": [{"attributes": {}, "geometry": {"rings": []}}]}
    assert said(document) == [": found Esri JSON, expected GeoJSON: export the outlines again in that format"]


def test_utf_16_is_read(tiny_folder: PackFolder) -> None:
    (tiny_folder.root / GEOGRAPHY).write_text(json.dumps(outlines()), encoding="utf-16")
    assert main(["check", "--pack", str(tiny_folder.root)]) == 0
