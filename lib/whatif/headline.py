"""The sentences at the top of a what-if: what the scenario means for the county, in plain English."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from lib.market.clauses import (
    MOST_WORDS,
    TOGETHER,
    Clause,
    because,
    begun_small,
    ever_fewer,
    fitting,
    near,
    said_in_order,
    words,
)
from lib.market.selection import COUNTY_CODE, select
from lib.market.unknown import hole
from lib.market.wording import NOT_APPLICABLE, NOT_KNOWN, counted, financial_year, is_missing, listed
from lib.pack.load import Pack
from lib.pack.spells import spells
from lib.whatif.ageing import why_no_more
from lib.whatif.baseline import Baseline
from lib.whatif.consequences import consequences
from lib.whatif.drivers import diverted_years, diverting
from lib.whatif.scenarios.levers import BY_LAST_YEAR, OWN_BUDGETS, Lever, LeverValue, show_value
from lib.whatif.scenarios.scenario import (
    AGEING,
    CAPACITY_GROWTH,
    EXITS,
    LEVERS,
    NEED_GROWTH,
    VACANCY_RATE,
    Scenario,
    lever_values,
)
from lib.whatif.summary import TOLERANCE, AreaYears

DISCHARGE, TURNING_18 = "demand.discharge_people_per_month", "demand.turning_18_per_year"
PREVALENCE, CONTACT_HOURS = "demand.prevalence_growth_pct", "supply.contact_hours_change_pct"
OVERSEAS_SHARE, OVERSEAS_LOSS = "supply.overseas_share_pct", "supply.overseas_loss_pct"
# What the condition says in words of its own; the vacancy rate of today moves nothing by itself.
SAID_ALREADY = (AGEING, NEED_GROWTH, CAPACITY_GROWTH, VACANCY_RATE, OVERSEAS_SHARE, OVERSEAS_LOSS)
# Levers that move nothing while another stands at rest.
WITH_ANOTHER = {
    "demand.discharge_weeks": DISCHARGE,
    "demand.discharge_reablement_pct": DISCHARGE,
    "demand.discharge_hours": DISCHARGE,
    "demand.turning_18_hours": TURNING_18,
}


def headline(pack: Pack, scenario: Scenario, by_year: pd.DataFrame, spread: pd.DataFrame | None = None) -> str:
    """What a scenario means, in a few short sentences: those of `headline_parts`."""
    return " ".join(part for part in headline_parts(pack, scenario, by_year, spread) if part)


def headline_parts(
    pack: Pack, scenario: Scenario, by_year: pd.DataFrame, spread: pd.DataFrame | None = None
) -> tuple[str, str]:
    """What the scenario assumes and whether providers then offer enough; and what else a reader should know of it.

    `by_year` is the frame of lib.whatif.summary.by_year, `spread` that of lib.whatif.uncertainty.
    """
    found = AreaYears.of(by_year)
    return told(pack, scenario, found, shortfall_range(spread, found.years[-1]))


def told(
    pack: Pack, scenario: Scenario, found: AreaYears, spread: tuple[float, float] | None = None
) -> tuple[str, str]:
    """The same from arrays. spread: the 10th and 90th percentile of the county's shortfall in the last year, if known.

    No data frame is read, but for a pack's and service's first `why_not_known`.
    """
    answer = opening(pack, scenario, found)
    return said_in_order(answer), said_in_order(consequences(pack, scenario, found, spread))


def shortfall_range(spread: pd.DataFrame | None, year: int) -> tuple[float, float] | None:
    """The 10th and 90th percentile of the county's shortfall in a year; None where it is not known."""
    if spread is None:
        return None
    rows = spread[
        (spread["year"] == year) & (spread["district_code"] == COUNTY_CODE) & (spread["measure"] == "shortfall_hours")
    ]
    return known_range(float(rows["p10"].iloc[0]), float(rows["p90"].iloc[0]))


def known_range(low: float, high: float) -> tuple[float, float] | None:
    """The two ends of a range; None where they are not known."""
    return None if is_missing(low) or is_missing(high) else (low, high)


# The answer: what is assumed, and whether providers offer enough.


def opening(pack: Pack, scenario: Scenario, found: AreaYears) -> list[Clause]:
    """What is assumed, and whether the county then needs more care than providers offer."""
    reasons: list[Clause] = []
    if not found.known()[-1]:
        unsure = f"it is {NOT_KNOWN} whether {pack.manifest.area} needs more care than providers offer"
        then: tuple[str, ...] = (unsure,)
        reasons = list(why_not_known(pack, scenario.service))
    elif is_missing(float(found.measures["coverage"][-1, -1])):
        then = (f"no care is needed in {pack.manifest.area}: coverage is {NOT_APPLICABLE}",)
    else:
        then = tuple(enough_or_not(area, found) for area in (pack.manifest.area, "the county"))
    others = levers_in_words(scenario)
    supposed = condition(scenario, found.years[0], listed(others))
    for one in then:
        if words(f"If {supposed}, {one}") <= MOST_WORDS:
            return [Clause(f"If {supposed}, {one}"), *reasons]
    parts = [Clause(f"Suppose {supposed}")]
    if words(parts[0].text) > MOST_WORDS:
        also = fitting(*(f"suppose also: {names}" for names in ever_fewer(others)))
        parts = [Clause(f"Suppose {condition(scenario, found.years[0], '')}"), Clause(also if others else "")]
    return [*parts, Clause(f"then {fitting(*then, most=MOST_WORDS - 1)}"), *reasons]


@lru_cache(maxsize=32)
def why_not_known(pack: Pack, service: str) -> tuple[Clause, ...]:
    """Why it is not known whether a county has enough, kept: every step of a lever asks."""
    why = hole(pack, select(pack, service).county(), COUNTY_CODE, "coverage")
    return tuple(because(why.split("; "))) if why else (Clause(why_no_more(pack, service)),)


def condition(scenario: Scenario, base: int, others: str) -> str:
    """What the scenario supposes about need and supply. others: the other levers that it moves, in words."""
    start, moved = financial_year(base), bool(levers_in_words(scenario))
    growth, capacity = scenario.demand.need_growth_pct, scenario.supply.capacity_growth_pct
    lost = overseas_loss(scenario)
    if growth:
        need = f"need {'grows' if growth > 0 else 'falls'} {abs(growth):g}% a year"
        if scenario.demand.demographic:
            need = f"{need} {'on top of' if growth > 0 else 'before'} ageing"
    elif scenario.demand.demographic:
        only = not (moved or capacity or lost or scenario.price.uplift_pct)
        need = "only ageing changes" if only else "ageing goes on"
    elif not moved and not capacity and not lost:
        return f"need and supply stay as in {start}"
    else:
        need = f"need {'otherwise ' if moved else ''}stays as in {start}"
    who = "the other providers" if scenario.supply.provider_exits else "providers"
    if capacity:
        supply = f"{who} offer {abs(capacity):g}% {'more' if capacity > 0 else 'less'} each year"
    elif lost:
        supply = f"{who} lose {lost}"
    elif scenario.supply.vacancy_change_pts or scenario.supply.contact_hours_change_pct:
        supply = ""  # the lever that is named says what becomes of it
    else:
        supply = f"{who} offer no more than in {start}"
    parts = [need, f"with {others}" if others else ""]
    text = ", ".join(part for part in parts if part)
    return f"{text}{',' if others else ''} and {supply}" if supply else text


def overseas_loss(scenario: Scenario) -> str:
    """What is lost of the capacity of staff recruited from overseas, in words; "" where it is nothing."""
    share, loss = scenario.supply.overseas_share_pct, scenario.supply.overseas_loss_pct
    return f"{loss:g}% of the {share:g}% of capacity resting on overseas staff" if share and loss else ""


def levers_in_words(scenario: Scenario) -> list[str]:
    """The levers of demand and supply that a scenario moves beside those that `condition` has words for."""
    values = lever_values(scenario)
    moved = {lever_id for lever_id, value in values.items() if value != LEVERS[lever_id].neutral}
    names = [
        phrase(lever_id, values[lever_id])
        for lever_id in values
        if lever_id in moved
        and LEVERS[lever_id].section in ("demand", "supply")
        and lever_id not in SAID_ALREADY
        and WITH_ANOTHER.get(lever_id, lever_id) in moved
    ]
    lost = overseas_loss(scenario)
    # What providers offer more or less of each year has its place in the condition then.
    return [*names, f"a loss of {lost}"] if lost and CAPACITY_GROWTH in moved else names


def phrase(lever_id: str, value: LeverValue) -> str:
    """A lever that a scenario moves, as a sentence names it behind "with": its label and value, unless it reads ill."""
    if isinstance(value, int | float):
        size, less = f"{abs(value):g}", value < 0
        if lever_id == DISCHARGE:
            return f"{size} more {'person' if value == 1 else 'people'} a month discharged from hospital"
        if lever_id == TURNING_18:
            return f"{size} more {'child' if value == 1 else 'children'} a year turning 18"
        if lever_id == PREVALENCE:
            return f"prevalence among working age adults {'falling' if less else 'growing'} {size}% a year"
        if lever_id == CONTACT_HOURS:
            return f"care workers giving {size}% {'fewer' if less else 'more'} hours of care"
    return f"{begun_small(LEVERS[lever_id].label)} ({short_value(LEVERS[lever_id], value)})"


def short_value(lever: Lever, value: LeverValue) -> str:
    """A lever's value with its unit, as short as a sentence wants it."""
    if isinstance(value, dict):
        return counted(len(value), "district")
    if isinstance(value, tuple):
        return str(len(value))
    return show_value(lever, value).removesuffix(BY_LAST_YEAR.removeprefix("%"))


def enough_or_not(area: str, found: AreaYears) -> str:
    """Whether and when the county needs more care than providers offer, all its lots counted together."""
    first, last = found.years[0], found.years[-1]
    start, end = financial_year(first), financial_year(last)
    short = [year for year, here in zip(found.years, found.short()[:, -1], strict=True) if here]
    if not short:
        demand, lacking = (found.measures[name][:, -1] for name in ("demand_hours", "shortfall_hours"))
        in_any_lot = bool((lacking <= TOLERANCE * demand).all())
        together = ", in any lot," if in_any_lot else f", {TOGETHER},"
        return f"{area} needs no more care than providers offer{together} through {end}"
    spans = spells(short)
    since, until = spans[0]
    if len(spans) > 1:
        when = f"in {len(short)} of the years to {end}, first in {financial_year(since)}"
    elif since == first and until == last:
        when = f"in every year from {start} to {end}"
    elif until == last:
        when = f"from {financial_year(since)}"
    elif since == until:
        when = f"in {financial_year(since)} only"
    else:
        when = f"from {financial_year(since)} to {financial_year(until)}"
    return f"{area} needs more care than providers offer {when}"


def cost_notes(scenario: Scenario, baseline: Baseline) -> list[str]:
    """What must stand beside the cost of a scenario, one sentence each: prices, diverted hours, exits."""
    base = financial_year(baseline.base_year)
    prices = (
        f"with prices up {scenario.price.uplift_pct:g}% a year" if scenario.price.uplift_pct else f"at {base} prices"
    )
    notes = [f"Council-arranged spend {prices}, if the council keeps sourcing the same share of demand."]
    moved = diverting(scenario)
    if moved:
        hours, cost = (float(values[-1, -1]) for values in diverted_years(baseline, scenario))
        labels = listed([lever.label for lever in moved])
        by = financial_year(baseline.base_year + scenario.years)
        if is_missing(hours) or is_missing(cost):
            notes.append(f"{labels}: how much is diverted by {by} is {NOT_KNOWN}. {OWN_BUDGETS}")
        else:
            away, worth = near(hours, "hours"), near(cost, "pounds")
            notes.append(f"{labels}: {away} hours a week, worth {worth} a year by {by}, are diverted. {OWN_BUDGETS}")
    if scenario.supply.provider_exits:
        notes.append(LEVERS[EXITS].caveat)
    return notes
