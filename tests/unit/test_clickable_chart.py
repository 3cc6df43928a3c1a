"""A chart that can be clicked: what a click passes on, and when the chart gets a new key."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

from lib.charts.kit.chart_spec import Drawing
from lib.view.widgets import chart


class Screen:
    """Streamlit as far as a chart needs it: a session, and the chart that was drawn last."""

    def __init__(self) -> None:
        self.session_state: dict[str, Any] = {}
        self.drawn: dict[str, Any] = {}
        self.said = ""

    def container(self, **settings: Any) -> AbstractContextManager[None]:
        del settings
        return nullcontext()

    def vega_lite_chart(self, **settings: Any) -> None:
        self.drawn = settings

    def html(self, body: str) -> None:
        self.said = body

    def click(self, **fields: object) -> None:
        """Click a mark with these fields, or beside the marks."""
        picked = [fields] if fields else []
        self.session_state[self.drawn["key"]] = SimpleNamespace(selection={self.drawn["selection_mode"]: picked})
        self.drawn["on_select"]()


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    found = Screen()
    monkeypatch.setattr(chart, "st", found)
    return found


def draw(screen: Screen, chosen: object, take: Any, fields: tuple[str, ...] = ("code",)) -> str:
    known = {("a",), ("b",), ("a", "day"), ("b", "day")}
    chart.draw_clickable(
        Drawing({}, {}), alt="", key="bars", mark="area", fields=fields, known=known, chosen=chosen, take=take
    )
    return str(screen.drawn["key"])


def test_a_click_is_passed_on_and_the_chart_stays(screen: Screen) -> None:
    taken: list[str] = []
    key = draw(screen, None, taken.append)
    screen.click(code="a")
    assert taken == ["a"]
    assert draw(screen, "a", taken.append) == key, "its own choice: a new chart would only flicker"


@pytest.mark.parametrize("fields", [{}, {"code": "c"}, {"name": "a"}, {"code": None}])
def test_a_click_beside_the_marks_or_on_none_that_is_known_changes_nothing(
    screen: Screen, fields: dict[str, object]
) -> None:
    taken: list[str] = []
    key = draw(screen, "b", taken.append)
    screen.click(**fields)
    assert taken == []
    assert draw(screen, "b", taken.append) == key


def test_a_choice_made_elsewhere_gives_the_chart_a_new_key_once(screen: Screen) -> None:
    """Or the bar that was clicked before could not be clicked again: the browser takes it for chosen."""
    taken: list[str] = []
    keys = [draw(screen, None, taken.append)]
    screen.click(code="a")
    keys += [draw(screen, chosen, taken.append) for chosen in ("a", "b", "b", "a", None)]
    assert keys == ["bars_0", "bars_0", "bars_1", "bars_1", "bars_2", "bars_3"]
    screen.click(code="a")
    assert taken == ["a", "a"]


def test_a_mark_may_stand_for_two_things(screen: Screen) -> None:
    taken: list[tuple[str, str]] = []
    both = ("code", "kind")
    key = draw(screen, ("a", "day"), lambda *values: taken.append(values), both)
    screen.click(code="b", kind="night")
    screen.click(code="b", kind="day")
    assert taken == [("b", "day")]
    assert draw(screen, ("b", "day"), lambda *values: None, both) == key


def test_where_each_click_adds_to_a_choice_of_several_every_mark_can_be_clicked_again(screen: Screen) -> None:
    leaving: list[str] = []
    first = draw(screen, tuple(leaving), leaving.append)
    screen.click(code="a")
    second = draw(screen, tuple(leaving), leaving.append)
    assert second != first
    assert draw(screen, tuple(leaving), leaving.append) == second
    screen.click(code="a")
    assert leaving == ["a", "a"]


def test_the_name_stands_while_the_words_change(screen: Screen) -> None:
    """The browser builds a chart again whose name changes: the figures are told beside it, as text."""
    for words in ("Maldon 0.96", "<b>Maldon</b> 0.95"):
        chart.draw(Drawing({}, {}), alt="Ranked bars", words=words)
        assert screen.drawn["alt"] == "Ranked bars"
    assert screen.said == '<p class="spoken">&lt;b&gt;Maldon&lt;/b&gt; 0.95</p>'
    screen.said = ""
    chart.draw(Drawing({}, {}), alt="Ranked bars")
    assert screen.said == ""
