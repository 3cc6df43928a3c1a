"""One slide as it is filled: its title, its parts, its foot, its number and its notes.

Parts are written as XML: python-pptx works out a group's size anew at every shape, and a deck has thousands.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from lib.export.slides.template import Template, place
from lib.export.slides.text import (
    LANGUAGE,
    LEAST,
    LINE,
    Box,
    Paragraph,
    attribute,
    clean,
    emu,
    fitting_size,
    height_of,
    paragraph_xml,
    properties_xml,
    shortened,
    wrapped,
)

TITLE_SIZES = (28, 26, 24, 22, 20, 18, 17, 16)
TITLE_LINES = 2
INSETS = 15.0  # points that a placeholder keeps free at both sides
LEAD, HEAD = 16, 14
HEAD_LINES, HEAD_GAP = 3, 6.0
FIELD = "B6F15528-21DE-4FAA-801E-634DDDAF4B2B"  # of a slide's number; any will do
NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
NO_INSETS = 'lIns="0" tIns="0" rIns="0" bIns="0"'


def shape_xml(
    number: int, name: str, alt: str, box: Box, *, geometry: str, fill: str = "<a:noFill/>", line: str = "",
    paragraphs: Sequence[Paragraph] = (), after: float = 0.0, wrap: bool = True, anchor: str = "t",
    is_text: bool = False,
) -> str:  # fmt: skip
    """A shape as the file has it. geometry, fill, line: XML of DrawingML. A part of `Page.xml`."""
    text = (
        "".join(paragraph_xml(one, after) for one in paragraphs)
        or f"<a:p>{properties_xml(Paragraph(''), 'endParaRPr')}</a:p>"
    )
    kind = ' txBox="1"' if is_text else ""
    wrapping = "square" if wrap else "none"
    return (
        f'<p:sp {NAMESPACES}><p:nvSpPr><p:cNvPr id="{number}" name={attribute(name)} descr={attribute(alt)}/>'
        f'<p:cNvSpPr{kind}/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x="{emu(box.left)}" y="{emu(box.top)}"/>'
        f'<a:ext cx="{emu(box.width)}" cy="{emu(box.height)}"/></a:xfrm>{geometry}{fill}'
        f'{line or "<a:ln><a:noFill/></a:ln>"}</p:spPr><p:txBody><a:bodyPr wrap="{wrapping}" {NO_INSETS} '
        f'anchor="{anchor}" rtlCol="0"><a:noAutofit/></a:bodyPr><a:lstStyle/>{text}</p:txBody></p:sp>'
    )


RECTANGLE = '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'


def under_head(box: Box, text: str) -> Box:
    """What is left of a place beneath a heading of at most HEAD_LINES lines."""
    lines = len(wrapped(shortened(text, box.width, HEAD, HEAD_LINES), box.width, HEAD, bold=True))
    return box.below(lines * HEAD * LINE, HEAD_GAP)


def subtitle(slide: Any) -> Any:
    """The placeholder of a title slide that takes what stands under the title; None where it has none for text."""
    texts = [one for one in slide.placeholders if one.placeholder_format.type.name in ("SUBTITLE", "BODY", "OBJECT")]
    return max(texts, key=lambda one: (one.placeholder_format.type.name == "SUBTITLE", one.height or 0), default=None)


class Page:
    """A slide of a deck.

    Attributes:
        slide: python-pptx's slide.
        body: the place that is still free, from top to bottom.
    """

    def __init__(self, template: Template, *, opening: bool = False) -> None:
        """Add a slide to the template's presentation. opening: a title slide."""
        self.template = template
        layout = template.opening if opening else template.plain
        self.slide = template.presentation.slides.add_slide(layout)
        self.body = template.body
        kept = [self.slide.shapes.title, subtitle(self.slide) if opening else None]
        for one in list(self.slide.placeholders):
            if one not in kept:
                one._element.getparent().remove(one._element)
        self._number = max((shape.shape_id for shape in self.slide.shapes), default=1)
        self._number_slide(layout)

    @property
    def tree(self) -> Any:
        """The element that holds the slide's shapes."""
        return self.slide.shapes._spTree

    def next_id(self) -> int:
        """A number for a shape that none has."""
        self._number += 1
        return self._number

    def took(self, number: int) -> None:
        """A shape that python-pptx added has this number."""
        self._number = max(self._number, number)

    def add(self, xml: str) -> Any:
        """Add a shape, and return its element."""
        from pptx.oxml import parse_xml

        element = parse_xml(xml)
        self.tree.append(element)
        return element

    # What stands on every slide.

    def title(self, text: str) -> str:
        """Set the title, of two lines at most; what of it had no room is returned whole, "" where all had."""
        shape = self.slide.shapes.title
        box = place(shape)
        width, height = box.width - INSETS, max(box.height, TITLE_SIZES[-1] * LINE * TITLE_LINES)
        bold = self.template.bold_titles
        size = fitting_size(text, TITLE_SIZES, width, TITLE_LINES, height, bold)
        short = shortened(text, width, size, TITLE_LINES, bold)
        self.write(shape, [Paragraph(short, size)])
        self.describe(shape, "Title", short)
        return "" if short == clean(text) else clean(text)

    def write(self, shape: Any, paragraphs: Sequence[Paragraph], after: float = 0.0) -> None:
        """Put paragraphs in a placeholder, in the template's own letters."""
        from pptx.oxml import parse_xml
        from pptx.oxml.ns import qn

        body = shape._element.txBody
        for old in body.findall(qn("a:p")):
            body.remove(old)
        for one in paragraphs:
            body.append(parse_xml(paragraph_xml(one, after).replace("<a:p>", f"<a:p {NAMESPACES}>", 1)))

    def describe(self, shape: Any, name: str, alt: str) -> None:
        """Give a shape its name and what it shows in words."""
        properties = shape._element._nvXxPr.cNvPr
        properties.set("name", clean(name))
        properties.set("descr", clean(alt))

    def _number_slide(self, layout: Any) -> None:
        """The slide's number: where the layout has it, else at the lower right."""
        from pptx.enum.shapes import PP_PLACEHOLDER as KIND
        from pptx.oxml import parse_xml

        field = (
            f'<a:p {NAMESPACES}><a:fld id="{{{FIELD}}}" type="slidenum">'
            f'<a:rPr lang="{LANGUAGE}"SIZE/><a:t>{len(self.template.presentation.slides)}</a:t></a:fld></a:p>'
        )
        own = next((one for one in layout.placeholders if one.placeholder_format.type == KIND.SLIDE_NUMBER), None)
        if own is not None:
            element = copy.deepcopy(own._element)
            body = element.txBody
            for old in list(body)[1:]:
                if old.tag.endswith("}p"):
                    body.remove(old)
            size = "" if (place(own).height or 0) < LEAST * LINE else ' sz="1400"'
            body.append(parse_xml(field.replace("SIZE", size)))
            properties = element._nvXxPr.cNvPr
            properties.set("id", str(self.next_id()))
        else:
            box = Box(self.template.width - 70, self.template.height - 26, 60, 20)
            xml = shape_xml(self.next_id(), "Slide number", "", box, geometry=RECTANGLE, is_text=True)
            element = parse_xml(xml)
            body = element.txBody
            body.remove(list(body)[-1])
            body.append(parse_xml(field.replace("SIZE", ' sz="1400"').replace("<a:fld", '<a:pPr algn="r"/><a:fld', 1)))
            properties = element._nvXxPr.cNvPr
        properties.set("name", "Slide number")
        properties.set("descr", f"Slide {len(self.template.presentation.slides)}")
        self.tree.append(element)

    def foot(self, lines: Sequence[str]) -> None:
        """What must stand on every slide, at the lower end of the body: one text, a line each where there is room."""
        paragraphs = [Paragraph(line, LEAST) for line in lines if line]
        if not paragraphs:
            return
        height = height_of(paragraphs, self.body.width)
        box = Box(self.body.left, self.body.bottom - height, self.body.width, height)
        self.text(box, paragraphs, "Status and marks", " ".join(one.text for one in paragraphs))
        self.body = Box(self.body.left, self.body.top, self.body.width, self.body.height - height - 8)

    def notes(self, lines: Sequence[str]) -> None:
        """The speaker's notes, a paragraph each."""
        from pptx.oxml import parse_xml
        from pptx.oxml.ns import qn

        frame = self.slide.notes_slide.notes_text_frame
        body = frame._txBody
        for old in body.findall(qn("a:p")):
            body.remove(old)
        for line in [clean(one) for one in lines if clean(one)] or [""]:
            body.append(parse_xml(paragraph_xml(Paragraph(line, 0)).replace("<a:p>", f"<a:p {NAMESPACES}>", 1)))
        for shape in self.slide.notes_slide.shapes:
            self.describe(shape, shape.name, {"Notes": "Speaker's notes"}.get(shape.name.split(" ")[0], "This slide"))

    # Parts of the body.

    def text(
        self, box: Box, paragraphs: Sequence[Paragraph], name: str, alt: str = "", after: float = 0.0, anchor: str = "t"
    ) -> None:
        """A text in a place."""
        words = alt or " ".join(one.text for one in paragraphs)
        self.add(
            shape_xml(
                self.next_id(), name, words, box, geometry=RECTANGLE, paragraphs=paragraphs, after=after, anchor=anchor,
                is_text=True,
            )
        )  # fmt: skip

    def lead(self, text: str, lines: int = 2) -> None:
        """The rest of a finding, under the title, in as many lines at most; nothing for none."""
        if not clean(text):
            return
        short = shortened(text, self.body.width, LEAD, lines, bold=False)
        height = len(wrapped(short, self.body.width, LEAD)) * LEAD * LINE
        self.text(
            Box(self.body.left, self.body.top, self.body.width, height), [Paragraph(short, LEAD)], "Finding", short
        )
        self.body = self.body.below(height, 10)

    def head(self, box: Box, text: str, name: str) -> Box:
        """A heading over a part, and the place that is left beneath it: see `under_head`."""
        short = shortened(text, box.width, HEAD, HEAD_LINES)
        height = len(wrapped(short, box.width, HEAD, bold=True)) * HEAD * LINE
        self.text(Box(box.left, box.top, box.width, height), [Paragraph(short, HEAD, bold=True)], name, short)
        return under_head(box, text)
