"""The button that presents a page, and the keys of a presented one: components without a frame."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from lib.view.link.showing import Showing, show

ASSETS = Path(__file__).parent / "assets"
END = "End presenting"

_button = st.components.v2.component(
    "care_market_present",
    html='<button type="button"></button>',
    css=(ASSETS / "present.css").read_text(encoding="utf-8"),
    js=(ASSETS / "present.js").read_text(encoding="utf-8"),
)
_keys = st.components.v2.component(
    "care_market_room_keys",
    html='<button type="button"></button>',
    css=(ASSETS / "keys.css").read_text(encoding="utf-8"),
    js=(ASSETS / "keys.js").read_text(encoding="utf-8"),
)


def present_button() -> None:
    """The button. Once a page, outside every fragment: the whole page becomes another."""
    _button(key="present", data={"label": "Present"}, on_present_change=begin, width="content")


def begin() -> None:
    """Present the page as it is."""
    show(Showing(True))


def listen(view: str, turn_page: Callable[[int], None] | None = None) -> None:
    """Let the keys of a clicker do what they do: see assets/keys.js. view: what tells this view from the one before.

    turn_page: called with 1 or -1 where the clicker goes on and there is no link to press.
    """

    def turned() -> None:
        by = st.session_state["room_keys"].get("step")
        if by in (-1, 1) and turn_page is not None:
            turn_page(by)

    _keys(
        key="room_keys", data={"label": END, "view": view}, on_end_change=end, on_year_change=turn,
        on_step_change=turned,
    )  # fmt: skip


def end() -> None:
    """Show the page as it is."""
    show(Showing())


TURN = "room_turn"  # in the session: by how many years the presenter turns


def turn() -> None:
    """Keep by how many years the presenter turned, for the page that has years."""
    moved = st.session_state["room_keys"].get("year")
    if moved in (-1, 1):
        st.session_state[TURN] = moved
