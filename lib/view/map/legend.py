"""The map's legend: a swatch and words for every class, in the order of the scale."""

from __future__ import annotations

import streamlit as st

from lib.charts.kit.scale import Scale, legend_entries
from lib.view.widgets.text import escape_html

SWATCH = "display:inline-block;width:1.4em;height:1em;margin-right:.4em;border:1px solid #6f777b;vertical-align:-.1em;"
HATCH = "background:repeating-linear-gradient(45deg,#d4d6d7,#d4d6d7 3px,#70777b 3px,#70777b 4px)"


def legend(scale: Scale, some_missing: bool, missing: str = "not known or not applicable") -> None:
    """Draw the legend; the hatched class stands in it only where an area has no figure. missing: its words."""
    entries = [(f"background:{escape_html(colour)}", label) for colour, label in legend_entries(scale)]
    if some_missing:
        entries.append((HATCH, missing))
    items = "".join(
        f'<li style="margin:0 1.1em .2em 0"><span style="{SWATCH}{style}"></span>{escape_html(label)}</li>'
        for style, label in entries
    )
    st.html(
        f'<p style="margin:0 0 .2em;font-size:.875rem">{escape_html(scale.title)}</p>'
        '<ul style="display:flex;flex-wrap:wrap;list-style:none;margin:0;padding:0;font-size:.875rem">'
        f"{items}</ul>"
    )
