"""What the chart tests read of a drawing: its rows, its marks, its definition."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from lib.charts.kit.chart_spec import ROWS, Drawing


def sized(chart: Drawing, width: int) -> Drawing:
    """The chart in so many pixels, as a page gives them."""
    return replace(chart, definition={**chart.definition, "width": width})


def rows_of(chart: Drawing, name: str = ROWS) -> list[dict[str, Any]]:
    return list(chart.data[name].to_pylist())


def marks(chart: Drawing, kind: str) -> list[dict[str, Any]]:
    return [layer for layer in chart.definition["layer"] if layer["mark"]["type"] == kind]


def definition(chart: Drawing) -> str:
    """Everything but the data."""
    return json.dumps(chart.definition)
