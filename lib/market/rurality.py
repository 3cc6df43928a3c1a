"""How rural an area is, by where its older residents live."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from lib.market.basis import rests_on
from lib.market.selection import COUNTY, areas
from lib.pack.load import Pack
from lib.pack.needed_rows import older_bands
from lib.pack.ratios import safe_ratio


def residents_by_band(pack: Pack, year: int, bands: list[str]) -> pd.DataFrame:
    """Residents in a year, districts (in their order) by age bands; empty where the population table has no row."""
    found = every_band(pack, year).reindex(columns=bands)
    whole = pack.tables["population"]["persons"].dtype
    return found.astype(whole) if found.notna().all(axis=None) else found


@lru_cache(maxsize=32)
def every_band(pack: Pack, year: int) -> pd.DataFrame:
    """The same of every age band of the year."""
    people = pack.table("population")
    people = people[people["year"].eq(year)]
    wide = people.pivot_table(values="persons", index="district_code", columns="age_band", aggfunc="first")
    return wide.reindex(index=pd.Index(list(pack.district_names()), name="district_code"))


def older_residents(pack: Pack, year: int) -> pd.Series[float]:
    """Residents aged 65 and over in a year, by district_code; empty where the population table lacks an age band."""
    return residents_by_band(pack, year, older_bands(pack)).sum(axis=1, skipna=False)


@rests_on("districts", "population")
def rural_shares(pack: Pack, group_by: str, year: int) -> pd.Series[float]:
    """Share of residents aged 65 and over who live in rural neighbourhoods, 0 to 1, by area_code of a grouping.

    The districts' shares, weighted by their residents of that age in a year; where nobody of that age lives in the
    area, the plain mean of its districts. A single district's share needs no weight. Empty where one of several
    districts has no population for the year.
    """
    return _rural_shares(pack, group_by, year).copy(deep=False)


@lru_cache(maxsize=32)
def _rural_shares(pack: Pack, group_by: str, year: int) -> pd.Series[float]:
    shares = pack.table("districts").set_index("district_code")["rural_share_65"]
    weights = older_residents(pack, year)
    area = areas(pack, group_by).set_index("district_code")["area_code"]
    frame = pd.DataFrame({"area_code": area, "share": shares, "weight": weights, "weighted": shares * weights})
    by_area = frame.groupby("area_code", sort=False)
    sums = by_area[["weight", "weighted"]].sum(skipna=False)
    plain = (sums["weight"] == 0) | (by_area.size() == 1)
    return safe_ratio(sums["weighted"], sums["weight"]).mask(plain, by_area["share"].mean())


def county_rural_share(pack: Pack, year: int) -> float:
    """The same for the whole county."""
    return float(rural_shares(pack, COUNTY, year).iloc[0])
