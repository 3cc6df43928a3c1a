"""From spot to a framework: a purchasing mechanism phased in, what it costs, and what is said on either side of it."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from lib.charts.quarters import cost_by_quarter
from lib.charts.spread import rate_spread
from lib.market.about import Heads, about
from lib.market.basis import Standing, standing
from lib.market.published.context import beside
from lib.market.selection import select
from lib.market.status import county_known
from lib.market.wording import counted, financial_year, for_people, is_missing, rounded, said, show
from lib.pack.faults import SelectionError
from lib.pack.load import Pack
from lib.pack.quotations import is_verbatim
from lib.view.link.parameters import mechanism_settings
from lib.view.market.figures import State
from lib.view.page_pack import pack_fragment
from lib.view.service.figures import spread_of_rates
from lib.view.shell import follow, is_dark
from lib.view.widgets.chart import draw
from lib.view.widgets.chart_downloads import chart_downloads, offer_csv
from lib.view.widgets.slider import slider_with_box
from lib.view.widgets.text import escape_markdown, quotation, status_badge
from lib.whatif.spot_to_framework import (
    COSTS,
    RATE_STEP,
    Transition,
    assumed_rate,
    spot_rate,
    spot_rates,
    transition,
)

HORIZON = 12


@pack_fragment
def draw_mechanism(pack: Pack, state: State, service: str) -> None:
    """Settings, the cost by quarter, the spread of rates, and both sides. They stand in the link."""
    follow(pack)
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
    known = standing(pack, COSTS)
    pounds = partial(said, unit="pounds_per_quarter")
    start_year = financial_year(pack.service(service).base_year)
    # What a quarter of the base year costs is a published cost by four: to the digit.
    whose = today_known(pack, service) if abs(change) < 0.5 else known
    more = f"{pounds(abs(change), known=known)} {'more' if change > 0 else 'less'} than"
    words = (
        f"With {settings.target_share_pct:g}% of hours at £{settings.agreed_rate:.2f} from quarter {settings.quarters} "
        f"on, a quarter costs {pounds(float(last['cost']), known=whose)}, "
        f"{'as' if abs(change) < 0.5 else more} in {start_year}; "
        f"the packages of {said(last['people_moved'], 'people', known)} {people} have moved."
    )
    if settings.assumed_rate is not None:
        words += f" That an hour costs £{settings.assumed_rate:.2f} today is an assumption."
    st.header(f"{escape_markdown(words)} {status_badge(known)}", anchor=False)
    left, right = st.columns([1, 1], gap="large")
    with left:
        draw_quarters(pack, service, frame, settings)
    with right:
        draw_spread(pack, state, service, settings)
    draw_sides(pack, service)


def today_known(pack: Pack, service: str) -> Standing:
    """How the cost of today's quarters is known: as the service's annual cost."""
    return county_known(pack, select(pack, service).county(), "annual_cost").status


def choose_settings(pack: Pack, service: str, rate: float) -> Transition:
    """The mechanism's settings: every one is an assumption, and says so."""
    settings = mechanism_settings(pack, service)
    assumed = assumed_rate(pack, service)
    known = "assumed to be" if assumed else "on average"
    labels = {
        "assumed_rate": ("Assumed rate today, £ an hour", assumed.source if assumed else ""),
        "agreed_rate": (
            "Agreed rate, £ an hour",
            f"Today's cost of an hour is {known} £{rate:.2f}.",
        ),
        "target_share_pct": ("Share of hours, %", "Of all hours, bought through the mechanism in the end."),
        "quarters": ("Quarters to phase in", ""),
        "capacity_change_pct": (
            "Change of capacity, %",
            "What the mechanism does to capacity is not known: 0 unless you say otherwise.",
        ),
    }
    chosen: dict[str, float] = {}
    for column, (name, one) in zip(st.columns(len(settings), gap="small"), settings.items(), strict=True):
        label, help = labels[name]
        kind = int if one.whole else float
        step = 5 if name == "target_share_pct" else 1 if one.whole else RATE_STEP
        with column:
            chosen[name] = slider_with_box(
                label, kind(one.low), kind(one.high), kind(step), key=one.name, default=kind(one.start[0]),
                help=escape_markdown(help),
            )  # fmt: skip
    # Today's rate is not a whole number of pence: left where it stands, the slider changes nothing.
    start = rounded(rate, 2)
    now = rate if chosen.get("assumed_rate", start) == start else chosen["assumed_rate"]
    agreed = now if chosen["agreed_rate"] == rounded(now, 2) else chosen["agreed_rate"]
    hours = (
        f"{assumed.source} Weekly hours = spend of the year / (52 x that rate); providers' capacity stays as it is."
        if assumed
        else f"Today's hours, at an average of £{rate:.2f} an hour, stay as they are."
    )
    st.caption(
        escape_markdown(
            f"Assumptions, all {len(settings)}. {hours} "
            "Cost of a quarter = 13 x weekly hours x ((1 - share) x today's rate + share x agreed rate)."
        )
    )
    quarters = int(chosen["quarters"])
    return Transition(
        float(chosen["target_share_pct"]), quarters, max(HORIZON, quarters), agreed,
        float(chosen["capacity_change_pct"]), now if assumed else None,
    )  # fmt: skip


def said_of(settings: Transition) -> tuple[str, ...]:
    """The settings as a file or a picture says them: every one is an assumption."""
    now = "" if settings.assumed_rate is None else f"an hour costs £{settings.assumed_rate:.2f} today; "
    return (
        f"Assumptions: {now}{settings.target_share_pct:g}% of hours at £{settings.agreed_rate:.2f} an hour from "
        f"quarter {settings.quarters} on; capacity changes by {settings.capacity_change_pct:g}%.",
    )


def draw_quarters(pack: Pack, service: str, frame: pd.DataFrame, settings: Transition) -> None:
    """The cost of each quarter beside today's, and the table."""
    title = f"Cost of a quarter, {pack.service(service).label}"
    told = about(pack, title, transition, internal=False, service=service, further=said_of(settings))
    st.subheader(f"Cost of a quarter {status_badge(standing(pack, COSTS))}", anchor=False)
    now, then = today_known(pack, service), standing(pack, COSTS)
    pounds = partial(for_people, unit="pounds_per_quarter")
    rows = pd.DataFrame(
        {
            "quarter": frame["quarter"],
            "quarter_label": ["Today" if quarter == 0 else f"Q{quarter}" for quarter in frame["quarter"]],
            "value": frame["cost"],
            "shown": [
                pounds(cost, known=now if abs(change) < 0.5 else then)
                for cost, change in zip(frame["cost"], frame["difference"], strict=True)
            ],
            "as_today": frame["cost_as_today"],
            "shown_as_today": [pounds(value, known=now) for value in frame["cost_as_today"]],
            "share": frame["share"],
            "shown_share": [show(value, "share") for value in frame["share"]],
        }
    )
    words = "; ".join(f"{row.quarter_label}: {row.shown}" for row in rows.itertuples())
    chart = partial(cost_by_quarter, rows, axis_title="Pounds a quarter")
    words = f"As today: {rows['shown_as_today'].iloc[0]}. {words}"
    draw(chart(title="", dark=is_dark()), alt="Cost by quarter", words=words)
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
    draw(chart(title="", dark=is_dark()), alt="Spread of spot rates by district", words=words)
    heads: Heads = {
        "area_name": "Area",
        "providers": ("Providers", "count"),
        "lowest": ("Lowest", "pounds_per_hour"),
        "median": ("Median", "pounds_per_hour"),
        "highest": ("Highest", "pounds_per_hour"),
    }
    chart_downloads(told, rows, heads, "spread", chart=chart)


def draw_sides(pack: Pack, service: str) -> None:
    """What the council's page says on either side of spot purchase, and what has overtaken it."""
    sides = pack.service(service).spot_purchase
    if not sides:
        return
    st.subheader(f"What spot purchase means, on either side {status_badge(Standing('published'))}", anchor=False)
    for column, side in zip(st.columns(len(sides), gap="large"), sides, strict=True):
        with column, st.container(border=True):
            st.markdown(f"**{escape_markdown(side.whose)}**")
            says = (quotation(text, is_verbatim(pack, service, text)) for text in side.says)
            st.markdown("\n".join(f"- {text}" for text in says))
            if side.superseded_by:
                newer = beside(pack, side.superseded_by)
                st.markdown(escape_markdown(f"Superseded: {newer.words}. {newer.remark}".strip()))
            st.caption(escape_markdown(side.source))
