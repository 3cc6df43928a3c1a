"""Rows of an OpenDocument spreadsheet that hold nothing but plain cells: nearly all of a large file.

A parser that calls back for each element takes 90 seconds for the CQC's ratings of England, and half of that where such
rows are cut out for it. Only a row is, each of whose letters is of a form that is known here, and only right after a
row that the parser, or this, has read: every other row, and all that stands between them, is the parser's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from lib.pack.imports.limits import MEGABYTE
from lib.pack.imports.xml_parts import BETWEEN

END = b"</table:table-row>"
NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
NAMESPACES = {name: NAMESPACE.format(name) for name in ("office", "table", "text")} | {
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
}
# The head of a file whose bytes and prefixes are the usual ones.
UTF_8 = re.compile(
    rb"""(?:<\?xml(?:[^>]*\bencoding=["']utf-8["'][^>]*|(?:(?!encoding)[^>])*)>)?\s*<office:document-content\b""",
    re.IGNORECASE,
)
MUST_BE_DECLARED = [f'xmlns:{name}="{NAMESPACES[name]}"'.encode() for name in ("office", "table", "text")]
LONGEST_ROW = 16 * MEGABYTE
MOST_KEPT = 10_000
ESCAPES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}  # the last must be replaced last


def run_of(excluded: str) -> str:
    """Letters that stand for themselves, and the usual escapes; neither those excluded nor what XML cannot hold."""
    plain = rf"[^<&\r{excluded}\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]*+"
    return rf"{plain}(?:(?:{'|'.join(ESCAPES)}){plain})*+"


VALUE, SHOWN = run_of(r'"\t\n'), run_of("")
GIVEN = rf"""((?:\s++[A-Za-z][\w.-]*+(?::[A-Za-z][\w.-]*+)?="{VALUE}")*+)\s*+"""
ROW = re.compile(rf"\s*+<table:table-row{GIVEN}>\s*+")
CELL = re.compile(
    rf"<table:table-cell{GIVEN}(?:/>|>(?:<text:p>(?:({SHOWN})|<text:a{GIVEN}>({SHOWN})</text:a>)</text:p>)?"
    r"</table:table-cell>)\s*+|(.+)",
    re.DOTALL,
)
ATTRIBUTE = re.compile(r'([^\s=]++)="([^"]*+)"')


class Cells(Protocol):
    """What the reader of a spreadsheet says of plain cells, and takes."""

    after_row: bool

    def repeats_of(self, given: dict[str, str]) -> int:
        """How often a cell with these attributes is repeated; 0 where it is not plain."""

    def is_text(self, given: dict[str, str]) -> bool:
        """Whether what such a cell shows is its value."""

    def value_of(self, given: dict[str, str], shown: str) -> str:
        """The value of another."""

    def keep_row(self, texts: list[str], repeats: list[int]) -> None:
        """Take a row of texts, each with how often it is repeated."""


def for_the_parser(pieces: Iterator[bytes], reader: Cells) -> Iterator[bytes]:
    """The XML of a spreadsheet without the plain rows, which the reader gets in their place as they come.

    reader.after_row must be true just where the last that the parser told it of is the end of a row.
    """
    held, usual = b"", None
    kept: dict[str, tuple[int, dict[str, str] | None]] = {}
    for piece in pieces:
        held += piece
        if usual is None:
            usual = bool(UTF_8.match(held)) and all(one in held for one in MUST_BE_DECLARED)
        if not usual:
            yield held
            held = b""
            continue
        place = 0
        while (end := held.find(END, place)) >= 0:
            end += len(END)
            if not (reader.after_row and take(held[place:end], reader, kept)):
                reader.after_row = False
                yield held[place:end]
            place = end
        held = held[place:]
        if len(held) > LONGEST_ROW:
            reader.after_row = False
            yield held
            held = b""
    yield held


def take(content: bytes, reader: Cells, kept: dict[str, tuple[int, dict[str, str] | None]]) -> bool:
    """Hand a row to the reader if it is plain. kept: what is known of cells by their attributes as they stand."""
    row = content[: -len(END)].decode("utf-8")
    start = ROW.match(row)
    if start is None or "-repeated" in start[1]:
        return False
    texts, every = [], []
    for given, plain, _, linked, other in CELL.findall(row, start.end()):
        if other:
            return False
        known = kept.get(given)
        if known is None:
            known = told(given, reader)
            if len(kept) < MOST_KEPT:
                kept[given] = known
        repeats, values = known
        if not repeats:
            return False
        shown = plain or linked
        text = unescaped(shown) if "&" in shown else shown
        texts.append(text if values is None else reader.value_of(values, text))
        every.append(repeats)
    reader.keep_row(texts, every)
    return True


def told(given: str, reader: Cells) -> tuple[int, dict[str, str] | None]:
    """How often a cell of these attributes is repeated (0: it is not plain), and they if its value stands in them."""
    named = {full(name): unescaped(value) for name, value in ATTRIBUTE.findall(given)}
    return reader.repeats_of(named), None if reader.is_text(named) else named


def full(name: str) -> str:
    """A name with its namespace, as the parser gives it."""
    prefix, _, local = name.rpartition(":")
    return f"{NAMESPACES[prefix]}{BETWEEN}{local}" if prefix in NAMESPACES else name


def unescaped(text: str) -> str:
    """Text without the usual escapes."""
    if "&" in text:
        for escape, letter in ESCAPES.items():
            text = text.replace(escape, letter)
    return text
