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
WHAT_IF = "/What_if"
# The same of the What-if, where a lever moves.
MOVING_TOGETHER = {
    "sentence": "[data-live=say] h2",
    "levers": "[data-live=levers] .live-levers",
    "map": ".st-key-live_map_after iframe",
    "legend": ".live-legend",
    "year": "[data-live=year]",
    "lines": "[data-live=lines]",
    "newly short": "[data-live=newly]",
    "figures": "[data-live=tiles]",
}
BEFORE, AFTER = (f".st-key-live_map_{place} iframe" for place in ("before", "after"))
# Streamlit's frame as it is while it is loading, or where nothing has been laid out yet.
TINY = """() => document.addEventListener("DOMContentLoaded", () => {
    if (window === top) document.head.insertAdjacentHTML("beforeend",
        "<style class='tiny'>iframe {min-height: 0 !important; height: 4px !important}</style>");
})"""
COVERED = """body => {
    const paths = [...body.querySelectorAll("path[data-code]")].map(path => path.getBoundingClientRect());
    const wide = Math.max(...paths.map(path => path.right)) - Math.min(...paths.map(path => path.left));
    const high = Math.max(...paths.map(path => path.bottom)) - Math.min(...paths.map(path => path.top));
    return Math.max(wide / body.clientWidth, high / innerHeight);
}"""
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


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1920, 1080)])
def test_what_a_lever_moves_is_in_sight_with_it(width: int, height: int, visit: Open) -> None:
    page = visit(WHAT_IF, width=width, height=height)
    expect(page.page.locator("figure[data-live=lines] svg")).to_be_visible()
    page.wait_until_still()
    below = {name: end for name, end in page.page.evaluate(BOTTOMS, MOVING_TOGETHER).items() if end > height}
    assert below == {}


def test_a_projector_has_levers_and_the_whole_map_side_by_side(visit: Open) -> None:
    page = visit(WHAT_IF, width=1024, height=768)
    page.wait_until_still()
    levers, frame, year = (
        page.page.locator(place).first.bounding_box() for place in ("[data-live=levers]", AFTER, "[data-live=year]")
    )
    assert levers is not None and frame is not None and year is not None
    assert levers["x"] + levers["width"] <= frame["x"]
    assert year["y"] + year["height"] <= 768


def test_on_a_telephone_the_whole_map_stands_above_the_levers(visit: Open) -> None:
    page = visit(WHAT_IF, width=390, height=844)
    page.wait_until_still()
    frame, sheet = (page.page.locator(place).bounding_box() for place in (AFTER, ".st-key-screen_only_rail"))
    assert frame is not None and sheet is not None
    assert frame["y"] + frame["height"] <= sheet["y"]
    assert page.page.locator("main").evaluate("main => main.scrollWidth <= main.clientWidth")
    expect(page.page.get_by_role("link", name="What-if", exact=True)).to_be_in_viewport(ratio=1)


def test_today_and_then_stand_side_by_side_on_request(visit: Open) -> None:
    page = visit(WHAT_IF)
    then, frame = page.fills(), page.page.frame_locator(AFTER)
    frame.locator("body").evaluate("() => { window.sameFrame = true; }")
    page.page.get_by_role("radio", name="Today, 2024/25").check()
    page.page.wait_for_function(f"() => document.querySelector('{AFTER}').title.includes('2024/25')")
    today = fills(page, AFTER)
    assert today != then
    page.page.get_by_role("radio", name="Side by side").check()
    expect(page.page.frame_locator(BEFORE).locator("path[data-code][aria-label]")).to_have_count(12)
    page.rest()
    assert fills(page, BEFORE) == today
    assert fills(page, AFTER) == then
    # The map on the left is today's whatever moves.
    page.move("demand.need_growth_pct", times=8)
    assert fills(page, BEFORE) == today
    assert fills(page, AFTER) != then
    left, right = (page.page.locator(place).bounding_box() for place in (BEFORE, AFTER))
    assert left is not None and right is not None
    assert (left["y"], left["width"]) == (right["y"], right["width"])
    assert left["x"] + left["width"] <= right["x"]
    page.page.get_by_role("radio", name="Then, 2029/30").check()
    expect(page.page.locator(BEFORE)).to_have_count(0)
    assert frame.locator("body").evaluate("() => window.sameFrame") is True


def fills(page: Visit, place: str) -> dict[str, str]:
    """The colour of every district of one of two maps, by its code."""
    found: dict[str, str] = (
        page.page.frame_locator(place)
        .locator("path[data-code][aria-label]")
        .evaluate_all("all => Object.fromEntries(all.map(e => [e.dataset.code, e.getAttribute('fill')]))")
    )
    return found


@pytest.mark.parametrize("path", ["/", WHAT_IF])
def test_a_frame_that_was_tiny_when_it_was_loaded_shows_the_whole_map(path: str, visit: Open) -> None:
    page = visit(path)
    page.page.add_init_script(f"({TINY})()")
    page.page.reload()
    page.wait_until_drawn(with_map=True)
    page.page.evaluate("() => document.querySelector('.tiny').remove()")
    page.wait_until_still()
    assert page.map.locator("body").evaluate(COVERED) > 0.8


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
