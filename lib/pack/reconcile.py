"""Reconciliation: what the pack's tables come to, beside the totals that were published."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from lib.pack.load import LOT, Pack
from lib.pack.models import path_of

COLUMNS = ["fact_id", "expected", "actual", "difference"]
WORDS = ["kind", "measure", "unit", "status", "source", "table", "column"]
FILTERS = ["service", "service_type", "cohort", "route"]
# Sums of hours with quarters and of pounds with pence are exact to far more digits than these.
DIGITS = 6
# Hours rounded to a hundredth put every lot off: more lines of a kind than these are said in one sentence. By kind,
# what a line stands for, and what it is held against.
SAID_ONE_BY_ONE = 3
ALIKE = {
    "lot": ("lots", f"the hours that {path_of('demand')} says are bought"),
    "history": ("districts and cohorts", f"today's, which {path_of('demand')} has"),
}


def reconcile(pack: Pack) -> pd.DataFrame:
    """Every check of the pack, one row each.

    Columns: fact_id, expected, actual, difference (actual less expected, 0 where a bound is kept), and for the reader
    kind (published: a published total; lot: hours delivered by providers against hours bought, lot by lot; history: the
    last month against today), measure, unit, status, source, table, column.
    """
    lines = [*published_lines(pack), *lot_lines(pack), *history_lines(pack)]
    return pd.DataFrame(lines, columns=[*COLUMNS, *WORDS])


def differences(lines: pd.DataFrame) -> pd.DataFrame:
    """The lines that do not agree."""
    return lines[lines["difference"] != 0].reset_index(drop=True)


def line(fact_id: str, expected: float, actual: float, bound: str = "equal", **words: str) -> dict[str, Any]:
    """One line: a bound that is kept differs by 0."""
    gap = round(actual - expected, DIGITS)
    if (bound == "at_least" and gap > 0) or (bound == "at_most" and gap < 0):
        gap = 0.0
    expected, actual = round(expected, DIGITS), round(actual, DIGITS)
    return {"fact_id": fact_id, "expected": expected, "actual": actual, "difference": gap, **words}


def matching(frame: pd.DataFrame, rule: pd.Series[Any], leave_out: str = "") -> pd.DataFrame:
    """The rows that a rule counts. A filter names its values with ; between them; an empty one takes every row."""
    for name in FILTERS:
        if name != leave_out and name in frame.columns and pd.notna(rule[name]) and rule[name]:
            frame = frame[frame[name].isin(str(rule[name]).split(";"))]
    return frame


def rule_value(pack: Pack, rule: pd.Series[Any]) -> float:
    """What a rule of reconciliation.csv comes to on the pack's tables; an empty total makes a percentage of 0.

    NaN where one of the cells that are added up is empty: what is not known is not 0.
    """
    frame = pack.table(rule["table"])
    rows = matching(frame, rule)
    if rule["measure"] == "distinct":
        return float(rows[rule["column"]].nunique())
    total = added(rows[rule["column"]])
    if rule["measure"] == "sum":
        return total
    whole = added(matching(frame, rule, leave_out=str(rule["share_of"]))[rule["column"]])
    return 100 * total / whole if whole else 0.0


def added(cells: pd.Series[Any]) -> float:
    """The sum of a column, NaN where a cell of it is empty."""
    return float(cells.astype("float64").sum(skipna=False))


def published_lines(pack: Pack) -> list[dict[str, Any]]:
    """One line a published fact that a rule of reconciliation.csv works out; none of a table that was not given."""
    facts = pack.table("facts").set_index("id")
    lines = []
    for _, rule in pack.table("reconciliation").iterrows():
        if not pack.given(str(rule["table"])):
            continue
        fact = facts.loc[rule["fact_id"]]
        words = {name: str(fact[name]) for name in ("measure", "unit", "status", "source")}
        place = {"table": str(rule["table"]), "column": str(rule["column"])}
        value = rule_value(pack, rule)
        lines.append(
            line(rule["fact_id"], float(fact["value"]), value, rule["bound"], kind="published", **words, **place)
        )
    return lines


def lot_lines(pack: Pack) -> list[dict[str, Any]]:
    """One line a lot: the hours that its providers deliver against the hours that are bought, where both were given.

    A service of which one of the tables has no row at all is not known there, which is nothing to compare with.
    """
    if not pack.given("demand", "capacity"):
        return []
    bought = pack.table("demand").set_index(LOT)["hours_per_week"]
    delivered = pack.table("capacity").groupby(LOT)["delivered_hours"].sum()
    both = pd.concat([bought, delivered], axis=1).fillna(0.0)
    both = both[both.index.get_level_values("service").isin(services_of_both(pack, "demand", "capacity"))]
    status = pack.status("demand", "capacity")
    words = {"measure": "Hours that providers deliver", "unit": "hours a week", "status": status, "source": ""}
    place = {"table": "capacity", "column": "delivered_hours"}
    return [
        line(":".join(("lot", *lot)), expected, actual, kind="lot", **words, **place)
        for lot, expected, actual in zip(both.index, both["hours_per_week"], both["delivered_hours"], strict=True)
    ]


def history_lines(pack: Pack) -> list[dict[str, Any]]:
    """Two lines a district and cohort: hours and people of the history's last month against those of today.

    No line where today's are not known: an empty cell agrees with nothing and differs from nothing, and so does a
    service of which one of the tables has no row.
    """
    if not pack.given("demand", "history"):
        return []
    key = ["service", "district_code", "cohort"]
    history = pack.table("history")
    # Each service has a last month of its own, as each may have a date of its own.
    last = history[history["month"] == history.groupby("service")["month"].transform("max")].set_index(key)
    numbers = {"hours_per_week": "float64", "people": "float64"}
    today = pack.table("demand").astype(numbers).groupby(key)[list(numbers)].sum(skipna=False)
    areas = today.index.union(last.index, sort=False)
    areas = areas[areas.get_level_values("service").isin(services_of_both(pack, "demand", "history"))]
    status = pack.status("demand", "history")
    lines = []
    for column, unit in (("hours_per_week", "hours a week"), ("people", "people")):
        both = pd.DataFrame({"today": today[column], "last": last[column]}, index=areas)
        both = both[~areas.isin(today.index[today[column].isna()])].fillna(0.0)
        words = {
            "measure": "Last month of the history",
            "unit": unit,
            "status": status,
            "source": "",
            "table": "history",
        }
        words |= {"kind": "history", "table": "history", "column": column}
        lines += [
            line(":".join(("history", column, *area)), expected, actual, **words)
            for area, expected, actual in zip(both.index, both["today"], both["last"], strict=True)
        ]
    return lines


def difference_sentences(lines: pd.DataFrame) -> list[str]:
    """The lines that do not agree, in sentences: one a line, but one for all of many lots, or months, that are alike.

    lines: of `reconcile`, those that agree too, as a sentence says of how many it speaks.
    """
    sentences = []
    # The history has two columns, each with a unit of its own; published totals stay in their order.
    column = lines["column"].where(lines["kind"] != "published", "")
    for (kind, _), alike in lines.groupby([lines["kind"], column], sort=False):
        off = differences(alike)
        if len(off) > SAID_ONE_BY_ONE and kind in ALIKE:
            sentences.append(many_sentence(off, len(alike), *ALIKE[str(kind)]))
        else:
            sentences += [difference_sentence(row) for _, row in off.iterrows()]
    return sentences


def many_sentence(off: pd.DataFrame, of: int, noun: str, whose: str) -> str:
    """Many lines of a kind that do not agree, as one sentence: how many, by how much, and the first of them."""
    gaps, first = off["difference"], off.iloc[0]
    least, most, whole = (number_words(value) for value in (gaps.abs().min(), gaps.abs().max(), abs(gaps.sum())))
    size = f"{least if least == most else f'{least} to {most}'} ({first['unit']})"
    way = "which even out" if whole == "0" else f"{whole} too {'few' if gaps.sum() < 0 else 'many'} in all"
    named = off.head(SAID_ONE_BY_ONE)
    some = ", ".join(
        f"{name} ({number_words(actual)} for {number_words(expected)})"
        for name, actual, expected in zip(named["fact_id"], named["actual"], named["expected"], strict=True)
    )
    place = f"{path_of(first['table'])}, column {first['column']}"
    return f"{place}: {len(off):,} of {of:,} {noun} differ from {whose}, each by {size}, {way}: {some} and others"


def number_words(value: float) -> str:
    """A figure with its thousands and as many decimals as it has."""
    return f"{float(value):,.{DIGITS}f}".rstrip("0").rstrip(".")


def services_of_both(pack: Pack, one: str, other: str) -> set[str]:
    """The services of which two tables have rows."""
    first, second = (set(pack.table(name)["service"]) for name in (one, other))
    return first & second


def difference_sentence(row: pd.Series[Any]) -> str:
    """A line that does not agree, as one sentence: where, by how much, and what was expected."""
    gap = float(row["difference"])
    if math.isnan(gap):
        return unknown_sentence(row)
    size, actual, expected = (number_words(value) for value in (abs(gap), row["actual"], row["expected"]))
    place = f"{path_of(row['table'])}, all rows, column {row['column']}"
    way = "too few" if gap < 0 else "too many"
    return f"{place}: {row['fact_id']} comes to {actual}, {size} {way}, expected {expected} {row['unit']}"


def unknown_sentence(row: pd.Series[Any]) -> str:
    """A line that nobody can compare, as one sentence."""
    place = f"{path_of(row['table'])}, column {row['column']}"
    expected = number_words(row["expected"])
    found = f"found an empty cell among the parts of {row['fact_id']}, which cannot be added up"
    cure = "fill it in, or take the rule out of published/reconciliation.csv"
    return f"{place}: {found}, expected {expected} {row['unit']}: {cure}"
