"""The profile: demand, supply and quality joined, one row an area."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt
import pandas as pd

from lib.market.area_figures import area_index, area_names
from lib.market.basis import rests_on
from lib.market.indicator import work_out
from lib.market.indicators import every_figure, indicators
from lib.market.lots import LOT_SUMS, chosen, lot_table, whole_where_known
from lib.market.selection import Selection, areas
from lib.market.wording import counted, listed
from lib.pack.load import Pack
from lib.pack.ratios import safe_ratio
from lib.pack.spells import spells


def figures(pack: Pack, selection: Selection) -> pd.DataFrame:
    """Every figure of the registry by its id, and those that only stand behind others, by area_code."""
    known = every_figure(pack)
    index = area_index(pack, selection)
    found: dict[str, npt.NDArray[Any]] = {}
    for source in dict.fromkeys(one.source for one in known.values() if one.source):
        frame = source(pack, selection)
        frame = frame if frame.index is index else frame.reindex(index)
        found |= {code: frame[code].to_numpy() for code, one in known.items() if one.source is source}
    for code in known:
        found[code] = work_out(known, code, found, safe_ratio)
    return pd.DataFrame(found, index=index)


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


def profiles(pack: Pack, selection: Selection) -> tuple[pd.DataFrame, pd.Series[float]]:
    """`profile` and `county_profile`: one after the other, as they read the same rows."""
    return profile(pack, selection), county_profile(pack, selection)


@rests_on(lot_table)
def lot_rows(pack: Pack, selection: Selection, area_code: str) -> pd.DataFrame:
    """One area's lots: service_type, cohort, people, the hours of lib.market.lots, and coverage.

    Rows stand in the order of lots.csv; a lot of a group of districts adds up its districts' lots.
    """
    lots = lot_table(pack, selection)
    lots = lots[lots["area_code"] == area_code]
    rows = lots.groupby(["service_type", "cohort"], sort=False)[LOT_SUMS].sum(skipna=False).reset_index()
    rows["coverage"] = safe_ratio(rows["capacity_hours"], rows["demand_hours"])
    return rows


@rests_on("history")
def history(pack: Pack, selection: Selection) -> pd.DataFrame:
    """Month by month, area by area: area_code, area_name, month, cohort, hours_per_week, people, new_requests.

    Every month of `months_of`. A month for which an area lacks a district's row of the cohort is empty (NaN) there:
    never the smaller sum of the others. The history has no service types, so the selection's service types do not
    narrow it.
    """
    rows = chosen(pack.table("history"), selection)
    key, figures = ["month", "district_code", "cohort"], ["hours_per_week", "people", "new_requests"]
    months = months_of(pack, selection.service)
    every = pd.MultiIndex.from_product([months, list(pack.district_names()), list(selection.cohorts)], names=key)
    given = rows.set_index(key)[figures].astype("float64").reindex(every).reset_index()
    given = given.merge(areas(pack, selection.group_by), on="district_code")
    keys = ["area_code", "area_name", "month", "cohort"]
    sums = given.groupby(keys, sort=False)[figures].sum(skipna=False).reset_index()
    return whole_where_known(sums, ["people", "new_requests"])


def missing_months_sentence(months: pd.DataFrame) -> str:
    """Which months one area's history lacks, wholly or for some cohort or district; "" where it lacks none.

    months: one area's rows of `history`.
    """
    empty = months.loc[months["hours_per_week"].isna(), "month"].drop_duplicates()
    if empty.empty:
        return ""
    number = len(empty)
    spans = runs([str(month) for month in empty])
    return (
        f"{counted(number, 'month')} {'is' if number == 1 else 'are'} missing from the history, and "
        f"{'leaves' if number == 1 else 'leave'} a gap: {listed(spans)}. A month counts as missing where a district or "
        "a group of people has no row in it."
    )


def runs(months: list[str]) -> list[str]:
    """Months in words, those that follow each other as one: December 2023 to February 2024."""

    def words(month: int) -> str:
        return f"{pd.Period(ordinal=month, freq='M').to_timestamp():%B %Y}"

    return [
        words(first) if first == last else f"{words(first)} to {words(last)}"
        for first, last in spells(pd.Period(month, "M").ordinal for month in months)
    ]


def months_of(pack: Pack, service: str) -> list[str]:
    """The months that a service's history should have: from its first to the date of the data; none without rows."""
    rows = pack.table("history")
    found = rows.loc[rows["service"] == service, "month"]
    if found.empty:
        return []
    last = max(str(found.max()), f"{pack.manifest.date_of(service):%Y-%m}")
    return [str(month) for month in pd.period_range(str(found.min()), last, freq="M")]
