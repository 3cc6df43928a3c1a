"""A map of the districts as native shapes: one a district, named for it, with its figure, and a legend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lib.charts.kit import palette
from lib.export.slides.map_labels import Label, labels_of
from lib.export.slides.page import NAMESPACES, RECTANGLE, Page, shape_xml
from lib.export.slides.text import LEAST, LINE, Box, Paragraph, attribute, emu, wide, wrapped
from lib.pack.geography import Outlines

# Outlines are drawn to this part of the map's longer side: a fraction of a point on any slide.
ROUGHLY = 2500
EDGE = f'<a:ln w="9525"><a:solidFill><a:srgbClr val="{palette.WHITE[1:].upper()}"/></a:solidFill><a:round/></a:ln>'
FINE_EDGE = EDGE.replace("9525", "3175")
CHOSEN = f'<a:ln w="38100"><a:solidFill><a:srgbClr val="{palette.TEXT[1:].upper()}"/></a:solidFill><a:round/></a:ln>'
LEADER = '<a:ln w="9525"><a:solidFill><a:schemeClr val="tx1"/></a:solidFill></a:ln>'
HATCHED = (
    f'<a:pattFill prst="wdUpDiag"><a:fgClr><a:srgbClr val="{palette.MISSING_LINE[1:].upper()}"/></a:fgClr>'
    f'<a:bgClr><a:srgbClr val="{palette.MISSING[1:].upper()}"/></a:bgClr></a:pattFill>'
)
GREY = f'<a:solidFill><a:srgbClr val="{palette.MISSING[1:].upper()}"/></a:solidFill>'
GREY_CODE = "grey"  # as a colour: a figure that is there and may not be shown
SWATCH, ROW, APART = 14.0, 18.0, 14.0
MOST_COLUMNS, LEAST_LEGEND = 4, 110.0
MOST_EDGED = 60  # districts whose edges are of full strength


@dataclass(frozen=True)
class District:
    """A district as a map paints it: its name, its figure as text, its colour, and what is said of it in words.

    colour: "#rrggbb", "" where there is no figure (hatched), GREY_CODE for a suppressed one.
    """

    code: str
    name: str
    shown: str
    colour: str
    alt: str
    chosen: bool = False


def draw_map(
    page: Page, box: Box, outlines: Outlines, districts: Sequence[District], legend: Sequence[tuple[str, str]],
    legend_title: str, title: str,
) -> None:  # fmt: skip
    """Draw the map and its legend in a place: the legend beside it or beneath it, whichever leaves the map larger.

    legend: a colour (see District) and a label, in order. title: what the map shows.
    """
    column = max([wide(label, LEAST) for _, label in legend] + [60.0]) + SWATCH + 12
    found: list[tuple[float, Box, Box, int]] = []
    for columns in range(1, MOST_COLUMNS + 1):
        rows = -(-len(legend) // columns)
        wide_enough = max(columns * column, LEAST_LEGEND)
        tall = legend_height(legend_title, wide_enough, rows)
        if tall <= box.height and wide_enough < box.width:
            left = Box(box.left, box.top, box.width - wide_enough - APART, box.height)
            found.append((scale_in(outlines, left), left, Box(left.right + APART, box.top, wide_enough, tall), columns))
        under = legend_height(legend_title, box.width, rows)
        if columns * column <= box.width and under < box.height:
            over = Box(box.left, box.top, box.width, box.height - under - APART / 2)
            place = Box(box.left, over.bottom + APART / 2, box.width, under)
            found.append((scale_in(outlines, over), over, place, columns))
    if not found:
        draw_districts(page, box, outlines, districts, title)
        return
    _, land, beside, columns = max(found, key=lambda one: one[0])
    draw_districts(page, land, outlines, districts, title)
    draw_legend(page, beside, legend, legend_title, columns)


def legend_height(title: str, width: float, rows: int) -> float:
    """How high a legend stands."""
    return len(wrapped(title, width, LEAST, bold=True)) * LEAST * LINE + 4 + rows * ROW


def scale_in(outlines: Outlines, box: Box) -> float:
    """Points a metre where the outlines fill a place."""
    return max(0.0, min(box.width / outlines.width, box.height / outlines.height))


@lru_cache(maxsize=4)
def drawn(outlines: Outlines) -> Mapping[str, tuple[tuple[tuple[tuple[float, float], ...], ...], tuple[float, ...]]]:
    """Each district's rings in metres, and its west, south, east and north."""
    from shapely import get_coordinates, get_parts, get_rings

    tolerance = max(outlines.width, outlines.height) / ROUGHLY
    found = {}
    for code, shape in outlines.shapes.items():
        simple = shape.simplify(tolerance)
        simple = shape if simple.is_empty else simple
        rings = tuple(tuple(map(tuple, get_coordinates(ring).tolist())) for ring in get_rings(get_parts(simple)))
        found[code] = (rings, tuple(map(float, simple.bounds)))
    return found


def draw_districts(page: Page, box: Box, outlines: Outlines, districts: Sequence[District], title: str) -> None:
    """The districts, their labels over them, all in one group that can be moved as one."""
    scale = scale_in(outlines, box)
    width, height = outlines.width * scale, outlines.height * scale
    left, top = box.left + (box.width - width) / 2, box.top
    shapes = drawn(outlines)
    known = [one for one in districts if one.code in shapes]
    edge = EDGE if len(known) <= MOST_EDGED else FINE_EDGE
    number = page.next_id()
    parts = []
    for one in sorted(known, key=lambda district: district.chosen):
        rings, (west, south, east, north) = shapes[one.code]
        place = Box(left + west * scale, top + height - north * scale, (east - west) * scale, (north - south) * scale)
        line = CHOSEN if one.chosen else edge
        geometry = geometry_xml(rings, west, north, scale, place)
        parts.append(
            shape_xml(page.next_id(), one.name, one.alt, place, geometry=geometry, fill=fill_of(one.colour), line=line)
        )
    texts = {one.code: (one.name, one.shown if one.colour else "") for one in known}
    colours = {one.code: one.colour for one in known}
    for label in labels_of(outlines.labels, texts, scale, (width, height)):
        parts += label_xml(page, label, left, top, texts[label.code], colours[label.code])
    words = f"Map of the districts: {title}. " + "; ".join(f"{one.name} {one.shown}" for one in known)
    page.add(group_xml(number, "Map", words, Box(left, top, width, height), parts))


def group_xml(number: int, name: str, words: str, box: Box, parts: Sequence[str]) -> str:
    """Shapes as one group, each where it stands on the slide."""
    place, size = f'x="{emu(box.left)}" y="{emu(box.top)}"', f'cx="{emu(box.width)}" cy="{emu(box.height)}"'
    return (
        f'<p:grpSp {NAMESPACES}><p:nvGrpSpPr><p:cNvPr id="{number}" name={attribute(name)} descr={attribute(words)}/>'
        f"<p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off {place}/><a:ext {size}/>"
        f"<a:chOff {place}/><a:chExt {size}/></a:xfrm></p:grpSpPr>{''.join(parts)}</p:grpSp>"
    )


def fill_of(colour: str) -> str:
    """The fill of a colour of District."""
    if colour == GREY_CODE:
        return GREY
    return f'<a:solidFill><a:srgbClr val="{colour.lstrip("#").upper()}"/></a:solidFill>' if colour else HATCHED


def geometry_xml(rings: Any, west: float, north: float, scale: float, place: Box) -> str:
    """Rings as one path: a ring inside another is a hole in it."""
    lines = []
    for ring in rings:
        points = [f'<a:pt x="{emu((x - west) * scale)}" y="{emu((north - y) * scale)}"/>' for x, y in ring[:-1]]
        rest = "".join(f"<a:lnTo>{point}</a:lnTo>" for point in points[1:])
        lines.append(f"<a:moveTo>{points[0]}</a:moveTo>{rest}<a:close/>")
    return (
        "<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
        '<a:rect l="0" t="0" r="r" b="b"/><a:pathLst>'
        f'<a:path w="{max(1, emu(place.width))}" h="{max(1, emu(place.height))}">{"".join(lines)}</a:path>'
        "</a:pathLst></a:custGeom>"
    )


def label_xml(page: Page, label: Label, left: float, top: float, texts: tuple[str, str], colour: str) -> list[str]:
    """A label, and the line to its district where it stands beside it."""
    name, figure = texts
    box = Box(left + label.x - label.width / 2, top + label.y - label.height / 2, label.width, label.height)
    ink = "" if label.home else palette.text_on(colour if colour.startswith("#") else palette.MISSING)
    paragraphs = [
        Paragraph(line, LEAST, bold=line == figure and len(label.lines) == 2, colour=ink, align="ctr")
        for line in label.lines
    ]
    parts = []
    if label.home is not None:
        parts.append(leader_xml(page, f"Line to {name}", label, label.home, left, top))
    parts.append(
        shape_xml(
            page.next_id(), f"Label of {name}", f"{name} {figure}", box, geometry=RECTANGLE, paragraphs=paragraphs,
            fill="<a:noFill/>" if colour or label.home else GREY, wrap=False, anchor="ctr", is_text=True,
        )
    )  # fmt: skip
    return parts


def leader_xml(page: Page, name: str, label: Label, home: tuple[float, float], left: float, top: float) -> str:
    """The line from a label's edge to its district, which lies at `home` on the map."""
    x, y = home
    near_x = min(max(x, label.x - label.width / 2), label.x + label.width / 2)
    near_y = min(max(y, label.y - label.height / 2), label.y + label.height / 2)
    flips = (' flipH="1"' if near_x > x else "") + (' flipV="1"' if near_y > y else "")
    return (
        f'<p:cxnSp><p:nvCxnSpPr><p:cNvPr id="{page.next_id()}" name={attribute(name)} descr={attribute(name)}/>'
        f'<p:cNvCxnSpPr/><p:nvPr/></p:nvCxnSpPr><p:spPr><a:xfrm{flips}><a:off x="{emu(left + min(x, near_x))}" '
        f'y="{emu(top + min(y, near_y))}"/><a:ext cx="{emu(abs(x - near_x))}" cy="{emu(abs(y - near_y))}"/></a:xfrm>'
        f'<a:prstGeom prst="line"><a:avLst/></a:prstGeom>{LEADER}</p:spPr></p:cxnSp>'
    )


def draw_legend(page: Page, box: Box, legend: Sequence[tuple[str, str]], title: str, columns: int) -> None:
    """The classes, each with its colour, under what they are classes of, all in one group."""
    number = page.next_id()
    height = len(wrapped(title, box.width, LEAST, bold=True)) * LEAST * LINE
    head = Box(box.left, box.top, box.width, height)
    parts = [
        shape_xml(page.next_id(), "Legend", title, head, geometry=RECTANGLE,
                  paragraphs=[Paragraph(title, LEAST, bold=True)], is_text=True)
    ]  # fmt: skip
    rows = -(-len(legend) // columns)
    column = min(box.width / columns, max(wide(label, LEAST) for _, label in legend) + SWATCH + 40) if legend else 0.0
    top = box.top + height + 4
    for place, (colour, label) in enumerate(legend):
        x, y = box.left + (place // rows) * column, top + (place % rows) * ROW
        parts.append(
            shape_xml(page.next_id(), f"Colour of {label}", f"Colour of {label}", Box(x, y + 1.5, SWATCH, SWATCH),
                      geometry=RECTANGLE, fill=fill_of(colour), line=LEADER)
        )  # fmt: skip
        label_box = Box(x + SWATCH + 7, y, column - SWATCH - 9, ROW - 1)
        parts.append(
            shape_xml(page.next_id(), f"Class {label}", label, label_box, geometry=RECTANGLE,
                      paragraphs=[Paragraph(label, LEAST)], wrap=False, is_text=True)
        )  # fmt: skip
    whole = Box(box.left, box.top, box.width, max(height + 4 + rows * ROW, 1))
    words = f"Legend of the map: {title}: {'; '.join(label for _, label in legend)}"
    page.add(group_xml(number, "Legend of the map", words, whole, parts))
