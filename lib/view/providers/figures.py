"""The Providers page's figures, worked out once and kept for every session."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lib.market.profile import county_profile
from lib.market.quality import gate_list, rating_mix
from lib.market.ranked_lists.lot_supply import Headlines, headlines
from lib.market.ranked_lists.reranking import rerank
from lib.market.ranked_lists.resilience import Stress, points_of_failure, stress
from lib.market.ranked_lists.room import room
from lib.market.rating_age import rating_ages
from lib.market.rural_pockets import pockets, pockets_sentence
from lib.market.rurality import county_rural_share
from lib.market.selection import select
from lib.pack.load import Pack
from lib.view.market.figures import State
from lib.view.providers.placement_picture import kept_lots


@st.cache_data(max_entries=8, show_spinner=False)
def lots_of(_pack: Pack, state: State, service: str) -> pd.DataFrame:
    """lib.market.ranked_lists.lot_supply.lot_supply, kept."""
    del state
    return kept_lots(_pack, service)


@st.cache_data(max_entries=64, show_spinner=False)
def room_of(
    _pack: Pack, state: State, service: str, district: str, types: tuple[str, ...], cohorts: tuple[str, ...]
) -> pd.DataFrame:
    """lib.market.ranked_lists.room.room, kept."""
    del state
    return room(_pack, service, district, types, cohorts)


@st.cache_data(max_entries=8, show_spinner=False)
def headlines_of(_pack: Pack, state: State, service: str) -> Headlines:
    """lib.market.ranked_lists.lot_supply.headlines, kept."""
    del state
    return headlines(_pack, service)


@st.cache_data(max_entries=8, show_spinner=False)
def risks_of(_pack: Pack, state: State, service: str) -> pd.DataFrame:
    """lib.market.ranked_lists.resilience.points_of_failure, kept."""
    del state
    return points_of_failure(_pack, service)


@st.cache_data(max_entries=32, show_spinner=False)
def stress_of(_pack: Pack, state: State, leaving: tuple[str, ...], below: tuple[str, ...], skip: bool) -> Stress:
    """lib.market.ranked_lists.resilience.stress, kept."""
    del state
    return stress(_pack, leaving, below, skip)


@st.cache_data(max_entries=32, show_spinner=False)
def reranked(
    _pack: Pack, state: State, service: str, weight: float, places: int | None, gate: bool, keep_tiers: bool
) -> pd.DataFrame:
    """lib.market.ranked_lists.reranking.rerank, kept."""
    del state
    return rerank(_pack, service, weight, places, gate, keep_tiers)


@st.cache_data(max_entries=8, show_spinner=False)
def mix_of(_pack: Pack, state: State, service: str) -> pd.DataFrame:
    """lib.market.quality.rating_mix of the county and of every district, kept: the county first."""
    del state
    selection = select(_pack, service)
    return pd.concat([rating_mix(_pack, selection.county()), rating_mix(_pack, selection)], ignore_index=True)


@st.cache_data(max_entries=8, show_spinner=False)
def quality_lists(_pack: Pack, state: State, service: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The gate's list and the ages of ratings over the whole county, kept."""
    del state
    county = select(_pack, service).county()
    return gate_list(_pack, county), rating_ages(_pack, county)


@dataclass(frozen=True)
class Pockets:
    """Spot purchase beside rurality: lib.market.rural_pockets.pockets, its sentence, and the county's two shares."""

    rows: pd.DataFrame
    sentence: str
    rural_share: float
    spot_share: float


@st.cache_data(max_entries=8, show_spinner=False)
def pockets_of(_pack: Pack, state: State, service: str) -> Pockets:
    """The pockets of a service, kept."""
    del state
    selection = select(_pack, service)
    rows = pockets(_pack, selection)
    rural = county_rural_share(_pack, _pack.service(service).base_year)
    spot = float(county_profile(_pack, selection)["spot_share"])
    return Pockets(rows, pockets_sentence(_pack, selection, rows), rural, spot)
