"""A scenario's figures, worked out once and kept for every session that asks for the same scenario."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lib.pack.load import Pack
from lib.view.market.figures import State
from lib.whatif.baseline import Baseline, prepare
from lib.whatif.drivers import diverted, drivers, sensitivity
from lib.whatif.headline import headline_parts
from lib.whatif.project import project
from lib.whatif.scenarios.documents import read_scenario
from lib.whatif.scenarios.scenario import Scenario
from lib.whatif.summary import Summary, summarise
from lib.whatif.uncertainty import uncertainty


@dataclass(frozen=True)
class Outcome:
    """What a scenario comes to: its summary, its range (lib.whatif.uncertainty), its sentence and what follows it."""

    summary: Summary
    spread: pd.DataFrame
    sentence: str
    more: str


def key_of(scenario: Scenario) -> str:
    """What tells scenarios with different figures apart: the document without its words."""
    return scenario.model_copy(update={"name": "x", "rationale": "", "pack_name": None, "base_year": None}).to_json()


@st.cache_resource(max_entries=8, show_spinner=False)
def baseline(_pack: Pack, state: State, service: str) -> Baseline:
    """A service today, as arrays."""
    del state
    return prepare(_pack, service)


@st.cache_data(max_entries=64, show_spinner=False)
def cached_outcome(_pack: Pack, state: State, key: str) -> Outcome:
    """The outcome of the scenario whose document is `key`."""
    scenario = read_scenario(key, _pack)
    start = baseline(_pack, state, scenario.service)
    summary = summarise(_pack, scenario, start)
    spread = uncertainty(_pack, scenario, start)
    return Outcome(summary, spread, *headline_parts(_pack, scenario, summary.by_year, spread))


def outcome(pack: Pack, state: State, scenario: Scenario) -> Outcome:
    """What a scenario comes to."""
    return cached_outcome(pack, state, key_of(scenario))


@st.cache_data(max_entries=64, show_spinner=False)
def driver_figures(_pack: Pack, state: State, key: str, district_code: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The drivers of an area's demand, and the sensitivity of the county's gap."""
    scenario = read_scenario(key, _pack)
    start = baseline(_pack, state, scenario.service)
    return drivers(start, scenario, district_code), sensitivity(start, scenario)


@st.cache_data(max_entries=64, show_spinner=False)
def diverted_figures(_pack: Pack, state: State, key: str) -> pd.DataFrame:
    """What direct payments, reablement and technology take away."""
    scenario = read_scenario(key, _pack)
    return diverted(baseline(_pack, state, scenario.service), scenario)


def projected_table(pack: Pack, state: State, scenario: Scenario) -> pd.DataFrame:
    """The projection lot by lot, for the download: the same as on the command line."""
    return project(pack, scenario, baseline(pack, state, scenario.service))
