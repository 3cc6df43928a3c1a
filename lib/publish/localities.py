"""Open requests by locality. A ward with few is never shown by itself: it counts among the district's other wards."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from lib.market.basis import standing
from lib.market.disclosure import SUPPRESSED
from lib.market.lots import open_requests
from lib.market.selection import DISTRICT
from lib.pack.load import Pack
from lib.pack.manifest import Disclosure
from lib.publish.cells import ALL, HOURS_IN_A_WEEK, Block, Field, Figure, Known, Secret, least_interval
from lib.publish.drafts import Draft, Row, Tells, plain_sum
from lib.publish.sums import Area, Sums, added
from lib.publish.today import REQUESTS, WAITING, block_name, dates, measure_field, protection, text_fields

WARD, OTHERS = "ward", "other"
OTHER_WARDS = "Other wards of the district"
# From how many days on, and in words; the longest wait of at least as many requests as may be shown.
WAITS = ((0, "under 4 weeks"), (28, "4 to 8 weeks"), (56, "8 to 12 weeks"), (84, "over 12 weeks"))


@dataclass(frozen=True, eq=False)
class Ward:
    """A ward's open requests: how many, their hours, and the days of the longest wait."""

    code: str
    name: str
    open_requests: float
    waiting_hours: float
    days: float


def requests_draft(pack: Pack, blocks: dict[str, Block]) -> Draft:
    """Open requests by ward; each ward becomes a quantity of the blocks of requests and of hours."""
    words = ("service", "service_name", "district_code", "district_name")
    status = str(standing(pack, "requests"))
    draft = Draft(
        "requests",
        f"Open requests by locality: how many, hours a week and the longest wait, {dates(pack)}",
        "A ward with few open requests is not shown by itself: it counts among the other wards of its district.",
        [
            *text_fields(pack, *words),
            Field("ward_code", "Ward code", "string", "", f"Code of the ward; {OTHERS} for all others", ""),
            Field("ward_name", "Ward name", "string", "", "Ward", ""),
            measure_field(pack, "open_requests"),
            measure_field(pack, "waiting_hours"),
            Field("longest_wait", "Longest wait", "string", "", "Band of the longest wait among these", status),
        ],
        {name: protection(pack, name) for name in ("open_requests", "waiting_hours")},
        follow=hide_waits,
    )
    for service in pack.manifest.services:
        sums = Sums(pack, service)
        for area in (one for one in sums.areas if one.kind == DISTRICT):
            requests = added(sums.figure("open_requests")[area.districts])
            if not math.isnan(requests) and requests > 0:
                add_district(draft, sums, area, blocks)
    return draft


def add_district(draft: Draft, sums: Sums, area: Area, blocks: dict[str, Block]) -> None:
    """The rows of a district, and its wards as quantities."""
    settings = sums.pack.manifest.disclosure
    shown, others = parted(wards_of(sums.pack, sums.service, area.code), settings)
    rest = together(others)
    tells: list[dict[str, Tells]] = [{} for _ in [*shown, rest]]
    for column, kind in (("open_requests", REQUESTS), ("waiting_hours", WAITING)):
        name = block_name(sums.service, kind)
        block = blocks[name]
        places = block.add([getattr(one, column) for one in [*shown, *others]])
        lots = sums.places(area, sums.every)
        weights = np.concatenate([np.ones(len(places)), -np.ones(len(lots))])
        block.known.append(Known(np.concatenate([places, lots]), weights, 0.0, 0.0))
        for row, ward in enumerate([*shown, rest]):
            own = places[row : row + 1] if row < len(shown) else places[len(shown) :]
            most = HOURS_IN_A_WEEK * max(ward.open_requests, settings.threshold) if kind == WAITING else math.inf
            secret = Secret(sums.service, column, WARD, f"{area.code}/{ward.code}", ALL, ALL)
            tells[row][column] = (secret, replace(plain_sum(name, own), most=most))
        for ward, place in zip(others, places[len(shown) :], strict=True):
            keep_secret(block, sums.service, column, ward, place, settings)
    for ward, one in zip([*shown, rest], tells, strict=True):
        if ward.open_requests:
            numbers = {"open_requests": ward.open_requests, "waiting_hours": ward.waiting_hours}
            draft.add(ward_text(sums, area, ward), numbers, one)


def wards_of(pack: Pack, service: str, district: str) -> list[Ward]:
    """The wards of a district in the order of wards.csv, also those without requests, and those that name no ward."""
    waits = open_requests(pack)
    waits = waits[(waits["service"] == service) & (waits["district_code"] == district)]
    days = (pd.Timestamp(pack.manifest.date_of(service)) - waits["requested_on"]).dt.days
    found = (
        pd.DataFrame({"ward": waits["ward_code"].fillna(""), "hours": waits["hours_per_week"], "days": days})
        .groupby("ward")
        .agg(number=("hours", "size"), hours=("hours", "sum"), days=("days", "max"))
    )
    wards = pack.table("wards")
    here = wards[wards["district_code"] == district]
    names = dict(zip(here["ward_code"], here["ward_name"], strict=True))
    elsewhere = [code for code in found.index if code not in names]
    rows: Any = found.reindex([*names, *elsewhere]).fillna(0.0)
    return [
        Ward(str(code), str(names.get(code, "")), *(float(rows.at[code, name]) for name in ("number", "hours", "days")))
        for code in rows.index
    ]


def parted(wards: list[Ward], settings: Disclosure) -> tuple[list[Ward], list[Ward]]:
    """The wards that are shown by themselves, and the others; as many are shown as leave the others safe."""
    shown = [one for one in wards if one.name and one.open_requests > settings.threshold]
    shown.sort(key=lambda one: (-one.open_requests, one.code))
    while shown and not safe_together([one for one in wards if one not in shown], settings):
        shown.pop()
    return [one for one in wards if one in shown], [one for one in wards if one not in shown]


def safe_together(others: list[Ward], settings: Disclosure) -> bool:
    """Whether wards that are shown as one stay secret each, and may be shown as one at all."""
    requests = sum(one.open_requests for one in others)
    if not requests:
        return True
    few = [one for one in others if one.open_requests <= settings.threshold]
    if requests <= settings.threshold:
        return False
    # With a larger ward among them, nobody knows how much of the sum is the small ones'.
    return len(few) < len(others) or settings.threshold * len(few) - requests >= least_interval(settings)


def together(others: list[Ward]) -> Ward:
    """All other wards of a district as one."""
    requests, hours = sum(one.open_requests for one in others), sum(one.waiting_hours for one in others)
    return Ward(OTHERS, OTHER_WARDS, requests, hours, max((one.days for one in others), default=0.0))


def keep_secret(block: Block, service: str, column: str, ward: Ward, place: int, settings: Disclosure) -> None:
    """What everybody knows of a ward that is not shown, and that it must stay secret."""
    counts = column == "open_requests"
    own, one = np.array([place]), np.ones(1)
    few = ward.open_requests <= settings.threshold
    if few:
        most = float(settings.threshold) if counts else HOURS_IN_A_WEEK * settings.threshold
        block.known.append(Known(own, one, 0.0, max(most, getattr(ward, column))))
    if ward.open_requests and few:
        secret = Secret(service, column, WARD, f"{ward.code}", ALL, ALL)
        value = getattr(ward, column)
        block.figures.append(
            Figure("", -1, column, secret, block.name, own, one, 0.0, value, SUPPRESSED, counts, 1, folded=True)
        )


def ward_text(sums: Sums, area: Area, ward: Ward) -> dict[str, str]:
    """The columns of text of a row."""
    text = sums.text(area)
    wait = [words for days, words in WAITS if ward.days >= days][-1]
    return {
        "service": text["service"],
        "service_name": text["service_name"],
        "district_code": area.code,
        "district_name": area.name,
        "ward_code": ward.code,
        "ward_name": ward.name,
        "longest_wait": wait,
    }


def hide_waits(rows: list[Row]) -> None:
    """The longest wait of requests whose number is hidden is hidden too."""
    for row in rows:
        if row["open_requests"] == SUPPRESSED:
            row["longest_wait"] = SUPPRESSED
