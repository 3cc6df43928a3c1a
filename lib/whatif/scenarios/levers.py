"""The levers of a scenario: one registry of limits, units and words that the scenario's model and every screen read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "whole", "switch", "by_district", "providers"]
LeverValue = bool | int | float | tuple[str, ...] | dict[str, float]


@dataclass(frozen=True)
class Lever:
    """One lever.

    `id` is its place in the scenario's JSON document. `low` and `high` are the limits, `step` that of a slider.
    `neutral` is the value that changes nothing, or the plain default where the pack gives none. `swing` is how far the
    sensitivity chart moves the lever each way; 0 leaves it out.
    """

    id: str
    label: str
    unit: str
    meaning: str
    kind: Kind = "number"
    low: float = 0.0
    high: float = 0.0
    step: float = 0.5
    neutral: LeverValue = 0.0
    swing: float = 0.0
    caveat: str = ""

    @property
    def expected(self) -> str:
        """What a value of the lever must be, in words."""
        if self.kind == "switch":
            return "true or false"
        if self.kind == "by_district":
            return "an object of district codes, each with a number"
        if self.kind == "providers":
            return "a list of provider ids"
        noun = "a whole number" if self.kind == "whole" else "a number"
        return f"{noun} from {self.low:.10g} to {self.high:.10g}"


A_YEAR = "% a year"
BY_LAST_YEAR = "% by the last year"
OWN_BUDGETS = "Their own budgets are not included in the cost."

LEVERS: dict[str, Lever] = {
    lever.id: lever
    for lever in (
        Lever("years", "Years ahead", "years", "How many years the projection runs after the base year.",
              "whole", 1, 15, 1, 5),
        Lever("demand.demographic", "Ageing", "on or off",
              "Demand follows the projected population, each age band weighted by its relative need.",
              "switch", neutral=False, swing=1),
        Lever("demand.need_growth_pct", "Need growth", A_YEAR,
              "Growth of the people who need care, on top of ageing.", low=-20, high=20, swing=1),
        Lever("demand.hours_per_person_growth_pct", "Hours per person", A_YEAR,
              "Growth of the average package of care.", low=-10, high=10, swing=1),
        Lever("demand.direct_payment_shift_pct", "Shift to direct payments", BY_LAST_YEAR,
              "Share of people who arrange their own care with a direct payment, reached in equal steps.",
              low=0, high=50, step=1, swing=5, caveat=OWN_BUDGETS),
        Lever("demand.reablement_reduction_pct", "Reablement", BY_LAST_YEAR,
              "Share of people who no longer need long-term care after reablement, reached in equal steps.",
              low=0, high=50, step=1, swing=5, caveat=OWN_BUDGETS),
        Lever("demand.technology_reduction_pct", "Technology", BY_LAST_YEAR,
              "Share of hours that technology takes over, reached in equal steps; people stay as they are.",
              low=0, high=50, step=1, swing=5, caveat=OWN_BUDGETS),
        Lever("demand.district_need_growth_pct", "Need growth by district", A_YEAR,
              "A district's own need growth, instead of the county's.", "by_district", -20, 20, neutral={}),
        Lever("supply.capacity_growth_pct", "Capacity growth", A_YEAR,
              "Growth of the hours that providers could deliver.", low=-20, high=20, swing=1),
        Lever("supply.vacancy_rate_pct", "Vacancy rate today", "%",
              "Share of care workers' posts that stand empty today. It matters only where vacancies change.",
              low=0, high=60, step=1, neutral=15.0, swing=5),
        Lever("supply.vacancy_change_pts", "Change of vacancies", "percentage points by the last year",
              "Change of the vacancy rate, reached in equal steps: below 0 is more workers in post.",
              low=-60, high=60, swing=5),
        Lever("supply.spot_conversion_pct", "Spot hours moved to the framework", BY_LAST_YEAR,
              "Share of a lot's spot hours that move to the framework's rates, reached in equal steps.",
              low=0, high=100, step=5),
        Lever("supply.provider_exits", "Providers that leave", "providers",
              "Providers whose capacity is gone from the first year on.", "providers", neutral=(),
              caveat="Exits leave cost unchanged."),
        Lever("price.uplift_pct", "Price uplift", A_YEAR, "Growth of what an hour costs.", low=-10, high=20),
        Lever("target.coverage", "Coverage wanted", "ratio",
              "Coverage that every lot should reach by the last year.", low=0.5, high=1.5, step=0.05, neutral=1.0),
        Lever("target.contact_hours_per_worker", "Contact hours of a care worker", "hours a week",
              "Hours of care that one care worker gives in a week: it turns hours into workers.",
              low=5, high=40, step=1, neutral=25.0),
        Lever("range.need_growth_sd_pts", "Spread of need growth", "percentage points",
              "Standard deviation of need growth in the range.", low=0, high=5, step=0.25, neutral=1.0),
        Lever("range.capacity_growth_sd_pts", "Spread of capacity growth", "percentage points",
              "Standard deviation of capacity growth in the range.", low=0, high=5, step=0.25, neutral=1.0),
        Lever("range.draws", "Draws", "draws", "How many futures the range is made from.",
              "whole", 100, 20_000, 100, 2000),
        Lever("range.seed", "Seed", "whole number", "The same seed gives the same range.",
              "whole", 0, 2**31 - 1, 1, 1),
    )
}  # fmt: skip


def show_value(lever: Lever, value: LeverValue) -> str:
    """A lever's value as people read it, with its unit."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(value) if value else "none"
    if isinstance(value, dict):
        return ", ".join(f"{code} {number:g}%" for code, number in value.items()) if value else "none"
    if lever.id == "range.seed":
        return f"{value:.0f}"
    if lever.unit == "ratio":
        return f"{value:.2f}"
    join = "" if lever.unit.startswith("%") else " "
    return f"{value:,g}{join}{lever.unit}" if abs(value) < 1e6 else f"{value:,.0f}{join}{lever.unit}"
