"""Versions of a pack: a new one is made whole beside the others and takes its number in one step, or not at all.

Nothing is locked and no file points at another, so that two computers may do this in a network folder at once, and a
computer that stops in the middle leaves what was there. The step is the renaming of a folder: it fails where another
has that number.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import json
import os
import secrets
import shutil
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NoReturn

from lib.pack.faults import Fault, PackError, quoted
from lib.pack.load import pack_of
from lib.pack.manifest import MANIFEST
from lib.pack.numbered import NOTE, VERSIONS, folder_of, names_taken, numbers, shown_folder, shown_number
from lib.pack.snapshot import Snapshot, read_file, read_files, read_snapshot

if TYPE_CHECKING:
    from lib.pack.imports.proposal import Proposal

__all__ = [
    "StaleVersion", "Version", "apply", "base_changed", "go_back", "is_as_made", "new_folder", "shown_folder",
    "shown_number", "version_of", "versions",
]  # fmt: skip

KEPT = 10
LARGEST_NOTE = 1_000_000
LONGEST_WORDS = 500
# A folder that is being written has its name for seconds: one that is a day old was left by a computer that stopped.
LEFT_BEHIND_SECONDS = 86_400
_NEW, _OLD = ".new-", ".old-"
IMPORTS, WHOLE_PACK = "whoever imports", "a whole copy of the pack"
FIRST = "The pack's own files"


@dataclass(frozen=True)
class Version:
    """A version of a pack, as its note says: see `versions`.

    number: 0 is the pack's own files. name: what was imported, in words. made_at: ISO, with the time zone, "" where
    nobody noted it. who, why: in that person's words. from_number: the version that was shown when this was made.
    kinds: the codes of what was imported. lines: what changed, in sentences. same_as: the version whose files it has
    again, where it was made by going back, else None. key: of its files. base_key: of the pack's own files then.
    readable: whether its note could be read.
    """

    number: int
    name: str
    made_at: str = ""
    who: str = ""
    why: str = ""
    from_number: int = 0
    kinds: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    same_as: int | None = None
    key: str = ""
    base_key: str = ""
    readable: bool = True


class StaleVersion(PackError):
    """Another version than the one that a change was worked out from is shown by now.

    shown: that version, with who made it, when and why; None where somebody changed the files themselves by hand.
    """

    def __init__(self, root: Path | str, shown: Version | None, expected: int) -> None:
        """Say who came first."""
        self.shown = shown
        found = "files that were changed by hand meanwhile" if shown is None else in_words(shown)
        cure = "look at the change again on the data as they are now, then apply it"
        super().__init__(
            [Fault(str(root), None, "", found, f"version {expected}, as when the change was made: {cure}")]
        )


def in_words(version: Version) -> str:
    """A version with who made it, when and why."""
    parts = [f"version {version.number}", f"{quoted(version.name)}" if version.name else ""]
    parts += [f"made {when(version)}" if when(version) else "", f"by {version.who}" if version.who else ""]
    return ", ".join(part for part in parts if part) + (f" ({version.why})" if version.why else "")


def when(version: Version) -> str:
    """When a version was made, in words and by this computer's clock: on 3 March 2026 at 14:02; "" where not noted."""
    try:
        made = dt.datetime.fromisoformat(version.made_at).astimezone()
    except (ValueError, OverflowError, OSError):
        return ""
    return f"on {made.day} {made:%B %Y} at {made:%H:%M}"


def versions(root: Path | str) -> list[Version]:
    """Every version of a pack, the newest first, and last the pack's own files as version 0."""
    return [version_of(root, number) for number in (*reversed(numbers(root)), 0)]


def version_of(root: Path | str, number: int) -> Version:
    """A version as its note says; one whose note cannot be read is there all the same."""
    if not number:
        return Version(0, FIRST)
    content, found = read_file(folder_of(root, number) / NOTE, LARGEST_NOTE)
    try:
        note = json.loads(content.decode("utf-8-sig")) if not found else None
        return version_in(number, note)
    except (RecursionError, ValueError, TypeError, AttributeError):
        return Version(number, "", readable=False)


def version_in(number: int, note: Any) -> Version:
    """The version of a note; TypeError or ValueError where it is none. Its number is its folder's, whatever it says."""

    def text(part: str) -> str:
        return one_line(note.get(part, ""))

    def texts(part: str) -> tuple[str, ...]:
        return tuple(one_line(one) for one in note.get(part, ()))

    again = note.get("same_as")
    return Version(
        number, text("name"), text("made_at"), text("who"), text("why"), int(note.get("from_number", number - 1)),
        texts("kinds"), texts("lines"), None if again is None else int(again), text("key"), text("base_key"),
    )  # fmt: skip


def one_line(value: Any) -> str:
    """A text of a person or a note on one line and not without end; TypeError for anything but text."""
    if not isinstance(value, str):
        raise TypeError
    return " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())[:LONGEST_WORDS]


def apply(root: Path | str, proposal: Proposal, who: str, why: str) -> Version:
    """Make a version of a proposal, which is shown from then on.

    StaleVersion: another version is shown than the proposal was made from, or its files are others; nothing is lost, as
    the change can be proposed again. PackError: the folder cannot be written to.
    """
    root = Path(root)
    if shown_number(root) != proposal.from_number:
        raise StaleVersion(root, version_of(root, shown_number(root)), proposal.from_number)
    if read_snapshot(root).key != proposal.from_key:
        raise StaleVersion(root, None, proposal.from_number)
    made = Version(
        0, one_line(proposal.change.title), who=one_line(who), why=one_line(why), from_number=proposal.from_number,
        kinds=tuple(proposal.kinds), lines=tuple(map(one_line, proposal.lines)),
    )  # fmt: skip
    return make(root, proposal.files, made)


def go_back(root: Path | str, number: int, expected_number: int, who: str, why: str) -> Version:
    """Make a new version of an older one's files; version 0 is the pack's own files as they are now.

    expected_number: the version that was shown when the person decided. StaleVersion: another is by now. PackError:
    there is no such version, its files are not whole, or the folder cannot be written to.
    """
    root = Path(root)
    if shown_number(root) != expected_number:
        raise StaleVersion(root, version_of(root, shown_number(root)), expected_number)
    there = [*numbers(root), 0]
    if number not in there:
        known = ", ".join(map(str, sorted(there)))
        raise PackError([Fault(str(root), None, "", f"no version {number}", f"one of the versions {known}")])
    if number == expected_number:
        expected = "another version to go back to"
        raise PackError([Fault(str(root), None, "", f"version {number}, which is the one that is shown", expected)])
    older = read_snapshot(root, number)
    pack_of(older)  # what could not be shown is no version to go back to
    name = version_of(root, number).name
    made = Version(
        0, f"Back to version {number}" + (f": {name}" if name else ""), who=one_line(who), why=one_line(why),
        from_number=expected_number, same_as=number,
    )  # fmt: skip
    return make(root, older.files, made)


def base_changed(root: Path | str) -> bool:
    """Whether a pack's own files were changed after its first version: what is shown is a version, and they are not.

    Going back to version 0 shows them, and settles it. False without versions, and where no version noted the files.
    """
    shown = shown_number(root)
    noted = version_of(root, shown).base_key
    if not shown or not noted:
        return False
    try:
        return base_key_of(Path(root)) != noted
    except PackError:
        return True


def base_key_of(root: Path) -> str:
    """What names the bytes of a pack's own files as they are now."""
    return noted_key(read_files(root)[0])


def noted_key(files: Mapping[str, bytes]) -> str:
    """What names files in a note: unlike a snapshot's key it stays the same where a later program reads more files."""
    key = hashlib.sha256()
    for name in sorted(files):
        key.update(f"{name}\0{len(files[name])}\0".encode())
        key.update(files[name])
    return key.hexdigest()


def is_as_made(snapshot: Snapshot) -> bool:
    """Whether what was read is a version to the byte as it was made: then it is whole, however new it is."""
    noted = version_of(snapshot.root, snapshot.number).key
    return bool(noted) and noted == noted_key(snapshot.files)


def make(root: Path, files: Mapping[str, bytes], made: Version) -> Version:
    """Write a version whole and give it the next number; StaleVersion where another takes that meanwhile."""
    before = version_of(root, made.from_number).base_key if made.from_number and made.same_as != 0 else ""
    number = max(names_taken(root), default=0) + 1
    stamp = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    note = {**asdict(made), "number": number, "made_at": stamp, "key": noted_key(files)}
    note["base_key"] = before or base_key_of(root)
    del note["readable"]
    place = root / VERSIONS
    with said(place):
        place.mkdir(exist_ok=True)
    new = place / f"{_NEW}{secrets.token_hex(8)}"
    target = folder_of(root, number)
    try:
        with said(place):
            write_whole(new, {**files, NOTE: json.dumps(note, ensure_ascii=False, indent=2).encode() + b"\n"})
        # Nobody may have come first: neither under this number, nor under a higher one.
        if shown_number(root) != made.from_number:
            raise StaleVersion(root, version_of(root, shown_number(root)), made.from_number)
        try:
            os.rename(new, target)
        except OSError as error:
            found = version_of(root, number)
            # A network may lose the answer to a renaming that was done, and report the second try as failed.
            if found != version_in(number, note):
                if os.path.lexists(target):
                    raise StaleVersion(root, found, made.from_number) from error
                refuse(place, error)
        written_to_disk(place)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    tidy(root)
    return version_of(root, number)


def new_folder(target: Path | str, files: Mapping[str, bytes], who: str = IMPORTS, what: str = WHOLE_PACK) -> None:
    """Write a plain pack whole beside a folder that is not there yet, or is empty, and give it that name in one step.

    who, what: as `refuse` has them. PackError: the folder has something in it, or cannot be made.
    """
    target = Path(target).resolve()
    refuse_unless_empty(target)
    new = target.parent / f".{target.name}{_NEW}{secrets.token_hex(8)}"
    try:
        with said(target.parent, who, what):
            target.parent.mkdir(parents=True, exist_ok=True)
            write_whole(new, files)
        try:
            os.rename(new, target)
        except OSError as error:
            refuse_unless_empty(target)
            # Some systems put no folder in the place of another, be it empty.
            with suppress(OSError):
                os.rmdir(target)
            try:
                os.rename(new, target)
            except OSError:
                refuse(target, error, who, what)
        written_to_disk(target.parent)
        remove_left_behind(target.parent, f".{target.name}{_NEW}")
    finally:
        shutil.rmtree(new, ignore_errors=True)


def refuse_unless_empty(target: Path) -> None:
    """PackError where a path is neither an empty folder nor nothing at all."""
    expected = "an empty folder, a folder that is not there yet, or a data pack"
    try:
        with os.scandir(target) as entries:
            if next(entries, None) is not None:
                found = f"a folder with other files in it and no {MANIFEST}"
                raise PackError([Fault(str(target), None, "", found, expected)])
    except FileNotFoundError:
        return
    except NotADirectoryError:
        raise PackError([Fault(str(target), None, "", "a file", expected)]) from None
    except OSError as error:
        refuse(target, error)


def write_whole(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder that is not there yet, and have the disk keep them. OSError as the disk says."""
    os.mkdir(folder)
    made = {folder}
    for name, content in files.items():
        parts = PurePosixPath(name)
        if parts.is_absolute() or ".." in parts.parts:
            raise ValueError(f"{name} leads out of the pack")
        path = folder / parts
        path.parent.mkdir(parents=True, exist_ok=True)
        made |= {folder / parent for parent in parts.parents}
        with path.open("xb") as file:
            file.write(content)
            file.flush()
            with allowed():
                os.fsync(file.fileno())
    for one in sorted(made, reverse=True):
        written_to_disk(one)


def written_to_disk(folder: Path) -> None:
    """Have the disk keep the names in a folder, where it can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class allowed:
    """Pass over what a file system does not know how to do."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        """Only a disk that does not know the request is passed over: a full or broken one is not."""
        return isinstance(error, OSError) and error.errno in (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS)


class said:
    """Say what a folder cannot do in a sentence."""

    def __init__(self, folder: Path, who: str = IMPORTS, what: str = WHOLE_PACK) -> None:
        """folder: that is written to. who, what: as `refuse` has them."""
        self.folder, self.who, self.what = folder, who, what

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """PackError in the place of the system's own error."""
        if isinstance(error, OSError):
            refuse(self.folder, error, self.who, self.what)


def refuse(folder: Path, error: OSError, who: str = IMPORTS, what: str = WHOLE_PACK) -> NoReturn:
    """PackError on a folder that cannot be written to: by whom, and what should stand in it."""
    expected = f"a folder that {who} may write to; nothing was changed"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        found = "a folder that may not be written to"
    elif error.errno in (errno.ENOSPC, errno.EDQUOT):
        found, expected = "a disk that is full", f"room for {what}; nothing was changed"
    else:
        found = f"a folder that cannot be written to ({error.strerror})"
    raise PackError([Fault(str(folder), None, "", found, expected)]) from error


def tidy(root: Path) -> None:
    """Remove versions beyond those that are kept, and what stopped computers left; what cannot be removed stays."""
    place = root / VERSIONS
    for number in numbers(root)[:-KEPT]:
        old = place / f"{_OLD}{secrets.token_hex(8)}"
        with suppress(OSError):
            os.rename(folder_of(root, number), old)  # so that no version is ever there in part
        shutil.rmtree(old, ignore_errors=True)
    remove_left_behind(place, _NEW)
    remove_left_behind(place, _OLD)


def remove_left_behind(place: Path, prefix: str) -> None:
    """Remove folders of a name that were left a day ago or longer, by the clock of the disk they are on."""
    with suppress(OSError):
        now = os.stat(place).st_mtime  # something was just written there
        for name in os.listdir(place):
            if name.startswith(prefix):
                with suppress(OSError):
                    found = os.lstat(place / name)
                    if stat.S_ISDIR(found.st_mode) and now - found.st_mtime > LEFT_BEHIND_SECONDS:
                        shutil.rmtree(place / name, ignore_errors=True)
