"""The districts that a new pack begins with: outlines, names and areas, and the wards and postcodes beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lib.pack.faults import Fault, PackError
from lib.pack.imports.areas import outlines_of
from lib.pack.imports.change import Upload
from lib.pack.load import OUTLINES_NAME
from lib.pack.manifest import MANIFEST
from lib.pack.postcodes import POSTCODES_NAME
from lib.pack.strict_json import parsed

# The files of a folder as lib.pack.boundaries writes it, by what each holds.
OUTLINES_FILE, WARDS_FILE, POSTCODES_FILE = "districts.geojson", "wards.csv", "postcodes.parquet"
# What the folder's own description may say of them, by the name of their resource; whether it is right as words, links
# and licences is checked with the manifest that it goes into.
DESCRIBED = (OUTLINES_NAME, "wards", POSTCODES_NAME)
SAID = ("title", "status", "rule", "credit", "sources", "licenses")


@dataclass(frozen=True)
class Areas:
    """Districts as they were given.

    file: the name of the file of outlines. outlines: GeoJSON in degrees, a feature a district. names, km2: name and
    land area, as its outline has it, by code.
    resources: what the manifest says of each, by the name of its resource. notes: what was put up with in the outlines.
    wards, postcodes: the bytes of these files; none where they were not given.
    """

    file: str
    outlines: bytes
    names: Mapping[str, str]
    km2: Mapping[str, float]
    resources: Mapping[str, Mapping[str, Any]]
    notes: tuple[str, ...]
    wards: bytes = b""
    postcodes: bytes = b""


def areas_given(uploads: Sequence[Upload]) -> Areas:
    """The districts of boundary files, or of a folder that lib.pack.boundaries wrote; PackError: what is wrong."""
    files = {one.name: one for one in uploads}
    beside, said = {}, {}
    if OUTLINES_FILE in files and len(files) > 1:
        beside = {name: files[name].content for name in (WARDS_FILE, POSTCODES_FILE) if name in files}
        said = described(files[MANIFEST]) if MANIFEST in files else {}
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
        file,
        found.content,
        found.names,
        found.area_km2,
        {OUTLINES_NAME: found.resource} | said,
        found.notes,
        beside.get(WARDS_FILE, b""),
        beside.get(POSTCODES_FILE, b""),
    )


def described(description: Upload) -> dict[str, dict[str, Any]]:
    """What a folder's description says of its files, by the name of their resource; PackError: it is none."""
    expected = f"the description that python -m lib.pack.boundaries wrote; write it again, or leave {MANIFEST} out"
    try:
        document, flaws = parsed(description.content.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise PackError([Fault(description.name, None, "", "text that is not JSON", expected)]) from None
    if flaws:
        raise PackError([Fault(description.name, None, "", flaws[0].found, flaws[0].expected)])
    resources = document.get("resources") if isinstance(document, dict) else None
    if not isinstance(resources, list) or not all(isinstance(one, dict) for one in resources):
        raise PackError([Fault(description.name, None, "resources", "no list of resources", expected)])
    return {
        one["name"]: {key: one[key] for key in SAID if key in one} for one in resources if one.get("name") in DESCRIBED
    }
