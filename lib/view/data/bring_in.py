"""Bringing figures in: choose a kind, take its template, upload, look, apply."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath
from typing import Any

import streamlit as st
from streamlit import config

from lib.market.freshness import published_words
from lib.market.sharing import internal_name, safe_name
from lib.pack.imports.change import Upload
from lib.pack.imports.kinds import TABLE_KINDS, Kind, bound, kinds
from lib.pack.load import Pack
from lib.view.data.applying import draw_pending, why_read_only
from lib.view.data.pending import pending_of
from lib.view.link.parameters import KIND
from lib.view.widgets.chart_downloads import NOT_TO_SHARE
from lib.view.widgets.text import escape_markdown

HELD, ROUND = "data_upload", "data_upload_round"
FILLED = "data_filled"
FORMS = {
    "xlsx": ("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("CSV", "text/csv"),
    "ods": ("OpenDocument", "application/vnd.oasis.opendocument.spreadsheet"),
}


def draw_bring_in(pack: Pack) -> None:
    """The tab."""
    known = kinds()
    closed = why_read_only(pack.root)
    st.markdown(
        "Choose what you have and upload it. You see what it changes before anything changes; what you then apply "
        "becomes a version of its own, and the one before stays."
    )
    st.selectbox(
        "What do you bring?",
        list(known),
        format_func=lambda code: label_of(known[code]) if code in known else code,
        key=KIND,
        on_change=discard,
    )
    chosen = st.session_state.get(KIND)
    kind = known.get(str(chosen)) or next(iter(known.values()))
    st.caption(escape_markdown(f"Takes {kind.takes}. {published_words(kind)}"))
    draw_templates(pack, kind)
    if closed:
        st.info(escape_markdown(closed))
        return
    draw_uploader(kind)
    draw_pending(pack, HELD, kind.code, discard=discard, done=discard)


def label_of(kind: Kind) -> str:
    """A kind as it stands in the list: the council's own tables are told from what others publish."""
    return kind.label if kind.code not in TABLE_KINDS or kind.rhythm_days else f"{kind.label} (a table of the pack)"


def draw_templates(pack: Pack, kind: Kind) -> None:
    """A table's template, empty or with the pack's rows; nothing for what others publish in their own form."""
    table = kind.table or (kind.code if kind.code in TABLE_KINDS else "")
    if not table:
        st.caption("There is no template: upload the file as it is published.")
        return
    with st.container(horizontal=True, vertical_alignment="center", key="data_templates"):
        filled = st.toggle("With the rows that the pack has", key=FILLED, persist_state="session")
        for form, (label, mime) in FORMS.items():
            name = f"rows_of_{table}.{form}" if filled else f"to_fill_in_{table}.{form}"
            st.download_button(
                f"{'Rows' if filled else 'Template'}, {label}",
                partial(template_of, table, pack, form, filled),
                file_name=internal_name(safe_name(name)) if filled else safe_name(name),
                mime=mime,
                on_click="ignore",
                help=NOT_TO_SHARE if filled else None,
                key=f"data_template_{form}",
            )


def template_of(table: str, pack: Pack, form: str, filled: bool) -> bytes:
    """A table's template as a file, or the pack's rows in its form."""
    content: bytes = bound(f"lib.pack.imports.templates:{'filled' if filled else 'template'}")(table, pack, form)
    return content


def draw_uploader(kind: Kind) -> None:
    """The box that takes files, of whatever name: what a file is, its content says."""
    number = st.session_state.setdefault(ROUND, 0)
    key = f"data_files_{kind.code}_{number}"

    def uploaded() -> None:
        files = st.session_state.get(key)
        came: list[Any] = files if isinstance(files, list) else [files] if files is not None else []
        if came:
            uploads = [Upload(PurePath(one.name).name or one.name, one.getvalue()) for one in came]
            st.session_state[HELD] = pending_of(kind.code, uploads)
        else:
            st.session_state.pop(HELD, None)

    st.file_uploader(
        f"{escape_markdown(kind.label)}: {'files' if kind.folder else 'file'}, at most {largest():,} MB",
        accept_multiple_files=kind.folder,
        key=key,
        on_change=uploaded,
    )


def largest() -> int:
    """The largest upload in megabytes, as the server's own setting says."""
    return int(config.get_option("server.maxUploadSize"))


def discard() -> None:
    """Forget the files that came, and empty the box."""
    st.session_state.pop(HELD, None)
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
