"""How far places are from one another by road: the straight line between two points, times a stated factor."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[np.float64]

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


def with_points(rows: pd.DataFrame, wards: pd.DataFrame) -> pd.DataFrame:
    """Rows that name a ward_code, with its latitude and longitude (degrees): NaN where they name none that has them."""
    points = wards.set_index("ward_code")[["latitude", "longitude"]]
    return rows.assign(
        latitude=rows["ward_code"].map(points["latitude"]).astype("float64"),
        longitude=rows["ward_code"].map(points["longitude"]).astype("float64"),
    )
