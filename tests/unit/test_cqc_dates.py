"""Dates in CQC files: the order of day and month is proven by the column, or the file is refused."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.pack.faults import Fault, PackError
from lib.pack.imports.cqc.dates import date_in, read_dates


def read(*texts: str) -> list[str]:
    found = read_dates(pd.Series(texts, dtype="str"), lambda place, *words: Fault("f.csv", place + 2, "Date", *words))
    return ["" if pd.isna(one) else one.date().isoformat() for one in found]


def refused(*texts: str) -> list[str]:
    with pytest.raises(PackError) as caught:
        read(*texts)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("texts", "days"),
    [
        (["05/29/2026", "01/05/2026", ""], ["2026-05-29", "2026-01-05", ""]),
        (["29/05/2026", "01/05/2026", "-"], ["2026-05-29", "2026-05-01", ""]),
        (["7/23/2020 12:00:00 AM", "12/1/2020 12:00:00 AM"], ["2020-07-23", "2020-12-01"]),
        (["14/Apr/2022 - 00:00", "1/may/2023 - 10:30"], ["2022-04-14", "2023-05-01"]),
        (["31/12/2024 - 09:15", "02/01/2024 - 00:00"], ["2024-12-31", "2024-01-02"]),
        (["2018-04-19T00:00:00Z", "2024-02-29"], ["2018-04-19", "2024-02-29"]),
        (["14 April 2022", "April 14, 2022", "3rd Sept 2021"], ["2022-04-14", "2022-04-14", "2021-09-03"]),
        (["05/05/2026", "N/A"], ["2026-05-05", ""]),  # alike both ways
        (["01/02/2026", "2026-01-31", "13/02/2026"], ["2026-02-01", "2026-01-31", "2026-02-13"]),
        ([], []),
    ],
)
def test_dates_as_the_cqc_writes_them(texts: list[str], days: list[str]) -> None:
    assert read(*texts) == days


def test_a_column_that_proves_no_order_is_refused() -> None:
    (said,) = refused("", "05/05/2026", "01/02/2026", "03/04/2026")
    assert said == (
        'f.csv, row 4, column Date: found "01/02/2026", which could be read two ways, expected dates of which the '
        "column shows whether the day or the month stands first: save it as yyyy-mm-dd, or give the file with more rows"
    )


def test_a_column_of_both_orders_is_refused() -> None:
    (said,) = refused("31/01/2026", "02/03/2026", "01/31/2026")
    assert said.startswith(
        'f.csv, row 4, column Date: found "01/31/2026", with the month first, where "31/01/2026" has'
    )


@pytest.mark.parametrize("text", ["soon", "31/02/2026", "14/04/22", "45747", "13/13/2026", "00/00/2026", "31/Foo/2026"])
def test_what_is_no_date_is_refused(text: str) -> None:
    said = refused("2026-01-31", text, text)
    assert [line.split(":")[0] for line in said] == ["f.csv, row 3, column Date", "f.csv, row 4, column Date"]
    assert text in said[0]


@given(st.lists(st.dates(dt.date(1995, 1, 1), dt.date(2030, 12, 31)), min_size=1, max_size=30), st.booleans())
def test_a_column_is_never_read_in_the_wrong_order(days: list[dt.date], month_first: bool) -> None:
    form = "%m/%d/%Y" if month_first else "%d/%m/%Y"
    texts = [f"{day:{form}}" for day in days]
    if any(day.day > 12 for day in days) or all(day.day == day.month for day in days):
        assert read(*texts) == [day.isoformat() for day in days]
    else:
        assert len(refused(*texts)) == 1


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("CQC Locations data This data was produced on 19 August 2026", "2026-08-19"),
        ("01_November_2021_Latest_ratings.ods", "2021-11-01"),
        ("02 Sept 2024 HSCA Active Locations", "2024-09-02"),
        ("cqc_latest_ratings_2026.csv", ""),
        ("31 February 2026", ""),
        ("the 3 wise 2026", ""),
    ],
)
def test_the_date_in_a_preamble_or_name(text: str, day: str) -> None:
    assert date_in(text) == day
