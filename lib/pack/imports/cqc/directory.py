"""The CQC's care directory: where each location is and which services it gives, and no rating."""

from __future__ import annotations

import pandas as pd

from lib.pack.imports.cqc.area import within
from lib.pack.imports.cqc.headers import DIRECTORY, Table
from lib.pack.imports.cqc.locations import CHILDREN, ID, Locations, of_services, places_of, without_ratings
from lib.pack.load import Pack


def read(table: Table, pack: Pack) -> Locations:
    """The locations of a care directory that lie in the pack's area."""
    frame = within(pack, places_of(table), table.file)
    said = of_services(joined(table, "service_types").reindex(frame[ID]).set_axis(frame.index))
    frame = without_ratings(frame.assign(home_care=said["home_care"], inferred=False, children=children(table, frame)))
    notes, again = list(table.notes), int(table.column("location_id").duplicated().sum())
    if again:
        notes.append(f"{again:,} row{'s name a location' if again > 1 else ' names a location'} again: it counts once.")
    counts = (
        ("rows read", len(table.rows)),
        ("locations in the area", len(frame)),
        ("of them home care offices", int(frame["home_care"].sum())),
        ("of them with home care as their only service", int((said["home_care"] & said["alone"]).sum())),
    )
    return Locations(DIRECTORY, table.file, frame, counts, tuple(notes), {}, table.as_at, complete=True)


def joined(table: Table, field: str) -> pd.Series:
    """What the rows of each location say in a column, as one list, by the location's id."""
    ids = table.column("location_id")
    if not ids.duplicated().any():
        return table.column(field).set_axis(pd.Index(ids))
    return table.column(field).groupby(ids, sort=False).agg(",".join)


def children(table: Table, frame: pd.DataFrame) -> pd.Series:
    """Whether each location says that it serves children; None where the file has no column of it."""
    if "specialisms" not in table.cells:
        return pd.Series(None, frame.index, dtype=object)
    said = joined(table, "specialisms").str.casefold().str.contains(CHILDREN, regex=False)
    return said.reindex(frame[ID]).set_axis(frame.index).astype(object)
