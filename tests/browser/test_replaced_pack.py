"""A pack replaced under a page that is open, and what the server gives of its folder: the map's files alone."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pack_copies
import pytest
from driver import App, Visit, new_context
from playwright.sync_api import Browser, expect

Open = Callable[..., Visit]
REPLACED = "The data pack is being replaced"


def test_an_open_page_says_that_its_pack_is_replaced_and_then_shows_the_new_one(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A filter, which redraws a part of the page, finds the change; the new figures then come by themselves."""
    monkeypatch.setenv("PACK_QUIET_SECONDS", "4")
    pack = pack_copies.copy_pack(tmp_path / "pack")
    app = App(pack)
    context = new_context(browser)
    try:
        visit = Visit(app, context).open("/Domiciliary_care")
        page = visit.page
        line = page.get_by_role("alert").filter(has_text=REPLACED)
        alarm = page.get_by_role("alert").filter(has_text="127,999")
        heading = page.get_by_role("heading", level=2).first
        before = heading.inner_text()
        expect(line).to_have_count(0)
        pack_copies.take_one_hour(pack)
        visit.choose("district", "Harlow")
        expect(line).to_be_visible()
        expect(alarm).to_have_count(0)
        expect(heading).to_have_text(before)
        expect(line).to_have_count(0)
        expect(alarm).to_be_visible()
        assert visit.complaints() == []
    finally:
        context.close()
        app.close()


ASKED = (
    "datapackage.json",
    "market/providers.csv",
    "providers.csv",
    "geography/districts.geojson",
    "districts.geojson",
    "../datapackage.json",
    "../market/providers.csv",
    "../data/datapackage.json",
    "../../data/datapackage.json",
    "../../../../../../../../{pack}/datapackage.json",
    "..%2fdatapackage.json",
    "%2e%2e/%2e%2e/{pack}/datapackage.json",
    "..%5c..%5cdatapackage.json",
    "....//....//datapackage.json",
    "/{pack}/datapackage.json",
    "%2f{pack}/datapackage.json",
    "{pack}/market/providers.csv",
    "leaflet-src.js",
    "leaflet.js",
    "images/layers.png",
    "__init__.py",
    "",
    ".",
)


def test_no_file_of_the_pack_comes_from_the_server(visit: Open) -> None:
    """Asked as no browser would, without tidying the path first."""
    page = visit()
    addresses: list[str] = page.map.locator("html").evaluate(
        "() => performance.getEntriesByType('resource').map(entry => entry.name)"
    )
    served = {path for address in addresses if (path := urlsplit(address).path).startswith("/component/")}
    components = {path.split("/")[2] for path in served}
    assert {one.rpartition(".")[2] for one in components} == {"map_files", "outlines", "st_folium"}
    own = {path.split("/")[3] for path in served if not path.split("/")[2].endswith("st_folium")}
    assert {re.sub(r"[0-9a-f]{12}", "#", name) for name in own} == {
        "#.geojson",
        "district_keys.#.js",
        "district_points.#.js",
        "district_labels.#.js",
        "district_map.#.css",
        "district_map.#.js",
        "leaflet.#.css",
        "leaflet.#.js",
    }
    for name in sorted(components):
        for asked in ASKED:
            path = f"/component/{name}/{asked.format(pack=str(pack_copies.DATA).lstrip('/'))}"
            status, content = answer(page.app.port, path)
            assert b"provider_id" not in content, path
            assert b'"resources"' not in content, path
            assert status != 200 or name.endswith("st_folium"), path
    status, content = answer(page.app.port, next(path for path in served if path.endswith(".geojson")))
    assert (status, b"hatching" in content) == (200, True)


def answer(port: int, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("localhost", port, timeout=60)
    try:
        connection.request("GET", path)
        found = connection.getresponse()
        return found.status, found.read()
    finally:
        connection.close()
