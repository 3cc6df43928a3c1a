"""Every lot of a service at a glance: how much room its list has, how many providers, and where tier 1 runs out."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import pandas as pd

from lib.market.basis import Basis, Input, basis, rests_on, standing
from lib.market.concentration import concentration
from lib.market.lots import lot_table, serving, without_list
from lib.market.profile import county_profile
from lib.market.quality import gate_figures, has_ratings, quality_figures
from lib.market.ranked_lists.call_off import call_off_order, has_ranked_lists, list_noun
from lib.market.ranked_lists.resilience import TAKEN, points_of_failure
from lib.market.selection import COUNTY_CODE, select
from lib.market.unknown import hole
from lib.market.wording import NOT_KNOWN, counted, listed, said_of
from lib.pack.load import LOT, Pack
from lib.pack.ratios import safe_ratio

NO_DEMAND, NO_PROVIDER, SINGLE = "empty", "none", "one"


@rests_on(lot_table, call_off_order, concentration)
def lot_supply(pack: Pack, service: str) -> pd.DataFrame:
    """One row a lot of a service: a district, service type and cohort.

    Columns: service, district_code, service_type, cohort, people, delivered_hours, waiting_hours, demand_hours,
    capacity_hours, headroom_hours, shortfall_hours (as in lib.market.lots), providers (with capacity or hours),
    first_free_hours (room left on the route that has the quality gate), first_growth_pct (the same as a percentage of
    delivered hours: the growth at which that route is full; empty where nothing is delivered), largest_provider_share,
    hhi, mark ("one": a single provider; "none": hours are bought or wait and no provider is on the list; "empty":
    nothing is bought, waits or is offered; otherwise, and where it is not known, ""). All hours are hours a week.
    """
    selection = select(pack, service)
    lots = lot_table(pack, selection)
    rows = call_off_order(pack)
    first = rows[rows["service"].eq(service) & rows["route"].eq(pack.manifest.quality_gate.route)]
    free = first.assign(room=room_of(first)).groupby(LOT)["room"].sum(skipna=False)
    in_first = free.reindex(pd.MultiIndex.from_frame(lots[LOT]), fill_value=0.0).to_numpy()
    # Where nobody is listed although hours are bought, nobody knows who has room.
    lots["first_free_hours"] = lots["providers"].isna().map({True: math.nan, False: 0.0}) + in_first
    lots["first_growth_pct"] = safe_ratio(100 * lots["first_free_hours"], lots["delivered_hours"])
    shares = concentration(pack, selection, by=tuple(LOT)).reset_index()
    lots = lots.merge(shares, on=LOT, how="left")
    lots["mark"] = ""
    lots.loc[lots["providers"].eq(1), "mark"] = SINGLE
    lots.loc[lots["providers"].eq(0), "mark"] = NO_PROVIDER
    lots.loc[without_list(lots), "mark"] = NO_DEMAND
    sums = ["people", "delivered_hours", "waiting_hours", "demand_hours", "capacity_hours", "headroom_hours"]
    columns = [*sums, "shortfall_hours", "providers", "first_free_hours", "first_growth_pct"]
    return lots[[*LOT, *columns, "largest_provider_share", "hhi", "mark"]]


def room_of(rows: pd.DataFrame) -> pd.Series[float]:
    """Room for new hours of rows of `call_off_order`, never below 0; empty where the capacity is not known."""
    return rows["headroom_hours"].clip(lower=0.0)


@dataclass(frozen=True)
class Headlines:
    """The county's supply in a few figures. Hours are hours a week.

    lists: of lots that have a provider or demand. single: those of one provider. without: those with demand and no
    provider. first_full: those that have a first tier and no room left in it. headroom and first_headroom: room for new
    hours, in all and in the first tier (both as capacity - delivered, never below 0 for a provider). below_gate_hours,
    below_gate_share and below_gate_providers: of the first tier (share empty without one). not_rated_share: of all
    hours. riskiest, riskiest_hours and riskiest_unplaced: the name, hours and stranded hours of the provider whose exit
    would leave most hours unplaced; "" where there is none. What is not known is empty (NaN):
    headroom, the first tier's, and hours and share below the gate. missing: the rows that are missing behind them, in
    words; "" where none is.
    unknown: lists of which it is not known who is on them. rated: whether any provider's rating is known.
    """

    lists: int
    single: int
    without: int
    first_full: int
    headroom: float
    first_headroom: float
    below_gate_hours: float
    below_gate_share: float
    below_gate_providers: int
    not_rated_share: float
    riskiest: str
    riskiest_unplaced: float
    riskiest_hours: float
    missing: str = ""
    unknown: int = 0
    rated: bool = True


@rests_on(lot_supply, gate_figures, quality_figures, points_of_failure)
def headlines(pack: Pack, service: str) -> Headlines:
    """The headlines of a service."""
    lots = lot_supply(pack, service)
    rows = call_off_order(pack)
    rows = rows[rows["service"] == service]
    first = rows[rows["route"] == pack.manifest.quality_gate.route]
    room = first.assign(room=room_of(first)).loc[serving(first).index].groupby(LOT)["room"].sum(skipna=False)
    selection = select(pack, service).county()
    missing = hole(pack, selection, COUNTY_CODE, "headroom_hours")
    whole = math.nan if lots["providers"].isna().any() else 0.0
    rated = has_ratings(pack, service)
    county = county_profile(pack, select(pack, service))
    risks = points_of_failure(pack, service)
    worst = risks.iloc[0] if len(risks) and risks["unplaced_hours"].iloc[0] > 0 else None
    return Headlines(
        lists=int((~without_list(lots)).sum()),
        single=int((lots["mark"] == SINGLE).sum()),
        without=int((lots["mark"] == NO_PROVIDER).sum()),
        first_full=int((room == 0).sum()),
        headroom=whole + float(room_of(rows).sum(skipna=False)),
        first_headroom=whole + float(room_of(first).sum(skipna=False)),
        below_gate_hours=float(county["gate_fail_hours"]),
        below_gate_share=float(county["gate_fail_share"]),
        below_gate_providers=int(first.loc[~first["passes_gate"], "provider_id"].nunique()),
        not_rated_share=float(county["not_rated_share"]),
        riskiest="" if worst is None else str(worst["provider_name"]),
        riskiest_unplaced=0.0 if worst is None else float(worst["unplaced_hours"]),
        riskiest_hours=0.0 if worst is None else float(worst["delivered_hours"]),
        missing=missing,
        unknown=int(lots["providers"].isna().sum()),
        rated=rated,
    )


def counted_on(pack: Pack, *inputs: Input) -> Basis:
    """What counts of lists and providers rest on: what waits too, but only where somebody has given it."""
    whole = basis(*inputs)
    return replace(whole, tables=tuple(name for name in whole.tables if name != "requests" or pack.given(name)))


@rests_on(lot_supply, TAKEN)
def supply_sentence(pack: Pack, service: str, known: Headlines) -> str:
    """One sentence on how far supply can be relied on."""
    parts = []
    if known.single:
        parts.append(f"{known.single} {'rests' if known.single == 1 else 'rest'} on a single provider")
    if known.without:
        parts.append(f"{known.without} {'has' if known.without == 1 else 'have'} no provider at all")
    if has_ranked_lists(pack, service) and known.first_full:
        first = pack.label("routes", pack.manifest.quality_gate.route)
        parts.append(f"{first[0].lower()}{first[1:]} has no room left in {known.first_full}")
    one = list_noun(pack, service)
    if known.unknown == known.lists and known.lists:
        return f"Who is on any of {counted(known.lists, one)} is {NOT_KNOWN}: {known.missing}."
    if known.unknown:
        parts.append(f"who is on {counted(known.unknown, one)} is {NOT_KNOWN}")
    if not known.lists:
        return "No care is bought, waited for or offered."
    lists = counted(known.lists, one)
    every = f"The only {one}" if known.lists == 1 else f"Every one of {lists}"
    text = f"Of {lists}, {listed(parts)}" if parts else f"{every} has at least two providers"
    if known.riskiest:
        stranded = said_of(known.riskiest_unplaced, known.riskiest_hours, "hours", standing(pack, TAKEN), "of its")
        text += f"; if {known.riskiest} left, {stranded} hours a week would have nowhere to go"
    return f"{text}."
