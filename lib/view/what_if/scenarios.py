"""Scenarios that last: name, save, send as a file, compare, record."""

from __future__ import annotations

import streamlit as st

from lib.market.sharing import internal_name, safe_name
from lib.pack.load import Pack
from lib.view.market.figures import State
from lib.view.what_if.author import told_of as told_of
from lib.view.what_if.comparison import draw_comparison
from lib.view.what_if.record import draw_record
from lib.view.what_if.saved import draw_save, draw_saved, draw_standing, reached
from lib.view.what_if.state import change, open_file
from lib.view.widgets.chart_downloads import NOT_TO_SHARE
from lib.whatif.compare import names_the_market
from lib.whatif.scenarios.scenario import NAME_LENGTH, RATIONALE_LENGTH, Scenario

LARGEST_MEGABYTES = 1


def draw_scenarios(pack: Pack, state: State, scenario: Scenario) -> None:
    """Name and save; the saved ones; files; the decision record; comparison."""
    shelf = reached()
    draw_standing(shelf)
    left, right = st.columns(2, gap="large")
    with left:
        draw_words(pack, scenario)
        draw_save(pack, scenario, shelf)
    with right:
        draw_saved(pack, shelf)
        draw_files(pack, scenario)
    draw_record(pack, state, scenario)
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
    st.text_input(
        "Who", key="author", max_chars=200, persist_state="session",
        help="Stands in the assumptions log and the decision record.",
    )  # fmt: skip


def draw_files(pack: Pack, scenario: Scenario) -> None:
    """The scenario as a file, and back."""
    name = safe_name(f"{scenario.service}_scenario.json")
    # It holds levers and no figure of the market, and names its pack. Some levers name providers or districts.
    internal = names_the_market(scenario)
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
