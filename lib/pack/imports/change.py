"""What an import reads, and what it would change: nothing is written until a version is made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Upload:
    """A file as it came in: its name (no folder), and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Change:
    """What an import would change in a pack.

    title: the kind and the file, in words. files: the new bytes of a file of the pack by its path in it. resources: by
    the name of a resource of the manifest, the properties to set in it (status, rule, credit, sources, licenses, title,
    path; None takes a property away). settings: other properties of the manifest to set, at its top. counts: what was
    read, as (words, number), in the order to be said. notes: sentences on what was put up with, ignored or not matched.
    lists: longer lists by their title, such as the services that no provider of the pack matches. as_at: the date of
    the source, ISO, "" where the file does not say.
    """

    title: str
    files: Mapping[str, bytes]
    resources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    counts: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()
    lists: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    as_at: str = ""


# Share done, 0 to 1, and words: readers of long files call it now and then.
Progress = Callable[[float, str], None]


def no_progress(share: float, words: str) -> None:
    """Tell nobody."""
    del share, words
