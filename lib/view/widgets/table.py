"""Tables on their way to the browser, without what it has no use for."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from lib.market.units import UNITS


def light(frame: pd.DataFrame) -> pa.Table:
    """A frame as an Arrow table without its index and without pandas' own notes, which outweigh a small table."""
    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)


def hours(label: str, words: str = "") -> Any:
    """A column of whole hours."""
    return st.column_config.NumberColumn(label, help=words or None, format=UNITS["hours"].table_format, step=1)
