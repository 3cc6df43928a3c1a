"""The pack that a running app shows while its files are replaced: one whole state at a time, each figure against it."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import random
import shutil
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from killed_imports import with_hours
from pack_folder import GEOGRAPHY, MANIFEST
from tiny_pack import TABLES, manifest, write_tiny_pack

from lib.market.profile import county_profile
from lib.market.selection import select
from lib.pack import current
from lib.pack.current import PATIENCE_SECONDS, CurrentPack
from lib.pack.faults import PackError
from lib.pack.load import Pack
from lib.pack.load import load_pack as read_pack
from lib.pack.snapshot import Look, PackChanging, look, read_snapshot
from lib.pack.versions import apply, go_back

DEMAND, CAPACITY, REQUESTS = "market/demand.csv", "market/capacity.csv", "market/requests.csv"
QUIET = 3.0


class Machine:
    """A folder and a clock that tests set: nothing waits, and a file is as old as the test says."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.now = 1_000_000.0
        self.written = 0.0
        self.waited = 0.0

    def clock(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.waited += seconds

    def looked(self, root: Path) -> Look:
        found = look(root)
        return Look(found.state, found.changed if math.isinf(found.changed) else self.written, found.number)

    def write(self, name: str, content: bytes) -> None:
        """Replace one file as careful programs do: the new one takes the place of the old at once."""
        new = self.root.parent / "new"
        new.write_bytes(content)
        new.replace(self.root / name)
        self.written = self.now

    def current(self) -> CurrentPack:
        return CurrentPack(self.root, QUIET, clock=self.clock, wait=self.wait, looked=self.looked)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(write_tiny_pack(tmp_path / "tiny"))


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def state(number: int) -> dict[str, bytes]:
    """The tiny pack with every hour and person so many times as many: each file tells states apart."""
    files = {path: text.lstrip().encode() for path, text in TABLES.items()}
    for path, columns in {
        DEMAND: ("hours_per_week", "people", "annual_cost"),
        CAPACITY: ("capacity_hours", "delivered_hours"),
        REQUESTS: ("hours_per_week",),
    }.items():
        rows = rows_of(files[path])
        for row in rows:
            row |= {name: str(float(row[name]) * number).removesuffix(".0") for name in columns if row[name]}
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        files[path] = out.getvalue().encode()
    document = manifest() | {"title": f"State {number}"}
    return {**files, MANIFEST: json.dumps(document).encode()}


def plain_figures(folder: Path) -> tuple[float, float, float, str]:
    """Hours bought, capacity and coverage of home care, and the title: from the files, without the app."""

    def read(path: str) -> list[dict[str, str]]:
        return [row for row in rows_of((folder / path).read_bytes()) if row["service"] == "home"]

    bought = sum(float(row["hours_per_week"]) for row in read(DEMAND))
    waiting = sum(float(row["hours_per_week"]) for row in read(REQUESTS) if not row["placed_on"])
    capacity = sum(float(row["capacity_hours"]) for row in read(CAPACITY))
    title = json.loads((folder / MANIFEST).read_bytes())["title"]
    return bought, capacity, round(capacity / (bought + waiting), 9), title


@cache
def app_figures(pack: Pack) -> tuple[float, float, float, str]:
    """The same, as the app works them out; of a pack, which never changes, once."""
    county = county_profile(pack, select(pack, "home"))
    bought, capacity = float(county["delivered_hours"]), float(county["capacity_hours"])
    return bought, capacity, round(float(county["coverage"]), 9), pack.manifest.title


def test_a_pack_that_does_not_change_is_read_once(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    reads = counted_loads(monkeypatch)
    holder = machine.current()
    first = holder.shown()
    assert (first.replaced, first.read_at, machine.waited) == (False, machine.now, 0)
    machine.now += 1000
    assert holder.shown() is first
    assert len(reads) == 1


def counted_loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    loads: list[str] = []
    really = current.pack_of
    monkeypatch.setattr(current, "pack_of", lambda found: (loads.append(found.key), really(found))[1])
    return loads


def test_a_changed_file_is_left_alone_until_it_was_quiet(machine: Machine) -> None:
    holder = machine.current()
    before = holder.shown()
    machine.write(DEMAND, state(2)[DEMAND])
    for _ in range(3):
        meanwhile = holder.shown()
        assert (meanwhile.pack, meanwhile.read_at, meanwhile.replaced) == (before.pack, before.read_at, True)
        machine.now += QUIET / 3 - 0.01
    machine.now += 0.1
    after = holder.shown()
    assert (after.replaced, after.read_at) == (False, machine.now)
    assert app_figures(after.pack) == plain_figures(machine.root)
    assert app_figures(after.pack) != app_figures(before.pack)
    assert after.pack.key == read_snapshot(machine.root).key != before.pack.key
    assert machine.waited == 0


def test_files_that_were_replaced_overnight_are_read_at_once(machine: Machine) -> None:
    holder = machine.current()
    before = holder.shown()
    machine.write(DEMAND, state(2)[DEMAND])
    machine.now += 8 * 3600
    assert not holder.shown().replaced
    assert holder.shown().pack.key != before.pack.key


def test_every_further_change_begins_the_quiet_anew(machine: Machine) -> None:
    holder = machine.current()
    before = holder.shown().pack
    for number in range(2, 30):
        machine.write(DEMAND, state(number)[DEMAND])
        machine.now += QUIET - 0.1
        assert holder.shown().pack is before
    machine.now += QUIET
    assert app_figures(holder.shown().pack) == plain_figures(machine.root)


@pytest.mark.parametrize("written", [0.0, 2_000_000.0])
def test_a_disk_whose_clock_is_wrong_holds_nothing_up_and_lets_nothing_through(
    machine: Machine, written: float
) -> None:
    """Ahead of ours by days, files would never be old; they count as quiet once they were seen so for a while."""
    holder = machine.current()
    machine.written = written
    before = holder.shown().pack
    machine.write(DEMAND, state(2)[DEMAND])
    machine.written = 2_000_000.0
    assert holder.shown().replaced
    machine.now += QUIET
    assert holder.shown().pack is not before


def test_files_written_again_with_the_same_bytes_stay_the_same_pack(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads = counted_loads(monkeypatch)
    holder = machine.current()
    before = holder.shown()
    machine.write(DEMAND, (machine.root / DEMAND).read_bytes())
    assert holder.shown().replaced
    machine.now += QUIET
    after = holder.shown()
    assert after.pack is before.pack
    assert (after.replaced, after.read_at) == (False, machine.now)
    assert len(loads) == 1


# Faults


def test_a_faulty_state_is_shown_only_when_it_stays(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    loads = counted_loads(monkeypatch)
    holder = machine.current()
    before = holder.shown()
    machine.write(REQUESTS, b"request_id,serv")
    assert holder.shown().pack is before.pack
    machine.now += QUIET
    for _ in range(3):
        with pytest.raises(PackError) as caught:
            holder.shown()
        assert {fault.file for fault in caught.value.faults} == {REQUESTS}
        assert caught.value.manifest is not None, "the menu still knows the services"
    assert len(loads) == 2, "what is wrong is not read again while it stays so"
    machine.write(REQUESTS, state(1)[REQUESTS])
    again = holder.shown()
    assert (again.pack, again.replaced) == (before.pack, True)
    machine.now += QUIET
    assert holder.shown().pack is before.pack
    assert not holder.shown().replaced


def test_a_folder_that_is_gone_is_said_once_it_stays_so(machine: Machine) -> None:
    holder = machine.current()
    before = holder.shown()
    machine.root.rename(machine.root.parent / "aside")
    assert (holder.shown().pack, holder.shown().replaced) == (before.pack, True)
    machine.now += QUIET - 0.1
    assert holder.shown().replaced
    machine.now += 0.1
    with pytest.raises(PackError, match="no such folder"):
        holder.shown()
    (machine.root.parent / "aside").rename(machine.root)
    assert holder.shown().pack is before.pack
    assert not holder.shown().replaced


def test_a_folder_that_is_gone_for_a_moment_is_gone_anew_every_time(machine: Machine) -> None:
    """Between two looks at nothing, hours apart, there may have been a pack: nothing was quiet."""
    holder = machine.current()
    before = holder.shown()
    aside = machine.root.parent / "aside"
    for _ in range(3):
        machine.root.rename(aside)
        assert (holder.shown().pack, holder.shown().replaced) == (before.pack, True)
        aside.rename(machine.root)
        machine.now += 3600


def test_a_file_that_is_gone_for_a_moment_is_never_missed(machine: Machine) -> None:
    holder = machine.current()
    before = holder.shown()
    (machine.root / DEMAND).unlink()
    machine.written = machine.now
    assert holder.shown().pack is before.pack
    machine.now += 1
    machine.write(DEMAND, state(3)[DEMAND])
    assert holder.shown().pack is before.pack
    machine.now += QUIET
    assert app_figures(holder.shown().pack) == plain_figures(machine.root)


def test_a_folder_that_is_gone_for_good_twice_is_the_last_whole_pack_first(machine: Machine) -> None:
    holder = machine.current()
    before = holder.shown()
    aside = machine.root.parent / "aside"
    for _ in range(2):
        machine.root.rename(aside)
        assert (holder.shown().pack, holder.shown().replaced) == (before.pack, True)
        machine.now += QUIET
        with pytest.raises(PackError, match="no such folder"):
            holder.shown()
        aside.rename(machine.root)
        assert not holder.shown().replaced


def test_a_disk_that_was_away_is_tried_again(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> int:
        raise OSError(5, "Input/output error")

    holder = machine.current()
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", fail)
        with pytest.raises(PackError, match="Input/output error"):
            holder.shown()
    with pytest.raises(PackError, match="Input/output error"):
        holder.shown()
    machine.now += 10
    assert app_figures(holder.shown().pack) == plain_figures(machine.root)


def test_hashes_of_another_state_leave_the_last_whole_pack(machine: Machine) -> None:
    holder = machine.current()
    before = holder.shown()
    document = json.loads((machine.root / MANIFEST).read_bytes())
    next(one for one in document["resources"] if one["name"] == "demand")["hash"] = "0" * 32
    machine.write(MANIFEST, json.dumps(document).encode())
    assert holder.shown().pack is before.pack
    machine.now += QUIET
    with pytest.raises(PackError, match="md5 hash"):
        holder.shown()


# The first load


def test_the_first_load_waits_for_files_that_are_being_copied(machine: Machine) -> None:
    machine.written = machine.now - 1
    shown = machine.current().shown()
    assert 2 <= machine.waited < 2.5
    assert not shown.replaced
    assert app_figures(shown.pack) == plain_figures(machine.root)


def test_the_first_load_gives_up_on_files_that_never_stay(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    number = 1

    def wait(seconds: float) -> None:
        nonlocal number
        number += 1
        machine.wait(seconds)
        machine.write(DEMAND, state(number)[DEMAND])

    machine.written = machine.now
    holder = CurrentPack(machine.root, QUIET, clock=machine.clock, wait=wait, looked=machine.looked)
    with pytest.raises(PackChanging, match="files that were changing while they were read"):
        holder.shown()
    assert PATIENCE_SECONDS <= machine.waited < PATIENCE_SECONDS + 1


def test_a_first_load_of_a_faulty_pack_says_the_faults(machine: Machine) -> None:
    (machine.root / GEOGRAPHY).unlink()
    machine.written = machine.now
    holder = machine.current()
    with pytest.raises(PackError, match="found no such file, expected the outlines"):
        holder.shown()
    assert machine.waited < QUIET + 0.5
    waited = machine.waited
    with pytest.raises(PackError, match="found no such file"):
        holder.shown()
    assert machine.waited == waited


def test_files_that_change_while_they_are_read_are_not_shown(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    holder = machine.current()
    before = holder.shown()
    machine.write(DEMAND, state(2)[DEMAND])
    machine.now += QUIET
    really = current.read_snapshot

    def meanwhile(root: Path) -> object:
        monkeypatch.setattr(current, "read_snapshot", really)
        machine.write(CAPACITY, state(2)[CAPACITY])
        return really(root)

    monkeypatch.setattr(current, "read_snapshot", meanwhile)
    assert (holder.shown().pack, holder.shown().replaced) == (before.pack, True)
    machine.now += QUIET
    assert app_figures(holder.shown().pack) == plain_figures(machine.root)


# Many sessions


def test_one_session_reads_and_the_others_see_the_last_whole_pack(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = machine.current()
    before = holder.shown()
    reading, go_on = threading.Event(), threading.Event()
    really = current.pack_of
    loads: list[str] = []

    def slowly(found: current.Snapshot) -> Pack:
        loads.append(found.key)
        reading.set()
        assert go_on.wait(60)
        return really(found)

    monkeypatch.setattr(current, "pack_of", slowly)
    machine.write(DEMAND, state(2)[DEMAND])
    machine.now += QUIET
    shown: list[current.Shown] = []
    one = threading.Thread(target=lambda: shown.append(holder.shown()))
    one.start()
    assert reading.wait(60)
    meanwhile = holder.shown()
    assert (meanwhile.pack, meanwhile.replaced) == (before.pack, True)
    go_on.set()
    one.join()
    assert len(loads) == 1
    assert holder.shown().pack is shown[0].pack is not before.pack


def test_sessions_that_come_first_together_read_once(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    loads = counted_loads(monkeypatch)
    holder = machine.current()
    shown: list[current.Shown] = []
    sessions = [threading.Thread(target=lambda: shown.append(holder.shown())) for _ in range(8)]
    for one in sessions:
        one.start()
    for one in sessions:
        one.join()
    assert len(loads) == 1
    assert len({id(one.pack) for one in shown}) == 1


# Replacements, whole and file by file


def whole(machine: Machine, files: dict[str, bytes], pause: Callable[[], None]) -> None:
    """The new folder takes the place of the old."""
    new = machine.root.parent / "whole"
    shutil.copytree(machine.root, new)
    for name, content in files.items():
        (new / name).write_bytes(content)
    machine.root.rename(machine.root.parent / "old")
    pause()
    new.rename(machine.root)
    shutil.rmtree(machine.root.parent / "old")
    machine.written = machine.now
    pause()


def file_by_file(machine: Machine, files: dict[str, bytes], pause: Callable[[], None]) -> None:
    """One file after the other takes its place: what stands there in between is a pack without a fault."""
    for name, content in files.items():
        machine.write(name, content)
        pause()


def emptied_first(machine: Machine, files: dict[str, bytes], pause: Callable[[], None]) -> None:
    """Each file is emptied and filled again, in two halves, as plain copying does."""
    for name, content in files.items():
        for part in (b"", content[: len(content) // 2], content):
            (machine.root / name).write_bytes(part)
            machine.written = machine.now
            pause()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("replace", [whole, file_by_file, emptied_first])
def test_replacements_never_show_a_mixture(machine: Machine, replace: Callable[..., None], seed: int) -> None:
    """Seven replacements, looked at between any two steps: each figure is that of the state that its key names.

    Pauses are shorter than the quiet time, so that only whole states count; what was read before is shown meanwhile.
    """
    chance = random.Random(seed)
    holder = machine.current()
    for name, content in state(1).items():
        machine.write(name, content)
    known = {read_snapshot(machine.root).key: plain_figures(machine.root)}
    machine.now += QUIET
    seen = {holder.shown().pack.key}
    looks = 0

    def pause() -> None:
        nonlocal looks
        machine.now += chance.uniform(0.0, QUIET * 0.9)
        for _ in range(chance.randrange(3)):
            shown = holder.shown()
            assert app_figures(shown.pack) == known[shown.pack.key]
            assert shown.replaced or shown.pack.key == read_snapshot(machine.root).key
            seen.add(shown.pack.key)
            looks += 1

    pause()
    for number in chance.sample(range(2, 100), 7):
        files = list(state(number).items())
        chance.shuffle(files)
        replace(machine, dict(files), pause)
        known[read_snapshot(machine.root).key] = plain_figures(machine.root)
        machine.now += QUIET
        shown = holder.shown()
        assert not shown.replaced
        assert app_figures(shown.pack) == known[shown.pack.key] == plain_figures(machine.root)
        assert shown.pack.manifest.title == f"State {number}"
        seen.add(shown.pack.key)
    assert seen == {*known}
    assert (len(seen), looks > 5) == (8, True)


def test_a_copy_slower_than_the_quiet_shows_each_state_that_stood_and_no_other(machine: Machine) -> None:
    """Where every file rests for longer than the quiet, what is shown is what stood there, and its key says so."""
    holder = machine.current()
    holder.shown()
    for number in (2, 3):
        for name, content in state(number).items():
            machine.write(name, content)
            machine.now += QUIET
            try:
                shown = holder.shown()
            except PackError:
                continue
            assert shown.pack.key == read_snapshot(machine.root).key
            assert app_figures(shown.pack) == plain_figures(machine.root)


def versioned(machine: Machine) -> CurrentPack:
    """A holder whose looks are the folder's own, but for the times of the files: these are all of this moment."""

    def looked(root: Path) -> Look:
        found = look(root)
        return Look(found.state, machine.now, found.number)

    return CurrentPack(machine.root, QUIET, clock=machine.clock, wait=machine.wait, looked=looked)


def test_a_new_version_is_shown_at_once(machine: Machine) -> None:
    """It came whole and in one step, so that no file of it need be waited for, and nobody is told of a replacement."""
    holder = versioned(machine)
    machine.now += 100
    first = holder.shown()
    waited = machine.waited
    apply(machine.root, with_hours(first.pack, machine.root, 150), "Ann", "")
    second = holder.shown()
    assert (second.number, second.replaced, app_figures(second.pack)[0]) == (1, False, 520)
    go_back(machine.root, 0, 1, "Ann", "")
    third = holder.shown()
    assert (third.number, third.replaced, third.pack.key) == (2, False, first.pack.key)
    assert machine.waited == waited


def test_what_is_shown_of_versions_stays_while_the_packs_own_files_change(machine: Machine) -> None:
    apply(machine.root, with_hours(read_pack(machine.root), machine.root, 150), "Ann", "")
    holder = machine.current()
    first = holder.shown()
    machine.write(DEMAND, state(2)[DEMAND])
    assert holder.shown() is first
    machine.now += 100
    assert holder.shown() is first


def test_a_version_that_is_not_as_it_was_made_waits_like_other_files(machine: Machine) -> None:
    """As one that somebody copies file by file: half of it is never shown."""
    holder = versioned(machine)
    first = holder.shown()
    apply(machine.root, with_hours(first.pack, machine.root, 150), "Ann", "")
    shutil.copytree(machine.root / "versions" / "0001", machine.root / "versions" / "0002")
    shutil.rmtree(machine.root / "versions" / "0001")
    copied = machine.root / "versions" / "0002"
    for name in (CAPACITY, DEMAND):
        (copied / name).write_bytes(state(2)[name])
        meanwhile = holder.shown()
        assert (meanwhile.pack, meanwhile.number, meanwhile.replaced) == (first.pack, 0, True)
    still = CurrentPack(machine.root, QUIET, clock=machine.clock, wait=machine.wait)
    machine.now = copied.stat().st_ctime + 3600
    after = still.shown()
    assert (after.number, after.replaced, app_figures(after.pack)[0]) == (2, False, 940)


def test_a_version_that_is_removed_by_hand_leaves_the_one_before(machine: Machine) -> None:
    holder = machine.current()
    first = holder.shown()
    apply(machine.root, with_hours(first.pack, machine.root, 150), "Ann", "")
    machine.now += 100
    assert holder.shown().number == 1
    shutil.rmtree(machine.root / "versions")
    machine.now += 100
    assert (holder.shown().number, holder.shown().pack.key) == (0, first.pack.key)
