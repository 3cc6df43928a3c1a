"""Where names stand on outlines, and the hatching of outlines: what shapely works out, in whatever unit it is given.

Shapely is imported only where it is used: a page without a map never loads it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

# How much wider than high the room for a name is, for one of one line and one of two.
FLATNESS = (2.4, 1.2)
# The corners of a name's box are mostly empty: how far they may stand out of the room around its middle.
SLACK = 1.2
# The share of the most room that is as good, and how exactly it is found, as a share of the same.
_NEARLY, _ROUGHLY = 0.96, 0.01
# A name beside its district stands this far from it at most, as a share of the map's longer side; points are tried that
# many to that side, and kept where they have so many times the room of a nearer one.
_FARTHEST, _TRIED, _MORE_ROOM = 0.22, 90, 1.08
# Room for a name ends this far beyond the land, as a share of the same side: there the map ends too.
_MARGIN = 0.02

Points = npt.NDArray[np.float64]
Line = tuple[tuple[float, float], tuple[float, float]]


class Place(NamedTuple):
    """The middle of a name, and half the width of the room around it."""

    x: float
    y: float
    room: float


class LabelPlaces(NamedTuple):
    """Where a district's name may stand: inside, on one line or on two, or beside it, off every district.

    Those beside are the nearest first, and each next one has more room; there may be none.
    """

    one_line: Place
    two_lines: Place
    beside: tuple[Place, ...]


def fits(place: Place, width: float, height: float, lines: int) -> bool:
    """Whether a name of so many lines and this size has room at a place."""
    return math.hypot(width / 2, height / 2 * FLATNESS[min(lines, 2) - 1]) <= place.room * SLACK


def label_place(shape: Any, flatness: float) -> Place:
    """The point of a polygon or multipolygon with most room around it for a name so much wider than high.

    The room is an ellipse: the largest circle inside the shape, stretched upwards by `flatness`. Of the points with
    nearly as much room the middle one is taken, so that the name of a long district stands halfway.
    """
    from shapely import Point, get_parts, maximum_inscribed_circle
    from shapely.affinity import scale

    stretched = scale(shape, 1, flatness, origin=(0, 0))
    circle = maximum_inscribed_circle(stretched)
    inner = stretched.simplify(_ROUGHLY * circle.length).buffer(-_NEARLY * circle.length)
    parts = [part for part in get_parts(inner) if not part.is_empty]
    if parts:
        roomy = max(parts, key=lambda part: float(part.area))
        middle = roomy.centroid if roomy.contains(roomy.centroid) else roomy.representative_point()
    else:
        middle = Point(circle.coords[0])
    return Place(float(middle.x), float(middle.y) / flatness, float(stretched.boundary.distance(middle)))


def label_places(shapes: Mapping[str, Any]) -> dict[str, LabelPlaces]:
    """The places for the name of each district, from its polygon or multipolygon."""
    inside = {code: [label_place(shape, flatness) for flatness in FLATNESS] for code, shape in shapes.items()}
    homes = {code: one for code, (one, _) in inside.items()}
    beside = places_beside(shapes, homes)
    return {code: LabelPlaces(one, two, beside[code]) for code, (one, two) in inside.items()}


def places_beside(shapes: Mapping[str, Any], homes: Mapping[str, Place]) -> dict[str, tuple[Place, ...]]:
    """Places off every district for the names that do not fit: seen from home without another district between.

    Of the points of a grid, the nearest to the home first, and after it only those with more room than all before. The
    room is the same ellipse as inside.
    """
    import shapely
    from shapely.affinity import scale

    outlines = list(shapes.values())
    west, south, east, north = shapely.total_bounds(outlines)
    longer = max(east - west, north - south)
    margin, step = _MARGIN * longer, longer / _TRIED
    across = np.arange(west - margin, east + margin + step / 2, step)
    up = np.arange(south - margin, north + margin + step / 2, step)
    grid: Points = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    districts = shapely.STRtree(outlines)
    grid = np.delete(grid, districts.query(shapely.points(grid), predicate="intersects")[0], axis=0)
    stretch = np.array([1, FLATNESS[0]])
    room = _distances([scale(shape, *stretch, origin=(0, 0)) for shape in outlines], grid * stretch)
    low, high = np.array([west, south]) - margin, np.array([east, north]) + margin
    room = np.minimum(room, (np.minimum(grid - low, high - grid) * stretch).min(axis=1))
    found: dict[str, tuple[Place, ...]] = {}
    for number, code in enumerate(shapes):
        home = homes[code]
        far: Points = np.hypot(grid[:, 0] - home.x, grid[:, 1] - home.y)
        near = np.flatnonzero((far <= _FARTHEST * longer) & (room > 0))
        near = near[np.argsort(far[near], kind="stable")]
        starts = np.broadcast_to([home.x, home.y], (len(near), 2))
        leaders = shapely.linestrings(np.stack([starts, grid[near]], axis=1))
        crossing, crossed = districts.query(leaders, predicate="intersects")
        near = np.delete(near, crossing[crossed != number])
        # Places with hardly more room than a nearer one are not worth sending.
        most = np.maximum.accumulate(np.floor(np.log(room[near]) / math.log(_MORE_ROOM)))
        near = near[np.diff(most, prepend=-math.inf) > 0]
        found[code] = tuple(Place(float(grid[n, 0]), float(grid[n, 1]), float(room[n])) for n in near)
    return found


def _distances(shapes: Sequence[Any], points: Points) -> Points:
    """How far each point lies from the nearest outline."""
    import shapely

    rings = shapely.get_rings(shapely.get_parts(shapes))
    corners, of = shapely.get_coordinates(rings, return_index=True)
    edges = np.stack([corners[:-1], corners[1:]], axis=1)[of[:-1] == of[1:]]
    tree = shapely.STRtree(shapely.linestrings(edges))
    _, distances = tree.query_nearest(shapely.points(points), return_distance=True, all_matches=False)
    return np.asarray(distances)


def hatch_lines(shape: Any, spacing: float) -> list[tuple[int, Line]]:
    """Lines that rise at 45 degrees inside a polygon or multipolygon, `spacing` apart, each with its number.

    The line of number 0 passes through the origin, so that the hatching of neighbours meets, and every second or third
    line is hatching too, twice or three times as far apart.
    """
    import shapely

    west, south, east, north = shapely.total_bounds(shape)
    if not west < east:
        return []
    apart = spacing * math.sqrt(2)
    numbers = np.arange(math.ceil((south - east) / apart), math.floor((north - west) / apart) + 1)
    ends = np.array([[[west, west + number * apart], [east, east + number * apart]] for number in numbers])
    if not len(numbers):
        return []
    shapely.prepare(shape)
    pieces, of = shapely.get_parts(shapely.intersection(shapely.linestrings(ends), shape), return_index=True)
    lines = (shapely.get_type_id(pieces) == shapely.GeometryType.LINESTRING) & ~shapely.is_empty(pieces)
    return [
        (int(numbers[number]), _ends(shapely.get_coordinates(piece)))
        for piece, number in zip(pieces[lines], of[lines], strict=True)
    ]


def _ends(points: Sequence[Sequence[float]] | Points) -> Line:
    return (float(points[0][0]), float(points[0][1])), (float(points[-1][0]), float(points[-1][1]))


def as_geojson(shape: Any, decimals: int) -> dict[str, Any]:
    """A shape as a geometry of GeoJSON, its coordinates rounded."""
    from shapely import transform
    from shapely.geometry import mapping

    found: dict[str, Any] = mapping(transform(shape, lambda corners: corners.round(decimals)))
    return found
