"""Files that came in a zip, as publishers send a table with its notes, and people a folder."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import PurePosixPath

from lib.pack.faults import Fault, PackError, quoted
from lib.pack.imports.archive import Archive
from lib.pack.imports.change import Upload

TABLES = (".csv", ".tsv", ".xlsx", ".xlsb", ".xls", ".ods")
SHAPES = (".shp", ".gpkg", ".geojson", ".gdbtable")
NAMED = 4


def unwrapped(uploads: Sequence[Upload], *, folder: bool = False) -> list[Upload]:
    """The uploads, with the one table of a zip in the zip's place, called by both names: notes beside it are passed by.

    folder: whether JSON files in a zip are meant too, all of them. A workbook and a zip of shapes stay as they are.
    PackError where a zip has several tables, is damaged or grows too large.
    """
    return [one for upload in uploads for one in inside(upload, folder)]


def inside(upload: Upload, folder: bool) -> list[Upload]:
    """What one upload holds: itself, or what of its zip is read."""
    if not upload.content.startswith(b"PK\x03\x04") or not zipfile.is_zipfile(BytesIO(upload.content)):
        return [upload]
    archive = Archive(upload.content, upload.name)
    names = [name for name in archive.sizes if is_meant(name)]
    if {"mimetype", "content.xml", "[Content_Types].xml"} & {*names} or any(map(is_shape, names)):
        return [upload]
    tables = [name for name in names if ending(name) in TABLES] or [name for name in names if ending(name) == ".txt"]
    if folder and not tables:
        tables = [name for name in names if ending(name) == ".json"]
    elif len(tables) > 1:
        listed = ", ".join(quoted(PurePosixPath(name).name) for name in tables[:NAMED])
        found = f"a zip with {len(tables):,} tables in it: {listed}{', …' if len(tables) > NAMED else ''}"
        raise PackError(
            [Fault(upload.name, None, "", found, "one of them: take it out of the zip and choose it alone")]
        )
    return [Upload(f"{upload.name}, {PurePosixPath(name).name}", archive.read(name)) for name in tables] or [upload]


def is_meant(name: str) -> bool:
    """Whether a person put a member there: no folder, and nothing that a computer adds of itself."""
    return not name.endswith("/") and not any(part.startswith((".", "__MACOSX")) for part in name.split("/"))


def is_shape(name: str) -> bool:
    """Whether a member is a file of boundaries."""
    return ending(name) in SHAPES


def ending(name: str) -> str:
    """The end of a member's name, in small letters."""
    return PurePosixPath(name).suffix.lower()
