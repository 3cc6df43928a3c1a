"""The projection: people, hours, capacity and cost, year by year and lot by lot.

For year t = 0..T, district d, service type s, cohort c (0 is the base year, and always equals today):

* growth(t) = index(d,c,t) x (1 + g)^t x (1 - dp x t/T) x (1 - re x t/T): ageing, need growth (the district's own where
  it has one), direct payments, reablement; for working age adults x (1 + p)^t, their growth of prevalence
* people(t) = people(0) x growth(t)
* hours(t) = hours(0) x growth(t) x (1 + h)^t x (1 - te x t/T): hours per person, technology
* demand_hours = delivered and waiting hours; delivered_hours alone follow the same path
* capacity_hours(t) = capacity(0) x (1 + k)^t x (1 - v0 - dv x t/T) / (1 - v0); providers that exit are gone from t = 1.
  Two more factors: (1 - share x loss x t/T), staff recruited from overseas, and (1 + c x t/T), a worker's contact hours
* cost(t) = annual cost(0) x hours(t) / hours(0) x (1 + u)^t x (1 + co x t/T x effect), the council-arranged spend:
  delivered hours at the lot's own hourly cost, with the price uplift and with the share `co` of its spot hours moved
  to the framework's rates (effect: lib.whatif.baseline.conversion_effect). It is the cost of meeting the need: hours
  that wait are not in it
* from t = 1 two kinds of people join people, needed, demand and cost. Discharge, in the main lot of older people: n a
  month x weeks / 4.33 x (1 - reablement share), shared by residents aged 65 and over, x hours each. Turning 18: n x t,
  shared as the children are, leave the children's lots, with their hours and cost in proportion, and join the main lot
  of working age adults in the adults' service, x hours each. What joins costs the lot's cost of an hour in the base
  year, or the county's for that service type where the lot has none, x (1 + u)^t
* needed = delivered_hours(t), the care already arranged, carried forward
* served(t) = min(needed, capacity); people served = people x served / needed; spend that capacity allows = cost x
  served / needed; all three are 0 where nothing is needed
* unmet(t) = demand - min(demand, capacity), the hours with no provider
* waiting with room(t) = min(demand, capacity) - served, hours that wait although a provider has room, so that served +
  waiting with room + unmet = demand
* where capacity(0) is below delivered(0), which the verb check warns of, delivered(0) x capacity(t) /
  capacity(0) counts as capacity for served and spend, so that year 0 is today (capacity(0) = 0: delivered(0) x the
  levers of capacity alone). Waiting with room is then below 0 by the hours delivered beyond capacity

What is not known today stays empty (NaN) in every year, and so do its sums: where capacity is not known, so are served,
unmet and spend.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from lib.pack.load import Pack
from lib.pack.ratios import safe_ratio
from lib.whatif.ageing import Array
from lib.whatif.baseline import Baseline, prepare
from lib.whatif.flows import Amounts, flows, has_flows
from lib.whatif.scenarios.scenario import Scenario

COLUMNS = [
    "year",
    "district_code",
    "service_type",
    "cohort",
    "people",
    "demand_hours",
    "capacity_hours",
    "gap_hours",
    "cost",
    "served_hours",
    "unmet_hours",
    "spend",
]
FURTHER_COLUMNS = ["delivered_hours", "shortfall_hours", "waiting_with_room_hours", "people_served"]


@dataclass(frozen=True, eq=False)
class Projection:
    """A projection as arrays: years (0 to T) by districts by lots. Hours a week; cost and spend in pounds a year.

    delivered_hours is the care already arranged, carried forward. capacity_levers is what the levers of capacity, but
    for exits, make of an hour of capacity, by year: it counts where a lot delivers hours and has no capacity today.
    cost_as_bought is the cost with every hour bought and priced as in the base year, cost_before_uplift the same with
    the hours that moved to the framework.
    """

    people: Array
    delivered_hours: Array
    demand_hours: Array
    capacity_hours: Array
    cost: Array
    capacity_levers: Array | float = 1.0
    cost_as_bought: Array = field(default_factory=lambda: np.array(np.nan))
    cost_before_uplift: Array = field(default_factory=lambda: np.array(np.nan))

    @property
    def gap_hours(self) -> Array:
        """Demand less capacity: above 0 is short, below 0 is spare."""
        return self.demand_hours - self.capacity_hours

    @property
    def shortfall_hours(self) -> Array:
        """Hours that a lot is short of, 0 where it has hours to spare."""
        return np.maximum(self.gap_hours, 0.0)

    @property
    def unmet_hours(self) -> Array:
        """Hours of demand with no provider: the shortfall of the lot, demand - min(demand, capacity)."""
        return self.shortfall_hours

    @cached_property
    def counted_capacity(self) -> Array:
        """Capacity as it counts for what is served: never below the hours delivered in the base year."""
        delivered, capacity = self.delivered_hours[0], self.capacity_hours[0]
        grown = safe_ratio(self.capacity_hours, np.broadcast_to(capacity, self.capacity_hours.shape))
        grown = np.where(capacity == 0, self.capacity_levers, grown)
        return np.where(capacity < delivered, delivered * grown, self.capacity_hours)

    @cached_property
    def served_hours(self) -> Array:
        """Hours of the care already arranged that capacity can serve; 0 where none is needed."""
        served = np.minimum(self.delivered_hours, self.counted_capacity)
        return np.where(self.delivered_hours == 0, 0.0, served)

    @cached_property
    def served_share(self) -> Array:
        """Served hours / needed hours; 0 where nothing is needed."""
        nothing = self.delivered_hours == 0
        return np.where(nothing, 0.0, self.served_hours / np.where(nothing, 1.0, self.delivered_hours))

    @property
    def people_served(self) -> Array:
        """The people whose hours are served."""
        return self.people * self.served_share

    @property
    def waiting_with_room_hours(self) -> Array:
        """Hours that wait although a provider has room: with served and unmet hours, they make demand."""
        return np.minimum(self.demand_hours, self.capacity_hours) - self.served_hours

    @property
    def spend(self) -> Array:
        """The spend that capacity allows, pounds a year: the cost of what is served."""
        return self.cost * self.served_share


def projected(baseline: Baseline, scenario: Scenario, *, ends: bool = False) -> Projection:
    """A scenario's projection as arrays. The scenario must be of the baseline's service, else ValueError.

    ends: of years 0 and T alone.
    """
    years = year_numbers(scenario)[[0, -1]] if ends else year_numbers(scenario)
    growing = without_flows(baseline, scenario, years)
    moving = flows_of(baseline, scenario, growing, years)
    if moving is None:
        return growing
    return replace(
        growing,
        people=growing.people + moving.people,
        delivered_hours=growing.delivered_hours + moving.hours,
        demand_hours=growing.demand_hours + moving.hours,
        cost=growing.cost + moving.cost,
        cost_as_bought=growing.cost_as_bought + moving.as_bought,
        cost_before_uplift=growing.cost_before_uplift + moving.before_uplift,
    )


def year_numbers(scenario: Scenario) -> Array:
    """The years of a projection: 0 to T."""
    return np.arange(scenario.years + 1, dtype=np.float64)


def flows_of(baseline: Baseline, scenario: Scenario, growing: Projection, years: Array) -> Amounts | None:
    """Who joins and leaves beside a projection of these years without them; None where nobody does."""
    if not has_flows(baseline, scenario):
        return None
    amounts = Amounts(
        growing.people, growing.delivered_hours, growing.cost_as_bought, growing.cost_before_uplift, growing.cost
    )
    return flows(baseline, scenario, amounts, years)


def without_flows(baseline: Baseline, scenario: Scenario, years: Array | None = None) -> Projection:
    """The projection without those who join and leave beyond growth (lib.whatif.flows). ValueError as `projected`.

    years: those to be worked out; every one where none are given.
    """
    if scenario.service != baseline.service:
        raise ValueError(f"the scenario is for {scenario.service}, the baseline for {baseline.service}")
    demand, supply = scenario.demand, scenario.supply
    numbers = year_numbers(scenario) if years is None else years
    year = numbers[:, None, None]
    done = year / scenario.years

    def compound(percent: float | Array) -> Array:
        return np.power(1 + np.asarray(percent) / 100, year)

    def reduced(percent: float) -> Array:
        return 1 - percent / 100 * done

    growth = compound(need_growth(baseline, scenario)[:, None])
    growth = growth * reduced(demand.direct_payment_shift_pct) * reduced(demand.reablement_reduction_pct)
    if demand.demographic:
        growth = growth * baseline.ageing[numbers.astype(np.intp)]
    if demand.prevalence_growth_pct:
        working_age = np.isin(np.arange(len(baseline.lots)), baseline.working_age_lots)
        growth = growth * np.where(working_age, compound(demand.prevalence_growth_pct), 1.0)
    hours = growth * compound(demand.hours_per_person_growth_pct) * reduced(demand.technology_reduction_pct)
    vacancy, change = supply.vacancy_rate_pct / 100, supply.vacancy_change_pts / 100
    in_post = (1 - vacancy - change * done) / (1 - vacancy)
    in_post = in_post * reduced(supply.overseas_share_pct * supply.overseas_loss_pct / 100)
    in_post = in_post * reduced(-supply.contact_hours_change_pct)
    left = baseline.holdings.without(supply.provider_exits, baseline.capacity_hours)
    staying = np.where(year >= 1, left, baseline.capacity_hours)
    price = compound(scenario.price.uplift_pct)
    as_bought = baseline.annual_cost * hours
    before_uplift = as_bought
    if supply.spot_conversion_pct:
        listed = 1 + supply.spot_conversion_pct / 100 * done * baseline.conversion_effect
        price, before_uplift = price * listed, as_bought * listed
    return Projection(
        people=baseline.people * growth,
        delivered_hours=baseline.delivered_hours * hours,
        demand_hours=(baseline.delivered_hours + baseline.waiting_hours) * hours,
        capacity_hours=staying * compound(supply.capacity_growth_pct) * in_post,
        cost=as_bought * price,
        capacity_levers=compound(supply.capacity_growth_pct) * in_post,
        cost_as_bought=as_bought,
        cost_before_uplift=before_uplift,
    )


def need_growth(baseline: Baseline, scenario: Scenario) -> Array:
    """Need growth of each district, percent a year: its own where the scenario gives one."""
    own = scenario.demand.district_need_growth_pct
    if not own:
        return np.full(len(baseline.districts), scenario.demand.need_growth_pct, dtype=np.float64)
    return np.array([own.get(code, scenario.demand.need_growth_pct) for code in baseline.districts])


def project(pack: Pack, scenario: Scenario, baseline: Baseline | None = None) -> pd.DataFrame:
    """A scenario's projection, one row a year, district and lot, empty lots too.

    Columns: year (in which the year starts), district_code, service_type, cohort, people, demand_hours (delivered and
    waiting), capacity_hours, gap_hours (demand less capacity), cost (of meeting the need, pounds a year), served_hours
    (of the care already arranged, what capacity can serve), unmet_hours (of demand, those with no provider), spend
    (that capacity allows, pounds a year), and further delivered_hours (the care already arranged, carried forward),
    shortfall_hours (the gap, where it is above 0), waiting_with_room_hours, people_served. Hours are hours a week;
    nothing is rounded. Rows stand in order of year, districts.csv and lots.csv. Where capacity is not known, what rests
    on it is empty.
    """
    start = baseline if baseline is not None else prepare(pack, scenario.service)
    result = projected(start, scenario)
    years, districts, lots = result.people.shape
    codes = np.array(start.lots, dtype=object)
    return pd.DataFrame(
        {
            "year": np.repeat(np.arange(start.base_year, start.base_year + years), districts * lots),
            "district_code": np.tile(np.repeat(np.array(start.districts, dtype=object), lots), years),
            "service_type": np.tile(codes[:, 0], years * districts),
            "cohort": np.tile(codes[:, 1], years * districts),
            **{name: getattr(result, name).ravel() for name in (*COLUMNS[4:], *FURTHER_COLUMNS)},
        }
    )
