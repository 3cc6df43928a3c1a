"""A scenario's figures in the shape of the tables and charts that show them."""

from __future__ import annotations

import pandas as pd

from lib.market.clauses import TOGETHER
from lib.market.selection import COUNTY_CODE
from lib.market.units import UNITS, UnitCode
from lib.market.wording import NOT_KNOWN, financial_year, rounded
from lib.whatif.chart_columns import BANDED, line_columns, tornado_columns, waterfall_columns
from lib.whatif.consequences import range_sentence
from lib.whatif.need import Need
from lib.whatif.scenarios.scenario import Scenario
from lib.whatif.summary import Summary

HOURS = UNITS["hours"]
NEVER = "not within the years"
ENDS = ("p10", "p90")
COMPARED = {
    "demand_hours": ("demand", "hours"),
    "gap_hours": ("net gap", "hours"),
    "coverage": ("net coverage", "ratio"),
    "shortfall_hours": ("short, lot by lot", "hours"),
    "served_hours": ("served", "hours"),
    "cost": ("cost of meeting the need", "pounds"),
    "spend": ("spend that capacity allows", "pounds"),
}


def district_table(summary: Summary, spread: pd.DataFrame, year: int, need: Need = "demand_hours") -> pd.DataFrame:
    """One row a district and the county last, for a year. need: what demand_now and demand_then hold: lib.whatif.need.

    Columns: area, demand_now, demand_then, gap_then (net), gap_low, gap_high (10th and 90th percentile of `spread`, see
    lib.whatif.uncertainty), coverage (net), served, waiting_with_room, shortfall (lot by lot: hours with no provider),
    people_served, first_short, break_even (text), cost (of meeting the need) and spend (that capacity allows), pounds a
    year. Hours are hours a week.
    """
    rows = summary.by_year
    then = rows[rows["year"] == year].set_index("district_code")
    now = rows[rows["year"] == rows["year"].min()].set_index("district_code").reindex(then.index)
    gaps = spread[(spread["year"] == year) & (spread["measure"] == "gap_hours")].set_index("district_code")
    gaps = gaps.reindex(then.index)
    first = summary.first_years.set_index("district_code").reindex(then.index)
    even = summary.break_even.set_index("district_code").reindex(then.index)
    return pd.DataFrame(
        {
            "area": then["district_name"],
            "demand_now": now[need],
            "demand_then": then[need],
            "gap_then": then["gap_hours"],
            "gap_low": gaps["p10"],
            "gap_high": gaps["p90"],
            "coverage": then["coverage"],
            "served": then["served_hours"],
            "waiting_with_room": then["waiting_with_room_hours"],
            "shortfall": then["shortfall_hours"],
            "people_served": then["people_served"],
            "first_short": [
                financial_year(int(one)) if not pd.isna(one) else NEVER if known else NOT_KNOWN
                for one, known in zip(first["first_short_year"], first["known"], strict=True)
            ],
            "break_even": [
                str(note) if note else f"{value:.1f}% a year"
                for note, value in zip(even["note"], even["break_even_growth_pct"], strict=True)
            ],
            "cost": then["cost"],
            "spend": then["spend"],
        }
    ).reset_index(drop=True)


def line_rows(summary: Summary, spread: pd.DataFrame, area: str) -> pd.DataFrame:
    """Demand, capacity and served of an area ("all" for the county) by year, as lib.charts.timeline takes them."""
    rows = summary.by_year
    rows = rows[rows["district_code"] == area]
    years = [int(year) for year in rows["year"]]
    bands = spread[spread["district_code"] == area].set_index(["measure", "year"])
    ranges = {}
    for measure in BANDED.values():
        band = bands.loc[measure].reindex(years)
        ranges[measure] = (band["p10"].tolist(), band["p90"].tolist())
    measures = [*BANDED.values(), "delivered_hours", "served_hours"]
    return pd.DataFrame(line_columns(years, {name: rows[name].tolist() for name in measures}, ranges))


def waterfall_rows(steps: pd.DataFrame, unit: UnitCode = "hours") -> pd.DataFrame:
    """The steps of lib.whatif.drivers.drivers, or in pounds of lib.whatif.cost.cost_steps, for lib.charts.waterfall."""
    columns = ("change_hours", "total_hours") if unit == "hours" else ("change", "total")
    changes, totals = [steps[name].astype("float64").tolist() for name in columns]
    return pd.DataFrame(waterfall_columns(steps["label"].tolist(), changes, totals, unit))


def outcome_words(outcomes: pd.DataFrame, scenario: Scenario) -> list[str]:
    """The ranges of lib.whatif.outcome_range.outcome_range as people read them, one sentence each, and what they hold.

    Each goes from the draw that 1 of 10 lie below to the one that 1 of 10 lie above.
    """
    rows = outcomes.set_index("measure")
    workers, growth, short = (rows.loc[one] for one in ("extra_workers", "break_even_growth_pct", "first_short_year"))
    words: list[str] = []
    if not pd.isna(workers["p50"]):
        words.append(f"Care workers: {between(*(UNITS['workers'].about(workers[one]) for one in ENDS))}.")
    if not pd.isna(growth["p50"]):
        words.append(f"Break-even need growth: {between(*(f'{growth[one]:.1f}%' for one in ENDS))} a year.")
    if not pd.isna(short["share"]):
        first, last = ("" if pd.isna(short[one]) else financial_year(int(short[one])) for one in ENDS)
        when = (between(first, last) if last else f"{first} or later, if at all") if first else NEVER
        share = f"{100 * rounded(float(short['share']), 2):.0f}%"
        words.append(f"First short year, {TOGETHER}: {when}; one comes within the years in {share} of draws.")
    if not words:
        return [f"The range of workers, break-even and first short year is {NOT_KNOWN}."]
    return [*words, range_sentence(scenario)]


def between(low: str, high: str) -> str:
    """Two ends of a range as people read them: 180 to 480, or 180 where they read alike."""
    return low if low == high else f"{low} to {high}"


def source_table(sources: pd.DataFrame) -> pd.DataFrame:
    """The sources of lib.whatif.outcome_range.range_sources: label, low, high, width (hours a week)."""
    return sources[["label", "low", "high", "width"]].reset_index(drop=True)


def tornado_rows(levers: pd.DataFrame) -> pd.DataFrame:
    """The levers of lib.whatif.drivers.sensitivity as lib.charts.tornado takes them, the largest effect first.

    Levers that move nothing in this scenario, such as today's vacancies where they do not change, are left out.
    """
    return pd.DataFrame(tornado_columns({name: levers[name].tolist() for name in levers.columns}))


def compared(first: Summary, second: Summary, year: int) -> pd.DataFrame:
    """Two scenarios side by side in a year that both have, one row a district and the county last.

    Columns: District, then for each of COMPARED "First: ...", "Second: ..." and "Change: ..." (second less first).
    """
    one, other = (
        summary.by_year[summary.by_year["year"] == year].set_index("district_code") for summary in (first, second)
    )
    table = pd.DataFrame({"District": one["district_name"]})
    for code, (label, _) in COMPARED.items():
        table[f"First: {label}"] = one[code]
        table[f"Second: {label}"] = other[code]
        table[f"Change: {label}"] = other[code] - one[code]
    return table.reset_index(drop=True)


def county_rows(summary: Summary) -> pd.DataFrame:
    """The county's years of lib.whatif.summary.by_year."""
    rows = summary.by_year
    return rows[rows["district_code"] == COUNTY_CODE].reset_index(drop=True)
