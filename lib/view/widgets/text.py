"""Text from data on its way to a page: nothing in it may act as Markdown or HTML."""

from __future__ import annotations

import re

from lib.market.basis import Standing
from lib.market.plain_text import escape_html as escape_html
from lib.market.plain_text import plain as plain

# Two kinds of sign. Those of the first group act although they are escaped: web and e-mail addresses, ":icons:" and
# arrows are looked for when the backslashes are gone, in each stretch of plain text by itself. So the sign that makes
# one stands in an element of its own that looks like nothing: colons before a word or a stroke, the full stop of
# "www.", every "@", and the second sign of "->", "--", ">=" and their like.
# The others are all that Markdown, or Streamlit's own additions to it, could take for a command: links, pictures,
# badges (":red-badge[..]"), formulas ("$..$"), headings, tags, tables; and a number with a full stop would be a list.
SPECIAL = re.compile(
    r"(?P<split>:++(?=[\w+\-/]|$)|@+|(?<=www)\.|(?<=[-<>~])[-=>])"
    r"|[\\`*_{}\[\]()#+\-!|<>$~:&=]|^(?P<number>[0-9]{1,9})\.",
    re.IGNORECASE,
)

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
    """Text that Markdown shows as it stands, in one line."""
    return SPECIAL.sub(escaped, plain(text))


def escaped(sign: re.Match[str]) -> str:
    """What Markdown shows as the sign, or the sign with a number before it."""
    if sign["split"]:
        return f":color[{sign['split']}]"
    return f"{sign['number']}\\." if sign["number"] else f"\\{sign[0]}"


def quotation(words: str, verbatim: bool) -> str:
    """Words of somebody else: in quotation marks only where they are known to stand so, to the letter."""
    return f"“{escape_markdown(words)}”" if verbatim else escape_markdown(words)


def badge_colour(standing: Standing) -> str:
    """The colour of a tag: that of its status, and none in particular where there is no figure yet."""
    return "gray" if standing.waits else BADGES[standing.status]


def status_badge(standing: Standing) -> str:
    """How a figure is known as a small tag, in Streamlit's Markdown, in the colour of its weakest input."""
    return f":{badge_colour(standing)}-badge[{escape_markdown(standing)}]"


def status_mark(standing: Standing) -> str:
    """How a figure is known as a small tag, in HTML of our own: see assets/screen.css for its colours."""
    return f'<span class="status status-{badge_colour(standing)}">{escape_html(standing)}</span>'


def meaning_badge(word: str) -> str:
    """A status by itself, as the explanation of the statuses shows it."""
    return f":{BADGES[word]}-badge[{word}]"
