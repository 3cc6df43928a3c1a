"""A scenario's brief: two pages on what it assumes and what it comes to, of the figures of its decision record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from lib.charts.timeline import lines_plot
from lib.charts.year_map import year_rows, year_scale
from lib.export.briefs.pictures import DistrictMap, sized_svg
from lib.export.briefs.tree import Beside, Brief, Bullets, Heading, Paragraph, Part, Picture, Table, Terms, Tiles
from lib.export.briefs.words import marks, opening, sources, tile
from lib.market.about import about
from lib.market.basis import standing
from lib.market.figure import Figure, as_of
from lib.market.selection import COUNTY_CODE, select
from lib.market.units import UNITS
from lib.market.unknown import hole
from lib.market.wording import counted, financial_year, is_missing, listed
from lib.pack.faults import PackError
from lib.pack.geography import pack_outlines
from lib.pack.load import Pack
from lib.whatif.ageing import why_no_more
from lib.whatif.baseline import Baseline, kept_baseline
from lib.whatif.basis import projection_basis
from lib.whatif.chart_columns import BANDED, line_columns
from lib.whatif.consequences import bands_sentence
from lib.whatif.decision import content
from lib.whatif.decision.content import COUNTY, NOT_SAID, TILES, Grid, Values
from lib.whatif.decision.record import Decision, number, record
from lib.whatif.headline import cost_notes
from lib.whatif.live import Step, step
from lib.whatif.scenarios.presets import NO_REASON, NOTHING_MOVES, lever_faults, warnings_of
from lib.whatif.scenarios.scenario import Scenario

SHOWN = "coverage"
LINES_WIDTH = 330
MOST_DISTRICTS = 14  # rows of the table that a page has room for
ASSUMED = "assumption"
# The heads of lib.whatif.compare.RESULTS and the first short year, where the caption says the units.
SHORT_HEADS = ("Demand", "Coverage", "No provider", "Served", "Cost of need", "Spend", "First short year")
IN_UNITS = "Hours a week; net coverage; pounds a year"
# How each headline is worked out, lot by lot.
FORMULAS = {
    "demand_hours": "hours of today, moved by ageing and by the levers",
    "coverage": "capacity hours / demand hours, all lots counted together",
    "unmet_hours": "sum over lots of demand beyond capacity",
    "spend": "hours that capacity can serve x cost of an hour x weeks",
}


def scenario_brief(pack: Pack, scenario: Scenario, who: str = "") -> Brief:
    """The brief of a scenario, checked already. who: its author, in their own words."""
    start = kept_baseline(pack, scenario.service)
    values = record(pack, scenario, Decision(who.strip()), start)
    found = step(pack, start, scenario, with_drivers=False)
    service, marked = pack.service(scenario.service), marks(pack)
    told = about(pack, scenario.name, projection_basis(pack, scenario), service=scenario.service)
    figures = headlines(pack, scenario, values)
    parts: list[Part] = [
        *opening(
            f"Scenario brief. {service.label}, {service.period}, to {content.last_words(values)}. "
            f"Data to {as_of(pack, scenario.service)}.",
            scenario.name, found.lead, marked, values["status"],
        ),
        *([Paragraph(found.more)] if found.more else []),
        Tiles(tuple(tile(one, beside(values, measure)) for measure, one in zip(TILES, figures, strict=True))),
        Beside((map_part(pack, scenario, found), lines_part(pack, scenario, found)), (1, 1)),
        *short_part(found),
        *lever_part(values),
        Heading(2, f"{pack.manifest.area}, today and then"),
        as_table(content.county(values), (6, 2, 2, 2, 3), str(values["status"])),
        *district_part(values, found),
        *take_part(scenario, start, values),
        *assumed_part(values),
        *warned_part(pack, scenario),
        *sources(told, figures),
    ]  # fmt: skip
    title = f"Scenario brief: {scenario.name}"
    return Brief(title, marked, pack.manifest.as_of, tuple(parts), f"{pack.manifest.area}. {service.label}")


def headlines(pack: Pack, scenario: Scenario, values: Values) -> list[Figure]:
    """The county's four headlines of the last year."""
    last, county = content.years(values)[1], select(pack, scenario.service).county()
    of_today = {"unmet_hours": "shortfall_hours", "spend": "annual_cost"}
    figures = []
    for one in TILES:
        label, unit = COUNTY[one]
        value = values["figures"][f"{COUNTY_CODE}.{last}.{one}"]
        number = float("nan") if value is None else float(value)
        missing = hole(pack, county, COUNTY_CODE, of_today.get(one, one)) if is_missing(number) else ""
        known = standing(pack, projection_basis(pack, scenario, one))
        when = content.last_words(values)
        figures.append(Figure(f"{label}, {when}", number, unit, known, FORMULAS[one], when, missing))
    return figures


def beside(values: Values, measure: str) -> str:
    """A headline's figure of today, and its range."""
    first, last = content.years(values)
    unit, found = COUNTY[measure][1], values["figures"]
    today = f"{financial_year(first)}: {content.bare(found, f'{COUNTY_CODE}.{first}.{measure}', unit)}"
    ends = [number(found, f"{COUNTY_CODE}.{last}.{measure}.{end}") for end in ("p10", "p90")]
    if any(is_missing(end) for end in ends):
        return today
    return f"{today}; range {' to '.join(UNITS[unit].about(end) for end in ends)}"


def map_part(pack: Pack, scenario: Scenario, found: Step) -> tuple[Part, ...]:
    """The map of coverage in the last year, in the colours of the base year."""
    every: Any = found.values  # noqa: PD011
    frame = pd.DataFrame({"district_code": found.areas[:-1], "district_name": found.names[:-1],
                          SHOWN: every[SHOWN][-1, :-1]})  # fmt: skip
    scale = year_scale({"gap_hours": every["gap_hours"][0, :-1]}, SHOWN)
    rows = year_rows(frame, SHOWN, scale)
    try:
        outlines = pack_outlines(pack)
    except PackError:
        return (Paragraph("The outlines of this data pack cannot be drawn, so there is no map.", "note"),)
    title = f"Net coverage by district, {financial_year(found.years[-1])}"
    credit = pack.manifest.resource("districts_geography").credit
    colours = dict(zip(rows["district_code"], rows["colour"], strict=True))
    drawn = DistrictMap(outlines, colours, pack.district_names(), title, scale, credit)
    known = standing(pack, projection_basis(pack, scenario, SHOWN))
    told = listed([f"{name} {shown}" for name, shown in zip(rows["district_name"], rows["shown"], strict=True)])
    alt = f"Map: {title}. {told if len(rows) <= MOST_DISTRICTS else 'The table has the same figures.'}"
    return (Picture(title, alt, drawn.svg, str(known), drawn.legend(), scale.title, credit),)


def lines_part(pack: Pack, scenario: Scenario, found: Step) -> tuple[Part, ...]:
    """The county's demand, capacity and served through the years, each on its range."""
    every: Any = found.values  # noqa: PD011
    values = {name: [float(one) for one in measure[:, -1]] for name, measure in every.items()}
    if all(is_missing(one) for name in BANDED.values() for one in values[name]):
        return (Paragraph("Demand and capacity are not known, so there are no lines.", "note"),)
    ranges = {
        measure: (found.county_range[measure][:, 0].tolist(), found.county_range[measure][:, 2].tolist())
        for measure in BANDED.values()
        if measure in found.county_range
    }
    plot = lines_plot(line_columns(list(found.years), values, ranges), axis_title="Hours a week", selected_year=0)
    ends = "; ".join(
        f"{called} {UNITS['hours'].about(values[measure][0])} in {financial_year(found.years[0])}, "
        f"{UNITS['hours'].about(values[measure][-1])} in {financial_year(found.years[-1])}"
        for called, measure in BANDED.items()
    )
    known = standing(pack, projection_basis(pack, scenario, *BANDED.values()))
    title, alt = f"Demand and capacity in {pack.manifest.area}", f"Lines: {ends}. The table has the same figures."
    svg = sized_svg(plot.drawing(), LINES_WIDTH)
    return (Picture(title, alt, svg, str(known), note=bands_sentence(scenario)),)


def short_part(found: Step) -> list[Part]:
    """The districts that come to be short, lots counted together."""
    names, last = dict(zip(found.areas, found.names, strict=True)), financial_year(found.years[-1])
    codes = found.newly_short[-1]
    some = [names[code] for code in codes[:MOST_DISTRICTS]]
    more = f" and {len(codes) - len(some)} more" if len(codes) > len(some) else ""
    first = financial_year(found.years[0])
    words = (
        f"{counted(len(codes), 'district')}, short in {last} and not in {first}, lots counted together: "
        f"{listed(some)}{more}."
        if codes
        else f"No district is known to be short in {last} that was not in {first}, lots counted together."
    )
    every: Any = found.values  # noqa: PD011
    unknown = sum(is_missing(float(one)) for one in every["gap_hours"][-1, :-1])
    rest = f" Of {counted(unknown, 'district')} it is not known." if unknown else ""
    return [Heading(2, "Newly short"), Paragraph(f"{words}{rest}")]


def lever_part(values: Values) -> list[Part]:
    """Who made it, why, and the levers that it moves."""
    pairs = [("By", values["who"] or NOT_SAID)]
    reasons = " ".join(content.lines(values["scenario"]["rationale"], NO_REASON))
    grid = content.levers(values, "scenario")
    head = Heading(2, "The levers that were moved, and why")
    told: list[Part] = [head, Terms((*pairs, ("Why", reasons)))]
    if grid is None:
        return [*told, Paragraph(content.NOTHING_MOVED)]
    # The reason stands once, above.
    short = Grid(grid.caption, grid.heads[:3], [row[:3] for row in grid.rows], False)
    return [*told, as_table(short, (5, 5, 5), ASSUMED)]


def as_table(grid: Grid, widths: Sequence[float] = (), status: str = "", marked: Sequence[int] = ()) -> Table:
    """A table of a record as a part of a brief."""
    rows = tuple(tuple(row) for row in grid.rows)
    names = 1 if grid.numbers else len(grid.heads)
    return Table(grid.caption, tuple(grid.heads), rows, names, tuple(widths), tuple(marked), status)


def district_part(values: Values, found: Step) -> list[Part]:
    """Every district in the last year; of many, those with the lowest coverage."""
    grid = content.districts(values)
    districts, whole = grid.rows[:-1], grid.rows[-1]
    caption = grid.caption
    if len(districts) > MOST_DISTRICTS:
        every: Any = found.values  # noqa: PD011
        order = pd.Series(every[SHOWN][-1, :-1]).sort_values(kind="stable", na_position="last").index[:MOST_DISTRICTS]
        caption = f"The {MOST_DISTRICTS} of {len(districts)} districts with the lowest coverage; the county last"
        districts = [districts[place] for place in order]
    shown = Grid(f"{caption}. {IN_UNITS}", ["District", *SHORT_HEADS], [*districts, whole])
    table = as_table(shown, (4, 2, 2, 2, 2, 2.4, 2.4, 4), str(values["status"]), (len(districts),))
    return [Heading(2, content.titles(values)["districts"]), table]


def take_part(scenario: Scenario, start: Baseline, values: Values) -> list[Part]:
    """What it would take, and what must stand beside the cost."""
    return [
        Heading(2, "What it would take, and what it costs"),
        Terms(tuple(content.further(values))),
        Bullets(tuple(cost_notes(scenario, start))),
    ]


def assumed_part(values: Values) -> list[Part]:
    """The levers that stand at their defaults, in one paragraph."""
    grid = content.levers(values, "default")
    if grid is None:
        return []
    at_rest = [label for label, _, _, source in grid.rows if source == NOTHING_MOVES]
    every = "; ".join(
        f"{label}: {value} ({status})" for label, value, status, source in grid.rows if source != NOTHING_MOVES
    )
    said = (f"{every}." if every else "", f"{NOTHING_MOVES.split(':')[0]}: {'; '.join(at_rest)}." if at_rest else "")
    lines = tuple(one for one in said if one)
    return [Heading(2, "Assumptions: the levers at their defaults"), Bullets(lines, small=True)]


def warned_part(pack: Pack, scenario: Scenario) -> list[Part]:
    """What a reader must know before relying on it."""
    ages = why_no_more(pack, scenario.service) if scenario.demand.demographic else ""
    lines = [*warnings_of(scenario, pack), *map(str, lever_faults(pack)), ages, *pack.service(scenario.service).caveats]
    kept = tuple(line for line in lines if line)
    return [Heading(2, "Warnings and caveats"), Bullets(kept, small=True)] if kept else []
