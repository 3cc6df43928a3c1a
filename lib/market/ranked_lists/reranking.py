"""The ranked lists reissued: other weights, a limit of places, the quality gate; beside the lists of today."""

from __future__ import annotations

import pandas as pd

from lib.market.basis import rests_on
from lib.market.quality import passes_gate
from lib.market.ranked_lists.call_off import call_off_order
from lib.pack.faults import SelectionError, quoted
from lib.pack.load import LOT, Pack
from lib.pack.ranking import rank_list, ranking_score

IN, OUT, STAYS = "moves in", "moves out", "stays"


@rests_on(call_off_order, passes_gate, "providers")
def rerank(
    pack: Pack,
    service: str,
    performance_weight: float,
    places: int | None = None,
    gate: bool = True,
    keep_tiers: bool = False,
) -> pd.DataFrame:
    """The framework's lists of a service reissued, one row a provider and lot, in the new call-off order.

    Within a list, providers stand by performance and price as lib.pack.ranking has it. Who is in the first tier (the
    route of the quality gate) is decided district by district, as a provider holds its tier in a whole district: of
    the providers on the framework there, those that pass the gate (with `gate`), best first, up to `places`. Their
    order is the mean of their scores over their lots in the district, weighted by capacity; the lowest rate that a
    score needs is then that of the lot in both tiers, so that today's tiers do not decide who is in tomorrow's. With
    keep_tiers everybody stays in today's tier, and only the order within it is made again. Providers that the pack
    gives no performance score, or no rate above 0, cannot be scored: they stand last.

    Columns: service, district_code, service_type, cohort, provider_id, provider_name, passes_gate, capacity_hours,
    delivered_hours, free_hours (a week), hourly_rate (pounds), performance_score, route_today, rank_today, route_new,
    rank_new, move ("moves in": into the first tier; "moves out": of it; "stays").

    SelectionError: the weight lies outside 0 to 1, there are fewer than 1 places, or the framework has no second tier.
    """
    if not 0 <= performance_weight <= 1:
        raise SelectionError(f"performance weight: found {quoted(performance_weight)}, expected 0 to 1")
    if places is not None and places < 1:
        raise SelectionError(f"places: found {quoted(places)}, expected 1 or more")
    first = pack.manifest.quality_gate.route
    framework = [code for code, route in pack.manifest.routes.items() if route.framework]
    others = [code for code in framework if code != first]
    if first not in framework or not others:
        raise SelectionError("re-ranking: found a framework of one tier, expected two")
    rows = call_off_order(pack)
    rows = rows[rows["service"].eq(service) & rows["route"].isin(framework)].reset_index(drop=True)
    rows = rows.rename(columns={"route": "route_today", "rank": "rank_today"})
    rows["route_new"] = rows["route_today"]
    if not keep_tiers:
        chosen = first_tier(rows, performance_weight, places, gate)
        member = pd.MultiIndex.from_frame(rows[["district_code", "provider_id"]]).isin(chosen)
        demoted = rows["route_today"].where(rows["route_today"] != first, others[0])
        rows["route_new"] = demoted.where(~member, first)
    scored = scorable(rows)
    lists = rows.rename(columns={"route_new": "route"})
    rows["rank_new"] = rank_list(lists[scored], performance_weight, ()).reindex(rows.index)
    list_of = [*LOT, "route_new"]
    last = rows[~scored].groupby(list_of, sort=False).cumcount() + 1
    rows.loc[~scored, "rank_new"] = rows.groupby(list_of)["rank_new"].transform("max").fillna(0)[~scored] + last
    rows["move"] = STAYS
    rows.loc[rows["route_new"].eq(first) & rows["route_today"].ne(first), "move"] = IN
    rows.loc[rows["route_new"].ne(first) & rows["route_today"].eq(first), "move"] = OUT
    names = pack.table("providers").set_index("provider_id")["provider_name"]
    rows["provider_name"] = rows["provider_id"].map(names)
    order = rows["route_new"].map({code: place for place, code in enumerate(framework)})
    lot = rows.groupby(LOT, sort=False).ngroup()
    rows = rows.assign(order=order, lot=lot).sort_values(["lot", "order", "rank_new"], kind="stable")
    known = ["provider_id", "provider_name", "passes_gate", "capacity_hours", "delivered_hours", "free_hours"]
    lists_of = ["hourly_rate", "performance_score", "route_today", "rank_today", "route_new", "rank_new", "move"]
    return rows[[*LOT, *known, *lists_of]].reset_index(drop=True)


def scorable(rows: pd.DataFrame) -> pd.Series[bool]:
    """Which rows have what a score needs: a performance score, and a rate above 0."""
    return rows["performance_score"].notna() & (rows["hourly_rate"] > 0)


def first_tier(rows: pd.DataFrame, performance_weight: float, places: int | None, gate: bool) -> pd.MultiIndex:
    """Who is in the first tier: pairs of district_code and provider_id. rows: the framework's, of one service."""
    able = rows[scorable(rows)]
    if gate:
        able = able[able["passes_gate"]]
    lowest = rows[scorable(rows)].groupby(LOT)["hourly_rate"].min().rename("lowest").reset_index()
    able = able.merge(lowest, on=LOT, how="left")
    score = ranking_score(able["performance_score"], able["hourly_rate"], able["lowest"], performance_weight)
    # A provider that offers no hours anywhere still has a score, and so has one of unknown capacity: a weight of almost
    # nothing.
    weight = able["capacity_hours"].fillna(0.0).clip(lower=1e-9)
    able = able.assign(weighted=score * weight, weight=weight)
    of = able.groupby(["district_code", "provider_id"])[["weighted", "weight"]].sum().reset_index()
    of["score"] = (of["weighted"] / of["weight"]).round(10)
    of = of.sort_values(["district_code", "score", "provider_id"], ascending=[True, False, True], kind="stable")
    if places is not None:
        of = of.groupby("district_code").head(places)
    return pd.MultiIndex.from_frame(of[["district_code", "provider_id"]])


def without_first(pack: Pack, reranked: pd.DataFrame, column: str) -> int:
    """Lots in which nobody is in the first tier: column is route_today or route_new."""
    first = reranked[column].eq(pack.manifest.quality_gate.route)
    return int((~first.groupby([reranked[name] for name in LOT]).any()).sum())


def changed(reranked: pd.DataFrame) -> int:
    """Places on the lists that change: another tier, or another rank in the same one."""
    same = reranked["route_new"].eq(reranked["route_today"]) & reranked["rank_new"].eq(reranked["rank_today"])
    return int((~same).sum())


def moves(reranked: pd.DataFrame) -> pd.DataFrame:
    """Who moves into or out of the first tier, one row a provider and district.

    Columns: district_code, provider_id, provider_name, move, lots, delivered_hours, free_hours (a week), passes_gate.
    """
    moving = reranked[reranked["move"] != STAYS]
    keys = ["district_code", "provider_id", "provider_name", "move"]
    moving = moving.sort_values(["district_code", "move", "provider_name", "provider_id"], kind="stable")
    found = moving.groupby(keys, sort=False).agg(
        lots=("service_type", "size"),
        delivered_hours=("delivered_hours", "sum"),
        free_hours=("free_hours", "sum"),
        passes_gate=("passes_gate", "all"),
    )
    return found.reset_index()
