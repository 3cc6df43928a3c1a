"""Outlines on a plane: metres from degrees, a point inside, and where a label stands."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.charts.kit import palette
from lib.charts.kit.theme import LABEL_SIZE, text_width

_METRES_A_DEGREE = 111_320.0
LABEL_LINE = 14
# A label may stand this far below the land; the credit comes under it.
FOOT_ROOM = 20.0
# Corners, edges and middle of a label's box, in halves of its size.
_SAMPLES = np.array([[x, y] for x in (-1.0, -0.5, 0.0, 0.5, 1.0) for y in (-1.0, 0.0, 1.0)])
Ring = npt.NDArray[np.float64]


def _polygons(geometry: dict[str, Any]) -> list[list[Any]]:
    coordinates: list[Any] = geometry["coordinates"]
    return [coordinates] if geometry["type"] == "Polygon" else coordinates


def in_metres(geojson: dict[str, Any]) -> dict[str, list[list[Ring]]]:
    """Each district's polygons in metres from the map's corner: equirectangular at the mean latitude."""
    degrees = {
        str(feature["properties"]["district_code"]): [
            [np.asarray(ring, dtype=float)[:, :2] for ring in polygon] for polygon in _polygons(feature["geometry"])
        ]
        for feature in geojson["features"]
    }
    every = np.vstack([ring for polygons in degrees.values() for polygon in polygons for ring in polygon])
    west, south = every.min(axis=0)
    middle = math.radians(float(every[:, 1].min() + every[:, 1].max()) / 2)
    factor = np.array([_METRES_A_DEGREE * math.cos(middle), _METRES_A_DEGREE])
    corner = np.array([west, south])
    return {
        code: [[(ring - corner) * factor for ring in polygon] for polygon in polygons]
        for code, polygons in degrees.items()
    }


def inside(points: Ring, rings: list[Ring]) -> npt.NDArray[np.bool_]:
    """Which of some points (n x 2) lie inside an area with these outlines, holes included, by the even-odd rule."""
    first = np.vstack(rings)
    second = np.vstack([np.roll(ring, -1, axis=0) for ring in rings])
    x, y = points[:, :1], points[:, 1:]
    crosses = (first[:, 1] > y) != (second[:, 1] > y)
    rise = np.where(second[:, 1] == first[:, 1], 1.0, second[:, 1] - first[:, 1])
    at = first[:, 0] + (y - first[:, 1]) / rise * (second[:, 0] - first[:, 0])
    return np.asarray((crosses & (x < at)).sum(axis=1) % 2 == 1)


def interior_point(polygons: list[list[Ring]], flatten: float = 0.45) -> tuple[float, float]:
    """A point well inside the largest polygon, where a wide label has most room.

    The best of a grid by its distance to the outline, measured on a map squeezed sideways by `flatten`, because a label
    is wider than it is high.
    """
    squeeze = np.array([flatten, 1.0])
    largest = max(polygons, key=lambda polygon: np.ptp(polygon[0][:, 0]) * np.ptp(polygon[0][:, 1]))
    first = np.vstack(largest) * squeeze
    second = np.vstack([np.roll(ring, -1, axis=0) for ring in largest]) * squeeze
    low, high = first.min(axis=0), first.max(axis=0)
    steps = (np.arange(36) + 0.5) / 36
    grid = np.stack(np.meshgrid(*(low[axis] + steps * (high[axis] - low[axis]) for axis in (0, 1))), -1).reshape(-1, 2)
    x, y = grid[:, :1], grid[:, 1:]
    within = inside(grid, [ring * squeeze for ring in largest])
    edge = second - first
    length = np.maximum((edge**2).sum(axis=1), 1e-12)
    along = np.clip(((x - first[:, 0]) * edge[:, 0] + (y - first[:, 1]) * edge[:, 1]) / length, 0, 1)
    distance = np.hypot(x - first[:, 0] - along * edge[:, 0], y - first[:, 1] - along * edge[:, 1]).min(axis=1)
    best = grid[int(np.argmax(np.where(within, distance, -1.0)))] / squeeze
    return float(best[0]), float(best[1])


def label_rows(
    shapes: dict[str, list[list[Ring]]], paints: pd.DataFrame, fills: dict[str, str], scale: float, size: Ring
) -> pd.DataFrame:
    """Where each label stands, in pixels: on its district, or beside it with a leader where it does not fit.

    shapes: each district's polygons in metres; paints: as in `static_map`; fills: each district's colour; scale: pixels
    a metre; size: width and height of the land in pixels. Returns one row a label: x, y, label, fill (behind it), ink,
    bold, outside (bool), and the leader's from_x, from_y, to_x, to_y.
    """
    codes = [code for code in paints["district_code"].astype(str) if code in shapes]
    words = dict(zip(paints["district_code"].astype(str), paints["label"].fillna("").astype(str), strict=True))
    chosen = set(paints.loc[paints["selected"].astype(bool), "district_code"].astype(str))
    flipped = {
        code: [ring * [scale, -scale] + [0.0, size[1]] for polygon in polygons for ring in polygon]
        for code, polygons in shapes.items()
    }
    homes = {code: np.array(interior_point(shapes[code])) * [scale, -scale] + [0.0, size[1]] for code in codes}
    halves = {}
    for code in codes:
        lines = words[code].split("\n")
        widest = max(text_width(line, LABEL_SIZE, code in chosen) for line in lines)
        halves[code] = np.array([widest / 2, len(lines) * LABEL_LINE / 2])
    rows = []
    taken: list[tuple[Ring, Ring]] = [(homes[code], halves[code]) for code in codes]
    for position, code in enumerate(codes):
        home, half = homes[code], halves[code]
        spot = home
        if not inside(home + half * _SAMPLES * [0.8, 0.7], flipped[code]).all():
            others = [place for number, place in enumerate(taken) if number != position]
            elsewhere = [ring for other, rings in flipped.items() if other != code for ring in rings]
            spot = _free_spot(home, half, elsewhere, [*elsewhere, *flipped[code]], others, size)
        taken[position] = (spot, half)
        outside = bool((spot != home).any())
        fill = "#ffffff" if outside else fills[code]
        reach = np.clip(home, spot - half - 3, spot + half + 3)
        rows.append(
            {
                "x": spot[0],
                "y": spot[1],
                "label": words[code],
                "fill": fill,
                "ink": palette.text_on(fill),
                "bold": code in chosen,
                "outside": outside,
                "from_x": home[0],
                "from_y": home[1],
                "to_x": reach[0],
                "to_y": reach[1],
            }
        )
    columns = ["x", "y", "label", "fill", "ink", "bold", "outside", "from_x", "from_y", "to_x", "to_y"]
    return pd.DataFrame(rows, columns=columns)


def _free_spot(
    home: Ring, half: Ring, others_land: list[Ring], land: list[Ring], others: list[tuple[Ring, Ring]], size: Ring
) -> Ring:
    """The nearest place for a label off the land and clear of other labels, its home where there is none near.

    A leader that would cross another district counts as three times as long there.
    """
    best, least = home, math.inf
    limit = size + np.array([0.0, FOOT_ROOM])
    for distance in range(8, 120, 6):
        for angle in range(0, 360, 15):
            turn = math.radians(angle)
            spot = home + np.array([math.cos(turn), math.sin(turn)]) * (distance + half)
            if ((spot - half < 0) | (spot + half > limit)).any():
                continue
            clear = all((np.abs(spot - place) > half + room + 3).any() for place, room in others)
            if not clear or inside(spot + (half + 4) * _SAMPLES, land).any():
                continue
            reach = np.clip(home, spot - half, spot + half)
            steps = home + np.linspace(0, 1, 12)[:, None] * (reach - home)
            crossed = float(inside(steps, others_land).mean()) if others_land else 0.0
            cost = float(np.hypot(*(reach - home))) * (1 + 2 * crossed)
            if cost < least:
                best, least = spot, cost
    return best
