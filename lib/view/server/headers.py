"""Headers of every answer: what the browser may load, who may frame the app, and what it tells other sites."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

import streamlit
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    # The map is a frame of the app in the app.
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# Nothing is loaded from another host, and nothing is sent to one. Streamlit and Leaflet set styles as they draw.
POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "style-src": "'self' 'unsafe-inline'",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
}
# streamlit-folium gets a map as script, and runs it: in its own frame, the only place where text may become script.
COMPONENT_SCRIPT = "'self' 'unsafe-inline' 'unsafe-eval'"
COMPONENT = "/component/streamlit_folium."
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@cache
def page_script() -> str:
    """Which scripts a page may run: files of the server, and those within Streamlit's own page, by their hash.

    Streamlit loads a component's script from an address that only a script of the page can make (blob:).
    """
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    hashes = [hashlib.sha256(text.encode()).digest() for text in INLINE_SCRIPT.findall(page)]
    return " ".join(["'self'", "blob:", *(f"'sha256-{base64.b64encode(one).decode()}'" for one in hashes)])


def policy(path: str) -> str:
    """The Content-Security-Policy of the document at an address."""
    base = str(config.get_option("server.baseUrlPath")).strip("/")
    inside = path.startswith(f"/{base}{COMPONENT}" if base else COMPONENT)
    script = COMPONENT_SCRIPT if inside else page_script()
    return "; ".join(f"{name} {value}" for name, value in {**POLICY, "script-src": script}.items())


class SecurityHeaders:
    """Middleware that adds the headers to every answer, those of other middleware too; it leaves websockets alone."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand around `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add to its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {**ALWAYS, "Content-Security-Policy": policy(scope["path"])}
        added = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        ours = {name for name, _ in added}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [(name, value) for name, value in message.get("headers", []) if name.lower() not in ours]
                message = {**message, "headers": [*kept, *added]}
            await send(message)

        await self.app(scope, receive, send_with_headers)
