"""In the council's words: every passage of its pages on a service, folded by kind, each with what tracks it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib.market.about import about
from lib.market.published.words import IN_FILE
from lib.market.wording import counted, listed
from lib.pack.load import Pack
from lib.pack.models import WORD_KINDS
from lib.view.market.figures import State
from lib.view.service.figures import words_of
from lib.view.widgets.chart_downloads import offer_csv
from lib.view.widgets.text import escape_markdown, quotation, status_badge

NO_SOURCE_TEXT = (
    "No source text is given in this data pack to hold these passages against, so they stand without quotation marks."
)


def draw_words(pack: Pack, state: State, service: str) -> None:
    """A line that folds open for each kind, and the download."""
    rows = words_of(pack, state, service)
    if rows.empty:
        return
    st.subheader("In the council's words", anchor=False)
    st.markdown(escape_markdown(said_of(rows)))
    with st.container(gap="xsmall"):
        for kind, label in WORD_KINDS.items():
            some = rows[rows["kind"] == kind]
            if some.empty:
                continue
            closed = st.expander(f"{label} ({len(some)})", key=words_key(service, kind), on_change="rerun")
            # What is closed is not sent.
            if closed.open:
                with closed:
                    draw_kind(some)
    told = about(pack, "In the council's words", "council_words", internal=False, service=service)
    offer_csv(
        told, "In the council's words (CSV)", lambda: rows[IN_FILE], f"{service}_in_the_councils_words.csv",
        key=f"words_csv_{service}",
    )  # fmt: skip


def words_key(service: str, kind: str) -> str:
    """The key of the line that folds open for a kind."""
    return f"words_{service}_{kind.replace(' ', '_')}"


def said_of(rows: pd.DataFrame) -> str:
    """How many passages there are, of which pages and dates, and how many a figure tracks."""
    tracked = int(rows["figures"].map(len).gt(0).sum())
    pages = rows.loc[rows["verbatim"], ["source", "last_updated"]].drop_duplicates()
    named = [f"{source}, last updated {day}" for source, day in pages.itertuples(index=False)]
    whence = f"{counted(len(rows), 'passage')}, word for word from {listed(named)}" if named else NO_SOURCE_TEXT
    if named and not rows["verbatim"].all():
        whence += f"; {counted(int((~rows['verbatim']).sum()), 'passage')} of them not found there"
    return f"{whence.rstrip('.')}. A figure tracks {tracked}; {len(rows) - tracked} have none yet."


def draw_kind(rows: pd.DataFrame) -> None:
    """The passages of one kind beside the figures that track them, and the headings that they stand under."""
    st.table(
        [
            {
                "Passage": passage(row["words"], bool(row["verbatim"]), row["superseded"]),
                "Tracked today by": "  \n".join(
                    f"{escape_markdown(one.label)}: **{escape_markdown(one.text_with_unit)}** "
                    f"{status_badge(one.status)}"
                    for one in row["figures"]
                )
                or "No figure yet.",
            }
            for row in rows.to_dict("records")
        ]
    )
    sections = [section for section in dict.fromkeys(rows["section"]) if section]
    if sections:
        st.caption(escape_markdown(f"Under {listed(sections)}."))


def passage(words: str, verbatim: bool, superseded: str) -> str:
    """A passage, and beneath it what has overtaken it."""
    lines = [quotation(words, verbatim)]
    lines += [f":small[{escape_markdown(superseded)}.]"] if superseded else []
    return "  \n".join(lines)
