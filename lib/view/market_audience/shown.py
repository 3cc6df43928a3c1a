"""What the provider's view is drawn of: one service of a publication, and, in the preview, why cells are withheld."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import pandas as pd

from lib.market.selection import COUNTY, DISTRICT
from lib.publish.cells import ALL, SafeTable
from lib.publish.parts import shown
from lib.publish.publication import Publication
from lib.publish.service_pages import is_number
from lib.publish.why import Why
from lib.publish.write import csv_of
from lib.whatif.decision.record import in_words

# In the legend of a map, and of a chart: what has no colour, or no bar.
WITHOUT_FIGURE = "suppressed (c) or not known"
C_MEANS = "c: suppressed, so that nobody can be told apart. It is neither 0 nor unknown."


class Cell(NamedTuple):
    """A cell as it is read, and, in the preview alone, why it is withheld."""

    text: str
    why: str = ""


@dataclass(frozen=True)
class View:
    """One service of a publication as it is looked at.

    why: of the preview alone, by (table, place in its frame, column). Empty for the market: it is the council's own.
    """

    publication: Publication
    service: str
    why: Mapping[tuple[str, int, str], Why] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The service in words."""
        return self.publication.about.services[self.service].label

    def rows(self, name: str) -> pd.DataFrame:
        """The rows of a table that are of the service, each with its place in the table as its index.

        Where a table calls its areas districts, they are areas too. No rows where the edition has no such table.
        """
        if name not in self.publication.tables:
            return pd.DataFrame()
        frame = self.publication.frame(name)
        rows = frame[frame["service"] == self.service]
        if "area_code" in rows or "district_code" not in rows:
            return rows
        kinds = [COUNTY if code == ALL else DISTRICT for code in rows["district_code"]]
        return rows.assign(area_kind=kinds, area_code=rows["district_code"], area_name=rows["district_name"])

    def table(self, name: str) -> SafeTable:
        """A table that the edition has."""
        return self.publication.tables[name]

    def cell(self, name: str, row: pd.Series[Any], column: str) -> Cell:
        """A cell of a row of `rows`."""
        why = self.why.get((name, int(str(row.name)), column))
        return Cell(shown(row[column]), "" if why is None else why.words)

    def csv(self, name: str, rows: pd.DataFrame) -> str:
        """Some rows of a table as the file that is published has them."""
        table = self.table(name)
        return csv_of(replace(table, frame=rows[[one.name for one in table.fields]]))

    def lines(self, name: str, columns: Iterable[str]) -> list[str]:
        """What must stand under a picture or a table: status, note, whose it is, and the mark of a demonstration."""
        about = self.publication.about
        found = [f"Status: {self.status(name, columns)}. {self.table(name).note}".strip()]
        found.append(f"{about.council}, edition {about.edition}. {self.dates()}. {C_MEANS}")
        return [*found, about.demonstration] if about.demonstration else found

    def dates(self) -> str:
        """Which day the service's figures run to."""
        service = self.publication.about.services[self.service]
        return f"{service.period}; data to {in_words(service.as_of.isoformat())}"

    def status(self, name: str, columns: Iterable[str]) -> str:
        """How some columns of a table are known, each word once."""
        wanted = set(columns)
        words = dict.fromkeys(one.status for one in self.table(name).fields if one.name in wanted and one.status)
        return "; ".join(words)


def one_of(rows: pd.DataFrame, **codes: str) -> pd.DataFrame:
    """The rows of these codes, with their places; a column that the table has not is not asked for."""
    for name, code in codes.items():
        if name in rows:
            rows = rows[rows[name] == code]
    return rows


def number(value: Any) -> float:
    """A figure that is shown; NaN for one that is suppressed or not known."""
    return float(value) if is_number(value) else math.nan


def bar_words(value: Any, unit: str) -> str:
    """A figure beside its bar."""
    if isinstance(value, str):
        return value
    return f"{shown(value)} {unit}".strip() if is_number(value) else shown(value)
