"""What is wrong, or unlikely, in the files of a pack, as a table."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from lib.pack.faults import Fault
from lib.view.widgets.text import escape_markdown


def fault_table(faults: Iterable[Fault]) -> None:
    """Each fault with its file, row and column, what was found and what was expected."""
    st.table(
        [
            {
                "File": escape_markdown(fault.file),
                "Row": "" if fault.row is None else f"{fault.row}",
                "Column": escape_markdown(fault.column_words),
                "Found": escape_markdown(fault.found),
                "Expected": escape_markdown(fault.expected),
            }
            for fault in faults
        ]
    )
