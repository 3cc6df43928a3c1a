"""The tables that a pack may wait for: what each is called, and what is unknown without it.

Stated once, for every page, file and message. A pack begins with its districts alone (lib.pack.new_pack), and each
table that comes in makes more of it known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lib.pack.load import Pack

# In place of the status of a table that nobody has given.
NOT_YET = "not given yet"


@dataclass(frozen=True)
class NotGiven:
    """A table that a pack may wait for. called: what it tells of; many: whether that is a plural; without: what is
    unknown as long as it is not there.
    """

    called: str
    without: str
    many: bool = False


# In the order in which a council would fill them.
NOT_GIVEN: dict[str, NotGiven] = {
    "population": NotGiven(
        "residents by age", "figures for every 1,000 residents, and how need changes as people age", many=True
    ),
    "demand": NotGiven("demand", "hours delivered, people and cost, coverage and shortfall, and the what-if"),
    "requests": NotGiven("what waits", "hours waiting, days to source, and so demand in all, coverage, shortfall"),
    "providers": NotGiven("who provides care", "lists of providers, and all that is said of one"),
    "capacity": NotGiven("supply", "capacity, headroom, coverage and shortfall, routes and spot purchase"),
    "ratings": NotGiven("quality", "the quality of care, and who passes the quality gate"),
    "history": NotGiven("how it was month by month", "lines by month, and the back-test"),
}


def not_given(pack: Pack, tables: Iterable[str] = tuple(NOT_GIVEN)) -> list[str]:
    """Which of some tables nobody has given as yet, in the order of NOT_GIVEN."""
    asked = set(tables)
    return [name for name in NOT_GIVEN if name in asked and not pack.given(name)]
