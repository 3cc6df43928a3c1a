"""The map of what is needed, on screen and as a picture: a rate of published figures over residents, who are public."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from lib.charts.kit.palette import MISSING
from lib.charts.kit.png import to_png, with_footer
from lib.charts.kit.scale import Scale, legend_entries
from lib.charts.static_map import static_map
from lib.market.indicator import in_words
from lib.pack.faults import PackError
from lib.pack.geography import read_outlines
from lib.publish.parts import shown
from lib.publish.service_pages import RATES, directions, is_number, per_1000
from lib.view.map.district_map import AreaPaint, clicked_code, no_map, outlined_map
from lib.view.map.legend import legend
from lib.view.market_audience.choices import Asked, area_key, take_district
from lib.view.market_audience.shown import WITHOUT_FIGURE, View, number
from lib.view.market_audience.tables import badge
from lib.view.shell import is_dark
from lib.view.widgets.text import escape_markdown

MAP_HEIGHT = 430
MAP_KEY = "shared_map"


def mapped(view: View, districts: pd.DataFrame) -> tuple[str, dict[str, Any]]:
    """What the map shades, and each district's rate: hours where most districts show them, else people."""
    residents = view.publication.of_service("residents", view.service)
    counted = dict(zip(residents["district_code"], residents["residents"], strict=True)) if len(residents) else {}
    rates = {
        measure: {
            code: per_1000(value, counted.get(code))
            for code, value in zip(districts["area_code"], districts[measure], strict=True)
        }
        for measure in RATES
    }
    most = next(
        (one for one in RATES if 2 * sum(map(is_number, rates[one].values())) > len(districts)), next(iter(RATES))
    )
    return most, rates[most]


def draw_map(
    view: View, asked: Asked, districts: pd.DataFrame, measure: str, rates: dict[str, Any], scale: Scale
) -> None:
    """The map: a rate, its legend with what is hatched, and the credit of its outlines. A click chooses a district."""
    status = badge(view.status("demand", [measure]))
    st.subheader(f"{escape_markdown(f'{view.label}: {in_words(RATES[measure])}')} {status}", anchor=False)
    try:
        outlines = read_outlines(view.publication.outlines)
    except PackError as error:
        st.error(no_map(error))
        return
    paints = map_paints(view, asked, districts, measure, rates, scale)
    outlined_map(
        paints, outlines, key=MAP_KEY, dark=is_dark(), height=MAP_HEIGHT, title=RATES[measure],
        on_change=partial(take_click, area_key(view), set(paints)),
    )  # fmt: skip
    legend(scale, some_missing=any(paint.hatched for paint in paints.values()), missing=WITHOUT_FIGURE)
    st.caption(escape_markdown(view.publication.about.outlines_credit))


def map_paints(
    view: View, asked: Asked, districts: pd.DataFrame, measure: str, rates: dict[str, Any], scale: Scale
) -> dict[str, AreaPaint]:
    """Every district in the colour of its rate; hatched where that is suppressed or not known."""
    ways = directions(view.publication, view.service)
    paints = {}
    for _, row in districts.iterrows():
        code = row["area_code"]
        colour = scale.colour(number(rates[code]))
        why = view.cell("demand", row, measure).why
        lines = [
            str(row["area_name"]),
            f"{RATES[measure]}: {shown_rate(rates[code])}{f' ({why})' if why else ''}",
            f"Hours needed a week: {shown(row['demand_hours'])}; people: {shown(row['people'])}",
            f"Hours of care: {shown(ways.get(code, '')) or 'no direction is known'}",
        ]
        paints[code] = AreaPaint(
            fill=colour or MISSING, hatched=not colour, tooltip="\n".join(lines), label=str(row["area_name"]),
            selected=code == asked.area,
        )  # fmt: skip
    return paints


def take_click(key: str, known: set[str]) -> None:
    """A district was clicked on the map: look at it, or, where it is looked at already, at the whole."""
    code = clicked_code(st.session_state.get(MAP_KEY))
    if code in known:
        take_district(key, code)


def shown_rate(value: Any) -> str:
    """A rate as it is read."""
    return f"{value:,.1f}" if is_number(value) else shown(value)


def map_picture(
    view: View, asked: Asked, districts: pd.DataFrame, measure: str, rates: dict[str, Any], scale: Scale
) -> bytes:
    """The map as a PNG file. PackError where the outlines cannot be drawn."""
    codes = list(districts["area_code"])
    paints = pd.DataFrame(
        {
            "district_code": codes,
            "colour": [scale.colour(number(rates[code])) or "" for code in codes],
            "label": list(districts["area_name"]),
            "selected": [code == asked.area for code in codes],
        }
    )
    missing = [("", WITHOUT_FIGURE)] if (paints["colour"] == "").any() else []
    chart = static_map(
        read_outlines(view.publication.outlines), paints, title=f"{view.label}: {in_words(RATES[measure])}",
        subtitle=RATES[measure], legend=[*legend_entries(scale), *missing],
        credit=view.publication.about.outlines_credit,
    )  # fmt: skip
    return to_png(with_footer(chart, view.lines("demand", [measure])))
