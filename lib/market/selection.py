"""What a reader is looking at: a service, some of its service types and cohorts, and a grouping of districts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

import pandas as pd

from lib.pack.faults import SelectionError, quoted
from lib.pack.load import Pack

DISTRICT = "district"
COUNTY = "county"
COUNTY_CODE = "all"  # the area_code, and district_code, of the whole county
UNGROUPED = "In no group"


@dataclass(frozen=True)
class Selection:
    """A checked selection: service types and cohorts in the order of lots.csv, never empty."""

    service: str
    service_types: tuple[str, ...]
    cohorts: tuple[str, ...]
    group_by: str = DISTRICT

    def county(self) -> Selection:
        """The same lots, with the whole county as one area."""
        return replace(self, group_by=COUNTY)

    def by_district(self) -> Selection:
        """The same lots, district by district."""
        return replace(self, group_by=DISTRICT)


@lru_cache(maxsize=32)
def service_types_of(pack: Pack, service: str) -> tuple[str, ...]:
    """The service types of a service, in the order of lots.csv."""
    return tuple(dict.fromkeys(pack.lots_of(service)["service_type"]))


@lru_cache(maxsize=32)
def cohorts_of(pack: Pack, service: str) -> tuple[str, ...]:
    """The cohorts of a service, in the order of lots.csv."""
    return tuple(dict.fromkeys(pack.lots_of(service)["cohort"]))


def select(
    pack: Pack,
    service: str,
    service_types: Iterable[str] = (),
    cohorts: Iterable[str] = (),
    group_by: str = DISTRICT,
) -> Selection:
    """A selection checked against the pack; nothing chosen means all. SelectionError says what the pack has not."""
    if service not in pack.manifest.services:
        raise unknown("service", service, pack.manifest.services)
    groupings = (DISTRICT, COUNTY, *pack.manifest.groupings)
    if group_by not in groupings:
        raise unknown("grouping", group_by, groupings)
    types, chosen_types = service_types_of(pack, service), set(service_types)
    people, chosen_people = cohorts_of(pack, service), set(cohorts)
    for kind, chosen, known in (("service type", chosen_types, types), ("cohort", chosen_people, people)):
        for code in sorted(chosen - set(known)):
            raise unknown(f"{kind} of {service}", code, known)
    selection = Selection(
        service,
        tuple(code for code in types if not chosen_types or code in chosen_types),
        tuple(code for code in people if not chosen_people or code in chosen_people),
        group_by,
    )
    lots = pack.lots_of(service)
    known_lots = list(zip(lots["service_type"], lots["cohort"], strict=True))
    if not set(known_lots) & set(product(selection.service_types, selection.cohorts)):
        found = f"{', '.join(selection.service_types)} / {', '.join(selection.cohorts)}"
        raise unknown(f"lot of {service}", found, [" / ".join(lot) for lot in known_lots])
    return selection


def unknown(kind: str, found: str, known: Iterable[str]) -> SelectionError:
    """The error for a code that the pack does not have."""
    return SelectionError(f"{kind}: found {quoted(found)}, expected one of {', '.join(known)}")


@lru_cache(maxsize=64)
def is_single_lot(pack: Pack, selection: Selection) -> bool:
    """Whether each area of the selection is one lot. Above that, coverage and gap are net: one lot hides another."""
    lots = pack.lots_of(selection.service)
    chosen = lots["service_type"].isin(selection.service_types) & lots["cohort"].isin(selection.cohorts)
    return selection.group_by == DISTRICT and int(chosen.sum()) == 1


def areas(pack: Pack, group_by: str) -> pd.DataFrame:
    """Which area each district belongs to: district_code, area_code, area_name, one row a district, in file order.

    The code of a group is its name. Districts that a grouping leaves out stand together in an area of their own, so
    that totals are the same under every grouping.
    """
    return _areas(pack, group_by).copy(deep=False)


@lru_cache(maxsize=16)
def _areas(pack: Pack, group_by: str) -> pd.DataFrame:
    districts = pack.table("districts")[["district_code", "district_name"]]
    if group_by == DISTRICT:
        return districts.assign(area_code=districts["district_code"], area_name=districts["district_name"]).drop(
            columns="district_name"
        )
    if group_by == COUNTY:
        name = pack.manifest.area
        return districts[["district_code"]].assign(area_code=COUNTY_CODE, area_name=name)
    groups = pack.table("area_groups")
    groups = groups[groups["grouping"] == group_by]
    members = districts[["district_code"]].merge(groups, on="district_code", how="left")
    names = members["group_name"].fillna(UNGROUPED)
    return members[["district_code"]].assign(area_code=names, area_name=names)
