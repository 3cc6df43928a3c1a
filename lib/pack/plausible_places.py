"""Places of a pack that are possible and yet unlikely: wards outside their district, points far from their outline."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lib.pack.faults import Fault, also, quoted
from lib.pack.load import Pack
from lib.pack.models import path_of
from lib.pack.outline_features import OUTLINES, Points, Ring, place_of, read_features, rings_of
from lib.pack.outline_points import in_kingdom, stray_points

WARDS = path_of("wards")
# A ward's middle may lie so many degrees of latitude out of its district: outlines are simplified, coasts are cut.
NEAR = 0.05


def place_warnings(pack: Pack) -> list[Fault]:
    """Points that stand far from the rest of their ring, and wards far from the outline of their district."""
    features, _ = read_features(pack.outlines)
    outlines = {feature.code: rings_of(feature.geometry) for feature in features}
    warnings = []
    for code, rings in outlines.items():
        strays = stray_points(rings)
        if strays:
            points = np.concatenate([ring.points for ring in rings])
            x, y = points[strays[0]]
            more = f", and {len(strays) - 1} more points" if len(strays) > 1 else ""
            found = f"a point far from the rest, {x:.6g}, {y:.6g} ({place_of(rings, strays[0])}){more}"
            warnings.append(Fault(OUTLINES, None, code, found, "points one beside the other along the outline"))
    return [*warnings, *ward_warnings(pack, outlines)]


def ward_warnings(pack: Pack, outlines: dict[str, list[Ring]]) -> list[Fault]:
    """Wards exchanged in latitude and longitude, outside the United Kingdom, or far from their own district.

    Where most wards of a district lie elsewhere, it is the outline that is wrong: `lib.pack.outline_checks.misplaced`.
    """
    wards = pack.tables["wards"]
    pairs = wards[["longitude", "latitude"]].to_numpy("float64")
    turned = in_kingdom(pairs[:, ::-1])
    abroad = ~in_kingdom(pairs) & ~turned
    codes = wards["district_code"].to_numpy()
    away = np.zeros(len(pairs))
    for code, rings in outlines.items():
        own = np.flatnonzero((codes == code) & ~turned & ~abroad)
        if len(own):
            away[own] = distances(pairs[own], rings)
    # Whether a district's own outline is the one in the wrong place.
    shares = wards.assign(bad=turned | abroad | (away > NEAR)).groupby("district_code")["bad"].transform("mean")
    single = (shares <= 0.5).to_numpy()
    names = pack.district_names()
    kinds = (
        (turned, "latitude and longitude exchanged", "each number under its own heading"),
        (abroad, "a place outside the United Kingdom", "a point in the ward's district"),
        (away > NEAR, "a place far outside the district", "a point in the ward's district"),
    )
    warnings: list[Fault] = []
    for marked, found, expected in kinds:
        places = np.flatnonzero(marked & single)
        if len(places):
            first = int(places[0])
            where = f"{pairs[first][1]:.6g}, {pairs[first][0]:.6g} for a ward of {quoted(names[codes[first]])}"
            rows = [pack.row_of("wards", int(place)) for place in places]
            told = f"{found}, {where}{also(rows[1:])}"
            warnings.append(Fault(WARDS, rows[0], "latitude, longitude", told, expected))
    return warnings


def distances(points: Points, rings: list[Ring]) -> npt.NDArray[np.float64]:
    """How far each point lies out of an outline, in degrees of latitude: 0 inside it, holes being outside."""
    scale = np.array([np.cos(np.radians(points[:, 1].mean())), 1])
    inside = np.zeros(len(points), dtype=bool)
    nearest = np.full(len(points), np.inf)
    for ring in rings:
        start, end = ring.points * scale, np.roll(ring.points, -1, axis=0) * scale
        step = end - start
        length = (step**2).sum(axis=1)
        for place, point in enumerate(points * scale):
            over = (start[:, 1] > point[1]) != (end[:, 1] > point[1])
            x = start[over, 0] + (point[1] - start[over, 1]) / step[over, 1] * step[over, 0]
            inside[place] ^= bool((x > point[0]).sum() % 2)
            along = ((point - start) * step).sum(axis=1)
            share = np.clip(np.divide(along, length, out=np.zeros_like(along), where=length > 0), 0, 1)
            gaps = start + share[:, None] * step - point
            nearest[place] = min(nearest[place], float(np.hypot(gaps[:, 0], gaps[:, 1]).min()))
    return np.where(inside, 0.0, nearest)
