"""What the models state of their tables, read from them once, in the form that the reader and the dictionary use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pandera.pandas as pa

from lib.pack.models import table_settings

# Each type that a model may give a column, as the type that its cells are read as.
KINDS: dict[Any, str] = {
    str: "str",
    float: "float64",
    int: "int64",
    pd.Int64Dtype: "Int64",
    bool: "bool",
    pa.DateTime: "datetime64[ns]",
}
NUMBERS = ("float64", "int64", "Int64")
WORDS = {
    "str": "text",
    "float64": "a number",
    "int64": "a whole number",
    "Int64": "a whole number",
    "bool": "true or false",
    "datetime64[ns]": "a date like 2025-03-31",
}

PATTERNS = {
    r"^\d{4}-(0[1-9]|1[0-2])$": "a month like 2025-03",
    r"^[EWSN]\d{8}$": "a GSS code: a letter and eight digits",
    r"^\d+(-\d+|\+)$": "an age band like 65-74 or 90+",
}

# Each check that a model may make, as the part of the description that holds it, and what the check calls its value.
CHECKS = {
    "greater_than_or_equal_to": ("low", "min_value"),
    "less_than_or_equal_to": ("high", "max_value"),
    "greater_than": ("above", "min_value"),
    "str_matches": ("pattern", "pattern"),
}


@dataclass(frozen=True)
class Column:
    """A column of a table.

    `kind` is the type that its cells are read as (see KINDS); `low`, `high` and `above` limit a number and `pattern` a
    text; `words` is a vocabulary of the manifest, `one_of` the only values allowed, `refers_to` a "table.column".
    """

    name: str
    kind: str
    nullable: bool
    optional: bool
    meaning: str
    unit: str
    words: str
    one_of: tuple[str, ...]
    refers_to: str
    low: float | None = None
    high: float | None = None
    above: float | None = None
    pattern: str | None = None

    @property
    def expectation(self) -> str:
        """What the column's cells must be, in words, from its type and limits."""
        text = WORDS[self.kind]
        if self.low is not None and self.high is not None:
            text += f" from {self.low} to {self.high}"
        elif self.low is not None:
            text += f" of {self.low} or more"
        elif self.above is not None:
            text += f" above {self.above}"
        if self.pattern is not None:
            text = PATTERNS.get(self.pattern, f"text of the form {self.pattern}")
        return text + (", or an empty cell" if self.nullable else "")

    @property
    def must_be(self) -> str:
        """What the column's cells must be, in words, from all that the model states: also its list or reference."""
        text, empty = self.expectation, ", or an empty cell" if self.nullable else ""
        if self.one_of:
            text = "one of " + ", ".join(self.one_of)
        elif self.words:
            text = f"one of the pack's {self.words.replace('_', ' ')}{empty}"
        elif self.refers_to:
            text = f"refers to {self.refers_to}{empty}"
        return text + ("; the column may be left out" if self.optional else "")

    def beyond(self, numbers: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        """Which numbers break the column's limits; one that is missing (NaN) breaks none."""
        found = np.zeros(len(numbers), dtype=bool)
        if self.low is not None:
            found |= numbers < self.low
        if self.high is not None:
            found |= numbers > self.high
        if self.above is not None:
            found |= numbers <= self.above
        return found

    def fits(self, text: str) -> bool:
        """Whether a text has the column's form. Digits are 0 to 9, whatever else Unicode counts as one."""
        return self.pattern is None or re.match(self.pattern, text, re.ASCII) is not None


@dataclass(frozen=True)
class Table:
    """A table: the path of its file, the columns of its key, its columns, and whether its rows must name a lot."""

    path: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    names_lot: bool


@cache
def description(model: type[pa.DataFrameModel]) -> Table:
    """What a model states of its table; ValueError for a statement that the reader would not keep to."""
    # Never by way of the model's schema: building one imports every library that pandera knows types of.
    if any(model.__checks__.values()) or model.__root_checks__:
        raise ValueError(f"{model.__name__}: the reader knows no checks but those of a column's field")
    columns = {
        name: described_column(f"{model.__name__}.{name}", name, annotation, field)
        for name, (annotation, field) in model.__fields__.items()
    }
    settings, key = table_settings(model), getattr(model.__config__, "unique", None)
    return Table(settings["path"], tuple(key or ()), columns, bool(settings.get("lot")))


def described_column(place: str, name: str, annotation: Any, field: Any) -> Column:
    """What a model states of a column; ValueError for a type, a property or a check that the reader does not know."""
    if annotation.arg not in KINDS or annotation.nullable or annotation.optional:
        raise ValueError(f"{place}: the reader does not know the type {annotation.raw_annotation}")
    if field.unique or field.coerce or field.regex or field.parses:
        raise ValueError(f"{place}: the reader knows no column that is unique, coerced, parsed or named by a pattern")
    kind = KINDS[annotation.arg]
    if kind != "str" and any(field.metadata[part] for part in ("words", "one_of", "refers_to")):
        raise ValueError(f"{place}: the reader knows no words and no references but those of text")
    limits: dict[str, Any] = {}
    for check in field.checks:
        part, value = CHECKS.get(check.name, ("", ""))
        if not part or (kind != "str" if part == "pattern" else kind not in NUMBERS):
            raise ValueError(f"{place}: the reader does not know the check {check.name} of {WORDS[kind]}")
        limits[part] = check.statistics[value]
    return Column(name, kind, field.nullable, meaning=field.description, **field.metadata, **limits)
