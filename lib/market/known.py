"""The known and the unknown of a service: its published figures, what follows from them, and its gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pandas as pd

from lib.market.lots import serving
from lib.pack.load import Pack
from lib.pack.manifest import Status, weakest


@dataclass(frozen=True)
class Figure:
    """A figure that a pack gives: its value, how it is known, and its formula or source in words."""

    value: float
    status: Status
    formula: str


def fact_row(pack: Pack, fact_id: str) -> pd.Series[str]:
    """A row of facts.csv by its id; KeyError where there is none (the loader checks what the manifest names)."""
    return cast("pd.Series[str]", pack.table("facts").set_index("id").loc[fact_id])


def fact_number(pack: Pack, fact_id: str) -> float:
    """The value of a fact that is a number."""
    return float(fact_row(pack, fact_id)["value"])


def fact_status(pack: Pack, fact_id: str) -> Status:
    """How a fact is known."""
    return cast(Status, fact_row(pack, fact_id)["status"])


def providers_today(pack: Pack, service: str) -> Figure:
    """How many providers a service has: the middle of the published range, else the count of the capacity table.

    The middle of a range is (fewest + most) / 2, a derived figure that need not be whole; one published number is given
    as it stands. Counted are the providers with capacity or hours.
    """
    named = pack.service(service).providers_range
    if named is None:
        capacity = serving(pack.table("capacity"))
        count = capacity[capacity["service"] == service]["provider_id"].nunique()
        return Figure(float(count), pack.status("capacity"), "distinct providers in the capacity table")
    low, high = (fact_number(pack, fact) for fact in named)
    statuses = [fact_status(pack, fact) for fact in named]
    if low == high:
        return Figure(low, weakest(statuses), "providers, as published")
    return Figure((low + high) / 2, weakest(["derived", *statuses]), f"the middle of {low:,g} to {high:,g}")
