"""A switch between a few choices of which one always holds."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from lib.view.widgets.text import escape_markdown


def switch(
    label: str,
    choices: Mapping[str, str],
    *,
    key: str,
    in_link: bool = True,
) -> str:
    """Draw the switch and return the chosen code; the first holds until somebody chooses.

    choices: what people read, by code. in_link: whether the choice is part of the link, as a parameter of that name in
    lib.view.link.parameters; otherwise the session keeps it. A value that is no choice counts as the first.
    """
    first = next(iter(choices))
    if in_link and key not in st.session_state:
        st.session_state[key] = first
    chosen = st.segmented_control(
        label,
        list(choices),
        format_func=lambda code: escape_markdown(choices.get(code, code)),
        default=None if in_link else first,
        required=True,
        key=key,
        persist_state=None if in_link else "session",
    )
    return str(chosen) if chosen in choices else first
