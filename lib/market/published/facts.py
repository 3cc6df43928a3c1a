"""The known and the unknown of a service: its published figures, what follows from them, and its gaps."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

import pandas as pd

from lib.market.basis import Standing, together
from lib.market.figure import Figure, figure
from lib.market.lots import serving
from lib.market.selection import unknown
from lib.market.wording import NOT_APPLICABLE, rounded
from lib.pack.load import Pack
from lib.pack.manifest import Derivation, Service, Status
from lib.pack.quotations import is_verbatim
from lib.pack.unknown_lots import unknown_lots
from lib.pack.vocabulary import MONEY, PERCENT, WORDLESS_UNITS

NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
KNOWN_COLUMNS = ["id", "measure", "value", "unit", "period", "status", "source", "note", "formula", "superseded"]
GAP_COLUMNS = ["id", "measure", "published_as", "note", "filled_by", "template"]


@dataclass(frozen=True)
class Derived:
    """A derivation of the manifest, worked out.

    value is not rounded; figure is the same as people read it, with its source and its period; formula in words.
    fills_gap: the gap that it answers; fact: the fact that states the same; "" for none.
    """

    value: float
    figure: Figure
    formula: str
    fills_gap: str
    fact: str


def service_of(pack: Pack, code: str) -> Service:
    """A service of the pack; SelectionError where it has none of that code."""
    if code not in pack.manifest.services:
        raise unknown("service", code, pack.manifest.services)
    return pack.service(code)


def fact_row(pack: Pack, fact_id: str) -> pd.Series[str]:
    """A row of facts.csv by its id; KeyError where there is none (the loader checks what the manifest names)."""
    return cast("pd.Series[str]", pack.table("facts").set_index("id").loc[fact_id].fillna(""))


def fact_number(pack: Pack, fact_id: str) -> float:
    """The value of a fact that is a number."""
    return float(fact_row(pack, fact_id)["value"])


def fact_standing(pack: Pack, fact_id: str) -> Standing:
    """How a fact is known."""
    return Standing(cast(Status, fact_row(pack, fact_id)["status"]))


def fact_figure(pack: Pack, fact_id: str) -> Figure:
    """A fact as a figure: its value stays as it was published, to the digit."""
    row = fact_row(pack, fact_id)
    text, unit = fact_text(row["value"], row["unit"]), unit_text(row["unit"])
    return Figure(str(row["measure"]), text, unit, fact_standing(pack, fact_id), str(row["source"]), str(row["period"]))


def fact_words(figure: Figure) -> str:
    """A fact in one line: "Fee uplift: 5.3%, 2025/26"; a fact in words alone has no figure."""
    value = f": {figure.text_with_unit}" if figure.text_with_unit else ""
    return f"{figure.label}{value}, {figure.as_of}"


def superseded_words(pack: Pack, newer: str) -> str:
    """What is to be said of something that a newer fact has overtaken; "" where none is named."""
    return f"Superseded: {fact_words(fact_figure(pack, newer))}" if newer else ""


def arithmetic(*standings: Standing) -> Standing:
    """How what is worked out from facts is known: derived at best."""
    return together([Standing("derived"), *standings])


def fact_text(value: str, unit: str) -> str:
    """A fact's value as people read it: 2163000 in "GBP a year" is £2,163,000, 10 in "percent" is 10%, text is itself.

    The digits after the point stay as they were published.
    """
    if not NUMBER.fullmatch(value):
        return value
    number = f"{abs(Decimal(value)):,}"
    sign = "-" if value.startswith("-") else ""
    counted = unit.split(" ")[0]
    if counted == MONEY:
        return f"{sign}£{number}"
    return f"{sign}{number}{'%' if counted == PERCENT else ''}"


def unit_text(unit: str) -> str:
    """What is left to say of a unit beside such a value: "GBP a year" is "a year", "rating" is nothing."""
    counted, _, rest = unit.partition(" ")
    return "" if unit in WORDLESS_UNITS else rest if counted in (MONEY, PERCENT) else unit


def providers_today(pack: Pack, service: str) -> Figure:
    """How many providers a service has: the middle of the published range, else the count of the capacity table.

    The middle of a range is (fewest + most) / 2, a derived figure that need not be whole; one published number is given
    as it stands. Counted are the providers with capacity or hours.
    """
    named = service_of(pack, service).providers_range
    if named is None:
        capacity = serving(pack.table("capacity"))
        rows = capacity[capacity["service"] == service]
        # Without a row, or with a lot of which nothing is known, nobody knows how many there are.
        lacking = any(lot[0] == service for lot in unknown_lots(pack, "capacity"))
        count = math.nan if lacking else float(rows["provider_id"].nunique())
        source = "providers with capacity or hours"
        return figure(pack, "Providers", count, "count", "capacity", source=source, service=service)
    low, high = (fact_number(pack, fact) for fact in named)
    known = [fact_standing(pack, fact) for fact in named]
    period = str(fact_row(pack, named[0])["period"])
    if low == high:
        return Figure("Providers", low, "count", together(known), "providers, as published", period)
    source = f"the middle of {low:,g} to {high:,g}"
    return Figure("Providers", (low + high) / 2, "count", arithmetic(*known), source, period)


def derivations(pack: Pack, service: str) -> list[Derived]:
    """What follows from a service's published figures, by the manifest's derivations and in their order.

    value = mean of the facts on top / mean of those below / divide_by; empty (NaN, "not applicable") where the
    lower is 0. The status is derived, or weaker where a fact is.
    """
    return [derived(pack, one) for one in service_of(pack, service).derivations]


def derived(pack: Pack, one: Derivation) -> Derived:
    """One derivation, worked out."""
    rows = [fact_row(pack, fact) for fact in (*one.top, *one.bottom)]
    bottom = mean(pack, one.bottom) * one.divide_by
    value = mean(pack, one.top) / bottom if bottom else math.nan
    text = NOT_APPLICABLE
    if bottom and math.isfinite(value):
        text = fact_text(f"{rounded(value, one.decimals):.{one.decimals}f}", one.unit)
    by = f" / {one.divide_by:,g}" if one.divide_by != 1 else ""
    return Derived(
        value=value,
        figure=Figure(
            one.label,
            text,
            unit_text(one.unit) if bottom else "",
            arithmetic(*(fact_standing(pack, fact) for fact in (*one.top, *one.bottom))),
            "; ".join(dict.fromkeys(row["source"] for row in rows)),
            "; ".join(dict.fromkeys(row["period"] for row in rows)),
        ),
        formula=f"{in_words(pack, one.top)} / {in_words(pack, one.bottom)}{by}",
        fills_gap=one.fills_gap,
        fact=one.fact,
    )


def mean(pack: Pack, facts: tuple[str, ...]) -> float:
    """The mean of facts that are numbers: of two ends of a range, its middle."""
    return sum(fact_number(pack, fact) for fact in facts) / len(facts)


def in_words(pack: Pack, facts: tuple[str, ...]) -> str:
    """Facts in a formula: each measure with its value in brackets, and what is made of several."""
    rows = [fact_row(pack, fact) for fact in facts]
    texts = [f"{row['measure']} ({fact_text(row['value'], row['unit'])})" for row in rows]
    return texts[0] if len(texts) == 1 else f"the middle of {' and '.join(texts)}"


def published_facts(pack: Pack, service: str) -> pd.DataFrame:
    """What is known of a service: every row of facts.csv, then the derivations that no fact states.

    Columns, all text: id ("" for a derivation), measure, value and unit (as people read them, one after the other:
    £2,163,000 / a year), period, status, source, note, formula (of a derivation, or of the fact that it states),
    superseded (by which newer fact, in words; "" for none).
    """
    found = derivations(pack, service)
    stated = {one.fact: one.formula for one in found if one.fact}
    facts = pack.table("facts")
    facts = facts[facts["service"] == service].fillna("")
    rows = [
        {
            **row,
            "value": fact_text(row["value"], row["unit"]),
            "unit": unit_text(row["unit"]),
            "formula": stated.get(row["id"], ""),
            "superseded": superseded_words(pack, row["superseded_by"]),
        }
        for row in facts.to_dict("records")
    ]
    rows += [
        {
            "id": "",
            "measure": one.figure.label,
            "value": one.figure.text,
            "unit": one.figure.unit,
            "period": one.figure.as_of,
            "status": str(one.figure.status),
            "source": one.figure.source,
            "note": "",
            "formula": one.formula,
            "superseded": "",
        }
        for one in found
        if not one.fact
    ]
    return pd.DataFrame(rows, columns=KNOWN_COLUMNS)


def gaps_of(pack: Pack, service: str) -> pd.DataFrame:
    """What the council does not publish of a service, what would fill each gap, and what answers it today.

    Columns, all text but the last: id, measure, published_as, note, filled_by (which data would fill it), template (the
    table whose upload would carry that data; see lib.market.dictionary.template_csv), answer, answer_status and
    answer_formula ("" where no derivation answers it: the gap stays open), verbatim (true where published_as is the
    council's own wording, as its page has it).
    """
    gaps = pack.table("gaps")
    frame = gaps[gaps["service"] == service][GAP_COLUMNS].fillna("").reset_index(drop=True)
    answers = {one.fills_gap: one for one in derivations(pack, service) if one.fills_gap and not math.isnan(one.value)}
    found = [answers.get(gap) for gap in frame["id"]]
    frame["answer"] = [one.figure.text_with_unit if one else "" for one in found]
    frame["answer_status"] = [str(one.figure.status) if one else "" for one in found]
    frame["answer_formula"] = [one.formula if one else "" for one in found]
    frame["verbatim"] = [is_verbatim(pack, service, words) for words in frame["published_as"]]
    return frame
