"""The blocks of a presented page as HTML of our own, in type that follows the screen's size: bars, rows, lines, legend.

Nothing of them is a picture with words in it, so that every word has the size that the room needs. All text is escaped.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lib.charts.kit.palette import DUO, DUO_DARK, ink
from lib.view.widgets.text import escape_html

# Rows that a list has room for on the smallest screen; fewer where a name takes two lines.
MOST_ROWS, MOST_LONG_ROWS, LONG_NAME = 12, 7, 20
HATCH = "repeating-linear-gradient(45deg,#d4d6d7,#d4d6d7 4px,#70777b 4px,#70777b 6px)"
MISSING_CLASS = "not known or not applicable"
APART = 11.0  # per cent of a chart's height between two names of lines


@dataclass(frozen=True)
class Bar:
    """One bar: name, figure as it is read, where it ends (0 to 1, NaN for none), colour, and whether it is chosen."""

    name: str
    shown: str
    end: float
    colour: str
    chosen: bool = False


def bars(
    title: str, status: str, rows: Sequence[Bar], start: float = 0.0, mark: tuple[str, float] | None = None
) -> str:
    """Ranked bars, the first of them where there are more than a room can read; the chosen one is always among them.

    status: HTML. start: where bars begin (0 to 1). mark: a line over all bars, such as the county's average: its words,
    and where it is (0 to 1).
    """
    most = MOST_LONG_ROWS if any(len(one.name) > LONG_NAME for one in rows) else MOST_ROWS
    shown = list(rows[:most])
    if len(rows) > most and not any(one.chosen for one in shown):
        shown[-1:] = [one for one in rows[most - 1 :] if one.chosen][:1] or shown[-1:]
    which = f", {len(shown)} of {len(rows)}" if len(rows) > len(shown) else ""
    line = "" if mark is None else f'<span class="room-mark" style="left:{100 * mark[1]:.1f}%"></span>'
    words = "" if mark is None else f' <span class="room-key"><i></i>{escape_html(mark[0])}</span>'
    items = "".join(
        f'<li{" class=room-chosen" if one.chosen else ""}><span class="room-name">{escape_html(one.name)}</span>'
        f'<span class="room-bar">{filled(one, start)}{line}</span>'
        f'<span class="room-value">{escape_html(one.shown)}</span></li>'
        for one in shown
    )
    return (
        f'<section class="room-block"><h3>{escape_html(title)}{which} {status}{words}</h3>'
        f'<ol class="room-bars">{items}</ol></section>'
    )


def filled(bar: Bar, start: float) -> str:
    """The bar itself, from the start to its end; nothing where there is no figure."""
    if math.isnan(bar.end):
        return ""
    left, right = sorted((100 * start, 100 * bar.end))
    place = f"left:{left:.1f}%;width:{right - left:.1f}%"
    return f'<span class="room-fill" style="{place};background:{escape_html(bar.colour)}"></span>'


def ends(values: Iterable[float], start: float = 0.0) -> list[float]:
    """Where bars end between the least (0) and the most (1), and at last where they all begin."""
    numbers = list(values)
    known = [start, *(value for value in numbers if not math.isnan(value))]
    least, most = min(known), max(known)
    span = (most - least) or 1.0
    return [(value - least) / span for value in (*numbers, start)]


def rows(title: str, status: str, heads: Sequence[str], lines: Sequence[Sequence[str]], lead: bool = False) -> str:
    """A large table of few rows, named by the first column. lead: the first row stands out."""
    first = " room-lead" if lead else ""
    head = "".join(f'<th scope="col">{escape_html(one)}</th>' if one else "<td></td>" for one in heads)
    body = "".join(
        f'<tr><th scope="row">{escape_html(line[0])}</th>'
        f"{''.join(f'<td>{escape_html(cell)}</td>' for cell in line[1:])}</tr>"
        for line in lines
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return (
        f'<section class="room-block"><h3>{escape_html(title)} {status}</h3>'
        f'<div class="room-rows{first}">{table}</div></section>'
    )


@dataclass(frozen=True)
class Line:
    """One line of a chart: its name and its last figure as it is read, its values and its range, a value a year."""

    name: str
    last: str
    values: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()


def lines(
    title: str, status: str, years: Sequence[str], found: Sequence[Line], at: int, ends: tuple[float, float],
    shown: tuple[str, str], dark: bool,
) -> str:  # fmt: skip
    """Lines through the years, each named at its end, the year shown marked.

    at: the place of the year shown. ends: of the scale, shown: as they are read. The lines are a picture without words.
    """
    least, most = ends[0], max(ends[1], ends[0] + 1e-9)
    colours = DUO_DARK if dark else DUO
    kept = ink(dark)
    last = max(len(years) - 1, 1)

    def point(place: int, value: float) -> str:
        return f"{1000 * place / last:.1f},{1000 * (most - value) / (most - least):.1f}"

    parts = [
        f'<line x1="0" x2="1000" y1="{y}" y2="{y}" stroke="{kept.grid}" stroke-width="2" {STILL}/>'
        for y in (2, 500, 998)
    ]
    for number, one in enumerate(found):
        colour = colours[number % len(colours)]
        band = [point(place, value) for place, value in enumerate(one.low) if not math.isnan(value)]
        band += [point(place, value) for place, value in [*enumerate(one.high)][::-1] if not math.isnan(value)]
        if band:
            parts.append(f'<polygon points="{" ".join(band)}" fill="{colour}" opacity="0.18"/>')
        through = " ".join(point(place, value) for place, value in enumerate(one.values) if not math.isnan(value))
        dashed = 'stroke-dasharray="14 8" ' if number % 2 else ""
        parts.append(
            f'<polyline points="{through}" fill="none" stroke="{colour}" stroke-width="5" {dashed}'
            f'stroke-linejoin="round" {STILL}/>'
        )
    x = 1000 * at / last
    parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="1000" stroke="{kept.text}" stroke-width="2" {STILL}/>')
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000" preserveAspectRatio="none">'
        f"{''.join(parts)}</svg>"
    )
    picture = base64.b64encode(drawn.encode()).decode()
    places = apart([100 * (most - last_known(one.values)) / (most - least) for one in found])
    names = "".join(
        f'<li style="top:{place:.1f}%"><i style="border-color:{colours[number % len(colours)]};'
        f'border-style:{"dashed" if number % 2 else "solid"}"></i>{escape_html(one.name)}'
        f"<b>{escape_html(one.last)}</b></li>"
        for number, (one, place) in enumerate(zip(found, places, strict=True))
    )
    axis = f"<span>{escape_html(years[0])}</span><span>{escape_html(years[-1])}</span>"
    return (
        f'<section class="room-block"><h3>{escape_html(title)} {status}</h3><div class="room-lines">'
        f'<p class="room-top">{escape_html(shown[1])}</p><p class="room-least">{escape_html(shown[0])}</p>'
        f'<img alt="" src="data:image/svg+xml;base64,{picture}"><ol>{names}</ol>'
        f'<p class="room-years">{axis}</p></div></section>'
    )


STILL = 'vector-effect="non-scaling-stroke"'


def last_known(values: Sequence[float]) -> float:
    """The last value that is known; 0 where none is."""
    return next((value for value in reversed(values) if not math.isnan(value)), 0.0)


def apart(places: Sequence[float]) -> list[float]:
    """Places from the top, in per cent, moved so far apart that names at them do not touch."""
    found = dict(enumerate(places))
    for before, number in pairwise(sorted(found, key=found.__getitem__)):
        found[number] = max(found[number], found[before] + APART)
    beyond = max([*found.values(), 0.0]) - (100 - APART / 2)
    return [max(place - max(beyond, 0.0), APART / 2) for _, place in sorted(found.items())]


def legend(
    title: str, entries: Iterable[tuple[str, str]], some_missing: bool, missing: str = MISSING_CLASS, changed: str = ""
) -> str:
    """The classes of a map, each with its colour. missing: the words of what is hatched; changed: of what is dashed."""
    found = [(f"background:{escape_html(colour)}", label) for colour, label in entries]
    found += [(f"background:{HATCH}", missing)] if some_missing else []
    found += [("border:3px dashed currentColor", changed)] if changed else []
    items = "".join(f'<li><i style="{style}"></i>{escape_html(label)}</li>' for style, label in found)
    return f'<div class="room-legend"><p>{escape_html(title)}</p><ul>{items}</ul></div>'


def signs(entries: Mapping[str, str]) -> str:
    """A legend of signs: what each stands for."""
    items = "".join(
        f'<li><b aria-hidden="true">{escape_html(sign)}</b>{escape_html(words)}</li>' for sign, words in entries.items()
    )
    return f'<div class="room-legend"><ul>{items}</ul></div>'
