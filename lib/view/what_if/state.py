"""The scenario that a session is working on: kept from page to page, opened from the link, written back to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lib.pack.load import Pack
from lib.view.link.parameters import YEAR
from lib.view.live.request import moved, moved_scenario, request_of
from lib.whatif.scenarios.documents import ScenarioError, most_years, read_scenario, shortened, with_levers
from lib.whatif.scenarios.link import from_link, to_link
from lib.whatif.scenarios.presets import default_scenario, origin_of, truly_named, warnings_of
from lib.whatif.scenarios.scenario import YEARS, Scenario
from lib.whatif.scenarios.scenario import moved as with_values

PROBLEM = "scenario_problem"
WARNINGS = "scenario_warnings"
MOVES = "what_if_moves"  # what the browser moved since the last run of the page: see lib.view.live.request
MEASURE = "what_if_measure"  # what the map shows
BESIDE = "what_if_beside"  # whether the base year's map stands beside that of the year shown
SEEN = "what_if_seen"  # the number of the moves that were taken last, and the chart definitions that the browser has


def scenario_key(service: str) -> str:
    """Where a session keeps its scenario of a service."""
    return f"scenario_of_{service}"


def named_key(service: str) -> str:
    """Where a session keeps its scenario of a service as the reader named it, opened it or saved it."""
    return f"scenario_named_{service}"


def named(service: str) -> Scenario | None:
    """The session's scenario of a service as the reader named it, opened it or saved it; None where they did not."""
    found = st.session_state.get(named_key(service))
    return found if isinstance(found, Scenario) else None


def started_from(pack: Pack, scenario: Scenario) -> Scenario:
    """What the reader started from, over the years that they look at: where nothing says it, the default."""
    origin = origin_of(pack, scenario, named(scenario.service)) or default_scenario(pack, scenario.service)
    return shortened(pack, with_values(origin, {YEARS: scenario.years}))


def read_link(pack: Pack, text: str) -> Scenario | None:
    """The scenario of a link; None where it cannot be opened, which is then said."""
    try:
        return from_link(text, pack)
    except ScenarioError as error:
        st.session_state[PROBLEM] = str(error)
        return None


def forget(service: str) -> None:
    """Work on the default scenario of a service again."""
    for key in (scenario_key(service), named_key(service)):
        st.session_state.pop(key, None)
    st.session_state[PROBLEM] = st.session_state[WARNINGS] = None


def take(pack: Pack, scenario: Scenario) -> None:
    """Work on a scenario that was opened from a link, a file or the store, and say what is odd about it.

    One that runs beyond the population projection has as many years as that allows.
    """
    taken = truly_named(pack, shortened(pack, scenario))
    st.session_state[scenario_key(scenario.service)] = st.session_state[named_key(scenario.service)] = taken
    st.session_state["service"] = scenario.service
    st.session_state[WARNINGS] = warnings_of(scenario, pack)


def current(pack: Pack, service: str) -> Scenario:
    """The session's scenario of a service; the service's default where it has none yet, or none that fits the pack.

    A scenario was checked against the pack of its time: where the files were replaced since, it is checked again, and
    another population projection may allow other years.
    """
    key = scenario_key(service)
    found = st.session_state.get(key)
    if isinstance(found, Scenario) and st.session_state.get(f"{key}_pack", pack.key) != pack.key:
        try:
            found = st.session_state[key] = with_levers(pack, shortened(pack, found), {})
        except ScenarioError as error:
            found = st.session_state[key] = None
            st.session_state[PROBLEM] = f"The scenario does not fit the new data pack, and was left: {error}"
    st.session_state[f"{key}_pack"] = pack.key
    if isinstance(found, Scenario) and most_years(pack, found):
        return shortened(pack, found)
    return default_scenario(pack, service)


def change(pack: Pack, service: str, changes: dict[str, Any]) -> None:
    """Move levers (or set name, rationale, years). What the scenario's limits refuse changes nothing and is said.

    A scenario whose levers move is not what its name says: see lib.whatif.scenarios.presets.truly_named.
    """
    try:
        changed = moved(pack, current(pack, service).document(), changes, named(service))
        if "name" in changes:
            st.session_state[named_key(service)] = changed
        st.session_state[scenario_key(service)] = changed
        st.session_state[PROBLEM] = None
    except ScenarioError as error:
        st.session_state[PROBLEM] = str(error)


def take_moves(pack: Pack, service: str) -> bool:
    """Take what the browser moved since the last run of the page; whether there was anything.

    The moves are a request as the route gets it, and are checked like one; what they leave out stands as it does here.
    What the limits refuse changes nothing and is said. They may be of the service that was shown before.
    """
    moves = st.session_state.pop(MOVES, None)
    if not isinstance(moves, Mapping):
        return False
    asked = {name: value for name, value in moves.items() if value is not None}
    of = asked.get("service")
    if not isinstance(of, str) or of not in pack.manifest.services:
        of = service
    own = named(of)
    stands = {"scenario": current(pack, of).document(), "measure": st.session_state.get(MEASURE)}
    asked = {name: value for name, value in stands.items() if value is not None} | asked
    asked |= {"service": of, "pack": pack.key, "named": None if own is None else own.document()}
    number, year = asked.get("n"), asked.get(YEAR)
    number = number if isinstance(number, int) else seen()[0]
    st.session_state[SEEN] = (number, ())
    try:
        request = request_of(asked)
        st.session_state[scenario_key(of)] = moved_scenario(pack, request)
        st.session_state[PROBLEM] = None
    except ScenarioError as error:
        st.session_state[PROBLEM] = str(error)
        return True
    st.session_state[SEEN] = (number, request.known)
    st.session_state[MEASURE] = request.measure
    if isinstance(asked.get("beside"), bool):
        st.session_state[BESIDE] = asked["beside"]
    if isinstance(year, int) and of == service:
        st.session_state[YEAR] = str(year)
    return True


def seen() -> tuple[int, tuple[str, ...]]:
    """The number of the moves that were taken last, and the chart definitions that the browser has."""
    found: tuple[int, tuple[str, ...]] = st.session_state.get(SEEN, (0, ()))
    return found


def open_file(pack: Pack, data: bytes, name: str) -> None:
    """Work on the scenario of an uploaded file; a wrong one changes nothing and is said in one sentence."""
    try:
        take(pack, read_scenario(data, pack, name=name, any_years=True))
        st.session_state[PROBLEM] = None
    except ScenarioError as error:
        st.session_state[PROBLEM] = str(error)


def scenario_text(pack: Pack, service: str) -> str:
    """The session's scenario of a service as a link says it; the default needs no words."""
    scenario = current(pack, service)
    return "" if scenario == default_scenario(pack, service) else to_link(scenario, pack)


def said_by(pack: Pack, text: str) -> tuple[str, str]:
    """The service of a link's scenario, and the scenario as `scenario_text` writes it; "" where it cannot be opened."""
    try:
        scenario = from_link(text, pack)
    except ScenarioError:
        return "", ""
    return scenario.service, "" if scenario == default_scenario(pack, scenario.service) else to_link(scenario, pack)
