"""The what-if's charts: what their definitions say, what changes with a slider, how much they send."""

import json
import math
import re
from dataclasses import replace
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.charts.kit import palette
from lib.charts.kit.arrow import rounded, sent
from lib.charts.kit.axis import NOT_FROM_ZERO, round_step, stated, visible_domain
from lib.charts.kit.chart_spec import Drawing
from lib.charts.kit.png import to_png, to_svg
from lib.charts.timeline import HEIGHT, demand_and_capacity_lines
from lib.charts.tornado import sensitivity_tornado
from lib.charts.waterfall import drivers_waterfall, wrapped

PNG = b"\x89PNG\r\n\x1a\n"
NASTY = "<img src=x onerror=alert(1)> ${alert(2)} '\" datum.x"


def years(count: int = 6, *, ranges: bool = True, growth: float = 0.02) -> pd.DataFrame:
    step = np.arange(count)
    frame = pd.DataFrame({"year": 2024 + step, "year_label": [f"{2024 + n}/{25 + n}" for n in step]})
    for measure, start, rate in (("demand", 64210.123, growth), ("capacity", 66000.456, 0.01)):
        middle = start * (1 + rate) ** step
        spread = 400.0 * np.sqrt(step) if ranges else np.full(count, np.nan)
        frame[measure] = middle
        frame[f"{measure}_low"], frame[f"{measure}_high"] = middle - spread, middle + spread
        frame[f"shown_{measure}"] = [f"{value:,.0f}" for value in middle]
        frame[f"shown_{measure}_range"] = [
            f"{value - half:,.0f} to {value + half:,.0f}" if ranges else ""
            for value, half in zip(middle, spread, strict=True)
        ]
    return frame


def timeline(frame: pd.DataFrame, **options: Any) -> Drawing:
    return demand_and_capacity_lines(
        frame,
        **{
            "title": "Hours",
            "axis_title": "Hours a week",
            "selected_year": 2026,
            "crossing_label": "Demand passes capacity",
            **options,
        },
    )


@pytest.fixture
def drivers() -> pd.DataFrame:
    steps = [("Ageing", 6000.0), ("Hours a person", 0.0), ("Technology that supports care", -410.0)]
    rows: list[tuple[str, str, float, float, float, str]] = [("Today", "total", 0.0, 64000.0, 64000.0, "64,000")]
    level = 64000.0
    for label, change in steps:
        rows.append((label, "change", level, level + change, change, f"{change:+,.0f}"))
        level += change
    rows.append(("2029/30", "total", 0.0, level, level, f"{level:,.0f}"))
    frame = pd.DataFrame(rows, columns=["driver_label", "kind", "start", "end", "change", "shown"])
    return frame.assign(order=range(len(frame)))


@pytest.fixture
def levers() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "lever_label": ["Reablement", "Growth in need", "Vacancy rate"],
            "step_label": ["±1 point", "±1 point a year", ""],
            "low": [320.0, -3310.0, 150.0],
            "high": [-320.0, 3403.0, 90.0],
            "shown_low": ["+320", "−3,310", "+150"],
            "shown_high": ["−320", "+3,403", "+90"],
            "order": [2, 1, 3],
        }
    )


def waterfall(frame: pd.DataFrame, **options: Any) -> Drawing:
    return drivers_waterfall(frame, **{"title": "Drivers", "axis_title": "Hours a week", **options})


def tornado(frame: pd.DataFrame, **options: Any) -> Drawing:
    return sensitivity_tornado(frame, **{"title": "Levers", "axis_title": "Change in the gap", **options})


def spec_of(chart: Drawing) -> dict[str, Any]:
    return chart.to_dict()


def rows_of(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of the one data set."""
    (rows,) = spec["datasets"].values()
    return list(rows)


def marks(spec: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [layer for layer in spec["layer"] if layer["mark"]["type"] == kind]


def height_of_picture(chart: Drawing) -> float:
    """The height of a picture in pixels."""
    found = re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', to_svg(chart))
    assert found
    return float(found[1])


def areas_in(svg: str) -> int:
    """How many bands a picture shows."""
    groups = re.findall(r'<g class="mark-area[^>]*>(.*?)</g>', svg)
    return sum(re.search(r' d="M[^"]', group) is not None for group in groups)


def definition(chart: Drawing) -> str:
    """Everything but the data."""
    return json.dumps(chart.definition)


class TestDomain:
    def test_steps_are_one_two_or_five_times_a_power_of_ten(self) -> None:
        assert [round_step(span) for span in (5, 6, 10, 20, 26, 7000, 0.5)] == [1, 2, 2, 5, 10, 2000, 0.1]
        spans = (2, 6, 10, 20, 38, 7000, 0.2)
        assert [round_step(span, 2, no_more=True) for span in spans] == [1, 2, 5, 10, 10, 2000, 0.1]

    def test_large_numbers_close_together_start_above_zero_and_others_at_zero(self) -> None:
        assert visible_domain([64000, 71000]) == (62000, 72000)
        assert visible_domain([100, 1000]) == (0, 1200)
        assert visible_domain([math.nan]) == visible_domain([0.0, 0.0]) == (0, 1)
        # The same number in every year is not blown up into a trend.
        assert visible_domain([1000.0]) == (990, 1010)

    def test_the_title_says_where_the_axis_does_not_start_at_zero(self) -> None:
        assert stated("Hours a week", (0, 10)) == "Hours a week"
        assert stated("Hours a week", (5, 10)) == f"Hours a week ({NOT_FROM_ZERO})"
        assert stated("", (5, 10)) == "Axis does not start at zero"

    @settings(max_examples=80, deadline=None)
    @given(st.lists(st.floats(-1e7, 1e7).filter(lambda value: value == 0 or abs(value) > 1e-3), min_size=1))
    def test_every_value_lies_on_the_axis(self, values: list[float]) -> None:
        low, high = visible_domain(values)
        assert low < high
        slack = 1e-9 * max(abs(low), abs(high))
        assert low - slack <= min(values) <= max(values) <= high + slack
        assert low >= 0 or min(values) < 0

    def test_numbers_are_sent_with_five_digits(self) -> None:
        assert list(rounded(pd.Series([64210.123, 12.3456]))) == [64210, 12]
        assert rounded(pd.Series([1.234567, math.nan])).iloc[0] == 1.2346
        assert rounded(pd.Series([math.nan])).isna().all()

    def test_a_table_is_sent_in_the_narrowest_types_and_without_notes_for_pandas(self) -> None:
        frame = pd.DataFrame(
            {
                "text": ["a", None],
                "flag": [True, False],
                "small": [1.0, math.nan],
                "large": [0, -40000],
                "huge": [0, 2**31],
                "share": [0.5, math.inf],
            }
        )
        table = sent(frame)
        types = {field.name: str(field.type) for field in table.schema}
        assert types == {
            "text": "string",
            "flag": "bool",
            "small": "int16",
            "large": "int32",
            "huge": "float",
            "share": "float",
        }
        assert table.schema.metadata is None
        assert table.to_pylist()[1] == {
            "text": None, "flag": False, "small": None, "large": -40000, "huge": 2**31, "share": None,
        }  # fmt: skip
        assert sent(frame.head(0)).num_rows == 0


class TestTimeline:
    def test_lines_differ_in_colour_and_dash_and_are_named_at_their_ends(self) -> None:
        for dark, colours in ((False, ["#12436d", "#28a197"]), (True, ["#6bace6", "#28a197"])):
            spec = spec_of(timeline(years(), dark=dark))
            lines = [line["mark"] for line in marks(spec, "line")]
            assert [line["color"] for line in lines] == colours
            assert [line.get("strokeDash") for line in lines] == [None, [7, 3]]
            assert [area["mark"]["color"] for area in marks(spec, "area")] == colours
        svg = to_svg(timeline(years()))
        assert ">Demand</tspan>" in svg
        assert ">70,893</tspan>" in svg

    def test_what_is_served_is_a_thin_third_line_named_beneath_it(self) -> None:
        frame = years()
        frame["served"], frame["shown_served"] = frame["capacity"] - 5000, "61,000"
        for dark, colour in ((False, "#801650"), (True, palette.CATEGORICAL_DARK[2].lower())):
            chart = timeline(frame, dark=dark)
            spec = spec_of(chart)
            third = marks(spec, "line")[2]
            assert third["mark"]["color"].lower() == colour
            assert third["mark"]["strokeWidth"] == 1.5
            assert third["encoding"]["y"]["field"] == "served"
            assert len(marks(spec, "area")) == 2
            assert [row["served_name"] for row in rows_of(spec)] == ["", "", "", "Served", "", ""]
            # The axis reaches it.
            assert rows_of(spec)[0]["axis_low"] < 61_000
            assert ">Served<" in to_svg(chart)
            assert ", served 61,000" in to_svg(chart).replace("&#xA;", " ")
            assert len(definition(chart)) < 5000
        assert "served" not in definition(timeline(years()))

    def test_a_measure_without_a_range_has_no_band(self) -> None:
        frame = years()
        frame[["capacity_low", "capacity_high"]] = np.nan
        chart = timeline(frame)
        spec = spec_of(chart)
        assert [row["capacity_low"] for row in rows_of(spec)] == [None] * 6
        assert areas_in(to_svg(timeline(years()))) == 2
        assert areas_in(to_svg(chart)) == 1
        without = timeline(years(ranges=False))
        assert areas_in(to_svg(without)) == 0
        assert rows_of(spec_of(without))[0]["demand_text"] == "64,210"
        # A band that comes after the lines changes no definition.
        assert without.definition is timeline(years()).definition
        assert rows_of(spec)[1]["demand_text"] == "65,494\n(65,094 to 65,894)"

    def test_the_chosen_year_and_the_crossing_change_only_the_data(self) -> None:
        domain = (60000.0, 75000.0)
        first = timeline(years(), domain=domain, crossing_year=2028)
        second = timeline(years(growth=0.015), domain=domain, selected_year=2029)
        assert first.definition is second.definition
        assert [row["year"] for row in rows_of(spec_of(first)) if row["chosen"]] == [2026]
        assert [row["year"] for row in rows_of(spec_of(first)) if row["crossing"]] == [2028]
        assert not [row for row in rows_of(spec_of(second)) if row["crossing"]]
        picture, without = to_svg(first), to_svg(second)
        assert ">Demand passes capacity<" in picture
        assert ">Demand passes capacity<" not in without

    def test_a_year_the_frame_lacks_draws_no_line(self) -> None:
        assert not [row for row in rows_of(spec_of(timeline(years(), selected_year=1999))) if row["chosen"]]

    def test_the_axis_says_that_it_is_cut_and_reaches_every_number(self) -> None:
        def axis(chart: Drawing) -> tuple[str, list[float]]:
            spec = spec_of(chart)
            (ends,) = {(row["axis_low"], row["axis_high"]) for row in rows_of(spec)}
            (title,) = [row["axis_title"] for row in rows_of(spec) if row["axis_title"]]
            assert f">{title}<" in to_svg(chart)
            return title, list(ends)

        assert axis(timeline(years())) == (f"Hours a week ({NOT_FROM_ZERO})", [62000, 74000])
        assert axis(timeline(years(), domain=(0.0, 90000.0))) == ("Hours a week", [0, 90000])
        assert axis(timeline(years(), domain=(64000.0, 65000.0)))[1][1] > 70000
        # The ends are data, so that an axis that moves leaves the definition as it is; Vega draws the axis up to them.
        wide, narrow = (timeline(years(), domain=domain) for domain in ((0.0, 100000.0), (0.0, 80000.0)))
        assert wide.definition is narrow.definition
        assert [">100,000<" in to_svg(chart) for chart in (wide, narrow)] == [True, False]

    @pytest.mark.parametrize(("count", "width", "expected"), [(6, 700, 6), (6, 350, 3), (16, 350, 4), (1, 350, 1)])
    def test_year_names_do_not_overlap(self, count: int, width: int, expected: int) -> None:
        chart = timeline(years(count), selected_year=0)
        svg = to_svg(replace(chart, definition={**chart.definition, "width": width}))
        assert sum(f">{2024 + n}/{25 + n}<" in svg for n in range(count)) == expected

    def test_labels_of_lines_that_meet_are_kept_apart(self) -> None:
        frame = years(2)
        frame["demand"] = frame["capacity"]
        apart = rows_of(spec_of(timeline(frame)))[-1]["apart"]
        assert apart == -18  # half a label each way, demand above
        frame["demand"] -= 20000
        assert rows_of(spec_of(timeline(frame)))[-1]["apart"] == 0
        assert [row["apart"] for row in rows_of(spec_of(timeline(frame)))][:-1] == [None]

    def test_a_gap_in_a_line_is_a_gap(self) -> None:
        frame = years()
        frame.loc[frame.index[-1], "capacity"] = np.nan
        spec = spec_of(timeline(frame))
        assert rows_of(spec)[-1]["capacity"] is None
        assert rows_of(spec)[-1]["apart"] == 0
        assert spec["height"] == HEIGHT

    def test_an_empty_frame_and_a_missing_column_are_refused(self) -> None:
        with pytest.raises(ValueError, match="no year"):
            timeline(years().head(0))
        with pytest.raises(ValueError, match="lacks the columns demand_low, year_label"):
            timeline(years().drop(columns=["year_label", "demand_low"]))


class TestWaterfall:
    def test_bars_step_from_total_to_total_and_carry_their_sign_in_text(self, drivers: pd.DataFrame) -> None:
        rows = rows_of(spec_of(waterfall(drivers.sample(frac=1, random_state=1))))
        assert [row["direction"] for row in rows] == ["total", "more", "more", "fewer", "total"]
        assert [row["shown"] for row in rows] == ["64,000", "+6,000", "+0", "-410", "69,590"]
        assert [row["end"] for row in rows] == [64000, 70000, 70000, 69590, 69590]
        assert [row["start"] for row in rows[1:4]] == [64000, 70000, 70000]
        assert [row["next"] for row in rows] == [64000, 70000, 70000, 69590, None]

    def test_small_changes_cut_the_axis_and_large_ones_do_not(self, drivers: pd.DataFrame) -> None:
        cut = spec_of(waterfall(drivers))
        encoding = marks(cut, "bar")[0]["encoding"]["x"]
        # An axis says nothing by itself: what it said first would go on being said.
        assert encoding["axis"]["aria"] is False
        assert rows_of(cut)[0]["axis_title"] == f"Hours a week ({NOT_FROM_ZERO})"
        assert rows_of(cut)[0]["axis_low"] == rows_of(cut)[0]["start"] == 62000
        assert [row["cut"] for row in rows_of(cut)] == ["//", "", "", "", "//"]
        picture = to_svg(waterfall(drivers))
        assert picture.count(">//<") == 2
        assert f">Hours a week ({NOT_FROM_ZERO})<" in picture
        drivers[["start", "end"]] = [[0, 100], [100, 900], [900, 900], [900, 400], [0, 400]]
        whole = spec_of(waterfall(drivers))
        assert rows_of(whole)[0]["axis_title"] == "Hours a week"
        assert rows_of(whole)[0]["start"] == 0
        picture = to_svg(waterfall(drivers))
        assert "//<" not in picture
        assert ">Hours a week<" in picture

    def test_a_step_of_a_slider_changes_only_the_data(self, drivers: pd.DataFrame) -> None:
        moved = drivers.copy()
        moved["end"] = [64000.0, 70000.0, 70000.0, 69590.0, 69290.0]
        domain = (60000.0, 72000.0)
        assert waterfall(drivers, domain=domain).definition is waterfall(moved, domain=domain).definition
        assert waterfall(drivers).definition is waterfall(moved).definition
        # Not even the number of its rows does: the picture is as high as they need.
        assert waterfall(drivers.head(4)).definition is waterfall(drivers).definition
        heights = [height_of_picture(waterfall(frame)) for frame in (drivers, drivers.head(4))]
        assert heights[0] - heights[1] == 38

    def test_long_names_go_over_two_lines(self) -> None:
        assert wrapped("Technology that supports care") == "Technology that\nsupports care"
        assert wrapped("Ageing") == "Ageing"
        assert wrapped("") == ""

    def test_an_unknown_kind_and_a_missing_column_are_refused(self, drivers: pd.DataFrame) -> None:
        with pytest.raises(ValueError, match="kinds total and change, found sum"):
            waterfall(drivers.assign(kind="sum"))
        with pytest.raises(ValueError, match="lacks the columns shown"):
            waterfall(drivers.drop(columns="shown"))


class TestTornado:
    def test_levers_stand_in_order_with_both_effects(self, levers: pd.DataFrame) -> None:
        rows = rows_of(spec_of(tornado(levers)))
        assert [row["lever"] for row in rows[::2]] == [
            "Growth in need, ±1 point a year",
            "Reablement, ±1 point",
            "Vacancy rate",
        ]
        assert [row["move"] for row in rows] == ["Lever down", "Lever up"] * 3
        assert [(row["effect"], row["side"]) for row in rows[:4]] == [(-3310, -1), (3403, 1), (320, 1), (-320, -1)]
        assert [row["shown"] for row in rows[:2]] == ["−3,310", "+3,403"]

    def test_two_effects_on_one_side_do_not_cover_each_other(self, levers: pd.DataFrame) -> None:
        rows = rows_of(spec_of(tornado(levers)))
        assert rows[4]["bottom"] <= rows[5]["top"]
        assert rows[0]["top"] == rows[1]["top"]

    def test_no_effect_is_written_on_the_free_side(self, levers: pd.DataFrame) -> None:
        levers[["low", "high"]] = [[0.0, 500.0], [-500.0, 0.0], [0.0, np.nan]]
        rows = rows_of(spec_of(tornado(levers.assign(order=range(3)))))
        assert [row["side"] for row in rows] == [-1, 1, -1, 1, -1, 1]

    def test_the_axis_is_even_and_a_reach_keeps_it_still(self, levers: pd.DataFrame) -> None:
        def ends(chart: Drawing) -> tuple[float, float]:
            first = rows_of(spec_of(chart))[0]
            return first["axis_low"], first["axis_high"]

        smaller = levers.assign(low=levers["low"] / 2, high=levers["high"] / 2)
        assert [ends(tornado(frame)) for frame in (levers, smaller)] == [(-4000, 4000), (-2000, 2000)]
        assert tornado(levers).definition is tornado(smaller).definition
        assert ends(tornado(levers, reach=5000.0)) == ends(tornado(smaller, reach=5000.0)) == (-5000, 5000)
        assert ends(tornado(levers, reach=3000.0)) == (-4000, 4000)
        assert ">+4,000<" in to_svg(tornado(levers))
        assert tornado(levers.head(1)).definition is tornado(levers).definition
        assert height_of_picture(tornado(levers)) - height_of_picture(tornado(levers.head(1))) == 2 * 52
        assert rows_of(spec_of(tornado(levers.head(1))))[0]["lever"] == "Reablement, ±1 point"

    def test_colours_are_named_and_are_those_of_the_duo(self, levers: pd.DataFrame) -> None:
        for dark, duo in ((False, palette.DUO), (True, palette.DUO_DARK)):
            fill = marks(spec_of(tornado(levers, dark=dark)), "rect")[0]["encoding"]["fill"]
            assert fill["scale"] == {"domain": ["Lever down", "Lever up"], "range": list(duo)}
            assert fill["legend"]["orient"] == "top"

    def test_a_missing_column_is_named(self, levers: pd.DataFrame) -> None:
        with pytest.raises(ValueError, match="lacks the columns high, order"):
            tornado(levers.drop(columns=["order", "high"]))


class TestAll:
    def charts(self, drivers: pd.DataFrame, levers: pd.DataFrame, dark: bool = False) -> list[Drawing]:
        return [
            timeline(years(), crossing_year=2028, dark=dark),
            waterfall(drivers, dark=dark),
            tornado(levers, dark=dark),
        ]

    def test_each_becomes_a_picture(self, drivers: pd.DataFrame, levers: pd.DataFrame) -> None:
        said = [
            '"2026/27: demand 66,804 (66,239 to 67,370), capacity 67,327 (66,761 to 67,893)"',
            '"Ageing: +6,000"',
            '"Growth in need, ±1 point a year, Lever up: +3,403"',
        ]
        for chart, words in zip(self.charts(drivers, levers), said, strict=True):
            assert to_png(chart, scale=1).startswith(PNG)
            assert f"aria-label={words}" in to_svg(chart).replace("&#xA;", " ")

    def test_the_whole_chart_is_valid_and_what_is_sent_can_be_changed(
        self, drivers: pd.DataFrame, levers: pd.DataFrame
    ) -> None:
        for chart in self.charts(drivers, levers):
            assert alt.LayerChart.from_dict(chart.to_dict()).to_dict()["layer"]
            before = definition(chart)
            chart.for_screen()["layer"].clear()
            assert definition(chart) == before

    def test_a_step_of_a_slider_sends_little(self, drivers: pd.DataFrame, levers: pd.DataFrame) -> None:
        for chart, most in zip(self.charts(drivers, levers), (4500, 3200, 3300), strict=True):
            assert len(definition(chart)) < most
        assert len(json.dumps(spec_of(timeline(years())))) < 7000

    def test_text_stays_out_of_the_definition(self, drivers: pd.DataFrame, levers: pd.DataFrame) -> None:
        drivers["driver_label"] = levers["lever_label"] = NASTY
        frame = years().assign(year_label=NASTY, shown_demand=NASTY)
        for chart in (timeline(frame), waterfall(drivers), tornado(levers)):
            assert "onerror" not in definition(chart)
            assert "<img" not in to_svg(chart)

    def test_no_title_takes_no_room_and_marks_are_silent_but_for_their_tooltips(
        self, drivers: pd.DataFrame, levers: pd.DataFrame
    ) -> None:
        for chart in (
            timeline(years(), title=""),
            waterfall(drivers, title=""),
            tornado(levers, title=""),
        ):
            spec = spec_of(chart)
            assert spec["title"] == {"text": "", "offset": 0}
            assert spec["config"]["mark"] == {"aria": False, "tooltip": None}
            assert sum("tooltip" in layer.get("encoding", {}) for layer in spec["layer"]) == 1
            assert spec["autosize"] == {"type": "fit-x", "contains": "padding"}

    def test_dark_charts_write_in_light_ink(self, drivers: pd.DataFrame, levers: pd.DataFrame) -> None:
        for chart in self.charts(drivers, levers, dark=True):
            config = spec_of(chart)["config"]
            assert config["text"]["color"] == palette.DARK_INK.text
            assert config["axis"]["labelColor"] == palette.DARK_INK.quiet
