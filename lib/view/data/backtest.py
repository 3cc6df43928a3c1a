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
from lib.view.widgets.page_workbook import Offered, note_table
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
            else:
                note_tables(pack, scenario, found.rows)


def note_tables(pack: Pack, scenario: Scenario, rows: pd.DataFrame) -> None:
    """Take note of what is offered where the tables stand open: it is in the page's workbook either way."""
    for one in offered(pack, scenario, rows):
        note_table(one.about, one.label, one.frame, one.about.file_name(one.file))


def offered(pack: Pack, scenario: Scenario, rows: pd.DataFrame) -> list[Offered]:
    """The files of a back-test: how far off each forecast was, district by district, and the seasons where known."""
    service = scenario.service
    told = about_rows(pack, scenario)
    whole = told.titled("Back-test: how far off each forecast was")
    files = [
        Offered(
            whole, "How far off (CSV)", lambda: for_file(off_rows(pack, rows), OFF), f"backtest_errors_{service}.csv"
        ),
        Offered(told, "By district (CSV)", lambda: for_file(named_rows(pack, rows), ROWS), f"backtest_{service}.csv"),
    ]
    if not why_no_season(pack, service):
        files.append(
            Offered(
                about_season(pack, service, int(season(pack, service)["years"].iloc[0])),
                "The seasons (CSV)",
                lambda: for_file(season_rows(pack, service), SEASON),
                f"season_{service}.csv",
            )
        )
    return files


def about_rows(pack: Pack, scenario: Scenario) -> About:
    """What must stand with a back-test."""
    inputs = table_basis(pack, scenario)
    told = about_scenario(pack, scenario, "Back-test by district and cohort", inputs)
    notes = [note for note in (why_no_ageing(pack, scenario.service), proves_nothing(pack, inputs)) if note]
    return replace(told, further=(*told.further, NOT_MOVED, *notes))


def off_rows(pack: Pack, rows: pd.DataFrame) -> pd.DataFrame:
    """How far off each forecast was, in words."""
    off = errors(rows)
    return off.assign(
        group=["All cohorts" if code == COUNTY_CODE else pack.label("cohorts", code) for code in off["cohort"]],
        label=[FORECASTS[code] for code in off["forecast"]],
    )


def named_rows(pack: Pack, rows: pd.DataFrame) -> pd.DataFrame:
    """A back-test's rows with the names of their districts and cohorts."""
    names = pack.district_names() | {COUNTY_CODE: pack.manifest.area}
    return rows.assign(
        district=[names[code] for code in rows["district_code"]],
        group=[pack.label("cohorts", code) for code in rows["cohort"]],
    )


def season_rows(pack: Pack, service: str) -> pd.DataFrame:
    """The seasonal pattern with the names of the months."""
    frame = season(pack, service)
    return frame.assign(month=[calendar.month_name[number] for number in frame["calendar_month"]])


def draw_rows(pack: Pack, scenario: Scenario, rows: pd.DataFrame) -> None:
    """How far off each forecast was, then district by district, then the seasons, each with its download."""
    service = scenario.service
    told, inputs = about_rows(pack, scenario), table_basis(pack, scenario)
    no_ageing = why_no_ageing(pack, service)
    notes = [note for note in (no_ageing, proves_nothing(pack, inputs)) if note]
    st.caption(escape_markdown(" ".join([f"Scenario: {scenario.name}. Status: {told.status}.", *notes])))
    draw_table(off_rows(pack, rows), OFF, help=OFF_WORDS, empty=NOT_KNOWN if no_ageing else NOT_APPLICABLE)
    draw_table(named_rows(pack, rows), ROWS, empty=NOT_KNOWN)
    first, second, *seasons = offered(pack, scenario, rows)
    with st.container(horizontal=True):
        for one in (first, second):
            offer_csv(*one)
    if not seasons:
        st.caption(escape_markdown(f"There is no seasonal pattern. {why_no_season(pack, service)}"))
    for one in seasons:
        st.markdown(f"**{escape_markdown(one.about.title)}.** {escape_markdown(' '.join(one.about.further))}")
        st.caption(escape_markdown(f"Status: {one.about.status}."))
        draw_table(season_rows(pack, service), SEASON)
        offer_csv(*one)


def about_season(pack: Pack, service: str, years: int) -> About:
    """What must stand with the seasonal pattern."""
    words = (
        f"Each month's hours as a share of the mean of its year, on average of {years} years. Growth within a year is "
        "in the first share; in the second, each month is brought to one level at a steady rate."
    )
    return about(pack, "The seasons of the county", "history", internal=False, service=service, further=(words,))
