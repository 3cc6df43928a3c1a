"""Load a data pack: every file read and checked, every fault said at once, the frames frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import is_numeric_dtype

from lib.pack.description import Table, description
from lib.pack.faults import Fault, PackError, faults_at, quoted
from lib.pack.geography import GEOGRAPHY, geography_faults
from lib.pack.manifest import MANIFEST, Manifest, Service, SourceText, Status, weakest
from lib.pack.models import TABLES, may_be_left_out
from lib.pack.postcodes import POSTCODES, POSTCODES_NAME, postcode_faults
from lib.pack.read import Checked, broken_references, read_table
from lib.pack.read_manifest import read_manifest
from lib.pack.resource_checks import resource_faults
from lib.pack.snapshot import Snapshot, read_snapshot
from lib.pack.vocabulary import word_faults

LOT = ["service", "district_code", "service_type", "cohort"]
OUTLINES_NAME = "districts_geography"  # the resource of the manifest


@dataclass(frozen=True, eq=False)
class Pack:
    """A checked data pack. It is shared by every session of the app: nothing in it is ever changed.

    Two packs are the same only if they are one object, so that what is worked out from a pack can be kept beside it.
    """

    root: Path
    manifest: Manifest
    tables: Mapping[str, pd.DataFrame]
    outlines: bytes = field(repr=False)  # of the districts: GeoJSON, WGS84, as the file has it
    key: str  # names the bytes of all files that this was read from: what is worked out from them is kept under it
    # By table, the row of the file in which each row of the frame stands; in order where none is given.
    file_rows: Mapping[str, npt.NDArray[np.int64]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)  # the source texts by their path
    postcodes: bytes = field(default=b"", repr=False)  # Parquet, as the file has it; none where there is no file

    def source_texts(self, service: str) -> list[tuple[SourceText, str]]:
        """The pages that the council's words on a service are quoted from, each with its text; none without any."""
        known = self.manifest.services.get(service)
        return [(one, self.texts[one.path]) for one in known.source_texts] if known else []

    def row_of(self, table: str, place: int) -> int:
        """The row of a table's file, as a spreadsheet counts it, by the row's place in the frame from 0."""
        rows = self.file_rows.get(table)
        return int(place + 2 if rows is None else rows[place])

    def table(self, name: str) -> pd.DataFrame:
        """A table by its name, as lib.pack.models describes it. Changing what comes back changes nothing here."""
        return self.tables[name].copy(deep=False)

    def given(self, *names: str) -> bool:
        """Whether all of these tables were given: one without rows that the manifest says is empty was not, as yet.

        A table that a pack may do without is not missed: it counts as given.
        """
        return not any(self.tables[name].empty and not_yet_given(self.manifest, name) for name in names)

    def service(self, code: str) -> Service:
        """A service of the manifest; KeyError where the pack has none of that code."""
        return self.manifest.services[code]

    def label(self, vocabulary: str, code: str) -> str:
        """The words that people read for a code of a vocabulary, such as a service type or a cohort.

        Codes of one label are told apart by themselves: a chart would lay one over the other.
        """
        every = getattr(self.manifest, vocabulary)
        if code not in every:
            return code
        label = str(every[code].label)
        return f"{label} ({code})" if sum(one.label == label for one in every.values()) > 1 else label

    def district_names(self) -> dict[str, str]:
        """The names of the districts by their code, in the order of the file."""
        districts = self.tables["districts"]
        return dict(zip(districts["district_code"], districts["district_name"], strict=True))

    def lots_of(self, service: str) -> pd.DataFrame:
        """The lots of a service: one row a service type and cohort, in the order of lots.csv."""
        lots = self.tables["lots"]
        return lots[lots["service"] == service].reset_index(drop=True)

    def status(self, *names: str) -> Status:
        """The weakest status of the tables named: that of a figure computed from them."""
        return weakest([self.manifest.resource(name).status for name in names])

    @property
    def is_demonstration(self) -> bool:
        """Whether any table is made up, so that every page and every download must say so."""
        return any(resource.status == "illustrative" for resource in self.manifest.resources)


def load_pack(root: Path | str) -> Pack:
    """Read and check the pack in a folder; PackError holds every fault of every file."""
    return pack_of(read_snapshot(root))


def pack_of(snapshot: Snapshot) -> Pack:
    """Check the files of a pack as they were read; PackError holds every fault of every file."""
    if MANIFEST in snapshot.faults:
        raise PackError([snapshot.faults[MANIFEST]])
    manifest = read_manifest(snapshot.files[MANIFEST])
    described = {resource.name for resource in manifest.resources}
    tables = {name: description(model) for name, model in TABLES.items()}
    absent = {
        name
        for name, table in tables.items()
        if may_be_left_out(name) and table.path not in {*snapshot.files, *snapshot.faults}
    }
    faults = [
        Fault(MANIFEST, None, "resources", f"nothing named {name}", "every table, with its status")
        for name in [*TABLES, OUTLINES_NAME]
        if name not in described and name not in absent
    ]
    faults += [
        Fault(tables[name].path, None, "", "no such file", f"the CSV table that {MANIFEST} names")
        for name in TABLES
        if name in absent and name in described
    ]
    has_postcodes = POSTCODES in {*snapshot.files, *snapshot.faults}
    if has_postcodes and POSTCODES_NAME not in described:
        faults.append(Fault(MANIFEST, None, "resources", f"nothing named {POSTCODES_NAME}", f"{POSTCODES} described"))
    if POSTCODES_NAME in described and not has_postcodes:
        faults.append(Fault(POSTCODES, None, "", "no such file", f"the Parquet table that {MANIFEST} names"))
    places = {name: table.path for name, table in tables.items()}
    read: dict[str, Checked] = {}
    waits = ""
    for name, table in tables.items():
        if name in absent:
            continue
        checked, found = read_table(snapshot, table, manifest)
        faults += found
        if checked is not None:
            faults += broken_references(table, checked, {name: read[name] for name in read if name != waits}, places)
            read[name] = checked
            # Weights by age may stand before anybody has counted the residents: there is no band yet to refer to.
            if name == "population" and checked.frame.empty and not_yet_given(manifest, name):
                waits = name
    raw = {name: checked.frame for name, checked in read.items()}
    # A cell that could not be read is missing from its frame: that is one fault, not two.
    unread = {(fault.file, fault.row, fault.column) for fault in faults}
    complete = {name: frame for name, frame in raw.items() if {*tables[name].columns} <= {*frame.columns}}
    impossible = impossible_rows(complete, places, manifest) + unknown_words(complete, places)
    faults += [fault for fault in impossible if (fault.file, fault.row, fault.column) not in unread]
    faults += unknown_names(complete, places, manifest)
    faults += word_faults(complete, places, manifest)
    if GEOGRAPHY in snapshot.faults:
        faults.append(snapshot.faults[GEOGRAPHY])
    elif "districts" in raw and "district_code" in raw["districts"]:
        codes = list(raw["districts"]["district_code"].dropna())
        faults += geography_faults(snapshot.files[GEOGRAPHY], codes)
    if POSTCODES in snapshot.faults:
        faults.append(snapshot.faults[POSTCODES])
    elif POSTCODES in snapshot.files:
        faults += postcode_faults(snapshot.files[POSTCODES])
    texts, found = read_texts(manifest, snapshot)
    faults += found
    rows = {name: len(checked.frame) for name, checked in read.items()}
    faults += resource_faults(manifest, snapshot, {**places, OUTLINES_NAME: GEOGRAPHY, POSTCODES_NAME: POSTCODES}, rows)
    if faults:
        raise PackError(faults, manifest)
    raw["districts"] = with_names_apart(raw["districts"])
    file_rows = {name: frame.index.to_numpy() for name, frame in raw.items()}
    frames = {name: frame.reset_index(drop=True) for name, frame in raw.items()}
    frames |= {name: without_rows(tables[name]) for name in tables if name in absent}
    postcodes = snapshot.files.get(POSTCODES, b"")
    return Pack(snapshot.root, manifest, frames, snapshot.files[GEOGRAPHY], snapshot.key, file_rows, texts, postcodes)


def not_yet_given(manifest: Manifest, table: str) -> bool:
    """Whether the manifest says that nobody has given a table yet; a table that has rows was given all the same."""
    return any(resource.empty for resource in manifest.resources if resource.name == table)


def without_rows(table: Table) -> pd.DataFrame:
    """A table that a pack does without: its columns, and no row."""
    return pd.DataFrame({name: pd.Series(dtype=column.kind) for name, column in table.columns.items()})


def read_texts(manifest: Manifest, snapshot: Snapshot) -> tuple[dict[str, str], list[Fault]]:
    """The source texts that the manifest names by their path, and a fault for each that cannot be read."""
    texts: dict[str, str] = {}
    faults: list[Fault] = []
    for path in dict.fromkeys(text.path for one in manifest.services.values() for text in one.source_texts):
        if path in snapshot.faults:
            faults.append(snapshot.faults[path])
            continue
        try:
            texts[path] = snapshot.files[path].decode("utf-8-sig")
        except UnicodeDecodeError as error:
            row = snapshot.files[path][: error.start].count(b"\n") + 1
            faults.append(Fault(path, row, "", "bytes that are not text in UTF-8", "a text file saved in UTF-8"))
    return texts, faults


def with_names_apart(districts: pd.DataFrame) -> pd.DataFrame:
    """The districts, those of one name told apart by their code: maps, bars and boxes know them by their names."""
    names, alike = districts["district_name"], districts["district_name"].duplicated(keep=False)
    return districts.assign(district_name=names.mask(alike, names + " (" + districts["district_code"] + ")"))


def impossible_rows(raw: Mapping[str, pd.DataFrame], places: Mapping[str, str], manifest: Manifest) -> list[Fault]:
    """Faults that only two columns together show, such as a request placed before it was made."""
    faults: list[Fault] = []

    def add(table: str, column: str, rows: pd.Series[bool], expected: str) -> None:
        frame = raw[table]
        faults.extend(
            faults_at(
                frame.index[rows].tolist(),
                lambda row: Fault(places[table], row, column, quoted(shown(frame.at[row, column])), expected),
            )
        )

    if "requests" in raw:
        requests = raw["requests"]
        for code in manifest.services:
            of_service, last = requests["service"] == code, manifest.date_of(code)
            for column in ("requested_on", "placed_on"):
                late = of_service & (requests[column] > pd.Timestamp(last))
                add("requests", column, late, f"a date no later than {last}")
        early = requests["placed_on"] < requests["requested_on"]
        add("requests", "placed_on", early, "a date no earlier than requested_on")
    if "ratings" in raw:
        late = raw["ratings"]["rated_on"] > pd.Timestamp(manifest.as_of)
        add("ratings", "rated_on", late, f"a date no later than {manifest.as_of}")
    if "capacity" in raw:
        capacity = raw["capacity"]
        listed = capacity["route"].isin([code for code, route in manifest.routes.items() if route.framework])
        add("capacity", "rank", listed & capacity["rank"].isna(), "a rank, as the route has a ranked list")
    if "reconciliation" in raw and "facts" in raw:
        rules = raw["reconciliation"]
        numbers = pd.to_numeric(raw["facts"].set_index("id")["value"], errors="coerce")
        text = ~rules["fact_id"].isin(numbers.dropna().index)
        add("reconciliation", "fact_id", text, f"a fact of {places['facts']} whose value is a number")
        absent, uncounted = [], []
        for table, column, measure in zip(rules["table"], rules["column"], rules["measure"], strict=True):
            known = table in raw and column in raw[table].columns
            absent.append(table in raw and not known)
            uncounted.append(known and measure != "distinct" and not is_numeric_dtype(raw[table][column]))
        add("reconciliation", "column", pd.Series(absent, rules.index, dtype=bool), "a column of the rule's table")
        text = pd.Series(uncounted, rules.index, dtype=bool)
        add("reconciliation", "column", text, "a column of numbers, as the rule adds it up")
        whole = (rules["measure"] == "percent") & rules["share_of"].isna()
        add(
            "reconciliation", "share_of", whole, "the filter that is left out of the total, as the rule is a percentage"
        )
    return faults


def unknown_names(raw: Mapping[str, pd.DataFrame], places: Mapping[str, str], manifest: Manifest) -> list[Fault]:
    """A fault for each fact or gap that the manifest works with and the files have not, or not as a number."""
    faults: list[Fault] = []

    def add(code: str, part: str, found: str, expected: str) -> None:
        faults.append(Fault(MANIFEST, None, f"services.{code}.{part}", quoted(found), expected))

    if "facts" in raw:
        every = raw["facts"]["id"]
        numbers = set(every[pd.to_numeric(raw["facts"]["value"], errors="coerce").notna()])
        for code, service in manifest.services.items():
            for part, fact, number in service.named_facts():
                if fact not in (numbers if number else set(every)):
                    add(code, part, fact, f"a fact of {places['facts']}{' whose value is a number' if number else ''}")
    if "gaps" in raw:
        gaps = set(raw["gaps"]["id"])
        for code, service in manifest.services.items():
            for derivation in service.derivations:
                if derivation.fills_gap and derivation.fills_gap not in gaps:
                    add(code, "derivations", derivation.fills_gap, f"a gap of {places['gaps']}")
    return faults


def unknown_words(raw: Mapping[str, pd.DataFrame], places: Mapping[str, str]) -> list[Fault]:
    """A fault for each fact without its figure, and each intention or newer fact that is named and is not there."""
    faults: list[Fault] = []

    def add(table: str, column: str, wrong: pd.Series[bool], expected: str) -> None:
        frame = raw[table]
        faults.extend(
            faults_at(
                frame.index[wrong].tolist(),
                lambda row: Fault(places[table], row, column, quoted(shown(frame.at[row, column])), expected),
            )
        )

    if "facts" in raw:
        facts = raw["facts"]
        empty = facts["value"].isna() & (facts["unit"] != "text")
        add("facts", "value", empty, "the figure as published; only a fact whose unit is text may have none")
        newer = facts["superseded_by"]
        unknown = newer.notna() & (~newer.isin(facts["id"]) | (newer == facts["id"]))
        add("facts", "superseded_by", unknown, f"another fact of {places['facts']}, or an empty cell")
    if "council_words" in raw and "intentions" in raw:
        words, keys = raw["council_words"], ["service", "intention_id"]
        known = pd.MultiIndex.from_frame(raw["intentions"][keys])
        unknown = words["intention_id"].notna() & ~pd.MultiIndex.from_frame(words[keys]).isin(known)
        add("council_words", "intention_id", unknown, f"an intention of the service in {places['intentions']}")
    return faults


def shown(value: Any) -> str:
    """A cell of a checked frame as it stood in the file."""
    if pd.isna(value):
        return ""
    return str(value.date()) if isinstance(value, pd.Timestamp) else str(value)
