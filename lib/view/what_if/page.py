"""The What-if page: levers, the map and the lines through the years, and what they mean, live."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from lib.charts.timeline import demand_and_capacity_lines
from lib.charts.year_map import MEASURES, year_rows, year_scale
from lib.market.about import Heads
from lib.market.basis import standing
from lib.market.clauses import short_words
from lib.market.figure import Figure
from lib.market.lots import LOT_MEANING
from lib.market.selection import COUNTY_CODE, select
from lib.market.units import UNITS
from lib.market.unknown import hole
from lib.market.wording import NOT_KNOWN, financial_year, is_missing
from lib.pack.load import Pack
from lib.view.link.parameters import area_key
from lib.view.map.area_map import area_map
from lib.view.map.district_map import clicked_code
from lib.view.market.figures import State
from lib.view.market.filters import choose_area, choose_service
from lib.view.market.tiles import Tile, draw_tiles
from lib.view.page_pack import pack_fragment
from lib.view.shell import follow, is_dark, page_title_beside
from lib.view.what_if.backtest import draw_line
from lib.view.what_if.figures import Outcome, outcome
from lib.view.what_if.levers import choose_preset, lever_groups
from lib.view.what_if.scenarios import told_of
from lib.view.what_if.state import PROBLEM, WARNINGS, current
from lib.view.what_if.tabs import tabs
from lib.view.widgets.chart import draw
from lib.view.widgets.chart_downloads import chart_downloads
from lib.view.widgets.paper import SCREEN_ONLY, on_paper
from lib.view.widgets.switch import switch
from lib.view.widgets.text import escape_markdown, status_badge
from lib.whatif.ageing import why_no_more, years_allowed
from lib.whatif.basis import projection_basis
from lib.whatif.consequences import bands_sentence
from lib.whatif.scenarios.presets import assumptions_log
from lib.whatif.scenarios.scenario import Scenario
from lib.whatif.tables import county_rows, line_rows

MAP_HEIGHT = 400
PLAYING = "what_if_playing"
SECONDS_A_YEAR = 0.9


def what_if_page(pack: Pack, state: State) -> None:
    """The page: its heading and service switch, then the what-if itself."""
    st.session_state[PLAYING] = False
    with page_title_beside(f"What if? {pack.manifest.area}"):
        service = choose_service(pack)
    what_if_view(pack, state, service)


@pack_fragment
def what_if_view(pack: Pack, state: State, service: str) -> None:
    """The whole what-if of one service. A fragment: a lever redraws this and nothing else."""
    opened = st.session_state.get("service")
    if opened != service and opened in pack.manifest.services:
        # A scenario of another service was opened in here: the switch stands outside.
        st.rerun()
    follow(pack)
    top = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choose_preset(pack, service)
        district = choose_area(pack, "district")
    with st.container(key=f"{SCREEN_ONLY}_levers"):
        lever_groups(pack, service)
    scenario = current(pack, service)
    found = outcome(pack, state, scenario)
    with top:
        on_paper(levers_in_words(pack, scenario))
        say(pack, scenario, found)
        draw_headlines(pack, scenario, found)
        st.caption(LOT_MEANING)
    year = choose_year(pack, scenario)
    map_side, line_side = st.columns([1, 1], gap="medium")
    with map_side:
        draw_map(pack, scenario, found, year, district)
    with line_side:
        draw_lines(pack, scenario, found, year, district)
    draw_line(pack, state, scenario)
    tabs(pack, state, scenario, found, year, district)
    play_on(pack, scenario, year)


def levers_in_words(pack: Pack, scenario: Scenario) -> str:
    """What paper says in place of the levers: those that the scenario sets, each with its value."""
    log = assumptions_log(pack, scenario)
    moved = log[log["set_by"] == "scenario"]
    levers = "; ".join(f"{label}: {value}" for label, value in zip(moved["label"], moved["value"], strict=True))
    service = pack.service(scenario.service)
    return f"{service.label}, {service.period}. {levers}. Every other lever stands at its default."


def say(pack: Pack, scenario: Scenario, found: Outcome) -> None:
    """The scenario's name, its sentence, and what a reader must know before relying on it."""
    status = standing(pack, projection_basis(pack, scenario))
    st.header(f"{escape_markdown(found.sentence)} {status_badge(status)}", anchor=False)
    st.markdown(f"{escape_markdown(found.more)} Scenario: **{escape_markdown(scenario.name)}**.")
    allowed = years_allowed(pack, scenario.service)
    if scenario.demand.demographic or not allowed:
        why = why_no_more(pack, scenario.service)
        if why:
            st.info(escape_markdown(why))
    for warning in st.session_state.get(WARNINGS) or []:
        st.warning(escape_markdown(warning))
    if st.session_state.get(PROBLEM):
        st.error(escape_markdown(st.session_state[PROBLEM]))


def range_words(found: Outcome, measure: str, year: int, area: str, money: bool = False) -> str:
    """The 10th to the 90th percentile of a measure, in words."""
    spread = found.spread
    row = spread[(spread["year"] == year) & (spread["district_code"] == area) & (spread["measure"] == measure)]
    unit = UNITS["pounds" if money else "ratio" if measure == "coverage" else "hours"]
    ends = [float(row[name].iloc[0]) for name in ("p10", "p90")]
    if any(is_missing(end) for end in ends):
        return f"range {NOT_KNOWN}"
    low, high = (unit.about(end) for end in ends)
    return f"range {low} to {high}"


def draw_headlines(pack: Pack, scenario: Scenario, found: Outcome) -> None:
    """Four headlines of the last year, each with its range."""
    county = county_rows(found.summary)
    first, last = county.iloc[0], county.iloc[-1]
    year = int(last["year"])
    extra = float(last["cost"]) - float(first["cost"])
    words = partial(range_words, found, year=year, area=COUNTY_CODE)
    end = financial_year(year)

    def tile(label: str, value: float | str, unit: str, measure: str, context: str) -> Tile:
        known = standing(pack, projection_basis(pack, scenario, measure))
        of_today = {"cost": "annual_cost"}.get(measure, measure)
        missing = hole(pack, select(pack, scenario.service).county(), COUNTY_CODE, of_today)
        one = Figure(label, value, unit, known, as_of=end, missing=missing)
        return Tile(one, one.missing if one.lacks_rows else context)

    pounds = UNITS["pounds"].about
    change: float | str = extra if is_missing(extra) else f"{'+' if extra >= 0 else ''}{pounds(extra)}"
    in_all = f"{pounds(last['cost'])}, {words('cost', money=True)}"
    allowed = NOT_KNOWN if is_missing(last["spend"]) else f"{pounds(last['spend'])}, {words('spend', money=True)}"
    served = f"{UNITS['hours'].about(last['served_hours'])} served"
    draw_tiles(
        [
            tile(f"Demand hours in {end}", last["demand_hours"], "hours", "demand_hours", words("demand_hours")),
            tile(f"Net coverage in {end}", last["coverage"], "ratio", "coverage", words("coverage")),
            tile(
                f"Hours with no provider in {end}", last["shortfall_hours"], "hours", "shortfall_hours",
                f"lot by lot, {words('shortfall_hours')}; {served}",
            ),
            replace(
                tile(
                    f"Cost of meeting the need, beside {financial_year(int(first['year']))}", change,
                    "pounds" if is_missing(extra) else "", "cost",
                    f"{in_all}. Spend that capacity allows: {allowed}",
                ),
                context_status=standing(pack, projection_basis(pack, scenario, "cost", "spend")),
            ),
        ]
    )  # fmt: skip


def choose_year(pack: Pack, scenario: Scenario) -> int:
    """The year that the map and the tables show: a slider, a box and a button that plays the years."""
    base = pack.service(scenario.service).base_year
    years = list(range(base, base + scenario.years + 1))
    chosen = "what_if_year"
    if st.session_state.get(chosen) not in years:
        st.session_state[chosen] = years[-1]
    keys = ("year_slider", "year_box")
    for key in keys:
        if st.session_state.get(key) != st.session_state[chosen]:
            st.session_state[key] = st.session_state[chosen]

    def moved(key: str) -> None:
        st.session_state[chosen] = st.session_state[key]
        st.session_state[PLAYING] = False

    def play() -> None:
        st.session_state[PLAYING] = not st.session_state.get(PLAYING)
        if st.session_state[PLAYING]:
            st.session_state[chosen] = base

    slider_side, box_side, button_side = st.columns([7, 2, 1.2], vertical_alignment="bottom")
    with slider_side:
        st.select_slider("Year shown", years, key=keys[0], format_func=financial_year, on_change=moved, args=(keys[0],))
    with box_side:
        st.selectbox(
            "Year shown, as a box", years, key=keys[1], format_func=financial_year, on_change=moved, args=(keys[1],),
            label_visibility="collapsed",
        )  # fmt: skip
    with button_side:
        st.button("Stop" if st.session_state.get(PLAYING) else "Play", on_click=play, width="stretch", key="play")
    return int(st.session_state[chosen])


def play_on(pack: Pack, scenario: Scenario, year: int) -> None:
    """While playing, wait a moment on the year and go on to the next; stop at the last."""
    if not st.session_state.get(PLAYING):
        return
    if year >= pack.service(scenario.service).base_year + scenario.years:
        st.session_state[PLAYING] = False
    else:
        time.sleep(SECONDS_A_YEAR)
        st.session_state["what_if_year"] = year + 1
    st.rerun(scope="fragment")


def draw_map(pack: Pack, scenario: Scenario, found: Outcome, year: int, district: str | None) -> None:
    """The districts in the year shown, in colours frozen from the base year. A click chooses a district."""
    labels = {code: label for code, (label, _) in MEASURES.items()}
    measure = switch("On the map", labels, key="what_if_measure", in_link=False)
    rows = found.summary.by_year
    rows = rows[rows["district_code"] != COUNTY_CODE]
    scale = year_scale(rows[rows["year"] == rows["year"].min()], measure)
    now = year_rows(rows[rows["year"] == year], measure, scale)
    base = pack.service(scenario.service).base_year
    status = standing(pack, projection_basis(pack, scenario, measure, "shortfall_hours", ahead=year > base))
    title = f"{labels[measure]} by district, {financial_year(year)}"
    st.subheader(f"{escape_markdown(title)} {status_badge(status)}", anchor=False)
    shortfall = rows[rows["year"] == year].set_index("district_code")["shortfall_hours"]
    now = now.assign(
        lines=[f"{short_words(float(shortfall[code]))}\nStatus: {status}" for code in now["district_code"]]
    )
    area_map(
        pack,
        now.astype("str"),
        scale,
        key="what_if_map",
        title=f"Map: {title}. The same figures are in the table of districts below.",
        height=MAP_HEIGHT,
        selected=district,
        on_change=partial(choose_on_map, set(now["district_code"])),
    )


def choose_on_map(known: set[str]) -> None:
    """Take a click on the map as the choice of a district."""
    code = clicked_code(st.session_state.get("what_if_map"))
    if code in known:
        st.session_state[area_key("district")] = code


def draw_lines(pack: Pack, scenario: Scenario, found: Outcome, year: int, district: str | None) -> None:
    """Demand, capacity and served through the years, for the county or the chosen district."""
    area = district or COUNTY_CODE
    frame = line_rows(found.summary, found.spread, area)
    name = pack.district_names().get(area, pack.manifest.area)
    first = found.summary.first_years.set_index("district_code").loc[area]
    year_short: Any = first["first_short_year"]
    crosses: bool = not pd.isna(year_short) and int(year_short) > int(frame["year"].min())
    inputs = projection_basis(pack, scenario, "demand_hours", "capacity_hours", "served_hours")
    told = told_of(pack, scenario, f"Demand and capacity in {name}", inputs, internal=district is not None)
    st.subheader(
        f"Demand and capacity in {escape_markdown(name)}, hours a week {status_badge(told.status)}", anchor=False
    )
    chart = partial(
        demand_and_capacity_lines,
        frame,
        axis_title="Hours a week",
        selected_year=year,
        crossing_year=int(year_short) if crosses else None,
        crossing_label="Demand passes capacity" if crosses else "",
    )
    words = "; ".join(
        f"{row.year_label}: demand {row.shown_demand}, capacity {row.shown_capacity}, served {row.shown_served}"
        for row in frame.itertuples()
    )
    draw(chart(title="", dark=is_dark()), alt=f"Demand and capacity in {name}. {words}")
    heads: Heads = {
        "year_label": "Year",
        "demand": ("Demand", "hours"),
        "demand_low": ("Demand, 1 of 10 below", "hours"),
        "demand_high": ("Demand, 1 of 10 above", "hours"),
        "capacity": ("Capacity", "hours"),
        "capacity_low": ("Capacity, 1 of 10 below", "hours"),
        "capacity_high": ("Capacity, 1 of 10 above", "hours"),
        "served": ("Served", "hours"),
    }
    chart_downloads(told, frame, heads, "lines", chart=chart)
    st.caption(escape_markdown(bands_sentence(scenario)))
