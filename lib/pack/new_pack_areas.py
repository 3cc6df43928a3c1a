"""The districts that a new pack begins with: outlines, names and areas, and the wards and postcodes beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lib.pack.faults import Fault, PackError
from lib.pack.imports.areas import outlines_of
from lib.pack.imports.change import Upload

# The files of a folder as lib.pack.boundaries writes it, by what each holds.
OUTLINES_FILE, WARDS_FILE, POSTCODES_FILE = "districts.geojson", "wards.csv", "postcodes.parquet"


@dataclass(frozen=True)
class Areas:
    """Districts as they were given.

    outlines: GeoJSON in degrees, a feature a district. names, km2: name and land area, as its outline has it, by code.
    resource: what the manifest says of the outlines. notes: what was put up with in them. wards, postcodes: the bytes
    of these files; none where they were not given.
    """

    outlines: bytes
    names: Mapping[str, str]
    km2: Mapping[str, float]
    resource: Mapping[str, Any]
    notes: tuple[str, ...]
    wards: bytes = b""
    postcodes: bytes = b""


def areas_given(uploads: Sequence[Upload]) -> Areas:
    """The districts of boundary files, or of a folder that lib.pack.boundaries wrote; PackError: what is wrong."""
    files = {one.name: one for one in uploads}
    beside = {}
    if OUTLINES_FILE in files and len(files) > 1:
        beside = {name: files[name].content for name in (WARDS_FILE, POSTCODES_FILE) if name in files}
        uploads = [files[OUTLINES_FILE]]
    if not uploads:
        expected = f"a file of outlines, such as {OUTLINES_FILE}"
        raise PackError([Fault("--boundaries", None, "", "a folder without a file", expected)])
    found = outlines_of(uploads)
    file = " and ".join(one.name for one in uploads)
    nameless = [code for code, name in found.names.items() if not name.strip()]
    if nameless:
        expected = "the district's name, in a column beside its code"
        raise PackError([Fault(file, None, "", f"no name for {code}", expected) for code in nameless])
    return Areas(
        found.content,
        found.names,
        found.area_km2,
        found.resource,
        found.notes,
        beside.get(WARDS_FILE, b""),
        beside.get(POSTCODES_FILE, b""),
    )
