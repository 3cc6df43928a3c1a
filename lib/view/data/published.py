"""What the council published, and what it did not, on the Data page."""

from __future__ import annotations

import streamlit as st

from lib.market.not_given import templates
from lib.market.wording import listed
from lib.pack.load import Pack
from lib.pack.models import NOT_PUBLISHED
from lib.pack.quotations import is_verbatim, quotation_faults
from lib.view.data.downloads import wrapped
from lib.view.widgets.faults import fault_table
from lib.view.widgets.table import draw_frame
from lib.view.widgets.text import quotation

# What is said of the tables of this tab that nobody has given.
ABSENT = {
    "facts": "No published figure was given",
    "gaps": "nobody has said what is not published",
}


def draw_published(pack: Pack) -> None:
    """The tab."""
    absent = [name for name in ("facts", "gaps") if pack.table(name).empty and not pack.given(name)]
    if absent:
        st.info(f"{listed([ABSENT[name] for name in absent])}: fill the {templates(absent)} on this page.")
    draw_gaps(pack)
    draw_facts(pack)


def draw_gaps(pack: Pack) -> None:
    """What the council does not publish, and what is given as its words and is not in its pages."""
    gaps = pack.table("gaps")
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
