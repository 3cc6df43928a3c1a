"""The four headline tiles of a market page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from lib.market.basis import Standing, together
from lib.market.few import few_words
from lib.market.figure import Figure
from lib.market.indicators import indicator_label, indicators
from lib.market.selection import COUNTY_CODE, Selection
from lib.market.status import county_figure, county_known
from lib.market.wording import NOT_APPLICABLE, NOT_KNOWN, counted, is_missing
from lib.pack.load import Pack
from lib.view.widgets.text import escape_html, escape_markdown, status_mark

# What a narrow tile has room for in the size of a figure: £160.5m, 128,000. Words stand smaller.
MOST_LETTERS = 10


@dataclass(frozen=True)
class Tile:
    """One headline: a figure, a line of context, and how the context is known ("" words and None without one)."""

    figure: Figure
    context: str = ""
    context_status: Standing | None = None


def headline_tiles(pack: Pack, selection: Selection, county: pd.Series[float]) -> list[Tile]:
    """The county's four headlines: hours delivered, coverage with its shortfall, what waits, and quality."""
    known = indicators(pack)
    service = pack.service(selection.service)

    def text(code: str) -> str:
        return county_figure(pack, selection, county, code).text

    def tile(label: str, code: str, context: str, *others: str) -> Tile:
        own = replace(county_figure(pack, selection, county, code), label=label)
        if own.lacks_rows:
            # Why it is not known says more than the figures beside it.
            return Tile(own, own.missing)
        return Tile(own, context, together(county_known(pack, selection, other).status for other in others or (code,)))

    missing = is_missing(float(county["people"]))
    people = f"how many {service.people} is {NOT_KNOWN}" if missing else f"{text('people')} {service.people}"
    missing = is_missing(float(county["annual_cost"]))
    cost = f"what it costs is {NOT_KNOWN}" if missing else f"{text('annual_cost')} a year"
    requests = float(county["open_requests"])
    waiting = f"open requests {NOT_KNOWN}" if is_missing(requests) else counted(int(requests), "open request")

    def few(code: str) -> str:
        words = few_words(pack, selection.county(), COUNTY_CODE, code)
        return f", {words}" if words else ""

    median = text("median_days_to_source")
    not_rated = f"{text('not_rated_share')} of hours not rated{few('not_rated_share')}"
    quality_known = not is_missing(float(county["good_or_better_share"]))
    return [
        tile(
            "Hours delivered a week",
            "delivered_hours",
            f"{people}; {cost}",
            "people",
            "annual_cost",
        ),
        # The county's coverage is net of one district and another, even where each district is a single lot.
        tile(
            indicator_label(known["coverage"], single_lot=False),
            "coverage",
            f"{text('shortfall_hours')} hours a week short, lot by lot",
            "shortfall_hours",
        ),
        tile(
            "Hours waiting a week",
            "waiting_hours",
            waiting
            if median in (NOT_APPLICABLE, NOT_KNOWN)
            else f"{waiting}; others were placed in {median} days, median{few('median_days_to_source')}",
            "open_requests",
            "median_days_to_source",
        ),
        tile(
            "Good or Outstanding",
            "good_or_better_share",
            f"of rated hours{few('good_or_better_share')}; {not_rated}"
            if quality_known
            else f"under half of the hours are rated; {not_rated}",
            "not_rated_share",
        ),
    ]


def draw_tiles(tiles: Sequence[Tile]) -> None:
    """Draw tiles in one row, fewer a row where there is less room: one element, however many tiles."""
    st.html(f'<dl class="tiles">{"".join(map(tile_words, tiles))}</dl>')


def tile_words(tile: Tile) -> str:
    """One tile as HTML: label and status, figure, context and, where it is another, its status."""
    figure, other = tile.figure, tile.context_status
    mark = f" {status_mark(other)}" if other is not None and other != figure.known else ""
    source = f' title="{escape_html(figure.source)}"' if figure.source else ""
    long = " tile-long" if len(figure.text) > MOST_LETTERS else ""
    context = f'<dd class="tile-context">{escape_html(tile.context)}{mark}</dd>' if tile.context else ""
    return (
        f'<div class="tile"><dt{source}>{escape_html(figure.label)} {status_mark(figure.known)}</dt>'
        f'<dd class="tile-value{long}">{escape_html(figure.text)}</dd>{context}</div>'
    )


def tile_sources(tiles: Sequence[Tile]) -> list[str]:
    """Where the tiles' figures come from: a line of Markdown for each that says so."""
    return [
        f"- **{escape_markdown(tile.figure.label)}**: {escape_markdown(tile.figure.source)}"
        for tile in tiles
        if tile.figure.source
    ]
