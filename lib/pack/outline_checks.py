"""What is wrong with outlines beyond the form of the file: shapes that are none, and districts that lie elsewhere.

Shapely is imported only where it is used: a page without a map never loads it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from lib.pack.faults import Fault
from lib.pack.models import path_of
from lib.pack.outline_features import OUTLINES, Feature
from lib.pack.outline_points import in_kingdom

WARDS = path_of("wards")
# Square metres: no district is smaller than a field.
_LEAST_AREA = 10_000
# A ward's middle may lie so many degrees out of its district where no other district is: off a cut coast.
_OFF_COAST = 0.05
_RINGS = "a Polygon or a MultiPolygon, each ring of four points or more"


def read_shapes(features: Sequence[Feature]) -> tuple[dict[str, Any], list[Fault]]:
    """The polygon or multipolygon of shapely of each district_code, and everything that is wrong with them.

    features: as `lib.pack.outline_features.read_features` returns them.
    """
    from shapely import force_2d
    from shapely.geometry import shape

    shapes: dict[str, Any] = {}
    faults: list[Fault] = []
    for code, _, geometry in features:
        if code in shapes:
            faults.append(Fault(OUTLINES, None, code, "more than one outline", "one outline a district"))
            continue
        try:
            shapes[code] = force_2d(shape(geometry))
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            found = f"coordinates that make no outline ({error})"
            faults.append(Fault(OUTLINES, None, code, found, _RINGS))
            continue
        faults += [Fault(OUTLINES, None, code, *words) for words in _wrong(shapes[code])]
    if not features:
        faults.append(Fault(OUTLINES, None, "", "no outline", "one outline a district"))
    return shapes, faults or [*_far_away(shapes), *_overlapping(shapes)]


def _wrong(shape: Any) -> list[tuple[str, str]]:
    """What was found and expected, where a shape by itself cannot be drawn."""
    from shapely import is_valid, is_valid_reason

    if not is_valid(shape):
        reason = is_valid_reason(shape).replace("[", " at ").rstrip("]")
        return [(f"an outline that is not valid ({reason})", "rings that cross neither themselves nor each other")]
    return []


def _far_away(shapes: Mapping[str, Any]) -> list[Fault]:
    """Districts further from all others than these are from each other, such as one with a sign lost."""
    from shapely import box, total_bounds

    faults = []
    for code, shape in shapes.items():
        others = [other for name, other in shapes.items() if name != code]
        if len(others) < 2:
            continue
        west, south, east, north = map(float, total_bounds(others))
        if box(*shape.bounds).distance(box(west, south, east, north)) > max(east - west, north - south):
            middle = shape.envelope.centroid
            found = f"an outline around {middle.x:.2f}, {middle.y:.2f}"
            near = f"one near the others, which lie from {west:.2f}, {south:.2f} to {east:.2f}, {north:.2f}"
            faults.append(Fault(OUTLINES, None, code, found, near))
    return faults


def _overlapping(shapes: Mapping[str, Any]) -> list[Fault]:
    """Districts that lie over each other by more than half of one, such as one outline under two codes."""
    from shapely import STRtree

    codes, every = list(shapes), list(shapes.values())
    faults = []
    for one, other in zip(*STRtree(every).query(every, predicate="intersects"), strict=True):
        if one < other:
            shared = every[one].intersection(every[other]).area / min(every[one].area, every[other].area)
            if shared > 0.5:
                found = f"an outline over that of {codes[one]}"
                faults.append(Fault(OUTLINES, None, codes[other], found, "districts side by side"))
    return faults


def too_small(areas: Mapping[str, float]) -> list[Fault]:
    """Districts without an area worth the name. areas: square metres by district_code."""
    return [
        Fault(OUTLINES, None, code, f"an outline of {area:,.0f} square metres", f"{_LEAST_AREA:,} or more")
        for code, area in areas.items()
        if not area >= _LEAST_AREA
    ]


def misplaced(shapes: Mapping[str, Any], wards: pd.DataFrame, names: Mapping[str, str]) -> list[Fault]:
    """Districts most of whose wards lie elsewhere, such as two whose codes were exchanged.

    shapes: by district_code, in degrees. wards: district_code, longitude, latitude. names: by district_code.
    """
    from shapely import STRtree, dwithin, points

    pairs = wards[["longitude", "latitude"]].to_numpy(float)
    turned = in_kingdom(pairs[:, ::-1])
    if turned.sum() * 2 > len(pairs):
        found = f"latitude and longitude exchanged in {int(turned.sum()):,} of {len(pairs):,} wards"
        return [Fault(WARDS, None, "latitude, longitude", found, "each number under its own heading")]
    places = points(pairs)
    codes, every = list(shapes), list(shapes.values())
    # The outlines in which each ward lies: one row a pair of ward and outline.
    ward, outline = STRtree(every).query(places, predicate="intersects")
    claimed = set(ward.tolist())
    own = {(number, codes[found]) for number, found in zip(ward.tolist(), outline.tolist(), strict=True)}
    homes = [str(code) for code in wards["district_code"]]
    counts = {code: [0, 0] for code in codes}
    for number, code in enumerate(homes):
        if code in counts:
            off_coast = number not in claimed and bool(dwithin(shapes[code], places[number], _OFF_COAST))
            counts[code][0] += (number, code) in own or off_coast
            counts[code][1] += 1
    return [
        Fault(
            OUTLINES,
            None,
            code,
            f"{inside} of {whole} wards of {names.get(code, code)} in the outline",
            f"most of them, as {WARDS} places them",
        )
        for code, (inside, whole) in counts.items()
        if 2 * inside < whole
    ]
