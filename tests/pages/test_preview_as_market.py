"""Preview as the market: the provider's own page of what would be published now, with what is withheld and why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import published
import pytest
from app_pages import ENGAGEMENT, ROOT, checked, values, words
from streamlit.testing.v1 import AppTest

from lib.pack.load import Pack
from lib.publish import pictures
from lib.publish import preview as module
from lib.publish.cells import SafeRelease
from lib.publish.why import Why
from lib.view.engagement import preview
from lib.view.market_audience.folder import kept_edition

EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>'
MARKS = re.compile(r' ?<mark class="withheld">([^<]*)</mark>')


@pytest.fixture(autouse=True)
def by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The pack, and in the place of disclosure control a release by hand with a reason for some of its cells."""
    monkeypatch.setattr(pictures, "to_svg", lambda chart: EMPTY)
    out = published.write_by_hand(tmp_path)
    release = published.by_hand()

    def given(pack: Pack, scenarios: Sequence[Any], earlier: Sequence[Any], limit: float) -> SafeRelease:
        assert [one.dates for one in earlier] in ([], [release.dates]), "every edition before it is taken into account"
        return release

    def reasons(*arguments: object) -> dict[Any, Why]:
        return {
            ("demand", 2, "people"): Why.FEW, ("demand", 2, "demand_hours"): Why.PROVIDERS,
            ("demand", 1, "open_requests"): Why.OTHERS, ("wanted", 1, "wanted"): Why.FOLLOWS,
        }  # fmt: skip

    monkeypatch.setattr(module, "release", given)
    monkeypatch.setattr(module, "reasons", reasons)
    monkeypatch.setenv("PACK", str(tmp_path / "tiny"))
    monkeypatch.delenv("AUDIENCE", raising=False)
    preview.made_now.clear()
    kept_edition.clear()
    return out


def previewed() -> AppTest:
    app = AppTest.from_file(str(ROOT / "overview.py"), default_timeout=300)
    app.switch_page(ENGAGEMENT)
    app.session_state["preview_as_market"] = True
    return checked(app.run())


def html(app: AppTest) -> str:
    return "\n".join(one.proto.body for one in app.get("html"))


def view_of(app: AppTest) -> str:
    """What is drawn of the publication: header, tiles, tables and words, without the marks."""
    tables = [
        body for body in (one.proto.body for one in app.get("html")) if 'class="shared' in body or "tiles" in body
    ]
    return MARKS.sub("", "\n".join([values(app, "header")[0], *tables]))


def test_the_switch_is_off_at_first_and_the_board_is_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PUBLICATION", str(tmp_path / "nothing"))
    app = AppTest.from_file(str(ROOT / "overview.py"), default_timeout=300)
    app.switch_page(ENGAGEMENT)
    checked(app.run())
    (toggle,) = app.toggle
    assert (toggle.label, toggle.value) == ("Preview as the market", False)
    assert "Publish for providers" in values(app, "subheader")
    checked(toggle.set_value(True).run())
    assert "Publish for providers" not in values(app, "subheader")
    assert "Nothing is published by looking." in words(app)
    assert not (tmp_path / "nothing").exists()


def test_it_is_the_providers_own_page(by_hand: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PUBLICATION", str(tmp_path / "first"))
    inside = previewed()
    monkeypatch.setenv("AUDIENCE", "market")
    monkeypatch.setenv("PUBLICATION", str(by_hand))
    outside = checked(AppTest.from_file(str(ROOT / "market/overview.py"), default_timeout=300).run())
    assert view_of(inside) == view_of(outside)
    assert MARKS.findall(html(outside)) == []
    tabs = [tab.label for tab in outside.tabs]
    assert [tab.label for tab in inside.tabs] == tabs
    assert [one.label for one in inside.selectbox] == [one.label for one in outside.selectbox]
    labels = [one.proto.label for one in outside.get("download_button")]
    assert [one.proto.label for one in inside.get("download_button")] == labels


def test_what_is_withheld_is_marked_with_its_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PUBLICATION", str(tmp_path / "first"))
    app = previewed()
    assert "rests on c" in MARKS.findall(html(app))
    district = next(one for one in app.selectbox if one.label == "District")
    checked(district.select("E07000003").run())
    assert {"few people", "few providers"} <= {*MARKS.findall(html(app))}
    said = words(app)
    assert "suppressed by the first rules" in said
    assert "Left out as a whole: secret. It could not be made safe." in said
    assert "Internal" in said


def test_editions_before_are_taken_into_account(by_hand: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLICATION", str(by_hand))
    assert "Edition 2. Data to" in words(previewed())
    assert len([*(by_hand / "editions").iterdir()]) == 1


def test_a_folder_of_something_else_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("x", encoding="utf-8")
    monkeypatch.setenv("PUBLICATION", str(tmp_path / "letters"))
    assert "a folder with other files in it" in previewed().error[0].value


def test_presented_it_holds_for_the_whole_show(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PUBLICATION", str(tmp_path / "nothing"))
    for page in (ENGAGEMENT, "pages/3_Providers.py", "pages/4_What_if.py", "pages/6_Data.py"):
        app = AppTest.from_file(str(ROOT / "overview.py"), default_timeout=300)
        app.query_params["present"] = "true"
        app.switch_page(page)
        app.session_state["preview_as_market"] = True
        checked(app.run())
        assert "For providers of care. Published by" in html(app)
        assert "Provider 1" not in html(app)
        assert "ranked list" not in html(app)
