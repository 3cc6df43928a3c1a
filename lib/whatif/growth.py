"""Growth of a service year by year, as a commissioner plans it: people, hours, cost, and providers needed."""

from __future__ import annotations

import pandas as pd

from lib.market.published.facts import providers_today
from lib.pack.load import Pack
from lib.pack.ratios import safe_ratio
from lib.whatif.baseline import Baseline
from lib.whatif.project import project
from lib.whatif.scenarios.scenario import Scenario


def growth_table(pack: Pack, scenario: Scenario, baseline: Baseline | None = None) -> pd.DataFrame:
    """A scenario's projection for the whole county, one row a year from the base year.

    Columns: year (in which the year starts), people, hours_per_week (demand: delivered and waiting), cost (pounds a
    year), providers_needed = people / (people in the base year / providers today): how many there would have to be if
    each kept serving as many people as today (see lib.market.published.facts.providers_today; empty where nobody is
    served). Nothing is rounded.
    """
    rows = project(pack, scenario, baseline)
    frame = rows.groupby("year")[["people", "demand_hours", "cost"]].sum(skipna=False).reset_index()
    frame = frame.rename(columns={"demand_hours": "hours_per_week"})
    now = float(frame["people"].iloc[0])
    today = float(providers_today(pack, scenario.service).value)
    frame["providers_needed"] = today * safe_ratio(frame["people"], now)
    return frame[["year", "people", "hours_per_week", "cost", "providers_needed"]]
