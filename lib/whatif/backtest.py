"""The back-test: would a forecast made a year ago have been right? The history's hours, forecast and as they came.

From the month 12 before the last of a service's history, 12 months ahead, for each district and cohort:

* same as last year: hours(then)
* ageing only: hours(then) x weighted(base year) / weighted(base year - 1), the ageing index of lib.whatif.ageing over
  the year that leads to the base year, as today's figures are those of the base year
* the scenario: hours(then) taken through year 1 of the projection. Its levers of demand act; those of supply and price
  do not change the hours that are needed. A lever that is reached by the last year has done one year's step.

error = forecast - actual, so above 0 is too high. The history holds the hours that were delivered: those that waited
are in neither. Month and month are the same of the year, so the season is not in the error.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd

from lib.market.not_given import not_given_sentence
from lib.market.selection import COUNTY_CODE, cohorts_of
from lib.pack.faults import Fault
from lib.pack.holes import Grid, present
from lib.pack.load import Pack
from lib.pack.models import path_of
from lib.pack.needed_rows import age, history_grid, needed_rates
from lib.pack.ratios import safe_ratio
from lib.whatif.ageing import Array, ageing_index
from lib.whatif.baseline import Baseline, prepare
from lib.whatif.project import projected
from lib.whatif.scenarios.scenario import Scenario

AHEAD = 12  # months from the start of the forecast to the month that it is held against
# The forecasts, and the column that has the error of each.
ERRORS = {
    "ageing_only": "error_ageing_only",
    "scenario": "error_scenario",
    "same_as_last_year": "error_same",
}
COLUMNS = ["district_code", "cohort", "actual", *ERRORS, *ERRORS.values()]


class BackTestError(ValueError):
    """A history that nothing can be held against, said in one sentence."""


def backtest(pack: Pack, scenario: Scenario, baseline: Baseline | None = None) -> pd.DataFrame:
    """The forecasts beside what happened: one row a district and cohort, then one a cohort for the county.

    Columns: district_code ("all" for the county), cohort, actual, ageing_only, scenario, same_as_last_year,
    error_ageing_only, error_scenario, error_same (forecast less actual). All are hours a week and nothing is rounded.
    What rests on ageing is empty (NaN) where the population table does not have both years, and so is the county's sum:
    `why_no_ageing` says why. BackTestError, in one sentence, as `why_none` gives it.
    """
    service = scenario.service
    reason = why_none(pack, service)
    if reason:
        raise BackTestError(reason)
    cohorts = cohorts_of(pack, service)
    start, end = months(pack, service)
    then, now = history_figures(pack, service, start, "hours_per_week"), history_figures(pack, service, end)
    people = history_figures(pack, service, start, "people")
    step = ageing_step(pack, service)
    today = baseline if baseline is not None else prepare(pack, service)
    found = {
        "actual": now,
        "ageing_only": then * step,
        "scenario": after_a_year(a_year_ago(today, cohorts, then, people, step), cohorts, scenario),
        "same_as_last_year": then,
    }
    codes = [*today.districts, COUNTY_CODE]
    frame = pd.DataFrame(
        {
            "district_code": np.repeat(np.array(codes, dtype=object), len(cohorts)),
            "cohort": np.tile(np.array(cohorts, dtype=object), len(codes)),
            **{name: np.vstack([grid, grid.sum(axis=0)]).ravel() for name, grid in found.items()},
        }
    )
    for forecast, error in ERRORS.items():
        frame[error] = frame[forecast] - frame["actual"]
    return frame[COLUMNS]


def errors(rows: pd.DataFrame) -> pd.DataFrame:
    """How far off each forecast was, from the rows of `backtest`: one row a forecast for each cohort, and for all.

    Columns: cohort ("all" last), forecast (a key of ERRORS), hours, actual, error (the county's, hours a week),
    error_pct (of actual), bias (the mean error of a district and cohort, hours a week), mean_absolute_error_pct (the
    mean over districts and cohorts of |error| / actual, those without hours left out). Empty (NaN) where a part is not
    known, or where nothing was delivered.
    """
    districts, county = rows[rows["district_code"] != COUNTY_CODE], rows[rows["district_code"] == COUNTY_CODE]
    found = []
    cohorts = list(dict.fromkeys(county["cohort"]))
    for cohort in [*(cohorts if len(cohorts) > 1 else []), COUNTY_CODE]:
        parts, whole = (one if cohort == COUNTY_CODE else one[one["cohort"] == cohort] for one in (districts, county))
        actual = float(whole["actual"].sum())
        for forecast, column in ERRORS.items():
            error = float(whole[column].sum(skipna=False))
            served = parts[parts["actual"] > 0]
            found.append(
                {
                    "cohort": cohort,
                    "forecast": forecast,
                    "hours": float(whole[forecast].sum(skipna=False)),
                    "actual": actual,
                    "error": error,
                    "error_pct": 100 * safe_ratio(error, actual),
                    "bias": float(parts[column].mean(skipna=False)),
                    "mean_absolute_error_pct": 100
                    * float((served[column].abs() / served["actual"]).mean(skipna=False)),
                }
            )
    return pd.DataFrame(found)


def months(pack: Pack, service: str) -> tuple[str, str]:
    """The month that the forecast starts from and the one that it is held against, as 2024-03 and 2025-03."""
    end = pd.Period(history_grid(pack, service).times[-1], "M")
    return str(end - AHEAD), str(end)


def why_none(pack: Pack, service: str) -> str:
    """Why there is no back-test of a service, in one sentence; "" where there is one.

    A history with a hole anywhere is refused, also before the months that are compared: it is not one to rely on.
    """
    if waits := not_given_sentence(pack, ("history",)):
        return waits
    grid, label = history_grid(pack, service), pack.service(service).label
    last, least = grid.times[-1], AHEAD + 1
    found, expected = "", f"{least} months or more to {last}: the back-test starts {AHEAD} months before the last"
    if not grid.present.any():
        found = f"no rows of {label} up to {last}"
    elif len(grid.times) < least:
        number = len(grid.times)
        span = f"1 month of {label}, {last}" if number == 1 else f"{number} months of {label}, from {grid.times[0]}"
        found = span
    elif grid.holes.any():
        found = f"no rows of {label} for {grid.words()}"
        expected = f"every month from {grid.times[0]} to {last} for each district and cohort, to be back-tested"
    return str(Fault(path_of("history"), None, "", found, expected)) if found else ""


@lru_cache(maxsize=32)
def residents_grid(pack: Pack, service: str) -> Grid:
    """The residents that the ageing of the year to the base year needs: districts by age bands by the two years."""
    population, districts = pack.table("population"), pack.district_names()
    needed = set(needed_rates(pack, service)["age_band"])
    bands = [band for band in population["age_band"].unique() if band in needed]
    base = pack.service(service).base_year
    there = present(
        (len(districts), len(bands), 2),
        pd.Index(list(districts)).get_indexer(pd.Index(population["district_code"])),
        pd.Index(bands).get_indexer(pd.Index(population["age_band"])),
        population["year"].to_numpy() - (base - 1),
    )
    words = tuple(age(band) for band in bands)
    return Grid(districts, words, (str(base - 1), str(base)), np.ones(there.shape[1:], dtype=bool), there)


def why_no_ageing(pack: Pack, service: str) -> str:
    """Why a year of ageing cannot be held against the history, wholly or for some, in one sentence; "" where it can.

    The step of another year is not put in its place: it would be another forecast.
    """
    grid = residents_grid(pack, service)
    if not grid.parts:
        lacks = f"{path_of('service_rates')} has no weight above 0 for {pack.service(service).label}"
    elif grid.holes.any():
        lacks = f"{path_of('population')} has no rows of {grid.words()}"
    else:
        return ""
    return f"Ageing in the year to {pack.service(service).base_year} cannot be back-tested, as {lacks}."


def ageing_step(pack: Pack, service: str) -> Array:
    """The ageing index from the year before the base year to it: districts by cohorts; empty (NaN) where not known.

    A cohort without weights does not age, as in the projection; without weights at all, a service's ageing is unknown.
    """
    districts = len(pack.district_names())
    cohorts = cohorts_of(pack, service)
    index = ageing_index(pack, service, 1, start=pack.service(service).base_year - 1)
    flat = np.ones((2, districts)) if residents_grid(pack, service).parts else np.full((2, districts), np.nan)
    return np.stack([index.get(cohort, flat)[1] for cohort in cohorts], axis=1)


def history_figures(pack: Pack, service: str, month: str, column: str = "hours_per_week") -> Array:
    """One month's figures of the history: districts by cohorts, in the order of districts.csv and lots.csv."""
    rows = pack.table("history")
    rows = rows[(rows["service"] == service) & (rows["month"] == month)].set_index(["district_code", "cohort"])
    cohorts = cohorts_of(pack, service)
    every = pd.MultiIndex.from_product([list(pack.district_names()), cohorts])
    return rows[column].reindex(every).to_numpy(dtype=np.float64).reshape(-1, len(cohorts))


def a_year_ago(today: Baseline, cohorts: tuple[str, ...], hours: Array, people: Array, step: Array) -> Baseline:
    """The baseline as the history has it a year ago, nobody waiting: hours, people, step are districts by cohorts.

    The history has no service types, and levers of demand treat those of a cohort alike: all stand in its first lot.
    """
    places = [cohorts.index(cohort) for _, cohort in today.lots]
    first = [places.index(place) for place in range(len(cohorts))]
    delivered, supported = np.zeros_like(today.delivered_hours), np.zeros_like(today.people)
    delivered[:, first], supported[:, first] = hours, people
    ageing = np.full_like(today.ageing, np.nan)
    ageing[0], ageing[1] = 1.0, step[:, places]
    waiting = np.zeros_like(today.waiting_hours)
    return replace(today, delivered_hours=delivered, waiting_hours=waiting, people=supported, ageing=ageing)


def after_a_year(start: Baseline, cohorts: tuple[str, ...], scenario: Scenario) -> Array:
    """The hours that a scenario's projection needs in its year 1, districts by cohorts, hours a week."""
    hours = projected(start, scenario).demand_hours[1]
    of_lot = np.array([cohort for _, cohort in start.lots], dtype=object)
    return np.stack([hours[:, of_lot == cohort].sum(axis=1) for cohort in cohorts], axis=1)
