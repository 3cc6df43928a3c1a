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
from driver import ROOT, Visit
from playwright.sync_api import FilePayload, Request, expect
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
NEED, CAPACITY = "demand.need_growth_pct", "supply.capacity_growth_pct"
MALDON = "E07000074"
TABS = ("What drives it", "What it costs", "Districts", "What it would take", "Scenarios", "Assumptions")
# On the connection: what the route may answer to a step, and that together with what the page sends when it is
# committed, of which the component's script, which Streamlit sends with its data each time, is about a half.
MOST_BYTES_A_STEP, MOST_BYTES_WITH_COMMIT = 10 * 1024, 32 * 1024
# Streamlit's drop zone for files has a role that says nothing and takes the focus from scripts: rated minor.
STREAMLITS_OWN = ("presentation-role-conflict", True)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(ROOT / "data")


def projected_by_the_command_line(scenario: Path) -> dict[int, dict[str, float]]:
    """The county's years, added up from what `python -m lib project` prints."""
    years: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in command_line("project", str(scenario)):
        year = years[int(row["year"])]
        for column in ("demand_hours", "capacity_hours", "gap_hours", "cost"):
            year[column] += float(row[column])
        year["shortfall_hours"] += max(0.0, float(row["gap_hours"]))
    return years


def download_scenario(page: Visit, path: Path) -> Path:
    """The scenario that the page offers as a file."""
    page.open_tab("Scenarios")
    with page.page.expect_download() as download:
        page.page.get_by_role("button", name="Download this scenario (JSON)").click()
    download.value.save_as(path)
    return path


def test_a_step_moves_map_sentence_and_box_in_place(visit: Open) -> None:
    page = visit(WHAT_IF)
    before, said, figures = page.fills(), page.sentence(), page.tiles()
    page.map.locator("body").evaluate("() => { window.sameFrame = true; }")
    box = page.page.get_by_role("spinbutton", name="Need growth (% a year), as a number")
    expect(box).to_have_value("0.0")
    page.press_lever(NEED)
    expect(box).to_have_value("0.5")
    expect(page.lead).to_contain_text("need grows 0.5% a year on top of ageing")
    page.press_lever(NEED, times=3)
    expect(box).to_have_value("2.0")
    expect(page.lead).to_contain_text("need grows 2% a year on top of ageing")
    page.rest()
    expect(page.page.get_by_role("slider", name="Need growth (% a year)", exact=True)).to_be_focused()
    changed = [code for code in before if page.fills()[code] != before[code]]
    assert changed
    assert page.sentence() != said
    assert all(new != old for new, old in zip(page.tiles(), figures, strict=True))
    assert page.map.locator("body").evaluate("() => window.sameFrame")


def test_the_number_box_moves_the_slider(visit: Open) -> None:
    page = visit(WHAT_IF)
    page.lever(NEED, "number").fill("3.5")
    page.page.keyboard.press("Enter")
    expect(page.lever(NEED)).to_have_value("3.5")
    expect(page.lead).to_contain_text("need grows 3.5% a year on top of ageing")


def test_a_number_out_of_reach_is_refused_beside_its_lever(visit: Open) -> None:
    page = visit(WHAT_IF)
    said = page.sentence()
    box = page.lever(NEED, "number")
    box.fill("55")
    box.press("Enter")
    refusal = page.page.locator(f'[data-lever="{NEED}"] .live-refusal')
    expect(refusal).to_contain_text("55")
    expect(refusal).to_contain_text("20")
    expect(box).to_have_value("0.0")
    assert page.sentence() == said
    assert all("400" in one for one in page.console_errors)  # the browser names each answer that refuses
    page.console_errors.clear()


def test_a_step_asks_for_little_and_its_commit_sends_little(visit: Open) -> None:
    page = visit(WHAT_IF)
    page.rest()
    asked: list[Request] = []
    page.page.on("requestfinished", lambda one: asked.append(one) if one.url.endswith("/live/step") else None)
    commits = []
    for lever, times in ((NEED, 6), (CAPACITY, 4)):
        for _ in range(times):
            commits.append(page.after(partial(page.press_lever, lever)))
            page.rest()
    pictures = [one.sizes()["responseBodySize"] for one in asked]
    assert len(pictures) == 10
    assert min(pictures) > 1_000, pictures
    assert max(pictures) <= MOST_BYTES_A_STEP, pictures
    assert all(size.sent > 500 for size in commits), "the relay counts nothing"
    assert max(size.sent for size in commits) <= MOST_BYTES_WITH_COMMIT, commits


@pytest.mark.parametrize("service", [HOME, BREAKS])
def test_the_figures_are_those_of_the_command_line(service: str, visit: Open, tmp_path: Path) -> None:
    """The scenario as the page offers it; test_random_walks.py has more scenarios."""
    page = visit(WHAT_IF)
    if service == BREAKS:
        page.after(page.page.get_by_role("radio", name="Children's short breaks").click)
        page.rest()
    page.move(NEED, times=3)
    for lever in (CAPACITY, "price.uplift_pct"):
        page.move(lever)
    path = download_scenario(page, tmp_path / "scenario.json")
    assert json.loads(path.read_text(encoding="utf-8"))["service"] == service
    years = projected_by_the_command_line(path)
    first, last = years[min(years)], years[max(years)]
    extra = last["cost"] - first["cost"]
    assert page.tiles() == [
        for_people.hours(last["demand_hours"]),
        for_people.ratio(last["capacity_hours"] / last["demand_hours"]),
        for_people.hours(last["shortfall_hours"]),
        f"+{for_people.pounds(extra)}",
    ]
    short = any(year["gap_hours"] > 0 for year in years.values())
    assert f"Essex needs {'more' if short else 'no more'} care than providers offer" in page.sentence()
    without = for_people.said(last["shortfall_hours"], for_people.hours(last["shortfall_hours"]))
    assert f"{without} hours a week would have no provider in" in page.sentence()


def test_the_table_that_is_downloaded_is_the_projection(visit: Open, tmp_path: Path) -> None:
    page = visit(WHAT_IF)
    page.move(NEED)
    path = download_scenario(page, tmp_path / "scenario.json")
    page.open_tab("Districts")
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
    page.rest()
    title = page.live("map").locator("h3")
    expect(title).to_contain_text("Net coverage by district, 2029/30")
    last = page.fills()
    page.map.locator("body").evaluate("() => { window.sameFrame = true; }")
    page.show_year("Home")
    expect(title).to_contain_text("2024/25")
    first = page.fills()
    assert first != last
    page.show_year("ArrowRight")
    expect(title).to_contain_text("2025/26")
    play = page.live("year").get_by_role("button")
    expect(play).to_have_text("Play")
    play.click()
    for year in ("2024/25", "2025/26", "2026/27", "2027/28", "2028/29", "2029/30"):
        expect(title).to_contain_text(year)
    expect(play).to_have_text("Play")
    page.rest()
    assert page.fills() == last
    assert page.map.locator("body").evaluate("() => window.sameFrame")


def test_today_and_then_stand_side_by_side(visit: Open) -> None:
    """The map shows today while the other is chosen, and the year stays where it was."""
    page = visit(WHAT_IF)
    page.move(NEED, times=4)
    then = page.fills()
    page.live("map").get_by_label("Today, 2024/25").check()
    expect(page.live("map").locator("h3")).to_contain_text("2024/25")
    assert page.fills() != then
    page.live("map").get_by_label("Then, 2029/30").check()
    expect(page.live("map").locator("h3")).to_contain_text("2029/30")
    assert page.fills() == then


def test_play_can_be_stopped_and_a_lever_moved_meanwhile(visit: Open) -> None:
    page = visit(WHAT_IF)
    page.rest()
    title, play = page.live("map").locator("h3"), page.live("year").get_by_role("button")
    play.click()
    expect(title).to_contain_text("2025/26")
    expect(play).to_have_text("Stop")
    page.press_lever(NEED)
    expect(page.lead).to_contain_text("need grows 0.5% a year on top of ageing")
    expect(play).to_have_text("Stop")
    play.click()
    expect(play).to_have_text("Play")
    page.rest()
    expect(title).not_to_contain_text("2029/30")
    page.move(NEED)
    expect(page.lead).to_contain_text("need grows 1% a year on top of ageing")


def test_a_copied_link_opens_the_same_scenario(visit: Open) -> None:
    page = visit(WHAT_IF)
    page.move(NEED, times=3)
    page.move(CAPACITY)
    page.show_year("ArrowLeft", 2)
    page.page.wait_for_url(lambda url: "scenario=" in url and "year=2027" in url)
    other = visit(page.page.url.removeprefix(page.app.address))
    other.rest()
    expect(other.lever(NEED)).to_have_value("1.5")
    assert other.sentence() == page.sentence()
    assert other.tiles() == page.tiles()
    expect(other.live("map").locator("h3")).to_contain_text("2027/28")
    assert other.fills() == page.fills()


def test_a_link_of_the_other_service_opens_that_service(visit: Open, pack: Pack) -> None:
    scenario = with_levers(pack, default_scenario(pack, BREAKS), {NEED: 7.0})
    page = visit(f"{WHAT_IF}?scenario={to_link(scenario, pack)}")
    expect(page.page.get_by_role("radio", name="Children's short breaks")).to_be_checked()
    expect(page.lead).to_contain_text("need grows 7% a year")


def test_the_scenario_stays_when_the_page_changes(visit: Open) -> None:
    page = visit(WHAT_IF)
    page.move(NEED)
    said = page.sentence()
    page.follow("/Data")
    page.follow(WHAT_IF)
    page.rest()
    assert page.sentence() == said
    page.page.wait_for_url(lambda url: "scenario=" in url)


def test_what_was_moved_just_before_the_page_changes_is_kept(visit: Open) -> None:
    page = visit(WHAT_IF)
    page.rest()
    page.press_lever(NEED, times=3)
    page.follow("/Data")
    page.follow(WHAT_IF)
    page.rest()
    expect(page.lever(NEED, "number")).to_have_value("1.5")
    expect(page.lead).to_contain_text("need grows 1.5% a year")


def test_a_file_of_the_other_service_switches_the_page(visit: Open, pack: Pack) -> None:
    """The switch stands outside the fragment that the file is opened in."""
    page = visit(WHAT_IF)
    page.open_tab("Scenarios")
    scenario = with_levers(pack, default_scenario(pack, BREAKS), {NEED: 7.0, "name": "Breaks"})
    page.page.locator(".st-key-scenario_file input[type=file]").set_input_files(
        FilePayload(name="breaks.json", mimeType="application/json", buffer=scenario.to_json(pack).encode())
    )
    expect(page.lead).to_contain_text("need grows 7% a year")
    expect(page.page.get_by_role("radio", name="Children's short breaks")).to_be_checked()
    expect(page.lever(NEED, "number")).to_have_value("7.0")


def test_a_file_that_is_too_large_is_refused(visit: Open) -> None:
    page = visit(WHAT_IF)
    page.open_tab("Scenarios")
    before = page.sentence()
    page.page.locator(".st-key-scenario_file input[type=file]").set_input_files(
        FilePayload(name="big.json", mimeType="application/json", buffer=b'"' + b"x" * 20_000_000 + b'"')
    )
    expect(page.page.locator(".st-key-scenario_file")).to_contain_text("must be 1.0MB or smaller")
    assert page.sentence() == before


def test_two_tabs_that_save_one_name_at_once_lose_nothing(visit: Open) -> None:
    name = "Both at once"
    pages = [visit(WHAT_IF), visit(WHAT_IF)]
    for number, page in enumerate(pages):
        page.move(NEED, times=number + 1)
        page.open_tab("Scenarios")
        page.page.get_by_role("textbox", name="Name", exact=True).fill(name)
        page.after(lambda page=page: page.page.keyboard.press("Tab"))
        expect(page.live("say").locator(".live-name")).to_contain_text(f"Scenario: {name}")
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
    title = page.live("lines").get_by_role("heading", name="Demand and capacity in Maldon")
    page.click_district(MALDON)
    expect(title).to_be_visible()
    expect(page.district(MALDON)).to_have_attribute("aria-pressed", "true")
    expect(page.box("district")).to_have_value("Maldon")
    page.move(NEED)  # and it stays chosen
    expect(title).to_be_visible()
    expect(page.district(MALDON)).to_have_attribute("aria-pressed", "true")


def test_a_districts_own_growth_is_typed_into_the_table(visit: Open) -> None:
    page = visit(WHAT_IF)
    page.rest()
    page.after(page.page.get_by_text("Single districts and providers", exact=True).click)
    before = page.sentence()
    grid = page.page.get_by_test_id("stDataFrame").first
    cells = grid.locator(".dvn-scroller")  # lies over the canvas; a click waits until the group has opened
    box = cells.bounding_box()
    assert box is not None
    cells.click(position={"x": box["width"] - 60, "y": 52})
    page.page.keyboard.press("Enter")
    page.page.locator("#portal input").fill("12")
    page.after(lambda: page.page.keyboard.press("Enter"))
    expect(page.lead).to_contain_text("need growth by district (1 district)")
    assert page.sentence() != before


def test_undo_goes_back_over_a_preset_and_a_table_alike(visit: Open) -> None:
    page = visit(WHAT_IF)
    at_first = page.sentence()
    page.move(NEED, times=2)
    moved = page.sentence()
    page.after(lambda: page.choose("preset_domiciliary_care", "Ageing only"))
    page.rest()
    expect(page.live("say").locator(".live-name")).to_contain_text("Scenario: Ageing only")
    page.page.keyboard.press("Escape")
    undo = page.live("say").get_by_role("button", name="Undo")
    undo.click()
    page.rest()
    assert page.sentence() == moved
    undo.click()
    page.rest()
    assert page.sentence() == at_first


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
    page.open_groups()
    for tab in TABS:
        page.open_tab(tab)
        assert violations(page) == [], tab


def test_a_narrow_page_does_not_scroll_sideways(visit: Open) -> None:
    page = visit(WHAT_IF, width=390, height=844)
    page.open_groups()
    widths = "[document.documentElement.scrollWidth, window.innerWidth]"
    needs, has = page.page.evaluate(widths)
    assert needs <= has, "levers"
    page.page.get_by_role("button", name="Fewer levers").click()
    for tab in TABS:
        page.open_tab(tab)
        needs, has = page.page.evaluate(widths)
        assert needs <= has, tab


def test_hostile_words_run_nothing(visit: Open, pack: Pack) -> None:
    """The visit adds: no dialog, no request, no error. The pack's own names are hostile too."""
    text = "<img src=x onerror=alert(1)> ${alert(1)} [x](javascript:alert(1)) www.x.yz a@x.y"
    scenario = with_levers(pack, default_scenario(pack, HOME), {"name": text, "rationale": text, NEED: 2.0})
    page = visit(f"{WHAT_IF}?scenario={to_link(scenario, pack)}", changes=(pack_copies.with_hostile_names,))
    page.open_groups()
    for tab in TABS:
        page.open_tab(tab)
        expect(page.live("say").locator(".live-name")).to_contain_text(f"Scenario: {text}")
    page.open_tab("Scenarios")
    page.after(page.page.get_by_role("button", name="Save as new").click)
    expect(page.page.get_by_text(f"Saved as {text}.")).to_be_visible()
    made = "img[src=x], a[href^=javascript], img[src*='example.com'], a[href*='x.y']"
    assert page.page.locator(made).count() == 0
    assert [frame.evaluate("() => window.__hit") for frame in page.page.frames] == [None] * len(page.page.frames)
