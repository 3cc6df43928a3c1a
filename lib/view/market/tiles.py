"""The four headline tiles of a market page."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lib.market.indicators import indicator_label, indicators
from lib.market.selection import Selection
from lib.market.status import Known, county_figure
from lib.market.wording import NOT_APPLICABLE, counted, is_missing, show
from lib.pack.load import Pack
from lib.pack.manifest import Status, weakest
from lib.view.widgets.text import escape_markdown, status_badge, tile_figure


@dataclass(frozen=True)
class Tile:
    """One headline: its name, figure and how that is known; a line of context and how that is known."""

    label: str
    value: str
    known: Known
    context: str
    context_status: Status


def headline_tiles(pack: Pack, selection: Selection, county: pd.Series[float]) -> list[Tile]:
    """The county's four headlines: hours delivered, coverage with its shortfall, what waits, and quality."""
    known = indicators(pack)
    service = pack.service(selection.service)

    def text(code: str) -> str:
        return show(county[code], known[code].unit)

    def tile(label: str, code: str, context: str, *others: str) -> Tile:
        statuses = [county_figure(pack, selection, other).status for other in others or (code,)]
        return Tile(label, text(code), county_figure(pack, selection, code), context, weakest(statuses))

    waiting = counted(int(county["open_requests"]), "open request")
    median = text("median_days_to_source")
    not_rated = f"{text('not_rated_share')} of hours not rated"
    quality_known = not is_missing(float(county["good_or_better_share"]))
    return [
        tile(
            "Hours delivered a week",
            "delivered_hours",
            f"{text('people')} {service.people}; {text('annual_cost')} a year",
            "people",
            "annual_cost",
        ),
        # The county's coverage is net of one district and another, even where each district is a single lot.
        tile(
            indicator_label(known["coverage"], single_lot=False),
            "coverage",
            f"{text('shortfall_hours')} hours a week short, lot by lot",
        ),
        tile(
            "Hours waiting a week",
            "waiting_hours",
            waiting if median == NOT_APPLICABLE else f"{waiting}; median {median} days to source",
        ),
        tile(
            "Good or Outstanding",
            "good_or_better_share",
            f"of rated hours; {not_rated}" if quality_known else f"under half of the hours are rated; {not_rated}",
        ),
    ]


def figure_tile(label: str, value: str, context: str, status: Status) -> Tile:
    """A tile whose figure and context are known alike, as its heading says."""
    return Tile(label, value, Known(status, ""), context, status)


def draw_tiles(tiles: list[Tile]) -> None:
    """Draw tiles in one row, fewer a row where the page is narrow."""
    with st.grid(len(tiles), min_column_width=165, gap="small"):
        for tile in tiles:
            with st.container(border=True, gap="xxsmall"):
                st.markdown(
                    f"{escape_markdown(tile.label)} {status_badge(tile.known.status)}",
                    help=escape_markdown(tile.known.source) or None,
                )
                st.metric(escape_markdown(tile.label), tile_figure(tile.value), label_visibility="collapsed")
                other = "" if tile.context_status == tile.known.status else f" {status_badge(tile.context_status)}"
                st.markdown(f":small[{escape_markdown(tile.context)}]{other}")
