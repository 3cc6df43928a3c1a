"""A mix of ratings as bars of 100%, with its table: by key question, or by area."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from lib.charts.ratings import rating_mix, rating_rows
from lib.market.about import Heads, about
from lib.market.quality import rating_mix as mixed
from lib.market.wording import show
from lib.pack.load import Pack
from lib.view.shell import is_dark
from lib.view.widgets.chart import draw
from lib.view.widgets.chart_downloads import chart_downloads
from lib.view.widgets.text import escape_markdown, status_badge


def rating_chart(
    pack: Pack, service: str, mix: pd.DataFrame, labels: Sequence[str], *, title: str, of: str, name: str
) -> None:
    """Draw the heading, the bars and what stands beneath.

    mix: rows of lib.market.quality.rating_mix; labels: the name of each row's bar, of the first of which the screen
    reader tells; service: of the hours; of: what the bars are, such as Question; name: unique on the page.
    """
    told = about(pack, title, mixed, service=service)
    frame = rating_rows(mix, labels, told.status)
    st.subheader(f"{escape_markdown(title)} {status_badge(told.status)}", anchor=False)
    first = frame[frame["domain_label"] == frame["domain_label"].iloc[0]]
    words = "; ".join(
        f"{rating} {show(share, 'share')}" for rating, share in zip(first["rating_label"], first["share"], strict=True)
    )
    chart = partial(rating_mix, frame)
    said = f"{title}. {first['domain_label'].iloc[0]}: {words}"
    draw(chart(title="", dark=is_dark()), alt="Mix of ratings, a bar each", words=said)
    heads: Heads = {
        "domain_label": of,
        "rating_label": "Rating",
        "hours": ("Delivered", "hours"),
        "share": ("Share of delivered hours", "share"),
    }
    chart_downloads(told, frame, heads, name, chart=chart)
