"""What nobody has given of a pack as yet, in words: what is unknown without it, and what fills it."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from lib.market.awaited import NOT_GIVEN, not_given
from lib.market.wording import NOT_KNOWN, listed
from lib.pack.load import Pack
from lib.pack.models import path_of

WHERE = "on the Data page"


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
