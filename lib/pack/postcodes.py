"""The postcodes of a pack's area, where it has them: which district each lies in.

The file is optional. It is checked as the pack is loaded, and read again only where a postcode is looked up.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lib.pack.faults import Fault, quoted
from lib.pack.outline_points import in_kingdom

if TYPE_CHECKING:
    from lib.pack.load import Pack

POSTCODES = "reference/postcodes.parquet"
POSTCODES_NAME = "postcodes"  # the resource of the manifest
# Every column, and the type that it is read as.
COLUMNS: dict[str, pa.DataType] = {
    "postcode": pa.string(),
    "district_code": pa.string(),
    "ward_code": pa.string(),
    "latitude": pa.float64(),
    "longitude": pa.float64(),
}
MOST_POSTCODES = (
    3_000_000  # all of the United Kingdom, those that are no more included; a small file may hold any number
)
_MAY_BE_EMPTY = "ward_code"
_FORM = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")
_NAMED = 5  # postcodes in one sentence
_EXPECTED = f"a Parquet table with the columns {', '.join(COLUMNS)}"


class TooMany(ValueError):
    """A file of more rows than there are postcodes; how many, in words."""


@dataclass(frozen=True, eq=False)
class PostcodeLookup:
    """Where the postcodes of an area lie. known: the district_code of each, written without a space, in capitals."""

    known: Mapping[str, str]

    def districts(self, postcodes: Sequence[str]) -> list[str | None]:
        """The district_code of each postcode, however it is spaced and written.

        None for one that is not known, and for a part of one, such as CM1: that may lie in several districts.
        """
        return [self.known.get(plain_postcode(postcode)) for postcode in postcodes]

    def outside(self, postcodes: Sequence[str]) -> list[str]:
        """The whole postcodes that are not of the area, each once, as they are written on an envelope, in order."""
        every = dict.fromkeys(map(plain_postcode, postcodes))
        return [spaced_postcode(one) for one in every if one and one not in self.known]

    def outside_note(self, postcodes: Sequence[str], area: str) -> str:
        """One sentence on the whole postcodes that are not of the area; "" where all are."""
        outside = self.outside(postcodes)
        if not outside:
            return ""
        named = ", ".join(outside[:_NAMED])
        if len(outside) == 1:
            return f"The postcode {named} is not in {area}, or newer than the pack's list of postcodes."
        more = f" and {len(outside) - _NAMED:,} more" if len(outside) > _NAMED else ""
        return (
            f"{len(outside):,} postcodes are not in {area}, or newer than the pack's list of postcodes: {named}{more}."
        )


def plain_postcode(text: object) -> str:
    """A whole postcode without spaces, in capitals; "" for anything else, such as a part of one."""
    if not isinstance(text, str):
        return ""
    plain = "".join(text.split()).upper()
    return plain if _FORM.fullmatch(plain) else ""


def spaced_postcode(plain: str) -> str:
    """A whole postcode as it is written on an envelope."""
    return f"{plain[:-3]} {plain[-3:]}"


def postcode_lookup(pack: Pack) -> PostcodeLookup | None:
    """Where the postcodes of a pack's area lie; None where it has no list of them.

    A list may hold more than the area, such as the whole country: those of other districts are passed over.
    """
    return _lookup(pack.postcodes, frozenset(pack.tables["districts"]["district_code"])) if pack.postcodes else None


@lru_cache(maxsize=2)
def _lookup(content: bytes, districts: frozenset[str]) -> PostcodeLookup:
    table = _read(content)
    every = zip(table["postcode"].to_pylist(), table["district_code"].to_pylist(), strict=True)
    return PostcodeLookup({postcode: code for postcode, code in every if code in districts})


def _read(content: bytes) -> pa.Table:
    """The table in a file's bytes, its columns as `COLUMNS` has them.

    pa.ArrowException, OSError: there is none; TooMany: it is not read.
    """
    import pyarrow.parquet as pq

    file = pq.ParquetFile(io.BytesIO(content), page_checksum_verification=True)
    if file.metadata.num_rows > MOST_POSTCODES:
        raise TooMany(f"{file.metadata.num_rows:,} rows")
    known = [name for name in COLUMNS if name in file.schema_arrow.names]
    # On one thread: it is small, and the server's threads are busy with pages.
    table = file.read(columns=known, use_threads=False)
    return table.cast(pa.schema([(name, COLUMNS[name]) for name in known]))


def postcode_count(content: bytes) -> int | None:
    """How many postcodes a file has; None where it is no such file."""
    try:
        return int(_read(content).num_rows)
    except (pa.ArrowException, OSError, TooMany):
        return None


def postcode_faults(content: bytes) -> list[Fault]:
    """What is wrong with the postcodes of a pack: one fault for each thing."""

    def fault(column: str, found: str, expected: str, row: int | None = None) -> Fault:
        return Fault(POSTCODES, row, column, found, expected)

    try:
        table = _read(content)
    except TooMany as error:
        return [fault("", str(error), f"{MOST_POSTCODES:,} at most")]
    except (pa.ArrowException, OSError):
        found = "an empty file" if not content else "a file that cannot be read as a Parquet table"
        return [fault("", found, f"{_EXPECTED}; copy it again, or leave it out")]
    absent = [name for name in COLUMNS if name not in table.column_names]
    if absent:
        return [fault(name, "no such column", _EXPECTED) for name in absent]
    faults = []
    for name in COLUMNS:
        column = table[name]
        empty = (
            column.null_count if column.type == pa.string() else pc.sum(pc.is_null(column, nan_is_null=True)).as_py()
        )
        if empty and name != _MAY_BE_EMPTY:
            faults.append(fault(name, f"{empty:,} empty cells of {table.num_rows:,}", "a value in each"))
    if faults or not table.num_rows:
        return faults or [fault("", "no row", "one row a postcode")]
    names = table["postcode"]
    wrong = pc.filter(names, pc.invert(pc.match_substring_regex(names, f"^{_FORM.pattern}$")))
    if len(wrong):
        expected = "whole postcodes in capitals without a space, such as AB12CD"
        faults.append(fault("postcode", _some(wrong), expected))
    names = names.combine_chunks()
    # In order, as they are written here, they are told apart at a glance.
    in_order = pc.all(pc.greater(names[1:], names[:-1]), min_count=0).as_py()
    if not in_order and pc.count_distinct(names).as_py() < table.num_rows:
        counted = pc.value_counts(names)
        twice = pc.filter(counted.field("values"), pc.greater(counted.field("counts"), 1))
        faults.append(fault("postcode", f"{_some(twice)} more than once", "each postcode once"))
    points = np.column_stack([table["longitude"].to_numpy(), table["latitude"].to_numpy()])
    away = int((~in_kingdom(points)).sum())
    if away:
        found = f"{away:,} of {len(points):,} points elsewhere"
        faults.append(fault("latitude, longitude", found, "degrees (WGS84) in the United Kingdom"))
    return faults


def _some(found: pa.Array | Sequence[str]) -> str:
    """The first of several texts, and how many more."""
    first = found[0] if isinstance(found[0], str) else found[0].as_py()
    return quoted(first) + (f" and {len(found) - 1:,} more" if len(found) > 1 else "")
