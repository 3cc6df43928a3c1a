"""A data pack as files that a test may change, cell by cell. Rows count as in a spreadsheet: the header is row 1."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lib.pack.faults import PackError
from lib.pack.load import Pack, load_pack

MANIFEST = "datapackage.json"
GEOGRAPHY = "geography/districts.geojson"


class PackFolder:
    """The folder of a pack."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for path in root.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)

    def rows(self, path: str) -> list[list[str]]:
        with (self.root / path).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))

    def write(self, path: str, rows: list[list[str]]) -> None:
        with (self.root / path).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)

    def find(self, path: str, **cells: str) -> int:
        """The number of the first row whose cells are these."""
        header, *rows = self.rows(path)
        for number, row in enumerate(rows, start=2):
            if cells.items() <= dict(zip(header, row, strict=True)).items():
                return number
        raise LookupError(f"{path} has no row with {cells}")

    def get(self, path: str, row: int, column: str) -> str:
        rows = self.rows(path)
        return rows[row - 1][rows[0].index(column)]

    def set(self, path: str, row: int, column: str, value: str) -> None:
        rows = self.rows(path)
        rows[row - 1][rows[0].index(column)] = value
        self.write(path, rows)

    def take(self, path: str, row: int, column: str, amount: float) -> None:
        """Take an amount from a number."""
        self.set(path, row, column, str(float(self.get(path, row, column)) - amount))

    def drop_column(self, path: str, column: str) -> None:
        rows = self.rows(path)
        place = rows[0].index(column)
        self.write(path, [[*row[:place], *row[place + 1 :]] for row in rows])

    def keep_rows(self, path: str, keep: Callable[[dict[str, str]], bool]) -> None:
        header, *rows = self.rows(path)
        self.write(path, [header, *(row for row in rows if keep(dict(zip(header, row, strict=True))))])

    def append(self, path: str, row: list[str]) -> int:
        """Add a row at the end, and return its number."""
        rows = [*self.rows(path), row]
        self.write(path, rows)
        return len(rows)

    def repeat(self, path: str, row: int) -> int:
        """Write a row again at the end, and return the number of the new one."""
        return self.append(path, self.rows(path)[row - 1])

    def change_bytes(self, path: str, change: Callable[[bytes], bytes]) -> None:
        file = self.root / path
        before = file.read_bytes()
        after = change(before)
        assert after != before, f"{path} was not changed"
        file.write_bytes(after)

    def change_json(self, path: str, change: Callable[[Any], object]) -> None:
        file = self.root / path
        document = json.loads(file.read_text(encoding="utf-8"))
        change(document)
        file.write_text(json.dumps(document), encoding="utf-8")

    def load(self) -> Pack:
        return load_pack(self.root)

    def faults(self) -> list[str]:
        """Every fault of the pack, each as its sentence. Loading must fail."""
        with pytest.raises(PackError) as caught:
            load_pack(self.root)
        assert str(caught.value) == "\n".join(str(fault) for fault in caught.value.faults)
        return str(caught.value).split("\n")
