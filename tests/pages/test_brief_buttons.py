"""The briefs that pages offer: made on a click, the same bytes as on the command line, and not before."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_pages import OVERVIEW, PROVIDERS, ROOT, WHAT_IF, open_page
from service_pages import BREAKS, HOME, MARKET, Page, on_tab, opened

import lib.export.briefs.making as making
import lib.view.market.briefs as briefs
from lib.__main__ import main
from lib.export.briefs.tree import Brief, Heading
from lib.pack.load import load_pack
from lib.whatif.scenarios.presets import default_scenario

DISTRICT = ("Brief of this district (PDF)", "Brief of this district (HTML)")
SCENARIO = ("Decision record (HTML)", "Decision record (PDF)", "Scenario brief (PDF)", "Scenario brief (HTML)")
MAKE_ALL, ALL = "Make all districts' briefs (PDF)", "All districts' briefs (PDF)"
MARK = "_internal_do_not_share"


def labels(page: Page) -> list[str]:
    return [offer.label for offer in page.offers]


@pytest.fixture(scope="module")
def story() -> Page:
    return opened(OVERVIEW, {"service": BREAKS, "by_short_breaks": "district", "district": "E07000073"})


def test_a_districts_story_offers_its_brief_as_two_files(story: Page) -> None:
    names = [story.offer(label).name for label in DISTRICT]
    assert names == [f"E07000073_short_breaks_brief{MARK}.pdf", f"E07000073_short_breaks_brief{MARK}.html"]


@pytest.mark.parametrize(("label", "kind"), list(zip(DISTRICT, ("pdf", "html"), strict=True)))
def test_the_button_gives_the_bytes_of_the_command_line(story: Page, tmp_path: Path, label: str, kind: str) -> None:
    made = story.offer(label).data()
    out = tmp_path / f"out.{kind}"
    assert main(["brief", str(out), "--district", "Harlow", "--service", BREAKS, "--pack", str(ROOT / "data")]) == 0
    assert out.read_bytes() == (made.encode() if isinstance(made, str) else made)


def test_without_a_district_only_all_of_them_are_offered() -> None:
    page = on_tab(HOME, MARKET)
    assert not set(DISTRICT) & set(labels(page))
    assert [button.label for button in page.app.button if "briefs" in button.label] == [MAKE_ALL]


def test_a_group_of_districts_has_no_brief() -> None:
    page = opened(OVERVIEW, {"service": HOME, "by_domiciliary_care": "quadrant", "area_quadrant": "South"})
    assert not set(DISTRICT) & set(labels(page))


def test_a_pack_of_very_many_districts_is_left_to_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(briefs, "MOST", 11)
    app = open_page(OVERVIEW, {"service": HOME, "district": "E07000066"})
    assert not [button for button in app.button if "briefs" in button.label]
    (said,) = [one.value for one in app.caption if "too many" in one.value]
    assert said == (
        "12 districts are too many for one file here: `python -m lib brief FOLDER/ --all` makes one a district."
    )


def test_nothing_is_made_until_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*of: object) -> None:
        raise AssertionError("a brief was made at a rerun")

    monkeypatch.setattr(making, "district_brief", never)
    page = opened(OVERVIEW, {"service": HOME, "district": "E07000066"})
    page.app.run()
    assert not page.app.exception


def test_all_districts_are_made_once_with_progress_and_then_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    briefs.kept_file.clear()
    pack, told = load_pack(ROOT / "data"), []

    def one(every: object, code: str) -> Brief:
        return Brief(code, ("mark",), pack.manifest.as_of, (Heading(1, code),))

    say = briefs.say
    monkeypatch.setattr(making, "district_brief", one)
    monkeypatch.setattr(briefs, "say", lambda place, *words: (told.append(words), say(place, *words)))
    app = open_page(OVERVIEW, {"service": HOME, "district": "E07000066"})
    (button,) = [button for button in app.button if button.label == MAKE_ALL]
    button.click().run()
    assert not app.exception
    assert [(number, of) for number, of, _ in told] == [(number, 12) for number in range(1, 13)]
    assert told[0][2] == "Basildon"
    again = opened(OVERVIEW, {"service": HOME, "district": "E07000066"})
    offer = again.offer(ALL)
    assert offer.name == f"domiciliary_care_districts_brief{MARK}.pdf"
    assert offer.data.startswith(b"%PDF")
    assert MAKE_ALL not in [button.label for button in again.app.button]
    briefs.kept_file.clear()


def test_a_scenario_is_offered_as_a_record_and_as_a_brief(tmp_path: Path) -> None:
    page = opened(WHAT_IF, {"what_if_tab": "Scenarios", "service": BREAKS})
    assert [label for label in labels(page) if label in SCENARIO] == list(SCENARIO)
    assert page.offer("Scenario brief (PDF)").name == f"short_breaks_scenario_brief{MARK}.pdf"
    assert page.offer("Decision record (PDF)").name == f"short_breaks_decision_record{MARK}.pdf"
    file = tmp_path / "plan.json"
    file.write_text(default_scenario(load_pack(ROOT / "data"), BREAKS).model_dump_json(), encoding="utf-8")
    for kind in ("pdf", "html"):
        out = tmp_path / f"out.{kind}"
        assert main(["brief", str(out), "--scenario", str(file), "--pack", str(ROOT / "data")]) == 0
        made = page.offer(f"Scenario brief ({kind.upper()})").data()
        assert out.read_bytes() == (made.encode() if isinstance(made, str) else made)
    assert page.offer("Decision record (PDF)").data().startswith(b"%PDF-1.7")


def test_no_other_page_offers_a_brief() -> None:
    assert not [label for label in labels(opened(PROVIDERS, {"service": HOME})) if "rief" in label]
