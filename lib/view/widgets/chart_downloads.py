"""What stands beneath a chart or a map: the same figures as a table, and both to take away, with their sources."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from lib.charts.kit.chart_spec import Drawing
from lib.charts.kit.png import to_png, with_footer
from lib.market.about import About, Heads, for_file
from lib.view.widgets.page_workbook import note_table
from lib.view.widgets.table import draw_table

NOT_TO_SHARE = "Internal, do not share"


def offer_csv(
    about: About, label: str, frame: Callable[[], pd.DataFrame], name: str, *, key: str | None = None, help: str = ""
) -> None:
    """A download of a table as CSV, built on a click; one that must not be shared is named and headed so.

    It is a sheet of the page's workbook too (lib.view.widgets.page_workbook).
    """
    note_table(about, label, frame, about.file_name(name))
    st.download_button(
        label,
        lambda: about.csv(frame()),
        file_name=about.file_name(name),
        mime="text/csv",
        on_click="ignore",
        help=NOT_TO_SHARE if about.internal else help or None,
        key=key,
    )


def offer_png(about: About, label: str, picture: Callable[[], bytes], name: str, *, key: str | None = None) -> None:
    """A download of a picture, drawn on a click."""
    st.download_button(
        label,
        picture,
        file_name=about.file_name(name),
        mime="image/png",
        on_click="ignore",
        help=NOT_TO_SHARE if about.internal else None,
        key=key,
    )


def chart_png(about: About, chart: Callable[..., Drawing]) -> bytes:
    """A chart as a PNG file with its title and what must stand under it. chart: draws it, given title and dark."""
    return to_png(with_footer(chart(title=about.headline, dark=False), about.picture_lines()))


def chart_downloads(
    about: About,
    frame: pd.DataFrame | Callable[[], pd.DataFrame],
    heads: Heads,
    name: str,
    *,
    chart: Callable[..., Drawing] | None = None,
    picture: Callable[[], bytes] | None = None,
) -> None:
    """An expander with the table and its downloads, drawn only where it is opened: what nobody sees is not sent.

    frame: the table, or what makes it where it is opened. heads: the columns that are shown, by their names in it.
    Figures are numbers with a unit: the screen rounds them, the file does not. chart: draws the chart for a picture,
    given title and dark; picture: makes the picture itself, of a map.
    """
    closed = st.expander("The same as a table", key=f"table_{name}", on_change="rerun")
    if not closed.open:
        note_table(about, "Table (CSV)", lambda: for_file(made(frame), heads), about.file_name(f"{name}.csv"))
        return
    table = made(frame)
    with closed:
        draw_table(table, heads)
        with st.container(horizontal=True):
            offer_csv(about, "Table (CSV)", lambda: for_file(table, heads), f"{name}.csv", key=f"csv_{name}")
            if chart is not None:
                offer_png(about, "Picture (PNG)", lambda: chart_png(about, chart), f"{name}.png", key=f"png_{name}")
            elif picture is not None:
                offer_png(about, "Picture (PNG)", picture, f"{name}.png", key=f"png_{name}")


def made(frame: pd.DataFrame | Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """A table, made if it is not yet."""
    return frame if isinstance(frame, pd.DataFrame) else frame()
