"""Files with the shapes of areas: which layers they hold, what each says of its areas, and the shapes that are wanted.

A file is known by its content. It is read from a folder of its own that is gone afterwards; only the columns that may
hold codes and names are read of all areas, and the shapes only of those that are wanted.
"""

from __future__ import annotations

import io
import re
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from lib.pack.faults import Fault, PackError, quoted
from lib.pack.geography import DEGREES, NATIONAL_GRID
from lib.pack.imports.change import Upload
from lib.pack.outline_features import CODE, Ring, read_features
from lib.pack.outline_points import point_faults
from lib.pack.snapshot import MEGABYTE, megabytes

LARGEST_UPLOAD = 200 * MEGABYTE
LARGEST_GEOJSON = 120 * MEGABYTE  # GDAL reads it over again for each question
LARGEST_UNPACKED = 300 * MEGABYTE
# Points of the areas that are wanted: to fit five million together took five minutes and 2 GB.
MOST_POINTS = 500_000
# Of a small file it is worth saying what exactly is wrong with it.
_SMALL = 20 * MEGABYTE
_MOST_LAYERS = 50
_MOST_MEMBERS = 10_000
_AT_A_TIME = 1 << 20
_EXPECTED = "boundaries as GeoJSON, a GeoPackage or a shapefile in a ZIP archive"
# What a layer that says nothing of its coordinates must lie in to be metres of the National Grid.
_GRID = ((0.0, 0.0), (800_000.0, 1_400_000.0))
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_FOUND = TypeVar("_FOUND")


@dataclass(frozen=True)
class Layer:
    """One layer of a file. file: the upload's name; path: where it lies now; name: of the layer; crs: "" for none.

    texts: what its areas say of themselves: the columns of text only, as the file has it, "" for nothing.
    """

    file: str
    path: Path
    name: str
    crs: str
    kind: str
    texts: pd.DataFrame


@contextmanager
def opened_layers(uploads: Sequence[Upload]) -> Iterator[list[Layer]]:
    """Every layer with shapes of some uploads; PackError where there is none. They are gone when the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        layers: list[Layer] = []
        for file, path in _unpacked(uploads, Path(folder)):
            layers += _layers(file, path)
        if not layers:
            names = " and ".join(one.name for one in uploads)
            raise PackError([Fault(names, None, "", "no layer with shapes of areas", _EXPECTED)])
        yield layers


def shapes_of(layer: Layer, rows: Collection[int]) -> tuple[Any, list[str]]:
    """The shapes of some areas of a layer, by their row among its texts, in metres of the National Grid; and notes.

    A GeoSeries indexed by the row. PackError where the file does not say, or not rightly, where they lie.
    """
    import geopandas
    import pyogrio
    import shapely

    if not rows:
        return geopandas.GeoSeries([], crs=NATIONAL_GRID), []
    chosen = sorted(rows)
    whole = len(chosen) == len(layer.texts)
    column = None if whole else _telling(layer.texts, chosen)
    where = None
    if column is not None:
        values = sorted(set(layer.texts[column].iloc[chosen]))
        escaped = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
        where = f'"{column}" IN ({escaped})'

    def read() -> Any:
        return pyogrio.read_dataframe(layer.path, layer=layer.name, columns=[], where=where, force_2d=True)

    frame = _read(layer.file, read)
    shapes = frame.geometry
    if column is None:
        shapes = shapes.iloc[chosen]
    else:
        # The driver keeps the order of the file.
        chosen = [row for row, value in enumerate(layer.texts[column]) if value in set(values)]
    if len(shapes) != len(chosen):
        raise PackError([Fault(layer.file, None, "", "areas that cannot all be read", f"{_EXPECTED}, whole")])
    shapes.index = pd.Index(chosen)
    shapes = shapes.loc[sorted(rows)]
    points = int(shapely.get_num_coordinates(shapes.to_numpy()).sum())
    if points > MOST_POINTS:
        cure = f"at most {MOST_POINTS:,}: take a less detailed edition, such as the ONS's generalised one (BGC)"
        raise PackError([Fault(layer.file, None, "", f"boundaries of {points:,} points for the areas wanted", cure)])
    return _on_the_grid(layer, shapes)


def _telling(texts: pd.DataFrame, rows: Sequence[int]) -> str | None:
    """The column whose texts single the rows out, so that only their shapes need be read; None for none."""
    for column in texts.columns:
        values = set(texts[column].iloc[list(rows)])
        plain = '"' not in column and "" not in values and not any("\0" in value for value in values)
        if plain and int(texts[column].isin(values).sum()) == len(rows) and len(rows) <= 2_000:
            return str(column)
    return None


def _on_the_grid(layer: Layer, shapes: Any) -> tuple[Any, list[str]]:
    """Shapes in metres of the National Grid, however the file has them."""
    import shapely
    from pyproj import network
    from pyproj.exceptions import CRSError, ProjError

    points = shapely.get_coordinates(shapes.to_numpy())
    if not len(points):
        raise PackError([Fault(layer.file, None, "", "areas without a shape", _EXPECTED)])
    if not np.isfinite(points).all():
        raise PackError([Fault(layer.file, None, "", "a point that is no number", "two numbers for each point")])
    on_grid = bool(((points >= _GRID[0]) & (points <= _GRID[1])).all()) and float(np.abs(points).max()) > 1000
    is_json = layer.path.suffix == ".geojson"
    notes = []
    if on_grid and (not layer.crs or (is_json and shapes.crs is not None and shapes.crs.is_geographic)):
        lacking = "does not say in which coordinate system it is" if is_json else "has no .prj file"
        notes.append(f"{layer.file} {lacking}: its numbers are read as metres of the National Grid (EPSG:27700).")
        return shapes.set_crs(NATIONAL_GRID, allow_override=True), notes
    if not layer.crs:
        found = f"a file that does not say in which coordinate system it is, with points such as {_shown(points[0])}"
        cure = "the .prj file beside the others" if layer.path.suffix == ".shp" else "one that says it"
        raise PackError([Fault(layer.file, None, "", found, f"{cure}, or metres of the National Grid (EPSG:27700)")])
    network.set_network_enabled(False)  # type: ignore[attr-defined]
    try:
        degrees = shapes.to_crs(DEGREES)
        metres = shapes.to_crs(NATIONAL_GRID)
    except (CRSError, ProjError, ValueError, RuntimeError):
        found = f"the coordinate system {quoted(layer.crs)}"
        raise PackError([Fault(layer.file, None, "", found, "WGS84, the National Grid or another known one")]) from None
    rings = [Ring(1, 1, shapely.get_coordinates(one)) for one in degrees]
    wrong = [(f"area {row + 1}", [ring]) for row, ring in zip(shapes.index, rings, strict=True) if len(ring.points)]
    faults = point_faults(wrong)
    if faults or not np.isfinite(metres.total_bounds).all():
        raise PackError([Fault(layer.file, None, one.column, one.found, one.expected) for one in faults[:5]])
    return metres, notes


def _shown(point: Any) -> str:
    return ", ".join(f"{one:.6g}" for one in point)


def _layers(file: str, path: Path) -> list[Layer]:
    """The layers of one file that have shapes, each with its columns of text."""
    import pyogrio

    listed = _read(file, lambda: pyogrio.list_layers(path))
    found = []
    for name, kind in listed[:_MOST_LAYERS]:
        if kind is not None:
            found.append(_read(file, partial(_layer, file, path, str(name), str(kind))))
    return found


def _layer(file: str, path: Path, name: str, kind: str) -> Layer:
    import pyogrio

    info = pyogrio.read_info(path, layer=name)
    fields = zip(info["fields"], info["dtypes"], strict=True)
    columns = [str(column) for column, dtype in fields if dtype in ("object", "str", "string")]
    texts = pyogrio.read_dataframe(path, layer=name, columns=columns, read_geometry=False).reindex(columns=columns)
    for column in columns:
        texts[column] = texts[column].map(lambda value: value if isinstance(value, str) else "")
    return Layer(file, path, name, str(info["crs"] or ""), kind, texts)


def _read(file: str, read: Callable[[], _FOUND]) -> _FOUND:
    """What a reader of shapes reads; PackError, in words, where it cannot."""
    from shapely.errors import ShapelyError

    try:
        with warnings.catch_warnings():
            # Of rings that run the wrong way round, of columns without a type: what matters is checked afterwards.
            warnings.simplefilter("ignore")
            return read()
    except (RuntimeError, ValueError, OSError, KeyError, MemoryError, ShapelyError):
        raise PackError([Fault(file, None, "", "a file that cannot be read as boundaries", _EXPECTED)]) from None


def _unpacked(uploads: Sequence[Upload], folder: Path) -> list[tuple[str, Path]]:
    """The files to be read, in a folder, each with the name of the upload it came in."""
    if not uploads:
        raise PackError([Fault("boundaries", None, "", "no file", _EXPECTED)])
    for one in uploads:
        if len(one.content) > LARGEST_UPLOAD:
            found, most = f"a file of {megabytes(len(one.content))}", megabytes(LARGEST_UPLOAD)
            cure = f"at most {most}: take a less detailed edition, such as the ONS's generalised one (BGC)"
            raise PackError([Fault(one.name, None, "", found, cure)])
    found_files: list[tuple[str, Path]] = []
    loose: dict[str, bytes] = {}
    names = {}
    for number, one in enumerate(uploads):
        suffix = PurePosixPath(one.name.replace("\\", "/")).suffix.lower()
        if suffix in _PARTS:
            stem = PurePosixPath(one.name.replace("\\", "/")).stem
            loose[f"{stem}{suffix}"] = one.content
            names[stem] = next(
                (other.name for other in uploads if other.name.lower() == f"{stem}.shp".lower()), one.name
            )
        elif one.content.startswith(b"PK\x03\x04") or zipfile.is_zipfile(io.BytesIO(one.content)):
            found_files += [(one.name, path) for path in _from_archive(one, folder / f"archive{number}")]
        else:
            found_files.append((one.name, _single(one, folder / f"file{number}")))
    for stem, name in names.items():
        own = {key: content for key, content in loose.items() if PurePosixPath(key).stem == stem}
        found_files.append(
            (
                name,
                _shapefile(
                    name, {PurePosixPath(key).suffix: own[key] for key in own}, folder / f"loose-{len(found_files)}"
                ),
            )
        )
    return found_files


def _single(upload: Upload, path: Path) -> Path:
    """A GeoJSON or a GeoPackage in a folder, under an ending that tells what it is."""
    content = upload.content

    def refused(found: str, expected: str = _EXPECTED) -> PackError:
        return PackError([Fault(upload.name, None, "", found, expected)])

    if not content.strip(b" \t\r\n\0"):
        raise refused("an empty file")
    if content.startswith(b"SQLite format 3\0"):
        path = path.with_suffix(".gpkg")
        path.write_bytes(content)
        return path
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            content = content.decode("utf-16").encode()
        except UnicodeError:
            raise refused("bytes that are not text") from None
    content = content.removeprefix(b"\xef\xbb\xbf").strip(b" \t\r\n\0")
    if content.startswith(b"<"):
        raise refused("KML or another file of marks in angle brackets")
    if not content.startswith(b"{"):
        raise refused("a file that holds no boundaries")
    if len(content) > LARGEST_GEOJSON:
        most = (
            f"at most {megabytes(LARGEST_GEOJSON)}: take a GeoPackage, or a less detailed edition such as the ONS's BGC"
        )
        raise refused(f"GeoJSON of {megabytes(len(content))}", most)
    if not content.endswith(b"}"):
        raise refused("a file that breaks off before its end", f"{_EXPECTED}: fetch it again as a whole")
    top = content[:100_000]
    if b'"FeatureCollection"' not in top or b'"geometryType"' in top:
        _, faults = read_features(content) if len(content) < _SMALL else ([], [])
        raise refused(faults[0].found if faults else "JSON that is no list of features")
    if re.search(rb'"features"\s*:\s*\[\s*\]', content[:100_000]):
        raise refused("a list of features with nothing in it")
    if len(content) < _SMALL:
        _refuse_broken(upload.name, content)
    path = path.with_suffix(".geojson")
    path.write_bytes(content)
    return path


def _refuse_broken(file: str, content: bytes) -> None:
    """PackError for a text that is no GeoJSON; that its features have no code of ours is another matter."""
    _, faults = read_features(content)
    if faults and not faults[0].found.startswith(f"no {CODE} in"):
        raise PackError([Fault(file, None, "", faults[0].found, _EXPECTED)])


def _from_archive(upload: Upload, folder: Path) -> list[Path]:
    """The files with boundaries in a ZIP archive, in a folder."""

    def refused(found: str, expected: str = _EXPECTED) -> PackError:
        return PackError([Fault(upload.name, None, "", found, expected)])

    try:
        with zipfile.ZipFile(io.BytesIO(upload.content)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            if len(members) > _MOST_MEMBERS:
                raise refused(f"an archive of {len(members):,} files")
            names = [one.filename.replace("\\", "/") for one in members]
            if any(name == "[Content_Types].xml" for name in names):
                raise refused("an Excel workbook or another document of an office program")
            if any(".gdb/" in name.lower() for name in names):
                raise refused("an Esri file geodatabase", f"{_EXPECTED}: choose one of these at the download")
            kept = [
                (name, one)
                for name, one in zip(names, members, strict=True)
                if PurePosixPath(name).suffix.lower() in (*_PARTS, ".gpkg", ".geojson", ".json")
                and not any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)
            ]
            if not kept:
                listed = ", ".join(quoted(PurePosixPath(name).name, 30) for name in names[:4]) or "nothing"
                raise refused(f"an archive with {listed}")
            if any(one.flag_bits & 1 for _, one in kept):
                raise refused("an archive with a password", "one without")
            size = sum(one.file_size for _, one in kept)
            if size > LARGEST_UNPACKED:
                most = megabytes(LARGEST_UNPACKED)
                raise refused(f"an archive that unpacks to {megabytes(size)}", f"at most {most} of boundaries")
            folder.mkdir()
            return _members(upload, archive, kept, folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise refused("a ZIP archive that is damaged", f"{_EXPECTED}: fetch it again as a whole") from None


def _members(
    upload: Upload, archive: zipfile.ZipFile, kept: Sequence[tuple[str, zipfile.ZipInfo]], folder: Path
) -> list[Path]:
    """The members of an archive that hold boundaries, unpacked under names of our own."""
    found: list[Path] = []
    shapefiles: dict[str, dict[str, bytes]] = {}
    left = LARGEST_UNPACKED
    for number, (name, member) in enumerate(kept):
        content = b""
        with archive.open(member) as stream:
            parts = []
            while chunk := stream.read(_AT_A_TIME):
                left -= len(chunk)
                if left < 0:  # whatever the archive says of itself
                    most = megabytes(LARGEST_UNPACKED)
                    words = f"an archive that unpacks to more than {most}"
                    raise PackError([Fault(upload.name, None, "", words, f"at most {most} of boundaries")])
                parts.append(chunk)
            content = b"".join(parts)
        place = PurePosixPath(name)
        if place.suffix.lower() in _PARTS:
            shapefiles.setdefault(str(place.with_suffix("")), {})[place.suffix.lower()] = content
        else:
            found.append(_single(Upload(upload.name, content), folder / f"member{number}"))
    for number, own in enumerate(shapefiles.values()):
        found.append(_shapefile(upload.name, own, folder / f"shapes{number}"))
    return found


def _shapefile(file: str, parts: dict[str, bytes], folder: Path) -> Path:
    """The parts of a shapefile in a folder, under one name."""
    needed = {".shp": "the shapes", ".dbf": "the codes and names", ".shx": "the index of the shapes"}
    for suffix, words in needed.items():
        if suffix not in parts:
            expected = f"all parts of a shapefile: {', '.join(needed)} and .prj, in one ZIP archive or chosen together"
            raise PackError([Fault(file, None, "", f"no {suffix} file, which holds {words}", expected)])
    if not parts[".shp"].startswith(b"\x00\x00\x27\x0a"):
        raise PackError([Fault(file, None, "", "a .shp file that is no shapefile", _EXPECTED)])
    folder.mkdir()
    for suffix, content in parts.items():
        (folder / f"areas{suffix}").write_bytes(content)
    return folder / "areas.shp"


def headed(name: str, *stems: str) -> bool:
    """Whether a column is headed as the ONS heads them, of any year and in any capitals: LAD24CD, lad_cd."""
    return re.fullmatch(rf"({'|'.join(stems)})_?(\d\d)?_?(CD|NM)", name.upper()) is not None
