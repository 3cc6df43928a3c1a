"""How many requests or providers a median or a share rests on, area by area: see lib.market.few."""

from __future__ import annotations

import pandas as pd

from lib.market.area_figures import placed_in_year
from lib.market.basis import rests_on
from lib.market.lots import in_areas
from lib.market.quality import provider_ratings
from lib.market.selection import Selection
from lib.pack.load import Pack


@rests_on(placed_in_year)
def placed_requests(pack: Pack, selection: Selection) -> pd.DataFrame:
    """Requests placed in the year to the date of the service's data, by area_code: placed_requests (count)."""
    return placed_in_year(pack, selection).groupby("area_code").size().to_frame("placed_requests")


def delivering(pack: Pack, selection: Selection) -> pd.DataFrame:
    """The rows of the capacity table, with their area_code, in which a provider delivers hours."""
    capacity = in_areas(pack, pack.table("capacity"), selection)
    return capacity[(capacity["delivered_hours"] > 0).fillna(value=False)]


@rests_on("capacity")
def delivering_providers(pack: Pack, selection: Selection) -> pd.DataFrame:
    """Providers that deliver hours, by area_code: all (count) and gate (on the route that has the quality gate)."""
    rows = delivering(pack, selection)
    gate = rows[rows["route"] == pack.manifest.quality_gate.route]
    found = {name: some.groupby("area_code")["provider_id"].nunique() for name, some in (("all", rows), ("gate", gate))}
    return pd.DataFrame(found).fillna(0)


@rests_on("capacity", provider_ratings)
def rated_providers(pack: Pack, selection: Selection) -> pd.DataFrame:
    """Providers that deliver hours and are rated, by area_code: a column (count) a domain of the manifest."""
    rows = delivering(pack, selection).drop_duplicates(["area_code", "provider_id"])
    rated = [rating.name for rating in pack.manifest.ratings if rating.rated]
    ratings = provider_ratings(pack).reindex(rows["provider_id"]).isin(rated)
    return ratings.groupby(rows["area_code"].to_numpy()).sum()
