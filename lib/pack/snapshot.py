"""The bytes of a data pack's files, all of one moment: everything that is shown comes from them, and nothing else.

The files are read once, and looked at before and after: where they changed in between they are read again. The key of
a snapshot is worked out from the very bytes, so that figures kept under it belong to them whatever happens to them.
"""

from __future__ import annotations

import errno
import hashlib
import itertools
import json
import math
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lib.pack.faults import Fault, PackError, quoted
from lib.pack.manifest import MANIFEST, MOST_SOURCE_TEXTS, SOURCE_TEXT_PATH, SOURCE_TEXTS
from lib.pack.models import TABLES, may_be_left_out, path_of
from lib.pack.numbered import folder_of, shown_number
from lib.pack.outline_features import OUTLINES

MEGABYTE = 1_000_000
LARGEST_MANIFEST = 5 * MEGABYTE
LARGEST_FILE = 60 * MEGABYTE  # requests of ten years are some 20 MB, the supply of 30,000 providers 52 MB
LARGEST_TEXT = 1 * MEGABYTE  # of a page that the council's words are quoted from
LARGEST_PACK = 150 * MEGABYTE
TRIES = 3
# So many files of the folder of source texts are looked at: a pack names fewer, and a folder may hold any number.
MOST_LOOKED_AT = 1000

# Every file of a pack, but the source texts, whose names the manifest gives: its path, and what it must be.
EXPECTED: dict[str, str] = {
    MANIFEST: "the manifest of a data pack",
    **dict.fromkeys(map(path_of, TABLES), "a CSV table"),
    OUTLINES: "the outlines of the districts, in GeoJSON",
}
MAY_BE_ABSENT = frozenset(path_of(name) for name in TABLES if may_be_left_out(name))
A_SOURCE_TEXT = "a source text that the manifest names"
# With ".", the pack's own.
FOLDERS = sorted({*(str(PurePosixPath(name).parent) for name in EXPECTED), SOURCE_TEXTS})

# What a path can be beside a file. None of them is ever opened: a pipe waits for a writer, and a device never ends.
_NO_FILES = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
_ABSENT, _LOCKED, _LARGE = "no such file", "a file that may not be read", "a file of"

# Not on Windows: there, only the last of them has a meaning of its own.
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)

# For each file what tells one state of it from another, of the file and of a link that leads to it; None without one.
State = tuple[tuple[int, ...] | None, ...]


class PackChanging(PackError):
    """A data pack whose files did not stay as they were for as long as reading them takes."""

    def __init__(self, root: Path) -> None:
        """Say which pack."""
        expected = "files that stay as they are: read the pack again once it has been copied as a whole"
        super().__init__([Fault(str(root), None, "", "files that were changing while they were read", expected)])


@dataclass(frozen=True)
class Look:
    """How the files of a pack stand, without reading them.

    state: equal for two looks only if nothing was written in between. changed: when anything last did, in seconds since
    1970, by the clock of the disk; infinite where it cannot be told, as of a folder that is gone. number: the version
    that is shown.
    """

    state: State
    changed: float
    number: int = 0


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The files of a pack at one moment.

    root: the folder. files: the bytes of each by its path in it. faults: of those that could not be read, by path too.
    state: as `look` had it, before and after. key: names these very bytes (64 hexadecimal digits). number: the version
    that they are of; 0 is the folder's own files.
    """

    root: Path
    files: Mapping[str, bytes]
    faults: Mapping[str, Fault]
    state: State
    key: str
    number: int = 0


def look(root: Path) -> Look:
    """How the files that are shown of the pack in `root` stand now: its own, or those of its newest version."""
    number = shown_number(root)
    seen = look_at(folder_of(root, number))
    return Look((*seen.state, (number,)), seen.changed, number)


def look_at(root: Path) -> Look:
    """How a pack's files stand in this very folder."""
    state: list[tuple[int, ...] | None] = []
    changed = [0.0]
    # The folders' own times tell of files that went, or came from elsewhere with old times.
    for folder in FOLDERS:
        with suppress(OSError):
            changed.append(os.lstat(f"{root}/{folder}").st_ctime)
    texts = texts_at_hand(root)
    for name in (*EXPECTED, *texts):
        found: tuple[int, ...] | None = None
        with suppress(OSError):
            itself, file = os.lstat(f"{root}/{name}"), os.stat(f"{root}/{name}")  # of a link, and where it leads to
            found = (*told_apart(itself), *told_apart(file))
            # Anybody may set the time of writing, as copying does; that of the last change is the system's.
            changed += [itself.st_ctime, file.st_ctime]
        state.append(found)
    state += [tuple(name.encode()) for name in texts]
    return Look(tuple(state), math.inf if folder_fault(root) else max(changed))


def texts_at_hand(root: Path) -> list[str]:
    """The files of the folder of source texts, whether the manifest names them or not, in the order of their names."""
    found: list[str] = []
    with suppress(OSError), os.scandir(f"{root}/{SOURCE_TEXTS}") as entries:
        found += [f"{SOURCE_TEXTS}/{entry.name}" for entry in itertools.islice(entries, MOST_LOOKED_AT)]
    return sorted(name for name in found if SOURCE_TEXT_PATH.fullmatch(name))


def texts_named(manifest: bytes) -> list[str]:
    """The source texts that a manifest names, in order; none where it cannot be read, which reading it will say."""
    try:
        services = json.loads(manifest.decode("utf-8-sig"))["services"].values()
        paths = [text["path"] for one in services for text in one.get("source_texts", ())[:MOST_SOURCE_TEXTS]]
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
        return []
    return sorted({path for path in paths if isinstance(path, str) and SOURCE_TEXT_PATH.fullmatch(path)})


def told_apart(found: os.stat_result) -> tuple[int, ...]:
    """What tells one state of a file from another."""
    return found.st_dev, found.st_ino, found.st_mode, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def read_snapshot(root: Path | str, number: int | None = None) -> Snapshot:
    """Read every file of the pack in a folder, once. PackError: no such folder; PackChanging: files on the move.

    number: of the version to be read, else of the one that is shown.
    """
    root = Path(root)
    for _ in range(TRIES):
        before = look(root) if number is None else look_at(folder_of(root, number))
        read = before.number if number is None else number
        files, faults = read_files(folder_of(root, read))
        after = look(root) if number is None else look_at(folder_of(root, number))
        if after.state == before.state:
            return Snapshot(root, files, faults, before.state, key_of(files), read)
    raise PackChanging(root)


def read_files(root: Path) -> tuple[dict[str, bytes], dict[str, Fault]]:
    """The bytes of each file of a pack, or what is wrong with it, by its path. PackError where there is no folder."""
    found = folder_fault(root)
    if found:
        raise PackError([Fault(str(root), None, "", found, "the folder of a data pack")])
    files: dict[str, bytes] = {}
    faults: dict[str, Fault] = {}
    left = LARGEST_PACK
    wanted = [
        (name, expected, LARGEST_MANIFEST if name == MANIFEST else LARGEST_FILE) for name, expected in EXPECTED.items()
    ]
    for name, expected, largest in wanted:
        content, found = read_file(root / name, min(largest, left))
        if not found:
            files[name] = content
            left -= len(content)
            if name == MANIFEST:
                wanted += [(text, A_SOURCE_TEXT, LARGEST_TEXT) for text in texts_named(content)]
            continue
        if found == _ABSENT and name in MAY_BE_ABSENT:
            continue
        if found.startswith(_LARGE):
            expected += f" of at most {megabytes(largest)}, and all files of the pack at most {megabytes(LARGEST_PACK)}"
        elif found == _LOCKED:
            expected += " that whoever runs the app may read"
        elif found == _ABSENT and name == MANIFEST:
            found += f" in {root}"
        faults[name] = Fault(name, None, "", found, expected)
    return files, faults


def folder_fault(root: Path) -> str:
    """What was found in place of the folder of a pack, in words; "" where it is one."""
    try:
        return "" if stat.S_ISDIR(os.stat(root).st_mode) else "no such folder"
    except PermissionError:
        return "a folder that may not be read"
    except OSError:
        return "no such folder"


def read_file(path: Path, largest: int) -> tuple[bytes, str]:
    """The bytes of a file and "", or what was found in its place, in words.

    It never waits: what is no file is not opened, and where a pipe takes the place of a file just then, neither is that
    waited for. largest: in bytes; no more are read, whatever the file says of its size.
    """
    try:
        found = no_file(os.stat(path), largest)
        if found:
            return b"", found
        descriptor = os.open(path, _OPEN)
        with os.fdopen(descriptor, "rb") as file:
            found = no_file(os.fstat(descriptor), largest)
            if found:
                return b"", found
            content = file.read(largest + 1)
    except PermissionError:
        return b"", _LOCKED
    except (FileNotFoundError, NotADirectoryError):
        link = f"a link to {quoted(os.readlink(path))}, where there is nothing" if path.is_symlink() else ""
        return b"", link or _ABSENT
    except OSError as error:
        looped = error.errno == errno.ELOOP
        return b"", "a link that leads to itself" if looped else f"a file that cannot be read ({error.strerror})"
    return (content, "") if len(content) <= largest else (b"", f"{_LARGE} more than {megabytes(largest)}")


def no_file(found: os.stat_result, largest: int) -> str:
    """Why something in a folder is not read as a file of at most so many bytes, in words; "" where it is."""
    if not stat.S_ISREG(found.st_mode):
        return _NO_FILES.get(stat.S_IFMT(found.st_mode), "something that is no file")
    return f"{_LARGE} {megabytes(found.st_size)}" if found.st_size > largest else ""


def megabytes(size: int) -> str:
    """A size as people read it."""
    return f"{size / MEGABYTE:,.0f} MB"


def key_of(files: Mapping[str, bytes]) -> str:
    """What names these very bytes, under these names."""
    key = hashlib.sha256()
    for name in (*EXPECTED, *sorted(files.keys() - EXPECTED.keys())):
        content = files.get(name)
        key.update(f"{name}\0{'none' if content is None else len(content)}\0".encode())
        key.update(content or b"")
    return key.hexdigest()
