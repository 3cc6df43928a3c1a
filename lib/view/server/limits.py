"""What the server refuses before anything reads it: requests that are larger than the app has a use for."""

from __future__ import annotations

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

# A link holds a scenario of some 1,000 characters, 12,000 at the most, and a few filters.
MOST_QUERY = 16_000  # bytes
MEGABYTE = 1024 * 1024
TOO_LONG = "The address of this page is too long. Open the dashboard again without what follows the question mark.\n"
UPLOAD = "/_stcore/upload_file/"  # where Streamlit takes files, below a base path too
TOO_LARGE = "The file is too large for this dashboard.\n"


class TooLargeError(Exception):
    """A request has sent more than it may."""


def most_bytes(path: str) -> int:
    """The size of the largest request of a path: of the largest upload (server.maxUploadSize) with what wraps it on its
    way where uploads go, 2 MB elsewhere."""
    return int((config.get_option("server.maxUploadSize") + 1) * MEGABYTE) if UPLOAD in path else 2 * MEGABYTE


class Limits:
    """Middleware that refuses long addresses (414) and large requests (413); it leaves websockets alone.

    A request may say how large it is, or only send: both are held to.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Stand around `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if len(scope["query_string"]) > MOST_QUERY:
            await PlainTextResponse(TOO_LONG, 414)(scope, receive, send)
            return
        most = most_bytes(scope["path"])
        said = dict(scope["headers"]).get(b"content-length", b"0")
        if not said.isdigit() or int(said[:20]) > most:
            await PlainTextResponse(TOO_LARGE, 413)(scope, receive, send)
            return
        received, answered = 0, False

        async def receive_within() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                raise TooLargeError
            return message

        async def send_once(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            await self.app(scope, receive_within, send_once)
        except TooLargeError:
            if not answered:
                await PlainTextResponse(TOO_LARGE, 413)(scope, receive, send)
