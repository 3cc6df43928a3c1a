"""What a market brief says, part by part: of published figures alone, "c" where one is suppressed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from lib.charts.bars import ranked_bars
from lib.charts.kit import palette
from lib.charts.kit.scale import sequential
from lib.export.briefs.pictures import BARS_WIDTH, DistrictMap, bars_words, nearest_ranks, sized_svg
from lib.export.briefs.tree import Bullets, Heading, Paragraph, Part, Picture, Table, Tile, Tiles
from lib.market.disclosure import SUPPRESSED
from lib.market.selection import DISTRICT
from lib.market.units import NOT_KNOWN
from lib.pack.faults import PackError
from lib.pack.geography import read_outlines
from lib.publish.cells import ALL, SafeTable
from lib.publish.glance import WITHHELD_WORDS, most_telling
from lib.publish.parts import shown
from lib.publish.publication import Particulars, Publication, licence_words
from lib.publish.report_words import rules
from lib.publish.service_pages import (
    NEED,
    RATES,
    SUPPLY,
    is_number,
    month_words,
    per_1000,
    pick,
    rows_of,
    status_line,
    titles,
)
from lib.whatif.decision.record import in_words

QUARTERS = 6  # of the trend
WITHHELD = "c: withheld"
Row = Mapping[str, Any]


def kicker(publication: Publication, service: str) -> str:
    """What the brief is, and its date."""
    words = publication.about.services[service]
    return f"For the market. {words.label}, {words.period}. Data to {in_words(words.as_of.isoformat())}."


def demonstration(about: Particulars) -> list[Part]:
    """That the data are made up, where they are."""
    return [Paragraph(about.demonstration, "mark")] if about.demonstration else []


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table by the names of its columns."""
    return [{str(key): value for key, value in row.items()} for row in rows.to_dict("records")]


def one_row(publication: Publication, service: str, code: str) -> Row:
    """An area's demand in all; {} where the edition has none."""
    rows = rows_of(publication, "demand", service)
    found = [] if rows.empty else records(pick(rows, area_code=code, service_type=ALL, cohort=ALL))
    return found[0] if found else {}


def status_of(publication: Publication, table: str, name: str) -> str:
    """How a column's figures are known."""
    fields = publication.tables[table].fields if table in publication.tables else ()
    return next((one.status for one in fields if one.name == name), "")


def sentence(publication: Publication, service: str, row: Row, name: str) -> str:
    """What is needed in a district, what waits and what is wanted, of figures that are shown."""
    told = {key: shown(value) for key, value in row.items() if is_number(value)}
    people, parts = publication.about.services[service].people, []
    if "demand_hours" in told:
        parts.append(f"{told['demand_hours']} hours of care a week are needed in {name}")
    elif "delivered_hours" in told:
        parts.append(f"{told['delivered_hours']} hours of care a week are delivered in {name}")
    if "people" in told:
        parts.append(f"{told['people']} {people} are supported" + ("" if parts else f" in {name}"))
    if "open_requests" in told:
        parts.append(f"{told['open_requests']} requests are open")
    wanted = wanted_words(publication, service, str(row.get("area_code", "")))
    if wanted not in ("", SUPPRESSED):
        parts.append(f"capacity: {wanted}")
    if not parts:
        return f"No figure of {name} is shown: each is withheld (c), or not known."
    return " ".join(f"{part[:1].upper()}{part[1:]}." for part in parts)


def wanted_words(publication: Publication, service: str, code: str, service_type: str = ALL) -> str:
    """What the council wants to see grow in a district: the words of the table; "" where it says nothing."""
    rows = publication.of_service("wanted", service)
    if rows.empty:
        return ""
    found = records(pick(rows, district_code=code, service_type=service_type))
    return shown(found[0]["wanted"]) if found else ""


def need_tiles(publication: Publication, service: str, row: Row, code: str) -> list[Part]:
    """Four figures of the district."""
    supply = rows_of(publication, "supply", service)
    own = [] if supply.empty else records(pick(supply, area_code=code, service_type=ALL))
    cells = [("demand", "demand_hours", row), ("demand", "people", row), ("demand", "open_requests", row),
             ("supply", "capacity_hours", own[0] if own else {})]  # fmt: skip
    tiles = []
    for table, name, values in cells:
        if table not in publication.tables or name not in values:
            continue
        value, label = values[name], titles(publication.tables[table])[name]
        tiles.append(Tile(label, shown(value), status_of(publication, table, name) or "not said",
                          "withheld, not 0" if value == SUPPRESSED else ""))  # fmt: skip
    return [Tiles(tuple(tiles))] if tiles else []


def districts_of(publication: Publication, service: str) -> pd.DataFrame:
    """Every district's demand in all; no rows where the edition has none."""
    rows = rows_of(publication, "demand", service)
    return rows if rows.empty else pick(rows, area_kind=DISTRICT, service_type=ALL, cohort=ALL)


def map_part(publication: Publication, service: str, code: str) -> list[Part]:
    """The map of a rate, the district outlined; nothing where hardly any district shows one."""
    districts, residents = districts_of(publication, service), publication.of_service("residents", service)
    if districts.empty or residents.empty:
        return []
    ages = dict(zip(residents["district_code"], residents["residents"], strict=True))
    rows = records(districts)
    rates = {one: {row["area_code"]: per_1000(row.get(one), ages.get(row["area_code"])) for row in rows}
             for one in RATES}  # fmt: skip
    measure = next((one for one in RATES if 2 * sum(map(is_number, rates[one].values())) > len(rows)), "")
    if not measure:
        return []
    try:
        outlines = read_outlines(publication.outlines)
    except PackError:
        return []
    numbers = {key: float(value) if is_number(value) else math.nan for key, value in rates[measure].items()}
    scale = sequential(numbers.values(), palette.DEMAND, lambda value: f"{value:,.1f}", RATES[measure])
    names = {str(row["area_code"]): str(row["area_name"]) for row in rows}
    colours = {key: scale.colour(value) or "" for key, value in numbers.items()}
    title = "Need by district" if measure == "demand_hours" else "People supported by district"
    drawn = DistrictMap(outlines, colours, names, title, scale, publication.about.outlines_credit, WITHHELD)
    own = rates[measure].get(code)
    figure = WITHHELD if own == SUPPRESSED else f"{numbers[code]:,.1f}" if is_number(own) else NOT_KNOWN
    alt = f"Map: {RATES[measure]}. {names[code]} is outlined: {figure}."
    note = f"{names[code]} is outlined. {drawn.credit}".strip()
    status = status_of(publication, "demand", measure)
    return [Picture(title, alt, drawn.svg, status, drawn.legend(), RATES[measure], note, drawn.over(code))]


def bars_part(publication: Publication, service: str, code: str) -> list[Part]:
    """The districts that show most, ranked; those whose figure is withheld have no bar and stand last."""
    rows = districts_of(publication, service)
    measure, known = most_telling(rows) if len(rows) else ("", {})
    if not measure:
        return []
    ordered = sorted(records(rows), key=lambda row: (not is_number(row[measure]),
                     -row[measure] if is_number(row[measure]) else 0, str(row["area_name"])))  # fmt: skip
    frame = pd.DataFrame(
        {
            "area_code": [row["area_code"] for row in ordered],
            "area_name": [row["area_name"] for row in ordered],
            "value": [float(row[measure]) if is_number(row[measure]) else math.nan for row in ordered],
            "shown": [shown(row[measure]) for row in ordered],
            "colour": [palette.DEMAND[3] if is_number(row[measure]) else "" for row in ordered],
            "class_label": "",
        }
    )
    near = nearest_ranks(frame, code)
    title = titles(publication.tables["demand"])[measure]
    svg = sized_svg(ranked_bars(near, title="", axis_title="", selected=code), BARS_WIDTH)
    hidden = len(frame) - len(known)
    note = f"{hidden} of {len(frame)} districts have no bar: withheld or not known." if hidden else ""
    alt = f"Ranked bars, the most first: {bars_words(near)}."
    return [Picture(title, alt, svg, status_of(publication, "demand", measure), note=note)]


def table_part(
    title: str, table: SafeTable, heads: Sequence[str], rows: Sequence[Sequence[str]], names: int, kept: Sequence[str],
    marked: Sequence[int] = (),
) -> list[Part]:  # fmt: skip
    """A table under its caption, and how its columns are known beneath."""
    if not rows:
        return []
    widths = tuple([3.0] * names + [2.0] * (len(heads) - names))
    body = tuple(tuple(row) for row in rows)
    return [Table(title, tuple(heads), body, names, widths, tuple(marked)), Paragraph(status_line(table, kept), "note")]


def lots_part(publication: Publication, service: str, code: str) -> list[Part]:
    """The district's demand by service type and cohort, and in all."""
    rows = rows_of(publication, "demand", service)
    rows = rows if rows.empty else pick(rows, area_code=code)
    found = [row for row in records(rows) if (row["service_type"] == ALL) == (row["cohort"] == ALL)]
    if not found:
        return []
    table = publication.tables["demand"]
    kept = [name for name in NEED if name in rows]
    head = titles(table)
    lines = [[row["service_type_name"], row["cohort_name"], *(shown(row[name]) for name in kept)] for row in found]
    totals = [place for place, row in enumerate(found) if row["cohort"] == ALL]
    heads = ["Service type", "Cohort", *(head[name] for name in kept)]
    return [Heading(2, "What is needed"), *table_part("Demand by service type and cohort", table, heads, lines, 2, kept,
                                                      totals)]  # fmt: skip


def supply_part(publication: Publication, service: str, code: str) -> list[Part]:
    """Providers and capacity by service type, and what the council wants to see grow."""
    rows = rows_of(publication, "supply", service)
    rows = rows if rows.empty else pick(rows, area_code=code)
    if rows.empty:
        return []
    table = publication.tables["supply"]
    kept, head, found = [name for name in SUPPLY if name in rows], titles(table), records(rows)
    lines = [
        [
            row["service_type_name"],
            *(shown(row[name]) for name in kept),
            wanted_words(publication, service, code, str(row["service_type"])),
        ]
        for row in found
    ]
    totals = [place for place, row in enumerate(found) if row["service_type"] == ALL]
    heads = ["Service type", *(head[name] for name in kept), "Wanted"]
    return [Heading(2, "Capacity, and what is wanted"),
            *table_part("Providers and capacity", table, heads, lines, 1, kept, totals)]  # fmt: skip


def trend_part(publication: Publication, service: str, code: str) -> list[Part]:
    """The last quarters, everybody together."""
    rows = rows_of(publication, "trend", service)
    rows = rows if rows.empty else pick(rows, area_code=code, cohort=ALL).sort_values("period").tail(QUARTERS)
    if rows.empty:
        return []
    table, head = publication.tables["trend"], titles(publication.tables["trend"])
    kept = [name for name in ("hours_per_week", "people", "new_requests", "direction") if name in rows]
    lines = [[month_words(str(row["period"])), *(shown(row[name]) for name in kept)] for row in records(rows)]
    heads = ["Quarter to", *(head[name] for name in kept)]
    return [Heading(2, "The quarters gone by"), *table_part("Quarter by quarter", table, heads, lines, 1, kept)]


def ahead_part(publication: Publication, service: str, code: str, scenario: str) -> list[Part]:
    """The years ahead under the scenario, or under each that is published."""
    rows = rows_of(publication, "forecast", service)
    rows = rows if rows.empty else pick(rows, area_code=code, cohort=ALL)
    if scenario and len(rows):
        rows = pick(rows, scenario=scenario)
    if rows.empty:
        return []
    table, head = publication.tables["forecast"], titles(publication.tables["forecast"])
    kept = [name for name in ("people", "demand_hours") if name in rows]
    parts: list[Part] = [Heading(2, "The years ahead")]
    for name in dict.fromkeys(rows["scenario"]):
        own = records(pick(rows, scenario=str(name)).sort_values("year"))
        lines = [[head[one], *(shown(row[one]) for row in own)] for one in kept]
        heads = ["Figure", *(str(row["year_name"]) for row in own)]
        parts += table_part(f"{name}: {own[0]['area_name']}", table, heads, lines, 1, kept)
    return parts


def last_part(publication: Publication, service: str, note: str) -> list[Part]:
    """What is withheld and why, what must be known, and what the figures rest on."""
    about = publication.about
    lines = [f"{one.title}: {one.status}. {one.rule} {one.credit}".strip() for one in about.rests_on]
    licences = [f"Licences: {licence_words(about.licenses)}."] if about.licenses else []
    edition = f"{about.title}, edition {about.edition}, data to {in_words(about.as_of.isoformat())}."
    return [
        Heading(2, "What is withheld"),
        Bullets((WITHHELD_WORDS, *rules(about.disclosure), *about.services[service].caveats), small=True),
        Heading(2, "Sources and statuses"),
        Bullets((edition, *([note] if note else []), *lines, *licences), small=True),
    ]
