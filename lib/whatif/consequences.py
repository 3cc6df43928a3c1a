"""What a scenario leads to, clause by clause: districts that are short first, hours, people, cost, and the range."""

from __future__ import annotations

import pandas as pd

from lib.market.clauses import (
    NAMED_AT_MOST,
    NEARLY,
    TOGETHER,
    Clause,
    hours_a_week,
    near,
    not_known,
    part_of,
    said,
    said_in_order,
)
from lib.market.selection import COUNTY_CODE
from lib.market.units import UNITS
from lib.market.wording import financial_year, is_missing, listed, rounded
from lib.pack.load import Pack
from lib.whatif.drivers import diverting
from lib.whatif.scenarios.scenario import Scenario
from lib.whatif.summary import TOLERANCE

LITTLE_CHANGE = 500  # pounds a year: less is no change that a sentence speaks of


def county_years(by_year: pd.DataFrame) -> pd.DataFrame:
    """The county's rows of `by_year`, year by year."""
    return by_year[by_year["district_code"] == COUNTY_CODE]


def consequences(
    pack: Pack, scenario: Scenario, by_year: pd.DataFrame, spread: pd.DataFrame | None = None
) -> list[Clause]:
    """What else is said of a scenario, in order: districts, hours without a provider, people, cost and spend.

    by_year, spread: see lib.whatif.headline. A clause that is added has its place in this list.
    """
    county = county_years(by_year)
    first, last = county.iloc[0], county.iloc[-1]
    unknown = bool(county["gap_hours"].isna().any())
    if not unknown and is_missing(float(last["coverage"])):
        return []
    return [
        *(known_districts(by_year) if unknown else first_districts(by_year)),
        *shortfall_clauses(scenario, first, last, shortfall_range(spread, int(last["year"]))),
        *people_clauses(pack, scenario, first, last),
        *cost_clauses(scenario, first, last),
    ]


def known_districts(by_year: pd.DataFrame) -> list[Clause]:
    """How many of the districts whose figures are known are short in the last year; nothing where none is known."""
    districts = by_year[by_year["district_code"] != COUNTY_CODE]
    known = districts["gap_hours"].notna().groupby(districts["district_code"]).all()
    last = int(by_year["year"].max())
    rows = districts[districts["district_code"].isin(known.index[known]) & (districts["year"] == last)]
    rows = rows[rows["coverage"].notna()]
    if rows.empty:
        return []
    short = int((rows["coverage"] < 1 - TOLERANCE).sum())
    of = part_of(short, len(rows), "district whose figures are known", "districts whose figures are known")
    return [Clause(f"{of} would need more care than providers offer in {financial_year(last)}, {TOGETHER}")]


def first_districts(by_year: pd.DataFrame) -> list[Clause]:
    """Which districts are short first, in the base year or later; nothing where none is, or where there is but one."""
    districts = by_year[(by_year["district_code"] != COUNTY_CODE) & by_year["coverage"].notna()]
    short = districts[districts["coverage"] < 1 - TOLERANCE]
    every = len(set(districts["district_code"]))
    if short.empty or every == 1:
        return []
    start, year = int(by_year["year"].min()), int(short["year"].min())
    first = short[short["year"] == year].sort_values(["coverage", "district_name"], kind="stable")
    names = list(first["district_name"])
    who = listed(names) if len(names) <= NAMED_AT_MOST else part_of(len(names), every, "district", "districts")
    if year == start:
        return [Clause(f"{who} already needed more than providers offered in {financial_year(year)}")]
    return [Clause(f"{who} would be first to need more than providers offer, in {financial_year(year)}")]


def shortfall_range(spread: pd.DataFrame | None, year: int) -> tuple[float, float] | None:
    """The 10th and 90th percentile of the county's shortfall in the last year; None where it is not known."""
    if spread is None:
        return None
    rows = spread[
        (spread["year"] == year) & (spread["district_code"] == COUNTY_CODE) & (spread["measure"] == "shortfall_hours")
    ]
    ends = float(rows["p10"].iloc[0]), float(rows["p90"].iloc[0])
    return None if any(is_missing(end) for end in ends) else ends


def shortfall_clauses(
    scenario: Scenario, first: pd.Series[float], last: pd.Series[float], spread: tuple[float, float] | None = None
) -> list[Clause]:
    """The hours that have no provider in the last year, lot by lot, with their range, beside those of the base year."""
    now, then = float(first["shortfall_hours"]), float(last["shortfall_hours"])
    start, end = financial_year(int(first["year"])), financial_year(int(last["year"]))
    if is_missing(then):
        return not_known(f"how many hours would have no provider in {end}, lot by lot,")
    high = spread[1] if spread else 0.0
    waiting = waiting_clauses(last)
    if then <= NEARLY:
        enough = Clause(f"every lot would have enough hours in {end}")
        if rounded(high, 0) < 1:
            return [enough, *waiting]
        more = f"but the range goes up to {hours_a_week(high)} without a provider"
        return [enough, Clause(more, ", "), range_clause(scenario), *waiting]
    between, apart = range_words(spread), []
    if spread and not spread_holds(then, spread):
        apart, between = outside_clauses(then, spread), ""
    text = Clause(f"lot by lot, {hours_a_week(then)} would have no provider in {end}{between}")
    meaning = [*apart, *([range_clause(scenario)] if between or apart else []), *waiting]
    if is_missing(now):
        return [text, *meaning]
    if now <= NEARLY:
        beside = f"against none in {start}"
    elif hours_a_week(now) == hours_a_week(then):
        beside = f"as in {start}"
    else:
        beside = f"against {hours_a_week(now).removesuffix(' a week').removesuffix(' hours')} in {start}"
    return [text, Clause(beside, ", ", f"That is {beside}"), *meaning]


def spread_holds(value: float, spread: tuple[float, float]) -> bool:
    """Whether a figure lies within its range, as people read both."""
    low, at, high = (UNITS["hours"].nearest(one) for one in (spread[0], value, spread[1]))
    return low <= at <= high


def outside_clauses(value: float, spread: tuple[float, float]) -> list[Clause]:
    """The range of hours without a provider that lies apart from the figure worked out without chance.

    Where a lot has too little by chance, another's spare hours do not make up for it: most draws are then above.
    """
    low, high = (near(end, "hours") for end in spread)
    if value > spread[1]:
        return [Clause(f"its range, {low} to {high}, lies below that")]
    return [Clause(f"its range, {low} to {high}, lies above that, as spare hours in one lot do not help another")]


def waiting_clauses(last: pd.Series[float]) -> list[Clause]:
    """The hours that wait although a provider has room, where they are more than those that have no provider."""
    waiting = float(last["waiting_with_room_hours"])
    if is_missing(waiting) or rounded(waiting, 0) < 1 or waiting <= float(last["shortfall_hours"]):
        return []
    return [Clause(f"{hours_a_week(waiting)} would wait although a provider of the lot has room")]


def assumed_spreads(scenario: Scenario) -> list[str]:
    """What the range of a scenario takes to be off, and by how much, in words: growth, and the age weights.

    The age weights count only where ageing moves the need.
    """
    need, capacity = scenario.range.need_growth_sd_pts, scenario.range.capacity_growth_sd_pts
    sizes = {"growth": need} if need == capacity else {"need growth": need, "capacity growth": capacity}
    found = [(name, f"{size:g} {'point' if size == 1 else 'points'}") for name, size in sizes.items() if size]
    if scenario.range.ageing_sd_pct and scenario.demand.demographic:
        found.append(("age weights", f"{scenario.range.ageing_sd_pct:g}%"))
    return [f"{name}{'' if place else ' off'} by about {size}" for place, (name, size) in enumerate(found)]


def allowed_for(scenario: Scenario, what: str, many: bool = False) -> str:
    """What a range (or `many` bands) allows for, or why there is none, without a full stop."""
    spreads, chance = assumed_spreads(scenario), ["chance"] if scenario.range.chance else []
    allows = f"the {what}{'s allow' if many else ' allows'} for"
    if not spreads and not chance:
        taken = "growth and age weights are" if scenario.demand.demographic else "growth is"
        return f"there is no {what}: {taken} taken to be just what you set, and chance is left out"
    if not spreads:
        return f"{allows} chance alone"
    note = "an assumption" if len(spreads) == 1 and not chance else "assumptions"
    return f"{allows} {listed([*spreads, *chance])} ({note})"


def range_clause(scenario: Scenario) -> Clause:
    """What the range in a sentence before it means."""
    return Clause(allowed_for(scenario, "range"))


def range_sentence(scenario: Scenario) -> str:
    """The same as a sentence."""
    return said_in_order([range_clause(scenario)])


def bands_sentence(scenario: Scenario) -> str:
    """What stands beside the bands of a chart, in a sentence."""
    return said_in_order([Clause(allowed_for(scenario, "band", many=True))])


def range_words(spread: tuple[float, float] | None) -> str:
    """A range in brackets; "" where there is none, or where both ends read alike."""
    if spread is None:
        return ""
    low, high = (near(end, "hours") for end in spread)
    if low == high:
        return ""
    return f" (range up to {high})" if low == "0" else f" (range {low} to {high})"


def people_clauses(pack: Pack, scenario: Scenario, first: pd.Series[float], last: pd.Series[float]) -> list[Clause]:
    """The people who would need care that the council arranges in the last year, the change, and those served."""
    people, start = pack.service(scenario.service).people, financial_year(int(first["year"]))
    end = financial_year(int(last["year"]))
    if is_missing(float(first["people"])) or is_missing(float(last["people"])):
        return not_known(f"how many {people} would need care arranged by the council in {end}")
    now, then = (rounded(float(row["people"]), 0) for row in (first, last))
    number = "nobody" if not then else f"{said(then, 'people')} {people}"
    needs = Clause(f"{number} would need care arranged by the council in {end}")
    served = served_clauses(people, then, last)
    if now == then:
        return [needs, Clause(f"as in {start}", ", "), *served]
    change = f"{said(abs(then - now), 'people')} {'more' if then > now else 'fewer'} than in {start}"
    return [needs, Clause(change, ", ", f"That is {change}"), *served]


def served_clauses(people: str, needing: float, last: pd.Series[float]) -> list[Clause]:
    """The people whom capacity lets be served in the last year, where they are fewer than would need care."""
    served, end = float(last["people_served"]), financial_year(int(last["year"]))
    if is_missing(served):
        return not_known(f"how many {people} providers could serve in {end}", lacking(last))
    number = rounded(served, 0)
    if number >= needing:
        return []
    could = f"{said(number, 'people')} of them" if number else "none of them"
    alone = (
        f"providers could serve {said(number, 'people')} {people}" if number else f"providers could serve no {people}"
    )
    return [Clause(f"providers could serve {could}", "; ", alone)]


def lacking(last: pd.Series[float]) -> str:
    """Why it is not known what capacity allows."""
    return "capacity is not known" if is_missing(float(last["capacity_hours"])) else "delivered hours are not known"


def cost_clauses(scenario: Scenario, first: pd.Series[float], last: pd.Series[float]) -> list[Clause]:
    """What meeting the need would cost beyond the base year; apart from it what prices add; what would be spent.

    The change that is said first is that of more or less care, bought and priced as in the base year; with what the
    move to the framework and what prices change it makes the whole. What would be spent is said at the same prices.
    """
    start, end = financial_year(int(first["year"])), financial_year(int(last["year"]))
    now, then, as_bought = float(first["cost"]), float(last["cost"]), float(last["cost_as_bought"])
    meeting = "meeting the need"
    if is_missing(now) or is_missing(then):
        return not_known(f"what {meeting} would cost in {end}")
    years, uplift = int(last["year"]) - int(first["year"]), scenario.price.uplift_pct
    # Prices act on every hour alike, so what they add comes off the whole.
    prices = (1 + uplift / 100) ** years
    care, moved, added = as_bought - now, then / prices - as_bought, then * (1 - 1 / prices)
    clauses = [Clause(f"{meeting} would cost {changed(care, 'the same')} in {end}, at {start} prices")]
    if abs(moved) >= LITTLE_CHANGE:
        move = f"moving spot hours to the framework would {added_words(moved)}"
        clauses.append(Clause(move, "; "))
    if abs(added) >= LITTLE_CHANGE:
        rise = "rising" if added > 0 else "falling"
        clauses.append(Clause(f"prices {rise} {abs(uplift):g}% a year would {added_words(added)}", "; "))
    budgets = listed([lever.diverts for lever in diverting(scenario)])
    if budgets:
        clauses.append(Clause(f"budgets for {budgets} are not included", "; "))
    return [*clauses, *spend_clauses(first, last, prices, joined=len(clauses) == 1)]


def spend_clauses(first: pd.Series[float], last: pd.Series[float], prices: float, joined: bool) -> list[Clause]:
    """What the council would spend as far as capacity allows, where that is not what meeting the need would cost.

    prices: what an hour costs in the last year, to that of the base year. joined: whether the clause before it says
    what meeting the need would cost at the base year's prices.
    """
    start, end = financial_year(int(first["year"])), financial_year(int(last["year"]))
    spend, need = float(last["spend"]) / prices, float(last["cost"]) / prices
    if is_missing(spend):
        return not_known(f"what the council would spend in {end}", lacking(last))
    if abs(need - spend) < LITTLE_CHANGE:
        return []
    more = changed(spend - float(first["spend"]), "the same")
    alone = f"with the capacity assumed, the council would spend {more}{'' if prices == 1 else f' at {start} prices'}"
    beside = f"capacity allows spending {more}"
    if abs(need - float(first["cost"])) >= LITTLE_CHANGE:
        less = said(need - spend, "pounds")
        alone, beside = f"{alone}: {less} less than meeting the need", f"{beside}, {less} short of that"
    return [Clause(beside, "; " if joined else "", alone)]


def changed(pounds: float, same: str) -> str:
    """A change of pounds a year in words: about £1.32m more."""
    if abs(pounds) < LITTLE_CHANGE:
        return same
    return f"{said(pounds, 'pounds')} {'more' if pounds > 0 else 'less'}"


def added_words(pounds: float) -> str:
    """What comes to a cost, or off it, behind "would"."""
    return f"{'add' if pounds > 0 else 'take off'} {said(pounds, 'pounds')}"
