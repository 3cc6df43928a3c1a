"""A publication as plain values: what its files say, and all that they are made from.

Nothing of a pack's market tables gets here but what disclosure control gave (`release`). Beside it stands what is
public already: the words of the council, residents, outlines, the levers of the scenarios that it chose to publish.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal

import pandas as pd
from pydantic import Field as Limit
from pydantic import model_validator

from lib.pack.manifest import Disclosure, Link, Strict
from lib.pack.manifest_words import Day, Passage, Words
from lib.publish.cells import SafeRelease, SafeTable

KIND: Final = "care-market-publication"
SCHEMA: Final = 1  # of the files; a publication of another cannot be read
MISSING = ("", "c")  # not known, and suppressed
DATA, GEOGRAPHY = "data", "geography/districts.geojson"
SUPPRESSED_WORDS = "c: suppressed, so that nobody can be told apart. An empty cell: not known."
NOT_GIVEN = "not given"
LOSSES = ("table", "measure", "figures", "at_first", "in_addition", "lost")  # what is told of each, in a table
FieldType = Literal["string", "integer", "number"]
FileName = Annotated[str, Limit(pattern=r"^[a-z][a-z0-9_]{0,59}$")]


class FieldWords(Strict):
    """A column of a table, as Frictionless describes it; unit and status are ours."""

    name: FileName
    type: FieldType
    title: Words
    description: str = ""
    unit: str = ""
    status: str = ""


class Schema(Strict):
    """The columns of a table."""

    fields: tuple[FieldWords, ...] = Limit(min_length=1)


class Resource(Strict):
    """A file of the publication. Only a table has a schema; the same table as JSON has none."""

    name: Words
    path: Words
    title: Words
    description: str = ""
    hash: str
    bytes: int = Limit(ge=0, strict=True)
    rows: int | None = Limit(None, ge=0, strict=True)
    status: str = ""
    schema_: Schema | None = Limit(None, alias="schema")


class ServiceWords(Strict):
    """A service in the words that people read, and the day that its figures run to."""

    label: Words
    people: Words
    period: Words
    as_of: Day
    caveats: tuple[str, ...] = ()


class Source(Strict):
    """A table of the pack that the figures rest on, with what must stand beside it."""

    title: Words
    status: str
    rule: str = ""
    credit: str = ""
    sources: tuple[Link, ...] = ()
    licenses: tuple[Link, ...] = ()


class EarlierEdition(Strict):
    """An edition that came before, in the same folder: its number, and the date of its data."""

    edition: int = Limit(ge=1, strict=True)
    as_of: Day


class LastEdition(Strict):
    """The edition that the changes are counted from, and whether it stands in the same folder."""

    edition: int = Limit(ge=1, strict=True)
    as_of: Day
    here: bool


class Particulars(Strict):
    """Whose publication it is, of when, and what else it says in words: all of datapackage.json but its files."""

    kind: Literal["care-market-publication"] = KIND
    schema_version: Literal[1] = SCHEMA
    name: Words
    title: Words
    area: Words
    council: Words
    pack_name: Words
    as_of: Day
    edition: int = Limit(ge=1, strict=True)
    earlier: tuple[EarlierEdition, ...] = ()
    since: LastEdition | None = None
    demonstration: str = ""
    how_to_join: Passage = ""
    contact: Passage = ""
    services: dict[Words, ServiceWords] = Limit(min_length=1)
    labels: dict[str, dict[str, str]]  # of service_types, cohorts and groupings, by their code
    disclosure: Disclosure = Disclosure()
    dates: dict[str, str]  # of each service's figures, as disclosure control had them
    scenarios: tuple[dict[str, Any], ...] = ()  # name, service, years and levers of demand; no other lever is told
    report: dict[str, Any]
    rests_on: tuple[Source, ...] = ()
    licenses: tuple[Link, ...] = ()
    outlines_credit: str = ""

    @model_validator(mode="after")
    def in_order(self) -> Particulars:
        """Refuse editions that do not come one after the other."""
        numbers = [one.edition for one in self.earlier]
        if numbers != sorted(set(numbers)) or any(one >= self.edition for one in numbers):
            raise ValueError("earlier editions in their order, each once and below edition")
        return self


class Descriptor(Particulars):
    """datapackage.json of an edition: its particulars, and every file with its hash."""

    resources: tuple[Resource, ...]


@dataclass(frozen=True, eq=False)
class Publication:
    """One edition, as it was made or read back.

    Attributes:
        about: the particulars.
        release: the safe tables, as disclosure control gave them. Its report is for the council alone: of an edition
            that was read it is empty, and about.report is what everybody may know.
        texts: further tables by name, of what is public already: intentions, council_words, residents, and where there
            are any scenarios, assumptions, providers (names that may be shown) and changes (since the last edition).
        outlines: of the districts, GeoJSON in degrees.
        key: names the bytes of its files; "" before they are written.
    """

    about: Particulars
    release: SafeRelease
    texts: Mapping[str, SafeTable]
    outlines: bytes = field(repr=False)
    key: str = ""

    @property
    def tables(self) -> Mapping[str, SafeTable]:
        """Every table by its name: the safe ones, then the texts."""
        return {**{one.name: one for one in self.release.tables}, **self.texts}

    def frame(self, name: str) -> pd.DataFrame:
        """The rows of a table, None for a table that the edition has not: see SafeTable. Not to be changed."""
        return self.tables[name].frame

    def of_service(self, name: str, service: str) -> pd.DataFrame:
        """The rows of a table that are of a service; no rows where the edition has no such table."""
        if name not in self.tables:
            return pd.DataFrame()
        frame = self.frame(name)
        return frame[frame["service"] == service].reset_index(drop=True)

    def label(self, vocabulary: str, code: str) -> str:
        """The words for a code of service_types, cohorts or groupings."""
        return self.about.labels.get(vocabulary, {}).get(code, code)


def licence_words(links: Sequence[Link]) -> str:
    """Licences in one line, by title and address."""
    return "; ".join(f"{one.title or one.name}{f' ({one.path})' if one.path else ''}" for one in links)
