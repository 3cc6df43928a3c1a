"""The XML inside a workbook, read piece by piece: no document type, no entity of its own, nothing from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NoReturn
from xml.parsers import expat

# The parser joins namespace and name with this.
BETWEEN = " "


class NotXml(ValueError):
    """XML that breaks off, or that has a document type, which no workbook has."""


def local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition(BETWEEN)[2]


def read_xml(
    pieces: Iterable[bytes],
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], object] | None = None,
) -> None:
    """Call back for each element and text, names with their namespace in front; NotXml where it is none."""

    def refuse(*_: object) -> NoReturn:
        raise NotXml("a document type")

    parser = expat.ParserCreate(namespace_separator=BETWEEN)
    parser.buffer_text = True
    if hasattr(parser, "SetReparseDeferralEnabled"):
        # What is whole is told at once: whoever makes the pieces may go by it.
        parser.SetReparseDeferralEnabled(False)
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise NotXml(str(error)) from None


def elements(content: bytes) -> list[tuple[str, dict[str, str]]]:
    """Every element of a small part, by its local name, with its attributes by theirs."""
    found: list[tuple[str, dict[str, str]]] = []
    read_xml([content], lambda name, given: found.append((local(name), {local(key): given[key] for key in given})))
    return found
