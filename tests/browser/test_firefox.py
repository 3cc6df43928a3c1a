"""The smoke part in Firefox: every page opens, its map is painted and answers the keyboard, and nothing goes wrong."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator

import pytest
from driver import MAP_PAGES, PAGES, App
from firefox import FIREFOXES, Firefox, find_firefox, firefox

# What shows that the script has ended, and that nothing is still on its way.
IDLE = """document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning"
    && !document.querySelector("[data-testid=stSkeleton]") && !!document.querySelector("h1")"""
MAP = "document.querySelector('iframe[src*=streamlit_folium]')?.contentWindow"
PAINTED = f"{MAP}?.document.querySelectorAll('path[data-code][aria-label]').length === 12"
FILLS = f"[...{MAP}.document.querySelectorAll('path[data-code]')].map(each => each.getAttribute('fill'))"
NAMED = f"[...{MAP}.document.querySelectorAll('.district-label > div')].filter(each => !each.hidden).length"
FOCUSED = f"{MAP}.document.activeElement.getAttribute('aria-label')"
CURRENT = "[...document.querySelectorAll('[role=navigation] [aria-current=page]')].map(each => each.textContent)"
LEVER = "document.querySelector('[data-lever=\"demand.need_growth_pct\"] input[type=range]')"
LEAD = "document.querySelector('[data-live=say] h2')?.textContent"
STILL = "document.querySelector('[data-live=levers]')?.dataset.state === 'still'"
ENTER, RIGHT = "\ue007", "\ue014"


@pytest.fixture(scope="module")
def window() -> Iterator[Firefox]:
    """Firefox of this machine. A test run that was asked to be complete fails where there is none."""
    path = find_firefox()
    if path is None:
        message = f"no Firefox found (looked for {', '.join(FIREFOXES)}): run make setup-browser"
        if os.environ.get("CI", "").lower() in ("true", "1"):
            pytest.fail(message)
        pytest.skip(message)
    with firefox(path) as one:
        yield one


def open_page(window: Firefox, app: App, path: str) -> None:
    window.open(app.address + path)
    window.wait_for(IDLE)
    if path in MAP_PAGES:
        window.wait_for(PAINTED)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_in_firefox(path: str, window: Firefox, start_app: Callable[..., App]) -> None:
    app = start_app()
    open_page(window, app, path)
    assert PAGES[path] in window.evaluate("document.querySelector('h1').textContent")
    window.wait_for(f"{CURRENT}.length === 1")
    if path in MAP_PAGES:
        fills = window.evaluate(FILLS)
        assert len(fills) == 12
        assert all(fill.startswith("#") for fill in fills)
        # The demand board's districts are the ground for its wards.
        assert (len(set(fills)) > 1) == (path != "/Market_engagement")
        assert window.evaluate(NAMED) == 12
    assert window.complaints == []
    assert "Traceback" not in "".join(app.log)


def test_a_district_is_chosen_with_the_keyboard_in_firefox(window: Firefox, start_app: Callable[..., App]) -> None:
    open_page(window, start_app(), "/")
    window.evaluate(f"{MAP}.document.querySelector('path[tabindex=\"0\"]').focus()")
    first = window.evaluate(FOCUSED)
    window.press(RIGHT)
    second = window.evaluate(FOCUSED)
    assert first != second
    window.press(ENTER)
    name = second.split(",")[0]
    window.wait_for(f"{MAP}.document.querySelector('path[aria-pressed=\"true\"]')?.ariaLabel.startsWith('{name}')")
    window.wait_for(IDLE)
    assert window.complaints == []


def test_the_page_paints_the_map_in_firefox(window: Firefox, start_app: Callable[..., App]) -> None:
    open_page(window, start_app(), "/What_if")
    window.wait_for(f"{MAP}.districtMap.ready")
    # Painted and read in one go: the levers' own first answer may still be on its way, and paints the map again.
    fills, rings = window.evaluate(
        f"""(() => {{
            const codes = [...{MAP}.document.querySelectorAll("path[data-code]")].map(each => each.dataset.code);
            const area = (code, at) => [code, {{fill: "#28a197", tooltip: code, label: code, changed: at === 0}}];
            {MAP}.districtMap.show({{title: "Shown", dark: false, areas: Object.fromEntries(codes.map(area))}});
            return [{FILLS}, {MAP}.document.querySelectorAll('.district-changed[stroke-opacity="1"]').length];
        }})()"""
    )
    assert set(fills) == {"#28a197"}
    assert rings == 2
    assert window.complaints == []


def test_a_lever_moves_sentence_and_map_in_firefox(window: Firefox, start_app: Callable[..., App]) -> None:
    open_page(window, start_app(), "/What_if")
    window.wait_for(STILL)
    before = window.evaluate(FILLS)
    window.evaluate(f"{LEVER}.focus()")
    window.press(*[RIGHT] * 4)
    window.wait_for(f"{LEAD}?.includes('need grows 2% a year on top of ageing')")
    window.wait_for(f"({FILLS}).join() !== {json.dumps(','.join(before))}")
    window.wait_for(STILL)
    window.wait_for(IDLE)
    assert window.evaluate(f"{LEVER}.value") == "2"
    assert "need grows 2% a year on top of ageing" in window.evaluate(LEAD)
    assert window.complaints == []
