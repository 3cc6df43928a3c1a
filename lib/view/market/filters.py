"""The filters of a market page. Each lives in the link and stays when the page changes."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.market.indicators import Indicator, mapped_indicators
from lib.market.selection import Selection, cohorts_of, select, service_types_of
from lib.market.sentence import area_noun
from lib.pack.faults import SelectionError
from lib.pack.load import Pack
from lib.view.link.parameters import INDICATOR, SERVICE, area_key, parameters
from lib.view.widgets.switch import switch
from lib.view.widgets.text import escape_markdown


@dataclass(frozen=True)
class Choice:
    """What the reader chose: a selection, an indicator, and an area of the selection or None."""

    selection: Selection
    indicator: Indicator
    area_code: str | None


def choose_service(pack: Pack) -> str:
    """The service switch of the overview."""
    return switch("Service", parameters(pack)[SERVICE].labels, key=SERVICE)


def shown_indicator(pack: Pack) -> Indicator:
    """The indicator that the map and the ranking show."""
    known, start = mapped_indicators(pack), parameters(pack)[INDICATOR].start
    code = st.session_state.get(INDICATOR)
    return known[code if isinstance(code, str) and code in known else start[0]]


def choose_some(pack: Pack, label: str, everything: str, key: str) -> list[str]:
    """Some codes of a parameter: none chosen means all."""
    names = parameters(pack)[key].labels
    return st.multiselect(
        label,
        list(names),
        format_func=lambda code: names[code],
        placeholder=everything,
        key=key,
    )


def choose_grouping(pack: Pack, service: str) -> str:
    """District by district, or by one of the pack's groupings."""
    key = f"by_{service}"
    labels = parameters(pack)[key].labels
    return str(st.selectbox("Group by", list(labels), format_func=lambda code: labels[code], key=key))


def choose_area(pack: Pack, group_by: str, nothing: str = "") -> str | None:
    """One area, or none: the same choice as a click on the map or on a bar. nothing: what stands for none."""
    names = parameters(pack)[area_key(group_by)].labels
    one, _ = area_noun(pack, group_by)
    return st.selectbox(
        escape_markdown(one.capitalize()),
        list(names),
        index=None,
        format_func=lambda code: names[code],
        placeholder=nothing or f"Choose a {one}",
        key=area_key(group_by),
    )


def filters(pack: Pack, service: str) -> tuple[Choice, DeltaGenerator]:
    """The filters in one row that wraps, each named before what is chosen: what to show, of what, by which areas.

    Gives back what is chosen, and the place at the start of the row for the choice of what to show: it is drawn with
    what follows from the others.

    Where a service has one type or one cohort there is nothing to choose, and no box. Types and cohorts that make no
    lot together are said, and left aside.
    """
    types, cohorts = service_types_of(pack, service), cohorts_of(pack, service)
    chosen_types: list[str] = []
    chosen_cohorts: list[str] = []
    with st.container(horizontal=True, gap="small", key="market_filters"):
        show = st.container(key="market_show")
        if len(types) > 1:
            chosen_types = choose_some(pack, "Types", "All service types", f"types_{service}")
        if len(cohorts) > 1:
            chosen_cohorts = choose_some(pack, "Cohorts", "All cohorts", f"cohorts_{service}")
        group_by = choose_grouping(pack, service)
        area_code = choose_area(pack, group_by)
    try:
        selection = select(pack, service, chosen_types, chosen_cohorts, group_by)
    except SelectionError as error:
        st.warning(f"{escape_markdown(error)}. All are shown.")
        selection = select(pack, service, group_by=group_by)
    return Choice(selection, shown_indicator(pack), area_code), show
