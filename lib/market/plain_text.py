"""Text from data as it may stand in a line of a page or of HTML: nothing in it may hide, or act."""

from __future__ import annotations

import html
import re

# What cannot be seen and changes what is read: signs that turn the direction of writing or part words without a trace,
# and control characters. The joiners that emoji and some scripts need (U+200C, U+200D) stay.
INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
# Half a character, which no message to the browser can hold.
HALF = re.compile("[\ud800-\udfff]")


def plain(text: object) -> str:
    """Text in one line, without what cannot be seen."""
    seen = INVISIBLE.sub("", " ".join(str(text).split()))
    return HALF.sub("\ufffd", " ".join(seen.split()))


def escape_html(text: object) -> str:
    """Text that HTML shows as it stands, in an element or in an attribute."""
    return html.escape(plain(text), quote=True)
