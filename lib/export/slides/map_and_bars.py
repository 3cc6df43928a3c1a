"""A map beside ranked bars on one slide, or on two where side by side there is no room for enough of either."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lib.export.slides.map_shapes import District, draw_map
from lib.export.slides.native_charts import Bar, draw_bars, room_for_bars
from lib.export.slides.page import Page, under_head
from lib.export.slides.text import Box
from lib.pack.geography import Outlines

GAP = 18.0  # between two parts of a slide
MAP_SHARE = 0.6  # of the body's width
ENOUGH_BARS = 10
WIDE_ENOUGH = 700.0  # points of a body, for both


@dataclass(frozen=True)
class Picture:
    """What a map and its bars show.

    districts: for the map. legend: a colour and a label, in order. bars: in their order, those without a figure too.
    unit: of the bars, a code of lib.market.units; axis_title: what they show; start: where they start; first: which of
    them stands first, "highest" or "lowest". without: what is said of areas that have no bar.
    """

    title: str
    districts: Sequence[District]
    legend: Sequence[tuple[str, str]]
    legend_title: str
    bars: Sequence[Bar]
    unit: str
    axis_title: str
    start: float
    first: str
    without: str = "without a figure"


def draw_picture(outlines: Outlines | None, picture: Picture, page: Callable[[str], Page]) -> None:
    """Draw map and bars. outlines: None where there is no map. page: makes a slide, given which of two it is."""
    known = [one for one in picture.bars if not math.isnan(one.value)]
    first = page("")
    body = first.body
    left = Box(body.left, body.top, body.width * MAP_SHARE - GAP / 2, body.height)
    right = Box(left.right + GAP, body.top, body.width - left.width - GAP, body.height)
    number, _ = room_for_bars(known, under_head(right, heading_of(picture, len(known), 0)))
    if outlines is None:
        draw_ranked(first, body, picture, known)
    elif body.width >= WIDE_ENOUGH and number >= min(ENOUGH_BARS, len(known)):
        draw_painted(first, left, outlines, picture)
        draw_ranked(first, right, picture, known)
    else:
        draw_painted(first, body, outlines, picture)
        second = page("ranked")
        draw_ranked(second, second.body, picture, known)


def draw_painted(page: Page, box: Box, outlines: Outlines, picture: Picture) -> None:
    """The map under its heading."""
    place = page.head(box, picture.title, "Heading of the map")
    draw_map(page, place, outlines, picture.districts, picture.legend, picture.legend_title, picture.title)


def draw_ranked(page: Page, box: Box, picture: Picture, known: Sequence[Bar]) -> None:
    """Ranked bars under their heading, which says how many of them have room, and how many areas have no figure."""
    if not known:
        return
    # Fewer bars than there are make the heading longer, never shorter.
    number, _ = room_for_bars(known, under_head(box, heading_of(picture, len(known), 0)))
    place = page.head(box, heading_of(picture, len(known), number), "Heading of the bars")
    alt = f"Bars. {picture.axis_title}: {'; '.join(f'{one.name} {one.shown}' for one in known[:number])}"
    draw_bars(page, place, known[:number], picture.unit, picture.axis_title, alt, picture.start)


def heading_of(picture: Picture, known: int, number: int) -> str:
    """What stands over the bars. known: how many areas have a figure; number: how many of them are drawn."""
    lacking = len(picture.bars) - known
    some = f", {number} of {len(picture.bars)}" if number < known else ""
    without = f", {lacking} {picture.without}" if lacking else ""
    return f"Ranked, the {picture.first} first{some}{without}: {picture.axis_title}"
