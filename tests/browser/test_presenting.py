"""Presenting, in a browser: read from afar, moved by a clicker, on every page, in light and dark, on any projector."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from driver import DISTRICTS, Visit
from playwright.sync_api import Locator, expect
from test_everyone import violations

from lib.whatif.running_orders.order import RunningOrder, View
from lib.whatif.scenarios.database import file_address
from lib.whatif.scenarios.store import open_store

Open = Callable[..., Visit]
PATHS = ("/", "/Domiciliary_care", "/Short_breaks", "/Providers", "/What_if", "/Market_engagement", "/Data")
WITH_MAP = PATHS[:-1]
DISTRICT = "E07000076"
# Every text in sight with the size of its letters, smallest first, of the page or of a frame in it.
SIZES = """() => {
    const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const text = walk.currentNode, element = text.parentElement;
        if (!text.textContent.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
        if (["SCRIPT", "STYLE", "NOSCRIPT", "TITLE"].includes(element.tagName)) continue;
        const range = document.createRange();
        range.selectNodeContents(text);
        const box = range.getBoundingClientRect();
        if (box.bottom <= 0 || box.right <= 0 || box.width < 1 || box.height < 1) continue;
        if (getComputedStyle(element).clipPath !== "none") continue;
        // What the room covers nobody sees.
        const over = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
        const room = over && over.closest(".st-key-room");
        if (room && !room.contains(element)) continue;
        found.push([parseFloat(getComputedStyle(element).fontSize), text.textContent.trim().slice(0, 40)]);
    }
    return found;
}"""
# What stands beyond the window, or in a box that has no room for it.
CUT_OFF = """() => [...document.querySelectorAll(".st-key-room :is(h1, h2, h3, p, li, th, td, li > span)")]
    .filter(one => one.checkVisibility() && !one.closest(".st-key-room_controls"))
    .filter(one => {
        const box = one.getBoundingClientRect();
        const around = one.closest(".room-block, .room-said, .room-legend, .room-foot").getBoundingClientRect();
        return box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1 ||
            box.right > around.right + 1 || box.bottom > around.bottom + 1;
    }).map(one => one.textContent)"""
SCROLLS = """() => [document.scrollingElement, ...document.querySelectorAll("[data-testid=stMain]")]
    .filter(one => one.scrollWidth > innerWidth + 1 || one.scrollHeight > innerHeight + 1)
    .filter(one => getComputedStyle(one).overflow !== "hidden" && getComputedStyle(document.body).overflow !== "hidden")
    .map(one => one.tagName)"""
FOCUS = """() => {
    let one = document.activeElement;
    while (one.shadowRoot && one.shadowRoot.activeElement) one = one.shadowRoot.activeElement;
    return one.textContent;
}"""


def presented(page: Visit, with_map: bool) -> Locator:
    """The room, once all of it is drawn."""
    room = page.page.locator(".st-key-room")
    expect(room.locator("h1")).to_be_visible()
    page.wait_until_idle()
    if with_map:
        expect(page.districts()).to_have_count(DISTRICTS)
    return room


def open_room(visit: Open, path: str, **kinds: object) -> Visit:
    page = visit(f"{path}{'&' if '?' in path else '?'}present=true", whole=False, **kinds)
    presented(page, path.partition("?")[0] in WITH_MAP)
    page.wait_until_still()
    return page


def texts(page: Visit) -> list[tuple[float, str]]:
    return sorted((size, words) for frame in page.page.frames for size, words in frame.evaluate(SIZES))


@pytest.mark.parametrize("path", [*PATHS, f"/Domiciliary_care?district={DISTRICT}"])
def test_a_room_reads_it_from_ten_metres(path: str, visit: Open) -> None:
    page = open_room(visit, path, width=1920, height=1080)
    found = texts(page)
    assert len(found) > 15
    assert [(size, words) for size, words in found if size < 28] == []
    assert (page.page.evaluate(CUT_OFF), page.page.evaluate(SCROLLS)) == ([], [])
    # An old projector: smaller, and all of it there.
    page.page.set_viewport_size({"width": 1024, "height": 768})
    page.wait_until_still()
    assert [(size, words) for size, words in texts(page) if size < 18] == []
    assert (page.page.evaluate(CUT_OFF), page.page.evaluate(SCROLLS)) == ([], [])
    # A telephone: one below the other, by scrolling.
    page.page.set_viewport_size({"width": 390, "height": 844})
    page.wait_until_still()
    assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for frame in page.page.locator(".st-key-room_map iframe").all():
        box = frame.bounding_box()
        assert box is not None
        assert box["height"] > 300


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_it_is_accessible_in_light_and_dark(path: str, scheme: str, visit: Open) -> None:
    page = open_room(visit, path, width=1440, height=900, scheme=scheme)
    assert violations(page) == []
    expect(page.page.get_by_role("navigation")).to_have_count(0)
    assert page.page.locator("main :is(input, select, textarea)").count() == 0
    dark = page.page.locator(".st-key-room").evaluate("room => getComputedStyle(room).backgroundColor")
    assert dark == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 22, 27)"}[scheme]


def test_the_button_presents_the_page_as_it_is_and_escape_ends_it(visit: Open) -> None:
    page = visit(f"/?indicator=spot_share&district={DISTRICT}", width=1920, height=1080)
    button = page.page.get_by_role("button", name="Present", exact=True)
    button.focus()
    page.page.keyboard.press("Enter")
    room = presented(page, True)
    assert page.page.evaluate("Boolean(document.fullscreenElement)")
    expect(room.locator("h3")).to_contain_text("Tendring")
    page.page.wait_for_url(lambda url: "present=true" in url and DISTRICT in url and "spot_share" in url)
    page.page.keyboard.press("Escape")
    expect(room).to_have_count(0)
    expect(button).to_be_visible()
    page.page.wait_for_function(f"({FOCUS})() === 'Present'")
    page.page.wait_for_url(lambda url: "present" not in url and DISTRICT in url and "spot_share" in url)
    assert not page.page.evaluate("Boolean(document.fullscreenElement)")


@pytest.mark.parametrize("path", ["/", "/Providers", "/What_if", "/Market_engagement"])
def test_what_was_chosen_still_holds_once_it_is_over(path: str, visit: Open) -> None:
    """A presented page has no widgets: those that come back hold what they held."""
    page = visit(f"{path}?service=short_breaks&radius_km=7", width=1440, height=900)
    page.page.get_by_role("button", name="Present", exact=True).click()
    room = presented(page, True)
    page.page.keyboard.press("Escape")
    expect(room).to_have_count(0)
    page.wait_until_drawn(False)
    expect(page.page.get_by_role("radio", name="Children's short breaks", exact=True)).to_be_checked()
    if path == "/Market_engagement":
        expect(page.page.get_by_label("Travel radius, km by road, as a number")).to_have_value("7")
    page.after(page.page.get_by_role("button", name="Add to order", exact=True).click)
    expect(page.page.get_by_role("dialog")).to_be_visible()
    expect(page.page.get_by_role("radio", name="Children's short breaks", exact=True)).to_be_checked()


def test_a_click_tells_the_story_of_a_district_and_the_keys_still_go_on(visit: Open) -> None:
    page = open_room(visit, "/Domiciliary_care", width=1920, height=1080)
    block = page.page.locator(".room-block h3")
    expect(block).to_contain_text("Net coverage")
    page.click_district(DISTRICT)
    expect(block).to_contain_text("Tendring: ")
    page.page.wait_for_url(lambda url: DISTRICT in url and "present=true" in url)
    page.click_district(DISTRICT)
    expect(block).to_contain_text("Net coverage")
    # The focus is in the map's frame now.
    page.page.keyboard.press("PageDown")
    expect(page.page.locator(".st-key-room h1")).to_contain_text("short breaks")
    page.page.keyboard.press("PageUp")
    expect(page.page.locator(".st-key-room h1")).to_have_text("Domiciliary care: Essex")


def test_the_years_turn_by_the_arrow_keys(visit: Open) -> None:
    page = open_room(visit, "/What_if", width=1440, height=900)
    block = page.page.locator(".room-block h3")
    expect(block).to_contain_text("2029/30")
    page.page.keyboard.press("ArrowDown")
    expect(block).to_contain_text("2028/29")
    expect(page.page.locator(".room-legend p")).to_contain_text("2028/29")
    page.page.wait_for_url(lambda url: "year=2028" in url)
    page.page.keyboard.press("ArrowUp")
    expect(block).to_contain_text("2029/30")


def test_a_running_order_is_walked_by_the_clicker_alone(visit: Open) -> None:
    page = visit("/Data")
    store = open_store(file_address(page.app.scenarios / "scenarios.db"))
    hostile = "<img src=x onerror=alert(1)> **Nights** & [days](http://example.com)"
    order = RunningOrder(
        name="Spring",
        views=(
            View(
                page="Domiciliary_care", query={"indicator": ["spot_share"]}, title="Bought one by one", note="Pause."
            ),
            View(page="Gone_service", title="A page that is no more"),
            View(page="What_if", query={"district": [DISTRICT]}, title=hostile),
            View(page="Domiciliary_care", query={"district": [DISTRICT]}),
        ),
    )
    saved = store.orders.add(order.name, "", "essex", order.document())
    page.page.goto(f"{page.app.address}/?order={saved.id}")
    room, title, place = (page.page.locator(one) for one in (".st-key-room", ".st-key-room h1", ".room-place"))
    expect(title).to_have_text("Bought one by one")
    expect(place).to_have_text("1 of 4")
    page.wait_until_idle()
    expect(room.locator("h2")).to_contain_text("Spot share")
    note = room.locator(".room-note")
    expect(note).to_be_hidden()
    page.page.keyboard.press("n")
    expect(note).to_have_text("Pause.")
    page.page.keyboard.press("PageDown")
    expect(place).to_have_text("2 of 4")
    expect(room.locator("h2")).to_have_text('This view no longer fits: the dashboard has no page "Gone_service".')
    page.page.keyboard.press("PageDown")
    expect(title).to_have_text(hostile)
    expect(room.locator(".room-block h3")).to_contain_text("Tendring")
    page.page.keyboard.press("PageDown")
    expect(place).to_have_text("4 of 4")
    expect(room.locator(".room-block h3")).to_contain_text("Tendring: ")
    # What the first view chose, and this one does not, is at its default.
    expect(room.locator(".room-legend p")).to_contain_text("Net coverage")
    page.page.keyboard.press("PageDown")
    for number in (3, 2, 1):
        page.page.keyboard.press("PageUp")
        expect(place).to_have_text(f"{number} of 4")
    expect(room.locator(".room-block h3")).to_contain_text("Spot share")
    page.page.keyboard.press("Escape")
    expect(room).to_have_count(0)
    page.page.wait_for_function(f"({FOCUS})() === 'Present'")


def test_a_running_order_is_put_together_on_the_pages_and_moved_by_keyboard(visit: Open) -> None:
    page = visit("/Short_breaks")
    for number, path in enumerate(("/Short_breaks", "/Market_engagement")):
        if number:
            page.follow(path)
        page.page.get_by_role("button", name="Add to order").press("Enter")
        if not number:
            page.page.get_by_role("combobox", name="Running order").wait_for()
            page.choose("adding_order", "A new one")
            name = page.page.get_by_label("Its name")
            name.fill("By keyboard")
            name.press("Tab")
        add = page.page.get_by_role("button", name="Add it")
        add.press("Enter")
        expect(page.page.get_by_text("Added to By keyboard")).to_be_visible()
        if not number:
            page.page.keyboard.press("Escape")
            expect(page.page.get_by_role("dialog")).to_have_count(0)
    page.page.get_by_role("link", name="Open the running orders").press("Enter")
    page.page.get_by_role("button", name="Move 2 up").press("Enter")
    expect(page.page.get_by_text("View 2 moved up.")).to_be_visible()
    expect(page.page.locator(".st-key-order_view_0")).to_contain_text("Market engagement")
    page.wait_until_still()
    assert violations(page) == []
    page.page.get_by_role("link", name="Present it").press("Enter")
    expect(page.page.locator(".room-place")).to_have_text("1 of 2")
    expect(page.page.locator(".st-key-room h1")).to_contain_text("Market engagement")
