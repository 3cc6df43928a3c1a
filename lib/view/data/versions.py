"""The versions of the pack: which is shown, who made each and why, and the way back."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib.pack.load import Pack
from lib.pack.versions import Version, base_changed, go_back, shown_number, versions, when
from lib.view.data.applying import attempt, draw_who, why_read_only
from lib.view.data.downloads import wrapped
from lib.view.widgets.text import escape_markdown, plain

BACK_TO, PLACE = "data_back_to", "data_back"
LINES = 6  # of what changed in a version


def draw_versions(pack: Pack) -> None:
    """The tab."""
    st.subheader("Versions of the data", anchor=False)
    shown, found = shown_number(pack.root), versions(pack.root)
    st.markdown(
        "Each time that figures are brought in, a whole new version is made beside the others, and everybody sees it. "
        "Going back makes a version of an older one's files. The last ten are kept."
    )
    if base_changed(pack.root):
        st.warning(
            "The pack's own files were changed by hand since the first version was made of them, and these changes are "
            "not shown: what is shown is a version. To show the files as they are now, go back to version 0."
        )
    table = pd.DataFrame([row_of(one, shown) for one in found])
    wrapped(table, {name: name for name in table.columns})
    draw_way_back(pack, shown, [one for one in found if one.number != shown])


def row_of(one: Version, shown: int) -> dict[str, str]:
    """A version as a line of the table."""
    changed = " ".join(one.lines[:LINES]) + (f" And {len(one.lines) - LINES:,} more." if len(one.lines) > LINES else "")
    name = one.name if one.readable else "its note cannot be read"
    return {
        "Version": f"{one.number}, which is shown" if one.number == shown else f"{one.number}",
        "Name": name,
        "Made": when(one).removeprefix("on "),
        "Who": one.who,
        "Why": one.why,
        "What changed": changed,
    }


def draw_way_back(pack: Pack, shown: int, others: list[Version]) -> None:
    """The choice of an older version, and the button that asks once more."""
    if not others:
        st.caption("There is no other version to go back to.")
        return
    closed = why_read_only(pack.root)
    if closed:
        st.info(escape_markdown(closed))
        return
    known = {one.number: one for one in others}
    chosen = st.selectbox(
        "Version to go back to",
        list(known),
        format_func=lambda number: plain(words_of(known[number])) if number in known else f"{number}",
        key=BACK_TO,
    )
    one = known.get(chosen, others[0])

    def back() -> None:
        attempt(lambda who, why: go_back(pack.root, one.number, shown, who, why), PLACE, lambda: None)

    # It is taken from the list as it was drawn: a version that somebody makes meanwhile stands in the button's key.
    with st.popover("Go back to it", key=f"data_back_popover_{shown}"):
        st.markdown(
            f"Everybody would see **{escape_markdown(words_of(one))}** in place of version {shown}. It becomes a "
            "version of its own, and the one that is shown now stays."
        )
        draw_who(PLACE)
        st.button(
            f"Show version {one.number} to everybody", key=f"primary_back_{shown}_{one.number}", type="primary",
            on_click=back,
        )  # fmt: skip


def words_of(one: Version) -> str:
    """A version in a few words."""
    parts = [f"Version {one.number}", one.name, when(one), f"by {one.who}" if one.who else ""]
    return ", ".join(part for part in parts if part)
