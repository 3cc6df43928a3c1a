"""The Providers page: how far supply can be relied on, lot by lot and provider by provider."""

from __future__ import annotations

from functools import partial

import streamlit as st

from lib.market.basis import basis, standing
from lib.market.few import few_words
from lib.market.figure import RATINGS, data_to, figure
from lib.market.lots import LOT_MEANING
from lib.market.quality import gate_figures, quality_figures
from lib.market.ranked_lists.call_off import call_off_order, has_ranked_lists, list_noun
from lib.market.ranked_lists.lot_supply import Headlines, counted_on, headlines, lot_supply, supply_sentence
from lib.market.ranked_lists.resilience import TAKEN
from lib.market.rural_pockets import pockets
from lib.market.selection import COUNTY_CODE, select
from lib.market.wording import NOT_APPLICABLE, NOT_KNOWN, counted, for_people, is_missing, show
from lib.pack.load import Pack
from lib.view.link.parameters import PROVIDERS_TAB, PROVIDERS_TABS
from lib.view.market.figures import State
from lib.view.market.filters import choose_service
from lib.view.market.table import source_lines
from lib.view.market.tiles import Tile, draw_tiles
from lib.view.not_given import in_place_of
from lib.view.page_pack import pack_fragment
from lib.view.providers.figures import headlines_of
from lib.view.providers.lots import draw_lots_tab
from lib.view.providers.one import draw_one_tab
from lib.view.providers.quality import draw_quality_tab
from lib.view.providers.register import draw_register
from lib.view.providers.reissue import draw_reissue_tab
from lib.view.providers.resilience import draw_resilience_tab
from lib.view.providers.rural_pockets import draw_places_tab
from lib.view.shell import follow, page_title_beside
from lib.view.widgets.page_workbook import offer_workbook, place_of_tables
from lib.view.widgets.paper import on_paper
from lib.view.widgets.text import escape_markdown, status_badge

# In place of the lists where nobody has said who provides what.
NEEDS = "Lists, room and risks need who provides care, and how much of it where"
NAMES = tuple(PROVIDERS_TABS.values())
CAVEAT = (
    "New hours are placed hour by hour: a whole package may not fit where hours are left. The same staff may stand in "
    "several lots, so their room is not there twice."
)


def providers_page(pack: Pack, state: State) -> None:
    """The page: its heading and service switch, then everything of that service."""
    with page_title_beside(f"Providers: {pack.manifest.area}"):
        service = choose_service(pack)
    providers_view(pack, state, service)


@pack_fragment
def providers_view(pack: Pack, state: State, service: str) -> None:
    """One service's providers. A fragment: a choice redraws this and nothing else."""
    follow(pack)
    if in_place_of(pack, NEEDS, ("providers", "capacity")):
        draw_register(pack)
        return
    known = headlines_of(pack, state, service)
    about_service = pack.service(service)
    on_paper(f"{about_service.label}, {about_service.period}. Data to {data_to(pack, service, (RATINGS,))}.")
    # As on the first screen of a market: headings as small as it takes to have list, slider and answer in sight.
    with st.container(key="first_screen"):
        draw_answer(pack, service, known)
        draw_tabs(pack, state, service)
    # What is played with comes first: list, slider and answer are to be in sight together.
    draw_headlines(pack, service, known)
    st.caption(f"{LOT_MEANING} Its providers stand on its {list_noun(pack, service)}, in the order of new work.")
    closed = st.expander("Sources, statuses and caveats", key="providers_sources", on_change="rerun")
    if closed.open:
        tables = basis(headlines, pockets).tables
        closed.markdown("\n".join([*source_lines(pack, tables), f"- {escape_markdown(CAVEAT)}"]))
        closed.caption(f"Data to {data_to(pack, service, tables)}.")


def draw_answer(pack: Pack, service: str, known: Headlines) -> None:
    """The sentence, and what must be known to read what follows."""
    status = standing(pack, counted_on(pack, supply_sentence))
    st.header(f"{escape_markdown(supply_sentence(pack, service, known))} {status_badge(status)}", anchor=False)
    if not has_ranked_lists(pack, service):
        st.markdown(
            f"{escape_markdown(pack.service(service).label)} has no framework: every list below is of spot "
            f"purchase, the "
            "cheapest provider first, and of two as cheap the one with more capacity."
        )
    if known.missing:
        st.info(escape_markdown(f"What follows is of the lists and capacities that are known: {known.missing}."))


def draw_tabs(pack: Pack, state: State, service: str) -> None:
    """The tabs, of which only the open one is drawn."""
    drawers = (
        partial(draw_lots_tab, pack, state, service),
        partial(draw_quality_tab, pack, state, service),
        partial(draw_resilience_tab, pack, state, service),
        partial(draw_places_tab, pack, state, service),
        partial(draw_one_tab, pack, state, service),
        partial(draw_reissue_tab, pack, state, service),
    )
    tabs = st.tabs(NAMES, on_change="rerun", key=PROVIDERS_TAB)
    for tab, draw_tab, (code, name) in zip(tabs, drawers, PROVIDERS_TABS.items(), strict=True):
        if tab.open:
            with tab, place_of_tables(f"providers_{code}"):
                draw_tab()
                title = f"{pack.service(service).label}: {name}"
                offer_workbook(pack, title, f"{service}_providers_{code}_tables.xlsx")


def draw_headlines(pack: Pack, service: str, known: Headlines) -> None:
    """Four headlines: room, thin lots, quality and the largest risk."""
    of_service = partial(figure, pack, service=service)
    first = pack.label("routes", pack.manifest.quality_gate.route)
    framework, noun = has_ranked_lists(pack, service), list_noun(pack, service)
    headroom = for_people(known.first_headroom, "hours", standing(pack, call_off_order))
    room = f"{headroom} of it in {first.lower()}" if framework else "all of it spot"
    below = known.rated and is_missing(known.below_gate_share)
    whole = select(pack, service).county()
    gate_few, rated_few = (
        f" ({words})" if (words := few_words(pack, whole, COUNTY_CODE, code)) else ""
        for code in ("gate_fail_share", "not_rated_share")
    )
    quality = (
        (of_service(f"{first} hours below the gate", known.below_gate_hours, "hours", gate_figures),
         f"{show(known.below_gate_share, 'share')} of {first.lower()} hours{gate_few}, "
         f"{counted(known.below_gate_providers, 'provider')}")
        if framework and not below
        else (of_service("Hours not rated", known.not_rated_share, "share", quality_figures),
              f"of hours{rated_few}, by providers with no rating")
    )  # fmt: skip
    stranded = (
        of_service("Stranded if one leaves", known.riskiest_unplaced, "hours", TAKEN),
        f"of {for_people(known.riskiest_hours, 'hours', standing(pack, TAKEN))} hours, if it were {known.riskiest}"
        if known.riskiest
        else NOT_APPLICABLE,
    )
    if known.missing and is_missing(known.headroom):
        room = known.missing
    draw_tiles(
        [
            Tile(of_service("Headroom, hours a week", known.headroom, "hours", call_off_order), room),
            Tile(
                of_service(
                    f"{noun.capitalize()}s resting on one provider",
                    float(known.single),
                    "count",
                    counted_on(pack, lot_supply),
                ),
                f"of {counted(known.lists - known.unknown, noun)}; "
                f"{known.without or 'none'} with demand and no provider"
                + (f"; {known.unknown} {NOT_KNOWN}" if known.unknown else ""),
            ),
            Tile(*quality),
            Tile(*stranded),
        ]
    )
