"""A district's brief: two pages on one service, made from one set of figures for all districts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from lib.charts.painting import Painting, paint
from lib.charts.timeline import lines_plot
from lib.export.briefs.pictures import DistrictMap, bars_svg, bars_words, nearest_ranks, sized_svg
from lib.export.briefs.tree import Beside, Brief, Bullets, Heading, Paragraph, Part, Picture, Table, Tiles
from lib.export.briefs.words import marks, opening, sources, tile
from lib.market.about import about
from lib.market.basis import standing, together
from lib.market.clauses import Clause, begun_small, hours_a_week, not_known, said_in_order, short_words
from lib.market.few import few_words
from lib.market.figure import Figure, as_of
from lib.market.indicators import every_input, indicator_label, indicator_status, indicators
from lib.market.lots import LOT_SUMS, lot_table
from lib.market.profile import profiles
from lib.market.quality import OVERALL, rating_mix
from lib.market.selection import COUNTY_CODE, Selection, is_single_lot, select
from lib.market.sentence import NOT_COMPARABLE, comparison, coverage_clauses, place_words
from lib.market.sharing import small_counts
from lib.market.units import UNITS
from lib.market.unknown import hole, why_empty
from lib.market.wording import NOT_APPLICABLE, NOT_KNOWN, counted, financial_year, for_people, is_missing, show
from lib.pack.faults import PackError
from lib.pack.geography import pack_outlines
from lib.pack.load import Pack
from lib.pack.ratios import safe_ratio
from lib.whatif.baseline import kept_baseline
from lib.whatif.basis import projection_basis
from lib.whatif.chart_columns import line_columns
from lib.whatif.headline import condition, levers_in_words
from lib.whatif.live import Step, step
from lib.whatif.scenarios.scenario import Scenario
from lib.market.wording import listed

SHOWN = "coverage"  # on the map and in the bars
MOST_LOTS = 16  # rows of the table that a page has room for
# What stands beside the county's figures, and is a risk where it is high or low.
COMPARED = (
    "demand_hours_per_1000",
    "median_days_to_source",
    "providers",
    "spot_share",
    "largest_provider_share",
    "hhi",
    "gate_fail_share",
    "good_or_better_share",
    "not_rated_share",
    "hourly_cost",
)
TILES = ("delivered_hours", "coverage", "waiting_hours", "good_or_better_share")
AHEAD = {
    "demand_hours": ("Demand", "hours"),
    "capacity_hours": ("Capacity", "hours"),
    "coverage": ("Net coverage", "ratio"),
    "shortfall_hours": ("No provider", "hours"),
    "cost": ("Cost of the need", "pounds"),
}
LINES_WIDTH = 300


@dataclass(frozen=True, eq=False)
class DistrictSet:
    """What the briefs of all districts are made from, each part worked out once: of a pack, a service, a scenario.

    scenario: of the years ahead; one of the same service, checked.
    """

    pack: Pack
    scenario: Scenario

    @property
    def service(self) -> str:
        """The service's code."""
        return self.scenario.service

    @cached_property
    def selection(self) -> Selection:
        """The whole service, district by district."""
        return select(self.pack, self.service)

    @cached_property
    def profiles(self) -> tuple[pd.DataFrame, pd.Series[float]]:
        """The districts' profile, and the county's."""
        return profiles(self.pack, self.selection)

    @cached_property
    def rows(self) -> Mapping[str, Mapping[str, Any]]:
        """Each district's row of the profile by its code."""
        return {str(row["area_code"]): row for row in self.profiles[0].to_dict("records")}

    @cached_property
    def painting(self) -> Painting:
        """How coverage is painted."""
        return paint(self.pack, self.selection, indicators(self.pack)[SHOWN], self.profiles[0])

    @cached_property
    def district_map(self) -> DistrictMap:
        """The map of coverage."""
        try:
            outlines = pack_outlines(self.pack)
        except PackError:
            outlines = None
        painted = self.painting.rows
        colours = dict(zip(painted["area_code"], painted["colour"], strict=True))
        credit = self.pack.manifest.resource("districts_geography").credit
        names = self.pack.district_names()
        return DistrictMap(outlines, colours, names, self.painting.title, self.painting.scale, credit)

    @cached_property
    def lots(self) -> Mapping[str, pd.DataFrame]:
        """The lots of each district, in the order of lots.csv."""
        return {str(code): rows for code, rows in lot_table(self.pack, self.selection).groupby("area_code", sort=False)}

    @cached_property
    def ratings(self) -> Mapping[str, pd.DataFrame]:
        """The mix of overall ratings of each district whose mix is known."""
        mix = rating_mix(self.pack, self.selection)
        return {str(code): rows for code, rows in mix[mix["domain"] == OVERALL].groupby("area_code", sort=False)}

    @cached_property
    def ahead(self) -> Step:
        """The years ahead, of every district."""
        start = kept_baseline(self.pack, self.service)
        return step(self.pack, start, self.scenario, with_range=False, with_drivers=False)


def district_brief(every: DistrictSet, code: str) -> Brief:
    """The brief of a district, by its code."""
    pack, service = every.pack, every.pack.service(every.service)
    name, marked = pack.district_names()[code], marks(pack)
    figures = headlines(every, code)
    told = about(pack, f"Brief of {name}", every_input(pack), projection_basis(pack, every.scenario),
                 service=every.service)  # fmt: skip
    dates = as_of(pack, every.service)
    known = indicator_status(pack, indicators(pack)[SHOWN])
    parts: list[Part] = [
        *opening(
            f"District brief. {service.label}, {service.period}. Data to {dates}.",
            f"{name}: {begun_small(service.label)}", sentence(every, code), marked, str(known),
        ),
        Tiles(tuple(tile(figure, *context(every, code, figure_id))
                    for figure_id, figure in zip(TILES, figures, strict=True))),
        Beside((tuple(map_part(every, code)), tuple(bars_part(every, code))), (11, 9)),
        *lots_part(every, code),
        *ratings_part(every, code),
        *unknown_part(every, code),
        *risks_part(every, code),
        *ahead_part(every, code),
        *sources(told, figures),
    ]  # fmt: skip
    title = f"{name}, {begun_small(service.label)}: district brief"
    return Brief(title, marked, pack.manifest.as_of, tuple(parts), f"{pack.manifest.area}. {service.period}")


# The first page.


def sentence(every: DistrictSet, code: str) -> str:
    """Whether providers offer enough in the district, how many hours have no provider, and what waits."""
    pack, row = every.pack, every.rows[code]
    indicator, name = indicators(pack)[SHOWN], str(row["area_name"])
    known, single = indicator_status(pack, indicator), is_single_lot(pack, every.selection)
    if is_missing(float(row[SHOWN])):
        why, label = hole(pack, every.selection, code, SHOWN), indicator_label(indicator, single)
        if why:
            first, *others = not_known(label, why)
            clauses = [Clause(f"{first.text} in {name}"), *others]
        else:
            clauses = [Clause(f"{label} is {NOT_APPLICABLE} in {name}, as {indicator.missing}")]
    else:
        alone = pd.DataFrame([row])[["area_name", SHOWN]]
        clauses = coverage_clauses(alone, float(row["shortfall_hours"]), ("district", "districts"), single, known)
    waiting = float(row["waiting_hours"])
    if is_missing(waiting):
        clauses = [*clauses, *not_known("how many hours wait")]
    elif waiting >= 0.5:
        waits = indicator_status(pack, indicators(pack)["waiting_hours"])
        clauses = [*clauses, Clause(f"{hours_a_week(waiting, waits)} wait to be placed")]
    return said_in_order(clauses)


def headlines(every: DistrictSet, code: str) -> list[Figure]:
    """The four headlines of a district."""
    return [area_figure(every, code, one) for one in TILES]


def area_figure(every: DistrictSet, code: str, indicator_id: str) -> Figure:
    """A district's figure, with what it rests on."""
    pack, selection = every.pack, every.selection
    indicator, value = indicators(pack)[indicator_id], float(every.rows[code][indicator_id])
    missing = hole(pack, selection, code, indicator_id) if is_missing(value) else ""
    label = indicator_label(indicator, is_single_lot(pack, selection))
    known = indicator_status(pack, indicator)
    return Figure(label, value, indicator.unit, known, indicator.formula, as_of(pack, selection.service), missing)


def context(every: DistrictSet, code: str, indicator_id: str) -> tuple[str, Any]:
    """What stands beside a headline, and how that is known."""
    pack, row = every.pack, every.rows[code]

    def text(one: str) -> str:
        words = area_figure(every, code, one).text
        few = "" if is_missing(float(row[one])) else few_words(pack, every.selection, code, one)
        return f"{words}, {few}" if few else words

    beside: dict[str, tuple[str, tuple[str, ...]]] = {
        "delivered_hours": (
            f"a week, for people: {text('people')}; spend a year: {text('annual_cost')}", ("people", "annual_cost")
        ),
        "coverage": (short_words(float(row["shortfall_hours"]), status_of(every, "shortfall_hours")),
                     ("shortfall_hours",)),
        "waiting_hours": (
            f"a week; open requests: {text('open_requests')}; median days to source: {text('median_days_to_source')}",
            ("open_requests", "median_days_to_source"),
        ),
        "good_or_better_share": (f"of rated hours; not rated: {text('not_rated_share')} of hours",
                                 ("not_rated_share",)),
    }  # fmt: skip
    words, ids = beside[indicator_id]
    own = few_words(pack, every.selection, code, indicator_id) if not is_missing(float(row[indicator_id])) else ""
    words = f"{own}; {words}" if own else words
    return words, together(status_of(every, one) for one in ids)


def status_of(every: DistrictSet, indicator_id: str) -> Any:
    """How a district's figure is known."""
    return indicator_status(every.pack, indicators(every.pack)[indicator_id])


def map_part(every: DistrictSet, code: str) -> list[Part]:
    """The map, the district outlined; words where no map can be drawn."""
    painting, drawn, name = every.painting, every.district_map, every.pack.district_names()[code]
    svg = drawn.svg(code)
    if not svg:
        return [Paragraph("The outlines of this data pack cannot be drawn, so there is no map.", "note")]
    figure = painting.rows.set_index("area_code").loc[code, "shown"]
    alt = f"Map: {painting.title}. {name} is outlined: {figure}. The bars beside it have the same figures."
    note = f"{name} is outlined. {drawn.credit}".strip()
    return [Picture(painting.title, alt, svg, str(painting.status), drawn.legend(), painting.scale.title, note)]


def bars_part(every: DistrictSet, code: str) -> list[Part]:
    """The ranking with the district marked; of many districts, the nearest ranks."""
    painting, pack = every.painting, every.pack
    rows = nearest_ranks(painting.rows, code)
    indicator, county = painting.indicator, float(every.profiles[1][SHOWN])
    values = painting.rows["value"].dropna()
    value = float(every.rows[code][SHOWN])
    place = place_words(values, value, indicator)
    some = "" if len(rows) == len(painting.rows) else f" The nearest {len(rows)} of {len(painting.rows)} ranks are shown."
    svg = bars_svg(rows, code, start=painting.start, axis_format=UNITS[indicator.unit].axis_format)
    alt = f"Ranked bars, the lowest first, {every.rows[code]['area_name']} marked: {bars_words(rows)}."
    whole = f"{pack.manifest.area}: {show(county, indicator.unit)}." if not is_missing(county) else ""
    note = f"{f'{place.capitalize()}. ' if place else ''}{whole}{some}".strip()
    return [Picture(painting.axis_title, alt, svg, str(painting.status), note=note)]


def lots_part(every: DistrictSet, code: str) -> list[Part]:
    """The table of the district's lots: those with most hours short first where a page has no room for all."""
    pack = every.pack
    lots, row = every.lots[code], every.rows[code]
    lots = lots[~((lots["demand_hours"] <= 0) & (lots["capacity_hours"] <= 0))]
    known = standing(pack, lot_table)
    heads = ("Service type", "Cohort", "People", "Delivered", "Waiting", "Demand", "Capacity", "Coverage", "Shortfall")
    if lots.empty:
        return [Heading(2, "Lot by lot"), Paragraph("No hours are bought or offered in this district.")]
    left = 0
    if len(lots) > MOST_LOTS:
        left = len(lots) - MOST_LOTS
        lots = lots.sort_values("shortfall_hours", ascending=False, kind="stable", na_position="first").head(MOST_LOTS)
    coverage = safe_ratio(lots["capacity_hours"], lots["demand_hours"])

    def cells(values: Any, covered: float) -> tuple[str, ...]:
        hours = [show(values[one], "hours") for one in LOT_SUMS[1:5]]
        empty = NOT_KNOWN if is_missing(values["demand_hours"]) or is_missing(values["capacity_hours"]) else ""
        ratio = empty or show(covered, "ratio")
        return (show(values["people"], "people"), *hours, ratio, show(values["shortfall_hours"], "hours"))

    body = [
        (
            pack.label("service_types", str(one["service_type"])),
            pack.label("cohorts", str(one["cohort"])),
            *cells(one, float(covered)),
        )
        for one, covered in zip(lots.to_dict("records"), coverage, strict=True)
    ]
    total = ("All lots", "", *cells(row, float(row[SHOWN])))
    rest = [Paragraph(f"{counted(left, 'lot')} with less or nothing short {'is' if left == 1 else 'are'} left out.",
                      "note")] if left else []  # fmt: skip
    small = small_counts(pack, row)
    return [
        Heading(2, "Lot by lot"),
        Table("People supported; hours a week; coverage: capacity / demand", heads, (*body, total), 2,
              (5, 5, 2, 2.6, 2.3, 2.4, 2.5, 2.6, 2.6), (len(body),), str(known)),
        *rest,
        *([Paragraph(f"{small[:1].upper()}{small[1:]}.", "note")] if small else []),
    ]  # fmt: skip


# The second page.


def ahead_part(every: DistrictSet, code: str) -> list[Part]:
    """The years ahead of the district: lines, and the figures of every year."""
    pack, found, scenario = every.pack, every.ahead, every.scenario
    place = found.areas.index(code)
    values = {name: [float(one) for one in measure[:, place]] for name, measure in found.values.items()}  # noqa: PD011
    known = standing(pack, projection_basis(pack, scenario))
    supposed = condition(scenario, found.years[0], listed(levers_in_words(scenario)))
    words = f"Scenario: {scenario.name}. If {supposed}."
    name, years = pack.district_names()[code], [financial_year(year) for year in found.years]
    kept = shown_years(len(years))
    rows = tuple(
        (label, *(UNITS[unit].about(values[measure][at]) for at in kept)) for measure, (label, unit) in AHEAD.items()
    )
    table = Table(
        f"{name}: hours a week; pounds a year", ("Figure", *(years[at] for at in kept)), rows, 1,
        (3.6, *(2 for _ in kept)), status=str(known),
    )  # fmt: skip
    svg = lines_svg(found.years, values)
    if not svg:
        return [Heading(2, "The years ahead"), Paragraph(words), table]
    ends = "; ".join(
        f"{AHEAD[one][0].lower()} {UNITS['hours'].about(values[one][0])} in {years[0]}, "
        f"{UNITS['hours'].about(values[one][-1])} in {years[-1]}"
        for one in ("demand_hours", "capacity_hours")
    )
    chart = Picture("Demand and capacity", f"Lines from {years[0]} to {years[-1]}: {ends}.", svg, str(known))
    first = found.first_short_year[code]
    when = f"First short year, lots counted together: {financial_year(first)}." if first is not None else ""
    said = (Paragraph(words), *([Paragraph(when)] if when else []), table)
    return [Heading(2, "The years ahead"), Beside(((chart,), said), (2, 3))]


def shown_years(number: int, most: int = 6) -> list[int]:
    """The places of the years that a table has room for: every one, or evenly chosen with the first and the last."""
    if number <= most:
        return list(range(number))
    return sorted({round(place) for place in np.linspace(0, number - 1, most)})


def lines_svg(years: tuple[int, ...], values: Mapping[str, list[float]], width: int = LINES_WIDTH) -> str:
    """Demand, capacity and served through the years; "" where none of them is known."""
    if not any(math.isfinite(one) for name in ("demand_hours", "capacity_hours") for one in values[name]):
        return ""
    plot = lines_plot(line_columns(list(years), values, {}), axis_title="Hours a week", selected_year=0)
    return sized_svg(plot.drawing(), width)


def risks_part(every: DistrictSet, code: str) -> list[Part]:
    """How the district stands beside the county."""
    pack, known = every.pack, indicators(every.pack)
    areas, county = every.profiles
    compared = [known[one] for one in COMPARED]
    rows = comparison(pack, every.selection, areas, county, code, compared)
    name = pack.district_names()[code]
    table = Table(
        f"{name} beside {pack.manifest.area}",
        ("Measure", name, pack.manifest.area, "Place among districts", "Status"),
        tuple(
            (known[one].label, here, whole, place, str(indicator_status(pack, known[one])))
            for one, here, whole, place in zip(*(rows[head] for head in ("indicator", "area", "county", "place")),
                                               strict=True)
        ), 5, (3.6, 2.8, 2.6, 2.4, 1.4),
    )  # fmt: skip
    return [Heading(2, "Quality, concentration and risk"), table]


def ratings_part(every: DistrictSet, code: str) -> list[Part]:
    """The mix of ratings by the hours delivered."""
    pack, status, mix = every.pack, standing(every.pack, rating_mix), every.ratings.get(code)
    head = Heading(2, "Ratings")
    why = hole(pack, every.selection, code, "not_rated_share")
    if why:
        return [head, Paragraph(f"The rating mix is {NOT_KNOWN}: {why}.")]
    if mix is None or not float(mix["hours"].sum()):
        return [head, Paragraph("No hours are delivered in this district, so there is no rating mix.")]
    few = few_words(pack, every.selection, code, "not_rated_share")
    cells = tuple(
        f"{for_people(float(hours), 'hours', status)} ({show(float(share), 'share')})"
        for hours, share in zip(mix["hours"], mix["share"], strict=True)
    )
    heads, even = tuple(str(one) for one in mix["rating"]), tuple(1.0 for _ in mix["rating"])
    title = f"CQC ratings overall: hours delivered a week, and their share{f' ({few})' if few else ''}"
    return [head, Table(title, heads, (cells,), len(heads), even, status=str(status))]


def unknown_part(every: DistrictSet, code: str) -> list[Part]:
    """What is not known of the district, with why; and what must be known of the service's figures."""
    pack, row, known = every.pack, every.rows[code], indicators(every.pack)
    reasons: dict[str, list[str]] = {}
    for one in known.values():
        if is_missing(float(row[one.id])):
            reasons.setdefault(why_empty(pack, every.selection, code, one.id), []).append(begun_small(one.label))
    lines = [f"Not known or not applicable: {listed(labels[:6])}"
             f"{f' and {len(labels) - 6} more' if len(labels) > 6 else ''}. Why: {why}."
             for why, labels in reasons.items()]  # fmt: skip
    lines = lines or ["Every figure of this district that the data pack can give is known."]
    return [Heading(2, "What is not known, and caveats"), Bullets((*lines, *pack.service(every.service).caveats), small=True)]
