"""Placement: new hours in a lot, played down its ranked list while a slider moves."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from lib.charts.kit.chart_spec import Drawing
from lib.charts.placement_bars import placement_bars
from lib.market.about import About, Heads, about
from lib.market.basis import Standing
from lib.market.ranked_lists.call_off import Lot, checked_lot, has_gate
from lib.market.ranked_lists.placement import Spill, place, spill
from lib.market.ranked_lists.wording import lot_words, provider_labels
from lib.market.wording import for_people, show
from lib.pack.faults import SelectionError
from lib.pack.load import Pack
from lib.view.link.parameters import SKIP_BELOW_GATE
from lib.view.live.component import bring_style, leading_part
from lib.view.live.route import PLACEMENT, address_of
from lib.view.page_pack import pack_fragment
from lib.view.providers.placement_picture import (
    HOURS,
    Asked,
    Picture,
    Placement,
    asked_of,
    gate_inputs,
    picture,
    placement_list,
    placement_of,
    request_of,
)
from lib.view.providers.tables import route_colours
from lib.view.shell import is_dark
from lib.view.widgets.chart_downloads import chart_downloads, offer_csv
from lib.view.widgets.text import escape_markdown, status_badge
from lib.whatif.scenarios.documents import ScenarioError

MOVES = "placement_moves"  # what the browser moved since the last run: see lib.view.providers.placement_picture
SEEN = "placement_seen"  # the number of the moves that were taken last
SLIDER = "New hours a week in this lot"
HEADS: Heads = {
    "route_label": "Route",
    "rank": ("Rank", ""),
    "provider": "Provider",
    "placed_hours": ("Placed", "hours"),
}


def draw_placement(pack: Pack, lot: Lot) -> None:
    """New hours in a lot: its heading and the gate's switch, and what moves with the slider."""
    heading = st.container()
    skip = has_gate(pack, lot.service) and st.toggle(
        "Pass over providers that fail the quality gate", key=SKIP_BELOW_GATE
    )
    asked = asked_of(pack, lot, skip)
    heading.subheader(f"{escape_markdown(lot_words(pack, lot))} {status_badge(asked.known)}", anchor=False)
    bring_style()
    draw_moving(pack, asked)


@pack_fragment
def draw_moving(pack: Pack, asked: Asked) -> None:
    """The slider, where the new hours go and what they cost. A fragment: a rest draws nothing else of the page.

    The hours are in no link, so nothing of the address follows from them.
    """
    take_moves(pack)
    lot, dark = asked.lot, is_dark()
    placed = placement_of(pack, asked, hours_now(asked))
    shown = picture(pack, asked, placed)
    leading_part("placement", part_data(pack, asked, shown, dark=dark), partial(st.session_state.__setitem__, MOVES))
    told = about(
        pack, f"{lot_words(pack, lot)}. {shown['sentence']}", spill, *gate_inputs(asked.skip), service=lot.service
    )
    offer(pack, told, asked, placed)


def part_data(pack: Pack, asked: Asked, shown: Picture, *, dark: bool) -> dict[str, Any]:
    """What the browser is given: the slider, the list, the picture that stands, and how to ask for the next."""
    lot = asked.lot
    lever = {
        "id": HOURS, "label": SLIDER, "unit": "", "kind": "whole", "low": 0, "high": asked.largest, "step": asked.step,
        "places": 0, "meaning": f"Asked of the list from the top. It starts at what waits: {asked.start}.",
        "caption": "",
    }  # fmt: skip
    request = {
        "pack": pack.key, "service": lot.service, "district": lot.district_code, "service_type": lot.service_type,
        "cohort": lot.cohort, "skip_below_gate": asked.skip, "dark": dark,
    }  # fmt: skip
    return {
        "bus": hours_key(lot),
        "url": address_of(PLACEMENT),
        "request": request,
        "n": st.session_state.get(SEEN, 0),
        "lever": lever,
        "list": placement_list(pack, asked, dark),
        "picture": shown,
    }


def hours_key(lot: Lot) -> str:
    """Where a session keeps the new hours of a lot."""
    return f"new_hours_{'_'.join(lot)}"


def hours_now(asked: Asked) -> int:
    """The session's new hours of a lot, within the slider's limits; what waits, until somebody moved it."""
    found = st.session_state.get(hours_key(asked.lot))
    return min(max(found if isinstance(found, int) else asked.default, 0), asked.largest)


def take_moves(pack: Pack) -> None:
    """Take what the browser moved since the last run, which may be of the lot that was shown before.

    The moves are a request as the route gets it; what is none changes nothing.
    """
    moves = st.session_state.pop(MOVES, None)
    if not isinstance(moves, Mapping):
        return
    if isinstance(moves.get("n"), int):
        st.session_state[SEEN] = moves["n"]
    try:
        moved = request_of({"pack": pack.key, **moves})
        lot = checked_lot(pack, moved.service, moved.district, moved.service_type, moved.cohort)
    except (ScenarioError, SelectionError):
        return
    st.session_state[hours_key(lot)] = moved.hours


def offer(pack: Pack, told: About, asked: Asked, placed: Placement) -> None:
    """The placement as a table, a picture and the command line's file."""
    lot, rows, spilled = asked.lot, placed.rows, placed.spilled
    room = bool(spilled.unplaced or (rows["free_hours"] > 0).any())

    def chart(*, title: str, dark: bool) -> Drawing:
        return placement_bars(bars_frame(pack, rows, spilled, asked.known), title=title, dark=dark)

    chart_downloads(told, lambda: place_table(pack, rows, spilled), HEADS, "placement", chart=chart if room else None)
    if len(rows):
        title = f"{show(placed.hours, 'hours')} new hours a week, {lot_words(pack, lot)}"
        offer_csv(
            told.titled(title), "This placement (CSV)", lambda: place(pack, lot, placed.hours, asked.skip),
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
