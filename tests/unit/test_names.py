"""Places and providers are data: no file of lib names the county, a district or a provider."""

import csv
import json
import re
from pathlib import Path

import pack_copies

LIB = Path(__file__).parents[2] / "lib"


def names() -> list[str]:
    """The county, its council, its districts and its providers, as the default pack names them."""
    manifest = json.loads((pack_copies.DATA / "datapackage.json").read_text(encoding="utf-8"))
    found = [manifest["area"], manifest["council"], manifest["name"]]
    for table, column in (("reference/districts.csv", "district_name"), ("market/providers.csv", "provider_name")):
        with (pack_copies.DATA / table).open(encoding="utf-8", newline="") as file:
            found += [row[column] for row in csv.DictReader(file)]
    return found


def test_lib_names_no_place_and_no_provider() -> None:
    known = names()
    assert len(known) == 3 + 12 + 148
    pattern = re.compile(rf"(?<![a-z0-9])({'|'.join(map(re.escape, known))})(?![a-z0-9])", re.IGNORECASE)
    assert pattern.search("The council_of_ESSEX.") is not None
    files = [path for path in sorted(LIB.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    assert len(files) > 30
    found = [
        f"{path.relative_to(LIB.parent)}, line {number}: {match[0]}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        for match in pattern.finditer(line)
    ]
    assert found == []
