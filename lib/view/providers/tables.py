"""Tables of providers as HTML: ratings are chips with their names, which Streamlit's own tables cannot draw."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from lib.charts.kit.palette import CATEGORICAL, CATEGORICAL_DARK, RATING_COLOURS, text_on
from lib.market.quality import OVERALL
from lib.market.wording import NOT_APPLICABLE, NOT_KNOWN, show
from lib.pack.load import Pack
from lib.view.widgets.text import escape_html

CHIP = "display:inline-block;padding:.05rem .45rem;border-radius:.6rem;font-size:.8rem;line-height:1.25;"
HATCH = "background:repeating-linear-gradient(45deg,#eceeef,#eceeef 4px,#cfd3d6 4px,#cfd3d6 5px);color:#0b0c0c;"
CELL = "padding:.28rem .4rem;border-bottom:1px solid rgba(128,136,140,.35);vertical-align:middle;"
HEAD = f"{CELL}text-align:left;font-weight:600;vertical-align:bottom;white-space:nowrap;"
NUMBER = "text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;"
MOST_LINES = 60  # of a list that is drawn again at each step of a slider
BAND = "background:rgba(128,136,140,.16);font-weight:600;"


def chip(rating: str) -> str:
    """A rating as a chip, in its own words; a colour that is not known, such as not rated, is hatched."""
    colour = RATING_COLOURS.get(rating)
    style = f"background:{colour};color:{text_on(colour)};" if colour else HATCH
    return f'<span style="{CHIP}{style}border:1px solid #6f777b;">{escape_html(rating)}</span>'


def table_html(title: str, heads: Sequence[str], rows: Sequence[str], numbers: Sequence[str] = ()) -> str:
    """A table in a box in which it scrolls. title, rows, numbers: as `html_table` takes them."""
    cells = "".join(
        f'<th scope="col" style="{HEAD}{"text-align:right;" if head in numbers else ""}">{escape_html(head)}</th>'
        for head in heads
    )
    return (
        f'<div role="region" tabindex="0" aria-label="{escape_html(title)}" style="overflow-x:auto;">'
        f'<table aria-label="{escape_html(title)}" style="border-collapse:collapse;width:100%;font-size:.875rem;">'
        f"<thead><tr>{cells}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def html_table(
    title: str, heads: Sequence[str], rows: Sequence[str], numbers: Sequence[str] = (), *, note: str = ""
) -> None:
    """Draw a table that scrolls sideways in its own box.

    title: what the table shows, for screen readers, as a heading above says it to everybody else. rows: finished <tr>
    elements. numbers: heads set right. note: a line above the table, outside the box, so that it never scrolls away.
    """
    above = f'<p style="margin:0;padding:.2rem 0;font-size:.875rem;">{escape_html(note)}</p>' if note else ""
    st.html(above + table_html(title, heads, rows, numbers))


def text_cell(text: object, style: str = "") -> str:
    """A cell of text from data."""
    return f'<td style="{CELL}{style}">{escape_html(text)}</td>'


def row_head(text: object) -> str:
    """The cell that names its row."""
    return f'<th scope="row" style="{CELL}text-align:left;font-weight:600;white-space:nowrap;">{escape_html(text)}</th>'


def number_cell(text: object) -> str:
    """A cell with a figure, set right."""
    return text_cell(text, NUMBER)


def chip_cell(rating: str) -> str:
    """A cell with a rating."""
    return f'<td style="{CELL}">{chip(rating)}</td>'


def day(date: pd.Timestamp) -> str:
    """A date as people read it: 5 Jan 2024."""
    return f"{date.day} {date:%b %Y}"


def gate_cell(passes: bool) -> str:
    """A cell that says whether a provider passes the quality gate."""
    return text_cell("passes") if passes else text_cell("fails", "font-weight:700;")


def route_line(pack: Pack, route: str, columns: int) -> str:
    """The line above the first provider of a route."""
    label = escape_html(pack.label("routes", route))
    how = "in order of rank" if pack.manifest.routes[route].framework else "the cheapest first"
    return f'<tr><th scope="rowgroup" colspan="{columns}" style="{CELL}{BAND}text-align:left;">{label}, {how}</th></tr>'


def rank_words(rank: Any) -> str:
    """A rank, or a dash off the framework, where there is none."""
    return "–" if pd.isna(rank) else f"{rank}"


def list_rows(pack: Pack, rows: pd.DataFrame) -> tuple[list[str], list[str], list[str]]:
    """A lot's ranked list (lib.market.ranked_lists.call_off.ranked_list): heads, finished rows, the heads of numbers.

    Each route has a line of its own above its first provider. Without a framework there is no gate to pass.
    """
    gated = any(pack.manifest.routes[code].framework for code in rows["route"])
    domains = list(pack.manifest.domains)
    numbers = ["Age, years", "Delivered", "Capacity", "Headroom", "£ an hour"]
    labels = [pack.label("domains", code) for code in domains]
    heads = ["Rank", "Provider", *labels, *(["Gate"] if gated else []), "Rated on", *numbers]
    finished, shown_route = [], None
    for row in rows.to_dict("records"):
        if row["route"] != shown_route:
            shown_route = row["route"]
            finished.append(route_line(pack, row["route"], len(heads)))
        rated = pd.notna(row["rated_on"])
        cells = [
            number_cell(rank_words(row["rank"])),
            row_head(row["provider_name"]),
            *(chip_cell(row[domain]) for domain in domains),
            *([gate_cell(row["passes_gate"])] if gated else []),
            text_cell(day(row["rated_on"]) if rated else NOT_APPLICABLE, "white-space:nowrap;"),
            number_cell(f"{row['rated_years']:.1f}" if rated else "–"),
            *(
                number_cell(show(row[name], "hours"))
                for name in ("delivered_hours", "capacity_hours", "headroom_hours")
            ),
            number_cell(show(row["hourly_rate"], "pounds_per_hour")),
        ]
        finished.append(f"<tr>{''.join(cells)}</tr>")
    return heads, finished, numbers


def route_colours(pack: Pack, dark: bool = False) -> dict[str, str]:
    """The colour of each route's bars."""
    colours = CATEGORICAL_DARK if dark else CATEGORICAL
    return {code: colours[place % 3] for place, code in enumerate(pack.manifest.routes)}


@dataclass(frozen=True)
class PlacedLine:
    """A provider's line: its place in the list, its cells but the last, its room as text, and its bar.

    width: of its room as a share of the most, 0 to 1; empty where its capacity is not known. above: the line of its
    route, above its first provider.
    """

    place: int
    above: str
    cells: str
    room: str
    width: float
    colour: str


@dataclass(frozen=True)
class PlacedList:
    """A lot's list as far as it stays while new hours are placed on it. left_out: providers without a line."""

    title: str
    heads: tuple[str, ...]
    lines: tuple[PlacedLine, ...]
    left_out: int

    def html(
        self, placed: Sequence[float], free: Sequence[float], hours: Callable[[float], str], unplaced: float
    ) -> str:
        """The list with what each provider gets. placed, free: hours a week of each, in the order of the list."""
        rows = []
        for line in self.lines:
            cell = room_cell(line, placed[line.place], free[line.place], hours)
            rows.append(f"{line.above}<tr>{line.cells}{cell}</tr>")
        rest = "font-weight:700;" if unplaced else ""
        rows.append(
            f'<tr><th scope="row" colspan="{len(self.heads) - 1}" style="{CELL}{rest}text-align:left;">Nobody has '
            f"room</th>{text_cell(hours(unplaced), NUMBER + rest)}</tr>"
        )
        return table_html(self.title, self.heads, rows, self.heads[-2:])


def room_cell(line: PlacedLine, placed: float, free: float, hours: Callable[[float], str]) -> str:
    """How far the new hours fill a provider's room: a bar and words, or words alone where there is no room."""
    if math.isnan(line.width):
        return text_cell(NOT_KNOWN, NUMBER)
    if not free > 0:
        return text_cell("passed over" if line.width > 0 else "no room", NUMBER)
    share = 100 * placed / free
    bar = (
        '<span aria-hidden="true" class="room-bar"><span style="display:inline-block;vertical-align:middle;'
        f"height:.8rem;min-width:2px;width:{100 * line.width:.0f}%;box-sizing:border-box;border:1px solid currentColor;"
        f"background:linear-gradient(to right,{line.colour} {share:.1f}%,transparent {share:.1f}%);"
        '"></span></span>'
    )
    words = (
        f'<span style="display:inline-block;min-width:4.5rem;">{escape_html(f"{hours(placed)} of {line.room}")}</span>'
    )
    return f'<td style="{CELL}{NUMBER}">{bar}{words}</td>'


def placed_rows(pack: Pack, rows: pd.DataFrame, title: str, hours: Callable[[float], str], dark: bool) -> PlacedList:
    """What of a lot's ranked list (lib.market.ranked_lists.call_off.ranked_list) stays while hours are placed on it."""
    gated = any(pack.manifest.routes[code].framework for code in rows["route"])
    heads = ("Rank", "Provider", pack.label("domains", OVERALL), *(["Gate"] if gated else []), "£ an hour", "New hours")
    colours, most = route_colours(pack, dark), max(float(rows["free_hours"].max()), 1.0)
    many = len(rows) > MOST_LINES
    lines: list[PlacedLine] = []
    route = None
    for place, row in enumerate(rows.to_dict("records")):
        if many and (not row["free_hours"] > 0 or len(lines) >= MOST_LINES):
            continue
        above = "" if row["route"] == route else route_line(pack, row["route"], len(heads))
        route = row["route"]
        cells = [
            number_cell(rank_words(row["rank"])),
            row_head(row["provider_name"]),
            chip_cell(row[OVERALL]),
            *([gate_cell(row["passes_gate"])] if gated else []),
            number_cell(show(row["hourly_rate"], "pounds_per_hour")),
        ]
        width = math.nan if pd.isna(row["headroom_hours"]) else row["free_hours"] / most
        lines.append(PlacedLine(place, above, "".join(cells), hours(row["free_hours"]), width, colours[route]))
    return PlacedList(f"{title}: new hours", heads, tuple(lines), len(rows) - len(lines))
