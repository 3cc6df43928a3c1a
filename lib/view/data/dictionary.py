"""What every column and every indicator means, on the Data page."""

from __future__ import annotations

import streamlit as st

from lib.market.dictionary import data_dictionary, indicator_dictionary
from lib.pack.load import Pack
from lib.view.data.downloads import offer
from lib.view.widgets.table import draw_frame


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
