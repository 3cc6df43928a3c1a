"""Bars and lines as native charts of PowerPoint: their figures stand in a workbook that Excel opens."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lib.charts.kit import palette
from lib.export.slides.page import Page
from lib.export.slides.text import LANGUAGE, LEAST, LINE, Box, clean, emu, wide, wrapped
from lib.market.units import UNITS, Unit

MOST_BARS = 20
GAP = 4.0  # between one bar's name and the next
NAMES_SHARE, OF_WIDE, WIDE = 0.5, 0.65, 500.0  # of a chart's width, and of a wide one's, that names take at most


@dataclass(frozen=True)
class Bar:
    """A bar: its name, its figure not rounded (NaN for none), the figure as people read it, and its colour."""

    name: str
    value: float
    shown: str
    colour: str

    @property
    def label(self) -> str:
        """Its name; a bar that is not there says why."""
        return self.name if math.isfinite(self.value) else f"{self.name}: {self.shown}"


@dataclass(frozen=True)
class Line:
    """A line: its name, and its figures not rounded, NaN for a gap."""

    name: str
    values: tuple[float, ...]


def number_format(unit: Unit) -> str:
    """The format of figures of a unit, as a spreadsheet has it."""
    digits = f"#,##0{'.' + '0' * unit.decimals if unit.decimals else ''}"
    if unit.scale == 100:
        return f"{digits}%"
    prefix, suffix = (f'"{text}"' if text else "" for text in (unit.prefix, unit.suffix))
    return f"{prefix}{digits}{suffix}"


def room_for_bars(bars: Sequence[Bar], box: Box) -> tuple[int, float]:
    """How many of the bars have room in a place, and the width of their names."""
    share = OF_WIDE if box.width >= WIDE else NAMES_SHARE
    names = min(max((wide(one.label, LEAST) for one in bars), default=0.0) + 8, box.width * share)
    lines = max((len(wrapped(one.label, names - 8, LEAST)) for one in bars), default=1)
    least = lines * LEAST * LINE
    if len(bars) <= MOST_BARS and len(bars) * (least + 1) <= box.height:
        return len(bars), names  # nearer to each other, so that none is left out
    return min(MOST_BARS, max(1, int(box.height / (least + GAP)))), names


def draw_bars(
    page: Page, box: Box, bars: Sequence[Bar], unit_code: str, series: str, alt: str, start: float = 0.0
) -> None:
    """Bars in their order, the first at the top, as many as have room: see `room_for_bars`.

    series: what the figures are, as the head of their column in the workbook. start: where the bars start.
    """
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
    from pptx.util import Emu, Pt

    unit = UNITS[unit_code]
    number, names = room_for_bars(bars, box)
    kept = list(bars[:number])
    # Few bars stand as high as many do.
    height = min(box.height, len(kept) * 44.0 + 10)
    data = CategoryChartData(number_format=number_format(unit))
    data.categories = [clean(one.label) for one in kept]
    data.add_series(clean(series), [one.value if math.isfinite(one.value) else None for one in kept])
    places = [Emu(emu(one)) for one in (box.left, box.top, box.width, height)]
    frame = page.slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *places, data)
    chart = finished(page, frame, "Ranked bars", alt)
    keep_workbook(chart, [one.label for one in kept], [(series, [one.value for one in kept])], unit)
    chart.has_legend = False
    down, across = chart.category_axis, chart.value_axis
    down.reverse_order, down.tick_label_position = True, XL_TICK_LABEL_POSITION.LOW
    down.major_tick_mark = down.minor_tick_mark = XL_TICK_MARK.NONE
    down.format.line.width = Pt(0.75)
    across.visible, across.has_major_gridlines, across.has_minor_gridlines = False, False, False
    known = [one.value for one in kept if math.isfinite(one.value)]
    labels = max((wide(one.shown, LEAST) for one in kept), default=0.0) + 10
    plot = max(box.width - names - labels, box.width * 0.2)
    if start:
        low, high = min([*known, start]), max([*known, start])
        across.crosses_at = start
        left_room = (high - low or 0.1) * labels / plot if low < start else 0.0
        across.minimum_scale = low - left_room * 1.3
    else:
        across.minimum_scale = min([*known, 0.0])
    plotted = chart.plots[0]
    plotted.gap_width, plotted.vary_by_categories = 45, False
    # Those of the series: as soon as one bar has words of its own, nobody reads the plot's.
    shown = plotted.series[0].data_labels
    shown.number_format, shown.number_format_is_linked = number_format(unit), False
    shown.position, shown.show_value = XL_LABEL_POSITION.OUTSIDE_END, True
    shown.font.size = Pt(LEAST)
    colour_points(plotted.series[0], kept, unit)
    place_plot(chart, names / box.width, 0.01, plot / box.width, 0.98)
    every_label(chart)


def colour_points(series: Any, bars: Sequence[Bar], unit: Unit) -> None:
    """Each bar in its colour; what people read of a figure is written where the format would write something else."""
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_LABEL_POSITION
    from pptx.util import Pt

    for place, one in enumerate(bars):
        if not math.isfinite(one.value):
            continue
        point = series.points[place]
        point.format.fill.solid()
        point.format.fill.fore_color.rgb = RGBColor.from_string((one.colour or palette.MISSING).lstrip("#").upper())
        point.format.line.color.rgb = RGBColor.from_string(palette.LIGHT_INK.edge.lstrip("#").upper())
        point.format.line.width = Pt(0.5)
        if unit.millions or one.shown != formatted(one.value, unit):
            label = point.data_label
            label.text_frame.text = clean(one.shown)
            label.text_frame.word_wrap = False
            for run in label.text_frame.paragraphs[0].runs:
                run.font.size = Pt(LEAST)
                run._r.get_or_add_rPr().set("lang", LANGUAGE)
            label.position = XL_LABEL_POSITION.OUTSIDE_END


def formatted(value: float, unit: Unit) -> str:
    """What the format of a unit writes of a figure."""
    return f"{unit.prefix}{unit.scale * value:,.{unit.decimals}f}{unit.suffix}"


def draw_lines(page: Page, box: Box, years: Sequence[str], lines: Sequence[Line], unit_code: str, alt: str) -> None:
    """Lines over years, told apart by colour, dash and marker, named beneath."""
    from pptx.chart.data import CategoryChartData
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE
    from pptx.enum.dml import MSO_LINE
    from pptx.util import Emu, Pt

    unit = UNITS[unit_code]
    data = CategoryChartData(number_format=number_format(unit))
    data.categories = [clean(one) for one in years]
    for line in lines:
        data.add_series(clean(line.name), [one if math.isfinite(one) else None for one in line.values])
    places = [Emu(emu(one)) for one in (box.left, box.top, box.width, box.height)]
    frame = page.slide.shapes.add_chart(XL_CHART_TYPE.LINE_MARKERS, *places, data)
    chart = finished(page, frame, "Lines", alt)
    keep_workbook(chart, years, [(line.name, list(line.values)) for line in lines], unit)
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.legend.font.size = Pt(LEAST)
    chart.value_axis.minimum_scale = axis_start(lines)
    chart.value_axis.tick_labels.number_format = number_format(unit)
    chart.value_axis.tick_labels.number_format_is_linked = False
    chart.value_axis.format.line.fill.background()
    chart.value_axis.major_gridlines.format.line.color.rgb = RGBColor.from_string(palette.GREY_MID[1:].upper())
    chart.value_axis.major_gridlines.format.line.width = Pt(0.5)
    dashes = (MSO_LINE.SOLID, MSO_LINE.DASH, MSO_LINE.ROUND_DOT, MSO_LINE.LONG_DASH)
    markers = (XL_MARKER_STYLE.CIRCLE, XL_MARKER_STYLE.SQUARE, XL_MARKER_STYLE.TRIANGLE, XL_MARKER_STYLE.DIAMOND)
    for place, series in enumerate(chart.plots[0].series):
        colour = RGBColor.from_string(palette.CATEGORICAL[place].lstrip("#").upper())
        series.smooth = False
        series.format.line.color.rgb, series.format.line.width = colour, Pt(3)
        series.format.line.dash_style = dashes[place]
        series.marker.style, series.marker.size = markers[place], 8
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = colour
        series.marker.format.line.color.rgb = colour


def axis_start(lines: Sequence[Line]) -> float:
    """Where the axis of lines starts: at zero, or nearer where they would lie on each other there. See `axis_words`."""
    known = [one for line in lines for one in line.values if math.isfinite(one)]
    low, high = min(known, default=0.0), max(known, default=0.0)
    if not 0 < high / 2 < low:
        return 0.0
    step = 10.0 ** math.floor(math.log10(max(high - low, high / 100)))
    return max(0.0, math.floor((low - (high - low) / 4) / step) * step)


def axis_words(lines: Sequence[Line]) -> str:
    """What a heading says of an axis that does not start at zero; "" where it does."""
    return " (axis does not start at zero)" if axis_start(lines) else ""


def finished(page: Page, frame: Any, name: str, alt: str) -> Any:
    """A chart with its name, its words, its letters and its language, in the template's own colour of text."""
    from pptx.enum.dml import MSO_THEME_COLOR
    from pptx.oxml.ns import qn
    from pptx.util import Pt

    page.describe(frame, name, alt)
    page.took(frame.shape_id)
    chart = frame.chart
    chart.has_title = False
    chart.font.size = Pt(LEAST)
    chart.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    for letters in chart._chartSpace.iter(qn("a:defRPr")):
        letters.set("lang", LANGUAGE)
    return chart


def keep_workbook(chart: Any, names: Sequence[str], columns: Sequence[tuple[str, Sequence[float]]], unit: Unit) -> None:
    """Put the workbook behind a chart: text of data is text there, never a formula or a link."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, settings) as book:
        sheet = book.add_worksheet("Sheet1")
        figures = book.add_format({"num_format": number_format(unit)})
        heads = book.add_format({"bold": True})
        sheet.set_column(0, 0, 32)
        sheet.set_column(1, len(columns), 22)
        for row, name in enumerate(names, start=1):
            sheet.write_string(row, 0, clean(name))
        for place, (head, values) in enumerate(columns, start=1):
            sheet.write_string(0, place, clean(head), heads)
            for row, value in enumerate(values, start=1):
                if math.isfinite(value):
                    sheet.write_number(row, place, value, figures)
    chart.part.chart_workbook.update_from_xlsx_blob(out.getvalue())


def place_plot(chart: Any, left: float, top: float, width: float, height: float) -> None:
    """Where the bars stand in a chart, as shares of it: names have the room that they need."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls, qn

    area = chart._chartSpace.find(f".//{qn('c:plotArea')}")
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    parts = "".join(
        f'<c:{name} val="{value:.4f}"/>' for name, value in (("x", left), ("y", top), ("w", width), ("h", height))
    )
    area.insert(
        0,
        parse_xml(
            f'<c:layout {nsdecls("c")}><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/>'
            f'<c:yMode val="edge"/>{parts}</c:manualLayout></c:layout>'
        ),
    )


def every_label(chart: Any) -> None:
    """Have the name of every bar written, however little room there is."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls, qn

    axis = chart._chartSpace.find(f".//{qn('c:catAx')}")
    last = axis.find(qn("c:noMultiLvlLbl"))
    skip = parse_xml(f'<c:tickLblSkip {nsdecls("c")} val="1"/>')
    if last is not None:
        last.addprevious(skip)
    else:
        axis.append(skip)
