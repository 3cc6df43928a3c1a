"""Write the documents that follow from the code: make docs. A test compares them with what the code says today."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, get_args

import numpy as np

from lib.market.indicators import Indicator, indicators
from lib.market.sharing import shared_measures
from lib.market.units import UNITS
from lib.pack.load import load_pack
from lib.whatif import project as projection
from lib.whatif.baseline import Baseline, prepare
from lib.whatif.drivers import waterfall_steps
from lib.whatif.project import projected
from lib.whatif.scenarios.documents import can_have
from lib.whatif.scenarios.levers import Group, Lever, LeverValue, show_value
from lib.whatif.scenarios.scenario import LEVERS, Scenario, moved
from lib.whatif.summary import what_it_would_take
from lib.whatif.uncertainty import range_arrays

ROOT = Path(__file__).parent.parent
LEVERS_HEAD = """# Levers

<!-- Written by make docs. Change lib/whatif/scenarios/scenario.py, not this file. -->

What a scenario can move, by the groups of the What-if page. Neutral changes nothing, or is the plain default; a data
pack can give a service another default. Moves is what changes when the lever alone goes back to neutral. Swing is how
far the sensitivity chart moves it each way. `python -m lib schema` prints the same levers as a JSON Schema.
"""
FIGURES = {"people": "people", "demand_hours": "demand", "capacity_hours": "capacity", "cost": "spend"}

WHOLES = {
    "total": "the total of its areas'",
    "average": "the average of its areas', which they are held against",
    "apart": "neither the total nor an average of its areas', so no line or sentence holds them against it",
}

THEMES = {"demand": "Demand", "supply": "Supply", "quality": "Quality"}

INDICATORS_HEAD = """# Indicators

<!-- Written by make docs. Change lib/market/indicators.py, not this file. -->

Every indicator of the map, the ranking, the tables, the files and `python -m lib profile`, theme by theme. How an
area's figure is known, its status, is the weakest status of the tables that it comes from: the app shows it beside
every figure. The key questions are those of the pack; here, of the pack that the app comes with.
"""


def cell(text: object) -> str:
    """Text that a Markdown table shows as it stands."""
    return re.sub(r"([\\`*_\[\]<>|~])", r"\\\1", " ".join(str(text).split()))


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table. The cells stand as they are: escape them with `cell`."""
    names = list(heads)
    lines = [names, ["---"] * len(names), *map(list, rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


@cache
def baseline() -> Baseline:
    """The service of the default pack that can have every lever."""
    pack = load_pack(ROOT / "data")
    services = [code for code in pack.manifest.services if all(can_have(pack, code, one) for one in LEVERS.values())]
    return prepare(pack, services[0])


def nudged(lever: Lever) -> LeverValue:
    """A value a little off the one that changes nothing."""
    if lever.kind == "by_district":
        return {baseline().districts[0]: 2 * lever.step}
    if lever.kind == "providers":
        return baseline().providers[:1]
    if lever.kind == "switch":
        return not lever.neutral
    value: Any = lever.neutral
    return value + lever.step


@cache
def what_moves(lever_id: str) -> str:
    """The figures that change when a lever alone goes back to neutral in a scenario that moves all of them: tried."""
    lever, start = LEVERS[lever_id], baseline()
    plain = Scenario(name="All", service=start.service, years=5)
    all_moved = moved(plain, {one.id: nudged(one) for one in LEVERS.values()})
    back = moved(all_moved, {lever_id: lever.neutral})
    if back.years != all_moved.years:
        return "how far all figures run"
    one, other = projected(start, all_moved), projected(start, back)
    found = [words for name, words in FIGURES.items() if not np.array_equal(getattr(one, name), getattr(other, name))]
    if found:
        return ", ".join(found)
    if not np.array_equal(range_arrays(start, all_moved), range_arrays(start, back), equal_nan=True):
        return "the range"
    needs = [what_it_would_take(start, scenario, one) for scenario in (all_moved, back)]
    columns = {"extra_hours": "hours wanting", "extra_workers": "workers wanting"}
    return ", ".join(words for name, words in columns.items() if not needs[0][name].equals(needs[1][name]))


def lever_row(lever: Lever) -> list[str]:
    """A lever as a row of `levers_document`."""
    steps = waterfall_steps()
    places = {one.id: f"{place}. {levers[0].label}" for place, levers in enumerate(steps.values(), 1) for one in levers}
    swing = "off and on" if lever.kind == "switch" else f"±{lever.swing:g}"
    words = [
        lever.unit,
        lever.meaning,
        lever.limits,
        f"{lever.step:g}" if lever.counts else "",
        show_value(lever, lever.neutral),
        what_moves(lever.id),
        places.get(lever.id, ""),
        swing if lever.swing else "",
        lever.diverts,
        lever.caveat,
    ]
    return [cell(lever.label), f"`{lever.id}`", *map(cell, words)]


def levers_document() -> str:
    """docs/levers.md: the levers by group, and the formulas that they stand in."""
    heads = ["Lever", "In the document", "Unit", "What it means", "Limits", "Step", "Neutral", "Moves"]
    heads += ["Step of the waterfall", "Swing", "Care taken over by", "Caveat"]
    parts = [LEVERS_HEAD]
    for group in get_args(Group):
        rows = [lever_row(lever) for lever in LEVERS.values() if lever.group == group]
        parts += [f"## {group}\n", table(heads, rows)]
    _, _, formulas = str(projection.__doc__).partition("\n\n")
    return "\n".join(
        [*parts, "## How they act\n", f"From `lib/whatif/project.py`:\n\n```text\n{formulas.strip()}\n```\n"]
    )


def indicators_document() -> str:
    """docs/indicators.md: every indicator of the default pack, theme by theme."""
    pack = load_pack(ROOT / "data")
    known = indicators(pack)
    shared = shared_measures(pack)
    parts = [INDICATORS_HEAD]
    for theme, title in THEMES.items():
        parts.append(f"## {title}\n")
        parts += [indicator_entry(one, code in shared) for code, one in known.items() if one.theme == theme]
    return "\n".join(parts)


def indicator_entry(one: Indicator, shared: bool) -> str:
    """One indicator as Markdown."""
    lines = {
        "Unit": UNITS[one.unit].words,
        "Formula": one.formula,
        "Denominator": one.of,
        "Better": one.better if one.better != "neither" else "neither higher nor lower",
        "Comes from": ", ".join(one.inputs),
        "The county's figure": WHOLES[str(one.whole)],
        "On maps": "yes" if one.mapped else "no, it follows the size of an area",
        "In the file to share": "yes, protected" if shared else "no",
        "Says so": f"where it rests on {one.least.rule}" if one.least else "",
        "Bear in mind": one.caveat,
    }
    text = "\n".join(f"- {head}: {cell(words)}" for head, words in lines.items() if words)
    net = " (net above a single lot)" if one.net else ""
    return f"### `{one.id}`: {cell(one.label)}{net}\n\n{cell(one.meaning)}\n\n{text}\n"


DOCUMENTS: dict[str, Callable[[], str]] = {
    "docs/indicators.md": indicators_document,
    "docs/levers.md": levers_document,
}


if __name__ == "__main__":
    for path, document in DOCUMENTS.items():
        (ROOT / path).write_text(document(), encoding="utf-8")
