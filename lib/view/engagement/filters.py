"""The filters of the demand board: in one row and in the link, shared with the market pages where they are the same."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from lib.market.board import Wanted
from lib.market.selection import DISTRICT, cohorts_of, select, service_types_of
from lib.pack.faults import SelectionError
from lib.pack.load import Pack
from lib.view.link.parameters import DAYS_WAITED, REQUEST_HOURS, WARD, area_key, parameters
from lib.view.market.filters import choose_area, choose_some
from lib.view.widgets.text import escape_markdown


def choose_wanted(pack: Pack, service: str) -> Wanted:
    """What is looked at, as the reader chose it."""
    types: list[str] = []
    cohorts: list[str] = []
    with st.container(horizontal=True, gap="small", key="market_filters"):
        if len(service_types_of(pack, service)) > 1:
            types = choose_some(pack, "Types", "All", f"types_{service}")
        if len(cohorts_of(pack, service)) > 1:
            cohorts = choose_some(pack, "Cohorts", "All", f"cohorts_{service}")
        district = choose_area(pack, DISTRICT, nothing="All") or ""
        ward = choose_ward(pack, district)
        waited = choose_one(pack, "Waited", DAYS_WAITED)
        size = choose_one(pack, "Size", REQUEST_HOURS)
    try:
        selection = select(pack, service, types, cohorts)
    except SelectionError as error:
        st.warning(f"{escape_markdown(error)}. All are shown.")
        selection = select(pack, service)
    return Wanted(selection, district, ward, waited, size)


def choose_one(pack: Pack, label: str, key: str) -> str:
    """One code of a parameter of which one always holds."""
    labels = parameters(pack)[key].labels
    return str(st.selectbox(label, list(labels), format_func=lambda code: labels[code], key=key))


def choose_ward(pack: Pack, district: str) -> str:
    """One ward of a district, or of all of them where district is ""; "" for all."""
    names: Mapping[str, str] = parameters(pack)[WARD].labels
    rows = pack.table("wards")
    inside = set(rows.loc[rows["district_code"] == district, "ward_code"]) if district else set(names)
    known = [code for code in names if code in inside]
    if st.session_state.get(WARD) not in known:  # chosen with another district
        st.session_state[WARD] = None
    chosen = st.selectbox("Ward", known, index=None, format_func=lambda code: names[code], placeholder="All", key=WARD)
    return str(chosen or "")


def choose_on_map(code: str | None) -> None:
    """Take a click on the map as the choice of a district."""
    if code:
        st.session_state[area_key(DISTRICT)] = code
