"""What the pack's figures were held against: what is unlikely, whether totals agree, which rows are missing."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd
import streamlit as st

from lib.market.awaited import not_given
from lib.market.wording import counted
from lib.pack.completeness import completeness, disagreements
from lib.pack.load import Pack
from lib.pack.reconcile import COLUMNS, differences
from lib.view.data.backtest import draw_backtests
from lib.view.data.downloads import offer, wrapped
from lib.view.data.unlikely import draw_unlikely
from lib.view.market.figures import State
from lib.view.widgets.table import draw_frame
from lib.view.widgets.text import escape_markdown


def draw_checks(pack: Pack, state: State, lines: pd.DataFrame) -> None:
    """The tab. lines: the reconciliation."""
    draw_unlikely(pack)
    draw_reconciliation(pack, lines)
    draw_missing(pack)
    draw_backtests(pack, state)


def draw_reconciliation(pack: Pack, lines: pd.DataFrame) -> None:
    """The published totals beside what the tables come to, and the checks of lots and history in short."""
    st.subheader("Reconciliation", anchor=False)
    st.markdown("What the tables of this pack come to, beside the totals that were published.")
    published = lines[lines["kind"] == "published"]
    if published.empty and not_given(pack):
        st.markdown("No published total was given: there is nothing to compare yet.")
        return
    table = published.assign(agrees=[agrees(gap) for gap in published["difference"]])
    for name in ("expected", "actual", "difference"):
        table[name] = [written(value) for value in table[name]]
    # A table whose lines wrap: one that scrolls hides its last column, and the ends of large sums, on narrow screens.
    heads = {
        "measure": "Figure",
        "unit": "Unit",
        "expected": "Published",
        "actual": "This pack",
        "difference": "Difference",
        "agrees": "Agrees",
        "status": "Status",
        "fact_id": "Fact",
    }
    wrapped(table.astype(dict.fromkeys(heads, "str")), heads)
    for kind, words in (
        ("lot", "Lot by lot, the hours that providers deliver equal the hours that are bought"),
        ("history", "By district and cohort, the last month of each service's history equals today's hours and people"),
    ):
        some = lines[lines["kind"] == kind]
        agree = (
            f"{int((some['difference'] == 0).sum()):,} of {len(some):,} agree" if len(some) else "nothing to compare"
        )
        st.markdown(f"- {words}: **{agree}**.")
    off = differences(lines[lines["kind"] != "published"])
    if not off.empty:
        draw_frame(off[COLUMNS])
    # Of the checks, those lot by lot tell how many people a district has.
    offer(pack, lines[[*COLUMNS, "unit"]], "every check", "reconciliation.csv", internal=True)


def agrees(gap: float) -> str:
    """Whether a line agrees, in a word or two."""
    return "cannot be added up" if pd.isna(gap) else "yes" if gap == 0 else "no"


def written(value: float) -> str:
    """A figure with its thousands and as many decimals as it has; "" where there is none."""
    return "" if pd.isna(value) else f"{value:,.15g}"


def draw_missing(pack: Pack) -> None:
    """The rows that the pack must have and has not, and what is unknown for it."""
    st.subheader("Rows that are missing", anchor=False)
    found = completeness(pack)
    if found.missing:
        st.markdown(
            f"Of {found.expected:,} rows that this pack must have, at least {found.rows:,} are missing. What needs "
            "them is left empty, never counted as 0. The first tab has a template for each table, with the rows that "
            "it has, and takes it back."
        )
        rows = [{**asdict(one), "rows": f"{one.rows:,}"} for one in found.missing]
        heads = {"file": "File", "what": "Missing", "rows": "Rows, at least", "expected": "Expected", "effect": "So"}
        wrapped(pd.DataFrame(rows), heads)
    else:
        st.markdown(f"No row is missing: {counted(found.expected, 'row')} expected, all there.")
    for fault in disagreements(pack):
        st.markdown(f"- {escape_markdown(fault)}")
