"""Quality, weighted by the hours that providers deliver, and the framework's quality gate."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from lib.market.basis import rests_on
from lib.market.lots import in_areas, known_areas
from lib.market.selection import Selection
from lib.pack.load import Pack
from lib.pack.ratios import safe_ratio

OVERALL = "overall"
MOST_MUST_BE_RATED = 0.5


def not_rated_name(pack: Pack) -> str:
    """The vocabulary's word for a provider without a rating."""
    return next((rating.name for rating in pack.manifest.ratings if not rating.rated), "Not rated")


@rests_on("ratings")
@lru_cache(maxsize=4)
def provider_ratings(pack: Pack) -> pd.DataFrame:
    """Every provider's rating: provider_id as index, one column a domain of the manifest.

    A provider with no row, such as one that need not register, is not rated; see `has_ratings`.
    """
    wide = pack.table("ratings").set_index(["provider_id", "domain"])["rating"].unstack("domain")
    wide = wide.reindex(index=pack.table("providers")["provider_id"], columns=list(pack.manifest.domains))
    return wide.astype("object").fillna(not_rated_name(pack)).astype("str")


@lru_cache(maxsize=16)
def has_ratings(pack: Pack, service: str) -> bool:
    """Whether the ratings table tells of any provider of a service; without a row it is unknown who is rated."""
    capacity = pack.table("capacity")
    providers = capacity.loc[capacity["service"] == service, "provider_id"]
    return bool(pack.table("ratings")["provider_id"].isin(providers).any())


@rests_on("ratings")
@lru_cache(maxsize=4)
def passes_gate(pack: Pack) -> pd.Series[bool]:
    """Whether each provider (the index) passes the quality gate: a good rating in each of the gate's domains."""
    good = [rating.name for rating in pack.manifest.ratings if rating.good]
    domains = list(pack.manifest.quality_gate.domains)
    return provider_ratings(pack)[domains].isin(good).all(axis=1)


@lru_cache(maxsize=4)
def rating_places(pack: Pack) -> pd.DataFrame:
    """Every provider's rating as its place in the vocabulary, best first: as provider_ratings, in whole numbers."""
    places = {rating.name: place for place, rating in enumerate(pack.manifest.ratings)}
    ratings = provider_ratings(pack)
    return pd.DataFrame({name: ratings[name].map(places).astype("int64") for name in ratings.columns})


@rests_on("capacity", provider_ratings)
def rating_mix(pack: Pack, selection: Selection) -> pd.DataFrame:
    """Delivered hours by rating, for overall and each key question, area by area.

    Columns: area_code, area_name, domain, rating, order (place of the rating in the vocabulary, best first), hours
    (a week), share (of all hours delivered in the area; empty where none are). Every rating stands in every area that
    is known: no row tells of one with a lot that the capacity table does not tell of, nor of a service without ratings.
    """
    delivered = in_areas(pack, pack.table("capacity"), selection)
    known = known_areas(pack, selection, "capacity") & has_ratings(pack, selection.service)
    delivered = delivered[delivered["area_code"].map(known).astype(bool)]
    area, codes = pd.factorize(delivered["area_code"])
    vocabulary = [rating.name for rating in pack.manifest.ratings]
    domains = list(pack.manifest.domains)
    # One cell an area, domain and rating, numbered in that order; a row of the capacity table counts once a domain.
    rating = rating_places(pack).loc[delivered["provider_id"]].to_numpy()
    cell = (area[:, None] * len(domains) + np.arange(len(domains))) * len(vocabulary) + rating
    hours = np.repeat(delivered["delivered_hours"].to_numpy(), len(domains))
    every = pd.MultiIndex.from_product([codes, domains, vocabulary], names=["area_code", "domain", "rating"])
    mix = pd.DataFrame({"hours": np.bincount(cell.ravel(), hours, len(every))}, index=every).reset_index()
    names = delivered.drop_duplicates("area_code")["area_name"]
    mix["area_name"] = np.repeat(names.to_numpy(), len(domains) * len(vocabulary))
    mix["order"] = np.tile(np.arange(len(vocabulary)), len(codes) * len(domains))
    mix["share"] = safe_ratio(mix["hours"], mix.groupby(["area_code", "domain"])["hours"].transform("sum"))
    return mix[["area_code", "area_name", "domain", "rating", "order", "hours", "share"]]


@rests_on(rating_mix)
def quality_figures(pack: Pack, selection: Selection) -> pd.DataFrame:
    """The quality indicators of each area: area_code as index.

    good_or_better_share = Good and Outstanding hours / rated hours, empty where under half of the hours are rated;
    good_or_better_DOMAIN the same for each key question; not_rated_share = hours of providers not rated overall / all
    hours.
    """
    mix = rating_mix(pack, selection)
    good = [rating.name for rating in pack.manifest.ratings if rating.good]
    rated = [rating.name for rating in pack.manifest.ratings if rating.rated]
    key = ["area_code", "domain"]
    every = mix.groupby(key)["hours"].sum()
    rated_hours = mix[mix["rating"].isin(rated)].groupby(key)["hours"].sum()
    good_hours = mix[mix["rating"].isin(good)].groupby(key)["hours"].sum()
    known = safe_ratio(rated_hours, every)
    shares = safe_ratio(good_hours, rated_hours).where(known >= MOST_MUST_BE_RATED).unstack("domain")
    shares = shares.reindex(columns=list(pack.manifest.domains))
    figures = shares.rename(columns={name: f"good_or_better_{name}" for name in shares.columns if name != OVERALL})
    figures = figures.rename(columns={OVERALL: "good_or_better_share"})
    not_rated = safe_ratio(every - rated_hours.reindex(every.index, fill_value=0.0), every).unstack("domain")
    figures.insert(1, "not_rated_share", not_rated[OVERALL] if OVERALL in not_rated else float("nan"))
    return figures


@rests_on("capacity", passes_gate)
def gate_figures(pack: Pack, selection: Selection) -> pd.DataFrame:
    """Hours that rest on providers below the quality gate: area_code as index.

    gate_fail_hours = delivered hours, on the route that has the gate, of providers that do not pass it; gate_hours =
    all hours delivered on that route. 0 in an area where it delivers none; empty where the capacity table does not tell
    of every lot, and gate_fail_hours also for a service without ratings.
    """
    delivered = in_areas(pack, pack.table("capacity"), selection)
    listed = delivered[delivered["route"] == pack.manifest.quality_gate.route]
    fails = listed[~listed["provider_id"].map(passes_gate(pack)).astype(bool)]
    known = known_areas(pack, selection, "capacity")
    hours, every = (
        rows.groupby("area_code")["delivered_hours"].sum(skipna=False).reindex(known.index, fill_value=0.0).where(known)
        for rows in (fails, listed)
    )
    rated = has_ratings(pack, selection.service)
    return pd.DataFrame({"gate_fail_hours": hours if rated else hours.where(every == 0), "gate_hours": every})


@rests_on("capacity", passes_gate)
def gate_list(pack: Pack, selection: Selection) -> pd.DataFrame:
    """Providers on the wrong side of the quality gate.

    Columns: provider_id, provider_name, finding ("fails" for those on the gate's route that do not pass it, "would
    pass" for those on another framework route that would), delivered_hours (a week, on that route), then one column a
    domain of the gate.
    """
    capacity = in_areas(pack, pack.table("capacity"), selection)
    gate = pack.manifest.quality_gate
    others = [code for code, route in pack.manifest.routes.items() if route.framework and code != gate.route]
    passes = passes_gate(pack)
    ratings = provider_ratings(pack)
    names = pack.table("providers").set_index("provider_id")["provider_name"]
    on_gate = capacity[capacity["route"] == gate.route].groupby("provider_id")["delivered_hours"].sum()
    on_other = capacity[capacity["route"].isin(others)].groupby("provider_id")["delivered_hours"].sum()
    fails = on_gate[~passes.reindex(on_gate.index).to_numpy()].to_frame().assign(finding="fails")
    would = on_other[passes.reindex(on_other.index).to_numpy() & ~on_other.index.isin(on_gate.index)]
    found = pd.concat([fails, would.to_frame().assign(finding="would pass")])
    found = found.join(ratings[list(gate.domains)]).assign(provider_name=names.reindex(found.index)).reset_index()
    order = ["provider_id", "provider_name", "finding", "delivered_hours", *gate.domains]
    return found.sort_values(["finding", "delivered_hours"], ascending=[True, False], kind="stable")[order].reset_index(
        drop=True
    )
