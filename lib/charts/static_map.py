"""A district map as a still picture, for slides and downloads."""

import math
import textwrap
from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from lib.charts.kit import palette
from lib.charts.kit.legend import SIZE, TEXT_GAP, swatch_layers
from lib.charts.kit.outlines import FOOT_ROOM, LABEL_LINE, label_rows
from lib.charts.kit.theme import LABEL_SIZE, TEXT_SIZE, required, text_width
from lib.pack.geography import Outlines, on_the_map
from lib.pack.outline_shapes import as_geojson, hatch_lines

_COLUMNS = ("district_code", "colour", "label", "selected")
WIDTH = 620
_LEGEND_GAP, _LEGEND_ROW = 28, 26
_HATCH = 7.0


def _shape(code: str, shape: Any, fill: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"code": code, "fill": fill},
        "geometry": as_geojson(shape, 0),
    }


def _lines(lines: list[Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": {}, "geometry": {"type": "MultiLineString", "coordinates": lines}}


def static_map(
    outlines: Outlines,
    paints: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    legend: list[tuple[str, str]],
    credit: str,
    points: pd.DataFrame | None = None,
    lines: Sequence[tuple[float, float, float, float]] = (),
    width: int = WIDTH,
) -> alt.LayerChart:
    """The districts painted and labelled, the legend at the right, the credit at the foot; always on white.

    paints: district_code, colour ("#rrggbb"; "" is hatched, for missing), label (text on the district, "\\n" for a
    second line), selected (bool: outlined). A district without paint is hatched and unnamed. legend: (colour or "",
    label), top to bottom. points: drawn over the districts: latitude, longitude, radius (pixels), text ("" for a plain
    dot); lines: under them, each from one latitude and longitude to another. width: pixels that the districts take, in
    which their names keep their size. Raises ValueError where a column is missing.
    """
    required(paints.columns, _COLUMNS)
    shapes = outlines.shapes
    given = dict(zip(paints["district_code"].astype(str), paints["colour"].fillna("").astype(str), strict=True))
    fills = {code: given.get(code, "") or palette.MISSING for code in shapes}
    chosen = set(paints.loc[paints["selected"].astype(bool), "district_code"].astype(str))
    # Never taller than wide: a slide is not.
    scale = width / max(outlines.width, outlines.height)
    map_width, map_height = outlines.width * scale, outlines.height * scale
    text_room = max((text_width(label) for _, label in legend), default=0.0)
    legend_left = map_width + _LEGEND_GAP
    whole = round(legend_left + SIZE + TEXT_GAP + text_room) if legend else round(map_width)
    credit_lines = textwrap.wrap(credit, max(30, int(whole / (LABEL_SIZE * 0.5)))) if credit else []
    height = round(max(map_height, len(legend) * _LEGEND_ROW) + FOOT_ROOM + 12 + 16 * len(credit_lines))

    def projected(features: list[dict[str, Any]]) -> alt.Chart:
        # Metres, flipped and scaled: on a plane the direction of an outline does not matter.
        return alt.Chart(alt.InlineData(values=features)).project(
            type="identity", reflectY=True, scale=scale, translate=[0, map_height]
        )

    def hatching(codes: list[str]) -> list[Any]:
        return [line for code in codes for _, line in hatch_lines(shapes[code], _HATCH / scale)]

    layers: list[alt.Chart] = [
        projected([_shape(code, shape, fills[code]) for code, shape in shapes.items()])
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
        projected([_shape(code, shape, "") for code, shape in shapes.items()]).mark_geoshape(
            filled=False, stroke=palette.GREY_DARK, strokeWidth=0.6
        )
    )
    outlined = [_shape(code, shape, "") for code, shape in shapes.items() if code in chosen]
    if outlined:
        layers.append(projected(outlined).mark_geoshape(filled=False, stroke=palette.TEXT, strokeWidth=3.2))
    layers += _texts(label_rows(outlines, paints, fills, scale))
    if points is not None:
        layers += _points(outlines, points, lines, scale)
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
    beneath = textwrap.wrap(subtitle, int(whole / (TEXT_SIZE * 0.5)))
    return alt.LayerChart(layer=layers).properties(
        width=whole,
        height=height,
        autosize=alt.AutoSizeParams(type="pad"),
        title=alt.TitleParams(
            text=textwrap.wrap(title, int(whole / 10)) or "",
            subtitle=beneath,
            fontSize=20,
            lineHeight=25,
            subtitleLineHeight=18,
            subtitlePadding=5,
            offset=16,
        ),
    )


def _points(
    outlines: Outlines, points: pd.DataFrame, lines: Sequence[tuple[float, float, float, float]], scale: float
) -> list[alt.Chart]:
    """Points over the districts, and the lines under them; a point with a text is a small white disc that holds it."""
    required(points.columns, ("latitude", "longitude", "radius", "text"))
    high = outlines.height * scale

    def pixels(places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(x * scale, high - y * scale) for x, y in on_the_map(outlines, places)]

    x, y = alt.X("x:Q", scale=None, axis=None), alt.Y("y:Q", scale=None, axis=None)
    layers: list[alt.Chart] = []
    if lines:
        starts, ends = pixels([line[:2] for line in lines]), pixels([line[2:] for line in lines])
        ways = [{"x": a, "y": b, "x2": c, "y2": d} for (a, b), (c, d) in zip(starts, ends, strict=True)]
        for colour, weight in ((palette.WHITE, 4.5), (palette.CATEGORICAL[0], 2)):
            rule = alt.Chart(pd.DataFrame(ways)).mark_rule(stroke=colour, strokeWidth=weight)
            layers.append(rule.encode(x=x, y=y, x2="x2:Q", y2="y2:Q"))
    places = pixels(list(points[["latitude", "longitude"]].itertuples(index=False, name=None)))
    rows = pd.DataFrame(places, columns=["x", "y"]).assign(
        size=math.pi * points["radius"].to_numpy() ** 2, text=points["text"].to_numpy()
    )
    plain, named = rows[rows["text"] == ""], rows[rows["text"] != ""]
    size = alt.Size("size:Q", scale=None)
    if len(plain):
        dots = alt.Chart(plain).mark_circle(
            fill=palette.CATEGORICAL[0], fillOpacity=0.85, stroke=palette.WHITE, strokeWidth=1, opacity=1
        )
        layers.append(dots.encode(x=x, y=y, size=size))
    if len(named):
        discs = alt.Chart(named).mark_circle(fill=palette.WHITE, stroke=palette.TEXT, strokeWidth=1, opacity=1)
        layers.append(discs.encode(x=x, y=y, size=size))
        texts = alt.Chart(named).mark_text(fontSize=10, fontWeight="bold", color=palette.TEXT, baseline="middle")
        layers.append(texts.encode(x=x, y=y, text="text:N"))
    return layers


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
            "lineHeight": LABEL_LINE,
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
