"""Placement: new hours in a lot go down its ranked list until somebody has room for them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.market.basis import rests_on
from lib.market.ranked_lists.call_off import Lot, call_off_order, lot_list
from lib.pack.faults import SelectionError, quoted
from lib.pack.load import Pack
from lib.pack.ratios import WEEKS, safe_ratio

COLUMNS = ["route", "rank", "provider_id", "placed_hours"]
UNPLACED = "unplaced"
# Adding up hours such as 0.1 and 0.2 leaves far less than this behind: neither a placement nor hours without a place.
NO_HOURS = 1e-9


def checked_hours(hours: float) -> float:
    """Hours that can be placed; SelectionError for a number below 0, or none."""
    if not math.isfinite(hours) or hours < 0:
        raise SelectionError(f"hours: found {quoted(hours)}, expected a number of hours a week, 0 or more")
    return float(hours)


def fill(free: npt.NDArray[np.float64], hours: float) -> npt.NDArray[np.float64]:
    """Pour hours into rooms in their order: each takes what it has room for of what the ones before it left."""
    return poured(free, np.cumsum(free) - free, hours)


def poured(
    free: npt.NDArray[np.float64], before: npt.NDArray[np.float64], hours: npt.NDArray[np.float64] | float
) -> npt.NDArray[np.float64]:
    """What each room takes of the hours, where before is the room of those ahead of it in its list."""
    taken = np.clip(hours - before, 0.0, free)
    taken = np.where(free - taken < NO_HOURS, free, taken)
    return np.where(taken < NO_HOURS, 0.0, taken)


@rests_on(call_off_order, "providers")
def placed_list(pack: Pack, lot: Lot, hours: float, skip_below_gate: bool = False) -> pd.DataFrame:
    """The list of a lot with new hours placed on it: the columns of `call_off_order`, and placed_hours (a week).

    New hours go to the framework's first tier by rank, up to each provider's headroom, then to the next tier, then off
    the framework from the cheapest. skip_below_gate passes over every provider that fails the quality gate.
    """
    rows = lot_list(pack, lot)
    free = rows["free_hours"].to_numpy(dtype="float64")
    if skip_below_gate:
        free = np.where(rows["passes_gate"], free, 0.0)
    return rows.assign(free_hours=free, placed_hours=fill(free, checked_hours(hours)))


def left_over(hours: float, placed: pd.Series[float]) -> float:
    """The hours that nobody takes: asked less placed, and nothing where all are placed."""
    rest = hours - math.fsum(placed)
    return rest if rest >= NO_HOURS else 0.0


def place(pack: Pack, lot: Lot, hours: float, skip_below_gate: bool = False) -> pd.DataFrame:
    """Where new hours go: route, rank, provider_id, placed_hours (a week), one row a provider that gets hours.

    The last row has the route "unplaced", with rank and provider_id empty: the hours that nobody has room for, 0 where
    all are placed. The rows add up to the hours asked for.
    """
    rows = placed_list(pack, lot, hours, skip_below_gate)
    taken = rows.loc[rows["placed_hours"] > 0, COLUMNS]
    return pd.concat([taken, unplaced_row(left_over(hours, taken["placed_hours"]))], ignore_index=True)


def unplaced_row(hours: float) -> pd.DataFrame:
    """The last row of a placement."""
    row = pd.DataFrame({"route": [UNPLACED], "rank": [pd.NA], "provider_id": [None], "placed_hours": [float(hours)]})
    return row.astype({"rank": "Int64", "provider_id": "object"})


@dataclass(frozen=True)
class Spill:
    """What placing new hours in a lot comes to. Hours are hours a week, money is pounds a year.

    routes: one row a route of the list, in call-off order: route, providers, free_hours, placed_hours, full_at (the new
    hours at which this route and all before it have no room left) and growth_pct (those hours as a percentage of the
    hours delivered in the lot today; empty where none are). unknown: providers of the list whose capacity is not known:
    no hours are placed with them. unplaced: hours that nobody takes. cost: of the placed
    hours at their providers' rates. first_rate: the average rate of the first tier, weighted by capacity (empty
    without one, or where a capacity is not known). extra_cost: what the hours placed beyond the first tier cost more
    than at first_rate; below 0 they cost less; empty without first_rate.
    """

    routes: pd.DataFrame
    unknown: int
    unplaced: float
    cost: float
    first_rate: float
    extra_cost: float


@rests_on(placed_list, "demand")
def spill(pack: Pack, rows: pd.DataFrame, hours: float, delivered_hours: float) -> Spill:
    """Sum up a placement. rows: as `placed_list` returns them; delivered_hours: of the lot today."""
    # By hand: this is asked at each step of a slider, and grouping takes longer than all the rest of it.
    places, names = pd.factorize(rows["route"])
    known = set(zip(places, rows["provider_id"], strict=True))
    sums = {
        name: [math.fsum(rows[name].to_numpy()[places == place]) for place in range(len(names))]
        for name in ("free_hours", "placed_hours")
    }
    listed = np.bincount(np.array([place for place, _ in known], dtype="int64"), minlength=len(names))
    full_at = np.cumsum(sums["free_hours"])
    growth = {"full_at": full_at, "growth_pct": safe_ratio(pd.Series(100 * full_at), delivered_hours)}
    capacity, rate, placed = (
        rows[name].to_numpy(dtype="float64") for name in ("capacity_hours", "hourly_rate", "placed_hours")
    )
    first = rows["route"].eq(pack.manifest.quality_gate.route).to_numpy()
    weight = float(capacity[first].sum())  # empty where a capacity is not known
    first_rate = float((capacity * rate)[first].sum()) / weight if weight > 0 else math.nan
    return Spill(
        routes=pd.DataFrame({"route": names, "providers": listed, **sums, **growth}),
        unknown=len(set(rows["provider_id"].to_numpy()[np.isnan(capacity)])),
        unplaced=left_over(hours, rows["placed_hours"]),
        cost=WEEKS * float((placed * rate).sum()),
        first_rate=first_rate,
        extra_cost=WEEKS * float((placed * (rate - first_rate))[~first].sum()) if weight > 0 else math.nan,
    )
