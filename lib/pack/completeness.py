"""Completeness: which rows a pack must have, and which of them are missing, with what that makes unknown.

It is to rows what reconciliation is to totals: a pack with a hole still loads, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from lib.pack.faults import Fault
from lib.pack.holes import Grid, few, in_spells
from lib.pack.load import Pack
from lib.pack.models import path_of
from lib.pack.needed_rows import (
    LONGEST_PROJECTION,
    age,
    history_grid,
    lot_grid,
    month_number,
    month_words,
    needed_rates,
    older_bands,
    population_grid,
    projected_years,
)
from lib.pack.unknown_lots import fewer_requests, request_counts, unknown_lots


@dataclass(frozen=True)
class Missing:
    """Rows of one file that must be there and are not.

    Attributes:
        file: the path of the table in the pack.
        what: which rows, in words: "2027 for all 12 districts".
        rows: how many, at least: of a table without any row nobody knows how many there should be.
        expected: what must be there.
        effect: what is unknown without them.
    """

    file: str
    what: str
    rows: int
    expected: str
    effect: str

    def __str__(self) -> str:
        """The hole as one sentence, as a fault is said."""
        return f"{self.file}: found no rows of {self.what}, expected {self.expected}: {self.effect}"


@dataclass(frozen=True)
class Completeness:
    """How many rows a pack must have, and which of them are missing."""

    expected: int
    missing: tuple[Missing, ...]

    @property
    def rows(self) -> int:
        """How many rows are missing, at least."""
        return sum(one.rows for one in self.missing)

    def __add__(self, other: Completeness) -> Completeness:
        """Both together."""
        return Completeness(self.expected + other.expected, self.missing + other.missing)


@lru_cache(maxsize=4)
def completeness(pack: Pack) -> Completeness:
    """Every rule on the rows that a pack must have, file by file in the order in which they are read.

    Of a table that was not given as yet (`Pack.given`) no row is missing: all of it is unknown.
    """
    services = list(pack.manifest.services)
    found = Completeness(0, ())
    if pack.given("service_rates"):
        for service in services:
            found += rates_rows(pack, service)
    if pack.given("population"):
        found += population_rows(pack)
    rules = {
        "demand": demand_rows,
        "ratings": ratings_rows,
        "capacity": capacity_rows,
        "requests": requests_rows,
        "history": history_rows,
    }
    for table, rule in rules.items():
        for service in services if pack.given(table) else ():
            found += rule(pack, service)
    return found


def missing_rows(pack: Pack) -> tuple[Missing, ...]:
    """The rows that must be there and are not, in few lines; none where the pack is whole."""
    return completeness(pack).missing


def disagreements(pack: Pack) -> list[Fault]:
    """Where requests.csv has more requests than history.csv counts: no hole, but one of the two is wrong."""
    counts = request_counts(pack)
    more = counts[counts["found"] > counts["counted"]]
    faults = []
    for service, rows in more.groupby("service", sort=False):
        found = f"{rows['found'].sum():,} requests of {pack.service(str(service)).label} in {in_words(pack, rows)}"
        expected = f"the {rows['counted'].sum():,} new requests that {path_of('history')} counts there"
        faults.append(Fault(path_of("requests"), None, "", found, expected))
    return faults


def whole(expected: int) -> Completeness:
    """Rows that are all there."""
    return Completeness(expected, ())


def lacking(table: str, expected: int, what: str, rows: int, must: str, effect: str) -> Completeness:
    """Rows of a table that are not all there."""
    return Completeness(expected, (Missing(path_of(table), what, rows, must, effect),))


def rates_rows(pack: Pack, service: str) -> Completeness:
    """Each cohort of a service has a weight above 0 at some age."""
    cohorts = list(pack.lots_of(service)["cohort"].unique())
    weighted = set(needed_rates(pack, service)["cohort"])
    without = [cohort for cohort in cohorts if cohort not in weighted]
    if not without:
        return whole(len(cohorts))
    names = few([pack.label("cohorts", cohort) for cohort in without])
    must = "an age band with a weight above 0 for each cohort of a service"
    effect = "their residents of matching age are not known, and the what-if does not age their need"
    return lacking(
        "service_rates", len(cohorts), f"{names} of {pack.service(service).label}", len(without), must, effect
    )


def population_rows(pack: Pack) -> Completeness:
    """Each district has every age band that a service gives weight to, from its base year to the longest projection."""
    grid = population_grid(pack, *pack.manifest.services, rural=True)
    if not grid.holes.any():
        return whole(grid.expected)
    services = pack.manifest.services
    today = [one.label for code, one in services.items() if projected_years(pack, code) < 0]
    rural = [one.label for one in services.values() if older_residents_missing(pack, grid, one.base_year)]
    of_areas = "of these districts, of their groups and of the county"
    effects = []
    if today:
        effects.append(f"figures of {few(today)} for every 1,000 residents {of_areas} are empty")
    if rural:
        effects.append(f"the rural share {of_areas} is empty for {few(rural)}")
    for code, one in services.items():
        reach = projected_years(pack, code)
        if reach < LONGEST_PROJECTION:
            effects.append(f"the what-if of {one.label} {ends(one.base_year, reach)}")
    must = "every district, year and age band that rates and projections need"
    return lacking("population", grid.expected, grid.words(), int(grid.holes.sum()), must, "; ".join(effects))


def older_residents_missing(pack: Pack, grid: Grid, year: int) -> bool:
    """Whether a district lacks residents of 65 and over in a year."""
    older = np.isin(grid.parts, [age(band) for band in older_bands(pack)])
    return bool(grid.holes[:, older, grid.times.index(str(year))].any())


def ends(base_year: int, reach: int) -> str:
    """Where a what-if with ageing ends."""
    return f"ends in {base_year + reach} with ageing" if reach > 0 else "has no ageing"


def of_service(pack: Pack, service: str, words: str) -> str:
    """Words with the service that they are of."""
    return f"{pack.service(service).label}, {words}"


def demand_rows(pack: Pack, service: str) -> Completeness:
    """Each lot of a service has a row in each district: 0 where nothing is bought."""
    grid = lot_grid(pack, service, "demand")
    if not grid.holes.any():
        return whole(grid.expected)
    must = "every lot in every district, with 0 where nothing is bought"
    effect = "hours, people, cost and all that is worked out from them are unknown there"
    what = of_service(pack, service, grid.words())
    return lacking("demand", grid.expected, what, int(grid.holes.sum()), must, effect)


def ratings_rows(pack: Pack, service: str) -> Completeness:
    """Of the regulated providers that serve a service, one has a rating."""
    providers, capacity = pack.table("providers"), pack.table("capacity")
    serving = capacity.loc[capacity["service"] == service, "provider_id"].unique()
    regulated = providers.loc[providers["regulated"] & providers["provider_id"].isin(serving), "provider_id"]
    if regulated.empty or regulated.isin(pack.table("ratings")["provider_id"]).any():
        return whole(int(not regulated.empty))
    noun = "provider" if len(regulated) == 1 else "providers"
    what = f"the {len(regulated):,} regulated {noun} of {pack.service(service).label}"
    must = "a rating of those that the CQC has rated"
    return lacking("ratings", 1, what, 1, must, "the quality of its care is unknown")


def capacity_rows(pack: Pack, service: str) -> Completeness:
    """A service has rows of capacity, and each lot in which care is bought has one."""
    label = pack.service(service).label
    grid = lot_grid(pack, service, "capacity")
    if not grid.holes.any():
        return whole(grid.expected)
    effect = "capacity, headroom, coverage and shortfall are unknown there"
    rows = int(grid.holes.sum())
    if not (pack.table("capacity")["service"] == service).any():
        must = "a row for each provider and lot that it serves"
        return lacking("capacity", grid.expected, f"{label} at all", rows, must, effect.replace("there", "everywhere"))
    must = "a provider in each lot of which demand.csv does not say that nothing is bought"
    return lacking("capacity", grid.expected, of_service(pack, service, grid.words()), rows, must, effect)


def requests_rows(pack: Pack, service: str) -> Completeness:
    """A service has requests, and in the last months not fewer than history.csv counts new ones."""
    label, history = pack.service(service).label, path_of("history")
    counts = request_counts(pack)
    expected = int(counts.loc[counts["service"] == service, "counted"].sum())
    effect = "hours waiting, demand, coverage and shortfall are unknown there"
    if not (pack.table("requests")["service"] == service).any():
        if not any(lot[0] == service for lot in unknown_lots(pack, "requests")):
            return whole(0)  # history.csv says that nobody asked
        must = f"a row for each request, or 0 new requests in each of the last 12 months of {history}"
        everywhere = effect.replace("there", "everywhere")
        return lacking("requests", max(expected, 1), f"{label} at all", max(expected, 1), must, everywhere)
    fewer = fewer_requests(pack)
    fewer = fewer[fewer["service"] == service]
    if fewer.empty:
        return whole(expected)
    rows = int((fewer["counted"] - fewer["found"]).sum())
    requests = "request" if rows == 1 else "requests"
    must = f"the {int(fewer['counted'].sum()):,} new requests that {history} counts there"
    return lacking(
        "requests", expected, f"{rows:,} {requests} of {label} in {in_words(pack, fewer)}", rows, must, effect
    )


def in_words(pack: Pack, counts: pd.DataFrame) -> str:
    """The months, cohorts and districts of some rows of `request_counts`, in words."""
    names = pack.district_names()
    codes = [code for code in names if code in set(counts["district_code"])]
    months = sorted({month_number(month) for month in counts["month"]})
    start = months[0]
    every = [month_words(number) for number in range(start, months[-1] + 1)]
    cohorts = few([pack.label("cohorts", cohort) for cohort in counts["cohort"].unique()])
    if len(codes) == len(names) > 1:
        places = f"all {len(names)} districts"
    else:
        places = few([f"{names[code]} ({code})" for code in codes])
    return f"{in_spells([number - start for number in months], every)} for {cohorts} in {places}"


def history_rows(pack: Pack, service: str) -> Completeness:
    """Each district and cohort of a service has every month from the service's first to the date of the data."""
    grid = history_grid(pack, service)
    if not grid.holes.any():
        return whole(grid.expected)
    label, rows = pack.service(service).label, int(grid.holes.sum())
    last = grid.times[-1]
    if not grid.present.any():
        must = f"a row for each month to {last}, district and cohort"
        effect = "there is no line by month, and new requests cannot be held against requests.csv"
        return lacking("history", grid.expected, f"{label} at all", rows, must, effect)
    effect = "lines by month have a gap there"
    if grid.holes[:, :, -1].any():
        effect += f", and today's hours and people cannot be held against {last}"
    must = f"every month from {grid.times[0]} to {last} for each district and cohort"
    return lacking("history", grid.expected, of_service(pack, service, grid.words()), rows, must, effect)
