"""Publications of random packs, attacked from outside: of two scenarios, and of two editions."""

from __future__ import annotations

import tempfile
from collections import Counter
from functools import cache
from pathlib import Path

from attack import attacked, exact_totals, tables_of, told_by_facts
from damaged import Outcome
from random_packs import random_pack, two_scenarios
from tiny_pack import write_tiny_pack

from lib.pack.load import Pack, load_pack
from lib.publish.control import release

SECONDS = 5.0  # of the processor for a publication: some answers are the least, some are greedy, and all must be safe
AT_ONCE = 5  # packs that one process takes before it starts afresh


@cache
def tiny() -> Pack:
    with tempfile.TemporaryDirectory() as folder:
        return load_pack(write_tiny_pack(Path(folder) / "tiny"))


def try_share(share: tuple[int, int]) -> Outcome:
    """Some publications, from a seed on."""
    counts: Counter[str] = Counter()
    complaints = []
    for seed in range(share[0], share[0] + share[1]):
        try:
            exposed, found = try_one(seed)
        except Exception as error:
            counts["crashes"] += 1
            complaints.append(f"publication of pack {seed}: {type(error).__name__}: {error}")
            continue
        counts += found
        complaints += exposed
    return Outcome(counts, complaints)


def try_one(seed: int) -> tuple[list[str], Counter[str]]:
    """A pack's two editions, the second with one more scenario."""
    pack = random_pack(tiny(), seed)
    scenarios = two_scenarios(pack, seed)
    first = release(pack, scenarios[:1], limit_seconds=SECONDS)
    second = release(pack, scenarios, [first], limit_seconds=SECONDS)
    editions = [tables_of(one) for one in (first, second)]
    bounds = attacked(pack, *editions, exact=exact_totals(pack))
    known = [one for one in bounds if one.exposed]
    public = told_by_facts(pack, [one for one in known if one.cell.table == "demand"])
    # What the published totals tell by themselves is no flaw of a publication; the council is told.
    exposed = [f"publication of pack {seed}: {one}" for one in known if one not in public]
    exposed += [
        f"publication of pack {seed}: the report says nothing of {one}" for one in public if not second.report.already
    ]
    counts = Counter({"publications": 2, "hidden cells attacked": len(bounds), "exposed cells": len(exposed)})
    counts["cells that published totals tell"] = len(public)
    counts["figures"] = first.report.figures
    counts["figures hidden at first"] = sum(one.at_first for one in first.report.losses)
    counts["figures hidden in addition"] = sum(one.in_addition for one in first.report.losses)
    counts["greedy answers"] = sum(not one.report.exact for one in (first, second))
    counts["tables left out"] = sum(len(one.report.left_out) for one in (first, second))
    return exposed, counts
