"""The profile: demand, supply and quality joined, one row an area."""

from __future__ import annotations

import pandas as pd

from lib.market.area_figures import area_names
from lib.market.basis import rests_on
from lib.market.indicator import work_out
from lib.market.indicators import every_figure, indicators
from lib.market.lots import LOT_SUMS, chosen, lot_table
from lib.market.selection import Selection, areas
from lib.pack.load import Pack
from lib.pack.ratios import safe_ratio


def figures(pack: Pack, selection: Selection) -> pd.DataFrame:
    """Every figure of the registry by its id, and those that only stand behind others, by area_code."""
    known = every_figure(pack)
    names = area_names(pack, selection)
    found: dict[str, pd.Series[float]] = {}
    for source in dict.fromkeys(one.source for one in known.values() if one.source):
        frame = source(pack, selection).reindex(names.index)
        found |= {code: frame[code] for code, one in known.items() if one.source is source}
    for code in known:
        found[code] = work_out(known, code, found, safe_ratio)
    return pd.DataFrame(found, index=names.index)


def profile(pack: Pack, selection: Selection) -> pd.DataFrame:
    """One row an area of the selection: area_code, area_name, then every indicator by its id, in the registry's order.

    Units and formulas are those of lib.market.indicators. A rate with no denominator is empty (NaN), and so is a figure
    with an unknown part.
    """
    frame = figures(pack, selection)[list(indicators(pack))]
    frame.insert(0, "area_name", area_names(pack, selection))
    return frame.reset_index()


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
    rows["coverage"] = safe_ratio(rows["capacity_hours"], rows["demand_hours"])
    return rows


@rests_on("history")
def history(pack: Pack, selection: Selection) -> pd.DataFrame:
    """Month by month, area by area: area_code, area_name, month, cohort, hours_per_week, people, new_requests.

    The history has no service types, so the selection's service types do not narrow it.
    """
    rows = chosen(pack.table("history"), selection).merge(areas(pack, selection.group_by), on="district_code")
    keys = ["area_code", "area_name", "month", "cohort"]
    return rows.groupby(keys, sort=False)[["hours_per_week", "people", "new_requests"]].sum().reset_index()
