"""Downloads of a market page: the figures as CSV, the map and the ranking as pictures. Built only on a click."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from lib.charts.bars import ranked_bars
from lib.charts.kit.png import to_png, with_footer
from lib.charts.painting import AXIS_FORMATS, Painting
from lib.market.selection import select
from lib.market.sharing import INTERNAL, county_for_sharing, internal_csv, internal_name, sharing_note
from lib.market.tables import download_csv, download_notes, labelled_profile, selection_words
from lib.pack.load import Pack
from lib.view.map.area_map import map_picture
from lib.view.map.district_map import has_map
from lib.view.market.figures import Market
from lib.view.market.filters import Choice


def picture_lines(pack: Pack, choice: Choice, painting: Painting) -> list[str]:
    """What stands under a picture: the selection, the status, the formula, the date, the demonstration line."""
    indicator = choice.indicator
    lines = [
        f"{selection_words(pack, choice.selection)}. Data to {pack.manifest.as_of:%d %B %Y}.",
        f"Status: {painting.status}. {indicator.formula}. {indicator.caveat}".strip(),
    ]
    lines = [INTERNAL, *lines]
    return [*lines, pack.manifest.demonstration] if pack.is_demonstration else lines


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
    return map_picture(pack, districts, painting.scale, painting.title, picture_lines(pack, choice, painting), chosen)


def bars_picture(pack: Pack, choice: Choice, painting: Painting) -> bytes:
    """The ranked bars as a PNG file."""
    chart = ranked_bars(
        painting.rows,
        title=painting.title,
        axis_title=painting.axis_title,
        selected=choice.area_code,
        axis_format=AXIS_FORMATS.get(choice.indicator.unit),
        start=painting.start,
    )
    return to_png(with_footer(chart, picture_lines(pack, choice, painting)))


def offer_internal(label: str, csv: Callable[[], str], name: str) -> None:
    """A download that tells of single providers, small areas or few people: named and headed so."""
    st.download_button(
        label,
        lambda: internal_csv(csv()),
        file_name=internal_name(name),
        mime="text/csv",
        on_click="ignore",
        help="Internal, do not share",
    )


def offer_shared(pack: Pack, service: str) -> None:
    """The county's figures after disclosure control: the file that may be shared.

    Always of the whole service: of two filters, what is left out of one could be worked out from the other.
    """
    selection = select(pack, service).county()

    def figures() -> str:
        return download_csv(county_for_sharing(pack, selection), [sharing_note(pack), *download_notes(pack, selection)])

    st.download_button(
        "County figures, for sharing (CSV)",
        figures,
        file_name=f"{selection.service}_county.csv",
        mime="text/csv",
        on_click="ignore",
        help="Small numbers suppressed as c, others rounded; published totals as they were published",
    )


def offer_downloads(pack: Pack, choice: Choice, market: Market, painting: Painting) -> None:
    """The downloads of a market page, side by side: those by area are internal, the county's may be shared."""
    selection = choice.selection
    stem = f"{selection.service}_by_{selection.group_by}"

    def figures() -> str:
        return download_csv(labelled_profile(pack, selection, market.areas), download_notes(pack, selection))

    with st.container(horizontal=True):
        offer_internal("Every indicator (CSV)", figures, f"{stem}.csv")
        offer_shared(pack, selection.service)
        if has_map(pack):
            st.download_button(
                "The map (PNG)",
                lambda: painted_map(pack, choice, painting),
                file_name=internal_name(f"{stem}_{choice.indicator.id}_map.png"),
                help="Internal, do not share",
                mime="image/png",
                on_click="ignore",
            )
        st.download_button(
            "The ranking (PNG)",
            lambda: bars_picture(pack, choice, painting),
            file_name=internal_name(f"{stem}_{choice.indicator.id}_ranking.png"),
            help="Internal, do not share",
            mime="image/png",
            on_click="ignore",
        )
