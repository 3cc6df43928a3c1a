"""Scenarios side by side, one row each: the levers that differ, what they come to, and a measure through the years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import pandas as pd

from lib.market.about import Heads
from lib.market.units import NOT_KNOWN, UNITS, UnitCode
from lib.market.wording import financial_year
from lib.pack.load import Pack
from lib.whatif.scenarios.levers import WITHOUT_UNIT, Lever, LeverValue, show_value
from lib.whatif.scenarios.presets import flattened
from lib.whatif.scenarios.scenario import LEVERS, Scenario
from lib.whatif.summary import Summary
from lib.whatif.tables import NEVER, county_rows

FEWEST, MOST = 2, 6
# What is compared, by the column of lib.whatif.summary.by_year: its words and its unit.
RESULTS: Mapping[str, tuple[str, UnitCode]] = {
    "demand_hours": ("Demand", "hours"),
    "coverage": ("Net coverage", "ratio"),
    "unmet_hours": ("Hours with no provider", "hours"),
    "served_hours": ("Served", "hours"),
    "cost": ("Cost of meeting the need", "pounds"),
    "spend": ("Spend that capacity allows", "pounds"),
}
AS_COUNTY = "as the county"
FIRST_SHORT = "First short year"


def levers_that_differ(scenarios: Mapping[str, Scenario], pack: Pack) -> pd.DataFrame:
    """The levers that the scenarios do not all set alike; a district's own growth is a lever of its own.

    scenarios: by what people call them. One row a scenario, in their order: scenario, then for each such lever, by its
    id, the value as people read it without its unit, which is in the head ("as the county" where a district has no
    growth of its own). The heads of the columns are those of `lever_heads`.
    """
    names = pack.district_names()
    flat = {name: flattened(scenario, names) for name, scenario in scenarios.items()}
    columns: dict[str, list[str]] = {"scenario": list(scenarios)}
    for key in lever_heads(scenarios, pack):
        columns[key] = [
            without_unit(side[key][0], side[key][2]) if key in side else AS_COUNTY for side in flat.values()
        ]
    return pd.DataFrame(columns)


def lever_heads(scenarios: Mapping[str, Scenario], pack: Pack) -> dict[str, str]:
    """The labels of the levers that differ, with their units, by id, in the order of the document."""
    flat = [flattened(scenario, pack.district_names()) for scenario in scenarios.values()]
    every = {key: side[key] for side in flat for key in side}
    order = {lever_id: place for place, lever_id in enumerate(LEVERS)}
    missing: LeverValue = ()
    found = {}
    for key in sorted(every, key=lambda one: (order[every[one][0].id], one)):
        values = [side[key][2] if key in side else missing for side in flat]
        if any(one != other for one, other in pairwise(values)):
            lever, label, value = every[key]
            bare = isinstance(value, bool | tuple) or lever.unit in WITHOUT_UNIT
            found[key] = label if bare else f"{label} ({lever.unit})"
    return found


def without_unit(lever: Lever, value: LeverValue) -> str:
    """A lever's value as a cell has it, under a head that says its unit."""
    if isinstance(value, bool | tuple | dict) or lever.unit in WITHOUT_UNIT:
        return show_value(lever, value)
    return f"{value:,.10g}"


def common_years(scenarios: Sequence[Scenario], pack: Pack) -> list[int]:
    """The years that all scenarios of one service have, from the base year on."""
    base = pack.service(scenarios[0].service).base_year
    return list(range(base, base + min(one.years for one in scenarios) + 1))


def results(summaries: Mapping[str, Summary], year: int) -> pd.DataFrame:
    """What each scenario comes to for the county in a year, one row each.

    Columns: scenario, those of RESULTS (hours a week, a ratio, pounds a year; empty where not known), first_short_year
    (as people read it: the first of the scenario's own years in which net coverage is below 1.00).
    """
    rows = []
    for name, summary in summaries.items():
        county = county_rows(summary).set_index("year").loc[year]
        rows.append({"scenario": name, **{code: county[code] for code in RESULTS}, "first_short_year": short(summary)})
    return pd.DataFrame(rows)


def short(summary: Summary) -> str:
    """The county's first short year as people read it."""
    first = summary.first_years.iloc[-1]
    if not first["known"]:
        return NOT_KNOWN
    year = first["first_short_year"]
    return NEVER if pd.isna(year) else financial_year(int(year))


def lines(summaries: Mapping[str, Summary], measure: str, years: Sequence[int]) -> pd.DataFrame:
    """A measure of RESULTS for the county through the years: one row a scenario, one column a year, and scenario."""
    rows = [
        {"scenario": name, **county_rows(summary).set_index("year")[measure].reindex(list(years)).to_dict()}
        for name, summary in summaries.items()
    ]
    return pd.DataFrame(rows)


def side_by_side(
    scenarios: Mapping[str, Scenario], summaries: Mapping[str, Summary], pack: Pack, year: int, measure: str
) -> tuple[pd.DataFrame, Heads]:
    """Everything of the comparison in one table for a file, and the heads of its columns.

    One row a scenario: the levers that differ, RESULTS of the year, the first short year, and the measure in every year
    that all scenarios have, as columns year_2024 and so on.
    """
    levers, labels = levers_that_differ(scenarios, pack), lever_heads(scenarios, pack)
    found = results(summaries, year)
    years = common_years(list(scenarios.values()), pack)
    through = lines(summaries, measure, years)
    label, unit = RESULTS[measure]
    heads: dict[str, str | tuple[str, str]] = {"scenario": "Scenario", **labels}
    heads |= {code: (f"{words} {financial_year(year)}", of) for code, (words, of) in RESULTS.items()}
    heads["first_short_year"] = FIRST_SHORT
    table = levers.merge(found, on="scenario")
    for one in years:
        table[f"year_{one}"] = through[one]
        if one != year:
            heads[f"year_{one}"] = (f"{label} {financial_year(one)}", unit)
    return table[list(heads)], heads


def names_the_market(scenario: Scenario) -> bool:
    """Whether a scenario's levers name providers or districts, so that its files must not be shared."""
    return bool(scenario.supply.provider_exits or scenario.demand.district_need_growth_pct)


def through_the_years(values: Sequence[float], years: Sequence[int], measure: str) -> str:
    """A line in words: "130,560 in 2024/25 to 144,200 in 2029/30"."""
    unit = UNITS[RESULTS[measure][1]]
    ends = [f"{unit.about(values[place])} in {financial_year(years[place])}" for place in (0, -1)]
    return " to ".join(ends)


def run_apart(scenarios: Sequence[Scenario]) -> str:
    """What to know where the scenarios run to different years; "" where they do not."""
    lengths = sorted({one.years for one in scenarios})
    if len(lengths) < 2:
        return ""
    return (
        f"They run to different years, {lengths[0]} to {lengths[-1]} ahead, and some levers reach their value in the "
        f"last of these: only the years that all have, {lengths[0]} ahead, are compared."
    )
