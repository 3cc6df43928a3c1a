"""Candidates for a transfer of care, for commissioners alone: where to look, and what continuity it would cost."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib.market.about import Heads, about, for_file
from lib.market.basis import Basis, Input, basis
from lib.market.board import assumed_of
from lib.market.not_given import not_given_sentence
from lib.market.ranked_lists.wording import provider_labels
from lib.market.transfers import LEAST_BESIDE, RULE, THIN_CARERS, lone_packages, thin_presence
from lib.market.travel import ROAD_WORDS
from lib.market.wording import NOT_KNOWN, counted, show
from lib.pack.load import Pack
from lib.view.engagement.figures import Transfers, transfers_of
from lib.view.link.parameters import FAR, parameters
from lib.view.market.figures import State
from lib.view.widgets.chart_downloads import offer_csv
from lib.view.widgets.slider import slider_with_box
from lib.view.widgets.table import draw_table
from lib.view.widgets.text import escape_markdown, status_badge

HEADING = "Candidates for a transfer of care, always by agreement"
# What nobody must take from the tables.
BEAR_IN_MIND = (
    "A candidate is a place to look, and says nothing against a provider. Nothing moves without the agreement of the "
    "person, the family and both providers. No person is named."
)
UNSEEN = "Care placed before the first request of the data, and care that has ended since, are not known here."


def draw_transfers(pack: Pack, state: State, service: str, near: float, week: float) -> None:
    """Both views, each with its sentence, table and file. near: how near the other provider's packages must be, km."""
    st.subheader(HEADING, anchor=False)
    missing = not_given_sentence(pack, ("providers", "capacity"))
    if missing:
        st.info(escape_markdown(f"Candidates need who provides care, and how much of it where. {missing}"))
        return
    with st.columns([2, 3])[0]:
        far = slider_with_box(
            "Far from its others: more than, km by road", 2, 60, 1,
            key=FAR, default=int(parameters(pack)[FAR].start[0]),
            help=escape_markdown(f"Distance is {ROAD_WORDS}."),
        )  # fmt: skip
    found = transfers_of(pack, state, service, far, near, week)
    draw_packages(pack, service, found, far, near, week)
    draw_presences(pack, service, found, far, week)
    st.caption(escape_markdown(f"{RULE} {BEAR_IN_MIND}"))


def transfer_basis(candidates: Input, week: float) -> Basis:
    """What candidates rest on: their tables, and both assumptions."""
    return basis(candidates).assuming(*assumed_of(week))


def draw_packages(pack: Pack, service: str, found: Transfers, far: float, near: float, week: float) -> None:
    """Package by package, as far as the requests name their provider."""
    thin = f"less than {THIN_CARERS * week:g} hours a week in the district"
    told = about(
        pack, "Packages far from their provider's others", transfer_basis(lone_packages, week),
        service=service,
        further=(
            f"More than {far:g} km by road from every other package of its provider, which delivers {thin}; another "
            f"provider has {LEAST_BESIDE} packages of the service type or more within {near:g} km.",
            UNSEEN, BEAR_IN_MIND,
        ),
    )  # fmt: skip
    st.subheader(f"Package by package {status_badge(told.status)}", anchor=False)
    if not found.placed:
        st.info(
            escape_markdown(
                f"Which provider a request was placed with is {NOT_KNOWN}: fill provider_id and ward_code in the "
                "template requests on the Data page."
            )
        )
        return
    rows = found.packages
    st.markdown(escape_markdown(f"{package_words(rows, far, near, thin)} {UNSEEN}"))
    if rows.empty:
        return
    names, wards = provider_labels(pack), pack.table("wards").set_index("ward_code")["ward_name"]
    shown = rows.assign(
        provider=rows["provider_id"].map(names),
        beside=rows["beside_id"].map(names),
        ward=rows["ward_code"].map(wards),
        district=rows["district_code"].map(pack.district_names()),
        type_label=[pack.label("service_types", code) for code in rows["service_type"]],
    )
    heads: Heads = {
        "request_id": "Request",
        "ward": "Ward",
        "district": "District",
        "type_label": "Service type",
        "hours_per_week": ("Hours a week", "hours"),
        "provider": "With",
        "days_with": ("Days with it", "days"),
        "nearest_km": ("To its next, km", "kilometres"),
        "own_hours": ("Its hours in the district", "hours"),
        "beside": "Already there",
        "beside_packages": ("Its packages nearby", "count"),
        "room_hours": ("Room there, hours", "hours"),
    }
    help = {
        "days_with": "Days since the placement: the continuity that a transfer would cost",
        "nearest_km": "By road to the nearest other package of the same provider",
        "room_hours": "What it has left in the same service type, cohort and district; 0 where it is on no list there",
    }
    draw_table(shown, heads, help=help, empty=NOT_KNOWN)
    offer_csv(told, "Packages (CSV)", lambda: for_file(shown, heads), f"{service}_transfer_packages.csv")


def package_words(rows: pd.DataFrame, far: float, near: float, thin: str) -> str:
    """How many packages there are, and what continuity their transfer would cost."""
    if rows.empty:
        return (
            f"No package is more than {far:g} km by road from all others of a provider that delivers {thin}, with "
            "another provider nearby."
        )
    number, hours = len(rows), show(float(rows["hours_per_week"].sum()), "hours")
    ends = {f"{value:.0f}" for value in (rows["days_with"].min(), rows["days_with"].max())}
    one = number == 1
    people = "one person" if one else f"up to {number} people"
    return (
        f"{counted(number, 'package')}, {hours} hours a week, {'is' if one else 'are'} more than {far:g} km by road "
        f"from any other of {'its' if one else 'their'} provider, with another provider's packages within {near:g} km. "
        f"If {'it' if one else 'all'} moved, {people} would change provider, after "
        f"{' to '.join(sorted(ends, key=int))} days with {'it' if one else 'theirs'}."
    )


def draw_presences(pack: Pack, service: str, found: Transfers, far: float, week: float) -> None:
    """By district, from all hours that are delivered."""
    enough = THIN_CARERS * week
    told = about(
        pack, "Districts where a provider delivers little, far from its others",
        transfer_basis(thin_presence, week),
        service=service,
        further=(
            f"Less than {enough:g} hours a week, and more than {far:g} km by road from the nearest district where it "
            "delivers more. How many people that is, no table says.", RULE, BEAR_IN_MIND,
        ),
    )  # fmt: skip
    st.subheader(f"By district {status_badge(told.status)}", anchor=False)
    rows = found.presences
    unknown = f"How many people that is, and for how long they have had their provider, is {NOT_KNOWN}."
    lead = (
        f"In {counted(len(rows), 'place')} a provider delivers less than {enough:g} hours a week, more than {far:g} km "
        "by road from the next district where it delivers more, and another provider does the same work there."
        if len(rows)
        else f"No provider delivers less than {enough:g} hours a week in a district that is more than {far:g} km by "
        "road from the next where it delivers more, beside another that does the same work."
    )
    st.markdown(escape_markdown(f"{lead} {unknown if len(rows) else ''}".strip()))
    if rows.empty:
        return
    names, districts = provider_labels(pack), pack.district_names()
    shown = rows.assign(
        provider=rows["provider_id"].map(names),
        district=rows["district_code"].map(districts),
        nearest=rows["nearest_code"].map(districts),
        beside=rows["beside_id"].map(names),
        kinds=[
            "; ".join(
                f"{pack.label('service_types', kind)}, {pack.label('cohorts', who).lower()}" for kind, who in lots
            )
            for lots in rows["lots"]
        ],
        room=[{True: "yes", False: "no"}.get(one, NOT_KNOWN) for one in rows["has_room"]],
        known=rows["packages"].astype("float64") if found.placed else float("nan"),
    )
    heads: Heads = {
        "provider": "Provider",
        "district": "District",
        "kinds": "Care",
        "delivered_hours": ("Hours a week", "hours"),
        "nearest": "Does more in",
        "nearest_km": ("Away, km", "kilometres"),
        "beside": "Already there",
        "beside_hours": ("Its hours", "hours"),
        "room": "Room for all",
        "known": ("Requests placed there", "count"),
    }
    help = {
        "nearest_km": "By road between the middles of both districts",
        "room": "Whether its capacity leaves room for these hours in each of these kinds of care",
        "known": "Requests placed with the provider in the district, as far as the data go back",
    }
    draw_table(shown, heads, help=help, empty=NOT_KNOWN)
    offer_csv(told, "Districts (CSV)", lambda: for_file(shown, heads), f"{service}_transfer_districts.csv")
