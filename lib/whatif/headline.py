"""The sentence at the top of a what-if: what the scenario means for the county, in plain English."""

from __future__ import annotations

import pandas as pd

from lib.market.selection import COUNTY_CODE, select
from lib.market.units import UNITS
from lib.market.unknown import hole
from lib.market.wording import NOT_APPLICABLE, NOT_KNOWN, counted, financial_year, listed, money, rounded
from lib.pack.load import Pack
from lib.whatif.ageing import why_no_more
from lib.whatif.baseline import Baseline
from lib.whatif.drivers import diverted, diverting
from lib.whatif.scenarios.levers import OWN_BUDGETS
from lib.whatif.scenarios.scenario import AGEING, EXITS, LEVERS, NEED_GROWTH, VACANCY_RATE, Scenario, lever_values
from lib.whatif.summary import TOLERANCE

NAMED_AT_MOST = 3
# Ageing and need growth by the sentence itself; the vacancy rate of today moves nothing by itself.
SAID_ALREADY = (AGEING, NEED_GROWTH, VACANCY_RATE)


def about(hours: float) -> str:
    """Hours without their sign, rounded for people."""
    return UNITS["hours"].about(abs(hours))


def headline(pack: Pack, scenario: Scenario, by_year: pd.DataFrame, spread: pd.DataFrame | None = None) -> str:
    """What a scenario means, in one to three sentences: those of `headline_parts`."""
    return " ".join(part for part in headline_parts(pack, scenario, by_year, spread) if part)


def headline_parts(
    pack: Pack, scenario: Scenario, by_year: pd.DataFrame, spread: pd.DataFrame | None = None
) -> tuple[str, str]:
    """The first sentence of what a scenario means, and the others ("" where there are none).

    `by_year` is the frame of lib.whatif.summary.by_year, `spread` that of lib.whatif.uncertainty. The first sentence
    says when demand passes capacity and where first, and by the last year the net gap, with its range, and the change
    of spend; the second the people supported; the third the shortfall lot by lot, which the net gap hides.
    """
    county = by_year[by_year["district_code"] == COUNTY_CODE]
    first, last = county.iloc[0], county.iloc[-1]
    opening = f"{condition(scenario)}, "
    if county["gap_hours"].isna().any():
        return unknown_parts(pack, scenario, by_year, opening)
    if pd.isna(last["coverage"]):
        return f"{opening}there is no demand to cover: coverage is {NOT_APPLICABLE}.", ""
    end = financial_year(int(last["year"]))
    gap = gap_words(float(last["gap_hours"]), last_range(spread, int(last["year"])))
    text = f"{opening}{passing(by_year, county)}; by {end} the county {gap} and {spend_words(scenario, first, last)}."
    return text, f"{people_words(pack, scenario, first, last)} {lots_words(float(last['shortfall_hours']))}".strip()


def unknown_parts(pack: Pack, scenario: Scenario, by_year: pd.DataFrame, opening: str) -> tuple[str, str]:
    """The sentences of a scenario whose county demand or capacity is not known: why, and what is known all the same."""
    county = by_year[by_year["district_code"] == COUNTY_CODE]
    first, last = county.iloc[0], county.iloc[-1]
    districts = by_year[by_year["district_code"] != COUNTY_CODE]
    known = districts["gap_hours"].notna().groupby(districts["district_code"]).all()
    why = hole(pack, select(pack, scenario.service).county(), COUNTY_CODE, "coverage")
    why = f": {why}" if why else f". {why_no_more(pack, scenario.service)}".rstrip(". ")
    text = f"{opening}it is {NOT_KNOWN} whether capacity covers demand in the county{why}."
    parts = []
    if known.any():
        rows = districts[districts["district_code"].isin(known.index[known]) & (districts["year"] == last["year"])]
        short = int((rows["coverage"] < 1 - TOLERANCE).sum())
        one = counted(int(known.sum()), "district whose figures are known", "districts whose figures are known")
        end = financial_year(int(last["year"]))
        parts.append(f"Of {one}, {short or 'none'} {'are' if short > 1 else 'is'} short, net, in {end}.")
    if not pd.isna(last["people"]):
        parts.append(people_words(pack, scenario, first, last))
    if not pd.isna(last["cost"]) and not pd.isna(first["cost"]):
        parts.append(f"By {financial_year(int(last['year']))} the county {spend_words(scenario, first, last)}.")
    parts.append(lots_words(float(last["shortfall_hours"])))
    return text, " ".join(parts)


def condition(scenario: Scenario) -> str:
    """What the scenario supposes about need, and how many other levers it moves."""
    growth = scenario.demand.need_growth_pct
    if growth:
        text = f"At {growth:.1f}% need growth" + (" on top of ageing" if scenario.demand.demographic else " a year")
    else:
        text = "With ageing only" if scenario.demand.demographic else "With need as it is today"
    others = [
        lever_id
        for lever_id, value in lever_values(scenario).items()
        if LEVERS[lever_id].section in ("demand", "supply")
        and lever_id not in SAID_ALREADY
        and value != LEVERS[lever_id].neutral
    ]
    if not others:
        return text
    return f"{text.replace(' only', '')} and {counted(len(others), 'other lever')} moved"


def passing(by_year: pd.DataFrame, county: pd.DataFrame) -> str:
    """When demand passes capacity in the county, net, and in which districts first."""
    short = county[county["coverage"] < 1 - TOLERANCE]
    start = int(county["year"].iloc[0])
    if short.empty:
        return f"demand stays within capacity, net, through {financial_year(int(county['year'].iloc[-1]))}"
    year = int(short["year"].iloc[0])
    if year == start:
        return f"demand is above capacity, net, already today ({financial_year(start)})"
    text = f"demand passes capacity, net, in {financial_year(year)}"
    districts = by_year[(by_year["district_code"] != COUNTY_CODE) & (by_year["coverage"] < 1 - TOLERANCE)]
    first = districts[districts["year"] == districts["year"].min()].sort_values(["coverage", "district_name"])
    names = list(first["district_name"])
    if not (first["year"] == start).any():
        return f"{text}, first in {names[0]}" if names else text
    if len(names) > NAMED_AT_MOST:
        return f"{text}, with {counted(len(names), 'district')} short already today"
    return f"{text}, first in {listed(names)}, short already today"


def last_range(spread: pd.DataFrame | None, year: int) -> tuple[float, float] | None:
    """The 10th and 90th percentile of the county's net gap in the last year."""
    if spread is None:
        return None
    rows = spread[
        (spread["year"] == year) & (spread["district_code"] == COUNTY_CODE) & (spread["measure"] == "gap_hours")
    ]
    return float(rows["p10"].iloc[0]), float(rows["p90"].iloc[0])


def gap_words(gap: float, spread: tuple[float, float] | None) -> str:
    """The net gap of the last year and its range: short where demand is above capacity, to spare where below."""
    if abs(gap) < 0.5:
        text = "has just the hours that it needs, net"
    elif gap > 0:
        text = f"is {about(gap)} hours a week short, net"
    else:
        text = f"has {about(gap)} hours a week to spare, net"
    if spread is None:
        return f"{text},"
    low, high = spread
    if gap > 0 and low >= 0:
        return f"{text} (range {about(low)} to {about(high)}),"
    if gap <= 0 and high <= 0:
        return f"{text} (range {about(high)} to {about(low)}),"
    ends = [f"{about(end)} {'short' if end > 0 else 'to spare'}" for end in (low, high)]
    return f"{text} (range from {ends[0]} up to {ends[1]}),"


def spend_words(scenario: Scenario, first: pd.Series[float], last: pd.Series[float]) -> str:
    """The change of council-arranged spend, and at which prices."""
    change = float(last["cost"]) - float(first["cost"])
    if pd.isna(change):
        return f"spends an amount that is {NOT_KNOWN}"
    prices = "" if scenario.price.uplift_pct else f" at {financial_year(int(first['year']))} prices"
    if abs(change) < 500:
        return f"spends as much as today{prices}"
    # Below a million to the thousand: the pounds would be false precision.
    size = abs(change) if abs(change) >= 1e6 else rounded(abs(change), -3)
    return f"spends {money(size)} a year {'more' if change > 0 else 'less'}{prices}"


def people_words(pack: Pack, scenario: Scenario, first: pd.Series[float], last: pd.Series[float]) -> str:
    """The people supported in the last year, and the change from today."""
    people = pack.service(scenario.service).people
    if pd.isna(first["people"]) or pd.isna(last["people"]):
        return f"How many {people} it supports is {NOT_KNOWN}."
    now, then = (rounded(float(row["people"]), 0) for row in (first, last))
    change = then - now
    if not change:
        return f"It supports {then:,.0f} {people}, as today."
    return f"It supports {then:,.0f} {people}, {abs(change):,.0f} {'more' if change > 0 else 'fewer'} than today."


def lots_words(shortfall: float) -> str:
    """The shortfall lot by lot, which spare hours of other lots hide in the net gap."""
    if pd.isna(shortfall):
        return f"How many hours have no provider with room for them, lot by lot, is {NOT_KNOWN}."
    if shortfall < 0.5:
        return "Every lot has enough capacity."
    return f"Lot by lot, {about(shortfall)} hours a week have no provider with room for them."


def cost_notes(scenario: Scenario, baseline: Baseline) -> list[str]:
    """What must stand beside the cost of a scenario, one sentence each: prices, diverted hours, exits."""
    base = financial_year(baseline.base_year)
    prices = (
        f"with prices up {scenario.price.uplift_pct:g}% a year" if scenario.price.uplift_pct else f"at {base} prices"
    )
    notes = [f"Council-arranged spend {prices}, if the council keeps sourcing the same share of demand."]
    moved = diverting(scenario)
    if moved:
        last = diverted(baseline, scenario).iloc[-1]
        named = listed([lever.label for lever in moved])
        by = financial_year(int(last["year"]))
        if pd.isna(last["diverted_hours"]) or pd.isna(last["diverted_cost"]):
            notes.append(f"{named}: how much is diverted by {by} is {NOT_KNOWN}. {OWN_BUDGETS}")
        else:
            hours, worth = about(float(last["diverted_hours"])), money(float(last["diverted_cost"]))
            notes.append(f"{named}: {hours} hours a week, worth {worth} a year by {by}, are diverted. {OWN_BUDGETS}")
    if scenario.supply.provider_exits:
        notes.append(LEVERS[EXITS].caveat)
    return notes
