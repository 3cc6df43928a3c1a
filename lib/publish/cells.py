"""What a safe publication is made of: tables after disclosure control, and the secrets that their cells tell of.

A *quantity* is one true number at the finest level that an attacker might want: the people of one lot, the hours that
wait in one ward. Every published cell is a sum of quantities: totals over districts, groupings, service types and
cohorts. A *secret* names what is shown or hidden as one: the cells of all tables that stand for the same sum. What is
worked out from shown cells alone (demand, coverage, the years ahead) tells of no quantity.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.market.disclosure import SUPPRESSED, Cell, to_base
from lib.pack.manifest import Disclosure
from lib.publish.report import Report
from lib.whatif.scenarios.scenario import Scenario

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
ALL = "all"  # the code of a total, in every column
NOW = ""  # the period of today's figures
SHORTEST = 5.0  # the interval that a hidden count must keep
NARROWEST = 0.2  # the interval that hidden hours must keep, as a share of their value
HOURS_IN_A_WEEK = 168.0  # nobody has more care than this, which an attacker knows too


@dataclass(frozen=True)
class Field:
    """A column of a safe table, in words: type is string or number; unit as files write it; status as its tag says."""

    name: str
    title: str
    type: str
    unit: str
    description: str
    status: str


@dataclass(frozen=True, eq=False)
class SafeTable:
    """A table of a publication, after control.

    Attributes:
        name: the stem of its file: demand, supply, requests, trend, forecast, wanted.
        title: plain English, with the unit and the date.
        frame: columns of text first; then measures, each cell a number, "c" (suppressed) or NaN (unknown).
        fields: one a column, in its order.
        note: what a reader must know, in a sentence or two.
    """

    name: str
    title: str
    frame: pd.DataFrame
    fields: tuple[Field, ...]
    note: str


@dataclass(frozen=True, eq=False)
class SafeRelease:
    """What may leave the commissioners' side: these tables, and nothing else of the pack's market tables.

    Attributes:
        tables: in the order in which they are published; a table that was left out is named in the report.
        report: what was suppressed, why, and how much was lost by it.
        dates: the date of each service's figures, as 2025-03-31; with `settings` and `scenarios`, what a later edition
            needs to know of this one.
        settings: threshold, rounding and dominance of this edition.
        scenarios: those whose years stand in it, in order.
    """

    tables: tuple[SafeTable, ...]
    report: Report
    dates: dict[str, str]
    settings: Disclosure
    scenarios: tuple[Scenario, ...] = ()

    def table(self, name: str) -> SafeTable | None:
        """A table by its name; None where it was left out."""
        return next((one for one in self.tables if one.name == name), None)


class Secret(NamedTuple):
    """What is shown or hidden as one. Codes, `ALL` for a total; period: NOW, or a month."""

    service: str
    measure: str
    area_kind: str
    area: str
    service_type: str
    cohort: str
    period: str = NOW


@dataclass(frozen=True, eq=False)
class Figure:
    """One cell of one table, as an attacker may use it.

    Attributes:
        table, row, column: where it stands; row is the place in the table's frame. A figure that stands in no table,
            and must stay secret, has the table "".
        secret: what it tells of.
        block: the name of the quantities that it is a sum of.
        places, weights, offset: which of the block's quantities, times what, plus what.
        value: the true figure; empty (NaN) where it is unknown.
        shown: the figure after the primary rule.
        counts: whether it is a count; else hours.
        base: what it is rounded to; 0 where it is published exactly.
        small: a count up to this is hidden too, where the threshold is lower.
        least, most: between what everybody knows it to be where it is hidden; for hours, by the count behind them.
        folded: of a figure of no table: whether 0 is as possible as any other.
    """

    table: str
    row: int
    column: str
    secret: Secret
    block: str
    places: Places
    weights: Floats
    offset: float
    value: float
    shown: Cell
    counts: bool
    base: int
    small: float = 0.0
    least: float = 0.0
    most: float = math.inf
    folded: bool = False


@dataclass(frozen=True, eq=False)
class Known:
    """What everybody knows of a sum of quantities without this publication: low <= weights x quantities <= high."""

    places: Places
    weights: Floats
    low: float
    high: float


@dataclass(eq=False)
class Block:
    """Quantities that are attacked together, and every figure that tells of them.

    Attributes:
        name: as the figures name it; words: for the report.
        truth: the quantities; empty (NaN) where they are unknown.
        figures: the cells, and figures of no table that must stay secret, such as a ward's.
        known: published facts, and what holds by arithmetic, such as wards that add up to their district.
        whole: whether the quantities are known to be whole numbers.
        places: by the name of a piece, such as a district, the quantities in it; pieces are attacked first.
    """

    name: str
    words: str
    truth: Floats
    figures: list[Figure] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)
    whole: bool = True
    pieces: dict[str, Places] = field(default_factory=dict)

    def add(self, values: list[float]) -> Places:
        """Add quantities, and return their places."""
        first = len(self.truth)
        self.truth = np.concatenate([self.truth, np.array(values, dtype=np.float64)])
        return np.arange(first, len(self.truth), dtype=np.int64)


def interval(figure: Figure, settings: Disclosure, whole: bool) -> tuple[float, float]:
    """Between what a reader who knows the rules knows the figure to be, both ends included, where it is shown."""
    shown = float(figure.shown)
    if figure.base == 0 or shown == 0:
        return shown, shown
    if figure.counts:
        near = range(int(shown) - figure.base, int(shown) + figure.base + 1)
        counts = [number for number in near if to_base(number, figure.base) == shown]
        return max(counts[0], largest_small(figure, settings) + 1), counts[-1]
    low, high = shown - figure.base / 2, shown + figure.base / 2
    if whole:
        # Halves round up: of whole hours, 15 to 24 become 20.
        return math.ceil(low), math.ceil(high) - 1.0
    return low, high


def least_interval(settings: Disclosure) -> float:
    """How wide an interval a hidden count must keep: 5, or as wide as a threshold below 6 leaves it by itself."""
    return min(SHORTEST, settings.threshold - 1.0)


def largest_small(figure: Figure, settings: Disclosure) -> float:
    """Counts from 1 up to this are hidden."""
    return max(float(settings.threshold), figure.small)


def is_hidden(cell: Cell) -> bool:
    """Whether a cell is suppressed."""
    return isinstance(cell, str) and cell == SUPPRESSED
