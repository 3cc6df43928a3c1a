"""The service pages in a browser: every tab accessible and within its width, sliders by keyboard, files that arrive."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from driver import DISTRICTS, Visit
from playwright.sync_api import Locator, expect
from test_what_if import violations

Open = Callable[..., Visit]

BREAKS, HOME = "/Short_breaks", "/Domiciliary_care"
MARKET, RATINGS, KNOWN, GROWTH = "The market", "Market ratings", "Known and unknown", "Growth"
MECHANISM, SUPPLY, INTENTIONS = "From spot to a framework", "Shared supply and places", "Intentions"
TABS = {
    HOME: (MARKET, RATINGS, KNOWN, INTENTIONS),
    BREAKS: (MARKET, RATINGS, KNOWN, GROWTH, MECHANISM, SUPPLY, INTENTIONS),
}
MAPS = (MARKET, SUPPLY)
# Of axe's rules, on the tab with the least on it: Intentions, a table.
LEAST_PASSES = 30


def open_drawn(page: Visit, tab: str) -> None:
    """Open a tab and wait until its map, where it has one, has its colours."""
    # A page that is still drawing may lose a click.
    page.wait_until_idle()
    page.open_tab(tab)
    expect(page.districts()).to_have_count(DISTRICTS if tab in MAPS else 0)


def heading(page: Visit) -> Locator:
    """The answer at the top of a tab."""
    return page.page.get_by_role("tabpanel").locator("h2").first


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", TABS)
def test_each_tab_is_accessible(path: str, scheme: str, visit: Open) -> None:
    """The visit adds: no console error, no request that leaves this machine, no traceback in the log.

    The first tab, the market, is what test_offline looks at.
    """
    page = visit(path, scheme=scheme)
    for tab in TABS[path][1:]:
        open_drawn(page, tab)
        assert violations(page, LEAST_PASSES) == [], tab


@pytest.mark.parametrize("path", TABS)
def test_a_narrow_page_does_not_scroll_sideways(path: str, visit: Open) -> None:
    page = visit(path, width=390, height=844)
    for tab in TABS[path]:
        open_drawn(page, tab)
        widths = page.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert widths[0] <= widths[1], tab
        cut = page.page.get_by_test_id("stMetricValue").evaluate_all(
            """all => all.flatMap(one => [one, ...one.querySelectorAll('*')])
                .filter(one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline')
                .map(one => one.textContent)"""
        )
        assert cut == [], "a figure is shown whole or it is another figure"


def test_growth_and_the_mechanism_follow_their_sliders_by_keyboard(visit: Open) -> None:
    page = visit(BREAKS)
    page.open_tab(GROWTH)
    expect(heading(page)).to_contain_text("168 children become 271 in 2028/29")
    taken = [page.step("Growth, % a year") for _ in range(3)]
    expect(page.page.get_by_role("spinbutton", name="Growth, % a year, as a number")).to_have_value("13")
    expect(heading(page)).to_contain_text("168 children become 310 in 2028/29")
    expect(page.page.get_by_text("Your own assumption, not the published growth.")).to_be_visible()
    taken.append(page.step("Years ahead", "Home"))
    expect(heading(page)).to_contain_text("168 children become 190 in 2024/25")
    taken.append(page.step("Shift to direct payments, %"))
    expect(heading(page)).to_contain_text("more have moved to direct payments")
    page.open_tab(MECHANISM)
    expect(heading(page)).to_contain_text("a quarter costs £540,750, as in 2023/24")
    taken += [page.step("Agreed rate, £ an hour") for _ in range(2)]
    expect(heading(page)).to_contain_text("With 80% of hours at £25.10 from quarter 6 on")
    expect(heading(page)).to_contain_text("more than in 2023/24")
    taken.append(page.step("Quarters to phase in", "End"))
    expect(heading(page)).to_contain_text("from quarter 20 on")
    taken.append(page.step("Assumed rate today, £ an hour", "Home"))
    expect(heading(page)).to_contain_text("That an hour costs £17.50 today is an assumption.")
    expect(page.page).to_have_url(re.compile("assumed_rate_short_breaks=17.50"))
    expect(page.page).to_have_url(re.compile("agreed_rate_short_breaks=25.10"))
    assert all(size.sent > 500 for size in taken), "the relay counts nothing"
    assert max(size.sent for size in taken) < 15_000, taken


def test_a_slider_moved_quickly_loses_no_step_on_the_way_to_the_what_if(visit: Open) -> None:
    """Key after key, without waiting for the page: slider and box end where the last key left the slider."""
    page = visit(BREAKS)
    page.open_tab(GROWTH)
    page.slider("Growth, % a year").focus()
    for _ in range(8):
        page.page.keyboard.press("ArrowRight")
    expect(heading(page)).to_contain_text("168 children become 384 in 2028/29")
    expect(page.slider("Growth, % a year")).to_have_value("18")
    expect(page.page.get_by_role("spinbutton", name="Growth, % a year, as a number")).to_have_value("18")
    page.step("Shift to direct payments, %", "End")
    page.page.get_by_role("link", name="Open this in the What-if", exact=False).click()
    page.page.wait_for_url(lambda url: "/What_if" in url)
    expect(page.page.get_by_role("radio", name="Children's short breaks")).to_be_checked()
    expect(page.slider("Need growth (% a year)")).to_have_value("18")
    expect(page.page.locator("h2").first).to_contain_text("Suppose need grows 18% a year")


def downloaded(page: Visit, name: str) -> tuple[str, str]:
    """The name and the text of a file, by the words of its button."""
    with page.page.expect_download() as download:
        page.page.get_by_role("button", name=name, exact=True).first.click()
    return download.value.suggested_filename, download.value.path().read_text(encoding="utf-8")


def test_files_arrive_with_their_names_and_first_lines(visit: Open) -> None:
    page = visit(BREAKS)
    page.page.get_by_role("button", name="Downloads").click()
    name, text = downloaded(page, "Every indicator (CSV)")
    assert name == "short_breaks_by_quadrant_internal_do_not_share.csv"
    first, second = text.splitlines()[:2]
    assert first == "# Internal, do not share: it tells of single providers, of small areas or of few people."
    assert second.startswith("Area code,Area,")
    name, text = downloaded(page, "County figures, for sharing (CSV)")
    assert name == "short_breaks_county.csv"
    assert text.splitlines()[:2] == ["measure,value,unit,status,note", "People supported,168,people,published,"]
    page.open_tab(KNOWN)
    name, text = downloaded(page, "Upload template: Requests for care")
    assert name == "requests_template.csv"
    assert text.startswith("request_id,service,district_code,")
    assert len(text.splitlines()) == 1
    page.open_tab(GROWTH)
    name, text = downloaded(page, "Growth (CSV)")
    assert name == "short_breaks_growth.csv"
    assert text.splitlines()[1].startswith("2023/24,168,0,1816,2163000,")


def type_into(page: Visit, row: int, text: str) -> None:
    """Type into the last column of the table of one's own."""
    cells = page.page.get_by_test_id("stDataFrame").locator(".dvn-scroller")
    box = cells.bounding_box()
    assert box is not None
    cells.click(position={"x": box["width"] - 60, "y": 52 + 35 * row})  # rows below the head, 35 pixels each
    page.page.keyboard.press("Enter")
    page.page.locator("#portal textarea, #portal input").first.fill(text)
    page.after(lambda: page.page.keyboard.press("Enter"))
    page.wait_until_idle()


def test_what_is_typed_into_the_grid_is_in_its_file_and_stays(visit: Open) -> None:
    """The second note is written after another tab was open, where Streamlit forgets what was typed."""
    texts = ["<img src=x onerror=alert(1)> **x**", "second"]
    page = visit(BREAKS)
    for row, text in enumerate(texts):
        page.open_tab(INTENTIONS)
        page.open_tab(RATINGS)
        type_into(page, row, text)
        name, file = downloaded(page, "The grid (CSV)")
        assert name == "short_breaks_market_ratings_internal_do_not_share.csv"
        first, rest = file.split("\n", 1)
        assert first.startswith("# Internal, do not share")
        rows = list(csv.DictReader(io.StringIO(rest)))
        assert list(rows[0])[:3] == ["heading", "rating", "status"]
        assert [one["why"] for one in rows[:3]] == [*texts[: row + 1], "", ""][:3]
        assert (rows[0]["heading"], rows[0]["your_rating"]) == ("Market quality", "Low/Moderate")
        assert page.page.locator("img[src=x]").count() == 0
