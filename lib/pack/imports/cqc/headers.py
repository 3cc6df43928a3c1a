"""Find the table in a CQC file: its header row, whatever stands above it, and its columns, however they are spelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.pack.faults import Fault, PackError, quoted
from lib.pack.imports.cqc.dates import date_in
from lib.pack.imports.cqc.words import bare
from lib.pack.imports.sheet import Sheet
from lib.pack.saved import letter

ROWS_ABOVE, ROWS_OF_README = 100, 10
RATINGS, ACTIVE, REPORT, DIRECTORY, PROVIDERS = "ratings", "active locations", "report", "directory", "providers"
NAMES = {
    RATINGS: "the CQC's ratings file",
    ACTIVE: "the CQC's HSCA active locations",
    REPORT: "the CQC's locations report",
    DIRECTORY: "the CQC's care directory",
    PROVIDERS: "CQC ratings of providers as a whole",
}
# Each column that is read, and its names in the files of several years, as `bare` has them.
FIELDS: dict[str, tuple[str, ...]] = {
    "location_id": ("locationid", "cqclocationid", "locationcqcid", "locationidentifier"),
    "location_name": ("locationname", "name"),
    "provider_id": ("providerid", "cqcproviderid", "providercqcid"),
    "provider_name": ("providername",),
    "postcode": ("locationpostcode", "locationpostalcode", "postcode", "postalcode"),
    "authority": ("locationlocalauthority", "localauthority", "localauthorityname"),
    "category": ("locationprimaryinspectioncategory", "primaryinspectioncategory", "locationinspectioncategory"),
    "service": ("servicepopulationgroup", "serviceorpopulationgroup", "servicegroup", "populationgroup"),
    "domain": ("domain", "keyquestion"),
    "rating": ("latestrating", "rating"),
    "published": ("publicationdate", "ratingpublicationdate", "locationpublicationdate"),
    "inherited": ("inheritedrating",),
    "overall": ("locationlatestoverallrating", "latestoverallrating", "locationoverallrating", "overallrating"),
    "safe": ("locationsaferating", "saferating"),
    "effective": ("locationeffectiverating", "effectiverating"),
    "caring": ("locationcaringrating", "caringrating"),
    "responsive": ("locationresponsiverating", "responsiverating"),
    "well_led": ("locationwellledrating", "wellledrating"),
    "service_types": ("servicetypes", "servicetype", "locationservicetypes"),
    "specialisms": ("specialismsservices", "specialisms", "serviceuserssupported"),
    "started": ("locationhscastartdate",),
    "ended": ("locationhscaenddate",),
    "dormant": ("dormant",),
}
_FIELD = {name: field for field, names in FIELDS.items() for name in names}
SERVICE_FLAG, BAND_FLAG = "servicetype", "serviceuserband"


@dataclass(frozen=True, eq=False)
class Table:
    """The table of a CQC file.

    kind: which file it is. cells: text without the space around it, one column a field of FIELDS; services and bands:
    one column a service type, or band of service users, that the file has a column of, by its name. rows: the
    spreadsheet's row of each. letters and headings: the spreadsheet's letter of each field, and its name there. above:
    what stands over the header.
    """

    file: str
    kind: str
    cells: pd.DataFrame
    services: pd.DataFrame
    bands: pd.DataFrame
    rows: npt.NDArray[np.int64]
    letters: dict[str, str]
    headings: dict[str, str]
    above: str
    notes: tuple[str, ...] = ()

    def fault(self, place: int, field: str, found: str, expected: str) -> Fault:
        """The fault of a cell, by its place among the rows."""
        heading = self.headings.get(field, field)
        return Fault(self.file, int(self.rows[place]), heading, found, expected, self.letters.get(field, ""))

    def column(self, field: str) -> pd.Series[str]:
        """A column, empty where the file has none of it."""
        return self.cells[field] if field in self.cells else pd.Series("", index=self.cells.index, dtype="str")

    @property
    def as_at(self) -> str:
        """The date that the file's preamble or name says, ISO; "" for none."""
        return date_in(self.above) or date_in(self.file)


def kind_of(fields: set[str], flags: int) -> str:
    """Which of the CQC's files has these columns; "" for none."""
    if {"service", "domain", "rating"} <= fields:
        return RATINGS if "location_id" in fields else PROVIDERS if "provider_id" in fields else ""
    if "location_id" not in fields:
        return ""
    if flags:
        return ACTIVE
    if "service_types" in fields:
        return REPORT if fields & {"overall", "safe"} else DIRECTORY
    return ""


def table_of(sheets: Sequence[Sheet]) -> Table:
    """The table of a file's sheets: of several, the one that tells of locations, and of these the longest."""
    every = [(sheet, in_sheet(sheet)) for sheet in sheets]
    found = [table for _, table in every if table is not None]
    whole = [table for table in found if table.kind != PROVIDERS] or found
    if not whole:
        raise PackError([no_table(sheets)])
    best = max(whole, key=lambda table: len(table.rows))
    if best.kind == PROVIDERS:
        expected = "locations: the sheet of locations, which the CQC publishes in the same file"
        raise PackError([Fault(best.file, None, "", NAMES[PROVIDERS], expected)])
    if not len(best.rows):
        raise PackError([Fault(best.file, None, "", "a header and no row below it", "a row for each location")])
    # A sheet beside it, such as a README, may say the file's date.
    beside = " ".join(_text(sheet.cells.head(ROWS_OF_README)) for sheet, table in every if table is None)
    return best if date_in(best.above) else replace(best, above=f"{best.above} {beside}")


def _text(cells: pd.DataFrame) -> str:
    """Everything that stands in some cells."""
    return " ".join(str(cell) for line in cells.itertuples(index=False) for cell in line if cell)


def in_sheet(sheet: Sheet) -> Table | None:
    """The table of a sheet; None where no row of it is the header of a CQC file."""
    top = sheet.cells.head(ROWS_ABOVE)
    for place, row in enumerate(top.itertuples(index=False, name=None)):
        names = [str(cell).replace("\ufeff", "").strip() for cell in row]
        plain = [bare(name) for name in names]
        places: dict[str, int] = {}
        for column, name in enumerate(plain):
            if name in _FIELD:
                places.setdefault(_FIELD[name], column)
        services, bands = (
            {
                names[column].partition("-")[2].strip() or names[column]: column
                for column, name in enumerate(plain)
                if name not in _FIELD and name.startswith(start)
            }
            for start in (SERVICE_FLAG, BAND_FLAG)
        )
        kind = kind_of(set(places), len(services))
        if kind:
            return _table(sheet, place, kind, places, (services, bands), names, _text(top.iloc[:place]))
    return None


def _table(
    sheet: Sheet,
    header: int,
    kind: str,
    places: dict[str, int],
    flags: tuple[dict[str, int], dict[str, int]],
    names: list[str],
    above: str,
) -> Table:
    below = sheet.cells.iloc[header + 1 :]
    cells = pd.DataFrame({field: below.iloc[:, column].str.strip() for field, column in places.items()})
    key = "location_id" if "location_id" in cells else "provider_id"
    # A file put together from several has its header again; what has no id is a note below the table.
    told = (cells[key] != "") & (cells[key] != names[places[key]])
    notes = list(sheet.notes)
    blank = (cells == "").all(axis=1)
    lost = int((~told & ~blank & (cells[key] == "")).sum())
    if lost:
        notes.append(f"{lost:,} row{'s' if lost > 1 else ''} without a {names[places[key]]} left out.")
    kept = told.to_numpy()
    services, bands = (
        pd.DataFrame({name: below.iloc[:, column].str.strip() for name, column in one.items()}, index=below.index)[kept]
        for one in flags
    )
    return Table(
        sheet.file,
        kind,
        cells[kept].reset_index(drop=True),
        services.reset_index(drop=True),
        bands.reset_index(drop=True),
        np.arange(len(below))[kept] + sheet.first_row + header + 1,
        {field: letter(column) for field, column in places.items()},
        {field: names[column] for field, column in places.items()},
        above,
        tuple(notes),
    )


def no_table(sheets: Sequence[Sheet]) -> Fault:
    """What to say of a file in which no row is the header of a CQC file."""
    for sheet in sheets:
        for place, row in enumerate(sheet.cells.head(ROWS_ABOVE).itertuples(index=False, name=None)):
            names = [str(cell).strip() for cell in row]
            known = [name for name in names if bare(name) in _FIELD]
            if len(known) > 1:
                found = f"a header with {', '.join(known[:6])}"
                expected = (
                    "the columns of a CQC file of locations: Location ID, and Service types, a Service type column for "
                    "each service, or Service / Population Group with Domain and Latest Rating"
                )
                return Fault(sheet.file, place + sheet.first_row, "", found, expected)
    first = next((str(cell) for sheet in sheets for cell in sheet.cells.head(1).to_numpy().ravel() if cell), "")
    expected = "a CQC file of locations, as the CQC publishes it, with a Location ID column"
    return Fault(sheets[0].file if sheets else "", None, "", f"a table that begins with {quoted(first)}", expected)
