"""The range: a projection drawn many times with uncertain growth, age weights and chance, reported as percentiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.market.selection import COUNTY_CODE
from lib.pack.load import Pack
from lib.pack.ratios import safe_ratio
from lib.whatif.ageing import Array
from lib.whatif.baseline import Baseline, prepare
from lib.whatif.draws import Draws, all_draws
from lib.whatif.project import Projection, flows_of, without_flows, year_numbers
from lib.whatif.scenarios.scenario import CAPACITY_GROWTH, NEED_GROWTH, OWN_GROWTH, Scenario, moved

PERCENTILES = (10, 50, 90)
MEASURES = (
    "people", "demand_hours", "capacity_hours", "gap_hours", "shortfall_hours", "coverage", "cost",
    "served_hours", "unmet_hours", "spend",
)  # fmt: skip
PEOPLE, DEMAND, CAPACITY, GAP, SHORTFALL, COVERAGE, COST, SERVED, UNMET, SPEND = range(len(MEASURES))
SUMMED = (PEOPLE, DEMAND, CAPACITY, SHORTFALL, COST, SERVED, SPEND)  # over districts; the others follow
FEW = 1000  # draws that are sorted faster than parted
COLUMNS = ["year", "district_code", "measure", "p10", "p50", "p90"]


@lru_cache(maxsize=8)
def places(count: int) -> tuple[Array, list[int], list[int]]:
    """Where the percentiles of so many sorted numbers stand: how far behind the number below, and those two numbers."""
    place = np.array(PERCENTILES) / 100 * (count - 1)
    below = [int(one) for one in np.floor(place)]
    return place - below, below, [min(one + 1, count - 1) for one in below]


def between(both: Array, count: int) -> Array:
    """Percentiles from the numbers below and above their places (the first axis), by a straight line."""
    found: Array = both[0] + places(count)[0] * (both[1] - both[0])
    return found


def ends(draws: Array) -> Array:
    """The numbers below and above each percentile, 2 by percentiles: those of sorting, found faster.

    Each place is found by parting what the one before has left; the number below it is the largest that it parts off.
    """
    count = len(draws)
    _, below, above = places(count)
    if count < FEW or draws[0] != draws[0]:  # where one draw is not known, none is
        return np.sort(draws)[[*below, *above]].reshape(2, -1)
    rows = draws.copy()
    low, middle, high = above
    rows.partition(middle)
    rows[:middle].partition(low)
    rows[middle + 1 :].partition(high - middle - 1)
    found = np.empty((2, len(PERCENTILES)))
    start = 0
    for column, place in enumerate(above):
        found[1, column] = rows[place]
        found[0, column] = rows[place] if below[column] == place else np.maximum.reduce(rows[start:place])
        start = place
    return found


def percentiles(draws: Array) -> Array:
    """The 10th, 50th and 90th percentile of some draws, between two of them by a straight line.

    The same numbers as numpy.percentile, which is several times slower.
    """
    return between(ends(draws), len(draws))


def uncertainty(pack: Pack, scenario: Scenario, baseline: Baseline | None = None) -> pd.DataFrame:
    """The range of a scenario: percentiles over the draws, for each district and for the county ("all").

    Every measure is computed draw by draw, the county's from the sums of its districts in the same draw: percentiles
    are never added up. The base year is today in every draw.

    Columns: year, district_code, measure (people, demand_hours, capacity_hours, gap_hours, shortfall_hours: hours a
    week; coverage: net, empty where there is no demand; cost: of meeting the need, pounds a year; served_hours,
    unmet_hours: hours a week, lot by lot; spend: that capacity allows, pounds a year), p10, p50, p90. A measure with a
    lot that is not known is empty.
    """
    start = baseline if baseline is not None else prepare(pack, scenario.service)
    found = range_arrays(start, scenario)
    years = found.shape[0]
    areas = [*start.districts, COUNTY_CODE]
    frame = pd.DataFrame(
        {
            "year": np.repeat(np.arange(start.base_year, start.base_year + years), len(areas) * len(MEASURES)),
            "district_code": np.tile(np.repeat(np.array(areas, dtype=object), len(MEASURES)), years),
            "measure": np.tile(np.array(MEASURES, dtype=object), years * len(areas)),
        }
    )
    frame[COLUMNS[3:]] = found.reshape(-1, len(PERCENTILES))
    return frame


@dataclass(frozen=True, eq=False)
class Part:
    """The lots of a district that grow alike in every draw, in a year: those of one cohort, or all of them.

    Arrays are by lots: people, needed (the care already arranged), demand, cost, capacity (as stated, and as it counts
    for what is served), all without need and capacity growth, then what joins or leaves beside them.
    """

    people: Array
    needed: Array
    demand: Array
    cost: Array
    joining_people: Array
    joining_hours: Array
    joining_cost: Array
    capacity: Array
    counted: Array

    has_flows: bool  # whether anybody joins or leaves here

    @property
    def is_one_lot(self) -> bool:
        """Whether it is a single lot that nobody joins or leaves beyond growth."""
        return len(self.demand) == 1 and not self.has_flows


# The measures that are the sum of a part's amounts and of what joins it.
TOTALS = (
    (PEOPLE, "people", "joining_people"),
    (DEMAND, "demand", "joining_hours"),
    (COST, "cost", "joining_cost"),
)


class Futures:
    """Every draw of a scenario, year by year and district by district."""

    def __init__(self, baseline: Baseline, scenario: Scenario, draws: Draws) -> None:
        """Project without need and capacity growth: a district's figures are these times factors a draw."""
        plain = moved(scenario, {NEED_GROWTH: 0.0, OWN_GROWTH: {}, CAPACITY_GROWTH: 0.0})
        self.draws, self.baseline = draws, baseline
        self.still: Projection = without_flows(baseline, plain)
        self.flows = flows_of(baseline, plain, self.still, year_numbers(plain))
        # Lots that grow alike: all of them, or where ages count those of each cohort.
        self.groups: list[slice | list[int]] = [slice(None)]
        if draws.ageing is not None:
            cohorts = dict.fromkeys(cohort for _, cohort in baseline.lots)
            self.groups = [[i for i, (_, one) in enumerate(baseline.lots) if one == cohort] for cohort in cohorts]
        self.nothing = np.zeros(len(baseline.lots))

    def part(self, year: int, district: int, lots: slice | list[int]) -> Part:
        """The lots of a group."""
        still, flows, here = self.still, self.flows, (year, district, lots)
        joining = [self.nothing[lots]] * 3
        if flows is not None:
            joining = [values[here] for values in (flows.people, flows.hours, flows.cost)]
        return Part(
            people=still.people[here],
            needed=still.delivered_hours[here],
            demand=still.demand_hours[here],
            cost=still.cost[here],
            joining_people=joining[0],
            joining_hours=joining[1],
            joining_cost=joining[2],
            capacity=still.capacity_hours[here],
            counted=still.counted_capacity[here],
            has_flows=bool(joining[0].any()),
        )

    def of(self, year: int, district: int, need: Array) -> tuple[list[Part], list[Array], Array | None]:
        """The parts of a district in a year, what each grows by in every draw, and chance where that is to follow.

        Chance multiplies what joins or leaves as well: it is in the factors only where nobody does. `need` is growth.
        """
        parts = [self.part(year, district, lots) for lots in self.groups]
        if not year:
            return parts, [need] * len(parts), None
        factors = [self.aged(year, district, lots, need) for lots in self.groups]
        chance = None if self.draws.chance is None else self.draws.chance[district]
        if chance is None or any(part.has_flows for part in parts):
            return parts, factors, chance
        return parts, [factor * chance for factor in factors], None

    def aged(self, year: int, district: int, lots: slice | list[int], need: Array) -> Array:
        """Growth of a group in every draw, with index^e, as the projection holds index^1."""
        if self.draws.ageing is None:
            return need
        index = float(self.baseline.ageing[year, district, lots][0])
        if index == 1 or not index > 0:
            return need
        found: Array = need * np.exp(self.draws.ageing * np.log(index))
        return found


def range_arrays(baseline: Baseline, scenario: Scenario, draws: Draws | None = None) -> Array:
    """The percentiles as an array: years (0 to T) by areas (districts, county) by measures by percentiles.

    Growth differs by district, the age weights by cohort, neither by lot: so the figures of a cohort in a district are
    its projection without growth times one factor a draw. Only what is compared lot by lot needs its lots.
    """
    drawn = all_draws(baseline, scenario) if draws is None else draws
    futures = Futures(baseline, scenario, drawn)
    districts, count = drawn.need.shape
    found = np.empty((2, scenario.years + 1, districts + 1, len(MEASURES), len(PERCENTILES)))
    need_factor, capacity_factor = np.ones_like(drawn.need), np.ones_like(drawn.need)
    # Growth to a power keeps the order of the draws, so that one sorting does for every year.
    need_order = in_order(drawn.need) if drawn.ageing is None and drawn.chance is None else None
    capacity_order = in_order(drawn.capacity)
    values, work = np.empty((len(MEASURES), count)), np.empty((3, count))
    for year in range(scenario.years + 1):
        if year:
            need_factor *= 1 + drawn.need
            capacity_factor *= 1 + drawn.capacity
        # In the base year every draw is today, so one is enough.
        kept = count if year else 1
        now, room = values[:, :kept], work[:, :kept]
        county = np.zeros((len(MEASURES), kept))
        for district in range(districts):
            held = capacity_factor[district, :kept]
            parts, factors, chance = futures.of(year, district, need_factor[district, :kept])
            add_up(now, parts, factors, held, chance, room)
            values_between(now)
            for row in SUMMED:
                county[row] += now[row]
            if not year:
                found[:, year, district] = now
                continue
            order = None if need_order is None else need_order[district]
            found[:, year, district] = district_ends(now, parts, factors, order, held, capacity_order[district])
        values_between(county)
        for row in (*SUMMED, GAP, COVERAGE):
            found[:, year, districts, row] = ends(county[row]) if year else county[row]
    found[..., UNMET, :] = found[..., SHORTFALL, :]
    return between(found, count)


def in_order(growth: Array) -> NDArray[np.intp]:
    """Which draws stand below and above each percentile of a district's growth: districts by 2 by percentiles."""
    _, below, above = places(growth.shape[1])
    return np.argsort(growth, axis=1)[:, [*below, *above]].reshape(len(growth), 2, len(PERCENTILES))


def add_up(
    now: Array, parts: Sequence[Part], factors: Sequence[Array], held: Array, chance: Array | None, room: Array
) -> None:
    """A district's SUMMED measures in every draw, into the rows of `now`.

    `factors`: what need grows by, a part; `held` the same of capacity; `chance` multiplies all that is needed, unless
    the factors hold it already. `room`: three rows to work in.
    """
    if len(parts) == 1 and parts[0].is_one_lot:
        add_one_lot(now, parts[0], factors[0], held)
        return
    for row, amount, joining in TOTALS:
        for number, (part, factor) in enumerate(zip(parts, factors, strict=True)):
            into = room[0] if number else now[row]
            grown(part, getattr(part, amount).sum(), getattr(part, joining).sum(), factor, chance, into)
            if number:
                now[row] += into
    np.multiply(held, sum(float(part.capacity.sum()) for part in parts), out=now[CAPACITY])
    now[[SHORTFALL, SERVED, SPEND]] = 0.0
    wanted, spare, cost = room
    for part, factor in zip(parts, factors, strict=True):
        for lot in range(len(part.demand)):
            joining = part.joining_hours[lot]
            stated, counted, needed = part.capacity[lot], part.counted[lot], part.needed[lot]
            # What is not known is no reason to leave a lot out: the sum is then not known either.
            if not (part.demand[lot] <= 0 and joining == 0) or np.isnan(stated):
                grown(part, part.demand[lot], joining, factor, chance, wanted)
                np.multiply(held, stated, out=spare)
                np.subtract(wanted, spare, out=wanted)
                np.maximum(wanted, 0.0, out=wanted)
                now[SHORTFALL] += wanted
            if needed == 0 and joining == 0:
                continue
            grown(part, needed, joining, factor, chance, wanted)
            np.multiply(held, counted, out=spare)
            np.minimum(wanted, spare, out=spare)
            now[SERVED] += spare
            if joining == 0:
                np.multiply(spare, part.cost[lot] / needed, out=spare)
            else:
                grown(part, part.cost[lot], part.joining_cost[lot], factor, chance, cost)
                spare *= np.divide(cost, wanted, out=np.zeros_like(cost), where=wanted != 0)
            now[SPEND] += spare


def add_one_lot(now: Array, part: Part, factor: Array, held: Array) -> None:
    """The same for a district that is a single lot: what is compared lot by lot is then there already."""
    for row, amount, _ in TOTALS:
        np.multiply(factor, getattr(part, amount)[0], out=now[row])
    np.multiply(held, part.capacity[0], out=now[CAPACITY])
    np.subtract(now[DEMAND], now[CAPACITY], out=now[SHORTFALL])
    np.maximum(now[SHORTFALL], 0.0, out=now[SHORTFALL])
    if part.needed[0] == 0:
        now[[SERVED, SPEND]] = 0.0
        return
    np.multiply(factor, part.needed[0], out=now[SERVED])
    counted = now[CAPACITY]
    if part.counted[0] != part.capacity[0]:
        counted = held * part.counted[0]
    np.minimum(now[SERVED], counted, out=now[SERVED])
    np.multiply(now[SERVED], part.cost[0] / part.needed[0], out=now[SPEND])


def grown(part: Part, amount: float, joining: float, factor: Array, chance: Array | None, out: Array) -> None:
    """An amount in every draw: grown, with what joins or leaves (at most all), by chance."""
    np.multiply(factor, amount, out=out)
    if part.has_flows:
        np.add(out, joining, out=out)
        np.maximum(out, 0.0, out=out)
    if chance is not None:
        np.multiply(out, chance, out=out)


def values_between(values: Array) -> None:
    """Fill in the measures that follow from the others, in place: gap and coverage."""
    np.subtract(values[DEMAND], values[CAPACITY], out=values[GAP])
    if values[DEMAND].min() > 0:
        np.divide(values[CAPACITY], values[DEMAND], out=values[COVERAGE])
    else:
        values[COVERAGE] = safe_ratio(values[CAPACITY], values[DEMAND])


def district_ends(
    now: Array, parts: Sequence[Part], factors: Sequence[Array], order: Array | None, held: Array, held_order: Array
) -> Array:
    """What `ends` gives for each measure of a district: 2 by measures by percentiles.

    What is an amount times one factor a draw has the order of that factor, and needs no ordering of its own.
    """
    found = np.empty((2, len(MEASURES), len(PERCENTILES)))
    found[:, UNMET] = 0.0
    held_ends = held[held_order]
    found[:, CAPACITY] = held_ends * sum(float(part.capacity.sum()) for part in parts)
    found[:, GAP], found[:, COVERAGE] = ends(now[GAP]), ends(now[COVERAGE])
    part, factor = parts[0], factors[0]
    left = [SHORTFALL, SERVED, SPEND]
    if len(parts) == 1 and not part.has_flows:
        one = ends(factor) if order is None else factor[order]
        for row, amount, _ in TOTALS:
            found[:, row] = one * getattr(part, amount).sum()
        if part.is_one_lot:
            left = []
            found[:, SHORTFALL] = np.maximum(found[:, GAP], 0.0)
            needed, counted = part.needed[0], part.counted[0]
            if needed * factor.max() <= counted * held.min():
                served = one * needed
            elif needed * factor.min() >= counted * held.max():
                served = held_ends * counted
            else:
                served = ends(now[SERVED])
            found[:, SERVED] = 0.0 if needed == 0 else served
            found[:, SPEND] = 0.0 if needed == 0 else served * (part.cost[0] / needed)
    else:
        left += [row for row, _, _ in TOTALS]
    for row in left:
        found[:, row] = ends(now[row])
    return found
