"""What in a pack is possible and yet unlikely: warned about, never refused.

Each warning is a Fault that names the first row as a spreadsheet counts it, says which others are like it, what was
found and what was expected. The limits are wide: a figure beyond them is mostly a slip of unit, column or digit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.pack.faults import Fault, also, quoted
from lib.pack.load import LOT, Pack
from lib.pack.models import path_of
from lib.pack.plausible_places import place_warnings
from lib.pack.ratios import WEEKS, safe_ratio

HOURS_A_WEEK = 168
# What an hour of care costs: where somebody stays day and night, a day is paid and not each of its hours.
RATES, RATES_DAY_AND_NIGHT = (8.0, 150.0), (4.0, 150.0)
# An hour's cost beside the rates of the lot's providers.
COST_TO_RATE = (0.5, 2.0)
# Hours a person a week: beyond these somebody stays day and night, which whole service types do or do not.
LEAST_A_PERSON, DAY_AND_NIGHT = 0.25, 100
# A request is not open, nor a rating valid, for so many years; a population table does not reach beyond these.
OLDEST_REQUEST, OLDEST_RATING, YEARS_BEFORE, YEARS_AFTER = 10, 12, 30, 60
# From one year to the next the residents of an age band do not double, where there are so many of them.
DOUBLED, MANY_RESIDENTS = 2.0, 200

Mask = npt.NDArray[np.bool_]


class Rows:
    """A table of a pack, and the rows of its file."""

    def __init__(self, pack: Pack, name: str) -> None:
        """Take the table by its name."""
        self.frame, self.path, self._pack, self._name = pack.tables[name], path_of(name), pack, name

    def numbers(self, column: str) -> npt.NDArray[np.float64]:
        """A column of numbers, NaN where a cell is empty."""
        return self.frame[column].to_numpy("float64", na_value=np.nan)

    def warning(self, wrong: Mask, column: str, found: Callable[[int], str], expected: str) -> list[Fault]:
        """One warning about the rows marked, none where none is. found: the words for one, by its place from 0."""
        places = np.flatnonzero(wrong)
        if not len(places):
            return []
        rows = [self._pack.row_of(self._name, int(place)) for place in places]
        return [Fault(self.path, rows[0], column, f"{found(int(places[0]))}{also(rows[1:])}", expected)]

    def first_of_each(self, columns: Sequence[str], marked: Mask) -> Mask:
        """The first row marked of each group of rows that agree in some columns."""
        frame = self.frame.loc[marked, list(columns)]
        first = np.zeros(len(self.frame), dtype=bool)
        first[np.flatnonzero(marked)[~frame.duplicated().to_numpy()]] = True
        return first


@lru_cache(maxsize=4)
def warnings_of(pack: Pack) -> tuple[Fault, ...]:
    """Everything in a pack that is unlikely, in the order of the tables."""
    day_and_night = types_day_and_night(pack)
    return tuple(
        warning
        for found in (
            population_warnings(pack),
            place_warnings(pack),
            demand_warnings(pack, day_and_night),
            rating_warnings(pack),
            capacity_warnings(pack, day_and_night),
            request_warnings(pack, day_and_night),
            history_warnings(pack),
        )
        for warning in found
    )


def types_day_and_night(pack: Pack) -> frozenset[tuple[str, str]]:
    """The services and service types in which somebody stays day and night, by the hours of all its people together."""
    together = pack.tables["demand"].groupby(["service", "service_type"])[["hours_per_week", "people"]].sum()
    hours = safe_ratio(together["hours_per_week"], together["people"].astype("float64"))
    asked = pack.tables["requests"].groupby(["service", "service_type"])["hours_per_week"].median()
    hours = hours.fillna(asked.reindex(hours.index))
    return frozenset(hours.index[(hours > DAY_AND_NIGHT) & (hours <= HOURS_A_WEEK)])


def stays(rows: Rows, day_and_night: frozenset[tuple[str, str]]) -> Mask:
    """The rows of care day and night."""
    pairs = zip(rows.frame["service"], rows.frame["service_type"], strict=True)
    return np.fromiter((pair in day_and_night for pair in pairs), dtype=bool, count=len(rows.frame))


def out_of_the_ordinary(rates: npt.NDArray[np.float64], day_and_night: Mask) -> Mask:
    """Which pounds an hour are out of the ordinary; one that is not known (NaN) is not."""
    low = np.where(day_and_night, RATES_DAY_AND_NIGHT[0], RATES[0])
    return np.asarray((rates < low) | (rates > RATES[1]))


def rates_in_words(day_and_night: Mask) -> str:
    """The rates that are ordinary, for the first of some rows."""
    low, high = RATES_DAY_AND_NIGHT if day_and_night[:1].any() else RATES
    return f"£{low:,.0f} to £{high:,.0f} an hour"


def population_warnings(pack: Pack) -> list[Fault]:
    """Years that no projection is made for, and residents who double or halve in a year."""
    rows, as_of = Rows(pack, "population"), pack.manifest.as_of.year
    years, persons = rows.numbers("year"), rows.numbers("persons")
    first, last = as_of - YEARS_BEFORE, as_of + YEARS_AFTER
    far = (years < first) | (years > last)
    keys = ["district_code", "age_band"]
    before = rows.frame[[*keys, "year", "persons"]].assign(year=rows.frame["year"] + 1)
    earlier = rows.frame[[*keys, "year"]].merge(before, on=[*keys, "year"], how="left")["persons"].to_numpy("float64")
    many = np.fmax(persons, earlier) >= MANY_RESIDENTS
    # A band that begins at nobody is a projection's first year or a hole, which has its own sentence.
    jumps = many & (earlier > 0) & ((persons > DOUBLED * earlier) | (persons < earlier / DOUBLED))
    return [
        *rows.warning(far, "year", lambda row: f"{years[row]:.0f}", f"a year from {first} to {last}"),
        *rows.warning(
            jumps,
            "persons",
            lambda row: f"{persons[row]:,.0f} residents after {earlier[row]:,.0f} the year before",
            "no more than twice as many as the year before, and no fewer than half",
        ),
    ]


def demand_warnings(pack: Pack, day_and_night: frozenset[tuple[str, str]]) -> list[Fault]:
    """What an hour costs, and how many hours a person has."""
    rows = Rows(pack, "demand")
    hours, cost = rows.numbers("hours_per_week"), rows.numbers("annual_cost")
    hourly, charged = safe_ratio(cost, WEEKS * hours), charged_rates(pack, rows.frame)
    off = (hourly < COST_TO_RATE[0] * charged) | (hourly > COST_TO_RATE[1] * charged)
    all_hours = stays(rows, day_and_night)
    odd = np.isnan(charged) & out_of_the_ordinary(hourly, all_hours)
    return [
        *rows.warning(
            off,
            "annual_cost",
            lambda row: (
                f"£{cost[row]:,.0f} a year for {plain(hours[row])} hours a week, £{hourly[row]:,.2f} an hour, where "
                f"{path_of('capacity')} has £{charged[row]:,.2f} for the lot"
            ),
            "between half and twice the rate of the lot's providers",
        ),
        *rows.warning(
            odd, "annual_cost", lambda row: f"£{hourly[row]:,.2f} an hour", rates_in_words(all_hours[odd])
        ),
        *rows.warning(
            (cost > 0) & (hours == 0), "annual_cost", lambda row: f"£{cost[row]:,.0f} a year for no hours",
            "hours, or no cost",
        ),
        *rows.warning(
            rows.first_of_each(["service"], without(rows, ["service"], "people", "hours_per_week")),
            "people",
            lambda _: "no people in every row of the service, which has hours",
            "the people supported, or empty cells where nobody knows them",
        ),
        *hours_a_person(rows, all_hours),
        *supported_beyond_residents(pack, rows),
    ]  # fmt: skip


def charged_rates(pack: Pack, lots: pd.DataFrame) -> npt.NDArray[np.float64]:
    """What the providers of each lot charge for an hour, weighted by the hours they deliver; NaN where none delivers.

    lots: one row a lot, with the columns of LOT.
    """
    capacity = pack.tables["capacity"]
    known = capacity[capacity["delivered_hours"].notna() & capacity["hourly_rate"].notna()]
    paid = known.assign(paid=known["delivered_hours"] * known["hourly_rate"]).groupby(LOT)[["paid", "delivered_hours"]]
    totals = paid.sum()
    rates = safe_ratio(totals["paid"], totals["delivered_hours"])
    return np.asarray(rates.reindex(pd.MultiIndex.from_frame(lots[LOT])), dtype="float64")


def hours_a_person(rows: Rows, day_and_night: Mask) -> list[Fault]:
    """More hours than a week has, more than people have who are not cared for day and night, or hardly any."""
    hours, people = rows.numbers("hours_per_week"), rows.numbers("people")
    each = safe_ratio(hours, people)
    impossible = each > HOURS_A_WEEK
    many = (each > DAY_AND_NIGHT) & ~impossible & ~day_and_night
    few = (each < LEAST_A_PERSON) & (people > 0)

    def words(row: int) -> str:
        counted = f"{people[row]:,.0f} {'person' if people[row] == 1 else 'people'}"
        return f"{plain(hours[row])} hours a week for {counted}, {each[row]:,.3g} for each"

    return [
        *rows.warning(impossible, "hours_per_week", words, f"no more than the {HOURS_A_WEEK} hours of a week for each"),
        *rows.warning(many, "hours_per_week", words, f"no more than {DAY_AND_NIGHT} for each, unless day and night"),
        *rows.warning(few, "hours_per_week", words, f"{LEAST_A_PERSON:g} of an hour or more for each"),
    ]


def supported_beyond_residents(pack: Pack, rows: Rows) -> list[Fault]:
    """More people supported in a district than residents of the ages that the service is for."""
    rates, population = pack.tables["service_rates"], pack.tables["population"]
    keys = ["service", "district_code", "cohort"]
    bands = rates.loc[rates["weight"] > 0, ["service", "cohort", "age_band"]]
    base = pd.Series({code: service.base_year for code, service in pack.manifest.services.items()}, dtype="int64")
    living = bands.assign(year=bands["service"].map(base)).merge(population, on=["age_band", "year"])
    residents = living.groupby(keys)["persons"].sum().reindex(pd.MultiIndex.from_frame(rows.frame[keys]))
    supported = rows.frame.groupby(keys)["people"].transform("sum").to_numpy("float64", na_value=np.nan)
    known = residents.to_numpy("float64")
    first = rows.first_of_each(keys, supported > known)
    return rows.warning(
        first,
        "people",
        lambda row: f"{supported[row]:,.0f} people in the district, where {known[row]:,.0f} of matching age live",
        f"no more than the residents of {path_of('population')}",
    )


def rating_warnings(pack: Pack) -> list[Fault]:
    """Ratings from before anybody gave them. Those after the data ends are refused."""
    rows = Rows(pack, "ratings")
    oldest = pd.Timestamp(pack.manifest.as_of) - pd.DateOffset(years=OLDEST_RATING)
    old = (rows.frame["rated_on"] < oldest).to_numpy()
    return rows.warning(
        old, "rated_on", lambda row: dated(rows.frame["rated_on"].iloc[row]), f"a date after {oldest.date()}"
    )


def capacity_warnings(pack: Pack, day_and_night: frozenset[tuple[str, str]]) -> list[Fault]:
    """Hours beyond capacity, capacity that is nought, rates and scores out of the ordinary."""
    rows = Rows(pack, "capacity")
    capacity, delivered, rate = (rows.numbers(name) for name in ("capacity_hours", "delivered_hours", "hourly_rate"))
    score, stay = rows.numbers("performance_score"), stays(rows, day_and_night)
    whole_service = without(rows, ["service"], "capacity_hours", "delivered_hours")
    whole_lot = without(rows, LOT, "capacity_hours", "delivered_hours") & ~whole_service
    beyond = (delivered > capacity) & ~whole_service & ~whole_lot
    shares = rows.frame.groupby("service")["performance_score"].transform("max").to_numpy("float64")
    odd = out_of_the_ordinary(rate, stay)

    def nought(marked: Mask, keys: list[str], whole: str) -> list[Fault]:
        found = f"a capacity of 0 in every row of the {whole}, which delivers hours"
        expected = "the hours that could be delivered, or empty cells where nobody knows them"
        return rows.warning(rows.first_of_each(keys, marked), "capacity_hours", lambda _: found, expected)

    return [
        *nought(whole_service, ["service"], "service"),
        *nought(whole_lot, LOT, "lot"),
        *rows.warning(
            beyond,
            "delivered_hours",
            lambda row: f"{plain(delivered[row])} hours delivered of a capacity of {plain(capacity[row])}",
            "no more than capacity_hours",
        ),
        *rows.warning(odd, "hourly_rate", lambda row: f"£{rate[row]:,.2f} an hour", rates_in_words(stay[odd])),
        *rows.warning(
            rows.first_of_each(["service"], (shares > 0) & (shares <= 1) & ~np.isnan(score)),
            "performance_score",
            lambda row: f"no score above {shares[row]:g} in the service",
            "scores from 0 to 100",
        ),
    ]


def without(rows: Rows, keys: list[str], column: str, while_some: str) -> Mask:
    """The rows of each group where a column is 0 throughout, none of it unknown, while there is some of another."""
    groups = [rows.frame[key] for key in keys]
    some = pd.Series(~(rows.numbers(column) == 0)).groupby(groups).transform("any")
    others = pd.Series(rows.numbers(while_some) > 0).groupby(groups).transform("any")
    return (~some & others).to_numpy(bool)


def request_warnings(pack: Pack, day_and_night: frozenset[tuple[str, str]]) -> list[Fault]:
    """Packages of a size that nobody has, and requests made long ago. Those after the data ends are refused."""
    rows = Rows(pack, "requests")
    hours, made = rows.numbers("hours_per_week"), rows.frame["requested_on"]
    impossible = hours > HOURS_A_WEEK
    many = (hours > DAY_AND_NIGHT) & ~impossible & ~stays(rows, day_and_night)
    dates = pd.Series({one: pd.Timestamp(pack.manifest.date_of(one)) for one in pack.manifest.services})
    oldest = rows.frame["service"].map(dates) - pd.DateOffset(years=OLDEST_REQUEST)

    def asked(row: int) -> str:
        return f"{plain(hours[row])} hours a week"

    return [
        *rows.warning(impossible, "hours_per_week", asked, f"no more than the {HOURS_A_WEEK} hours of a week"),
        *rows.warning(many, "hours_per_week", asked, f"no more than {DAY_AND_NIGHT}, unless day and night"),
        *rows.warning(hours == 0, "hours_per_week", asked, "the hours that were asked for"),
        *rows.warning(
            (made < oldest).to_numpy(), "requested_on", lambda row: dated(made.iloc[row]),
            f"a date in the {OLDEST_REQUEST} years before the date of the data",
        ),
    ]  # fmt: skip


def history_warnings(pack: Pack) -> list[Fault]:
    """Months after the data ends, and hours a person that nobody has."""
    rows = Rows(pack, "history")
    month = rows.frame["month"]
    ends = rows.frame["service"].map({code: f"{pack.manifest.date_of(code):%Y-%m}" for code in pack.manifest.services})
    anybody = np.ones(len(month), dtype=bool)  # no service type is known: a cohort may be cared for day and night
    return [
        *(
            fault
            for end in ends.unique()
            for fault in rows.warning(
                ((ends == end) & (month > end)).to_numpy(),
                "month",
                lambda row: quoted(month.iloc[row]),
                f"a month no later than {end}, where the data ends",
            )
        ),
        *hours_a_person(rows, anybody),
    ]


def plain(number: float) -> str:
    """A number as people write it, with no more decimals than it has, two at most."""
    return f"{number:,.2f}".removesuffix("0").removesuffix("0").removesuffix(".")


def dated(value: Any) -> str:
    """A day as the file writes it."""
    return f"{value:%Y-%m-%d}"
