"""The live screen's script in a browser, on a page of its own: see live_page.py.

A lever moves everything without a rerun, a rest tells the page, and where nothing answers nothing stays moved.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from driver import ROOT, SLOWEST, App, Visit, new_context
from playwright.sync_api import Browser, Page, Route, expect

STEP = "**/live/step"
LEVERS, SAY = '[data-live="levers"]', '[data-live="say"]'
# What a step must leave in place: svg of both charts, the frame's document, the levers themselves.
KEEP = """() => {
    window.kept = [...document.querySelectorAll("[data-live] svg, [data-live] input, [data-live] h2")];
    window.keptFrame = document.querySelector(".st-key-live_map_side iframe").contentWindow.loaded;
}"""
STILL_THERE = """() => window.kept.length > 6 && window.kept.every(each => each.isConnected)
    && window.keptFrame === document.querySelector(".st-key-live_map_side iframe").contentWindow.loaded"""
SCENE = 'document.querySelector(".st-key-live_map_side iframe").contentWindow.scenes.at(-1)'
ROWS = "JSON.stringify(window.careMarketLive.parts.get('{0}').chart.view.data('drawn').map(row => row.{1}))"


@pytest.fixture(scope="module")
def live_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The page's app, with the settings of the dashboard."""
    folder = tmp_path_factory.mktemp("live")
    shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
    script = Path(shutil.copy(Path(__file__).parent / "live_page.py", folder))
    patch = pytest.MonkeyPatch()
    patch.setenv("PYTHONPATH", str(ROOT))
    app = App(script=script)
    patch.undo()
    yield app
    app.close()


class Live:
    """One reader of the page."""

    def __init__(self, browser: Browser, app: App, **context: Any) -> None:
        self.visit = Visit(app, new_context(browser, **context))
        self.page: Page = self.visit.page
        self.page.context.set_default_timeout(SLOWEST)
        self.asked: list[dict[str, Any]] = []
        self.page.on("request", self._on_request)
        self.page.goto(app.address)
        expect(self.page.locator("[data-live] svg")).to_have_count(2)
        expect(self.levers).to_have_attribute("data-state", "still")
        self.page.wait_for_function(f"{SCENE} !== undefined")

    def _on_request(self, request: Any) -> None:
        if request.url.endswith("/live/step"):
            self.asked.append(json.loads(request.post_data))

    @property
    def levers(self) -> Any:
        return self.page.locator(LEVERS)

    @property
    def lead(self) -> Any:
        return self.page.locator(f"{SAY} h2")

    @property
    def committed(self) -> Any:
        return self.page.get_by_text("Committed: ")

    def lever(self, name: str, kind: str = "range") -> Any:
        return self.page.locator(f'[data-lever="{name}"] input[type={kind}]')

    def button(self, name: str) -> Any:
        return self.page.locator(f'[data-do="{name}"]')

    def press(self, name: str, key: str, times: int = 1) -> None:
        self.lever(name).focus()
        for _ in range(times):
            self.page.keyboard.press(key)

    def rest(self) -> None:
        """Wait until all that moved has been committed, and the page has been drawn."""
        expect(self.levers).to_have_attribute("data-state", "still")

    def look(self, script: str) -> Any:
        return self.page.evaluate(script)


@pytest.fixture
def live(browser: Browser, live_app: App) -> Iterator[Live]:
    """The page, opened; at the end nothing on it may have gone wrong."""
    one = Live(browser, live_app)
    yield one
    complaints = [text for text in one.visit.complaints() if "live/step" not in text]
    one.page.context.close()
    assert complaints == []


def test_a_key_moves_everything_and_nothing_is_made_anew(live: Live) -> None:
    live.look(KEEP)
    expect(live.lead).to_have_text("Demand reaches 100.0 in 2029/30 projected, illustrative")
    expect(live.committed).to_contain_text('"growth": 0.0, "room": 0.0, "calm": false}; 2029; 0')
    live.press("growth", "ArrowRight", 4)  # 2% a year
    expect(live.lead).to_have_text("Demand reaches 110.4 in 2029/30 projected, illustrative")
    expect(live.page.locator(f"{SAY} .live-more")).to_have_text("Short: North <b>, East, South.")
    expect(live.page.locator('[data-live="tiles"] .live-tile-value').first).to_have_text("110.4")
    expect(live.lever("growth", "number")).to_have_value("2.0")
    expect(live.page.locator('[data-live="newly"] li')).to_have_text(["East", "South"])
    live.rest()
    scene = live.look(SCENE)
    assert scene["title"].startswith("Map: Net coverage by district, 2029/30. ")
    assert {code: area.get("fill") for code, area in scene["areas"].items()} == {
        "N": "#801650", "E": "#801650", "S": "#801650", "W": None,
    }  # fmt: skip
    assert [code for code, area in scene["areas"].items() if area.get("changed")] == ["E", "S"]
    assert live.look(ROWS.format("lines", "demand")) == "[100,102,104,106.1,108.2,110.4]"
    assert live.look(ROWS.format("lines", "chosen")) == "[null,null,null,null,null,2029]"
    expect(live.committed).to_contain_text('"growth": 2.0')
    assert live.look(STILL_THERE)
    expect(live.lever("growth")).to_be_focused()
    assert [sorted(one["known"]) for one in live.asked] == [["bars-1", "lines-1"]] * len(live.asked)


def test_the_last_value_wins_where_the_route_is_slow(live: Live) -> None:
    held: list[Route] = []
    live.page.route(STEP, lambda route: held.append(route))
    live.press("growth", "ArrowRight", 5)
    live.page.wait_for_function("window.careMarketLive.moved.growth === 2.5")
    assert len(held) == 1
    expect(live.lever("growth", "number")).to_have_value("2.5")
    held[0].continue_()
    live.page.wait_for_function("window.careMarketLive.shown.growth === 0.5")
    expect(live.lever("growth", "number")).to_have_value("2.5")
    live.page.wait_for_function("window.careMarketLive.flight?.changes.growth === 2.5")
    assert [one["changes"] for one in live.asked] == [{"growth": 0.5}, {"growth": 2.5}]
    expect(live.levers).to_have_attribute("data-state", "moving")
    held[1].continue_()
    expect(live.lead).to_contain_text("Demand reaches 113.1")
    live.rest()
    expect(live.committed).to_contain_text('"growth": 2.5')
    expect(live.committed).to_contain_text("; 1")


def test_a_rerun_answers_where_the_route_cannot_be_reached(live: Live) -> None:
    live.page.route(STEP, lambda route: route.abort())
    live.press("growth", "ArrowRight", 4)
    expect(live.lead).to_contain_text("Demand reaches 110.4")
    live.rest()
    expect(live.committed).to_contain_text('"growth": 2.0')
    expect(live.lever("growth", "number")).to_have_value("2.0")
    assert len(live.asked) == 1  # it is not tried at every step
    live.press("growth", "ArrowLeft", 2)
    expect(live.lead).to_contain_text("Demand reaches 105.1")
    live.rest()
    live.page.keyboard.press("Control+z")
    expect(live.lead).to_contain_text("Demand reaches 110.4")
    live.visit.console_errors.clear()


def test_a_lever_goes_back_while_nothing_can_be_reached(live: Live) -> None:
    live.press("growth", "ArrowRight", 2)
    live.rest()
    live.page.context.set_offline(True)
    live.press("growth", "ArrowRight", 3)
    expect(live.levers).to_have_attribute("data-state", "cut")
    expect(live.lever("growth")).to_have_value("1")
    expect(live.lever("growth", "number")).to_have_value("1.0")
    expect(live.lead).to_contain_text("Demand reaches 105.1")
    live.page.context.set_offline(False)
    live.press("growth", "ArrowRight")
    expect(live.lead).to_contain_text("Demand reaches 107.7")
    live.rest()
    live.visit.console_errors.clear()


def test_undo_redo_and_reset(live: Live) -> None:
    for name in ("undo", "redo", "reset"):
        expect(live.button(name)).to_be_disabled()
    for _ in range(2):
        live.press("growth", "ArrowRight", 2)
        live.rest()
    expect(live.committed).to_contain_text('"growth": 2.0')
    live.button("undo").click()
    expect(live.lever("growth", "number")).to_have_value("1.0")
    live.button("undo").click()
    expect(live.lever("growth", "number")).to_have_value("0.0")
    expect(live.page.locator(f"{SAY} .live-name")).to_have_text("Scenario: Default")
    live.rest()
    expect(live.button("undo")).to_have_attribute("aria-disabled", "true")
    live.lever("growth").focus()
    live.page.keyboard.press("Control+Shift+Z")
    expect(live.lever("growth", "number")).to_have_value("1.0")
    live.page.keyboard.press("Control+y")
    expect(live.lever("growth", "number")).to_have_value("2.0")
    live.page.keyboard.press("Control+z")
    expect(live.lever("growth", "number")).to_have_value("1.0")
    live.rest()
    expect(live.committed).to_contain_text('"growth": 1.0')
    live.button("reset").click()
    expect(live.lever("growth", "number")).to_have_value("0.0")
    live.rest()
    expect(live.button("reset")).to_have_attribute("aria-disabled", "true")
    live.button("undo").click()
    expect(live.lever("growth", "number")).to_have_value("1.0")
    live.rest()


def test_undo_goes_back_over_what_another_control_chose(live: Live) -> None:
    live.press("growth", "ArrowRight", 2)
    live.rest()
    live.page.get_by_role("button", name="A preset").click()
    expect(live.lever("growth", "number")).to_have_value("7.0")
    expect(live.page.locator(f"{SAY} .live-name")).to_have_text("Scenario: A preset, started from Default")
    live.button("undo").click()
    expect(live.lever("growth", "number")).to_have_value("1.0")
    live.rest()
    expect(live.committed).to_contain_text('"name": "Default, changed"')


def test_a_preset_chosen_right_after_a_move_holds(live: Live) -> None:
    live.press("growth", "ArrowRight", 2)
    live.page.get_by_role("button", name="A preset").click()
    expect(live.lever("growth", "number")).to_have_value("7.0")
    live.rest()
    expect(live.committed).to_contain_text('"growth": 7.0')


def test_keys_in_a_number_box_are_the_box_s_own(live: Live) -> None:
    live.press("growth", "ArrowRight", 2)
    live.rest()
    live.lever("growth", "number").focus()
    live.page.keyboard.press("Control+z")
    live.page.keyboard.press("Tab")
    expect(live.lever("growth", "number")).to_have_value("1.0")
    assert [one["changes"] for one in live.asked][-1] != {}


def test_a_number_box_takes_numbers_on_enter_and_refuses_text(live: Live) -> None:
    box, refusal = live.lever("growth", "number"), live.page.locator('[data-lever="growth"] .live-refusal')
    box.fill("3")
    assert live.asked == []
    box.press("Enter")
    expect(live.lead).to_contain_text("Demand reaches 115.9")
    expect(live.lever("growth")).to_have_value("3")
    live.rest()
    box.select_text()
    box.press_sequentially("e-e")
    box.press("Tab")
    expect(refusal).to_have_text("That is not a number: the lever stands where it stood.")
    expect(box).to_have_value("3.0")
    box.fill("55")
    box.press("Enter")
    expect(refusal).to_have_text("Growth of 55 is beyond 20.")
    expect(box).to_have_value("3.0")
    expect(live.lever("growth")).to_have_value("3")
    live.rest()
    expect(live.lead).to_contain_text("Demand reaches 115.9")
    live.press("growth", "ArrowRight")
    expect(refusal).to_have_text("")
    live.rest()
    live.visit.console_errors.clear()


def test_a_drag_is_one_step_back_however_often_it_rests(live: Live) -> None:
    box = live.lever("growth").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    live.page.mouse.move(*middle)
    live.page.mouse.down()
    for far in (40, 80):
        live.page.mouse.move(middle[0] + far, middle[1], steps=5)
        live.rest()
        expect(live.committed).not_to_contain_text('"growth": 0.0')
    live.page.mouse.up()
    assert {one["range"] for one in live.asked} == {False}
    live.rest()
    moved = float(live.lever("growth").input_value())
    assert moved > 4
    expect(live.committed).to_contain_text(f'"growth": {moved:g}')
    live.button("undo").click()
    expect(live.lever("growth", "number")).to_have_value("0.0")
    expect(live.button("undo")).to_have_attribute("aria-disabled", "true")
    live.rest()


def test_the_range_is_asked_for_when_a_drag_ends(live: Live) -> None:
    box = live.lever("growth").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    live.page.mouse.move(*middle)
    live.page.mouse.down()
    live.page.mouse.move(middle[0] + 40, middle[1], steps=4)
    live.page.wait_for_function("window.careMarketLive.shown.growth > 0 && !window.careMarketLive.flight")
    live.page.mouse.up()
    live.page.wait_for_function("window.careMarketLive.withRange")
    live.rest()
    assert live.asked[-1]["range"] is True
    assert live.asked[0]["range"] is False


def test_a_screen_reader_is_told_after_a_rest(live: Live) -> None:
    region = live.page.locator("[data-live-region]")
    expect(region).to_have_attribute("aria-live", "polite")
    expect(region).to_have_text("")
    live.look(
        "() => { window.said = []; new MutationObserver(() => said.push(document.querySelector('[data-live-region]')"
        ".textContent)).observe(document.querySelector('[data-live-region]'), {childList: true, subtree: true}); }"
    )
    live.press("growth", "ArrowRight", 4)
    expect(region).to_have_text("Demand reaches 110.4 in 2029/30 Newly short in 2029/30: East, South.")
    live.rest()
    assert live.look("window.said.length") == 1


def test_the_year_moves_without_a_question_and_is_committed(live: Live) -> None:
    live.press("growth", "ArrowRight", 4)
    live.rest()
    asked = len(live.asked)
    year = live.page.locator('[data-live="year"] input[type=range]')
    year.focus()
    live.page.keyboard.press("Home")
    expect(year).to_have_attribute("aria-valuetext", "2024/25")
    expect(live.page.locator('[data-live="map"] h3')).to_have_text("Net coverage by district, 2024/25 derived")
    expect(live.page.locator('[data-live="newly"] li')).to_have_count(0)
    live.rest()
    expect(live.committed).to_contain_text("; 2024; 2")
    assert live.look(ROWS.format("lines", "chosen")) == "[2024,null,null,null,null,null]"
    assert [code for code, area in live.look(SCENE)["areas"].items() if area.get("changed")] == []
    live.page.get_by_role("combobox", name="Year shown, as a box").select_option("2027/28")
    expect(live.page.locator('[data-live="map"] h3')).to_contain_text("2027/28")
    live.page.get_by_label("Today, 2024/25").check()
    expect(live.page.locator('[data-live="map"] h3')).to_contain_text("2024/25")
    live.page.get_by_label("Then, 2027/28").check()
    expect(live.page.locator('[data-live="map"] h3')).to_contain_text("2027/28")
    live.rest()
    assert len(live.asked) == asked


def test_play_shows_every_year_and_commits_at_the_end(live: Live) -> None:
    live.page.clock.install()
    heading = live.page.locator('[data-live="map"] h3')
    play = live.button("play")
    play.click()
    expect(play).to_have_text("Stop")
    for label in ("2024/25", "2025/26", "2026/27", "2027/28", "2028/29", "2029/30"):
        live.page.clock.run_for(20)
        expect(heading).to_contain_text(label)
        live.page.clock.run_for(880)
    live.page.clock.run_for(900)
    expect(play).to_have_text("Play")
    live.page.clock.run_for(1000)
    expect(live.committed).to_contain_text("; 2029; 1")


def test_what_is_shown_on_the_map_is_asked_for(live: Live) -> None:
    live.page.get_by_label("Net gap").check()
    expect(live.page.locator('[data-live="map"] h3')).to_contain_text("Net gap by district")
    live.rest()
    assert live.look(SCENE)["areas"]["N"]["tooltip"] == "North <b>\nNet gap: 0.9\nStatus: projected"
    assert [one["measure"] for one in live.asked] == ["gap_hours"]


def test_open_groups_and_switches_stay_through_reruns(live: Live) -> None:
    live.page.get_by_text("More: supply").click()
    live.lever("calm", "checkbox").check()
    live.rest()
    expect(live.committed).to_contain_text('"calm": true')
    assert live.look(ROWS.format("drivers", "change")) == "[0,-10]"
    expect(live.lever("room")).to_be_visible()
    expect(live.lever("calm", "checkbox")).to_be_checked()
    expect(live.page.get_by_role("switch", name="Calm")).to_be_focused()
    expect(live.page.get_by_role("slider", name="Room (% a year)")).to_be_visible()


def test_a_pack_that_was_replaced_makes_the_page_run(live: Live) -> None:
    live.page.route(STEP, lambda route: route.fulfill(status=409, json={"problem": "The pack is another."}))
    live.press("growth", "ArrowRight", 2)
    live.rest()
    expect(live.committed).to_contain_text('"growth": 1.0')
    live.visit.console_errors.clear()


def test_on_a_phone_one_lever_stays_beneath_the_map(browser: Browser, live_app: App) -> None:
    live = Live(browser, live_app, width=390, height=844)
    handle = live.page.get_by_role("button", name="More levers")
    expect(handle).to_be_visible()
    expect(live.lever("growth")).to_be_in_viewport(ratio=1)
    expect(live.page.get_by_text("More: supply")).to_be_hidden()
    live.page.mouse.move(195, 300)
    live.page.mouse.wheel(0, 200)
    expect(live.lead).to_be_in_viewport(ratio=1)
    handle.click()
    expect(live.page.get_by_text("More: supply")).to_be_visible()
    live.page.get_by_role("button", name="Fewer levers").click()
    expect(live.page.get_by_text("More: supply")).to_be_hidden()
    assert live.look("document.documentElement.scrollWidth <= innerWidth")
    live.page.context.close()
