"""Which districts a scenario leaves short, clause by clause: those that are first, and those that come to be short."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lib.market.clauses import MOST_WORDS, NAMED_AT_MOST, TOGETHER, Clause, ever_fewer, fitting, part_of, words
from lib.market.wording import financial_year, listed
from lib.whatif.summary import AreaYears


def district_clauses(found: AreaYears) -> list[Clause]:
    """Which districts are short first, and which come to be short by the last year, lots counted together.

    Where the county's figures are not known, those of districts that are. Nothing where there is but one district.
    """
    if not found.known()[-1]:
        return known_districts(found)
    return first_districts(found)


def known_districts(found: AreaYears) -> list[Clause]:
    """How many of the districts whose figures are known are short in the last year, and which newly so."""
    known = found.known()[:-1] & ~np.isnan(found.measures["coverage"][-1, :-1])
    whole, end = int(known.sum()), financial_year(found.years[-1])
    if not whole:
        return []
    number = int((found.short()[-1, :-1] & known).sum())
    of = part_of(number, whole, "district whose figures are known", "districts whose figures are known")
    text = f"{of} would need more care than providers offer in {end}, {TOGETHER}"
    return [Clause(text), *newly_clauses(found, found.newly_short()[-1, :-1] & known)]


def first_districts(found: AreaYears) -> list[Clause]:
    """Which districts are short first, in the base year or later, and which come to be short after them."""
    short, newly = found.short()[:, :-1], found.newly_short()[-1, :-1]
    every = int((~np.isnan(found.measures["coverage"][:, :-1])).any(axis=0).sum())
    if not short.any() or every == 1:
        return []
    place = int(short.any(axis=1).argmax())
    first, year = in_order(found, short[place], place), financial_year(found.years[place])
    if not place:
        who = listed(first) if len(first) <= NAMED_AT_MOST else part_of(len(first), every, "district", "districts")
        return [Clause(f"{who} already needed more than providers offered in {year}"), *newly_clauses(found, newly)]
    # Who is short in a later year and not in the base year is named, but where it is every district.
    does = f"would be first to need more than providers offer, in {year}"
    everyone = len(first) == every > NAMED_AT_MOST
    who = f"all {every} districts" if everyone else some_of(first, does)
    return [Clause(f"{who} {does}"), *following(found, newly & ~short[place])]


def newly_clauses(found: AreaYears, rows: NDArray[np.bool_]) -> list[Clause]:
    """The districts that are short in the last year, and were not in the base year. rows: which of them they are."""
    if not rows.any():
        return []
    end, names = financial_year(found.years[-1]), in_order(found, rows, -1)
    short, alone = f"would newly need more in {end}", f"would newly need more than providers offer in {end}"
    return [Clause(f"{some_of(names, short)} {short}", "; ", f"{some_of(names, alone)} {alone}")]


def following(found: AreaYears, rows: NDArray[np.bool_]) -> list[Clause]:
    """The same behind a clause of those that are first to be short."""
    if not rows.any():
        return []
    does = f"would follow by {financial_year(found.years[-1])}"
    return [Clause(f"{some_of(in_order(found, rows, -1), does)} {does}", "; ")]


def in_order(found: AreaYears, rows: NDArray[np.bool_], place: int) -> list[str]:
    """The names of some districts, those with the lowest coverage in a year first."""
    coverage = found.measures["coverage"][place]
    return [name for _, name in sorted((float(coverage[at]), found.names[at]) for at in np.flatnonzero(rows))]


def some_of(names: list[str], does: str) -> str:
    """The first names and how many others, as many as a sentence with `does` behind them has room for."""
    return fitting(*ever_fewer(names, NAMED_AT_MOST), most=MOST_WORDS - words(does))
