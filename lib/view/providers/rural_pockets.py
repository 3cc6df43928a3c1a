"""Spot and rural: where the county still relies on spot purchase, beside how rural it is there."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from lib.charts.scatter import scatter
from lib.market.about import Heads, about
from lib.market.basis import standing
from lib.market.few import FEW, few_notes
from lib.market.rural_pockets import POCKET_RULE, pockets
from lib.market.selection import select
from lib.market.units import UNITS
from lib.market.unknown import shown
from lib.market.wording import is_missing, show
from lib.pack.load import Pack
from lib.pack.ratios import safe_ratio
from lib.view.market.figures import State
from lib.view.providers.figures import Pockets, pockets_of
from lib.view.shell import is_dark
from lib.view.widgets.chart import draw
from lib.view.widgets.chart_downloads import chart_downloads
from lib.view.widgets.table import draw_table
from lib.view.widgets.text import escape_markdown, status_badge


def draw_places_tab(pack: Pack, state: State, service: str) -> None:
    """The sentence, the districts by rural share and spot share, and the table."""
    found = pockets_of(pack, state, service)
    rows = found.rows
    st.subheader(f"{escape_markdown(found.sentence)} {status_badge(standing(pack, pockets))}", anchor=False)
    left, right = st.columns([9, 11], gap="medium")
    with left:
        if rows["rural_share_65"].notna().any() and rows["spot_share"].notna().any():
            draw_points(pack, service, found)
        st.caption(escape_markdown(POCKET_RULE))
    with right:
        table = rows.sort_values(["pocket", "spot_share"], ascending=False, kind="stable")
        table = table.assign(pocket=table["pocket"].map({True: "pocket", False: ""}))
        few = few_notes(pack, select(pack, service), table, ("spot_share", "waiting_share", "median_days_to_source"))
        table = table.assign(few=few)
        heads: Heads = {
            "area_name": "District",
            **({"pocket": "Rule"} if rows["pocket"].any() else {}),
            "rural_share_65": ("Rural 65+", "share"),
            "spot_share": ("Spot share", "share"),
            "waiting_hours": ("Waiting", "hours"),
            "waiting_share": ("of demand", "share"),
            "median_days_to_source": ("Days", "days"),
            **({"few": FEW} if any(few) else {}),
        }
        words = {
            "rural_share_65": "Residents aged 65 and over in rural neighbourhoods",
            "waiting_hours": "Hours a week of open requests",
            "waiting_share": "Waiting hours, share of demand",
            "median_days_to_source": "Median days from a request to its placement",
        }
        draw_table(table, heads, help=words)


def draw_points(pack: Pack, service: str, found: Pockets) -> None:
    """Each district as a point: how rural it is, and how much it buys off the framework.

    Where every district buys the same share off it, as without a framework, what waits tells them apart instead.
    """
    rows = found.rows
    spot = bool(rows["spot_share"].max() > rows["spot_share"].min())
    measure, kind, y_title = (
        ("spot_share", "spot", "Spot share of delivered hours")
        if spot
        else ("waiting_share", "waiting", "Waiting share of demand")
    )
    demand = float(rows["demand_hours"].sum(skipna=False))
    waiting = safe_ratio(float(rows["waiting_hours"].sum(skipna=False)), demand)
    county = found.spot_share if spot else waiting
    frame = pd.DataFrame(
        {
            "area_code": rows["area_code"],
            "area_name": rows["area_name"],
            "x": rows["rural_share_65"],
            "y": rows[measure],
            "shown_x": [show(value, "share") for value in rows["rural_share_65"]],
            "shown_y": [
                shown(pack, select(pack, service), code, measure, value)
                for code, value in zip(rows["area_code"], rows[measure], strict=True)
            ],
            "marked": rows["pocket"],
        }
    )
    words = "; ".join(f"{row.area_name}: rural {row.shown_x}, {kind} {row.shown_y}" for row in frame.itertuples())
    chart = partial(
        scatter,
        frame,
        x_title="Residents aged 65 and over in rural neighbourhoods",
        y_title=y_title,
        x_format=UNITS["share"].mark_format,
        y_format=UNITS["share"].mark_format,
        x_reference=None if is_missing(found.rural_share) else found.rural_share,
        y_reference=None if is_missing(county) else county,
        reference_label=pack.manifest.area,
    )
    told = about(pack, f"{y_title} beside rural share, by district", pockets, service=service)
    title = told.title
    draw(chart(title="", dark=is_dark()), alt="Points, one a district", words=f"{title}. {words}")
    heads: Heads = {"area_name": "District", "x": ("Rural, aged 65 and over", "share"), "y": (y_title, "share")}
    chart_downloads(told, frame, heads, "points", chart=chart)
