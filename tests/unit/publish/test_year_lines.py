"""Lines over years to come: one a scenario, told apart by colour and dash, hidden years left open."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from lib.charts.kit.png import to_svg
from lib.charts.year_lines import year_lines

ROWS = pd.DataFrame(
    [
        ("2024/25", "Ageing", 500.0, "500 hours a week"),
        ("2025/26", "Ageing", math.nan, "c"),
        ("2024/25", "Growth & <b>more</b>", 500.0, "500 hours a week"),
        ("2025/26", "Growth & <b>more</b>", 530.0, "530 hours a week"),
    ],
    columns=["year_label", "series_label", "value", "shown"],
)


def test_each_scenario_has_a_line_a_colour_and_a_dash() -> None:
    drawing = year_lines(ROWS, title="", axis_title="Hours a week")
    assert [row.get("value") for row in drawing.rows()] == [500, None, 500, 530]
    colours, dashes = (drawing.definition["layer"][0]["encoding"][name]["scale"] for name in ("color", "strokeDash"))
    assert colours["domain"] == dashes["domain"] == ["Ageing", "Growth & <b>more</b>"]
    assert len({*colours["range"]}) == 2
    assert dashes["range"][0] != dashes["range"][1]
    svg = to_svg(drawing)
    assert "Growth &amp; &lt;b&gt;more" in svg
    assert "2025/26" in svg


def test_dark_is_drawn_for_a_dark_ground() -> None:
    light, dark = (to_svg(year_lines(ROWS, title="", axis_title="Hours", dark=dark)) for dark in (False, True))
    assert "#12436d" in light
    assert "#6bace6" in dark


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="shown"):
        year_lines(ROWS.drop(columns="shown"), title="", axis_title="")
    many = pd.DataFrame({"year_label": "2024/25", "series_label": list("abcde"), "value": 1.0, "shown": "1"})
    with pytest.raises(ValueError, match="at most 4 lines"):
        year_lines(many, title="", axis_title="")


def test_an_axis_above_zero_says_so() -> None:
    assert "axis does not start at zero" in to_svg(year_lines(ROWS, title="", axis_title="Hours", from_zero=False))
