"""The verbs import, versions, go-back and template: what they print, where, and what they leave on the disk."""

from __future__ import annotations

import csv
import inspect
import io
import json
import os
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest
from tiny_pack import write_tiny_pack

from lib import import_verbs
from lib.__main__ import main
from lib.pack.faults import Fault, PackError
from lib.pack.imports import kinds as registry
from lib.pack.imports.change import Change, Upload
from lib.pack.imports.kinds import kind_of, kinds
from lib.pack.load import Pack, load_pack

DEMAND = "market/demand.csv"
Capture = pytest.CaptureFixture[str]
CODES = [
    "cqc-ratings", "cqc-locations", "boundaries", "wards", "population", "districts", "area_groups", "service_rates",
    "lots", "cqc_locations", "facts", "gaps", "intentions", "council_words", "reconciliation", "demand", "providers",
    "ratings", "capacity", "requests", "history",
]  # fmt: skip


def read_as_it_is(pack: Pack, uploads: Sequence[Upload], progress: Any, **options: Any) -> Change:
    """A reader that takes the table of demand as it comes."""
    del pack, progress
    (upload,) = uploads
    if not upload.content.startswith(b"service,"):
        raise PackError([Fault(upload.name, 1, "", "no header", "the columns of the template")])
    assert options == {"table": "demand"}
    return Change(
        f"Demand: {upload.name}",
        {DEMAND: upload.content},
        {"demand": {"status": "supplied"}},
        counts=(("rows", upload.content.count(b"\n") - 1),),
        notes=("A note.",),
    )


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(registry, "bound", lambda name: read_as_it_is)
    monkeypatch.setenv("PACK", str(tmp_path / "tiny"))
    return write_tiny_pack(tmp_path / "tiny")


@pytest.fixture
def file(root: Path, tmp_path: Path) -> Path:
    text = (root / DEMAND).read_text(encoding="utf-8")
    path = tmp_path / "ours.csv"
    path.write_text(text.replace(",20,200,", ",20,210,"), encoding="utf-8")
    return path


def printed(capsys: Capture, *arguments: object) -> list[dict[str, str]]:
    assert main([str(one) for one in arguments]) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def refused(capsys: Capture, *arguments: object) -> str:
    assert main([str(one) for one in arguments]) == 1
    out, err = capsys.readouterr()
    assert out == "" and "Traceback" not in err
    return err.strip()


def every_file(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_dry_run_says_what_would_change_and_writes_nothing(root: Path, file: Path, capsys: Capture) -> None:
    before = every_file(root.parent)
    assert main(["import", "demand", str(file), "--dry-run"]) == 0
    out, err = capsys.readouterr()
    assert err == "Nothing was written.\n"
    rows = [tuple(row.values()) for row in csv.DictReader(io.StringIO(out))]
    assert rows[:10] == [
        ("import", "Demand: ours.csv", "", ""),
        ("read", "rows", "", "12"),
        ("note", "A note.", "", ""),
        ("rows", DEMAND, "12", "12"),
        ("rows added", DEMAND, "", "0"),
        ("rows changed", DEMAND, "", "1"),
        ("rows dropped", DEMAND, "", "0"),
        ("row changed", f"{DEMAND}: home / E07000002 / day / older", "", "hours_per_week: 200 → 210"),
        ("status", "Table of demand", "modelled", "supplied"),
        ("credit", "Table of demand", "", ""),
    ]
    assert ("headline", "Home care: Delivered hours (hours)", "470", "480") in rows
    assert ("reconciliation expected", "lot:home:E07000002:day:older", "200", "210") in rows
    assert every_file(root.parent) == before


def test_an_import_into_a_pack_is_a_new_version(root: Path, file: Path, capsys: Capture) -> None:
    rows = printed(capsys, "import", "demand", file, "--into", root, "--who", "Ann", "--why", "Counted")
    assert rows[-1] == {"part": "version", "item": str(root), "before": "0", "after": "1"}
    assert load_pack(root).tables["demand"]["hours_per_week"].sum() == 500
    (first, own) = printed(capsys, "versions", "--pack", root)
    assert (first["number"], first["name"], first["who"], first["why"], first["kinds"], first["shown"]) == (
        "1", "Demand: ours.csv", "Ann", "Counted", "demand", "True",
    )  # fmt: skip
    assert (own["number"], own["shown"]) == ("0", "False")
    (back,) = printed(capsys, "go-back", "0", "--pack", root, "--why", "Not ours")
    assert (back["number"], back["why"], back["shown"]) == ("2", "Not ours", "True")
    assert load_pack(root).tables["demand"]["hours_per_week"].sum() == 490
    said = refused(capsys, "go-back", "9", "--pack", root)
    assert said == f"{root}: found no version 9, expected one of the versions 0, 1, 2"


def test_the_same_again_makes_no_version(root: Path, file: Path, capsys: Capture) -> None:
    printed(capsys, "import", "demand", file, "--into", root)
    assert main(["import", "demand", str(file), "--into", str(root)]) == 0
    assert capsys.readouterr().err == f"{root} has all of this already: nothing was written.\n"
    assert len(printed(capsys, "versions")) == 2


@pytest.mark.parametrize("there", [False, True])
def test_an_import_into_an_empty_folder_is_a_whole_pack(
    root: Path, file: Path, capsys: Capture, tmp_path: Path, there: bool
) -> None:
    new = tmp_path / "my_pack"
    if there:
        new.mkdir()
    rows = printed(capsys, "import", "demand", file, "--into", new)
    assert rows[-1] == {"part": "pack", "item": str(new), "before": "", "after": "written"}
    assert load_pack(new).tables["demand"]["hours_per_week"].sum() == 500
    assert not (root / "versions").exists() and not (new / "versions").exists()
    again = printed(capsys, "import", "demand", root / DEMAND, "--into", new)
    assert again[-1] == {"part": "version", "item": str(new), "before": "0", "after": "1"}


def test_an_import_into_another_folder_is_refused(root: Path, file: Path, capsys: Capture, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("mine")
    said = refused(capsys, "import", "demand", file, "--into", tmp_path / "notes")
    assert said.startswith(f"{tmp_path / 'notes'}: found a folder with other files in it and no datapackage.json")
    other = write_tiny_pack(tmp_path / "other")
    (other / DEMAND).write_bytes(file.read_bytes())
    said = refused(capsys, "import", "demand", file, "--into", root, "--pack", other)
    assert (
        said
        == f"{root}: found a pack whose files are not those of {other}, expected the same, or no --pack beside --into"
    )
    (other / DEMAND).write_bytes((root / DEMAND).read_bytes())
    assert printed(capsys, "import", "demand", file, "--into", root, "--pack", other)[-1]["after"] == "1"
    assert not (other / "versions").exists()


def test_bad_files_are_one_sentence_and_change_nothing(root: Path, file: Path, capsys: Capture, tmp_path: Path) -> None:
    before = every_file(tmp_path)
    (tmp_path / "bad.csv").write_text("no header\n")
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    broken = tmp_path / "broken.csv"
    broken.write_text(file.read_text(encoding="utf-8").replace(",210,", ",many,"), encoding="utf-8")
    for name, said in {
        "bad.csv": "bad.csv, row 1: found no header, expected the columns of the template",
        "gone.csv": "gone.csv: found no such file, expected a file that may be read, all files together at most 300 MB",
        "pipe.csv": "pipe.csv: found a named pipe, expected a file that may be read",
        "empty": f"{tmp_path / 'empty'}: found a folder without files, expected a folder of 1 to 50,000 files",
        "broken.csv": f'broken.csv, as {DEMAND} of the pack, row 5, column hours_per_week: found "many"',
    }.items():
        assert refused(capsys, "import", "demand", tmp_path / name, "--into", root).startswith(said)
        (tmp_path / name).unlink(missing_ok=True) if name != "empty" else (tmp_path / name).rmdir()
    assert every_file(tmp_path) == before


def test_files_together_have_a_limit(root: Path, file: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    del root
    monkeypatch.setattr(import_verbs, "LARGEST_UPLOAD", file.stat().st_size + 10)
    said = refused(capsys, "import", "demand", file, file, "--dry-run")
    assert said.startswith(
        "ours.csv: found a file of 0 MB, expected a file that may be read, all files together at most"
    )


def test_the_files_of_a_folder_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.json", "a.json", ".hidden", "c.json"):
        (tmp_path / name).write_text(name)
    (tmp_path / "deeper").mkdir()
    found = list(import_verbs.read_uploads([str(tmp_path), str(tmp_path / "a.json")]))
    assert [one.name for one in found] == ["a.json", "b.json", "c.json", "a.json"]
    assert found[1].content == b"b.json"


@pytest.mark.parametrize("arguments", [["bogus", "x", "--dry-run"], ["demand", "x"], ["demand", "--dry-run"]])
def test_bad_usage_is_2_and_names_the_kinds(arguments: list[str], capsys: Capture) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["import", *arguments])
    err = capsys.readouterr().err
    assert caught.value.code == 2
    if arguments[0] == "bogus":
        assert all(f"'{code}'" in err for code in CODES)


def test_the_kinds() -> None:
    assert list(kinds()) == CODES
    assert [code for code, kind in kinds().items() if kind.folder] == ["cqc-locations"]
    assert {code: kind.rhythm_days for code, kind in kinds().items() if kind.rhythm_days} == {
        "cqc-ratings": 31, "cqc-locations": 31, "boundaries": 365, "wards": 365, "population": 730,
    }  # fmt: skip
    assert kind_of("demand").feeds == ("demand",)
    with pytest.raises(ValueError, match=r'kind: found "x", expected one of cqc-ratings, .*, history$'):
        kind_of("x")


def test_a_folder_without_a_pack_has_no_versions(tmp_path: Path, capsys: Capture) -> None:
    for verb in (["versions"], ["go-back", "0"]):
        said = refused(capsys, *verb, "--pack", tmp_path)
        assert said == f"{tmp_path}: found no datapackage.json, expected the folder of a data pack"


def test_a_template_is_written_in_the_form_of_its_name(
    root: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    del root
    asked: list[Any] = []

    def bound(name: str) -> Any:
        return lambda table, pack, form: asked.append((name, table, pack.manifest.name, form)) or b"content"

    monkeypatch.setattr(import_verbs, "bound", bound)
    out = tmp_path / "demand.XLSX"
    assert main(["template", "demand", str(out)]) == 0
    assert capsys.readouterr().out == f"demand: an empty table is in {out}.\n"
    assert out.read_bytes() == b"content"
    assert main(["template", "demand", str(tmp_path / "demand.ods"), "--filled"]) == 0
    assert capsys.readouterr().out == f"demand: its rows are in {tmp_path / 'demand.ods'}.\n"
    assert main(["template", "demand", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [{"table": "demand", "file": str(out), "bytes": 7}]
    assert asked == [
        ("lib.pack.imports.templates:template", "demand", "tiny", "xlsx"),
        ("lib.pack.imports.templates:filled", "demand", "tiny", "ods"),
        ("lib.pack.imports.templates:template", "demand", "tiny", "xlsx"),
    ]
    said = refused(capsys, "template", "demand", tmp_path / "demand.doc")
    assert said == 'demand.doc: found the name "demand.doc", expected one that ends in .xlsx, .csv or .ods'
    said = refused(capsys, "template", "demand", tmp_path / "gone" / "demand.csv")
    assert said.startswith(
        f"{tmp_path / 'gone' / 'demand.csv'}: found a folder that cannot be written to (No such file"
    )


def test_json_has_the_same_rows(root: Path, file: Path, capsys: Capture) -> None:
    del root
    rows = printed(capsys, "import", "demand", file, "--dry-run")
    assert main(["import", "demand", str(file), "--dry-run", "--json"]) == 0
    records = json.loads(capsys.readouterr().out)
    assert [record["part"] for record in records] == [row["part"] for row in rows]
    assert records[0] == {"part": "import", "item": "Demand: ours.csv", "before": None, "after": None}


@pytest.mark.parametrize(
    ("rows", "own"),
    [
        ([["Wards of the ONS"], [], ["Ward Code", "district_code", "ward_name", "longitude", "latitude"]], True),
        ([["ward_code", "district_code", "ward_name", "longitude", "latitude"]], True),
        ([["WD24CD", "WD24NM", "LONG", "LAT"]], False),
        ([["ward_code", "district_code"]], False),
        ([[""]] * 40 + [["ward_code", "district_code", "ward_name", "longitude", "latitude"]], False),
    ],
)
def test_wards_in_the_columns_of_the_template_are_told_by_their_names(
    monkeypatch: pytest.MonkeyPatch, rows: list[list[str]], own: bool
) -> None:
    """Whatever the file is called: then the reader of the pack's tables takes it, else the reader of the ONS's."""
    cells = pd.DataFrame([[*row, *[""] * (5 - len(row))] for row in rows])
    asked: list[str] = []

    def bound(name: str) -> Any:
        if name.endswith(":read_sheets"):
            return lambda upload: [SimpleNamespace(cells=cells)]
        return lambda *arguments, **options: asked.append(name)

    monkeypatch.setattr(registry, "bound", bound)
    kind_of("wards").read(cast(Pack, None), [Upload("wards.xlsx", b"")])
    table, areas = "lib.pack.imports.tables:read_pack_table", kind_of("wards").reader
    assert asked == [table if own else areas]


def test_a_file_that_is_no_sheet_is_for_the_reader_of_the_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def bound(name: str) -> Any:
        def read(*arguments: Any, **options: Any) -> None:
            asked.append(name)
            if name.endswith(":read_sheets"):
                raise PackError([Fault("wards.geojson", None, "", "no table", "a table")])

        return read

    monkeypatch.setattr(registry, "bound", bound)
    kind_of("wards").read(cast(Pack, None), [Upload("wards.geojson", b"")])
    assert asked == ["lib.pack.imports.sheet:read_sheets", kind_of("wards").reader]


@pytest.mark.parametrize("code", CODES)
def test_every_kind_has_its_reader(code: str) -> None:
    reader = kind_of(code).reader
    pytest.importorskip(reader.partition(":")[0])
    assert list(inspect.signature(registry.bound(reader)).parameters)[:3] == ["pack", "uploads", "progress"]


class Terminal(io.StringIO):
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "said"), [(Terminal(), " 30% 30 rows of a?[2J.csv read\n 50% half\n"), (io.StringIO(), "")]
)
def test_a_terminal_is_told_of_a_long_import_now_and_then(stream: io.StringIO, said: str) -> None:
    times = iter([0.0, 1.9, 2.1, 2.9, 3.2])
    progress = import_verbs.told(stream, lambda: next(times))
    for share, words in [(0.1, "too early"), (0.3, "30 rows of a\x1b[2J.csv read"), (0.4, "too soon"), (0.5, "half")]:
        progress(share, words)
    assert stream.getvalue() == said
