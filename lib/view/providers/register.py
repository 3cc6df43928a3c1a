"""The providers that are known by name alone: before anybody has said where they give care, and how much.

And what the CQC's register tells of the offices in the area, where it was brought in.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib.market.about import Heads
from lib.market.basis import standing
from lib.market.quality import OVERALL
from lib.market.register import NOT_SUPPLY as OFFICES_NOT_SUPPLY
from lib.market.register import register_summary
from lib.market.wording import NOT_KNOWN, counted
from lib.pack.load import Pack
from lib.view.widgets.table import draw_table
from lib.view.widgets.text import escape_markdown, status_badge

NOT_SUPPLY = (
    "A registered office is no sign of where care is given, and a provider no sign of how much: nothing here counts as "
    "supply. Which service each gives is not known either: the list is the same for every service."
)


def draw_register(pack: Pack) -> None:
    """The register in a sentence, and every provider with its overall rating and the date of it; or nothing."""
    draw_offices(pack)
    providers = pack.table("providers")
    if providers.empty:
        return
    ratings = pack.table("ratings")
    overall = ratings[ratings["domain"] == OVERALL].set_index("provider_id")
    rating = providers["provider_id"].map(overall["rating"])
    rated_on = providers["provider_id"].map(overall["rated_on"])
    table = pd.DataFrame(
        {
            "provider_name": providers["provider_name"],
            "office_postcode": providers["office_postcode"],
            "overall": rating.astype("object").where(rating.notna(), NOT_KNOWN),
            "rated_on": ["" if pd.isna(day) else f"{day:%d/%m/%Y}" for day in rated_on],
        }
    )
    known = int(rating.notna().sum())
    words = f"{counted(len(table), 'provider')} {'is' if len(table) == 1 else 'are'} known by name"
    words = f"{words}, {known:,} of them with an overall rating" if known else words
    status = standing(pack, "providers", *(["ratings"] if known else []))
    st.subheader(f"{words} {status_badge(status)}", anchor=False)
    heads: Heads = {
        "provider_name": "Provider",
        "office_postcode": "Registered office",
        "overall": "CQC overall",
        "rated_on": "Rated on",
    }
    draw_table(table.sort_values("provider_name", kind="stable", ignore_index=True), heads)
    st.caption(NOT_SUPPLY)


def draw_offices(pack: Pack) -> None:
    """How many home care offices the CQC has registered in the area, and how they are rated; nothing without them."""
    found = register_summary(pack)
    if found is None:
        return
    st.subheader(f"{escape_markdown(found.sentence)} {status_badge(standing(pack, register_summary))}", anchor=False)
    heads: Heads = {"rating": "CQC overall", "offices": ("Home care offices", "count"), "share": ("Share", "share")}
    draw_table(found.ratings, heads)
    latest = f" Ratings to {found.latest:%d/%m/%Y}." if found.latest else ""
    st.caption(f"{OFFICES_NOT_SUPPLY}{latest}")
