"""What an indicator is, and what follows from its parts: value, formula, tables, direction, caveats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal, TypeVar

import numpy.typing as npt
import pandas as pd

from lib.market.basis import basis
from lib.market.disclosure import Measure
from lib.market.selection import Selection
from lib.market.units import UNITS, UnitCode
from lib.pack.load import Pack

Theme = Literal["demand", "supply", "quality"]
Direction = Literal["higher", "lower", "neither"]
Whole = Literal["total", "average", "apart"]
Number = TypeVar("Number", "pd.Series[float]", float, npt.NDArray[Any])


@dataclass(frozen=True)
class Least:
    """From how many on a figure may stand without a word of what it rests on.

    Attributes:
        source: a function of a pack and a selection; `column` of it, by area_code, counts what the figure rests on.
        number: fewer than this are said beside the figure, as lib.market.few words them.
        before, noun: the words, such as "from" 3 "request"s and "of" 2 "provider"s.
    """

    source: Callable[[Pack, Selection], pd.DataFrame]
    column: str
    number: int
    before: str
    noun: str

    @property
    def rule(self) -> str:
        """In words: "fewer than 5 requests"."""
        return f"fewer than {self.number} {self.noun}s"


@dataclass(frozen=True)
class Indicator:
    """One measure of an area.

    It comes from `source`, or it is a ratio (`numerator`, `denominator`, `factor`), or it adds and takes away (`plus`,
    `minus`); parts are ids of other figures. What is marked * follows from the parts and is left out where it has any.

    Attributes:
        source: a function of a pack and a selection; the figure is its column of the indicator's id, by area_code.
        column: the table and column that it adds up, where it is the plain sum of one.
        factor: a ratio is factor x numerator / denominator; pounds a year to hours a week is 1/52.
        formula: * how it is worked out, in words.
        inputs: the tables that it comes from, where its source rests on more (see lib.market.basis); an area's figure
            is as known as the weakest of them.
        of: * what it is a share, rate or median of, in words; "" for what adds up.
        better: * whether higher or lower is better; a ratio's is its numerator's unless it says so itself.
        caveat: what to bear in mind; those of the parts are added.
        breaks: the classes of a diverging scale; without them they are taken from the values.
        start: where its bars start: coverage turns at 1.00, to the left of it is short and to the right spare.
        missing: why a figure may be empty, in words.
        least: what a median or a share rests on, and how few of it are said beside it.
        whole: * what the whole county's figure is to its areas': their total; their average, a share, rate or median of
            all; or apart, as a count that has some in several areas, and what follows the size of an area.
        net: above a single lot, spare hours of one lot hide the shortfall of another.
        protection: how it is protected in shared files, if it may stand there; a ratio or sum does by its parts.
        shared_as: the figure that stands for it in shared files.
    """

    id: str
    label: str
    unit: UnitCode
    theme: Theme = "supply"
    meaning: str = ""
    source: Callable[[Pack, Selection], pd.DataFrame] | None = None
    column: tuple[str, str] | None = None
    numerator: str = ""
    denominator: str = ""
    factor: Fraction = Fraction(1)
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    formula: str = ""
    inputs: tuple[str, ...] = ()
    of: str = ""
    better: Direction | None = None
    caveat: str = ""
    breaks: tuple[float, ...] = ()
    start: float = 0.0
    missing: str = "there is nothing here to divide by"
    least: Least | None = None
    whole: Whole | None = None
    net: bool = False
    protection: Measure | None = None
    shared_as: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """The ids of the figures that it is worked out from; none where it comes from a source."""
        return (self.numerator, self.denominator) if self.denominator else (*self.plus, *self.minus)

    @property
    def comparable(self) -> bool:
        """Whether areas may be held against the whole county's figure: only against one that is their average."""
        return self.whole == "average"

    @property
    def mapped(self) -> bool:
        """Whether a map may shade it: shares, rates and medians only, as what adds up follows the size of an area."""
        return bool(self.of)


def in_words(label: str) -> str:
    """A label within a formula: "Demand hours" is demand hours, "NHS hours" stays."""
    return label if label[:2].isupper() else f"{label[:1].lower()}{label[1:]}"


def complete(entries: Iterable[Indicator]) -> Mapping[str, Indicator]:
    """The entries by id, in their order, with what follows from their parts filled in.

    Raises:
        ValueError: an id that stands twice, a part that there is not or that is the figure itself, a figure with no way
            to work it out, or a unit that does not agree with the parts.
    """
    given = list(entries)
    known = {one.id: one for one in given}
    twice = [code for code, number in Counter(one.id for one in given).items() if number > 1]
    if twice:
        raise ValueError(f"indicators: found {twice[0]} twice, expected each id once")
    for one in given:
        for part in one.parts:
            if part not in known:
                raise ValueError(f"{one.id}: found the part {part}, expected one of {', '.join(known)}")
        ways = [bool(one.source), bool(one.denominator), bool(one.plus)]
        if sum(ways) != 1 or bool(one.numerator) != bool(one.denominator):
            raise ValueError(
                f"{one.id}: expected a source, or numerator and denominator, or parts to add, and just one"
            )
        check_unit(one, known)
    found: dict[str, Indicator] = {}

    def filled(code: str, above: tuple[str, ...] = ()) -> Indicator:
        if code in above:
            raise ValueError(f"{code}: found it among its own parts, expected other figures")
        if code not in found:
            parts = [filled(part, (*above, code)) for part in known[code].parts]
            found[code] = followed(known[code], {part.id: part for part in parts})
        return found[code]

    return {code: filled(code) for code in known}


def check_unit(one: Indicator, known: Mapping[str, Indicator]) -> None:
    """Refuse a unit that says another denominator than the indicator's, or a share of one thing in another."""
    unit = UNITS[one.unit]
    words = f"{one.id}: found the unit {unit.words!r}"
    if unit.per and (unit.per, unit.per_many) != (one.denominator, one.factor.numerator):
        many = f"{one.factor.numerator:,} " if one.factor.numerator != 1 else ""
        over = f"over {many}{one.denominator}" if one.denominator else "for no ratio"
        raise ValueError(f"{words} {over}, expected a ratio over {unit.per}, {unit.per_many:,} times")
    if unit.per and unit.prefix != UNITS[known[one.numerator].unit].prefix:
        raise ValueError(f"{words} for {one.numerator}, expected pounds over anything to be pounds, and nothing else")
    parts = sorted({known[part].unit for part in one.parts})
    if one.denominator and not unit.per and len(parts) > 1:
        raise ValueError(f"{words} for {parts[0]} and {parts[1]}, expected a unit that names what it is for one of")
    if not one.denominator and parts and parts != [one.unit]:
        raise ValueError(f"{words} for a sum of {', '.join(parts)}, expected the unit of its parts")


def followed(one: Indicator, parts: Mapping[str, Indicator]) -> Indicator:
    """An entry with what follows from its parts, which are complete themselves."""
    if not parts:
        table, _ = one.column or ("", "")
        return replace(
            one,
            formula=one.formula or f"sum of {in_words(one.label)} over all lots",
            inputs=one.inputs or ((table,) if table else basis(*([one.source] if one.source else [])).tables),
            better=one.better or "neither",
            whole=one.whole or ("average" if one.of else "total"),
        )
    first = parts[one.parts[0]]
    caveats = dict.fromkeys(text for text in (one.caveat, *(part.caveat for part in parts.values())) if text)
    return replace(
        one,
        formula=one.formula or formula_words(one, parts),
        inputs=tuple(dict.fromkeys(table for part in parts.values() for table in part.inputs)),
        of=one.of or (in_words(parts[one.denominator].label) if one.denominator else ""),
        better=one.better or first.better,
        whole=one.whole or whole_of(one, parts),
        caveat=" ".join(caveats),
    )


def whole_of(one: Indicator, parts: Mapping[str, Indicator]) -> Whole:
    """What the county's figure of a ratio or a sum is to its areas': a ratio of totals is their average."""
    if any(part.whole != "total" for part in parts.values()):
        return "apart"
    return "average" if one.denominator else "total"


def formula_words(one: Indicator, parts: Mapping[str, Indicator]) -> str:
    """How a ratio or a sum is worked out: "1,000 x demand hours / residents of matching age"."""
    words = {code: in_words(part.label) for code, part in parts.items()}
    if not one.denominator:
        return "".join([" + ".join(words[code] for code in one.plus), *(f" - {words[code]}" for code in one.minus)])
    times, over = one.factor.numerator, one.factor.denominator
    top = f"{times:,} x {words[one.numerator]}" if times != 1 else words[one.numerator]
    below = f"({over:,} x {words[one.denominator]})" if over != 1 else words[one.denominator]
    return f"{top} / {below}"


def work_out(
    known: Mapping[str, Indicator],
    code: str,
    given: Mapping[str, Number],
    divide: Callable[[Number, Number], Number],
) -> Number:
    """A figure from those that are given: itself, or worked out from its parts, however deep.

    Args:
        known: complete figures by id.
        code: the id of the figure.
        given: numbers, or columns of them, by id. One that is unknown (NaN) makes what rests on it unknown.
        divide: how one is divided by another, and what it is where there is nothing to divide by.
    """
    if code in given:
        return given[code]
    one = known[code]
    part: dict[str, Any] = {name: work_out(known, name, given, divide) for name in one.parts}
    if one.denominator:
        over = divide(part[one.numerator], one.factor.denominator * part[one.denominator])
        return one.factor.numerator * over
    first, *others = (part[name] for name in one.plus)
    total = first
    for number in others:
        total = total + number
    for name in one.minus:
        total = total - part[name]
    return total  # type: ignore[no-any-return]


def leaves(known: Mapping[str, Indicator], code: str) -> tuple[str, ...]:
    """The ids of the figures at the bottom of one: those that come from a source."""
    one = known[code]
    if not one.parts:
        return (code,)
    return tuple(dict.fromkeys(leaf for part in one.parts for leaf in leaves(known, part)))
