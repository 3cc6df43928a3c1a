"""The CQC's ratings file, "care directory with ratings": a row for each location, service and domain.

The rating of home care is that of the rows of the service itself where the file has them, else of the location's
overall rows. The date is that on which the rating was published: the file has no other, and it is the day from which a
commissioner could know of it. A location is counted as home care where the file rates its home care, or where its main
inspection category is community based adult social care and no service of it is named: which services it gives, the
care directory and the active locations say.
"""

from __future__ import annotations

import pandas as pd

from lib.pack.faults import Fault, PackError, faults_at, quoted
from lib.pack.imports.cqc.area import within
from lib.pack.imports.cqc.dates import read_dates
from lib.pack.imports.cqc.headers import RATINGS, Table
from lib.pack.imports.cqc.locations import DATES, ID, Locations, places_of, rated, rated_names
from lib.pack.imports.cqc.words import COMMUNITY, DOMAINS, bare, domain_of, is_home_care, is_nothing
from lib.pack.load import Pack

TWO_RATINGS = "Two ratings published on one day, so that neither is taken"
_WHOLE = frozenset({"overall", "location", "locationoverall"})


def read(table: Table, pack: Pack) -> Locations:
    """The locations of a ratings file that lie in the pack's area, with the ratings of their home care."""
    if "category" not in table.cells:
        expected = "Location Primary Inspection Category, which says where care is given at home"
        raise PackError([Fault(table.file, None, "", "no such column", expected)])
    frame = within(pack, places_of(table), table.file)
    dates = read_dates(table.column("published"), lambda place, *words: table.fault(place, "published", *words))
    cells = table.cells[table.column("location_id").isin(frame[ID])]
    services = cells["service"].unique()
    home = cells["service"].isin([text for text in services if is_home_care(text)])
    overall = cells["service"].isin([text for text in services if bare(text) in _WHOLE or is_nothing(text)])
    ids = cells["location_id"]
    own, other = frame[ID].isin(ids[home]), frame[ID].isin(ids[~home & ~overall])
    categories = cells.drop_duplicates("location_id").set_index("location_id")["category"]
    community = frame[ID].map(categories.map(bare)) == COMMUNITY
    frame["home_care"] = own | (community & ~other)
    frame["inferred"] = frame["home_care"] & ~own
    frame["children"] = None
    rows = home | (overall & ~ids.isin(ids[home]))
    ratings, twice = of_locations(table, cells[rows], dates, pack)
    frame = frame.join(ratings, on=ID)
    inherited = int(ids[rows & (cells["inherited"].str.upper() == "Y")].nunique()) if "inherited" in cells else 0
    notes = list(table.notes)
    guessed = int(frame["inferred"].sum())
    if guessed:
        notes.append(
            f"{guessed:,} are counted as home care because the CQC inspects them as community based adult social care "
            "and this file names none of their services; the care directory or the active locations say it for certain."
        )
    if inherited:
        notes.append(
            f"{inherited:,} location{'s have' if inherited > 1 else ' has'} ratings that were inherited from an "
            "earlier registration of the same service; they count, as the CQC shows them as current."
        )
    latest = dates.max()
    if not table.as_at and pd.notna(latest):
        notes.append("The file does not say its date: it is taken to be that of its latest rating.")
    counts = (
        ("rows read", len(table.rows)),
        ("locations in the area", len(frame)),
        ("of them community based adult social care", int(community.sum())),
        ("of them home care offices", int(frame["home_care"].sum())),
        ("of them with a rating of the home care itself", int(own.sum())),
    )
    as_at = table.as_at or (latest.date().isoformat() if pd.notna(latest) else "")
    lists = {TWO_RATINGS: twice} if len(twice) else {}
    return Locations(RATINGS, table.file, frame, counts, tuple(notes), lists, as_at)


def of_locations(
    table: Table, cells: pd.DataFrame, dates: pd.Series[pd.Timestamp], pack: Pack
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The ratings of each location by its id, one column a domain and its date; and those that were told in two ways.

    Of several ratings of a domain the one published last counts; of two that were published on one day and differ,
    neither.
    """
    domains = {text: domain_of(text) for text in cells["domain"].unique()}
    unknown = [text for text, domain in domains.items() if domain is None]
    if unknown:
        raise PackError(
            faults_at(
                [int(place) for place in cells.index[cells["domain"].isin(unknown)]],
                lambda place: table.fault(
                    place, "domain", quoted(cells.at[place, "domain"]), "Overall or one of the five key questions"
                ),
            )
        )
    rows = pd.DataFrame(
        {
            ID: cells["location_id"],
            "domain": cells["domain"].map(domains),
            "rating": rated(table, "rating", table.cells.index.to_series().isin(cells.index), pack.manifest),
            "on": dates.loc[cells.index],
        }
    ).dropna(subset="rating")
    key = [ID, "domain"]
    rows = rows.sort_values("on", kind="stable", na_position="first")
    last = rows.groupby(key, sort=False)["on"].transform("last")
    newest = rows[(rows["on"] == last) | (rows["on"].isna() & last.isna())].drop_duplicates([*key, "rating"])
    doubtful = newest.duplicated(key, keep=False)
    told = newest[~doubtful]
    wide = told.pivot(index=ID, columns="domain", values="rating").reindex(columns=list(DOMAINS)).astype(object)
    on = told[told["rating"].isin(rated_names(pack.manifest))].pivot(index=ID, columns="domain", values="on")
    on = on.reindex(index=wide.index, columns=list(DOMAINS)).astype("datetime64[ns]").rename(columns=DATES)
    return wide.where(wide.notna(), None).join(on), newest[doubtful].sort_values(key).reset_index(drop=True)
