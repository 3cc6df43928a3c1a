"""Text from data on its way to a page: nothing in it may act as Markdown or HTML."""

from __future__ import annotations

import html
import re

from lib.pack.manifest import Status

# Everything that Markdown, or Streamlit's own additions to it, could take for a command: links, pictures, badges
# (":red-badge[..]"), formulas ("$..$") and tags.
SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-!|<>$~:&])")

BADGES: dict[Status, str] = {
    "published": "blue",
    "derived": "blue",
    "supplied": "green",
    "modelled": "violet",
    "illustrative": "orange",
    "context": "gray",
}


def plain(text: object) -> str:
    """Text that Markdown shows as it stands."""
    return SPECIAL.sub(r"\\\1", " ".join(str(text).split()))


def escaped(text: object) -> str:
    """Text that HTML shows as it stands, in an element or in an attribute."""
    return html.escape(str(text), quote=True)


def tag(status: Status) -> str:
    """A status as a small tag, in Streamlit's Markdown."""
    return f":{BADGES[status]}-badge[{status}]"
