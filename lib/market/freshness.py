"""How old the sources of a pack are, held against how often their publishers publish."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from lib.market.wording import counted
from lib.pack.imports.kinds import PUBLISHED, THE_COUNCIL, Kind, kinds
from lib.pack.load import Pack
from lib.pack.manifest import Resource

COLUMNS = ["title", "file", "status", "as_at", "publisher", "rhythm_days", "rhythm", "age_days", "is_old", "words"]
NO_DATE = "date not given"
NO_PUBLISHER = "nobody: made up or modelled"
NO_RHYTHM = "no rhythm is known"
# Statuses of figures that somebody publishes; what is made up or modelled has no publisher who could bring news.
FROM_A_PUBLISHER = ("published", "derived", "supplied", "context")
RHYTHMS = {31: "every month", 365: "every year", 730: "every two years"}
# Tables that run to the date of the pack itself: see lib.pack.manifest.Manifest.as_of.
RUN_TO_THE_PACKS_DATE = ("demand", "capacity", "requests", "history", "providers", "ratings")


def freshness(pack: Pack, today: dt.date) -> pd.DataFrame:
    """Every resource of a pack with its source's date and its publisher's rhythm, one row each, in the pack's order.

    A table that nobody has given has no source, and no row.

    Columns: title, file, status, as_at (date or None), publisher (in words), rhythm_days (None where nobody's is
    known), rhythm (in words), age_days (None without a date), is_old, words: why it counts as old, as current, or
    neither. today: the day against which age counts; nothing below the pages knows it.
    """
    given = (one for one in pack.manifest.resources if one.name not in pack.tables or pack.given(one.name))
    rows = [row_of(pack, resource, today) for resource in given]
    return pd.DataFrame(rows, columns=COLUMNS, dtype="object")


def row_of(pack: Pack, resource: Resource, today: dt.date) -> tuple[object, ...]:
    """One row of `freshness`."""
    as_at, kind = date_of(pack, resource), kind_of_source(resource)
    publisher, days = (kind.publisher, kind.rhythm_days) if kind else (publisher_without_kind(resource), None)
    rhythm = "" if days is None else rhythm_words(days)
    age = None if as_at is None else (today - as_at).days
    is_old = age is not None and days is not None and age > days
    if as_at is None:
        words = NO_DATE
    elif days is None:
        words = "" if publisher == NO_PUBLISHER else NO_RHYTHM
    elif is_old:
        words = f"older than its publisher's rhythm: {counted(age or 0, 'day')} old, published {rhythm}"
    else:
        words = f"within its publisher's rhythm, {rhythm}"
    return resource.title, resource.path, resource.status, as_at, publisher, days, rhythm, age, is_old, words


def rhythm_words(days: int) -> str:
    """How often something is published, in words."""
    return RHYTHMS.get(days, f"every {days} days")


def published_words(kind: Kind) -> str:
    """Who publishes what a kind of file holds, and how often, as a sentence."""
    if kind.publisher == THE_COUNCIL:
        return "The council's own figures."
    often = f", about {rhythm_words(kind.rhythm_days)}" if kind.rhythm_days else ""
    return f"Published by the {kind.publisher}{often}."


def date_of(pack: Pack, resource: Resource) -> dt.date | None:
    """The date of a resource's source: its own, else the pack's for the tables that run to it; None: not given."""
    if resource.as_at is not None or resource.name not in RUN_TO_THE_PACKS_DATE:
        return resource.as_at
    return pack.manifest.as_of


def kind_of_source(resource: Resource) -> Kind | None:
    """The kind of file that a resource comes from: as it was imported, else one that feeds it and whose publisher its
    sources name; None for neither.
    """
    if resource.import_kind:
        return kinds().get(resource.import_kind)
    if resource.status not in FROM_A_PUBLISHER:
        return None
    named = " ".join(source.title for source in resource.sources)
    fitting = (kind for kind in PUBLISHED if resource.name in kind.feeds)
    return next((kind for kind in fitting if kind.publisher in named or initials(kind.publisher) in named), None)


def initials(publisher: str) -> str:
    """A publisher as sources often have it: ONS for Office for National Statistics."""
    return "".join(letter for letter in publisher if letter.isupper())


def publisher_without_kind(resource: Resource) -> str:
    """Who would publish something newer, where no kind of file says so: the first of the sources, else the council."""
    if resource.status not in FROM_A_PUBLISHER:
        return NO_PUBLISHER
    titles = [source.title for source in resource.sources if source.title]
    more = f" and {len(titles) - 1} more" if len(titles) > 1 else ""
    return f"{titles[0]}{more}" if titles else THE_COUNCIL
