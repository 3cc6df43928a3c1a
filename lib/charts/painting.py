"""How an indicator is painted: one scale for the map, the bars and the legend."""

from __future__ import annotations

import pandas as pd

from lib.charts.palette import DEMAND, DIVERGING, QUALITY, SUPPLY
from lib.charts.scale import Scale, diverging, sequential
from lib.market.indicators import Indicator
from lib.market.sentence import ranked
from lib.market.wording import NOT_APPLICABLE, show

RAMPS = {"demand": DEMAND, "supply": SUPPLY, "quality": QUALITY}
AXIS_FORMATS = {"share": "%", "ratio": ".2f", "pounds_per_hour": "£.2f"}


def scale_of(indicator: Indicator, values: pd.Series[float], title: str) -> Scale:
    """The scale of an indicator: its own breaks where it has them, otherwise classes of the values given."""

    def text(value: float) -> str:
        return show(value, indicator.unit)

    if indicator.breaks:
        return diverging(DIVERGING, indicator.breaks, text, title)
    return sequential(values, RAMPS[indicator.theme], text, title)


def painted(frame: pd.DataFrame, indicator: Indicator, scale: Scale) -> pd.DataFrame:
    """A profile's areas ready for the ranked bars and the map, the one that needs attention first.

    Columns: area_code, area_name, value (NaN where not applicable), shown (the figure as text), colour ("#rrggbb", ""
    where there is no figure), class_label.
    """
    rows = ranked(frame, indicator)[["area_code", "area_name", indicator.id]].rename(columns={indicator.id: "value"})
    values = [float(value) for value in rows["value"]]
    rows["shown"] = [show(value, indicator.unit) for value in values]
    rows["colour"] = [scale.colour(value) or "" for value in values]
    rows["class_label"] = [scale.label(value) or NOT_APPLICABLE for value in values]
    return rows
