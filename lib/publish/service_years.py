"""What a publication's summary says of a service over time: the quarters gone by, and the years to come."""

from __future__ import annotations

import math

import pandas as pd

from lib.market.selection import COUNTY
from lib.market.wording import listed
from lib.publish.cells import ALL, SafeTable
from lib.publish.parts import grid, heading, paragraph, shown
from lib.publish.pictures import lines_figures, years_figures
from lib.publish.publication import Publication
from lib.publish.service_pages import is_number, month_words, pick, place_of, rows_of, titles, with_note


def trend_part(publication: Publication, service: str) -> str:
    """Hours a week quarter by quarter: the county's lines, and each district's last quarter beside the year before."""
    rows = rows_of(publication, "trend", service)
    if rows.empty:
        return ""
    table = publication.tables["trend"]
    label = publication.about.services[service].label
    county = pick(rows, area_kind=COUNTY)
    if county["cohort"].nunique() == 2:  # one cohort, which is everybody
        county = pick(county, cohort=ALL)
    lines = pd.DataFrame(
        {
            "month": pd.to_datetime(county["period"], format="%Y-%m"),
            "series_label": county["cohort_name"],
            "value": [float(value) if is_number(value) else math.nan for value in county["hours_per_week"]],
            "shown": [f"{shown(value)} hours a week" for value in county["hours_per_week"]],
        }
    ).reset_index(drop=True)
    picture = lines_figures(
        f"trend-{place_of(publication, service)}-", f"{label}: hours a week, quarter by quarter, whole area",
        f"Lines from {month_words(min(rows['period']))} to {month_words(max(rows['period']))}. The figures are below.",
        lines, "Hours a week",
    )  # fmt: skip
    return picture + quarters_grid(table, county, label) + last_quarter_grid(table, rows, label)


def quarters_grid(table: SafeTable, county: pd.DataFrame, label: str) -> str:
    """The whole area, one row a quarter and cohort."""
    head = titles(table)
    kept = [name for name in ("hours_per_week", "people", "new_requests") if name in county]
    lines = [
        [month_words(row["period"]), row["cohort_name"], *(shown(row[name]) for name in kept)]
        for row in county.to_dict("records")
    ]
    caption = f"{label}: whole area, quarter by quarter"
    heads = ["Quarter to", "Cohort", *(head[name] for name in kept)]
    return with_note(table, kept, grid(caption, heads, lines, names=2), noted=False)


def last_quarter_grid(table: SafeTable, rows: pd.DataFrame, label: str) -> str:
    """Each district and cohort in the last quarter, and which way it goes."""
    last = rows[(rows["period"] == max(rows["period"])) & (rows["area_kind"] != COUNTY)]
    if last["cohort"].nunique() == 2:  # one cohort, which is everybody
        last = pick(last, cohort=ALL)
    head = titles(table)
    kept = [name for name in ("hours_per_week", "people", "new_requests") if name in last]
    lines = [
        [row["area_name"], row["cohort_name"], row.get("direction", ""), *(shown(row[name]) for name in kept)]
        for row in last.to_dict("records")
    ]
    heads = ["Area", "Cohort", "Direction", *(head[name] for name in kept)]
    caption = f"{label}: the quarter to {month_words(max(rows['period']))} by area and cohort"
    return with_note(table, [*kept, "direction"], grid(caption, heads, lines, names=3))


def forecast_part(publication: Publication, service: str) -> str:
    """The years ahead under each scenario that the council published: lines, what is assumed, first and last year."""
    rows = rows_of(publication, "forecast", service)
    if rows.empty:
        return ""
    table = publication.tables["forecast"]
    label = publication.about.services[service].label
    county = pick(rows, area_kind=COUNTY, cohort=ALL)
    lines = pd.DataFrame(
        {
            "year_label": county["year_name"],
            "series_label": county["scenario"],
            "value": [float(value) if is_number(value) else math.nan for value in county["demand_hours"]],
            "shown": [f"{shown(value)} hours a week" for value in county["demand_hours"]],
        }
    ).reset_index(drop=True)
    names = list(dict.fromkeys(rows["scenario"]))
    picture = years_figures(
        f"forecast-{place_of(publication, service)}-", f"{label}: hours needed a week, year by year, whole area",
        f"Lines of {listed(names)}. The figures are in the tables below.", lines, "Hours a week",
    )  # fmt: skip
    parts = "".join(scenario_part(publication, table, rows, service, name) for name in names)
    return paragraph(table.note) + picture + parts


def scenario_part(publication: Publication, table: SafeTable, rows: pd.DataFrame, service: str, name: str) -> str:
    """One scenario: what it assumes, and each area's first and last year."""
    assumed = publication.of_service("assumptions", service)
    own = assumed[assumed["scenario"] == name] if len(assumed) else assumed
    moved = own[own["set_by"] == "scenario"] if len(own) else own
    said = "; ".join(f"{row['label']}: {row['value']}" for row in moved.to_dict("records"))
    of = pick(rows[rows["scenario"] == name], cohort=ALL)
    years = dict(sorted(zip(of["year"], of["year_name"], strict=True)))
    first, last = min(years), max(years)
    head = titles(table)
    kept = [one for one in ("people", "demand_hours") if one in of]
    cells = {(row["area_kind"], row["area_code"], row["year"]): row for row in of.to_dict("records")}
    ends = [first, last] if first != last else [first]
    lines: list[list[str]] = []
    totals: list[int] = []
    for kind, code in dict.fromkeys(zip(of["area_kind"], of["area_code"], strict=True)):
        found = [cells.get((kind, code, year), {}) for year in ends]
        if kind == COUNTY:
            totals.append(len(lines))
        area = next((one["area_name"] for one in found if one), code)
        lines.append([area, *(shown(one.get(measure)) for measure in kept for one in found)])
    heads = ["Area", *(f"{head[measure]}, {years[year]}" for measure in kept for year in ends)]
    body = grid(f"{name}: {years[first]} and {years[last]} by area", heads, lines, totals=totals)
    assumption = (
        paragraph(f"What is assumed: {said}. Everything else is as the file data/assumptions.csv says.") if said else ""
    )
    return heading(4, name) + assumption + with_note(table, kept, body, noted=False)
