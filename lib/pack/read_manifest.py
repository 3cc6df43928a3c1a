"""Read a manifest from its bytes, and say everything that is wrong with it by its place in the document."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from lib.pack import strict_json
from lib.pack.faults import Fault, PackError, quoted, visible
from lib.pack.manifest import MANIFEST, Manifest
from lib.pack.manifest_words import expected_of, in_words

Document = TypeVar("Document", bound=BaseModel)


def read_manifest(content: bytes) -> Manifest:
    """Read and check the bytes of a manifest; PackError says everything that is wrong with it."""
    return read_as(content, Manifest)


def read_as(content: bytes, model: type[Document]) -> Document:
    """Read and check the bytes of a datapackage.json of any kind; PackError says everything that is wrong with it."""
    try:
        document, flaws = strict_json.parsed(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise PackError(
            [Fault(MANIFEST, row, "", "bytes that are not text in UTF-8", "a file saved in UTF-8")]
        ) from error
    except json.JSONDecodeError as error:
        found = f"text that is not JSON ({error.msg}, column {error.colno})"
        raise PackError([Fault(MANIFEST, error.lineno, "", found, "a JSON document")]) from error
    except RecursionError as error:
        raise PackError([Fault(MANIFEST, None, "", "lists within lists without end", "a JSON document")]) from error
    if flaws:
        raise PackError(
            [Fault(MANIFEST, None, place_in(document, one.steps), one.found, one.expected) for one in flaws]
        )
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        found = f"half a character after {quoted(error.object[max(0, error.start - 20) : error.start])}"
        raise PackError([Fault(MANIFEST, None, "", found, "whole characters, as UTF-8 has them")]) from error
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise PackError([manifest_fault(dict(problem), document) for problem in error.errors()]) from error


def manifest_fault(problem: dict[str, Any], document: Any) -> Fault:
    """One of pydantic's errors as a fault: the place in the document stands where a table has its column."""
    steps = [step for step in problem["loc"] if step != "[key]"]
    place = place_in(document, steps)
    if problem["type"] == "missing":
        return Fault(MANIFEST, None, place, "nothing", "a value: it is required")
    words = expected_of(problem)
    if not place and problem["type"] == "value_error":
        return Fault(MANIFEST, None, "", words, "parts that agree with each other")
    return Fault(MANIFEST, None, place, in_words(problem["input"]), words if place else "a JSON object")


def place_in(document: Any, steps: Sequence[str | int]) -> str:
    """A place in a document: an item of a list goes by its name, or heading, where it has one, else by its number."""
    parts = []
    for step in steps:
        try:
            document = document[step]
        except (LookupError, TypeError):  # beyond what the document has, such as the branch of a choice
            document = None
        named = document if isinstance(step, int) and isinstance(document, dict) else {}
        names = [
            named[key]
            for key in ("name", "heading", "label")
            if isinstance(named.get(key), str) and visible(named[key])
        ]
        parts.append(quoted(names[0]) if names else str(step))
    return ".".join(parts)
