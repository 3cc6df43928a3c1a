"""Decks for the tests of slides, and what stands on a slide as plain values."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Pt

EMU = 12_700
DECK_TYPE = b"presentationml.presentation.main+xml"
TEMPLATE_TYPE = b"presentationml.template.main+xml"


def read(content: bytes) -> Any:
    """A deck as python-pptx reads it."""
    return Presentation(io.BytesIO(content))


def council_template(title_only: bool = True) -> bytes:
    """A template of 4 to 3 in another font, with a slide of its own, a section and a show that name it."""
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[1])
    slide.shapes.title.text = "A slide of the council's own"
    if not title_only:
        for layout in list(made.slide_layouts):
            if layout.name not in ("Title and Content", "Two Content"):
                made.slide_layouts.remove(layout)
    theme = next(part for part in made.part.package.iter_parts() if "theme1.xml" in part.partname)
    theme._blob = re.sub(rb'(<a:(?:major|minor)Font>\s*<a:latin typeface=")[^"]*', rb"\g<1>Georgia", theme.blob)
    out = io.BytesIO()
    made.save(out)
    return with_section(out.getvalue())


def with_section(content: bytes) -> bytes:
    """The same with a section and a show of some slides, as PowerPoint writes them."""
    made = read(content)
    number = made.slides._sldIdLst[0].get("id")
    link = made.slides._sldIdLst[0].get(qn("r:id"))
    from pptx.oxml import parse_xml

    main = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    links = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    root = made.element
    root.append(
        parse_xml(
            f'<p:custShowLst {main} {links}><p:custShow name="One" id="0"><p:sldLst><p:sld r:id="{link}"/></p:sldLst>'
            "</p:custShow></p:custShowLst>"
        )
    )
    root.append(
        parse_xml(
            f'<p:extLst {main} xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main">'
            '<p:ext uri="{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"><p14:sectionLst><p14:section name="One" '
            'id="{11111111-1111-1111-1111-111111111111}"><p14:sldIdLst>'
            f'<p14:sldId id="{number}"/></p14:sldIdLst></p14:section></p14:sectionLst></p:ext></p:extLst>'
        )
    )
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def as_potx(content: bytes) -> bytes:
    """A presentation declared as a template, as PowerPoint saves one."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.infolist():
            part = old.read(one)
            new.writestr(
                one.filename, part.replace(DECK_TYPE, TEMPLATE_TYPE) if one.filename == "[Content_Types].xml" else part
            )
    return out.getvalue()


def without_bodies() -> bytes:
    """A presentation whose layouts have no body, only a title."""
    made = Presentation()
    made.slide_width = Pt(720)
    for layout in list(made.slide_layouts):
        if layout.name != "Title Only":
            made.slide_layouts.remove(layout)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def every_shape(shapes: Any) -> Iterator[Any]:
    """The shapes of a slide and those within its groups."""
    for shape in shapes:
        yield shape
        if shape.shape_type is not None and shape.shape_type.name == "GROUP":
            yield from every_shape(shape.shapes)


def alt(shape: Any) -> str:
    """What a shape says to screen readers."""
    return str(shape._element._nvXxPr.cNvPr.get("descr", ""))


def titles(deck: Any) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def notes(slide: Any) -> str:
    return str(slide.notes_slide.notes_text_frame.text)


def named(slide: Any, name: str) -> Any:
    """The shape of a name."""
    return next(shape for shape in slide.shapes if shape.name == name)


def slide_of(deck: Any, start: str) -> Any:
    """The first slide whose title starts so."""
    return next(slide for slide in deck.slides if slide.shapes.title.text_frame.text.startswith(start))


def words_of(slide: Any) -> str:
    """Every text on a slide: of shapes and of tables."""
    found = []
    for shape in every_shape(slide.shapes):
        if shape.has_text_frame:
            found.append(shape.text_frame.text)
        if shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
    return " ".join(found)


def everything_in(content: bytes) -> str:
    """All that a deck tells: texts, what stands in for pictures, charts and the workbooks behind them, properties."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            part = parts.read(name)
            if name.endswith(".xlsx"):
                with zipfile.ZipFile(io.BytesIO(part)) as book:
                    found += [told(book.read(one)) for one in book.namelist() if one.endswith(".xml")]
            elif name.startswith(("ppt/slides/", "ppt/notesSlides/", "ppt/charts/", "docProps/")) and name.endswith(
                ".xml"
            ):
                found.append(told(part))
    return " ".join(found)


def told(part: bytes) -> str:
    """The texts of a part, and its names and descriptions."""
    root = etree.fromstring(part)
    words = [text for text in root.itertext() if text.strip()]
    return " ".join([*words, *(one.get(name, "") for one in root.iter() for name in ("name", "descr"))])
