"""The files of an edition, as bytes: the same publication gives the same, to the byte. Nothing here reads a clock."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from lib.market.tables import as_json, csv_lines, plain
from lib.pack.formulas import safe_cell
from lib.pack.manifest import MANIFEST, STATUS_ORDER
from lib.publish.cells import SafeTable
from lib.publish.page import changes_page, summary_page
from lib.publish.publication import DATA, GEOGRAPHY, MISSING, SUPPRESSED_WORDS, Publication

SUMMARY, CHANGES = "index.html", "changes.html"
PROFILE = "https://datapackage.org/profiles/1.0/datapackage.json"


def files_of(publication: Publication) -> dict[str, bytes]:
    """Every file of an edition by its path in the edition's folder."""
    files = {GEOGRAPHY: publication.outlines}
    for name, table in publication.tables.items():
        files[f"{DATA}/{name}.csv"] = csv_of(table).encode()
        files[f"{DATA}/{name}.json"] = (as_json(table.frame) + "\n").encode()
    files[SUMMARY] = summary_page(publication).encode()
    if publication.about.since is not None:
        files[CHANGES] = changes_page(publication).encode()
    files[MANIFEST] = as_document(descriptor(publication, files))
    return files


def csv_of(table: SafeTable) -> str:
    """A table as CSV: no cell runs as a formula in a spreadsheet."""
    names = [one.name for one in table.fields]
    rows = table.frame[names].itertuples(index=False, name=None)
    return csv_lines([names, *([safe_cell(plain(cell)) for cell in row] for row in rows)])


def as_document(document: Mapping[str, Any]) -> bytes:
    """A JSON document as a file."""
    return (json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def descriptor(publication: Publication, files: Mapping[str, bytes]) -> dict[str, Any]:
    """datapackage.json: a Frictionless Data Package with further properties of ours.

    files: all others, by their path in the edition's folder.
    """
    about = publication.about
    particulars = about.model_dump(mode="json", exclude_none=True)
    return {
        "$schema": PROFILE,
        "version": f"{about.edition}.0.0",
        "description": f"{description(publication)} {SUPPRESSED_WORDS}",
        **particulars,
        "sources": sources(publication),
        "resources": resources(publication, files),
    }


def description(publication: Publication) -> str:
    """What the publication is, of when, and what must stand with it."""
    about = publication.about
    lines = [f"Published by {about.council}. Edition {about.edition}, data to {about.as_of.isoformat()}."]
    return " ".join([*lines, about.demonstration] if about.demonstration else lines)


def sources(publication: Publication) -> list[dict[str, str]]:
    """The sources of the tables that the figures rest on, each once, as Frictionless writes them."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for one in publication.about.rests_on:
        for link in one.sources:
            title = link.title or link.name
            if title:
                found.setdefault((title, link.path), {"title": title} | ({"path": link.path} if link.path else {}))
    return list(found.values())


def resources(publication: Publication, files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """Every file with its hash and size; a table with its columns."""
    licences = [one.model_dump(mode="json", exclude_defaults=True) for one in publication.about.licenses]
    found: list[dict[str, Any]] = []

    def add(name: str, path: str, title: str, kind: str, mediatype: str, **further: Any) -> None:
        content = files[path]
        found.append(
            {
                "name": name,
                "path": path,
                "title": title,
                "format": kind,
                "mediatype": mediatype,
                "encoding": "utf-8",
                "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
                "bytes": len(content),
                **further,
                **({"licenses": licences} if licences else {}),
            }
        )

    for name, table in publication.tables.items():
        told: dict[str, Any] = {"description": table.note} if table.note else {}
        told |= {"status": status_of(table)} if status_of(table) else {}
        told |= {"rows": len(table.frame), "as_of": publication.about.as_of.isoformat()}
        shape = {"profile": "tabular-data-resource", "schema": schema_of(table)}
        add(name, f"{DATA}/{name}.csv", table.title, "csv", "text/csv", **told, **shape)
        add(f"{name}_json", f"{DATA}/{name}.json", f"{table.title} (JSON)", "json", "application/json", **told)
    credit = {"description": publication.about.outlines_credit} if publication.about.outlines_credit else {}
    add("districts_geography", GEOGRAPHY, "Outlines of the districts", "geojson", "application/geo+json", **credit)
    for path, title in ((SUMMARY, "Summary"), (CHANGES, "What changed since the last edition")):
        if path in files:
            add(path.removesuffix(".html"), path, title, "html", "text/html")
    return found


def schema_of(table: SafeTable) -> dict[str, Any]:
    """The columns of a table: a suppressed cell and an unknown one count as missing values."""
    fields = []
    for one in table.fields:
        told = {"unit": one.unit, "status": one.status, "description": one.description}
        fields.append({"name": one.name, "type": one.type, "title": one.title} | {a: b for a, b in told.items() if b})
    return {"fields": fields, "missingValues": list(MISSING)}


def status_of(table: SafeTable) -> str:
    """The statuses of a table's columns, from the best known to the least, each once; "" for none."""
    every = dict.fromkeys(one.status for one in table.fields if one.status)
    order = {str(status): place for place, status in enumerate(STATUS_ORDER)}
    return "; ".join(sorted(every, key=lambda one: (order.get(one, len(order)), one)))
