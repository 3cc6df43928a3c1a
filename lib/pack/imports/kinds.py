"""The kinds of file that can be imported, stated once: the command line, the page and the documents follow from it."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from lib.pack.faults import PackError, SelectionError, quoted
from lib.pack.imports.change import Change, Progress, Upload, no_progress
from lib.pack.imports.wrapped import unwrapped
from lib.pack.load import OUTLINES_NAME, Pack
from lib.pack.models import TABLES

THE_COUNCIL = "the council"
# So many rows at the top of a sheet are looked through for the names of a table's columns.
ROWS_BEFORE_NAMES = 30


@dataclass(frozen=True)
class Kind:
    """A kind of file that can be imported.

    code: as the command line has it. label: as people read it. takes: which files, in words; what a file is, its
    content says. reader: "module:function", given `arguments` by name. publisher and rhythm_days: who publishes it,
    and every how many days (None: nobody's rhythm). feeds: the resources of the manifest that it changes. table: the
    table whose own columns such a file may have instead, "" for none. folder: whether the files of a folder may be
    given as one. shapes_only: whether it is never a table, which may come in a zip.
    """

    code: str
    label: str
    takes: str
    reader: str
    publisher: str = THE_COUNCIL
    rhythm_days: int | None = None
    feeds: tuple[str, ...] = ()
    arguments: Mapping[str, Any] = field(default_factory=dict)
    table: str = ""
    folder: bool = False
    shapes_only: bool = False

    def read(self, pack: Pack, uploads: Sequence[Upload], progress: Progress = no_progress) -> Change:
        """What files of this kind would change in a pack; PackError says everything that is wrong with them."""
        if not self.shapes_only:
            uploads = unwrapped(uploads, folder=self.folder)
        if self.table and any(in_columns_of(self.table, one) for one in uploads):
            return TABLE_KINDS[self.table].read(pack, uploads, progress)
        change: Change = bound(self.reader)(pack, uploads, progress, **self.arguments)
        return change


def bound(name: str) -> Any:
    """The function of "module:function", imported when it is needed: the command line starts without geopandas."""
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)


def in_columns_of(table: str, upload: Upload) -> bool:
    """Whether a file is a table in the pack's own columns: one of its first rows names them all."""
    from lib.pack.description import description
    from lib.pack.saved import headings

    columns = description(TABLES[table]).columns
    needed = {name for name, column in columns.items() if not column.optional}
    try:
        sheets = bound("lib.pack.imports.sheet:read_sheets")(upload)
    except PackError:
        return False
    rows = (row for sheet in sheets for row in sheet.cells.head(ROWS_BEFORE_NAMES).itertuples(index=False))
    return any(needed <= {*headings([str(cell) for cell in row], columns)} for row in rows)


def label_of(table: str) -> str:
    """A table's name as people read it."""
    return table.replace("_", " ").capitalize()


def table_kind(table: str) -> Kind:
    """The kind of file that replaces a table of the pack, in the table's own columns."""
    return Kind(
        table,
        label_of(table),
        "a CSV, Excel or ODS file in the columns of the template",
        "lib.pack.imports.tables:read_pack_table",
        feeds=(table,),
        arguments={"table": table},
    )


TABLE_KINDS: dict[str, Kind] = {name: table_kind(name) for name in TABLES}

PUBLISHED = (
    Kind(
        "cqc-ratings",
        "CQC ratings",
        "the CQC's ratings file, ODS, Excel or CSV, as published",
        "lib.pack.imports.cqc.register:read_cqc_ratings",
        "Care Quality Commission",
        31,
        ("ratings", "providers", "cqc_locations"),
    ),
    Kind(
        "cqc-locations",
        "CQC locations",
        "the CQC's care directory, active locations or locations report, or location JSON of its public API, one file "
        "or a folder of them",
        "lib.pack.imports.cqc.register:read_cqc_locations",
        "Care Quality Commission",
        31,
        ("ratings", "providers", "cqc_locations"),
        folder=True,
    ),
    Kind(
        "boundaries",
        "District boundaries",
        "boundaries of local authority districts: GeoJSON, GeoPackage or a zipped shapefile, as the ONS publishes them",
        "lib.pack.imports.areas:read_boundaries",
        "Office for National Statistics",
        365,
        (OUTLINES_NAME,),
        shapes_only=True,
    ),
    Kind(
        "wards",
        "Wards",
        "wards with their boundaries or points: GeoJSON, GeoPackage or a zipped shapefile, as the ONS publishes them, "
        "or the columns of the template",
        "lib.pack.imports.areas:read_wards",
        "Office for National Statistics",
        365,
        ("wards",),
        table="wards",
    ),
    Kind(
        "population",
        "Population",
        "population by district, age and year, as the ONS and Nomis publish estimates, projections and the Census, or "
        "the columns of the template",
        "lib.pack.imports.population:read_population",
        "Office for National Statistics",
        730,
        ("population",),
        table="population",
    ),
)


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by its code: what others publish, then each table of the pack."""
    every = {kind.code: kind for kind in PUBLISHED}
    return every | {code: kind for code, kind in TABLE_KINDS.items() if code not in every}


def kind_of(code: str) -> Kind:
    """The kind of a code; SelectionError, which names them all, where there is none."""
    try:
        return kinds()[code]
    except KeyError:
        raise SelectionError(f"kind: found {quoted(code)}, expected one of {', '.join(kinds())}") from None
