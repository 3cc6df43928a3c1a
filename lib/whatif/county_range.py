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
    DEMAND,
    MEASURES,
    PEOPLE,
    PERCENTILES,
    SERVED,
    SHORTFALL,
    SPEND,
    UNMET,
    Futures,
    between,
    places,
    values_between,
)

Where = NDArray[np.bool_]
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
    _, below, above = places(count)
    need, held = np.ones_like(drawn.need), np.ones_like(drawn.capacity)
    need_growth, capacity_growth = 1 + drawn.need, 1 + drawn.capacity
    work = Work.of(futures)
    for year in range(scenario.years + 1):
        if year:
            need *= need_growth
            held *= capacity_growth
        kept = count if year else 1  # in the base year every draw is today
        county = np.zeros((len(MEASURES), kept))
        for start in range(0, districts, AT_ONCE):
            block = slice(start, start + AT_ONCE)
            factor, chance = grown(futures, year, block, need[block, :kept], work)
            Lots.of(futures, year, block).add(county, factor, chance, held[block, :kept], work)
        values_between(county)
        if year:
            county.sort(axis=1)
            found[:, year] = county[:, [below, above]].swapaxes(0, 1)
        else:
            found[:, year] = county
    found[..., UNMET, :] = found[..., SHORTFALL, :]
    percentiles = between(found, count)
    return {name: percentiles[:, row] for row, name in enumerate(MEASURES)}


@dataclass(frozen=True, eq=False)
class Work:
    """Room to work in, taken once: asking for as much in every step takes longer than the sums themselves.

    factor, each: districts at once by groups of lots by draws. hours: two for each lot by draws.
    """

    factor: Array
    each: Array
    hours: Array

    @classmethod
    def of(cls, futures: Futures) -> Work:
        """As much as the draws of a scenario need."""
        districts, count = futures.draws.need.shape
        shape = (min(AT_ONCE, districts), len(futures.groups), count)
        return cls(np.empty(shape), np.empty(shape), np.empty((2 * len(futures.baseline.lots), count)))


def grown(futures: Futures, year: int, block: slice, need: Array, work: Work) -> tuple[Array, Array | None]:
    """What all that is needed grows by, chance and all: districts by groups of lots by draws; and chance by itself."""
    drawn, factor = futures.draws, work.factor[: len(need), :, : need.shape[1]]
    if year and drawn.ageing is not None:
        first = [lots[0] for lots in futures.groups if not isinstance(lots, slice)]
        index = futures.baseline.ageing[year, block][:, first]
        logs = np.log(index, out=np.zeros_like(index), where=index > 0)
        np.multiply(logs[:, :, None], drawn.ageing, out=factor)
        np.exp(factor, out=factor)
        factor *= need[:, None]
    else:
        factor[:] = need[:, None]
    chance = None if drawn.chance is None or not year else drawn.chance[block]
    if chance is not None:
        factor *= chance[:, None]
    return factor, chance


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

    def add(self, county: Array, factor: Array, chance: Array | None, held: Array, work: Work) -> None:
        """Add the SUMMED measures of these districts in every draw to the county's.

        factor, chance: as `grown` gives them. held: what capacity grows by, which no lever lets fall to 0.
        """
        # What is needed for an hour of capacity: all that a lot's shortage turns on.
        each = np.divide(factor, held[:, None], out=work.each[: len(held), :, : held.shape[1]])
        least, most = each.min(axis=2)[:, self.group], each.max(axis=2)[:, self.group]
        joined = np.zeros(self.demand.shape, dtype=bool) if self.joining is None else self.joining[1] != 0
        arranged = (self.needed != 0) & ~joined
        always, never = least * self.demand >= self.capacity, most * self.demand <= self.capacity
        full, capped = most * self.needed <= self.counted, least * self.needed >= self.counted
        rate = np.divide(self.cost, self.needed, out=np.zeros_like(self.cost), where=self.needed != 0)
        sometimes, partly = ~always & ~never & ~joined, ~full & ~capped & arranged
        self.add_compared(county, each, held, (sometimes, partly), rate, work.hours)
        always, full, capped = always & ~never & ~joined, full & arranged, capped & ~full & arranged
        of_need = [(True, self.people), (True, self.demand), (True, self.cost)]
        of_need += [(always, self.demand), (full, self.needed), (full, self.cost)]
        sums = np.array([np.where(one, of, 0.0) for one, of in of_need]) @ self.member
        if self.joining is not None:
            self.add_joined(county, sums, factor, chance)
            for place, lot in np.argwhere(joined):
                self.add_lot(county, (place, lot), factor, None if chance is None else chance[place], held[place])
        county[OF_NEED] += sums.reshape(len(OF_NEED), -1) @ factor.reshape(-1, factor.shape[2])
        of_capacity = [(True, self.capacity), (always, -self.capacity), (capped, self.counted)]
        of_capacity.append((capped, self.counted * rate))
        county[OF_CAPACITY] += np.array([np.where(one, of, 0.0).sum(axis=1) for one, of in of_capacity]) @ held

    def add_compared(
        self, county: Array, each: Array, held: Array, where: tuple[Where, Where], rate: Array, room: Array
    ) -> None:
        """Add what lots are short of, and what is served and spent, where draws differ in which of the two is less.

        each: what is needed for an hour of capacity. where: the lots where they differ in being short, and in being
        served. rate: pounds for an hour that is needed. room: to work in.
        """
        sometimes, partly = where
        found = np.zeros((3, held.shape[1]))
        for place in np.flatnonzero((sometimes | partly).any(axis=1)):
            short, served = np.flatnonzero(sometimes[place]), np.flatnonzero(partly[place])
            both, middle = np.concatenate([short, served]), len(short)
            hours = room[: len(both), : held.shape[1]]
            np.take(each[place], self.group[both], axis=0, out=hours, mode="clip")
            hours *= np.concatenate([self.demand[place, short], self.needed[place, served]])[:, None]
            lacking, there = hours[:middle], hours[middle:]
            lacking -= self.capacity[place, short, None]
            np.maximum(lacking, 0.0, out=lacking)
            np.minimum(there, self.counted[place, served, None], out=there)
            # Apart: where one is not known the other may be.
            found[0] += held[place] * lacking.sum(axis=0)
            found[1:] += held[place] * (np.array([np.ones(len(served)), rate[place, served]]) @ there)
        county[[SHORTFALL, SERVED, SPEND]] += found

    def add_joined(self, county: Array, sums: Array, factor: Array, chance: Array | None) -> None:
        """Add what groups of lots that people join or leave need in all, at least nothing; take it out of `sums`.

        sums: OF_NEED by districts by groups, without growth.
        """
        joining = np.array(self.joining) @ self.member
        for place, group in np.argwhere(joining[0] != 0):
            luck = 1.0 if chance is None else chance[place]
            amounts = zip(OF_NEED[:3], sums[:3, place, group], joining[:, place, group], strict=True)
            for row, amount, more in amounts:
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
