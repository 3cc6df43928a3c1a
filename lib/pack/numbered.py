"""The numbered versions beside a pack's own files: where they stand, and which is shown.

A pack's folder may hold versions/0001, versions/0002, … each a whole pack; its own files are version 0. What is shown
is the version of the highest number. A version comes whole, under its number, in one step (lib.pack.versions), so that
no file need say which is shown, and none can say it wrongly.

The editions of a publication stand in the same way in a folder of another name, which `place` says.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

from lib.pack.manifest import MANIFEST

VERSIONS = "versions"
NOTE = "version.json"
_NUMBER = re.compile(r"[0-9]{4,9}")


def folder_name(number: int) -> str:
    """The name of a version's folder: 0007, and 10000 after 9999."""
    return f"{number:04d}"


def folder_of(root: Path | str, number: int, place: str = VERSIONS) -> Path:
    """Where the files of a version stand: of version 0, the pack's folder itself."""
    return Path(root) / place / folder_name(number) if number else Path(root)


def names_taken(root: Path | str, place: str = VERSIONS) -> list[int]:
    """Every number from 1 that something has as its name, whatever it is, from the lowest."""
    names: set[str] = set()
    with suppress(OSError), os.scandir(Path(root) / place) as entries:
        names |= {entry.name for entry in entries}
    numbers = [int(name) for name in names if _NUMBER.fullmatch(name)]
    return sorted({number for number in numbers if number and folder_name(number) in names})


def numbers(root: Path | str, place: str = VERSIONS) -> list[int]:
    """The versions from 1 that are there, from the lowest. A folder without a manifest is none."""
    return [number for number in names_taken(root, place) if is_version(root, number, place)]


def is_version(root: Path | str, number: int, place: str = VERSIONS) -> bool:
    """Whether a number's folder is there, with a manifest in it that may be a broken one."""
    return os.path.lexists(folder_of(root, number, place) / MANIFEST)


def shown_number(root: Path | str, place: str = VERSIONS) -> int:
    """The version that is shown: the one of the highest number, 0 where there is none."""
    for number in reversed(names_taken(root, place)):
        if is_version(root, number, place):
            return number
    return 0


def shown_folder(root: Path | str) -> Path:
    """The folder whose files are shown."""
    return folder_of(root, shown_number(root))
