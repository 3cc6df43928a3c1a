"""What a page says in place of figures that nobody has given the tables of as yet."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lib.market.not_given import not_given_sentence
from lib.pack.load import Pack
from lib.view.link.parameters import DATA
from lib.view.widgets.text import escape_markdown


def missing_so_far(pack: Pack, page: str) -> None:
    """At the top of every page: what nobody has given yet, which templates fill it, and the way to them from others."""
    sentence = not_given_sentence(pack)
    if sentence:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="not_given"):
            st.markdown(escape_markdown(sentence), width="content")
            if page != DATA:
                st.page_link(DATA, label="Open the Data page")


def in_place_of(pack: Pack, what: str, tables: Sequence[str]) -> bool:
    """Say that something needs tables that were not given, in place of it; False where all of them were.

    what: the thing and what it needs, as the beginning of a sentence: "A what-if starts from the demand of today".
    """
    sentence = not_given_sentence(pack, tables)
    if sentence:
        st.header(escape_markdown(f"{what}. {sentence}"), anchor=False)
    return bool(sentence)
