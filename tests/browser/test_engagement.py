"""The demand board in a browser: dots and rounds on the map, a district by mouse and keys, the radius, the screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from driver import Visit
from playwright.sync_api import expect
from test_offline import check_accessibility

Open = Callable[..., Visit]

PATH = "/Market_engagement"
MALDON = "E07000074"
RADIUS = "Travel radius, km by road"
DOTS, NUMBERS = "path.district-dot", ".district-middle > div"
# What must be in sight at once, each by what finds it.
TOGETHER = {
    "title": "h1",
    "sentence": "h2",
    "filters": ".st-key-market_filters",
    "map": ".st-key-market_map iframe",
    "legend": ".st-key-market_legend ul",
    "radius": ".st-key-radius_km_box",
    "rounds": "[data-testid=stDataFrame]",
    "figures": "dl.tiles",
}
BOTTOMS = """places => Object.fromEntries(Object.entries(places).map(([name, place]) =>
    [name, document.querySelector(place).getBoundingClientRect().bottom]))"""


@pytest.mark.parametrize(
    ("width", "height", "scrolled"), [(1440, 900, set()), (1920, 1080, set()), (1024, 768, {"rounds"})]
)
def test_what_moves_is_in_sight_with_what_moves_it(width: int, height: int, scrolled: set[str], visit: Open) -> None:
    page = visit(PATH, width=width, height=height)
    page.wait_until_still()
    below = {name for name, bottom in page.page.evaluate(BOTTOMS, TOGETHER).items() if bottom > height}
    assert below <= scrolled
    assert page.page.locator("main").evaluate("main => main.scrollWidth <= main.clientWidth")


def test_the_radius_redraws_the_rounds_in_the_same_frame(visit: Open) -> None:
    page = visit(PATH)
    page.map.locator("body").evaluate("() => { window.sameFrame = true; }")
    expect(page.map.locator(DOTS).first).to_be_attached()
    dots, first = page.map.locator(DOTS).count(), page.map.locator(NUMBERS).all_text_contents()
    assert first == [str(number) for number in range(1, len(first) + 1)]
    page.step(RADIUS, "End")
    last = page.map.locator(NUMBERS)
    expect(last).not_to_have_count(len(first))
    assert page.map.locator(DOTS).count() == dots, "where requests wait does not hang on the radius"
    assert page.map.locator("body").evaluate("() => window.sameFrame")
    page.page.wait_for_url("**radius_km=30**")
    expect(page.page.locator("h2").first).to_contain_text("within 30 km of each other by road")
    page.page.reload()
    page.wait_until_drawn(with_map=True)
    expect(page.slider(RADIUS)).to_have_value("30")


COVERED = """() => {
    const boxes = (selector) => [...document.querySelectorAll(selector)].map((each) => each.getBoundingClientRect());
    const names = boxes(".district-label > *"), numbers = boxes(".district-middle > div");
    const rim = 4; // of a name's box, in which no letter stands
    const over = (one, other) => one.left < other.right - rim && other.left < one.right - rim &&
        one.top < other.bottom - rim && other.top < one.bottom - rim;
    return { names: names.length, covered: numbers.filter((one) => names.some((name) => over(one, name))).length };
}"""


def test_no_number_of_a_round_covers_the_name_of_a_district(visit: Open) -> None:
    page = visit(PATH, width=1440, height=900)
    expect(page.map.locator(NUMBERS).first).to_be_attached()
    page.wait_until_still()
    found = page.map.locator("body").evaluate(COVERED)
    assert found == {"names": 12, "covered": 0}


def test_a_district_is_chosen_through_the_dots(visit: Open) -> None:
    """A dot takes no click: the district beneath it does, and the keyboard goes from district to district."""
    page = visit(PATH)
    expect(page.map.locator(DOTS).first).to_be_attached()
    assert page.map.locator(DOTS).first.evaluate("dot => getComputedStyle(dot).pointerEvents") == "none"
    assert page.map.locator(f"{DOTS}:not([aria-hidden=true])").count() == 0
    page.after(lambda: page.click_district(MALDON))
    expect(page.page.locator("h2").first).to_contain_text("20 requests")
    expect(page.box("district")).to_have_value("Maldon")
    page.page.wait_for_url(f"**district={MALDON}**")
    expect(page.district(MALDON)).to_have_attribute("aria-label", "Maldon, 20 requests wait: 348 hours a week, "
                                                    "Longest wait 85 days, median 29.0")  # fmt: skip
    page.district(MALDON).focus()
    page.page.keyboard.press("Home")
    page.after(lambda: page.page.keyboard.press("Enter"))
    expect(page.box("district")).to_have_value("Basildon")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_telephone(scheme: str, visit: Open) -> None:
    page = visit(f"{PATH}?service=short_breaks&radius_km=20", scheme=scheme, width=390, height=844)
    expect(page.map.locator(DOTS).first).to_be_attached()
    check_accessibility(page, PATH)
    assert page.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
