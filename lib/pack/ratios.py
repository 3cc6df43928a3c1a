"""The one rule for dividing: a rate without a denominator is not a number."""

from __future__ import annotations

import math
from typing import Any, overload

import numpy as np
import numpy.typing as npt
import pandas as pd

WEEKS = 52  # of a year: hours are hours a week, money is pounds a year


@overload
def safe_ratio(part: pd.Series[Any], whole: pd.Series[Any] | float) -> pd.Series[float]: ...
@overload
def safe_ratio(part: npt.NDArray[Any], whole: npt.NDArray[Any]) -> npt.NDArray[np.float64]: ...
@overload
def safe_ratio(part: float, whole: float) -> float: ...
def safe_ratio(part: Any, whole: Any) -> Any:
    """part / whole, empty (NaN) where the whole is 0 or less, or is itself empty.

    Two columns are matched by their index; a column may be divided by a number; arrays have one shape.
    """
    if isinstance(whole, pd.Series):
        return (part / whole.where(whole > 0)).astype("float64")
    if isinstance(whole, np.ndarray):
        return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)
    ratio = part / (whole if whole > 0 else math.nan)
    return ratio.astype("float64") if isinstance(ratio, pd.Series) else float(ratio)
