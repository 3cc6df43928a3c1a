"""A decision record as plain values: who chose a scenario, when and why, its levers, its figures, and what it rests on.

The values are what stands as JSON within the page of lib.whatif.decision.page, and all that the page is made from.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from lib import __version__
from lib.market.about import about
from lib.market.basis import standing
from lib.market.figure import as_of
from lib.market.selection import COUNTY_CODE
from lib.market.sharing import INTERNAL
from lib.market.tables import records
from lib.pack.faults import quoted
from lib.pack.load import Pack
from lib.pack.unread import Unread
from lib.pack.written_dates import date_as_written
from lib.whatif.baseline import Baseline, prepare
from lib.whatif.basis import projection_basis
from lib.whatif.headline import headline
from lib.whatif.scenarios.documents import ScenarioError
from lib.whatif.scenarios.presets import assumptions_log
from lib.whatif.scenarios.scenario import RATIONALE_LENGTH, Scenario, stamp
from lib.whatif.summary import BY_YEAR_COLUMNS, Summary, summarise
from lib.whatif.uncertainty import uncertainty

KIND = "decision record"
BLOCK = "decision-record"  # the id of the element of the page that holds the values
SCHEMA = 1  # of the values; a record of another cannot be read
WHO_LENGTH = 200
MEASURES = tuple(BY_YEAR_COLUMNS[3:])
LEVER_COLUMNS = ["lever", "label", "value", "default", "unit", "source", "status", "set_by", "why"]
Value = float | int | str | None
Figures = dict[str, Value]


@dataclass(frozen=True)
class Decision:
    """Who chose the scenario, when (an ISO date) and why, in the reader's own words; "" where they do not say."""

    who: str = ""
    when: str = ""
    why: str = ""


def decision(who: str = "", when: str = "", why: str = "") -> Decision:
    """A decision, checked; the date may be written as people write it. ScenarioError says what is wrong."""
    for place, text, most in (("who", who, WHO_LENGTH), ("why", why, RATIONALE_LENGTH)):
        if len(text) > most:
            raise ScenarioError(place, f"a text of {len(text):,} characters", f"at most {most:,}", KIND)
    return Decision(who.strip(), day(when), why.strip())


def day(text: str) -> str:
    """A date that somebody typed, as 2026-03-12; "" for none."""
    if not text.strip():
        return ""
    found = date_as_written(text, nullable=True)
    if isinstance(found, Unread):
        what, wanted = found.in_words(text, "a date such as 2026-03-12") if found.cure else (quoted(text), "")
        raise ScenarioError("when", what, wanted or "a date such as 2026-03-12", KIND)
    return found.isoformat()


def figures(scenario: Scenario, summary: Summary, spread: pd.DataFrame) -> Figures:
    """Every figure of a record by its name, not rounded; None where it is not known or does not apply.

    AREA.YEAR.MEASURE: the measures of lib.whatif.summary.by_year, for the county ("all") in every year, for a district
    in the base year and the last. all.YEAR.MEASURE.p10, .p50 and .p90: the county's range in the last year. AREA.NAME:
    first short year, break-even growth and what it would take.
    """
    rows = summary.by_year
    ends = (int(rows["year"].min()), int(rows["year"].max()))
    found: Figures = {}
    county_first = rows.sort_values("district_code", key=lambda codes: codes != COUNTY_CODE, kind="stable")
    for row in records(county_first):
        code, year = row["district_code"], row["year"]
        if code == COUNTY_CODE or year in ends:
            found |= {f"{code}.{year}.{measure}": row[measure] for measure in MEASURES}
    last = spread[(spread["year"] == ends[1]) & (spread["district_code"] == COUNTY_CODE)]
    for row in records(last):
        found |= {f"{COUNTY_CODE}.{ends[1]}.{row['measure']}.{name}": row[name] for name in ("p10", "p50", "p90")}
    for frame, names in (
        (summary.first_years, ("first_short_year", "first_shortfall_year")),
        (summary.break_even, ("break_even_growth_pct", "note")),
        (summary.needed, ("extra_hours", "extra_workers")),
    ):
        for row in records(frame[["district_code", *names]]):
            found |= {
                f"{row['district_code']}.{'break_even_note' if name == 'note' else name}": row[name] for name in names
            }
    return found


def worked_out(pack: Pack, scenario: Scenario, start: Baseline | None = None) -> tuple[Figures, str]:
    """The figures of a scenario today, and its sentence."""
    baseline = start if start is not None else prepare(pack, scenario.service)
    summary = summarise(pack, scenario, baseline)
    spread = uncertainty(pack, scenario, baseline)
    return figures(scenario, summary, spread), headline(pack, scenario, summary.by_year, spread)


def record(pack: Pack, scenario: Scenario, decided: Decision, start: Baseline | None = None) -> dict[str, Any]:
    """The values of a scenario's decision record; `start` where the baseline is at hand."""
    found, sentence = worked_out(pack, scenario, start)
    manifest, service = pack.manifest, pack.service(scenario.service)
    inputs = projection_basis(pack, scenario)
    told = about(pack, scenario.name, inputs, service=scenario.service)
    tables = [manifest.resource(name) for name in inputs.tables]
    return {
        "kind": KIND,
        "schema": SCHEMA,
        "name": scenario.name,
        "who": decided.who,
        "when": decided.when,
        "why": decided.why,
        # What it tells of districts and providers must not be shared, whatever the pack.
        "marks": [INTERNAL, *([manifest.demonstration] if pack.is_demonstration else [])],
        "program": {"version": __version__},
        "pack": {"name": manifest.name, "title": manifest.title, "version": manifest.version, "key": pack.key},
        "service": {"code": scenario.service, "label": service.label, "period": service.period},
        "area": manifest.area,
        "districts": pack.district_names(),
        "base_year": service.base_year,
        "data_to": as_of(pack, scenario.service),
        "status": str(standing(pack, inputs)),
        "tables": [
            {"title": one.title, "status": one.status, "rule": one.rule, "credit": one.credit} for one in tables
        ],
        "sources": told.sources(),
        "caveats": list(service.caveats),
        "sentence": sentence,
        "levers": records(assumptions_log(pack, scenario)[LEVER_COLUMNS]),
        "scenario": stamp(pack, scenario).document(),
        "figures": found,
    }


def in_words(date: str) -> str:
    """An ISO date as people read it: 12 March 2026."""
    day = dt.date.fromisoformat(date)
    return f"{day.day} {day:%B %Y}"


def number(values: Mapping[str, Value], name: str) -> float:
    """A figure as a number; NaN where it is none."""
    value = values.get(name)
    return float(value) if isinstance(value, int | float) else float("nan")
