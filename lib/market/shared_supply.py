"""Providers that could serve two services: where headroom in one might be opened to the other."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from lib.market.basis import rests_on
from lib.market.lots import lot_table, whole_where_known
from lib.market.selection import select, service_types_of, unknown
from lib.pack.load import Pack
from lib.pack.unknown_lots import unknown_lots

COLUMNS = ["district_code", "district_name", "providers", "headroom_hours", "waiting_hours", "shortfall_hours"]
PROVIDER_COLUMNS = ["provider_id", "provider_name", "district_code", "district_name", "serves_here", "headroom_hours"]


@rests_on("capacity", "providers")
def shared_providers(pack: Pack, service: str) -> list[str]:
    """The providers that could serve a service and another, by id.

    They say that they serve both adults and children, or stand in the capacity table of the service and of another.
    SelectionError for a service that there is not.
    """
    select(pack, service)
    providers, capacity = pack.table("providers"), pack.table("capacity")
    here = set(capacity[capacity["service"] == service]["provider_id"])
    elsewhere = set(capacity[capacity["service"] != service]["provider_id"])
    say_so = set(providers[providers["also_childrens"]]["provider_id"])
    return [code for code in providers["provider_id"] if code in say_so | (here & elsewhere)]


@rests_on(shared_providers)
def headroom_elsewhere(pack: Pack, service: str, service_types: Iterable[str] = ()) -> pd.DataFrame:
    """The shared providers' rows of the capacity table in other services, with headroom_hours.

    headroom_hours = max(0, capacity - delivered), row by row: hours over capacity in one lot take nothing from another.
    """
    capacity = pack.table("capacity")
    rows = capacity[(capacity["service"] != service) & capacity["provider_id"].isin(shared_providers(pack, service))]
    wanted = set(service_types)
    others = [code for code in pack.manifest.services if code != service]
    known = list(dict.fromkeys(kind for other in others for kind in service_types_of(pack, other)))
    for code in sorted(wanted - set(known)):
        raise unknown(f"service type beside {service}", code, known)
    rows = rows[rows["service_type"].isin(wanted or known)]
    return rows.assign(headroom_hours=(rows["capacity_hours"] - rows["delivered_hours"]).clip(lower=0.0))


@rests_on(headroom_elsewhere, lot_table)
def shared_supply(pack: Pack, service: str, service_types: Iterable[str] = ()) -> pd.DataFrame:
    """Where shared providers have headroom in another service, beside what this service is short of: a row a district.

    Args:
        pack: the pack.
        service: the service that is short.
        service_types: of the other services, those whose headroom counts, such as day care only; none means all.

    Returns:
        Columns: district_code, district_name, providers (shared ones with headroom above 0 in another service in the
        district), headroom_hours (theirs there: max(0, capacity - delivered), row by row), waiting_hours and
        shortfall_hours (of this service in the district, lot by lot). Hours are hours a week. The headroom is an upper
        limit of what to ask for: the same staff may stand in several lots, and not all may work with everybody.

    Raises:
        SelectionError: a service or a service type that there is not.
    """
    rows = headroom_elsewhere(pack, service, service_types)
    by_district = rows.groupby("district_code")
    found = rows[rows["headroom_hours"] > 0].groupby("district_code")["provider_id"].nunique().to_frame("providers")
    found = found.reindex(pd.Index(list(pack.district_names()), name="district_code"), fill_value=0)
    found["headroom_hours"] = by_district["headroom_hours"].sum(skipna=False).reindex(found.index, fill_value=0.0)
    # Where a capacity is not known, or not who offers any, headroom may be larger, and with it the providers.
    unsure = found["headroom_hours"].isna() | found.index.isin(unknown_elsewhere(pack, service, service_types))
    found = found.astype("float64").mask(unsure, axis=0)
    lots = lot_table(pack, select(pack, service)).groupby("district_code")
    needs = lots[["waiting_hours", "shortfall_hours"]].sum(skipna=False)
    names = pack.district_names()
    frame = pd.DataFrame({"district_code": list(names), "district_name": list(names.values())})
    frame = frame.join(found, on="district_code").join(needs, on="district_code")
    return whole_where_known(frame, ["providers"])[COLUMNS]


def unknown_elsewhere(pack: Pack, service: str, service_types: Iterable[str] = ()) -> set[str]:
    """The districts in which the capacity table does not tell of a lot of another service (of these service types)."""
    wanted = set(service_types)
    return {
        district
        for other, district, kind, _ in unknown_lots(pack, "capacity")
        if other != service and (not wanted or kind in wanted)
    }


@rests_on(headroom_elsewhere)
def shared_headroom(pack: Pack, service: str, service_types: Iterable[str] = ()) -> pd.DataFrame:
    """Whom to ask: the providers behind `shared_supply`, one row a district and provider.

    Districts stand in their own order, and in each the provider with the most headroom first.

    Columns: provider_id, provider_name, district_code, district_name, serves_here (whether it already delivers or could
    deliver this service in the district), headroom_hours (a week, in other services there, above 0, or empty where a
    capacity is not known).
    """
    rows = headroom_elsewhere(pack, service, service_types)
    sums = rows.groupby(["provider_id", "district_code"])["headroom_hours"].sum(skipna=False)
    # One of unknown headroom may have some, and is worth asking.
    frame = sums[~(sums <= 0)].reset_index()
    capacity = pack.table("capacity")
    capacity = capacity[capacity["service"] == service]
    here = set(zip(capacity["provider_id"], capacity["district_code"], strict=True))
    pairs = zip(frame["provider_id"], frame["district_code"], strict=True)
    frame["serves_here"] = pd.Series([pair in here for pair in pairs], index=frame.index, dtype="bool")
    names = pack.table("providers").set_index("provider_id")["provider_name"]
    frame["provider_name"] = frame["provider_id"].map(names)
    frame["district_name"] = frame["district_code"].map(pack.district_names())
    order = {code: place for place, code in enumerate(pack.district_names())}
    frame["order"] = frame["district_code"].map(order)
    frame = frame.sort_values(["order", "headroom_hours", "provider_id"], ascending=[True, False, True], kind="stable")
    return frame[PROVIDER_COLUMNS].reset_index(drop=True)
