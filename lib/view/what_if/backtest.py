"""Whether the what-if would have been right a year ago: worked out once for each scenario, and its one line."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lib.market.basis import standing
from lib.pack.load import Pack
from lib.view.market.figures import State
from lib.view.what_if.figures import Key, key_of
from lib.view.widgets.text import escape_markdown, status_badge
from lib.whatif.backtest import BackTestError, backtest
from lib.whatif.backtest_words import backtest_basis, backtest_line
from lib.whatif.baseline import kept_baseline
from lib.whatif.scenarios.scenario import Scenario


@dataclass(frozen=True)
class Hindsight:
    """A scenario's back-test: its line, and its rows (lib.whatif.backtest.backtest).

    Without rows, the line says why there is none.
    """

    line: str
    rows: pd.DataFrame | None


@st.cache_data(max_entries=64, show_spinner=False)
def cached_hindsight(_pack: Pack, state: State, key: Key, _scenario: Scenario) -> Hindsight:
    """The back-test of a scenario, checked already, kept under its `key`."""
    del state, key
    try:
        rows = backtest(_pack, _scenario, kept_baseline(_pack, _scenario.service))
    except BackTestError as error:
        return Hindsight(f"There is no back-test. {error}", None)
    return Hindsight(backtest_line(_pack, _scenario, rows), rows)


def hindsight(pack: Pack, state: State, scenario: Scenario) -> Hindsight:
    """The back-test of a scenario."""
    return cached_hindsight(pack, state, key_of(scenario), scenario)


def line_with_status(pack: Pack, scenario: Scenario, found: Hindsight) -> str:
    """The line of a back-test with its tag, in Markdown."""
    line = escape_markdown(found.line)
    return line if found.rows is None else f"{line} {status_badge(standing(pack, backtest_basis(pack, scenario)))}"


def draw_line(pack: Pack, state: State, scenario: Scenario) -> None:
    """One line: how far off these levers would have been a year ago, or why nobody can say."""
    st.markdown(line_with_status(pack, scenario, hindsight(pack, state, scenario)))
