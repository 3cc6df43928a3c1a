"""Disclosure control, the primary rule: no figure for the public tells of a few people or providers.

* Counts of 1 to the threshold become "c"; 0 stays 0; others are rounded to their base.
* Hours and pounds become "c" where the count behind them is 1 to the threshold, where too few providers contribute, or
  where one holds too large a share; others are rounded to their base. Where nobody contributes, 0 stays 0: there is
  nobody to tell of.
* A ratio becomes "c" where an input is; otherwise it is worked out again from the rounded inputs.
* A figure that rounding would turn into a false 0, or into a count within the threshold, becomes "c".
* What cannot be shown to be safe, such as hours with an unknown count behind them, becomes "c". An empty figure stays
  empty.

Halves round up (15 to the base of 10 is 20), those of a figure below 0 away from it. The settings are the pack's:
lib.pack.manifest.Disclosure. This rule looks at one cell at a time: what can be worked out from totals is not its work.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from lib.market.wording import rounded
from lib.pack.faults import SelectionError, quoted
from lib.pack.manifest import Disclosure

SUPPRESSED = "c"
Cell = float | int | str
NUDGE = 1e-12  # a share that is the limit but for the last digit of a float is the limit


@dataclass(frozen=True)
class Measure:
    """How a column is protected.

    Attributes:
        kind: counts (people, children, providers, requests), hours, or pounds.
        count: for hours and pounds, the column with the count behind them.
        providers: the column with the number of providers that contribute; "" where they come from no provider.
        largest: the column with the largest provider's share, 0 to 1; "" as above.
    """

    kind: Literal["counts", "hours", "pounds"]
    count: str = ""
    providers: str = ""
    largest: str = ""


@dataclass(frozen=True)
class Ratio:
    """A column that is worked out again: from which columns, and how.

    `again` takes the rounded inputs by their name and returns the figure, None or NaN where it has none; a
    ZeroDivisionError counts as none.
    """

    inputs: tuple[str, ...]
    again: Callable[[Mapping[str, float]], float | None]


def is_small(value: float | None, settings: Disclosure) -> bool:
    """Whether a count is too small to show: above 0 and, made whole, up to the threshold. An empty one is not."""
    return value is not None and value > 0 and rounded(value, 0) <= settings.threshold


def to_base(value: float, base: int) -> int:
    """A figure rounded to a multiple of the base, halves away from zero."""
    return int(rounded(value / base, 0)) * base


def primary(
    frame: pd.DataFrame,
    measures: Mapping[str, Measure | Ratio],
    settings: Disclosure,
    exact: Collection[tuple[Any, str]] = (),
) -> pd.DataFrame:
    """The frame after the primary rule, with the same index.

    Args:
        frame: one row an area, year or lot; columns of text (names, codes) are kept as they are, and columns of numbers
            that only stand behind a measure (its count, providers, largest share) are left out of the result.
        measures: how each other column of numbers is protected.
        settings: the pack's `manifest.disclosure`.
        exact: the cells, as (label of the row, column), that are published already: they stay as they are.

    Returns:
        The columns of text and the measures, in the order of the frame. A measure's cells are whole numbers (a
        ratio's: numbers), "c", or NaN where empty. Ratios that stand in `measures` and not in the frame come last.

    Raises:
        SelectionError: a column of numbers that nothing says how to protect, or a column that the frame does not have.
    """
    behind = check_columns(frame, measures)
    rows = {
        label: protected(row, label, measures, settings, exact)
        for label, row in zip(frame.index, frame.to_dict("records"), strict=True)
    }
    result = pd.DataFrame(index=frame.index)
    for name in [*frame.columns, *(name for name in measures if name not in frame.columns)]:
        if name in measures:
            result[name] = pd.Series([rows[label][name] for label in frame.index], index=frame.index, dtype="object")
        elif name not in behind:
            result[name] = frame[name]
    return result


def check_columns(frame: pd.DataFrame, measures: Mapping[str, Measure | Ratio]) -> set[str]:
    """The columns that only stand behind a measure. SelectionError: see `primary`."""
    if not frame.index.is_unique:
        raise SelectionError("index: found a row's label twice, expected each label once")
    behind: set[str] = set()
    for name, measure in measures.items():
        if isinstance(measure, Ratio):
            missing = [one for one in measure.inputs if not isinstance(measures.get(one), Measure)]
            if missing:
                raise SelectionError(f"{name}: found the input {quoted(missing[0])}, expected counts, hours or pounds")
            continue
        if measure.kind != "counts" and not measure.count:
            raise SelectionError(f"{name}: found no count behind it, expected the column that holds it")
        named = {one for one in (measure.count, measure.providers, measure.largest) if one}
        absent = sorted({name, *named} - set(frame.columns))
        if absent:
            raise SelectionError(f"{name}: found no column {quoted(absent[0])}, expected it in the frame")
        behind |= named
    for name in frame.columns:
        numbers = is_numeric_dtype(frame[name]) and not is_bool_dtype(frame[name])
        if numbers and name not in measures and name not in behind:
            raise SelectionError(f"{name}: found figures of no kind, expected counts, hours, pounds or a ratio")
    return behind - set(measures)


def protected(
    row: Mapping[Any, Any],
    label: object,
    measures: Mapping[str, Measure | Ratio],
    settings: Disclosure,
    exact: Collection[tuple[Any, str]],
) -> dict[str, Cell]:
    """One row's measures after the rule."""
    cells: dict[str, Cell] = {}
    for name, measure in measures.items():
        if isinstance(measure, Measure):
            cells[name] = row[name] if (label, name) in exact else shown(row, name, measure, settings)
    for name, measure in measures.items():
        if isinstance(measure, Ratio):
            cells[name] = row[name] if (label, name) in exact and name in row else worked_out(measure, cells)
    return cells


def shown(row: Mapping[Any, Any], name: str, measure: Measure, settings: Disclosure) -> Cell:
    """A count, hours or pounds as they may be shown."""
    value = row[name]
    if pd.isna(value):
        return math.nan
    if measure.kind == "counts":
        result = to_base(rounded(value, 0), settings.round_counts)
        safe = value == 0 or not (is_small(value, settings) or result <= settings.threshold)
        return result if safe else SUPPRESSED
    if value == 0 and all(row[one] == 0 for one in (measure.count, measure.providers) if one):
        return 0
    result = to_base(value, settings.round_hours if measure.kind == "hours" else settings.round_pounds)
    false_zero = result == 0 and value != 0
    return SUPPRESSED if false_zero or tells(row, measure, settings) else result


def tells(row: Mapping[Any, Any], measure: Measure, settings: Disclosure) -> bool:
    """Whether hours or pounds would tell of a few people or of a provider, or cannot be shown not to."""
    count = row[measure.count]
    if pd.isna(count) or is_small(count, settings):
        return True
    # "Not at least" and "not at most", so that an unknown number or share is not safe.
    if measure.providers and not row[measure.providers] >= settings.fewest_providers:
        return True
    return bool(measure.largest) and not row[measure.largest] <= settings.dominance + NUDGE


def worked_out(ratio: Ratio, cells: Mapping[str, Cell]) -> Cell:
    """A ratio from the rounded inputs: "c" where one is, empty where one is or where there is nothing to divide by."""
    inputs = {one: cells[one] for one in ratio.inputs}
    if SUPPRESSED in inputs.values():
        return SUPPRESSED
    numbers = {one: float(value) for one, value in inputs.items()}
    if any(math.isnan(value) for value in numbers.values()):
        return math.nan
    try:
        figure = ratio.again(numbers)
    except ZeroDivisionError:
        return math.nan
    return math.nan if figure is None else figure
