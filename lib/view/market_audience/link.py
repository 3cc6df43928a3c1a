"""The link of the provider's view: the service, its filters and the district, read at the start and kept up to date.

Read as forgivingly as the commissioners' links, and of what it says nothing else is taken: see lib.market.link.
"""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.market.link import Parameter, to_query, understood
from lib.market.selection import DISTRICT
from lib.publish.cells import ALL
from lib.publish.publication import Publication
from lib.view.link.session import address
from lib.view.link.showing import is_said, showing, written
from lib.view.market_audience.choices import Asked, area_key, choice_key
from lib.view.market_audience.shown import View, one_of

SERVICE_KEY = "shared_service"  # where the session keeps the service
SERVICE, SERVICE_TYPE, COHORT, AREA = "service", "service_type", "cohort", "district"
AMONG = "of this publication"
READ = "shared_link_read"


def open_link(publication: Publication) -> str:
    """At the start of the page: take what its link says, where a reader just came or went back; what is not understood.

    The answer is one line of plain text, "" where all is understood.
    """
    run = get_script_run_ctx()
    back = run is not None and run.is_history_navigation
    service = service_parameter(publication)
    first = understood([service], address())
    arrived = back or not st.session_state.get(READ)
    if arrived:
        st.session_state[READ] = True
        if back or SERVICE in first.view:
            st.session_state[SERVICE_KEY] = service.chosen(first.view)[0]
    code = service.known([str(st.session_state.get(SERVICE_KEY, ""))]) or service.start
    view = View(publication, code[0])
    found = understood([service, *filters(view)], address())
    if arrived:
        for name, key in keys(view).items():
            if name in found.view:
                st.session_state[key] = found.view[name][0]
            elif back:
                st.session_state.pop(key, None)
    return found.sentence


def service_parameter(publication: Publication) -> Parameter:
    """The service: the first where the link says none."""
    labels = {code: one.label for code, one in publication.about.services.items()}
    first = next(iter(labels))
    return Parameter(SERVICE, "service", labels, f"{labels[first]} is shown", (first,), among=AMONG)


def filters(view: View) -> list[Parameter]:
    """The filters of a service and its districts; all of them where the link says none."""
    rows = view.rows("demand")
    if rows.empty:
        return []
    districts = one_of(rows, area_kind=DISTRICT)
    found = []
    for name, noun, codes, names in (
        (SERVICE_TYPE, "service type", rows["service_type"], rows["service_type_name"]),
        (COHORT, "cohort", rows["cohort"], rows["cohort_name"]),
        (AREA, "district", districts["area_code"], districts["area_name"]),
    ):
        labels = {ALL: f"all {noun}s"} | dict(zip(codes, names, strict=True))
        found.append(Parameter(name, noun, labels, f"all {noun}s are shown", (ALL,), among=AMONG))
    return found


def keys(view: View) -> dict[str, str]:
    """Where the session keeps each filter of a service."""
    return {
        SERVICE_TYPE: choice_key(view, SERVICE_TYPE),
        COHORT: choice_key(view, COHORT),
        AREA: area_key(view),
    }


def write_link(view: View, asked: Asked) -> None:
    """Let the address say what is looked at. One that says so in other words stays as it is: it is the reader's own."""
    known = [service_parameter(view.publication), *filters(view)]
    now = {SERVICE: (view.service,), SERVICE_TYPE: (asked.service_type,), COHORT: (asked.cohort,), AREA: (asked.area,)}
    query, showing_now = to_query(known, now), showing()
    if query != to_query(known, understood(known, address()).view) or not is_said(showing_now):
        st.query_params.from_dict({name: codes[0] for name, codes in (query | showing_now.query()).items()})
        written(showing_now)
