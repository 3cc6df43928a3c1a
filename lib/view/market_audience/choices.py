"""What a reader of the provider's view looks at: service type, cohort and district, by boxes, the map or the bars."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lib.market.selection import DISTRICT
from lib.publish.cells import ALL
from lib.view.market_audience.shown import View, one_of

AREA_KEY = "shared_area"


@dataclass(frozen=True)
class Asked:
    """What a reader looks at: a service type, a cohort and a district; `all` for every one, or the whole area."""

    service_type: str = ALL
    cohort: str = ALL
    area: str = ALL

    @property
    def lot(self) -> dict[str, str]:
        """The columns of a table of lots that say what is looked at."""
        return {"service_type": self.service_type, "cohort": self.cohort}


def area_key(view: View) -> str:
    """Where the session keeps the district that is looked at."""
    return f"{AREA_KEY}_{view.service}"


def choice_key(view: View, column: str) -> str:
    """Where the session keeps the choice of a column's code."""
    return f"shared_{column}_{view.service}"


def ask(view: View) -> Asked:
    """The filters, in one row; no box where there is nothing to choose."""
    rows = view.rows("demand")
    with st.container(horizontal=True, gap="small", key="market_filters"):
        kind = choose(view, "Service type", rows, "service_type", "All types")
        cohort = choose(view, "Cohort", rows, "cohort", "All cohorts")
        districts = one_of(rows, area_kind=DISTRICT)
        names = dict(zip(districts["area_code"], districts["area_name"], strict=True))
        whole = {ALL: f"The whole of {view.publication.about.area}"}
        area = chosen("District", whole | names, area_key(view))
    return Asked(kind, cohort, area)


def asked_now(view: View) -> Asked:
    """What is looked at, as the session keeps it: for a presented page, which has no boxes."""
    rows = view.rows("demand")
    state = st.session_state
    found: dict[str, str] = {}
    for column in ("service_type", "cohort"):
        code = state.get(choice_key(view, column))
        found[column] = str(code) if code in set(rows[column]) else ALL
    area = state.get(area_key(view))
    known = set(one_of(rows, area_kind=DISTRICT)["area_code"])
    return Asked(found["service_type"], found["cohort"], str(area) if area in known else ALL)


def choose(view: View, label: str, rows: pd.DataFrame, column: str, every: str) -> str:
    """One code of a column, or all."""
    names = dict(zip(rows[column], rows[f"{column}_name"], strict=True))
    parts = {code: name for code, name in names.items() if code != ALL}
    return chosen(label, {ALL: every} | parts, choice_key(view, column)) if len(parts) > 1 else ALL


def chosen(label: str, names: dict[str, str], key: str) -> str:
    """A box of one choice; what the session holds from another edition counts as the first."""
    if st.session_state.get(key) not in names:
        st.session_state.pop(key, None)
    return str(st.selectbox(label, list(names), format_func=lambda code: names[code], key=key, persist_state="session"))


def take_district(key: str, code: str) -> None:
    """Look at a district; a second time, at the whole again."""
    st.session_state[key] = ALL if st.session_state.get(key) == code else code
