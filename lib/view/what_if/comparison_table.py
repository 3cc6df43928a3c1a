"""The table of scenarios side by side: one row each, with a small line, the same on a screen and on paper."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from lib.charts.kit.palette import ink
from lib.charts.spark import HEIGHT, WIDTH, spark
from lib.market.units import UNITS
from lib.market.wording import NOT_KNOWN, financial_year, is_missing
from lib.pack.load import Pack
from lib.view.widgets.text import escape_html, escape_markdown
from lib.whatif.compare import (
    FIRST_SHORT,
    RESULTS,
    common_years,
    lever_heads,
    levers_that_differ,
    lines,
    results,
    through_the_years,
)
from lib.whatif.scenarios.scenario import Scenario
from lib.whatif.summary import Summary

UPRIGHT = 12  # columns that a sheet of paper has room for in the usual size of letters
STYLE = Path(__file__).parent.parent / "assets" / "compare.css"


def comparison_table(
    pack: Pack,
    scenarios: Mapping[str, Scenario],
    summaries: Mapping[str, Summary],
    year: int,
    measure: str,
    *,
    dark: bool,
) -> None:
    """Draw the table, and beneath it what the lines are: the measure, the years and their one scale."""
    years = common_years(list(scenarios.values()), pack)
    through = {
        str(row["scenario"]): [float(row[one]) for one in years]
        for row in lines(summaries, measure, years).to_dict("records")
    }
    label, unit = RESULTS[measure]
    known = [value for values in through.values() for value in values if not is_missing(value)]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    levers, heads = levers_that_differ(scenarios, pack), lever_heads(scenarios, pack)
    found = results(summaries, year).to_dict("records")
    top = [
        *(f'<th scope="col">{escape_html(text)}</th>' for text in ("Scenario", *heads.values())),
        *(f'<th scope="col" class="number">{escape_html(head(code))}</th>' for code in RESULTS),
        *(f'<th scope="col">{escape_html(text)}</th>' for text in (FIRST_SHORT, f"{label}, {ends(years)}")),
    ]
    rows = []
    for place, name in enumerate(scenarios):
        values = through[name]
        words = f"{label}: {through_the_years(values, years, measure)}"
        picture = spark(values, low, high, years.index(year), dark=dark)
        cells = [
            *(f"<td>{escape_html(levers.at[place, code])}</td>" for code in heads),
            *(
                f'<td class="number">{escape_html(UNITS[of].about(found[place][code]))}</td>'
                for code, (_, of) in RESULTS.items()
            ),
            f'<td class="words">{escape_html(found[place]["first_short_year"])}</td>',
            f'<td><img src="{picture}" width="{WIDTH}" height="{HEIGHT}" alt="{escape_html(words)}"></td>',
        ]
        rows.append(f'<tr><th scope="row">{escape_html(name)}</th>{"".join(cells)}</tr>')
    st.html(STYLE)
    shape = "sidebyside many" if len(top) > UPRIGHT else "sidebyside"
    paper = ink(dark).background
    st.html(
        f'<div class="{shape}" style="--paper: {paper}" role="region" tabindex="0" aria-label="Scenarios side by side">'
        f"<table><thead><tr>{''.join(top)}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )
    scale = f"all from {UNITS[unit].about(low)} to {UNITS[unit].about_with_unit(high)}" if known else NOT_KNOWN
    st.caption(
        escape_markdown(
            f"Lines: {label}, {ends(years)}, on one scale, {scale}; the dot is {financial_year(year)}. Levers that all "
            "set alike are left out. Coverage and first short year count all lots together."
        )
    )


def head(code: str) -> str:
    """The head of a column of results: its name and unit."""
    label, unit = RESULTS[code]
    return UNITS[unit].head(label)


def ends(years: list[int]) -> str:
    """The first and the last of the years in words."""
    return f"{financial_year(years[0])} to {financial_year(years[-1])}"
