"""A scenario's figures, worked out once and kept for every session that asks for the same scenario."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from lib.pack.load import Pack
from lib.view.market.figures import State
from lib.whatif.baseline import Baseline, prepare
from lib.whatif.cost import cost_table, uplift_words
from lib.whatif.drivers import diverted, drivers, sensitivity
from lib.whatif.headline import headline_parts
from lib.whatif.outcome_range import outcome_range, range_sources
from lib.whatif.project import project
from lib.whatif.scenarios.scenario import Scenario, lever_values
from lib.whatif.summary import Summary, summarise
from lib.whatif.uncertainty import uncertainty

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Outcome:
    """What a scenario comes to: its summary, its range (lib.whatif.uncertainty), its sentence and what follows it."""

    summary: Summary
    spread: pd.DataFrame
    sentence: str
    more: str


def key_of(scenario: Scenario) -> Key:
    """What tells scenarios with different figures apart: the service and the levers, without the words."""
    values = lever_values(scenario).values()
    return scenario.service, *(tuple(value.items()) if isinstance(value, dict) else value for value in values)


@st.cache_resource(max_entries=8, show_spinner=False)
def baseline(_pack: Pack, state: State, service: str) -> Baseline:
    """A service today, as arrays."""
    del state
    return prepare(_pack, service)


@st.cache_data(max_entries=64, show_spinner=False)
def cached_outcome(_pack: Pack, state: State, key: Key, _scenario: Scenario) -> Outcome:
    """The outcome of a scenario, checked already, kept under its `key`."""
    del key
    start = baseline(_pack, state, _scenario.service)
    summary = summarise(_pack, _scenario, start)
    spread = uncertainty(_pack, _scenario, start)
    return Outcome(summary, spread, *headline_parts(_pack, _scenario, summary.by_year, spread))


@st.cache_data(max_entries=64, show_spinner=False)
def cached_summary(_pack: Pack, state: State, key: Key, _scenario: Scenario) -> Summary:
    """The summary of `summary_of`, kept under the scenario's `key`."""
    del key
    return summarise(_pack, _scenario, baseline(_pack, state, _scenario.service))


def summary_of(pack: Pack, state: State, scenario: Scenario) -> Summary:
    """What a scenario comes to, without its range."""
    return cached_summary(pack, state, key_of(scenario), scenario)


def outcome(pack: Pack, state: State, scenario: Scenario) -> Outcome:
    """What a scenario comes to."""
    return cached_outcome(pack, state, key_of(scenario), scenario)


@st.cache_data(max_entries=64, show_spinner=False)
def cached_drivers(
    _pack: Pack, state: State, key: Key, _scenario: Scenario, district_code: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The figures of `driver_figures`, kept under the scenario's `key`."""
    del key
    start = baseline(_pack, state, _scenario.service)
    return drivers(start, _scenario, district_code), sensitivity(start, _scenario)


def driver_figures(
    pack: Pack, state: State, scenario: Scenario, district_code: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The drivers of an area's demand, and the sensitivity of the county's gap."""
    return cached_drivers(pack, state, key_of(scenario), scenario, district_code)


@st.cache_data(max_entries=64, show_spinner=False)
def cached_diverted(_pack: Pack, state: State, key: Key, _scenario: Scenario) -> pd.DataFrame:
    """The figures of `diverted_figures`, kept under the scenario's `key`."""
    del key
    return diverted(baseline(_pack, state, _scenario.service), _scenario)


def diverted_figures(pack: Pack, state: State, scenario: Scenario) -> pd.DataFrame:
    """What direct payments, reablement and the like take away."""
    return cached_diverted(pack, state, key_of(scenario), scenario)


@st.cache_data(max_entries=64, show_spinner=False)
def cached_costs(_pack: Pack, state: State, key: Key, _scenario: Scenario) -> tuple[pd.DataFrame, str]:
    """The figures of `cost_figures`, kept under the scenario's `key`."""
    del key
    start = baseline(_pack, state, _scenario.service)
    return cost_table(start, _scenario), uplift_words(start, _scenario)


def cost_figures(pack: Pack, state: State, scenario: Scenario) -> tuple[pd.DataFrame, str]:
    """The parts of the change of cost, by year and district, and what the uplift does to an hour's cost, in words."""
    return cached_costs(pack, state, key_of(scenario), scenario)


@st.cache_data(max_entries=64, show_spinner=False)
def cached_uncertain(_pack: Pack, state: State, key: Key, _scenario: Scenario) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The figures of `uncertain_figures`, kept under the scenario's `key`."""
    del key
    start = baseline(_pack, state, _scenario.service)
    return outcome_range(start, _scenario), range_sources(start, _scenario)


def uncertain_figures(pack: Pack, state: State, scenario: Scenario) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The range of the county's outcomes, and what each source of uncertainty adds to that of its gap."""
    return cached_uncertain(pack, state, key_of(scenario), scenario)


def projected_table(pack: Pack, state: State, scenario: Scenario) -> pd.DataFrame:
    """The projection lot by lot, for the download: the same as on the command line."""
    return project(pack, scenario, baseline(pack, state, scenario.service))
