"""The words that briefs share: their foot, how a figure is shown on a tile, and where the figures come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lib.export.briefs.tree import Bullets, Heading, Paragraph, Part, Tile
from lib.market.about import About
from lib.market.basis import MEANINGS, Standing
from lib.market.figure import Figure
from lib.market.sharing import INTERNAL
from lib.pack.load import Pack

SOURCES = "Sources and statuses"


def marks(pack: Pack) -> tuple[str, ...]:
    """What stands at the foot of each page: that it is internal, and that the data are made up where they are."""
    return (INTERNAL, *((pack.manifest.demonstration,) if pack.is_demonstration else ()))


def opening(kicker: str, title: str, sentence: str, said: Iterable[str], status: str) -> list[Part]:
    """How a brief begins: what it is, its title, the marks, the sentence that answers and how that is known."""
    return [
        Paragraph(kicker, "kicker"),
        Heading(1, title),
        Paragraph(" ".join(said), "mark"),
        Paragraph(sentence, "sentence"),
        *([Paragraph(f"Status of what the sentence says: {status}.", "note")] if status else []),
    ]


def tile(figure: Figure, context: str = "", known: Standing | None = None) -> Tile:
    """A figure as a headline. known: how the context is known; said where that is not as the figure is."""
    if figure.lacks_rows:
        # Why it is not known says more than the figures beside it.
        return Tile(figure.label, figure.text, str(figure.known), figure.missing)
    other = "" if known is None or known == figure.known or not context else str(known)
    return Tile(figure.label, figure.text, str(figure.known), context, other)


def where_from(figures: Sequence[Figure]) -> str:
    """Where the headlines come from: each with its date, its status and its source or formula, in one line."""
    dated = [one.label if one.as_of in one.label else f"{one.label}, {one.as_of}" for one in figures]
    every = "; ".join(f"{label}, {one.known}: {one.source}" for label, one in zip(dated, figures, strict=True))
    return f"The headlines. {every}."


def sources(told: About, figures: Sequence[Figure]) -> list[Part]:
    """The last part of a brief: each headline's source, each table's status, rule and credit, and what statuses mean.

    told: what the brief rests on.
    """
    resources = [told.pack.manifest.resource(name) for name in told.basis.tables]
    lines = []
    for one in resources:
        named = "; ".join(source.title for source in one.sources)
        lines.append(f"{one.title}: {one.status}. {one.rule or ''} {f'Source: {named}.' if named else ''}".strip())
    credits = dict.fromkeys(one.credit for one in resources if one.credit)
    meanings = [
        f"{status.capitalize()}: {MEANINGS[status]}" for status in dict.fromkeys(one.status for one in resources)
    ]
    return [
        Heading(2, SOURCES),
        Bullets((where_from(figures), *lines, *credits, " ".join(meanings)), small=True),
    ]
