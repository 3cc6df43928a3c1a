"""Whether a page is presented, and at which view of which running order: as the link says it and the session keeps it.

A link opens in presenting with `present=true`; a running order by its id alone, `order=…`, or at one of its views with
`view=3`. Ending it leaves the rest of the link as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.market.link import plain_pairs

PRESENT, ORDER, PLACE = "present", "order", "view"
YES = ("true", "yes", "1", "on")
# In the session: what holds, what the address said last, and whether the run that goes on has come to another view.
SHOWING, SAID, ARRIVED = "showing", "showing_said", "showing_arrived"
LONGEST_ID, MOST_DIGITS = 80, 4


@dataclass(frozen=True)
class Showing:
    """presenting: without menu and controls. order: the id of a running order, "" for none; place: its view, from 1."""

    presenting: bool = False
    order: str = ""
    place: int = 0

    def query(self) -> dict[str, list[str]]:
        """The same as a part of a link; nothing where nothing is presented."""
        if not self.presenting:
            return {}
        of_order = {ORDER: [self.order], PLACE: [str(self.place)]} if self.order else {}
        return {PRESENT: ["true"], **of_order}


def asked() -> Showing:
    """What the address says, read forgivingly: what is no place of an order is its first view."""
    pairs = plain_pairs([(name, value) for name in st.query_params for value in st.query_params.get_all(name)])
    said = {name.casefold(): value.strip() for name, value in pairs}
    order = said.get(ORDER, "")[:LONGEST_ID]
    digits = said.get(PLACE, "")[:MOST_DIGITS]
    place = int(digits) if order and digits.isascii() and digits.isdecimal() else 0
    return Showing(bool(order) or said.get(PRESENT, "").casefold() in YES, order, place)


def take_showing() -> Showing:
    """At the start of a page: take what the address says where that is news, and return what holds."""
    said = asked()
    news = said != st.session_state.get(SAID)
    if news:
        st.session_state[SHOWING] = said
    st.session_state[SAID] = said
    st.session_state[ARRIVED] = news
    return showing()


def showing() -> Showing:
    """What holds in this session."""
    found: Showing = st.session_state.get(SHOWING, Showing())
    return found


def has_arrived() -> bool:
    """Whether this run has come to another view of a running order, whose link says all of it."""
    return bool(st.session_state.get(ARRIVED)) and bool(showing().order)


def let_go_of_widgets() -> None:
    """At the end of a presented run: let go of the widgets that it did not draw, as a run to a page's end does.

    `st.stop` alone keeps what they held, the browser forgets it, and those that come back would not be told.
    """
    run = get_script_run_ctx()
    if run is not None:
        run.session_state.on_script_finished(run.shared.widget_ids_this_run.snapshot())


def show(now: Showing) -> None:
    """Present, or end it: the address follows in the run that comes."""
    st.session_state[SHOWING] = now


def written(now: Showing) -> None:
    """The address says so now."""
    st.session_state[SAID] = now


def is_said(now: Showing) -> bool:
    """Whether the address says so already."""
    return bool(st.session_state.get(SAID, Showing()) == now)
