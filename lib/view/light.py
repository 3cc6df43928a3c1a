"""Tables on their way to the browser, without what it has no use for."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st


def light(frame: pd.DataFrame) -> pa.Table:
    """A frame as an Arrow table without its index and without pandas' own notes, which outweigh a small table."""
    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)


def hours(label: str, words: str = "") -> Any:
    """A column of whole hours."""
    return st.column_config.NumberColumn(label, help=words or None, format="localized", step=1)


def closed_table(frame: pd.DataFrame, heads: dict[str, str], name: str) -> None:
    """The figures of a chart as a table, drawn only where it is opened: what nobody sees is not sent.

    heads: the columns that are shown, by their names in the frame; numbers are shown whole.
    """
    closed = st.expander("The same as a table", key=f"table_{name}", on_change="rerun")
    if not closed.open:
        return
    numbers = [code for code in heads if pd.api.types.is_numeric_dtype(frame[code])]
    columns = {code: hours(head) if code in numbers else head for code, head in heads.items()}
    rows = light(frame[list(heads)].round(dict.fromkeys(numbers, 0)))
    closed.dataframe(rows, hide_index=True, height="content", column_config=columns)
