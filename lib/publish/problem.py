"""A block of quantities as a linear problem: rows, each shown or hidden as a whole, and what a reader knows of each.

Rows that stand for the same sum become one row, and their secrets are shown or hidden as one.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from lib.market.selection import COUNTY
from lib.pack.manifest import Disclosure
from lib.publish.cells import (
    NARROWEST,
    Block,
    Figure,
    Floats,
    Places,
    Secret,
    interval,
    is_hidden,
    largest_small,
    least_interval,
)

Flags = npt.NDArray[np.bool_]
NOBODY = -1  # the secret of a row that is known whatever is shown
TINY = 1e-9
FAR = 1e7  # no bound at all
COUNTY_WORTH = 10.0  # times what the same figure of a smaller area is worth: the first that people look for


@dataclass(eq=False)
class Problem:
    """What an attacker knows, as rows of a linear problem: low <= matrix x quantities <= high.

    Attributes:
        matrix: rows by quantities; quantities that everybody knows to be 0 are left out.
        truth: the quantities.
        shown_low, shown_high: what is known of a row where its secret is shown.
        hidden_low, hidden_high: what is known of it where it is hidden.
        secret: the place of each row's secret, or NOBODY.
        needed: how wide an interval each row must keep where it is hidden; 0 where it need not.
        secrets: of each place, the secrets that are shown or hidden as one.
        at_first: the places that the primary rule, or a rule above it, hides.
        open: the places that cannot be hidden, as they are public already.
        cost: what is lost where a place is hidden.
        pieces: rows and quantities of parts that are attacked by themselves first.
    """

    matrix: sparse.csr_array
    truth: Floats
    shown_low: Floats
    shown_high: Floats
    hidden_low: Floats
    hidden_high: Floats
    secret: Places
    needed: Floats
    secrets: list[list[Secret]]
    at_first: Flags
    open: Flags
    cost: Floats
    pieces: list[tuple[Places, Places]]

    def bounds(self, hidden: Flags) -> tuple[Floats, Floats]:
        """What is known of every row where these places are hidden."""
        here = self.hidden_rows(hidden)
        return np.where(here, self.hidden_low, self.shown_low), np.where(here, self.hidden_high, self.shown_high)

    def targets(self, hidden: Flags) -> Places:
        """The rows that must keep an interval where these places are hidden."""
        return np.flatnonzero(self.hidden_rows(hidden) & (self.needed > 0)).astype(np.int64)

    def hidden_rows(self, hidden: Flags) -> Flags:
        """Which rows are hidden where these places are."""
        here: Flags = np.append(hidden, False)[self.secret]
        return here


class Same:
    """Secrets that are shown or hidden as one."""

    def __init__(self) -> None:
        """Begin with each secret by itself."""
        self.parent: dict[Secret, Secret] = {}

    def of(self, secret: Secret) -> Secret:
        """The one that stands for all that are the same as this."""
        above = self.parent.setdefault(secret, secret)
        while above != self.parent[above]:
            self.parent[above] = self.parent[self.parent[above]]
            above = self.parent[above]
        return above

    def join(self, one: Secret, other: Secret) -> None:
        """Make two the same; the lesser in order stands for both, so that the order in which they come is nothing."""
        first, second = sorted((self.of(one), self.of(other)))
        self.parent[second] = first


@dataclass(eq=False)
class Row:
    """A row while it is made: a sum of quantities."""

    places: Places
    weights: Floats
    low: float
    high: float
    hidden_low: float
    hidden_high: float
    needed: float
    secret: Secret | None = None


def problem(
    block: Block, settings: Disclosure, hidden_too: Collection[Secret] = (), out_already: Collection[Secret] = ()
) -> Problem:
    """A block as a problem.

    hidden_too: secrets that are hidden for another reason than the primary rule, such as an earlier edition.
    out_already: those that an earlier edition has shown: hiding them now hides nothing.
    """
    figures = [one for one in block.figures if not np.isnan(block.truth[one.places]).any()]
    nothing = known_zeros(block, figures)
    rows: dict[tuple[bytes, bytes], Row] = {}
    public: set[Secret] = set()
    same, first, cannot = Same(), set(hidden_too), set(out_already)
    cost: dict[Secret, float] = {}
    for one in figures:
        if one.table:
            # A total is worth more than a part of it, and a large figure more than a small one.
            worth = (1.0 + math.log1p(abs(one.value))) * len(one.places)
            worth *= COUNTY_WORTH if one.secret.area_kind == COUNTY else 1.0
            cost[one.secret] = cost.get(one.secret, 0.0) + worth
        if is_hidden(one.shown):
            first.add(one.secret)
        if one.base == 0:
            public.add(one.secret)
        kept = ~nothing[one.places]
        if not kept.any():
            continue
        for row in rows_of(one, kept, settings, block.whole):
            if one.secret in cannot:
                row.needed = 0.0
            add_row(rows, same, row)
    fixed = []
    for known in block.known:
        kept = ~nothing[known.places] & ~np.isnan(block.truth[known.places])
        if kept.any() and not np.isnan(block.truth[known.places]).any():
            low, high = max(known.low, -FAR), min(known.high, FAR)
            fixed.append(Row(known.places[kept], known.weights[kept], low, high, 0, 0, 0))
    return assembled(block, nothing, [*rows.values(), *fixed], same, first, cannot, public, cost)


def known_zeros(block: Block, figures: Sequence[Figure]) -> Flags:
    """The quantities that the publication shows to be 0, or that nobody knows: neither can be attacked."""
    nothing = np.isnan(block.truth)
    for one in figures:
        if not is_hidden(one.shown) and float(one.shown) == 0 and one.value == 0 and one.offset == 0:
            nothing[one.places[one.weights > 0]] = True
    return nothing


def rows_of(one: Figure, kept: Flags, settings: Disclosure, whole: bool) -> list[Row]:
    """A figure as rows."""
    small = largest_small(one, settings)
    few = one.counts and 0 < one.value <= small
    if one.counts:
        needed = least_interval(settings)
        low, high = (max(one.least, 0.0 if one.folded else 1.0), small) if few else (small + 1.0, 0.0)
    else:
        needed, low, high = NARROWEST * one.value, 0.0, 0.0
    # A sum that is hidden may be hidden for another's sake: only of the finest figures is "c" known to be small.
    high = high if few and kept.sum() == 1 else min(FAR, max(one.most, one.value))
    shown = (low, high) if is_hidden(one.shown) else interval(one, settings, whole)
    return [Row(one.places[kept], one.weights[kept], *shown, low, high, needed, one.secret)]


def add_row(rows: dict[tuple[bytes, bytes], Row], same: Same, row: Row) -> None:
    """Add a row, or make one of two that tell the same."""
    key = (row.places.tobytes(), np.round(row.weights, 9).tobytes())
    known = rows.setdefault(key, row)
    if known is row or known.secret is None or row.secret is None:
        return
    same.join(known.secret, row.secret)
    known.low, known.high = max(known.low, row.low), min(known.high, row.high)
    known.hidden_low = max(known.hidden_low, row.hidden_low)
    known.hidden_high = min(known.hidden_high, row.hidden_high)
    known.needed = max(known.needed, row.needed)


def assembled(
    block: Block,
    nothing: Flags,
    rows: list[Row],
    same: Same,
    first: set[Secret],
    cannot: set[Secret],
    public: set[Secret],
    cost: dict[Secret, float],
) -> Problem:
    """The rows as arrays."""
    number = np.cumsum(~nothing) - 1
    together: dict[Secret, list[Secret]] = {}
    for row in rows:
        if row.secret is not None:
            together.setdefault(same.of(row.secret), [])
    for secret in sorted(set(same.parent) | {row.secret for row in rows if row.secret is not None}):
        together[same.of(secret)].append(secret)
    heads = sorted(together)
    place = {head: n for n, head in enumerate(heads)}
    starts = np.cumsum([0, *(len(row.places) for row in rows)])
    matrix = sparse.csr_array(
        (
            np.concatenate([row.weights for row in rows]) if rows else np.zeros(0),
            number[np.concatenate([row.places for row in rows])] if rows else np.zeros(0, dtype=np.int64),
            starts,
        ),
        shape=(len(rows), int((~nothing).sum())),
    )
    truth = block.truth[~nothing]
    values = matrix @ truth
    # The truth lies within what is known of it, but for the last digit of a float.
    slack = TINY * (1 + np.abs(values))
    low, high, hidden_low, hidden_high = (
        np.array([getattr(row, name) for row in rows], dtype=np.float64)
        for name in ("low", "high", "hidden_low", "hidden_high")
    )
    low, high = np.minimum(low, values - slack), np.maximum(high, values + slack)
    result = Problem(
        matrix=matrix,
        truth=truth,
        shown_low=low,
        shown_high=high,
        hidden_low=np.minimum(low, hidden_low),
        hidden_high=np.maximum(high, hidden_high),
        secret=np.array([NOBODY if row.secret is None else place[same.of(row.secret)] for row in rows], dtype=np.int64),
        needed=np.array([row.needed for row in rows], dtype=np.float64),
        secrets=[together[head] for head in heads],
        # A sum that is published already is no secret, whatever the rules would say of it.
        at_first=np.array(
            [public.isdisjoint(together[head]) and not first.isdisjoint(together[head]) for head in heads],
            dtype=np.bool_,
        ),
        open=np.array([not (cannot | public).isdisjoint(together[head]) for head in heads], dtype=np.bool_),
        cost=np.array([sum(cost.get(one, 0.0) for one in together[head]) for head in heads], dtype=np.float64),
        pieces=[],
    )
    result.pieces = pieces(result, [number[places[~nothing[places]]] for places in block.pieces.values()])
    return result


def pieces(whole: Problem, parts: list[Places]) -> list[tuple[Places, Places]]:
    """The rows that are about the quantities of a part alone, and these quantities; parts with nothing hidden too."""
    found = []
    columns = whole.matrix.shape[1]
    for part in parts:
        inside = np.zeros(columns)
        inside[part] = 1.0
        pattern = whole.matrix.copy()
        pattern.data = np.ones_like(pattern.data)
        rows = np.flatnonzero(np.diff(whole.matrix.indptr) == pattern @ inside).astype(np.int64)
        if len(rows):
            found.append((rows, np.asarray(part, dtype=np.int64)))
    return found
