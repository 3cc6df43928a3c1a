"""Two years, month by month, that end at the demand at the pack's date and hold the same requests as requests.csv."""

import numpy as np
import pandas as pd

from lib.pack.illustrative.tables import Inputs

KEY = ["service", "district_code", "cohort"]
_NOISE = 0.004
_WINTER = 0.006


def history_table(inputs: Inputs, demand: pd.DataFrame, requests: pd.DataFrame) -> pd.DataFrame:
    """Return market/history.csv.

    Hours and people run back from today's demand by the service's published growth, with the seasons and a little
    chance; the last month is today's demand exactly. New requests are those made in the month, and median days to
    source is the median of those among them that are placed (empty where none is).

    Args:
        inputs: the pack's tables.
        demand: from `demand.demand_table`.
        requests: all requests of the months, from `requests.all_requests`.

    Returns:
        Columns month ("YYYY-MM"), service, district_code, cohort, hours_per_week, people, new_requests,
        median_days_to_source.
    """
    settings, random = inputs.settings, inputs.random("history")
    months = pd.period_range(end=pd.Period(settings.as_of, "M"), periods=settings.months, freq="M")
    today = demand.groupby(KEY, sort=False)[["hours_per_week", "people"]].sum().reset_index()
    growth = today["service"].map(
        {name: 1 + inputs.fact(plan.growth_fact) / 100 for name, plan in settings.services.items()}
    )
    winter = 1 + _WINTER * np.cos(2 * np.pi * (months.month.to_numpy() - 1) / 12)
    tables = []
    for position, month in enumerate(months):
        back = len(months) - 1 - position
        table = today.assign(month=str(month))
        for column in ("hours_per_week", "people"):
            chance = random.normal(0.0, _NOISE if back else 0.0, len(today))
            level = growth ** (-back / 12) * winter[position] / winter[-1] * (1 + chance)
            table[column] = np.rint(today[column] * level).astype(np.int64)
        tables.append(table)
    history = pd.concat(tables, ignore_index=True)
    made = requests.assign(
        month=requests["requested_on"].dt.strftime("%Y-%m"),
        days=(requests["placed_on"] - requests["requested_on"]).dt.days,
    ).groupby(["month", *KEY])
    counts = pd.DataFrame({"new_requests": made.size(), "median_days_to_source": made["days"].median()})
    history = history.merge(counts.reset_index(), on=["month", *KEY], how="left")
    history["new_requests"] = history["new_requests"].fillna(0).astype(np.int64)
    return history[["month", *KEY, "hours_per_week", "people", "new_requests", "median_days_to_source"]]
