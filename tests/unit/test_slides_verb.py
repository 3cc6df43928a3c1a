"""The verb slides: what it writes and says, what it refuses in one sentence, and what the market's deck holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import published
import pytest
from pptx import Presentation
from slide_decks import alt, as_potx, council_template, every_shape, notes, titles, without_bodies, words_of

from lib.__main__ import main
from lib.export.slides.running import slides_of_order
from lib.export.slides.template import LARGEST, template_of
from lib.pack.faults import PackError
from lib.pack.load import Pack
from lib.publish import pictures, preview
from lib.publish.read import read as read_edition
from lib.whatif.running_orders.order import OrderError, RunningOrder, View
from lib.whatif.scenarios.database import file_address
from lib.whatif.scenarios.link import to_link
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.scenarios.store import open_store

Capture = pytest.CaptureFixture[str]
Run = Callable[..., tuple[int, str, str]]
GROWTH = {"name": "Growth", "service": "home", "years": 1, "demand": {"need_growth_pct": 10, "demographic": False}}
FINDING = "Lot by lot, 35 hours a week have no provider with room for them"
EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>'


@pytest.fixture
def run(tiny: Pack, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> Run:
    monkeypatch.setenv("PACK", str(tiny.root))
    monkeypatch.setenv("SCENARIOS", "")

    def of(*arguments: Any) -> tuple[int, str, str]:
        try:
            status = main([str(one) for one in arguments])
        except SystemExit as usage:
            status = int(str(usage.code))
        return status, *capsys.readouterr()

    return of


# What it writes.


def test_every_service_with_figures_has_slides(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.pptx"
    out.write_bytes(b"an older file")
    status, said, wrong = run("slides", out)
    assert (status, wrong) == (0, "")
    found = titles(Presentation(str(out)))
    assert said == f"{out}: {len(found)} slides, internal, do not share.\n"
    assert [title for title in found if title.endswith(" in Testshire")] == [
        "Home care in Testshire",
        "Respite in Testshire",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["out.pptx"]


def test_one_service_with_a_scenario_as_json(run: Run, tmp_path: Path) -> None:
    out, scenario = tmp_path / "OUT.PPTX", tmp_path / "growth.json"
    scenario.write_text(json.dumps(GROWTH), encoding="utf-8")
    status, said, _ = run("slides", out, "--service", "home", "--scenario", scenario, "--json")
    assert status == 0
    (row,) = json.loads(said)
    found = titles(Presentation(str(out)))
    assert row == {"file": str(out), "slides": len(found), "bytes": out.stat().st_size}
    assert "Respite in Testshire" not in found
    assert any(title.startswith("If need grows 10% a year") for title in found)


def test_the_councils_template_is_used(run: Run, tmp_path: Path) -> None:
    """One that has no layout of a title alone, and none of a title slide."""
    template, out = tmp_path / "b.potx", tmp_path / "out.pptx"
    template.write_bytes(as_potx(council_template(title_only=False)))
    assert run("slides", out, "--service", "respite", "--template", template)[0] == 0
    made = Presentation(str(out))
    assert made.slide_width.pt == 720
    assert titles(made)[0] == "Respite in Testshire"
    for slide in made.slides:
        assert all(one.has_text_frame and one.text_frame.text for one in slide.placeholders)


# What it refuses: one sentence, and no file.

CASES = [
    (["out.txt"], 'out.txt: found the name "out.txt", expected one that ends in .pptx'),
    (["no/out.pptx"], "no: found no such folder, expected a folder to write into"),
    (["folder.pptx"], "folder.pptx: found a folder, expected a file to write"),
    (["out.pptx", "--service", "x"], 'service: found "x", expected one of home, respite'),
    (
        ["out.pptx", "--scenario", "no.json"],
        "no.json: found a file that cannot be read (No such file or directory), expected a scenario in JSON",
    ),
    (
        ["out.pptx", "--service", "respite", "--scenario", "growth.json"],
        'growth.json: found a scenario of "home", expected respite, as the slides are of that',
    ),
    (
        ["out.pptx", "--template", "no.pptx"],
        "no.pptx: found no such file, expected a PowerPoint file that ends in .pptx or .potx",
    ),
    (
        ["out.pptx", "--template", "words.pptx"],
        "words.pptx: found a file of another kind, expected a PowerPoint file that ends in .pptx or .potx",
    ),
    (
        ["out.pptx", "--template", "bare.pptx"],
        "bare.pptx: found no layout with both, or none with room enough, expected a layout with a title and a body",
    ),
    (
        ["out.pptx", "--order", "Autumn", "--service", "home"],
        "--order: found --service beside it, expected no other choice, as its views say what they show",
    ),
    (
        ["out.pptx", "--order", "Autumn", "--audience", "market"],
        "--order: found --audience market, expected --audience inside, as its views show inside figures",
    ),
    (
        ["out.pptx", "--publication", "folder.pptx"],
        "--publication: found --audience inside, expected --audience market beside it",
    ),
    (
        ["out.pptx", "--audience", "market", "--publication", "folder.pptx", "--scenario", "growth.json"],
        "--scenario: found --publication beside it, expected none, as a publication has its own scenarios",
    ),
    (
        ["out.pptx", "--audience", "market", "--publication", "folder.pptx"],
        "folder.pptx/datapackage.json: found no such file, expected a folder that python -m lib publish wrote",
    ),
    (
        ["out.pptx", "--order", "Autumn", "--store", "saved.db"],
        'There is no running order "Autumn": none is saved yet.',
    ),
]


@pytest.mark.parametrize(("arguments", "expected"), CASES)
def test_what_cannot_be_done_is_one_sentence_and_no_file(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], expected: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.pptx").mkdir()
    Path("growth.json").write_text(json.dumps(GROWTH), encoding="utf-8")
    Path("words.pptx").write_text("words", encoding="utf-8")
    Path("bare.pptx").write_bytes(without_bodies())
    open_store(file_address(tmp_path / "saved.db"))
    before = sorted(path.name for path in tmp_path.iterdir())
    assert run("slides", *arguments) == (1, "", f"{expected}\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_place_without_room_keeps_the_older_file(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out.pptx"
    out.write_bytes(b"older")

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    status, _, wrong = run("slides", out, "--service", "respite")
    assert status == 1
    assert (
        wrong
        == f"{out}: found a file that cannot be written (No space left on device), expected a place with room in it\n"
    )
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("out.pptx", b"older")]


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", council_template()[:2000]])
def test_a_damaged_template_is_refused(damage: bytes) -> None:
    with pytest.raises(PackError, match=r"^a\.pptx: found a file of another kind, expected a PowerPoint file"):
        template_of(damage, "a.pptx")


def test_a_template_that_is_too_large_is_refused() -> None:
    with pytest.raises(PackError, match=r"found a file of 50 MB, expected one of at most 50 MB"):
        template_of(b"0" * (LARGEST + 1), "a.pptx")


# A running order.


def test_a_running_order_becomes_slides_in_its_order(tiny: Pack) -> None:
    link = to_link(default_scenario(tiny, "home", 1), tiny)
    views = (
        View(page="Respite", query={"indicator": ["people_per_1000"]}),
        View(page="Overview", title="Where are we short?", note="Say hello.", query={"district": ["E07000002"]}),
        View(page="What_if", query={"scenario": [link]}, title="In a year"),
        View(page="Home", query={"by_home": ["side"], "types_home": ["night"], "indicator": ["nonsense"]}),
        View(page="Providers", query={"service": ["home"]}),
        View(page="Market_engagement"),
        View(page="Data"),
        View(page="Service", query={"code": ["gone"]}),
        View(page="What_if", query={"scenario": ["cut"]}),
    )
    slides, doubts = slides_of_order(tiny, RunningOrder(name="Autumn", views=views))
    assert [(one.kind, one.service, one.indicator, one.area, one.title, one.note) for one in slides] == [
        ("opening", "respite", "", "all", "Autumn", ""),
        ("indicator", "respite", "people_per_1000", "all", "", ""),
        ("indicator", "home", "coverage", "E07000002", "Where are we short?", "Say hello."),
        ("years", "home", "", "all", "In a year", ""),
        ("year_map", "home", "", "all", "", ""),
        ("indicator", "home", "coverage", "all", "", ""),
        ("table", "home", "", "all", "", ""),
        ("indicator", "home", "waiting_share", "all", "", ""),
        ("sources", "home", "", "all", "", ""),
    ]
    assert (slides[5].selection.service_types, slides[5].selection.group_by) == (("night",), "side")
    assert (
        doubts[0] == 'View 8 of "Autumn": the data pack has no figures for the page "Service", and it makes no slide.'
    )
    assert doubts[1].startswith('View 9 of "Autumn": ')
    with pytest.raises(OrderError, match='The running order "Autumn" has no view that makes a slide'):
        slides_of_order(tiny, RunningOrder(name="Autumn", views=views[7:]))


def test_a_saved_running_order_by_its_name(run: Run, tiny: Pack, tmp_path: Path) -> None:
    store = open_store(file_address(tmp_path / "saved.db"))
    view = View(page="Overview", title="Where are we short?", note="Say hello.\nThen wait.")
    order = RunningOrder(name="Autumn", views=(view, View(page="Gone")))
    store.orders.add("Autumn", "", tiny.manifest.name, order.document())
    out = tmp_path / "out.pptx"
    status, said, told = run("slides", out, "--order", "Autumn", "--store", tmp_path / "saved.db")
    assert (status, said) == (0, f"{out}: 2 slides, internal, do not share.\n")
    assert told == 'View 2 of "Autumn": the data pack has no figures for the page "Gone", and it makes no slide.\n'
    made = Presentation(str(out))
    assert titles(made) == ["Autumn", "Where are we short?"]
    assert notes(made.slides[1]).startswith("Say hello.\nThen wait.\n")
    assert FINDING in words_of(made.slides[1])


# The market.


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition of a release that was made by hand, with suppressed and unknown cells."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures, "to_svg", lambda chart: EMPTY)
        return published.write_by_hand(tmp_path_factory.mktemp("published"))


def test_the_markets_deck_is_made_of_a_publication_alone(
    run: Run, edition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, again = tmp_path / "out.pptx", tmp_path / "again.pptx"
    status, said, told = run("slides", out, "--audience", "market", "--publication", edition, "--pack", "nowhere")
    assert (status, told) == (0, "")
    assert said.endswith(", for the market.\n")
    made = Presentation(str(out))
    whole = " ".join([*(words_of(slide) + notes(slide) for slide in made.slides)])
    assert "Internal" not in whole
    assert "c in a table stands for a figure that is withheld" in whole
    assert {cell for slide in made.slides for cell in cells(slide)} >= {"c"}
    for slide in made.slides:
        assert all(alt(shape) for shape in every_shape(slide.shapes))
        assert "Status: " in notes(slide)
        assert "Source: " in notes(slide)
    # Without a folder, the publication that would be made now: here, the same.
    monkeypatch.setattr(preview, "preview", lambda *arguments: SimpleNamespace(publication=read_edition(edition)))
    status, said, told = run("slides", again, "--audience", "market")
    assert status == 0
    assert told == "Working out what may be shown to the market: this can take a minute.\n"
    assert [words_of(slide) for slide in Presentation(str(again)).slides] == [words_of(slide) for slide in made.slides]
    status, _, told = run("slides", again, "--audience", "market", "--publication", edition, "--service", "x")
    assert (status, told) == (1, '--service: found "x", expected one of home, respite\n')


def cells(slide: Any) -> list[str]:
    """The cells of the tables of a slide."""
    tables = [shape.table for shape in slide.shapes if shape.has_table]
    return [cell.text for table in tables for row in table.rows for cell in row.cells]
