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
    return float(default_of(pack, service, LEVERS["target.contact_hours_per_worker"]).value)  # type: ignore[arg-type]


@st.cache_data(max_entries=64, show_spinner=False)
def board_of(_pack: Pack, state: State, wanted: Wanted, radius_km: float, week: float) -> Board:
    """The board of what is chosen. week: the hours of care that a carer gives in a week."""
    del state
    every = waiting(_pack, wanted.selection.service)
    requests = joined(shown(every, wanted), radius_km)
    rounds = round_table(requests, week)
    areas = districts(_pack, wanted, requests)
    sentence = board_sentence(_pack, wanted, requests, rounds, radius_km, week)
    return Board(requests, rounds, areas, sentence, len(every))


@st.cache_data(max_entries=32, show_spinner=False)
def transfers_of(_pack: Pack, state: State, service: str, far_km: float, near_km: float, week: float) -> Transfers:
    """The candidates for a transfer of a service. near_km: how near the other provider must be."""
    del state
    return Transfers(
        lone_packages(_pack, service, far_km, near_km, week),
        thin_presence(_pack, service, far_km, week),
        len(placed_packages(_pack, service)),
    )
