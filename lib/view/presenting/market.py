"""An indicator of a market as a room sees it: the sentence, the map, and the ranking or the chosen area's own story."""

from __future__ import annotations

import math

import streamlit as st

from lib.charts.kit.scale import legend_entries
from lib.charts.painting import Painting
from lib.market.basis import together
from lib.market.figure import as_of
from lib.market.indicators import indicator_label, indicator_status, indicators
from lib.market.selection import DISTRICT, Selection, is_single_lot, select
from lib.market.sentence import NOT_COMPARABLE, area_noun, comparison
from lib.market.status import county_known
from lib.market.wording import for_people, is_missing
from lib.pack.faults import PackError, SelectionError
from lib.pack.geography import pack_outlines
from lib.pack.load import Pack
from lib.view.link.parameters import area_key, parameters
from lib.view.link.session import chosen_view
from lib.view.market.area_story import COMPARED
from lib.view.market.figures import Market, market_figures, shown_figures
from lib.view.market.filters import Choice, shown_indicator
from lib.view.market.picture import area_paints, map_name, who_waits
from lib.view.presenting.blocks import Bar, bars, ends, legend, rows
from lib.view.presenting.room import Room, RoomMap
from lib.view.widgets.text import status_mark

# Of an area's story as many figures as a room reads at once: first the indicator that the map shows.
MOST_COMPARED = 7


def chosen_selection(pack: Pack, service: str) -> Selection:
    """What the link says of a service's types, cohorts and grouping; those that make no lot together count as all."""
    view, known = chosen_view(), parameters(pack)
    types, cohorts, by = (known[f"{one}_{service}"].chosen(view) for one in ("types", "cohorts", "by"))
    try:
        return select(pack, service, types, cohorts, by[0])
    except SelectionError:
        return select(pack, service, group_by=by[0])


def market_room(pack: Pack, service: str, title: str, indicator: str = "", said: tuple[str, str] | None = None) -> Room:
    """A market in a room. indicator: the one that is shown, where it is not the reader's own choice. said: another
    sentence and its status, of a page that has one of its own.
    """
    selection = chosen_selection(pack, service)
    if indicator:
        selection = select(pack, service)
    one = indicators(pack)[indicator] if indicator else shown_indicator(pack)
    area = chosen_area(pack, selection)
    choice = Choice(selection, one, area)
    market = market_figures(pack, pack.key, selection)
    painting, sentence = shown_figures(pack, pack.key, selection, one.id)
    lead, status = said or (sentence, status_mark(painting.status))
    return Room(
        title=title,
        sentence=lead,
        status=status,
        beneath="" if said else who_waits(pack, choice, market, painting),
        map=market_map(pack, choice, market, painting),
        side=story(pack, choice, market) if area else ranking(pack, choice, market, painting),
        foot=(f"{painting.title}. Data to {as_of(pack, service)}.",),
    )


def chosen_area(pack: Pack, selection: Selection) -> str | None:
    """The area that is chosen, if it is one of the grouping."""
    key = area_key(selection.group_by)
    return next(iter(parameters(pack)[key].chosen(chosen_view())), None)


def market_map(pack: Pack, choice: Choice, market: Market, painting: Painting) -> RoomMap | None:
    """The map of an indicator; None where its outlines cannot be drawn: the ranking has the same figures."""
    try:
        outlines = pack_outlines(pack)
    except PackError:
        return None
    key = area_key(choice.selection.group_by)
    return RoomMap(
        paints=area_paints(pack, choice, market, painting),
        outlines=outlines,
        title=map_name(painting),
        legend=legend(
            painting.scale.title,
            [entry for entry in legend_entries(painting.scale) if entry[0] in set(painting.rows["colour"])],
            bool((painting.rows["colour"] == "").any()),
        ),
        take=lambda code: choose(key, painting.area_of.get(code, "")),
    )


def choose(key: str, code: str) -> None:
    """Choose an area; a second time, none, so that the ranking is there again."""
    if code:
        st.session_state[key] = None if st.session_state.get(key) == code else code


def ranking(pack: Pack, choice: Choice, market: Market, painting: Painting) -> str:
    """The areas' bars, the one that needs attention first, and the county's figure as a line over them."""
    one, frame = choice.indicator, painting.rows
    values = [float(value) for value in frame["value"]]
    county = float(market.county[one.id]) if one.comparable else math.nan
    places = ends([*values, county], painting.start)
    found = [
        Bar(name, text, end, colour or "#d4d6d7", code == choice.area_code)
        for name, text, end, colour, code in zip(
            frame["area_name"], frame["shown"], places, frame["colour"], frame["area_code"], strict=False
        )
    ]
    mark = None
    if not is_missing(county):
        known = county_known(pack, choice.selection.county(), one.id).status
        mark = (f"{pack.manifest.area} {for_people(county, one.unit, known)}", places[-2])
    return bars(painting.axis_title, status_mark(painting.status), found, places[-1], mark)


def story(pack: Pack, choice: Choice, market: Market) -> str:
    """The chosen area's figures beside the county's."""
    known, selection, code = indicators(pack), choice.selection, str(choice.area_code)
    names = dict(zip(market.areas["area_code"], market.areas["area_name"], strict=True))
    codes = list(dict.fromkeys([choice.indicator.id, *COMPARED]))[:MOST_COMPARED]
    found = comparison(pack, selection, market.areas, market.county, code, [known[one] for one in codes])
    single = is_single_lot(pack, selection)
    lines = [
        (indicator_label(known[one], single), area, "–" if county == NOT_COMPARABLE else county)
        for one, area, county in zip(found["indicator"], found["area"], found["county"], strict=True)
    ]
    place = str(found["place"].iloc[0])
    one, _ = area_noun(pack, selection.group_by)
    title = names.get(code, one if selection.group_by == DISTRICT else code)
    head = f"{title}: {place}" if place else title
    status = status_mark(together(indicator_status(pack, known[one]) for one in codes))
    return rows(head, status, ("", title, pack.manifest.area), lines, lead=True)
