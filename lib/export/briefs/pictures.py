"""The maps and charts of briefs, as SVG: what briefs of one set share is drawn once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape

import pandas as pd

from lib.charts.bars import ranked_bars
from lib.charts.kit.chart_spec import Drawing
from lib.charts.kit.png import to_svg
from lib.charts.kit.scale import Scale, legend_entries
from lib.charts.static_map import static_map
from lib.market.wording import listed
from lib.pack.geography import Outlines

MAP_WIDTH = 400
BARS_WIDTH = 320  # names and figures included
MOST_BARS = 14
MOST_NAMED = 40  # districts on a map: of more, no name could be read
# The outline of a chosen district, as static_map draws it.
OUTLINED = re.compile(r'<path[^>]* stroke="#0b0c0c" stroke-width="3\.2"/>')
BOLD = re.compile(r'(<text[^>]*) font-weight="bold"([^>]*>)([^<]*)</text>')
# How a drawn map begins: the picture and its margin, each on a white ground, and where its marks stand.
FRAME = re.compile(r"(<svg[^>]*>)<rect[^>]*/>(<svg[^>]*>)<rect[^>]*/>(<g [^>]*>)")
MISSING_LABEL = "not known or not applicable"


@dataclass(frozen=True)
class DistrictMap:
    """A map of the districts in their colours, which outlines one or none of them.

    outlines: None where they cannot be drawn. colours: "#rrggbb" by district_code, "" is hatched. names: by
    district_code. title, scale: what is shaded. missing: what a district without a figure is in
    the legend.
    """

    outlines: Outlines | None
    colours: Mapping[str, str]
    names: Mapping[str, str]
    title: str
    scale: Scale
    credit: str
    missing: str = MISSING_LABEL

    @cached_property
    def drawn(self) -> str:
        """The map with every district outlined and its name in bold; "" where there is none that can be drawn."""
        if self.outlines is None:
            return ""
        named = len(self.names) <= MOST_NAMED
        paints = pd.DataFrame(
            {
                "district_code": list(self.names),
                "colour": [self.colours.get(code, "") for code in self.names],
                "label": [name if named else "" for name in self.names.values()],
                "selected": True,
            }
        )
        return to_svg(static_map(self.outlines, paints, title="", subtitle="", legend=[], credit="", width=MAP_WIDTH))

    @cached_property
    def svg(self) -> str:
        """The map with no district outlined; "" where there is none that can be drawn. All briefs of a set share it."""
        return BOLD.sub(r"\1\2\3</text>", OUTLINED.sub("", self.drawn))

    @cached_property
    def edges(self) -> Mapping[str, str]:
        """The outline of each district that is drawn."""
        shapes = () if self.outlines is None else self.outlines.shapes
        found = OUTLINED.findall(self.drawn)
        return dict(zip([one for one in shapes if one in self.names], found, strict=True))

    def over(self, code: str) -> str:
        """What lies over the map for one district: its outline, and its name in bold; "" where it has no outline."""
        frame = FRAME.match(self.drawn)
        if frame is None or code not in self.edges:
            return ""
        name = escape(self.names[code], quote=False)
        names = "".join(found[0] for found in BOLD.finditer(self.drawn) if found[3] == name)
        return f"{''.join(frame.groups())}{self.edges[code]}{names}</g></svg></svg>"

    def legend(self) -> tuple[tuple[str, str], ...]:
        """The colours that stand on the map, lowest first."""
        used = set(self.colours.values())
        entries = [entry for entry in legend_entries(self.scale) if entry[0] in used]
        missing = any(not self.colours.get(code) for code in self.names)
        return (*entries, *([("", self.missing)] if missing else []))


def nearest_ranks(rows: pd.DataFrame, code: str, most: int = MOST_BARS) -> pd.DataFrame:
    """The rows of a ranking around an area's, at most so many; all where they are no more."""
    if len(rows) <= most:
        return rows
    places = rows["area_code"].tolist()
    place = places.index(code) if code in places else 0
    first = min(max(place - most // 2, 0), len(rows) - most)
    return rows.iloc[first : first + most].reset_index(drop=True)


def bars_svg(
    rows: pd.DataFrame, code: str | None, *, start: float = 0.0, axis_format: str | None = None,
    reference: float | None = None, reference_label: str = "",
) -> str:  # fmt: skip
    """Ranked bars with one of them marked. rows: of lib.charts.painting.painted."""
    drawing = ranked_bars(
        rows, title="", axis_title="", selected=code, start=start, axis_format=axis_format, reference=reference,
        reference_label=reference_label,
    )  # fmt: skip
    return sized_svg(drawing, BARS_WIDTH)


def bars_words(rows: pd.DataFrame) -> str:
    """The bars in words: each area and its figure."""
    return listed([f"{name} {shown}" for name, shown in zip(rows["area_name"], rows["shown"], strict=True)])


def sized_svg(drawing: Drawing, width: int) -> str:
    """A chart of so many pixels' width, as SVG."""
    return to_svg(replace(drawing, definition={**drawing.definition, "width": width}))
