"""A workbook that is a zip of parts, unpacked with a limit on everything: what its directory says is not believed."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import NoReturn

from lib.pack.faults import Fault, PackError
from lib.pack.imports.limits import (
    LARGEST_INFLATED,
    LARGEST_PART,
    MEGABYTE,
    MOST_ENTRIES,
    MOST_TIMES_LARGER,
    SMALL_ENOUGH,
    SMALLER,
)

PIECE = MEGABYTE
DAMAGED = "a file that was cut short or damaged on its way", "the whole file: download or save it again"
# What a damaged zip makes of the library that reads it.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError, OSError, KeyError)


class Archive:
    """The parts of a workbook. Every method raises PackError where the file is damaged or would grow too large."""

    def __init__(self, content: bytes, file: str) -> None:
        """Read and judge the directory: nothing is unpacked yet."""
        self.file = file
        self.left = LARGEST_INFLATED
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(content))
        except BROKEN:
            self.refuse(*DAMAGED)
        entries = self.zip.infolist()
        if len(entries) > MOST_ENTRIES:
            self.refuse(f"{len(entries):,} files in one", f"a workbook of at most {MOST_ENTRIES:,}")
        if any(entry.flag_bits & 1 for entry in entries):
            self.refuse("a file with a password", "one without: take it away and save the file again")
        total = sum(entry.file_size for entry in entries)
        if total > LARGEST_INFLATED or self.is_too_dense(total, len(content)):
            self.too_large(total)
        self.packed = {entry.filename: entry.compress_size for entry in entries}
        self.sizes = {entry.filename: entry.file_size for entry in entries}

    def refuse(self, found: str, expected: str) -> NoReturn:
        """Raise what is wrong with the file as such."""
        raise PackError([Fault(self.file, None, "", found, expected)])

    def too_large(self, size: int) -> NoReturn:
        """Refuse a file that unpacks to more than is read."""
        most = f"at most {LARGEST_INFLATED // MEGABYTE:,} MB, and no more than {MOST_TIMES_LARGER} times the file"
        self.refuse(f"a file that unpacks to {size // MEGABYTE:,} MB or more", f"{most}: {SMALLER}")

    @staticmethod
    def is_too_dense(size: int, packed: int) -> bool:
        """Whether so few bytes hold so many that it is no table."""
        return size > SMALL_ENOUGH and size > MOST_TIMES_LARGER * max(packed, 1)

    def pieces(self, name: str) -> Iterator[bytes]:
        """A part, piece by piece, counted as it comes."""
        size = 0
        try:
            with self.zip.open(name) as part:
                while piece := part.read(PIECE):
                    size += len(piece)
                    self.left -= len(piece)
                    if self.left < 0 or self.is_too_dense(size, self.packed[name]):
                        self.too_large(size)
                    yield piece
        except BROKEN:
            self.refuse(*DAMAGED)

    def read(self, name: str) -> bytes:
        """A part whole."""
        if self.sizes.get(name, 0) > LARGEST_PART:
            self.refuse(
                f"a part of {self.sizes[name] // MEGABYTE:,} MB ({name.rpartition('/')[2]})",
                f"at most {LARGEST_PART // MEGABYTE:,} MB: {SMALLER}",
            )
        return b"".join(self.pieces(name))
