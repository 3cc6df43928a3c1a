"""The CQC's locations report: services in one column, ratings of the location as a whole, and no postcode.

Its "Publication Date" has been the date of registration: where the two are the same, no date of the rating is known.
"""

from __future__ import annotations

import pandas as pd

from lib.pack.faults import PackError
from lib.pack.imports.cqc.area import within
from lib.pack.imports.cqc.dates import read_dates
from lib.pack.imports.cqc.directory import children, joined
from lib.pack.imports.cqc.headers import REPORT, Table
from lib.pack.imports.cqc.locations import ID, Locations, of_services, places_of, several_note, with_location_ratings
from lib.pack.imports.cqc.words import OVERALL, is_nothing
from lib.pack.load import Pack


def read(table: Table, pack: Pack) -> Locations:
    """The locations of a locations report that lie in the pack's area; those that have ended are left out."""
    ended = ~table.column("ended").map(is_nothing)
    gone = table.column("location_id")[ended]
    frame = within(pack, places_of(table), table.file)
    frame = frame[~frame[ID].isin(gone)]
    said = of_services(joined(table, "service_types").reindex(frame[ID]).set_axis(frame.index))
    frame = frame.assign(home_care=said["home_care"], inferred=False, children=children(table, frame))
    dates = rating_dates(table)
    frame = with_location_ratings(frame, table, said["alone"], dates, pack.manifest)
    notes = [*table.notes, *several_note(frame, said["alone"])]
    dormant = int((table.column("dormant").loc[frame.index].str.upper().isin(["Y", "YES"]) & said["home_care"]).sum())
    if dormant:
        notes.append(
            f"{dormant:,} of the home care offices {'are' if dormant > 1 else 'is'} dormant: registered, and giving no "
            "care for now."
        )
    if frame[OVERALL].notna().any() and dates.loc[frame.index].isna().all():
        notes.append(
            "The Publication Date of this file is the day of registration, or cannot be told: the dates of its ratings "
            "stay unknown."
        )
    if ended.any():
        count = gone.nunique()
        notes.append(f"{count:,} location{'s' if count > 1 else ''} whose registration has ended left out.")
    counts = (
        ("rows read", len(table.rows)),
        ("locations in the area", len(frame)),
        ("of them home care offices", int(said["home_care"].sum())),
        ("of them with home care as their only service", int((said["home_care"] & said["alone"]).sum())),
    )
    return Locations(REPORT, table.file, frame, counts, tuple(notes), {}, table.as_at, True, frozenset(gone))


def rating_dates(table: Table) -> pd.Series:
    """The dates on which the ratings were published, NaT where the file gives the day of registration instead."""
    try:
        published, started = (
            read_dates(table.column(field), lambda place, *words, name=field: table.fault(place, name, *words))
            for field in ("published", "started")
        )
    except PackError:
        return pd.Series(pd.NaT, table.cells.index, dtype="datetime64[ns]")
    return published.where(published != started)
