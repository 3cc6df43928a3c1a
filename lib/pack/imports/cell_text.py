"""What stands in a cell of a workbook, as the text that the sheet holds of it.

A date is 2025-03-31, whatever its format and whether days are counted from 1900 or 1904; with a time, 2025-03-31
08:30:00, to the second; a time alone 08:30:00, and a duration 37:30:00, in hours. A number is its shortest form with 15
digits, which is what Excel itself keeps to: 1234, 0.3. A cell in the percent format holds the number that is stored, so
5% is 0.05. Yes and no are true and false.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

SECOND = dt.timedelta(seconds=1)
WHOLE_DIGITS = 10**15


def text_of(value: Any) -> str:
    """The text of a value as a workbook's reader gives it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, dt.datetime):
        whole = rounded(value)
        return whole.date().isoformat() if whole.time() == dt.time() else whole.isoformat(sep=" ")
    if isinstance(value, dt.timedelta):
        return duration_text(value)
    if isinstance(value, dt.time):
        whole = rounded(dt.datetime.combine(dt.date(2000, 1, 1), value))
        return "24:00:00" if whole.day > 1 else whole.time().isoformat()
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def number_text(value: float) -> str:
    """A number with at most 15 digits, never with an exponent."""
    if isinstance(value, float) and not value.is_integer():
        text = f"{value:.15g}"
        return f"{Decimal(text):f}" if "e" in text else text
    return str(int(value)) if abs(value) < WHOLE_DIGITS else f"{Decimal(f'{value:.15g}'):f}"


def duration_text(value: dt.timedelta) -> str:
    """A duration in hours, minutes and seconds, such as 37:30:00."""
    seconds = round(abs(value) / SECOND)
    sign = "-" if value < dt.timedelta() and seconds else ""
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def rounded(value: dt.datetime) -> dt.datetime:
    """A time to the nearest second: a spreadsheet holds it as a fraction of a day."""
    bare = value.replace(microsecond=0)
    return bare + SECOND if value.microsecond >= 500_000 and bare < dt.datetime(9999, 12, 31) else bare
