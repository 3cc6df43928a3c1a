"""One browser and one app for all browser tests; a page of its own for each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pack_copies
import pytest
from driver import BROWSER_OPTIONS, BROWSERS, SLOWEST, App, Visit, find_browser, new_context
from playwright.sync_api import Browser, expect, sync_playwright

Open = Callable[..., Visit]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of this machine. A test run that was asked to be complete fails where there is none."""
    path = find_browser()
    if path is None:
        message = f"no browser found (looked for {', '.join(BROWSERS)}): run make setup-browser"
        if os.environ.get("CI", "").lower() in ("true", "1"):
            pytest.fail(message)
        pytest.skip(message)
    expect.set_options(timeout=SLOWEST)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(BROWSER_OPTIONS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def start_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., App]]:
    """Start the app on a copy of the pack with some changes; the same changes share one app."""
    started: dict[tuple[Callable[[Path], None], ...], App] = {}

    def start(*changes: Callable[[Path], None]) -> App:
        if changes not in started:
            pack = pack_copies.copy_pack(tmp_path_factory.mktemp("packs") / "pack", *changes) if changes else None
            started[changes] = App(pack)
        return started[changes]

    yield start
    for app in started.values():
        app.close()


@pytest.fixture
def visit(browser: Browser, start_app: Callable[..., App]) -> Iterator[Open]:
    """Open a page: visit("/Data", scheme="dark"). After the test, nothing on any page opened may have gone wrong."""
    opened: list[Visit] = []

    def open_page(
        path: str = "/",
        *,
        scheme: str = "light",
        width: int = 1440,
        height: int = 900,
        changes: tuple[Callable[[Path], None], ...] = (),
        whole: bool = True,
    ) -> Visit:
        context = new_context(browser, scheme, width, height)
        context.set_default_timeout(SLOWEST)
        one = Visit(start_app(*changes), context)
        opened.append(one)
        return one.open(path, whole)

    yield open_page
    complaints = [text for one in opened for text in one.complaints()]
    for one in opened:
        one.page.context.close()
    assert complaints == []
