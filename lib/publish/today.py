"""Today's tables of a publication: demand and supply, one row an area, service type and cohort."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from lib.market.area_figures import provider_figures
from lib.market.basis import standing
from lib.market.disclosure import Measure, Ratio, worked_out
from lib.market.figure import as_of
from lib.market.indicators import indicator_label, indicator_status, indicators
from lib.market.selection import COUNTY
from lib.market.status import county_known
from lib.market.units import UNITS
from lib.market.wording import listed
from lib.pack.load import Pack
from lib.pack.manifest import Disclosure
from lib.publish.cells import ALL, HOURS_IN_A_WEEK, NOW, Field, Places, Secret, least_interval
from lib.publish.drafts import Draft, Row, Sum, Tells, plain_sum
from lib.publish.sums import CAPACITY, DELIVERED, Area, Lots, Sums, added

PEOPLE, HOURS, REQUESTS, WAITING, PROVIDERS = "people", "hours", "open_requests", "waiting_hours", "providers"
# Which figure of a lot a measure adds up, and its block of quantities.
BLOCKS = {
    "people": PEOPLE,
    "open_requests": REQUESTS,
    "delivered_hours": HOURS,
    "waiting_hours": WAITING,
    "capacity_hours": CAPACITY,
}
TEXTS = {
    "service": ("Code of the service", "services"),
    "service_name": ("Service", ""),
    "area_kind": ("Kind of area: district, county, or the code of a grouping", ""),
    "area_code": ("Code of the area", "districts"),
    "area_name": ("Area", "districts"),
    "service_type": ("Code of the service type; all for their total", "lots"),
    "service_type_name": ("Service type", "lots"),
    "cohort": ("Code of the cohort; all for their total", "lots"),
    "cohort_name": ("Cohort", "lots"),
    "district_code": ("Code of the district; all for the county", "districts"),
    "district_name": ("District", "districts"),
}
NET = (
    "Demand less capacity, 0 where none is short, from the rounded figures of this row: within it, spare hours of "
    "one lot are held against the shortage of another"
)


def block_name(service: str, kind: str, period: str = NOW) -> str:
    """The name of a block of quantities."""
    return ":".join((service, kind, period)) if period else f"{service}:{kind}"


def text_fields(pack: Pack, *columns: str) -> list[Field]:
    """The fields of columns of text."""
    status = str(standing(pack, "districts"))
    return [
        Field(name, name.replace("_", " ").capitalize(), "string", "", TEXTS[name][0], status if TEXTS[name][1] else "")
        for name in columns
    ]


def measure_field(pack: Pack, code: str, meaning: str = "") -> Field:
    """The field of an indicator."""
    one = indicators(pack)[code]
    label = indicator_label(one, single_lot=False)
    status = str(indicator_status(pack, one))
    return Field(code, label, "number", UNITS[one.unit].file_words, meaning or one.meaning, status)


def dates(pack: Pack) -> str:
    """The dates of the figures, in words."""
    found: dict[str, list[str]] = {}
    for code, service in pack.manifest.services.items():
        found.setdefault(as_of(pack, code), []).append(service.label)
    if len(found) == 1:
        return next(iter(found))
    return "; ".join(f"{listed(names)}: {day}" for day, names in found.items())


def protection(pack: Pack, code: str) -> Measure:
    """How an indicator is protected, as lib.market.indicators says."""
    found = indicators(pack)[code].protection
    if found is None:
        raise ValueError(f"{code}: found no protection, expected one in lib.market.indicators")
    return found


# Worked out from the shown parts, as everywhere: what is not shown by its parts is not shown in their sum.
DEMAND = Ratio(("delivered_hours", "waiting_hours"), lambda row: row["delivered_hours"] + row["waiting_hours"])
COVERAGE = Ratio(("capacity_hours", "demand_hours"), lambda row: row["capacity_hours"] / row["demand_hours"])
SHORTFALL = Ratio(("capacity_hours", "demand_hours"), lambda row: max(0.0, row["demand_hours"] - row["capacity_hours"]))


def demand_draft(pack: Pack) -> Draft:
    """People, hours and open requests."""
    words = ["service", "service_name", "area_kind", "area_code", "area_name"]
    words += ["service_type", "service_type_name", "cohort", "cohort_name"]
    measures = ("people", "delivered_hours", "waiting_hours", "demand_hours", "open_requests")
    draft = Draft(
        "demand",
        f"Demand by area, service type and cohort: people, hours a week and open requests, {dates(pack)}",
        "Totals are rows of their own, with the code all. Rounded figures need not add up.",
        [*text_fields(pack, *words), *(measure_field(pack, name) for name in measures)],
        {name: DEMAND if name == "demand_hours" else protection(pack, name) for name in measures},
    )
    plain = [name for name in measures if name != "demand_hours"]
    for service in pack.manifest.services:
        sums = Sums(pack, service)
        for lots in sums.lots:
            for kind in sums.kinds:
                behind = sums.behind(DELIVERED, kind, lots)
                for area in (one for one in sums.areas if one.kind == kind):
                    row = draft.add(
                        sums.text(area, lots, "service_type", "cohort"),
                        demand_numbers(sums, area, lots) | as_numbers(behind, area.code),
                        demand_sums(sums, area, lots, *plain),
                    )
                    draft.exact |= {(row, name) for name in published(sums, area, lots, *plain)}
    return draft


def demand_numbers(sums: Sums, area: Area, lots: Lots) -> dict[str, float]:
    """What is added up over an area's lots, and what stands behind it."""
    names = ("people", "delivered_hours", "waiting_hours", "open_requests")
    return {name: added(sums.figure(name)[area.districts][:, lots.places]) for name in names}


def demand_sums(sums: Sums, area: Area, lots: Lots, *measures: str) -> dict[str, Tells]:
    """What the measures of a row tell of."""
    found = {}
    places = sums.places(area, lots)
    for name in measures:
        secret = Secret(sums.service, name, area.kind, area.code, lots.service_type, lots.cohort)
        most = math.inf
        if name in ("delivered_hours", "waiting_hours"):
            count = "people" if name == "delivered_hours" else "open_requests"
            behind = added(sums.figure(count)[area.districts][:, lots.places])
            if not math.isnan(behind):
                most = HOURS_IN_A_WEEK * max(behind, sums.pack.manifest.disclosure.threshold)
        found[name] = (secret, replace(lots_sum(sums.service, name, places), most=most))
    return found


def as_numbers(frame: pd.DataFrame, code: str) -> dict[str, float]:
    """A row of numbers by their names."""
    row: Any = frame.loc[code]
    return {str(name): float(value) for name, value in row.items()}


def lots_sum(service: str, name: str, places: Places) -> Sum:
    """The sum of a measure over lots."""
    return plain_sum(block_name(service, BLOCKS[name]), places)


def published(sums: Sums, area: Area, lots: Lots, *measures: str) -> list[str]:
    """The measures of the whole county that are published already, to the unit."""
    if area.kind != COUNTY:
        return []
    selection = sums.selection(lots, COUNTY)
    return [name for name in measures if str(county_known(sums.pack, selection, name).status) == "published"]


def supply_draft(pack: Pack, demand: Draft) -> Draft:
    """Providers, capacity and how far it goes: for the demand of the same row of the demand table."""
    words = ("service", "service_name", "area_kind", "area_code", "area_name", "service_type", "service_type_name")
    shown = ("providers", "demand_hours", "capacity_hours", "coverage", "shortfall_hours")
    draft = Draft(
        "supply",
        f"Supply by area and service type: providers, hours a week and coverage, {dates(pack)}",
        f"Coverage and shortfall are worked out from the rounded figures. {NET}.",
        [
            *text_fields(pack, *words),
            *(measure_field(pack, name, NET if name == "shortfall_hours" else "") for name in shown),
        ],
        {name: protection(pack, name) for name in ("providers", "capacity_hours")},
        follow=lambda rows: add_coverage(rows, demand),
    )
    for service in pack.manifest.services:
        sums = Sums(pack, service)
        place = {(area.kind, area.code, kind.service_type): n for n, (area, kind) in enumerate(supply_rows(sums))}
        behind: dict[tuple[str, str], pd.DataFrame] = {}
        for lots in sums.of_types:
            for kind in sums.kinds:
                found = sums.behind(CAPACITY, kind, lots)
                found["providers"] = provider_figures(pack, sums.selection(lots, kind))["providers"].astype("float64")
                behind[kind, lots.service_type] = found
        for area, lots in supply_rows(sums):
            numbers = demand_numbers(sums, area, lots)
            capacity = added(sums.figure("capacity_hours")[area.districts][:, lots.places])
            numbers = {"people": numbers["people"], "capacity_hours": capacity}
            numbers |= as_numbers(behind[area.kind, lots.service_type], area.code)
            tells = demand_sums(sums, area, lots, "capacity_hours")
            own = np.array([place[area.kind, area.code, lots.service_type]])
            secret = Secret(service, "providers", area.kind, area.code, lots.service_type, ALL)
            one = plain_sum(block_name(service, PROVIDERS), own)
            tells["providers"] = (secret, few_providers(one, numbers["providers"], pack.manifest.disclosure))
            draft.add(sums.text(area, lots, "service_type"), numbers, tells)
    return draft


def add_coverage(rows: list[Row], demand: Draft) -> None:
    """Demand, as the demand table shows it, and what follows from it and from capacity."""
    key = ("service", "area_kind", "area_code", "service_type")
    shown = {
        tuple(text[name] for name in key): safe
        for text, safe in zip(demand.texts, demand.safe, strict=True)
        if text["cohort"] == ALL
    }
    for row in rows:
        row["demand_hours"] = worked_out(DEMAND, shown[tuple(row[name] for name in key)])
        row["coverage"], row["shortfall_hours"] = worked_out(COVERAGE, row), worked_out(SHORTFALL, row)


def few_providers(one: Sum, providers: float, settings: Disclosure) -> Sum:
    """The same where few providers are hidden: hours that are shown say that there are as many as must contribute.

    So that "c" still hides enough, it stands for some counts above the threshold too.
    """
    small = settings.fewest_providers + least_interval(settings)
    return replace(
        one, small=small, least=float(settings.fewest_providers) if providers >= settings.fewest_providers else 1.0
    )


def supply_rows(sums: Sums) -> list[tuple[Area, Lots]]:
    """The rows of the supply table, in order: their places are those of the quantities of providers."""
    return [(area, lots) for lots in sums.of_types for area in sums.areas]
