"""Demographic growth: how need changes with the projected population, age band by age band."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.pack.load import Pack
from lib.pack.needed_rows import first_gap, projected_years

Array = NDArray[np.float64]


def weighted_residents(pack: Pack, service: str) -> pd.DataFrame:
    """Residents weighted by relative need: one row a year, one column a cohort and district.

    weighted(d,c,year) = sum over age bands of weight(c,band) x persons(d,band,year), in people. A figure is empty where
    the population table lacks a band that has a weight above 0, as a part of a sum would read as a fall.
    """
    rates = pack.table("service_rates")
    rates = rates[(rates["service"] == service) & (rates["weight"] > 0)]
    bands = rates.groupby("cohort")["age_band"].nunique()
    rows = pack.table("population").merge(rates, on="age_band")
    rows = rows.assign(weighted=rows["weight"] * rows["persons"])
    sums = rows.groupby(["year", "cohort", "district_code"])["weighted"].agg(["sum", "count"])
    whole = sums["count"].to_numpy() == bands.reindex(sums.index.get_level_values("cohort")).to_numpy()
    wide = sums["sum"].where(whole).unstack(["cohort", "district_code"])
    districts = pack.table("districts")["district_code"]
    return wide.reindex(columns=pd.MultiIndex.from_product([bands.index, districts]))


def ageing_index(pack: Pack, service: str, years: int, start: int | None = None) -> dict[str, Array]:
    """The index of demographic growth of each cohort: an array of years + 1 by districts, 1.0 in the base year.

    index(d,c,t) = weighted(d,c,base + t) / weighted(d,c,base), the districts in the order of districts.csv. It is 1
    where nobody of a matching age lives there in the base year, and empty (NaN) in years without a projection. A
    cohort without weights has no entry. start: another year than the service's base year to count from.
    """
    residents = weighted_residents(pack, service)
    base = pack.service(service).base_year if start is None else start
    residents = residents.reindex(index=range(base, base + years + 1))
    index: dict[str, Array] = {}
    for cohort in residents.columns.get_level_values(0).unique():
        people = residents[cohort].to_numpy(dtype=np.float64)
        today = people[0]
        ratio = np.divide(people, today, out=np.ones_like(people), where=today != 0)
        index[str(cohort)] = ratio
    return index


def years_allowed(pack: Pack, service: str) -> int:
    """How many years ahead a projection with ageing may run, 0 to 15: as many as the population has without a gap.

    A year counts where every district has every age band that the service gives a weight to. 0 means no ageing.
    """
    return max(projected_years(pack, service), 0)


def why_no_more(pack: Pack, service: str) -> str:
    """Why there are no more years with ageing, in one sentence; "" where the projection runs as long as any may."""
    base, reach = pack.service(service).base_year, years_allowed(pack, service)
    gap = first_gap(pack, service)
    if not gap:
        return ""
    if reach:
        years = "1 year" if reach == 1 else f"{reach} years"
        return (
            f"The population projection of this pack ends in {base + reach}, as {gap}: with ageing, the what-if shows "
            f"{years}."
        )
    return f"This pack has no population projection from {base} on, as {gap}: the what-if shows no ageing."
