"""The sums that a publication shows: every area by every service type and cohort, and who stands behind them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from lib.market.coded import area_places, chosen_lots, lots_in_order, service_rows
from lib.market.lots import LOT_FIGURES, service_figures
from lib.market.selection import COUNTY, DISTRICT, Selection, areas, cohorts_of, select, service_types_of
from lib.pack.load import Pack
from lib.publish.cells import ALL, Floats, Places

DELIVERED, CAPACITY = "delivered", "capacity"  # whose providers stand behind hours
EVERY = "All"  # how the name of a total begins


@dataclass(frozen=True, eq=False)
class Area:
    """A district, a group of districts or the county: the places of its districts in districts.csv."""

    kind: str
    code: str
    name: str
    districts: Places


@dataclass(frozen=True, eq=False)
class Lots:
    """A service type or all, a cohort or all: the places of the lots among the service's."""

    service_type: str
    cohort: str
    places: Places


@dataclass(frozen=True, eq=False)
class Sums:
    """A service's areas and sums of lots."""

    pack: Pack
    service: str

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """Districts, the groupings that the pack has districts for, and the county."""
        given = set(self.pack.table("area_groups")["grouping"])
        return (DISTRICT, *(code for code in self.pack.manifest.groupings if code in given), COUNTY)

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """Every area, kind by kind."""
        return tuple(one for kind in self.kinds for one in areas_of(self.pack, kind))

    @cached_property
    def lots(self) -> tuple[Lots, ...]:
        """Every sum of lots: each service type and all, by each cohort and all, where the service has such lots."""
        lots = lots_in_order(self.pack, self.service)
        found = []
        for kind in (*service_types_of(self.pack, self.service), ALL):
            for cohort in (*cohorts_of(self.pack, self.service), ALL):
                places = [n for n, (one, other) in enumerate(lots) if kind in (one, ALL) and cohort in (other, ALL)]
                if places:
                    found.append(Lots(kind, cohort, np.array(places, dtype=np.int64)))
        return tuple(found)

    @property
    def every(self) -> Lots:
        """All lots as one."""
        return self.lots[-1] if self.lots else Lots(ALL, ALL, np.zeros(0, dtype=np.int64))

    @cached_property
    def of_types(self) -> tuple[Lots, ...]:
        """The sums of lots over all cohorts."""
        return tuple(one for one in self.lots if one.cohort == ALL)

    @cached_property
    def of_cohorts(self) -> tuple[Lots, ...]:
        """The sums of lots over all service types."""
        return tuple(one for one in self.lots if one.service_type == ALL)

    @property
    def figures(self) -> Floats:
        """LOT_FIGURES of every lot: districts by lots by figures."""
        return service_figures(self.pack, self.service)

    def figure(self, name: str) -> Floats:
        """One figure of every lot: districts by lots."""
        return self.figures[:, :, LOT_FIGURES.index(name)]

    def places(self, area: Area, lots: Lots) -> Places:
        """The places of the lots that are added up, where districts by lots stand in one row."""
        number = len(lots_in_order(self.pack, self.service))
        return (area.districts[:, None] * number + lots.places[None, :]).ravel()

    def selection(self, lots: Lots, kind: str) -> Selection:
        """The same as lib.market knows it."""
        kinds = [] if lots.service_type == ALL else [lots.service_type]
        cohorts = [] if lots.cohort == ALL else [lots.cohort]
        return select(self.pack, self.service, kinds, cohorts, kind)

    def text(self, area: Area, lots: Lots | None = None, *columns: str) -> dict[str, str]:
        """The columns of text of a row: the service, the area, and service_type and cohort where they are asked for."""
        pack = self.pack
        row = {
            "service": self.service,
            "service_name": pack.service(self.service).label,
            "area_kind": area.kind,
            "area_code": area.code,
            "area_name": area.name,
        }
        names = {
            "service_type": ("service_types", "service types"),
            "cohort": ("cohorts", "cohorts"),
        }
        for column in columns:
            code = str(getattr(lots, column))
            vocabulary, plural = names[column]
            row[column] = code
            row[f"{column}_name"] = f"{EVERY} {plural}" if code == ALL else pack.label(vocabulary, code)
        return row

    def behind(self, part: str, kind: str, lots: Lots) -> pd.DataFrame:
        """Who stands behind hours, one row an area of a kind, in order.

        part: delivered or capacity. Columns: {part}_providers (those with more than 0 hours) and {part}_largest (the
        largest one's share, 0 to 1, empty without hours or where some are unknown).
        """
        rows = service_rows(self.pack, self.service)
        chosen = chosen_lots(self.pack, self.selection(lots, kind))[rows.lot]
        codes, places = area_places(self.pack, kind)
        frame = pd.DataFrame(
            {
                "area": places[rows.district[chosen]],
                "provider": rows.provider[chosen],
                "hours": (rows.delivered_hours if part == DELIVERED else rows.capacity_hours)[chosen],
            }
        )
        held = frame.groupby(["area", "provider"])["hours"].sum(skipna=False)
        total, largest = held.groupby("area").sum(skipna=False), held.groupby("area").max()
        number = (held > 0).groupby("area").sum().reindex(range(len(codes)), fill_value=0)
        share = (largest / total.where(total > 0)).reindex(range(len(codes)))
        columns = {
            f"{part}_providers": number.to_numpy(dtype=np.float64),
            f"{part}_largest": share.to_numpy(dtype=np.float64),
        }
        return pd.DataFrame(columns, index=list(codes))


def areas_of(pack: Pack, kind: str) -> Iterator[Area]:
    """The areas of a kind, in the order of their first districts."""
    names = areas(pack, kind).drop_duplicates("area_code").set_index("area_code")["area_name"]
    codes, places = area_places(pack, kind)
    for place, code in enumerate(codes):
        yield Area(kind, code, str(names[code]), np.flatnonzero(places == place).astype(np.int64))


def added(values: Floats) -> float:
    """A sum; empty (NaN) where a part is. In more digits than are kept, so that its order does not show."""
    return float(values.sum(dtype=np.longdouble)) if values.size else math.nan
