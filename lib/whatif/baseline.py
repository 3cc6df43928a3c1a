"""Today, lot by lot, as arrays: what every projection of a service starts from. Prepared once, shared by all."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from lib.market.lots import lot_table, unknown_rows
from lib.market.selection import select
from lib.pack.load import Pack
from lib.pack.ratios import safe_ratio
from lib.whatif.ageing import Array, ageing_index
from lib.whatif.scenarios.scenario import LEVERS

MOST_YEARS = int(LEVERS["years"].high)
LOT_KEY = ["district_code", "service_type", "cohort"]


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
        providers: provider ids of the service.
        provider_capacity: providers by districts by lots, hours a week.
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
    providers: tuple[str, ...]
    provider_capacity: Array

    def __post_init__(self) -> None:
        """Make the arrays read-only: sessions share them."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

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
    capacity = pack.table("capacity")
    capacity = capacity[capacity["service"] == service]
    providers = tuple(sorted(capacity["provider_id"].unique()))
    by_provider = np.zeros((len(providers), *shape))
    place = (
        pd.Index(providers).get_indexer(pd.Index(capacity["provider_id"])),
        pd.Index(list(names)).get_indexer(pd.Index(capacity["district_code"])),
        pd.MultiIndex.from_tuples(lots).get_indexer(pd.MultiIndex.from_frame(capacity[["service_type", "cohort"]])),
    )
    np.add.at(by_provider, place, capacity["capacity_hours"].to_numpy(dtype=np.float64))
    effect = conversion_effect(pack, capacity).reindex(pd.MultiIndex.from_frame(table[LOT_KEY])).to_numpy()
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
        providers=providers,
        provider_capacity=by_provider,
    )


def average_rate(rows: pd.DataFrame) -> pd.Series[float]:
    """Pounds an hour by lot: rates weighted by delivered hours, by capacity where none are delivered, else plain.

    Plain, too, where a capacity that counts is unknown.
    """
    rates = pd.DataFrame(index=rows.groupby(LOT_KEY).size().index)
    for weight in (rows["delivered_hours"], rows["capacity_hours"], pd.Series(1.0, index=rows.index)):
        sums = rows[LOT_KEY].assign(weight=weight, paid=weight * rows["hourly_rate"])
        sums = sums.groupby(LOT_KEY).sum(skipna=False)
        rate = safe_ratio(sums["paid"], sums["weight"])
        rates["rate"] = rates["rate"].fillna(rate) if "rate" in rates else rate
    return rates["rate"]


def conversion_effect(pack: Pack, capacity: pd.DataFrame) -> pd.Series[float]:
    """What moving all of a lot's spot hours to the framework does to its hourly cost, as a relative change, by lot.

    effect = spot share x (framework rate - spot rate) / average rate, where the spot share is spot hours / delivered
    hours, the average rate is that of all delivered hours, and the framework rate is that of the framework's last tier
    that has a provider in the lot (tier 2, else tier 1). No entry where the lot delivers nothing, has no spot hours or
    no provider on the framework.
    """
    routes = pack.manifest.routes
    tiers = [code for code, route in routes.items() if route.framework]
    spot = capacity[~capacity["route"].isin(tiers)]
    framework = pd.Series(dtype="float64", index=pd.MultiIndex.from_arrays([[], [], []], names=LOT_KEY))
    for tier in reversed(tiers):
        listed = capacity[capacity["route"] == tier]
        if len(listed):
            rate = average_rate(listed)
            framework = rate if framework.empty else framework.combine_first(rate)
    if spot.empty or framework.empty:
        return framework.iloc[:0]
    hours = capacity.groupby(LOT_KEY)["delivered_hours"].sum()
    spot_hours = spot.groupby(LOT_KEY)["delivered_hours"].sum()
    share = spot_hours[spot_hours > 0] / hours
    effect = safe_ratio(share * (framework - average_rate(spot)), average_rate(capacity))
    return effect.dropna()
