"""The page of running orders: choose or begin one, order its views, write notes, share it, present it."""

from __future__ import annotations

from functools import partial
from urllib.parse import quote, urlsplit

import streamlit as st

from lib.market.wording import counted
from lib.pack.load import Pack
from lib.view.link.showing import Showing
from lib.view.page_pack import pack_fragment
from lib.view.presenting.steps import step_to
from lib.view.running_orders.editing import (
    CHOSEN,
    NOTICE,
    PROBLEM,
    attempt,
    delete,
    edited,
    moved,
    new_order,
    rename,
    save_views,
    take_file,
)
from lib.view.running_orders.shelf import shelf
from lib.view.running_orders.views import doubts_of, place_of, service_words, why_unfit
from lib.view.what_if.saved import moment
from lib.view.widgets.text import escape_markdown
from lib.whatif.running_orders.named import order_of
from lib.whatif.running_orders.order import NAME_LENGTH, NOTE_LENGTH, TITLE_LENGTH, OrderError, RunningOrder
from lib.whatif.scenarios.saved import Saved
from lib.whatif.scenarios.store_faults import StoreError

HOW = (
    "A running order is a list of views, shown in a room one after another: Page Down and Page Up, or a clicker, go "
    "from view to view. On any page, choose what is to be seen, then Add to order."
)
NEW_NAME, FILE = "order_new_name", "order_file"


@pack_fragment
def orders_page(pack: Pack) -> None:
    """The whole page. A fragment: a change draws this and nothing else."""
    st.markdown(HOW)
    for key, say in ((PROBLEM, st.error), (NOTICE, st.success)):
        words = st.session_state.pop(key, "")
        if words:
            say(escape_markdown(words))
    try:
        kept, fault = shelf()
        saved = {one.id: one for one in kept.listed()}
    except StoreError as error:
        st.error(escape_markdown(error))
        return
    if fault:
        st.warning(escape_markdown(f"Kept in this session alone: export what you want to keep. {fault}"))
    chosen = choose(pack, saved)
    if chosen is not None:
        draw_order(pack, chosen)


def choose(pack: Pack, saved: dict[str, Saved]) -> Saved | None:
    """The running order that is looked at; beside it, the ways to another."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="order_choice"):
        if saved:
            if st.session_state.get(CHOSEN) not in saved:
                st.session_state[CHOSEN] = next(iter(saved))
            st.selectbox(
                "Running order", list(saved), key=CHOSEN, width=420,
                format_func=lambda code: saved[code].name if code in saved else code,
            )  # fmt: skip
        with st.popover("New running order"):
            st.text_input("Its name", max_chars=NAME_LENGTH, key=NEW_NAME)
            st.button("Begin it", key="order_begin", on_click=partial(attempt, partial(begin, pack)))
        with st.popover("Import"):
            st.file_uploader("A running order, as JSON", type="json", key=FILE)
            st.button("Import it", key="order_import", on_click=partial(attempt, partial(bring_in, pack)))
    if not saved:
        st.info("There is no running order yet.")
        return None
    return saved[st.session_state[CHOSEN]]


def begin(pack: Pack) -> str:
    """Begin the running order whose name was typed."""
    return new_order(pack, str(st.session_state.get(NEW_NAME) or ""))


def bring_in(pack: Pack) -> str:
    """Take the file that was chosen."""
    file = st.session_state.get(FILE)
    if file is None:
        raise OrderError("Choose a file first.")
    return take_file(pack, file.getvalue(), file.name)


def draw_order(pack: Pack, seen: Saved) -> None:
    """One running order: present it, share it, and its views."""
    try:
        order = order_of(seen)
    except OrderError as error:
        st.error(escape_markdown(error))
        return
    by = f" by {seen.author}" if seen.author else ""
    st.caption(escape_markdown(f"{counted(len(order.views), 'view')}, saved {moment(seen.saved_at)}{by}."))
    with st.container(horizontal=True, vertical_alignment="center", key="order_acts"):
        if order.views:
            first = step_to(pack, order.views[0], Showing(True, seen.id), 1)
            with st.container(key="primary_order_present", width="content"):
                st.page_link(first.page, label="**Present it**", query_params=dict(first.query))
        with st.popover("Share"):
            st.markdown("Who opens this link sees the first view, presented:")
            st.code(address(seen.id), language=None)
        st.download_button(
            "Export (JSON)", order.document(), f"{file_name(order)}.json", "application/json", on_click="ignore"
        )
        with st.popover("Rename"):
            key = f"order_name_{seen.id}_{seen.version}"
            st.text_input("New name", value=seen.name, max_chars=NAME_LENGTH, key=key)
            st.button(
                "Rename it", key="order_rename",
                on_click=lambda: attempt(lambda: rename(seen, str(st.session_state.get(key) or ""))),
            )  # fmt: skip
        with st.popover("Delete"):
            st.markdown(f"Delete {escape_markdown(seen.name)} for everybody?")
            st.button("Delete it", key="order_delete", on_click=partial(attempt, partial(delete, seen)))
    for place in range(len(order.views)):
        draw_view(pack, seen, order, place)


def address(order_id: str) -> str:
    """The link of a running order, where the reader's own address is known; else without the server's name."""
    own = urlsplit(str(st.context.url or ""))
    start = f"{own.scheme}://{own.netloc}" if own.scheme in ("http", "https") else ""
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"{start}/{f'{base}/' if base else ''}?order={quote(order_id)}"


def file_name(order: RunningOrder) -> str:
    """A name for its file: letters and digits alone."""
    found = "".join(sign if sign.isalnum() else "_" for sign in order.name.casefold()).strip("_")
    return f"running_order_{found}"[:80]


def draw_view(pack: Pack, seen: Saved, order: RunningOrder, place: int) -> None:
    """One view: its number, title and note, the way to it, and to another place in the order."""
    view, views, last = order.views[place], list(order.views), len(order.views) - 1
    number = place + 1
    # Boxes of their own for each state that was saved: they would keep the text of the view that stood there before.
    title, note = (f"order_{one}_{seen.id}_{seen.version}_{place}" for one in ("title", "note"))

    def keep() -> str:
        state = st.session_state
        views[place] = edited(view, str(state.get(title) or ""), str(state.get(note) or ""))
        return save_views(seen, views, f"View {number} is saved.")

    def act(label: str, name: str, to: list[int], done: str, *, disabled: bool = False) -> None:
        others = moved(views, place, to[0]) if to else [one for at, one in enumerate(views) if at != place]
        st.button(
            label, key=f"order_{name}_{place}", disabled=disabled,
            on_click=partial(attempt, partial(save_views, seen, others, done)),
        )  # fmt: skip

    with st.container(border=True, gap="xsmall", key=f"order_view_{place}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{number}** {escape_markdown(service_words(pack, view))}", width="content")
            found = place_of(pack, view)
            if found is not None:
                st.page_link(found[0], label="Open the page", query_params=dict(view.query) or None)
            act(f"Move {number} up", "up", [place - 1], f"View {number} moved up.", disabled=place == 0)
            act(f"Move {number} down", "down", [place + 1], f"View {number} moved down.", disabled=place == last)
            act(f"Remove {number}", "remove", [], f"View {number} is removed.")
        fault = why_unfit(pack, view) or doubts_of(pack, view)
        if fault:
            st.warning(escape_markdown(fault))
        st.text_input(
            f"Title of view {number}", value=view.title, max_chars=TITLE_LENGTH, key=title,
            placeholder=service_words(pack, view), on_change=partial(attempt, keep),
        )  # fmt: skip
        st.text_area(
            f"Speaker's note of view {number}", value=view.note, max_chars=NOTE_LENGTH, key=note, height=80,
            on_change=partial(attempt, keep),
        )  # fmt: skip
