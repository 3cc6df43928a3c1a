"""The four headline tiles of a market page."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lib.market.indicators import indicator_label, indicators
from lib.market.selection import Selection, is_single_lot
from lib.market.status import Known, county_figure
from lib.market.wording import NOT_APPLICABLE, counted, show
from lib.pack.load import Pack
from lib.view.text import plain, tag


@dataclass(frozen=True)
class Tile:
    """One headline: its name, figure, a line of context, and how the figure is known."""

    label: str
    value: str
    context: str
    known: Known


def headline_tiles(pack: Pack, selection: Selection, county: pd.Series[float]) -> list[Tile]:
    """The county's four headlines: hours delivered, coverage with its shortfall, what waits, and quality."""
    known = indicators(pack)
    service = pack.service(selection.service)
    single = is_single_lot(pack, selection.by_district())

    def text(code: str) -> str:
        return show(county[code], known[code].unit)

    waiting = counted(int(county["open_requests"]), "open request")
    median = text("median_days_to_source")
    source = f"{waiting}; median {median} days to source" if median != NOT_APPLICABLE else waiting
    return [
        Tile(
            "Hours delivered a week",
            text("delivered_hours"),
            f"{text('people')} {service.people}; {text('annual_cost')} a year",
            county_figure(pack, selection, "delivered_hours"),
        ),
        Tile(
            indicator_label(known["coverage"], single),
            text("coverage"),
            f"{text('shortfall_hours')} hours a week short, lot by lot",
            county_figure(pack, selection, "coverage"),
        ),
        Tile("Hours waiting a week", text("waiting_hours"), source, county_figure(pack, selection, "waiting_hours")),
        Tile(
            "Good or Outstanding",
            text("good_or_better_share"),
            f"of rated hours; {text('not_rated_share')} of hours not rated",
            county_figure(pack, selection, "good_or_better_share"),
        ),
    ]


def draw_tiles(tiles: list[Tile]) -> None:
    """Draw tiles in one row, fewer a row where the page is narrow."""
    with st.grid(len(tiles), min_column_width=220, gap="small"):
        for tile in tiles:
            with st.container(border=True, gap="xxsmall"):
                st.markdown(f"{plain(tile.label)} {tag(tile.known.status)}", help=plain(tile.known.source))
                st.metric(tile.label, tile.value, label_visibility="collapsed")
                st.markdown(f":small[{plain(tile.context)}]")
