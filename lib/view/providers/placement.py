"""Placement: new hours in a lot, played down its ranked list while a slider moves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from lib.charts.kit.axis import round_step
from lib.charts.kit.chart_spec import Drawing
from lib.charts.placement_bars import placement_bars
from lib.market.about import About, Heads, about
from lib.market.basis import Input, Standing, standing
from lib.market.figure import as_of
from lib.market.quality import passes_gate
from lib.market.ranked_lists.call_off import Lot, has_ranked_lists, lot_list
from lib.market.ranked_lists.placement import Spill, place, placed_list, spill
from lib.market.ranked_lists.wording import cost_words, lot_words, provider_labels, spill_sentence
from lib.market.wording import NOT_KNOWN, for_people, is_missing, said, show
from lib.pack.load import Pack
from lib.view.link.parameters import SKIP_BELOW_GATE
from lib.view.market.figures import State
from lib.view.page_pack import pack_fragment
from lib.view.providers.figures import list_of
from lib.view.providers.tables import PlacedList, route_colours
from lib.view.shell import is_dark
from lib.view.widgets.chart_downloads import chart_downloads, offer_csv
from lib.view.widgets.slider import slider_with_box
from lib.view.widgets.text import escape_markdown, status_badge

START_FROM = ("waiting_hours", "delivered_hours")
HEADS: Heads = {
    "route_label": "Route",
    "rank": ("Rank", ""),
    "provider": "Provider",
    "placed_hours": ("Placed", "hours"),
}


@dataclass(frozen=True)
class Asked:
    """What a placement starts from, worked out once a lot: nothing of it changes while the slider moves.

    skip: whether providers below the gate are passed over. delivered: hours a week of the lot today. largest, step,
    default: of the slider, in hours a week. start: what the default is, in words.
    """

    lot: Lot
    skip: bool
    delivered: float
    largest: int
    step: int
    default: int
    start: str
    known: Standing


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


def draw_placement(pack: Pack, state: State, lots: pd.DataFrame, lot: Lot) -> None:
    """New hours in a lot: its heading and the gate's switch, and what moves with the slider. lots: of `lots_of`."""
    row = lots[(lots["district_code"] == lot.district_code) & (lots["service_type"] == lot.service_type)].iloc[0]
    largest, step, default = limits(row, float(lot_list(pack, lot)["free_hours"].sum()))
    heading = st.container()
    skip = has_ranked_lists(pack, lot.service) and st.toggle(
        "Pass over providers that fail the quality gate", key=SKIP_BELOW_GATE
    )
    known = standing(pack, spill, *gate_inputs(skip))
    heading.subheader(f"{escape_markdown(lot_words(pack, lot))} {status_badge(known)}", anchor=False)
    delivered, start = float(row["delivered_hours"]), start_words(pack, lot, float(row["waiting_hours"]))
    draw_moving(pack, state, Asked(lot, skip, delivered, largest, step, default, start, known))


def start_words(pack: Pack, lot: Lot, waiting: float) -> str:
    """What the slider starts at. waiting: hours a week."""
    when = as_of(pack, lot.service)
    if is_missing(waiting):
        return f"{NOT_KNOWN}, so a tenth of the hours on {when}"
    if not waiting:
        return f"none wait on {when}, so a tenth of the hours then"
    return f"{said(waiting, 'hours', standing(pack, 'requests'))} wait on {when}"


@pack_fragment
def draw_moving(pack: Pack, state: State, asked: Asked) -> None:
    """The slider, where the new hours go and what they cost. A fragment: a step draws nothing else of the page.

    The hours are in no link, so nothing of the address follows from them.
    """
    lot, skip = asked.lot, asked.skip
    new_hours = slider_with_box(
        "New hours a week in this lot",
        0,
        asked.largest,
        asked.step,
        key=f"new_hours_{'_'.join(lot)}",
        default=asked.default,
        help=escape_markdown(f"Asked of the list from the top. It starts at what waits: {asked.start}."),
    )
    rows = placed_list(pack, lot, new_hours, skip)
    spilled = spill(pack, rows, new_hours, asked.delivered)
    words = spill_sentence(pack, spilled, new_hours)
    cost = cost_words(pack, spilled, float(rows["placed_hours"].sum()))
    st.markdown(f"**{escape_markdown(words)}** {escape_markdown(cost)}")
    if len(rows):
        listed = list_of(pack, state, lot, is_dark())
        # It scrolls in itself, so that the answer and the map of lots stay in sight: see assets/providers.css.
        with st.container(key="placement_list"):
            draw_placed(listed, rows, spilled, asked.known)
    told = about(pack, f"{lot_words(pack, lot)}. {words}", spill, *gate_inputs(skip), service=lot.service)
    offer(pack, told, asked, new_hours, rows, spilled)


def draw_placed(listed: PlacedList, rows: pd.DataFrame, spilled: Spill, known: Standing) -> None:
    """The list in call-off order: how far the new hours fill each provider's headroom."""
    hours = partial(for_people, unit="hours", known=known)
    st.html(listed.html(rows["placed_hours"].to_list(), rows["free_hours"].to_list(), hours, spilled.unplaced))
    if listed.left_out:
        st.caption(f"The first {len(listed.lines)} with room of {len(rows)} providers; the table below has every one.")


def offer(pack: Pack, told: About, asked: Asked, new_hours: float, rows: pd.DataFrame, spilled: Spill) -> None:
    """The placement as a table, a picture and the command line's file."""
    lot, skip = asked.lot, asked.skip
    room = bool(spilled.unplaced or (rows["free_hours"] > 0).any())

    def chart(*, title: str, dark: bool) -> Drawing:
        return placement_bars(bars_frame(pack, rows, spilled, asked.known), title=title, dark=dark)

    chart_downloads(told, lambda: place_table(pack, rows, spilled), HEADS, "placement", chart=chart if room else None)
    if len(rows):
        title = f"{show(new_hours, 'hours')} new hours a week, {lot_words(pack, lot)}"
        offer_csv(
            told.titled(title), "This placement (CSV)", lambda: place(pack, lot, new_hours, skip),
            f"placement_{'_'.join(lot[1:])}.csv",
        )  # fmt: skip


def bars_frame(pack: Pack, rows: pd.DataFrame, spilled: Spill, known: Standing) -> pd.DataFrame:
    """The placement as lib.charts.placement_bars draws it: whoever has room, and the hours that nobody takes."""
    names = provider_labels(pack)
    colours = route_colours(pack)
    shown = rows[rows["free_hours"] > 0]
    hours = partial(for_people, unit="hours", known=known)
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
            "colour": [colours[code] for code in shown["route"]],
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
    return frame


def gate_inputs(skip: bool) -> tuple[Input, ...]:
    """What a placement rests on besides where it passes over providers below the gate: the ratings."""
    return (passes_gate,) if skip else ()


def place_table(pack: Pack, rows: pd.DataFrame, spilled: Spill) -> pd.DataFrame:
    """The placement as the command line prints it, with the names that people read."""
    names = provider_labels(pack)
    taken = rows.loc[rows["placed_hours"] > 0, ["route", "rank", "provider_id", "placed_hours"]]
    table = taken.assign(
        route_label=[pack.label("routes", code) for code in taken["route"]],
        provider=taken["provider_id"].map(names),
    )
    last = {"route_label": "Unplaced", "rank": pd.NA, "provider": "nobody has room", "placed_hours": spilled.unplaced}
    return pd.concat([table, pd.DataFrame([last])], ignore_index=True).astype({"rank": "Int64"})
