"""A chart in two parts: a definition, built once and shared, and the rows that it draws."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from lib.charts.kit.arrow import sent
from lib.charts.kit.palette import Ink
from lib.charts.kit.theme import LABEL_SIZE, register_theme

# The name by which definitions call their rows.
ROWS = "drawn"


@dataclass(frozen=True)
class Drawing:
    """A chart as a definition, shared and never changed, and the data that it draws.

    definition: Vega-Lite whose data sources are names. data: an Arrow table for each name. footer: lines for a picture.
    """

    definition: Mapping[str, Any]
    data: Mapping[str, Any]
    footer: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The whole chart as Vega-Lite that stands on its own."""
        return self._with({name: table.to_pylist() for name, table in self.data.items()})

    def for_screen(self) -> dict[str, Any]:
        """The chart for st.vega_lite_chart, which changes what it is given: a copy, with the tables as they are."""
        return self._with(dict(self.data))

    def rows(self) -> list[dict[str, Any]]:
        """Its rows as records for JSON, without what is missing; whole numbers lose their point."""
        return [
            {name: _short(_seven_digits(value)) for name, value in row.items() if not _missing(value)}
            for row in self.data[ROWS].to_pylist()
        ]

    def _with(self, datasets: dict[str, Any]) -> dict[str, Any]:
        return {**deepcopy(dict(self.definition)), "datasets": datasets}


@dataclass(frozen=True)
class Plot:
    """A chart before it is sent anywhere: its definition, and what it draws as columns of one length.

    A missing number is NaN and a missing text None. What changes from step to step of a slider stands in the columns,
    room and height too (see `first_row`), so that the definition stays: a browser then keeps the picture it has.
    """

    definition: Mapping[str, Any]
    columns: Mapping[str, Sequence[Any]]

    def drawing(self) -> Drawing:
        """The chart for a page or a picture."""
        return Drawing(self.definition, {ROWS: sent(pd.DataFrame(dict(self.columns)))})

    def rows(self) -> list[dict[str, Any]]:
        """The columns as records for JSON, without what is missing; whole numbers lose their point."""
        return [
            {name: _short(value) for name, value in zip(self.columns, row, strict=True) if not _missing(value)}
            for row in zip(*self.columns.values(), strict=True)
        ]


def _missing(value: Any) -> bool:
    return value is None or value != value


def _short(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _seven_digits(value: Any) -> Any:
    """A decimal of 32 bits, as tables of rows have them, without what comes after its own digits."""
    return float(f"{value:.7g}") if isinstance(value, float) else value


def once(value: Any, rows: int) -> list[Any]:
    """A column of what belongs to the whole chart: in the first row alone."""
    return [value, *[math.nan if isinstance(value, float | int) else None] * (rows - 1)][:rows]


def first_row(name: str, otherwise: int) -> str:
    """A Vega expression for a number that a column of `once` holds."""
    return f"length(data('{ROWS}')) ? data('{ROWS}')[0].{name} : {otherwise}"


def height_of(row: float, least: int = 1) -> alt.Parameter:
    """What makes a chart's plot so many pixels a row high, however many rows come."""
    found: alt.Parameter = alt.param(name="height", expr=f"{row:g} * max(length(data('{ROWS}')), {least})")
    return found


def said_once(base: alt.Chart, column: str, x: Any, y: Any, ink: Ink, **style: Any) -> alt.Chart:
    """A text that a column of `once` holds, at a place of its own: the title of an axis that may have to change."""
    words = alt.ExprRef(f"datum.{column} || ''")
    mark: alt.Chart = base.mark_text(text=words, fontSize=LABEL_SIZE, color=ink.quiet, **style)
    return mark.encode(x=alt.value(x), y=alt.value(y))


def rows_to_come() -> alt.Chart:
    """A chart over rows that its definition knows by name only."""
    chart: alt.Chart = alt.Chart(alt.NamedData(ROWS))
    return chart


def defined(chart: alt.LayerChart) -> dict[str, Any]:
    """The definition of a chart: checked, and with the theme. It takes far longer than to draw other rows with it."""
    register_theme()
    return dict(chart.to_dict())
