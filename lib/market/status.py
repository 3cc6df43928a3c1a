"""How a county figure is known: a total that reconciles with a published one is published, not modelled."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import pandas as pd

from lib.market.basis import Standing
from lib.market.figure import Figure, as_of
from lib.market.indicator import Indicator, leaves
from lib.market.indicators import every_figure, indicator_label, indicator_status, indicators
from lib.market.lots import off_framework
from lib.market.selection import COUNTY_CODE, Selection, cohorts_of, service_types_of
from lib.market.units import is_missing
from lib.market.unknown import hole
from lib.pack.load import Pack
from lib.pack.manifest import Status
from lib.pack.reconcile import FILTERS, rule_value


@dataclass(frozen=True)
class Known:
    """How a figure is known, and where that can be read: a source, or the words of a rule."""

    status: Standing
    source: str


@lru_cache(maxsize=256)
def county_known(pack: Pack, selection: Selection, indicator_id: str) -> Known:
    """How a whole county's figure for the selection is known, and where that can be read.

    It is that of a published fact where the fact counts exactly these service types and cohorts and the pack agrees
    with it to the unit; derived where it is arithmetic on such facts; otherwise the weakest status of its tables.
    """
    if indicator_id == "spot_share" and (published := published_spot_share(pack, selection)):
        return published
    known = every_figure(pack)
    indicator = known[indicator_id]
    facts = [published_fact(pack, selection, known[leaf]) for leaf in leaves(known, indicator_id)]
    if not indicator.parts and facts[0] is not None:
        return Known(Standing(cast(Status, facts[0]["status"])), str(facts[0]["source"]))
    if indicator.parts and all(fact is not None for fact in facts):
        return Known(Standing("derived"), indicator.formula)
    return Known(indicator_status(pack, indicator), indicator.formula)


def published_fact(pack: Pack, selection: Selection, indicator: Indicator) -> pd.Series[str] | None:
    """The published fact that an indicator's figure of the selection must equal, if there is one and it does."""
    table, column = indicator.column or ("", "")
    return matching_fact(pack, selection, column) if table == "demand" else None


def published_spot_share(pack: Pack, selection: Selection) -> Known | None:
    """How a whole service's spot share is known where a published percentage states it and the pack agrees."""
    rules = pack.table("reconciliation")
    facts = pack.table("facts").set_index("id")
    for _, rule in rules[(rules["measure"] == "percent") & (rules["bound"] == "equal")].iterrows():
        spot = (rule["table"], rule["column"], rule["share_of"]) == ("capacity", "delivered_hours", "route")
        spot &= set(str(rule["route"]).split(";")) == set(off_framework(pack))
        fact = facts.loc[rule["fact_id"]]
        whole = counts_exactly(pack, rule.where(rule.index != "route"), selection)
        if spot and whole and rule_value(pack, rule) == float(fact["value"]):
            return Known(Standing(cast(Status, fact["status"])), str(fact["source"]))
    return None


def county_figure(pack: Pack, selection: Selection, county: pd.Series[float], indicator_id: str) -> Figure:
    """A whole county's figure for the selection. county: its row of lib.market.profile.county_profile."""
    indicator = indicators(pack)[indicator_id]
    known = county_known(pack, selection, indicator_id)
    # The county is never a single lot: there coverage and gap are net.
    label = indicator_label(indicator, single_lot=False)
    value = float(county[indicator_id])
    missing = hole(pack, selection.county(), COUNTY_CODE, indicator_id) if is_missing(value) else ""
    return Figure(label, value, indicator.unit, known.status, known.source, as_of(pack, selection.service), missing)


def matching_fact(pack: Pack, selection: Selection, column: str) -> pd.Series[str] | None:
    """The published fact that the sum of a demand column over the selection must equal, if there is one and it does."""
    rules = pack.table("reconciliation")
    rules = rules[(rules["table"] == "demand") & (rules["column"] == column) & (rules["measure"] == "sum")]
    facts = pack.table("facts").set_index("id")
    for _, rule in rules[rules["bound"] == "equal"].iterrows():
        fact = facts.loc[rule["fact_id"]]
        if counts_exactly(pack, rule, selection) and rule_value(pack, rule) == float(fact["value"]):
            return cast("pd.Series[str]", fact)
    return None


def counts_exactly(pack: Pack, rule: pd.Series[str], selection: Selection) -> bool:
    """Whether a rule adds up just the selection's service, service types and cohorts."""
    every = {
        "service": (),
        "service_type": service_types_of(pack, selection.service),
        "cohort": cohorts_of(pack, selection.service),
        "route": (),
    }
    wanted = {
        "service": {selection.service},
        "service_type": set(selection.service_types),
        "cohort": set(selection.cohorts),
        "route": set(),
    }
    for name in FILTERS:
        values = str(rule[name]).split(";") if pd.notna(rule[name]) and rule[name] else every[name]
        if set(values) != wanted[name]:
            return False
    return True
