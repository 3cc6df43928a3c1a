"""Charts on their way to the browser."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

import streamlit as st

from lib.charts.kit.chart_spec import Drawing
from lib.view.widgets.text import escape_html

# Streamlit gives every chart buttons that take it away as a picture, a table or a definition, without its title, status
# and "internal, do not share", and has no setting against them. Our own downloads carry all that. Every button beside a
# chart goes but the one that makes it large: one that a new release brings goes too. Found by what they are to screen
# readers (a chart is a "graphics-document"), not by names within Streamlit.
WITHOUT_TOOLBAR = (
    '<style>div:has(+ [role="graphics-document"]) '
    'button:not([aria-label^="Fullscreen"], [aria-label^="Close fullscreen"]) {display: none !important}</style>'
)


def draw(drawing: Drawing, *, alt: str, words: str = "") -> None:
    """A chart as wide as its container.

    alt: the chart's name, for screen readers. The browser builds a chart again whose name changes: what changes with
    the figures goes into `words`, a line for screen readers beside it.
    """
    with st.container(gap=None):
        st.vega_lite_chart(spec=drawing.for_screen(), width="stretch", alt=alt)
        spoken(words)


def spoken(words: str) -> None:
    """A line that screen readers alone have; "" draws nothing. words: plain text, from data or not."""
    if words:
        st.html(f'<p class="spoken">{escape_html(words)}</p>')


def draw_clickable(
    drawing: Drawing,
    *,
    alt: str,
    words: str = "",
    key: str,
    mark: str,
    fields: tuple[str, ...],
    known: Collection[tuple[str, ...]],
    chosen: object,
    take: Callable[..., None],
) -> None:
    """A chart whose marks can be clicked: each click on a known one is passed on, and one beside the marks is not.

    The browser keeps a chart's own selection, and a click on what it holds already sends nothing. So the chart gets a
    new key, and with it an empty selection, as soon as the choice is another than the one that was clicked last.

    alt, words: as of `draw`. key: of this chart in the session.
    mark: the name of the chart's selection. fields: of a mark, that say what it stands for.
    known: the values of these fields that count. chosen: the choice that holds now, however it was made; where a click
    is the choice, the value of its only field, or a tuple of several.
    take: called with the values of the fields, before the page is drawn again.
    """
    round_key = f"{key}_round"
    number, last = st.session_state.get(round_key, (0, chosen))
    if last != chosen:
        number += 1
    st.session_state[round_key] = number, chosen
    drawn = f"{key}_{number}"
    with st.container(gap=None):
        st.vega_lite_chart(
            spec=drawing.for_screen(),
            width="stretch",
            key=drawn,
            on_select=partial(clicked, drawn, round_key, mark, fields, known, take),
            selection_mode=mark,
            alt=alt,
        )
        spoken(words)


def clicked(
    drawn: str,
    round_key: str,
    mark: str,
    fields: tuple[str, ...],
    known: Collection[tuple[str, ...]],
    take: Callable[..., None],
) -> None:
    """Pass on what was clicked, and remember it as the choice: it needs no new chart. See `draw_clickable`."""
    picked = st.session_state[drawn].selection.get(mark, [])
    values = tuple(picked[0].get(field) for field in fields) if picked else ()
    if values in known:
        number, _ = st.session_state[round_key]
        st.session_state[round_key] = number, values[0] if len(values) == 1 else values
        take(*values)
