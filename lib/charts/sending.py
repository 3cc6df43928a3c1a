"""Keeping a chart small on its way to the browser: a step of a slider sends the whole of it."""

import math

import altair as alt
import numpy as np
import pandas as pd

from lib.charts.palette import Ink

# Pixels from one line of a text to the next.
LINE = 16


def plain_marks(chart: alt.LayerChart, ink: Ink) -> alt.LayerChart:
    """The chart with what all its marks share said once: silent, without a tooltip, in the colour of text.

    A mark that does answer says so itself. Without the null, Streamlit's theme would give every mark a tooltip.
    """
    plain: alt.LayerChart = (
        chart.configure_mark(aria=False, tooltip=None)
        .configure_text(color=ink.text, lineBreak="\n", lineHeight=LINE)
        .configure_rule(color=ink.text)
    )
    return plain


def rounded(column: "pd.Series[float]", digits: int = 5) -> "pd.Series[float]":
    """Numbers with as many digits as a chart can show, counted from the largest, because every digit is sent."""
    numbers = column.astype(float)
    largest = float(np.nanmax(numbers.abs().to_numpy(), initial=0.0))
    if not math.isfinite(largest) or largest == 0:
        return numbers
    return numbers.round(max(digits - 1 - math.floor(math.log10(largest)), 0))
