"""Below the what-if's map: drivers, districts, what it would take, scenarios, assumptions. One is drawn at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from lib.charts.kit.chart_spec import Drawing
from lib.charts.live import EFFECTS_AXIS, HOURS_AXIS, POUNDS_AXIS
from lib.charts.tornado import sensitivity_tornado
from lib.charts.waterfall import drivers_waterfall
from lib.market.about import Heads, for_file
from lib.market.basis import standing
from lib.market.selection import COUNTY_CODE
from lib.market.units import UNITS
from lib.market.wording import NOT_APPLICABLE, NOT_KNOWN, financial_year, is_missing, listed
from lib.pack.load import Pack
from lib.view.link.parameters import WHAT_IF_TAB, WHAT_IF_TABS
from lib.view.live.component import part
from lib.view.market.figures import State
from lib.view.what_if.author import told_of, who
from lib.view.what_if.figures import (
    cost_figures,
    diverted_figures,
    driver_figures,
    outcome,
    projected_table,
    summary_of,
    uncertain_figures,
)
from lib.view.what_if.levers import needed_group
from lib.view.what_if.picture import Picture, costs_title, drivers_title, effects_title, needed_here
from lib.view.what_if.scenarios import draw_scenarios
from lib.view.widgets.chart_downloads import chart_downloads, offer_csv
from lib.view.widgets.table import draw_table
from lib.view.widgets.text import escape_markdown, status_badge
from lib.whatif.basis import projection_basis
from lib.whatif.consequences import range_sentence
from lib.whatif.cost import cost_steps
from lib.whatif.drivers import diverting
from lib.whatif.need import CALLED
from lib.whatif.outcome_range import WORKERS
from lib.whatif.scenarios.presets import assumptions_log
from lib.whatif.scenarios.scenario import LEVERS, Scenario
from lib.whatif.tables import HOURS, district_table, outcome_words, source_table, tornado_rows, waterfall_rows

NAMES = tuple(WHAT_IF_TABS.values())
Chart = Callable[..., Drawing]


def tabs(pack: Pack, state: State, scenario: Scenario, year: int, district: str | None, drawn: Picture) -> None:
    """The tabs; only the open one is drawn. drawn: the picture that the live parts show."""
    drawers = (
        partial(draw_drivers, pack, state, scenario, district, drawn),
        partial(draw_cost, pack, state, scenario, district, drawn),
        partial(draw_districts, pack, state, scenario, year),
        partial(draw_needed, pack, state, scenario),
        partial(draw_scenarios, pack, state, scenario),
        partial(draw_assumptions, pack, scenario),
    )
    for tab, draw_tab in zip(st.tabs(NAMES, on_change="rerun", key=WHAT_IF_TAB), drawers, strict=True):
        if tab.open:
            with tab:
                draw_tab()


def later(make: Chart, rows: Callable[[], pd.DataFrame], axis_title: str) -> Chart:
    """A chart whose rows are worked out when it is drawn, given title and dark: for a picture, on a click."""
    return lambda **look: make(rows(), axis_title=axis_title, **look)


def draw_drivers(pack: Pack, state: State, scenario: Scenario, district: str | None, drawn: Picture) -> None:
    """From the base year's hours to the last year's, step by step; and the effect of a step of each lever."""
    area = district or COUNTY_CODE
    needed = needed_here(pack, scenario.service, area)
    title, inputs = drivers_title(pack, scenario.service, area), projection_basis(pack, scenario, needed)
    told = told_of(pack, scenario, title, inputs, internal=district is not None)
    left, right = st.columns(2, gap="medium")

    def steps() -> pd.DataFrame:
        return waterfall_rows(driver_figures(pack, state, scenario, area)[0])

    def levers() -> pd.DataFrame:
        return tornado_rows(driver_figures(pack, state, scenario, area)[1])

    with left:
        part("drivers")
        heads: Heads = {
            "driver_label": "Step",
            "change": ("Change", "hours"),
            "end": (f"{CALLED[needed]} after it", "hours"),
        }
        chart_downloads(told, steps, heads, "drivers", chart=later(drivers_waterfall, steps, HOURS_AXIS))
    with right:
        title = effects_title(pack, scenario)
        told = told_of(pack, scenario, title, projection_basis(pack, scenario, "gap_hours"), internal=False)
        if "effects" not in drawn["charts"]:
            st.subheader(f"{title} {status_badge(told.status)}", anchor=False)
            st.info(f"The effect of these steps is {NOT_KNOWN}, as demand or capacity is.")
            return
        part("effects")
        heads = {
            "lever_label": "Lever",
            "step_label": "Moved",
            "low": ("Gap, with the lower", "hours"),
            "high": ("Gap, with the higher", "hours"),
        }
        chart_downloads(told, levers, heads, "levers", chart=later(sensitivity_tornado, levers, EFFECTS_AXIS))


def draw_cost(pack: Pack, state: State, scenario: Scenario, district: str | None, drawn: Picture) -> None:
    """From the base year's cost of meeting the need to the last year's: more care, spot to framework, higher fees."""
    area = district or COUNTY_CODE
    title = costs_title(pack, area)
    told = told_of(pack, scenario, title, projection_basis(pack, scenario, "cost"), internal=district is not None)
    if "costs" not in drawn["charts"]:
        st.subheader(f"{escape_markdown(title)}, pounds a year {status_badge(told.status)}", anchor=False)
        st.info(f"The cost is {NOT_KNOWN}, as that of a lot is.")
        return

    def steps() -> pd.DataFrame:
        return waterfall_rows(cost_steps(cost_figures(pack, state, scenario), area), "pounds")

    part("costs")
    heads: Heads = {"driver_label": "Step", "change": ("Change", "pounds"), "end": ("Cost after it", "pounds")}
    chart_downloads(told, steps, heads, "costs", chart=later(drivers_waterfall, steps, POUNDS_AXIS))


def draw_districts(pack: Pack, state: State, scenario: Scenario, year: int) -> None:
    """The table of districts for the year shown, and the downloads. Only here is each district's range worked out."""
    found = outcome(pack, state, scenario)
    label = financial_year(year)
    ahead = year > pack.service(scenario.service).base_year
    told = told_of(pack, scenario, f"Districts in {label}", projection_basis(pack, scenario, ahead=ahead))
    st.subheader(f"{told.title} {status_badge(told.status)}", anchor=False)
    need = needed_here(pack, scenario.service, COUNTY_CODE)
    hours = "Hours" if need == "demand_hours" else "Arranged"
    table = district_table(found.summary, found.spread, year, need)
    heads: Heads = {
        "area": "District",
        "demand_now": (f"{hours} now", "hours"),
        "demand_then": (f"{hours} {label}", "hours"),
        "gap_then": ("Net gap", "hours"),
        "gap_low": ("Gap, 10th", "hours"),
        "gap_high": ("Gap, 90th", "hours"),
        "coverage": ("Net coverage", "ratio"),
        "served": ("Served", "hours"),
        "waiting_with_room": ("Waiting, though there is room", "hours"),
        "shortfall": ("Short, lot by lot", "hours"),
        "people_served": ("People served", "people"),
        "first_short": "First short year",
        "break_even": "Break-even growth",
        "cost": ("Cost of meeting the need", "pounds"),
        "spend": ("Spend that capacity allows", "pounds"),
    }
    holds = range_sentence(scenario)
    words = {
        "gap_then": "Demand less capacity: above 0 is short.",
        "gap_low": f"1 of 10 draws of the range lies below. {holds}",
        "gap_high": f"1 of 10 draws of the range lies above. {holds}",
        "served": "Of the care that is arranged today, carried forward: what capacity can serve.",
        "waiting_with_room": "Hours that wait although a provider of the lot has room.",
        "shortfall": "Hours with no provider: demand beyond capacity, lot by lot. The three make demand.",
        "cost": "What the care that is needed costs; hours that wait are not in it.",
        "spend": "The same for the hours that are served.",
        "break_even": "Need growth at which net coverage is 1.00 in the last year.",
    }
    # Where something is not known, it is of every column that rests on it; else an empty one divides by nothing.
    unknown = bool(table[["demand_then", "served", "gap_then"]].isna().any(axis=None))
    draw_table(table, heads, help=words, empty=NOT_KNOWN if unknown else NOT_APPLICABLE)
    draw_diverted(pack, state, scenario, year)
    every = told_of(pack, scenario, "Every year, district and lot", projection_basis(pack, scenario))
    with st.container(horizontal=True):
        offer_csv(told, "This table (CSV)", lambda: for_file(table, heads), f"districts_{year}.csv")
        offer_csv(every, "Every year and lot (CSV)", lambda: projected_table(pack, state, scenario), "projection.csv")


def draw_diverted(pack: Pack, state: State, scenario: Scenario, year: int) -> None:
    """What direct payments, reablement and the like take away, where they move; and what exits leave out."""
    takers = listed([lever.diverts for lever in diverting(scenario)])
    if takers:
        away = diverted_figures(pack, state, scenario)
        row = away[(away["year"] == year) & (away["district_code"] == COUNTY_CODE)].iloc[0]
        hours_away, worth = HOURS.said(row["diverted_hours"]), UNITS["pounds"].said(row["diverted_cost"])
        words = f"{hours_away} hours a week, worth {worth} a year, are taken away by {takers} in {financial_year(year)}"
        st.markdown(f"{escape_markdown(words[:1].upper() + words[1:])}. Their own budgets are not included.")
    if scenario.supply.provider_exits:
        st.markdown("Providers that leave take their capacity with them; cost is left unchanged.")
    at = (
        "at base-year prices"
        if not scenario.price.uplift_pct
        else f"with prices up {scenario.price.uplift_pct:g}% a year"
    )
    st.caption(
        f"The cost of meeting the need is what the council pays {at} if it keeps sourcing the same share of demand; "
        "the spend that capacity allows is its part for the hours that are served."
    )


def draw_needed(pack: Pack, state: State, scenario: Scenario) -> None:
    """Hours and care workers that would bring every lot to the coverage wanted."""
    status = standing(pack, projection_basis(pack, scenario, "shortfall_hours"))
    last = financial_year(pack.service(scenario.service).base_year + scenario.years)
    part("levers_needed", {"groups": needed_group(pack, scenario)})
    outcomes, sources = uncertain_figures(pack, state, scenario)
    needed = summary_of(pack, state, scenario).needed.set_index("district_code")
    extra_hours, extra_workers = float(needed["extra_hours"][COUNTY_CODE]), needed["extra_workers"][COUNTY_CODE]
    goal = f"would bring every lot to {scenario.target.coverage:.2f} by {last}"
    if is_missing(extra_hours):
        words = f"How many more hours a week {goal} is {NOT_KNOWN}"
    else:
        carers, spread = UNITS["workers"], outcomes[outcomes["measure"] == WORKERS]
        low, high = (carers.about(float(spread[end].iloc[0])) for end in ("p10", "p90"))
        reach = f" (range {low} to {high})"
        words = (
            f"{HOURS.said(extra_hours)} more hours a week, or {carers.said(int(extra_workers))} care workers{reach}, "
            f"{goal}"
        )
        words = f"{words[:1].upper()}{words[1:]}"
    st.subheader(f"{words} {status_badge(status)}", anchor=False)
    names = pack.district_names() | {COUNTY_CODE: pack.manifest.area}
    rows = needed.sort_values("extra_hours", ascending=False, kind="stable")
    rows = pd.concat([rows.drop(index=COUNTY_CODE), rows.loc[[COUNTY_CODE]]])
    shown = rows.assign(district=[names[code] for code in rows.index])
    heads: Heads = {
        "district": "District",
        "extra_hours": ("Extra hours a week", "hours"),
        "extra_workers": ("Extra care workers", "workers"),
    }
    draw_table(shown, heads, empty=NOT_KNOWN)
    meaning = LEVERS["target.contact_hours_per_worker"].meaning
    st.caption(
        f"{escape_markdown(meaning)} Workers are rounded up in each row: the county is not the sum of its districts."
    )
    draw_range(pack, scenario, outcomes, sources)


def draw_range(pack: Pack, scenario: Scenario, outcomes: pd.DataFrame, sources: pd.DataFrame) -> None:
    """The range of workers, break-even and first short year, and what each source of uncertainty adds."""
    last = financial_year(pack.service(scenario.service).base_year + scenario.years)
    status = standing(pack, projection_basis(pack, scenario, "gap_hours"))
    st.subheader(f"How sure that is, and what makes it unsure {status_badge(status)}", anchor=False)
    st.markdown("  \n".join(escape_markdown(words) for words in outcome_words(outcomes, scenario)))
    heads: Heads = {
        "label": "Uncertain",
        "low": (f"Net gap of {last}, 10th", "hours"),
        "high": (f"Net gap of {last}, 90th", "hours"),
        "width": ("Between them", "hours"),
    }
    draw_table(source_table(sources), heads, empty=NOT_KNOWN)
    st.caption("Each alone, then all together: the widths do not add up. Each can be switched off among the levers.")


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
    told = told_of(pack, scenario, "Assumptions log", projection_basis(pack, scenario), internal=False)
    offer_csv(told, "Assumptions log (CSV)", lambda: log, "assumptions.csv")
