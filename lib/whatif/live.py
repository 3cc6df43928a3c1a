"""A step of a lever: every figure and sentence of a scenario that moves with it, from arrays alone.

What tables, files and the command line show comes from frames of the same arrays: see lib.whatif.summary, .drivers,
.uncertainty and .headline, of which this makes nothing anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lib.market.selection import COUNTY_CODE
from lib.pack.load import Pack
from lib.whatif.ageing import Array
from lib.whatif.baseline import Baseline
from lib.whatif.county_range import county_range
from lib.whatif.drivers import DriverStep, Effect, driver_steps, effects
from lib.whatif.headline import known_range, told
from lib.whatif.project import projected
from lib.whatif.scenarios.scenario import Scenario
from lib.whatif.summary import area_years


@dataclass(frozen=True, eq=False)
class Step:
    """What a scenario comes to, year by year.

    Attributes:
        scenario: as it was given.
        years: base year to base year + T.
        areas, names: the districts' codes and names in order, then the county's ("all").
        values: years by areas, by the names of the measures in lib.whatif.summary.BY_YEAR_COLUMNS.
        county_range: years by 3 (10th, 50th and 90th percentile) of the county, by the names of the measures in
            lib.whatif.uncertainty.MEASURES; nothing where it was not asked for.
        first_short_year: by area, the first year with net coverage below 1.00; None for never, or not known.
        newly_short: by year, the codes of the districts with net coverage below 1.00 then and not in the base year.
        lead, more: what the scenario means, as lib.whatif.headline.headline_parts gives it.
        drivers: the rows of lib.whatif.drivers.drivers; nothing where they were not asked for.
        effects: the rows of lib.whatif.drivers.sensitivity; the same.
    """

    scenario: Scenario
    years: tuple[int, ...]
    areas: tuple[str, ...]
    names: tuple[str, ...]
    values: Mapping[str, Array]
    county_range: Mapping[str, Array]
    first_short_year: Mapping[str, int | None]
    newly_short: tuple[tuple[str, ...], ...]
    lead: str
    more: str
    drivers: tuple[DriverStep, ...]
    effects: tuple[Effect, ...]


def step(
    pack: Pack,
    baseline: Baseline,
    scenario: Scenario,
    *,
    area: str = COUNTY_CODE,
    with_range: bool = True,
    with_drivers: bool = True,
) -> Step:
    """The figures and sentences of a scenario that was checked. No data frame is made.

    area: whose demand the drivers are of, a district's code or "all". with_range: whether the county is drawn many
    times; without it no range is said either. with_drivers: whether drivers and effects are worked out.
    ValueError as lib.whatif.project.projected, and where there is no such district.
    """
    found = area_years(baseline, projected(baseline, scenario), pack.manifest.area)
    drawn = county_range(baseline, scenario) if with_range else {}
    spread = None
    if drawn:
        low, _, high = drawn["shortfall_hours"][-1]
        spread = known_range(float(low), float(high))
    lead, more = told(pack, scenario, found, spread)
    newly = found.newly_short()[:, :-1]
    return Step(
        scenario=scenario,
        years=found.years,
        areas=found.areas,
        names=found.names,
        values=found.measures,
        county_range=drawn,
        first_short_year=dict(zip(found.areas, found.first_years(found.short()), strict=True)),
        newly_short=tuple(tuple(found.areas[place] for place in np.flatnonzero(year)) for year in newly),
        lead=lead,
        more=more,
        drivers=driver_steps(baseline, scenario, area) if with_drivers else (),
        effects=effects(baseline, scenario) if with_drivers else (),
    )
