"""A decision record in a browser: it loads nothing, runs nothing, fits a phone, and axe-core finds nothing."""

from __future__ import annotations

from pathlib import Path

import pack_copies
import pytest
from playwright.sync_api import Browser
from test_offline import AXE

from lib.whatif.decision.page import record_page
from lib.whatif.decision.record import Decision, record
from lib.whatif.scenarios.documents import scenario_from


@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_loads_nothing_and_can_be_read_by_anybody(width: int, browser: Browser, tmp_path: Path) -> None:
    pack = pack_copies.kept_pack(pack_copies.DATA)
    document = {
        "name": "</script><img src=http://example.com/x onerror=alert(1)>",
        "service": "short_breaks",
        "years": 5,
    }
    page = record_page(record(pack, scenario_from(document, pack), Decision("A", "2026-03-12", "B")))
    path = tmp_path / "record.html"
    path.write_text(page, encoding="utf-8")
    # With its own policy in force no script could look at it: axe-core comes in beside it.
    context = browser.new_context(viewport={"width": width, "height": 844}, bypass_csp=True)
    opened = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: said.append(message.text))
    opened.on("dialog", lambda dialog: said.append(dialog.message))
    opened.goto(path.as_uri())
    opened.evaluate(AXE)
    assert opened.evaluate("axe.run().then(found => found.violations.map(one => one.id))") == []
    assert asked == [path.as_uri()]
    assert said == []
    assert opened.title().startswith("Decision record: </script><img")
    assert opened.evaluate("document.documentElement.scrollWidth") == width
    opened.emulate_media(media="print")
    assert opened.locator("h1").is_visible()
    context.close()
