"""All that moves with the slider of new hours, as plain values: what the route answers and the page begins with.

Every text is plain text, never Markdown or HTML. No figure is worked out in the browser. What of a lot's list stays
while hours are placed on it is apart (`placement_list`): it is sent once, and a step has the new hours alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Annotated, Any

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from lib.charts.kit.axis import round_step
from lib.charts.kit.palette import RATING_COLOURS, text_on
from lib.market.basis import Input, Standing, standing
from lib.market.figure import as_of
from lib.market.quality import OVERALL, passes_gate
from lib.market.ranked_lists.call_off import Lot, checked_lot, lot_list, ranked_list
from lib.market.ranked_lists.lot_supply import lot_supply
from lib.market.ranked_lists.placement import Spill, placed_list, spill
from lib.market.ranked_lists.wording import cost_words, lot_words, spill_sentence
from lib.market.wording import NOT_KNOWN, for_people, is_missing, said, show
from lib.pack.faults import SelectionError
from lib.pack.load import Pack
from lib.view.live.request import SOURCE, Text, checked, values_of
from lib.view.providers.tables import gate_words, rank_words, route_colours, route_line_words
from lib.whatif.scenarios.documents import ScenarioError, described

Picture = dict[str, Any]
HOURS = "hours"  # the one lever, by its id
START_FROM = ("waiting_hours", "delivered_hours")
MOST_LINES = 60  # of a list that is drawn again at each step of a slider


class PlacementRequest(BaseModel):
    """One step of the slider, as the route gets it and as the page gets it after a pause.

    pack: the key of the pack that the page shows. service, district, service_type, cohort: the lot. hours: new hours a
    week. skip_below_gate: whether providers below the quality gate are passed over.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    pack: Text
    service: Text
    district: Text
    service_type: Text
    cohort: Text
    hours: Annotated[int, Field(strict=True)]
    skip_below_gate: Annotated[bool, Field(strict=True)] = False


EXPECTED = {
    "pack": "the key of the pack that is shown",
    "service": "the code of a service",
    "district": "the code of a district",
    "service_type": "the code of a service type",
    "cohort": "the code of a cohort",
    HOURS: "a whole number of hours a week",
    "skip_below_gate": "true or false",
}


def read_request(body: bytes) -> PlacementRequest:
    """A request from its bytes; ScenarioError says the first thing that is wrong with it."""
    return request_of(values_of(body))


def request_of(values: object) -> PlacementRequest:
    """A request from its values; ScenarioError for what is none."""
    return checked(PlacementRequest, values, EXPECTED)


@dataclass(frozen=True)
class Asked:
    """What a placement starts from, worked out once a lot: nothing of it changes while the slider moves.

    skip: whether providers below the gate are passed over. delivered: hours a week of the lot today. largest, step,
    default: of the slider, in hours a week. start: what the default is, in words. known: how the placement is known.
    """

    lot: Lot
    skip: bool
    delivered: float
    largest: int
    step: int
    default: int
    start: str
    known: Standing


def limits(row: pd.Series, free: float) -> tuple[int, int, int]:
    """Of the slider of new hours: its largest value, its step and its default (what waits, or a tenth of today)."""
    # What is not known moves no slider.
    waiting, delivered = (0.0 if is_missing(float(row[name])) else float(row[name]) for name in START_FROM)
    # Little beyond where the list is full: the steps from tier to tier must be seen.
    most = max(1.6 * free, 1.6 * waiting, 0.05 * delivered, 50.0)
    unit = round_step(most)
    largest = math.ceil(most / unit) * int(unit) if unit >= 1 else math.ceil(most)
    step = 1 if largest <= 100 else 5 if largest <= 1000 else 10
    default = waiting or min(0.1 * delivered, largest)
    return largest, step, max(1, round(default))


@lru_cache(maxsize=8)
def kept_lots(pack: Pack, service: str) -> pd.DataFrame:
    """lib.market.ranked_lists.lot_supply.lot_supply, kept for every session: change a copy."""
    return lot_supply(pack, service)


@lru_cache(maxsize=256)
def asked_of(pack: Pack, lot: Lot, skip: bool) -> Asked:
    """What a placement in a lot starts from."""
    lots = kept_lots(pack, lot.service)
    own = lots["district_code"].eq(lot.district_code) & lots["service_type"].eq(lot.service_type)
    row = lots[own & lots["cohort"].eq(lot.cohort)].iloc[0]
    largest, step, default = limits(row, float(lot_list(pack, lot)["free_hours"].sum()))
    start = start_words(pack, lot, float(row["waiting_hours"]))
    known = standing(pack, spill, *gate_inputs(skip))
    return Asked(lot, skip, float(row["delivered_hours"]), largest, step, default, start, known)


def gate_inputs(skip: bool) -> tuple[Input, ...]:
    """What a placement rests on besides where it passes over providers below the gate: the ratings."""
    return (passes_gate,) if skip else ()


def start_words(pack: Pack, lot: Lot, waiting: float) -> str:
    """What the slider starts at. waiting: hours a week."""
    when = as_of(pack, lot.service)
    if is_missing(waiting):
        return f"{NOT_KNOWN}, so a tenth of the hours on {when}"
    if not waiting:
        return f"none wait on {when}, so a tenth of the hours then"
    return f"{said(waiting, 'hours', standing(pack, 'requests'))} wait on {when}"


@dataclass(frozen=True)
class Placement:
    """New hours in a lot. rows: of lib.market.ranked_lists.placement.placed_list; spilled: what it comes to."""

    hours: int
    rows: pd.DataFrame
    spilled: Spill


def placement_of(pack: Pack, asked: Asked, hours: int) -> Placement:
    """New hours a week placed down a lot's list."""
    rows = placed_list(pack, asked.lot, hours, asked.skip)
    return Placement(hours, rows, spill(pack, rows, hours, asked.delivered))


def asked_picture(pack: Pack, request: PlacementRequest) -> Picture:
    """The picture of a request; ScenarioError for a lot that the pack has not, or hours beyond the slider's."""
    try:
        lot = checked_lot(pack, request.service, request.district, request.service_type, request.cohort)
    except SelectionError as error:
        raise SelectionError(f"{SOURCE}: {error}") from error
    asked = asked_of(pack, lot, request.skip_below_gate)
    if not 0 <= request.hours <= asked.largest:
        expected = f"a whole number of hours a week from 0 to {asked.largest:,}"
        raise ScenarioError(HOURS, described(request.hours), expected, SOURCE)
    return picture(pack, asked, placement_of(pack, asked, request.hours))


def picture(pack: Pack, asked: Asked, placed: Placement) -> Picture:
    """A placement as the browser shows it.

    levers: where the slider stands. sentence, more: where the hours go, and what they cost. rows: a line of
    `placement_list` each, [how much of the room is taken, in words; the same as a share of the room, 0 to 100], or null
    where the line's own words say it. unplaced: hours that nobody has room for, in words, and whether there are any.
    """
    rows, spilled = placed.rows, placed.spilled
    hours = partial(for_people, unit="hours", known=asked.known)
    taken, free = rows["placed_hours"].to_list(), rows["free_hours"].to_list()
    lines = kept_lines(pack, asked.lot)
    return {
        "levers": {HOURS: placed.hours},
        "sentence": spill_sentence(pack, spilled, placed.hours),
        "more": cost_words(pack, spilled, math.fsum(taken)),
        "rows": [
            [f"{hours(taken[line.place])} of {hours(free[line.place])}",
             round(100 * taken[line.place] / free[line.place], 1)] if free[line.place] > 0 else None
            for line in lines
        ],
        "unplaced": hours(spilled.unplaced),
        "left_over": spilled.unplaced > 0,
    }  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A provider's line, as far as it stays while new hours are placed.

    place: in the list. route: its code. rated: its overall rating. width: of its bar, as a share of the most room that
    anybody has, 0 to 1; empty where its capacity is not known.
    """

    place: int
    route: str
    rank: str
    name: str
    rated: str
    gate: str
    rate: str
    width: float


@lru_cache(maxsize=128)
def kept_lines(pack: Pack, lot: Lot) -> tuple[Line, ...]:
    """The lines of a lot's list in call-off order: of a long list, the first with room alone."""
    rows = ranked_list(pack, lot)
    many, most = len(rows) > MOST_LINES, max(float(rows["free_hours"].max()), 1.0) if len(rows) else 1.0
    lines: list[Line] = []
    for place, row in enumerate(rows.to_dict("records")):
        if many and (not row["free_hours"] > 0 or len(lines) >= MOST_LINES):
            continue
        width = math.nan if pd.isna(row["headroom_hours"]) else row["free_hours"] / most
        rate = show(row["hourly_rate"], "pounds_per_hour")
        gate = gate_words(row["passes_gate"]) if pack.given("ratings") else ""
        name, rated = row["provider_name"], row[OVERALL]
        lines.append(Line(place, row["route"], rank_words(row["rank"]), name, rated, gate, rate, width))
    return tuple(lines)


def placement_list(pack: Pack, asked: Asked, dark: bool) -> Picture:
    """What of a lot's list stays while new hours are placed on it; {} where nobody is on it.

    heads: of the columns, the last two of figures. gated: whether there is a column of the gate. lines: above, the
    words over the first line of a route, else ""; the cells, of which chip has the colours of the rating's paper and
    ink, none where it has none; width (of the most room, 0 to 100) and colour of the bar; words in place of it.
    left_out: what is said of providers without a line.
    """
    rows = lot_list(pack, asked.lot)
    if rows.empty:
        return {}
    colours, routes = route_colours(pack, dark), pack.manifest.routes
    gated = pack.given("ratings") and any(routes[code].framework for code in rows["route"])
    heads = ["Rank", "Provider", pack.label("domains", OVERALL), *(["Gate"] if gated else []), "£ an hour", "New hours"]
    lines, above = [], ""
    passes = rows["passes_gate"].to_list()
    for line in kept_lines(pack, asked.lot):
        words = ""
        if math.isnan(line.width):
            words = NOT_KNOWN
        elif asked.skip and line.width > 0 and not passes[line.place]:
            words = "passed over"
        elif not line.width > 0:
            words = "no room"
        colour = RATING_COLOURS.get(line.rated)
        lines.append(
            {
                "above": "" if line.route == above else route_line_words(pack, line.route),
                "rank": line.rank,
                "name": line.name,
                "rated": line.rated,
                "chip": [colour, text_on(colour)] if colour else [],
                "gate": line.gate,
                "passes": passes[line.place],
                "rate": line.rate,
                "width": 0.0 if words else round(100 * line.width, 1),
                "colour": colours[line.route],
                "words": words,
            }
        )
        above = line.route
    left_out = len(rows) - len(lines)
    said_of = f"The first {len(lines)} with room of {len(rows)} providers; the table below has every one."
    return {
        "title": f"{lot_words(pack, asked.lot)}: new hours",
        "heads": heads,
        "gated": gated,
        "lines": lines,
        "left_out": said_of if left_out else "",
    }
