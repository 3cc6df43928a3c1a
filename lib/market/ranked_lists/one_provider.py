"""One provider: where it stands, and how far the council depends on it."""

from __future__ import annotations

import pandas as pd

from lib.market.basis import rests_on
from lib.market.ranked_lists.call_off import call_off_order, checked_providers
from lib.market.ranked_lists.resilience import points_of_failure
from lib.pack.load import LOT, Pack
from lib.pack.ratios import WEEKS, safe_ratio


@rests_on(call_off_order)
def provider_lots(pack: Pack, provider_id: str) -> pd.DataFrame:
    """Every lot that a provider is listed in, both services, the most hours first.

    Columns: service, district_code, service_type, cohort, route, rank (empty off the framework), place (in the lot's
    call-off order, 1 first), listed (providers on the lot's list), delivered_hours, capacity_hours, headroom_hours (a
    week), share (of the hours delivered in the lot; empty where none are), hourly_rate (pounds), performance_score.
    SelectionError for a provider that the pack does not have.
    """
    checked_providers(pack, (provider_id,))
    rows = call_off_order(pack)
    own = rows[rows["provider_id"] == provider_id]
    every = rows.groupby(LOT, sort=False).agg(lot_hours=("delivered_hours", "sum"), listed=("provider_id", "nunique"))
    own = own.merge(every.reset_index(), on=LOT, how="left")
    own["share"] = safe_ratio(own["delivered_hours"], own["lot_hours"])
    own["place"] = own["place"] + 1
    own = own.sort_values("delivered_hours", ascending=False, kind="stable").reset_index(drop=True)
    figures = ["delivered_hours", "capacity_hours", "headroom_hours", "share", "hourly_rate", "performance_score"]
    return own[[*LOT, "route", "rank", "place", "listed", *figures]]


@rests_on(points_of_failure)
def exposure(pack: Pack, provider_id: str) -> pd.DataFrame:
    """How far the council depends on a provider, one row a service that it is listed in.

    Columns: service, lots (in which it delivers), districts, delivered_hours, capacity_hours (a week), share (of the
    service's delivered hours), place (its rank among the service's providers by hours), providers (of the service),
    value (pounds a year, its hours at its own rates), unplaced_hours (that would have nowhere to go if it left),
    people_affected.
    """
    own = provider_lots(pack, provider_id)
    rows = []
    for service, lots in own.groupby("service", sort=False):
        every = points_of_failure(pack, str(service))
        by_hours = every.sort_values(["delivered_hours", "provider_id"], ascending=[False, True], kind="stable")
        risk = every[every["provider_id"] == provider_id].iloc[0]
        active = lots[lots["delivered_hours"] > 0]
        rows.append(
            {
                "service": service,
                "lots": len(active.drop_duplicates(LOT)),
                "districts": int(active["district_code"].nunique()),
                "delivered_hours": float(lots["delivered_hours"].sum()),
                "capacity_hours": float(lots["capacity_hours"].sum(skipna=False)),
                "share": float(risk["share"]),
                "place": list(by_hours["provider_id"]).index(provider_id) + 1,
                "providers": len(every),
                "value": WEEKS * float((lots["delivered_hours"] * lots["hourly_rate"]).sum()),
                "unplaced_hours": float(risk["unplaced_hours"]),
                "people_affected": float(risk["people_affected"]),
            }
        )
    columns = ["service", "lots", "districts", "delivered_hours", "capacity_hours", "share", "place", "providers"]
    return pd.DataFrame(rows, columns=[*columns, "value", "unplaced_hours", "people_affected"])
