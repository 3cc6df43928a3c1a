"""The slides of a scenario: need against capacity, the map of the last year, the cost, and what is assumed."""

from __future__ import annotations

import math
from collections.abc import Sequence

from lib.charts.kit.scale import legend_entries
from lib.charts.year_map import MEASURES, year_scale
from lib.export.slides.maker import Maker
from lib.export.slides.map_and_bars import GAP, Picture, draw_picture
from lib.export.slides.map_shapes import District
from lib.export.slides.native_charts import Bar, Line, axis_words, draw_lines
from lib.export.slides.native_tables import Column, draw_table, parts_of
from lib.export.slides.page import Page
from lib.export.slides.records import Shown
from lib.export.slides.text import Box, Paragraph
from lib.export.slides.today import draw_parts
from lib.market.about import About
from lib.market.clauses import Clause, sentences, short_words
from lib.market.selection import COUNTY_CODE
from lib.market.units import UNITS
from lib.market.wording import NOT_APPLICABLE, NOT_KNOWN, counted, financial_year, is_missing
from lib.whatif.about import about_scenario
from lib.whatif.baseline import kept_baseline
from lib.whatif.basis import projection_basis
from lib.whatif.consequences import cost_clauses, shortfall_clauses
from lib.whatif.headline import cost_notes, opening
from lib.whatif.need import CALLED, need_of
from lib.whatif.scenarios.presets import assumptions_log
from lib.whatif.scenarios.scenario import LEVERS, Scenario, lever_values
from lib.whatif.short_districts import district_clauses
from lib.whatif.summary import AreaYears

COVERAGE = "coverage"
# The figures of the first year beside those of the last.
ENDS = (("capacity_hours", "Capacity hours", "hours"), ("coverage", "Net coverage", "ratio"),
        ("shortfall_hours", "Hours with no provider, lot by lot", "hours"),
        ("served_hours", "Hours served", "hours"), ("people", "People", "people"))  # fmt: skip
MONEY = (("cost", "Cost of meeting the need", "pounds"), ("spend", "Spend that capacity allows", "pounds"))
BESIDE_MONEY = (("people", "People", "people"), ("served_hours", "Hours served", "hours"))
TABLE_SHARE = 0.36  # of the body's width, at the right of a chart


def told_of(maker: Maker, scenario: Scenario, title: str, *measures: str) -> About:
    """What must stand with a scenario's figures."""
    return about_scenario(maker.pack, scenario, title, projection_basis(maker.pack, scenario, *measures))


def scenario_of(shown: Shown) -> Scenario:
    """The scenario of a slide of the years ahead."""
    if shown.scenario is None:
        raise ValueError(f"a slide of the kind {shown.kind} needs a scenario")
    return shown.scenario


def finding_first(clauses: list[Clause]) -> list[str]:
    """Sentences, the answer first: what is supposed may stand in a sentence before it."""
    found = sentences(clauses)
    then = next((place for place, one in enumerate(found) if one.startswith("Then ")), 0)
    answer = found[then].removeprefix("Then ")
    return [f"{answer[:1].upper()}{answer[1:]}", *found[:then], *found[then + 1 :]]


def years_slide(maker: Maker, shown: Shown) -> None:
    """Lines of need, capacity and what is served, and both ends in figures."""
    scenario, pack = scenario_of(shown), maker.pack
    found = maker.years(scenario)
    at = place_of(found, shown.area)
    need = need_of({name: [found.measures[name][0, at]] for name in CALLED})
    area = found.names[at]
    title = f"{CALLED[need]} and capacity in {area}"
    titles = finding_first(opening(pack, scenario, found))
    titles += sentences(shortfall_clauses(scenario, found.county(0), found.county(-1)))[:1]
    told = told_of(maker, scenario, f"{title}, hours a week", need, "capacity_hours", "served_hours")
    page = maker.page(shown, told, titles)
    lines = [
        Line(label, tuple(map(float, found.measures[name][:, at])))
        for name, label in ((need, CALLED[need]), ("capacity_hours", "Capacity"), ("served_hours", "Served"))
        if not all(math.isnan(one) for one in found.measures[name][:, at])
    ]
    ends = ends_columns(found, at, ((need, f"{CALLED[need]} hours", "hours"), *ENDS))
    chart, table = sides(page, ends)
    years = [financial_year(year) for year in found.years]
    place = page.head(chart, f"{title}, hours a week{axis_words(lines)}: {scenario.name}", "Heading of the chart")
    if lines:
        alt = f"Lines. {title}, hours a week. " + "; ".join(
            f"{line.name} from {UNITS['hours'].about(line.values[0])} in {years[0]} to "
            f"{UNITS['hours'].about(line.values[-1])} in {years[-1]}" for line in lines
        )  # fmt: skip
        draw_lines(page, place, years, lines, "hours", alt)
    else:
        page.text(place, [Paragraph(f"No line: need and capacity are {NOT_KNOWN}.", 16)], "Chart")
    draw_ends(page, table, ends, area)


def place_of(found: AreaYears, area: str) -> int:
    """The place of an area among a projection's, the county's where there is none of that code."""
    return found.areas.index(area) if area in found.areas else found.areas.index(COUNTY_CODE)


def sides(page: Page, columns: Sequence[Column]) -> tuple[Box, Box]:
    """The place of a chart and that of a table at its right, which has the width that it needs."""
    body = page.body
    least = sum(one.least() for one in columns)
    width = min(max(least, body.width * TABLE_SHARE), body.width * 0.5)
    chart = Box(body.left, body.top, body.width - width - GAP, body.height)
    return chart, Box(chart.right + GAP, body.top, width, body.height)


def ends_columns(found: AreaYears, at: int, rows: Sequence[tuple[str, str, str]]) -> list[Column]:
    """The first year's figures beside the last's: measure, what it is called and its unit, row by row."""
    columns = [Column("Figure", tuple(label for _, label, _ in rows), 1.0)]
    for place in (0, -1):
        texts = tuple(UNITS[unit].about(float(found.measures[name][place, at])) for name, _, unit in rows)
        columns.append(Column(financial_year(found.years[place]), texts))
    return columns


def draw_ends(page: Page, box: Box, columns: list[Column], area: str) -> None:
    """The same as a table."""
    figures, *ends = columns
    alt = f"Table. {area} in {' and '.join(one.head for one in ends)}: {', '.join(figures.cells)}."
    draw_table(page, box, parts_of(columns, box)[0], "First and last year", alt)


def year_map_slide(maker: Maker, shown: Shown) -> None:
    """The map of the last year's coverage and the ranked bars of the same; who is newly short."""
    scenario = scenario_of(shown)
    found = maker.years(scenario)
    end = financial_year(found.years[-1])
    titles = maker.said(district_clauses(found)) or [f"No district needs more care than providers offer in {end}."]
    label, unit = MEASURES[COVERAGE]
    title = f"{label} by district, {end}: {scenario.name}"
    told = told_of(maker, scenario, title, COVERAGE, "shortfall_hours")
    credit = maker.pack.manifest.resource("districts_geography").credit if maker.outlines else ""
    scale = year_scale({"gap_hours": found.measures["gap_hours"][0, :-1].tolist()}, COVERAGE)
    newly = found.newly_short()[-1, :-1]
    values = found.measures[COVERAGE][-1, :-1].tolist()
    hours = found.measures["shortfall_hours"][-1, :-1].tolist()
    districts = []
    for at, (code, name, value) in enumerate(zip(found.areas, found.names, values, strict=False)):
        shown_value = figure_of(value, found.known()[at])
        words = f"{name}: {shown_value}, {scale.label(value) or shown_value}. {short_words(hours[at])}"
        words += ". Newly short" if newly[at] else ""
        districts.append(District(code, name, shown_value, scale.colour(value) or "", words, code == shown.area))
    legend = legend_entries(scale)
    missing = dict.fromkeys(one.shown for one in districts if not one.colour)
    legend += [("", " or ".join(missing))] if missing else []
    bars = [Bar(one.name, value, one.shown, one.colour) for one, value in zip(districts, values, strict=True)]
    bars.sort(key=lambda bar: (math.isnan(bar.value), bar.value, bar.name))
    axis = f"{scale.title.removesuffix(')')}; bars start at 1.00)"
    picture = Picture(title, districts, legend, scale.title, bars, unit, axis, 1.0, "lowest")
    draw_picture(maker.outlines, picture, lambda part: maker.page(shown, told, titles, drawn=credit, part=part))


def figure_of(value: float, known: bool) -> str:
    """A coverage as people read it; empty, it is not known or there is nothing to divide by."""
    if is_missing(value):
        return NOT_APPLICABLE if known else NOT_KNOWN
    return UNITS["ratio"].about(value)


def cost_slide(maker: Maker, shown: Shown) -> None:
    """The cost of meeting the need and what capacity lets be spent, year by year."""
    scenario = scenario_of(shown)
    found = maker.years(scenario)
    titles = maker.said(cost_clauses(scenario, found.county(0), found.county(-1)))
    at = place_of(found, COUNTY_CODE)
    area = found.names[at]
    title = f"Cost of meeting the need in {area}, pounds a year"
    told = told_of(maker, scenario, title, "cost", "spend")
    page = maker.page(shown, told, [*titles, *cost_notes(scenario, kept_baseline(maker.pack, scenario.service))])
    ends = ends_columns(found, at, (*MONEY, *BESIDE_MONEY))
    chart, table = sides(page, ends)
    years = [financial_year(year) for year in found.years]
    lines = [
        Line(label, tuple(map(float, found.measures[name][:, at])))
        for name, label, _ in MONEY
        if not all(math.isnan(one) for one in found.measures[name][:, at])
    ]
    place = page.head(chart, f"{title}{axis_words(lines)}: {scenario.name}", "Heading of the chart")
    if lines:
        money = UNITS["pounds"].about
        alt = f"Lines. {title}. " + "; ".join(
            f"{line.name} from {money(line.values[0])} in {years[0]} to {money(line.values[-1])} in {years[-1]}"
            for line in lines
        )
        draw_lines(page, place, years, lines, "pounds", alt)
    draw_ends(page, table, ends, area)


def assumptions_slides(maker: Maker, shown: Shown) -> None:
    """The levers that the scenario moves, with their values, and why; how many others stand where they move nothing."""
    scenario = scenario_of(shown)
    log = assumptions_log(maker.pack, scenario).to_dict("records")
    values = lever_values(scenario)
    moved = [row for row in log if row["lever"] == "years" or values[row["lever"]] != LEVERS[row["lever"]].neutral]
    still = len(log) - len(moved)
    told = told_of(maker, scenario, f"What {scenario.name} assumes")
    finding = f"{scenario.name}: {counted(len(moved), 'setting')} made, {counted(still, 'other')} moving nothing."
    rationale = " ".join(scenario.rationale.split())
    titles = [finding, rationale]
    page = maker.page(shown, told, titles)
    columns = [
        Column("Setting", tuple(str(row["label"]) for row in moved), 1.2),
        Column("Value", tuple(str(row["value"]) for row in moved), 0.5),
        Column("Default", tuple(str(row["default"]) for row in moved), 0.5),
        Column("Status", tuple(str(row["status"]) for row in moved), 0.4),
        Column("Source", tuple(str(row["source"]) for row in moved), 2.4),
    ]
    draw_parts(maker, page, shown, told, columns, f"What {scenario.name} assumes", titles)
