"""How long a projection and its range take, beside a floor measured in the same run. Figures, not verdicts.

Run: python -m tests.bench.bench_whatif
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from lib.pack.load import Pack, load_pack
from lib.whatif.baseline import prepare
from lib.whatif.drivers import drivers, sensitivity
from lib.whatif.outcome_range import outcome_range
from lib.whatif.project import project, projected
from lib.whatif.scenarios.presets import default_scenario
from lib.whatif.scenarios.scenario import moved
from lib.whatif.summary import break_even, by_year
from lib.whatif.uncertainty import uncertainty

PACK = Path(__file__).parents[2] / "data"
DRAWS, YEARS, TURNS = 10_000, 15, 5


def fastest(work: Callable[[], object]) -> float:
    """The shortest of several turns, in seconds: the least disturbed by other programs."""
    times = []
    for _ in range(TURNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def tell(line: str) -> None:
    """One line of the report."""
    sys.stdout.write(f"{line}\n")


def main() -> None:
    pack = load_pack(PACK)
    for service in pack.manifest.services:
        tell(service)
        measure(pack, service)


def measure(pack: Pack, service: str) -> None:
    """The figures of one service."""
    baseline = prepare(pack, service)
    scenario = default_scenario(pack, service, YEARS)
    many = moved(scenario, {"range.draws": DRAWS, "demand.need_growth_pct": 2.0})
    lots = baseline.people.size
    generator = np.random.default_rng(1)
    floor = fastest(lambda: generator.standard_normal((DRAWS, lots * YEARS)))
    tell(f"floor: numpy draws {DRAWS:,} x {lots} lots x {YEARS} years of normals: {floor * 1000:.0f} ms")
    for name, work in (
        (f"range, {DRAWS:,} draws, {YEARS} years", lambda: uncertainty(pack, many, baseline)),
        ("range, 2,000 draws, 5 years", lambda: uncertainty(pack, default_scenario(pack, service), baseline)),
        ("project, as a frame", lambda: project(pack, scenario, baseline)),
        ("project, as arrays", lambda: projected(baseline, scenario)),
        ("summary by year", lambda: by_year(baseline, projected(baseline, scenario))),
        ("break-even", lambda: break_even(baseline, scenario)),
        ("outcomes of the range", lambda: outcome_range(baseline, many)),
        ("drivers", lambda: drivers(baseline, scenario)),
        ("sensitivity", lambda: sensitivity(baseline, scenario)),
        ("prepare a baseline", lambda: prepare(pack, service)),
    ):
        taken = fastest(work)
        tell(f"{name}: {taken * 1000:.1f} ms, {taken / floor:.3f} of the floor")


if __name__ == "__main__":
    main()
