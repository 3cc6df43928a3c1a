"""Price and volume, apart: what changes the cost of meeting the need, and what the uplift does to an hour's cost."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lib.market.selection import COUNTY_CODE
from lib.market.units import rounded
from lib.market.wording import NOT_KNOWN, financial_year, is_missing, show
from lib.pack.ratios import WEEKS, safe_ratio
from lib.whatif.ageing import Array
from lib.whatif.baseline import Baseline
from lib.whatif.drivers import LAST_YEAR, TODAY
from lib.whatif.project import Projection, projected
from lib.whatif.scenarios.scenario import Scenario
from lib.whatif.summary import with_county

# The parts of a change of cost, in the order in which they are put on.
PARTS = {"more_care": "More care", "spot_to_framework": "From spot to framework", "higher_fees": "Higher fees"}
COST_COLUMNS = ["year", "district_code", "cost_today", *PARTS, "cost"]


def cost_parts(projection: Projection) -> dict[str, Array]:
    """The change of every lot's cost since the base year, in pounds a year, by its PARTS; they add up to it.

    more_care = what the hours cost at the base year's cost of an hour, less today's cost; spot_to_framework = what
    spot hours on the framework's rates change, at the base year's rates; higher_fees = the rest, which is the uplift.
    Below 0 is less care, a cheaper framework, lower fees.
    """
    at_base_rates = projection.cost_before_uplift
    return {
        "more_care": projection.cost_as_bought - projection.cost_as_bought[0],
        "spot_to_framework": at_base_rates - projection.cost_as_bought,
        "higher_fees": projection.cost - at_base_rates,
    }


def cost_table(baseline: Baseline, scenario: Scenario) -> pd.DataFrame:
    """The parts of the change of cost since the base year, by year and district, and for the county ("all").

    Columns: year, district_code, cost_today, more_care, spot_to_framework, higher_fees (see `cost_parts`), cost: pounds
    a year. cost_today and the parts add up to cost. Empty where the cost of a lot is not known.
    """
    result = projected(baseline, scenario)
    found = {"cost_today": np.broadcast_to(result.cost[0], result.cost.shape)} | cost_parts(result)
    sums = {name: with_county(values.sum(axis=2)).ravel() for name, values in (found | {"cost": result.cost}).items()}
    years, areas = len(result.cost), len(baseline.districts) + 1
    return pd.DataFrame(
        {
            "year": np.repeat(np.arange(baseline.base_year, baseline.base_year + years), areas),
            "district_code": [*baseline.districts, COUNTY_CODE] * years,
            **sums,
        }
    )[COST_COLUMNS]


def cost_steps(table: pd.DataFrame, district_code: str = COUNTY_CODE) -> pd.DataFrame:
    """From today's cost to the last year's, one row a step, for an area of `cost_table`.

    Columns: step (today, the PARTS, last_year), label, change (pounds a year; empty for today and last_year), total
    (pounds a year after the step).
    """
    last = table[table["district_code"] == district_code].iloc[-1]
    total = float(last["cost_today"])
    rows: list[dict[str, object]] = [{"step": TODAY, "label": "Today", "change": np.nan, "total": total}]
    for step, label in PARTS.items():
        total += float(last[step])
        rows.append({"step": step, "label": label, "change": float(last[step]), "total": total})
    label = financial_year(int(last["year"]))
    rows.append({"step": LAST_YEAR, "label": label, "change": np.nan, "total": float(last["cost"])})
    return pd.DataFrame(rows)


def hourly_costs(baseline: Baseline, scenario: Scenario) -> tuple[float, float]:
    """The county's average cost of an hour today, and what the uplift alone makes of it by the last year, in pounds.

    Today's is annual cost / (52 x delivered hours); empty where either is not known or nothing is delivered.
    """
    hours, cost = float(baseline.delivered_hours.sum()), float(baseline.annual_cost.sum())
    now = safe_ratio(cost, WEEKS * hours)
    return now, now * (1 + scenario.price.uplift_pct / 100) ** scenario.years


def uplift_words(baseline: Baseline, scenario: Scenario) -> str:
    """What the uplift does to the cost of an hour, in one sentence."""
    now, then = hourly_costs(baseline, scenario)
    uplift, last = scenario.price.uplift_pct, financial_year(baseline.base_year + scenario.years)
    if is_missing(now):
        return f"The average cost of an hour is {NOT_KNOWN}."
    if not uplift:
        return f"An hour costs {show(now, 'pounds_per_hour')} on average, today and in {last}: no uplift is assumed."
    change = rounded(100 * (then / now - 1), 0)
    return (
        f"An hour costs {show(now, 'pounds_per_hour')} on average today and, at {uplift:g}% a year, "
        f"{show(then, 'pounds_per_hour')} in {last}: {abs(change):.0f}% {'more' if uplift > 0 else 'less'}."
    )
