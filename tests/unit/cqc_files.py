"""CQC files made by the tests, in the form of each that the CQC publishes, and a change put into a pack."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from pack_folder import PackFolder

from lib.pack.imports.change import Change, Upload
from lib.pack.load import Pack

REGISTER = "reference/cqc_locations.csv"
COMMUNITY = "Community based adult social care services"
RESIDENTIAL = "Residential social care"
RATINGS_HEADER = [
    *("Location ID", "Location ODS Code", "Location Name", "Care Home?"),
    *("Location Type", "Location Primary Inspection Category", "Location Street Address", "Location City"),
    *("Location Post Code", "Location Local Authority", "Location Region", "Service / Population Group"),
    *("Domain", "Latest Rating", "Publication Date", "Report Type"),
    *("Inherited Rating (Y/N)", "URL", "Provider ID", "Provider Name"),
    *("Brand ID", "Brand Name"),
]
DIRECTORY_HEADER = [
    *("Name", "Also known as", "Address", "Postcode", "Phone number", "Service's website (if available)"),
    *("Service types", "Date of latest check", "Specialisms/services", "Provider name", "Local authority", "Region"),
    *("Location URL", "CQC Location ID (for office use only)", "CQC Provider ID (for office use only)"),
]
OLDER_DIRECTORY_HEADER = [
    *("Name", "Address 1", "Address 2", "Town/City", "County", "Postcode", "Phone number"),
    *("CQC Provider ID (for office use only)", "CQC Location ID (for office use only)", "Website", "Local Authority"),
    *("Region", "Report publication date", "URL", "Also known as", "Specialisms/services", "Service types"),
    "Provider name",
]
ACTIVE_HEADER = [
    *("Location ID", "Location HSCA start date", "Dormant (Y/N)", "Care home?", "Location Name"),
    "Registered manager (note; where there is more than one manager at a location, only one is included here.)",
    *("Location Primary Inspection Category", "Location Latest Overall Rating", "Publication Date"),
    *("Inherited Rating (Y/N)", "Location Region", "Location Local Authority", "Location Postal Code", "Provider ID"),
    *("Provider Name", "Provider Postal Code", "Provider Local Authority", "Regulated activity - Personal care"),
    *("Service type - Care home service without nursing", "Service type - Domiciliary care service"),
    *(
        "Service type - Supported living service",
        "Service user band - Children 0-18 years",
        "Service user band - Dementia",
    ),
]
REPORT_HEADER = [
    *("Location Name", "Location ID", "Location Local Authority", "Primary inspection category", "Service Types"),
    *("Location HSCA start date", "Location HSCA end date", "Dormant", "Location Latest Overall Rating"),
    *("Publication Date", "Service users supported", "Location safe rating", "Location effective rating"),
    *(
        "Location caring rating",
        "Location responsive rating",
        "Location well-led rating",
        "Provider Name",
        "Provider ID",
    ),
]
QUESTIONS = ("Safe", "Effective", "Caring", "Responsive", "Well-led")


def upload(rows: Sequence[Sequence[str]], name: str = "cqc.csv", encoding: str = "utf-8") -> Upload:
    """Rows of cells as a CSV file."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return Upload(name, text.getvalue().encode(encoding))


def table(header: Sequence[str], *rows: Mapping[str, str], above: Sequence[Sequence[str]] = ()) -> list[list[str]]:
    """A header and rows of cells by their column."""
    for row in rows:
        assert set(row) <= set(header), set(row) - set(header)
    return [*map(list, above), list(header), *([row.get(name, "") for name in header] for row in rows)]


def rating_rows(
    location: str,
    service: str,
    rating: str | Sequence[str],
    on: str | Sequence[str],
    category: str = COMMUNITY,
    authority: str = "Essex",
    **cells: str,
) -> list[dict[str, str]]:
    """The six rows of one service of a location in the ratings file: Overall, then the key questions."""
    words = [rating] * 6 if isinstance(rating, str) else list(rating)
    days = [on] * 6 if isinstance(on, str) else list(on)
    fixed = {
        "Location ID": location,
        "Location Name": f"Office {location}",
        "Location Primary Inspection Category": category,
        "Location Post Code": "CM1 1AA",
        "Location Local Authority": authority,
        "Service / Population Group": service,
        "Report Type": "Location",
        "Inherited Rating (Y/N)": "N",
        "Provider ID": f"{location}9",
        "Provider Name": f"Firm {location}",
        **{name.replace("_", " "): value for name, value in cells.items()},
    }
    return [
        {**fixed, "Domain": domain, "Latest Rating": word, "Publication Date": day}
        for domain, word, day in zip(("Overall", *QUESTIONS), words, days, strict=True)
    ]


def api_location(location: str, **more: Any) -> dict[str, Any]:
    """The JSON of a location of the CQC's API."""
    return {
        "locationId": location,
        "providerId": f"{location}9",
        "organisationType": "Location",
        "type": "Social Care Org",
        "name": f"Office {location}",
        "registrationStatus": "Registered",
        "postalCode": "CM1 1AA",
        "localAuthority": "Essex",
        "gacServiceTypes": [{"name": "Homecare agencies", "description": "Domiciliary care service"}],
        "specialisms": [{"name": "Dementia"}],
        **more,
    }


def api_rating(rating: str, on: str, **more: Any) -> dict[str, Any]:
    """A rating of the API with its five key questions."""
    questions = [{"name": name, "rating": rating, "reportDate": on} for name in QUESTIONS]
    return {"rating": rating, "reportDate": on, "keyQuestionRatings": questions, **more}


def as_json(document: Any, name: str = "location.json") -> Upload:
    return Upload(name, json.dumps(document).encode())


def register(change: Change) -> pd.DataFrame:
    """The register that a change writes, as text, by the id of the location."""
    return read_csv(change, REGISTER).set_index("cqc_location_id")


def read_csv(change: Change, path: str) -> pd.DataFrame:
    """A table that a change writes, as text."""
    return pd.read_csv(io.BytesIO(change.files[path]), dtype=str, keep_default_na=False)


def without_providers(pack: Pack) -> Pack:
    """A pack whose providers nobody has entered yet."""
    names = ("providers", "ratings", "capacity")
    return dataclasses.replace(pack, tables={**pack.tables, **{name: pack.table(name).iloc[:0] for name in names}})


def of_area(pack: Pack, area: str) -> Pack:
    """A pack of another county, by the manifest's words for it."""
    words = {"area": area, "council": f"{area} County Council"}
    return dataclasses.replace(pack, manifest=pack.manifest.model_copy(update=words))


def apply(folder: PackFolder, change: Change) -> Pack:
    """The pack of a folder with a change in it, loaded."""
    for path, content in change.files.items():
        (folder.root / path).write_bytes(content)
    manifest = folder.root / "datapackage.json"
    document = json.loads(manifest.read_text(encoding="utf-8"))
    document |= change.settings
    resources = {one["name"]: one for one in document["resources"]}
    for name, properties in change.resources.items():
        one = resources.setdefault(name, {"name": name})
        one.update(properties)
        for key in [key for key, value in one.items() if value is None]:
            del one[key]
    document["resources"] = list(resources.values())
    manifest.write_text(json.dumps(document), encoding="utf-8")
    return folder.load()
