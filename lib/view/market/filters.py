"""The filters of a market page. Each lives in the link and stays when the page changes."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from lib.market.indicators import Indicator, mapped_indicators
from lib.market.selection import DISTRICT, Selection, areas, cohorts_of, select, service_types_of
from lib.market.sentence import area_noun
from lib.pack.faults import SelectionError
from lib.pack.load import Pack
from lib.view.widgets.switch import switch
from lib.view.widgets.text import escape_markdown

DEFAULT_INDICATOR = "coverage"


@dataclass(frozen=True)
class Choice:
    """What the reader chose: a selection, an indicator, and an area of the selection or None."""

    selection: Selection
    indicator: Indicator
    area_code: str | None


def area_key(group_by: str) -> str:
    """The name of the area's widget, and so of its part of the link: one for each grouping."""
    return "district" if group_by == DISTRICT else f"area_{group_by}"


def choose_service(pack: Pack) -> str:
    """The service switch of the overview."""
    labels = {code: service.label for code, service in pack.manifest.services.items()}
    return switch("Service", labels, key="service")


def choose_indicator(pack: Pack, default: str = DEFAULT_INDICATOR) -> Indicator:
    """The indicator that the map and the ranking show."""
    known = mapped_indicators(pack)
    code = st.selectbox(
        "Show",
        list(known),
        index=list(known).index(default),
        format_func=lambda code: known[code].label,
        key="indicator",
        bind="query-params",
        help="Rates and ratios, which a map can shade. Counts are in the table.",
    )
    return known.get(str(code), known[default])


def choose_some(label: str, everything: str, codes: tuple[str, ...], names: dict[str, str], key: str) -> list[str]:
    """Some codes of a vocabulary: none chosen means all."""
    chosen = st.multiselect(
        label,
        codes,
        format_func=lambda code: names.get(code, code),
        placeholder=everything,
        key=key,
        bind="query-params",
    )
    return [code for code in chosen if code in codes]


def choose_grouping(pack: Pack, service: str) -> str:
    """District by district, or by one of the pack's groupings."""
    options = [DISTRICT, *pack.manifest.groupings]
    group_by = st.selectbox(
        "Group by",
        options,
        index=options.index(pack.service(service).default_grouping),
        format_func=lambda code: "District" if code == DISTRICT else pack.label("groupings", code),
        key=f"by_{service}",
        bind="query-params",
    )
    return group_by if group_by in options else DISTRICT


def choose_area(pack: Pack, group_by: str) -> str | None:
    """One area, or none: the same choice as a click on the map or on a bar."""
    known = areas(pack, group_by).drop_duplicates("area_code")
    names = dict(zip(known["area_code"], known["area_name"], strict=True))
    one, _ = area_noun(pack, group_by)
    code = st.selectbox(
        f"Chosen {escape_markdown(one)}",
        list(names),
        index=None,
        format_func=lambda code: names.get(code, code),
        placeholder=f"Choose a {one}",
        key=area_key(group_by),
        bind="query-params",
        help=f"Or click a {escape_markdown(one)} on the map or in the ranking.",
    )
    return code if code in names else None


def filters(pack: Pack, service: str) -> Choice:
    """The filters in one row: indicator, service types, cohorts, grouping and area.

    Where a service has one type or one cohort there is nothing to choose, and no box. Types and cohorts that make no
    lot together are said, and left aside.
    """
    types, cohorts = service_types_of(pack, service), cohorts_of(pack, service)
    widths = [5, *([5] if len(types) > 1 else []), *([4] if len(cohorts) > 1 else []), 3, 4]
    columns = iter(st.columns(widths, vertical_alignment="bottom"))
    chosen_types: list[str] = []
    chosen_cohorts: list[str] = []
    with next(columns):
        indicator = choose_indicator(pack)
    if len(types) > 1:
        names = {code: pack.label("service_types", code) for code in types}
        with next(columns):
            chosen_types = choose_some("Service types", "All service types", types, names, f"types_{service}")
    if len(cohorts) > 1:
        names = {code: pack.label("cohorts", code) for code in cohorts}
        with next(columns):
            chosen_cohorts = choose_some("Cohorts", "All cohorts", cohorts, names, f"cohorts_{service}")
    with next(columns):
        group_by = choose_grouping(pack, service)
    with next(columns):
        area_code = choose_area(pack, group_by)
    try:
        selection = select(pack, service, chosen_types, chosen_cohorts, group_by)
    except SelectionError as error:
        st.warning(f"{escape_markdown(error)}. All are shown.")
        selection = select(pack, service, group_by=group_by)
    return Choice(selection, indicator, area_code)
