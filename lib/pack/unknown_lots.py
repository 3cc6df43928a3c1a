"""The lots whose rows are missing from a market table: what is not known there, which is never the same as 0."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import pandas as pd

from lib.pack.load import LOT, Pack

Lot = tuple[str, str, str, str]
LotTable = Literal["demand", "requests", "capacity"]

# How far back the new requests of the history are held against the requests themselves.
MONTHS_BACK = 12


@lru_cache(maxsize=12)
def unknown_lots(pack: Pack, table: LotTable) -> frozenset[Lot]:
    """The lots of which a market table does not say what there is: (service, district_code, service_type, cohort).

    Every service type and cohort of lots.csv counts in every district.

    demand: a lot without a row is unknown, as a lot where nothing is bought has a row of 0.
    capacity: a lot without a row has no capacity where demand.csv says that nothing is bought there; where something is
        bought, or nobody knows, its capacity is unknown; so is every lot of a service without any row.
        Where nobody has given demand.csv at all, the rows that there are tell of all who serve a lot.
    requests: the lots of a district and cohort are unknown where there are fewer requests than the new requests that
        history.csv counts, in any of the last 12 months; without any row of a service all its lots are, unless
        history.csv has all those months and counts no new request in them.
    """
    every = pd.MultiIndex.from_frame(every_lot(pack))
    if table == "demand":
        return frozenset(every.difference(pd.MultiIndex.from_frame(pack.table("demand")[LOT])))
    if table == "capacity":
        return frozenset(without_capacity(pack, every))
    return frozenset(without_requests(pack, every))


def every_lot(pack: Pack) -> pd.DataFrame:
    """Each lot of lots.csv in each district: the columns of LOT."""
    lots = pack.table("lots")[["service", "service_type", "cohort"]]
    return lots.merge(pack.table("districts")[["district_code"]], how="cross")[LOT]


def last_months(pack: Pack, service: str) -> list[str]:
    """The months that a service's new requests are compared in, oldest first: up to the date of its data."""
    last = pd.Timestamp(pack.manifest.date_of(service)).to_period("M")
    return [str(last - back) for back in range(MONTHS_BACK - 1, -1, -1)]


@lru_cache(maxsize=4)
def request_counts(pack: Pack) -> pd.DataFrame:
    """The new requests of the last 12 months, as the two tables that have them count them.

    Columns: service, district_code, cohort, month, counted (by history.csv), found (in requests.csv); a row for each of
    history.csv, by month. It is kept: nothing may change it.
    """
    key = ["service", "district_code", "cohort", "month"]
    history, requests = pack.table("history"), pack.table("requests")
    months = pd.MultiIndex.from_tuples(
        [(service, month) for service in pack.manifest.services for month in last_months(pack, service)]
    )
    late = pd.MultiIndex.from_frame(history[["service", "month"]]).isin(months)
    counted = history[late].set_index(key)["new_requests"].rename("counted")
    month = requests["requested_on"].dt.to_period("M").astype(str)
    found = requests.assign(month=month).groupby(key).size().rename("found")
    both = counted.to_frame().join(found).fillna({"found": 0}).astype("int64").reset_index()
    return both.sort_values("month", kind="stable").reset_index(drop=True)


def fewer_requests(pack: Pack) -> pd.DataFrame:
    """The rows of `request_counts` with fewer requests in requests.csv than history.csv counts."""
    both = request_counts(pack)
    return both[both["found"] < both["counted"]].reset_index(drop=True)


def without_capacity(pack: Pack, every: pd.MultiIndex) -> list[Lot]:
    """The lots whose capacity is unknown."""
    capacity, demand = pack.table("capacity"), pack.table("demand")
    listed = set(pd.MultiIndex.from_frame(capacity[LOT].drop_duplicates()))
    services = set(capacity["service"])
    nothing_bought = set(pd.MultiIndex.from_frame(demand.loc[demand["hours_per_week"] == 0, LOT]))
    if not pack.given("demand"):
        return [lot for lot in every if lot[0] not in services]
    return [lot for lot in every if lot[0] not in services or (lot not in listed and lot not in nothing_bought)]


def without_requests(pack: Pack, every: pd.MultiIndex) -> list[Lot]:
    """The lots of which nobody knows what waits."""
    short = {(service, district, cohort) for service, district, cohort in fewer_requests(pack).iloc[:, :3].to_numpy()}
    services = set(pack.table("requests")["service"])
    none = {service for service in pack.manifest.services if service not in services}
    unsaid = {service for service in none if not none_is_known(pack, service)}
    return [
        (service, district, service_type, cohort)
        for service, district, service_type, cohort in every
        if service in unsaid or (service, district, cohort) in short
    ]


def none_is_known(pack: Pack, service: str) -> bool:
    """Whether history.csv counts 0 new requests of a service in each district, cohort and month of the last 12."""
    history, months = pack.table("history"), last_months(pack, service)
    rows = history[(history["service"] == service) & history["month"].isin(months)]
    cohorts = pack.lots_of(service)["cohort"].unique()
    expected = len(pack.table("districts")) * len(cohorts) * len(months)
    rows = rows[rows["cohort"].isin(cohorts)]
    return len(rows) == expected and bool((rows["new_requests"] == 0).all())
