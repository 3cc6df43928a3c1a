"""Who holds a service's capacity where: an entry a provider and lot that it stands in, and none for the others."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lib.whatif.ageing import Array

Places = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Holdings:
    """Capacity by provider and lot, as entries in order of provider and then of lot. The arrays are read-only.

    Every provider in every lot of every district would be a cube that is nearly all 0.

    Attributes:
        providers: provider ids of the service, in order.
        starts: where each provider's entries start, and after the last where they end.
        lots: of each entry, the lot's place in a flat array of districts by lots.
        hours: of each entry, hours a week; empty (NaN) where nobody knows.
        by_lot, lot_starts: the entries in order of lot and then of provider, and where each lot's start and end.
    """

    providers: tuple[str, ...]
    starts: Places
    lots: Places
    hours: Array
    by_lot: Places
    lot_starts: Places

    def __post_init__(self) -> None:
        """Make the arrays read-only: sessions share them."""
        for values in (self.starts, self.lots, self.hours, self.by_lot, self.lot_starts):
            values.setflags(write=False)

    def without(self, leaving: Sequence[str], capacity: Array) -> Array:
        """Capacity without the providers that leave, districts by lots; `capacity` is that of all.

        Only lots that lose somebody are added up again: the others stay as they are, to the last digit.
        """
        going = sorted(place for code in set(leaving) if (place := self.place(code)) is not None)
        if not going:
            return capacity
        gone = spans(self.starts, np.array(going))
        # One of unknown capacity may take some: what is left is that of the others.
        losing = np.unique(self.lots[gone][~(self.hours[gone] <= 0)])
        others = self.by_lot[spans(self.lot_starts, losing)]
        stays = np.ones(len(self.lots), dtype=bool)
        stays[gone] = False
        others = others[stays[others]]
        left = capacity.copy()
        left.ravel()[losing] = np.bincount(self.lots[others], self.hours[others], left.size)[losing]
        return left

    def place(self, code: str) -> int | None:
        """The place of a provider among those of the service; None where it is none of them."""
        place = bisect_left(self.providers, code)
        return place if place < len(self.providers) and self.providers[place] == code else None


def holdings(providers: tuple[str, ...], provider: Places, lots: Places, hours: Array, every_lot: int) -> Holdings:
    """The holdings that rows tell of, those of one provider in one lot added up.

    Args:
        providers: ids, in order.
        provider, lots, hours: of each row, the provider's place among them, the lot's among all lots of all districts,
            and hours a week.
        every_lot: how many lots all districts have.
    """
    entries, which = np.unique(provider * every_lot + lots, return_inverse=True)
    owner, lot = np.divmod(entries, every_lot)
    return Holdings(
        providers=providers,
        starts=np.searchsorted(owner, np.arange(len(providers) + 1)),
        lots=lot,
        hours=np.asarray(np.bincount(which, hours, len(entries)), dtype=np.float64),
        by_lot=np.argsort(lot, kind="stable"),
        lot_starts=np.concatenate([[0], np.cumsum(np.bincount(lot, minlength=every_lot))]),
    )


def spans(starts: Places, which: Places) -> Places:
    """The places from one start to the next, of some parts, one part after another."""
    first, lengths = starts[which], starts[which + 1] - starts[which]
    before = np.cumsum(lengths) - lengths
    return np.repeat(first - before, lengths) + np.arange(int(lengths.sum()))
