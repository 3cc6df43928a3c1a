"""What the models state of their tables, read from them once, in the form that the reader and the dictionary use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandera.pandas as pa

from lib.pack.models import table_settings

# What a cell of each type is, in the words of a message; a type that is not here is one that the reader cannot read.
KINDS = {
    "str": "text",
    "float64": "a number",
    "int64": "a whole number",
    "Int64": "a whole number",
    "bool": "true or false",
    "datetime64[ns]": "a date like 2025-03-31",
}
NUMBERS = ("float64", "int64", "Int64")

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
        text = KINDS[self.kind]
        if self.low is not None and self.high is not None:
            text += f" from {self.low} to {self.high}"
        elif self.low is not None:
            text += f" of {self.low} or more"
        elif self.above is not None:
            text += f" above {self.above}"
        if self.pattern is not None:
            text = PATTERNS.get(self.pattern, f"text of the form {self.pattern}")
        return text + (", or an empty cell" if self.nullable else "")

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
    schema, settings = model.to_schema(), table_settings(model)
    if schema.checks:
        raise ValueError(f"{model.__name__}: the reader makes no checks of whole rows")
    columns = {name: described_column(model.__name__, name, column) for name, column in schema.columns.items()}
    return Table(settings["path"], tuple(schema.unique or ()), columns, bool(settings.get("lot")))


def described_column(model: str, name: str, column: Any) -> Column:
    """What a model states of a column; ValueError for a type or a check that the reader does not know."""
    limits: dict[str, Any] = {}
    kind = "str" if str(column.dtype).startswith("str") else str(column.dtype)
    if kind not in KINDS:
        raise ValueError(f"{model}.{name}: the reader does not know the type {kind}")
    if column.unique or column.coerce or column.regex or not column.required:
        raise ValueError(f"{model}.{name}: the reader does not know unique, coerce, regex or required of a column")
    for check in column.checks:
        part, value = CHECKS.get(check.name, ("", ""))
        if not part or (part == "pattern") != (kind == "str") or (part != "pattern") != (kind in NUMBERS):
            raise ValueError(f"{model}.{name}: the reader does not know the check {check.name} of a {kind} column")
        limits[part] = check.statistics[value]
    return Column(name, kind, bool(column.nullable), meaning=column.description, **column.metadata, **limits)
