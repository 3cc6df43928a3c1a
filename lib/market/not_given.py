"""What nobody has given of a pack as yet: what it is called, what is unknown without it, and what fills it.

Stated once, for every page, file and message. A pack begins with its districts alone (lib.pack.new_pack), and each
table that comes in makes more of it known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from lib.market.wording import NOT_KNOWN, listed
from lib.pack.load import Pack
from lib.pack.models import path_of

WHERE = "on the Data page"
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


def is_not_known(names: list[str]) -> str:
    """That what some tables tell of is not known yet, as words that begin or follow a sentence: "demand is not ..."."""
    verb = "are" if len(names) > 1 or NOT_GIVEN[names[0]].many else "is"
    return f"{listed([NOT_GIVEN[name].called for name in names])} {verb} {NOT_KNOWN} yet"


def not_given_sentence(pack: Pack, tables: Iterable[str] = tuple(NOT_GIVEN)) -> str:
    """What is missing of some tables, and what fills it, in one sentence; "" where all of them were given."""
    names = not_given(pack, tables)
    if not names:
        return ""
    text = is_not_known(names)
    return f"{text[0].upper()}{text[1:]}: fill the {templates(names)} {WHERE}."


def templates(names: list[str]) -> str:
    """The templates of some tables, in words."""
    return f"template{'s' if len(names) > 1 else ''} {listed(names)}"


def not_given_notes(pack: Pack) -> list[str]:
    """One sentence a table that was not given: its file, and what is unknown without it."""
    return [
        f"{path_of(name)}: {is_not_known([name])}. Unknown without it: {NOT_GIVEN[name].without}"
        for name in not_given(pack)
    ]


def not_given_table(pack: Pack) -> pd.DataFrame:
    """The tables that were not given: called, without, template; a row each."""
    rows = [(NOT_GIVEN[name].called, NOT_GIVEN[name].without, name) for name in not_given(pack)]
    return pd.DataFrame(rows, columns=["called", "without", "template"])
