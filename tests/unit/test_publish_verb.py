"""The verb publish: what it prints, where, and with which exit status."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pack_folder import PackFolder

from lib.__main__ import main
from lib.publish import pictures
from lib.publish.read import read

Capture = pytest.CaptureFixture[str]
Run = Callable[..., tuple[int, str, str]]
EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>'
GROWTH = {"name": "Growth", "service": "home", "years": 2, "demand": {"need_growth_pct": 3}}


@pytest.fixture
def run(tiny_folder: PackFolder, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> Run:
    monkeypatch.setenv("PACK", str(tiny_folder.root))
    monkeypatch.setattr(pictures, "to_svg", lambda chart: EMPTY)

    def of(*arguments: str) -> tuple[int, str, str]:
        try:
            status = main(arguments)
        except SystemExit as usage:
            status = int(str(usage.code))
        return status, *capsys.readouterr()

    return of


def test_an_edition_is_made_and_said(run: Run, tmp_path: Path, tiny_folder: PackFolder) -> None:
    out, file = tmp_path / "out", tmp_path / "growth.json"
    file.write_text(json.dumps(GROWTH), encoding="utf-8")
    status, said, wrong = run("publish", str(out), "--scenario", str(file))
    assert (status, wrong) == (0, "")
    first, second, *_ = said.splitlines()
    assert first == f"{out / 'editions/0001'}: edition 1, data to 31 March 2025."
    assert second.startswith("Of ")
    assert [one.name for one in read(out).release.scenarios] == ["Growth"]
    assert sorted(path.name for path in out.iterdir()) == ["datapackage.json", "editions", "index.html"]

    status, said, _ = run("publish", str(out), "--scenario", str(file))
    assert status == 0
    assert said == (
        f"{out / 'editions/0001'}: nothing has changed since edition 1, data to 31 March 2025, and no new edition was "
        "made.\n"
    )

    tiny_folder.change_json("datapackage.json", lambda document: document.update(contact="Ann"))
    status, said, _ = run("publish", str(out), "--json")
    assert status == 0
    assert list(json.loads(said)[0]) == ["table", "measure", "figures", "at_first", "in_addition", "lost"]
    assert read(out).about.contact == "Ann"

    status, said, _ = run("publish", str(tmp_path / "new"), "--previous", str(out))
    assert (status, read(tmp_path / "new").about.since is not None) == (0, True)


def test_what_is_wrong_is_one_sentence_and_nothing_is_written(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for arguments, found in (
        (["--scenario", str(tmp_path / "none.json")], "none.json"),
        (["--previous", str(tmp_path / "none")], f"{tmp_path / 'none'}: found no such folder, expected a folder that "
         "python -m lib publish wrote"),
        (["--previous", str(tmp_path)], f"{tmp_path / 'datapackage.json'}: found no such file"),
    ):  # fmt: skip
        status, said, wrong = run("publish", str(out), *arguments)
        assert (status, said) == (1, "")
        assert found in wrong
        assert len(wrong.splitlines()) == 1
        assert "Error" not in wrong
        assert not out.exists()
    assert run("publish")[0] == 2
    assert run("publish", str(out), "--edition", "3")[0] == 2
    status, _, wrong = run("publish", str(out), "--pack", str(tmp_path / "none"))
    assert (status, out.exists()) == (1, False)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    status, _, wrong = run("publish", str(tmp_path / "file"))
    assert (status, wrong) == (
        1,
        f"{tmp_path / 'file'}: found a file, expected an empty folder, a folder that is not there yet, or a folder "
        "that python -m lib publish wrote\n",
    )


def test_check_says_who_is_named_and_not_there(run: Run, tiny_folder: PackFolder) -> None:
    tiny_folder.change_json("datapackage.json", lambda document: document.update(names_may_be_shown=["P9"]))
    _, said, wrong = run("check")
    assert list(csv.DictReader(io.StringIO(said)))
    sentence = 'datapackage.json, column names_may_be_shown: found "P9", expected a provider_id of market/providers.csv'
    assert sentence in wrong.splitlines()


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("how_to_join", "x" * 5001, "text of at most 5,000 characters"),
        ("contact", 7, "text"),
        ("names_may_be_shown", "P1", "a list"),
        ("names_may_be_shown", [""], "text that can be seen, of at most 300 characters"),
    ],
)
def test_manifest_fields_of_another_kind_are_refused(
    field: str, value: object, expected: str, run: Run, tiny_folder: PackFolder, tmp_path: Path
) -> None:
    tiny_folder.change_json("datapackage.json", lambda document: document.update({field: value}))
    status, _, wrong = run("publish", str(tmp_path / "out"))
    assert status == 1
    assert wrong.startswith(f"datapackage.json, column {field}")
    assert wrong.endswith(f"expected {expected}\n")
