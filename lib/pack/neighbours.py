"""Which districts border on each other, from their outlines."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from lib.pack.geography import Outlines, pack_outlines

if TYPE_CHECKING:
    from lib.pack.load import Pack

# Metres. Outlines that were made simpler one by one leave gaps between neighbours, up to the first; a border has at
# least the second, so that districts that only meet at a corner are none.
GAP, LEAST_BORDER = 100.0, 500.0
# Metres: an official file may have a point a stride, which tells nothing of who the neighbours are.
_ROUGHLY = 10.0


def neighbours(pack: Pack) -> Mapping[str, tuple[str, ...]]:
    """The districts that share a border with each district, by district_code, in the order of the outlines.

    Water between two districts is no border, unless the outlines run along its middle. PackError where the outlines
    cannot be drawn: nobody knows then.
    """
    return _neighbours(pack_outlines(pack))


@lru_cache(maxsize=4)
def _neighbours(outlines: Outlines) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType(bordering(outlines.shapes))


def bordering(shapes: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The same of any polygons or multipolygons, in metres."""
    import shapely

    codes = list(shapes)
    rough = shapely.simplify([shapes[code] for code in codes], _ROUGHLY)
    one, other = shapely.STRtree(rough).query(rough, predicate="dwithin", distance=GAP)
    one, other = one[one < other], other[one < other]
    along = shapely.intersection(shapely.boundary(rough[one]), shapely.buffer(rough[other], GAP))
    found = np.zeros((len(codes), len(codes)), dtype=bool)
    shared = shapely.length(along) >= LEAST_BORDER
    found[one[shared], other[shared]] = found[other[shared], one[shared]] = True
    return {code: tuple(codes[place] for place in np.flatnonzero(found[row])) for row, code in enumerate(codes)}
