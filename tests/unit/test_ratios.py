"""A rate without a denominator is not a number."""

import math

import numpy as np
import pandas as pd
import pytest

from lib.pack.ratios import safe_ratio


def test_numbers() -> None:
    assert safe_ratio(3.0, 4.0) == 0.75
    assert math.isnan(safe_ratio(3.0, 0.0))
    assert math.isnan(safe_ratio(3.0, -1.0))
    assert math.isnan(safe_ratio(3.0, math.nan))


@pytest.mark.filterwarnings("error")
def test_arrays() -> None:
    found = safe_ratio(np.array([[3.0, 1.0], [0.0, 5.0]]), np.array([[4.0, 0.0], [2.0, np.nan]]))
    np.testing.assert_array_equal(found, [[0.75, np.nan], [0.0, np.nan]])


def test_columns_are_matched_by_their_index() -> None:
    part, whole = pd.Series([1, 2, 3], index=["a", "b", "c"]), pd.Series([4, 0, -2], index=["a", "c", "b"])
    found = safe_ratio(part, whole)
    assert found["a"] == 0.25
    assert found[["b", "c"]].isna().all()
    assert found.dtype == "float64"


def test_a_column_by_a_number() -> None:
    assert list(safe_ratio(pd.Series([1, 3]), 4.0)) == [0.25, 0.75]
    none = safe_ratio(pd.Series([0, 3]), 0.0)
    assert none.isna().all() and none.dtype == "float64"
