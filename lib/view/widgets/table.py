"""Tables on their way to the browser: figures in their unit's format, without what the browser has no use for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import streamlit as st

from lib.market.about import Heads
from lib.market.tables import plain
from lib.market.units import NOT_APPLICABLE, UNITS
from lib.view.widgets.paper import paper_table

# A figure in a column's format: with or without thousands, and the digits behind its point.
FIGURE = re.compile(r"%(,?)(\.\d+)f")


def light(frame: pd.DataFrame) -> pa.Table:
    """A frame as an Arrow table without its index and without pandas' own notes, which outweigh a small table."""
    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)


def for_screen(frame: pd.DataFrame, heads: Heads) -> pd.DataFrame:
    """The columns of a table as people read them: figures rounded as their unit says, still numbers."""
    columns = {}
    for name, head in heads.items():
        code = "" if isinstance(head, str) else head[1]
        columns[name] = UNITS[code].rounded_for_table(frame[name]) if code else frame[name]
    return pd.DataFrame(columns)


def column_config(heads: Heads, help: Mapping[str, str] | None = None) -> dict[str, Any]:
    """How each column is drawn: the first stays in sight, figures in their unit's format."""
    words = help or {}
    found: dict[str, Any] = {}
    for place, (name, head) in enumerate(heads.items()):
        if isinstance(head, str):
            found[name] = st.column_config.TextColumn(head, help=words.get(name), pinned=place == 0 or None)
        else:
            label, code = head
            layout = UNITS[code].table_format if code else None
            found[name] = st.column_config.NumberColumn(label, help=words.get(name), format=layout)
    return found


def draw_frame(
    frame: pd.DataFrame,
    *,
    columns: Mapping[str, Any] | None = None,
    height: int | Literal["auto", "content"] = "auto",
    empty: str = "",
) -> None:
    """Draw a table that can be sorted and searched; on paper, which does not scroll, it stands whole.

    columns: as st.dataframe takes them, by the frame's names. height: of the table on screen. empty: what an empty
    cell reads.
    """
    configs = {name: as_config((columns or {}).get(name), str(name)) for name in frame.columns}
    with st.container(gap=None):
        st.dataframe(
            light(frame),
            hide_index=True,
            height=height,
            placeholder=empty or None,
            column_config=dict(columns) if columns else None,
        )
        cells = {name: paper_cells(frame[name], configs[name], empty) for name in frame.columns}
        paper_table(
            [str(one.get("label") or name) for name, one in configs.items()],
            list(zip(*cells.values(), strict=True)),
            [pd.api.types.is_numeric_dtype(frame[name]) for name in frame.columns],
        )


def as_config(column: Any, name: str) -> dict[str, Any]:
    """What is said of a column, as a mapping: Streamlit takes a label alone too, and nothing."""
    return {"label": column or name} if column is None or isinstance(column, str) else dict(column)


def paper_cells(values: pd.Series[Any], config: Mapping[str, Any], empty: str) -> list[str]:
    """The cells of a column as text, each as the screen has it."""
    layout = (config.get("type_config") or {}).get("format") if config else None
    return [empty if pd.isna(value) else written(value, layout) for value in values]


def written(value: Any, layout: str | None) -> str:
    """A cell as text. layout: a figure's format for Streamlit, "localized" or one such as "£%,.0f"; None: as it is."""
    if layout is None or isinstance(value, str):
        return str(plain(value))
    if layout == "localized":
        return f"{plain(value):,}"
    found = FIGURE.search(layout)
    if found is None:
        raise ValueError(f"{layout!r} is not a format of a column of figures")
    figure = f"{float(value):{found[1]}{found[2]}f}"
    return f"{layout[: found.start()]}{figure}{layout[found.end() :]}".replace("%%", "%")


def draw_table(
    frame: pd.DataFrame,
    heads: Heads,
    *,
    help: Mapping[str, str] | None = None,
    height: int | Literal["content"] = "content",
    empty: str = NOT_APPLICABLE,
) -> None:
    """Draw the columns that have a head, in the order of the heads; an empty figure reads as `empty`."""
    draw_frame(for_screen(frame, heads), columns=column_config(heads, help), height=height, empty=empty)
