"""When the connection goes: a line that says so, every control disabled, and a page that catches up on return."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from driver import SLOWEST, App, Visit, new_context
from playwright.sync_api import Browser, expect

LINE = "No connection to the dashboard: what you see may be out of date. Controls work again when it is back."
NEED = "demand.need_growth_pct"
# What can be clicked or typed into, and is neither disabled nor inert.
WORKING = """() => [...document.querySelectorAll(
    "[data-testid=stMain] :is(a[href], button, input, textarea, summary, iframe, [data-testid=stVegaLiteChart])")]
    .filter(each => !each.disabled && !each.closest("[inert]")).map(each => each.outerHTML.slice(0, 90))"""


@pytest.fixture
def app() -> Iterator[App]:
    """An app of its own, which may be ended."""
    app = App()
    yield app
    app.close()


def open_page(browser: Browser, app: App, path: str) -> Visit:
    context = new_context(browser)
    context.set_default_timeout(3 * SLOWEST)  # a server that starts again is cold
    return Visit(app, context).open(path)


def test_a_server_that_ends_and_starts_again(browser: Browser, app: App) -> None:
    page = open_page(browser, app, "/?district=Maldon")
    line = page.page.get_by_test_id("connection-lost")
    expect(line).to_be_hidden()
    assert page.page.evaluate(WORKING) != []
    app.stop()
    expect(line).to_be_visible()
    expect(line).to_have_text(LINE)
    assert page.page.evaluate(WORKING) == []
    page.district("E07000066").dispatch_event("click")
    page.console_errors.clear()  # the browser says of each question that nobody answered it
    app.start_again()
    expect(line).to_be_hidden()
    page.wait_until_drawn(True)
    expect(page.box("district")).to_have_value("Maldon")
    page.console_errors.clear()
    page.after(lambda: page.choose("indicator", "Spot share"))
    page.page.wait_for_url(lambda url: "indicator=spot_share" in url and "district=" in url)
    assert page.complaints() == []
    page.page.context.close()


def test_levers_after_a_server_that_ended(browser: Browser, app: App) -> None:
    """What was moved before is there again, from the link, and can be moved on."""
    page = open_page(browser, app, "/What_if")
    page.move(NEED, times=4)
    page.page.wait_for_url(lambda url: "scenario=" in url)
    said = page.sentence()
    app.stop()
    line = page.page.get_by_test_id("connection-lost")
    expect(line).to_be_visible()
    assert page.page.evaluate(WORKING) == []
    assert page.sentence() == said
    app.start_again()
    expect(line).to_be_hidden()
    page.wait_until_drawn(True)
    page.rest()
    assert page.sentence() == said
    expect(page.lever(NEED, "number")).to_have_value("2.0")
    page.console_errors.clear()  # the browser says of each question that nobody answered it
    page.move(NEED, times=2)
    expect(page.lead).to_contain_text("need grows 3% a year")
    page.page.wait_for_url(lambda url: "scenario=" in url)
    assert page.complaints() == []
    page.page.context.close()


def test_a_lever_that_moves_while_nobody_answers_goes_back(browser: Browser, app: App) -> None:
    """No figure stands beside a lever that moved on, even before the page knows that the connection is gone."""
    page = open_page(browser, app, "/What_if")
    page.move(NEED, times=2)
    said, figures = page.sentence(), page.tiles()
    os.kill(app.process_id, signal.SIGSTOP)
    try:
        page.press_lever(NEED, times=3)
        expect(page.live("levers")).to_have_attribute("data-state", "cut")
        expect(page.lever(NEED, "number")).to_have_value("1.0")
        assert (page.sentence(), page.tiles()) == (said, figures)
    finally:
        os.kill(app.process_id, signal.SIGCONT)
    expect(page.page.get_by_test_id("connection-lost")).to_be_hidden()
    page.wait_until_drawn(True)
    page.move(NEED)
    # A server that only paused may find in its socket what it was told meanwhile: figures and lever agree either way.
    growth = float(page.lever(NEED, "number").input_value())
    assert growth in (1.5, 3.0)
    expect(page.lead).to_contain_text(f"need grows {growth:g}% a year")
    page.page.context.close()


def test_a_server_that_no_longer_answers(browser: Browser, app: App) -> None:
    """A cable that is pulled: nothing closes the connection, and nothing comes back."""
    page = open_page(browser, app, "/Providers?district=Maldon")
    line = page.page.get_by_test_id("connection-lost")
    os.kill(app.process_id, signal.SIGSTOP)
    try:
        expect(line).to_be_visible()
        assert page.page.evaluate(WORKING) == []
    finally:
        os.kill(app.process_id, signal.SIGCONT)
    expect(line).to_be_hidden()
    page.wait_until_drawn(False)
    assert page.page.evaluate(WORKING) != []
    expect(page.box("district")).to_have_value("Maldon")
    page.page.context.close()


def test_a_connection_that_holds_says_nothing(browser: Browser, app: App) -> None:
    """The page asks the server now and then whether it is there: quietly, and often enough."""
    page = open_page(browser, app, "/Data")
    with page.page.expect_response(lambda answer: answer.url.endswith("/_stcore/health") and answer.ok):
        pass
    expect(page.page.get_by_test_id("connection-lost")).to_be_hidden()
    assert page.complaints() == []
    page.page.context.close()
