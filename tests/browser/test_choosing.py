"""Filters, the map, the bars and the link: one choice, wherever it is made."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from driver import ROOT, Visit
from playwright.sync_api import expect

from lib.market.profile import profile
from lib.market.selection import select
from lib.market.tables import labelled_profile, records
from lib.pack.load import Pack, load_pack

Open = Callable[..., Visit]

# What a change may send, on the connection: a meeting room's shared wireless, with everybody on it.
MOST_BYTES = 13 * 1024
MALDON, BASILDON = "E07000074", "E07000066"
TYPES, COHORTS, GROUPING = "types_domiciliary_care", "cohorts_domiciliary_care", "by_domiciliary_care"

CHANGES = (
    ("indicator", "Waiting share"),
    ("indicator", "Coverage"),
    (TYPES, "Night awake"),
    (TYPES, "24-hour live-in"),
    (COHORTS, "Older people"),
)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(ROOT / "data")


def expect_chosen(page: Visit, code: str, name: str) -> None:
    """One area is chosen, on the map, in the box and in the story."""
    expect(page.district(code)).to_have_attribute("aria-pressed", "true")
    expect(page.map.locator('path[aria-pressed="true"]')).to_have_count(1)
    expect(page.box("district")).to_have_value(name)
    expect(page.page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def test_a_change_recolours_the_map_in_its_frame(visit: Open) -> None:
    """A frame that loads again flickers, forgets its zoom and sends the outlines anew."""
    page = visit()
    page.map.locator("body").evaluate("() => { window.sameFrame = true; }")
    for key, option in (("indicator", "Waiting share"), (TYPES, "Night awake"), (COHORTS, "Older people")):
        before = page.fills()
        page.after(lambda key=key, option=option: page.choose(key, option))
        page.page.keyboard.press("Escape")  # a list of several choices stays open
        expect(page.districts()).to_have_count(len(before))
        after = page.fills()
        assert [code for code in before if after[code] != before[code]], f"{option} changed no district's colour"
        assert page.map.locator("body").evaluate("() => window.sameFrame")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768)])
def test_every_district_has_its_name_and_no_two_meet(width: int, height: int, visit: Open) -> None:
    """Where a district is too small for its name, the name stands beside it."""
    page = visit(width=width, height=height)
    page.page.evaluate("document.fonts.ready.then(() => true)")
    names = page.map.locator(".district-label > div:not([hidden])")
    expect(names).to_have_count(len(page.fills()))
    assert {" ".join(text.split()) for text in names.all_inner_texts()} == {
        "Basildon", "Braintree", "Brentwood", "Castle Point", "Chelmsford", "Colchester", "Epping Forest", "Harlow",
        "Maldon", "Rochford", "Tendring", "Uttlesford",
    }  # fmt: skip
    boxes = names.evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).map(r => [r.left, r.top, r.right, r.bottom])"
    )
    for number, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[:number]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top


def test_what_has_no_figure_is_hatched_and_nothing_else(visit: Open) -> None:
    page = visit()
    hatching = page.map.locator("path.district-hatching")
    assert hatching.get_attribute("d") in ("", "M0 0", None)
    page.after(lambda: page.choose(TYPES, "24-hour live-in"))
    page.page.keyboard.press("Escape")
    page.after(lambda: page.choose(COHORTS, "Older people"))
    ground = "#f3f2f1"
    hatched = [code for code, fill in page.fills().items() if fill == ground]
    assert len(hatched) == 8
    lines = hatching.evaluate(
        """path => path.getAttribute("d").split("M").filter(Boolean).map(part => part.split("L").map(point =>
            point.trim().split(/[ ,]+/).map(Number)))"""
    )
    assert len(lines) > 100
    # The middle of each line lies in a hatched district, to the pixel that Leaflet rounds to.
    outside = page.map.locator("path.district-hatching").evaluate(
        """(path, [lines, hatched]) => {
            const areas = hatched.map(code => document.querySelector(`path[data-code="${code}"]`));
            const svg = path.ownerSVGElement;
            const holds = (x, y) => areas.some(area =>
                area.isPointInFill(Object.assign(svg.createSVGPoint(), { x, y })));
            return lines.filter(([[x, y], [x2, y2]]) => ![-1, 0, 1].some(right => [-1, 0, 1].some(down =>
                holds((x + x2) / 2 + right, (y + y2) / 2 + down)))).length;
        }""",
        [lines, hatched],
    )
    assert outside == 0


def test_a_change_sends_little(visit: Open) -> None:
    page = visit()
    taken = {}
    for key, option in CHANGES:
        taken[option] = page.after(lambda key=key, option=option: page.choose(key, option))
        page.page.keyboard.press("Escape")  # a list of several choices stays open
    assert all(size.sent > 500 for size in taken.values()), "the relay counts nothing"
    too_much = {option: size for option, size in taken.items() if size.sent > MOST_BYTES}
    assert too_much == {}


def test_map_then_box_then_map_again(visit: Open) -> None:
    """The map reports a click on the district that it reported last: it must count all the same."""
    page = visit()
    page.click_district(MALDON)
    expect_chosen(page, MALDON, "Maldon")
    page.choose("district", "Basildon")
    expect_chosen(page, BASILDON, "Basildon")
    page.click_district(MALDON)
    expect_chosen(page, MALDON, "Maldon")


def click_bar(page: Visit, name: str) -> None:
    """Click the name of a row of the ranked bars."""
    bars = page.page.locator('figure[data-live="bars"]')
    bars.locator("text", has_text=name).first.click(force=True)


def test_bars_then_box_then_bars_again(visit: Open) -> None:
    """The chart keeps its own selection: the same bar must be choosable again after a choice made elsewhere."""
    page = visit()
    click_bar(page, "Maldon")
    expect_chosen(page, MALDON, "Maldon")
    page.choose("district", "Basildon")
    expect_chosen(page, BASILDON, "Basildon")
    page.wait_until_idle()
    click_bar(page, "Maldon")
    expect_chosen(page, MALDON, "Maldon")


def test_bars_and_map_share_one_choice(visit: Open) -> None:
    page = visit()
    click_bar(page, "Maldon")
    expect_chosen(page, MALDON, "Maldon")
    page.click_district(BASILDON)
    expect_chosen(page, BASILDON, "Basildon")
    page.wait_until_idle()
    click_bar(page, "Maldon")
    expect_chosen(page, MALDON, "Maldon")


def test_a_district_is_chosen_with_the_keyboard(visit: Open) -> None:
    page = visit()
    page.map.locator('path[tabindex="0"]').focus()
    page.page.keyboard.press("ArrowRight")
    focused = page.map.locator("path[data-code]:focus")
    code = focused.get_attribute("data-code")
    name = str(focused.get_attribute("aria-label")).split(",")[0]
    page.page.keyboard.press("Enter")
    expect_chosen(page, code, name)


def carries_the_view(url: str) -> bool:
    """Whether a link holds every part of the view of choose_a_view."""
    return all(part in url for part in ("indicator=", f"{TYPES}=", "district="))


def choose_a_view(page: Visit) -> None:
    """An indicator, a service type and a district."""
    page.after(lambda: page.choose("indicator", "Spot share"))
    page.after(lambda: page.choose(TYPES, "Personal care"))
    page.page.keyboard.press("Escape")
    page.after(lambda: page.choose("district", "Maldon"))
    expect_chosen(page, MALDON, "Maldon")


def test_a_copied_link_opens_the_same_view(visit: Open) -> None:
    page = visit()
    choose_a_view(page)
    page.page.wait_for_url(carries_the_view)
    other = visit(page.page.url.removeprefix(page.app.address))
    expect_chosen(other, MALDON, "Maldon")
    expect(other.box("indicator")).to_have_value("spot_share")
    assert other.fills() == page.fills()
    assert other.page.locator("h2").all_inner_texts() == page.page.locator("h2").all_inner_texts()


def test_the_choice_stays_when_the_page_changes(visit: Open) -> None:
    """Also past a page that has none of these widgets; and the link of the other page carries it too."""
    page = visit()
    choose_a_view(page)
    for path in ("/Data", "/Domiciliary_care"):
        page.follow(path)
    expect_chosen(page, MALDON, "Maldon")
    expect(page.box("indicator")).to_have_value("spot_share")
    assert carries_the_view(page.page.url)


def test_the_download_holds_the_selection(pack: Pack, visit: Open) -> None:
    """The file that a reader takes to a meeting: every area of the selection, to four digits, and its sources."""
    page = visit("/Domiciliary_care")
    page.after(lambda: page.choose(TYPES, "Personal care"))
    page.page.keyboard.press("Escape")
    page.page.get_by_role("button", name="Downloads").click()
    with page.page.expect_download() as download:
        page.page.get_by_role("button", name="Every indicator (CSV)").click()
    assert download.value.suggested_filename == "domiciliary_care_by_district_internal_do_not_share.csv"
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert text.startswith("# Internal, do not share")
    rows = list(csv.reader(io.StringIO(text)))
    table, notes = (
        [row for row in rows if not row[0].startswith("#")],
        [row[0] for row in rows if row[0].startswith("#")],
    )
    selection = select(pack, "domiciliary_care", ["personal_care"])
    expected = labelled_profile(pack, selection, profile(pack, selection))
    assert table[0] == list(expected.columns)
    assert len(table) == 1 + 12
    cells = [["" if value is None else str(value) for value in row.values()] for row in records(expected.round(4))]
    assert sorted(table[1:]) == sorted(cells)
    assert "# Demonstration data: not evidence about any real district or provider." in notes


def test_the_pictures_are_pictures(visit: Open) -> None:
    """The map and the ranking as files for a slide, drawn by the server without a browser."""
    page = visit()
    page.page.get_by_role("button", name="Downloads").click()
    buttons = page.page.get_by_role("button", name="(PNG)")
    expect(buttons).not_to_have_count(0)
    assert buttons.count() >= 2
    for button in buttons.all():
        with page.page.expect_download() as download:
            button.click()
        picture = download.value.path().read_bytes()
        assert picture.startswith(b"\x89PNG")
        assert len(picture) > 10_000


def test_choices_in_quick_succession_leave_the_page_standing(visit: Open) -> None:
    """Escape clears the box while what was chosen is still being drawn: both runs wait to be sent together."""
    page = visit("/")
    for name in ("Maldon", "Basildon", "Harlow") * 2:
        page.choose("district", name)
        page.page.keyboard.press("Escape")
        page.wait_until_idle()
    page.choose("district", "Maldon")
    expect(page.page.get_by_role("heading", name="Maldon", exact=True)).to_be_visible()
