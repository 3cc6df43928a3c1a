"""A view of a running order and the page that it is of: as the page's link says it, both ways, and whether it fits."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lib.market.link import understood
from lib.pack.faults import quoted
from lib.pack.load import Pack
from lib.view.link.parameters import ANY_SERVICE, CODE, FIRST_PAGES, LAST_PAGES, RUNNING_ORDERS, parameters
from lib.view.link.session import readable
from lib.view.page_pack import ROOT
from lib.whatif.running_orders.order import FIRST_PAGE, View

FIRST_FILE = "overview.py"


def page_name(file: str) -> str:
    """A page's file as a view calls it: as its address does, without number and folder."""
    return FIRST_PAGE if file == FIRST_FILE else Path(file).stem.split("_", 1)[1]


def page_files() -> dict[str, str]:
    """Every page that can be shown, by the name that a view calls it."""
    files = (f"pages/{path.name}" for path in sorted((ROOT / "pages").glob("[0-9]*_*.py")))
    return {FIRST_PAGE: FIRST_FILE} | {page_name(file): file for file in files if file != RUNNING_ORDERS}


def place_of(pack: Pack, view: View) -> tuple[str, str] | None:
    """The page's file and the service that it is of; None where this app, or this pack, has no such page."""
    file = page_files().get(view.page)
    if file is None:
        return None
    if file == ANY_SERVICE:
        service = next(iter(view.query.get(CODE, [])), "")
        return (file, service) if service in pack.manifest.services else None
    own = view.page.lower() if is_of_service(file) else ""
    return (file, own) if not own or own in pack.manifest.services else None


def is_of_service(file: str) -> bool:
    """Whether a page is of one service: every page that a pack need not have."""
    return file not in FIRST_PAGES and file not in LAST_PAGES


def why_unfit(pack: Pack, view: View) -> str:
    """Why a view cannot be shown of this pack, in a sentence; "" where it can."""
    if place_of(pack, view) is not None:
        return ""
    file = page_files().get(view.page)
    if file is None:
        return f"This view no longer fits: the dashboard has no page {quoted(view.page)}."
    named = next(iter(view.query.get(CODE, [])), "") if file == ANY_SERVICE else view.page.lower()
    return f"This view no longer fits: the data pack has no service {quoted(named)}."


def doubts_of(pack: Pack, view: View) -> str:
    """What of a view's choices this pack does not have, in a line; "" where it has them all."""
    place = place_of(pack, view)
    if place is None:
        return ""
    pairs = [(name, code) for name, codes in view.query.items() for code in codes]
    return understood(readable(pack, *place), pairs).sentence


def of_page(file: str, query: Mapping[str, list[str]], title: str = "", note: str = "") -> View:
    """The view that a page shows. query: of its link."""
    return View(
        page=page_name(file), query={name: list(codes) for name, codes in query.items()}, title=title, note=note
    )


def service_words(pack: Pack, view: View) -> str:
    """What a view shows, in words, where nobody has given it a title: its page, and the service of that."""
    place = place_of(pack, view)
    name = view.page.replace("_", " ")
    if place is None:
        return name
    file, own = place
    if own:
        return pack.service(own).label
    chosen = parameters(pack)["service"]
    codes = chosen.known(view.query.get("service", [])) or chosen.start
    label = {**FIRST_PAGES, **LAST_PAGES}.get(file, name)
    return label if label == "Data" else f"{label}: {pack.service(codes[0]).label}"
