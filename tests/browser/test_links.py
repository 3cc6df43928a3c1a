"""Back, Forward and the address bar: every view has its link, and every link its view."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from driver import Visit
from playwright.sync_api import expect

Open = Callable[..., Visit]

MALDON, BASILDON = "E07000074", "E07000066"
TYPES = "types_domiciliary_care"


def said(page: Visit) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.page.url).query)


def expect_address(page: Visit, path: str, **query: str | list[str]) -> None:
    """Wait until the address is the page's, and says this and nothing else."""
    expected = {name: [value] if isinstance(value, str) else value for name, value in query.items()}
    page.page.wait_for_url(lambda url: urlsplit(url).path == path and parse_qs(urlsplit(url).query) == expected)


def expect_district(page: Visit, name: str) -> None:
    expect(page.box("district")).to_have_value(name)
    if name:
        expect(page.page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def entries(page: Visit) -> int:
    return int(page.page.evaluate("history.length"))


def test_back_shows_the_district_again(visit: Open) -> None:
    """The address of an old link stays as it was written; the menu takes its code along."""
    page = visit("/?district=Maldon")
    before = entries(page)
    page.follow("/Providers")
    expect_address(page, "/Providers", district=MALDON)
    expect(page.box("district")).to_have_value("Maldon")
    assert entries(page) == before + 1
    page.page.go_back()
    expect_address(page, "/", district="Maldon")
    expect_district(page, "Maldon")
    page.page.go_forward()
    expect_address(page, "/Providers", district=MALDON)
    expect(page.box("district")).to_have_value("Maldon")


def test_each_choice_is_an_entry_and_back_undoes_it(visit: Open) -> None:
    page = visit()
    before = entries(page)
    page.after(lambda: page.choose("indicator", "Spot share"))
    expect_address(page, "/", indicator="spot_share")
    page.wait_until_idle()
    page.click_district(MALDON)
    expect_district(page, "Maldon")
    expect_address(page, "/", indicator="spot_share", district=MALDON)
    page.wait_until_idle()
    page.after(lambda: page.choose("district", "Basildon"))
    expect_address(page, "/", indicator="spot_share", district=BASILDON)
    page.wait_until_idle()
    assert entries(page) == before + 3
    page.page.go_back()
    expect_district(page, "Maldon")
    expect_address(page, "/", indicator="spot_share", district=MALDON)
    page.wait_until_idle()
    page.page.go_back()
    expect_district(page, "")
    expect(page.box("indicator")).to_have_value("spot_share")
    expect_address(page, "/", indicator="spot_share")
    page.wait_until_idle()
    page.page.go_back()
    expect(page.box("indicator")).to_have_value("coverage")
    expect_address(page, "/")
    page.wait_until_idle()
    page.page.go_forward()
    expect(page.box("indicator")).to_have_value("spot_share")
    expect_address(page, "/", indicator="spot_share")
    page.wait_until_idle()
    page.page.reload()
    page.wait_until_drawn(True)
    expect(page.box("indicator")).to_have_value("spot_share")
    assert entries(page) == before + 3


def test_service_grouping_and_types_are_undone_too(visit: Open) -> None:
    page = visit()
    page.after(lambda: page.choose(TYPES, "Night awake"))
    page.page.keyboard.press("Escape")
    expect_address(page, "/", types_domiciliary_care="night_awake")
    page.wait_until_idle()
    page.after(lambda: page.choose("by_domiciliary_care", "Quadrant"))
    expect_address(page, "/", types_domiciliary_care="night_awake", by_domiciliary_care="quadrant")
    page.wait_until_idle()
    page.page.get_by_role("radio", name="Children's short breaks").click()
    expect_address(page, "/", service="short_breaks")
    page.wait_until_idle()
    page.page.go_back()
    expect_address(page, "/", types_domiciliary_care="night_awake", by_domiciliary_care="quadrant")
    expect(page.box("by_domiciliary_care")).to_have_value("Quadrant")
    page.wait_until_idle()
    page.page.go_back()
    expect_address(page, "/", types_domiciliary_care="night_awake")
    expect(page.box("by_domiciliary_care")).to_have_value("District")
    expect(page.page.locator(f".st-key-{TYPES}").get_by_text("Night awake")).to_be_visible()


def open_tab(page: Visit) -> str:
    return str(page.page.get_by_role("tab", selected=True).first.inner_text())


def test_the_tabs_of_providers_are_in_the_history(visit: Open) -> None:
    page = visit("/Providers")
    for code, name in (("quality", "Quality"), ("one_provider", "One provider")):
        page.wait_until_idle()
        page.page.get_by_role("tab", name=name, exact=True).click()
        expect_address(page, "/Providers", providers_tab=code)
    page.wait_until_idle()
    page.page.go_back()
    expect_address(page, "/Providers", providers_tab="quality")
    expect(page.page.get_by_role("tab", name="Quality", exact=True)).to_have_attribute("aria-selected", "true")
    page.wait_until_idle()
    page.page.go_back()
    expect_address(page, "/Providers")
    expect(page.page.get_by_role("tab", name="Lots and placement")).to_have_attribute("aria-selected", "true")


def test_one_lever_is_one_entry_and_back_undoes_it(visit: Open) -> None:
    page = visit("/What_if")
    before = entries(page)
    slider = page.page.get_by_role("slider").first
    slider.focus()
    sentence = page.page.locator("h2").first
    at_first = sentence.inner_text()
    seen = set()
    for _ in range(4):
        was = page.page.url
        page.page.keyboard.press("ArrowRight")
        page.page.wait_for_url(lambda url, was=was: url != was)
        page.wait_until_idle()
        seen.add(page.page.url)
    assert len(seen) == 4
    assert entries(page) == before + 1
    moved = page.page.url
    expect(sentence).not_to_have_text(at_first)
    page.follow("/Data")
    page.page.go_back()
    page.page.wait_for_url(moved)
    page.wait_until_idle()
    page.page.go_back()
    expect_address(page, "/What_if")
    expect(page.page.locator("h2").first).to_have_text(at_first)


def test_a_link_that_is_not_understood_says_so(visit: Open) -> None:
    page = visit("/?district=Maldn&indicator=Spot+share.")
    expect(page.page.get_by_role("alert").filter(has_text="“Maldn” is not one of this pack")).to_be_visible()
    expect(page.box("indicator")).to_have_value("spot_share")
    page.wait_until_idle()
    page.after(lambda: page.choose("district", "Basildon"))
    expect(page.page.get_by_text("“Maldn”")).to_have_count(0)
    expect_address(page, "/", indicator="spot_share", district=BASILDON)


@pytest.mark.parametrize("end", [".", ")", "%3E", "%5D."])
def test_what_a_mail_client_adds_to_a_link_is_left_out(end: str, visit: Open) -> None:
    page = visit(f"/?district=Maldon&amp;indicator=Spot+share{end}")
    expect_district(page, "Maldon")
    expect(page.box("indicator")).to_have_value("spot_share")
    expect(page.page.get_by_text("The link")).to_have_count(0)
