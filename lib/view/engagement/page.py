"""The Market engagement page: what waits and where, the rounds that it makes, and candidates for a transfer of care."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from lib.market.about import About, Heads, about, for_file
from lib.market.basis import standing
from lib.market.board import ANY, LONG_WAIT, Wanted, round_basis, waiting
from lib.market.figure import as_of, figure
from lib.market.lots import LOT_MEANING
from lib.market.rounds import ROUND, RULE, best_for_one
from lib.market.selection import COUNTY_CODE
from lib.market.tables import selection_words
from lib.market.travel import ROAD_WORDS
from lib.market.unknown import hole
from lib.market.wording import NOT_KNOWN, counted, for_people
from lib.pack.load import Pack
from lib.view.engagement.figures import Board, board_of, carer_hours, carer_source
from lib.view.engagement.filters import choose_wanted
from lib.view.engagement.map import draw_map, map_png
from lib.view.engagement.preview import choose_preview, draw_preview
from lib.view.engagement.publish import publication_panel
from lib.view.engagement.tables import (
    ROUND_HELP,
    WAITS_HELP,
    closed_table,
    district_rows,
    request_rows,
    round_rows,
    ward_rows,
)
from lib.view.engagement.transfers import draw_transfers
from lib.view.link.parameters import DAYS_WAITED, RADIUS, REQUEST_HOURS, WARD, parameters
from lib.view.map.district_map import has_map
from lib.view.market.figures import State
from lib.view.market.filters import choose_service
from lib.view.market.table import source_lines
from lib.view.market.tiles import Tile, draw_tiles, tile_sources
from lib.view.not_given import in_place_of
from lib.view.page_pack import pack_fragment
from lib.view.shell import follow, head_of_page, page_title_beside
from lib.view.widgets.chart_downloads import offer_csv, offer_png
from lib.view.widgets.page_workbook import offer_workbook
from lib.view.widgets.paper import on_paper
from lib.view.widgets.slider import slider_with_box
from lib.view.widgets.slides import offer_slides
from lib.view.widgets.table import draw_table
from lib.view.widgets.text import escape_markdown, status_badge

NEEDS = "The demand board shows the requests that wait"
TABLE_HEIGHT = 265
NOBODY_NAMED = "No person is named: a request's number is the council's own reference."
# By hours alone.
CAVEAT = (
    "A round is a place to look, worked out from hours and distances alone: times of day, two carers at once, skills "
    "and what people want are not in the data, nor what a carer travels beyond the round."
)


def engagement_page(pack: Pack, state: State) -> None:
    """The page: its heading and service switch, everything of that service, then what is published of every one.

    Instead, where the switch says so, what a provider would see.
    """
    with head_of_page().quiet:
        as_market = choose_preview()
    with page_title_beside(f"Market engagement: {pack.manifest.area}"):
        service = "" if as_market else choose_service(pack)
    if as_market:
        follow(pack)  # the menu, which the board's fragment draws otherwise
        draw_preview(pack)
        return
    board_view(pack, state, service)
    publication_panel(pack)


@pack_fragment
def board_view(pack: Pack, state: State, service: str) -> None:
    """One service's demand board. A fragment: a choice redraws this and nothing else."""
    follow(pack)
    if in_place_of(pack, NEEDS, ("requests",)):
        return
    week = carer_hours(pack, service)
    with st.container(gap="xsmall", key="first_screen"):
        said = st.container(gap=None)
        wanted = choose_wanted(pack, service)
        map_side, table_side = st.columns([3, 2], gap="small")
        with table_side, st.container(gap="xxsmall", key="market_bars"):
            radius = choose_radius(pack)
            board = board_of(pack, state, wanted, radius, week)
            tiles = headline_tiles(pack, board, wanted, week)
            draw_tiles(tiles)
            rounds, heads = round_rows(pack, board)
            draw_rounds(board, rounds, heads)
        with said:
            draw_answer(pack, board, wanted, week)
        told = about_rounds(pack, wanted, radius, week)
        with map_side, st.container(gap="xxsmall", key="market_map"):
            st.subheader(f"{escape_markdown(told.title)} {status_badge(told.status)}", anchor=False)
            draw_map(pack, board, wanted.district_code, told.title)
        with st.container(horizontal=True, gap="small", key="foot"):
            with st.expander("What the figures mean, their sources, statuses and caveats", key="about"):
                draw_meaning(pack, service, week, tiles)
            offer_rounds(pack, board, wanted, told, rounds, heads)
    draw_waiting(pack, board, wanted)
    draw_transfers(pack, state, service, radius, week)


def choose_radius(pack: Pack) -> float:
    """The travel radius of a round, as a slider and a number."""
    one = parameters(pack)[RADIUS]
    return slider_with_box(
        "Travel radius, km by road", 1, 30, 1, key=RADIUS, default=int(one.start[0]),
        help=escape_markdown(f"How far apart two wards of a round may be: {ROAD_WORDS}."),
    )  # fmt: skip


def draw_answer(pack: Pack, board: Board, wanted: Wanted, week: float) -> None:
    """The sentence, and what must be known to read it."""
    status = standing(pack, round_basis(week))
    st.header(f"{escape_markdown(board.sentence)} {status_badge(status)}", anchor=False)
    service = wanted.selection.service
    on_paper(f"{selection_words(pack, wanted.selection)}. Data to {as_of(pack, service)}.")
    missing, of = board.without_ward, counted(len(board.requests), "request")
    if missing:
        one = missing == 1
        who = f"{'names' if one else 'name'} no ward of {'its' if one else 'their'} district"
        lost = f"so {'is' if one else 'are'} in no round and not on the map"
        cure = "fill ward_code in the template requests on the Data page"
        st.info(escape_markdown(f"{missing:,} of {of} {who}, and {lost}: {cure}."))


def draw_rounds(board: Board, rows: pd.DataFrame, heads: Heads) -> None:
    """The candidate rounds as a table, or why there are none."""
    alone = len(board.rounds) - len(rows)
    if len(rows):
        draw_table(rows, heads, help=ROUND_HELP, height=min(TABLE_HEIGHT, 38 + 35 * len(rows)))
        words = f"{counted(alone, 'request')} {'stands' if alone == 1 else 'stand'} alone. " if alone else ""
        st.caption(escape_markdown(f"{words}{ROUND}"))
    elif len(board.requests):
        st.info("No two requests of one service type are so near to one another: widen the radius, or choose more.")


def headline_tiles(pack: Pack, board: Board, wanted: Wanted, week: float) -> list[Tile]:
    """Four headlines: what waits, for how long, how much of it makes rounds, and what one more carer could serve."""
    service = wanted.selection.service
    of_service, known = partial(figure, pack, service=service), standing(pack, waiting)
    area = wanted.district_code or COUNTY_CODE
    grouped = wanted.selection.by_district() if wanted.district_code else wanted.selection.county()
    if missing := hole(pack, grouped, area, "open_requests"):
        return [Tile(of_service("Requests waiting", NOT_KNOWN, "", waiting), missing)]
    requests = board.requests
    number = of_service("Requests waiting", float(len(requests)), "count", waiting)
    hours = float(requests["hours_per_week"].sum())
    of_all = f"; {board.every:,} wait in all" if len(requests) < board.every else ""
    long = int((requests["days_waiting"] > LONG_WAIT.low).sum())
    median = float(requests["days_waiting"].median()) if len(requests) else float("nan")
    longest = f"{requests['days_waiting'].max():.0f}" if len(requests) else ""
    return [
        Tile(number, f"{for_people(hours, 'hours', known)} hours a week{of_all}"),
        Tile(
            of_service("Median wait so far, days", median, "days", waiting),
            f"longest {longest} days; {long:,} over 28 days" if longest else "nothing waits",
        ),
        *carer_tiles(pack, service, board, week),
    ]


def carer_tiles(pack: Pack, service: str, board: Board, week: float) -> list[Tile]:
    """How much of what waits makes rounds, and what one more carer could serve of it."""
    of_service, carer = partial(figure, pack, service=service), round_basis(week)
    requests, rows = board.requests, board.candidates
    best = best_for_one(rows if len(rows) else board.rounds)
    hours, one = float(rows["hours_per_week"].sum()), 0.0 if best is None else float(best["carer_hours"])
    parts = f"{int(rows['requests'].sum()):,} of {counted(len(requests), 'request')}, in {counted(len(rows), 'round')}"
    served = counted(0 if best is None else int(best["carer_requests"]), "request")
    place = f" of round {int(best['round'])}" if best is not None and len(rows) else ""
    could = f"{served}{place}, at {week:g} hours of care a week"
    if len(requests) and board.rounds.empty:
        hours = one = float("nan")
        parts = could = "no request names a ward"
    return [
        Tile(of_service("Hours in candidate rounds", hours, "hours", carer), parts),
        Tile(of_service("One more carer could serve, hours", one, "hours", carer), could),
    ]


def about_rounds(pack: Pack, wanted: Wanted, radius: float, week: float) -> About:
    """What must stand with the rounds, wherever they go."""
    return about(
        pack,
        f"Open requests by ward, and rounds within {radius:g} km",
        round_basis(week),
        service=wanted.selection.service,
        further=(chosen_words(pack, wanted), RULE, CAVEAT, NOBODY_NAMED),
        assumptions=(f"Distance {ROAD_WORDS}.", week_words(pack, wanted.selection.service, week)),
    )


def week_words(pack: Pack, service: str, week: float) -> str:
    """How much care a carer gives in a week, how that is known, and where it comes from."""
    return f"A carer gives {week:g} hours of care a week ({carer_source(pack, service)})."


def chosen_words(pack: Pack, wanted: Wanted) -> str:
    """What is chosen, in a line."""
    known = parameters(pack)
    words = [selection_words(pack, wanted.selection)]
    words += [pack.district_names()[wanted.district_code]] if wanted.district_code else []
    words += [known[WARD].labels[wanted.ward_code]] if wanted.ward_code else []
    bands = ((DAYS_WAITED, wanted.waited), (REQUEST_HOURS, wanted.size))
    words += [known[name].labels[code] for name, code in bands if code != ANY]
    return f"Chosen: {'; '.join(words)}."


def draw_meaning(pack: Pack, service: str, week: float, tiles: list[Tile]) -> None:
    """What the figures mean, where they come from, and what to bear in mind."""
    threshold = pack.manifest.disclosure.threshold
    lines = [
        LOT_MEANING,
        f"{RULE} Only what is chosen is joined: without a filter there may be more beside it.",
        f"Distance is {ROAD_WORDS}. {week_words(pack, service, week)} The What-if starts from the same. One carer "
        "takes whole packages, the longest wait first, each that still fits.",
        f"Waits are counted to {as_of(pack, service)}, the date of the data.",
        CAVEAT,
        f"{NOBODY_NAMED} This page is for commissioners: wards are points on it, and a ward with 1 to {threshold} open "
        "requests is never shown to the market.",
    ]
    credit = pack.manifest.resource("districts_geography").credit
    marks = [f"- {escape_markdown(line)}" for line in [*lines, *([f"Outlines: {credit}"] if credit else [])]]
    st.markdown("\n".join([*marks, *tile_sources(tiles), *source_lines(pack, ("requests", "wards", "capacity"))]))


def offer_rounds(pack: Pack, board: Board, wanted: Wanted, told: About, rows: pd.DataFrame, heads: Heads) -> None:
    """The rounds as a table and the map as a picture, behind one button."""
    service = wanted.selection.service
    with st.popover("Downloads", key="engagement_downloads"):
        offer_csv(told, "The rounds (CSV)", lambda: for_file(rows, heads), f"{service}_rounds.csv")
        title = f"Market engagement: {pack.service(service).label}"
        offer_workbook(pack, title, f"{service}_market_engagement_tables.xlsx", internal=True)
        if has_map(pack):
            picture = partial(map_png, pack, board, wanted.district_code, told)
            offer_png(told, "The map (PNG)", picture, f"{service}_rounds_map.png")
        offer_slides(pack, service, key=f"slides_{service}")


def draw_waiting(pack: Pack, board: Board, wanted: Wanted) -> None:
    """Where care is waited for, by district, then ward by ward and request by request."""
    service = wanted.selection.service
    told = about(
        pack, "Open requests by district", waiting, service=service, further=(chosen_words(pack, wanted), NOBODY_NAMED)
    )
    st.subheader(f"{escape_markdown(told.title)} {status_badge(told.status)}", anchor=False)
    rows, heads = district_rows(pack, board)
    draw_table(rows, heads, help=WAITS_HELP)
    name = f"{service}_waiting"
    offer_csv(told, "Open requests by district (CSV)", lambda: for_file(rows, heads), f"{name}_by_district.csv")
    by_ward, ward_heads = ward_rows(pack, board)
    closed_table("Open requests by ward", told.titled("Open requests by ward"), by_ward, ward_heads, f"{name}_by_ward")
    each, heads_of_each = request_rows(pack, board)
    closed_table("Every open request", told.titled("Every open request"), each, heads_of_each, f"{name}_requests")
