"""Beneath a service's table: figures of it beside what was published of another population, area or year."""

from __future__ import annotations

import streamlit as st

from lib.market.indicators import indicators
from lib.market.published.context import qualifying
from lib.market.selection import select
from lib.market.status import county_figure
from lib.pack.load import Pack
from lib.view.market.figures import State, market_figures
from lib.view.widgets.text import escape_markdown, status_badge


def draw_context(pack: Pack, state: State, service: str) -> None:
    """The county's own figures, of the whole service, and a row for each fact that stands beside one of them."""
    known, found = indicators(pack), qualifying(pack, service)
    codes = [code for code in known if code in found]
    if not codes:
        return
    selection = select(pack, service)
    county = market_figures(pack, state, selection).county
    st.subheader("Beside these figures, for comparison", anchor=False)
    rows = []
    for code in codes:
        own = county_figure(pack, selection, county, code)
        here = f"{escape_markdown(own.label)}: **{escape_markdown(own.text_with_unit)}** {status_badge(own.status)}"
        for place, one in enumerate(found[code]):
            # The figure stands once, above all that is beside it.
            rows.append(
                {
                    "Here": "" if place else here,
                    "Published elsewhere": f"{escape_markdown(one.words)} {status_badge(one.figure.status)}",
                    "Note": escape_markdown(one.remark),
                }
            )
    st.table(rows)
    sources = dict.fromkeys(one.figure.source for code in codes for one in found[code])
    st.caption(escape_markdown(f"Of the whole service. Published elsewhere: {'; '.join(sources)}."))
