"""One provider: its lots and ranks in both services, its ratings, and how far the council depends on it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from lib.market.about import Heads, about
from lib.market.basis import standing
from lib.market.figure import as_of, dates_note, figure
from lib.market.quality import passes_gate, provider_ratings
from lib.market.ranked_lists.call_off import has_gate, overall_dates
from lib.market.ranked_lists.one_provider import exposure, provider_lots
from lib.market.ranked_lists.resilience import points_of_failure
from lib.market.ranked_lists.wording import lists_words, provider_labels
from lib.market.sentence import ordinal
from lib.market.wording import NOT_APPLICABLE, counted, for_people
from lib.pack.load import Pack
from lib.view.link.parameters import PROVIDER, parameters, start_with
from lib.view.market.figures import State
from lib.view.market.tiles import Tile, draw_tiles
from lib.view.providers.figures import risks_of
from lib.view.providers.tables import chip_cell, day, html_table, row_head
from lib.view.widgets.chart_downloads import offer_csv
from lib.view.widgets.table import draw_table
from lib.view.widgets.text import escape_markdown, status_badge


def draw_one_tab(pack: Pack, state: State, service: str) -> None:
    """Search for a provider; the one with the most hours in the service is shown first."""
    names = parameters(pack)[PROVIDER].labels
    risks = risks_of(pack, state, service)
    largest = (
        str(risks.sort_values("delivered_hours", kind="stable")["provider_id"].iloc[-1])
        if len(risks)
        else next(iter(names), "")
    )
    if not largest:
        st.info("The pack has no providers.")
        return
    start_with(PROVIDER, (largest,))
    if PROVIDER not in st.session_state:
        st.session_state[PROVIDER] = largest
    provider_id = st.selectbox(
        "Provider",
        list(names),
        format_func=lambda code: names[code],
        help="Type to search. The one with the most hours in the service is shown first.",
        key=PROVIDER,
    )
    st.subheader(
        f"{escape_markdown(names[provider_id])} "
        f"{status_badge(standing(pack, 'providers', provider_lots, provider_ratings))}",
        anchor=False,
    )
    draw_facts(pack, provider_id)
    draw_exposure(pack, provider_id)
    draw_ratings(pack, provider_id)
    draw_lots(pack, service, provider_id)


def draw_facts(pack: Pack, provider_id: str) -> None:
    """What the pack says of the provider itself."""
    providers = pack.table("providers")
    row = providers[providers["provider_id"] == provider_id].iloc[0]
    parts = [
        f"{provider_id}",
        "registered with the CQC" if row["regulated"] else "not registered with the CQC: it need not be for all care",
        "also serves children" if row["also_childrens"] else "",
    ]
    # Off the framework there is no gate to pass.
    if any(has_gate(pack, service) for service in exposure(pack, provider_id)["service"]):
        passes = bool(passes_gate(pack)[provider_id])
        parts.append("passes the quality gate" if passes else "does not pass the quality gate")
    st.markdown(escape_markdown("; ".join(part for part in parts if part)) + ".")


def draw_exposure(pack: Pack, provider_id: str) -> None:
    """How far the council depends on the provider, a line of tiles a service."""
    left = standing(pack, points_of_failure)
    for row in exposure(pack, provider_id).to_dict("records"):
        label = pack.service(row["service"]).label
        of_service = partial(figure, pack, service=row["service"])
        people = pack.service(row["service"]).people
        tiles = [
            Tile(of_service("Hours delivered a week", row["delivered_hours"], "hours", provider_lots),
                 f"{counted(row['lots'], 'lot')} in {counted(row['districts'], 'district')}"),
            Tile(of_service("Share of the service", row["share"], "share", provider_lots),
                 f"{ordinal(row['place'])} of {counted(row['providers'], 'provider')}"),
            Tile(of_service("Value a year", row["value"], "pounds", provider_lots), "its hours at its own rates"),
            Tile(of_service("Stranded if it left", row["unplaced_hours"], "hours", points_of_failure),
                 f"hours a week; about {for_people(row['people_affected'], 'people', left)} {people} affected"),
        ]  # fmt: skip
        st.markdown(f"**{escape_markdown(label)}**")
        draw_tiles(tiles)


def draw_ratings(pack: Pack, provider_id: str) -> None:
    """Its ratings, overall and by key question."""
    domains = list(pack.manifest.domains)
    ratings = provider_ratings(pack).loc[provider_id]
    dates = overall_dates(pack)
    when = NOT_APPLICABLE
    if provider_id in dates.index:
        years = (pack.manifest.as_of - dates[provider_id].date()).days / 365.25
        when = f"{day(dates[provider_id])}, {years:.1f} years before {as_of(pack)}"
    cells = "".join(chip_cell(str(ratings[code])) for code in domains)
    name = provider_labels(pack)[provider_id]
    heads = ["Provider", *(pack.label("domains", code) for code in domains)]
    note = f"CQC ratings; overall rated on: {when}"
    html_table(f"CQC ratings of {name}", heads, [f"<tr>{row_head(name)}{cells}</tr>"], note=note)


def draw_lots(pack: Pack, service: str, provider_id: str) -> None:
    """Every list that it is on."""
    lots = provider_lots(pack, provider_id)
    districts = pack.district_names()
    services = list(dict.fromkeys(lots["service"]))
    dates = dates_note(pack, services)
    # A provider of several services is of none of their dates, periods and caveats alone.
    only = services[0] if len(services) == 1 else "" if services else service
    told = about(pack, f"Lists with {provider_labels(pack)[provider_id]}", provider_lots, service=only)
    st.subheader(f"{escape_markdown(lists_words(pack, lots))} {status_badge(told.status)}", anchor=False)
    table = lots.assign(
        service=[pack.service(code).label for code in lots["service"]],
        district_code=[districts[code] for code in lots["district_code"]],
        service_type=[pack.label("service_types", code) for code in lots["service_type"]],
        cohort=[pack.label("cohorts", code) for code in lots["cohort"]],
        route=[pack.label("routes", code) for code in lots["route"]],
    )
    heads: Heads = {
        "service": "Service",
        "district_code": "District",
        "service_type": "Service type",
        "cohort": "Cohort",
        "route": "Route",
        "rank": ("Rank", ""),
        "place": ("Place", ""),
        "listed": ("Of", ""),
        "delivered_hours": ("Hours a week", "hours"),
        "capacity_hours": ("Capacity", "hours"),
        "headroom_hours": ("Headroom", "hours"),
        "share": ("Share of the lot", "share"),
        "hourly_rate": ("£ an hour", "pounds_per_hour"),
        "performance_score": ("Performance, 0 to 100", "score"),
    }
    words = {
        "place": "In the order in which the list's providers are offered new hours",
        "listed": "Providers on the list",
    }
    draw_table(table, heads, help=words, height="content" if len(table) <= 12 else 460, empty="–")
    if dates:
        st.caption(escape_markdown(dates))
    offer_csv(told, "These lists (CSV)", lambda: lots, f"provider_{provider_id}.csv")
