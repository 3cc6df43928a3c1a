"""The button that publishes: where to, which scenarios, what is said of it, and who may not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.pack.faults import Fault, PackError
from lib.pack.load import Pack
from lib.publish import editions, pictures
from lib.publish.cells import SafeRelease
from lib.publish.read import read
from lib.publish.report import Loss, Report
from lib.view.engagement import publish as panel

EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>'
REPORT = Report((Loss("demand", "people", 10, 2, 1, 0.25),), (), (), 5.0)
NOTHING = "Nothing is published yet."


def page() -> None:
    from lib.view.engagement.publish import publication_panel
    from lib.view.page_pack import shown_pack

    publication_panel(shown_pack().pack)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the publication; in the place of disclosure control stands one that releases no table."""

    def nothing(pack: Pack, scenarios: Sequence[Any], earlier: Sequence[Any], limit: float) -> SafeRelease:
        return SafeRelease((), REPORT, {}, pack.manifest.disclosure, tuple(scenarios))

    monkeypatch.setattr(editions, "release", nothing)
    monkeypatch.setattr(pictures, "to_svg", lambda chart: EMPTY)
    monkeypatch.setenv("PUBLICATION", str(tmp_path / "public"))
    monkeypatch.delenv("CHANGES", raising=False)
    panel.kept_edition.clear()
    return tmp_path / "public"


def opened() -> AppTest:
    app = AppTest.from_function(page, default_timeout=120).run()
    assert not app.exception
    return app


def pressed(app: AppTest) -> AppTest:
    app.button(key="publish_now").click().run()
    assert not app.exception
    return app


def captions(app: AppTest) -> str:
    return " ".join(one.value for one in app.caption)


def test_a_press_publishes_and_says_what_was_suppressed(folder: Path) -> None:
    app = opened()
    assert NOTHING in captions(app)
    assert not app.get("download_button")
    app = pressed(app)
    (said,) = app.success
    assert said.value == (
        "Edition 1 is published. Of 10 figures of people, requests, providers and hours, 20.0% are suppressed by the "
        "first rules and 10.0% more so that no other can be worked out. What is worked out from these, such as "
        "coverage, is suppressed where one of them is."
    )
    found = read(folder)
    # The first ready-made scenario of each service, unless somebody chooses.
    assert [one.service for one in found.release.scenarios] == ["domiciliary_care", "short_breaks"]
    assert found.release.scenarios[0].name == "Ageing only"
    assert "Edition 1 is shown, with data to 31 March 2025." in captions(app)
    labels = [one.proto.label for one in app.get("download_button")]
    assert labels == ["Summary (HTML)", "The whole edition (zip)"]
    archive = zipfile.ZipFile(io.BytesIO(editions.zipped(folder, 1)))
    assert {"index.html", "datapackage.json"} <= {*archive.namelist()}


def test_a_second_press_makes_no_second_edition(folder: Path) -> None:
    app = pressed(pressed(opened()))
    assert app.success[0].value == "Nothing has changed since edition 1, and no new one was made."
    assert read(folder).about.edition == 1


def test_other_scenarios_make_another_edition(folder: Path) -> None:
    app = pressed(opened())
    app.multiselect(key="publish_scenarios").set_value([]).run()
    assert app.success == []
    pressed(app)
    assert (read(folder).about.edition, read(folder).release.scenarios) == (2, ())


def test_what_stands_in_the_way_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    (folder / "letter.txt").write_text("x", encoding="utf-8")
    app = pressed(opened())
    (said,) = app.error
    assert "a folder with other files in it, such as" in said.value
    assert [one.name for one in folder.iterdir()] == ["letter.txt"]

    def refused(*arguments: object) -> None:
        raise PackError([Fault("a.csv", 2, "b", "[x](javascript:alert(1))", "c")])

    monkeypatch.setattr(panel, "publish", refused)
    (said,) = pressed(opened()).error
    assert "](javascript" not in said.value


def test_an_edition_that_cannot_be_read_is_said(folder: Path) -> None:
    pressed(opened())
    (folder / "editions/0001/datapackage.json").write_text("{", encoding="utf-8")
    panel.kept_edition.clear()
    app = opened()
    assert "no publication" in app.error[0].value
    assert not app.get("multiselect")


def test_who_may_not_change_anything_may_not_publish(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pressed(opened())
    monkeypatch.setenv("CHANGES", "off")
    app = opened()
    (said,) = app.info
    assert said.value == "Nothing can be published from here: ask whoever looks after the dashboard."
    assert not [one for one in app.button if one.key == "publish_now"]
    assert len(app.get("download_button")) == 2


def test_without_a_name_the_folder_is_beside_the_saved_scenarios(
    scenarios_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PUBLICATION")
    pressed(opened())
    assert read(scenarios_folder / "essex-care-market-publication").about.edition == 1
