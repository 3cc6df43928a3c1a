"""What the back-test says in one line, and what it rests on."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from lib.market.basis import Basis, standing
from lib.market.selection import COUNTY_CODE
from lib.market.wording import is_missing, rounded, show
from lib.pack.load import Pack
from lib.whatif.backtest import errors, months, why_no_ageing
from lib.whatif.basis import AGEING, projection_basis
from lib.whatif.scenarios.scenario import Scenario

FORECASTS = {
    "ageing_only": "Ageing only",
    "scenario": "The scenario",
    "same_as_last_year": "Same as last year",
}
NOT_MOVED = "Levers of supply and price do not change the hours that are needed, so they do not matter here."
PROVES_NOTHING = "On data made up for demonstration, this proves nothing."


def backtest_basis(pack: Pack, scenario: Scenario) -> Basis:
    """What a scenario's back-test rests on: as its projection does, with the history in the place of today."""
    ahead = projection_basis(pack, scenario, "people")
    tables = tuple(dict.fromkeys("history" if name == "demand" else name for name in ahead.tables))
    return replace(ahead, tables=tables, projected=False)


def table_basis(pack: Pack, scenario: Scenario) -> Basis:
    """What the table of all the forecasts rests on: one of them is always ageing."""
    return backtest_basis(pack, scenario) | AGEING


def proves_nothing(pack: Pack, inputs: Basis) -> str:
    """That a back-test on made-up data proves nothing, as a sentence; "" where its data are not made up."""
    return PROVES_NOTHING if standing(pack, inputs).status == "illustrative" else ""


def backtest_line(pack: Pack, scenario: Scenario, rows: pd.DataFrame) -> str:
    """The county's back-test as one or two short sentences. rows: of lib.whatif.backtest.backtest.

    "A year ago these levers would have been 1.2% too low for March 2025; “same as last year” 4.3% too low."
    """
    found = errors(rows)
    found = found[found["cohort"] == COUNTY_CODE]
    off = dict(zip(found["forecast"], found["error_pct"].astype("float64"), strict=True))
    month = f"{pd.Period(months(pack, scenario.service)[1], 'M').to_timestamp():%B %Y}"
    same = "“same as last year”"
    if is_missing(off["same_as_last_year"]):
        return f"No hours were delivered in {month}: there is nothing to hold a forecast against."
    same_off = off_words(off["same_as_last_year"])
    if is_missing(off["scenario"]):
        why = why_no_ageing(pack, scenario.service) or "What these levers would have said is not known."
        said = [why, f"A year ago {same} would have been {same_off} for {month}."]
    else:
        these = off_words(off["scenario"])
        said = [f"A year ago these levers would have been {these} for {month}; {same} {same_off}."]
    return " ".join([*said, proves_nothing(pack, backtest_basis(pack, scenario))]).strip()


def off_words(error_pct: float) -> str:
    """An error in percent in words: "1.2% too low", "right to the nearest 0.1%"."""
    size = rounded(abs(error_pct), 1)
    if size == 0:
        return "right to the nearest 0.1%"
    return f"{show(size, 'percent')} too {'low' if error_pct < 0 else 'high'}"
