"""What a manifest says of outlines, wards and postcodes that were built here: how, from what, whose they are."""

from __future__ import annotations

from typing import Any

from lib.pack.geography import GEOGRAPHY
from lib.pack.imports.ons import OPEN_LICENCE
from lib.pack.load import OUTLINES_NAME
from lib.pack.models import path_of
from lib.pack.postcodes import POSTCODES as POSTCODES_PATH
from lib.pack.postcodes import POSTCODES_NAME

_POSTCODE_CREDIT = (
    "Contains OS data © Crown copyright and database right. Contains Royal Mail data © Royal Mail copyright and"
    " database right. Contains National Statistics data © Crown copyright and database right."
)
_CODE_POINT = {
    "title": "Ordnance Survey, Code-Point Open",
    "path": "https://www.ordnancesurvey.co.uk/products/code-point-open",
}
_LAND = {"title": "OpenStreetMap", "path": "https://www.openstreetmap.org/copyright"}
_LAND_LICENCE = {
    "name": "ODbL-1.0",
    "title": "Open Data Commons Open Database License 1.0",
    "path": "https://opendatacommons.org/licenses/odbl/1-0/",
}


def built_resources(edition: str) -> list[dict[str, Any]]:
    """The three files as resources of a manifest. edition: of Code-Point Open, in words."""
    return [outlines_resource(edition), wards_resource(edition), postcodes_resource(edition)]


def outlines_resource(edition: str) -> dict[str, Any]:
    """Of the outlines, which the coast makes a work from OpenStreetMap."""
    return {
        "name": OUTLINES_NAME,
        "path": GEOGRAPHY,
        "title": "Indicative outlines of the districts",
        "status": "derived",
        "rule": f"{edition}: postcode points tessellated, dissolved by district and cut by an OpenStreetMap coastline. "
        "Indicative, not the official outlines.",
        "credit": f"© OpenStreetMap contributors (ODbL). {_POSTCODE_CREDIT}",
        "sources": [_CODE_POINT, _LAND],
        "licenses": [_LAND_LICENCE],
    }


def wards_resource(edition: str) -> dict[str, Any]:
    """Of the wards and their points."""
    return {
        "name": "wards",
        "path": path_of("wards"),
        "title": "Wards and their middle points",
        "status": "derived",
        "rule": f"{edition}: median point of the ward's postcodes.",
        "credit": _POSTCODE_CREDIT,
        "sources": [_CODE_POINT],
        "licenses": [OPEN_LICENCE],
    }


def postcodes_resource(edition: str) -> dict[str, Any]:
    """Of the postcodes."""
    return {
        "name": POSTCODES_NAME,
        "path": POSTCODES_PATH,
        "title": "Postcodes and the district of each",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "status": "derived",
        "rule": f"{edition}: postcodes with a known point, moved from the National Grid to degrees.",
        "credit": _POSTCODE_CREDIT,
        "sources": [_CODE_POINT],
        "licenses": [OPEN_LICENCE],
    }
