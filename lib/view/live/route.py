"""The routes that a page asks while a lever moves: one small JSON a step, and the script that draws its charts.

Read-only: nothing is kept and nothing is written. The figures are those of the pack that every page shows, and the
scenario is checked as on every page.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache, wraps
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from streamlit import config

from lib.pack.faults import PackError, SelectionError
from lib.pack.load import Pack
from lib.view.live.access import REFUSED, may_read
from lib.view.live.request import LARGEST, moved_scenario, named_scenario, read_request
from lib.whatif.scenarios.documents import ScenarioError

LOG = logging.getLogger(__name__)
STEP, MARKET, PLACEMENT = "live/step", "live/market", "live/placement"
VEGA, PARTS = "live/vega.js", "live/parts.js"
ASSETS = Path(__file__).parent / "assets"
# Steps that are worked out at once, and those that may wait for that: a page asks for one at a time.
AT_ONCE, MOST_WAITING = 4, 60
FOR_EVER = "public, max-age=31536000, immutable"
ELSEWHERE = "The request comes from another site: open the dashboard itself."
REPLACED = "The data pack was replaced: the page is drawn again with the new figures."
BUSY = "Too many people move a lever at once: move it again in a moment."
TOO_LARGE = f"The request is too large: expected a scenario of at most {LARGEST:,} bytes."
FAILED = (
    "Something in this dashboard failed, so this step cannot be shown. Tell whoever looks after the dashboard the "
    "reference {}, by which its log says what went wrong."
)

_workers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="live-step")
_asked = 0  # steps that are worked out or wait; counted in the server's one loop

Answer = Callable[[Request], Awaitable[Response]]


class RefusedError(Exception):
    """A request that is not answered with a picture: the status, and why in one sentence."""

    def __init__(self, status: int, problem: str) -> None:
        """Keep both."""
        super().__init__(problem)
        self.status, self.problem = status, problem


def base_path() -> str:
    """The path that the app is served under, without strokes around it; "" where it is the root."""
    return str(config.get_option("server.baseUrlPath")).strip("/")


def address_of(route: str) -> str:
    """Where the browser finds a route."""
    base = base_path()
    return f"/{base}/{route}" if base else f"/{route}"


def script_address(route: str) -> str:
    """Where the browser finds a script: another address for other bytes, which it may keep."""
    return f"{address_of(route)}?{script_hash(route)}"


@cache
def script(route: str) -> bytes:
    """The script that draws charts (VEGA), or that of the parts (PARTS), whose files are one module in any order."""
    if route == VEGA:
        return (ASSETS / "vega" / "vega.js").read_bytes()
    return b"\n".join(file.read_bytes() for file in sorted((ASSETS / "live").glob("*.js")))


@cache
def script_hash(route: str) -> str:
    """The name of a script's bytes."""
    return hashlib.sha256(script(route)).hexdigest()[:16]


def live_routes() -> list[Route]:
    """The routes, for the app that serves them."""
    # Streamlit puts its own routes under the base path, and leaves those of an app as they are.
    return [
        Route(f"{place}{path}", answer, methods=[method])
        for path, answer, method in (
            (STEP, step, "POST"),
            (MARKET, market, "POST"),
            (PLACEMENT, placement, "POST"),
            (VEGA, scripts, "GET"),
            (PARTS, scripts, "GET"),
        )
        for place in ("/", "/{base:path}/")
    ]


def guarded(answer: Answer) -> Answer:
    """A route that is found under the app's own path alone, and says in one sentence what it refuses."""

    @wraps(answer)
    async def answered(request: Request) -> Response:
        if request.path_params.get("base", "").strip("/") != base_path():
            return Response(status_code=404)
        try:
            if not may_read(request):
                raise RefusedError(403, REFUSED)
            return await answer(request)
        except RefusedError as refused:
            return told(refused.status, refused.problem)
        except (ScenarioError, SelectionError) as error:
            return told(400, str(error))
        except Exception as error:  # whatever failed: a browser is told a reference, and the log the rest
            reference = secrets.token_hex(3).upper()
            LOG.error("Error %s", reference, exc_info=error)
            return told(500, FAILED.format(reference))

    return answered


def told(status: int, problem: str) -> Response:
    """An answer without a picture."""
    return JSONResponse({"problem": problem}, status, {"Cache-Control": "no-store"})


@guarded
async def step(request: Request) -> Response:
    """The picture of one step: see lib.view.what_if.picture."""
    return await worked_out(request, drawn)


@guarded
async def placement(request: Request) -> Response:
    """The picture of one step of the slider of new hours: see lib.view.providers.placement_picture."""
    return await worked_out(request, placed)


@guarded
async def market(request: Request) -> Response:
    """The picture of one look at a market: see lib.view.market.picture."""
    return await worked_out(request, market_drawn)


async def worked_out(request: Request, work: Callable[[bytes], bytes]) -> Response:
    """The answer that work has to a request's bytes."""
    refuse_elsewhere(request)
    body = await body_of(request)
    text = await in_turn(lambda: work(body))
    return Response(text, media_type="application/json", headers={"Cache-Control": "no-store"})


@guarded
async def scripts(request: Request) -> Response:
    """A script, as the browser runs it."""
    route = VEGA if request.url.path.endswith(VEGA) else PARTS
    return Response(
        script(route),
        media_type="text/javascript",
        headers={"Cache-Control": FOR_EVER if request.url.query == script_hash(route) else "no-cache"},
    )


def refuse_elsewhere(request: Request) -> None:
    """Refuse what a page of another site asks for. A browser says where a question comes from; a script may not."""
    heads = request.headers
    site = heads.get("sec-fetch-site")
    if site is not None:
        allowed = site == "same-origin"
    else:
        origin = heads.get("origin")
        # A proxy may have put its own host in place of the one that the browser asked.
        own = {heads.get("host", ""), heads.get("x-forwarded-host", "")}
        allowed = origin is None or (urlsplit(origin).netloc in own - {""})
    if not allowed:
        raise RefusedError(403, ELSEWHERE)


async def body_of(request: Request) -> bytes:
    """What a request sends; refused before it is all there where it is too large."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise RefusedError(413, TOO_LARGE)
    return bytes(body)


async def in_turn(work: Callable[[], bytes]) -> bytes:
    """Do work in a thread of its own, a few at once; refuse it where too many wait already."""
    global _asked
    if _asked >= AT_ONCE + MOST_WAITING:
        raise RefusedError(429, BUSY)
    _asked += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_workers, work)
    finally:
        _asked -= 1


def drawn(body: bytes) -> bytes:
    """The picture of a request's bytes, as bytes."""
    from lib.view.what_if.picture import picture

    asked = read_request(body)
    pack = pack_of(asked.pack)
    scenario = moved_scenario(pack, asked)
    return as_json(picture(pack, scenario, asked, named_scenario(pack, asked)))


def placed(body: bytes) -> bytes:
    """The picture of new hours in a lot, as bytes."""
    from lib.view.providers.placement_picture import asked_picture, read_request

    asked = read_request(body)
    return as_json(asked_picture(pack_of(asked.pack), asked))


def market_drawn(body: bytes) -> bytes:
    """The picture of a market, of a request's bytes, as bytes."""
    from lib.view.market.figures import market_figures, shown_figures
    from lib.view.market.picture import market_picture
    from lib.view.market.request import chosen, read_market_request

    asked = read_market_request(body)
    pack = pack_of(asked.pack)
    choice = chosen(pack, asked)
    market = market_figures(pack, pack.key, choice.selection)
    shown = shown_figures(pack, pack.key, choice.selection, choice.indicator.id)
    return as_json(market_picture(pack, choice, market, shown, dark=asked.dark, known=asked.known))


def as_json(found: Mapping[str, Any]) -> bytes:
    """A picture as it is sent."""
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def pack_of(key: str) -> Pack:
    """The pack that a request is of, by its key, which must be the one that is shown now."""
    # Here and not above: app.py is read before the server runs, and Streamlit warns of caches that are met then.
    from lib.view.page_pack import pack_at_hand

    try:
        pack = pack_at_hand()
    except PackError:
        pack = None
    if pack is None or pack.key != key:
        raise RefusedError(409, REPLACED)
    return pack
