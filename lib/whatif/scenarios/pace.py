"""A ready-made scenario that follows from the history: delivered hours keep the pace of their last twelve months."""

from __future__ import annotations

from functools import lru_cache

from lib.pack.load import Pack
from lib.pack.manifest import Preset
from lib.pack.needed_rows import history_grid, month_number
from lib.whatif.scenarios.scenario import CAPACITY_GROWTH, LEVERS

RECENT_PACE = "Delivered hours keep their recent pace"
MONTHS = 12


@lru_cache(maxsize=32)
def recent_pace(pack: Pack, service: str) -> Preset | None:
    """Capacity that grows as delivered hours did in the last twelve months of the history, to a tenth of a percent.

    growth = hours a week of the last month / those of the same month a year before - 1. These are hours that were
    delivered, not capacity, and the preset says so. None where either month, or one between them, lacks a district or a
    cohort, where nothing was delivered a year before, or where the growth is beyond the lever's limits.
    """
    grid = history_grid(pack, service)
    if len(grid.times) <= MONTHS or grid.holes[:, :, -MONTHS - 1 :].any():
        return None
    history = pack.table("history")
    rows = history[history["service"] == service]
    date = pack.manifest.date_of(service)
    last = date.year * 12 + date.month - 1
    numbers = rows["month"].map(month_number)
    now, before = (float(rows.loc[numbers == number, "hours_per_week"].sum()) for number in (last, last - MONTHS))
    if not before > 0:
        return None
    growth = round(100 * (now / before - 1), 1) + 0.0
    lever = LEVERS[CAPACITY_GROWTH]
    if not lever.low <= growth <= lever.high:
        return None
    rationale = (
        f"Capacity grows by {growth:g}% a year, as the hours delivered did in the twelve months to {date:%B %Y}, from "
        f"{before:,.0f} to {now:,.0f} a week (history: {pack.status('history')}). These are hours delivered and not "
        "capacity: what was bought, which need moves as well, not what providers could deliver."
    )
    return Preset(name=RECENT_PACE, rationale=rationale, overrides={CAPACITY_GROWTH: growth})
