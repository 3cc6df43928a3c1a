"""What the council has said it intends, each with the figures that track it today, or what would give one."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import pandas as pd

from lib.market.basis import Input, together
from lib.market.figure import Figure, figure
from lib.market.figure import as_of as date_of_data
from lib.market.indicators import indicators
from lib.market.lots import chosen, known_areas, listed_providers, lot_table, off_framework, serving
from lib.market.profile import county_profile
from lib.market.published.facts import arithmetic, derivations, fact_figure, gaps_of
from lib.market.ranked_lists.call_off import list_noun
from lib.market.rural_pockets import places
from lib.market.selection import COUNTY_CODE, Selection, select
from lib.market.status import county_figure
from lib.market.unknown import hole
from lib.market.wording import NOT_KNOWN
from lib.pack.faults import Fault, quoted
from lib.pack.load import Pack
from lib.pack.models import path_of
from lib.pack.ratios import safe_ratio

INTENTIONS = path_of("intentions")
NO_FIGURE = "no figure yet"
COLUMNS = ["intention_id", "intention", "tracked_by", "figures", "figures_text", "status", "needs"]


def providers_per_lot(pack: Pack, selection: Selection) -> Figure:
    """The mean number of providers on a list."""
    mean = float(listed_providers(lot_table(pack, selection.by_district())).mean(skipna=False))
    return figure(pack, f"Providers on a {list_noun(pack, selection.service)}, on average", mean, "decimal", lot_table)


def single_provider_lots(pack: Pack, selection: Selection) -> Figure:
    """How many of the lists rest on one provider."""
    providers = listed_providers(lot_table(pack, selection.by_district()))
    known = providers.notna().all()
    text = f"{int((providers == 1).sum()):,} of {len(providers):,}" if known else NOT_KNOWN
    label = f"{list_noun(pack, selection.service).capitalize()}s resting on one provider"
    return figure(pack, label, text, "", lot_table)


def in_places(pack: Pack, selection: Selection, kind: str) -> pd.DataFrame:
    """The rows of the capacity table of the selection in districts of a kind: rural, or borders_london (places)."""
    districts = places(pack, selection.service)
    codes = districts[districts[kind]]["district_code"]
    capacity = chosen(pack.table("capacity"), selection)
    return capacity[capacity["district_code"].isin(codes)]


def unknown_in_places(pack: Pack, selection: Selection, kind: str) -> bool:
    """Whether it is not known which districts are of a kind, or who serves a lot of theirs."""
    if kind == "rural" and hole(pack, selection.county(), COUNTY_CODE, "rural_share"):
        return True
    found = places(pack, selection.service)
    known = known_areas(pack, selection.by_district(), "capacity")
    return not known[found.loc[found[kind], "district_code"]].all()


def rural_spot_share(pack: Pack, selection: Selection) -> Figure:
    """Share of the hours delivered in rural districts that is bought off the framework."""
    if unknown_in_places(pack, selection, "rural"):
        return figure(pack, "Spot share in rural districts", NOT_KNOWN, "", places, "capacity")
    capacity = in_places(pack, selection, "rural")
    spot = capacity[capacity["route"].isin(off_framework(pack))]["delivered_hours"].sum()
    share = safe_ratio(float(spot), float(capacity["delivered_hours"].sum()))
    return figure(pack, "Spot share in rural districts", float(share), "share", places, "capacity")


def providers_in(label: str, kind: str, inputs: Input) -> Callable[[Pack, Selection], Figure]:
    """A figure that counts the providers with capacity or hours in some districts."""

    def count(pack: Pack, selection: Selection) -> Figure:
        providers = float(serving(in_places(pack, selection, kind))["provider_id"].nunique())
        if unknown_in_places(pack, selection, kind):
            providers = math.nan
        return figure(pack, label, providers, "count", inputs, "capacity")

    return count


def gaps_filled(pack: Pack, selection: Selection) -> Figure:
    """How many of the service's gaps a derivation answers."""
    gaps = gaps_of(pack, selection.service)
    answered = gaps[gaps["answer"] != ""]
    known = [one.figure.status for one in derivations(pack, selection.service) if one.fills_gap in set(answered["id"])]
    return Figure("Published gaps filled", f"{len(answered)} of {len(gaps)}", "", arithmetic(*known))


def as_of(pack: Pack, selection: Selection) -> Figure:
    """The date of the data."""
    return figure(pack, "Date of the data", date_of_data(pack), "", "requests")


def projection(pack: Pack, selection: Selection) -> Figure | None:
    """The published growth that the what-if starts from, else the one to hold it against; None without either."""
    lever = pack.service(selection.service).levers.get("demand.need_growth_pct")
    fact_id = (lever.fact or lever.compare) if lever else ""
    return fact_figure(pack, fact_id) if fact_id else None


FURTHER_FIGURES: Mapping[str, Callable[[Pack, Selection], Figure | None]] = {
    "providers_per_lot": providers_per_lot,
    "single_provider_lots": single_provider_lots,
    "rural_spot_share": rural_spot_share,
    "rural_providers": providers_in("Providers in rural districts", "rural", places),
    "london_providers": providers_in("Providers in districts beside London", "borders_london", "districts"),
    "gaps_filled": gaps_filled,
    "as_of": as_of,
    "projection": projection,
}


def named_figures(text: str) -> list[str]:
    """The ids that a cell of intentions.csv lists with ; between them."""
    return [part.strip() for part in text.split(";") if part.strip()]


def intention_faults(pack: Pack) -> list[Fault]:
    """What is wrong with the figures that intentions.csv names: those that nobody knows are not shown."""
    known = [*indicators(pack), *FURTHER_FIGURES]
    every = {*known, *pack.table("facts")["id"]}
    rows = pack.table("intentions").fillna("")
    return [
        Fault(INTENTIONS, None, "indicators", f"{quoted(code)} for the intention {quoted(intention)}",
              f"one of {', '.join(known)}, or a fact of facts.csv")
        for intention, text in zip(rows["intention_id"], rows["indicators"], strict=True)
        for code in named_figures(text)
        if code not in every
    ]  # fmt: skip


def intentions_of(pack: Pack, service: str, further: Mapping[str, Figure] | None = None) -> pd.DataFrame:
    """The published intentions of a service, in the order of intentions.csv.

    What tracks an intention is named by id: an indicator (the county's own figure), a figure of FURTHER_FIGURES, or a
    fact of facts.csv. `further` gives figures that this module cannot work out, such as {"projection": ...} of a
    scenario, and comes before all of these.

    Columns: intention_id, intention, tracked_by, figures (a tuple of Figure, empty where there is none), figures_text
    (the same in one text, or "no figure yet"), status (the weakest of the figures, "" without one), needs (what would
    give a figure; "" where there is one). SelectionError for a service that there is not. An id that nobody knows is
    left out: `intention_faults` says so.
    """
    selection = select(pack, service)
    county = county_profile(pack, selection)
    facts = set(pack.table("facts")["id"])
    rows = pack.table("intentions")
    found = []
    for row in rows[rows["service"] == service].fillna("").to_dict("records"):
        figures = []
        for code in named_figures(row["indicators"]):
            if further and code in further:
                one: Figure | None = further[code]
            elif code in indicators(pack):
                one = county_figure(pack, selection, county, code)
            elif code in FURTHER_FIGURES:
                one = FURTHER_FIGURES[code](pack, selection)
            elif code in facts:
                one = fact_figure(pack, code)
            else:  # nobody knows it: intention_faults says so
                one = None
            if one is not None:
                figures.append(one)
        found.append(
            {
                "intention_id": row["intention_id"],
                "intention": row["intention"],
                "tracked_by": row["tracked_by"],
                "figures": tuple(figures),
                "figures_text": "; ".join(f"{one.label}: {one.text_with_unit}" for one in figures) or NO_FIGURE,
                "status": str(together(one.status for one in figures)) if figures else "",
                "needs": row["needs"],
            }
        )
    return pd.DataFrame(found, columns=COLUMNS)
