"""The seasonal pattern of a service's history: how a calendar month stands against the mean of its year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lib.pack.faults import Fault
from lib.pack.load import Pack
from lib.pack.models import path_of
from lib.pack.needed_rows import history_grid
from lib.pack.ratios import safe_ratio
from lib.whatif.ageing import Array
from lib.whatif.backtest import BackTestError, months, why_none

YEAR = 12
LEAST_YEARS = 2  # of whole years, for a month to be compared with itself
COLUMNS = ["calendar_month", "years", "share", "share_without_growth"]


def season(pack: Pack, service: str) -> pd.DataFrame:
    """Each calendar month's average share of its year's mean, for the county and all cohorts together.

    share = the mean over years of hours(month) / mean hours of the 12 months of its year; years run back from the last
    month of the history, and months before the first whole one are left out. Growth within a year is in it: a service
    that grows stands above 1 at the end of its years. share_without_growth is the same once each month is brought to
    the level of the first, at the monthly rate that leads from the mean of the first year to that of the last.

    Columns: calendar_month (1 to 12), years (how many are averaged), share and share_without_growth (1 is the year's
    mean; empty where nothing was delivered in a year). BackTestError, in one sentence, as `why_no_season` gives it.
    """
    reason = why_no_season(pack, service)
    if reason:
        raise BackTestError(reason)
    rows = pack.table("history")
    rows = rows[(rows["service"] == service) & (rows["month"] <= months(pack, service)[1])]
    hours = rows.groupby("month")["hours_per_week"].sum().sort_index()
    years = len(hours) // YEAR
    whole = hours.to_numpy(dtype=np.float64)[-years * YEAR :]
    means = whole.reshape(years, YEAR).mean(axis=1)
    rate = safe_ratio(float(means[-1]), float(means[0])) ** (1 / (YEAR * (years - 1)))
    level = whole / rate ** np.arange(len(whole)) if rate > 0 else np.full_like(whole, np.nan)
    frame = pd.DataFrame(
        {
            "calendar_month": [int(month[5:]) for month in hours.index[-YEAR:]],
            "years": years,
            "share": shares(whole),
            "share_without_growth": shares(level),
        }
    )
    return frame.sort_values("calendar_month", ignore_index=True)[COLUMNS]


def shares(hours: Array) -> Array:
    """The 12 average shares of whole years of months, each of the mean of its year, in the order of the months."""
    by_year = hours.reshape(-1, YEAR)
    means = np.repeat(by_year.mean(axis=1, keepdims=True), YEAR, axis=1)
    return np.asarray(safe_ratio(by_year, means).mean(axis=0), dtype=np.float64)


def why_no_season(pack: Pack, service: str) -> str:
    """Why a service has no seasonal pattern, in one sentence; "" where it has one."""
    reason = why_none(pack, service)
    if reason:
        return reason
    number, least = len(history_grid(pack, service).times), LEAST_YEARS * YEAR
    if number >= least:
        return ""
    found = f"{number} months of {pack.service(service).label}"
    return str(Fault(path_of("history"), None, "", found, f"{least} months or more for a seasonal pattern"))
