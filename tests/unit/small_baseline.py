"""A baseline small enough to work out by hand, and a scenario that moves nothing but what a test moves."""

from __future__ import annotations

from typing import Any

import numpy as np

from lib.whatif.baseline import Baseline
from lib.whatif.holdings import holdings
from lib.whatif.scenarios.scenario import Scenario, moved


def small(
    delivered: list[list[float]], capacity: list[list[float]], waiting: list[list[float]] | None = None
) -> Baseline:
    """A baseline of districts A, B... with the hours given, district by district and lot by lot."""
    hours = np.array(delivered, dtype=float)
    held = np.array(capacity, dtype=float)
    districts, lots = hours.shape
    return Baseline(
        service="s",
        base_year=2024,
        districts=tuple("ABCDEF"[:districts]),
        district_names=tuple(f"District {letter}" for letter in "ABCDEF"[:districts]),
        lots=tuple((f"type_{place}", "c") for place in range(lots)),
        people=hours / 10,
        delivered_hours=hours.copy(),
        waiting_hours=np.array(waiting, dtype=float) if waiting else np.zeros_like(hours),
        capacity_hours=held,
        annual_cost=hours * 52 * 20,
        conversion_effect=np.zeros_like(hours),
        ageing=np.ones((16, districts, lots)),
        holdings=holdings(("P1",), np.zeros(held.size, dtype="int64"), np.arange(held.size), held.ravel(), held.size),
    )


def neutral(years: int = 5, **levers: Any) -> Scenario:
    values = {name.replace("__", "."): value for name, value in levers.items()}
    return moved(Scenario(name="N", service="s", years=years), values)
