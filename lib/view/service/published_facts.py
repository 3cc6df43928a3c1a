"""The known and the unknown: every published figure, what follows from it, every gap and what would fill it."""

from __future__ import annotations

from typing import Any, cast

import pandas as pd
import streamlit as st

from lib.market.about import about
from lib.market.basis import Standing
from lib.market.dictionary import template_csv
from lib.market.lots import LOT_MEANING
from lib.market.wording import counted
from lib.pack.load import Pack
from lib.pack.manifest import Status
from lib.pack.models import NOT_PUBLISHED
from lib.view.market.figures import State
from lib.view.service.figures import known_and_unknown
from lib.view.widgets.chart_downloads import offer_csv
from lib.view.widgets.text import escape_markdown, quotation, status_badge

HEADINGS: dict[Status, str] = {
    "published": "Published",
    "derived": "Follows from what is published",
    "supplied": "Supplied by the council",
    "modelled": "Modelled",
    "illustrative": "Illustrative",
    "context": "Context: not this market's own figures",
}


def draw_known(pack: Pack, state: State, service: str) -> None:
    """The known on the left, the unknown on the right."""
    known, gaps = known_and_unknown(pack, state, service)
    left, right = st.columns([1, 1], gap="large")
    with left:
        draw_figures(known)
        unknown = gaps.drop(columns="verbatim").assign(status="not published", value=gaps["published_as"])
        offer_csv(
            about(pack, "Known and unknown", "facts", "gaps", internal=False, service=service),
            "Known and unknown (CSV)",
            lambda: pd.concat([known, unknown], ignore_index=True),
            f"{service}_known_and_unknown.csv",
        )
    with right:
        draw_gaps(pack, gaps)


def draw_figures(known: pd.DataFrame) -> None:
    """Every figure that is known, with its unit, period, status and source; a formula where it was worked out."""
    for status, heading in HEADINGS.items():
        rows = known[known["status"] == status]
        if rows.empty:
            continue
        st.header(f"{heading}: {counted(len(rows), 'figure')}", anchor=False)
        st.table(
            [
                {
                    "What": escape_markdown(row["measure"]),
                    "Figure": f"{value_of(row)}{status_badge(Standing(status))}",
                    "Formula, note": formula_and_note(row),
                }
                for row in rows.to_dict("records")
            ]
        )
        for (source, period), _ in rows.groupby(["source", "period"], sort=False):
            st.caption(escape_markdown(f"{source}; {period}."))


def value_of(row: dict[Any, Any]) -> str:
    """A figure with its unit; "" for a fact in words alone, whose name says all of it."""
    return f"**{escape_markdown(row['value'])}** {escape_markdown(row['unit'])} " if row["value"] else ""


def formula_and_note(row: dict[Any, Any]) -> str:
    """How a figure was worked out, and what a reader must know of it."""
    parts = [f"= {row['formula']}", row["superseded"], row["note"]]
    return ". ".join(escape_markdown(text) for text in parts if text not in ("", "= "))


def published_as(row: dict[Any, Any]) -> str:
    """What the council says of a figure, in its own words, or that it publishes none."""
    words = str(row["published_as"])
    return quotation(words.lower() if words == NOT_PUBLISHED else words, bool(row["verbatim"]))


def draw_gaps(pack: Pack, gaps: pd.DataFrame) -> None:
    """Every figure that the council does not publish: its own words, what can be derived, what would fill it."""
    st.header(f"Not published: {counted(len(gaps), 'figure')}", anchor=False)
    st.caption(
        "Never filled in silently. What stands in quotation marks is the council's own wording. What can be derived "
        f"stands beside the gap, with its formula. {LOT_MEANING}"
    )
    for row in gaps.to_dict("records"):
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"**{escape_markdown(row['measure'])}**: {published_as(row)}")
            if row["answer"]:
                status = status_badge(Standing(cast(Status, row["answer_status"])))
                st.markdown(
                    f"Can be derived: **{escape_markdown(row['answer'])}** {status} = "
                    f"{escape_markdown(row['answer_formula'])}"
                )
            elif row["note"]:
                st.markdown(f":small[{escape_markdown(row['note'])}]")
            if row["filled_by"]:
                st.markdown(f":small[What would fill it: {escape_markdown(row['filled_by'])}]")
            if row["template"]:
                table = str(row["template"])
                st.download_button(
                    f"Upload template: {escape_markdown(pack.manifest.resource(table).title)}",
                    template_csv(pack, table),
                    file_name=f"{table}_template.csv",
                    mime="text/csv",
                    key=f"template_{row['id']}",
                    on_click="ignore",
                )
