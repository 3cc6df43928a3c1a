"""Dates and months as people and spreadsheets write them, where the program's own way does not read them.

Each has one reading, and is read; or it has none, or two, and what is wrong and what to do is said in one sentence. Of
numbers alone, the day stands before the month, as in England.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from lib.pack.unread import NO_KIND, Unread, of_no_kind, tidy

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
CLOCK = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.]?(\d{{2}})[-/.]?(\d{{2}}){CLOCK}", re.ASCII)
DAY_FIRST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){CLOCK}", re.ASCII)
NAMED_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]?([A-Za-z]+)[ ,.-]*(\d{4}|\d{2})", re.ASCII)
SHORT_YEAR = re.compile(r"\d{1,2}([-/.])\d{1,2}\1\d{2}", re.ASCII)
MONTH_AND_YEAR = re.compile(r"([A-Za-z]+)[ .,-]*(\d{4}|\d{2})", re.ASCII)
MONTH_NUMBERS = re.compile(r"(\d{1,2})[/.-](\d{4})|(\d{4})[/.-](\d{1,2})", re.ASCII)
SERIAL = re.compile(r"[1-9]\d{4}([.,]\d+)?", re.ASCII)
CENTURIES = range(1700, 2200)

SERIAL_NUMBER = Unread(
    "a date as a spreadsheet counts days", "give the column a date format, such as yyyy-mm-dd, and save again"
)
MONTH_FIRST = Unread("which can only be a date with the month first", "save the dates of the column as yyyy-mm-dd")
TWO_DIGITS = Unread("a date whose year has two digits", "write the year with four")
TWO_MONTHS = Unread("which does not say a month for certain", "write the months of the column as yyyy-mm")


def four_digits(year: str) -> int:
    """A year that may have been cut to its last two digits, of this century."""
    return int(year) + (2000 if len(year) == 2 else 0)


def named_month(word: str) -> int | None:
    """The number of a month by its English name, or the first three letters of it (Sept is also written)."""
    name = word.casefold()
    if name == "sept":
        return 9
    if name in MONTH_NAMES:
        return MONTH_NAMES.index(name) + 1
    return MONTHS.index(name) + 1 if name in MONTHS else None


def could_be_month_first(text: str) -> bool:
    """Whether a text is a date in numbers alone that is another one with the month first."""
    parts = DAY_FIRST.fullmatch(tidy(text))
    return parts is not None and parts[1] != parts[3] and 0 < int(parts[1]) <= 12 and 0 < int(parts[3]) <= 12


def day(year: int, month: int | None, of_month: int) -> dt.date | None:
    """A day, where there is such a one in the centuries that a pack can have."""
    try:
        return dt.date(year, month, of_month) if month and year in CENTURIES else None
    except ValueError:
        return None


def date_as_written(text: str, nullable: bool) -> dt.date | Unread:
    """A date that is not written like 2025-03-31. Of numbers alone, the day stands first, as in England."""
    bare = tidy(text)
    wrong = of_no_kind(bare, "a date", nullable)
    if wrong is not None:
        return wrong
    found = None
    if parts := YEAR_FIRST.fullmatch(bare):
        found = day(int(parts[1]), int(parts[2]), int(parts[3]))
    elif parts := DAY_FIRST.fullmatch(bare):
        one, other, year = int(parts[1]), int(parts[3]), int(parts[4])
        found = day(year, other, one)
        if found is None and day(year, one, other):
            return MONTH_FIRST
    elif parts := NAMED_MONTH.fullmatch(bare):
        found = day(four_digits(parts[3]), named_month(parts[2]), int(parts[1]))
    elif SHORT_YEAR.fullmatch(bare):
        return TWO_DIGITS
    elif SERIAL.fullmatch(bare):
        return SERIAL_NUMBER
    return found or NO_KIND


def months_as_written(texts: Sequence[str]) -> list[str | Unread]:
    """The months of texts that are not written like 2025-03, in that form: a month's own name, or a day of it.

    A day of numbers alone is read where it is the first of a month in every such text, with the day before the month.
    """
    days = [DAY_FIRST.fullmatch(tidy(text)) for text in texts]
    first = all(int(parts[1]) == 1 and int(parts[3]) <= 12 for parts in days if parts)
    return [month_as_written(text, first) for text in texts]


def month_as_written(text: str, first: bool) -> str | Unread:
    """The month of one text; `first` says that a day of numbers alone is the first of its month in every text."""
    bare = tidy(text)
    wrong = of_no_kind(bare, "a month", nullable=False)
    if wrong is not None:
        return wrong
    found = None
    if parts := MONTH_AND_YEAR.fullmatch(bare):
        found = day(four_digits(parts[2]), named_month(parts[1]), 1)
    elif parts := MONTH_NUMBERS.fullmatch(bare):
        found = day(int(parts[2] or parts[3]), int(parts[1] or parts[4]), 1)
    elif DAY_FIRST.fullmatch(bare) and not first:
        return TWO_MONTHS
    else:
        whole = date_as_written(text, nullable=False)
        if isinstance(whole, Unread):
            return whole
        if whole.day != 1:
            return TWO_MONTHS
        found = whole
    return f"{found:%Y-%m}" if found else NO_KIND
