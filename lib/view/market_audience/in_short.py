"""What a provider asks next, in a line beneath the sentence: what is to grow, how to join, whom to ask."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from lib.market.indicator import in_words
from lib.market.wording import counted, listed
from lib.publish.cells import ALL, is_hidden
from lib.publish.publication import NOT_GIVEN
from lib.publish.wanted import BANDS
from lib.view.market_audience.choices import Asked
from lib.view.market_audience.shown import View, one_of
from lib.view.widgets.text import escape_html

# From the most wanted on; the first of the bands is that enough is there.
MORE = tuple(words for _, words in reversed(BANDS[1:]))
MOST_NAMES = 3  # districts that are named
MOST_LETTERS = 90  # of what the council has said, which stands whole in its tab
IN_FULL = "… (in full below)"


def in_short(view: View, asked: Asked) -> str:
    """The line, as HTML."""
    about = view.publication.about
    parts = (
        ("The council wants to see grow", growth(view, asked)),
        ("How to join", first_words(about.how_to_join or NOT_GIVEN)),
        ("Whom to ask", first_words(about.contact or NOT_GIVEN)),
    )
    said = " ".join(f"<span><strong>{head}:</strong> {escape_html(words)}</span>" for head, words in parts)
    return f'<p class="market-short">{said}</p>'


def growth(view: View, asked: Asked) -> str:
    """What is wanted most, by service type and district, of what may be shown; of the district that is looked at."""
    rows = one_of(view.rows("wanted"))
    if rows.empty:
        return "not published."
    rows = rows if asked.area == ALL else one_of(rows, area_code=asked.area)
    rows = rows if asked.service_type == ALL else one_of(rows, service_type=asked.service_type)
    of_types = rows[rows["service_type"] != ALL]
    rows = of_types if len(of_types) else rows  # all of them together only where none is shown by itself
    wanted = rows[rows["wanted"].isin(MORE)]
    most = next((word for word in MORE if word in set(wanted["wanted"])), "")
    hidden = any(map(is_hidden, rows["wanted"]))
    if not most:
        return "nothing that can be shown (see What is to grow)." if hidden else "nothing more today."
    first = wanted[wanted["wanted"] == most]
    found = [
        f"{most} {in_words(str(kind))} in {names(list(of_kind['district_name']))}"
        for kind, of_kind in first.groupby("service_type_name", sort=False)
    ]
    others = len(wanted) - len(first)
    rest = f", and {counted(others, 'smaller wish', 'smaller wishes')} below" if others else ""
    return f"{listed(found)}{rest}{' (of what can be shown)' if hidden else ''}."


def names(districts: Sequence[str]) -> str:
    """The first districts, and how many more."""
    more = len(districts) - MOST_NAMES
    return listed([*districts[:MOST_NAMES], *([f"{more} more"] if more > 0 else [])])


def first_words(text: str) -> str:
    """What the council has said, cut short where it is long."""
    whole = " ".join(text.split())
    if len(whole) > MOST_LETTERS:
        return whole[:MOST_LETTERS].rsplit(" ", 1)[0] + IN_FULL
    return whole if whole.endswith((".", "!", "?")) else f"{whole}."


def in_order_wanted(wanted: pd.DataFrame) -> pd.DataFrame:
    """Rows of what is wanted, the most wanted first, what is suppressed last."""
    place = {word: at for at, word in enumerate(MORE)}
    size = wanted["wanted"].map(lambda word: len(place) + 1 if is_hidden(word) else place.get(word, len(place)))
    return wanted.assign(size=size).sort_values("size", kind="stable")
