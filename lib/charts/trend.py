"""Lines over months."""

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from lib.charts.kit import palette
from lib.charts.kit.arrow import plain_marks, rounded, sent
from lib.charts.kit.chart_spec import ROWS, Drawing, defined, rows_to_come
from lib.charts.kit.theme import flat_axis, layered, required

_COLUMNS = ("month", "series_label", "value", "shown")
MOST_SERIES = 4
DASHES = ([1, 0], [7, 3], [2, 3], [9, 3, 2, 3])
HEIGHT = 260


def in_charts(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """The rows of each chart, where one cannot hold every series: at most four to a chart, the largest first.

    frame: as for `trend`. Up to four series stay one chart, as it is. Beyond, the series that are largest in all months
    together stand in the first chart, so that small ones share an axis on which they can be read.
    """
    size = frame.groupby("series_label", sort=False)["value"].sum()
    if len(size) <= MOST_SERIES:
        return [frame]
    order = list(size.sort_values(ascending=False, kind="stable").index)
    charts = [order[start : start + MOST_SERIES] for start in range(0, len(order), MOST_SERIES)]
    return [
        frame[frame["series_label"].isin(names)]
        .sort_values("series_label", key=lambda labels: labels.map(order.index), kind="stable")
        .reset_index(drop=True)
        for names in charts
    ]


def trend(
    frame: pd.DataFrame,
    *,
    title: str,
    axis_title: str,
    dark: bool = False,
    from_zero: bool = True,
    axis_format: str | None = None,
) -> Drawing:
    """One line a series, told apart by colour and by dash, named in a legend over the plot.

    frame: one row a month and series: month (datetime, first of the month), series_label (at most four, coloured in
    order of appearance), value (number; a missing one leaves a gap), shown (the value as text, with its unit).
    from_zero=False lets the axis start above zero and says so in its title. Raises ValueError where a column is missing
    or where there are more than four series.
    """
    required(frame.columns, _COLUMNS)
    series = tuple(dict.fromkeys(frame["series_label"].astype(str)))
    if len(series) > MOST_SERIES:
        raise ValueError(f"at most {MOST_SERIES} lines can be told apart, found {len(series)}")
    months = frame["month"].dt
    rows = pd.DataFrame(
        {
            # Months since January 2000: two bytes each, and the same month in every time zone.
            "month": 12 * (months.year - 2000) + months.month - 1,
            "series_label": frame["series_label"].astype(str),
            "value": rounded(frame["value"]),
            "shown": frame["shown"].astype(str),
        }
    )
    definition = _definition(
        series, title=title, axis_title=axis_title, dark=dark, from_zero=from_zero, axis_format=axis_format
    )
    return Drawing(definition, {ROWS: sent(rows)})


@lru_cache(maxsize=64)
def _definition(
    series: tuple[str, ...],
    *,
    title: str,
    axis_title: str,
    dark: bool,
    from_zero: bool,
    axis_format: str | None,
) -> dict[str, Any]:
    """The chart of the named lines."""
    ink = palette.ink(dark)
    colours = (palette.CATEGORICAL_DARK if dark else palette.CATEGORICAL)[: len(series)]
    legend = (
        alt.Legend(orient="top", columns=2, symbolType="stroke", symbolStrokeWidth=2.5, symbolSize=500, offset=30)
        if len(series) > 1
        else None
    )
    month = alt.X(
        "date:T",
        title=None,
        axis=alt.Axis(format="%b %Y", tickCount=6, labelFlush=True, grid=False, labelOverlap=True, labelSeparation=12),
    )
    stated = axis_title if from_zero else f"{axis_title} (axis does not start at zero)"
    value = alt.Y(
        "value:Q",
        scale=alt.Scale(zero=from_zero, nice=True),
        axis=flat_axis(stated, 12, axis_format),
    )
    tooltip = [
        alt.Tooltip("date:T", title="Month", format="%B %Y"),
        alt.Tooltip("series_label:N", title="Series"),
        alt.Tooltip("shown:N", title=axis_title or "Value"),
    ]
    colour = alt.Color(
        "series_label:N", title=None, scale=alt.Scale(domain=list(series), range=list(colours)), legend=legend
    )
    base = rows_to_come()
    lines = base.mark_line(strokeWidth=2.5).encode(
        color=colour,
        strokeDash=alt.StrokeDash(
            "series_label:N",
            title=None,
            scale=alt.Scale(domain=list(series), range=[list(dash) for dash in DASHES[: len(series)]]),
            legend=legend,
        ),
    )
    # The scale and the legend are those of the lines.
    dots = base.mark_point(filled=True, size=28, opacity=1, stroke=ink.background, strokeWidth=0.5).encode(
        color="series_label:N"
    )
    # A wide, unseen target around each point; it also carries the words for screen readers.
    said = alt.ExprRef("datum.series_label + ', ' + timeFormat(datum.date, '%B %Y') + ': ' + datum.shown")
    targets = base.mark_point(aria=True, description=said, filled=True, size=320, opacity=0).encode(tooltip=tooltip)
    chart = layered([lines, dots, targets], height=HEIGHT, title=title, ink=ink, legend=legend is not None)
    chart = chart.encode(x=month, y=value).transform_calculate(date="datetime(2000, datum.month)")
    return defined(plain_marks(chart, ink))
