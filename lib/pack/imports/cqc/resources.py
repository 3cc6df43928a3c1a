"""What a pack's manifest says of what was read from the CQC: status, rule, source, credit, licence and date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from lib.pack.imports.cqc.headers import ACTIVE, DIRECTORY, NAMES, RATINGS, REPORT
from lib.pack.imports.cqc.locations import Locations
from lib.pack.load import Pack
from lib.pack.manifest import Link
from lib.pack.models import path_of

REGISTER = "cqc_locations"
CREDIT = (
    "Contains public sector information licensed under the Open Government Licence v3.0. "
    "Source: Care Quality Commission"
)
LICENCE = {
    "name": "OGL-UK-3.0",
    "title": "Open Government Licence v3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}
WHERE = "https://www.cqc.org.uk/about-us/transparency/using-cqc-data"
_TITLES = {
    RATINGS: "ratings file",
    DIRECTORY: "care directory",
    ACTIVE: "HSCA active locations",
    REPORT: "locations report",
}
_OF_CQC = re.compile(r" ?Of [\d,]+ of [\d,]+ rated providers the ratings are the CQC's, .*?\.(?= |$)")


def source_of(read: Locations) -> dict[str, str]:
    """The source of a file, as the manifest has it."""
    title = f"Care Quality Commission, {_TITLES.get(read.kind, 'public API')}"
    return {"title": f"{title}, {read.as_at}" if read.as_at else title, "path": WHERE}


def _published(read: Locations, rule: str) -> dict[str, Any]:
    return {
        "status": "published",
        "rule": rule,
        "credit": CREDIT,
        "sources": [source_of(read)],
        "licenses": [LICENCE],
    }


def register_resource(read: Locations) -> Mapping[str, Any]:
    """What to say of the register."""
    rule = (
        "Offices registered with the CQC in the area, with the rating of their home care where they give any: never "
        "where care is given, and never supply. Dates are those on which ratings were published."
    )
    place = {"path": path_of(REGISTER), "title": "Offices registered with the CQC", "format": "csv"}
    return {**place, "mediatype": "text/csv", "encoding": "utf-8", **_published(read, rule)}


def providers_resource(read: Locations) -> Mapping[str, Any]:
    """What to say of providers that are the home care offices of a file."""
    rule = (
        "The home care offices of the area, one a provider, as the CQC has them registered. Whether one serves "
        "children too is taken from the file where it says so, and else to be no."
    )
    return _published(read, rule)


def ratings_resource(
    pack: Pack, read: Locations, from_file: tuple[str, ...], ratings: pd.DataFrame
) -> Mapping[str, Any]:
    """What to say of a ratings table of which the rows of some providers are the file's.

    Only where all of them are is it published. Else its status stays: the weakest of the rows counts, and the others
    are as they were.
    """
    rated = set(ratings["provider_id"])
    told = rated & {*from_file}
    if told == rated:
        rule = f"The ratings of {NAMES.get(read.kind, read.kind)}, matched to the providers by their CQC id."
        return _published(read, rule)
    now = pack.manifest.resource("ratings")
    rule = _OF_CQC.sub("", now.rule).strip()
    more = f"Of {len(told):,} of {len(rated):,} rated providers the ratings are the CQC's, by their CQC id."
    credits = [now.credit] if CREDIT in now.credit else [now.credit.strip(), f"{CREDIT}."]
    return {
        "rule": f"{rule} {more}".strip(),
        "credit": " ".join(filter(None, credits)),
        "sources": _with(now.sources, source_of(read)),
        "licenses": _with(now.licenses, LICENCE),
    }


def _with(links: tuple[Link, ...], more: Mapping[str, str]) -> list[Mapping[str, str]]:
    """Links as the manifest has them, and one more at their end, unless it is among them."""
    every: list[Mapping[str, str]] = [link.model_dump(mode="json", exclude_unset=True) for link in links]
    return every if more in every else [*every, more]


def later_pack(pack: Pack, ratings: pd.DataFrame) -> tuple[Mapping[str, Any], list[str]]:
    """The settings of a pack whose ratings run beyond its date, and what to say of them; nothing where they do not.

    The pack's date is the latest that any table runs to: it moves to that of the latest rating, and each service that
    went by it keeps the old one as its own.
    """
    manifest, latest = pack.manifest, pd.to_datetime(ratings["rated_on"]).max()
    if pd.isna(latest) or latest.date() <= manifest.as_of:
        return {}, []
    old, new = manifest.as_of.isoformat(), latest.date().isoformat()
    services = manifest.model_dump(mode="json", exclude_unset=True)["services"]
    for service in services.values():
        service["as_of"] = service.get("as_of") or old
    note = f"The pack's date moves from {old} to {new}, the day of the latest rating; its services keep theirs, {old}."
    return {"as_of": new, "services": services}, [note]
