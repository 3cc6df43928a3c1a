"""The CQC's "HSCA active locations": every registered location, with a column for each service that it may give.

Its rating is of the location as a whole. It counts as that of the home care only where the location gives nothing else.
"""

from __future__ import annotations

from lib.pack.imports.cqc.area import within
from lib.pack.imports.cqc.dates import read_dates
from lib.pack.imports.cqc.headers import ACTIVE, Table
from lib.pack.imports.cqc.locations import (
    CHILDREN,
    Locations,
    places_of,
    several_note,
    with_location_ratings,
)
from lib.pack.imports.cqc.words import is_home_care
from lib.pack.load import Pack

_TICKS = ("y", "yes", "true", "1")


def read(table: Table, pack: Pack) -> Locations:
    """The active locations of the pack's area."""
    frame = within(pack, places_of(table), table.file)
    ticked, bands = (
        flags.loc[frame.index].apply(lambda column: column.str.casefold().isin(_TICKS))
        for flags in (table.services, table.bands)
    )
    home = ticked[[name for name in ticked if is_home_care(name)]].any(axis=1)
    alone = ticked.sum(axis=1) == 1
    young = [name for name in bands if CHILDREN in name.casefold()]
    dates = read_dates(table.column("published"), lambda place, *words: table.fault(place, "published", *words))
    frame["home_care"], frame["inferred"] = home, False
    frame["children"] = bands[young].any(axis=1).astype(object) if young else None
    frame = with_location_ratings(frame, table, alone, dates, pack.manifest)
    counts = (
        ("rows read", len(table.rows)),
        ("locations in the area", len(frame)),
        ("of them home care offices", int(home.sum())),
        ("of them with home care as their only service", int((home & alone).sum())),
    )
    notes = (*table.notes, *several_note(frame, alone))
    return Locations(ACTIVE, table.file, frame, counts, notes, {}, table.as_at, complete=True)
