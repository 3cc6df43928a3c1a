"""The files of a pack as they are read: all of one moment, named by their bytes, and never waited for."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pack_folder import GEOGRAPHY, MANIFEST, PackFolder
from tiny_pack import TABLES, write_tiny_pack

from lib.__main__ import main
from lib.pack import snapshot
from lib.pack.faults import PackError
from lib.pack.snapshot import PackChanging, look, read_snapshot

DEMAND, REQUESTS = "market/demand.csv", "market/requests.csv"
EVERY_FILE = {MANIFEST, GEOGRAPHY, *TABLES}


# What is read, and its key


def test_every_file_is_read_once_and_nothing_else(tiny_folder: PackFolder) -> None:
    (tiny_folder.root / "notes.csv").write_text("secret")
    read = read_snapshot(tiny_folder.root)
    assert {*read.files} == EVERY_FILE
    assert all(content == (tiny_folder.root / name).read_bytes() for name, content in read.files.items())
    assert read.faults == {}


def test_a_key_names_bytes_wherever_and_whenever_they_lie(tiny_folder: PackFolder, tmp_path: Path) -> None:
    key = read_snapshot(tiny_folder.root).key
    copy = write_tiny_pack(tmp_path / "another")
    os.utime(copy / DEMAND, (1, 1))
    assert read_snapshot(copy).key == key
    assert tiny_folder.load().key == key


@pytest.mark.parametrize("name", sorted(EVERY_FILE))
def test_a_key_changes_with_one_byte_of_any_file(tiny_folder: PackFolder, name: str) -> None:
    before = read_snapshot(tiny_folder.root).key
    tiny_folder.change_bytes(name, lambda content: content + b"\n")
    assert read_snapshot(tiny_folder.root).key != before


def test_bytes_that_move_from_one_file_to_the_next_change_the_key(tiny_folder: PackFolder) -> None:
    one, other = "market/providers.csv", "market/ratings.csv"
    before = read_snapshot(tiny_folder.root).key
    last = (tiny_folder.root / one).read_bytes()[-1:]
    tiny_folder.change_bytes(one, lambda content: content[:-1])
    tiny_folder.change_bytes(other, lambda content: last + content)
    assert read_snapshot(tiny_folder.root).key != before


def test_a_pack_never_looks_at_its_files_again(tiny_folder: PackFolder) -> None:
    pack = tiny_folder.load()
    shutil.rmtree(tiny_folder.root)
    assert pack.table("demand")["people"].sum() == 48
    assert pack.outlines.startswith(b'{"type": "FeatureCollection"')


# Files on the move


def test_files_that_change_while_they_are_read_are_read_again(
    tiny_folder: PackFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = changing(tiny_folder, monkeypatch, times=2)
    read = read_snapshot(tiny_folder.root)
    assert len(reads) == 3
    assert read.files[DEMAND] == (tiny_folder.root / DEMAND).read_bytes()
    assert read.files[DEMAND].endswith(b"\n\n")
    assert read.state == look(tiny_folder.root).state


def test_files_that_never_stay_as_they_are_are_one_sentence(
    tiny_folder: PackFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    changing(tiny_folder, monkeypatch, times=1000)
    with pytest.raises(PackChanging):
        read_snapshot(tiny_folder.root)
    assert main(["check", "--pack", str(tiny_folder.root)]) == 1
    assert capsys.readouterr().err == (
        f"{tiny_folder.root}: found files that were changing while they were read, expected files that stay as they "
        "are: read the pack again once it has been copied as a whole\n"
    )


def changing(folder: PackFolder, monkeypatch: pytest.MonkeyPatch, times: int) -> list[int]:
    """Add a line to the demand table after each of the first reads; the list returned has an entry a read."""
    reads: list[int] = []
    whole = snapshot.read_files

    def read(root: Path) -> object:
        found = whole(root)
        reads.append(len(reads))
        if len(reads) <= times:
            folder.change_bytes(DEMAND, lambda content: content + b"\n")
        return found

    monkeypatch.setattr(snapshot, "read_files", read)
    return reads


def test_no_snapshot_mixes_two_moments(tiny_folder: PackFolder) -> None:
    """One writer goes through the files in order, over and over, and marks each with the number of its round.

    At any moment the marks are those of one round up to some file and those of the round before from there on.
    """
    files, root = sorted(TABLES), tiny_folder.root
    over = threading.Event()

    def write() -> None:
        for number in range(1, 100_000):
            for name in files:
                new = root / "new"
                new.write_text(f"{number}\n")
                new.replace(root / name)
                if over.is_set():
                    return

    for name in files:
        (root / name).write_text("0\n")
    writer = threading.Thread(target=write)
    writer.start()
    whole = 0
    try:
        for _ in range(300):
            try:
                read = read_snapshot(root)
            except PackChanging:
                continue
            marks = [int(read.files[name]) for name in files]
            assert marks == sorted(marks, reverse=True)
            assert marks[0] - marks[-1] <= 1
            whole += 1
    finally:
        over.set()
        writer.join()
    assert whole


def test_a_look_tells_files_that_went_or_came_from_elsewhere(tiny_folder: PackFolder, tmp_path: Path) -> None:
    other = write_tiny_pack(tmp_path / "other")
    seen = [look(tiny_folder.root).state]
    (tiny_folder.root / DEMAND).unlink()
    seen.append(look(tiny_folder.root).state)
    (tiny_folder.root / DEMAND).symlink_to(other / DEMAND)
    seen.append(look(tiny_folder.root).state)
    (tiny_folder.root / DEMAND).unlink()
    (tiny_folder.root / DEMAND).symlink_to(other / ".." / "other" / DEMAND)
    seen.append(look(tiny_folder.root).state)
    shutil.rmtree(tiny_folder.root / "market")
    shutil.copytree(other / "market", tiny_folder.root / "market")
    seen.append(look(tiny_folder.root).state)
    shutil.rmtree(tiny_folder.root)
    seen.append(look(tiny_folder.root).state)
    assert len({*seen}) == len(seen)
    assert look(tiny_folder.root).changed == float("inf")


def test_the_times_that_copying_keeps_do_not_make_files_old(tiny_folder: PackFolder) -> None:
    before = look(tiny_folder.root).changed
    for path in tiny_folder.root.rglob("*.*"):
        os.utime(path, (1, 1))
    assert look(tiny_folder.root).changed >= before
    for path in tiny_folder.root.rglob("*.*"):
        os.utime(path, (1e11, 1e11))
    assert look(tiny_folder.root).changed < 1e11


# What is no file, or too much of one


def pipe(path: Path) -> None:
    os.mkfifo(path)


def listening(path: Path) -> None:
    one = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(path.parent)  # a socket's path has to be short
    try:
        one.bind(path.name)
    finally:
        os.chdir(here)
        one.close()


def of_bytes(size: int) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with path.open("wb") as file:
            file.truncate(size)

    return write


NO_FILES: dict[str, tuple[Callable[[Path], None], str]] = {
    "pipe": (pipe, "a named pipe"),
    "link to a pipe": (lambda path: (pipe(path.parent / "pipe"), path.symlink_to("pipe"))[0], "a named pipe"),
    "zeros without end": (lambda path: path.symlink_to("/dev/zero"), "a device"),
    "terminal": (lambda path: path.symlink_to("/dev/tty"), "a device"),
    "folder": (Path.mkdir, "a folder"),
    "socket": (listening, "a socket"),
    "broken link": (lambda path: path.symlink_to("nowhere.csv"), 'a link to "nowhere.csv", where there is nothing'),
    "link out of the folder": (
        lambda path: path.symlink_to("../../../nowhere/x.csv"),
        'a link to "../../../nowhere/x.csv", where there is nothing',
    ),
    "link to itself": (lambda path: path.symlink_to(path.name), "a link that leads to itself"),
}
WHAT = {
    MANIFEST: "the manifest of a data pack",
    DEMAND: "a CSV table",
    REQUESTS: "a CSV table",
    GEOGRAPHY: "the outlines of the districts, in GeoJSON",
}


@pytest.mark.parametrize("name", [DEMAND, MANIFEST, GEOGRAPHY])
@pytest.mark.parametrize("kind", NO_FILES)
def test_what_is_no_file_is_said_and_never_opened(
    tiny_folder: PackFolder, kind: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe without a writer, once opened to be read, would hold the app for ever."""
    make, found = NO_FILES[kind]
    (tiny_folder.root / name).unlink()
    make(tiny_folder.root / name)
    touched: list[object] = []
    really = os.open
    monkeypatch.setattr(os, "open", lambda path, *more: (touched.append(path), really(path, *more))[1])
    assert tiny_folder.faults() == [f"{name}: found {found}, expected {WHAT[name]}"]
    assert tiny_folder.root / name not in touched


def test_a_pipe_that_takes_the_place_of_a_file_just_then_is_not_waited_for(
    tiny_folder: PackFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = os.stat(tiny_folder.root / MANIFEST)
    (tiny_folder.root / DEMAND).unlink()
    pipe(tiny_folder.root / DEMAND)
    really = os.stat
    monkeypatch.setattr(os, "stat", lambda path, **more: plain if str(path).endswith(DEMAND) else really(path, **more))
    assert tiny_folder.faults() == [f"{DEMAND}: found a named pipe, expected a CSV table"]


@pytest.mark.parametrize(
    ("name", "size", "found", "limit"),
    [
        (REQUESTS, 200_000_000, "200 MB", "60 MB"),
        (DEMAND, 10**12, "1,000,000 MB", "60 MB"),
        (GEOGRAPHY, 64_400_000, "64 MB", "60 MB"),
        (MANIFEST, 6_000_000, "6 MB", "5 MB"),
    ],
)
def test_a_file_too_large_is_said_and_not_read(
    tiny_folder: PackFolder, name: str, size: int, found: str, limit: str
) -> None:
    of_bytes(size)(tiny_folder.root / name)
    assert tiny_folder.faults() == [
        f"{name}: found a file of {found}, expected {WHAT[name]} of at most {limit}, and all files of the pack at most "
        "150 MB"
    ]


def test_files_that_are_too_much_together_are_said(tiny_folder: PackFolder) -> None:
    for name in ("reference/wards.csv", "market/capacity.csv", REQUESTS, "market/history.csv"):
        of_bytes(45_000_000)(tiny_folder.root / name)
    with pytest.raises(PackError) as caught:
        tiny_folder.load()
    large = [fault for fault in caught.value.faults if "MB" in fault.found]
    assert [fault.file for fault in large] == ["market/history.csv"]
    assert "all files of the pack at most 150 MB" in large[0].expected


def test_a_file_that_grows_while_it_is_read_is_read_no_further(tiny_folder: PackFolder) -> None:
    path = tiny_folder.root / DEMAND
    content, found = snapshot.read_file(path, 10)
    assert (content, found) == (b"", "a file of 0 MB")
    small = os.stat_result((0o100644, 0, 0, 0, 0, 0, 5, 0, 0, 0))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "stat", lambda _: small)
        patch.setattr(os, "fstat", lambda _: small)
        assert snapshot.read_file(path, 10) == (b"", "a file of more than 0 MB")
    assert snapshot.read_file(path, 100_000) == (path.read_bytes(), "")


def test_a_file_that_may_not_be_read_is_said(tiny_folder: PackFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may be allowed everything: the system's answer is put in."""
    really = os.open

    def refuse(path: object, *more: int) -> int:
        if str(path).endswith((DEMAND, GEOGRAPHY)):
            raise PermissionError(13, "Permission denied", str(path))
        return really(path, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)
    assert tiny_folder.faults() == [
        f"{name}: found a file that may not be read, expected {WHAT[name]} that whoever runs the app may read"
        for name in (DEMAND, GEOGRAPHY)
    ]


def test_a_disk_that_fails_is_said(tiny_folder: PackFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> int:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "open", fail)
    assert tiny_folder.faults() == [
        f"{MANIFEST}: found a file that cannot be read (Input/output error), expected the manifest of a data pack"
    ]


def test_a_folder_that_is_none_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_text("")
    broken = tmp_path / "broken"
    broken.symlink_to("nowhere")
    for root in (tmp_path / "nowhere", file, broken, file / "below"):
        assert PackFolder(root).faults() == [f"{root}: found no such folder, expected the folder of a data pack"]
    (tmp_path / "empty").mkdir()
    assert PackFolder(tmp_path / "empty").faults() == [
        f"{MANIFEST}: found no such file in {tmp_path / 'empty'}, expected the manifest of a data pack"
    ]
    really = os.stat

    def refuse(path: object, **more: object) -> os.stat_result:
        if path == tmp_path:
            raise PermissionError(13, "Permission denied")
        return really(path, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "stat", refuse)
    said = f"{tmp_path}: found a folder that may not be read, expected the folder of a data pack"
    with pytest.raises(PackError, match=said):
        read_snapshot(tmp_path)


def test_a_file_in_place_of_a_folder_is_no_such_file(tiny_folder: PackFolder) -> None:
    shutil.rmtree(tiny_folder.root / "geography")
    (tiny_folder.root / "geography").write_text("")
    assert tiny_folder.faults() == [f"{GEOGRAPHY}: found no such file, expected {WHAT[GEOGRAPHY]}"]


def test_a_link_to_a_file_is_followed(tiny_folder: PackFolder, tmp_path: Path) -> None:
    key = tiny_folder.load().key
    for name in (DEMAND, MANIFEST, GEOGRAPHY):
        elsewhere = tmp_path / Path(name).name
        (tiny_folder.root / name).rename(elsewhere)
        (tiny_folder.root / name).symlink_to(elsewhere)
    assert tiny_folder.load().key == key


# What the manifest promises


def promise(folder: PackFolder, resource: str, **promises: object) -> None:
    def change(document: dict) -> None:
        (found,) = [one for one in document["resources"] if one["name"] == resource]
        found.update(promises)

    folder.change_json(MANIFEST, change)


def test_promises_that_are_kept(tiny_folder: PackFolder) -> None:
    content = (tiny_folder.root / DEMAND).read_bytes()
    outlines = (tiny_folder.root / GEOGRAPHY).read_bytes()
    for written in (
        hashlib.md5(content).hexdigest(),
        "md5:" + hashlib.md5(content).hexdigest(),
        hashlib.sha256(content).hexdigest(),
        "sha256:" + hashlib.sha256(content).hexdigest().upper(),
        "sha1:" + hashlib.sha1(content).hexdigest(),
        "SHA512:" + hashlib.sha512(content).hexdigest(),
        "",
    ):
        promise(tiny_folder, "demand", hash=written, bytes=len(content), rows=content.count(b"\n") - 1)
        tiny_folder.load()
    promise(tiny_folder, "demand", path="./market/demand.csv")
    promise(tiny_folder, "districts_geography", hash=hashlib.md5(outlines).hexdigest(), bytes=len(outlines), rows=3)
    tiny_folder.load()


def test_a_hash_that_does_not_fit(tiny_folder: PackFolder) -> None:
    content = (tiny_folder.root / DEMAND).read_bytes()
    promise(tiny_folder, "demand", hash="sha256:" + hashlib.sha256(content).hexdigest())
    tiny_folder.change_bytes(DEMAND, lambda before: before.replace(b",100,", b",101,", 1))
    before, now = (hashlib.sha256(one).hexdigest() for one in (content, (tiny_folder.root / DEMAND).read_bytes()))
    assert tiny_folder.faults() == [
        f"{DEMAND}: found a file whose sha256 hash is {now[:16]}…, expected {before[:16]}… "
        f"as {MANIFEST} says: copy the pack again as a whole, or correct the hash there"
    ]


def test_a_file_cut_at_the_end_of_a_row_is_found_by_its_rows_or_its_size(tiny_folder: PackFolder) -> None:
    content = (tiny_folder.root / REQUESTS).read_bytes()
    rows = content.count(b"\n") - 1
    promise(tiny_folder, "requests", rows=rows, bytes=len(content))
    kept = content[: content.rstrip().rindex(b"\n") + 1]
    (tiny_folder.root / REQUESTS).write_bytes(kept)
    cure = f"as {MANIFEST} says: copy the pack again as a whole, or correct the"
    assert tiny_folder.faults() == [
        f"{REQUESTS}: found a file of {len(kept):,} bytes, expected {len(content):,} bytes {cure} bytes there",
        f"{REQUESTS}: found {rows - 1:,} rows, expected {rows:,} rows {cure} rows there",
    ]


def test_outlines_are_counted_as_rows(tiny_folder: PackFolder) -> None:
    promise(tiny_folder, "districts_geography", rows=4)
    (fault,) = tiny_folder.faults()
    assert fault.startswith(f"{GEOGRAPHY}: found 3 rows, expected 4 rows as {MANIFEST} says")


@pytest.mark.parametrize(
    "path", ["market/demand_new.csv", "../demand.csv", "/etc/passwd", "market/Demand.csv", "http://example.com/a.csv"]
)
def test_a_path_that_is_not_the_file_read_is_said_and_not_followed(tiny_folder: PackFolder, path: str) -> None:
    promise(tiny_folder, "demand", path=path)
    assert tiny_folder.faults() == [
        f'{MANIFEST}, column resources."demand".path: found "{path}", expected "{DEMAND}", the file that is read'
    ]


@pytest.mark.parametrize("written", ["abc", "sha256:abc", "sha256:" + "0" * 32, "crc32:" + "0" * 8, "g" * 32])
def test_a_hash_that_is_none(tiny_folder: PackFolder, written: str) -> None:
    promise(tiny_folder, "demand", hash=written)
    (fault,) = tiny_folder.faults()
    assert fault.startswith(f'{MANIFEST}, column resources."demand".hash: found "{written[:50]}')
    assert "expected a hash: sha256: and 64 digits from 0 to f, or md5, sha1 or sha512 and theirs" in fault


@pytest.mark.parametrize("promises", [{"rows": -1}, {"rows": "12"}, {"bytes": 1.5}, {"bytes": True}])
def test_a_number_of_rows_or_bytes_that_is_none(tiny_folder: PackFolder, promises: dict[str, object]) -> None:
    promise(tiny_folder, "demand", **promises)
    (fault,) = tiny_folder.faults()
    assert fault.startswith(f'{MANIFEST}, column resources."demand".{next(iter(promises))}: found ')
