"""For everyone: keyboard, screen readers, forced colours, narrow and magnified pages, and names that all stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from driver import DISTRICTS, PAGES, Visit
from playwright.sync_api import Frame, Page, expect
from test_offline import AXE

Open = Callable[..., Visit]

# The sizes that a map has at 1440x900 on What-if and on Overview, on a projector, and on a phone.
SIZES = [(640, 520), (816, 600), (700, 430), (358, 260)]
NAMES = {
    "Basildon",
    "Braintree",
    "Brentwood",
    "Castle Point",
    "Chelmsford",
    "Colchester",
    "Epping Forest",
    "Harlow",
    "Maldon",
    "Rochford",
    "Tendring",
    "Uttlesford",
}
FRAME = 'iframe[src*="streamlit_folium"]'
# Every control in sight, with its name and the size of what can be pressed: of an input that nobody sees, its label.
SMALL_TARGETS = """() => [...document.querySelectorAll("main :is(a[href], button, input, summary, [role=tab])")]
    .filter(one => !one.matches("p a, td a, [type=range], [type=file]"))
    .map(one => [one, (one.closest("label") || one).getBoundingClientRect()])
    .filter(([one, box]) => box.width > 1 && Math.min(box.width, box.height) < 24)
    .map(([one, box]) => `${one.getAttribute("aria-label") || one.textContent} ${box.width}x${box.height}`)"""
KEYS = (
    "Arrow keys, Home, End: go to a district. Enter: choose it. Escape: hide the figures. + and −: zoom. 0: whole map."
)


def map_frame(page: Visit) -> Frame:
    """Inside the map's frame, to run a script there."""
    found = page.page.locator(FRAME).element_handle().content_frame()
    assert found is not None
    return found


def scene(page: Visit, **areas: dict[str, Any]) -> dict[str, Any]:
    """A scene with every district in one colour, and what differs in some."""
    names = page.districts().evaluate_all("all => all.map(each => [each.dataset.code, each.ariaLabel.split(',')[0]])")
    plain = {code: {"fill": "#12436d", "tooltip": f"{name}\nPlain", "label": name} for code, name in names}
    return {"title": "Shown", "dark": False, "areas": plain | {code: plain[code] | new for code, new in areas.items()}}


def violations(page: Visit) -> list[str]:
    for frame in page.page.frames:
        frame.evaluate(AXE)
    found = page.page.evaluate("axe.run({rules: {'target-size': {enabled: true}}})")
    return [f"{rule['id']}: {node['target']}" for rule in found["violations"] for node in rule["nodes"]]


@pytest.mark.parametrize("width", [1440, 320])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_at_full_width_and_at_400_per_cent(path: str, width: int, visit: Open) -> None:
    page = visit(path, width=width, height=900 if width == 1440 else 640)
    page.wait_until_still()
    assert violations(page) == []
    assert page.page.evaluate(SMALL_TARGETS) == []
    assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def open_link(page: Page) -> list[str]:
    """The words of the links that are marked as the open page, in the landmark of the menu."""
    menu = page.get_by_role("navigation", name="Pages")
    expect(menu).to_have_count(1)
    expect(menu.locator("[aria-current=page]")).to_have_count(1)
    return menu.locator("[aria-current=page]").all_inner_texts()


def test_the_menu_is_a_landmark_and_says_which_page_is_open(visit: Open) -> None:
    page = visit()
    assert open_link(page.page) == ["Overview"]
    for path, words in {"/What_if": "What-if", "/Short_breaks": "Children's short breaks", "/": "Overview"}.items():
        page.follow(path)
        expect(page.page.locator("[aria-current=page]")).to_have_text(words)
        assert open_link(page.page) == [words]
    page.after(lambda: page.choose("district", "Maldon"))  # a run that draws the menu again, with longer addresses
    assert open_link(page.page) == ["Overview"]


def test_the_map_is_one_stop_and_its_keys_reach_every_district(visit: Open) -> None:
    page = visit()
    frame = map_frame(page)
    stops = "[...document.querySelectorAll('a, button, [tabindex]')].filter(each => each.tabIndex >= 0).length"
    assert frame.evaluate(stops) == 1
    keyboard = page.page.keyboard
    page.page.locator(".st-key-district input").focus()
    for _ in range(12):
        keyboard.press("Tab")
        if page.page.evaluate("document.activeElement.tagName") == "IFRAME":
            break
    focused = page.map.locator("path[data-code]:focus")
    expect(focused).to_have_count(1)
    expect(page.map.locator(".district-keys")).to_be_visible()

    def name() -> str:
        return str(focused.get_attribute("aria-label")).split(",")[0]

    found: dict[str, set[str]] = {}
    waiting = [name()]
    while waiting:
        start = waiting.pop()
        if start in found:
            continue
        found[start] = set()
        for key in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"):
            page.map.locator(f'path[aria-label^="{start},"]').focus()
            keyboard.press(key)
            found[start].add(name())
        waiting += found[start]
    assert set(found) == NAMES
    page.map.locator('path[aria-label^="Maldon,"]').focus()
    keyboard.press("ArrowUp")
    assert name() == "Colchester"
    keyboard.press("Home")
    assert name() == "Basildon"
    keyboard.press("End")
    assert name() == "Uttlesford"
    assert frame.evaluate(stops) == 1
    expect(page.map.locator(".district-tooltip")).to_be_visible()
    keyboard.press("Escape")
    expect(page.map.locator(".district-tooltip")).to_be_hidden()
    keyboard.press("+")
    expect(page.map.get_by_role("button", name="Zoom out")).not_to_have_attribute("aria-disabled", "true")
    keyboard.press("0")
    expect(page.map.get_by_role("button", name="Zoom out")).to_have_attribute("aria-disabled", "true")
    assert name() == "Uttlesford"
    keyboard.press("Tab")
    assert page.page.evaluate("document.activeElement.tagName") != "IFRAME"


def test_the_map_tells_a_screen_reader_how_to_move(visit: Open) -> None:
    page = visit()
    picture = page.map.get_by_role("application", name="Districts")
    expect(picture).to_have_accessible_description(KEYS)
    expect(picture.get_by_role("button")).to_have_count(DISTRICTS)
    for name in ("Zoom in", "Zoom out", "Show the whole map"):
        box = page.map.get_by_role("button", name=name).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24


# The map's frame as large as this, whatever else wants it another size.
OF_SIZE = """([width, height]) => {
    const sheet = new CSSStyleSheet();
    const size = ["width", "min-width", "max-width"].map(name => `${name}: ${width}px !important;`).concat(
        ["height", "min-height", "max-height"].map(name => `${name}: ${height}px !important;`)).join(" ");
    sheet.replaceSync(`iframe[src*="streamlit_folium"] { ${size} }`);
    document.adoptedStyleSheets.push(sheet);
}"""

# The boxes of the names, as they are painted, with the land under those beside their districts.
NAME_BOXES = """() => [...document.querySelectorAll(".district-label > div")].filter(each => !each.hidden).map(each => {
    const box = each.getBoundingClientRect();
    return [[...each.children].map(line => line.textContent).join(" "), box.left, box.top, box.right, box.bottom]; })"""


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_district_has_its_name(width: int, height: int, visit: Open) -> None:
    page = visit()
    # A style sheet, as the frame's own style is written again when its component says how high it is.
    page.page.evaluate(OF_SIZE, [width, height])
    frame = map_frame(page)
    frame.wait_for_function("size => innerWidth === size[0] && innerHeight === size[1]", arg=[width, height])
    expect(page.map.locator(".district-label > div:not([hidden])")).to_have_count(DISTRICTS)
    boxes = frame.evaluate(NAME_BOXES)
    assert {box[0] for box in boxes} == NAMES
    for name, left, top, right, foot in boxes:
        assert left >= 0, name
        assert top >= 0, name
        assert right <= width, name
        assert foot <= height, name
        for other, left_2, top_2, right_2, foot_2 in boxes:
            apart = right <= left_2 or right_2 <= left or foot <= top_2 or foot_2 <= top
            assert other == name or apart, (name, other)


def test_the_page_paints_the_map_at_once_and_is_told_of_every_paint_of_a_run(visit: Open) -> None:
    page = visit()
    frame = map_frame(page)
    assert frame.evaluate("districtMap.ready") is True
    code = "E07000074"
    changed = scene(page, E07000074={"fill": "#28a197", "tooltip": "Maldon\nChanged class", "changed": True})
    frame.evaluate("scene => districtMap.show(scene)", changed)
    frame.evaluate("() => { districtMap.onPaint = () => { window.painted = true; }; }")
    expect(page.district(code)).to_have_attribute("fill", "#28a197")
    expect(page.district(code)).to_have_attribute("aria-label", "Maldon, Changed class")
    expect(page.page.locator(FRAME)).to_have_attribute("title", "Shown")
    rings = page.map.locator('.district-changed[stroke-opacity="1"]')
    expect(rings).to_have_count(2)
    assert frame.evaluate("window.painted === undefined")
    # The same map, not another: its nodes are kept, and what did not change is not written again.
    frame.evaluate(
        """scene => {
            window.writes = [];
            const watch = new MutationObserver(all => window.writes.push(...all.map(each => each.target)));
            watch.observe(document.body, {subtree: true, attributes: true, childList: true});
            districtMap.show(structuredClone(scene));
            window.writes.push(...watch.takeRecords().map(each => each.target));
            watch.disconnect();
        }""",
        changed,
    )
    assert frame.evaluate("window.writes.length") == 0
    frame.evaluate("scene => districtMap.show(scene)", scene(page))
    expect(rings).to_have_count(0)
    page.after(lambda: page.choose("indicator", "Spot share"))
    frame.wait_for_function("window.painted")
    expect(page.page.locator(FRAME)).not_to_have_attribute("title", "Shown")


def test_what_changed_stands_out_in_light_and_dark(visit: Open) -> None:
    """By its dashes, from the rings of what is chosen or under the pointer, and by both inks from any fill."""
    for scheme, inks in {"light": ("#ffffff", "#0b0c0c"), "dark": ("#12161b", "#ffffff")}.items():
        page = visit(scheme=scheme)
        new = scene(page, E07000074={"changed": True, "selected": True}) | {"dark": scheme == "dark"}
        map_frame(page).evaluate("scene => districtMap.show(scene)", new)
        rings = page.map.locator('.district-changed[stroke-opacity="1"]')
        drawn = rings.evaluate_all(
            "all => all.map(one => ['stroke', 'stroke-dasharray'].map(a => one.getAttribute(a)))"
        )
        assert [ink for ink, _ in drawn] == list(inks)
        assert [dashes is not None for _, dashes in drawn] == [False, True]
        expect(page.map.locator("path[stroke-dasharray]:not(.district-changed)")).to_have_count(0)


# Whether an element's own ground differs from the page's, as computed.
STANDS_OUT = "one => getComputedStyle(one).backgroundColor !== getComputedStyle(document.body).backgroundColor"


def test_forced_colours_keep_what_is_chosen_and_sliders_in_sight(visit: Open) -> None:
    page = visit("/Short_breaks")
    page.page.emulate_media(forced_colors="active")
    page.page.goto(page.app.address + "/")
    page.wait_until_drawn(with_map=True)
    chosen = page.page.locator("[role=radio][aria-checked=true]").first
    other = page.page.locator("[role=radio][aria-checked=false]").first
    assert chosen.evaluate(STANDS_OUT)
    assert not other.evaluate(STANDS_OUT)
    page.follow("/Providers")
    levers = page.page.locator("[data-live] input[type=range]")
    expect(levers.first).to_be_visible()
    # Drawn by the browser, in the reader's own colours.
    assert set(levers.evaluate_all("all => all.map(one => getComputedStyle(one).appearance)")) == {"auto"}
    page.open_tab("Re-ranking")
    thumbs = page.page.locator('main [role=group][data-orientation] div:has(> div > input[type="range"])')
    expect(thumbs.first).to_be_visible()
    for thumb in thumbs.all():
        assert thumb.evaluate(STANDS_OUT)


def test_a_magnified_page_has_its_height_for_itself(visit: Open) -> None:
    """320 x 256 is 1280 x 1024 at 400%: what stays while the page scrolls takes no strip across it."""
    page = visit(width=320, height=256)
    box = page.page.get_by_role("banner").bounding_box()
    assert box is not None
    assert box["height"] <= 48
    assert page.page.evaluate("!document.elementFromPoint(20, 20).closest('header')")
    ground = page.page.get_by_role("banner").evaluate("one => getComputedStyle(one).backgroundColor")
    assert ground == "rgba(0, 0, 0, 0)"
    first = page.page.get_by_role("navigation", name="Pages").bounding_box()
    assert first is not None
    assert first["y"] < 48


def test_a_strip_of_tabs_wraps_on_a_narrow_page(visit: Open) -> None:
    page = visit("/What_if", width=320, height=640)
    strip = page.page.get_by_role("tablist").first
    assert strip.evaluate("strip => strip.scrollWidth <= strip.clientWidth")
    for tab in strip.get_by_role("tab").all():
        box = tab.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
