"""What in the pack is possible and yet unlikely, on the Data page."""

from __future__ import annotations

import streamlit as st

from lib.pack.load import Pack
from lib.pack.plausibility import warnings_of
from lib.view.widgets.faults import fault_table


def draw_unlikely(pack: Pack) -> None:
    """Every warning with its place, what was found and what was expected; nothing where there is none."""
    warnings = warnings_of(pack)
    if not warnings:
        return
    st.subheader("What is unlikely", anchor=False)
    st.markdown("Every figure counts as it stands. Look at each of these, and put right what is a slip.")
    fault_table(warnings)
