"""The tables of a publication as one spreadsheet: what its CSV files hold, made of the publication and nothing else."""

from __future__ import annotations

from lib.export.sheets import Sheet
from lib.export.workbook import one_workbook
from lib.publish.cells import SafeTable
from lib.publish.publication import SUPPRESSED_WORDS, Publication, licence_words


def edition_workbook(publication: Publication) -> bytes:
    """An edition's tables, each on a sheet with its title, status, note and what its columns mean."""
    about = publication.about
    by = f"{about.council}, edition {about.edition}."
    sheets = [sheet_of_table(table, by, about.demonstration) for table in publication.tables.values()]
    lines = [by, SUPPRESSED_WORDS]
    lines += [f"Licences: {licence_words(about.licenses)}."] if about.licenses else []
    made = max(one.as_of for one in about.services.values())
    return one_workbook(about.title, sheets, made, lines)


def sheet_of_table(table: SafeTable, by: str, demonstration: str) -> Sheet:
    """A table of an edition. by: whose it is. demonstration: the line of made-up figures; "" for none."""
    status = "; ".join(dict.fromkeys(one.status for one in table.fields if one.status))
    opening = f"Status: {status}. {by}" if status else by
    meanings = [f"{one.name}: {one.description}" for one in table.fields if one.description]
    names = [one.name for one in table.fields]
    return Sheet(
        table.name,
        table.title,
        table.frame[names],
        (opening, *([demonstration] if demonstration else [])),
        tuple(line for line in (table.note, *meanings) if line),
        status,
        internal=False,
        file=f"{table.name}.csv",
        units={one.name: one.unit for one in table.fields if one.unit},
        statuses={one.name: one.status for one in table.fields if one.status},
    )
