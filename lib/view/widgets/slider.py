"""A slider with a number box beside it: one value, two ways to set it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

import streamlit as st

Number = TypeVar("Number", int, float)


def stale(value: object, other: object, drawn: object, moved_last: bool) -> bool:
    """Whether a widget's value is only the step before, sent together with the one that somebody moved.

    Of two that differ from what was drawn, the one that somebody moved last is right, or a step would be lost.
    moved_last: whether that was the other. Which of the two is asked about first does not matter.
    """
    return other not in (drawn, value) and moved_last


def draw_pair(
    label: str,
    low: Number,
    high: Number,
    step: Number,
    value: Number,
    *,
    keys: tuple[str, str],
    take: Callable[[str, str], None],
    help: str,
    places: str,
    sliding: bool = True,
) -> None:
    """Draw a slider and a number box that show the same value.

    keys: of the slider and the box; take: called with the key of the one that was moved and that of the other.
    Without sliding, or where there is one value alone, only the label stands beside the box.
    """
    for key in keys:
        # Only where it differs: setting a slider that is being moved would push it back.
        if st.session_state.get(key) != value:
            st.session_state[key] = value
    slider, box = keys
    slider_side, box_side = st.columns([3, 1.3], vertical_alignment="bottom", gap="small", wrap=False)
    with slider_side:
        if sliding and low < high:
            st.slider(
                label, low, high, step=step, key=slider, help=help or None, format=places, on_change=take,
                args=(slider, box),
            )  # fmt: skip
        else:
            st.markdown(label)
    with box_side:
        st.number_input(
            f"{label}, as a number", low, high, step=step, key=box, format=places, on_change=take, args=(box, slider),
            label_visibility="collapsed",
        )  # fmt: skip


def moved(key: str, low: float, high: float, widget: str, other: str) -> None:
    """Take a widget's value. The browser's limits are no limits: they are kept here."""
    value, last = st.session_state[widget], f"{key}_last"
    if not stale(value, st.session_state[other], st.session_state[f"{key}_drawn"], st.session_state.get(last) == other):
        st.session_state[last] = widget
        st.session_state[key] = min(max(value, low), high)


def slider_with_box(
    label: str, low: Number, high: Number, step: Number, *, key: str, default: Number, help: str = ""
) -> Number:
    """Draw both and return the value, within the limits and of their type. It lives in the session under `key`."""
    kind = type(low)  # a slider wants all its numbers of one type
    value = min(max(kind(st.session_state.get(key, default)), low), high)
    st.session_state[key] = st.session_state[f"{key}_drawn"] = value
    draw_pair(
        label,
        low,
        high,
        step,
        value,
        keys=(f"{key}_slider", f"{key}_box"),
        take=partial(moved, key, low, high),
        help=help,
        places="%d" if kind is int else "%.2f",
    )
    return value
