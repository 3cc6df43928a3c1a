"""Resilience: providers that leave or fall below the gate, where their hours go, and where supply rests on few."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from lib.charts.bars import ranked_bars, scaled_rows
from lib.charts.kit.lot_scales import reliance_scale, stress_scale
from lib.charts.kit.palette import SUPPLY
from lib.charts.kit.scale import sequential
from lib.charts.lot_grid import lot_grid
from lib.market.about import Heads, about
from lib.market.basis import Input, standing
from lib.market.concentration import concentration
from lib.market.few import FEW, few_in_lot, few_notes
from lib.market.quality import passes_gate
from lib.market.ranked_lists.call_off import has_ranked_lists
from lib.market.ranked_lists.resilience import TAKEN, TOUCHED, Stress, points_of_failure, stress
from lib.market.ranked_lists.stress_tables import MEASURES, by_district, placement_table, stress_table
from lib.market.ranked_lists.wording import provider_labels, route_words, stress_sentence
from lib.market.selection import select
from lib.market.units import UNITS
from lib.market.wording import NOT_APPLICABLE, NOT_KNOWN, for_people, show
from lib.pack.load import LOT, Pack
from lib.view.link.parameters import SKIP_ON_EXIT, STRESS_MEASURE, first_codes, parameters, start_with
from lib.view.map.area_map import area_map, map_picture
from lib.view.map.district_map import has_map
from lib.view.map.legend import legend
from lib.view.market.figures import State
from lib.view.providers.choosing import choose_cohort, choose_providers
from lib.view.providers.figures import lots_of, risks_of, stress_of
from lib.view.providers.grid import cells
from lib.view.shell import is_dark
from lib.view.widgets.chart import draw, draw_clickable
from lib.view.widgets.chart_downloads import chart_downloads, offer_csv
from lib.view.widgets.switch import switch
from lib.view.widgets.table import draw_table
from lib.view.widgets.text import escape_markdown, status_badge

MAP_HEIGHT = 380
MOST_RISKS = 12


def whole_percent(value: float) -> str:
    """A share without decimals, which these classes need none of."""
    return f"{value:.0%}"


def draw_resilience_tab(pack: Pack, state: State, service: str) -> None:
    """Choose who leaves; sentence, map and tables follow; the single points of failure beside them."""
    start_with_the_riskiest(pack, state, service)
    left, right = st.columns([3, 2], gap="large")
    with right:
        draw_risks(pack, state, service)
    with left:
        leaving = choose_providers(
            pack, "Providers that leave", leaving_key(service), "Their hours are placed again down each lot's list."
        )
        below: tuple[str, ...] = ()
        skip = False
        if has_ranked_lists(pack, service):
            first = route_words(pack, pack.manifest.quality_gate.route)
            below = choose_providers(
                pack,
                "Providers that fall below the quality gate",
                f"below_gate_{service}",
                f"They keep the hours they deliver and get no new ones on {first}: their headroom there is lost.",
            )
            skip = st.toggle("Pass over providers that fail the quality gate", key=SKIP_ON_EXIT)
        stressed = stress_of(pack, state, leaving, below, skip)
        st.markdown(
            f"**{escape_markdown(stress_sentence(pack, service, stressed, len(leaving), len(below)))}** "
            f"{status_badge(standing(pack, stress, *gate_inputs(skip)))}"
        )
        names = provider_labels(pack)
        who = "; ".join(
            f"{words}: {', '.join(names[code] for code in codes)}"
            for words, codes in (("leaving", leaving), ("below the gate", below))
            if codes
        )
        draw_stress_map(pack, service, stressed, who or "nobody leaves", skip)
    if len(stressed.lots):
        draw_tables(pack, service, stressed, skip)
    draw_concentration(pack, state, service)


def start_with_the_riskiest(pack: Pack, state: State, service: str) -> None:
    """Let the largest single point of failure leave until somebody chooses otherwise: an empty map answers nothing."""
    key = leaving_key(service)
    risks = risks_of(pack, state, service)
    some = len(risks) and risks["unplaced_hours"].iloc[0] > 0
    start_with(key, (str(risks["provider_id"].iloc[0]),) if some else ())
    if key not in st.session_state:
        st.session_state[key] = list(first_codes(key))


def leaving_key(service: str) -> str:
    """The name of the box of providers that leave."""
    return f"leaving_{service}"


def draw_stress_map(pack: Pack, service: str, stressed: Stress, who: str, skip: bool) -> None:
    """What the stress does to each district."""
    measure = switch("On the map", parameters(pack)[STRESS_MEASURE].labels, key=STRESS_MEASURE)
    _, share, title = MEASURES[measure]
    rows = by_district(pack, service, stressed)
    known = standing(pack, TOUCHED, *gate_inputs(skip))
    hours = partial(for_people, unit="hours", known=known)
    scale = stress_scale(rows[share], whole_percent, title)
    rows = rows.assign(
        shown=[show(value, "share") for value in rows[share]],
        colour=[scale.colour(float(value)) or "" for value in rows[share]],
        lines=[
            f"Must move: {hours(row['moved_hours'])} hours a week\n"
            f"People affected, about: {for_people(row['people_affected'], 'people', known)}\n"
            f"Nobody has room: {hours(row['unplaced_hours'])}\n"
            f"Headroom lost: {hours(row['lost_headroom_hours'])}"
            for row in rows.to_dict("records")
        ],
    )
    area_map(
        pack, rows, scale, key=f"stress_map_{service}", title=f"Map: {title}. The same figures are in the table below.",
        height=MAP_HEIGHT,
    )  # fmt: skip
    heads: Heads = {
        "district_name": "District",
        "moved_hours": ("Must move", "hours"),
        "unplaced_hours": ("Nobody has room", "hours"),
        "people_affected": ("People affected, about", "people"),
        "lost_headroom_hours": ("Headroom lost", "hours"),
    }
    told = about(pack, f"{title}: {who}", TOUCHED, *gate_inputs(skip), service=service)
    picture = partial(map_picture, pack, rows, scale, told.headline, told.picture_lines()) if has_map(pack) else None
    chart_downloads(told, rows, heads, "stress_map", picture=picture)


def gate_inputs(skip: bool) -> tuple[Input, ...]:
    """What a stress test rests on besides where it passes over providers below the gate: the ratings."""
    return (passes_gate,) if skip else ()


def draw_risks(pack: Pack, state: State, service: str) -> None:
    """The providers whose exit would strand most hours. A click lets one leave."""
    risks = risks_of(pack, state, service)
    top = risks[risks["unplaced_hours"] > 0].head(MOST_RISKS)
    told = about(
        pack, "Hours a week that nobody has room for, if one provider left", points_of_failure, service=service
    )
    st.subheader(
        f"Single points of failure: hours nobody has room for, if one left {status_badge(told.status)}", anchor=False
    )
    if top.empty:
        st.markdown("Any one provider could leave, and the others on its lists would have room for its hours.")
        return
    names = provider_labels(pack)
    scale = sequential(top["unplaced_share"], SUPPLY, whole_percent, "Share of its hours that would be stranded")
    shown = [
        f"{for_people(stranded, 'hours', told.status)} of {for_people(own, 'hours', told.status)}"
        for stranded, own in zip(top["unplaced_hours"], top["delivered_hours"], strict=True)
    ]
    ids = list(top["provider_id"])
    stranded = list(top["unplaced_hours"])
    frame = scaled_rows(ids, [names[code] for code in ids], stranded, shown, scale, list(top["unplaced_share"]))
    chosen = st.session_state.get(leaving_key(service)) or []
    only = chosen[0] if len(chosen) == 1 else None
    words = "; ".join(f"{row.area_name}: {row.shown}" for row in frame.itertuples())
    draw_clickable(
        ranked_bars(
            frame, title="", axis_title="", selected=only, dark=is_dark(), axis_format=UNITS["hours"].axis_format
        ),
        alt="Hours a week that could not be placed if a provider left",
        words=words,
        key=f"risks_{service}",
        mark="area",
        fields=("area_code",),
        known={(code,) for code in ids},
        chosen=tuple(chosen),  # several: a bar that was clicked must be clickable again, to take its exit back
        take=partial(let_leave, service),
    )
    legend(scale, some_missing=False)
    st.caption("Each as if it alone left. Click a bar to let that provider leave.")
    table = risks.assign(provider=risks["provider_id"].map(names))
    heads: Heads = {
        "provider": "Provider",
        "delivered_hours": ("Delivered", "hours"),
        "unplaced_hours": ("Nobody has room", "hours"),
        "lots": ("Lots", "count"),
        "people_affected": ("People affected, about", "people"),
    }
    chart = partial(
        ranked_bars, frame, axis_title="Hours a week", selected=None, axis_format=UNITS["hours"].axis_format
    )
    chart_downloads(told, table, heads, "risks", chart=chart)


def let_leave(service: str, provider: str) -> None:
    """Take a click on a bar as an exit; a second click takes it back."""
    box = leaving_key(service)
    leaving = list(st.session_state.get(box) or [])
    st.session_state[box] = [one for one in leaving if one != provider] if provider in leaving else [*leaving, provider]


def table_height(rows: int) -> int:
    """Pixels for a table of so many rows: all of them where they are few."""
    return min(38 + 35 * rows, 400)


def draw_tables(pack: Pack, service: str, stressed: Stress, skip: bool) -> None:
    """What becomes of each lot, and who takes the hours."""
    lots = stress_table(pack, service, stressed)
    heads: Heads = {
        "district": "District",
        "lot": "Lot",
        "moved_hours": ("Must move", "hours"),
        "placed_hours": ("Placed", "hours"),
        "unplaced_hours": ("Nobody has room", "hours"),
        "people_affected": ("People, about", "people"),
        "lost_headroom_hours": ("Headroom lost", "hours"),
        "shortfall_before": ("Short today", "hours"),
        "shortfall_after": ("Short then", "hours"),
    }
    words = {
        "moved_hours": "Hours a week that the providers deliver who leave",
        "people_affected": "People of the lot x hours that move / hours delivered: an estimate",
        "shortfall_after": "max(0, demand - capacity), lot by lot",
    }
    known = standing(pack, stress, *gate_inputs(skip))
    st.subheader(f"Lot by lot, hours a week {status_badge(known)}", anchor=False)
    # A shortfall is empty where demand or capacity is not known; nothing here divides.
    draw_table(lots, heads, help=words, height=table_height(len(lots)), empty=NOT_KNOWN)
    told = about(pack, "Placement of the hours of an exit", TAKEN, *gate_inputs(skip), service=service)
    st.subheader(f"Who takes the hours {status_badge(told.status)}", anchor=False)
    placed = placement_table(pack, service, stressed)
    if placed.empty:
        st.markdown("No hours move.")
        return
    heads = {
        "district": "District",
        "lot": "Lot",
        "route": "Route",
        "rank": ("Rank", ""),
        "provider": "Provider",
        "placed_hours": ("Hours a week", "hours"),
    }
    draw_table(placed, heads, height=table_height(len(placed)), empty="–")
    offer_csv(told, "Who takes the hours (CSV)", lambda: stressed.placements, "exit.csv")


def draw_concentration(pack: Pack, state: State, service: str) -> None:
    """How far each lot, and each district, rests on its largest provider."""
    told = about(pack, "The largest provider's share of the hours, lot by lot", concentration, service=service)
    st.subheader(f"{told.title} {status_badge(told.status)}", anchor=False)
    left, right = st.columns([3, 2], gap="large")
    with left:
        cohort = choose_cohort(pack, service)
        lots = lots_of(pack, state, service)
        lots = lots[lots["cohort"] == cohort]
        lots = lots.assign(
            few=[few_in_lot(pack, lot, "largest_provider_share") for lot in lots[LOT].itertuples(index=False)]
        )
        scale = reliance_scale("Largest provider's share of delivered hours")
        shares = lots["largest_provider_share"]
        frame = cells(
            pack,
            lots,
            [NOT_APPLICABLE if pd.isna(value) else whole_percent(value) for value in shares],
            [scale.colour(float(value)) or "" for value in shares],
            [
                f"HHI {show(hhi, 'index')}{few and f', {few}'}"
                for hhi, few in zip(lots["hhi"], lots["few"], strict=True)
            ],
        )
        draw(
            lot_grid(frame, title="", selected=None, dark=is_dark()),
            alt="Grid of lots: the largest provider's share of hours. The same figures are in the table below.",
        )
        legend(scale, some_missing=bool((frame["shown"] == NOT_APPLICABLE).any()))
        heads: Heads = {
            "row_name": "District",
            "column_name": "Service type",
            "largest": ("Largest provider's share", "share"),
            "hhi": ("HHI", "index"),
            **({"few": FEW} if lots["few"].any() else {}),
        }
        rows = frame.assign(largest=shares.to_numpy(), hhi=lots["hhi"].to_numpy(), few=lots["few"].to_numpy())
        chart_downloads(told, rows, heads, "concentration", chart=partial(lot_grid, frame, selected=None))
    with right:
        table = concentration(pack, select(pack, service)).reset_index()
        table["area_name"] = table["area_code"].map(pack.district_names())
        few = few_notes(pack, select(pack, service), table, ("largest_provider_share",))
        table = table.assign(few=few).sort_values("hhi", ascending=False, kind="stable")
        st.markdown("By district, all lots together. HHI: 0 is many small providers, 10,000 a single one.")
        shown: Heads = {
            "area_name": "District",
            "largest_provider_share": ("Largest provider's share", "share"),
            "hhi": ("HHI", "index"),
            **({"few": FEW} if any(few) else {}),
        }
        draw_table(table, shown)
