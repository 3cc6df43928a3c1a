"""A district's brief: two pages on one service. The second page's parts are in lib.export.briefs.district_second."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lib.export.briefs.district_second import ahead_part, ratings_part, risks_part, unknown_part
from lib.export.briefs.district_set import SHOWN, DistrictSet, area_figure, status_of
from lib.export.briefs.pictures import bars_svg, bars_words, nearest_ranks
from lib.export.briefs.tree import Beside, Brief, Heading, Paragraph, Part, Picture, Table, Tiles
from lib.export.briefs.words import marks, opening, sources, tile
from lib.market.about import about
from lib.market.basis import standing, together
from lib.market.clauses import Clause, begun_small, hours_a_week, not_known, said_in_order, short_words
from lib.market.few import few_words
from lib.market.figure import Figure, as_of
from lib.market.indicators import every_input, indicator_label, indicator_status, indicators
from lib.market.lots import LOT_SUMS, lot_table
from lib.market.selection import is_single_lot
from lib.market.sentence import coverage_clauses, place_words
from lib.market.sharing import small_counts
from lib.market.units import UNITS
from lib.market.unknown import hole
from lib.market.wording import NOT_APPLICABLE, NOT_KNOWN, counted, is_missing, show
from lib.pack.ratios import safe_ratio
from lib.whatif.basis import projection_basis

MOST_LOTS = 16  # rows of the table that a page has room for
TILES = ("delivered_hours", "coverage", "waiting_hours", "good_or_better_share")


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


def map_part(every: DistrictSet, code: str) -> list[Part]:
    """The map, the district outlined; words where no map can be drawn."""
    painting, drawn, name = every.painting, every.district_map, every.pack.district_names()[code]
    svg = drawn.svg
    if not svg:
        return [Paragraph("The outlines of this data pack cannot be drawn, so there is no map.", "note")]
    shown = dict(zip(painting.rows["area_code"], painting.rows["shown"], strict=True))
    alt = f"Map: {painting.title}. {name} is outlined: {shown[code]}. The bars beside it have the same figures."
    note = f"{name} is outlined. {drawn.credit}".strip()
    return [
        Picture(
            painting.title, alt, svg, str(painting.status), drawn.legend(), painting.scale.title, note, drawn.over(code)
        )
    ]


def bars_part(every: DistrictSet, code: str) -> list[Part]:
    """The ranking with the district marked; of many districts, the nearest ranks."""
    painting, pack = every.painting, every.pack
    rows = nearest_ranks(painting.rows, code)
    indicator, county = painting.indicator, float(every.profiles[1][SHOWN])
    values = painting.rows["value"].dropna()
    value = float(every.rows[code][SHOWN])
    place = place_words(values, value, indicator)
    some = (
        "" if len(rows) == len(painting.rows) else f" The nearest {len(rows)} of {len(painting.rows)} ranks are shown."
    )
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
