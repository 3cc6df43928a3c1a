"""The What-if page: levers, sentence, map and lines on one screen, alive while a lever moves; beneath them the rest."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from lib.charts.kit.palette import MISSING
from lib.charts.live import CROSSING, HOURS_AXIS
from lib.charts.timeline import demand_and_capacity_lines
from lib.charts.year_map import MEASURES
from lib.market.about import Heads
from lib.market.lots import LOT_MEANING
from lib.market.selection import COUNTY_CODE
from lib.pack.load import Pack
from lib.view.link.parameters import WHAT_IF_TAB, WHAT_IF_TABS, YEAR, area_key, start_with
from lib.view.link.session import follow_link
from lib.view.live.component import bring_style, levers_part, part
from lib.view.live.request import StepRequest
from lib.view.live.route import STEP, VEGA, address_of, script_address
from lib.view.map.district_map import AreaPaint, clicked_code, district_map
from lib.view.market.figures import State
from lib.view.market.filters import choose_area, choose_service
from lib.view.not_given import in_place_of
from lib.view.page_pack import pack_fragment
from lib.view.shell import follow, is_dark, page_title_beside
from lib.view.what_if.author import told_of
from lib.view.what_if.backtest import draw_line
from lib.view.what_if.figures import crossing_of, lines_of
from lib.view.what_if.levers import choose_preset, draw_lists, lever_groups, offer_other_service
from lib.view.what_if.picture import Picture, lines_show, lines_title, needed_here, picture
from lib.view.what_if.state import (
    BESIDE,
    MEASURE,
    MOVES,
    PROBLEM,
    WARNINGS,
    current,
    named,
    seen,
    started_from,
    take_moves,
)
from lib.view.what_if.tabs import tabs
from lib.view.widgets.chart_downloads import chart_downloads
from lib.view.widgets.page_workbook import offer_workbook, place_of_tables
from lib.view.widgets.paper import SCREEN_ONLY, on_paper
from lib.view.widgets.text import escape_markdown
from lib.whatif.basis import projection_basis
from lib.whatif.need import CALLED
from lib.whatif.scenarios.presets import assumptions_log
from lib.whatif.scenarios.scenario import Scenario

# In place of the page where nobody has said what is bought today.
NEEDS = "A what-if starts from the care that is arranged today"
MAP_KEY, BASE_MAP_KEY = "what_if_map", "what_if_base_map"
MAP_HEIGHT = 640  # pixels at most: the style lets it be as high as leaves room


def what_if_page(pack: Pack, state: State) -> None:
    """The page: its heading and service switch, then the what-if itself."""
    with page_title_beside(f"What if? {pack.manifest.area}"):
        service = choose_service(pack)
    what_if_view(pack, state, service)


@pack_fragment
def what_if_view(pack: Pack, state: State, service: str) -> None:
    """The whole what-if of one service. A fragment: what was moved redraws this and nothing else."""
    opened = st.session_state.get("service")
    if opened != service and opened in pack.manifest.services:
        # A scenario of another service was opened in here: the switch stands outside.
        st.rerun()
    moved = take_moves(pack, service)
    scenario = current(pack, service)
    base = pack.service(service).base_year
    start_with(YEAR, (str(base + scenario.years),))
    if moved:
        follow_link(pack)
    follow(pack)
    if in_place_of(pack, NEEDS, ("demand",)):
        return
    year = year_shown(base, scenario)
    asked = request_now(pack, scenario)
    drawn = picture(pack, scenario, asked, named(service))
    district = None if asked.area == COUNTY_CODE else asked.area
    bring_style()
    with st.container(key="live_screen", gap="xxsmall"):
        part("say")
        with st.container(key="live_paper"):
            on_paper(drawn["say"]["more"])
            on_paper(levers_in_words(pack, scenario))
        told()
        with st.container(key="live_body", gap="small"):
            with st.container(key=f"{SCREEN_ONLY}_rail", gap="small"):
                rail(pack, scenario, asked, drawn, year)
            with st.container(key="live_view", gap="small"):
                with st.container(key="live_map_side", gap="xsmall"):
                    draw_map(pack, drawn, year, district, dark=asked.dark)
                with st.container(key="live_lines_side", gap="small"):
                    part("lines")
                    part("newly")
                with st.container(key="live_tiles_row", gap="xsmall"):
                    part("tiles")
                below(pack, state, scenario, year, district, drawn)


def year_shown(base: int, scenario: Scenario) -> int:
    """The year that is shown: the last of the scenario's, until somebody chooses another that it has."""
    chosen = st.session_state.get(YEAR)
    year = int(chosen) if isinstance(chosen, str) and chosen.isdecimal() else -1
    return year if base <= year <= base + scenario.years else base + scenario.years


def request_now(pack: Pack, scenario: Scenario) -> StepRequest:
    """What the page asks for, and its levers after it: lib.view.live.request."""
    tab = st.session_state.get(WHAT_IF_TAB)
    area = st.session_state.get(area_key("district"))
    measure = st.session_state.get(MEASURE)
    own = named(scenario.service)
    return StepRequest(
        service=scenario.service,
        pack=pack.key,
        scenario=scenario.document(),
        named=None if own is None else own.document(),
        area=area if area in pack.district_names() else COUNTY_CODE,
        measure=measure if measure in MEASURES else next(iter(MEASURES)),
        tab=next((code for code, label in WHAT_IF_TABS.items() if label == tab), next(iter(WHAT_IF_TABS))),
        dark=is_dark(),
        known=seen()[1],
    )


def levers_in_words(pack: Pack, scenario: Scenario) -> str:
    """What paper says in place of the levers: those that the scenario sets, each with its value."""
    log = assumptions_log(pack, scenario)
    moved = log[log["set_by"] == "scenario"]
    levers = "; ".join(f"{label}: {value}" for label, value in zip(moved["label"], moved["value"], strict=True))
    service = pack.service(scenario.service)
    return f"{service.label}, {service.period}. {levers}. Every other lever stands at its default."


def told() -> None:
    """What a reader must know of a scenario that was opened, and what could not be done."""
    for warning in st.session_state.get(WARNINGS) or []:
        st.warning(escape_markdown(warning))
    if st.session_state.get(PROBLEM):
        st.error(escape_markdown(st.session_state[PROBLEM]))


def rail(pack: Pack, scenario: Scenario, asked: StepRequest, drawn: Picture, year: int) -> None:
    """What the scenario is made of: where it starts, its levers, and the lists that no slider can show."""
    with st.container(horizontal=True, gap="small", key="live_start"):
        choose_preset(pack, scenario.service)
        choose_area(pack, "district")
    settings = {
        "bus": f"what_if_{scenario.service}",
        "url": address_of(STEP),
        "vega": script_address(VEGA),
        "request": asked.model_dump(exclude={"range", "known", "changes"}),
        "picture": drawn,
        "year": year,
        "beside": is_beside(),
        "n": seen()[0],
        "start": started_from(pack, scenario).document(),
        "groups": lever_groups(pack, scenario),
    }
    levers_part(settings, keep_moves)
    offer_other_service(pack, scenario)
    draw_lists(pack, scenario)


def keep_moves(moves: Mapping[str, Any]) -> None:
    """Keep what was moved for the run of the page that follows."""
    st.session_state[MOVES] = moves


def is_beside() -> bool:
    """Whether the base year's map stands beside that of the year shown."""
    return bool(st.session_state.get(BESIDE))


def draw_map(pack: Pack, drawn: Picture, year: int, district: str | None, *, dark: bool) -> None:
    """The districts in the year shown, in colours frozen from the base year; on request the base year's beside them.

    A click chooses a district.
    """
    part("map")
    with st.container(key="live_maps", gap="small"):
        # Always the same two places: the map that stands is not loaded again when the other comes.
        maps = {"before": (BASE_MAP_KEY, drawn["years"][0]), "after": (MAP_KEY, year)}
        for place, (key, of) in maps.items():
            with st.container(key=f"live_map_{place}"):
                if place == "after" or is_beside():
                    title = drawn["map"]["titles"][drawn["years"].index(of)]
                    district_map(
                        paints(drawn, of, district),
                        pack=pack,
                        key=key,
                        dark=dark,
                        height=MAP_HEIGHT,
                        title=f"Map: {title}. The same figures are in the table of districts below.",
                        on_change=partial(choose_on_map, key, set(drawn["districts"]["codes"])),
                    )
    part("year")


def paints(drawn: Picture, year: int, district: str | None) -> dict[str, AreaPaint]:
    """The districts as the picture has them in a year, for the map's own script."""
    shown, names, place = drawn["map"], drawn["districts"]["names"], drawn["years"].index(year)
    changed = set(shown["changed"][place])
    found = {}
    for number, code in enumerate(drawn["districts"]["codes"]):
        sign, words = shown["classes"][place][number], shown["lines"][place][number]
        found[code] = AreaPaint(
            fill=MISSING if sign == "-" else shown["palette"][int(sign, 36)]["fill"],
            hatched=sign == "-",
            tooltip=f"{names[number]}\n{shown['head']}: {shown['shown'][place][number]}\n{words}",
            label=names[number],
            selected=code == district,
            changed=code in changed,
        )
    return found


def choose_on_map(key: str, known: set[str]) -> None:
    """Take a click on a map as the choice of a district."""
    code = clicked_code(st.session_state.get(key))
    if code in known:
        st.session_state[area_key("district")] = code


def below(pack: Pack, state: State, scenario: Scenario, year: int, district: str | None, drawn: Picture) -> None:
    """What stands beneath the screen: the lines as a table, the back-test, the tabs, and where the map is from."""
    with place_of_tables("what_if"):
        lines_table(pack, state, scenario, year, district or COUNTY_CODE)
        draw_line(pack, state, scenario)
        tabs(pack, state, scenario, year, district, drawn)
        tab = st.session_state.get(WHAT_IF_TAB) or next(iter(WHAT_IF_TABS.values()))
        code = next((code for code, label in WHAT_IF_TABS.items() if label == tab), "")
        title = f"What if? {pack.service(scenario.service).label}: {scenario.name}. {tab}"
        offer_workbook(pack, title, f"{scenario.service}_what_if_{code}_tables.xlsx")
    st.caption(f"{LOT_MEANING} {escape_markdown(pack.manifest.resource('districts_geography').credit)}")


def lines_table(pack: Pack, state: State, scenario: Scenario, year: int, area: str) -> None:
    """The lines as a table and a picture, to take away."""
    service = scenario.service
    inputs = projection_basis(pack, scenario, *lines_show(pack, service, area))
    needed = CALLED[needed_here(pack, service, area)]
    about = told_of(pack, scenario, lines_title(pack, service, area), inputs, internal=area != COUNTY_CODE)
    heads: Heads = {
        "year_label": "Year",
        "demand": (needed, "hours"),
        "demand_low": (f"{needed}, 1 of 10 below", "hours"),
        "demand_high": (f"{needed}, 1 of 10 above", "hours"),
        "capacity": ("Capacity", "hours"),
        "capacity_low": ("Capacity, 1 of 10 below", "hours"),
        "capacity_high": ("Capacity, 1 of 10 above", "hours"),
        "served": ("Served", "hours"),
    }

    def chart(*, title: str, dark: bool) -> Any:
        crossing = crossing_of(pack, state, scenario, area)
        return demand_and_capacity_lines(
            lines_of(pack, state, scenario, area),
            title=title,
            axis_title=HOURS_AXIS,
            selected_year=year,
            crossing_year=crossing,
            crossing_label="" if crossing is None else CROSSING,
            need=needed,
            dark=dark,
        )

    chart_downloads(about, partial(lines_of, pack, state, scenario, area), heads, "lines", chart=chart)
