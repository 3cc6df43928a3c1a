"""The levers of the what-if: what the live screen shows of each, and those that are lists, as tables to fill in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

import pandas as pd
import streamlit as st

from lib.market.published.context import beside_lever
from lib.pack.load import Pack
from lib.view.what_if.state import PROBLEM, WARNINGS, change, current, scenario_key
from lib.view.widgets.text import escape_markdown
from lib.whatif.cohorts import turns_18
from lib.whatif.scenarios.documents import can_have, most_years
from lib.whatif.scenarios.levers import Group, Kind, Lever, show_value
from lib.whatif.scenarios.presets import default_of, preset_scenario, presets
from lib.whatif.scenarios.scenario import LEVERS, TURNING_18, YEARS, Scenario, lever_values

NEEDED: Group = "What it would take"  # stands on the tab of that name; the other groups stand beside the map
GROUPS = tuple(group for group in get_args(Group) if group != NEEDED)
LISTS: tuple[Kind, ...] = ("by_district", "providers")  # of which no slider can show a value
MORE = "more_lists"


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
        "Start from", names, index=None, placeholder="a ready-made one", key=key, on_change=apply, filter_mode=None
    )


def levers_in(pack: Pack, service: str, group: Group) -> list[Lever]:
    """The levers of a group that a service can have, the prominent first."""
    found = [lever for lever in LEVERS.values() if lever.group == group and can_have(pack, service, lever)]
    return sorted(found, key=lambda lever: not lever.prominent)


def lever_groups(pack: Pack, scenario: Scenario) -> list[dict[str, Any]]:
    """The levers beside the map: what matters most in one group, the rest folded, one group each."""
    every = {group: levers_in(pack, scenario.service, group) for group in GROUPS}
    first = [lever for levers in every.values() for lever in levers if lever.prominent]
    rest = {group: [lever for lever in levers if not lever.prominent] for group, levers in every.items()}
    return [
        group_of(pack, scenario, "", first),
        *(group_of(pack, scenario, f"More: {group.lower()}", levers, folded=True) for group, levers in rest.items()),
    ]


def needed_group(pack: Pack, scenario: Scenario) -> list[dict[str, Any]]:
    """The levers of what it would take."""
    return [group_of(pack, scenario, "", levers_in(pack, scenario.service, NEEDED))]


def group_of(
    pack: Pack, scenario: Scenario, title: str, levers: Sequence[Lever], folded: bool = False
) -> dict[str, Any]:
    """A group as the live screen draws it, without the levers that are lists."""
    shown = [lever_words(pack, scenario, lever) for lever in levers if lever.kind not in LISTS]
    return {"title": title, "folded": folded, "levers": shown}


def lever_words(pack: Pack, scenario: Scenario, lever: Lever) -> dict[str, Any]:
    """A lever as the live screen draws it: its words and limits. Its value is in the picture."""
    most = most_years(pack, scenario) if lever.id == YEARS else lever.high
    whole = lever.kind == "whole"
    return {
        "id": lever.id,
        "label": lever.label,
        "unit": "" if lever.kind == "switch" else lever.unit,
        "kind": lever.kind,
        "low": lever.low,
        "high": most,
        "step": lever.step,
        "places": 0 if whole or lever.kind == "switch" else 2 if lever.step < 0.5 else 1,
        "slides": lever.slides and lever.low < most,
        "meaning": lever.meaning,
        "caption": "\n".join(captions(pack, scenario, lever)),
    }


def captions(pack: Pack, scenario: Scenario, lever: Lever) -> list[str]:
    """What stands beneath a lever: its default and where that is from, what must stand beside it, and comparisons."""
    beside = [
        f"For comparison ({one.figure.status}): {one.words}. {one.remark}".strip()
        for one in beside_lever(pack, scenario.service, lever.id)
    ]
    return [default_words(pack, scenario, lever), *([lever.caveat] if lever.caveat else []), *beside]


def default_words(pack: Pack, scenario: Scenario, lever: Lever) -> str:
    """A lever's unit, its default and where that comes from."""
    default = default_of(pack, scenario.service, lever)
    source = f": {default.source.rstrip('.')}" if default.source else ""
    return f"Default {show_value(lever, default.value)} ({default.status}{source})."


def draw_lists(pack: Pack, scenario: Scenario) -> None:
    """The levers that are lists, folded away: a district's own growth, and providers that leave."""
    more = st.expander("Single districts and providers", key=MORE, on_change="rerun")
    # What is closed is not drawn, so that a rerun stays small.
    if more.open:
        with more:
            for lever in LEVERS.values():
                if lever.kind == "by_district":
                    draw_district_growth(pack, scenario, lever)
                elif lever.kind == "providers":
                    draw_exits(pack, scenario, lever)
                    st.caption(escape_markdown(lever.caveat))


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
