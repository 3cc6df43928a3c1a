"""Quality, weighted by the hours that providers deliver, and the framework's quality gate."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.market.area_figures import area_names
from lib.market.basis import rests_on
from lib.market.coded import area_places
from lib.market.lots import in_areas, known_areas
from lib.market.selection import Selection
from lib.market.supply import hours_by_area, on_routes, rows_of, served
from lib.market.units import NOT_KNOWN
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

    A provider with no row, such as one that need not register, is not rated; see `has_ratings`. Where nobody has given
    the ratings, none is known.
    """
    none = not_rated_name(pack) if pack.given("ratings") else NOT_KNOWN
    wide = pack.table("ratings").set_index(["provider_id", "domain"])["rating"].unstack("domain")
    wide = wide.reindex(index=pack.table("providers")["provider_id"], columns=list(pack.manifest.domains))
    return wide.astype("object").fillna(none).astype("str")


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
    # No figure is made of what nobody has given: see `has_ratings`.
    places.setdefault(NOT_KNOWN, places.get(not_rated_name(pack), 0))
    ratings = provider_ratings(pack)
    return pd.DataFrame({name: ratings[name].map(places).astype("int64") for name in ratings.columns})


@rests_on("capacity", provider_ratings)
def rating_mix(pack: Pack, selection: Selection) -> pd.DataFrame:
    """Delivered hours by rating, for overall and each key question, area by area.

    Columns: area_code, area_name, domain, rating, order (place of the rating in the vocabulary, best first), hours
    (a week), share (of all hours delivered in the area; empty where none are). Every rating stands in every area that
    is known: no row tells of one with a lot that the capacity table does not tell of, nor of a service without ratings.
    """
    hours, areas = rated_hours(pack, selection)
    vocabulary = [rating.name for rating in pack.manifest.ratings]
    domains = list(pack.manifest.domains)
    names, every = area_names(pack, selection).iloc[areas], hours.sum(axis=2, keepdims=True)
    cells = len(domains) * len(vocabulary)
    return pd.DataFrame(
        {
            "area_code": names.index.repeat(cells),
            "area_name": np.repeat(names.to_numpy(), cells),
            "domain": pd.Index(domains, dtype="str").repeat(len(vocabulary)).tolist() * len(names),
            "rating": vocabulary * len(domains) * len(names),
            "order": np.tile(np.arange(len(vocabulary)), len(names) * len(domains)),
            "hours": hours.ravel(),
            "share": safe_ratio(hours, np.broadcast_to(every, hours.shape)).ravel(),
        }
    )


def rated_hours(pack: Pack, selection: Selection) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.intp]]:
    """Delivered hours of the areas that `rating_mix` has: areas by domains by ratings; and the places of these areas.

    Areas stand in the order in which the capacity table names them.
    """
    pairs, ratings = served(pack, selection), rating_places(pack).to_numpy()
    number, domains, words = len(pairs.area_codes), ratings.shape[1], len(pack.manifest.ratings)
    hours = np.zeros((number, domains, words))
    for place in range(domains):
        cell = pairs.area.astype(np.int64) * words + ratings[pairs.provider, place]
        hours[:, place] = np.bincount(cell, pairs.delivered_hours, number * words).reshape(number, words)
    known = known_areas(pack, selection, "capacity").to_numpy() & has_ratings(pack, selection.service)
    rows = area_places(pack, selection.group_by)[1][rows_of(pack, selection).district]
    first = np.full(number, len(rows))
    first[rows[::-1]] = np.arange(len(rows))[::-1]
    order = np.argsort(first, kind="stable")
    areas = order[known[order] & (first[order] < len(rows))]
    return hours[areas], areas


@rests_on(rating_mix)
def quality_figures(pack: Pack, selection: Selection) -> pd.DataFrame:
    """The quality indicators of each area: area_code as index.

    good_or_better_share = Good and Outstanding hours / rated hours, empty where under half of the hours are rated;
    good_or_better_DOMAIN the same for each key question; not_rated_share = hours of providers not rated overall / all
    hours.
    """
    hours, areas = rated_hours(pack, selection)
    rated, good = (np.array([getattr(one, kind) for one in pack.manifest.ratings]) for kind in ("rated", "good"))
    every, rated_sum = hours.sum(axis=2), hours[:, :, rated].sum(axis=2)
    shares = safe_ratio(hours[:, :, good].sum(axis=2), rated_sum)
    shares[~(safe_ratio(rated_sum, every) >= MOST_MUST_BE_RATED)] = np.nan
    not_rated = safe_ratio(every - rated_sum, every)
    domains = list(pack.manifest.domains)
    found = {
        "good_or_better_share" if name == OVERALL else f"good_or_better_{name}": shares[:, place]
        for place, name in enumerate(domains)
    }
    figures = pd.DataFrame(found, index=area_names(pack, selection).index[areas])
    place = domains.index(OVERALL) if OVERALL in domains else None
    figures.insert(1, "not_rated_share", float("nan") if place is None else not_rated[:, place])
    return figures.sort_index()


@rests_on("capacity", passes_gate)
def gate_figures(pack: Pack, selection: Selection) -> pd.DataFrame:
    """Hours that rest on providers below the quality gate: area_code as index.

    gate_fail_hours = delivered hours, on the route that has the gate, of providers that do not pass it; gate_hours =
    all hours delivered on that route. 0 in an area where it delivers none; empty where the capacity table does not tell
    of every lot, and gate_fail_hours also for a service without ratings.
    """
    rows = rows_of(pack, selection)
    listed = on_routes(pack, rows, [pack.manifest.quality_gate.route])
    fails = listed & ~passes_gate(pack).to_numpy(dtype=bool)[rows.provider]
    known = known_areas(pack, selection, "capacity")
    hours, every = (
        pd.Series(hours_by_area(pack, selection, chosen), index=known.index).where(known) for chosen in (fails, listed)
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
