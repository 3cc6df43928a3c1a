"""How the tests of the service pages open a tab and read it, downloads included."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import pandas as pd
import pytest
import streamlit as st
from app_pages import DOMICILIARY, SHORT_BREAKS, open_page, unescaped, words
from streamlit.testing.v1 import AppTest

HOME, BREAKS = "domiciliary_care", "short_breaks"
PATHS = {HOME: DOMICILIARY, BREAKS: SHORT_BREAKS}
LABELS = {HOME: "Domiciliary care", BREAKS: "Children's short breaks"}
MARKET, RATINGS, KNOWN, GROWTH = "The market", "Market ratings", "Known and unknown", "Growth"
MECHANISM, SUPPLY, INTENTIONS = "From spot to a framework", "Shared supply and places", "Intentions"
TABS = {
    HOME: (MARKET, RATINGS, KNOWN, INTENTIONS),
    BREAKS: (MARKET, RATINGS, KNOWN, GROWTH, MECHANISM, SUPPLY, INTENTIONS),
}
EVERY_TAB = [(service, tab) for service, tabs in TABS.items() for tab in tabs]
# What is closed at first, opened.
OPENED = ("lots", "ratings", "history", "growth_years", "transition", "spread", "shared", "places")
STATUS_COLOURS = {"published": "blue", "derived": "blue", "illustrative": "orange", "modelled": "violet"}


class Offer(NamedTuple):
    """A download: what its button says, the file's name, and what is in it, worked out when it is asked for."""

    label: str
    name: str
    data: Any

    def text(self) -> str:
        return str(self.data() if callable(self.data) else self.data)

    def table(self) -> pd.DataFrame:
        """The rows above the notes, as text."""
        rows = list(csv.reader(io.StringIO(self.text())))
        rows = [row for row in rows if row and not row[0].startswith("#")]
        return pd.DataFrame(rows[1:], columns=rows[0])


@dataclass(frozen=True)
class Page:
    """A page as it was drawn, and what it offers to download."""

    app: AppTest
    offers: tuple[Offer, ...]

    def offer(self, label: str) -> Offer:
        (found,) = [one for one in self.offers if one.label == label]
        return found


def opened(path: str, state: dict[str, Any] | None = None, typed: Callable[[Any], Any] | None = None) -> Page:
    """Run a page with some state of the session. typed: what somebody types into the page's table of their own."""
    offers: list[Offer] = []
    button, editor = st.download_button, st.data_editor

    def record(label: str, data: Any, file_name: str = "", **others: Any) -> bool:
        offers.append(Offer(unescaped(label), file_name, data))
        return button(label, data, file_name=file_name, **others)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(st, "download_button", record)
        if typed is not None:
            patch.setattr(st, "data_editor", lambda *args, **others: typed(editor(*args, **others)))
        app = open_page(path, state)
    return Page(app, tuple(offers))


def on_tab(service: str, tab: str, typed: Callable[[Any], Any] | None = None, **state: Any) -> Page:
    """A tab of a service's page, with its closed tables open."""
    closed = {f"table_{name}": True for name in OPENED} | {f"whom_{service}": True}
    return opened(PATHS[service], {f"tab_{service}": tab} | closed | state, typed)


@cache
def shown(service: str, tab: str) -> Page:
    """A tab as it stands at first. Shared by every test: nothing may act on it."""
    return on_tab(service, tab)


def table_with(page: Page, *columns: str) -> pd.DataFrame:
    """The table on the page that has these columns."""
    (found,) = [table.value for table in page.app.dataframe if set(columns) <= set(table.value.columns)]
    return found


def text_tables(page: Page) -> pd.DataFrame:
    """All tables of text on the page, one below the other, as people read them."""
    return pd.concat([table.value for table in page.app.table], ignore_index=True).map(unescaped)


def badge(status: object) -> str:
    """The tag of a status, in the colour of its weakest input."""
    weakest = str(status).removeprefix("projected, ").split(" (")[0]
    return f":{STATUS_COLOURS.get(weakest, 'gray')}-badge[{status}]"


def pieces(page: Page) -> list[str]:
    """Everything written on the page, piece by piece: each element, each cell of a table of text."""
    cells = [str(cell) for table in page.app.table for cell in table.value.reset_index().to_numpy().ravel()]
    return [*words(page.app).split("\n"), *map(unescaped, cells)]
