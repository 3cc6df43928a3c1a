"""Small capacity tables, by hand or at random, in the place of the tiny pack's own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
from hypothesis import strategies as st
from tiny_pack import ASH, BIRCH

from lib.market.ranked_lists.call_off import Lot
from lib.pack.load import LOT, Pack

ASH_DAY = Lot("home", ASH, "day", "older")
ASH_NIGHT = Lot("home", ASH, "night", "older")
BIRCH_DAY = Lot("home", BIRCH, "day", "older")
LOTS = [ASH_DAY, ASH_NIGHT, BIRCH_DAY]
PROVIDERS = [f"P{number}" for number in range(1, 8)]
ORDER = ["tier_1", "tier_2", "spot"]

# provider_id, lot, route, rank, capacity_hours, delivered_hours, hourly_rate
Row = tuple[str, Lot, str, int | None, float, float, float]


def with_capacity(pack: Pack, rows: list[Row], scores: list[float] | None = None) -> Pack:
    """The pack with another capacity table; every provider has the performance score 50 unless told otherwise."""
    columns = ["provider_id", *LOT, "route", "rank", "capacity_hours", "delivered_hours", "hourly_rate"]
    frame = pd.DataFrame([(row[0], *row[1], *row[2:]) for row in rows], columns=columns)
    frame["performance_score"] = [50.0] * len(rows) if scores is None else scores
    kinds: dict[str, Any] = {"rank": "Int64", **dict.fromkeys(columns[-3:], "float64")}
    return replace(pack, tables={**pack.tables, "capacity": frame.astype(kinds)})


# Tenths of an hour: such numbers do not add up exactly, as those of a real pack do not.
hours = st.integers(0, 3000).map(lambda tenths: tenths / 10)


@st.composite
def capacity_rows(draw: st.DrawFn) -> list[Row]:
    """Up to 20 rows over three lots and three routes; some have no room, some deliver more than their capacity."""
    cells = st.tuples(st.sampled_from(PROVIDERS), st.sampled_from(LOTS), st.sampled_from(ORDER))
    rows: list[Row] = []
    for provider_id, lot, route in draw(st.lists(cells, max_size=20, unique=True)):
        rank = None if route == "spot" else draw(st.integers(1, 4))
        rate = draw(st.sampled_from([18.5, 20.0, 25.0]))
        rows.append((provider_id, lot, route, rank, draw(hours) / 3, draw(hours) / 6, rate))
    return rows
