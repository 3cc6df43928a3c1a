"""A button that copies the address of what is shown."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

ASSETS = Path(__file__).parent / "assets"
WORDS = {
    "label": "Copy link",
    "copied": "Link copied",
    "select": "Press Ctrl+C to copy the link",
    "box": "Link to what is shown",
}

_button = st.components.v2.component(
    "care_market_copy_link",
    html='<button type="button"></button><input type="text" readonly hidden><span role="status"></span>',
    css=(ASSETS / "copy_link.css").read_text(encoding="utf-8"),
    js=(ASSETS / "copy_link.js").read_text(encoding="utf-8"),
)


def copy_link() -> None:
    """Draw the button. Once a page, outside every fragment: it asks the browser for the address when it is pressed."""
    _button(key="copy_link", data=WORDS, width="content")
