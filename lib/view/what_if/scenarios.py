"""Scenarios that last: name, save, rename, duplicate, delete, send as a file, compare."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from lib.charts.year_map import gap_scale
from lib.market.about import About, Heads, for_file
from lib.market.basis import Basis, standing
from lib.market.sharing import safe_name
from lib.market.wording import financial_year, show
from lib.pack.load import Pack
from lib.view.map.area_map import area_map
from lib.view.market.figures import State
from lib.view.what_if.figures import outcome
from lib.view.what_if.state import PROBLEM, change, open_file, take
from lib.view.widgets.chart_downloads import offer_csv
from lib.view.widgets.table import draw_table
from lib.view.widgets.text import escape_markdown, status_badge
from lib.whatif.about import about_scenario
from lib.whatif.basis import projection_basis
from lib.whatif.scenarios.documents import ScenarioError, read_scenario, shortened
from lib.whatif.scenarios.presets import differences, preset_scenario, presets
from lib.whatif.scenarios.scenario import NAME_LENGTH, RATIONALE_LENGTH, Scenario
from lib.whatif.scenarios.store import Saved, ScenarioGoneError, ScenarioStore
from lib.whatif.tables import COMPARED, compared

OPENED = "scenario_opened"  # the saved scenario that the session works on, as it was read
NOTICE = "scenario_notice"
LARGEST_MEGABYTES = 1


@st.cache_resource(show_spinner=False)
def store() -> ScenarioStore:
    """The store: the database of secrets (connections.scenarios.url), else a SQLite file in the user's own folder."""
    url = None
    try:
        configured = "scenarios" in st.secrets.get("connections", {})
    except FileNotFoundError:
        configured = False
    if not configured:
        folder = Path(os.environ.get("SCENARIOS") or Path.home() / ".care-market")
        folder.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{folder / 'scenarios.db'}"
    connection = st.connection("scenarios", type="sql", url=url) if url else st.connection("scenarios", type="sql")
    return ScenarioStore(connection.engine)


def told_of(pack: Pack, scenario: Scenario, title: str, inputs: Basis, *, internal: bool = True) -> About:
    """What must stand with a scenario's figures, by whoever works on it."""
    return about_scenario(pack, scenario, title, inputs, internal=internal, author=who())


def who() -> str:
    """Who works on the scenario, in their own words."""
    return str(st.session_state.get("author") or "not said")


def draw_scenarios(pack: Pack, state: State, scenario: Scenario) -> None:
    """Name and save; the saved ones; files; comparison."""
    try:
        saved = store().listed()
    except (SQLAlchemyError, OSError) as error:
        st.error(f"Saved scenarios cannot be read: {escape_markdown(type(error).__name__)}. The levers still work.")
        saved = []
    notice = st.session_state.pop(NOTICE, None)
    if notice:
        st.success(escape_markdown(notice))
    left, right = st.columns(2, gap="large")
    with left:
        draw_words(pack, scenario)
        draw_save(pack, scenario)
    with right:
        draw_saved(pack, saved)
        draw_files(pack, scenario)
    draw_comparison(pack, state, scenario, saved)


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


def attempt(action: Callable[[], Saved | None], done: str) -> None:
    """Do something with the store and say that it is done, or what went wrong."""
    try:
        result = action()
    except ScenarioGoneError:
        st.session_state[NOTICE] = "That scenario was deleted meanwhile."
    except ScenarioError as error:
        st.session_state[PROBLEM] = str(error)
    except SQLAlchemyError as error:
        st.session_state[PROBLEM] = f"The scenario could not be saved: {type(error).__name__}."
    else:
        name = result.name if isinstance(result, Saved) else ""
        st.session_state[NOTICE] = done.format(name=name)


def draw_save(pack: Pack, scenario: Scenario) -> None:
    """Save as a new scenario, or over the one that was opened."""
    opened = st.session_state.get(OPENED)
    author = str(st.session_state.get("author") or "")

    def save_new() -> Saved:
        one = store().add(scenario.name, scenario.service, pack.manifest.name, scenario.to_json(pack), author)
        st.session_state[OPENED] = one
        change(pack, scenario.service, {"name": one.name})
        return one

    def save_over(opened: Saved) -> Saved:
        one = store().save(opened, scenario.to_json(pack), author)
        st.session_state[OPENED] = one
        return one

    with st.container(horizontal=True):
        st.button("Save as new", on_click=partial(attempt, save_new, "Saved as {name}."), type="primary")
        if isinstance(opened, Saved) and opened.service == scenario.service:
            st.button(
                f"Save over {escape_markdown(opened.name)}",
                on_click=partial(attempt, partial(save_over, opened), "Saved as {name}."),
            )


def draw_saved(pack: Pack, saved: list[Saved]) -> None:
    """The saved scenarios: open, rename, duplicate, delete."""
    st.subheader(f"Saved scenarios ({len(saved)})", anchor=False)
    if not saved:
        st.markdown("None yet: save this one, and it stays for the next meeting.")
        return
    by_id = {one.id: one for one in saved}
    chosen = st.selectbox(
        "Scenario", list(by_id), key="saved_chosen",
        format_func=lambda code: f"{by_id[code].name} ({pack_label(pack, by_id[code])})" if code in by_id else code,
    )  # fmt: skip
    one = by_id.get(str(chosen), saved[0])
    st.caption(escape_markdown(f"Saved {one.saved_at:%d %B %Y %H:%M} UTC{f' by {one.author}' if one.author else ''}."))

    def open_it() -> Saved:
        read = read_scenario(one.document, pack, name=one.name, any_years=True)
        take(pack, read.model_copy(update={"name": one.name}))
        st.session_state[OPENED] = one
        st.session_state[PROBLEM] = None
        return one

    # A box of its own for each name: it would keep the text of the scenario chosen before.
    new_name = f"new_name_{one.id}_{one.version}"

    def rename() -> Saved:
        return store().rename(one.id, st.session_state.get(new_name) or one.name)

    with st.container(horizontal=True):
        st.button("Open", on_click=partial(attempt, open_it, "Opened {name}."))
        st.button("Duplicate", on_click=partial(attempt, lambda: store().duplicate(one.id), "Saved as {name}."))
        with st.popover("Rename"):
            st.text_input("New name", value=one.name, max_chars=NAME_LENGTH, key=new_name)
            st.button("Rename it", on_click=partial(attempt, rename, "Now called {name}."))
        with st.popover("Delete"):
            st.markdown(f"Delete {escape_markdown(one.name)} for everybody?")
            st.button("Delete it", on_click=partial(attempt, lambda: store().delete(one.id), "Deleted."))


def pack_label(pack: Pack, one: Saved) -> str:
    """The service of a saved scenario, and its pack where that is another."""
    known = pack.manifest.services.get(one.service)
    service = known.label if known else one.service
    return service if one.pack_name == pack.manifest.name else f"{service}, {one.pack_name}"


def draw_files(pack: Pack, scenario: Scenario) -> None:
    """The scenario as a file, and back."""
    st.download_button(
        "Download this scenario (JSON)",
        lambda: scenario.to_json(pack),
        file_name=safe_name(f"{scenario.service}_scenario.json"), mime="application/json", on_click="ignore",
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
            "shown": [f"{show(value, 'hours')} hours a week" for value in changes],
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
