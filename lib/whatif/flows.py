"""People who join or leave beyond growth: home from hospital, and children who turn 18.

Both are counts for the county, beyond what today's figures hold, from the first year on:

* discharge: people = n a month x weeks / 4.33 x (1 - reablement share), shared by residents aged 65 and over, x hours
  each, in the main lot of older people
* turning 18: n a year, shared as the children are. n x t have left the children's lots by year t, with their hours and
  cost in proportion; as many have joined the main lot of working age adults, x hours each

What joins is priced at the lot's cost of an hour in the base year, or the county's for that service type where the lot
has none, with the price uplift.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from lib.pack.ratios import WEEKS, safe_ratio
from lib.whatif.ageing import Array
from lib.whatif.baseline import Baseline
from lib.whatif.scenarios.scenario import Scenario

WEEKS_A_MONTH = 4.33


@dataclass(frozen=True, eq=False)
class Amounts:
    """People, hours a week, and pounds a year: as bought in the base year, before the uplift, and with it.

    Years by districts by lots. Of flows, above 0 is who joins, below 0 who leaves.
    """

    people: Array
    hours: Array
    as_bought: Array
    before_uplift: Array
    cost: Array


def has_flows(baseline: Baseline, scenario: Scenario) -> bool:
    """Whether a scenario has people who join or leave its service."""
    demand = scenario.demand
    discharged = demand.discharge_people_per_month and baseline.discharge_lot is not None
    turning = demand.turning_18_per_year and (baseline.turning_18_lot is not None or baseline.children_lots)
    return bool(discharged or turning)


def flows(baseline: Baseline, scenario: Scenario, growing: Amounts, years: Array) -> Amounts:
    """What joins and leaves in each of some years, counted from the base year as 0.

    `growing` is the projection of these years without flows, of which those who leave take their part.
    """
    demand = scenario.demand
    shape = growing.people.shape
    year = years[:, None]
    people, hours = np.zeros(shape), np.zeros(shape)
    if demand.discharge_people_per_month and baseline.discharge_lot is not None:
        staying = demand.discharge_people_per_month * demand.discharge_weeks / WEEKS_A_MONTH
        staying *= 1 - demand.discharge_reablement_pct / 100
        joining = np.where(year >= 1, staying * baseline.older_share, 0.0)
        people[:, :, baseline.discharge_lot] += joining
        hours[:, :, baseline.discharge_lot] += joining * demand.discharge_hours
    turned = demand.turning_18_per_year * year
    if demand.turning_18_per_year and baseline.turning_18_lot is not None:
        joining = turned * baseline.children_share
        people[:, :, baseline.turning_18_lot] += joining
        hours[:, :, baseline.turning_18_lot] += joining * demand.turning_18_hours
    worth = priced(baseline, hours)
    uplift = (1 + scenario.price.uplift_pct / 100) ** year[:, :, None]
    parts = [people, hours, worth, worth.copy(), worth * uplift]
    if demand.turning_18_per_year and baseline.children_lots:
        share = left_share(baseline, growing.people, turned)
        for part, whole in zip(parts, fields(growing), strict=True):
            part -= getattr(growing, whole.name) * share
    return Amounts(*parts)


def priced(baseline: Baseline, hours: Array) -> Array:
    """What hours a week cost in a year at the base year's cost of an hour; 0 where there are none."""
    delivered, cost = baseline.delivered_hours, baseline.annual_cost
    hourly = safe_ratio(cost, WEEKS * delivered)
    for kind in {kind for kind, _ in baseline.lots}:
        same = np.array([other == kind for other, _ in baseline.lots])
        county = safe_ratio(float(cost[:, same].sum()), WEEKS * float(delivered[:, same].sum()))
        hourly = np.where(same & (delivered == 0), county, hourly)
    found: Array = np.where(hours == 0, 0.0, hours * WEEKS * hourly)
    return found


def left_share(baseline: Baseline, people: Array, turned: Array) -> Array:
    """The share of each lot's people who have turned 18 and left; `turned`: the county's, by year.

    Above 1 only in a scenario that was not checked: see `most_turning_18`.
    """
    children = list(baseline.children_lots)
    share = np.zeros_like(people)
    today = baseline.people[:, children]
    leaving = turned[:, :, None] * safe_ratio(today, np.full_like(today, today.sum()))
    now = people[:, :, children]
    share[:, :, children] = np.where(leaving == 0, 0.0, leaving / np.where(now > 0, now, np.nan))
    return share


def most_turning_18(baseline: Baseline, people: Array) -> tuple[float, int, int]:
    """How many children a year can turn 18 before a district has none left, and in which year (1 to T) and district.

    `people` are those of a projection without flows. Infinite where it is not known how many children there are.
    """
    children = list(baseline.children_lots)
    today = baseline.people[:, children].sum(axis=1)
    # In every year t: n x t x (children of the district today / those of the county) <= children of the district.
    there = people[1:, :, children].sum(axis=2)
    asked = np.arange(1, len(people))[:, None] * safe_ratio(today, np.full_like(today, today.sum()))
    most = np.divide(there, asked, out=np.full(there.shape, np.inf), where=asked > 0)
    year, district = np.unravel_index(int(np.argmin(most)), most.shape)
    return float(most[year, district]), int(year) + 1, int(district)
