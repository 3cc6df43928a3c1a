"""What drives a scenario: from today's demand to the last year's, step by step; which lever matters most; diversion."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from lib.market.selection import COUNTY_CODE
from lib.market.wording import financial_year
from lib.whatif.ageing import Array
from lib.whatif.baseline import Baseline
from lib.whatif.need import need_today
from lib.whatif.project import projected
from lib.whatif.scenarios.levers import Lever
from lib.whatif.scenarios.scenario import LEVERS, Scenario, lever_values, limits_beside, moved
from lib.whatif.summary import with_county

TODAY = "today"
LAST_YEAR = "last_year"


@dataclass(frozen=True)
class DriverStep:
    """A step from today's demand to the last year's: see `drivers`, which has one row for each."""

    step: str
    label: str
    change_hours: float
    total_hours: float


@dataclass(frozen=True)
class Effect:
    """How far a lever moves the county's net gap: see `sensitivity`, which has one row for each."""

    lever: str
    label: str
    unit: str
    value: float
    low_value: float
    high_value: float
    gap_low: float
    gap_high: float
    effect_low: float
    effect_high: float
    swing: float


def framed(rows: Sequence[DriverStep] | Sequence[Effect], kind: type[DriverStep] | type[Effect]) -> pd.DataFrame:
    """Rows as a frame: a column for each of their fields."""
    columns = [field.name for field in fields(kind)]
    return pd.DataFrame([[getattr(row, name) for name in columns] for row in rows], columns=columns)


def waterfall_steps() -> dict[str, list[Lever]]:
    """The levers of each step of the waterfall, in the order in which they are put on: that of the document.

    Every lever of demand is in it, also one that names no step, or "today" would not be today. Another order would
    share the change out a little differently.
    """
    steps: dict[str, list[Lever]] = {}
    for lever in LEVERS.values():
        if lever.waterfall or lever.section == "demand":
            steps.setdefault(lever.waterfall or lever.name, []).append(lever)
    return steps


def drivers(baseline: Baseline, scenario: Scenario, district_code: str = COUNTY_CODE) -> pd.DataFrame:
    """From today's demand hours to the last year's, one row a step, for a district or the county ("all").

    Where nobody knows what waits, they are the hours of the care already arranged: lib.whatif.need.
    The levers of demand are put on one after another, as `waterfall_steps` has them; a step's change is what its levers
    add to those before it, so the changes add up to the whole.

    Columns: step (today, the steps, last_year), label, change_hours (hours a week; empty for today and last_year),
    total_hours (demand hours after the step).
    """
    return framed(driver_steps(baseline, scenario, district_code), DriverStep)


def driver_steps(baseline: Baseline, scenario: Scenario, district_code: str = COUNTY_CODE) -> tuple[DriverStep, ...]:
    """The rows of `drivers`."""
    steps, values = waterfall_steps(), lever_values(scenario)
    plain = {lever.id: lever.neutral for levers in steps.values() for lever in levers}
    total = needed_in_last_year(baseline, moved(scenario, plain), district_code)
    rows = [DriverStep(TODAY, financial_year(baseline.base_year), math.nan, total)]
    for step, levers in steps.items():
        put_on = {lever.id: values[lever.id] for lever in levers}
        after = total
        if any(plain[lever_id] != value for lever_id, value in put_on.items()):
            plain |= put_on
            after = needed_in_last_year(baseline, moved(scenario, plain), district_code)
        rows.append(DriverStep(step, levers[0].label, after - total, after))
        total = after
    last = financial_year(baseline.base_year + scenario.years)
    return (*rows, DriverStep(LAST_YEAR, last, math.nan, total))


def needed_in_last_year(baseline: Baseline, scenario: Scenario, district_code: str) -> float:
    """What is needed of a district or the county in the last year, hours a week (see lib.whatif.need)."""
    result = projected(baseline, scenario, ends=True)
    hours: Array = getattr(result, need_today(baseline, district_code))[-1]
    return float(hours.sum() if district_code == COUNTY_CODE else hours[baseline.district(district_code)].sum())


def sensitivity(baseline: Baseline, scenario: Scenario) -> pd.DataFrame:
    """How far the county's net gap in the last year moves with each lever, the largest effect first.

    Each lever that has a `swing` is moved by it down and up, within its limits, every other lever as it is; a switch is
    put off and on. Left out are levers that change cost alone, and ageing beyond the population projection.

    Columns: lever, label, unit, value (in the scenario), low_value, high_value, gap_low, gap_high (net gap, hours a
    week), effect_low, effect_high (change of the gap; 0 where the lever stands at that limit), swing (the larger of
    the two, without its sign).
    """
    return framed(effects(baseline, scenario), Effect)


def effects(baseline: Baseline, scenario: Scenario) -> tuple[Effect, ...]:
    """The rows of `sensitivity`."""
    today = gap_in_last_year(baseline, scenario)
    values = lever_values(scenario)
    rows = []
    for lever in LEVERS.values():
        value = values[lever.id]
        if not lever.swing or isinstance(value, dict | tuple):
            continue
        ends = nearby(lever, value, scenario)
        # A lever that stands at an end is there already.
        low, high = (
            today if end == value else gap_in_last_year(baseline, moved(scenario, {lever.id: end})) for end in ends
        )
        if math.isnan(low) or math.isnan(high):
            continue
        down, up = low - today, high - today
        places = float(value), float(ends[0]), float(ends[1])
        rows.append(Effect(lever.id, lever.label, lever.unit, *places, low, high, down, up, max(abs(down), abs(up))))
    return tuple(sorted(rows, key=lambda row: -row.swing))


def nearby(lever: Lever, value: bool | int | float, scenario: Scenario) -> tuple[float | bool, float | bool]:
    """The values below and above a lever's own, within the limits that the other levers leave it."""
    if lever.kind == "switch":
        return False, True
    low, high = limits_beside(scenario, lever)
    return max(low, value - lever.swing), min(high, value + lever.swing)


def gap_in_last_year(baseline: Baseline, scenario: Scenario) -> float:
    """The county's net gap in the last year, hours a week."""
    result = projected(baseline, scenario, ends=True)
    return float(result.demand_hours[-1].sum() - result.capacity_hours[-1].sum())


def diverting(scenario: Scenario) -> list[Lever]:
    """The levers by which others take over care, direct payments for example, that a scenario moves."""
    values = lever_values(scenario)
    return [lever for lever in LEVERS.values() if lever.diverts and values[lever.id] != lever.neutral]


def diverted(baseline: Baseline, scenario: Scenario) -> pd.DataFrame:
    """The hours and the cost that the levers of `diverting` take away, by year and district.

    The scenario without them less the scenario itself. What they cost in their turn is not included.

    Columns: year, district_code ("all" for the county), diverted_hours (demand hours a week), diverted_cost (pounds a
    year).
    """
    hours, cost = diverted_years(baseline, scenario)
    years, areas = hours.shape
    return pd.DataFrame(
        {
            "year": np.repeat(np.arange(baseline.base_year, baseline.base_year + years), areas),
            "district_code": [*baseline.districts, COUNTY_CODE] * years,
            "diverted_hours": hours.ravel(),
            "diverted_cost": cost.ravel(),
        }
    )


def diverted_years(baseline: Baseline, scenario: Scenario) -> tuple[Array, Array]:
    """The hours and the cost of `diverted`: years by areas, the county last."""
    without = projected(baseline, moved(scenario, {lever.id: lever.neutral for lever in diverting(scenario)}))
    itself = projected(baseline, scenario)
    hours, cost = without.demand_hours - itself.demand_hours, without.cost - itself.cost
    return with_county(hours.sum(axis=2)), with_county(cost.sum(axis=2))
