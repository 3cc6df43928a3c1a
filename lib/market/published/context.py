"""Facts that stand beside a figure for comparison, and facts that newer ones have overtaken.

facts.csv says what a fact qualifies (an indicator, or a lever of the service), and which newer fact supersedes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from lib.market.figure import Figure
from lib.market.indicators import indicators
from lib.market.published.facts import fact_figure, fact_row, fact_words, superseded_words
from lib.pack.faults import Fault, quoted
from lib.pack.load import Pack
from lib.pack.models import path_of

FACTS = path_of("facts")


@dataclass(frozen=True)
class Beside:
    """A fact beside another figure.

    fact_id: its id. figure: as it was published, with its period as its date. note: what a reader must know of it.
    newer: what has overtaken it, in words. "" for none of either.
    """

    fact_id: str
    figure: Figure
    note: str
    newer: str

    @property
    def words(self) -> str:
        """The fact in one line: what it counts, the figure where it has one, and its period."""
        return fact_words(self.figure)

    @property
    def remark(self) -> str:
        """What has overtaken it, then what a reader must know; "" for neither."""
        return " ".join(f"{text.rstrip('.')}." for text in (self.newer, self.note) if text)


def beside(pack: Pack, fact_id: str) -> Beside:
    """A fact as it stands beside another figure."""
    row = fact_row(pack, fact_id)
    return Beside(fact_id, fact_figure(pack, fact_id), row["note"], superseded_words(pack, row["superseded_by"]))


def ids_in(cell: str) -> list[str]:
    """The ids that a cell lists with ; between them."""
    return [part.strip() for part in cell.split(";") if part.strip()]


@lru_cache(maxsize=16)
def qualifying(pack: Pack, service: str) -> Mapping[str, Sequence[Beside]]:
    """The facts of a service by the id of the indicator or lever that they stand beside, what is superseded last.

    Kept: every rerun of a page asks again, once a lever.
    """
    facts = pack.table("facts").fillna("")
    facts = facts[(facts["service"] == service) & (facts["qualifies"] != "")]
    facts = facts.assign(stale=facts["superseded_by"] != "").sort_values("stale", kind="stable")
    found: dict[str, list[Beside]] = {}
    for fact_id, cell in zip(facts["id"], facts["qualifies"], strict=True):
        for code in ids_in(cell):
            found.setdefault(code, []).append(beside(pack, fact_id))
    return found


@lru_cache(maxsize=512)
def beside_lever(pack: Pack, service: str, lever_id: str) -> Sequence[Beside]:
    """The facts beside a lever of the what-if, and what its default was taken from where newer facts have overtaken it.

    The default may rest on a fact of another service.
    """
    found = qualifying(pack, service).get(lever_id, [])
    default = pack.service(service).levers.get(lever_id)
    named = [default.fact, default.compare] if default else []
    known = {one.fact_id for one in found}
    rested_on = [beside(pack, fact_id) for fact_id in dict.fromkeys(named) if fact_id and fact_id not in known]
    return (*found, *(one for one in rested_on if one.newer))


def context_faults(pack: Pack) -> list[Fault]:
    """A fault for each figure that facts.csv says a fact stands beside and that there is not."""
    facts: pd.DataFrame = pack.table("facts").fillna("")
    faults = []
    for place, (service, cell) in enumerate(zip(facts["service"], facts["qualifies"], strict=True)):
        known = [*indicators(pack), *pack.service(service).levers]
        faults += [
            Fault(FACTS, pack.row_of("facts", place), "qualifies", quoted(code), f"one of {', '.join(known)}")
            for code in ids_in(cell)
            if code not in known
        ]
    return faults
