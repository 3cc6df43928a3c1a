"""What a deck is made on: the council's own template, or a plain one in the app's colours."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lib.charts.kit import palette
from lib.export.slides.text import EMU, Box, emu
from lib.pack.faults import Fault, PackError

WIDTH, HEIGHT = 960.0, 540.0  # of our own slides: 16 to 9
MARGIN = 40.0
FONT = "Arial"
LARGEST, LARGEST_WHOLE, MOST_PARTS = 50_000_000, 300_000_000, 5_000
EXPECTED = "a PowerPoint file that ends in .pptx or .potx"
WITH_BOTH = "a layout with a title and a body"
TYPES = "[Content_Types].xml"
TEMPLATE_TYPE = b"application/vnd.openxmlformats-officedocument.presentationml.template.main+xml"
DECK_TYPE = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
# What is left on a slide for the least that a map and its bars need.
LEAST_WIDTH, LEAST_HEIGHT = 400.0, 200.0


@dataclass(frozen=True)
class Template:
    """A presentation without slides, and where on its layouts things stand.

    opening: the layout of a title slide. plain: that of all others. body: the place beneath the title. has_body:
    whether `plain` has a body placeholder, to be removed where it stays empty.
    """

    presentation: Any
    opening: Any
    plain: Any
    body: Box
    width: float
    height: float

    @property
    def title(self) -> Any:
        """The title placeholder of the slides but the opening."""
        return next(one for kind, one in kinds_of(self.plain) if kind.name == "TITLE")

    @property
    def bold_titles(self) -> bool:
        """Whether the titles of its master are bold."""
        from pptx.oxml.ns import qn

        style = self.plain.slide_master.element.find(f".//{qn('p:titleStyle')}/{qn('a:lvl1pPr')}/{qn('a:defRPr')}")
        return style is not None and style.get("b") in ("1", "true")


def template_of(content: bytes | None, name: str = "the template") -> Template:
    """The template in a file's bytes; our own without one. PackError: it is none, or lacks a layout that is needed."""
    if content is None:
        return own_template()
    presentation = opened(content, name)
    remove_slides(presentation)
    width, height = presentation.slide_width / EMU, presentation.slide_height / EMU
    found = laid_out(presentation, width, height)
    if found is None:
        raise refused(name, "no layout with both, or none with room enough", WITH_BOTH)
    opening, plain, body = found
    return Template(presentation, opening, plain, body, width, height)


def refused(name: str, found: str, expected: str) -> PackError:
    """Why a template cannot be used."""
    return PackError([Fault(name, None, "", found, expected)])


def opened(content: bytes, name: str) -> Any:
    """A presentation of a file's bytes, whether it is a presentation or a template of one."""
    from lxml.etree import LxmlError
    from pptx import Presentation
    from pptx.exc import PythonPptxError

    try:
        return Presentation(io.BytesIO(as_presentation(content, name)))
    except (PythonPptxError, LxmlError, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, OSError,
            NotImplementedError, IndexError, AssertionError, RuntimeError) as error:  # fmt: skip
        raise refused(name, "a file of another kind", EXPECTED) from error


def as_presentation(content: bytes, name: str) -> bytes:
    """The same file, a template's declared as a presentation's; refused where it is too large to be read."""
    if len(content) > LARGEST:
        raise refused(name, f"a file of {len(content) / 1e6:,.0f} MB", f"one of at most {LARGEST / 1e6:,.0f} MB")
    with zipfile.ZipFile(io.BytesIO(content)) as given:
        parts = given.infolist()
        if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > LARGEST_WHOLE:
            raise refused(name, "a file that holds too much", f"one of at most {LARGEST_WHOLE / 1e6:,.0f} MB unpacked")
        if TEMPLATE_TYPE not in given.read(TYPES):
            return content
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
            for one in parts:
                part = given.read(one)
                written.writestr(
                    one.filename, part.replace(TEMPLATE_TYPE, DECK_TYPE) if one.filename == TYPES else part
                )
    return out.getvalue()


def remove_slides(presentation: Any) -> None:
    """Take out every slide, and what names slides: sections, shows of some of them, and links on layouts."""
    from pptx.opc.constants import RELATIONSHIP_TYPE as LINK
    from pptx.oxml.ns import qn

    root = presentation.element
    for shows in root.findall(qn("p:custShowLst")):
        root.remove(shows)
    for extensions in root.findall(qn("p:extLst")):
        for one in list(extensions):
            if "sectionLst" in "".join(str(child.tag) for child in one):
                extensions.remove(one)
        if not len(extensions):
            root.remove(extensions)
    listed = presentation.slides._sldIdLst
    for one in list(listed):
        presentation.part.rels.pop(one.get(qn("r:id")))
        listed.remove(one)
    for holder in (*presentation.slide_masters, *layouts(presentation)):
        links = [key for key, link in holder.part.rels.items() if link.reltype == LINK.SLIDE]
        for element in [one for one in holder.element.iter() if one.get(qn("r:id")) in links]:
            element.getparent().remove(element)
        for key in links:
            holder.part.rels.pop(key)


def layouts(presentation: Any) -> Iterator[Any]:
    """The layouts of every master."""
    for master in presentation.slide_masters:
        yield from master.slide_layouts


def laid_out(presentation: Any, width: float, height: float) -> tuple[Any, Any, Box] | None:
    """The layout of a title slide, that of the others, and the place beneath their title; None without one."""
    from pptx.enum.shapes import PP_PLACEHOLDER as KIND

    every = [(one, kinds_of(one)) for one in layouts(presentation)]
    bodies = (KIND.BODY, KIND.OBJECT)
    others = (*bodies, KIND.PICTURE, KIND.CHART, KIND.TABLE, KIND.MEDIA_CLIP, KIND.SUBTITLE, KIND.ORG_CHART)
    both = []
    for layout, kinds in every:
        found = [one for kind, one in kinds if kind in bodies]
        if KIND.TITLE in {kind for kind, _ in kinds} and found:
            body, title = max((place(one) for one in found), key=lambda box: box.width * box.height), title_of(layout)
            area = inside(max(body.top, title.bottom), body, width, height)
            area = above(area, [place(one) for kind, one in kinds if kind == KIND.SLIDE_NUMBER])
            if area.width >= LEAST_WIDTH and area.height >= LEAST_HEIGHT:
                alone = sum(kind in others for kind, _ in kinds) == 1
                both.append((alone, area.width * area.height, layout, area))
    if not both:
        return None
    _, _, with_body, area = max(both, key=lambda one: one[:2])
    bare = [
        layout
        for layout, kinds in every
        if KIND.TITLE in {kind for kind, _ in kinds}
        and not any(kind in others for kind, _ in kinds)
        and title_of(layout) == title_of(with_body)
        and layout.slide_master == with_body.slide_master
    ]
    openings = [layout for layout, kinds in every if {KIND.CENTER_TITLE, KIND.SUBTITLE} <= {kind for kind, _ in kinds}]
    return next(iter(openings), with_body), next(iter(bare), with_body), area


def inside(top: float, body: Box, width: float, height: float) -> Box:
    """A body's place from a top on, as far as it lies on the slide."""
    left, upper = max(body.left, 0.0), max(top, 0.0)
    return Box(left, upper, min(body.right, width) - left, min(body.bottom, height) - upper)


def above(area: Box, numbers: Sequence[Box]) -> Box:
    """A place without what lies at or under the slide's number in it."""
    tops = [one.top for one in numbers if area.top < one.top < area.bottom and one.left < area.right]
    return Box(area.left, area.top, area.width, min([area.bottom, *tops]) - area.top)


def kinds_of(layout: Any) -> list[tuple[Any, Any]]:
    """The placeholders of a layout, each with its kind."""
    return [(one.placeholder_format.type, one) for one in layout.placeholders]


def title_of(layout: Any) -> Box:
    """Where a layout's title stands."""
    from pptx.enum.shapes import PP_PLACEHOLDER as KIND

    return next((place(one) for kind, one in kinds_of(layout) if kind == KIND.TITLE), Box(0, 0, 0, 0))


def place(placeholder: Any) -> Box:
    """Where a placeholder stands, by itself or as its master says; no room where neither says."""
    numbers = (placeholder.left, placeholder.top, placeholder.width, placeholder.height)
    return Box(*((one or 0) / EMU for one in numbers))


# Our own.


def own_template() -> Template:
    """A white slide of 16 to 9 with a bar in the app's blue, large type and a number on every slide."""
    from pptx import Presentation
    from pptx.opc.constants import RELATIONSHIP_TYPE as LINK
    from pptx.util import Pt

    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Pt(WIDTH), Pt(HEIGHT)
    kept = {"Title Slide", "Title and Content", "Title Only"}
    for layout in list(presentation.slide_layouts):
        if layout.name not in kept:
            presentation.slide_layouts.remove(layout)
    master = presentation.slide_master
    theme = master.part.part_related_by(LINK.THEME)
    theme._blob = in_our_colours(theme.blob)
    title = Box(MARGIN, 26, WIDTH - 2 * MARGIN, 72)
    body = Box(MARGIN, 106, WIDTH - 2 * MARGIN, 396)
    foot = Box(WIDTH - MARGIN - 90, 506, 90, 22)
    from pptx.enum.shapes import PP_PLACEHOLDER as KIND

    places = {KIND.TITLE: title, KIND.BODY: body, KIND.OBJECT: body, KIND.SLIDE_NUMBER: foot,
              KIND.DATE: Box(MARGIN, 506, 200, 22), KIND.FOOTER: Box(MARGIN + 220, 506, 400, 22),
              KIND.CENTER_TITLE: Box(MARGIN + 20, 150, WIDTH - 2 * MARGIN - 40, 110),
              KIND.SUBTITLE: Box(MARGIN + 20, 272, WIDTH - 2 * MARGIN - 40, 190)}  # fmt: skip
    for holder in (master, *presentation.slide_layouts):
        for one in holder.placeholders:
            put(one, places[one.placeholder_format.type])
    bar(master)
    style_titles(master)
    on_blue(next(layout for layout in presentation.slide_layouts if layout.name == "Title Slide"))
    names = {layout.name: layout for layout in presentation.slide_layouts}
    return Template(presentation, names["Title Slide"], names["Title Only"], body, WIDTH, HEIGHT)


def put(placeholder: Any, box: Box) -> None:
    """Set where a placeholder stands."""
    from pptx.util import Pt

    placeholder.left, placeholder.top = Pt(box.left), Pt(box.top)
    placeholder.width, placeholder.height = Pt(box.width), Pt(box.height)


def in_our_colours(theme: bytes) -> bytes:
    """A theme with the app's font and colours."""
    colours = dict(zip(("accent1", "accent2", "accent3", "accent4"), palette.CATEGORICAL, strict=True))
    colours |= {"dk2": palette.CATEGORICAL[0], "lt2": palette.GREY_LIGHT, "accent5": "#3d3d3d", "accent6": "#a285d1"}
    colours |= {"hlink": palette.LINK}
    text = theme.decode("utf-8")
    for name, colour in colours.items():
        value = f'<a:{name}><a:srgbClr val="{colour.lstrip("#").upper()}"/></a:{name}>'
        text = re.sub(rf"<a:{name}>.*?</a:{name}>", value, text, flags=re.DOTALL)
    text = re.sub(r"<a:dk1>.*?</a:dk1>", f'<a:dk1><a:srgbClr val="{palette.TEXT.lstrip("#").upper()}"/></a:dk1>', text,
                  flags=re.DOTALL)  # fmt: skip
    return re.sub(r'(<a:(?:major|minor)Font>\s*<a:latin typeface=")[^"]*', rf"\g<1>{FONT}", text).encode("utf-8")


def bar(master: Any) -> None:
    """The bar along the top of every slide, which says nothing and so has no words."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls

    element = parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="900" name="Bar" descr=""/><p:cNvSpPr/>'
        f'<p:nvPr userDrawn="1"/></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{emu(WIDTH)}" cy="{emu(10)}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="accent1"/></a:solidFill>'
        "<a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
    )
    master.shapes._spTree.insert(2, element)


def on_blue(layout: Any) -> None:
    """A title slide in white on the app's dark blue."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls, qn

    white = f'<a:solidFill {nsdecls("a")}><a:schemeClr val="bg1"/></a:solidFill>'
    blue = '<a:solidFill><a:schemeClr val="accent1"/></a:solidFill>'
    background = f"<p:bg {nsdecls('p', 'a')}><p:bgPr>{blue}<a:effectLst/></p:bgPr></p:bg>"
    layout.element.cSld.insert(0, parse_xml(background))
    for one in layout.placeholders:
        styles = one._element.find(f".//{qn('a:lstStyle')}")
        for level in styles.iter(qn("a:lvl1pPr")):
            for letters in level.iter(qn("a:defRPr")):
                for fill in letters.findall(qn("a:solidFill")):
                    letters.remove(fill)
                letters.insert(0, parse_xml(white))
        if styles.find(qn("a:lvl1pPr")) is None:
            styles.append(parse_xml(f"<a:lvl1pPr {nsdecls('a')}><a:defRPr>{white}</a:defRPr></a:lvl1pPr>"))


def style_titles(master: Any) -> None:
    """Titles at the left, at the top, in the app's dark blue."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls, qn

    style = master.element.find(f".//{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    style.set("algn", "l")
    letters = style.find(qn("a:defRPr"))
    letters.set("sz", "2800")
    letters.set("b", "1")
    for fill in letters.findall(qn("a:solidFill")):
        letters.remove(fill)
    letters.insert(0, parse_xml(f'<a:solidFill {nsdecls("a")}><a:schemeClr val="tx2"/></a:solidFill>'))
    for holder in (master, *master.slide_layouts):
        for one in holder.placeholders:
            if one.placeholder_format.type.name == "SUBTITLE":
                levels = one._element.find(f".//{qn('a:lstStyle')}/{qn('a:lvl1pPr')}")
                levels.set("algn", "l")
                for fill in levels.iter(qn("a:schemeClr")):
                    fill.set("val", "tx1")
                    for tint in list(fill):
                        fill.remove(tint)
            if one.placeholder_format.type.name == "SLIDE_NUMBER":
                for letters in one._element.iter(qn("a:defRPr")):
                    letters.set("sz", "1400")
                    for fill in letters.iter(qn("a:schemeClr")):
                        fill.set("val", "tx1")
                        for tint in list(fill):
                            fill.remove(tint)
            if one.placeholder_format.type.name in ("TITLE", "CENTER_TITLE"):
                body = one._element.find(f".//{qn('a:bodyPr')}")
                body.set("anchor", "t" if one.placeholder_format.type.name == "TITLE" else "b")
                for side in ("lIns", "rIns"):
                    body.set(side, "0")
