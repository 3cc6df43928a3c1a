"""The provider's view as a page: the one that the app has for the market, of a publication's folder alone."""

from __future__ import annotations

import logging
from functools import partial
from typing import NoReturn

import streamlit as st

from lib.charts.kit.theme import register_theme
from lib.pack.faults import Fault, PackError
from lib.view.audience import audience_fault
from lib.view.connection import watch_connection
from lib.view.copy_link import copy_link
from lib.view.landmarks import mark_landmarks
from lib.view.link.showing import let_go_of_widgets, take_showing
from lib.view.market_audience.folder import market_folder, newest_edition, whole_edition
from lib.view.market_audience.link import open_link
from lib.view.market_audience.presented import present_publication
from lib.view.market_audience.view import choose_service, provider_view, whose
from lib.view.presenting.keys import present_button
from lib.view.shell import ICON, STYLE, tab_title
from lib.view.widgets.chart import WITHOUT_TOOLBAR
from lib.view.widgets.paper import SCREEN_ONLY, set_paper_up
from lib.view.widgets.text import escape_markdown

LOG = logging.getLogger(__name__)
NOTHING_TO_SHOW = "There is nothing to show yet"
WHY = (
    "The council's publication for providers cannot be read here. Whoever looks after this site finds in its log which "
    "folder or file is at fault, and what was expected."
)


def market_page() -> None:
    """The whole page. It says in a sentence what stands in the way where there is no publication to show."""
    register_theme()
    st.set_page_config(page_icon=ICON, layout="wide")
    tab_title("For providers of care")
    for style in (WITHOUT_TOOLBAR, STYLE):
        st.html(style)
    set_paper_up()
    now = take_showing()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="head"):
        title = st.container(width="content")
        beside = st.container(width="content", key="head_beside")
        # What has nothing to show stands last: before the title it would push it in.
        with st.container(horizontal=True, gap=None, width="content", key=f"{SCREEN_ONLY}_top"):
            if not now.presenting:
                copy_link()
                present_button()
            watch_connection()
            mark_landmarks()
    fault = audience_fault()
    if fault is not None:
        refuse((fault,))
    try:
        publication, place = newest_edition(market_folder())
    except PackError as error:
        refuse(error.faults)
    if now.presenting:
        open_link(publication)
        present_publication(publication)
        let_go_of_widgets()
        st.stop()
    title.title(escape_markdown(publication.about.title), anchor=False)
    doubt = open_link(publication)
    with beside:
        service = choose_service(publication, in_link=True)
    with st.container(key="quiet"):
        st.markdown(whose(publication, service))
    if doubt:
        st.warning(escape_markdown(doubt))
    provider_view(publication, service, partial(whole_edition, publication, place), in_link=True)


def refuse(faults: tuple[Fault, ...]) -> NoReturn:
    """Say what stands in the way, and end the page.

    Whoever looks after the server reads the places on its disk in its log: they are nobody else's business.
    """
    LOG.error("Nothing to show to the market: %s", "; ".join(map(str, faults)))
    st.title(NOTHING_TO_SHOW, anchor=False)
    st.error(escape_markdown(WHY))
    st.stop()
