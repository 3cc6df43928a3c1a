"""All that moves with a lever on the What-if page, as plain values: what the route answers and the page begins with.

Every text is plain text, never Markdown or HTML. No figure is worked out in the browser: those of every year are here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from lib.charts.kit.scale import Scale
from lib.charts.live import cost_rows, drivers_rows, effects_rows, kept_key, lines_rows, map_classes
from lib.charts.year_map import MEASURES, year_scale
from lib.market.basis import standing
from lib.market.figure import Figure
from lib.market.selection import COUNTY_CODE, select
from lib.market.units import UNITS
from lib.market.unknown import hole
from lib.market.wording import NOT_KNOWN, counted, financial_year, is_missing
from lib.pack.load import Pack
from lib.view.live.request import StepRequest
from lib.view.market.tiles import Tile
from lib.whatif.ageing import why_no_more, years_allowed
from lib.whatif.baseline import kept_baseline
from lib.whatif.basis import projection_basis
from lib.whatif.consequences import bands_sentence
from lib.whatif.cost import cost_steps, cost_table, uplift_words
from lib.whatif.live import Step, step
from lib.whatif.need import CALLED, Need, need_of, need_today
from lib.whatif.scenarios.presets import origin_of
from lib.whatif.scenarios.scenario import Scenario, lever_values

Picture = dict[str, Any]
DISTRICT_RANGES = "The ranges of districts are on the Districts tab."
LINES_BESIDE = ("capacity_hours", "served_hours")  # what the lines show beside the need


def picture(pack: Pack, scenario: Scenario, asked: StepRequest, named: Scenario | None = None) -> Picture:
    """The picture of a scenario, checked already, for a request: see the keys below and those of its parts.

    scenario, named: the scenario, and the one that its reader named. The years run from the base year on; whatever is
    a list "a year" has one entry for each of them.
    """
    start = kept_baseline(pack, scenario.service)
    found = step(pack, start, scenario, area=asked.area, with_range=asked.range, with_drivers=asked.tab == "drivers")
    origin = origin_of(pack, scenario, named)
    charts, definitions = charts_of(pack, found, asked)
    return {
        "scenario": scenario.document(),
        "name": scenario.name,
        "started_from": "" if origin is None else origin.name,
        "problem": "",
        "levers": {lever: value for lever, value in lever_values(scenario).items() if isinstance(value, int | float)},
        "say": said(pack, found),
        "tiles": [tile_words(one) for one in tiles(pack, found)],
        "years": list(found.years),
        "year_labels": [financial_year(year) for year in found.years],
        "districts": {"codes": list(found.areas[:-1]), "names": list(found.names[:-1])},
        "map": map_of(pack, found, asked.measure),
        "newly_short": newly_short(found),
        "charts": charts,
        "definitions": definitions,
    }


# What is said.


def said(pack: Pack, found: Step) -> Picture:
    """The sentence, what follows it, how it is known, and what a reader must know before relying on it."""
    scenario = found.scenario
    why = why_no_more(pack, scenario.service)
    aged = scenario.demand.demographic or not years_allowed(pack, scenario.service)
    return {
        "lead": found.lead,
        "more": found.more,
        "status": str(standing(pack, projection_basis(pack, scenario))),
        "notes": [why] if aged and why else [],
        "warnings": [],
    }


def newly_short(found: Step) -> Picture:
    """Who is short of care in a year, and was not in the base year: a head and the districts' names, a year."""
    names = dict(zip(found.areas, found.names, strict=True))
    first = financial_year(found.years[0])
    heads, listed = [f"Newly short, held against {first}"], [[names[code] for code in found.newly_short[0]]]
    for place, codes in enumerate(found.newly_short[1:], start=1):
        head, coverage = f"Newly short in {financial_year(found.years[place])}", found.values["coverage"][place, :-1]  # noqa: PD011
        unknown = bool(np.isnan(coverage).all())
        who = counted(len(codes), "district") if codes else "no district"
        heads.append(head if unknown else f"{head}: {who}")
        listed.append([NOT_KNOWN.capitalize()] if unknown else [names[code] for code in codes])
    return {"heads": heads, "names": listed}


# The tiles.


def tiles(pack: Pack, found: Step) -> list[Tile]:
    """The county's four headlines of the last year, each with its range where that was asked for."""
    scenario = found.scenario
    first, last = (county_year(found, place) for place in (0, -1))
    end = financial_year(found.years[-1])
    missing = holes(pack, scenario.service)
    pounds = UNITS["pounds"].about
    extra = last["cost"] - first["cost"]

    def tile(label: str, value: float | str, unit: str, measure: str, context: str) -> Tile:
        known = standing(pack, projection_basis(pack, scenario, measure))
        figure = Figure(label, value, unit, known, as_of=end, missing=missing[measure])
        # Where rows are missing, why says more than the context.
        return Tile(figure, figure.missing if figure.lacks_rows else context)

    def around(measure: str) -> str:
        return range_words(found, measure)

    change: float | str = extra if is_missing(extra) else f"{'+' if extra >= 0 else ''}{pounds(extra)}"
    in_all = ", ".join(words for words in (pounds(last["cost"]), around("cost")) if words)
    spend = (NOT_KNOWN,) if is_missing(last["spend"]) else (pounds(last["spend"]), around("spend"))
    allowed = ", ".join(words for words in spend if words)
    short = ", ".join(words for words in ("lot by lot", around("shortfall_hours")) if words)
    needed = tile(f"Demand hours in {end}", last["demand_hours"], "hours", "demand_hours", around("demand_hours"))
    if need_of({one: [first[one]] for one in CALLED}) == "delivered_hours":
        why = f"demand in all is {NOT_KNOWN}: {missing['demand_hours']}"
        needed = tile(f"Hours already arranged in {end}", last["delivered_hours"], "hours", "delivered_hours", why)
    costs = tile(
        f"Cost of meeting the need, beside {financial_year(found.years[0])}", change,
        "pounds" if is_missing(extra) else "", "cost", f"{in_all}. Spend that capacity allows: {allowed}",
    )  # fmt: skip
    return [
        needed,
        tile(f"Net coverage in {end}", last["coverage"], "ratio", "coverage", around("coverage")),
        tile(
            f"Hours with no provider in {end}", last["shortfall_hours"], "hours", "shortfall_hours",
            f"{short}; {UNITS['hours'].about(last['served_hours'])} served",
        ),
        replace(costs, context_status=standing(pack, projection_basis(pack, scenario, "cost", "spend"))),
    ]  # fmt: skip


def county_year(found: Step, place: int) -> dict[str, float]:
    """The county's figures of a year, by measure. place: the year's, from the base year on."""
    return {measure: float(every[place, -1]) for measure, every in dict(found.values).items()}


def range_words(found: Step, measure: str) -> str:
    """The 10th to the 90th percentile of the county's measure in the last year; "" where it was not asked for."""
    if measure not in found.county_range:
        return ""
    unit = UNITS["pounds" if measure in ("cost", "spend") else "ratio" if measure == "coverage" else "hours"]
    low, _, high = (float(one) for one in found.county_range[measure][-1])
    return (
        f"range {NOT_KNOWN}"
        if is_missing(low) or is_missing(high)
        else f"range {unit.about(low)} to {unit.about(high)}"
    )


@lru_cache(maxsize=16)
def holes(pack: Pack, service: str) -> Mapping[str, str]:
    """Of each measure of the tiles, the rows of today that are missing for it, in words; "" where none is."""
    county = select(pack, service).county()
    of_today = {"cost": "annual_cost"}
    measures = ("demand_hours", "delivered_hours", "coverage", "shortfall_hours", "cost")
    return {one: hole(pack, county, COUNTY_CODE, of_today.get(one, one)) for one in measures}


def tile_words(tile: Tile) -> Picture:
    """A tile as the browser shows it. How the context is known is said where that is not as the figure is."""
    known, other = tile.figure.known, tile.context_status
    return {
        "label": tile.figure.label,
        "value": tile.figure.text,
        "unit": "",
        "context": tile.context,
        "status": str(known),
        "context_status": "" if other is None or other == known else str(other),
    }


# The map.


def map_of(pack: Pack, found: Step, measure: str) -> Picture:
    """The map of a measure: its title and status, a year; colours, classes and texts as lib.charts.live has them."""
    label, _ = MEASURES[measure]
    statuses = map_statuses(pack, found, measure)
    painted = map_classes(found, measure, scale_of(pack, found, measure))
    lines = [
        tooltips(found, of_year, statuses[place], set(painted["changed"][place]))
        for place, of_year in enumerate(painted["lines"])
    ]
    return {
        "measure": measure,
        "head": painted.get("head", label),
        "titles": [f"{label} by district, {financial_year(year)}" for year in found.years],
        "statuses": statuses,
        **painted,
        "lines": lines,
    }


def tooltips(found: Step, lines: Sequence[str], status: str, changed: set[str]) -> list[str]:
    """What a tooltip says beneath a district's figure in a year, district by district."""
    other = f"Another colour than in {financial_year(found.years[0])}\n"
    codes = found.areas[:-1]
    return [
        f"{words}\n{other if code in changed else ''}Status: {status}" for code, words in zip(codes, lines, strict=True)
    ]


def map_statuses(pack: Pack, found: Step, measure: str) -> list[str]:
    """How what the map shows is known, a year: the base year is today."""
    now, later = (
        str(standing(pack, projection_basis(pack, found.scenario, measure, "shortfall_hours", ahead=ahead)))
        for ahead in (False, True)
    )
    return [now, *[later] * (len(found.years) - 1)]


def scale_of(pack: Pack, found: Step, measure: str) -> Scale:
    """The scale of a measure, frozen from the base year: no lever moves it."""
    measures = found.values  # noqa: PD011
    today = tuple((name, tuple(map(float, measures[name][0, :-1]))) for name in MEASURES)
    return kept_scale(pack, measure, today)


@lru_cache(maxsize=16)
def kept_scale(pack: Pack, measure: str, today: tuple[tuple[str, tuple[float, ...]], ...]) -> Scale:
    """The scale of a measure over the districts' figures of the base year."""
    del pack
    return year_scale(pd.DataFrame({name: list(values) for name, values in today}), measure)


# The charts.


def charts_of(pack: Pack, found: Step, asked: StepRequest) -> tuple[Picture, Picture]:
    """The lines and the charts of the open tab, by name, and the definitions that the browser lacks, by their keys."""
    makers = {"drivers": (drivers_chart, effects_chart), "costs": (costs_chart,)}
    charts, definitions = {}, {}
    for make in (lines_chart, *makers.get(asked.tab, ())):
        name, chart, definition = make(pack, found, asked)
        if definition is None:
            continue  # nothing is known that could be drawn: the page says so
        charts[name] = chart
        key = chart["definition"] = kept_key(definition)
        if key not in asked.known:
            definitions[key] = definition
    return charts, definitions


Chart = tuple[str, Picture, Mapping[str, Any] | None]


def area_name(pack: Pack, area: str) -> str:
    """A district's name, or the county's."""
    return pack.district_names().get(area, pack.manifest.area)


def chart_of(pack: Pack, found: Step, title: str, measures: tuple[str, ...]) -> Picture:
    """A chart's title and status; its words, caption and rows are still to come."""
    known = standing(pack, projection_basis(pack, found.scenario, *measures))
    return {"title": title, "status": str(known), "words": "", "caption": "", "definition": "", "rows": []}


def needed_here(pack: Pack, service: str, area: str) -> Need:
    """The measure of what is needed in an area (see lib.whatif.need)."""
    return need_today(kept_baseline(pack, service), area)


def lines_show(pack: Pack, service: str, area: str) -> tuple[str, ...]:
    """The measures of the lines: what is needed, and beside it what of capacity and served is known today."""
    start = kept_baseline(pack, service)
    known = LINES_BESIDE if not np.isnan(start.capacity_hours).all() else ()
    return needed_here(pack, service, area), *known


def lines_title(pack: Pack, service: str, area: str) -> str:
    """What the lines show."""
    needed = CALLED[needed_here(pack, service, area)]
    return f"{needed} and capacity in {area_name(pack, area)}"


def lines_chart(pack: Pack, found: Step, asked: StepRequest) -> Chart:
    """Demand, capacity and served through the years, of the county or of the chosen district."""
    service = found.scenario.service
    title, shown = f"{lines_title(pack, service, asked.area)}, hours a week", lines_show(pack, service, asked.area)
    chart = chart_of(pack, found, title, shown)
    definition, rows = lines_rows(found, asked.area, dark=asked.dark)
    place, about, measures = found.areas.index(asked.area), UNITS["hours"].about, found.values  # noqa: PD011
    words = []
    for number, year in enumerate(found.years):
        hours = (
            f"{CALLED.get(one, one).removesuffix('_hours').lower()} {about(float(measures[one][number, place]))}"
            for one in (shown[0], *LINES_BESIDE)
        )
        words.append(f"{financial_year(year)}: {', '.join(hours)}")
    banded = shown[0] == "demand_hours" or len(shown) > 1
    caption = (bands_sentence(found.scenario) if asked.area == COUNTY_CODE else DISTRICT_RANGES) if banded else ""
    chart |= {"words": "; ".join(words), "caption": caption, "rows": rows}
    return "lines", chart, definition


def drivers_title(pack: Pack, service: str, area: str) -> str:
    """What the drivers show."""
    arranged = needed_here(pack, service, area) == "delivered_hours"
    return f"What changes {'the care already arranged' if arranged else 'demand'} in {area_name(pack, area)}"


def drivers_chart(pack: Pack, found: Step, asked: StepRequest) -> Chart:
    """From the base year's hours to the last year's, step by step."""
    service = found.scenario.service
    title, shown = drivers_title(pack, service, asked.area), needed_here(pack, service, asked.area)
    chart = chart_of(pack, found, f"{title}, hours a week", (shown,))
    definition, rows = drivers_rows(found, dark=asked.dark)
    return "drivers", chart | {"words": in_words(rows, "driver"), "rows": rows}, definition


def effects_title(pack: Pack, scenario: Scenario) -> str:
    """What the effects show."""
    last = pack.service(scenario.service).base_year + scenario.years
    return f"Effect of these steps on the gap of {financial_year(last)}"


def effects_chart(pack: Pack, found: Step, asked: StepRequest) -> Chart:
    """What a step of each lever does to the county's gap of the last year; nothing drawn where that is not known."""
    chart = chart_of(pack, found, effects_title(pack, found.scenario), ("gap_hours",))
    definition, rows = effects_rows(found, dark=asked.dark)
    if not rows:
        return "effects", chart, None
    return "effects", chart | {"words": in_words(rows, "lever"), "rows": rows}, definition


class CostStep(NamedTuple):
    """A step from the base year's cost to the last year's, in pounds a year; a total has no change (NaN)."""

    label: str
    change: float
    total: float


def costs_title(pack: Pack, area: str) -> str:
    """What the steps of cost show."""
    return f"What changes the cost of meeting the need in {area_name(pack, area)}"


def costs_chart(pack: Pack, found: Step, asked: StepRequest) -> Chart:
    """From the base year's cost of meeting the need to the last year's: more care, spot to framework, higher fees."""
    chart = chart_of(pack, found, f"{costs_title(pack, asked.area)}, pounds a year", ("cost",))
    start = kept_baseline(pack, found.scenario.service)
    frame = cost_steps(cost_table(start, found.scenario), asked.area)
    columns = (frame["label"], frame["change"].astype("float64"), frame["total"].astype("float64"))
    steps = [CostStep(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]
    if any(is_missing(one.total) for one in steps):
        return "costs", chart, None
    definition, rows = cost_rows(steps, dark=asked.dark)
    caption = f"{uplift_words(start, found.scenario)} It covers what is needed, also where capacity cannot serve it."
    chart |= {"words": in_words(rows, "driver"), "caption": caption, "rows": rows}
    return "costs", chart, definition


def in_words(rows: Sequence[Mapping[str, Any]], name: str) -> str:
    """The bars of a chart in one line: each by its name, which a chart may break over two lines, with its values."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(" ".join(str(row[name]).split()), []).append(str(row["shown"]))
    return "; ".join(f"{one}: {' and '.join(shown)}" for one, shown in found.items())
