"""Read the CQC's files into a pack: the register of offices, and the ratings of the providers that are matched by id.

A registered office is not where care is given, and nothing here counts as supply. Several files add up: what one does
not say, such as the services in the ratings file or the ratings in the care directory, stays as an earlier one told it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from lib.pack.faults import Fault, PackError
from lib.pack.imports.change import Change, Progress, Upload, no_progress
from lib.pack.imports.cqc import active_locations, api, directory, locations_report, ratings_file
from lib.pack.imports.cqc.headers import ACTIVE, DIRECTORY, NAMES, RATINGS, REPORT, Table, table_of
from lib.pack.imports.cqc.locations import CHILDREN, DATES, ID, Locations, tells_questions
from lib.pack.imports.cqc.matching import NOT_MATCHED, Matched, matched, providers_of, rating_rows
from lib.pack.imports.cqc.resources import REGISTER, later_pack, providers_resource, ratings_resource, register_resource
from lib.pack.imports.cqc.words import DOMAINS, OVERALL
from lib.pack.imports.sheet import read_sheets
from lib.pack.load import Pack
from lib.pack.models import TABLES, path_of

NO_LONGER = "No longer in the CQC's file"
_READERS: Mapping[str, Callable[[Table, Pack], Locations]] = {
    RATINGS: ratings_file.read,
    DIRECTORY: directory.read,
    ACTIVE: active_locations.read,
    REPORT: locations_report.read,
}


def read_cqc_ratings(pack: Pack, uploads: Sequence[Upload], progress: Progress = no_progress) -> Change:
    """What the CQC's ratings file would change in a pack; PackError says everything that is wrong with it."""
    table = _one_table(uploads, progress)
    if table.kind != RATINGS:
        found = f"{NAMES[table.kind]}, which has no ratings of each service"
        expected = "the CQC's ratings file: import this one as cqc-locations"
        raise PackError([Fault(table.file, None, "", found, expected)])
    return _change(pack, ratings_file.read(table, pack), progress)


def read_cqc_locations(pack: Pack, uploads: Sequence[Upload], progress: Progress = no_progress) -> Change:
    """What any other CQC file of locations, or JSON of its API, would change in a pack; PackError as above."""
    if any(map(api.is_json, uploads)):
        other = [upload.name for upload in uploads if not api.is_json(upload)]
        if other:
            expected = "JSON of the CQC's API alone, or one file of another kind"
            raise PackError([Fault(other[0], None, "", "a file that is not JSON among others that are", expected)])
        return _change(pack, api.read(uploads, pack), progress)
    table = _one_table(uploads, progress)
    if table.kind == RATINGS:
        expected = "a care directory, active locations or a locations report: import this one as cqc-ratings"
        raise PackError([Fault(table.file, None, "", NAMES[RATINGS], expected)])
    return _change(pack, _READERS[table.kind](table, pack), progress)


def _one_table(uploads: Sequence[Upload], progress: Progress) -> Table:
    """The table of the one file that was given."""
    if len(uploads) != 1:
        name = uploads[1].name if uploads else ""
        raise PackError([Fault(name, None, "", f"{len(uploads):,} files", "one file of the CQC at a time")])
    if api.is_json(uploads[0]):
        found, expected = "JSON, as the CQC's API gives it", "the CQC's ratings file: import this one as cqc-locations"
        raise PackError([Fault(uploads[0].name, None, "", found, expected)])
    table = table_of(read_sheets(uploads[0], progress))
    progress(0.6, f"{len(table.rows):,} rows of {NAMES[table.kind]}")
    return table


def _change(pack: Pack, read: Locations, progress: Progress) -> Change:
    """What the locations of a file would change in a pack."""
    register, dropped = registered(pack, read)
    progress(0.8, f"{len(register):,} locations")
    notes, lists = list(read.notes), dict(read.lists)
    files = {path_of(REGISTER): csv_of(register, list(TABLES[REGISTER].__fields__))}
    resources: dict[str, Mapping[str, Any]] = {REGISTER: register_resource(read)}
    counts = [*read.counts, ("locations in the register", len(register))]
    if pack.table("providers").empty:
        ratings, more = _filled(pack, read, register, files, resources)
        counts += more
        if read.frame[CHILDREN].isna().all():
            notes.append("The file does not say which offices serve children too: none of them is taken to.")
        notes.append("The pack had no providers: its home care offices are now the providers, of unknown capacity.")
    else:
        found = matched(pack, read.frame)
        ratings = found.ratings
        counts.append(("matched to a provider of the pack", len(found.providers)))
        if ratings is not None:
            resources["ratings"] = ratings_resource(pack, read, found.from_file, ratings)
        notes += _of_match(found)
        if len(found.rest):
            lists[NOT_MATCHED] = found.rest
    settings: Mapping[str, Any] = {}
    if ratings is not None:
        files[path_of("ratings")] = csv_of(ratings, list(ratings.columns))
        settings, later = later_pack(pack, ratings)
        notes += later
    if len(dropped):
        lists[NO_LONGER] = dropped
        notes.append(f"{len(dropped):,} locations that the pack's register had are no longer in the file: left out.")
    title = f"{NAMES.get(read.kind, read.kind)}, {read.file}"
    return Change(title, files, resources, settings, tuple(counts), tuple(notes), lists, read.as_at)


def _filled(
    pack: Pack,
    read: Locations,
    register: pd.DataFrame,
    files: dict[str, bytes],
    resources: dict[str, Mapping[str, Any]],
) -> tuple[pd.DataFrame | None, list[tuple[str, int]]]:
    """Take the home care offices as the providers of a pack that has none; its ratings, and what to count."""
    known = read.frame.set_index(ID)
    offices = register[register["home_care"].astype(bool)].copy()
    offices[CHILDREN] = offices[ID].map(known[CHILDREN])
    for domain in DOMAINS:
        # The day of each key question is known only of what this file told; of the register, that of the whole.
        offices[DATES[domain]] = offices[ID].map(known[DATES[domain]])
        offices[DATES[domain]] = offices[DATES[domain]].fillna(offices["rated_on"]).where(offices[domain].notna())
    providers = providers_of(pack, offices)
    rows = rating_rows(offices.rename(columns={ID: "provider_id"}), list(pack.manifest.domains))
    files[path_of("providers")] = csv_of(providers, list(providers.columns))
    resources["providers"] = providers_resource(read)
    ratings = rows.reindex(columns=list(pack.table("ratings").columns)) if len(rows) else None
    if ratings is not None:
        resources["ratings"] = ratings_resource(pack, read, tuple(providers["provider_id"]), ratings)
    return ratings, [("home care offices taken as providers", len(providers))]


def _of_match(found: Matched) -> list[str]:
    """What to say of how the file and the providers of the pack go together."""
    notes = []
    if not found.providers:
        notes.append(
            "No provider of the pack has the CQC id of a location of this file: no rating changes. Enter the ids in "
            "the column cqc_location_id of providers.csv."
        )
    if len(found.rest):
        count = len(found.rest)
        notes.append(f"{count:,} home care office{'s are' if count > 1 else ' is'} no provider of the pack.")
    return notes


def registered(pack: Pack, read: Locations) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The register with the locations of a file in it, in the columns of its table; and what is no longer in it.

    What the file does not say of a location stays as the register had it, its ratings as a whole. The services of the
    ratings file are a guess, which what is known of them goes before.
    """
    new = read.frame.copy()
    new["rated_on"] = new[DATES[OVERALL]]
    new["read_from"] = _source(read.file)
    new = new[[*TABLES[REGISTER].__fields__, "inferred"]].set_index(ID)
    old = pack.table(REGISTER).astype(object).set_index(ID)
    old = old.where(old.notna(), None)
    both = new.index.intersection(old.index)
    if len(both):
        had, said = old.loc[both], new.loc[both]
        for column in ("location_name", "cqc_provider_id", "provider_name", "postcode", "district_code"):
            new.loc[both, column] = said[column].where(said[column].notna(), had[column])
        new.loc[both, "home_care"] = said["home_care"].where(~said["inferred"].astype(bool), had["home_care"])
        stays = ~said[list(DOMAINS)].notna().any(axis=1)
        stays |= ~tells_questions(said) & (said[OVERALL] == had[OVERALL])
        kept = both[stays.to_numpy(dtype=bool)]
        for column in (*DOMAINS, "rated_on"):
            new.loc[kept, column] = had.loc[kept, column]
        first, last = had["read_from"].str.split("; ").str[0], had["read_from"].str.split("; ").str[-1]
        mine = _source(read.file)
        own = [
            _joined(mine, last[place]) if place in {*kept} and had.loc[place, list(DOMAINS)].notna().any()
            else _joined(first[place], mine) if read.kind == RATINGS
            else mine
            for place in both
        ]  # fmt: skip
        new.loc[both, "read_from"] = own
    rest = old[~old.index.isin(new.index)]
    over = rest if read.complete else rest[rest.index.isin(read.gone)]
    whole = pd.concat([rest.drop(index=over.index), new.drop(columns="inferred").astype(object)]) if len(rest) else new
    whole = whole.reset_index().sort_values(ID, kind="stable").reset_index(drop=True)
    columns = [ID, "location_name", "provider_name", "postcode", OVERALL]
    return whole[list(TABLES[REGISTER].__fields__)], over.reset_index()[columns]


def _source(file: str) -> str:
    return file.replace(";", ",")


def _joined(one: str, other: str) -> str:
    """The file that told of a location, and that which told of its ratings."""
    return one if one == other else f"{one}; {other}"


def csv_of(frame: pd.DataFrame, columns: list[str]) -> bytes:
    """A table as the bytes of its file: dates as 2025-03-31, true and false, an empty cell for nothing."""
    written = pd.DataFrame({name: frame[name].map(_cell) for name in columns})
    return written.to_csv(index=False, lineterminator="\n").encode()


def _cell(value: Any) -> Any:
    if value is None or value is pd.NaT or (not isinstance(value, str) and pd.isna(value)):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if value is True or value is False or type(value).__name__ in ("bool", "bool_"):
        return "true" if value else "false"
    return value
