"""Tables on their way to the browser: figures in their unit's format, without what the browser has no use for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import streamlit as st

from lib.market.about import Heads
from lib.market.units import NOT_APPLICABLE, UNITS


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


def draw_table(
    frame: pd.DataFrame,
    heads: Heads,
    *,
    help: Mapping[str, str] | None = None,
    height: int | Literal["content"] = "content",
    empty: str = NOT_APPLICABLE,
) -> None:
    """Draw the columns that have a head, in the order of the heads; an empty figure reads as `empty`."""
    st.dataframe(
        light(for_screen(frame, heads)),
        hide_index=True,
        height=height,
        placeholder=empty,
        column_config=column_config(heads, help),
    )
