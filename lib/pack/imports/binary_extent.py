"""How far the cells of an Excel binary workbook (.xlsb) reach, told before its reader makes a place for each between.

A file of a kilobyte with one cell at each corner would make the reader ask for 500 GB, and take the program with it.
"""

from __future__ import annotations

from collections.abc import Iterator

ROW = 0
CELLS = range(1, 12)
Record = tuple[int, int, int]


def records_of(content: bytes) -> Iterator[Record]:
    """The records of a part: kind, where its content begins, and where it ends. Those beyond the end are left out."""
    place, size = 0, len(content)
    while place < size:
        kind = content[place]
        place += 1
        if kind & 0x80 and place < size:
            kind = kind & 0x7F | (content[place] & 0x7F) << 7
            place += 1
        length = shift = 0
        while place < size and shift < 28:
            one = content[place]
            place += 1
            length |= (one & 0x7F) << shift
            shift += 7
            if not one & 0x80:
                break
        yield kind, place, min(place + length, size)
        place += length


def places_between(content: bytes) -> int:
    """How many places there are between the first and the last cell of a part, with those: 0 where it has no cells."""
    row, first, last, left, right = 0, 1 << 32, -1, 1 << 32, -1
    for kind, start, end in records_of(content):
        if kind == ROW:
            row = int.from_bytes(content[start : min(start + 4, end)], "little")
        elif kind in CELLS:
            column = int.from_bytes(content[start : min(start + 4, end)], "little")
            first, last = min(first, row), max(last, row)
            left, right = min(left, column), max(right, column)
    return (last - first + 1) * (right - left + 1) if last >= 0 else 0
