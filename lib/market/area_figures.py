"""What is added up, counted or ranked in each area: the figures that no other figure gives."""

from __future__ import annotations

import pandas as pd

from lib.market.basis import rests_on
from lib.market.lots import (
    LOT_SUMS,
    chosen,
    in_areas,
    known_areas,
    lot_table,
    off_framework,
    providers_serving,
)
from lib.market.rurality import residents_by_band, rural_shares
from lib.market.selection import Selection, areas
from lib.pack.load import Pack


def area_names(pack: Pack, selection: Selection) -> pd.Series[str]:
    """The names of a selection's areas by area_code, in the order of its first districts."""
    return areas(pack, selection.group_by).drop_duplicates("area_code").set_index("area_code")["area_name"]


@rests_on(lot_table)
def lot_sums(pack: Pack, selection: Selection) -> pd.DataFrame:
    """What adds up over an area's lots, by area_code: people, hours a week, annual_cost (pounds) and open_requests.

    A sum with an unknown part is unknown.
    """
    lots = lot_table(pack, selection)
    return lots.groupby("area_code", sort=False)[[*LOT_SUMS, "annual_cost", "open_requests"]].sum(skipna=False)


def matching_bands(pack: Pack, selection: Selection) -> list[str]:
    """The age bands that the chosen cohorts are drawn from: see `residents`."""
    rates = pack.table("service_rates")
    cohorts = chosen(pack.lots_of(selection.service), selection)["cohort"]
    rates = rates[(rates["service"] == selection.service) & rates["cohort"].isin(cohorts) & (rates["weight"] > 0)]
    return [str(band) for band in rates["age_band"].unique()]


@rests_on("population")
def residents(pack: Pack, selection: Selection) -> pd.DataFrame:
    """Residents of matching age in the service's base year, by area_code: residents.

    The matching ages are the bands to which service_rates.csv gives a weight above 0 for a chosen cohort that has a lot
    of the chosen service types; a band that two cohorts share counts once. Empty where a district of the area lacks one
    of these bands in that year.
    """
    by_band = residents_by_band(pack, pack.service(selection.service).base_year, matching_bands(pack, selection))
    area = areas(pack, selection.group_by).set_index("district_code")["area_code"]
    by_district = by_band.sum(axis=1, skipna=False)
    return by_district.groupby(area.reindex(by_district.index)).sum(skipna=False).to_frame("residents")


@rests_on("requests")
def placed_in_year(pack: Pack, selection: Selection) -> pd.DataFrame:
    """The requests of a selection that were placed in the year to the date of the service's data, with area_code."""
    requests = in_areas(pack, pack.table("requests"), selection)
    year_ago = pd.Timestamp(pack.manifest.date_of(selection.service)) - pd.DateOffset(years=1)
    return requests[requests["placed_on"] > year_ago]


@rests_on(placed_in_year)
def days_to_source(pack: Pack, selection: Selection) -> pd.DataFrame:
    """Median days from request to placement, by area_code: median_days_to_source.

    Of the requests of `placed_in_year`; empty where there are none, or where not all are known.
    """
    placed = placed_in_year(pack, selection)
    days = (placed["placed_on"] - placed["requested_on"]).dt.days.astype("float64")
    median = days.groupby(placed["area_code"]).median()
    known = known_areas(pack, selection, "requests")
    return median.reindex(known.index).where(known).to_frame("median_days_to_source")


@rests_on("capacity")
def provider_figures(pack: Pack, selection: Selection) -> pd.DataFrame:
    """Providers and routes by area_code: providers (count), spot_hours and route_hours (all routes, hours a week).

    Empty where the capacity table does not tell of every lot.
    """
    capacity = in_areas(pack, pack.table("capacity"), selection)
    spot = capacity[capacity["route"].isin(off_framework(pack))]
    found = {
        "providers": providers_serving(capacity, "area_code"),
        "spot_hours": spot.groupby("area_code")["delivered_hours"].sum(skipna=False),
        "route_hours": capacity.groupby("area_code")["delivered_hours"].sum(skipna=False),
    }
    # An area that no row names has none, where that is known; reindexing leaves a sum that is unknown as it is.
    known = known_areas(pack, selection, "capacity")
    every = pd.DataFrame({name: figures.reindex(known.index, fill_value=0) for name, figures in found.items()})
    return every if known.all() else every.where(known, axis=0)


@rests_on(rural_shares)
def rurality(pack: Pack, selection: Selection) -> pd.DataFrame:
    """Share of residents aged 65 and over in rural neighbourhoods, in the service's base year, by area_code."""
    year = pack.service(selection.service).base_year
    return rural_shares(pack, selection.group_by, year).to_frame("rural_share")
