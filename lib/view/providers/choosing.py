"""Choosing a lot or providers: by click, by box and by link."""

from __future__ import annotations

import streamlit as st

from lib.market.ranked_lists.call_off import Lot
from lib.market.ranked_lists.wording import provider_labels
from lib.market.selection import cohorts_of, service_types_of
from lib.pack.load import Pack
from lib.view.market.filters import area_key
from lib.view.widgets.switch import switch


def choose_cohort(pack: Pack, service: str) -> str:
    """The cohort that grids and lists show; without a choice to make, no switch."""
    cohorts = cohorts_of(pack, service)
    if len(cohorts) == 1:
        return cohorts[0]
    labels = {code: pack.label("cohorts", code) for code in cohorts}
    return switch("Cohort", labels, key=f"lot_cohort_{service}")


def types_for(pack: Pack, service: str, cohort: str) -> list[str]:
    """The service types that make a lot with a cohort."""
    lots = pack.lots_of(service)
    known = set(lots.loc[lots["cohort"] == cohort, "service_type"])
    return [code for code in service_types_of(pack, service) if code in known]


def choose_lot(pack: Pack, service: str, cohort: str, first: str) -> Lot:
    """District and service type in two boxes: the same choice as a click on the grid. first: the default district."""
    names = pack.district_names()
    types = types_for(pack, service, cohort)
    left, right = st.columns(2, gap="small")
    with left:
        district = st.selectbox(
            "District",
            list(names),
            index=None,
            format_func=lambda code: names.get(code, code),
            placeholder=names[first],
            key=area_key("district"),
            bind="query-params",
        )
    with right:
        labels = {code: pack.label("service_types", code) for code in types}
        service_type = st.selectbox(
            "Service type",
            types,
            format_func=lambda code: labels.get(code, code),
            key=f"lot_type_{service}",
            bind="query-params",
        )
    return Lot(
        service,
        district if district in names else first,
        service_type if service_type in types else types[0],
        cohort,
    )


def choose_on_grid(service: str, district: str, service_type: str) -> None:
    """Take a click on a cell as the choice of its lot."""
    st.session_state[area_key("district")] = district
    st.session_state[f"lot_type_{service}"] = service_type


def provider_ids(pack: Pack, service: str) -> list[str]:
    """The providers of a service, in order of name."""
    capacity = pack.table("capacity")
    listed = set(capacity.loc[capacity["service"] == service, "provider_id"])
    return [code for code in provider_labels(pack) if code in listed]


def choose_providers(pack: Pack, service: str, label: str, key: str, help: str) -> tuple[str, ...]:
    """Some providers of a service."""
    ids, names = provider_ids(pack, service), provider_labels(pack)
    chosen = st.multiselect(
        label,
        ids,
        format_func=lambda code: names.get(code, code),
        placeholder="None",
        key=f"{key}_{service}",
        bind="query-params",
        help=help,
    )
    return tuple(code for code in chosen if code in set(ids))
