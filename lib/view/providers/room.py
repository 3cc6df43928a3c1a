"""Who else has room: every lot of the chosen district and of its neighbours in one table."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from lib.market.about import Heads, about
from lib.market.ranked_lists.call_off import Lot, has_gate
from lib.market.ranked_lists.room import OWN, bordering_on, kinds_words, room, room_sentence
from lib.market.ranked_lists.wording import kind_words, provider_labels
from lib.market.selection import Selection, select
from lib.market.wording import NOT_KNOWN, listed
from lib.pack.load import Pack
from lib.view.link.parameters import ROOM, ROOM_IN
from lib.view.market.figures import State
from lib.view.providers.figures import room_of
from lib.view.widgets.chart_downloads import offer_csv
from lib.view.widgets.switch import switch
from lib.view.widgets.table import draw_table
from lib.view.widgets.text import escape_markdown, status_badge

MOST_SHOWN = 200
HEADS: Heads = {
    "provider": "Provider",
    "district_name": "District",
    "lies_words": "Lies",
    "lot": "Lot",
    "place": "Route and rank",
    "headroom_hours": ("Headroom", "hours"),
    "hourly_rate": ("£ an hour", "pounds_per_hour"),
    "overall_words": "Overall",
    "gate": "Gate",
}
GATE = {True: "passes", False: "fails"}


def draw_room(pack: Pack, state: State, lot: Lot) -> None:
    """The answer in words, the switch of which lots, the table and its file."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        place = st.container()
        asked = switch("Lots", choices(pack, lot), key=ROOM)
    selection = select_in(pack, lot, asked)
    types, cohorts = selection.service_types, selection.cohorts
    rows = room_of(pack, state, lot.service, lot.district_code, types, cohorts)
    words = room_sentence(pack, selection, lot.district_code, rows)
    district = pack.district_names()[lot.district_code]
    told = about(pack, f"Who has room: {kinds_words(pack, selection)}, {district} and its neighbours", room,
                 service=lot.service)  # fmt: skip
    place.subheader(f"Who else has room? {status_badge(told.status)}", anchor=False)
    st.markdown(f"**{escape_markdown(words)}**")
    near = [pack.district_names()[code] for code in bordering_on(pack, lot.district_code) or ()]
    borders = f"Neighbours of {district}: {listed(near)}. " if near else ""
    st.caption(escape_markdown(f"{borders}The same staff may stand in several lots: their room is not there twice."))
    if rows.empty:
        return
    # Off a framework there is no gate to pass.
    heads = {name: head for name, head in HEADS.items() if name != "gate" or has_gate(pack, lot.service)}
    draw_table(for_people(pack, rows.head(MOST_SHOWN)), heads, height="content" if len(rows) <= 12 else 460,
               empty=NOT_KNOWN)  # fmt: skip
    if len(rows) > MOST_SHOWN:
        st.caption(f"The first {MOST_SHOWN} of {len(rows):,} rows; the file has every one.")
    offer_csv(told, "Who has room (CSV)", lambda: rows, f"room_{'_'.join(lot[1:])}_{asked}.csv")


def choices(pack: Pack, lot: Lot) -> dict[str, str]:
    """Which lots may be asked for: those of ROOM_IN that are not the same in this service."""
    found = {code: select_in(pack, lot, code) for code in ROOM_IN}
    seen = list(found.values())
    return {code: ROOM_IN[code] for place, (code, one) in enumerate(found.items()) if one not in seen[:place]}


def select_in(pack: Pack, lot: Lot, code: str) -> Selection:
    """The lots of a choice of ROOM_IN, whatever the district."""
    types = [] if code == "all" else [lot.service_type]
    return select(pack, lot.service, types, [lot.cohort] if code == "lot" else [])


def for_people(pack: Pack, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of `lib.market.ranked_lists.room.room` with what people read of codes; figures stay figures."""
    names, routes = provider_labels(pack), pack.manifest.routes

    def place(route: Any, rank: Any) -> str:
        if route not in routes:
            return NOT_KNOWN
        label = pack.label("routes", str(route))
        return label if pd.isna(rank) else f"{label}, rank {rank}"

    return rows.assign(
        provider=[names.get(code, NOT_KNOWN) for code in rows["provider_id"]],
        lies_words=["this district" if lies == OWN else "neighbour" for lies in rows["lies"]],
        lot=[
            kind_words(pack, Lot("", "", kind, cohort))
            for kind, cohort in zip(rows["service_type"], rows["cohort"], strict=True)
        ],
        place=[place(*pair) for pair in zip(rows["route"], rows["rank"], strict=True)],
        overall_words=rows["overall"].fillna(NOT_KNOWN),
        gate=[GATE.get(passes, NOT_KNOWN) for passes in rows["passes_gate"]],
    )
