"""A deck: slides as records in, the bytes of a .pptx out."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lib.export.slides.ahead import assumptions_slides, cost_slide, year_map_slide, years_slide
from lib.export.slides.maker import Maker
from lib.export.slides.published import Published, published_slides
from lib.export.slides.records import Shown
from lib.export.slides.sources import sources_slides
from lib.export.slides.template import template_of
from lib.export.slides.text import LANGUAGE, clean
from lib.export.slides.today import county_slide, indicator_slide, opening_slide, table_slides
from lib.market.sharing import INTERNAL
from lib.pack.load import Pack
from lib.publish.publication import Publication

SLIDE = re.compile(r"ppt/slides/slide\d+\.xml")
KINDS: Mapping[str, Callable[[Maker, Shown], None]] = {
    "opening": opening_slide,
    "county": county_slide,
    "indicator": indicator_slide,
    "table": table_slides,
    "years": years_slide,
    "year_map": year_map_slide,
    "cost": cost_slide,
    "assumptions": assumptions_slides,
    "sources": sources_slides,
}


def deck(
    pack: Pack, slides: Sequence[Shown], template: bytes | None = None, template_name: str = "the template"
) -> bytes:
    """The deck of some slides, for the inside audience. template: the bytes of a .pptx or .potx; None for our own.

    PackError: the template is none, or has no layout with a title and a body.
    """
    made = template_of(template, template_name)
    maker = Maker(pack, made)
    for shown in slides:
        KINDS[shown.kind](maker, shown)
    services = list(dict.fromkeys(pack.service(one.service).label for one in slides))
    title = f"{', '.join(services)}: {pack.manifest.area}" if services else pack.manifest.title
    return saved(made.presentation, title, pack.manifest.council, f"{INTERNAL} {pack.manifest.demonstration}".strip())


def deck_of_publication(
    publication: Publication,
    services: Sequence[str],
    template: bytes | None = None,
    template_name: str = "the template",
) -> bytes:
    """The deck for the market, of a publication alone. services: codes of the publication; PackError: see `deck`."""
    made = template_of(template, template_name)
    for service in services:
        published_slides(Published(publication, made, service))
    about = publication.about
    return saved(made.presentation, about.title, about.council, about.demonstration)


def number_of_slides(content: bytes) -> int:
    """How many slides the bytes of a deck hold."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return sum(SLIDE.fullmatch(name) is not None for name in parts.namelist())


def saved(presentation: Any, title: str, author: str, comments: str) -> bytes:
    """A presentation's bytes, with its title and language."""
    about = presentation.core_properties
    about.title, about.author, about.language = clean(title)[:250], clean(author)[:250], LANGUAGE
    about.subject, about.comments = "Demand, supply and quality of council-arranged care", clean(comments)[:250]
    about.keywords, about.last_modified_by = "", clean(author)[:250]
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()
