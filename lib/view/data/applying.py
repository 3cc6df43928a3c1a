"""Making a version of a change, and what is said of it: who, why, done, or who came first."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from lib.pack.faults import Fault, PackError
from lib.pack.load import Pack
from lib.pack.numbered import VERSIONS
from lib.pack.versions import StaleVersion, Version, apply, in_words
from lib.view.data.pending import Looked, Pending, found_of, key_of, shelf
from lib.view.data.preview import draw_faults, draw_preview
from lib.view.live.access import NOT_TO_CHANGE, may_change
from lib.view.widgets.text import escape_markdown

NOTICE, PROBLEM = "data_notice", "data_problem"
WHO, LONGEST = "author", 200  # the What-if asks for the same: whoever said it there need not say it here
NOBODY = "Say who you are first: your name stands beside the version, for everybody to see."


def draw_standing() -> None:
    """What was just done, or why it was not."""
    notice, problem = st.session_state.pop(NOTICE, ""), st.session_state.pop(PROBLEM, "")
    if notice:
        st.success(escape_markdown(notice))
    if problem:
        st.error(escape_markdown(problem))


def why_read_only(root: Path) -> str:
    """Why nothing can be changed here, in a sentence; "" where it can."""
    if not may_change(st.context):
        return NOT_TO_CHANGE
    place = root / VERSIONS
    if not os.access(place if place.exists() else root, os.W_OK):
        return (
            "The folder of the pack may not be written to by this program, so no version can be made: ask whoever "
            "looks after the dashboard."
        )
    return ""


def draw_who(key: str) -> None:
    """Who and why. key: of this place on the page."""
    left, right = st.columns([1, 2])
    left.text_input(
        "Who", key=WHO, max_chars=LONGEST, persist_state="session", help="Stands beside the version, for everybody."
    )
    right.text_input("Why", key=f"data_why_{key}", max_chars=LONGEST, help="Stands beside the version, for everybody.")


def who_and_why(key: str) -> tuple[str, str]:
    """What was said of who and why."""
    return str(st.session_state.get(WHO) or "").strip(), str(st.session_state.get(f"data_why_{key}") or "").strip()


def attempt(make: Callable[[str, str], Version], key: str, done: Callable[[], None]) -> None:
    """Make a version and say so, or why not. done: what to do where it was made."""
    who, why = who_and_why(key)
    if not may_change(st.context):
        st.session_state[PROBLEM] = NOT_TO_CHANGE
    elif not who:
        st.session_state[PROBLEM] = NOBODY
    else:
        try:
            made = make(who, why)
        except StaleVersion as error:
            first = "the files were changed by hand" if error.shown is None else in_words(error.shown)
            st.session_state[PROBLEM] = (
                f"Nothing of yours was written, as somebody else came first: {first}. Look at your change again on the "
                "data as they are now, then apply it if you still mean it."
            )
        except PackError as error:
            st.session_state[PROBLEM] = f"Nothing was changed: {error.faults[0]}."
        else:
            st.session_state[NOTICE] = done_words(made)
            st.session_state.pop(f"data_why_{key}", None)
            done()


def done_words(made: Version) -> str:
    """That a version is shown now, by whom, and how to undo it."""
    return (
        f"Done: everybody sees version {made.number} now ({made.name}), made by {made.who}. The version before is "
        "kept: the Versions tab goes back to it."
    )


def as_it_is(fault: Fault) -> Fault:
    """A fault with its place as the reader of the file has it."""
    return fault


def draw_pending(
    pack: Pack,
    held: str,
    file: str,
    *,
    discard: Callable[[], None],
    done: Callable[[], None],
    placed: Callable[[Fault], Fault] = as_it_is,
    again: str = "choose the file again",
) -> None:
    """What would follow from what somebody brought, or what is wrong with it; and the way to apply or discard it.

    held: where the session keeps it. file: for the names of downloads. discard: forgets it; done: after it is applied.
    placed: a fault with its place as the person who typed the cell sees it. again: what to do after putting it right.
    """
    pending: Pending | None = st.session_state.get(held)
    if pending is None:
        return
    found = found_of(pack, pending)
    if pending.told:
        st.warning(escape_markdown(pending.told))
    if not isinstance(found, Looked):
        draw_faults(pack, [placed(fault) for fault in found], file, again)
        st.button("Discard", key=f"{held}_discard", on_click=discard)
        return
    draw_preview(found.proposal, found.effects)

    def apply_it() -> None:
        # What was drawn is applied, and nothing that came after it: the button's key names it.
        seen = shelf().get(key_of(pack, pending)) or found
        if isinstance(seen, Looked):
            attempt(lambda who, why: apply(pack.root, seen.proposal, who, why), held, done)

    if not found.proposal.is_empty:
        draw_who(held)
        with st.container(horizontal=True):
            st.button(
                "Make this the pack that everybody sees",
                type="primary",
                key=f"primary_{held}_{pack.key[:12]}_{pending.digest[:12]}",
                on_click=apply_it,
            )
            st.button("Discard", key=f"{held}_discard", on_click=discard)
    else:
        st.button("Discard", key=f"{held}_discard", on_click=discard)
