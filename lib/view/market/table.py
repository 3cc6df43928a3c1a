"""The table of a market page, and where its figures come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from lib.market.awaited import NOT_YET
from lib.market.basis import Standing
from lib.market.few import FEW, few_notes
from lib.market.figure import data_to
from lib.market.indicators import Indicator, indicator_label, indicator_status, indicators
from lib.market.lots import LOT_MEANING
from lib.market.selection import COUNTY_CODE, Selection, is_single_lot
from lib.market.sentence import area_noun
from lib.market.sharing import small_counts, small_in_county
from lib.market.units import UNITS
from lib.market.unknown import hole
from lib.market.wording import NOT_APPLICABLE, NOT_KNOWN
from lib.pack.load import Pack
from lib.view.market.figures import Market, State, market_figures
from lib.view.market.filters import Choice
from lib.view.market.tiles import Tile, tile_sources
from lib.view.widgets.table import draw_frame
from lib.view.widgets.text import escape_markdown, status_badge

ALWAYS_SHOWN = (
    "people",
    "annual_cost",
    "delivered_hours",
    "waiting_hours",
    "capacity_hours",
    "coverage",
    "shortfall_hours",
    "spot_share",
    "providers",
    "good_or_better_share",
    "not_rated_share",
)
RESIDENTS = "residents"
FEW_HELP = "Medians and shares of so few requests or providers that one more could change them much"


def market_table(pack: Pack, state: State, choice: Choice) -> None:
    """Every area's figures, the county's last."""
    one, _ = area_noun(pack, choice.selection.group_by)
    st.subheader(f"The same figures as a table, by {escape_markdown(one)}", anchor=False)
    known = indicators(pack)
    # In the order of the pack's file, whatever is ranked: then another indicator leaves the table as it is.
    codes = ALWAYS_SHOWN if choice.indicator.id in ALWAYS_SHOWN else (choice.indicator.id, *ALWAYS_SHOWN)
    if pack.given("population") and not pack.given("demand"):
        codes = (RESIDENTS, *codes)  # what is known before anything else
    table, reasons, empty = table_figures(pack, state, choice.selection, codes)
    single = is_single_lot(pack, choice.selection)
    draw_frame(
        table,
        height="content",
        empty=empty,
        columns={
            "area_name": st.column_config.TextColumn(one.capitalize(), pinned=True),
            "small": st.column_config.TextColumn(
                "Disclosure", width="medium", help="Counts that must not leave this view as they are"
            ),
        }
        | {"few": st.column_config.TextColumn(FEW, width="medium", help=FEW_HELP)}
        | {code: number_column(pack, known[code], single) for code in codes},
    )
    if reasons:
        st.caption(escape_markdown(f"Some figures are {NOT_KNOWN}: {'; '.join(reasons)}."))


@st.cache_resource(max_entries=64, show_spinner=False)
def table_figures(
    _pack: Pack, state: State, selection: Selection, codes: tuple[str, ...]
) -> tuple[pd.DataFrame, list[str], str]:
    """The table, with its columns on disclosure and on figures that rest on few; why figures are not known, and what
    an empty cell says.

    Kept for every session: nobody may change it.
    """
    market = market_figures(_pack, state, selection)
    table = table_rows(_pack, market, codes)
    marks = [small_counts(_pack, row) for row in market.areas.to_dict("records")]
    marks.append(small_in_county(_pack, selection, market.county.to_dict()))
    if any(marks):
        table.insert(1, "small", marks)
    whole = selection.county()
    few = few_notes(_pack, selection, market.areas, list(codes))
    few += few_notes(_pack, whole, pd.DataFrame([market.county]), list(codes))
    if any(few):
        table.insert(len(table.columns), "few", few)
    reasons = list(dict.fromkeys(words for code in codes if (words := hole(_pack, whole, COUNTY_CODE, code))))
    return table, reasons, empty_words(_pack, selection, market, codes) if reasons else NOT_APPLICABLE


def empty_words(pack: Pack, selection: Selection, market: Market, codes: Sequence[str]) -> str:
    """What an empty cell says where some figures are not known: no more than that where none of them is without one."""
    empty = market.areas.set_index("area_code")[list(codes)].isna()
    apart = any(not hole(pack, selection, area, code) for code in codes for area in empty.index[empty[code]])
    return f"{NOT_KNOWN} or {NOT_APPLICABLE}" if apart else NOT_KNOWN


def table_rows(pack: Pack, market: Market, codes: Sequence[str]) -> pd.DataFrame:
    """The areas' figures and, last, the county's, as the table shows them: area_name, then an indicator a column."""
    known = indicators(pack)
    rows = pd.concat([market.areas, pd.DataFrame([market.county])], ignore_index=True)
    figures = {code: UNITS[known[code].unit].rounded_for_table(rows[code]) for code in codes}
    return pd.DataFrame({"area_name": rows["area_name"], **figures})


def number_column(pack: Pack, indicator: Indicator, single: bool) -> Any:
    """A column of the table: the indicator's name, its meaning, unit and status as help, its format."""
    unit = UNITS[indicator.unit]
    return st.column_config.NumberColumn(
        indicator_label(indicator, single),
        help=escape_markdown(
            f"{indicator.meaning} {unit.head(indicator.formula)}. {indicator_status(pack, indicator)}."
        ),
        format=unit.table_format,
    )


def draw_sources(pack: Pack, choice: Choice, tiles: Sequence[Tile]) -> None:
    """Where the figures come from, how they are known, and what to bear in mind: one element."""
    one, _ = area_noun(pack, choice.selection.group_by)
    tables = ("demand", "requests", "capacity", "ratings", "population")
    lines = [
        f"- {escape_markdown(LOT_MEANING)}",
        "- The map and the ranking show rates and ratios, which a map can shade: counts are in the table. A click on "
        f"the map or in the ranking chooses a {escape_markdown(one)}.",
        *tile_sources(tiles),
        *source_lines(pack, tables),
    ]
    caveats = [f"- {escape_markdown(text)}" for text in pack.service(choice.selection.service).caveats]
    ends = [
        f"Data to {escape_markdown(data_to(pack, choice.selection.service, tables))}.",
        escape_markdown(pack.manifest.resource("districts_geography").credit),
    ]
    st.markdown("\n".join([*lines, "", "**Bear in mind**", "", *caveats, "", " ".join(ends)]))


def source_lines(pack: Pack, tables: Sequence[str]) -> list[str]:
    """One line of Markdown a table: its status, how it was made, its sources."""
    lines = []
    for name in tables:
        if not pack.given(name):
            lines.append(f"- **{escape_markdown(pack.manifest.resource(name).title)}**: {NOT_YET}.")
            continue
        resource = pack.manifest.resource(name)
        sources = "; ".join(escape_markdown(source.title) for source in resource.sources)
        rule = f" {escape_markdown(resource.rule)}" if resource.rule else ""
        lines.append(
            f"- {status_badge(Standing(resource.status))} **{escape_markdown(resource.title)}**:{rule} {sources}"
        )
    return lines
