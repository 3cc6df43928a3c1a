"""What a change would do to the pack, before it is made: rows, statuses, headline figures, totals, and what to heed."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.market.wording import counted
from lib.pack.faults import Fault
from lib.pack.imports.proposal import Proposal
from lib.pack.load import Pack
from lib.view.data.downloads import offer, wrapped
from lib.view.widgets.faults import fault_table
from lib.view.widgets.table import draw_frame
from lib.view.widgets.text import escape_markdown

SHOWN = 100  # of faults, of rows of a list: the download has all
SENTENCES = 20
SAID = 3  # of faults, in whole sentences; where there are more, a table has them too
FAULT_COLUMNS = ["file", "row", "column", "letter", "found", "expected"]


def draw_faults(pack: Pack, faults: Sequence[Fault], key: str, again: str) -> None:
    """Everything that is wrong with the files, each with its place and cure, and a file of all of it."""
    noun = counted(len(faults), "fault")
    lines = "".join(f"\n- {escape_markdown(fault)}" for fault in faults[:SAID])
    st.error(f"{noun} found. Nothing was changed. Put right what is said here, then {again}.\n{lines}")
    if len(faults) > SAID:
        fault_table(faults[:SHOWN])
    if len(faults) > SHOWN:
        st.caption(f"The first {SHOWN} of {len(faults):,} are shown; the download has all.")
    rows = [{name: getattr(fault, name) for name in FAULT_COLUMNS} for fault in faults]
    table = pd.DataFrame(rows, columns=FAULT_COLUMNS, dtype="object")
    offer(pack, table, "every fault", f"faults_{key}.csv", internal=True)


def draw_preview(proposal: Proposal, effects: pd.DataFrame) -> None:
    """All that would change. effects: on the headline figures, of two whole packs, the shown one and the new."""
    st.subheader("What would change", anchor=False)
    draw_read(proposal)
    if proposal.is_empty:
        st.info("The pack has all of this already: nothing would change.")
    else:
        draw_rows(proposal)
        draw_statuses(proposal)
        draw_headlines(effects)
        draw_totals(proposal)
        draw_heed(proposal)
    draw_lists(proposal)


def draw_read(proposal: Proposal) -> None:
    """What was read, as at when, and what was put up with."""
    change = proposal.change
    st.markdown(f"**{escape_markdown(change.title[:1].upper() + change.title[1:])}**")
    lines = [f"{escape_markdown(words)}: **{number:,}**" for words, number in change.counts]
    lines += [f"as at **{escape_markdown(change.as_at)}**"] if change.as_at else []
    lines += [escape_markdown(note) for note in change.notes[:SENTENCES]]
    if len(change.notes) > SENTENCES:
        lines.append(f"and {len(change.notes) - SENTENCES:,} more notes like these")
    if lines:
        st.markdown("\n".join(f"- {line}" for line in lines))


def draw_rows(proposal: Proposal) -> None:
    """The tables that differ, and some rows of each."""
    st.markdown("#### Rows")
    if not proposal.tables:
        st.markdown("No row of a table changes.")
        return
    counts = {"before": "Before", "after": "After", "added": "Added", "changed": "Changed", "dropped": "Dropped"}
    rows = [{"path": one.path, **{name: f"{getattr(one, name):,}" for name in counts}} for one in proposal.tables]
    wrapped(pd.DataFrame(rows), {"path": "Table", **counts})
    for one in proposal.tables:
        if not one.examples.empty:
            every = one.added + one.changed + one.dropped
            some = f"{len(one.examples)} of " if len(one.examples) < every else ""
            with st.expander(escape_markdown(f"{one.path}: {some}{counted(every, 'row')} that would change")):
                wrapped(one.examples, {"change": "Change", "row": "Row", "what": "What"})


def draw_statuses(proposal: Proposal) -> None:
    """The tables whose status or credit turns."""
    if proposal.statuses.empty:
        return
    st.markdown("#### How the figures are known")
    table = proposal.statuses.assign(before=[before or "not there" for before in proposal.statuses["before"]])
    wrapped(table, {"title": "Table", "before": "Before", "after": "After", "credit": "Credit"})


def draw_headlines(effects: pd.DataFrame) -> None:
    """The headline figures that differ, before and after."""
    st.markdown("#### Headline figures")
    differing = effects[effects["differs"]]
    if differing.empty:
        st.markdown("No headline figure changes.")
        return
    for side in ("before", "after"):
        texts = [
            f"{text} ({status})" if text else "not there"
            for text, status in zip(differing[f"text_{side}"], differing[f"status_{side}"], strict=True)
        ]
        differing = differing.assign(**{side: texts})
    heads = {"label": "Figure", "before": "Before", "after": "After", "service": "Service"}
    wrapped(differing[list(heads)], heads)


def draw_totals(proposal: Proposal) -> None:
    """The lines of the reconciliation that differ."""
    st.markdown("#### Reconciliation with the published totals")
    lines = proposal.reconciliation
    if lines.empty:
        st.markdown("No total changes.")
        return
    off = lines[(lines["expected_after"] - lines["actual_after"]).abs() > 0]
    if len(off):
        verb = "does" if len(off) == 1 else "do"
        st.warning(f"{counted(len(off), 'of these totals', 'of these totals')} {verb} not agree afterwards.")
    figures = {
        "expected_before": "Published, before",
        "actual_before": "This pack, before",
        "expected_after": "Published, after",
        "actual_after": "This pack, after",
    }
    number = {name: st.column_config.NumberColumn(label, format="localized") for name, label in figures.items()}
    heads = {"measure": st.column_config.TextColumn("Figure", pinned=True), **number, "unit": "Unit", "fact_id": "Fact"}
    draw_frame(lines[list(heads)].head(SHOWN), columns=heads, height="content" if len(lines) < 10 else "auto")
    if len(lines) > SHOWN:
        st.caption(f"The first {SHOWN} of {len(lines):,} lines that differ are shown.")


def draw_heed(proposal: Proposal) -> None:
    """Rows that are missing, before and after; what the check says of the new pack, and no longer says."""
    before, after = proposal.missing_before, proposal.missing_after
    if before or after:
        st.markdown(f"Rows that are missing, at least: **{before:,}** before, **{after:,}** after.")
    draw_sentences("Look at these before you apply it", proposal.cautions)
    draw_sentences("What this settles", proposal.settled)


def draw_sentences(title: str, sentences: Sequence[str]) -> None:
    """Sentences of the check under a head; nothing where there is none."""
    if sentences:
        st.markdown(f"#### {title}")
        lines = [escape_markdown(words) for words in sentences[:SENTENCES]]
        more = len(sentences) - SENTENCES
        st.markdown("\n".join(f"- {line}" for line in [*lines, *([f"and {more:,} more"] if more > 0 else [])]))


def draw_lists(proposal: Proposal) -> None:
    """Longer lists, such as what was not matched, each folded, with all of it as a file."""
    for place, (title, frame) in enumerate(proposal.change.lists.items()):
        with st.expander(escape_markdown(f"{title} ({len(frame):,})")):
            draw_frame(frame.head(SHOWN).astype("str"))
            if len(frame) > SHOWN:
                st.caption(f"The first {SHOWN} of {len(frame):,} are shown; the download has all.")
            offer(proposal.old, frame, f"the list “{escape_markdown(title)}”", f"list_{place + 1}.csv", internal=True)
