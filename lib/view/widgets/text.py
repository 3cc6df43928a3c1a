"""Text from data on its way to a page: nothing in it may act as Markdown or HTML."""

from __future__ import annotations

import html
import re

from lib.market.basis import Standing

# Everything that Markdown, or Streamlit's own additions to it, could take for a command: links, pictures, badges
# (":red-badge[..]"), formulas ("$..$") and tags.
SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-!|<>$~:&])")

# What a narrow tile has room for in the size of a figure: £160.5m, 128,000.
MOST_LETTERS = 10

BADGES: dict[str, str] = {
    "published": "blue",
    "derived": "blue",
    "supplied": "green",
    "modelled": "violet",
    "illustrative": "orange",
    "context": "gray",
    "projected": "gray",
}


def escape_markdown(text: object) -> str:
    """Text that Markdown shows as it stands."""
    return SPECIAL.sub(r"\\\1", " ".join(str(text).split()))


def escape_html(text: object) -> str:
    """Text that HTML shows as it stands, in an element or in an attribute."""
    return html.escape(str(text), quote=True)


def status_badge(standing: Standing) -> str:
    """How a figure is known as a small tag, in Streamlit's Markdown, in the colour of its weakest input."""
    return f":{BADGES[standing.status]}-badge[{escape_markdown(standing)}]"


def meaning_badge(word: str) -> str:
    """A status by itself, as the explanation of the statuses shows it."""
    return f":{BADGES[word]}-badge[{word}]"


def tile_figure(text: str) -> str:
    """A figure for a tile, where words in the size of figures would be cut short: "not applicable" stands smaller."""
    return f":small[{escape_markdown(text)}]" if len(text) > MOST_LETTERS else escape_markdown(text)
