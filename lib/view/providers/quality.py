"""Quality: the rating mix by district, the gate, and the age of ratings, all by the hours that rest on them."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from lib.charts.bars import ranked_bars
from lib.charts.kit.palette import QUALITY
from lib.market.about import Heads, about
from lib.market.basis import standing
from lib.market.quality import gate_list, rating_mix
from lib.market.ranked_lists.call_off import has_ranked_lists
from lib.market.ranked_lists.wording import route_words
from lib.market.rating_age import age_bands, age_summary, rating_ages, ratings_note
from lib.market.selection import COUNTY_CODE, select
from lib.market.units import UNITS
from lib.market.unknown import hole, with_few
from lib.market.wording import NOT_KNOWN, counted, said, show
from lib.pack.load import Pack
from lib.view.link.parameters import QUESTION, parameters
from lib.view.market.figures import State
from lib.view.market.rating_chart import rating_chart
from lib.view.providers.figures import mix_of, quality_lists
from lib.view.providers.tables import chip_cell, day, html_table, number_cell, row_head, text_cell
from lib.view.shell import is_dark
from lib.view.widgets.chart import draw
from lib.view.widgets.chart_downloads import chart_downloads
from lib.view.widgets.switch import switch
from lib.view.widgets.text import escape_markdown, status_badge

OLD_YEARS = 4
MOST_OLD = 15
MOST_ON_GATE = 8


def draw_quality_tab(pack: Pack, state: State, service: str) -> None:
    """Mix beside ages; the gate below."""
    gate, ages = quality_lists(pack, state, service)
    whole = select(pack, service).county()
    unknown = hole(pack, whole, COUNTY_CODE, "gate_fail_hours")
    left, right = st.columns([3, 2], gap="large")
    with left:
        missing = hole(pack, whole, COUNTY_CODE, "not_rated_share")
        draw_mix(pack, service, mix_of(pack, state, service), missing)
    with right:
        # Of hours that are known in part only a part would be old.
        if not missing:
            draw_ages(pack, service, ages)
    if unknown:
        st.info(f"Who passes the quality gate is {NOT_KNOWN}: {escape_markdown(unknown)}.")
    elif has_ranked_lists(pack, service):
        draw_gate(pack, gate)
    else:
        st.info("There is no framework, and so no quality gate.")
    words = [
        "Quality is weighted by the hours that providers deliver. Not rated is neither good nor bad.",
        ratings_note(pack, service),
        f"Status: {standing(pack, rating_mix)}.",
    ]
    st.caption(escape_markdown(" ".join(filter(None, words))))


def draw_mix(pack: Pack, service: str, mix: pd.DataFrame, missing: str) -> None:
    """The mix of ratings for one question, the county first and then every district.

    missing: the rows that are missing behind it somewhere, in words; "" where none is. What is not known has no bar.
    """
    if missing:
        st.info(f"The rating mix is {NOT_KNOWN} everywhere or in part: {escape_markdown(missing)}.")
    if mix.empty:
        if not missing:
            st.info("No hours are delivered, so there is no rating mix.")
        return
    labels = parameters(pack)[QUESTION].labels
    domain = switch("Question", labels, key=QUESTION)
    rows = worst_first(pack, mix[mix["domain"] == domain])
    title = f"CQC {labels[domain]}: share of hours by rating, by district"
    places = select(pack, service)
    names = [
        with_few(pack, places if code != COUNTY_CODE else places.county(), code, "not_rated_share", name)
        for code, name in zip(rows["area_code"], rows["area_name"], strict=True)
    ]
    rating_chart(pack, service, rows, names, title=title, of="Area", name="provider_ratings")


def worst_first(pack: Pack, rows: pd.DataFrame) -> pd.DataFrame:
    """The county, then the districts, the one with the smallest share of good hours first."""
    good = [rating.name for rating in pack.manifest.ratings if rating.good]
    share = rows[rows["rating"].isin(good)].groupby("area_code")["share"].sum()
    order = rows.assign(county=rows["area_code"].ne(COUNTY_CODE), good=rows["area_code"].map(share))
    return order.sort_values(["county", "good", "area_name", "order"], kind="stable")[rows.columns]


def draw_ages(pack: Pack, service: str, ages: pd.DataFrame) -> None:
    """How old the ratings are, and the oldest of them."""
    summary = age_summary(pack, ages)
    bands = age_bands(pack)
    old = ages[ages["rated_years"] > OLD_YEARS]
    told = about(pack, "Age of the overall ratings, by hours", rating_ages, internal=False, service=service)
    hours = said(float(old["delivered_hours"].sum()), "hours", told.status)
    title = f"{hours[:1].upper()}{hours[1:]} hours a week rest on ratings more than {OLD_YEARS} years old"
    st.subheader(f"{escape_markdown(title)} {status_badge(told.status)}", anchor=False)
    dated = dict(zip(bands, QUALITY, strict=False))
    frame = pd.DataFrame(
        {
            "area_code": summary["band"],
            "area_name": summary["band"],
            "value": summary["share"],
            "shown": [
                f"{show(share, 'share')} · {counted(int(number), 'provider')}"
                for share, number in zip(summary["share"], summary["providers"], strict=True)
            ],
            "colour": [dated[band] if band in bands[:-2] else "" for band in summary["band"]],
            "class_label": summary["band"],
        }
    )
    words = "; ".join(f"{row.area_name}: {row.shown}" for row in frame.itertuples())
    chart = partial(
        ranked_bars, frame, axis_title="Share of hours", selected=None, axis_format=UNITS["share"].axis_format
    )
    draw(chart(title="", dark=is_dark()), alt="Age of the overall ratings, by hours", words=words)
    heads: Heads = {"band": "Age", "providers": ("Providers", "count"), "hours": ("Delivered", "hours")}
    chart_downloads(told, summary, heads, "ages", chart=chart)
    closed = st.expander(f"Ratings more than {OLD_YEARS} years old, the oldest first", key="old", on_change="rerun")
    if closed.open:
        with closed:
            rows = [
                f"<tr>{row_head(row['provider_name'])}{chip_cell(row['rating'])}"
                f"{text_cell(day(row['rated_on']))}{number_cell(round(row['rated_years'], 1))}"
                f"{number_cell(show(row['delivered_hours'], 'hours'))}</tr>"
                for row in old.head(MOST_OLD).to_dict("records")
            ]
            names = ["Provider", "Overall", "Rated on", "Age, years", "Hours a week"]
            which = f"the {MOST_OLD} oldest of {len(old)}" if len(old) > MOST_OLD else counted(len(old), "rating")
            title = f"Ratings more than {OLD_YEARS} years old: {which}"
            html_table(title, names, rows, names[3:], note=title)


def draw_gate(pack: Pack, gate: pd.DataFrame) -> None:
    """Who holds a place in the first tier without passing its gate, and who below it would pass."""
    domains = list(pack.manifest.quality_gate.domains)
    labels = [pack.label("domains", code) for code in domains]
    first = route_words(pack, pack.manifest.quality_gate.route)
    known = standing(pack, gate_list)
    left, right = st.columns(2, gap="large")
    for side, finding, title, nobody in (
        (left, "fails", f"On {first} and below the gate", f"Everybody on {first} passes the gate."),
        (right, "would pass", f"Below {first} and would pass the gate", "Nobody below it would pass."),
    ):
        rows = gate[gate["finding"] == finding]
        total = said(float(rows["delivered_hours"].sum()), "hours", known)
        with side:
            words = f"{title}: {counted(len(rows), 'provider')}, {total} hours a week"
            st.subheader(f"{escape_markdown(words)} {status_badge(known)}", anchor=False)
            if rows.empty:
                st.markdown(escape_markdown(nobody))
                continue
            finished = [
                f"<tr>{row_head(row['provider_name'])}{''.join(chip_cell(row[code]) for code in domains)}"
                f"{number_cell(show(row['delivered_hours'], 'hours'))}</tr>"
                for row in rows.to_dict("records")
            ]
            heads = ["Provider", *labels, "Hours a week"]
            html_table(title, heads, finished[:MOST_ON_GATE], heads[-1:])
            if len(finished) > MOST_ON_GATE:
                more = st.expander(
                    f"The other {len(finished) - MOST_ON_GATE}", key=f"gate_{finding}", on_change="rerun"
                )
                if more.open:
                    with more:
                        html_table(f"{title}, the others", heads, finished[MOST_ON_GATE:], heads[-1:])
