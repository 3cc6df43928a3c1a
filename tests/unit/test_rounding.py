"""Sharing a total in whole numbers: conservation and fairness, for any weights."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.pack.rounding import largest_remainder

weights = st.lists(st.one_of(st.integers(0, 10**6), st.floats(0, 1e6)), min_size=1, max_size=40)
totals = st.integers(0, 10**9)


def test_hand_checked_shares() -> None:
    # 10 x 1/6 = 1.67, 10 x 2/6 = 3.33, 10 x 3/6 = 5: the unit that is left goes to the largest remainder, the first.
    assert largest_remainder([1, 2, 3], 10).tolist() == [2, 3, 5]
    assert largest_remainder([1, 1, 1], 11050).tolist() == [3684, 3683, 3683]


def test_equal_remainders_go_to_the_first() -> None:
    assert largest_remainder([1, 1, 1, 1], 2).tolist() == [1, 1, 0, 0]


@given(weights, totals)
def test_shares_add_up_and_stay_within_one_of_the_proportion(given_weights: list[float], total: int) -> None:
    if not any(given_weights):
        given_weights = [*given_weights, 1]
    shares = largest_remainder(given_weights, total)
    exact = [Fraction(weight) for weight in given_weights]
    assert int(shares.sum()) == total
    assert all(abs(int(share) - weight * total / sum(exact)) < 1 for share, weight in zip(shares, exact, strict=True))


@given(weights, totals)
def test_a_weight_of_zero_gets_nothing(given_weights: list[float], total: int) -> None:
    shares = largest_remainder([0, *given_weights, 1], total)
    assert shares[0] == 0
    assert all(share == 0 for share, weight in zip(shares[1:], given_weights, strict=False) if weight == 0)


@given(weights, totals)
def test_the_same_weights_give_the_same_shares(given_weights: list[float], total: int) -> None:
    once, again = (largest_remainder(np.array([*given_weights, 1.0]), total) for _ in range(2))
    assert once.dtype == np.int64
    assert np.array_equal(once, again)


def test_no_total_needs_no_weights() -> None:
    assert largest_remainder([0, 0], 0).tolist() == [0, 0]
    assert largest_remainder([], 0).tolist() == []


@pytest.mark.parametrize(
    ("bad_weights", "total", "message"),
    [
        ([0, 0], 1, "every weight is zero"),
        ([], 1, "every weight is zero"),
        ([1, -1], 1, "0 or more"),
        ([float("nan")], 1, "finite"),
        ([float("inf")], 1, "finite"),
        ([1], -1, "total: -1"),
    ],
)
def test_what_cannot_be_shared_is_refused(bad_weights: list[float], total: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        largest_remainder(bad_weights, total)
