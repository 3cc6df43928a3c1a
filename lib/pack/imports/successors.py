"""Districts of England whose code was retired since 2019, and what took their place, as the ONS's Code History has it.

successors.csv has a row for each: its code and name, the day from which the other holds, and that one's code and name.
Only districts that were merged or given another code stand there; their figures are never added up here, since whose
they are must be the council's own decision.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lib.pack.imports.headers import spelling

FILE = Path(__file__).with_name("successors.csv")


@dataclass(frozen=True)
class Retired:
    """A district that is no more: its code and name, the day from which another holds, and that one's."""

    code: str
    name: str
    since: dt.date
    successor_code: str
    successor_name: str


@dataclass(frozen=True)
class Words:
    """What a text is, and what to do about it."""

    what: str
    cure: str


@cache
def retired() -> dict[str, Retired]:
    """Each district whose code was retired since 2019, by that code."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Retired(
                row["code"], row["name"], dt.date.fromisoformat(row["from"]), row["successor_code"],
                row["successor_name"],
            )
            for row in csv.DictReader(file)
        }  # fmt: skip


def today_of(one: Retired) -> Retired:
    """The last change of what a district became: of two that followed each other, the later."""
    while one.successor_code in retired():
        one = retired()[one.successor_code]
    return one


def retired_words(text: str, known: Collection[str]) -> Words | None:
    """What to say of a code, or a name, of another year than the districts known by their codes; None for any other."""
    wanted = spelling(text)
    one = next((one for one in retired().values() if wanted in (spelling(one.code), spelling(one.name))), None)
    if one is not None:
        last = today_of(one)
        what = f"the code of {one.name} until {one.since - dt.timedelta(days=1):%-d %B %Y}"
        if wanted == spelling(one.name):
            what = f"a district until {one.since - dt.timedelta(days=1):%-d %B %Y}, {one.code}"
        whose = "its code is" if last.successor_name == one.name else f"it belongs to {last.successor_name},"
        cure = f"since {last.since:%-d %B %Y} {whose} {last.successor_code}"
        if last.successor_code in known:
            cure += ": give the figures under that code, in one row"
        return Words(what, cure)
    before = [
        one for one in retired().values() if wanted in (spelling(one.successor_code), spelling(one.successor_name))
    ]
    before = [one for one in before if one.code in known]
    if before:
        named = ", ".join(f"{one.name} ({one.code})" for one in before)
        what = f"a code that holds since {before[0].since:%-d %B %Y} only"
        return Words(what, f"the districts of the pack are those before, {named}: give each its own row")
    return None
