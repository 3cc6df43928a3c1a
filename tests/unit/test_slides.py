"""Slides: what stands on each, what it says to whoever cannot see it, and the figures behind charts and tables."""

from __future__ import annotations

import csv
import io
from itertools import combinations
from typing import Any

import openpyxl
import pytest
from pack_folder import PackFolder
from pptx.oxml.ns import qn
from slide_decks import alt, as_potx, council_template, every_shape, named, notes, read, slide_of, titles, words_of

from lib.__main__ import main
from lib.export.slides.deck import deck, number_of_slides
from lib.export.slides.native_charts import Bar, Line, axis_start, number_format, room_for_bars
from lib.export.slides.native_tables import Column, parts_of
from lib.export.slides.records import Shown, services_with_figures, slides_of
from lib.export.slides.text import Box, Paragraph, clean, fitting_size, height_of, shortened, wrapped
from lib.market.selection import select
from lib.market.units import UNITS
from lib.pack.faults import SelectionError
from lib.pack.load import Pack, load_pack

INTERNAL = "Internal, do not share: it tells of single providers, of small areas or of few people."
DEMONSTRATION = "Demonstration data: not evidence about any real district or provider."
FORMS = ("our own", "4 to 3")


@pytest.fixture(scope="module")
def decks(pack: Pack) -> dict[str, Any]:
    """The deck of both services, on our own template and on a council's."""
    slides = slides_of(pack, services_with_figures(pack))
    templates = {"our own": None, "4 to 3": as_potx(council_template())}
    return {name: read(deck(pack, slides, template)) for name, template in templates.items()}


@pytest.fixture(scope="module")
def own(decks: dict[str, Any]) -> Any:
    return decks["our own"]


# Every slide.


@pytest.mark.parametrize("form", FORMS)
def test_every_slide_has_title_number_notes_and_marks(decks: dict[str, Any], form: str) -> None:
    slides = list(decks[form].slides)
    assert len(slides) > 25
    for number, slide in enumerate(slides, start=1):
        assert slide.shapes.title.text_frame.text
        field = slide.shapes._spTree.find(f".//{qn('a:fld')}")
        assert (field.get("type"), field.find(qn("a:t")).text) == ("slidenum", str(number))
        said = notes(slide)
        assert "Sources: " in said or "Source: " in said, number
        for words in ("Status: ", "Data to ", INTERNAL, DEMONSTRATION):
            assert words in said, (number, words)
        seen = words_of(slide)
        for words in ("Internal, do not share", DEMONSTRATION, "Status", "Data to "):
            assert words in seen, (number, words)


@pytest.mark.parametrize("form", FORMS)
def test_every_shape_says_what_it_is(decks: dict[str, Any], form: str) -> None:
    for slide in decks[form].slides:
        for shape in [*every_shape(slide.shapes), *slide.notes_slide.shapes]:
            assert alt(shape), shape.name
        numbers = [shape.shape_id for shape in every_shape(slide.shapes)]
        assert len(numbers) == len(set(numbers))
        assert not [
            shape for shape in every_shape(slide.shapes) if shape.shape_type and shape.shape_type.name == "PICTURE"
        ]


@pytest.mark.parametrize("form", FORMS)
def test_nothing_lies_beyond_the_slide_or_over_something_else(decks: dict[str, Any], form: str) -> None:
    made = decks[form]
    for number, slide in enumerate(made.slides, start=1):
        boxes = [(s.name, s.left, s.top, s.left + s.width, s.top + s.height) for s in slide.shapes]
        for name, left, top, right, bottom in boxes:
            assert left >= 0, (number, name)
            assert top >= 0, (number, name)
            assert right <= made.slide_width, (number, name)
            assert bottom <= made.slide_height, (number, name)
        for one, other in combinations(boxes, 2):
            apart = one[1] >= other[3] or other[1] >= one[3] or one[2] >= other[4] or other[2] >= one[4]
            assert apart, (number, one[0], other[0])


@pytest.mark.parametrize("form", FORMS)
def test_labels_on_maps_do_not_collide(decks: dict[str, Any], form: str) -> None:
    for number, slide in enumerate(decks[form].slides, start=1):
        labels = [shape for shape in every_shape(slide.shapes) if shape.name.startswith("Label of ")]
        for one, other in combinations(labels, 2):
            across = one.left + one.width <= other.left or other.left + other.width <= one.left
            down = one.top + one.height <= other.top or other.top + other.height <= one.top
            assert across or down, (number, one.name, other.name)


@pytest.mark.parametrize("form", FORMS)
def test_letters_are_large_enough_and_english(decks: dict[str, Any], form: str) -> None:
    for slide in decks[form].slides:
        for shape in every_shape(slide.shapes):
            least = 1200 if shape.has_table else 1400
            for letters in shape._element.iter(qn("a:rPr")):
                assert letters.get("lang") == "en-GB"
                assert int(letters.get("sz", "9999")) >= least, shape.name
        title = slide.shapes.title
        size = int(next(title._element.iter(qn("a:rPr"))).get("sz")) / 100
        width = title.width / 12_700 - 15
        assert len(wrapped(title.text_frame.text, width, size, bold=form == "our own")) <= 2
    assert decks[form].core_properties.language == "en-GB"
    assert decks[form].core_properties.title == "Domiciliary care, Children's short breaks: Essex"


def test_the_councils_template_keeps_its_size_and_font_and_loses_its_slides(decks: dict[str, Any]) -> None:
    made = decks["4 to 3"]
    assert (made.slide_width.pt, made.slide_height.pt) == (720, 540)
    assert "A slide of the council's own" not in titles(made)
    assert made.element.find(qn("p:custShowLst")) is None
    assert made.element.find(qn("p:extLst")) is None
    theme = next(part for part in made.part.package.iter_parts() if "theme1.xml" in part.partname)
    assert b"Georgia" in theme.blob


def test_titles_state_the_finding(own: Any) -> None:
    found = titles(own)
    assert found[:3] == [
        "Domiciliary care in Essex",
        "7,465 adults are supported with 128,000 hours of care a week, at £160.5m a year",
        "Maldon, Uttlesford and Braintree need more care than providers offer, lots counted together: 3 of 12 "
        "districts",
    ]
    assert "Spot share: highest in Uttlesford (29.2%), lowest in Castle Point (4.5%)" in found
    expected = (
        "If only ageing changes and providers offer no more than in 2024/25, Essex needs more care than providers"
    )
    assert any(title.startswith(expected) for title in found)
    assert "Children's short breaks in Essex" in found


# Figures.


def profile_of(service: str, capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, str]]:
    assert main(["profile", "--service", service]) == 0
    return {row["area_name"]: row for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}


def test_a_charts_workbook_holds_the_figures_of_the_command_line(
    own: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PACK", raising=False)
    rows = profile_of("domiciliary_care", capsys)
    for start, indicator in (("Maldon, Uttlesford and", "coverage"), ("Spot share", "spot_share")):
        chart = named(slide_of(own, start), "Ranked bars").chart
        sheet = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
        found = dict(sheet.iter_rows(min_row=2, values_only=True))
        # A workbook keeps 16 digits of a number.
        assert found == pytest.approx({name: float(row[indicator]) for name, row in rows.items()}, rel=1e-15)
        plotted = chart.plots[0]
        drawn = dict(zip(plotted.categories, plotted.series[0].values, strict=True))
        assert drawn == pytest.approx(found, rel=1e-15)
        assert list(drawn.values()) == sorted(drawn.values(), reverse=indicator == "spot_share")


def test_the_map_has_a_shape_a_district_with_its_figure(own: Any, pack: Pack) -> None:
    slide = slide_of(own, "Maldon, Uttlesford and")
    shapes = {shape.name: shape for shape in every_shape(slide.shapes)}
    for name in pack.district_names().values():
        assert shapes[name].shape_type.name == "FREEFORM", name
    assert alt(shapes["Maldon"]) == "Maldon: 0.96, 0.95 to under 1.00"
    assert shapes["Maldon"].fill.fore_color.rgb == shapes["Colour of 0.95 to under 1.00"].fill.fore_color.rgb
    assert shapes["Label of Maldon"].text_frame.text == "Maldon\n0.96"
    assert alt(shapes["Map"]).startswith("Map of the districts: Net coverage by district, 2024/25. Basildon 1.09;")
    assert shapes["Legend"].text_frame.text == "Net coverage (ratio)"


def test_the_table_has_every_district_and_the_county_last(own: Any) -> None:
    (table,) = [s.table for s in slide_of(own, "Demand hours: highest in Tendring").shapes if s.has_table]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == [
        "District", "People supported", "Delivered hours", "Waiting hours", "Capacity hours", "Net coverage",
        "Shortfall hours", "Spot share", "Providers", "Good or Outstanding share",
    ]  # fmt: skip
    assert rows[1] == ["Basildon", "809", "14,057", "196", "15,583", "1.09", "0", "4.9%", "30", "80.9%"]
    assert rows[-1] == ["Essex", "7,465", "128,000", "2,564", "135,890", "1.04", "1,089", "10.2%", "130", "88.3%"]
    assert len(rows) == 14
    assert table.first_row


def test_the_years_ahead_are_drawn_and_said(own: Any) -> None:
    slide = slide_of(own, "If only ageing changes")
    plotted = named(slide, "Lines").chart.plots[0]
    assert [one.name for one in plotted.series] == ["Demand", "Capacity", "Served"]
    assert list(plotted.categories) == ["2024/25", "2025/26", "2026/27", "2027/28", "2028/29", "2029/30"]
    assert plotted.series[0].values[0] == 130_564
    assert "axis does not start at zero" in words_of(slide)
    assert "Assumption: " in notes(slide)
    assert "Scenario: Ageing only." in notes(slide)
    newly = slide_of(own, "Maldon, Uttlesford and Braintree already needed more")
    assert "would newly need more than providers offer in 2029/30" in words_of(newly)
    cost = slide_of(own, "Meeting the need would cost about £12.4m more in 2029/30")
    assert [one.name for one in named(cost, "Lines").chart.plots[0].series] == [
        "Cost of meeting the need", "Spend that capacity allows",
    ]  # fmt: skip


def test_what_rests_on_few_has_a_mark_and_is_named(own: Any) -> None:
    slide = slide_of(own, "Waiting share: highest in Maldon (5.2%)")
    assert "* rests on few: Harlow from 4 open requests." in words_of(slide)
    assert "1.0%*" in [
        shape.text_frame.text.split("\n")[-1] for shape in every_shape(slide.shapes) if shape.has_text_frame
    ] or ("1.0%*" in alt(named(slide, "Ranked bars")))
    assert "* rests on few: Harlow from 4 open requests." in notes(slide)


def test_sources_and_gaps_stand_at_the_end(own: Any) -> None:
    tables = slide_of(own, "Of 6 tables behind these figures")
    assert "Made up from a fixed seed" in words_of(tables)
    gaps = slide_of(own, "6 figures are not published, and none is filled in silently")
    assert "Provider capacity (hours available)" in words_of(gaps)
    caveats = slide_of(own, "4 things to bear in mind")
    assert "Supply leaves out self-funders" in words_of(caveats)
    assert "© OpenStreetMap contributors" in words_of(caveats)


# A pack of which every figure is known by hand, and hostile names.


def test_a_tiny_pack_by_hand(tiny: Pack) -> None:
    slides = [
        Shown("indicator", select(tiny, "home"), "coverage", area="E07000002"),
        Shown("years", select(tiny, "home")),
    ]
    with pytest.raises(ValueError, match="needs a scenario"):
        deck(tiny, slides)
    made = read(deck(tiny, slides[:1]))
    (slide,) = made.slides
    # Ash 175 needed of 210, Birch 300 of 300, Cedar 40 of 50: see tiny_pack.
    drawn = named(slide, "Ranked bars").chart.plots[0]
    assert dict(zip(drawn.categories, drawn.series[0].values, strict=True)) == {"Birch": 1.0, "Ash": 1.2, "Cedar": 1.25}
    birch = next(shape for shape in every_shape(slide.shapes) if shape.name == "Birch")
    assert birch.line.width.pt == 3
    assert "Birch: 1.00, lowest of 3" in words_of(slide)


def test_what_is_not_known_is_said_in_words(tiny_folder: PackFolder) -> None:
    tiny_folder.set("market/capacity.csv", 2, "capacity_hours", "")
    found = load_pack(tiny_folder.root)
    made = read(
        deck(found, [Shown("indicator", select(found, "home"), "coverage"), Shown("table", select(found, "home"))])
    )
    first, second = made.slides
    ash = next(shape for shape in every_shape(first.shapes) if shape.name == "Ash")
    assert alt(ash).startswith("Ash: not known. Why: capacity_hours is empty in market/capacity.csv")
    assert ash.fill.type.name == "PATTERNED"
    assert "not known" in [s.text_frame.text for s in every_shape(first.shapes) if s.name.startswith("Class ")]
    assert "1 without a figure" in words_of(first)
    (table,) = [shape.table for shape in second.shapes if shape.has_table]
    assert table.cell(1, 5).text == "not known"
    assert "Some figures are not known: capacity_hours is empty" in notes(second)


def test_names_that_would_act_or_break_the_file_are_text(tiny_folder: PackFolder) -> None:
    hostile = ["=1+1<&\"'>", "http://example.com/\u202ex", "@cmd ]]> \ufffe{}"]
    for row, name in enumerate(hostile, start=2):
        tiny_folder.set("reference/districts.csv", row, "district_name", name)
    found = load_pack(tiny_folder.root)
    made = read(deck(found, slides_of(found, ["home"])[:3]))
    slide = next(slide for slide in made.slides if any(shape.name == "Ranked bars" for shape in slide.shapes))
    names = {shape.name for shape in every_shape(slide.shapes)}
    assert {"=1+1<&\"'>", "http://example.com/x", "@cmd ]]> \ufffd{}"} <= names
    blob = named(slide, "Ranked bars").chart.part.chart_workbook.xlsx_part.blob
    cells = list(openpyxl.load_workbook(io.BytesIO(blob)).active.iter_rows(min_row=2, max_col=1))
    assert "=1+1<&\"'>" in [cell.value for (cell,) in cells]
    assert {cell.data_type for (cell,) in cells} == {"s"}
    assert all(cell.hyperlink is None for (cell,) in cells)


def test_without_outlines_the_bars_have_the_slide(tiny_folder: PackFolder) -> None:
    tiny_folder.change_json("geography/districts.geojson", lambda document: document["features"][0]["geometry"].update(
        {"coordinates": [[[0.0, 51.0], [0.0, 51.0], [0.0, 51.0], [0.0, 51.0]]]}))  # fmt: skip
    found = load_pack(tiny_folder.root)
    made = read(deck(found, [Shown("indicator", select(found, "home"), "coverage")]))
    (slide,) = made.slides
    assert "Map" not in {shape.name for shape in slide.shapes}
    assert named(slide, "Ranked bars").width.pt > 800


def test_a_pack_without_figures_has_no_slides(tiny: Pack) -> None:
    from dataclasses import replace

    empty = replace(tiny, tables=tiny.tables | {"demand": tiny.table("demand").iloc[:0]})
    with pytest.raises(SelectionError, match=r"There are no figures for slides yet"):
        services_with_figures(empty)


def test_slides_are_counted(tiny: Pack) -> None:
    content = deck(tiny, slides_of(tiny, ["respite"])[:3])
    assert number_of_slides(content) == len(read(content).slides) == 3


# Parts.


def test_text_is_broken_measured_and_cut() -> None:
    assert wrapped("one two three", 1000, 14) == ["one two three"]
    assert wrapped("one two three", 50, 14) == ["one", "two", "three"]
    assert "".join(wrapped("abcdefghij", 20, 14)) == "abcdefghij"
    assert wrapped("", 10, 14) == []
    assert clean("a\x0b\n b\ufffe") == "a b\ufffd"
    assert shortened("one two three", 1000, 14, 1) == "one two three"
    assert shortened("one, two three four", 70, 14, 1) == "one…"
    assert shortened("One two. Three four five six.", 150, 14, 1) == "One two."
    assert fitting_size("word " * 20, (28, 14), 300, 1, 100) == 14
    assert height_of([Paragraph("one", 10), Paragraph("two", 20)], 500, 5) == pytest.approx(10 * 1.2 + 20 * 1.2 + 5)


def test_a_long_table_is_split_evenly_with_its_heads() -> None:
    columns = [Column("Area", tuple(f"Area {number}" for number in range(30)), 1.0), Column("Figure", ("1",) * 30)]
    parts = parts_of(columns, Box(0, 0, 500, 300))
    assert [len(part.rows) for part in parts] == [15, 15]
    assert all(sum(part.heights) <= 300 for part in parts)
    wide = [columns[0], *(Column(f"Figure{number}", ("1",) * 30) for number in range(10))]
    groups = {tuple(column.head for column in part.columns) for part in parts_of(wide, Box(0, 0, 500, 300))}
    assert all(group[0] == "Area" for group in groups)
    assert sum(len(group) - 1 for group in groups) == 10


def test_bars_and_lines_by_hand() -> None:
    bars = [Bar(f"Name {number}", float(number), str(number), "#12436d") for number in range(40)]
    assert room_for_bars(bars, Box(0, 0, 400, 2000))[0] == 20
    assert room_for_bars(bars, Box(0, 0, 400, 110))[0] == 5
    assert Bar("Ash", float("nan"), "not known", "").label == "Ash: not known"
    assert number_format(UNITS["share"]) == "#,##0.0%"
    assert number_format(UNITS["pounds_per_hour"]) == '"£"#,##0.00'
    assert axis_start([Line("a", (0.0, 10.0))]) == 0
    assert axis_start([Line("a", (130_564.0, 140_300.0))]) == 128_000
    assert axis_start([]) == 0
