"""One area's own story: its figures against the county's, its lots, its rating mix, its history, its providers."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from lib.charts.breakdown import demand_and_capacity
from lib.charts.trend import in_charts, trend
from lib.market.about import About, Heads, about
from lib.market.basis import standing
from lib.market.few import few_words
from lib.market.indicators import indicator_label, indicator_status, indicators
from lib.market.lots import lot_table
from lib.market.profile import history, missing_months_sentence
from lib.market.providers import area_providers
from lib.market.selection import COUNTY_CODE, is_single_lot
from lib.market.sentence import NO_AVERAGE, NOT_COMPARABLE, comparison
from lib.market.sharing import small_counts, small_in_county
from lib.market.unknown import hole
from lib.market.wording import counted, for_people, listed
from lib.pack.load import Pack
from lib.view.market.briefs import offer_briefs
from lib.view.market.figures import Market, State, Story, story_figures
from lib.view.market.filters import Choice
from lib.view.market.rating_chart import rating_chart
from lib.view.shell import is_dark
from lib.view.widgets.chart import draw
from lib.view.widgets.chart_downloads import chart_downloads
from lib.view.widgets.table import draw_frame, draw_table
from lib.view.widgets.text import escape_markdown, status_badge

COMPARED = (
    "demand_hours_per_1000",
    "coverage",
    "shortfall_hours",
    "waiting_hours",
    "median_days_to_source",
    "spot_share",
    "largest_provider_share",
    "good_or_better_share",
    "hourly_cost",
    "annual_cost",
    "people_per_1000",
    "providers",
    "rural_share",
)

MOST_PROVIDERS = 10


def area_story(pack: Pack, state: State, choice: Choice, market: Market) -> None:
    """The story of the chosen area, or of the whole county where none is chosen."""
    selection = choice.selection if choice.area_code else choice.selection.county()
    area_code, service = choice.area_code or COUNTY_CODE, selection.service
    story = story_figures(pack, state, selection, area_code)
    names = dict(zip(market.areas["area_code"], market.areas["area_name"], strict=True))
    name = names.get(area_code, f"{pack.manifest.area} as a whole")
    st.header(escape_markdown(name), anchor=False)
    rows = market.areas[market.areas["area_code"] == area_code].to_dict("records")
    small = small_counts(pack, rows[0]) if rows else small_in_county(pack, selection, market.county.to_dict())
    if small:
        st.markdown(f":orange-badge[{escape_markdown(small)}]")
    offer_briefs(pack, state, choice)
    if choice.area_code:
        draw_comparison(pack, choice, market, name)
    left, right = st.columns(2, gap="medium")
    with left:
        draw_lots(pack, service, story, name, hole(pack, selection, area_code, "coverage"))
        draw_history(pack, service, story, name)
    with right:
        few = few_words(pack, selection, area_code, "not_rated_share")
        draw_ratings(pack, service, story, name, hole(pack, selection, area_code, "not_rated_share"), few)
        draw_providers(pack, story, name, hole(pack, selection, area_code, "providers"))


def draw_comparison(pack: Pack, choice: Choice, market: Market, name: str) -> None:
    """The area's figures beside the county's, and its place among the areas."""
    known = indicators(pack)
    single = is_single_lot(pack, choice.selection)
    shown = [known[code] for code in dict.fromkeys([choice.indicator.id, *COMPARED])]
    rows = comparison(pack, choice.selection, market.areas, market.county, str(choice.area_code), shown)
    table = pd.DataFrame(
        {
            "Measure": [indicator_label(known[code], single) for code in rows["indicator"]],
            name: rows["area"],
            pack.manifest.area: rows["county"],
            "Place": rows["place"],
            "Status": [str(indicator_status(pack, known[code])) for code in rows["indicator"]],
        }
    )
    draw_frame(table, height="content")
    if (rows["county"] == NOT_COMPARABLE).any():
        st.caption(escape_markdown(f"{NOT_COMPARABLE.capitalize()}: {NO_AVERAGE}."))


def draw_lots(pack: Pack, service: str, story: Story, name: str, missing: str) -> None:
    """Demand and capacity of every service type and cohort that has either. missing: why they are not known, or ""."""
    # A lot of which something is not known may have either.
    lots = story.lots[~((story.lots["demand_hours"] <= 0) & (story.lots["capacity_hours"] <= 0))]
    if lots.empty:
        st.info(f"No hours are bought or offered in {escape_markdown(name)} for this selection.")
        return
    if lots[["demand_hours", "capacity_hours"]].isna().all(axis=None):
        st.info(
            f"Demand and capacity of {escape_markdown(name)}, lot by lot, are not known: {escape_markdown(missing)}."
        )
        return
    told = about(pack, f"Demand and capacity in {name}, hours a week", lot_table, service=service)
    read = partial(for_people, unit="hours", known=told.status)
    frame = pd.DataFrame(
        {
            "service_type_label": [pack.label("service_types", code) for code in lots["service_type"]],
            "cohort_label": [pack.label("cohorts", code) for code in lots["cohort"]],
            "demand_hours": lots["demand_hours"],
            "capacity_hours": lots["capacity_hours"],
            "shown_demand": [read(value) for value in lots["demand_hours"]],
            "shown_capacity": [read(value) for value in lots["capacity_hours"]],
            "shown_shortfall": [read(value) for value in lots["shortfall_hours"]],
            "shortfall_hours": lots["shortfall_hours"],
        }
    )
    title = told.title
    st.subheader(f"{escape_markdown(title)} {status_badge(told.status)}", anchor=False)
    words = "; ".join(
        f"{row.service_type_label}, {row.cohort_label}: demand {row.shown_demand}, capacity {row.shown_capacity}"
        for row in frame.itertuples()
    )
    chart = partial(demand_and_capacity, frame)
    draw(chart(title="", dark=is_dark()), alt="Demand and capacity, lot by lot", words=f"{title}. {words}")
    heads: Heads = {
        "service_type_label": "Service type",
        "cohort_label": "Cohort",
        "demand_hours": ("Demand", "hours"),
        "capacity_hours": ("Capacity", "hours"),
        "shortfall_hours": ("Shortfall", "hours"),
    }
    chart_downloads(told, frame, heads, "lots", chart=chart)


def draw_ratings(pack: Pack, service: str, story: Story, name: str, missing: str, few: str) -> None:
    """The rating mix of delivered hours, for overall and each key question.

    missing: why it is not known, or ""; few: what it rests on, where that is little, or "".
    """
    if missing:
        st.info(f"The rating mix of {escape_markdown(name)} is not known: {escape_markdown(missing)}.")
        return
    if story.ratings.empty or not story.ratings["hours"].sum():
        st.info(f"No hours are delivered in {escape_markdown(name)} for this selection, so there is no rating mix.")
        return
    labels = [pack.label("domains", code) for code in story.ratings["domain"]]
    title = f"CQC ratings in {name}, by hours delivered{few and f' ({few})'}"
    rating_chart(pack, service, story.ratings, labels, title=title, of="Question", name="ratings")


def draw_history(pack: Pack, service: str, story: Story, name: str) -> None:
    """Hours delivered, month by month and cohort by cohort; more cohorts than a chart can tell apart take several."""
    months = story.history
    if months.empty:
        return
    known = standing(pack, history)
    frame = pd.DataFrame(
        {
            "month": pd.to_datetime(months["month"], format="%Y-%m"),
            "month_label": months["month"],
            "series_label": [pack.label("cohorts", code) for code in months["cohort"]],
            "value": months["hours_per_week"],
            "shown": [for_people(value, "hours", known) for value in months["hours_per_week"]],
        }
    )
    whole = frame.groupby("month_label")["value"].apply(lambda values: values.notna().all())
    count = counted(len(whole), "month") if whole.all() else f"{whole.sum()} of {counted(len(whole), 'month')}"
    title = f"Hours delivered a week in {name}, {count}, all service types"
    charts = in_charts(frame.assign(month_label=list(months["month"])))
    for number, rows in enumerate(charts, start=1):
        part = f" ({number} of {len(charts)}: {listed(list(dict.fromkeys(rows['series_label'])))})"
        told = about(pack, title + (part if len(charts) > 1 else ""), history, service=service)
        draw_months(told, rows, "history" if number == 1 else f"history_{number}")
    if not whole.all():
        st.caption(escape_markdown(missing_months_sentence(months)))
    if len(charts) > 1:
        st.caption("The cohorts with most hours stand in the first chart; each chart has an axis of its own.")


def draw_months(told: About, rows: pd.DataFrame, table: str) -> None:
    """One chart of hours by month, and its table. table: its name."""
    title = told.title
    st.subheader(f"{escape_markdown(title)} {status_badge(told.status)}", anchor=False)
    last = rows[rows["month"] == rows["month"].max()]
    words = "; ".join(f"{row.series_label} {row.shown}" for row in last.itertuples())
    chart = partial(trend, rows, axis_title="Hours a week")
    draw(chart(title="", dark=is_dark()), alt="Hours delivered, month by month", words=f"{title}. Last month: {words}")
    heads: Heads = {"month_label": "Month", "series_label": "Cohort", "value": ("Delivered", "hours")}
    chart_downloads(told, rows, heads, table, chart=chart)


def draw_providers(pack: Pack, story: Story, name: str, missing: str) -> None:
    """The largest providers that serve the area; missing: why not all of them are known, or ""."""
    if missing:
        st.info(f"Not every provider of {escape_markdown(name)} is known: {escape_markdown(missing)}.")
    if story.providers.empty:
        return
    number = len(story.providers)
    which = f", the {MOST_PROVIDERS} largest shown" if number > MOST_PROVIDERS else ""
    title = f"{counted(number, 'provider')} with capacity or hours in {name}{which}"
    status = standing(pack, area_providers)
    st.subheader(f"{escape_markdown(title)} {status_badge(status)}", anchor=False)
    heads: Heads = {
        "provider_name": "Provider",
        "overall": "CQC overall",
        "routes": "Routes",
        "delivered_hours": ("Hours a week", "hours"),
        "headroom_hours": ("Headroom", "hours"),
        "share": ("Share of hours", "share"),
    }
    draw_table(story.providers.head(MOST_PROVIDERS), heads)
