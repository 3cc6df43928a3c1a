"""Why a figure is not known: the rows that are missing behind it, in words, for every page and file."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from lib.market.area_figures import matching_bands
from lib.market.awaited import not_given
from lib.market.few import few_words
from lib.market.indicator import leaves
from lib.market.indicators import every_figure, indicator_status
from lib.market.lots import lots_of_areas, unknown_rows
from lib.market.not_given import is_not_known
from lib.market.quality import has_ratings
from lib.market.rurality import residents_by_band
from lib.market.selection import Selection, areas
from lib.market.units import is_missing
from lib.market.wording import NOT_KNOWN, for_people, listed, show_with_unit
from lib.pack.load import LOT, Pack
from lib.pack.models import path_of
from lib.pack.needed_rows import older_bands
from lib.pack.unknown_lots import LotTable

NAMED_AT_MOST = 3
LOT_TABLES: tuple[LotTable, ...] = ("demand", "requests", "capacity")
# The figures that a cell may leave empty: the table, its column, and what then is unknown.
MAY_BE_EMPTY = (
    ("demand", "people", ("people",)),
    ("capacity", "capacity_hours", ("capacity_hours", "shortfall_hours", "providers")),
)


def shown(pack: Pack, selection: Selection, area_code: str, indicator_id: str, value: float) -> str:
    """An area's figure on a label, rounded for people as its status asks; "not known" where rows are missing for it."""
    if is_missing(value) and hole(pack, selection, area_code, indicator_id):
        return NOT_KNOWN
    indicator = every_figure(pack)[indicator_id]
    text = for_people(value, indicator.unit, indicator_status(pack, indicator))
    return text if is_missing(value) else with_few(pack, selection, area_code, indicator_id, text)


def shown_with_unit(pack: Pack, selection: Selection, area_code: str, indicator_id: str, value: float) -> str:
    """The same to the digit, as in a table, and with its unit in words where the figure does not say what it counts."""
    if is_missing(value) and hole(pack, selection, area_code, indicator_id):
        return NOT_KNOWN
    text = show_with_unit(value, every_figure(pack)[indicator_id].unit)
    return text if is_missing(value) else with_few(pack, selection, area_code, indicator_id, text)


def with_few(pack: Pack, selection: Selection, area_code: str, indicator_id: str, text: str) -> str:
    """A figure's text, with what it rests on in brackets where that is little."""
    words = few_words(pack, selection, area_code, indicator_id)
    return f"{text} ({words})" if words else text


def why_empty(pack: Pack, selection: Selection, area_code: str, indicator_id: str) -> str:
    """Why an area's figure is empty, as words that follow a colon: rows that are missing, else what it may lack."""
    return hole(pack, selection, area_code, indicator_id) or every_figure(pack)[indicator_id].missing


@lru_cache(maxsize=1024)
def hole(pack: Pack, selection: Selection, area_code: str, indicator_id: str) -> str:
    """The rows that are missing behind an area's figure, in words; "" where none is.

    "market/requests.csv has no rows for this service", "reference/population.csv lacks 2024 for Ash". area_code is
    one of the selection's grouping.
    """
    known = every_figure(pack)
    behind = list(leaves(known, indicator_id))
    waits = not_given(pack, [table for leaf in behind for table in known[leaf].inputs])
    found = [is_not_known(waits)] if waits else []
    for leaf in behind:
        found += holes_of(pack, selection, area_code, leaf, known[leaf].inputs)
    return "; ".join(dict.fromkeys(found))


def holes_of(pack: Pack, selection: Selection, area_code: str, leaf: str, tables: tuple[str, ...]) -> list[str]:
    """The rows that are missing behind a figure that comes from tables, each table in words."""
    lots = lots_of_areas(pack, selection)
    lots = lots[lots["area_code"] == area_code]
    found = []
    waits = not_given(pack, tables)
    for table in LOT_TABLES:
        if table in tables and table not in waits and (words := missing_lots(pack, lots, table)):
            found.append(words)
    for name, column, figures in MAY_BE_EMPTY:
        if leaf in figures and (words := empty_cells(pack, lots, name, column)):
            found.append(words)
    if "ratings" in tables and not {"ratings", "capacity"} & {*waits} and not has_ratings(pack, selection.service):
        found.append(f"{path_of('ratings')} has no rows for the providers of this service")
    if "population" in tables and "population" not in waits:
        found += missing_residents(pack, selection, area_code, leaf)
    if leaf == "rural_share":
        found += missing_rural_shares(pack, selection, area_code)
    return found


def missing_lots(pack: Pack, lots: pd.DataFrame, table: LotTable) -> str:
    """What a market table does not say of some lots (the columns of LOT); "" where it tells of all."""
    unknown = lots[unknown_rows(pack, table, lots)]
    if unknown.empty:
        return ""
    if not pack.table(table)["service"].isin(unknown["service"]).any():
        return f"{path_of(table)} has no rows for this service"
    where = in_districts(pack, unknown)
    if table == "requests":
        return f"{path_of(table)} has fewer requests than {path_of('history')} counts for {where}"
    if table == "capacity":
        return f"{path_of(table)} has no rows for lots of {where} where hours are bought"
    return f"{path_of(table)} lacks lots of {where}"


def empty_cells(pack: Pack, lots: pd.DataFrame, table: str, column: str) -> str:
    """Where a column of a market table is empty among some lots; "" where it is nowhere."""
    rows = pack.table(table)
    rows = rows[rows[column].isna()]
    if rows.empty:
        return ""
    rows = rows[pd.MultiIndex.from_frame(rows[LOT]).isin(pd.MultiIndex.from_frame(lots[LOT]))]
    return "" if rows.empty else f"{column} is empty in {path_of(table)} for {in_districts(pack, rows)}"


def missing_residents(pack: Pack, selection: Selection, area_code: str, leaf: str) -> list[str]:
    """What the population table lacks for an area in the base year; nothing where it has every age band needed."""
    year = pack.service(selection.service).base_year
    bands = older_bands(pack) if leaf == "rural_share" else matching_bands(pack, selection)
    area = areas(pack, selection.group_by)
    inside = area.loc[area["area_code"] == area_code, "district_code"]
    lacks = residents_by_band(pack, year, bands).isna().any(axis=1)
    codes = inside[inside.map(lacks).astype(bool)]
    if codes.empty:
        return []
    return [f"{path_of('population')} lacks {year} for {in_districts(pack, codes.to_frame())}"]


def missing_rural_shares(pack: Pack, selection: Selection, area_code: str) -> list[str]:
    """Where in an area nobody knows how rural a district is; nothing where all are known."""
    districts, area = pack.table("districts"), areas(pack, selection.group_by)
    inside = area.loc[area["area_code"] == area_code, "district_code"]
    empty = districts[districts["rural_share_65"].isna() & districts["district_code"].isin(inside)]
    if empty.empty:
        return []
    return [f"rural_share_65 is empty in {path_of('districts')} for {in_districts(pack, empty)}"]


def in_districts(pack: Pack, rows: pd.DataFrame) -> str:
    """The districts of some rows by name, or their number where they are many."""
    here = set(rows["district_code"])
    names = [name for code, name in pack.district_names().items() if code in here]
    if len(names) > NAMED_AT_MOST:
        return f"{len(names)} districts"
    return listed(names)
