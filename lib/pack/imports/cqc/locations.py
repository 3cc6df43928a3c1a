"""What every CQC file is read as: one row a location, a registered office, with its ratings as far as they are told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from lib.pack.faults import Fault, PackError, faults_at, quoted
from lib.pack.imports.cqc.headers import Table
from lib.pack.imports.cqc.words import DOMAINS, KEY_QUESTIONS, OVERALL, bare, is_home_care, is_nothing, rating_words
from lib.pack.manifest import Manifest

ID = "cqc_location_id"
# The columns of the frame of Locations that tell when the rating of each domain was published.
DATES = {domain: f"{domain}_on" for domain in DOMAINS}
_LOCATION_ID = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_A_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ].*)?|\d{1,2}/\d{1,2}/\d{4}|\d{1,2}-[A-Za-z]{3}(?:-\d+)?")
_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")
_SEPARATORS = re.compile(r"[,;|]")
CHILDREN = "children"


@dataclass(frozen=True, eq=False)
class Locations:
    """The locations of a file that lie in the pack's area.

    frame: cqc_location_id, location_name, cqc_provider_id, provider_name, postcode, authority, district_code,
    home_care, inferred (home care only because the CQC counts it as community based and names no service), children
    (true, false, None where the file does not say), one column a domain (a rating of the pack, None where the file does
    not say) and DATES. Text is None where the file says nothing. complete: whether a location that is not in it is no
    longer registered. gone: ids that it says are no longer.
    """

    kind: str
    file: str
    frame: pd.DataFrame
    counts: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()
    lists: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    as_at: str = ""
    complete: bool = False
    gone: frozenset[str] = frozenset()


def tidy_postcode(text: str) -> str | None:
    """A postcode as the Royal Mail writes it, other text as it stands; None for nothing."""
    close = "".join(text.upper().split())
    found = _POSTCODE.fullmatch(close)
    return f"{found[1]} {found[2]}" if found else text.strip() or None


def texts(column: pd.Series[str]) -> pd.Series:
    """Text with None where a cell says nothing."""
    different = {text: None if is_nothing(text) else " ".join(text.split()) for text in column.unique()}
    return column.map(different).astype(object).where(lambda found: found.notna(), None)


def check_ids(table: Table) -> None:
    """Refuse ids that are none, such as those that a spreadsheet has turned into dates."""
    column = table.column("location_id")
    wrong = {text for text in column.unique() if _A_DATE.fullmatch(text) or not _LOCATION_ID.fullmatch(text)}
    if not wrong:
        return

    def fault(place: int) -> Fault:
        text = column.iloc[place]
        expected = "a CQC location id like 1-123456789"
        if _A_DATE.fullmatch(text):
            expected += ", which a spreadsheet has made a date: take the file as it was downloaded"
        return table.fault(place, "location_id", quoted(text), expected)

    raise PackError(faults_at([int(place) for place in column.isin(wrong).to_numpy().nonzero()[0]], fault))


def places_of(table: Table) -> pd.DataFrame:
    """One row a location: its id, names, postcode and authority, as its first row has them."""
    check_ids(table)
    for name, columns in (("location_name", ("location_name",)), ("place", ("postcode", "authority"))):
        if not {*columns} & {*table.cells}:
            wanted = "the names of the locations" if name == "location_name" else "their postcodes or local authorities"
            expected = "a Location Name" if name == "location_name" else "a postcode or a local authority"
            raise PackError([Fault(table.file, None, "", f"no column with {wanted}", f"{expected} for each location")])
    first = table.cells[~table.column("location_id").duplicated()]
    frame = pd.DataFrame({ID: first["location_id"].astype(object)})
    for name, own in (
        ("location_name", "location_name"),
        ("cqc_provider_id", "provider_id"),
        ("provider_name", "provider_name"),
        ("authority", "authority"),
    ):
        frame[name] = texts(table.column(own).loc[first.index])
    postcodes = table.column("postcode").loc[first.index]
    frame["postcode"] = [None if is_nothing(text) else tidy_postcode(text) for text in postcodes]
    return frame


def rated(table: Table, field_: str, rows: pd.Series[bool], manifest: Manifest) -> pd.Series:
    """The pack's ratings of some rows of a column, None where a cell says nothing; PackError for unknown words."""
    column, words = table.column(field_), rating_words(manifest)
    chosen = column[rows]
    different = {text: None if is_nothing(text) else words.get(bare(text), "") for text in chosen.unique()}
    unknown = {text for text, name in different.items() if name == ""}
    if unknown:
        names = ", ".join(rating.name for rating in manifest.ratings)
        raise PackError(
            faults_at(
                [int(place) for place in chosen.index[chosen.isin(unknown)]],
                lambda place: table.fault(place, field_, quoted(column.iloc[place]), f"one of {names}"),
            )
        )
    found = chosen.map(different).astype(object)
    return found.where(found.notna(), None)


def services_in(text: str) -> list[str]:
    """The services of a list in one cell."""
    return [part.strip() for part in _SEPARATORS.split(text) if bare(part)]


def of_services(names: pd.Series) -> pd.DataFrame:
    """What lists of services say, row by row: home_care, and alone, whether that is the only service."""
    told = {}
    for text in names.unique():
        services = services_in(text)
        home = any(map(is_home_care, services))
        told[text] = (home, len({bare(one) for one in services if not is_home_care(one)}) + home == 1)
    return pd.DataFrame(
        {
            "home_care": [told[text][0] for text in names],
            "alone": [told[text][1] for text in names],
        },
        index=names.index,
    )


def with_location_ratings(
    frame: pd.DataFrame, table: Table, alone: pd.Series[bool], dates: pd.Series | None, manifest: Manifest
) -> pd.DataFrame:
    """A frame with the ratings that a file gives each location as a whole: None for home care among other services.

    Since 2026 a location of several services has no rating of its own, and an older one is of all of them together.
    """
    own = alone | ~frame["home_care"]
    frame = frame.copy()
    every = pd.Series(True, frame.index)
    rows = every.reindex(table.cells.index, fill_value=False)
    for domain in DOMAINS:
        found = rated(table, domain, rows, manifest) if domain in table.cells else pd.Series(None, frame.index)
        known = found.astype(object).where(own, None)
        frame[domain] = known
        on = pd.Series(pd.NaT, frame.index) if dates is None else dates.reindex(frame.index)
        frame[DATES[domain]] = on.where(known.isin(rated_names(manifest))).astype("datetime64[ns]")
    return frame


def rated_names(manifest: Manifest) -> list[str]:
    """The pack's ratings that are one."""
    return [rating.name for rating in manifest.ratings if rating.rated]


def without_ratings(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame of a file that rates nobody."""
    nothing = pd.Series(None, frame.index, dtype=object)
    undated = pd.Series(pd.NaT, frame.index, dtype="datetime64[ns]")
    return frame.assign(**dict.fromkeys(DOMAINS, nothing), **dict.fromkeys(DATES.values(), undated))


def tells_questions(frame: pd.DataFrame) -> pd.Series[bool]:
    """Whether a location has a rating of one of the key questions."""
    return frame[list(KEY_QUESTIONS)].notna().any(axis=1)


def several_note(frame: pd.DataFrame, alone: pd.Series[bool]) -> tuple[str, ...]:
    """That home care offices of several services have no rating in such a file."""
    count = int((frame["home_care"] & ~alone).sum())
    if not count or not frame[OVERALL].notna().any():
        return ()
    return (
        f"{count:,} home care office{'s give' if count > 1 else ' gives'} other services too: this file rates the "
        "location as a whole, so the rating of the home care is left as it was; the CQC's ratings file has it.",
    )
