"""The What-if as a room sees it: the sentence, the map of the year shown, and need and capacity through the years."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from lib.charts.live import SIGNS
from lib.market.basis import standing
from lib.market.not_given import not_given_sentence
from lib.market.selection import COUNTY_CODE, DISTRICT
from lib.market.units import UNITS
from lib.market.wording import NOT_KNOWN, financial_year, is_missing
from lib.pack.faults import PackError
from lib.pack.geography import pack_outlines
from lib.pack.load import Pack
from lib.view.link.parameters import YEAR, area_key, start_with
from lib.view.link.session import follow_link
from lib.view.presenting.blocks import Line, legend, lines
from lib.view.presenting.keys import TURN
from lib.view.presenting.market import choose
from lib.view.presenting.room import Room, RoomMap
from lib.view.shell import is_dark
from lib.view.what_if.figures import lines_of
from lib.view.what_if.page import NEEDS, paints, request_now, year_shown
from lib.view.what_if.picture import Picture, lines_show, lines_title, needed_here, picture
from lib.view.what_if.state import current, named
from lib.view.widgets.text import status_mark
from lib.whatif.basis import projection_basis
from lib.whatif.need import CALLED
from lib.whatif.scenarios.scenario import Scenario


def what_if_room(pack: Pack, service: str) -> Room:
    """The scenario of a service in the year that is shown, which the arrow keys turn."""
    title = f"What if? {pack.manifest.area}, {pack.service(service).label}"
    missing = not_given_sentence(pack, ("demand",))
    if missing:
        return Room(title=title, sentence=f"{NEEDS}. {missing}")
    scenario = current(pack, service)
    base = pack.service(service).base_year
    start_with(YEAR, (str(base + scenario.years),))
    year = turned(pack, base, scenario)
    asked = request_now(pack, scenario)
    drawn = picture(pack, scenario, asked, named(service))
    say = drawn["say"]
    district = None if asked.area == COUNTY_CODE else asked.area
    return Room(
        title=f"{title}: {scenario.name}",
        sentence=say["lead"],
        status=status_mark(standing(pack, projection_basis(pack, scenario))),
        map=year_map(pack, drawn, year, district),
        side=year_lines(pack, scenario, asked.area, year, base),
        foot=(*say["notes"], drawn["charts"].get("lines", {}).get("caption", "")),
    )


def turned(pack: Pack, base: int, scenario: Scenario) -> int:
    """The year shown, after what the presenter turned."""
    year = year_shown(base, scenario)
    by = int(st.session_state.pop(TURN, 0))
    if not by:
        return year
    year = min(max(year + by, base), base + scenario.years)
    st.session_state[YEAR] = str(year)
    follow_link(pack)
    return year


def year_map(pack: Pack, drawn: Picture, year: int, district: str | None) -> RoomMap | None:
    """The districts in a year, in colours frozen from the base year; None where the outlines cannot be drawn."""
    try:
        outlines = pack_outlines(pack)
    except PackError:
        return None
    place, shown = drawn["years"].index(year), drawn["map"]
    used = set(shown["classes"][place])
    found: list[dict[str, Any]] = [one for number, one in enumerate(shown["palette"]) if SIGNS[number] in used]
    return RoomMap(
        paints=paints(drawn, year, district),
        outlines=outlines,
        title=f"Map: {shown['titles'][place]}",
        legend=legend(
            f"{shown['head']}, {financial_year(year)}", [(one["fill"], one["label"]) for one in found],
            "-" in used,
            changed=f"another class than in {financial_year(drawn['years'][0])}" if shown["changed"][place] else "",
        ),
        take=partial(choose, area_key(DISTRICT)),
    )  # fmt: skip


def year_lines(pack: Pack, scenario: Scenario, area: str, year: int, base: int) -> str:
    """What is needed and what there is, of the county or of the chosen district, through the years."""
    service = scenario.service
    frame = lines_of(pack, pack.key, scenario, area)
    years = [int(one) for one in frame["year"]]
    at = years.index(year)
    about = UNITS["hours"].about

    def line(name: str, column: str) -> Line:
        values = [float(one) for one in frame[column]]
        low, high = ([float(one) for one in frame[f"{column}_{end}"]] for end in ("low", "high"))
        return Line(name, NOT_KNOWN if is_missing(values[at]) else about(values[at]), values, low, high)

    found = [line(CALLED[needed_here(pack, service, area)], "demand"), line("Capacity", "capacity")]
    found = [one for one in found if not all(map(is_missing, one.values))]
    title = f"{lines_title(pack, service, area)}, hours a week"
    if not found:
        return ""
    every = [value for one in found for value in (*one.values, *one.low, *one.high) if not is_missing(value)]
    ends = min(every), max(every)
    known = status_mark(standing(pack, projection_basis(pack, scenario, *lines_show(pack, service, area))))
    labels = [financial_year(one) for one in years]
    return lines(f"{title}, {labels[at]}", known, labels, found, at, ends, (about(ends[0]), about(ends[1])), is_dark())
