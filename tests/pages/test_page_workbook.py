"""The button for every table of a page or tab as one spreadsheet: what it gathers, and when it is made."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pandas as pd
import pytest
import streamlit as st
from app_pages import DATA, ENGAGEMENT, ROOT
from service_pages import BREAKS, HOME, Page, on_tab, opened

from lib.market.about import About, about
from lib.pack.load import load_pack
from lib.view.widgets import page_workbook
from lib.view.widgets.page_workbook import (
    Place,
    forget_places,
    note_table,
    offer_workbook,
    place_of_tables,
    workbook_of,
)

LABEL = "Every table here (Excel)"
NOTHING = pd.DataFrame({"x": [1]})


def sheets(page: Page) -> list[str]:
    return list(openpyxl.load_workbook(io.BytesIO(page.offer(LABEL).data())).sheetnames)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> About:
    """Something to say of a table, in a session of its own."""
    monkeypatch.setattr(st, "session_state", {})
    return about(load_pack(ROOT / "data"), "Demand", "demand", service=HOME)


def names(place: Place) -> list[str]:
    return [one.file for one in place.tables()]


def note(told: About, name: str) -> None:
    note_table(told, "Table (CSV)", lambda: NOTHING, name)


def test_what_is_closed_is_a_sheet_too() -> None:
    """Tables that nobody opened are worked out for the file alone."""
    closed = opened(ENGAGEMENT, {"service": HOME})
    assert sheets(closed) == [
        "Notes", "The rounds", "Open requests by district", "Open requests by ward", "Every open request", "Packages",
        "Districts",
    ]  # fmt: skip
    checks = sheets(opened(DATA, {"data_tab": "Checks"}))
    assert checks[:2] == ["Notes", "Every check"]
    assert len(checks) == 8
    assert len(sheets(on_tab(BREAKS, "Growth"))) == 3


def test_a_page_without_a_table_has_no_button() -> None:
    assert [one for one in opened(DATA, {"data_tab": "Versions"}).offers if one.label == LABEL] == []


def test_no_table_is_made_before_the_file_is_asked_for(told: About, monkeypatch: pytest.MonkeyPatch) -> None:
    made, drawn = [], []
    monkeypatch.setattr(st, "download_button", lambda label, data, **given: drawn.append((data, given)))
    with place_of_tables("tab"):
        note_table(told, "One (CSV)", lambda: made.append(1) or NOTHING, "one.csv")
        offer_workbook(told.pack, "The tab", "tab.xlsx")
    ((data, given),) = drawn
    assert made == []
    assert given["file_name"] == "tab_internal_do_not_share.xlsx"
    assert openpyxl.load_workbook(io.BytesIO(data())).sheetnames == ["Notes", "One"]
    assert made == [1]


def test_a_part_that_is_drawn_again_by_itself_fills_its_own_place_anew(told: About) -> None:
    def part(*files: str) -> None:
        with place_of_tables("part"):
            for name in files:
                note(told, name)

    with place_of_tables("page") as page:
        note(told, "before.csv")
        part("old.csv", "other.csv")
        note(told, "after.csv")
    assert names(page) == ["before.csv", "old.csv", "other.csv", "after.csv"]
    part("new.csv")
    assert names(page) == ["before.csv", "new.csv", "after.csv"]
    with place_of_tables("page") as again:
        note(told, "alone.csv")
    assert again is page
    assert names(page) == ["alone.csv"]


def test_a_part_that_ends_early_leaves_what_was_there(told: About) -> None:
    with place_of_tables("page") as page:
        note(told, "one.csv")
    with pytest.raises(ZeroDivisionError), place_of_tables("page"):
        note(told, "two.csv")
        raise ZeroDivisionError
    assert names(page) == ["one.csv"]
    assert page_workbook.HERE.get() is None


def test_a_new_page_begins_with_nothing(told: About) -> None:
    with place_of_tables("page") as page:
        note(told, "one.csv")
    forget_places()
    with place_of_tables("page") as other:
        pass
    assert other is not page
    assert names(other) == []


def test_outside_a_place_nothing_is_gathered_and_nothing_offered(told: About, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Any] = []
    monkeypatch.setattr(st, "download_button", lambda *args, **given: drawn.append(args))
    note(told, "one.csv")
    offer_workbook(told.pack, "Nothing", "nothing.xlsx")
    with place_of_tables("page"):
        offer_workbook(told.pack, "Nothing", "nothing.xlsx")
    assert drawn == []


def test_a_label_that_says_nothing_gives_way_to_the_title(told: About) -> None:
    with place_of_tables("page") as page:
        for label in ("Table (CSV)", "This list (CSV)", "Download the indicators (CSV)", "All new lists (CSV)"):
            note_table(told, label, lambda: NOTHING, "a.csv")
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(told.pack, "All", page)))
    assert book.sheetnames == ["Notes", "Demand", "Demand 2", "The indicators", "All new lists"]
