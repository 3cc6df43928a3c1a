"""The ranked lists at work: who is offered new hours in a lot, in which order, and with how much room."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from lib.market.basis import rests_on
from lib.market.quality import OVERALL, passes_gate, provider_ratings
from lib.market.selection import unknown
from lib.pack.load import LOT, Pack


class Lot(NamedTuple):
    """One lot: a service and service type for a cohort in a district."""

    service: str
    district_code: str
    service_type: str
    cohort: str


def checked_lot(pack: Pack, service: str, district_code: str, service_type: str, cohort: str) -> Lot:
    """A lot of the pack; SelectionError says which code the pack does not have."""
    if service not in pack.manifest.services:
        raise unknown("service", service, pack.manifest.services)
    if district_code not in pack.district_names():
        raise unknown("district", district_code, pack.district_names())
    lots = pack.lots_of(service)
    for kind, code, column in (("service type", service_type, "service_type"), ("cohort", cohort, "cohort")):
        if code not in set(lots[column]):
            raise unknown(f"{kind} of {service}", code, dict.fromkeys(lots[column]))
    known = list(zip(lots["service_type"], lots["cohort"], strict=True))
    if (service_type, cohort) not in known:
        expected = [" / ".join(pair) for pair in known]
        raise unknown(f"lot of {service}", f"{service_type} / {cohort}", expected)
    return Lot(service, district_code, service_type, cohort)


def checked_providers(pack: Pack, provider_ids: tuple[str, ...]) -> tuple[str, ...]:
    """Providers of the pack, each once; SelectionError names one that the pack does not have."""
    known = set(pack.table("providers")["provider_id"])
    for provider_id in provider_ids:
        if provider_id not in known:
            some = sorted(known)
            shown = some if len(some) <= 6 else [*some[:3], "...", some[-1]]
            raise unknown("provider", provider_id, shown)
    return tuple(dict.fromkeys(provider_ids))


@lru_cache(maxsize=16)
def has_ranked_lists(pack: Pack, service: str) -> bool:
    """Whether a service is bought from a framework with ranked lists; otherwise its lists go by price.

    Where the capacity table has no rows of the service, the lots say whether they are a framework's.
    """
    capacity = pack.table("capacity")
    if not capacity["service"].eq(service).any():
        return bool(pack.lots_of(service)["framework"].fillna("").ne("").any())
    framework = [code for code, route in pack.manifest.routes.items() if route.framework]
    return bool((capacity["service"].eq(service) & capacity["route"].isin(framework)).any())


def has_gate(pack: Pack, service: str) -> bool:
    """Whether it can be said who passes the quality gate: there are ranked lists, and somebody has given ratings."""
    return has_ranked_lists(pack, service) and pack.given("ratings")


def list_noun(pack: Pack, service: str) -> str:
    """What the list of a lot's providers is called: ranked where there is a framework that ranks it."""
    return "ranked list" if has_ranked_lists(pack, service) else "list"


@rests_on("capacity")
@lru_cache(maxsize=4)
def call_off_order(pack: Pack) -> pd.DataFrame:
    """Every row of the capacity table, lot by lot in the order in which providers are offered new hours.

    Framework routes come first, in the manifest's order, each by rank; then the others, the cheapest provider first,
    and of two as cheap the one with more capacity. Columns: those of the capacity table, headroom_hours (capacity -
    delivered), free_hours (the same, but never below 0: what can still be placed, which is nothing where the capacity
    is not known: headroom_hours is empty there), passes_gate, place (0, 1, 2 ... in
    the lot's list). All hours are hours a week. Shared by all callers: change a copy.
    """
    rows = pack.table("capacity")
    routes = pack.manifest.routes
    framework = looked_up(rows["route"], {code: route.framework for code, route in routes.items()}).astype(bool)
    order = {code: place for place, code in enumerate(sorted(routes, key=lambda code: not routes[code].framework))}
    rows["headroom_hours"] = rows["capacity_hours"] - rows["delivered_hours"]
    rows["free_hours"] = rows["headroom_hours"].clip(lower=0.0).fillna(0.0)
    rows["passes_gate"] = looked_up(rows["provider_id"], passes_gate(pack).to_dict()).astype(bool)
    keys = rows[LOT].assign(
        route=looked_up(rows["route"], order),
        first=rows["rank"].astype("float64").where(framework, rows["hourly_rate"]),
        second=(-rows["capacity_hours"]).where(~framework, 0.0),
        provider=rows["provider_id"],
    )
    rows = rows.loc[keys.sort_values(list(keys.columns), kind="stable").index].reset_index(drop=True)
    return rows.assign(place=rows.groupby(LOT, sort=False).cumcount())


def looked_up(codes: pd.Series[str], known: Mapping[Any, Any]) -> pd.Series[Any]:
    """The value of every code, looked up once a code: a large pack repeats few codes in tens of thousands of rows."""
    places, names = pd.factorize(codes)
    return pd.Series(np.array([known[name] for name in names])[places], index=codes.index)


def lot_list(pack: Pack, lot: Lot) -> pd.DataFrame:
    """The list of one lot in call-off order: the columns of `call_off_order`. No row where nobody is on it."""
    rows: pd.DataFrame = call_off_order(pack).iloc[lot_places(pack).get(lot, [])].reset_index(drop=True)
    return rows


@lru_cache(maxsize=4)
def lot_places(pack: Pack) -> dict[Any, Any]:
    """Where each lot's rows stand in `call_off_order`: found once, as a large pack has tens of thousands of rows."""
    return dict(call_off_order(pack).groupby(LOT, sort=False).indices)


@rests_on(call_off_order, provider_ratings, "providers")
def ranked_list(pack: Pack, lot: Lot) -> pd.DataFrame:
    """One lot's list as people read it, in call-off order.

    Columns: place, route, rank (empty off the framework), provider_id, provider_name, one column a domain of the
    manifest (the rating), rated_on (of the overall rating; empty where not rated), rated_years (its age in years at
    the pack's date), delivered_hours, capacity_hours, headroom_hours, free_hours (hours a week), hourly_rate
    (pounds), performance_score (0-100), passes_gate.
    """
    rows = lot_list(pack, lot)
    ratings = provider_ratings(pack).reindex(rows["provider_id"])
    for domain in ratings.columns:
        rows[domain] = ratings[domain].to_numpy()
    names = pack.table("providers").set_index("provider_id")["provider_name"]
    rows["provider_name"] = rows["provider_id"].map(names)
    rows["rated_on"] = overall_dates(pack).reindex(rows["provider_id"]).to_numpy()
    rows["rated_years"] = (pd.Timestamp(pack.manifest.as_of) - rows["rated_on"]).dt.days / 365.25
    domains = list(pack.manifest.domains)
    columns = ["place", "route", "rank", "provider_id", "provider_name", *domains, "rated_on", "rated_years"]
    figures = ["delivered_hours", "capacity_hours", "headroom_hours", "free_hours", "hourly_rate", "performance_score"]
    return rows[[*columns, *figures, "passes_gate"]]


@lru_cache(maxsize=4)
def overall_dates(pack: Pack) -> pd.Series[pd.Timestamp]:
    """The date of each provider's overall rating, by provider_id; a provider without a rating has no entry."""
    ratings = pack.table("ratings")
    rated = [rating.name for rating in pack.manifest.ratings if rating.rated]
    ratings = ratings[ratings["domain"].eq(OVERALL) & ratings["rating"].isin(rated)]
    return ratings.set_index("provider_id")["rated_on"]
