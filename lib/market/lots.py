"""The join: what is bought, what waits and what providers could deliver, lot by lot."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.market.basis import rests_on
from lib.market.coded import Flags, area_places, chosen_lots, lots_in_order, service_rows
from lib.market.selection import Selection, areas
from lib.pack.load import LOT, Pack
from lib.pack.unknown_lots import LotTable, unknown_lots

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
LOT_COUNTS = ["people", "open_requests", "providers"]
LOT_FIGURES = [*LOT_SUMS, "annual_cost", "providers", "open_requests"]


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
    """The rows of the capacity table with capacity or hours: a provider without either serves nobody.

    One whose capacity nobody knows may serve, and stays.
    """
    return capacity[~((capacity["capacity_hours"] <= 0) & (capacity["delivered_hours"] <= 0))]


def providers_serving(capacity: pd.DataFrame, by: str | list[str]) -> pd.Series[Any]:
    """How many providers have capacity or hours, by a key.

    Empty (NaN) where it rests on an unknown capacity whether one of them has.
    """
    rows = serving(capacity)
    may = rows.groupby(by)["provider_id"].nunique()
    sure = rows[(rows["capacity_hours"] > 0) | (rows["delivered_hours"] > 0)].groupby(by)["provider_id"].nunique()
    return may.where(may == sure.reindex(may.index, fill_value=0))


def unknown_rows(pack: Pack, table: LotTable, rows: pd.DataFrame) -> pd.Series[bool]:
    """Which rows, with the columns of LOT, are of a lot of which a market table says nothing."""
    lots = unknown_lots(pack, table)
    if not lots:
        return pd.Series(False, index=rows.index)
    keys = zip(*(rows[name] for name in LOT), strict=True)
    return pd.Series([key in lots for key in keys], index=rows.index, dtype="bool")


@lru_cache(maxsize=16)
def lots_of_areas(pack: Pack, selection: Selection) -> pd.DataFrame:
    """Every lot of the selection in every district: the columns of LOT, area_code and area_name. Not to be changed.

    Kept: of hundreds of districts, each asks.
    """
    lots = chosen(pack.lots_of(selection.service), selection)[["service", "service_type", "cohort"]]
    return areas(pack, selection.group_by).merge(lots, how="cross")[[*LOT, "area_code", "area_name"]]


@lru_cache(maxsize=24)
def unknown_grid(pack: Pack, table: LotTable, service: str) -> Flags:
    """Of which lots a market table says nothing: districts by the service's lots, in their files' orders."""
    lots, unknown, districts = lots_in_order(pack, service), unknown_lots(pack, table), list(pack.district_names())
    flags = [[(service, code, *lot) in unknown for lot in lots] for code in districts]
    return np.array(flags, dtype=bool).reshape(len(districts), len(lots))


def known_areas(pack: Pack, selection: Selection, table: LotTable) -> pd.Series[bool]:
    """Whether a market table says what there is in every lot of the selection, by area_code."""
    codes, places = area_places(pack, selection.group_by)
    unknown = unknown_grid(pack, table, selection.service)[:, chosen_lots(pack, selection)].any(axis=1)
    known = np.bincount(places[unknown], minlength=len(codes)) == 0
    return pd.Series(known, index=pd.Index(codes, name="area_code", dtype="str"))


def whole_where_known(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Counts as whole numbers; a column with an unknown one stays a column of floats."""
    return frame.astype({name: "int64" for name in columns if frame[name].notna().all()})


def off_framework(pack: Pack) -> list[str]:
    """The routes that are no call-off from a framework."""
    return [code for code, route in pack.manifest.routes.items() if not route.framework]


# In every page that speaks of lots, once.
LOT_MEANING = (
    "A lot is one type of care for one group of people in one district: the smallest part in which care is bought."
)


def without_list(lots: pd.DataFrame) -> pd.Series[bool]:
    """Of which rows of `lot_table` there is no list of providers: nothing is bought there, waits or is offered."""
    return lots["providers"].eq(0) & lots["demand_hours"].eq(0)


def listed_providers(lots: pd.DataFrame) -> pd.Series[float]:
    """How many providers each list has, those with capacity or hours in the lot: one row a list.

    Empty where it is not known who serves a lot, or whether care is wanted where nobody does. lots: of `lot_table`.
    """
    providers = lots["providers"].astype("float64")
    return providers.mask(providers.eq(0) & lots["demand_hours"].isna())[~without_list(lots)]


@rests_on("demand", "requests", "capacity")
def lot_table(pack: Pack, selection: Selection) -> pd.DataFrame:
    """One row a lot of the selection, whether or not anything is bought there.

    Columns: service, district_code, service_type, cohort, area_code, area_name, people, delivered_hours, waiting_hours,
    demand_hours (delivered + waiting), capacity_hours, headroom_hours (capacity - delivered), shortfall_hours
    (max(0, demand - capacity)), annual_cost (pounds), providers (with capacity or hours in the lot), open_requests.
    All hours are hours a week. What no row tells of is empty (NaN), and so is what rests on it: see
    lib.pack.unknown_lots; so are people and capacity that are empty in the file.
    """
    lots = chosen_lots(pack, selection)
    known = areas(pack, selection.group_by)
    table = service_table(pack, selection.service)
    if not lots.all():
        table = table[np.tile(lots, len(known))].reset_index(drop=True)
    number = int(lots.sum())
    for place, name in enumerate(("area_code", "area_name"), start=len(LOT)):
        table.insert(place, name, known[name].repeat(number).reset_index(drop=True))
    return whole_where_known(table, LOT_COUNTS)


def service_table(pack: Pack, service: str) -> pd.DataFrame:
    """Every lot of a service, by district and then by lot, in their files' orders: `lot_table` without its areas.

    Counts are floats. Changing what comes back changes nothing here.
    """
    return _service_table(pack, service).copy(deep=False)


@lru_cache(maxsize=8)
def _service_table(pack: Pack, service: str) -> pd.DataFrame:
    bought = pack.table("demand").rename(columns={"hours_per_week": "delivered_hours"})
    bought = bought[[*LOT, "people", "delivered_hours", "annual_cost"]].astype({"people": "float64"})
    # A lot without a row of demand is unknown: nothing to fill.
    every = pack.table("districts")[["district_code"]].merge(pack.lots_of(service), how="cross")[LOT]
    table = every.merge(bought, on=LOT, how="left")
    waits = open_requests(pack)
    hours = waits[waits["service"] == service].groupby(LOT)["hours_per_week"]
    waiting = pd.DataFrame({"waiting_hours": hours.sum(), "open_requests": hours.count()})
    waiting = waiting.reindex(pd.MultiIndex.from_frame(table[LOT]), fill_value=0.0).reset_index(drop=True)
    found: tuple[tuple[LotTable, pd.DataFrame], ...] = (("requests", waiting), ("capacity", offered(pack, service)))
    for name, figures in found:
        # Where the file tells of a lot, no row is none.
        given = figures.reindex(table.index, fill_value=0.0).astype("float64")
        table[given.columns] = given.mask(pd.Series(unknown_grid(pack, name, service).ravel()))
    table["demand_hours"] = table["delivered_hours"] + table["waiting_hours"]
    table["headroom_hours"] = table["capacity_hours"] - table["delivered_hours"]
    table["shortfall_hours"] = (table["demand_hours"] - table["capacity_hours"]).clip(lower=0.0)
    return table[[*LOT, *LOT_FIGURES]]


def offered(pack: Pack, service: str) -> pd.DataFrame:
    """Capacity_hours and providers of the lots that somebody serves, by their places in `service_table`."""
    rows = service_rows(pack, service)
    frame = pd.DataFrame(
        {
            "lot": rows.district.astype("int64") * len(lots_in_order(pack, service)) + rows.lot,
            "provider_id": rows.provider,
            "capacity_hours": rows.capacity_hours,
            "delivered_hours": rows.delivered_hours,
        }
    )
    hours = serving(frame).groupby("lot")["capacity_hours"].sum(skipna=False)
    return pd.DataFrame({"capacity_hours": hours, "providers": providers_serving(frame, "lot")})


@lru_cache(maxsize=8)
def service_figures(pack: Pack, service: str) -> npt.NDArray[np.float64]:
    """LOT_FIGURES of every lot of a service: districts by lots by figures."""
    figures = _service_table(pack, service)[LOT_FIGURES].to_numpy(dtype=np.float64)
    found: npt.NDArray[np.float64] = figures.reshape(len(pack.district_names()), -1, len(LOT_FIGURES))
    return found
