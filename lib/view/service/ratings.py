"""The market rating grid: published ratings, the figures that support or contradict them, and one's own view."""

from __future__ import annotations

from typing import Any, cast

import pandas as pd
import streamlit as st

from lib.market.about import about
from lib.market.basis import Standing
from lib.market.lots import LOT_MEANING
from lib.market.published.rating_grid import findings_sentences
from lib.pack.load import Pack
from lib.pack.manifest import Status
from lib.view.market.figures import State
from lib.view.service.figures import ratings_grid
from lib.view.widgets.chart_downloads import offer_csv
from lib.view.widgets.text import escape_markdown, status_badge

FINDING_BADGES = {"supports": "green", "contradicts": "orange", "cannot say": "gray"}
SIGNS = {"supports": "✓", "contradicts": "✗", "cannot say": "?"}
MOST_LETTERS = 500


def draw_ratings(pack: Pack, state: State, service: str) -> None:
    """A card a heading; below, the same to edit and to download."""
    grid = ratings_grid(pack, state, service)
    said = [
        f"{escape_markdown(text)} {status_badge(known)}" if known else escape_markdown(text)
        for text, known in findings_sentences(grid)
    ]
    st.header(" ".join(said), anchor=False)
    with st.grid(3, min_column_width=260, gap="small"):
        for row in grid.to_dict("records"):
            with st.container(border=True, gap="xsmall"):
                draw_card(row)
    st.caption(
        f"What a rating's words mean in figures is not published: each rule is this dashboard's own reading. "
        f"{LOT_MEANING}"
    )
    draw_editor(pack, service, grid)


def draw_card(row: dict[Any, Any]) -> None:
    """One heading: the published rating, the finding, the figures and the rule."""
    finding = str(row["finding"])
    st.markdown(
        f"**{escape_markdown(row['heading'])}** {status_badge(Standing(cast(Status, row['status'])))}",
        help=escape_markdown(row["source"]),
    )
    st.metric("Published rating", escape_markdown(row["rating"]), label_visibility="collapsed")
    st.markdown(f":{FINDING_BADGES[finding]}-badge[{SIGNS[finding]} {escape_markdown(row['finding_words'])}]")
    lines = [
        f"- {'**' if one.decides else ''}{escape_markdown(one.text)}{'**' if one.decides else ''} "
        f"{status_badge(one.status)}"
        for one in row["figures"]
    ]
    st.markdown("\n".join(lines))
    st.markdown(f":small[Rule: {escape_markdown(row['rule'])}]")


def own_view(service: str) -> dict[str, tuple[str, str]]:
    """One's own rating and note by heading, as they were when the table was last put on the page.

    Streamlit forgets what was typed into a table once it is not drawn, as on another tab. While it is drawn its own
    rows must stay as they are: what is typed is kept by their places.
    """
    start = f"own_view_{service}_start"
    if f"grid_{service}" not in st.session_state or start not in st.session_state:
        st.session_state[start] = st.session_state.get(f"own_view_{service}", {})
    found: dict[str, tuple[str, str]] = st.session_state[start]
    return found


def draw_editor(pack: Pack, service: str, grid: pd.DataFrame) -> None:
    """One's own rating and note beside each published one, kept for the session, and a download."""
    st.subheader("Your own view", anchor=False)
    st.markdown("Write your own rating and why. It stays in this session, and goes into the download.")
    own = own_view(service)
    headings = list(grid["heading"])
    table = pd.DataFrame(
        {
            "heading": headings,
            "rating": grid["rating"],
            "finding": grid["finding_words"],
            "own": [
                own.get(heading, (rating, ""))[0] for heading, rating in zip(headings, grid["rating"], strict=True)
            ],
            "note": [own.get(heading, ("", ""))[1] for heading in headings],
        }
    ).astype("str")
    text = st.column_config.TextColumn
    edited = st.data_editor(
        table,
        key=f"grid_{service}",
        hide_index=True,
        height="content",
        disabled=["heading", "rating", "finding"],
        column_config={
            "heading": text("Heading", pinned=True),
            "rating": text("Published rating"),
            "finding": text("What the figures say"),
            "own": text("Your rating", max_chars=60),
            "note": text("Why", max_chars=MOST_LETTERS, width="large"),
        },
        alt="The market rating grid, with a column for your own rating and one for why",
    )
    typed = edited[["own", "note"]].fillna("").itertuples(index=False, name=None)
    st.session_state[f"own_view_{service}"] = dict(zip(headings, typed, strict=True))
    columns = ["heading", "rating", "status", "source", "evidence", "evidence_status", "finding_words", "rule"]
    viewed = grid[columns].assign(your_rating=edited["own"].to_numpy(), why=edited["note"].to_numpy())
    # Its evidence names areas, and what one provider holds.
    title = "The market ratings as published; how the evidence beside each is known stands in its row"
    told = about(pack, title, "facts", service=service, known=Standing("published"))
    offer_csv(told, "The grid (CSV)", lambda: viewed, f"{service}_market_ratings.csv")
