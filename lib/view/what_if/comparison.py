"""Scenarios side by side, one row each; and two of them district by district, with the difference on the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd
import streamlit as st

from lib.charts.year_map import gap_scale
from lib.market.about import About, Heads, for_file
from lib.market.basis import standing
from lib.market.units import UNITS
from lib.market.wording import financial_year
from lib.pack.load import Pack
from lib.view.map.area_map import area_map
from lib.view.market.figures import State
from lib.view.shell import is_dark
from lib.view.what_if.author import told_of
from lib.view.what_if.comparison_table import comparison_table
from lib.view.what_if.figures import summary_of
from lib.view.widgets.chart_downloads import offer_csv
from lib.view.widgets.table import draw_table
from lib.view.widgets.text import status_badge
from lib.whatif.basis import projection_basis
from lib.whatif.compare import (
    FEWEST,
    MOST,
    RESULTS,
    common_years,
    lever_heads,
    names_the_market,
    run_apart,
    side_by_side,
)
from lib.whatif.scenarios.documents import ScenarioError, read_scenario, shortened
from lib.whatif.scenarios.presets import default_scenario, preset_scenario, presets, same_but_years
from lib.whatif.scenarios.saved import Saved
from lib.whatif.scenarios.scenario import Scenario
from lib.whatif.summary import Summary
from lib.whatif.tables import COMPARED, compared

ON_SCREEN, DEFAULTS = "screen", "defaults"
AT_FIRST = 3  # scenarios that stand side by side before anybody chooses


class Candidate(NamedTuple):
    """A scenario that can be compared, and what people call it here."""

    label: str
    scenario: Scenario


def draw_comparison(pack: Pack, state: State, scenario: Scenario, saved: list[Saved]) -> None:
    """Two to six scenarios, one row each: what differs, what they come to, and a line on one scale."""
    choices = comparable(pack, scenario, saved)
    chosen, year, measure = choose(pack, choices, scenario.service)
    if len(chosen) < FEWEST:
        st.info(f"Choose {FEWEST} to {MOST} scenarios to see them side by side.")
        return
    scenarios = {choices[code].label: choices[code].scenario for code in chosen}
    summaries = {label: summary_of(pack, state, one) for label, one in scenarios.items()}
    inputs = [projection_basis(pack, one, *RESULTS) for one in scenarios.values()]
    label = financial_year(year)
    st.subheader(f"Side by side in {label} {status_badge(standing(pack, *inputs))}", anchor=False)
    apart = run_apart(list(scenarios.values()))
    if apart:
        st.warning(apart)
    if not lever_heads(scenarios, pack):
        st.markdown("They move the same levers.")
    comparison_table(pack, scenarios, summaries, year, measure, dark=is_dark())
    table, heads = side_by_side(scenarios, summaries, pack, year, measure)
    # The county's own figures; only the levers may name somebody.
    internal = any(names_the_market(one) for one in scenarios.values())
    whole = projection_basis(pack, scenario, *RESULTS)
    for one in inputs:
        whole |= one
    told = told_of(pack, scenario, f"{len(scenarios)} scenarios side by side in {label}", whole, internal=internal)
    offer_csv(told, "Scenarios side by side (CSV)", lambda: for_file(table, heads), "scenarios.csv")
    draw_two(pack, scenarios, summaries, year, told)


def comparable(pack: Pack, scenario: Scenario, saved: list[Saved]) -> dict[str, Candidate]:
    """What can be compared, by a code of its own: the levers as they stand, the presets, the levers' defaults where no
    preset has them, and the saved scenarios of the service. One that cannot be read here is left out."""
    service = scenario.service
    found = {ON_SCREEN: Candidate(f"{scenario.name} (as the levers stand)", scenario)}
    for preset in presets(pack, service):
        ready = preset_scenario(pack, service, preset.name, scenario.years)
        found.setdefault(f"preset {preset.name}", Candidate(preset.name, ready))
    plain = default_scenario(pack, service, scenario.years)
    if not any(same_but_years(plain, one.scenario) for code, one in found.items() if code != ON_SCREEN):
        found[DEFAULTS] = Candidate("The levers at their defaults", plain)
    for one in saved:
        if one.service == service:
            try:
                read = read_scenario(one.document, pack, name=one.name, any_years=True)
            except ScenarioError:
                continue
            found[f"saved {one.id}"] = Candidate(f"{one.name} (saved)", shortened(pack, read))
    return told_apart(found)


def told_apart(found: Mapping[str, Candidate]) -> dict[str, Candidate]:
    """The candidates with a number behind a label that another one has already."""
    seen: dict[str, int] = {}
    result = {}
    for code, one in found.items():
        seen[one.label] = seen.get(one.label, 0) + 1
        label = one.label if seen[one.label] == 1 else f"{one.label} {seen[one.label]}"
        result[code] = one._replace(label=label)
    return result


def first_of(choices: Mapping[str, Candidate]) -> list[str]:
    """The scenarios that stand side by side at first: no two with the same levers."""
    found: list[str] = []
    for code, one in choices.items():
        if len(found) < AT_FIRST and not any(same_but_years(one.scenario, choices[other].scenario) for other in found):
            found.append(code)
    return found


def choose(pack: Pack, choices: Mapping[str, Candidate], service: str) -> tuple[list[str], int, str]:
    """Which scenarios, and once for all of them a year and the measure of the lines."""
    key, year_key = f"compare_{service}", f"compare_year_{service}"
    kept = [code for code in st.session_state.get(key, first_of(choices)) if code in choices]
    if st.session_state.get(key) != kept:
        st.session_state[key] = kept
    st.subheader("Compare scenarios", anchor=False)
    which, when, what = st.columns([4, 1.2, 1.8], gap="medium")
    with which:
        chosen = st.multiselect(
            "Scenarios", list(choices), key=key, max_selections=MOST,
            format_func=lambda code: choices[code].label, persist_state="session",
            help=f"{FEWEST} to {MOST}, all of this service. Save a scenario to have it here.",
        )  # fmt: skip
    years = common_years([choices[code].scenario for code in chosen or choices], pack)
    if st.session_state.get(year_key) not in years:
        st.session_state[year_key] = years[-1]
    with when:
        year = st.selectbox("Year", years, key=year_key, format_func=financial_year, persist_state="session")
    with what:
        measure = st.selectbox(
            "Lines show", list(RESULTS), key="compare_measure", format_func=lambda code: RESULTS[code][0],
            persist_state="session",
        )  # fmt: skip
    return list(chosen), int(year), str(measure)


def draw_two(
    pack: Pack, scenarios: Mapping[str, Scenario], summaries: Mapping[str, Summary], year: int, told: About
) -> None:
    """Two of the rows district by district: both, the change from one to the other, and the change on the map."""
    service = next(iter(scenarios.values())).service
    st.subheader("Two of them, district by district", anchor=False)
    names = list(scenarios)
    left, right = st.columns(2, gap="large")
    first = choose_one(left, "First", names, 1, f"compare_first_{service}")
    second = choose_one(right, "Second", names, 0, f"compare_second_{service}")
    results = compared(summaries[first], summaries[second], year)
    columns: Heads = {
        "District": "District",
        **{
            f"{side}: {label}": (f"{side}: {label}", unit)
            for label, unit in COMPARED.values()
            for side in ("First", "Second", "Change")
        },
    }
    draw_table(results, columns)
    pair = [scenarios[first], scenarios[second]]
    inputs = projection_basis(pack, pair[0]) | projection_basis(pack, pair[1])
    named = told_of(pack, pair[1], f"First: {first}. Second: {second}. In {financial_year(year)}", inputs)
    offer_csv(named, "These two by district (CSV)", lambda: for_file(results, columns), "comparison.csv")
    difference_map(pack, results, pair, year)


def choose_one(place: object, label: str, names: Sequence[str], at_first: int, key: str) -> str:
    """One of the rows; another list of rows starts again where the choice is no longer among them."""
    if st.session_state.get(key) not in names:
        st.session_state[key] = names[at_first]
    with place:  # type: ignore[attr-defined]
        return str(st.selectbox(label, names, key=key, persist_state="session"))


def difference_map(pack: Pack, results: pd.DataFrame, pair: Sequence[Scenario], year: int) -> None:
    """The second scenario's gap less the first's, on the map: orange is shorter than before, blue is better."""
    status = standing(pack, *(projection_basis(pack, each, "gap_hours") for each in pair))
    districts = results.iloc[:-1]
    changes = [float(value) for value in districts["Change: net gap"]]
    label = financial_year(year)
    st.subheader(f"Change of the net gap in {label}, second less first {status_badge(status)}", anchor=False)
    scale = gap_scale(changes, "Change of the net gap (hours a week; above 0 is shorter)")
    rows = pd.DataFrame(
        {
            "district_code": list(pack.district_names()),
            "district_name": list(districts["District"]),
            "shown": [f"{UNITS['hours'].about(value)} hours a week" for value in changes],
            "colour": [scale.colour(value) or "" for value in changes],
            "lines": f"Status: {status}",
        }
    )
    area_map(
        pack,
        rows,
        scale,
        key="difference_map",
        title=f"Map: change of the net gap in {label}, second less first. The same figures are in the table above.",
        height=360,
    )
