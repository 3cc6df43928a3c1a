"""The What-if page in a browser: levers, years, link, saving, and figures that agree with the command line."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import for_people
import pack_copies
import pytest
from command_line import command_line
from driver import DISTRICTS, ROOT, Visit
from playwright.sync_api import FilePayload, Locator, expect
from test_offline import AXE

from lib.pack.load import Pack, load_pack
from lib.whatif.scenarios.database import file_address
from lib.whatif.scenarios.documents import with_levers
from lib.whatif.scenarios.link import to_link
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.scenarios.store import open_store

Open = Callable[..., Visit]

WHAT_IF = "/What_if"
HOME, BREAKS = "domiciliary_care", "short_breaks"
NEED = "Need growth (% a year)"
NEED_LEVER = "demand.need_growth_pct"
MALDON = "E07000074"
TABS = ("What drives it", "What it costs", "Districts", "What it would take", "Scenarios", "Assumptions")
GROUPS = ("demand", "supply", "price and years")
# What a step of a slider may send, on the connection.
MOST_BYTES = 17 * 1024
# Streamlit's drop zone for files has a role that says nothing and takes the focus from scripts: rated minor.
STREAMLITS_OWN = ("presentation-role-conflict", True)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(ROOT / "data")


def slider(page: Visit, label: str) -> Locator:
    """The thumb of a slider. By its label: the name that Streamlit gives it says the label twice."""
    return page.page.locator(f'input[type=range][aria-label="{label}"]')


def step(page: Visit, label: str = NEED, key: str = "ArrowRight") -> Any:
    """One step of a slider with the keyboard; returns the bytes that it took."""
    slider(page, label).focus()
    return page.after(lambda: page.page.keyboard.press(key))


FRAME = 'iframe[src*="streamlit_folium"]'


def open_tab(page: Visit, name: str) -> None:
    """Open a tab, if it is not open, and wait until it is drawn."""
    tab = page.page.get_by_role("tab", name=name, exact=True)
    if tab.get_attribute("aria-selected") != "true":
        page.after(tab.click)
    page.wait_until_idle()


def open_groups(page: Visit) -> None:
    """Open every group of levers, once the map has its height: until then what is below it moves."""
    expect(page.page.frame_locator(FRAME).locator("path[data-code]")).to_have_count(12)
    page.wait_until_idle()
    for group in GROUPS:
        title = page.page.locator("summary", has_text=f"More: {group}")
        page.after(partial(title.press, "Enter"))


def sentence(page: Visit) -> str:
    """The answer at the top of the page."""
    return page.page.locator("h2").first.inner_text()


def tiles(page: Visit) -> list[str]:
    """The figures of the tiles."""
    return page.page.get_by_test_id("stMetricValue").all_inner_texts()


def projected_by_the_command_line(scenario: Path) -> dict[int, dict[str, float]]:
    """The county's years, added up from what `python -m lib project` prints."""
    years: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in command_line("project", str(scenario)):
        year = years[int(row["year"])]
        for column in ("demand_hours", "capacity_hours", "gap_hours", "cost"):
            year[column] += float(row[column])
        year["shortfall_hours"] += max(0.0, float(row["gap_hours"]))
    return years


def test_a_slider_step_moves_map_sentence_and_box_in_place(visit: Open) -> None:
    page = visit(WHAT_IF)
    before, said, figures = page.fills(), sentence(page), tiles(page)
    page.map.locator("body").evaluate("() => { window.sameFrame = true; }")
    box = page.page.get_by_role("spinbutton", name=f"{NEED}, as a number")
    expect(box).to_have_value("0.0")
    step(page)
    expect(box).to_have_value("0.5")
    expect(page.page.locator("h2").first).to_contain_text("need grows 0.5% a year on top of ageing")
    for _ in range(3):
        step(page)
    expect(box).to_have_value("2.0")
    expect(page.page.locator("h2").first).to_contain_text("need grows 2% a year on top of ageing")
    expect(page.districts()).to_have_count(DISTRICTS)
    changed = [code for code in before if page.fills()[code] != before[code]]
    assert changed
    assert sentence(page) != said
    assert all(new != old for new, old in zip(tiles(page), figures, strict=True))
    assert page.map.locator("body").evaluate("() => window.sameFrame")


def test_the_number_box_moves_the_slider(visit: Open) -> None:
    page = visit(WHAT_IF)
    page.page.get_by_role("spinbutton", name=f"{NEED}, as a number").fill("3.5")
    page.after(lambda: page.page.keyboard.press("Enter"))
    expect(slider(page, NEED)).to_have_value("3.5")
    expect(page.page.locator("h2").first).to_contain_text("need grows 3.5% a year on top of ageing")


def test_a_slider_step_sends_little(visit: Open) -> None:
    page = visit(WHAT_IF)
    taken = [step(page) for _ in range(10)] + [step(page, "Capacity growth (% a year)") for _ in range(4)]
    assert all(size.sent > 500 for size in taken), "the relay counts nothing"
    assert max(size.sent for size in taken) <= MOST_BYTES, taken


@pytest.mark.parametrize("service", [HOME, BREAKS])
def test_the_figures_are_those_of_the_command_line(service: str, visit: Open, tmp_path: Path) -> None:
    page = visit(WHAT_IF)
    if service == BREAKS:
        page.after(page.page.get_by_role("radio", name="Children's short breaks").click)
    for label in (NEED, NEED, NEED, "Capacity growth (% a year)", "Price uplift (% a year)"):
        step(page, label)
    open_tab(page, "Scenarios")
    with page.page.expect_download() as download:
        page.page.get_by_role("button", name="Download this scenario (JSON)").click()
    path = tmp_path / "scenario.json"
    download.value.save_as(path)
    assert json.loads(path.read_text(encoding="utf-8"))["service"] == service
    years = projected_by_the_command_line(path)
    first, last = years[min(years)], years[max(years)]
    extra = last["cost"] - first["cost"]
    coverage = last["capacity_hours"] / last["demand_hours"]
    assert tiles(page) == [
        for_people.hours(last["demand_hours"]),
        "just under 1.00" if 0.995 <= coverage < 1 else f"{coverage:.2f}",
        for_people.hours(last["shortfall_hours"]),
        f"+{for_people.pounds(extra)}",
    ]
    short = any(year["gap_hours"] > 0 for year in years.values())
    assert f"Essex needs {'more' if short else 'no more'} care than providers offer" in sentence(page)
    without = for_people.said(last["shortfall_hours"], for_people.hours(last["shortfall_hours"]))
    expect(page.page.get_by_text(f"{without} hours a week would have no provider in").first).to_be_visible()


def test_the_table_that_is_downloaded_is_the_projection(visit: Open, tmp_path: Path) -> None:
    page = visit(WHAT_IF)
    step(page)
    open_tab(page, "Scenarios")
    with page.page.expect_download() as download:
        page.page.get_by_role("button", name="Download this scenario (JSON)").click()
    path = tmp_path / "scenario.json"
    download.value.save_as(path)
    open_tab(page, "Districts")
    with page.page.expect_download() as table:
        page.page.get_by_role("button", name="Every year and lot (CSV)").click()
    text = table.value.path().read_text(encoding="utf-8-sig")
    notes = [line for line in text.splitlines() if line.startswith('"#') or line.startswith("#")]
    assert any("Demonstration data" in line for line in notes)
    assert text.startswith("# Internal, do not share")
    table_lines = [line for line in text.splitlines() if line not in notes]
    rows = list(csv.DictReader(table_lines))
    years = projected_by_the_command_line(path)
    for year, sums in years.items():
        mine = [row for row in rows if int(row["year"]) == year]
        for column in ("demand_hours", "capacity_hours", "cost"):
            assert sum(float(row[column]) for row in mine) == pytest.approx(sums[column])


def test_the_year_slider_and_play_run_the_map_through_the_years(visit: Open) -> None:
    page = visit(WHAT_IF)
    title = page.page.get_by_role("heading", name="Net coverage by district")
    expect(title).to_contain_text("2029/30")
    last = page.fills()
    page.map.locator("body").evaluate("() => { window.sameFrame = true; }")
    step(page, "Year shown", "Home")
    expect(title).to_contain_text("2024/25")
    first = page.fills()
    assert first != last
    step(page, "Year shown", "ArrowRight")
    expect(title).to_contain_text("2025/26")
    page.page.get_by_role("button", name="Play", exact=True).click()
    for year in ("2024/25", "2025/26", "2026/27", "2027/28", "2028/29", "2029/30"):
        expect(title).to_contain_text(year)
    expect(page.page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.wait_until_idle()
    assert page.fills() == last
    assert page.map.locator("body").evaluate("() => window.sameFrame")


def test_play_can_be_stopped_and_a_lever_moved_meanwhile(visit: Open) -> None:
    page = visit(WHAT_IF)
    title = page.page.get_by_role("heading", name="Net coverage by district")
    page.page.get_by_role("button", name="Play", exact=True).click()
    expect(title).to_contain_text("2025/26")
    button = page.page.locator(".st-key-play").get_by_role("button")
    expect(button).to_have_text("Stop")
    button.click()
    expect(button).to_have_text("Play")
    page.wait_until_idle()
    expect(title).not_to_contain_text("2029/30")
    step(page)
    expect(page.page.locator("h2").first).to_contain_text("need grows 0.5% a year on top of ageing")


def test_a_copied_link_opens_the_same_scenario(visit: Open) -> None:
    page = visit(WHAT_IF)
    for _ in range(3):
        step(page)
    step(page, "Capacity growth (% a year)")
    page.page.wait_for_url(lambda url: "scenario=" in url)
    other = visit(page.page.url.removeprefix(page.app.address))
    expect(slider(other, NEED)).to_have_value("1.5")
    assert sentence(other) == sentence(page)
    assert tiles(other) == tiles(page)
    assert other.fills() == page.fills()


def test_a_link_of_the_other_service_opens_that_service(visit: Open, pack: Pack) -> None:
    scenario = with_levers(pack, default_scenario(pack, BREAKS), {NEED_LEVER: 7.0})
    page = visit(f"{WHAT_IF}?scenario={to_link(scenario, pack)}")
    expect(page.page.get_by_role("radio", name="Children's short breaks")).to_be_checked()
    expect(page.page.locator("h2").first).to_contain_text("need grows 7% a year")


def test_the_scenario_stays_when_the_page_changes(visit: Open) -> None:
    page = visit(WHAT_IF)
    step(page)
    said = sentence(page)
    page.follow("/Data")
    page.follow(WHAT_IF)
    assert sentence(page) == said
    page.page.wait_for_url(lambda url: "scenario=" in url)


def test_a_file_of_the_other_service_switches_the_page(visit: Open, pack: Pack) -> None:
    """The switch stands outside the fragment that the file is opened in."""
    page = visit(WHAT_IF)
    open_tab(page, "Scenarios")
    scenario = with_levers(pack, default_scenario(pack, BREAKS), {NEED_LEVER: 7.0, "name": "Breaks"})
    page.page.locator("input[type=file]").set_input_files(
        FilePayload(name="breaks.json", mimeType="application/json", buffer=scenario.to_json(pack).encode())
    )
    expect(page.page.locator("h2").first).to_contain_text("need grows 7% a year")
    expect(page.page.get_by_role("radio", name="Children's short breaks")).to_be_checked()


def test_a_file_that_is_too_large_is_refused(visit: Open) -> None:
    page = visit(WHAT_IF)
    open_tab(page, "Scenarios")
    before = sentence(page)
    page.page.locator("input[type=file]").set_input_files(
        FilePayload(name="big.json", mimeType="application/json", buffer=b'"' + b"x" * 20_000_000 + b'"')
    )
    expect(page.page.get_by_test_id("stFileUploader")).to_contain_text("must be 1.0MB or smaller")
    assert sentence(page) == before


def test_two_tabs_that_save_one_name_at_once_lose_nothing(visit: Open) -> None:
    name = "Both at once"
    pages = [visit(WHAT_IF), visit(WHAT_IF)]
    for number, page in enumerate(pages):
        for _ in range(number + 1):
            step(page)
        open_tab(page, "Scenarios")
        page.page.get_by_role("textbox", name="Name", exact=True).fill(name)
        page.after(lambda page=page: page.page.keyboard.press("Tab"))
        expect(page.page.get_by_text(f"Scenario: {name}.")).to_be_visible()
    for page in pages:
        page.page.get_by_role("button", name="Save as new").click(no_wait_after=True)
    for page in pages:
        expect(page.page.get_by_text("Saved as Both at once")).to_be_visible()
    store = open_store(file_address(pages[0].app.scenarios / "scenarios.db"))
    saved = [one for one in store.listed() if one.name.startswith(name)]
    assert {one.name for one in saved} == {name, f"{name} (2)"}
    assert {json.loads(one.document)["demand"]["need_growth_pct"] for one in saved} == {0.5, 1.0}


def test_a_click_on_the_map_chooses_the_district_of_the_lines(visit: Open) -> None:
    page = visit(WHAT_IF)
    page.click_district(MALDON)
    expect(page.page.get_by_role("heading", name="Demand and capacity in Maldon")).to_be_visible()
    expect(page.district(MALDON)).to_have_attribute("aria-pressed", "true")
    expect(page.box("district")).to_have_value("Maldon")
    step(page)  # and it stays chosen
    expect(page.page.get_by_role("heading", name="Demand and capacity in Maldon")).to_be_visible()


def test_a_districts_own_growth_is_typed_into_the_table(visit: Open) -> None:
    page = visit(WHAT_IF)
    page.after(page.page.get_by_text("More: demand", exact=True).click)
    before = sentence(page)
    grid = page.page.get_by_test_id("stDataFrame").first
    cells = grid.locator(".dvn-scroller")  # lies over the canvas; a click waits until the group has opened
    cells.click(position={"x": 300, "y": 52})
    page.page.keyboard.press("Enter")
    page.page.locator("#portal input").fill("12")
    page.after(lambda: page.page.keyboard.press("Enter"))
    expect(page.page.locator("h2").first).not_to_have_text(before)
    expect(page.page.locator("h2").first).to_contain_text("need growth by district (1 district)")


def violations(page: Visit, least_passes: int = 40) -> list[str]:
    """What axe-core finds, on the page and in the frames of its maps."""
    for frame in page.page.frames:
        frame.evaluate(AXE)
    found: dict[str, Any] = page.page.evaluate("axe.run()")
    assert len(found["passes"]) >= least_passes
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:200]} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
        if (rule["id"], "stFileUploaderDropzone" in node["html"]) != STREAMLITS_OWN
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_tab_is_accessible(scheme: str, visit: Open) -> None:
    page = visit(WHAT_IF, scheme=scheme)
    open_groups(page)
    for tab in TABS:
        open_tab(page, tab)
        assert violations(page) == [], tab


def test_a_narrow_page_does_not_scroll_sideways(visit: Open) -> None:
    page = visit(WHAT_IF, width=390, height=844)
    open_groups(page)
    for tab in TABS:
        open_tab(page, tab)
        widths = page.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert widths[0] <= widths[1], tab


def test_hostile_words_run_nothing(visit: Open, pack: Pack) -> None:
    """The visit adds: no dialog, no request, no error. The pack's own names are hostile too."""
    text = "<img src=x onerror=alert(1)> ${alert(1)} [x](javascript:alert(1)) www.x.yz a@x.y"
    scenario = with_levers(pack, default_scenario(pack, HOME), {"name": text, "rationale": text, NEED_LEVER: 2.0})
    page = visit(f"{WHAT_IF}?scenario={to_link(scenario, pack)}", changes=(pack_copies.with_hostile_names,))
    open_groups(page)
    for tab in TABS:
        open_tab(page, tab)
        expect(page.page.get_by_text(f"Scenario: {text}.").first).to_be_visible()
    open_tab(page, "Scenarios")
    page.after(page.page.get_by_role("button", name="Save as new").click)
    expect(page.page.get_by_text(f"Saved as {text}.")).to_be_visible()
    made = "img[src=x], a[href^=javascript], img[src*='example.com'], a[href*='x.y']"
    assert page.page.locator(made).count() == 0
    assert [frame.evaluate("() => window.__hit") for frame in page.page.frames] == [None] * len(page.page.frames)
