"""Growth as published, year by year, with a shift to direct payments beside it: the what-if in short."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from lib.charts.bars import ranked_bars
from lib.charts.kit.palette import DEMAND
from lib.market.about import About, Heads, about, for_file
from lib.market.basis import READERS_OWN, Standing, standing, together
from lib.market.published.facts import fact_row, providers_today
from lib.market.selection import COUNTY_CODE, select
from lib.market.status import county_known
from lib.market.wording import financial_year, for_people, said
from lib.pack.load import Pack
from lib.view.link.parameters import SCENARIO, SERVICE, WHAT_IF
from lib.view.link.session import link_to
from lib.view.market.figures import State
from lib.view.page_pack import pack_fragment
from lib.view.shell import is_dark
from lib.view.what_if.figures import baseline
from lib.view.widgets.chart import draw
from lib.view.widgets.chart_downloads import chart_downloads, offer_csv
from lib.view.widgets.slider import slider_with_box
from lib.view.widgets.table import draw_table
from lib.view.widgets.text import escape_markdown, status_badge
from lib.whatif.ageing import why_no_more
from lib.whatif.basis import AGEING, MEASURES
from lib.whatif.drivers import diverted
from lib.whatif.growth import growth_table
from lib.whatif.scenarios.documents import most_years
from lib.whatif.scenarios.link import to_link
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.scenarios.scenario import LEVERS, NEED_GROWTH, Scenario, moved

DIRECT = "demand.direct_payment_shift_pct"


def published_growth(pack: Pack, service: str) -> float | None:
    """The growth that the council publishes for a service, percent a year; None where it publishes none."""
    lever = pack.service(service).levers.get(NEED_GROWTH)
    if lever is None or lever.status != "published" or not lever.fact:
        return None
    return float(fact_row(pack, lever.fact)["value"])


@pack_fragment
def draw_growth(pack: Pack, state: State, service: str) -> None:
    """Three sliders, the years as bars, and the table."""
    growth = published_growth(pack, service) or 0.0
    # The levers' own limits, so that the What-if opens what is set here; whole percents where the published is whole.
    kind: type[int] | type[float] = int if growth.is_integer() else float
    low, high, step = map(kind, (LEVERS[NEED_GROWTH].low, LEVERS[NEED_GROWTH].high, 1 if kind is int else 0.1))
    most_shifted = int(LEVERS[DIRECT].high)
    default = default_scenario(pack, service)
    most = most_years(pack, default)
    people = pack.service(service).people
    lever = pack.service(service).levers[NEED_GROWTH]
    first, second, third = st.columns(3, gap="large")
    with first:
        need = slider_with_box(
            "Growth, % a year", low, high, step, key=f"growth_{service}", default=kind(growth),
            help=escape_markdown(f"Published: {growth:g}%. {lever.source}"),
        )  # fmt: skip
    with second:
        years = slider_with_box("Years ahead", 1, most, 1, key=f"growth_years_{service}", default=default.years)
        why = why_no_more(pack, service) if default.demand.demographic else ""
        if why:
            st.caption(escape_markdown(why))
    with third:
        shift = slider_with_box(
            "Shift to direct payments, %", 0, most_shifted, 1, key=f"direct_{service}", default=0,
            help="Of those whose care the council would source, by the last year. Not quantified: an assumption.",
        )  # fmt: skip
    scenario = moved(default_scenario(pack, service, years), {NEED_GROWTH: float(need), DIRECT: float(shift)})
    start = baseline(pack, state, service)
    table = growth_table(pack, scenario, start)
    without = growth_table(pack, moved(scenario, {DIRECT: 0.0}), start)
    gone = diverted(start, scenario)
    published = need == growth and not shift
    last = table.iloc[-1]
    known = growth_standing(pack, scenario, published)
    today = county_known(pack, select(pack, service).county(), "people").status
    words = (
        f"{said(table['people'].iloc[0], 'people', today)} {people} become {said(last['people'], 'people', known)} in "
        f"{financial_year(int(last['year']))}, {said(last['cost'], 'pounds', known)} a year and "
        f"{said(last['providers_needed'], 'count', known)} providers"
    )
    if shift:
        left = float(without["people"].iloc[-1] - last["people"])
        words += f"; {said(left, 'people', known)} more have moved to direct payments"
    st.header(f"{escape_markdown(words)}. {status_badge(known)}", anchor=False)
    start_year = financial_year(pack.service(service).base_year)
    source = f"Growth as published: {lever.source}." if published else "Your own assumption, not the published growth."
    st.caption(
        escape_markdown(
            f"{source} At base-year prices. Providers: if each kept serving as many {people} as in {start_year}."
        )
    )
    left_side, right_side = st.columns([2, 3], gap="large")
    with left_side:
        draw_years(pack, scenario, table, known)
    with right_side:
        draw_figures(pack, scenario, table, without, gone, known)


def growth_standing(pack: Pack, scenario: Scenario, published: bool) -> Standing:
    """How the years ahead are known: projected from people, spend and providers, and as weak as the weakest of these.

    published: whether the growth is the published one; otherwise it is the reader's own.
    """
    county = select(pack, scenario.service).county()
    known = [county_known(pack, county, code).status for code in ("people", "annual_cost")]
    known += [standing(pack, AGEING)] if scenario.demand.demographic else []
    found = together([*known, providers_today(pack, scenario.service).status])
    own = Standing("modelled", assumed=(READERS_OWN,))
    return replace(found if published else together([found, own]), projected=True)


def about_growth(pack: Pack, scenario: Scenario, known: Standing) -> About:
    """What must stand with the years ahead."""
    return about(
        pack,
        f"County figures; {scenario.demand.need_growth_pct:g}% growth a year, "
        f"{scenario.demand.direct_payment_shift_pct:g}% shift to direct payments by the last year",
        MEASURES["demand_hours"],
        internal=False,
        service=scenario.service,
        further=(f"Hours: {standing(pack, MEASURES['demand_hours'].ahead())}.",),
        known=known,
    )


def draw_years(pack: Pack, scenario: Scenario, table: pd.DataFrame, known: Standing) -> None:
    """A bar a year: the people to be supported."""
    people = pack.service(scenario.service).people
    labels = [financial_year(int(year)) for year in table["year"]]
    today = county_known(pack, select(pack, scenario.service).county(), "people").status
    shown = [for_people(value, "people", known if place else today) for place, value in enumerate(table["people"])]
    frame = pd.DataFrame(
        {
            "area_code": labels,
            "area_name": labels,
            "value": table["people"],
            "shown": shown,
            "colour": [DEMAND[3] if place else DEMAND[4] for place in range(len(table))],
            "class_label": "",
        }
    )
    title = f"{people.capitalize()} supported, by year"
    words = "; ".join(f"{year}: {text}" for year, text in zip(labels, shown, strict=True))
    chart = partial(ranked_bars, frame, axis_title=title, selected=None)
    draw(chart(title="", dark=is_dark()), alt="Bars, one a year", words=f"{title}. {words}")
    heads: Heads = {"area_name": "Year", "value": (people.capitalize(), "estimated_people")}
    told = about_growth(pack, scenario, known).titled(title)
    chart_downloads(told, frame, heads, "growth_years", chart=chart)


def years_table(table: pd.DataFrame, without: pd.DataFrame, gone: pd.DataFrame) -> pd.DataFrame:
    """The years to be read: year, people, diverted (people), hours_per_week, cost, diverted_cost, providers."""
    county = gone[gone["district_code"] == COUNTY_CODE].set_index("year")["diverted_cost"]
    return pd.DataFrame(
        {
            "year": [financial_year(int(year)) for year in table["year"]],
            "people": table["people"],
            "diverted": without["people"] - table["people"],
            "hours_per_week": table["hours_per_week"],
            "cost": table["cost"],
            "diverted_cost": table["year"].map(county),
            "providers": table["providers_needed"],
        }
    )


def draw_figures(
    pack: Pack, scenario: Scenario, table: pd.DataFrame, without: pd.DataFrame, gone: pd.DataFrame, known: Standing
) -> None:
    """The years in figures, the way to the What-if, and a download."""
    people = pack.service(scenario.service).people.capitalize()
    rows = years_table(table, without, gone)
    shifted = bool((rows["diverted"] > 0).any())
    heads: Heads = {
        "year": "Year",
        "people": (f"{people} to source", "estimated_people"),
        "diverted": ("With direct payments", "estimated_people"),
        "hours_per_week": ("Hours a week", "hours"),
        "cost": ("Spend a year", "pounds"),
        "diverted_cost": ("Value diverted", "pounds"),
        "providers": ("Providers needed", "estimated_providers"),
    }
    words = {
        "diverted": "Moved to a direct payment by then",
        "hours_per_week": "Delivered and waiting hours",
        "diverted_cost": "Their own budgets are not included",
        "providers": escape_markdown(providers_today(pack, scenario.service).source),
    }
    draw_table(
        rows, {name: head for name, head in heads.items() if shifted or not name.startswith("diverted")}, help=words
    )
    if shifted:
        st.caption("What is left to source is in the second column; what families' own budgets cost is not included.")
    with st.container(horizontal=True, vertical_alignment="center"):
        offer_csv(
            about_growth(pack, scenario, known), "Growth (CSV)", lambda: for_file(rows, heads),
            f"{scenario.service}_growth.csv",
        )  # fmt: skip
        moved_to = {SERVICE: [scenario.service], SCENARIO: [to_link(scenario, pack)]}
        st.page_link(
            WHAT_IF,
            label="→ Open this in the What-if, with every lever, district by district",
            query_params=link_to(pack, WHAT_IF, "") | moved_to,
        )
