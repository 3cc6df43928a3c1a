"""From spot to an agreed rate: what a purchasing mechanism would cost, quarter by quarter, while it is phased in.

For quarter q = 0..horizon (0 is today), with the weekly hours that the council arranges today, unchanged:

* share(q) = target x min(1, q / quarters): the share of hours bought at the agreed rate
* cost(q) = 13 x weekly hours x ((1 - share) x spot rate + share x agreed rate)
* the spot rate is the service's average cost of an hour, annual cost / (52 x hours), so that quarter 0 costs exactly
  13/52 of the year's spend. Where the hours are not known but modelled from the spend at an assumed rate, that rate can
  be moved: the spend stays, and the hours are annual cost / (52 x rate)
* people moved(q) = people x share; capacity(q) = capacity x (1 + change x share / target): the change of capacity is
  an assumption, and is complete when the share is
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd

from lib.market.basis import READERS_OWN, basis, rests_on, standing
from lib.market.lots import in_areas, lot_table, off_framework
from lib.market.selection import COUNTY_CODE, select
from lib.market.unknown import hole
from lib.market.wording import rounded
from lib.pack.faults import SelectionError, quoted
from lib.pack.load import Pack
from lib.pack.manifest import AssumedRate
from lib.pack.ratios import WEEKS, safe_ratio

WEEKS_A_QUARTER = WEEKS / 4
# Lowest and highest value of each setting, for the widgets and the link too; those of the rates: `setting_limits`.
LIMITS: dict[str, tuple[float, float]] = {
    "target_share_pct": (0, 100),
    "quarters": (1, 20),
    "horizon": (1, 24),
    "capacity_change_pct": (-50, 50),
}
WHOLE = ("quarters", "horizon")
RATE_STEP = 0.05  # pounds an hour
RATE_RANGE = (0.7, 1.3)  # of today's rate as the tables have it: how far the widgets move a rate
HALF_AN_HOUR = 0.5  # in a week: what the hours of the tables may differ by from those at the assumed rate
QUARTILES = {"lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.75}
RATE_COLUMNS = ["lowest", *QUARTILES, "highest", "mean"]


@dataclass(frozen=True)
class Transition:
    """A purchasing mechanism that is phased in. SelectionError says which setting is beyond its limits.

    Attributes:
        target_share_pct: share of hours that is bought at the agreed rate in the end, percent.
        quarters: quarters until the target is reached, in equal steps.
        horizon: last quarter that is shown; not before the target is reached.
        agreed_rate: pounds an hour.
        assumed_rate: pounds an hour today, where the tables rest on an assumed rate; None leaves it as they have it.
        capacity_change_pct: what the mechanism does to capacity, percent of today's (an assumption).
    """

    target_share_pct: float
    quarters: int
    horizon: int
    agreed_rate: float
    capacity_change_pct: float = 0.0
    assumed_rate: float | None = None

    def __post_init__(self) -> None:
        """Check every setting: limits in widgets alone would not hold."""
        for name, (low, high) in LIMITS.items():
            value = getattr(self, name)
            if not low <= value <= high or (name in WHOLE and value != int(value)):
                kind = "a whole number" if name in WHOLE else "a number"
                raise SelectionError(f"{name}: found {quoted(value)}, expected {kind} from {low:g} to {high:g}")
        if self.horizon < self.quarters:
            raise SelectionError(
                f"horizon: found {quoted(self.horizon)}, expected the quarters of phasing in or more, {self.quarters}"
            )
        for name in ("agreed_rate", "assumed_rate"):
            rate = getattr(self, name)
            if rate is not None and not 0 < rate < math.inf:
                raise SelectionError(f"{name}: found {quoted(rate)}, expected pounds an hour above 0")


@dataclass(frozen=True)
class Today:
    """A service as it is: delivered and capacity hours a week, people, pounds a year, and pounds an hour."""

    hours: float
    capacity: float
    people: float
    cost: float
    rate: float


@lru_cache(maxsize=16)
def today(pack: Pack, service: str) -> Today:
    """A service before any transition: kept, as every step of a slider asks again. SelectionError: see `spot_rate`."""
    lots = lot_table(pack, select(pack, service))
    county = select(pack, service).county()
    if unknown := hole(pack, county, COUNTY_CODE, "hourly_cost"):
        raise SelectionError(f"{service}: {unknown}, expected the hours and the cost of every lot")
    names = ("delivered_hours", "capacity_hours", "people", "annual_cost")
    hours, could, people, cost = (float(lots[name].sum(skipna=False)) for name in names)
    if unknown := hole(pack, county, COUNTY_CODE, "route_hours"):
        raise SelectionError(f"{service}: {unknown}, expected rows that say what is bought off the framework")
    capacity = pack.table("capacity")
    listed = capacity[(capacity["service"] == service) & ~capacity["route"].isin(off_framework(pack))]
    framework_hours = float(listed["delivered_hours"].sum())
    if framework_hours > 0:
        found = f"{framework_hours:,.0f} hours a week on a framework"
        raise SelectionError(f"{service}: found {found}, expected a service that is bought off the framework")
    if hours <= 0:
        raise SelectionError(f"{service}: found no delivered hours, expected hours to move to an agreed rate")
    if not cost > 0:
        raise SelectionError(f"{service}: found no cost of its hours, expected a rate to move from")
    return Today(hours, could, people, cost, cost / (WEEKS * hours))


@rests_on("demand")
def spot_rate(pack: Pack, service: str) -> float:
    """The average cost of an hour of a service that is bought off a framework: annual cost / (52 x hours), in pounds.

    SelectionError where the service delivers no hours, where they cost nothing, or where a framework already delivers
    some: their cost is in the average, so it would be no spot rate.
    """
    return today(pack, service).rate


def assumed_rate(pack: Pack, service: str) -> AssumedRate | None:
    """The assumed rate that the hours of a service rest on; None where they rest on none.

    A council that supplies its own hours has no use for the assumption, whatever the manifest still says: it holds only
    while the hours are those that the spend buys at the rate. SelectionError: see `spot_rate`.
    """
    assumed = pack.service(service).assumed_hourly_rate
    if assumed is None or standing(pack, "demand").status in ("supplied", "published"):
        return None
    now = today(pack, service)
    return assumed if abs(now.hours - now.cost / (WEEKS * assumed.value)) <= HALF_AN_HOUR else None


def setting_limits(pack: Pack, service: str) -> dict[str, tuple[float, float]]:
    """Lowest and highest value of each setting as the widgets and the link have them. SelectionError: see `spot_rate`.

    The rates end 30% below and above today's, in pence; a rate is above 0 even where today's is a fraction of a penny.
    """
    rate = spot_rate(pack, service)
    least, most = (rounded(share * rate, 2) for share in RATE_RANGE)
    low = max(least, 0.01)
    ends = (low, max(most, low + RATE_STEP))
    return {**LIMITS, "agreed_rate": ends} | ({"assumed_rate": ends} if assumed_rate(pack, service) else {})


# What a quarter costs, and whose packages have moved; today's capacity stands beside them in the table.
COSTS = basis(spot_rate).assuming(READERS_OWN).ahead()


@rests_on(COSTS, "capacity")
def transition(pack: Pack, service: str, settings: Transition) -> pd.DataFrame:
    """What a transition comes to, one row a quarter, from 0 (today) to the horizon.

    Columns: quarter, share (0 to 1), spot_hours and agreed_hours (hours a week), people_moved (those whose packages
    have moved), cost, cost_as_today (all hours at the spot rate) and difference (cost - cost_as_today), all in pounds a
    quarter, capacity_hours (hours a week). Nothing is rounded. SelectionError: see `spot_rate`.
    """
    now = today(pack, service)
    if settings.assumed_rate is not None:
        if assumed_rate(pack, service) is None:
            found, must = quoted(settings.assumed_rate), f"none: the hours of {service} rest on no assumed rate"
            raise SelectionError(f"assumed_rate: found {found}, expected {must}")
        now = replace(now, hours=now.cost / (WEEKS * settings.assumed_rate), rate=settings.assumed_rate)
    quarter = np.arange(int(settings.horizon) + 1)
    phase = np.minimum(1.0, quarter / settings.quarters)
    share = settings.target_share_pct / 100 * phase
    # Nothing is bought at an agreed rate at a target of 0: then it cannot change capacity either.
    change = settings.capacity_change_pct / 100 if settings.target_share_pct > 0 else 0.0
    as_today = np.full(len(quarter), WEEKS_A_QUARTER / WEEKS * now.cost)
    # Only what moves changes the cost: equal rates then give a difference of exactly 0.
    difference = WEEKS_A_QUARTER * now.hours * share * (settings.agreed_rate - now.rate)
    return pd.DataFrame(
        {
            "quarter": quarter,
            "share": share,
            "spot_hours": now.hours * (1 - share),
            "agreed_hours": now.hours * share,
            "people_moved": now.people * share,
            "cost": as_today + difference,
            "cost_as_today": as_today,
            "difference": difference,
            "capacity_hours": now.capacity * (1 + change * phase),
        }
    )


def weighted_quantile(rates: pd.Series[float], hours: pd.Series[float], level: float) -> float:
    """The lowest rate at or below which at least `level` (0 to 1) of the hours are bought. Empty without hours."""
    if rates.empty:
        return math.nan
    order = rates.sort_values(kind="stable").index
    reached = hours.loc[order].cumsum().to_numpy()
    # A share of the hours that is reached but for the last digit of a float is reached.
    place = int(np.argmax(reached >= level * reached[-1] * (1 - 1e-12)))
    return float(rates.loc[order].iloc[place])


def rate_spread(rows: pd.DataFrame) -> dict[str, float]:
    """Providers, hours and the spread of rates of rows of the capacity table, as `spot_rates` describes them."""
    bought = rows[rows["delivered_hours"] > 0].reset_index(drop=True)
    rates, hours = bought["hourly_rate"], bought["delivered_hours"]
    total = float(hours.sum())
    return {
        "providers": bought["provider_id"].nunique(),
        "hours": total,
        "lowest": float(rates.min()),
        **{name: weighted_quantile(rates, hours, level) for name, level in QUARTILES.items()},
        "highest": float(rates.max()),
        "mean": safe_ratio(float((rates * hours).sum()), total),
    }


@rests_on("capacity")
def spot_rates(pack: Pack, service: str) -> pd.DataFrame:
    """The spread of rates that providers charge off the framework: the county first, then one row a district.

    Every rate counts by the hours delivered at it: a quartile is the lowest rate at or below which at least that share
    of the hours are bought, the mean is sum of rate x hours / hours; an offer that delivers nothing counts for nothing.

    Columns: area_code ("all" for the county), area_name, providers, hours (a week), lowest, lower_quartile, median,
    upper_quartile, highest, mean (pounds an hour). Rates are empty where no hours are bought off the framework.
    """
    selection = select(pack, service)
    rows = in_areas(pack, pack.table("capacity"), selection)
    rows = rows[rows["route"].isin(off_framework(pack))]
    areas = {COUNTY_CODE: (pack.manifest.area, rows)}
    areas |= {code: (name, rows[rows["area_code"] == code]) for code, name in pack.district_names().items()}
    return pd.DataFrame(
        [{"area_code": code, "area_name": name, **rate_spread(part)} for code, (name, part) in areas.items()]
    )[["area_code", "area_name", "providers", "hours", *RATE_COLUMNS]]
