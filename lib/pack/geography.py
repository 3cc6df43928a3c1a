"""The outlines of the districts: what is wrong with the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lib.pack.faults import Fault, quoted

GEOGRAPHY = "geography/districts.geojson"


def geography_faults(folder: Path, codes: list[str]) -> list[Fault]:
    """What is wrong with the outlines: not GeoJSON, a district missing or unknown, coordinates that are not degrees."""
    path = folder / GEOGRAPHY
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        features = document["features"]
        outlines = [(str(feature["properties"]["district_code"]), feature["geometry"]) for feature in features]
        kinds = [(code, geometry["type"], first_point(geometry["coordinates"])) for code, geometry in outlines]
    except FileNotFoundError:
        return [Fault(GEOGRAPHY, None, "", "no such file", "the outlines of the districts, in GeoJSON")]
    except (OSError, RecursionError, ValueError, KeyError, TypeError, IndexError) as error:
        found = f"something that is not such a document ({type(error).__name__}: {error})"
        expected = "a GeoJSON feature collection whose features have a district_code and a polygon"
        return [Fault(GEOGRAPHY, None, "", found, expected)]
    drawn = [code for code, _, _ in kinds]
    faults = [
        Fault(GEOGRAPHY, None, "district_code", f"{counted} of {code}", "one outline a district")
        for code in codes
        if (counted := {0: "no outline", 1: ""}.get(drawn.count(code), f"{drawn.count(code)} outlines"))
    ]
    for code, kind, (longitude, latitude) in kinds:
        if code not in codes:
            expected = "a district_code of reference/districts.csv"
            faults.append(Fault(GEOGRAPHY, None, "district_code", quoted(code), expected))
        if kind not in ("Polygon", "MultiPolygon"):
            faults.append(Fault(GEOGRAPHY, None, code, quoted(kind), "a Polygon or a MultiPolygon"))
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            found = f"the point {longitude:,.0f}, {latitude:,.0f}"
            faults.append(Fault(GEOGRAPHY, None, code, found, "degrees of longitude and latitude (WGS84)"))
    return faults


def first_point(coordinates: Any) -> tuple[float, float]:
    """The first longitude and latitude of a polygon's or multipolygon's coordinates."""
    while isinstance(coordinates[0], list):
        coordinates = coordinates[0]
    return float(coordinates[0]), float(coordinates[1])
