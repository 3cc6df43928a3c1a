"""The charts of providers: what their definitions say, what stays out of them, and what the pictures show."""

import math
import re
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pytest
from drawn import definition, marks, rows_of, sized
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.charts.kit import palette
from lib.charts.kit.chart_spec import ROWS, Drawing
from lib.charts.kit.label_placement import PLACES, name_boxes, name_places, shared_area
from lib.charts.kit.png import to_png, to_svg
from lib.charts.kit.theme import text_width
from lib.charts.lot_grid import MARKS, ROW_HEIGHT, lot_grid
from lib.charts.placement_bars import placement_bars
from lib.charts.scatter import HEIGHT, WIDTHS, scatter

PNG = b"\x89PNG\r\n\x1a\n"
NASTY = "<img src=x onerror=alert(1)> ${alert(2)} '\" datum.x"
PHONE, DESK = 350, 1200


@pytest.fixture
def lots() -> pd.DataFrame:
    """Two districts, three services; the last district buys two of them."""
    rows = [
        ("D2", "Second", "live_in", "24-hour live-in", "0.92", "#fbd0a6", "one"),
        ("D2", "Second", "night", "Night sleeping", "0.00", "#9c3a00", "none"),
        ("D2", "Second", "care", "Personal care", "1.20", "#12436d", ""),
        ("D1", "First", "night", "Night sleeping", "0", "", "empty"),
        ("D1", "First", "live_in", "24-hour live-in", "", "", ""),
    ]
    names = ["row_code", "row_name", "column_code", "column_name", "shown", "colour", "mark"]
    return pd.DataFrame(rows, columns=names)


@pytest.fixture
def calls() -> pd.DataFrame:
    """100 hours on a list of 85: all of tier 1, most of tier 2, spot in full, and 7.5 hours without a provider."""
    rows = [
        ("1  Provider 004", "Tier 1", 60.0, 60.0, "60 of 60", "#12436d", "provider"),
        ("2  Provider 001", "Tier 1", 0.0, 0.0, "0 of 0", "#12436d", "provider"),
        ("3  Provider 002", "Tier 2", 20.0, 12.5, "12.5 of 20", "#28a197", "provider"),
        ("4  Provider 003", "Spot", 20.0, 20.0, "20 of 20", "#801650", "provider"),
        ("Nobody takes", "", 0.0, 7.5, "7.5", "", "unplaced"),
    ]
    return pd.DataFrame(rows, columns=["label", "tier_label", "headroom", "placed", "shown", "colour", "kind"])


@pytest.fixture
def areas() -> pd.DataFrame:
    """Three areas, of which two lie close together, and one without a price."""
    rows = [
        ("A1", "First", 0.42, 21.0, "42%", "£21.00", False),
        ("A2", "Second", 0.43, 21.1, "43%", "£21.10", True),
        ("A3", "Third", 0.70, 25.0, "70%", "£25.00", False),
        ("A4", "Fourth", 0.50, math.nan, "50%", "not applicable", True),
    ]
    return pd.DataFrame(rows, columns=["area_code", "area_name", "x", "y", "shown_x", "shown_y", "marked"])


def points(frame: pd.DataFrame, **options: Any) -> Drawing:
    titles = {"x_title": "Share of the largest provider", "y_title": "Price of an hour"}
    return scatter(frame, **{"title": "", **titles, "x_format": ".0%", "y_format": "£.2f", **options})


def grid(frame: pd.DataFrame, **options: Any) -> Drawing:
    return lot_grid(frame, **{"title": "", "selected": None, **options})


def selections(chart: Drawing) -> list[dict[str, Any]]:
    return [param for param in chart.definition["params"] if "select" in param]


def texts(svg: str) -> list[str]:
    """Every text of a picture, the lines of one joined."""
    found = re.findall(r"<text[^>]*>(.*?)</text>", svg, flags=re.S)
    return [" ".join(re.findall(r">([^<]+)<", f">{text}<")) for text in found]


class TestLotGrid:
    def test_rows_and_columns_stand_in_order_of_appearance(self, lots: pd.DataFrame) -> None:
        chart = grid(lots)
        assert [row["name"] for row in rows_of(chart, "row_names")] == ["Second", "First"]
        assert [row["name"] for row in rows_of(chart, "column_names")] == [
            "24-hour live-in", "Night sleeping", "Personal care",
        ]  # fmt: skip
        assert [(row["row"], row["column"]) for row in rows_of(chart)] == [(0, 0), (0, 1), (0, 2), (1, 1), (1, 0)]
        # Two rows of cells, and two lines of headings over them.
        assert chart.definition["height"] == 2 * ROW_HEIGHT + 2 * 15 + 8

    def test_text_is_readable_on_every_fill(self, lots: pd.DataFrame) -> None:
        for dark in (False, True):
            cells = rows_of(grid(lots, dark=dark))
            plain = palette.ink(dark).background
            assert [cell["fill"] for cell in cells] == ["#fbd0a6", "#9c3a00", "#12436d", plain, palette.MISSING]
            assert all(palette.contrast(cell["ink"], cell["fill"]) >= 4.5 for cell in cells)

    def test_one_provider_and_none_are_said_in_words_which_a_phone_shortens(self, lots: pd.DataFrame) -> None:
        wide, narrow = (texts(to_svg(sized(grid(lots), width))) for width in (DESK, PHONE - 140))
        assert wide.count("1 provider") == 1
        # The plate under the words on hatching carries them as well.
        assert wide.count("no provider") == wide.count("0.00") == 2
        assert (narrow.count("1 only"), narrow.count("none"), narrow.count("1 provider")) == (1, 2, 0)

    def test_a_missing_figure_says_so_and_an_empty_lot_is_a_dash(self, lots: pd.DataFrame) -> None:
        assert [cell["shown"] for cell in rows_of(grid(lots))] == ["0.92", "0.00", "1.20", "–", "not applicable"]
        assert "not applicable" in texts(to_svg(sized(grid(lots), DESK)))
        assert "n/a" in texts(to_svg(sized(grid(lots), PHONE)))
        assert 'aria-label="First, 24-hour live-in: not applicable, more than one provider"' in to_svg(
            sized(grid(lots), PHONE)
        )

    def test_only_a_lot_without_a_provider_is_hatched_and_inside_its_cell(self, lots: pd.DataFrame) -> None:
        drawn = r'<line aria-hidden="true" transform="translate\((\S+),(\S+)\)" x2="(\S+)" y2="(\S+)"'
        for width in (PHONE, DESK):
            svg = to_svg(sized(grid(lots), width))
            lines = np.array(re.findall(drawn, svg), dtype=float)
            plot = float(re.findall(r'<path class="background"[^>]* d="M0,0h([\d.]+)', svg)[0])
            left = float(chart_parameter(grid(lots), "names"))
            cell = (plot - left) / 3
            assert len(lines) >= 8
            assert (lines[:, 0] >= left + cell).all()
            assert (lines[:, 0] + lines[:, 2] <= left + 2 * cell).all()
            assert lines[:, 2] == pytest.approx(lines[:, 3])
            assert (lines[:, 1] + lines[:, 3] <= 38 + ROW_HEIGHT).all()
        assert not re.findall(drawn, to_svg(grid(lots[lots["mark"] != "none"])))

    def test_the_selected_lot_is_framed_with_its_row_and_column_in_bold(self, lots: pd.DataFrame) -> None:
        chart = grid(lots, selected=("D2", "night"))
        assert [cell["chosen"] for cell in rows_of(chart)] == [False, True, False, False, False]
        assert [row["chosen"] for row in rows_of(chart, "row_names")] == [True, False]
        assert [row["chosen"] for row in rows_of(chart, "column_names")] == [False, True, False]
        ring = 'stroke-width="3.5"'
        assert (to_svg(chart).count(ring), to_svg(grid(lots)).count(ring)) == (1, 0)
        assert chart.definition is grid(lots).definition
        assert not any(cell["chosen"] for cell in rows_of(grid(lots, selected=("D1", "care"))))

    def test_a_click_returns_both_codes_and_the_names_none(self, lots: pd.DataFrame) -> None:
        (param,) = selections(grid(lots))
        select = param["select"]
        assert (param["name"], select["type"], select["fields"]) == ("lot", "point", ["row_code", "column_code"])
        guard = "event.item && event.item.datum && event.item.datum.row_code && event.item.datum.column_code"
        assert (select["on"], select["clear"]) == (f"click[{guard}]", f"click[!({guard})]")
        for name in ("row_names", "column_names"):
            assert not {"row_code", "column_code"} & set(rows_of(grid(lots), name)[0])

    def test_a_slot_says_what_its_cell_shows(self, lots: pd.DataFrame) -> None:
        svg = to_svg(grid(lots.assign(detail=["two wait", "", "", "", ""])))
        assert 'aria-label="Second, 24-hour live-in: 0.92, one provider, two wait"' in svg
        assert 'aria-label="Second, Night sleeping: 0.00, no provider"' in svg
        assert 'aria-label="First, Night sleeping: –, nothing bought and no provider"' in svg
        fields = ["row_name", "column_name", "shown", "said"]
        for frame, expected in ((lots, fields), (lots.assign(detail="x"), [*fields, "detail"])):
            assert [tip["field"] for tip in marks(grid(frame), "rect")[-1]["encoding"]["tooltip"]] == expected

    def test_a_heading_is_wrapped_only_where_its_column_is_narrow(self, lots: pd.DataFrame) -> None:
        # Arial at 12 px needs 82 px for "Night sleeping"; a column of the wide chart has over 300.
        headings = [re.findall(r"<tspan", to_svg(sized(grid(lots), width))) for width in (DESK, PHONE - 80)]
        assert (len(headings[0]), len(headings[1])) == (0, 6)

    def test_bad_frames_are_refused(self, lots: pd.DataFrame) -> None:
        with pytest.raises(ValueError, match="lacks the columns colour, mark"):
            grid(lots.drop(columns=["mark", "colour"]))
        with pytest.raises(ValueError, match="expected the marks '', 'one', 'none' and 'empty', found two"):
            grid(lots.assign(mark="two"))
        with pytest.raises(ValueError, match="the cell D1, live_in stands in the frame twice"):
            grid(pd.concat([lots, lots.tail(1)]))
        assert set(MARKS) == {"", "one", "none", "empty"}

    def test_no_lots_make_an_empty_picture(self, lots: pd.DataFrame) -> None:
        assert to_png(grid(lots.head(0)), scale=1).startswith(PNG)


class TestPlacementBars:
    def test_a_heading_stands_over_the_first_provider_of_each_tier(self, calls: pd.DataFrame) -> None:
        chart = placement_bars(calls, title="")
        assert [row["tier"] for row in rows_of(chart, "headings")] == ["Tier 1", "Tier 2", "Spot"]
        # 28 px a heading, 26 px a row, 10 px before the hours that nobody takes.
        assert [row["middle"] for row in rows_of(chart)] == [41, 67, 121, 175, 211]
        assert [row["middle"] for row in rows_of(chart, "headings")] == [16, 96, 150]
        # No line over the first.
        assert [row["line"] for row in rows_of(chart, "headings")] == [None, 82, 136]
        assert chart.definition["height"] == 3 * 28 + 5 * 26 + 10
        svg = to_svg(chart)
        assert [svg.count(f">{tier}<") for tier in ("Tier 1", "Tier 2", "Spot")] == [1, 1, 1]

    def test_the_outline_is_the_headroom_and_the_fill_what_is_placed(self, calls: pd.DataFrame) -> None:
        svg = to_svg(sized(placement_bars(calls, title=""), DESK))

        def widths(fill: str) -> list[float]:
            bars = re.findall(r'd="M([\d.]+),[\d.]+h([\d.]+)v16[^>]*?fill="([^"]+)"', svg)
            return [float(wide) for _, wide, colour in bars if colour == fill]

        # 0 to 60 is the whole of the axis: 60, 0, 20 and 20 hours of headroom.
        outlines = widths("#ffffff")
        assert [width / outlines[0] for width in outlines] == pytest.approx([1, 0, 1 / 3, 1 / 3])
        for fill, hours in (("#12436d", 60), ("#28a197", 12.5), ("#801650", 20), (palette.DUO[1], 7.5)):
            assert widths(fill) == pytest.approx([hours / 60 * outlines[0]], rel=1e-3)

    def test_hours_that_nobody_takes_are_striped(self, calls: pd.DataFrame) -> None:
        stripes = 'stroke-dasharray="2,5"'
        taken = calls[calls["kind"] == "provider"]
        assert to_svg(placement_bars(calls, title="")).count(stripes) == 1
        assert to_svg(placement_bars(taken, title="")).count(stripes) == 0
        # Without the column every row is a provider.
        plain, stated = (placement_bars(frame, title="") for frame in (taken.drop(columns="kind"), taken))
        assert rows_of(plain) == rows_of(stated)
        # A tier of their own gets a heading like any other, and not the gap as well.
        named = placement_bars(calls.replace({"tier_label": {"": "Not placed"}}), title="")
        assert named.definition["height"] == 4 * 28 + 5 * 26

    def test_the_hours_stand_in_a_column_in_bold_where_a_provider_gets_some(self, calls: pd.DataFrame) -> None:
        svg = to_svg(sized(placement_bars(calls, title=""), PHONE))
        ends = re.findall(r'text-anchor="end"[^>]*translate\(([\d.]+),[^>]*>[^<]+ of [^<]+<', svg)
        assert len(ends) == 4
        assert set(ends) == set(re.findall(r'<path class="background"[^>]* d="M0,0h([\d.]+)', svg)[:1])
        weights = {text: "bold" in style for style, text in re.findall(r"<text ([^>]*)>([^<]+ of [^<]+)</text>", svg)}
        assert weights == {"60 of 60": True, "0 of 0": False, "12.5 of 20": True, "20 of 20": True}

    def test_a_row_says_its_tier_and_its_hours(self, calls: pd.DataFrame) -> None:
        svg = to_svg(placement_bars(calls, title=""))
        assert 'aria-label="3  Provider 002, Tier 2: 12.5 of 20"' in svg
        assert 'aria-label="Nobody takes: 7.5"' in svg
        over = marks(placement_bars(calls, title=""), "rect")[-1]["encoding"]
        assert [tip["field"] for tip in over["tooltip"]] == ["label", "tier", "shown"]

    def test_unknown_headroom_has_no_bar_and_keeps_its_place(self, calls: pd.DataFrame) -> None:
        unknown = calls.assign(headroom=[np.nan, 0, 20, 20, 0], placed=[np.nan, 0, 12.5, 20, 7.5], colour="")
        chart = placement_bars(unknown, title="")
        assert (rows_of(chart)[0]["headroom"], rows_of(chart)[0]["placed"]) == (None, None)
        assert [row["fill"] for row in rows_of(chart)] == [palette.MISSING] * 4 + [palette.DUO[1]]
        svg = to_svg(chart)
        assert svg.count('fill="#ffffff"') - to_svg(placement_bars(calls, title="")).count('fill="#ffffff"') == -1
        assert 'aria-label="1  Provider 004, Tier 1: 60 of 60"' in svg

    def test_forty_providers_fit_and_none_make_an_empty_picture(self, calls: pd.DataFrame) -> None:
        long = pd.concat([calls.head(1)] * 40, ignore_index=True).assign(label=[f"{n}  " + "A" * 60 for n in range(40)])
        chart = sized(placement_bars(long, title=""), PHONE)
        assert chart.definition["height"] == 28 + 40 * 26
        assert to_png(chart, scale=1).startswith(PNG)
        assert to_png(placement_bars(calls.head(0), title=""), scale=1).startswith(PNG)

    def test_bad_frames_are_refused(self, calls: pd.DataFrame) -> None:
        with pytest.raises(ValueError, match="lacks the columns headroom, placed"):
            placement_bars(calls.drop(columns=["headroom", "placed"]), title="")
        with pytest.raises(ValueError, match="expected the kinds provider and unplaced, found spare"):
            placement_bars(calls.assign(kind="spare"), title="")


class TestNamePlaces:
    def overlap(self, across: list[float], down: list[float], wide: list[float], width: int) -> float:
        """The square pixels that names share where the plot is so wide."""
        places = name_places(across, down, wide, widths=WIDTHS, height=HEIGHT, taken=[[]] * len(WIDTHS))
        sides, nudges = (np.array(numbers, dtype=float) for numbers in zip(*places, strict=True))
        boxes = name_boxes(np.array(across) * width, np.array(down), np.array(wide), sides, nudges)
        return float(np.triu(shared_area(boxes[:, None], boxes[None]), 1).sum())

    def test_two_boxes_share_what_lies_in_both(self) -> None:
        one, other = np.array([0.0, 0, 10, 10]), np.array([6.0, 8, 20, 20])
        assert shared_area(one, other) == 4 * 2
        assert shared_area(one, other + 10) == 0

    def test_a_name_stands_beside_its_point_towards_the_middle(self) -> None:
        free = {"widths": WIDTHS, "height": HEIGHT, "taken": [[]] * len(WIDTHS)}
        assert name_places([0.1, 0.9], [100, 300], [60, 60], **free) == [(1, 0), (-1, 0)]
        assert name_places([], [], [], **free) == []
        # A point at the edge of the plot, beside a box that must stay free.
        boxes = [[(0.0, 80.0, 200.0, 120.0)]] * len(WIDTHS)
        assert name_places([0.0], [112], [60], **{**free, "taken": boxes}) == [(1, 17)]

    def test_names_of_close_points_stand_apart_on_every_width(self) -> None:
        # A ring of four around a fifth, some pixels apart.
        across, down = [0.40, 0.44, 0.42, 0.42, 0.42], [200.0, 200.0, 185.0, 215.0, 200.0]
        for width in WIDTHS:
            assert self.overlap(across, down, [60.0] * 5, width) == 0

    @settings(max_examples=25, deadline=None)
    @given(st.integers(1, 12), st.integers(0, 2**16))
    def test_names_overlap_less_than_if_they_all_stood_on_the_right(self, count: int, seed: int) -> None:
        random = np.random.default_rng(seed)
        across, down = random.uniform(0, 1, count), random.uniform(0, HEIGHT, count)
        wide = np.full(count, 70.0)
        places = name_places(
            across.tolist(), down.tolist(), wide.tolist(), widths=WIDTHS, height=HEIGHT, taken=[[]] * len(WIDTHS)
        )
        assert len(places) == count
        assert {(abs(side), nudge) for side, nudge in places} <= {(abs(side), nudge) for side, nudge in PLACES}
        total, right = 0.0, 0.0
        for width in WIDTHS:
            boxes = name_boxes(across * width, down, wide, np.ones(count), np.zeros(count))
            right += float(np.triu(shared_area(boxes[:, None], boxes[None]), 1).sum())
            total += self.overlap(across.tolist(), down.tolist(), wide.tolist(), width)
        # 12 names in a plot of 275 px are sometimes too many to stand free of every other point as well.
        assert total <= right + 100


class TestScatter:
    def test_an_area_without_a_figure_is_left_out(self, areas: pd.DataFrame) -> None:
        assert [row["area_code"] for row in rows_of(points(areas))] == ["A1", "A2", "A3"]
        assert "Fourth" not in texts(to_svg(points(areas)))

    def test_a_marked_area_differs_in_shape_filling_and_weight(self, areas: pd.DataFrame) -> None:
        for dark in (False, True):
            ink = palette.ink(dark)
            symbol = marks(points(areas, dark=dark), "point")[0]["mark"]
            assert symbol["shape"] == {"expr": "datum.marked ? 'diamond' : 'circle'"}
            hollow = palette.DUO_DARK[0] if dark else palette.DUO[0]
            assert symbol["stroke"] == {"expr": f"datum.marked ? '{ink.text}' : '{hollow}'"}
            assert symbol["fill"] == {"expr": f"datum.marked ? '{palette.DUO[1]}' : '{ink.background}'"}
            assert palette.contrast(hollow, ink.background) >= 3
        svg = to_svg(points(areas))
        weights = {text: "bold" in style for style, text in re.findall(r"<text ([^>]*)>(\w+)</text>", svg)}
        assert weights == {"First": False, "Second": True, "Third": False}
        assert not any(row["marked"] for row in rows_of(points(areas.assign(marked=None))))

    def test_names_of_close_points_stand_apart(self, areas: pd.DataFrame) -> None:
        svg = to_svg(sized(points(areas), PHONE))
        places = {
            name: (anchor, float(x), float(y))
            for anchor, x, y, name in re.findall(
                r'text-anchor="(\w+)" transform="translate\(([-\d.]+),([-\d.]+)\)"[^>]*>(First|Second|Third)<', svg
            )
        }
        assert places["Third"][0] == "end"
        (one, x_one, y_one), (two, x_two, y_two) = places["First"], places["Second"]
        apart = abs(y_one - y_two) >= 14 or (one, two) in {("start", "end"), ("end", "start")}
        assert apart or abs(x_one - x_two) >= text_width("Second", 12, bold=True)

    def test_the_countys_figures_are_dashed_lines_named_with_their_figure(self, areas: pd.DataFrame) -> None:
        lines = {"x_reference": 0.45, "y_reference": 22.5, "reference_label": "The county"}
        chart = points(areas, **lines)
        assert [rule["mark"].get("strokeDash") for rule in marks(chart, "rule")] == [None, [5, 3], [5, 3]]
        assert {"The county 45%", "The county £22.50"} <= set(texts(to_svg(chart)))
        assert "The county" not in definition(chart)
        unnamed = points(areas, **{**lines, "reference_label": ""})
        assert len(marks(unnamed, "rule")) == 3
        assert len(marks(chart, "text")) - len(marks(unnamed, "text")) == 2
        one = points(areas, x_reference=0.45, y_reference=math.nan, reference_label="The county", x_format="")
        assert len(marks(one, "rule")) == 2
        assert "The county 0.45" in texts(to_svg(one))
        assert len(marks(points(areas), "rule")) == 1

    def test_an_axis_reaches_its_last_label_and_says_where_it_does_not_start_at_zero(self, areas: pd.DataFrame) -> None:
        written = texts(to_svg(sized(points(areas), DESK)))
        # 0.42 to 0.70 and 21 to 25, and a tenth of that on both sides, outwards to tens of per cents and to pounds.
        assert {"30%", "80%", "£20.00", "£26.00"} <= set(written)
        assert "Share of the largest provider (axis does not start at zero)" in written
        from_zero = texts(to_svg(points(areas.assign(x=[0.0, 0.5, 1.0, 0.2]))))
        assert "Share of the largest provider" in from_zero
        # A share's axis ends at the whole.
        assert {"0%", "100%"} <= set(from_zero)
        assert not {"110%", "120%"} & set(from_zero)

    def test_a_click_on_a_point_or_its_name_returns_its_code(self, areas: pd.DataFrame) -> None:
        chart = points(areas, x_reference=0.45)
        (param,) = selections(chart)
        assert (param["name"], param["select"]["fields"]) == ("area", ["area_code"])
        assert param["select"]["on"] == "click[event.item && event.item.datum && event.item.datum.area_code]"
        # The lines are of another table and so select nothing.
        assert [list(chart.data), "area_code" in rows_of(chart, "plot")[0]] == [[ROWS, "plot"], False]
        assert marks(chart, "point")[-1]["mark"]["size"] / math.pi >= 12**2
        for layer in (marks(chart, "point")[-1], marks(chart, "text")[-1]):
            assert [tip["field"] for tip in layer["encoding"]["tooltip"]] == ["area_name", "shown_x", "shown_y"]

    def test_a_point_says_what_it_shows(self, areas: pd.DataFrame) -> None:
        svg = to_svg(points(areas, x_title="Share", y_title="Price's"))
        assert 'aria-label="First: Share 42%, Price\'s £21.00"' in svg
        assert 'aria-label="Second: Share 43%, Price\'s £21.10, marked"' in svg

    def test_no_area_makes_an_empty_picture_with_its_lines(self, areas: pd.DataFrame) -> None:
        chart = points(areas.head(0), x_reference=0.45, reference_label="The county")
        assert "The county 45%" in texts(to_svg(chart))
        assert rows_of(chart) == []

    def test_bad_frames_and_formats_are_refused(self, areas: pd.DataFrame) -> None:
        with pytest.raises(ValueError, match="lacks the columns marked, y"):
            points(areas.drop(columns=["y", "marked"]))
        with pytest.raises(ValueError, match="expected a number format"):
            points(areas, x_reference=0.4, reference_label="x", x_format="') + warn('x")


def chart_parameter(chart: Drawing, name: str) -> Any:
    return next(param["value"] for param in chart.definition["params"] if param["name"] == name)


def charts(frames: dict[str, pd.DataFrame], **options: Any) -> list[Drawing]:
    """Each chart, with its own fixture."""
    options = {"title": "", **options}
    return [
        grid(frames["lots"], **options),
        placement_bars(frames["calls"], **options),
        points(frames["areas"], **options),
    ]


@pytest.fixture
def frames(lots: pd.DataFrame, calls: pd.DataFrame, areas: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {"lots": lots, "calls": calls, "areas": areas}


class TestAll:
    @pytest.mark.parametrize("dark", [False, True])
    @pytest.mark.parametrize("width", [PHONE, DESK])
    def test_each_becomes_a_picture(self, frames: dict[str, pd.DataFrame], width: int, dark: bool) -> None:
        for chart in charts(frames, title="A title", dark=dark):
            assert to_png(sized(chart, width), scale=1).startswith(PNG)
            assert "A title" in texts(to_svg(sized(chart, width)))

    def test_the_whole_chart_is_valid_and_what_is_sent_can_be_changed(self, frames: dict[str, pd.DataFrame]) -> None:
        for chart in charts(frames):
            assert alt.LayerChart.from_dict(chart.to_dict()).to_dict()["layer"]
            before = definition(chart)
            chart.for_screen()["layer"].clear()
            assert definition(chart) == before

    def test_text_stays_out_of_the_definition_which_other_rows_share(self, frames: dict[str, pd.DataFrame]) -> None:
        names = ("row_name", "column_name", "shown", "label", "tier_label", "area_name", "shown_x", "shown_y")
        nasty = {
            key: frame.assign(**{name: frame[name].astype(str) + NASTY for name in names if name in frame})
            for key, frame in frames.items()
        }
        for chart in charts(nasty):
            assert "onerror" not in definition(chart)
            assert NASTY in "".join(text for row in rows_of(chart) for text in row.values() if isinstance(text, str))
            assert "<img" not in to_svg(chart)
        for one, same, dark in zip(charts(frames), charts(frames), charts(frames, dark=True), strict=True):
            assert one.definition is same.definition
            assert definition(one) != definition(dark)

    def test_no_title_takes_no_room_and_marks_are_silent_but_for_their_tooltips(
        self, frames: dict[str, pd.DataFrame]
    ) -> None:
        for chart in charts(frames):
            assert chart.definition["title"] == {"text": "", "offset": 0}
            assert chart.definition["config"]["mark"] == {"aria": False, "tooltip": None}
            assert chart.definition["autosize"] == {"type": "fit-x", "contains": "padding"}
            assert sum(layer["mark"].get("aria", False) for layer in chart.definition["layer"]) == 1

    def test_dark_charts_write_in_light_ink(self, frames: dict[str, pd.DataFrame]) -> None:
        for chart in charts(frames, dark=True):
            assert chart.definition["config"]["text"]["color"] == palette.DARK_INK.text
