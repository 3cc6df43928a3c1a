"""Outlines of districts from the points of their postcodes and the land: a coverage without gaps and overlaps.

Everything is in metres of the National Grid until `on_grid`. Shapely is imported only where it is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

# Water narrower than this between two shores, such as a creek, does not cut a district; coast and borders meet on so
# fine a grid; borders keep what is larger than a square of that side. All in metres.
CREEK, GRID, DETAIL = 60.0, 1.0, 100.0
# A part of a district that another one surrounds is no part of its own below this share of it.
STRAY_SHARE = 0.05
# An island without a postcode is left out below so many square metres.
ISLET = 100_000.0

Points = npt.NDArray[np.float64]


def outlines_of(points: pd.DataFrame, land: Sequence[Any], wanted: Sequence[str]) -> dict[str, Any]:
    """The outline of each district wanted, in the order wanted: polygons or multipolygons that make up a coverage.

    points: east, north, district_code, of the districts wanted and of all others around them. land: polygons. A
    district whose points all lie where others have more, or without any, is not among them.
    """
    import shapely

    homes = points_apart(points)
    pieces: list[tuple[str, Any]] = []
    parts = land_parts(land)
    for part, places in zip(parts, _places_of(parts, homes), strict=True):
        pieces += _of_part(part, homes.iloc[places], homes)
    districts = united(pieces)
    districts = without_strays(districts)
    inside = {code: districts[code] for code in wanted if code in districts}
    simple = shapely.coverage_simplify(list(inside.values()), DETAIL)
    return dict(zip(inside, simple, strict=True))


def points_apart(points: pd.DataFrame) -> pd.DataFrame:
    """One row a place: postcodes of one building share theirs; its district is that of most, of equals the first.

    Columns east, north, district_code, in the order of the place.
    """
    counted = points.groupby(["east", "north", "district_code"], as_index=False).size()
    counted = counted.sort_values(["east", "north", "size", "district_code"], ascending=[True, True, False, True])
    return counted.drop_duplicates(["east", "north"])[["east", "north", "district_code"]].reset_index(drop=True)


def land_parts(land: Sequence[Any]) -> list[Any]:
    """The connected parts of the land, the largest first; water narrower than `CREEK` does not part them.

    A lake with land all around it is land: a district does not end at the shore of a reservoir.
    """
    import shapely

    closed = shapely.get_parts(shapely.union_all(list(land)).buffer(CREEK / 2).buffer(-CREEK / 2))
    filled = shapely.union_all(shapely.polygons(shapely.get_exterior_ring(closed)))
    whole = shapely.make_valid(shapely.set_precision(filled, GRID))
    parts = [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon" and part.area > 0]
    return sorted(parts, key=lambda part: (-part.area, part.bounds))


def _places_of(parts: Sequence[Any], homes: pd.DataFrame) -> list[npt.NDArray[np.int64]]:
    """The rows of `homes` on each part; one off the shore is on the nearest."""
    import shapely

    points = shapely.points(homes[["east", "north"]].to_numpy(float))
    on = np.full(len(points), -1)
    places, rows = shapely.STRtree(points).query(list(parts), predicate="intersects")
    on[rows] = places
    off = np.flatnonzero(on < 0)
    rows, places = shapely.STRtree(list(parts)).query_nearest(points[off], all_matches=False)
    on[off[rows]] = places
    return [np.flatnonzero(on == number) for number in range(len(parts))]


def _of_part(part: Any, own: pd.DataFrame, every: pd.DataFrame) -> list[tuple[str, Any]]:
    """The pieces of one part of the land with the district of each."""
    import shapely

    if own.empty:
        if part.area < ISLET:
            return []
        middle = part.representative_point()
        away = np.hypot(every["east"] - middle.x, every["north"] - middle.y)
        return [(str(every["district_code"].iloc[int(np.argmin(away))]), part)]
    codes = own["district_code"].to_numpy(str)
    if len(set(codes)) == 1:
        return [(str(codes[0]), part)]
    cells = shapely.get_parts(
        shapely.voronoi_polygons(
            shapely.multipoints(own[["east", "north"]].to_numpy(float)), extend_to=part, ordered=True
        )
    )
    regions = {str(code): shapely.coverage_union_all(cells[codes == code]) for code in np.unique(codes)}
    return faces_of([part.boundary, *(region.boundary for region in regions.values())], regions, part)


def faces_of(
    lines: Sequence[Any], regions: Mapping[str, Any], part: Any | None = None, grid: float = GRID
) -> list[tuple[str, Any]]:
    """The faces between lines that meet on a grid, each with the region that its middle lies in; others are left out.

    part: only the faces whose middle is in it.
    """
    import shapely

    noded = shapely.union_all(list(lines), grid_size=grid)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    middles = shapely.point_on_surface(faces)
    if part is not None:
        shapely.prepare(part)
        inside = shapely.contains(part, middles)
        faces, middles = faces[inside], middles[inside]
    codes = list(regions)
    found, owners = shapely.STRtree(list(regions.values())).query(middles, predicate="intersects")
    first = {int(face): codes[owner] for face, owner in sorted(zip(found.tolist(), owners.tolist(), strict=True))[::-1]}
    return [(first[number], face) for number, face in enumerate(faces) if number in first]


def united(pieces: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """The pieces of each district as one shape."""
    import shapely

    return {
        code: shapely.coverage_union_all([shape for owner, shape in pieces if owner == code])
        for code in sorted({code for code, _ in pieces})
    }


def without_strays(districts: Mapping[str, Any]) -> dict[str, Any]:
    """The districts, each stray fragment given to the neighbour with the longest border.

    A fragment is stray that touches other districts and is smaller than `STRAY_SHARE` of its own.
    """
    import shapely

    pieces = [(code, part) for code, shape in districts.items() for part in shapely.get_parts(shape)]
    shapes = [shape for _, shape in pieces]
    tree = shapely.STRtree(shapes)
    whole = {code: shape.area for code, shape in districts.items()}
    settled = list(pieces)
    stray = [n for n, (code, shape) in enumerate(pieces) if shape.area < STRAY_SHARE * whole[code]]
    # The largest first, so that what lies around a small one is settled.
    for number in sorted(stray, key=lambda n: (-shapes[n].area, shapes[n].bounds)):
        borders: dict[str, float] = {}
        for other in sorted(tree.query(shapes[number], predicate="intersects").tolist()):
            owner = settled[other][0]
            if other != number and owner != settled[number][0]:
                border = shapely.intersection(shapes[number].boundary, shapes[other].boundary).length
                borders[owner] = borders.get(owner, 0) + border
        if borders and max(borders.values()) > 0:
            settled[number] = (max(sorted(borders), key=lambda owner: borders[owner]), shapes[number])
    return united(settled)


def on_grid(shapes: Mapping[str, Any], step: float) -> dict[str, Any]:
    """Shapes that make up a coverage with every corner on a grid, a coverage again."""
    return united(faces_of([shape.boundary for shape in shapes.values()], shapes, grid=step))
