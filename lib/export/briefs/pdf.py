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
from lib.export.briefs.tree import Brief, Picture
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
    paper = {
        "title": plain(brief.title),
        "subject": plain(brief.subject),
        "marks": [plain(one) for one in brief.marks],
        "year": brief.dated.year,
        "month": brief.dated.month,
        "day": brief.dated.day,
        "attached": [list(one) for one in brief.attached],
        "parts": [as_data(part, pictures) for part in brief.parts],
    }
    inputs = {"paper": json.dumps(paper), "pictures": json.dumps(pictures)}
    stamp = dt.datetime.combine(brief.dated, dt.time(), tzinfo=dt.UTC)
    compiler = typst.Compiler(font_paths=fonts(), ignore_system_fonts=True)
    made = compiler.compile(
        TEMPLATE.read_bytes(), format="pdf", sys_inputs=inputs, pdf_standards="ua-1", timestamp=stamp
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single file")
    return made


def as_data(one: Any, pictures: dict[str, str]) -> Any:
    """A part as plain values, each text in one line; pictures stand once each, by a number."""
    if isinstance(one, str):
        return plain(one)
    if isinstance(one, tuple | list):
        return [as_data(inner, pictures) for inner in one]
    if not is_dataclass(one):
        return one
    found = {field.name: as_data(getattr(one, field.name), pictures) for field in fields(one) if field.name != "svg"}
    if isinstance(one, Picture):
        svg = one.svg.replace(CHART_FONT, FAMILY)
        found["svg"] = next((name for name, kept in pictures.items() if kept == svg), str(len(pictures)))
        pictures[found["svg"]] = svg
        found["points"] = POINTS * float(WIDTH.search(svg)[1]) if WIDTH.search(svg) else 0  # type: ignore[index]
    return {"part": type(one).__name__, **found}


@lru_cache(maxsize=1)
def fonts() -> Any:
    """The fonts of the papers, read once. The package has each in two forms, of which a folder of our own holds one."""
    import font_source_sans_pro
    import typst

    package = Path(font_source_sans_pro.__file__).parent / "files"
    folder = TemporaryDirectory(prefix="briefs_")
    atexit.register(folder.cleanup)
    for style in STYLES:
        shutil.copy(package / f"SourceSansPro-{style}.ttf", folder.name)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder.name])
