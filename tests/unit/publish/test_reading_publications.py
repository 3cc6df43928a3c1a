"""Reading a publication from its folder alone: what is wrong with one is said in a sentence, whatever it is."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safe_release import release_by_hand
from tiny_pack import write_tiny_pack

from lib.pack.faults import PackError
from lib.pack.load import Pack
from lib.publish.editions import write_edition
from lib.publish.read import read, shown_edition
from lib.whatif.scenarios.documents import scenario_from

pytestmark = pytest.mark.usefixtures("undrawn")
UNREAD = "found scenarios or a report that cannot be read"
AGAIN = "expected the file as it was published: copy the whole folder again from where it is whole"


@pytest.fixture
def folder(tiny: Pack, tmp_path: Path) -> Path:
    return write_edition(tiny, tmp_path / "out", release_by_hand()).folder


@pytest.fixture
def edition(folder: Path) -> Path:
    return folder / "editions" / "0001"


def said(run: Callable[[], object]) -> str:
    with pytest.raises(PackError) as caught:
        run()
    return str(caught.value)


def described(edition: Path, change: Callable[[Any], object]) -> None:
    path = edition / "datapackage.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")


def rewritten(edition: Path, path: str, content: bytes) -> None:
    """Put other bytes in a file's place, and say so in datapackage.json, as somebody might who knows how."""
    (edition / path).write_bytes(content)

    def change(document: Any) -> None:
        (one,) = [each for each in document["resources"] if each["path"] == path]
        one |= {"hash": f"sha256:{hashlib.sha256(content).hexdigest()}", "bytes": len(content)}

    described(edition, change)


def test_no_pack_is_needed(folder: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    shutil.move(folder, moved)
    found = read(moved)
    assert found.about.area == "Testshire"
    assert found.about.services["home"].label == "Home care"
    assert found.label("cohorts", "older") == "Older"
    assert found.of_service("demand", "home").shape[0] == 9
    assert found.of_service("demand", "respite").empty
    assert found.of_service("no such table", "home").empty
    assert len(found.key) == 64
    assert read(moved / "editions/0001").key == found.key


def test_what_is_no_publication_is_said(tmp_path: Path) -> None:
    wrote = "a folder that python -m lib publish wrote"
    assert said(lambda: read(tmp_path / "none")) == f"{tmp_path / 'none'}: found no such folder, expected {wrote}"
    assert shown_edition(tmp_path / "none") == 0
    empty = tmp_path / "empty"
    empty.mkdir()
    assert said(lambda: read(empty)) == f"{empty / 'datapackage.json'}: found no such file, expected {wrote}"
    pack = write_tiny_pack(tmp_path / "tiny")
    assert said(lambda: read(pack)) == (
        f"{pack / 'datapackage.json'}, column kind: found the manifest of a data pack, expected "
        f"care-market-publication: {wrote}"
    )
    (empty / "datapackage.json").write_text("{}", encoding="utf-8")
    assert "column kind: found no publication" in said(lambda: read(empty))


def test_an_edition_that_is_not_there_is_said(folder: Path) -> None:
    assert (
        said(lambda: read(folder, 7)) == f"{folder}: found no edition 7, expected one of the editions that are there: 1"
    )


def test_a_file_that_is_missing_or_another_is_said(edition: Path) -> None:
    for name in ("data/demand.csv", "data/demand.json", "geography/districts.geojson", "index.html"):
        path = edition / name
        content = path.read_bytes()
        path.unlink()
        assert said(lambda: read(edition)) == f"{path}: found no such file, {AGAIN}"
        path.write_bytes(content[:-1] + b"x")
        assert said(lambda: read(edition)) == f"{path}: found another file than the one that was published, {AGAIN}"
        path.write_bytes(content)
    assert read(edition)


def test_every_fault_is_said_at_once(edition: Path) -> None:
    (edition / "data/demand.csv").unlink()
    (edition / "data/trend.csv").unlink()
    assert len(said(lambda: read(edition)).splitlines()) == 2


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "row 1: found other columns than datapackage.json has, expected scenario, service, years"),
        (b"\xff\xfe", "row 1: found other columns than datapackage.json has, expected scenario, service, years"),
        (b"service,scenario\n", "row 1: found other columns"),
        (b"service,scenario,years\nhome,A\n", "row 2: found 2 cells, expected 3, one for each column"),
        (
            b"service,scenario,years\nhome,A,many\n",
            'row 2, column years: found "many", expected a number, c or nothing',
        ),
        (b"service,scenario,years\nhome,A,inf\n", 'row 2, column years: found "inf", expected a number, c or nothing'),
    ],
)
def test_a_table_that_somebody_made_is_said(content: bytes, found: str, tiny: Pack, tmp_path: Path) -> None:
    scenario = scenario_from({"name": "A", "service": "home", "years": 2}, tiny)
    edition = write_edition(tiny, tmp_path / "some", release_by_hand(), [scenario]).folder / "editions" / "0001"
    rewritten(edition, "data/scenarios.csv", content)
    wanted = found.replace("scenario, service, years", "service, scenario, years")
    assert said(lambda: read(edition)).startswith(f"{edition / 'data/scenarios.csv'}, {wanted}")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda one: one.update(edition=0), 'column edition: found "0", expected 1 or more'),
        (lambda one: one.update(edition=None), "column edition: found null, expected a whole number"),
        (
            lambda one: one.update(as_of="31/03/2025"),
            'column as_of: found "31/03/2025", expected a date like 2025-03-31',
        ),
        (lambda one: one.pop("services"), "column services: found nothing, expected a value: it is required"),
        (lambda one: one.pop("resources"), "column resources: found nothing, expected a value: it is required"),
        (lambda one: one.update(schema_version=2), 'column schema_version: found "2", expected one of 1'),
        (
            lambda one: one.update(report={"suppressed": [{"table": 1}]}),
            UNREAD,
        ),
        (lambda one: one.update(scenarios=[{"name": 7}]), UNREAD),
        (
            lambda one: one["report"]["suppressed"][0].update(figures="9"),
            UNREAD,
        ),
        (lambda one: one.update(earlier=[{"edition": 1, "as_of": "2025-03-31"}]), "expected parts that agree"),
        (lambda one: one["resources"].pop(-2), "column resources: found nothing at geography/districts.geojson"),
    ],
)
def test_a_datapackage_that_somebody_changed_is_said(change: Any, found: str, edition: Path) -> None:
    described(edition, change)
    message = said(lambda: read(edition))
    assert message.startswith(str(edition / "datapackage.json"))
    assert found in message
    assert "Error" not in message


@pytest.mark.parametrize("path", ["../secret.csv", "/etc/passwd", "data/../../x.csv", "data/Ä.csv", "other.html", ""])
def test_no_file_outside_is_read(path: str, edition: Path) -> None:
    (edition.parent / "secret.csv").write_text("secret", encoding="utf-8")
    described(edition, lambda one: one["resources"][0].update(path=path))
    message = said(lambda: read(edition))
    assert "column resources" in message
    assert "secret\n" not in message


def test_not_json_and_no_text_are_said(edition: Path) -> None:
    path = edition / "datapackage.json"
    kind = b'{"kind": "care-market-publication", '
    for content, found in (
        (kind, "found text that is not JSON"),
        (kind + b'"area": "\xff"}', "found bytes that are not text in UTF-8"),
        (kind + b'"area": NaN}', "column area: found NaN"),
        (b"[" * 100_000 + kind, "found "),
    ):
        path.write_bytes(content)
        assert found in said(lambda: read(edition))


def test_a_file_that_is_none_is_not_waited_for(edition: Path) -> None:
    path = edition / "data" / "demand.csv"
    path.unlink()
    os.mkfifo(path)
    assert said(lambda: read(edition)) == f"{path}: found a named pipe, {AGAIN}"
