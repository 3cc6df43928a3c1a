"""Dates in the CQC's files, which are written with the day first in one file and the month first in the next.

The order of day and month is told from the whole column, never from one cell: a date of which the thirteenth or later
proves the order for all. A column that proves neither order, or both, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd

from lib.pack.faults import Fault, PackError, faults_at, quoted
from lib.pack.imports.cqc.words import is_nothing
from lib.pack.written_dates import day, named_month

_CLOCK = r"(?:[T ,-]+\d{1,2}:\d{2}.*)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}}){_CLOCK}", re.ASCII)
_NUMBERS = re.compile(rf"(\d{{1,2}})([/.-])(\d{{1,2}})\2(\d{{4}}){_CLOCK}", re.ASCII)
_NAMED = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[/ -]+([A-Za-z]+)[/ ,-]+(\d{{4}}){_CLOCK}", re.ASCII)
_MONTH_DAY = re.compile(rf"([A-Za-z]+) +(\d{{1,2}})(?:st|nd|rd|th)?,? +(\d{{4}}){_CLOCK}", re.ASCII)
_ANYWHERE = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?[ _-]+([A-Za-z]{3,9})[ _,-]+(20\d\d)(?!\d)", re.ASCII)
WHOLE_COLUMN = "dates of which the column shows whether the day or the month stands first"

Place = Callable[[int, str, str], Fault]


def read_dates(texts: pd.Series[str], fault: Place) -> pd.Series[pd.Timestamp]:
    """A column of dates, NaT where a cell says nothing; PackError for cells that are none, or an order not proven.

    fault: makes the fault of a cell, from its place among the rows, what was found and what was expected.
    """
    codes, different = pd.factorize(texts)
    every = [str(text).strip() for text in different]
    numbers = [_NUMBERS.fullmatch(text) for text in every]
    first = _order(every, numbers, fault, lambda place: int((codes == place).argmax()))
    dates: list[pd.Timestamp | None] = []
    wrong: list[int] = []
    for place, (text, parts) in enumerate(zip(every, numbers, strict=True)):
        found = None
        if parts:
            one, other, year = int(parts[1]), int(parts[3]), int(parts[4])
            found = day(year, other, one) if first == "day" else day(year, one, other)
        elif parts := _YEAR_FIRST.fullmatch(text):
            found = day(int(parts[1]), int(parts[2]), int(parts[3]))
        elif parts := _NAMED.fullmatch(text):
            found = day(int(parts[3]), named_month(parts[2]), int(parts[1]))
        elif parts := _MONTH_DAY.fullmatch(text):
            found = day(int(parts[3]), named_month(parts[1]), int(parts[2]))
        if found is None and not is_nothing(text):
            wrong.append(place)
        dates.append(None if found is None else pd.Timestamp(found))
    if wrong:
        rows = [int(row) for row in pd.Series(codes).isin(wrong).to_numpy().nonzero()[0]]
        expected = "a date like 2025-03-31, 31/03/2025 or 31/Mar/2025"
        raise PackError(faults_at(rows, lambda row: fault(row, quoted(texts.iloc[row]), expected)))
    return pd.Series(pd.DatetimeIndex(dates).take(codes), index=texts.index, dtype="datetime64[ns]")


def _order(texts: list[str], numbers: list[re.Match[str] | None], fault: Place, row_of: Callable[[int], int]) -> str:
    """Which stands first in dates of numbers alone, "day" or "month"."""
    days = [place for place, parts in enumerate(numbers) if parts and int(parts[1]) > 12 >= int(parts[3])]
    months = [place for place, parts in enumerate(numbers) if parts and int(parts[3]) > 12 >= int(parts[1])]
    open_ = [place for place, parts in enumerate(numbers) if parts and int(parts[1]) != int(parts[3])]
    if days and months:
        found = f"{quoted(texts[months[0]])}, with the month first, where {quoted(texts[days[0]])} has the day first"
        raise PackError([fault(row_of(months[0]), found, "dates of one order: save the column as yyyy-mm-dd")])
    if open_ and not days and not months:
        found = f"{quoted(texts[open_[0]])}, which could be read two ways"
        expected = f"{WHOLE_COLUMN}: save it as yyyy-mm-dd, or give the file with more rows"
        raise PackError([fault(row_of(open_[0]), found, expected)])
    return "month" if months else "day"


def date_in(text: str) -> str:
    """The date that a line of a preamble or the name of a file says, ISO: "produced on 19 August 2026"; "" for none."""
    for parts in _ANYWHERE.finditer(text):
        found = day(int(parts[3]), named_month(parts[2]), int(parts[1]))
        if found:
            return found.isoformat()
    return ""
