"""Every parameter of a link, stated once: its name (which is its widget's key too), its codes and its default.

The codes come from the pack, or from a vocabulary of the page that stands below.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from types import MappingProxyType

import streamlit as st

from lib.market.board import SIZES, WAITED
from lib.market.indicators import mapped_indicators
from lib.market.link import NumberParameter, Parameter, View
from lib.market.quality import OVERALL
from lib.market.ranked_lists.call_off import has_ranked_lists
from lib.market.ranked_lists.stress_tables import MEASURES as STRESS_MEASURES
from lib.market.ranked_lists.wording import provider_labels
from lib.market.selection import COUNTY_CODE, DISTRICT, areas, cohorts_of, select, service_types_of
from lib.market.sentence import area_noun
from lib.market.unknown import hole
from lib.market.wording import financial_year, rounded
from lib.pack.faults import SelectionError
from lib.pack.imports.kinds import kinds
from lib.pack.load import Pack
from lib.pack.needed_rows import LONGEST_PROJECTION
from lib.whatif.spot_to_framework import setting_limits, spot_rate

# The pages that every pack has; the last is of every service that has no file of its own. Its address says which:
# /Service?code=extra_care.
PROVIDERS, WHAT_IF, ENGAGEMENT, DATA, ANY_SERVICE = (
    f"pages/{name}.py" for name in ("3_Providers", "4_What_if", "5_Market_engagement", "6_Data", "7_Service")
)
# The pages that every pack has, as the menu names them: before those of services, and after.
FIRST_PAGES = {"overview.py": "Overview"}
LAST_PAGES = {PROVIDERS: "Providers", WHAT_IF: "What-if", ENGAGEMENT: "Market engagement", DATA: "Data"}
# Reached from the pages, not from the menu.
RUNNING_ORDERS = "pages/8_Running_orders.py"

DEFAULT_INDICATOR = "coverage"
SERVICE, INDICATOR, PROVIDER, CODE, SCENARIO = "service", "indicator", "provider", "code", "scenario"
LOT_MEASURE, STRESS_MEASURE, QUESTION, TIERS = "lots_measure", "stress_measure", "quality_domain", "keep_tiers"
ROOM = "room_in"
SKIP_BELOW_GATE, SKIP_ON_EXIT = "skip_below_gate", "skip_on_exit"
PROVIDERS_TAB, WHAT_IF_TAB, DATA_TAB = "providers_tab", "what_if_tab", "data_tab"
KIND = "kind"
YEAR = "year"
WARD, DAYS_WAITED, REQUEST_HOURS = "ward", "days_waited", "request_hours"
# Kilometres by road: how far apart a round may be, and how far a package is from its provider's others.
RADIUS, FAR = "radius_km", "far_km"
MARKET, MECHANISM = "market", "mechanism"
ON, OFF, NOBODY = "true", "false", "none"

# Vocabularies of the pages themselves: what people read, by code.
LOT_MEASURES = {"headroom_hours": "Headroom", "providers": "Providers"}
ROOM_IN = {"lot": "This lot", "type": "Its service type, everybody", "all": "Every lot"}
REISSUED_TIERS = {"chosen": "chosen again", "kept": "kept as today"}
PROVIDERS_TABS = {
    "lots": "Lots and placement",
    "quality": "Quality",
    "resilience": "Resilience",
    "places": "Spot and rural",
    "one_provider": "One provider",
    "reranking": "Re-ranking",
}
WHAT_IF_TABS = {
    "drivers": "What drives it",
    "costs": "What it costs",
    "districts": "Districts",
    "needed": "What it would take",
    "scenarios": "Scenarios",
    "assumptions": "Assumptions",
}
DATA_TABS = {
    "bring_in": "Bring in figures",
    "versions": "Versions",
    "sources": "Sources",
    "checks": "Checks",
    "published": "Published and not",
    "edit": "Edit small tables",
    "dictionary": "Dictionary",
}
SERVICE_TABS = {
    MARKET: "The market",
    "ratings": "Market ratings",
    "known": "Known and unknown",
    "growth": "Growth",
    MECHANISM: "From spot to a framework",
    "supply": "Shared supply and places",
    "intentions": "Intentions",
}


def area_key(group_by: str) -> str:
    """The name of the area's parameter: one for each grouping."""
    return DISTRICT if group_by == DISTRICT else f"area_{group_by}"


def tab_key(service: str) -> str:
    """The name of the parameter that is the open tab of a service's page."""
    return f"tab_{service}"


def first_of(name: str) -> str:
    """Where the session keeps the codes that a choice starts with, where they rest on figures."""
    return f"first_of_{name}"


def first_codes(name: str) -> tuple[str, ...]:
    """The codes that a choice starts with, as its page worked them out; none before."""
    return tuple(st.session_state.get(first_of(name), ()))


def start_with(name: str, codes: tuple[str, ...]) -> None:
    """Keep the codes that a choice starts with, for the links that say nothing of it."""
    st.session_state[first_of(name)] = codes


def first_indicator(pack: Pack) -> str:
    """The indicator that a market page begins with: coverage, or the first that is known of the whole, if any."""
    known = mapped_indicators(pack)
    given = [code for code, one in known.items() if pack.given(*one.inputs)]
    if DEFAULT_INDICATOR in given:
        return DEFAULT_INDICATOR
    whole = select(pack, next(iter(pack.manifest.services))).county()
    return next((code for code in given if not hole(pack, whole, COUNTY_CODE, code)), DEFAULT_INDICATOR)


@lru_cache(maxsize=2)
def parameters(pack: Pack) -> Mapping[str, Parameter]:
    """Every parameter that a link to a page of this pack may have, by its name."""
    services = {code: service.label for code, service in pack.manifest.services.items()}
    indicators = {code: one.label for code, one in mapped_indicators(pack).items()}
    found = [
        shown(SERVICE, "service", services),
        shown(CODE, "service", services),
        shown(INDICATOR, "indicator", indicators, first_indicator(pack)),
        *(area(pack, group_by) for group_by in (DISTRICT, *pack.manifest.groupings)),
        tab(PROVIDERS_TAB, PROVIDERS_TABS),
        tab(WHAT_IF_TAB, WHAT_IF_TABS),
        tab(DATA_TAB, DATA_TABS),
        shown(KIND, "kind of file", {code: kind.label for code, kind in kinds().items()}, among="of this page"),
        year_shown(pack),
        shown(LOT_MEASURE, "colouring", LOT_MEASURES, among="of this page"),
        shown(ROOM, "choice of lots", ROOM_IN, among="of this page"),
        shown(STRESS_MEASURE, "map", {code: label for code, (label, _, _) in STRESS_MEASURES.items()}),
        shown(QUESTION, "question", questions(pack)),
        shown(TIERS, "first tier", REISSUED_TIERS, among="of this page"),
        *(switch_of(name) for name in (SKIP_BELOW_GATE, SKIP_ON_EXIT)),
        Parameter(WARD, "ward", wards(pack), "all wards are shown"),
        shown(DAYS_WAITED, "time waited", {code: band.label for code, band in WAITED.items()}, among="of this page"),
        shown(REQUEST_HOURS, "size", {code: band.label for code, band in SIZES.items()}, among="of this page"),
        kilometres(RADIUS, "travel radius", 5, (1, 30)),
        kilometres(FAR, "distance to a provider's others", 10, (2, 60)),
        Parameter(
            PROVIDER, "provider", provider_labels(pack), "the provider with the most hours is shown",
            default=partial(first_codes, PROVIDER),
        ),
    ]  # fmt: skip
    for service in services:
        found += of_service(pack, service)
    return MappingProxyType({one.name: one for one in found})


def shown(name: str, noun: str, labels: Mapping[str, str], start: str = "", among: str = "of this pack") -> Parameter:
    """A choice of which one always holds: `start`, or the first."""
    first = start or next(iter(labels), "")
    return Parameter(name, noun, labels, f"{labels.get(first, 'the first')} is shown", (first,), among=among)


def tab(name: str, tabs: Mapping[str, str]) -> Parameter:
    """The open tab of a page: the first until somebody opens another."""
    first = next(iter(tabs))
    return Parameter(name, "tab", tabs, f"{tabs[first]} is shown", (first,), among="of this page", held_as="label")


def year_shown(pack: Pack) -> Parameter:
    """The year that the What-if shows: the last of the scenario's until somebody chooses another."""
    first = [service.base_year for service in pack.manifest.services.values()]
    years = range(min(first), max(first) + LONGEST_PROJECTION + 1)
    labels = {str(year): financial_year(year) for year in years}
    return Parameter(YEAR, "year", labels, "the last year is shown", partial(first_codes, YEAR))


def switch_of(name: str) -> Parameter:
    """Whether providers below the quality gate are passed over."""
    instead = "no provider is passed over"
    words = {ON: "yes", OFF: "no"}
    return Parameter(name, "quality gate", words, instead, (OFF,), among="of yes and no", held_as="switch")


def area(pack: Pack, group_by: str) -> Parameter:
    """The chosen area of a grouping, or none."""
    known = areas(pack, group_by).drop_duplicates("area_code")
    one, many = area_noun(pack, group_by)
    return Parameter(
        area_key(group_by), one, dict(zip(known["area_code"], known["area_name"], strict=True)), f"all {many} are shown"
    )


def wards(pack: Pack) -> dict[str, str]:
    """Every ward by its code: its name and its district's, in their order."""
    rows, names = pack.table("wards"), pack.district_names()
    rows = rows.assign(district_name=rows["district_code"].map(names)).sort_values(["district_name", "ward_name"])
    return dict(zip(rows["ward_code"], rows["ward_name"] + ", " + rows["district_name"], strict=True))


def kilometres(name: str, noun: str, start: int, limits: tuple[int, int]) -> NumberParameter:
    """A distance by road, in whole kilometres."""
    low, high = limits
    return NumberParameter(name, noun, {}, f"{start} km is shown", (str(start),), low=low, high=high)


def questions(pack: Pack) -> dict[str, str]:
    """What providers are rated for, the overall rating first."""
    codes = sorted(pack.manifest.domains, key=lambda code: code != OVERALL)
    return {code: pack.label("domains", code) for code in codes}


def of_service(pack: Pack, service: str) -> list[Parameter]:
    """The parameters that each service has for itself."""
    types = {code: pack.label("service_types", code) for code in service_types_of(pack, service)}
    cohorts = {code: pack.label("cohorts", code) for code in cohorts_of(pack, service)}
    groupings = {DISTRICT: "District"} | {code: pack.label("groupings", code) for code in pack.manifest.groupings}
    capacity = pack.table("capacity")
    listed = set(capacity.loc[capacity["service"] == service, "provider_id"])
    providers = {code: name for code, name in provider_labels(pack).items() if code in listed}
    leaving = f"leaving_{service}"
    return [
        Parameter(f"types_{service}", "service type", types, "all service types are shown", many=True),
        Parameter(f"cohorts_{service}", "cohort", cohorts, "all cohorts are shown", many=True),
        shown(f"by_{service}", "grouping", groupings, pack.service(service).default_grouping),
        tab(tab_key(service), SERVICE_TABS),
        shown(f"lot_cohort_{service}", "cohort", cohorts),
        shown(f"lot_type_{service}", "service type", types),
        Parameter(leaving, "leaving provider", providers, "", partial(first_codes, leaving), many=True, nothing=NOBODY),
        Parameter(f"below_gate_{service}", "provider below the gate", providers, "", many=True),
        *mechanism_settings(pack, service).values(),
    ]


@lru_cache(maxsize=16)
def mechanism_settings(pack: Pack, service: str) -> Mapping[str, NumberParameter]:
    """The settings of the framework tab, by their names in lib.whatif.spot_to_framework; none where it has none."""
    if has_ranked_lists(pack, service):
        return {}
    try:
        limits, rate = setting_limits(pack, service), rounded(spot_rate(pack, service), 2)
    except SelectionError:
        return {}
    starts = {"target_share_pct": 80, "quarters": 6, "capacity_change_pct": 0}
    nouns = {
        "assumed_rate": "assumed rate of today",
        "agreed_rate": "agreed rate",
        "target_share_pct": "share of hours",
        "quarters": "number of quarters",
        "capacity_change_pct": "change of capacity",
    }
    found = {}
    for name, noun in nouns.items():
        if name in limits:
            whole = not name.endswith("rate")
            code = str(starts[name]) if whole else f"{rate:.2f}"
            low, high = limits[name]
            found[name] = NumberParameter(
                f"{name}_{service}", noun, {}, f"{code} is shown", (code,), low=low, high=high, whole=whole
            )
    return found


def names_on(pack: Pack, page: str, own: str, view: View | None = None) -> list[str]:
    """The parameters that a page shows in a view, or may show in any; empty for a page without choices.

    page: its file. own: the service that the page is of, "" where it is of none.
    """
    known = parameters(pack)
    services = list(pack.manifest.services) if view is None else list(known[SERVICE].chosen(view))
    if own:
        settings = [one.name for one in mechanism_settings(pack, own).values()]
        return [tab_key(own), *market_names(pack, own, view), *settings]
    if page == PROVIDERS:
        return [SERVICE, PROVIDERS_TAB, *provider_names(services)]
    if page == WHAT_IF:
        return [SERVICE, DISTRICT, WHAT_IF_TAB, YEAR]
    if page == DATA:
        return [DATA_TAB, KIND]
    if page == ENGAGEMENT:
        filters = [f"{kind}_{code}" for code in services for kind in ("types", "cohorts")]
        return [SERVICE, DISTRICT, WARD, *filters, DAYS_WAITED, REQUEST_HOURS, RADIUS, FAR]
    if page.startswith("pages/"):
        return []
    return list(dict.fromkeys([SERVICE, *(name for code in services for name in market_names(pack, code, view))]))


def market_names(pack: Pack, service: str, view: View | None) -> list[str]:
    """The parameters of a market."""
    by = f"by_{service}"
    groupings = [DISTRICT, *pack.manifest.groupings] if view is None else parameters(pack)[by].chosen(view)
    own = [f"types_{service}", f"cohorts_{service}", by]
    return [INDICATOR, *own, *(area_key(group_by) for group_by in groupings)]


# A choice of the lot on the Providers page, and the filter of the market pages that is the same thing.
FILTER_OF_LOT = {"lot_type": "types", "lot_cohort": "cohorts"}


def carried(pack: Pack, page: str, own: str, before: View, after: View) -> dict[str, tuple[str, ...]]:
    """The choices of other pages that follow from what was chosen on this one: filters and lots travel.

    A filter that names one service type, or one cohort, names the lot's, and follows the lot for as long as they are
    the same. One that names none or several leaves the lot alone, and is left alone by it; so are filters that make no
    lot together. page: its file; own: the service that it is of. before, after: the view as it was, and as it is.
    """
    if page == PROVIDERS:
        return filters_of_lots(pack, before, after)
    if page.startswith("pages/") and not own and page != ENGAGEMENT:
        return {}
    service = own or parameters(pack)[SERVICE].chosen(after)[0]
    return lot_of_filters(pack, service, before, after) if service in pack.manifest.services else {}


def filters_of_lots(pack: Pack, before: View, after: View) -> dict[str, tuple[str, ...]]:
    """The filters that follow their service's lot."""
    known, found = parameters(pack), {}
    for service in pack.manifest.services:
        for lot, name in ((f"{lot}_{service}", f"{name}_{service}") for lot, name in FILTER_OF_LOT.items()):
            followed = known[name].chosen(before) == known[lot].chosen(before)
            if followed and before.get(lot) != after.get(lot):
                found[name] = known[lot].chosen(after)
    return found


def lot_of_filters(pack: Pack, service: str, before: View, after: View) -> dict[str, tuple[str, ...]]:
    """The lot that a service's filters name, as far as it is another, where they have changed."""
    known = parameters(pack)
    filters = {f"{lot}_{service}": f"{name}_{service}" for lot, name in FILTER_OF_LOT.items()}
    if all(before.get(name) == after.get(name) for name in filters.values()):
        return {}
    chosen = {lot: known[name].chosen(after) for lot, name in filters.items()}
    one = {lot: codes[0] for lot, codes in chosen.items() if len(codes) == 1}
    now = {lot: known[lot].chosen(after)[0] for lot in filters}
    rows = pack.lots_of(service)[["service_type", "cohort"]].itertuples(index=False, name=None)
    lots = [dict(zip(filters, codes, strict=True)) for codes in rows]
    named = [lot for lot in lots if one.items() <= lot.items()]
    if not one or not named:
        return {}
    # A type that nobody has for the cohort chosen before makes a lot with the first cohort that has it.
    found = {**now, **one} if {**now, **one} in named else named[0]
    return {lot: (code,) for lot, code in found.items() if now[lot] != code}


def provider_names(services: list[str]) -> list[str]:
    """The parameters of the Providers page."""
    kinds = ("lot_cohort", "lot_type", "leaving", "below_gate")
    return [
        DISTRICT, LOT_MEASURE, SKIP_BELOW_GATE, ROOM, QUESTION, STRESS_MEASURE, SKIP_ON_EXIT, PROVIDER, TIERS,
        *(f"{kind}_{service}" for service in services for kind in kinds),
    ]  # fmt: skip
