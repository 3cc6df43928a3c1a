"""What the server answers where the app runs for the market: its one page and what that is drawn with."""

from __future__ import annotations

import re

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

NOTHING_HERE = (
    "There is nothing for you at this address: what the council publishes for providers is at the start of this site.\n"
)
ONLY_READ = "Nothing can be sent to this site: it can only be read.\n"
# Streamlit's own page and its files; its questions for its server; the map's frame, scripts and outlines; downloads.
ALLOWED = re.compile(
    r"""/?
    | /index\.html | /favicon\.(png|ico) | /manifest\.json | /robots\.txt
    | /static/[\w./-]+
    | /_stcore/(health|script-health-check|host-config|allowed-message-origins|stream)
    | /component/streamlit_folium\.st_folium/[\w./-]+
    | /component/lib\.view\.map\.leaflet\.(map_files|outlines)/[\w.-]+
    | /media/[\w.-]+
    """,
    re.VERBOSE,
)


def is_allowed(path: str) -> bool:
    """Whether there is anything for the market at an address."""
    base = str(config.get_option("server.baseUrlPath")).strip("/")
    own = f"/{base}" if base else ""
    inside = path == own or path.startswith(f"{own}/")
    return inside and ".." not in path and ALLOWED.fullmatch(path[len(own) :]) is not None


class MarketOnly:
    """Middleware that refuses every other address (404), and whatever is sent (405)."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand around `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan" or is_allowed(scope["path"]):
            if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD", "OPTIONS"):
                await PlainTextResponse(ONLY_READ, 405)(scope, receive, send)
                return
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(NOTHING_HERE, 404)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})
