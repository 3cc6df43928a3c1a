"""A service's market on one screen, then one area's story and the table.

One screen: the sentence, the filters in a row, the map beside ranked bars and figures, and a line that opens on what
the figures mean and where they come from.
"""

from __future__ import annotations

import math
from functools import partial

import streamlit as st

from lib.charts.bars import ranked_bars
from lib.charts.kit.palette import MISSING
from lib.charts.painting import Painting, paint
from lib.market.clauses import short_words
from lib.market.figure import as_of
from lib.market.indicators import indicator_status, indicators
from lib.market.selection import DISTRICT, Selection
from lib.market.sentence import NO_AVERAGE, area_noun, market_sentence, waiting_words
from lib.market.status import county_known
from lib.market.tables import selection_words
from lib.market.units import UNITS
from lib.market.wording import for_people, is_missing
from lib.pack.faults import SelectionError
from lib.pack.load import Pack
from lib.view.link.parameters import area_key
from lib.view.map.district_map import AreaPaint, clicked_code, district_map
from lib.view.map.legend import legend
from lib.view.market.area_story import area_story
from lib.view.market.context import draw_context
from lib.view.market.downloads import offer_downloads
from lib.view.market.figures import Market, State, market_figures
from lib.view.market.filters import Choice, filters
from lib.view.market.table import draw_sources, market_table
from lib.view.market.tiles import draw_tiles, headline_tiles
from lib.view.page_pack import pack_fragment
from lib.view.shell import follow, is_dark
from lib.view.widgets.chart import draw_clickable
from lib.view.widgets.paper import on_paper
from lib.view.widgets.text import escape_markdown, status_badge
from lib.whatif.spot_to_framework import assumed_rate

# The most that the map takes: the screen's own height lets it have less, see assets/screen.css.
MAP_HEIGHT = 860
# Of more bars than this the figures stand before them, or nobody would see them on the first screen.
MOST_BARS = 14
ABOUT = "What the figures mean, their sources, statuses and caveats"


@pack_fragment
def market_view(pack: Pack, state: State, service: str, in_depth: bool = False) -> None:
    """The whole view of one service. A fragment: a filter or a click redraws this and nothing else.

    A chosen area has its story; `in_depth`, the county has one where none is chosen.
    """
    follow(pack)
    with st.container(gap="xsmall", key="first_screen"):
        said = st.container(gap=None)
        choice = filters(pack, service)
        market = market_figures(pack, state, choice.selection)
        painting, sentence = shown_figures(pack, state, choice.selection, choice.indicator.id)
        tiles = headline_tiles(pack, choice.selection, market.county)
        with said:
            on_paper(f"{selection_words(pack, choice.selection)}. Data to {as_of(pack, choice.selection.service)}.")
            st.header(f"{escape_markdown(sentence)} {status_badge(painting.status)}", anchor=False)
            say_who_waits(pack, choice, market, painting)
        map_side, bar_side = st.columns([3, 2], gap="small")
        with map_side, st.container(gap="xxsmall", key="market_map"):
            draw_map(pack, choice, market, painting)
        with bar_side, st.container(gap="xxsmall", key="market_bars"):
            if len(painting.rows) > MOST_BARS:
                draw_tiles(tiles)
            draw_bars(pack, choice, market, painting)
            if len(painting.rows) <= MOST_BARS:
                draw_tiles(tiles)
        with st.container(horizontal=True, gap="small", key="foot"):
            with st.expander(ABOUT, key="about"):
                st.markdown("\n".join(meaning_lines(pack, choice)))
                draw_sources(pack, choice, tiles)
                if in_depth:
                    draw_context(pack, state, service)
            offer_downloads(pack, choice, market, painting)
    if choice.area_code or in_depth:
        area_story(pack, state, choice, market)
    market_table(pack, state, choice)


@st.cache_resource(max_entries=256, show_spinner=False)
def shown_figures(_pack: Pack, state: State, selection: Selection, indicator: str) -> tuple[Painting, str]:
    """What map and bars show of an indicator, and the sentence; kept for every session: nobody may change it."""
    market, chosen = market_figures(_pack, state, selection), indicators(_pack)[indicator]
    painting = paint(_pack, selection, chosen, market.areas)
    return painting, market_sentence(_pack, selection, market.areas, market.county, chosen)


def say_who_waits(pack: Pack, choice: Choice, market: Market, painting: Painting) -> None:
    """Beneath a sentence on coverage, that people wait where providers offer enough too."""
    if choice.indicator.id == "coverage":
        nouns = area_noun(pack, choice.selection.group_by)
        waits = waiting_words(market.areas, market.county, nouns, painting.status)
        if waits:
            st.caption(f"{escape_markdown(waits)} {status_badge(painting.status)}")


def draw_map(pack: Pack, choice: Choice, market: Market, painting: Painting) -> None:
    """The map: every district in its area's colour, the chosen area outlined. A click chooses an area."""
    st.subheader(f"{escape_markdown(painting.title)} {status_badge(painting.status)}", anchor=False)
    rows = {row["area_code"]: row for row in painting.rows.astype("str").to_dict("records")}
    shortfall = market.areas.set_index("area_code")["shortfall_hours"]
    known = indicator_status(pack, indicators(pack)["shortfall_hours"])
    names = pack.district_names()
    paints = {}
    for code, area in painting.area_of.items():
        row = rows[area]
        colour = row["colour"]
        lines = [row["area_name"], f"{painting.scale.title}: {row['shown']}"]
        if row["why"]:
            lines.append(f"Why: {row['why']}")
        elif choice.indicator.id == "coverage":
            lines.append(short_words(float(shortfall[area]), known))
        if choice.selection.group_by != DISTRICT:
            lines.append(f"District: {names[code]}")
        lines.append(f"Status: {painting.status}")
        paints[code] = AreaPaint(
            fill=colour or MISSING,
            hatched=not colour,
            tooltip="\n".join(lines),
            label=names[code],
            selected=area == choice.area_code,
        )
    district_map(
        paints,
        pack=pack,
        key="map",
        dark=is_dark(),
        height=MAP_HEIGHT,
        title=f"Map: {painting.title}. The same figures are in the table below.",
        on_change=partial(choose_on_map, area_key(choice.selection.group_by), painting.area_of),
    )
    with st.container(key="market_legend"):
        legend(painting.scale, some_missing=bool((painting.rows["colour"] == "").any()))


def draw_bars(pack: Pack, choice: Choice, market: Market, painting: Painting) -> None:
    """The ranked bars, the county's figure as a line where it is an average. A click on a bar chooses its area."""
    indicator, rows = choice.indicator, painting.rows
    first = "lowest" if indicator.better == "higher" else "highest"
    st.subheader(f"Ranked, the {first} first: {escape_markdown(painting.axis_title)}", anchor=False)
    county = float(market.county[indicator.id]) if indicator.comparable else math.nan
    known = county_known(pack, choice.selection.county(), indicator.id).status
    # Without an average the line's place stays: one definition then serves every indicator.
    line = " " if is_missing(county) else f"{pack.manifest.area} {for_people(county, indicator.unit, known)}"
    chart = ranked_bars(
        rows,
        # The heading says what the axis shows: without it the chart's definition serves every indicator.
        title="",
        axis_title="",
        selected=choice.area_code,
        reference=county,
        reference_label=line,
        dark=is_dark(),
        axis_format=UNITS[indicator.unit].axis_format,
        start=painting.start,
    )
    figures = "; ".join(f"{name} {shown}" for name, shown in zip(rows["area_name"], rows["shown"], strict=True))
    draw_clickable(
        chart,
        alt="Ranked bars, one an area",
        words=f"{painting.title}. {figures}",
        key=f"bars_{choice.selection.group_by}",
        mark="area",
        fields=("area_code",),
        known={(code,) for code in rows["area_code"]},
        chosen=choice.area_code,
        take=partial(choose_area_of, area_key(choice.selection.group_by)),
    )


def meaning_lines(pack: Pack, choice: Choice) -> list[str]:
    """What the chosen indicator means and how it is worked out, in lines of Markdown."""
    indicator = choice.indicator
    without = "" if indicator.comparable else f"No line is drawn for {pack.manifest.area}: {NO_AVERAGE}."
    caveats = " ".join(part for part in (indicator.caveat, without, assumption(pack, choice)) if part)
    return [
        f"- **{escape_markdown(indicator.label)}**: {escape_markdown(indicator.meaning)} "
        f"Formula: {escape_markdown(indicator.formula)}. {escape_markdown(caveats)}".rstrip()
    ]


def assumption(pack: Pack, choice: Choice) -> str:
    """That the cost of an hour is assumed, where the hours follow from it: the ranking of it would tell no news."""
    if choice.indicator.id != "hourly_cost":
        return ""
    try:
        assumed = assumed_rate(pack, choice.selection.service)
    except SelectionError:
        return ""
    return assumed.source if assumed else ""


def choose_on_map(key: str, area_of: dict[str, str]) -> None:
    """Take a click on the map as the choice of an area."""
    area = area_of.get(clicked_code(st.session_state.get("map")) or "")
    if area is not None:
        choose_area_of(key, area)


def choose_area_of(key: str, area: str) -> None:
    """Choose an area as its box does."""
    st.session_state[key] = area
