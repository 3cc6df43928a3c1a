"""Candidates for a transfer of care: care of a provider far from its others, where another provider already works.

Always by agreement: with the person, the family and both providers. What is found is a place to look, no finding about
any provider. Two views, as the pack knows two things. `lone_packages` goes package by package, where the requests say
with whom they were placed: it knows the ward and since when, and nothing of care that is older than the requests.
`thin_presence` goes by district, from all hours that are delivered: it knows every hour, and nothing of people.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from lib.market.basis import rests_on
from lib.market.travel import Array, road_km, with_points
from lib.pack.load import LOT, Pack

PACKAGES = [
    "request_id", "provider_id", "district_code", "ward_code", "service_type", "cohort", "hours_per_week", "days_with",
    "nearest_km", "own_hours", "beside_id", "beside_packages", "beside_hours", "room_hours",
]  # fmt: skip
PRESENCES = [
    "provider_id", "district_code", "lots", "delivered_hours", "nearest_code", "nearest_km", "beside_id",
    "beside_hours", "has_room", "packages",
]  # fmt: skip
# Another provider is there already where it has as many packages nearby.
LEAST_BESIDE = 2
# A provider is thin on the ground in a district where it delivers less than so many carers' weeks there.
THIN_CARERS = 2
RULE = (
    f"A provider is looked at where it delivers less than {THIN_CARERS} carers' weeks in a district. A district's "
    "middle is the mean of its wards' points."
)


@rests_on("requests", "wards")
def placed_packages(pack: Pack, service: str) -> pd.DataFrame:
    """The requests of a service that were placed with a provider that is known, in a ward that is known.

    Columns: request_id, provider_id, district_code, ward_code, latitude, longitude (degrees), service_type, cohort,
    hours_per_week, days_with (from the day of placement to the date of the service's data). By request_id. Whether the
    care has ended since, no table says.
    """
    rows = pack.table("requests")
    rows = rows[(rows["service"] == service) & rows["placed_on"].notna() & rows["provider_id"].notna()]
    rows = with_points(rows, pack.table("wards"))
    rows = rows[rows["latitude"].notna() & rows["longitude"].notna()]
    days = (pd.Timestamp(pack.manifest.date_of(service)) - rows["placed_on"]).dt.days.astype("float64")
    columns = [
        "request_id", "provider_id", "district_code", "ward_code", "latitude", "longitude", "service_type", "cohort",
        "hours_per_week", "days_with",
    ]  # fmt: skip
    rows = rows.assign(days_with=days, hours_per_week=rows["hours_per_week"].astype("float64"))
    return rows[columns].sort_values("request_id", kind="stable", ignore_index=True)


@rests_on(placed_packages, "capacity")
def lone_packages(
    pack: Pack, service: str, far_km: float, near_km: float, carer_hours: float, placed: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Packages further than far_km by road from every other package of their provider, with another provider nearby.

    Only of providers that are thin on the ground in the district (THIN_CARERS): of others it delivers more there than
    the requests tell of, and what is older may be next door.
    Nearby: another provider has LEAST_BESIDE packages of the same service type or more within near_km. Of several, one
    that is known to have room for the hours, then the one with most packages, then with most hours, then by its id.
    A provider with one package alone has no others to be far from, and is left out. The furthest first: PACKAGES.

    nearest_km: to the provider's nearest other package. own_hours: what the provider delivers in the district in all, a
    week. room_hours: what the other has left in this lot of the district, a week; 0 where it is on no list there, NaN
    where it is not known. placed: as `placed_packages` returns them, where they are worked out already.
    """
    packages = (placed_packages(pack, service) if placed is None else placed).copy()
    nearest = nearest_of_own(packages)
    capacity = pack.table("capacity")
    capacity = capacity[capacity["service"] == service]
    own = capacity.groupby(["provider_id", "district_code"])["delivered_hours"].sum()
    there = pd.MultiIndex.from_frame(packages[["provider_id", "district_code"]])
    packages["own_hours"] = own.reindex(there).fillna(0.0).to_numpy()
    thin = packages["own_hours"] < THIN_CARERS * carer_hours
    lone = packages.assign(nearest_km=nearest)[thin & (nearest > far_km) & np.isfinite(nearest)]
    room = room_in_lots(capacity)
    rows = []
    for row in lone.to_dict("records"):
        beside = providers_beside(packages, row, near_km)
        if beside.empty:
            continue
        lot = tuple(row[name] for name in LOT[1:])
        beside["room_hours"] = [room.get((code, *lot), 0.0) for code in beside.index]
        beside["fits"] = beside["room_hours"] >= row["hours_per_week"]
        first = (
            beside.sort_values(
                ["fits", "packages", "hours", "provider_id"], ascending=[False, False, False, True], kind="stable"
            )
            .reset_index()
            .iloc[0]
        )
        rows.append(
            {
                **row,
                "beside_id": first["provider_id"],
                "beside_packages": int(first["packages"]),
                "beside_hours": float(first["hours"]),
                "room_hours": float(first["room_hours"]),
            }
        )
    found = pd.DataFrame(rows, columns=PACKAGES)
    return found.sort_values(["nearest_km", "request_id"], ascending=[False, True], kind="stable", ignore_index=True)


def nearest_of_own(packages: pd.DataFrame) -> Array:
    """Kilometres by road from each package to the nearest other of its provider: infinite where it has no other."""
    nearest: Array = np.full(len(packages), np.inf)
    wards = packages["ward_code"].to_numpy(str)
    latitudes, longitudes = packages["latitude"].to_numpy(float), packages["longitude"].to_numpy(float)
    for places in packages.groupby("provider_id").indices.values():
        # Ward by ward: a provider may have thousands of packages, in some hundred wards.
        _, first, ward, number = np.unique(wards[places], return_index=True, return_inverse=True, return_counts=True)
        latitude, longitude = latitudes[places][first], longitudes[places][first]
        apart = road_km(latitude[:, None], longitude[:, None], latitude, longitude)
        np.fill_diagonal(apart, np.where(number > 1, 0.0, np.inf))
        nearest[places] = apart.min(axis=1)[ward]
    return nearest


def providers_beside(packages: pd.DataFrame, one: dict[Any, Any], near_km: float) -> pd.DataFrame:
    """The other providers with enough packages of a package's service type nearby: packages, hours, by provider_id."""
    others = packages[
        (packages["service_type"] == one["service_type"]) & (packages["provider_id"] != one["provider_id"])
    ]
    apart = road_km(one["latitude"], one["longitude"], others["latitude"], others["longitude"])
    hours = others[apart <= near_km].groupby("provider_id")["hours_per_week"]
    found = pd.DataFrame({"packages": hours.size(), "hours": hours.sum()})
    return found[found["packages"] >= LEAST_BESIDE]


def room_in_lots(capacity: pd.DataFrame) -> dict[tuple[str, ...], float]:
    """Capacity beyond what is delivered, hours a week, by provider and lot; NaN where a capacity is not known.

    capacity: one service's rows.
    """
    lots = ["provider_id", *LOT[1:]]
    left = (capacity["capacity_hours"] - capacity["delivered_hours"]).groupby([capacity[name] for name in lots])
    hours = left.sum(skipna=False).clip(lower=0.0)
    return {tuple(key): float(value) for key, value in zip(hours.index.tolist(), hours, strict=True)}


# What each provider delivers in a district: hours a week by service type and cohort.
Delivered = Mapping[str, Mapping[tuple[str, str], float]]


@rests_on("capacity", "wards", "requests")
def thin_presence(
    pack: Pack, service: str, far_km: float, carer_hours: float, placed: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Districts in which a provider is thin on the ground, far from where it delivers more: PRESENCES.

    Far: the middle of the nearest other district in which it is not thin is further than far_km by road; a district's
    middle is the mean of its wards' points. With another provider that delivers in every one of the same lots there:
    one known to have room for all the hours, then the one with most hours in them, then by its id. The furthest first.

    lots: (service type, cohort) of each. has_room: None where it is not known. packages: the requests of the provider
    that were placed there, as far as the requests name their provider. placed: as `placed_packages` returns them, where
    they are worked out already.
    """
    capacity = pack.table("capacity")
    capacity = capacity[capacity["service"] == service]
    room = room_in_lots(capacity)
    in_lots = capacity[capacity["delivered_hours"] > 0].groupby([*LOT[1:], "provider_id"])["delivered_hours"].sum()
    delivered: dict[str, dict[str, dict[tuple[str, str], float]]] = {}
    for (district, kind, cohort, provider), hours in zip(in_lots.index.tolist(), in_lots.tolist(), strict=True):
        delivered.setdefault(district, {}).setdefault(provider, {})[kind, cohort] = hours
    middle = pack.table("wards").groupby("district_code")[["latitude", "longitude"]].mean()
    bases: dict[str, list[str]] = {}
    for district, providers in delivered.items():
        for provider, lots in providers.items():
            if sum(lots.values()) >= THIN_CARERS * carer_hours:
                bases.setdefault(provider, []).append(district)
    known = placed_packages(pack, service) if placed is None else placed
    packages = known.groupby(["provider_id", "district_code"]).size()
    rows = []
    for district, providers in delivered.items():
        for provider, lots in providers.items():
            if district in bases.get(provider, []):
                continue
            code, apart = nearest_base(bases.get(provider, []), district, middle)
            beside, hours, has_room = (
                most_able(providers, room, provider, district) if apart > far_km else ("", 0.0, None)
            )
            if beside:
                number = int(packages.get((provider, district), 0))
                own = sum(lots.values())
                rows.append((provider, district, tuple(lots), own, code, apart, beside, hours, has_room, number))
    found = pd.DataFrame(rows, columns=PRESENCES)
    return found.sort_values(
        ["nearest_km", "provider_id", "district_code"], ascending=[False, True, True], kind="stable", ignore_index=True
    )


def nearest_base(bases: list[str], district: str, middle: pd.DataFrame) -> tuple[str, float]:
    """The nearest of some districts to another, and how far their middles are apart by road.

    middle: latitude and longitude by district. "" and NaN where there is none, or it is not known where one lies.
    """
    known = middle.reindex(bases).dropna()
    if known.empty or district not in middle.index:
        return "", float("nan")
    here = middle.loc[district]
    apart = road_km(here["latitude"], here["longitude"], known["latitude"], known["longitude"])
    return str(known.index[int(apart.argmin())]), float(apart.min())


def most_able(
    providers: Delivered, room: Mapping[tuple[str, ...], float], provider: str, district: str
) -> tuple[str, float, bool | None]:
    """The other provider of a district that could take over a provider's lots: its id, its hours, whether it has room.

    "" where no other delivers in each of them. room: as `room_in_lots` returns it.
    """
    needed, rows = providers[provider], []
    for other, lots in providers.items():
        if other == provider or not needed.keys() <= lots.keys():
            continue
        left = [room[other, district, *lot] - hours for lot, hours in needed.items()]
        has_room = False if any(hours < 0 for hours in left) else None if any(map(math.isnan, left)) else True
        rows.append((has_room is not True, -sum(lots[lot] for lot in needed), other, has_room))
    if not rows:
        return "", 0.0, None
    _, hours, other, has_room = min(rows, key=lambda row: row[:3])
    return other, -hours, has_room
