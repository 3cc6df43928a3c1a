"""What a projection comes to: by district and county, when demand passes capacity, and what would close the gap."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.market.selection import COUNTY_CODE
from lib.pack.load import Pack
from lib.pack.ratios import safe_ratio
from lib.whatif.ageing import Array
from lib.whatif.baseline import Baseline, prepare
from lib.whatif.project import Projection, flows_of, projected, without_flows, year_numbers
from lib.whatif.scenarios.scenario import LEVERS, NEED_GROWTH, OWN_GROWTH, Scenario, moved

# Coverage within this of 1.00 is 1.00: a break-even growth that is put into a scenario must not read as short.
TOLERANCE = 1e-9
MEASURES = ["people", "demand_hours", "delivered_hours", "capacity_hours", "gap_hours", "shortfall_hours"]
SERVED = ["served_hours", "unmet_hours", "waiting_with_room_hours", "people_served", "spend"]
COSTS = ["cost", "cost_as_bought"]
BY_YEAR_COLUMNS = ["year", "district_code", "district_name", *MEASURES, "coverage", *COSTS, *SERVED]

ALREADY_SHORT = "already short"
OUTSIDE_LIMITS = "outside the lever's limits"
NOT_APPLICABLE = "not applicable"
NOT_KNOWN = "not known"
ALL_SET = "every district has its own need growth"


@dataclass(frozen=True, eq=False)
class Summary:
    """What a scenario comes to, as the frames of the functions below; `by_year` also names the county."""

    by_year: pd.DataFrame
    first_years: pd.DataFrame
    break_even: pd.DataFrame
    needed: pd.DataFrame


def summarise(pack: Pack, scenario: Scenario, baseline: Baseline | None = None) -> Summary:
    """Project a scenario and sum it up."""
    start = baseline if baseline is not None else prepare(pack, scenario.service)
    result = projected(start, scenario)
    frame = by_year(start, result, pack.manifest.area)
    needed = what_it_would_take(start, scenario, result)
    return Summary(frame, first_years(frame), break_even(start, scenario), needed)


@dataclass(frozen=True, eq=False)
class AreaYears:
    """A projection by year and area, as arrays: what tables and sentences are made from.

    Attributes:
        years: base year to base year + T.
        areas, names: the districts' codes and names in order, then the county's ("all").
        measures: years by areas, by their names in BY_YEAR_COLUMNS.
    """

    years: tuple[int, ...]
    areas: tuple[str, ...]
    names: tuple[str, ...]
    measures: Mapping[str, Array]

    @classmethod
    def of(cls, frame: pd.DataFrame) -> AreaYears:
        """Those of a frame of `by_year`."""
        years = tuple(int(year) for year in frame["year"].unique())
        areas = frame.iloc[: len(frame) // len(years)]
        codes, names = tuple(areas["district_code"].astype(str)), tuple(areas["district_name"].astype(str))
        shape = (len(years), len(codes))
        measures = [name for name in BY_YEAR_COLUMNS[3:] if name in frame]
        return cls(years, codes, names, {one: frame[one].to_numpy(dtype=np.float64).reshape(shape) for one in measures})

    def county(self, place: int) -> dict[str, float]:
        """The year (as "year") and the county's measures in it, by its place: 0 is the base year, -1 the last."""
        return {"year": self.years[place], **{name: float(values[place, -1]) for name, values in self.measures.items()}}

    def short(self) -> NDArray[np.bool_]:
        """Where net coverage is below 1.00: years by areas."""
        return np.asarray(self.measures["coverage"] < 1 - TOLERANCE, dtype=np.bool_)

    def known(self) -> NDArray[np.bool_]:
        """Which areas have demand and capacity that are known in every year."""
        return np.asarray(~np.isnan(self.measures["gap_hours"]).any(axis=0), dtype=np.bool_)

    def first_years(self, rows: NDArray[np.bool_]) -> tuple[int | None, ...]:
        """The first year of each area in which something (years by areas) holds.

        None where it never does, or where it is not known: an earlier year that is not known may be the first.
        """
        found = rows.any(axis=0) & self.known()
        first = rows.argmax(axis=0)
        return tuple(self.years[place] if there else None for place, there in zip(first, found, strict=True))

    def newly_short(self) -> NDArray[np.bool_]:
        """Where net coverage is below 1.00 and was not in the base year: years by areas."""
        short = self.short()
        known = ~np.isnan(self.measures["gap_hours"][0])
        return np.asarray(short & ~short[0] & known, dtype=np.bool_)


def with_county(values: Array) -> Array:
    """Districts as the last axis, with their sum after them."""
    return np.concatenate([values, values.sum(axis=-1, keepdims=True)], axis=-1)


def area_years(baseline: Baseline, projection: Projection, county_name: str = "") -> AreaYears:
    """A projection summed over lots, for the districts and for the county."""
    sums = {name: with_county(getattr(projection, name).sum(axis=2)) for name in (*MEASURES, *COSTS, *SERVED)}
    # The gap of the sums, not the sum of the gaps: gap and coverage must agree to the last digit.
    sums["gap_hours"] = sums["demand_hours"] - sums["capacity_hours"]
    sums["coverage"] = safe_ratio(sums["capacity_hours"], sums["demand_hours"])
    years = range(baseline.base_year, baseline.base_year + len(sums["people"]))
    areas, names = (*baseline.districts, COUNTY_CODE), (*baseline.district_names, county_name)
    return AreaYears(tuple(years), areas, names, {name: sums[name] for name in BY_YEAR_COLUMNS[3:]})


def by_year(baseline: Baseline, projection: Projection, county_name: str = "") -> pd.DataFrame:
    """A projection by year and district, and for the county as district_code "all", in that order.

    Columns: year, district_code, district_name, people, demand_hours, delivered_hours, capacity_hours, gap_hours (net),
    shortfall_hours (sum over lots of max(0, demand - capacity)), coverage (net: capacity / demand, empty where there is
    no demand), cost (of meeting the need, pounds a year), cost_as_bought (the same, bought and priced as in the base
    year), served_hours, unmet_hours, waiting_with_room_hours (see lib.whatif.project), people_served, spend (that
    capacity allows, pounds a year). Hours are hours a week.
    """
    found = area_years(baseline, projection, county_name)
    years, areas = len(found.years), len(found.areas)
    return pd.DataFrame(
        {
            "year": np.repeat(found.years, areas),
            "district_code": [*found.areas] * years,
            "district_name": [*found.names] * years,
            **{name: values.ravel() for name, values in found.measures.items()},
        }
    )


def first_years(frame: pd.DataFrame) -> pd.DataFrame:
    """When each area is first short, from `by_year`: one row an area, in its order.

    Columns: district_code, district_name, known (whether demand and capacity are, in every year), first_short_year (the
    first year with net coverage below 1.00),
    first_shortfall_year (the first year in which a lot is short), crossing_year (see `crossing`). Empty where it
    never happens, or where it is not known; a first year that is the base year means short today.
    """
    found = AreaYears.of(frame)
    lots_short = found.measures["shortfall_hours"] > TOLERANCE * found.measures["demand_hours"]
    first = {"first_short_year": found.short(), "first_shortfall_year": lots_short}
    gaps = {str(code): crossing(rows) for code, rows in frame.groupby("district_code")}
    return pd.DataFrame(
        {
            "district_code": found.areas,
            "district_name": found.names,
            "known": found.known(),
            **{name: pd.array(list(found.first_years(rows)), dtype="Int64") for name, rows in first.items()},
            "crossing_year": [gaps[code] for code in found.areas],
        }
    )


def crossing(rows: pd.DataFrame) -> float:
    """When demand first passes capacity in one area's years of `by_year`, as a point between two years.

    The net gap is joined by a straight line from year to year: 2026.5 is half way from 2026 to 2027. Empty (NaN) where
    demand never passes capacity, or is above it from the start.
    """
    years, gaps = rows["year"].to_numpy(), rows["gap_hours"].to_numpy()
    for before in range(len(years) - 1):
        low, high = gaps[before], gaps[before + 1]
        if low <= 0 < high:
            return float(years[before] + low / (low - high))
    return math.nan


def break_even(baseline: Baseline, scenario: Scenario) -> pd.DataFrame:
    """The need growth at which net coverage is 1.00 in the last year, every other lever as it is.

    With A the last year's demand at no need growth, C its capacity, T the years: A x (1 + g)^T = C, so
    g = (C / A)^(1/T) - 1. For the county one common g is sought for the districts that follow it, while those with a
    growth of their own keep it: their demand comes off C first, and so do the hours of those who join beyond growth
    (who leave are added). Each answer is projected again, and ArithmeticError is raised should coverage not be 1.00.

    Columns: district_code ("all" for the county), break_even_growth_pct (percent a year; empty with a note), note: ""
    or "already short" (in the base year), "outside the lever's limits", "not applicable" (no demand or no capacity),
    "every district has its own need growth" (the county), "not known" (demand or capacity is not).
    """
    plain = moved(scenario, {NEED_GROWTH: 0.0, OWN_GROWTH: {}})
    still, kept = without_flows(baseline, plain), without_flows(baseline, scenario)
    flows = flows_of(baseline, plain, still, year_numbers(plain))
    joining = np.zeros(len(baseline.districts)) if flows is None else flows.hours[-1].sum(axis=1)
    demand, capacity = still.demand_hours[-1].sum(axis=1), still.capacity_hours[-1].sum(axis=1)
    now, has = still.demand_hours[0].sum(axis=1), still.capacity_hours[0].sum(axis=1)
    years = scenario.years
    rows = [
        {"district_code": code, **solved(wanted, held, today, room, years, beside)}
        for code, wanted, held, today, room, beside in zip(
            baseline.districts, demand, capacity, now, has, joining, strict=True
        )
    ]
    own = np.isin(np.array(baseline.districts, dtype=object), list(scenario.demand.district_need_growth_pct))
    fixed = float(kept.demand_hours[-1].sum(axis=1)[own].sum() + joining.sum())
    county = solved(float(demand[~own].sum()), float(capacity.sum()), float(now.sum()), float(has.sum()), years, fixed)
    if own.all() and fixed > 0:
        county = {"break_even_growth_pct": math.nan, "note": ALL_SET}
    frame = pd.DataFrame([*rows, {"district_code": COUNTY_CODE, **county}])
    check_break_even(baseline, scenario, frame)
    return frame


def solved(
    demand: float, capacity: float, now: float, has: float, years: int, fixed: float = 0.0
) -> dict[str, float | str]:
    """One area's break-even growth and note.

    `demand` and `capacity` are the last year's, without need growth; `now` and `has` are today's; `fixed` is demand
    that grows at a rate of its own, or not at all (below 0: that leaves).
    """
    if any(math.isnan(one) for one in (demand, capacity, now, has, fixed)):
        return {"break_even_growth_pct": math.nan, "note": NOT_KNOWN}
    note = ""
    if demand + fixed <= 0 or capacity <= 0 or now <= 0 or has <= 0:
        note = NOT_APPLICABLE
    elif has / now < 1 - TOLERANCE:
        note = ALREADY_SHORT
    if note or demand <= 0:
        return {"break_even_growth_pct": math.nan, "note": note or NOT_APPLICABLE}
    limits = LEVERS[NEED_GROWTH]
    room = max(capacity - fixed, 0.0)
    growth = 100 * (math.pow(room / demand, 1 / years) - 1)
    if not limits.low <= growth <= limits.high:
        return {"break_even_growth_pct": math.nan, "note": OUTSIDE_LIMITS}
    return {"break_even_growth_pct": growth, "note": ""}


def check_break_even(baseline: Baseline, scenario: Scenario, frame: pd.DataFrame) -> None:
    """Project every break-even growth and see that coverage is 1.00 in the last year."""
    growths = frame.set_index("district_code")["break_even_growth_pct"].dropna()
    districts = {str(code): float(value) for code, value in growths.items() if code != COUNTY_CODE}
    result = projected(baseline, moved(scenario, {OWN_GROWTH: districts}), ends=True)
    coverage = safe_ratio(result.capacity_hours[-1].sum(axis=1), result.demand_hours[-1].sum(axis=1))
    found = [coverage[baseline.district(code)] for code in districts]
    if COUNTY_CODE in growths.index:
        result = projected(baseline, moved(scenario, {NEED_GROWTH: float(growths[COUNTY_CODE])}), ends=True)
        found.append(result.capacity_hours[-1].sum() / result.demand_hours[-1].sum())
    if not np.allclose(found, 1.0, rtol=0, atol=1e-6):
        raise ArithmeticError(f"break-even growth does not give coverage of 1.00: {found}")


def contact_hours(scenario: Scenario) -> float:
    """The hours of care that a care worker gives in a week of the last year."""
    return scenario.target.contact_hours_per_worker * (1 + scenario.supply.contact_hours_change_pct / 100)


def what_it_would_take(baseline: Baseline, scenario: Scenario, projection: Projection) -> pd.DataFrame:
    """What would bring every lot to the coverage wanted by the last year.

    extra_hours = sum over lots of max(0, target x demand - capacity), hours a week; extra_workers = extra_hours /
    contact hours of a worker in the last year (today's and their change by travel and rounds), rounded up in each row,
    so that the county's number is not the sum of the districts'.

    Columns: district_code ("all" for the county), extra_hours, extra_workers (Int64); both empty where the demand or
    capacity of a lot is not known.
    """
    target = scenario.target
    wanted = target.coverage * projection.demand_hours[-1]
    missing = np.maximum(wanted - projection.capacity_hours[-1], 0.0)
    # A capacity that meets the target but for the last digit of a float is not an hour short.
    hours = with_county(np.where(missing <= TOLERANCE * wanted, 0.0, missing).sum(axis=1))
    workers = pd.array(np.ceil(hours / contact_hours(scenario) - TOLERANCE), dtype="Int64")
    return pd.DataFrame(
        {"district_code": [*baseline.districts, COUNTY_CODE], "extra_hours": hours, "extra_workers": workers}
    )
