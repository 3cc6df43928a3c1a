"""How far an area's hours rest on few providers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lib.market.basis import rests_on
from lib.market.lots import in_areas, known_areas
from lib.market.selection import Selection
from lib.market.supply import served
from lib.pack.load import Pack
from lib.pack.ratios import safe_ratio


@rests_on("capacity")
def concentration(pack: Pack, selection: Selection, by: tuple[str, ...] = ("area_code",)) -> pd.DataFrame:
    """Concentration of delivered hours, by area or, with `by`, by area and lot. The columns of `by` are the index.

    largest_provider_share = hours of the largest provider / all hours; hhi = sum of the squared shares x 10,000 (the
    Herfindahl-Hirschman index: 10,000 is a single provider). Both are empty where no hours are delivered, or
    where the capacity table does not tell of every lot of the area.
    """
    if by == ("area_code",):
        return by_area(pack, selection)
    keys = list(by)
    delivered = in_areas(pack, pack.table("capacity"), selection)
    hours = delivered.groupby([*keys, "provider_id"])["delivered_hours"].sum()
    every = hours.groupby(keys).transform("sum")
    shares = safe_ratio(hours, every)
    largest = shares.groupby(keys).max()
    index = (shares**2).groupby(keys).sum(min_count=1) * 10_000
    found = pd.DataFrame({"largest_provider_share": largest, "hhi": index})
    known = known_areas(pack, selection, "capacity")
    # By lot there is nothing to empty: one of which nothing is known has no row here.
    if known.all() or "area_code" not in keys:
        return found
    found.loc[~known.reindex(found.index.get_level_values("area_code")).to_numpy()] = float("nan")
    return found


def by_area(pack: Pack, selection: Selection) -> pd.DataFrame:
    """Concentration by area alone, of the areas that the capacity table has rows of, by code."""
    pairs = served(pack, selection)
    number = len(pairs.area_codes)
    every = np.bincount(pairs.area, pairs.delivered_hours, number)
    shares = np.divide(
        pairs.delivered_hours, every[pairs.area], out=np.zeros(len(pairs.area)), where=every[pairs.area] > 0
    )
    largest = np.zeros(number)
    np.maximum.at(largest, pairs.area, shares)
    known = known_areas(pack, selection, "capacity")
    unknown = (every <= 0) | ~known.to_numpy()
    figures = {"largest_provider_share": largest, "hhi": np.bincount(pairs.area, shares**2, number) * 10_000}
    found = pd.DataFrame({name: np.where(unknown, np.nan, one) for name, one in figures.items()}, index=known.index)
    return found[pairs.per_area(pairs.listed) > 0].sort_index()
