"""The slides for the market: of a publication alone, so that they show what everybody may see and nothing else."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from lib.charts.kit import palette
from lib.charts.kit.scale import legend_entries, sequential
from lib.export.slides.maker import filled
from lib.export.slides.map_and_bars import Picture, draw_picture
from lib.export.slides.map_shapes import GREY_CODE, District
from lib.export.slides.native_charts import Bar, Line, axis_words, draw_lines
from lib.export.slides.native_tables import Column
from lib.export.slides.page import Page
from lib.export.slides.template import Template
from lib.export.slides.text import LEAST, Paragraph, height_of
from lib.export.slides.today import draw_table_on, fill_subtitle
from lib.market.disclosure import SUPPRESSED
from lib.market.indicator import in_words
from lib.market.selection import COUNTY, DISTRICT
from lib.market.wording import NOT_KNOWN
from lib.pack.faults import PackError
from lib.pack.geography import Outlines, read_outlines
from lib.publish.cells import ALL
from lib.publish.glance import WITHHELD_WORDS, growth_words, need_words, sentence_of, waiting_words, wanted_words
from lib.publish.parts import shown
from lib.publish.publication import NOT_GIVEN, Publication, licence_words
from lib.publish.report_words import rules
from lib.publish.service_pages import (
    NEED,
    RATES,
    SUPPLY,
    directions,
    is_number,
    month_words,
    per_1000,
    pick,
    rows_of,
    status_line,
    titles,
)
from lib.whatif.decision.record import in_words as day_in_words

SUPPRESSED_LABEL = "c: suppressed"
NOT_SHOWN = "not shown (c)"
BEAR_IN_MIND = 16
MOST_LINES = 4


class Published:
    """A deck of one service of a publication in the making."""

    def __init__(self, publication: Publication, template: Template, service: str) -> None:
        """service: its code."""
        self.publication, self.template, self.service = publication, template, service
        self.words = publication.about.services[service]

    @property
    def outlines(self) -> Outlines | None:
        """The outlines; None where they cannot be drawn."""
        try:
            return read_outlines(self.publication.outlines)
        except PackError:
            return None

    @property
    def source(self) -> str:
        """Of which edition the figures are."""
        about = self.publication.about
        return f"{about.title}, edition {about.edition}, data to {day_in_words(self.words.as_of.isoformat())}"

    def page(self, table: str, names: Sequence[str], said: Sequence[str], part: str = "") -> Page:
        """A slide of figures of a table."""
        about = self.publication.about
        known, status = "", ""
        if table:
            known = status_line(self.publication.tables[table], names)
            status = status_line(replace(self.publication.tables[table], note=""), names).rstrip(".")
            # Of several statuses, each is said with its figures.
            known = known if known.startswith("Status: ") else f"Status: {known or 'the edition does not say'}"
        foot = [
            f"{self.words.label}, {self.words.period}.{f' {status}.' if status else ''} Data to "
            f"{day_in_words(self.words.as_of.isoformat())}.",
            about.demonstration,
        ]
        sources = [
            " ".join(
                part
                for part in (f"{one.title}: {one.status}.", one.rule, one.credit,
                             "; ".join(link.title or link.path for link in one.sources))
                if part
            )
            for one in about.rests_on
        ]  # fmt: skip
        licences = licence_words(about.licenses)
        licence = [f"Licence: {licences}."] if licences else []
        notes = [" ".join(said), known, f"Source: {self.source}.", WITHHELD_WORDS, about.demonstration]
        notes += [*sources, *licence, about.outlines_credit, *self.words.caveats]
        return filled(self.template, [one for one in said if one], foot, notes, part=part)

    def demand(self, kind: str) -> pd.DataFrame:
        """The demand of every service type and cohort, by districts or of the county; no rows without any."""
        rows = rows_of(self.publication, "demand", self.service)
        return rows if rows.empty else pick(rows, area_kind=kind, service_type=ALL, cohort=ALL)


def published_slides(made: Published) -> None:
    """The slides of a service, in order."""
    opening(made)
    need(made)
    waiting(made)
    table(made, "demand", NEED, "Demand by district", sentence_of(made.publication, made.service))
    trend(made)
    forecasts(made)
    wanted(made)
    table(made, "supply", SUPPLY, "Providers and capacity by district", "")
    meaning(made)


def opening(made: Published) -> None:
    """The title slide."""
    about = made.publication.about
    page = Page(made.template, opening=True)
    page.title(f"{made.words.label} in {about.area}")
    lines = [
        f"{about.council}: what providers need to know",
        f"{made.words.period}. Data to {day_in_words(made.words.as_of.isoformat())}, edition {about.edition}",
        WITHHELD_WORDS,
        about.demonstration,
    ]
    fill_subtitle(page, [one for one in lines if one])
    page.notes([sentence_of(made.publication, made.service), f"Source: {made.source}.", "Status: see every slide.",
                *lines[2:]])  # fmt: skip


def need(made: Published) -> None:
    """Where most care is needed: the rate on a map, the hours, or people, in bars."""
    districts = made.demand(DISTRICT)
    if districts.empty:
        return
    residents = made.publication.of_service("residents", made.service)
    counted = dict(zip(residents["district_code"], residents["residents"], strict=True)) if len(residents) else {}
    measure = next((one for one in RATES if 2 * sum(map(is_number, districts[one])) > len(districts)), "")
    where = need_words(made.publication, made.service)
    if not measure or not where:
        return
    rates = {row["area_code"]: per_1000(row[measure], counted.get(row["area_code"])) for row in records(districts)}
    words = RATES[measure]
    values = [float(one) for one in rates.values() if is_number(one)]
    scale = sequential(values, palette.DEMAND, lambda value: f"{value:,.1f}", words)
    painted = []
    for row in records(districts):
        rate = rates[row["area_code"]]
        text = f"{rate:,.1f}" if is_number(rate) else SUPPRESSED if rate == SUPPRESSED else NOT_KNOWN
        colour = scale.colour(rate if is_number(rate) else None) or (GREY_CODE if rate == SUPPRESSED else "")
        name = str(row["area_name"])
        alt = f"{name}: {SUPPRESSED_LABEL if rate == SUPPRESSED else text}"
        painted.append(District(str(row["area_code"]), name, text, colour, alt))
    legend = legend_entries(scale)
    legend += [(GREY_CODE, SUPPRESSED_LABEL)] if any(one.colour == GREY_CODE for one in painted) else []
    legend += [("", NOT_KNOWN)] if any(not one.colour for one in painted) else []
    head = titles(made.publication.tables["demand"])[measure]
    said = [f"Most care is needed in {where}", sentence_of(made.publication, made.service)]
    picture = Picture(in_words(words)[:1].upper() + in_words(words)[1:], painted, legend, words,
                      bars_of(districts, measure), "count", head, 0.0, "highest", NOT_SHOWN)  # fmt: skip
    outlines = made.outlines if values and counted else None
    draw_picture(outlines, picture, lambda part: made.page("demand", [measure], said, part))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dicts."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def bars_of(rows: pd.DataFrame, measure: str) -> list[Bar]:
    """A published figure by district, the largest first; what is not shown has no bar."""
    found = [
        Bar(str(row["area_name"]), float(row[measure]) if is_number(row[measure]) else math.nan, shown(row[measure]),
            palette.DEMAND[3])
        for row in records(rows)
    ]  # fmt: skip
    return sorted(found, key=lambda bar: (math.isnan(bar.value), -bar.value if bar.value == bar.value else 0, bar.name))


def waiting(made: Published) -> None:
    """Where most requests are open."""
    districts, where = made.demand(DISTRICT), waiting_words(made.publication, made.service)
    if districts.empty or not where:
        return
    bars = bars_of(districts, "open_requests")
    if not any(bar.value > 0 for bar in bars):
        return
    picture = Picture("", [], [], "", bars, "count", titles(made.publication.tables["demand"])["open_requests"], 0.0,
                      "highest", NOT_SHOWN)  # fmt: skip
    said = [f"Most is waiting in {where}"]
    draw_picture(None, picture, lambda part: made.page("demand", ["open_requests"], said, part))


def table(made: Published, name: str, measures: Sequence[str], title: str, finding: str) -> None:
    """The districts' published figures as a table, the county's last; c where one is suppressed."""
    rows = rows_of(made.publication, name, made.service)
    if rows.empty:
        return
    whole = pick(rows, service_type=ALL, cohort=ALL)
    districts, county = (whole[whole["area_kind"] == kind] for kind in (DISTRICT, COUNTY))
    ordered = pd.concat([districts, county])
    heads = titles(made.publication.tables[name])
    kept = [one for one in measures if one in ordered]
    columns = [Column("District", tuple(map(str, ordered["area_name"])), 1.0)]
    columns += [Column(heads[one], tuple(shown(value) for value in ordered[one])) for one in kept]
    if name == "demand" and any(ways := directions(made.publication, made.service)):
        columns.append(Column("Trend", tuple(shown(ways.get(code, "")) for code in ordered["area_code"])))
    said = [finding or title, f"{title}. {WITHHELD_WORDS}" if has_hidden(columns) else f"{title}."]
    page = made.page(name, kept, said)
    draw_table_on(page, columns, title, lambda part: made.page(name, kept, said, part), len(county) > 0)


def has_hidden(columns: Sequence[Column]) -> bool:
    """Whether a figure of a table is suppressed."""
    return any(cell == SUPPRESSED for column in columns for cell in column.cells)


def wanted(made: Published) -> None:
    """What the council wants to see grow, by district and service type, in words."""
    rows = made.publication.of_service("wanted", made.service)
    if rows.empty:
        return
    kinds: Mapping[str, str] = dict(zip(rows["service_type"], rows["service_type_name"], strict=True))
    if len(kinds) == 2:
        kinds = {code: name for code, name in kinds.items() if code != ALL}
    cells = {(row["district_code"], row["service_type"]): shown(row["wanted"]) for row in records(rows)}
    names = dict(zip(rows["district_code"], rows["district_name"], strict=True))
    columns = [Column("District", tuple(map(str, names.values())), 1.0)]
    columns += [Column(str(name), tuple(cells.get((code, kind), "") for code in names)) for kind, name in kinds.items()]
    where = wanted_words(made.publication, made.service)
    finding = f"More capacity is wanted in {where}" if where else "No more capacity is asked for today"
    said = [finding, WITHHELD_WORDS if has_hidden(columns) else ""]
    page = made.page("wanted", ["wanted"], said)
    draw_table_on(
        page, columns, "What the council wants to see grow", lambda part: made.page("wanted", ["wanted"], said, part)
    )


def line_of(rows: pd.DataFrame, order: Sequence[str], by: str, measure: str) -> Line | None:
    """A published figure over time; None where hardly any of it is shown."""
    known = {str(row[by]): float(row[measure]) for row in records(rows) if is_number(row[measure])}
    values = tuple(known.get(one, math.nan) for one in order)
    return Line("", values) if len(known) > 1 else None


def trend(made: Published) -> None:
    """The county's hours over the quarters."""
    rows = rows_of(made.publication, "trend", made.service)
    where = growth_words(made.publication, made.service)
    if rows.empty or not where:
        return
    county = pick(rows, area_kind=COUNTY, cohort=ALL)
    order = sorted(set(map(str, county["period"])))
    found = line_of(county, order, "period", "hours_per_week")
    if found is None:
        return
    lines = [Line("Hours of care a week", found.values)]
    draw_years(made, "trend", ["hours_per_week"], [f"The hours of care {where}"], [month_words(one) for one in order],
               lines, f"Hours of care a week in {made.publication.about.area}")  # fmt: skip


def forecasts(made: Published) -> None:
    """Demand in the years ahead, a line a scenario that the council chose to publish; what each assumes beneath."""
    rows = rows_of(made.publication, "forecast", made.service)
    if rows.empty:
        return
    county = pick(rows, area_kind=COUNTY, cohort=ALL)
    years = sorted(set(map(str, county["year_name"])))
    lines = []
    for name in dict.fromkeys(county["scenario"]):
        found = line_of(county[county["scenario"] == name], years, "year_name", "demand_hours")
        if found is not None:
            lines.append(Line(str(name), found.values))
    if not lines:
        return
    first = lines[0]
    known = [(year, value) for year, value in zip(years, first.values, strict=True) if not math.isnan(value)]
    (start, now), (end, then) = known[0], known[-1]
    said = [f"{first.name}: {shown(then)} hours a week would be needed in {end}, against {shown(now)} in {start}"]
    said.append(made.publication.tables["forecast"].note)
    draw_years(made, "forecast", ["demand_hours"], said, years, lines[:MOST_LINES], "Demand, hours a week")
    assumed = made.publication.of_service("assumptions", made.service)
    if len(assumed):
        columns = [
            Column("Scenario", tuple(map(str, assumed["scenario"])), 1.0),
            Column("What it assumes", tuple(map(str, assumed["label"])), 2.0),
            Column("Value", tuple(map(str, assumed["value"])), 1.0),
        ]
        said = ["What the scenarios assume"]
        page = made.page("assumptions", ["value"], said)
        draw_table_on(page, columns, said[0], lambda part: made.page("assumptions", ["value"], said, part))


def draw_years(
    made: Published, name: str, measures: Sequence[str], said: Sequence[str], years: Sequence[str],
    lines: Sequence[Line], title: str,
) -> None:  # fmt: skip
    """Lines on a slide of their own."""
    page = made.page(name, measures, said)
    place = page.head(page.body, f"{title}{axis_words(lines)}", "Heading of the chart")
    ends = "; ".join(f"{line.name}: {', '.join(map(shown, line.values))}" for line in lines)
    draw_lines(page, place, years, lines, "count", f"Lines. {title}, {years[0]} to {years[-1]}. {ends}")


def meaning(made: Published) -> None:
    """What is withheld, how to join, whom to ask, and what to bear in mind; over as many slides as they need."""
    about = made.publication.about
    credits = dict.fromkeys(
        one for one in (*(source.credit for source in about.rests_on), about.outlines_credit) if one
    )
    left = [
        Paragraph(f"How to join: {about.how_to_join or NOT_GIVEN}", BEAR_IN_MIND),
        *(Paragraph(one, BEAR_IN_MIND) for one in rules(about.disclosure)),
        *(Paragraph(one, BEAR_IN_MIND) for one in made.words.caveats),
        *(Paragraph(one, LEAST) for one in credits),
    ]
    said = [f"Whom to ask: {' '.join((about.contact or NOT_GIVEN).split())}", WITHHELD_WORDS]
    part = 0
    while left:
        part += 1
        page = made.page(
            "demand" if "demand" in made.publication.tables else "", ["people"], said, f"{part}" if part > 1 else ""
        )
        taken = 1
        while taken < len(left) and height_of(left[: taken + 1], page.body.width, 10) <= page.body.height:
            taken += 1
        page.text(page.body, left[:taken], "What to bear in mind", after=8)
        left = left[taken:]
