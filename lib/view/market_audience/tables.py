"""Tables of what is published, as they stand on the page, and what of them can be taken away."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence

import pandas as pd
import streamlit as st

from lib.charts.kit.chart_spec import Drawing
from lib.charts.kit.png import to_png, with_footer
from lib.market.disclosure import SUPPRESSED
from lib.market.sharing import safe_name
from lib.publish.service_pages import titles
from lib.view.market_audience.shown import C_MEANS, Cell, View
from lib.view.widgets.text import BADGES, escape_html, escape_markdown

Picture = Callable[[], bytes]


def badge(status: str) -> str:
    """How a figure is known as a tag, in Markdown; "" where that is not said."""
    return f":{badge_colour(status)}-badge[{escape_markdown(status)}]" if status else ""


def badge_colour(status: str) -> str:
    """The colour of the least known of its words."""
    known = [one for one in BADGES if one in re.split(r"[,;] ?", status)]
    return BADGES[known[-1]] if known else "gray"


def draw_grid(caption: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]], names: int = 1,
              totals: Collection[int] = (), headed: bool = False) -> None:  # fmt: skip
    """A table that stands whole, to be scrolled within. names: how many first columns are words; the rest are figures.

    totals: the rows, from 0, that add up others. headed: the caption stands above it as a heading already.
    """
    sides = ["" if place < names else ' class="number"' for place in range(len(heads))]
    head = "".join(f'<th scope="col"{side}>{escape_html(one)}</th>' for one, side in zip(heads, sides, strict=True))
    body = []
    for place, row in enumerate(rows):
        cells = "".join(f"<td{side}>{cell_html(one)}</td>" for one, side in zip(row[1:], sides[1:], strict=True))
        kind = ' class="total"' if place in totals else ""
        body.append(f'<tr{kind}><th scope="row">{cell_html(row[0])}</th>{cells}</tr>')
    kind = "shared-table headed" if headed else "shared-table"
    st.html(
        f'<div class="{kind}" role="group" tabindex="0" aria-label="{escape_html(caption)}"><table>'
        f"<caption>{escape_html(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody>"
        "</table></div>"
    )


def cell_html(cell: Cell) -> str:
    """A cell: what is suppressed says so, and in the preview why."""
    if cell.text != SUPPRESSED:
        return escape_html(cell.text)
    why = f' <mark class="withheld">{escape_html(cell.why)}</mark>' if cell.why else ""
    return f'<abbr title="suppressed">c</abbr>{why}'


def rows_of_cells(view: View, name: str, rows: pd.DataFrame, columns: Sequence[str]) -> list[list[Cell]]:
    """Some rows of a table as cells."""
    return [[view.cell(name, row, column) for column in columns] for _, row in rows.iterrows()]


def draw_rows(
    view: View, name: str, rows: pd.DataFrame, words: Sequence[str], measures: Sequence[str], caption: str,
    totals: Collection[int] = (), headed: bool = True,
) -> None:  # fmt: skip
    """Some rows of a published table, with what a reader must know of it.

    words: columns of text, the first of them names the row; measures: columns of figures.
    """
    plain = {one: one.removesuffix("_name").replace("_", " ").capitalize() for one in words}
    heads = titles(view.table(name)) | {one: head for one, head in plain.items() if one.endswith("_name")}
    columns = [one for one in (*words, *measures) if one in rows]
    named = sum(one in words for one in columns)
    draw_grid(caption, [heads[one] for one in columns], rows_of_cells(view, name, rows, columns), named, totals, headed)
    status = view.status(name, columns)
    st.caption(f"{badge(status)} {escape_markdown(f'{view.table(name).note} {C_MEANS}')}")


def same_as_table(
    view: View, name: str, rows: pd.DataFrame, words: Sequence[str], measures: Sequence[str], caption: str, key: str,
    picture: Picture | None = None,
) -> None:  # fmt: skip
    """Beneath a chart or a map: the same figures as a table, and both to take away. Drawn only where it is opened."""
    closed = st.expander("The same as a table", key=f"shared_table_{key}", on_change="rerun")
    if not closed.open:
        return
    with closed:
        draw_rows(view, name, rows, words, measures, caption, headed=False)
        with st.container(horizontal=True):
            offer("Table (CSV)", lambda: view.csv(name, rows), f"{view.service}_{key}.csv", "text/csv", key)
            if picture is not None:
                offer("Picture (PNG)", picture, f"{view.service}_{key}.png", "image/png", f"{key}_png")


def offer(label: str, content: Callable[[], str | bytes], name: str, mime: str, key: str) -> None:
    """A download, made on a click."""
    st.download_button(
        escape_markdown(label), content, file_name=safe_name(name), mime=mime, on_click="ignore",
        key=f"shared_get_{key}",
    )  # fmt: skip


def chart_picture(view: View, name: str, columns: Sequence[str], title: str, chart: Callable[..., Drawing]) -> Picture:
    """A chart as a PNG file, made when it is asked for. chart: draws it, given title and dark."""
    return lambda: to_png(with_footer(chart(title=title, dark=False), view.lines(name, columns)))
