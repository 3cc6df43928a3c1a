"""Downloads of the Data page: tables of the pack, and what was found in a file that was to be brought in."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from lib.market.about import About, about
from lib.pack.load import Pack
from lib.view.widgets.chart_downloads import offer_csv
from lib.view.widgets.text import escape_markdown


def offer(pack: Pack, frame: pd.DataFrame, what: str, name: str, internal: bool = False) -> None:
    """A download of a table of this page; `internal`: not to be shared."""
    offer_csv(about_page(pack, what, internal), f"Download {what} (CSV)", lambda: frame, name)


def about_page(pack: Pack, what: str, internal: bool) -> About:
    """What must stand with a file of this page, which carries the statuses of its figures in a column of its own."""
    return about(pack, f"{what[0].upper()}{what[1:]}", internal=internal)


def wrapped(frame: pd.DataFrame, heads: dict[str, str], ready: Mapping[str, list[str]] | None = None) -> None:
    """A table of long texts, each whole: an HTML table, whose lines wrap. ready: columns that are Markdown already."""
    table = frame[list(heads)].fillna("").map(escape_markdown).assign(**(ready or {})).rename(columns=heads)
    st.table(table.set_index(next(iter(heads.values()))))
