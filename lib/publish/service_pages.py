"""What a publication's summary says of one service: tables, maps and charts of what is published, and nothing else."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from lib.market.disclosure import SUPPRESSED
from lib.market.indicator import in_words
from lib.market.selection import COUNTY, DISTRICT
from lib.market.wording import listed
from lib.publish.cells import ALL, SafeTable
from lib.publish.parts import grid, paragraph, shown
from lib.publish.pictures import bars_figure, district_map
from lib.publish.publication import Publication

NEED = ("people", "delivered_hours", "waiting_hours", "demand_hours", "open_requests")
# What a map may shade, the first that most districts show.
RATES = {
    "demand_hours": "Demand hours a week per 1,000 residents of the ages that the service is for",
    "people": "People supported per 1,000 residents of the ages that the service is for",
}
SUPPLY = ("providers", "capacity_hours", "coverage", "shortfall_hours")
SAID_BY_TITLE = ("people", "count", "ratio")


def pick(frame: pd.DataFrame, **wanted: str) -> pd.DataFrame:
    """The rows of these codes; a column that the table has not is not asked for."""
    chosen = pd.Series(True, index=frame.index)
    for name, code in wanted.items():
        if name in frame:
            chosen &= frame[name] == code
    return frame[chosen]


def rows_of(publication: Publication, name: str, service: str) -> pd.DataFrame:
    """A table's rows of a service, by area whether it calls its areas districts or areas; no rows without the table."""
    frame = publication.of_service(name, service)
    if frame.empty or "area_code" in frame:
        return frame
    kinds = [COUNTY if code == ALL else DISTRICT for code in frame["district_code"]]
    return frame.assign(area_kind=kinds, area_code=frame["district_code"], area_name=frame["district_name"])


def titles(table: SafeTable) -> dict[str, str]:
    """The title of each column, with its unit where the title alone does not say it."""
    return {
        one.name: f"{one.title} ({one.unit})" if one.unit and one.unit not in SAID_BY_TITLE else one.title
        for one in table.fields
    }


def month_words(period: str) -> str:
    """A month as people read it: March 2025; a text that is none stays."""
    try:
        return f"{dt.date.fromisoformat(f'{period}-01'):%B %Y}"
    except ValueError:
        return period


def status_line(table: SafeTable, names: Iterable[str]) -> str:
    """How the figures of some columns are known, in one sentence, and what a reader must know of the table."""
    by_status: dict[str, list[str]] = {}
    for one in table.fields:
        if one.name in set(names) and one.status and not one.name.endswith("_name"):
            by_status.setdefault(one.status, []).append(one.title)
    if len(by_status) == 1:
        said = f"Status: {next(iter(by_status))}."
    else:
        said = " ".join(f"{listed(columns)}: {status}." for status, columns in by_status.items())
    return f"{said} {table.note}".strip()


def with_note(table: SafeTable, names: Iterable[str], body: str, noted: bool = True) -> str:
    """A table with the line beneath it. noted: with what a reader must know of it, which is said once in a part."""
    return body + paragraph(status_line(table if noted else replace(table, note=""), names), "note")


def areas_grid(
    table: SafeTable,
    rows: pd.DataFrame,
    measures: Sequence[str],
    caption: str,
    further: Mapping[str, Mapping[str, str]] = {},
    noted: bool = True,
) -> str:
    """A row an area, the county last and in bold. further: columns of words, each by area_code. noted: `with_note`."""
    head = titles(table)
    kept = [name for name in measures if name in rows]
    ordered = rows.sort_values("area_kind", key=lambda kinds: kinds == COUNTY, kind="stable")
    lines = [
        [
            row["area_name"],
            *(shown(row[name]) for name in kept),
            *(words.get(row["area_code"], "") for words in further.values()),
        ]
        for row in ordered.to_dict("records")
    ]
    totals = [place for place, kind in enumerate(ordered["area_kind"]) if kind == COUNTY]
    return with_note(
        table, kept, grid(caption, ["Area", *(head[name] for name in kept), *further], lines, totals=totals), noted
    )


def is_number(value: Any) -> bool:
    """Whether a cell is a figure that is shown."""
    return isinstance(value, int | float) and not math.isnan(value)


def need_part(publication: Publication, service: str) -> str:
    """Demand by district, by grouping, and by service type and cohort."""
    rows = rows_of(publication, "demand", service)
    if rows.empty:
        return ""
    table = publication.tables["demand"]
    label = publication.about.services[service].label
    whole = pick(rows, service_type=ALL, cohort=ALL)
    districts = whole[whole["area_kind"] == DISTRICT]
    kinds = [kind for kind in dict.fromkeys(rows["area_kind"]) if kind not in (DISTRICT, COUNTY)]
    trend = {"Trend": directions(publication, service)}
    parts = [rate_map(publication, service, districts)]
    parts.append(
        areas_grid(
            table, whole[whole["area_kind"].isin([DISTRICT, COUNTY])], NEED, f"{label}: demand by district",
            trend if any(trend["Trend"].values()) else {}, noted=False,
        )
    )  # fmt: skip
    for kind in kinds:
        name = publication.label("groupings", kind)
        of_kind = whole[whole["area_kind"] == kind]
        parts.append(areas_grid(table, of_kind, NEED, f"{label}: demand by area ({name})", noted=False))
    parts.append(by_lot(table, rows, label))
    return "".join(parts) + paragraph(table.note, "note")


def by_lot(table: SafeTable, rows: pd.DataFrame, label: str) -> str:
    """Demand hours by district, a column each service type and cohort; and the county's, with every measure.

    Nothing where there is but one: the table by district has the same figures.
    """
    county = pick(rows, area_kind=COUNTY)
    lots = list(dict.fromkeys(zip(rows["service_type"], rows["cohort"], strict=True)))
    kept_lots = [lot for lot in lots if ALL not in lot]
    if len(kept_lots) < 2:
        return ""
    names = {
        (row["service_type"], row["cohort"]): f"{row['service_type_name']}, {in_words(row['cohort_name'])}"
        for row in rows.to_dict("records")
    }
    head = titles(table)
    kept = [name for name in NEED if name in rows]
    lines = [
        [row["service_type_name"], row["cohort_name"], *(shown(row[name]) for name in kept)]
        for row in county.to_dict("records")
    ]
    whole = grid(
        f"{label}: demand of the whole area by service type and cohort",
        ["Service type", "Cohort", *(head[name] for name in kept)], lines, names=2,
    )  # fmt: skip
    by_area: dict[str, list[str]] = {}
    districts = rows[rows["area_kind"] == DISTRICT]
    cells = {
        (row["area_code"], row["service_type"], row["cohort"]): shown(row["demand_hours"])
        for row in districts.to_dict("records")
    }
    for code, name in zip(districts["area_code"], districts["area_name"], strict=True):
        by_area[code] = [name, *(cells.get((code, *lot), "") for lot in kept_lots)]
    caption = f"{label}: demand hours a week by district, service type and cohort"
    wide = grid(caption, ["District", *(names[lot] for lot in kept_lots)], by_area.values())
    return with_note(table, kept, whole, False) + with_note(table, ["demand_hours"], wide, False)


def rate_map(publication: Publication, service: str, districts: pd.DataFrame) -> str:
    """Demand per 1,000 residents on the map: the residents are public, the figures are as published.

    Hours where most districts show them, else people; no map where hardly any district shows either.
    """
    residents = publication.of_service("residents", service)
    if residents.empty:
        return ""
    counted = dict(zip(residents["district_code"], residents["residents"], strict=True))
    names = dict(zip(districts["area_code"], districts["area_name"], strict=True))
    rows = districts.to_dict("records")
    rates = {
        measure: {one["area_code"]: per_1000(one.get(measure), counted.get(one["area_code"])) for one in rows}
        for measure in RATES
    }
    shown_most = (one for one in RATES if 2 * sum(map(is_number, rates[one].values())) > len(rows))
    measure = next(shown_most, "")
    if not measure:
        return ""
    values, words = rates[measure], RATES[measure]
    known = {code: one for code, one in values.items() if is_number(one)}
    most, least = max(known, key=lambda one: known[one]), min(known, key=lambda one: known[one])
    said = (
        f"Map of the districts: from {known[least]:,.1f} in {names[least]} to {known[most]:,.1f} in {names[most]}. "
        "The figures are in the table below."
    )
    label = publication.about.services[service].label
    return district_map(
        f"map-{place_of(publication, service)}", publication.outlines, names, values,
        f"{label}: {in_words(words)}", said, words, lambda value: f"{value:,.1f}", publication.about.outlines_credit,
    )  # fmt: skip


def per_1000(hours: Any, residents: Any) -> Any:
    """A rate of a published figure: "c" where that is suppressed, NaN where either is not known."""
    if hours == SUPPRESSED:
        return SUPPRESSED
    known = is_number(hours) and is_number(residents) and residents > 0
    return 1000 * hours / residents if known else math.nan


def place_of(publication: Publication, service: str) -> int:
    """The place of a service among all, from 1: part of the names of its pictures."""
    return [*publication.about.services].index(service) + 1


def directions(publication: Publication, service: str) -> dict[str, str]:
    """Which way demand goes, by area_code, of everybody in the last quarter; {} where the edition does not say."""
    rows = rows_of(publication, "trend", service)
    if rows.empty or "direction" not in rows:
        return {}
    last = pick(rows, cohort=ALL, period=max(rows["period"]))
    return dict(zip(last["area_code"], last["direction"], strict=True))


def requests_part(publication: Publication, service: str) -> str:
    """Open requests: bars by district, and every locality that may be shown."""
    rows = publication.of_service("requests", service)
    if rows.empty:
        return ""
    table = publication.tables["requests"]
    label = publication.about.services[service].label
    demand = pick(rows_of(publication, "demand", service), area_kind=DISTRICT, service_type=ALL, cohort=ALL)
    picture = ""
    if "open_requests" in demand:
        picture = bars_figure(
            f"requests-{place_of(publication, service)}", f"{label}: open requests by district",
            "Bars, the most requests first. Districts whose figure is suppressed have none. The figures are in the "
            "table above and, by locality, below.",
            dict(zip(demand["area_code"], demand["area_name"], strict=True)),
            dict(zip(demand["area_code"], demand["open_requests"], strict=True)), "Open requests",
        )  # fmt: skip
    return picture + every_row(table, rows, f"{label}: open requests by locality")


def every_row(table: SafeTable, rows: pd.DataFrame, caption: str) -> str:
    """Every row of a table: its names, then its words and figures; codes stay in the files."""
    head = {name: title.removesuffix(" name") for name, title in titles(table).items()}
    hidden = {"service", "service_name", "area_kind"}
    hidden |= {one.name for one in table.fields if f"{one.name.removesuffix('_code')}_name" in rows}
    columns = [one for one in table.fields if one.name not in hidden]
    columns.sort(key=lambda one: one.type != "string")
    lines = [[shown(row[one.name]) for one in columns] for row in rows.to_dict("records")]
    names = sum(one.type == "string" for one in columns)
    body = grid(caption, [head[one.name] for one in columns], lines, names=names)
    return with_note(table, [one.name for one in columns], body)


def growth_part(publication: Publication, service: str) -> str:
    """What the council wants to see grow: in words, then capacity beside demand."""
    label = publication.about.services[service].label
    parts = []
    wanted = publication.of_service("wanted", service)
    if len(wanted):
        parts.append(wanted_grid(publication.tables["wanted"], wanted, f"{label}: what the council wants to see grow"))
    supply = rows_of(publication, "supply", service)
    if len(supply):
        table = publication.tables["supply"]
        whole = pick(supply, service_type=ALL)
        whole = whole[whole["area_kind"].isin([DISTRICT, COUNTY])]
        parts.append(areas_grid(table, whole, SUPPLY, f"{label}: providers and capacity by district"))
    return "".join(parts)


def wanted_grid(table: SafeTable, rows: pd.DataFrame, caption: str) -> str:
    """What is wanted in words: a row a district, a column each service type; alone it is not repeated as all."""
    kinds = dict(zip(rows["service_type"], rows["service_type_name"], strict=True))
    if len(kinds) == 2:
        kinds.pop(ALL, None)
    cells = {(row["district_code"], row["service_type"]): shown(row["wanted"]) for row in rows.to_dict("records")}
    lines = [
        [name, *(cells.get((code, kind), "") for kind in kinds)]
        for code, name in dict(zip(rows["district_code"], rows["district_name"], strict=True)).items()
    ]
    heads = ["District", *map(str, kinds.values())]
    words = next((one.description for one in table.fields if one.name == "wanted"), "")
    body = grid(caption, heads, lines, names=len(heads)) + paragraph(f"{words}." if words else "", "note")
    return with_note(table, ["wanted"], body)
