"""Where names and figures stand on a map of shapes, so that none lies over another. All in points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lib.export.slides.text import LEAST, LINE, wide
from lib.pack.outline_shapes import LabelPlaces, Place, fits

MOST_BESIDE = 40  # districts: of more, no line from a name to its district could be followed
APART = 2.0


@dataclass(frozen=True)
class Label:
    """A text on a map: its lines, the middle of it, its size, and where its district lies if it stands beside it."""

    code: str
    lines: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float
    home: tuple[float, float] | None = None

    def clear_of(self, other: Label) -> bool:
        """Whether it lies apart from another."""
        return (
            abs(self.x - other.x) >= (self.width + other.width) / 2 + APART
            or abs(self.y - other.y) >= (self.height + other.height) / 2 + APART
        )


def labels_of(
    places: Mapping[str, LabelPlaces], texts: Mapping[str, tuple[str, str]], scale: float, size: tuple[float, float]
) -> list[Label]:
    """The labels that have room: name and figure, else the figure alone, on the district or beside it; else none.

    texts: the name and the figure of each district; without a figure, the name stands alone. scale:
    points a metre. size: of the map; y runs down from its top.
    """
    taken: list[Label] = []
    left = []
    for code, (name, figure) in texts.items():
        found = on_the_district(code, places[code], [(name, figure) if figure else (name,)], scale, size[1])
        if found is not None and all(found.clear_of(other) for other in taken):
            taken.append(found)
        else:
            left.append(code)
    few = len(texts) <= MOST_BESIDE
    for code in left:
        name, figure = texts[code]
        if not figure:
            continue
        beside = beside_the_district(code, places[code], (name, figure), scale, size, taken) if few else None
        inside = on_the_district(code, places[code], [(figure,)], scale, size[1])
        if inside is not None and not all(inside.clear_of(other) for other in taken):
            inside = None
        found = (
            beside
            or inside
            or (beside_the_district(code, places[code], (figure,), scale, size, taken) if few else None)
        )
        if found is not None:
            taken.append(found)
    return taken


def measured(code: str, lines: tuple[str, ...], x: float, y: float, home: tuple[float, float] | None = None) -> Label:
    """A label with the size of its lines."""
    return Label(code, lines, x, y, max(wide(line, LEAST) for line in lines) + 2, len(lines) * LEAST * LINE, home)


def on_the_district(
    code: str, places: LabelPlaces, choices: Sequence[tuple[str, ...]], scale: float, height: float
) -> Label | None:
    """The first of some texts that has room on its district."""
    for lines in choices:
        spot = places.one_line if len(lines) == 1 else places.two_lines
        found = measured(code, lines, spot.x * scale, height - spot.y * scale)
        if fits(spot, found.width / scale, found.height / scale, len(lines)):
            return found
    return None


def beside_the_district(
    code: str, places: LabelPlaces, lines: tuple[str, ...], scale: float, size: tuple[float, float],
    taken: Sequence[Label],
) -> Label | None:  # fmt: skip
    """A text off every district, in the map and over no other, as near as may be; None where there is no room."""
    home = (places.one_line.x * scale, size[1] - places.one_line.y * scale)
    for spot in places.beside:
        found = measured(code, lines, spot.x * scale, size[1] - spot.y * scale, home)
        if not fits(Place(spot.x, spot.y, spot.room), found.width / scale, found.height / scale, 1):
            continue
        inside = (
            found.width / 2 <= found.x <= size[0] - found.width / 2
            and found.height / 2 <= found.y <= size[1] - found.height / 2
        )
        if inside and all(found.clear_of(other) for other in taken):
            return found
    return None
