"""What the council has said it intends, each with the figures that track it today, or what would give one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

import pandas as pd

from lib.market.indicators import indicator_label, indicators
from lib.market.lots import chosen, lot_table, off_framework, serving
from lib.market.profile import county_profile
from lib.market.published.facts import fact_row, fact_text, gaps_of, unit_text
from lib.market.rural_pockets import places
from lib.market.selection import Selection, is_single_lot, select, unknown
from lib.market.status import county_figure, spot_share_figure
from lib.market.wording import show, show_with_unit
from lib.pack.load import Pack
from lib.pack.manifest import Status, weakest
from lib.pack.ratios import safe_ratio

NO_FIGURE = "no figure yet"
COLUMNS = ["intention_id", "intention", "tracked_by", "figures", "figures_text", "status", "needs"]


@dataclass(frozen=True)
class Tracked:
    """A figure that tracks an intention, as people read it, and how it is known."""

    label: str
    text: str
    status: Status


def lots_with_care(pack: Pack, selection: Selection) -> pd.Series[int]:
    """Providers of each lot where care is bought or waits for a provider."""
    lots = lot_table(pack, selection.by_district())
    return lots[lots["demand_hours"] > 0]["providers"]


def providers_per_lot(pack: Pack, selection: Selection) -> Tracked:
    """The mean number of providers of the lots where care is bought or waits."""
    text = show(lots_with_care(pack, selection).mean(), "decimal")
    return Tracked("Providers per lot, on average", text, pack.status("demand", "requests", "capacity"))


def single_provider_lots(pack: Pack, selection: Selection) -> Tracked:
    """How many of those lots have one provider."""
    providers = lots_with_care(pack, selection)
    text = f"{int((providers == 1).sum()):,} of {len(providers):,}"
    return Tracked("Lots with a single provider", text, pack.status("demand", "requests", "capacity"))


def in_places(pack: Pack, selection: Selection, kind: str) -> pd.DataFrame:
    """The rows of the capacity table of the selection in districts of a kind: rural, or borders_london (places)."""
    districts = places(pack, selection.service)
    codes = districts[districts[kind]]["district_code"]
    capacity = chosen(pack.table("capacity"), selection)
    return capacity[capacity["district_code"].isin(codes)]


def rural_spot_share(pack: Pack, selection: Selection) -> Tracked:
    """Share of the hours delivered in rural districts that is bought off the framework."""
    capacity = in_places(pack, selection, "rural")
    spot = capacity[capacity["route"].isin(off_framework(pack))]["delivered_hours"].sum()
    share = safe_ratio(float(spot), float(capacity["delivered_hours"].sum()))
    return Tracked("Spot share in rural districts", show(share, "share"), pack.status("districts", "capacity"))


def providers_in(label: str, kind: str) -> Callable[[Pack, Selection], Tracked]:
    """A figure that counts the providers with capacity or hours in some districts."""

    def count(pack: Pack, selection: Selection) -> Tracked:
        providers = serving(in_places(pack, selection, kind))["provider_id"].nunique()
        return Tracked(label, f"{providers:,}", pack.status("districts", "capacity"))

    return count


def gaps_filled(pack: Pack, selection: Selection) -> Tracked:
    """How many of the service's gaps a derivation answers."""
    answers = gaps_of(pack, selection.service)["answer"]
    return Tracked("Published gaps filled", f"{int((answers != '').sum())} of {len(answers)}", "derived")


def as_of(pack: Pack, selection: Selection) -> Tracked:
    """The date of the data."""
    date = pack.manifest.as_of
    return Tracked("Date of the data", f"{date.day} {date:%B %Y}", pack.status("requests"))


def projection(pack: Pack, selection: Selection) -> Tracked | None:
    """The published growth that the what-if starts from, else the one to hold it against; None without either."""
    lever = pack.service(selection.service).levers.get("demand.need_growth_pct")
    fact_id = (lever.fact or lever.compare) if lever else ""
    return fact_figure(pack, fact_id) if fact_id else None


FURTHER_FIGURES: Mapping[str, Callable[[Pack, Selection], Tracked | None]] = {
    "providers_per_lot": providers_per_lot,
    "single_provider_lots": single_provider_lots,
    "rural_spot_share": rural_spot_share,
    "rural_providers": providers_in("Providers in rural districts", "rural"),
    "london_providers": providers_in("Providers in districts beside London", "borders_london"),
    "gaps_filled": gaps_filled,
    "as_of": as_of,
    "projection": projection,
}


def fact_figure(pack: Pack, fact_id: str) -> Tracked:
    """A fact of facts.csv as a figure."""
    row = fact_row(pack, fact_id)
    text = f"{fact_text(row['value'], row['unit'])} {unit_text(row['unit'])}".strip()
    return Tracked(str(row["measure"]), text, cast(Status, row["status"]))


def indicator_figure(pack: Pack, selection: Selection, county: pd.Series[float], code: str) -> Tracked:
    """The county's own figure of an indicator."""
    indicator = indicators(pack)[code]
    known = spot_share_figure(pack, selection) if code == "spot_share" else county_figure(pack, selection, code)
    label = indicator_label(indicator, is_single_lot(pack, selection.county()))
    return Tracked(label, show_with_unit(county[code], indicator.unit), known.status)


def together(statuses: list[Status]) -> Status:
    """The weakest of some figures' statuses; context where each of them is only context."""
    return "context" if set(statuses) == {"context"} else weakest(statuses)


def intentions_of(pack: Pack, service: str, further: Mapping[str, Tracked] | None = None) -> pd.DataFrame:
    """The published intentions of a service, in the order of intentions.csv.

    What tracks an intention is named by id: an indicator (the county's own figure), a figure of FURTHER_FIGURES, or a
    fact of facts.csv. `further` gives figures that this module cannot work out, such as {"projection": ...} of a
    scenario, and comes before all of these.

    Columns: intention_id, intention, tracked_by, figures (a tuple of Tracked, empty where there is none), figures_text
    (the same in one text, or "no figure yet"), status (the weakest of the figures, "" without one), needs (what would
    give a figure; "" where there is one). SelectionError for a service or an id that there is not.
    """
    selection = select(pack, service)
    county = county_profile(pack, selection)
    facts = set(pack.table("facts")["id"])
    rows = pack.table("intentions")
    found = []
    for row in rows[rows["service"] == service].fillna("").to_dict("records"):
        figures = []
        for code in (part.strip() for part in row["indicators"].split(";") if part.strip()):
            if further and code in further:
                figure: Tracked | None = further[code]
            elif code in indicators(pack):
                figure = indicator_figure(pack, selection, county, code)
            elif code in FURTHER_FIGURES:
                figure = FURTHER_FIGURES[code](pack, selection)
            elif code in facts:
                figure = fact_figure(pack, code)
            else:
                known = [*indicators(pack), *FURTHER_FIGURES]
                raise unknown(f"figure of the intention {row['intention_id']}", code, [*known, "a fact of facts.csv"])
            if figure is not None:
                figures.append(figure)
        found.append(
            {
                "intention_id": row["intention_id"],
                "intention": row["intention"],
                "tracked_by": row["tracked_by"],
                "figures": tuple(figures),
                "figures_text": "; ".join(f"{one.label}: {one.text}" for one in figures) or NO_FIGURE,
                "status": together([one.status for one in figures]) if figures else "",
                "needs": row["needs"],
            }
        )
    return pd.DataFrame(found, columns=COLUMNS)
