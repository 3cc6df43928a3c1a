"""The units: one statement of each, which wording, tables, axes, file heads and the data dictionary all read.

A figure is kept as it was worked out (a share is 0 to 1) and rounded only where people read it: `Unit.show` to the
digit, as it is published and as `Unit.rounded_for_table` has it in the column of a table; `Unit.about` to no more
digits than a figure can vouch for that somebody modelled. All round halves away from zero.

The one rounding for people, `about`: at most four digits, and in a unit with `steps` no finer than these. Hours go to
the ten from 1,000 up and to the hundred from 10,000 up (140,300); workers to the ten from 100 up (290); people stay
whole (271); pounds go to the hundred from 1,000 up, to the thousand from 10,000 up, and from a million up are written
in millions, with two decimals (£2.16m) or from ten million up with one (£160.5m). Ratios, shares and days are written
as `show` writes them. Which of the two a figure gets, its status says: see `lib.market.wording.for_people`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

NOT_APPLICABLE = "not applicable"
NOT_KNOWN = "not known"
# What is counted or added up divides by nothing: where it is empty, it is not known.
COUNTED = ("people", "workers", "hours", "pounds", "pounds_per_quarter", "count", "estimated_people")
# No figure that somebody modelled can vouch for more digits than these.
MOST_DIGITS = 4
Steps = tuple[tuple[float, float], ...]
HOURS: Steps = ((1_000, 10), (10_000, 100))
WORKERS: Steps = ((100, 10),)
POUNDS: Steps = ((1_000, 100), (10_000, 1_000), (1_000_000, 10_000), (10_000_000, 100_000))

UnitCode = Literal[
    "people",
    "workers",
    "hours",
    "hours_per_person",
    "people_per_provider",
    "pounds",
    "pounds_per_quarter",
    "pounds_per_hour",
    "pounds_per_person",
    "ratio",
    "share",
    "percent",
    "percentage_points",
    "per_1000",
    "per_1000_hours",
    "kilometres",
    "days",
    "months",
    "years",
    "count",
    "decimal",
    "index",
    "score",
    "estimated_people",
    "estimated_providers",
]


def is_missing(value: float | None) -> bool:
    """Whether a figure is empty: nothing to divide by, or not known."""
    return value is None or math.isnan(value)


def rounded(value: float, digits: int) -> float:
    """A figure rounded half away from zero, as people round, with no negative zero."""
    step = 10**digits
    # A nudge far below any digit shown, so that 2.675 stored as 2.67499... rounds as it reads.
    return math.copysign(math.floor(abs(value) * step + 0.5 + 1e-9) / step, value) + 0.0


def _decimals(step: float) -> int:
    """The digits behind the point of a multiple of a power of ten."""
    return max(0, -round(math.log10(step)))


def money(value: float) -> str:
    """Pounds: from a million up in millions, to one decimal (two below ten million); otherwise to the pound.

    Whole thousands keep the decimals that they need, up to three: a published £2.163m is not £2.16m.
    """
    sign = "-" if value <= -0.5 else ""
    size = abs(value)
    if size >= 1e6:
        least = 2 if size < 9_995_000 else 1
        whole = (digits for digits in range(least, 4) if abs(size - 1e6 * rounded(size / 1e6, digits)) < 0.5)
        digits = next(whole, least)
        return f"{sign}£{rounded(size / 1e6, digits):,.{digits}f}m"
    return f"{sign}£{rounded(size, 0):,.0f}"


@dataclass(frozen=True)
class Unit:
    """How figures of one kind are named, rounded and written.

    Attributes:
        code: its key in `UNITS`.
        words: what the figures are, as in the heads of tables and files and beside axes: "hours a week".
        decimals: the digits behind the point that people read.
        prefix, suffix: what stands right before and right behind a figure.
        scale: what a figure is multiplied by to be read: 100 for a share, which is kept as 0 to 1.
        singular, plural: the noun behind one figure and behind others; "" where a figure says by itself what it is.
        named: whether `show_with_unit` adds the noun; the name of what counts people says so already.
        per: the id of the indicator that a figure is for one of, or for `per_many` of, where the unit says so: an
            indicator in this unit must divide by just that.
        axis_format: the number format of an axis (d3, or "£" and one); None where the axis chooses its own digits.
        enough: a figure below it must not read as having reached it.
        millions: whether people read large figures in millions.
        steps: the size from which `about` rounds to a step, and the step, in ascending order; both as people read them.
        unscaled_words: what the figures are where a file keeps them as they are, if that is not what `words` say.
    """

    code: UnitCode
    words: str
    decimals: int = 0
    prefix: str = ""
    suffix: str = ""
    scale: float = 1.0
    singular: str = ""
    plural: str = ""
    named: bool = True
    per: str = ""
    per_many: int = 1
    axis_format: str | None = None
    enough: float | None = None
    millions: bool = False
    unscaled_words: str = ""
    steps: Steps = ()

    def show(self, value: float | None) -> str:
        """A figure as people read it, short enough for a tile or a label.

        An empty one is "not applicable", as there is nothing to divide by; one that divides by nothing is "not known".
        """
        if value is None or math.isnan(value):
            return NOT_KNOWN if self.code in COUNTED else NOT_APPLICABLE
        if self.millions:
            return money(value)
        size = rounded(self.scale * value, self.decimals)
        if self.enough is not None and value < self.enough <= size:
            return f"just under {self.enough:,.{self.decimals}f}"
        return f"{'-' if size < 0 else ''}{self.prefix}{abs(size):,.{self.decimals}f}{self.suffix}"

    def show_with_unit(self, value: float | None) -> str:
        """A figure with its noun, where the figure alone would not say what it counts: "1 hour a week"."""
        return self._with_noun(self.show(value))

    def about(self, value: float | None) -> str:
        """A figure that nobody published, rounded for people (see above): 140,300 of 140,287.4; an empty one as `show`.

        What must not read as enough is "just under 1.00" here too. Nothing is said of its being rounded: see `said`.
        """
        if value is None or math.isnan(value):
            return self.show(value)
        near = self._near(value)
        if self.enough is not None and value < self.enough <= near:
            return self.show(value)
        step = self._step(abs(near))
        sign = "-" if near < 0 else ""
        if self.millions and abs(near) >= 1e6:
            return f"{sign}£{abs(near) / 1e6:,.{_decimals(step / 1e6)}f}m"
        return f"{sign}{self.prefix}{abs(near):,.{_decimals(step)}f}{self.suffix}"

    def about_each(self, values: npt.ArrayLike) -> list[str]:
        """What `about` writes of each of some figures, worked out for all of them at once."""
        exact = np.asarray(values, dtype=float).ravel()
        if self.millions:
            return [self.about(value) for value in exact.tolist()]
        near = self._near_each(np.abs(self.scale * exact))
        read = np.where(self.scale * exact < 0, -near, near)
        # Many read alike, and writing is what takes time.
        unlike, which = np.unique(read, return_inverse=True)
        digits = np.maximum(0, -np.rint(np.log10(self._step_each(np.abs(unlike)))))
        texts = [
            f"{'-' if size < 0 else ''}{self.prefix}{abs(size):,.{int(places)}f}{self.suffix}"
            for size, places in zip(unlike.tolist(), digits.tolist(), strict=True)
        ]
        found = np.array(texts, dtype=object)[which]
        found[np.isnan(exact)] = self.about(math.nan)
        if self.enough is not None:
            # What must not read as enough.
            found[(exact < self.enough) & (read >= self.enough)] = self.show(math.nextafter(self.enough, 0))
        written: list[str] = found.tolist()
        return written

    def _near_each(self, sizes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """`_near` of figures without their sign, as people read them."""
        step = self._step_each(sizes)
        # A step below 1 has no exact binary form, but its inverse has.
        inverse = np.rint(1 / step)
        whole = step >= 1
        counted = np.floor(np.where(whole, sizes / step, sizes * inverse) + 0.5 + 1e-9)
        found: npt.NDArray[np.float64] = np.where(whole, counted * step, counted / np.maximum(inverse, 1))
        return found

    def _step_each(self, sizes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """`_step` of figures."""
        step = np.full(sizes.shape, 10.0**-self.decimals)
        for least, coarser in self.steps:
            step[sizes >= least] = coarser
        large = sizes >= 1
        step[large] = np.maximum(step[large], 10.0 ** (np.floor(np.log10(sizes[large])) + 1 - MOST_DIGITS))
        return step

    def about_with_unit(self, value: float | None) -> str:
        """The same with its noun, where the figure alone would not say what it counts: "140,300 hours a week"."""
        return self._with_noun(self.about(value))

    def said(self, value: float | None) -> str:
        """The same in a sentence, which says where rounding took a digit away: "about 2,560", but "314" of 314.2."""
        whole = value is None or math.isnan(value) or rounded(self.scale * value, self.decimals) == self._near(value)
        return self.about(value) if whole else f"about {self.about(value)}"

    def nearest(self, value: float) -> float:
        """The number that `about` writes, in the figure's own scale: a map's classes are cut between such numbers.

        An empty one stays empty.
        """
        return value if math.isnan(value) else self._near(value) / self.scale

    def _near(self, value: float) -> float:
        """The number that `about` writes, as people read it."""
        size = abs(self.scale * value)
        step = self._step(size)
        # As in `rounded`, which is truer below 1: there a step has no exact binary form, but its inverse has.
        near = math.floor(size / step + 0.5 + 1e-9) * step if step >= 1 else rounded(size, _decimals(step))
        return math.copysign(near, value) + 0.0

    def _step(self, size: float) -> float:
        """What `about` rounds a figure of a size, as people read it, to a multiple of: a power of ten."""
        own = max((step for least, step in self.steps if size >= least), default=10.0**-self.decimals)
        return max(own, 10.0 ** (math.floor(math.log10(size)) + 1 - MOST_DIGITS)) if size >= 1 else own

    def _with_noun(self, text: str) -> str:
        if text in (NOT_APPLICABLE, NOT_KNOWN) or not (self.named and self.plural):
            return text
        return f"{text} {self.singular if text == '1' else self.plural}"

    def head(self, label: str, *notes: str) -> str:
        """The head of a column or the title of an axis: "Demand (hours a week)", "Gap (hours a week; modelled)"."""
        # A label that ends in its unit's words says them already: "People supported per 1,000 residents".
        said = (*(() if label.endswith(f" {self.words}") else (self.words,)), *notes)
        return f"{label} ({'; '.join(said)})" if said else label

    @property
    def mark_format(self) -> str:
        """The d3 format of a figure that a chart writes by itself, where no axis chooses its digits: whole percents."""
        return f".0{self.axis_format}" if self.axis_format == "%" else self.axis_format or ""

    @property
    def file_words(self) -> str:
        """What the figures are in a file that keeps them as they were worked out: "share, 0 to 1"."""
        return self.unscaled_words or self.words

    @property
    def table_format(self) -> str:
        """The format of a column of figures after `rounded_for_table` (Streamlit's NumberColumn)."""
        suffix = self.suffix.replace("%", "%%")
        if self.decimals:
            return f"{self.prefix}%.{self.decimals}f{suffix}"
        return f"{self.prefix}%,.0f{suffix}" if self.prefix or suffix else "localized"

    def sheet_format(self, scaled: bool = True) -> str:
        """The number format of a cell of a spreadsheet. scaled: its figures are as `scaled` has them.

        A spreadsheet's own percent multiplies what it shows by 100: it is for shares of 0 to 1.
        """
        digits = f"#,##0{'.' * bool(self.decimals)}{'0' * self.decimals}"
        if not scaled and self.scale == 100:
            return f"{digits}%"
        return f"{self.prefix}{digits}" + (f'"{self.suffix}"' if self.suffix else "")

    def scaled(self, values: pd.Series[float]) -> pd.Series[float]:
        """Figures in the unit's words and unrounded, as in a file for people: shares as percent."""
        return values if self.scale == 1 else self.scale * values

    def rounded_for_table(self, values: pd.Series[float]) -> pd.Series[float]:
        """Figures as a column of a table has them: scaled, rounded as `show` rounds, an empty one NaN.

        What must not read as enough stays one step below: 0.996 is 0.99, as a column cannot say "just under 1.00".
        """
        exact = self.scaled(values).astype("float64")
        step = 10**self.decimals
        size = pd.Series(np.floor(exact.abs() * step + 0.5 + 1e-9) / step, exact.index, name=exact.name)
        found = size * np.sign(exact) + 0.0
        if self.enough is not None:
            found = found.mask((values < self.enough) & (found >= self.enough), self.enough - 1 / step)
        return found


def _per_1000(code: UnitCode, noun: str, per: str) -> Unit:
    words = f"per 1,000 {noun}"
    return Unit(code, words, 1, singular=words, plural=words, per=per, per_many=1000)


UNITS: Mapping[str, Unit] = {
    unit.code: unit
    for unit in (
        Unit("people", "people", singular="person", plural="people", named=False),
        Unit("workers", "workers", singular="worker", plural="workers", steps=WORKERS),
        Unit("hours", "hours a week", singular="hour a week", plural="hours a week", axis_format=",.0f",
             steps=HOURS),
        Unit("hours_per_person", "hours a week for each person", 1,
             singular="hour a week", plural="hours a week", per="people"),
        Unit("people_per_provider", "people for each provider", 1, per="providers"),
        Unit("pounds", "pounds a year", prefix="£", axis_format="£,.0f", millions=True, steps=POUNDS),
        Unit("pounds_per_quarter", "pounds a quarter", prefix="£", axis_format="£,.0f", millions=True, steps=POUNDS),
        Unit("pounds_per_hour", "pounds an hour", 2, "£", per="delivered_hours", axis_format="£.2f"),
        Unit("pounds_per_person", "pounds a year for each person", prefix="£", per="people",
             axis_format="£,.0f"),
        Unit("ratio", "ratio", 2, axis_format=".2f", enough=1.0),
        Unit("share", "percent", 1, suffix="%", scale=100.0, axis_format="%", unscaled_words="share, 0 to 1"),
        Unit("percent", "percent", 1, suffix="%"),
        Unit("percentage_points", "percentage points", 1, singular="percentage point", plural="percentage points"),
        _per_1000("per_1000", "residents", per="residents"),
        _per_1000("per_1000_hours", "delivered hours", per="delivered_hours"),
        Unit("kilometres", "kilometres by road", 1, singular="km by road", plural="km by road"),
        Unit("days", "days", 1, singular="day", plural="days"),
        Unit("months", "months", singular="month", plural="months"),
        Unit("years", "years", singular="year", plural="years"),
        Unit("count", "count"),
        Unit("decimal", "average", 1),
        Unit("index", "index, 0 to 10,000"),
        Unit("estimated_people", "people, on average", 1),
        Unit("estimated_providers", "providers, on average", 1),
        Unit("score", "score, 0 to 100", 1),
    )
}  # fmt: skip
