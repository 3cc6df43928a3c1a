"""Small tables changed on the page itself: typed, read as an upload is, looked at, then made a version."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pandas as pd
import streamlit as st

from lib.pack.description import description
from lib.pack.faults import Fault
from lib.pack.imports.change import Upload
from lib.pack.load import Pack, shown
from lib.pack.models import TABLES
from lib.view.data.applying import draw_pending, why_read_only
from lib.view.data.pending import pending_of
from lib.view.widgets.switch import switch
from lib.view.widgets.text import escape_markdown

HELD, ROUND, ROWS = "data_edit", "data_edit_round", "data_edit_rows"
# In the session, for each table: its rows as the editor began with them and as they are now, as CSV; and the pack's.
BEGAN, NOW, OWN = "data_edit_began", "data_edit_now", "data_edit_own"
# The tables of words and single figures. The council's ratings of its markets stand among the facts.
SMALL = {"facts": "Facts and market ratings", "gaps": "What is not published", "intentions": "Intentions"}
WORDS = {
    "facts": "What the council has published, one figure or rating a row; pages and checks go by the id.",
    "gaps": "Figures that pages need and nobody publishes, with the words in which the council says so.",
    "intentions": "What the council says it will do, summed up.",
}
FIRST_ROW = 2  # as a spreadsheet counts the first row below the head


def draw_editing(pack: Pack) -> None:
    """The tab."""
    closed = why_read_only(pack.root)
    st.markdown(
        "Type into a cell, add a row below the last, or mark rows and delete them. Nothing changes before you have "
        "seen what it would do, and applied it."
    )
    if closed:
        st.info(escape_markdown(closed))
        return
    table = switch("Table", SMALL, key="data_edit_table", in_link=False)
    own = csv_of(rows_of(pack, table))
    if st.session_state.get(f"{NOW}_{table}") == st.session_state.get(f"{OWN}_{table}") != own:
        start_again(table)  # nothing was typed: there is nothing to lose where the pack has other rows by now
    st.session_state.setdefault(f"{OWN}_{table}", own)
    st.caption(WORDS[table])
    rows = edited(pack, table)
    content = csv_of(rows)
    st.session_state[f"{NOW}_{table}"] = content
    if st.session_state.get(f"{OWN}_{table}", own) != own:
        st.warning(
            "This table was changed in the pack after you began. What you typed is kept below; what is applied "
            "replaces the table as it is now, so look at the rows that would change, or start again."
        )
    with st.container(horizontal=True):
        st.button(
            "Look at what this changes", key=f"data_edit_look_{table}", disabled=content == own,
            on_click=lambda: look(table, content, list(rows.index)),
        )  # fmt: skip
        st.button("Start again", key=f"data_edit_again_{table}", on_click=lambda: start_again(table))
    pending = st.session_state.get(HELD)
    if pending is not None and pending.kind == table:
        draw_pending(
            pack, HELD, table, discard=lambda: st.session_state.pop(HELD, None), done=lambda: start_again(table),
            placed=as_typed, again="look again",
        )  # fmt: skip


def edited(pack: Pack, table: str) -> pd.DataFrame:
    """The table as it was typed: every cell a text, numbered as the message on a cell counts rows."""
    key = f"data_editor_{table}_{st.session_state.get(ROUND, 0)}"
    if key not in st.session_state or f"{BEGAN}_{table}" not in st.session_state:
        # The editor forgets when it is not drawn: it begins again with what was typed last.
        kept = st.session_state.get(f"{NOW}_{table}")
        st.session_state[f"{BEGAN}_{table}"] = csv_of(rows_of(pack, table)) if kept is None else kept
    began = frame_of(st.session_state[f"{BEGAN}_{table}"])
    columns = {
        name: st.column_config.TextColumn(name, help=escape_markdown(column.meaning))
        for name, column in description(TABLES[table]).columns.items()
        if name in began
    }
    found = st.data_editor(
        began, num_rows="dynamic", key=key, hide_index=False, column_config={"_index": "Row", **columns}, height=420,
    )  # fmt: skip
    return found.fillna("")


def rows_of(pack: Pack, table: str) -> pd.DataFrame:
    """A table of the pack, every cell as it stands in the file."""
    return pack.table(table).map(shown)


def csv_of(rows: pd.DataFrame) -> bytes:
    """Rows as a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows.columns)
    writer.writerows(rows.to_numpy().tolist())
    return text.getvalue().encode("utf-8", errors="replace")


def frame_of(content: bytes) -> pd.DataFrame:
    """A CSV file as a frame of texts, its rows numbered as a spreadsheet does."""
    head, *rows = csv.reader(io.StringIO(content.decode("utf-8"), newline=""))
    frame = pd.DataFrame(rows, columns=head, dtype="str")
    frame.index = pd.RangeIndex(FIRST_ROW, FIRST_ROW + len(frame))
    return frame


def look(table: str, content: bytes, rows: list[int]) -> None:
    """Keep what was typed as an upload that is to be looked at. rows: their numbers in the editor."""
    st.session_state[HELD] = pending_of(table, [Upload("what was typed", content)], typed=True)
    st.session_state[ROWS] = rows


def as_typed(fault: Fault) -> Fault:
    """A fault with the row as the editor numbers it: where rows were deleted above, the reader counts others.

    The editor's columns have no letters.
    """
    rows = st.session_state.get(ROWS, [])
    place = -1 if fault.row is None else fault.row - FIRST_ROW
    return replace(fault, row=int(rows[place]) if 0 <= place < len(rows) else fault.row, letter="")


def start_again(table: str) -> None:
    """Forget what was typed into a table."""
    for name in (f"{BEGAN}_{table}", f"{NOW}_{table}", f"{OWN}_{table}", HELD):
        st.session_state.pop(name, None)
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
