"""The council's published intentions, each with the figures that track it today, or what would give one."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib.market.published.intentions import intention_faults
from lib.market.wording import counted
from lib.pack.load import Pack
from lib.view.market.figures import State
from lib.view.service.figures import intentions
from lib.view.service.words import draw_words
from lib.view.widgets.text import escape_markdown, status_badge

SUMMARY = "Intention, in short (a summary)"


def draw_intentions(pack: Pack, state: State, service: str) -> None:
    """The intentions, summed up, a row each; below, the council's own words."""
    wrong = intention_faults(pack)
    if wrong:
        lines = "\n".join(f"- {escape_markdown(fault)}" for fault in wrong)
        st.error(f"**What the pack names to track an intention cannot all be shown.**\n\n{lines}")
    rows = intentions(pack, state, service)
    if len(rows):
        draw_summary(pack, rows)
    draw_words(pack, state, service)


def draw_summary(pack: Pack, rows: pd.DataFrame) -> None:
    """A row an intention."""
    tracked = int(rows["figures"].map(len).gt(0).sum())
    st.header(
        escape_markdown(f"Of {counted(len(rows), 'published intention')}, {tracked} have a figure today and "
              f"{len(rows) - tracked} have none yet."),
        anchor=False,
    )  # fmt: skip
    table = []
    for row in rows.to_dict("records"):
        figures = [
            f"{escape_markdown(one.label)}: **{escape_markdown(one.exact_text)}** {status_badge(one.status)}"
            for one in row["figures"]
        ]
        needs = (
            f"No figure yet. What would give one: {escape_markdown(row['needs'])}" if row["needs"] else "No figure yet."
        )
        table.append({SUMMARY: f"**{escape_markdown(row['intention'])}**", "Today": "  \n".join(figures) or needs})
    st.table(table)
    resource = pack.manifest.resource("intentions")
    st.caption(
        escape_markdown(
            f"Summed up for this dashboard, not the council's own words. {resource.title}: {resource.status}. "
            f"{'; '.join(source.title for source in resource.sources)}"
        )
    )
