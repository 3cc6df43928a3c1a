"""The districts that a new pack begins with: outlines, names and areas, and the wards and postcodes beside them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lib.pack.faults import Fault, PackError, quoted
from lib.pack.geography import DEGREES, NATIONAL_GRID
from lib.pack.imports.change import Upload
from lib.pack.outline_checks import read_shapes
from lib.pack.outline_features import CODE, NAME, OUTLINES, read_features

# The files of a folder as lib.pack.boundaries writes it, by what each holds.
OUTLINES_FILE, WARDS_FILE, POSTCODES_FILE = "districts.geojson", "wards.csv", "postcodes.parquet"
# How the Office for National Statistics heads the codes of districts, and their names.
_CODES, _NAMES = re.compile("(LAD|LTLA|UTLA|CTYUA)[0-9]{2}CD", re.IGNORECASE), "NM"
_SQUARE_KM = 1_000_000


@dataclass(frozen=True)
class Areas:
    """Districts as they were given.

    outlines: GeoJSON in degrees, a feature a district, in order of code. names, km2: name and land area, as its outline
    has it, by code, in the same order. wards, postcodes: the bytes of these files; none where they were not given.
    """

    outlines: bytes
    names: Mapping[str, str]
    km2: Mapping[str, float]
    wards: bytes = b""
    postcodes: bytes = b""


def areas_given(uploads: Sequence[Upload]) -> Areas:
    """The districts of a boundary file, or of the files of a folder; PackError says what is wrong with them."""
    files = {one.name: one.content for one in uploads}
    beside = {name: files.pop(name, b"") for name in (WARDS_FILE, POSTCODES_FILE)} if len(files) > 1 else {}
    if len(files) != 1:
        name = uploads[0].name if uploads else "--boundaries"
        found = f"{len(files)} files of outlines" if files else "no file of outlines"
        raise PackError([Fault(name, None, "", found, f"one, such as {OUTLINES_FILE}")])
    ((name, content),) = files.items()
    features, faults = read_features(with_ons_names(content))
    shapes, wrong = read_shapes(features) if not faults else ({}, [])
    faults = [*faults, *wrong]
    nameless = [one.code for one in features if not one.name.strip()]
    faults += [Fault(OUTLINES, None, NAME, f"no name for {code}", "the district's name") for code in nameless]
    if faults:
        raise PackError([Fault(name, one.row, one.column, one.found, one.expected, one.letter) for one in faults])
    ordered = sorted(features, key=lambda one: one.code)
    document = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {CODE: one.code, NAME: one.name.strip()}, "geometry": one.geometry}
            for one in ordered
        ],
    }
    return Areas(
        json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(),
        {one.code: one.name.strip() for one in ordered},
        {one.code: square_km(name, one.code, shapes[one.code]) for one in ordered},
        beside.get(WARDS_FILE, b""),
        beside.get(POSTCODES_FILE, b""),
    )


def with_ons_names(content: bytes) -> bytes:
    """A GeoJSON file whose properties have the pack's names, where they have those of the ONS, such as LAD24CD."""
    try:
        document: Any = json.loads(content.decode("utf-8-sig"))
        properties = [one["properties"] for one in document["features"]]
        codes = next((name for name in properties[0] if _CODES.fullmatch(name)), "")
    except (RecursionError, ValueError, LookupError, TypeError):
        return content
    if not codes or any(CODE in one for one in properties):
        return content
    names = codes[:-2] + (_NAMES if codes[-2:].isupper() else _NAMES.lower())
    for one in properties:
        one[CODE], one[NAME] = one.get(codes), one.get(names)
    return json.dumps(document).encode()


def square_km(file: str, code: str, outline: Any) -> float:
    """The area of an outline in degrees, measured on the National Grid, in square kilometres.

    PackError where it does not lie where that grid measures.
    """
    from pyproj import Transformer
    from shapely import transform

    on_grid = Transformer.from_crs(DEGREES, NATIONAL_GRID, always_xy=True).transform
    area = transform(outline, lambda x, y: on_grid(x, y), interleaved=False).area / _SQUARE_KM
    if not 0.01 <= area < 1e6:
        found = f"an outline of {quoted(code)} whose area cannot be measured on the National Grid"
        raise PackError([Fault(file, None, CODE, found, "longitude and latitude, in degrees, of a place in England")])
    return float(area)
