"""A chart in two parts: a definition, built once and shared, and the rows that it draws."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import altair as alt

from lib.charts.kit.theme import register_theme

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

    def _with(self, datasets: dict[str, Any]) -> dict[str, Any]:
        return {**deepcopy(dict(self.definition)), "datasets": datasets}


def rows_to_come() -> alt.Chart:
    """A chart over rows that its definition knows by name only."""
    chart: alt.Chart = alt.Chart(alt.NamedData(ROWS))
    return chart


def defined(chart: alt.LayerChart) -> dict[str, Any]:
    """The definition of a chart: checked, and with the theme. It takes far longer than to draw other rows with it."""
    register_theme()
    return dict(chart.to_dict())
