"""A service's market: sentence, tiles, filters, map beside ranked bars, one area's story, the table, the sources."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from lib.charts.bars import ranked_bars
from lib.charts.painting import AXIS_FORMATS, painted, scale_of
from lib.charts.palette import MISSING
from lib.market.indicators import indicator_label, indicator_status
from lib.market.selection import DISTRICT, areas, is_single_lot
from lib.market.sentence import area_noun, market_sentence
from lib.market.wording import UNIT_WORDS, is_missing, show
from lib.pack.load import Pack
from lib.view.controls import ROUND, Choice, area_key, filters, forget_bars
from lib.view.district_map import AreaPaint, clicked_code, district_map
from lib.view.figures import Market, State, market_figures
from lib.view.legend import legend
from lib.view.market_table import market_table
from lib.view.shell import is_dark, pack_state, page_title
from lib.view.story import area_story
from lib.view.text import plain, tag
from lib.view.tiles import draw_tiles, headline_tiles

MAP_HEIGHT = 470


def service_page(pack: Pack, service: str) -> None:
    """The page of one service, or one line where the pack has no such service."""
    if service not in pack.manifest.services:
        page_title(service.replace("_", " ").capitalize())
        st.info("This data pack has no such service.")
        return
    page_title(f"{pack.service(service).label}: {pack.manifest.area}")
    market_view(pack, pack_state(pack), service)


@st.fragment
def market_view(pack: Pack, state: State, service: str) -> None:
    """The whole view of one service. A fragment: a filter or a click redraws this and nothing else."""
    top = st.container()
    choice = filters(pack, service)
    market = market_figures(pack, state, choice.selection)
    with top:
        sentence = market_sentence(pack, choice.selection, market.areas, market.county, choice.indicator)
        st.header(f"{plain(sentence)} {tag(indicator_status(pack, choice.indicator))}", anchor=False)
        draw_tiles(headline_tiles(pack, choice.selection, market.county))
    map_and_bars(pack, choice, market)
    area_story(pack, state, choice, market)
    market_table(pack, choice, market)


def title_of(pack: Pack, choice: Choice) -> str:
    """What the map and the bars show: the indicator, its unit, the areas and the year."""
    single = is_single_lot(pack, choice.selection)
    one, _ = area_noun(pack, choice.selection.group_by)
    label = indicator_label(choice.indicator, single)
    return f"{label} by {one}, {pack.service(choice.selection.service).period}"


def map_and_bars(pack: Pack, choice: Choice, market: Market) -> None:
    """The map beside the ranked bars, with one selection between them."""
    scale = scale_of(choice.indicator, market.areas[choice.indicator.id], axis_title(pack, choice))
    rows = painted(market.areas, choice.indicator, scale)
    title = title_of(pack, choice)
    map_side, bar_side = st.columns([3, 2], gap="medium")
    with map_side:
        st.subheader(f"{plain(title)} {tag(indicator_status(pack, choice.indicator))}", anchor=False)
        draw_map(pack, choice, rows, market, title)
        legend(scale, some_missing=bool((rows["colour"] == "").any()))
        st.caption(plain(pack.manifest.resource("districts_geography").credit))
    with bar_side:
        first = "lowest" if choice.indicator.better == "higher" else "highest"
        st.subheader(f"Ranked, the {first} first", anchor=False)
        draw_bars(pack, choice, rows, market, title)
        st.caption(f"{plain(choice.indicator.meaning)} {plain(choice.indicator.formula)}.")


def axis_title(pack: Pack, choice: Choice) -> str:
    """The indicator and its unit, for the axis and the legend."""
    label = indicator_label(choice.indicator, is_single_lot(pack, choice.selection))
    return f"{label} ({UNIT_WORDS[choice.indicator.unit]})"


def draw_map(pack: Pack, choice: Choice, rows: pd.DataFrame, market: Market, title: str) -> None:
    """The map: every district in its area's colour, the chosen area outlined. A click chooses an area."""
    area_of = district_areas(pack, choice)
    by_area = rows.set_index("area_code")
    shortfall = market.areas.set_index("area_code")["shortfall_hours"]
    names = pack.district_names()
    grouped = choice.selection.group_by != DISTRICT
    paints = {}
    for code, area in area_of.items():
        row = by_area.loc[area].astype("str")
        lines = [str(row["area_name"]), f"{axis_title(pack, choice)}: {row['shown']}"]
        if choice.indicator.id == "coverage":
            lines.append(f"{show(float(shortfall[area]), 'hours')} hours a week short, lot by lot")
        if grouped:
            lines.append(f"District: {names[code]}")
        lines.append(f"Status: {indicator_status(pack, choice.indicator)}")
        paints[code] = AreaPaint(
            fill=row["colour"] or MISSING,
            hatched=not row["colour"],
            tooltip="\n".join(lines),
            label=names[code],
            selected=area == choice.area_code,
        )
    key = area_key(choice.selection.group_by)
    district_map(
        paints,
        geography=pack.geography,
        key="map",
        dark=is_dark(),
        height=MAP_HEIGHT,
        title=f"Map: {title}. The same figures are in the table below.",
        on_change=partial(choose_on_map, key, area_of),
    )


def draw_bars(pack: Pack, choice: Choice, rows: pd.DataFrame, market: Market, title: str) -> None:
    """The ranked bars, with the county's own figure as a line. A click on a bar chooses its area."""
    county = float(market.county[choice.indicator.id])
    label = f"{pack.manifest.area} {show(county, choice.indicator.unit)}"
    chart = ranked_bars(
        rows,
        title="",
        axis_title=axis_title(pack, choice),
        selected=choice.area_code,
        reference=None if is_missing(county) else county,
        reference_label="" if is_missing(county) else label,
        dark=is_dark(),
        axis_format=AXIS_FORMATS.get(choice.indicator.unit),
    )
    key = f"bars_{choice.selection.group_by}_{st.session_state.get(ROUND, 0)}"
    st.altair_chart(
        chart,
        key=key,
        on_select=partial(choose_on_bars, key, area_key(choice.selection.group_by), set(rows["area_code"])),
        selection_mode="area",
        alt=f"Ranked bars: {title}. " + "; ".join(f"{row.area_name} {row.shown}" for row in rows.itertuples()),
    )


def district_areas(pack: Pack, choice: Choice) -> dict[str, str]:
    """The area of the selection that each district belongs to."""
    known = areas(pack, choice.selection.group_by)
    return dict(zip(known["district_code"], known["area_code"], strict=True))


def choose_on_map(key: str, area_of: dict[str, str]) -> None:
    """Take a click on the map as the choice of an area."""
    area = area_of.get(clicked_code(st.session_state.get("map")) or "")
    if area is not None:
        st.session_state[key] = area
        forget_bars()


def choose_on_bars(bars: str, key: str, known: set[str]) -> None:
    """Take a click on a bar as the choice of an area. A click beside the bars changes nothing."""
    picked = st.session_state[bars].selection.get("area", [])
    if picked and picked[0].get("area_code") in known:
        st.session_state[key] = picked[0]["area_code"]
