"""The demand board: the open requests of a service, where they wait, for how long, and what one more carer could serve.

Days are counted to the date of the service's data, never to today's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from lib.market.basis import Basis, basis, rests_on, standing
from lib.market.figure import as_of
from lib.market.lots import open_requests
from lib.market.rounds import best_for_one
from lib.market.selection import COUNTY_CODE, Selection
from lib.market.travel import ROAD_WORDS, with_points
from lib.market.unknown import hole
from lib.market.wording import NOT_KNOWN, counted, listed, said
from lib.pack.load import Pack


class Band(NamedTuple):
    """A choice of a filter: what people read, and the values it lets through, above low and up to high."""

    label: str
    low: float
    high: float


ANY = "any"
_NO_LIMIT = float("inf")
WAITED: Mapping[str, Band] = {
    ANY: Band("Any time", -_NO_LIMIT, _NO_LIMIT),
    "over_7": Band("Over 7 days", 7, _NO_LIMIT),
    "over_14": Band("Over 14 days", 14, _NO_LIMIT),
    "over_28": Band("Over 28 days", 28, _NO_LIMIT),
}
SIZES: Mapping[str, Band] = {
    ANY: Band("Any hours", -_NO_LIMIT, _NO_LIMIT),
    "up_to_10": Band("Up to 10 hours", -_NO_LIMIT, 10),
    "10_to_20": Band("Over 10, up to 20", 10, 20),
    "over_20": Band("Over 20 hours", 20, _NO_LIMIT),
}
LONG_WAIT = WAITED["over_28"]
NAMED_AT_MOST = 3
COLUMNS = [
    "request_id", "district_code", "district_name", "ward_code", "ward_name", "latitude", "longitude", "service_type",
    "cohort", "hours_per_week", "requested_on", "days_waiting",
]  # fmt: skip
PLACE_COLUMNS = ["open_requests", "hours_per_week", "median_wait", "longest_wait", "long_waits"]


@dataclass(frozen=True)
class Wanted:
    """Which open requests are looked at: a selection's lots, and of these a district, a ward, a wait and a size.

    district_code, ward_code: "" for all. waited, size: codes of WAITED and SIZES.
    """

    selection: Selection
    district_code: str = ""
    ward_code: str = ""
    waited: str = ANY
    size: str = ANY


@rests_on("requests", "wards")
def waiting(pack: Pack, service: str) -> pd.DataFrame:
    """The open requests of a service, the longest wait first: COLUMNS.

    days_waiting: from the day of the request to the date of the service's data. The ward's code, name and point
    (latitude and longitude, degrees) are empty where no ward of the request's own district is given.
    """
    rows = open_requests(pack)
    rows = with_points(rows[rows["service"] == service], pack.table("wards"))
    rows = rows.assign(
        district_name=rows["district_code"].map(pack.district_names()),
        days_waiting=(pd.Timestamp(pack.manifest.date_of(service)) - rows["requested_on"]).dt.days.astype("float64"),
        hours_per_week=rows["hours_per_week"].astype("float64"),
    )
    order = rows.sort_values(["days_waiting", "request_id"], ascending=[False, True], kind="stable", ignore_index=True)
    return order[COLUMNS]


def shown(rows: pd.DataFrame, wanted: Wanted) -> pd.DataFrame:
    """Those of some open requests that are looked at. rows: as `waiting` returns them."""
    long, size = WAITED[wanted.waited], SIZES[wanted.size]
    kept = rows["service_type"].isin(wanted.selection.service_types) & rows["cohort"].isin(wanted.selection.cohorts)
    kept &= (rows["days_waiting"] > long.low) & (rows["days_waiting"] <= long.high)
    kept &= (rows["hours_per_week"] > size.low) & (rows["hours_per_week"] <= size.high)
    if wanted.district_code:
        kept &= rows["district_code"] == wanted.district_code
    if wanted.ward_code:
        kept &= rows["ward_code"] == wanted.ward_code
    return rows[kept].reset_index(drop=True)


def by_place(rows: pd.DataFrame, place: str) -> pd.DataFrame:
    """What waits place by place, one row a value of the column `place`, by its index: PLACE_COLUMNS.

    hours_per_week: of all its open requests. median_wait, longest_wait: days so far. long_waits: requests that have
    waited over 28 days. Requests whose place is not known are in no row.
    """
    groups = rows.assign(long=rows["days_waiting"] > LONG_WAIT.low).groupby(place, sort=True)
    return pd.DataFrame(
        {
            "open_requests": groups["request_id"].size().astype("float64"),
            "hours_per_week": groups["hours_per_week"].sum(),
            "median_wait": groups["days_waiting"].median(),
            "longest_wait": groups["days_waiting"].max(),
            "long_waits": groups["long"].sum().astype("float64"),
        }
    )[PLACE_COLUMNS]


def districts(pack: Pack, wanted: Wanted, rows: pd.DataFrame) -> pd.DataFrame:
    """What waits district by district, one row a district that is looked at: area_code, area_name, PLACE_COLUMNS.

    In the order of the pack's file. A district where nothing waits has 0 requests and no wait (NaN); one of which it is
    not known what waits (see lib.market.unknown) has no figure at all.
    """
    names = {
        code: name
        for code, name in pack.district_names().items()
        if not wanted.district_code or code == wanted.district_code
    }
    found = by_place(rows, "district_code").reindex(list(names))
    sums = ["open_requests", "hours_per_week", "long_waits"]
    found[sums] = found[sums].fillna(0.0)
    by_district = wanted.selection.by_district()
    unknown = [code for code in names if hole(pack, by_district, code, "open_requests")]
    found.loc[unknown] = float("nan")
    found.insert(0, "area_name", list(names.values()))
    return found.rename_axis("area_code").reset_index()


def round_basis(carer_hours: float) -> Basis:
    """What rounds, and what one more carer could serve of them, rest on."""
    return basis(waiting).assuming(*assumed_of(carer_hours))


def assumed_of(carer_hours: float) -> tuple[str, str]:
    """What is assumed of distance and of a carer's week, in words."""
    return f"distance {ROAD_WORDS}", f"{carer_hours:g} hours of care a carer gives in a week"


def board_sentence(
    pack: Pack, wanted: Wanted, rows: pd.DataFrame, rounds: pd.DataFrame, radius_km: float, carer_hours: float
) -> str:
    """Where care is waited for, and what one more carer could serve, in a sentence or two.

    rows: the requests that are looked at. rounds: of these, as `lib.market.rounds.round_table` returns them.
    """
    selection = wanted.selection
    area = wanted.district_code or COUNTY_CODE
    grouped = selection.by_district() if wanted.district_code else selection.county()
    if missing := hole(pack, grouped, area, "open_requests"):
        return f"What waits is {NOT_KNOWN}: {missing}."
    where = pack.district_names().get(wanted.district_code, pack.manifest.area)
    date = as_of(pack, selection.service)
    if rows.empty:
        return f"Of what is chosen, no request waited in {where} on {date}."
    known = standing(pack, waiting)
    hours = f"{said(float(rows['hours_per_week'].sum()), 'hours', known)} hours a week"
    verb = "waits" if len(rows) == 1 else "wait"
    text = f"{counted(len(rows), 'request')} for {hours} {verb} in {where} ({date}){most_words(rows, wanted)}"
    return f"{text}: {carer_words(rows, rounds, radius_km, carer_hours)}."


def most_words(rows: pd.DataFrame, wanted: Wanted) -> str:
    """In which district, or ward of a district that was chosen, most hours wait, as the end of a clause."""
    column = "ward_name" if wanted.district_code else "district_name"
    places = by_place(rows, column)
    if wanted.ward_code or places.empty:
        return f", in {rows['ward_name'].iloc[0]}" if wanted.ward_code else ""
    most = places[places["hours_per_week"] == places["hours_per_week"].max()]
    if len(places) == 1 and int(most["open_requests"].iloc[0]) == len(rows):
        return f", all in {most.index[0]}" if len(rows) > 1 else f", in {most.index[0]}"
    if len(most) > NAMED_AT_MOST:
        return f", as many hours in each of {len(most)} {'wards' if wanted.district_code else 'districts'}"
    number = int(most["open_requests"].iloc[0])
    of = f" ({counted(number, 'request')})" if len(most) == 1 else ""
    return f", most hours in {listed([str(name) for name in most.index])}{of}"


def carer_words(rows: pd.DataFrame, rounds: pd.DataFrame, radius_km: float, carer_hours: float) -> str:
    """What one more carer could serve, as a clause."""
    week = f"one more carer, at {carer_hours:g} hours of care a week,"
    if rows["latitude"].isna().all():
        return f"where within the districts they wait is {NOT_KNOWN}, as no request names a ward"
    candidates = rounds[rounds["requests"] > 1]
    best = best_for_one(candidates if len(candidates) else rounds)
    if best is None:
        return f"each asks for more than one carer's week of {carer_hours:g} hours"
    served, hours, all_of = int(best["carer_requests"]), float(best["carer_hours"]), int(best["requests"])
    if candidates.empty:
        alone = f"no two of one service type are within {radius_km:g} km of each other by road, so "
        return f"{alone if len(rows) > 1 else ''}{week} could serve {counted(served, 'request')}, {hours:g} hours"
    names = rows.drop_duplicates("ward_code").set_index("ward_code")["ward_name"]
    number = f"{served} of {all_of}" if served < all_of else "both" if served == 2 else f"all {served}"
    return (
        f"{week} could serve {number} requests around {names[best['ward_code']]} (round "
        f"{int(best['round'])}), {hours:g} hours, within {radius_km:g} km of each other by road"
    )
