"""Placement and stress in words: what a slider of new hours, or a provider that leaves, comes to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

import pandas as pd

from lib.market.basis import standing
from lib.market.figure import as_of
from lib.market.ranked_lists.call_off import Lot, list_noun
from lib.market.ranked_lists.placement import Spill, spill
from lib.market.ranked_lists.reranking import rerank
from lib.market.ranked_lists.resilience import Stress, stress
from lib.market.wording import NOT_KNOWN, counted, for_people, listed, said, show
from lib.pack.load import LOT, Pack
from lib.pack.ratios import WEEKS


def lot_words(pack: Pack, lot: Lot) -> str:
    """A lot as people call it: district, service type, cohort."""
    district = pack.district_names().get(lot.district_code, lot.district_code)
    return f"{district}: {kind_words(pack, lot)}"


def kind_words(pack: Pack, lot: Lot) -> str:
    """What is bought in a lot: service type, cohort."""
    return f"{pack.label('service_types', lot.service_type)}, {pack.label('cohorts', lot.cohort).lower()}"


@lru_cache(maxsize=4)
def provider_labels(pack: Pack) -> Mapping[str, str]:
    """Every provider's name by its id, in order of name; where two share a name, their ids tell them apart."""
    providers = pack.table("providers").sort_values(["provider_name", "provider_id"], kind="stable")
    twice = providers["provider_name"].duplicated(keep=False)
    names = providers["provider_name"].where(~twice, providers["provider_name"] + " (" + providers["provider_id"] + ")")
    return dict(zip(providers["provider_id"], names, strict=True))


def route_words(pack: Pack, code: str) -> str:
    """A route in a sentence: tier 1, spot."""
    label = pack.label("routes", code)
    return label[:1].lower() + label[1:]


def growth_words(growth_pct: float) -> str:
    """A growth in brackets; nothing where there is nothing to grow from."""
    return "" if math.isnan(growth_pct) else f" (+{show(growth_pct / 100, 'share')} of its hours)"


def spill_sentence(pack: Pack, spilled: Spill, hours: float) -> str:
    """Where new hours in a lot go, and from which growth on each route has no room left."""
    routes = spilled.routes
    if routes.empty:
        return f"No provider is on this list: {show(hours, 'hours')} new hours a week would have nowhere to go."
    unknown, known = unknown_room(spilled.unknown), standing(pack, spill)

    def words(placed: float) -> str:
        # What was asked for is the reader's own number.
        return show(placed, "hours") if placed == hours else said(placed, "hours", known)

    taken = [
        f"{words(placed)} on {route_words(pack, route)}"
        for route, placed in zip(routes["route"], routes["placed_hours"], strict=True)
        if placed > 0
    ]
    if spilled.unplaced > 0:
        taken.append(f"{words(spilled.unplaced)} that nobody has room for")
    asked = f"{show(hours, 'hours')} new hours a week"
    text = f"{asked}: {listed(taken)}." if taken else f"{asked}: nothing to place."
    return f"{text} {limits_sentence(pack, spilled)}{f' {unknown}' if unknown else ''}"


def unknown_room(providers: int) -> str:
    """That some providers' capacity is not known, and what follows for a placement; "" where all is known."""
    if not providers:
        return ""
    has = "has" if providers == 1 else "have"
    return (
        f"{counted(providers, 'provider')} on it {has} a capacity that is {NOT_KNOWN}: no hours are placed there, so "
        "more may find room."
    )


def limits_sentence(pack: Pack, spilled: Spill) -> str:
    """The new hours at which each route of a list is full."""
    routes = spilled.routes
    if not routes["free_hours"].sum() > 0:
        return "Nobody on this list has room for another hour."
    parts, known = [], standing(pack, spill)
    for row in routes.to_dict("records"):
        words = route_words(pack, row["route"])
        if row["free_hours"] > 0:
            parts.append(f"{words} is full at {said(row['full_at'], 'hours', known)}{growth_words(row['growth_pct'])}")
        else:
            parts.append(f"{words} has no room")
    text = listed(parts)
    return f"{text[:1].upper()}{text[1:]}."


def cost_words(pack: Pack, spilled: Spill, placed_hours: float) -> str:
    """What the placed hours cost, and what spilling over the first tier adds, in one sentence."""
    if not placed_hours > 0:
        return ""
    rate = show(spilled.cost / (WEEKS * placed_hours), "pounds_per_hour")
    known = standing(pack, spill)
    text = f"The placed hours cost {said(spilled.cost, 'pounds', known)} a year, {rate} an hour on average"
    if math.isnan(spilled.extra_cost):
        return f"{text}."
    first = route_words(pack, pack.manifest.quality_gate.route)
    against = f"than at the average rate of {first} ({show(spilled.first_rate, 'pounds_per_hour')})"
    size = said(abs(spilled.extra_cost), "pounds", known)
    if abs(spilled.extra_cost) < 0.5:
        return f"{text}: nothing beyond {first}, so spilling over adds nothing."
    return (
        f"{text}. Spilling over {first} costs {size} {'more' if spilled.extra_cost > 0 else 'less'} a year {against}."
    )


def stress_sentence(pack: Pack, service: str, stressed: Stress, leaving: int, below_gate: int) -> str:
    """What becomes of the hours, lots and people of the providers that leave or fall below the gate, in a service."""
    lots = stressed.lots[stressed.lots["service"] == service]
    if not leaving and not below_gate:
        return "Choose a provider that leaves, or one that falls below the quality gate."
    parts, known = [], standing(pack, stress)
    if leaving:
        moved, unplaced = float(lots["moved_hours"].sum()), float(lots["unplaced_hours"].sum())
        in_lots = int((lots["moved_hours"] > 0).sum())
        affected = float(lots["people_affected"].sum(skipna=False))
        people = pack.service(service).people
        whom = "an unknown number of" if math.isnan(affected) else f"about {for_people(affected, 'people', known)}"
        parts.append(
            f"{said(moved, 'hours', known)} hours a week in {counted(in_lots, 'lot')} must move, for "
            f"{whom} {people}: {said(moved - unplaced, 'hours', known)} find room on the same lists and "
            f"{said(unplaced, 'hours', known)} do not"
        )
    lost = float(lots["lost_headroom_hours"].sum(skipna=False))
    short = float((lots["shortfall_after"] - lots["shortfall_before"]).sum(skipna=False))
    parts.append(
        f"how much headroom is lost is {NOT_KNOWN}"
        if math.isnan(lost)
        else f"{said(lost, 'hours', known)} hours of headroom are lost"
    )
    text = "; ".join(parts)
    text = f"{text[:1].upper()}{text[1:]}"
    if math.isnan(short):
        return f"{text}. By how much the shortfall grows, lot by lot, is {NOT_KNOWN}."
    return f"{text}. The shortfall, lot by lot, grows by {said(short, 'hours', known)} hours a week."


def lists_words(pack: Pack, lots: pd.DataFrame) -> str:
    """On how many lists a provider is, and on how many of them without hours. lots: as `provider_lots` has them."""
    by_list = lots.groupby(LOT)["delivered_hours"].sum()
    nouns = {list_noun(pack, str(service)) for service in lots["service"]}
    on = counted(len(by_list), nouns.pop() if len(nouns) == 1 else "list")
    idle = int((by_list == 0).sum())
    return f"On {on}" + (f", with no hours on {idle:,} of them" if idle else "")


def moves_sentence(pack: Pack, moves: pd.DataFrame, lists_before: int, lists_after: int) -> str:
    """How many providers move into and out of the first tier, and how many ranked lists then have nobody on it."""
    first = route_words(pack, pack.manifest.quality_gate.route)
    if moves.empty:
        return f"Nobody moves into or out of {first}."
    inward, outward = (int((moves["move"] == move).sum()) for move in ("moves in", "moves out"))
    hours = float(moves.loc[moves["move"] == "moves out", "delivered_hours"].sum())
    districts = moves["district_code"].nunique()
    text = (
        f"In {counted(districts, 'district')}, {counted(inward, 'place')} in {first} would be won and {outward} lost, "
        f"with {said(hours, 'hours', standing(pack, rerank))} hours a week delivered by those that leave it"
    )
    return f"{text}. Ranked lists with nobody on {first}: {lists_before} on {as_of(pack)}, {lists_after} then."
