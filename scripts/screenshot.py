"""Take the pictures of the pages: docs/overview.png for the README, docs/screens. Run by `make screenshot`."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from driver import BROWSER_OPTIONS, ROOT, SLOWEST, App, Visit, find_browser, new_context
from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

from lib.pack.load import load_pack
from lib.publish.editions import publish

DOCS = ROOT / "docs"
SCREENS = DOCS / "screens"
PAGES = {
    "what-if": "/What_if",
    "overview": "/",
    "providers": "/Providers",
    "domiciliary-care": "/Domiciliary_care",
    "market-engagement": "/Market_engagement",
    "presented": "/What_if?present=true",
}
# A laptop, a large screen, a projector, a telephone.
SIZES = ((1440, 900), (1920, 1080), (1024, 768), (390, 844))
COLOURS = 256  # of a picture's own palette, which keeps the rare ones: a third of the bytes


def open_page(visit: Visit, path: str) -> Visit:
    """Open a page and wait until its charts, or the points on its map, are drawn."""
    visit.open(path, whole=path != PAGES["presented"])
    if path == PAGES["market-engagement"]:
        visit.map.locator("path.district-dot").first.wait_for()
    elif path == PAGES["presented"]:
        visit.map.locator("path[data-code][aria-label]").first.wait_for()
    else:
        visit.page.locator("main svg.marks").first.wait_for()
    visit.page.evaluate("document.fonts.ready.then(() => true)")
    return visit


def save(visit: Visit, path: Path) -> None:
    """What stands on the screen, once it stands still, as a small PNG file."""
    visit.wait_until_still()
    picture = Image.open(io.BytesIO(visit.page.screenshot(animations="disabled"))).convert("RGB")
    picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)
    print(path, flush=True)


def market_pages(browser: Browser) -> None:
    """The provider's view, on a publication of the default pack that is made for it."""
    with tempfile.TemporaryDirectory() as folder, set_for_now(AUDIENCE="market", PUBLICATION=f"{folder}/public"):
        publish(load_pack(ROOT / "data"), Path(folder) / "public")
        app = App()
        try:
            visit = Visit(app, new_context(browser, "light", *SIZES[0]))
            visit.page.goto(app.address)
            visit.page.locator("main dl.tiles").first.wait_for()
            visit.map.locator("path[data-code]").first.wait_for()
            visit.wait_until_idle()
            save_sizes(visit, "market-view")
        finally:
            app.close()


@contextmanager
def set_for_now(**variables: str) -> Iterator[None]:
    """Variables of the environment, as the app that is started meanwhile finds them."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def save_sizes(visit: Visit, name: str) -> None:
    """A page at every size; its context is closed."""
    for width, height in SIZES:
        visit.page.set_viewport_size({"width": width, "height": height})
        save(visit, SCREENS / f"{name}-{width}.png")
    visit.page.context.close()


def main() -> int:
    """Start the app, take the pictures, stop the app."""
    found = find_browser()
    if found is None:
        print("No browser: make setup-browser installs one.", file=sys.stderr)
        return 1
    expect.set_options(timeout=SLOWEST)
    SCREENS.mkdir(parents=True, exist_ok=True)
    app = App()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=found, args=list(BROWSER_OPTIONS))
            for name, path in PAGES.items():
                visit = open_page(Visit(app, new_context(browser, "light", *SIZES[0])), path)
                save_sizes(visit, name)
            visit = open_page(Visit(app, new_context(browser, "dark", *SIZES[0])), PAGES["what-if"])
            save(visit, SCREENS / f"what-if-{SIZES[0][0]}-dark.png")
            market_pages(browser)
            browser.close()
        (DOCS / "overview.png").write_bytes((SCREENS / f"overview-{SIZES[0][0]}.png").read_bytes())
    finally:
        app.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
