"""A slider with a number box beside it: one value, two ways to set it, and no step lost between them."""

from __future__ import annotations

import pytest
from app_pages import checked, values
from streamlit.testing.v1 import AppTest


def one_slider() -> None:
    """A script of one slider from 0 to 10, at 2."""
    import streamlit as st

    from lib.view.widgets.slider import slider_with_box

    st.markdown(f"{slider_with_box('Hours', 0, 10, 1, key='hours', default=2)}")


def opened() -> AppTest:
    return checked(AppTest.from_function(one_slider).run())


def shown(app: AppTest) -> tuple[list[str], int, int]:
    """The value that the page works with, and what slider and box show."""
    return values(app, "markdown"), app.slider[0].value, app.number_input[0].value


def test_each_moves_the_other() -> None:
    app = opened()
    assert shown(app) == (["2"], 2, 2)
    checked(app.slider[0].set_value(4).run())
    assert shown(app) == (["4"], 4, 4)
    checked(app.number_input[0].set_value(7).run())
    assert shown(app) == (["7"], 7, 7)


@pytest.mark.parametrize("first", ["slider", "box"])
def test_a_stale_twin_undoes_no_step(first: str) -> None:
    """A widget that is moved quickly is sent together with the other one, which still shows the step before."""
    app = opened()
    for value in (3, 4):
        checked((app.slider if first == "slider" else app.number_input)[0].set_value(value).run())
    app.slider[0].set_value(5 if first == "slider" else 3)
    app.number_input[0].set_value(5 if first == "box" else 3)
    checked(app.run())
    assert shown(app) == (["5"], 5, 5)
    checked((app.number_input if first == "slider" else app.slider)[0].set_value(9).run())
    assert shown(app) == (["9"], 9, 9), "and the other one moves it again"


@pytest.mark.parametrize(("kept", "expected"), [(99, 10), (-5, 0)])
def test_a_value_beyond_the_limits_is_kept_within_them(kept: int, expected: int) -> None:
    """The pack may have changed since the value was set, and with it the limits."""
    app = AppTest.from_function(one_slider)
    app.session_state["hours"] = kept
    assert shown(checked(app.run())) == ([f"{expected}"], expected, expected)
