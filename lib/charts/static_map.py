"""A district map as a still picture, for slides and downloads."""

import math
import textwrap
from typing import Any

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.charts import palette
from lib.charts.hatch import hatch_rings
from lib.charts.swatches import SIZE, TEXT_GAP, swatch_layers
from lib.charts.theme import LABEL_SIZE, TEXT_SIZE, required, text_width

_COLUMNS = ("district_code", "colour", "label", "selected")
_METRES_A_DEGREE = 111_320.0
WIDTH = 620
_LEGEND_GAP, _LEGEND_ROW = 28, 26
_HATCH = 7.0
_LABEL_LINE = 14
# A label may stand this far below the land; the credit comes under it.
_FOOT_ROOM = 20.0
# Corners, edges and middle of a label's box, in halves of its size.
_SAMPLES = np.array([[x, y] for x in (-1.0, -0.5, 0.0, 0.5, 1.0) for y in (-1.0, 0.0, 1.0)])
Ring = npt.NDArray[np.float64]


def _polygons(geometry: dict[str, Any]) -> list[list[Any]]:
    coordinates: list[Any] = geometry["coordinates"]
    return [coordinates] if geometry["type"] == "Polygon" else coordinates


def _in_metres(geojson: dict[str, Any]) -> dict[str, list[list[Ring]]]:
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


def _shape(code: str, polygons: list[list[Ring]], fill: str) -> dict[str, Any]:
    coordinates = [[[*ring.round(0).tolist()] for ring in polygon] for polygon in polygons]
    return {
        "type": "Feature",
        "properties": {"code": code, "fill": fill},
        "geometry": {"type": "MultiPolygon", "coordinates": coordinates},
    }


def _lines(lines: list[Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": {}, "geometry": {"type": "MultiLineString", "coordinates": lines}}


def _label_rows(
    shapes: dict[str, list[list[Ring]]], paints: pd.DataFrame, fills: dict[str, str], scale: float, size: Ring
) -> pd.DataFrame:
    """Where each label stands, in pixels: on its district, or beside it with a leader where it does not fit."""
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
        halves[code] = np.array([widest / 2, len(lines) * _LABEL_LINE / 2])
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
    limit = size + np.array([0.0, _FOOT_ROOM])
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


def static_map(
    geojson: dict[str, Any],
    paints: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    legend: list[tuple[str, str]],
    credit: str,
) -> alt.LayerChart:
    """The districts painted and labelled, the legend at the right, the credit at the foot; always on white.

    geojson: FeatureCollection of Polygons and MultiPolygons in longitude and latitude, with district_code.
    paints: district_code, colour ("#rrggbb"; "" is hatched, for missing), label (text on the district, "\\n" for a
    second line), selected (bool: outlined). A district without paint is hatched and unnamed. legend: (colour or "",
    label), top to bottom. Raises ValueError where a column is missing.
    """
    required(paints.columns, _COLUMNS)
    shapes = _in_metres(geojson)
    given = dict(zip(paints["district_code"].astype(str), paints["colour"].fillna("").astype(str), strict=True))
    fills = {code: given.get(code, "") or palette.MISSING for code in shapes}
    chosen = set(paints.loc[paints["selected"].astype(bool), "district_code"].astype(str))
    every = np.vstack([ring for polygons in shapes.values() for polygon in polygons for ring in polygon])
    # Never taller than wide: a slide is not.
    scale = min(WIDTH / float(every[:, 0].max()), WIDTH / float(every[:, 1].max()))
    map_width, map_height = float(every[:, 0].max()) * scale, float(every[:, 1].max()) * scale
    text_room = max((text_width(label) for _, label in legend), default=0.0)
    legend_left = map_width + _LEGEND_GAP
    width = round(legend_left + SIZE + TEXT_GAP + text_room) if legend else round(map_width)
    credit_lines = textwrap.wrap(credit, max(30, int(width / (LABEL_SIZE * 0.5)))) if credit else []
    height = round(max(map_height, len(legend) * _LEGEND_ROW) + _FOOT_ROOM + 12 + 16 * len(credit_lines))

    def projected(features: list[dict[str, Any]]) -> alt.Chart:
        # Metres, flipped and scaled: on a plane the direction of an outline does not matter.
        return alt.Chart(alt.InlineData(values=features)).project(
            type="identity", reflectY=True, scale=scale, translate=[0, map_height]
        )

    def hatching(codes: list[str]) -> list[Any]:
        return [
            line
            for code in codes
            for polygon in shapes[code]
            for line in hatch_rings(polygon, _HATCH / scale)
            if line[0] != line[1]
        ]

    layers: list[alt.Chart] = [
        projected([_shape(code, polygons, fills[code]) for code, polygons in shapes.items()])
        .mark_geoshape(stroke="#ffffff", strokeWidth=1.4)
        .encode(fill=alt.Fill("properties.fill:N", scale=None)),
    ]
    missing = [code for code in shapes if not given.get(code)]
    if missing:
        layers.append(
            projected([_lines(hatching(missing))]).mark_geoshape(
                filled=False, stroke=palette.MISSING_LINE, strokeWidth=0.8
            )
        )
    layers.append(
        projected([_shape(code, polygons, "") for code, polygons in shapes.items()]).mark_geoshape(
            filled=False, stroke=palette.GREY_DARK, strokeWidth=0.6
        )
    )
    outlined = [_shape(code, polygons, "") for code, polygons in shapes.items() if code in chosen]
    if outlined:
        layers.append(projected(outlined).mark_geoshape(filled=False, stroke=palette.TEXT, strokeWidth=3.2))
    layers += _texts(_label_rows(shapes, paints, fills, scale, np.array([map_width, map_height])))
    if legend:
        places = [(legend_left, 2.0 + number * _LEGEND_ROW) for number in range(len(legend))]
        layers += swatch_layers(legend, places, palette.TEXT)
    if credit_lines:
        foot = height - 16 * len(credit_lines) + 8
        rows = pd.DataFrame({"y": [foot + 16 * number for number in range(len(credit_lines))], "text": credit_lines})
        layers.append(
            alt.Chart(rows)
            .mark_text(align="left", fontSize=LABEL_SIZE, color=palette.GREY_DARK)
            .encode(x=alt.value(0), y=alt.Y("y:Q", scale=None, axis=None), text="text:N")
        )
    lines = textwrap.wrap(subtitle, int(width / (TEXT_SIZE * 0.5)))
    return alt.LayerChart(layer=layers).properties(
        width=width,
        height=height,
        autosize=alt.AutoSizeParams(type="pad"),
        title=alt.TitleParams(
            text=textwrap.wrap(title, int(width / 10)) or "",
            subtitle=lines,
            fontSize=20,
            lineHeight=25,
            subtitleLineHeight=18,
            subtitlePadding=5,
            offset=16,
        ),
    )


def _texts(rows: pd.DataFrame) -> list[alt.Chart]:
    """Names on the districts, over a halo of the district's own colour where they run past its edge."""
    layers: list[alt.Chart] = []
    led = rows[rows["outside"].astype(bool)]
    if not led.empty:
        leader = alt.Chart(led).mark_rule(stroke=palette.TEXT, strokeWidth=0.9)
        layers.append(
            leader.encode(
                x=alt.X("from_x:Q", scale=None, axis=None),
                x2="to_x:Q",
                y=alt.Y("from_y:Q", scale=None, axis=None),
                y2="to_y:Q",
            )
        )
    for bold in (False, True):
        some = rows[rows["bold"] == bold]
        if some.empty:
            continue
        style: dict[str, Any] = {
            "fontSize": LABEL_SIZE,
            "fontWeight": "bold" if bold else "normal",
            "lineBreak": "\n",
            "lineHeight": _LABEL_LINE,
            "baseline": "middle",
        }
        where = {
            "x": alt.X("x:Q", scale=None, axis=None),
            "y": alt.Y("y:Q", scale=None, axis=None),
            "text": alt.Text("label:N"),
        }
        base = alt.Chart(some)
        halo = base.mark_text(**style, strokeWidth=3, strokeJoin="round", aria=False)
        layers.append(halo.encode(**where, stroke=alt.Stroke("fill:N", scale=None)))
        layers.append(base.mark_text(**style).encode(**where, color=alt.Color("ink:N", scale=None)))
    return layers
