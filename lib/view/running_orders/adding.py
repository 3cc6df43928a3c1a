"""On every page: add the view that is shown to a running order."""

from __future__ import annotations

from functools import partial

import streamlit as st

from lib.pack.load import Pack
from lib.view.link.parameters import RUNNING_ORDERS
from lib.view.link.session import link_to, opened_page
from lib.view.running_orders.editing import CHOSEN, NOTICE, PROBLEM, add_view, attempt, edited
from lib.view.running_orders.shelf import shelf
from lib.view.running_orders.views import of_page, service_words
from lib.view.widgets.text import escape_markdown
from lib.whatif.running_orders.order import NAME_LENGTH, NOTE_LENGTH, TITLE_LENGTH, OrderError
from lib.whatif.scenarios.saved import Saved
from lib.whatif.scenarios.store_faults import StoreError

WORDS = "Add this view to a running order"
NEW = ""
WHICH, NAME, TITLE, NOTE = (f"adding_{one}" for one in ("order", "name", "title", "note"))


def adding(pack: Pack) -> None:
    """The button. It opens a dialog, which nobody leaves by a click on something else: a list that closed by that would
    run by itself while the page changes.
    """
    if st.button("Add to order", help=WORDS, key="adding", type="tertiary"):
        add_dialog(pack)


@st.dialog(WORDS)
def add_dialog(pack: Pack) -> None:
    """To which running order, under what title; and what came of it."""
    try:
        kept, fault = shelf()
        saved = kept.listed()
    except StoreError as error:
        st.error(escape_markdown(error))
        return
    draw_form(pack, {one.id: one for one in saved})
    if fault:
        st.caption(escape_markdown(f"Kept in this session alone. {fault}"))
    for key, say in ((PROBLEM, st.error), (NOTICE, st.success)):
        words = st.session_state.pop(key, "")
        if words:
            say(escape_markdown(words))
    st.page_link(RUNNING_ORDERS, label="Open the running orders")


def draw_form(pack: Pack, saved: dict[str, Saved]) -> None:
    """To which running order, under what title, with which note."""
    known = [*saved, NEW]
    if st.session_state.get(WHICH) not in known:
        chosen = st.session_state.get(CHOSEN)
        st.session_state[WHICH] = chosen if chosen in saved else known[0]
    which = st.selectbox(
        "Running order", known, key=WHICH,
        format_func=lambda code: saved[code].name if code in saved else "A new one",
    )  # fmt: skip
    if which == NEW:
        st.text_input("Its name", max_chars=NAME_LENGTH, key=NAME)
    st.text_input("Title for the room", max_chars=TITLE_LENGTH, key=TITLE, placeholder="The page's own")
    st.text_area("Speaker's note", max_chars=NOTE_LENGTH, key=NOTE, height=80)
    st.button("Add it", key="primary_add_view", type="primary", on_click=partial(attempt, partial(add, pack, saved)))


def add(pack: Pack, saved: dict[str, Saved]) -> str:
    """Add the view as it is shown now."""
    page, own = opened_page()
    state = st.session_state
    try:
        view = of_page(page, link_to(pack, page, own))
    except ValueError as error:
        raise OrderError("This view's link is too long for a running order.") from error
    title = str(state.get(TITLE) or "").strip() or service_words(pack, view)[:TITLE_LENGTH]
    view = edited(view, title, str(state.get(NOTE) or ""))
    done = add_view(pack, saved.get(str(state.get(WHICH))), str(state.get(NAME) or ""), view)
    state[TITLE] = state[NOTE] = ""
    state[WHICH] = state[CHOSEN]
    return done
