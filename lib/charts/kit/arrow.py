"""Keeping a chart small on its way to the browser: a step of a slider sends the whole of it."""

import math
from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.charts.kit.palette import Ink

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
    return pd.Series(rounded_list(column.tolist(), digits), column.index, dtype=float, name=column.name)


def rounded_list(values: Sequence[float], digits: int = 5) -> list[float]:
    """The same for a list; a missing number is NaN."""
    numbers = np.asarray(values, dtype=float)
    largest = float(np.nanmax(np.abs(numbers), initial=0.0))
    if math.isfinite(largest) and largest > 0:
        numbers = numbers.round(max(digits - 1 - math.floor(math.log10(largest)), 0))
    found: list[float] = numbers.tolist()
    return found


def sent(frame: pd.DataFrame) -> Any:
    """The frame as an Arrow table of the narrowest types: text, flags, 16 and 32 bit whole numbers, 32 bit decimals.

    Streamlit sends a table as it is; a frame it sends with a description of every column for pandas, which for a chart
    of a dozen rows is as large as the data. No index, and no column of dates: a date's type is a long description.
    """
    import pyarrow as pa

    columns = {}
    for name in frame.columns:
        column = frame[name]
        if pd.api.types.is_bool_dtype(column):
            columns[name] = pa.array(column.tolist(), type=pa.bool_())
        elif pd.api.types.is_numeric_dtype(column):
            numbers = column.astype(float).to_numpy()
            known = np.isfinite(numbers)
            columns[name] = pa.array(numbers, mask=~known).cast(getattr(pa, _narrowest(numbers[known]))())
        else:
            columns[name] = pa.array(column.tolist(), type=pa.string(), from_pandas=True)
    return pa.table(columns)


def _narrowest(numbers: npt.NDArray[np.floating[Any]]) -> str:
    """Arrow's name of the smallest type that holds what is drawn of some numbers."""
    largest = float(np.abs(numbers).max(initial=0.0))
    if (numbers != np.round(numbers)).any() or largest >= 2**31:
        return "float32"
    return "int16" if largest < 2**15 else "int32"
