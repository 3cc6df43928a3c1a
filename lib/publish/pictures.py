"""The maps and charts of a publication, as SVG within its page: drawn from what is published, by lib.charts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from lib.charts.bars import ranked_bars
from lib.charts.kit import palette
from lib.charts.kit.chart_spec import Drawing
from lib.charts.kit.png import to_svg
from lib.charts.kit.scale import legend_entries, sequential
from lib.charts.static_map import static_map
from lib.charts.trend import in_charts, trend
from lib.charts.year_lines import year_lines
from lib.pack.faults import PackError
from lib.pack.geography import read_outlines
from lib.publish.parts import figure

MOST_BARS = 25
MOST_NAMED = 40  # districts on a map: of more, no name could be read
SUPPRESSED_LABEL, UNKNOWN_LABEL = "suppressed (c)", "not known"
# What Vega writes for a page of its own: the figure around it says what it shows.
ROLES = re.compile(r' (?:role|class|aria-[a-z]+)="[^"]*"')
GROUND = re.compile(r'<rect width="[\d.%]+" height="[\d.%]+" fill="(?:#ffffff|white)"/>')
IDS = re.compile(r'\b(id="|url\(#)([\w-]+)')


def inline(svg: str, name: str) -> str:
    """A picture as it may stand in a page beside others: its ids its own, without a ground, out of the tab order."""
    svg = re.sub(r"^<\?xml[^>]*>\s*", "", svg)
    svg = IDS.sub(lambda found: f"{found[1]}{name}-{found[2]}", ROLES.sub("", GROUND.sub("", svg, count=2)))
    return svg.replace("<svg", '<svg aria-hidden="true" focusable="false"', 1)


def with_grid(svg: str, dark: bool) -> str:
    """A chart whose grid has the colour that the page's ground asks for: in the app Streamlit gives it."""
    return svg.replace('stroke="#ddd"', f'stroke="{palette.ink(dark).grid}"')


def chart_figure(name: str, title: str, alt: str, chart: Callable[[bool], Drawing]) -> str:
    """A chart for light and for dark. name: of letters, its own on the page. chart: draws it, given whether dark."""
    pictures = [
        (kind, inline(with_grid(to_svg(chart(dark)), dark), f"{name}-{kind}"))
        for kind, dark in (("for-light", False), ("for-dark", True))
    ]
    return figure(title, alt, pictures)


def district_map(
    name: str, outlines: bytes, districts: Mapping[str, str], values: Mapping[str, Any], title: str, alt: str,
    words: str, show: Callable[[float], str], credit: str,
) -> str:  # fmt: skip
    """A map of a rate. values: a number, "c" or NaN by district_code. words: what is shaded, with its unit.

    Nothing where the outlines cannot be drawn: the table beside it has the same figures.
    """
    try:
        shapes = read_outlines(outlines)
    except PackError:
        return ""
    numbers = {code: float(one) if not isinstance(one, str) else float("nan") for code, one in values.items()}
    scale = sequential(numbers.values(), palette.DEMAND, show, words)

    def said(code: str) -> str:
        value = values.get(code)
        figures = SUPPRESSED_LABEL if isinstance(value, str) else UNKNOWN_LABEL
        known = numbers.get(code, float("nan"))
        return f"{districts.get(code, code)}\n{show(known) if known == known else figures}"

    named = len(shapes.shapes) <= MOST_NAMED
    paints = pd.DataFrame(
        {
            "district_code": list(shapes.shapes),
            "colour": [scale.colour(numbers.get(code)) or "" for code in shapes.shapes],
            "label": [said(code) if named else "" for code in shapes.shapes],
            "selected": False,
        }
    )
    legend = [*legend_entries(scale), *([("", "suppressed or not known")] if (paints["colour"] == "").any() else [])]
    chart = static_map(shapes, paints, title="", subtitle=words, legend=legend, credit="")
    return figure(title, alt, [("paper", inline(to_svg(chart), name))], credit)


def bars_figure(name: str, title: str, alt: str, names: Mapping[str, str], values: Mapping[str, Any], unit: str) -> str:
    """Bars of a count by area, the largest first, no more than can be read; none where all are 0 or hidden."""
    known = sorted(
        ((code, float(value)) for code, value in values.items() if not isinstance(value, str) and value == value),
        key=lambda one: (-one[1], names.get(one[0], one[0])),
    )[:MOST_BARS]
    if not any(value for _, value in known):
        return ""
    frame = pd.DataFrame(
        {
            "area_code": [code for code, _ in known],
            "area_name": [names.get(code, code) for code, _ in known],
            "value": [value for _, value in known],
            "shown": [f"{value:,.0f}" for _, value in known],
            "colour": palette.DEMAND[3],
            "class_label": "",
        }
    )

    def chart(dark: bool) -> Drawing:
        return ranked_bars(frame, title="", axis_title=unit, selected=None, dark=dark)

    return chart_figure(name, title, alt, chart)


def lines_figures(name: str, title: str, alt: str, rows: pd.DataFrame, unit: str) -> str:
    """Lines over the quarters. rows: month (datetime), series_label, value (NaN leaves a gap), shown."""

    def drawn(part: pd.DataFrame) -> Callable[[bool], Drawing]:
        return lambda dark: trend(part, title="", axis_title=unit, dark=dark)

    return several(name, title, alt, in_charts(rows), drawn)


def years_figures(name: str, title: str, alt: str, rows: pd.DataFrame, unit: str) -> str:
    """Lines over the years to come. rows: year_label, series_label, value (NaN leaves a gap), shown."""

    def drawn(part: pd.DataFrame) -> Callable[[bool], Drawing]:
        return lambda dark: year_lines(part, title="", axis_title=unit, dark=dark)

    return several(name, title, alt, in_charts(rows), drawn)


def several(
    name: str,
    title: str,
    alt: str,
    parts: Sequence[pd.DataFrame],
    drawn: Callable[[pd.DataFrame], Callable[[bool], Drawing]],
) -> str:
    """One figure, or several where one chart cannot hold every line; none where no figure is shown."""
    kept = [part for part in parts if part["value"].notna().any()]
    many = len(kept) > 1
    return "".join(
        chart_figure(f"{name}{place}", f"{title} ({place} of {len(kept)})" if many else title, alt, drawn(part))
        for place, part in enumerate(kept, start=1)
    )
