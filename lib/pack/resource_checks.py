"""What the manifest promises of its files, held against the bytes that were read: paths, hashes, sizes and rows."""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Mapping

from lib.pack.faults import Fault, quoted
from lib.pack.manifest import MANIFEST, Manifest, Resource, parsed_hash
from lib.pack.outline_features import OUTLINES
from lib.pack.postcodes import POSTCODES, postcode_count
from lib.pack.snapshot import Snapshot

HEX_SHOWN = 16


def resource_faults(
    manifest: Manifest, snapshot: Snapshot, places: Mapping[str, str], rows: Mapping[str, int]
) -> list[Fault]:
    """A fault for each promise that a file does not keep.

    places: the file of each resource by its name; a resource that is not among them is not looked at. rows: of the
    tables that could be read, how many rows each has.
    """
    faults: list[Fault] = []
    for resource in manifest.resources:
        place = places.get(resource.name)
        if place is None:
            continue
        if posixpath.normpath(resource.path) != place:
            where, expected = f"resources.{quoted(resource.name)}.path", f"{quoted(place)}, the file that is read"
            faults.append(Fault(MANIFEST, None, where, quoted(resource.path), expected))
        if place in snapshot.files:
            content = snapshot.files[place]
            counted = rows.get(resource.name)
            if place == OUTLINES and resource.rows is not None:
                counted = outline_count(content)
            if place == POSTCODES and resource.rows is not None:
                counted = postcode_count(content)
            faults += unkept(resource, place, content, counted)
    return faults


def outline_count(content: bytes) -> int | None:
    """How many outlines a file has, None where it is no such file."""
    try:
        return len(json.loads(content.decode("utf-8-sig"))["features"])
    except (RecursionError, ValueError, LookupError, TypeError):
        return None


def unkept(resource: Resource, place: str, content: bytes, rows: int | None) -> list[Fault]:
    """A fault for each promise of a resource that its file's bytes do not keep."""

    def fault(found: str, expected: str, what: str) -> Fault:
        cure = f"copy the pack again as a whole, or correct {what} there"
        return Fault(place, None, "", found, f"{expected} as {MANIFEST} says: {cure}")

    faults = []
    if resource.hash:
        algorithm, promised = parsed_hash(resource.hash)
        found = hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()
        if found != promised:
            words = f"a file whose {algorithm} hash is {found[:HEX_SHOWN]}…"
            faults.append(fault(words, f"{promised[:HEX_SHOWN]}…", "the hash"))
    if resource.bytes is not None and resource.bytes != len(content):
        faults.append(fault(f"a file of {len(content):,} bytes", f"{resource.bytes:,} bytes", "the bytes"))
    if resource.rows is not None and rows is not None and resource.rows != rows:
        faults.append(fault(f"{rows:,} rows", f"{resource.rows:,} rows", "the rows"))
    return faults
