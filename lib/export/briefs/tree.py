"""What a brief says, as a small tree of parts: the page of HTML and the PDF are both written from it.

Every text is plain text: what comes from data can nowhere stand as markup. A picture is SVG that lib.charts drew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

# How a paragraph is set: as it is; the line above a title; the sentence that answers; what stands small beneath.
ParagraphKind = Literal["", "kicker", "sentence", "note", "mark"]


@dataclass(frozen=True)
class Heading:
    """A heading. level: 1 the title of a brief, 2 its parts."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Words in one paragraph."""

    text: str
    kind: ParagraphKind = ""


@dataclass(frozen=True)
class Tile:
    """A headline: what it is, the figure, how it is known, and a line of what stands beside it with its own status."""

    label: str
    value: str
    status: str
    context: str = ""
    context_status: str = ""


@dataclass(frozen=True)
class Tiles:
    """Headlines in a row."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Table:
    """A table with a row of heads; its first columns are words, set left.

    names: how many. widths: shares of the whole width, of the columns in their order; none: as their words ask. marked:
    the rows, from 0, that are set apart. status: how its figures are known; "" where a column says so.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    names: int = 1
    widths: tuple[float, ...] = ()
    marked: tuple[int, ...] = ()
    status: str = ""


@dataclass(frozen=True)
class Picture:
    """A map or a chart. alt: what it shows, for those who do not see it.

    svg: as `lib.charts.kit.png.to_svg` made it. over: a second of the same size that lies over it, for what differs
    between briefs that share the first; "" for none. legend: colours ("" is hatched) and what they stand for. note:
    what must stand beneath it.
    """

    title: str
    alt: str
    svg: str
    status: str = ""
    legend: tuple[tuple[str, str], ...] = ()
    legend_title: str = ""
    note: str = ""
    over: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list of sentences. small: set as notes are."""

    lines: tuple[str, ...]
    small: bool = False


@dataclass(frozen=True)
class Terms:
    """Terms, and what is said of each."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Beside:
    """Parts in columns beside each other. shares: of the width."""

    columns: tuple[tuple[Part, ...], ...]
    shares: tuple[float, ...]


@dataclass(frozen=True)
class NewPage:
    """What follows begins a page."""


Part = Heading | Paragraph | Tiles | Table | Picture | Bullets | Terms | Beside | NewPage


@dataclass(frozen=True)
class Brief:
    """A document: its title, what must stand at the foot of each page, its date, its parts.

    marks: internal, demonstration. dated: the date of the data, which is the file's. attached: files within the PDF,
    name and text.
    """

    title: str
    marks: tuple[str, ...]
    dated: dt.date
    parts: tuple[Part, ...]
    subject: str = ""
    attached: tuple[tuple[str, str], ...] = ()


def joined(title: str, briefs: Sequence[Brief], subject: str = "") -> Brief:
    """Briefs behind each other in one document, each from a new page on; the first says the marks and the date."""
    parts: list[Part] = []
    for one in briefs:
        parts += [NewPage(), *one.parts] if parts else one.parts
    first = briefs[0]
    return Brief(title, first.marks, max(one.dated for one in briefs), tuple(parts), subject or first.subject)
