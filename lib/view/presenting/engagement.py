"""The demand board as a room sees it: what waits, where its rounds lie, and the districts in order of the hours."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from lib.charts.kit.palette import CATEGORICAL, CATEGORICAL_DARK
from lib.market.basis import standing
from lib.market.board import Wanted, round_basis, waiting
from lib.market.figure import as_of
from lib.market.not_given import not_given_sentence
from lib.market.selection import DISTRICT, select
from lib.market.wording import NOT_KNOWN, for_people, is_missing
from lib.pack.faults import PackError
from lib.pack.geography import pack_outlines
from lib.pack.load import Pack
from lib.view.engagement.figures import Board, board_of, carer_hours
from lib.view.engagement.map import LEGEND, map_points, paints
from lib.view.engagement.page import NEEDS, chosen_words
from lib.view.link.parameters import DAYS_WAITED, RADIUS, REQUEST_HOURS, WARD, area_key, parameters
from lib.view.link.session import chosen_view
from lib.view.presenting.blocks import Bar, bars, ends, signs
from lib.view.presenting.market import choose, chosen_selection
from lib.view.presenting.room import Room, RoomMap
from lib.view.shell import is_dark
from lib.view.widgets.text import status_mark

MOST_ROUNDS = 8


def engagement_room(pack: Pack, service: str) -> Room:
    """The demand board of a service."""
    title = f"Market engagement: {pack.manifest.area}, {pack.service(service).label}"
    missing = not_given_sentence(pack, ("requests",))
    if missing:
        return Room(title=title, sentence=f"{NEEDS}. {missing}")
    wanted, week = wanted_now(pack, service), carer_hours(pack, service)
    radius = float(parameters(pack)[RADIUS].chosen(chosen_view())[0])
    board = board_of(pack, pack.key, wanted, radius, week)
    return Room(
        title=title,
        sentence=board.sentence,
        status=status_mark(standing(pack, round_basis(week))),
        map=board_map(pack, board, wanted),
        side=waiting_bars(pack, board, wanted),
        foot=(f"{chosen(pack, wanted)}Data to {as_of(pack, service)}.",),
    )


def wanted_now(pack: Pack, service: str) -> Wanted:
    """What the link says is looked at."""
    view, known = chosen_view(), parameters(pack)
    district, ward, waited, size = (
        next(iter(known[name].chosen(view)), "") for name in (area_key(DISTRICT), WARD, DAYS_WAITED, REQUEST_HOURS)
    )
    return Wanted(chosen_selection(pack, service).by_district(), district, ward, waited, size)


def board_map(pack: Pack, board: Board, wanted: Wanted) -> RoomMap | None:
    """The wards where requests wait, and the rounds; None where the outlines cannot be drawn."""
    try:
        outlines = pack_outlines(pack)
    except PackError:
        return None
    dark = is_dark()
    return RoomMap(
        paints=paints(pack, board, wanted.district_code, dark),
        outlines=outlines,
        title="Map: open requests by ward, and rounds",
        legend=signs(signs_of(len(board.candidates))),
        take=partial(choose, area_key(DISTRICT)),
        points=map_points(first_rounds(board), (CATEGORICAL_DARK if dark else CATEGORICAL)[0]),
    )


def first_rounds(board: Board) -> Board:
    """The board with no more rounds than a map has room to number in large type."""
    shown = board.candidates.head(MOST_ROUNDS)
    return replace(board, rounds=shown)


def signs_of(number: int) -> dict[str, str]:
    """What the signs of the map stand for. number: of rounds."""
    (dot, ward), (circle, candidate) = LEGEND
    which = f": the first {MOST_ROUNDS} of {number}" if number > MOST_ROUNDS else ""
    return {dot: ward} | ({circle: f"{candidate}{which}"} if number else {})


def chosen(pack: Pack, wanted: Wanted) -> str:
    """What is chosen, where anything is."""
    everything = wanted_of_all(pack, wanted.selection.service)
    return "" if wanted == everything else f"{chosen_words(pack, wanted)} "


def wanted_of_all(pack: Pack, service: str) -> Wanted:
    """Every request of a service."""
    known = parameters(pack)
    waited, size = (next(iter(known[name].start)) for name in (DAYS_WAITED, REQUEST_HOURS))
    return Wanted(select(pack, service), "", "", waited, size)


def waiting_bars(pack: Pack, board: Board, wanted: Wanted) -> str:
    """The districts by the hours that wait in them, the most first."""
    known = standing(pack, waiting)
    frame = board.districts.sort_values("hours_per_week", ascending=False, kind="stable", na_position="last")
    hours = [float(value) for value in frame["hours_per_week"]]
    colour = (CATEGORICAL_DARK if is_dark() else CATEGORICAL)[0]
    found = [
        Bar(
            name, NOT_KNOWN if is_missing(value) else for_people(value, "hours", known), length, colour,
            code == wanted.district_code,
        )
        for name, code, value, length in zip(frame["area_name"], frame["area_code"], hours, ends(hours), strict=False)
    ]  # fmt: skip
    return bars("Hours a week that wait", status_mark(known), found)
