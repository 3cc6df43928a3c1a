"""The profile: demand, supply and quality joined, one row an area."""

from __future__ import annotations

import pandas as pd

from lib.market.basis import rests_on
from lib.market.concentration import concentration
from lib.market.indicators import indicators
from lib.market.lots import LOT_SUMS, chosen, in_areas, lot_table, off_framework, ratio, serving
from lib.market.quality import gate_figures, quality_figures
from lib.market.rurality import rural_shares
from lib.market.selection import Selection, areas
from lib.pack.load import Pack

WEEKS = 52


@rests_on("population")
def residents(pack: Pack, selection: Selection) -> pd.Series[float]:
    """Residents of matching age in the service's base year, by area_code.

    The matching ages are the bands to which service_rates.csv gives a weight above 0 for a chosen cohort that has a lot
    of the chosen service types; a band that two cohorts share counts once.
    """
    rates = pack.table("service_rates")
    cohorts = chosen(pack.lots_of(selection.service), selection)["cohort"]
    rates = rates[(rates["service"] == selection.service) & rates["cohort"].isin(cohorts) & (rates["weight"] > 0)]
    people = pack.table("population")
    year = pack.service(selection.service).base_year
    people = people[(people["year"] == year) & people["age_band"].isin(rates["age_band"])]
    by_area = people.merge(areas(pack, selection.group_by), on="district_code")
    return by_area.groupby("area_code")["persons"].sum()


@rests_on("requests")
def days_to_source(pack: Pack, selection: Selection) -> pd.Series[float]:
    """Median days from request to placement by area_code, of requests placed in the year to the date of the data."""
    requests = in_areas(pack, pack.table("requests"), selection)
    year_ago = pd.Timestamp(pack.manifest.as_of) - pd.DateOffset(years=1)
    placed = requests[requests["placed_on"] > year_ago]
    days = (placed["placed_on"] - placed["requested_on"]).dt.days.astype("float64")
    return days.groupby(placed["area_code"]).median()


@rests_on("capacity")
def provider_figures(pack: Pack, selection: Selection) -> pd.DataFrame:
    """Providers and routes by area_code: providers (count), spot_hours and route_hours (all routes, hours a week)."""
    capacity = in_areas(pack, pack.table("capacity"), selection)
    spot = capacity[capacity["route"].isin(off_framework(pack))]
    return pd.DataFrame(
        {
            "providers": serving(capacity).groupby("area_code")["provider_id"].nunique(),
            "spot_hours": spot.groupby("area_code")["delivered_hours"].sum(),
            "route_hours": capacity.groupby("area_code")["delivered_hours"].sum(),
        }
    ).fillna(0.0)


def profile(pack: Pack, selection: Selection) -> pd.DataFrame:
    """One row an area of the selection: area_code, area_name, then every indicator by its id, in the registry's order.

    Units and formulas are those of lib.market.indicators. A rate with no denominator is empty (NaN).
    """
    keys = ["area_code", "area_name"]
    lots = lot_table(pack, selection)
    frame = (
        lots.groupby(keys, sort=False)[[*LOT_SUMS, "annual_cost", "open_requests"]]
        .sum()
        .reset_index()
        .set_index("area_code")
    )
    frame = frame.join(residents(pack, selection).rename("residents"))
    frame = frame.join(provider_figures(pack, selection))
    counted = ["providers", "spot_hours", "route_hours"]
    frame[counted] = frame[counted].fillna(0.0)
    frame["providers"] = frame["providers"].astype("int64")
    frame["coverage"] = ratio(frame["capacity_hours"], frame["demand_hours"])
    frame["gap_hours"] = frame["demand_hours"] - frame["capacity_hours"]
    frame["shortfall_share"] = ratio(frame["shortfall_hours"], frame["demand_hours"])
    frame["demand_hours_per_1000"] = 1000 * ratio(frame["demand_hours"], frame["residents"])
    frame["people_per_1000"] = 1000 * ratio(frame["people"], frame["residents"])
    frame["hours_per_person"] = ratio(frame["delivered_hours"], frame["people"])
    frame["waiting_share"] = ratio(frame["waiting_hours"], frame["demand_hours"])
    frame["people_per_provider"] = ratio(frame["people"], frame["providers"])
    frame["spot_share"] = ratio(frame["spot_hours"], frame["route_hours"])
    frame["hourly_cost"] = ratio(frame["annual_cost"], WEEKS * frame["delivered_hours"])
    frame["cost_per_person"] = ratio(frame["annual_cost"], frame["people"])
    year = pack.service(selection.service).base_year
    frame = frame.join(rural_shares(pack, selection.group_by, year).rename("rural_share"))
    frame = frame.join(days_to_source(pack, selection).rename("median_days_to_source"))
    frame = frame.join(concentration(pack, selection)).join(gate_figures(pack, selection))
    frame["gate_fail_hours"] = frame["gate_fail_hours"].fillna(0.0)
    frame = frame.join(quality_figures(pack, selection))
    return frame.reset_index()[[*keys, *indicators(pack)]]


def county_profile(pack: Pack, selection: Selection) -> pd.Series[float]:
    """The same indicators for the whole county, by id."""
    return profile(pack, selection.county()).iloc[0]


@rests_on(lot_table)
def lot_rows(pack: Pack, selection: Selection, area_code: str) -> pd.DataFrame:
    """One area's lots: service_type, cohort, people, the hours of lib.market.lots, and coverage.

    Rows stand in the order of lots.csv; a lot of a group of districts adds up its districts' lots.
    """
    lots = lot_table(pack, selection)
    lots = lots[lots["area_code"] == area_code]
    rows = lots.groupby(["service_type", "cohort"], sort=False)[LOT_SUMS].sum().reset_index()
    rows["coverage"] = ratio(rows["capacity_hours"], rows["demand_hours"])
    return rows


@rests_on("history")
def history(pack: Pack, selection: Selection) -> pd.DataFrame:
    """Month by month, area by area: area_code, area_name, month, cohort, hours_per_week, people, new_requests.

    The history has no service types, so the selection's service types do not narrow it.
    """
    rows = chosen(pack.table("history"), selection).merge(areas(pack, selection.group_by), on="district_code")
    keys = ["area_code", "area_name", "month", "cohort"]
    return rows.groupby(keys, sort=False)[["hours_per_week", "people", "new_requests"]].sum().reset_index()
