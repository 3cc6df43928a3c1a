"""The providers that serve an area."""

from __future__ import annotations

import pandas as pd

from lib.market.basis import rests_on
from lib.market.lots import in_areas, serving
from lib.market.quality import OVERALL, provider_ratings
from lib.market.selection import Selection
from lib.pack.load import Pack
from lib.pack.ratios import safe_ratio


@rests_on("capacity", "providers", "ratings")
def area_providers(pack: Pack, selection: Selection, area_code: str) -> pd.DataFrame:
    """The providers with capacity or hours in an area, the largest first.

    Columns: provider_id, provider_name, overall (rating), routes (labels, best first), delivered_hours, capacity_hours,
    headroom_hours (all a week), share (of the hours delivered in the area; empty where none are).
    """
    rows = in_areas(pack, serving(pack.table("capacity")), selection)
    rows = rows[rows["area_code"] == area_code]
    labels = {code: route.label for code, route in pack.manifest.routes.items()}
    order = {code: place for place, code in enumerate(labels)}
    routes = rows.groupby("provider_id")["route"].agg(
        lambda codes: ", ".join(labels[code] for code in sorted(set(codes), key=order.__getitem__))
    )
    found = rows.groupby("provider_id")[["delivered_hours", "capacity_hours"]].sum(skipna=False).assign(routes=routes)
    found["headroom_hours"] = found["capacity_hours"] - found["delivered_hours"]
    found["share"] = safe_ratio(found["delivered_hours"], float(found["delivered_hours"].sum()))
    found["overall"] = provider_ratings(pack)[OVERALL].reindex(found.index)
    found["provider_name"] = pack.table("providers").set_index("provider_id")["provider_name"].reindex(found.index)
    order_of = ["delivered_hours", "capacity_hours", "provider_id"]
    found = found.reset_index().sort_values(order_of, ascending=[False, False, True], kind="stable")
    columns = ["provider_id", "provider_name", "overall", "routes", "delivered_hours", "capacity_hours"]
    return found[[*columns, "headroom_hours", "share"]].reset_index(drop=True)
