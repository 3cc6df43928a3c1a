"""A brief as a PDF for everybody (PDF/UA-1): tagged, titled, in British English, with real text and vector pictures.

Typst lays it out by paper.typ, and refuses what would break the standard. The same brief gives the same bytes.
"""

from __future__ import annotations

import atexit
import datetime as dt
import json
import re
import shutil
from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lib.charts.kit.theme import FONT
from lib.export.briefs.glyphs import JOINERS, MISSING_NOTE, drawable, letters
from lib.export.briefs.tree import Brief, Paragraph, Picture
from lib.market.plain_text import plain

TEMPLATE = Path(__file__).with_name("paper.typ")
FAMILY = "Source Sans Pro"
STYLES = ("Regular", "It", "Semibold", "Bold")
POINTS = 0.59  # to a pixel of a chart: its smallest letters are then of 7 points
WIDTH = re.compile(r'<svg[^>]*? width="([\d.]+)"')
# What Vega writes as the font of a chart, and what typst knows.
CHART_FONT = FONT.replace('"', "&quot;")


def to_pdf(brief: Brief) -> bytes:
    """The brief as the bytes of a PDF file."""
    import typst

    pictures: dict[str, str] = {}
    paper: dict[str, Any] = {
        "title": on_paper(brief.title),
        "subject": on_paper(brief.subject),
        "marks": [on_paper(one) for one in brief.marks],
        "year": brief.dated.year,
        "month": brief.dated.month,
        "day": brief.dated.day,
        "attached": [list(one) for one in brief.attached],
        "parts": [as_data(part, pictures) for part in brief.parts],
    }
    if any(lacks_letters(part) for part in brief.parts):
        note = Paragraph(MISSING_NOTE, "note")
        paper["parts"] = [*paper["parts"], as_data(note, pictures)]
    known = every_letter()
    named = {name: drawable(svg.replace(CHART_FONT, FAMILY), known) for svg, name in pictures.items()}
    inputs = {"paper": json.dumps(paper), "pictures": json.dumps(named)}
    stamp = dt.datetime.combine(brief.dated, dt.time(), tzinfo=dt.UTC)
    compiler = typst.Compiler(font_paths=fonts(), ignore_system_fonts=True)
    made = compiler.compile(
        TEMPLATE.read_bytes(), format="pdf", sys_inputs=inputs, pdf_standards="ua-1", timestamp=stamp
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single file")
    return made


def as_data(one: Any, pictures: dict[str, str]) -> Any:
    """A part as plain values, each text in one line; pictures by their names."""
    if isinstance(one, str):
        return on_paper(one)
    if isinstance(one, tuple | list):
        return [as_data(inner, pictures) for inner in one]
    if not is_dataclass(one):
        return one
    found = {one_of.name: as_data(getattr(one, one_of.name), pictures) for one_of in fields(one) if one_of.name not in
             ("svg", "over")}  # fmt: skip
    if isinstance(one, Picture):
        size = WIDTH.search(one.svg)
        found |= {
            "svg": kept_picture(one.svg, pictures),
            "over": kept_picture(one.over, pictures) if one.over else "",
            "points": POINTS * float(size[1]) if size else 0,
        }
    return {"part": type(one).__name__, **found}


def kept_picture(svg: str, pictures: dict[str, str]) -> str:
    """The name of a picture among those of the paper, each of which stands there once. pictures: names by picture."""
    return pictures.setdefault(svg, str(len(pictures)))


def lacks_letters(one: Any) -> bool:
    """Whether a part has letters that the font has not."""
    if isinstance(one, str):
        return on_paper(one) != JOINERS.sub("", plain(one))
    if isinstance(one, tuple | list):
        return any(map(lacks_letters, one))
    return is_dataclass(one) and any(lacks_letters(getattr(one, field.name)) for field in fields(one))


def on_paper(text: str) -> str:
    """Text in one line, of letters that the font has."""
    return drawable(plain(text), every_letter())


def package() -> Path:
    """The folder of the fonts."""
    import font_source_sans_pro

    return Path(font_source_sans_pro.__file__).parent / "files"


@lru_cache(maxsize=1)
def every_letter() -> frozenset[int]:
    """The letters that the font has in each of its styles."""
    found = [letters(package() / file_of(style)) for style in STYLES]
    return frozenset.intersection(*found)


def file_of(style: str) -> str:
    """The name of a style's file."""
    return f"SourceSansPro-{style}.ttf"


@lru_cache(maxsize=1)
def fonts() -> Any:
    """The fonts of the papers, read once. The package has each in two forms, of which a folder of our own holds one."""
    import typst

    folder = TemporaryDirectory(prefix="briefs_")
    atexit.register(folder.cleanup)
    for style in STYLES:
        shutil.copy(package() / file_of(style), folder.name)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder.name])
