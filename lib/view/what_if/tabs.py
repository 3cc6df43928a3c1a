"""Below the what-if's map: drivers, districts, what it would take, scenarios, assumptions. One is drawn at a time."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from lib.charts.tornado import sensitivity_tornado
from lib.charts.waterfall import drivers_waterfall
from lib.market.selection import COUNTY_CODE
from lib.market.tables import download_csv
from lib.market.wording import NOT_APPLICABLE, financial_year, listed, show
from lib.pack.load import Pack
from lib.view.market.downloads import offer_internal
from lib.view.market.figures import State
from lib.view.shell import is_dark
from lib.view.what_if.figures import Outcome, diverted_figures, driver_figures, projected_table
from lib.view.what_if.levers import draw_needed_levers
from lib.view.what_if.scenarios import draw_scenarios, scenario_notes, who
from lib.view.widgets.chart import draw
from lib.view.widgets.chart_downloads import About, beneath
from lib.view.widgets.table import hours, light
from lib.view.widgets.text import escape_markdown, status_badge
from lib.whatif.drivers import diverting
from lib.whatif.scenarios.presets import assumptions_log
from lib.whatif.scenarios.scenario import LEVERS, Scenario
from lib.whatif.tables import district_table, tornado_rows, waterfall_rows

TABLES = ("demand", "requests", "capacity", "population")
NAMES = ("What drives it", "Districts", "What it would take", "Scenarios", "Assumptions")


def tabs(pack: Pack, state: State, scenario: Scenario, found: Outcome, year: int, district: str | None) -> None:
    """The tabs; only the open one is drawn, so that a lever moves no more than people see."""
    drawers = (
        partial(draw_drivers, pack, state, scenario, district),
        partial(draw_districts, pack, state, scenario, found, year),
        partial(draw_needed, pack, scenario, found),
        partial(draw_scenarios, pack, state, scenario),
        partial(draw_assumptions, pack, scenario),
    )
    for tab, draw_tab in zip(st.tabs(NAMES, on_change="rerun", key="what_if_tab"), drawers, strict=True):
        if tab.open:
            with tab:
                draw_tab()


def draw_drivers(pack: Pack, state: State, scenario: Scenario, district: str | None) -> None:
    """From today's hours to the last year's, step by step; and which lever moves the gap most."""
    area = district or COUNTY_CODE
    name = pack.district_names().get(area, pack.manifest.area)
    steps, levers = driver_figures(pack, state, scenario, area)
    status = pack.status(*TABLES)
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader(
            f"What changes demand in {escape_markdown(name)}, hours a week {status_badge(status)}", anchor=False
        )
        frame = waterfall_rows(steps)
        words = "; ".join(f"{row.driver_label} {row.shown}" for row in frame.itertuples())
        chart = partial(drivers_waterfall, frame, axis_title="Hours a week")
        draw(chart(title="", dark=is_dark()), alt=f"What changes demand in {name}. {words}")
        heads = {"driver_label": "Step", "shown": "Change", "end": "Hours after it"}
        about = About(
            pack, f"What changes demand in {name}, scenario: {scenario.name}", TABLES, internal=district is not None
        )
        beneath(about, frame, heads, "drivers", chart=chart)
    with right:
        last = financial_year(pack.service(scenario.service).base_year + scenario.years)
        st.subheader(f"Which lever moves the gap of {last} most {status_badge(status)}", anchor=False)
        frame = tornado_rows(levers)
        words = "; ".join(f"{row.lever_label}: {row.shown_low} and {row.shown_high}" for row in frame.itertuples())
        chart = partial(sensitivity_tornado, frame, axis_title="Effect on the net gap, hours a week")
        draw(chart(title="", dark=is_dark()), alt=f"Effect of each lever on the net gap of {last}. {words}")
        heads = {"lever_label": "Lever", "step_label": "Moved", "shown_low": "Lower", "shown_high": "Higher"}
        about = About(
            pack, f"Which lever moves the gap of {last} most, scenario: {scenario.name}", TABLES, internal=False
        )
        beneath(about, frame, heads, "levers", chart=chart)


def draw_districts(pack: Pack, state: State, scenario: Scenario, found: Outcome, year: int) -> None:
    """The table of districts for the year shown, and the downloads."""
    status = pack.status(*TABLES)
    label = financial_year(year)
    st.subheader(f"Districts in {label} {status_badge(status)}", anchor=False)
    whole = ["demand_now", "demand_then", "gap_then", "gap_low", "gap_high", "shortfall", "cost"]
    st.dataframe(
        light(district_table(found.summary, found.spread, year).round(dict.fromkeys(whole, 0))),
        hide_index=True,
        height="content",
        placeholder=NOT_APPLICABLE,
        column_config={
            "area": st.column_config.TextColumn("District", pinned=True),
            "demand_now": hours("Hours now"),
            "demand_then": hours(f"Hours {label}"),
            "gap_then": hours("Net gap", "Demand less capacity: above 0 is short."),
            "gap_low": hours("Gap, 10th", "1 of 10 futures lies below."),
            "gap_high": hours("Gap, 90th", "1 of 10 futures lies above."),
            "coverage": st.column_config.NumberColumn("Net coverage", format="%.2f"),
            "shortfall": hours("Short, lot by lot"),
            "first_short": "First short year",
            "break_even": st.column_config.TextColumn(
                "Break-even growth", help="Need growth at which net coverage is 1.00 in the last year."
            ),
            "cost": st.column_config.NumberColumn("Spend a year", format="£%,.0f"),
        },
    )
    draw_diverted(pack, state, scenario, year)
    notes = scenario_notes(pack, scenario)
    with st.container(horizontal=True):
        offer_internal(
            "This table (CSV)",
            lambda: download_csv(district_table(found.summary, found.spread, year), notes),
            f"districts_{year}.csv",
        )
        offer_internal(
            "Every year and lot (CSV)",
            lambda: download_csv(projected_table(pack, state, scenario), notes),
            "projection.csv",
        )


def draw_diverted(pack: Pack, state: State, scenario: Scenario, year: int) -> None:
    """What direct payments, reablement and the like take away, where they move; and what exits leave out."""
    takers = listed([lever.diverts for lever in diverting(scenario)])
    if takers:
        away = diverted_figures(pack, state, scenario)
        row = away[(away["year"] == year) & (away["district_code"] == COUNTY_CODE)].iloc[0]
        hours_away, worth = show(row["diverted_hours"], "hours"), show(row["diverted_cost"], "pounds")
        st.markdown(
            f"{hours_away} hours a week, worth {escape_markdown(worth)} a year, are taken away by "
            f"{escape_markdown(takers)} in {financial_year(year)}. Their own budgets are not included."
        )
    if scenario.supply.provider_exits:
        st.markdown("Providers that leave take their capacity with them; cost is left unchanged.")
    at = (
        "at base-year prices"
        if not scenario.price.uplift_pct
        else f"with prices up {scenario.price.uplift_pct:g}% a year"
    )
    st.caption(
        f"Spend is council-arranged spend {at}: what the council pays if it keeps sourcing the same share of demand."
    )


def draw_needed(pack: Pack, scenario: Scenario, found: Outcome) -> None:
    """Hours and care workers that would bring every lot to the coverage wanted."""
    status = pack.status(*TABLES)
    last = financial_year(pack.service(scenario.service).base_year + scenario.years)
    draw_needed_levers(pack, scenario)
    needed = found.summary.needed.set_index("district_code")
    extra_hours, extra_workers = float(needed["extra_hours"][COUNTY_CODE]), int(needed["extra_workers"][COUNTY_CODE])
    st.subheader(
        f"{show(extra_hours, 'hours')} more hours a week, or {extra_workers:,} care "
        f"workers, would bring every lot to {scenario.target.coverage:.2f} by {last} {status_badge(status)}",
        anchor=False,
    )
    names = pack.district_names() | {COUNTY_CODE: pack.manifest.area}
    rows = needed.sort_values("extra_hours", ascending=False, kind="stable")
    rows = pd.concat([rows.drop(index=COUNTY_CODE), rows.loc[[COUNTY_CODE]]])
    st.dataframe(
        pd.DataFrame(
            {
                "District": [names[code] for code in rows.index],
                "Extra hours a week": rows["extra_hours"].round(0).to_numpy(),
                "Extra care workers": rows["extra_workers"].to_numpy(),
            }
        ),
        hide_index=True,
        height="content",
        column_config={name: hours(name) for name in ("Extra hours a week", "Extra care workers")},
    )
    meaning = LEVERS["target.contact_hours_per_worker"].meaning
    st.caption(
        f"{escape_markdown(meaning)} Workers are rounded up in each row: the county is not the sum of its districts."
    )


def draw_assumptions(pack: Pack, scenario: Scenario) -> None:
    """Every lever, its value, default, source, status and reason: what a model used for decisions must show."""
    st.subheader("Assumptions log", anchor=False)
    st.markdown(
        f"Scenario: **{escape_markdown(scenario.name)}**. By: {escape_markdown(who())} (said on the Scenarios tab)."
    )
    log = assumptions_log(pack, scenario)
    heads = {
        "label": "Lever",
        "value": "Value",
        "default": "Default",
        "status": "Status",
        "source": "Source",
        "why": "Why",
    }
    shown = log[list(heads)].map(escape_markdown).rename(columns=heads)
    st.table(shown.set_index("Lever"))
    st.download_button(
        "Assumptions log (CSV)",
        lambda: download_csv(log, scenario_notes(pack, scenario)),
        file_name="assumptions.csv", mime="text/csv", on_click="ignore",
    )  # fmt: skip
