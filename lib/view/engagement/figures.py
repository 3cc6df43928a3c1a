"""The demand board's figures, worked out once and kept for every session."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lib.market.board import Wanted, board_sentence, districts, shown, waiting
from lib.market.rounds import joined, round_table
from lib.market.transfers import lone_packages, placed_packages, thin_presence
from lib.pack.load import Pack
from lib.view.market.figures import State
from lib.whatif.scenarios.presets import default_of
from lib.whatif.scenarios.scenario import LEVERS

CARER_WEEK = "target.contact_hours_per_worker"


@dataclass(frozen=True)
class Board:
    """What is chosen of the open requests, each with its round; the rounds; the districts; and the sentence.

    requests: as lib.market.board.waiting has them, with `round`. rounds: as lib.market.rounds.round_table. districts:
    as lib.market.board.districts. every: how many requests of the service wait, whatever is chosen.
    """

    requests: pd.DataFrame
    rounds: pd.DataFrame
    districts: pd.DataFrame
    sentence: str
    every: int

    @property
    def candidates(self) -> pd.DataFrame:
        """The rounds of several requests."""
        return self.rounds[self.rounds["requests"] > 1].reset_index(drop=True)

    @property
    def without_ward(self) -> int:
        """How many requests name no ward, and so are in no round."""
        return int(self.requests["round"].isna().sum())


@dataclass(frozen=True)
class Transfers:
    """Candidates for a transfer, package by package and by district: see lib.market.transfers.

    placed: how many requests name the provider that they were placed with, and a ward.
    """

    packages: pd.DataFrame
    presences: pd.DataFrame
    placed: int


def carer_hours(pack: Pack, service: str) -> float:
    """Hours of care that a carer gives in a week: the What-if's default for the service."""
    return float(default_of(pack, service, LEVERS[CARER_WEEK]).value)  # type: ignore[arg-type]


def carer_source(pack: Pack, service: str) -> str:
    """How these hours are known, and where they come from: "assumption: contact hours of one care worker in a week"."""
    default = default_of(pack, service, LEVERS[CARER_WEEK])
    source = default.source.rstrip(". ")
    return f"{default.status}: {source[:1].lower()}{source[1:]}" if source else default.status


# What does not hang on the radius is kept by itself: a step of it is answered without working this out again.


@st.cache_data(max_entries=8, show_spinner=False)
def waiting_of(_pack: Pack, state: State, service: str) -> pd.DataFrame:
    """The open requests of a service."""
    del state
    return waiting(_pack, service)


@st.cache_data(max_entries=8, show_spinner=False)
def placed_of(_pack: Pack, state: State, service: str) -> pd.DataFrame:
    """The requests of a service that name the provider that they were placed with, and a ward."""
    del state
    return placed_packages(_pack, service)


@st.cache_data(max_entries=16, show_spinner=False)
def presences_of(_pack: Pack, state: State, service: str, far_km: float, week: float) -> pd.DataFrame:
    """The candidates for a transfer by district."""
    return thin_presence(_pack, service, far_km, week, placed_of(_pack, state, service))


@st.cache_data(max_entries=64, show_spinner=False)
def board_of(_pack: Pack, state: State, wanted: Wanted, radius_km: float, week: float) -> Board:
    """The board of what is chosen. week: the hours of care that a carer gives in a week."""
    every = waiting_of(_pack, state, wanted.selection.service)
    requests = joined(shown(every, wanted), radius_km)
    rounds = round_table(requests, week)
    areas = districts(_pack, wanted, requests)
    sentence = board_sentence(_pack, wanted, requests, rounds, radius_km, week)
    return Board(requests, rounds, areas, sentence, len(every))


@st.cache_data(max_entries=32, show_spinner=False)
def transfers_of(_pack: Pack, state: State, service: str, far_km: float, near_km: float, week: float) -> Transfers:
    """The candidates for a transfer of a service. near_km: how near the other provider must be."""
    placed = placed_of(_pack, state, service)
    return Transfers(
        lone_packages(_pack, service, far_km, near_km, week, placed),
        presences_of(_pack, state, service, far_km, week),
        len(placed),
    )
