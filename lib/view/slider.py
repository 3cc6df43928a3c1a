"""A slider with a number box beside it: one value, two ways to set it."""

from __future__ import annotations

from functools import partial
from typing import TypeVar

import streamlit as st

Number = TypeVar("Number", int, float)


def moved(key: str, widget: str, other: str, low: float, high: float) -> None:
    """Take a widget's value. The browser's limits are no limits: they are kept here.

    A slider that is moved quickly is sent together with its number box, which still shows the step before: of two that
    differ from what was drawn, the one that somebody moved last is right, or a step would be lost. Which of the two
    is taken first does not matter.
    """
    value, drawn, last = st.session_state[widget], st.session_state[f"{key}_drawn"], f"{key}_last"
    if st.session_state[other] not in (drawn, value) and st.session_state.get(last) == other:
        return
    st.session_state[last] = widget
    st.session_state[key] = min(max(value, low), high)


def slider_with_box(
    label: str, low: Number, high: Number, step: Number, *, key: str, default: Number, help: str = ""
) -> Number:
    """Draw both and return the value, within the limits and of their type. It lives in the session under `key`."""
    kind = type(low)  # a slider wants all its numbers of one type
    value = min(max(kind(st.session_state.get(key, default)), low), high)
    places = "%d" if kind is int else "%.2f"
    st.session_state[key] = st.session_state[f"{key}_drawn"] = value
    slider, box = f"{key}_slider", f"{key}_box"
    for widget in (slider, box):
        # Only where it differs: setting a slider that is being moved would push it back.
        if st.session_state.get(widget) != value:
            st.session_state[widget] = value
    take = partial(moved, key, low=low, high=high)
    slider_side, box_side = st.columns([3, 1.3], vertical_alignment="bottom", gap="small", wrap=False)
    with slider_side:
        st.slider(
            label,
            low,
            high,
            step=step,
            key=slider,
            help=help or None,
            format=places,
            on_change=partial(take, slider, box),
        )
    with box_side:
        st.number_input(
            f"{label}, as a number", low, high, step=step, key=box, format=places, on_change=partial(take, box, slider),
            label_visibility="collapsed",
        )  # fmt: skip
    return value
