"""How far places are from one another by road: the straight line between two points, times a stated factor."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

# Roads are longer than the straight line; by how much differs from place to place, most across water.
ROAD_FACTOR = 1.3
ROAD_WORDS = f"by road, the straight line x {ROAD_FACTOR} (assumption)"
_EARTH_KM = 6371.0


def road_km(latitude: Any, longitude: Any, latitudes: Any, longitudes: Any, factor: float = ROAD_FACTOR) -> Array:
    """Kilometres by road between points in degrees: the great circle times the factor, NaN where one is not known.

    The four broadcast as arrays do.
    """
    north, other = np.radians(np.asarray(latitude, float)), np.radians(np.asarray(latitudes, float))
    east = np.radians(np.asarray(longitudes, float) - np.asarray(longitude, float))
    half = np.sin((other - north) / 2) ** 2 + np.cos(north) * np.cos(other) * np.sin(east / 2) ** 2
    found: Array = factor * 2 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return found


def pairs_within(places: pd.DataFrame, radius_km: float, factor: float = ROAD_FACTOR) -> tuple[Indices, Indices, Array]:
    """The pairs of places no further apart by road than a radius: the first and the second of each, and kilometres.

    places: latitude, longitude, none NaN. The first is the place that comes first. A tree looks for them, so that the
    work grows with the pairs that are near and not with all.
    """
    from scipy.spatial import KDTree  # first where places are joined: it is heavy, and most pages never need it

    latitude, longitude = places["latitude"].to_numpy(float), places["longitude"].to_numpy(float)
    north, east = np.radians(latitude), np.radians(longitude)
    points = np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])
    # Through the earth, a little generously: what counts is the way below.
    through = 2 * np.sin(min(radius_km / factor / _EARTH_KM, np.pi) / 2) * (1 + 1e-6) + 1e-9
    found = KDTree(points).query_pairs(through, output_type="ndarray")
    one, other = found.min(axis=1, initial=len(places)), found.max(axis=1, initial=0)
    apart = road_km(latitude[one], longitude[one], latitude[other], longitude[other], factor)
    near = apart <= radius_km
    return one[near], other[near], apart[near]


def with_points(rows: pd.DataFrame, wards: pd.DataFrame) -> pd.DataFrame:
    """Rows that name a ward_code, with its ward_name, latitude and longitude (degrees): empty where that is not known.

    rows: ward_code, district_code. A ward of another district than the row's is not known either: one of the two is
    wrong, and nobody can tell which. Its ward_code is then empty too.
    """
    known = wards.set_index("ward_code")
    own = rows["ward_code"].map(known["district_code"]) == rows["district_code"]
    codes = rows["ward_code"].where(own)
    return rows.assign(
        ward_code=codes,
        ward_name=codes.map(known["ward_name"]),
        latitude=codes.map(known["latitude"]).astype("float64"),
        longitude=codes.map(known["longitude"]).astype("float64"),
    )
