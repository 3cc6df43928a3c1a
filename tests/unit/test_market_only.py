"""What the server answers where the app runs for the market, also under a path of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from own_loop import run_to_end
from streamlit import config

from lib.view.server.market_only import MarketOnly, is_allowed

NEEDED = (
    "/", "/static/js/index.abc.js", "/_stcore/health", "/_stcore/host-config", "/_stcore/stream", "/media/ab12.csv",
    "/component/streamlit_folium.st_folium/index.html", "/component/lib.view.map.leaflet.outlines/ab12.geojson",
    "/component/lib.view.map.leaflet.map_files/leaflet.ab12.js",
)  # fmt: skip
OTHERS = (
    "/Data", "/Providers", "/live/step", "/live/parts.js", "/data/market/demand.csv", "/datapackage.json",
    "/_stcore/upload_file/a/b", "/_stcore/agent/interact", "/component/care_market_live/part.js", "/Data/static/a.js",
    "/static/../app.py", "/component/lib.view.map.leaflet.outlines/../a.csv", "/Data/_stcore/stream",
)  # fmt: skip


@pytest.fixture(params=["", "care/market"])
def base(request: pytest.FixtureRequest) -> Iterator[str]:
    before = config.get_option("server.baseUrlPath")
    config.set_option("server.baseUrlPath", request.param)
    yield f"/{request.param}" if request.param else ""
    config.set_option("server.baseUrlPath", before)


def test_only_what_the_page_needs_is_there(base: str) -> None:
    assert [path for path in NEEDED if not is_allowed(base + path)] == []
    assert [path for path in OTHERS if is_allowed(base + path)] == []
    if base:
        assert [path for path in NEEDED if is_allowed(path)] == [], "not beside its own path"
        assert not is_allowed(f"{base}s/")


def answer(scope: dict[str, Any]) -> tuple[list[dict[str, Any]], list[str]]:
    """What is sent, and what reached the app."""
    sent: list[dict[str, Any]] = []
    reached: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope["type"])

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    run_to_end(MarketOnly(app)(scope, receive, send))
    return sent, reached


def test_what_is_refused_is_refused_in_a_sentence() -> None:
    sent, reached = answer({"type": "http", "method": "GET", "path": "/Data"})
    assert (sent[0]["status"], reached) == (404, [])
    assert sent[1]["body"].startswith(b"There is nothing for you at this address: what the council publishes")
    sent, reached = answer({"type": "http", "method": "POST", "path": "/"})
    assert (sent[0]["status"], sent[1]["body"], reached) == (
        405, b"Nothing can be sent to this site: it can only be read.\n", [],
    )  # fmt: skip
    sent, reached = answer({"type": "websocket", "path": "/Data/_stcore/stream"})
    assert (sent, reached) == ([{"type": "websocket.close", "code": 1008}], [])


def test_the_rest_reaches_the_app() -> None:
    for scope in (
        {"type": "lifespan"}, {"type": "http", "method": "GET", "path": "/"},
        {"type": "websocket", "path": "/_stcore/stream"},
    ):  # fmt: skip
        assert answer(scope)[1] == [scope["type"]]
