"""The layout of a presented page: the sentence, the map and one chart, the lines that always stand, no more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import streamlit as st

from lib.pack.geography import Outlines
from lib.view.map.district_map import AreaPaint, MapPoints, clicked_code, outlined_map
from lib.view.presenting.keys import listen
from lib.view.presenting.steps import Step, Steps
from lib.view.shell import is_dark
from lib.view.widgets.text import escape_html

STYLE = Path(__file__).parent / "assets" / "room.css"
MAP_KEY = "room_map_frame"
MAP_HEIGHT = 1600  # pixels at most: the style lets it be as high as leaves room


@dataclass(frozen=True)
class RoomMap:
    """The map of a room. take: called with the district that was clicked. legend: HTML, see presenting.blocks."""

    paints: Mapping[str, AreaPaint]
    outlines: Outlines
    title: str
    legend: str
    take: Callable[[str], None]
    points: MapPoints | None = None


@dataclass(frozen=True)
class Room:
    """What a page shows in a room. Texts are plain but for `status`, `side` and the map's legend, which are HTML.

    title: of the page. sentence: the answer, with its status. side: the one chart, or the story of the chosen district.
    foot: lines that always stand; alarms: what must not be overlooked.
    """

    title: str
    sentence: str
    status: str = ""
    beneath: str = ""
    map: RoomMap | None = None
    side: str = ""
    foot: Sequence[str] = ()
    alarms: Sequence[str] = ()


def draw_room(room: Room, steps: Steps) -> None:
    """Draw it over the whole window, with the clicker's steps, which nobody sees until they are asked for."""
    st.html(STYLE)
    with st.container(key="room", gap=None):
        st.html(said(room, steps))
        with st.container(key="room_body" if room.map and room.side else "room_body_one", gap=None):
            if room.map:
                draw_map(room.map)
            if room.side:
                with st.container(key="room_side", gap=None):
                    st.html(room.side)
        st.html(foot(room, steps))
        with st.container(key="room_controls", gap=None):
            for name, words, step in (("back", "Back", steps.back), ("ahead", "Next", steps.ahead)):
                if step is not None:
                    draw_step(name, words, step)
            listen(view=view_of(room, steps), turn_page=steps.turn)


def draw_step(name: str, words: str, step: Step) -> None:
    """A link to another view, which the keys press."""
    with st.container(key=f"room_{name}", width="content"):
        st.page_link(step.page, label=words, query_params={one: list(codes) for one, codes in step.query.items()})


def draw_map(shown: RoomMap) -> None:
    """The map over its legend. A click chooses a district."""
    with st.container(key="room_map_side", gap=None):
        with st.container(key="room_map", gap=None):
            outlined_map(
                shown.paints, shown.outlines, key=MAP_KEY, dark=is_dark(), height=MAP_HEIGHT, title=shown.title,
                on_change=partial(take_click, frozenset(shown.paints), shown.take), points=shown.points, room=True,
            )  # fmt: skip
        st.html(shown.legend)


def take_click(known: frozenset[str], take: Callable[[str], None]) -> None:
    """Take a click on the map, which comes from the browser, as the choice of a district that there is."""
    code = clicked_code(st.session_state.get(MAP_KEY))
    if code in known:
        take(str(code))


def view_of(room: Room, steps: Steps) -> str:
    """What tells a view from the one before and after."""
    return f"{room.title} {steps.words}".strip()


def said(room: Room, steps: Steps) -> str:
    """Title, place in the running order, and the sentence."""
    place = f'<p class="room-place">{escape_html(steps.words)}</p>' if steps.words else ""
    beneath = f'<p class="room-beneath">{escape_html(room.beneath)}</p>' if room.beneath else ""
    title, view = (escape_html(one) for one in (steps.title or room.title, view_of(room, steps)))
    head = f'<div class="room-head"><h1 tabindex="-1">{title}</h1>{place}</div>'
    sentence = f"<h2>{escape_html(room.sentence)} {room.status}</h2>"
    return f'<div class="room-said" data-view="{view}">{head}{sentence}{beneath}</div>'


def foot(room: Room, steps: Steps) -> str:
    """What always stands; what must not be overlooked before it; the speaker's note, until somebody asks for it."""
    alarms = [*room.alarms, *([steps.fault] if steps.fault and steps.shown else [])]
    red = "".join(f'<p class="room-alarm">{escape_html(line)}</p>' for line in alarms if line)
    lines = "".join(f"<p>{escape_html(line)}</p>" for line in room.foot if line)
    note = (
        f'<aside class="room-note" hidden aria-label="Speaker\'s note">{escape_html(steps.note)}</aside>'
        if steps.note
        else ""
    )
    return f'<div class="room-foot">{red}{lines}</div>{note}'
