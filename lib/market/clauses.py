"""Sentences made of clauses: one grammar for what the market pages and the what-if say in words.

A clause is a part of a sentence without its full stop. Whoever says something lists its clauses in order; `sentences`
alone decides where one sentence ends, so that none is longer than people take in at once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lib.market.basis import Standing
from lib.market.units import UNITS, UnitCode, is_missing, rounded
from lib.market.wording import NOT_KNOWN, counted, listed

MOST_WORDS = 25  # of a sentence
NAMED_AT_MOST = 3
NEARLY = 1e-6  # hours: what is below is the last digit of a float
TOGETHER = "lots counted together"  # what is called net elsewhere: one lot's spare hours hide another's shortage


@dataclass(frozen=True)
class Clause:
    """A part of a sentence. "" as its text says nothing, and is left out.

    joint: what stands between it and the clause before it in the same sentence; "" where it always begins one. alone:
    how it reads where it begins one all the same; "" for its text.
    """

    text: str
    joint: str = ""
    alone: str = ""


def words(text: str) -> int:
    """How many words a text has."""
    return len(text.split())


def sentences(clauses: Sequence[Clause]) -> list[str]:
    """Clauses as sentences of at most MOST_WORDS words, each with a capital letter and one full stop.

    A clause joins the one before it where it may and where there is room, and begins a sentence of its own where there
    is not. Only a clause that is longer by itself makes a longer sentence: see `fitting`.
    """
    found: list[str] = []
    for clause in clauses:
        if not clause.text:
            continue
        joined = f"{found[-1]}{clause.joint}{clause.text}" if found and clause.joint else ""
        if joined and words(joined) <= MOST_WORDS:
            found[-1] = joined
        else:
            found.append(clause.alone or clause.text)
    # Behind a colon or a bracket a clause begins small; an abbreviation's full stop is also the sentence's.
    return [f"{text[0].upper()}{text[1:]}".rstrip(" .") + "." for text in found]


def said_in_order(clauses: Sequence[Clause]) -> str:
    """The same as one text."""
    return " ".join(sentences(clauses))


def fitting(*texts: str, most: int = MOST_WORDS) -> str:
    """The first of some texts that has no more words than a sentence may have; else the last."""
    return next((text for text in texts if words(text) <= most), texts[-1])


def ever_fewer(names: Sequence[str], most: int | None = None) -> list[str]:
    """Names as a sentence lists them: all, then ever fewer of the first ones and how many others.

    most: how many are named at most; one more is, too, where it alone is left. None for all.
    """
    every = most is None or len(names) <= most + 1
    counts = range(len(names) - 1 if every else most or 0, 0, -1)
    some = [f"{', '.join(names[:few])} and {counted(len(names) - few, 'other')}" for few in counts]
    return [listed(names), *some] if every else some


def near(value: float, unit: UnitCode, known: Standing | None = None) -> str:
    """A figure without its sign, as a sentence has it; it does not say that it is rounded: see `said`.

    known: how it is known, as one that is known to the digit is not rounded; None for what is worked out anyhow.
    """
    return UNITS[unit].show(abs(value)) if known and known.exact else UNITS[unit].about(abs(value))


def said(value: float, unit: UnitCode, known: Standing | None = None) -> str:
    """The same, and "about" before it where rounding took a digit away: about 7,150 of 7,146, 57 of 57.2."""
    return UNITS[unit].show(abs(value)) if known and known.exact else UNITS[unit].said(abs(value))


def hours_a_week(value: float, known: Standing | None = None) -> str:
    """Hours a week as the subject of a sentence: about 7,150 hours a week, less than 1 hour a week."""
    if value < 0.5:
        return "less than 1 hour a week"
    text = said(value, "hours", known)
    return f"{text} {'hour' if text == '1' else 'hours'} a week"


def named(names: Sequence[str], many: str) -> str:
    """Names in a sentence, or their number where there are too many to name."""
    return listed(names) if len(names) <= NAMED_AT_MOST else f"{len(names)} {many}"


def part_of(number: int, whole: int, one: str, many: str) -> str:
    """Some of the areas of a county: 3 of 12 districts; all 12 districts, and the district where there is one alone."""
    if whole == 1:
        return f"the {one}" if number else f"no {one}"
    if number == whole:
        return f"all {whole} {many}"
    return f"{number} of {counted(whole, one, many)}" if number else f"no {one}"


def begun_small(label: str) -> str:
    """A label inside a sentence: its first letter small, unless it begins with an abbreviation such as NHS."""
    return label if label[:2].isupper() else f"{label[:1].lower()}{label[1:]}"


def not_known(what: str, why: str = "") -> list[Clause]:
    """What is not known, and the rows that are missing, each in a clause of its own. why: lib.market.unknown.hole."""
    reasons = [one for one in why.split("; ") if one]
    return [Clause(f"{what} is {NOT_KNOWN}"), *because(reasons)]


def because(reasons: Sequence[str]) -> list[Clause]:
    """Reasons behind a colon, or in sentences of their own where there is no room for them."""
    joints = [": ", *["; "] * (len(reasons) - 1)] if reasons else []
    return [Clause(one, joint, f"The reason: {one}") for one, joint in zip(reasons, joints, strict=True)]


def unplaced(hours: float, *, single_lot: bool = False, known: Standing | None = None) -> list[Clause]:
    """The hours that have no provider with room for them; nothing where every hour has one.

    single_lot: whether each area is a lot, so that the hours add up over areas alone.
    """
    if is_missing(hours):
        return not_known("how many hours have no provider with room for them")
    if hours <= NEARLY:
        return []
    lot = "In all" if single_lot else "Lot by lot"
    have, them = ("has", "it") if rounded(hours, 0) <= 1 else ("have", "them")
    return [Clause(f"{lot}, {hours_a_week(hours, known)} {have} no provider with room for {them}")]


def short_words(hours: float, known: Standing | None = None) -> str:
    """An area's shortfall in a label: 303 hours a week short, lot by lot."""
    if is_missing(hours):
        return f"Hours short, lot by lot: {NOT_KNOWN}"
    if hours <= NEARLY:
        return "Enough hours in every lot"
    return f"{near(hours, 'hours', known)} hours a week short, lot by lot"


def short_words_each(hours: npt.ArrayLike) -> list[str]:
    """`short_words` of each of some shortfalls that nobody published."""
    exact = np.asarray(hours, dtype=float).ravel()
    found = np.array(UNITS["hours"].about_each(exact), dtype=object) + " hours a week short, lot by lot"
    found[exact <= NEARLY] = short_words(0.0)
    found[np.isnan(exact)] = short_words(math.nan)
    written: list[str] = found.tolist()
    return written
