"""Whole numbers that add up: sharing a total without losing or inventing a unit."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray


def largest_remainder(weights: Sequence[float] | NDArray[np.generic], total: int) -> NDArray[np.int64]:
    """Share a whole total in proportion to weights, in whole numbers (Hamilton's largest remainder method).

    Each share is the exact proportion rounded down; the units that are left go one each to the largest remainders,
    and of equal remainders to the one that stands first. So the shares add up to the total exactly, each lies within
    1 of its exact proportion, and a weight of zero gets nothing.

    Args:
        weights: finite numbers of 0 or more, in any unit.
        total: whole number of 0 or more to share.

    Returns:
        An integer array as long as weights.

    Raises:
        ValueError: a weight or the total is negative or not finite, or every weight is zero while the total is not.
    """
    if total < 0 or total != int(total):
        raise ValueError(f"total: {total} is not a whole number of 0 or more")
    if not all(np.isfinite(weight) and weight >= 0 for weight in weights):
        raise ValueError("weights: every weight must be a finite number of 0 or more")
    # Fractions, because a floating point share of 2.9999999999999996 would hand a unit to the wrong neighbour.
    exact = [Fraction(float(weight)) for weight in weights]
    whole = sum(exact, Fraction(0))
    if whole == 0:
        if total:
            raise ValueError(f"weights: nothing to share {total} by, every weight is zero")
        return np.zeros(len(exact), dtype=np.int64)
    shares, remainders = [], []
    for weight in exact:
        share, remainder = divmod(weight * int(total), whole)
        shares.append(int(share))
        remainders.append(remainder)
    order = sorted(range(len(exact)), key=lambda position: (-remainders[position], position))
    for position in order[: int(total) - sum(shares)]:
        shares[position] += 1
    return np.array(shares, dtype=np.int64)
