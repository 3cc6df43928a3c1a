"""Scenarios that last: name, save, send as a file, compare."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib.charts.year_map import gap_scale
from lib.market.about import About, Heads, for_file
from lib.market.basis import Basis, standing
from lib.market.sharing import internal_name, safe_name
from lib.market.units import UNITS
from lib.market.wording import financial_year
from lib.pack.load import Pack
from lib.view.map.area_map import area_map
from lib.view.market.figures import State
from lib.view.what_if.figures import outcome
from lib.view.what_if.saved import draw_save, draw_saved, draw_standing, reached
from lib.view.what_if.state import change, open_file
from lib.view.widgets.chart_downloads import NOT_TO_SHARE, offer_csv
from lib.view.widgets.table import draw_table
from lib.view.widgets.text import escape_markdown, status_badge
from lib.whatif.about import about_scenario
from lib.whatif.basis import projection_basis
from lib.whatif.scenarios.documents import ScenarioError, read_scenario, shortened
from lib.whatif.scenarios.presets import differences, preset_scenario, presets
from lib.whatif.scenarios.saved import Saved
from lib.whatif.scenarios.scenario import NAME_LENGTH, RATIONALE_LENGTH, Scenario
from lib.whatif.tables import COMPARED, compared

LARGEST_MEGABYTES = 1


def told_of(pack: Pack, scenario: Scenario, title: str, inputs: Basis, *, internal: bool = True) -> About:
    """What must stand with a scenario's figures, by whoever works on it."""
    return about_scenario(pack, scenario, title, inputs, internal=internal, author=who())


def who() -> str:
    """Who works on the scenario, in their own words."""
    return str(st.session_state.get("author") or "not said")


def draw_scenarios(pack: Pack, state: State, scenario: Scenario) -> None:
    """Name and save; the saved ones; files; comparison."""
    shelf = reached()
    draw_standing(shelf)
    left, right = st.columns(2, gap="large")
    with left:
        draw_words(pack, scenario)
        draw_save(pack, scenario, shelf)
    with right:
        draw_saved(pack, shelf)
        draw_files(pack, scenario)
    draw_comparison(pack, state, scenario, shelf.saved)


def draw_words(pack: Pack, scenario: Scenario) -> None:
    """Name, rationale and author of the scenario."""
    st.subheader("This scenario", anchor=False)
    keys = {"name": f"words_name_{scenario.service}", "rationale": f"words_rationale_{scenario.service}"}
    for field, key in keys.items():
        if st.session_state.get(key) != getattr(scenario, field):
            st.session_state[key] = getattr(scenario, field)

    def typed(field: str) -> None:
        change(pack, scenario.service, {field: st.session_state[keys[field]]})

    st.text_input("Name", key=keys["name"], max_chars=NAME_LENGTH, on_change=typed, args=("name",))
    st.text_area(
        "Rationale: why these levers", key=keys["rationale"], max_chars=RATIONALE_LENGTH, on_change=typed,
        args=("rationale",), height=100,
    )  # fmt: skip
    st.text_input("Who", key="author", max_chars=200, persist_state="session", help="Stands in the assumptions log.")


def draw_files(pack: Pack, scenario: Scenario) -> None:
    """The scenario as a file, and back."""
    name = safe_name(f"{scenario.service}_scenario.json")
    # It holds levers and no figure of the market, and names its pack. Some levers name providers or districts.
    internal = bool(scenario.supply.provider_exits or scenario.demand.district_need_growth_pct)
    st.download_button(
        "Download this scenario (JSON)",
        lambda: scenario.to_json(pack),
        file_name=internal_name(name) if internal else name, mime="application/json", on_click="ignore",
        help=NOT_TO_SHARE if internal else None,
    )  # fmt: skip

    def uploaded() -> None:
        file = st.session_state.get("scenario_file")
        if file is not None:
            open_file(pack, file.getvalue(), file.name)

    st.file_uploader(
        "Open a scenario file", type="json", key="scenario_file", on_change=uploaded,
        max_upload_size=LARGEST_MEGABYTES,
    )  # fmt: skip


def draw_comparison(pack: Pack, state: State, scenario: Scenario, saved: list[Saved]) -> None:
    """Two scenarios side by side: levers that differ, results, and the difference on the map."""
    st.subheader("Compare two scenarios", anchor=False)
    choices = comparable(pack, scenario, saved)
    names = list(choices)
    left, right = st.columns(2, gap="large")
    first = left.selectbox("First", names, index=min(1, len(names) - 1), key=f"compare_first_{scenario.service}")
    second = right.selectbox("Second", names, index=0, key=f"compare_second_{scenario.service}")
    one, other = choices.get(str(first)), choices.get(str(second))
    if one is None or other is None:
        return
    if one.years != other.years:
        st.warning(
            f"They run to different years, {one.years} and {other.years}: the figures below are of each one's own last "
            "year and cannot be compared like for like."
        )
    levers = differences(one, other, pack)
    if levers.empty:
        st.markdown("They move the same levers.")
    else:
        heads = {"label": "Lever", "unit": "Unit", "first": f"First: {first}", "second": f"Second: {second}"}
        st.table(
            levers[list(heads)]
            .map(escape_markdown)
            .rename(columns={k: escape_markdown(v) for k, v in heads.items()})
            .set_index("Lever")
        )
    results = compared(outcome(pack, state, one).summary, outcome(pack, state, other).summary)
    columns: Heads = {
        "District": "District",
        **{
            f"{side}: {label}": (f"{side}: {label}", unit)
            for label, unit in COMPARED.values()
            for side in ("First", "Second", "Change")
        },
    }
    draw_table(results, columns)
    inputs = projection_basis(pack, one) | projection_basis(pack, other)
    told = told_of(pack, scenario, f"First: {first}. Second: {second}", inputs)
    offer_csv(told, "This comparison (CSV)", lambda: for_file(results, columns), "comparison.csv")
    difference_map(pack, results, one, other)


def comparable(pack: Pack, scenario: Scenario, saved: list[Saved]) -> dict[str, Scenario]:
    """What can be compared: the levers as they stand, the presets, and the saved scenarios of the service."""
    found = {f"{scenario.name} (as the levers stand)": scenario}
    for preset in presets(pack, scenario.service):
        found.setdefault(preset.name, preset_scenario(pack, scenario.service, preset.name, scenario.years))
    for one in saved:
        if one.service == scenario.service:
            try:
                read = read_scenario(one.document, pack, name=one.name, any_years=True)
                found[f"{one.name} (saved)"] = shortened(pack, read)
            except ScenarioError:
                continue
    return found


def difference_map(pack: Pack, results: pd.DataFrame, one: Scenario, other: Scenario) -> None:
    """The second scenario's gap less the first's, on the map: orange is shorter than before, blue is better."""
    status = standing(pack, *(projection_basis(pack, each, "gap_hours") for each in (one, other)))
    districts = results.iloc[:-1]
    changes = [float(value) for value in districts["Change: net gap"]]
    year = financial_year(pack.service(one.service).base_year + one.years)
    st.subheader(f"Change of the net gap in {year}, second less first {status_badge(status)}", anchor=False)
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
        title=f"Map: change of the net gap in {year}, second less first. The same figures are in the table above.",
        height=360,
    )
