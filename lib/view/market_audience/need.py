"""What care is needed, and where: the sentence, four figures, the map beside the ranked bars, and their table."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.charts.bars import ranked_bars, scaled_rows
from lib.charts.kit import palette
from lib.charts.kit.scale import Scale, sequential
from lib.market.indicator import in_words
from lib.market.selection import COUNTY, DISTRICT
from lib.market.wording import listed
from lib.publish.cells import ALL, is_hidden
from lib.publish.glance import most_telling
from lib.publish.parts import shown
from lib.publish.service_pages import NEED, RATES, directions, is_number
from lib.view.market_audience.choices import Asked, area_key, take_district
from lib.view.market_audience.in_short import in_short
from lib.view.market_audience.need_map import draw_map, map_picture, mapped
from lib.view.market_audience.shown import C_MEANS, WITHOUT_FIGURE, View, bar_words, number, one_of
from lib.view.market_audience.tables import badge, badge_colour, same_as_table
from lib.view.shell import is_dark
from lib.view.widgets.chart import draw_clickable
from lib.view.widgets.text import escape_html, escape_markdown

UNITS = {"demand_hours": "hours a week", "people": ""}


def need_part(view: View, asked: Asked, said: DeltaGenerator) -> None:
    """The first screen. said: the place for the sentence, above the filters that are drawn already."""
    rows = one_of(view.rows("demand"), **asked.lot)
    if rows.empty:
        st.info("No figures are published for this service type and cohort together: choose another.")
        return
    status = view.status("demand", ["demand_hours"])
    said.header(f"{escape_markdown(answer(view, asked, rows))} {badge(status)}", anchor=False)
    said.html(in_short(view, asked))
    districts = one_of(rows, area_kind=DISTRICT)
    measure, rates = mapped(view, districts)
    scale = sequential(map(number, rates.values()), palette.DEMAND, lambda value: f"{value:,.1f}", RATES[measure])
    map_side, bar_side = st.columns([3, 2], gap="small")
    with map_side, st.container(gap="xxsmall", key="market_map"):
        draw_map(view, asked, districts, measure, rates, scale)
        # Once for the map, the bars and the tiles.
        if any(map(is_hidden, rows[list(NEED)].to_numpy().ravel())):
            st.caption(C_MEANS)
    with bar_side, st.container(gap="xxsmall", key="market_bars"):
        draw_bars(view, asked, districts, measure, rates, scale)
        draw_tiles(view, asked, rows)
    same_as_table(
        view, "demand", rows, ["area_name"], NEED, f"{view.label}: what is needed, by area", "demand",
        picture=lambda: map_picture(view, asked, districts, measure, rates, scale),
    )  # fmt: skip


def answer(view: View, asked: Asked, rows: pd.DataFrame) -> str:
    """What is needed in the whole area, which way it goes, and where most is needed: of published figures alone."""
    service = view.publication.about.services[view.service]
    county = one_of(rows, area_kind=COUNTY).to_dict("records")
    row: dict[Any, Any] = county[0] if county else {}
    what = lot_words(rows, asked)
    parts = []
    if is_number(row.get("demand_hours")):
        kind = mostly(view, asked, number(row["demand_hours"]))
        parts.append(f"{shown(row['demand_hours'])} hours of care a week are needed{kind}")
    if is_number(row.get("people")):
        # Not that the hours are theirs: of the hours that wait, the people are counted as requests.
        parts.append(f"{shown(row['people'])} {service.people} are supported")
    if is_number(row.get("open_requests")):
        parts.append(f"{shown(row['open_requests'])} requests are open")
    way = directions(view.publication, view.service).get(ALL, "") if not what else ""
    if way and not is_hidden(way):
        parts.append(f"the hours of care are {way}")
    more = most_words(one_of(rows, area_kind=DISTRICT), service.people)
    said = f"{listed(parts)}." if parts else "the figures of the whole area are suppressed or not known."
    return f"{service.label}{what}, {service.period}: {said}{more}"


def mostly(view: View, asked: Asked, total: float) -> str:
    """The service type of more than half of the hours, whatever is suppressed; "" where none is, or one is chosen."""
    if asked.service_type != ALL:
        return ""
    rows = one_of(view.rows("demand"), area_kind=COUNTY, cohort=asked.cohort)
    kinds = rows[rows["service_type"] != ALL]
    hours = zip(map(number, kinds["demand_hours"]), kinds["service_type_name"], strict=True)
    name = next((name for value, name in hours if 2 * value > total), "")
    return f" (mostly {in_words(str(name))})" if name and len(kinds) > 1 else ""


def most_words(districts: pd.DataFrame, people: str) -> str:
    """Where most is needed."""
    said = {"demand_hours": ("Most hours are needed in", " a week"), "people": (f"Most {people} are supported in", "")}
    measure, known = most_telling(districts)
    if not measure:
        return ""
    value, name = max((value, name) for name, value in known.items())
    words, unit = said[measure]
    shown_only = "" if len(known) == len(districts) else " (of the districts that are shown)"
    return f" {words} {name}: {value:,.0f}{unit}{shown_only}."


def lot_words(rows: pd.DataFrame, asked: Asked) -> str:
    """The service type and cohort that are looked at; "" for all."""
    first = rows.iloc[0]
    names = [in_words(str(first[f"{name}_name"])) for name, code in asked.lot.items() if code != ALL]
    return f" ({listed(names)})" if names else ""


def in_order(districts: pd.DataFrame, measure: str) -> pd.DataFrame:
    """The districts, the largest first, what is suppressed and then what is unknown last."""
    size = districts[measure].map(lambda value: -number(value) if is_number(value) else (1 if is_hidden(value) else 2))
    return districts.assign(size=size).sort_values(["size", "area_name"], kind="stable")


def draw_bars(
    view: View, asked: Asked, districts: pd.DataFrame, measure: str, rates: dict[str, Any], scale: Scale
) -> None:
    """The ranked bars, in the colours of the map; a district without a figure says c in place of its bar."""
    unit = UNITS[measure] or view.publication.about.services[view.service].people
    ordered = in_order(districts, measure)
    words = []
    for _, row in ordered.iterrows():
        cell = view.cell("demand", row, measure)
        words.append(bar_words(row[measure], "") + (f": {cell.why}" if cell.why else ""))
    codes = list(ordered["area_code"])
    bars = scaled_rows(
        codes, list(ordered["area_name"]), [number(one) for one in ordered[measure]], words, scale,
        [number(rates[code]) for code in codes],
    )  # fmt: skip
    bars["class_label"] = bars["class_label"].where(bars["colour"].ne(""), WITHOUT_FIGURE)
    title = f"{unit[:1].upper()}{unit[1:]}, by district"
    st.subheader(f"{escape_markdown(title)} {badge(view.status('demand', [measure]))}", anchor=False)
    draw_clickable(
        ranked_bars(bars, title="", axis_title=unit, selected=asked.area, dark=is_dark()),
        alt="Ranked bars of the districts", words=f"{title}. {said_of(ordered, measure)}",
        key=f"shared_bars_{view.service}",
        mark="area", fields=("area_code",), known=[(code,) for code in codes], chosen=asked.area,
        take=partial(take_district, area_key(view)),
    )  # fmt: skip


def said_of(ordered: pd.DataFrame, measure: str) -> str:
    """The first and how many have no bar, for screen readers."""
    known = [is_number(one) for one in ordered[measure]]
    if not any(known):
        return f"No district has a figure: {WITHOUT_FIGURE}."
    first = ordered.iloc[0]
    without = f"{known.count(False)} without a bar: {WITHOUT_FIGURE}."
    return f"First is {first['area_name']} with {shown(first[measure])}. {without}"


def draw_tiles(view: View, asked: Asked, rows: pd.DataFrame) -> None:
    """Four figures of the district, or of the whole: what is needed, for how many, what waits, which way it goes."""
    kind = COUNTY if asked.area == ALL else DISTRICT
    of_area = one_of(rows, area_kind=kind, area_code=asked.area)
    if of_area.empty:
        return
    row = of_area.iloc[0]
    service = view.publication.about.services[view.service]
    name = str(row["area_name"])
    tiles = [
        ("Hours needed a week", "demand_hours", name),
        (f"{service.people[:1].upper()}{service.people[1:]}", "people", name),
        ("Open requests", "open_requests", waiting_words(row["waiting_hours"])),
    ]
    found = [
        tile(label, *view.cell("demand", row, code), context, view.status("demand", [code]))
        for label, code, context in tiles
    ]
    trend = one_of(view.rows("trend"), area_code=asked.area, cohort=asked.cohort)
    if len(trend):
        last = trend.sort_values("period").iloc[-1]
        word = view.cell("trend", last, "direction")
        found.append(
            tile("Hours of care are", word.text or "not known", word.why, "against a year before, all service types",
                 view.status("trend", ["direction", "hours_per_week"]))
        )  # fmt: skip
    st.html(f'<dl class="tiles">{"".join(found)}</dl>')


def waiting_words(hours: Any) -> str:
    """How many hours the open requests are of."""
    return f"{shown(hours)} hours a week wait" if is_number(hours) else f"hours a week that wait: {shown(hours)}"


def tile(label: str, text: str, why: str, context: str, status: str) -> str:
    """A figure with its status and a line beneath; in the preview, why it is withheld."""
    mark = f' <mark class="withheld">{escape_html(why)}</mark>' if why else ""
    known = f' <span class="status status-{badge_colour(status)}">{escape_html(status)}</span>' if status else ""
    return (
        f'<div class="tile"><dt>{escape_html(label)}{known}</dt><dd class="tile-value">{escape_html(text)}{mark}</dd>'
        f'<dd class="tile-context">{escape_html(context)}</dd></div>'
    )
