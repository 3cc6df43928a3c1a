"""Every page, light and dark, with the network cut: painted, quiet, and accessible."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from driver import DISTRICTS, MAP_PAGES, PAGES, Visit
from playwright.sync_api import expect

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# Measured: 52 on a page with a map, 34 on the Data page. Far fewer means that axe looked at an empty page.
LEAST_PASSES = {path: 40 if path in MAP_PAGES else 28 for path in PAGES}

Open = Callable[..., Visit]


def check_accessibility(page: Visit, path: str) -> None:
    """axe-core finds nothing, neither on the page nor in the map's frame, and did look at both."""
    for frame in page.page.frames:
        frame.evaluate(AXE)
    found: dict[str, Any] = page.page.evaluate("axe.run()")
    violations = [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:160]} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
    assert violations == []
    assert len(found["passes"]) >= LEAST_PASSES[path]
    inside_the_map = [
        node
        for rule in found["passes"]
        for node in rule["nodes"]
        if len(node["target"]) > 1 and "iframe" in node["target"][0]
    ]
    assert bool(inside_the_map) == (path in MAP_PAGES)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_offline(path: str, scheme: str, visit: Open) -> None:
    """The visit fixture adds: no console error, no request that leaves this machine, no traceback in the log."""
    page = visit(path, scheme=scheme)
    expect(page.page.locator("h1")).to_contain_text(PAGES[path])
    expect(page.districts()).to_have_count(DISTRICTS if path in MAP_PAGES else 0)
    if path in MAP_PAGES:
        assert all(fill.startswith("#") for fill in page.fills().values())
        # Where requests wait is dots on districts that are all alike: a count is no colour of an area.
        assert (len(set(page.fills().values())) > 1) == (path != "/Market_engagement")
        box = page.page.locator("iframe").bounding_box()
        assert box is not None
        assert box["width"] > 300
        assert box["height"] > 200
    check_accessibility(page, path)


def test_axe_would_find_a_fault(visit: Open) -> None:
    """The check itself: a picture without words, put on the page and into the map's frame, is reported in both."""
    page = visit()
    for body in (page.page.locator("body"), page.map.locator("body")):
        body.evaluate("body => body.append(document.createElement('img'))")
    with pytest.raises(AssertionError) as error:
        check_accessibility(page, "/")
    assert str(error.value).count("image-alt") >= 2


def test_a_narrow_page_does_not_scroll_sideways(visit: Open) -> None:
    page = visit(width=390, height=844)
    for path in (*PAGES, "/"):
        page.follow(path)
        widths = page.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert widths[0] <= widths[1], path
        if path in MAP_PAGES:
            page.page.locator("iframe").scroll_into_view_if_needed()
            expect(page.districts().first).to_be_visible()
