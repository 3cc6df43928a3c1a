"""The levers of the what-if: each a slider with a number box, its unit, its default and where that comes from."""

from __future__ import annotations

from functools import partial
from typing import Any, get_args

import pandas as pd
import streamlit as st

from lib.market.published.context import beside_lever
from lib.pack.load import Pack
from lib.view.what_if.state import PROBLEM, WARNINGS, change, current, scenario_key
from lib.view.widgets.slider import draw_pair, stale
from lib.view.widgets.text import escape_markdown
from lib.whatif.cohorts import turns_18
from lib.whatif.scenarios.documents import can_have, most_years
from lib.whatif.scenarios.levers import Group, Lever, show_value
from lib.whatif.scenarios.presets import default_of, preset_scenario, presets
from lib.whatif.scenarios.scenario import LEVERS, TURNING_18, YEARS, Scenario, lever_values

NEEDED: Group = "What it would take"  # stands on the tab of that name; the other groups stand above the map
GROUPS = tuple(group for group in get_args(Group) if group != NEEDED)


def choose_preset(pack: Pack, service: str) -> None:
    """Start again from a ready-made scenario."""
    names = [preset.name for preset in presets(pack, service)]
    key = f"preset_{service}"

    def apply() -> None:
        name = st.session_state[key]
        if name in names:
            years = current(pack, service).years
            st.session_state[scenario_key(service)] = preset_scenario(pack, service, name, years)
            st.session_state[WARNINGS] = st.session_state[PROBLEM] = None
        st.session_state[key] = None

    st.selectbox(
        "Start from", names, index=None, placeholder="a ready-made scenario", key=key, on_change=apply, filter_mode=None
    )


def levers_in(pack: Pack, service: str, group: Group) -> list[Lever]:
    """The levers of a group that a service can have, the prominent first."""
    found = [lever for lever in LEVERS.values() if lever.group == group and can_have(pack, service, lever)]
    return sorted(found, key=lambda lever: not lever.prominent)


def lever_groups(pack: Pack, service: str) -> None:
    """The levers in three groups, side by side: what matters most stands open, the rest is one click away."""
    scenario = current(pack, service)
    for column, group in zip(st.columns(len(GROUPS), gap="medium"), GROUPS, strict=True):
        with column:
            levers = levers_in(pack, service, group)
            for lever in levers:
                if lever.prominent:
                    draw_lever(pack, scenario, lever)
            more = st.expander(f"More: {group.lower()}", key=f"more_{group}", on_change="rerun")
            # What is closed is not drawn, so that a slider step stays small.
            if more.open:
                with more:
                    for lever in levers:
                        if not lever.prominent:
                            draw_lever(pack, scenario, lever)


def draw_needed_levers(pack: Pack, scenario: Scenario) -> None:
    """The levers of what it would take, side by side."""
    levers = levers_in(pack, scenario.service, NEEDED)
    for column, lever in zip(st.columns(len(levers), gap="medium"), levers, strict=True):
        with column:
            draw_lever(pack, scenario, lever)


def draw_lever(pack: Pack, scenario: Scenario, lever: Lever) -> None:
    """One lever, by its kind."""
    if lever.kind == "switch":
        draw_switch(pack, scenario, lever)
    elif lever.kind == "by_district":
        draw_district_growth(pack, scenario, lever)
    elif lever.kind == "providers":
        draw_exits(pack, scenario, lever)
    else:
        draw_number(pack, scenario, lever)
    if lever.caveat:
        st.caption(escape_markdown(lever.caveat))
    for one in beside_lever(pack, scenario.service, lever.id):
        st.caption(escape_markdown(f"For comparison ({one.figure.status}): {one.words}. {one.remark}".strip()))
    if lever.id == TURNING_18:
        offer_other_service(pack, scenario)


def offer_other_service(pack: Pack, scenario: Scenario) -> None:
    """A button that opens the service at the other end of turning 18, with the same number, where there is one."""
    number = scenario.demand.turning_18_per_year
    others = [code for code in pack.manifest.services if code != scenario.service and turns_18(pack, code)]
    if not number or not others:
        return

    def follow() -> None:
        change(pack, others[0], {TURNING_18: number})
        st.session_state["service"] = others[0]

    words = f"Open {pack.service(others[0]).label} with the same number"
    st.button(escape_markdown(words), key=f"other_service_{scenario.service}", on_click=follow)


def default_words(pack: Pack, scenario: Scenario, lever: Lever) -> str:
    """A lever's unit, its default and where that comes from."""
    default = default_of(pack, scenario.service, lever)
    source = f": {default.source.rstrip('.')}" if default.source else ""
    return f"Default {show_value(lever, default.value)} ({default.status}{source})."


def drawn_key(service: str, lever: Lever) -> str:
    """Where the session keeps the value of a lever that its slider and its box were last drawn with."""
    return f"drawn_{service}_{lever.id}"


def moved_by(pack: Pack, service: str, lever: Lever, key: str, other: str = "") -> None:
    """Take a widget's value into the scenario. The browser's limits are no limits: the scenario checks.

    other: the widget beside it that shows the same value; see lib.view.widgets.slider.stale.
    """
    value, drawn = st.session_state[key], st.session_state.get(drawn_key(service, lever))
    last = f"last_moved_{service}_{lever.id}"
    if other and stale(value, st.session_state[other], drawn, st.session_state.get(last) == other):
        return
    st.session_state[last] = key
    change(pack, service, {lever.id: int(value) if lever.kind == "whole" else value})


def draw_number(pack: Pack, scenario: Scenario, lever: Lever) -> None:
    """A slider and a number box that show the same value."""
    whole = lever.kind == "whole"
    kind: Any = int if whole else float  # a slider wants all its numbers of one type
    most = most_years(pack, scenario) if lever.id == YEARS else lever.high
    value, low, high, step = map(kind, (lever_values(scenario)[lever.id], lever.low, most, lever.step))
    st.session_state[drawn_key(scenario.service, lever)] = value
    slider, box = (f"{widget}_{scenario.service}_{lever.id}" for widget in ("slider", "box"))
    draw_pair(
        f"{lever.label} ({lever.unit})",
        low,
        high,
        step,
        value,
        keys=(slider, box),
        take=partial(moved_by, pack, scenario.service, lever),
        help=escape_markdown(f"{lever.meaning} {default_words(pack, scenario, lever)}"),
        places="%d" if whole else "%.2f" if lever.step < 0.5 else "%.1f",
        sliding=lever.slides,
    )
    st.caption(escape_markdown(default_words(pack, scenario, lever)))


def draw_switch(pack: Pack, scenario: Scenario, lever: Lever) -> None:
    """A lever that is on or off."""
    key = f"switch_{scenario.service}_{lever.id}"
    value = bool(lever_values(scenario)[lever.id])
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    moved = partial(moved_by, pack, scenario.service, lever, key)
    st.toggle(lever.label, key=key, on_change=moved, help=escape_markdown(lever.meaning))
    st.caption(escape_markdown(default_words(pack, scenario, lever)))


def draw_district_growth(pack: Pack, scenario: Scenario, lever: Lever) -> None:
    """A lever with a number for each district, in a table to fill in; an empty cell follows the county."""
    names = pack.district_names()
    own: Any = lever_values(scenario)[lever.id]
    # A new table wherever the scenario changed elsewhere: the editor keeps only what was typed into it.
    key = f"districts_{scenario.service}_{lever.id}_{hash(tuple(sorted(own.items())))}"
    table = pd.DataFrame({"District": list(names.values()), "growth": [own.get(code) for code in names]}).astype(
        {"growth": "float64"}
    )

    def edited() -> None:
        typed = st.session_state[key]["edited_rows"]
        growth = dict(own)
        for row, cells in typed.items():
            code = list(names)[int(row)]
            if cells.get("growth") is None:
                growth.pop(code, None)
            else:
                growth[code] = float(cells["growth"])
        change(pack, scenario.service, {lever.id: growth})

    st.markdown(f"{lever.label} ({lever.unit})", help=escape_markdown(lever.meaning))
    st.data_editor(
        table,
        key=key,
        hide_index=True,
        on_change=edited,
        disabled=["District"],
        height=210,
        placeholder="as the county",
        column_config={
            "growth": st.column_config.NumberColumn(
                "Own growth", min_value=lever.low, max_value=lever.high, step=lever.step, format="%.1f%%"
            )
        },
    )


def draw_exits(pack: Pack, scenario: Scenario, lever: Lever) -> None:
    """A lever that is a list of providers."""
    capacity = pack.table("capacity")
    ids = sorted(set(capacity.loc[capacity["service"] == scenario.service, "provider_id"]))
    names = pack.table("providers").set_index("provider_id")["provider_name"].to_dict()
    key = f"providers_{scenario.service}_{lever.id}"
    value: Any = lever_values(scenario)[lever.id]
    chosen = list(value)
    if st.session_state.get(key) != chosen:
        st.session_state[key] = chosen

    def moved() -> None:
        change(pack, scenario.service, {lever.id: sorted(st.session_state[key])})

    st.multiselect(
        lever.label, ids, format_func=lambda code: str(names.get(code, code)), key=key, on_change=moved,
        placeholder="None", help=escape_markdown(lever.meaning),
    )  # fmt: skip
