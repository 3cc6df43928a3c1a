"""The places of districts, lots and areas, and a service's capacity rows by these: worked out once a pack.

Figures then compare no words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.market.selection import Selection, areas
from lib.pack.load import Pack

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int32]


@lru_cache(maxsize=32)
def area_places(pack: Pack, group_by: str) -> tuple[tuple[str, ...], Places]:
    """The areas of a grouping by code, in the order of their first districts, and the place of each district's."""
    places, codes = pd.factorize(areas(pack, group_by)["area_code"])
    return tuple(codes), places.astype(np.int32)


@lru_cache(maxsize=128)
def chosen_lots(pack: Pack, selection: Selection) -> Flags:
    """Which lots of the selection's service, in the order of lots.csv, are in it."""
    kinds, people = set(selection.service_types), set(selection.cohorts)
    return np.array([kind in kinds and one in people for kind, one in lots_in_order(pack, selection.service)])


@lru_cache(maxsize=16)
def lots_in_order(pack: Pack, service: str) -> tuple[tuple[str, str], ...]:
    """The service type and cohort of each lot of a service, in the order of lots.csv."""
    return tuple(pack.lots_of(service)[["service_type", "cohort"]].itertuples(index=False, name=None))


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of the capacity table, in the file's order. Places count from 0, in the order of the tables named.

    Attributes:
        district, lot, provider: places in districts.csv, among the service's lots of lots.csv, and in providers.csv.
        route: place among the manifest's routes.
        capacity_hours, delivered_hours: hours a week; capacity is empty (NaN) where nobody knows.
        places: the rows' places among all rows of the service.
    """

    district: Places
    lot: Places
    provider: Places
    route: Places
    capacity_hours: Array
    delivered_hours: Array
    places: Places | slice

    def only(self, rows: Flags) -> Rows:
        """Some of the rows."""
        places = small(np.flatnonzero(rows))
        return Rows(
            self.district[places], self.lot[places], self.provider[places], self.route[places],
            self.capacity_hours[places], self.delivered_hours[places], places,
        )  # fmt: skip


@lru_cache(maxsize=4)
def service_rows(pack: Pack, service: str) -> Rows:
    """Every row of a service."""
    table = pack.table("capacity")
    table = table[table["service"] == service]
    return Rows(
        district=places_among(table["district_code"], pack.district_names()),
        lot=lot_places(pack, service, table),
        provider=places_among(table["provider_id"], pack.table("providers")["provider_id"]),
        route=places_among(table["route"], pack.manifest.routes),
        capacity_hours=table["capacity_hours"].to_numpy(dtype=np.float64),
        delivered_hours=table["delivered_hours"].to_numpy(dtype=np.float64),
        places=slice(None),
    )


def places_among(values: pd.Series[str], known: Iterable[str]) -> Places:
    """The place of each value among the known ones; each different value is looked up once."""
    codes, different = pd.factorize(values)
    return small(pd.Index(list(known)).get_indexer(pd.Index(different)))[codes]


def lot_places(pack: Pack, service: str, table: pd.DataFrame) -> Places:
    """The place of each row's lot among the service's, by its service_type and cohort."""
    (kind, kinds), (people, cohorts) = (pd.factorize(table[name]) for name in ("service_type", "cohort"))
    lots = {lot: place for place, lot in enumerate(lots_in_order(pack, service))}
    grid = [[lots.get((one, other), -1) for other in cohorts] for one in kinds]
    found: Places = np.array(grid, dtype=np.int32).reshape(len(kinds), len(cohorts))[kind, people]
    return found


def small(places: npt.NDArray[np.intp]) -> Places:
    """The same places in half the room: no table has more rows than that."""
    return places.astype(np.int32)
