"""What is needed of an area, year by year: its demand, or the care already arranged where nobody knows what waits.

A pack may say what is bought and not what waits. Demand in all is unknown then, and stays so; the care already arranged
can be carried forward all the same, and is never called demand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from lib.market.selection import COUNTY_CODE
from lib.market.wording import is_missing
from lib.whatif.baseline import Baseline

Need = Literal["demand_hours", "delivered_hours"]

# What each is called where it stands alone, as at the end of a line.
CALLED: dict[str, str] = {"demand_hours": "Demand", "delivered_hours": "Care arranged"}


def need_of(values: Mapping[str, Any]) -> Need:
    """Which measure says what an area needs, by what is known of today: no lever changes that.

    values: the area's demand_hours and delivered_hours, a number a year, the base year's first.
    """
    demand, arranged = (is_missing(float(values[one][0])) for one in CALLED)
    return "delivered_hours" if demand and not arranged else "demand_hours"


def need_today(baseline: Baseline, district_code: str = COUNTY_CODE) -> Need:
    """The same of a district or the county ("all")."""
    rows = slice(None) if district_code == COUNTY_CODE else baseline.district(district_code)
    arranged, waiting = (hours[rows].sum() for hours in (baseline.delivered_hours, baseline.waiting_hours))
    return need_of({"demand_hours": [arranged + waiting], "delivered_hours": [arranged]})
