"""Editions: each whole or not there, kept, told apart; folders that are none of ours are left alone."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from killed_imports import KILLED, killed_at
from safe_release import release_by_hand
from tiny_pack import write_tiny_pack

from lib.pack.faults import PackError
from lib.pack.load import Pack, load_pack
from lib.publish import editions as module
from lib.publish.cells import SafeRelease
from lib.publish.editions import Edition, publish
from lib.publish.read import read, shown_edition

Calls = list[tuple[list[SafeRelease], float]]


pytestmark = pytest.mark.usefixtures("undrawn")


@pytest.fixture(autouse=True)
def hours(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What stands in the place of disclosure control: a release by hand, of so many hours; and how it was called."""
    state: dict[str, Any] = {"ash": 180, "calls": []}

    def by_hand(pack: Pack, scenarios: Sequence[Any], earlier: Sequence[SafeRelease], limit: float) -> SafeRelease:
        state["calls"].append((list(earlier), limit))
        return release_by_hand(state["ash"], tuple(scenarios))

    monkeypatch.setattr(module, "release", by_hand)
    return state


def published(pack: Pack, folder: Path, state: dict[str, Any], ash: int | str = 180, **further: Any) -> Edition:
    state["ash"] = ash
    return publish(pack, folder, **further)


def everything(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def refused(run: Any) -> str:
    with pytest.raises(PackError) as caught:
        run()
    return str(caught.value)


def test_editions_are_kept_and_the_newest_is_shown(tiny: Pack, tmp_path: Path, hours: dict[str, Any]) -> None:
    out = tmp_path / "deep" / "out"
    first = published(tiny, out, hours)
    assert (first.new, first.publication.about.edition, shown_edition(out)) == (True, 1, 1)
    before = everything(out / "editions" / "0001")
    second = published(tiny, out, hours, 190)
    assert (second.new, second.publication.about.edition, shown_edition(out)) == (True, 2, 2)
    assert everything(out / "editions" / "0001") == before
    assert sorted(os.listdir(out)) == ["datapackage.json", "editions", "index.html"]
    assert sorted(os.listdir(out / "editions")) == ["0001", "0002"]
    assert read(out).frame("demand")["demand_hours"][0] == 190
    assert read(out, 1).frame("demand")["demand_hours"][0] == 180
    assert read(out / "editions" / "0001").about.edition == 1
    # What was published before is what control must look at.
    earlier, limit = hours["calls"][1]
    assert [one.tables[0].frame["demand_hours"][0] for one in earlier] == [180]
    assert limit == 60.0


def test_the_files_in_front_are_the_newest_editions(tiny: Pack, tmp_path: Path, hours: dict[str, Any]) -> None:
    out = tmp_path / "out"
    published(tiny, out, hours)
    published(tiny, out, hours, 190)
    described = json.loads((out / "datapackage.json").read_text(encoding="utf-8"))
    assert described["edition"] == 2
    for one in described["resources"]:
        assert one["path"].startswith("editions/0002/")
        assert (out / one["path"]).stat().st_size == one["bytes"]
    page = (out / "index.html").read_text(encoding="utf-8")
    for link in ("editions/0002/data/demand.csv", "editions/0002/changes.html", "editions/0002/../0001/index.html"):
        assert f'href="{link}"' in page
        assert (out / link).is_file()
    assert 'href="#need"' in page


def test_where_nothing_changed_no_edition_is_made(tiny: Pack, tmp_path: Path, hours: dict[str, Any]) -> None:
    out = tmp_path / "out"
    published(tiny, out, hours)
    before = everything(out)
    again = published(tiny, out, hours)
    assert (again.new, again.publication.about.edition) == (False, 1)
    assert everything(out) == before


def test_what_changed_is_told_cell_by_cell(tiny: Pack, tmp_path: Path, hours: dict[str, Any]) -> None:
    out = tmp_path / "out"
    published(tiny, out, hours)
    published(tiny, out, hours, "c")
    found = read(out)
    rows = found.frame("changes").to_dict("records")
    assert rows == [
        {
            "table": "Demand by area, service type and cohort",
            "row": "Home care, Ash, All service types, All cohorts",
            "figure": "Demand hours",
            "change": "withheld now",
            "before": "180",
            "after": "c",
        }
    ]
    assert found.about.since is not None
    assert (found.about.since.edition, found.about.since.here) == (1, True)
    page = (out / "editions/0002/changes.html").read_text(encoding="utf-8")
    said = "Since edition 1 with data to 31 March 2025: 0 figures changed, 1 figure suppressed that was shown."
    assert said in page
    assert said in (out / "index.html").read_text(encoding="utf-8")
    published(tiny, out, hours, 180)
    assert [one["change"] for one in read(out).frame("changes").to_dict("records")] == ["shown now"]
    assert [one.edition for one in read(out).about.earlier] == [1, 2]


def test_an_earlier_publication_elsewhere_counts(tiny: Pack, tmp_path: Path, hours: dict[str, Any]) -> None:
    published(tiny, tmp_path / "old", hours)
    published(tiny, tmp_path / "old", hours, 185)
    made = published(tiny, tmp_path / "new", hours, 190, previous=tmp_path / "old")
    earlier, _ = hours["calls"][2]
    assert [one.tables[0].frame["demand_hours"][0] for one in earlier] == [180, 185]
    assert made.publication.about.edition == 1
    assert made.publication.about.earlier == ()
    assert made.publication.about.since is not None
    assert (made.publication.about.since.edition, made.publication.about.since.here) == (2, False)
    assert list(read(tmp_path / "new").frame("changes")["before"]) == ["185"]
    # The same folder, said twice, counts once; an edition's own folder will do.
    published(tiny, tmp_path / "new", hours, 195, previous=tmp_path / "new" / ".." / "new")
    assert len(hours["calls"][3][0]) == 1
    published(tiny, tmp_path / "third", hours, previous=tmp_path / "old" / "editions" / "0001")
    assert len(hours["calls"][4][0]) == 1


@pytest.mark.parametrize("kind", ["file", "pack", "other", "hidden", "below a file"])
def test_a_folder_of_something_else_is_left_alone(kind: str, tiny: Pack, tmp_path: Path, hours: dict[str, Any]) -> None:
    out = tmp_path / "out"
    cure = "expected an empty folder, a folder that is not there yet, or a folder that python -m lib publish wrote"
    if kind in ("file", "below a file"):
        out.write_text("x", encoding="utf-8")
        found = "a file"
    elif kind == "pack":
        write_tiny_pack(out)
        found = "a data pack"
    else:
        out.mkdir()
        name = ".secret" if kind == "hidden" else "letter.txt"
        (out / name).write_text("x", encoding="utf-8")
        found = f'a folder with other files in it, such as "{name}"'
    before = everything(tmp_path)
    target = out / "deeper" if kind == "below a file" else out
    assert refused(lambda: publish(tiny, target)) == f"{target}: found {found}, {cure}"
    assert everything(tmp_path) == before
    assert hours["calls"] == []


def test_the_folder_of_an_edition_is_not_published_into(tiny: Pack, tmp_path: Path, hours: dict[str, Any]) -> None:
    published(tiny, tmp_path / "out", hours)
    before = everything(tmp_path)
    edition = tmp_path / "out/editions/0001"
    said = f"{edition}: found a single edition of a publication, expected the folder that editions stands in"
    assert refused(lambda: publish(tiny, edition)) == said
    assert everything(tmp_path) == before


def test_a_publication_of_another_pack_is_left_alone(tiny: Pack, tmp_path: Path, hours: dict[str, Any]) -> None:
    other = write_tiny_pack(tmp_path / "other")
    path = other / "datapackage.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"tiny"', '"another"', 1), encoding="utf-8")
    out = tmp_path / "out"
    published(load_pack(other), out, hours)
    before = everything(out)
    said = f'{out}: found a publication of the pack "another", expected one of the pack "tiny"'
    assert refused(lambda: publish(tiny, out)) == said
    assert refused(lambda: publish(tiny, tmp_path / "new", previous=out)) == said
    assert everything(out) == before
    assert not (tmp_path / "new").exists()


def test_a_damaged_edition_stops_the_next(tiny: Pack, tmp_path: Path, hours: dict[str, Any]) -> None:
    out = tmp_path / "out"
    published(tiny, out, hours)
    path = out / "editions/0001/data/demand.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("180", "181"), encoding="utf-8")
    before = everything(out)
    said = refused(lambda: publish(tiny, out))
    assert said.startswith(f"{path}: found another file than the one that was published, expected")
    assert everything(out) == before


def test_who_publishes_second_is_told(
    tiny: Pack, tmp_path: Path, hours: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    published(tiny, out, hours)
    written = module.write_whole

    def with_another(folder: Path, files: dict[str, bytes]) -> None:
        written(folder, files)
        shutil.copytree(out / "editions/0001", out / "editions/0002")

    monkeypatch.setattr(module, "write_whole", with_another)
    said = refused(lambda: published(tiny, out, hours, 190))
    assert said == (
        f"{out}: found an edition 2 that somebody else has published meanwhile, expected edition 1 to be the last: "
        "look at theirs, then publish again"
    )
    assert sorted(os.listdir(out / "editions")) == ["0001", "0002"]


def test_a_full_disk_leaves_nothing(
    tiny: Pack, tmp_path: Path, hours: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    published(tiny, out, hours)
    before = everything(out)

    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, "write_whole", full)
    said = refused(lambda: published(tiny, out, hours, 190))
    assert said == (
        f"{out / 'editions'}: found a disk that is full, expected room for a whole edition; nothing was changed"
    )
    assert everything(out) == before


def test_a_folder_that_may_not_be_written_to_is_said(
    tiny: Pack, tmp_path: Path, hours: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*arguments: object, **named: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("lib.pack.versions.write_whole", locked)
    assert refused(lambda: publish(tiny, tmp_path / "out")) == (
        f"{tmp_path}: found a folder that may not be written to, expected a folder that whoever publishes may write "
        "to; nothing was changed"
    )
    assert not (tmp_path / "out").exists()


# Events on the disk: what is read first, the edition as it is written, its renaming (88), the two files in front.
@pytest.mark.parametrize("number", [0, 20, 40, 41, 44, 70, 87, 88, 89, 90, 91, 93, 95, 97, 99, 100, 101, 102, 103, 104])
def test_a_computer_that_stops_leaves_the_old_edition_or_the_new(
    number: int, tiny: Pack, tmp_path: Path, hours: dict[str, Any]
) -> None:
    out = tmp_path / "out"
    published(tiny, out, hours)
    hours["ash"] = 190
    assert killed_at(number, lambda: publish(tiny, out)) == KILLED
    found = read(out)
    assert found.about.edition == (1 if number <= 88 else 2)
    assert found.frame("demand")["demand_hours"][0] == (180 if found.about.edition == 1 else 190)
    # In front stands the old edition or the new, each file whole.
    described = json.loads((out / "datapackage.json").read_text(encoding="utf-8"))
    assert described["edition"] in ((1,) if number <= 88 else (1, 2))
    for one in described["resources"]:
        assert (out / one["path"]).stat().st_size == one["bytes"]
    page = (out / "index.html").read_text(encoding="utf-8")
    assert page.endswith("</html>\n")
    assert ("Edition 1." in page) or (number > 88 and "Edition 2." in page)
    # Whoever publishes again finds nothing in the way, and what was left is mended.
    again = published(tiny, out, hours, 190)
    assert again.new is (found.about.edition == 1)
    assert json.loads((out / "datapackage.json").read_text(encoding="utf-8"))["edition"] == 2
    assert "Edition 2." in (out / "index.html").read_text(encoding="utf-8")
    assert sorted(os.listdir(out)) == ["datapackage.json", "editions", "index.html"]


@pytest.mark.parametrize("number", [0, 5, 20, 40, 50])
def test_a_first_edition_that_stops_leaves_no_folder(
    number: int, tiny: Pack, tmp_path: Path, hours: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    prepared: list[Path] = []
    whole = module.new_folder

    def killed_late(folder: Path, files: dict[str, bytes], who: str, what: str) -> None:
        prepared.append(folder)
        assert killed_at(number, lambda: whole(folder, files, who, what)) == KILLED
        assert not out.exists()
        whole(folder, files, who, what)

    monkeypatch.setattr(module, "new_folder", killed_late)
    assert published(tiny, out, hours).new
    assert prepared == [out]
    assert read(out).about.edition == 1
