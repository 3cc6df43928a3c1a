"""Spells of numbers without a gap."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from lib.pack.spells import spells


def test_by_hand() -> None:
    assert spells([]) == []
    assert spells([7]) == [(7, 7)]
    assert spells([9, 4, 3, 5, 4]) == [(3, 5), (9, 9)]


@given(st.sets(st.integers(-50, 50)))
def test_they_hold_each_number_once_and_never_touch(numbers: set[int]) -> None:
    found = spells(numbers)
    assert [number for first, last in found for number in range(first, last + 1)] == sorted(numbers)
    assert all(last + 1 < first for (_, last), (first, _) in itertools.pairwise(found))
