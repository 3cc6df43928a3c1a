"""The range of what follows from a projection: workers, break-even, first short year; and what each source adds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lib.pack.ratios import safe_ratio
from lib.whatif.ageing import Array
from lib.whatif.baseline import Baseline
from lib.whatif.draws import Draws, all_draws
from lib.whatif.scenarios.scenario import Scenario, moved
from lib.whatif.summary import TOLERANCE, contact_hours
from lib.whatif.uncertainty import MEASURES, PERCENTILES, Futures, grown, percentiles, range_arrays

WORKERS, BREAK_EVEN, FIRST_SHORT = "extra_workers", "break_even_growth_pct", "first_short_year"
OUTCOME_COLUMNS = ["measure", "p10", "p50", "p90", "share"]
# What a range holds, and the settings that leave each alone: the others are put to where they draw nothing.
SOURCES = {
    "need": ("Growth of need", "range.need_growth_sd_pts"),
    "capacity": ("Growth of capacity", "range.capacity_growth_sd_pts"),
    "ageing": ("Age weights", "range.ageing_sd_pct"),
    "chance": ("Chance", "range.chance"),
}
SOURCE_COLUMNS = ["source", "label", "low", "middle", "high", "width"]


def outcome_range(baseline: Baseline, scenario: Scenario) -> pd.DataFrame:
    """The range of three outcomes for the county, over the draws of the scenario's range.

    extra_workers: those who would bring every lot to the coverage wanted by the last year, rounded up in each draw.
    break_even_growth_pct: the need growth, percent a year, at which net coverage is 1.00 in the last year with the
    draw's capacity, age weights and chance, for the districts that have no growth of their own (those keep the draw's);
    not held to the lever's limits. first_short_year: the first year with net coverage below 1.00.

    Columns: measure, p10, p50, p90 (of first_short_year the nearest draw; empty where it is not within the years),
    share (of the draws in which workers are missing, in which break-even is above 0, that are short within the years).
    A measure that rests on a lot that is not known is empty.
    """
    drawn = all_draws(baseline, scenario)
    futures = Futures(baseline, scenario, drawn)
    demand, capacity, missing = totals(futures, drawn, scenario)
    workers = np.ceil(missing / contact_hours(scenario) - TOLERANCE)
    growth = break_even_draws(futures, drawn, scenario)
    short = safe_ratio(capacity, demand) < 1 - TOLERANCE
    known = not np.isnan(demand + capacity).any()
    years = np.where(short.any(axis=0), baseline.base_year + short.argmax(axis=0), np.inf)
    rows = []
    for name, values, apart in (
        (WORKERS, workers, workers > 0),
        (BREAK_EVEN, growth, growth > 0),
        (FIRST_SHORT, years if known else np.full_like(years, np.nan), np.isfinite(years)),
    ):
        if np.isnan(values).any():
            rows.append([name, *[np.nan] * 4])
            continue
        found = nearest(values) if name == FIRST_SHORT else percentiles(values)
        rows.append([name, *np.where(np.isfinite(found), found, np.nan), float(apart.mean())])
    return pd.DataFrame(rows, columns=OUTCOME_COLUMNS)


def nearest(values: Array) -> Array:
    """The draws nearest to the 10th, 50th and 90th percentile: between two years, or a year and never, is nothing."""
    found: Array = np.sort(values)[[round(one / 100 * (len(values) - 1)) for one in PERCENTILES]]
    return found


def totals(futures: Futures, drawn: Draws, scenario: Scenario) -> tuple[Array, Array, Array]:
    """The county's demand and capacity in every year and draw, and the hours missing in the last year's lots."""
    districts, count = drawn.need.shape
    demand, capacity = np.zeros((2, scenario.years + 1, count))
    missing = np.zeros(count)
    wanted = np.empty(count)
    need, held = np.ones_like(drawn.need), np.ones_like(drawn.need)
    for year in range(scenario.years + 1):
        if year:
            need *= 1 + drawn.need
            held *= 1 + drawn.capacity
        for district in range(districts):
            parts, factors, chance = futures.of(year, district, need[district])
            for part, factor in zip(parts, factors, strict=True):
                grown(part, part.demand.sum(), part.joining_hours.sum(), factor, chance, wanted)
                demand[year] += wanted
                capacity[year] += part.capacity.sum() * held[district]
                if year == scenario.years:
                    for lot in range(len(part.demand)):
                        grown(part, part.demand[lot], part.joining_hours[lot], factor, chance, wanted)
                        goal = scenario.target.coverage * wanted
                        short = np.maximum(goal - part.capacity[lot] * held[district], 0.0)
                        missing += np.where(short <= TOLERANCE * goal, 0.0, short)
    return demand, capacity, missing


def break_even_draws(futures: Futures, drawn: Draws, scenario: Scenario) -> Array:
    """The county's break-even growth in every draw, percent a year; empty where nothing grows or nothing is held.

    With A the last year's demand of the districts without a growth of their own, at no need growth, F all other demand,
    C the capacity: A x (1 + g)^T + F = C. Chance multiplies a district's share of each.
    """
    years, count = scenario.years, drawn.need.shape[1]
    following, fixed, capacity = np.zeros((3, count))
    still = np.ones(count)
    own = scenario.demand.district_need_growth_pct
    for district, code in enumerate(futures.baseline.districts):
        parts, factors, chance = futures.of(years, district, still)
        luck = 1.0 if chance is None else chance
        for part, factor in zip(parts, factors, strict=True):
            hours = part.demand.sum() * factor * luck
            fixed += part.joining_hours.sum() * luck
            if code in own:
                fixed += hours * (1 + drawn.need[district]) ** years
            else:
                following += hours
            capacity += part.capacity.sum() * (1 + drawn.capacity[district]) ** years
    room = np.maximum(capacity - fixed, 0.0)
    ratio = safe_ratio(room, following)
    growth: Array = 100 * (np.power(ratio, 1 / years) - 1)
    return growth


def range_sources(baseline: Baseline, scenario: Scenario, measure: str = "gap_hours") -> pd.DataFrame:
    """What each source of uncertainty adds: the county's range of a measure in the last year, with that source alone.

    Columns: source (need, capacity, ageing, chance, together), label, low, middle, high (10th, 50th and 90th
    percentile), width (high - low: that of the sources does not add up to that of all together). A source that is
    switched off, or draws nothing here, has no width.
    """
    place = MEASURES.index(measure)
    off = {setting: False if name == "chance" else 0.0 for name, (_, setting) in SOURCES.items()}
    rows = []
    for name, (label, setting) in (*SOURCES.items(), ("together", ("All together", ""))):
        alone = moved(scenario, {one: value for one, value in off.items() if name != "together" and one != setting})
        low, middle, high = range_arrays(baseline, alone)[-1, -1, place]
        rows.append([name, label, low, middle, high, high - low])
    return pd.DataFrame(rows, columns=SOURCE_COLUMNS)
