"""The verb brief: what it writes, what it says and where, and with which exit status; and briefs for the market."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import published
import pytest
from pdf_read import attached, information, words
from tiny_pack import ASH

from lib.__main__ import main
from lib.export.briefs.html import to_html
from lib.export.briefs.making import rendered
from lib.export.briefs.market import NOT_MADE, Market, for_market
from lib.export.briefs.tree import Beside, Brief, Part, Table, Tiles
from lib.pack.faults import SelectionError
from lib.pack.load import Pack
from lib.publish import pictures
from lib.publish.parts import shown
from lib.publish.read import read
from lib.whatif.scenarios.documents import scenario_from

Capture = pytest.CaptureFixture[str]
Run = Callable[..., tuple[int, str, str]]
EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>'
INTERNAL = "do not share"
PLAN = {
    "name": "Growth", "service": "home", "years": 1, "demand": {"need_growth_pct": 3, "demographic": False},
    "range": {"draws": 100},
}  # fmt: skip


@pytest.fixture
def run(tiny: Pack, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> Run:
    monkeypatch.setenv("PACK", str(tiny.root))

    def of(*arguments: str) -> tuple[int, str, str]:
        status = main(["brief", *arguments])
        return status, *capsys.readouterr()

    return of


@pytest.fixture
def plan(tmp_path: Path) -> str:
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(PLAN), encoding="utf-8")
    return str(file)


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publication of a pack that holds secrets."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures, "to_svg", lambda chart: EMPTY)
        return published.write_with_secrets(tmp_path_factory.mktemp("published"))


# What is written.


def test_a_districts_brief_as_pdf_and_html(run: Run, tmp_path: Path) -> None:
    for name in ("ash.pdf", "ash.html", "ash.HTM"):
        out = tmp_path / name
        assert run(str(out), "--district", "ash", "--service", "home") == (0, f"Ash: the brief is in {out}.\n", "")
    assert "Ash" in words((tmp_path / "ash.pdf").read_bytes())
    assert (tmp_path / "ash.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ash.HTM", "ash.html", "ash.pdf"]


def test_the_same_call_writes_the_same_bytes(run: Run, tmp_path: Path) -> None:
    for name in ("one.pdf", "other.pdf"):
        run(str(tmp_path / name), "--district", ASH, "--service", "respite")
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "other.pdf").read_bytes()


def test_all_districts_in_one_file_with_progress(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "all.pdf"
    status, said, told = run(str(out), "--all", "--service", "home")
    assert (status, said) == (0, f"3 districts: the brief is in {out}.\n")
    assert told == "1 of 3: Ash\n2 of 3: Birch\n3 of 3: Cedar\n"
    text = words(out.read_bytes())
    assert all(name in text for name in ("Ash: ", "Birch: ", "Cedar: "))


def test_all_districts_in_a_folder_one_file_each(run: Run, tmp_path: Path) -> None:
    for folder in (f"{tmp_path / 'new'}{os.sep}", str(tmp_path / "new")):
        status, said, _ = run(folder, "--all", "--service", "respite")
        assert (status, said) == (0, f"3 districts: the briefs are in {tmp_path / 'new'}.\n")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        f"{code}_{name}_brief_internal_do_not_share.pdf"
        for code, name in (("E07000001", "Ash"), ("E07000002", "Birch"), ("E07000003", "Cedar"))
    ]


def test_a_scenario_alone_is_its_own_brief(run: Run, tmp_path: Path, plan: str) -> None:
    out = tmp_path / "plan.pdf"
    assert run(str(out), "--scenario", plan, "--who", "A. Nalyst")[:2] == (0, f"Growth: the brief is in {out}.\n")
    data = out.read_bytes()
    assert information(data)["Title"] == "Scenario brief: Growth"
    assert "A. Nalyst" in words(data)


def test_a_scenario_beside_a_district_is_that_of_its_years_ahead(run: Run, tmp_path: Path, plan: str) -> None:
    out = tmp_path / "ash.html"
    assert run(str(out), "--scenario", plan, "--district", ASH)[0] == 0
    page = out.read_text(encoding="utf-8")
    assert "Scenario: Growth." in page
    assert page.count("<h1>") == 1


def test_a_warning_of_a_scenario_is_on_stderr(run: Run, tmp_path: Path) -> None:
    old = tmp_path / "old.json"
    old.write_text(json.dumps({**PLAN, "pack_name": "another"}), encoding="utf-8")
    status, _, told = run(str(tmp_path / "out.html"), "--scenario", str(old))
    assert status == 0
    assert "saved with another data pack, another" in told


def test_a_decision_record_is_written_as_pdf_too(tiny: Pack, tmp_path: Path, plan: str, capsys: Capture) -> None:
    out = tmp_path / "record.pdf"
    assert main(["record", plan, str(out), "--who", "A. Nalyst", "--pack", str(tiny.root)]) == 0
    assert capsys.readouterr().out.endswith(f"figures are recorded in {out}.\n")
    data = out.read_bytes()
    assert information(data)["Title"] == "Decision record: Growth"
    assert json.loads(attached(data)["decision-record.json"])["who"] == "A. Nalyst"


# What is refused.


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["OUT.pdf"], "brief: found neither a district nor a scenario, expected --district, --all or --scenario"),
        (["OUT.doc", "--district", "Ash"], 'OUT: found "OUT.doc", expected a name that ends in .pdf or .html'),
        (["OUT", "--all"], 'OUT: found "OUT", expected a name that ends in .pdf or .html, or a folder'),
        (
            ["OUT.pdf", "--district", "Oak"],
            'district: found "Oak", expected a code or a name: E07000001 (Ash), E07000002 (Birch), E07000003 (Cedar)',
        ),
        (["OUT.pdf", "--district", "Ash", "--service", "none"], 'service: found "none", expected one of home, respite'),
        (
            ["OUT.pdf", "--scenario", "none.json"],
            "none.json: found a file that cannot be read (No such file or directory), expected a scenario in JSON",
        ),
        (
            ["nowhere/OUT.html", "--district", "Ash", "--service", "respite"],
            "OUT.html: found a file that cannot be written (No such file or directory), expected a folder that is "
            "there, with room in it",
        ),
        (
            ["nowhere/folder/", "--all"],
            "OUT: found a folder that cannot be made (No such file or directory), expected one in a folder that is "
            "there",
        ),
        (
            ["OUT.pdf", "--district", "Ash", "--publication", "there"],
            "--publication: found it for the audience inside, expected --audience market beside it",
        ),
        (
            ["OUT.pdf", "--district", "Ash", "--scenario", "PLAN", "--service", "respite"],
            'scenario, service: found "home", expected respite, as --service says',
        ),
    ],
)
def test_what_cannot_be_made_is_one_sentence_and_no_file(
    run: Run, tmp_path: Path, plan: str, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*(plan if one == "PLAN" else one for one in arguments)) == (1, "", f"{sentence}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


def test_a_missing_publication_is_one_sentence(run: Run, tmp_path: Path) -> None:
    status, said, wrong = run(
        str(tmp_path / "x.pdf"), "--district", "Ash", "--audience", "market", "--publication", str(tmp_path)
    )
    assert (status, said, wrong.count("\n")) == (1, "", 1)
    assert "expected a folder that python -m lib publish wrote" in wrong
    assert [*tmp_path.iterdir()] == []


# For the market.


def parts_of(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        yield part
        if isinstance(part, Beside):
            for column in part.columns:
                yield from parts_of(column)


def test_a_market_brief_is_of_a_publication_alone(
    run: Run, secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACK", str(tmp_path / "no pack is there"))
    arguments = ("--audience", "market", "--publication", str(secret))
    for name in ("ash.pdf", "ash.html"):
        assert run(str(tmp_path / name), "--district", "Ash", *arguments)[0] == 0
    assert run(f"{tmp_path / 'all'}/", "--all", *arguments)[0] == 0
    assert sorted(path.name for path in (tmp_path / "all").iterdir()) == [
        "E07000001_Ash_brief.pdf", "E07000002_Birch_brief.pdf", "E07000003_Cedar_brief.pdf",
    ]  # fmt: skip
    files = [words(path.read_bytes()) for path in (tmp_path / "ash.pdf", *(tmp_path / "all").iterdir())]
    page = (tmp_path / "ash.html").read_text(encoding="utf-8")
    assert not [one for one in (*published.RAW, *published.NAMES) if one in page]
    files.append(unescape(re.sub(r"<[^>]+>", " ", page)))  # without the coordinates of pictures
    for text in files:
        assert INTERNAL not in text
        for figure in (*published.RAW, *published.NAMES, "613", "587", "41,603"):
            assert figure not in text, figure
        assert "c in a table stands for a figure that is withheld" in text


def test_every_figure_of_a_market_brief_stands_in_the_publication(secret: Path) -> None:
    publication = read(secret)
    known = {
        shown(value)
        for table in publication.tables.values()
        for row in table.frame.to_dict("records")
        for value in row.values()
    }
    source = Market(publication)
    names = source.names()
    assert names == {"E07000001": "Ash", "E07000002": "Birch", "E07000003": "Cedar"}
    withheld = 0
    for code in names:
        brief = source.of_district(code)
        assert isinstance(brief, Brief)
        for part in parts_of(brief.parts):
            cells = [tile.value for tile in part.tiles] if isinstance(part, Tiles) else []
            cells += [cell for row in part.rows for cell in row[part.names :]] if isinstance(part, Table) else []
            withheld += cells.count("c")
            assert set(cells) - {""} <= known
            if isinstance(part, Tiles):
                assert all(tile.status for tile in part.tiles)
    assert withheld > 0


def test_a_scenario_for_the_market_is_what_the_publication_forecasts(
    run: Run, tiny: Pack, plan: str, tmp_path: Path
) -> None:
    out = tmp_path / "plan.html"
    status, said, _ = run(str(out), "--scenario", plan, "--audience", "market")
    assert (status, said) == (0, f"Growth: the brief is in {out}.\n")
    page = unescape(out.read_text(encoding="utf-8"))
    assert INTERNAL not in page
    assert "If what it assumes holds" in page
    assert "Need growth: 3% a year" in page
    assert NOT_MADE in page
    again = for_market(tiny, (), scenario_from(PLAN, tiny), None)
    assert to_html(again.of_scenario()) == out.read_text(encoding="utf-8")
    assert rendered(again.of_district(ASH), "pdf").startswith(b"%PDF-1.7")
    assert "The years ahead" in to_html(again.of_district(ASH))
    assert again.title().startswith("Market briefs: ")


def test_what_a_publication_has_not_is_refused(secret: Path) -> None:
    publication = read(secret)
    with pytest.raises(SelectionError, match=r'^service: found "none", which the publication does not have, expected'):
        Market(publication, ["none"])
    with pytest.raises(SelectionError, match=r'^scenario: found "Growth", of which the publication has no forecast'):
        Market(publication, (), "Growth")
    with pytest.raises(SelectionError, match="neither a pack nor a publication"):
        for_market(None, (), None, None)
    assert not re.search(r"internal", Market(publication).of_district(ASH).title)
