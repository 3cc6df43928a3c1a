"""What a district's brief says behind its first figures: ratings, what is not known, the county, the years ahead."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from lib.charts.timeline import lines_plot
from lib.export.briefs.district_set import DistrictSet
from lib.export.briefs.pictures import sized_svg
from lib.export.briefs.tree import Beside, Bullets, Heading, Paragraph, Part, Picture, Table
from lib.market.basis import standing
from lib.market.clauses import begun_small
from lib.market.few import few_words
from lib.market.indicators import indicator_status, indicators
from lib.market.quality import rating_mix
from lib.market.sentence import comparison
from lib.market.units import UNITS, UnitCode
from lib.market.unknown import hole, why_empty
from lib.market.wording import NOT_KNOWN, financial_year, for_people, is_missing, listed, show
from lib.whatif.basis import projection_basis
from lib.whatif.chart_columns import line_columns
from lib.whatif.headline import condition, levers_in_words

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
AHEAD: dict[str, tuple[str, UnitCode]] = {
    "demand_hours": ("Demand", "hours"),
    "capacity_hours": ("Capacity", "hours"),
    "coverage": ("Net coverage", "ratio"),
    "shortfall_hours": ("No provider", "hours"),
    "cost": ("Cost of the need", "pounds"),
}
UNKNOWN = "What is not known, and caveats"
SEE = "see what is not known"
LINES_WIDTH = 300


def ahead_part(every: DistrictSet, code: str) -> list[Part]:
    """The years ahead of the district: lines, and the figures of every year."""
    pack, found, scenario = every.pack, every.ahead, every.scenario
    place = found.areas.index(code)
    values = {name: [float(one) for one in measure[:, place]] for name, measure in found.values.items()}
    known = standing(pack, projection_basis(pack, scenario))
    supposed = condition(scenario, found.years[0], listed(levers_in_words(scenario)))
    words = f"Scenario: {scenario.name}. If {supposed}."
    name, years = pack.district_names()[code], [financial_year(year) for year in found.years]
    kept = shown_years(len(years))
    rows = tuple(
        (label, *(year_cell(values, measure, unit, at) for at in kept)) for measure, (label, unit) in AHEAD.items()
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
    said: tuple[Part, ...] = (Paragraph(words), *([Paragraph(when)] if when else []), table)
    return [Heading(2, "The years ahead"), Beside(((chart,), said), (2, 3))]


def year_cell(values: Mapping[str, list[float]], measure: str, unit: UnitCode, place: int) -> str:
    """A figure of a year; a coverage of which either part is not known is not known either."""
    unknown = unit == "ratio" and any(is_missing(values[one][place]) for one in ("demand_hours", "capacity_hours"))
    return NOT_KNOWN if unknown else UNITS[unit].about(values[measure][place])


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
    name, row = pack.district_names()[code], every.rows[code]
    table = Table(
        f"{name} beside {pack.manifest.area}",
        ("Measure", name, pack.manifest.area, "Place among districts", "Status"),
        tuple(
            (known[one].label, here, whole, SEE if is_missing(float(row[one])) else place,
             str(indicator_status(pack, known[one])))
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
    return [
        Heading(2, UNKNOWN),
        Bullets((*lines, *pack.service(every.service).caveats), small=True),
    ]
