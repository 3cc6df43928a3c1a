"""What stands beneath a chart or a map: the same figures as a table, and both to take away, with their sources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lib.charts.kit.chart_spec import Drawing
from lib.charts.kit.png import to_png, with_footer
from lib.market.sharing import INTERNAL, internal_csv, internal_name
from lib.market.tables import download_csv
from lib.pack.load import Pack
from lib.view.widgets.table import hours, light


@dataclass(frozen=True)
class About:
    """What a chart shows, and which tables its figures come from. internal: it tells of areas or of providers."""

    pack: Pack
    title: str
    tables: tuple[str, ...]
    internal: bool = True

    def lines(self) -> list[str]:
        """What must stand under a picture or a file: title, status, date, demonstration line, sources."""
        manifest = self.pack.manifest
        lines = [INTERNAL] if self.internal else []
        lines.append(f"{self.title}. Status: {self.pack.status(*self.tables)}. Data to {manifest.as_of:%d %B %Y}.")
        lines += [manifest.demonstration] if self.pack.is_demonstration else []
        resources = [manifest.resource(name) for name in self.tables]
        return [*lines, *dict.fromkeys(one.credit for one in resources if one.credit)]


def beneath(
    about: About,
    frame: pd.DataFrame,
    heads: dict[str, str],
    name: str,
    *,
    chart: Callable[..., Drawing] | None = None,
    picture: Callable[[], bytes] | None = None,
) -> None:
    """An expander with the table and its downloads, drawn only where it is opened: what nobody sees is not sent.

    heads: the columns that are shown, by their names in the frame; numbers are shown whole, and not rounded in the
    file. chart: draws the chart for a picture, given title and dark; picture: makes the picture itself, of a map.
    """
    closed = st.expander("The same as a table", key=f"table_{name}", on_change="rerun")
    if not closed.open:
        return
    numbers = [code for code in heads if pd.api.types.is_numeric_dtype(frame[code])]
    columns = {code: hours(head) if code in numbers else head for code, head in heads.items()}
    rows = light(frame[list(heads)].round(dict.fromkeys(numbers, 0)))

    def table() -> str:
        text = download_csv(frame[list(heads)].rename(columns=heads), about.lines())
        return internal_csv(text) if about.internal else text

    def drawn() -> bytes:
        if chart is None:
            return picture() if picture else b""
        return to_png(with_footer(chart(title=about.title, dark=False), about.lines()))

    def named(file: str) -> str:
        return internal_name(file) if about.internal else file

    with closed:
        st.dataframe(rows, hide_index=True, height="content", column_config=columns)
        with st.container(horizontal=True):
            st.download_button(
                "Table (CSV)", table, file_name=named(f"{name}.csv"), mime="text/csv", on_click="ignore",
                key=f"csv_{name}",
            )  # fmt: skip
            if chart or picture:
                st.download_button(
                    "Picture (PNG)", drawn, file_name=named(f"{name}.png"), mime="image/png", on_click="ignore",
                    key=f"png_{name}",
                )  # fmt: skip
