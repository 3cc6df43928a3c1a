"""Read a publication from its folder alone: no data pack is needed, and none of it is there.

Every file is held to the hash that its datapackage.json has of it, so that what is read is what was published.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
import re
from pathlib import Path
from typing import Any

import pandas as pd

from lib.pack.faults import Fault, PackError, quoted
from lib.pack.formulas import without_mark
from lib.pack.manifest import MANIFEST, parsed_hash
from lib.pack.numbered import folder_of, numbers, shown_number
from lib.pack.read_manifest import read_as
from lib.pack.snapshot import LARGEST_FILE, LARGEST_MANIFEST, folder_fault, megabytes, read_file
from lib.publish.cells import Field, SafeRelease, SafeTable
from lib.publish.publication import GEOGRAPHY, KIND, Descriptor, Particulars, Publication, Resource
from lib.publish.report import Report
from lib.publish.report_words import checked_report
from lib.whatif.scenarios.scenario import Scenario

EDITIONS = "editions"
TEXTS = (
    "intentions", "council_words", "residents", "scenarios", "assumptions", "providers", "changes",
)  # fmt: skip
PATH = re.compile(r"data/[a-z][a-z0-9_]*\.(csv|json)|geography/districts\.geojson|(index|changes)\.html")
A_PUBLICATION = "a folder that python -m lib publish wrote"
AS_PUBLISHED = "the file as it was published: copy the whole folder again from where it is whole"
WHOLE = re.compile(r"-?\d{1,18}")


def read(folder: Path | str, number: int | None = None) -> Publication:
    """The publication in a folder: its newest edition, else the one of a number; or the edition whose folder it is.

    Only files of the folder are read, each once. PackError says everything that is wrong: no such folder, no
    publication, a file that is missing, too large, or not as it was published.
    """
    root = Path(folder)
    found = folder_fault(root)
    if found:
        raise PackError([Fault(str(root), None, "", found, A_PUBLICATION)])
    if number is None:
        number = shown_number(root, EDITIONS)
    elif number not in numbers(root, EDITIONS):
        there = ", ".join(map(str, numbers(root, EDITIONS))) or "none"
        raise PackError(
            [Fault(str(root), None, "", f"no edition {number}", f"one of the editions that are there: {there}")]
        )
    return read_edition(folder_of(root, number, EDITIONS))


def shown_edition(folder: Path | str) -> int:
    """The number of the newest edition in a folder of publications, 0 where there is none: a quick look."""
    return shown_number(folder, EDITIONS)


def read_edition(folder: Path) -> Publication:
    """The edition in its own folder. PackError: see `read`."""
    content, found = read_file(folder / MANIFEST, LARGEST_MANIFEST)
    place = str(folder / MANIFEST)
    if found:
        raise PackError([Fault(place, None, "", found, A_PUBLICATION)])
    refuse_others(content, place)
    try:
        described = read_as(content, Descriptor)
    except PackError as error:
        raise PackError([Fault(place, one.row, one.column, one.found, one.expected) for one in error.faults]) from None
    faults: list[Fault] = []
    key = hashlib.sha256(content)
    tables: dict[str, SafeTable] = {}
    outlines = b""
    for resource in described.resources:
        where = str(folder / resource.path)
        if not PATH.fullmatch(resource.path):
            faults.append(Fault(place, None, "resources", quoted(resource.path), "a file that publish writes"))
            continue
        file, wrong = file_of(folder, resource)
        if wrong is not None:
            faults.append(wrong)
            continue
        key.update(file)
        if resource.path == GEOGRAPHY:
            outlines = file
        if resource.schema_ is not None:
            table, problems = table_in(file, resource, where)
            tables[resource.name] = table
            faults += problems
    if not faults and not outlines:
        faults.append(Fault(place, None, "resources", f"nothing at {GEOGRAPHY}", "the outlines of the districts"))
    if faults:
        raise PackError(faults)
    about = Particulars.model_validate({name: getattr(described, name) for name in Particulars.model_fields})
    safe = tuple(one for name, one in tables.items() if name not in TEXTS)
    try:
        scenarios = tuple(map(Scenario.model_validate, about.scenarios))
        about = about.model_copy(update={"report": checked_report(about.report)})
        # What else the report said was the council's own, and stands in no file.
        release = SafeRelease(safe, Report(), about.dates, about.disclosure, scenarios)
    except ValueError:
        found = "scenarios or a report that cannot be read"
        raise PackError([Fault(place, None, "", found, AS_PUBLISHED)]) from None
    texts = {name: one for name, one in tables.items() if name in TEXTS}
    return Publication(about, release, texts, outlines, key.hexdigest())


def refuse_others(content: bytes, place: str) -> None:
    """PackError for a datapackage.json of something else, such as a data pack."""
    if f'"{KIND}"'.encode() not in content:
        is_pack = b'"quality_gate"' in content
        found = "the manifest of a data pack" if is_pack else "no publication"
        raise PackError([Fault(place, None, "kind", found, f"{KIND}: {A_PUBLICATION}")])


def file_of(folder: Path, resource: Resource) -> tuple[bytes, Fault | None]:
    """The bytes of a file, or what is wrong with it."""
    where = str(folder / resource.path)
    content, found = read_file(folder / resource.path, LARGEST_FILE)
    if found:
        expected = (
            f"{AS_PUBLISHED} (at most {megabytes(LARGEST_FILE)})" if found.startswith("a file of") else AS_PUBLISHED
        )
        return b"", Fault(where, None, "", found, expected)
    try:
        algorithm, digits = parsed_hash(resource.hash)
    except ValueError as error:
        return b"", Fault(str(folder / MANIFEST), None, "resources", quoted(resource.hash), str(error))
    if len(content) != resource.bytes or hashlib.new(algorithm, content).hexdigest() != digits:
        return b"", Fault(where, None, "", "another file than the one that was published", AS_PUBLISHED)
    return content, None


def table_in(content: bytes, resource: Resource, where: str) -> tuple[SafeTable, list[Fault]]:
    """The table of a CSV file, and every fault in it."""
    words = resource.schema_.fields if resource.schema_ else ()
    fields = tuple(Field(one.name, one.title, one.type, one.unit, one.description, one.status) for one in words)
    names = [one.name for one in fields]
    faults: list[Fault] = []
    columns: dict[str, list[Any]] = {name: [] for name in names}
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        rows = []
    if not rows or rows[0] != names:
        faults.append(Fault(where, 1, "", "other columns than datapackage.json has", ", ".join(names)))
        rows = [names]
    for place, cells in enumerate(rows[1:], start=2):
        if len(cells) != len(names):
            faults.append(Fault(where, place, "", f"{len(cells)} cells", f"{len(names)}, one for each column"))
            continue
        for one, cell in zip(fields, cells, strict=True):
            value = cell_of(cell, one.type)
            if value is None:
                expected = "a whole number, c or nothing" if one.type == "integer" else "a number, c or nothing"
                faults.append(Fault(where, place, one.name, quoted(cell), expected))
            columns[one.name].append(value)
    frame = pd.DataFrame({name: pd.Series(values, dtype="object") for name, values in columns.items()})
    return SafeTable(resource.name, resource.title, frame, fields, resource.description), faults


def cell_of(cell: str, kind: str) -> Any:
    """A cell as it was before it was written: text, a number, "c", or NaN where it is empty; None for anything else."""
    if kind == "string":
        return without_mark(cell)
    if cell in ("", "c"):
        return cell or math.nan
    if WHOLE.fullmatch(cell):
        return int(cell)
    try:
        number = float(cell) if kind == "number" else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None
