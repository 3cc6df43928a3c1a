"""The server's middleware, called as a server calls it. In the browser: tests/browser/test_server.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from own_loop import run_to_end
from starlette.types import Message, Receive, Scope, Send
from streamlit import config

from lib.pack.imports.limits import LARGEST_UPLOAD
from lib.view.server.headers import SecurityHeaders, policy
from lib.view.server.limits import Limits
from lib.view.what_if.scenarios import LARGEST_MEGABYTES
from lib.whatif.scenarios.documents import LARGEST
from lib.whatif.scenarios.link import MOST_CHARACTERS

MEGABYTE = 1024 * 1024
MAP_FRAME = "/component/streamlit_folium.st_folium/index.html"


async def reader(scope: Scope, receive: Receive, send: Send) -> None:
    """An app that reads all that it is sent, and answers with how much that was and a header of its own."""
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-frame-options", b"ALLOWALL")]})
    await send({"type": "http.response.body", "body": str(size).encode()})


def answer(app: Any, scope: Scope, pieces: Sequence[bytes] = (b"",)) -> list[Message]:
    """All that an app sends for a request that comes in pieces."""
    sent: list[Message] = []
    coming = [{"type": "http.request", "body": one, "more_body": True} for one in pieces]
    coming[-1]["more_body"] = False

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    run_to_end(app(scope, receive, send))
    return sent


def request(path: str = "/", query: bytes = b"", length: bytes | None = None) -> Scope:
    headers = [] if length is None else [(b"content-length", length)]
    return {"type": "http", "method": "PUT", "path": path, "query_string": query, "headers": headers}


def told(sent: list[Message]) -> tuple[int, bytes]:
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)


def test_an_answer_has_each_header_once_and_ours_counts() -> None:
    sent = answer(SecurityHeaders(reader), request())
    names = [name for name, _ in sent[0]["headers"]]
    assert sorted(names) == [
        b"content-security-policy",
        b"permissions-policy",
        b"referrer-policy",
        b"x-content-type-options",
        b"x-frame-options",
    ]
    assert dict(sent[0]["headers"])[b"x-frame-options"] == b"SAMEORIGIN"
    assert told(sent) == (200, b"0")


@pytest.mark.parametrize("middleware", [SecurityHeaders, Limits])
def test_websockets_are_left_alone(middleware: type[SecurityHeaders] | type[Limits]) -> None:
    seen = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append((scope, receive, send))

    async def nothing(*_: object) -> Any:
        raise AssertionError

    scope = {"type": "websocket", "query_string": b"x" * 100_000, "headers": []}
    run_to_end(middleware(app)(scope, nothing, nothing))
    assert seen == [(scope, nothing, nothing)]


def test_text_becomes_script_in_the_frame_of_the_map_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def loose(path: str) -> bool:
        return "unsafe-eval" in policy(path)

    assert loose(MAP_FRAME)
    others = ("/", "/Data", "/component/outlines/x", f"/Data{MAP_FRAME}", "/streamlit_folium.x", f"/care{MAP_FRAME}")
    assert [path for path in others if loose(path)] == []
    monkeypatch.setattr(config, "get_option", lambda name: {"server.baseUrlPath": "/care/"}[name])
    assert loose(f"/care{MAP_FRAME}")
    assert not loose(MAP_FRAME)


def test_no_page_may_load_from_another_host_or_run_what_stands_in_it() -> None:
    rules = dict(rule.split(" ", 1) for rule in policy("/").split("; "))
    allowed = {word for rule in rules.values() for word in rule.split()}
    hashes = {word for word in allowed if word.startswith("'sha256-")}
    assert len(hashes) == 1  # of the one script that stands in Streamlit's own page
    assert allowed - hashes == {"'self'", "'none'", "'unsafe-inline'", "data:", "blob:"}
    assert [name for name, rule in rules.items() if "unsafe-inline" in rule] == ["style-src"]
    assert "data:" not in rules["script-src"] + rules["default-src"]


@pytest.mark.parametrize(
    ("length", "pieces", "status"),
    [
        (b"3", [b"abc"], 200),
        (None, [b"abc", b"de"], 200),
        (None, [bytes(MEGABYTE)] * 2, 200),
        (None, [bytes(MEGABYTE)] * 3, 413),
        (b"10", [bytes(MEGABYTE)] * 3, 413),
        (str(2 * MEGABYTE + 1).encode(), [b""], 413),
        (b"9" * 5000, [b""], 413),
        (b"-1", [b""], 413),
        (b"one", [b""], 413),
    ],
)
def test_a_request_has_a_size(
    length: bytes | None, pieces: list[bytes], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an upload of one megabyte, and one for what wraps it."""
    monkeypatch.setattr(config, "get_option", lambda name: {"server.maxUploadSize": 1}[name])
    found, text = told(answer(Limits(reader), request(length=length), pieces))
    assert found == status
    size = str(sum(map(len, pieces))).encode()
    assert text == (size if status == 200 else b"The file is too large for this dashboard.\n")


@pytest.mark.parametrize(
    ("path", "status"),
    [("/_stcore/upload_file/a/b", 200), ("/care/_stcore/upload_file/a/b", 200), ("/", 413), ("/live/step", 413)],
)
def test_only_an_upload_may_be_large(path: str, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "get_option", lambda name: {"server.maxUploadSize": 3}[name])
    assert told(answer(Limits(reader), request(path), [bytes(MEGABYTE)] * 4))[0] == status


def test_an_answer_that_has_begun_is_not_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hasty(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await reader(scope, receive, send)

    monkeypatch.setattr(config, "get_option", lambda name: {"server.maxUploadSize": 1}[name])
    sent = answer(Limits(hasty), request(), [bytes(MEGABYTE)] * 3)
    assert [message["type"] for message in sent] == ["http.response.start"]


def test_an_address_has_a_length_and_a_scenario_fits_into_it() -> None:
    assert told(answer(Limits(reader), request(query=b"scenario=" + b"x" * MOST_CHARACTERS)))[0] == 200
    status, text = told(answer(Limits(reader), request(query=b"x" * 16_001)))
    assert status == 414
    assert text.startswith(b"The address of this page is too long. Open the dashboard again")


def test_the_largest_upload_is_stated_alike_and_a_scenario_is_smaller() -> None:
    """The setting of the server and the reader of sheets say the same; of a scenario, its box and the document do."""
    assert config.get_option("server.maxUploadSize") == LARGEST_UPLOAD / 1_000_000 == 200
    assert config.get_option("server.maxUploadSize") > LARGEST_MEGABYTES
    assert 0 <= LARGEST_MEGABYTES * MEGABYTE - LARGEST < MEGABYTE
