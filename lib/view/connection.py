"""When the connection goes: a line that says so, controls that are off, and a page that catches up on return."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

LOST = "No connection to the dashboard: what you see may be out of date. Controls work again when it is back."

_watch = st.components.v2.component(
    "care_market_connection", js=(Path(__file__).parent / "assets" / "connection.js").read_text(encoding="utf-8")
)


def caught_up() -> None:
    """The connection is back: the run of the page that follows is all that it takes."""


def watch_connection() -> None:
    """Draw the watch, which nobody sees. Once a page, outside every fragment: on return it runs the whole page."""
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    health = f"{'/' if base else ''}{base}/_stcore/health"
    _watch(key="connection", data={"words": LOST, "health": health}, width="content", on_returned_change=caught_up)
