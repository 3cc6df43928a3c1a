"""Where the figures come from, on the Data page: statuses, dates, what is older than its publisher's rhythm."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import streamlit as st

from lib.market.basis import MEANINGS
from lib.market.dictionary import sources_table
from lib.market.freshness import NO_DATE, freshness
from lib.market.wording import counted
from lib.pack.load import Pack
from lib.view.data.downloads import wrapped
from lib.view.widgets.text import BADGES, escape_markdown, meaning_badge


def draw_sources(pack: Pack, today: dt.date) -> None:
    """The tab. today: the day against which the age of a source counts."""
    draw_statuses()
    draw_freshness(freshness(pack, today), today)
    draw_files(pack)


def draw_statuses() -> None:
    """What each status means."""
    st.subheader("How a figure is known", anchor=False)
    st.markdown(
        "\n".join(f"- {meaning_badge(status)} {escape_markdown(meaning)}" for status, meaning in MEANINGS.items())
    )


def draw_freshness(table: pd.DataFrame, today: dt.date) -> None:
    """Every table with its status, date and publisher; what is older than its publisher's rhythm is marked, first."""
    st.subheader("How fresh each table is", anchor=False)
    old, undated = int(table["is_old"].sum()), int(table["as_at"].isna().sum())
    said = "no table is known to be older than its publisher's rhythm"
    if old:
        said = f"{counted(old, 'table')} {'is' if old == 1 else 'are'} older than the publisher's rhythm"
    st.markdown(
        f"On {today.day} {today:%B %Y}: **{escape_markdown(said)}**; of {counted(undated, 'table')} the source's date "
        "is not given."
    )
    rows = table.sort_values("is_old", ascending=False, kind="stable").reset_index(drop=True)
    dates = [NO_DATE if day is None else f"{day.day} {day:%B %Y}" for day in rows["as_at"]]
    fresh = ["" if words == NO_DATE else escape_markdown(words) for words in rows["words"]]
    ready = {
        "status": [f":{BADGES[status]}-badge[{status}]" for status in rows["status"]],
        "words": [
            f":red-badge[old] {words}" if is_old else words for is_old, words in zip(rows["is_old"], fresh, strict=True)
        ],
    }
    heads = {"title": "Table", "status": "Status", "date": "As at", "publisher": "Publisher", "words": "How fresh"}
    wrapped(rows.assign(date=dates), heads, ready)


def draw_files(pack: Pack) -> None:
    """Every file of the pack: how it was made, its sources, licence and credit."""
    st.subheader("Sources and statuses", anchor=False)
    table = sources_table(pack)
    heads = {
        "title": "Table",
        "status": "Status",
        "rule": "How it was made",
        "sources": "Sources",
        "licence": "Licence",
    }
    wrapped(table, heads)
    for credit in dict.fromkeys(text for text in table["credit"] if text):
        st.caption(escape_markdown(credit))
