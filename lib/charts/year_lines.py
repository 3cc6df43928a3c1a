"""Lines over years to come, one a scenario."""

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from lib.charts.kit import palette
from lib.charts.kit.arrow import plain_marks, rounded, sent
from lib.charts.kit.chart_spec import ROWS, Drawing, defined, rows_to_come
from lib.charts.kit.theme import flat_axis, layered, required
from lib.charts.trend import DASHES, HEIGHT, MOST_SERIES

_COLUMNS = ("year_label", "series_label", "value", "shown")


def year_lines(
    frame: pd.DataFrame, *, title: str, axis_title: str, dark: bool = False, from_zero: bool = True
) -> Drawing:
    """One line a series, told apart by colour and by dash, named in a legend over the plot.

    frame: one row a year and series, in the order of the years: year_label ("2024/25"), series_label (at most four,
    coloured in order of appearance), value (number; a missing one leaves a gap), shown (the value as text, with its
    unit). from_zero=False lets the axis start above zero and says so in its title. Raises ValueError where a column is
    missing or where there are more than four series.
    """
    required(frame.columns, _COLUMNS)
    series = tuple(dict.fromkeys(frame["series_label"].astype(str)))
    if len(series) > MOST_SERIES:
        raise ValueError(f"at most {MOST_SERIES} lines can be told apart, found {len(series)}")
    rows = frame[list(_COLUMNS)].astype({"year_label": str, "series_label": str, "shown": str}).reset_index(drop=True)
    rows["value"] = rounded(rows["value"])
    definition = _definition(series, title=title, axis_title=axis_title, dark=dark, from_zero=from_zero)
    return Drawing(definition, {ROWS: sent(rows)})


@lru_cache(maxsize=64)
def _definition(series: tuple[str, ...], *, title: str, axis_title: str, dark: bool, from_zero: bool) -> dict[str, Any]:
    """The chart of the named lines."""
    ink = palette.ink(dark)
    colours = (palette.CATEGORICAL_DARK if dark else palette.CATEGORICAL)[: len(series)]
    legend = (
        alt.Legend(orient="top", columns=1, symbolType="stroke", symbolStrokeWidth=2.5, symbolSize=500, offset=30)
        if len(series) > 1
        else None
    )
    stated = axis_title if from_zero else f"{axis_title} (axis does not start at zero)"
    year = alt.X("year_label:N", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True, grid=False))
    value = alt.Y("value:Q", scale=alt.Scale(zero=from_zero, nice=True), axis=flat_axis(stated, 12, None))
    colour = alt.Color(
        "series_label:N", title=None, scale=alt.Scale(domain=list(series), range=list(colours)), legend=legend
    )
    dash = alt.StrokeDash(
        "series_label:N",
        title=None,
        scale=alt.Scale(domain=list(series), range=[list(dash) for dash in DASHES[: len(series)]]),
        legend=legend,
    )
    said = alt.ExprRef("datum.series_label + ', ' + datum.year_label + ': ' + datum.shown")
    base = rows_to_come()
    lines = base.mark_line(strokeWidth=2.5).encode(color=colour, strokeDash=dash)
    dots = base.mark_point(aria=True, description=said, filled=True, size=28, opacity=1).encode(color="series_label:N")
    chart = layered([lines, dots], height=HEIGHT, title=title, ink=ink, legend=legend is not None)
    return defined(plain_marks(chart.encode(x=year, y=value), ink))
