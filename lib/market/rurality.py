"""How rural an area is, by where its older residents live."""

from __future__ import annotations

import pandas as pd

from lib.market.basis import rests_on
from lib.market.selection import COUNTY, areas
from lib.pack.load import Pack

OLDER = 65


def older_residents(pack: Pack, year: int) -> pd.Series[float]:
    """Residents aged 65 and over in a year, by district_code; 0 where the population table has none."""
    people = pack.table("population")
    lowest = people["age_band"].str.extract(r"^(\d+)", expand=False).astype(int)
    older = people[people["year"].eq(year) & (lowest >= OLDER)].groupby("district_code")["persons"].sum()
    return older.reindex(pack.table("districts")["district_code"]).fillna(0.0)


@rests_on("districts", "population")
def rural_shares(pack: Pack, group_by: str, year: int) -> pd.Series[float]:
    """Share of residents aged 65 and over who live in rural neighbourhoods, 0 to 1, by area_code of a grouping.

    The districts' shares, weighted by their residents of that age in a year; where an area has none in that year, the
    plain mean of its districts.
    """
    shares = pack.table("districts").set_index("district_code")["rural_share_65"]
    weights = older_residents(pack, year)
    area = areas(pack, group_by).set_index("district_code")["area_code"]
    frame = pd.DataFrame({"area_code": area, "share": shares, "weight": weights, "weighted": shares * weights})
    of = frame.groupby("area_code", sort=False).agg(
        weight=("weight", "sum"), weighted=("weighted", "sum"), mean=("share", "mean")
    )
    return (of["weighted"] / of["weight"].where(of["weight"] > 0)).fillna(of["mean"])


def county_rural_share(pack: Pack, year: int) -> float:
    """The same for the whole county."""
    return float(rural_shares(pack, COUNTY, year).iloc[0])
