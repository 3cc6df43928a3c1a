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
from lib.market.rural_pockets import places, unknown_places
from lib.market.selection import COUNTY_CODE, Selection, select
from lib.market.status import county_figure
from lib.market.unknown import hole
from lib.market.wording import NOT_KNOWN
from lib.pack.faults import Fault, quoted
from lib.pack.load import Pack
from lib.pack.models import path_of
from lib.pack.ratios import safe_ratio

NO_FIGURE = "no figure yet"
COLUMNS = ["intention_id", "intention", "tracked_by", "figures", "figures_text", "status", "needs"]


def providers_per_lot(pack: Pack, selection: Selection) -> Figure:
    """The mean number of providers on a list."""
    mean = float(listed_providers(lot_table(pack, selection.by_district())).mean(skipna=False))
    label = f"Providers on a {list_noun(pack, selection.service)}, on average"
    return figure(pack, label, mean, "decimal", lot_table, service=selection.service)


def single_provider_lots(pack: Pack, selection: Selection) -> Figure:
    """How many of the lists rest on one provider."""
    providers = listed_providers(lot_table(pack, selection.by_district()))
    known = providers.notna().all()
    text = f"{int((providers == 1).sum()):,} of {len(providers):,}" if known else NOT_KNOWN
    label = f"{list_noun(pack, selection.service).capitalize()}s resting on one provider"
    return figure(pack, label, text, "", lot_table, service=selection.service)


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
    if unknown_places(pack, selection.service, kind).any():
        return True
    found = places(pack, selection.service)
    known = known_areas(pack, selection.by_district(), "capacity")
    return not known[found.loc[found[kind], "district_code"]].all()


def rural_spot_share(pack: Pack, selection: Selection) -> Figure:
    """Share of the hours delivered in rural districts that is bought off the framework."""
    if unknown_in_places(pack, selection, "rural"):
        return figure(
            pack, "Spot share in rural districts", NOT_KNOWN, "", places, "capacity", service=selection.service
        )
    capacity = in_places(pack, selection, "rural")
    spot = capacity[capacity["route"].isin(off_framework(pack))]["delivered_hours"].sum()
    share = safe_ratio(float(spot), float(capacity["delivered_hours"].sum()))
    return figure(
        pack, "Spot share in rural districts", float(share), "share", places, "capacity", service=selection.service
    )


def providers_in(label: str, kind: str, inputs: Input) -> Callable[[Pack, Selection], Figure]:
    """A figure that counts the providers with capacity or hours in some districts."""

    def count(pack: Pack, selection: Selection) -> Figure:
        providers = float(serving(in_places(pack, selection, kind))["provider_id"].nunique())
        if unknown_in_places(pack, selection, kind):
            providers = math.nan
        return figure(pack, label, providers, "count", inputs, "capacity", service=selection.service)

    return count


def gaps_filled(pack: Pack, selection: Selection) -> Figure:
    """How many of the service's gaps a derivation answers."""
    gaps = gaps_of(pack, selection.service)
    answered = gaps[gaps["answer"] != ""]
    known = [one.figure.status for one in derivations(pack, selection.service) if one.fills_gap in set(answered["id"])]
    return Figure("Published gaps filled", f"{len(answered)} of {len(gaps)}", "", arithmetic(*known))


def as_of(pack: Pack, selection: Selection) -> Figure:
    """The date of the data."""
    return figure(
        pack, "Date of the data", date_of_data(pack, selection.service), "", "requests", service=selection.service
    )


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
    """What is wrong with the figures that intentions.csv and council_words.csv name: unknown ones are not shown."""
    known = [*indicators(pack), *FURTHER_FIGURES]
    every = {*known, *pack.table("facts")["id"]}
    faults = []
    for table, name, noun in (("intentions", "intention_id", "intention"), ("council_words", "word_id", "passage")):
        rows = pack.table(table).fillna("")
        faults += [
            Fault(path_of(table), None, "indicators", f"{quoted(code)} for the {noun} {quoted(of)}",
                  f"one of {', '.join(known)}, or a fact of facts.csv")
            for of, text in zip(rows[name], rows["indicators"], strict=True)
            for code in named_figures(text)
            if code not in every
        ]  # fmt: skip
    return faults


def figures_named(
    pack: Pack,
    selection: Selection,
    county: pd.Series[float],
    text: str,
    further: Mapping[str, Figure] | None = None,
) -> tuple[Figure, ...]:
    """The figures whose ids a cell lists: indicators, figures of FURTHER_FIGURES, facts; `further` before all of them.

    An id that nobody knows is left out: `intention_faults` says so.
    """
    facts = set(pack.table("facts")["id"])
    found: list[Figure | None] = []
    for code in named_figures(text):
        if further and code in further:
            found.append(further[code])
        elif code in indicators(pack):
            found.append(county_figure(pack, selection, county, code))
        elif code in FURTHER_FIGURES:
            found.append(FURTHER_FIGURES[code](pack, selection))
        elif code in facts:
            found.append(fact_figure(pack, code))
    return tuple(one for one in found if one is not None)


def figures_text(figures: tuple[Figure, ...]) -> str:
    """Figures in one text, or that there is none yet."""
    return "; ".join(f"{one.label}: {one.exact_text}" for one in figures) or NO_FIGURE


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
    rows = pack.table("intentions")
    found = []
    for row in rows[rows["service"] == service].fillna("").to_dict("records"):
        figures = figures_named(pack, selection, county, row["indicators"], further)
        found.append(
            {
                "intention_id": row["intention_id"],
                "intention": row["intention"],
                "tracked_by": row["tracked_by"],
                "figures": figures,
                "figures_text": figures_text(figures),
                "status": str(together(one.status for one in figures)) if figures else "",
                "needs": row["needs"],
            }
        )
    return pd.DataFrame(found, columns=COLUMNS)
