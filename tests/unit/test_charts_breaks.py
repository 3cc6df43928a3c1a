"""The chart of what a quarter costs: what its definition says, and what the pictures show."""

import json
import math
import re
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.charts import palette
from lib.charts.drawing import ROWS, Drawing
from lib.charts.picture import to_svg
from lib.charts.quarters import cost_by_quarter, label_moves

PNG = b"\x89PNG\r\n\x1a\n"
NASTY = "<img src=x onerror=alert(1)> ${alert(2)} '\" datum.x"
PHONE, DESK = 340, 1200


def costs_at(agreed_share_of_rate: float, count: int = 9) -> pd.DataFrame:
    """540,750 pounds a quarter of which 80% move within four quarters to a rate that is so much of today's."""
    shares = [0.8 * min(1, number / 4) for number in range(count)]
    values = [540_750 * (1 - share + share * agreed_share_of_rate) for share in shares]
    return pd.DataFrame(
        {
            "quarter": range(count),
            "quarter_label": ["Today", *(f"Q{number}" for number in range(1, count))][:count],
            "value": values,
            "shown": [f"£{value:,.0f}" for value in values],
            "as_today": 540_750.0,
            "shown_as_today": "£540,750",
            "share": shares,
            "shown_share": [f"{share:.0%}" for share in shares],
        }
    )


@pytest.fixture
def costs() -> pd.DataFrame:
    return costs_at(0.9)


def drawn_costs(frame: pd.DataFrame, **options: Any) -> Drawing:
    return cost_by_quarter(frame, **{"title": "", "axis_title": "Cost of a quarter", **options})


def sized(chart: Drawing, width: int) -> Drawing:
    """The chart in so many pixels, as a page gives them."""
    return replace(chart, definition={**chart.definition, "width": width})


def rows_of(chart: Drawing, name: str = ROWS) -> list[dict[str, Any]]:
    return list(chart.data[name].to_pylist())


def marks(chart: Drawing, kind: str) -> list[dict[str, Any]]:
    return [layer for layer in chart.definition["layer"] if layer["mark"]["type"] == kind]


def definition(chart: Drawing) -> str:
    """Everything but the data."""
    return json.dumps(chart.definition)


def texts(svg: str) -> list[str]:
    """Every text of a picture, the lines of one joined."""
    found = re.findall(r"<text[^>]*>(.*?)</text>", svg, flags=re.S)
    return [" ".join(re.findall(r">([^<]+)<", f">{text}<")) for text in found]


def place(svg: str, words: str) -> tuple[float, float]:
    """Where the text that starts with some words stands."""
    ((x, y),) = re.findall(rf'<text[^>]*translate\(([-\d.]+),([-\d.]+)\)"[^>]*>(?:<tspan[^>]*>)?{words}', svg)
    return float(x), float(y)


class TestLabelMoves:
    def test_labels_that_stand_apart_stay(self) -> None:
        assert label_moves((30, 200), (36, 36), 234) == (0, 0)
        assert label_moves((200, 30), (36, 36), 234) == (0, 0)

    def test_labels_of_lines_that_coincide_share_the_way(self) -> None:
        assert label_moves((100, 100), (36, 36), 234) == (-18, 18)
        # 10 pixels lie between the middles already.
        assert label_moves((110, 100), (36, 36), 234) == (13, -13)

    def test_an_edge_pushes_both(self) -> None:
        # The upper one's middle cannot lie over 18, nor the lower one's under 216.
        assert label_moves((10, 10), (36, 36), 234) == (8, 44)
        assert label_moves((230, 230), (36, 36), 234) == (-50, -14)

    def test_a_missing_end_moves_none(self) -> None:
        assert label_moves((math.nan, 100), (36, 36), 234) == (0, 0)

    @given(st.floats(0, 234), st.floats(0, 234), st.integers(20, 100), st.integers(20, 100))
    def test_labels_never_overlap_nor_leave_the_plot(self, one: float, other: float, high: int, low: int) -> None:
        moves = label_moves((one, other), (high, low), 234)
        places = one + moves[0], other + moves[1]
        # To the tenth of a pixel.
        assert abs(places[0] - places[1]) >= (high + low) / 2 - 0.11
        for middle, height in zip(places, (high, low), strict=True):
            assert -0.06 <= middle - height / 2 <= middle + height / 2 <= 234.06


class TestCostByQuarter:
    def test_the_lines_differ_in_dashes_and_points_as_well_as_in_colour(self, costs: pd.DataFrame) -> None:
        solid, dashed = marks(drawn_costs(costs), "line")
        assert ("strokeDash" in solid["mark"], dashed["mark"]["strokeDash"]) == (False, [6, 4])
        assert (solid["encoding"]["y"]["field"], dashed["encoding"]["y"]["field"]) == ("value", "as_today")
        (points,) = marks(drawn_costs(costs), "point")
        assert points["encoding"]["y"]["field"] == "value"
        for dark in (False, True):
            ink = palette.ink(dark)
            solid, dashed = (line["mark"]["color"] for line in marks(drawn_costs(costs, dark=dark), "line"))
            assert palette.contrast(solid, ink.background) >= 3
            assert palette.contrast(dashed, ink.background) >= 3
            # The dashes lie on the solid line where both cost the same.
            assert palette.contrast(solid, dashed) >= 3

    def test_each_line_is_named_at_its_end_with_its_figure(self, costs: pd.DataFrame) -> None:
        # 540,750 x (1 - 0.8 + 0.8 x 0.9) = 497,490.
        for width in (PHONE, DESK):
            svg = to_svg(sized(drawn_costs(costs), width))
            assert {"With the mechanism £497,490", "At today's rate £540,750"} <= set(texts(svg))
            assert place(svg, "At today")[1] < place(svg, "With the")[1]
        narrow, wide = (to_svg(sized(drawn_costs(costs), width)).count("<tspan") for width in (PHONE, DESK))
        assert (narrow, wide) == (6, 4)

    @pytest.mark.parametrize(("width", "height"), [(PHONE, 3 * 16), (DESK, 2 * 16)])
    @pytest.mark.parametrize("share", [1.0, 0.999, 1.001])
    def test_labels_of_lines_that_meet_do_not_overlap(self, share: float, width: int, height: int) -> None:
        svg = to_svg(sized(drawn_costs(costs_at(share)), width))
        assert abs(place(svg, "With the")[1] - place(svg, "At today")[1]) >= height

    def test_an_axis_that_does_not_start_at_zero_says_so(self, costs: pd.DataFrame) -> None:
        written = texts(to_svg(drawn_costs(costs)))
        assert "Cost of a quarter (axis does not start at zero)" in written
        # 497,490 to 540,750, and a tenth of that on both sides, outwards to tens of thousands.
        assert {"£490,000", "£550,000"} <= set(written)
        from_zero = texts(to_svg(drawn_costs(costs.assign(value=[540_750.0] + [100_000.0] * 8))))
        assert "Cost of a quarter" in from_zero
        assert "£0" in from_zero

    def test_a_long_axis_title_is_wrapped_and_stays_over_the_plot(self, costs: pd.DataFrame) -> None:
        chart = drawn_costs(costs, axis_title="Cost of a quarter of the packages that are bought today, in pounds")
        axis = marks(chart, "area")[0]["encoding"]["y"]["axis"]
        assert len(axis["title"]) == 3
        assert axis["titleY"] == -12 - 2 * 14
        assert all(len(line) <= 48 for line in axis["title"])

    def test_a_phone_writes_fewer_names_of_quarters(self) -> None:
        long = costs_at(0.9, count=25)
        names = [
            [text for text in texts(to_svg(sized(drawn_costs(long), width))) if re.fullmatch(r"Today|Q\d+", text)]
            for width in (PHONE, DESK)
        ]
        assert names[0] == ["Today", "Q8", "Q16", "Q24"]
        assert names[1] == ["Today", *(f"Q{number}" for number in range(1, 25))][:: 25 // (len(names[1]) - 1)]
        assert len(names[1]) >= 13

    def test_a_quarter_says_all_its_texts(self, costs: pd.DataFrame) -> None:
        chart = drawn_costs(costs)
        svg = to_svg(chart)
        assert (
            'aria-label="Q1: with the mechanism £529,935, at today\'s rate £540,750, share on the mechanism 20%"' in svg
        )
        (targets,) = marks(chart, "rule")
        fields = ["quarter_label", "shown", "shown_as_today", "shown_share"]
        assert [tip["field"] for tip in targets["encoding"]["tooltip"]] == fields
        without = to_svg(drawn_costs(costs.assign(shown_share="")))
        assert 'aria-label="Q1: with the mechanism £529,935, at today\'s rate £540,750"' in without

    def test_quarters_stand_in_order_whatever_the_frames(self, costs: pd.DataFrame) -> None:
        assert rows_of(drawn_costs(costs.iloc[::-1])) == rows_of(drawn_costs(costs))
        assert [row["last"] for row in rows_of(drawn_costs(costs))] == [False] * 8 + [True]

    def test_an_unknown_cost_is_not_drawn_and_one_quarter_is_enough(self, costs: pd.DataFrame) -> None:
        unknown = costs.assign(as_today=math.nan, shown_as_today="not applicable")
        written = texts(to_svg(drawn_costs(unknown)))
        assert "With the mechanism £497,490" in written
        assert not [text for text in written if text.startswith("At today")]
        assert {"Today", "With the mechanism £540,750"} <= set(texts(to_svg(drawn_costs(costs.head(1)))))

    def test_bad_frames_are_refused(self, costs: pd.DataFrame) -> None:
        with pytest.raises(ValueError, match="lacks the columns as_today, value"):
            drawn_costs(costs.drop(columns=["value", "as_today"]))
        with pytest.raises(ValueError, match="there is no quarter to draw"):
            drawn_costs(costs.head(0))
