"""Who works on a scenario, and so what must stand with its figures."""

from __future__ import annotations

import streamlit as st

from lib.market.about import About
from lib.market.basis import Basis
from lib.pack.load import Pack
from lib.whatif.about import about_scenario
from lib.whatif.scenarios.scenario import Scenario


def told_of(pack: Pack, scenario: Scenario, title: str, inputs: Basis, *, internal: bool = True) -> About:
    """What must stand with a scenario's figures, by whoever works on it."""
    return about_scenario(pack, scenario, title, inputs, internal=internal, author=who())


def who() -> str:
    """Who works on the scenario, in their own words."""
    return str(st.session_state.get("author") or "not said")
