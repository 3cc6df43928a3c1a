"""Every table that a page, or its open tab, offers as CSV, in one spreadsheet: gathered as they are offered.

`note_table` is called where a table is offered (lib.view.widgets.chart_downloads), so a new table comes in by itself. A
place gathers what is drawn within it, and may lie within another: a fragment that runs by itself fills its own anew,
and the button, which stands in the one around it, finds there what is on the page now. No table is made before somebody
asks for the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd
import streamlit as st

from lib.export.sheets import sheet_of
from lib.export.workbook import MIME, one_workbook
from lib.market.about import About
from lib.market.sharing import internal_name, safe_name
from lib.pack.load import Pack

LABEL = "Every table here (Excel)"
CSV = "(CSV)"
# In the session: the places of the page that is drawn, by their names.
PLACES = "page_workbook_places"


class Offered(NamedTuple):
    """A table that is offered. label: what it is called; "" for its own title. frame: makes it. file: the CSV."""

    about: About
    label: str
    frame: Callable[[], pd.DataFrame]
    file: str


@dataclass
class Place:
    """A part of a page and what is offered in it, in the order of the page. drawn: as far as it is drawn now."""

    held: list[Offered | Place] = field(default_factory=list)
    drawn: list[Offered | Place] | None = None

    def tables(self) -> list[Offered]:
        """What is offered in it and in the places within, as it was last drawn to its end."""
        return flat(self.held)


def flat(held: list[Offered | Place]) -> list[Offered]:
    """Tables, and those of places, in their order."""
    found: list[Offered] = []
    for one in held:
        found += one.tables() if isinstance(one, Place) else [one]
    return found


HERE: ContextVar[Place | None] = ContextVar("place_of_tables", default=None)


def forget_places() -> None:
    """At the start of a page: what another offered is of no use here."""
    st.session_state[PLACES] = {}


@contextmanager
def place_of_tables(name: str) -> Iterator[Place]:
    """Gather what is offered within. Where it ends early, what was gathered before stays."""
    place: Place = st.session_state.setdefault(PLACES, {}).setdefault(name, Place())
    around = HERE.get()
    if around is not None and around.drawn is not None:
        around.drawn.append(place)
    token, place.drawn = HERE.set(place), []
    try:
        yield place
        place.held = place.drawn
    finally:
        place.drawn = None
        HERE.reset(token)


def note_table(about: About, label: str, frame: Callable[[], pd.DataFrame], file: str) -> None:
    """Take note of a table that is offered here, or would be if what it stands in were open. file: its CSV's name."""
    place = HERE.get()
    if place is not None and place.drawn is not None:
        plain = label.removesuffix(CSV).strip().removeprefix("Download ")
        own = "" if plain.split(" ")[0] in ("Table", "This", "These") else f"{plain[:1].upper()}{plain[1:]}"
        place.drawn.append(Offered(about, own, frame, file))


def offer_workbook(pack: Pack, title: str, name: str, *, internal: bool | None = None) -> None:
    """The button for the workbook of everything in the place that is drawn now; none where nothing is offered in it.

    title: what the page or tab is. name: of the file. internal: whether it must not be shared, where tables that say so
    are still to come.
    """
    place = HERE.get()
    tables = [] if place is None or place.drawn is None else flat(place.drawn)
    if place is None or not tables:
        return
    inside = any(one.about.internal for one in tables) if internal is None else internal
    st.download_button(
        LABEL,
        lambda: workbook_of(pack, title, place),
        file_name=internal_name(safe_name(name)) if inside else safe_name(name),
        mime=MIME,
        on_click="ignore",
        key=f"workbook_{name}",
        help="Every table of this page or tab as a sheet, with its sources",
    )


def workbook_of(pack: Pack, title: str, place: Place) -> bytes:
    """The workbook of a place as it is now."""
    sheets = [sheet_of(one.about, one.label, one.frame(), one.file) for one in place.tables()]
    return one_workbook(title, sheets, pack.manifest.as_of)
