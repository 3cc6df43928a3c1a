"""Tables of providers as HTML: ratings are chips with their names, which Streamlit's own tables cannot draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from lib.charts.kit.palette import CATEGORICAL, CATEGORICAL_DARK, RATING_COLOURS, text_on
from lib.market.wording import NOT_APPLICABLE, show
from lib.pack.load import Pack
from lib.view.widgets.text import escape_html

CHIP = "display:inline-block;padding:.05rem .45rem;border-radius:.6rem;font-size:.8rem;line-height:1.25;"
HATCH = "background:repeating-linear-gradient(45deg,#eceeef,#eceeef 4px,#cfd3d6 4px,#cfd3d6 5px);color:#0b0c0c;"
CELL = "padding:.28rem .4rem;border-bottom:1px solid rgba(128,136,140,.35);vertical-align:middle;"
HEAD = f"{CELL}text-align:left;font-weight:600;vertical-align:bottom;white-space:nowrap;"
NUMBER = "text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;"
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


def gate_words(passes: bool) -> str:
    """Whether a provider passes the quality gate."""
    return "passes" if passes else "fails"


def gate_cell(passes: bool) -> str:
    """A cell that says whether a provider passes the quality gate."""
    return text_cell(gate_words(passes), "" if passes else "font-weight:700;")


def route_line_words(pack: Pack, route: str) -> str:
    """What stands above the first provider of a route."""
    how = "in order of rank" if pack.manifest.routes[route].framework else "the cheapest first"
    return f"{pack.label('routes', route)}, {how}"


def route_line(pack: Pack, route: str, columns: int) -> str:
    """The line above the first provider of a route."""
    words = escape_html(route_line_words(pack, route))
    return f'<tr><th scope="rowgroup" colspan="{columns}" style="{CELL}{BAND}text-align:left;">{words}</th></tr>'


def rank_words(rank: Any) -> str:
    """A rank, or a dash off the framework, where there is none."""
    return "–" if pd.isna(rank) else f"{rank}"


def list_rows(pack: Pack, rows: pd.DataFrame) -> tuple[list[str], list[str], list[str]]:
    """A lot's ranked list (lib.market.ranked_lists.call_off.ranked_list): heads, finished rows, the heads of numbers.

    Each route has a line of its own above its first provider. Without a framework there is no gate to pass.
    """
    gated = pack.given("ratings") and any(pack.manifest.routes[code].framework for code in rows["route"])
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
