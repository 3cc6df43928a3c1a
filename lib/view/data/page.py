"""The Data page: where figures come from, whether totals agree, which rows are missing, what columns mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

import pandas as pd
import streamlit as st

from lib.market.about import About, about
from lib.market.basis import MEANINGS
from lib.market.dictionary import data_dictionary, indicator_dictionary, sources_table
from lib.market.lots import LOT_MEANING
from lib.market.not_given import not_given, not_given_table
from lib.market.wording import counted
from lib.pack.completeness import completeness, disagreements
from lib.pack.load import Pack
from lib.pack.models import NOT_PUBLISHED
from lib.pack.quotations import is_verbatim, quotation_faults
from lib.pack.reconcile import COLUMNS, differences, reconcile
from lib.view.data.backtest import draw_backtests
from lib.view.data.unlikely import draw_unlikely
from lib.view.market.figures import State
from lib.view.widgets.chart_downloads import offer_csv
from lib.view.widgets.faults import fault_table
from lib.view.widgets.table import draw_frame
from lib.view.widgets.text import escape_markdown, meaning_badge, quotation


@st.cache_data(max_entries=4, show_spinner=False)
def reconciliation(_pack: Pack, state: State) -> pd.DataFrame:
    """lib.pack.reconcile.reconcile, kept."""
    del state
    return reconcile(_pack)


def data_page(pack: Pack, state: State) -> None:
    """Draw the page."""
    lines = reconciliation(pack, state)
    published = lines[lines["kind"] == "published"]
    gaps = pack.table("gaps")
    unknown = f"{counted(len(gaps), 'figure')} {'is' if len(gaps) == 1 else 'are'} not published"
    rows = completeness(pack).rows
    known = agreement(published, lines) + (f"; at least {counted(rows, 'row')} missing" if rows else "")
    waits = not_given(pack)
    known += f"; {counted(len(waits), 'table')} still to be given" if waits else ""
    told = f"{known}; {unknown}." if len(gaps) or not waits else f"{known}."
    st.header(escape_markdown(told), anchor=False)
    draw_unlikely(pack)
    draw_not_given(pack)
    draw_statuses()
    draw_reconciliation(pack, lines)
    draw_missing(pack)
    draw_backtests(pack, state)
    draw_gaps(pack, gaps)
    draw_facts(pack)
    draw_sources(pack)
    draw_dictionary(pack)


def draw_not_given(pack: Pack) -> None:
    """The tables that nobody has given yet: what is unknown without each, and the template that fills it."""
    table = not_given_table(pack)
    if table.empty:
        return
    st.subheader("What is not given yet", anchor=False)
    st.markdown("Nothing is missing from these tables, and nothing in them is 0: nobody has given them as yet.")
    table["called"] = [f"{text[0].upper()}{text[1:]}" for text in table["called"]]
    wrapped(table, {"called": "What", "without": "Not known without it", "template": "Template that fills it"})


def agreement(published: pd.DataFrame, lines: pd.DataFrame) -> str:
    """Whether the totals agree, in words: nothing agrees where there is nothing to compare with."""
    off = differences(lines)
    if not off.empty:
        return f"{len(off)} of {len(lines)} checks do not agree"
    if published.empty:
        return "There is no published total to compare with"
    if len(published) == 1:
        return "The one total that was published agrees, to the unit"
    return f"All {len(published)} totals agree with what was published, to the unit"


def draw_statuses() -> None:
    """What each status means."""
    st.subheader("How a figure is known", anchor=False)
    st.markdown(
        "\n".join(f"- {meaning_badge(status)} {escape_markdown(meaning)}" for status, meaning in MEANINGS.items())
    )


def draw_reconciliation(pack: Pack, lines: pd.DataFrame) -> None:
    """The published totals beside what the tables come to, and the checks of lots and history in short."""
    st.subheader("Reconciliation", anchor=False)
    st.markdown("What the tables of this pack come to, beside the totals that were published.")
    published = lines[lines["kind"] == "published"]
    figure = "localized"
    if published.empty and not_given(pack):
        st.markdown("No published total was given: there is nothing to compare yet.")
        return
    draw_frame(
        published.assign(agrees=[agrees(gap) for gap in published["difference"]])[
            ["measure", "unit", "expected", "actual", "difference", "agrees", "status", "fact_id"]
        ],
        height="content",
        columns={
            "measure": st.column_config.TextColumn("Figure", pinned=True),
            "unit": "Unit",
            "expected": st.column_config.NumberColumn("Published", format=figure),
            "actual": st.column_config.NumberColumn("This pack", format=figure),
            "difference": st.column_config.NumberColumn("Difference", format=figure),
            "agrees": "Agrees",
            "status": "Status",
            "fact_id": "Fact",
        },
    )
    for kind, words in (
        ("lot", "Lot by lot, the hours that providers deliver equal the hours that are bought"),
        ("history", "By district and cohort, the last month of each service's history equals today's hours and people"),
    ):
        some = lines[lines["kind"] == kind]
        agree = (
            f"{int((some['difference'] == 0).sum()):,} of {len(some):,} agree" if len(some) else "nothing to compare"
        )
        st.markdown(f"- {words}: **{agree}**.")
    st.caption(LOT_MEANING)
    off = differences(lines[lines["kind"] != "published"])
    if not off.empty:
        draw_frame(off[COLUMNS])
    # Of the checks, those lot by lot tell how many people a district has.
    offer(pack, lines[[*COLUMNS, "unit"]], "every check", "reconciliation.csv", internal=True)


def agrees(gap: float) -> str:
    """Whether a line agrees, in a word or two."""
    return "cannot be added up" if pd.isna(gap) else "yes" if gap == 0 else "no"


def draw_missing(pack: Pack) -> None:
    """The rows that the pack must have and has not, and what is unknown for it."""
    st.subheader("Rows that are missing", anchor=False)
    found = completeness(pack)
    if found.missing:
        st.markdown(
            f"Of {found.expected:,} rows that this pack must have, at least {found.rows:,} are missing. What needs "
            "them is left empty, never counted as 0."
        )
        rows = [{**asdict(one), "rows": f"{one.rows:,}"} for one in found.missing]
        heads = {"file": "File", "what": "Missing", "rows": "Rows, at least", "expected": "Expected", "effect": "So"}
        wrapped(pd.DataFrame(rows), heads)
    else:
        st.markdown(f"No row is missing: {counted(found.expected, 'row')} expected, all there.")
    for fault in disagreements(pack):
        st.markdown(f"- {escape_markdown(fault)}")


def draw_gaps(pack: Pack, gaps: pd.DataFrame) -> None:
    """What the council does not publish, and what is given as its words and is not in its pages."""
    if gaps.empty and not pack.given("gaps"):
        return
    st.subheader("What is not published", anchor=False)
    st.markdown(
        "These figures are not filled in. Where a page needs one, it shows a modelled or made-up figure, tagged so. "
        "What stands in quotation marks is the council's own wording, to the letter."
    )
    words = [
        quotation(text.lower() if text == NOT_PUBLISHED else text, is_verbatim(pack, service, text))
        for service, text in zip(gaps["service"], gaps["published_as"], strict=True)
    ]
    texts = gaps.assign(service=[pack.service(code).label for code in gaps["service"]])
    heads = {"service": "Service", "measure": "Figure", "published_as": "The council's words", "note": "Note"}
    wrapped(texts, heads, {"published_as": words})
    faults = quotation_faults(pack)
    if faults:
        st.markdown("Given as the council's words, and not in its pages: shown without quotation marks.")
        fault_table(faults)


def wrapped(frame: pd.DataFrame, heads: dict[str, str], ready: Mapping[str, list[str]] | None = None) -> None:
    """A table of long texts, each whole: an HTML table, whose lines wrap. ready: columns that are Markdown already."""
    table = frame[list(heads)].fillna("").map(escape_markdown).assign(**(ready or {})).rename(columns=heads)
    st.table(table.set_index(next(iter(heads.values()))))


def draw_facts(pack: Pack) -> None:
    """Every published figure, with its status and source."""
    facts = pack.table("facts")
    if facts.empty and not pack.given("facts"):
        return
    with st.expander(f"{len(facts)} published figures and what was worked out from them"):
        draw_frame(
            facts.assign(service=[pack.service(code).label for code in facts["service"]]).fillna(""),
            columns={
                "id": "Fact",
                "service": "Service",
                "measure": st.column_config.TextColumn("Figure", width="large"),
                "value": "Value",
                "unit": "Unit",
                "period": "Period",
                "status": "Status",
                "source": st.column_config.TextColumn("Source", width="large"),
                "note": st.column_config.TextColumn("Note", width="large"),
                "qualifies": "Stands beside",
                "superseded_by": "Superseded by",
            },
        )


def draw_sources(pack: Pack) -> None:
    """Every file of the pack with its status, how it was made, its sources, licence and credit."""
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


def draw_dictionary(pack: Pack) -> None:
    """What every column and every indicator means."""
    st.subheader("Data dictionary", anchor=False)
    columns, measures = data_dictionary(), indicator_dictionary(pack)
    with st.expander(f"{len(measures)} indicators: meaning, formula, denominator, caveat"):
        draw_frame(measures)
    with st.expander(f"{len(columns)} columns of {columns['table'].nunique()} tables"):
        draw_frame(columns)
    offer(pack, measures, "the indicators", "indicators.csv")
    offer(pack, columns, "the columns", "data_dictionary.csv")


def offer(pack: Pack, frame: pd.DataFrame, what: str, name: str, internal: bool = False) -> None:
    """A download of a table of this page; `internal`: not to be shared."""
    offer_csv(about_page(pack, what, internal), f"Download {what} (CSV)", lambda: frame, name)


def about_page(pack: Pack, what: str, internal: bool) -> About:
    """What must stand with a file of this page, which carries the statuses of its figures in a column of its own."""
    return about(pack, f"{what[0].upper()}{what[1:]}", internal=internal)
