"""What leaves a page by what the browser and Streamlit offer: buttons on charts and tables, and paper."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from driver import PAGES, Visit
from playwright.sync_api import expect

from lib.market.sharing import INTERNAL

Open = Callable[..., Visit]

DEMONSTRATION = "Demonstration data: not evidence about any real district or provider."
# Streamlit's own, by the words that screen readers hear; what takes figures or pictures away without their marks.
UNMARKED = ("Show data", "Download as PNG", "Copy Vega-Lite spec", "Download as CSV", "View fullscreen menu")
# Every page, tab by tab, for both services.
EVERY_VIEW = {
    "/": ("", "service=short_breaks"),
    "/Domiciliary_care": ("", "district=E07000066", "tab_domiciliary_care=known", "tab_domiciliary_care=intentions"),
    "/Short_breaks": tuple(
        f"tab_short_breaks={tab}"
        for tab in ("market", "ratings", "known", "growth", "mechanism", "supply", "intentions")
    ),
    "/Providers": tuple(
        f"service={service}&providers_tab={tab}"
        for service in ("domiciliary_care", "short_breaks")
        for tab in ("lots", "quality", "resilience", "places", "one_provider", "reranking")
    ),
    "/What_if": tuple(
        f"service={service}&what_if_tab={tab}"
        for service in ("domiciliary_care", "short_breaks")
        for tab in ("drivers", "districts", "needed", "scenarios", "assumptions")
    ),
    "/Market_engagement": ("service=domiciliary_care", "service=short_breaks"),
    "/Data": ("",),
}
# Points: the foot of a sheet, 22 mm.
FOOT = 63
# Buttons that can be seen beside a chart, the mouse on it.
BESIDE = """chart => [...chart.parentElement.querySelectorAll("button")]
    .filter(button => button.checkVisibility()).map(button => button.ariaLabel.split(":")[0])"""


# Charts and tables.


@pytest.mark.parametrize("path", EVERY_VIEW)
def test_no_chart_and_no_table_has_a_way_out_of_its_own(path: str, visit: Open) -> None:
    """Streamlit's buttons would take a chart away without its title, its status and "internal, do not share"."""
    page, seen = visit(path), 0
    for query in EVERY_VIEW[path]:
        page.open(f"{path}?{query}", whole=False)
        charts = page.page.locator("main [role=graphics-document]:visible")
        for chart in charts.all():
            live = chart.locator("xpath=ancestor::figure[@data-live]")
            if live.count():  # drawn by the app itself: nothing of Streamlit's stands beside it, nor of Vega's
                assert live.locator("a, button, summary").count() == 0, query
            else:
                assert chart.evaluate(BESIDE) == ["Fullscreen"], query
            seen += 1
        for name in UNMARKED:
            assert page.page.get_by_role("button", name=re.compile(f"^{name}")).count() == 0, (query, name)
    assert seen >= {"/": 2, "/Market_engagement": 0, "/Data": 0}.get(path, 4)


def test_a_chart_in_full_screen_has_none_either(visit: Open) -> None:
    page = visit("/Providers")
    chart = page.page.locator("main [role=graphics-document]:visible").first
    chart.hover()
    page.page.get_by_role("button", name=re.compile("^Fullscreen: Headroom|^Fullscreen")).first.click()
    close = page.page.get_by_role("button", name=re.compile("^Close fullscreen"))
    expect(close).to_be_visible()
    for name in UNMARKED:
        assert page.page.get_by_role("button", name=re.compile(f"^{name}")).count() == 0
    close.click()
    expect(close).to_have_count(0)


def test_streamlit_still_has_what_is_hidden(visit: Open) -> None:
    """Or the tests above would pass on a page where nothing needs to be hidden."""
    page = visit("/Providers")
    hidden = page.page.locator("main button[aria-label^='Download as PNG'], main button[aria-label^='Show data']")
    expect(hidden).not_to_have_count(0)


# Paper.


def squeezed(text: str) -> str:
    """Text without spaces, and without the hyphens at which paper breaks lines otherwise than the screen."""
    return re.sub(r"[\s\x00-\x1f\xad\ufffe-]", "", text)


def covered_words(words: pypdfium2.PdfTextPage) -> list[str]:
    """Lines of a sheet that lie on another, by more than half of the smaller one."""
    boxes = [words.get_rect(place) for place in range(words.count_rects())]
    # The names on a map are there twice, with their halo: these come in pieces of a letter or two.
    boxes = [box for box in boxes if box[2] - box[0] > 30 and box[1] > FOOT]
    found = []
    for place, (left, bottom, right, top) in enumerate(boxes):
        for other in boxes[:place]:
            across = min(right, other[2]) - max(left, other[0])
            down = min(top, other[3]) - max(bottom, other[1])
            smaller = min((right - left) * (top - bottom), (other[2] - other[0]) * (other[3] - other[1]))
            if min(across, down) > 0 and across * down > smaller / 2:
                found.append(
                    f"{words.get_text_bounded(left, bottom, right, top)!r} on {words.get_text_bounded(*other)!r}"
                )
    return found


class Sheets:
    """A page as it is printed on A4."""

    def __init__(self, page: Visit) -> None:
        page.wait_until_still()
        pdf = pypdfium2.PdfDocument(page.page.pdf(format="A4"))
        self.texts: list[str] = []
        self.bodies: list[str] = []
        self.right = 0.0
        self.covered: list[str] = []
        self.light: list[float] = []
        for sheet in pdf:
            self.width, self.height = sheet.get_size()
            words = sheet.get_textpage()
            self.texts.append(words.get_text_range())
            self.bodies.append(words.get_text_bounded(bottom=FOOT))
            # A space at the end of a line may hang over the margin: nobody sees it.
            seen = [place for place in range(words.count_chars()) if words.get_text_range(place, 1).strip()]
            boxes = [words.get_charbox(place) for place in seen]
            self.right = max([self.right, *(right for _, bottom, right, _ in boxes if bottom > FOOT)])
            self.covered += covered_words(words)
            picture = sheet.render(scale=0.25, grayscale=True).to_numpy()
            self.light.append(float((picture > 128).mean()))
        pdf.close()

    @property
    def whole(self) -> str:
        """Everything on all sheets, squeezed."""
        return squeezed("".join(self.bodies))


def check_sheets(page: Visit) -> Sheets:
    """Each sheet is marked and numbered, no heading ends one, no table is cut, no control is on it."""
    sheets = Sheets(page)
    count = len(sheets.texts)
    for number, text in enumerate(sheets.texts, start=1):
        for line in (DEMONSTRATION, INTERNAL, f"Sheet {number} of {count}"):
            assert squeezed(line) in squeezed(text), number
        assert sheets.bodies[number - 1].strip(), f"sheet {number} is empty"
    headings = [squeezed(text) for text in page.page.locator("main :is(h1, h2, h3)").all_inner_texts()]
    for body in sheets.bodies[:-1]:
        last = squeezed(body.strip().splitlines()[-1])
        assert not [text for text in headings if text.endswith(last) and len(last) > 5], last
    tables: list[list[str]] = page.page.locator("main table:not([role=grid])").evaluate_all(
        """all => all.filter(one => !one.closest("details:not([open])"))
            .map(one => [...one.querySelectorAll("th, td")].map(cell => cell.textContent))"""
    )
    for cells in tables:
        assert [cell for cell in cells if squeezed(cell) not in sheets.whole] == []
    # The margin is 12 mm.
    assert sheets.right <= sheets.width - 33
    assert sheets.covered == []
    assert min(sheets.light) > 0.6, "dark on light"
    return sheets


@pytest.mark.parametrize("path", PAGES)
def test_a_printed_page_is_marked_on_every_sheet_and_whole(path: str, visit: Open) -> None:
    page = visit(path)
    sheets = check_sheets(page)
    for control in page.page.locator("main button:visible, main label:visible").all_inner_texts():
        words = control.strip()
        if len(words) > 12 and "(" in words:  # a download; shorter words stand elsewhere too
            assert squeezed(words) not in sheets.whole, words
    expect(page.page.locator(".paper:visible")).to_have_count(0)


def test_the_sheets_of_the_overview_hold_its_map_its_bars_and_its_whole_table(visit: Open) -> None:
    page = visit("/")
    sheets = check_sheets(page)
    table = next(text for text in sheets.bodies if "The same figures as a table" in text)
    assert "People" in table
    for words in ("Good or", "Not", "Essex 1.04"):
        assert any(words in text for text in sheets.bodies), words
    (bars,) = [text for text in sheets.bodies if "Ranked, the lowest first" in text]
    assert "Castle Point" in bars, "the heading and the chart are on one sheet"
    assert "Domiciliary care: Personal care" in sheets.bodies[0], "what the filters say"
    for control in ("Group by", "Every indicator (CSV)", "All service types", "What-if"):
        assert not any(control in text for text in sheets.bodies), control


def test_the_sheets_of_a_what_if_say_which_levers_are_set(visit: Open) -> None:
    page = visit("/What_if?what_if_tab=districts")
    sheets = check_sheets(page)
    assert "Years ahead: 5 years. Every other lever stands at its default." in " ".join(sheets.bodies[0].split())
    for control in ("Start from", "Play", "More: demand", "Every year and lot (CSV)", "What it would take"):
        assert not any(control in text for text in sheets.bodies), control


@pytest.mark.parametrize(
    ("path", "width"),
    [("/", 1920), ("/What_if?what_if_tab=drivers", 1440), ("/Providers?providers_tab=resilience", 1440)],
)
def test_paper_is_dark_on_light_and_nothing_lies_on_another_from_a_dark_and_a_wide_screen(
    path: str, width: int, visit: Open
) -> None:
    check_sheets(visit(path, scheme="dark", width=width, height=1080))


HOSTILE = "Made up } @page { margin: 0 } ' \\ </style><b>x</b> \u201cdata\u201d"


def hostile_line(folder: Path) -> None:
    """A demonstration line that a style sheet could take for an end of its string, its rule or itself."""
    path = folder / "datapackage.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["demonstration"] = HOSTILE
    path.write_text(json.dumps(manifest), encoding="utf-8")


def test_a_demonstration_line_stands_at_the_foot_as_it_is(visit: Open) -> None:
    page = visit("/Data", changes=(hostile_line,))
    sheets = Sheets(page)
    for text in sheets.texts:
        assert squeezed(HOSTILE) in squeezed(text)
        assert squeezed(INTERNAL) in squeezed(text)
