"""What a scenario leads to, clause by clause: districts that are short first, hours, people, cost, and the range."""

from __future__ import annotations

from collections.abc import Mapping

from lib.market.clauses import (
    NEARLY,
    Clause,
    hours_a_week,
    near,
    not_known,
    said,
    said_in_order,
)
from lib.market.units import UNITS
from lib.market.wording import financial_year, is_missing, listed, rounded
from lib.pack.load import Pack
from lib.whatif.drivers import diverting
from lib.whatif.need import need_of
from lib.whatif.scenarios.scenario import Scenario
from lib.whatif.short_districts import district_clauses
from lib.whatif.summary import AreaYears

Amounts = Mapping[str, float]  # the county's measures in a year, and "year": see AreaYears.county
LITTLE_CHANGE = 500  # pounds a year: less is no change that a sentence speaks of


def consequences(
    pack: Pack, scenario: Scenario, found: AreaYears, spread: tuple[float, float] | None = None
) -> list[Clause]:
    """What else is said of a scenario, in order: districts, hours without a provider, people, cost and spend.

    spread: see lib.whatif.headline.told. A clause that is added has its place in this list.
    """
    first, last = found.county(0), found.county(-1)
    if found.known()[-1] and is_missing(last["coverage"]):
        return []
    return [
        *arranged_clauses(first, last),
        *district_clauses(found),
        *shortfall_clauses(scenario, first, last, spread),
        *people_clauses(pack, scenario, first, last),
        *cost_clauses(scenario, first, last),
    ]


def arranged_clauses(first: Amounts, last: Amounts) -> list[Clause]:
    """What becomes of the care already arranged, where nobody knows what waits and so what is needed in all."""
    names = ("demand_hours", "delivered_hours")
    if need_of({name: [first[name]] for name in names}) == "demand_hours" or is_missing(last["delivered_hours"]):
        return []
    start, end = financial_year(int(first["year"])), financial_year(int(last["year"]))
    now, then = (hours_a_week(amounts["delivered_hours"]) for amounts in (first, last))
    beside = (
        f"as in {start}" if now == then else f"against {now.removesuffix(' a week').removesuffix(' hours')} in {start}"
    )
    return [Clause(f"the care already arranged would be {then} in {end}"), Clause(beside, ", ", f"That is {beside}")]


def shortfall_clauses(
    scenario: Scenario, first: Amounts, last: Amounts, spread: tuple[float, float] | None = None
) -> list[Clause]:
    """The hours that have no provider in the last year, lot by lot, with their range, beside those of the base year."""
    now, then = first["shortfall_hours"], last["shortfall_hours"]
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


def waiting_clauses(last: Amounts) -> list[Clause]:
    """The hours that wait although a provider has room, where they are more than those that have no provider."""
    waiting = last["waiting_with_room_hours"]
    if is_missing(waiting) or rounded(waiting, 0) < 1 or waiting <= last["shortfall_hours"]:
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


def people_clauses(pack: Pack, scenario: Scenario, first: Amounts, last: Amounts) -> list[Clause]:
    """The people who would need care that the council arranges in the last year, the change, and those served."""
    people, start = pack.service(scenario.service).people, financial_year(int(first["year"]))
    end = financial_year(int(last["year"]))
    if is_missing(first["people"]) or is_missing(last["people"]):
        return not_known(f"how many {people} would need care arranged by the council in {end}")
    now, then = (rounded(row["people"], 0) for row in (first, last))
    number = "nobody" if not then else f"{said(then, 'people')} {people}"
    needs = Clause(f"{number} would need care arranged by the council in {end}")
    served = served_clauses(people, then, last)
    if now == then:
        return [needs, Clause(f"as in {start}", ", "), *served]
    change = f"{said(abs(then - now), 'people')} {'more' if then > now else 'fewer'} than in {start}"
    return [needs, Clause(change, ", ", f"That is {change}"), *served]


def served_clauses(people: str, needing: float, last: Amounts) -> list[Clause]:
    """The people whom capacity lets be served in the last year, where they are fewer than would need care."""
    served, end = last["people_served"], financial_year(int(last["year"]))
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


def lacking(last: Amounts) -> str:
    """Why it is not known what capacity allows."""
    return "capacity is not known" if is_missing(last["capacity_hours"]) else "delivered hours are not known"


def cost_clauses(scenario: Scenario, first: Amounts, last: Amounts) -> list[Clause]:
    """What meeting the need would cost beyond the base year; apart from it what prices add; what would be spent.

    The change that is said first is that of more or less care, bought and priced as in the base year; with what the
    move to the framework and what prices change it makes the whole. What would be spent is said at the same prices.
    """
    start, end = financial_year(int(first["year"])), financial_year(int(last["year"]))
    now, then, as_bought = first["cost"], last["cost"], last["cost_as_bought"]
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


def spend_clauses(first: Amounts, last: Amounts, prices: float, joined: bool) -> list[Clause]:
    """What the council would spend as far as capacity allows, where that is not what meeting the need would cost.

    prices: what an hour costs in the last year, to that of the base year. joined: whether the clause before it says
    what meeting the need would cost at the base year's prices.
    """
    start, end = financial_year(int(first["year"])), financial_year(int(last["year"]))
    spend, need = last["spend"] / prices, last["cost"] / prices
    if is_missing(spend):
        return not_known(f"what the council would spend in {end}", lacking(last))
    if abs(need - spend) < LITTLE_CHANGE:
        return []
    more = changed(spend - first["spend"], "the same")
    alone = f"with the capacity assumed, the council would spend {more}{'' if prices == 1 else f' at {start} prices'}"
    beside = f"capacity allows spending {more}"
    if abs(need - first["cost"]) >= LITTLE_CHANGE:
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
