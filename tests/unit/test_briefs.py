"""Briefs: what they say, worked out by hand on the tiny pack, and that their PDF is one for everybody."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import hostile_text
import pack_copies
import pandas as pd
import pytest
from pack_folder import PackFolder
from pdf_read import attached, information, language, pages_of, tags, words
from tiny_pack import ASH, BIRCH, CEDAR

from lib.__main__ import main
from lib.export.briefs.district import district_brief
from lib.export.briefs.district_second import shown_years
from lib.export.briefs.district_set import DistrictSet
from lib.export.briefs.html import to_html
from lib.export.briefs.making import Inside, district_code, file_name, no_progress
from lib.export.briefs.pdf import to_pdf
from lib.export.briefs.pictures import nearest_ranks
from lib.export.briefs.record import record_brief
from lib.export.briefs.scenario import scenario_brief
from lib.export.briefs.tree import (
    Beside,
    Brief,
    Bullets,
    Heading,
    NewPage,
    Paragraph,
    Part,
    Picture,
    Table,
    Terms,
    Tile,
    Tiles,
)
from lib.pack.faults import SelectionError
from lib.pack.load import Pack, load_pack
from lib.whatif.decision.record import Decision, record
from lib.whatif.scenarios.documents import scenario_from
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.scenarios.scenario import Scenario

INTERNAL = "Internal, do not share: it tells of single providers, of small areas or of few people."
DEMONSTRATION = "Demonstration data: not evidence about any real district or provider."
STATUS = re.compile(
    r"^(projected, )?(published|derived|supplied|modelled|illustrative|context|not given yet)( \(.+\))?$"
)
GROWING = {
    "name": "More", "service": "home", "years": 2, "rationale": "Ten beds fewer.",
    "demand": {"demographic": False, "need_growth_pct": 10.0}, "range": {"draws": 100},
}  # fmt: skip


def parts_of(parts: tuple[Part, ...]) -> Iterator[Part]:
    """Every part, those in columns too."""
    for part in parts:
        yield part
        if isinstance(part, Beside):
            for column in part.columns:
                yield from parts_of(column)


def of_kind(brief: Brief, kind: type) -> list[Any]:
    return [part for part in parts_of(brief.parts) if isinstance(part, kind)]


def text_of_page(page: str) -> str:
    """What a page of HTML says, without its style."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", page, flags=re.S))).split())


@pytest.fixture(scope="module")
def home(tiny: Pack) -> DistrictSet:
    return DistrictSet(tiny, default_scenario(tiny, "home", 1))


@pytest.fixture(scope="module")
def ash(home: DistrictSet) -> Brief:
    return district_brief(home, ASH)


@pytest.fixture(scope="module")
def paper(ash: Brief) -> bytes:
    return to_pdf(ash)


@pytest.fixture(scope="module")
def growing(tiny: Pack) -> Scenario:
    return scenario_from(GROWING, tiny)


@pytest.fixture(scope="module")
def basildon(pack: Pack) -> bytes:
    return to_pdf(Inside(pack, ("domiciliary_care",)).of_district("E07000066"))


# What a district's brief says.


def test_the_headlines_of_ash(ash: Brief) -> None:
    """160 of 160 + 15 hours are delivered, 210 could be: 210 / 175 = 1.20; in day care of the younger 5 are short."""
    (row,) = of_kind(ash, Tiles)
    found = {tile.label: (tile.value, tile.context.split(";")[0]) for tile in row.tiles}
    assert [*found] == ["Delivered hours", "Net coverage", "Waiting hours", "Good or Outstanding share"]
    assert found["Delivered hours"][0] == "160"
    assert found["Net coverage"] == ("1.20", "5 hours a week short, lot by lot")
    assert found["Waiting hours"][0] == "15"


def test_the_sentence_answers_for_the_district_alone(ash: Brief, home: DistrictSet) -> None:
    (sentence,) = [part.text for part in of_kind(ash, Paragraph) if part.kind == "sentence"]
    assert sentence.startswith("Lot by lot, 5 hours a week have no provider with room for them")
    assert sentence.endswith("15 hours a week wait to be placed.")
    (birch,) = [one.text for one in of_kind(district_brief(home, BIRCH), Paragraph) if one.kind == "sentence"]
    assert "30 hours a week have no provider" in birch


def test_the_lots_of_ash(ash: Brief) -> None:
    table = next(one for one in of_kind(ash, Table) if one.heads[0] == "Service type")
    figures = [row[3:] for row in table.rows]
    assert figures == [
        ("100", "10", "110", "130", "1.18", "0"),
        ("60", "5", "65", "60", "0.92", "5"),
        ("0", "0", "0", "20", "not applicable", "0"),
        ("160", "15", "175", "210", "1.20", "5"),
    ]
    assert table.marked == (3,)
    assert table.status


def test_every_tile_has_its_status_and_so_has_every_picture_and_table_of_figures(ash: Brief) -> None:
    tiles = [tile for row in of_kind(ash, Tiles) for tile in row.tiles]
    assert len(tiles) == 4
    assert all(STATUS.match(tile.status) for tile in tiles)
    assert all(STATUS.match(picture.status) for picture in of_kind(ash, Picture))
    for table in of_kind(ash, Table):
        assert "Status" in table.heads or STATUS.match(table.status), table.caption


def test_the_sources_name_each_headline(ash: Brief) -> None:
    lines = of_kind(ash, Bullets)[-1].lines
    for words_of in ("Delivered hours, 31 March 2025, ", ": sum of delivered hours", "Net coverage, 31 March 2025, "):
        assert words_of in lines[0]


def test_the_map_outlines_the_one_district(home: DistrictSet) -> None:
    drawn = home.district_map.drawn
    assert drawn.count('stroke-width="3.2"') == 3
    one, other, none = home.district_map.over(ASH), home.district_map.over(BIRCH), home.district_map.svg
    assert (one.count('stroke-width="3.2"'), other.count('stroke-width="3.2"')) == (1, 1)
    assert one != other
    assert none.count('stroke-width="3.2"') == none.count("bold") == 0
    assert re.findall(r'font-weight="bold"[^>]*>([^<]+)<', one) == ["Ash", "Ash"], "the name and its halo"
    assert home.district_map.over("nowhere") == ""


def test_a_picture_says_in_words_what_it_shows(ash: Brief) -> None:
    chart, bars, lines = of_kind(ash, Picture)
    assert "Ash is outlined: 1.20" in chart.alt
    assert "Cedar 1.25" in bars.alt
    assert lines.alt.startswith("Lines from 2024/25 to 2025/26: demand 175 in 2024/25")


def test_a_district_of_which_nothing_is_known_says_why(tiny_folder: PackFolder) -> None:
    pack_copies.without_rows("market/capacity.csv", "home")(tiny_folder.root)
    brief = Inside(load_pack(tiny_folder.root), ("home",)).of_district(ASH)
    (sentence,) = [part.text for part in of_kind(brief, Paragraph) if part.kind == "sentence"]
    assert sentence.startswith("Net coverage is not known in Ash: market/capacity.csv has no rows for this service")
    coverage = of_kind(brief, Tiles)[0].tiles[1]
    assert (coverage.value, coverage.status) == ("not known", "not given yet")
    text = words(to_pdf(brief))
    assert "Why: market/capacity.csv has no rows for this service." in text
    assert "The rating mix is not known" in text


def test_without_outlines_there_is_no_map_and_that_is_said(tiny: Pack) -> None:
    own = DistrictSet(tiny, default_scenario(tiny, "home", 1))
    own.__dict__["district_map"] = replace(own.district_map, outlines=None)
    text = text_of_page(to_html(district_brief(own, ASH)))
    assert "cannot be drawn, so there is no map" in text
    assert "Ranked bars" not in text
    assert "Lot by lot" in text


# The PDF.


def test_the_figures_in_the_pdf_are_those_of_the_command_line(
    basildon: bytes, pack: Pack, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["profile", "--service", "domiciliary_care", "--pack", str(pack.root)]) == 0
    row = next(one for one in csv.DictReader(io.StringIO(capsys.readouterr().out)) if one["area_code"] == "E07000066")
    whole = [f"{float(row[one]):,.0f}" for one in ("people", "delivered_hours", "waiting_hours", "demand_hours",
                                                   "capacity_hours")]  # fmt: skip
    text = words(basildon)
    shortfall = f"{float(row['shortfall_hours']):,.0f}"
    assert f"All lots {' '.join(whole)} {float(row['coverage']):.2f} {shortfall}" in text
    for label, figure in (
        ("Spot share", f"{100 * float(row['spot_share']):.1f}%"),
        ("Largest provider's share", f"{100 * float(row['largest_provider_share']):.1f}%"),
        ("Concentration (HHI)", f"{float(row['hhi']):,.0f}"),
        ("Average cost of an hour", f"£{float(row['hourly_cost']):.2f}"),
        ("Providers", row["providers"]),
    ):
        assert f"{label} {figure}" in text, label


def test_it_is_two_pages_with_marks_and_numbers_at_the_foot_of_each(basildon: bytes) -> None:
    pages = pages_of(basildon)
    assert len(pages) == 2
    for number, page in enumerate(pages, start=1):
        assert INTERNAL in page
        assert DEMONSTRATION in page
        assert f"Page {number} of 2" in page


def test_it_is_tagged_titled_and_in_english(basildon: bytes) -> None:
    kinds = [tag.kind for tag in tags(basildon)]
    assert kinds.count("H1") == 1
    assert kinds.count("H2") == 6
    assert kinds.count("Table") >= 4
    assert kinds.count("TH") >= 9 + 5 + 5 + 7
    assert "LI" in kinds
    pictures = [tag for tag in tags(basildon) if tag.kind == "Figure"]
    assert len(pictures) == 3
    assert all(len(tag.alt) > 40 for tag in pictures)
    assert information(basildon)["Title"] == "Basildon, domiciliary care: district brief"
    assert language(basildon) == "en-GB"
    assert b"pdfuaid" in basildon


def test_names_in_maps_and_charts_are_real_text(basildon: bytes) -> None:
    text = words(basildon)
    assert text.count("Castle Point") >= 2
    assert "Hours a week (axis does not start at zero)" in text


def test_the_same_brief_is_the_same_bytes_and_no_clock_is_read(paper: bytes, tiny: Pack) -> None:
    again = to_pdf(district_brief(DistrictSet(tiny, default_scenario(tiny, "home", 1)), ASH))
    assert again == paper
    told = information(paper)
    assert told["CreationDate"].startswith("D:20250331")
    assert told["ModDate"].startswith("D:20250331")


def every_part(text: str) -> Brief:
    """A document in which a text stands in every place that takes one."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    picture = Picture(text, text, svg, text, (("", text), ("#12436d", text)), text, text)
    parts: tuple[Part, ...] = (
        Paragraph(text, "kicker"), Heading(1, text), Paragraph(text, "mark"), Paragraph(text, "sentence"),
        Paragraph(text, "note"), Paragraph(text), Tiles((Tile(text, text, text, text, text),)),
        Table(text, (text, text), ((text, text),), 1, (1, 1), (0,), text),
        Beside(((picture,), (Paragraph(text),)), (1, 1)), Bullets((text,)), Terms(((text, text),)), NewPage(),
        Heading(2, text),
    )  # fmt: skip
    return Brief(text, (text,), dt.date(2025, 3, 31), parts, text)


def squeezed(text: str) -> str:
    """Text without spaces: lines may break anywhere."""
    return "".join(text.split())


def test_no_text_of_data_is_read_as_markup() -> None:
    """Of typst: #, $, *, _, @, <, [, \\, backticks, //; of HTML: elements, attributes, entities."""
    typst = (
        '#panic("ran")', "#read(\"/etc/passwd\")", "$x^2$", "*bold*", "_it_", "@label", "<label>", "[x]", "\\u{41}",
        "`code`", "// comment", "= Heading", "- item", "~", "--", "'quoted'", "#import \"x.typ\"", "#sys.inputs",
    )  # fmt: skip
    for text in typst:
        data = to_pdf(every_part(f"Ash {text} Elm"))
        assert squeezed(f"Ash {text} Elm") in squeezed(words(data)), text
        assert information(data)["Title"] == f"Ash {text} Elm"
    everything = " ".join(hostile_text.CORPUS)
    page = to_html(every_part(everything))
    assert not re.search(r"<(script|img|iframe|a|b)\b", re.sub(r"<style>.*?</style>", "", page, flags=re.S))
    assert to_pdf(every_part(everything)).startswith(b"%PDF-1.7")


def test_a_letter_that_the_font_lacks_is_said_to_be_missing() -> None:
    text = words(to_pdf(every_part("Tŷ Mawr £5 – 中 \U0001f600 a\u200db")))
    assert squeezed("Tŷ Mawr £5 – ? ? ab") in squeezed(text)
    assert text.count("Letters that the font of this paper lacks stand as ?") == 1
    assert "Letters that the font" not in words(to_pdf(every_part("Tŷ Mawr, Llanfair-ym-Muallt, Ynys Môn")))
    assert "中" in to_html(every_part("中"))


def test_a_pack_of_hostile_names_is_shown_as_it_stands(tmp_path: Path) -> None:
    copied = load_pack(pack_copies.copy_pack(tmp_path / "pack", pack_copies.with_hostile_names))
    code, name = next(iter(copied.district_names().items()))
    brief = Inside(copied, ("short_breaks",)).of_district(code)
    page = to_html(brief)
    assert "<img src" not in page
    assert squeezed(name) in squeezed(words(to_pdf(brief)))


# The page.


def test_the_page_says_what_the_pdf_says(ash: Brief, paper: bytes) -> None:
    page = to_html(ash)
    assert page.startswith('<!DOCTYPE html>\n<html lang="en-GB">')
    assert "<title>Ash, home" in page
    assert "default-src 'none'" in page
    said, on_paper = squeezed(text_of_page(page)), squeezed(words(paper))
    for part in parts_of(ash.parts):
        texts = [part.text] if isinstance(part, Heading | Paragraph) else []
        texts += [cell for row in part.rows for cell in row] if isinstance(part, Table) else []
        for text in texts:
            assert squeezed(text) in said
            assert squeezed(text) in on_paper
    assert page.count('<th scope="col"') == sum(len(one.heads) for one in of_kind(ash, Table))
    assert page.count('role="img"') == 3
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


# All of them.


def test_all_districts_stand_behind_each_other(tiny: Pack) -> None:
    told: list[tuple[int, int, str]] = []
    brief = Inside(tiny, ("home",)).in_one(lambda *step: told.append(step))
    assert told == [(1, 3, "Ash"), (2, 3, "Birch"), (3, 3, "Cedar")]
    titles = [part.text for part in of_kind(brief, Heading) if part.level == 1]
    assert [title.split(":")[0] for title in titles] == ["Ash", "Birch", "Cedar"]
    assert len(of_kind(brief, NewPage)) == 2
    assert brief.title.startswith("District briefs: ")
    assert len({one.svg for one in of_kind(brief, Picture)}) == 7, "one map, and bars and lines of each"


def test_without_a_service_each_has_two_pages(tiny: Pack) -> None:
    brief = Inside(tiny).of_district(CEDAR)
    titles = [part.text for part in of_kind(brief, Heading) if part.level == 1]
    assert len(titles) == len(tiny.manifest.services) == 2
    assert brief.title == "Cedar: district brief"
    assert len([code for code, _ in Inside(tiny).of_every_district(no_progress)]) == 3


def test_a_district_is_known_by_code_or_name() -> None:
    names = {"E1": "Ash", "E2": "Elm Side", "E3": "Twin", "E4": "Twin"}
    assert [district_code(names, text) for text in ("E1", "e2", "elm  side", "ASH")] == ["E1", "E2", "E2", "E1"]
    with pytest.raises(SelectionError, match=r'^district: found "Oak", expected a code or a name: E1 \(Ash\), E2'):
        district_code(names, "Oak")
    with pytest.raises(SelectionError, match="the name of 2 districts, expected a code: E3 and E4"):
        district_code(names, "twin")
    with pytest.raises(SelectionError, match="and 8 others"):
        district_code({f"E{number}": f"D{number}" for number in range(20)}, "none")


def test_file_names_are_safe_and_say_internal() -> None:
    assert file_name("E1_a/b: c", "pdf") == "E1_a_b_c_brief_internal_do_not_share.pdf"
    assert file_name("E1", "html", internal=False) == "E1_brief.html"


def test_of_many_ranks_the_nearest_are_shown() -> None:
    rows = pd.DataFrame({"area_code": [f"E{number}" for number in range(40)]})
    assert [*nearest_ranks(rows, "E20", 5)["area_code"]] == ["E18", "E19", "E20", "E21", "E22"]
    assert [*nearest_ranks(rows, "E0", 3)["area_code"]] == ["E0", "E1", "E2"]
    assert [*nearest_ranks(rows, "E39", 3)["area_code"]] == ["E37", "E38", "E39"]
    assert len(nearest_ranks(rows.head(4), "E1", 5)) == 4
    assert shown_years(6) == [0, 1, 2, 3, 4, 5]
    assert shown_years(11) == [0, 2, 4, 6, 8, 10]


# Scenarios and records.


def test_a_scenarios_brief_has_the_figures_of_its_record(tiny: Pack, growing: Scenario) -> None:
    """Demand 175 + 300 + 40 = 515 in 2024/25, and 1.1 x 1.1 of it two years on: 623; capacity stays at 560."""
    brief = scenario_brief(tiny, growing, "A. Nalyst")
    figures = record(tiny, growing, Decision())["figures"]
    assert figures["all.2026.demand_hours"] == pytest.approx(515 * 1.21)
    (row,) = of_kind(brief, Tiles)
    assert [tile.label for tile in row.tiles] == [
        "Demand, 2026/27", "Net coverage, 2026/27", "Hours with no provider, 2026/27",
        "Spend that capacity allows, 2026/27",
    ]  # fmt: skip
    assert row.tiles[0].value == "623"
    assert row.tiles[0].context.startswith("2024/25: 515; range ")
    assert row.tiles[1].value == f"{560 / (515 * 1.21):.2f}"
    assert all(STATUS.match(tile.status) and tile.status.startswith("projected") for tile in row.tiles)
    text = text_of_page(to_html(brief))
    for said in ("A. Nalyst", "Ten beds fewer.", "Need growth", "10% a year", "First short year", INTERNAL):
        assert said in text
    headings = [part.text for part in of_kind(brief, Heading)]
    assert headings[:3] == ["More", "Newly short", "The levers that were moved, and why"]
    assert to_pdf(brief).startswith(b"%PDF-1.7")


def test_the_default_packs_scenario_is_two_pages(pack: Pack) -> None:
    made = to_pdf(scenario_brief(pack, default_scenario(pack, "short_breaks")))
    assert len(pages_of(made)) == 2
    assert made == to_pdf(scenario_brief(pack, default_scenario(pack, "short_breaks")))


def test_of_districts_that_are_not_known_nobody_says_that_they_are_not_short(tiny_folder: PackFolder) -> None:
    pack_copies.without_rows("market/capacity.csv", "home")(tiny_folder.root)
    unknown = load_pack(tiny_folder.root)
    text = text_of_page(to_html(scenario_brief(unknown, scenario_from(GROWING, unknown))))
    assert "Of 3 districts it is not known." in text


def test_a_record_on_paper_holds_its_values(tiny: Pack, growing: Scenario) -> None:
    values = record(tiny, growing, Decision("A. Nalyst", "2026-03-12", "Agreed.\nTo be looked at in May."))
    made = to_pdf(record_brief(tiny, values))
    assert json.loads(attached(made)["decision-record.json"]) == values
    assert information(made)["Title"] == "Decision record: More"
    assert information(made)["CreationDate"].startswith("D:20260312")
    text = words(made)
    for said in ("A. Nalyst", "12 March 2026", "To be looked at in May.", "Ten beds fewer.", "First short year"):
        assert said in text
    assert [tag.kind for tag in tags(made)].count("H2") >= 9
    assert to_pdf(record_brief(tiny, values)) == made
    alone = to_pdf(record_brief(tiny, record(tiny, growing, Decision())))
    assert information(alone)["CreationDate"].startswith("D:20250331"), "the date of the data, where none is given"


def test_no_scenario_is_refused(tiny: Pack) -> None:
    with pytest.raises(SelectionError, match="found no scenario"):
        Inside(tiny).of_scenario()
