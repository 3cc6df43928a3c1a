"""What Streamlit leaves out for those who use the keyboard, a screen reader, forced colours or a narrow page."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

ASSETS = Path(__file__).parent / "assets"
STYLE = ASSETS / "everyone.css"
# The key of the container that holds the menu: assets/landmarks.js makes a landmark of it.
MENU = "menu"

_marks = st.components.v2.component("care_market_landmarks", js=(ASSETS / "landmarks.js").read_text(encoding="utf-8"))


def mark_landmarks() -> None:
    """Bring the style for everyone, and the script that marks the menu; nobody sees either. Once a page."""
    st.html(STYLE)
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    words = {"pages": "Pages", "table": "Table, scrolls sideways"}
    _marks(key="landmarks", data={"base": f"/{base}" if base else "", **words}, width="content")
