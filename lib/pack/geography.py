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

from lib.pack.faults import Fault, PackError, quoted
from lib.pack.outline_checks import OUTLINES, misplaced, read_shapes, too_small
from lib.pack.outline_shapes import FLATNESS, SLACK, LabelPlaces, Line, as_geojson, hatch_lines, label_places

if TYPE_CHECKING:
    from lib.pack.load import Pack

GEOGRAPHY = OUTLINES
# The degrees in which the National Grid is used, and the EPSG numbers of the coordinate systems.
_WEST, _SOUTH, _EAST, _NORTH = -9.0, 49.75, 2.01, 61.01
DEGREES, NATIONAL_GRID = 4326, 27700
# Lines of hatching across the longer side of the map; the browser draws every second or fourth of them on a small one.
_HATCHES = 200
# Names and hatching are placed to this part of the longer side.
_ROUGHLY = 4000
_EXPECTED = "a GeoJSON feature collection whose features have a district_code and a polygon"

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
    (degrees of longitude).
    """

    bounds: Bounds
    shapes: Mapping[str, Any]
    width: float
    height: float
    labels: Mapping[str, LabelPlaces]
    degrees: Mapping[str, Any]
    document: bytes


def geography_faults(content: bytes, codes: list[str]) -> list[Fault]:
    """What is wrong with the outlines at a glance: a district missing or unknown, coordinates that are not degrees."""
    try:
        features = read_features(content)
    except (RecursionError, ValueError, KeyError, TypeError, IndexError) as error:
        return [not_outlines(error)]
    drawn = [code for code, _, _ in features]
    faults = [
        Fault(GEOGRAPHY, None, "district_code", f"{counted} of {code}", "one outline a district")
        for code in codes
        if (counted := {0: "no outline", 1: ""}.get(drawn.count(code), f"{drawn.count(code)} outlines"))
    ]
    turned = []
    for code, _, geometry in features:
        kind, (longitude, latitude) = geometry["type"], first_point(geometry["coordinates"])
        if code not in codes:
            expected = "a district_code of reference/districts.csv"
            faults.append(Fault(GEOGRAPHY, None, "district_code", quoted(code), expected))
        if kind not in ("Polygon", "MultiPolygon"):
            faults.append(Fault(GEOGRAPHY, None, code, quoted(kind), "a Polygon or a MultiPolygon"))
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            found = f"the point {longitude:,.0f}, {latitude:,.0f}"
            faults.append(Fault(GEOGRAPHY, None, code, found, "degrees of longitude and latitude (WGS84)"))
        elif not _in_britain(longitude, latitude) and _in_britain(latitude, longitude):
            turned.append((longitude, latitude))
    if turned:
        first, second = turned[0]
        found = f"latitude before longitude in {len(turned)} of {len(features)} outlines, such as {first}, {second}"
        faults.append(Fault(GEOGRAPHY, None, "", found, "longitude before latitude, as GeoJSON has it"))
    return faults


def read_features(content: bytes) -> list[tuple[str, str, Any]]:
    """The district_code, district_name ("" for none) and geometry of each feature of a file, with a byte order mark
    or without.

    Raises ValueError, KeyError, TypeError, IndexError or RecursionError where the file is no such document.
    """
    features = []
    for feature in json.loads(content.decode("utf-8-sig"))["features"]:
        properties, geometry = feature["properties"], feature["geometry"]
        first_point(geometry["coordinates"])
        features.append((str(properties["district_code"]), str(properties.get("district_name") or ""), geometry))
    return features


def not_outlines(error: Exception) -> Fault:
    """The fault of a file that `read_features` cannot read."""
    found = f"something that is not such a document ({type(error).__name__}: {error})"
    return Fault(GEOGRAPHY, None, "", found, _EXPECTED)


def first_point(coordinates: Any) -> tuple[float, float]:
    """The first longitude and latitude of a polygon's or multipolygon's coordinates."""
    while isinstance(coordinates[0], list):
        coordinates = coordinates[0]
    return float(coordinates[0]), float(coordinates[1])


def _in_britain(longitude: float, latitude: float) -> bool:
    return _WEST <= longitude <= _EAST and _SOUTH <= latitude <= _NORTH


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

    try:
        features = read_features(content)
    except (RecursionError, ValueError, KeyError, TypeError, IndexError) as error:
        return (not_outlines(error),)
    shapes, faults = read_shapes(features)
    if faults:
        return tuple(faults)
    # Grids for the last metre would come from the web.
    network.set_network_enabled(False)  # type: ignore[attr-defined]
    degrees = geopandas.GeoSeries(shapes, crs=DEGREES)
    west, south, east, north = map(float, degrees.total_bounds)
    british = _in_britain(west, south) and _in_britain(east, north)
    metres = degrees.to_crs(NATIONAL_GRID if british else degrees.estimate_utm_crs())
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
    return Outlines(((south, west), (north, east)), placed, right - left, top - foot, labels, shapes, written)


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
