"""Charts on their way to the browser."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from lib.charts.kit.chart_spec import Drawing


def draw(
    drawing: Drawing,
    *,
    alt: str,
    key: str | None = None,
    on_select: Callable[[], None] | None = None,
    selection_mode: str | None = None,
) -> None:
    """A chart as wide as its container. alt: what it shows, for screen readers.

    on_select: called after a click on a mark, with the state of the selection named `selection_mode` under `key`.
    """
    st.vega_lite_chart(
        spec=drawing.for_screen(),
        width="stretch",
        key=key,
        on_select=on_select or "ignore",
        selection_mode=selection_mode,
        alt=alt,
    )
