"""A service's market on one screen, then one area's story and the table.

One screen: the sentence, the filters in a row, the map beside ranked bars and figures, and a line that opens on what
the figures mean and where they come from.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from lib.charts.painting import Painting
from lib.market.figure import as_of
from lib.market.indicators import mapped_indicators
from lib.market.tables import selection_words
from lib.pack.load import Pack
from lib.view.link.parameters import INDICATOR, area_key, parameters
from lib.view.live.component import bring_style, leading_part, part
from lib.view.live.route import MARKET, VEGA, address_of, script_address
from lib.view.live.words import MARKET_WORDS
from lib.view.map.district_map import clicked_code, district_map
from lib.view.market.area_story import area_story
from lib.view.market.context import draw_context
from lib.view.market.downloads import offer_downloads
from lib.view.market.figures import Market, State, market_figures, shown_figures
from lib.view.market.filters import Choice, filters
from lib.view.market.picture import Picture, area_paints, map_name, market_picture
from lib.view.market.table import draw_sources, market_table
from lib.view.market.tiles import draw_tiles, headline_tiles
from lib.view.page_pack import pack_fragment
from lib.view.shell import follow, is_dark
from lib.view.widgets.paper import on_paper

# The most that the map takes: the screen's own height lets it have less, see assets/screen.css.
MAP_HEIGHT = 860
# Of more bars than this the figures stand before them, or nobody would see them on the first screen.
MOST_BARS = 14
# In the session: see `seen`.
SEEN = "market_seen"
ABOUT = "What the figures mean, their sources, statuses and caveats"


@pack_fragment
def market_view(pack: Pack, state: State, service: str, in_depth: bool = False) -> None:
    """The whole view of one service. A fragment: a filter or a click redraws this and nothing else.

    A chosen area has its story; `in_depth`, the county has one where none is chosen.
    """
    follow(pack)
    bring_style()
    bus = {"bus": f"market_{service}", "words": MARKET_WORDS}
    with st.container(gap="xsmall", key="first_screen"):
        said = st.container(gap=None)
        choice, show = filters(pack, service)
        market = market_figures(pack, state, choice.selection)
        shown = painting, _ = shown_figures(pack, state, choice.selection, choice.indicator.id)
        tiles = headline_tiles(pack, choice.selection, market.county)
        with said:
            on_paper(f"{selection_words(pack, choice.selection)}. Data to {as_of(pack, choice.selection.service)}.")
            part("say", bus)
        with show:
            draw_choice(pack, choice, market_picture(pack, choice, market, shown, dark=is_dark(), known=seen()[1]), bus)
        map_side, bar_side = st.columns([3, 2], gap="small")
        with map_side, st.container(gap="xxsmall", key="market_map"):
            draw_map(pack, choice, market, painting, bus)
        with bar_side, st.container(gap="xxsmall", key="market_bars"):
            if len(painting.rows) > MOST_BARS:
                draw_tiles(tiles)
            part("bars", bus)
            if len(painting.rows) <= MOST_BARS:
                draw_tiles(tiles)
        with st.container(horizontal=True, gap="small", key="foot"):
            with st.expander(ABOUT, key="about"):
                part("meaning", bus)
                draw_sources(pack, choice, tiles)
                if in_depth:
                    draw_context(pack, state, service)
            offer_downloads(pack, choice, market, painting)
    if choice.area_code or in_depth:
        area_story(pack, state, choice, market)
    market_table(pack, state, choice)


def draw_choice(pack: Pack, choice: Choice, drawn: Picture, bus: dict[str, Any]) -> None:
    """The choice of the indicator, which carries the picture of every part: see lib.view.live."""
    selection, labels = choice.selection, parameters(pack)[INDICATOR].labels
    settings = {
        **bus,
        "url": address_of(MARKET),
        "vega": script_address(VEGA),
        "request": {
            "service": selection.service,
            "pack": pack.key,
            "types": list(selection.service_types),
            "cohorts": list(selection.cohorts),
            "group_by": selection.group_by,
            **drawn["chosen"],
            "dark": is_dark(),
        },
        "picture": drawn,
        "n": seen()[0],
        "options": [{"code": code, "label": label} for code, label in labels.items()],
    }
    leading_part("choose", settings, partial(take_choice, pack, selection.group_by, choice.area_code))


def take_choice(pack: Pack, group_by: str, stood: str | None, moves: Mapping[str, Any]) -> None:
    """Take what was chosen in the browser, before the run that follows. What is no code of the pack changes nothing.

    stood: the area that was chosen until then.
    """
    number, known = moves.get("n"), moves.get("known")
    held = tuple(key for key in known if isinstance(key, str)) if isinstance(known, list) else ()
    st.session_state[SEEN] = (number if isinstance(number, int) else seen()[0], held)
    indicator, area = moves.get("indicator"), moves.get("area")
    if isinstance(indicator, str) and indicator in mapped_indicators(pack):
        st.session_state[INDICATOR] = indicator
    key = area_key(group_by)
    if isinstance(area, str) and area != stood and area in parameters(pack)[key].labels:
        choose_area_of(key, area)


def seen() -> tuple[int, tuple[str, ...]]:
    """The number of the moves that were taken last, and the chart definitions that the browser has."""
    found: tuple[int, tuple[str, ...]] = st.session_state.get(SEEN, (0, ()))
    return found


def draw_map(pack: Pack, choice: Choice, market: Market, painting: Painting, bus: dict[str, Any]) -> None:
    """The map: every district in its area's colour, the chosen area outlined. A click chooses an area."""
    part("market_map", bus)
    district_map(
        area_paints(pack, choice, market, painting),
        pack=pack,
        key="map",
        dark=is_dark(),
        height=MAP_HEIGHT,
        title=map_name(painting),
        on_change=partial(choose_on_map, area_key(choice.selection.group_by), painting.area_of),
    )
    with st.container(key="market_legend"):
        part("legend", bus)


def choose_on_map(key: str, area_of: dict[str, str]) -> None:
    """Take a click on the map as the choice of an area."""
    area = area_of.get(clicked_code(st.session_state.get("map")) or "")
    if area is not None:
        choose_area_of(key, area)


def choose_area_of(key: str, area: str) -> None:
    """Choose an area as its box does."""
    st.session_state[key] = area
