"""A manifest with what a change sets in it; all else in it stays as it is, in its order, known or not."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from lib.pack.cells import read_cells
from lib.pack.description import description
from lib.pack.imports.change import Change
from lib.pack.manifest import HASHES, parsed_hash
from lib.pack.models import TABLES, path_of
from lib.pack.outline_features import OUTLINES
from lib.pack.resource_checks import outline_count


def changed_manifest(content: bytes, change: Change, files: Mapping[str, bytes], kind: str = "") -> bytes:
    """The bytes of the manifest of the new pack. content: of a manifest that was read without a fault.

    files: of the new pack. Where a resource says the hash, the size or the rows of a file that changes, they are worked
    out anew. A resource that the change names and the manifest does not have is added at the end. A resource whose file
    changes keeps what it came as, in import_kind, and the date of its source, in as_at, where these are known.
    """
    document = json.loads(content.decode("utf-8-sig"))
    settle(document, change.settings)
    resources: list[dict[str, Any]] = document["resources"]
    for name, properties in change.resources.items():
        found = [one for one in resources if one["name"] == name]
        if not found:
            found = [described(name)]
            resources += found
        settle(found[0], properties)
    for resource in resources:
        path = path_of(resource["name"]) if resource["name"] in TABLES else resource["path"]
        if path in change.files:
            settle(resource, {"import_kind": kind or None, "as_at": day(change.as_at)})
            keep_promises(resource, path, files[path])
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    same = json.loads(content.decode("utf-8-sig")) == document
    return content if same else text.encode()


def day(text: str) -> str | None:
    """A date as a manifest takes it; None for what is none, such as a month alone."""
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def settle(part: dict[str, Any], properties: Mapping[str, Any]) -> None:
    """Set properties; None takes one away."""
    for name, value in properties.items():
        if value is None:
            part.pop(name, None)
        else:
            part[name] = value


def described(name: str) -> dict[str, Any]:
    """What is known of a resource before anything is said of it."""
    if name not in TABLES:
        return {"name": name}
    title = (TABLES[name].__doc__ or name).splitlines()[0].rstrip(".")
    form = {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
    return {"name": name, "path": path_of(name), "title": title, **form}


def keep_promises(resource: dict[str, Any], path: str, content: bytes) -> None:
    """Work out anew what a resource says of its file's bytes, as far as it says any of it."""
    if resource.get("hash"):
        algorithm, digits = parsed_hash(resource["hash"])
        found = hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()
        bare = algorithm == HASHES[len(digits)] and ":" not in resource["hash"]
        resource["hash"] = found if bare else f"{algorithm}:{found}"
    if resource.get("bytes") is not None:
        resource["bytes"] = len(content)
    if resource.get("rows") is not None:
        rows = counted(resource["name"], path, content)
        settle(resource, {"rows": rows})


def counted(name: str, path: str, content: bytes) -> int | None:
    """How many rows a file has below its header, or outlines; None where that cannot be told."""
    if path == OUTLINES:
        return outline_count(content)
    if name not in TABLES:
        return None
    cells, _ = read_cells(content, path, tuple(description(TABLES[name]).columns))
    return None if cells is None else len(cells.rows)
