"""Outlines of districts made fit for a pack: mended, side by side, no more detailed than a map shows, in degrees.

Shapes come in metres of the National Grid, in a GeoSeries indexed by the district's code; borders that two districts
share stay shared at every step.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lib.pack.faults import Fault, PackError
from lib.pack.geography import DEGREES, NATIONAL_GRID
from lib.pack.outline_features import CODE, NAME
from lib.pack.outline_shapes import as_geojson

# Metres: a point is left out where the triangle with its neighbours is smaller than the square of this.
SIMPLIFIED = 100
DECIMALS = 4  # of a degree: some 10 metres
# Between two districts a gap narrower than the first, in metres, is closed; so wide that a circle of the second fits
# in, it is a place of its own, such as a city that is no district of the pack.
GAP, HOLE = 60, 250
# The share of a district's area that mending a ring that crosses itself may change, and closing gaps and overlaps.
MOST_MENDED, MOST_MOVED = 0.001, 0.005
_HECTARE = 10_000


@dataclass(frozen=True)
class Covered:
    """Outlines as they stand in a pack: by the code of the district, in degrees; what was done to them, in sentences.

    rule: how they were simplified, as the manifest says it. area_km2: of each, before it was simplified.
    """

    shapes: Any
    area_km2: Mapping[str, float]
    rule: str
    notes: tuple[str, ...]


def covered(file: str, shapes: Any, names: Mapping[str, str]) -> Covered:
    """Make outlines fit for a pack.

    shapes: one row a polygon or multipolygon, a district may have several rows. names: by the code, for sentences.
    PackError where one crosses itself, lies over another, or leaves a gap, beyond what can be mended.
    """
    import geopandas
    import shapely

    every = [*dict.fromkeys(shapes.index)]
    faults: list[Fault] = []
    notes: list[str] = []
    polygons: list[Any] = []
    for code in every:
        one, wrong, note = _one_shape(shapes.loc[[code]].to_numpy())
        polygons.append(one)
        faults += [Fault(file, None, _named(code, names), *words) for words in wrong]
        notes += [f"{_named(code, names)}: {one_note}" for one_note in note]
    if faults:
        raise PackError(faults)
    kept, closed = _side_by_side(file, every, polygons, names)
    notes += [*closed, *_holes(file, every, kept, names)]
    simple, rule = _simplified(kept)
    simple, dropped = _without_specks(simple)
    if dropped:
        words = (
            "1 island of less than a hectare is" if dropped == 1 else f"{dropped:,} islands of less than a hectare are"
        )
        notes.append(f"{words} left out.")
    in_degrees = geopandas.GeoSeries(simple, index=every, crs=NATIONAL_GRID).to_crs(DEGREES)
    rounded = _rounded(list(in_degrees))
    for code, shape in zip(every, rounded, strict=True):
        if shape.is_empty:
            found = "an outline too small to draw"
            raise PackError([Fault(file, None, _named(code, names), found, "the boundary of a district")])
    areas = {code: round(float(shapely.area(shape)) / 1e6, 1) for code, shape in zip(every, kept, strict=True)}
    return Covered(geopandas.GeoSeries(rounded, index=every, crs=DEGREES), areas, rule, tuple(notes))


def document_of(shapes: Any, names: Mapping[str, str]) -> bytes:
    """The outlines as the file of a pack: GeoJSON, WGS84, outer rings anticlockwise, in the order of the names."""
    import shapely

    features = [
        {
            "type": "Feature",
            "properties": {CODE: code, NAME: name},
            "geometry": as_geojson(shapely.orient_polygons(shapes[code]), DECIMALS),
        }
        for code, name in names.items()
        if code in shapes.index
    ]
    document = {"type": "FeatureCollection", "features": features}
    return (json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n").encode()


def _named(code: str, names: Mapping[str, str]) -> str:
    return f"{names[code]} ({code})" if code in names else code


def _one_shape(rows: Sequence[Any]) -> tuple[Any, list[tuple[str, str]], list[str]]:
    """The polygon or multipolygon of a district from all its rows; what is wrong with it; what was mended."""
    import shapely

    faults: list[tuple[str, str]] = []
    notes: list[str] = []
    mended = []
    for row in rows:
        if row is None or row.is_empty:
            continue
        if row.geom_type not in ("Polygon", "MultiPolygon", "GeometryCollection"):
            faults.append((f"a {row.geom_type}", "the outline of the district, a polygon"))
            continue
        whole = row
        if not row.is_valid:
            whole = shapely.make_valid(row)
            before = abs(float(row.area))
            change = abs(float(_polygons(whole).area) - before) / max(before, 1e-9)
            if change >= MOST_MENDED:
                found = re.search(r"\[(\S+) (\S+)\]", shapely.is_valid_reason(row))
                place = [f"{float(number):.0f}" for number in found.groups()] if found else []
                where = f" near {' '.join(place)} of the National Grid" if place else ""
                faults.append(
                    (f"an outline that crosses itself{where}", "rings that cross neither themselves nor each other")
                )
                continue
            notes.append(f"its outline crossed itself and was mended; the area changed by {change:.2%}.")
        mended.append(_polygons(whole))
    shape = shapely.union_all(mended) if len(mended) > 1 else mended[0] if mended else shapely.MultiPolygon()
    together = sum(float(one.area) for one in mended)
    if not faults and together - float(shape.area) > MOST_MOVED * float(shape.area):
        faults.append((f"{len(mended)} outlines that lie over each other", "one outline, or its parts side by side"))
    if not faults and shape.is_empty:
        faults.append(("no outline", "a polygon"))
    return _polygons(shape), faults, notes


def _polygons(shape: Any) -> Any:
    """The polygons of a shape, without lines and points."""
    import shapely

    parts = [one for one in shapely.get_parts(shape) if one.geom_type in ("Polygon", "MultiPolygon")]
    flat = [one for part in parts for one in shapely.get_parts(part)]
    return flat[0] if len(flat) == 1 else shapely.MultiPolygon(flat)


def _side_by_side(
    file: str, codes: Sequence[str], shapes: list[Any], names: Mapping[str, str]
) -> tuple[list[Any], list[str]]:
    """Outlines without gaps and overlaps: as they are, or with narrow ones closed, which is said."""
    import shapely

    if shapely.coverage_is_valid(shapes, gap_width=GAP):
        return shapes, []
    cleaned = [_polygons(one) for one in shapely.coverage_clean(shapes, gap_width=GAP)]
    moved = [
        float(shapely.symmetric_difference(before, after).area) / max(float(before.area), 1e-9)
        for before, after in zip(shapes, cleaned, strict=True)
    ]
    faults = []
    if max(moved) > MOST_MOVED:
        faults = _overlaps(file, codes, shapes, names) or [
            Fault(
                file,
                None,
                _named(code, names),
                f"gaps to its neighbours of {share:.1%} of its area",
                "districts that meet at their borders: take all of them from one file",
            )
            for code, share in zip(codes, moved, strict=True)
            if share > MOST_MOVED
        ]
    elif not shapely.coverage_is_valid(cleaned):
        edges = shapely.coverage_invalid_edges(cleaned)
        faults = [
            Fault(file, None, _named(code, names), "a border that its neighbours do not share", "borders that meet")
            for code, edge in zip(codes, edges, strict=True)
            if not edge.is_empty
        ]
    if faults:
        raise PackError(faults)
    if max(moved) < 1e-6:
        return cleaned, []
    most = f"{max(moved):.2%}" if max(moved) >= 0.0001 else "less than 0.01%"
    return cleaned, [f"Narrow gaps and overlaps between districts were closed: at most {most} of a district's area."]


def _overlaps(file: str, codes: Sequence[str], shapes: list[Any], names: Mapping[str, str]) -> list[Fault]:
    """A fault for each two districts that lie over each other by more than may be mended."""
    import shapely

    faults = []
    for one, other in zip(*shapely.STRtree(shapes).query(shapes, predicate="intersects"), strict=True):
        if one < other:
            shared = float(shapely.intersection(shapes[one], shapes[other]).area)
            if shared > MOST_MOVED * min(float(shapes[one].area), float(shapes[other].area)):
                found = f"an outline over that of {_named(codes[one], names)} by {shared / _HECTARE:,.0f} hectares"
                faults.append(Fault(file, None, _named(codes[other], names), found, "districts side by side"))
    return faults


def _simplified(shapes: list[Any]) -> tuple[list[Any], str]:
    """Outlines with no more detail than a map shows, unless they have no more; and how that was done, in words."""
    import shapely

    rings = shapely.get_rings(shapely.get_parts(shapes))
    corners, of = shapely.get_coordinates(rings, return_index=True)
    steps = np.hypot(*np.diff(corners, axis=0).T)[np.diff(of) == 0]
    if float(np.median(steps)) > SIMPLIFIED:
        return shapes, f"Outlines as in the file, no more detailed than {SIMPLIFIED} metres, rounded to 4 decimals."
    simple = [_polygons(one) for one in shapely.coverage_simplify(shapes, SIMPLIFIED)]
    rule = f"Outlines simplified to {SIMPLIFIED} metres with shared borders kept, rounded to 4 decimals of a degree."
    return simple, rule


def _without_specks(shapes: list[Any]) -> tuple[list[Any], int]:
    """Outlines without islands of less than a hectare that touch nothing else, and how many these were."""
    import shapely

    parts, of = shapely.get_parts(shapes, return_index=True)
    largest = np.zeros(len(shapes))
    np.maximum.at(largest, of, shapely.area(parts))
    small = (shapely.area(parts) < _HECTARE) & (shapely.area(parts) < largest[of])
    if not small.any():
        return shapes, 0
    one, other = shapely.STRtree(parts).query(parts[small], predicate="intersects")
    alone = np.bincount(one[other != np.flatnonzero(small)[one]], minlength=int(small.sum())) == 0
    drop = np.flatnonzero(small)[alone]
    keep = np.delete(np.arange(len(parts)), drop)
    kept = [_polygons(shapely.MultiPolygon(list(parts[keep][of[keep] == place]))) for place in range(len(shapes))]
    return kept, len(drop)


def _rounded(shapes: list[Any]) -> list[Any]:
    """Outlines in degrees on the grid of their last decimal: all lines are put on it at once, so that borders stay."""
    import shapely

    grid = 10.0**-DECIMALS
    lines = shapely.union_all(shapely.boundary(shapes), grid_size=grid)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    inside = shapely.point_on_surface(faces)
    face, owner = shapely.STRtree(shapes).query(inside, predicate="intersects")
    owners: dict[int, list[Any]] = {}
    for place, whose in dict(zip(face.tolist()[::-1], owner.tolist()[::-1], strict=True)).items():
        owners.setdefault(whose, []).append(faces[place])
    made = [
        _polygons(shapely.coverage_union_all(owners[place])) if place in owners else shapely.MultiPolygon()
        for place in range(len(shapes))
    ]
    return [shapely.transform(one, lambda corners: corners.round(DECIMALS)) for one in made]


def _holes(file: str, codes: Sequence[str], shapes: list[Any], names: Mapping[str, str]) -> list[str]:
    """What to say of places among the outlines that are of none; PackError where one is a gap in the borders."""
    import shapely

    whole = shapely.coverage_union_all(shapes)
    notes = []
    for hole in (shapely.Polygon(ring) for part in shapely.get_parts(whole) for ring in part.interiors):
        around = shapely.STRtree(shapes).query(hole, predicate="intersects").tolist()
        narrow = float(shapely.maximum_inscribed_circle(hole).length) < HOLE
        size = float(hole.area)
        if narrow and size > MOST_MOVED * min(float(shapes[place].area) for place in around):
            districts = " and ".join(_named(codes[place], names) for place in around)
            found = f"a gap of {size / _HECTARE:,.0f} hectares between {districts}"
            raise PackError([Fault(file, None, "", found, "districts that meet at their borders")])
        notes.append(f"A place of {size / 1e6:,.2f} square kilometres among the outlines is no district of the pack.")
    return notes
