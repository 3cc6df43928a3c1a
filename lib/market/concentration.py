"""How far an area's hours rest on few providers."""

from __future__ import annotations

import pandas as pd

from lib.market.basis import rests_on
from lib.market.lots import in_areas
from lib.market.selection import Selection
from lib.pack.load import Pack


@rests_on("capacity")
def concentration(pack: Pack, selection: Selection, by: tuple[str, ...] = ("area_code",)) -> pd.DataFrame:
    """Concentration of delivered hours, by area or, with `by`, by area and lot. The columns of `by` are the index.

    largest_provider_share = hours of the largest provider / all hours; hhi = sum of the squared shares x 10,000 (the
    Herfindahl-Hirschman index: 10,000 is a single provider). Both are empty where no hours are delivered.
    """
    keys = list(by)
    delivered = in_areas(pack, pack.table("capacity"), selection)
    hours = delivered.groupby([*keys, "provider_id"])["delivered_hours"].sum()
    every = hours.groupby(keys).transform("sum")
    shares = hours / every.where(every > 0)
    largest = shares.groupby(keys).max()
    index = (shares**2).groupby(keys).sum(min_count=1) * 10_000
    return pd.DataFrame({"largest_provider_share": largest, "hhi": index})
