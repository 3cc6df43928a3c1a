"""The page of one service: what is published of it in one line, then its market and all else, in tabs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from lib.market.not_given import WHERE, templates
from lib.market.ranked_lists.call_off import has_ranked_lists
from lib.market.shared_supply import shared_providers
from lib.market.wording import counted, listed
from lib.pack.faults import quoted
from lib.pack.load import Pack
from lib.view.link.parameters import MARKET as MARKET_TAB
from lib.view.link.parameters import MECHANISM, SERVICE_TABS, tab_key
from lib.view.market.figures import State
from lib.view.market.page import market_view
from lib.view.service.figures import known_and_unknown
from lib.view.service.growth import draw_growth, published_growth
from lib.view.service.intentions import draw_intentions
from lib.view.service.mechanism import draw_mechanism
from lib.view.service.published_facts import draw_known
from lib.view.service.ratings import draw_ratings
from lib.view.service.supply import draw_supply
from lib.view.shell import menu, page_title, quiet_line, service_entries, tab_title
from lib.view.widgets.page_workbook import offer_workbook, place_of_tables
from lib.view.widgets.text import escape_markdown

MARKET = SERVICE_TABS[MARKET_TAB]
# What the tabs beside the market are made from, and what each of these tables tells of.
NEEDED = {
    "demand": "the care that is arranged",
    "capacity": "supply",
    "facts": "published figures",
    "gaps": "what is not published",
    "intentions": "published intentions",
}
NEEDED_BY_TAB = {
    "ratings": ("facts",),
    "known": ("facts", "gaps"),
    "growth": ("facts",),
    MECHANISM: ("demand", "capacity"),
    "supply": ("demand", "capacity"),
    "intentions": ("intentions",),
}


def service_page(pack: Pack, service: str) -> None:
    """The page of one service, or one sentence and the way to the others where the pack has no such service."""
    if service not in pack.manifest.services:
        no_such_service(pack, service)
        return
    tab_title(pack.service(service).label)
    state = pack.key
    page_title(f"{pack.service(service).label}: {pack.manifest.area}")
    draw_published(pack, state, service)
    drawers = sections(pack, state, service)
    asked = st.session_state.get(tab_key(service), MARKET)
    if asked not in drawers:
        st.session_state[tab_key(service)] = MARKET
        st.info(escape_markdown(nothing_for(pack, service, str(asked))))
    if len(drawers) == 1:
        drawers[MARKET]()
        return
    tabs = st.tabs(list(drawers), on_change="rerun", key=tab_key(service))
    codes = {label: code for code, label in SERVICE_TABS.items()}
    for tab, (name, draw_tab) in zip(tabs, drawers.items(), strict=True):
        if not tab.open:
            continue
        with tab, place_of_tables(f"service_{codes[name]}"):
            draw_tab()
            if name != MARKET:  # which has its own beside its downloads
                title = f"{pack.service(service).label}: {name}"
                offer_workbook(pack, title, f"{service}_{codes[name]}_tables.xlsx")


def no_such_service(pack: Pack, service: str) -> None:
    """Which services the pack has, each with its link: this page's is not among them."""
    title = service.replace("_", " ").capitalize()
    tab_title(title)
    page_title(title or "Which service?")
    known = listed([one.label for one in pack.manifest.services.values()])
    without = "The address names no service of this data pack, which has"
    missing = f"This data pack has no service {quoted(service)}; it has" if service else without
    st.info(escape_markdown(f"{missing} {known}."))
    menu(st.container(), service_entries(pack.manifest), name="services")


def sections(pack: Pack, state: State, service: str) -> dict[str, Callable[[], None]]:
    """The tabs of a service by their names: the market, and what else the pack has something on."""
    known, gaps = known_and_unknown(pack, state, service)
    found: dict[str, Callable[[], None]] = {MARKET: partial(market_view, pack, state, service, in_depth=True)}
    if pack.service(service).rating_grid:
        found[SERVICE_TABS["ratings"]] = partial(draw_ratings, pack, state, service)
    if len(known) or len(gaps):
        found[SERVICE_TABS["known"]] = partial(draw_known, pack, state, service)
    if published_growth(pack, service) is not None:
        found[SERVICE_TABS["growth"]] = partial(draw_growth, pack, service)
    if pack.given("demand", "capacity") and not has_ranked_lists(pack, service):
        found[SERVICE_TABS["mechanism"]] = partial(draw_mechanism, pack, state, service)
        if shared_providers(pack, service):
            found[SERVICE_TABS["supply"]] = partial(draw_supply, pack, state, service)
    if any((pack.table(name)["service"] == service).any() for name in ("intentions", "council_words")):
        found[SERVICE_TABS["intentions"]] = partial(draw_intentions, pack, state, service)
    return found


def nothing_for(pack: Pack, service: str, tab: str) -> str:
    """Why a tab of a link is not among a service's, and which templates fill it, in a sentence or two."""
    code = next((code for code, label in SERVICE_TABS.items() if label == tab), "")
    found = f"This data pack has nothing for the tab {tab} of this service: the market is shown."
    empty = [name for name in NEEDED_BY_TAB.get(code, ()) if not pack.given(name) or without_rows(pack, name, service)]
    if empty:
        return f"{found} It needs {listed([NEEDED[name] for name in empty])}: fill the {templates(empty)} {WHERE}."
    if code in (MECHANISM, "supply") and has_ranked_lists(pack, service):
        return f"{found} It is of a service that has no framework yet, and this one has."
    return found


def without_rows(pack: Pack, table: str, service: str) -> bool:
    """Whether a table has no row of a service."""
    return not bool((pack.table(table)["service"] == service).any())


def draw_published(pack: Pack, state: State, service: str) -> None:
    """What is published of the service in one line, and how much is not known."""
    known, gaps = known_and_unknown(pack, state, service)
    published, derived = (int((known["status"] == status).sum()) for status in ("published", "derived"))
    if known.empty and gaps.empty:
        return
    parts = [f"{counted(published, 'figure')} of this market {'is' if published == 1 else 'are'} published"]
    parts += [f"{derived} can be derived from them"] if derived else []
    parts += [f"{len(gaps)} {'is' if len(gaps) == 1 else 'are'} not published"] if len(gaps) else []
    period = pack.service(service).period
    quiet_line(f"{escape_markdown(listed(parts))}. {escape_markdown(f'Figures are of {period}.')}")
