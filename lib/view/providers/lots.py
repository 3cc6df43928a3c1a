"""Lots and placement: every lot in a grid, one lot's ranked list, and new hours played down it."""

from __future__ import annotations

import math
from functools import partial

import pandas as pd
import streamlit as st

from lib.charts.kit.axis import round_step
from lib.charts.kit.lot_scales import room_scale
from lib.charts.kit.palette import CATEGORICAL, CATEGORICAL_DARK
from lib.charts.kit.scale import Scale
from lib.charts.lot_grid import lot_grid
from lib.charts.placement_bars import placement_bars
from lib.market.about import Heads, about
from lib.market.basis import Input, standing
from lib.market.figure import as_of
from lib.market.quality import passes_gate
from lib.market.ranked_lists.call_off import Lot, has_ranked_lists, list_noun, ranked_list
from lib.market.ranked_lists.lot_supply import NO_DEMAND, NO_PROVIDER, SINGLE, lot_supply
from lib.market.ranked_lists.placement import Spill, place, placed_list, spill
from lib.market.ranked_lists.wording import cost_words, lot_words, provider_labels, spill_sentence
from lib.market.selection import select
from lib.market.units import UnitCode
from lib.market.unknown import hole
from lib.market.wording import NOT_KNOWN, counted, for_people, is_missing, nearest, said, show
from lib.pack.load import Pack
from lib.view.link.parameters import LOT_MEASURE, LOT_MEASURES, SKIP_BELOW_GATE
from lib.view.map.legend import legend
from lib.view.market.figures import State
from lib.view.providers.choosing import choose_cohort, choose_lot, choose_on_grid, types_for
from lib.view.providers.figures import lots_of
from lib.view.providers.grid import cells
from lib.view.providers.tables import html_table, list_rows
from lib.view.shell import is_dark
from lib.view.widgets.chart import draw, draw_clickable
from lib.view.widgets.chart_downloads import chart_downloads, offer_csv
from lib.view.widgets.slider import slider_with_box
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
START_FROM = ("waiting_hours", "delivered_hours")
MOST_BARS = 30
MOST_LISTED = 40


def draw_lots_tab(pack: Pack, state: State, service: str) -> None:
    """The grid beside the chosen lot's placement; its list below."""
    lots = lots_of(pack, state, service)
    grid_side, lot_side = st.columns([1, 1], gap="large")
    with grid_side:
        with st.container(horizontal=True):
            cohort = choose_cohort(pack, service)
            measure = choose_measure()
        grid_place = st.container()
    lots = lots[lots["cohort"] == cohort]
    with lot_side:
        lot = choose_lot(pack, service, cohort, default_district(lots))
        new_hours, skip = draw_placement(pack, lots, lot)
    with grid_place:
        draw_grid(pack, service, lots, lot, measure)
    draw_list(pack, lot, new_hours, skip)


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
    known = standing(pack, lot_supply)
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
    told = about(pack, f"{title}: {cohort}, lot by lot", lot_supply, service=service)
    st.subheader(f"{escape_markdown(told.title)} {status_badge(told.status)}", anchor=False)
    single, nobody = (int((lots["mark"] == mark).sum()) for mark in (SINGLE, NO_PROVIDER))
    chosen = lot.district_code, lot.service_type
    draw_clickable(
        lot_grid(rows, title="", selected=chosen, dark=is_dark()),
        alt=f"Grid of lots: {title}, {cohort}. {counted(single, list_noun(pack, service))} resting on one provider. "
        "The same figures are in the table below.",
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


def limits(row: pd.Series, free: float) -> tuple[int, int, int]:
    """Of the slider of new hours: its largest value, its step and its default (what waits, or a tenth of today)."""
    # What is not known moves no slider.
    waiting, delivered = (0.0 if is_missing(float(row[name])) else float(row[name]) for name in START_FROM)
    # Little beyond where the list is full: the steps from tier to tier must be seen.
    most = max(1.6 * free, 1.6 * waiting, 0.05 * delivered, 50.0)
    unit = round_step(most)
    largest = math.ceil(most / unit) * int(unit) if unit >= 1 else math.ceil(most)
    step = 1 if largest <= 100 else 5 if largest <= 1000 else 10
    default = waiting or min(0.1 * delivered, largest)
    return largest, step, max(1, round(default))


def draw_placement(pack: Pack, lots: pd.DataFrame, lot: Lot) -> tuple[float, bool]:
    """New hours in a lot: the slider, where they go and what that costs. Returns the hours, and whether to skip."""
    row = lots[(lots["district_code"] == lot.district_code) & (lots["service_type"] == lot.service_type)].iloc[0]
    free = float(placed_list(pack, lot, 0.0)["free_hours"].sum())
    largest, step, default = limits(row, free)
    heading = st.container()
    waiting, waits = float(row["waiting_hours"]), standing(pack, "requests")
    if is_missing(waiting):
        start = f"{NOT_KNOWN}, so a tenth of the hours on {as_of(pack, lot.service)}"
    else:
        when = as_of(pack, lot.service)
        none = f"none wait on {when}, so a tenth of the hours then"
        start = f"{said(waiting, 'hours', waits)} wait on {when}" if waiting else none
    new_hours = slider_with_box(
        "New hours a week in this lot",
        0,
        largest,
        step,
        key=f"new_hours_{'_'.join(lot)}",
        default=default,
        help=escape_markdown(f"Asked of the list from the top. It starts at what waits: {start}."),
    )
    skip = has_ranked_lists(pack, lot.service) and st.toggle(
        "Pass over providers that fail the quality gate", key=SKIP_BELOW_GATE
    )
    known = standing(pack, spill, *gate_inputs(skip))
    heading.subheader(f"{escape_markdown(lot_words(pack, lot))} {status_badge(known)}", anchor=False)
    rows = placed_list(pack, lot, new_hours, skip)
    spilled = spill(pack, rows, new_hours, float(row["delivered_hours"]))
    words = spill_sentence(pack, spilled, new_hours)
    st.markdown(
        f"**{escape_markdown(words)}** {escape_markdown(cost_words(pack, spilled, float(rows['placed_hours'].sum())))}"
    )
    draw_bars(pack, lot, rows, spilled, words, skip)
    return float(new_hours), skip


def draw_bars(pack: Pack, lot: Lot, rows: pd.DataFrame, spilled: Spill, words: str, skip: bool) -> None:
    """How far the new hours fill each provider's headroom, in call-off order."""
    names = provider_labels(pack)
    colours = CATEGORICAL_DARK if is_dark() else CATEGORICAL
    route_colours = {code: colours[place % 3] for place, code in enumerate(pack.manifest.routes)}
    with_room = rows[rows["free_hours"] > 0]
    shown = with_room.head(MOST_BARS)
    hours = partial(for_people, unit="hours", known=standing(pack, spill, *gate_inputs(skip)))
    frame = pd.DataFrame(
        {
            "label": [
                names[code] if pd.isna(rank) else f"{rank}  {names[code]}"
                for code, rank in zip(shown["provider_id"], shown["rank"], strict=True)
            ],
            "tier_label": [pack.label("routes", code) for code in shown["route"]],
            "headroom": shown["free_hours"],
            "placed": shown["placed_hours"],
            "shown": [
                f"{hours(placed)} of {hours(room)}"
                for placed, room in zip(shown["placed_hours"], shown["free_hours"], strict=True)
            ],
            "colour": [route_colours[code] for code in shown["route"]],
            "kind": "provider",
        }
    )
    if spilled.unplaced > 0:
        last = {
            "label": "Nobody has room",
            "tier_label": "Unplaced",
            "headroom": 0.0,
            "placed": spilled.unplaced,
            "shown": hours(spilled.unplaced),
            "colour": "",
            "kind": "unplaced",
        }
        frame = pd.concat([frame, pd.DataFrame([last])], ignore_index=True)
    if len(frame):
        draw(
            placement_bars(frame, title="", dark=is_dark()),
            alt=f"New hours filling the headroom of the list of {lot_words(pack, lot)}. {words}",
        )
    full = len(rows) - len(with_room)
    notes = (
        [f"{counted(full, 'provider')} on the list {'has' if full == 1 else 'have'} no room and no bar"] if full else []
    )
    notes += [f"the first {MOST_BARS} of {len(with_room)} with room are drawn"] if len(with_room) > MOST_BARS else []
    if notes:
        st.caption(escape_markdown(f"{'; '.join(notes)}."))
    placed = place_table(pack, lot, rows, spilled)
    heads: Heads = {
        "route_label": "Route",
        "rank": ("Rank", ""),
        "provider": "Provider",
        "placed_hours": ("Placed", "hours"),
    }
    chart = partial(placement_bars, frame) if len(frame) else None
    told = about(pack, f"{lot_words(pack, lot)}. {words}", spill, *gate_inputs(skip), service=lot.service)
    chart_downloads(told, placed, heads, "placement", chart=chart)


def gate_inputs(skip: bool) -> tuple[Input, ...]:
    """What a placement rests on besides where it passes over providers below the gate: the ratings."""
    return (passes_gate,) if skip else ()


def place_table(pack: Pack, lot: Lot, rows: pd.DataFrame, spilled: Spill) -> pd.DataFrame:
    """The placement as the command line prints it, with the names that people read."""
    del lot
    names = provider_labels(pack)
    taken = rows.loc[rows["placed_hours"] > 0, ["route", "rank", "provider_id", "placed_hours"]]
    table = taken.assign(
        route_label=[pack.label("routes", code) for code in taken["route"]],
        provider=taken["provider_id"].map(names),
    )
    last = {"route_label": "Unplaced", "rank": pd.NA, "provider": "nobody has room", "placed_hours": spilled.unplaced}
    return pd.concat([table, pd.DataFrame([last])], ignore_index=True).astype({"rank": "Int64"})


def draw_list(pack: Pack, lot: Lot, new_hours: float, skip: bool) -> None:
    """The chosen lot's ranked list, and its downloads."""
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
    stem = "_".join([*lot[1:]])
    with st.container(horizontal=True):
        offer_csv(told, "This list (CSV)", lambda: rows.drop(columns="place"), f"list_{stem}.csv")
        asked = about(
            pack, f"{show(new_hours, 'hours')} new hours a week, {title}", placed_list, *gate_inputs(skip),
            service=lot.service,
        )  # fmt: skip
        offer_csv(asked, "This placement (CSV)", lambda: place(pack, lot, new_hours, skip), f"placement_{stem}.csv")
