"""A publication's summary in a browser: it loads nothing, runs nothing, fits a phone, and axe-core finds nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser
from test_offline import AXE

from lib.pack.load import load_pack
from lib.publish.editions import write_edition
from lib.publish.read import read

ROOT = Path(__file__).parents[1]
HOSTILE = "</script><img src=http://example.com/x onerror=alert(1)>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A publication of two editions, of a release made by hand, with texts that would act if they could."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(ROOT / "unit"), str(ROOT / "unit" / "publish"), *sys.path])
        from safe_release import release_by_hand
        from tiny_pack import write_tiny_pack

        root = tmp_path_factory.mktemp("publication")
        pack = load_pack(write_tiny_pack(root / "tiny"))
        manifest = pack.manifest.model_copy(update={"how_to_join": HOSTILE, "contact": HOSTILE})
        object.__setattr__(pack, "manifest", manifest)
        write_edition(pack, root / "out", release_by_hand())
        write_edition(pack, root / "out", release_by_hand("c"), (), (), [read(root / "out")])
        yield root / "out"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("name", ["index.html", "editions/0002/changes.html"])
def test_anybody_can_read_it_and_it_loads_nothing(
    name: str, width: int, scheme: Literal["light", "dark"], browser: Browser, folder: Path
) -> None:
    path = folder / name
    # With its own policy in force no script could look at it: axe-core comes in beside it.
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(path.as_uri())
    page.evaluate(AXE)
    assert page.evaluate("axe.run().then(found => found.violations.map(one => one.id))") == []
    assert asked == [path.as_uri()]
    assert said == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 22, 27)"}[scheme]
    if name == "index.html":
        other = {"light": "dark", "dark": "light"}[scheme]
        assert page.locator(f".for-{scheme} svg").first.is_visible()
        assert not page.locator(f".for-{other} svg").first.is_visible()
        assert page.get_by_text(HOSTILE).count() == 3
        page.emulate_media(media="print")
        assert page.locator(".for-light svg").first.is_visible()
        assert not page.locator(".for-dark svg").first.is_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    context.close()


def test_its_links_lead_to_its_editions(browser: Browser, folder: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto((folder / "index.html").as_uri())
    page.get_by_role("link", name="What changed, cell by cell").click()
    assert page.get_by_role("cell", name="withheld now").count() == 1
    page.get_by_role("link", name="To the summary of this edition").click()
    page.get_by_role("link", name="Edition 1, with data to 31 March 2025").click()
    assert page.url.endswith("/editions/0001/index.html")
    assert page.get_by_text("Edition 1. Data to 31 March 2025.").is_visible()
    context.close()
