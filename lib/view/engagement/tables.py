"""The tables of the demand board: rounds, districts, wards and requests, each to take away as an internal file."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib.market.about import About, Heads, for_file
from lib.market.board import by_place
from lib.market.disclosure import is_small
from lib.market.sharing import SMALL
from lib.market.wording import NOT_KNOWN
from lib.pack.load import Pack
from lib.view.engagement.figures import Board
from lib.view.widgets.chart_downloads import offer_csv
from lib.view.widgets.page_workbook import note_table
from lib.view.widgets.table import draw_table

WAITS: Heads = {
    "open_requests": ("Open requests", "count"),
    "hours_per_week": ("Hours a week", "hours"),
    "median_wait": ("Median wait", "days"),
    "longest_wait": ("Longest wait", "days"),
    "long_waits": ("Over 28 days", "count"),
}
WAITS_HELP = {
    "median_wait": "Days waited so far by the middle request of those that are open",
    "small": "Counts that must not leave this view as they are",
}


def marked(pack: Pack, frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """A table with a column `small` that says where a count is too small to share."""
    settings = pack.manifest.disclosure
    return frame.assign(small=[f"{SMALL}: open requests" if is_small(n, settings) else "" for n in frame[column]])


def with_small(frame: pd.DataFrame, heads: Heads) -> Heads:
    """Heads with the column on disclosure last, where anything stands in it."""
    return {**heads, "small": "Disclosure"} if frame["small"].any() else heads


def round_rows(pack: Pack, board: Board) -> tuple[pd.DataFrame, Heads]:
    """The candidate rounds as people read them, and the heads of the columns."""
    requests = board.requests.dropna(subset=["round"]).drop_duplicates(["round", "ward_code"])
    names = requests.sort_values("ward_name", kind="stable").groupby("round")["ward_name"].agg(", ".join)
    places = requests.groupby("round")["district_name"].agg(lambda found: ", ".join(sorted(set(found))))
    wards = board.requests.drop_duplicates("ward_code").set_index("ward_code")["ward_name"]
    rows = board.candidates
    rows = rows.assign(
        around=rows["ward_code"].map(wards),
        type_label=[pack.label("service_types", code) for code in rows["service_type"]],
        ward_names=rows["round"].map(names),
        district_names=rows["round"].map(places),
    )
    rows = marked(pack, rows, "requests")
    heads: Heads = {
        "round": ("Round", ""),
        "around": "Around",
        "requests": ("Requests", "count"),
        "hours_per_week": ("Hours a week", "hours"),
        "carer_requests": ("One carer: requests", "count"),
        "carer_hours": ("One carer: hours", "hours"),
        "longest_wait": ("Longest wait", "days"),
        "widest_km": ("Widest, km", "kilometres"),
        "carers": ("Carers for all", "workers"),
        **({"type_label": "Service type"} if len(set(rows["service_type"])) > 1 else {}),
        "ward_names": "Wards",
        "district_names": "Districts",
    }
    return rows, with_small(rows, heads)


ROUND_HELP = {
    "around": "The ward from which the ways to all its requests are shortest together",
    "carer_requests": "Whole packages that fit into one carer's week, the longest wait first",
    "carer_hours": "Hours a week of the packages that one carer could serve",
    "widest_km": "By road between its two wards that are furthest apart",
    "carers": "Its hours in carers' weeks, rounded up",
}


def district_rows(pack: Pack, board: Board) -> tuple[pd.DataFrame, Heads]:
    """What waits district by district, all of them last."""
    rows = board.districts
    if len(rows) > 1:
        whole = by_place(board.requests.assign(all="all"), "all").iloc[:1]
        if whole.empty or rows["open_requests"].isna().any():
            whole = pd.DataFrame([dict.fromkeys(WAITS, float("nan"))])
        rows = pd.concat([rows, whole.assign(area_name=pack.manifest.area)], ignore_index=True)
    rows = marked(pack, rows, "open_requests")
    return rows, with_small(rows, {"area_name": "District", **WAITS})


def ward_rows(pack: Pack, board: Board) -> tuple[pd.DataFrame, Heads]:
    """What waits ward by ward, most hours first; requests that name no ward are not in it."""
    rows = by_place(board.requests, "ward_code")
    names = board.requests.drop_duplicates("ward_code").set_index("ward_code")[["ward_name", "district_name"]]
    rows = rows.join(names).sort_values(["hours_per_week", "ward_name"], ascending=[False, True], kind="stable")
    rows = marked(pack, rows.reset_index(), "open_requests")
    return rows, with_small(rows, {"ward_name": "Ward", "district_name": "District", **WAITS})


def request_rows(pack: Pack, board: Board) -> tuple[pd.DataFrame, Heads]:
    """Every open request that is chosen, the longest wait first, with the round that it is in."""
    rows = board.requests.sort_values(["days_waiting", "request_id"], ascending=[False, True], kind="stable")
    candidates = set(board.candidates["round"])
    rows = rows.assign(
        type_label=[pack.label("service_types", code) for code in rows["service_type"]],
        cohort_label=[pack.label("cohorts", code) for code in rows["cohort"]],
        ward_name=rows["ward_name"].astype("object").fillna(NOT_KNOWN),
        asked=rows["requested_on"].dt.strftime("%Y-%m-%d"),
        number=rows["round"].where(rows["round"].isin(candidates)).astype("float64"),
        joined=[
            "no ward" if pd.isna(number) else "in a round" if number in candidates else "alone"
            for number in rows["round"]
        ],
    )
    heads: Heads = {
        "request_id": "Request",
        "district_name": "District",
        "ward_name": "Ward",
        "type_label": "Service type",
        "cohort_label": "Cohort",
        "hours_per_week": ("Hours a week", "hours"),
        "asked": "Asked on",
        "days_waiting": ("Waited", "days"),
        "joined": "Joined",
        "number": ("Round", "count"),
    }
    return rows, heads


def closed_table(label: str, told: About, frame: pd.DataFrame, heads: Heads, name: str) -> None:
    """A table with its file behind a heading, drawn only where it is opened."""
    closed = st.expander(label, key=f"table_{name}", on_change="rerun")
    if closed.open:
        with closed:
            draw_table(frame, heads, help=WAITS_HELP)
            offer_csv(told, f"{label} (CSV)", lambda: for_file(frame, heads), f"{name}.csv", key=f"csv_{name}")
    else:
        note_table(told, label, lambda: for_file(frame, heads), told.file_name(f"{name}.csv"))
