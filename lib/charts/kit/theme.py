"""The one Altair theme, and the few measurements that charts share.

The theme sets no text colour: Streamlit supplies it for titles, and each chart, which knows whether it stands on light
or dark, for the rest. It goes to the browser with every chart, so that what only some charts need stands in those.
"""

import re
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt

from lib.charts.kit.palette import Ink

NAME = "commissioning"
FONT = '"Source Sans", Arial, sans-serif'
TITLE_SIZE = 15
TEXT_SIZE = 13
LABEL_SIZE = 12
# Vega truncates a title rather than wrap it; this many characters fit a phone.
TITLE_CHARACTERS = 40
PICTURE_WIDTH = 640
_LEGEND: dict[str, Any] = {
    "labelFontSize": TEXT_SIZE,
    "titleFontSize": TEXT_SIZE,
    "titleFontWeight": "normal",
    "labelLimit": 300,
    "labelPadding": 4,
    "columnPadding": 14,
    "rowPadding": 4,
    "padding": 0,
    "symbolSize": 150,
    "offset": 10,
}


def _config() -> alt.theme.ThemeConfig:
    return {
        "config": {
            "font": FONT,
            "view": {"stroke": None, "continuousWidth": PICTURE_WIDTH},
            "axis": {
                "domain": False,
                "ticks": False,
                "labelFontSize": LABEL_SIZE,
                "titleFontSize": LABEL_SIZE,
                "titleFontWeight": "normal",
                "labelPadding": 6,
                "titlePadding": 8,
                "labelLimit": 240,
            },
            "text": {"fontSize": TEXT_SIZE},
        }
    }


def register_theme() -> None:
    """Register the theme and make it the one in force; calling it again changes nothing."""
    if NAME not in alt.theme.names():
        alt.theme.register(NAME, enable=False)(_config)
    if alt.theme.active != NAME:
        alt.theme.enable(NAME)


def heading(title: str, *, characters: int = TITLE_CHARACTERS, offset: int = 12) -> alt.TitleParams:
    """The title of a chart, wrapped at a number of characters; no text, no title and no room for it."""
    lines = textwrap.wrap(title, characters) if title else []
    if not lines:
        return alt.TitleParams(text="", offset=0)
    return alt.TitleParams(
        text=lines,
        anchor="start",
        align="left",
        frame="bounds",
        fontSize=TITLE_SIZE,
        fontWeight="bold",
        lineHeight=TITLE_SIZE + 4,
        subtitleFontSize=TEXT_SIZE,
        offset=offset,
    )


def layered(
    layers: Sequence[alt.Chart], *, height: float, title: str, ink: Ink, legend: bool = False
) -> alt.LayerChart:
    """Layers as one chart: the height is the plot's own, whatever title and axes need; the width is the whole chart's.

    The sizing stands in the chart, because Streamlit only asks whether the chart has one, and not the theme. So do the
    colours of labels: Streamlit's grey for them has a contrast of 3.8 on white, and text needs 4.5. legend: whether the
    chart has Vega's own legend; only then the look of one is sent with it.
    """
    config = alt.Config(axis=alt.AxisConfig(labelColor=ink.quiet, titleColor=ink.quiet))
    if legend:
        config.legend = alt.LegendConfig(**_LEGEND, labelColor=ink.text)
    return alt.LayerChart(
        layer=list(layers),
        height=height,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        title=heading(title),
        config=config,
    )


def text_width(text: str, size: int = TEXT_SIZE, bold: bool = False) -> float:
    """About how many pixels a text takes in a plain sans font: room is kept by it, so it errs on the wide side."""
    width = 0.0
    for character in text:
        if character in "ijl.,:;'|! ()[]":
            width += 0.32
        elif character in "mwMW%@":
            width += 0.90
        elif character.isupper():
            width += 0.70
        else:
            width += 0.57
    return width * size * (1.06 if bold else 1.0)


def room_for(texts: Iterable[str], *, gap: int = 12, step: int = 16) -> int:
    """Pixels to keep for the widest of some bold texts.

    In steps, so that a slider that turns 980 into 1,020 does not change the chart's definition: Streamlit then swaps
    the data of the chart on screen instead of building it again.
    """
    widest = max((text_width(text, bold=True) for text in texts), default=0.0)
    return int(-(-(widest + gap) // step) * step)


def axis_format_options(axis_format: str | None) -> dict[str, Any]:
    """Options of an axis for a d3 number format such as ",.0f" or ".0%", or one with "£" before it.

    d3 only knows the pound sign through a locale that the page would have to load. ValueError for anything else.
    """
    if not axis_format:
        return {}
    if not re.fullmatch(r"£?,?(\.\d)?~?[a-z%]?", axis_format):
        raise ValueError(f"expected a number format such as ',.0f', '.0%' or '£.2f', found {axis_format!r}")
    if axis_format.startswith("£"):
        return {"labelExpr": f"(datum.value < 0 ? '-£' : '£') + format(abs(datum.value), '{axis_format[1:]}')"}
    return {"format": axis_format}


def flat_axis(title: str | list[str], above: float, axis_format: str | None = None) -> alt.Axis:
    """A vertical axis whose title lies flat, `above` pixels over its top: nobody has to turn their head."""
    return alt.Axis(
        title=title,
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleX=0,
        titleY=-above,
        tickCount=5,
        labelFlush=False,
        **axis_format_options(axis_format),
    )


def required(columns: Iterable[str], needed: Iterable[str]) -> None:
    """Raise ValueError naming the columns that a frame lacks."""
    missing = sorted(set(needed) - set(columns))
    if missing:
        raise ValueError(f"the frame lacks the columns {', '.join(missing)}")
