"""Who has room for more hours: in every lot of a district and of the districts that border on it, in one table."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
import pandas as pd

from lib.market.basis import Standing, rests_on, standing
from lib.market.clauses import Clause, fitting, said_in_order
from lib.market.quality import OVERALL, provider_ratings
from lib.market.ranked_lists.call_off import call_off_order
from lib.market.ranked_lists.placement import NO_HOURS
from lib.market.selection import Selection, cohorts_of, select, service_types_of, unknown
from lib.market.wording import NOT_KNOWN, counted, rounded, said
from lib.pack.faults import PackError
from lib.pack.load import LOT, Pack
from lib.pack.neighbours import neighbours
from lib.pack.unknown_lots import unknown_lots

OWN, NEIGHBOUR = "own", "neighbour"
COLUMNS = [
    "provider_id", "provider_name", "district_code", "district_name", "lies", "service_type", "cohort", "route", "rank",
    "headroom_hours", "hourly_rate", "overall", "passes_gate",
]  # fmt: skip


def bordering_on(pack: Pack, district_code: str) -> tuple[str, ...] | None:
    """The districts that border on one; None where the outlines do not tell. SelectionError for a district unknown."""
    if district_code not in pack.district_names():
        raise unknown("district", district_code, pack.district_names())
    try:
        return neighbours(pack).get(district_code, ())
    except PackError:
        return None


@rests_on(call_off_order, provider_ratings, "providers", "demand")
def room(
    pack: Pack, service: str, district_code: str, service_types: Iterable[str] = (), cohorts: Iterable[str] = ()
) -> pd.DataFrame:
    """Every provider with room in a lot of a district or of one that borders on it: one row a provider, lot and route.

    No service type or cohort means all. Columns: provider_id, provider_name, district_code and district_name (of the
    lot), lies ("own" or "neighbour"), service_type, cohort, route, rank (empty off the framework), headroom_hours
    (hours a week, above 0), hourly_rate (pounds), overall (the rating), passes_gate.

    What is not known is no room of 0: a provider whose capacity is not known has a row with headroom_hours empty, and a
    lot of which it is not known who is on its list has one with an empty provider_id, route, rating and gate too.
    Sorted: the district's own rows first, then by route in call-off order, rank (off the framework the cheapest first)
    and most room; lots without a list last. SelectionError for what the pack does not have.
    """
    selection = select(pack, service, service_types, cohorts)
    places = {district_code: 0} | dict.fromkeys(bordering_on(pack, district_code) or (), 1)
    rows = call_off_order(pack)
    free = rows["headroom_hours"]
    wanted = rows["service"].eq(service) & rows["district_code"].isin(list(places)) & (free.gt(NO_HOURS) | free.isna())
    wanted &= rows["service_type"].isin(selection.service_types) & rows["cohort"].isin(selection.cohorts)
    found = pd.concat([rows[wanted], without_list(pack, selection, places)], ignore_index=True)
    routes = pack.manifest.routes
    order = sorted(routes, key=lambda code: not routes[code].framework)
    turn = {code: place for place, code in enumerate(order)}
    framework = found["route"].map({code: route.framework for code, route in routes.items()}).eq(True)
    keys = pd.DataFrame(
        {
            "far": found["district_code"].map(places),
            "route": found["route"].map(turn).fillna(len(turn)),
            "first": found["rank"].astype("float64").where(framework, found["hourly_rate"]),
            "room": -found["headroom_hours"].astype("float64").fillna(0.0),
            "district": found["district_code"],
            "type": found["service_type"],
            "cohort": found["cohort"],
            "provider": found["provider_id"].fillna(""),
        }
    )
    found = found.loc[keys.sort_values(list(keys.columns), kind="stable").index].reset_index(drop=True)
    names = pack.table("providers").set_index("provider_id")["provider_name"]
    ratings = provider_ratings(pack)[OVERALL]
    return found.assign(
        provider_name=found["provider_id"].map(names),
        district_name=found["district_code"].map(pack.district_names()),
        lies=found["district_code"].map({code: (OWN, NEIGHBOUR)[far] for code, far in places.items()}),
        overall=found["provider_id"].map(ratings),
    )[COLUMNS]


def without_list(pack: Pack, selection: Selection, places: Collection[str]) -> pd.DataFrame:
    """The lots of some districts of which it is not known who is on their list, with the columns of a list, empty."""
    lots = [
        lot
        for lot in sorted(unknown_lots(pack, "capacity"))
        if lot[0] == selection.service and lot[1] in places
        and lot[2] in selection.service_types and lot[3] in selection.cohorts
    ]  # fmt: skip
    rows = pd.DataFrame(lots, columns=LOT)
    empty = {
        str(name): pd.array([pd.NA] * len(rows), dtype="Int64") if name == "rank"
        else np.full(len(rows), np.nan) if kind.kind == "f"
        else np.full(len(rows), None, dtype=object)
        for name, kind in call_off_order(pack).dtypes.items()
        if name not in LOT
    }  # fmt: skip
    return rows.assign(**empty)


def kinds_words(pack: Pack, selection: Selection) -> str:
    """What is asked for: a lot's kind where it is one, a service type for everybody, or the whole service."""
    service = selection.service
    label = pack.service(service).label
    if len(selection.service_types) == 1 and len(service_types_of(pack, service)) > 1:
        label = pack.label("service_types", selection.service_types[0])
    if len(selection.cohorts) == 1 and len(cohorts_of(pack, service)) > 1:
        return f"{label}, {pack.label('cohorts', selection.cohorts[0]).lower()}"
    return label


@rests_on(room)
def room_sentence(pack: Pack, selection: Selection, district_code: str, rows: pd.DataFrame) -> str:
    """Who has room in a district and around it, in words. rows: of `room`, for the same lots."""
    known = standing(pack, room)
    district = pack.district_names()[district_code]
    own, near = (rows[rows["lies"] == lies] for lies in (OWN, NEIGHBOUR))
    answer = room_words(own, known)
    kind = kinds_words(pack, selection)
    clauses = [
        Clause(fitting(f"{kind} in {district}: {answer}", f"In {district}, {answer}", f"Here, {answer}")),
        *unknown_words(own),
    ]
    bordering = bordering_on(pack, district_code)
    if bordering is None:
        clauses.append(Clause(f"which districts border on it is {NOT_KNOWN}", "; "))
    elif not bordering:
        clauses.append(Clause("no other district of the pack borders on it", "; "))
    else:
        words = room_words(near, known)
        clauses.append(Clause(f"in neighbouring districts {words}", "; ", f"In neighbouring districts, {words}"))
        both = len(having(own) & having(near))
        if both:
            share = "all of them" if both == len(having(near)) else f"{both} of them"
            have = "has" if both == 1 else "have"
            clauses.append(Clause(f"{share} also here", ", ", f"Of these, {both} also {have} room here"))
        clauses += unknown_words(near)
    return said_in_order(clauses)


def having(rows: pd.DataFrame) -> set[str]:
    """The providers that are known to have room."""
    return set(rows.loc[rows["headroom_hours"] > 0, "provider_id"])


def room_words(rows: pd.DataFrame, known: Standing) -> str:
    """How many providers have how much room: none where that is known of everybody."""
    providers = len(having(rows))
    if not providers:
        return f"whether a provider has room is {NOT_KNOWN}" if len(rows) else "no provider has room"
    hours = float(rows["headroom_hours"].sum())
    text = said(hours, "hours", known) if hours >= 0.5 else "less than 1"
    noun = "hour" if rounded(hours, 0) <= 1 else "hours"
    return f"{counted(providers, 'provider')} {'has' if providers == 1 else 'have'} room for {text} {noun} a week"


def unknown_words(rows: pd.DataFrame) -> list[Clause]:
    """That the room of some is not known, beside others whose room is."""
    unsaid = rows[rows["headroom_hours"].isna()]
    providers = len(set(unsaid["provider_id"].dropna()) - having(rows))
    lots = int(unsaid["provider_id"].isna().sum())
    if not having(rows) or not (providers or lots):
        return []
    who = [f"of {counted(providers, 'more', 'more')}"] if providers else []
    who += [f"in {counted(lots, 'lot')}"] if lots else []
    text = f"{' and '.join(who)} the room is {NOT_KNOWN}"
    return [Clause(text, "; ")]
