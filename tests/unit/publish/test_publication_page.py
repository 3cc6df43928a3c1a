"""The summary as a page: what it says, in which words, and that it needs nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from pack_folder import MANIFEST, PackFolder
from safe_release import release_by_hand

from lib.pack.load import Pack, load_pack
from lib.pack.manifest import Disclosure
from lib.publish.cells import SafeRelease
from lib.publish.content import name_faults, publication_of, refuse_names
from lib.publish.editions import publish
from lib.publish.glance import growth_words, wanted_words
from lib.publish.page import summary_page
from lib.publish.report import Report
from lib.whatif.scenarios.documents import ScenarioError, scenario_from


class Page(HTMLParser):
    """The elements of a page, its text, and its tables cell by cell."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.open: list[str] = []
        self.words = ""
        self.caption = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)
        if tag == "caption":
            self.caption = ""
        if tag == "tr":
            self.tables.setdefault(self.caption, []).append([])
        if tag in ("th", "td"):
            self.tables[self.caption][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            return
        self.words += data
        if "caption" in self.open:
            self.caption += data
        if {"th", "td"} & {*self.open}:
            self.tables[self.caption][-1][-1] += data


@pytest.fixture
def page(tiny: Pack) -> Page:
    scenario = scenario_from({"name": "Ageing only", "service": "home", "years": 2}, tiny)
    return Page(summary_page(publication_of(tiny, release_by_hand(), [scenario])))


def test_demand_is_told_by_district_service_type_and_cohort(page: Page) -> None:
    assert "\n40 adults are supported with 470 hours of care a week. 50 hours a week more are waiting.\n" in page.words
    assert page.tables["Home care: demand by district"] == [
        ["Area", "People supported", "Delivered hours (hours a week)", "Waiting hours (hours a week)",
         "Demand hours (hours a week)", "Open requests", "Trend"],
        ["Ash", "15", "160", "20", "180", "10", "rising"],
        ["Birch", "20", "270", "c", "300", "c", "c"],
        ["Cedar", "c", "c", "0", "c", "0", ""],
        ["Threeshire", "40", "470", "50", "520", "c", "rising"],
    ]  # fmt: skip
    assert page.tables["Home care: demand hours a week by district, service type and cohort"] == [
        ["District", "Day, older", "Day, younger"],
        ["Ash", "110", "c"],
        ["Birch", "200", "0"],
        ["Cedar", "", ""],
    ]
    whole = page.tables["Home care: demand of the whole area by service type and cohort"]
    assert whole[2] == ["Day", "Older", "30", "340", "10", "350", "c"]
    assert "Totals are rows of their own." in page.words


def test_the_first_screen_answers_what_a_reader_comes_with(page: Page, tiny: Pack) -> None:
    first = page.words[: page.words.index("What could come")]
    for said in (
        "Most care is needed inBirch (300 hours a week) and Ash (180); 1 of 3 districts not shown",
        "Most is waiting inAsh (10 open requests); 1 of 3 districts not shown",
        "The hours of carerise in 1 district; 1 of 2 districts not shown",
        "Whom to ask: not given",
        "It is not 0.",
    ):
        assert said in first, said
    # What is wanted of all service types together, the most first.
    release = release_by_hand()
    rows = [("E07000001", "Ash", "a little more"), ("E07000002", "Birch", "much more"), ("E07000003", "Cedar", "c")]
    frame = pd.DataFrame(rows, columns=["district_code", "district_name", "wanted"]).assign(
        service="home", service_name="Home care", service_type="all", service_type_name="All service types"
    )
    tables = tuple(replace(one, frame=frame) if one.name == "wanted" else one for one in release.tables)
    of = publication_of(tiny, replace(release, tables=tables))
    assert wanted_words(of, "home") == "Birch (much more); Ash (a little more); 1 of 3 districts not shown"


def test_where_hours_rose_most_is_counted_from_the_year_before(tiny: Pack) -> None:
    release = release_by_hand()
    trend = next(one for one in release.tables if one.name == "trend")
    before = trend.frame[trend.frame["period"] == "2024-12"].assign(period="2024-03", hours_per_week=100)
    frame = pd.concat([trend.frame, before], ignore_index=True)
    tables = tuple(replace(one, frame=frame) if one.name == "trend" else one for one in release.tables)
    # Ash: 160 in March 2025, 100 in March 2024. Birch rose too, and its direction is not shown.
    assert growth_words(publication_of(tiny, replace(release, tables=tables)), "home") == (
        "rise in 1 district, most in Ash (+60 hours a week in a year); 1 of 2 districts not shown"
    )


def test_the_other_parts_are_told(page: Page) -> None:
    assert page.tables["Home care: whole area, quarter by quarter"][2] == [
        "March 2025",
        "All cohorts",
        "470",
        "40",
        "c",
    ]
    assert page.tables["Home care: the quarter to March 2025 by area and cohort"][1:] == [
        ["Ash", "All cohorts", "rising", "160", "15", "0"],
        ["Birch", "All cohorts", "c", "270", "20", "0"],
    ]
    assert page.tables["Home care: open requests by locality"][1:] == [
        ["Ash", '=HYPERLINK("http://x")', "4 to 8 weeks", "10", "20"],
        ["Birch", "Other wards of the district", "c", "c", "c"],
    ]
    assert page.tables["Ageing only: 2024/25 and 2026/27 by area"][1:] == [
        ["Ash", "40", "40", "520", "c"],
        ["Threeshire", "40", "40", "520", "c"],
    ]
    assert "What is assumed: Years ahead: 2 years" in page.words
    assert page.tables["Home care: what the council wants to see grow"][1:] == [
        ["Ash", "a little more"],
        ["Birch", "c"],
    ]
    assert page.tables["Home care: providers and capacity by district"][2] == ["Threeshire", "10", "570", "1.10", "0"]
    assert "Enough care" in page.words
    assert "A count of 1 to 2 is suppressed" in page.words
    assert page.tables["What was suppressed, table by table"][1] == [
        "Demand by area, service type and cohort", "People supported", "9", "2", "22.2%",
    ]  # fmt: skip
    assert "Left out as a whole, as it could not be made safe: the table secret." in page.words
    assert "Demonstration data: not evidence about any real district or provider." in page.words


def test_what_is_not_known_and_what_is_suppressed_are_told_apart(tiny: Pack) -> None:
    release = release_by_hand()
    frame = release.tables[0].frame
    frame.loc[0, "people"] = float("nan")
    page = Page(summary_page(publication_of(tiny, release)))
    assert page.tables["Home care: demand by district"][1][1] == "not known"
    assert ("abbr", {"title": "suppressed"}) in page.tags


def test_the_map_shows_what_most_districts_show(tiny: Pack) -> None:
    release = release_by_hand()
    frame = release.tables[0].frame
    of_districts = (frame["area_kind"] == "district") & (frame["service_type"] == "all")
    frame.loc[of_districts, "demand_hours"] = "c"
    text = summary_page(publication_of(tiny, release))
    # 15 of Ash's 3,500 residents of 18 and over, 20 of Birch's 7,000.
    assert "Home care: people supported per 1,000 residents of the ages that the service is for" in text
    assert "from 2.9 in Birch to 4.3 in Ash" in text
    frame.loc[of_districts, "people"] = "c"
    assert "Map of the districts" not in summary_page(publication_of(tiny, release))


def test_every_picture_has_a_title_words_and_its_figures_beside_it(page: Page) -> None:
    pictures = [attributes for tag, attributes in page.tags if attributes.get("role") == "img"]
    assert len(pictures) == 7  # a map; three charts, each for light and for dark
    assert all(one["aria-label"] for one in pictures)
    assert len([tag for tag, _ in page.tags if tag == "figcaption"]) == 4
    text = page.words
    assert "Map of the districts: from" in text
    ids = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
    assert len(ids) == len({*ids})
    labels = {attributes["aria-labelledby"] for _, attributes in page.tags if attributes.get("aria-labelledby")}
    assert labels <= {*ids}


def test_the_page_needs_nothing_and_every_link_leads_somewhere(tiny: Pack, tmp_path: Path) -> None:
    folder = publish(tiny, tmp_path / "out").folder
    for path in (folder / "index.html", folder / "editions/0001/index.html"):
        text = path.read_text(encoding="utf-8")
        page = Page(text)
        ids = {attributes.get("id") for _, attributes in page.tags}
        for tag, attributes in page.tags:
            assert tag not in ("script", "link", "iframe", "object", "form", "img", "base", "image", "use")
            assert not {"src", "srcset", "xlink:href", "onclick", "onload"} & {*attributes}
            link = attributes.get("href")
            if link and link.startswith("#"):
                assert link[1:] in ids
            elif link:
                assert (path.parent / link).is_file(), link
        assert "default-src 'none'" in text
        assert not re.search(r"url\((?!#)|@import", text)


def test_without_any_table_the_page_still_says_whose_it_is(tiny: Pack) -> None:
    page = Page(summary_page(publication_of(tiny, SafeRelease((), Report(), {}, Disclosure()))))
    assert "Testshire: what care is needed, and where" in page.words
    assert page.words.count("not given") == 3
    assert "How to join" in page.words
    assert "What care is needed, and where\n" not in page.words


def test_how_to_join_whom_to_ask_and_who_may_be_named_come_from_the_manifest(tiny_folder: PackFolder) -> None:
    def change(document: dict[str, object]) -> None:
        document["how_to_join"] = "Write to us.\n\n<b>Then</b> wait.\n"
        document["contact"] = "care@example.org"
        document["names_may_be_shown"] = ["P2", "P5"]

    tiny_folder.change_json(MANIFEST, change)
    pack = load_pack(tiny_folder.root)
    assert name_faults(pack) == []
    made = publication_of(pack, release_by_hand())
    text = summary_page(made)
    assert "<p>Write to us.</p>\n<p>&lt;b&gt;Then&lt;/b&gt; wait.</p>" in text
    assert "<p>care@example.org</p>" in text
    assert "not given" not in text
    assert list(made.frame("providers")["provider_name"]) == ["<img src=x onerror=alert(1)>", "Elm Care"]
    assert "<li>Elm Care</li>" in text
    assert "<li>&lt;img src=x onerror=alert(1)&gt;</li>" in text
    assert "Fir Care" not in text


def test_nobody_is_named_by_default(tiny: Pack) -> None:
    made = publication_of(tiny, release_by_hand())
    assert "providers" not in made.tables
    assert "Elm Care" not in summary_page(made)


def test_a_name_that_the_pack_has_not_is_said(tiny_folder: PackFolder, tmp_path: Path) -> None:
    tiny_folder.change_json(MANIFEST, lambda document: document.update(names_may_be_shown=["P1", "P99"]))
    pack = load_pack(tiny_folder.root)
    said = 'datapackage.json, column names_may_be_shown: found "P99", expected a provider_id of market/providers.csv'
    assert [str(fault) for fault in name_faults(pack)] == [said]
    with pytest.raises(Exception, match=re.escape(said)):
        publish(pack, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_scenario_that_names_a_provider_is_refused(tiny: Pack) -> None:
    def named(*names: str) -> str:
        scenarios = [scenario_from({"name": name, "service": "home", "years": 1}, tiny) for name in names]
        try:
            refuse_names(tiny, scenarios)
        except ScenarioError as error:
            return str(error)
        return ""

    assert 'found "Exit of elm care", in which the provider "Elm Care" is named' in named("Exit of elm care")
    assert named("Elm Careful growth", "Growth") == ""
    assert "for two scenarios of one service" in named("Growth", "Growth")


def test_many_districts_are_drawn_without_names(tiny: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    from lib.publish import pictures

    monkeypatch.setattr(pictures, "MOST_NAMED", 2)
    text = summary_page(publication_of(tiny, release_by_hand()))
    (drawn,) = re.findall(r'<div class="wide paper".*?</div>', text, re.DOTALL)
    assert "Birch" not in re.sub(r"<[^>]*>", "", drawn)
    assert "suppressed or not known" in drawn
