"""What only the overview has: both services side by side."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib.market.indicators import indicator_label, indicators
from lib.market.selection import select
from lib.market.status import county_figure
from lib.pack.load import Pack
from lib.view.market.figures import State, market_figures
from lib.view.widgets.text import escape_markdown, status_badge

COMPARED = (
    "people",
    "delivered_hours",
    "annual_cost",
    "hourly_cost",
    "coverage",
    "shortfall_hours",
    "waiting_hours",
    "spot_share",
    "providers",
    "good_or_better_share",
)


def both_services(pack: Pack, state: State) -> None:
    """A table of the county's figures, one column a service, each figure with its status."""
    known = indicators(pack)
    columns = {}
    for code, service in pack.manifest.services.items():
        selection = select(pack, code)
        county = market_figures(pack, state, selection).county
        columns[escape_markdown(f"{service.label}, {service.period}")] = [
            f"{escape_markdown(one.exact_text)} {status_badge(one.known)}"
            for one in (county_figure(pack, selection, county, code) for code in COMPARED)
        ]
    measures = [escape_markdown(indicator_label(known[one], single_lot=False)) for one in COMPARED]
    st.subheader(f"Every service in {escape_markdown(pack.manifest.area)}, side by side", anchor=False)
    st.table(pd.DataFrame(columns, index=pd.Index(measures, name="Measure")))
