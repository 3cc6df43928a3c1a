"""Packs that are wrong or hostile, seen in the browser."""

from __future__ import annotations

from collections.abc import Callable

import pack_copies
import pytest
from driver import MAP_PAGES, PAGES, Visit
from pack_copies import DAMAGES, HOSTILE_NAMES
from playwright.sync_api import expect

Open = Callable[..., Visit]

DAMAGE = DAMAGES["text in a number"]


def assert_nothing_ran(page: Visit) -> None:
    """No script of a name has run, in the page or in a frame of it; dialogs and requests are watched by the visit."""
    assert [frame.evaluate("() => window.__hit") for frame in page.page.frames] == [None] * len(page.page.frames)
    made = "img[src=x], img[src*='example.com'], a[href^=javascript], a[href*='example.com'], a[href^=mailto]"
    assert page.page.locator(f"{made}, [role=img][aria-label='home icon'], .katex").count() == 0
    if page.page.locator("iframe").count():
        assert page.map.locator("img, script:text('__hit')").count() == 0


@pytest.mark.parametrize("path", PAGES)
def test_hostile_names_run_nothing(path: str, visit: Open) -> None:
    """Names from a pack reach tooltips, labels, charts, tables and headings: text everywhere, code nowhere."""
    page = visit(path, changes=(pack_copies.with_hostile_names,))
    assert_nothing_ran(page)
    if path not in MAP_PAGES:
        return
    codes = sorted(page.fills())
    names = dict(zip(codes, HOSTILE_NAMES, strict=True))
    for code in codes[:6]:
        page.page.mouse.move(*page.point_inside(page.district(code)))
        expect(page.map.locator(".district-tooltip")).to_be_visible()
    page.click_district(codes[0])
    expect(page.district(codes[0])).to_have_attribute("aria-pressed", "true")
    if path != "/Short_breaks":  # which shows quadrants, whose names are hostile as well
        exact = path not in ("/What_if", "/Market_engagement")  # whose headings say more
        expect(page.page.get_by_role("heading", name=names[codes[0]], exact=exact).first).to_be_visible()
    if path != "/Market_engagement":  # which has no chart
        charts = "[data-testid=stVegaLiteChart] svg, [data-testid=stVegaLiteChart] canvas, figure[data-live] svg"
        expect(page.page.locator(charts).first).to_be_visible()
    page.wait_until_idle()
    assert_nothing_ran(page)


def test_a_byte_order_mark_in_the_outlines_changes_nothing(visit: Open) -> None:
    page = visit("/", changes=(pack_copies.with_byte_order_mark,))
    names = page.map.locator(".district-label > div:not([hidden])")
    expect(names).to_have_count(12)
    assert set(page.fills().values()) == set(visit("/").fills().values())


def test_a_map_that_cannot_be_drawn_is_a_sentence_and_the_page_goes_on(visit: Open) -> None:
    page = visit("/", changes=(pack_copies.with_exchanged_outlines,), whole=False)
    said = page.page.get_by_role("alert").filter(has_text="No map is drawn. geography/districts.geojson")
    expect(said).to_be_visible()
    expect(page.live("bars").locator("svg").first).to_be_visible()
    assert page.page.locator("[data-testid=stException], iframe").count() == 0


def test_faults_in_place_of_every_page(visit: Open) -> None:
    page = visit("/Data", changes=(DAMAGE.change,), whole=False)
    for path in PAGES:
        page.follow(path, whole=False)
        expect(page.page.get_by_role("alert")).to_contain_text("1 fault found")
        table = page.page.get_by_role("table")
        for text in (DAMAGE.file, DAMAGE.row, DAMAGE.column, DAMAGE.found):
            expect(table).to_contain_text(text)
        assert page.page.get_by_text("Traceback").count() == 0
        assert page.page.locator("[data-testid=stException], iframe").count() == 0


def test_a_total_that_is_off_is_said_in_red_on_every_page(visit: Open) -> None:
    page = visit("/Data", changes=(pack_copies.take_one_hour,))
    for path in PAGES:
        page.follow(path)
        alert = page.page.get_by_role("alert").first
        expect(alert).to_contain_text("dom_hours_total comes to 127,999, 1 too few, expected 128,000 hours a week")
        expect(page.page.get_by_test_id("stAlertContentError").first).to_be_visible()


MORE_SERVICES = (
    pack_copies.third_service("supported_living", "Supported living"),
    pack_copies.third_service("Extra care & more/\u00fc?", "Extra care"),
)
UNMARKED = "rgba(0, 0, 0, 0)"


def test_the_menu_goes_from_one_service_to_another_on_their_common_page(visit: Open) -> None:
    """The address names the service that is shown, so that it can be copied and opened again; one entry is marked."""
    addresses = {"Supported living": "code=supported_living", "Extra care": "code=Extra+care+%26+more%2F%C3%BC%3F"}
    page = visit("/Providers", changes=MORE_SERVICES)

    def shown(label: str) -> None:
        expect(page.page.get_by_role("heading", level=1)).to_have_text(f"{label}: Essex")
        page.page.wait_for_url(lambda address: address.endswith(f"/Service?{addresses[label]}"))
        expect(page.page).to_have_title(f"{label} · Care market")
        page.wait_until_idle()
        page.page.mouse.move(0, 0)
        for one in addresses:
            link = page.page.get_by_role("link", name=one, exact=True)
            if one == label:
                expect(link).not_to_have_css("background-color", UNMARKED)
            else:
                expect(link).to_have_css("background-color", UNMARKED)

    for label in ("Supported living", "Extra care", "Supported living"):
        page.page.get_by_role("link", name=label, exact=True).click()
        shown(label)
    page.page.go_back()
    shown("Extra care")
    page.page.reload()
    shown("Extra care")
    page.page.get_by_role("link", name="Domiciliary care", exact=True).click()
    expect(page.page.get_by_role("heading", level=1)).to_have_text("Domiciliary care: Essex")
    page.page.go_back()
    shown("Extra care")
