"""What is added up, counted or ranked in each area: the figures that no other figure gives."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from lib.market.basis import rests_on
from lib.market.coded import area_places, chosen_lots, lots_in_order
from lib.market.lots import (
    LOT_COUNTS,
    LOT_FIGURES,
    LOT_SUMS,
    in_areas,
    known_areas,
    lot_table,
    service_figures,
    whole_where_known,
)
from lib.market.rurality import residents_by_band, rural_shares
from lib.market.selection import Selection, areas
from lib.market.supply import hours_by_area, off_framework_rows, placed_rows, served
from lib.pack.load import Pack


def area_names(pack: Pack, selection: Selection) -> pd.Series[str]:
    """The names of a selection's areas by area_code, in the order of its first districts."""
    return _area_names(pack, selection.group_by).copy(deep=False)


@lru_cache(maxsize=32)
def _area_names(pack: Pack, group_by: str) -> pd.Series[str]:
    return areas(pack, group_by).drop_duplicates("area_code").set_index("area_code")["area_name"]


def area_index(pack: Pack, selection: Selection) -> pd.Index[str]:
    """The codes of a selection's areas, in the order of its first districts."""
    return _area_names(pack, selection.group_by).index


@rests_on(lot_table)
def lot_sums(pack: Pack, selection: Selection) -> pd.DataFrame:
    """What adds up over an area's lots, by area_code: people, hours a week, annual_cost (pounds) and open_requests.

    A sum with an unknown part is unknown.
    """
    lots = service_figures(pack, selection.service)[:, chosen_lots(pack, selection)]
    codes, places = area_places(pack, selection.group_by)
    # Added up in more digits than are kept, so that the order in which a sum is made does not show.
    sums = np.zeros((len(codes), len(LOT_FIGURES)), dtype=np.longdouble)
    np.add.at(sums, places, lots.sum(axis=1, dtype=np.longdouble))
    frame = pd.DataFrame(sums.astype(np.float64), index=area_index(pack, selection), columns=LOT_FIGURES)
    return whole_where_known(frame[[*LOT_SUMS, "annual_cost", "open_requests"]], LOT_COUNTS[:2])


def matching_bands(pack: Pack, selection: Selection) -> list[str]:
    """The age bands that the chosen cohorts are drawn from: see `residents`."""
    lots = zip(lots_in_order(pack, selection.service), chosen_lots(pack, selection), strict=True)
    cohorts = dict.fromkeys(cohort for (_, cohort), here in lots if here)
    return list(_bands_of(pack, selection.service, tuple(cohorts)))


@lru_cache(maxsize=64)
def _bands_of(pack: Pack, service: str, cohorts: tuple[str, ...]) -> tuple[str, ...]:
    rates = pack.table("service_rates")
    rates = rates[(rates["service"] == service) & rates["cohort"].isin(cohorts) & (rates["weight"] > 0)]
    return tuple(str(band) for band in rates["age_band"].unique())


@rests_on("population")
def residents(pack: Pack, selection: Selection) -> pd.DataFrame:
    """Residents of matching age in the service's base year, by area_code: residents.

    The matching ages are the bands to which service_rates.csv gives a weight above 0 for a chosen cohort that has a lot
    of the chosen service types; a band that two cohorts share counts once. Empty where a district of the area lacks one
    of these bands in that year.
    """
    year, bands = pack.service(selection.service).base_year, tuple(matching_bands(pack, selection))
    return _residents(pack, year, bands, selection.group_by).copy(deep=False)


@lru_cache(maxsize=64)
def _residents(pack: Pack, year: int, bands: tuple[str, ...], group_by: str) -> pd.DataFrame:
    by_band = residents_by_band(pack, year, list(bands))
    area = areas(pack, group_by).set_index("district_code")["area_code"]
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
    placed, (codes, places) = placed_rows(pack, selection.service), area_places(pack, selection.group_by)
    here = chosen_lots(pack, selection)[placed.lot]
    median = pd.Series(placed.days[here]).groupby(places[placed.district[here]]).median()
    known = known_areas(pack, selection, "requests").to_numpy()
    days = np.full(len(codes), np.nan)
    days[median.index] = median
    index = area_index(pack, selection)
    return pd.DataFrame({"median_days_to_source": np.where(known, days, np.nan)}, index=index)


@rests_on("capacity")
def provider_figures(pack: Pack, selection: Selection) -> pd.DataFrame:
    """Providers and routes by area_code: providers (count), spot_hours and route_hours (all routes, hours a week).

    Empty where the capacity table does not tell of every lot.
    """
    pairs = served(pack, selection)
    may, sure = pairs.per_area(pairs.may_serve), pairs.per_area(pairs.serves)
    found = {
        "providers": may if (may == sure).all() else np.where(may == sure, may, np.nan),
        "spot_hours": hours_by_area(pack, selection, off_framework_rows(pack, selection)),
        "route_hours": hours_by_area(pack, selection),
    }
    known = known_areas(pack, selection, "capacity")
    every = pd.DataFrame(found, index=known.index)
    return every if known.all() else every.where(known, axis=0)


@rests_on(rural_shares)
def rurality(pack: Pack, selection: Selection) -> pd.DataFrame:
    """Share of residents aged 65 and over in rural neighbourhoods, in the service's base year, by area_code."""
    year = pack.service(selection.service).base_year
    return rural_shares(pack, selection.group_by, year).to_frame("rural_share")
