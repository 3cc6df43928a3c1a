"""Re-ranking: the lists reissued with other weights and the gate as a condition, beside those of today."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from lib.market.about import Heads, about
from lib.market.basis import standing
from lib.market.ranked_lists.call_off import has_ranked_lists
from lib.market.ranked_lists.reranking import IN, OUT, changed, moves, rerank, without_first
from lib.market.ranked_lists.wording import lot_words, moves_sentence, provider_labels, route_words
from lib.market.wording import NOT_KNOWN, counted
from lib.pack.faults import SelectionError
from lib.pack.load import LOT, Pack
from lib.view.link.parameters import REISSUED_TIERS, TIERS
from lib.view.market.figures import State
from lib.view.providers.choosing import choose_cohort, choose_lot
from lib.view.providers.figures import lots_of, reranked
from lib.view.providers.lots import default_district
from lib.view.providers.tables import gate_words
from lib.view.widgets.chart_downloads import offer_csv
from lib.view.widgets.slider import slider_with_box
from lib.view.widgets.switch import switch
from lib.view.widgets.table import draw_table
from lib.view.widgets.text import escape_markdown, status_badge

MOST_PLACES = 50


def draw_reissue_tab(pack: Pack, state: State, service: str) -> None:
    """The weights, who moves, and one lot's list beside today's."""
    if not has_ranked_lists(pack, service):
        st.info(
            f"{escape_markdown(pack.service(service).label)} has no ranked lists to reissue: it is bought by "
            f"spot purchase."
        )
        return
    rules = pack.manifest.ranked_lists
    first = pack.label("routes", pack.manifest.quality_gate.route)
    weight_side, place_side, gate_side = st.columns(3, gap="large")
    with weight_side:
        weight = slider_with_box(
            "Weight of performance, %",
            0,
            100,
            5,
            key="performance_weight",
            default=round(100 * rules.performance_weight),
            help=escape_markdown(f"Price has the rest. {rules.source}"),
        )
        st.caption(f"Performance {weight}%, price {100 - weight}%.")
    with place_side:
        places = slider_with_box(
            f"Places in {escape_markdown(first)}, at most, a district",
            1,
            MOST_PLACES,
            1,
            key="first_tier_places",
            default=rules.places or MOST_PLACES,
            help=escape_markdown(rules.source),
        )
    with gate_side:
        keep = switch(f"Who is in {escape_markdown(first.lower())}", REISSUED_TIERS, key=TIERS) == "kept"
        # Nobody passes a gate where nobody has given ratings: then it is no condition.
        gate = pack.given("ratings") and st.toggle(
            "Only providers that pass the quality gate", value=True, key="rerank_gate", disabled=keep
        )
    try:
        rows = reranked(pack, state, service, weight / 100, places, gate, keep)
    except SelectionError as error:
        st.warning(escape_markdown(error))
        return
    draw_moves(pack, service, rows)
    draw_one_list(pack, state, service, rows)


def draw_moves(pack: Pack, service: str, rows: pd.DataFrame) -> None:
    """Who moves in and out, district by district."""
    moving = moves(rows)
    words = moves_sentence(
        pack, moving, without_first(pack, rows, "route_today"), without_first(pack, rows, "route_new")
    )
    st.subheader(f"{escape_markdown(words)} {status_badge(standing(pack, rerank))}", anchor=False)
    st.markdown(escape_markdown(f"{changed(rows):,} of {counted(len(rows), 'place')} on the lists change."))
    if moving.empty:
        return
    names = pack.district_names()
    first = pack.label("routes", pack.manifest.quality_gate.route)
    table = pd.DataFrame(
        {
            "district": moving["district_code"].map(names),
            "provider": moving["provider_id"].map(provider_labels(pack)),
            "move": moving["move"],
            "lots": moving["lots"],
            "delivered_hours": moving["delivered_hours"],
            "free_hours": moving["free_hours"],
            "gate": gate_column(pack, moving["passes_gate"]),
        }
    )
    heads: Heads = {
        "district": "District",
        "provider": "Provider",
        "move": first,
        "lots": ("Lots", "count"),
        "delivered_hours": ("Hours a week", "hours"),
        "free_hours": ("Headroom", "hours"),
        "gate": "Quality gate",
    }
    draw_table(table, heads, height=min(38 + 35 * len(table), 320))


def list_words(pack: Pack, route: str, rank: object) -> str:
    """A place on a list: Tier 1, 3."""
    return f"{pack.label('routes', route)}, {rank}"


def gate_column(pack: Pack, passes: pd.Series[bool]) -> list[str]:
    """Who passes the quality gate, in words, row by row: not known where nobody has given ratings."""
    return [gate_words(bool(one)) if pack.given("ratings") else NOT_KNOWN for one in passes]


def draw_one_list(pack: Pack, state: State, service: str, rows: pd.DataFrame) -> None:
    """One lot's list then, beside the place of each provider today."""
    cohort = choose_cohort(pack, service)
    lots = lots_of(pack, state, service)
    lot = choose_lot(pack, service, cohort, default_district(lots[lots["cohort"] == cohort]))
    own = rows[(rows[LOT] == list(lot)).all(axis=1)]
    reissued = about(pack, "Lists reissued", rerank, service=service)
    st.subheader(f"The new list, {escape_markdown(lot_words(pack, lot))} {status_badge(reissued.status)}", anchor=False)
    if own.empty:
        st.info("No provider of the framework is on this list.")
        return
    first = route_words(pack, pack.manifest.quality_gate.route)
    told = {IN: f"into {first}", OUT: f"out of {first}"}

    def change(row: dict[Any, Any]) -> str:
        if row["move"] in told:
            return told[row["move"]]
        steps = int(row["rank_today"]) - int(row["rank_new"])
        return "no change" if steps == 0 else f"{'up' if steps > 0 else 'down'} {abs(steps)}"

    records = own.to_dict("records")
    table = pd.DataFrame(
        {
            "new": [list_words(pack, row["route_new"], row["rank_new"]) for row in records],
            "provider": own["provider_id"].map(provider_labels(pack)).to_numpy(),
            "today": [list_words(pack, row["route_today"], row["rank_today"]) for row in records],
            "change": [change(row) for row in records],
            "performance_score": own["performance_score"].to_numpy(),
            "hourly_rate": own["hourly_rate"].to_numpy(),
            "gate": gate_column(pack, own["passes_gate"]),
            "delivered_hours": own["delivered_hours"].to_numpy(),
            "free_hours": own["free_hours"].to_numpy(),
        }
    )
    heads: Heads = {
        "new": "New place",
        "provider": "Provider",
        "today": "Today",
        "change": "Change",
        "performance_score": ("Performance, 0 to 100", "score"),
        "hourly_rate": ("£ an hour", "pounds_per_hour"),
        "gate": "Quality gate",
        "delivered_hours": ("Hours a week", "hours"),
        "free_hours": ("Headroom", "hours"),
    }
    draw_table(table, heads, height="content" if len(table) <= 25 else 900)
    st.caption(
        "Score: weight x performance / 100 + (1 - weight) x lowest rate of the list / own rate. "
        + escape_markdown(f"A place on {first} is for a whole district: the mean of a provider's scores there, ")
        + "weighted by capacity."
    )
    offer_csv(reissued, "All new lists (CSV)", lambda: rows, "lists_reissued.csv")
