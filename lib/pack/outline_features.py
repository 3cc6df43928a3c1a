"""The features of a file of outlines: which district each is of, and the rings of its polygons, as plain numbers.

What cannot be read is said with its cure, as whoever exported the file can change the export and nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lib.pack.faults import Fault, quoted

OUTLINES = "geography/districts.geojson"
CODE, NAME = "district_code", "district_name"
Points = npt.NDArray[np.float64]

_DOCUMENT = "a GeoJSON feature collection whose features have a district_code and a polygon"
_POLYGON = "a Polygon or a MultiPolygon"
_RINGS = "a Polygon or a MultiPolygon, each ring a list of points, each point a longitude and a latitude"
_DEPTHS = {"Polygon": 0, "MultiPolygon": 1}
# Codes of areas as the Office for National Statistics heads them: LAD24CD, CTYUA23CD.
_CODE_HEADING = re.compile(r"[A-Z]{2,6}[0-9]{2}CD")
_PROPERTIES_NAMED = 6


class Feature(NamedTuple):
    """One outline as the file has it: geometry is GeoJSON's own."""

    code: str
    name: str
    geometry: Any


class Ring(NamedTuple):
    """A ring of a polygon. part, number: its place in the outline, as people count; points: longitude, latitude."""

    part: int
    number: int
    points: Points


class NoRings(ValueError):
    """A geometry that is no polygon: what was found, and what was expected, in words."""

    def __init__(self, found: str, expected: str) -> None:
        """Keep both."""
        self.found, self.expected = found, expected
        super().__init__(f"found {found}, expected {expected}")


def read_features(content: bytes, codes: Collection[str] = ()) -> tuple[list[Feature], list[Fault]]:
    """The features of a file, with a byte order mark or without, and why it, or one of them, cannot be read.

    codes: the districts of the pack, by which the property that holds the codes is known where it has another name.
    """
    try:
        document: Any = json.loads(_text(content))
    except (RecursionError, ValueError) as error:
        return [], [_fault(_no_json(error), _DOCUMENT)]
    listed = document.get("features") if isinstance(document, dict) else None
    if not isinstance(listed, list) or "geometryType" in document:
        return [], [_fault(*_other_document(document))]
    broken = [number for number, one in enumerate(listed, start=1) if not isinstance(one, dict)]
    if broken:
        instead = _kind(listed[broken[0] - 1])
        return [], [_fault(f"{instead} in place of feature {broken[0]} of {len(listed)}", _DOCUMENT)]
    properties = [one["properties"] if isinstance(one.get("properties"), dict) else {} for one in listed]
    nameless = [number for number, one in enumerate(properties, start=1) if one.get(CODE) in (None, "")]
    if nameless:
        return [], [_fault(*_without_code(listed, properties, nameless, codes), CODE)]
    faults = [
        _fault(f"{_kind(one[CODE])} in feature {number}", "the district's code, as text", CODE)
        for number, one in enumerate(properties, start=1)
        if not isinstance(one[CODE], str | int | float)
    ]
    if faults:
        return [], faults
    return [
        Feature(str(one[CODE]).strip(), str(one.get(NAME) or ""), feature.get("geometry"))
        for feature, one in zip(listed, properties, strict=True)
    ], []


def rings_of(geometry: Any) -> list[Ring]:
    """Every ring of every part of a polygon or multipolygon; a height of its points is left out.

    Raises NoRings where the geometry is anything else, or a point is no pair of numbers.
    """
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in _DEPTHS:
        found = "no geometry" if geometry is None else quoted(kind) if isinstance(kind, str) else _kind(geometry)
        raise NoRings(found, _POLYGON)
    polygons = geometry.get("coordinates")
    if kind == "Polygon":
        polygons = [polygons]
    found = f"no coordinates in a {kind}"
    if not isinstance(polygons, list) or not polygons:
        raise NoRings(found, _RINGS)
    rings = []
    for part, polygon in enumerate(polygons, start=1):
        if not isinstance(polygon, list) or not polygon:
            raise NoRings(found, _RINGS)
        rings += [Ring(part, number, _points(ring, part, number)) for number, ring in enumerate(polygon, start=1)]
    return rings


def place_of(rings: Sequence[Ring], index: int) -> str:
    """Where a point stands, by its place among all points of an outline: (part 2, ring 1, point 7)."""
    for ring in rings:
        if index < len(ring.points):
            return f"part {ring.part}, ring {ring.number}, point {index + 1}"
        index -= len(ring.points)
    raise IndexError(index)


def _points(ring: Any, part: int, number: int) -> Points:
    """The points of a ring; one list at a time is looked at only where they do not make a table of numbers."""
    place = f"(part {part}, ring {number}"
    if not isinstance(ring, list) or not ring:
        raise NoRings(f"{_kind(ring)} where a ring should stand {place})", _RINGS)
    try:
        table = np.array(ring)
    except ValueError:  # points of different lengths
        table = np.array([])
    if table.ndim == 2 and table.shape[1] >= 2 and table.dtype.kind in "if":
        return table[:, :2].astype("float64")
    pairs = []
    for index, point in enumerate(ring, start=1):
        pair = point[:2] if isinstance(point, list) else []
        if len(pair) < 2 or not all(isinstance(one, int | float) for one in pair):
            shown = json.dumps(point, ensure_ascii=False)
            raise NoRings(f"the point {quoted(shown, 40)} {place}, point {index})", _RINGS)
        pairs.append([float(one) if abs(one) < 1e300 else np.inf for one in pair])
    return np.array(pairs)


def _text(content: bytes) -> str:
    """A file's bytes as text; ValueError where they are none."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    return content.decode("utf-8-sig")


def _no_json(error: Exception) -> str:
    """Why a file is no JSON document, in words."""
    if isinstance(error, UnicodeDecodeError):
        if error.object.startswith(b"PK"):
            return "a ZIP archive"
        return f"bytes that are not text from byte {error.start + 1:,} on"
    if isinstance(error, json.JSONDecodeError):
        if not error.doc.strip():
            return "an empty file"
        if error.doc.startswith("PK"):
            return "a ZIP archive"
        return f"text that is not JSON from line {error.lineno:,}, column {error.colno:,} on"
    return "lists within lists without end" if isinstance(error, RecursionError) else "text that is not JSON"


def _other_document(document: Any) -> tuple[str, str]:
    """What a JSON document is, where it is no feature collection, and what was expected."""
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "Topology":
        return "TopoJSON", "GeoJSON: export the outlines again in that format"
    if isinstance(document, dict) and "geometryType" in document:
        return "Esri JSON", "GeoJSON: export the outlines again in that format"
    if isinstance(kind, str):
        return f"a document of the type {quoted(kind)} without a list of features", _DOCUMENT
    return f"{_kind(document)} without a list of features", _DOCUMENT


def _without_code(
    listed: Sequence[Mapping[str, Any]],
    properties: Sequence[Mapping[str, Any]],
    nameless: Sequence[int],
    codes: Collection[str],
) -> tuple[str, str]:
    """What was found in place of district_code, and which property is to be renamed."""
    found = f"no {CODE} in {len(nameless)} of {len(listed)} outlines"
    if len(nameless) < len(listed):
        return f"{found}, the first of them feature {nameless[0]}", "one in each"
    names = list(dict.fromkeys(name for one in properties for name in one))
    known = set(codes)
    half = len(listed) / 2
    holding = [name for name in names if sum(str(one.get(name)).strip() in known for one in properties) > half]
    headed = [name for name in names if _CODE_HEADING.fullmatch(name.upper()) or _bare(name) == _bare(CODE)]
    if holding or headed:
        old = (holding or headed)[0]
        twin = f"{old[:-2]}{'nm' if old.endswith('cd') else 'NM'}"
        also = f", and {quoted(twin)} to {NAME}" if twin in names and NAME not in names else ""
        return found, f"it: rename the property {quoted(old)} to {CODE}{also}"
    if known and sum(str(one.get("id")).strip() in known for one in listed) > half:
        return found, f'it: copy the "id" of each feature to a property {CODE}'
    more = f" and {len(names) - _PROPERTIES_NAMED} more" if len(names) > _PROPERTIES_NAMED else ""
    has = ", ".join(quoted(name, 30) for name in names[:_PROPERTIES_NAMED]) + more or "no property"
    return f"{found}; there is {has}", "it: rename the property that holds the districts' codes, or add one"


def _bare(name: str) -> str:
    """A name without capitals and without what is neither letter nor digit."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def _kind(value: Any) -> str:
    """What a value of a JSON document is, in words."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return f"the text {quoted(value, 40)}"
    return "an object" if isinstance(value, dict) else "a list" if value else "an empty list"


def _fault(found: str, expected: str, column: str = "") -> Fault:
    return Fault(OUTLINES, None, column, found, expected)
