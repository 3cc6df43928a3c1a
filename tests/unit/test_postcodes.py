"""The postcodes of a pack: what is wrong with them is said, and a postcode is found however it is written."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tiny_pack import write_tiny_pack

from lib.pack.faults import PackError
from lib.pack.load import load_pack
from lib.pack.postcodes import postcode_lookup
from lib.pack.snapshot import read_snapshot
from tests.pack_copies import DATA, kept_pack

FILE = "reference/postcodes.parquet"
COLUMNS: dict[str, list[Any]] = {
    "postcode": ["AB12CD", "AB13CD", "W1A1AA"],
    "district_code": ["E07000001", "E07000002", "E07000003"],
    "ward_code": ["E05000001", None, "E05000003"],
    "latitude": [51.5, 51.6, 51.7],
    "longitude": [0.1, 0.2, 0.3],
}


def parquet(**columns: Any) -> bytes:
    """A file of postcodes with other columns than these; None leaves one out."""
    written = io.BytesIO()
    kept = {name: values for name, values in {**COLUMNS, **columns}.items() if values is not None}
    pq.write_table(pa.table(kept), written)
    return written.getvalue()


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A small pack with three postcodes."""
    write_tiny_pack(tmp_path)
    (tmp_path / FILE).write_bytes(parquet())
    describe(tmp_path)
    return tmp_path


def describe(root: Path, **more: Any) -> None:
    path = root / "datapackage.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    resource = {"name": "postcodes", "path": FILE, "title": "Postcodes", "status": "derived", **more}
    document["resources"] = [one for one in document["resources"] if one["name"] != "postcodes"] + [resource]
    path.write_text(json.dumps(document), encoding="utf-8")


def faults(root: Path) -> list[str]:
    with pytest.raises(PackError) as caught:
        load_pack(root)
    return [str(fault) for fault in caught.value.faults]


def test_a_pack_does_without_postcodes(tmp_path: Path) -> None:
    write_tiny_pack(tmp_path)
    loaded = load_pack(tmp_path)
    assert loaded.postcodes == b""
    assert postcode_lookup(loaded) is None


def test_a_postcode_is_found_however_it_is_written(pack: Path) -> None:
    lookup = postcode_lookup(load_pack(pack))
    assert lookup is not None
    written = ["AB12CD", "ab1 2cd", " Ab 1 2c d ", "AB1\u00a03CD", "w1a 1aa"]
    ash, birch, cedar = "E07000001", "E07000002", "E07000003"
    assert lookup.districts(written) == [ash, ash, ash, birch, cedar]


def test_what_is_no_postcode_of_the_area_is_not_guessed(pack: Path) -> None:
    lookup = postcode_lookup(load_pack(pack))
    assert lookup is not None
    assert lookup.districts(["AB1", "", "AB12C", "ZZ9 9ZZ", "AB1 2CD x", "AB1-2CD"]) == [None] * 6
    assert lookup.districts([]) == []


def test_postcodes_out_of_the_area_are_named(pack: Path) -> None:
    lookup = postcode_lookup(load_pack(pack))
    assert lookup is not None
    assert lookup.outside(["AB1 2CD", "zz99zz", "ZZ9 9ZZ", "ZZ9", "nonsense"]) == ["ZZ9 9ZZ"]
    one = "The postcode ZZ9 9ZZ is not in Ashshire, or newer than the pack's list of postcodes."
    assert lookup.outside_note(["AB1 2CD", "zz99zz"], "Ashshire") == one
    many = [f"ZZ{number} 9ZZ" for number in range(1, 8)]
    assert lookup.outside_note(many, "Ashshire") == (
        "7 postcodes are not in Ashshire, or newer than the pack's list of postcodes:"
        " ZZ1 9ZZ, ZZ2 9ZZ, ZZ3 9ZZ, ZZ4 9ZZ, ZZ5 9ZZ and 2 more."
    )
    assert lookup.outside_note(["AB1 2CD"], "Ashshire") == ""


BROKEN = {
    "empty": (b"", "found an empty file, expected a Parquet table"),
    "a CSV table": (
        b"postcode,district_code\nAB12CD,E07000001\n",
        "found a file that cannot be read as a Parquet table",
    ),
    "cut short": (parquet()[:-40], "found a file that cannot be read as a Parquet table"),
    "another table": (parquet(latitude=None), "column latitude: found no such column"),
    "no row": (parquet(**{name: pa.array([], pa.string()) for name in COLUMNS}), "found no row"),
    "words for numbers": (parquet(latitude=["a", "b", "c"]), "cannot be read as a Parquet table"),
    "an empty cell": (parquet(postcode=["AB12CD", None, "W1A1AA"]), "column postcode: found 1 empty cells of 3"),
    "no number": (parquet(latitude=[51.5, float("nan"), 51.7]), "column latitude: found 1 empty cells of 3"),
    "a space": (parquet(postcode=["AB1 2CD", "AB13CD", "W1A1AA"]), 'column postcode: found "AB1 2CD", expected'),
    "twice": (parquet(postcode=["W1A1AA", "AB13CD", "W1A1AA"]), 'column postcode: found "W1A1AA" more than once'),
    "twice in a row": (parquet(postcode=["AB13CD", "AB13CD", "W1A1AA"]), 'found "AB13CD" more than once'),
    "exchanged": (
        parquet(latitude=[0.1, 0.2, 0.3], longitude=[51.5, 51.6, 51.7]),
        "column latitude, longitude: found 3 of 3 points elsewhere",
    ),
    "infinite": (parquet(latitude=[51.5, float("inf"), 51.7]), "found 1 of 3 points elsewhere"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_one_sentence(pack: Path, kind: str) -> None:
    content, words = BROKEN[kind]
    (pack / FILE).write_bytes(content)
    found = faults(pack)
    assert len(found) == 1
    assert found[0].startswith(FILE)
    assert words in found[0]


def test_more_rows_than_there_are_postcodes_are_not_read(pack: Path) -> None:
    one = pa.array([0], pa.int32()).take(pa.array(np.zeros(3_000_001, "int32")))
    (pack / FILE).write_bytes(parquet(**{name: pa.DictionaryArray.from_arrays(one, ["AB12CD"]) for name in COLUMNS}))
    assert faults(pack) == [f"{FILE}: found 3,000,001 rows, expected 3,000,000 at most"]


def test_bytes_that_changed_are_found(pack: Path) -> None:
    content = bytearray((DATA / FILE).read_bytes())
    middle = len(content) // 3
    content[middle : middle + 8] = b"\x00\xff" * 4
    (pack / FILE).write_bytes(bytes(content))
    assert faults(pack)[0].startswith(f"{FILE}: found a file that cannot be read as a Parquet table")


def test_the_manifest_and_the_file_belong_together(pack: Path) -> None:
    describe(pack, rows=4)
    assert "found 3 rows, expected 4 rows as datapackage.json says" in faults(pack)[0]
    describe(pack, path="reference/others.parquet")
    assert f'expected "{FILE}", the file that is read' in faults(pack)[0]
    describe(pack)
    (pack / FILE).unlink()
    assert faults(pack) == [f"{FILE}: found no such file, expected the Parquet table that datapackage.json names"]
    (pack / FILE).write_bytes(parquet())
    document = json.loads((pack / "datapackage.json").read_text(encoding="utf-8"))
    document["resources"].pop()
    (pack / "datapackage.json").write_text(json.dumps(document), encoding="utf-8")
    assert "column resources: found nothing named postcodes" in faults(pack)[0]


def test_the_key_of_a_pack_follows_its_postcodes(pack: Path) -> None:
    before = read_snapshot(pack).key
    (pack / FILE).write_bytes(parquet(latitude=[51.5, 51.6, 51.8]))
    assert read_snapshot(pack).key != before


def test_the_default_pack_knows_its_postcodes() -> None:
    """County hall of Chelmsford, the town halls of Colchester and of Lincoln."""
    lookup = postcode_lookup(kept_pack(DATA))
    assert lookup is not None
    assert lookup.districts(["CM1 1QH", "co1 1pj", "LN1 1DD"]) == ["E07000070", "E07000071", None]
    assert len(lookup.known) == 39_838


def test_postcodes_of_other_districts_are_passed_over(pack: Path) -> None:
    """So a list of the whole country serves every pack, and a pack of fewer districts keeps its own."""
    (pack / FILE).write_bytes(parquet(district_code=["E07000001", "E07000136", "E07000137"]))
    lookup = postcode_lookup(load_pack(pack))
    assert lookup is not None
    assert len(lookup.known) == 1
    assert set(lookup.known.values()) == {"E07000001"}
