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
    """What else is said of a scenario, in order: districts, hours without a provider, people, cost.

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
    if then <= NEARLY:
        enough = Clause(f"every lot would have enough hours in {end}")
        if rounded(high, 0) < 1:
            return [enough]
        more = f"but the range goes up to {hours_a_week(high)} without a provider"
        return [enough, Clause(more, ", "), range_clause(scenario)]
    between = range_words(spread)
    text = Clause(f"lot by lot, {hours_a_week(then)} would have no provider in {end}{between}")
    meaning = [range_clause(scenario)] if between else []
    if is_missing(now):
        return [text, *meaning]
    if now <= NEARLY:
        beside = f"against none in {start}"
    elif hours_a_week(now) == hours_a_week(then):
        beside = f"as in {start}"
    else:
        beside = f"against {hours_a_week(now).removesuffix(' a week').removesuffix(' hours')} in {start}"
    return [text, Clause(beside, ", ", f"That is {beside}"), *meaning]


def range_condition(scenario: Scenario) -> str:
    """When the edges of the range hold, by the levers that make it; "" where they make none."""
    need, capacity = scenario.range.need_growth_sd_pts, scenario.range.capacity_growth_sd_pts
    if not need and not capacity:
        return ""
    sizes = {"growth": need} if need == capacity else {"need growth": need, "capacity growth": capacity}
    first, *others = [
        (name, f"by about {points:g} {'point' if points == 1 else 'points'}")
        for name, points in sizes.items()
        if points
    ]
    differs = [f"{first[0]} differs {first[1]}", *(f"{name} {by}" for name, by in others)]
    return f"if {' or '.join(differs)} from what you set (an assumption)"


def bands_sentence(scenario: Scenario) -> str:
    """What stands beside the bands of a chart, in a sentence."""
    condition = range_condition(scenario)
    if not condition:
        return "There is no band: growth is taken to be just what you set (an assumption)."
    return said_in_order([Clause(f"the bands hold {condition}")])


def range_clause(scenario: Scenario) -> Clause:
    """What the range in a sentence before it means."""
    return Clause(f"the range holds {range_condition(scenario)}")


def range_words(spread: tuple[float, float] | None) -> str:
    """A range in brackets; "" where there is none, or where both ends read alike."""
    if spread is None:
        return ""
    low, high = (near(end, "hours") for end in spread)
    if low == high:
        return ""
    return f" (range up to {high})" if low == "0" else f" (range {low} to {high})"


def people_clauses(pack: Pack, scenario: Scenario, first: pd.Series[float], last: pd.Series[float]) -> list[Clause]:
    """The people who would need care that the council arranges in the last year, and the change from the base year."""
    people, start = pack.service(scenario.service).people, financial_year(int(first["year"]))
    end = financial_year(int(last["year"]))
    if is_missing(float(first["people"])) or is_missing(float(last["people"])):
        return not_known(f"how many {people} would need care arranged by the council in {end}")
    now, then = (rounded(float(row["people"]), 0) for row in (first, last))
    number = "nobody" if not then else f"{said(then, 'people')} {people}"
    needs = Clause(f"{number} would need care arranged by the council in {end}")
    if now == then:
        return [needs, Clause(f"as in {start}", ", ")]
    change = f"{said(abs(then - now), 'people')} {'more' if then > now else 'fewer'} than in {start}"
    return [needs, Clause(change, ", ", f"That is {change}")]


def cost_clauses(scenario: Scenario, first: pd.Series[float], last: pd.Series[float]) -> list[Clause]:
    """What meeting the same share of need would cost at the base year's prices; and apart from it, what prices add."""
    start, end = financial_year(int(first["year"])), financial_year(int(last["year"]))
    now, then = float(first["cost"]), float(last["cost"])
    meeting = "meeting the same share of need"
    if is_missing(now) or is_missing(then):
        return not_known(f"what {meeting} would cost in {end}")
    years, uplift = int(last["year"]) - int(first["year"]), scenario.price.uplift_pct
    # Prices act on every hour alike, so what they add comes off the whole.
    at_base_prices = then / (1 + uplift / 100) ** years
    change, added = at_base_prices - now, then - at_base_prices
    if abs(change) < LITTLE_CHANGE:
        clauses = [Clause(f"{meeting} would cost the same in {end}, at {start} prices")]
    else:
        more = f"{said(change, 'pounds')} a year {'more' if change > 0 else 'less'}"
        clauses = [Clause(f"{meeting} would cost {more} in {end}, at {start} prices")]
    if abs(added) >= LITTLE_CHANGE:
        rise, add = ("rising", "add") if added > 0 else ("falling", "take off")
        prices = f"prices {rise} {abs(uplift):g}% a year would {add} {said(added, 'pounds')}"
        clauses.append(Clause(prices, "; "))
    budgets = listed([lever.diverts for lever in diverting(scenario)])
    if budgets:
        clauses.append(Clause(f"budgets for {budgets} are not included", "; "))
    return clauses
