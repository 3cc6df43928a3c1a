"""How an indicator is painted: one title, scale and order for the map, the bars, the legend and the pictures."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from lib.charts.kit.palette import DEMAND, DIVERGING, QUALITY, SUPPLY
from lib.charts.kit.scale import Scale, diverging, sequential
from lib.market.basis import Standing
from lib.market.indicators import Indicator, indicator_label, indicator_status
from lib.market.selection import Selection, areas, is_single_lot
from lib.market.sentence import area_noun, narrowed_words, ranked
from lib.market.units import UNITS
from lib.market.unknown import shown, why_empty
from lib.market.wording import for_people, is_missing, nearest
from lib.pack.load import Pack

RAMPS = {"demand": DEMAND, "supply": SUPPLY, "quality": QUALITY}


@dataclass(frozen=True)
class Painting:
    """An indicator ready to be drawn.

    title: what the map and the bars show. axis_title: the indicator and its unit. status: how an area's figure is
    known. rows: as `painted` returns them. area_of: the area of each district_code. start: where the bars start.
    """

    indicator: Indicator
    title: str
    axis_title: str
    status: Standing
    scale: Scale
    rows: pd.DataFrame
    area_of: dict[str, str]
    start: float


def paint(pack: Pack, selection: Selection, indicator: Indicator, frame: pd.DataFrame) -> Painting:
    """The painting of an indicator over a selection's profile `frame`."""
    label = indicator_label(indicator, is_single_lot(pack, selection))
    one, _ = area_noun(pack, selection.group_by)
    narrowed = narrowed_words(pack, selection)
    what = f"{label} by {one}, {narrowed}" if narrowed else f"{label} by {one}"
    unit = UNITS[indicator.unit]
    axis_title = unit.head(label, *([f"bars start at {unit.show(indicator.start)}"] if indicator.start else []))
    status = indicator_status(pack, indicator)
    scale = scale_of(indicator, frame[indicator.id], unit.head(label), status)
    known = areas(pack, selection.group_by)
    return Painting(
        indicator,
        f"{what}, {pack.service(selection.service).period}",
        axis_title,
        status,
        scale,
        painted(pack, selection, frame, indicator, scale),
        dict(zip(known["district_code"], known["area_code"], strict=True)),
        indicator.start,
    )


def scale_of(indicator: Indicator, values: pd.Series[float], title: str, known: Standing) -> Scale:
    """The scale of an indicator: its own breaks where it has them, otherwise classes of the values as people read them.

    known: how the values are known, and so whether they are rounded for people.
    """

    def text(value: float) -> str:
        return for_people(value, indicator.unit, known)

    if indicator.breaks:
        return diverging(DIVERGING, indicator.breaks, text, title)
    read = [nearest(float(value), indicator.unit, known) for value in values]
    return sequential(read, RAMPS[indicator.theme], text, title)


def painted(pack: Pack, selection: Selection, frame: pd.DataFrame, indicator: Indicator, scale: Scale) -> pd.DataFrame:
    """A profile's areas ready for the ranked bars and the map, the one that needs attention first.

    Columns: area_code, area_name, value (NaN where not applicable or not known), shown (the figure as text), colour
    ("#rrggbb", "" where there is no figure), class_label, why (why there is no figure; "" where there is one).
    """
    rows = ranked(frame, indicator)[["area_code", "area_name", indicator.id]].rename(columns={indicator.id: "value"})
    values = [float(value) for value in rows["value"]]
    pairs = list(zip(rows["area_code"], values, strict=True))
    known = indicator_status(pack, indicator)
    rows["shown"] = [shown(pack, selection, code, indicator.id, value) for code, value in pairs]
    rows["why"] = [why_empty(pack, selection, code, indicator.id) if is_missing(value) else "" for code, value in pairs]
    # A scale that is cut at fixed breaks reads a figure as it stands: 0.996 is short.
    read = values if indicator.breaks else [nearest(value, indicator.unit, known) for value in values]
    rows["colour"] = [scale.colour(value) or "" for value in read]
    rows["class_label"] = [scale.label(value) or text for value, text in zip(read, rows["shown"], strict=True)]
    return rows
