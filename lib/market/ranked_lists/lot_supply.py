"""Every lot of a service at a glance: how much room it has, how many providers, and where tier 1 runs out."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from lib.market.basis import rests_on
from lib.market.concentration import concentration
from lib.market.lots import lot_table, serving
from lib.market.profile import county_profile
from lib.market.quality import gate_figures, quality_figures
from lib.market.ranked_lists.call_off import call_off_order, has_ranked_lists
from lib.market.ranked_lists.resilience import TAKEN, points_of_failure
from lib.market.selection import select
from lib.market.wording import counted, listed, show
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
    nothing is bought, waits or is offered; otherwise ""). All hours are hours a week.
    """
    selection = select(pack, service)
    lots = lot_table(pack, selection)
    rows = call_off_order(pack)
    first = rows[rows["service"].eq(service) & rows["route"].eq(pack.manifest.quality_gate.route)]
    free = first.groupby(LOT)["free_hours"].sum().rename("first_free_hours").reset_index()
    lots = lots.merge(free, on=LOT, how="left").fillna({"first_free_hours": 0.0})
    lots["first_growth_pct"] = safe_ratio(100 * lots["first_free_hours"], lots["delivered_hours"])
    shares = concentration(pack, selection, by=tuple(LOT)).reset_index()
    lots = lots.merge(shares, on=LOT, how="left")
    lots["mark"] = ""
    lots.loc[lots["providers"].eq(1), "mark"] = SINGLE
    lots.loc[lots["providers"].eq(0), "mark"] = NO_PROVIDER
    lots.loc[lots["providers"].eq(0) & lots["demand_hours"].eq(0), "mark"] = NO_DEMAND
    sums = ["people", "delivered_hours", "waiting_hours", "demand_hours", "capacity_hours", "headroom_hours"]
    columns = [*sums, "shortfall_hours", "providers", "first_free_hours", "first_growth_pct"]
    return lots[[*LOT, *columns, "largest_provider_share", "hhi", "mark"]]


@dataclass(frozen=True)
class Headlines:
    """The county's supply in a few figures. Hours are hours a week.

    lots: that have a provider or demand. single: lots with one provider. without: lots with demand and no provider.
    first_full: lots that have a first tier and no room left in it. headroom and first_headroom: room for new hours, in
    all and in the first tier (both as capacity - delivered, never below 0 for a provider). below_gate_hours,
    below_gate_share and below_gate_providers: of the first tier (share empty without one). not_rated_share: of all
    hours. riskiest, riskiest_hours and riskiest_unplaced: the name, hours and stranded hours of the provider whose exit
    would leave most hours unplaced; "" where there is none.
    """

    lots: int
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


@rests_on(lot_supply, gate_figures, quality_figures, points_of_failure)
def headlines(pack: Pack, service: str) -> Headlines:
    """The headlines of a service."""
    lots = lot_supply(pack, service)
    rows = call_off_order(pack)
    rows = rows[rows["service"] == service]
    first = rows[rows["route"] == pack.manifest.quality_gate.route]
    room = serving(first).groupby(LOT)["free_hours"].sum()
    county = county_profile(pack, select(pack, service))
    risks = points_of_failure(pack, service)
    worst = risks.iloc[0] if len(risks) and risks["unplaced_hours"].iloc[0] > 0 else None
    return Headlines(
        lots=int((lots["mark"] != NO_DEMAND).sum()),
        single=int((lots["mark"] == SINGLE).sum()),
        without=int((lots["mark"] == NO_PROVIDER).sum()),
        first_full=int((room == 0).sum()),
        headroom=float(rows["free_hours"].sum()),
        first_headroom=float(first["free_hours"].sum()),
        below_gate_hours=float(county["gate_fail_hours"]),
        below_gate_share=float(county["gate_fail_share"]),
        below_gate_providers=int(first.loc[~first["passes_gate"], "provider_id"].nunique()),
        not_rated_share=float(county["not_rated_share"]),
        riskiest="" if worst is None else str(worst["provider_name"]),
        riskiest_unplaced=0.0 if worst is None else float(worst["unplaced_hours"]),
        riskiest_hours=0.0 if worst is None else float(worst["delivered_hours"]),
    )


@rests_on(lot_supply, TAKEN)
def supply_sentence(pack: Pack, service: str, known: Headlines) -> str:
    """One sentence on how far supply can be relied on."""
    parts = []
    if known.single:
        parts.append(f"{known.single} {'has' if known.single == 1 else 'have'} a single provider")
    if known.without:
        parts.append(f"{known.without} {'has' if known.without == 1 else 'have'} no provider at all")
    if has_ranked_lists(pack, service) and known.first_full:
        first = pack.label("routes", pack.manifest.quality_gate.route)
        parts.append(f"{first[0].lower()}{first[1:]} has no room left in {known.first_full}")
    if not known.lots:
        return "No care is bought, waited for or offered."
    lots = counted(known.lots, "lot")
    every = "The only lot" if known.lots == 1 else f"Every one of {lots}"
    text = f"Of {lots}, {listed(parts)}" if parts else f"{every} has at least two providers"
    if known.riskiest:
        text += (
            f"; if {known.riskiest} left, {show(known.riskiest_unplaced, 'hours')} of its "
            f"{show(known.riskiest_hours, 'hours')} hours a week would have nowhere to go"
        )
    return f"{text}."
