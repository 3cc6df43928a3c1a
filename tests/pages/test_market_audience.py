"""The provider's view: what it says of a publication, what it refuses, and that it opens nothing but its folder."""

from __future__ import annotations

import builtins
import io
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import published
import pytest
from app_pages import PAGES, ROOT, acting, checked, text_of, tiles, unescaped, values, words
from streamlit.testing.v1 import AppTest

from lib.publish import pictures
from lib.view.live.access import may_change, may_read
from lib.view.market_audience.choices import Asked
from lib.view.market_audience.folder import kept_edition, newest_edition, whole_edition
from lib.view.market_audience.need import answer
from lib.view.market_audience.shown import View, one_of

ENTRY = "market/overview.py"
EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>'
REFUSED = "You may not read this dashboard: ask whoever looks after it."
NOTHING = "There is nothing to show yet"
HOSTILE = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) $x$ www.example.com"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publication of two editions whose council has said neither how to join nor whom to ask."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures, "to_svg", lambda chart: EMPTY)
        return published.write_by_hand(tmp_path_factory.mktemp("publication"), editions=2)


@pytest.fixture(autouse=True)
def market(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The app runs for the market, on the publication."""
    monkeypatch.setenv("AUDIENCE", "market")
    monkeypatch.setenv("PUBLICATION", str(folder))
    monkeypatch.delenv("PACK", raising=False)
    kept_edition.clear()
    yield
    kept_edition.clear()


def opened(entry: str = ENTRY, **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / entry), default_timeout=300)
    app.query_params.update(query)
    return checked(app.run())


def html(app: AppTest) -> str:
    return "\n".join(one.proto.body for one in app.get("html"))


def header(app: AppTest) -> str:
    return values(app, "header")[0]


def box(app: AppTest, label: str) -> Any:
    return next(one for one in app.selectbox if one.label == label)


@pytest.mark.parametrize("entry", [ENTRY, "overview.py"])
def test_it_says_what_is_needed_and_where(entry: str) -> None:
    app = opened(entry)
    assert values(app, "title") == ["Testshire: what care is needed, and where"]
    assert header(app).startswith(
        "Home care, 2024/25: 520 hours of care a week are needed, 40 adults are supported and the hours of care are "
        "rising. Most hours are needed in Birch: 300 a week (of the districts that are shown)."
    )
    assert ":violet-badge[modelled]" in header(app)
    assert [tab.label for tab in app.tabs] == [
        "How it has changed", "Open requests by locality", "Years ahead", "What is to grow", "The council's own words",
        "How to join, whom to ask", "What is withheld", "Open data",
    ]  # fmt: skip
    said = words(app)
    assert "For providers of care. Published by" in said
    assert "Edition 2. Data to 31 March 2025." in said
    assert "c: suppressed, so that nobody can be told apart." in said
    assert "suppressed (c) or not known" in html(app)
    assert acting(app) == []


def test_a_district_a_service_type_and_a_cohort_can_be_chosen() -> None:
    app = opened()
    assert box(app, "District").options == ["The whole of Testshire", "Ash", "Birch", "Cedar"]
    checked(box(app, "District").select("E07000002").run())
    assert '<dd class="tile-value">300</dd>' in html(app)
    assert '<dd class="tile-value">c</dd>' in html(app), "what is suppressed says c, and never 0"
    assert [one.label for one in app.selectbox] == ["Cohort", "District"], "one service type is nothing to choose from"
    checked(box(app, "Cohort").select("older").run())
    (said,) = values(app, "info")[:1]
    assert said == "No figures are published for this service type and cohort together: choose another."
    checked(box(app, "Cohort").select("all").run())
    assert header(app).startswith("Home care, 2024/25: 520 hours")


@pytest.mark.parametrize(
    ("cohort", "said"),
    [
        (
            "older",
            "Home care (day and older), 2024/25: 350 hours of care a week are needed and 30 adults are supported. Most "
            "hours are needed in Birch: 200 a week.",
        ),
        ("younger", "Home care (day and younger), 2024/25: the figures of the whole area are suppressed or not known."),
    ],
)
def test_the_sentence_is_of_what_is_chosen(cohort: str, said: str, folder: Path) -> None:
    view = View(newest_edition(folder)[0], "home")
    asked = Asked("day", cohort)
    assert answer(view, asked, one_of(view.rows("demand"), **asked.lot)) == said


def test_the_parts_have_what_the_council_publishes() -> None:
    app = opened()
    said = html(app)
    for words_of in ("Other wards of the district", "a little more", "4 to 8 weeks", "rising", "Enough care"):
        assert words_of in said
    assert '<abbr title="suppressed">c</abbr>' in said
    assert "withheld" not in said.replace("What is withheld", "").replace("withheld now", "").split("</style>")[-1]
    assert "A count of 1 to 2 is suppressed" in said
    assert "<h3>How to join</h3>\n<p>not given</p>" in said
    assert "<h3>Whom to ask</h3>\n<p>not given</p>" in said


SHORT = re.compile(r'<p class="market-short">(.*?)</p>')


def in_short(app: AppTest) -> str:
    return text_of(SHORT.findall(html(app))[0])


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({}, "a little more day in Ash (of what can be shown)."),
        ({"district": "E07000001"}, "a little more day in Ash."),
        ({"district": "E07000002"}, "nothing that can be shown (see What is to grow)."),
    ],
)
def test_the_first_screen_says_what_is_to_grow_and_how_to_join(query: dict[str, str], wanted: str) -> None:
    assert in_short(opened(**query)) == (
        f"The council wants to see grow: {wanted} How to join: not given. Whom to ask: not given."
    )


def test_what_the_council_says_at_length_is_cut_short_and_stands_whole_below(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "to_svg", lambda chart: EMPTY)
    long = "Apply on the portal. " * 20
    monkeypatch.setenv("PUBLICATION", str(published.write_by_hand(tmp_path, how_to_join=long, contact="a@b.example")))
    app = opened()
    assert in_short(app).endswith("How to join: Apply on the portal. Apply on the portal. Apply on the portal. "
                                  "Apply on the portal. Apply… (in full below) Whom to ask: a@b.example.")  # fmt: skip
    assert long.strip() in text_of(html(app))


def asked(app: AppTest) -> tuple[str, ...]:
    return tuple(box(app, label).value for label in ("Cohort", "District"))


@pytest.mark.parametrize(
    ("query", "chosen", "said"),
    [
        ({}, ("all", "all"), []),
        ({"district": "E07000003"}, ("all", "E07000003"), []),
        ({"district": "cedar", "cohort": "Older"}, ("older", "E07000003"), []),
        ({"DISTRICT": "“Cedar”."}, ("all", "E07000003"), []),
        ({"service": "home", "utm_source": "mail"}, ("all", "all"), []),
        ({"district": "Oz"}, ("all", "all"), ["The link's district “Oz” is not one of this publication: all districts "
                                              "are shown."]),
        ({"service": "nursing", "cohort": "older"}, ("older", "all"),
         ["The link's service “nursing” is not one of this publication: Home care is shown."]),
        ({"indicator": "coverage", "ward": "E05000001", "provider": "P1", "code": "home"}, ("all", "all"), []),
    ],
)  # fmt: skip
def test_a_link_gives_the_view(query: dict[str, str], chosen: tuple[str, ...], said: list[str]) -> None:
    app = opened(**query)
    assert asked(app) == chosen
    assert [unescaped(one.value) for one in app.warning] == said


def test_every_choice_stands_in_the_link_and_the_link_gives_it_again() -> None:
    app = opened()
    assert dict(app.query_params) == {}
    checked(box(app, "District").select("E07000002").run())
    checked(box(app, "Cohort").select("older").run())
    assert dict(app.query_params) == {"cohort": "older", "district": "E07000002"}
    again = opened(cohort="older", district="E07000002")
    assert asked(again) == asked(app)
    assert words(again) == words(app)
    checked(box(app, "District").select("all").run())
    checked(box(app, "Cohort").select("all").run())
    assert dict(app.query_params) == {}


def test_the_service_stands_in_the_link() -> None:
    app = opened(service="respite")
    assert header(app).endswith("no figures of what is needed are published.")
    checked(app.get("button_group")[0].set_value("home").run())
    assert dict(app.query_params) == {}
    checked(app.get("button_group")[0].set_value("respite").run())
    assert dict(app.query_params) == {"service": "respite"}


def test_a_service_without_figures_is_said() -> None:
    app = opened()
    switch = app.get("button_group")[0]
    checked(switch.set_value("respite").run())
    assert header(app).endswith("no figures of what is needed are published.")
    assert "nothing is known of it, or it could not be shown safely" in words(app)


def test_what_the_council_typed_is_shown_as_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "to_svg", lambda chart: EMPTY)
    given = {"how_to_join": HOSTILE, "contact": HOSTILE, "area": HOSTILE, "council": HOSTILE, "demonstration": HOSTILE}
    monkeypatch.setenv("PUBLICATION", str(published.write_by_hand(tmp_path, **given)))
    app = opened()
    assert acting(app) == []
    assert "&lt;img src=x onerror=alert(1)&gt;" in html(app)


def test_every_table_can_be_taken_away_as_published(folder: Path) -> None:
    app = opened()
    labels = [unescaped(one.proto.label) for one in app.get("download_button")]
    assert "The whole edition (zip)" in labels
    assert "Every table (Excel)" in labels
    for name in ("demand", "supply", "requests", "trend", "forecast", "wanted", "residents", "intentions"):
        assert f"{name} (CSV)" in labels
        assert f"{name} (JSON)" in labels


def test_a_file_that_somebody_put_beside_an_edition_is_not_given_away(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    (copy / "editions/0002/data/raw.csv").write_text("secret", encoding="utf-8")
    found, place = newest_edition(copy)
    names = zipfile.ZipFile(io.BytesIO(whole_edition(found, place))).namelist()
    assert {"datapackage.json", "index.html", "changes.html", "data/demand.csv", "data/wanted.json"} <= {*names}
    assert [name for name in names if "raw" in name] == []


def test_a_table_stands_beside_each_chart_where_it_is_opened() -> None:
    app = opened()
    closed = [one for one in app.expander if one.label == "The same as a table"]
    assert len(closed) == 4  # what is needed, the quarters, the open requests, the years ahead
    assert "Home care: what is needed, by area" not in html(app)


@pytest.mark.parametrize("page", PAGES[1:])
def test_no_page_of_the_commissioners_can_be_read(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from lib.pack import current

    def loaded(*arguments: object) -> None:
        raise AssertionError("a pack was read")

    monkeypatch.setattr(current.CurrentPack, "shown", loaded)
    monkeypatch.setattr(current.CurrentPack, "at_hand", loaded)
    monkeypatch.setenv("PACK", str(ROOT / "data"))
    app = AppTest.from_file(str(ROOT / "overview.py"), default_timeout=300)
    app.switch_page(page)
    checked(app.run())
    assert [one.value for one in app.error] == [REFUSED]
    assert not app.get("page_link")
    assert not app.get("download_button")
    assert values(app, "title") == []


def test_access_is_refused_by_the_audience_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asking: Any = None
    allowed = {}
    for word in ("market", "Market ", "markt", "public", "", "inside", " INSIDE"):
        monkeypatch.setenv("AUDIENCE", word)
        allowed[word] = may_read(asking), may_change(asking)
    no, yes = (False, False), (True, True)
    assert allowed == {"market": no, "Market ": no, "markt": no, "public": no, "": yes, "inside": yes, " INSIDE": yes}


def not_there(folder: Path) -> dict[str, str]:
    return {"PUBLICATION": str(folder / "nothing")}


def a_pack(folder: Path) -> dict[str, str]:
    return {"PUBLICATION": "", "PACK": str(ROOT / "data")}


def none(folder: Path) -> dict[str, str]:
    return {"PUBLICATION": "", "PACK": ""}


def mistyped(folder: Path) -> dict[str, str]:
    return {"AUDIENCE": "providers"}


@pytest.mark.parametrize(
    ("setting", "logged"),
    [
        (not_there, "nothing"),
        (a_pack, "the manifest of a data pack"),
        (none, "PUBLICATION: found no folder, expected a folder that python -m lib publish wrote"),
        (mistyped, 'AUDIENCE: found "providers", expected inside (the commissioners) or market (a publication alone)'),
    ],
)
def test_what_is_no_publication_is_refused_in_a_sentence(
    setting: Callable[[Path], dict[str, str]], logged: str, folder: Path, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    for name, value in setting(folder).items():
        monkeypatch.setenv(name, value)
    app = opened()
    assert values(app, "title") == [NOTHING]
    (said,) = app.error
    assert "Whoever looks after this site finds in its log" in said.value
    assert str(folder) not in words(app), "a reader is told no place on the server's disk"
    assert logged in caplog.text


def test_a_file_that_is_not_as_it_was_published_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "to_svg", lambda chart: EMPTY)
    out = published.write_by_hand(tmp_path)
    with (out / "editions/0001/data/demand.csv").open("a", encoding="utf-8") as file:
        file.write("home,secret\n")
    monkeypatch.setenv("PUBLICATION", str(out))
    assert values(opened(), "title") == [NOTHING]


def test_an_editions_own_folder_is_a_publication_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLICATION", "")
    monkeypatch.setenv("PACK", str(folder / "editions/0001"))
    assert "Edition 1. Data to" in words(opened())


def test_a_new_edition_is_shown_without_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "to_svg", lambda chart: EMPTY)
    out = published.write_by_hand(tmp_path, editions=2)
    (out / "editions/0002").rename(tmp_path / "later")
    monkeypatch.setenv("PUBLICATION", str(out))
    app = opened()
    assert "170 hours" not in header(app)
    (tmp_path / "later").rename(out / "editions/0002")
    checked(app.run())
    assert "Edition 2. Data to" in words(app)


def test_nothing_beside_the_publication_is_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the pack that it was made of, which lies beside it, nor the app's own."""
    asked: list[str] = []
    plain_open, os_open = builtins.open, os.open

    def noted(place: Any, *arguments: Any, **named: Any) -> Any:
        asked.append(str(place))
        return plain_open(place, *arguments, **named)

    def os_noted(place: Any, *arguments: Any, **named: Any) -> Any:
        asked.append(str(place))
        return os_open(place, *arguments, **named)

    monkeypatch.setattr(builtins, "open", noted)
    monkeypatch.setattr("io.open", noted)
    monkeypatch.setattr(os, "open", os_noted)
    opened()
    assert any(str(folder) in place for place in asked)
    raw = (str(folder.parent / "tiny"), str(ROOT / "data"))
    assert [place for place in asked if place.startswith(raw)] == []


def test_the_tiles_carry_their_status() -> None:
    assert all(one for one in tiles(opened()))


def test_it_is_presented_as_it_is_with_nothing_to_press_and_nothing_of_the_council() -> None:
    app = opened(present="true")
    said = text_of(html(app))
    assert "room-said" in html(app)
    assert "For providers of care. Published by" in said
    assert "c: suppressed" in said
    assert [
        kind for kind in ("selectbox", "button", "segmented_control", "tab", "page_link") if len(app.get(kind))
    ] == []
    district = next(iter(re.findall(r'class="room-name">([^<]+)<', html(app))))
    assert district
    assert "the council's own" in text_of(html(opened(order="any"))).replace("’", "'")


def test_a_presented_district_has_its_story(folder: Path) -> None:
    publication, _ = newest_edition(folder)
    rows = publication.frame("demand")
    code, name = rows.loc[rows["area_kind"] == "district", ["area_code", "area_name"]].iloc[0]
    service = rows.loc[rows["area_code"] == code, "service"].iloc[0]
    said = text_of(html(opened(present="true", district=code, service=service)))
    assert re.search(rf"{re.escape(name)} [a-z, ]+ {re.escape(name)} .* Hours needed a week", said)
