"""A brief as one page of HTML, which needs nothing but itself: no script runs and nothing is loaded."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from pathlib import Path

from lib.charts.kit.palette import MISSING, MISSING_LINE
from lib.export.briefs.tree import (
    Beside,
    Brief,
    Bullets,
    Heading,
    Paragraph,
    Part,
    Picture,
    Table,
    Terms,
    Tile,
    Tiles,
)
from lib.market.plain_text import escape_html
from lib.publish.parts import POLICY
from lib.publish.pictures import inline

HATCH = f'<path d="M0 14L14 0M0 7L7 0M7 14L14 7" stroke="{MISSING_LINE}"/>'
STYLE = Path(__file__).with_name("brief.css")


def to_html(brief: Brief) -> str:
    """The page of a brief."""
    names = count(1)
    body = "".join(part_html(part, names) for part in brief.parts)
    foot = "".join(f"<p>{escape_html(mark)}</p>\n" for mark in brief.marks)
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>{escape_html(brief.title)}</title>\n<style>\n{STYLE.read_text(encoding='utf-8')}</style>\n</head>\n"
        f"<body>\n<main>\n{body}</main>\n<footer>\n{foot}</footer>\n</body>\n</html>\n"
    )


def part_html(part: Part, names: Iterable[int]) -> str:
    """A part of the page. names: numbers that no picture has had."""
    if isinstance(part, Heading):
        return f"<h{part.level}>{escape_html(part.text)}</h{part.level}>\n"
    if isinstance(part, Paragraph):
        kind = f' class="{part.kind}"' if part.kind else ""
        return f"<p{kind}>{escape_html(part.text)}</p>\n"
    if isinstance(part, Tiles):
        return f'<dl class="tiles">\n{"".join(map(tile_html, part.tiles))}</dl>\n'
    if isinstance(part, Table):
        return table_html(part)
    if isinstance(part, Picture):
        return picture_html(part, next(iter(names)))
    if isinstance(part, Bullets):
        small = ' class="small"' if part.small else ""
        return f"<ul{small}>\n{''.join(f'<li>{escape_html(line)}</li>{chr(10)}' for line in part.lines)}</ul>\n"
    if isinstance(part, Terms):
        inner = "".join(f"<div><dt>{escape_html(a)}</dt><dd>{escape_html(b)}</dd></div>\n" for a, b in part.pairs)
        return f'<dl class="terms">\n{inner}</dl>\n'
    if isinstance(part, Beside):
        columns = "".join(
            f'<div style="flex:{share:g} 1 0">\n{"".join(part_html(one, names) for one in column)}</div>\n'
            for share, column in zip(part.shares, part.columns, strict=True)
        )
        return f'<div class="beside">\n{columns}</div>\n'
    # A new page.
    return '<hr class="page">\n'


def status_html(status: str) -> str:
    """How a figure is known; nothing where nothing is said of it."""
    return f' <span class="status">Status: {escape_html(status)}</span>' if status else ""


def tile_html(tile: Tile) -> str:
    """A headline."""
    context = f'<dd class="context">{escape_html(tile.context)}{status_html(tile.context_status)}</dd>'
    return (
        f"<div><dt>{escape_html(tile.label)}{status_html(tile.status)}</dt>"
        f'<dd class="value">{escape_html(tile.value)}</dd>{context if tile.context else ""}</div>\n'
    )


def table_html(table: Table) -> str:
    """A table in a frame that scrolls where the page is narrow; its first column names its rows."""

    def side(place: int) -> str:
        return ' class="number"' if place >= table.names else ""

    top = "".join(f'<th scope="col"{side(at)}>{escape_html(head)}</th>' for at, head in enumerate(table.heads))
    body = []
    for number, row in enumerate(table.rows):
        first, others = row[:1], row[1:]
        cells = "".join(f'<th scope="row"{side(0)}>{escape_html(one)}</th>' for one in first)
        cells += "".join(f"<td{side(at)}>{escape_html(one)}</td>" for at, one in enumerate(others, start=1))
        kind = ' class="marked"' if number in table.marked else ""
        body.append(f"<tr{kind}>{cells}</tr>\n")
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape_html(table.caption)}">\n<table>\n'
        f"<caption>{escape_html(table.caption)}{status_html(table.status)}</caption>\n"
        f"<thead><tr>{top}</tr></thead>\n<tbody>\n{''.join(body)}</tbody>\n</table>\n</div>\n"
    )


def picture_html(picture: Picture, number: int) -> str:
    """A picture under its title, with its legend and what must stand beneath."""
    swatches = "".join(
        f'<li><svg aria-hidden="true" width="14" height="14"><rect width="14" height="14" stroke="#6f777b" '
        f'fill="{escape_html(colour or MISSING)}"/>{"" if colour else HATCH}</svg> {escape_html(words)}</li>'
        for colour, words in picture.legend
    )
    title = f"<span>{escape_html(picture.legend_title)}:</span>" if picture.legend_title else ""
    legend = f'<div class="legend">{title}<ul>{swatches}</ul></div>\n' if swatches else ""
    note = f'<p class="note">{escape_html(picture.note)}</p>\n' if picture.note else ""
    svg = f"{picture.svg.removesuffix('</svg>')}{picture.over}</svg>" if picture.over else picture.svg
    return (
        f"<figure>\n<figcaption>{escape_html(picture.title)}{status_html(picture.status)}</figcaption>\n"
        f'<div role="img" aria-label="{escape_html(picture.alt)}">\n{inline(svg, f"picture{number}")}\n</div>\n'
        f"{legend}{note}</figure>\n"
    )
