"""The providers that are known by name alone: before anybody has said where they give care, and how much."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib.market.about import Heads
from lib.market.quality import OVERALL
from lib.market.wording import NOT_KNOWN, counted
from lib.pack.load import Pack
from lib.view.widgets.table import draw_table

NOT_SUPPLY = (
    "A registered office is no sign of where care is given, and a provider no sign of how much: nothing here counts as "
    "supply. Which service each gives is not known either: the list is the same for every service."
)


def draw_register(pack: Pack) -> None:
    """Every provider with its overall rating and the date of it; nothing where none is known."""
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
    st.subheader(f"{words}, {known:,} of them with an overall rating" if known else words, anchor=False)
    heads: Heads = {
        "provider_name": "Provider",
        "office_postcode": "Registered office",
        "overall": "CQC overall",
        "rated_on": "Rated on",
    }
    draw_table(table, heads)
    st.caption(NOT_SUPPLY)
