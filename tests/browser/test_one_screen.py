"""A market on one screen: what belongs together is in sight together, and an indicator rebuilds no chart."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from driver import Visit
from playwright.sync_api import expect

Open = Callable[..., Visit]

# What must be in sight at once, each by what finds it.
TOGETHER = {
    "title": "h1",
    "sentence": "h2",
    "filters": ".st-key-market_filters",
    "map": ".st-key-market_map iframe",
    "legend": ".st-key-market_legend ul",
    "bars": "[role=graphics-document]",
    "figures": "dl.tiles",
}
BOTTOMS = """places => Object.fromEntries(Object.entries(places).map(([name, place]) =>
    [name, document.querySelector(place).getBoundingClientRect().bottom]))"""


@pytest.mark.parametrize("path", ["/", "/Domiciliary_care"])
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1920, 1080)])
def test_a_market_is_in_sight_without_scrolling(path: str, width: int, height: int, visit: Open) -> None:
    page = visit(path, width=width, height=height)
    page.wait_until_still()
    below = {name: bottom for name, bottom in page.page.evaluate(BOTTOMS, TOGETHER).items() if bottom > height}
    assert below == {}
    assert page.page.locator("main").evaluate("main => main.scrollTop") == 0


@pytest.mark.parametrize("width", [320, 390, 1024])
def test_nothing_runs_off_the_side(width: int, visit: Open) -> None:
    page = visit(width=width, height=768)
    page.wait_until_still()
    assert page.page.locator("main").evaluate("main => main.scrollWidth <= main.clientWidth")


def test_map_and_ranking_stand_side_by_side_on_a_projector(visit: Open) -> None:
    page = visit(width=1024, height=768)
    page.wait_until_still()
    chart = page.page.locator("[role=graphics-document]").first.bounding_box()
    frame = page.page.locator(".st-key-market_map iframe").bounding_box()
    assert chart is not None and frame is not None
    assert frame["x"] + frame["width"] <= chart["x"]
    assert frame["y"] + frame["height"] <= 768


def test_the_link_is_copied_and_says_so(visit: Open) -> None:
    page = visit()
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.after(lambda: page.choose("indicator", "Spot share"))
    page.page.wait_for_url(lambda url: "indicator=spot_share" in url)
    page.page.get_by_role("button", name="Copy link").click()
    expect(page.page.get_by_role("status").filter(has_text="Link copied")).to_be_visible()
    assert page.page.evaluate("navigator.clipboard.readText()") == page.page.url


def test_where_nobody_may_copy_the_link_stands_selected(visit: Open) -> None:
    page = visit()
    page.page.evaluate("() => Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.page.get_by_role("button", name="Copy link").click()
    box = page.page.get_by_role("textbox", name="Link to what is shown")
    expect(box).to_be_focused()
    assert box.evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)") == page.page.url


def test_an_indicator_leaves_the_chart_that_is_there(visit: Open) -> None:
    """Figures in a chart's name would make the browser build it again with every choice."""
    page = visit()
    page.after(lambda: page.choose("indicator", "Spot share"))
    chart = page.page.locator('figure[data-live="bars"] svg.marks')
    chart.evaluate("chart => { chart.sameChart = true; }")
    page.after(lambda: page.choose("indicator", "Rural share"))
    expect(page.page.locator('figure[data-live="bars"] > p')).to_contain_text("Rural share")
    expect(page.page.locator('figure[data-live="bars"] > p')).to_contain_text("Maldon")
    assert chart.evaluate("chart => chart.sameChart === true")
