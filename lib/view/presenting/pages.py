"""Which room each page has, and what stands in every one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.market.awaited import not_given
from lib.market.not_given import not_given_sentence
from lib.market.wording import counted
from lib.pack.completeness import completeness
from lib.pack.load import Pack
from lib.view.link.parameters import DATA, ENGAGEMENT, PROVIDERS, WHAT_IF
from lib.view.link.session import chosen_service, follow_link
from lib.view.link.showing import showing
from lib.view.page_pack import pack_fragment
from lib.view.presenting.as_market import is_as_market, market_preview_room
from lib.view.presenting.data import data_room
from lib.view.presenting.engagement import engagement_room
from lib.view.presenting.market import market_room
from lib.view.presenting.providers import providers_room
from lib.view.presenting.room import Room, draw_room
from lib.view.presenting.steps import Steps, steps_of
from lib.view.presenting.what_if import what_if_room
from lib.view.shell import tab_title, totals_off

ROOMS: dict[str, Callable[[Pack, str], Room]] = {
    PROVIDERS: providers_room,
    WHAT_IF: what_if_room,
    ENGAGEMENT: engagement_room,
    DATA: data_room,
}


@pack_fragment
def present_page(pack: Pack, page: str, own: str) -> None:
    """The page in a room. A fragment: a click draws this and nothing else. own: the service that the page is of."""
    if not showing().presenting:
        st.rerun()  # it was ended by a key, and the page is all that this fragment is not
    run = get_script_run_ctx()
    if run is not None and run.fragment_ids_this_run:
        follow_link(pack)
    steps = steps_of(pack, page, own)
    room = room_of(pack, page, own, steps)
    room = room if is_as_market() else with_lines(pack, room)
    tab_title(steps.title or room.title)
    draw_room(room, steps)


def room_of(pack: Pack, page: str, own: str, steps: Steps) -> Room:
    """What the page shows in a room; where it cannot show that, why, as the sentence of an empty one."""
    if not steps.shown:
        return Room(title=pack.manifest.area, sentence=steps.fault)
    if is_as_market():
        return market_preview_room(pack, own or chosen_service(pack))
    if page in ROOMS:
        return ROOMS[page](pack, chosen_service(pack))
    needed = not_given_sentence(pack, ("demand",))
    service = own or chosen_service(pack)
    label, area = pack.service(service).label, pack.manifest.area
    title = f"{label}: {area}" if own else f"{area} at a glance: {label}"
    return (
        Room(title=title, sentence=needed)
        if needed and not pack.given("capacity")
        else market_room(pack, service, title)
    )


def with_lines(pack: Pack, room: Room) -> Room:
    """The room with what every page says: the demonstration line, the credit of the outlines, and what is wrong."""
    first = [pack.manifest.demonstration] if pack.is_demonstration else []
    credit = [pack.manifest.resource("districts_geography").credit] if room.map else []
    count, _ = totals_off(pack, pack.key)
    missing = completeness(pack).rows
    waits = not_given(pack)
    alarms = [
        f"{count} {'total does' if count == 1 else 'totals do'} not agree with what was published: do not rely on the "
        "figures."
        if count
        else "",
        f"At least {counted(missing, 'row')} {'is' if missing == 1 else 'are'} missing from this pack."
        if missing
        else "",
        f"{counted(len(waits), 'table')} {'is' if len(waits) == 1 else 'are'} still to be given." if waits else "",
    ]
    return replace(room, foot=[*first, *room.foot, *credit], alarms=[*filter(None, alarms), *room.alarms])
