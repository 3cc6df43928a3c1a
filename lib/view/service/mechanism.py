"""From spot to a framework: a purchasing mechanism phased in, what it costs, and what is said on either side of it."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from lib.charts.quarters import cost_by_quarter
from lib.charts.spread import rate_spread
from lib.market.about import Heads, about
from lib.market.basis import Standing, standing
from lib.market.wording import counted, financial_year, is_missing, money, rounded, show
from lib.pack.faults import SelectionError
from lib.pack.load import Pack
from lib.view.market.figures import State
from lib.view.page_pack import pack_fragment
from lib.view.service.figures import spread_of_rates
from lib.view.shell import is_dark
from lib.view.widgets.chart import draw
from lib.view.widgets.chart_downloads import chart_downloads, offer_csv
from lib.view.widgets.slider import slider_with_box
from lib.view.widgets.text import escape_markdown, status_badge
from lib.whatif.spot_to_framework import COSTS, LIMITS, Transition, spot_rate, spot_rates, transition

HORIZON = 12


@pack_fragment
def draw_mechanism(pack: Pack, state: State, service: str) -> None:
    """Settings, the cost by quarter, the spread of rates, and both sides."""
    try:
        rate = spot_rate(pack, service)
    except SelectionError as error:
        st.info(escape_markdown(error))
        return
    settings = choose_settings(pack, service, rate)
    frame = transition(pack, service, settings)
    last = frame.iloc[-1]
    people = pack.service(service).people
    change = float(last["difference"])
    start_year = financial_year(pack.service(service).base_year)
    words = (
        f"With {settings.target_share_pct:g}% of hours at £{settings.agreed_rate:.2f} from quarter {settings.quarters} "
        f"on, a quarter costs {money(float(last['cost']))}, "
        + ("as" if abs(change) < 0.5 else f"{money(abs(change))} {'more' if change > 0 else 'less'} than")
        + f" in {start_year}"
        + f"; the packages of {show(last['people_moved'], 'decimal')} {people} have moved"
    )
    st.header(f"{escape_markdown(words)}. {status_badge(standing(pack, COSTS))}", anchor=False)
    left, right = st.columns([1, 1], gap="large")
    with left:
        draw_quarters(pack, service, frame)
    with right:
        draw_spread(pack, state, service, settings)
    draw_sides(pack, service)


def choose_settings(pack: Pack, service: str, rate: float) -> Transition:
    """The mechanism's settings: every one is an assumption, and says so."""
    columns = st.columns(4, gap="medium")
    low, high = (int(limit) for limit in LIMITS["quarters"])
    with columns[0]:
        target = slider_with_box(
            "Share of hours, %", 0, 100, 5, key=f"target_{service}", default=80,
            help="Of all hours, bought through the mechanism in the end.",
        )  # fmt: skip
    with columns[1]:
        quarters = slider_with_box("Quarters to phase in", low, high, 1, key=f"quarters_{service}", default=6)
    with columns[2]:
        today, step = rounded(rate, 2), 0.05
        # A slider wants two ends, and a rate is above 0, even where today's is a fraction of a penny.
        least_rate, most_rate = max(rounded(0.7 * rate, 2), 0.01), rounded(1.3 * rate, 2)
        agreed = slider_with_box(
            "Agreed rate, £ an hour", least_rate, max(most_rate, least_rate + step), step,
            key=f"agreed_{service}", default=today, help=escape_markdown("The average cost of an hour in "
            f"{financial_year(pack.service(service).base_year)} is £{today:.2f}."),
        )  # fmt: skip
    with columns[3]:
        least, most = (int(limit) for limit in LIMITS["capacity_change_pct"])
        capacity = slider_with_box(
            "Change of capacity, %", least, most, 1, key=f"capacity_change_{service}", default=0,
            help="What the mechanism does to capacity is not known: 0 unless you say otherwise.",
        )  # fmt: skip
    st.caption(
        escape_markdown(
            f"Assumptions, all four. Today's hours, at an average of £{rate:.2f} an hour, stay as they are. "
            "Cost of a quarter = 13 x weekly hours x ((1 - share) x spot rate + share x agreed rate)."
        )
    )
    # Today's rate is not a whole number of pence: left where it stands, the slider changes nothing.
    price = rate if agreed == today else agreed
    return Transition(float(target), quarters, max(HORIZON, quarters), price, float(capacity))


def draw_quarters(pack: Pack, service: str, frame: pd.DataFrame) -> None:
    """The cost of each quarter beside today's, and the table."""
    told = about(pack, f"Cost of a quarter, {pack.service(service).label}", transition, internal=False, service=service)
    st.subheader(f"Cost of a quarter {status_badge(standing(pack, COSTS))}", anchor=False)
    rows = pd.DataFrame(
        {
            "quarter": frame["quarter"],
            "quarter_label": ["Today" if quarter == 0 else f"Q{quarter}" for quarter in frame["quarter"]],
            "value": frame["cost"],
            "shown": [money(value) for value in frame["cost"]],
            "as_today": frame["cost_as_today"],
            "shown_as_today": [money(value) for value in frame["cost_as_today"]],
            "share": frame["share"],
            "shown_share": [show(value, "share") for value in frame["share"]],
        }
    )
    words = "; ".join(f"{row.quarter_label}: {row.shown}" for row in rows.itertuples())
    chart = partial(cost_by_quarter, rows, axis_title="Pounds a quarter")
    draw(chart(title="", dark=is_dark()), alt=f"Cost by quarter. As today: {rows['shown_as_today'].iloc[0]}. {words}")
    table = rows.assign(moved=frame["people_moved"], capacity=frame["capacity_hours"], difference=frame["difference"])
    heads: Heads = {
        "quarter_label": "Quarter",
        "share": ("Share of hours moved", "share"),
        "value": ("Cost", "pounds_per_quarter"),
        "difference": ("Difference", "pounds_per_quarter"),
        "moved": (f"{pack.service(service).people.capitalize()} moved", "estimated_people"),
        "capacity": ("Capacity", "hours"),
    }
    chart_downloads(told, table, heads, "transition", chart=chart)
    offer_csv(told, "The transition (CSV)", lambda: frame, f"{service}_transition.csv")


def draw_spread(pack: Pack, state: State, service: str, settings: Transition) -> None:
    """What providers charge off the framework today, weighted by hours."""
    rates = spread_of_rates(pack, state, service)
    told = about(pack, "Rates of spot purchase today, by hours", spot_rates, service=service)
    st.subheader(f"{told.title} {status_badge(told.status)}", anchor=False)
    rows = rates.assign(
        shown=[
            "no hours"
            if is_missing(float(row["median"]))
            else f"£{row['lowest']:.2f} to £{row['highest']:.2f}, median £{row['median']:.2f}"
            for row in rates.to_dict("records")
        ],
        providers_label=[counted(int(number), "provider") for number in rates["providers"]],
    )
    words = "; ".join(f"{row.area_name}: {row.shown}" for row in rows.itertuples())
    chart = partial(rate_spread, rows, axis_title="Pounds an hour", agreed_rate=settings.agreed_rate)
    draw(chart(title="", dark=is_dark()), alt=f"Spread of spot rates by district. {words}")
    heads: Heads = {
        "area_name": "Area",
        "providers": ("Providers", "count"),
        "lowest": ("Lowest", "pounds_per_hour"),
        "median": ("Median", "pounds_per_hour"),
        "highest": ("Highest", "pounds_per_hour"),
    }
    chart_downloads(told, rows, heads, "spread", chart=chart)


def draw_sides(pack: Pack, service: str) -> None:
    """What the council's page says on either side of spot purchase."""
    sides = pack.service(service).spot_purchase
    if not sides:
        return
    st.subheader(f"What spot purchase means, on either side {status_badge(Standing('published'))}", anchor=False)
    for column, side in zip(st.columns(len(sides), gap="large"), sides, strict=True):
        with column, st.container(border=True):
            st.markdown(f"**{escape_markdown(side.whose)}**")
            st.markdown("\n".join(f"- {escape_markdown(text)}" for text in side.says))
            st.caption(escape_markdown(side.source))
