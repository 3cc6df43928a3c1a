"""Colour scales in classes: a number in, one colour and one label out.

A scale is made once, from the base year, and kept: a colour then means the same after a slider has moved.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

MOST_CLASSES = 5
# Which steps of a five-step ramp stand for fewer classes, kept as far apart as they go.
_STEPS = {1: (2,), 2: (1, 3), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}


@dataclass(frozen=True)
class Scale:
    """Classes of a number, their colours and their names.

    breaks: ascending; a value at a break belongs to the class above it. colours and labels: one more than breaks,
    lowest class first, or none at all where there was no value. step: where above 0, a value is read to the nearest
    step before it is put in a class, so that its class agrees with the number as it is shown; 0 reads it as it stands.
    """

    kind: Literal["sequential", "diverging"]
    breaks: tuple[float, ...]
    colours: tuple[str, ...]
    labels: tuple[str, ...]
    title: str
    step: float = 0.0

    def _position(self, value: float | None) -> int | None:
        if value is None or not math.isfinite(value) or not self.colours:
            return None
        if self.step > 0:
            # A hair above, because a tenth has no exact binary form.
            value = _nearest(value, self.step) + self.step * 1e-6
        return bisect_right(self.breaks, value)

    def positions(self, values: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """The class of each of some values, lowest 0; -1 where it is missing."""
        numbers = np.asarray(values, dtype=float)
        known = np.isfinite(numbers) & bool(self.colours)
        # A hair above, as for one value.
        read = (np.rint(numbers / self.step) + 1e-6) * self.step if self.step > 0 else numbers
        found: npt.NDArray[np.int64] = np.where(known, np.searchsorted(self.breaks, read, side="right"), -1)
        return found

    def colour(self, value: float | None) -> str | None:
        """The "#rrggbb" colour of a value; None where it is missing."""
        position = self._position(value)
        return None if position is None else self.colours[position]

    def label(self, value: float | None) -> str | None:
        """The name of the class a value falls in, for example "4.0 to 5.9"; None where it is missing."""
        position = self._position(value)
        return None if position is None else self.labels[position]


def legend_entries(scale: Scale) -> list[tuple[str, str]]:
    """(colour, label) of every class, lowest first."""
    return list(zip(scale.colours, scale.labels, strict=True))


def _units(largest: float, smallest: float) -> Iterable[float]:
    """1, 2 and 5 times powers of ten, from the coarsest to the finest."""
    exponent = math.ceil(math.log10(largest)) + 1
    while True:
        for digit in (5, 2, 1):
            unit = digit * 10.0**exponent
            if unit < smallest * (1 - 1e-9):
                return
            if unit <= largest * (1 + 1e-9):
                yield unit
        exponent -= 1


def _nearest(value: float, unit: float) -> float:
    """The multiple of a unit nearest to a value, as the very number its decimals write, and never minus zero."""
    decimals = max(0, -math.floor(math.log10(unit) + 1e-9))
    return round(round(value / unit) * unit, decimals) + 0.0


def _resolution(values: Sequence[float], show: Callable[[float], str]) -> float | None:
    """The smallest difference that the shown text tells apart among these values; None where it never changes.

    Text for people is finest where figures are small: the smallest of them decides, and what lies below it.
    """
    smallest = min((abs(value) for value in values if value), default=0.0)
    for exponent in range(-6, 13):
        for digit in (1, 2, 5):
            step = digit * 10.0**exponent
            start = round(smallest / step)
            texts = [show((start - offset) * step) for offset in range(5)]
            if len(set(texts)) == len(texts):
                return step
    return None


def _breaks(values: Sequence[float], classes: int, unit: float) -> list[float]:
    """Quantiles of ascending values, rounded to the unit, without those that would leave a class empty."""
    found: list[float] = []
    for share in range(1, classes):
        # The value that starts the class when the classes hold as many values each.
        start = values[round(len(values) * share / classes)]
        candidate = _nearest(start, unit)
        floor = found[-1] if found else -math.inf
        if any(floor <= value < candidate for value in values) and values[-1] >= candidate:
            found.append(candidate)
    return found


def _last_below(high: float, show: Callable[[float], str], step: float) -> str:
    """The largest figure below a break that its text tells from the break: 49,900 where hundreds are shown."""
    while show(_nearest(high - step, step)) == show(high):
        step *= 10
    return show(_nearest(high - step, step))


def _class_labels(breaks: Sequence[float], show: Callable[[float], str], step: float) -> tuple[str, ...]:
    middles = []
    for low, high in pairwise(breaks):
        last = _last_below(high, show, step)
        middles.append(show(low) if last == show(low) else f"{show(low)} to {last}")
    return (f"under {show(breaks[0])}", *middles, f"{show(breaks[-1])} and over")


def sequential(values: Iterable[float], ramp: Sequence[str], show: Callable[[float], str], title: str) -> Scale:
    """A scale for a rate, light to dark, from the values it is to show.

    At most five classes, cut at quantiles of the values and rounded to 1, 2 or 5 times a power of ten, never finer than
    `show` (a number to its text) can tell apart. Values that all look the same make one class, no value makes none.
    Missing values are left out. `ramp` has five colours, light to dark; ValueError otherwise.
    """
    if len(ramp) != MOST_CLASSES:
        raise ValueError(f"a sequential ramp has {MOST_CLASSES} colours, found {len(ramp)}")
    known = [float(value) for value in values if value is not None and math.isfinite(value)]
    if not known:
        return Scale("sequential", (), (), (), title)
    one_class = Scale("sequential", (), (ramp[2],), ("all values",), title)
    step = _resolution(known, show) if min(known) < max(known) else None
    if step is None:
        return one_class
    seen = sorted(_nearest(value, step) for value in known)
    spread = seen[-1] - seen[0]
    if spread < step / 2:
        return one_class
    wanted = min(MOST_CLASSES, len({show(value) for value in seen}))
    best: list[float] = []
    for unit in _units(max(spread, step), step):
        found = _breaks(seen, wanted, unit)
        if len(found) > len(best):
            best = found
        if len(best) == wanted - 1:
            break
    if not best:
        return one_class
    colours = tuple(ramp[position] for position in _STEPS[len(best) + 1])
    return Scale("sequential", tuple(best), colours, _class_labels(best, show, step), title, step)


def diverging(ramp: Sequence[str], breaks: Sequence[float], show: Callable[[float], str], title: str) -> Scale:
    """A scale with a meaning at its middle, such as coverage at 1.00, from breaks that are given.

    Values are read as they stand: 0.996 is short, even where it is shown as 1.00, and so the labels say "to under".
    ValueError where breaks do not ascend or the ramp does not have one colour more than breaks.
    """
    if len(ramp) != len(breaks) + 1 or len(breaks) == 0:
        raise ValueError(f"{len(breaks)} breaks need {len(breaks) + 1} colours, found {len(ramp)}")
    if any(low >= high for low, high in pairwise(breaks)):
        raise ValueError(f"breaks must ascend, found {list(breaks)}")
    middles = [f"{show(low)} to under {show(high)}" for low, high in pairwise(breaks)]
    labels = (f"under {show(breaks[0])}", *middles, f"{show(breaks[-1])} and over")
    return Scale("diverging", tuple(float(value) for value in breaks), tuple(ramp), labels, title)
