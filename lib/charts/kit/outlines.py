"""Names on a still picture of the districts: on its district where there is room, else beside it with a leader."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.charts.kit import palette
from lib.charts.kit.theme import LABEL_SIZE, text_width
from lib.pack.geography import Outlines
from lib.pack.outline_shapes import LabelPlaces, Place, fits

LABEL_LINE = 14
# A label may stand this far below the land; the credit comes under it.
FOOT_ROOM = 20.0
_COLUMNS = ["x", "y", "label", "fill", "ink", "bold", "outside", "from_x", "from_y", "to_x", "to_y"]

# A point or a size in pixels.
Pair = npt.NDArray[np.float64]


def label_rows(outlines: Outlines, paints: pd.DataFrame, fills: dict[str, str], scale: float) -> pd.DataFrame:
    """Where each label stands, in pixels: on its district, or beside it with a leader where it does not fit.

    paints: as in `static_map`; fills: each district's colour; scale: pixels a metre. Returns one row a label: x, y (of
    its first line), label, fill (behind it), ink, bold, outside (bool), and the leader's from_x, from_y, to_x, to_y.
    """
    paints = paints[paints["district_code"].isin(list(outlines.shapes))]
    paints = paints.assign(label=paints["label"].fillna("").astype(str))
    size = np.array([outlines.width, outlines.height]) * scale

    def pixels(place: Place) -> Pair:
        return np.array([place.x * scale, size[1] - place.y * scale])

    sizes, spots, homes = {}, {}, {}
    for row in paints.to_dict("records"):
        code, lines = str(row["district_code"]), row["label"].split("\n")
        widest = max(text_width(line, LABEL_SIZE, bool(row["selected"])) for line in lines)
        sizes[code] = np.array([widest, len(lines) * LABEL_LINE])
        places = outlines.labels[code]
        inside = places.one_line if len(lines) == 1 else places.two_lines
        homes[code] = pixels(inside)
        wide, tall = sizes[code] / scale
        if fits(inside, wide, tall, len(lines)):
            spots[code] = homes[code]
    for code, box in sizes.items():
        if code not in spots:
            taken = [(spot, sizes[other]) for other, spot in spots.items()]
            free = (pixels(place) for place in _roomy(outlines.labels[code], box / scale))
            limit = size + np.array([0.0, FOOT_ROOM])
            spots[code] = next((spot for spot in free if _is_clear(spot, box, taken, limit)), homes[code])
    rows = []
    for row in paints.to_dict("records"):
        code = str(row["district_code"])
        spot, home, half = spots[code], homes[code], sizes[code] / 2
        outside = bool((spot != home).any())
        fill = "#ffffff" if outside else fills[code]
        reach = np.clip(home, spot - half - 3, spot + half + 3)
        ink, bold = palette.text_on(fill), bool(row["selected"])
        # The first line is drawn at y, the others below it.
        first = spot[1] - (len(row["label"].split("\n")) - 1) * LABEL_LINE / 2
        rows.append([spot[0], first, row["label"], fill, ink, bold, outside, *home, *reach])
    return pd.DataFrame(rows, columns=_COLUMNS)


def _roomy(places: LabelPlaces, size: Pair) -> list[Place]:
    """The places beside a district that have room for a label of this size, in metres; the nearest first."""
    return [place for place in places.beside if fits(place, size[0], size[1], 1)]


def _is_clear(spot: Pair, size: Pair, taken: list[tuple[Pair, Pair]], limit: Pair) -> bool:
    """Whether a label at a spot lies in the picture and over no other label."""
    if (spot < size / 2).any() or (spot > limit - size / 2).any():
        return False
    return all((np.abs(spot - other) > (size + room) / 2 + 3).any() for other, room in taken)
