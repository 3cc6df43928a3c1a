"""A scenario's figures, worked out once and kept for every session that asks for the same scenario."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from lib.pack.load import Pack
from lib.view.market.figures import State
from lib.whatif.baseline import kept_baseline
from lib.whatif.cost import cost_table
from lib.whatif.drivers import diverted, drivers, sensitivity
from lib.whatif.outcome_range import outcome_range, range_sources
from lib.whatif.project import project
from lib.whatif.scenarios.scenario import Scenario, lever_values
from lib.whatif.summary import Summary, summarise
from lib.whatif.tables import line_rows
from lib.whatif.uncertainty import uncertainty

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Outcome:
    """What a scenario comes to: its summary, and its range (lib.whatif.uncertainty)."""

    summary: Summary
    spread: pd.DataFrame


def key_of(scenario: Scenario) -> Key:
    """What tells scenarios with different figures apart: the service and the levers, without the words."""
    values = lever_values(scenario).values()
    return scenario.service, *(tuple(value.items()) if isinstance(value, dict) else value for value in values)


@st.cache_data(max_entries=64, show_spinner=False)
def cached_outcome(_pack: Pack, state: State, key: Key, _scenario: Scenario) -> Outcome:
    """The outcome of a scenario, checked already, kept under its `key`."""
    del state, key
    start = kept_baseline(_pack, _scenario.service)
    return Outcome(summarise(_pack, _scenario, start), uncertainty(_pack, _scenario, start))


@st.cache_data(max_entries=64, show_spinner=False)
def cached_summary(_pack: Pack, state: State, key: Key, _scenario: Scenario) -> Summary:
    """The summary of `summary_of`, kept under the scenario's `key`."""
    del state, key
    return summarise(_pack, _scenario, kept_baseline(_pack, _scenario.service))


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
    del state, key
    start = kept_baseline(_pack, _scenario.service)
    return drivers(start, _scenario, district_code), sensitivity(start, _scenario)


def driver_figures(
    pack: Pack, state: State, scenario: Scenario, district_code: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The drivers of an area's demand, and the sensitivity of the county's gap."""
    return cached_drivers(pack, state, key_of(scenario), scenario, district_code)


@st.cache_data(max_entries=64, show_spinner=False)
def cached_diverted(_pack: Pack, state: State, key: Key, _scenario: Scenario) -> pd.DataFrame:
    """The figures of `diverted_figures`, kept under the scenario's `key`."""
    del state, key
    return diverted(kept_baseline(_pack, _scenario.service), _scenario)


def diverted_figures(pack: Pack, state: State, scenario: Scenario) -> pd.DataFrame:
    """What direct payments, reablement and the like take away."""
    return cached_diverted(pack, state, key_of(scenario), scenario)


@st.cache_data(max_entries=64, show_spinner=False)
def cached_costs(_pack: Pack, state: State, key: Key, _scenario: Scenario) -> pd.DataFrame:
    """The figures of `cost_figures`, kept under the scenario's `key`."""
    del state, key
    return cost_table(kept_baseline(_pack, _scenario.service), _scenario)


def cost_figures(pack: Pack, state: State, scenario: Scenario) -> pd.DataFrame:
    """The parts of the change of cost, by year and district."""
    return cached_costs(pack, state, key_of(scenario), scenario)


@st.cache_data(max_entries=64, show_spinner=False)
def cached_uncertain(_pack: Pack, state: State, key: Key, _scenario: Scenario) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The figures of `uncertain_figures`, kept under the scenario's `key`."""
    del state, key
    start = kept_baseline(_pack, _scenario.service)
    return outcome_range(start, _scenario), range_sources(start, _scenario)


def uncertain_figures(pack: Pack, state: State, scenario: Scenario) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The range of the county's outcomes, and what each source of uncertainty adds to that of its gap."""
    return cached_uncertain(pack, state, key_of(scenario), scenario)


def projected_table(pack: Pack, state: State, scenario: Scenario) -> pd.DataFrame:
    """The projection lot by lot, for the download: the same as on the command line."""
    del state
    return project(pack, scenario, kept_baseline(pack, scenario.service))


def lines_of(pack: Pack, state: State, scenario: Scenario, area: str) -> pd.DataFrame:
    """Demand, capacity and served of an area through the years, with their ranges."""
    found = outcome(pack, state, scenario)
    return line_rows(found.summary, found.spread, area)


def crossing_of(pack: Pack, state: State, scenario: Scenario, area: str) -> int | None:
    """The year in which demand passes an area's capacity; None where it never does, or did already."""
    summary = summary_of(pack, state, scenario)
    year: Any = summary.first_years.set_index("district_code").loc[area, "first_short_year"]
    today = pack.service(scenario.service).base_year
    return None if pd.isna(year) or int(year) <= today else int(year)
