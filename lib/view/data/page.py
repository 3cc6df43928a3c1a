"""The Data page: bring figures in, versions, sources, checks, what is published and not, what columns mean."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pandas as pd
import streamlit as st

from lib.market.awaited import not_given
from lib.market.lots import LOT_MEANING
from lib.market.not_given import not_given_table
from lib.market.wording import counted
from lib.pack.completeness import completeness
from lib.pack.load import Pack
from lib.pack.reconcile import differences, reconcile
from lib.view.data.applying import draw_standing
from lib.view.data.bring_in import draw_bring_in
from lib.view.data.checks import draw_checks
from lib.view.data.dictionary import draw_dictionary
from lib.view.data.downloads import wrapped
from lib.view.data.editing import draw_editing
from lib.view.data.published import draw_published
from lib.view.data.sources import draw_sources
from lib.view.data.versions import draw_versions
from lib.view.link.parameters import DATA_TAB, DATA_TABS
from lib.view.market.figures import State
from lib.view.widgets.page_workbook import offer_workbook, place_of_tables
from lib.view.widgets.text import escape_markdown

NAMES = tuple(DATA_TABS.values())


@st.cache_data(max_entries=4, show_spinner=False)
def reconciliation(_pack: Pack, state: State) -> pd.DataFrame:
    """lib.pack.reconcile.reconcile, kept."""
    del state
    return reconcile(_pack)


def data_page(pack: Pack, state: State, today: dt.date) -> None:
    """Draw the page; of the tabs, the open one. today: the day against which the age of a source counts."""
    lines = reconciliation(pack, state)
    published = lines[lines["kind"] == "published"]
    gaps = pack.table("gaps")
    unknown = f"{counted(len(gaps), 'figure')} {'is' if len(gaps) == 1 else 'are'} not published"
    rows = completeness(pack).rows
    known = agreement(published, lines) + (f"; at least {counted(rows, 'row')} missing" if rows else "")
    waits = not_given(pack)
    known += f"; {counted(len(waits), 'table')} still to be given" if waits else ""
    told = f"{known}; {unknown}." if len(gaps) or not waits else f"{known}."
    st.header(escape_markdown(told), anchor=False)
    draw_standing()
    drawers = (
        partial(draw_first, pack),
        partial(draw_versions, pack),
        partial(draw_sources, pack, today),
        partial(draw_checks, pack, state, lines),
        partial(draw_published, pack),
        partial(draw_editing, pack),
        partial(draw_dictionary, pack),
    )
    tabs = st.tabs(NAMES, on_change="rerun", key=DATA_TAB)
    for tab, draw_tab, (code, name) in zip(tabs, drawers, DATA_TABS.items(), strict=True):
        if tab.open:
            with tab, place_of_tables(f"data_{code}"):
                draw_tab()
                offer_workbook(pack, f"Data: {name}", f"data_{code}_tables.xlsx")
    st.caption(LOT_MEANING)


def draw_first(pack: Pack) -> None:
    """The tab that brings figures in, and beneath what it waits for."""
    draw_bring_in(pack)
    draw_not_given(pack)


def draw_not_given(pack: Pack) -> None:
    """The tables that nobody has given yet: what is unknown without each, and the template that fills it."""
    table = not_given_table(pack)
    if table.empty:
        return
    st.subheader("What is not given yet", anchor=False)
    st.markdown("Nothing is missing from these tables, and nothing in them is 0: nobody has given them as yet.")
    table["called"] = [f"{text[0].upper()}{text[1:]}" for text in table["called"]]
    wrapped(table, {"called": "What", "without": "Not known without it", "template": "Template that fills it"})


def agreement(published: pd.DataFrame, lines: pd.DataFrame) -> str:
    """Whether the totals agree, in words: nothing agrees where there is nothing to compare with."""
    off = differences(lines)
    if not off.empty:
        return f"{len(off)} of {len(lines)} checks do not agree"
    if published.empty:
        return "There is no published total to compare with"
    if len(published) == 1:
        return "The one total that was published agrees, to the unit"
    return f"All {len(published)} totals agree with what was published, to the unit"
