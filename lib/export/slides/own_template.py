"""The plain template in the app's font and colours, for a council that gives none of its own."""

from __future__ import annotations

import re
from typing import Any

from lib.charts.kit import palette
from lib.export.slides.text import Box, emu

WIDTH, HEIGHT = 960.0, 540.0  # 16 to 9
MARGIN = 40.0
FONT = "Arial"


def own_presentation() -> tuple[Any, Any, Any, Box]:
    """A presentation without slides, of 16 to 9: its layout of a title slide, that of the others, and their body.

    White slides with a bar in the app's blue, large type and a number on each.
    """
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
    return presentation, names["Title Slide"], names["Title Only"], body


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
