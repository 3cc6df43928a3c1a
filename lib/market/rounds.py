"""Rounds: requests that one carer could serve on one way, joined where no two of them lie too far apart.

The rule. Only requests of one service type are joined. Each ward is a place; all its requests stand at its point. The
two nearest places are joined first, then the next nearest, and so on; two groups of places become one where no two
places of both would be further apart than the radius (complete linkage), and stay as they are where two would. Of
pairs as near, the one whose ward codes come first is first, so the order of the rows changes nothing. Distance is as
`lib.market.travel.road_km` has it; within a ward it is not known and counts as 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lib.market.travel import ROAD_FACTOR, pairs_within, road_km

ROUND = "A round is of one service type, and no two of its wards are further apart than the radius."
RULE = (
    "Requests of one service type are joined, the nearest wards first, as long as no two wards of a round are further "
    "apart than the radius. All requests of a ward count as being at its one point."
)
# What does not fit into a carer's week but for the last digit of a float does fit.
_TOLERANCE = 1e-9
TABLE = [
    "round", "service_type", "ward_code", "latitude", "longitude", "wards", "requests", "hours_per_week", "widest_km",
    "longest_wait", "carer_requests", "carer_hours", "carers",
]  # fmt: skip


def joined(requests: pd.DataFrame, radius_km: float, factor: float = ROAD_FACTOR) -> pd.DataFrame:
    """The requests with the round that each is in: every one that has a point is in exactly one.

    requests: request_id, service_type, ward_code, latitude, longitude (degrees, NaN where not known), hours_per_week.
    radius_km: kilometres by road that no two wards of a round may lie apart. Returns the same rows, by request_id, with
    `round`: from 1, those of several requests first and of these the one with most hours; <NA> without a point.
    """
    rows = requests.sort_values("request_id", kind="stable", ignore_index=True)
    placed = rows[rows["latitude"].notna() & rows["longitude"].notna()]
    # A round is known by its service type and the first of its wards.
    first = pd.Series(pd.NA, index=rows.index, dtype="object")
    for _, of_type in placed.groupby("service_type", sort=True):
        places = of_type.drop_duplicates("ward_code").sort_values("ward_code", ignore_index=True)
        group_of = dict(zip(places["ward_code"], _groups(places, radius_km, factor), strict=True))
        first.loc[of_type.index] = of_type["ward_code"].map(group_of)
    known = rows.assign(first=first).loc[placed.index].groupby(["service_type", "first"])["hours_per_week"]
    order = known.agg(["size", "sum"]).reset_index()
    order["alone"] = order["size"] == 1
    order = order.sort_values(
        ["alone", "sum", "size", "service_type", "first"], ascending=[True, False, False, True, True]
    )
    number = pd.Series(
        range(1, len(order) + 1), pd.MultiIndex.from_frame(order[["service_type", "first"]]), dtype="Int64"
    )
    asked = pd.MultiIndex.from_arrays([rows["service_type"], first])
    return rows.assign(round=number.reindex(asked).array)


def _groups(places: pd.DataFrame, radius_km: float, factor: float) -> list[str]:
    """The first ward of the group that each place ends up in. places: ward_code, latitude, longitude, by ward_code."""
    one, other, apart = pairs_within(places, radius_km, factor)
    # To the millimetre: as near is as near, whatever the last digit of a float.
    order = np.lexsort((other, one, np.round(apart, 6)))
    group = list(range(len(places)))
    members = [[place] for place in group]
    # Between groups, each known by its first place: whether every place of one is near every place of the other.
    near = np.zeros((len(places), len(places)), dtype=bool)
    near[one, other] = near[other, one] = True
    for pair in zip(one[order].tolist(), other[order].tolist(), strict=True):
        first, second = sorted((group[pair[0]], group[pair[1]]))
        if first != second and near[first, second]:
            near[first] &= near[second]
            near[:, first] = near[first]
            members[first] += members[second]
            for place in members[second]:
                group[place] = first
    codes = places["ward_code"].astype(str).tolist()
    return [codes[first] for first in group]


def fits(requests: pd.DataFrame, carer_hours: float) -> pd.DataFrame:
    """Those requests that one carer could serve: whole packages, the longest wait first, each that still fits.

    requests: request_id, hours_per_week, days_waiting. carer_hours: hours of care that a carer gives in a week.
    """
    order = requests.sort_values(["days_waiting", "request_id"], ascending=[False, True], kind="stable")
    return order[_taken([0] * len(order), order["hours_per_week"].tolist(), carer_hours)]


def _taken(rounds: list[int], hours: list[float], carer_hours: float) -> list[bool]:
    """Which of some requests one carer of each round takes, in their order: each that still fits into the week."""
    left: dict[int, float] = {}
    taken = []
    for number, needed in zip(rounds, hours, strict=True):
        still = left.get(number, carer_hours)
        taken.append(needed <= still + _TOLERANCE)
        left[number] = still - needed if taken[-1] else still
    return taken


def round_table(requests: pd.DataFrame, carer_hours: float, factor: float = ROAD_FACTOR) -> pd.DataFrame:
    """One row a round, a request by itself included: TABLE, by number.

    ward_code, latitude, longitude: of its middle, the ward from which the ways to all its requests are shortest
    together. wards, requests: how many. widest_km: by road between its two wards furthest apart. longest_wait: days.
    carer_requests, carer_hours: what one carer could serve of it, see `fits`. carers: how many carers' weeks its hours
    fill, rounded up. requests: as `joined` returns them, with days_waiting.
    """
    rows = requests.dropna(subset=["round"]).astype({"round": "int64"})
    rows = rows.sort_values(["round", "days_waiting", "request_id"], ascending=[True, False, True], kind="stable")
    rows["taken"] = _taken(rows["round"].tolist(), rows["hours_per_week"].tolist(), carer_hours)
    rows["taken_hours"] = rows["hours_per_week"].where(rows["taken"], 0.0)
    table = rows.groupby("round", sort=True).agg(
        service_type=("service_type", "first"), requests=("request_id", "size"),
        hours_per_week=("hours_per_week", "sum"), longest_wait=("days_waiting", "max"),
        carer_requests=("taken", "sum"), carer_hours=("taken_hours", "sum"),
    )  # fmt: skip
    table["carers"] = np.ceil(table["hours_per_week"] / carer_hours - _TOLERANCE).astype("int64")
    return table.join(_places(rows, factor)).reset_index()[TABLE]


def _places(rows: pd.DataFrame, factor: float) -> pd.DataFrame:
    """Of each round, by its number, its middle (ward_code, latitude, longitude), wards and widest_km."""
    wards = rows.groupby(["round", "ward_code"], sort=True).agg(
        latitude=("latitude", "first"), longitude=("longitude", "first"), number=("request_id", "size")
    )
    wards = wards.reset_index()
    latitude, longitude, weight = (wards[name].to_numpy(float) for name in ("latitude", "longitude", "number"))
    middles, widest = [], []
    for places in wards.groupby("round", sort=True).indices.values():
        here, there = latitude[places], longitude[places]
        apart = road_km(here[:, None], there[:, None], here, there, factor)
        middles.append(places[int(np.argmin(np.round(apart @ weight[places], 6)))])
        widest.append(float(apart.max()))
    found = wards.iloc[middles].set_index("round")[["ward_code", "latitude", "longitude"]]
    return found.assign(wards=wards.groupby("round", sort=True).size(), widest_km=widest)


def best_for_one(table: pd.DataFrame) -> pd.Series[Any] | None:
    """The round of which one carer could serve most: requests, then hours, then its number; None where nothing fits.

    table: as `round_table` returns it.
    """
    able = table[table["carer_requests"] > 0]
    if able.empty:
        return None
    order = ["carer_requests", "carer_hours", "round"]
    return able.sort_values(order, ascending=[False, False, True], kind="stable").iloc[0]
