"""The colours of lots: room for new hours, where none at all stands out, and reliance on one provider."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from lib.charts.kit.palette import DEMAND, GREY_LIGHT, SHORT, SUPPLY
from lib.charts.kit.scale import Scale, sequential

NO_ROOM, ANY = "none", "above 0"


def room_scale(values: Iterable[float], show: Callable[[float], str], title: str) -> Scale:
    """Teals for what there is, and the orange of a shortage for nothing at all (0 or less)."""
    return apart_from_nothing(values, SUPPLY, SHORT, show, title)


def stress_scale(values: Iterable[float], show: Callable[[float], str], title: str) -> Scale:
    """Blues for what a stress does to a district, and plain grey where it does nothing."""
    return apart_from_nothing(values, DEMAND, GREY_LIGHT, show, title)


def apart_from_nothing(
    values: Iterable[float], ramp: Sequence[str], colour: str, show: Callable[[float], str], title: str
) -> Scale:
    """A sequential scale of what is above 0, with a class and a colour of its own for 0 or less."""
    some = sequential([value for value in values if value > 0], ramp, show, title)
    nothing = some.step / 2 if some.step > 0 else 1e-9
    # With nothing above 0 there is one class.
    breaks = (nothing, *some.breaks) if some.colours else ()
    # A single class of what there is has no limits to name.
    labels = some.labels if len(some.labels) != 1 else (ANY,)
    return replace(some, breaks=breaks, colours=(colour, *some.colours), labels=(NO_ROOM, *labels))


def reliance_scale(title: str) -> Scale:
    """Shares of a lot that rest on one provider, in fixed fifths, so that two services can be held side by side."""
    labels = ("under 20%", "20% to under 40%", "40% to under 60%", "60% to under 80%", "80% and over")
    return Scale("sequential", (0.2, 0.4, 0.6, 0.8), SUPPLY, labels, title)
