"""The back-tests on the Data page: each service's forecast of a year ago, beside what happened."""

from __future__ import annotations

import calendar
from dataclasses import replace

import pandas as pd
import streamlit as st

from lib.market.about import About, Heads, about, for_file
from lib.market.selection import COUNTY_CODE
from lib.market.wording import NOT_APPLICABLE, NOT_KNOWN
from lib.pack.load import Pack
from lib.view.market.figures import State
from lib.view.what_if.backtest import hindsight, line_with_status
from lib.view.what_if.state import current
from lib.view.widgets.chart_downloads import offer_csv
from lib.view.widgets.table import draw_table
from lib.view.widgets.text import escape_markdown
from lib.whatif.about import about_scenario
from lib.whatif.backtest import ERRORS, errors, why_no_ageing
from lib.whatif.backtest_words import FORECASTS, NOT_MOVED, proves_nothing, table_basis
from lib.whatif.scenarios.scenario import Scenario
from lib.whatif.season import season, why_no_season

ROWS: Heads = {
    "district": "District",
    "group": "Cohort",
    "actual": ("What happened", "hours"),
    **{code: (label, "hours") for code, label in FORECASTS.items()},
    **{column: (f"Error: {FORECASTS[code].lower()}", "hours") for code, column in ERRORS.items()},
}
OFF: Heads = {
    "group": "Cohort",
    "label": "Method",
    "hours": ("Forecast", "hours"),
    "actual": ("What happened", "hours"),
    "error": ("Error", "hours"),
    "error_pct": ("Error in percent", "percent"),
    "bias": ("Mean error", "hours"),
    "mean_absolute_error_pct": ("Mean absolute error", "percent"),
}
OFF_WORDS = {
    "error": "Forecast less what happened, for the county: below 0 is too low.",
    "bias": "The mean error of a district and cohort: far from 0, the forecast errs to one side.",
    "mean_absolute_error_pct": "How far off a district and cohort was, whatever the side, on average.",
}
SEASON: Heads = {
    "month": "Month",
    "share": ("Share of its year's mean", "share"),
    "share_without_growth": ("Without growth", "share"),
}


def draw_backtests(pack: Pack, state: State) -> None:
    """Each service's back-test in a line, and behind it the tables."""
    st.subheader("Would it have been right?", anchor=False)
    st.markdown(
        "A forecast from the month 12 before the last of the history, held against what happened: by ageing alone, by "
        f"the levers of the what-if as they stand, and by “same as last year”. {NOT_MOVED} One year is one comparison: "
        "it shows how far off a forecast can be, not how far off the next one will be."
    )
    for service in pack.manifest.services:
        scenario = current(pack, service)
        found = hindsight(pack, state, scenario)
        label = pack.service(service).label
        st.markdown(f"- **{escape_markdown(label)}.** {line_with_status(pack, scenario, found)}")
        if found.rows is not None:
            title = f"{label}: the back-test by district, and the seasons"
            closed = st.expander(escape_markdown(title), key=f"table_backtest_{service}", on_change="rerun")
            if closed.open:
                with closed:
                    draw_rows(pack, scenario, found.rows)
                    draw_season(pack, service)


def draw_rows(pack: Pack, scenario: Scenario, rows: pd.DataFrame) -> None:
    """How far off each forecast was, then district by district, and the download."""
    inputs = table_basis(pack, scenario)
    told = about_scenario(pack, scenario, "Back-test by district and cohort", inputs)
    no_ageing = why_no_ageing(pack, scenario.service)
    notes = [note for note in (no_ageing, proves_nothing(pack, inputs)) if note]
    told = replace(told, further=(*told.further, NOT_MOVED, *notes))
    st.caption(escape_markdown(" ".join([f"Scenario: {scenario.name}. Status: {told.status}.", *notes])))
    names = pack.district_names() | {COUNTY_CODE: pack.manifest.area}
    off = errors(rows)
    off = off.assign(
        group=["All cohorts" if code == COUNTY_CODE else pack.label("cohorts", code) for code in off["cohort"]],
        label=[FORECASTS[code] for code in off["forecast"]],
    )
    draw_table(off, OFF, help=OFF_WORDS, empty=NOT_KNOWN if no_ageing else NOT_APPLICABLE)
    shown = rows.assign(
        district=[names[code] for code in rows["district_code"]],
        group=[pack.label("cohorts", code) for code in rows["cohort"]],
    )
    draw_table(shown, ROWS, empty=NOT_KNOWN)
    with st.container(horizontal=True):
        whole = told.titled("Back-test: how far off each forecast was")
        offer_csv(whole, "How far off (CSV)", lambda: for_file(off, OFF), f"backtest_errors_{scenario.service}.csv")
        offer_csv(told, "By district (CSV)", lambda: for_file(shown, ROWS), f"backtest_{scenario.service}.csv")


def draw_season(pack: Pack, service: str) -> None:
    """The seasonal pattern, or why there is none."""
    reason = why_no_season(pack, service)
    if reason:
        st.caption(escape_markdown(f"There is no seasonal pattern. {reason}"))
        return
    frame = season(pack, service)
    shown = frame.assign(month=[calendar.month_name[number] for number in frame["calendar_month"]])
    told = about_season(pack, service, int(frame["years"].iloc[0]))
    st.markdown(f"**{escape_markdown(told.title)}.** {escape_markdown(' '.join(told.further))}")
    st.caption(escape_markdown(f"Status: {told.status}."))
    draw_table(shown, SEASON)
    offer_csv(told, "The seasons (CSV)", lambda: for_file(shown, SEASON), f"season_{service}.csv")


def about_season(pack: Pack, service: str, years: int) -> About:
    """What must stand with the seasonal pattern."""
    words = (
        f"Each month's hours as a share of the mean of its year, on average of {years} years. Growth within a year is "
        "in the first share; in the second, each month is brought to one level at a steady rate."
    )
    return about(pack, "The seasons of the county", "history", internal=False, service=service, further=(words,))
