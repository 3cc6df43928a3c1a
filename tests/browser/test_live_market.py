"""A market page alive: another indicator changes sentence, map and bars at once, and the page follows after a rest."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from driver import Visit
from playwright.sync_api import Page, Request, Route, expect

Open = Callable[..., Visit]
ROUTE = "**/live/market"
SELECT, SAY, BARS = '[data-live="choose"] select', '[data-live="say"] h2', 'figure[data-live="bars"]'
MALDON = "E07000074"
FRAME = ".st-key-market_map iframe"
KEEP = f"""() => {{
    window.kept = [...document.querySelectorAll('{BARS} svg, {SELECT}, {SAY}, {FRAME}')];
    document.querySelector('{FRAME}').contentWindow.sameFrame = true;
}}"""
STILL_THERE = f"""() => window.kept.length === 4 && window.kept.every(each => each.isConnected)
    && document.querySelector('{FRAME}').contentWindow.sameFrame === true"""


def state(page: Page, wanted: str) -> None:
    """Wait until the choice stands so."""
    expect(page.locator('[data-live="choose"]')).to_have_attribute("data-state", wanted)


def look(visit: Visit, key: str = "ArrowDown") -> None:
    """Move the choice with the keyboard."""
    visit.page.locator(SELECT).focus()
    visit.page.keyboard.press(key)


def pictures(visit: Visit) -> list[dict[str, Any]]:
    """What is asked of the route from now on."""
    asked: list[dict[str, Any]] = []

    def on_request(request: Request) -> None:
        if request.url.endswith("/live/market"):
            asked.append(json.loads(request.post_data or ""))

    visit.page.on("request", on_request)
    return asked


# How the choice stood each time that the sentence changed.
WATCH = f"""() => {{
    window.stood = [];
    const stands = () => document.querySelector('[data-live="choose"]').dataset.state;
    new MutationObserver(() => window.stood.push(stands())).observe(
        document.querySelector('{SAY}'), {{subtree: true, childList: true, characterData: true}});
}}"""


@pytest.mark.parametrize("path", ["/", "/Domiciliary_care"])
def test_the_keyboard_changes_sentence_map_and_bars_in_place(path: str, visit: Open) -> None:
    page = visit(path)
    page.after(lambda: page.choose("indicator", "Rural share"))
    state(page.page, "still")
    expect(page.page.locator(f"{BARS} svg")).to_be_visible()
    page.page.evaluate(KEEP)
    page.page.evaluate(WATCH)
    fills, asked = page.fills(), pictures(page)
    page.after(lambda: look(page, "ArrowDown"))
    state(page.page, "still")
    assert len(asked) == 1
    assert set(page.page.evaluate("window.stood")) == {"moving"}, "before the page was told"
    expect(page.page.locator(SELECT)).to_have_value("largest_provider_share")
    expect(page.page.locator(SELECT)).to_be_focused()
    expect(page.page.locator(SAY)).to_contain_text("Largest provider's share")
    expect(page.page.locator(f"{BARS} h3")).to_contain_text("Largest provider's share")
    expect(page.page.locator(f"{BARS} > p")).to_contain_text("Maldon")
    expect(page.district(MALDON)).to_have_attribute("aria-label", re.compile("Largest provider's share"))
    assert page.fills() != fills
    assert page.page.evaluate(STILL_THERE)
    page.page.wait_for_url(lambda url: "indicator=largest_provider_share" in url)


def test_where_the_route_cannot_be_reached_a_rerun_answers(visit: Open) -> None:
    page = visit()
    page.page.route(ROUTE, lambda route: route.abort())
    page.after(lambda: look(page))
    expect(page.page.locator(SAY)).to_contain_text("Shortfall share")
    expect(page.district(MALDON)).to_have_attribute("aria-label", re.compile("Shortfall share"))
    state(page.page, "still")
    page.console_errors.clear()  # the browser says that the route was not reached


def test_while_the_connection_is_cut_the_choice_goes_back(visit: Open) -> None:
    page = visit()

    def pull_the_cable(route: Route) -> None:
        page.page.context.set_offline(True)
        route.abort()

    page.page.route(ROUTE, pull_the_cable)
    look(page)
    state(page.page, "cut")
    expect(page.page.locator(SELECT)).to_have_value("coverage")
    expect(page.page.locator('[data-live="choose"] [role=alert]')).to_contain_text("the choice is back")
    page.page.unroute(ROUTE)
    page.page.context.set_offline(False)
    expect(page.page.get_by_test_id("connection-lost")).to_be_hidden()
    page.console_errors.clear()
    look(page)
    expect(page.page.locator(SAY)).to_contain_text("Shortfall share")
    page.console_errors.clear()


def test_a_request_that_is_refused_changes_nothing(visit: Open) -> None:
    page = visit()

    def refuse(route: Route) -> None:
        route.fulfill(status=400, json={"problem": "That cannot be shown."})

    page.page.route(ROUTE, refuse)
    sentence = page.page.locator(SAY).inner_text()
    look(page)
    expect(page.page.locator('[data-live="choose"] [role=alert]')).to_have_text("That cannot be shown.")
    expect(page.page.locator(SELECT)).to_have_value("coverage")
    assert page.page.locator(SAY).inner_text() == sentence
    page.console_errors.clear()


def test_bars_are_one_stop_and_the_keyboard_chooses_an_area(visit: Open) -> None:
    page = visit()
    bars = page.page.locator(f"{BARS} [role=button]")
    expect(bars).to_have_count(12)
    expect(page.page.locator(f'{BARS} [tabindex="0"]')).to_have_count(1)
    bars.first.focus()
    page.page.keyboard.press("End")
    expect(bars.last).to_be_focused()
    page.page.keyboard.press("Home")
    expect(bars.first).to_be_focused()
    page.page.keyboard.press("ArrowDown")
    name = str(bars.nth(1).get_attribute("aria-label")).split(":")[0]
    page.after(lambda: page.page.keyboard.press("Enter"))
    expect(page.page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(page.box("district")).to_have_value(name)
    expect(bars.nth(1)).to_have_attribute("aria-pressed", "true")


def test_from_the_market_to_the_what_if_and_back(visit: Open) -> None:
    """Both screens share one script: neither draws the other's picture."""
    page = visit()
    page.after(lambda: look(page))
    page.follow("/What_if")
    expect(page.page.locator('[data-live="lines"] svg')).to_be_visible()
    page.follow("/")
    expect(page.page.locator(SELECT)).to_have_value("shortfall_share")
    expect(page.page.locator(SAY)).to_contain_text("Shortfall share")
    expect(page.page.locator(f"{BARS} svg")).to_be_visible()
