"""Tables as native ones of PowerPoint, over as many slides as their rows and columns need. Sizes in points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from lib.export.slides.page import NAMESPACES, Page
from lib.export.slides.text import (
    LEAST_IN_TABLE,
    LINE,
    Box,
    Paragraph,
    attribute,
    emu,
    paragraph_xml,
    shortened,
    wide,
    wrapped,
)

SIZE = LEAST_IN_TABLE
SIDE, UPPER = 5.0, 2.0  # the room around a cell's text
WORDS_LEAST, WORDS_WHOLE = 90.0, 112.0  # a name of so many points is not broken
RULE = '<a:ln{side} w="{width}"><a:solidFill><a:schemeClr val="tx1"/></a:solidFill></a:ln{side}>'
NO_RULE = '<a:ln{side} w="0"><a:noFill/></a:ln{side}>'


@dataclass(frozen=True)
class Column:
    """A column: its head and its cells as text. weight: above 0 for words that may wrap, its share of what is left."""

    head: str
    cells: tuple[str, ...]
    weight: float = 0.0

    @property
    def is_words(self) -> bool:
        """Whether its cells may wrap."""
        return self.weight > 0

    def least(self) -> float:
        """The width that it needs at least."""
        words = max((wide(word, SIZE, bold=True) for word in self.head.split()), default=0.0)
        if self.is_words:
            longest = max((wide(word, SIZE) for cell in self.cells for word in cell.split()), default=0.0)
            whole = max((wide(cell, SIZE) for cell in self.cells), default=0.0)
            return max(words, min(longest, 3 * WORDS_LEAST), min(whole, WORDS_WHOLE), WORDS_LEAST) + 2 * SIDE
        # The last may be a total, in bold.
        cells = max((wide(cell, SIZE) for cell in self.cells[:-1]), default=0.0)
        return max(words, cells, wide(self.cells[-1] if self.cells else "", SIZE, bold=True), 30.0) + 2 * SIDE


@dataclass(frozen=True)
class Part:
    """What of a table stands on one slide: columns, their widths, which rows, and the heights of head and rows."""

    columns: tuple[Column, ...]
    widths: tuple[float, ...]
    rows: range
    heights: tuple[float, ...]


def column_groups(columns: Sequence[Column], width: float) -> list[tuple[Column, ...]]:
    """Columns as many together as have room, about as many in each group, the first in front of each."""
    first, others = columns[0], columns[1:]
    least = {id(one): one.least() for one in columns}

    def grouped(most: int) -> list[tuple[Column, ...]]:
        groups: list[list[Column]] = [[]]
        for column in others:
            needed = least[id(first)] + sum(least[id(one)] for one in (*groups[-1], column))
            if groups[-1] and (needed > width or len(groups[-1]) == most):
                groups.append([])
            groups[-1].append(column)
        return [(first, *group) for group in groups]

    number = len(grouped(len(others) + 1))
    even = grouped(max(1, -(-len(others) // number)))
    return even if len(even) == number else grouped(len(others) + 1)


def row_groups(heights: Sequence[float], room: float) -> list[range]:
    """Rows as many together as have room, about as many in each group."""

    def grouped(most: int) -> list[range]:
        starts, used = [0], 0.0
        for row, height in enumerate(heights):
            if row > starts[-1] and (used + height > room or row - starts[-1] == most):
                starts.append(row)
                used = 0.0
            used += height
        return [range(start, end) for start, end in pairwise([*starts, len(heights)])]

    number = len(grouped(len(heights) + 1))
    even = grouped(max(1, -(-len(heights) // number)))
    return even if len(even) == number else grouped(len(heights) + 1)


def widths_of(columns: Sequence[Column], width: float) -> tuple[float, ...]:
    """The widths of columns that fill a width: figures as wide as they need, words what is left by their weights."""
    least = [one.least() for one in columns]
    spare = width - sum(least)
    if spare <= 0:
        return tuple(one * width / sum(least) for one in least)
    weights = [one.weight for one in columns]
    if not any(weights):
        return tuple(one + spare / len(least) for one in least)
    # Words take what is left, so that their widths and not their extra room stand as their weights.
    return tuple(one + spare * weight / sum(weights) for one, weight in zip(least, weights, strict=True))


def row_height(texts: Sequence[str], widths: Sequence[float], bold: bool = False) -> float:
    """How high a row stands."""
    lines = [len(wrapped(text, width - 2 * SIDE, SIZE, bold)) for text, width in zip(texts, widths, strict=True)]
    return max([*lines, 1]) * SIZE * LINE + 2 * UPPER


def cut(column: Column, width: float, room: float) -> Column:
    """A column whose cells have room, cut where they are longer: the notes of a slide have its texts whole."""
    most = max(1, int((room - 2 * UPPER) / (SIZE * LINE)))
    return replace(column, cells=tuple(shortened(cell, width - 2 * SIDE, SIZE, most, False) for cell in column.cells))


def parts_of(columns: Sequence[Column], box: Box) -> list[Part]:
    """A table in parts that have room in a place each, the heads over each."""
    found = []
    for group in column_groups(columns, box.width):
        widths = widths_of(group, box.width)
        head = row_height([one.head for one in group], widths, bold=True)
        group = tuple(cut(column, width, box.height - head) for column, width in zip(group, widths, strict=True))
        heights = [row_height([one.cells[row] for one in group], widths) for row in range(len(group[0].cells))]
        for rows in row_groups(heights, box.height - head):
            found.append(Part(group, widths, rows, (head, *heights[rows.start : rows.stop])))
    return found


def draw_table(page: Page, box: Box, part: Part, name: str, alt: str, last_bold: bool = False) -> None:
    """Draw a part of a table at the top of a place. last_bold: its last row is a total."""
    grid = "".join(f'<a:gridCol w="{emu(width)}"/>' for width in part.widths)
    head, *heights = part.heights
    rows = [row_xml([one.head for one in part.columns], part, head, bold=True)]
    for place, (row, height) in enumerate(zip(part.rows, heights, strict=True)):
        total = last_bold and place == len(heights) - 1
        rows.append(row_xml([one.cells[row] for one in part.columns], part, height, bold=total))
    height = sum(part.heights)
    page.add(
        f'<p:graphicFrame {NAMESPACES}><p:nvGraphicFramePr><p:cNvPr id="{page.next_id()}" name={attribute(name)} '
        f'descr={attribute(alt)}/><p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr/>'
        f'</p:nvGraphicFramePr><p:xfrm><a:off x="{emu(box.left)}" y="{emu(box.top)}"/>'
        f'<a:ext cx="{emu(sum(part.widths))}" cy="{emu(height)}"/></p:xfrm><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/table"><a:tbl>'
        f'<a:tblPr firstRow="1"/><a:tblGrid>{grid}</a:tblGrid>{"".join(rows)}</a:tbl></a:graphicData></a:graphic>'
        "</p:graphicFrame>"
    )


def row_xml(texts: Sequence[str], part: Part, height: float, bold: bool) -> str:
    """A row of cells; a rule beneath it, a strong one under heads and totals."""
    rule = RULE.format(side="B", width=19050 if bold else 3175)
    rules = NO_RULE.format(side="L") + NO_RULE.format(side="R") + NO_RULE.format(side="T") + rule
    cells = []
    for column, text in zip(part.columns, texts, strict=True):
        align = "l" if column.is_words else "r"
        words = paragraph_xml(Paragraph(text, SIZE, bold=bold, align=align))
        cells.append(
            f"<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{words}</a:txBody>"
            f'<a:tcPr marL="{emu(SIDE)}" marR="{emu(SIDE)}" marT="{emu(UPPER)}" marB="{emu(UPPER)}" '
            f'anchor="{"b" if bold else "t"}">{rules}<a:noFill/></a:tcPr></a:tc>'
        )
    return f'<a:tr h="{emu(height)}">{"".join(cells)}</a:tr>'
