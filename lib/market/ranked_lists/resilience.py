"""What happens when providers leave, or fall below the quality gate, lot by lot."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from lib.market.basis import basis, rests_on
from lib.market.lots import lot_table
from lib.market.ranked_lists.call_off import call_off_order, checked_providers
from lib.market.ranked_lists.placement import COLUMNS, NO_HOURS, UNPLACED, poured
from lib.market.selection import select
from lib.pack.load import LOT, Pack
from lib.pack.ratios import safe_ratio


@dataclass(frozen=True)
class Stress:
    """What becomes of the lots of providers that leave or fall below the gate.

    placements: service, district_code, service_type, cohort, route, rank, provider_id, placed_hours: lot by lot of the
    providers that leave, who takes their hours; the last row of each lot has the route "unplaced". The rows of a lot
    add up to the hours that its leaving providers delivered.

    lots: one row a lot of a provider that leaves or falls below the gate: service, district_code, service_type, cohort,
    people, delivered_hours, headroom_hours (of the lot, today), moved_hours (delivered by those that leave),
    placed_hours, unplaced_hours, people_affected (people x moved / delivered: an estimate, as who cares for whom is not
    in the data), lost_headroom_hours (room for new hours that is gone: that of the providers that leave, and on the
    gate's route that of the ones below the gate), capacity_after, shortfall_before, shortfall_after (max(0, demand -
    capacity)). All hours are hours a week.
    """

    placements: pd.DataFrame
    lots: pd.DataFrame


# Who takes the hours; and whom and what an exit touches. What it does to the shortfall rests on all of `stress`.
TAKEN = basis(call_off_order, "providers")
TOUCHED = basis(TAKEN, "demand")


@rests_on(TOUCHED, lot_table)
def stress(
    pack: Pack, leaving: tuple[str, ...] = (), below_gate: tuple[str, ...] = (), skip_below_gate: bool = False
) -> Stress:
    """Let providers leave, and others fall below the gate, all at once.

    A provider that leaves takes its whole capacity with it, and the hours that it delivers are placed again down each
    lot's list. One that falls below the gate keeps the hours that it delivers and is offered no new ones on the route
    that has the gate. One that does both leaves. skip_below_gate passes over every provider below the gate on every
    route: those whose ratings fail it, and those that fall below it here.
    SelectionError names a provider that the pack does not have.
    """
    leaving = checked_providers(pack, tuple(leaving))
    below_gate = tuple(code for code in checked_providers(pack, tuple(below_gate)) if code not in leaving)
    rows = call_off_order(pack)
    leaves = rows["provider_id"].isin(leaving)
    fallen = rows["provider_id"].isin(below_gate)
    below = fallen & rows["route"].eq(pack.manifest.quality_gate.route)
    # Only the lots that are touched: a large pack has thousands of others.
    lot_of = pd.Series(rows.groupby(LOT, sort=False).ngroup(), index=rows.index)
    touched = lot_of.isin(lot_of[leaves | below].unique())
    rows, leaves, below, fallen = rows[touched].copy(), leaves[touched], below[touched], fallen[touched]
    lost = rows["headroom_hours"].clip(lower=0.0).where(leaves | below, 0.0)
    closed = leaves | below
    if skip_below_gate:
        closed |= fallen | ~rows["passes_gate"]
    free = rows["free_hours"].where(~closed, 0.0)
    keys = [rows[name] for name in LOT]
    moved = rows["delivered_hours"].where(leaves, 0.0).groupby(keys, sort=False).transform("sum")
    before = free.groupby(keys, sort=False).cumsum() - free
    rows["placed_hours"] = poured(free.to_numpy(), before.to_numpy(), moved.to_numpy())
    rows = rows.assign(moved=rows["delivered_hours"].where(leaves, 0.0), lost=lost, leaves=leaves)
    rows["gone"] = rows["capacity_hours"].where(leaves, lost)
    lots = (
        rows.groupby(LOT, sort=False)
        .agg(
            moved_hours=("moved", "sum"),
            placed_hours=("placed_hours", "sum"),
            left=("leaves", "any"),
        )
        .reset_index()
    )
    sums = rows.groupby(LOT, sort=False)[["lost", "gone"]].sum(skipna=False)
    lots[["lost_headroom_hours", "gone"]] = sums.to_numpy()
    # Hours are conserved: what nobody has room for is the rest.
    lots["unplaced_hours"] = nothing_below(lots["moved_hours"] - lots["placed_hours"])
    return Stress(placement_rows(rows, lots), stressed_lots(pack, lots))


def affected(people: pd.Series[float], moved: pd.Series[float], delivered: pd.Series[float]) -> pd.Series[float]:
    """People x moved / delivered: nobody where nothing moves, empty where people or hours are not known."""
    nobody = (moved <= 0) | (delivered <= 0)
    return (people * safe_ratio(moved, delivered)).astype("float64").mask(nobody, 0.0)


def nothing_below(hours: pd.Series[float]) -> pd.Series[float]:
    """Hours that are left over; where that is below 0, or only what adding up leaves behind, there are none."""
    return hours.where(hours >= NO_HOURS, 0.0)


def placement_rows(rows: pd.DataFrame, lots: pd.DataFrame) -> pd.DataFrame:
    """Who takes the hours, lot by lot, each lot's unplaced hours last."""
    taken = rows.loc[rows["placed_hours"] > 0, [*LOT, *COLUMNS]]
    rest = lots.loc[lots["left"], [*LOT, "unplaced_hours"]].rename(columns={"unplaced_hours": "placed_hours"})
    rest = rest.assign(route=UNPLACED, rank=pd.array([pd.NA] * len(rest), dtype="Int64"), provider_id=None)
    number = lots.reset_index().set_index(LOT)["index"]
    together = pd.concat([taken, rest[[*LOT, *COLUMNS]].astype({"provider_id": "object"})], ignore_index=True)
    lot = number.reindex(pd.MultiIndex.from_frame(together[LOT])).to_numpy()
    return together.iloc[np.argsort(lot, kind="stable")].reset_index(drop=True)


@rests_on(stress)
def stressed_lots(pack: Pack, lots: pd.DataFrame) -> pd.DataFrame:
    """The lots touched, beside what they are today."""
    today = [lot_table(pack, select(pack, service)) for service in dict.fromkeys(lots["service"])]
    figures = ["people", "delivered_hours", "demand_hours", "capacity_hours", "headroom_hours", "shortfall_hours"]
    known = pd.concat(today) if today else pd.DataFrame(columns=[*LOT, *figures])
    lots = lots.merge(known[[*LOT, *figures]], on=LOT, how="left")
    lots["people_affected"] = affected(lots["people"], lots["moved_hours"], lots["delivered_hours"])
    lots["capacity_after"] = lots["capacity_hours"] - lots["gone"]
    lots["shortfall_after"] = (lots["demand_hours"] - lots["capacity_after"]).clip(lower=0.0)
    lots = lots.rename(columns={"shortfall_hours": "shortfall_before"})
    columns = ["moved_hours", "placed_hours", "unplaced_hours", "people_affected", "lost_headroom_hours"]
    after = ["capacity_after", "shortfall_before", "shortfall_after"]
    return lots[[*LOT, "people", "delivered_hours", "headroom_hours", *columns, *after]]


def exit_placements(pack: Pack, leaving: tuple[str, ...], skip_below_gate: bool = False) -> pd.DataFrame:
    """Where the hours of providers that leave go, lot by lot: the placements of `Stress`."""
    return stress(pack, leaving, skip_below_gate=skip_below_gate).placements


@rests_on(call_off_order, "providers", "demand")
def points_of_failure(pack: Pack, service: str) -> pd.DataFrame:
    """Every provider of a service, by the hours that could not be placed if it alone left, the most first.

    Columns: provider_id, provider_name, lots (in which it delivers), delivered_hours, unplaced_hours (a week),
    unplaced_share (of its own hours; empty where it delivers none), people_affected (estimated as in `Stress`), share
    (of the service's delivered hours). Providers with equal figures stand in order of their id.
    """
    return _points_of_failure(pack, service).copy(deep=False)


@lru_cache(maxsize=8)
def _points_of_failure(pack: Pack, service: str) -> pd.DataFrame:
    rows = call_off_order(pack)
    rows = rows[rows["service"] == service]
    room = rows.groupby(LOT, sort=False)["free_hours"].sum().rename("room")
    own = rows.groupby([*LOT, "provider_id"], sort=False)[["delivered_hours", "free_hours"]].sum().reset_index()
    own = own.merge(room.reset_index(), on=LOT)
    own["unplaced_hours"] = nothing_below(own["delivered_hours"] - (own["room"] - own["free_hours"]))
    today = lot_table(pack, select(pack, service))[[*LOT, "people", "delivered_hours"]]
    own = own.merge(today.rename(columns={"delivered_hours": "lot_hours"}), on=LOT, how="left")
    own["people_affected"] = affected(own["people"], own["delivered_hours"], own["lot_hours"])
    own["lots"] = (own["delivered_hours"] > 0).astype("int64")
    measures = ["lots", "delivered_hours", "unplaced_hours", "people_affected"]
    found = own.groupby("provider_id", sort=False)[measures].sum(skipna=False).reset_index()
    found["unplaced_share"] = safe_ratio(found["unplaced_hours"], found["delivered_hours"])
    found["share"] = safe_ratio(found["delivered_hours"], float(found["delivered_hours"].sum()))
    names = pack.table("providers").set_index("provider_id")["provider_name"]
    found["provider_name"] = found["provider_id"].map(names)
    order = ["unplaced_hours", "delivered_hours", "provider_id"]
    found = found.sort_values(order, ascending=[False, False, True], kind="stable").reset_index(drop=True)
    columns = ["provider_id", "provider_name", "lots", "delivered_hours", "unplaced_hours", "unplaced_share"]
    return found[[*columns, "people_affected", "share"]]
