"""A new pack: the districts of an area, what else was given of it, and nothing that nobody knows.

Every table is there. One that was not given has its header alone and is said to be empty in the manifest: what rests on
it is unknown, and no row of it is missing.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from lib.pack.description import description
from lib.pack.faults import Fault, PackError, quoted, visible
from lib.pack.geography import GEOGRAPHY, outline_faults
from lib.pack.imports.change import Upload
from lib.pack.imports.population import STANDARD_BANDS, population_table
from lib.pack.imports.wrapped import unwrapped
from lib.pack.load import OUTLINES_NAME, Pack, pack_of
from lib.pack.manifest import MANIFEST, SOURCE_TEXTS
from lib.pack.manifest_words import MOST_LETTERS, iso_day
from lib.pack.models import TABLES, may_be_left_out, path_of
from lib.pack.new_pack_areas import areas_given
from lib.pack.postcodes import POSTCODES, POSTCODES_NAME
from lib.pack.snapshot import Snapshot, key_of

CATALOGUE = Path(__file__).parent / "new_pack_services.json"
Row = Sequence[object]

TITLES = {
    "districts": "Districts and their context",
    "area_groups": "Groups of districts",
    "population": "Residents by age",
    "service_rates": "Relative need by age",
    "lots": "Lots: service types and cohorts",
    "wards": "Wards and their middle points",
    "facts": "Published figures",
    "gaps": "What is not published",
    "intentions": "Published intentions, summed up",
    "reconciliation": "How each published total is worked out from the tables",
    "demand": "Care that the council arranges today, lot by lot",
    "providers": "Providers",
    "ratings": "CQC ratings of the providers",
    "capacity": "Providers' capacity, lot by lot",
    "requests": "Requests for care",
    "history": "Month by month",
    OUTLINES_NAME: "Outlines of the districts",
    POSTCODES_NAME: "Postcodes and the district of each",
}
FORMS = {
    OUTLINES_NAME: {"format": "geojson", "mediatype": "application/geo+json", "encoding": "utf-8"},
    POSTCODES_NAME: {"format": "parquet", "mediatype": "application/vnd.apache.parquet"},
}
# How a table that is there from the start was made: its status and its rule.
MADE = {
    "districts": (
        "derived",
        "Codes and names as the boundary file has them; areas computed from its outlines on the National Grid.",
    ),
    "wards": ("supplied", "As the boundary file's folder has them."),
    POSTCODES_NAME: ("supplied", "As the boundary file's folder has them."),
    "service_rates": (
        "modelled",
        "An assumption: relative weights that grow with age, the same for every area until the council has its own.",
    ),
    "lots": ("modelled", "An assumption: the usual types of care of the services asked for."),
}
NOT_YET = ("supplied", "Not given yet.")


@cache
def catalogue() -> dict[str, Any]:
    """The services that a new pack can have, with their lots and weights, and the words that go with them."""
    return dict(json.loads(CATALOGUE.read_text(encoding="utf-8")))


def known_services() -> tuple[str, ...]:
    """The codes of these services."""
    return tuple(catalogue()["services"])


def new_pack(
    name: str,
    boundaries: Sequence[Upload],
    population: Sequence[Upload] = (),
    services: Sequence[str] = (),
    as_of: str = "",
) -> dict[str, bytes]:
    """The files of a new pack, by their path in it.

    Args:
        name: of the area, as people read it.
        boundaries: a file of outlines, or the files of a folder as lib.pack.boundaries writes it: districts.geojson,
            wards.csv, postcodes.parquet.
        population: files of residents by district, year and age, as the ONS and Nomis publish them.
        services: codes of the catalogue; none means all of them.
        as_of: the date of the data, ISO; "" for that of the catalogue, or the end of the last financial year before it
            that the population begins (of the first, where there is none before).

    PackError says what is wrong with any of them, in the words of its file.
    """
    name = " ".join(name.split())
    if faults := name_fault(name):
        raise PackError(faults)
    codes = services_asked(services)
    areas = areas_given(boundaries)
    files = {GEOGRAPHY: areas.outlines}
    tables: dict[str, Iterable[Row]] = {
        "districts": [(code, district, f"{areas.km2[code]:.1f}") for code, district in areas.names.items()],
        "service_rates": [(code, *row) for code in codes for row in catalogue()["services"][code]["rates"]],
        "lots": [("", code, *lot, "") for code in codes for lot in catalogue()["services"][code]["lots"]],
    }
    files |= {path_of(table): written(table, tables.get(table, ())) for table in TABLES if not may_be_left_out(table)}
    if areas.wards:
        files[path_of("wards")] = areas.wards
    if areas.postcodes:
        files[POSTCODES] = areas.postcodes
    residents = population_table(unwrapped(population), areas.names, STANDARD_BANDS) if population else None
    if residents:
        files[path_of("population")] = residents.content
    day = day_of(as_of, sorted({int(year) for year in residents.table["year"]}) if residents else [])
    given = {"districts", "service_rates", "lots", OUTLINES_NAME}
    given |= {"wards"} if areas.wards else set()
    given |= {POSTCODES_NAME} if areas.postcodes else set()
    given |= {"population"} if residents else set()
    described = {name: said for name, said in areas.resources.items() if name in given}
    # The districts are those of the outlines, whose they are.
    described["districts"] = {key: described[OUTLINES_NAME].get(key) for key in ("credit", "sources", "licenses")}
    described |= {"population": residents.resource} if residents else {}
    files[MANIFEST] = as_json(manifest_of(name, codes, day, given, described))
    checked(files, {GEOGRAPHY: areas.file, path_of("population"): "".join(one.name for one in population[:1])})
    return files


def services_asked(services: Sequence[str]) -> tuple[str, ...]:
    """The services of the catalogue that were asked for, in its order; PackError for a code that it has not."""
    unknown = [code for code in services if code not in known_services()]
    if unknown:
        expected = f"one of {', '.join(known_services())}"
        raise PackError([Fault("--services", None, "", quoted(code), expected) for code in unknown])
    return tuple(code for code in known_services() if code in (services or known_services()))


def written(table: str, rows: Iterable[Row]) -> bytes:
    """A table of a pack as bytes: its header, and rows, whose last cells may be left out."""
    columns = [name for name, column in description(TABLES[table]).columns.items() if not column.optional]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([columns, *([*row, *[""] * (len(columns) - len(row))] for row in rows)])
    return text.getvalue().encode()


def day_of(as_of: str, years: Sequence[int]) -> date:
    """The date of the data: as asked for, else that of the catalogue, brought into the years of the population."""
    if as_of:
        try:
            return date.fromisoformat(str(iso_day(as_of)))
        except ValueError as error:
            raise PackError([Fault("--as-of", None, "", quoted(as_of), str(error))]) from None
    usual = date.fromisoformat(catalogue()["as_of"])
    begins = first_year(usual)
    if years and begins not in years:
        begins = max((year for year in years if year < begins), default=years[0])
    return usual.replace(year=begins + 1)


def first_year(day: date) -> int:
    """The calendar year in which the financial year of a day begins; its middle is that year's mid-year estimate."""
    return day.year if day.month >= 4 else day.year - 1


def manifest_of(
    name: str, codes: Sequence[str], day: date, given: set[str], described: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """The manifest of a new pack. given: the resources that it has from the start; described: what is said of some."""
    known, base = catalogue(), first_year(day)
    lots = [lot for code in codes for lot in known["services"][code]["lots"]]
    words = ("label", "people", "person")
    services = {
        code: {
            **{word: known["services"][code][word] for word in words},
            "base_year": base,
            "period": f"{base}/{(base + 1) % 100:02d}",
        }
        for code in codes
    }
    labels = " and ".join(one["label"].lower() for one in services.values())
    slug = re.sub("[^a-z0-9]+", "-", name.casefold()).strip("-") or "area"
    paths = {table: path_of(table) for table in TABLES if not may_be_left_out(table)}
    paths |= {OUTLINES_NAME: GEOGRAPHY} | ({POSTCODES_NAME: POSTCODES} if POSTCODES_NAME in given else {})
    return {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "name": f"{slug}-care-market",
        "title": f"{name}: {labels}",
        "description": "Begun with its districts; what has not been given is unknown.",
        "area": name,
        "council": name,
        "as_of": day.isoformat(),
        "services": services,
        "service_types": {kind: known["service_types"][kind] for kind, _ in lots},
        "cohorts": {cohort: known["cohorts"][cohort] for _, cohort in lots},
        **known["settings"],
        "groupings": {},
        "resources": [
            resource_of(table, path, table in given, described.get(table, {})) for table, path in paths.items()
        ],
    }


def resource_of(table: str, path: str, given: bool, described: Mapping[str, Any]) -> dict[str, Any]:
    """A file of the pack, as the manifest has it. described: what the reader of the file says of it."""
    status, rule = MADE.get(table, NOT_YET) if given else NOT_YET
    return {
        "name": table,
        "path": path,
        "title": TITLES[table],
        **FORMS.get(table, {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}),
        "status": status,
        "rule": rule,
        **({} if given else {"empty": True}),
        **{key: value for key, value in described.items() if value is not None},
    }


def as_json(document: Mapping[str, Any]) -> bytes:
    """A document as the pack keeps it."""
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def checked(files: Mapping[str, bytes], names: Mapping[str, str]) -> Pack:
    """The pack that these files make. PackError: what is wrong, by the names that the files came in with."""
    try:
        pack = pack_of(Snapshot(Path(), files, {}, (), key_of(files)))
        faults = tuple(outline_faults(pack))
    except PackError as error:
        faults = error.faults
    if faults:
        renamed = [
            Fault(names.get(one.file, one.file), one.row, one.column, one.found, one.expected, one.letter)
            for one in faults
        ]
        raise PackError(renamed)
    return pack


def write_new_pack(files: Mapping[str, bytes], folder: Path) -> None:
    """Write a pack as a whole: beside its folder, which is absent or empty, and then in its place at one stroke.

    PackError: the folder holds something, or cannot be written.
    """
    if not takes_a_pack(folder):
        raise PackError([Fault(str(folder), None, "", "something in its place", "a folder that is absent or empty")])
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
            whole = Path(beside) / "pack"
            for path, content in files.items():
                (whole / path).parent.mkdir(parents=True, exist_ok=True)
                (whole / path).write_bytes(content)
            # The folders of every pack, so that files that come later need none made.
            (whole / SOURCE_TEXTS).mkdir(parents=True, exist_ok=True)
            if folder.is_dir():
                folder.rmdir()
            whole.rename(folder)
    except OSError as error:
        found = f"a folder that cannot be written ({error.strerror})"
        raise PackError([Fault(str(folder), None, "", found, "a folder that is absent or empty")]) from None


def takes_a_pack(folder: Path) -> bool:
    """Whether a new pack can stand in a folder: it is absent or empty."""
    return not folder.is_symlink() and (not folder.exists() or (folder.is_dir() and not any(folder.iterdir())))


def name_fault(name: str) -> list[Fault]:
    """What is wrong with the name of an area, which stands in longer texts of the manifest too."""
    most = MOST_LETTERS - 60
    expected = f"the name of the area, as people read it, of at most {most} characters"
    return [] if visible(name) and len(name) <= most else [Fault("--name", None, "", quoted(name), expected)]
