"""One provider: its lots and ranks in both services, its ratings, and how far the council depends on it."""

from __future__ import annotations

import streamlit as st

from lib.market.quality import passes_gate, provider_ratings
from lib.market.ranked_lists.call_off import has_ranked_lists, overall_dates
from lib.market.ranked_lists.one_provider import exposure, provider_lots
from lib.market.ranked_lists.wording import provider_labels
from lib.market.sentence import ordinal
from lib.market.tables import download_csv, provider_notes
from lib.market.wording import NOT_APPLICABLE, counted, money, show
from lib.pack.load import Pack
from lib.view.market.downloads import offer_internal
from lib.view.market.figures import State
from lib.view.market.tiles import draw_tiles, figure_tile
from lib.view.providers.figures import risks_of
from lib.view.providers.tables import chip_cell, day, html_table, row_head
from lib.view.widgets.table import light
from lib.view.widgets.text import escape_markdown, status_badge


def draw_one_tab(pack: Pack, state: State, service: str) -> None:
    """Search for a provider; the one with the most hours in the service is shown first."""
    names = provider_labels(pack)
    risks = risks_of(pack, state, service)
    largest = (
        str(risks.sort_values("delivered_hours", kind="stable")["provider_id"].iloc[-1])
        if len(risks)
        else next(iter(names), "")
    )
    if not largest:
        st.info("The pack has no providers.")
        return
    chosen = st.selectbox(
        "Provider",
        list(names),
        index=list(names).index(largest),
        format_func=lambda code: str(names.get(code, code)),
        help="Type to search. The one with the most hours in the service is shown first.",
        key="provider",
        bind="query-params",
    )
    provider_id = chosen if chosen in names else largest
    st.subheader(
        f"{escape_markdown(names[provider_id])} {status_badge(pack.status('providers', 'capacity', 'ratings'))}",
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
    if any(has_ranked_lists(pack, service) for service in exposure(pack, provider_id)["service"]):
        passes = bool(passes_gate(pack)[provider_id])
        parts.append("passes the quality gate" if passes else "does not pass the quality gate")
    st.markdown(escape_markdown("; ".join(part for part in parts if part)) + ".")


def draw_exposure(pack: Pack, provider_id: str) -> None:
    """How far the council depends on the provider, a line of tiles a service."""
    for row in exposure(pack, provider_id).to_dict("records"):
        label = pack.service(row["service"]).label
        people = pack.service(row["service"]).people
        tiles = [
            ("Hours delivered a week", show(row["delivered_hours"], "hours"),
             f"{counted(row['lots'], 'lot')} in {counted(row['districts'], 'district')}"),
            ("Share of the service", show(row["share"], "share"),
             f"{ordinal(row['place'])} of {counted(row['providers'], 'provider')}"),
            ("Value a year", money(row["value"]), "its hours at its own rates"),
            ("Stranded if it left", show(row["unplaced_hours"], "hours"),
             f"hours a week; about {show(row['people_affected'], 'people')} {people} affected"),
        ]  # fmt: skip
        st.markdown(f"**{escape_markdown(label)}**")
        status = pack.status("capacity", "demand")
        draw_tiles([figure_tile(*tile, status) for tile in tiles])


def draw_ratings(pack: Pack, provider_id: str) -> None:
    """Its ratings, overall and by key question."""
    domains = list(pack.manifest.domains)
    ratings = provider_ratings(pack).loc[provider_id]
    dates = overall_dates(pack)
    when = NOT_APPLICABLE
    if provider_id in dates.index:
        years = (pack.manifest.as_of - dates[provider_id].date()).days / 365.25
        when = f"{day(dates[provider_id])}, {years:.1f} years ago"
    cells = "".join(chip_cell(str(ratings[code])) for code in domains)
    name = provider_labels(pack)[provider_id]
    heads = ["Provider", *(pack.label("domains", code) for code in domains)]
    note = f"CQC ratings; overall rated on: {when}"
    html_table(f"CQC ratings of {name}", heads, [f"<tr>{row_head(name)}{cells}</tr>"], note=note)


def draw_lots(pack: Pack, service: str, provider_id: str) -> None:
    """Every lot that it is listed in."""
    lots = provider_lots(pack, provider_id)
    districts = pack.district_names()
    st.subheader(f"Listed in {counted(len(lots), 'lot')} {status_badge(pack.status('capacity'))}", anchor=False)
    table = lots.assign(
        service=[pack.service(code).label for code in lots["service"]],
        district_code=[districts[code] for code in lots["district_code"]],
        service_type=[pack.label("service_types", code) for code in lots["service_type"]],
        cohort=[pack.label("cohorts", code) for code in lots["cohort"]],
        route=[pack.label("routes", code) for code in lots["route"]],
        share=(100 * lots["share"]).round(1),
    )
    number = st.column_config.NumberColumn
    st.dataframe(
        light(table),
        hide_index=True,
        height="content" if len(table) <= 12 else 460,
        placeholder="–",
        column_config={
            "service": "Service",
            "district_code": "District",
            "service_type": "Service type",
            "cohort": "Cohort",
            "route": "Route",
            "rank": "Rank",
            "place": number("Place", help="In the order in which the lot's providers are offered new hours"),
            "listed": number("Of", help="Providers on the lot's list"),
            "delivered_hours": number("Hours a week", format="localized"),
            "capacity_hours": number("Capacity", format="localized"),
            "headroom_hours": number("Headroom", format="localized"),
            "share": number("Share of the lot", format="%.1f%%"),
            "hourly_rate": number("£ an hour", format="£%.2f"),
            "performance_score": number("Performance, 0 to 100", format="%.1f"),
        },
    )
    offer_internal(
        "These lots (CSV)",
        lambda: download_csv(lots, provider_notes(pack, service, f"Lots of {provider_labels(pack)[provider_id]}")),
        f"provider_{provider_id}.csv",
    )
