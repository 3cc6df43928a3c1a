"""The map of the demand board: wards where requests wait as dots, candidate rounds as numbers with their ways."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from lib.charts.kit.palette import CATEGORICAL, CATEGORICAL_DARK
from lib.charts.kit.png import to_png, with_footer
from lib.charts.static_map import static_map
from lib.market.about import About
from lib.market.wording import NOT_KNOWN, counted, is_missing, show
from lib.pack.geography import pack_outlines
from lib.pack.load import Pack
from lib.view.engagement.figures import Board
from lib.view.engagement.filters import choose_on_map
from lib.view.map.district_map import AreaPaint, MapPoints, clicked_code, district_map
from lib.view.market.page import MAP_HEIGHT
from lib.view.shell import is_dark
from lib.view.widgets.text import escape_html

KEY = "engagement_map"
# Districts are only where things lie: counts are no colour of an area.
GROUND, GROUND_DARK = "#e3e8ec", "#2b343e"
# Pixels; a dot's area grows with its hours, and the largest stays small enough to see what lies beneath.
LEAST_RADIUS, RADIUS_OF_AN_HOUR, MOST_RADIUS = 3.0, 1.25, 15.0
DISC = 8.0  # pixels
# From one latitude and longitude to another.
Line = tuple[float, float, float, float]
LEGEND = (
    ("●", "a ward where requests wait: the larger, the more hours a week"),
    ("①", "a candidate round, lines to its wards"),
)


def draw_map(pack: Pack, board: Board, district: str, title: str) -> None:
    """The map and its legend. A click chooses a district. title: what it shows, for screen readers."""
    dark = is_dark()
    district_map(
        paints(pack, board, district, dark),
        pack=pack,
        key=KEY,
        dark=dark,
        height=MAP_HEIGHT,
        title=f"Map: {title}. The tables have the same figures.",
        on_change=partial(take_click, frozenset(pack.district_names())),
        points=map_points(board, (CATEGORICAL_DARK if dark else CATEGORICAL)[0]),
    )
    entries = LEGEND if len(board.candidates) else LEGEND[:1]
    items = "".join(f'<li><span aria-hidden="true">{sign}</span> {escape_html(words)}</li>' for sign, words in entries)
    with st.container(key="market_legend"):
        st.html(f'<ul style="display:flex;flex-wrap:wrap;list-style:none;margin:0;padding:0">{items}</ul>')


def take_click(known: frozenset[str]) -> None:
    """Take a click on the map, which comes from the browser, as the choice of a district that there is."""
    code = clicked_code(st.session_state.get(KEY))
    choose_on_map(code if code in known else None)


def paints(pack: Pack, board: Board, district: str, dark: bool) -> dict[str, AreaPaint]:
    """Every district in the map's ground, with what waits there in its words; hatched where that is not known."""
    rows = {row["area_code"]: row for row in board.districts.to_dict("records")}
    found = {}
    for code, name in pack.district_names().items():
        row = rows.get(code)
        words = ["not chosen"] if row is None else waiting_lines(row)
        found[code] = AreaPaint(
            fill=GROUND_DARK if dark else GROUND,
            hatched=row is not None and is_missing(row["open_requests"]),
            tooltip="\n".join([name, *words]),
            label=name,
            selected=code == district,
        )
    return found


def waiting_lines(row: Mapping[Any, Any]) -> list[str]:
    """What waits in a district, line by line. row: as lib.market.board.districts has it."""
    number = row["open_requests"]
    if is_missing(number):
        return [f"What waits: {NOT_KNOWN}"]
    if number == 0:
        return ["Nothing waits"]
    verb = "waits" if number == 1 else "wait"
    return [
        f"{counted(int(number), 'request')} {verb}: {show(row['hours_per_week'], 'hours')} hours a week",
        f"Longest wait {row['longest_wait']:.0f} days, median {show(row['median_wait'], 'days')}",
    ]


def ways(board: Board) -> tuple[Line, ...]:
    """A line from each further ward of a round to the round's middle."""
    places = board.requests.dropna(subset=["round"]).drop_duplicates(["round", "ward_code"]).to_dict("records")
    middles = {row["round"]: row for row in board.candidates.to_dict("records")}
    return tuple(
        (row["latitude"], row["longitude"], middle["latitude"], middle["longitude"])
        for row in places
        if (middle := middles.get(row["round"])) is not None and row["ward_code"] != middle["ward_code"]
    )


def dots(board: Board) -> list[tuple[float, float, float]]:
    """Each ward where requests wait, the larger first: latitude, longitude, radius in pixels."""
    known = board.requests[board.requests["latitude"].notna()]
    points = known.groupby("ward_code")[["latitude", "longitude"]].first()
    hours = known.groupby("ward_code")["hours_per_week"].sum().sort_values(ascending=False, kind="stable")
    scale = min(RADIUS_OF_AN_HOUR, MOST_RADIUS / math.sqrt(hours.max())) if hours.any() else RADIUS_OF_AN_HOUR
    return [
        (latitude, longitude, round(max(LEAST_RADIUS, scale * math.sqrt(value)), 1))
        for (latitude, longitude), value in zip(points.loc[hours.index].to_numpy().tolist(), hours, strict=True)
    ]


def numbers(board: Board) -> list[tuple[float, float, str]]:
    """The middle of each candidate round, with its number."""
    return [(row["latitude"], row["longitude"], str(row["round"])) for row in board.candidates.to_dict("records")]


def map_points(board: Board, fill: str) -> MapPoints:
    """Dots, numbers and lines of what is chosen."""
    return MapPoints(fill, tuple(dots(board)), tuple(numbers(board)), ways(board))


def map_png(pack: Pack, board: Board, district: str, told: About) -> bytes:
    """The map as a PNG file. PackError where the outlines cannot be drawn."""
    names = pack.district_names()
    ground = pd.DataFrame(
        {
            "district_code": list(names),
            "colour": GROUND,
            "label": list(names.values()),
            "selected": [code == district for code in names],
        }
    )
    places = [(*dot, "") for dot in dots(board)]
    places += [(latitude, longitude, DISC, text) for latitude, longitude, text in numbers(board)]
    chart = static_map(
        pack_outlines(pack),
        ground,
        title=told.headline,
        subtitle="; ".join(f"{sign} {words}" for sign, words in LEGEND),
        legend=[],
        credit=pack.manifest.resource("districts_geography").credit,
        points=pd.DataFrame(places, columns=["latitude", "longitude", "radius", "text"]),
        lines=ways(board),
    )
    return to_png(with_footer(chart, told.picture_lines()))
