"""What a deck is made on: the council's own template, or a plain one in the app's colours."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lib.export.slides.own_template import HEIGHT, WIDTH, own_presentation
from lib.export.slides.text import EMU, Box
from lib.pack.faults import Fault, PackError

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
        return Template(*own_presentation(), WIDTH, HEIGHT)
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
