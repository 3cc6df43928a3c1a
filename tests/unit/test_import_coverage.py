"""Outlines made simpler: shared borders stay shared, areas stay within a hundredth."""

from __future__ import annotations

import geopandas
import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.pack.imports.coverage import covered

CODES = [f"E0700{number:04d}" for number in range(9)]
SIDE = 8_000


def wriggling(seed: int, reach: float) -> list[shapely.Geometry]:
    """Nine districts in three rows of three, whose borders are lines of a point every 25 metres."""
    random = np.random.default_rng(seed)
    ends = np.arange(4) * SIDE
    lines = []
    steps = np.arange(0, 3 * SIDE + 1, 25.0)
    for at in ends:
        for turned in (False, True):
            swing = random.normal(0, reach, len(steps)).cumsum()
            swing -= np.interp(steps, ends, np.interp(ends, steps, swing))  # corners stay where they are
            pair = [steps, at + np.clip(swing, -SIDE / 4, SIDE / 4)]
            points = np.stack(pair[::-1] if turned else pair, axis=1)
            lines.append(shapely.linestrings(points + np.array([550_000, 200_000])))
    faces = list(shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all(lines)))))
    middles = [(550_000 + (x + 0.5) * SIDE, 200_000 + (y + 0.5) * SIDE) for y in range(3) for x in range(3)]
    nearest = [min(range(9), key=lambda n: face.centroid.distance(shapely.Point(middles[n]))) for face in faces]
    return [shapely.coverage_union_all([f for f, n in zip(faces, nearest, strict=True) if n == m]) for m in range(9)]


@settings(max_examples=12)
@given(st.integers(0, 10_000), st.floats(1, 12))
def test_borders_stay_shared_and_areas_stay(seed: int, reach: float) -> None:
    before = wriggling(seed, reach)
    made = covered("made.geojson", geopandas.GeoSeries(before, index=CODES, crs=27700), {})
    assert "simplified to 100 metres" in made.rule
    assert shapely.coverage_is_valid(list(made.shapes))
    assert shapely.is_valid(list(made.shapes)).all()
    after = made.shapes.to_crs(27700)
    points = shapely.get_num_coordinates
    assert points(after.to_numpy()).sum() < points(before).sum() / 3
    for one, other in zip(before, after, strict=True):
        assert abs(other.area / one.area - 1) < 0.01
