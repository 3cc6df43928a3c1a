"""The outlines of the districts: what is wrong with the file, and everything that is drawn from it.

A pack is loaded with a light look at the file. Only where outlines are read do geopandas and shapely work on them, and
only there are they imported: a page without a map never loads them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lib.pack.faults import Fault, PackError, limited, quoted
from lib.pack.outline_checks import misplaced, read_shapes, too_small
from lib.pack.outline_features import OUTLINES, Feature, NoRings, read_features, rings_of
from lib.pack.outline_points import point_faults
from lib.pack.outline_shapes import FLATNESS, SLACK, LabelPlaces, Line, as_geojson, hatch_lines, label_places

if TYPE_CHECKING:
    from lib.pack.load import Pack

GEOGRAPHY = OUTLINES
# The EPSG numbers of the coordinate systems.
DEGREES, NATIONAL_GRID = 4326, 27700
# Lines of hatching across the longer side of the map; the browser draws every second or fourth of them on a small one.
_HATCHES = 200
# Names and hatching are placed to this part of the longer side.
_ROUGHLY = 4000
_EXPECTED = "the outlines of the districts, in GeoJSON"

Bounds = tuple[tuple[float, float], tuple[float, float]]
ToDegrees = Callable[[Sequence[tuple[float, float]]], list[tuple[float, float]]]


@dataclass(frozen=True, eq=False)
class Outlines:
    """The outlines as they are drawn. Shared by every session: nothing in it is ever changed.

    bounds: the south-west and north-east corners, each as (latitude, longitude) in degrees. shapes: each district's
    polygon or multipolygon of shapely by its district_code, in metres from the map's south-west corner. width, height:
    of all of them, in metres. labels: where each district's name may stand, in the same metres. degrees: the shapes in
    degrees. document: the GeoJSON for the browser, in degrees; each feature has the properties district_code,
    district_name, labels ({inside: for a name of one line and of two, beside: nearest first}, each [latitude,
    longitude, room in degrees of longitude]) and hatching ([number of the line, latitude, longitude, latitude,
    longitude]), and the whole has flatness and slack, as `lib.pack.outline_shapes.fits` takes them, and hatch_spacing
    (degrees of longitude). corner: the map's south-west corner on the National Grid, in metres.
    """

    bounds: Bounds
    shapes: Mapping[str, Any]
    width: float
    height: float
    labels: Mapping[str, LabelPlaces]
    degrees: Mapping[str, Any]
    document: bytes
    corner: tuple[float, float]


def geography_faults(content: bytes, codes: list[str]) -> list[Fault]:
    """What is wrong with the outlines at a glance: a district missing or unknown, and every point that is misplaced."""
    features, faults = read_features(content, codes)
    if faults:
        return faults
    drawn = [feature.code for feature in features]
    faults = [
        Fault(GEOGRAPHY, None, "district_code", f"{counted} of {code}", "one outline a district")
        for code in codes
        if (counted := {0: "no outline", 1: ""}.get(drawn.count(code), f"{drawn.count(code)} outlines"))
    ]
    expected = "a district_code of reference/districts.csv"
    unknown = [code for code in drawn if code not in codes]
    faults += limited([Fault(GEOGRAPHY, None, "district_code", quoted(code), expected) for code in unknown])
    return [*faults, *misplaced_points(features)]


def misplaced_points(features: Sequence[Feature]) -> list[Fault]:
    """What is wrong with the coordinates of outlines, as numbers: no polygon, or points that lie elsewhere."""
    outlines, faults = [], []
    for feature in features:
        try:
            outlines.append((feature.code, rings_of(feature.geometry)))
        except NoRings as error:
            faults.append(Fault(GEOGRAPHY, None, feature.code, error.found, error.expected))
    return [*faults, *point_faults(outlines)]


def read_outlines(content: bytes) -> Outlines:
    """Read, check and project the bytes of a file of outlines. What was read is kept: the same bytes are read once.

    content: GeoJSON in degrees (WGS84), polygons with the property district_code. Raises PackError with every fault.
    """
    found = _outlines(content)
    if isinstance(found, Outlines):
        return found
    raise PackError(found)


def pack_outlines(pack: Pack) -> Outlines:
    """The outlines of a pack. Raises PackError where they cannot be drawn, or where its wards lie elsewhere."""
    outlines = read_outlines(pack.outlines)
    faults = _ward_faults(outlines, pack)
    if faults:
        raise PackError(faults)
    return outlines


def outline_faults(pack: Pack) -> tuple[Fault, ...]:
    """Everything for which the pages would draw no map."""
    try:
        pack_outlines(pack)
    except PackError as error:
        return error.faults
    return ()


@lru_cache(maxsize=2)
def _ward_faults(outlines: Outlines, pack: Pack) -> tuple[Fault, ...]:
    return tuple(misplaced(outlines.degrees, pack.tables["wards"], pack.district_names()))


@lru_cache(maxsize=4)
def _outlines(content: bytes) -> Outlines | tuple[Fault, ...]:
    """The outlines in a file's bytes, or what is wrong with them."""
    import geopandas
    from pyproj import network

    features, faults = read_features(content)
    faults = faults or misplaced_points(features)
    if faults:
        return tuple(faults)
    shapes, faults = read_shapes(features)
    if faults:
        return tuple(faults)
    # Grids for the last metre would come from the web.
    network.set_network_enabled(False)  # type: ignore[attr-defined]
    degrees = geopandas.GeoSeries(shapes, crs=DEGREES)
    west, south, east, north = map(float, degrees.total_bounds)
    metres = degrees.to_crs(NATIONAL_GRID)
    faults = too_small(metres.area.to_dict())
    if faults:
        return tuple(faults)
    left, foot, right, top = map(float, metres.total_bounds)
    placed = metres.translate(-left, -foot).to_dict()
    # To a fraction of a pixel: an official file may have thousands of points a kilometre.
    longer = max(right - left, top - foot)
    rough = metres.translate(-left, -foot).simplify(longer / _ROUGHLY).to_dict()
    labels = label_places(rough)
    spacing = longer / _HATCHES

    def to_degrees(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        across, up = zip(*((x + left, y + foot) for x, y in points), strict=True)
        moved = geopandas.GeoSeries.from_xy(across, up, crs=metres.crs).to_crs(DEGREES)
        return [(round(float(x), 5), round(float(y), 5)) for x, y in zip(moved.x, moved.y, strict=True)]

    document = {
        "type": "FeatureCollection",
        "flatness": FLATNESS,
        "slack": SLACK,
        "hatch_spacing": _longitude(spacing, (south + north) / 2),
        "features": [
            {
                "type": "Feature",
                "properties": {
                    "district_code": code,
                    "district_name": name or code,
                    "labels": _labels(labels[code], to_degrees),
                    "hatching": _hatching(hatch_lines(rough[code], spacing), to_degrees),
                },
                "geometry": as_geojson(shapes[code], 5),
            }
            for code, name, _ in features
        ],
    }
    written = json.dumps(document, allow_nan=False, separators=(",", ":")).encode()
    bounds = ((south, west), (north, east))
    return Outlines(bounds, placed, right - left, top - foot, labels, shapes, written, (left, foot))


def on_the_map(outlines: Outlines, points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Points, each as (latitude, longitude) in degrees, in metres from the south-west corner of outlines."""
    import geopandas

    if not points:
        return []
    up, across = zip(*points, strict=True)
    moved = geopandas.GeoSeries.from_xy(across, up, crs=DEGREES).to_crs(NATIONAL_GRID)
    left, foot = outlines.corner
    return [(float(x) - left, float(y) - foot) for x, y in zip(moved.x, moved.y, strict=True)]


def _longitude(metres: float, latitude: float) -> float:
    """Metres from west to east as degrees, which any web map has as many pixels wide wherever they lie."""
    return round(metres / (111_320 * math.cos(math.radians(latitude))), 6)


def _labels(places: LabelPlaces, to_degrees: ToDegrees) -> dict[str, list[list[float]]]:
    inside, beside = [places.one_line, places.two_lines], list(places.beside)
    points = to_degrees([(place.x, place.y) for place in [*inside, *beside]])
    every = [
        [latitude, longitude, _longitude(place.room, latitude)]
        for (longitude, latitude), place in zip(points, [*inside, *beside], strict=True)
    ]
    return {"inside": every[:2], "beside": every[2:]}


def _hatching(lines: list[tuple[int, Line]], to_degrees: ToDegrees) -> list[list[float]]:
    if not lines:
        return []
    points = to_degrees([end for _, line in lines for end in line])
    ends = zip(points[0::2], points[1::2], strict=True)
    return [[number, start[1], start[0], end[1], end[0]] for (number, _), (start, end) in zip(lines, ends, strict=True)]
