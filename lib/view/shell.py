"""The frame around every page: set-up, menu, the pack, and what must be said at the top of each page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple, NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.charts.kit.theme import register_theme
from lib.market.wording import counted
from lib.pack.completeness import completeness
from lib.pack.faults import Fault, PackError
from lib.pack.load import Pack
from lib.pack.manifest import Manifest
from lib.pack.plausibility import warnings_of
from lib.pack.reconcile import difference_sentences, differences, reconcile
from lib.view.connection import watch_connection
from lib.view.copy_link import copy_link
from lib.view.landmarks import MENU, mark_landmarks
from lib.view.link.parameters import (
    ANY_SERVICE,
    CODE,
    DATA,
    DATA_TAB,
    ENGAGEMENT,
    FIRST_PAGES,
    LAST_PAGES,
    PROVIDERS,
    RUNNING_ORDERS,
    WHAT_IF,
)
from lib.view.link.session import doubts, follow_link, link_to, on_choices, open_link, opened_page, service_asked
from lib.view.link.showing import Showing, let_go_of_widgets, take_showing
from lib.view.live.access import REFUSED, may_read
from lib.view.not_given import missing_so_far
from lib.view.page_pack import ROOT, drawn_of, pack_folder, shown_pack
from lib.view.presenting.keys import present_button
from lib.view.running_orders.adding import adding
from lib.view.widgets.chart import WITHOUT_TOOLBAR
from lib.view.widgets.faults import fault_table
from lib.view.widgets.page_workbook import forget_places
from lib.view.widgets.paper import SCREEN_ONLY, mark_sheets, set_paper_up
from lib.view.widgets.text import escape_markdown
from lib.whatif.scenarios.presets import lever_faults

ICON = str(Path(__file__).parent / "assets" / "icon.png")
STYLE = Path(__file__).parent / "assets" / "screen.css"
# Where the session keeps the places at the top of the page, and whether a fragment draws the menu.
HEAD, BY_FRAGMENT = "shell_head", "shell_by_fragment"
MOST_SHOWN = 40


class Entry(NamedTuple):
    """An entry of the menu: the page's file, what people read (Markdown), its service, what the address says of it."""

    page: str
    label: str
    service: str = ""
    query: Mapping[str, list[str]] = {}


class Head(NamedTuple):
    """The places at the top of a page: one row for menu, title and switch, a quiet line and what is not understood."""

    menu: DeltaGenerator
    title: DeltaGenerator
    beside: DeltaGenerator
    quiet: DeltaGenerator
    adding: DeltaGenerator
    doubts: DeltaGenerator


def shell(file: str, title: str = "") -> Pack:
    """Set the page up, read its link, draw the menu and return the pack; stop where the pack cannot be loaded.

    The first call of every page, so that nobody reaches a page past it. file: the page's own, its __file__. title: of
    the browser's tab; a page that takes its title from the pack sets it afterwards, with `tab_title`.
    """
    register_theme()
    st.set_page_config(page_icon=ICON, layout="wide")
    tab_title(title)
    st.html(WITHOUT_TOOLBAR)
    st.html(STYLE)
    set_paper_up(is_dark())
    if not may_read(st.context):
        st.error(REFUSED)
        st.stop()
    forget_places()
    showing = take_showing()
    head = st.session_state[HEAD] = draw_head(showing, page_of(file))
    try:
        shown = shown_pack()
    except PackError as error:
        menu(head.menu.container(horizontal=True, gap="xsmall", key=MENU), entries_of(error.manifest))
        st.title("The data pack cannot be loaded", anchor=False)
        show_faults(pack_folder(), error.faults)
        st.stop()
    pack = drawn_of(shown)
    page = page_of(file)
    open_link(pack, page, own_service(pack, page))
    if showing.presenting and page != RUNNING_ORDERS:
        present(pack, showing)
    by_fragment = st.session_state[BY_FRAGMENT] = has_fragment(pack)
    if not by_fragment:
        draw_top(pack)
    if page != RUNNING_ORDERS:
        with head.adding:
            present_button()
            adding(pack)
    alarms(pack, page)
    mark_sheets(pack)
    return pack


def present(pack: Pack, showing: Showing) -> NoReturn:
    """Present the page in place of all that it shows otherwise. A running order's own link leads to its first view."""
    # What is presented draws on every page's own parts, which begin here.
    from lib.view.presenting.pages import present_page
    from lib.view.presenting.steps import first_step

    st.session_state[BY_FRAGMENT] = False
    first = first_step(pack, showing.order) if showing.order and not showing.place else None
    if first is not None:
        st.switch_page(first.page, query_params={name: list(codes) for name, codes in first.query.items()})
    present_page(pack, *opened_page())
    let_go_of_widgets()
    st.stop()


def draw_head(showing: Showing, page: str) -> Head:
    """The row at the top of a page and the line beneath it, empty but for what every page has alike."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="head"):
        with st.container(horizontal=True, gap=None, width="content", key=f"{SCREEN_ONLY}_top"):
            entries = st.empty()
            watch_connection()
            mark_landmarks()
        title = st.container(width="content")
        beside = st.container(width="content", key="head_beside")
        if not showing.presenting:
            with st.container(width="content", key=f"{SCREEN_ONLY}_copy_link"):
                copy_link()
    with st.container(horizontal=True, gap="small"):
        quiet = st.container(horizontal=True, gap="small", key="quiet")
        # No higher than the quiet line: the first screen has no room to spare.
        add = st.container(horizontal=True, gap="xsmall", width="content", key=f"{SCREEN_ONLY}_adding")
    return Head(entries, title, beside, quiet, add, st.empty())


def head_of_page() -> Head:
    """The places at the top of the page that is drawn."""
    head: Head = st.session_state[HEAD]
    return head


def draw_top(pack: Pack) -> None:
    """The menu, each link with what is chosen; under it, what of this page's own link is not understood."""
    page, own = opened_page()
    head = head_of_page()
    entries = [with_choices(pack, entry) for entry in entries_of(pack.manifest)]
    menu(head.menu.container(horizontal=True, gap="xsmall", key=MENU), entries, own)
    doubt = doubts(pack, page, own)
    if doubt:
        head.doubts.warning(escape_markdown(doubt))


def has_fragment(pack: Pack) -> bool:
    """Whether the open page has a fragment that draws the top of the page: see `follow`."""
    page, own = opened_page()
    return on_choices(pack, own) if own else page in (*FIRST_PAGES, PROVIDERS, WHAT_IF, ENGAGEMENT)


def follow(pack: Pack) -> None:
    """At the start of a fragment with choices of the link: bring the address and the menu up to what was chosen.

    Streamlit lets a fragment that runs by itself draw above itself only where it did so in the page's whole run.
    """
    run = get_script_run_ctx()
    if run is not None and run.fragment_ids_this_run:
        follow_link(pack)
    if st.session_state[BY_FRAGMENT]:
        draw_top(pack)


def with_choices(pack: Pack, entry: Entry) -> Entry:
    """An entry of the menu whose address says what is chosen."""
    return entry._replace(query=link_to(pack, entry.page, entry.service))


def page_of(file: str) -> str:
    """A page's file as the menu names it."""
    path = Path(file)
    return f"pages/{path.name}" if path.parent.name == "pages" else path.name


def own_service(pack: Pack, page: str) -> str:
    """The service that a page is of; "" where it is of none that the pack has."""
    if page in (*FIRST_PAGES, *LAST_PAGES, RUNNING_ORDERS):
        return ""
    service = service_asked(pack) if page == ANY_SERVICE else code_of(page)
    return service if service in pack.manifest.services else ""


def tab_title(title: str) -> None:
    """What the browser's tab says."""
    st.set_page_config(page_title=f"{title} · Care market" if title else "Care market")


def menu(place: DeltaGenerator, entries: Iterable[Entry], asked: str = "", name: str = "menu") -> None:
    """Links to pages, in one row that wraps.

    asked: the service that the page is of. name: of this list of links, where a page draws a second one.
    """
    others = 0
    for entry in entries:
        inside = place
        if entry.page == ANY_SERVICE and entry.service != asked:
            inside = place.container(key=f"{name}_other_{others}", width="content")
            others += 1
        inside.page_link(entry.page, label=entry.label, query_params=entry.query or None)
    if others:
        # Streamlit marks every link to the page that is open, and services that share one are not all open.
        link = f'[class*="st-key-{name}_other_"] [data-testid="stPageLink-NavLink"]'
        st.html(f"<style>{link}:not(:hover) {{background: none}} {link} * {{font-weight: normal !important}}</style>")


def entries_of(manifest: Manifest | None) -> list[Entry]:
    """The whole menu of a pack; of one whose manifest cannot be read, the pages that every pack has."""
    first, last = ([Entry(page, label) for page, label in pages.items()] for pages in (FIRST_PAGES, LAST_PAGES))
    return [*first, *(service_entries(manifest) if manifest else []), *last]


def service_entries(manifest: Manifest) -> list[Entry]:
    """An entry for each service of the pack, in the manifest's order and words."""
    own = own_pages()
    labels = {code: escape_markdown(service.label) for code, service in manifest.services.items()}
    return [
        Entry(own[code], label, code) if code in own else Entry(ANY_SERVICE, label, code, {CODE: [code]})
        for code, label in labels.items()
    ]


def own_pages() -> dict[str, str]:
    """The page files that belong to one service, by its code; the pages that every pack has are nobody's own."""
    files = (f"pages/{path.name}" for path in sorted((ROOT / "pages").glob("[0-9]*.py")))
    return {code_of(file): file for file in files if file not in (*LAST_PAGES, ANY_SERVICE, RUNNING_ORDERS)}


def code_of(file: str) -> str:
    """The service that a page file is named after: its name without the number, in small letters."""
    return re.sub(r"^\d+_", "", Path(file).stem).lower()


@st.cache_data(max_entries=4, show_spinner=False)
def totals_off(_pack: Pack, key: str) -> tuple[int, list[str]]:
    """How many totals do not agree with what was published, or bought; and which, in sentences."""
    del key
    lines = reconcile(_pack)
    return len(differences(lines)), difference_sentences(lines)


def alarms(pack: Pack, page: str) -> None:
    """The demonstration line; what nobody has given; rows that are missing; in red totals that are off, and levers.

    In one quiet line, how much in the pack is unlikely.
    """
    if pack.is_demonstration:
        quiet_line(f"**{escape_markdown(pack.manifest.demonstration)}**")
    count, off = totals_off(pack, pack.key)
    if off:
        lines = "\n".join(f"- {escape_markdown(text)}" for text in off[:MOST_SHOWN])
        more = f"\n- and {len(off) - MOST_SHOWN} more: see the Data page" if len(off) > MOST_SHOWN else ""
        more += "\n- the Checks tab of the Data page has each" if count > len(off) else ""
        noun = "total does" if count == 1 else "totals do"
        st.error(f"**{count} {noun} not agree. Do not rely on the figures below.**\n\n{lines}{more}")
    missing_so_far(pack, page)
    rows = completeness(pack).rows
    if rows:
        st.warning(
            f"At least {counted(rows, 'row')} {'is' if rows == 1 else 'are'} missing from this pack: what needs "
            f"{'it' if rows == 1 else 'them'} is not known, which is not the same as 0. The Data page says which, and "
            "what follows."
        )
    wrong = lever_faults(pack)
    if wrong:
        lines = "\n".join(f"- {escape_markdown(fault)}" for fault in wrong[:MOST_SHOWN])
        st.error(f"**What the pack says of levers cannot all be used.**\n\n{lines}")
    unlikely = len(warnings_of(pack))
    if unlikely:
        noun = "warning" if unlikely == 1 else "warnings"
        head_of_page().quiet.page_link(
            DATA,
            label=f":small[{unlikely} {noun} of unlikely data: see the Data page]",
            query_params={DATA_TAB: "checks"},
        )


def show_faults(root: Path, faults: tuple[Fault, ...]) -> None:
    """Every fault of a pack that cannot be loaded, in place of the page."""
    noun = "fault" if len(faults) == 1 else "faults"
    st.error(f"{len(faults)} {noun} found in {escape_markdown(root)}. Put them right and reload this page.")
    fault_table(faults)


def page_title(text: str) -> None:
    """The page's one main heading, in the row of the menu."""
    head_of_page().title.title(escape_markdown(text), anchor=False)


def page_title_beside(text: str) -> DeltaGenerator:
    """The page's one main heading, and the place to its right for a switch that the whole page hangs on."""
    page_title(text)
    return head_of_page().beside


def quiet_line(words: str) -> None:
    """A line under the menu that every reader should have seen once. words: Markdown."""
    head_of_page().quiet.markdown(words, width="content")


def is_dark() -> bool:
    """Whether the reader sees the dark theme."""
    return st.context.theme.type == "dark"
