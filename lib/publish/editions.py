"""The editions of a publication in a folder: a new one is made whole beside the others and shown in one step.

DIR/editions/0001, 0002, … each a whole edition: datapackage.json, index.html, data/, geography/. The highest number is
what is shown, as with the versions of a pack (lib.pack.numbered). DIR/index.html and DIR/datapackage.json are those of
the newest edition, with their paths into its folder, for people and programs that open DIR itself: each is exchanged
whole, after the edition is there, and a computer that stops in between leaves them those of the edition before.
"""

from __future__ import annotations

import io
import json
import os
import re
import secrets
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lib.pack.faults import Fault, PackError, quoted
from lib.pack.load import Pack
from lib.pack.manifest import MANIFEST
from lib.pack.numbered import folder_name, folder_of, names_taken, numbers
from lib.pack.snapshot import folder_fault
from lib.pack.versions import new_folder, remove_left_behind, said, write_whole, written_to_disk
from lib.publish.cells import SafeRelease
from lib.publish.content import publication_of, refuse_names, refuse_unknown_names
from lib.publish.control import release
from lib.publish.publication import EarlierEdition, Publication
from lib.publish.read import A_PUBLICATION, EDITIONS, read, shown_edition
from lib.publish.report import Report
from lib.publish.write import SUMMARY, as_document, csv_of, files_of
from lib.whatif.scenarios.scenario import Scenario

_NEW = ".new-"
PUBLISHES, WHOLE_EDITION = "whoever publishes", "a whole edition"
LIMIT_SECONDS = 60.0


@dataclass(frozen=True)
class Edition:
    """What publishing came to: the publication that is shown now, and whether that is a new edition.

    new is False where the last edition says the same already: then nothing was written. report: for the council alone.
    """

    folder: Path
    publication: Publication
    new: bool
    report: Report


def publish(
    pack: Pack,
    folder: Path | str,
    scenarios: Sequence[Scenario] = (),
    previous: Path | str | None = None,
    limit_seconds: float = LIMIT_SECONDS,
) -> Edition:
    """Make an edition in a folder that is absent, empty, or has editions of the same pack already.

    Every earlier edition of the folder, and of the publication in `previous`, is taken into account: nothing that is
    suppressed can be worked out from the difference. PackError, ScenarioError: one sentence, and nothing is written.
    """
    root = Path(folder)
    refuse_unknown_names(pack)
    refuse_names(pack, scenarios)
    here = editions_in(root)
    before = [] if previous is None or same_folder(root, Path(previous)) else editions_of(Path(previous), pack)
    own = [read(root, number) for number in here]
    for one in own:
        refuse_other_pack(one, root, pack)
    every = [*before, *own]
    safe = release(pack, list(scenarios), [one.release for one in every], limit_seconds)
    return write_edition(pack, root, safe, scenarios, before, own)


def write_edition(
    pack: Pack,
    root: Path,
    safe: SafeRelease,
    scenarios: Sequence[Scenario] = (),
    before: Sequence[Publication] = (),
    own: Sequence[Publication] = (),
) -> Edition:
    """Write what was released as the next edition. before: editions of another folder; own: those of this one."""
    number = max((one.about.edition for one in own), default=0) + 1
    earlier = [EarlierEdition(edition=one.about.edition, as_of=one.about.as_of) for one in own]
    last = next(iter([*reversed(own), *reversed(before)]), None)
    made = publication_of(pack, safe, scenarios, number, earlier, last, bool(own))
    if own and says_the_same(made, own[-1]):
        write_front(root, own[-1].about.edition)  # where a computer stopped before it was exchanged
        return Edition(root, own[-1], False, safe.report)
    files = files_of(made)
    if not own:
        place = f"{EDITIONS}/{folder_name(number)}/"
        every = {**{f"{place}{name}": content for name, content in files.items()}, **front(files, number)}
        new_folder(root, every, PUBLISHES, WHOLE_EDITION)
        return Edition(root, made, True, safe.report)
    put_beside(root, number, files)
    write_front(root, number)
    return Edition(root, made, True, safe.report)


def says_the_same(made: Publication, last: Publication) -> bool:
    """Whether an edition would say what the last one says already: all but its number and what came before it."""

    def told(publication: Publication) -> tuple[object, ...]:
        first = publication.about.model_copy(update={"edition": 1, "earlier": (), "since": None})
        tables = {name: (one.title, one.fields, csv_of(one)) for name, one in publication.tables.items()}
        tables.pop("changes", None)
        return first.model_dump(mode="json"), tables, publication.outlines

    return told(made) == told(last)


def editions_in(root: Path) -> list[int]:
    """The editions of a folder; PackError where it is neither absent, nor empty, nor the folder of a publication."""
    expected = f"an empty folder, a folder that is not there yet, or {A_PUBLICATION}"
    try:
        names = sorted(os.listdir(root))
    except FileNotFoundError:
        return []
    except NotADirectoryError:
        raise PackError([Fault(str(root), None, "", "a file", expected)]) from None
    except OSError:
        found = folder_fault(root) or "a folder that may not be read"
        raise PackError([Fault(str(root), None, "", found, expected)]) from None
    there = numbers(root, EDITIONS)
    if there or not names:
        return there
    if MANIFEST in names:
        is_edition = (root / "data").is_dir() and (root / SUMMARY).is_file() and root.parent.name == EDITIONS
        found = "a single edition of a publication" if is_edition else "a data pack"
        expected = f"the folder that {EDITIONS} stands in" if is_edition else expected
    else:
        found = f"a folder with other files in it, such as {quoted(names[0])}"
    raise PackError([Fault(str(root), None, "", found, expected)])


def editions_of(folder: Path, pack: Pack) -> list[Publication]:
    """Every edition of an earlier publication, the oldest first; its folder may be that of a single edition."""
    there = numbers(folder, EDITIONS) if not folder_fault(folder) else []
    found = [read(folder, number) for number in there] or [read(folder)]
    for one in found:
        refuse_other_pack(one, folder, pack)
    return found


def refuse_other_pack(publication: Publication, folder: Path, pack: Pack) -> None:
    """PackError for a publication of another pack, whose figures are not these."""
    if publication.about.pack_name != pack.manifest.name:
        found = f"a publication of the pack {quoted(publication.about.pack_name)}"
        raise PackError([Fault(str(folder), None, "", found, f"one of the pack {quoted(pack.manifest.name)}")])


def same_folder(one: Path, other: Path) -> bool:
    """Whether two paths lead to one folder."""
    return one.resolve() == other.resolve()


def front(files: Mapping[str, bytes], number: int) -> dict[str, bytes]:
    """The two files of the publication's own folder, made from those of an edition, in the order of their exchange.

    Their paths lead into the edition's folder.
    """
    place = f"{EDITIONS}/{folder_name(number)}/"
    described = json.loads(files[MANIFEST])
    for one in described["resources"]:
        one["path"] = f"{place}{one['path']}"
    # Text of the page cannot look like a link: there, quotation marks are escaped.
    summary = re.sub('href="(?!#)', f'href="{place}', files[SUMMARY].decode())
    return {SUMMARY: summary.encode(), MANIFEST: as_document(described)}


def put_beside(root: Path, number: int, files: dict[str, bytes]) -> None:
    """Write an edition whole and give it its number in one step; PackError where another has that by now."""
    place = root / EDITIONS
    new, target = place / f"{_NEW}{secrets.token_hex(8)}", folder_of(root, number, EDITIONS)
    try:
        with said(place, PUBLISHES, WHOLE_EDITION):
            write_whole(new, files)
        if shown_edition(root) != number - 1 or number in names_taken(root, EDITIONS):
            raise_taken(root, number)
        try:
            os.rename(new, target)
        except OSError as error:
            if os.path.lexists(target):
                raise_taken(root, number)
            with said(place, PUBLISHES, WHOLE_EDITION):
                raise error
        written_to_disk(place)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    remove_left_behind(place, _NEW)


def raise_taken(root: Path, number: int) -> None:
    """PackError: somebody else published meanwhile."""
    found = f"an edition {number} that somebody else has published meanwhile"
    expected = f"edition {number - 1} to be the last: look at theirs, then publish again"
    raise PackError([Fault(str(root), None, "", found, expected)])


def zipped(folder: Path | str, number: int) -> bytes:
    """An edition as one zip file; the same edition gives the same bytes."""
    root = folder_of(folder, number, EDITIONS)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(one for one in root.rglob("*") if one.is_file()):
            # Without a date of its own a file has the first that a zip can hold.
            archive.writestr(zipfile.ZipInfo(str(PurePosixPath(path.relative_to(root)))), path.read_bytes())
    return content.getvalue()


def write_front(root: Path, number: int) -> None:
    """Exchange the two files of the publication's own folder, each whole, where they are not an edition's already."""
    edition, part = folder_of(root, number, EDITIONS), root / EDITIONS / f"{_NEW}{secrets.token_hex(8)}"
    with said(root, PUBLISHES, WHOLE_EDITION):
        wanted = front({name: (edition / name).read_bytes() for name in (SUMMARY, MANIFEST)}, number)
        old = {name for name in wanted if not (root / name).is_file() or (root / name).read_bytes() != wanted[name]}
        if not old:
            return
        try:
            write_whole(part, {name: content for name, content in wanted.items() if name in old})
            for name in wanted:
                if name in old:
                    os.replace(part / name, root / name)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        written_to_disk(root)
