"""The range of the county alone: the same percentiles as lib.whatif.uncertainty has for it, for a fraction of the work.

Only the county's sums are ordered, and most lots need no draw of their own: a lot whose capacity is beyond what it
needs in every draw, or short of it in every draw, is added up with its like before anything is drawn. What is left,
lots that are short in some draws only and lots that people join or leave, is compared draw by draw.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.whatif.ageing import Array
from lib.whatif.baseline import Baseline
from lib.whatif.draws import all_draws
from lib.whatif.scenarios.scenario import Scenario
from lib.whatif.uncertainty import (
    CAPACITY,
    COST,
    COVERAGE,
    DEMAND,
    GAP,
    MEASURES,
    PEOPLE,
    PERCENTILES,
    SERVED,
    SHORTFALL,
    SPEND,
    SUMMED,
    UNMET,
    Futures,
    between,
    ends,
    values_between,
)

AT_ONCE = 16  # districts whose draws are worked on together: as many as stay in the processor's cache
# The measures that are sums of what needs, and of what capacity grows by.
OF_NEED = [PEOPLE, DEMAND, COST, SHORTFALL, SERVED, SPEND]
OF_CAPACITY = [CAPACITY, SHORTFALL, SERVED, SPEND]


def county_range(baseline: Baseline, scenario: Scenario) -> dict[str, Array]:
    """The county's 10th, 50th and 90th percentile by measure: years (0 to T) by 3.

    The measures are those of lib.whatif.uncertainty, and so are the figures but for the last digits of a float.
    """
    drawn = all_draws(baseline, scenario)
    futures = Futures(baseline, scenario, drawn)
    districts, count = drawn.need.shape
    found = np.empty((2, scenario.years + 1, len(MEASURES), len(PERCENTILES)))
    need, held = np.ones_like(drawn.need), np.ones_like(drawn.capacity)
    for year in range(scenario.years + 1):
        if year:
            need *= 1 + drawn.need
            held *= 1 + drawn.capacity
        kept = count if year else 1  # in the base year every draw is today
        county = np.zeros((len(MEASURES), kept))
        for start in range(0, districts, AT_ONCE):
            block = slice(start, start + AT_ONCE)
            lots = Lots.of(futures, year, block)
            lots.add(county, *grown(futures, year, block, need[block, :kept]), held[block, :kept])
        values_between(county)
        for row in (*SUMMED, GAP, COVERAGE):
            found[:, year, row] = ends(county[row]) if year else county[row]
    found[..., UNMET, :] = found[..., SHORTFALL, :]
    percentiles = between(found, count)
    return {name: percentiles[:, row] for row, name in enumerate(MEASURES)}


def grown(futures: Futures, year: int, block: slice, need: Array) -> tuple[Array, Array | None]:
    """What all that is needed grows by, chance and all: districts by groups of lots by draws; and chance by itself."""
    drawn, factor = futures.draws, need[:, None]
    if not year:
        return factor if drawn.ageing is None else np.repeat(factor, len(futures.groups), axis=1), None
    if drawn.ageing is not None:
        first = [lots[0] for lots in futures.groups if not isinstance(lots, slice)]
        index = futures.baseline.ageing[year, block][:, first]
        logs = np.log(index, out=np.zeros_like(index), where=index > 0)
        factor = np.exp(logs[:, :, None] * drawn.ageing) * factor
    chance = None if drawn.chance is None else drawn.chance[block]
    return factor if chance is None else factor * chance[:, None], chance


@dataclass(frozen=True, eq=False)
class Lots:
    """The lots of some districts in a year, without need and capacity growth, as in lib.whatif.uncertainty.Part.

    Arrays are districts by lots. member: lots by groups, 1 where a lot belongs to a group; group: that of each lot.
    """

    people: Array
    needed: Array
    demand: Array
    cost: Array
    capacity: Array
    counted: Array
    joining: tuple[Array, Array, Array] | None  # people, hours, cost
    member: Array
    group: NDArray[np.intp]

    @classmethod
    def of(cls, futures: Futures, year: int, block: slice) -> Lots:
        """Those of a block of districts."""
        still, flows, here = futures.still, futures.flows, (year, block)
        member = np.zeros((still.people.shape[2], len(futures.groups)))
        for place, lots in enumerate(futures.groups):
            member[lots, place] = 1.0
        return cls(
            people=still.people[here],
            needed=still.delivered_hours[here],
            demand=still.demand_hours[here],
            cost=still.cost[here],
            capacity=still.capacity_hours[here],
            counted=still.counted_capacity[here],
            joining=None if flows is None else (flows.people[here], flows.hours[here], flows.cost[here]),
            member=member,
            group=member.argmax(axis=1),
        )

    def add(self, county: Array, factor: Array, chance: Array | None, held: Array) -> None:
        """Add the SUMMED measures of these districts in every draw to the county's.

        factor, chance: as `grown` gives them. held: what capacity grows by, which no lever lets fall to 0.
        """
        each = factor / held[:, None]  # needed for an hour of capacity: all that a lot's shortage turns on
        least, most = each.min(axis=2)[:, self.group], each.max(axis=2)[:, self.group]
        joined = np.zeros(self.demand.shape, dtype=bool) if self.joining is None else self.joining[1] != 0
        arranged = (self.needed != 0) & ~joined
        always, never = least * self.demand >= self.capacity, most * self.demand <= self.capacity
        full, capped = most * self.needed <= self.counted, least * self.needed >= self.counted
        always, sometimes = always & ~never & ~joined, ~always & ~never & ~joined
        full, capped, partly = full & arranged, capped & ~full & arranged, ~full & ~capped & arranged
        rate = np.divide(self.cost, self.needed, out=np.zeros_like(self.cost), where=self.needed != 0)
        of_need = [self.people, self.demand, self.cost]
        of_need += [np.where(one, of, 0.0) for one, of in ((always, self.demand), (full, self.needed), (full, self.cost))]
        sums = np.array(of_need) @ self.member
        if self.joining is not None:
            self.add_joined(county, sums, factor, chance)
        county[OF_NEED] += sums.reshape(len(OF_NEED), -1) @ factor.reshape(-1, factor.shape[2])
        of_capacity = [(True, self.capacity), (always, -self.capacity), (capped, self.counted)]
        of_capacity.append((capped, self.counted * rate))
        county[OF_CAPACITY] += np.array([np.where(one, of, 0.0).sum(axis=1) for one, of in of_capacity]) @ held
        for place in np.flatnonzero((sometimes | partly).any(axis=1)):
            lots = sometimes[place]
            if lots.any():
                short = each[place, self.group[lots]] * self.demand[place, lots, None]
                short -= self.capacity[place, lots, None]
                np.maximum(short, 0.0, out=short)
                county[SHORTFALL] += held[place] * short.sum(axis=0)
            lots = partly[place]
            if lots.any():
                served = each[place, self.group[lots]] * self.needed[place, lots, None]
                np.minimum(served, self.counted[place, lots, None], out=served)
                county[[SERVED, SPEND]] += held[place] * (np.array([np.ones(lots.sum()), rate[place, lots]]) @ served)
        for place, lot in np.argwhere(joined):
            self.add_lot(county, (place, lot), factor, None if chance is None else chance[place], held[place])

    def add_joined(self, county: Array, sums: Array, factor: Array, chance: Array | None) -> None:
        """Add what groups of lots that people join or leave need in all, at least nothing; take it out of `sums`."""
        joining = np.array(self.joining) @ self.member
        for place, group in np.argwhere(joining[0] != 0):
            luck = 1.0 if chance is None else chance[place]
            for row, amount, more in zip((PEOPLE, DEMAND, COST), sums[:3, place, group], joining[:, place, group], strict=True):
                county[row] += np.maximum(factor[place, group] * amount + luck * more, 0.0)
            sums[:3, place, group] = 0.0

    def add_lot(self, county: Array, here: tuple[int, int], factor: Array, chance: Array | None, held: Array) -> None:
        """Add what a lot that people join or leave is short of, what is served there and what that costs."""
        if self.joining is None:
            return
        rise, luck = factor[here[0], self.group[here[1]]], 1.0 if chance is None else chance
        _, hours, cost = (luck * values[here] for values in self.joining)
        wanted = np.maximum(rise * self.demand[here] + hours, 0.0)
        county[SHORTFALL] += np.maximum(wanted - held * self.capacity[here], 0.0)
        needed = np.maximum(rise * self.needed[here] + hours, 0.0)
        served = np.minimum(needed, held * self.counted[here])
        county[SERVED] += served
        worth = np.maximum(rise * self.cost[here] + cost, 0.0)
        county[SPEND] += served * np.divide(worth, needed, out=np.zeros_like(worth), where=needed != 0)
