"""Take the README's picture of the overview: docs/overview.png. Run by `make screenshot`."""

from __future__ import annotations

import sys

from driver import BROWSER_OPTIONS, ROOT, App, Visit, find_browser, new_context
from playwright.sync_api import sync_playwright

PICTURE = ROOT / "docs" / "overview.png"


def main() -> int:
    """Start the app, take the picture, stop the app."""
    path = find_browser()
    if path is None:
        print("No browser: make setup-browser installs one.", file=sys.stderr)
        return 1
    PICTURE.parent.mkdir(exist_ok=True)
    app = App()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=list(BROWSER_OPTIONS))
            visit = Visit(app, new_context(browser)).open()
            visit.page.locator("[data-testid=stVegaLiteChart]").first.wait_for()
            visit.page.evaluate("document.fonts.ready.then(() => true)")
            visit.page.screenshot(path=PICTURE, animations="disabled")
            browser.close()
    finally:
        app.close()
    print(PICTURE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
