"""The map's legend: every class with its words, and the hatched one only where an area has no figure."""

from __future__ import annotations

import re

import pytest
from app_pages import SECONDS, checked
from streamlit.testing.v1 import AppTest


def drawn(some_missing: bool) -> None:
    """A page with nothing but a legend, of a scale whose words could act as HTML."""
    from lib.charts.kit.scale import diverging
    from lib.view.map.legend import legend

    colours = ("#aa0000", "#cc4400", "#ffffff", "#4400cc", "#0000aa", "#000077")
    legend(
        diverging(colours, (0.9, 0.95, 1.0, 1.05, 1.1), lambda value: f"<b>{value:.2f}", "Net <coverage>"), some_missing
    )


@pytest.mark.parametrize("some_missing", [True, False])
def test_the_hatched_class_stands_where_an_area_has_no_figure(some_missing: bool) -> None:
    app = AppTest.from_function(drawn, default_timeout=SECONDS, kwargs={"some_missing": some_missing})
    (text,) = (element.proto.body for element in checked(app.run()).get("html"))
    classes = re.findall(r"</span>([^<]*)</li>", text)
    assert len(classes) == 6 + some_missing
    assert ("not known or not applicable" in classes) == some_missing
    assert ("repeating-linear-gradient" in text) == some_missing
    assert "Net &lt;coverage&gt;" in text
    assert "<b>" not in text
