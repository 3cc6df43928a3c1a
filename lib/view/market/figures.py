"""Figures worked out once and kept, so that the same view in two sessions is computed once."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lib.charts.painting import Painting, paint
from lib.market.indicators import indicators
from lib.market.profile import history, lot_rows, profiles
from lib.market.providers import area_providers
from lib.market.quality import rating_mix
from lib.market.selection import Selection
from lib.market.sentence import market_sentence
from lib.pack.load import Pack

# The key of a pack. The pack itself is not hashed: this stands for it.
State = str


@dataclass(frozen=True)
class Market:
    """A selection's figures: one row an area, and the whole county's."""

    areas: pd.DataFrame
    county: pd.Series[float]


@dataclass(frozen=True)
class Story:
    """One area's own figures: its lots, its rating mix, its history and its providers. See lib.market for columns."""

    lots: pd.DataFrame
    ratings: pd.DataFrame
    history: pd.DataFrame
    providers: pd.DataFrame


@st.cache_data(max_entries=128, show_spinner=False)
def market_figures(_pack: Pack, state: State, selection: Selection) -> Market:
    """The profile of a selection and of the county."""
    del state
    return Market(*profiles(_pack, selection))


@st.cache_resource(max_entries=256, show_spinner=False)
def shown_figures(_pack: Pack, state: State, selection: Selection, indicator: str) -> tuple[Painting, str]:
    """What map and bars show of an indicator, and the sentence; kept for every session: nobody may change it."""
    market, chosen = market_figures(_pack, state, selection), indicators(_pack)[indicator]
    painting = paint(_pack, selection, chosen, market.areas)
    return painting, market_sentence(_pack, selection, market.areas, market.county, chosen)


@st.cache_data(max_entries=128, show_spinner=False)
def story_figures(_pack: Pack, state: State, selection: Selection, area_code: str) -> Story:
    """What the story of one area shows; "all" is the county, with a selection of the county."""
    del state
    ratings = rating_mix(_pack, selection)
    months = history(_pack, selection)
    return Story(
        lot_rows(_pack, selection, area_code),
        ratings[ratings["area_code"] == area_code].reset_index(drop=True),
        months[months["area_code"] == area_code].reset_index(drop=True),
        area_providers(_pack, selection, area_code),
    )
