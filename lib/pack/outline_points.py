"""Where the points of outlines lie: every point of every ring of every part, with numpy alone.

A pack is loaded with this look at its outlines, so a wrong point is said before anything is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lib.pack.faults import Fault
from lib.pack.outline_features import OUTLINES, Points, Ring, place_of

# The degrees between which the United Kingdom lies, and metres of two ways to put it on a plane.
_WEST, _SOUTH, _EAST, _NORTH = -9.0, 49.75, 2.01, 61.01
_NATIONAL_GRID = ((10_000, 1_000), (800_000, 1_400_000))
_WEB_MERCATOR = ((-1_100_000, 6_200_000), (300_000, 8_800_000))
_TURNED = "longitude before latitude, as GeoJSON has it"
_IN_DEGREES = "degrees of longitude and latitude: export the outlines again in WGS84 (EPSG:4326)"
_IN_THE_KINGDOM = "points of the United Kingdom, between 9 degrees west and 2 east, 49.75 and 61 north"
# A point stands alone where the way by it is longer than twice the rest of its ring, and than so many degrees.
_DETOUR, _FARTHER = 2, 0.2


class Where(NamedTuple):
    """Which points of an outline lie nowhere, which are in another unit, exchanged, or in another country."""

    no_number: npt.NDArray[np.bool_]
    no_degrees: npt.NDArray[np.bool_]
    turned: npt.NDArray[np.bool_]
    outside: npt.NDArray[np.bool_]


def point_faults(outlines: Sequence[tuple[str, Sequence[Ring]]]) -> list[Fault]:
    """A fault for all outlines that are wrong in one way from end to end, and one for each that is so in part.

    outlines: the district_code and the rings of each.
    """
    points = [np.concatenate([ring.points for ring in rings]) for _, rings in outlines]
    places = [where(some) for some in points]
    faults: list[Fault] = []
    for way in Where._fields:
        marked = [getattr(place, way) for place in places]
        whole = [number for number, mark in enumerate(marked) if mark.all()]
        if whole:
            first_point = points[whole[0]][0]
            found, expected = _words(way, first_point)
            amount = f"in {len(whole)} of {len(outlines)} outlines, such as {_shown(first_point)}"
            faults.append(Fault(OUTLINES, None, "", f"{found} {amount}", expected))
        for number, mark in enumerate(marked):
            if mark.any() and not mark.all():
                code, rings = outlines[number]
                first = int(np.argmax(mark))
                found, expected = _words(way, points[number][first])
                amount = f"in {int(mark.sum()):,} of {len(mark):,} points"
                spot = f"{_shown(points[number][first])} ({place_of(rings, first)})"
                faults.append(Fault(OUTLINES, None, code, f"{found} {amount}, such as {spot}", expected))
    return faults


def where(points: Points) -> Where:
    """What is wrong with each of some points (longitude, latitude): at most one thing."""
    number = np.isfinite(points[:, 0]) & np.isfinite(points[:, 1])
    degrees = number & (np.abs(points[:, 0]) <= 180) & (np.abs(points[:, 1]) <= 90)
    here, turned = in_kingdom(points), in_kingdom(points[:, ::-1])
    return Where(~number, number & ~degrees, turned, degrees & ~here & ~turned)


def in_kingdom(points: Points) -> npt.NDArray[np.bool_]:
    """Which points lie in the degrees of the United Kingdom: the National Grid is used there."""
    return np.asarray(((points >= [_WEST, _SOUTH]) & (points <= [_EAST, _NORTH])).all(axis=1))


def stray_points(rings: Sequence[Ring]) -> list[int]:
    """The points, by their place among all of an outline, that stand far from the rest of their own ring.

    One wrong digit in one point of one island: the line runs there and back again.
    """
    found: list[int] = []
    first = 0
    for ring in rings:
        closed = len(ring.points) > 1 and bool((ring.points[0] == ring.points[-1]).all())
        points = ring.points[:-1] if closed else ring.points
        found += [first + index for index in _strays(points)]
        first += len(ring.points)
    return found


def _strays(points: Points) -> list[int]:
    if len(points) < 4:
        return []
    flat = points * [np.cos(np.radians(points[:, 1].mean())), 1]
    before, after = np.roll(flat, 1, axis=0), np.roll(flat, -1, axis=0)
    detour = _length(flat - before) + _length(after - flat) - _length(after - before)
    candidates = np.flatnonzero(detour > _FARTHER)
    return [
        int(index)
        for index in candidates
        if detour[index] > _DETOUR * float(_length(np.ptp(np.delete(flat, index, axis=0), axis=0)))
    ]


def _length(steps: Points) -> Points:
    return np.asarray(np.hypot(steps[..., 0], steps[..., 1]))


def _words(way: str, point: Points) -> tuple[str, str]:
    """What was found and what was expected, of points that are wrong in a way."""
    if way == "turned":
        return "latitude before longitude", _TURNED
    if way == "outside":
        return "a place outside the United Kingdom", _IN_THE_KINGDOM
    if way == "no_number":
        return "a point that is no number", _IN_DEGREES
    if _within(point, *_NATIONAL_GRID):
        return "metres of the National Grid (EPSG:27700)", _IN_DEGREES
    if _within(point, *_WEB_MERCATOR):
        return "metres of a web map (EPSG:3857)", _IN_DEGREES
    return "numbers that are no degrees", _IN_DEGREES


def _within(point: Points, low: tuple[int, int], high: tuple[int, int]) -> bool:
    return bool(((point >= low) & (point <= high)).all())


def _shown(point: Points) -> str:
    return ", ".join(f"{one:,.0f}" if abs(one) > 1000 else f"{one:.6g}" for one in point)
