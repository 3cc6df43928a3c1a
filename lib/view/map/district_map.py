"""The district map: coloured districts with names, tooltips and one selected, on screen within one function call."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st
from streamlit_folium import st_folium

from lib.market.wording import counted
from lib.pack.faults import PackError
from lib.pack.geography import Outlines, outline_faults, pack_outlines
from lib.pack.load import Pack
from lib.view.map.leaflet import OfflineMap, OutlineLayer, PaintLayer, outlines_address
from lib.view.widgets.text import escape_markdown

_HEX_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# The second is needed because clicking the same district twice sends the same first.
_RETURNED = ["last_active_drawing", "last_object_clicked_count"]


@dataclass(frozen=True)
class AreaPaint:
    r"""How one district is painted.

    fill: "#rrggbb", ignored when hatched. hatched: missing, suppressed or not applicable. tooltip: plain text, lines
    split by "\n", the first of them stands out; it is also the district's accessible name. label: plain text on the
    district, "" for none; dark or white, whichever stands out more from the fill. selected: outlined, on top.
    changed: a dashed outline inside its border; the tooltip must say what changed in words.
    Raises ValueError for a fill that is no colour.
    """

    fill: str
    hatched: bool
    tooltip: str
    label: str
    selected: bool
    changed: bool = False

    def __post_init__(self) -> None:
        """Let nothing but a colour reach the browser's fill, which would also take an address to load."""
        if not self.hatched and not _HEX_COLOUR.fullmatch(self.fill):
            raise ValueError(f"{self.fill!r} is not a colour of the form #rrggbb")


@dataclass(frozen=True)
class MapPoints:
    """Points over the districts, which take no click: the page must have the same as words.

    fill: "#rrggbb", of all of them. dots: latitude, longitude and radius (pixels) of each place. middles: latitude,
    longitude and a short text. lines: from one latitude and longitude to another.
    """

    fill: str
    dots: tuple[tuple[float, float, float], ...] = ()
    middles: tuple[tuple[float, float, str], ...] = ()
    lines: tuple[tuple[float, float, float, float], ...] = ()


def _area(paint: AreaPaint) -> dict[str, object]:
    area: dict[str, object] = {"tooltip": paint.tooltip, "label": paint.label}
    if not paint.hatched:  # the browser hatches what has no fill
        area["fill"] = paint.fill
    if paint.selected:
        area["selected"] = True
    if paint.changed:
        area["changed"] = True
    return area


def scene(
    paints: Mapping[str, AreaPaint], *, dark: bool, title: str, points: MapPoints | None = None, room: bool = False
) -> dict[str, object]:
    """Return what the browser is sent with a change: {title, dark, areas: {district_code: {tooltip, label, ...}}}.

    With points, also {points: {fill, dots, middles, lines}}; for a room, also {room: True}.
    """
    areas = {code: _area(paint) for code, paint in paints.items()}
    found: dict[str, object] = {"title": title, "dark": dark, "areas": areas} | ({"room": True} if room else {})
    return found if points is None else found | {"points": asdict(points)}


def clicked_code(value: Any) -> str | None:
    """Return the district_code in what the map stored under its key, or None where no district was clicked.

    The value comes from the browser: check that the code is a known one before using it.
    """
    if not isinstance(value, Mapping):
        return None
    drawing = value.get("last_active_drawing")
    if not isinstance(drawing, Mapping):
        return None
    properties = drawing.get("properties")
    if not isinstance(properties, Mapping):
        return None
    code = properties.get("district_code")
    return code if isinstance(code, str) and code else None


def no_map(error: PackError) -> str:
    """The sentence, as Markdown, in place of a map whose outlines cannot be drawn."""
    first, more = error.faults[0], len(error.faults) - 1
    others = f" The outlines have {counted(more, 'more fault')}." if more else ""
    return f"No map is drawn. {escape_markdown(str(first))}.{others} The table has the same figures."


def has_map(pack: Pack) -> bool:
    """Whether the outlines of a pack can be drawn."""
    return not outline_faults(pack)


def district_map(
    paints: Mapping[str, AreaPaint],
    *,
    pack: Pack,
    key: str,
    dark: bool,
    height: int,
    title: str,
    on_change: Callable[[], None] | None = None,
    points: MapPoints | None = None,
) -> str | None:
    """Draw the map as wide as its container, and return the district_code clicked last, or None.

    paints: by district_code; a district without a paint is hatched. pack: its outlines are drawn; where they cannot be,
    a sentence stands in place of the map. key: unique on the page; during `on_change`,
    `clicked_code(st.session_state[key])` is the district just clicked, also when it is the one clicked before. height:
    pixels at most; on a narrow page the frame is only as high as the map. title: what the map shows, for screen
    readers; it is not drawn. points: drawn over the districts.

    Paints, dark and title change without the frame being loaded again; height too; other outlines load it again.
    """
    try:
        outlines = pack_outlines(pack)
    except PackError as error:
        st.error(no_map(error))
        return None
    return outlined_map(
        paints, outlines, key=key, dark=dark, height=height, title=title, on_change=on_change, points=points
    )


def outlined_map(
    paints: Mapping[str, AreaPaint],
    outlines: Outlines,
    *,
    key: str,
    dark: bool,
    height: int,
    title: str,
    on_change: Callable[[], None] | None = None,
    points: MapPoints | None = None,
    room: bool = False,
) -> str | None:
    """The same on outlines that were read already: see `district_map`.

    room: for a room that reads it from afar: type that follows the window, no buttons, and keys that it has no use for
    passed on to the page.
    """
    base = OfflineMap(outlines.bounds)
    OutlineLayer(outlines_address(outlines)).add_to(base)
    value = st_folium(
        base,
        key=key,
        height=height,
        use_container_width=True,
        returned_objects=_RETURNED,
        feature_group_to_add=[PaintLayer(scene(paints, dark=dark, title=title, points=points, room=room))],
        render=False,
        on_change=on_change,
    )
    code = clicked_code(value)
    return code if code in paints else None
