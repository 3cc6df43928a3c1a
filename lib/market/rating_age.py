"""How old the regulator's ratings are, by the hours that rest on them."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from lib.market.basis import rests_on
from lib.market.figure import as_of
from lib.market.lots import in_areas
from lib.market.quality import OVERALL, not_rated_name, provider_ratings
from lib.market.ranked_lists.call_off import overall_dates
from lib.market.selection import Selection
from lib.pack.load import Pack
from lib.pack.ratios import safe_ratio

# A rating older than this many years deserves a second look; the bands lie between these.
YEARS = (2, 4, 6)
UNDATED = "Date not known"


def age_bands(pack: Pack) -> list[str]:
    """The bands of age, youngest first, then ratings without a date, then providers without a rating."""
    between = [f"Over {low} to {high} years" for low, high in pairwise(YEARS)]
    return [f"Up to {YEARS[0]} years", *between, f"Over {YEARS[-1]} years", UNDATED, not_rated_name(pack)]


def ratings_note(pack: Pack, service: str) -> str:
    """That the ratings are of another date than the service's hours, in a sentence; "" where they are not.

    A rating is of a provider, who may give several services: all are as the regulator had them at the pack's date.
    """
    ratings, hours = as_of(pack), as_of(pack, service)
    return f"Hours are of {hours}; ratings, and their ages, of {ratings}." if ratings != hours else ""


@rests_on("capacity", "ratings")
def rating_ages(pack: Pack, selection: Selection) -> pd.DataFrame:
    """One row a provider with hours in the selection, the oldest rating first, not rated last.

    Columns: provider_id, provider_name, rating (overall), rated_on, rated_years (at the pack's date), band (of
    age_bands), delivered_hours (a week).
    """
    hours = in_areas(pack, pack.table("capacity"), selection).groupby("provider_id")["delivered_hours"].sum()
    found = hours[hours > 0].reset_index()
    names = pack.table("providers").set_index("provider_id")["provider_name"]
    found["provider_name"] = found["provider_id"].map(names)
    found["rating"] = found["provider_id"].map(provider_ratings(pack)[OVERALL])
    found["rated_on"] = overall_dates(pack).reindex(found["provider_id"]).to_numpy()
    date = pd.Timestamp(pack.manifest.as_of)
    found["rated_years"] = (date - found["rated_on"]).dt.days / 365.25
    bands = age_bands(pack)
    rated = [rating.name for rating in pack.manifest.ratings if rating.rated]
    place = pd.Series(0, found.index)
    for years in YEARS:
        # A rating of exactly two years ago is not older than two years.
        place += (found["rated_on"] < date - pd.DateOffset(years=years)).astype("int64")
    place = place.where(found["rated_on"].notna(), len(YEARS) + 1).where(found["rating"].isin(rated), len(YEARS) + 2)
    found["band"] = [bands[number] for number in place]
    found = found.assign(last=~found["rating"].isin(rated)).sort_values(
        ["last", "rated_on", "provider_id"], kind="stable", na_position="last"
    )
    columns = ["provider_id", "provider_name", "rating", "rated_on", "rated_years", "band", "delivered_hours"]
    return found[columns].reset_index(drop=True)


def age_summary(pack: Pack, ages: pd.DataFrame) -> pd.DataFrame:
    """Providers and hours by band of age: band, providers, hours (a week), share (of all hours; empty without any)."""
    grouped = ages.groupby("band").agg(providers=("provider_id", "count"), hours=("delivered_hours", "sum"))
    found = grouped.reindex(age_bands(pack)).fillna(0.0)
    found = found[(found["providers"] > 0) | (found.index != UNDATED)]
    found["providers"] = found["providers"].astype("int64")
    found["share"] = safe_ratio(found["hours"], float(found["hours"].sum()))
    return found.reset_index()
