"""Data packs with something wrong in them, made from a seed: rows lost, cells broken, files cut, a manifest altered."""

from __future__ import annotations

import csv
import json
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent.parent / "data"
MANIFEST = "datapackage.json"
OUTLINES = "geography/districts.geojson"
POSTCODES = "reference/postcodes.parquet"
# Tables of which no row may be lost without a figure that says so.
NEEDED = ("market/demand.csv", "reference/population.csv", "market/requests.csv")
JUNK = (
    "", " ", "n/a", "-", "c", "<5", "*", "£1,234", "£12", "1,234", "12.5", "-3", "0", "1e999", "inf", "NaN", "None",
    "null", "#N/A", "#REF!", "########", "45747", "2025-13-45", "31/03/2025", "2031-01-01", "=1+1", "@x", "\u0663", "½",
    "TRUE", "E07000999", "<b>x</b>", "x" * 2000, "999999999999999999999999", "0.1", "4O", "1 234", "12%", "'5", "(5)",
)  # fmt: skip


@dataclass
class Damaged:
    """A damaged pack: where it is, what was done to it, and what may still be compared.

    plain: the folder to work its figures out again from, the pack before it was only written in another way. lost: the
    tables that lost rows. touched: the files whose contents were altered.
    """

    root: Path
    done: list[str] = field(default_factory=list)
    plain: Path | None = None
    lost: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)


class Damager:
    """Damages of one pack, drawn from one generator."""

    def __init__(self, seed: int, to: Path) -> None:
        self.random = random.Random(seed)
        shutil.copytree(DATA, to)
        self.pack = Damaged(to)
        self.tables = sorted(str(path.relative_to(to)) for path in to.rglob("*.csv"))

    def table(self) -> str:
        """A table: those of the market and of the population twice as often."""
        weights = [3 if name.startswith("market") or name in NEEDED else 1 for name in self.tables]
        return self.random.choices(self.tables, weights)[0]

    def read(self, name: str) -> list[list[str]]:
        with (self.pack.root / name).open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    def write(self, name: str, rows: list[list[str]], **dialect: Any) -> None:
        encoding = dialect.pop("encoding", "utf-8")
        with (self.pack.root / name).open("w", encoding=encoding, newline="", errors="replace") as file:
            csv.writer(file, **{"lineterminator": "\n", **dialect}).writerows(rows)

    def altered(self, name: str, words: str) -> None:
        self.pack.touched.add(name)
        self.pack.done.append(f"{name}: {words}")

    def run(self) -> Damaged:
        """One to three damages; one pack in four is then written in another way that says the same."""
        kinds: list[Callable[[], None]] = self.random.choices(
            [self.lose_rows, self.cut_at_a_row, self.spoil_cells, self.scale, self.manifest, self.outlines, self.file,
             self.columns, self.repeat, self.harmless, self.cut_in_a_row, self.names],
            [6, 2, 4, 3, 4, 3, 1, 1, 1, 2, 1, 1],
            k=self.random.choice((1, 1, 1, 2, 3)),
        )  # fmt: skip
        for kind in kinds:
            try:
                kind()
            except (OSError, UnicodeDecodeError, ValueError, IndexError, KeyError, csv.Error):
                self.pack.done.append(f"({kind.__name__}: nothing left to damage)")
        if self.random.random() < 0.25:
            self.another_way()
        return self.pack

    def lose_rows(self) -> None:
        """Some rows, or all with one value of a column: a district, a month, a service."""
        name = self.table()
        head, *rows = self.read(name)
        if self.random.random() < 0.5:
            column = self.random.randrange(len(head))
            value = self.random.choice(rows)[column]
            kept = [row for row in rows if row[column] != value]
            words = f"lost {len(rows) - len(kept)} rows with {head[column]} {value[:40]!r}"
        else:
            share = self.random.choice((0.002, 0.02, 0.2))
            kept = [row for row in rows if self.random.random() > share]
            words = f"lost {len(rows) - len(kept)} rows"
        self.write(name, [head, *kept])
        if len(kept) < len(rows):
            self.pack.lost.add(name)
            self.altered(name, words)

    def cut_at_a_row(self) -> None:
        """A copy that stopped half way, by chance at the end of a row."""
        name = self.table()
        head, *rows = self.read(name)
        kept = rows[: self.random.randrange(len(rows))]
        self.write(name, [head, *kept])
        self.pack.lost.add(name)
        self.altered(name, f"cut after {len(kept)} rows")

    def cut_in_a_row(self) -> None:
        """A copy that stopped anywhere."""
        name = self.random.choice([*self.tables, MANIFEST, OUTLINES, POSTCODES])
        whole = (self.pack.root / name).read_bytes()
        (self.pack.root / name).write_bytes(whole[: self.random.randrange(len(whole))])
        self.pack.lost.add(name)
        self.altered(name, "cut anywhere")

    def spoil_cells(self) -> None:
        """Cells with what people write in cells."""
        name = self.table()
        head, *rows = self.read(name)
        for _ in range(self.random.choice((1, 1, 3))):
            row, column, junk = self.random.choice(rows), self.random.randrange(len(head)), self.random.choice(JUNK)
            self.altered(name, f"{head[column]} {row[column][:30]!r} is now {junk[:30]!r}")
            row[column] = junk
        self.write(name, [head, *rows])

    def scale(self) -> None:
        """A column of numbers, all or one service's, times something."""
        name = self.random.choice(
            ["market/demand.csv", "market/capacity.csv", "market/requests.csv", "market/history.csv"]
        )
        head, *rows = self.read(name)
        column = self.random.choice([at for at, cell in enumerate(rows[0]) if cell.replace(".", "").isdigit()])
        factor = self.random.choice((0, 2, 10, 1000))
        service = self.random.choice([row[head.index("service")] for row in rows])
        for row in rows:
            if row[head.index("service")] == service and row[column]:
                row[column] = str(int(float(row[column]) * factor))
        self.write(name, [head, *rows])
        self.altered(name, f"{head[column]} of {service} times {factor}")

    def columns(self) -> None:
        """A column renamed, lost or there twice."""
        name = self.table()
        rows = self.read(name)
        column, kind = self.random.randrange(len(rows[0])), self.random.choice(("renamed", "lost", "twice"))
        title = rows[0][column]
        if kind == "renamed":
            rows[0][column] = self.random.choice((title.upper(), f" {title} ", f"{title}_2", "", title[:-1]))
        elif kind == "lost":
            rows = [[*row[:column], *row[column + 1 :]] for row in rows]
        else:
            rows = [[*row, row[column]] for row in rows]
        self.write(name, rows)
        self.altered(name, f"column {title} {kind}")

    def repeat(self) -> None:
        """Rows that stand there twice."""
        name = self.table()
        rows = self.read(name)
        self.write(name, [*rows, self.random.choice(rows[1:])])
        self.altered(name, "a row twice")

    def harmless(self) -> None:
        """Rows and columns in another order, and a column more: nothing is wrong."""
        name = self.random.choice(
            ["market/capacity.csv", "market/requests.csv", "market/history.csv", "market/demand.csv"]
        )
        head, *rows = self.read(name)
        self.random.shuffle(rows)
        order = self.random.sample(range(len(head)), len(head))
        self.write(name, [[*(row[at] for at in order), extra] for row, extra in
                          zip([head, *rows], ["remarks", *[""] * len(rows)], strict=True)])  # fmt: skip
        self.pack.done.append(f"{name}: another order, one column more")

    def names(self) -> None:
        """Names that do something where text is taken for Markdown or HTML, or that are very long or empty."""
        name, column = self.random.choice(
            [("reference/districts.csv", "district_name"), ("market/providers.csv", "provider_name"),
             ("reference/wards.csv", "ward_name"), ("reference/area_groups.csv", "group_name")]
        )  # fmt: skip
        head, *rows = self.read(name)
        text = self.random.choice(("<img src=x onerror=alert(1)>", "[x](http://example.com)", ":red[x] $y$", "W" * 300,
                                   "", "www.example.com", "1. one", "\u202eabc", "عربى", " "))  # fmt: skip
        old = self.random.choice(rows)[head.index(column)]
        for row in rows:
            if row[head.index(column)] == old:
                row[head.index(column)] = text
        self.write(name, [head, *rows])
        self.altered(name, f"{column} {old!r} is now {text[:30]!r}")

    def file(self) -> None:
        """A file that is gone, empty, something else, or cannot be opened."""
        name = self.random.choice([*self.tables, MANIFEST, OUTLINES, POSTCODES])
        path, kind = (
            self.pack.root / name,
            self.random.choice(("gone", "empty", "noise", "folder", "broken link", "head")),
        )
        whole = path.read_bytes()
        path.unlink()
        if kind == "empty":
            path.write_bytes(b"")
        elif kind == "noise":
            path.write_bytes(self.random.randbytes(2000))
        elif kind == "folder":
            path.mkdir()
        elif kind == "broken link":
            path.symlink_to(self.pack.root / "nowhere")
        elif kind == "head":
            path.write_bytes(whole.split(b"\n", 1)[0] + b"\n")
            self.pack.lost.add(name)
        self.altered(name, kind)

    def manifest(self) -> None:
        """A value of the manifest lost or replaced."""
        path = self.pack.root / MANIFEST
        document = json.loads(path.read_text(encoding="utf-8"))
        places: list[tuple[Any, Any]] = []

        def walk(part: Any) -> None:
            for key, one in part.items() if isinstance(part, dict) else enumerate(part):
                places.append((part, key))
                if isinstance(one, dict | list):
                    walk(one)

        walk(document)
        part, key = self.random.choice(places)
        old = json.dumps(part[key])[:60]
        if self.random.random() < 0.3:
            del part[key]
            words = f"{key!r} lost, it was {old}"
        else:
            part[key] = self.random.choice(
                (None, "", -1, 0, 1e9, [], {}, "x" * 300, True, "nobody", 2099, "<b>", [None])
            )
            words = f"{key!r} is now {json.dumps(part[key])[:40]}, it was {old}"
        path.write_text(json.dumps(document), encoding="utf-8")
        self.altered(MANIFEST, words)

    def outlines(self) -> None:
        """Outlines lost, turned round, moved, empty, or with another property."""
        path = self.pack.root / OUTLINES
        document = json.loads(path.read_text(encoding="utf-8"))
        features = document["features"]
        one = self.random.choice(features)
        kind = self.random.choice(
            ("lost", "swapped", "moved", "no property", "null", "empty", "twice", "text", "point")
        )
        parts = one["geometry"]["coordinates"]
        while not isinstance(parts[0][0], int | float):
            parts = parts[0]
        if kind == "lost":
            features.remove(one)
        elif kind == "swapped":
            parts[:] = [[y, x] for x, y in parts]
        elif kind == "moved":
            parts[len(parts) // 2][0] += self.random.choice((0.5, 5, 100))
        elif kind == "no property":
            one["properties"]["LAD24CD"] = one["properties"].pop("district_code")
        elif kind == "null":
            one["geometry"] = None
        elif kind == "empty":
            one["geometry"]["coordinates"] = []
        elif kind == "twice":
            features.append(one)
        elif kind == "text":
            parts[0] = ["a", "b"]
        else:
            one["geometry"] = {"type": "Point", "coordinates": [0.5, 51.5]}
        path.write_text(json.dumps(document), encoding="utf-8")
        self.altered(OUTLINES, f"an outline {kind}")

    def another_way(self) -> None:
        """A table as another program saves it: it says the same."""
        self.pack.plain = self.pack.root.with_name(self.pack.root.name + "-plain")
        shutil.copytree(self.pack.root, self.pack.plain, symlinks=True)
        name = self.random.choice(
            ["market/demand.csv", "market/capacity.csv", "market/requests.csv", "market/history.csv"]
        )
        try:
            rows = self.read(name)
        except (OSError, UnicodeDecodeError, csv.Error):
            return
        kind = self.random.choice(("mark", "semicolons", "tabs", "windows", "blank rows", "blank columns", "lines"))
        ways: dict[str, dict[str, Any]] = {
            "mark": {"encoding": "utf-8-sig"},
            "semicolons": {"delimiter": ";"},
            "tabs": {"delimiter": "\t"},
            "windows": {"encoding": "cp1252"},
            "lines": {"lineterminator": "\r\n"},
        }
        if kind == "blank rows":
            rows += [[""] * len(rows[0])] * 5
        if kind == "blank columns":
            rows = [[*row, "", ""] for row in rows]
        self.write(name, rows, **ways.get(kind, {}))
        self.pack.done.append(f"{name}: saved with {kind}")
