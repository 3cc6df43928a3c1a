"""The land of OpenStreetMap's coastline, from the GeoJSON of a package that holds that of the whole world."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

MEMBER = "package/map.geo.json"
# The world is one multipolygon of 135 MB, written without spaces: read at once it takes ten times that.
_CHUNK = 4_000_000
_BETWEEN = b"]]],[[["
_BEFORE, _AFTER = b"[[[[", b"]]]]"

Box = tuple[float, float, float, float]  # west, south, east, north


def read_land(package: Path, box: Box) -> list[Any]:
    """The polygons of land that reach into a box, cut to it; package: the .tgz as npm has it. In degrees, as the box.

    Raises ValueError where the package holds no such map.
    """
    try:
        with tarfile.open(package, "r:gz") as archive:
            stream = archive.extractfile(MEMBER)
            if stream is None:
                raise ValueError(f"a package whose {MEMBER} is no file")
            return polygons_in(stream, box)
    except (KeyError, EOFError, OSError, tarfile.TarError) as error:
        raise ValueError(f"no package with a {MEMBER}") from error


def polygons_in(stream: IO[bytes], box: Box) -> list[Any]:
    """The polygons of a GeoJSON multipolygon that reach into a box, cut to it; ValueError where there is none."""
    from shapely import GEOSException, clip_by_rect, from_geojson, intersects, make_valid
    from shapely import box as rectangle

    frame, found, read = rectangle(*box), [], 0
    for written in _polygons(stream):
        try:
            polygon = from_geojson(b'{"type":"Polygon","coordinates":[[[' + written + b"]]]}")
        except GEOSException as error:
            raise ValueError(f"land whose polygon {read + 1:,} cannot be read") from error
        read += 1
        if intersects(rectangle(*polygon.bounds), frame):
            # Cut first: a continent takes minutes to put right.
            cut = make_valid(clip_by_rect(polygon, *box))
            if cut.area:
                found.append(cut)
    if not read:
        raise ValueError("no multipolygon of land")
    return found


def _polygons(stream: IO[bytes]) -> Iterator[bytes]:
    """The coordinates of each polygon, without the brackets around it."""
    left, begun = b"", False
    while chunk := stream.read(_CHUNK):
        left += chunk
        if not begun:
            _, found, left = left.rpartition(_BEFORE) if _BEFORE in left else (b"", b"", left)
            begun = bool(found)
            if not begun:
                left = left[-len(_BEFORE) :]
                continue
        *whole, left = left.split(_BETWEEN)
        yield from whole
    if begun:
        yield left.partition(_AFTER)[0]
