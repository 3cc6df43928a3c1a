"""The join: what is bought, what waits and what providers could deliver, lot by lot."""

from __future__ import annotations

import pandas as pd

from lib.market.basis import rests_on
from lib.market.selection import Selection, areas
from lib.pack.load import LOT, Pack

# What adds up over lots: people, and hours a week.
LOT_SUMS = [
    "people",
    "delivered_hours",
    "waiting_hours",
    "demand_hours",
    "capacity_hours",
    "headroom_hours",
    "shortfall_hours",
]


def chosen(frame: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """The rows of a market table that belong to the selection's lots."""
    rows = frame["service"] == selection.service
    if "service_type" in frame.columns:
        rows &= frame["service_type"].isin(selection.service_types)
    rows &= frame["cohort"].isin(selection.cohorts)
    return frame[rows]


def in_areas(pack: Pack, frame: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """A market table's rows of the selection, with area_code and area_name."""
    known = areas(pack, selection.group_by).set_index("district_code")
    rows = chosen(frame, selection)
    code, name = (rows["district_code"].map(known[column]) for column in ("area_code", "area_name"))
    return rows.assign(area_code=code, area_name=name).reset_index(drop=True)


def open_requests(pack: Pack) -> pd.DataFrame:
    """The requests that wait to be placed."""
    requests = pack.table("requests")
    return requests[requests["placed_on"].isna()]


def serving(capacity: pd.DataFrame) -> pd.DataFrame:
    """The rows of the capacity table with capacity or hours: a provider without either serves nobody."""
    return capacity[(capacity["capacity_hours"] > 0) | (capacity["delivered_hours"] > 0)]


def off_framework(pack: Pack) -> list[str]:
    """The routes that are no call-off from a framework."""
    return [code for code, route in pack.manifest.routes.items() if not route.framework]


@rests_on("demand", "requests", "capacity")
def lot_table(pack: Pack, selection: Selection) -> pd.DataFrame:
    """One row a lot of the selection, whether or not anything is bought there.

    Columns: service, district_code, service_type, cohort, area_code, area_name, people, delivered_hours, waiting_hours,
    demand_hours (delivered + waiting), capacity_hours, headroom_hours (capacity - delivered), shortfall_hours
    (max(0, demand - capacity)), annual_cost (pounds), providers (with capacity or hours in the lot), open_requests.
    All hours are hours a week.
    """
    lots = chosen(pack.lots_of(selection.service), selection)[["service", "service_type", "cohort"]]
    every = areas(pack, selection.group_by).merge(lots, how="cross")
    bought = pack.table("demand").rename(columns={"hours_per_week": "delivered_hours"})
    table = every.merge(bought[[*LOT, "people", "delivered_hours", "annual_cost"]], on=LOT, how="left")
    waiting = open_requests(pack).groupby(LOT)["hours_per_week"].agg(waiting_hours="sum", open_requests="count")
    capacity = (
        serving(pack.table("capacity"))
        .groupby(LOT)
        .agg(capacity_hours=("capacity_hours", "sum"), providers=("provider_id", "nunique"))
    )
    table = table.merge(waiting, on=LOT, how="left").merge(capacity, on=LOT, how="left")
    counts = [
        "people",
        "delivered_hours",
        "annual_cost",
        "waiting_hours",
        "open_requests",
        "capacity_hours",
        "providers",
    ]
    table[counts] = table[counts].fillna(0.0)
    whole = ["people", "open_requests", "providers"]
    table[whole] = table[whole].astype("int64")
    table["demand_hours"] = table["delivered_hours"] + table["waiting_hours"]
    table["headroom_hours"] = table["capacity_hours"] - table["delivered_hours"]
    table["shortfall_hours"] = (table["demand_hours"] - table["capacity_hours"]).clip(lower=0.0)
    return table[[*LOT, "area_code", "area_name", *LOT_SUMS, "annual_cost", "providers", "open_requests"]]
