"""Charts: what their definitions say, what their scales promise, and that each becomes a picture."""

import json
import math
import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.charts.bars import ranked_bars
from lib.charts.breakdown import demand_and_capacity
from lib.charts.kit import palette, theme
from lib.charts.kit.chart_spec import Drawing
from lib.charts.kit.png import to_png, to_svg, with_footer
from lib.charts.kit.scale import Scale, diverging, legend_entries, sequential
from lib.charts.ratings import rating_mix
from lib.charts.static_map import static_map
from lib.charts.trend import in_charts, trend
from lib.pack.geography import Outlines, read_outlines

PNG = b"\x89PNG\r\n\x1a\n"
RAMPS = {"demand": palette.DEMAND, "supply": palette.SUPPLY, "quality": palette.QUALITY}
NASTY = "<img src=x onerror=alert(1)> ${alert(2)} '\" datum.x"


def one_decimal(value: float) -> str:
    return f"{value:.1f}"


def two_decimals(value: float) -> str:
    return f"{value:.2f}"


def coverage() -> Scale:
    return diverging(palette.DIVERGING, (0.60, 0.70, 0.80, 0.90, 0.95, 1.00, 1.05, 1.10), two_decimals, "Coverage")


@pytest.fixture
def areas() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area_code": ["A3", "A1", "A2", "A4"],
            "area_name": ["Third", "First", NASTY, "Fourth"],
            "value": [0.88, 0.97, 1.20, np.nan],
            "shown": ["0.88", "0.97", "1.20", ""],
            "colour": ["#9c3a00", "#fbd0a6", "#12436d", ""],
            "class_label": ["under 0.90", "0.95 to under 1.00", "1.10 and over", ""],
        }
    )


@pytest.fixture
def lots() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "service_type_label": ["Personal care", "Night care"],
            "cohort_label": ["older people", ""],
            "demand_hours": [1200.0, 40.0],
            "capacity_hours": [1000.0, np.nan],
            "shown_demand": ["1,200 hours", "40 hours"],
            "shown_capacity": ["1,000 hours", "not applicable"],
            "shown_shortfall": ["200 hours", ""],
        }
    )


@pytest.fixture
def mix() -> pd.DataFrame:
    names = [*palette.RATING_COLOURS.items(), ("Not rated", "")]
    shares = [0.05, 0.70, 0.10, 0.05, 0.10]
    rows = [
        {
            "domain_label": domain,
            "rating_label": name,
            "order": order,
            "share": shares[order],
            "hours": shares[order] * 1000,
            "shown": f"{shares[order] * 1000:,.0f} hours",
            "colour": colour,
        }
        for domain in ("Safe", "Caring")
        for order, (name, colour) in reversed(list(enumerate(names)))
    ]
    return pd.DataFrame(rows)


@pytest.fixture
def months() -> pd.DataFrame:
    start = pd.date_range("2023-04-01", periods=24, freq="MS")
    frames = [
        pd.DataFrame(
            {
                "month": start,
                "series_label": label,
                "value": base + np.arange(24.0),
                "shown": [f"{base + n} hours" for n in range(24)],
            }
        )
        for label, base in (("Older people", 500), ("Working age adults", 200))
    ]
    return pd.concat(frames, ignore_index=True)


@pytest.fixture
def squares() -> Outlines:
    def square(west: float, code: str) -> dict[str, Any]:
        ring = [[west, 51.5], [west + 0.3, 51.5], [west + 0.3, 51.7], [west, 51.7], [west, 51.5]]
        return {
            "type": "Feature",
            "properties": {"district_code": code},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }

    tiny = [[0.75, 51.55], [0.77, 51.55], [0.77, 51.56], [0.75, 51.56], [0.75, 51.55]]
    island = {
        "type": "Feature",
        "properties": {"district_code": "C"},
        "geometry": {"type": "MultiPolygon", "coordinates": [[tiny], [[[x + 0.2, y] for x, y in tiny]]]},
    }
    document = {"type": "FeatureCollection", "features": [square(0.0, "A"), square(0.3, "B"), island]}
    return read_outlines(json.dumps(document).encode())


@pytest.fixture
def paints() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "district_code": ["A", "B", "C", "elsewhere"],
            "colour": ["#12436d", "", "#fbd0a6", "#12436d"],
            "label": ["Alpha\n1.20", "Beta", "Charlie Island", "Nowhere"],
            "selected": [True, False, False, False],
        }
    )


def picture_map(squares: Outlines, paints: pd.DataFrame) -> alt.LayerChart:
    return static_map(
        squares,
        paints,
        title="Where care is short",
        subtitle="Coverage, 2024/25",
        legend=[("#12436d", "1.10 and over"), ("", "Not available")],
        credit="Source: the boundary publisher",
    )


def sized(chart: Drawing, width: int) -> Drawing:
    """The chart in so many pixels, as a page gives them."""
    return replace(chart, definition={**chart.definition, "width": width})


def spec_of(chart: alt.LayerChart | Drawing) -> dict[str, Any]:
    theme.register_theme()
    return dict(chart.to_dict())


def records(spec: dict[str, Any], column: str) -> list[dict[str, Any]]:
    """The rows of the one data set that has a column."""
    return next(rows for rows in spec["datasets"].values() if rows and column in rows[0])


def marks(spec: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [layer for layer in spec["layer"] if layer["mark"]["type"] == kind]


def features(spec: dict[str, Any], layer: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = spec["datasets"][layer["data"]["name"]]
    return found


class TestPalette:
    def test_contrast_of_black_on_white_is_21_and_of_a_colour_on_itself_is_1(self) -> None:
        assert palette.contrast("#000000", "#ffffff") == pytest.approx(21)
        assert palette.contrast("#1d70b8", "#1d70b8") == 1
        assert palette.contrast("#1d70b8", "#ffffff") == pytest.approx(5.17, abs=0.01)

    def test_a_word_is_no_colour(self) -> None:
        with pytest.raises(ValueError, match="expected a colour"):
            palette.luminance("red")

    @pytest.mark.parametrize("name", RAMPS)
    def test_ramps_run_light_to_dark_and_neighbours_differ(self, name: str) -> None:
        ramp = RAMPS[name]
        assert len(ramp) == 5
        for lighter, darker in pairwise(ramp):
            assert palette.luminance(lighter) > palette.luminance(darker)
            assert palette.contrast(lighter, darker) >= 1.3

    def test_either_side_of_the_middle_differs_for_people_who_cannot_see_red_or_green(self) -> None:
        # Machado, Oliveira and Fernandes (2009), severity 1.0, on linear light.
        simulations = {
            "protanopia": [
                [0.152286, 1.052583, -0.204868],
                [0.114503, 0.786281, 0.099216],
                [-0.003882, -0.048116, 1.051998],
            ],
            "deuteranopia": [
                [0.367322, 0.860646, -0.227968],
                [0.280085, 0.672501, 0.047413],
                [-0.011820, 0.042940, 0.968881],
            ],
        }
        for matrix in simulations.values():
            seen = []
            for colour in palette.DIVERGING:
                channels = np.array([int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)])
                seen.append(np.clip(np.array(matrix) @ channels**2.2, 0, 1) ** (1 / 2.2))
            apart = [float(np.linalg.norm(left - right)) for left, right in pairwise(seen)]
            assert min(apart) > 0.1
            # Across the middle, many times as far.
            assert apart[5] > 0.8
            # Short is yellowish, spare is blueish.
            assert all(red > blue for red, _, blue in seen[:6])
            assert all(blue > red for red, _, blue in seen[6:])

    def test_in_grey_no_class_of_one_side_passes_for_one_of_the_other(self) -> None:
        # Short to spare, darkest to lightest: WCAG's luminance, worked out here from its definition.
        def grey(colour: str) -> float:
            channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
            linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
            return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

        greys = [grey(colour) for colour in palette.DIVERGING]
        steps = [(lighter + 0.05) / (darker + 0.05) for darker, lighter in pairwise(greys)]
        assert len(steps) == 8
        # Every shorter class, and the one either side of enough, stands apart; what is spare needs less.
        assert min(steps[:6]) >= 1.3
        assert min(steps[6:]) >= 1.2

    def test_ratings_are_ordered_from_dark_to_light(self) -> None:
        assert list(palette.RATING_COLOURS) == ["Outstanding", "Good", "Requires improvement", "Inadequate"]
        for darker, lighter in pairwise(palette.RATING_COLOURS.values()):
            assert palette.contrast(darker, lighter) >= 1.3
            assert palette.luminance(darker) < palette.luminance(lighter)

    @pytest.mark.parametrize(
        "fill",
        [
            *palette.DEMAND, *palette.SUPPLY, *palette.QUALITY, *palette.DIVERGING, *palette.RATING_COLOURS.values(),
            palette.NOT_RATED, palette.MISSING,
        ],
    )  # fmt: skip
    def test_text_on_any_fill_is_readable(self, fill: str) -> None:
        assert palette.text_on(fill) in {palette.TEXT, palette.WHITE}
        assert palette.contrast(palette.text_on(fill), fill) >= 4.5

    @pytest.mark.parametrize("dark", [False, True])
    def test_text_and_edges_stand_out_from_the_background(self, dark: bool) -> None:
        ink = palette.ink(dark)
        assert palette.contrast(ink.text, ink.background) >= 7
        assert palette.contrast(ink.text, ink.highlight) >= 7
        assert palette.contrast(ink.quiet, ink.background) >= 4.5
        assert palette.contrast(ink.edge, ink.background) >= 3
        lines = palette.CATEGORICAL_DARK if dark else palette.CATEGORICAL
        assert all(palette.contrast(line, ink.background) >= 2.8 for line in lines)


class TestTheme:
    def test_registering_twice_leaves_one_theme_in_force(self) -> None:
        theme.register_theme()
        theme.register_theme()
        assert alt.theme.active == theme.NAME
        assert alt.theme.names().count(theme.NAME) == 1

    def test_the_theme_sets_no_text_colour(self) -> None:
        theme.register_theme()
        found = alt.theme.get()
        assert found is not None
        text = json.dumps(found())
        assert "olor" not in text

    def test_a_long_title_is_wrapped_and_no_title_takes_no_room(self) -> None:
        lines = theme.heading("Hours of capacity for each hour of care that people need").to_dict()["text"]
        assert len(lines) == 2
        assert all(len(line) <= theme.TITLE_CHARACTERS for line in lines)
        assert theme.heading("").to_dict() == {"text": "", "offset": 0}

    def test_axis_formats_know_pounds_and_refuse_anything_but_a_format(self) -> None:
        assert theme.axis_format_options(None) == {}
        assert theme.axis_format_options(".0%") == {"format": ".0%"}
        assert "'.2f'" in theme.axis_format_options("£.2f")["labelExpr"]
        with pytest.raises(ValueError, match="number format"):
            theme.axis_format_options("£') + warn('x")

    def test_room_grows_in_steps(self) -> None:
        assert theme.room_for([]) == 16
        assert theme.room_for(["980"]) == theme.room_for(["983"])
        assert theme.room_for(["not applicable"]) > theme.room_for(["0.98"])


class TestScale:
    def test_a_break_belongs_to_the_class_above(self) -> None:
        scale = coverage()
        assert scale.label(1.00) == "1.00 to under 1.05"
        assert scale.label(0.996) == "0.95 to under 1.00"
        assert scale.label(0.65) == "0.60 to under 0.70"
        assert scale.label(0.2) == "under 0.60"
        assert scale.label(1.10) == "1.10 and over"
        assert scale.colour(1.0) == palette.DIVERGING[6]
        assert scale.colour(0.9999) == palette.DIVERGING[5]

    def test_missing_has_no_colour(self) -> None:
        for scale in (coverage(), sequential([], palette.DEMAND, one_decimal, "Empty")):
            for value in (None, math.nan, math.inf):
                assert scale.colour(value) is None
                assert scale.label(value) is None

    def test_labels_of_a_sequential_scale_meet_without_overlap(self) -> None:
        scale = sequential(
            [3.9, 4.3, 4.4, 5.6, 5.7, 5.7, 6.5, 6.5, 6.6, 8.3, 9.7], palette.DEMAND, one_decimal, "Hours"
        )
        assert scale.breaks == (4.4, 5.6, 6.4, 8.4)
        assert scale.labels == ("under 4.4", "4.4 to 5.5", "5.6 to 6.3", "6.4 to 8.3", "8.4 and over")

    def test_a_class_of_one_shown_number_is_named_once(self) -> None:
        scale = sequential([1, 2, 3, 4, 5], palette.SUPPLY, lambda value: f"{value:.0f}", "People")
        assert scale.breaks == (2, 3, 4, 5)
        assert scale.labels == ("under 2", "2", "3", "4", "5 and over")

    def test_percentages_and_money_step_by_what_is_shown(self) -> None:
        shares = sequential([0.10, 0.20, 0.30, 0.40, 0.50], palette.QUALITY, lambda value: f"{value:.0%}", "Share")
        assert shares.labels == ("under 20%", "20% to 29%", "30% to 39%", "40% to 49%", "50% and over")
        prices = sequential([20.0, 22.0, 24.0], palette.SUPPLY, lambda value: f"£{value:.2f}", "Price")
        assert all(label.count("£") in {1, 2} for label in prices.labels)

    def test_the_class_agrees_with_the_number_as_shown(self) -> None:
        scale = sequential([1, 2, 3, 4, 5], palette.SUPPLY, lambda value: f"{value:.0f}", "People")
        assert scale.label(2.9) == "3"
        assert scale.label(3.1) == "3"

    def test_equal_values_make_one_class_and_none_makes_none(self) -> None:
        same = sequential([4.0, 4.0, 4.01], palette.DEMAND, one_decimal, "Hours")
        assert (same.breaks, same.labels, len(same.colours)) == ((), ("all values",), 1)
        assert same.label(9) == "all values"
        assert legend_entries(sequential([math.nan], palette.DEMAND, one_decimal, "Hours")) == []
        constant = sequential([1.0, 2.0], palette.DEMAND, lambda value: "some", "Hours")
        assert len(constant.colours) == 1

    def test_wrong_ramps_and_breaks_are_refused(self) -> None:
        with pytest.raises(ValueError, match="5 colours"):
            sequential([1.0], palette.DIVERGING, one_decimal, "Hours")
        with pytest.raises(ValueError, match="need 3 colours"):
            diverging(palette.DIVERGING, (0.9, 1.0), two_decimals, "Coverage")
        with pytest.raises(ValueError, match="ascend"):
            diverging(palette.DIVERGING[:3], (1.0, 0.9), two_decimals, "Coverage")

    @settings(max_examples=120, deadline=None)
    @given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=20))
    def test_every_value_falls_in_exactly_one_class(self, values: list[float]) -> None:
        scale = sequential(values, palette.DEMAND, one_decimal, "Hours")
        assert 1 <= len(scale.colours) <= 5
        assert len(scale.colours) == len(scale.labels) == len(scale.breaks) + 1
        assert len(set(scale.labels)) == len(scale.labels)
        assert len(set(scale.colours)) == len(scale.colours)
        assert all(low < high for low, high in pairwise(scale.breaks))
        # No class is empty, and a larger value never lies in a lower class.
        found = [scale.label(value) for value in sorted(values)]
        assert set(found) == set(scale.labels)
        positions = [scale.labels.index(str(label)) for label in found]
        assert positions == sorted(positions)
        assert scale == sequential(values, palette.DEMAND, one_decimal, "Hours")

    @settings(max_examples=60, deadline=None)
    @given(st.floats(-5, 5))
    def test_a_diverging_class_is_the_only_one_that_holds_the_value(self, value: float) -> None:
        scale = coverage()
        edges = (-math.inf, *scale.breaks, math.inf)
        holding = [n for n, (low, high) in enumerate(pairwise(edges)) if low <= value < high]
        assert [scale.colour(value)] == [scale.colours[n] for n in holding]


class TestRankedBars:
    def chart(self, areas: pd.DataFrame, **options: Any) -> dict[str, Any]:
        settings = {"title": "Coverage", "axis_title": "Hours for each hour needed", "selected": "A1", **options}
        return spec_of(ranked_bars(areas, **settings))

    def test_rows_keep_the_given_order_and_colours(self, areas: pd.DataFrame) -> None:
        spec = self.chart(areas)
        rows = records(spec, "area_code")
        assert [row["area_code"] for row in rows] == ["A3", "A1", "A2", "A4"]
        assert [row["colour"] for row in rows] == ["#9c3a00", "#fbd0a6", "#12436d", palette.MISSING]
        bar = marks(spec, "bar")[0]["encoding"]
        assert spec["encoding"]["y"]["sort"] is None
        assert bar["fill"] == {"field": "colour", "scale": None, "type": "nominal"}
        assert bar["x"]["scale"]["zero"] is True
        assert spec["height"] == 4 * 30

    def test_a_missing_value_has_no_bar_and_says_so(self, areas: pd.DataFrame) -> None:
        row = records(self.chart(areas), "area_code")[3]
        assert (row["value"], row["shown"], row["colour"]) == (None, "not applicable", palette.MISSING)
        svg = to_svg(ranked_bars(areas, title="", axis_title="", selected=None))
        assert all(colour in svg for colour in ("#9c3a00", "#fbd0a6", "#12436d"))
        assert palette.MISSING not in svg

    def test_missing_values_keep_their_place(self, areas: pd.DataFrame) -> None:
        areas["value"] = [np.nan, 0.97, np.nan, 1.2]
        areas["area_name"] = ["Third", "First", "Second", "Fourth"]
        svg = to_svg(ranked_bars(areas, title="", axis_title="", selected=None))
        places = [svg.index(f'aria-label="{name}: ') for name in areas["area_name"]]
        heights = [
            float(re.search(r"translate\([-\d.]+,([-\d.]+)\)[^>]*>" + name, svg)[1]) for name in areas["area_name"]
        ]  # type: ignore[index]
        assert places == sorted(places)
        assert heights == sorted(heights)

    def test_the_selected_area_is_outlined_and_bold_and_the_definition_stays(self, areas: pd.DataFrame) -> None:
        spec = self.chart(areas)
        assert [row["chosen"] for row in records(spec, "area_code")] == [False, True, False, False]
        bar = marks(spec, "bar")[0]["mark"]
        assert bar["stroke"] == {"expr": f"datum.chosen ? '{palette.TEXT}' : '{palette.LIGHT_INK.edge}'"}
        assert bar["strokeWidth"] == {"expr": "datum.chosen ? 2.5 : 0.7"}
        other = self.chart(areas, selected=None)
        assert not any(row["chosen"] for row in records(other, "area_code"))
        bold = 'font-weight="bold"'
        options: dict[str, Any] = {"title": "", "axis_title": ""}
        plain, chosen = (to_svg(ranked_bars(areas, selected=code, **options)) for code in (None, "A1"))
        assert (plain.count(bold), chosen.count(bold)) == (4, 6)  # four names of the unseen axis, a name and a value
        assert chosen.count('stroke-width="2.5"') == 1
        # Only the data differ, so that the browser keeps the chart and swaps its rows.
        for found in (spec, other):
            found["text"] = json.dumps({k: v for k, v in found.items() if k != "datasets"})
        assert spec["text"] == other["text"]

    def test_one_named_point_selection_on_the_code(self, areas: pd.DataFrame) -> None:
        params = [param for param in self.chart(areas)["params"] if "select" in param]
        assert [param["name"] for param in params] == ["area"]
        assert params[0]["select"]["type"] == "point"
        assert params[0]["select"]["fields"] == ["area_code"]

    def test_tooltips_come_from_columns_and_text_stays_out_of_the_definition(self, areas: pd.DataFrame) -> None:
        spec = self.chart(areas, selected="A2")
        over = marks(spec, "rect")[-1]["encoding"]
        assert [tip["field"] for tip in over["tooltip"]] == ["area_name", "shown", "class_label"]
        assert NASTY in [row["area_name"] for row in records(spec, "area_code")]
        assert "onerror" not in json.dumps({k: v for k, v in spec.items() if k != "datasets"})

    def test_a_reference_is_a_dashed_line_with_a_name(self, areas: pd.DataFrame) -> None:
        spec = self.chart(areas, reference=1.0, reference_label="just enough")
        assert marks(spec, "rule")[1]["mark"]["strokeDash"] == [5, 3]
        assert [row["reference"] for row in records(spec, "area_code")] == [1, None, None, None]
        assert "just enough" not in json.dumps({k: v for k, v in spec.items() if k != "datasets"})
        assert not marks(self.chart(areas), "rule")
        assert "just enough" in to_svg(ranked_bars(
            areas, title="", axis_title="", selected=None, reference=1.0, reference_label="just enough"
        ))  # fmt: skip

    def test_negative_values_and_shares_on_the_axis(self, areas: pd.DataFrame) -> None:
        areas["value"] = [-20.0, 0.0, 15.0, np.nan]
        spec = self.chart(areas, axis_format=".0%", dark=True)
        assert [row["value"] for row in records(spec, "area_code")] == [-20, 0, 15, None]
        assert marks(spec, "bar")[0]["encoding"]["x"]["axis"]["format"] == ".0%"
        assert spec["config"]["text"]["color"] == palette.DARK_INK.text

    def test_areas_of_one_name_keep_their_own_rows(self, areas: pd.DataFrame) -> None:
        areas["area_name"] = "Same"
        names = [row["area_name"] for row in records(self.chart(areas), "area_code")]
        assert names == ["Same (A3)", "Same (A1)", "Same (A2)", "Same (A4)"]

    def test_a_missing_column_is_named(self, areas: pd.DataFrame) -> None:
        with pytest.raises(ValueError, match="lacks the columns colour, shown"):
            self.chart(areas.drop(columns=["shown", "colour"]))


class TestOtherCharts:
    def test_breakdown_has_two_bars_a_row_in_order(self, lots: pd.DataFrame) -> None:
        spec = spec_of(demand_and_capacity(lots, title="Hours"))
        rows = records(spec, "measure")
        assert [row["measure"] for row in rows] == ["Demand", "Capacity"] * 2
        assert [row["hours"] for row in rows] == [1200, 1000, 40, 0]
        assert all(low["middle"] + 15 < high["middle"] for low, high in pairwise(rows))
        svg = to_svg(demand_and_capacity(lots, title="Hours"))
        # Once a row, however many bars it has.
        assert [svg.count(f">{words}<") for words in ("Personal care, older people", "Night care")] == [1, 1]
        assert svg.count(">Shortfall: ") == svg.count(">Shortfall: 200 hours<") == 1
        assert 'aria-label="Personal care, older people, demand: 1,200 hours"' in svg
        colours = marks(spec, "bar")[0]["encoding"]["color"]["scale"]
        assert colours == {"domain": ["Demand", "Capacity"], "range": ["#12436d", "#28a197"]}
        dark = spec_of(demand_and_capacity(lots, title="Hours", dark=True))
        assert marks(dark, "bar")[0]["encoding"]["color"]["scale"]["range"] == ["#6bace6", "#28a197"]

    def test_ratings_stack_in_order_to_a_whole(self, mix: pd.DataFrame) -> None:
        spec = spec_of(rating_mix(mix, title="Ratings"))
        rows = records(spec, "rating_label")
        assert [row["rating_label"] for row in rows[:5]] == [*palette.RATING_COLOURS, "Not rated"]
        assert [row["domain_label"] for row in rows[::5]] == ["Safe", "Caring"]
        assert sum(row["share"] for row in rows[:5]) == pytest.approx(1)
        svg = to_svg(rating_mix(mix, title=""))
        bars = [float(left) for left in re.findall(r'aria-label="Safe, [^>]*? d="M([\d.]+),', svg)]
        assert bars[0] == 0
        assert bars == sorted(bars)
        assert 'aria-label="Safe, Good: 70.0%, 700 hours"' in svg

    def test_narrow_segments_carry_no_number_and_the_others_a_readable_one(self, mix: pd.DataFrame) -> None:
        svg = to_svg(rating_mix(mix[mix["domain_label"] == "Safe"], title=""))
        numbers = re.findall(r'<text [^>]*fill="(#\w+)"[^>]*>(\d+%)</text>', svg.split("mark-text")[-2])
        assert numbers == [("#ffffff", "70%"), (palette.TEXT, "10%"), (palette.TEXT, "10%")]
        for fill in (*palette.RATING_COLOURS.values(), palette.NOT_RATED):
            assert palette.contrast(palette.text_on(fill), fill) >= 4.5

    @pytest.mark.parametrize("width", [350, 700])
    def test_not_rated_is_hatched_inside_its_segment_and_named_in_the_legend(
        self, mix: pd.DataFrame, width: int
    ) -> None:
        chart = rating_mix(mix, title="")
        swatches = next(layer["data"]["values"] for layer in spec_of(chart)["layer"] if "data" in layer)
        assert [row["name"] for row in swatches] == [*palette.RATING_COLOURS, "Not rated"]
        svg = to_svg(sized(chart, width))
        plot = float(re.findall(r'<path class="background"[^>]* d="M0,0h([\d.]+)', svg)[0])
        drawn = r'<line aria-hidden="true" transform="translate\((\S+),(\S+)\)" x2="(\S+)" y2="(\S+)"[^>]*#70777b'
        lines = np.array(re.findall(drawn, svg), dtype=float)
        assert len(lines) >= 2 * 5
        assert (lines[:, 0] >= 0.9 * plot - 1e-3).all()
        assert (lines[:, 0] + lines[:, 2] <= plot + 1e-3).all()
        assert lines[:, 2] == pytest.approx(lines[:, 3])
        rated = mix[mix["rating_label"] != "Not rated"]
        assert not marks(spec_of(rating_mix(rated, title="")), "rule")

    def test_a_month_without_a_figure_breaks_the_line(self) -> None:
        """A line through it would look like data."""
        frame = pd.DataFrame(
            {
                "month": pd.date_range("2024-01-01", periods=6, freq="MS"),
                "series_label": "Older people",
                "value": [1.0, 2.0, math.nan, 4.0, 5.0, 6.0],
                "shown": ["1", "2", "not known", "4", "5", "6"],
            }
        )
        svg = to_svg(trend(frame, title="", axis_title="Hours a week"))
        (line,) = re.findall(r'd="([^"]*)" stroke="#[0-9a-f]+" stroke-width="2.5"', svg)
        assert line.count("M") == 2
        assert line.count("L") == 3
        assert "March 2024" not in svg

    def test_trend_tells_series_apart_twice(self, months: pd.DataFrame) -> None:
        spec = spec_of(trend(months, title="Hours", axis_title="Hours a week"))
        line = marks(spec, "line")[0]["encoding"]
        assert line["color"]["scale"] == {
            "domain": ["Older people", "Working age adults"],
            "range": ["#12436d", "#28a197"],
        }
        assert line["strokeDash"]["scale"]["range"] == [[1, 0], [7, 3]]
        assert spec["encoding"]["y"]["scale"]["zero"] is True
        assert [tip["field"] for tip in marks(spec, "point")[-1]["encoding"]["tooltip"]] == [
            "date",
            "series_label",
            "shown",
        ]
        assert 'aria-label="Older people, April 2023: 500 hours"' in to_svg(trend(months, title="", axis_title=""))

    def test_an_axis_above_zero_says_so_and_one_series_needs_no_legend(self, months: pd.DataFrame) -> None:
        one = months[months["series_label"] == "Older people"]
        spec = spec_of(trend(one, title="Hours", axis_title="Hours a week", from_zero=False, axis_format=",.0f"))
        assert spec["encoding"]["y"]["axis"]["title"] == "Hours a week (axis does not start at zero)"
        assert marks(spec, "line")[0]["encoding"]["color"]["legend"] is None
        assert "legend" not in spec["config"]

    def test_five_series_are_refused(self, months: pd.DataFrame) -> None:
        months["series_label"] = [f"Series {n % 5}" for n in range(len(months))]
        with pytest.raises(ValueError, match="at most 4"):
            trend(months, title="Hours", axis_title="Hours a week")

    def test_up_to_four_series_stay_one_chart_as_they_are(self, months: pd.DataFrame) -> None:
        months["series_label"] = [f"Series {n % 4}" for n in range(len(months))]
        (chart,) = in_charts(months)
        pd.testing.assert_frame_equal(chart, months)

    def test_more_series_are_shared_among_charts_the_largest_first(self) -> None:
        sizes = {"a": 1, "b": 60, "c": 20, "d": 40, "e": 50, "f": 30}
        frame = pd.DataFrame(
            [
                {"month": month, "series_label": name, "value": float(size), "shown": f"{size}"}
                for month in pd.to_datetime(["2025-02-01", "2025-03-01"])
                for name, size in sizes.items()
            ]
        )
        frame.loc[frame["series_label"] == "a", "value"] = [100.0, 1.0]  # large in all months together
        frame.loc[frame["series_label"] == "c", "value"] = [20.0, float("nan")]  # what is missing adds nothing
        charts = in_charts(frame)
        assert [list(dict.fromkeys(chart["series_label"])) for chart in charts] == [["b", "a", "e", "d"], ["f", "c"]]
        assert list(charts[1]["value"].fillna(-1)) == [30, 30, 20, -1], "month by month"
        for chart in charts:
            trend(chart, title="", axis_title="Hours")
        with_key = ["series_label", "month"]
        pd.testing.assert_frame_equal(
            pd.concat(charts).sort_values(with_key, ignore_index=True), frame.sort_values(with_key, ignore_index=True)
        )


class TestStaticMap:
    def test_districts_missing_and_selected_are_drawn_apart(self, squares: Outlines, paints: pd.DataFrame) -> None:
        spec = spec_of(picture_map(squares, paints))
        shapes = marks(spec, "geoshape")
        assert all(shape["projection"]["type"] == "identity" and shape["projection"]["reflectY"] for shape in shapes)
        fills = {f["properties"]["code"]: f["properties"]["fill"] for f in features(spec, shapes[0])}
        assert fills == {"A": "#12436d", "B": palette.MISSING, "C": "#fbd0a6"}
        assert [f["properties"]["code"] for f in features(spec, shapes[-1])] == ["A"]
        assert features(spec, shapes[1])[0]["geometry"]["type"] == "MultiLineString"

    def test_a_label_that_does_not_fit_stands_beside_its_district(
        self, squares: Outlines, paints: pd.DataFrame
    ) -> None:
        spec = spec_of(picture_map(squares, paints))
        rows = {row["label"]: row for data in spec["datasets"].values() for row in data if "outside" in row}
        assert set(rows) == {"Alpha\n1.20", "Beta", "Charlie Island"}
        assert [rows[name]["outside"] for name in ("Alpha\n1.20", "Beta", "Charlie Island")] == [False, False, True]
        assert rows["Charlie Island"]["fill"] == "#ffffff"
        # Two lines stand around the middle of the district, which the first line is above.
        alpha, beta = rows["Alpha\n1.20"], rows["Beta"]
        assert alpha["y"] == pytest.approx(alpha["from_y"] - 7)
        assert beta["y"] == beta["from_y"]
        assert rows["Beta"]["ink"] == palette.TEXT
        assert rows["Alpha\n1.20"]["ink"] == palette.WHITE

    def test_a_map_with_every_value_has_no_hatching(self, squares: Outlines, paints: pd.DataFrame) -> None:
        full = paints.assign(colour="#6bace6", selected=False)
        chart = static_map(squares, full, title="T", subtitle="", legend=[], credit="")
        spec = spec_of(chart)
        assert len(marks(spec, "geoshape")) == 2
        assert not marks(spec, "rect")


class TestPictures:
    def test_each_chart_becomes_a_png(
        self, areas: pd.DataFrame, lots: pd.DataFrame, mix: pd.DataFrame, months: pd.DataFrame,
        squares: Outlines, paints: pd.DataFrame,
    ) -> None:  # fmt: skip
        charts: list[Drawing | alt.LayerChart] = [
            ranked_bars(
                areas, title="Coverage", axis_title="Ratio", selected="A1", reference=1.0, reference_label="enough"
            ),
            demand_and_capacity(lots, title="Hours"),
            rating_mix(mix, title="Ratings"),
            trend(months, title="Hours", axis_title="Hours a week"),
            picture_map(squares, paints),
        ]
        for chart in charts:
            assert to_png(chart, scale=1).startswith(PNG)

    def test_text_in_a_picture_is_text(self, areas: pd.DataFrame) -> None:
        chart = ranked_bars(areas, title=NASTY, axis_title="Ratio", selected=None)
        svg = to_svg(with_footer(chart, [NASTY]))
        assert "<img" not in svg
        assert svg.count("&lt;img") >= 3

    def test_a_footer_is_wrapped_beneath_and_leaves_the_chart_as_it_was(self, lots: pd.DataFrame) -> None:
        chart = sized(demand_and_capacity(lots, title="Hours"), 300)
        line = "Source: published county totals. Demonstration data: not evidence about any real district."
        footed = with_footer(with_footer(chart, [line]), ["Second line"])
        assert chart.footer == ()
        assert footed.footer == (line, "Second line")
        assert footed.definition is chart.definition
        plain, under = to_svg(chart), to_svg(footed)
        assert "Second line" in under
        assert line not in under  # it is broken over lines
        assert under.count("<text") - plain.count("<text") >= 3

    def test_a_footer_of_the_map_stays_out_of_the_map(self, squares: Outlines, paints: pd.DataFrame) -> None:
        chart = picture_map(squares, paints)
        under = to_svg(with_footer(with_footer(chart, ["First line"]), ["Second line"]))
        assert under.index("First line") < under.index("Second line")
        assert "First line" not in to_svg(chart)

    def test_a_title_wrapped_for_a_phone_is_laid_out_again_for_a_picture(self, lots: pd.DataFrame) -> None:
        title = "Hours needed and hours of capacity, by service"
        chart = demand_and_capacity(lots, title=title)
        assert len(chart.to_dict()["title"]["text"]) == 2
        assert title in to_svg(chart)

    def test_money_stands_on_the_axis_with_its_sign(self, areas: pd.DataFrame) -> None:
        areas["value"] = [-20.0, 21.5, 24.0, np.nan]
        svg = to_svg(ranked_bars(areas, title="", axis_title="Cost", selected=None, axis_format="£.2f"))
        assert "£20.00" in svg
        assert "-£20.00" in svg


class TestDrawings:
    """A definition is built once for every structure, and drawn with any rows."""

    def drawings(
        self, areas: pd.DataFrame, lots: pd.DataFrame, mix: pd.DataFrame, months: pd.DataFrame
    ) -> list[tuple[Drawing, Drawing, Drawing]]:
        """Of each chart: one, one with other figures, and one of another structure."""
        fewer = areas.assign(value=areas["value"] - 0.1, colour="#12436d")
        return [
            (
                ranked_bars(areas, title="", axis_title="Ratio", selected="A1", reference=1.0),
                ranked_bars(fewer, title="", axis_title="Ratio", selected=None, reference=0.9),
                ranked_bars(areas, title="", axis_title="Ratio", selected=None),
            ),
            (
                demand_and_capacity(lots, title=""),
                demand_and_capacity(lots.assign(demand_hours=7.0, service_type_label="Other"), title=""),
                demand_and_capacity(lots.head(1), title=""),
            ),
            (
                rating_mix(mix, title=""),
                rating_mix(mix.assign(share=0.2, shown="200 hours"), title=""),
                rating_mix(mix[mix["rating_label"] != "Not rated"], title=""),
            ),
            (
                trend(months, title="", axis_title="Hours"),
                trend(months.assign(value=3.0), title="", axis_title="Hours"),
                trend(months, title="", axis_title="Hours", dark=True),
            ),
        ]

    def test_the_definition_is_shared_and_the_rows_are_not(
        self, areas: pd.DataFrame, lots: pd.DataFrame, mix: pd.DataFrame, months: pd.DataFrame
    ) -> None:
        for one, other, different in self.drawings(areas, lots, mix, months):
            assert one.definition is other.definition
            assert one.data != other.data
            assert one.definition != different.definition

    def test_what_is_sent_can_be_changed_without_harm(
        self, areas: pd.DataFrame, lots: pd.DataFrame, mix: pd.DataFrame, months: pd.DataFrame
    ) -> None:
        for one, _, _ in self.drawings(areas, lots, mix, months):
            before = json.dumps(one.definition)
            spec = one.for_screen()
            assert list(spec["datasets"]) == list(one.data)
            del spec["datasets"], spec["layer"][0]["mark"]
            spec["encoding"].clear()
            spec["config"]["mark"]["aria"] = True
            assert json.dumps(one.definition) == before
            assert "datasets" in one.for_screen()

    def test_the_whole_chart_is_valid_and_has_the_theme(
        self, areas: pd.DataFrame, lots: pd.DataFrame, mix: pd.DataFrame, months: pd.DataFrame
    ) -> None:
        for drawings in self.drawings(areas, lots, mix, months):
            for drawing in drawings:
                assert alt.LayerChart.from_dict(drawing.to_dict()).to_dict()["height"] == drawing.definition["height"]
                assert drawing.definition["config"]["font"] == theme.FONT
                assert "datasets" not in drawing.definition
