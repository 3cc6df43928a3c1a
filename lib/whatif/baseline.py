"""Today, lot by lot, as arrays: what every projection of a service starts from. Prepared once, shared by all."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from lib.market.coded import service_rows
from lib.market.lots import lot_table, unknown_rows
from lib.market.rurality import older_residents
from lib.market.selection import select
from lib.pack.load import Pack
from lib.pack.ratios import safe_ratio
from lib.whatif.ageing import Array, ageing_index
from lib.whatif.cohorts import Lot, lots_of_ages, service_of_ages, turns_18
from lib.whatif.holdings import Holdings, holdings
from lib.whatif.scenarios.scenario import LEVERS

MOST_YEARS = int(LEVERS["years"].high)
RATES = ["route", "capacity_hours", "delivered_hours", "hourly_rate"]


@dataclass(frozen=True, eq=False)
class Baseline:
    """A service today. Arrays are districts by lots, in the order of districts.csv and lots.csv, and read-only.

    Attributes:
        service, base_year: the service and its year 0.
        districts, district_names: codes and names.
        lots: (service_type, cohort) of each column.
        people: people supported.
        delivered_hours, waiting_hours, capacity_hours: hours a week; empty (NaN), like people and annual_cost, where
            nobody knows them (see lib.market.lots.lot_table).
        annual_cost: pounds a year.
        conversion_effect: relative change of the lot's average hourly cost if all of its spot hours moved to framework
            rates (see `conversion_effect`); 0 where nothing can move, empty where it is not known who delivers there.
        ageing: years (0 to 15) by districts by lots; empty (NaN) beyond the population projection.
        holdings: whose capacity it is, provider by provider and lot by lot.
        working_age_lots: the columns of the lots of working age adults.
        discharge_lot: the column of the main lot of older people, whom discharge from hospital adds to; or None.
        older_share: each district's share of the county's residents aged 65 and over.
        children_lots: the columns of children's lots, whom those who turn 18 leave.
        turning_18_lot: the column of the main lot of working age adults, whom those who turn 18 join; or None.
        children_share: each district's share of the county's children who are supported, in the children's service.
    """

    service: str
    base_year: int
    districts: tuple[str, ...]
    district_names: tuple[str, ...]
    lots: tuple[tuple[str, str], ...]
    people: Array
    delivered_hours: Array
    waiting_hours: Array
    capacity_hours: Array
    annual_cost: Array
    conversion_effect: Array
    ageing: Array
    holdings: Holdings
    working_age_lots: tuple[int, ...] = ()
    discharge_lot: int | None = None
    older_share: Array = field(default_factory=lambda: np.zeros(0))
    children_lots: tuple[int, ...] = ()
    turning_18_lot: int | None = None
    children_share: Array = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        """Make the arrays read-only: sessions share them."""
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    @property
    def providers(self) -> tuple[str, ...]:
        """Provider ids of the service."""
        return self.holdings.providers

    def district(self, code: str) -> int:
        """The row of a district; ValueError where the pack has none of that code."""
        return self.districts.index(code)


def prepare(pack: Pack, service: str) -> Baseline:
    """The baseline of a service; SelectionError where the pack has no such service."""
    table = lot_table(pack, select(pack, service))
    names = pack.district_names()
    lots_frame = pack.lots_of(service)
    lots = tuple(zip(lots_frame["service_type"], lots_frame["cohort"], strict=True))
    shape = (len(names), len(lots))

    def grid(column: str) -> Array:
        return table[column].to_numpy(dtype=np.float64).reshape(shape)

    index = ageing_index(pack, service, MOST_YEARS)
    flat = np.ones((MOST_YEARS + 1, len(names)))
    ageing = np.stack([index.get(cohort, flat) for _, cohort in lots], axis=2)
    rows = service_rows(pack, service)
    serving, which = np.unique(rows.provider, return_inverse=True)
    names_of = pack.table("providers")["provider_id"].to_numpy(dtype=object)[serving]
    order = np.argsort(names_of, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    lot = rows.district.astype(np.int64) * len(lots) + rows.lot
    held = holdings(tuple(names_of[order]), place[which], lot, rows.capacity_hours, shape[0] * shape[1])
    capacity = pack.table("capacity")
    # Without the columns of words: they are most of a large table.
    rates = capacity.loc[capacity["service"] == service, RATES].assign(lot=lot)
    effect = conversion_effect(pack, rates).reindex(table.index).to_numpy()
    table["effect"] = np.where(unknown_rows(pack, "capacity", table), np.nan, np.nan_to_num(effect))
    return Baseline(
        service=service,
        base_year=pack.service(service).base_year,
        districts=tuple(names),
        district_names=tuple(names.values()),
        lots=lots,
        people=grid("people"),
        delivered_hours=grid("delivered_hours"),
        waiting_hours=grid("waiting_hours"),
        capacity_hours=grid("capacity_hours"),
        annual_cost=grid("annual_cost"),
        conversion_effect=grid("effect"),
        ageing=ageing,
        holdings=held,
        **flow_lots(pack, service, lots),
    )


@lru_cache(maxsize=8)
def kept_baseline(pack: Pack, service: str) -> Baseline:
    """The baseline of a service, kept: for checks that every step of a slider makes."""
    return prepare(pack, service)


def flow_lots(pack: Pack, service: str, lots: tuple[Lot, ...]) -> dict[str, Any]:
    """The attributes of Baseline that say whom its levers of working age and of those who join and leave are about."""
    older, working_age = (lots_of_ages(pack, service, ages) for ages in ("older", "working_age"))
    found: dict[str, Any] = {"working_age_lots": tuple(lots.index(lot) for lot in working_age)}
    if older:
        residents = older_residents(pack, pack.service(service).base_year)
        found |= {"discharge_lot": lots.index(older[0]), "older_share": shares_of(residents)}
    if turns_18(pack, service):
        leaves, joins = service_of_ages(pack, "children"), service_of_ages(pack, "working_age")
        children = lots_of_ages(pack, leaves, "children")
        rows = lot_table(pack, select(pack, leaves, cohorts=sorted({cohort for _, cohort in children})))
        people = rows.groupby("district_code")["people"].sum(min_count=1, skipna=False)
        found["children_share"] = shares_of(people.reindex(list(pack.district_names())))
        if service == leaves:
            found["children_lots"] = tuple(lots.index(lot) for lot in children)
        if service == joins:
            found["turning_18_lot"] = lots.index(working_age[0])
    return found


def shares_of(counts: pd.Series[float]) -> Array:
    """Each part's share of the sum; empty where a part is not known or the sum is 0."""
    parts: Array = np.asarray(counts, dtype=np.float64)
    return safe_ratio(parts, np.full_like(parts, parts.sum()))


def average_rate(rows: pd.DataFrame) -> pd.Series[float]:
    """Pounds an hour by lot: rates weighted by delivered hours, by capacity where none are delivered, else plain.

    Plain, too, where a capacity that counts is unknown.
    """
    rates = pd.DataFrame(index=rows.groupby("lot").size().index)
    for weight in (rows["delivered_hours"], rows["capacity_hours"], pd.Series(1.0, index=rows.index)):
        sums = rows[["lot"]].assign(weight=weight, paid=weight * rows["hourly_rate"])
        sums = sums.groupby("lot").sum(skipna=False)
        rate = safe_ratio(sums["paid"], sums["weight"])
        rates["rate"] = rates["rate"].fillna(rate) if "rate" in rates else rate
    return rates["rate"]


def conversion_effect(pack: Pack, capacity: pd.DataFrame) -> pd.Series[float]:
    """What moving all of a lot's spot hours to the framework does to its hourly cost, as a relative change, by lot.

    effect = spot share x (framework rate - spot rate) / average rate, where the spot share is spot hours / delivered
    hours, the average rate is that of all delivered hours, and the framework rate is that of the framework's last tier
    that has a provider in the lot (tier 2, else tier 1). No entry where the lot delivers nothing, has no spot hours or
    no provider on the framework.

    capacity: the service's rows, with RATES and lot, the place of the district's lot among all: the result's index too.
    """
    routes = pack.manifest.routes
    tiers = [code for code, route in routes.items() if route.framework]
    spot = capacity[~capacity["route"].isin(tiers)]
    framework = pd.Series(dtype="float64", index=pd.Index([], dtype="int64"))
    for tier in reversed(tiers):
        listed = capacity[capacity["route"] == tier]
        if len(listed):
            rate = average_rate(listed)
            framework = rate if framework.empty else framework.combine_first(rate)
    if spot.empty or framework.empty:
        return framework.iloc[:0]
    hours = capacity.groupby("lot")["delivered_hours"].sum()
    spot_hours = spot.groupby("lot")["delivered_hours"].sum()
    share = spot_hours[spot_hours > 0] / hours
    effect = safe_ratio(share * (framework - average_rate(spot)), average_rate(capacity))
    return effect.dropna()
