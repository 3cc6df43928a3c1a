"""Who holds capacity where, without a cube of providers by lots: the same as that cube, to the last digit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.whatif.holdings import holdings, spans

DISTRICTS, LOTS = 3, 2
HOURS = st.one_of(st.just(0.0), st.just(math.nan), st.floats(0.01, 900))
ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, DISTRICTS * LOTS - 1), HOURS), max_size=30)
NAMES = ("P1", "P2", "P3", "P4", "P5")


def by_cube(rows: list[tuple[int, int, float]], leaving: list[str], capacity: np.ndarray) -> np.ndarray:
    """What is left, from an array of every provider in every lot."""
    cube = np.zeros((len(NAMES), capacity.size))
    for provider, lot, hours in rows:
        cube[provider, lot] += hours
    goes = np.array([name in leaving for name in NAMES])
    left = np.zeros(capacity.size)
    for provider in np.flatnonzero(~goes):
        left = left + cube[provider]
    loses = ~(cube[goes] <= 0).all(axis=0)
    return np.where(loses, left, capacity.ravel()).reshape(capacity.shape)


def held(rows: list[tuple[int, int, float]]) -> Any:
    columns = np.array(rows, dtype=float).reshape(-1, 3).T
    provider, lot = columns[:2].astype("int64")
    return holdings(NAMES, provider, lot, columns[2].copy(), DISTRICTS * LOTS)


@given(ROWS, st.lists(st.sampled_from((*NAMES, "P0", "Q")), max_size=6))
def test_the_same_as_a_cube_of_every_provider_and_lot(rows: list[tuple[int, int, float]], leaving: list[str]) -> None:
    capacity = np.arange(1.0, DISTRICTS * LOTS + 1).reshape(DISTRICTS, LOTS)
    found = held(rows).without(tuple(leaving), capacity)
    np.testing.assert_array_equal(found, by_cube(rows, leaving, capacity))
    assert capacity.tolist() == [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]


def test_by_hand() -> None:
    # P1 has 10 hours in lot 0 by two routes and 3 in lot 1; P2 has 5 in lot 0; P3 none in lot 2, P4 nobody knows.
    rows = [(0, 0, 4.0), (1, 0, 5.0), (0, 1, 3.0), (0, 0, 6.0), (2, 2, 0.0), (3, 3, math.nan), (1, 3, 7.0)]
    capacity = np.array([[15.0, 3.0], [0.0, math.nan], [0.0, 0.0]])
    kept = held(rows)
    assert kept.hours[:2].tolist() == [10.0, 3.0]
    assert kept.without(("P1",), capacity).ravel()[:2].tolist() == [5.0, 0.0]
    assert kept.without(("P1", "P2"), capacity).ravel()[:3].tolist() == [0.0, 0.0, 0.0]
    # Without the one of unknown capacity, what is left is known; with it, it is not.
    assert kept.without(("P4",), capacity)[1, 1] == 7.0
    assert math.isnan(kept.without(("P2",), capacity)[1, 1])


def test_a_projection_without_exits_asks_nobody() -> None:
    capacity = np.ones((DISTRICTS, LOTS))
    assert held([(0, 0, 4.0)]).without((), capacity) is capacity
    assert held([(0, 0, 4.0)]).without(("Q",), capacity) is capacity


def test_only_a_lot_that_loses_somebody_is_added_up_again() -> None:
    # The figures of the file need not add up to the last digit: a lot that loses nobody keeps what it has.
    capacity = np.full((DISTRICTS, LOTS), 0.3)
    left = held([(0, 0, 0.1), (0, 1, 0.0), (1, 1, 0.2)]).without(("P1",), capacity)
    assert left.ravel().tolist() == [0.0, 0.3, 0.3, 0.3, 0.3, 0.3]


def test_the_arrays_cannot_be_changed() -> None:
    kept = held([(0, 0, 4.0)])
    with pytest.raises(ValueError, match="read-only"):
        kept.hours[0] = 1.0


def test_spans() -> None:
    starts = np.array([0, 2, 2, 5])
    assert spans(starts, np.array([2, 0])).tolist() == [2, 3, 4, 0, 1]
    assert spans(starts, np.array([1])).tolist() == []
    assert spans(starts, np.array([], dtype="int64")).tolist() == []
