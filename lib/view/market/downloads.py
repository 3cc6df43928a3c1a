"""Downloads of a market page: the figures as CSV, the map and the ranking as pictures. Built only on a click."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib.charts.bars import ranked_bars
from lib.charts.kit.png import to_png, with_footer
from lib.charts.painting import Painting
from lib.market.about import About, about
from lib.market.indicators import every_input
from lib.market.selection import select
from lib.market.sharing import county_for_sharing, sharing_note
from lib.market.tables import labelled_profile, selection_words
from lib.market.units import UNITS
from lib.pack.load import Pack
from lib.view.map.area_map import map_picture
from lib.view.map.district_map import has_map
from lib.view.market.figures import Market
from lib.view.market.filters import Choice
from lib.view.widgets.chart_downloads import offer_csv, offer_png
from lib.view.widgets.page_workbook import offer_workbook
from lib.view.widgets.slides import offer_slides


def about_choice(pack: Pack, choice: Choice, painting: Painting) -> About:
    """What must stand with the map and the ranking: the selection, the status, the formula, the caveat."""
    indicator = choice.indicator
    return about(
        pack,
        selection_words(pack, choice.selection),
        *indicator.inputs,
        service=choice.selection.service,
        further=(f"{indicator.formula}. {indicator.caveat}".strip(),),
        known=painting.status,
    )


def painted_map(pack: Pack, choice: Choice, painting: Painting) -> bytes:
    """The map as a PNG file."""
    colours = painting.rows.set_index("area_code")["colour"]
    names = pack.district_names()
    districts = pd.DataFrame(
        [
            {"district_code": code, "district_name": names[code], "colour": colours[area]}
            for code, area in painting.area_of.items()
        ]
    )
    chosen = {code for code, area in painting.area_of.items() if area == choice.area_code}
    told = about_choice(pack, choice, painting)
    return map_picture(
        pack, districts, painting.scale, told.titled(painting.title).headline, told.picture_lines(), chosen
    )


def bars_picture(pack: Pack, choice: Choice, painting: Painting) -> bytes:
    """The ranked bars as a PNG file."""
    told = about_choice(pack, choice, painting)
    chart = ranked_bars(
        painting.rows,
        title=told.titled(painting.title).headline,
        axis_title=painting.axis_title,
        selected=choice.area_code,
        axis_format=UNITS[choice.indicator.unit].axis_format,
        start=painting.start,
    )
    return to_png(with_footer(chart, told.picture_lines()))


def offer_shared(pack: Pack, service: str) -> None:
    """The county's figures after disclosure control: the file that may be shared.

    Always of the whole service: of two filters, what is left out of one could be worked out from the other.
    """
    selection = select(pack, service).county()

    told = about(
        pack,
        selection_words(pack, selection),
        every_input(pack),
        internal=False,
        service=service,
        further=(sharing_note(pack),),
    )
    offer_csv(
        told,
        "County figures, for sharing (CSV)",
        lambda: county_for_sharing(pack, selection),
        f"{service}_county.csv",
        help="Small numbers suppressed as c, others rounded; published totals as they were published",
    )


def offer_downloads(pack: Pack, choice: Choice, market: Market, painting: Painting) -> None:
    """The downloads of a market page behind one button: those by area are internal, the county's may be shared."""
    selection = choice.selection
    stem = f"{selection.service}_by_{selection.group_by}"

    every = about(pack, selection_words(pack, selection), every_input(pack), service=selection.service)
    told = about_choice(pack, choice, painting)
    name = f"{stem}_{choice.indicator.id}"
    with st.popover("Downloads", key="market_downloads"):
        offer_csv(
            every, "Every indicator (CSV)", lambda: labelled_profile(pack, selection, market.areas), f"{stem}.csv"
        )
        offer_shared(pack, selection.service)
        offer_workbook(pack, selection_words(pack, selection), f"{stem}_tables.xlsx", internal=True)
        if has_map(pack):
            offer_png(told, "The map (PNG)", lambda: painted_map(pack, choice, painting), f"{name}_map.png")
        offer_png(told, "The ranking (PNG)", lambda: bars_picture(pack, choice, painting), f"{name}_ranking.png")
        offer_slides(pack, selection.service, key=f"slides_{selection.service}")
