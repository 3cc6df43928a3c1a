"""What a change of a pack does to the headline figures: those of the tiles of a market page, before and after."""

from __future__ import annotations

import math

import pandas as pd

from lib.market.figure import Figure
from lib.market.profile import county_profile
from lib.market.selection import select
from lib.market.status import county_figure
from lib.market.units import UNITS, is_missing
from lib.pack.load import Pack

# The figures of the four tiles, and those in their second lines, in that order.
HEADLINES = (
    "delivered_hours",
    "people",
    "annual_cost",
    "coverage",
    "shortfall_hours",
    "waiting_hours",
    "open_requests",
    "median_days_to_source",
    "good_or_better_share",
    "not_rated_share",
)
COLUMNS = [
    "service",
    "figure",
    "label",
    "unit",
    "before",
    "after",
    "text_before",
    "text_after",
    "status_before",
    "status_after",
    "differs",
]


def change_effects(old: Pack, new: Pack) -> pd.DataFrame:
    """The headline figures of every service of two states of a pack, one row each.

    Columns: service (its label), figure (the indicator's id), label, unit (a code of lib.market.units), before and
    after (numbers, NaN where not known, and where the pack has no such service), text_before and text_after (as tables
    have them, "" for no such service), status_before and status_after (in words), differs (whether anything does).
    """
    rows = []
    for code in dict.fromkeys([*old.manifest.services, *new.manifest.services]):
        before, after = headlines(old, code), headlines(new, code)
        service = (new if code in new.manifest.services else old).service(code).label
        for name in HEADLINES:
            pair = before.get(name), after.get(name)
            known = pair[1] or pair[0]
            if known is not None:
                texts = [in_a_table(one) if one else "" for one in pair]
                statuses = [str(one.status) if one else "" for one in pair]
                numbers = [float(one.value) if one else math.nan for one in pair]
                same = numbers[0] == numbers[1] or all(map(is_missing, numbers))
                differs = not same or statuses[0] != statuses[1]
                rows.append((service, name, known.label, known.unit, *numbers, *texts, *statuses, differs))
    return pd.DataFrame(rows, columns=COLUMNS)


def in_a_table(figure: Figure) -> str:
    """A figure's value as tables have it, not rounded: how it is known may differ, and so would its rounding."""
    if figure.lacks_rows or isinstance(figure.value, str):
        return figure.text
    return UNITS[figure.unit].show(figure.value)


def headlines(pack: Pack, service: str) -> dict[str, Figure]:
    """The county's headline figures of a service by the indicator's id; none where the pack has no such service."""
    if service not in pack.manifest.services or pack.lots_of(service).empty:
        return {}
    selection = select(pack, service)
    county = county_profile(pack, selection)
    return {name: county_figure(pack, selection, county, name) for name in HEADLINES if name in county.index}
