"""Every file that leaves the app, by every button: its title, unit, status, date, sources and marks, looked for in it.

The files are written out below. One that is offered and not on the list fails, and one on the list that nobody offers.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import struct
from html import unescape
from typing import Any, NamedTuple

import openpyxl
import pypdfium2
import pytest
import vl_convert
from app_pages import DATA, ENGAGEMENT, OVERVIEW, PROVIDERS, ROOT, WHAT_IF
from pptx import Presentation
from service_pages import BREAKS, EVERY_TAB, HOME, MARKET, OPENED, Offer, Page, on_tab, opened, shown

from lib.market.selection import select
from lib.market.sharing import FROM_ROUNDED, county_for_sharing
from lib.pack.formulas import without_mark
from lib.pack.load import load_pack
from lib.view.what_if.state import scenario_key
from lib.whatif.scenarios.scenario import Demand, Scenario, Supply

DEMONSTRATION = "Demonstration data: not evidence about any real district or provider."
INTERNAL = "Internal, do not share: it tells of single providers, of small areas or of few people."
MARK = "_internal_do_not_share"
LABELS = {HOME: "Domiciliary care", BREAKS: "Children's short breaks"}
PROVIDER_TABS = ("Lots and placement", "Quality", "Resilience", "Spot and rural", "One provider", "Re-ranking")
WHAT_IF_TABS = ("What drives it", "What it costs", "Districts", "What it would take", "Scenarios", "Assumptions")
DATA_TABS = (
    "Bring in figures", "Versions", "Sources", "Checks", "Published and not", "Edit small tables", "Dictionary",
)  # fmt: skip
CHARTS = (
    "lots_grid", "placement", "provider_ratings", "ages", "stress_map", "risks", "concentration", "points", "lines",
    "drivers", "levers", "costs",
)  # fmt: skip
BENEATH = "The same as a table"

# What tells of a district or of a provider, by the page; "*" stands for table and picture, .csv and .png.
INSIDE = {
    HOME: """
        lots.* history.* ratings.* domiciliary_care_by_district.csv domiciliary_care_by_district_coverage_map.png
        domiciliary_care_by_district_coverage_ranking.png lots_grid.* placement.*
        list_E07000076_personal_care_older_people.csv placement_E07000076_personal_care_older_people.csv
        room_E07000076_personal_care_older_people_lot.csv
        provider_ratings.* risks.* stress_map.* exit.csv concentration.* points.* provider_P064.csv lists_reissued.csv
        domiciliary_care_market_ratings.csv districts_2029.csv projection.csv comparison.csv
        domiciliary_care_decision_record.html domiciliary_care_decision_record.pdf
        domiciliary_care_scenario_brief.pdf domiciliary_care_scenario_brief.html
        E07000066_domiciliary_care_brief.pdf E07000066_domiciliary_care_brief.html
        domiciliary_care_rounds.csv domiciliary_care_rounds_map.png
        domiciliary_care_waiting_by_district.csv domiciliary_care_waiting_by_ward.csv
        domiciliary_care_waiting_requests.csv domiciliary_care_transfer_packages.csv
        domiciliary_care_by_district_tables.xlsx domiciliary_care_ratings_tables.xlsx
        domiciliary_care_providers_lots_tables.xlsx domiciliary_care_providers_quality_tables.xlsx
        domiciliary_care_providers_resilience_tables.xlsx domiciliary_care_providers_places_tables.xlsx
        domiciliary_care_providers_one_provider_tables.xlsx domiciliary_care_providers_reranking_tables.xlsx
        domiciliary_care_what_if_districts_tables.xlsx domiciliary_care_what_if_scenarios_tables.xlsx
        domiciliary_care_market_engagement_tables.xlsx
        domiciliary_care_transfer_districts.csv domiciliary_care_slides.pptx domiciliary_care_scenario_slides.pptx
    """,
    BREAKS: """
        lots.* history.* ratings.* short_breaks_by_quadrant.csv short_breaks_by_quadrant_coverage_map.png
        short_breaks_by_quadrant_coverage_ranking.png short_breaks_market_ratings.csv spread.* shared.* places.*
        lots_grid.* placement.* list_E07000066_home_based_care_children.csv
        room_E07000066_home_based_care_children_lot.csv
        placement_E07000066_home_based_care_children.csv provider_ratings.* risks.* stress_map.* exit.csv
        concentration.* points.* provider_P148.csv districts_2028.csv projection.csv comparison.csv
        short_breaks_decision_record.html short_breaks_decision_record.pdf short_breaks_scenario_brief.pdf
        short_breaks_scenario_brief.html short_breaks_rounds.csv short_breaks_rounds_map.png
        short_breaks_waiting_by_district.csv short_breaks_waiting_by_ward.csv short_breaks_waiting_requests.csv
        short_breaks_by_quadrant_tables.xlsx short_breaks_ratings_tables.xlsx short_breaks_mechanism_tables.xlsx
        short_breaks_supply_tables.xlsx
        short_breaks_providers_lots_tables.xlsx short_breaks_providers_quality_tables.xlsx
        short_breaks_providers_resilience_tables.xlsx short_breaks_providers_places_tables.xlsx
        short_breaks_providers_one_provider_tables.xlsx
        short_breaks_what_if_districts_tables.xlsx short_breaks_what_if_scenarios_tables.xlsx
        short_breaks_market_engagement_tables.xlsx
        short_breaks_transfer_packages.csv short_breaks_transfer_districts.csv short_breaks_slides.pptx
        short_breaks_scenario_slides.pptx
    """,
    "": """
        reconciliation.csv backtest_domiciliary_care.csv backtest_short_breaks.csv
        backtest_errors_domiciliary_care.csv backtest_errors_short_breaks.csv data_checks_tables.xlsx
    """,
}
# The county's own.
OPEN = {
    HOME: """
        domiciliary_care_county.csv domiciliary_care_known_and_unknown.csv domiciliary_care_in_the_councils_words.csv
        ages.* lines.* drivers.* levers.* costs.* scenarios.csv assumptions.csv
        domiciliary_care_known_tables.xlsx domiciliary_care_intentions_tables.xlsx
        domiciliary_care_what_if_drivers_tables.xlsx domiciliary_care_what_if_costs_tables.xlsx
        domiciliary_care_what_if_needed_tables.xlsx domiciliary_care_what_if_assumptions_tables.xlsx
    """,
    BREAKS: """
        short_breaks_county.csv short_breaks_known_and_unknown.csv short_breaks_in_the_councils_words.csv
        growth_years.* short_breaks_growth.csv transition.* short_breaks_transition.csv ages.* lines.* drivers.*
        levers.* costs.* scenarios.csv assumptions.csv
        short_breaks_known_tables.xlsx short_breaks_growth_tables.xlsx short_breaks_intentions_tables.xlsx
        short_breaks_what_if_drivers_tables.xlsx short_breaks_what_if_costs_tables.xlsx
        short_breaks_what_if_needed_tables.xlsx short_breaks_what_if_assumptions_tables.xlsx
    """,
    "": """
        indicators.csv data_dictionary.csv season_domiciliary_care.csv season_short_breaks.csv
        data_dictionary_tables.xlsx
    """,
}
# A scenario's levers, to be opened again; empty tables to fill in. Neither holds a figure of the market.
FORMS = {
    HOME: "domiciliary_care_scenario.json demand_template.csv capacity_template.csv",
    BREAKS: """
        short_breaks_scenario.json ratings_template.csv requests_template.csv demand_template.csv history_template.csv
    """,
    "": """
        to_fill_in_demand.xlsx to_fill_in_demand.csv to_fill_in_demand.ods
        rows_of_demand_internal_do_not_share.xlsx rows_of_demand_internal_do_not_share.csv
        rows_of_demand_internal_do_not_share.ods
    """,
}
# Passages and ratings with their evidence in words, and a map of what a district is: no figure, and so no unit of one.
WITHOUT_FIGURES = (
    "domiciliary_care_in_the_councils_words.csv",
    "short_breaks_in_the_councils_words.csv",
    f"domiciliary_care_market_ratings{MARK}.csv",
    f"short_breaks_market_ratings{MARK}.csv",
    f"places{MARK}.png",
)
UNITS = re.compile(
    r"hours|pounds|£|percent|%|people|children|providers|count|ratio|days|years|index|per 1,000|score|share",
    re.IGNORECASE,
)
STATUS = re.compile(
    r"Status: (projected, )?(published|derived|supplied|modelled|illustrative|context)( \(with: [^)]+\))?\. "
)
DATE = r"\d{1,2} [A-Z][a-z]+ \d{4}"
# Where a download button may be drawn: all of them go through what makes a file's lines, or stand in FORMS.
BUTTONS = (
    "lib/view/data/bring_in.py",
    "lib/view/engagement/publish.py",
    "lib/view/market/briefs.py",
    "lib/view/market_audience/tables.py",
    "lib/view/running_orders/page.py",
    "lib/view/service/published_facts.py",
    "lib/view/what_if/record.py",
    "lib/view/what_if/scenarios.py",
    "lib/view/widgets/chart_downloads.py",
    "lib/view/widgets/page_workbook.py",
    "lib/view/widgets/slides.py",
)


def named(words: str, mark: str = "") -> set[str]:
    """The names of files as they are written above."""
    found = set()
    for word in words.split():
        stem, kind = word.rsplit(".", 1)
        found |= {f"{stem}{mark}.{one}" for one in (("csv", "png") if kind == "*" else (kind,))}
    return found


FORMS_NAMES = frozenset().union(*map(named, FORMS.values()))


class File(NamedTuple):
    """A file that is offered, and the service of its page; "" for none."""

    service: str
    offer: Offer


def pages() -> list[tuple[str, Page]]:
    """Every tab of every page for both services, with what is closed at first opened."""
    closed: dict[str, Any] = {f"table_{name}": True for name in (*OPENED, *CHARTS)}
    found = [(service, shown(service, tab)) for service, tab in EVERY_TAB]
    found.append((HOME, on_tab(HOME, MARKET, district="E07000066")))
    for service in (HOME, BREAKS):
        found.append((service, opened(OVERVIEW, {"service": service})))
        waiting = {f"table_{service}_waiting_{name}": True for name in ("by_ward", "requests")}
        found.append((service, opened(ENGAGEMENT, waiting | {"service": service})))
        for path, tab_key, tabs in (
            (PROVIDERS, "providers_tab", PROVIDER_TABS),
            (WHAT_IF, "what_if_tab", WHAT_IF_TABS),
        ):
            found += [(service, opened(path, closed | {tab_key: tab, "service": service})) for tab in tabs]
    tables = {f"table_backtest_{service}": True for service in (HOME, BREAKS)}
    found += [("", opened(DATA, tables | {"data_tab": tab, "kind": "demand"})) for tab in DATA_TABS]
    filled = {"data_tab": DATA_TABS[0], "kind": "demand", "data_filled": True}
    return [*found, ("", opened(DATA, filled))]


@pytest.fixture(scope="module")
def every_page() -> list[tuple[str, Page]]:
    return pages()


@pytest.fixture(scope="module")
def files(every_page: list[tuple[str, Page]]) -> list[File]:
    """Every file once a service; a name may be offered with several contents, such as an area's and the county's."""
    found = {}
    for service, page in every_page:
        for offer in page.offers:
            key = (service, offer.name, offer.text() if offer.name.endswith(".csv") else len(found))
            found[key] = File(service, offer)
    return list(found.values())


def test_every_file_is_on_the_list_and_every_file_of_the_list_is_offered(files: list[File]) -> None:
    for service in (HOME, BREAKS, ""):
        offered = {file.offer.name for file in files if file.service == service}
        listed = named(INSIDE[service], MARK) | named(OPEN[service]) | named(FORMS[service])
        assert offered - listed == set(), f"offered, and not on the list of {service}"
        assert listed - offered == set(), f"on the list of {service}, and not offered"


def test_every_table_beneath_a_chart_was_opened(every_page: list[tuple[str, Page]]) -> None:
    """Or the list above would be complete only as far as somebody looked."""
    for _, page in every_page:
        closed = [one for one in page.app.expander if one.label == BENEATH]
        assert len(closed) == sum(offer.label == "Table (CSV)" for offer in page.offers)


def test_no_download_is_drawn_elsewhere() -> None:
    """A button in a new place makes its file by itself, or belongs to the list of forms."""
    drawn = [path for path in (ROOT / "lib").rglob("*.py") if "download_button(" in path.read_text(encoding="utf-8")]
    assert tuple(sorted(path.relative_to(ROOT).as_posix() for path in drawn)) == BUTTONS


# Tables.


def notes_in(text: str) -> list[str]:
    """The lines of a file that are no rows."""
    rows = csv.reader(io.StringIO(text))
    return [",".join(row).removeprefix("# ") for row in rows if row and row[0].startswith("# ")]


def of_kind(files: list[File], kind: str) -> list[File]:
    """The files whose names end so, without the forms."""
    forms = set().union(*map(named, FORMS.values()))
    return [file for file in files if file.offer.name.endswith(kind) and file.offer.name not in forms]


def check_lines(name: str, service: str, lines: list[str]) -> None:
    """Title, status, date, demonstration line, sources, service and the internal line, where the name asks for it."""
    assert (lines[0] == INTERNAL) == (MARK in name), name
    opening, demonstration, *others = lines[1:] if MARK in name else lines
    title, _, rest = opening.partition(". Status: ")
    assert title, name
    assert STATUS.match(f"Status: {rest}"), (name, opening)
    assert re.search(rf"Data to {DATE}(, ratings to {DATE}| \(Children's short breaks to {DATE}\))?\.$", opening), (
        name,
        opening,
    )
    assert demonstration == DEMONSTRATION, name
    sources = [line for line in others if line.startswith("Sources: ")]
    assert len(sources) == 1, name
    assert len(sources[0]) > len("Sources: ."), name
    assert (not service) or f"{LABELS[service]}, 202" in opening, (name, opening)


def test_every_table_says_title_unit_status_date_sources_and_marks(files: list[File]) -> None:
    tables = of_kind(files, ".csv")
    assert len(tables) > 60
    for service, offer in tables:
        check_lines(offer.name, service, notes_in(offer.text()))
        heads = list(offer.table().columns)
        own_units = [head for head in heads if head.lower() in ("unit", "units")]
        units = [head for head in heads if re.search(r"\([^)]+\)", head) and UNITS.search(head)]
        line = [note for note in notes_in(offer.text()) if note.startswith("Units: ")]
        assert own_units or units or line or offer.name in WITHOUT_FIGURES, (offer.name, heads)


# Pictures.


def texts_of(png: bytes) -> dict[str, str]:
    """The words that a PNG file holds for programs: its chunks of international text."""
    found, place = {}, 8
    while place < len(png):
        size, kind = struct.unpack(">I4s", png[place : place + 8])
        if kind == b"iTXt":
            name, _, rest = png[place + 8 : place + 8 + size].partition(b"\0")
            found[name.decode()] = rest[4:].decode()
        place += size + 12
    return found


def test_every_picture_shows_title_unit_status_date_sources_and_marks(
    files: list[File], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In what is drawn, and once more for programs, in the same words."""
    drawn: list[str] = []
    draw = vl_convert.svg_to_png
    monkeypatch.setattr(vl_convert, "svg_to_png", lambda svg, **others: drawn.append(svg) or draw(svg, **others))
    pictures = {(file.service, file.offer.name): file for file in of_kind(files, ".png")}
    assert len(pictures) > 30
    for service, offer in pictures.values():
        held = texts_of(offer.data())
        seen = " ".join(unescape(part) for part in re.findall(r">([^<>]+)<", drawn[-1]))
        assert LABELS[service] in held["Title"], (offer.name, held["Title"])
        assert "".join(held["Title"].split()) in "".join(seen.split()), offer.name
        lines = held["Description"].split("\n")
        check_lines(offer.name, service, lines)
        for line in lines:
            assert "".join(line.split()) in "".join(seen.split()), (offer.name, line)
        beside = "".join(seen.split()).replace("".join("".join(lines).split()), "")
        assert UNITS.search(beside) or offer.name in WITHOUT_FIGURES, offer.name
    assert len(drawn) == len(pictures)


# Spreadsheets.


def sheets_of(book: openpyxl.Workbook) -> dict[str, tuple[list[str], list[list[Any]]]]:
    """The lines above the head of each sheet, and its rows from the head on; the head is the one with a filter."""
    found = {}
    for sheet in book:
        head = int(re.findall(r"\d+", sheet.auto_filter.ref)[0]) if sheet.auto_filter.ref else sheet.max_row + 1
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        last = int(re.findall(r"\d+", sheet.auto_filter.ref)[1]) if sheet.auto_filter.ref else head
        found[sheet.title] = ([str(row[0] or "") for row in rows[: head - 1]], rows[head - 1 : last])
    return found


def as_in_csv(cell: Any) -> str:
    """A cell of a spreadsheet as its CSV has it."""
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def test_every_page_and_tab_with_a_table_offers_all_of_them_as_one_workbook_cell_by_cell(
    every_page: list[tuple[str, Page]],
) -> None:
    """Every CSV of the page is a sheet, and every sheet is one of its CSVs."""
    compared = 0
    for _, page in every_page:
        tables = [one for one in page.offers if one.name.endswith(".csv") and one.name not in FORMS_NAMES]
        books = [one for one in page.offers if one.label == "Every table here (Excel)"]
        assert len(books) == bool(tables), [one.name for one in page.offers]
        if not tables:
            continue
        (book,) = books
        assert (MARK in book.name) == any(MARK in one.name for one in tables), book.name
        workbook = openpyxl.load_workbook(io.BytesIO(book.data()))
        found = sheets_of(workbook)
        notes, _ = found.pop("Notes")
        assert (notes[0] == INTERNAL) == (MARK in book.name)
        assert DEMONSTRATION in notes
        for offer, (above, rows) in zip(in_order(tables, workbook), found.values(), strict=True):
            lines, text = " ".join(above), notes_in(offer.text())
            assert (above[0] == INTERNAL) == (MARK in offer.name)
            for line in text[: 3 if MARK in offer.name else 2]:
                assert " ".join(line.split()) in lines, offer.name
            table = offer.table()
            heads = [re.sub(r"_hours \(hours a week\)$", "_hours", str(head)) for head in rows[0]]
            assert all(head.startswith(without_mark(own)) for head, own in zip(heads, table.columns, strict=True))
            body = [[as_in_csv(cell) for cell in row] for row in rows[1:]]
            wanted = [[without_mark(cell) for cell in row] for row in table.to_numpy().tolist()]
            assert body == (wanted or body), offer.name
            compared += 1
    assert compared > 70


def in_order(tables: list[Offer], workbook: openpyxl.Workbook) -> list[Offer]:
    """The page's CSVs in the order of the sheets, by the list of the notes, which names each sheet and its CSV."""
    names = [name for name in workbook.sheetnames if name != "Notes"]
    files = {row[0]: row[5] for row in workbook["Notes"].values if row[0] in names and str(row[5]).endswith(".csv")}
    left, order = list(tables), []
    for name in names:
        offer = next(one for one in left if one.name == files[name])
        left.remove(offer)
        order.append(offer)
    assert left == []
    return order


# Pages.


def test_every_page_of_html_says_status_date_sources_and_marks(files: list[File]) -> None:
    """Decision records, and briefs, which say the sources table by table and a status beside each figure."""
    found = {file.offer.name: file for file in of_kind(files, ".html")}
    assert len(found) == 5
    for service, offer in found.values():
        text = " ".join(unescape(re.sub(r"<[^>]+>", " ", offer.text().split("<script")[0])).split())
        for words in (INTERNAL, DEMONSTRATION, LABELS[service], "Data to "):
            assert words in text, (offer.name, words)
        record = "decision_record" in offer.name
        assert ("Sources: " if record else "Sources and statuses") in text, offer.name
        assert "Status of every figure of a year to come: projected, " in text or text.count("Status: ") >= 8
        assert UNITS.search(text)


# Slides.


def test_every_deck_says_title_unit_status_date_sources_and_marks(files: list[File]) -> None:
    decks = {file.offer.name: file for file in of_kind(files, ".pptx")}
    assert len(decks) == 4
    for service, offer in decks.values():
        made = Presentation(io.BytesIO(offer.data()))
        for slide in made.slides:
            said = slide.notes_slide.notes_text_frame.text
            lines = said[said.index(INTERNAL) :].split("\n")
            check_lines(offer.name, service, lines)
        assert UNITS.search(" ".join(slide.notes_slide.notes_text_frame.text for slide in made.slides))


def test_every_paper_says_what_its_page_says_of_itself(files: list[File]) -> None:
    """Beside each page of HTML stands the same as PDF, with the marks at its foot."""
    papers = {file.offer.name for file in of_kind(files, ".pdf")}
    assert papers == {file.offer.name.replace(".html", ".pdf") for file in of_kind(files, ".html")}
    (offer,) = {name: one.offer for one in of_kind(files, ".pdf") if (name := one.offer.name).startswith("E0")}.values()
    with pypdfium2.PdfDocument(offer.data()) as document:
        for page in document:
            text = " ".join(page.get_textpage().get_text_bounded().split())
            assert INTERNAL in text
            assert DEMONSTRATION in text


# Forms.


def test_a_template_is_an_empty_table(files: list[File]) -> None:
    templates = [file.offer for file in files if file.offer.name.endswith("_template.csv")]
    assert templates
    for offer in templates:
        assert offer.table().empty, offer.name
        assert not re.search(r"\d", offer.text()), offer.name


def test_a_scenario_says_what_it_is_of_and_holds_no_figure_of_the_market(files: list[File]) -> None:
    for service in (HOME, BREAKS):
        (offer,) = [one.offer for one in files if one.offer.name == f"{service}_scenario.json"]
        document = json.loads(offer.text())
        assert document["service"] == service
        assert document["name"] == {HOME: "Ageing only", BREAKS: "+10% a year"}[service]
        assert document["rationale"]
        assert (document["pack_name"], document["base_year"]) == (
            "essex-care-market",
            {HOME: 2024, BREAKS: 2023}[service],
        )
        assert set(document) == {
            "name", "service", "years", "rationale", "demand", "supply", "price", "target", "range", "pack_name",
            "base_year",
        }  # fmt: skip


@pytest.mark.parametrize(
    "parts",
    [
        {"supply": Supply(provider_exits=("P064",))},
        {"demand": Demand(district_need_growth_pct={"E07000066": 2.0})},
    ],
)
def test_a_scenario_that_names_a_provider_or_a_district_is_an_internal_file(parts: dict[str, Any]) -> None:
    scenario = Scenario(name="Mine", service=HOME, years=5, **parts)
    page = opened(WHAT_IF, {"what_if_tab": "Scenarios", "service": HOME, scenario_key(HOME): scenario})
    assert page.offer("Download this scenario (JSON)").name == f"domiciliary_care_scenario{MARK}.json"


# The file to share.


def test_a_ratio_of_rounded_figures_says_so_beside_it_and_any_other_agrees_with_the_screen(files: list[File]) -> None:
    """Spend per adult, 160.5m over 7,465, rests on published totals alone; coverage, on rounded hours."""
    (offer,) = {file.offer.name: file.offer for file in files if file.offer.name == f"{HOME}_county.csv"}.values()
    table = offer.table().set_index("measure")
    assert table.at["Spend per person", "note"] == table.at["Average cost of an hour", "note"] == ""
    assert float(table.at["Spend per person", "value"]) == pytest.approx(160_500_000 / 7465, abs=5e-5)
    for measure in ("Net coverage", "Net gap hours", "Spot share", "Demand hours", "People per provider"):
        assert table.at[measure, "note"] == FROM_ROUNDED
    for measure in ("People supported", "Delivered hours", "Waiting hours", "Capacity hours"):
        assert table.at[measure, "note"] == ""
    # 135,890 over 128,000 + 2,560: what the note says is what was done.
    assert float(table.at["Net coverage", "value"]) == pytest.approx(135_890 / 130_560, abs=5e-5)
    assert "says so in its row" in offer.text()


def test_what_is_suppressed_is_worked_out_from_nothing() -> None:
    pack = load_pack(ROOT / "data")
    few = select(pack, HOME, ["live_in_24h"], ["older_people"]).county()
    rows = county_for_sharing(pack, few)
    hidden = rows[rows["value"] == "c"]
    assert len(hidden)
    assert set(hidden["note"]) == {""}
