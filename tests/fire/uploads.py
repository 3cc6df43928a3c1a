"""Mutated uploads of every kind through the import: each becomes a pack that loads, or is refused in words of people.

The files are made from a pack, so that a mutation which does no harm makes a whole new pack. Nothing may change on the
disk before a version is made.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import resource
import tempfile
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import area_files
import cqc_files
import openpyxl
from damage import DATA
from python_words import PYTHON, QUOTED

from lib.pack.faults import PackError
from lib.pack.imports.change import Upload
from lib.pack.imports.kinds import kind_of
from lib.pack.imports.ods import ods
from lib.pack.imports.proposal import Proposal, propose
from lib.pack.imports.templates import filled
from lib.pack.load import Pack, load_pack

LARGEST_MEMORY = 1_000_000_000  # bytes that a process which reads uploads may take
AT_ONCE = 10  # uploads that one process takes before it starts afresh
# Each table, twice as often as what others publish in each form.
TABLES = (
    *("districts", "area_groups", "population", "service_rates", "lots", "wards", "facts", "gaps", "intentions"),
    *("council_words", "reconciliation", "demand", "providers", "ratings", "capacity", "requests", "history"),
)
FORMS = ("csv", "xlsx", "ods")
PUBLISHED = (
    *("ratings file", "directory", "directory of old", "active locations", "report", "api", "api zip"),
    *("geojson", "geopackage", "shapefile", "wards geojson", "wards csv", "projection", "estimates", "census", "nomis"),
)
HOSTILE = (
    *("NaN", "nan", "inf", "-inf", "Infinity", "1e400", "-1e-400", "1e5", "-5", "0x1F", "1_000", "１２３", "٣", "½"),
    *("01/02/2024", "13/01/2024", "31/02/2024", "2024-02-30", "45000", "1 Jan 24", "0000-00-00", "9999-12-31"),
    *("=cmd|' /C calc'!A0", "=1+1", "+44 20", "-", "@SUM(A1)", "'=1", "\t=1", "#REF!", "#N/A", "\x00", "a\x00b"),
    *('"', '""', "'", ",", ";", "\r", "\n", "a\nb", "\ufeff", "\u200b", "\u202e", "😀", "é", "\udcff", "ﬁ", "İ"),
    *("£1,234.50", "12%", "1,234", "1.234,5", "1 234", "(5)", "TRUE", "yes", "n/a", "N/K", "None", "null", "-", "*"),
    *("Basildon", "basildon", "Essex", "E07000163", "E06000065", "E10000012", "E92000001", "K02000001", "W06000001"),
    *("CM11AA", "ZZ9 9ZZ", "cm1 1aa", "<script>alert(1)</script>", "${1}", "{{1}}", "../../etc", "x" * 10_000, ""),
)
MESSAGE = re.compile(r".+: found .+, expected .+", re.DOTALL)


@dataclass
class Tally:
    """What came of one upload, or of many. memory: the most bytes that a process took."""

    counts: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)
    memory: int = 0

    def add(self, other: Tally) -> None:
        self.counts += other.counts
        self.complaints += other.complaints
        self.memory = max(self.memory, other.memory)


@dataclass(frozen=True)
class Mutated:
    """An upload as it was made. done: what was done to it, in words."""

    kind: str
    uploads: list[Upload]
    done: tuple[str, ...]


@cache
def the_pack() -> Pack:
    """The pack that everything is imported into: it is only read."""
    return load_pack(DATA)


# What is mutated


@cache
def rows_of_table(table: str) -> list[list[str]]:
    """A table of the pack, at most 300 rows of it but where all are needed."""
    rows = list(csv.reader(io.StringIO(filled(table, the_pack(), "csv").decode("utf-8-sig"), newline="")))
    return rows if table in ("population", "capacity", "history", "demand") else rows[:300]


def rows_published(what: str) -> tuple[str, list[list[str]]]:
    """The kind and the rows of a file as its publisher gives it, of the pack's own area."""
    pack = the_pack()
    names = pack.district_names()
    if what == "ratings file":
        rows = [
            *cqc_files.rating_rows("1-100", "Homecare agencies", "Good", "01/02/2024"),
            *cqc_files.rating_rows("1-101", "Overall", "Requires improvement", "13/05/2025"),
            *cqc_files.rating_rows("1-102", "Overall", "Outstanding", "05/05/2025", category=cqc_files.RESIDENTIAL),
        ]
        return "cqc-ratings", cqc_files.table(cqc_files.RATINGS_HEADER, *rows)
    if what in ("directory", "directory of old"):
        old = what.endswith("old")
        common = {"Name": "Alpha Care", "Postcode": "CM1 1AA", "Service types": "Homecare agencies"}
        ids = {
            "CQC Location ID (for office use only)": "1-100",
            "CQC Provider ID (for office use only)": "1-900",
            "Local Authority" if old else "Local authority": "Essex",
        }
        header = cqc_files.OLDER_DIRECTORY_HEADER if old else cqc_files.DIRECTORY_HEADER
        above = [["CQC Locations data"], [], ["This data was produced on 19 August 2025"], []]
        rows = [{**common, **ids}, {**common, **ids, "CQC Location ID (for office use only)": "1-101"}]
        return "cqc-locations", cqc_files.table(header, *rows, above=above)
    if what == "active locations":
        row = {
            "Location ID": "1-100", "Location Name": "Alpha", "Location Latest Overall Rating": "Good",
            "Publication Date": "01/02/2024", "Location Local Authority": "Essex", "Location Postal Code": "CM1 1AA",
            "Provider ID": "1-900", "Provider Name": "Firm", "Service type - Domiciliary care service": "Y",
        }  # fmt: skip
        return "cqc-locations", cqc_files.table(cqc_files.ACTIVE_HEADER, row, {**row, "Location ID": "1-101"})
    if what == "report":
        row = {
            "Location Name": "Alpha", "Location ID": "1-100", "Location Local Authority": "Essex",
            "Service Types": "Domiciliary care service", "Location Latest Overall Rating": "Good",
            "Location HSCA start date": "01/10/2010", "Publication Date": "01/02/2024", "Provider ID": "1-900",
        }  # fmt: skip
        return "cqc-locations", cqc_files.table(cqc_files.REPORT_HEADER, row, {**row, "Location ID": "1-101"})
    if what == "wards csv":
        rows = [
            [f"E0599{number:04d}", f"Ward {number}", code, name, "0.5", "51.7"]
            for number, (code, name) in enumerate(names.items())
        ]
        return "wards", [["WD24CD", "WD24NM", "LAD24CD", "LAD24NM", "LONG", "LAT"], *rows]
    ages = [*map(str, range(90)), "90 and over"]
    if what == "projection":
        head = ["CODE", "AREA", "AGE GROUP", *map(str, range(2018, 2044))]
        rows = [[code, name, age, *["100"] * 26] for code, name in names.items() for age in ages]
        return "population", [["2018-based subnational population projections"], [], head, *rows]
    if what == "estimates":
        rows = [
            [code, name, "E", sex, str(age), "60", "61"]
            for code, name in names.items() for sex in "MF" for age in range(91)
        ]  # fmt: skip
        head = ["ladcode23", "laname23", "country", "sex", "age", "population_2023", "population_2024"]
        return "population", [["Mid-year population estimates (as of April 2023)"], head, *rows]
    if what == "census":
        bands = [f"Age: Aged {low} to {low + 4} years" for low in range(0, 85, 5)]
        head = ["date", "geography", "geography code", "Age: Total", *bands, "Age: Aged 85 years and over"]
        return "population", [head, *(["2021", name, code, "18000", *["1000"] * 18] for code, name in names.items())]
    head = ["DATE", "GEOGRAPHY_NAME", "GEOGRAPHY_CODE", "GENDER_NAME", "C_AGE_NAME", "MEASURES_NAME", "OBS_VALUE"]
    rows = [["2024", name, code, "Total", f"Age {age}", "Value", "90"] for code, name in names.items() for age in ages]
    return "population", [head, *rows]


def shapes_published(what: str) -> tuple[str, Upload]:
    """The kind and a file with shapes of the pack's districts, or of a ward in each."""
    areas = area_files.outlines(the_pack())
    if what == "wards geojson":
        codes = [f"E0599{number:04d}" for number in range(len(areas))]
        return "wards", area_files.geojson(areas.assign(WD24CD=codes, WD24NM="Ward"))
    if what == "geojson":
        return "boundaries", area_files.geojson(areas.to_crs(4326))
    if what == "geopackage":
        return "boundaries", area_files.geopackage({"LAD_2024": areas})
    return "boundaries", area_files.zipped(area_files.shapefile(areas))


def api_published(what: str) -> tuple[str, Upload]:
    """The kind and the JSON of some locations."""
    locations = [
        cqc_files.api_location(one, currentRatings={"overall": cqc_files.api_rating("Good", "2024-02-01")})
        for one in ("1-100", "1-101")
    ]
    if what == "api":
        return "cqc-locations", cqc_files.as_json(locations)
    return "cqc-locations", area_files.zipped(
        [cqc_files.as_json(one, f"{one['locationId']}.json") for one in locations]
    )


# How it is mutated


def written(rows: list[list[str]], form: str, chance: random.Random) -> bytes:
    """Rows as a file. What a workbook cannot hold becomes a question mark, as in programs that write them."""
    if form == "csv":
        return text_of(rows, chance)
    clean = [
        [re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "?", cell) for cell in row] for row in rows
    ]
    if form == "ods":
        return ods([("Sheet1", [[number(cell, chance) for cell in row] for row in clean])])
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    for row in clean:
        sheet.append([number(cell, chance) for cell in row])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def number(cell: str, chance: random.Random) -> str | float | int:
    """A cell as a spreadsheet keeps it when it is typed: a number as a number, but for a few that are text."""
    if re.fullmatch(r"\d{1,6}(\.\d{1,4})?", cell) and chance.random() < 0.95:
        return float(cell) if "." in cell else int(cell)
    return cell


def text_of(rows: list[list[str]], chance: random.Random) -> bytes:
    """Rows as text with any separator and in any encoding."""
    text = io.StringIO()
    separator = chance.choice(",,,,,,;\t|")
    writer = csv.writer(text, delimiter=separator, lineterminator=chance.choice(["\r\n", "\n", "\n", "\r"]))
    writer.writerows(rows)
    encoding = chance.choice(
        ["utf-8"] * 6 + ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-7", "utf-32"]
    )
    return text.getvalue().encode(encoding, errors=chance.choice(["replace", "xmlcharrefreplace"]))


def change_cells(rows: list[list[str]], chance: random.Random) -> str:
    """Put hostile values into some cells, most of them below the header."""
    values = []
    for _ in range(chance.choice((1, 1, 2, 5, 40))):
        row = rows[chance.randrange(len(rows))]
        if row:
            values.append(chance.choice(HOSTILE))
            row[chance.randrange(len(row))] = values[-1]
    return f"cells: {[value[:20] for value in values[:5]]}"


def change_column(rows: list[list[str]], chance: random.Random) -> str:
    """Rename, move, double, empty or drop a column, or fill it with one value."""
    width = max(map(len, rows))
    place, other = chance.randrange(width), chance.randrange(width)
    what = chance.choice(("rename", "move", "double", "drop", "fill", "upper", "swap cells"))
    value = chance.choice(HOSTILE)
    header = max(range(min(len(rows), 10)), key=lambda at: len(rows[at]))
    for at, row in enumerate(rows):
        if place >= len(row):
            continue
        if what == "rename" and at == header:
            row[place] = value
        elif what == "upper" and at == header:
            row[:] = [cell.upper().replace("_", " ") for cell in row]
        elif what == "move":
            row.insert(min(other, len(row)), row.pop(place))
        elif what == "double":
            row.append(row[place])
        elif what == "drop":
            row.pop(place)
        elif what == "fill" and at > header:
            row[place] = value
        elif what == "swap cells" and at > header and other < len(row):
            row[place], row[other] = row[other], row[place]
    return f"column {place}: {what} {value[:20]!r}"


def change_rows(rows: list[list[str]], chance: random.Random) -> str:
    """Drop, double, swap, blank or shuffle rows, or put some above or below."""
    place, other = chance.randrange(len(rows)), chance.randrange(len(rows))
    what = chance.choice(
        ("drop", "double", "swap", "blank", "shuffle", "above", "below", "header only", "short", "none")
    )
    if what == "drop":
        del rows[place : place + chance.choice((1, 1, 5))]
    elif what == "double":
        rows.insert(other, list(rows[place]))
    elif what == "swap":
        rows[place], rows[other] = rows[other], rows[place]
    elif what == "blank":
        rows.insert(place, [])
    elif what == "shuffle":
        rows[1:] = chance.sample(rows[1:], len(rows) - 1)
    elif what == "above":
        rows[:0] = [["Table 1"], [], ["Source: a council"]]
    elif what == "below":
        rows += [[], ["Notes"], ["1. Figures are rounded."], ["Total", *["999"] * 3]]
    elif what == "header only":
        del rows[1:]
    elif what == "short":
        rows[place] = rows[place][: len(rows[place]) // 2]
    elif what == "none":
        rows.clear()
    return f"rows: {what}"


def change_bytes(content: bytes, chance: random.Random) -> tuple[bytes, str]:
    """Flip, cut, double or put in bytes."""
    if not content:
        return content, "no bytes"
    place = chance.randrange(len(content))
    what = chance.choice(("flip", "flip", "flip", "truncate", "cut", "double", "insert", "begin"))
    changed = bytearray(content)
    if what == "flip":
        for _ in range(chance.choice((1, 3, 30))):
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    elif what == "truncate":
        del changed[place:]
    elif what == "cut":
        del changed[place : place + chance.randrange(1, 200)]
    elif what == "double":
        changed[place:place] = changed[place : place + chance.randrange(1, 2_000)]
    elif what == "insert":
        changed[place:place] = chance.randbytes(chance.choice((1, 2, 50)))
    else:
        changed[: chance.randrange(1, 8)] = chance.randbytes(4)
    return bytes(changed), f"bytes: {what} at {place:,}"


def change_members(content: bytes, chance: random.Random) -> tuple[bytes, str]:
    """Rename, remove, empty, double or damage a member of a zip; its own damage is not seen by the zip's checksums."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [(one.filename, archive.read(one)) for one in archive.infolist()]
    place = chance.randrange(len(members))
    name, held = members[place]
    what = chance.choice(("rename", "remove", "empty", "bytes", "bytes", "bytes", "double", "nest"))
    if what == "rename":
        members[place] = (chance.choice(("../../evil", "x.bin", name.upper(), f"folder/{name}", "é.csv")), held)
    elif what == "remove":
        del members[place]
    elif what == "empty":
        members[place] = (name, b"")
    elif what == "bytes":
        held, more = change_bytes(held, chance)
        members[place], what = (name, held), more
    elif what == "double":
        members.append((f"copy/{name}", held))
    else:
        members = [("inner.zip", content)]
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in members:
            archive.writestr(name, held)
    return changed.getvalue(), f"member {name}: {what}"


def change_text(content: bytes, chance: random.Random) -> tuple[bytes, str]:
    """Put a hostile value in place of a value of a JSON text, or take a part of it away."""
    document = json.loads(content)
    places: list[tuple[list[object] | dict[str, object], object]] = []

    def walk(one: object) -> None:
        if isinstance(one, dict | list):
            for key in list(one) if isinstance(one, dict) else range(len(one)):
                places.append((one, key))  # type: ignore[arg-type]
                walk(one[key])

    walk(document)
    if not places:
        return content, "nothing to change"
    done = []
    for _ in range(chance.choice((1, 1, 3))):
        holder, key = chance.choice(places)
        value = chance.choice((*HOSTILE, None, True, [], {}, 1e308, -1, float("nan"), float("inf"), [[0, 0]]))
        try:
            if chance.random() < 0.2:
                del holder[key]  # type: ignore[arg-type]
            else:
                holder[key] = value  # type: ignore[index, call-overload]
        except (KeyError, IndexError):
            continue
        done.append(f"{key}: {str(value)[:20]!r}")
    return json.dumps(document, ensure_ascii=chance.random() < 0.5).encode("utf-8", "replace"), f"JSON {done}"


def mutated(seed: int) -> Mutated:
    """An upload of some kind, mutated, by its seed: every kind has its turn."""
    chance = random.Random(seed)
    every = [*TABLES, *PUBLISHED]
    what = every[seed % len(every)]
    done = [what]
    if what in ("geojson", "geopackage", "shapefile", "wards geojson", "api", "api zip"):
        kind, upload = (api_published if what.startswith("api") else shapes_published)(what)
        content, name = upload.content, upload.name
    else:
        kind, rows = rows_published(what) if what in PUBLISHED else (what, rows_of_table(what))
        rows = [list(row) for row in rows]
        for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
            change = chance.choices((change_cells, change_column, change_rows), (3, 1, 2))[0]
            if rows and any(rows):
                done.append(change(rows, chance))
        form = chance.choice(FORMS)
        name, content = f"{what}.{form}", written(rows, form, chance)
    for _ in range(chance.choice((0, 0, 1)) if len(done) > 1 else 1):
        is_zip, is_json = zipfile.is_zipfile(io.BytesIO(content)), content[:1] in b"{["
        roll = chance.random()
        if is_zip and roll < 0.7:
            content, words = change_members(content, chance)
        elif is_json and content and roll < 0.7:
            content, words = change_text(content, chance)
        else:
            content, words = change_bytes(content, chance)
        done.append(words)
    if chance.random() < 0.1:
        name = chance.choice(("data", "data.csv", "data.xlsx", "data.zip", "<b>é\u202e.csv", "=1.csv", "x" * 200))
        done.append(f"named {name[:20]!r}")
    return Mutated(kind, [Upload(name, content)], tuple(done))


# What comes of it


def try_upload(seed: int, whole: bool = False) -> Tally:
    """One mutated upload through the import. whole: a new pack is written out and loaded from the disk too."""
    one = mutated(seed)
    pack = the_pack()
    tally = Tally(Counter(uploads=1))

    def complain(kind: str, words: str) -> None:
        tally.counts[kind] += 1
        tally.complaints.append(f"{kind}: upload {seed} ({'; '.join(one.done)}): {words[:600]}")

    before = state_of(pack.root)
    names = [upload.name for upload in one.uploads]
    try:
        change = kind_of(one.kind).read(pack, one.uploads)
        proposal = propose(pack, change, (one.kind,), names)
    except PackError as error:
        tally.counts["refused"] += 1
        for words in wrong_words(error, names):
            complain("messages with a Python word", words)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        complain("crashes", repr(error))
    else:
        tally.counts["read"] += 1
        for words in (*change.notes, *proposal.cautions):
            if found := PYTHON.search(QUOTED.sub("", words)):
                complain("messages with a Python word", f"{found[0]}: {words}")
        if whole and (words := loaded_again(proposal)):
            complain("wrong figures", words)
    if state_of(pack.root) != before:
        complain("wrong figures", "the pack on the disk has changed")
    tally.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    if tally.memory > LARGEST_MEMORY:
        complain("too much memory", f"{tally.memory / 1e6:,.0f} MB")
    return tally


def state_of(root: Path) -> dict[str, tuple[int, int]]:
    """Every file of a folder, with its size and the moment of its last change."""
    return {
        str(path.relative_to(root)): (path.stat().st_size, path.stat().st_mtime_ns) for path in sorted(root.rglob("*"))
    }


def wrong_words(error: PackError, names: list[str]) -> list[str]:
    """What is wrong with the sentences of a refusal: each names the file, what was found and what was expected."""
    if not error.faults:
        return ["nothing is said"]
    wrong = []
    for fault in error.faults:
        words = str(fault)
        inside = QUOTED.sub("", words.replace(names[0], "FILE"))
        # What another file of the pack goes by is said of that file, and what to put right of the upload.
        if names[0] not in fault.file and not (fault.file.endswith(" of the pack") and names[0] in fault.expected):
            wrong.append(f"not of the file: {words}")
        elif not MESSAGE.fullmatch(words) or "\n" in words:
            wrong.append(f"no sentence: {words!r}")
        elif found := PYTHON.search(inside):
            wrong.append(f"{found[0]}: {words}")
    return wrong[:1]


def loaded_again(proposal: Proposal) -> str:
    """What is wrong with the files of a new pack on the disk; "" for nothing."""
    with tempfile.TemporaryDirectory() as folder:
        for path, content in proposal.files.items():
            (Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / path).write_bytes(content)
        found = load_pack(folder)
    return "" if found.key == proposal.new.key else "the pack that was written is another"


def try_share(share: tuple[int, int]) -> Tally:
    """A share of many uploads: the first one's seed, and how many. For a process of its own."""
    total = Tally()
    first, count = share
    for seed in range(first, first + count):
        total.add(try_upload(seed, whole=True))
    return total
