"""Shared supply, and places: where another service's headroom might be opened, and where recruiting is hard."""

from __future__ import annotations

from functools import partial

import streamlit as st

from lib.charts.bars import ranked_bars, scaled_rows
from lib.charts.kit.lot_scales import room_scale
from lib.charts.kit.palette import CATEGORICAL, GREY_LIGHT
from lib.charts.kit.scale import Scale
from lib.market.about import Heads, about
from lib.market.basis import Input, standing
from lib.market.few import FEW, few_notes
from lib.market.figure import dates_note
from lib.market.lots import LOT_MEANING
from lib.market.rural_pockets import RURAL_RULE, places, unknown_places
from lib.market.selection import COUNTY_CODE, select, service_types_of
from lib.market.shared_supply import shared_headroom, shared_supply
from lib.market.unknown import hole
from lib.market.wording import NOT_KNOWN, counted, for_people, is_missing, listed, nearest, said, said_of, show
from lib.pack.load import Pack
from lib.pack.models import path_of
from lib.view.map.area_map import area_map, map_picture
from lib.view.map.district_map import has_map
from lib.view.market.figures import State, market_figures
from lib.view.service.figures import shared
from lib.view.shell import is_dark
from lib.view.widgets.chart import draw
from lib.view.widgets.chart_downloads import chart_downloads
from lib.view.widgets.table import draw_table
from lib.view.widgets.text import escape_markdown, status_badge

MAP_HEIGHT = 380
# What the places stand beside: their providers, what waits there and how long sourcing takes.
PLACES: tuple[Input, ...] = (places, "requests", "capacity")
UNKNOWN_PLACES = (
    f"{path_of('districts')} says of no district both how rural it is and whether it borders London, or there are no "
    "residents to weigh the districts with."
)
KINDS = ("neither", "rural", "beside London", "both")


def draw_supply(pack: Pack, state: State, service: str) -> None:
    """Shared providers on the left, the places on the right."""
    left, right = st.columns(2, gap="large")
    with left:
        draw_shared(pack, state, service)
    with right:
        draw_places(pack, state, service)


def caveat(pack: Pack) -> str:
    """What the headroom of another service is not."""
    people = list(dict.fromkeys(service.people for service in pack.manifest.services.values()))
    differ = f"between {listed(people)}" if len(people) > 1 else "from service to service"
    return (
        f"An upper limit of what to ask for: registration and training differ {differ}, the same staff may stand in "
        "several lots, and headroom in a week is no promise of the hours that a family needs."
    )


def draw_shared(pack: Pack, state: State, service: str) -> None:
    """By district, the headroom in other services of providers that could serve this one too."""
    others = [code for code in pack.manifest.services if code != service]
    types = [kind for code in others for kind in service_types_of(pack, code)]
    # Few enough to stand side by side; what is chosen in a multiselect has too little contrast in the dark.
    chosen = st.pills(
        "Headroom of these service types", types, selection_mode="multi", default=types[:1],
        format_func=lambda code: escape_markdown(pack.label("service_types", code)), key=f"shared_types_{service}",
    )  # fmt: skip
    by_district, whom = shared(pack, state, service, tuple(chosen) or tuple(types))
    rows = by_district.sort_values("headroom_hours", ascending=False, kind="stable")
    other = listed([pack.service(code).label.lower() for code in others])
    if chosen and set(chosen) < set(types):
        # Headroom of some of its service types is not the headroom of the service.
        other = f"{other} ({listed([pack.label('service_types', kind).lower() for kind in types if kind in chosen])})"
    total = float(rows["headroom_hours"].sum(skipna=False))
    ids = whom["provider_id"].nunique()
    known = standing(pack, shared_headroom)
    serve = "both" if len(others) == 1 else "this service too"
    words = (
        f"How much headroom providers that could serve {serve} have in {other} is {NOT_KNOWN}"
        if is_missing(total)
        else f"{counted(ids, 'provider')} that could serve {serve} have {said(total, 'hours', known)} hours a week of "
        f"headroom in {other}"
    )
    dates = dates_note(pack, (service, *others))
    told = about(pack, words, shared_supply, service=service, further=(dates,) if dates else ())
    st.header(f"{escape_markdown(words)} {status_badge(known)}", anchor=False)
    read = partial(for_people, unit="hours", known=known)
    values = [nearest(value, "hours", known) for value in rows["headroom_hours"]]
    scale = room_scale(values, read, "Headroom, hours a week")
    shown = [
        f"{read(value)} · {providers_words(number)}"
        for value, number in zip(rows["headroom_hours"], rows["providers"], strict=True)
    ]
    hours = list(rows["headroom_hours"])
    frame = scaled_rows(list(rows["district_code"]), list(rows["district_name"]), hours, shown, scale, values)
    text = "; ".join(f"{row.area_name}: {row.shown}" for row in frame.itertuples())
    chart = partial(ranked_bars, frame, axis_title="Hours a week", selected=None)
    draw(chart(title="", dark=is_dark()), alt="Headroom of shared providers by district", words=text)
    st.caption(escape_markdown(f"{caveat(pack)} {dates} {LOT_MEANING}".replace("  ", " ")))
    heads: Heads = {
        "district_name": "District",
        "providers": ("Providers", "count"),
        "headroom_hours": ("Headroom there", "hours"),
        "waiting_hours": ("Waiting here", "hours"),
        "shortfall_hours": ("Short here", "hours"),
    }
    chart_downloads(told, rows, heads, "shared", chart=chart)
    whom = whom.assign(serves=whom["serves_here"].map({True: "serves here already", False: ""}))
    closed = st.expander("Whom to ask, provider by provider", key=f"whom_{service}", on_change="rerun")
    if closed.open:
        heads = {
            "district_name": "District",
            "provider_name": "Provider",
            "headroom_hours": ("Headroom", "hours"),
            "serves": "This service",
        }
        with closed:
            draw_table(whom, heads, height="content" if len(whom) <= 12 else 460)


def providers_words(number: float) -> str:
    """How many providers there are, in words."""
    return f"providers {NOT_KNOWN}" if is_missing(float(number)) else counted(int(number), "provider")


def draw_places(pack: Pack, state: State, service: str) -> None:
    """Districts that are rural or border London, which find it hard to recruit, and what they have."""
    known = places(pack, service)
    unknown = unknown_places(pack, service, "rural") | unknown_places(pack, service, "borders_london")
    if unknown.all():
        st.header(f"Which districts are rural or border London is {NOT_KNOWN}.", anchor=False)
        st.markdown(escape_markdown(UNKNOWN_PLACES))
        return
    market = market_figures(pack, state, select(pack, service)).areas.set_index("area_code")
    kind = known["rural"].astype(int) + 2 * known["borders_london"].astype(int)
    # Not an order, but classes: each has a colour of its own, and its name in the legend, tooltip and table.
    colours = (GREY_LIGHT, CATEGORICAL[1], CATEGORICAL[3], CATEGORICAL[2])
    scale = Scale("sequential", (0.5, 1.5, 2.5), colours, KINDS, "Place")
    figures = ["people", "providers", "waiting_hours", "median_days_to_source", "coverage"]
    rows = known.join(market[figures], on="district_code").assign(area_code=known["district_code"])
    few = few_notes(pack, select(pack, service), rows, ("median_days_to_source",))
    waits = standing(pack, "requests")
    rows = rows.assign(
        few=few,
        shown=[NOT_KNOWN if nobody else KINDS[number] for number, nobody in zip(kind, unknown, strict=True)],
        colour=["" if nobody else colours[number] for number, nobody in zip(kind, unknown, strict=True)],
        lines=[
            f"{show(row['rural_share_65'], 'share')} rural; {providers_words(row['providers'])}; "
            f"waiting: {for_people(row['waiting_hours'], 'hours', waits)} hours a week"
            for row in rows.to_dict("records")
        ],
    )
    at_risk = rows[kind > 0]
    there, every = (float(some["waiting_hours"].sum(skipna=False)) for some in (at_risk, rows))
    waiting = (
        f"how many of the waiting hours are there is {NOT_KNOWN}"
        if is_missing(there) or is_missing(every)
        else f"{said_of(there, every, 'hours', waits)} waiting hours are there"
    )
    words = f"{counted(len(at_risk), 'district is', 'districts are')} rural or border London: {waiting}"
    if why := hole(pack, select(pack, service).county(), COUNTY_CODE, "rural_share"):
        words = f"Which districts are rural is {NOT_KNOWN} ({why})"
        if not unknown_places(pack, service, "borders_london").any():
            words += f"; {len(at_risk)} border London"
    elif unknown.any():
        words = f"Which districts border London is {NOT_KNOWN} for {counted(int(unknown.sum()), 'district')}"
    told = about(pack, "Districts that are rural or border London", *PLACES, service=service)
    st.header(f"{escape_markdown(words)} {status_badge(told.status)}", anchor=False)
    area_map(
        pack, rows, scale, key=f"places_map_{service}", height=MAP_HEIGHT,
        title="Map: districts that are rural or border London. The same is in the table below.",
    )  # fmt: skip
    st.caption(escape_markdown(f"{RURAL_RULE} Rural areas are far to travel; beside London wages are higher."))
    heads: Heads = {
        "district_name": "District",
        "shown": "Place",
        "rural_share_65": ("Rural 65+", "share"),
        "providers": ("Providers", "count"),
        "waiting_hours": ("Waiting", "hours"),
        "median_days_to_source": ("Days to source", "days"),
        **({"few": FEW} if any(few) else {}),
    }
    picture = partial(map_picture, pack, rows, scale, told.headline, told.picture_lines()) if has_map(pack) else None
    chart_downloads(told, rows, heads, "places", picture=picture)
