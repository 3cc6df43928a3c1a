"""A selection's capacity by area and provider, and its placed requests, from rows by number (lib.market.coded).

What rests on the pack alone is kept beside it, and so are the last few selections.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.market.coded import (
    Array,
    Flags,
    Places,
    Rows,
    area_places,
    chosen_lots,
    lot_places,
    places_among,
    service_rows,
    small,
)
from lib.market.lots import off_framework
from lib.market.selection import Selection
from lib.pack.load import Pack


@dataclass(frozen=True, eq=False)
class Pairs:
    """The areas and the providers that have rows there, in order of area and of provider: each pair once.

    of_row: the pair of each row of the service. area, provider: the places of each pair's.
    """

    of_row: Places
    area: Places
    provider: Places


@dataclass(frozen=True, eq=False)
class Served:
    """A selection's capacity by area and provider.

    Attributes:
        area_codes: every area of the selection, in order.
        area, provider: the places of each pair's, in order of area.
        listed: whether a pair has a row; may_serve, serves: whether one has capacity or hours, or surely has (an
            unknown capacity may be some).
        delivered_hours: hours a week, by pair.
    """

    area_codes: tuple[str, ...]
    area: Places
    provider: Places
    listed: Flags
    may_serve: Flags
    serves: Flags
    delivered_hours: Array

    def per_area(self, pairs: Flags) -> npt.NDArray[np.intp]:
        """How many of some pairs each area has."""
        return np.bincount(self.area[pairs], minlength=len(self.area_codes))


def rows_of(pack: Pack, selection: Selection) -> Rows:
    """The rows of a selection's lots, whatever it groups by."""
    return _rows_of(pack, selection.county())


@lru_cache(maxsize=2)
def _rows_of(pack: Pack, selection: Selection) -> Rows:
    rows, lots = service_rows(pack, selection.service), chosen_lots(pack, selection)
    return rows if lots.all() else rows.only(lots[rows.lot])


@lru_cache(maxsize=6)
def pairs_of(pack: Pack, service: str, group_by: str) -> Pairs:
    """Which pair of area and provider each row of a service is of."""
    rows, (_, places) = service_rows(pack, service), area_places(pack, group_by)
    providers = len(pack.table("providers"))
    pairs, of_row = np.unique(places[rows.district].astype(np.int64) * providers + rows.provider, return_inverse=True)
    area, provider = np.divmod(pairs, max(providers, 1))
    return Pairs(small(of_row), small(area), small(provider))


@lru_cache(maxsize=4)
def served(pack: Pack, selection: Selection) -> Served:
    """A selection's capacity by area and provider."""
    rows, pairs = rows_of(pack, selection), pairs_of(pack, selection.service, selection.group_by)
    of_row, number = pairs.of_row[rows.places], len(pairs.area)
    delivers = rows.delivered_hours > 0

    def any_of(chosen: Flags) -> Flags:
        flags = np.zeros(number, dtype=bool)
        flags[of_row[chosen]] = True
        return flags

    return Served(
        area_codes=area_places(pack, selection.group_by)[0],
        area=pairs.area,
        provider=pairs.provider,
        listed=any_of(np.ones(len(of_row), dtype=bool)),
        may_serve=any_of(~((rows.capacity_hours <= 0) & (rows.delivered_hours <= 0))),
        serves=any_of((rows.capacity_hours > 0) | delivers),
        delivered_hours=np.asarray(np.bincount(of_row, rows.delivered_hours, number), dtype=np.float64),
    )


def hours_by_area(pack: Pack, selection: Selection, rows: Flags | None = None) -> Array:
    """Delivered hours of a selection's rows, or of some of them, by area in order."""
    found, (codes, places) = rows_of(pack, selection), area_places(pack, selection.group_by)
    area, hours = places[found.district], found.delivered_hours
    if rows is not None:
        area, hours = area[rows], hours[rows]
    return np.asarray(np.bincount(area, hours, len(codes)), dtype=np.float64)


def on_routes(pack: Pack, rows: Rows, routes: list[str]) -> Flags:
    """Which rows are of some routes."""
    wanted = np.array([code in routes for code in pack.manifest.routes], dtype=bool)
    found: Flags = wanted[rows.route]
    return found


def off_framework_rows(pack: Pack, selection: Selection) -> Flags:
    """Which of a selection's rows are of no call-off from a framework."""
    return on_routes(pack, rows_of(pack, selection), off_framework(pack))


@dataclass(frozen=True, eq=False)
class Placed:
    """The requests of a service that were placed in the year to the date of its data: places as in Rows, and days."""

    district: Places
    lot: Places
    days: Array


@lru_cache(maxsize=4)
def placed_rows(pack: Pack, service: str) -> Placed:
    """The requests of a service that were placed in the year to the date of its data."""
    table = pack.table("requests")
    year_ago = pd.Timestamp(pack.manifest.date_of(service)) - pd.DateOffset(years=1)
    table = table[(table["service"] == service) & (table["placed_on"] > year_ago)]
    return Placed(
        places_among(table["district_code"], pack.district_names()),
        lot_places(pack, service, table),
        np.asarray((table["placed_on"] - table["requested_on"]).dt.days, dtype=np.float64),
    )
