"""Beneath the first screen: how demand has changed, what waits where, the years ahead, and what is to grow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from lib.charts.bars import ranked_bars
from lib.charts.kit import palette
from lib.charts.kit.chart_spec import Drawing
from lib.charts.trend import in_charts, trend
from lib.charts.year_lines import year_lines
from lib.market.selection import COUNTY, DISTRICT
from lib.publish.cells import ALL
from lib.publish.service_pages import SUPPLY, month_words
from lib.view.market_audience.choices import Asked
from lib.view.market_audience.in_short import in_order_wanted
from lib.view.market_audience.need import in_order
from lib.view.market_audience.shown import C_MEANS, WITHOUT_FIGURE, View, bar_words, number, one_of
from lib.view.market_audience.tables import badge, chart_picture, draw_rows, offer, same_as_table
from lib.view.shell import is_dark
from lib.view.widgets.chart import draw
from lib.view.widgets.text import escape_markdown

NO_FIGURES = "The publication has no figures of this: nothing is known of it, or it could not be shown safely."
QUARTER = ("hours_per_week", "people", "new_requests")
Draw = Callable[..., Drawing]


def heading(view: View, name: str, columns: Sequence[str], title: str) -> None:
    """The title of a chart or table, with how its figures are known."""
    st.subheader(f"{escape_markdown(title)} {badge(view.status(name, columns))}", anchor=False)


def place_words(view: View, asked: Asked, rows: pd.DataFrame) -> str:
    """The district that is looked at, or the whole area."""
    names = one_of(rows, area_code=asked.area)["area_name"]
    return str(names.iloc[0]) if len(names) else view.publication.about.area


def lines(view: View, name: str, rows: pd.DataFrame, title: str, chart: Draw, unit: str, words: str) -> list[Draw]:
    """Lines in as few charts as can hold them, and a sentence where a point has none. Returns what draws them."""
    drawn: list[Draw] = [
        partial(chart, part, axis_title=unit) for part in in_charts(rows) if part["value"].notna().any()
    ]
    for place, one in enumerate(drawn, start=1):
        draw(one(title="", dark=is_dark()), alt=f"Lines, chart {place}", words=f"{title}. {words}")
    if rows["value"].isna().any():
        st.caption(f"A gap in a line: {WITHOUT_FIGURE}. The table says which.")
    return drawn


def series(labels: pd.Series[str], figures: pd.Series[Any]) -> pd.DataFrame:
    """What a chart of lines takes, but for its time."""
    return pd.DataFrame(
        {
            "series_label": list(labels),
            "value": [number(one) for one in figures],
            "shown": [bar_words(one, "hours a week") for one in figures],
        }
    )


def trend_part(view: View, asked: Asked) -> None:
    """Hours a week quarter by quarter, of the area that is looked at, and which way each district goes."""
    rows = one_of(view.rows("trend"))
    if rows.empty:
        st.info(NO_FIGURES)
        return
    own = one_of(rows, area_code=asked.area)
    if asked.cohort != ALL:
        own = one_of(own, cohort=asked.cohort)
    elif own["cohort"].nunique() == 2:  # one cohort, which is everybody
        own = one_of(own, cohort=ALL)
    title = f"{view.label}: hours of care a week, quarter by quarter, {place_words(view, asked, rows)}"
    heading(view, "trend", ["hours_per_week"], title)
    months = pd.Series(pd.to_datetime(list(own["period"]), format="%Y-%m"))
    points = series(own["cohort_name"], own["hours_per_week"]).assign(month=months)
    drawn = lines(view, "trend", points, title, trend, "Hours a week", "Lines of hours of care over the quarters")
    columns = ["period", "area_name", "cohort_name", "direction"]
    picture = chart_picture(view, "trend", ["hours_per_week"], title, drawn[0]) if drawn else None
    same_as_table(view, "trend", own, columns, QUARTER, title, "trend", picture)
    last = one_of(rows, period=str(max(rows["period"])), cohort=asked.cohort)
    caption = f"{view.label}: the quarter to {month_words(str(max(rows['period'])))}, by district"
    heading(view, "trend", ["direction", "hours_per_week"], caption)
    totals = [place for place, kind in enumerate(last["area_kind"]) if kind == COUNTY]
    draw_rows(view, "trend", last, ["area_name", "cohort_name", "direction"], QUARTER, caption, totals)


def requests_part(view: View, asked: Asked) -> None:
    """Open requests: bars by district, and every locality that may be shown."""
    demand = one_of(view.rows("demand"), service_type=ALL, cohort=ALL, area_kind=DISTRICT)
    title = f"{view.label}: open requests by district, all service types and cohorts"
    if len(demand) and "open_requests" in demand:
        heading(view, "demand", ["open_requests"], title)
        ordered = in_order(demand, "open_requests")
        words = []
        for _, row in ordered.iterrows():
            cell = view.cell("demand", row, "open_requests")
            words.append(f"{cell.text}: {cell.why}" if cell.why else cell.text)
        bars = pd.DataFrame(
            {
                "area_code": list(ordered["area_code"]),
                "area_name": list(ordered["area_name"]),
                "value": [number(one) for one in ordered["open_requests"]],
                "shown": words,
                "colour": palette.DEMAND[3],
                "class_label": "",
            }
        )
        chart = partial(ranked_bars, bars, axis_title="Open requests", selected=asked.area)
        draw(chart(title="", dark=is_dark()), alt="Ranked bars of open requests", words=title)
        st.caption(C_MEANS)
        picture = chart_picture(view, "demand", ["open_requests"], title, chart)
        measures = ["open_requests", "waiting_hours"]
        same_as_table(view, "demand", demand, ["area_name"], measures, title, "open_requests", picture)
    rows = view.rows("requests")
    if rows.empty:
        st.info(NO_FIGURES)
        return
    own = rows if asked.area == ALL else one_of(rows, district_code=asked.area)
    caption = f"{view.label}: open requests by locality, {place_words(view, asked, rows)}"
    heading(view, "requests", ["open_requests", "waiting_hours", "longest_wait"], caption)
    if own.empty:
        st.info("No request is open in this district.")
        return
    words_of = ["district_name", "ward_name", "longest_wait"]
    draw_rows(view, "requests", own, words_of, ["open_requests", "waiting_hours"], caption)
    offer(
        "Open requests by locality (CSV)",
        lambda: view.csv("requests", own),
        f"{view.service}_requests.csv",
        "text/csv",
        "requests",
    )


def forecast_part(view: View, asked: Asked) -> None:
    """The years ahead under each scenario that the council chose to publish, and what each assumes."""
    rows = one_of(view.rows("forecast"), cohort=asked.cohort)
    if rows.empty:
        st.info("The council has published no scenario of the years ahead for this.")
        return
    own = one_of(rows, area_code=asked.area, area_kind=COUNTY if asked.area == ALL else DISTRICT)
    title = f"{view.label}: hours needed a week, year by year, {place_words(view, asked, rows)}"
    heading(view, "forecast", ["demand_hours"], title)
    points = series(own["scenario"], own["demand_hours"]).assign(year_label=list(own["year_name"]))
    drawn = lines(view, "forecast", points, title, year_lines, "Hours a week", "Lines of the hours needed, by scenario")
    picture = chart_picture(view, "forecast", ["demand_hours"], title, drawn[0]) if drawn else None
    words = ["scenario", "year_name", "area_name"]
    same_as_table(view, "forecast", own, words, ["people", "demand_hours"], title, "forecast", picture)
    assumed = view.publication.of_service("assumptions", view.service)
    for name in dict.fromkeys(rows["scenario"]):
        moved = assumed[(assumed["scenario"] == name) & (assumed["set_by"] == "scenario")] if len(assumed) else assumed
        said = "; ".join(f"{row['label']}: {row['value']}" for row in moved.to_dict("records"))
        more = "Everything else is as the table of assumptions has it, under Open data."
        st.markdown(
            f"**{escape_markdown(name)}**. {escape_markdown(f'What is assumed: {said}. {more}' if said else more)}"
        )
    ends = sorted({int(year) for year in rows["year"]})
    last = one_of(rows, year=str(ends[-1]))
    caption = f"{view.label}: {last['year_name'].iloc[0]}, by area and scenario"
    heading(view, "forecast", ["people", "demand_hours"], caption)
    totals = [place for place, kind in enumerate(last["area_kind"]) if kind == COUNTY]
    draw_rows(view, "forecast", last, ["scenario", "area_name"], ["people", "demand_hours"], caption, totals)


def growth_part(view: View, asked: Asked) -> None:
    """What the council wants to see grow, in words; then how far capacity goes."""
    wanted = one_of(view.rows("wanted"))
    if wanted.empty:
        st.info(NO_FIGURES)
    else:
        own = wanted if asked.area == ALL else one_of(wanted, area_code=asked.area)
        own = own if asked.service_type == ALL else one_of(own, service_type=asked.service_type)
        caption = f"{view.label}: what the council wants to see grow, by district and service type"
        heading(view, "wanted", ["wanted"], caption)
        own = in_order_wanted(own)
        draw_rows(view, "wanted", own, ["district_name", "service_type_name", "wanted"], [], caption)
        meaning = next(one.description for one in view.table("wanted").fields if one.name == "wanted")
        st.caption(escape_markdown(f"{meaning}."))
        offer(
            "What is to grow (CSV)", lambda: view.csv("wanted", own), f"{view.service}_wanted.csv", "text/csv", "wanted"
        )
    supply = one_of(view.rows("supply"), service_type=asked.service_type)
    supply = supply[supply["area_kind"].isin([DISTRICT, COUNTY])] if len(supply) else supply
    if len(supply):
        caption = f"{view.label}: providers and capacity by district"
        heading(view, "supply", SUPPLY, caption)
        totals = [place for place, kind in enumerate(supply["area_kind"]) if kind == COUNTY]
        draw_rows(view, "supply", supply, ["area_name"], SUPPLY, caption, totals)
        offer(
            "Providers and capacity (CSV)",
            lambda: view.csv("supply", supply),
            f"{view.service}_supply.csv",
            "text/csv",
            "supply",
        )
