"""A service page's figures, worked out once and kept for every session."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib.market.published.facts import gaps_of, published_facts
from lib.market.published.intentions import intentions_of
from lib.market.published.rating_grid import grid_table
from lib.market.published.words import council_words
from lib.market.shared_supply import shared_headroom, shared_supply
from lib.pack.load import Pack
from lib.view.market.figures import State
from lib.whatif.spot_to_framework import spot_rates


@st.cache_resource(max_entries=8, show_spinner=False)
def ratings_grid(_pack: Pack, state: State, service: str) -> pd.DataFrame:
    """lib.market.published.rating_grid.grid_table, kept."""
    del state
    return grid_table(_pack, service)


@st.cache_resource(max_entries=8, show_spinner=False)
def intentions(_pack: Pack, state: State, service: str) -> pd.DataFrame:
    """lib.market.published.intentions.intentions_of, kept."""
    del state
    return intentions_of(_pack, service)


@st.cache_resource(max_entries=8, show_spinner=False)
def words_of(_pack: Pack, state: State, service: str) -> pd.DataFrame:
    """lib.market.published.words.council_words, kept."""
    del state
    return council_words(_pack, service)


@st.cache_data(max_entries=8, show_spinner=False)
def known_and_unknown(_pack: Pack, state: State, service: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """lib.market.published.facts: the known figures and the gaps, kept."""
    del state
    return published_facts(_pack, service), gaps_of(_pack, service)


@st.cache_data(max_entries=8, show_spinner=False)
def spread_of_rates(_pack: Pack, state: State, service: str) -> pd.DataFrame:
    """lib.whatif.spot_to_framework.spot_rates, kept."""
    del state
    return spot_rates(_pack, service)


@st.cache_data(max_entries=16, show_spinner=False)
def shared(_pack: Pack, state: State, service: str, types: tuple[str, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """lib.market.shared_supply: by district, and whom to ask, kept."""
    del state
    return shared_supply(_pack, service, types), shared_headroom(_pack, service, types)
