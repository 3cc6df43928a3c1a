"""The saved scenarios: save, open, rename, duplicate, delete, bring back; and what is said where that fails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import streamlit as st

from lib.pack.load import Pack
from lib.view.what_if.state import PROBLEM, change, take
from lib.view.what_if.store import store
from lib.view.widgets.text import escape_markdown
from lib.whatif.scenarios.documents import ScenarioError, read_scenario
from lib.whatif.scenarios.saved import Saved
from lib.whatif.scenarios.scenario import NAME_LENGTH, Scenario
from lib.whatif.scenarios.store import DAYS_KEPT, ScenarioChangedError, ScenarioGoneError
from lib.whatif.scenarios.store_faults import StoreError

OPENED = "scenario_opened"  # the saved scenario that the session works on, as it was read
NOTICE = "scenario_notice"
SEEN = "scenarios_seen"  # by id, as they were when somebody chose them: typing a new name draws the page again
FAULT = "scenario_store_fault"  # of a store that kept the session waiting: it is not asked again until somebody says so


class Shelf(NamedTuple):
    """What the store holds now; or, where it cannot be reached, nothing and the reason."""

    saved: list[Saved]
    deleted: list[Saved]
    place: str
    fault: str = ""


def reached() -> Shelf:
    """What the store holds, or why that is not known."""
    fault = str(st.session_state.get(FAULT) or "")
    if not fault:
        try:
            one = store()
            return Shelf(*one.shelves(), one.place)
        except StoreError as error:
            fault = f"{error.reason}: {error.cure}"
            if error.waited:
                st.session_state[FAULT] = fault
    return Shelf([], [], "", fault)


def draw_standing(shelf: Shelf) -> None:
    """What was just done, where scenarios are kept; or why they cannot be read, and a way to try again."""
    notice = st.session_state.pop(NOTICE, None)
    if notice:
        st.success(escape_markdown(notice))
    if shelf.fault:
        words = f"Saved scenarios cannot be read, and nothing is saved, as {shelf.fault}."
        st.error(escape_markdown(words))
        st.button("Try again", on_click=lambda: st.session_state.pop(FAULT, None))


def attempt(action: Callable[[], Saved | None], done: str | Callable[[Saved], str]) -> None:
    """Do something with the store and say that it is done, or what went wrong."""
    st.session_state[PROBLEM] = None
    look_again()
    try:
        result = action()
    except ScenarioGoneError:
        st.session_state[NOTICE] = "That scenario was deleted meanwhile."
    except ScenarioChangedError as error:
        st.session_state[PROBLEM] = changed_words(error.now)
    except ScenarioError as error:
        st.session_state[PROBLEM] = str(error)
    except StoreError as error:
        st.session_state[PROBLEM] = (
            f"It is not known whether that was done, as {error.reason}: see what stands below before you do it again."
            if error.uncertain
            else f"Nothing was changed, as {error.reason}: {error.cure}."
        )
    else:
        if isinstance(done, str):
            st.session_state[NOTICE] = done.format(name=result.name if isinstance(result, Saved) else "")
        elif isinstance(result, Saved):
            st.session_state[NOTICE] = done(result)


def look_again() -> None:
    """Whatever stands on the page next is what was seen."""
    st.session_state.pop(SEEN, None)


def changed_words(now: Saved) -> str:
    """What to say to somebody who acted on a scenario that is no longer as they saw it."""
    return (
        f"{now.name} was changed by {now.changed_by or 'somebody else'} on {moment(now.changed_at)} since you opened "
        "it: nothing was done; see it as it is now below, and do it again if you still mean it."
    )


def moment(time: dt.datetime) -> str:
    """A time of the store in words."""
    return f"{time:%d %B %Y %H:%M} UTC"


def author() -> str:
    """Who works on the scenario; empty where they do not say."""
    return str(st.session_state.get("author") or "")


def draw_save(pack: Pack, scenario: Scenario, shelf: Shelf) -> None:
    """Save as a new scenario, or over the one that was opened."""
    opened = st.session_state.get(OPENED)

    def save_new() -> Saved:
        one = store().add(scenario.name, scenario.service, pack.manifest.name, scenario.to_json(pack), author())
        st.session_state[OPENED] = one
        change(pack, scenario.service, {"name": one.name})
        return one

    def save_over(opened: Saved) -> Saved:
        # Under its name again: whatever was changed, it is what that name now stands for.
        kept = scenario.model_copy(update={"name": opened.name})
        one = store().save(opened, kept.to_json(pack), author())
        st.session_state[OPENED] = one
        change(pack, scenario.service, {"name": one.name})
        return one

    def saved_words(opened: Saved, one: Saved) -> str:
        if one.id == opened.id:
            return f"Saved as {one.name}."
        return f"{opened.name} was changed or deleted by somebody else since you opened it. Saved as {one.name}."

    with st.container(horizontal=True):
        st.button(
            "Save as new",
            on_click=partial(attempt, save_new, "Saved as {name}."),
            type="primary",
            key="primary_save_new",
            disabled=bool(shelf.fault),
        )
        if isinstance(opened, Saved) and opened.service == scenario.service:
            st.button(
                f"Save over {escape_markdown(opened.name)}",
                on_click=partial(attempt, partial(save_over, opened), partial(saved_words, opened)),
                disabled=bool(shelf.fault),
            )
    if shelf.place:
        st.caption(escape_markdown(f"Scenarios are saved in {shelf.place}."))


def draw_saved(pack: Pack, shelf: Shelf) -> None:
    """The saved scenarios: open, rename, duplicate, delete; and those that were deleted."""
    if shelf.fault:
        return
    st.subheader(f"Saved scenarios ({len(shelf.saved)})", anchor=False)
    if shelf.saved:
        draw_chosen(pack, shelf.saved)
    else:
        st.markdown("None yet: save this one, and it stays for the next meeting.")
    if shelf.deleted:
        with st.expander(f"Deleted in the last {DAYS_KEPT} days ({len(shelf.deleted)})"):
            draw_deleted(pack, shelf.deleted)


def draw_chosen(pack: Pack, saved: list[Saved]) -> None:
    """One of the saved scenarios, and what can be done with it as it stands here."""
    by_id = {one.id: one for one in saved}
    chosen = st.selectbox(
        "Scenario", list(by_id), key="saved_chosen", on_change=look_again,
        format_func=lambda code: f"{by_id[code].name} ({pack_label(pack, by_id[code])})" if code in by_id else code,
    )  # fmt: skip
    one = by_id.get(str(chosen), saved[0])
    st.caption(escape_markdown(f"Saved {moment(one.saved_at)}{f' by {one.author}' if one.author else ''}."))

    def open_it() -> Saved:
        read = read_scenario(one.document, pack, name=one.name, any_years=True)
        take(pack, read.model_copy(update={"name": one.name}))
        st.session_state[OPENED] = one
        return one

    seen: Saved = st.session_state.setdefault(SEEN, {}).setdefault(one.id, one)
    # A box of its own for each name: it would keep the text of the scenario chosen before.
    new_name = f"new_name_{seen.id}_{seen.version}"

    def rename() -> Saved:
        return store().rename(seen, str(st.session_state.get(new_name) or "").strip() or seen.name, author())

    with st.container(horizontal=True):
        st.button("Open", on_click=partial(attempt, open_it, "Opened {name}."))
        st.button("Duplicate", on_click=partial(attempt, lambda: store().duplicate(one.id), "Saved as {name}."))
        with st.popover("Rename"):
            st.text_input("New name", value=seen.name, max_chars=NAME_LENGTH, key=new_name)
            st.button("Rename it", on_click=partial(attempt, rename, "Now called {name}."))
        with st.popover("Delete"):
            st.markdown(
                f"Delete {escape_markdown(one.name)} for everybody? It can be brought back for {DAYS_KEPT} days."
            )
            st.button("Delete it", on_click=partial(attempt, lambda: store().delete(seen, author()), "Deleted."))


def draw_deleted(pack: Pack, deleted: list[Saved]) -> None:
    """One of the deleted scenarios, and the way back."""
    by_id = {one.id: one for one in deleted}
    chosen = st.selectbox(
        "Deleted scenario", list(by_id), key="deleted_chosen",
        format_func=lambda code: f"{by_id[code].name} ({pack_label(pack, by_id[code])})" if code in by_id else code,
    )  # fmt: skip
    one = by_id.get(str(chosen), deleted[0])
    by = f" by {one.changed_by}" if one.changed_by else ""
    if one.deleted_at:
        until = one.deleted_at + dt.timedelta(days=DAYS_KEPT)
        st.caption(escape_markdown(f"Deleted {moment(one.deleted_at)}{by}; kept until {moment(until)}."))
    st.button(
        "Bring back",
        on_click=partial(attempt, lambda: store().bring_back(one.id, author()), "Brought back as {name}."),
    )


def pack_label(pack: Pack, one: Saved) -> str:
    """The service of a saved scenario, and its pack where that is another."""
    known = pack.manifest.services.get(one.service)
    service = known.label if known else one.service
    return service if one.pack_name == pack.manifest.name else f"{service}, {one.pack_name}"
