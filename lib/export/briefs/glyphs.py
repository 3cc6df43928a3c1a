"""Which letters the font of the papers has: a PDF for everybody may hold no letter that cannot be drawn."""

from __future__ import annotations

import re
import struct
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

# What cannot be seen, and joins or varies the letters beside it.
JOINERS = re.compile("[\u200b-\u200d\ufe00-\ufe0f]")
BEYOND_ASCII = re.compile("[^\x00-\x7f]")
INSTEAD = "?"
MISSING_NOTE = f"Letters that the font of this paper lacks stand as {INSTEAD}: the page of HTML has them."


def letters(file: Path) -> frozenset[int]:
    """The letters that a TrueType font has glyphs for: its table cmap, of which forms 4 and 12 are read."""
    return letters_in(str(file))


@lru_cache(maxsize=8)
def letters_in(file: str) -> frozenset[int]:
    """The same, kept."""
    data = Path(file).read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    start = next(
        offset
        for tag, _, offset, _ in (struct.unpack_from(">4sLLL", data, 12 + 16 * place) for place in range(tables))
        if tag == b"cmap"
    )
    (count,) = struct.unpack_from(">H", data, start + 2)
    found: set[int] = set()
    for place in range(count):
        at = start + struct.unpack_from(">HHL", data, start + 4 + 8 * place)[2]
        (form,) = struct.unpack_from(">H", data, at)
        if form == 4:
            found |= form_4(data, at)
        elif form == 12:
            for first, last, glyph in struct.iter_unpack(
                ">LLL", data[at + 16 : at + struct.unpack_from(">L", data, at + 4)[0]]
            ):
                found |= set(range(first + (glyph == 0), last + 1))
    return frozenset(found)


def form_4(data: bytes, at: int) -> set[int]:
    """The letters of a table of form 4: runs of letters, each with a shift or a list of glyphs."""
    segments = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends, starts, shifts, lists = at + 14, at + 16 + 2 * segments, at + 16 + 4 * segments, at + 16 + 6 * segments
    found = set()
    for place in range(segments):
        first, last, shift, to = (
            struct.unpack_from(">H", data, base + 2 * place)[0] for base in (starts, ends, shifts, lists)
        )
        for letter in range(first, min(last, 0xFFFE) + 1):
            glyph = letter
            if to:
                (glyph,) = struct.unpack_from(">H", data, lists + 2 * place + to + 2 * (letter - first))
            if glyph and (glyph + shift) % 65536:
                found.add(letter)
    return found


def drawable(text: str, known: Collection[int]) -> str:
    """Text with a sign for each letter that cannot be drawn; what only joins letters is left out."""
    return BEYOND_ASCII.sub(lambda found: found[0] if ord(found[0]) in known else INSTEAD, JOINERS.sub("", text))
