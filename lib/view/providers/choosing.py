"""Choosing a lot or providers: by click, by box and by link."""

from __future__ import annotations

import streamlit as st

from lib.market.ranked_lists.call_off import Lot
from lib.market.selection import cohorts_of, service_types_of
from lib.pack.load import Pack
from lib.view.link.parameters import area_key, parameters
from lib.view.widgets.switch import switch


def choose_cohort(pack: Pack, service: str) -> str:
    """The cohort that grids and lists show; without a choice to make, no switch."""
    cohorts = cohorts_of(pack, service)
    if len(cohorts) == 1:
        return cohorts[0]
    key = f"lot_cohort_{service}"
    return switch("Cohort", parameters(pack)[key].labels, key=key)


def types_for(pack: Pack, service: str, cohort: str) -> list[str]:
    """The service types that make a lot with a cohort."""
    lots = pack.lots_of(service)
    known = set(lots.loc[lots["cohort"] == cohort, "service_type"])
    return [code for code in service_types_of(pack, service) if code in known]


def choose_lot(pack: Pack, service: str, cohort: str, first: str) -> Lot:
    """District and service type in two boxes: the same choice as a click on the grid. first: the default district."""
    names = parameters(pack)[area_key("district")].labels
    types = types_for(pack, service, cohort)
    left, right = st.container(key="lot_choices").columns(2, gap="small")
    with left:
        district = st.selectbox(
            "District",
            list(names),
            index=None,
            format_func=lambda code: names[code],
            placeholder=names[first],
            key=area_key("district"),
        )
    with right:
        key = f"lot_type_{service}"
        labels = parameters(pack)[key].labels
        if st.session_state.get(key) not in types:  # chosen with another cohort
            st.session_state[key] = types[0]
        service_type = st.selectbox("Service type", types, format_func=lambda code: labels[code], key=key)
    return Lot(service, district or first, str(service_type), cohort)


def choose_on_grid(service: str, district: str, service_type: str) -> None:
    """Take a click on a cell as the choice of its lot."""
    st.session_state[area_key("district")] = district
    st.session_state[f"lot_type_{service}"] = service_type


def choose_providers(pack: Pack, label: str, key: str, help: str) -> tuple[str, ...]:
    """Some providers of a service. key: of the parameter of the link that they are."""
    names = parameters(pack)[key].labels
    chosen = st.multiselect(
        label, list(names), format_func=lambda code: names[code], placeholder="None", key=key, help=help
    )
    return tuple(chosen)
