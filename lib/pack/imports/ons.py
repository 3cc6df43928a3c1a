"""What is said of what the Office for National Statistics publishes, and how it names editions."""

from __future__ import annotations

import re
from typing import Any

OPEN_LICENCE = {
    "name": "OGL-UK-3.0",
    "title": "Open Government Licence v3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}
CREDIT = "Source: Office for National Statistics licensed under the Open Government Licence v.3.0."
GEOPORTAL = "https://geoportal.statistics.gov.uk/"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def boundary_credit(edition: str) -> str:
    """The line that the ONS asks for beside boundaries, with the year of their edition where it is known."""
    year = f" {edition[-4:]}" if edition else ""
    return f"{CREDIT} Contains OS data © Crown copyright and database right{year}."


def boundary_resource(what: str, file: str, rule: str, edition: str) -> dict[str, Any]:
    """What the manifest says of areas that the ONS published. edition: as "December 2022" or "2022", or ""."""
    when = f", {edition}" if edition else ""
    return {
        "rule": f"ONS {what}{when}, from {file}. {rule}",
        "credit": boundary_credit(edition),
        "sources": [{"title": f"ONS, {what}{when}", "path": GEOPORTAL}],
        "licenses": [OPEN_LICENCE],
    }


def supplied_resource(file: str, rule: str) -> dict[str, Any]:
    """What the manifest says of areas whose publisher the file does not tell."""
    return {
        "status": "supplied",
        "rule": f"From {file}. {rule}",
        "credit": None,
        "sources": [{"title": file}],
        "licenses": None,
    }


def edition_of(heading: str, *names: str) -> str:
    """Of when areas are: by the names of file and layer, else by the year in the heading of the codes (LAD24CD)."""
    words = re.sub(r"[^A-Za-z0-9]+", " ", " ".join(names))
    for part in re.finditer(r"(?i)([a-z]{3,9}) ?(\d{4})\b", words):
        month = next((one for one in _MONTHS if part[1].lower() in (one.lower(), one[:3].lower())), "")
        if month:
            return f"{month} {part[2]}"
    year = re.search(r"\d\d", heading)
    return f"20{year[0]}" if year else ""
