"""Where names stand beside their points, so that they overlap neither each other nor other points."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

# The last axis of a box is left, top, right and bottom, in pixels of the plot.
Boxes = npt.NDArray[np.float64]

# Pixels: from a point to its name, half the height of a name, half the width of a point's symbol, and how far around a
# point another's name could be taken for its own.
GAP, HALF_LINE, _SYMBOL, _NEAR = 10, 7, 8, 18
# Where a name can stand, the plainest first: 1 towards the middle of the plot, -1 away from it, 0 over or under the
# point; pixels down.
PLACES = (
    *((1, 0), (-1, 0), (0, -15), (0, 15)),
    *((1, -9), (1, 9), (-1, -9), (-1, 9), (1, -17), (1, 17), (-1, -17), (-1, 17)),
)
# What a square pixel outside the plot, over another name and over a point's symbol counts against one over a line; and
# what each next place counts: a name that is nudged is less plainly its point's.
_OUTSIDE, _NAME, _POINT, _NUDGED = 3.0, 2.0, 3.0, 2.0
# A search ends where no single name can do better; some starts end better than others.
_STARTS, _ROUNDS = 12, 20


def shared_area(one: Boxes, other: Boxes) -> Boxes:
    """The square pixels that boxes share, the two broadcast against each other."""
    wide = np.minimum(one[..., 2], other[..., 2]) - np.maximum(one[..., 0], other[..., 0])
    tall = np.minimum(one[..., 3], other[..., 3]) - np.maximum(one[..., 1], other[..., 1])
    area: Boxes = np.clip(wide, 0, None) * np.clip(tall, 0, None)
    return area


def name_boxes(x: Boxes, y: Boxes, wide: Boxes, side: Boxes, down: Boxes) -> Boxes:
    """The boxes of names so many pixels wide, `side` (-1 left, 0 over or under, 1 right) of points and `down` lower."""
    left = x + np.where(side == 0, -wide / 2, np.where(side > 0, GAP, -GAP - wide))
    middle = y + down
    return np.stack(np.broadcast_arrays(left, middle - HALF_LINE, left + wide, middle + HALF_LINE), axis=-1)


def _around(x: Boxes, y: Boxes, half: float) -> Boxes:
    return np.stack((x - half, y - half, x + half, y + half), axis=-1)


def _settled(alone: Boxes, together: Boxes, order: Sequence[int]) -> tuple[float, Boxes]:
    """The cost of a set of places, and the places, where no name can do better by moving on its own.

    alone: what each place of each name costs (names x places). together: what two of them cost each other.
    """
    every = np.arange(len(alone))
    chosen = alone.argmin(axis=1)
    for _ in range(_ROUNDS):
        before = chosen.copy()
        for number in order:
            others = every != number
            cost = alone[number] + together[number][:, every[others], chosen[others]].sum(axis=1)
            chosen[number] = cost.argmin()
        if (chosen == before).all():
            break
    pairs = together[every[:, None], chosen[:, None], every[None, :], chosen[None, :]]
    pairs[every, every] = 0
    return float(alone[every, chosen].sum() + pairs.sum() / 2), chosen


def name_places(
    across: Sequence[float],
    down: Sequence[float],
    names: Sequence[float],
    *,
    widths: Sequence[int],
    height: float,
    taken: Sequence[Sequence[tuple[float, float, float, float]]],
) -> list[tuple[int, int]]:
    """Where each name stands, as (-1 left of, 0 over or under, 1 right of its point; pixels down), overlapping least.

    across: where the points lie, as shares of the plot's width. down: the same from its top, in pixels. names: the
    names' widths in pixels. widths: the widths of the plot on all of which the names are to stand apart. height: the
    plot's. taken: for each width, the boxes (left, top, right, bottom) that names should leave free. The same points
    always get the same places.
    """
    if not len(names):
        return []
    x_share, y, wide = (np.asarray(numbers, dtype=float) for numbers in (across, down, names))
    towards = np.where(x_share <= 0.5, 1, -1)
    # Names x places.
    sides = towards[:, None] * np.array([side for side, _ in PLACES])
    downs = np.broadcast_to(np.array([nudge for _, nudge in PLACES]), sides.shape)
    count = len(wide)
    alone = np.tile(_NUDGED * np.arange(len(PLACES)), (count, 1))
    together = np.zeros((count, len(PLACES), count, len(PLACES)))
    for width, boxes_taken in zip(widths, taken, strict=True):
        x = x_share * width
        boxes = name_boxes(x[:, None], y[:, None], wide[:, None], sides, downs)
        inside = shared_area(boxes, np.array([0.0, 0.0, width, height]))
        alone += _OUTSIDE * (wide[:, None] * 2 * HALF_LINE - inside)
        for box in boxes_taken:
            alone += shared_area(boxes, np.array(box))
        for half, weight in ((_SYMBOL, _POINT), (_NEAR, 1.0)):
            met = shared_area(boxes[:, :, None, :], _around(x, y, half)[None, None, :, :])
            met[np.arange(count), :, np.arange(count)] = 0
            alone += weight * met.sum(axis=2)
        together += _NAME * shared_area(boxes[:, :, None, None, :], boxes[None, None, :, :, :])
    orders = np.random.default_rng(1)
    best = min(
        (_settled(alone, together, orders.permutation(count).tolist()) for _ in range(_STARTS)),
        key=lambda found: found[0],
    )[1]
    return [(int(sides[n, place]), int(downs[n, place])) for n, place in enumerate(best)]
