"""Which rows a service needs of a table, as grids: residents by age, lots, months of history."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from lib.pack.holes import Grid, present
from lib.pack.load import Pack
from lib.pack.models import path_of
from lib.pack.unknown_lots import LotTable, unknown_lots

OLDER = 65  # the age from which a resident counts for how rural a district is
LONGEST_PROJECTION = 15  # years after the base year that a projection may run
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def needed_rates(pack: Pack, service: str) -> pd.DataFrame:
    """The rows of service_rates.csv that count: a weight above 0 for a cohort that has a lot of the service."""
    rates = pack.table("service_rates")
    rates = rates[(rates["service"] == service) & (rates["weight"] > 0)]
    return rates[rates["cohort"].isin(pack.lots_of(service)["cohort"])]


def age(band: str) -> str:
    """An age band in words."""
    return f"age {band}"


def older_bands(pack: Pack) -> list[str]:
    """The age bands of the population table from 65 up."""
    bands = pd.Series(pack.table("population")["age_band"].unique(), dtype="str")
    return list(bands[bands.str.extract(r"^(\d+)", expand=False).astype(int) >= OLDER])


@lru_cache(maxsize=32)
def population_grid(pack: Pack, *services: str, rural: bool = False) -> Grid:
    """The rows of population.csv that services need: districts by age bands by years, each from its base year on.

    rural: with the older residents of each base year, whom the rural share is a share of, whoever the service is for.
    """
    population, districts = pack.table("population"), pack.district_names()
    bands = {service: set(needed_rates(pack, service)["age_band"]) for service in services}
    older = set(older_bands(pack)) if rural else set()
    every = older.union(*bands.values())
    parts = [band for band in population["age_band"].unique() if band in every]
    bases = [pack.service(service).base_year for service in services]
    first, last = min(bases), max(bases) + LONGEST_PROJECTION
    needed = np.zeros((len(parts), last - first + 1), dtype=bool)
    for service, base in zip(services, bases, strict=True):
        own = np.array([band in bands[service] for band in parts], dtype=bool)
        needed[own, base - first : base - first + LONGEST_PROJECTION + 1] = True
        needed[np.array([band in older for band in parts], dtype=bool), base - first] = True
    there = present(
        (len(districts), *needed.shape),
        pd.Index(list(districts)).get_indexer(pd.Index(population["district_code"])),
        pd.Index(parts).get_indexer(pd.Index(population["age_band"])),
        population["year"].to_numpy() - first,
    )
    years = tuple(str(year) for year in range(first, last + 1))
    return Grid(districts, tuple(age(band) for band in parts), years, needed, there)


def projected_years(pack: Pack, service: str) -> int:
    """How many years after the base year the population has whole, without a gap; -1 where the base year is not.

    At most LONGEST_PROJECTION. A year is whole where every district has every age band that the service needs; where no
    band has a weight, none is.
    """
    grid = population_grid(pack, service)
    gaps = np.flatnonzero(grid.holes.any(axis=(0, 1)))
    if not grid.parts:
        return -1
    return int(gaps[0]) - 1 if len(gaps) else LONGEST_PROJECTION


def first_gap(pack: Pack, service: str) -> str:
    """What ends a service's population projection, in words; "" where it reaches as far as any projection may run."""
    reach = projected_years(pack, service)
    if reach == LONGEST_PROJECTION:
        return ""
    grid = population_grid(pack, service)
    if not pack.given("population"):
        return f"{path_of('population')} is not given yet"
    if not grid.parts:
        return f"{path_of('service_rates')} has no weight above 0 for {pack.service(service).label}"
    return f"{path_of('population')} has no rows of {grid.at(slice(reach + 1, reach + 2)).words()}"


def lot_grid(pack: Pack, service: str, table: LotTable) -> Grid:
    """The lots of a service, districts by lots, with holes where a market table says nothing of them."""
    districts, lots = pack.district_names(), pack.lots_of(service)
    pairs = list(zip(lots["service_type"], lots["cohort"], strict=True))
    unknown = unknown_lots(pack, table)
    there = np.array([[[(service, code, *pair) not in unknown] for pair in pairs] for code in districts], dtype=bool)
    parts = tuple(f"{pack.label('service_types', kind)} ({pack.label('cohorts', cohort)})" for kind, cohort in pairs)
    return Grid(districts, parts, ("",), np.ones((len(pairs), 1), dtype=bool), there.reshape(len(districts), -1, 1))


def history_grid(pack: Pack, service: str) -> Grid:
    """The rows of history.csv that a service needs: districts by cohorts by months, the last that of the data."""
    history, districts = pack.table("history"), pack.district_names()
    rows = history[history["service"] == service]
    cohorts = list(pack.lots_of(service)["cohort"].unique())
    spelled, of_rows = np.unique(rows["month"].to_numpy(dtype=object), return_inverse=True)
    numbers = np.array([month_number(month) for month in spelled], dtype=np.int64)[of_rows]
    date = pack.manifest.date_of(service)
    last = date.year * 12 + date.month - 1
    first = min([last, *numbers.tolist()])
    there = present(
        (len(districts), len(cohorts), last - first + 1),
        pd.Index(list(districts)).get_indexer(pd.Index(rows["district_code"])),
        pd.Index(cohorts).get_indexer(pd.Index(rows["cohort"])),
        numbers - first,
    )
    months = tuple(month_words(number) for number in range(first, last + 1))
    parts = tuple(pack.label("cohorts", cohort) for cohort in cohorts)
    return Grid(districts, parts, months, np.ones(there.shape[1:], dtype=bool), there)


def month_number(month: str) -> int:
    """A month like 2025-03 as a number that counts up by 1 a month."""
    return int(month[:4]) * 12 + int(month[5:]) - 1


def month_words(number: int) -> str:
    """A month's number as people read it: Mar 2025."""
    return f"{MONTHS[number % 12]} {number // 12}"
