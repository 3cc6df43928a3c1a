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

from lib.market.travel import ROAD_FACTOR, Array, road_km

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
    # Between places, and as they are joined, between the furthest of two groups: each known by its first place.
    apart = _between(places, places, factor)
    group = np.arange(len(places))
    one, other = np.nonzero(np.triu(apart <= radius_km, 1))
    # To the millimetre: as near is as near, whatever the last digit of a float.
    order = np.lexsort((other, one, np.round(apart[one, other], 6)))
    for pair in zip(one[order].tolist(), other[order].tolist(), strict=True):
        first, second = sorted(int(group[place]) for place in pair)
        if first != second and apart[first, second] <= radius_km:
            apart[first] = apart[:, first] = np.maximum(apart[first], apart[second])
            group[group == second] = first
    codes = places["ward_code"].astype(str).tolist()
    return [codes[first] for first in group]


def _between(some: pd.DataFrame, others: pd.DataFrame, factor: float) -> Array:
    """Kilometres by road from each of some places to each of others."""
    return road_km(
        some["latitude"].to_numpy(float)[:, None], some["longitude"].to_numpy(float)[:, None],
        others["latitude"].to_numpy(float), others["longitude"].to_numpy(float), factor,
    )  # fmt: skip


def fits(requests: pd.DataFrame, carer_hours: float) -> pd.DataFrame:
    """Those requests that one carer could serve: whole packages, the longest wait first, each that still fits.

    requests: request_id, hours_per_week, days_waiting. carer_hours: hours of care that a carer gives in a week.
    """
    order = requests.sort_values(["days_waiting", "request_id"], ascending=[False, True], kind="stable")
    left, taken = carer_hours, []
    for index, hours in zip(order.index, order["hours_per_week"].tolist(), strict=True):
        if hours <= left + _TOLERANCE:
            taken.append(index)
            left -= hours
    return requests.loc[taken]


def round_table(requests: pd.DataFrame, carer_hours: float, factor: float = ROAD_FACTOR) -> pd.DataFrame:
    """One row a round, a request by itself included: TABLE, by number.

    ward_code, latitude, longitude: of its middle, the ward from which the ways to all its requests are shortest
    together. wards, requests: how many. widest_km: by road between its two wards furthest apart. longest_wait: days.
    carer_requests, carer_hours: what one carer could serve of it, see `fits`. carers: how many carers' weeks its hours
    fill, rounded up. requests: as `joined` returns them, with days_waiting.
    """
    rows = [
        _row(of_round, carer_hours, factor)
        for _, of_round in requests.dropna(subset=["round"]).groupby("round", sort=True)
    ]
    return pd.DataFrame(rows, columns=TABLE)


def _row(requests: pd.DataFrame, carer_hours: float, factor: float) -> dict[str, object]:
    """The row of one round."""
    places = requests.groupby("ward_code", sort=True).agg(
        latitude=("latitude", "first"), longitude=("longitude", "first"), number=("request_id", "size")
    )
    apart = _between(places, places, factor)
    middle = int(np.argmin(np.round(apart @ places["number"].to_numpy(float), 6)))
    served = fits(requests, carer_hours)
    hours = float(requests["hours_per_week"].sum())
    return {
        "round": int(requests["round"].iloc[0]),
        "service_type": requests["service_type"].iloc[0],
        "ward_code": places.index[middle],
        "latitude": places["latitude"].iloc[middle],
        "longitude": places["longitude"].iloc[middle],
        "wards": len(places),
        "requests": len(requests),
        "hours_per_week": hours,
        "widest_km": float(apart.max()),
        "longest_wait": float(requests["days_waiting"].max()),
        "carer_requests": len(served),
        "carer_hours": float(served["hours_per_week"].sum()),
        "carers": int(np.ceil(hours / carer_hours - _TOLERANCE)),
    }


def best_for_one(table: pd.DataFrame) -> pd.Series[Any] | None:
    """The round of which one carer could serve most: requests, then hours, then its number; None where nothing fits.

    table: as `round_table` returns it.
    """
    able = table[table["carer_requests"] > 0]
    if able.empty:
        return None
    order = ["carer_requests", "carer_hours", "round"]
    return able.sort_values(order, ascending=[False, False, True], kind="stable").iloc[0]
