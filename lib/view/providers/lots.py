"""Lots and placement: every lot in a grid, one lot's placement beside it, who else has room, and its ranked list."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from lib.charts.kit.lot_scales import room_scale
from lib.charts.kit.scale import Scale
from lib.charts.lot_grid import lot_grid
from lib.market.about import Heads, about
from lib.market.basis import standing
from lib.market.ranked_lists.call_off import Lot, has_ranked_lists, list_noun, ranked_list
from lib.market.ranked_lists.lot_supply import NO_DEMAND, NO_PROVIDER, SINGLE, counted_on, lot_supply
from lib.market.ranked_lists.wording import lot_words
from lib.market.selection import select
from lib.market.units import UnitCode
from lib.market.unknown import hole
from lib.market.wording import NOT_KNOWN, counted, for_people, is_missing, listed, nearest
from lib.pack.load import Pack
from lib.view.link.parameters import LOT_MEASURE, LOT_MEASURES, parameters
from lib.view.link.session import chosen_view
from lib.view.map.legend import legend
from lib.view.market.figures import State
from lib.view.providers.choosing import choose_cohort, choose_lot, choose_on_grid, types_for
from lib.view.providers.figures import lots_of
from lib.view.providers.grid import cells
from lib.view.providers.placement import draw_placement
from lib.view.providers.room import draw_room
from lib.view.providers.tables import html_table, list_rows
from lib.view.shell import is_dark
from lib.view.widgets.chart import draw_clickable
from lib.view.widgets.chart_downloads import chart_downloads, offer_csv
from lib.view.widgets.switch import switch
from lib.view.widgets.text import escape_markdown, status_badge

MEASURES: dict[str, tuple[UnitCode, str]] = {
    "headroom_hours": ("hours", "Headroom, hours a week"),
    "providers": ("count", "Providers with capacity or hours"),
}
MARK_WORDS = {
    SINGLE: "rests on one provider",
    NO_PROVIDER: "no provider",
    NO_DEMAND: "nothing bought, nobody offers",
    "": "",
}
MOST_LISTED = 40
STYLE = Path(__file__).parent.parent / "assets" / "providers.css"


def draw_lots_tab(pack: Pack, state: State, service: str) -> None:
    """The grid beside the chosen lot's placement; its list below."""
    st.html(STYLE)
    lots = lots_of(pack, state, service)
    grid_side, lot_side = st.columns([1, 1], gap="medium")
    with grid_side:
        with st.container(horizontal=True, key="lot_choices_grid"):
            cohort = choose_cohort(pack, service)
            measure = choose_measure()
        grid_place = st.container()
    lots = lots[lots["cohort"] == cohort]
    with lot_side:
        lot = choose_lot(pack, service, cohort, default_district(lots))
        draw_placement(pack, lot)
        others = other_filters(pack, lot)
        if others:
            st.caption(escape_markdown(others))
    with grid_place:
        draw_grid(pack, service, lots, lot, measure)
    draw_room(pack, state, lot)
    draw_list(pack, lot)


def other_filters(pack: Pack, lot: Lot) -> str:
    """That the market pages show several types or cohorts, of which the lot's is none; "" where nothing surprises."""
    view, known = chosen_view(), parameters(pack)
    found = []
    for name, code in ((f"types_{lot.service}", lot.service_type), (f"cohorts_{lot.service}", lot.cohort)):
        chosen = known[name].chosen(view)
        if chosen and code not in chosen:
            found.append(
                f"{listed([known[name].labels[one] for one in chosen])} (this lot: {known[name].labels[code]})"
            )
    return f"Chosen on the market pages: {'; '.join(found)}." if found else ""


def choose_measure() -> str:
    """What colours the grid."""
    return switch("Coloured by", LOT_MEASURES, key=LOT_MEASURE)


def default_district(lots: pd.DataFrame) -> str:
    """The district of the lot with the most hours: the first to be shown."""
    return str(lots.sort_values("delivered_hours", ascending=False, kind="stable")["district_code"].iloc[0])


def grid_rows(pack: Pack, lots: pd.DataFrame, measure: str) -> tuple[pd.DataFrame, Scale]:
    """The cells of the grid, district by district, and the scale that colours them."""
    unit, title = MEASURES[measure]
    shown = lots["mark"] != NO_DEMAND
    known = standing(pack, counted_on(pack, lot_supply))
    hours = partial(for_people, unit="hours", known=known)
    values = [nearest(float(value), unit, known) for value in lots[measure]]
    scale = room_scale(
        [value for value, used in zip(values, shown, strict=True) if used],
        lambda value: for_people(value, unit, known),
        title,
    )
    rows = cells(
        pack,
        lots,
        [for_people(value, unit, known) if used else "–" for value, used in zip(values, shown, strict=True)],
        [
            (scale.colour(value) or "") if mark in ("", SINGLE) else ""
            for value, mark in zip(values, lots["mark"], strict=True)
        ],
        [
            f"{providers_words(row['providers'])}; {hours(row['demand_hours'])} hours of demand, "
            f"{hours(row['headroom_hours'])} of headroom"
            for row in lots.to_dict("records")
        ],
    )
    return rows, scale


def providers_words(number: float) -> str:
    """How many providers a lot has, in words."""
    return f"providers {NOT_KNOWN}" if is_missing(float(number)) else counted(int(number), "provider")


def draw_grid(pack: Pack, service: str, lots: pd.DataFrame, lot: Lot, measure: str) -> None:
    """All lots of a cohort: districts down, service types across. A click chooses a lot."""
    rows, scale = grid_rows(pack, lots, measure)
    title = MEASURES[measure][1]
    cohort = pack.label("cohorts", lot.cohort).lower()
    inputs = counted_on(pack, lot_supply)
    told = about(pack, f"{title}: {cohort}, lot by lot", inputs, service=service)
    st.subheader(f"{escape_markdown(told.title)} {status_badge(told.status)}", anchor=False)
    single, nobody = (int((lots["mark"] == mark).sum()) for mark in (SINGLE, NO_PROVIDER))
    chosen = lot.district_code, lot.service_type
    draw_clickable(
        lot_grid(rows, title="", selected=chosen, dark=is_dark()),
        alt="Grid of lots. The same figures are in the table below",
        words=f"{title}, {cohort}. {counted(single, list_noun(pack, service))} resting on one provider.",
        key=f"lot_grid_{service}_{lot.cohort}",
        mark="lot",
        fields=("row_code", "column_code"),
        known=set(zip(rows["row_code"], rows["column_code"], strict=True)),
        chosen=chosen,
        take=partial(choose_on_grid, service),
    )
    legend(scale, some_missing=bool(lots.loc[lots["mark"].eq(""), measure].isna().any()))
    types = types_for(pack, service, lot.cohort)
    st.caption(
        ("A heavy edge: one provider with hours or capacity. " if single else "")
        + ("Hatched: hours are bought or wait, and nobody is on the list. " if nobody else "")
        + ("–: nothing bought and nobody offers. " if (lots["mark"] == NO_DEMAND).any() else "")
        + ("Click a cell to open its list." if len(types) > 1 else "Click a district to open its list.")
    )
    table = rows.assign(
        providers=lots["providers"].to_numpy(),
        headroom=lots["headroom_hours"].to_numpy(),
        demand=lots["demand_hours"].to_numpy(),
        words=[MARK_WORDS[mark] for mark in rows["mark"]],
    )
    heads: Heads = {
        "row_name": "District",
        "column_name": "Service type",
        "providers": ("Providers", "count"),
        "headroom": ("Headroom", "hours"),
        "demand": ("Demand", "hours"),
        "words": "Note",
    }
    chart_downloads(told, table, heads, "lots_grid", chart=partial(lot_grid, rows, selected=None))


def draw_list(pack: Pack, lot: Lot) -> None:
    """The chosen lot's ranked list with all that is known of its providers, and its download."""
    rows = ranked_list(pack, lot)
    kind = "Ranked list" if has_ranked_lists(pack, lot.service) else "List by price"
    told = about(pack, f"{kind}, {lot_words(pack, lot)}", ranked_list, service=lot.service)
    title = told.title
    st.subheader(f"{escape_markdown(title)} {status_badge(told.status)}", anchor=False)
    if rows.empty:
        only = select(pack, lot.service, [lot.service_type], [lot.cohort])
        missing = hole(pack, only, lot.district_code, "providers")
        unknown = f"Who is on this list is {NOT_KNOWN}: {escape_markdown(missing)}."
        st.info(unknown if missing else "No provider is on this list.")
        return
    shown = rows
    if len(rows) > MOST_LISTED:
        whole = st.toggle(f"Show all {len(rows)} providers of this list", key="whole_list")
        shown = rows if whole else rows.head(MOST_LISTED)
    heads, finished, numbers = list_rows(pack, shown)
    html_table(title, heads, finished, numbers, note="Hours a week; ratings of the CQC, by key question")
    gate = (
        "The gate asks for Good or Outstanding in "
        + escape_markdown(", ".join(pack.label("domains", code) for code in pack.manifest.quality_gate.domains))
        + ". "
    )
    st.caption(f"{gate if has_ranked_lists(pack, lot.service) else ''}Headroom is capacity less delivered hours.")
    offer_csv(told, "This list (CSV)", lambda: rows.drop(columns="place"), f"list_{'_'.join(lot[1:])}.csv")
