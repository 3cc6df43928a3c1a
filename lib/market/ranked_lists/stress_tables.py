"""A stress test as tables for people: by district, by lot, and who takes the hours."""

from __future__ import annotations

import pandas as pd

from lib.market.lots import lot_table
from lib.market.ranked_lists.call_off import Lot
from lib.market.ranked_lists.placement import UNPLACED
from lib.market.ranked_lists.resilience import Stress
from lib.market.ranked_lists.wording import kind_words, provider_labels
from lib.market.selection import select
from lib.pack.load import LOT, Pack
from lib.pack.ratios import safe_ratio

SUMS = ["moved_hours", "unplaced_hours", "people_affected", "lost_headroom_hours"]
# What a map of a stress can show: its name, the column of `by_district`, and the legend's title.
MEASURES = {
    "unplaced": ("Nobody has room", "unplaced_share", "Hours that nobody has room for, share of hours delivered"),
    "moved": ("Must move", "moved_share", "Hours that must move, share of hours delivered"),
    "lost": ("Headroom lost", "lost_share", "Headroom that is lost, share of today's headroom"),
}


def by_district(pack: Pack, service: str, stressed: Stress) -> pd.DataFrame:
    """Every district, touched or not.

    Columns: district_code, district_name, moved_hours, unplaced_hours, people_affected, lost_headroom_hours,
    moved_share and unplaced_share (of the hours delivered in the district), lost_share (of its headroom); shares are
    empty without a denominator.
    """
    lots = stressed.lots[stressed.lots["service"] == service]
    by_lot = lot_table(pack, select(pack, service)).groupby("district_code")
    today = by_lot[["delivered_hours", "headroom_hours"]].sum(skipna=False)
    names = pack.district_names()
    found = lots.groupby("district_code")[SUMS].sum(skipna=False).reindex(list(names), fill_value=0.0)
    today = today.reindex(found.index)
    found["moved_share"] = safe_ratio(found["moved_hours"], today["delivered_hours"])
    found["unplaced_share"] = safe_ratio(found["unplaced_hours"], today["delivered_hours"])
    found["lost_share"] = safe_ratio(found["lost_headroom_hours"], today["headroom_hours"])
    found.insert(0, "district_name", pd.Series(names))
    return found.reset_index()


def named_lots(pack: Pack, rows: pd.DataFrame) -> dict[str, list[str]]:
    """The lots of some rows in words: district, and lot (service type, cohort)."""
    names = pack.district_names()
    return {
        "district": [names[code] for code in rows["district_code"]],
        "lot": [kind_words(pack, Lot(*row)) for row in rows[LOT].itertuples(index=False, name=None)],
    }


def stress_table(pack: Pack, service: str, stressed: Stress) -> pd.DataFrame:
    """The lots touched, those with most hours without room first: the columns of `named_lots` and of `Stress.lots`."""
    lots = stressed.lots[stressed.lots["service"] == service]
    order = ["unplaced_hours", "moved_hours", "lost_headroom_hours"]
    return (
        lots.assign(**named_lots(pack, lots)).sort_values(order, ascending=False, kind="stable").reset_index(drop=True)
    )


def placement_table(pack: Pack, service: str, stressed: Stress) -> pd.DataFrame:
    """Who takes the hours: district, lot, route, rank, provider, placed_hours; no lots from which nothing moves."""
    rows = stressed.placements[stressed.placements["service"] == service]
    moving = rows.groupby(LOT, sort=False)["placed_hours"].transform("sum") > 0
    rows = rows[moving & ((rows["placed_hours"] > 0) | rows["route"].ne(UNPLACED))]
    names = provider_labels(pack)
    return pd.DataFrame(
        {
            **named_lots(pack, rows),
            "route": [pack.label("routes", code) if code != UNPLACED else "Unplaced" for code in rows["route"]],
            "rank": rows["rank"].to_numpy(),
            "provider": [names.get(code, "nobody has room") for code in rows["provider_id"]],
            "placed_hours": rows["placed_hours"].to_numpy(),
        }
    )
