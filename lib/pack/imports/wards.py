"""Wards with their boundaries or points, as the ONS publishes them, as the table of wards of a pack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from lib.pack.faults import Fault, PackError, quoted
from lib.pack.geography import DEGREES, NATIONAL_GRID, pack_outlines
from lib.pack.imports.change import Change, Progress, Upload, no_progress
from lib.pack.imports.districts_held import left_out, listed
from lib.pack.imports.ons import boundary_resource, edition_of, supplied_resource
from lib.pack.imports.outline_files import headed, opened_layers, shapes_of
from lib.pack.imports.sheet import Sheet, read_sheets
from lib.pack.load import Pack
from lib.pack.models import path_of
from lib.pack.saved import letter

_WARD_CODE = r"(?:E05|W05|S13|N08)\d{6}"
_DISTRICT_STEMS = ("LAD", "LTLA")
_EXPECTED = "wards with a column such as WD24CD, and boundaries or points"
# How the columns of points are headed: degrees, and metres of the National Grid.
_POINTS = (
    (("LONG", "LONGITUDE", "LON"), ("LAT", "LATITUDE")),
    (("BNG_E", "EASTING", "BNGE"), ("BNG_N", "NORTHING", "BNGN")),
)
_DECIMALS = 5  # of a degree: a metre
_HEADER_ROWS = 30
_COLUMNS = ["ward_code", "ward_name", "district_code", "latitude", "longitude"]


def read_wards(pack: Pack, uploads: Sequence[Upload], progress: Progress = no_progress) -> Change:
    """The wards of a pack's districts, each with a point inside it, from boundaries or points.

    Files of shapes, or a table with columns of coordinates. Wards that requests of the pack name and the file has not
    are kept as they are, and said. PackError where a district has no ward in the file, or a ward no place.
    """
    file = " and ".join(one.name for one in uploads)
    progress(0.0, "Reading the wards")
    if _is_table(uploads):
        wards, heading, notes = _from_table(pack, uploads)
    else:
        wards, heading, notes = _from_shapes(pack, uploads)
    progress(0.9, "Wards read")
    names = pack.district_names()
    faults = [
        Fault(file, None, "", f"the ward {quoted(code)} more than once", "each ward once")
        for code in wards["ward_code"][wards["ward_code"].duplicated()].unique()[:10]
    ]
    if faults:
        raise PackError(faults)
    wards = wards.sort_values(
        ["district_code", "ward_code"],
        key=lambda column: column.map(list(names).index) if column.name == "district_code" else column,
    )
    kept = _still_named(pack, set(wards["ward_code"]))
    if len(kept):
        notes.append(
            f"{len(kept):,} wards that requests name are not in the file and stay as they were: "
            f"{listed(dict(zip(kept['ward_code'], kept['ward_name'], strict=True)))}."
        )
    edition = edition_of(heading, file)
    rule = "A point inside each ward." + (" Wards that only requests name: as before." if len(kept) else "")
    is_published = headed(heading, "WD")
    resource = (
        {"status": "derived"} | boundary_resource("electoral wards", file, rule, edition)
        if is_published
        else supplied_resource(file, rule)
    )
    content = pd.concat([wards[_COLUMNS], kept[_COLUMNS]]).to_csv(index=False, lineterminator="\n").encode()
    return Change(
        title=f"Wards from {file}",
        files={path_of("wards"): content},
        resources={"wards": {"title": "Wards, each with a point"} | resource},
        counts=(("wards", len(wards)),),
        notes=tuple(notes),
    )


def _still_named(pack: Pack, codes: set[str]) -> pd.DataFrame:
    """The wards of the pack that its requests name, and a file has not."""
    wards, requests = pack.table("wards"), pack.table("requests")
    used = set(requests["ward_code"].dropna()) - codes
    return wards[wards["ward_code"].isin(used)]


def _is_table(uploads: Sequence[Upload]) -> bool:
    """Whether files are tables of text or of a spreadsheet, and no files of shapes."""
    for one in uploads:
        name, start = one.name.lower(), one.content[:100_000].lstrip(b"\xef\xbb\xbf \t\r\n")
        if name.endswith((".shp", ".shx", ".dbf", ".prj", ".cpg")) or start.startswith(
            (b"SQLite format 3", b"{", b"<")
        ):
            return False
        if start.startswith(b"PK") and not (b"[Content_Types].xml" in one.content or b"opendocument" in start):
            return False
    return True


def _from_shapes(pack: Pack, uploads: Sequence[Upload]) -> tuple[pd.DataFrame, str, list[str]]:
    """The wards of a pack's districts from files of shapes, the heading of their codes, and notes."""
    file = " and ".join(one.name for one in uploads)
    names = pack.district_names()
    with opened_layers(uploads) as layers:
        found = [(layer, *_headings(layer.texts)) for layer in layers]
        layer, code, name, district = max(found, key=lambda one: (one[1] != "", one[3] != ""))
        if not code:
            columns = ", ".join(map(str, layer.texts.columns[:8])) or "no column of text"
            raise PackError([Fault(file, None, "", columns, _EXPECTED)])
        texts = layer.texts.apply(lambda column: column.str.strip())
        rows, homes = _homes(pack, file, texts, code, district)
        shapes, notes = shapes_of(layer, rows)
    if shapes.is_empty.any() or shapes.isna().any():
        row = next(row for row, bare in (shapes.is_empty | shapes.isna()).items() if bare)
        raise PackError([Fault(file, None, "", f"no shape of the ward {texts[code][row]}", _EXPECTED)])
    points = shapes.make_valid().representative_point()
    if not homes:
        homes = _by_place(pack, points)
    points = points.loc[[row for row in points.index if homes.get(row) in names]].to_crs(DEGREES)
    held = {homes[row]: names[homes[row]] for row in points.index}
    faults = left_out(file, names, held, "ward")
    if faults:
        raise PackError(faults)
    wards = pd.DataFrame(
        {
            "ward_code": texts[code].loc[points.index],
            "ward_name": texts[name or code].loc[points.index],
            "district_code": [homes[row] for row in points.index],
            "latitude": points.y.round(_DECIMALS),
            "longitude": points.x.round(_DECIMALS),
        }
    )
    return wards, code, notes


def _homes(pack: Pack, file: str, texts: pd.DataFrame, code: str, district: str) -> tuple[list[int], dict[int, str]]:
    """The rows of the wards that may lie in the pack, and the district of each by its row where it is said."""
    names = pack.district_names()
    if not district:
        return [row for row, text in enumerate(texts[code]) if text], {}
    inside = texts[district].isin(list(names)) & (texts[code] != "")
    named = next((str(one) for one in texts if str(one).casefold() == district[:-2].casefold() + "nm"), district)
    faults = left_out(file, names, dict(zip(texts[district], texts[named], strict=True)), "ward")
    if faults:
        raise PackError(faults)
    rows = [row for row, chosen in enumerate(inside) if chosen]
    return rows, {row: str(texts[district][row]) for row in rows}


def _by_place(pack: Pack, points: Any) -> dict[int, str]:
    """The district of the pack in which each point lies, by the point's row, for those that lie in one."""
    import geopandas
    import shapely

    drawn = pack_outlines(pack).degrees
    metres = geopandas.GeoSeries(drawn, crs=DEGREES).to_crs(NATIONAL_GRID)
    point, outline = shapely.STRtree(metres.to_numpy()).query(points.to_numpy(), predicate="intersects")
    codes = list(metres.index)
    return {int(points.index[one]): codes[other] for one, other in zip(point, outline, strict=True)}


def _headings(texts: pd.DataFrame) -> tuple[str, str, str]:
    """The columns with the codes and names of wards, and with the codes of their districts; "" for none."""
    columns = [str(one) for one in texts.columns]

    def holding(pattern: str) -> str:
        counts = {one: int(texts[one].str.strip().str.fullmatch(pattern).sum()) for one in columns}
        best = max(counts, key=lambda one: counts[one], default="")
        return best if best and counts[best] else ""

    code = next((one for one in columns if headed(one, "WD") and one.upper().endswith("CD")), "") or holding(_WARD_CODE)
    district = next((one for one in columns if headed(one, *_DISTRICT_STEMS) and one.upper().endswith("CD")), "")
    district = district or holding(r"(?:E0[6-9]|W06|S12|N09)\d{6}")
    stem = code[:-2].casefold()
    name = next((one for one in columns if one.casefold() in (f"{stem}nm", "ward_name", "name")), "")
    return code, name, district


def _from_table(pack: Pack, uploads: Sequence[Upload]) -> tuple[pd.DataFrame, str, list[str]]:
    """The wards of a pack's districts from tables with their points, the heading of their codes, and notes."""
    parts, heading = [], ""
    notes: list[str] = []
    names = pack.district_names()
    held: dict[str, str] = {}
    file = " and ".join(one.name for one in uploads)
    for upload in uploads:
        sheets = read_sheets(upload)
        found = [(sheet, header) for sheet in sheets if (header := _header_row(sheet)) is not None]
        if not found:
            raise PackError([Fault(upload.name, None, "", "no column of wards' codes such as WD24CD", _EXPECTED)])
        sheet, header = found[0]
        wards, heading, all_held = _placed(sheet, header, names)
        held |= all_held
        parts.append(wards)
        notes += sheet.notes
    faults = left_out(file, names, held, "ward")
    if faults:
        raise PackError(faults)
    return pd.concat(parts), heading, notes


def _header_row(sheet: Sheet) -> int | None:
    """The row of a sheet, by its place, that names a column of wards' codes."""
    for place, row in enumerate(sheet.cells.head(_HEADER_ROWS).itertuples(index=False)):
        if any(headed(str(cell).strip(), "WD") or str(cell).strip().casefold() == "ward_code" for cell in row):
            return place
    return None


def _placed(sheet: Sheet, header: int, names: Mapping[str, str]) -> tuple[pd.DataFrame, str, dict[str, str]]:
    """The wards in some districts with their points, the heading of their codes, and every district of the sheet."""
    import geopandas

    head = [str(cell).strip() for cell in sheet.cells.iloc[header]]
    texts = sheet.cells.iloc[header + 1 :].apply(lambda column: column.str.strip())
    texts.columns = pd.Index([text or f"column {letter(place)}" for place, text in enumerate(head)])
    texts = texts.loc[:, ~texts.columns.duplicated()]
    code, name, district = _headings(texts)
    if not district:
        raise PackError(
            [Fault(sheet.file, None, "", "no column of districts' codes such as LAD24CD", "the district of each ward")]
        )
    upper = {str(one).upper(): str(one) for one in texts.columns}
    pairs = [
        (upper[east], upper[north], system)
        for (easts, norths), system in zip(_POINTS, (DEGREES, NATIONAL_GRID), strict=True)
        for east in easts
        for north in norths
        if east in upper and north in upper
    ]
    if not pairs:
        found = "no columns of coordinates, such as LAT and LONG"
        raise PackError([Fault(sheet.file, None, "", found, "the point of each ward, or a file of its boundaries")])
    east, north, system = pairs[0]
    stem = district[:-2].casefold()
    named = next((str(one) for one in texts if str(one).casefold() == f"{stem}nm"), district)
    held = {one: label for one, label in zip(texts[district], texts[named], strict=True) if one}
    texts = texts[texts[district].isin(list(names))]
    numbers = texts[[east, north]].apply(lambda column: pd.to_numeric(column, errors="coerce"))
    bad = numbers.isna() | ~numbers.abs().lt(1e8)
    faults = [
        Fault(
            sheet.file,
            sheet.first_row + int(row),
            column,
            quoted(texts.at[row, column]),
            "a number of degrees" if system == DEGREES else "a number of metres",
            letter(head.index(column)),
        )
        for column in (east, north)
        for row in texts.index[bad[column]][:10]
    ]
    if faults:
        raise PackError(faults)
    points = geopandas.GeoSeries.from_xy(numbers[east], numbers[north], index=texts.index, crs=system).to_crs(DEGREES)
    wards = pd.DataFrame(
        {
            "ward_code": texts[code],
            "ward_name": texts[name or code],
            "district_code": texts[district],
            "latitude": points.y.round(_DECIMALS),
            "longitude": points.x.round(_DECIMALS),
        }
    )
    return wards, code, held
