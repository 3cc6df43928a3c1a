"""The charts of what an hour and a quarter cost: what their definitions say, and what the pictures show."""

import math
import re
from typing import Any

import altair as alt
import pandas as pd
import pytest
from drawn import definition, marks, rows_of, sized
from hypothesis import given
from hypothesis import strategies as st

from lib.charts import spread
from lib.charts.kit import palette
from lib.charts.kit.axis import reached
from lib.charts.kit.chart_spec import Drawing
from lib.charts.kit.png import to_png, to_svg
from lib.charts.quarters import cost_by_quarter, label_moves
from lib.charts.spread import rate_spread

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


@pytest.fixture
def rates() -> pd.DataFrame:
    """The county, an area with five providers, one with a single rate, one without quartiles, and one without any."""
    rows = [
        ("The county", 21.54, 23.1, 24.8, 26.2, 28.02, "£21.54 to £28.02, median £24.80", "40 providers"),
        ("First", 22.0, 23.0, 24.0, 25.0, 27.0, "£22.00 to £27.00, median £24.00", "5 providers"),
        ("Second", 21.54, 21.54, 21.54, 21.54, 21.54, "£21.54", "1 provider"),
        ("Third", 23.0, math.nan, 25.0, math.nan, 26.0, "£23.00 to £26.00, median £25.00", "2 providers"),
        ("Fourth", math.nan, math.nan, math.nan, math.nan, math.nan, "", ""),
    ]
    names = ["area_name", "lowest", "lower_quartile", "median", "upper_quartile", "highest", "shown", "providers_label"]
    return pd.DataFrame(rows, columns=names)


def drawn_costs(frame: pd.DataFrame, **options: Any) -> Drawing:
    return cost_by_quarter(frame, **{"title": "", "axis_title": "Cost of a quarter", **options})


def drawn_rates(frame: pd.DataFrame, **options: Any) -> Drawing:
    return rate_spread(frame, **{"title": "", "axis_title": "Pounds an hour", **options})


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


class TestRateSpread:
    def test_the_first_row_is_bold_and_set_apart(self, rates: pd.DataFrame) -> None:
        chart = drawn_rates(rates)
        # The key takes 24 pixels, a row 28, and 12 part the first from the others.
        assert [row["middle"] for row in rows_of(chart)] == [38, 78, 106, 134, 162]
        assert chart.definition["height"] == 24 + 5 * 28 + 12
        weights = {text: "bold" in style for style, text in re.findall(r"<text ([^>]*)>([^<]+)</text>", to_svg(chart))}
        assert [weights[name] for name in ("The county", "£24.80", "First", "£24.00")] == [True, True, False, False]

    def test_line_bar_and_ring_stand_for_range_quartiles_and_median(self, rates: pd.DataFrame) -> None:
        chart = drawn_rates(rates)
        ends = [(layer["encoding"]["x"].get("field"), layer["encoding"]["x2"].get("field"))
                for layer in (*marks(chart, "rule")[2:], *marks(chart, "bar"))]  # fmt: skip
        assert ends == [("lowest", "highest"), ("lower_quartile", "upper_quartile")]
        assert marks(chart, "point")[0]["encoding"]["x"]["field"] == "median"
        svg = to_svg(chart)
        # Quartiles of three areas, one of them without width; four medians.
        bars = [float(width) for width in re.findall(rf'd="M[^"]*h([\d.]+)[^"]*"[^>]*fill="{spread.COLOUR}"', svg)]
        assert len(bars) == 3
        assert bars[0] / bars[1] == pytest.approx(3.1 / 2, rel=0.01)
        assert svg.count('stroke-width="2.2"') == 4
        assert spread.KEY in texts(svg)

    def test_colours_stand_out_from_both_backgrounds(self, rates: pd.DataFrame) -> None:
        for dark in (False, True):
            ink = palette.ink(dark)
            chart = drawn_rates(rates, dark=dark)
            (bar,), (ring,) = marks(chart, "bar"), marks(chart, "point")
            assert palette.contrast(bar["mark"]["color"], ink.background) >= 3
            assert palette.contrast(ink.edge, ink.background) >= 3
            # The ring is filled with the background, and so is seen on the bar and off it.
            assert (ring["mark"]["fill"], ring["mark"]["stroke"]) == (ink.background, ink.text)

    def test_an_area_without_rates_says_so_in_their_place(self, rates: pd.DataFrame) -> None:
        chart = drawn_rates(rates)
        assert [row["instead"] for row in rows_of(chart)] == ["", "", "", "", "not applicable"]
        assert [row["median_text"] for row in rows_of(chart)] == ["£24.80", "£24.00", "£21.54", "£25.00", ""]
        svg = to_svg(chart)
        # The plate under the words carries them as well.
        assert texts(svg).count("not applicable") == 2
        assert 'aria-label="Fourth: not applicable"' in svg
        worded = drawn_rates(rates.assign(shown="no provider"))
        assert [row["instead"] for row in rows_of(worded)] == ["", "", "", "", "no provider"]

    def test_a_row_says_its_rates_and_its_providers(self, rates: pd.DataFrame) -> None:
        chart = drawn_rates(rates)
        assert 'aria-label="First: £22.00 to £27.00, median £24.00, 5 providers"' in to_svg(chart)
        over = marks(chart, "rect")[-1]["encoding"]
        assert [tip["field"] for tip in over["tooltip"]] == ["area_name", "shown", "providers_label"]

    def test_the_agreed_rate_is_a_dashed_line_with_its_name(self, rates: pd.DataFrame) -> None:
        chart = drawn_rates(rates, agreed_rate=25.5)
        dashed = [rule for rule in marks(chart, "rule") if "strokeDash" in rule["mark"]]
        assert len(dashed) == 1
        assert "agreed rate £25.50" in texts(to_svg(chart))
        assert "25.5" not in definition(chart)
        assert chart.definition["height"] == drawn_rates(rates).definition["height"] + 18
        for none in (None, math.nan):
            plain = drawn_rates(rates, agreed_rate=none)
            assert not [rule for rule in marks(plain, "rule") if "strokeDash" in rule["mark"]]
            assert "agreed rate" not in to_svg(plain)

    def test_the_axis_reaches_the_agreed_rate_which_is_named_inside(self, rates: pd.DataFrame) -> None:
        (plot,) = rows_of(drawn_rates(rates, agreed_rate=31.0), "plot")
        assert (plot["axis_low"], plot["axis_high"]) == (20, 32)
        for rate, anchor in ((31.0, "end"), (20.5, "start")):
            svg = to_svg(sized(drawn_rates(rates, agreed_rate=rate), PHONE))
            assert re.findall(r'text-anchor="(\w+)"[^>]*>agreed rate', svg) == [anchor]

    def test_an_axis_that_does_not_start_at_zero_says_so(self, rates: pd.DataFrame) -> None:
        assert "Pounds an hour (axis does not start at zero)" in texts(to_svg(drawn_rates(rates)))
        assert "Pounds an hour" in texts(to_svg(drawn_rates(rates.assign(lowest=1.0))))

    def test_a_narrow_axis_keeps_the_labels_of_its_ends(self, rates: pd.DataFrame) -> None:
        # 16.70 to 17.20: a tenth of a twentieth of 17.20 on both sides, and outwards to fifths of a pound.
        narrow = rates.assign(lowest=16.7, lower_quartile=16.8, median=17.0, upper_quartile=17.1, highest=17.2)
        written = texts(to_svg(sized(drawn_rates(narrow), DESK)))
        assert {"£16.60", "£17.40"} <= set(written)
        assert reached((23.4, 25.4), "low") < 23.4 < 25.4 < reached((23.4, 25.4), "high")
        assert (reached((20, 32), "low"), reached((20, 32), "high")) == (20, 32)

    def test_a_phone_keeps_names_and_medians_on_the_picture(self, rates: pd.DataFrame) -> None:
        long = rates.assign(area_name=[f"A very long name of an area, number {number}" for number in range(5)])
        svg = to_svg(sized(drawn_rates(long), PHONE))
        assert sum("…" in text for text in texts(svg)) == 5
        assert {"£20.00", "£30.00"} & set(texts(svg))
        plot = re.findall(r'<path class="background"[^>]* d="M0,0h([\d.]+)', svg)[0]
        assert float(plot) > PHONE - 24
        ends = re.findall(r'text-anchor="end"[^>]*translate\(([\d.]+),[^>]*>£\d\d\.\d\d<', svg)
        assert set(ends) == {plot}

    def test_no_area_and_one_area_make_a_picture(self, rates: pd.DataFrame) -> None:
        assert "Pounds an hour" in texts(to_svg(drawn_rates(rates.head(0))))
        one = drawn_rates(rates.head(1), agreed_rate=24.0)
        assert one.definition["height"] == 24 + 18 + 28
        assert "The county" in texts(to_svg(one))

    def test_bad_frames_are_refused(self, rates: pd.DataFrame) -> None:
        with pytest.raises(ValueError, match="lacks the columns highest, providers_label"):
            drawn_rates(rates.drop(columns=["highest", "providers_label"]))


def charts(costs: pd.DataFrame, rates: pd.DataFrame, **options: Any) -> list[Drawing]:
    return [drawn_costs(costs, **options), drawn_rates(rates, agreed_rate=25.5, **options)]


class TestAll:
    @pytest.mark.parametrize("dark", [False, True])
    @pytest.mark.parametrize("width", [PHONE, DESK])
    def test_each_becomes_a_picture(self, costs: pd.DataFrame, rates: pd.DataFrame, width: int, dark: bool) -> None:
        for chart in charts(costs, rates, title="A title", dark=dark):
            assert to_png(sized(chart, width), scale=1).startswith(PNG)
            assert "A title" in texts(to_svg(sized(chart, width)))

    def test_the_whole_chart_is_valid(self, costs: pd.DataFrame, rates: pd.DataFrame) -> None:
        for chart in charts(costs, rates):
            assert alt.LayerChart.from_dict(chart.to_dict()).to_dict()["layer"]

    def test_text_stays_out_of_the_definition_which_other_rows_share(
        self, costs: pd.DataFrame, rates: pd.DataFrame
    ) -> None:
        names = ("quarter_label", "shown", "shown_as_today", "shown_share", "area_name", "providers_label")
        nasty = [
            frame.assign(**{name: frame[name] + NASTY for name in names if name in frame}) for frame in (costs, rates)
        ]
        for chart in charts(*nasty):
            assert "onerror" not in definition(chart)
            assert NASTY in "".join(text for row in rows_of(chart) for text in row.values() if isinstance(text, str))
            assert "<img" not in to_svg(chart)
        other = charts(costs.assign(value=costs["value"] + 500), rates.assign(median=24.55))
        for one, same, dark in zip(charts(costs, rates), other, charts(costs, rates, dark=True), strict=True):
            assert one.definition is same.definition
            assert definition(one) != definition(dark)

    def test_no_title_takes_no_room_and_one_mark_speaks(self, costs: pd.DataFrame, rates: pd.DataFrame) -> None:
        for chart in charts(costs, rates):
            assert chart.definition["title"] == {"text": "", "offset": 0}
            assert chart.definition["config"]["mark"] == {"aria": False, "tooltip": None}
            assert chart.definition["autosize"] == {"type": "fit-x", "contains": "padding"}
            assert sum(layer["mark"].get("aria", False) for layer in chart.definition["layer"]) == 1

    def test_dark_charts_write_in_light_ink(self, costs: pd.DataFrame, rates: pd.DataFrame) -> None:
        for chart in charts(costs, rates, dark=True):
            assert chart.definition["config"]["text"]["color"] == palette.DARK_INK.text
            assert palette.LIGHT_INK.text not in definition(chart)
