"""The provider's view as a room of providers sees it: of a publication alone, as the page is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from lib.charts.kit import palette
from lib.charts.kit.scale import Scale, legend_entries, sequential
from lib.market.indicator import in_words
from lib.market.selection import COUNTY, DISTRICT
from lib.pack.faults import PackError
from lib.pack.geography import read_outlines
from lib.publish.cells import ALL
from lib.publish.parts import shown
from lib.publish.publication import Publication
from lib.publish.service_pages import RATES, is_number
from lib.view.link.showing import showing
from lib.view.market_audience.choices import Asked, area_key, asked_now, take_district
from lib.view.market_audience.link import SERVICE_KEY, write_link
from lib.view.market_audience.need import UNITS, answer, in_order
from lib.view.market_audience.need_map import map_paints, mapped
from lib.view.market_audience.parts import NO_FIGURES
from lib.view.market_audience.shown import C_MEANS, WITHOUT_FIGURE, View, number, one_of
from lib.view.market_audience.tables import badge_colour
from lib.view.market_audience.view import edition_words
from lib.view.presenting.blocks import Bar, bars, ends, legend, rows
from lib.view.presenting.room import Room, RoomMap, draw_room
from lib.view.presenting.steps import Steps
from lib.view.widgets.text import escape_html

NOT_OF_THE_MARKET = "Running orders are the council's own: this is what the council publishes."


@st.fragment
def present_publication(publication: Publication) -> None:
    """The publication in a room. A fragment: a click on the map draws this and nothing else."""
    now = showing()
    if not now.presenting:
        st.rerun()
    view = View(publication, service_now(publication))
    write_link(view, asked_now(view))
    room = shared_room(view)
    fault = NOT_OF_THE_MARKET if now.order else ""
    draw_room(room, Steps(fault=fault, turn=partial(turn_service, publication)))


def service_now(publication: Publication) -> str:
    """The service that is looked at; the first until somebody turns to another."""
    known = list(publication.about.services)
    code = st.session_state.get(SERVICE_KEY)
    return str(code) if code in known else known[0]


def turn_service(publication: Publication, by: int) -> None:
    """Go on to the next service, or back: there is no other page."""
    known = list(publication.about.services)
    place = known.index(service_now(publication)) + by
    st.session_state[SERVICE_KEY] = known[min(max(place, 0), len(known) - 1)]


def shared_room(view: View) -> Room:
    """What of a service the market may see, in a room."""
    about, asked = view.publication.about, asked_now(view)
    foot = [about.demonstration, edition_words(view.publication, view.service)]
    title = f"{about.title}: {view.label}"
    found = one_of(view.rows("demand"), **asked.lot) if len(view.rows("demand")) else pd.DataFrame()
    if found.empty:
        return Room(title=title, sentence=NO_FIGURES, foot=foot)
    districts = one_of(found, area_kind=DISTRICT)
    measure, rates = mapped(view, districts)
    scale = sequential(map(number, rates.values()), palette.DEMAND, lambda value: f"{value:,.1f}", RATES[measure])
    drawn = shared_map(view, asked, districts, measure, rates, scale)
    foot += [about.outlines_credit] if drawn else []
    return Room(
        title=title,
        sentence=answer(view, asked, found),
        status=mark(view.status("demand", ["demand_hours"])),
        map=drawn,
        side=ranking(view, districts, measure, rates, scale) if asked.area == ALL else story(view, asked, found),
        foot=[*foot, C_MEANS],
    )


def mark(status: str) -> str:
    """How a figure is known, as a small tag."""
    return f'<span class="status status-{badge_colour(status)}">{escape_html(status)}</span>' if status else ""


def shared_map(
    view: View, asked: Asked, districts: pd.DataFrame, measure: str, rates: dict[str, Any], scale: Scale
) -> RoomMap | None:
    """The map of a rate; None where its outlines cannot be drawn."""
    try:
        outlines = read_outlines(view.publication.outlines)
    except PackError:
        return None
    paints = map_paints(view, asked, districts, measure, rates, scale)
    used = {paint.fill for paint in paints.values() if not paint.hatched}
    entries = [entry for entry in legend_entries(scale) if entry[0] in used]
    hatched = any(paint.hatched for paint in paints.values())
    return RoomMap(
        paints=paints,
        outlines=outlines,
        title=RATES[measure],
        legend=legend(f"{in_words(RATES[measure])[:1].upper()}{in_words(RATES[measure])[1:]}", entries, hatched,
                      WITHOUT_FIGURE),
        take=partial(take_district, area_key(view)),
    )  # fmt: skip


def ranking(view: View, districts: pd.DataFrame, measure: str, rates: dict[str, Any], scale: Scale) -> str:
    """The districts by what is needed, the most first; one without a figure says c in place of its bar."""
    ordered = in_order(districts, measure)
    values = [number(value) for value in ordered[measure]]
    unit = UNITS[measure] or view.publication.about.services[view.service].people
    found = [
        Bar(str(name), shown(value), end, scale.colour(number(rates[code])) or palette.MISSING)
        for name, code, value, end in zip(
            ordered["area_name"], ordered["area_code"], ordered[measure], ends(values), strict=False
        )
    ]
    return bars(f"{unit[:1].upper()}{unit[1:]}, by district", mark(view.status("demand", [measure])), found)


def story(view: View, asked: Asked, found: pd.DataFrame) -> str:
    """The district that is looked at beside the whole area."""
    people = view.publication.about.services[view.service].people
    measures = {
        "demand_hours": "Hours needed a week",
        "people": f"{people[:1].upper()}{people[1:]}",
        "open_requests": "Open requests",
        "waiting_hours": "Hours a week that wait",
    }
    district, whole = (one_of(found, **codes) for codes in ({"area_code": asked.area}, {"area_kind": COUNTY}))
    name = str(district["area_name"].iloc[0])
    lines: list[Sequence[str]] = [
        (words, *(said(frame, code) for frame in (district, whole))) for code, words in measures.items()
    ]
    heads = ("", name, view.publication.about.area)
    return rows(name, mark(view.status("demand", list(measures))), heads, lines, lead=True)


def said(frame: pd.DataFrame, code: str) -> str:
    """A figure of the one row of a frame as it is read; "–" where the publication has none."""
    if frame.empty or code not in frame:
        return "–"
    value = frame[code].iloc[0]
    return f"{value:,.0f}" if is_number(value) else shown(value)
