"""Versions of a pack: each whole or not there, whoever makes one, wherever a computer stops."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import threading
from pathlib import Path
from typing import Any

import killed_imports
import pytest
from killed_imports import DEMAND, KILLED, killed_at, with_hours
from tiny_pack import write_tiny_pack

from lib.pack import versions as module
from lib.pack.faults import PackError
from lib.pack.imports.proposal import ChangedMeanwhile, Proposal
from lib.pack.load import load_pack
from lib.pack.numbered import numbers, shown_folder, shown_number
from lib.pack.versions import (
    StaleVersion,
    Version,
    apply,
    base_changed,
    go_back,
    new_folder,
    version_of,
    versions,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_tiny_pack(tmp_path / "tiny")


def proposed(root: Path, hours: int) -> Proposal:
    return with_hours(load_pack(root), root, hours)


def imported(root: Path, hours: int, who: str = "Ann", why: str = "Counted again") -> Version:
    return apply(root, proposed(root, hours), who, why)


def hours(root: Path) -> float:
    """Of the first lot, as the pack that is shown has them."""
    return float(load_pack(root).tables["demand"]["hours_per_week"].iloc[0])


def listed(root: Path) -> list[str]:
    return sorted(os.listdir(root / "versions"))


def refused(error: type[PackError], run: Any) -> str:
    with pytest.raises(error) as caught:
        run()
    return str(caught.value)


def test_a_version_is_a_whole_pack_beside_the_packs_own_files(root: Path) -> None:
    own = (root / DEMAND).read_bytes()
    made = imported(root, 150)
    assert (made.number, made.name, made.who, made.why) == (1, "Demand: 150.csv", "Ann", "Counted again")
    assert (made.from_number, made.kinds, made.same_as) == (0, ("demand",), None)
    assert made.lines == (
        "market/demand.csv: 12 rows, 0 added, 1 changed, 0 dropped.",
        "Table of demand: modelled turns to supplied.",
    )
    assert listed(root) == ["0001"]
    assert shown_folder(root) == root / "versions" / "0001"
    assert load_pack(root / "versions" / "0001").key == load_pack(root).key
    assert (hours(root), (root / DEMAND).read_bytes()) == (150, own)
    assert load_pack(root).root == root
    assert [one.number for one in versions(root)] == [1, 0]


def test_the_second_of_two_is_told_who_came_first_and_loses_nothing(root: Path) -> None:
    mine = proposed(root, 150)
    imported(root, 160, "Ben", "New contract")
    said = refused(StaleVersion, lambda: apply(root, mine, "Ann", ""))
    assert said.startswith(f'{root}: found version 1, "Demand: 160.csv", made on ')
    assert ", by Ben (New contract), expected version 0, as when the change was made: look at the change again" in said
    assert (hours(root), listed(root)) == (160, ["0001"])
    assert apply(root, proposed(root, 150), "Ann", "").number == 2
    assert hours(root) == 150


def test_files_changed_by_hand_after_the_look_are_not_overwritten(root: Path) -> None:
    mine = proposed(root, 150)
    text = (root / DEMAND).read_text(encoding="utf-8")
    (root / DEMAND).write_text(text.replace(",20,200,", ",21,200,"), encoding="utf-8")
    said = refused(StaleVersion, lambda: apply(root, mine, "", ""))
    assert said.startswith(f"{root}: found files that were changed by hand meanwhile, expected version 0")
    assert not (root / "versions").exists()


def test_a_change_is_not_worked_out_from_another_state_than_it_was_read_for(root: Path) -> None:
    pack = load_pack(root)
    imported(root, 160)
    said = refused(ChangedMeanwhile, lambda: with_hours(pack, root, 150))
    assert said.startswith(f"{root}: found a pack that was changed meanwhile, expected ")


@pytest.mark.parametrize("turn", range(3))
def test_of_those_who_apply_at_the_same_moment_one_wins(root: Path, monkeypatch: pytest.MonkeyPatch, turn: int) -> None:
    """Each has written all of its files and looked whether it is the first; then all rename at once."""
    del turn
    both = [proposed(root, 150), proposed(root, 160), proposed(root, 170)]
    barrier, really = threading.Barrier(3), os.rename

    def together(old: Any, new: Any) -> None:
        barrier.wait(60)
        really(old, new)

    monkeypatch.setattr(module.os, "rename", together)
    made: list[Version] = []
    told: list[StaleVersion] = []

    def run(proposal: Proposal) -> None:
        try:
            made.append(apply(root, proposal, proposal.change.title, ""))
        except StaleVersion as error:
            told.append(error)

    threads = [threading.Thread(target=run, args=(one,)) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = made
    assert [error.shown and error.shown.who for error in told] == [winner.who, winner.who]
    assert listed(root) == ["0001"]
    assert hours(root) == {"Demand: 150.csv": 150, "Demand: 160.csv": 160, "Demand: 170.csv": 170}[winner.name]


def test_going_back_makes_a_new_version_of_the_older_files(root: Path) -> None:
    first = load_pack(root).key
    imported(root, 150)
    second = load_pack(root).key
    imported(root, 160)
    back = go_back(root, 1, 2, "Ann", "Wrong file")
    assert (back.number, back.from_number, back.same_as, back.why) == (3, 2, 1, "Wrong file")
    assert back.name == "Back to version 1: Demand: 150.csv"
    assert (load_pack(root).key, hours(root)) == (second, 150)
    assert go_back(root, 0, 3, "", "").number == 4
    assert load_pack(root).key == first
    assert numbers(root) == [1, 2, 3, 4]


def test_going_back_where_that_cannot_be(root: Path) -> None:
    imported(root, 150)
    imported(root, 160)
    assert refused(StaleVersion, lambda: go_back(root, 0, 1, "", "")).startswith(f"{root}: found version 2, ")
    said = refused(PackError, lambda: go_back(root, 7, 2, "", ""))
    assert said == f"{root}: found no version 7, expected one of the versions 0, 1, 2"
    said = refused(PackError, lambda: go_back(root, 2, 2, "", ""))
    assert said == f"{root}: found version 2, which is the one that is shown, expected another version to go back to"
    (root / "versions" / "0001" / DEMAND).write_bytes(b"cut sh")
    assert DEMAND in refused(PackError, lambda: go_back(root, 1, 2, "", ""))
    assert (listed(root), hours(root)) == (["0001", "0002"], 160)


def ten_versions(root: Path) -> None:
    imported(root, 101)
    for number in range(2, 11):
        shutil.copytree(root / "versions" / "0001", root / "versions" / f"{number:04d}")


def test_the_last_ten_are_kept_and_the_packs_own_files(root: Path) -> None:
    ten_versions(root)
    assert [imported(root, 100 + number).number for number in (11, 12)] == [11, 12]
    assert numbers(root) == list(range(3, 13))
    assert listed(root) == [f"{number:04d}" for number in range(3, 13)]
    assert hours(root) == 112
    assert go_back(root, 0, 12, "", "").number == 13
    assert hours(root) == 100


def test_a_version_that_cannot_be_removed_is_no_error(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ten_versions(root)
    really = os.rename

    def rename(old: Any, new: Any) -> None:
        if "0001" in str(old):
            raise PermissionError(errno.EACCES, "a file of it is open")
        really(old, new)

    monkeypatch.setattr(module.os, "rename", rename)
    assert imported(root, 111).number == 11
    assert numbers(root) == list(range(1, 12))


def test_numbers_go_on_after_9999(root: Path) -> None:
    imported(root, 150)
    (root / "versions" / "0001").rename(root / "versions" / "9999")
    assert imported(root, 160).number == 10_000
    assert imported(root, 170).number == 10_001
    assert (listed(root), shown_number(root), hours(root)) == (["10000", "10001", "9999"], 10_001, 170)


def test_what_is_no_version_is_passed_over(root: Path) -> None:
    """An empty folder, a file, names that no version has, and the folder of somebody who is writing."""
    imported(root, 150)
    place = root / "versions"
    (place / "0002").mkdir()
    (place / "0003").write_text("a file")
    for name in ("00004", "0000", "5", "-006", "007", "٠٠٠٨", "0009 (copy)", ".new-0010", "9" * 12):
        shutil.copytree(place / "0001", place / name)
    assert (shown_number(root), numbers(root)) == (1, [1])
    assert imported(root, 160).number == 4, "a number that something has is not taken"
    assert (shown_number(root), hours(root)) == (4, 160)


@pytest.mark.parametrize(
    "note",
    [b"", b"{", b"[]", b"null", b'{"name": 7}', b'{"kinds": 3}', b'{"from_number": "x"}', b"[" * 100_000, b"\xff\xfe{"],
)
def test_a_version_whose_note_is_broken_is_there_all_the_same(root: Path, note: bytes) -> None:
    imported(root, 150)
    (root / "versions" / "0001" / "version.json").write_bytes(note)
    assert versions(root) == [Version(1, "", readable=False), Version(0, "The pack's own files")]
    assert hours(root) == 150


def test_a_version_without_a_note_is_there_all_the_same(root: Path) -> None:
    imported(root, 150)
    (root / "versions" / "0001" / "version.json").unlink()
    assert not versions(root)[0].readable
    (root / "versions" / "0001" / "version.json").mkdir()
    assert (versions(root)[0].readable, hours(root)) == (False, 150)
    assert imported(root, 160).from_number == 1
    assert go_back(root, 1, 2, "", "").name == "Back to version 1"


def test_words_of_people_are_kept_on_one_line_and_not_without_end(root: Path) -> None:
    made = imported(root, 150, "Ann\r\n  <b>Lee</b>\x00\u202e", "x" * 10_000)
    assert made.who == "Ann <b>Lee</b>"
    assert made.why == "x" * 500
    assert json.loads((root / "versions" / "0001" / "version.json").read_bytes())["number"] == 1


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(errno.EACCES, "no"), "found a folder that may not be written to, expected a folder that"),
        (OSError(errno.EROFS, "no"), "found a folder that may not be written to, expected a folder that"),
        (OSError(errno.ENOSPC, "no"), "found a disk that is full, expected room for a whole copy of the pack"),
        (OSError(errno.EIO, "Input/output error"), "found a folder that cannot be written to (Input/output error)"),
    ],
)
@pytest.mark.parametrize("at", ["mkdir", "fsync", "rename"])
def test_a_folder_that_cannot_be_written_to_is_one_sentence(
    root: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, said: str, at: str
) -> None:
    proposal, before = proposed(root, 150), load_pack(root).key

    def fail(*arguments: Any, **options: Any) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(module.os, at, fail)
        sentence = refused(PackError, lambda: apply(root, proposal, "", ""))
    assert sentence.startswith(f"{root / 'versions'}: {said}")
    assert "nothing was changed" in sentence and "\n" not in sentence
    assert (load_pack(root).key, [*(root / "versions").glob("*"), *(root / "versions").glob(".*")]) == (before, [])


def test_a_disk_that_cannot_promise_to_keep_a_file_is_no_error(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some network folders know no fsync."""
    proposal = proposed(root, 150)

    def unknown(descriptor: int) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(module.os, "fsync", unknown)
    assert apply(root, proposal, "", "").number == 1


def test_an_answer_that_the_network_lost_is_no_failure(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The renaming was done, and is reported as failed."""
    proposal, really = proposed(root, 150), os.rename

    def rename(old: Any, new: Any) -> None:
        really(old, new)
        raise FileExistsError(errno.ENOTEMPTY, "Directory not empty")

    monkeypatch.setattr(module.os, "rename", rename)
    assert apply(root, proposal, "Ann", "").number == 1
    assert hours(root) == 150


@pytest.mark.parametrize("refuses", [OSError(errno.EACCES, "no"), FileExistsError(errno.EEXIST, "there")])
def test_an_empty_folder_is_replaced_where_the_system_renames_none_onto_another(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refuses: OSError
) -> None:
    (tmp_path / "empty").mkdir()
    proposal, really = proposed(root, 150), os.rename

    def rename(old: Any, new: Any) -> None:
        if Path(new).exists():
            raise refuses
        really(old, new)

    monkeypatch.setattr(module.os, "rename", rename)
    new_folder(tmp_path / "empty", proposal.files)
    assert load_pack(tmp_path / "empty").key == proposal.new.key


def test_a_file_in_the_place_of_the_versions_is_one_sentence(root: Path) -> None:
    proposal = proposed(root, 150)
    (root / "versions").write_text("")
    assert refused(PackError, lambda: apply(root, proposal, "", "")).startswith(f"{root / 'versions'}: found a folder")
    assert hours(root) == 100


def test_what_a_computer_that_stopped_has_left_is_removed_after_a_day(root: Path) -> None:
    imported(root, 150)
    place = root / "versions"
    day = 86_400
    written = place.stat().st_mtime
    for name, age in ((".new-old", day + 900), (".old-old", day + 900), (".new-fresh", day - 900), ("mine", 9 * day)):
        (place / name / "market").mkdir(parents=True)
        os.utime(place / name, (written - age, written - age))
    imported(root, 160)
    assert listed(root) == [".new-fresh", "0001", "0002", "mine"]


def test_files_of_the_pack_changed_by_hand_after_a_version_are_told(root: Path) -> None:
    assert not base_changed(root)
    imported(root, 150)
    imported(root, 160)
    assert not base_changed(root)
    text = (root / DEMAND).read_text(encoding="utf-8")
    (root / DEMAND).write_text(text.replace("100,130000", "110,143000"), encoding="utf-8")
    assert (base_changed(root), hours(root)) == (True, 160), "what is shown stays"
    imported(root, 170)
    assert base_changed(root), "the first version's note is handed on"
    go_back(root, 0, 3, "", "")
    assert (base_changed(root), hours(root)) == (False, 110)


def test_a_pack_that_is_killed_on_the_way_is_old_or_new(root: Path) -> None:
    """At events on the disk drawn by chance, and at each of the last ones, of which the step itself is one."""
    proposal, old = proposed(root, 150), load_pack(root).key
    chance = random.Random(14)
    found: list[str] = []

    def killed(event: int) -> bool:
        shutil.rmtree(root / "versions", ignore_errors=True)
        how = killed_at(event, lambda: apply(root, proposal, "Ann", ""))
        found.append(load_pack(root).key)
        assert found[-1] in (old, proposal.new.key), event
        assert how in (0, KILLED)
        assert how == KILLED or found[-1] == proposal.new.key
        return how == KILLED

    last = 0
    while killed(last):
        last += 1 + chance.randrange(25)
    for event in range(last - 25, last):
        killed(event)
    assert {*found} == {old, proposal.new.key}


def test_killed_from_outside(tmp_path: Path) -> None:
    counts = killed_imports.try_killed_imports(5, 14, tmp_path, write_tiny_pack)
    assert counts["old"] + counts["new"] == 5


def test_a_plain_pack_is_written_whole_into_a_folder_that_is_empty_or_not_there(root: Path, tmp_path: Path) -> None:
    proposal = proposed(root, 150)
    (tmp_path / "empty").mkdir()
    for target in (tmp_path / "new", tmp_path / "deep" / "er", tmp_path / "empty"):
        new_folder(target, proposal.files)
        assert load_pack(target).key == proposal.new.key
        assert not (target / "versions").exists()
    assert sorted(os.listdir(tmp_path)) == ["deep", "empty", "new", "tiny"]


def test_a_plain_pack_is_not_written_over_anything(root: Path, tmp_path: Path) -> None:
    files = proposed(root, 150).files
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    expected = "expected an empty folder, a folder that is not there yet, or a data pack"
    said = refused(PackError, lambda: new_folder(tmp_path / "notes", files))
    assert said == f"{tmp_path / 'notes'}: found a folder with other files in it and no datapackage.json, {expected}"
    assert (
        refused(PackError, lambda: new_folder(tmp_path / "file", files))
        == f"{tmp_path / 'file'}: found a file, {expected}"
    )
    assert sorted(os.listdir(tmp_path)) == ["file", "notes", "tiny"]


def test_no_file_leads_out_of_the_pack(root: Path, tmp_path: Path) -> None:
    for name in ("../out.csv", "/out.csv", "market/../../out.csv"):
        with pytest.raises(ValueError, match="leads out"):
            new_folder(tmp_path / "new", {name: b""})
    assert sorted(os.listdir(tmp_path)) == ["tiny"]


def test_a_version_of_a_folder_that_is_gone(tmp_path: Path) -> None:
    assert (shown_number(tmp_path / "gone"), numbers(tmp_path / "gone")) == (0, [])
    assert version_of(tmp_path / "gone", 3) == Version(3, "", readable=False)
