"""A scenario's brief for the market: what a publication forecasts under it, and nothing else."""

from __future__ import annotations

import math

import pandas as pd

from lib.charts.year_lines import year_lines
from lib.export.briefs.market_parts import records, status_of, table_part
from lib.export.briefs.pictures import sized_svg
from lib.export.briefs.tree import Heading, Paragraph, Part, Picture, Tile, Tiles
from lib.market.selection import COUNTY, DISTRICT
from lib.publish.cells import ALL
from lib.publish.parts import shown
from lib.publish.publication import Publication
from lib.publish.service_pages import is_number, pick, rows_of, status_line, titles

LINES_WIDTH = 700


def scenario_parts(publication: Publication, service: str, scenario: str) -> list[Part]:
    """A scenario for the market: what it assumes, the whole area's years, each district's first and last."""
    rows = pick(rows_of(publication, "forecast", service), scenario=scenario, cohort=ALL)
    table, area = publication.tables["forecast"], publication.about.area
    county = records(pick(rows, area_kind=COUNTY).sort_values("year"))
    if not county:
        return [Paragraph(f"The publication tells nothing of {area} as a whole under this scenario.", "sentence")]
    first, last, head = county[0], county[-1], titles(table)
    kept = [name for name in ("demand_hours", "people") if name in rows]
    measure = kept[0]
    ends = f"{shown(first[measure])} in {first['year_name']} and {shown(last[measure])} in {last['year_name']}"
    noun = "care for people" if measure == "people" else "hours of care a week"
    lines = pd.DataFrame(
        {
            "year_label": [row["year_name"] for row in county],
            "series_label": head[measure],
            "value": [float(row[measure]) if is_number(row[measure]) else math.nan for row in county],
            "shown": [shown(row[measure]) for row in county],
        }
    )
    status = status_of(publication, "forecast", measure)
    chart: list[Part] = []
    if lines["value"].notna().any():
        svg = sized_svg(year_lines(lines, title="", axis_title=head[measure]), LINES_WIDTH)
        chart = [Picture(f"{head[measure]}: {area}", f"A line: {ends}.", svg, status)]
    tiles = tuple(
        Tile(f"{head[one]}, {row['year_name']}", shown(row[one]), status_of(publication, "forecast", one) or "not said")
        for one in kept
        for row in (first, last)
    )
    assumed = publication.of_service("assumptions", service)
    own = records(pick(assumed, scenario=scenario)) if len(assumed) else []
    said = "; ".join(f"{row['label']}: {row['value']}" for row in own)
    cells = {(row["area_code"], row["year"]): row for row in records(rows)}
    order = dict(zip(rows["area_code"], rows["area_name"], strict=True))
    kinds = dict(zip(rows["area_code"], rows["area_kind"], strict=True))
    codes = [code for code in order if kinds[code] == DISTRICT] + [ALL]
    ends_of = [(one, end["year"]) for one in kept for end in (first, last)]
    body = [
        [str(order[code]), *(shown(cells.get((code, year), {}).get(one)) for one, year in ends_of)]
        for code in codes
        if code in order
    ]
    heads = ["Area", *(f"{head[one]}, {end['year_name']}" for one in kept for end in (first, last))]
    assumption: list[Part] = [Heading(2, "What is assumed"), Paragraph(f"{said}.")] if said else []
    return [
        Paragraph(f"If what it assumes holds, {area} needs {noun}: {ends}.", "sentence"),
        Paragraph(status_line(table, kept), "note"),
        Tiles(tiles),
        *chart,
        *assumption,
        Heading(2, "By district"),
        *table_part(f"{first['year_name']} and {last['year_name']}", table, heads, body, 1, kept,
                    [len(body) - 1]),
    ]  # fmt: skip
